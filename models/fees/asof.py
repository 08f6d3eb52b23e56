"""时点: what was paid and owed as of a day, whatever was paid since."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from models.base import db
from models.batches import Batch
from models.fees.bills import OPEN, Bill, BillKind
from models.fees.payments import Allocation

LIVE = Allocation.live == True

RELIEF = Allocation.adjustment.is_null(False) & (Allocation.amount > 0)
"""What settles a line by correcting it: no money came in (forms.md B5); said of a line that charges."""
RETURNED = Allocation.adjustment.is_null(False) & (Allocation.amount < 0)
"""What a correction gave back of money to its payer's balance; said of a line that charges."""
CHARGING = Bill.amount > 0
"""Lines that charge something; the others correct one."""
_DAY = len("2026-11-23")
_ONCE = 900  # ids in one IN list, below what any SQLite takes


def paid_after(day: date, *conditions: Any) -> dict[int, int]:
    """Return fen paid on each line after a day, by the line's id."""
    query = Allocation.select(Allocation.bill, Allocation.amount).where(LIVE & (Allocation.on > day))
    if conditions:
        query = query.join(Bill).where(*conditions)
    paid: dict[int, int] = {}
    # Added up here: grouped by the database, SQLite walks every payment ever made in the order of lines.
    for bill, fen in db.execute(query):
        paid[bill] = paid.get(bill, 0) + fen
    return paid


def relieved(*conditions: Any) -> Iterator[tuple[int, int, int, str, int]]:
    """Yield (unit, item, month of the line, day, fen) of what corrections took off lines.

    Corrections are few: they are read first, by their small index, and then the lines that they name.
    """
    taken: dict[int, list[tuple[str, int]]] = {}
    query = Allocation.select(Allocation.bill, Allocation.on, Allocation.amount).where(RELIEF & LIVE)
    for line, on, fen in db.execute(query):
        taken.setdefault(line, []).append((on, fen))
    lines = Bill.select(Bill.id, Bill.unit, Bill.item, Bill.month)
    numbers = sorted(taken)
    for start in range(0, len(numbers), _ONCE):
        some = Bill.id.in_(numbers[start : start + _ONCE]) & CHARGING
        for line, unit, item, month in db.execute(lines.where(some, *conditions)):
            yield from ((unit, item, month, on, fen) for on, fen in taken[line])


def owing_on(day: date) -> Any:
    """Return the condition on Bill that a line may still have wanted money after a day's payments."""
    later = Allocation.select(Allocation.bill).where(LIVE & (Allocation.on > day))
    return OPEN | ((Bill.live == True) & Bill.id.in_(later))


class Anew(NamedTuple):
    """A line that charges anew what was corrected, as it is stored, and the day on which it was made."""

    line: int
    unit: int
    item: int
    month: int
    fen: int
    made: str


def charged_anew(*conditions: Any) -> Iterator[Anew]:
    """Yield the lines that replace corrected ones, by a run or a transfer; they are few, by a small index."""
    negative = Bill.alias()
    handed = negative.corrects.is_null(False) & (negative.kind == BillKind.CORRECTION) & (negative.amount < 0)
    days = dict(db.execute(negative.select(negative.corrects, negative.due).where(handed)))
    query = Bill.select(
        Bill.id, Bill.unit, Bill.item, Bill.month, Bill.amount, Batch.made_at, Bill.corrects, Bill.due
    )
    # Apart, or a month that is asked for would be read whole.
    few = negative.select(negative.id).where(negative.corrects.is_null(False))
    mine = Bill.id.in_(few) & CHARGING & (Bill.live == True)
    for line, unit, item, month, fen, run, old, due in db.execute(
        query.left_outer_join(Batch).where(mine, *conditions)
    ):
        yield Anew(line, unit, item, month, fen, (run or days.get(old, due))[:_DAY])


def made_between(first: date, last: date = date.max) -> Any:
    """Return the condition on Bill of lines that replace corrected ones and were made on days."""
    found = [one.line for one in charged_anew() if first.isoformat() <= one.made <= last.isoformat()]
    return Bill.id.in_(found)
