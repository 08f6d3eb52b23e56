"""演示的财务指标: targets, what each month cost, figures delivered on time, one corrected."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal

from desktop.demo.calendar import Calendar
from desktop.demo.staff import Crew
from models import deeds
from models.appraisals.actuals import Book
from models.appraisals.costs import CostKind, enter_costs
from models.appraisals.deliveries import deliver, due_of
from models.appraisals.setting import set_target
from models.appraisals.spans import Indicator, Span, SpanKind
from models.months import Month

_SHARES = {
    CostKind.STAFF: 48, CostKind.ENERGY: 9, CostKind.UPKEEP: 8, CostKind.SERVICES: 17, CostKind.OFFICE: 4,
    CostKind.TAXES: 3,
}  # fmt: skip
"""What each kind costs, in percent of what a month usually brings in."""
_AHEAD = timedelta(days=2)
"""So long before it is due a month is delivered."""


def aim(crew: Crew, calendar: Calendar) -> None:
    """Set the targets of each year, enter costs, and deliver all but the last month that is over."""
    chance = random.Random(calendar.length)
    usual = _usual(calendar)
    with deeds.acting(crew.accountant):
        for year in range(calendar.first.year, calendar.now.year + 1):
            with calendar.at(max(date(year, 1, 4), calendar.first.day(4))):
                _set(year, usual)
        for month in calendar.months[:-1]:
            _close(month, usual, calendar, chance)
        _correct(calendar, usual)


def _usual(calendar: Calendar) -> int:
    """Return in whole 元 what a month brings in."""
    told = Book(calendar.today).figures([calendar.first])[Indicator.INCOME] or Decimal(0)
    return max(100, int(told))


def _set(year: int, usual: int) -> None:
    for indicator, share in ((Indicator.INCOME, 102), (Indicator.COLLECTED, 96), (Indicator.COST, 90)):
        set_target(indicator, year, Decimal(usual * 12 * share // 100))
    set_target(Indicator.RATE, year, Decimal(92))
    set_target(Indicator.PER_HEAD, year, Decimal(usual * 12 // 10))


def _close(month: Month, usual: int, calendar: Calendar, chance: random.Random) -> None:
    """Enter the costs of a month, and deliver it on time; the last one waits."""
    entered = month.plus(1).day(5)
    if entered >= calendar.today:
        return
    rows = [
        {"month": month, "kind": kind, "amount": Decimal(usual * share * chance.randint(92, 108) // 10_000),
         "note": None}
        for kind, share in _SHARES.items()
    ]  # fmt: skip
    with calendar.at(entered):
        enter_costs(rows)
    if month == calendar.now.plus(-1):
        return
    for kind in SpanKind:
        span = Span.of(kind, month)
        if span.last == month and span.first >= calendar.first:
            with calendar.at(due_of(span) - _AHEAD):
                deliver(kind, month)


def _correct(calendar: Calendar, usual: int) -> None:
    """Correct a cost of the month before last, and deliver that month anew."""
    month = calendar.now.plus(-2)
    if month < calendar.first:
        return  # a demo of a month or two
    with calendar.at(calendar.day(calendar.now, 6)):
        row = {
            "month": month,
            "kind": CostKind.ENERGY,
            "amount": Decimal(usual * 11 // 100),
            "note": "补电费单",
        }
        enter_costs([row], reason="供电公司补来一张电费单")
        deliver(SpanKind.MONTH, month, reason="补录电费")
