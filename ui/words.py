"""字句: labels whose words are never markup, whatever somebody typed; some of them wrap."""

from __future__ import annotations

import re
from html import escape
from typing import Any

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QLabel, QSizePolicy, QToolTip, QWidget

from ui import theme
from ui.watch import Kind, watch


class Plain(QLabel):
    """A label; Qt's own would read a name with angle brackets as HTML (reliability.md S06)."""

    def __init__(self, words: str = "", parent: QWidget | None = None, **properties: Any) -> None:
        super().__init__(parent, **properties)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(words)


class Elided(Plain):
    """A label that ends in dots where its room ends; a tooltip has the whole then, part by part."""

    def __init__(self, words: str = "", parent: QWidget | None = None) -> None:
        super().__init__(words, parent)
        self.setProperty("elides", True)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def setText(self, words: str) -> None:
        """Show words."""
        super().setText(words)
        self._fit()

    def clear(self) -> None:
        """Show none."""
        self.setText("")

    def resizeEvent(self, event: QResizeEvent) -> None:
        """See whether there is room for all of them now."""
        super().resizeEvent(event)
        self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw as much as there is room for."""
        room, painter = self.contentsRect(), QPainter(self)
        shown = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, room.width())
        lay, role = int(self.alignment()), self.foregroundRole()
        self.style().drawItemText(painter, room, lay, self.palette(), self.isEnabled(), shown, role)

    def _fit(self) -> None:
        fits = self.fontMetrics().horizontalAdvance(self.text()) <= self.contentsRect().width()
        self.setToolTip("" if fits else self.text().replace("\u3000", "\n"))


def show_tooltips_plain() -> None:
    """Show what looks like markup in a tooltip as it was typed, everywhere."""
    watch().ask((QEvent.Type.ToolTip,), _show_escaped)


def plain_tip(words: str) -> str:
    """Return words as a tooltip that shows them as they are, whatever they look like."""
    return f"<p>{escape(words)}</p>"


def _show_escaped(watched: QObject, event: QEvent, _: Kind) -> bool:
    if not isinstance(watched, QWidget) or not isinstance(event, QHelpEvent) or "<" not in watched.toolTip():
        return False
    QToolTip.showText(event.globalPos(), plain_tip(watched.toolTip()), watched)
    return True


_BELOW_NOTHING = re.compile(r"-\d[\d,]*(\.\d+)?")


def redden(label: QLabel) -> None:
    """Show an amount below nothing in the colour of danger; its minus says the same."""
    if _BELOW_NOTHING.fullmatch(label.text()):
        label.setProperty("tone", "danger")


class Words(Plain):
    """A wrapping label; Qt's own is cut off where a style sheet pads it."""

    def __init__(self, words: str = "", parent: QWidget | None = None, **properties: Any) -> None:
        super().__init__(parent=parent)
        self.setWordWrap(True)
        self.setText(words)
        for name, value in properties.items():
            self.setProperty(name, value)

    def say(self, words: str, tone: str = "") -> None:
        """Show words on the soft ground of a tone; hide without words."""
        self.setText(words)
        theme.mark(self, note=tone)
        # Polishing alone paints the ground of the tone but keeps the old padding.
        QApplication.sendEvent(self, QEvent(QEvent.Type.StyleChange))
        self.setVisible(bool(words))
        self._fit()

    def setText(self, words: str) -> None:
        """Show words and ask for their height."""
        super().setText(words)
        self._fit()

    def minimumSizeHint(self) -> QSize:
        """Ask for little width, so that a narrow window can wrap it."""
        return QSize(60, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Ask for the height that this width needs."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        if self.width() <= 40:
            return
        before = self.minimumHeight()
        # Under a style sheet the height for a width never falls below the least height asked for.
        self.setMinimumHeight(0)
        wanted = max(0, self.heightForWidth(self.width()))
        self.setMinimumHeight(wanted)
        if wanted != before:
            self.updateGeometry()
