"""计费天数: the days that a line charges, and how much of it falls on each."""

from __future__ import annotations

from datetime import date, timedelta

from models.fees.bills import Bill, BillKind
from models.fees.charges import Segment
from models.money import to_scaled

ONE_DAY = timedelta(days=1)


def kept_segments(line: Bill) -> list[Segment]:
    """Return the days that a line charges and what they are charged by: a share is so much for its month."""
    if line.kind is BillKind.SHARED:
        return [Segment(line.month.first, line.month.last, 0, 0, to_scaled(line.amount, 2))]
    if line.segments:
        return [
            Segment(date.fromisoformat(first), date.fromisoformat(last), *numbers)
            for first, last, *numbers in line.segments
        ]
    stored = line.as_stored()
    return [
        Segment(
            line.month.first, line.month.last, *(stored[name] or 0 for name in ("quantity", "price", "extra"))
        )
    ]


def weights_of(line: Bill) -> dict[date, int]:
    """Return by its day what weight each day of a line has: all the same where only a least is charged."""
    found = {
        one.first + ONE_DAY * number: one.weight // one.days
        for one in kept_segments(line)
        for number in range(one.days)
    }
    return found if any(found.values()) else dict.fromkeys(found, 1)


def own_weights(line: Bill, before: Bill | None = None) -> dict[date, int]:
    """Return the weights of the days that a line charges itself; others were handed over to a new owner.

    Args:
        line: charged for the days of its month.
        before: a later line; what was handed over after it counts as the line's own.
    """
    handed = (Bill.corrects == line) & (Bill.live == True) & (Bill.amount > 0)
    if before is not None:
        handed &= Bill.id < before.id
    gone = {day for one in Bill.select().where(handed) for day in weights_of(one)}
    return {day: weight for day, weight in weights_of(line).items() if day not in gone}
