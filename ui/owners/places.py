"""矩阵的位置: where each house of a map stands on the screen, and which is the next one in a direction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtGui import QFontMetrics

from models.owners.housemap import HouseMap, MappedHouse, Plan
from ui import theme
from ui.owners.cell import BETWEEN, LEFT, PAD, RIGHT

_GAP = 2
_BETWEEN_BAYS = 10
_BETWEEN_PLANS = 24
_ASIDE = 2
"""How much more a step to the side counts than one straight on, when the next house is looked for."""


@dataclass(frozen=True)
class Spot:
    """Where a house stands."""

    house: MappedHouse
    place: QRect
    line: tuple[int, int]
    """Number of its building and of its line there."""


@dataclass(frozen=True)
class Block:
    """One building on the map."""

    plan: Plan
    place: QRect
    body: QPoint
    """Where its first cell stands."""
    counted: str
    """How many houses it has, and of which answers."""
    spots: tuple[Spot, ...]
    bays: tuple[tuple[str, int, int], ...]
    """Name, left and right edge of each entrance."""

    def labels(self) -> list[tuple[str, QRect]]:
        """Return what the lines are called, where not as the one above, and the place for it."""
        found: list[tuple[str, QRect]] = []
        last, row = "", -1
        for spot in self.spots:
            if spot.line[1] == row:
                continue
            row = spot.line[1]
            label = self.plan.lines[row].label
            room = QRect(self.place.left(), spot.place.top(), 0, spot.place.height())
            room.setRight(self.body.x() - PAD)
            found.append(("" if label == last else label, room))
            last = label
        return found


@dataclass(frozen=True)
class _Sizes:
    """What follows from the letters in use."""

    cell: QSize
    head: int
    bays: int

    @classmethod
    def of(cls, shown: HouseMap) -> _Sizes:
        """Measure what the cells of a map need."""
        houses = shown.houses
        small, bold = QFontMetrics(theme.font(-1)), QFontMetrics(theme.font(-0.5, bold=True))
        shorts, signs = {one.short for one in houses}, {one.told.answer.sign for one in houses}
        number = max(map(small.horizontalAdvance, shorts), default=0)
        sign = max(map(bold.horizontalAdvance, signs), default=0)
        cell = QSize(LEFT + number + BETWEEN + sign + RIGHT, round(bold.height() * 1.16))
        named = any(bay.title for plan in shown.plans for bay in plan.bays)
        return cls(cell, round(bold.height() * 1.5), round(small.height() * 1.2) if named else 0)


class Places:
    """All buildings of a map, beside each other as long as there is room, then below."""

    def __init__(self, shown: HouseMap | None, within: int) -> None:
        """Find every place.

        Args:
            shown: the map; None for nothing.
            within: width in pixels.
        """
        self.blocks: list[Block] = []
        self.size = QSize()
        if shown is not None:
            self._arrange(shown, within)
        self.spots = [spot for block in self.blocks for spot in block.spots]

    def _arrange(self, shown: HouseMap, within: int) -> None:
        sizes = _Sizes.of(shown)
        x = y = deep = wide = 0
        for number in range(len(shown.plans)):
            block = _placed(shown, number, QPoint(x, y), sizes)
            if x and block.place.right() > within:
                x, y, deep = 0, y + deep + _BETWEEN_PLANS, 0
                block = _placed(shown, number, QPoint(x, y), sizes)
            self.blocks.append(block)
            x = block.place.right() + _BETWEEN_PLANS
            deep, wide = max(deep, block.place.height()), max(wide, block.place.right() + PAD)
        self.size = QSize(max(wide, within), y + deep + PAD)

    def spot_at(self, point: QPoint) -> Spot | None:
        """Return the house at a place."""
        for block in self.blocks:
            if block.place.contains(point):
                return next((spot for spot in block.spots if spot.place.contains(point)), None)
        return None

    def line_of(self, at: int) -> list[int]:
        """Return the houses of the line in which one stands."""
        return [n for n, spot in enumerate(self.spots) if spot.line == self.spots[at].line]

    def beside(self, at: int, right: int) -> int:
        """Return the next house to the right (1) or left (-1) on the same height, this one at the end."""
        here = self.spots[at].place
        found = {
            abs(spot.place.x() - here.x()): number
            for number, spot in enumerate(self.spots)
            if abs(spot.place.y() - here.y()) < here.height() and (spot.place.x() - here.x()) * right > 0
        }
        return found[min(found)] if found else at

    def below(self, at: int, down: int) -> int:
        """Return the nearest house of the next line below (1) or above (-1), of the next building at last."""
        here = self.spots[at]
        return self._nearest(at, here.place.topLeft(), down)

    def page_on(self, at: int, down: int, page: int) -> int:
        """Return the house about so many pixels further down (1) or up (-1)."""
        here = self.spots[at].place
        return self._nearest(at, here.topLeft() + QPoint(0, down * max(page, here.height())), down)

    def _nearest(self, at: int, wanted: QPoint, down: int) -> int:
        """Return the house nearest to a point, of those further down or up that are in no building beside."""
        here = self.spots[at]
        own = self.blocks[here.line[0]].place
        ahead = [
            number
            for number, spot in enumerate(self.spots)
            if (spot.place.y() - here.place.y()) * down > 0
            and (spot.line[0] == here.line[0] or _beyond(self.blocks[spot.line[0]].place, own, down))
        ]
        return min(ahead, key=lambda number: _far(self.spots[number].place.topLeft(), wanted), default=at)


def _beyond(place: QRect, own: QRect, down: int) -> bool:
    return place.top() > own.bottom() if down > 0 else place.bottom() < own.top()


def _far(one: QPoint, other: QPoint) -> int:
    return abs(one.y() - other.y()) + _ASIDE * abs(one.x() - other.x())


def _across(plan: Plan, column: int, cell: int) -> int:
    """Return how far right of the first column a column stands; entrances stand apart."""
    apart = sum(1 for bay in plan.bays if 0 < bay.first <= column)
    return column * (cell + _GAP) + apart * (_BETWEEN_BAYS - _GAP)


def _placed(shown: HouseMap, number: int, corner: QPoint, sizes: _Sizes) -> Block:
    """Return a building of a map with its corner here."""
    plan, cell = shown.plans[number], sizes.cell
    metrics = QFontMetrics(theme.font(-1))
    labels = max((metrics.horizontalAdvance(line.label) for line in plan.lines), default=0) + PAD
    body = QPoint(corner.x() + labels, corner.y() + sizes.head + sizes.bays)
    lefts = [body.x() + _across(plan, column, cell.width()) for column in range(plan.columns)]
    spots = []
    for row, line in enumerate(plan.lines):
        top = body.y() + row * (cell.height() + _GAP)
        for left, house in zip(lefts, line.cells, strict=False):
            if house is not None:
                spots.append(Spot(house, QRect(QPoint(left, top), cell), (number, row)))
    end = QPoint(lefts[-1] + cell.width(), body.y() + len(plan.lines) * (cell.height() + _GAP))
    bays = [
        (bay.title, lefts[bay.first], lefts[bay.first + bay.width - 1] + cell.width()) for bay in plan.bays
    ]
    return Block(plan, QRect(corner, end), body, _counted(shown, plan.houses), tuple(spots), tuple(bays))


def _counted(shown: HouseMap, houses: Sequence[MappedHouse]) -> str:
    tally = [f"{one.answer.sign} {one.houses:,}" for one in shown.tally(houses) if one.houses]
    return "　".join([f"共 {len(houses):,}", *tally])
