"""指标完成情况: targets beside what came of them, as AP-08 tells it, for a month, a quarter or a year."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from models.appraisals.actuals import book_on, headcount
from models.appraisals.spans import Indicator, Span, SpanKind, share
from models.appraisals.targets import Goals
from models.text import few

FORMULAS = (
    "收入＝本期自有项目应收－减免－冲减以前各期，不含代收、违约金、押金和公共收益；"
    "收缴额＝归属本期的实收＋清欠实收；收缴率＝归属本期的实收÷本期净应收；利润＝收入－成本；"
    "人均收入＝收入÷期末在职员工。完成率＝实际÷目标；成本的完成率越低越好。收缴率的季目标为各月平均，"
    "累计与年目标比。分母为零印“—”。"
)


@dataclass(frozen=True)
class IndicatorRow:
    """One line of AP-08; money in 元, rates in percent.

    Args:
        indicator: what is measured.
        year: its target of the year.
        quarter: its target of the quarter, None for a year.
        month: its target of the month, None for anything longer.
        actual: what came of it within the span.
        done: actual ÷ the target of the span.
        total: what came of it from the first day of the year on.
        total_done: that ÷ the target up to then.
        against: by how much it is more than a year before, in percent; of a rate, in points.
        note: what the reader must know.
    """

    indicator: Indicator
    year: Decimal | None
    quarter: Decimal | None
    month: Decimal | None
    actual: Decimal | None
    done: Decimal | None
    total: Decimal | None
    total_done: Decimal | None
    against: Decimal | None
    note: str = ""

    @property
    def measured(self) -> tuple[Decimal | None, Decimal | None]:
        """What the ledger says, apart from what was aimed at."""
        return self.actual, self.total


def rows_of(span: Span, today: date, upto: int | None = None) -> list[IndicatorRow]:
    """Return the lines of AP-08.

    Args:
        span: a month, a quarter or a year.
        today: what is dated later does not count.
        upto: by the targets up to the one of this id; by those that hold where None.
    """
    goals, book = Goals.of(span.year, upto), book_on(today)
    actual, total = book.of_span(span), book.so_far(span)
    before = book.of_span(Span.of(span.kind, span.first.plus(-12)))
    quarter = Span.of(SpanKind.QUARTER, span.last)
    lacking = book.lacking(span.so_far)
    rows = []
    for one in Indicator:
        goal, goal_so_far = goals.of_span(one, span), goals.so_far(one, span)
        rows.append(
            IndicatorRow(
                one, goals.year(one),
                None if span.kind is SpanKind.YEAR else goals.of_span(one, quarter),
                goals.of_span(one, span) if span.kind is SpanKind.MONTH else None,
                actual[one], share(actual[one], goal), total[one], share(total[one], goal_so_far),
                _against(one, actual[one], before[one]), _note(one, span, today, [str(m) for m in lacking]),
            )
        )  # fmt: skip
    return rows


def _against(indicator: Indicator, now: Decimal | None, before: Decimal | None) -> Decimal | None:
    """Return by how many percent it is more than a year before; of a rate, by how many points."""
    if now is None or before is None:
        return None
    return now - before if indicator is Indicator.RATE else share(now - before, before)


def _note(indicator: Indicator, span: Span, today: date, lacking: list[str]) -> str:
    if indicator is Indicator.PER_HEAD:
        return f"在职 {headcount(min(span.last.last, today))} 人"
    if indicator in (Indicator.COST, Indicator.PROFIT) and lacking:
        return f"没有录成本：{few(lacking, '个月')}"
    return "同比为百分点" if indicator is Indicator.RATE else ""
