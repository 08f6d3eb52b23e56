"""收费体检与提醒: what is missing before fees can be charged, what is due, and the figures of the desk."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from peewee import fn

from models.base import db
from models.conditions import Condition, Test
from models.desk import Figure, Reminder, figures, reminds
from models.fees.arrears import age_bounds
from models.fees.billing import runs_of
from models.fees.bills import OPEN, Bill, principal
from models.fees.items import Assignment, Category, FeeItem, Rate
from models.fees.lists import OWN
from models.fees.payments import VALID, BalanceEntry, Receipt
from models.fees.rates import by_month_and_item, percent
from models.fees.rights import BILL, VIEW
from models.fees.runs import NOTHING, RECURRING, Run
from models.fees.services import Service
from models.fees.within import within
from models.fields import RateField
from models.health import Gap, health_check
from models.money import from_scaled, to_scaled
from models.months import Month, Period
from models.owners.estate import Unit, UnitState
from models.text import few

_RATE = RateField()


@health_check("没有收费项目", "fees.give_item")
def units_without_item() -> Iterator[Gap]:
    """Units in use that pay nothing, today or later."""
    going_on = Assignment.until.is_null() | (Assignment.until >= date.today())
    paying = Assignment.select(Assignment.unit).join(FeeItem).where(going_on & (FeeItem.active == True))
    query = Unit.select(Unit.id, Unit.code).where(
        (Unit.state != UnitState.RETIRED) & Unit.id.not_in(paying), *within(Unit.id)
    )
    for unit in query.order_by(Unit.sort_key):
        yield Gap(unit.code, Unit, unit.id)


@health_check("收费项目没有单价", "fees.set_rate")
def items_without_price() -> Iterator[Gap]:
    """Items in use without a price on the first day on which they can be billed from now on.

    Common costs that are shared have none; those with neither price nor plan are named apart.
    """
    today = date.today()
    first: dict[int, date] = {}
    for rate in Rate.select(Rate.item, fn.MIN(Rate.since).alias("since")).group_by(Rate.item):
        first[rate.item_id] = rate.since
    # One that only shares, services or 违约金 are charged on needs none.
    paid = FeeItem.id.in_(Assignment.select(Assignment.item)) | FeeItem.id.in_(Rate.select(Rate.item))
    apart = FeeItem.category.in_([Category.SHARED, Category.LATE])
    otherwise = apart | FeeItem.id.in_(Service.select(Service.item))
    for item in FeeItem.select().where((FeeItem.active == True) & (paid | ~otherwise)).order_by(FeeItem.code):
        if item.id not in first or first[item.id] > max(today, item.since):
            yield Gap(item.label(), FeeItem, item.id)


@health_check("出账金额为零", "fees.set_rate")
def items_that_come_to_nothing() -> Iterator[Gap]:
    """Items that charge houses nothing this month, so that no line is made, with these houses."""
    in_use = Unit.select(Unit.code).where(Unit.state != UnitState.RETIRED, *within(Unit.id))
    mine = {code for (code,) in db.execute(in_use)}
    houses: dict[str, list[str]] = {}
    for one in Run(Month.of(date.today())).by_assignments().skipped:
        if one.reason == NOTHING and one.unit in mine:
            houses.setdefault(one.item, []).append(one.unit)
    for item in FeeItem.select().where(FeeItem.name.in_(list(houses))).order_by(FeeItem.code):
        codes = houses[item.name]
        yield Gap(f"{item.name}：{few(codes, '户')}", FeeItem, item.id)


@reminds(BILL)
def month_not_billed(day: date) -> Iterator[Reminder]:
    """Remind that this month's run was not made though there is something to charge."""
    month = Month.of(day)
    if runs_of(month).exists() or not _waits(month):
        return
    yield Reminder(f"{month} 还没有出账", "warning", "bills", {"period": Period.of_month(month)})


def _waits(month: Month) -> bool:
    """Whether some unit pays an item in a month for which it has no line yet."""
    billed = Bill.select(Bill.id).where(
        RECURRING & (Bill.month == month) & (Bill.unit == Assignment.unit) & (Bill.item == Assignment.item)
    )
    query = Assignment.select().join(Unit).switch(Assignment).join(FeeItem)
    in_use = (Unit.state != UnitState.RETIRED) & (FeeItem.active == True)
    query = query.where(in_use, *(_touches(one, month) for one in (Assignment, FeeItem)))
    return bool(query.where(~fn.EXISTS(billed)).exists())


def _touches(record: Any, month: Month) -> Any:
    return (record.since <= month.last) & (record.until.is_null() | (record.until >= month.first))


_OLD = Condition("old", Test.LEAST, "0.01")


@reminds(VIEW)
def long_arrears(day: date) -> Iterator[Reminder]:
    """Remind of units that have owed for more than three months."""
    old = OPEN & (Bill.due < age_bounds(day)[0])
    query = Bill.select(fn.COUNT(fn.DISTINCT(Bill.unit))).where(old, *principal(), *within(Bill.unit))
    count = int(query.scalar())
    if count:
        yield Reminder(f"{count:,} 户欠费超过 3 个月", "warning", "arrears", {"on": day}, count, (_OLD,))


@figures(VIEW)
def month_figures(day: date) -> Iterator[Figure]:
    """What is charged for this month and came in so far, the month before beside it; only the own income."""
    month = Month.of(day)
    before = month.plus(-1)
    (charged, paid), (last_charged, last_paid) = _charged(month), _charged(before)
    of_month = {"period": Period.of_month(month)}
    yield Figure("本月账单应收", _yuan(charged), f"上月 {_yuan(last_charged)}", "bills", of_month, OWN)
    yield Figure("本月账单已收", _yuan(paid), f"上月 {_yuan(last_paid)}", "bills", of_month, OWN)
    rate, last = percent(paid, charged), percent(last_paid, last_charged)
    yield Figure("本月收缴率", _RATE.show(rate), f"上月 {_RATE.show(last)}", "rates")


@figures(VIEW)
def money_figures(day: date) -> Iterator[Figure]:
    """What is owed, what is prepaid, and what was taken today."""
    owed = Bill.select(fn.SUM(Bill.amount - Bill.paid), fn.COUNT(fn.DISTINCT(Bill.unit)))
    fen, units = next(
        iter(db.execute(owed.where(OPEN & (Bill.due <= day), *principal(), *within(Bill.unit))))
    )
    yield Figure("欠费合计", _yuan(fen), f"{units:,} 户", "arrears")
    held = BalanceEntry.select(fn.SUM(BalanceEntry.amount)).where(
        BalanceEntry.on <= day, *within(BalanceEntry.unit)
    )
    yield Figure("预存合计", _yuan(next(iter(db.execute(held)))[0]), "", "balances")
    taken = Receipt.select(fn.SUM(Receipt.amount), fn.COUNT(Receipt.id)).where(
        (Receipt.on == day) & VALID, *within(Receipt.unit)
    )
    fen, receipts = next(iter(db.execute(taken)))
    yield Figure("今日收款", _yuan(fen), f"{receipts:,} 张收据", "receipts")


def _charged(month: Month) -> tuple[int, int]:
    """Return fen (charged, paid) of the lines for a month; 代收 and 违约金 kept out."""
    others = {item for (item,) in db.execute(FeeItem.select(FeeItem.id).where(FeeItem.collected == True))}
    charged = paid = 0
    for _, item, due, came in by_month_and_item(month, month):
        if item not in others:
            charged, paid = charged + to_scaled(due, 2), paid + to_scaled(came, 2)
    return charged, paid


def _yuan(fen: Any) -> str:
    return f"{from_scaled(int(fen or 0), 2):,.2f}"
