"""供方付款: what was paid of a settlement, or came back from the supplier where he owed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Annotated

from models.attachments import keeps_files
from models.base import Record
from models.clock import now, past_day
from models.deeds import actor, deed, reaches_everybody
from models.errors import BadInput, RuleBroken
from models.fields import (
    ChoiceField,
    CodeField,
    DayField,
    LineField,
    LinkField,
    MomentField,
    MoneyField,
    NumberField,
)
from models.inputs import Asked
from models.money import thousands
from models.search import finds_numbered
from models.series import Series
from models.suppliers.register import Supplier, refuse_closed
from models.suppliers.rights import PAY, VIEW
from models.suppliers.settling.settlements import AskedSettlement, Settlement, SettlementState

PAYMENTS = Series("FK", "供方付款")


class PaidBy(Enum):
    """Ways in which suppliers are paid."""

    TRANSFER = "银行转账"
    CHEQUE = "支票"
    CASH = "现金"
    OTHER = "其他"


class PaymentState(Enum):
    """Whether it counts."""

    PAID = "已付"
    CANCELLED = "已撤销"


class SupplierPayment(Record):
    """供方付款: one amount; below nothing where the supplier paid back."""

    number = NumberField(verbose_name="付款单号")
    settlement = LinkField(Settlement, backref="payments", verbose_name="结算单")
    supplier = LinkField(Supplier, backref="payments", verbose_name="供方")
    day = DayField(index=True, verbose_name="付款日期")
    amount = MoneyField(signed=True, verbose_name="付款金额")
    way = ChoiceField(PaidBy, verbose_name="付款方式")
    reference = CodeField(max_length=60, null=True, verbose_name="流水号")
    state = ChoiceField(PaymentState, default=PaymentState.PAID, verbose_name="付款状态")
    cancelled_on = DayField(null=True, verbose_name="撤销日期")
    why = LineField(max_length=120, null=True, verbose_name="撤销原因")
    made_at = MomentField(verbose_name="登记时间")
    made_by = LineField(max_length=60, verbose_name="经办人")

    key_field = "number"
    moves = {PaymentState.PAID: (PaymentState.CANCELLED,)}

    class Meta:
        title = "供方付款"

    def label(self) -> str:
        """Return FK-202611-001 丰禾粮油 1,180.00 元."""
        return self.described()

    def described(self) -> str:
        """Return FK-202611-001 丰禾粮油 1,180.00 元."""
        return f"{self.number} {self.supplier.name} {thousands(self.amount)} 元"


reaches_everybody(SupplierPayment)
keeps_files(SupplierPayment, VIEW)
finds_numbered(VIEW, "FK", SupplierPayment, "supplier_payments", "供方付款", lambda one: one.described())


@deed("suppliers.pay", "登记付款", PAY)
def pay(
    settlement: AskedSettlement,
    way: Annotated[PaidBy, Asked(ChoiceField(PaidBy, verbose_name="付款方式"))] = PaidBy.TRANSFER,
    amount: Annotated[
        Decimal | None,
        Asked(MoneyField(signed=True, null=True, verbose_name="付款金额"), "不填为没有付的全部"),
    ] = None,
    reference: Annotated[
        str | None, Asked(CodeField(max_length=60, null=True, verbose_name="流水号"), "没有的不填")
    ] = None,
    day: Annotated[date | None, Asked(DayField(null=True, verbose_name="付款日期"), "不填为今天")] = None,
) -> SupplierPayment:
    """Note what was paid of an approved settlement; once all of it is, nothing of it is open.

    Raises:
        RuleBroken: it is not approved, or paid already.
        BadInput: it is nothing, or more than is open, or the day lies ahead or before the approval.
    """
    if settlement.state is not SettlementState.APPROVED:
        told = f"结算单 {settlement.number} 是“{settlement.state.value}”"
        raise RuleBroken(f"{told}，不能登记付款。只有“待付款”的可以。")
    rest = settlement.rest
    paid = rest if amount is None else amount
    if not paid or (paid > 0) is not (rest > 0) or abs(paid) > abs(rest):
        told = f"结算单 {settlement.number} 没有付的是 {thousands(rest)} 元"
        raise BadInput(f"{told}，付款金额不能是 {thousands(paid)} 元。请核对。", "amount")
    on = past_day(day, "付款日期", "day")
    if settlement.approved_at is not None and on < settlement.approved_at.date():
        raise BadInput(f"付款日期 {on} 早于批准日期 {settlement.approved_at:%Y-%m-%d}。", "day")
    made = SupplierPayment.add(
        number=PAYMENTS.next(now().date()), settlement=settlement, supplier=settlement.supplier, day=on,
        amount=paid, way=way, reference=reference, made_at=now(), made_by=actor().name,
    )  # fmt: skip
    settlement.change(paid=settlement.paid + paid)
    if not settlement.rest:
        settlement.move_to(SettlementState.PAID)
    return made


@deed(
    "suppliers.cancel_payment",
    "撤销付款",
    PAY,
    danger=True,
    question="登错的才撤销，记录保留，可重新登记。",
)
def cancel_payment(
    payment: Annotated[SupplierPayment, Asked(LinkField(SupplierPayment, verbose_name="供方付款"))],
    reason: Annotated[str, Asked(LineField(max_length=120, verbose_name="撤销原因"))],
) -> SupplierPayment:
    """Take back a payment that was noted by mistake; the settlement is open again for it.

    Raises:
        RuleBroken: it is cancelled already, or the supplier's file is closed.
    """
    if payment.state is PaymentState.CANCELLED:
        raise RuleBroken(f"{payment.number} 已于 {payment.cancelled_on} 撤销。")
    refuse_closed(payment.supplier)
    settlement = payment.settlement
    if settlement.state is SettlementState.PAID:
        settlement.move_to(SettlementState.APPROVED)
    settlement.change(paid=settlement.paid - payment.amount)
    return payment.move_to(PaymentState.CANCELLED, cancelled_on=now().date(), why=reason)
