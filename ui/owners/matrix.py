"""矩阵: one widget that draws the houses of buildings floor by floor, each with its letter and colour."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QFocusEvent,
    QFontMetrics,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QToolTip, QWidget

from models.owners.housemap import Answer, HouseMap, MappedHouse
from ui import theme
from ui.owners.cell import PAD, Ink, draw_cell
from ui.owners.places import Block, Places, Spot
from ui.words import plain_tip

Key = Qt.Key
_WAYS: dict[int, tuple[str, int]] = {
    Key.Key_Left: ("side", -1),
    Key.Key_Right: ("side", 1),
    Key.Key_Up: ("line", -1),
    Key.Key_Down: ("line", 1),
    Key.Key_PageUp: ("page", -1),
    Key.Key_PageDown: ("page", 1),
}
"""Where the keys lead that go from house to house."""


class Matrix(QWidget):
    """Buildings beside and below each other; the keyboard is on one house."""

    opened = Signal(object)
    """A house was asked for, by click or Enter."""
    told = Signal(object)
    """The house under the mouse, else the one with the keyboard; None for none."""
    moved = Signal(QRect)
    """The keyboard went to a house, which stands here."""
    freed = Signal()
    """Esc: no answer is to stand out any more."""

    def __init__(self, words: Callable[[MappedHouse], str], parent: QWidget | None = None) -> None:
        """Make it.

        Args:
            words: what is said of a house in one line.
            parent: as Qt means it.
        """
        super().__init__(parent)
        self._words = words
        self._map: HouseMap | None = None
        self._places = Places(None, 0)
        self.lit: Answer | None = None
        """The one answer that stands out; None for all."""
        self._at: int | None = None
        self._under: Spot | None = None
        self._within = 0
        self._page = 400
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAccessibleName("楼栋矩阵")
        theme.appearance.changed.connect(self._arrange)

    # -- what is shown -------------------------------------------------------------------------

    def show_map(self, shown: HouseMap) -> None:
        """Show a map; the keyboard stays on its house where that is still there."""
        was = self.current()
        self._map = shown
        self._arrange()
        ids = {spot.house.id: number for number, spot in enumerate(self.spots)}
        self._at = ids.get(was.house.id) if was else None
        self._under = None
        self._tell()

    def light(self, answer: Answer | None) -> None:
        """Let one answer stand out."""
        self.lit = answer
        self.update()

    def current(self) -> Spot | None:
        """Return where the keyboard is."""
        return self.spots[self._at] if self._at is not None else None

    def fit(self, size: QSize) -> None:
        """Use so much room; what is wider or higher is scrolled."""
        self._page = size.height()
        if size.width() != self._within:
            self._within = size.width()
            self._arrange()

    @property
    def spots(self) -> list[Spot]:
        """All houses, building by building from the top down."""
        return self._places.spots

    def _arrange(self) -> None:
        """Find anew where everything stands."""
        self._places = Places(self._map, self._within)
        self._under = None
        if self._map is not None:
            self.setFixedSize(self._places.size)
        self.update()

    # -- drawing -------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw what lies in the part that is to be drawn."""
        painter = QPainter(self)
        ink = Ink.now()
        current, shown = self.current(), event.rect()
        for block in self._places.blocks:
            if block.place.intersects(shown):
                self._draw_frame(painter, block, ink)
                for spot in block.spots:
                    if spot.place.intersects(shown):
                        dim = self.lit is not None and spot.house.told.answer != self.lit
                        draw_cell(painter, spot.place, spot.house, ink, dim=dim, under=spot is self._under)
        if current is not None and current.place.intersects(shown):
            self._draw_ring(painter, current.place, ink)

    def _draw_frame(self, painter: QPainter, block: Block, ink: Ink) -> None:
        """Draw a building's name, its entrances and what its lines are called."""
        plan, place = block.plan, block.place
        painter.setFont(ink.title)
        painter.setPen(ink.text)
        head = QRect(place.left(), place.top(), place.width(), QFontMetrics(ink.title).height())
        painter.drawText(head, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, plan.name)
        beside = QFontMetrics(ink.title).horizontalAdvance(plan.name) + 2 * PAD
        painter.setFont(ink.small)
        painter.setPen(ink.secondary)
        words = QFontMetrics(ink.small).elidedText(
            block.counted, Qt.TextElideMode.ElideRight, max(0, place.width() - beside)
        )
        painter.drawText(head.adjusted(beside, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, words)
        metrics = painter.fontMetrics()
        for title, left, right in block.bays:
            top = block.body.y() - round(metrics.height() * 1.15)
            room = QRect(left, top, right - left, metrics.height())
            painter.drawText(room, Qt.AlignmentFlag.AlignCenter, title)
        for label, room in block.labels():
            painter.drawText(room, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, label)

    def _draw_ring(self, painter: QPainter, place: QRect, ink: Ink) -> None:
        """Draw the ring around the house with the keyboard; fainter while that is elsewhere."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(ink.ring if self.hasFocus() else ink.quiet_ring)
        painter.drawRoundedRect(place.adjusted(0, 0, -1, -1).toRectF(), 5, 5)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    # -- keyboard ------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go from house to house, open one, or let all answers stand out again."""
        if event.key() in (Key.Key_Return, Key.Key_Enter, Key.Key_Space):
            self._open(self.current())
        elif event.key() == Key.Key_Escape:
            self.freed.emit()
        elif not self.spots or (target := self._target(event)) is None:
            super().keyPressEvent(event)
        else:
            self.go_to(target)

    def _target(self, event: QKeyEvent) -> int | None:
        """Return the house to which a key leads; None for any other key."""
        at = self._at if self._at is not None else 0
        whole = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if event.key() in (Key.Key_Home, Key.Key_End):
            last = event.key() == Key.Key_End
            mine = self._places.line_of(at)
            return (len(self.spots) - 1 if last else 0) if whole else (mine[-1] if last else mine[0])
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            return None
        way = _WAYS.get(event.key())
        if way is None:
            return None
        kind, step = way
        if kind == "side":
            return self._places.beside(at, step)
        page = self._page - 2 * self.spots[at].place.height()
        return self._places.below(at, step) if kind == "line" else self._places.page_on(at, step, page)

    def go_to(self, number: int) -> None:
        """Put the keyboard on a house."""
        self._at = number
        self.update()
        self.moved.emit(self.spots[number].place)
        self._tell()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Be on a house whenever the keyboard is here."""
        super().focusInEvent(event)
        if self._at is None and self.spots:
            self._at = 0
            self._tell()
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Draw the ring fainter."""
        super().focusOutEvent(event)
        self.update()

    # -- mouse ---------------------------------------------------------------------------------

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell of the house under the mouse."""
        under = self._places.spot_at(event.position().toPoint())
        if under is not self._under:
            self._under = under
            self.setCursor(Qt.CursorShape.PointingHandCursor if under else Qt.CursorShape.ArrowCursor)
            self._tell()

    def leaveEvent(self, event: QEvent) -> None:
        """Tell of the house with the keyboard again."""
        super().leaveEvent(event)
        self._under = None
        self._tell()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Open the house that was clicked."""
        spot = self._places.spot_at(event.position().toPoint())
        if event.button() is Qt.MouseButton.LeftButton and spot is not None:
            self.go_to(self.spots.index(spot))
            self._open(spot)

    def event(self, event: QEvent) -> bool:
        """Show a tooltip over a house; names in it are no markup."""
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            spot = self._places.spot_at(event.pos())
            words = plain_tip(self._words(spot.house)) if spot else ""
            QToolTip.showText(event.globalPos(), words, self)
            return True
        return super().event(event)

    def _open(self, spot: Spot | None) -> None:
        if spot is not None:
            self.opened.emit(spot.house)

    def _tell(self) -> None:
        """Say what stands where the mouse or the keyboard is, to the screen reader too."""
        self.update()
        current = self.current()
        words = self._words(current.house) if current else ""
        if words != self.accessibleDescription():
            self.setAccessibleDescription(words)
            QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.DescriptionChanged))
        shown = self._under or current
        self.told.emit(shown.house if shown else None)
