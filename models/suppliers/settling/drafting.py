"""结算的编制: gathers what a supplier is owed up to a day and not settled, and holds it in a draft."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from models.clock import now, past_day
from models.deeds import actor, deed
from models.errors import RuleBroken
from models.fields import CodeField, DayField, LineField, MonthField
from models.inputs import Asked
from models.months import Month
from models.office.approvals import pending_on, refuse_pending
from models.office.budget import BudgetAccount, Side
from models.suppliers.contracts import SupplyContract
from models.suppliers.receipts import GoodsReceipt, ReceiptLine
from models.suppliers.register import AskedSupplier, Supplier
from models.suppliers.rights import SETTLE
from models.suppliers.settling.deductions import SupplierDeduction, account_of
from models.suppliers.settling.due import LotDue, lots_due
from models.suppliers.settling.settlements import (
    NIL,
    SETTLEMENTS,
    AskedSettlement,
    Settled,
    Settlement,
    SettlementLine,
    SettlementState,
    left_of_lot,
    open_months,
    settled_lots,
    unfinished,
)


@dataclass(frozen=True)
class Payable:
    """One thing that is owed and that no settlement holds: goods, a month of service, or a deduction."""

    words: str
    amount: Decimal
    account: BudgetAccount | None
    lot: ReceiptLine | None = None
    quantity: Decimal | None = None
    price: Decimal | None = None
    contract: SupplyContract | None = None
    month: Month | None = None
    deduction: SupplierDeduction | None = None


def payables_of(supplier: Supplier, until: date, since: Month | None = None) -> list[Payable]:
    """Return what a supplier is owed up to a day and no settlement holds: goods, service, deductions.

    Args:
        supplier: whom.
        until: the last day on which it came or was over.
        since: from which month on service counts; without it from when the contract was noted here.
    """
    return [*_goods(supplier, until), *_service(supplier, until, since), *_deductions(supplier, until)]


def _goods(supplier: Supplier, until: date) -> Iterator[Payable]:
    held = settled_lots(Settlement.supplier == supplier)
    within = (GoodsReceipt.supplier == supplier) & (GoodsReceipt.arrived_on <= until)
    for one in lots_due(within & unfinished()):
        found = _lot(one, held.get(one.lot.id, Settled()))
        if found is not None:
            yield found


def _lot(one: LotDue, settled: Settled) -> Payable | None:
    quantity, amount = left_of_lot(one, settled)
    if not quantity:
        return None
    lot, planned = one.lot, one.lot.order_line.plan_line
    account = planned.account if planned is not None else lot.goods.kind.account
    back = "" if quantity > 0 else "（退货冲减）"
    words = f"{lot.receipt.arrived_on} {lot.code} {lot.goods.label()}{back}"
    return Payable(words, amount, account, lot=lot, quantity=quantity, price=lot.price)


def _service(supplier: Supplier, until: date, since: Month | None) -> Iterator[Payable]:
    account = account_of(supplier)
    for contract, month, amount in open_months(SupplyContract.supplier == supplier, until, since):
        words = f"{contract.number} {contract.title} {month.chinese}"
        yield Payable(words, amount, account, contract=contract, month=month)


def _deductions(supplier: Supplier, until: date) -> Iterator[Payable]:
    mine = SupplierDeduction.free(supplier) & (SupplierDeduction.day <= until)
    for one in SupplierDeduction.select().where(mine).order_by(SupplierDeduction.id):
        source = f"（{one.source}）" if one.source else ""
        account = one.account or account_of(supplier)
        yield Payable(f"扣款 {one.number} {one.words}{source}"[:160], -one.amount, account, deduction=one)


@deed("suppliers.draft_settlement", "编制结算单", SETTLE)
def draft_settlement(
    supplier: AskedSupplier,
    until: Annotated[date | None, Asked(DayField(null=True, verbose_name="结算截止"), "不填为今天")] = None,
    invoice: Annotated[
        str | None, Asked(CodeField(max_length=60, null=True, verbose_name="发票号"), "还没有的不填")
    ] = None,
    since: Annotated[
        Month | None,
        Asked(MonthField(null=True, verbose_name="服务费从"), "不填从登记合同的月份起，以前的在别处结清"),
    ] = None,
    note: Annotated[str | None, Asked(LineField(max_length=120, null=True, verbose_name="备注"))] = None,
) -> Settlement:
    """Put together what a supplier is owed up to a day and hold it until it is approved or dropped.

    Raises:
        RuleBroken: there is nothing to settle, something of it has no account to be spent of, or a draft of
            the supplier waits already.
        BadInput: the day lies ahead.
    """
    day = past_day(until, "结算截止", "until")
    waiting = (Settlement.supplier == supplier) & (Settlement.state == SettlementState.DRAFT)
    other = Settlement.get_or_none(waiting)
    if other is not None:
        raise RuleBroken(f"{supplier.name} 的结算单 {other.number} 还没有批准。请先批准或作废。")
    found = payables_of(supplier, day, since)
    if not found:
        told = f"{supplier.name} 到 {day} 没有要结算的：货款、服务费、扣款都没有"
        raise RuleBroken(f"{told}。请核对结算截止；退换没有办结的，办结了再结。")
    _refuse_homeless(found)
    made = Settlement.add(
        number=SETTLEMENTS.next(now().date()), supplier=supplier, until=day, invoice=invoice, note=note,
        bank=supplier.bank, payee=supplier.account,
        goods=_sum(one.amount for one in found if one.lot is not None),
        services=_sum(one.amount for one in found if one.contract is not None),
        deducted=-_sum(one.amount for one in found if one.deduction is not None),
        total=_sum(one.amount for one in found), made_at=now(), made_by=actor().name,
    )  # fmt: skip
    for position, one in enumerate(found, start=1):
        SettlementLine.add(settlement=made, position=position, **vars(one))
        if one.deduction is not None:
            one.deduction.change(settlement=made.number)
    return made


def _refuse_homeless(found: Iterable[Payable]) -> None:
    """Refuse what would be paid of no account of the budget, or of one that brings money."""
    for one in found:
        if one.account is None or one.account.side is Side.INCOME:
            what = one.lot.goods.kind.name if one.lot is not None else "供货范围"
            told = f"{one.words} 的“{what}”没有支出科目"
            raise RuleBroken(f"{told}。请先在“物品类别”里填预算科目，再编制结算单。")


def _sum(amounts: Any) -> Decimal:
    return sum(amounts, NIL)


@deed("suppliers.note_invoice", "登记发票", SETTLE)
def note_invoice(
    settlement: AskedSettlement,
    invoice: Annotated[str, Asked(CodeField(max_length=60, verbose_name="发票号"))],
) -> Settlement:
    """Note the supplier's invoice of a settlement.

    Raises:
        RuleBroken: it is dropped, or being approved.
    """
    if settlement.state is SettlementState.DROPPED:
        raise RuleBroken(f"结算单 {settlement.number} 已作废，不用登记发票。")
    pending = pending_on("suppliers.approve_settlement", settlement)
    if pending is not None:
        raise RuleBroken(f"结算单 {settlement.number} 正在审批（{pending.number}）。批准以后再登记发票。")
    return settlement.change(invoice=invoice)


@deed("suppliers.drop_settlement", "作废结算单", SETTLE, danger=True, question="作废后各项可以重新结算。")
def drop_settlement(
    settlement: AskedSettlement,
    reason: Annotated[str, Asked(LineField(max_length=120, verbose_name="作废原因"))],
) -> Settlement:
    """Let a draft go; what it held can be settled again.

    Raises:
        RuleBroken: it is no draft, or is being approved.
    """
    if settlement.state is not SettlementState.DRAFT:
        raise RuleBroken(
            f"结算单 {settlement.number} {settlement.state.value}，不能作废。多付的请“登记扣款”，下次冲减。"
        )
    refuse_pending(pending_on("suppliers.approve_settlement", settlement), f"结算单 {settlement.number}")
    for line in settlement.lines:
        if line.deduction is not None:
            line.deduction.change(settlement=None)
    return settlement.move_to(SettlementState.DROPPED, why=reason)
