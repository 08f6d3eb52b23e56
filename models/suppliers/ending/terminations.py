"""终止供方资格 (SU-04): facts, earlier warnings, time to object; carried out once nothing is open any more.

Drafted, approved along a chain and sent, it suspends the supplier at once. The supplier may object; what is
upheld withdraws the notice. Carried out it is final: the file freezes, and only a new admission leads back
(forms.md A11, B11).
"""

from __future__ import annotations

from datetime import date, timedelta
from enum import Enum
from typing import Annotated, Any, Self

from models.attachments import keeps_files
from models.base import Record
from models.clock import now, past_day
from models.deeds import actor, deed, reaches_everybody
from models.errors import BadInput, RuleBroken
from models.fields import ChoiceField, DayField, LineField, LinkField, MomentField, NoteField, NumberField
from models.inputs import Asked, edits_of, inputs_from
from models.office.approvals import pending_on, refuse_pending, running_approval
from models.office.chains import Step, approvable
from models.search import finds_numbered
from models.series import Series
from models.suppliers.ending.open import open_things, warnings_of
from models.suppliers.kinds import LISTED, SupplierState
from models.suppliers.register import StepKind, Supplier, note_step
from models.suppliers.rights import DECIDE, VIEW

TERMINATIONS = Series("ZZ", "终止供方资格通知", digits=2, yearly=True)
OBJECT, LEAST = 10, 3
"""Days that a supplier has to object, unless something else is said; and that are left at its approval."""


class TerminationKind(Enum):
    """For how long it is."""

    FOREVER = "永久终止"
    TERM = "限期终止"


class TerminationState(Enum):
    """Where a termination stands."""

    DRAFT = "待批准"
    ISSUED = "已通知"
    DONE = "已终止"
    WITHDRAWN = "已撤回"


T = TerminationState


class Termination(Record):
    """终止供方资格通知: one notice to one supplier."""

    number = NumberField(verbose_name="通知书号")
    supplier = LinkField(Supplier, backref="terminations", verbose_name="供方")
    facts = NoteField(verbose_name="违约事实").roomier(24)
    clause = NoteField(verbose_name="合同、制度条款")
    kind = ChoiceField(TerminationKind, default=TerminationKind.FOREVER, verbose_name="终止类别")
    readmit_on = DayField(null=True, verbose_name="可重新申请日期")
    object_until = DayField(verbose_name="申辩期限")
    effective_on = DayField(verbose_name="生效日期")
    settling = NoteField(null=True, verbose_name="结算与未完订单安排")
    state = ChoiceField(T, default=T.DRAFT, index=True, verbose_name="终止状态")
    warned = NoteField(null=True, verbose_name="前期整改通知情况")
    open_then = NoteField(null=True, verbose_name="通知时未结事项")
    issued_on = DayField(null=True, verbose_name="通知日期")
    approval = LineField(max_length=20, null=True, verbose_name="审批单号")
    delivered_on = DayField(null=True, verbose_name="送达日期")
    way = LineField(max_length=60, null=True, verbose_name="送达方式、签收人")
    objection = NoteField(null=True, verbose_name="供方申辩")
    objected_on = DayField(null=True, verbose_name="申辩日期")
    answer = NoteField(null=True, verbose_name="申辩答复")
    ended_on = DayField(null=True, verbose_name="终止日期")
    why = NoteField(null=True, verbose_name="撤回原因")
    made_at = MomentField(verbose_name="登记时间")
    made_by = LineField(max_length=60, verbose_name="经办人")

    key_field = "number"
    moves = {T.DRAFT: (T.ISSUED, T.WITHDRAWN), T.ISSUED: (T.DONE, T.WITHDRAWN)}

    class Meta:
        title = "终止供方资格通知"

    def label(self) -> str:
        """Return ZZ-2026-01 江滩水产."""
        return f"{self.number} {self.supplier.name}"

    def described(self) -> str:
        """Return ZZ-2026-01 江滩水产，永久终止，2026-12-20 生效."""
        return f"{self.label()}，{self.kind.value}，{self.effective_on} 生效"

    @deed(
        "suppliers.edit_termination", "修改终止通知", DECIDE,
        inputs=edits_of(
            lambda: Termination, "facts", "clause", "kind", "readmit_on", "object_until", "effective_on",
            "settling",
        ),
    )  # fmt: skip
    def edit(self, **values: Any) -> Self:
        """Write a draft anew.

        Raises:
            RuleBroken: it is sent, or being approved.
            BadInput: its days do not follow one another, or it has no end that it should have.
        """
        if self.state is not T.DRAFT:
            raise RuleBroken(f"{self.number} {self.state.value}，不能再改。要改的请“撤回终止”，重新拟定。")
        _refuse_applied(self)
        made = {name: values.get(name, getattr(self, name)) for name in _CHECKED}
        _check(**made)
        return self.change(**values)

    @deed(
        "suppliers.issue_termination", "批准终止通知", DECIDE,
        question="批准后立即暂停向它采购，打印通知送达供方。",
    )  # fmt: skip
    def issue(self) -> Self:
        """Let a notice be sent; the supplier is suspended at once.

        Raises:
            RuleBroken: it is no draft, the supplier is terminated already, or no time is left to object.
        """
        supplier, today = self.supplier, now().date()
        if supplier.state not in LISTED:
            raise RuleBroken(f"{supplier.name} 是“{supplier.state.value}”供方，不用终止资格。")
        if self.state is T.DRAFT and self.object_until < today + timedelta(days=LEAST):
            told = f"申辩期限 {self.object_until} 只剩不到 {LEAST} 天"
            raise RuleBroken(f"{self.number} 的{told}，来不及送达和申辩。请“修改终止通知”，改晚一些。")
        approval = running_approval()
        self.move_to(
            T.ISSUED, issued_on=today, approval=str(approval.number) if approval else None,
            warned="；".join(warnings_of(supplier)) or None,
            open_then="；".join(open_things(supplier)) or None,
        )  # fmt: skip
        if supplier.state is not SupplierState.SUSPENDED:
            supplier.move_to(SupplierState.SUSPENDED)
            note_step(supplier, StepKind.SUSPENDED, f"{self.number} 通知终止", source=str(self.number))
        return self


reaches_everybody(Termination)
keeps_files(Termination, VIEW)
finds_numbered(VIEW, "ZZ", Termination, "terminations", "终止供方资格通知", lambda one: one.described())

_CHECKED = ("kind", "readmit_on", "object_until", "effective_on")
AskedNotice = Annotated[Termination, Asked(LinkField(Termination, verbose_name="终止通知"))]


def running(supplier: Supplier) -> Termination | None:
    """Return the termination of a supplier that is sent and not carried out, None without one."""
    mine = (Termination.supplier == supplier) & (Termination.state == T.ISSUED)
    return Termination.get_or_none(mine)


def under_way(supplier: Supplier) -> Termination | None:
    """Return the termination of a supplier that is drafted or sent, None without one."""
    going = (Termination.supplier == supplier) & Termination.state.in_((T.DRAFT, T.ISSUED))
    return Termination.get_or_none(going)


def _check(kind: TerminationKind, readmit_on: date | None, object_until: date, effective_on: date) -> None:
    """Refuse days that do not follow one another."""
    if object_until < now().date():
        raise BadInput(f"申辩期限 {object_until} 已经过了。请填今天以后的日期。", "object_until")
    if effective_on <= object_until:
        told = f"生效日期 {effective_on} 要晚于申辩期限 {object_until}"
        raise BadInput(f"{told}，供方申辩以后才能生效。", "effective_on")
    if kind is TerminationKind.TERM and (readmit_on is None or readmit_on <= effective_on):
        raise BadInput("限期终止要填可重新申请日期，并且晚于生效日期。", "readmit_on")
    if kind is TerminationKind.FOREVER and readmit_on is not None:
        raise BadInput("永久终止没有可重新申请日期。请不填，或选限期终止。", "readmit_on")


def _refuse_applied(notice: Termination) -> None:
    refuse_pending(pending_on("suppliers.issue_termination", notice), f"通知 {notice.number}")


def begin_termination(
    supplier: Supplier, facts: str, clause: str, *, object_until: date | None = None,
    effective_on: date | None = None, **more: Any,
) -> Termination:  # fmt: skip
    """Write the draft of a notice; for deeds, within their transaction.

    Raises:
        RuleBroken: the supplier is not on the list, or a notice to it is under way.
        BadInput: its days do not follow one another, or it has no end that it should have.
    """
    if supplier.state not in LISTED:
        raise RuleBroken(
            f"{supplier.name} 是“{supplier.state.value}”供方，只有名录内的才终止资格。潜在供方请“不录用”。"
        )
    other = under_way(supplier)
    if other is not None:
        raise RuleBroken(f"{supplier.name} 的 {other.number} 正在办理（{other.state.value}）。请办完再说。")
    until = object_until or now().date() + timedelta(days=OBJECT)
    effective = effective_on or until + timedelta(days=1)
    kind = more.pop("kind", TerminationKind.FOREVER)
    _check(kind, more.get("readmit_on"), until, effective)
    return Termination.add(
        number=TERMINATIONS.next(now().date()), supplier=supplier, facts=facts, clause=clause, kind=kind,
        object_until=until, effective_on=effective, made_at=now(), made_by=actor().name, **more,
    )  # fmt: skip


@deed(
    "suppliers.draft_termination", "拟定终止", DECIDE,
    inputs=inputs_from(
        lambda: Termination, "supplier", "facts", "clause", "kind", "readmit_on", "object_until",
        "effective_on", "settling", readmit_on="永久终止的不填", object_until="不填为十天后",
        effective_on="不填为申辩期限的次日",
    ),
)  # fmt: skip
def draft_termination(supplier: Supplier, facts: str, clause: str, **values: Any) -> Termination:
    """Draft the notice that terminates a supplier.

    Raises:
        RuleBroken: the supplier is not on the list, or a notice to it is under way.
        BadInput: its days do not follow one another, or it has no end that it should have.
    """
    return begin_termination(supplier, facts, clause, **values)


@deed("suppliers.deliver_termination", "登记送达", DECIDE)
def deliver_termination(
    notice: AskedNotice,
    way: Annotated[str, Asked(LineField(max_length=60, verbose_name="送达方式、签收人"))],
    day: Annotated[date | None, Asked(DayField(null=True, verbose_name="送达日期"), "不填为今天")] = None,
) -> Termination:
    """Note how and when a notice reached the supplier.

    Raises:
        RuleBroken: it is not sent, was delivered already, or so late that nobody could object.
        BadInput: the day lies ahead, or before the notice.
    """
    _refuse_unsent(notice)
    if notice.delivered_on is not None:
        raise RuleBroken(f"{notice.number} 已于 {notice.delivered_on} 送达（{notice.way}）。")
    on = _since(notice, day, "送达日期")
    if on > notice.object_until:
        told = f"送达日期 {on} 已过申辩期限 {notice.object_until}"
        raise RuleBroken(f"{told}，供方没有机会申辩。请“撤回终止”，重新通知。")
    return notice.change(way=way, delivered_on=on)


def _refuse_unsent(notice: Termination) -> None:
    if notice.state is not T.ISSUED:
        raise RuleBroken(
            f"{notice.number} 是“{notice.state.value}”，只有“已通知”的可以办。请先“批准终止通知”。"
        )


def _since(notice: Termination, day: date | None, what: str) -> date:
    on = past_day(day, what, "day")
    if notice.issued_on is not None and on < notice.issued_on:
        raise BadInput(f"{what} {on} 早于通知日期 {notice.issued_on}。", "day")
    return on


@deed("suppliers.note_objection", "登记申辩", DECIDE)
def note_objection(
    notice: AskedNotice,
    objection: Annotated[str, Asked(NoteField(verbose_name="供方申辩"))],
    day: Annotated[date | None, Asked(DayField(null=True, verbose_name="申辩日期"), "不填为今天")] = None,
) -> Termination:
    """Note what a supplier said against its termination.

    Raises:
        RuleBroken: the notice is not sent, or he objected already.
        BadInput: the day lies ahead, before the notice, or after the time to object.
    """
    _refuse_unsent(notice)
    if notice.objection is not None:
        raise RuleBroken(f"{notice.number} 已于 {notice.objected_on} 登记申辩。补充的请附文件。")
    on = _since(notice, day, "申辩日期")
    if on > notice.object_until:
        raise BadInput(f"申辩日期 {on} 已过申辩期限 {notice.object_until}。逾期送来的作为附件留存。", "day")
    return notice.change(objection=objection, objected_on=on)


@deed("suppliers.answer_objection", "答复申辩", DECIDE)
def answer_objection(
    notice: AskedNotice, answer: Annotated[str, Asked(NoteField(verbose_name="申辩答复"))]
) -> Termination:
    """Answer an objection that is not upheld; one that is upheld withdraws the notice.

    Raises:
        RuleBroken: there is none, or it was answered already.
    """
    _refuse_unsent(notice)
    if notice.objection is None or notice.answer is not None:
        raise RuleBroken(f"{notice.number} 没有要答复的申辩。")
    return notice.change(answer=answer)


@deed(
    "suppliers.withdraw_termination",
    "撤回终止",
    DECIDE,
    danger=True,
    question="已通知的，撤回后供方仍是暂停，要恢复供货另办。",
)
def withdraw_termination(
    notice: AskedNotice, reason: Annotated[str, Asked(NoteField(verbose_name="撤回原因"))]
) -> Termination:
    """Let a notice go, as when an objection is upheld; the supplier stays as it is.

    Raises:
        RuleBroken: it is carried out or withdrawn already, or being approved.
    """
    _refuse_applied(notice)
    return notice.move_to(T.WITHDRAWN, why=reason)


@deed(
    "suppliers.terminate", "执行终止", DECIDE, danger=True,
    question="档案冻结，不能恢复；限期终止的，到期以后可重新建档、申请准入。",
)  # fmt: skip
def terminate(notice: AskedNotice) -> Termination:
    """Carry a termination out; the supplier's file is frozen for good.

    Raises:
        RuleBroken: the notice is not sent, delivered or effective yet, an objection waits for its answer,
            or orders, returns, contracts, deductions, settlements or payments are open.
    """
    _refuse_unsent(notice)
    today = now().date()
    if notice.delivered_on is None:
        raise RuleBroken(f"{notice.number} 还没有登记送达。请先“登记送达”。")
    if notice.objection is not None and notice.answer is None:
        raise RuleBroken(f"{notice.number} 的申辩还没有答复。请先“答复申辩”，或“撤回终止”。")
    if today < notice.effective_on:
        raise RuleBroken(f"{notice.number} {notice.effective_on} 生效，今天还不能执行。")
    supplier = notice.supplier
    things = open_things(supplier)
    if things:
        told = "；".join(things)
        raise RuleBroken(f"{supplier.name} 还有没办完的：{told}。都办完、结清才能终止。")
    supplier.move_to(SupplierState.TERMINATED)
    note_step(
        supplier, StepKind.TERMINATED, f"{notice.kind.value}：{notice.facts}"[:1000], due=notice.readmit_on,
        source=str(notice.number),
    )  # fmt: skip
    return notice.move_to(T.DONE, ended_on=today)


approvable(
    "suppliers.issue_termination",
    default=(
        Step("管理处主任", "使用部门"), Step("会计", "财务"), Step("常务副总经理", "公司领导"),
    ),
    on=True,
)  # fmt: skip
