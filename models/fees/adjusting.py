"""调整: reduce, reverse and refund what was charged and taken (FE-10); nothing issued is edited.

A line is corrected by an equal negative line that names it; both are settled against each other at once. What
money had settled of it goes back to the payer's balance first, from which it is refunded or set off. A
correction belongs to the month in which it is made, unless its line is for a later one (forms.md B4.6).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated, NamedTuple

from peewee import fn

from models.base import db
from models.clock import now
from models.deeds import actor, deed
from models.errors import BadInput, RuleBroken
from models.fees import settle
from models.fees.bills import Bill, BillKind
from models.fees.cashier import AskedDay, AskedPayer, AskedUnit, check_day
from models.fees.payments import Adjustment, AdjustmentKind, Allocation, BalanceEntry, BalanceKind, Method
from models.fees.rights import ADJUST, REFUND
from models.fields import BankCardField, ChoiceField, LineField, LinksField, MoneyField, ShareField
from models.inputs import Asked
from models.money import divide_half_up, from_scaled, thousands, to_scaled
from models.months import Month
from models.owners.estate import Unit
from models.owners.people import Person
from models.series import Series

REDUCTIONS = Series("JM", "减免单")
REFUNDS = Series("TK", "退款单")
REVERSALS = Series("HC", "红冲单")

NONE = Decimal(0)
WHOLE = 10_000
"""100 % as shares are stored."""

REDUCING = (AdjustmentKind.VACANCY, AdjustmentKind.FAULT, AdjustmentKind.OTHER)
REFUNDING = (AdjustmentKind.OVERPAID, AdjustmentKind.BALANCE)

AskedLines = Annotated[list[Bill], Asked(LinksField(Bill, verbose_name="账单"))]
AskedReason = Annotated[str, Asked(LineField(max_length=200, verbose_name="计算说明"))]
AskedBasis = Annotated[str, Asked(LineField(max_length=120, verbose_name="依据"))]


class Correction(NamedTuple):
    """So much of a line, in 元, is taken back."""

    line: Bill
    amount: Decimal


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
    """Reduce lines of one house by a percentage of each, or by a sum, oldest lines first.

    Raises:
        BadInput: neither percentage nor sum is given, or both are.
        RuleBroken: the lines are of several houses, are not live, or have less left than is to be reduced;
            a line collected for others is not reduced for vacancy (forms.md B4.5).
    """
    if (percent is None) == (amount is None):
        raise BadInput("减免百分比和减免金额请填一个，也只填一个。", "percent")
    unit, lines = _of_one_house(bills)
    others = [line.label() for line in lines if line.item.collected]
    if kind is AdjustmentKind.VACANCY and others:
        raise RuleBroken(f"{others[0]} 是代收费用，空置不打折。请只选本处收费的账单。")
    rest = left_on(lines)
    wanted = (
        _by_percent(lines, rest, percent) if percent is not None else _by_sum(lines, rest, amount or NONE)
    )
    return _adjust(unit, kind, wanted, REDUCTIONS, reason, basis, on, BillKind.REDUCTION)


@deed(
    "fees.reverse_bills", "红冲账单", ADJUST, danger=True,
    question="原账单不改：另出等额负数账单，已收的转为预存；该月成为缺口，可重新出账。",
)  # fmt: skip
def reverse_bills(
    bills: AskedLines, reason: AskedReason, basis: AskedBasis, on: AskedDay = None
) -> Adjustment:
    """Reverse all that is left of lines of one house; a run may charge their months again.

    Raises:
        RuleBroken: the lines are of several houses, are not live, or nothing is left of one.
    """
    unit, lines = _of_one_house(bills)
    rest = left_on(lines)
    wanted = [Correction(line, rest[line.id]) for line in lines]
    return _adjust(unit, AdjustmentKind.REVERSAL, wanted, REVERSALS, reason, basis, on, BillKind.REVERSAL)


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
        Method, Asked(ChoiceField(Method, default=Method.TRANSFER, verbose_name="退款方式"))
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
    if amount <= 0:
        raise BadInput("退款金额要大于零。请填写实际退出的金额。", "amount")
    if method is not Method.CASH and not account:
        raise BadInput(
            f"{method.value}退款要填退款账户，而且是原付款人的账户。请填写，或改为现金。", "account"
        )
    payer, held = settle.holder(unit, payer, on)
    if amount > held:
        raise RuleBroken(
            f"{unit.code} 的预存余额只有 {thousands(held)} 元，不能退 {thousands(amount)} 元。"
            "多收的账款先红冲或减免，转为预存后再退。"
        )
    made = document(REFUNDS, kind, unit, payer, on, -amount, reason, basis, method=method, account=account)
    BalanceEntry.add(
        unit=unit, payer=payer, on=on, kind=BalanceKind.REFUNDED, amount=-amount, adjustment=made
    )  # fmt: skip
    return made


def left_on(lines: Sequence[Bill]) -> dict[int, Decimal]:
    """Return by the line's id how much of each is not corrected yet, in 元."""
    numbers = [line.id for line in lines]
    query = Bill.select(Bill.corrects, fn.SUM(Bill.amount))
    query = query.where(Bill.corrects.in_(numbers) & (Bill.live == True) & (Bill.amount < 0))
    taken = dict(db.execute(query.group_by(Bill.corrects)))
    return {line.id: Decimal(line.amount) + from_scaled(taken.get(line.id, 0), 2) for line in lines}


def correct(made: Adjustment, wanted: Sequence[Correction], kind: BillKind) -> list[Bill]:
    """Make the negative line of each correction and settle both; return the negative lines."""
    found = []
    for position, (line, amount) in enumerate(wanted, start=1):
        month = max(line.month, Month.of(made.on))
        negative = Bill.add(
            month=month, unit=line.unit, item=line.item, part=line.part, kind=kind,
            source=f"{made.number}/{position}", amount=-amount, paid=-amount, due=made.on,
            payer=line.payer, liable=line.liable, corrects=line,
        )  # fmt: skip
        _settle(made, line, negative, amount)
        found.append(negative)
    return found


def _settle(made: Adjustment, line: Bill, negative: Bill, amount: Decimal) -> None:
    """Settle a line against the one that corrects it; money on it gives way to the payer's balance."""
    back = max(NONE, amount - line.owed)
    parts = [(line, -back)] if back else []
    for bill, fen in [*parts, (line, amount), (negative, -amount)]:
        Allocation.add(bill=bill, on=made.on, amount=fen, adjustment=made)
    if back:
        BalanceEntry.add(
            unit=line.unit, payer=line.payer, on=made.on, kind=BalanceKind.RETURNED, amount=back,
            adjustment=made,
        )  # fmt: skip
    line.change(paid=line.paid - back + amount)


def _adjust(
    unit: Unit,
    kind: AdjustmentKind,
    wanted: Sequence[Correction],
    series: Series,
    reason: str,
    basis: str,
    on: date | None,
    lines: BillKind,
) -> Adjustment:
    on = on or date.today()
    check_day(on)
    for line, amount in wanted:
        if amount <= 0:
            raise RuleBroken(f"{line.label()} 已经冲减完了，没有可以再减的金额。请核对账单。")
    total = sum((one.amount for one in wanted), start=NONE)
    made = document(series, kind, unit, wanted[0].line.payer, on, -total, reason, basis)
    correct(made, wanted, lines)
    return made


def document(
    series: Series,
    kind: AdjustmentKind,
    unit: Unit,
    payer: Person | None,
    on: date,
    amount: Decimal,
    reason: str,
    basis: str | None,
    **more: object,
) -> Adjustment:
    """Make the document that an adjustment is, with the next number of its series."""
    return Adjustment.add(
        number=series.next(on), kind=kind, unit=unit, payer=payer, on=on, amount=amount, reason=reason,
        basis=basis, made_at=now(), made_by=actor().name, **more,
    )  # fmt: skip


def _of_one_house(bills: Sequence[Bill]) -> tuple[Unit, list[Bill]]:
    """Return the house of lines that may be corrected, and these, oldest first.

    Raises:
        BadInput: there are none.
        RuleBroken: they are of several houses or payers, or one is void or itself a correction.
    """
    if not bills:
        raise BadInput("没有选账单。请先选要调整的账单。", "bills")
    lines = sorted(
        {line.id: line for line in bills}.values(), key=lambda line: (line.due, line.month, line.id)
    )
    houses = sorted({line.unit.code for line in lines})
    if len(houses) > 1:
        raise RuleBroken(f"一张单只能调整一个房号的账单，现在有 {'、'.join(houses[:3])}。请分开办理。")
    if len({line.payer_id for line in lines}) > 1:
        raise RuleBroken(f"{houses[0]} 这些账单的付款人不是同一人。请按付款人分开办理。")
    for line in lines:
        if not line.live:
            raise RuleBroken(f"{line.label()} 已作废，不用再调整。请去掉它。")
        if line.amount < 0:
            raise RuleBroken(f"{line.label()} 本身就是更正，不能再冲减。请选原来的账单。")
    return lines[0].unit, lines


def _by_percent(lines: Sequence[Bill], rest: dict[int, Decimal], percent: Decimal) -> list[Correction]:
    """Reduce each line by a percentage of its amount, half up to the fen, at most by what is left of it."""
    share = to_scaled(percent, 2)
    return [
        Correction(
            line,
            min(rest[line.id], from_scaled(divide_half_up(to_scaled(line.amount, 2) * share, WHOLE), 2)),
        )
        for line in lines
    ]


def _by_sum(lines: Sequence[Bill], rest: dict[int, Decimal], amount: Decimal) -> list[Correction]:
    """Reduce lines one after the other until the sum is used up.

    Raises:
        RuleBroken: they have less left than the sum.
    """
    if amount <= 0:
        raise BadInput("减免金额要大于零。请填写要减的金额。", "amount")
    most = sum(rest.values(), start=NONE)
    if amount > most:
        raise RuleBroken(
            f"所选账单只剩 {thousands(most)} 元可减，不能减 {thousands(amount)} 元。请核对金额。"
        )
    wanted = []
    for line in lines:
        part = min(amount, rest[line.id])
        if part > 0:
            wanted.append(Correction(line, part))
            amount -= part
    return wanted
