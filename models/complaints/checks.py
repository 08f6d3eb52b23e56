"""受理核对: what must hold among cases, their steps, pauses and visits, told by `check`."""

from __future__ import annotations

from collections.abc import Iterator

from peewee import JOIN, fn

from models.base import db
from models.checks import invariant
from models.complaints.cases import ENDED, SERIES, CaseState, ServiceCase
from models.complaints.kinds import Sort
from models.complaints.steps import CasePause, CaseStep, Step
from models.complaints.visits import ReturnVisit, TaskState, VisitTask
from models.fees.services import ServiceSlip, SlipState
from models.series import Counter

_NAMED = 20


@invariant("受理单号")
def numbers_have_no_gaps() -> Iterator[str]:
    """Each number of a series that was given out is that of a case."""
    for sort, series in SERIES.items():
        given = db.execute(Counter.select(fn.SUM(Counter.last)).where(Counter.prefix == series.prefix))
        last, made = given.fetchone()[0] or 0, ServiceCase.select().where(ServiceCase.sort == sort).count()
        if last != made:
            yield f"{series.title}发出 {last} 个单号，只有 {made} 张"


@invariant("受理单状态")
def states_fit_their_times() -> Iterator[str]:
    """What is ended is not open and bears its end; a complaint that was closed was answered."""
    ended = ServiceCase.state.in_(ENDED)
    wrong = (ended & (ServiceCase.live == True)) | (~ended & (ServiceCase.live == False))
    wrong |= ended & ServiceCase.closed_at.is_null()
    wrong |= (ServiceCase.state == CaseState.CLOSED) & ServiceCase.finished_at.is_null()
    wrong |= ServiceCase.closed_at.is_null(False) & (ServiceCase.closed_at < ServiceCase.received_at)
    for (number,) in db.execute(ServiceCase.select(ServiceCase.number).where(wrong).limit(_NAMED)):
        yield f"受理单 {number} 的状态与时间不符"


@invariant("受理单过程")
def steps_tell_of_reopening() -> Iterator[str]:
    """How often a case was reopened is how often its steps say so; each began with its registration."""
    counted = CaseStep.select(fn.COUNT(CaseStep.id)).where(CaseStep.case == ServiceCase.id)
    again = counted.where(CaseStep.step == Step.REOPENED)
    first = counted.where(CaseStep.step == Step.RECEIVED)
    wrong = (again != ServiceCase.reopened) | (first != 1)
    for (number,) in db.execute(ServiceCase.select(ServiceCase.number).where(wrong).limit(_NAMED)):
        yield f"受理单 {number} 的办理过程与重开次数不符"


@invariant("暂停计时")
def clocks_stand_where_cases_wait() -> Iterator[str]:
    """A clock stands just while its case waits, and only one at a time."""
    standing = (CaseState.WAITING, CaseState.QUOTED)
    paused = CasePause.select(fn.COUNT(CasePause.id)).where(
        (CasePause.case == ServiceCase.id) & CasePause.until.is_null()
    )
    waits = ServiceCase.state.in_(standing)
    wrong = (waits & (paused != 1)) | (~waits & (paused != 0))
    for (number,) in db.execute(ServiceCase.select(ServiceCase.number).where(wrong).limit(_NAMED)):
        yield f"受理单 {number} 的暂停与状态不符"


@invariant("回访")
def visits_fit_their_tasks() -> Iterator[str]:
    """A task is done by one visit that reached somebody; attempts are as many as are on record."""
    reached = ReturnVisit.select(fn.COUNT(ReturnVisit.id)).where(ReturnVisit.task == VisitTask.id)
    done = VisitTask.state == TaskState.DONE
    good, missed = reached.where(ReturnVisit.reached == True), reached.where(ReturnVisit.reached == False)
    wrong = (done & (good != 1)) | (~done & (good != 0)) | (missed != VisitTask.attempts)
    for (id,) in db.execute(VisitTask.select(VisitTask.id).where(wrong).limit(_NAMED)):
        yield f"回访任务 {id} 与回访记录不符"
    waiting = ServiceCase.state == CaseState.VISITING
    due = (VisitTask.case == ServiceCase.id) & (VisitTask.state == TaskState.DUE)
    lone = ServiceCase.select(ServiceCase.number).join(VisitTask, JOIN.LEFT_OUTER, on=due)
    for (number,) in db.execute(lone.where(waiting & VisitTask.id.is_null()).limit(_NAMED)):
        yield f"受理单 {number} 待回访，却没有回访任务"


@invariant("维修收费")
def paid_work_is_charged_as_it_cost() -> Iterator[str]:
    """A slip that charges a repair is of its house and its cost."""
    query = ServiceCase.select(ServiceCase.number).join(
        ServiceSlip, JOIN.LEFT_OUTER, on=(ServiceSlip.number == ServiceCase.charge)
    )
    lost = ServiceSlip.id.is_null() | (ServiceSlip.unit != ServiceCase.unit)
    lost |= (ServiceSlip.state == SlipState.ISSUED) & (ServiceSlip.amount != ServiceCase.cost)
    wrong = (ServiceCase.sort == Sort.REPAIR) & ServiceCase.charge.is_null(False) & lost
    for (number,) in db.execute(query.where(wrong).limit(_NAMED)):
        yield f"报修单 {number} 与它的特服单不符"
