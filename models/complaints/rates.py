"""服务比率: every rate of complaints and repairs by kind, department, person and building.

A rate is always told with what it is a part of, with what stands outside it, and with its formula; the list
of counted cases shows, case by case, which rate counts it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from peewee import JOIN, Case

from models.charts import Chart, Opens, Series, charts
from models.clock import now
from models.complaints.cases import Call, ServiceCase
from models.complaints.contact.home_plans import households
from models.complaints.kinds import Kind, Sort
from models.complaints.lists import narrowed
from models.complaints.reach import within
from models.complaints.rights import VIEW
from models.complaints.tallies import Tally, counted, hundredths, share, tallies, tally
from models.conditions import Condition, Test
from models.fields import CountField, FlagField, LineField, RateField
from models.listings import Filters, Listing, RowListing, Shown, listing
from models.months import Month, Period
from models.office.staff import Department, Staff
from models.owners.estate import Building, Unit
from models.owners.search import HOUSE

NOBODY = "（未定）"


@dataclass(frozen=True)
class Measure:
    """One rate as it is told.

    Args:
        name: as people say it.
        part: name of the count above the line.
        whole: name of the count below it.
        formula: in words.
        sorts: of which it is a rate.
    """

    name: str
    part: str
    whole: str
    formula: str
    sorts: tuple[Sort, ...] = (Sort.COMPLAINT, Sort.REPAIR)

    def rate(self, found: Tally) -> Decimal | None:
        """Return it as a share of one; None where there is nothing below the line."""
        return share(getattr(found, self.part), getattr(found, self.whole))


_REPAIRS = (Sort.REPAIR,)
MEASURES = (
    Measure("处理率", "done", "due", "已办结÷应办结（承诺时限已到或已办结的，正在等业主的不算到期）"),
    Measure("及时率", "on_time", "done", "时限内办结÷已办结"),
    Measure("到场及时率", "arrived_on_time", "arrived", "时限内到场÷已到场", _REPAIRS),
    Measure("返修率", "again", "done", "返修÷已完工", _REPAIRS),
    Measure("回访率", "visited", "to_visit", "已回访÷应回访（含无法联系，不含匿名）"),
    Measure("满意率", "pleased", "marked", "没有不满意的÷有评价的（有过一次不满意的算不满意）"),
    Measure("重开率", "reopened", "counted", "重开过的÷计入的"),
)
"""Every rate (forms.md B8), in the order in which reports tell them."""


def until(period: Period) -> datetime:
    """Return the moment as of which a period is counted: its end, or now while it runs."""
    return min(period.moments[1], now())


def this(filters: Filters) -> Period:
    """Return the period asked for, this month unless chosen."""
    return filters.period or Period.of_month(Month.of(now().date()))


# -- every rate ------------------------------------------------------------------------------------


@listing("case_rates", "服务比率", "complaints", VIEW, "period", "building")
def case_rates(filters: Filters) -> RowListing:
    """Every rate of a period with its denominator and what is left out, this month unless chosen."""
    period = this(filters)
    columns = (
        Shown("sort", LineField(verbose_name="性质", max_length=8)),
        Shown("name", LineField(verbose_name="指标", max_length=20)),
        Shown("rate", LineField(verbose_name="比率", max_length=12)),
        Shown("part", CountField(verbose_name="分子"), total=False),
        Shown("whole", CountField(verbose_name="分母"), total=False),
        Shown("apart", LineField(verbose_name="不计", max_length=60)),
        Shown("formula", LineField(verbose_name="口径", max_length=120)),
    )
    rows: list[tuple[int, tuple[Any, ...]]] = []
    for sort in Sort:
        where = narrowed(Filters(building=filters.building))
        found = tally(sort, period, until(period), *where, marks=True)
        rows += [(len(rows) + at, values) for at, values in enumerate(_told(sort, found, filters))]
    return RowListing(columns, rows)


def _told(sort: Sort, found: Tally, filters: Filters) -> Iterator[tuple[Any, ...]]:
    apart = f"撤回 {found.withdrawn}，不成立 {found.unfounded}"
    for one in MEASURES:
        if sort in one.sorts:
            lost = f"；含无法联系 {found.unreached}" if one.name == "回访率" and found.unreached else ""
            part, whole = getattr(found, one.part), getattr(found, one.whole)
            rate = RateField().show(hundredths(one.rate(found)))
            yield sort.value, one.name, rate, part, whole, apart + lost, one.formula
    if sort is Sort.COMPLAINT and not within():
        units = households([filters.building] if filters.building else None).count()
        often = per_thousand(found.counted, units)
        told = "—" if often is None else f"{often:.1f}‰"
        yield sort.value, "有效投诉率", told, found.counted, units, apart, "有效投诉÷在住户数（‰）"


def per_thousand(cases: int, units: int) -> Decimal | None:
    """Return complaints for each thousand households; None where nobody lives."""
    return Decimal(cases) * 1000 / units if units else None


# -- by kind, department, person, building ---------------------------------------------------------


_KINDS = {kind.name: kind.value for kind in Kind}


def _grouped(
    filters: Filters, heading: str, by: Any, joined: Callable[[Any], Any],
    known: Mapping[str, str] | None = None,
) -> RowListing:  # fmt: skip
    """Return the rates apart by an expression, whose values are names themselves or the keys of some."""

    def shown(value: Any) -> str:
        return str((known or _KINDS).get(value, value)) if value else NOBODY

    period = this(filters)
    columns = (
        Shown("sort", LineField(verbose_name="性质", max_length=8)),
        Shown("by", LineField(verbose_name=heading, max_length=40)),
        Shown("received", CountField(verbose_name="受理"), total=True),
        Shown("apart", CountField(verbose_name="不计"), total=True),
        Shown("due", CountField(verbose_name="应办结"), total=True),
        Shown("finished", CountField(verbose_name="已办结"), total=True),
        *(
            Shown(f"rate{at}", RateField(verbose_name=one.name), total=False)
            for at, one in enumerate(MEASURES)
        ),
        Shown("again_up", CountField(verbose_name="重开"), total=True, hidden=True),
        Shown("key", LineField(verbose_name="编号", max_length=40), hidden=True),
    )
    rows: list[tuple[int, tuple[Any, ...]]] = []
    for sort in Sort:
        found = tallies(
            sort, period, until(period), by, joined, *narrowed(Filters(building=filters.building))
        )
        for value, one in found.items():
            rates = [hundredths(each.rate(one)) if sort in each.sorts else None for each in MEASURES]
            apart = one.withdrawn + one.unfounded
            values = (
                sort.value,
                shown(value),
                one.received,
                apart,
                one.due,
                one.done,
                *rates,
                one.reopened,
                value,
            )
            rows.append((len(rows), values))
    rows.sort(key=lambda row: (row[1][0] != Sort.COMPLAINT.value, -row[1][2], row[1][1]))
    return RowListing(columns, rows)


@listing("rates_by_kind", "按类别", "complaints", VIEW, "period", "building")
def rates_by_kind(filters: Filters) -> RowListing:
    """The rates of each kind of complaint and of each trade of repairs."""
    return _grouped(filters, "类别（工种）", ServiceCase.kind, lambda query: query)


@listing("rates_by_department", "按部门", "complaints", VIEW, "period", "building")
def rates_by_department(filters: Filters) -> RowListing:
    """The rates of each department."""
    return _grouped(
        filters, "承办部门", Department.name, lambda query: query.join(Department, JOIN.LEFT_OUTER)
    )


@listing("rates_by_handler", "按承办人", "complaints", VIEW, "period", "building")
def rates_by_handler(filters: Filters) -> RowListing:
    """The rates of each person; two of one name are two."""
    names = {one.number: one.name for one in Staff.select(Staff.number, Staff.name)}
    return _grouped(filters, "承办人", Staff.number, lambda query: query.join(Staff, JOIN.LEFT_OUTER), names)


@listing("rates_by_building", "按楼栋", "complaints", VIEW, "period")
def rates_by_building(filters: Filters) -> RowListing:
    """The rates of each building; two of one name are two."""
    names = {one.code: one.name for one in Building.select(Building.code, Building.name)}
    return _grouped(
        filters, "楼栋", Building.code, lambda query: query.join(Building, JOIN.LEFT_OUTER), names
    )


# -- which cases they count ------------------------------------------------------------------------

_FLAGS = {
    "due": "应办结",
    "done": "已办结",
    "on_time": "按时办结",
    "arrived": "已到场",
    "arrived_on_time": "按时到场",
    "to_visit": "应回访",
    "visited": "已回访",
    "unreached": "无法联系",
    "again": "返修",
    "marked": "有评价",
    "pleased": "满意",
    "reopened": "重开",
}


@listing("counted_cases", "比率明细", "complaints", VIEW, "period", "building")
def counted_cases(filters: Filters) -> Listing:
    """The cases of a period, and by which rates each of them is counted, this month unless chosen."""
    period = this(filters)
    asked = counted(until(period))
    query = ServiceCase.select().join(Call).switch(ServiceCase).join(Unit, JOIN.LEFT_OUTER)
    query = query.switch(ServiceCase).join(Building, JOIN.LEFT_OUTER)
    query = query.switch(ServiceCase).join(Staff, JOIN.LEFT_OUTER)
    query = query.switch(ServiceCase).join(Department, JOIN.LEFT_OUTER)
    query = query.where(*narrowed(Filters(period=period, building=filters.building)))
    apart = asked["withdrawn"] | asked["unfounded"]
    columns = (
        Shown("number", ServiceCase.number),
        Shown("sort", ServiceCase.sort),
        Shown("unit", Unit.code, label="房号", sort=Unit.sort_key),
        Shown("building", Building.name, label="楼栋", hidden=True),
        Shown("building_code", Building.code, hidden=True),
        Shown("kind", ServiceCase.kind),
        Shown("matter", ServiceCase.matter, hidden=True),
        Shown("department", Department.name, label="承办部门", hidden=True),
        Shown("handler", Staff.name, label="承办人"),
        Shown("handler_number", Staff.number, hidden=True),
        Shown("state", ServiceCase.state),
        Shown("apart", FlagField(verbose_name="不计"), _flag(apart)),
        *(Shown(name, FlagField(verbose_name=label), _flag(asked[name])) for name, label in _FLAGS.items()),
    )
    return Listing(
        query, columns, id=ServiceCase.id, order=("number",), record=ServiceCase,
        search=(ServiceCase.number, HOUSE),
    )  # fmt: skip


def _flag(condition: Any) -> Any:
    return Case(None, ((condition, True),), False)


GOES_BY = {
    "rates_by_kind": "kind",
    "rates_by_department": "department",
    "rates_by_handler": "handler_number",
    "rates_by_building": "building_code",
}
"""The column of the counted cases in which the `key` of each list stands."""


def lines_of(sort: Sort, name: str, by: tuple[str, str | None] | None = None) -> tuple[Condition, ...]:
    """Return the questions to the list of counted cases that leave what is below the line of a rate.

    Args:
        sort: complaints or repairs.
        name: of a measure; empty for all cases.
        by: a column and what it must be, as ("kind", "水"); None where nothing may stand in it.
    """
    asked = [Condition("sort", Test.IS, sort.value)]
    measure = next((one for one in MEASURES if one.name == name), None)
    whole = measure.whole if measure else "counted"
    if name:
        asked.append(
            Condition("apart", Test.IS, "否") if whole == "counted" else Condition(whole, Test.IS, "是")
        )
    if by is not None:
        column, value = by
        asked.append(Condition(column, Test.IS, value) if value else Condition(column, Test.BLANK))
    return tuple(asked)


# -- how they went ---------------------------------------------------------------------------------

_MONTHS = 12


@charts(VIEW, "case_rates", takes=("period", "building"), of=("ServiceCase",), desk=False)
def rates_by_month(filters: Filters) -> Iterator[Chart]:
    """How many came, and how many were done in time, over the last twelve months."""
    last = this(filters).month
    months = [last.plus(at - _MONTHS + 1) for at in range(_MONTHS)]
    where = narrowed(Filters(building=filters.building))
    for sort in Sort:
        found = [tally(sort, Period.of_month(one), until(Period.of_month(one)), *where) for one in months]
        names = tuple(f"{one.month}月" for one in months)
        opens = tuple(
            Opens("counted_cases", {"period": Period.of_month(one), "building": filters.building},
                  lines_of(sort, ""))
            for one in months
        )  # fmt: skip
        counts = tuple(one.received for one in found)
        yield Chart(
            "bar", f"各月{sort.value}（件）", names, (Series("受理", counts),), height=48, opens=opens
        )
        rates = tuple(hundredths(one.handling) for one in found)
        prompt = tuple(hundredths(one.timely) for one in found)
        yield Chart(
            "line", f"{sort.value}处理率、及时率（%）", names,
            (Series("处理率", rates), Series("及时率", prompt)), places=1, height=48,
        )  # fmt: skip
