"""自动抵扣: what payers have left with units is set off in bulk, and taken back as one.

After a run, where the office wants it so (or an agreement says so), and by a deed of its own. A balance
settles only lines of its own unit and payer, earliest due first (forms.md B4.7), and never 违约金, which
nobody pays unasked. Each unit and payer gets a document of its own, as by hand.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from peewee import fn

from models.base import db, insert_rows, journal
from models.batches import AskedBatch, Batch, mark_undone, start, undone_by
from models.clock import now
from models.deeds import actor, deed
from models.errors import RuleBroken
from models.fees.asof import CHARGING, RETURNED
from models.fees.bills import OPEN, Bill, principal
from models.fees.gaps import reversed_lines
from models.fees.payments import (
    CLOSED,
    Allocation,
    BalanceEntry,
    BalanceKind,
    DayClosing,
    SetOff,
    SetOffReversal,
    closing_of,
)
from models.fees.rights import SET_OFF, UNDO
from models.fees.within import within
from models.fields import LinksField
from models.inputs import Asked
from models.money import from_scaled, thousands
from models.owners.estate import Building, Unit
from models.series import Series

SET_OFFS = Series("DK", "预存抵扣单", digits=4)
KIND = "set_off"
"""The kind of batch that setting off by itself is."""

Holder = tuple[int, int | None]
"""Unit and payer, by id."""


@dataclass
class Spread:
    """How one balance goes over the lines of its unit and payer, in fen."""

    holder: Holder
    left: int
    parts: list[tuple[int, int]] = field(default_factory=list)
    """(line, fen)."""

    @property
    def used(self) -> int:
        """So much of it."""
        return sum(fen for _, fen in self.parts)


@dataclass(frozen=True)
class SetOffs:
    """What was set off in bulk."""

    count: int
    fen: int

    @property
    def amount(self) -> Decimal:
        """How much, in 元."""
        return from_scaled(self.fen, 2)


def spread_all(on: date, *units: Any, lines: Sequence[Any] = ()) -> list[Spread]:
    """Return how balances would be set off now; those that settle nothing are left out.

    Args:
        on: the day; what came later does not count.
        units: conditions on Unit of those wanted.
        lines: conditions on Bill of what may be settled.
    """
    wanted = Unit.select(Unit.id).where(*units) if units else None
    found = {holder: Spread(holder, fen) for holder, fen in _balances(on, wanted)}
    mine = OPEN & Bill.unit.in_(BalanceEntry.select(BalanceEntry.unit))
    query = Bill.select(Bill.id, Bill.unit, Bill.payer, Bill.amount - Bill.paid).where(
        mine, *principal(), *lines
    )
    for line, unit, payer, owed in db.execute(query.order_by(Bill.due, Bill.month, Bill.item, Bill.id)):
        spread = found.get((unit, payer))
        if spread is not None and spread.left > 0:
            part = min(owed, spread.left)
            spread.parts.append((line, part))
            spread.left -= part
    return [spread for spread in found.values() if spread.parts]


def _balances(on: date, units: Any) -> Iterator[tuple[Holder, int]]:
    """Yield what each payer had on a unit on a day and still has, in the order of house numbers."""
    then = fn.SUM(BalanceEntry.amount).filter(BalanceEntry.on <= on)
    query = BalanceEntry.select(BalanceEntry.unit, BalanceEntry.payer, fn.SUM(BalanceEntry.amount), then)
    query = query.join(Unit).group_by(BalanceEntry.unit, BalanceEntry.payer)
    if units is not None:
        query = query.where(BalanceEntry.unit.in_(units))
    for unit, payer, held, was in db.execute(query.order_by(Unit.sort_key, BalanceEntry.payer)):
        if min(held, was or 0) > 0:
            yield (unit, payer), min(held, was or 0)


def write(spreads: Sequence[Spread], on: date, batch: Batch) -> SetOffs:
    """Write the documents, what they settle and what they take from the balances, all at once."""
    day, name, numbers = on.isoformat(), actor().name, SET_OFFS.take(on, len(spreads))
    made = insert_rows(
        SetOff,
        ("number", "unit", "payer", "on", "amount", "made_by", "batch"),
        (
            (number, *spread.holder, day, spread.used, name, batch.id)
            for number, spread in zip(numbers, spreads, strict=True)
        ),
    )
    documents = list(zip(made, spreads, strict=True))
    kind = BalanceKind.SET_OFF.name
    _move(((*spread.holder, day, kind, -spread.used, id) for id, spread in documents))
    parts = [(line, id, day, fen, 1) for id, spread in documents for line, fen in spread.parts]
    insert_rows(Allocation, ("bill", "set_off", "on", "amount", "live"), parts)
    _raise_paid([(fen, line) for line, _, _, fen, _ in parts])
    done = SetOffs(len(spreads), sum(spread.used for spread in spreads))
    journal().note(set_offs=done.count, set_off=str(done.amount))
    return done


def _move(rows: Iterator[tuple[Any, ...]]) -> None:
    insert_rows(BalanceEntry, ("unit", "payer", "on", "kind", "amount", "set_off"), rows)


def _raise_paid(parts: Sequence[tuple[int, int]]) -> None:
    """Raise what is paid on lines by (fen, line); lower it where fen is negative."""
    raised = f"UPDATE bill SET paid = paid + {db.param}, row_version = row_version + 1 WHERE id = {db.param}"
    db.connection().executemany(raised, parts)
    journal().touch(Bill)


def take_back(batch: Batch, reason: str) -> int:
    """Take back the set-offs that a batch made and nobody took back since; return how many.

    One whose every line was reversed stays: its money is a balance again.

    Raises:
        RuleBroken: one was made on a day that is closed, or a line of one was corrected since.
    """
    query = SetOff.select(SetOff.id, SetOff.unit, SetOff.payer, SetOff.on, SetOff.amount, SetOff.number)
    gone = SetOffReversal.select(SetOffReversal.set_off)
    mine = (SetOff.batch == batch) & SetOff.id.not_in(gone)
    mine &= SetOff.id.not_in(_given_back(mine))
    rows = list(db.execute(query.where(mine).order_by(SetOff.id)))
    closed = DayClosing.select().where(CLOSED & DayClosing.day.in_(sorted({row[3] for row in rows}))).first()
    if closed is not None:
        raise RuleBroken(
            f"{closed.day} 已日结，批次 {batch.label()} 抵扣的预存（{rows[0][5]} 等 {len(rows)} 份）"
            "不能撤销。请红冲它们所抵的账单。"
        )
    live = Allocation.set_off.in_(SetOff.select(SetOff.id).where(mine)) & (Allocation.live == True)
    paid = Allocation.select(Allocation.bill, fn.SUM(Allocation.amount)).where(live).group_by(Allocation.bill)
    _raise_paid([(-fen, line) for line, fen in db.execute(paid)])
    Allocation.update(live=False).where(live).execute()
    kind, stamp, name = BalanceKind.REVERSED.name, now().isoformat(" ", "seconds"), actor().name
    _move((unit, payer, on, kind, fen, id) for id, unit, payer, on, fen, _ in rows)
    back = ((row[0], reason, stamp, name) for row in rows)
    insert_rows(SetOffReversal, ("set_off", "reason", "made_at", "made_by"), back)
    journal().touch(Allocation)
    journal().note(set_offs_taken_back=len(rows))
    return len(rows)


def _given_back(mine: Any) -> list[int]:
    """Return the set-offs (ids) whose every line was reversed.

    Raises:
        RuleBroken: some lines of one were corrected, so that part of its money is a balance again.
    """
    lines: dict[int, set[int]] = {}
    live = Allocation.set_off.in_(SetOff.select(SetOff.id).where(mine)) & (Allocation.live == True)
    for document, line in db.execute(Allocation.select(Allocation.set_off, Allocation.bill).where(live)):
        lines.setdefault(document, set()).add(line)
    returned = Allocation.select(Allocation.bill).join(Bill).where(RETURNED & CHARGING)
    moved = {line for (line,) in db.execute(returned)}
    gone = {line for (line,) in db.execute(Bill.select(Bill.id).where(reversed_lines()))} if moved else set()
    touched = {document for document, each in lines.items() if each & moved}
    stuck = SetOff.get_or_none(SetOff.id.in_([one for one in touched if lines[one] - gone]))
    if stuck is not None:
        raise RuleBroken(
            f"抵扣单 {stuck.number} 所抵的账单有的已经更正，款项已转为预存，不能再整批撤回。"
            "请红冲它所抵的其余账单后再撤销；只退几份的，在“预存抵扣”里逐份撤销。"
        )
    return sorted(touched)


# -- by a deed of its own --------------------------------------------------------------------------

AskedBuildings = Annotated[list[Building] | None, Asked(LinksField(Building, null=True, verbose_name="楼栋"))]


@dataclass(frozen=True)
class SetOffTrial:
    """What setting off would do now."""

    spreads: Sequence[Spread]

    def summary(self) -> str:
        """Return 将抵扣 3 户 890.00 元，5 笔账单。没有写入。."""
        if not self.spreads:
            return NOTHING
        lines = sum(len(spread.parts) for spread in self.spreads)
        amount = thousands(sum(spread.used for spread in self.spreads))
        return f"将抵扣 {len(self.spreads):,} 户 {amount} 元，{lines:,} 笔账单。没有写入。"


NOTHING = "没有可抵扣的：有预存的户没有本人的未收账单。"


@deed("fees.try_set_off_all", "试算批量抵扣", SET_OFF)
def try_set_off_all(building: AskedBuildings = None) -> SetOffTrial:
    """Say what setting off all balances would do; writes nothing."""
    return SetOffTrial(spread_all(date.today(), *_where(building)))


@deed(
    "fees.set_off_all",
    "批量抵扣",
    SET_OFF,
    question="各户的预存抵本户本人的未收账单，先到期的先抵，不抵违约金。",
)
def set_off_all(building: AskedBuildings = None) -> Batch:
    """Set off what every payer has left with a unit against what he owes on it, earliest due first.

    Raises:
        RuleBroken: today is closed, or there is nothing to set off.
    """
    today = date.today()
    if closing_of(today):
        raise RuleBroken(f"{today} 已日结，不能再抵扣。请明天再办。")
    spreads = spread_all(today, *_where(building))
    if not spreads:
        raise RuleBroken(f"{NOTHING}没有写入。")
    batch = start(KIND, f"{today} 批量抵扣预存")
    done = write(spreads, today, batch)
    return batch.change(count=done.count, amount=done.amount)


@undone_by(KIND, "批量抵扣")
@deed(
    "fees.undo_set_off_all",
    "撤销批量抵扣",
    UNDO,
    danger=True,
    question="这一批抵扣全部退回，账单恢复为未收。",
)
def undo_set_off_all(batch: AskedBatch) -> Batch:
    """Take back all set-offs of a batch before their day is closed.

    Raises:
        RuleBroken: their day is closed.
    """
    mark_undone(batch, undo_set_off_all)
    take_back(batch, "撤销批量抵扣")
    return batch


def _where(building: Sequence[Building] | None) -> list[Any]:
    conditions = within(Unit.id, right=SET_OFF)
    return [*conditions, Unit.building.in_(list(building))] if building else conditions
