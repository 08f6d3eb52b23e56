"""违约金的解释: principal, rate, clause, days and balances piece by piece, the cap, what was waived."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from models.fees.bills import Bill, BillKind
from models.fees.explain_cuts import quotient
from models.fees.explain_lines import documents, generic
from models.fees.explanation import PREFIX, Told, Working, explains
from models.fees.late import LateSpan
from models.fees.late_facts import Facts
from models.fees.late_terms import SCALE, LateTerms, weight_of
from models.fees.payments import Allocation
from models.money import divide_half_up, from_scaled, thousands, to_scaled
from models.owners.dated import ONE_DAY

_FEN = 10_000
"""A fen in millionths of a 元."""
_BY_PRINCIPAL = "与本金账单的付款人、责任业主相同"


@explains(BillKind.LATE)
def late(bill: Bill) -> Working:
    """Explain a line of 违约金: balance × rate × days, piece by piece, rounded once, within the cap."""
    facts: Any = bill.segments
    if not isinstance(facts, dict) or "pieces" not in facts:
        return generic(bill)
    principal = Bill.get_by_id(facts["line"])
    span = LateSpan.get_or_none(LateSpan.charge == bill)
    parts = sum(_parts(one) for one in facts["pieces"])
    amount = from_scaled(divide_half_up(parts, SCALE), 2)
    steps = [
        *_steps(facts),
        Told("取整", f"{quotient(parts * _FEN, SCALE)} 四舍五入到分，只取整一次", amount),
    ]
    capped = _capped(facts, principal, span, amount)
    return Working(
        [*steps, *capped],
        capped[-1].figure if capped else amount,
        [*_inputs(facts, principal), *documents(bill)],
        list(_days(facts, principal)),
        list(_left_out(facts, principal, span)),
        _BY_PRINCIPAL,
    )


# -- the formula -----------------------------------------------------------------------------------


def _parts(piece: Facts) -> int:
    """Return what one stretch of days bears, in parts of SCALE of a fen."""
    return int(piece["fen"] * piece["days"] * weight_of(piece["rate"]))


def _steps(facts: Facts) -> Iterator[Told]:
    for one in facts["pieces"]:
        words = f"未付 {thousands(one['fen'])} 元 × {one['rate']} × {one['days']} 天"
        yield Told(_span(one["first"], one["last"]), f"{words} = {quotient(_parts(one) * _FEN, SCALE)}")
    if len(facts["pieces"]) > 1:
        each = " + ".join(quotient(_parts(one) * _FEN, SCALE) for one in facts["pieces"])
        yield Told("各段相加", each)


def _capped(facts: Facts, principal: Bill, span: LateSpan | None, amount: Decimal) -> list[Told]:
    """Tell by how much the cap makes a line less, and what it comes to; nothing where it does not."""
    if span is None or "cap" not in facts:
        return []
    before = sum((Decimal(one.amount) for one in _before(span) if one.charge_id), start=Decimal(0))
    cap = facts["cap"]
    most = from_scaled(divide_half_up(to_scaled(principal.amount, 2) * cap, _FEN), 2)
    if amount <= most - before:
        return []
    words = f"最多为本金 {thousands(principal.amount)} 元的 {from_scaled(cap, 2)}%，即 {thousands(most)} 元"
    words += f"，以前已计收 {thousands(before)} 元" if before else ""
    return [Told("封顶", words, most - before)]


def _before(span: LateSpan) -> list[LateSpan]:
    """Return the earlier days of its line that stood when a span was made, whatever was taken back since."""
    mine = (LateSpan.bill == span.bill_id) & (LateSpan.id < span.id) & (LateSpan.until < span.since)
    stood: list[LateSpan] = []
    for one in LateSpan.select().where(mine).order_by(LateSpan.id.desc()):
        if not any(one.since <= other.until and other.since <= one.until for other in stood):
            stood.append(one)
    return stood


# -- where the values come from --------------------------------------------------------------------


def _inputs(facts: Facts, principal: Bill) -> Iterator[Told]:
    words = f"{PREFIX}{principal.id} {principal.label()}，截止日 {facts['due']}"
    yield Told("本金账单", words, principal.amount)
    agreed = [(one["clause"], one["rate"]) for one in facts["pieces"]]
    for clause, rate in dict.fromkeys(agreed):
        yield Told(LateTerms.clause.label, f"{clause}，{rate}")
    row = _terms_when_due(principal)
    if row is not None:
        grace = f"宽限 {row.grace} 天" if row.grace else "没有宽限"
        late = f"，{row.since} 以前没有约定，不计" if row.since > principal.due + ONE_DAY else ""
        words = f"{row.counts_from.value}，{grace}{late}；单利，违约金不再计违约金"
        yield Told(LateTerms.counts_from.label, words)


def _terms_when_due(principal: Bill) -> LateTerms | None:
    """Return the first terms that hold once a line is due: the item's own, or those of all."""
    day = principal.due + ONE_DAY
    fits = LateTerms.item.is_null() | (LateTerms.item == principal.item)
    rows = LateTerms.select().where(fits & (LateTerms.until.is_null() | (LateTerms.until >= day)))
    return min(rows, key=lambda row: (max(row.since, day), row.item is None), default=None)


def _days(facts: Facts, principal: Bill) -> Iterator[Told]:
    """Tell how many days are charged, and what was paid on them, by which less was open."""
    pieces = facts["pieces"]
    first, last = pieces[0]["first"], pieces[-1]["last"]
    yield Told("逾期天数", f"{_span(first, last)}，共 {sum(one['days'] for one in pieces)} 天")
    money = Allocation.receipt.is_null(False) | Allocation.set_off.is_null(False)
    paid = principal.allocations.where(money & (Allocation.live == True))
    between = Allocation.on.between(date.fromisoformat(first), date.fromisoformat(last))
    for one in paid.where(between).order_by(Allocation.on, Allocation.id):
        document = one.receipt.number if one.receipt else one.set_off.number
        yield Told("期间收款", f"{one.on} {document}，次日起按余额计", one.amount)


def _left_out(facts: Facts, principal: Bill, span: LateSpan | None) -> Iterator[Told]:
    """Tell the days that were charged before or waived, and those beyond this line."""
    mine = principal.late_spans.where(LateSpan.live == True).order_by(LateSpan.since)
    for one in mine:
        if span is not None and one.since >= span.since:
            continue
        days = f"{_span(str(one.since), str(one.until))}，{thousands(one.amount)} 元"
        if one.charge is not None:
            yield Told("以前已计收", f"{days}，{PREFIX}{one.charge_id}，不再重复")
        else:
            yield Told("已减免", f"{days}，{one.reason}，{one.approver.name}批准")
    yield Told("以后的天数", f"{facts['pieces'][-1]['last']} 以后的天数另行计收")


def _span(first: str, last: str) -> str:
    """Return 2025-11-01 至 11-23; the year of the end where it is another one."""
    if first == last:
        return first
    return f"{first} 至 {re.sub(f'^{first[:4]}-', '', last)}"
