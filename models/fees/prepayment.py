"""收预存: money for months ahead is taken at the price agreed, with a receipt, and kept as a balance.

A run bills these months at that price and sets the balance off against them. Whoever still owes something
pays that first. What is left when the agreement ends belongs to the payer and is refunded by FE-10.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Annotated

from peewee import fn

from models.clock import now
from models.deeds import actor, deed
from models.errors import RuleBroken
from models.fees.bills import OPEN, Bill
from models.fees.cashier import AskedDay, AskedMethod, AskedReference, AskedUnit, check_day, take
from models.fees.charges import Prices, Segment, Step, amount_of, at_least, read_areas, read_prices, segments
from models.fees.gaps import charging_lines
from models.fees.items import Assignment
from models.fees.payments import Method, Payment
from models.fees.prepay_plans import HOLDS, MOST_MONTHS, Lower, PrepayOffer, PrepayPlan, own_items
from models.fees.rights import BILL, RECEIVE
from models.fees.settle import holders
from models.fields import LineField, LinkField, MonthField
from models.inputs import Asked
from models.money import from_scaled, thousands
from models.months import Month
from models.owners.estate import Unit
from models.owners.payees import payers_on
from models.owners.people import Person
from models.series import Series

NUMBERS = Series("YC", "预存约定")

AskedOffer = Annotated[PrepayOffer, Asked(LinkField(PrepayOffer, verbose_name="优惠名称"))]
AskedFirst = Annotated[
    Month | None, Asked(MonthField(null=True, verbose_name="起始月份"), "不填为还没有出账的第一个月")
]


@dataclass(frozen=True)
class Quote:
    """What months ahead cost a unit at the price that is offered, in fen; `full` without it."""

    unit: Unit
    offer: PrepayOffer
    first: Month
    months: tuple[int, ...]
    """Of each month, in turn."""
    full: int

    @property
    def fen(self) -> int:
        """All of it."""
        return sum(self.months)

    @property
    def last(self) -> Month:
        """Its last month."""
        return self.first.plus(self.offer.months - 1)

    def summary(self) -> str:
        """Say what would be taken."""
        each = "，".join(
            f"{len(list(group))} 个月各 {thousands(fen)} 元" for fen, group in groupby(self.months)
        )
        return (
            f"{self.unit.code} {self.first} 至 {self.last}，{self.offer.told}：应收 {thousands(self.fen)} 元"
            f"（原价 {thousands(self.full)}，优惠 {thousands(self.full - self.fen)}）。"
            f"按优惠后的单价，{each}。没有写入。"
        )


@deed("fees.try_prepay", "试算预存", RECEIVE)
def try_prepay(
    unit: AskedUnit,
    offer: AskedOffer,
    first: AskedFirst = None,
    method: AskedMethod = Method.CASH,
    on: AskedDay = None,
    reference: AskedReference = None,
) -> Quote:
    """Say what months ahead would cost a unit; writes nothing."""
    return _quote(unit, offer, first, on or date.today())


@deed("fees.prepay", "收预存", RECEIVE)
def prepay(
    unit: AskedUnit,
    offer: AskedOffer,
    first: AskedFirst = None,
    method: AskedMethod = Method.CASH,
    on: AskedDay = None,
    reference: AskedReference = None,
) -> PrepayPlan:
    """Take the money for months ahead at the price that is offered, and keep it as the payer's balance.

    Raises:
        RuleBroken: something is still owed, the months are billed or agreed on already, or lie too far ahead.
    """
    on = on or date.today()
    check_day(on)
    quote = _quote(unit, offer, first, on)
    number = payers_on(unit, on).payer_id
    payer = None if number is None else Person.get_by_id(number)
    _refuse_debts(unit, payer)
    kept, parts = offer.kept
    plan = NUMBERS.next(on)
    amount = from_scaled(quote.fen, 2)
    payment = take(unit, amount, method, on, payer, reference=reference, note=f"预存约定 {plan}")
    return PrepayPlan.add(
        number=plan, unit=unit, payer=payer, offer=offer, first=quote.first, last=quote.last, kept=kept,
        parts=parts, amount=amount, payment=payment, made_at=now(), made_by=actor().name,
    )  # fmt: skip


@deed(
    "fees.end_prepay", "提前结束预存", BILL, danger=True, question="以后的月份按原价出账，余额可退还付款人。"
)
def end_prepay(
    plan: Annotated[PrepayPlan, Asked(LinkField(PrepayPlan, verbose_name="预存约定"))],
    last: Annotated[Month, Asked(MonthField(verbose_name="截止月份"))],
    reason: Annotated[str, Asked(LineField(max_length=80, verbose_name="提前结束原因"))],
) -> PrepayPlan:
    """End an agreement after a month: the house was sold, or the contract of the office ended.

    Raises:
        RuleBroken: it ends by then anyway, or later months were billed at its price already.
    """
    if last >= plan.last:
        raise RuleBroken(f"{plan.number} 本来就到 {plan.last} 为止。请填更早的月份。")
    later = charging_lines() & (Bill.unit == plan.unit) & Bill.month.between(last.plus(1), plan.last)
    line = Bill.select().where(later & Bill.item.in_(_items(plan.offer))).first()
    if line is not None:
        raise RuleBroken(f"{line.label()} 已按优惠价出账。请先撤销或红冲，或把截止月份改到它以后。")
    return plan.change(last=max(last, plan.first.plus(-1)), ended=reason)


def refundable(unit: Unit, payer: Person | None, on: date) -> Decimal:
    """Return what a payer may have back of what was paid ahead for a unit, in 元: all that is left."""
    return holders(unit, on).get(payer.id if payer else None, Decimal(0))


def _items(offer: PrepayOffer) -> list[int]:
    return own_items() if offer.item is None else [offer.item.id]


def _quote(unit: Unit, offer: PrepayOffer, first: Month | None, on: date) -> Quote:
    """Return what the months would cost, as runs will charge them.

    Raises:
        RuleBroken: they are billed or agreed on already, lie too far ahead, or cannot be charged.
    """
    if not offer.active:
        raise RuleBroken(f"“{offer.name}”已停用。请另选一种优惠。")
    items = _items(offer)
    first = first or _next(unit, items, on)
    last = first.plus(offer.months - 1)
    _check_months(unit, offer, items, first, last, on)
    kept, parts = offer.kept
    lower = Lower(first.number, last.number, None, kept, parts)
    known = read_prices()
    lowered = [_cost(unit, lower.price(known[item]), first, offer.months) for item in items]
    full = sum(sum(_cost(unit, known[item], first, offer.months)) for item in items)
    months = tuple(map(sum, zip(*lowered, strict=True)))
    if not any(months):
        raise RuleBroken(f"{unit.code} 在 {first} 至 {last} 没有可以预存的收费项目。请先设置收费。")
    return Quote(unit, offer, first, months, full)


def _next(unit: Unit, items: list[int], on: date) -> Month:
    """Return the first month that no run has made yet, this one at the earliest."""
    mine = charging_lines() & (Bill.unit == unit) & Bill.item.in_(items)
    billed: Month | None = Bill.select(fn.MAX(Bill.month)).where(mine).scalar()
    return max(Month.of(on), billed.plus(1)) if billed else Month.of(on)


def _check_months(
    unit: Unit, offer: PrepayOffer, items: list[int], first: Month, last: Month, on: date
) -> None:
    furthest = Month.of(on).plus(MOST_MONTHS)
    if last > furthest:
        raise RuleBroken(f"预存到 {last} 太远：最多预收 {MOST_MONTHS} 个月（到 {furthest}）。请改起始月份。")
    if first < Month.of(on):
        raise RuleBroken(f"{first} 已经过去，不能预存。请填 {Month.of(on)} 或以后的月份。")
    if offer.contract_end is not None and last.last > offer.contract_end:
        raise RuleBroken(f"物业合同到 {offer.contract_end} 为止，不能预存到 {last}。请改起始月份。")
    billed = charging_lines() & Bill.month.between(first, last)
    line = Bill.select().where(billed & (Bill.unit == unit) & Bill.item.in_(items)).first()
    if line is not None:
        raise RuleBroken(f"{line.label()} 已经出账，不能再按优惠价预存。请把起始月份改到它以后。")
    plans = PrepayPlan.select().join(Payment).where(HOLDS & (PrepayPlan.unit == unit))
    other = plans.where((PrepayPlan.first <= last) & (PrepayPlan.last >= first)).first()
    if other is not None:
        raise RuleBroken(f"{other.label()} 已有预存约定，月份重叠。请把起始月份改到 {other.last.plus(1)}。")


def _cost(unit: Unit, prices: Prices, first: Month, months: int) -> list[int]:
    """Return what an item costs a unit in each of some months, in fen, as a run charges it."""
    given = list(Assignment.select().where((Assignment.unit == unit) & (Assignment.item == prices.id)))
    areas = read_areas().get(unit.id, ()) if given else ()
    return [_of_month(unit, prices, given, areas, first.plus(number)) for number in range(months)]


def _of_month(
    unit: Unit, prices: Prices, given: list[Assignment], areas: tuple[Step, ...], month: Month
) -> int:
    cut: list[Segment] = []
    for start, end in _spans(prices, given, month):
        found = segments(prices, areas, start, end)
        if isinstance(found, str):
            raise RuleBroken(f"{unit.code} {prices.name} {month}：{found}。请先补上，再收预存。")
        cut += found
    days = sum(segment.days for segment in cut)
    return at_least(amount_of(cut, month.days), prices.minimum, days, month.days)


def _spans(prices: Prices, given: list[Assignment], month: Month) -> Iterator[tuple[date, date]]:
    for one in given if prices.active else ():
        start = max(one.since, prices.since, month.first)
        end = min(one.until or month.last, prices.until or month.last, month.last)
        if start <= end:
            yield start, end


def _refuse_debts(unit: Unit, payer: Person | None) -> None:
    mine = Bill.payer.is_null() if payer is None else Bill.payer == payer
    lines = Bill.select().where(OPEN & (Bill.unit == unit) & mine)
    owed = sum((line.owed for line in lines), start=Decimal(0))
    if owed:
        raise RuleBroken(f"{unit.code} 还有未收账单 {thousands(owed)} 元。请先收清，再收预存。")
