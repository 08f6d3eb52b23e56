"""收款: money received, the receipts given for it, what it settled and what stays as 预存."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import Enum

from models.base import Record
from models.batches import Batch
from models.fees.bills import Bill
from models.fields import (
    BankCardField,
    ChoiceField,
    CountField,
    DayField,
    FlagField,
    LineField,
    LinkField,
    MomentField,
    MoneyField,
    NumberField,
)
from models.money import thousands
from models.owners.estate import Unit
from models.owners.people import Person


class Method(Enum):
    """Ways of payment (forms.md FE-06)."""

    CASH = "现金"
    TRANSFER = "转账"
    WECHAT = "微信"
    ALIPAY = "支付宝"
    POS = "POS"
    DEBIT = "代扣"


AT_THE_COUNTER = tuple(way for way in Method if way is not Method.DEBIT)
"""Ways in which somebody can pay or be paid at the counter."""


class ReceiptState(Enum):
    """Issued; void with its number kept, on its day; or reversed by a red one later (forms.md A11)."""

    ISSUED = "已开"
    VOID = "作废"
    REVERSED = "已红冲"


class Payment(Record):
    """收款: money received at one time from one payer; negative where a receipt is reversed."""

    on = DayField(index=True, verbose_name="收款日期")
    payer = LinkField(Person, null=True, backref="payments", verbose_name="付款人")
    payer_name = LineField(max_length=60, null=True, verbose_name="交款人")
    method = ChoiceField(Method, default=Method.CASH, verbose_name="收款方式")
    reference = LineField(max_length=60, null=True, verbose_name="流水号")
    amount = MoneyField(signed=True, verbose_name="收款金额")
    voided = MoneyField(default=Decimal(0), verbose_name="其中作废")
    made_at = MomentField(verbose_name="登记时间")
    made_by = LineField(max_length=60, verbose_name="收款人")
    note = LineField(max_length=120, null=True, verbose_name="备注")
    given = MoneyField(null=True, verbose_name="收到现金")

    class Meta:
        title = "收款"

    @property
    def change_given(self) -> Decimal:
        """What was handed back of the cash, in 元."""
        return Decimal(0) if self.given is None else Decimal(self.given) - Decimal(self.amount)


class Receipt(Record):
    """收据: FE-06, one unit, at most six rows; gapless numbers through the year.

    A red one (红冲) is negative and names by `reverses` the one whose day was closed.
    """

    number = NumberField(verbose_name="收据号")
    payment = LinkField(Payment, backref="receipts", verbose_name="收款")
    unit = LinkField(Unit, backref="receipts", verbose_name="房号")
    on = DayField(index=True, verbose_name="日期")
    payer_name = LineField(max_length=60, null=True, verbose_name="交款人")
    amount = MoneyField(signed=True, verbose_name="金额")
    balance = MoneyField(default=Decimal(0), verbose_name="预存余额")
    prints = CountField(default=0, verbose_name="打印次数")
    state = ChoiceField(ReceiptState, default=ReceiptState.ISSUED, verbose_name="状态")
    void_reason = LineField(max_length=80, null=True, verbose_name="作废原因")
    voided_at = MomentField(null=True, verbose_name="作废时间")
    voided_by = LineField(max_length=60, null=True, verbose_name="作废人")
    reverses = LinkField("self", null=True, unique=True, backref="reversals", verbose_name="红冲收据")

    key_field = "number"
    moves = {ReceiptState.ISSUED: (ReceiptState.VOID, ReceiptState.REVERSED)}

    class Meta:
        title = "收据"

    def described(self) -> str:
        """Return SJ-2026-000123 1-1-1011 王桂芳 890.48 元."""
        return f"{self.number} {self.unit.code} {self.payer_name or ''} {thousands(self.amount)} 元"


VALID = Receipt.state != ReceiptState.VOID
"""Receipts whose money counts; a reversed one does too, beside the red one that takes it back."""


class ReceiptRow(Record):
    """收据行: what a receipt says, kept as printed so that a reprint says the same."""

    receipt = LinkField(Receipt, backref="rows", verbose_name="收据")
    position = CountField(verbose_name="序号")
    item = LineField(max_length=60, verbose_name="项目")
    span = LineField(max_length=60, null=True, verbose_name="期间")
    quantity = LineField(max_length=20, null=True, verbose_name="数量")
    price = LineField(max_length=20, null=True, verbose_name="单价")
    amount = MoneyField(signed=True, verbose_name="金额")

    class Meta:
        title = "收据行"
        indexes = ((("receipt", "position"), True),)


class SetOff(Record):
    """预存抵扣: a balance was set off against chosen lines, without a new receipt."""

    number = NumberField(verbose_name="抵扣单号")
    unit = LinkField(Unit, backref="set_offs", verbose_name="房号")
    payer = LinkField(Person, null=True, verbose_name="付款人")
    on = DayField(verbose_name="日期")
    amount = MoneyField(verbose_name="金额")
    made_by = LineField(max_length=60, verbose_name="经办人")
    batch = LinkField(Batch, null=True, backref="set_offs", verbose_name="批次")

    key_field = "number"

    class Meta:
        title = "预存抵扣"

    def described(self) -> str:
        """Return DK-202611-0001 1-1-1011 309.52 元."""
        return f"{self.number} {self.unit.code} {thousands(self.amount)} 元"


class SetOffReversal(Record):
    """抵扣撤销: a set-off was taken back on its own day; its number stays."""

    set_off = LinkField(SetOff, unique=True, backref="reversals", verbose_name="抵扣单号")
    reason = LineField(max_length=80, verbose_name="撤销原因")
    made_at = MomentField(verbose_name="撤销时间")
    made_by = LineField(max_length=60, verbose_name="撤销人")

    class Meta:
        title = "抵扣撤销"

    def label(self) -> str:
        """Return the number of the set-off that was taken back."""
        return str(self.set_off.number)


class SetOffState(Enum):
    """Follows from whether a reversal names the set-off; never stored."""

    MADE = "已抵扣"
    REVERSED = "已撤销"


class AdjustmentKind(Enum):
    """What FE-10 decides (forms.md FE-10)."""

    VACANCY = "空置减免"
    FAULT = "服务瑕疵减免"
    OTHER = "其他减免"
    REVERSAL = "红冲账单"
    RECEIPT = "红冲收据"
    OVERPAID = "多收退款"
    BALANCE = "预存退款"
    TRANSFER = "过户结算"


class Adjustment(Record):
    """调整单: a reduction, reversal or refund (FE-10); what it did to lines and balances names it."""

    number = NumberField(verbose_name="单号")
    kind = ChoiceField(AdjustmentKind, verbose_name="类别")
    unit = LinkField(Unit, backref="adjustments", verbose_name="房号")
    payer = LinkField(Person, null=True, backref="adjustments", verbose_name="付款人")
    on = DayField(index=True, verbose_name="日期")
    amount = MoneyField(signed=True, verbose_name="调整金额")
    receipt = LinkField(Receipt, null=True, verbose_name="原收据号")
    reason = LineField(max_length=200, verbose_name="计算说明")
    basis = LineField(max_length=120, null=True, verbose_name="依据")
    method = ChoiceField(Method, null=True, verbose_name="退款方式")
    account = BankCardField(max_length=40, null=True, verbose_name="退款账户")
    made_at = MomentField(verbose_name="登记时间")
    made_by = LineField(max_length=60, verbose_name="经办人")

    key_field = "number"

    class Meta:
        title = "调整单"

    def described(self) -> str:
        """Return JM-202611-001 1-1-1011 空置减免 −89.05 元."""
        return f"{self.number} {self.unit.code} {self.kind.value} {thousands(self.amount)} 元"


class Allocation(Record):
    """核销: so much of a payment, of a balance or of an adjustment settles so much of a line.

    An adjustment settles a line and, with the opposite sign, the negative line that corrects it; what money
    had settled before goes back to the payer's balance by a negative one.
    """

    bill = LinkField(Bill, backref="allocations", verbose_name="账单")
    receipt = LinkField(Receipt, null=True, backref="allocations", verbose_name="收据")
    set_off = LinkField(SetOff, null=True, backref="allocations", verbose_name="预存抵扣")
    on = DayField(index=True, verbose_name="日期")
    amount = MoneyField(signed=True, verbose_name="金额")
    live = FlagField(default=True, verbose_name="有效")
    adjustment = LinkField(Adjustment, null=True, index=False, backref="allocations", verbose_name="调整单")

    class Meta:
        title = "核销"


Allocation.add_index(
    Allocation.index(
        Allocation.adjustment, where=Allocation.adjustment.is_null(False), name="allocation_adjusted"
    )
)


class BalanceKind(Enum):
    """Why a balance moved."""

    OPENING = "期初"
    RECEIVED = "预存"
    SET_OFF = "抵扣"
    VOID = "作废冲回"
    REVERSED = "撤销抵扣"
    RETURNED = "更正退回"
    REFUNDED = "退款"


class BalanceEntry(Record):
    """预存流水: one movement of the money that a payer left with a unit; a balance is their sum."""

    unit = LinkField(Unit, backref="balance_entries", verbose_name="房号")
    payer = LinkField(Person, null=True, backref="balance_entries", verbose_name="付款人")
    on = DayField(verbose_name="日期")
    kind = ChoiceField(BalanceKind, verbose_name="事由")
    amount = MoneyField(signed=True, verbose_name="金额")
    receipt = LinkField(Receipt, null=True, verbose_name="收据")
    set_off = LinkField(SetOff, null=True, verbose_name="预存抵扣")
    source = LineField(max_length=40, null=True, unique=True, verbose_name="来源单据")
    batch = LinkField(Batch, null=True, verbose_name="批次")
    adjustment = LinkField(Adjustment, null=True, index=False, verbose_name="调整单")

    class Meta:
        title = "预存流水"

    def label(self) -> str:
        """Return 1-1-1011 王桂芳."""
        return f"{self.unit.code} {self.payer.name if self.payer else '（没有付款人）'}"


class DayClosing(Record):
    """日结: the cashier's day, closed; nothing of it can be voided while it holds.

    Opened again, it stays beside the next one of its day.
    """

    day = DayField(verbose_name="日期")
    made_at = MomentField(verbose_name="日结时间")
    made_by = LineField(max_length=60, verbose_name="日结人")
    receipts = CountField(verbose_name="收据份数")
    voids = CountField(default=0, verbose_name="作废份数")
    amount = MoneyField(signed=True, verbose_name="实收合计")
    deposits = MoneyField(signed=True, default=Decimal(0), verbose_name="押金收退净额")
    refunds = MoneyField(default=Decimal(0), verbose_name="退款合计")
    reopened_at = MomentField(null=True, verbose_name="重开时间")
    reopened_by = LineField(max_length=60, null=True, verbose_name="重开人")
    reason = LineField(max_length=120, null=True, verbose_name="重开原因")

    class Meta:
        title = "日结"

    def label(self) -> str:
        """Return 2026-11-28, and that it was opened again."""
        return f"{self.day}（已重开）" if self.reopened_at else str(self.day)


CLOSED = DayClosing.reopened_at.is_null()
"""Closings that were not opened again."""
DayClosing.add_index(DayClosing.index(DayClosing.day, unique=True, where=CLOSED, name="day_closing_once"))


def closing_of(day: date) -> DayClosing | None:
    """Return the closing that holds for a day."""
    found: DayClosing | None = DayClosing.get_or_none(CLOSED & (DayClosing.day == day))
    return found
