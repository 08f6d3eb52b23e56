"""矩阵: one widget that draws the houses of buildings floor by floor, each with its letter and colour."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
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

from models.owners.housemap import Answer, HouseMap, MappedHouse, Plan
from ui import theme
from ui.owners.cell import BETWEEN, LEFT, PAD, RIGHT, Ink, draw_cell

_GAP = 2
_BETWEEN_BAYS = 10
_BETWEEN_PLANS = 24
_ASIDE = 2
"""How much more a step to the side counts than one straight on, when the next house is looked for."""
Key = Qt.Key


@dataclass(frozen=True)
class Spot:
    """Where a house stands."""

    house: MappedHouse
    place: QRect
    line: tuple[int, int]
    """Number of its building and of its line there."""


@dataclass(frozen=True)
class _Block:
    """One building on the widget."""

    plan: Plan
    place: QRect
    body: QPoint
    """Where its first cell stands."""
    counted: str
    """How many houses it has, and of which answers."""
    spots: tuple[Spot, ...]


@dataclass(frozen=True)
class _Sizes:
    """What follows from the letters in use."""

    cell: QSize
    head: int
    bays: int

    @classmethod
    def of(cls, houses: Sequence[MappedHouse]) -> _Sizes:
        """Measure what the cells of these houses need."""
        small, bold = QFontMetrics(theme.font(-1)), QFontMetrics(theme.font(-0.5, bold=True))
        shorts, signs = {one.short for one in houses}, {one.told.answer.sign for one in houses}
        number = max(map(small.horizontalAdvance, shorts), default=0)
        sign = max(map(bold.horizontalAdvance, signs), default=0)
        cell = QSize(LEFT + number + BETWEEN + sign + RIGHT, round(bold.height() * 1.16))
        return cls(cell, round(bold.height() * 1.5), round(small.height() * 1.2))


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
        self._blocks: list[_Block] = []
        self.spots: list[Spot] = []
        self.lit: Answer | None = None
        """The one answer that stands out; None for all."""
        self._at: int | None = None
        self._under: Spot | None = None
        self._within = 0
        self._page = 400
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAccessibleName("楼栋矩阵")
        theme.appearance.changed.connect(self._redress)

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

    def _redress(self) -> None:
        self._arrange()

    def _arrange(self) -> None:
        """Put the buildings beside each other as long as there is room, then below."""
        self._blocks = []
        if self._map is not None:
            sizes = _Sizes.of(self._map.houses)
            x = y = deep = wide = 0
            for number in range(len(self._map.plans)):
                block = _placed(self._map, number, QPoint(x, y), sizes)
                if x and block.place.right() > self._within:
                    x, y, deep = 0, y + deep + _BETWEEN_PLANS, 0
                    block = _placed(self._map, number, QPoint(x, y), sizes)
                self._blocks.append(block)
                x = block.place.right() + _BETWEEN_PLANS
                deep, wide = max(deep, block.place.height()), max(wide, block.place.right() + PAD)
            self.setFixedSize(max(wide, self._within), y + deep + PAD)
        self.spots = [spot for block in self._blocks for spot in block.spots]
        self.update()

    # -- drawing -------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw what lies in the part that is to be drawn."""
        painter = QPainter(self)
        ink = Ink.now()
        current, shown = self.current(), event.rect()
        for block in self._blocks:
            if block.place.intersects(shown):
                self._draw_frame(painter, block, ink)
                for spot in block.spots:
                    if spot.place.intersects(shown):
                        dim = self.lit is not None and spot.house.told.answer != self.lit
                        draw_cell(painter, spot.place, spot.house, ink, dim=dim, under=spot is self._under)
        if current is not None and current.place.intersects(shown):
            self._draw_ring(painter, current.place, ink)

    def _draw_frame(self, painter: QPainter, block: _Block, ink: Ink) -> None:
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
        self._draw_bays(painter, block)
        for label, spot in zip(*_labelled(block), strict=True):
            room = QRect(place.left(), spot.place.top(), 0, spot.place.height())
            room.setRight(block.body.x() - PAD)
            painter.drawText(room, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, label)

    def _draw_bays(self, painter: QPainter, block: _Block) -> None:
        metrics = painter.fontMetrics()
        cell = block.spots[0].place.width() if block.spots else 0
        for bay in block.plan.bays:
            left = block.body.x() + _across(block.plan, bay.first, cell)
            right = block.body.x() + _across(block.plan, bay.first + bay.width - 1, cell) + cell
            top = block.body.y() - round(metrics.height() * 1.15)
            room = QRect(left, top, right - left, metrics.height())
            painter.drawText(room, Qt.AlignmentFlag.AlignCenter, bay.title)

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
            mine = self._line_of(at)
            return (len(self.spots) - 1 if last else 0) if whole else (mine[-1] if last else mine[0])
        steps = {
            Key.Key_Left: (-1, 0), Key.Key_Right: (1, 0), Key.Key_Up: (0, -1), Key.Key_Down: (0, 1),
        }  # fmt: skip
        if event.key() in steps and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            return self._beside(at, *steps[Key(event.key())])
        page = {Key.Key_PageUp: -1, Key.Key_PageDown: 1}.get(Key(event.key()))
        return self._page_on(at, page) if page and not whole else None

    def _line_of(self, at: int) -> list[int]:
        return [n for n, spot in enumerate(self.spots) if spot.line == self.spots[at].line]

    def _beside(self, at: int, right: int, down: int) -> int:
        """Return the nearest house in a direction, this one where there is none."""
        here = self.spots[at].place
        best, found = 0, at
        for number, spot in enumerate(self.spots):
            x, y = spot.place.x() - here.x(), spot.place.y() - here.y()
            ahead, aside = x * right + y * down, abs(x * down) + abs(y * right)
            if ahead <= 0 or (right and aside >= here.height()):
                continue
            far = ahead + _ASIDE * aside
            if found == at or far < best:
                best, found = far, number
        return found

    def _page_on(self, at: int, down: int) -> int:
        """Return the house about a page further down or up."""
        here = self.spots[at].place.topLeft()
        page = max(self._page - 2 * self.spots[at].place.height(), 1)
        wanted = QPoint(here.x(), here.y() + down * page)
        ahead = [n for n, spot in enumerate(self.spots) if (spot.place.y() - here.y()) * down > 0]
        return min(ahead, key=lambda n: _far(self.spots[n].place.topLeft(), wanted), default=at)

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

    def spot_at(self, point: QPoint) -> Spot | None:
        """Return the house at a place."""
        for block in self._blocks:
            if block.place.contains(point):
                return next((spot for spot in block.spots if spot.place.contains(point)), None)
        return None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell of the house under the mouse."""
        under = self.spot_at(event.position().toPoint())
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
        spot = self.spot_at(event.position().toPoint())
        if event.button() is Qt.MouseButton.LeftButton and spot is not None:
            self.go_to(self.spots.index(spot))
            self._open(spot)

    def event(self, event: QEvent) -> bool:
        """Show a tooltip over a house; names in it are no markup."""
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            spot = self.spot_at(event.pos())
            words = f"<p>{escape(self._words(spot.house))}</p>" if spot else ""
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


def _far(one: QPoint, other: QPoint) -> int:
    return abs(one.y() - other.y()) + _ASIDE * abs(one.x() - other.x())


def _across(plan: Plan, column: int, cell: int) -> int:
    """Return how far right of the first column a column stands; entrances stand apart."""
    apart = sum(1 for bay in plan.bays if 0 < bay.first <= column)
    return column * (cell + _GAP) + apart * (_BETWEEN_BAYS - _GAP)


def _placed(shown: HouseMap, number: int, corner: QPoint, sizes: _Sizes) -> _Block:
    """Return a building of a map with its corner here."""
    plan = shown.plans[number]
    metrics = QFontMetrics(theme.font(-1))
    labels = max((metrics.horizontalAdvance(line.label) for line in plan.lines), default=0) + PAD
    titled = sizes.bays if any(bay.title for bay in plan.bays) else 0
    body = QPoint(corner.x() + labels, corner.y() + sizes.head + titled)
    cell = sizes.cell
    spots = []
    for row, line in enumerate(plan.lines):
        top = body.y() + row * (cell.height() + _GAP)
        for column, house in enumerate(line.cells):
            if house is not None:
                place = QRect(QPoint(body.x() + _across(plan, column, cell.width()), top), cell)
                spots.append(Spot(house, place, (number, row)))
    right = body.x() + _across(plan, max(0, plan.columns - 1), cell.width()) + cell.width()
    bottom = body.y() + len(plan.lines) * (cell.height() + _GAP)
    tally = [f"{one.answer.sign} {one.houses:,}" for one in shown.tally(plan.houses) if one.houses]
    counted = "　".join([f"共 {len(plan.houses):,}", *tally])
    return _Block(plan, QRect(corner, QPoint(right, bottom)), body, counted, tuple(spots))


def _labelled(block: _Block) -> tuple[list[str], list[Spot]]:
    """Return what each line is called, where it is not called as the one above, and its first house."""
    labels: list[str] = []
    spots: list[Spot] = []
    last = ""
    for spot in block.spots:
        row = spot.line[1]
        if spots and spots[-1].line == spot.line:
            continue
        label = block.plan.lines[row].label
        labels.append("" if label == last else label)
        spots.append(spot)
        last = label
    return labels, spots
