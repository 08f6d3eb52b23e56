"""调查名单: surveys, their sheets, and what they say of each service and building."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from peewee import JOIN, SQL, fn

from models.attachments import keeps_files
from models.charts import Chart, Series, charts
from models.complaints.cases import Mark
from models.complaints.rights import LEAD, VIEW, VISIT
from models.complaints.surveys.results import BACK, Results, Votes, results_of, survey_of
from models.complaints.surveys.sheets import (
    SheetState,
    Survey,
    SurveySheet,
    SurveyState,
)
from models.complaints.tallies import hundredths
from models.conditions import Condition, Test
from models.desk import Reminder, reminds
from models.fields import CountField, FlagField, LineField, NoteField, QuantityField, RateField
from models.listings import Filters, Listing, RowListing, Shown, listing
from models.months import Period
from models.owners.estate import Building, Unit
from models.owners.search import HOUSE
from models.search import finds_numbered

keeps_files(Survey, VIEW)
keeps_files(SurveySheet, VISIT)
TONES = {
    SheetState.RETURNED.value: "ok", SheetState.OUT.value: "warning", SheetState.INVALID.value: "danger",
    SurveyState.OPEN.value: "warning", SurveyState.CLOSED.value: "ok",
}  # fmt: skip
_HEIGHT = 48.0
"""Millimetres of a chart; two stand on half a page."""
_NOTICE = timedelta(days=60)


@listing("surveys", "顾客调查", "complaints", VIEW)
def surveys(filters: Filters) -> Listing:
    """The surveys, the latest first, with how many sheets came back."""
    query = Survey.select()
    count = SurveySheet.select(fn.COUNT(SQL("1"))).where(SurveySheet.survey == Survey.id)
    out = count.where(SurveySheet.state.in_((SheetState.OUT, *BACK)))
    columns = (
        Shown("number", Survey.number),
        Shown("title", Survey.title),
        Shown("first", Survey.first, hidden=True),
        Shown("last", Survey.last),
        Shown("households", Survey.households, total=False),
        Shown("drawn", CountField(verbose_name="抽取"), count, total=False),
        Shown("delivered", CountField(verbose_name="发放"), out, total=False),
        Shown(
            "returned", CountField(verbose_name="回收"), count.where(SurveySheet.state.in_(BACK)), total=False
        ),
        Shown("target", Survey.target, total=False),
        Shown("fair_counts", Survey.fair_counts, hidden=True),
        Shown("state", Survey.state, status=True),
        Shown("closed_by", Survey.closed_by, hidden=True),
    )
    return Listing(
        query, columns, id=Survey.id, order=("-number",), record=Survey, search=(Survey.number,), tones=TONES
    )


@listing("survey_sheets", "调查表", "complaints", VISIT, "unit", "building", "state")
def survey_sheets(filters: Filters) -> Listing:
    """The sheets, those of the latest survey first."""
    query = SurveySheet.select().join(Survey).switch(SurveySheet).join(Building)
    query = query.switch(SurveySheet).join(Unit, JOIN.LEFT_OUTER)
    query = filters.narrow(
        query, unit=SurveySheet.unit, building=SurveySheet.building, state=SurveySheet.state
    )
    columns = (
        Shown("number", SurveySheet.number),
        Shown("survey", Survey.number, label="调查号", hidden=True),
        Shown("unit", Unit.code, label="房号", sort=Unit.sort_key),
        Shown("building", Building.name, label="楼栋", hidden=True),
        Shown("state", SurveySheet.state, status=True),
        Shown("delivered_on", SurveySheet.delivered_on),
        Shown("returned_on", SurveySheet.returned_on),
        Shown("name", SurveySheet.name, hidden=True),
        Shown("words", NoteField(verbose_name="不满意的原因").roomier(20), SurveySheet.words),
        Shown("advice", SurveySheet.advice),
        Shown("why", SurveySheet.why, hidden=True),
        Shown("typed_by", SurveySheet.typed_by, hidden=True),
    )
    return Listing(
        query, columns, id=SurveySheet.id, order=("-survey", "number"), record=SurveySheet,
        search=(SurveySheet.number, HOUSE, SurveySheet.words, SurveySheet.advice), tones=TONES,
    )  # fmt: skip


def _votes(found: Results, one: Votes, *compared: Any) -> tuple[Any, ...]:
    return (
        one.name, *(one.counts[mark] for mark in Mark), one.valid, hundredths(one.pleased),
        _points(one.score), *compared, found.met(one),
    )  # fmt: skip


def _points(score: Decimal | None) -> Decimal | None:
    """满意度 in points of a hundred."""
    return None if score is None else (score * 100).quantize(Decimal("0.01"))


def _columns(heading: str, *compared: Shown) -> tuple[Shown, ...]:
    return (
        Shown("name", LineField(verbose_name=heading, max_length=40)),
        *(Shown(mark.name.lower(), CountField(verbose_name=mark.value), total=False) for mark in Mark),
        Shown("valid", CountField(verbose_name="有效票"), total=False),
        Shown("pleased", RateField(verbose_name="满意率"), total=False),
        Shown("score", QuantityField(verbose_name="满意度得分"), total=False),
        *compared,
        Shown("met", FlagField(verbose_name="达标"), status=True),
    )


@listing("survey_results", "调查结果", "complaints", VIEW, "period")
def survey_results(filters: Filters) -> RowListing:
    """What a survey says of each service; the latest one unless a half year is chosen."""
    survey = survey_of(filters.period)
    rows = []
    if survey is not None:
        found = results_of(survey)
        for number, one in enumerate([*found.questions, found.whole]):
            before = hundredths(found.last.get(one.name))
            rows.append((number, _votes(found, one, before, found.change(one))))
    compared = (
        Shown("before", RateField(verbose_name="上期满意率"), total=False),
        Shown("change", QuantityField(verbose_name="增减(百分点)", signed=True), total=False),
    )
    return RowListing(_columns("项目", *compared), rows, tones={"是": "ok", "否": "danger"})


@listing("survey_buildings", "各楼栋满意率", "complaints", VIEW, "period")
def survey_buildings(filters: Filters) -> RowListing:
    """What a survey says building by building; the latest one unless a half year is chosen."""
    survey = survey_of(filters.period)
    rows = []
    if survey is not None:
        found = results_of(survey)
        rows = [(at, _votes(found, one)) for at, one in enumerate(found.buildings)]
    return RowListing(_columns("楼栋"), rows, tones={"是": "ok", "否": "danger"})


@charts(VIEW, "survey_results", takes=("period",), of=("SurveyAnswer", "SurveySheet"), desk=False)
def chart_of_survey(filters: Filters) -> Iterator[Chart]:
    """满意率 of each service beside that of last time, with the target, and by building."""
    survey = survey_of(filters.period)
    if survey is not None:
        yield from charts_of(results_of(survey))


def charts_of(found: Results) -> Iterator[Chart]:
    """The charts of a survey: by service and by building."""
    names = tuple(one.name for one in found.questions)
    now = tuple(hundredths(one.pleased) for one in found.questions)
    before = tuple(hundredths(found.last.get(name)) for name in names)
    series = [Series("本期", now)]
    if any(one is not None for one in before):
        series.append(Series("上期", before))
    title = f"各项满意率（%，目标 {found.survey.target.normalize():f}）"
    yield Chart("bar", title, names, tuple(series), places=1, height=_HEIGHT)
    buildings = tuple(one.name for one in found.buildings)
    if len(buildings) > 1:
        rates = tuple(hundredths(one.pleased) for one in found.buildings)
        yield Chart("bar", "各楼栋满意率（%）", buildings, (Series("本期", rates),), places=1, height=_HEIGHT)


finds_numbered(VISIT, "DC", SurveySheet, "survey_sheets", "调查表", lambda one: one.state.value)


@reminds(LEAD)
def survey_of_half_year(day: date) -> Iterator[Reminder]:
    """Remind of a half year that has no survey yet (c01.b.05), and of one that should be closed."""
    half = Period.half_of(day)
    if half.last - day <= _NOTICE and survey_of(half) is None:
        yield Reminder(f"{half.name} 还没有开始顾客意见调查", "warning", "surveys")
    last = day - timedelta(days=1)
    count = Survey.select().where((Survey.state == SurveyState.OPEN) & (Survey.last <= last)).count()
    if count:
        asked = (
            Condition("state", Test.IS, SurveyState.OPEN.value),
            Condition("last", Test.MOST, last.isoformat()),
        )
        yield Reminder(f"{count} 次调查过了回收截止，还没有汇总", "warning", "surveys", {}, count, asked)
