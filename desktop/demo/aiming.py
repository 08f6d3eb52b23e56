"""演示的财务指标: targets, what each month cost, figures delivered on time, one corrected."""

from __future__ import annotations

import random
from decimal import Decimal

from desktop.demo.calendar import Calendar
from desktop.demo.staff import Crew
from models import deeds
from models.appraisals.actuals import Book
from models.appraisals.costs import CostKind, enter_costs
from models.appraisals.deliveries import deliver
from models.appraisals.setting import set_target
from models.appraisals.spans import Indicator, Span, SpanKind
from models.clock import now
from models.months import Month

_SHARES = {
    CostKind.STAFF: 48, CostKind.ENERGY: 9, CostKind.UPKEEP: 8, CostKind.SERVICES: 17, CostKind.OFFICE: 4,
    CostKind.TAXES: 3,
}  # fmt: skip
"""What each kind costs, in percent of what a month usually brings in."""
_MORNING, _EVENING = -120, 592
"""Minutes after the office opens."""


class Aims:
    """Sets the targets of each year, and on each month's first morning closes the month before it."""

    def __init__(self, crew: Crew, calendar: Calendar) -> None:
        self._crew, self._calendar, self._chance = crew, calendar, random.Random(calendar.length)
        self._usual = 0

    def begin(self, month: Month) -> None:
        """Enter what the month before cost and deliver it; the last one that is over waits."""
        if month == self._calendar.first:
            return
        with self._calendar.at(month.day(1), _MORNING), deeds.acting(self._crew.accountant):
            if month.month == 1:
                _set(month.year, self._usual)
            if month == self._calendar.now and self._calendar.today.day < 2:
                return
            self._close(month.plus(-1))

    def end(self, month: Month) -> None:
        """Set the first targets once there is something to go by; at the very end correct a month."""
        calendar = self._calendar
        with calendar.at(calendar.day(month, 31), _EVENING), deeds.acting(self._crew.accountant):
            if month == calendar.first:
                told = Book(now().date()).figures([month])[Indicator.INCOME] or Decimal(0)
                self._usual = max(100, int(told))
                _set(month.year, self._usual)
            if month == calendar.now and calendar.now.plus(-2) >= calendar.first:
                self._correct(calendar.now.plus(-2))

    def _close(self, month: Month) -> None:
        rows = [
            {"month": month, "kind": kind, "note": None,
             "amount": Decimal(self._usual * share * self._chance.randint(92, 108) // 10_000)}
            for kind, share in _SHARES.items()
        ]  # fmt: skip
        enter_costs(rows)
        if month == self._calendar.now.plus(-1):
            return
        for kind in SpanKind:
            span = Span.of(kind, month)
            if span.last == month and span.first >= self._calendar.first:
                deliver(kind, month)

    def _correct(self, month: Month) -> None:
        energy = Decimal(self._usual * 11 // 100)
        row = {"month": month, "kind": CostKind.ENERGY, "amount": energy, "note": "补电费单"}
        enter_costs([row], reason="供电公司补来一张电费单")
        deliver(SpanKind.MONTH, month, reason="补录电费")


def _set(year: int, usual: int) -> None:
    for indicator, share in ((Indicator.INCOME, 102), (Indicator.COLLECTED, 96), (Indicator.COST, 90)):
        set_target(indicator, year, Decimal(usual * 12 * share // 100))
    set_target(Indicator.RATE, year, Decimal(92))
    set_target(Indicator.PER_HEAD, year, Decimal(usual * 12 // 10))
