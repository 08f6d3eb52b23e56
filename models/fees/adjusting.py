"""调整: reduce, reverse and refund what was charged and taken (FE-10); nothing issued is edited.

A line is corrected by an equal negative line that names it; both are settled against each other at once. What
money had settled of it goes back to the payer's balance first, from which it is refunded or set off. A
correction belongs to the month in which it is made, unless its line is for a later one (forms.md B4.6). All
three stand behind a chain of approvals until the office says otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from peewee import fn

from models.base import journal
from models.clock import now
from models.deeds import actor, deed
from models.errors import BadInput
from models.fees import proposing, shifts
from models.fees.bills import Bill, BillKind
from models.fees.cashier import AskedDay, AskedPayer, AskedUnit, check_day
from models.fees.late import LateSpan, count_again
from models.fees.payments import (
    AT_THE_COUNTER,
    Adjustment,
    AdjustmentKind,
    Allocation,
    BalanceEntry,
    BalanceKind,
    Method,
)
from models.fees.proposing import NONE, Correction, Proposal
from models.fees.rights import ADJUST, REFUND
from models.fees.services import ServiceSlip
from models.fields import BankCardField, ChoiceField, LineField, LinksField, MoneyField, ShareField
from models.inputs import Asked
from models.months import Month
from models.office.approvals import number_for
from models.office.chains import Step, Values, approvable
from models.series import Series

REDUCTIONS = Series("JM", "减免单")
REFUNDS = Series("TK", "退款单")
REVERSALS = Series("HC", "红冲单")

REDUCING = (AdjustmentKind.VACANCY, AdjustmentKind.FAULT, AdjustmentKind.OTHER)
REFUNDING = (AdjustmentKind.OVERPAID, AdjustmentKind.BALANCE)

AskedLines = Annotated[list[Bill], Asked(LinksField(Bill, verbose_name="账单"))]
AskedReason = Annotated[str, Asked(LineField(max_length=200, verbose_name="计算说明"))]
AskedBasis = Annotated[str, Asked(LineField(max_length=120, verbose_name="依据"))]


@deed("fees.reduce", "减免", ADJUST, question="账单本身不改：另出等额负数账单，多收的转为预存。")
def reduce(
    bills: AskedLines,
    reason: AskedReason,
    basis: AskedBasis,
    kind: Annotated[
        AdjustmentKind,
        Asked(ChoiceField(AdjustmentKind, default=AdjustmentKind.FAULT, only=REDUCING, verbose_name="类别")),
    ] = AdjustmentKind.FAULT,
    percent: Annotated[Decimal | None, Asked(ShareField(null=True, verbose_name="减免(%)"))] = None,
    amount: Annotated[
        Decimal | None, Asked(MoneyField(null=True, verbose_name="减免金额"), "不填按百分比")
    ] = None,
    on: AskedDay = None,
) -> Adjustment:
    """Reduce lines of one house, as `proposing.reduction` says.

    Raises:
        BadInput: neither percentage nor sum is given, or both are.
        RuleBroken: the day is closed, or these lines cannot be reduced so.
    """
    wanted = proposing.reduction(bills, reason, basis, kind, percent, amount)
    return _correct_by(wanted, "fees.reduce", on, BillKind.REDUCTION)


@deed(
    "fees.reverse_bills", "红冲账单", ADJUST, danger=True,
    question="原账单不改：另出等额负数账单，已收的转为预存；按月计收的，下次出账会重新计收，不该收的请用减免。",
)  # fmt: skip
def reverse_bills(
    bills: AskedLines, reason: AskedReason, basis: AskedBasis, on: AskedDay = None
) -> Adjustment:
    """Reverse all that is left of lines of one house; a run may charge their months again.

    Raises:
        RuleBroken: the day is closed, or these lines cannot be reversed.
    """
    wanted = proposing.reversal(bills, reason, basis)
    made = _correct_by(wanted, "fees.reverse_bills", on, BillKind.REVERSAL)
    count_again(LateSpan.charge.in_([line.id for line, _ in wanted.corrections]))
    journal().touch(LateSpan)
    return made


@deed("fees.refund", "退款", REFUND, danger=True, question="从预存余额中退出，退到原付款人账户。")
def refund(
    unit: AskedUnit,
    amount: Annotated[Decimal, Asked(MoneyField(verbose_name="退款金额"))],
    reason: AskedReason,
    basis: AskedBasis,
    account: Annotated[
        str | None, Asked(BankCardField(max_length=40, null=True, verbose_name="退款账户"), "现金不填")
    ] = None,
    method: Annotated[
        Method,
        Asked(ChoiceField(Method, default=Method.TRANSFER, only=AT_THE_COUNTER, verbose_name="退款方式")),
    ] = Method.TRANSFER,
    kind: Annotated[
        AdjustmentKind,
        Asked(
            ChoiceField(AdjustmentKind, default=AdjustmentKind.BALANCE, only=REFUNDING, verbose_name="类别")
        ),
    ] = AdjustmentKind.BALANCE,
    payer: AskedPayer = None,
    on: AskedDay = None,
) -> Adjustment:
    """Pay a balance back to whom it belongs (forms.md B4.7).

    Raises:
        BadInput: the sum is nothing, or it goes to an account that is not given.
        RuleBroken: the day is closed, or the balance is smaller.
    """
    on = on or date.today()
    check_day(on)
    wanted = proposing.repayment(unit, amount, reason, basis, account, method, kind, payer, on)
    made = document(wanted, "fees.refund", on)
    BalanceEntry.add(
        unit=unit, payer=wanted.payer, on=on, kind=BalanceKind.REFUNDED, amount=-amount, adjustment=made
    )
    shifts.paid_out(shifts.Moved.REFUNDED, made.number, method, -amount, on)
    return made


def document(wanted: Proposal, by: str, on: date) -> Adjustment:
    """Make the document of an adjustment; it bears the number of its approval, where it needed one.

    Args:
        wanted: what it says.
        by: name of the deed that makes it.
        on: its day.
    """
    return Adjustment.add(
        number=number_for(by, on), kind=wanted.kind, unit=wanted.unit, payer=wanted.payer, on=on,
        amount=wanted.amount, receipt=wanted.receipt, reason=wanted.reason, basis=wanted.basis,
        method=wanted.method, account=wanted.account, made_at=now(), made_by=actor().name,
    )  # fmt: skip


def correct(made: Adjustment, wanted: Sequence[Correction], kind: BillKind) -> None:
    """Make the negative line of each correction, and settle both."""
    for position, (line, amount) in enumerate(wanted, start=1):
        negative = Bill.add(
            month=max(line.month, Month.of(made.on)), unit=line.unit, item=line.item, part=line.part,
            kind=kind, source=f"{made.number}/{position}", amount=-amount, paid=-amount, due=made.on,
            payer=line.payer, liable=line.liable, corrects=line,
        )  # fmt: skip
        _settle(made, line, negative, amount)


def _settle(made: Adjustment, line: Bill, negative: Bill, amount: Decimal) -> None:
    """Settle a line against the one that corrects it; money on it gives way to the payer's balance."""
    back = max(NONE, amount - line.owed)
    parts = [(line, -back)] if back else []
    taken = [(line, amount), (negative, -amount)] if amount else []
    for bill, settled in [*parts, *taken]:
        Allocation.add(bill=bill, on=made.on, amount=settled, adjustment=made)
    if back:
        BalanceEntry.add(
            unit=line.unit, payer=line.payer, on=made.on, kind=BalanceKind.RETURNED, amount=back,
            adjustment=made,
        )  # fmt: skip
    line.change(paid=line.paid - back + amount)


def _correct_by(wanted: Proposal, by: str, on: date | None, kind: BillKind) -> Adjustment:
    on = on or date.today()
    check_day(on)
    check_lines(on, [line for line, _ in wanted.corrections])
    made = document(wanted, by, on)
    correct(made, wanted.corrections, kind)
    return made


def check_lines(on: date, lines: Sequence[Bill]) -> None:
    """Refuse a day before one of the lines that are corrected was there, or last had money moved on it.

    Raises:
        BadInput: it is earlier.
    """
    for line in lines:
        settled = Allocation.select(fn.MAX(Allocation.on)).where(Allocation.bill == line).scalar()
        check_after(on, date.fromisoformat(str(settled)) if settled else _stands_since(line), line.label())


def check_after(on: date, since: date | None, what: str) -> None:
    """Refuse a day before what an adjustment corrects was there, or last had money moved on it.

    Raises:
        BadInput: it is earlier.
    """
    if since is not None and on < since:
        raise BadInput(f"{what} 到 {since} 才入账，不能早于它更正。请填 {since} 或以后的日期。", "on")


def _stands_since(line: Bill) -> date | None:
    """Return from when on a line may be corrected: its month, the day of a run ahead, or of its document."""
    if line.batch is not None:
        return min(line.batch.made_at.date(), line.month.first)
    if line.kind is BillKind.SERVICE:
        return ServiceSlip.get(ServiceSlip.number == line.source).on
    made = Adjustment.get_or_none(Adjustment.number == str(line.source).partition("/")[0])
    return None if made is None else made.on


# -- approvals -------------------------------------------------------------------------------------

PROPOSALS: dict[str, Callable[..., Proposal]] = {
    "fees.reduce": proposing.reduction,
    "fees.reverse_bills": proposing.reversal,
    "fees.refund": proposing.repayment,
}
"""What each deed would come to, from its checked inputs."""

STEPS = (
    Step("客服主管", "客服主管"),
    Step("会计", "财务"),
    Step("管理处主任", "主任"),
    Step("常务副总经理", "公司", above=Decimal(5000)),
)
"""Who signs FE-10 until the office says otherwise; the company only above its limit (forms.md A12)."""


def lets_approve(name: str, series: Series) -> None:
    """Let the chain of FE-10 stand before a deed, from the beginning."""

    def amount(values: Values) -> Decimal:
        return PROPOSALS[name](**values).amount

    def about(values: Values) -> str:
        wanted = PROPOSALS[name](**values)
        return f"{wanted.unit.code} {wanted.kind.value}{_told(values)}：{wanted.reason}"

    approvable(name, default=STEPS, series=series, on=True, amount=amount, about=about)


def _told(values: Values) -> Any:
    lines = values.get("bills")
    return f" {len(lines)} 笔账单" if lines else ""


for _name, _series in (
    ("fees.reduce", REDUCTIONS),
    ("fees.reverse_bills", REVERSALS),
    ("fees.refund", REFUNDS),
):
    lets_approve(_name, _series)
