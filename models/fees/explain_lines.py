"""账单的算式: how lines of runs and of openings came about, and any line of which no more is known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from models.fees.bills import Bill, BillKind
from models.fees.charges import ONE_HOUSEHOLD, SCALE
from models.fees.explain_cuts import Cut, cuts_of, exact, quotient, rounded
from models.fees.explain_hands import finished, of_the_others, owners_in_turn
from models.fees.explain_payer import since
from models.fees.explain_prices import Priced, Terms
from models.fees.explanation import PREFIX, Told, Working, explains
from models.fees.items import Assignment, Basis, FeeItem
from models.fees.plans import start_of
from models.fields import PriceField
from models.money import divide_half_up, from_scaled, thousands, to_scaled
from models.months import Month
from models.owners.estate import UnitArea

_PRICE = PriceField()
_DAY = timedelta(days=1)
BY_MONTH = "按所属月份 1 日的付款人；1 日还没有人的，按月末"
_BY_TURN = "月中换了业主：各付各的天数，过户当天起归新业主"
_BY_IMPORT = "按导入的期初表；表上没有写的，按所属月份的付款人"


@explains(BillKind.RECURRING)
def recurring(bill: Bill) -> Working:
    """Explain a line that a run made: quantity × price + extra, by days, rounded once (forms.md B2.1)."""
    cuts = cuts_of(bill)
    if not cuts or bill.month_days is None:
        return generic(bill)
    steps, amount = _steps(cuts, bill)
    turns, spans = owners_in_turn(bill), spans_of(bill)
    more, amount = finished(bill, turns, amount)
    return Working(
        [*steps, *more],
        amount,
        [*_values(bill, cuts), *documents(bill), *told_run(bill)],
        list(_days(bill, turns or [bill], spans)),
        [*_left_out(bill, spans), *of_the_others(bill, turns)],
        _BY_TURN if turns else BY_MONTH,
    )


@explains(BillKind.OPENING)
def opening(bill: Bill) -> Working:
    """Explain a line that was taken over from the old books: by its import and who signed it."""
    facts = (bill.batch.facts or {}) if bill.batch else {}
    signed = f"{facts['signed_by']} {facts['signed_at'][:16]}" if "signed_by" in facts else "尚未签认"
    return Working(
        [Told("期初欠费", "启用本程序以前的欠费，照原账导入，不重算", bill.amount)],
        None,
        [*documents(bill), Told("签认", signed), Told("截止日", f"{bill.due}，账龄从这一天算起")],
        excluded=[Told("以前的收款", "导入以前收的钱已从原账的欠费中扣去，这里只有余下的欠费")],
        payer=_BY_IMPORT,
    )


def generic(bill: Bill) -> Working:
    """Explain a line by what is stored with it alone: quantity × price + extra, or its document."""
    steps, amount = _simple(bill)
    return Working(steps, amount, [*_facts_of(bill), *documents(bill), *told_run(bill)])


def _simple(bill: Bill) -> tuple[list[Told], Decimal | None]:
    """Return the steps of a line without segments, and what they come to; None where they do not."""
    stored, old = Decimal(bill.amount), bill.corrects
    if old is not None and stored == -Decimal(old.amount):
        return [
            Told("全额冲回", f"{PREFIX}{old.id} 的应收 {thousands(old.amount)} 元，改正负号", stored)
        ], stored
    if bill.quantity is not None and bill.price is not None:
        extra = bill.extra or Decimal(0)
        told = f"{thousands(bill.quantity)} × {_PRICE.show(bill.price)} 元"
        told += f" + {thousands(extra)} 元" if extra else ""
        weight = to_scaled(bill.quantity, 2) * to_scaled(bill.price, 4) + to_scaled(extra, 2) * SCALE
        days, of = (bill.days, bill.month_days) if bill.days and bill.month_days else (1, 1)
        told += f"，{days}/{of} 天" if days != of else ""
        if (worked_out := from_scaled(divide_half_up(weight * days, SCALE * of), 2)) == stored:
            return [Told("数量×单价", f"{told}，四舍五入到分", stored)], worked_out
        return [Told("数量×单价", told), Told("应收", "按来源单据", stored)], None
    return [Told("应收", f"按来源单据（{bill.kind.value}）", stored)], None


def _facts_of(bill: Bill) -> Iterator[Told]:
    """Tell the facts that are stored with a line of a kind that nobody explains more closely."""
    held: Any = bill.segments
    if isinstance(held, dict):
        for name, value in held.items():
            yield Told(str(name), _plain(value))
    elif held:
        yield Told(Bill.segments.label, _plain(held))


def _plain(value: Any) -> str:
    if isinstance(value, dict):
        return "，".join(f"{name} {_plain(one)}" for name, one in value.items())
    if isinstance(value, list):
        return "；".join(map(_plain, value))
    return "" if value is None else str(value)


# -- the formula -----------------------------------------------------------------------------------


def _steps(cuts: list[Cut], bill: Bill) -> tuple[list[Told], Decimal]:
    """Return the steps to the amount of a month, and what they come to."""
    of = bill.month_days
    whole = sum(cut.monthly * cut.days for cut in cuts)
    amount = from_scaled(divide_half_up(whole, of * SCALE), 2)
    if len(cuts) == 1 and cuts[0].days == of:
        monthly = exact(cuts[0].monthly)
        steps = [Told("整月", formula(bill.item.basis, cuts[0]), monthly)]
        return [*steps, rounded(monthly, amount)], amount
    steps = [
        Told(
            _label(cut), f"（{formula(bill.item.basis, cut)}）× {cut.days} 天", exact(cut.monthly * cut.days)
        )
        for cut in cuts
    ]
    if len(cuts) > 1:
        told = " + ".join(thousands(one.figure or Decimal(0)) for one in steps)
        steps.append(Told("各段相加", told, exact(whole)))
    words = f"{thousands(exact(whole))} ÷ 当月 {of} 天 = {quotient(whole, of)}，四舍五入到分"
    return [*steps, Told("按天折算", words, amount)], amount


def formula(basis: Basis, cut: Cut) -> str:
    """Return what a whole month costs: 94.56 ㎡ × 1.30 元/㎡·月 + 20.00 元; of a share, its sum."""
    extra = thousands(from_scaled(cut.extra, 2))
    if basis is Basis.FIXED or not (cut.quantity or cut.price):
        return f"固定 {extra} 元/月"
    price = _PRICE.show(from_scaled(cut.price, 4))
    much = "1 户 × {} 元/户·月" if cut.quantity == ONE_HOUSEHOLD and basis is Basis.HOUSEHOLD else None
    told = much.format(price) if much else f"{from_scaled(cut.quantity, 2):,f} ㎡ × {price} 元/㎡·月"
    return f"{told} + {extra} 元" if cut.extra else told


def _label(cut: Cut) -> str:
    if cut.first is None or cut.last is None:
        return "计费天数"
    return f"{cut.first.month}月{cut.first.day}–{cut.last.day}日"


# -- where the values come from --------------------------------------------------------------------


def _values(bill: Bill, cuts: list[Cut]) -> Iterator[Told]:
    """Tell area, price and extra of each stretch, with the dated rows that they come from."""
    priced, told = Priced.of(bill), list[Told]()
    for cut in cuts:
        day = cut.first or _first_charged(bill)
        if bill.item.basis is Basis.AREA:
            told.append(_area(bill, cut, day))
        told.append(priced.told(Terms(cut.price, cut.extra), day))
    yield from dict.fromkeys(told)
    last = cuts[-1]
    changed = priced.changed(Terms(last.price, last.extra), last.first or _first_charged(bill))
    if changed is not None:
        yield changed


def _first_charged(bill: Bill) -> date:
    spans = spans_of(bill)
    return spans[0][0] if spans else bill.month.first


def _area(bill: Bill, cut: Cut, day: date) -> Told:
    used = f"{from_scaled(cut.quantity, 2):,f} ㎡"
    row = bill.unit.area_on(day)
    if row is None:
        return Told(UnitArea.billing.label, f"{used}，出账时的登记；现在没有面积登记")
    source = f"{row.basis.value}，{since(row.since)}"
    if to_scaled(row.billing, 2) == cut.quantity:
        return Told(UnitArea.billing.label, f"{used}，{source}")
    return Told(
        UnitArea.billing.label,
        f"{used}，出账时的登记；后来改登记为 {row.billing:,f} ㎡（{source}），不影响本账单",
    )


def documents(bill: Bill) -> Iterator[Told]:
    """Tell the document and the batch that made a line."""
    if bill.source is not None:
        yield Told("来源", f"{bill.kind.value}，{bill.source}")
    if bill.batch is not None:
        made = f"{bill.batch.made_by} {bill.batch.made_at:%Y-%m-%d %H:%M}"
        yield Told("批次", f"{bill.batch.label()}，{made}")


def told_run(bill: Bill) -> Iterator[Told]:
    """Tell with the run of which month a line was made, by the rule of its item."""
    item: FeeItem = bill.item
    if bill.run is not None:
        cycle = f"每 {item.cycle} 个月出一次账；" if item.cycle > 1 else ""
        late = "（补出以前月份）" if bill.run > bill.month else ""
        yield Told("出账月份", f"{cycle}{bill.run} 的出账{late}，截止日 {bill.due}")


# -- the days --------------------------------------------------------------------------------------


def spans_of(bill: Bill) -> list[tuple[date, date, Assignment]]:
    """Return (first day, last day, assignment) of what is given to be charged in a line's month now."""
    month, item = bill.month, bill.item
    rows = Assignment.select().where(
        Assignment.unit == bill.unit,
        Assignment.item == item,
        Assignment.on_some_day(month.first, month.last),
    )
    found = []
    for row in rows.order_by(Assignment.since):
        first = max(month.first, row.since, item.since)
        last = min(day for day in (month.last, row.until, item.until) if day is not None)
        if first <= last:
            found.append((first, last, row))
    return found


def _days(bill: Bill, turns: Sequence[Bill], spans: list[tuple[date, date, Assignment]]) -> Iterator[Told]:
    """Tell which days are charged by which setting, and whether that was changed since."""
    month: Month = bill.month
    whole = bill.days == bill.month_days
    yield Told("计费天数", f"{bill.days} 天，{'整月' if whole else f'当月 {bill.month_days} 天'}")
    for first, last, row in spans:
        yield Told("收费设置", f"{_given(row)}；{month} 内 {first.day}–{last.day}日")
    given = sum((last - first).days + 1 for first, last, _ in spans)
    if given != sum(one.days or 0 for one in turns):
        yield Told("后来的变化", f"出账后收费设置改过，现在合 {given} 天；本账单仍按出账时的 {bill.days} 天")


def _given(row: Assignment) -> str:
    until = "长期" if row.until is None else f"至 {row.until}"
    return f"{since(row.since)}，{until}"


def _left_out(bill: Bill, spans: list[tuple[date, date, Assignment]]) -> Iterator[Told]:
    """Tell the days of the month that are not charged, each with the reason; nothing for a whole one."""
    month: Month = bill.month
    at = month.first
    for number, (first, last, row) in enumerate(spans):
        if at < first:
            yield Told(
                _gap(at, first - _DAY), "两次收费设置之间，没有设置收费" if number else _why_later(bill, row)
            )
        at = last + _DAY
    if spans and at <= month.last:
        yield Told(_gap(at, month.last), _why_ended(bill, spans[-1][2]))


def _gap(first: date, last: date) -> str:
    return f"{first.month}月{first.day}日" if first == last else f"{first.month}月{first.day}–{last.day}日"


def _why_later(bill: Bill, row: Assignment) -> str:
    item: FeeItem = bill.item
    if item.since > row.since:
        return f"{item.name} 从 {item.since} 起才收"
    handed_over = bill.unit.handed_over
    if start_of(item, handed_over) == row.since:
        return f"{handed_over} 交付，{item.start_rule.value}计费，从 {row.since} 起收"
    return f"收费设置从 {row.since} 起"


def _why_ended(bill: Bill, row: Assignment) -> str:
    item: FeeItem = bill.item
    if item.until is not None and (row.until is None or item.until <= row.until):
        return f"{item.name} 收到 {item.until} 为止"
    return f"收费设置到 {row.until} 为止"
