"""指标名单: indicators, targets and deliveries, on pages, in charts, on the desk and in the search line."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from peewee import JOIN, Case, fn

from models.appraisals.actuals import BEGINNING, book_on
from models.appraisals.deliveries import (
    Delivery,
    DeliveryRow,
    changed_since,
    due_of,
    spans_to_deliver,
)
from models.appraisals.rights import KEEP, VIEW
from models.appraisals.spans import Indicator, Span, SpanKind, rate_shown, shown
from models.appraisals.table import IndicatorRow, rows_of
from models.appraisals.targets import Goals, MonthTarget, Target
from models.charts import Chart, Opens, Series, charts
from models.conditions import Condition, Test
from models.desk import Figure, Reminder, figures, reminds
from models.errors import BadInput
from models.fees.charts import money_scale
from models.fees.lists import OWN
from models.fields import ChoiceField, FlagField, LineField
from models.listings import Filters, Listing, RowListing, Shown, listing
from models.money import to_scaled
from models.months import Month, Period
from models.owners.estate import Building
from models.search import LIKELY, MOST, SURE, Hit, Sought, finds

SOON = (7, 3, 1)
"""So many days before it is due somebody is reminded, each time more urgently."""
COLUMNS = (
    ("year", "年目标"), ("quarter", "季目标"), ("month", "月目标"), ("actual", "本期实际"),
    ("done", "完成率"), ("total", "累计"), ("total_done", "累计完成率"), ("against", "同比"),
)  # fmt: skip
"""The columns of AP-08 that hold figures."""
_PERCENT = frozenset({"done", "total_done", "against"})


class FigureField(LineField):
    """A figure as people read it: 元 in one row, percent in the next."""

    align = "right"


def cells(row: IndicatorRow) -> tuple[str, ...]:
    """Return the figures of a line as people read them."""
    return tuple(
        rate_shown(getattr(row, name)) if name in _PERCENT else shown(row.indicator, getattr(row, name))
        for name, _ in COLUMNS
    )


def asked_span(period: Period | None) -> Span:
    """Return the span that was asked for, this month where none was."""
    if period and period.first.year <= BEGINNING.year:
        raise BadInput(f"{period.name} 太早了，没有指标。请改期间。", "period")
    return Span.parse(period) if period else Span.of(SpanKind.MONTH, Month.of(date.today()))


@listing("indicators", "财务指标", "appraisals", VIEW, "period")
def indicators(filters: Filters) -> RowListing:
    """Each indicator of a month, quarter or year, this month unless given: targets and what came of them."""
    span = asked_span(filters.period)
    columns = (
        Shown("indicator", ChoiceField(Indicator, verbose_name="指标")),
        *(Shown(name, FigureField(verbose_name=label, max_length=24)) for name, label in COLUMNS),
        Shown("note", LineField(verbose_name="说明", max_length=60)),
    )
    rows = [
        (f"{span.code}:{one.indicator.name}", (one.indicator, *cells(one), one.note))
        for one in rows_of(span, date.today())
    ]
    return RowListing(columns, rows)


def lines_of(id: str) -> Opens:
    """Return the lines behind an indicator, by the id of its row."""
    code, _, name = id.partition(":")
    period = {"period": Period.parse(code if len(code) != 6 or "Q" in code else f"{code[:4]}-{code[4:]}")}
    indicator = Indicator[name]
    if indicator is Indicator.COLLECTED:
        return Opens("receipts", period)
    if indicator in (Indicator.COST, Indicator.PROFIT):
        return Opens("month_costs", period)
    return Opens("bills", period, OWN)


@listing("targets", "指标目标", "appraisals", VIEW, "period", "building", "state")
def targets(filters: Filters) -> Listing:
    """What was to be reached, newest first; what was set before stays. `state` names an indicator."""
    query = Target.select().join(Building, JOIN.LEFT_OUTER)
    if filters.period:
        query = query.where(Target.year.between(filters.period.first.year, filters.period.last.year))
    query = filters.narrow(query, building=Target.building, state=Target.indicator)
    newest = Target.select(fn.MAX(Target.id)).group_by(Target.indicator, Target.year, Target.building)
    columns = (
        Shown("year", Target.year, total=False),
        Shown("indicator", Target.indicator, status=True),
        Shown("building", Building.name, label="楼栋"),
        Shown("figure", Target.figure, total=False),
        Shown("split", Target.split),
        Shown("holds", FlagField(verbose_name="现行"), Case(None, ((Target.id.in_(newest), 1),), 0)),
        Shown("reason", Target.reason),
        Shown("made_by", Target.made_by),
        Shown("made_at", Target.made_at),
    )
    return Listing(query, columns, id=Target.id, order=("-year", "indicator", "-made_at"), record=Target)


@listing("target_months", "月目标", "appraisals", VIEW, "period", "state")
def target_months(filters: Filters) -> Listing:
    """What of the targets that hold falls on each month."""
    newest = Target.select(fn.MAX(Target.id)).group_by(Target.indicator, Target.year, Target.building)
    query = MonthTarget.select().join(Target).join(Building, JOIN.LEFT_OUTER).switch(MonthTarget)
    query = query.where(MonthTarget.target.in_(newest))
    query = filters.narrow(query, period=MonthTarget.month, state=Target.indicator)
    columns = (
        Shown("month", MonthTarget.month),
        Shown("indicator", Target.indicator, status=True),
        Shown("building", Building.name, label="楼栋"),
        Shown("figure", MonthTarget.figure),
        Shown("split", Target.split),
    )
    return Listing(query, columns, id=MonthTarget.id, order=("-month", "indicator"), record=MonthTarget)


@listing("deliveries", "指标报送", "appraisals", VIEW, "period", "state")
def deliveries(filters: Filters) -> Listing:
    """What was handed over, newest first; a correction stands beside what it corrects."""
    query = Delivery.select()
    query = filters.narrow(query, period=Delivery.last, state=Delivery.kind)
    late = Case(None, (((Delivery.version == 0) & (Delivery.on > Delivery.due), 1),), 0)
    columns = (
        Shown("number", Delivery.number),
        Shown("kind", Delivery.kind, status=True),
        Shown("last", Delivery.last),
        Shown("on", Delivery.on),
        Shown("due", Delivery.due),
        Shown("late", FlagField(verbose_name="逾期"), late),
        Shown("version", Delivery.version, total=False),
        *(_figure_of(one) for one in (Indicator.INCOME, Indicator.COLLECTED, Indicator.RATE)),
        Shown("receivers", Delivery.receivers),
        Shown("reason", Delivery.reason),
        Shown("made_by", Delivery.made_by),
        Shown("note", Delivery.note, hidden=True),
    )
    return Listing(
        query, columns, id=Delivery.id, order=("-last", "-number"), record=Delivery, search=(Delivery.number,)
    )


def _figure_of(indicator: Indicator) -> Shown:
    mine = (DeliveryRow.delivery == Delivery.id) & (DeliveryRow.indicator == indicator)
    query = DeliveryRow.select(DeliveryRow.actual).where(mine)
    label = f"{indicator.value}(%)" if indicator is Indicator.RATE else indicator.value
    return Shown(indicator.name.lower(), DeliveryRow.actual, query, label=label, total=False)


# -- charts ----------------------------------------------------------------------------------------


@charts(VIEW, "indicators", takes=("period",), of=("Bill", "Allocation", "Target"), desk=False)
def reached_by_month(filters: Filters) -> Iterator[Chart]:
    """Income and the rate of each month of the year beside their targets."""
    yield from charts_of_year(asked_span(filters.period).year)


def charts_of_year(year: int) -> Iterator[Chart]:
    """Yield income and rate of a year's months beside what was aimed at."""
    today = date.today()
    goals, book = Goals.of(year), book_on(today)
    months = [Month(year, number) for number in range(1, 13)]
    actual = {month: book.figures([month]) for month in months if month.first <= today}
    for indicator in (Indicator.INCOME, Indicator.RATE):
        reached = tuple(actual[month][indicator] if month in actual else None for month in months)
        goal = tuple(goals.over(indicator, [month]) for month in months)
        yield _beside(indicator, year, months, goal, reached, today)


def _beside(
    indicator: Indicator, year: int, months: list[Month], goal: tuple[Decimal | None, ...],
    reached: tuple[Decimal | None, ...], today: date,
) -> Chart:  # fmt: skip
    unit, places, told = "%", 1, lambda figure: figure
    if indicator is not Indicator.RATE:
        unit, places, of_fen = money_scale(to_scaled(one, 2) for one in (*goal, *reached) if one is not None)

        def told(figure: Decimal) -> Decimal:
            return of_fen(to_scaled(figure, 2))

    def series(figures: tuple[Decimal | None, ...]) -> tuple[Decimal | None, ...]:
        return tuple(None if one is None else told(one) for one in figures)

    opens = tuple(
        Opens("bills", {"period": Period.of_month(month)}, OWN) if month.first <= today else None
        for month in months
    )
    return Chart(
        "bar",
        f"{year}年各月{indicator.value}与目标（{unit}）",
        tuple(f"{month.month}月" for month in months),
        (Series("目标", series(goal)), Series("实际", series(reached))),
        places,
        48,
        opens=opens,
        nothing="还没有定目标，也没有出过账。",
    )


# -- the desk and the search line ------------------------------------------------------------------


@reminds(KEEP)
def deliveries_due(day: date) -> Iterator[Reminder]:
    """Remind of what must be handed over soon, and of what is late."""
    waiting = [(due_of(span), span) for span in spans_to_deliver(day)]
    late = [span for due, span in waiting if due < day]
    if late:
        more = f"等 {len(late)} 期" if len(late) > 1 else ""
        title = f"{late[0].chinese}财务指标{more}逾期没有报送，应在 {due_of(late[0])} 前报送"
        yield Reminder(title, "danger", "indicators", {"period": late[0].period})
    for due, span in waiting:
        left = (due - day).days
        if 0 <= left <= max(SOON):
            tone = "warning" if left <= SOON[1] else "info"
            when = "今天" if left == 0 else f"{left} 天后（{due}）"
            yield Reminder(f"{span.chinese}财务指标{when}要报送", tone, "indicators", {"period": span.period})


@reminds(KEEP)
def deliveries_changed(day: date) -> Iterator[Reminder]:
    """Remind of what was handed over and is otherwise now, so that it must be corrected."""
    for one in changed_since(day):
        title = f"{one.span.chinese}财务指标报送后有变动，请更正报送"
        asked = (Condition("number", Test.HAS, one.number),)
        yield Reminder(title, "warning", "deliveries", {}, None, asked)


@reminds(KEEP)
def costs_lacking(day: date) -> Iterator[Reminder]:
    """Remind of last month's cost where targets are set."""
    month = Month.of(day).plus(-1)
    if Goals.of(month.year).years and book_on(day).lacking([month]):
        yield Reminder(
            f"{month.chinese}成本还没有录入", "info", "month_costs", {"period": Period.of_month(month)}
        )


@figures(VIEW)
def reached_so_far(day: date) -> Iterator[Figure]:
    """How much of the year's income was reached by the last figures that were handed over."""
    last = Delivery.select().where(Delivery.last <= Month.of(day))
    found = last.order_by(Delivery.last.desc(), Delivery.version.desc()).first()
    if found is None:
        return
    row = next(one for one in found.rows() if one.indicator is Indicator.INCOME)
    yield Figure("收入累计完成率", rate_shown(row.total_done), found.span.chinese, "deliveries")


@finds(VIEW)
def deliveries_by_number(wanted: Sought) -> Iterator[Hit]:
    """Deliveries by their number, as the QR code of AP-08 holds it."""
    words = wanted.words.upper()
    if words.startswith("CW-"):
        for one in Delivery.select().where(Delivery.number.startswith(words)).limit(MOST):
            rank = SURE if one.number == words else LIKELY
            yield Hit("deliveries", one.id, one.number, one.span.chinese, "指标报送", rank)
