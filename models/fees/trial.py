"""试算结果: the lines that a run would make, what it leaves out and why, what was never billed before."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from models.fees.charges import Prices, Segment
from models.money import from_scaled
from models.months import Month


class Line(NamedTuple):
    """One line to be made."""

    month: int
    unit: int
    item: int
    amount: int
    quantity: int
    price: int
    extra: int
    days: int | None
    month_days: int | None
    segments: str | None


class Metering(NamedTuple):
    """A line by the readings of a meter, and how much of which month (YYYYMM) it charges, in hundredths."""

    line: Line
    meter: int
    parts: tuple[tuple[int, int], ...]


class Skipped(NamedTuple):
    """A unit that gets no line for an item, and why."""

    unit: str
    item: str
    reason: str


class Missing(NamedTuple):
    """Months before the run that were never billed for a unit and item."""

    unit: str
    item: str
    months: tuple[Month, ...]

    @property
    def span(self) -> str:
        """2020-06 至 2020-08、2020-10: months that follow one another as one."""
        runs: list[list[Month]] = []
        for month in self.months:
            if runs and month == runs[-1][-1].plus(1):
                runs[-1].append(month)
            else:
                runs.append([month])
        return "、".join(str(run[0]) if len(run) == 1 else f"{run[0]} 至 {run[-1]}" for run in runs)


@dataclass
class Trial:
    """What a run would make, before it is made."""

    month: Month
    lines: list[Line] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    missing: list[Missing] = field(default_factory=list)
    already: int = 0
    replaced: dict[tuple[int, int, int], int] = field(default_factory=dict)
    """The reversed line (id) whose month, unit and item a line charges again."""
    items: dict[int, Prices] = field(default_factory=dict)
    metered: list[Metering] = field(default_factory=list)
    """What is behind the last of the lines: those by readings."""

    @property
    def amount(self) -> Decimal:
        """Sum of all lines in 元."""
        return from_scaled(sum(line.amount for line in self.lines), 2)

    @property
    def units(self) -> int:
        """How many units get a line."""
        return len({line.unit for line in self.lines})

    def by_item(self) -> list[tuple[str, Month, int, Decimal]]:
        """Return (item, month, lines, sum) in the order of item and month."""
        groups: dict[tuple[int, int], list[int]] = {}
        for line in self.lines:
            groups.setdefault((line.item, line.month), []).append(line.amount)
        return [
            (self.items[item].name, Month.from_number(month), len(fens), from_scaled(sum(fens), 2))
            for (item, month), fens in sorted(groups.items())
        ]


def told_of(cut: Sequence[Segment]) -> list[list[Any]]:
    """Return segments as a line tells them."""
    return [[one.first.isoformat(), one.last.isoformat(), one.quantity, one.price, one.extra] for one in cut]


def segments_of(line: Line) -> list[Segment]:
    """Return the segments of a line that was just computed; a whole month of one price is one of them."""
    if line.segments is not None:
        return [
            Segment(date.fromisoformat(first), date.fromisoformat(last), *numbers)
            for first, last, *numbers in json.loads(line.segments)
        ]
    month = Month.from_number(line.month)
    return [Segment(month.first, month.last, line.quantity, line.price, line.extra)]
