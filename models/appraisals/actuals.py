"""实际数: income, money collected and the rate by the ledger of fees, cost as typed, profit, income a head.

They are the office's whoever looks: nobody's data scope narrows them, and they name nobody. 收入 is what was
charged of the office's own for a month less what was taken off, and less what corrected earlier months
within it (forms.md B4.6); 代收, 违约金, 押金 and 公共收益 stand in nothing here (B5, B12.7). A month's
figures are as of its last day, this month's as of today.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property

from models import deeds
from models.appraisals.costs import costs_of
from models.appraisals.spans import Indicator, Span
from models.audit import AuditEntry
from models.base import db
from models.fees.rates import Collected, percent, rates_of
from models.money import from_scaled
from models.months import Month
from models.office.staff import Staff

Figures = dict[Indicator, Decimal | None]

BEGINNING = Month(1900, 1)
"""Before any month of which costs were typed."""


def headcount(day: date) -> int:
    """Return how many people work here on a day; the day of leaving counts."""
    came = Staff.joined.is_null() | (Staff.joined <= day)
    return int(Staff.select().where(came & (Staff.left.is_null() | (Staff.left >= day))).count())


@dataclass
class Book:
    """The actual figures as of a day, each month asked of the ledger once.

    Args:
        today: the day; what is dated later does not count.
    """

    today: date
    _rates: dict[tuple[Month, Month], Collected] = field(default_factory=dict)

    def figures(self, months: list[Month]) -> Figures:
        """Return the figures of consecutive months of one year; those to come add nothing."""
        told = [month for month in months if month.first <= self.today]
        if not told:
            return dict.fromkeys(Indicator)
        groups = [self._of(month) for month in told]
        income = sum(group.net - group.past_relief for group in groups)
        cost = self._cost(told)
        heads = headcount(min(told[-1].last, self.today))
        return {
            Indicator.INCOME: from_scaled(income, 2),
            Indicator.COLLECTED: from_scaled(sum(one.received + one.recovered for one in groups), 2),
            Indicator.RATE: self._rate(told),
            Indicator.COST: None if cost is None else from_scaled(cost, 2),
            Indicator.PROFIT: None if cost is None else from_scaled(income - cost, 2),
            Indicator.PER_HEAD: _each(from_scaled(income, 2), heads),
        }

    def of_span(self, span: Span) -> Figures:
        """Return the figures of a month, quarter or year."""
        return self.figures(span.months)

    def so_far(self, span: Span) -> Figures:
        """Return the figures of its year up to its last month."""
        return self.figures(span.so_far)

    def lacking(self, months: list[Month]) -> list[Month]:
        """Return the months, so far as they have begun, for which no cost was typed."""
        return [month for month in months if month.first <= self.today and month not in self._costs]

    @cached_property
    def _costs(self) -> dict[Month, int]:
        return costs_of(BEGINNING, Month.of(self.today))

    def _cost(self, months: list[Month]) -> int | None:
        return None if self.lacking(months) else sum(self._costs[month] for month in months)

    def _of(self, month: Month, until: Month | None = None) -> Collected:
        """Return the ledger's sums of a month, as of the last day of it or of a later month."""
        key = month, until or month
        if key not in self._rates:
            cutoff = min(key[1].last, self.today)
            with deeds.acting(deeds.TheOffice()):
                self._rates[key] = rates_of(month, cutoff, by="item").total
        return self._rates[key]

    def _rate(self, months: list[Month]) -> Decimal | None:
        """Return how much of what was charged for months has come in, in percent (forms.md B5)."""
        if len(months) == 1:
            return self._of(months[0]).rates()["current"]
        whole = self._of(months[-1])
        received, net = whole.year_received, whole.year_charged - whole.year_relief
        if months[0].month > 1:
            before = self._of(months[0].plus(-1), months[-1])
            received -= before.year_received
            net -= before.year_charged - before.year_relief
        return percent(received, net)


_kept: dict[tuple[str, str, date], Book] = {}
"""The book asked last, by database, last entry of its audit trail, and day."""


def book_on(day: date) -> Book:
    """Return the book of a day, the same one for all who ask while nothing was done since."""
    last = AuditEntry.select(AuditEntry.digest).order_by(AuditEntry.id.desc()).first()
    key = str(db.database), last.digest if last else "", day
    if key not in _kept:
        _kept.clear()
        _kept[key] = Book(day)
    return _kept.get(key) or Book(day)


def _each(amount: Decimal, heads: int) -> Decimal | None:
    return (amount / heads).quantize(Decimal("0.01"), ROUND_HALF_UP) if heads else None
