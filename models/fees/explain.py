"""解释: how a charge came about: formula, inputs, days, what was left out and why, in figures that add up."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from models.errors import NotFound
from models.fees import (
    explain_adjusted,  # noqa: F401 - registered by being imported, as all three
    explain_kinds,  # noqa: F401
    explain_late,  # noqa: F401
    explain_metered,  # noqa: F401
)
from models.fees.arrears import AGES, age_of
from models.fees.bills import Bill
from models.fees.explain_lines import generic
from models.fees.explain_payer import payer_lines
from models.fees.explanation import (
    CORRECTED,
    DAYS,
    EXCLUDED,
    EXPLAINERS,
    FORMULA,
    INPUTS,
    PAYER,
    PREFIX,
    PROOF,
    SETTLED,
    Explanation,
    Told,
    chapters,
)
from models.fees.explanation import Working as Working
from models.fees.explanation import explains as explains
from models.fees.payments import Allocation, Receipt, ReceiptState, SetOff
from models.fees.within import check_reach, within
from models.money import thousands
from models.months import Period
from models.owners.estate import Unit


def explain(bill: Bill) -> Explanation:
    """Return how a line came about, who pays it and what settled it.

    Raises:
        PermissionDenied: the person acting may not see it.
    """
    check_reach(bill.unit)
    working = EXPLAINERS.get(bill.kind, generic)(bill)
    amount = Decimal(bill.amount)
    return Explanation(
        f"{PREFIX}{bill.id}",
        bill.label(),
        amount,
        chapters(
            (FORMULA, working.steps),
            (INPUTS, working.inputs),
            (DAYS, working.days),
            (EXCLUDED, working.excluded),
            (PAYER, (Told(*line) for line in payer_lines(bill, working.payer))),
            (CORRECTED, _corrected(bill)),
            (SETTLED, _settled(bill)),
            (PROOF, [_proof(amount, working.amount)]),
        ),
        working.amount in (None, amount),
    )


def line_of(number: str) -> Bill:
    """Return the line of a number, as SM-12 or 12.

    Raises:
        NotFound: there is none.
    """
    digits = number.strip().upper().removeprefix(PREFIX)
    found = Bill.get_or_none(Bill.id == int(digits)) if digits.isdecimal() and len(digits) < 16 else None
    if found is None:
        raise NotFound(f"没有账单“{number}”。账单编号见“账单”名单的 id 列，或解释的标题。")
    return found


def lines_of(unit: Unit, period: Period) -> list[Bill]:
    """Return the lines of a unit for the months of a period, by month and item.

    Raises:
        PermissionDenied: the unit lies beyond the reach of the person acting.
    """
    check_reach(unit)
    first, last = period.months
    mine = within(Bill.unit, unit=unit)
    query = Bill.select().where((Bill.live == True) & Bill.month.between(first, last), *mine)
    return list(query.order_by(Bill.month, Bill.item, Bill.id))


def _corrected(bill: Bill) -> Iterator[Told]:
    """Tell the chain of corrections: what this line corrects, and what corrects it."""
    if bill.corrects is not None:
        old = bill.corrects
        yield Told("更正哪一笔", f"{PREFIX}{old.id} {old.label()}（{old.kind.value}）", old.amount)
    for new in bill.corrections.order_by(Bill.id):
        void = "" if new.live else "，已作废"
        yield Told("被更正", f"{PREFIX}{new.id} {new.kind.value} {new.label()}{void}", new.amount)


def _settled(bill: Bill) -> Iterator[Told]:
    """Tell every receipt and set-off that lay on the line, void ones too, and what is still open."""
    for allocation in bill.allocations.order_by(Allocation.on, Allocation.id):
        words = f"{allocation.on} {_document(allocation)}"
        if allocation.live:
            yield Told("收款抵扣", words, allocation.amount)
        else:
            yield Told("已撤回", f"{words} {thousands(allocation.amount)} 元，不计")
    yield Told(_now(bill), state_of(bill, date.today()), bill.owed)


def _now(bill: Bill) -> str:
    return "现在未收" if bill.live else "状态"


def state_of(bill: Bill, day: date) -> str:
    """Return in words what is open of a line, since when, and how old that is."""
    if not bill.live:
        batch = f"，批次 {bill.batch_id} 已撤销" if bill.batch_id else ""
        return f"已作废{batch}"
    told = f"应收 {thousands(bill.amount)} − 已收 {thousands(bill.paid)}，截止日 {bill.due}"
    if bill.owed <= 0:
        return f"{told}，已结清"
    late = (day - bill.due).days
    if late < 0:
        return f"{told}，还没有到期"
    return f"{told}，过了 {late} 天，账龄{AGES[age_of(bill.due, day)]}"


def _document(allocation: Allocation) -> str:
    receipt: Receipt | None = allocation.receipt
    set_off: SetOff | None = allocation.set_off
    if receipt is not None:
        return f"收据 {receipt.number}{'（作废）' if receipt.state is ReceiptState.VOID else ''}"
    if set_off is not None:
        return f"预存抵扣 {set_off.number}{'' if allocation.live else '（已撤销）'}"
    return "与更正的账单对冲"


def _proof(amount: Decimal, worked_out: Decimal | None) -> Told:
    if worked_out is None:
        return Told("金额来源", "金额取自来源单据，不由单价算出", amount)
    if worked_out == amount:
        return Told("重新计算", "与账面应收一致", worked_out)
    return Told("重新计算", f"与账面应收 {thousands(amount)} 元不符，请告诉会计核对", worked_out)
