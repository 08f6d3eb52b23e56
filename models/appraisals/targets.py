"""指标目标: what is to be reached in a year, split to its months; a changed target stands beside the old one.

The months of a sum come to its year. A rate is the same measure in a month and in a year: its months need not
add up, and the target of a quarter is the mean of its months. That of the profit is income less cost.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import Enum

from models.appraisals.spans import SET, Indicator, Span
from models.base import Record
from models.fields import (
    ChoiceField,
    CountField,
    LineField,
    LinkField,
    MomentField,
    MonthField,
    QuantityField,
)
from models.months import Month
from models.owners.estate import Building

FIRST_YEAR, LAST_YEAR = 2000, 2199


class Split(Enum):
    """How a year was split to its months."""

    EVEN = "平均"
    LAST_YEAR = "按上年各月"
    TYPED = "逐月填写"


class Target(Record):
    """指标目标: one indicator of one year; the latest of both holds. The rate may have one for a building."""

    indicator = ChoiceField(Indicator, only=SET, verbose_name="指标")
    year = CountField(low=FIRST_YEAR, high=LAST_YEAR, verbose_name="年份")
    building = LinkField(Building, null=True, backref="targets", verbose_name="楼栋")
    figure = QuantityField(verbose_name="年目标")
    split = ChoiceField(Split, verbose_name="拆分")
    reason = LineField(max_length=120, null=True, verbose_name="调整原因")
    made_at = MomentField(verbose_name="登记时间")
    made_by = LineField(max_length=60, verbose_name="经办人")

    class Meta:
        title = "指标目标"

    def label(self) -> str:
        """Return 2026 年收缴率 1栋."""
        where = f" {self.building.name}" if self.building else ""
        return f"{self.year} 年{self.indicator.value}{where}"


class MonthTarget(Record):
    """月目标: what of a target falls on one month."""

    target = LinkField(Target, backref="months", verbose_name="指标目标")
    month = MonthField(verbose_name="月份")
    figure = QuantityField(verbose_name="月目标")

    class Meta:
        title = "月目标"
        indexes = ((("target", "month"), True),)


def latest(
    indicator: Indicator, year: int, building: Building | None = None, upto: int | None = None
) -> Target | None:
    """Return the target of an indicator and year that holds, or held once the one of an id was set."""
    where = Target.building.is_null() if building is None else Target.building == building
    query = Target.select().where((Target.indicator == indicator) & (Target.year == year) & where)
    if upto is not None:
        query = query.where(Target.id <= upto)
    found: Target | None = query.order_by(Target.id.desc()).first()
    return found


def months_of(target: Target) -> dict[Month, Decimal]:
    """Return the target's months."""
    return {row.month: row.figure for row in MonthTarget.select().where(MonthTarget.target == target)}


@dataclass(frozen=True)
class Goals:
    """The targets of a year by indicator: that of the year, and those of its months."""

    years: dict[Indicator, Decimal]
    months: dict[Indicator, dict[Month, Decimal]]

    @classmethod
    def of(cls, year: int, upto: int | None = None) -> Goals:
        """Return what holds for a year, or what held when the target of an id was the last."""
        years: dict[Indicator, Decimal] = {}
        months: dict[Indicator, dict[Month, Decimal]] = {}
        for indicator in SET:
            found = latest(indicator, year, upto=upto)
            if found is not None:
                years[indicator], months[indicator] = found.figure, months_of(found)
        income, cost = Indicator.INCOME, Indicator.COST
        if {income, cost} <= years.keys():
            years[Indicator.PROFIT] = years[income] - years[cost]
            months[Indicator.PROFIT] = {
                month: figure - months[cost][month] for month, figure in months[income].items()
            }
        return cls(years, months)

    def year(self, indicator: Indicator) -> Decimal | None:
        """Return the target of the year."""
        return self.years.get(indicator)

    def over(self, indicator: Indicator, months: list[Month]) -> Decimal | None:
        """Return the target of some months: their sum, of a rate their mean."""
        if indicator not in self.months:
            return None
        total = sum((self.months[indicator][month] for month in months), start=Decimal(0))
        if indicator is not Indicator.RATE:
            return total
        return (total / len(months)).quantize(Decimal("0.01"), ROUND_HALF_UP)

    def of_span(self, indicator: Indicator, span: Span) -> Decimal | None:
        """Return the target of a month, quarter or year."""
        whole = len(span.months) == 12
        return self.year(indicator) if whole else self.over(indicator, span.months)

    def so_far(self, indicator: Indicator, span: Span) -> Decimal | None:
        """Return what is to be reached up to a span's last month; a rate is held against that of the year."""
        return self.year(indicator) if indicator is Indicator.RATE else self.over(indicator, span.so_far)


def target_rates(month: Month) -> dict[int | None, Decimal]:
    """Return the targets of the rate of collection for a month in percent: None is the office's.

    The others are by building (id); one that has none of its own has that of the office.
    """
    mine = (Target.indicator == Indicator.RATE) & (Target.year == month.year) & (MonthTarget.month == month)
    query = MonthTarget.select(MonthTarget, Target).join(Target).where(mine)
    return {one.target.building_id: one.figure for one in query.order_by(Target.id)}  # the last one holds


def last_target() -> int:
    """Return the id of the target that was set last, 0 where none was."""
    found = Target.select().order_by(Target.id.desc()).first()
    return found.id if found else 0


def first_set() -> date | None:
    """Return the day on which a target was set first."""
    found = Target.select().order_by(Target.made_at).first()
    return found.made_at.date() if found else None
