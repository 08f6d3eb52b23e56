"""时点: what was paid and owed as of a day, whatever was paid since."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

from peewee import fn

from models.base import db
from models.batches import Batch
from models.fees.bills import OPEN, Bill, BillKind, principal
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


def owed_on(day: date, told: Sequence[Any], *conditions: Any) -> Iterator[tuple[Any, ...]]:
    """Yield (line, what is told of it, fen still wanted) of the lines that were due by a day.

    Those that are open now and those that were paid since are asked for apart: asked together, every line
    that ever was would be looked at.
    """
    later, fen = paid_after(day), Bill.amount - Bill.paid
    query = Bill.select(Bill.id, *told, fen).where((Bill.due <= day), *conditions)
    asked = [query.where(OPEN)]
    if later:
        since = Allocation.select(Allocation.bill).where(LIVE & (Allocation.on > day))
        asked.append(query.where((Bill.live == True) & (Bill.paid >= Bill.amount) & Bill.id.in_(since)))
    for one in asked:
        for row in db.execute(one):
            paid = later.get(row[0])
            if paid is None:  # it is open, and nobody paid on it since
                yield row
            elif row[-1] + paid > 0:
                yield *row[:-1], row[-1] + paid


Owed = tuple[int, int, int | None, int, str, int]
"""A line that wants money: (line, unit, payer, month, due day, fen)."""


def owed_principal(day: date, *conditions: Any) -> Iterator[Owed]:
    """Yield each line of principal owed as of a day."""
    return owed_on(day, (Bill.unit, Bill.payer, Bill.month, Bill.due), *principal(), *conditions)


class Anew(NamedTuple):
    """A line that charges anew what was corrected, as it is stored, and the day on which it was made."""

    unit: int
    item: int
    month: int
    fen: int
    made: str


def charged_anew(*conditions: Any) -> Iterator[Anew]:
    """Yield the lines that replace corrected ones, by a run or a transfer."""
    query, made = _anew(Bill)
    told = Bill.unit, Bill.item, Bill.month, Bill.amount, made
    return map(Anew._make, db.execute(query.select(*told).where(*conditions)))


def made_between(first: date, last: date = date.max) -> Any:
    """Return the condition on Bill of lines that replace corrected ones and were made on days."""
    line = Bill.alias()
    query, made = _anew(line)
    return Bill.id.in_(query.select(line.id).where(made.between(first.isoformat(), last.isoformat())))


def _anew(line: Any) -> tuple[Any, Any]:
    """Return the query of these lines, and the day on which each was made: that of its run or transfer."""
    few, handed = Bill.alias(), Bill.alias()
    twin = (handed.corrects == line.corrects) & (handed.kind == BillKind.CORRECTION) & (handed.amount < 0)
    query = line.select().left_outer_join(Batch).switch(line).left_outer_join(handed, on=twin)
    # By the small index of what corrects something; asked together with a month, all of that were read.
    mine = line.id.in_(few.select(few.id).where(few.corrects.is_null(False)))
    day = fn.SUBSTR(fn.COALESCE(Batch.made_at, handed.due, line.due), 1, _DAY)
    return query.where(mine & (line.amount > 0) & (line.live == True)), day
