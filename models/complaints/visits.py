"""回访: who is to be asked how it went, by when, and what he said; bad marks take the case up again.

Every complaint is visited back within the office's days after its review, a share of the repairs after
their acceptance (forms.md B8); the visitor is nobody who handled the case; whoever cannot be reached is
let go after so many attempts, each of them on record.
"""

from __future__ import annotations

import hashlib
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Annotated, Any

from models.base import Record
from models.clock import now, past
from models.complaints.cases import CaseState, Mark, Quality, ServiceCase, Way
from models.complaints.closing import AskedAt, AskedReason, close_now, take_up_again
from models.complaints.kinds import Grade, Sort
from models.complaints.reach import reaches_case
from models.complaints.rights import LEAD, VISIT
from models.complaints.steps import CaseStep, Step, note
from models.complaints.terms import rules
from models.deeds import Actor, actor, deed, judges_scope
from models.errors import BadInput, RuleBroken
from models.fields import (
    ChoiceField,
    CodeField,
    CountField,
    DayField,
    FlagField,
    LineField,
    LinkField,
    MomentField,
    NoteField,
    NumberField,
)
from models.inputs import Asked
from models.office.staff import Staff
from models.owners.estate import Unit
from models.series import Series
from models.workdays import WorkCalendar

VISITS = Series("HF", "回访记录")


class Source(Enum):
    """来源 of a visit back (CS-05)."""

    COMPLAINT = "投诉"
    REPAIR = "报修"
    SURVEY = "调查反馈"
    DECORATION = "装修"
    MOVE_IN = "入住"
    HOME_VISIT = "家访"


class TaskState(Enum):
    """How far a visit back is."""

    DUE = "待回访"
    DONE = "已回访"
    UNREACHED = "无法联系"
    DROPPED = "已重办"


_SOURCES = {Sort.COMPLAINT: Source.COMPLAINT, Sort.REPAIR: Source.REPAIR}


class VisitTask(Record):
    """回访任务: somebody is to be asked how it went."""

    source = ChoiceField(Source, verbose_name="来源")
    case = LinkField(ServiceCase, null=True, backref="visits", verbose_name="单号")
    document = CodeField(max_length=40, null=True, verbose_name="来源单号")
    unit = LinkField(Unit, null=True, index=False, backref="+", verbose_name="房号")
    about = LineField(max_length=80, verbose_name="事由")
    due = DayField(verbose_name="回访期限")
    state = ChoiceField(TaskState, default=TaskState.DUE, verbose_name="状态")
    attempts = CountField(default=0, verbose_name="未接通")

    moves = {TaskState.DUE: (TaskState.DONE, TaskState.UNREACHED, TaskState.DROPPED)}

    class Meta:
        title = "回访任务"
        indexes = ((("state", "due"), False),)

    def label(self) -> str:
        """Return 投诉 TS-202611-001."""
        return f"{self.source.value} {self.origin}"

    def described(self) -> str:
        """Return 投诉 TS-202611-001 1-1-1011 保洁 楼道不洁."""
        return f"{self.source.value} {self.case.described()}" if self.case else f"{self.label()} {self.about}"

    @property
    def origin(self) -> str | None:
        """Number of the case or the document from which it came."""
        return self.case.number if self.case else self.document


class ReturnVisit(Record):
    """回访记录: one call or visit, answered or not; never changed."""

    number = NumberField(verbose_name="回访号")
    task = LinkField(VisitTask, backref="visits", verbose_name="回访任务")
    at = MomentField(index=True, verbose_name="回访时间")
    way = ChoiceField(Way, verbose_name="方式")
    reached = FlagField(verbose_name="接通")
    met = LineField(max_length=40, null=True, verbose_name="受访人")
    words = NoteField(null=True, verbose_name="回访内容")
    mark = ChoiceField(Mark, null=True, verbose_name="评价")
    quality = ChoiceField(Quality, null=True, verbose_name="处理质量")
    advice = NoteField(null=True, verbose_name="意见建议")
    again = LineField(max_length=40, null=True, verbose_name="再处理单号")
    visitor = LinkField(Staff, index=False, backref="+", verbose_name="回访人")
    made_at = MomentField(verbose_name="登记时间")
    made_by = LineField(max_length=60, verbose_name="经办人")

    key_field = "number"

    class Meta:
        title = "回访记录"


@judges_scope(VisitTask)
def reaches_task(task: VisitTask, person: Actor, right: str) -> bool:
    """A visit back is as far away as its case."""
    return task.case is None or reaches_case(task.case, person, right)


@judges_scope(ReturnVisit)
def reaches_visit(visit: ReturnVisit, person: Actor, right: str) -> bool:
    """As its task."""
    return reaches_task(visit.task, person, right)


def plan_visit(case: ServiceCase, days: int) -> VisitTask:
    """Let a case be visited back so many days after it was done, moved on to a working day."""
    due = WorkCalendar().next_working((case.finished_at or now()).date() + timedelta(days=days))
    case.change(visit_due=due)
    return VisitTask.add(
        source=_SOURCES[case.sort],
        case=case,
        unit=case.unit,
        about=f"{case.kind.value} {case.matter}",
        due=due,
    )


def is_drawn(case: ServiceCase) -> bool:
    """Whether a repair is among those that are visited back.

    What was urgent, paid for, a return repair, taken up again or badly marked always is; of the others the
    office's share, drawn by the number, so that nobody chooses whom to ask.
    """
    told = (
        case.again_of_id or case.reopened or (case.cost or 0) > 0 or (case.mark is not None and case.mark.bad)
    )
    if told or case.grade is Grade.EMERGENCY:
        return True
    drawn = int.from_bytes(hashlib.sha256(case.number.encode()).digest()[:4], "big") % 100
    return drawn < rules().repair_share


AskedTask = Annotated[VisitTask, Asked(LinkField(VisitTask, verbose_name="回访任务"))]
AskedVisitor = Annotated[
    Staff | None, Asked(LinkField(Staff, null=True, verbose_name="回访人"), "不填为本人")
]


@deed("complaints.visit", "登记回访", VISIT)
def visit(
    task: AskedTask,
    mark: Annotated[Mark, Asked(ChoiceField(Mark, verbose_name="评价"))],
    way: Annotated[Way, Asked(ChoiceField(Way, verbose_name="方式"))] = Way.PHONE,
    met: Annotated[
        str | None, Asked(LineField(max_length=40, null=True, verbose_name="受访人"), "不填为来人")
    ] = None,
    words: Annotated[str | None, Asked(NoteField(null=True, verbose_name="回访内容"))] = None,
    advice: Annotated[str | None, Asked(NoteField(null=True, verbose_name="意见建议"))] = None,
    quality: Annotated[
        Quality | None, Asked(ChoiceField(Quality, null=True, verbose_name="处理质量"))
    ] = None,
    visitor: AskedVisitor = None,
    at: AskedAt = None,
) -> ReturnVisit:
    """Note what somebody said of how it went; a bad mark takes the case up again.

    The owner's mark (满意度) and the office's own judgement (处理质量) are kept apart: a job well done may
    displease, and a bad one pass unnoticed.

    Raises:
        RuleBroken: the visit was made, or the visitor handled the case himself.
        BadInput: the time lies ahead, or before the case was done.
    """
    by, when = _check(task, visitor, at)
    case = task.case
    again = case.number if case is not None and mark.bad else None
    made = ReturnVisit.add(
        number=VISITS.next(when.date()), task=task, at=when, way=way, reached=True, met=met or _caller(case),
        words=words, mark=mark, quality=quality, advice=advice, again=again, visitor=by, made_at=now(),
        made_by=actor().name,
    )  # fmt: skip
    task.move_to(TaskState.DONE)
    if case is not None:
        _conclude(case, mark, quality, when, words)
    return made


def _conclude(
    case: ServiceCase, mark: Mark, quality: Quality | None, when: datetime, words: str | None
) -> None:
    told = f"{mark.value}{'：' + words if words else ''}"
    case.change(mark=mark, quality=quality, visited_at=when)
    note(case, Step.VISITED, told, at=when)
    if mark.bad:
        take_up_again(case, f"回访{mark.value}")
    elif case.sort is Sort.COMPLAINT:
        case.move_to(CaseState.VISITED)
    else:
        close_now(case, when)


@deed("complaints.miss", "登记未接通", VISIT)
def miss(
    task: AskedTask,
    way: Annotated[Way, Asked(ChoiceField(Way, verbose_name="方式"))] = Way.PHONE,
    words: Annotated[str | None, Asked(NoteField(null=True, verbose_name="情况"))] = None,
    visitor: AskedVisitor = None,
    at: AskedAt = None,
) -> ReturnVisit:
    """Note an attempt that reached nobody.

    Raises:
        RuleBroken: the visit was made, or the visitor handled the case himself.
        BadInput: the time lies ahead, before the case was done, or not after the last attempt.
    """
    by, when = _check(task, visitor, at)
    last = ReturnVisit.select().where(ReturnVisit.task == task).order_by(ReturnVisit.at.desc()).first()
    if last is not None and when <= last.at:
        raise BadInput(f"上一次是 {last.at:%Y-%m-%d %H:%M}，这一次要在它以后。同一次联系不要登记两遍。", "at")
    made = ReturnVisit.add(
        number=VISITS.next(when.date()), task=task, at=when, way=way, reached=False, words=words, visitor=by,
        made_at=now(), made_by=actor().name,
    )  # fmt: skip
    task.change(attempts=task.attempts + 1)
    if task.case is not None:
        note(task.case, Step.UNREACHED, words, at=when)
    return made


@deed("complaints.give_up_visit", "登记无法联系", LEAD)
def give_up(task: AskedTask, reason: AskedReason) -> VisitTask:
    """Let go of somebody who could not be reached so many times; the rates count and name him apart.

    Raises:
        RuleBroken: too few attempts are on record, or the visit was made.
    """
    wanted = rules().attempts
    if task.attempts < wanted:
        raise RuleBroken(
            f"{task.label()} 只登记了 {task.attempts} 次未接通，满 {wanted} 次才能登记无法联系。请再联系。"
        )
    task.move_to(TaskState.UNREACHED)
    case = task.case
    if case is not None:
        note(case, Step.UNREACHED, f"无法联系：{reason}")
        if case.sort is Sort.COMPLAINT:
            case.move_to(CaseState.VISITED)
        else:
            close_now(case, now(), "无法联系")
    return task


def task_of(case: ServiceCase) -> VisitTask | None:
    """Return the visit back that a case waits for; None where it waits for none."""
    waits = (VisitTask.case == case) & (VisitTask.state == TaskState.DUE)
    found: VisitTask | None = VisitTask.get_or_none(waits)
    return found


def waiting_of(source: Source) -> list[VisitTask]:
    """Return the visits back of a source that nobody made yet, what is due first on top."""
    mine = (VisitTask.source == source) & (VisitTask.state == TaskState.DUE)
    return list(VisitTask.select().where(mine).order_by(VisitTask.due, VisitTask.id))


def drop_task(case: ServiceCase) -> None:
    """Let go of the visit of a case that is done anew."""
    task = task_of(case)
    if task is not None:
        task.move_to(TaskState.DROPPED)


def _check(task: VisitTask, visitor: Staff | None, at: datetime | None) -> tuple[Staff, datetime]:
    """Return who visited and when, refused where he handled the case or the time does not fit."""
    if task.state is not TaskState.DUE:
        raise RuleBroken(f"{task.label()} 现在是“{task.state.value}”，不用再回访。")
    by = visitor or _myself()
    when = past(at, "回访时间")
    case = task.case
    if case is not None:
        if case.finished_at is not None and when < case.finished_at:
            raise BadInput(f"回访时间早于办结时间 {case.finished_at:%Y-%m-%d %H:%M}。请核对时间。", "at")
        if by.id in hands_of(case):
            raise RuleBroken(f"{by.name} 办过 {case.number}，不能回访自己办的事。请换一位回访。")
    return by, when


def hands_of(case: ServiceCase) -> set[int]:
    """Return everybody (ids) to whom a case was ever given."""
    given = CaseStep.select(CaseStep.staff).where((CaseStep.case == case) & CaseStep.staff.is_null(False))
    return {step.staff_id for step in given} | ({case.handler_id} if case.handler_id else set())


def _myself() -> Staff:
    staff: Any = Staff.get_or_none(Staff.id == getattr(actor(), "staff_id", None))
    if staff is None:
        raise RuleBroken("请填回访人：现在办理的不是某一位员工的账号。")
    found: Staff = staff
    return found


def _caller(case: ServiceCase | None) -> str | None:
    return case.call.who if case is not None else None


def due_by(day: date) -> Any:
    """Return the condition that a visit back is due by a day."""
    return (VisitTask.state == TaskState.DUE) & (VisitTask.due <= day)
