"""办理投诉: assigned, worked on, answered, reviewed; what is grave is seen by the director (forms.md A11)."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from models.clock import now
from models.complaints.cases import ENDED, CallerKind, CaseState, Cause, Opinion, ServiceCase, Way
from models.complaints.closing import (
    AskedAt,
    AskedCase,
    AskedCases,
    AskedReason,
    refuse_before,
    take_up_again,
)
from models.complaints.intake import report
from models.complaints.kinds import Grade, Sort, check_grade
from models.complaints.rights import DIRECT, HANDLE, LEAD
from models.complaints.steps import Step, note
from models.complaints.terms import Clock, ServiceTerms, rules
from models.complaints.visits import drop_task, plan_visit
from models.deeds import actor, deed
from models.errors import RuleBroken
from models.fields import ChoiceField, LineField, LinkField, NoteField, PhoneField
from models.inputs import Asked
from models.office.staff import Department, Staff

_IN_HAND = (CaseState.ASSIGNED, CaseState.WORKING, CaseState.DISPATCHED, CaseState.ARRIVED)
_FIRST = {CaseState.WAITING: "请先继续办理。", CaseState.CLOSED: "请先重开。"}
AskedHandler = Annotated[Staff, Asked(LinkField(Staff, verbose_name="承办人"))]


@deed("complaints.assign", "派单", LEAD)
def assign(
    cases: AskedCases,
    handler: AskedHandler,
    department: Annotated[
        Department | None,
        Asked(LinkField(Department, null=True, verbose_name="承办部门"), "不填为承办人的部门"),
    ] = None,
    words: Annotated[str | None, Asked(LineField(max_length=200, null=True, verbose_name="要求"))] = None,
) -> None:
    """Give complaints that were taken to somebody.

    Raises:
        RuleBroken: one is given to somebody already, or he has left.
    """
    refuse_left(handler)
    for case in cases:
        case.require(Sort.COMPLAINT)
        case.require_in(CaseState.RECEIVED, why="已经派过单。要换人请用“转派”。")
        case.move_to(CaseState.ASSIGNED, handler=handler, department=department or handler.department)
        note(case, Step.ASSIGNED, words, staff=handler)


@deed("complaints.transfer", "转派", LEAD)
def transfer(case: AskedCase, handler: AskedHandler, reason: AskedReason) -> ServiceCase:
    """Give a complaint or a repair to somebody else, with the reason.

    Raises:
        RuleBroken: nobody had it yet, the same person has it, or it is past that.
    """
    refuse_left(handler)
    if case.handler is None:
        raise RuleBroken(f"{case.number} 还没有派单。请先派单。")
    if case.handler == handler:
        raise RuleBroken(f"{case.number} 本来就由 {handler.name} 承办。请另选一位。")
    if case.state not in _IN_HAND:
        raise RuleBroken(f"{case.number} 现在是“{case.state.value}”，不能转派。{_FIRST.get(case.state, '')}")
    state = CaseState.ASSIGNED if case.sort is Sort.COMPLAINT else CaseState.DISPATCHED
    case.move_to(state, handler=handler, department=handler.department, arrived_at=None)
    note(case, Step.TRANSFERRED, reason, staff=handler)
    return case


def refuse_left(handler: Staff) -> None:
    """Refuse to give anything to somebody who has left.

    Raises:
        RuleBroken: he has.
    """
    if handler.left is not None:
        raise RuleBroken(f"{handler.name} 已于 {handler.left} 离职。请另选一位。")


@deed("complaints.start", "开始处理", HANDLE)
def start(case: AskedCase, at: AskedAt = None) -> ServiceCase:
    """Note that somebody took it up and spoke to the owner, or came: the first response.

    Raises:
        RuleBroken: it is given to nobody, or is past that.
        BadInput: the time lies ahead, or before it was received.
    """
    case.require(Sort.COMPLAINT)
    _begin(case, refuse_before(case, at, "开始处理", None))
    return case


def _begin(case: ServiceCase, at: datetime) -> None:
    case.require_in(CaseState.ASSIGNED, why="不是刚派的单，不用再开始处理。")
    case.move_to(CaseState.WORKING, first_at=case.first_at or at)
    note(case, Step.STARTED, at=at)


@deed("complaints.answer", "答复业主", HANDLE)
def answer(
    case: AskedCase,
    answer: Annotated[str, Asked(NoteField(verbose_name="答复"))],
    way: Annotated[Way, Asked(ChoiceField(Way, verbose_name="答复方式"))] = Way.PHONE,
    finding: Annotated[str | None, Asked(NoteField(null=True, verbose_name="现场核实"))] = None,
    cause: Annotated[Cause | None, Asked(ChoiceField(Cause, null=True, verbose_name="原因分类"))] = None,
    reason: Annotated[str | None, Asked(NoteField(null=True, verbose_name="原因分析"))] = None,
    measures: Annotated[str | None, Asked(NoteField(null=True, verbose_name="处理措施"))] = None,
    opinion: Annotated[
        Opinion | None, Asked(ChoiceField(Opinion, null=True, verbose_name="业主意见"))
    ] = None,
    prevention: Annotated[str | None, Asked(NoteField(null=True, verbose_name="纠正预防要求"))] = None,
    at: AskedAt = None,
) -> ServiceCase:
    """Record what was found, done and answered; it is reviewed and visited back before it closes.

    Raises:
        RuleBroken: nobody handles it yet, it waits for its owner, or it is answered already.
        BadInput: the time lies ahead, or before it was received or taken up.
    """
    case.require(Sort.COMPLAINT)
    if case.state is CaseState.RECEIVED:
        raise RuleBroken(f"{case.number} 还没有派单。请先派单，再答复。")
    done = refuse_before(case, at, "答复", case.first_at)
    if case.state is CaseState.ASSIGNED:
        _begin(case, done)
    case.move_to(
        CaseState.REVIEW, answer=answer, answered_way=way, finding=finding or case.finding,
        cause=cause or case.cause, reason=reason or case.reason, measures=measures or case.measures,
        opinion=opinion, prevention=prevention or case.prevention, finished_at=done,
    )  # fmt: skip
    note(case, Step.ANSWERED, f"{way.value}：{answer}", at=done)
    return case


@deed("complaints.review", "审核通过", LEAD)
def review(
    cases: AskedCases,
    words: Annotated[str | None, Asked(LineField(max_length=200, null=True, verbose_name="审核意见"))] = None,
) -> None:
    """Let answers stand: they wait for a visit back, anonymous ones for their closing.

    Raises:
        RuleBroken: one is not answered.
    """
    for case in cases:
        case.require(Sort.COMPLAINT)
        nobody = case.call.caller_kind is CallerKind.ANONYMOUS and case.unit is None
        state = CaseState.VISITED if nobody else CaseState.VISITING
        case.move_to(state, reviewed_by=actor().name)
        note(case, Step.REVIEWED, words)
        if not nobody:
            plan_visit(case, rules().visit_complaint)


@deed("complaints.return", "退回重办", LEAD)
def send_back(case: AskedCase, reason: AskedReason) -> ServiceCase:
    """Send an answer back to whoever gave it.

    Raises:
        RuleBroken: it is not waiting for its review.
    """
    case.require(Sort.COMPLAINT)
    case.require_in(CaseState.REVIEW, why="没有待审核的答复。")
    case.move_to(CaseState.WORKING, finished_at=None)
    note(case, Step.RETURNED, reason, staff=case.handler)
    return case


@deed("complaints.report", "上报主任", HANDLE)
def report_case(case: AskedCase, reason: AskedReason) -> ServiceCase:
    """Report something that matters to the director, whatever its grade (duty c01.a.04).

    Raises:
        RuleBroken: it is reported already, or ended.
    """
    if case.reported_at is not None or not case.live:
        told = f"已于 {case.reported_at:%m-%d %H:%M} 上报" if case.reported_at else "已经办完"
        raise RuleBroken(f"{case.number} {told}。")
    at = now()
    case.change(reported_at=at)
    note(case, Step.REPORTED, reason, at=at)
    return case


@deed("complaints.direct", "批示", DIRECT)
def direct(
    case: AskedCase, direction: Annotated[str, Asked(NoteField(verbose_name="主任批示"))]
) -> ServiceCase:
    """Give the director's direction on what was reported to him.

    Raises:
        RuleBroken: it was not reported.
    """
    if case.reported_at is None:
        raise RuleBroken(f"{case.number} 没有上报。请先上报主任。")
    at = now()
    case.change(direction=direction, directed_at=at)
    note(case, Step.DIRECTED, direction, at=at)
    return case


@deed("complaints.grade", "改等级", LEAD)
def regrade(
    case: AskedCase,
    grade: Annotated[Grade, Asked(ChoiceField(Grade, verbose_name="等级"))],
    reason: AskedReason,
) -> ServiceCase:
    """Say that it is graver or less grave; its promised times are those of the new grade from its receipt.

    Raises:
        RuleBroken: it is answered, done or ended.
        BadInput: the grade is none of its sort.
    """
    check_grade(case.sort, grade)
    if case.finished_at is not None or not case.live or case.state in _STANDING:
        raise RuleBroken(f"{case.number} 现在是“{case.state.value}”，不能再改等级。")
    if grade is Grade.APPOINTED or case.grade is grade:
        raise RuleBroken(f"{case.number} 不能改为“{grade.value}”。预约的在受理时填预约上门时间。")
    terms, clock = ServiceTerms.of(case.sort, grade), Clock(rules().closes)
    due = clock.due(case.received_at, terms.due_amount, terms.due_measure)
    measure = terms.due_measure
    if case.call.order_due is not None and case.call.order_due < due:
        due, measure = case.call.order_due, case.due_measure
    first = clock.due(case.received_at, terms.first_amount, terms.first_measure)
    old = case.grade.value
    case.change(
        grade=grade, first_due=min(first, due), first_measure=terms.first_measure, due_at=due,
        due_measure=measure,
    )  # fmt: skip
    note(case, Step.GRADED, f"{old} → {grade.value}：{reason}")
    if grade is Grade.GRAVE and case.reported_at is None:
        report(case, now())
    return case


@deed("complaints.reopen", "重开", LEAD)
def reopen(case: AskedCase, reason: AskedReason) -> ServiceCase:
    """Take up again what was closed, withdrawn, found without ground, or waits to be visited back.

    Raises:
        RuleBroken: it is still being worked on.
    """
    if case.state not in (*ENDED, CaseState.VISITING, CaseState.VISITED):
        raise RuleBroken(f"{case.number} 现在是“{case.state.value}”，还在办，不用重开。")
    drop_task(case)
    take_up_again(case, reason)
    return case


_STANDING = (CaseState.WAITING, CaseState.QUOTED)
"""While the clock stands, its terms are not counted anew."""


@deed("complaints.stop_violation", "制止违章", HANDLE)
def stop_violation(
    case: AskedCase,
    violation: Annotated[str, Asked(NoteField(verbose_name="违章情况"))],
    at: AskedAt = None,
) -> ServiceCase:
    """Record a breach of the rules that was found and stopped (duty c01.a.04: 制止违章).

    Raises:
        RuleBroken: the case is ended.
        BadInput: the time lies ahead, or before it was received.
    """
    if not case.live:
        raise RuleBroken(f"{case.number} 已经办完，不能再记。")
    stopped = refuse_before(case, at, "制止", None)
    case.change(violation=violation, stopped_at=stopped)
    note(case, Step.STOPPED, violation, at=stopped)
    return case


@deed("complaints.correct", "更正登记", LEAD)
def correct(
    case: AskedCase,
    reason: AskedReason,
    content: Annotated[str | None, Asked(NoteField(null=True, verbose_name="内容"), "不填就不改")] = None,
    demand: Annotated[str | None, Asked(NoteField(null=True, verbose_name="诉求"), "不填就不改")] = None,
    area: Annotated[
        str | None, Asked(LineField(max_length=60, null=True, verbose_name="位置"), "不填就不改")
    ] = None,
    name: Annotated[
        str | None, Asked(LineField(max_length=40, null=True, verbose_name="姓名"), "不填就不改")
    ] = None,
    phone: Annotated[str | None, Asked(PhoneField(null=True, verbose_name="电话"), "不填就不改")] = None,
) -> ServiceCase:
    """Mend what was misheard; number, house and time stay, and the former words stand in the audit trail.

    Raises:
        RuleBroken: the case is ended, or nothing is to be mended.
    """
    if not case.live:
        raise RuleBroken(f"{case.number} 已经办完，登记的内容不再改。")
    words = {"content": content, "demand": demand, "area": area}
    caller = {"name": name, "phone": phone}
    if not any([*words.values(), *caller.values()]):
        raise RuleBroken("没有填要更正的内容。请至少填一栏。")
    case.change(**{key: value for key, value in words.items() if value})
    case.call.change(**{key: value for key, value in caller.items() if value})
    note(case, Step.CORRECTED, reason)
    return case


@deed("complaints.note", "记录进展", HANDLE)
def note_progress(
    case: AskedCase, words: Annotated[str, Asked(NoteField(verbose_name="进展"))]
) -> ServiceCase:
    """Write down how it goes, as the owner is told of it when a promise cannot be kept (forms.md B8).

    Raises:
        RuleBroken: the case is ended.
    """
    if not case.live:
        raise RuleBroken(f"{case.number} 已经办完，不能再记。")
    note(case, Step.NOTED, words)
    case.renew()
    return case
