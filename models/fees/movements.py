"""往来: what moved the balance of a household or a person, document by document.

Written over lines, allocations and balance entries in general: whatever kinds there are, what they come
to together is what is owed minus what is held in advance.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Any, NamedTuple

from peewee import JOIN, fn

from models.base import db
from models.batches import Batch
from models.fees.asof import LIVE
from models.fees.bills import Bill, BillKind
from models.fees.explanation import PREFIX
from models.fees.items import FeeItem
from models.fees.payments import (
    Allocation,
    BalanceEntry,
    BalanceKind,
    Method,
    Payment,
    Receipt,
    ReceiptState,
    SetOff,
)
from models.fees.within import within
from models.money import thousands
from models.months import Month
from models.owners.estate import Unit
from models.owners.people import Person
from models.text import natural_key

DAY_CHARS = 10
"""Letters of a day at the beginning of a moment as it is stored."""


class What(Enum):
    """Kinds of movement, in the order in which those of one day stand."""

    CHARGE = "应收"
    REDUCED = "红冲减免"
    OPENED = "期初预存"
    PAID = "收款"
    SET_OFF = "预存抵扣"
    MOVED = "预存变动"


_RANK = {what: number for number, what in enumerate(What)}


class Movement(NamedTuple):
    """One movement; money in fen.

    Args:
        on: its day.
        what: of which kind it is.
        number: of its document.
        words: what it was.
        unit: the house number.
        payer: whose it is, None where nobody is known.
        fen: what it adds to the balance; money that came in is below nothing.
        aside: what went from the prepaid balance to lines, or back, without changing the balance.
        id: tells it from all others.
    """

    on: date
    what: What
    number: str
    words: str
    unit: str
    payer: str | None
    fen: int
    aside: int
    id: str

    @property
    def order(self) -> tuple[Any, ...]:
        """By what movements are sorted: day, kind, document."""
        return self.on, _RANK[self.what], natural_key(self.number), self.id


@dataclass(frozen=True)
class Reach:
    """Whose movements: a unit's, a person's on all units, or a person's on one unit."""

    unit: Unit | None
    person: Person | None

    def of(self, record: Any) -> list[Any]:
        """Return the conditions on lines or balance entries, within the reach of the person acting."""
        wanted = within(record.unit, unit=self.unit)
        return wanted if self.person is None else [*wanted, record.payer == self.person]


def movements(reach: Reach) -> list[Movement]:
    """Return everything that ever moved a balance, oldest first."""
    found = [*_charges(reach), *_receipts(reach), *_set_offs(reach), *_others(reach)]
    return sorted(found, key=lambda one: one.order)


def issued(reach: Reach) -> dict[int, date]:
    """Return by its id the day on which each live line was issued."""
    settled = (
        Allocation.select(Allocation.bill, fn.MIN(Allocation.on)).join(Bill).where(LIVE, *reach.of(Bill))
    )
    corrected = dict(db.execute(settled.where(Bill.corrects.is_null(False)).group_by(Allocation.bill)))
    query = Bill.select(Bill.id, Bill.due, Batch.made_at).join(Batch, JOIN.LEFT_OUTER)
    query = query.where(Bill.live == True, *reach.of(Bill))
    return {
        line: date.fromisoformat(str(made or corrected.get(line) or due)[:DAY_CHARS])
        for line, due, made in db.execute(query)
    }


def _charges(reach: Reach) -> Iterator[Movement]:
    days = issued(reach)
    told = (Bill.id, Bill.kind, Bill.month, Bill.amount, FeeItem.name, Unit.code, Person.name)
    query = Bill.select(*told).join(FeeItem).switch(Bill).join(Unit).switch(Bill)
    query = query.join(Person, JOIN.LEFT_OUTER, on=(Bill.payer == Person.id))
    query = query.where(Bill.live == True, *reach.of(Bill))
    for line, kind, month, fen, item, unit, payer in db.execute(query):
        words = f"{item} {Month.from_number(month)}"
        if kind != BillKind.RECURRING.name:
            words += f"（{BillKind[kind].value}）"
        what = What.CHARGE if fen >= 0 else What.REDUCED
        yield Movement(days[line], what, f"{PREFIX}{line}", words, unit, payer, fen, 0, f"Bill:{line}")


_Parts = dict[tuple[int, str], tuple[int, int]]
"""By (document, day): fen on lines, and fen of the prepaid balance."""


def _parts(reach: Reach, lines_by: Any, entries_by: Any) -> _Parts:
    """Return what each document settled of lines and left in balances, or took from them, day by day."""
    lines = Allocation.select(lines_by, Allocation.on, fn.SUM(Allocation.amount)).join(Bill)
    lines = lines.where(LIVE, lines_by.is_null(False), *reach.of(Bill)).group_by(lines_by, Allocation.on)
    entries = BalanceEntry.select(entries_by, BalanceEntry.on, fn.SUM(BalanceEntry.amount))
    entries = entries.where(entries_by.is_null(False), *reach.of(BalanceEntry))
    found: _Parts = {(document, on): (fen, 0) for document, on, fen in db.execute(lines)}
    for document, on, fen in db.execute(entries.group_by(entries_by, BalanceEntry.on)):
        found[document, on] = (found.get((document, on), (0, 0))[0], fen)
    return found


def _receipts(reach: Reach) -> Iterator[Movement]:
    """Yield each receipt, by the day on which its money moved; a void one moved none."""
    parts = _parts(reach, Allocation.receipt, BalanceEntry.receipt)
    told = (Receipt.id, Receipt.number, Receipt.amount, Receipt.state, Receipt.payer_name, Payment.method)
    query = Receipt.select(*told, Unit.code).join(Payment).switch(Receipt).join(Unit)
    known = {row[0]: row[1:] for row in _those(query, Receipt.id, {receipt for receipt, _ in parts})}
    for (receipt, on), (lines, balance) in parts.items():
        number, whole, state, payer, method, unit = known[receipt]
        fen = lines + balance
        if not fen:
            continue
        words = f"{Method[method].value}收款" if fen > 0 else "收据红冲"
        if fen != whole and state == ReceiptState.ISSUED.name and fen > 0:
            words += f"（收据共 {thousands(whole)}，只列这里的部分）"
        what, day = What.PAID, date.fromisoformat(on)
        yield Movement(day, what, number, words, unit, payer, -fen, 0, f"Receipt:{receipt}:{on}")


def _set_offs(reach: Reach) -> Iterator[Movement]:
    """Yield each set-off; it changes the balance only where lines and prepaid money are not one payer's."""
    parts = _parts(reach, Allocation.set_off, BalanceEntry.set_off)
    query = SetOff.select(SetOff.id, SetOff.number, Person.name, Unit.code).join(Unit).switch(SetOff)
    query = query.join(Person, JOIN.LEFT_OUTER)
    known = {row[0]: row[1:] for row in _those(query, SetOff.id, {made for made, _ in parts})}
    for (made, on), (lines, balance) in parts.items():
        number, payer, unit = known[made]
        fen = lines + balance
        if not lines and not fen:
            continue
        words = f"预存抵扣账单 {thousands(lines)}，结余不变"
        if fen:
            words = "预存抵扣别人的账单" if fen < 0 else "别人的预存抵扣账单"
        what, day = What.SET_OFF, date.fromisoformat(on)
        yield Movement(day, what, number, words, unit, payer, -fen, lines, f"SetOff:{made}:{on}")


def _those(query: Any, id: Any, wanted: Iterable[int]) -> Iterator[tuple[Any, ...]]:
    """Yield the rows with these ids, so many at once as any SQLite takes."""
    ids = sorted(wanted)
    for start in range(0, len(ids), 900):
        yield from db.execute(query.where(id.in_(ids[start : start + 900])))


# -- what has neither receipt nor set-off ----------------------------------------------------------


class _Place(NamedTuple):
    """Where and when: house number, payer by id and name, day."""

    unit: str
    payer_id: int | None
    payer: str | None
    on: date


class _Entry(NamedTuple):
    """One balance entry without a receipt or set-off."""

    id: int
    fen: int
    kind: BalanceKind
    number: str


def _others(reach: Reach) -> Iterator[Movement]:
    """Yield openings, refunds and whatever else moved a balance by no receipt or set-off.

    What only went over from corrected lines to the balance of that day, or back, changes nothing.
    """
    netted, entries = _netted(reach), _entries(reach)
    for place in {**netted, **entries}:
        left = netted.get(place, 0)
        for entry in entries.get(place, ()):
            over = left * entry.fen < 0 and abs(entry.fen) <= abs(left)
            left += entry.fen if over else 0
            yield _moved(place, entry, over)
        if left:
            number = f"Allocation:{place.unit}:{place.payer_id}:{place.on}"
            yield Movement(
                place.on, What.MOVED, "", "更正的账单对冲", place.unit, place.payer, -left, 0, number
            )


def _moved(place: _Place, entry: _Entry, over: bool) -> Movement:
    what = What.OPENED if entry.kind is BalanceKind.OPENING else What.MOVED
    words = entry.kind.value
    if over:
        words += f"（与更正的账单对转 {thousands(entry.fen)}，结余不变）"
    fen = 0 if over else -entry.fen
    return Movement(
        place.on, what, entry.number, words, place.unit, place.payer, fen, 0, f"BalanceEntry:{entry.id}"
    )


def _netted(reach: Reach) -> dict[_Place, int]:
    """Return what no receipt or set-off settled on lines; where lines only net one another it is nothing."""
    told = (Unit.code, Bill.payer, Person.name, Allocation.on, fn.SUM(Allocation.amount))
    query = Allocation.select(*told).join(Bill).join(Unit).switch(Bill)
    query = query.join(Person, JOIN.LEFT_OUTER, on=(Bill.payer == Person.id))
    query = query.where(LIVE, Allocation.receipt.is_null(), Allocation.set_off.is_null(), *reach.of(Bill))
    rows = db.execute(query.group_by(Bill.unit, Bill.payer, Allocation.on))
    return {_Place(unit, id, payer, date.fromisoformat(on)): fen for unit, id, payer, on, fen in rows}


def _entries(reach: Reach) -> dict[_Place, list[_Entry]]:
    """Return the balance entries without a receipt or set-off."""
    about = (BalanceEntry.id, BalanceEntry.amount, BalanceEntry.kind, BalanceEntry.source, BalanceEntry.batch)
    query = BalanceEntry.select(*about, Unit.code, BalanceEntry.payer, Person.name, BalanceEntry.on)
    query = query.join(Unit).switch(BalanceEntry).join(Person, JOIN.LEFT_OUTER)
    bare = BalanceEntry.receipt.is_null(), BalanceEntry.set_off.is_null()
    query = query.where(*bare, *reach.of(BalanceEntry)).order_by(BalanceEntry.id)
    found: dict[_Place, list[_Entry]] = defaultdict(list)
    for id, fen, kind, source, batch, unit, payer_id, payer, on in db.execute(query):
        number = f"批次 {batch}" if batch else str(source or "")
        place = _Place(unit, payer_id, payer, date.fromisoformat(on))
        found[place].append(_Entry(id, fen, BalanceKind[kind], number))
    return found
