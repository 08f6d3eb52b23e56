"""平面排版: sets buildings as strips, so wide and so high as the paper allows, and in parts where it must."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from reports.paper.closing import SPACE
from reports.paper.flow import Gap, Strip
from reports.paper.ink import SMALLEST, Ink
from reports.paper.plan import EMPTY_PLAN, LegendEntry, Mark, Plan, PlanBay, PlanLine
from reports.paper.press import Press
from reports.paper.sizes import MM
from reports.paper.typeset import Typesetter

_TITLE = 12.0  # points
_SMALL = 9.0
_SIGN = 9.5
_PAD = 0.8 * MM
_BAY = 2.2 * MM  # between two entrances
_WIDEST = 32 * MM  # a cell
_LOW, _HIGH = 4.7 * MM, 7.2 * MM  # a line with number and letter beside each other
_LOW_TWO, _HIGH_TWO = 7.6 * MM, 9.4 * MM  # the number above the letter
_LABEL = 24 * MM  # at most, what a line is called
_HEAD = 1.7 * _TITLE
_LEGEND = 6.2 * MM
_BAYS = 1.7 * _SMALL
_APART = 5 * MM  # two buildings
_SHADES = ("", ".94 .94 .94", ".87 .87 .87", ".78 .78 .78")


@dataclass(frozen=True)
class _Grid:
    """Where the columns of a plan stand, and how high its lines are; in points."""

    label: float
    cell: float
    two: bool
    low: float
    high: float


class _Title(Strip):
    """The building's name, and small words beside it."""

    def __init__(self, title: str, beside: str, width: float, kit: Typesetter) -> None:
        super().__init__(_HEAD)
        self._title, self._beside = title, beside
        self._room = width - (kit.width(beside, _SMALL) + 4 * MM if beside else 0.0)

    def draw(self, ink: Ink, y: float) -> None:
        used = ink.text(0, y + 0.3 * _TITLE, self._title, _TITLE, bold=True, limit=self._room)
        ink.text(used + 4 * MM, y + 0.3 * _TITLE + 2.4, self._beside, _SMALL, grey=True)


class _Bays(Strip):
    """What the groups of columns are called."""

    def __init__(self, plan: Plan, grid: _Grid) -> None:
        super().__init__(_BAYS)
        self._named = [(bay.title, *_span(plan, grid, bay)) for bay in plan.bays]

    def draw(self, ink: Ink, y: float) -> None:
        for title, left, right in self._named:
            middle, room = (left + right) / 2, right - left
            ink.text(middle, y + 0.3 * _SMALL, title, _SMALL, align="center", limit=room)


class _Together(Strip):
    """Strips that are drawn as one."""

    def __init__(self, strips: Sequence[Strip]) -> None:
        super().__init__(sum(strip.height for strip in strips))
        self._strips = strips

    def draw(self, ink: Ink, y: float) -> None:
        for strip in self._strips:
            strip.draw(ink, y)
            y += strip.height


class _LegendLine(Strip):
    """Letters in their cells, and what they mean."""

    def __init__(self, entries: Sequence[tuple[float, LegendEntry]], sign: float) -> None:
        super().__init__(_LEGEND)
        self._entries, self._sign = entries, sign

    def draw(self, ink: Ink, y: float) -> None:
        for x, entry in self._entries:
            high = _LEGEND - 1.4 * MM
            if entry.shade:
                ink.tint(x, y, self._sign, high, _SHADES[entry.shade])
            ink.box(x, y, self._sign, high)
            top = y + (high - _SIGN) / 2
            ink.text(x + self._sign / 2, top, entry.sign, _SIGN, bold=True, align="center", limit=self._sign)
            ink.text(x + self._sign + 1.2 * MM, y + (high - _SMALL) / 2, entry.words, _SMALL)


class _Houses(Strip):
    """One line of houses."""

    def __init__(self, plan: Plan, line: PlanLine, grid: _Grid, height: float, label: str) -> None:
        super().__init__(height)
        self._plan, self._line, self._grid, self._label = plan, line, grid, label

    def draw(self, ink: Ink, y: float) -> None:
        if self._label:
            top = y + (self.height - SMALLEST) / 2
            limit = self._grid.label - 2 * _PAD
            ink.text(self._grid.label - _PAD, top, self._label, SMALLEST, align="right", limit=limit)
        for column, mark in enumerate(self._line.marks):
            if mark is not None:
                self._draw_mark(ink, _left(self._plan, self._grid, column), y, mark)

    def _draw_mark(self, ink: Ink, x: float, y: float, mark: Mark) -> None:
        wide, high = self._grid.cell, self.height
        if mark.shade:
            ink.tint(x, y, wide, high, _SHADES[mark.shade])
        ink.box(x, y, wide, high)
        if self._grid.two:
            half, room = high / 2, wide - 1.2 * _PAD
            ink.text(x + wide / 2, y + 0.12 * half, mark.number, SMALLEST, align="center", limit=room)
            ink.text(x + wide / 2, y + 0.9 * half, mark.sign, _SIGN, bold=True, align="center", limit=room)
            return
        room = wide - 2 * _PAD - (1.2 * _SIGN * max(1, len(mark.sign)) + _PAD if mark.sign else 0)
        ink.text(x + _PAD, y + (high - _SMALL) / 2, mark.number, _SMALL, limit=room)
        ink.text(x + wide - _PAD, y + (high - _SIGN) / 2 - 0.2, mark.sign, _SIGN, bold=True, align="right")


class PlanSetter:
    """Sets buildings at one width, in one file."""

    def __init__(self, width: float, press: Press) -> None:
        self._width, self._kit = width, press.type

    def fits(self, plans: Sequence[Plan], room: float) -> bool:
        """Return whether every building stands on one page of so many points, in one part."""
        return all(self._cell(plan) >= self._need(plan) and self._least(plan) <= room for plan in plans)

    def strips(self, plans: Sequence[Plan], room: float, last: float) -> list[Strip]:
        """Return all buildings, each kept on one page where that is possible.

        Args:
            plans: from the first to the last; an empty grid where there are none.
            room: points of a page.
            last: points that the last building may take.
        """
        strips: list[Strip] = []
        known = plans or (EMPTY_PLAN,)
        for number, plan in enumerate(known):
            strips += [Gap(_APART)] if strips else []
            strips += self._plan(plan, last if number == len(known) - 1 else room)
        return strips

    def _plan(self, plan: Plan, room: float) -> list[Strip]:
        strips: list[Strip] = []
        for number, part in enumerate(self._parts(plan)):
            grid = self._grid(part)
            again = self._heads(replace(part, beside=""), grid, [], "（续）")
            heads = self._heads(part, grid, list(self._legend(part.legend)), "") if not number else again
            fixed = sum(strip.height for strip in heads)
            height = min(grid.high, max(grid.low, (room - fixed) / max(len(part.lines), 1)))
            rows = [self._row(part, at, grid, height) for at in range(len(part.lines))]
            for row in rows:
                row.heading = _Together(again)
            mine = [*heads, *rows]
            for strip in mine[:-1]:
                strip.keep = True
            strips += [*([Gap(SPACE)] if number else []), *mine]
        return strips

    def _heads(self, plan: Plan, grid: _Grid, legend: Sequence[Strip], more: str) -> list[Strip]:
        """Return what stands above the houses: name, legend, entrances."""
        title = [_Title(f"{plan.title}{more}", plan.beside, self._width, self._kit)] if plan.title else []
        named = any(bay.title for bay in plan.bays)
        return [*title, *legend, *([_Bays(plan, grid)] if named else [])]

    def _row(self, plan: Plan, at: int, grid: _Grid, height: float) -> Strip:
        label = plan.lines[at].label
        same = at > 0 and plan.lines[at - 1].label == label
        return _Houses(plan, plan.lines[at], grid, height, "" if same else label)

    def _legend(self, entries: Sequence[LegendEntry]) -> Iterator[Strip]:
        """Yield lines of the legend, broken where the paper ends."""
        sign = max((self._kit.width(one.sign, _SIGN, bold=True) for one in entries), default=0.0) + 2.4 * _PAD
        line: list[tuple[float, LegendEntry]] = []
        x = 0.0
        for one in entries:
            wide = sign + 1.2 * MM + self._kit.width(one.words, _SMALL)
            if line and x + wide > self._width:
                yield _LegendLine(line, sign)
                line, x = [], 0.0
            line.append((x, one))
            x += wide + 5 * MM
        if line:
            yield _LegendLine(line, sign)

    # -- measures ------------------------------------------------------------------------------

    def _grid(self, plan: Plan) -> _Grid:
        cell = self._cell(plan)
        two = cell < self._need(plan, beside=True)
        low, high = (_LOW_TWO, _HIGH_TWO) if two else (_LOW, _HIGH)
        return _Grid(self._label(plan), cell, two, low, high)

    def _label(self, plan: Plan) -> float:
        widest = max((self._kit.width(line.label, SMALLEST) for line in plan.lines), default=0.0)
        return min(_LABEL, max(9 * MM, widest + 2 * _PAD))

    def _cell(self, plan: Plan) -> float:
        apart = sum(1 for bay in plan.bays if bay.first) * _BAY
        return min(_WIDEST, (self._width - self._label(plan) - apart) / plan.columns)

    def _need(self, plan: Plan, *, beside: bool = False) -> float:
        """Return the width that the widest cell needs, its letter beside or below the number."""
        marks = [mark for line in plan.lines for mark in line.marks if mark is not None]
        size = _SMALL if beside else SMALLEST
        number = max((self._kit.width(one.number, size) for one in marks), default=0.0)
        sign = max((self._kit.width(one.sign or "欠", _SIGN, bold=True) for one in marks), default=0.0)
        return number + sign + 3.2 * _PAD if beside else max(number, sign) + 1.6 * _PAD

    def _least(self, plan: Plan) -> float:
        """Return how high a building is at the least."""
        grid = self._grid(plan)
        heads = self._heads(plan, grid, list(self._legend(plan.legend)), "")
        return sum(strip.height for strip in heads) + grid.low * len(plan.lines)

    def _parts(self, plan: Plan) -> Iterator[Plan]:
        """Yield a building whole, or where it is too wide in parts, cut beside an entrance if it can be."""
        if self._cell(plan) >= self._need(plan):
            yield plan
            return
        room = self._width - self._label(plan) - _BAY * len(plan.bays)
        most = max(1, int(room / self._need(plan)))
        start = 0
        while start < plan.columns:
            ends = [bay.first + bay.width for bay in plan.bays]
            fitting = [end for end in ends if start < end <= start + most]
            end = max(fitting, default=min(start + most, plan.columns))
            yield _cut(plan, start, end)
            start = end


def _cut(plan: Plan, start: int, end: int) -> Plan:
    """Return some columns of a plan, without the lines that are empty there."""
    bays = []
    for bay in plan.bays:
        first, last = max(bay.first, start), min(bay.first + bay.width, end)
        if first < last:
            bays.append(PlanBay(bay.title, first - start, last - first))
    lines = [PlanLine(line.label, line.marks[start:end]) for line in plan.lines]
    return replace(plan, bays=bays, lines=[line for line in lines if any(line.marks)])


def _left(plan: Plan, grid: _Grid, column: int) -> float:
    apart = sum(1 for bay in plan.bays if 0 < bay.first <= column)
    return grid.label + column * grid.cell + apart * _BAY


def _span(plan: Plan, grid: _Grid, bay: PlanBay) -> tuple[float, float]:
    left = _left(plan, grid, bay.first)
    return left, _left(plan, grid, bay.first + bay.width - 1) + grid.cell
