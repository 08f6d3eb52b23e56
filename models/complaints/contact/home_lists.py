"""家访名单: what is planned and was done, remarks, coverage by building, and whom to look after."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from enum import Enum
from typing import Any

from peewee import JOIN, Case

from models.attachments import keeps_files
from models.clock import now
from models.complaints.contact.commitment_lists import in_reach
from models.complaints.contact.commitments import Commitment
from models.complaints.contact.home_plans import coverage
from models.complaints.contact.homes import Care, HomeKind, HomeRemark, HomeState, HomeVisit
from models.complaints.rights import VIEW, VISIT
from models.complaints.tallies import hundredths
from models.conditions import Condition, Test
from models.deeds import actor
from models.desk import Reminder, reminds
from models.fields import ChoiceField, CountField, RateField
from models.listings import Filters, Listing, RowListing, Shown, choice, listing
from models.months import Period
from models.office.staff import Staff
from models.owners.caretaking import cared_for
from models.owners.estate import Building, Unit
from models.owners.search import HOUSE
from models.search import finds_numbered

keeps_files(HomeVisit, VIEW)
TONES = {HomeState.DONE.value: "ok", HomeState.PLANNED.value: "warning"}


def _within(filters: Filters, right: str = VIEW) -> list[Any]:
    units = cared_for(actor(), right)
    conditions = [] if units is None else [Unit.id.in_(units)]
    if filters.unit:
        conditions.append(Unit.id == filters.unit)
    if filters.building:
        conditions.append(Unit.building == filters.building)
    return conditions


@listing("home_visits", "家访", "complaints", VIEW, "period", "unit", "building", "state")
def home_visits(filters: Filters) -> Listing:
    """Visits that are planned and were made, the last day on top."""
    second = Staff.alias()
    query = HomeVisit.select().join(Unit).switch(HomeVisit).join(Staff, on=(HomeVisit.visitor == Staff.id))
    query = query.switch(HomeVisit).join(second, on=(HomeVisit.second == second.id))
    query = query.where(HomeVisit.id > 0, *_within(filters))
    query = filters.narrow(query, period=HomeVisit.due, state=HomeVisit.state)
    columns = (
        Shown("number", HomeVisit.number),
        Shown("due", HomeVisit.due),
        Shown("unit", Unit.code, label="房号", sort=Unit.sort_key),
        Shown("kind", HomeVisit.kind),
        Shown("visitor", Staff.name, label="访问人"),
        Shown("second", second.name, label="同访人"),
        Shown("state", HomeVisit.state, status=True),
        Shown("absent", HomeVisit.absent, total=False),
        Shown("visited_at", HomeVisit.visited_at),
        Shown("met", HomeVisit.met),
        Shown("topics", HomeVisit.topics, hidden=True),
        Shown("words", HomeVisit.words, hidden=True),
    )
    return Listing(
        query, columns, id=HomeVisit.id, order=("-due",), record=HomeVisit,
        search=(HomeVisit.number, HOUSE, HomeVisit.met), tones=TONES,
    )  # fmt: skip


@listing("home_remarks", "家访意见", "complaints", VIEW, "period", "unit", "building")
def home_remarks(filters: Filters) -> Listing:
    """What was said at home, the latest first, each with its answer."""
    query = HomeRemark.select().join(HomeVisit).join(Unit).switch(HomeRemark)
    query = query.join(Commitment, JOIN.LEFT_OUTER).join(Staff, JOIN.LEFT_OUTER)
    query = query.where(HomeRemark.id > 0, *_within(filters))
    query = filters.narrow(query, period=HomeVisit.visited_at)
    columns = (
        Shown("at", HomeVisit.visited_at),
        Shown("number", HomeVisit.number),
        Shown("unit", Unit.code, label="房号", sort=Unit.sort_key),
        Shown("kind", HomeRemark.kind),
        Shown("words", HomeRemark.words),
        Shown("answer", HomeRemark.answer),
        Shown("staff", Staff.name, label="责任人"),
        Shown("due", Commitment.due),
        Shown("id", HomeRemark.id, hidden=True),
    )
    return Listing(
        query, columns, id=HomeRemark.id, order=("-at",), record=HomeRemark,
        search=(HomeVisit.number, HOUSE, HomeRemark.words, HomeRemark.answer),
    )  # fmt: skip


@listing("home_coverage", "家访覆盖率", "complaints", VIEW, "period")
def home_coverage(filters: Filters) -> RowListing:
    """How many households of each building were visited in a period, this year unless chosen."""
    period = filters.period or Period.parse(str(now().year))
    columns = (
        Shown("building", Building.name, label="楼栋"),
        Shown("households", CountField(verbose_name="在住户数"), total=True),
        Shown("visited", CountField(verbose_name="已访户数"), total=True),
        Shown("share", RateField(verbose_name="覆盖率"), total=False),
        Shown("visits", CountField(verbose_name="家访次数"), total=True),
        Shown("planned", CountField(verbose_name="待访户数"), total=True),
    )
    rows = [
        (
            one.building.id,
            (one.building.name, one.households, one.visited, hundredths(one.share), one.visits, one.planned),
        )
        for one in coverage(period)
    ]
    return RowListing(columns, rows, record=Building)


class CareState(Enum):
    """Whether somebody to be looked after was visited this quarter; follows from the visits, never stored."""

    UNSEEN = "本季未访"
    SEEN = "本季已访"
    ENDED = "已结束"


def _seen(quarter: Period) -> Any:
    """Return the condition that somebody was visited in a quarter to be looked after."""
    visits = HomeVisit.select(HomeVisit.unit).where(
        HomeVisit.visited_at.between(*quarter.moments) & (HomeVisit.kind == HomeKind.ALONE)
    )
    return Care.unit.in_(visits)


@listing("cares", "特殊关照户", "complaints", VISIT, "unit", "building", "state")
def cares(filters: Filters) -> Listing:
    """Who agreed to be looked after, and whether he was visited; seen by those alone who visit."""
    seen = _seen(Period.quarter_of(now().date()))
    when = ((Care.ended_on.is_null(False), CareState.ENDED.name), (seen, CareState.SEEN.name))
    state = Case(None, when, CareState.UNSEEN.name)
    query = Care.select().join(Unit).where(Care.id > 0, *_within(filters, VISIT))
    if filters.state:
        query = query.where(state == choice(CareState, filters.state).name)
    columns = (
        Shown("unit", Unit.code, label="房号", sort=Unit.sort_key),
        Shown("who", Care.who),
        Shown("why", Care.why),
        Shown("agreed_on", Care.agreed_on),
        Shown("state", ChoiceField(CareState, verbose_name="家访"), state, status=True),
        Shown("ended_on", Care.ended_on),
        Shown("made_by", Care.made_by),
        Shown("id", Care.id, hidden=True),
    )
    return Listing(
        query, columns, id=Care.id, order=("unit",), record=Care, search=(HOUSE, Care.who),
        tones={CareState.UNSEEN.value: "warning", CareState.SEEN.value: "ok"},
    )  # fmt: skip


@reminds(VISIT)
def home_visits_due(day: date) -> Iterator[Reminder]:
    """Remind of visits that are planned for today or overdue."""
    mine = HomeVisit.select().join(Unit).where(
        HomeVisit.state == HomeState.PLANNED, HomeVisit.due <= day, *_within(Filters(), VISIT)
    )  # fmt: skip
    late = mine.where(HomeVisit.due < day).count()
    state = {"state": HomeState.PLANNED.value}
    if late:
        asked = (Condition("due", Test.MOST, (day - timedelta(days=1)).isoformat()),)
        yield Reminder(f"{late} 户家访过了计划日期", "danger", "home_visits", state, late, asked)
    today = mine.count() - late
    if today:
        asked = (Condition("due", Test.EQUALS, day.isoformat()),)
        yield Reminder(f"{today} 户今天家访", "warning", "home_visits", state, today, asked)


@reminds(VISIT)
def cares_unseen(day: date) -> Iterator[Reminder]:
    """Remind of people to be looked after whom nobody visited this quarter (c01.c.04, c08.a.09)."""
    quarter = Period.quarter_of(day)
    unseen = Care.ended_on.is_null() & ~_seen(quarter)
    count = Care.select().join(Unit).where(unseen, *_within(Filters(), VISIT)).count()
    if count:
        state = {"state": CareState.UNSEEN.value}
        yield Reminder(f"{count} 位关照对象 {quarter.name} 还没有家访", "info", "cares", state, count)


finds_numbered(
    VIEW,
    "JFJ",
    HomeVisit,
    "home_visits",
    "家访",
    lambda one: one.described(),
    lambda: in_reach(HomeVisit.unit),
)
