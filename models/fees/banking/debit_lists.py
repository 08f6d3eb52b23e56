"""代扣名单: batches, what became of each household in them, and what the desk says of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from enum import Enum
from typing import Any

from peewee import JOIN, Case, fn

from models.base import db
from models.checks import invariant
from models.deeds import Scope, actor
from models.desk import Reminder, reminds
from models.fees.banking.accounts import BankAccount
from models.fees.banking.answers import DebitAnswer, Outcome
from models.fees.banking.debit_layouts import DebitLayout
from models.fees.banking.debits import DebitBatch, DebitRow, DebitState
from models.fees.bills import OPEN, Bill
from models.fees.payments import Payment, Receipt, ReceiptState
from models.fees.rights import BANK, VIEW
from models.fees.within import within
from models.fields import ChoiceField, CountField, MoneyField
from models.listings import Filters, Listing, Shown, choice, listing
from models.owners.estate import Unit
from models.owners.people import Person
from models.owners.search import HOUSE, NAMED

_LATE = timedelta(days=3)
"""After which a file that was sent is asked after."""


class RowOutcome(Enum):
    """Where a row stands; follows from its answer and its batch, never stored."""

    WAITING = "待回盘"
    PAID = "已扣"
    FAILED = "失败"
    REVERSED = "已红冲"
    CANCELLED = "已作废"


TONES = {
    RowOutcome.WAITING.value: "info",
    RowOutcome.PAID.value: "ok",
    RowOutcome.FAILED.value: "danger",
    DebitState.CLOSED.value: "ok",
}
_REVERSED = Receipt.select(Receipt.payment).where(Receipt.state == ReceiptState.REVERSED)
_OUTCOME = Case(
    None,
    (
        (DebitAnswer.payment.in_(_REVERSED), RowOutcome.REVERSED.name),
        (DebitAnswer.outcome == Outcome.PAID, RowOutcome.PAID.name),
        (DebitAnswer.outcome == Outcome.FAILED, RowOutcome.FAILED.name),
        (DebitBatch.state == DebitState.CANCELLED, RowOutcome.CANCELLED.name),
    ),
    RowOutcome.WAITING.name,
)


@listing("debit_batches", "代扣批次", "fees", BANK, "period", "state")
def debit_batches(filters: Filters) -> Listing:
    """Files for banks, newest first, with what came of them; for those whose reach is every house."""
    query = DebitBatch.select().join(BankAccount).switch(DebitBatch).join(DebitLayout, JOIN.LEFT_OUTER)
    if actor().scope(BANK) is not Scope.ALL:
        query = query.where(DebitBatch.id.is_null())
    query = filters.narrow(query, period=DebitBatch.on, state=DebitBatch.state)
    paid, failed = _answered(Outcome.PAID), _answered(Outcome.FAILED)
    fetched = fn.COALESCE(paid.select(fn.SUM(DebitRow.amount)), 0)
    columns = (
        Shown("number", DebitBatch.number),
        Shown("on", DebitBatch.on),
        Shown("account", BankAccount.name, label="收款账户"),
        Shown("count", DebitBatch.count),
        Shown("amount", DebitBatch.amount, total=False),
        Shown("paid", CountField(verbose_name="已扣户数"), paid.select(fn.COUNT(DebitRow.id))),
        Shown("fetched", MoneyField(verbose_name="已扣金额"), fetched),
        Shown("failed", CountField(verbose_name="失败户数"), failed.select(fn.COUNT(DebitRow.id))),
        Shown("state", DebitBatch.state, status=True),
        Shown("sent_at", DebitBatch.sent_at),
        Shown("layout", DebitLayout.name, label="代扣版式", hidden=True),
        Shown("reason", DebitBatch.reason, hidden=True),
        Shown("made_by", DebitBatch.made_by, hidden=True),
    )
    return Listing(
        query, columns, id=DebitBatch.id, order=("-number",), record=DebitBatch, search=(DebitBatch.number,),
        tones=TONES,
    )  # fmt: skip


def _answered(outcome: Outcome) -> Any:
    mine = (DebitRow.batch == DebitBatch.id) & (DebitAnswer.outcome == outcome)
    return DebitRow.select().join(DebitAnswer).where(mine)


_VALID = Case(None, ((DebitBatch.state == DebitState.CANCELLED, 0),), DebitRow.amount)
"""What counts of it: nothing once its batch was cancelled."""


@listing("debit_rows", "代扣明细", "fees", VIEW, "period", "unit", "building", "person", "state")
def debit_rows(filters: Filters) -> Listing:
    """What was to be fetched from each household and what became of it, newest first."""
    query = DebitRow.select().join(DebitBatch).switch(DebitRow).join(Unit).switch(DebitRow).join(Person)
    query = query.switch(DebitRow).join(DebitAnswer, JOIN.LEFT_OUTER, on=(DebitAnswer.row == DebitRow.id))
    for condition in _row_conditions(filters):
        query = query.where(condition)
    number = Receipt.select(fn.MIN(Receipt.number)).where(Receipt.payment == DebitAnswer.payment)
    columns = (
        Shown("batch", DebitBatch.number),
        Shown("position", DebitRow.position, total=False),
        Shown("unit", Unit.code, label="房号", sort=Unit.sort_key),
        Shown("payer", Person.name, label="付款人"),
        Shown("bank", DebitRow.bank),
        Shown("account", DebitRow.account),
        Shown("amount", DebitRow.amount, total=False),
        Shown("valid", MoneyField(verbose_name="有效金额"), _VALID),
        Shown("outcome", ChoiceField(RowOutcome, verbose_name="结果"), _OUTCOME, status=True),
        Shown("reason", DebitAnswer.reason),
        Shown("answered", DebitAnswer.on),
        Shown("receipt", Receipt.number, number, label="首张收据"),
        Shown("told", DebitAnswer.told),
        Shown("agreement", DebitRow.agreement, hidden=True),
        Shown("on", DebitBatch.on, label="送盘日期", hidden=True),
    )
    return Listing(
        query, columns, id=DebitRow.id, order=("-batch", "position"), record=DebitRow, tones=TONES,
        search=(DebitBatch.number, DebitRow.agreement, HOUSE, NAMED),
    )  # fmt: skip


def _row_conditions(filters: Filters) -> list[Any]:
    conditions = within(DebitRow.unit, unit=filters.unit, building=filters.building)
    if filters.period:
        conditions.append(DebitBatch.on.between(filters.period.first, filters.period.last))
    if filters.person:
        conditions.append(DebitRow.payer == filters.person)
    if filters.state:
        conditions.append(choice(RowOutcome, filters.state).name == _OUTCOME)
    return conditions


@reminds(BANK)
def debits_waiting(day: date) -> Iterator[Reminder]:
    """Remind of files that the bank has not answered, and of households of which nothing was fetched."""
    waiting = (DebitBatch.state == DebitState.OPEN) & (DebitBatch.on <= day - _LATE)
    if actor().scope(BANK) is Scope.ALL:
        for batch in DebitBatch.select().where(waiting).order_by(DebitBatch.on):
            days = (day - batch.on).days
            title = f"代扣批次 {batch.number} 做好 {days} 天还没有回盘"
            yield Reminder(title, "warning", "debit_batches", {"state": DebitState.OPEN.value})
    if count := len(_failed_and_owing()):
        title = f"{count:,} 户最近一次代扣失败，仍有欠费"
        yield Reminder(title, "warning", "debit_rows", {"state": RowOutcome.FAILED.value}, count)


def _failed_and_owing() -> list[int]:
    """Return the units whose last answer is a failure and that still owe."""
    last = DebitRow.select(fn.MAX(DebitRow.id)).join(DebitAnswer).group_by(DebitRow.unit)
    owing = Bill.select(Bill.unit).where(OPEN)
    query = DebitRow.select(DebitRow.unit).join(DebitAnswer).where(
        DebitRow.id.in_(last) & (DebitAnswer.outcome == Outcome.FAILED) & DebitRow.unit.in_(owing),
        *within(DebitRow.unit, right=BANK),
    )  # fmt: skip
    return [unit for (unit,) in db.execute(query)]


@invariant("每笔已扣的代扣恰有一笔同额收款")
def fetched_once() -> Iterator[str]:
    """What the bank fetched is received once, just as much of it; what it did not is not."""
    query = DebitAnswer.select().join(DebitRow).switch(DebitAnswer).join(Payment, JOIN.LEFT_OUTER)
    paid = DebitAnswer.outcome == Outcome.PAID
    differs = Payment.id.is_null() | (Payment.amount != DebitRow.amount)
    for answer in query.where((paid & differs) | (~paid & Payment.id.is_null(False))):
        yield f"{answer.label()} 是{answer.outcome.value}，收款是 {answer.payment_id or '没有'}"
