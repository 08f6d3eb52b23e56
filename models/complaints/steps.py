"""办理过程: every step of a case is written down for good, and so is every time its clock stood."""

from __future__ import annotations

from datetime import datetime
from enum import Enum

from models.base import Record
from models.clock import now, past
from models.complaints.cases import ServiceCase
from models.deeds import actor
from models.errors import BadInput
from models.fields import ChoiceField, LineField, LinkField, MomentField, NoteField
from models.office.staff import Staff


class Step(Enum):
    """What was done to a case."""

    RECEIVED = "登记"
    REPORTED = "上报主任"
    DIRECTED = "主任批示"
    ASSIGNED = "派单"
    TRANSFERRED = "转派"
    STARTED = "开始处理"
    WAITING = "等待业主"
    RESUMED = "继续办理"
    STOPPED = "制止违章"
    ANSWERED = "答复业主"
    RETURNED = "退回"
    REVIEWED = "审核通过"
    ARRIVED = "到场"
    QUOTED = "报价"
    AGREED = "业主确认报价"
    DECLINED = "业主不同意报价"
    FINISHED = "完工"
    ACCEPTED = "验收"
    CHARGED = "转收费"
    VISITED = "回访"
    UNREACHED = "回访未接通"
    CLOSED = "关闭"
    WITHDRAWN = "撤回"
    UNFOUNDED = "不成立"
    REOPENED = "重开"
    GRADED = "改等级"
    CORRECTED = "更正登记"
    JOINED = "并入停供通报"
    NOTED = "记录"


class CaseStep(Record):
    """办理过程: one step of a case; never changed."""

    case = LinkField(ServiceCase, backref="steps", verbose_name="单号")
    at = MomentField(verbose_name="时间")
    step = ChoiceField(Step, verbose_name="步骤")
    words = NoteField(null=True, verbose_name="说明")
    staff = LinkField(Staff, null=True, index=False, backref="+", verbose_name="交给")
    made_at = MomentField(verbose_name="登记时间")
    made_by = LineField(max_length=60, verbose_name="经办人")

    class Meta:
        title = "办理过程"

    def label(self) -> str:
        """Return TS-202611-001 派单."""
        return f"{self.case.number} {self.step.value}"


class CasePause(Record):
    """暂停计时: how long a case waited for its owner, and why."""

    case = LinkField(ServiceCase, backref="pauses", verbose_name="单号")
    since = MomentField(verbose_name="起")
    until = MomentField(null=True, verbose_name="止")
    why = LineField(max_length=120, verbose_name="原因")

    class Meta:
        title = "暂停计时"


def note(
    case: ServiceCase, step: Step, words: str | None = None, *, at: datetime | None = None,
    staff: Staff | None = None,
) -> None:  # fmt: skip
    """Write a step of a case down; `at` is when it was done, the moment of entry where none is given."""
    made = now()
    CaseStep.add(
        case=case, at=at or made, step=step, words=words, staff=staff, made_at=made, made_by=actor().name
    )


def moment(case: ServiceCase, at: datetime | None, what: str) -> datetime:
    """Return when something was done to a case: not ahead, not before what was done before it.

    Raises:
        BadInput: it was not so; `what` says what was done, as 到场.
    """
    found = past(at, f"{what}时间")
    if found < case.received_at:
        raise BadInput(
            f"{what}时间 {found:%Y-%m-%d %H:%M} 早于受理时间 {case.received_at:%Y-%m-%d %H:%M}。请核对时间。",
            "at",
        )
    return found
