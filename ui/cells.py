"""格: how the cells and headings of every table are drawn."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QHelpEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QStyle, QStyledItemDelegate, QToolTip, QWidget

from ui import theme
from ui.rows import NEGATIVE, TONE
from ui.words import plain_tip

PADDING = 12
"""Room left and right of every cell's words; headings have the same."""
_PILL = 9
Index = QModelIndex | QPersistentModelIndex


class Cells(QStyledItemDelegate):
    """Draws a cell: soft ground when selected or under the mouse, aligned words, a pill for a status."""

    def paint(self, painter: QPainter, option: Any, index: Index) -> None:
        """Draw one cell."""
        now = theme.tokens()
        painter.fillRect(option.rect, QColor(self._ground(option, index)))
        painter.setPen(QPen(QColor(now.thread), 1))
        painter.drawLine(option.rect.bottomLeft(), option.rect.bottomRight())
        data = index.model().data  # index.data() would ask Python by way of Qt, five times a cell
        words = data(index, Qt.ItemDataRole.DisplayRole) or ""
        tone = data(index, TONE)
        painter.setFont(theme.plain_font())
        ticked = data(index, Qt.ItemDataRole.CheckStateRole)
        if ticked is not None:
            draw_tick(painter, option.rect, bool(ticked))
        if tone and words:
            draw_pill(painter, option.rect, words, tone, theme.metrics())
        elif words:
            self._draw_words(painter, option, index, words)
        if self._is_current(option, index):
            self._draw_ring(painter, option.rect, index)

    def sizeHint(self, option: Any, index: Index) -> QSize:
        """Return the room a cell wants."""
        return QSize(self.wanted_width(index), theme.measures().row)

    def wanted_width(self, index: Index) -> int:
        """Return the width that the words of a cell want."""
        words = index.data(Qt.ItemDataRole.DisplayRole) or ""
        extra = theme.measures().icon + 2 * _PILL if index.data(TONE) else 0
        return theme.metrics().horizontalAdvance(words) + 2 * PADDING + extra + 2

    def helpEvent(self, event: QHelpEvent, view: QAbstractItemView, option: Any, index: Index) -> bool:
        """Show all words of a cell that is too narrow for them."""
        words = index.data(Qt.ItemDataRole.DisplayRole) or ""
        if self.wanted_width(index) > option.rect.width():
            QToolTip.showText(event.globalPos(), plain_tip(words), view)
        else:
            QToolTip.hideText()
        return True

    def _ground(self, option: Any, index: Index) -> str:
        now = theme.tokens()
        if option.state & QStyle.StateFlag.State_Selected:
            return now.selected
        hovered = getattr(option.widget, "hovered", -1)
        return now.hover if hovered == index.row() else now.surface

    def _draw_words(self, painter: QPainter, option: Any, index: Index, words: str) -> None:
        now, data = theme.tokens(), index.model().data
        room = option.rect.adjusted(PADDING, 0, -PADDING, 0)
        painter.setPen(QColor(now.tone("danger").ink if data(index, NEGATIVE) else now.text))
        line = words.replace("\n", " ")
        shown = theme.metrics().elidedText(line, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, int(data(index, Qt.ItemDataRole.TextAlignmentRole)), shown)

    def _is_current(self, option: Any, index: Index) -> bool:
        view: Any = option.widget
        return view is not None and view.hasFocus() and view.currentIndex().row() == index.row()

    def _draw_ring(self, painter: QPainter, rect: QRect, index: Index) -> None:
        """Mark the row that the keyboard is on: the accent at its left edge."""
        if index.column() == 0:
            painter.fillRect(
                QRect(rect.left(), rect.top(), 3, rect.height() - 1), QColor(theme.tokens().accent)
            )


def draw_tick(painter: QPainter, cell: QRect, ticked: bool) -> None:
    """Draw a box, ticked or not, as check boxes elsewhere look."""
    now = theme.tokens()
    side = 15
    box = QRectF(cell.left() + PADDING, cell.center().y() - side / 2, side, side)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    painter.setPen(QPen(QColor(now.accent if ticked else now.edge), 1))
    painter.setBrush(QColor(now.accent if ticked else now.surface))
    painter.drawRoundedRect(box, 4, 4)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if ticked:
        theme.icon("ph.check-bold", now.on_accent).paint(painter, box.toRect().adjusted(1, 1, -1, -1))


def draw_pill(painter: QPainter, cell: QRect, words: str, tone: str, metrics: QFontMetrics) -> None:
    """Draw a status: a soft pill with an icon and the word."""
    colours = theme.tokens().tone(tone)
    sign = round(metrics.height() * 0.8)
    width = min(metrics.horizontalAdvance(words) + sign + 2 * _PILL + 4, cell.width() - PADDING)
    height = min(cell.height() - 5, metrics.height() + 4)
    pill = QRectF(cell.left() + PADDING - 4, cell.center().y() - height / 2 + 0.5, width, height)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colours.ground))
    painter.drawRoundedRect(pill, height / 2, height / 2)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    spot = QRect(round(pill.left()) + _PILL, round(pill.center().y() - sign / 2), sign, sign)
    theme.icon(theme.TONE_ICONS[tone], colours.ink).paint(painter, spot)
    painter.setPen(QColor(colours.ink))
    room = QRect(spot.right() + 5, cell.top(), round(pill.right()) - spot.right() - 5, cell.height())
    shown = metrics.elidedText(words, Qt.TextElideMode.ElideRight, room.width())
    painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)


class Headings(QHeaderView):
    """Headings aligned as their cells, with a small arrow where the list is sorted."""

    sort_asked = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.sorted_section, self.descending = -1, False
        self.drawing = False
        """Whether the left button is down: then it is the person who changes a width."""
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setMinimumSectionSize(40)
        self.sectionClicked.connect(self.sort_asked)

    def mark_sorted(self, section: int, descending: bool) -> None:
        """Show by which column the list is sorted; -1 for none on the screen."""
        self.sorted_section, self.descending = section, descending
        self.viewport().update()

    def sizeHint(self) -> QSize:
        """Be a little higher than a row."""
        return QSize(super().sizeHint().width(), theme.measures().row + 4)

    def wanted_width(self, section: int) -> int:
        """Return the room that a heading wants, its arrow included."""
        words = str(self.model().headerData(section, Qt.Orientation.Horizontal) or "")
        return theme.metrics().horizontalAdvance(words) + 2 * PADDING + 16

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        """Draw one heading."""
        now = theme.tokens()
        painter.fillRect(rect, QColor(now.surface))
        painter.setPen(QPen(QColor(now.line), 1))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        words = str(self.model().headerData(section, Qt.Orientation.Horizontal) or "")
        align = self.model().headerData(
            section, Qt.Orientation.Horizontal, Qt.ItemDataRole.TextAlignmentRole
        ) or int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        room = rect.adjusted(PADDING, 0, -PADDING, 0)
        is_sorted = section == self.sorted_section
        painter.setFont(theme.font())
        painter.setPen(QColor(now.accent if is_sorted else now.secondary))
        metrics = painter.fontMetrics()
        shown = metrics.elidedText(words, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, int(align), shown)
        if is_sorted:
            self._draw_arrow(painter, room, metrics.horizontalAdvance(shown), int(align))

    def _draw_arrow(self, painter: QPainter, room: QRect, words: int, align: int) -> None:
        right = align & int(Qt.AlignmentFlag.AlignRight)
        centre = align & int(Qt.AlignmentFlag.AlignHCenter)
        left = room.left() + words + 3
        if right:
            left = room.right() - words - 15
        elif centre:
            left = room.center().x() + words // 2 + 3
        name = "ph.caret-down" if self.descending else "ph.caret-up"
        spot = QRect(left, room.center().y() - 5, 12, 12)
        theme.icon(name, theme.tokens().accent).paint(painter, spot)

    def paintEvent(self, event: Any) -> None:
        """Fill what no heading covers too."""
        painter = QPainter(self.viewport())
        now = theme.tokens()
        painter.fillRect(self.viewport().rect(), QColor(now.surface))
        painter.setPen(QPen(QColor(now.line), 1))
        bottom = self.viewport().rect().bottom()
        painter.drawLine(0, bottom, self.viewport().width(), bottom)
        painter.end()
        super().paintEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Leave the right button to whoever wants a menu."""
        if event.button() is Qt.MouseButton.LeftButton:
            self.drawing = True
            super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Notice that the button is up again."""
        super().mouseReleaseEvent(event)
        self.drawing = False
