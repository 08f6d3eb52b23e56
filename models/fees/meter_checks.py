"""抄表核对与提醒: what must hold among readings and their lines, what meters lack, what was not read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import islice

from peewee import JOIN, fn

from models.base import db
from models.checks import invariant
from models.conditions import Condition, Test
from models.desk import Reminder, reminds
from models.fees.bills import Bill, BillKind
from models.fees.metering import Metered
from models.fees.meters import Meter, walk
from models.fees.readings import Reading, live_readings, spans_of, unread
from models.fees.rights import READ, VIEW
from models.fees.usage import USUAL, Falling, steps
from models.fees.within import within
from models.health import Gap, health_check
from models.money import from_scaled
from models.months import Month, Period

_NAMED = 20
"""Places that a check names."""
_READ_BY = 25
"""Day of a month from which the desk reminds of what was not read."""


@invariant("抄表用量")
def readings_count_on() -> Iterator[str]:
    """The usage of each meter's readings follows from what it showed."""
    return islice(_miscounted(), _NAMED)


def _miscounted() -> Iterator[str]:
    for meter in Meter.select():
        readings = live_readings(meter)
        try:
            found = steps(readings, meter.terms, spans_of(meter.replaces))
        except Falling as problem:
            yield f"{readings[problem.at].label()} 的读数小于上次读数 {problem.previous:,.2f}"
            continue
        for reading, step in zip(readings, found, strict=True):
            if reading.usage != step.usage:
                yield f"{reading.label()} 记用量 {reading.usage:,.2f}，按读数却是 {step.usage:,.2f}"


@invariant("抄表计费")
def metered_lines_add_up() -> Iterator[str]:
    """A line by readings charges just the usage of the months that it names."""
    found = fn.COALESCE(fn.SUM(Metered.usage), -1)
    query = Bill.select(Bill.id, Bill.quantity, found).join(Metered, JOIN.LEFT_OUTER)
    query = query.where(Bill.kind == BillKind.METERED).group_by(Bill.id, Bill.quantity)
    for number, quantity, months in db.execute(query.having(found != Bill.quantity).limit(_NAMED)):
        told = "没有记" if months < 0 else f"合计 {from_scaled(months, 2)}"
        yield f"账单 {number} 用量 {from_scaled(quantity, 2)}，各月却{told}"


@health_check("表计没有收费项目", "fees.edit_meter")
def meters_without_item() -> Iterator[Gap]:
    """Meters of houses in use for whose usage nothing is charged."""
    wanted = (Meter.active == True) & Meter.unit.is_null(False) & Meter.item.is_null()
    for meter in walk(wanted, *within(Meter.unit)):
        yield Gap(meter.label(), Meter, meter.id)


@health_check("表计没有抄表路线", "fees.edit_meter")
def meters_without_route() -> Iterator[Gap]:
    """Meters in use that stand on no route, so that they are easily passed by."""
    wanted = (Meter.active == True) & Meter.route.is_null()
    for meter in walk(wanted, *within(Meter.unit)):
        yield Gap(meter.label(), Meter, meter.id)


@health_check("上月没有抄表", "fees.enter_reading")
def meters_not_read() -> Iterator[Gap]:
    """Meters in use without a reading of the month before this one."""
    for meter in unread(Month.of(date.today()).plus(-1), *within(Meter.unit)):
        yield Gap(meter.label(), Meter, meter.id)


@reminds(READ)
def not_read_yet(day: date) -> Iterator[Reminder]:
    """Remind, towards the end of a month, of the meters that were not read in it."""
    count = len(unread(Month.of(day))) if day.day >= _READ_BY else 0
    if count:
        yield Reminder(f"{count:,} 块表本月未抄", "warning", "reading", {}, count)


@reminds(VIEW)
def strange_usage(day: date) -> Iterator[Reminder]:
    """Remind of readings of this month that are far off the usual."""
    month = Month.of(day)
    off = (Reading.deviation > USUAL) | (Reading.deviation < -USUAL)
    wanted = (Reading.live == True) & (Reading.month == month) & off
    count = Reading.select().join(Meter).where(wanted, *within(Meter.unit)).count()
    if count:
        asked = (Condition("strange", Test.IS, "是"),)
        where = {"period": Period.of_month(month)}
        yield Reminder(f"本月 {count:,} 块表用量异常", "warning", "readings", where, count, asked)
