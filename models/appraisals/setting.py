"""定目标: set the target of a year and split it: evenly, like last year's months, or typed month by month."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated, Any

from models.appraisals.actuals import book_on
from models.appraisals.rights import KEEP
from models.appraisals.spans import SET, Indicator, shown
from models.appraisals.targets import (
    FIRST_YEAR,
    LAST_YEAR,
    Goals,
    MonthTarget,
    Split,
    Target,
    latest,
    months_of,
)
from models.base import journal
from models.clock import now
from models.deeds import actor, deed
from models.entries import Line, Sheet, entry
from models.errors import BadInput, RuleBroken
from models.fields import ChoiceField, CountField, LineField, LinkField, MonthField, QuantityField
from models.inputs import Asked, Input
from models.listings import Filters, Shown
from models.money import from_scaled, split_largest_remainder, to_scaled
from models.months import Month
from models.owners.estate import Building
from models.rows import RowRefused, RowsField

ROWS = "rows"
COLUMNS = {
    "income": Indicator.INCOME, "collected": Indicator.COLLECTED, "rate": Indicator.RATE,
    "cost": Indicator.COST, "per_head": Indicator.PER_HEAD,
}  # fmt: skip
_LIMIT = Decimal(100)

AskedReason = Annotated[
    str | None, Asked(LineField(max_length=120, null=True, verbose_name="调整原因"), "改已定的才要填")
]


@deed("appraisals.set_target", "定目标", KEEP)
def set_target(
    indicator: Annotated[Indicator, Asked(ChoiceField(Indicator, only=SET, verbose_name="指标"))],
    year: Annotated[int, Asked(CountField(low=FIRST_YEAR, high=LAST_YEAR, verbose_name="年份"))],
    figure: Annotated[Decimal, Asked(QuantityField(verbose_name="年目标"))],
    split: Annotated[
        Split,
        Asked(
            ChoiceField(Split, only=(Split.EVEN, Split.LAST_YEAR), default=Split.EVEN, verbose_name="拆分")
        ),
    ] = Split.EVEN,
    building: Annotated[
        Building | None, Asked(LinkField(Building, null=True, verbose_name="楼栋"), "不填为全小区")
    ] = None,
    reason: AskedReason = None,
) -> Target:
    """Set what is to be reached in a year; the months follow. What was set before stays in the list.

    Raises:
        BadInput: a rate above 100, nothing at all, or a building though it is no rate.
        RuleBroken: it changes what was set without a reason, or last year has nothing to follow.
    """
    if building is not None and indicator is not Indicator.RATE:
        raise BadInput("只有收缴率可以分楼栋定目标。请去掉楼栋。", "building")
    _check(indicator, figure)
    months = [Month(year, number) for number in range(1, 13)]
    if indicator is Indicator.RATE:
        if split is Split.LAST_YEAR:
            raise RuleBroken("收缴率不按上年各月拆分。请选平均，或逐月填写。")
        return _put(indicator, year, figure, dict.fromkeys(months, figure), split, reason, building)
    weights = [1] * 12 if split is Split.EVEN else _last_year(indicator, year)
    parts = split_largest_remainder(to_scaled(figure, 2), weights)
    shares = {month: from_scaled(part, 2) for month, part in zip(months, parts, strict=True)}
    return _put(indicator, year, figure, shares, split, reason)


def _check(indicator: Indicator, figure: Decimal) -> None:
    if indicator is Indicator.RATE and figure > _LIMIT:
        raise BadInput(f"收缴率目标不能超过 100%，现在是 {figure}。", "figure")
    if indicator is Indicator.RATE and 0 < figure <= 1:
        raise BadInput(f"收缴率目标按百分数填：92% 填 92，现在是 {figure}。", "figure")
    if figure <= 0:
        raise BadInput(f"{indicator.value}目标要大于零。", "figure")


def _last_year(indicator: Indicator, year: int) -> list[int]:
    """Return by what the months of last year were alike, in fen; losses count as nothing.

    A month that is not over yet is that of the year before.
    """
    today = now().date()
    book = book_on(today)
    months = [Month(year - 1, number) for number in range(1, 13)]
    over = [month if month.last < today else month.plus(-12) for month in months]
    found = [book.figures([month])[indicator] for month in over]
    weights = [max(0, to_scaled(figure or Decimal(0), 2)) for figure in found]
    if not any(weights):
        raise RuleBroken(f"{year - 1} 年没有{indicator.value}的实际数，不能按上年各月拆分。请选平均。")
    return weights


def _put(
    indicator: Indicator, year: int, figure: Decimal, months: Mapping[Month, Decimal], split: Split,
    reason: str | None, building: Building | None = None,
) -> Target:  # fmt: skip
    before = latest(indicator, year, building)
    if before is not None and not reason:
        told = shown(indicator, before.figure)
        raise RuleBroken(f"{before.label()}目标已定为 {told}。要改的，请填调整原因。")
    made = Target.add(
        indicator=indicator, year=year, building=building, figure=figure, split=split,
        reason=reason if before is not None else None, made_at=now(), made_by=actor().name,
    )  # fmt: skip
    for month, part in months.items():
        MonthTarget.add(target=made, month=month, figure=part)
    return made


# -- month by month --------------------------------------------------------------------------------


def _inputs() -> list[Input]:
    figures = [
        Input(name, QuantityField(null=True, verbose_name=_heading(indicator)), required=False)
        for name, indicator in COLUMNS.items()
    ]
    return [Input("month", MonthField(verbose_name="月份"), required=True), *figures]


def _heading(indicator: Indicator) -> str:
    return f"{indicator.value}(%)" if indicator is Indicator.RATE else indicator.value


class Typed:
    """What a sheet of months set."""

    def __init__(self, targets: Sequence[Target]) -> None:
        self.targets = targets

    def done(self) -> str:
        """Return 已逐月定目标, for a deed whose title is no verb alone."""
        return "已逐月定目标"

    def summary(self) -> str:
        """Return what was set: 收入 1,200,000.00，收缴率 95.0%."""
        told = (f"{one.indicator.value} {shown(one.indicator, one.figure)}" for one in self.targets)
        return "，".join(told) + "。"


@deed("appraisals.set_month_targets", "逐月定目标", KEEP)
def set_month_targets(
    rows: Annotated[list[dict[str, Any]], Asked(RowsField(_inputs, verbose_name="月目标"))],
    rate: Annotated[
        Decimal | None,
        Asked(QuantityField(null=True, verbose_name="年收缴率目标(%)"), "不填照已定的"),
    ] = None,
    reason: AskedReason = None,
) -> Typed:
    """Set the months of a year as they were typed; an indicator is typed for all twelve or not at all.

    The months of a sum come to the target of the year where one is set; they are the year where none is.

    Raises:
        RowRefused: a month stands twice, is of another year, or lacks a figure that others have.
        RuleBroken: the months do not come to the year, a change has no reason, or nothing is changed.
    """
    year = _check_months(rows)
    made = []
    for name, indicator in COLUMNS.items():
        figures = {row["month"]: row[name] for row in rows if row.get(name) is not None}
        if not figures:
            continue
        _check_column(rows, name, indicator)
        before = latest(indicator, year)
        whole = _year_of(indicator, figures, before, rate)
        if before is not None and (months_of(before), before.figure) == (figures, whole):
            continue
        made.append(_put(indicator, year, whole, figures, Split.TYPED, reason))
    if not made:
        raise RuleBroken("各月和已定的一样，没有要改的。")
    journal().subject = made[0]
    return Typed(made)


def _check_months(rows: Sequence[Mapping[str, Any]]) -> int:
    year = rows[0]["month"].year
    seen = set()
    for number, row in enumerate(rows):
        if row["month"].year != year or row["month"] in seen:
            raise RowRefused(f"{row['month']} 重复，或不是 {year} 年的。", ROWS, number, "month")
        seen.add(row["month"])
    return int(year)


def _check_column(rows: Sequence[Mapping[str, Any]], name: str, indicator: Indicator) -> None:
    for number, row in enumerate(rows):
        if row.get(name) is None:
            raise RowRefused(f"{row['month']} 没有填{indicator.value}。", ROWS, number, name)
        if indicator is Indicator.RATE and row[name] > _LIMIT:
            raise RowRefused(f"{row['month']} 收缴率不能超过 100%。", ROWS, number, name)
    if len(rows) != 12:
        raise RuleBroken(f"{indicator.value}只填了 {len(rows)} 个月。请填满十二个月，或一个月都不填。")


def _year_of(
    indicator: Indicator, figures: Mapping[Month, Decimal], before: Target | None, rate: Decimal | None
) -> Decimal:
    """Return the target of the year to which months belong."""
    total = sum(figures.values(), start=Decimal(0))
    if indicator is Indicator.RATE:
        mean = (total / 12).quantize(Decimal("0.01"), ROUND_HALF_UP)
        whole = rate if rate is not None else (before.figure if before is not None else mean)
        _check(indicator, whole)
        return whole
    if before is not None and before.figure != total:
        raise RuleBroken(
            f"{indicator.value}各月合计 {total:,.2f} 元，与年目标 {before.figure:,.2f} 元差 "
            f"{total - before.figure:,.2f} 元。请改月目标，或先用“定目标”改年目标。"
        )
    _check(indicator, total)
    return total


@entry("month_targets", "逐月定目标", "appraisals.set_month_targets", ROWS, tuple(COLUMNS), "period")
def month_targets(filters: Filters) -> Sheet:
    """The months of a year, this one unless chosen, with what is set for each."""
    year = filters.period.month.year if filters.period else date.today().year
    goals, book = Goals.of(year), book_on(date.today())
    lines = []
    for number in range(1, 13):
        month = Month(year, number)
        income = book.figures([month.plus(-12)])[Indicator.INCOME]
        set_now = {name: goals.months[of][month] for name, of in COLUMNS.items() if of in goals.months}
        lines.append(Line(str(month), (str(month), income), {"month": month}, set_now))
    return Sheet(
        told=(
            Shown("month", LineField(verbose_name="月份", max_length=10)),
            Shown("before", QuantityField(verbose_name="上年实际收入")),
        ),
        lines=lines,
        judge=_strange,
        warns="" if goals.years else f"{year} 年还没有定过目标：各月合计就是年目标。",
    )


def _strange(line: Line, row: Mapping[str, Any]) -> str:
    if all(row.get(name) is None for name in COLUMNS):
        return "没有填目标"
    rate = row.get("rate")
    return "收缴率不能超过 100%" if rate is not None and rate > _LIMIT else ""
