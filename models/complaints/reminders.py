"""投诉提醒: what is late, due today or waits for somebody, and what the search line finds."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from peewee import JOIN

from models.cards import facts
from models.clock import now
from models.complaints.cases import Call, CaseState, ServiceCase
from models.complaints.kinds import Sort
from models.complaints.lists import Standing, narrowed
from models.complaints.reach import within
from models.complaints.rights import DIRECT, LEAD, REPAIR, VIEW, VISIT
from models.complaints.visits import ReturnVisit, VisitTask, due_by
from models.conditions import Condition, Test
from models.deeds import actor
from models.desk import Figure, Reminder, figures, reminds
from models.listings import Filters
from models.months import Month, Period
from models.owners.estate import Unit
from models.search import LIKELY, MOST, SURE, Hit, Sought, finds, finds_numbered

_ORDER = 6
"""Letters of an order's number, fewer than that are too many's."""
_OPEN = Condition("finished_at", Test.BLANK)
_UNDONE = (ServiceCase.live == True) & ServiceCase.finished_at.is_null()
_RUNNING = ServiceCase.state.not_in((CaseState.WAITING, CaseState.QUOTED))


def _count(*conditions: Any) -> int:
    return int(ServiceCase.select().where(*conditions, *within()).count())


@reminds(VIEW)
def late_cases(day: date) -> Iterator[Reminder]:
    """Remind of what is past its promised time, and of what was promised for today."""
    at = now()
    count = _count(_UNDONE & _RUNNING & (ServiceCase.due_at < at))
    if count:
        yield _standing(f"{count} 件投诉报修超过承诺时限", "danger", Standing.LATE, count)
    first = _UNDONE & _RUNNING & ServiceCase.first_at.is_null() & (ServiceCase.first_due < at)
    count = _count(first & (ServiceCase.due_at >= at))
    if count:
        yield _standing(f"{count} 件还没有首次响应", "danger", Standing.UNANSWERED, count)
    end = datetime.combine(day + timedelta(days=1), datetime.min.time())
    count = _count(_UNDONE & _RUNNING & (ServiceCase.due_at >= at) & (ServiceCase.due_at < end))
    if count:
        asked = (
            Condition("due_at", Test.MOST, day.isoformat()),
            *(Condition("standing", Test.IS_NOT, one.value) for one in (Standing.LATE, Standing.PAUSED)),
            _OPEN,
        )
        yield Reminder(f"{count} 件投诉报修今天到期", "warning", "cases", {}, count, asked)


def _standing(title: str, tone: str, standing: Standing, count: int) -> Reminder:
    asked = (Condition("standing", Test.IS, standing.value),)
    return Reminder(title, tone, "cases", {}, count, asked)


@reminds(LEAD)
def waiting_for_lead(day: date) -> Iterator[Reminder]:
    """Remind of what is to be given to somebody, reviewed, accepted or closed."""
    told = (
        (CaseState.RECEIVED, "待派单"),
        (CaseState.REVIEW, "答复待审核"),
        (CaseState.FINISHED, "维修待验收"),
        (CaseState.VISITED, "回访完待关闭"),
    )
    for state, words in told:
        count = _count(ServiceCase.state == state)
        if count:
            yield Reminder(f"{count} 件{words}", "warning", "cases", {"state": state.value}, count)


@reminds(DIRECT)
def waiting_for_director(day: date) -> Iterator[Reminder]:
    """Remind the director of what was reported to him and has no direction yet."""
    mine = (
        ServiceCase.reported_at.is_null(False)
        & ServiceCase.directed_at.is_null()
        & (ServiceCase.live == True)
    )
    count = _count(mine)
    if count:
        asked = (Condition("reported_at", Test.FILLED), Condition("directed_at", Test.BLANK))
        yield Reminder(f"{count} 件重大事项等您批示", "danger", "cases", {}, count, asked)


@reminds(REPAIR)
def my_jobs(day: date) -> Iterator[Reminder]:
    """Remind somebody of what was given to him."""
    mine = ServiceCase.handler == getattr(actor(), "staff_id", None)
    count = _count(_UNDONE & mine)
    if count:
        asked = (Condition("handler", Test.IS, actor().name), _OPEN)
        yield Reminder(f"您手上有 {count} 件", "info", "cases", {}, count, asked)


@reminds(VISIT)
def visits_due(day: date) -> Iterator[Reminder]:
    """Remind of visits back that are due or overdue."""
    tasks = VisitTask.select().join(ServiceCase, JOIN.LEFT_OUTER).where(due_by(day))
    mine = within()
    if mine:
        tasks = tasks.where(mine[0] | VisitTask.case.is_null())
    late = tasks.where(VisitTask.due < day).count()
    if late:
        asked = (Condition("due", Test.MOST, (day - timedelta(days=1)).isoformat()),)
        yield Reminder(f"{late} 件回访过期", "danger", "visit_tasks", {}, late, asked)
    today = tasks.count() - late
    if today:
        asked = (Condition("due", Test.EQUALS, day.isoformat()),)
        yield Reminder(f"{today} 件今天要回访", "warning", "visit_tasks", {}, today, asked)


@figures(VIEW)
def month_figures(day: date) -> Iterator[Figure]:
    """How many came this month, with those of the month before beside them."""
    month = Month.of(day)
    for sort, page in ((Sort.COMPLAINT, "complaints"), (Sort.REPAIR, "repairs")):
        now_, before = (_came(sort, one) for one in (month, month.plus(-1)))
        period = Period.of_month(month)
        yield Figure(f"本月{sort.value}", f"{now_:,} 件", f"上月 {before:,} 件", page, {"period": period})


def _came(sort: Sort, month: Month) -> int:
    first, last = Period.of_month(month).moments
    return _count((ServiceCase.sort == sort) & ServiceCase.received_at.between(first, last))


@facts(Unit, VIEW)
def cases_of_unit(unit: Unit) -> Iterator[Figure]:
    """How many cases of a house are open."""
    mine = ServiceCase.select().join(Call).where(ServiceCase.live == True, *narrowed(Filters(unit=unit)))
    count = mine.count()
    if count:
        yield Figure("在办投诉报修", f"{count} 件", "", "cases")


@finds(VIEW)
def cases_by_number(wanted: Sought) -> Iterator[Hit]:
    """Cases by their number, as the QR codes of CS-02 and CS-03 hold it, or by the number of an order."""
    words = wanted.words.upper()
    if words.startswith(("TS-", "BX-")):
        mine = ServiceCase.number.startswith(words)
    elif len(words) >= _ORDER and any(mark.isdigit() for mark in words):
        mine = Call.order_number == words
    else:
        return
    query = ServiceCase.select(ServiceCase, Call).join(Call).where(mine, *within())
    for case in query.order_by(ServiceCase.number).limit(MOST):
        page = "complaints" if case.sort is Sort.COMPLAINT else "repairs"
        rank = SURE if case.number == words else LIKELY
        told = f"{case.where} · {case.kind.value} {case.matter} · {case.state.value}"
        yield Hit(page, case.id, case.number, told, case.sort.value, rank)


finds_numbered(VIEW, "HF", ReturnVisit, "return_visits", "回访", lambda one: one.task.about)
