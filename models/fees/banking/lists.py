"""银行名单: the rows of statements, what is still to be claimed, and what the desk says of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from peewee import JOIN, Case, fn

from models.batches import Batch
from models.checks import invariant
from models.deeds import Scope, actor
from models.desk import Reminder, reminds
from models.fees.banking.accounts import BankAccount
from models.fees.banking.rows import BankRow, RowState
from models.fees.payments import Payment, Receipt, ReceiptState
from models.fees.rights import BANK, VIEW
from models.fees.within import within
from models.fields import MoneyField
from models.listings import Filters, Listing, Shown, choice, listing
from models.owners.estate import Unit
from models.owners.search import HOUSE

TONES = {
    RowState.OPEN.value: "warning",
    RowState.BOOKED.value: "ok",
    RowState.LEFT.value: "plain",
    RowState.UNDONE.value: "plain",
}
_Suggested = Unit.alias()
_VALID = Case(None, ((BankRow.state == RowState.UNDONE, 0),), BankRow.amount)
"""What counts of it: nothing once its statement was undone."""


@listing("bank_rows", "银行流水", "fees", VIEW, "period", "unit", "building", "state")
def bank_rows(filters: Filters) -> Listing:
    """Money of statements, newest first; whose reach is narrower sees what is booked on his houses."""
    query = BankRow.select().join(BankAccount).switch(BankRow).join(Batch).switch(BankRow)
    query = query.join(Unit, JOIN.LEFT_OUTER, on=(BankRow.unit == Unit.id)).switch(BankRow)
    query = query.join(_Suggested, JOIN.LEFT_OUTER, on=(BankRow.suggested == _Suggested.id))
    for condition in _conditions(filters):
        query = query.where(condition)
    number = Receipt.select(fn.MIN(Receipt.number)).where(Receipt.payment == BankRow.payment)
    columns = (
        Shown("on", BankRow.on),
        Shown("amount", BankRow.amount, total=False),
        Shown("valid", MoneyField(verbose_name="有效金额"), _VALID),
        Shown("name", BankRow.name),
        Shown("remark", BankRow.remark),
        Shown("state", BankRow.state, status=True),
        Shown("unit", Unit.code, label="房号", sort=Unit.sort_key),
        Shown("suggested", _Suggested.code, label="候选房号", sort=_Suggested.sort_key),
        Shown("told", BankRow.told),
        Shown("receipt", Receipt.number, number, label="首张收据"),
        Shown("account", BankAccount.name, label="收款账户"),
        Shown("method", BankRow.method, hidden=True),
        Shown("reference", BankRow.reference, hidden=True),
        Shown("time", BankRow.time, hidden=True),
        Shown("batch", Batch.id, label="批次", hidden=True),
        Shown("settled_by", BankRow.settled_by, hidden=True),
        Shown("settled_at", BankRow.settled_at, hidden=True),
        Shown("id", BankRow.id, hidden=True),
    )
    return Listing(
        query, columns, id=BankRow.id, order=("-on",), record=BankRow, tones=TONES,
        search=(BankRow.name, BankRow.remark, BankRow.reference, HOUSE),
    )  # fmt: skip


def _conditions(filters: Filters) -> list[Any]:
    conditions = within(BankRow.unit, unit=filters.unit, building=filters.building)
    if filters.period:
        conditions.append(BankRow.on.between(filters.period.first, filters.period.last))
    if filters.state:
        conditions.append(BankRow.state == choice(RowState, filters.state))
    return conditions


@reminds(BANK)
def rows_to_claim(day: date) -> Iterator[Reminder]:
    """Remind of money that nobody has claimed yet, and of booked money whose receipt was taken back."""
    if actor().scope(BANK) is not Scope.ALL:
        return
    waiting = BankRow.select().where(BankRow.state == RowState.OPEN)
    if count := waiting.count():
        yield Reminder(f"{count:,} 笔银行流水待认领", "warning", "bank_rows", _state(RowState.OPEN), count)
    if count := _without_receipt().count():
        title = f"{count:,} 笔银行流水的收据已作废或红冲，请撤回后重新认领"
        yield Reminder(title, "warning", "bank_rows", _state(RowState.BOOKED), count)


def _state(state: RowState) -> dict[str, Any]:
    return {"state": state.value}


def _without_receipt() -> Any:
    gone = Receipt.select(Receipt.payment).where(Receipt.state != ReceiptState.ISSUED)
    return BankRow.select().where((BankRow.state == RowState.BOOKED) & BankRow.payment.in_(gone))


@invariant("每笔已入账的银行流水恰有一笔同额收款")
def booked_once() -> Iterator[str]:
    """Money of a statement is received once, just as much of it, and only while it is booked."""
    booked = BankRow.state == RowState.BOOKED
    query = BankRow.select().join(Payment, JOIN.LEFT_OUTER)
    wrong = (booked & (Payment.id.is_null() | (Payment.amount != BankRow.amount))) | (
        BankRow.state.in_([RowState.OPEN, RowState.LEFT]) & BankRow.payment.is_null(False)
    )
    for row in query.where(wrong):
        yield f"银行流水 {row.label()} 是{row.state.value}，收款是 {row.payment_id or '没有'}"
