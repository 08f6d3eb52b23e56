"""换手: whose days a month's charge falls on where its unit passes to another owner within it.

The old owner pays up to the day before the transfer, the new one from that day on (forms.md B1.7); both
lines together are the charge of the whole, by the largest remainder (B2.2).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from models.base import db
from models.fees.charges import Segment
from models.money import split_largest_remainder
from models.months import Month
from models.owners.payees import payers_by_id
from models.owners.people import Ownership

ONE_DAY = timedelta(days=1)


class Holding(NamedTuple):
    """Days of a month on which one owner holds a unit, with who pays then; all by id."""

    first: date
    last: date
    payer: int
    liable: int | None


def hands_of(month: Month) -> dict[int, list[Holding]]:
    """Return the units (ids) that pass from one owner to another within a month, with who holds them when."""
    begun = Ownership.since.between(month.first + ONE_DAY, month.last)
    query = (
        Ownership.select(Ownership.unit, Ownership.since).where(begun).distinct().order_by(Ownership.since)
    )
    changes: dict[int, list[date]] = {}
    for unit, since in db.execute(query):
        changes.setdefault(unit, []).append(date.fromisoformat(since))
    if not changes:
        return {}
    starts = sorted({month.first, *(day for days in changes.values() for day in days)})
    payers = {day: payers_by_id(day) for day in starts}
    found = {}
    for unit, days in changes.items():
        held = [(day, payers[day].get(unit)) for day in (month.first, *days)]
        parts = _joined([(day, who) for day, who in held if who is not None], month)
        if len(parts) > 1 and parts[0].first == month.first:
            found[unit] = parts
    return found


def _joined(held: Sequence[tuple[date, tuple[int, int | None]]], month: Month) -> list[Holding]:
    """Return one holding for each owner in turn; joint owners who come later change nothing."""
    turns: list[tuple[date, tuple[int, int | None]]] = []
    for day, who in held:
        if not turns or turns[-1][1][1] != who[1]:
            turns.append((day, who))
    ends = [day - ONE_DAY for day, _ in turns[1:]] + [month.last]
    return [Holding(day, end, *who) for (day, who), end in zip(turns, ends, strict=True)]


class Piece(NamedTuple):
    """One owner's share of a line: its fen and the segments of his days."""

    holding: Holding
    amount: int
    segments: list[Segment]


def divided(amount: int, cut: Sequence[Segment], holdings: Sequence[Holding]) -> list[Piece]:
    """Divide a line's fen among those who held the unit on its days; who held it on none is left out."""
    pieces = [(holding, _within(cut, holding)) for holding in holdings]
    pieces = [(holding, segments) for holding, segments in pieces if segments]
    weights = [sum(segment.weight for segment in segments) for _, segments in pieces]
    if not any(weights):  # what is charged is a least amount alone
        weights = [sum(segment.days for segment in segments) for _, segments in pieces]
    shares = split_largest_remainder(amount, weights)
    return [Piece(holding, fen, segments) for (holding, segments), fen in zip(pieces, shares, strict=True)]


def _within(cut: Sequence[Segment], holding: Holding) -> list[Segment]:
    found = []
    for segment in cut:
        first, last = max(segment.first, holding.first), min(segment.last, holding.last)
        if first <= last:
            found.append(segment._replace(first=first, last=last))
    return found
