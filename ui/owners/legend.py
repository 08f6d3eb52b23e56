"""图例: what each letter and colour means, and how many houses it stands for; a click lets it stand out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget

from models.money import thousands
from models.owners.housemap import Answer, Tally
from ui import theme
from ui.flow import Flow
from ui.owners.cell import PAD, Ink, draw_ground, draw_sign


class Entry(QAbstractButton):
    """One answer of the legend."""

    def __init__(self, tally: Tally) -> None:
        super().__init__()
        self.tally = tally
        self.setCheckable(True)
        self.setEnabled(tally.houses > 0)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        amount = f"　{thousands(tally.amount)} 元" if tally.amount else ""
        self.setText(f"{tally.answer.words} {tally.houses:,}{amount}")
        self.setAccessibleName(f"{tally.answer.sign}，{self.text()}")
        self.setToolTip("只突出这些房屋，再按一次或 Esc 还原" if tally.houses else "没有这样的房屋")

    def sizeHint(self) -> QSize:
        """Return the room for letter and words."""
        height = round(theme.metrics().height() * 1.45)
        sign = QFontMetrics(theme.font(-0.5, bold=True)).horizontalAdvance(self.tally.answer.sign)
        return QSize(sign + theme.metrics().horizontalAdvance(self.text()) + 6 * PAD + 2, height)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the letter on its ground and the words beside it."""
        painter = QPainter(self)
        now, ink, dim = theme.tokens(), Ink.now(), not self.isEnabled()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        if self.isChecked() or self.underMouse() or self.hasFocus():
            framed = self.isChecked() or self.hasFocus()
            painter.setPen(QPen(QColor(now.accent), 2) if framed else Qt.PenStyle.NoPen)
            painter.setBrush(QColor(now.selected if self.isChecked() else now.hover))
            painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), 6, 6)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setFont(ink.bold)
        sign = painter.fontMetrics().horizontalAdvance(self.tally.answer.sign)
        swatch = QRect(PAD - 1, 4, sign + 2 * PAD + 2, self.height() - 8)
        draw_ground(painter, swatch, self.tally.answer, ink, dim=dim)
        draw_sign(painter, swatch.adjusted(0, 0, -PAD, 0), self.tally.answer, ink, dim=dim)
        painter.setFont(theme.plain_font())
        painter.setPen(ink.faint if dim else ink.text)
        room = self.rect().adjusted(swatch.right() + PAD, 0, 0, 0)
        painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, self.text())


class Legend(QWidget):
    """All answers of a question; at most one stands out."""

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.entries: list[Entry] = []
        self._row = Flow(self, spacing=4)
        self.setAccessibleName("图例")
        theme.appearance.changed.connect(self._redress)

    def show_tally(self, tally: Sequence[Tally]) -> None:
        """Show these answers; what stood out does so again where it is still there."""
        lit = self.lit()
        held = next((n for n, entry in enumerate(self.entries) if entry.hasFocus()), None)
        for entry in self.entries:
            self._row.removeWidget(entry)
            entry.hide()
            entry.deleteLater()
        self.entries = [Entry(one) for one in tally]
        for number, entry in enumerate(self.entries):
            self._row.addWidget(entry)
            entry.setChecked(entry.isEnabled() and entry.tally.answer == lit)
            entry.clicked.connect(lambda _=False, entry=entry: self._clicked(entry))
            if number == held:
                entry.setFocus(Qt.FocusReason.OtherFocusReason)
        self.chosen.emit(self.lit())

    def lit(self) -> Answer | None:
        """Return the answer that stands out."""
        return next((entry.tally.answer for entry in self.entries if entry.isChecked()), None)

    def free(self) -> None:
        """Let all stand out again."""
        for entry in self.entries:
            entry.setChecked(False)
        self.chosen.emit(None)

    def _clicked(self, clicked: Entry) -> None:
        for entry in self.entries:
            entry.setChecked(entry is clicked and clicked.isChecked())
        self.chosen.emit(self.lit())

    def _redress(self, *_: Any) -> None:
        for entry in self.entries:
            entry.updateGeometry()
        self._row.invalidate()
        self.update()
