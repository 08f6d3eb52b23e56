"""结算名单: what is open with each supplier, settlements, deductions, payments; the desk and the checks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from peewee import JOIN, Case, fn

from models.base import db
from models.cards import facts, lines
from models.checks import invariant
from models.conditions import Condition, Test
from models.desk import Figure, Reminder, reminds
from models.fields import ChoiceField, FlagField, LineField, MoneyField
from models.listings import Filters, Listing, RowListing, Shown, listing
from models.money import thousands
from models.months import Month, Period
from models.office.approvals import pending_number, pending_records
from models.office.budget import BudgetAccount
from models.suppliers.kinds import LISTED
from models.suppliers.receipts import ReceiptLine
from models.suppliers.register import Supplier
from models.suppliers.rights import PAY, SETTLE, VIEW
from models.suppliers.settling.deductions import DeductionState, SupplierDeduction
from models.suppliers.settling.owed import Owed, owed_of, unsettled
from models.suppliers.settling.payments import PaymentState, SupplierPayment
from models.suppliers.settling.settlements import SPENT, Settlement, SettlementLine, SettlementState, to_pay
from models.suppliers.standing import TONES, Called

_DAY = 10
"""Day of a month from which on the month before should be settled."""
_TONES = {
    SettlementState.DRAFT.value: "warning", SettlementState.APPROVED.value: "info",
    SettlementState.PAID.value: "ok", SettlementState.DROPPED.value: "plain",
}  # fmt: skip
_DEDUCTION_TONES = {
    DeductionState.OPEN.value: "warning",
    DeductionState.TAKEN.value: "ok",
    DeductionState.DROPPED.value: "plain",
}
_PAYMENT_TONES = {PaymentState.PAID.value: "ok", PaymentState.CANCELLED.value: "plain"}


@listing("supplier_accounts", "供方往来", "suppliers", VIEW, "supplier")
def supplier_accounts(filters: Filters) -> RowListing:
    """What is open today with each supplier on the list, and with others where something is or was paid."""
    year, today = Period.parse(str(date.today().year)), date.today()
    found, before = owed_of(filters.supplier), owed_of(filters.supplier, Month.of(today).plus(-1).last)
    paid = paid_of(year)
    columns = (
        Shown("number", Supplier.number),
        Shown("name", Supplier.name),
        Shown("total", MoneyField(signed=True, verbose_name="应付合计")),
        Shown("late", FlagField(verbose_name="上月未结")),
        Shown("goods", MoneyField(signed=True, verbose_name="待结货款")),
        Shown("services", MoneyField(signed=True, verbose_name="待结服务费")),
        Shown("deductions", MoneyField(verbose_name="待扣")),
        Shown("drafted", MoneyField(signed=True, verbose_name="待批准")),
        Shown("approved", MoneyField(signed=True, verbose_name="待付款")),
        Shown("paid", MoneyField(signed=True, verbose_name="今年已付")),
        Shown("state", ChoiceField(Called, verbose_name="资格"), status=True),
    )
    rows = []
    for one in Supplier.select().order_by(Supplier.number):
        mine = found.get(one.id, Owed())
        if filters.supplier is not None and one != filters.supplier:
            continue
        if mine.open or one.id in paid or one.state in LISTED or filters.supplier is not None:
            rows.append((one.id, _row(one, mine, before.get(one.id, Owed()), paid.get(one.id))))
    return RowListing(columns, rows, record=Supplier, tones=TONES)


def _row(one: Supplier, mine: Owed, before: Owed, paid: Decimal | None) -> tuple[Any, ...]:
    return (
        one.number, one.name, mine.total, before.unsettled, mine.goods, mine.services, mine.deductions,
        mine.drafted, mine.approved, paid, Called[one.state.name],
    )  # fmt: skip


def paid_of(period: Period) -> dict[int, Decimal]:
    """Return by the id of a supplier what it was paid in a period, in 元."""
    query = SupplierPayment.select(SupplierPayment.supplier, SupplierPayment.amount)
    found: dict[int, Decimal] = {}
    within = SupplierPayment.day.between(period.first, period.last)
    for one in query.where((SupplierPayment.state == PaymentState.PAID) & within):
        found[one.supplier_id] = found.get(one.supplier_id, Decimal("0.00")) + one.amount
    return found


@listing("settlements", "供方结算单", "suppliers", VIEW, "period", "supplier", "state")
def settlements(filters: Filters) -> Listing:
    """Settlements, newest first."""
    query = Settlement.select().join(Supplier)
    query = filters.narrow(
        query, supplier=Settlement.supplier, period=Settlement.until, state=Settlement.state
    )
    pending = pending_number("suppliers.approve_settlement", Settlement.id)
    counts = Settlement.state != SettlementState.DROPPED
    rest = Case(None, ((counts, Settlement.total - Settlement.paid),), 0)
    columns = (
        Shown("number", Settlement.number),
        Shown("supplier", Settlement.supplier, Supplier.name),
        Shown("until", Settlement.until),
        Shown("state", Settlement.state, status=True),
        Shown("total", Settlement.total, total=False),
        Shown("paid", Settlement.paid),
        Shown("rest", MoneyField(signed=True, verbose_name="未付"), rest),
        Shown("goods", Settlement.goods, total=False),
        Shown("services", Settlement.services, total=False),
        Shown("deducted", Settlement.deducted, total=False),
        Shown("pending", LineField(max_length=20, verbose_name="审批中"), pending),
        Shown("invoice", Settlement.invoice),
        Shown("made_by", Settlement.made_by),
        Shown("bank", Settlement.bank, hidden=True),
        Shown("payee", Settlement.payee, hidden=True),
        Shown("approved_at", Settlement.approved_at, hidden=True),
        Shown("note", Settlement.note, hidden=True),
        Shown("why", Settlement.why, hidden=True),
    )
    return Listing(
        query, columns, id=Settlement.id, order=("-until", "-number"), record=Settlement,
        search=(Settlement.number, Supplier.search, Settlement.invoice), tones=_TONES,
    )  # fmt: skip


@listing("settlement_lines", "结算明细", "suppliers", VIEW, "period", "supplier", "state")
def settlement_lines(filters: Filters) -> Listing:
    """What settlements hold, newest first. `state` is the settlement's."""
    query = SettlementLine.select().join(Settlement).join(Supplier)
    query = query.switch(SettlementLine).join(BudgetAccount, JOIN.LEFT_OUTER)
    query = filters.narrow(
        query, supplier=Settlement.supplier, period=Settlement.until, state=Settlement.state
    )
    columns = (
        Shown("settlement", SettlementLine.settlement, Settlement.number),
        Shown("supplier", Settlement.supplier, Supplier.name),
        Shown("position", SettlementLine.position, total=False),
        Shown("words", SettlementLine.words),
        Shown("quantity", SettlementLine.quantity, total=False),
        Shown("price", SettlementLine.price, total=False),
        Shown("amount", SettlementLine.amount, total=False),
        Shown("account", SettlementLine.account, BudgetAccount.name),
        Shown("state", Settlement.state, status=True),
    )
    return Listing(
        query, columns, id=SettlementLine.id, order=("-settlement", "position"), record=SettlementLine,
        search=(Settlement.number, Supplier.search, SettlementLine.words), tones=_TONES,
    )  # fmt: skip


@listing("supplier_deductions", "供方扣款", "suppliers", VIEW, "period", "supplier", "state")
def supplier_deductions(filters: Filters) -> Listing:
    """What suppliers have to bear, newest first."""
    query = SupplierDeduction.select().join(Supplier).switch(SupplierDeduction)
    query = query.join(BudgetAccount, JOIN.LEFT_OUTER)
    query = filters.narrow(
        query,
        supplier=SupplierDeduction.supplier,
        period=SupplierDeduction.day,
        state=SupplierDeduction.state,
    )
    columns = (
        Shown("number", SupplierDeduction.number),
        Shown("day", SupplierDeduction.day),
        Shown("supplier", SupplierDeduction.supplier, Supplier.name),
        Shown("amount", SupplierDeduction.amount, total=False),
        Shown("words", SupplierDeduction.words),
        Shown("source", SupplierDeduction.source),
        Shown("state", SupplierDeduction.state, status=True),
        Shown("settlement", SupplierDeduction.settlement),
        Shown("account", SupplierDeduction.account, BudgetAccount.name, hidden=True),
        Shown("made_by", SupplierDeduction.made_by),
        Shown("why", SupplierDeduction.why, hidden=True),
    )
    return Listing(
        query, columns, id=SupplierDeduction.id, order=("-day", "-number"), record=SupplierDeduction,
        search=(SupplierDeduction.number, Supplier.search, SupplierDeduction.words), tones=_DEDUCTION_TONES,
    )  # fmt: skip


@listing("supplier_payments", "供方付款", "suppliers", VIEW, "period", "supplier", "state")
def supplier_payments(filters: Filters) -> Listing:
    """What was paid to suppliers, newest first."""
    query = SupplierPayment.select().join(Supplier).switch(SupplierPayment).join(Settlement)
    query = filters.narrow(
        query, supplier=SupplierPayment.supplier, period=SupplierPayment.day, state=SupplierPayment.state
    )
    paid = SupplierPayment.state == PaymentState.PAID
    counted = Case(None, ((paid, SupplierPayment.amount),), 0)
    columns = (
        Shown("number", SupplierPayment.number),
        Shown("day", SupplierPayment.day),
        Shown("supplier", SupplierPayment.supplier, Supplier.name),
        Shown("settlement", SupplierPayment.settlement, Settlement.number),
        Shown("amount", SupplierPayment.amount, total=False),
        Shown("counted", MoneyField(signed=True, verbose_name="有效金额"), counted),
        Shown("way", SupplierPayment.way),
        Shown("reference", SupplierPayment.reference),
        Shown("state", SupplierPayment.state, status=True),
        Shown("why", SupplierPayment.why),
        Shown("made_by", SupplierPayment.made_by),
    )
    return Listing(
        query, columns, id=SupplierPayment.id, order=("-day", "-number"), record=SupplierPayment,
        search=(SupplierPayment.number, Supplier.search, SupplierPayment.reference),
        tones=_PAYMENT_TONES,
    )  # fmt: skip


@facts(Supplier, VIEW)
def owed_to(supplier: Supplier) -> Iterator[Figure]:
    """What is owed to a supplier, and how much of it is approved."""
    mine = owed_of(supplier).get(supplier.id, Owed())
    if mine.open:
        told = f"待付款 {thousands(mine.approved)}" if mine.approved else "还没有批准的"
        yield Figure("应付供方", thousands(mine.total), told, "supplier_accounts", {"supplier": supplier})


@lines(Settlement, VIEW)
def lines_of_settlement(settlement: Settlement) -> Iterator[tuple[str, str]]:
    """Tell what it settles."""
    for one in settlement.lines.order_by(SettlementLine.position):
        yield f"{one.position}", f"{one.words}：{thousands(one.amount)} 元"


# -- the desk --------------------------------------------------------------------------------------


@reminds(PAY)
def settlements_to_pay(day: date) -> Iterator[Reminder]:
    """Remind of what is approved and not paid."""
    count = len(to_pay())
    if count:
        filters = {"state": SettlementState.APPROVED.value}
        yield Reminder("供方结算单已批准，待付款", "warning", "settlements", filters, count)


@reminds(SETTLE)
def drafts_waiting(day: date) -> Iterator[Reminder]:
    """Remind of drafts for whose approval nobody has applied."""
    drafts = Settlement.select().where(Settlement.state == SettlementState.DRAFT)
    count = drafts.where(Settlement.id.not_in(pending_records("suppliers.approve_settlement"))).count()
    if count:
        filters = {"state": SettlementState.DRAFT.value}
        asked = (Condition("pending", Test.BLANK),)
        yield Reminder("供方结算单已编制，待申请批准", "warning", "settlements", filters, count, asked)


@reminds(SETTLE)
def month_unsettled(day: date) -> Iterator[Reminder]:
    """Remind from the tenth on of suppliers with whom the month before is not settled."""
    last = Month.of(day).plus(-1).last
    if day >= last + timedelta(days=_DAY):
        count = len(unsettled(last))
        if count:
            asked = (Condition("late", Test.IS, "是"),)
            title = "供方上月的货款、服务费还没有结算"
            yield Reminder(title, "warning", "supplier_accounts", {}, count, asked)


# -- what must hold --------------------------------------------------------------------------------


@invariant("供方结算")
def settlements_add_up() -> Iterator[str]:
    """What a settlement comes to is the sum of its lines, and what was paid of it that of its payments."""
    lines = SettlementLine.select(fn.COALESCE(fn.SUM(SettlementLine.amount), 0))
    paid = SupplierPayment.select(fn.COALESCE(fn.SUM(SupplierPayment.amount), 0))
    mine = (SupplierPayment.settlement == Settlement.id) & (SupplierPayment.state == PaymentState.PAID)
    wrong = Settlement.total != lines.where(SettlementLine.settlement == Settlement.id)
    wrong |= Settlement.total != Settlement.goods + Settlement.services - Settlement.deducted
    wrong |= Settlement.paid != paid.where(mine)
    wrong |= (Settlement.state == SettlementState.PAID) & (Settlement.paid != Settlement.total)
    for (number,) in db.execute(Settlement.select(Settlement.number).where(wrong)):
        yield f"结算单 {number} 的金额与明细或付款不符"


@invariant("货款结算")
def nothing_is_settled_twice() -> Iterator[str]:
    """Not more of a lot is settled than was taken, and no deduction by two settlements."""
    going = SettlementLine.select().join(Settlement).where(Settlement.state != SettlementState.DROPPED)
    settled = going.select(fn.COALESCE(fn.SUM(SettlementLine.quantity), 0))
    wrong = settled.where(SettlementLine.lot == ReceiptLine.id) > ReceiptLine.accepted + ReceiptLine.conceded
    for (code,) in db.execute(ReceiptLine.select(ReceiptLine.code).where(wrong)):
        yield f"验收明细 {code} 结算的数量多于收下的"
    taken = going.select(SettlementLine.deduction).where(Settlement.state.in_(SPENT))
    state = SupplierDeduction.state == DeductionState.TAKEN
    odd = (state & SupplierDeduction.id.not_in(taken.where(SettlementLine.deduction.is_null(False)))) | (
        ~state & SupplierDeduction.id.in_(taken.where(SettlementLine.deduction.is_null(False)))
    )
    for (number,) in db.execute(SupplierDeduction.select(SupplierDeduction.number).where(odd)):
        yield f"扣款 {number} 的状态与结算单不符"
