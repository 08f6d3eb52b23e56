"""计费: what one unit owes for one item in one month, exactly.

Amounts are whole numbers throughout. A month's charge is the sum over its segments of
(quantity × price + extra) × days, divided by the days of the month and rounded once, half up
(forms.md B1.8, B2.1). A segment ends where a price or an area changes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import NamedTuple

from models.base import db
from models.fees.items import Basis, FeeItem, Rate
from models.money import divide_half_up, to_scaled
from models.months import Month
from models.owners.estate import UnitArea

SCALE = 10_000
"""Quantity (2 decimals) × price (4 decimals) is in millionths of a 元; a fen is so many of them."""

ONE_HOUSEHOLD = 100
"""The quantity 1.00, as areas are stored."""


class Segment(NamedTuple):
    """Days of a month over which neither price nor area changes; numbers as they are stored."""

    first: date
    last: date
    quantity: int
    price: int
    extra: int

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1

    @property
    def weight(self) -> int:
        """(quantity × price + extra) × days, in millionths of a 元."""
        return (self.quantity * self.price + self.extra * SCALE) * self.days


class Step(NamedTuple):
    """A value that holds from a day on."""

    since: date
    values: tuple[int, ...]


@dataclass(frozen=True)
class Prices:
    """An item as billing needs it: its bounds and its dated prices (price, extra)."""

    id: int
    name: str
    basis: Basis
    cycle: int
    due_day: int | None
    since: date
    until: date | None
    active: bool
    steps: tuple[Step, ...]
    minimum: int | None = None
    """最低收费 of a whole month, in fen."""

    @cached_property
    def opens(self) -> str:
        """The first day on which it may be billed, as ISO text."""
        return self.since.isoformat()

    @cached_property
    def closes(self) -> str | None:
        """The last such day."""
        return self.until.isoformat() if self.until else None


def read_prices() -> dict[int, Prices]:
    """Return every item with its dated prices, by id."""
    steps: dict[int, list[Step]] = {}
    query = Rate.select(Rate.item, Rate.since, Rate.price, Rate.extra).order_by(Rate.since)
    for item, since, price, extra in db.execute(query):
        steps.setdefault(item, []).append(Step(date.fromisoformat(since), (price, extra)))
    return {
        item.id: Prices(
            item.id, item.name, item.basis, item.cycle, item.due_day, item.since, item.until, item.active,
            tuple(steps.get(item.id, ())), None if item.minimum is None else to_scaled(item.minimum, 2),
        )
        for item in FeeItem.select()
    }  # fmt: skip


def read_areas() -> dict[int, tuple[Step, ...]]:
    """Return the dated billing areas of every unit, by its id."""
    found: dict[int, tuple[Step, ...]] = {}
    query = UnitArea.select(UnitArea.unit, UnitArea.since, UnitArea.billing).order_by(UnitArea.since)
    for unit, since, area in db.execute(query):
        found[unit] = (*found.get(unit, ()), Step(date.fromisoformat(since), (area,)))
    return found


def segments(prices: Prices, areas: Sequence[Step], first: date, last: date) -> list[Segment] | str:
    """Cut the days from first to last where a price or an area changes.

    Returns:
        The segments in order, or the sentence that says what is missing.
    """
    found = []
    for start, end, (price, extra) in _pieces(prices.steps, first, last):
        if prices.basis is not Basis.AREA:
            quantity = ONE_HOUSEHOLD if prices.basis is Basis.HOUSEHOLD else 0
            found.append(Segment(start, end, quantity, price, extra))
            continue
        found += [Segment(a, b, area[0], price, extra) for a, b, area in _pieces(areas, start, end)]
    if not prices.steps or prices.steps[0].since > first:
        return f"{first} 起没有单价"
    if prices.basis is Basis.AREA and (not areas or areas[0].since > first):
        return "没有计费面积"
    return found


def _pieces(steps: Sequence[Step], first: date, last: date) -> list[tuple[date, date, tuple[int, ...]]]:
    """Return (start, end, values) of each step that holds within first..last."""
    cut = []
    for number, step in enumerate(steps):
        until = steps[number + 1].since - timedelta(days=1) if number + 1 < len(steps) else last
        start, end = max(step.since, first), min(until, last)
        if start <= end:
            cut.append((start, end, step.values))
    return cut


def amount_of(cut: Sequence[Segment], month_days: int) -> int:
    """Return the charge of a month in fen, rounded once, half up."""
    return divide_half_up(sum(segment.weight for segment in cut), month_days * SCALE)


def at_least(amount: int, minimum: int | None, days: int, month_days: int) -> int:
    """Return a month's charge, or the minimum where it is less: by the day where not all days are charged."""
    return amount if minimum is None else max(amount, divide_half_up(minimum * days, month_days))


def cycle_months(begins: Month, run: Month, cycle: int) -> Month | None:
    """Return the last month of the cycle that holds a run's month; None before the item begins.

    A cycle of n months counts from the month in which the item begins on the unit.
    """
    if run < begins:
        return None
    return begins.plus((run.minus(begins) // cycle + 1) * cycle - 1)
