"""承诺事项: what the office promised to somebody by a day, wherever it promised it.

Home visits, owners' meetings, receptions, proposals, mediations, applications and inspections all end in
the same thing: somebody of the office will do something by a day, and whoever asked is told. So there is
one record of it, one list, one reminder; each register shows its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from enum import Enum
from typing import Annotated, Any

from models.base import Record
from models.clock import now, past_day
from models.complaints.closing import AskedReason
from models.complaints.complaining import refuse_left
from models.complaints.rights import HANDLE, LEAD
from models.complaints.terms import rules
from models.complaints.visits import Source, VisitTask
from models.deeds import Actor, actor, deed, judges_scope
from models.errors import BadInput, RuleBroken
from models.fields import (
    ChoiceField,
    CodeField,
    CountField,
    DayField,
    LineField,
    LinkField,
    MomentField,
    NoteField,
)
from models.inputs import Asked, Input
from models.office.staff import Staff
from models.owners.caretaking import cared_for
from models.owners.estate import Unit
from models.rows import RowRefused, RowsField
from models.workdays import WorkCalendar


class Origin(Enum):
    """Where something was promised."""

    HOME_VISIT = "家访"
    FORUM = "恳谈会"
    RECEPTION = "接待来信"
    PROPOSAL = "业主提案"
    MEDIATION = "纠纷调解"
    REQUEST = "事项申请"
    INSPECTION = "巡查"
    SURVEY = "顾客调查"
    QUALITY = "质量整改"


class CommitmentState(Enum):
    """How far it is."""

    OPEN = "待办"
    DONE = "已办"
    DROPPED = "已取消"


_VISITED = {Origin.HOME_VISIT: Source.HOME_VISIT, Origin.SURVEY: Source.SURVEY}
"""Whoever said it there is asked afterwards whether it is right now (CS-05)."""


class Commitment(Record):
    """承诺事项: who does what by which day, and what came of it."""

    origin = ChoiceField(Origin, verbose_name="来源")
    source = CodeField(max_length=40, index=True, verbose_name="来源单号")
    unit = LinkField(Unit, null=True, backref="commitments", verbose_name="房号")
    words = NoteField(verbose_name="事项")
    staff = LinkField(Staff, backref="commitments", verbose_name="责任人")
    promised_on = DayField(verbose_name="承诺日期")
    due = DayField(verbose_name="完成期限")
    state = ChoiceField(CommitmentState, default=CommitmentState.OPEN, verbose_name="办理状态")
    put_off = CountField(default=0, verbose_name="延期次数")
    why = LineField(max_length=200, null=True, verbose_name="延期或取消原因")
    done_on = DayField(null=True, verbose_name="办结日期")
    result = NoteField(null=True, verbose_name="办理结果")
    told_on = DayField(null=True, verbose_name="反馈日期")
    told_by = LineField(max_length=60, null=True, verbose_name="反馈方式")
    made_at = MomentField(verbose_name="登记时间")
    made_by = LineField(max_length=60, verbose_name="经办人")

    moves = {CommitmentState.OPEN: (CommitmentState.DONE, CommitmentState.DROPPED)}

    class Meta:
        title = "承诺事项"
        indexes = ((("state", "due"), False),)

    def label(self) -> str:
        """Return 恳谈会 KT-2026-01 增设晾衣架."""
        return f"{self.origin.value} {self.source} {self.words[:20]}"

    @property
    def told(self) -> str:
        """What came of it, in a few words, as registers print it."""
        if self.state is CommitmentState.OPEN:
            return f"{self.staff.name} {self.due} 前"
        if self.state is CommitmentState.DROPPED:
            return f"已取消：{self.why}"
        return f"{self.result}（{self.done_on}）"


@judges_scope(Commitment)
def reaches_commitment(commitment: Commitment, person: Actor, right: str) -> bool:
    """What somebody has to do is within his reach, and what concerns a house within his care."""
    units = cared_for(person, right)
    if units is None or commitment.staff_id == getattr(person, "staff_id", None):
        return True
    return commitment.unit is not None and commitment.unit_id in {unit.id for unit in units}


AskedCommitment = Annotated[Commitment, Asked(LinkField(Commitment, verbose_name="承诺事项"))]
AskedDoer = Annotated[
    Staff | None, Asked(LinkField(Staff, null=True, verbose_name="责任人"), "当场答复的不填")
]
AskedTerm = Annotated[date | None, Asked(DayField(null=True, verbose_name="完成期限"), "当场答复的不填")]
AskedDoneOn = Annotated[date | None, Asked(DayField(null=True, verbose_name="办结日期"), "不填为今天")]


def promise(
    origin: Origin, source: str, words: str, staff: Staff, due: date, unit: Unit | None = None,
    since: date | None = None,
) -> Commitment:  # fmt: skip
    """Note that somebody does something by a day.

    Args:
        origin: where it was promised.
        source: number of the document that tells of it.
        words: what is to be done.
        staff: who does it.
        due: by when.
        unit: the house that it concerns.
        since: when it was promised; today where nothing is said.

    Raises:
        RuleBroken: he has left.
        BadInput: the day lies before it was promised.
    """
    refuse_left(staff)
    promised_on = since or now().date()
    if due < promised_on:
        raise BadInput(f"完成期限 {due} 已经过了。请填今天或以后的日期。", "due")
    return Commitment.add(
        origin=origin, source=source, unit=unit, words=words, staff=staff, promised_on=promised_on, due=due,
        made_at=now(), made_by=actor().name,
    )  # fmt: skip


def promised(
    origin: Origin, source: str, words: str, staff: Staff | None, due: date | None,
    unit: Unit | None = None, since: date | None = None,
) -> Commitment | None:  # fmt: skip
    """Note a promise where there is one; arguments are those of `promise`.

    Raises:
        BadInput: of the person and the day only one is known.
    """
    if staff is None and due is None:
        return None
    if staff is None or due is None:
        missing, name = ("责任人", "staff") if staff is None else ("完成期限", "due")
        raise BadInput(f"要跟进的事既要责任人，也要完成期限，还缺{missing}。", name)
    return promise(origin, source, words, staff, due, unit, since)


PROMISES = "promises"


def _promise_inputs() -> list[Input]:
    return [
        Input("words", LineField(max_length=300, verbose_name="事项"), required=True),
        Input("staff", LinkField(Staff, verbose_name="责任人"), required=True),
        Input("due", DayField(verbose_name="完成期限"), required=True),
    ]


AskedPromises = Annotated[
    list[dict[str, Any]] | None, Asked(RowsField(_promise_inputs, null=True, verbose_name="承诺"))
]
"""What is promised in one document: an input called `promises`."""


def promise_all(
    origin: Origin, source: str, rows: Sequence[Mapping[str, Any]] | None, unit: Unit | None, since: date
) -> None:
    """Note what is promised in one document; arguments as of `promise`.

    Raises:
        RowRefused: one falls due before the document.
        RuleBroken: whoever is to do it has left.
    """
    for number, row in enumerate(rows or ()):
        try:
            promise(origin, source, row["words"], row["staff"], row["due"], unit, since)
        except BadInput as problem:
            raise RowRefused(str(problem), PROMISES, number, problem.field) from None


@deed("complaints.fulfil", "办结承诺事项", HANDLE)
def fulfil(
    commitment: AskedCommitment,
    result: Annotated[str, Asked(NoteField(verbose_name="办理结果"))],
    done_on: AskedDoneOn = None,
    told_on: Annotated[
        date | None, Asked(DayField(null=True, verbose_name="反馈日期"), "还没有告诉对方的不填")
    ] = None,
    told_by: Annotated[
        str | None, Asked(LineField(max_length=60, null=True, verbose_name="反馈方式"), "如 电话、公示栏")
    ] = None,
) -> Commitment:
    """Note that it is done and what came of it; who asked for it at home or in a survey is visited back.

    Raises:
        RuleBroken: it is done or dropped already.
        BadInput: a day lies ahead, or before the promise.
    """
    if commitment.state is not CommitmentState.OPEN:
        raise RuleBroken(f"{commitment.label()} 现在是“{commitment.state.value}”，不用再办结。")
    day = _day(commitment, done_on, "办结日期", "done_on")
    if told_on is not None:
        _day(commitment, told_on, "反馈日期", "told_on")
    commitment.move_to(CommitmentState.DONE, result=result, done_on=day, told_on=told_on, told_by=told_by)
    source = _VISITED.get(commitment.origin)
    if source is not None and commitment.unit is not None:
        due = WorkCalendar().next_working(day + timedelta(days=rules().visit_complaint))
        VisitTask.add(
            source=source,
            document=commitment.source,
            unit=commitment.unit,
            about=commitment.words[:80],
            due=due,
        )
    return commitment


def _day(commitment: Commitment, day: date | None, what: str, name: str) -> date:
    found = past_day(day, what, name)
    if found < commitment.promised_on:
        raise BadInput(f"{what} {found} 早于承诺日期 {commitment.promised_on}。请核对日期。", name)
    return found


@deed("complaints.tell_commitment", "登记反馈", HANDLE)
def tell(
    commitment: AskedCommitment,
    told_by: Annotated[str, Asked(LineField(max_length=60, verbose_name="反馈方式"))],
    told_on: Annotated[date | None, Asked(DayField(null=True, verbose_name="反馈日期"), "不填为今天")] = None,
) -> Commitment:
    """Note that whoever asked for it was told.

    Raises:
        RuleBroken: he was told already, or it is not done.
        BadInput: the day lies ahead, or before the promise.
    """
    if commitment.told_on is not None:
        raise RuleBroken(f"{commitment.label()} 已于 {commitment.told_on} 反馈过。")
    if commitment.state is not CommitmentState.DONE:
        why = "还没有办结。请先办结" if commitment.state is CommitmentState.OPEN else "已取消，不用再反馈"
        raise RuleBroken(f"{commitment.label()} {why}。")
    day = _day(commitment, told_on, "反馈日期", "told_on")
    return commitment.change(told_on=day, told_by=told_by)


@deed("complaints.put_off", "延期", LEAD)
def put_off(
    commitment: AskedCommitment,
    due: Annotated[date, Asked(DayField(verbose_name="新的期限"))],
    reason: AskedReason,
) -> Commitment:
    """Give more time, with the reason; how often is counted.

    Raises:
        RuleBroken: it is done or dropped already.
        BadInput: the new day is not later.
    """
    if commitment.state is not CommitmentState.OPEN:
        raise RuleBroken(f"{commitment.label()} 现在是“{commitment.state.value}”，不用延期。")
    if due <= commitment.due:
        raise BadInput(f"新的期限 {due} 不晚于现在的 {commitment.due}。请填更晚的日期。", "due")
    if due < now().date():
        raise BadInput(f"新的期限 {due} 已经过了。请填今天或以后的日期。", "due")
    return commitment.change(due=due, put_off=commitment.put_off + 1, why=reason)


@deed("complaints.drop_commitment", "取消承诺事项", LEAD, danger=True, question="取消的保留在名单里。")
def drop(commitment: AskedCommitment, reason: AskedReason) -> Commitment:
    """Drop what cannot or need not be done, with the reason.

    Raises:
        RuleBroken: it is done or dropped already.
    """
    return commitment.move_to(CommitmentState.DROPPED, why=reason)


def of_source(source: str) -> list[Commitment]:
    """Return what was promised in one document, by its number, in its order."""
    mine = Commitment.source == source
    return list(Commitment.select(Commitment, Staff).join(Staff).where(mine).order_by(Commitment.id))


def due_by(day: date) -> Any:
    """Return the condition that something is to be done by a day."""
    return (Commitment.state == CommitmentState.OPEN) & (Commitment.due <= day)
