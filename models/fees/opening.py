"""期初: what units owed and had prepaid before the office began with this program.

Both come from sheets of our template and make a batch of their own, apart from the records that the
same workbook may bring: its totals are held against the old books and signed, and it is undone while
nothing of it is paid or used.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, NamedTuple

from peewee import JOIN, fn

from models import imports
from models.base import db, journal
from models.batches import AskedBatch, Batch, State, mark_undone, undone_by
from models.clock import now
from models.deeds import actor, deed
from models.errors import RuleBroken
from models.fees.bills import Bill
from models.fees.dunning.letters import DunningLine
from models.fees.items import FeeItem
from models.fees.opening_sheets import KIND, OPENING
from models.fees.payments import Allocation, BalanceEntry
from models.fees.rights import VIEW
from models.fees.seals import last_known
from models.fees.settle import voidable
from models.fields import CountField, FlagField, LineField, MomentField, MoneyField
from models.inputs import Asked
from models.listings import Filters, RowListing, Shown, choice, listing
from models.money import from_scaled
from models.months import Month
from models.owners.estate import Unit
from models.owners.people import Person


class Totals(NamedTuple):
    """What an opening holds; money in 元."""

    lines: int
    arrears: Decimal
    balances: int
    prepaid: Decimal


def totals(batch: Batch) -> Totals:
    """Return what a batch opened, nothing of what was undone."""
    lines, arrears = _held(Bill, (Bill.batch == batch) & (Bill.live == True))
    balances, prepaid = _held(BalanceEntry, BalanceEntry.batch == batch)
    return Totals(lines, arrears, balances, prepaid)


class Opened(NamedTuple):
    """One line or balance that a batch opened; what does not apply is None, money in 元."""

    unit: str
    payer: str | None
    item: str | None
    month: Month | None
    due: date | None
    arrears: Decimal | None
    prepaid: Decimal | None


def opened(batch: Batch) -> list[Opened]:
    """Return what a batch opened, by house number, debts before balances."""
    read = (Unit.sort_key, Unit.code, Person.name, FeeItem.name, Bill.month, Bill.due, Bill.amount)
    lines = Bill.select(*read).join(FeeItem).switch(Bill).join(Unit).switch(Bill)
    lines = lines.join(Person, JOIN.LEFT_OUTER, on=(Bill.payer == Person.id)).order_by(Bill.month, Bill.id)
    rows: list[tuple[str, int, Opened]] = []
    lines = lines.where((Bill.batch == batch) & (Bill.live == True))
    for key, code, payer, item, month, due, fen in db.execute(lines):
        what = (item, Month.from_number(month), date.fromisoformat(due))
        rows.append((key, 0, Opened(code, payer, *what, _yuan(fen), None)))
    held = BalanceEntry.select(Unit.sort_key, Unit.code, Person.name, BalanceEntry.amount)
    held = held.join(Unit).switch(BalanceEntry).join(Person, JOIN.LEFT_OUTER)
    for key, code, payer, fen in db.execute(held.where(BalanceEntry.batch == batch)):
        rows.append((key, 1, Opened(code, payer, None, None, None, None, _yuan(fen))))
    return [row for _, _, row in sorted(rows, key=lambda one: one[:2])]


def _yuan(fen: int) -> Decimal:
    return from_scaled(fen, 2)


def _held(record: Any, wanted: Any) -> tuple[int, Decimal]:
    query = record.select(fn.COUNT(record.id), fn.SUM(record.amount)).where(wanted)
    count, fen = next(iter(db.execute(query)))
    return count, from_scaled(int(fen or 0), 2)


@deed("fees.import_opening", "导入期初", OPENING)
def import_opening(
    path: Annotated[Any, Asked(LineField(max_length=1000, verbose_name="文件"))],
    skip_errors: Annotated[bool, Asked(FlagField(default=False, verbose_name="跳过有错的行"))] = False,
) -> Batch | None:
    """Import the sheets 期初 and 预存 of a workbook; None where it brings nothing new.

    Args:
        path: the workbook, or the `Plan` of it, which saves reading it again.
        skip_errors: whether rows that cannot be imported are left out instead.

    Raises:
        ImportRefused: it holds errors, which are not to be skipped.
        RuleBroken: it brings records of other kinds too, which ask for another right.
    """
    plan = imports.asked(path, Bill, BalanceEntry, alone="期初和预存两张表")
    done = imports.write(plan, "期初", skip_errors)
    return done.batches[0] if done.batches else None


@deed("fees.sign_opening", "期初签认", OPENING)
def sign_opening(
    batch: AskedBatch,
    arrears: Annotated[Decimal, Asked(MoneyField(verbose_name="原账欠费合计"))],
    prepaid: Annotated[Decimal, Asked(MoneyField(verbose_name="原账预存合计"))],
) -> Batch:
    """Sign that an opening is what the old books say; both totals are typed from them.

    Raises:
        RuleBroken: they differ, or it is signed or undone already.
    """
    check_opening(batch)
    facts = batch.facts or {}
    if batch.state is State.UNDONE or "signed_by" in facts:
        raise RuleBroken(f"批次 {batch.label()} 已撤销或已签认，不能再签认。")
    held = totals(batch)
    for what, mine, theirs in (("欠费", held.arrears, arrears), ("预存", held.prepaid, prepaid)):
        if mine != theirs:
            raise RuleBroken(
                f"期初{what}合计 {mine:,.2f} 元，原账 {theirs:,.2f} 元，相差 {mine - theirs:,.2f} 元，"
                "不能签认。请核对后撤销这一批，改正再导入。"
            )
    at = now().isoformat(" ", "seconds")
    signed = {"arrears": f"{held.arrears}", "prepaid": f"{held.prepaid}", "signed_by": actor().name}
    return batch.change(facts={**facts, **signed, "signed_at": at})


@undone_by(KIND, "期初")
@deed("fees.undo_opening", "撤销期初", OPENING, danger=True, question="这一批期初欠费和预存将全部撤回。")
def undo_opening(batch: AskedBatch) -> Batch:
    """Take back the lines and balances of an opening, while nothing of them is paid or used.

    Lines on which a receipt was voided stay, void, because that receipt names them; so do those that a
    letter asked for.

    Raises:
        RuleBroken: something is, the batch is no opening, or it is undone already.
    """
    mark_undone(batch, undo_opening)
    mine = voidable(batch)
    _check_unused(batch)
    # What nobody touched goes altogether, so that the roster it came with can be undone as well.
    touched = Allocation.select(Allocation.bill).join(Bill).where(mine)
    dunned = DunningLine.select(DunningLine.bill).join(Bill).where(mine)
    named = Bill.id.in_(touched) | Bill.id.in_(dunned)
    voided = Bill.update(live=False).where(mine & (named | (Bill.id <= last_known()))).execute()
    removed = Bill.delete().where(mine).execute()
    removed += BalanceEntry.delete().where(BalanceEntry.batch == batch).execute()
    journal().touch(Bill, BalanceEntry)
    journal().note(voided=voided, removed=removed)
    return batch


def check_opening(batch: Batch) -> None:
    """Refuse a batch that is no opening.

    Raises:
        RuleBroken: it is another kind of batch.
    """
    if batch.kind != KIND:
        raise RuleBroken(f"批次 {batch.label()} 不是期初。请从批次名单中选期初的一批。")


def _check_unused(batch: Batch) -> None:
    """Refuse to take back a balance of which something was used."""
    held = fn.SUM(BalanceEntry.amount)
    opened = fn.SUM(BalanceEntry.amount).filter(BalanceEntry.batch == batch)
    query = BalanceEntry.select(Unit.code, Person.name, held).join(Unit).switch(BalanceEntry).join(Person)
    query = query.group_by(BalanceEntry.unit, BalanceEntry.payer).having(held < opened)
    for code, name, fen in db.execute(query.limit(1)):
        left = from_scaled(int(fen), 2)
        raise RuleBroken(
            f"{code} {name} 的期初预存已经抵扣过，余额只有 {left:,.2f} 元，不能整批撤销。请先撤销抵扣。"
        )


@listing("openings", "期初批次", "fees", VIEW, "state")
def openings(filters: Filters) -> RowListing:
    """What was opened, batch by batch, with its totals and who signed them; newest first."""
    columns = (
        Shown("batch", Batch.id, label="批次"),
        Shown("title", Batch.title),
        Shown("lines", CountField(verbose_name="欠费笔数")),
        Shown("arrears", MoneyField(verbose_name="期初欠费")),
        Shown("balances", CountField(verbose_name="预存户数")),
        Shown("prepaid", MoneyField(verbose_name="期初预存")),
        Shown("made_at", Batch.made_at),
        Shown("made_by", Batch.made_by),
        Shown("signed_by", LineField(verbose_name="签认人", max_length=60)),
        Shown("signed_at", MomentField(verbose_name="签认时间")),
        Shown("state", Batch.state, status=True),
    )
    return RowListing(columns, _rows(filters.state), record=Batch)


def _rows(state: str | None) -> Iterator[tuple[int, tuple[Any, ...]]]:
    query = Batch.select().where(Batch.kind == KIND).order_by(Batch.id.desc())
    if state:
        query = query.where(Batch.state == choice(State, state))
    for batch in query:
        facts = batch.facts or {}
        at = facts.get("signed_at")
        signed = (facts.get("signed_by"), datetime.fromisoformat(at) if at else None)
        made = (batch.made_at, batch.made_by)
        yield batch.id, (batch.id, batch.title, *totals(batch), *made, *signed, batch.state)
