"""流水入账: statements are imported, sure rows booked, the others settled by hand; a batch is undone as one.

A booked row is a payment with its receipt, of the statement's day where that is still open, else of today.
The money is received by whoever checks the statement, who need not be a cashier (收款≠对账).
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, NamedTuple

from peewee import JOIN, fn

from models import imports
from models.base import db, journal
from models.batches import AskedBatch, Batch, mark_undone, undone_by
from models.clock import now
from models.deeds import Scope, actor, deed, refuse
from models.errors import BadInput, RuleBroken
from models.fees.banking.accounts import WAYS, BankAccount
from models.fees.banking.matching import Book, Match
from models.fees.banking.money import booking_day, receive_apart, void_apart
from models.fees.banking.rows import BankRow, RowState
from models.fees.banking.sheets import KIND, STATEMENT, Source, read_as
from models.fees.banking.twins import Twins
from models.fees.bills import Bill
from models.fees.cashier import AskedBills, AskedUnits
from models.fees.payments import Allocation, Method, Payment, Receipt
from models.fees.rights import BANK
from models.fields import ChoiceField, FlagField, LineField, LinkField, LinksField
from models.imports import Given, Plan, SheetMap
from models.imports.mapping import guess
from models.inputs import Asked
from models.money import from_scaled, thousands
from models.owners.estate import Unit
from models.owners.payees import NOBODY
from models.owners.people import Person

_LONGEST = 200
AskedRow = Annotated[BankRow, Asked(LinkField(BankRow, verbose_name="银行流水"))]
AskedRows = Annotated[list[BankRow], Asked(LinksField(BankRow, verbose_name="银行流水"))]


def judge_statement(
    found: Given, maps: Sequence[SheetMap], account: BankAccount, method: Method | None = None
) -> Plan:
    """Say what a statement of an account would bring; nothing is written.

    Args:
        found: what was read.
        maps: how it is to be read; guessed from its headings where nobody said so.
        account: whose statement it is.
        method: the way of payment, where it is not that of the account.

    Raises:
        BadInput: no day or amount is found in it.
    """
    if not maps and not found.known(STATEMENT):
        maps = guess(found.sheets, STATEMENT)
    with read_as(Source(account, method or account.method)):
        return imports.judged(found, maps, STATEMENT)


@deed("fees.import_statement", "导入流水", BANK)
def import_statement(
    path: Annotated[Any, Asked(LineField(max_length=1000, verbose_name="文件"))],
    account: Annotated[BankAccount, Asked(LinkField(BankAccount, verbose_name="收款账户"))],
    method: Annotated[
        Method | None, Asked(ChoiceField(Method, only=WAYS, null=True, verbose_name="收款方式"), "不填按账户")
    ] = None,
    skip_errors: Annotated[bool, Asked(FlagField(default=False, verbose_name="跳过有错的行"))] = False,
) -> Settled:
    """Import a statement, book what is sure, and leave the rest to be claimed.

    Args:
        path: the .xlsx or .csv, or the `Plan` of it, which saves reading it again.
        account: whose statement it is.
        method: the way of payment, where it is not that of the account.
        skip_errors: whether rows that cannot be read are left out instead.

    Raises:
        ImportRefused: it holds errors, which are not to be skipped.
        RuleBroken: every row of it is there already, or it holds none.
        PermissionDenied: the person acting reaches only some houses, and rows may be of any.
    """
    _check_reach("导入流水")
    plan = path if isinstance(path, Plan) else judge_statement(imports.given(Path(path)), (), account, method)
    with read_as(Source(account, method or account.method)):
        plan = plan.current()
        if not plan.new and (skip_errors or not plan.errors):
            raise RuleBroken(_nothing_new(plan))
        imports.write(plan, f"{account.name} 流水", skip_errors)
    batch = plan.batches[0]
    rows = list(BankRow.select().where(BankRow.batch == batch).order_by(BankRow.id))
    batch.change(amount=sum((row.amount for row in rows), start=Decimal(0)))
    done = _settle(rows)._replace(batch=batch.id)
    journal().note(**done._asdict())
    return done


def _nothing_new(plan: Plan) -> str:
    if plan.same or plan.left:
        count = plan.same + plan.left
        return f"{plan.path.name} 里的 {count} 笔都已导入过，没有新的内容。请核对是不是选错了文件。"
    return f"{plan.path.name} 里没有进来的钱。请核对是不是选错了文件，或用“对应列”说明金额在哪一列。"


def _check_reach(what: str) -> None:
    if actor().scope(BANK) is not Scope.ALL:
        sentence = f"流水里可能有任何一户的钱，要管全部房屋的人才能{what}。请由会计办理。"
        refuse("fees.import_statement", sentence)


class Settled(NamedTuple):
    """What came of rows that were matched."""

    booked: int
    left: int
    open: int
    batch: int | None = None

    def summary(self) -> str:
        """Return 批次 7：入账 12 笔，不入账 1 笔，待认领 3 笔."""
        where = f"批次 {self.batch}：" if self.batch else ""
        return f"{where}入账 {self.booked} 笔，不入账 {self.left} 笔，待认领 {self.open} 笔。"

    def details(self) -> dict[str, Any]:
        """Return the figures for machines."""
        return self._asdict()


@deed("fees.match_rows", "重新匹配", BANK)
def match_rows() -> Settled:
    """Match all rows that are still to be claimed anew, and book those that have become sure.

    Raises:
        RuleBroken: none is to be claimed.
        PermissionDenied: the person acting reaches only some houses, and rows may be of any.
    """
    _check_reach("重新匹配")
    rows = list(BankRow.select().where(BankRow.state == RowState.OPEN).order_by(BankRow.id))
    if not rows:
        raise RuleBroken("没有待认领的流水，不用重新匹配。")
    done = _settle(rows)
    journal().note(**done._asdict())
    return done


def _settle(rows: Sequence[BankRow]) -> Settled:
    """Book the rows that are sure; say of the others what they may be."""
    counts = {state: 0 for state in RowState}
    for row, match, left in judged(rows):
        if left:
            row.move_to(RowState.LEFT, told=match.told, settled_at=now(), settled_by=actor().name)
        elif match.sure:
            match = _booked(row, match)
        if row.state is RowState.OPEN:
            suggested = {"suggested": match.unit, "told": match.told[:_LONGEST]}
            BankRow.update(suggested).where(BankRow.id == row.id).execute()
        counts[row.state] += 1
    journal().touch(BankRow)
    return Settled(counts[RowState.BOOKED], counts[RowState.LEFT], counts[RowState.OPEN])


def judged(rows: Sequence[BankRow]) -> list[tuple[BankRow, Match, bool]]:
    """Return for each row what it is taken for, and whether it is booked already and to be left aside."""
    book, twins, found = Book(), Twins(rows), []
    for row in rows:
        match = book.match(row)
        twin = twins.of(row, match.unit)
        if twin is not None:
            match = Match(twin.told, match.unit)
        found.append((row, match, twin is not None and twin.sure))
    return found


def _booked(row: BankRow, match: Match) -> Match:
    """Book a sure row; where a rule stands in the way, return that it stays open and why."""
    try:
        assert match.unit is not None
        bills = None if match.bills is None else Bill.those(match.bills)
        claim_row(row, Unit.get_by_id(match.unit), bills=bills, told=match.told)
    except RuleBroken as problem:
        return Match(f"{match.told}；没有入账：{problem}", match.unit)
    return match


@deed("fees.claim_row", "认领", BANK)
def claim_row(
    row: AskedRow,
    unit: Annotated[
        Unit | None, Asked(LinkField(Unit, null=True, verbose_name="房号"), "不填为候选房号")
    ] = None,
    payer: Annotated[
        Person | None, Asked(LinkField(Person, null=True, verbose_name="付款人"), "不填从最早的欠费收起")
    ] = None,
    bills: AskedBills = None,
    units: AskedUnits = None,
    told: str | None = None,
) -> BankRow:
    """Book a row on a house: a payment with its receipt, oldest debts first or on the lines chosen.

    Args:
        row: which.
        unit: the house; the one that is suggested without it.
        payer: whose lines alone it settles, where one who sold has left debts; the rest is his balance.
        bills: these lines alone.
        units: further houses that it pays for.
        told: why, where the import itself books it.

    Raises:
        BadInput: no house is named, and none is suggested.
        RuleBroken: it is booked or left aside already, or neither its day nor today is open.
    """
    if row.state is not RowState.OPEN:
        raise RuleBroken(f"这一笔{row.state.value}，不能再认领。认错了的请先撤回。")
    unit = unit or row.suggested
    if unit is None:
        raise BadInput("这一笔没有候选房号。请填房号。", "unit")
    on, moved = booking_day(row.on)
    payment = receive_apart(
        unit, row.amount, row.method, on, payer, bills, units, payer_name=row.name, reference=row.reference
    )
    words = "；".join(filter(None, [told or f"认领到 {unit.code}{_whose(payment)}", moved]))
    settled = {"settled_at": now(), "settled_by": actor().name}
    row.move_to(RowState.BOOKED, unit=unit, payment=payment, told=words[:_LONGEST], **settled)
    journal().subject = row
    return row


def _whose(payment: Payment) -> str:
    """Return whose lines a payment settled and how much, where they are of several people."""
    query = Allocation.select(Person.name, fn.SUM(Allocation.amount)).join(Bill)
    query = query.join(Person, JOIN.LEFT_OUTER, on=(Bill.payer == Person.id))
    mine = Allocation.receipt.in_(payment.receipts.select(Receipt.id))
    told = list(db.execute(query.where(mine).group_by(Bill.payer).order_by(fn.MIN(Bill.due))))
    sums = "、".join(f"{name or NOBODY} {thousands(from_scaled(fen, 2))} 元" for name, fen in told)
    return f"，其中 {sums}" if len(told) > 1 else ""


@deed("fees.leave_rows", "不入账", BANK)
def leave_rows(
    rows: AskedRows,
    reason: Annotated[str, Asked(LineField(max_length=120, verbose_name="不入账原因"))],
) -> list[BankRow]:
    """Put rows aside that are no fees of a house: interest, transfers of the office's own, money in error.

    Raises:
        RuleBroken: one is booked or left aside already.
    """
    for row in rows:
        row.move_to(RowState.LEFT, told=reason, settled_at=now(), settled_by=actor().name)
    return rows


@deed(
    "fees.withdraw_rows", "撤回", BANK, danger=True, question="已开的收据作废、号码保留，这几笔回到待认领。"
)
def withdraw_rows(rows: AskedRows) -> list[BankRow]:
    """Take rows back that were booked or put aside; receipts of theirs that still count are voided.

    Raises:
        RuleBroken: one is still to be claimed, or the day of its receipt is closed.
    """
    for row in rows:
        void_apart(row.receipts(), "撤回流水认领")
        row.move_to(
            RowState.OPEN, payment=None, unit=None, suggested=row.suggested or row.unit,
            told="已撤回，待认领", settled_at=None, settled_by=None,
        )  # fmt: skip
    return rows


@undone_by(KIND, "银行流水")
@deed(
    "fees.undo_statement", "撤销流水", BANK, danger=True,
    question="这一批入账的收据全部作废、号码保留；同一份流水可以重新导入。",
)  # fmt: skip
def undo_statement(batch: AskedBatch) -> Batch:
    """Take a statement back: receipts given for its rows are voided, and the file may come in again.

    Raises:
        RuleBroken: a receipt's day is closed, the batch is no statement, or it is undone already.
    """
    mark_undone(batch, undo_statement)
    voided = Decimal(0)
    for row in BankRow.select().where(BankRow.batch == batch).order_by(BankRow.id):
        voided += row.amount if row.state is RowState.BOOKED else 0
        void_apart(row.receipts(), f"撤销批次 {batch.id} 的流水")
        row.move_to(RowState.UNDONE, fingerprint=None)
    journal().note(voided=thousands(voided))
    return batch
