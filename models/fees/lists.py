"""收费名单: bills, payments, receipts, balances and closings, as pages and the command line list them."""

from __future__ import annotations

from datetime import date
from typing import Any

from peewee import JOIN, Case, fn

from models.attachments import keeps_files
from models.batches import Batch
from models.conditions import Condition, Test
from models.fees.bills import Bill, BillState
from models.fees.invoices import Invoice, InvoicedReceipt
from models.fees.items import Assignment, Category, FeeItem
from models.fees.payments import (
    VALID,
    Adjustment,
    BalanceEntry,
    Payment,
    Receipt,
    ReceiptState,
    SetOff,
    SetOffReversal,
    SetOffState,
)
from models.fees.rights import VIEW
from models.fees.within import within
from models.fields import ChoiceField, MoneyField
from models.listings import Filters, Listing, Shown, choice, listing
from models.owners.estate import Unit
from models.owners.people import Person
from models.owners.search import HOUSE, NAMED

TONES = {
    BillState.OPEN.value: "warning",
    BillState.PART.value: "info",
    BillState.SETTLED.value: "ok",
    BillState.VOID.value: "plain",
    ReceiptState.ISSUED.value: "ok",
    ReceiptState.REVERSED.value: "plain",
    SetOffState.MADE.value: "ok",
}

_OWED = Case(None, ((Bill.live == False, 0),), Bill.amount - Bill.paid)
_VALID = Case(None, ((VALID, Receipt.amount),), 0)
_SET_OFF_STATE = Case(
    None, ((SetOffReversal.id.is_null(), SetOffState.MADE.name),), SetOffState.REVERSED.name
)
_SET_OFF_VALID = Case(None, ((SetOffReversal.id.is_null(), SetOff.amount),), 0)
_STATE = Case(
    None,
    (
        (Bill.live == False, BillState.VOID.name),
        (Bill.paid >= Bill.amount, BillState.SETTLED.name),
        (Bill.paid != 0, BillState.PART.name),
    ),
    BillState.OPEN.name,
)


_INVOICE = (
    Invoice.select(Invoice.number)
    .join(InvoicedReceipt)
    .where((InvoicedReceipt.receipt == Receipt.id) & Invoice.red_number.is_null())
)
"""The invoice for which a receipt was exchanged and which stands."""

OWN = (Condition("collected", Test.IS, "否"), Condition("category", Test.IS_NOT, Category.LATE.value))
"""Asks for bills of the office's own income: 代收 and 违约金 stand in no rate of it (forms.md B5)."""


@listing("bills", "账单", "fees", VIEW, "period", "unit", "building", "person", "item", "state", "on", "void")
def bills(filters: Filters) -> Listing:
    """Every charged line, newest month first; `on` leaves those that were due by a day."""
    query = (
        Bill.select()
        .join(Unit)
        .switch(Bill)
        .join(FeeItem)
        .switch(Bill)
        .join(Person, JOIN.LEFT_OUTER, on=(Bill.payer == Person.id))
    )
    for condition in _bill_conditions(filters):
        query = query.where(condition)
    columns = (
        Shown("unit", Unit.code, label="房号", sort=Unit.sort_key),
        Shown("payer", Person.name, label="付款人"),
        Shown("item", FeeItem.name),
        Shown("month", Bill.month),
        Shown("kind", Bill.kind),
        Shown("amount", Bill.amount),
        Shown("paid", Bill.paid),
        Shown("owed", MoneyField(verbose_name="未收"), _OWED),
        Shown("due", Bill.due),
        Shown("state", ChoiceField(BillState, verbose_name="状态"), _STATE, status=True),
        Shown("collected", FeeItem.collected, hidden=True),
        Shown("source", Bill.source, hidden=True),
        Shown("category", FeeItem.category, hidden=True),
        Shown("run", Bill.run, hidden=True),
        Shown("batch", Batch.id, Bill.batch, label="批次", hidden=True),
        Shown("id", Bill.id, hidden=True),
    )
    return Listing(
        query, columns, id=Bill.id, order=("-month", "unit", "item"), record=Bill,
        search=(HOUSE, NAMED, FeeItem.name), tones=TONES,
    )  # fmt: skip


def _bill_conditions(filters: Filters) -> list[Any]:
    conditions = within(Bill.unit, unit=filters.unit, building=filters.building)
    if not filters.void and filters.state not in (BillState.VOID.value, BillState.VOID.name.lower()):
        conditions.append(Bill.live == True)
    if filters.period:
        first, last = filters.period.months
        conditions.append(Bill.month.between(first, last))
    if filters.person:
        conditions.append((Bill.payer == filters.person) | (Bill.liable == filters.person))
    if filters.item:
        conditions.append(Bill.item == filters.item)
    if filters.on:
        conditions.append(Bill.due <= filters.on)
    if filters.state:
        conditions.append(choice(BillState, filters.state).name == _STATE)
    return conditions


@listing("payments", "收款", "fees", VIEW, "period", "person", "on")
def payments(filters: Filters) -> Listing:
    """Money received, newest first."""
    query = Payment.select().join(Person, JOIN.LEFT_OUTER)
    query = _on_days(query, Payment.on, filters)
    query = filters.narrow(query, person=Payment.payer)
    if reach := within(Receipt.unit):
        query = query.where(Payment.id.in_(Receipt.select(Receipt.payment).where(*reach)))
    numbers = Receipt.select(fn.MIN(Receipt.number)).where(Receipt.payment == Payment.id)
    columns = (
        Shown("on", Payment.on),
        Shown("receipt", Receipt.number, numbers, label="首张收据"),
        Shown("payer", Payment.payer_name),
        Shown("method", Payment.method),
        Shown("amount", Payment.amount),
        Shown("voided", Payment.voided),
        Shown("reference", Payment.reference),
        Shown("given", Payment.given, total=False, hidden=True),
        Shown("made_by", Payment.made_by),
        Shown("made_at", Payment.made_at, hidden=True),
    )
    return Listing(
        query,
        columns,
        id=Payment.id,
        order=("-on",),
        record=Payment,
        search=(Payment.payer_name, NAMED),
    )


@listing("receipts", "收据", "fees", VIEW, "period", "unit", "building", "person", "state", "on")
def receipts(filters: Filters) -> Listing:
    """Receipts by number, newest first; void ones keep theirs."""
    query = Receipt.select().join(Unit).switch(Receipt).join(Payment)
    query = _on_days(query, Receipt.on, filters)
    for condition in within(Receipt.unit, unit=filters.unit, building=filters.building):
        query = query.where(condition)
    query = filters.narrow(query, person=Payment.payer, state=Receipt.state)
    columns = (
        Shown("number", Receipt.number),
        Shown("on", Receipt.on),
        Shown("unit", Unit.code, label="房号", sort=Unit.sort_key),
        Shown("payer", Receipt.payer_name),
        Shown("method", Payment.method),
        Shown("amount", Receipt.amount, total=False),
        Shown("valid", MoneyField(verbose_name="有效金额"), _VALID),
        Shown("balance", Receipt.balance, total=False),
        Shown("prints", Receipt.prints),
        Shown("state", Receipt.state, status=True),
        Shown("invoice", Invoice.number, _INVOICE, label="换开发票"),
        Shown("reason", Receipt.void_reason),
    )
    return Listing(
        query, columns, id=Receipt.id, order=("-number",), record=Receipt,
        search=(Receipt.number, HOUSE, Receipt.payer_name), tones=TONES,
    )  # fmt: skip


@listing("balances", "预存余额", "fees", VIEW, "unit", "building", "person")
def balances(filters: Filters) -> Listing:
    """What payers have left with units."""
    query = BalanceEntry.select().join(Unit).switch(BalanceEntry).join(Person, JOIN.LEFT_OUTER)
    for condition in within(BalanceEntry.unit, unit=filters.unit, building=filters.building):
        query = query.where(condition)
    query = filters.narrow(query, person=BalanceEntry.payer)
    held = fn.SUM(BalanceEntry.amount)
    columns = (
        Shown("unit", Unit.code, label="房号", sort=Unit.sort_key),
        Shown("payer", Person.name, label="付款人"),
        Shown("amount", MoneyField(verbose_name="余额"), held),
        Shown("since", BalanceEntry.on, fn.MAX(BalanceEntry.on), label="最近变动"),
    )
    query = query.group_by(BalanceEntry.unit, BalanceEntry.payer).having(held != 0)
    return Listing(
        query, columns, id=fn.MIN(BalanceEntry.id), order=("unit",), record=BalanceEntry, grouped=True,
        search=(HOUSE, NAMED),
    )  # fmt: skip


@listing("set_offs", "预存抵扣", "fees", VIEW, "period", "unit", "building", "state", "on")
def set_offs(filters: Filters) -> Listing:
    """Balances that were set off against lines; those taken back keep their numbers."""
    query = SetOff.select().join(Unit).switch(SetOff).join(Person, JOIN.LEFT_OUTER)
    query = query.switch(SetOff).join(SetOffReversal, JOIN.LEFT_OUTER)
    query = _on_days(query, SetOff.on, filters)
    for condition in within(SetOff.unit, unit=filters.unit, building=filters.building):
        query = query.where(condition)
    if filters.state:
        query = query.where(choice(SetOffState, filters.state).name == _SET_OFF_STATE)
    columns = (
        Shown("number", SetOff.number),
        Shown("on", SetOff.on),
        Shown("unit", Unit.code, label="房号", sort=Unit.sort_key),
        Shown("payer", Person.name, label="付款人"),
        Shown("amount", SetOff.amount, total=False),
        Shown("valid", MoneyField(verbose_name="有效金额"), _SET_OFF_VALID),
        Shown("made_by", SetOff.made_by),
        Shown("state", ChoiceField(SetOffState, verbose_name="状态"), _SET_OFF_STATE, status=True),
        Shown("reason", SetOffReversal.reason),
    )
    return Listing(
        query, columns, id=SetOff.id, order=("-number",), record=SetOff,
        search=(SetOff.number, HOUSE, NAMED), tones=TONES,
    )  # fmt: skip


@listing("adjustments", "调整单", "fees", VIEW, "period", "unit", "building", "person", "on")
def adjustments(filters: Filters) -> Listing:
    """Reductions, reversals, refunds and settlements of transfers, newest first (FE-10)."""
    query = Adjustment.select().join(Unit).switch(Adjustment).join(Person, JOIN.LEFT_OUTER)
    query = query.switch(Adjustment).join(Receipt, JOIN.LEFT_OUTER)
    query = _on_days(query, Adjustment.on, filters)
    for condition in within(Adjustment.unit, unit=filters.unit, building=filters.building):
        query = query.where(condition)
    query = filters.narrow(query, person=Adjustment.payer)
    columns = (
        Shown("number", Adjustment.number),
        Shown("on", Adjustment.on),
        Shown("unit", Unit.code, label="房号", sort=Unit.sort_key),
        Shown("payer", Person.name, label="付款人"),
        Shown("kind", Adjustment.kind),
        Shown("amount", Adjustment.amount),
        Shown("reason", Adjustment.reason),
        Shown("basis", Adjustment.basis),
        Shown("receipt", Receipt.number, label="原收据号", hidden=True),
        Shown("method", Adjustment.method, hidden=True),
        Shown("made_by", Adjustment.made_by),
        Shown("made_at", Adjustment.made_at, hidden=True),
    )
    return Listing(
        query, columns, id=Adjustment.id, order=("-on", "-number"), record=Adjustment,
        search=(Adjustment.number, HOUSE, NAMED),
    )  # fmt: skip


@listing("assignments", "收费设置", "fees", VIEW, "unit", "building", "item", "on")
def assignments(filters: Filters) -> Listing:
    """Which unit pays what from when to when; `on` shows those that hold on a day."""
    query = Assignment.select().join(Unit).switch(Assignment).join(FeeItem)
    for condition in within(Assignment.unit, unit=filters.unit, building=filters.building):
        query = query.where(condition)
    query = filters.narrow(query, item=Assignment.item)
    if filters.on:
        query = query.where(Assignment.on(filters.on))
    columns = (
        Shown("unit", Unit.code, label="房号", sort=Unit.sort_key),
        Shown("item", FeeItem.name),
        Shown("since", Assignment.since),
        Shown("until", Assignment.until),
        Shown("batch", Batch.id, Assignment.batch, label="批次", hidden=True),
        Shown("id", Assignment.id, hidden=True),
    )
    return Listing(
        query,
        columns,
        id=Assignment.id,
        order=("unit", "item"),
        record=Assignment,
        search=(HOUSE, FeeItem.name),
    )


def _on_days(query: Any, day: Any, filters: Filters) -> Any:
    if filters.period:
        query = query.where(day.between(filters.period.first, filters.period.last))
    return query.where(day == filters.on) if isinstance(filters.on, date) else query


for _kind in (Receipt, Payment, Adjustment):
    keeps_files(_kind, VIEW)
