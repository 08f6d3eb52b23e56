"""回访名单: who is to be visited back, and every call and visit that was made."""

from __future__ import annotations

import functools
import operator
from typing import Any

from peewee import JOIN, fn

from models.complaints.cases import Call, ServiceCase
from models.complaints.lists import narrowed
from models.complaints.rights import VIEW, VISIT
from models.complaints.visits import ReturnVisit, TaskState, VisitTask
from models.fields import CodeField, LineField, NoteField
from models.listings import Filters, Listing, Shown, listing
from models.office.staff import Staff
from models.owners.estate import Building, Unit
from models.owners.search import HOUSE

HANDLER = Staff.alias()
_ORIGIN = fn.COALESCE(ServiceCase.number, VisitTask.document)
"""SQL of `VisitTask.origin`."""


def _of_case(filters: Filters) -> list[Any]:
    """Return the conditions on the case; what is of no case is narrowed by its house, and is everybody's."""
    if filters.case:
        return narrowed(Filters(unit=filters.unit, building=filters.building, case=filters.case))[1:]
    own, alone = narrowed(Filters(unit=filters.unit, building=filters.building))[1:], VisitTask.case.is_null()
    if filters.unit:
        alone &= VisitTask.unit == filters.unit
    if filters.building:
        alone &= Unit.building == filters.building
    return [functools.reduce(operator.and_, own) | alone] if own else []


@listing("visit_tasks", "待回访", "complaints", VISIT, "unit", "building", "case")
def visit_tasks(filters: Filters) -> Listing:
    """Who is to be visited back, what is due first on top."""
    query = VisitTask.select().join(ServiceCase, JOIN.LEFT_OUTER).join(Call, JOIN.LEFT_OUTER)
    query = query.switch(VisitTask).join(Unit, JOIN.LEFT_OUTER)
    query = query.switch(ServiceCase).join(Building, JOIN.LEFT_OUTER)
    query = query.switch(ServiceCase).join(HANDLER, JOIN.LEFT_OUTER, on=(ServiceCase.handler == HANDLER.id))
    query = query.where(VisitTask.state == TaskState.DUE, *_of_case(filters))
    place = fn.COALESCE(Unit.code, Building.name, "")
    columns = (
        Shown("due", VisitTask.due),
        Shown("source", VisitTask.source, hidden=True),
        Shown("number", VisitTask.document, _ORIGIN),
        Shown(
            "unit", CodeField(verbose_name="房号", max_length=40), place, sort=fn.COALESCE(Unit.sort_key, "")
        ),
        Shown("caller", LineField(verbose_name="来人", max_length=40), Call.name),
        Shown("phone", Call.phone),
        Shown("about", VisitTask.about, hidden=True),
        Shown("content", NoteField(verbose_name="内容"), fn.COALESCE(ServiceCase.content, VisitTask.about)),
        Shown("answer", ServiceCase.answer, hidden=True),
        Shown("finished_at", ServiceCase.finished_at),
        Shown("handler", HANDLER.name, label="承办人"),
        Shown("attempts", VisitTask.attempts, total=False),
        Shown("id", VisitTask.id, hidden=True),
    )
    return Listing(
        query, columns, id=VisitTask.id, order=("due",), record=VisitTask,
        search=(_ORIGIN, HOUSE, Call.name, VisitTask.about),
    )  # fmt: skip


@listing("return_visits", "回访记录", "complaints", VIEW, "period", "unit", "case")
def return_visits(filters: Filters) -> Listing:
    """Every call and visit that was made, answered or not, the latest first."""
    query = ReturnVisit.select().join(Staff).switch(ReturnVisit).join(VisitTask)
    query = query.join(ServiceCase, JOIN.LEFT_OUTER).join(Call, JOIN.LEFT_OUTER)
    query = query.switch(VisitTask).join(Unit, JOIN.LEFT_OUTER)
    query = query.where(ReturnVisit.id > 0, *_of_case(filters))
    query = filters.narrow(query, period=ReturnVisit.at)
    columns = (
        Shown("number", ReturnVisit.number),
        Shown("at", ReturnVisit.at),
        Shown("source", VisitTask.source),
        Shown("case", VisitTask.document, _ORIGIN),
        Shown("unit", Unit.code, label="房号", sort=Unit.sort_key),
        Shown("met", ReturnVisit.met),
        Shown("way", ReturnVisit.way),
        Shown("reached", ReturnVisit.reached),
        Shown("mark", ReturnVisit.mark),
        Shown("quality", ReturnVisit.quality),
        Shown("words", ReturnVisit.words),
        Shown("advice", ReturnVisit.advice, hidden=True),
        Shown("again", ReturnVisit.again),
        Shown("visitor", Staff.name, label="回访人"),
    )
    return Listing(
        query, columns, id=ReturnVisit.id, order=("-number",), record=ReturnVisit,
        search=(ReturnVisit.number, _ORIGIN, HOUSE, ReturnVisit.words),
    )  # fmt: skip
