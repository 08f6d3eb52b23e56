"""调整的解释: lines that a reduction, reversal or transfer made, by its document and who approved it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from peewee import fn

from models.fees.bills import Bill, BillKind
from models.fees.explain_cuts import cuts_of, quotient, summed
from models.fees.explain_lines import documents, formula, generic, recurring
from models.fees.explanation import PREFIX, Told, Working, explains
from models.fees.line_days import own_weights
from models.fees.payments import Adjustment, Allocation
from models.fees.transferring import NEW, Handed, share_of
from models.fees.vacancies import VacancyCut, cuts_on, vacancy_behind
from models.fees.vacancy_cuts import added_back, share_of_days
from models.fields import ShareField, accept
from models.money import divide_half_up, from_scaled, thousands, to_scaled
from models.office.approvals import numbered

_WHOLE = 10_000
"""100 % as shares are stored."""
_GAP = "红冲后这一月成为缺口，要收的由以后的出账重新计收"
_AGAIN = {
    BillKind.RECURRING: _GAP,
    BillKind.CORRECTION: _GAP,
    BillKind.METERED: "红冲后这些读数没有计费，由以后的出账重新计收",
}
_SAME = "与被更正账单的付款人相同"


@explains(BillKind.REVERSAL)
def reversed_line(bill: Bill) -> Working:
    """Explain a negative line that takes all that was left of another one back."""
    if bill.corrects is None:
        return generic(bill)
    old, rest = bill.corrects, _left_before(bill)
    words = f"{PREFIX}{old.id} 的应收 {thousands(old.amount)} 元"
    if rest != old.amount:
        words += f"，以前已冲减 {thousands(Decimal(old.amount) - rest)} 元，余 {thousands(rest)} 元"
    steps = [Told("全额冲回", f"{words}，改正负号", -rest)]
    again = _AGAIN.get(old.kind)
    excluded = [Told("重新出账", again)] if again else []
    return Working(steps, -rest, list(_papers(bill)), excluded=excluded, payer=_SAME)


@explains(BillKind.REDUCTION)
def reduction(bill: Bill) -> Working:
    """Explain a negative line that makes another one less: by a percentage, or by a sum of its document."""
    made = _document(bill)
    if bill.corrects is None or made is None:
        return generic(bill)
    old, rest = bill.corrects, _left_before(bill)
    cut = VacancyCut.get_or_none((VacancyCut.bill == old) & (VacancyCut.adjustment == made))
    percent = _percent(made)
    if cut is not None:
        steps, amount = _by_vacancy(bill, cut, rest)
    elif percent is not None:
        steps, amount = _by_percent(bill, rest, percent)
    else:
        steps, amount = _by_sum(bill, made)
    left = rest + amount
    excluded = [Told("减免以后", f"{PREFIX}{old.id} 冲减后余 {thousands(left)} 元，仍照收")] if left else []
    return Working(steps, amount, list(_papers(bill)), excluded=excluded, payer=_SAME)


def _by_percent(bill: Bill, rest: Decimal, percent: Decimal) -> tuple[list[Told], Decimal]:
    """Tell what a percentage takes off what a line charges, but for what was handed over before."""
    old, handed = bill.corrects, _taken_before(bill, Bill.kind == BillKind.CORRECTION)
    base = Decimal(old.amount) + handed
    fen = divide_half_up(to_scaled(base, 2) * to_scaled(percent, 2), _WHOLE)
    amount = -min(rest, from_scaled(fen, 2))
    less = f"（已减去过户转出的 {thousands(-handed)} 元）" if handed else " "
    words = f"{PREFIX}{old.id} 的应收 {thousands(base)} 元{less}× {percent}%，四舍五入到分，改正负号"
    return [Told("按百分比", words, amount)], amount


def _by_vacancy(bill: Bill, cut: VacancyCut, rest: Decimal) -> tuple[list[Told], Decimal]:
    """Tell what a vacancy takes off what was left of a line, by its days in effect."""
    vacancy, own = cut.vacancy, own_weights(cut.bill, before=bill)
    off, days = added_back([cut.bill], before=cut)[cut.bill.id], cut.among(own)
    words = f"{PREFIX}{cut.bill.id} 余下的 {thousands(rest)} 元"
    if off:
        words = f"（{words} + 这些天已有的空置减免 {thousands(off)} 元）"
    words += f" × {vacancy.percent}%"
    if len(days) < len(own):
        words += _part(days, own, cut.bill.month_days or cut.bill.month.days)
    amount = -min(rest, share_of_days(rest + off, vacancy.percent, days, own))
    return [
        Told("空置申请", f"{vacancy.number}：{vacancy.told}"),
        Told("按空置减免", f"{words}，四舍五入到分，改正负号", amount),
    ], amount


def _part(days: dict[date, int], own: dict[date, int], month_days: int) -> str:
    """Tell which part some days are: by their number, or by what they cost where not all cost the same."""
    if len(set(own.values())) == 1:
        return f" × 空置减免 {len(days)} 天 ÷ 计费 {len(own)} 天"
    part, whole = (quotient(sum(each.values()), month_days) for each in (days, own))
    return f" × 空置减免 {len(days)} 天按单价计 {part} 元 ÷ 计费 {len(own)} 天按单价计 {whole} 元"


def _by_sum(bill: Bill, made: Adjustment) -> tuple[list[Told], Decimal]:
    """Tell what a document takes off, less what it takes off other lines."""
    mine = (Allocation.adjustment == made) & (Bill.amount < 0) & (Bill.id != bill.id)
    others = summed(Bill.select(fn.SUM(Bill.amount)).join(Allocation).where(mine))
    amount = Decimal(made.amount) - others
    words = f"{made.number} 共减 {thousands(-made.amount)} 元"
    words += f"，其中其他账单 {thousands(-others)} 元" if others else ""
    old = bill.corrects
    percent = divide_half_up(-to_scaled(amount, 2) * _WHOLE, to_scaled(old.amount, 2))
    share = f"，约为其应收的 {from_scaled(percent, 2)}%"
    return [Told("按减免单", f"{words}；本笔冲减 {PREFIX}{old.id}{share}", amount)], amount


@explains(BillKind.CORRECTION)
def corrected(bill: Bill) -> Working:
    """Explain a month charged again by a run, or what a transfer moves from one owner to the other."""
    made = _document(bill)
    new = None if made is None else _new_line(bill)
    return recurring(bill) if made is None or new is None else _moved(bill, new, made)


def _new_line(bill: Bill) -> Bill | None:
    """Return the line by which a transfer charges the new owner; both lines of it lead there."""
    source = str(bill.source)
    return bill if source.endswith(NEW) else Bill.get_or_none(Bill.source == f"{source}{NEW}")


def _moved(bill: Bill, new: Bill, made: Adjustment) -> Working:
    cuts, old = cuts_of(new), new.corrects
    rest = _left_before(Bill.get(Bill.source == str(new.source).removesuffix(NEW)))
    day = cuts[0].first or new.month.first
    vacant = [cut for cut in cuts_on([old])[old.id] if cut.adjustment_id < made.id]
    share = share_of(old, rest, day, vacant)
    amount = share.amount if share else Decimal(0)
    days = f"{day} 起 {new.days} 天"
    steps = [Told("原账单", f"{PREFIX}{old.id} 的应收，原业主的全部计费天数", rest)]
    if vacant:
        off = sum((cut.amount for cut in vacant), start=Decimal(0))
        words = f"{thousands(rest)} + 以前的空置减免 {thousands(off)}，先按没有减免的分"
        steps.append(Told("加回空置减免", words, rest + off))
    for cut in cuts:
        words = f"（{formula(old.item.basis, cut)}）× {cut.days} 天 ÷ 当月 {new.month_days} 天"
        steps.append(Told("新业主的天数", words))
    steps += _shared(share, days, amount)
    payer = "过户当天起的付款人"
    if bill != new:
        amount, payer = -amount, _SAME
        steps.append(Told("从原业主减去", f"转到 {PREFIX}{new.id}，改正负号", amount))
    kept = [Told("过户以前", f"{day} 以前的天数仍由原业主承担，留在 {PREFIX}{old.id}")]
    excluded = kept if day > new.month.first else []
    return Working(
        steps, amount, list(_papers(bill)), [Told("计费天数", f"{days}，归新业主")], excluded, payer
    )


def _shared(share: Handed | None, days: str, amount: Decimal) -> Iterator[Told]:
    """Tell the new owner's part, and what vacancies took off his days before."""
    words = f"{days}，按两任各自应收的比例分，余下的分归尾数大的一任"
    yield Told("分给新业主", words, amount if share is None else share.charged)
    if share is None or share.amount == share.charged:
        return
    off = "，".join(
        f"{one.cut.vacancy.number} 的 {thousands(one.cut.amount)} 元有 {thousands(one.amount)} 元"
        for one in share.cuts
    )
    yield Told("减去空置减免", f"按同样的比例，{off}减在这些天", amount)


# -- the document ----------------------------------------------------------------------------------


def _document(bill: Bill) -> Adjustment | None:
    number = (bill.source or "").partition("/")[0]
    return Adjustment.get_or_none(Adjustment.number == number)


def _left_before(bill: Bill) -> Decimal:
    """Return what was left of the line that a negative one corrects, before it."""
    return Decimal(bill.corrects.amount) + _taken_before(bill)


def _taken_before(bill: Bill, *conditions: Any) -> Decimal:
    """Return what negative lines came to on the line that a negative one corrects, before it."""
    earlier = (Bill.corrects == bill.corrects) & (Bill.live == True) & (Bill.amount < 0) & (Bill.id < bill.id)
    return summed(Bill.select(fn.SUM(Bill.amount)).where(earlier, *conditions))


def _percent(made: Adjustment) -> Decimal | None:
    """Return by which percentage a document was approved; None where it was a sum, or is not known."""
    approval = numbered(made.number)
    given = (approval.given or {}).get("percent") if approval else None
    return accept(ShareField(null=True), given) if given else None


def _papers(bill: Bill) -> Iterator[Told]:
    """Tell the document, on what it rests, and who decided what on it."""
    made = _document(bill)
    if made is None:
        yield from documents(bill)
        return
    yield Told("单据", f"{made.number} {made.kind.value}，{made.on}，{made.made_by}经办", made.amount)
    yield Told(Adjustment.reason.label, made.reason)
    if made.basis:
        yield Told(Adjustment.basis.label, made.basis)
    vacancy = vacancy_behind(made)
    approval = numbered(vacancy.number if vacancy else made.number)
    if vacancy is not None:
        yield Told("空置单号", f"{vacancy.number}，每月的减免按它办理，不再逐月审批")
    if approval is None:
        whose = f"空置申请由{vacancy.made_by}" if vacancy else "由经办人"
        yield Told("审批", f"没有经过审批单，{whose}直接办理")
        return
    yield Told(
        "申请",
        f"{approval.who} {approval.made_at:%Y-%m-%d %H:%M}{f'，{approval.note}' if approval.note else ''}",
    )
    for one in approval.decisions():
        yield Told(one.step.title, f"{one.signed()}{f'：{one.opinion}' if one.opinion else ''}")
