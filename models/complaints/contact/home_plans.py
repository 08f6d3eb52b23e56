"""家访计划: every household of a building is reached within a period; how many were is the coverage."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Annotated, Any

from peewee import SQL, fn

from models.base import db
from models.clock import now
from models.complaints.cases import CaseState, ServiceCase
from models.complaints.contact.homes import (
    AskedSecond,
    AskedVisitor,
    Care,
    HomeKind,
    HomeState,
    HomeVisit,
    planned_visit,
    refuse_pair,
)
from models.complaints.kinds import Sort
from models.complaints.rights import LEAD, VIEW
from models.complaints.tallies import share
from models.deeds import actor, deed
from models.errors import BadInput, RuleBroken
from models.fees.arrears import debts
from models.fields import DayField, LinksField
from models.inputs import Asked
from models.months import Period
from models.owners.caretaking import cared_for
from models.owners.estate import Building, Unit, UnitKind, UnitState
from models.workdays import WorkCalendar

LIVED_IN = (UnitState.OCCUPIED, UnitState.LET)
_NEW_DAYS = 180
"""A household counts as newly moved in for half a year: as long as its warranty claims come up."""
_AFTER_DAYS = 30
"""A complaint is asked after at home in the month after it was closed; later it is ROUTINE again."""
_MOST = 2_000
"""Visits in one run: two visitors reach no more in a year."""


class Planned:
    """What a run of plans made."""

    def __init__(self, visits: Sequence[HomeVisit]) -> None:
        self.visits = visits

    def summary(self) -> str:
        """Return how many there are, and of which kinds."""
        counts = {kind: sum(one.kind is kind for one in self.visits) for kind in HomeKind}
        told = "，".join(f"{kind.value} {count}" for kind, count in counts.items() if count)
        last = max(one.due for one in self.visits)
        return f"安排 {len(self.visits)} 户，到 {last} 访完：{told}。"


@deed("complaints.plan_home_visits", "按楼栋安排家访", LEAD)
def plan_home_visits(
    buildings: Annotated[list[Building], Asked(LinksField(Building, verbose_name="楼栋"))],
    until: Annotated[date, Asked(DayField(verbose_name="访完期限"))],
    visitor: AskedVisitor,
    second: AskedSecond,
    since: Annotated[date | None, Asked(DayField(null=True, verbose_name="起"), "不填为今天")] = None,
    reached: Annotated[
        date | None, Asked(DayField(null=True, verbose_name="这天以后访过的不排"), "不填为今年初")
    ] = None,
) -> Planned:
    """Plan a visit for each household that lives in these buildings and was not visited since a day.

    The visits are spread evenly over the working days; debtors, who moved in lately, who complained lately
    and who agreed to be looked after are visited as such.

    Raises:
        BadInput: the days do not follow each other, or both visitors are one.
        RuleBroken: nobody is left to be visited, or there are more than can be planned at once.
    """
    first = since or now().date()
    if first < now().date() or until < first:
        name, day = ("since", first) if first < now().date() else ("until", until)
        raise BadInput(f"{day} 不能作家访日期：起日从今天起，访完期限不早于起日。", name)
    refuse_pair(visitor, second)
    units = _unvisited(buildings, reached or date(first.year, 1, 1))
    if not units:
        raise RuleBroken("这些楼栋在住的住户都访过或安排过了，没有要安排的。")
    if len(units) > _MOST:
        raise RuleBroken(f"有 {len(units):,} 户，一次最多安排 {_MOST:,} 户。请少选几栋。")
    kinds, days = _kinds(units), _working_days(first, until)
    made = []
    for number, unit in enumerate(units):
        due = days[number * len(days) // len(units)]
        made.append(planned_visit(unit, kinds.get(unit.id, HomeKind.ROUTINE), due, visitor, second))
    return Planned(made)


def households(buildings: Iterable[Building] | None = None) -> Any:
    """Select the houses within reach in which somebody lives, of buildings or of the estate."""
    query = Unit.select().where((Unit.kind == UnitKind.HOUSE) & Unit.state.in_(LIVED_IN))
    reach = cared_for(actor(), VIEW)
    query = query if reach is None else query.where(Unit.id.in_(reach))
    return query if buildings is None else query.where(Unit.building.in_(list(buildings)))


def _unvisited(buildings: Iterable[Building], since: date) -> list[Unit]:
    done = HomeVisit.select(HomeVisit.unit).where(
        (HomeVisit.visited_at >= datetime.combine(since, time.min)) | (HomeVisit.state == HomeState.PLANNED)
    )
    return list(households(buildings).where(Unit.id.not_in(done)).order_by(Unit.sort_key))


def _working_days(first: date, until: date) -> list[date]:
    calendar = WorkCalendar()
    days = [first + timedelta(days=n) for n in range((until - first).days + 1)]
    return [day for day in days if calendar.is_working(day)] or [calendar.next_working(first)]


def _kinds(units: Sequence[Unit]) -> dict[int, HomeKind]:
    """Return why each house (id) is visited, where there is a reason; the gravest reason counts."""
    today, ids = now().date(), [unit.id for unit in units]
    recent = ServiceCase.closed_at >= datetime.combine(today - timedelta(days=_AFTER_DAYS), time.min)
    complained = (ServiceCase.sort == Sort.COMPLAINT) & (ServiceCase.state == CaseState.CLOSED) & recent
    found = {unit.id: HomeKind.NEW for unit in units if _is_new(unit, today)}
    found |= {id: HomeKind.DEBTOR for id, debt in debts(today).items() if debt.total > 0}
    query = ServiceCase.select(ServiceCase.unit).where(complained & ServiceCase.unit.in_(ids))
    found |= {id: HomeKind.COMPLAINED for (id,) in db.execute(query)}
    cared = Care.select(Care.unit).where(Care.ended_on.is_null() & Care.unit.in_(ids))
    return found | {id: HomeKind.ALONE for (id,) in db.execute(cared)}


def _is_new(unit: Unit, today: date) -> bool:
    return unit.handed_over is not None and (today - unit.handed_over).days <= _NEW_DAYS


@dataclass(frozen=True)
class Coverage:
    """How many households of a building were visited in a period."""

    building: Building
    households: int
    visited: int
    visits: int
    planned: int

    @property
    def share(self) -> Decimal | None:
        """覆盖率 as a share of one: households visited of all that live there."""
        return share(self.visited, self.households)


def coverage(period: Period) -> list[Coverage]:
    """Return the coverage of each building with households, in their order."""
    within = HomeVisit.visited_at.between(*period.moments)
    every = fn.COUNT(SQL("1"))
    lived = _by_building(households(), every)
    live = Unit.id.in_(households().select(Unit.id))
    done = HomeVisit.select().join(Unit).where(within & (HomeVisit.state == HomeState.DONE))
    seen = _by_building(done.where(live), fn.COUNT(fn.DISTINCT(HomeVisit.unit)))
    visits = _by_building(done, every)
    due = HomeVisit.due.between(period.first, period.last) & (HomeVisit.state == HomeState.PLANNED)
    waiting = HomeVisit.select().join(Unit).where(due)
    planned = _by_building(waiting, every)
    buildings = Building.select().where(Building.id.in_(list(lived))).order_by(Building.sort_key)
    return [
        Coverage(one, lived[one.id], seen.get(one.id, 0), visits.get(one.id, 0), planned.get(one.id, 0))
        for one in buildings
    ]


def _by_building(query: Any, count: Any) -> dict[int, int]:
    """Return a count of the rows of a query by building (id)."""
    return dict(db.execute(query.select(Unit.building, count).group_by(Unit.building)))
