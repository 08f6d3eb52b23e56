"""名单: what is open, every complaint, every repair, and what was done to each of them."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import Any

from peewee import JOIN, Case, fn

from models.attachments import keeps_files
from models.clock import now
from models.complaints.cases import APART, TONES, Call, CaseState, ServiceCase
from models.complaints.kinds import Sort
from models.complaints.reach import within
from models.complaints.rights import VIEW
from models.complaints.steps import CasePause, CaseStep, Step
from models.fields import ChoiceField, CodeField, LineField
from models.listings import Filters, Listing, Shown, choice, listing
from models.office.staff import Staff
from models.owners.estate import Building, Unit
from models.owners.search import HOUSE

keeps_files(ServiceCase, VIEW)
EARLIER: Any = ServiceCase.alias()


class Standing(Enum):
    """How a case stands to its promised times, now; never stored."""

    LATE = "超时"
    UNANSWERED = "响应超时"
    PAUSED = "暂停"
    RUNNING = "办理中"
    ON_TIME = "按时"
    DONE_LATE = "超时办结"
    APART = "不计"


STANDING_TONES = {
    Standing.LATE.value: "danger",
    Standing.UNANSWERED.value: "danger",
    Standing.DONE_LATE.value: "warning",
    Standing.ON_TIME.value: "ok",
}


def standing(at: datetime) -> Any:
    """Return the expression that says how a case stands at a moment."""
    paused = (CaseState.WAITING, CaseState.QUOTED)
    return Case(
        None,
        (
            (ServiceCase.state.in_(APART), Standing.APART.name),
            (ServiceCase.finished_at > ServiceCase.due_at, Standing.DONE_LATE.name),
            (ServiceCase.finished_at.is_null(False), Standing.ON_TIME.name),
            (ServiceCase.state.in_(paused), Standing.PAUSED.name),
            (ServiceCase.due_at < at, Standing.LATE.name),
            (ServiceCase.first_at.is_null() & (ServiceCase.first_due < at), Standing.UNANSWERED.name),
        ),
        Standing.RUNNING.name,
    )


def narrowed(filters: Filters, sort: Sort | None = None) -> list[Any]:
    """Return what a case must meet: the person's reach, the sort, and the filters that are set."""
    conditions = [ServiceCase.id > 0, *within()]
    if sort is not None:
        conditions.append(ServiceCase.sort == sort)
    if filters.period:
        conditions.append(ServiceCase.received_at.between(*filters.period.moments))
    if filters.unit:
        calls = Call.select(Call.id).where(Call.unit == filters.unit)
        conditions.append((ServiceCase.unit == filters.unit) | ServiceCase.call.in_(calls))
    if filters.building:
        conditions.append(ServiceCase.building == filters.building)
    if filters.person:
        conditions.append(Call.person == filters.person)
    if filters.case:
        conditions.append((ServiceCase.id == filters.case) | (ServiceCase.again_of == filters.case))
    return conditions


def _state(filters: Filters) -> list[Any]:
    return [ServiceCase.state == choice(CaseState, filters.state)] if filters.state else []


def _joined() -> Any:
    query = ServiceCase.select().join(Call).switch(ServiceCase).join(Unit, JOIN.LEFT_OUTER)
    query = query.switch(ServiceCase).join(Building, JOIN.LEFT_OUTER)
    query = query.switch(ServiceCase).join(Staff, JOIN.LEFT_OUTER)
    return query.switch(ServiceCase).join(EARLIER, JOIN.LEFT_OUTER, on=(ServiceCase.again_of == EARLIER.id))


def _head(*, open_ones: bool = False) -> tuple[Shown, ...]:
    """The first columns; what is open is told by its promise, everything else by its receipt."""
    place = fn.COALESCE(Unit.code, Building.name, "")
    return (
        Shown("number", ServiceCase.number),
        Shown("received_at", ServiceCase.received_at, hidden=open_ones),
        Shown("channel", Call.channel, hidden=True),
        Shown(
            "unit", CodeField(verbose_name="房号", max_length=40), place, sort=fn.COALESCE(Unit.sort_key, "")
        ),
        Shown("area", ServiceCase.area, hidden=True),
        Shown("caller", LineField(verbose_name="来人", max_length=40), Call.name, hidden=True),
        Shown("phone", Call.phone, hidden=True),
        Shown("kind", ServiceCase.kind, hidden=True),
        Shown("matter", ServiceCase.matter, tells=True),
        Shown("grade", ServiceCase.grade),
        Shown("content", ServiceCase.content),
    )


def _foot(*, open_ones: bool = False) -> tuple[Shown, ...]:
    """The last columns."""
    mine = ChoiceField(Standing, verbose_name="时限情况")
    return (
        Shown("handler", Staff.name, label="承办人"),
        Shown("due_at", ServiceCase.due_at, hidden=not open_ones),
        Shown("standing", mine, standing(now()), status=True),
        Shown("state", ServiceCase.state, status=True),
        Shown("again", EARLIER.number, label="重复自", hidden=True),
        Shown("order", Call.order_number, hidden=True),
        Shown("reopened", ServiceCase.reopened, hidden=True, total=False),
        Shown("finished_at", ServiceCase.finished_at, hidden=True),
        Shown("reported_at", ServiceCase.reported_at, hidden=True),
        Shown("directed_at", ServiceCase.directed_at, hidden=True),
    )


def _listing(query: Any, columns: tuple[Shown, ...], order: str) -> Listing:
    return Listing(
        query, columns, id=ServiceCase.id, order=(order,), record=ServiceCase,
        search=(ServiceCase.number, HOUSE, Call.name, ServiceCase.content, Call.order_number),
        tones=TONES | STANDING_TONES,
    )  # fmt: skip


@listing("cases", "在办", "complaints", VIEW, "unit", "building", "person", "case", "state")
def cases(filters: Filters) -> Listing:
    """Complaints and repairs that are open, the one that is due first on top."""
    query = _joined().where(ServiceCase.live == True, *narrowed(filters), *_state(filters))
    number, *head = _head(open_ones=True)
    columns = (number, Shown("sort", ServiceCase.sort, hidden=True), *head, *_foot(open_ones=True))
    return _listing(query, columns, "due_at")


@listing("complaints", "投诉", "complaints", VIEW, "period", "unit", "building", "person", "case", "state")
def complaints(filters: Filters) -> Listing:
    """Every complaint, the newest first; withdrawn and unfounded ones with them."""
    query = _joined().where(*narrowed(filters, Sort.COMPLAINT), *_state(filters))
    more = (
        Shown("visited_at", ServiceCase.visited_at, hidden=True),
        Shown("mark", ServiceCase.mark, hidden=True),
        Shown("closed_at", ServiceCase.closed_at, hidden=True),
        Shown("first_closed_at", ServiceCase.first_closed_at, hidden=True),
    )
    return _listing(query, (*_head(), *_foot(), *more), "-number")


@listing("repairs", "报修", "complaints", VIEW, "period", "unit", "building", "person", "case", "state")
def repairs(filters: Filters) -> Listing:
    """Every repair, the newest first."""
    query = _joined().where(*narrowed(filters, Sort.REPAIR), *_state(filters))
    more = (
        Shown("nature", ServiceCase.nature, hidden=True),
        Shown("cost", ServiceCase.cost, hidden=True),
        Shown("charge", ServiceCase.charge, hidden=True),
        Shown("appointed_from", ServiceCase.appointed_from, hidden=True),
        Shown("arrived", ServiceCase.first_at, label="到场时间", hidden=True),
        Shown("mark", ServiceCase.mark, hidden=True),
    )
    return _listing(query, (*_head(), *_foot(), *more), "-number")


@listing("case_steps", "办理过程", "complaints", VIEW, "period", "unit", "case", "state")
def case_steps(filters: Filters) -> Listing:
    """What was done to cases, step by step, the latest first."""
    query = CaseStep.select().join(ServiceCase).join(Call)
    given = CaseStep.staff
    query = query.switch(CaseStep).join(Staff, JOIN.LEFT_OUTER, on=(given == Staff.id))
    without = Filters(unit=filters.unit, case=filters.case)
    conditions = narrowed(without)
    if filters.period:
        conditions.append(CaseStep.at.between(*filters.period.moments))
    if filters.state:
        conditions.append(CaseStep.step == choice(Step, filters.state))
    columns = (
        Shown("at", CaseStep.at),
        Shown("number", ServiceCase.number),
        Shown("step", CaseStep.step),
        Shown("words", CaseStep.words),
        Shown("staff", Staff.name, label="交给"),
        Shown("made_by", CaseStep.made_by),
        Shown("made_at", CaseStep.made_at, hidden=True),
        Shown("id", CaseStep.id, hidden=True),
    )
    return Listing(
        query.where(*conditions), columns, id=CaseStep.id, order=("-at",), record=CaseStep,
        search=(ServiceCase.number, CaseStep.words),
    )  # fmt: skip


@listing("case_pauses", "暂停计时", "complaints", VIEW, "unit", "case")
def case_pauses(filters: Filters) -> Listing:
    """When the clock of cases stood, and why."""
    query = CasePause.select().join(ServiceCase).join(Call).where(*narrowed(filters))
    columns = (
        Shown("number", ServiceCase.number),
        Shown("since", CasePause.since),
        Shown("until", CasePause.until),
        Shown("why", CasePause.why),
    )
    return Listing(
        query, columns, id=CasePause.id, order=("-since",), record=CasePause,
        search=(ServiceCase.number, CasePause.why),
    )  # fmt: skip
