"""调整的解释: lines that a reduction, reversal or transfer made, by its document and who approved it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from peewee import fn

from models.fees.bills import Bill, BillKind
from models.fees.explain_cuts import cuts_of, exact, summed
from models.fees.explain_lines import documents, formula, generic, recurring
from models.fees.explanation import PREFIX, Told, Working, explains
from models.fees.line_days import own_weights
from models.fees.payments import Adjustment, Allocation
from models.fees.transferring import NEW, share_of
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
    """Tell what a vacancy takes off what was left of a line, by its days in effect and what they cost."""
    vacancy, line = cut.vacancy, cut.bill
    own, back = own_weights(line, before=bill), added_back([line], before=cut)[line.id]
    days = [day for day in own if cut.first <= day <= cut.last]
    amount = -min(rest, share_of_days(rest + back, vacancy.percent, days, own))
    words = f"{PREFIX}{line.id} 余下的 {thousands(rest)} 元"
    words += f"（加回其他天数空置已减的 {thousands(back)} 元）" if back else ""
    words += f" × {vacancy.percent}%{_of_days(line, days, own)}，四舍五入到分，改正负号"
    return [
        Told("空置申请", f"{vacancy.number}：{vacancy.told}"),
        Told("按空置减免", words, amount),
    ], amount


def _of_days(line: Bill, days: Sequence[date], own: Mapping[date, int]) -> str:
    """Tell which part of a line falls on some of its days: by their number, or by what they cost."""
    if len(days) == len(own):
        return ""
    if len(set(own.values())) == 1:
        return f" × 空置减免 {len(days)} 天 ÷ 计费 {len(own)} 天"
    part, whole = (
        thousands(exact(divide_half_up(sum(own[day] for day in each), line.month_days or len(own))))
        for each in (days, own)
    )
    return f" × 空置减免 {len(days)} 天按单价的 {part} ÷ 计费 {len(own)} 天按单价的 {whole}"


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
    new = None if _document(bill) is None else _new_line(bill)
    return recurring(bill) if new is None else _moved(bill, new)


def _new_line(bill: Bill) -> Bill | None:
    """Return the line by which a transfer charges the new owner; both lines of it lead there."""
    source = str(bill.source)
    return bill if source.endswith(NEW) else Bill.get_or_none(Bill.source == f"{source}{NEW}")


def _moved(bill: Bill, new: Bill) -> Working:
    cuts, old = cuts_of(new), new.corrects
    rest = _left_before(Bill.get(Bill.source == str(new.source).removesuffix(NEW)))
    day = cuts[0].first or new.month.first
    made = _document(bill)
    before = [cut for cut in cuts_on([old])[old.id] if made is None or cut.adjustment_id < made.id]
    share = share_of(old, rest, day, before)
    amount = share.amount if share else Decimal(0)
    days = f"{day} 起 {new.days} 天"
    steps = [Told("原账单", f"{PREFIX}{old.id} 的应收，原业主的全部计费天数", rest)]
    off = sum((cut.amount for cut in before), start=Decimal(0))
    if share and off:
        words = f"空置已减的 {thousands(off)} 元加回后再分，新业主应收 {thousands(share.charged)} 元"
        theirs = sum((one.amount for one in share.cuts), start=Decimal(0))
        steps.append(Told("空置减免", f"{words}，减去他的天数已减的 {thousands(theirs)} 元"))
    for cut in cuts:
        words = f"（{formula(old.item.basis, cut)}）× {cut.days} 天 ÷ 当月 {new.month_days} 天"
        steps.append(Told("新业主的天数", words))
    steps.append(Told("分给新业主", f"{days}，按两任各自应收的比例分，余下的分归尾数大的一任", amount))
    payer = "过户当天起的付款人"
    if bill != new:
        amount, payer = -amount, _SAME
        steps.append(Told("从原业主减去", f"转到 {PREFIX}{new.id}，改正负号", amount))
    kept = [Told("过户以前", f"{day} 以前的天数仍由原业主承担，留在 {PREFIX}{old.id}")]
    excluded = kept if day > new.month.first else []
    return Working(
        steps, amount, list(_papers(bill)), [Told("计费天数", f"{days}，归新业主")], excluded, payer
    )


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
    approval = numbered(made.number if vacancy is None else vacancy.number)
    if approval is None:
        whose = "由经办人" if vacancy is None else f"{vacancy.number} 由{vacancy.made_by}"
        yield Told("审批", f"没有经过审批单，{whose}直接办理")
        return
    yield Told(
        "申请",
        f"{approval.who} {approval.made_at:%Y-%m-%d %H:%M}{f'，{approval.note}' if approval.note else ''}",
    )
    for one in approval.decisions():
        yield Told(one.step.title, f"{one.signed()}{f'：{one.opinion}' if one.opinion else ''}")
