"""调整方案: what a reduction, reversal or refund would come to, before it is approved and done (FE-10)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from peewee import fn

from models.base import db
from models.errors import BadInput, RuleBroken
from models.fees import settle
from models.fees.bills import Bill, BillKind
from models.fees.gaps import reversed_lines
from models.fees.late import LateSpan
from models.fees.payments import (
    Adjustment,
    AdjustmentKind,
    Method,
    Receipt,
    ReceiptState,
    closing_of,
)
from models.fees.prepay_plans import waiting_plans
from models.money import divide_half_up, from_scaled, thousands, to_scaled
from models.months import Month
from models.owners.estate import Unit
from models.owners.people import Person

NONE = Decimal(0)
WHOLE = 10_000
"""100 % as shares are stored."""


class Correction(NamedTuple):
    """So much of a line, in 元, is taken back."""

    line: Bill
    amount: Decimal


@dataclass(frozen=True)
class Proposal:
    """What FE-10 asks for; the amount in 元 is negative, as what it takes away."""

    kind: AdjustmentKind
    unit: Unit
    payer: Person | None
    amount: Decimal
    reason: str
    basis: str | None
    corrections: tuple[Correction, ...] = ()
    receipt: Receipt | None = None
    method: Method | None = None
    account: str | None = None


def reduction(
    bills: Sequence[Bill],
    reason: str,
    basis: str,
    kind: AdjustmentKind = AdjustmentKind.FAULT,
    percent: Decimal | None = None,
    amount: Decimal | None = None,
    on: date | None = None,
) -> Proposal:
    """Propose to reduce lines of one house by a percentage of each, or by a sum, oldest lines first.

    Raises:
        BadInput: neither percentage nor sum is given, or both are.
        RuleBroken: the lines are of several houses, are not live, or have less left than is to be reduced;
            a line collected for others is not reduced for vacancy (forms.md B4.5).
    """
    if (percent is None) == (amount is None):
        raise BadInput("减免百分比和减免金额请填一个，也只填一个。", "percent")
    lines = of_one_house(bills)
    others = [line.label() for line in lines if line.item.collected]
    if kind is AdjustmentKind.VACANCY and others:
        raise RuleBroken(f"{others[0]} 是代收费用，空置不打折。请只选本处收费的账单。")
    rest = left_on(lines)
    wanted = (
        _by_percent(lines, rest, percent) if percent is not None else _by_sum(lines, rest, amount or NONE)
    )
    for line, taken in wanted:
        if taken <= 0:
            raise RuleBroken(f"{line.label()} 已经冲减完了，没有可以再减的金额。请核对账单。")
    return _correcting(kind, wanted, reason, basis)


def reversal(bills: Sequence[Bill], reason: str, basis: str, on: date | None = None) -> Proposal:
    """Propose to reverse all that is left of lines of one house; of what was reduced to nothing, nothing.

    Raises:
        RuleBroken: the lines are of several houses, are not live, or nothing is left of one; 违约金 for one
            stands that is not among them.
    """
    lines = of_one_house(bills)
    _refuse_charged_late(lines)
    numbers = Bill.id.in_([line.id for line in lines])
    gone = Bill.select().where(numbers & reversed_lines()).first()
    if gone is not None:
        raise RuleBroken(f"{gone.label()} 已经全部红冲或转出，没有可以再红冲的金额。请核对账单。")
    rest = left_on(lines)
    return _correcting(
        AdjustmentKind.REVERSAL, [Correction(line, rest[line.id]) for line in lines], reason, basis
    )


def repayment(
    unit: Unit,
    amount: Decimal,
    reason: str,
    basis: str,
    account: str | None = None,
    method: Method = Method.TRANSFER,
    kind: AdjustmentKind = AdjustmentKind.BALANCE,
    payer: Person | None = None,
    on: date | None = None,
) -> Proposal:
    """Propose to pay a balance back to whom it belongs (forms.md B4.7).

    Raises:
        BadInput: the sum is nothing, or it goes to an account that is not given.
        RuleBroken: the balance is smaller, or a prepayment agreed at a lower price still runs on it.
    """
    if amount <= 0:
        raise BadInput("退款金额要大于零。请填写实际退出的金额。", "amount")
    if method is not Method.CASH and not account:
        sentence = f"{method.value}退款要填退款账户，而且是原付款人的账户。请填写，或改为现金。"
        raise BadInput(sentence, "account")
    on = on or date.today()
    payer, held = settle.holder(unit, payer, on)
    plan = next((one for one in waiting_plans(unit, Month.of(on)) if one.payer == payer), None)
    if plan is not None:
        raise RuleBroken(
            f"预存约定 {plan.number} 到 {plan.last}，余额还要抵它的账单。请先“提前结束预存”再退款。"
        )
    if amount > held:
        raise RuleBroken(
            f"{unit.code} 的预存余额只有 {thousands(held)} 元，不能退 {thousands(amount)} 元。"
            "多收的账款先红冲或减免，转为预存后再退。"
        )
    return Proposal(kind, unit, payer, -amount, reason, basis, method=method, account=account)


def red_receipt(receipt: Receipt, reason: str, basis: str, on: date | None = None) -> Proposal:
    """Propose to reverse a receipt of a closed day.

    Raises:
        RuleBroken: it is void, red or reversed, or its day is not closed yet.
    """
    if receipt.reverses is not None:
        raise RuleBroken(f"{receipt.number} 本身就是红冲收据，不能再红冲。请重新收款。")
    if receipt.state is not ReceiptState.ISSUED:
        raise RuleBroken(f"收据 {receipt.number} 现在是“{receipt.state.value}”，不能再红冲。")
    if not closing_of(receipt.on):
        raise RuleBroken(f"{receipt.on} 还没有日结，收据 {receipt.number} 请直接作废，不用红冲。")
    payer = receipt.payment.payer
    return Proposal(
        AdjustmentKind.RECEIPT, receipt.unit, payer, -receipt.amount, reason, basis, receipt=receipt
    )


def as_done(made: Adjustment) -> Proposal:
    """Return what an adjustment did, as it had been proposed."""
    mine = Bill.source.between(f"{made.number}/", f"{made.number}/~") & (Bill.amount <= 0)
    negatives = Bill.select().where(mine).order_by(Bill.id)
    return Proposal(
        made.kind, made.unit, made.payer, made.amount, made.reason, made.basis,
        tuple(Correction(one.corrects, -one.amount) for one in negatives),
        made.receipt, made.method, made.account,
    )  # fmt: skip


def _refuse_charged_late(lines: Sequence[Bill]) -> None:
    """Refuse to reverse a line for whose delay 违约金 stands that is not reversed with it."""
    numbers = [line.id for line in lines]
    standing = LateSpan.bill.in_(numbers) & (LateSpan.live == True) & LateSpan.charge.not_in(numbers)
    spans = list(LateSpan.select().where(standing))
    rest = left_on([span.charge for span in spans])
    span = next((one for one in spans if rest[one.charge_id]), None)
    if span is not None:
        raise RuleBroken(
            f"{span.bill.label()} 已计收违约金 {thousands(span.amount)} 元（{span.charge.label()}）。"
            "请把它一并选上红冲。"
        )


def left_on(lines: Sequence[Bill]) -> dict[int, Decimal]:
    """Return by the line's id how much of each is not corrected yet, in 元."""
    taken = _taken(lines)
    return {line.id: Decimal(line.amount) + from_scaled(taken.get(line.id, 0), 2) for line in lines}


def _taken(lines: Sequence[Bill], *conditions: Any) -> dict[int, int]:
    """Return by the line's id what its negative lines come to, in fen."""
    numbers = [line.id for line in lines]
    query = Bill.select(Bill.corrects, fn.SUM(Bill.amount))
    wanted = Bill.corrects.in_(numbers) & (Bill.live == True) & (Bill.amount < 0)
    return dict(db.execute(query.where(wanted, *conditions).group_by(Bill.corrects)))


def of_one_house(bills: Sequence[Bill]) -> list[Bill]:
    """Return lines that may be corrected together, oldest first.

    Raises:
        BadInput: there are none.
        RuleBroken: they are of several houses or payers, or one is void or itself a correction.
    """
    if not bills:
        raise BadInput("没有选账单。请先选要调整的账单。", "bills")
    each = {line.id: line for line in bills}.values()
    lines = sorted(each, key=lambda line: (line.due, line.month, line.id))
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
    return lines


def _correcting(
    kind: AdjustmentKind, wanted: Sequence[Correction], reason: str, basis: str | None
) -> Proposal:
    total = sum((one.amount for one in wanted), start=NONE)
    first = wanted[0].line
    return Proposal(kind, first.unit, first.payer, -total, reason, basis, tuple(wanted))


def _by_percent(lines: Sequence[Bill], rest: dict[int, Decimal], percent: Decimal) -> list[Correction]:
    """Reduce each line by a percentage, half up to the fen, at most by what is left of it.

    It is one of what the line charges but for what was handed over to a new owner: two reductions of 10 %
    take off 20 %, and the old owner's part alone is reduced.
    """
    share, handed = to_scaled(percent, 2), _taken(lines, Bill.kind == BillKind.CORRECTION)
    fen = {line.id: to_scaled(line.amount, 2) + handed.get(line.id, 0) for line in lines}
    return [
        Correction(line, min(rest[line.id], from_scaled(divide_half_up(fen[line.id] * share, WHOLE), 2)))
        for line in lines
    ]


def _by_sum(lines: Sequence[Bill], rest: dict[int, Decimal], amount: Decimal) -> list[Correction]:
    """Reduce lines one after the other until the sum is used up.

    Raises:
        BadInput: the sum is nothing.
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
