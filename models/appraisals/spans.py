"""指标与考核期: the six figures of AP-08, and the months, quarters and years they are told for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import Enum

from models.errors import BadInput
from models.months import Month, Period

NONE = "—"
"""Stands where there is no figure: no target, no last year, a denominator of nothing (forms.md B5)."""


class Indicator(Enum):
    """What is measured."""

    INCOME = "收入"
    COLLECTED = "收缴额"
    RATE = "收缴率"
    COST = "成本"
    PROFIT = "利润"
    PER_HEAD = "人均收入"


SET = tuple(one for one in Indicator if one is not Indicator.PROFIT)
"""Those that a target is set for; that of the profit follows from income and cost."""


class SpanKind(Enum):
    """How long a period is that figures are told for."""

    MONTH = "月"
    QUARTER = "季"
    YEAR = "年"


@dataclass(frozen=True)
class Span:
    """A month, a quarter or a year, by its first and its last month."""

    kind: SpanKind
    first: Month
    last: Month

    @classmethod
    def of(cls, kind: SpanKind, month: Month) -> Span:
        """Return the span of a kind that holds a month."""
        if kind is SpanKind.MONTH:
            return cls(kind, month, month)
        if kind is SpanKind.YEAR:
            return cls(kind, Month(month.year, 1), Month(month.year, 12))
        first = Month(month.year, (month.month - 1) // 3 * 3 + 1)
        return cls(kind, first, first.plus(2))

    @classmethod
    def parse(cls, period: Period) -> Span:
        """Return the span that a period is.

        Raises:
            BadInput: it is neither a month, a quarter nor a year.
        """
        for kind in SpanKind:
            span = cls.of(kind, Month.of(period.first))
            if (span.first.first, span.last.last) == (period.first, period.last):
                return span
        raise BadInput(f"“{period.name}”不是月、季、年。请写 2026-11、2026Q4 或 2026。", "period")

    @property
    def year(self) -> int:
        """The year it lies in."""
        return self.first.year

    @property
    def code(self) -> str:
        """202611, 2026Q4 or 2026."""
        if self.kind is SpanKind.MONTH:
            return str(self.first.number)
        return str(self.year) + (f"Q{self.last.month // 3}" if self.kind is SpanKind.QUARTER else "")

    @property
    def chinese(self) -> str:
        """2026年11月, 2026年第4季度, or 2026年."""
        if self.kind is SpanKind.MONTH:
            return self.first.chinese
        return f"{self.year}年" + (f"第{self.last.month // 3}季度" if self.kind is SpanKind.QUARTER else "")

    @property
    def period(self) -> Period:
        """The same as lists are asked for it."""
        name = str(self.first) if self.kind is SpanKind.MONTH else self.code
        return Period(name, self.first.first, self.last.last)

    @property
    def months(self) -> list[Month]:
        """Its months in order."""
        return [self.first.plus(number) for number in range(self.last.minus(self.first) + 1)]

    @property
    def so_far(self) -> list[Month]:
        """The months of its year up to its last."""
        return [Month(self.year, number) for number in range(1, self.last.month + 1)]

    def over_on(self, day: date) -> bool:
        """Whether it is over on a day."""
        return self.last.last < day


def shown(indicator: Indicator, figure: Decimal | None) -> str:
    """Return a figure as people read it: 85.0% of the rate, 元 of all others."""
    if figure is None:
        return NONE
    return rate_shown(figure) if indicator is Indicator.RATE else f"{figure:,.2f}"


def rate_shown(figure: Decimal | None) -> str:
    """Return a percentage as people read it."""
    return NONE if figure is None else f"{figure.quantize(Decimal('0.1'), ROUND_HALF_UP):,}%"


def share(part: Decimal | None, whole: Decimal | None) -> Decimal | None:
    """Return part ÷ whole in percent with one decimal; None where the whole is nothing or less."""
    if part is None or whole is None or whole <= 0:
        return None
    return (part * 100 / whole).quantize(Decimal("0.1"), ROUND_HALF_UP)
