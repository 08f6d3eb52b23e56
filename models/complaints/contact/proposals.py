"""业主提案: what owners propose, whether it is taken up, and that they are told (CS-11, duty c01.c.05)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from enum import Enum
from typing import Annotated

from peewee import JOIN

from models.attachments import keeps_files
from models.base import Record
from models.clock import now, past_day
from models.complaints.contact.commitment_lists import TONES, in_reach
from models.complaints.contact.commitments import (
    Commitment,
    Origin,
    promised,
)
from models.complaints.kinds import MATTERS, Kind
from models.complaints.rights import HANDLE, LEAD, REGISTER, VIEW
from models.conditions import Condition, Test
from models.deeds import actor, deed
from models.desk import Reminder, reminds
from models.errors import BadInput, RuleBroken
from models.fields import ChoiceField, DayField, LineField, LinkField, MomentField, NoteField, NumberField
from models.inputs import Asked
from models.listings import Filters, Listing, Shown, listing
from models.office.staff import Department, Staff
from models.owners.estate import Unit
from models.owners.search import HOUSE
from models.search import finds_numbered
from models.series import Series

PROPOSALS = Series("TA", "业主提案")


class Decision(Enum):
    """采纳 of CS-11."""

    PENDING = "待研"
    YES = "采纳"
    PARTLY = "部分采纳"
    NO = "不采纳"


class Proposal(Record):
    """业主提案: what somebody proposes; TA-202611-001."""

    number = NumberField(verbose_name="提案号")
    day = DayField(index=True, verbose_name="提出日期")
    unit = LinkField(Unit, null=True, backref="+", verbose_name="房号")
    source = LineField(max_length=60, null=True, verbose_name="来源")
    words = NoteField(verbose_name="提案内容")
    kind = ChoiceField(Kind, only=MATTERS, verbose_name="类别")
    state = ChoiceField(Decision, default=Decision.PENDING, verbose_name="是否采纳")
    reason = NoteField(null=True, verbose_name="理由")
    department = LinkField(Department, null=True, index=False, backref="+", verbose_name="责任部门")
    commitment = LinkField(Commitment, null=True, backref="+", verbose_name="承诺事项")
    decided_at = MomentField(null=True, verbose_name="决定时间")
    told_on = DayField(null=True, verbose_name="反馈业主日")
    told_by = LineField(max_length=60, null=True, verbose_name="反馈方式")
    made_at = MomentField(verbose_name="登记时间")
    made_by = LineField(max_length=60, verbose_name="登记人")

    key_field = "number"
    moves = {Decision.PENDING: (Decision.YES, Decision.PARTLY, Decision.NO)}

    class Meta:
        title = "业主提案"

    @property
    def whence(self) -> str:
        """The house or the source, as the summary names it."""
        return " ".join(filter(None, [self.unit.code if self.unit else None, self.source])) or "—"


keeps_files(Proposal, VIEW)
AskedProposal = Annotated[Proposal, Asked(LinkField(Proposal, verbose_name="提案"))]


@deed("complaints.add_proposal", "登记提案", REGISTER)
def add_proposal(
    words: Annotated[str, Asked(NoteField(verbose_name="提案内容"))],
    kind: Annotated[Kind, Asked(ChoiceField(Kind, only=MATTERS, verbose_name="类别"))],
    unit: Annotated[Unit | None, Asked(LinkField(Unit, null=True, verbose_name="房号"))] = None,
    source: Annotated[
        str | None, Asked(LineField(max_length=60, null=True, verbose_name="来源"), "如 恳谈会、业委会")
    ] = None,
    day: Annotated[date | None, Asked(DayField(null=True, verbose_name="提出日期"), "不填为今天")] = None,
) -> Proposal:
    """Note what somebody proposes.

    Raises:
        BadInput: the day lies ahead, or it is not said where it comes from.
    """
    made_on = past_day(day, "提出日期", "day")
    if unit is None and source is None:
        raise BadInput("请填房号或来源，至少一项。", "source")
    return Proposal.add(
        number=PROPOSALS.next(made_on), day=made_on, unit=unit, source=source, words=words, kind=kind,
        made_at=now(), made_by=actor().name,
    )  # fmt: skip


_TAKEN = (Decision.YES, Decision.PARTLY, Decision.NO)


_REFUSED = "不采纳的不填"


@deed("complaints.decide_proposal", "答复提案", LEAD)
def decide_proposal(
    proposal: AskedProposal,
    decision: Annotated[Decision, Asked(ChoiceField(Decision, only=_TAKEN, verbose_name="是否采纳"))],
    reason: Annotated[str, Asked(NoteField(verbose_name="理由"))],
    department: Annotated[
        Department | None, Asked(LinkField(Department, null=True, verbose_name="责任部门"), _REFUSED)
    ] = None,
    staff: Annotated[
        Staff | None, Asked(LinkField(Staff, null=True, verbose_name="责任人"), _REFUSED)
    ] = None,
    due: Annotated[date | None, Asked(DayField(null=True, verbose_name="完成期限"), _REFUSED)] = None,
) -> Proposal:
    """Say whether a proposal is taken up and why; what is taken up is done by somebody by a day.

    Raises:
        RuleBroken: it is decided already.
        BadInput: what is taken up has nobody or no day, or what is not has one.
    """
    if proposal.state is not Decision.PENDING:
        raise RuleBroken(f"{proposal.number} 已答复“{proposal.state.value}”。")
    if (decision is Decision.NO) != (staff is None):
        told = "不采纳的不用填责任人。" if decision is Decision.NO else "采纳的要填责任人和完成期限。"
        raise BadInput(told, "staff")
    commitment = promised(Origin.PROPOSAL, proposal.number, proposal.words, staff, due, proposal.unit)
    return proposal.move_to(
        decision, reason=reason, department=department or (staff.department if staff else None),
        commitment=commitment, decided_at=now(),
    )  # fmt: skip


@deed("complaints.tell_proposal", "反馈业主", HANDLE)
def tell_proposal(
    proposal: AskedProposal,
    told_by: Annotated[str, Asked(LineField(max_length=60, verbose_name="反馈方式"))],
    told_on: Annotated[
        date | None, Asked(DayField(null=True, verbose_name="反馈业主日"), "不填为今天")
    ] = None,
) -> Proposal:
    """Note that whoever proposed it was told what was decided.

    Raises:
        RuleBroken: nothing is decided yet, or he was told already.
        BadInput: the day lies ahead, or before the decision.
    """
    if proposal.state is Decision.PENDING:
        raise RuleBroken(f"{proposal.number} 还没有答复。请先答复提案。")
    if proposal.told_on is not None:
        raise RuleBroken(f"{proposal.number} 已于 {proposal.told_on} 反馈过。")
    day = told_on or now().date()
    if not proposal.decided_at.date() <= day <= now().date():
        raise BadInput(f"反馈业主日 {day} 不在答复之后到今天之间。请核对日期。", "told_on")
    return proposal.change(told_on=day, told_by=told_by)


@listing("proposals", "业主提案", "complaints", VIEW, "period", "unit", "state")
def proposals(filters: Filters) -> Listing:
    """What owners propose, the latest first, and what became of it."""
    query = Proposal.select().join(Unit, JOIN.LEFT_OUTER).switch(Proposal).join(Department, JOIN.LEFT_OUTER)
    query = query.switch(Proposal).join(Commitment, JOIN.LEFT_OUTER).join(Staff, JOIN.LEFT_OUTER)
    query = query.where(Proposal.id > 0, *in_reach(Proposal.unit))
    query = filters.narrow(query, period=Proposal.day, unit=Proposal.unit, state=Proposal.state)
    columns = (
        Shown("number", Proposal.number),
        Shown("day", Proposal.day),
        Shown("unit", Unit.code, label="房号", sort=Unit.sort_key),
        Shown("source", Proposal.source, hidden=True),
        Shown("words", NoteField(verbose_name="提案内容").roomier(22), Proposal.words),
        Shown("kind", Proposal.kind),
        Shown("state", Proposal.state, status=True),
        Shown("reason", Proposal.reason, hidden=True),
        Shown("department", Department.name, label="责任部门"),
        Shown("staff", Staff.name, label="责任人", hidden=True),
        Shown("due", Commitment.due, label="计划完成"),
        Shown("done", Commitment.state, label="办理状态", status=True),
        Shown("told_on", Proposal.told_on),
    )
    return Listing(
        query, columns, id=Proposal.id, order=("-number",), record=Proposal,
        search=(Proposal.number, HOUSE, Proposal.words, Proposal.source),
        tones={**TONES, Decision.PENDING.value: "warning", Decision.YES.value: "ok"},
    )  # fmt: skip


@reminds(LEAD)
def proposals_pending(day: date) -> Iterator[Reminder]:
    """Remind of proposals that nobody decided, and of decisions that nobody told."""
    reach = in_reach(Proposal.unit)
    count = Proposal.select().where(Proposal.state == Decision.PENDING, *reach).count()
    if count:
        state = {"state": Decision.PENDING.value}
        yield Reminder(f"{count} 件业主提案待答复", "info", "proposals", state, count)
    untold = (Proposal.state != Decision.PENDING) & Proposal.told_on.is_null()
    count = Proposal.select().where(untold, *reach).count()
    if count:
        asked = (
            Condition("state", Test.IS_NOT, Decision.PENDING.value),
            Condition("told_on", Test.BLANK),
        )
        yield Reminder(f"{count} 件业主提案答复了还没有反馈", "info", "proposals", {}, count, asked)


finds_numbered(
    VIEW,
    "TA",
    Proposal,
    "proposals",
    "业主提案",
    lambda one: one.words[:30],
    lambda: in_reach(Proposal.unit),
)
