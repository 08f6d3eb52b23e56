"""审批单: what somebody applied for, who decided what on it, and what was done in consequence.

The last approval that is needed carries the deed out at once, in the same transaction, as the applicant:
the right is asked anew, and where the deed refuses, nothing is written. Nobody approves his own, and one
person takes one step at the most, whatever accounts he has and for whomever he stands
(申请≠批准, forms.md A12).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from datetime import date
from enum import Enum
from typing import Annotated, Any

from peewee import fn

from models import deeds, walls
from models.base import Record
from models.clock import now
from models.deeds import DEEDS, Deed, deed
from models.errors import PermissionDenied, RuleBroken, Stale
from models.fields import (
    ChoiceField,
    CountField,
    FactsField,
    LineField,
    LinkField,
    MomentField,
    MoneyField,
    NoteField,
    NumberField,
    accept,
)
from models.inputs import Asked
from models.money import thousands
from models.office.accounts import Account, AccountRole, Role
from models.office.chains import APPROVABLE, ApprovableField, Values
from models.office.deputies import APPROVALS, represented_by


class State(Enum):
    """Where an application stands."""

    PENDING = "待审批"
    APPROVED = "已批准"
    REJECTED = "已驳回"
    WITHDRAWN = "已撤回"


class Verdict(Enum):
    """What was decided at a step."""

    AGREED = "同意"
    REFUSED = "驳回"


AskedOpinion = Annotated[
    str | None, Asked(LineField(max_length=200, null=True, verbose_name="审批意见"), "不填为没有补充")
]
AskedReason = Annotated[str, Asked(LineField(max_length=200, verbose_name="审批意见"))]


class Approval(Record):
    """审批单: one application; what it asks for never changes."""

    applicant_id: int

    number = NumberField(verbose_name="单号")
    what = ApprovableField(max_length=60, verbose_name="事项")
    about = LineField(max_length=200, verbose_name="内容")
    amount = MoneyField(signed=True, null=True, verbose_name="金额")
    given = FactsField(verbose_name="申请内容")
    record = CountField(null=True, verbose_name="记录编号")
    version = CountField(null=True, verbose_name="记录版本")
    applicant = LinkField(Account, backref="+", verbose_name="申请账号")
    who = LineField(max_length=60, verbose_name="申请人")
    made_at = MomentField(verbose_name="申请时间")
    note = NoteField(null=True, verbose_name="申请说明")
    state = ChoiceField(State, default=State.PENDING, verbose_name="状态")
    waiting = LinkField(Role, null=True, backref="+", verbose_name="等待")
    done_at = MomentField(null=True, verbose_name="办结时间")
    result = LineField(max_length=200, null=True, verbose_name="办理结果")

    key_field = "number"
    moves = {State.PENDING: (State.APPROVED, State.REJECTED, State.WITHDRAWN)}

    class Meta:
        title = "审批单"
        indexes = ((("state", "waiting"), False),)

    def described(self) -> str:
        """Return SQ-202611-001 出账：月份 2026-11，26,728.57 元."""
        money = "" if self.amount is None else f"，{thousands(self.amount)} 元"
        return f"{self.number} {Approval.what.show(self.what)}：{self.about}{money}"

    @deed("office.approve", "同意", APPROVALS, question="最后一环同意后立即办理。")
    def approve(self, opinion: AskedOpinion = None) -> Approval:
        """Agree; the last one to do so carries out what was applied for.

        Raises:
            RuleBroken: it is not for the person to decide, or what was applied for is refused now.
        """
        rest = self._decide(Verdict.AGREED, opinion)
        if rest:
            return self.change(waiting=rest[0].role)
        done = self._carry_out()
        return self.move_to(State.APPROVED, waiting=None, done_at=now(), result=_told(done))

    @deed(
        "office.reject", "驳回", APPROVALS, danger=True, question="驳回后不再审批，申请人可以改后重新申请。"
    )
    def reject(self, opinion: AskedReason) -> Approval:
        """Refuse, saying why.

        Raises:
            RuleBroken: it is not for the person to decide.
        """
        self._decide(Verdict.REFUSED, opinion)
        return self.move_to(State.REJECTED, waiting=None, done_at=now())

    @deed(
        "office.withdraw_approval", "撤回", APPROVALS, danger=True, question="撤回后单号保留，可以重新申请。"
    )
    def withdraw(self) -> Approval:
        """Give up one's own application.

        Raises:
            RuleBroken: somebody else applied, or it is decided already.
        """
        if self.applicant.staff_id != getattr(deeds.actor(), "staff_id", None):
            raise RuleBroken(f"{self.number} 是 {self.who} 申请的，只能由本人撤回。不同意请“驳回”。")
        return self.move_to(State.WITHDRAWN, waiting=None, done_at=now())

    def applied_for(self) -> tuple[Record | None, Values]:
        """Return what it was to be done to, and the values, so that it can be applied for anew.

        Raises:
            NotFound: something that it names is gone.
            BadInput: a value is none any more.
        """
        wanted = DEEDS[self.what]
        values = {name: value for name, value in wanted.read_values(self.given).items() if value is not None}
        if self.record is None:
            return None, values
        assert wanted.record is not None
        return wanted.record.those([self.record])[0], values

    def open_steps(self) -> list[ApprovalStep]:
        """Return the steps that nobody took yet, in their order."""
        taken = Decision.select(Decision.step)
        mine = (ApprovalStep.approval == self) & ApprovalStep.id.not_in(taken)
        return list(ApprovalStep.select().where(mine).order_by(ApprovalStep.position))

    def decisions(self) -> list[Decision]:
        """Return what was decided so far, in its order."""
        query = Decision.select().join(ApprovalStep).where(ApprovalStep.approval == self)
        return list(query.order_by(ApprovalStep.position))

    def values(self) -> list[tuple[str, str]]:
        """Return what was given, by the labels of the inputs and as people read it."""
        asked = {one.name: one for one in DEEDS[self.what].inputs} if self.what in DEEDS else {}
        return [
            (asked[name].label, _read(asked[name].field, text)) if name in asked else (name, text)
            for name, text in self.given.items()
        ]

    def _decide(self, verdict: Verdict, opinion: str | None) -> list[ApprovalStep]:
        """Note a decision at the step that waits; return the steps after it."""
        if self.state is not State.PENDING:
            raise RuleBroken(f"{self.number} 现在是“{self.state.value}”，不能再审批。")
        self.renew()  # whoever decides at the same moment comes too late
        step, *rest = self.open_steps()
        person = deeds.actor()
        if not isinstance(person, Account):
            raise RuleBroken("审批要由登录的人作出。请登录后再办。")
        stands_for = self._stands_for(person, step)
        Decision.add(
            step=step,
            account=person,
            who=person.name,
            on_behalf_of=None if stands_for.id == person.id else stands_for,
            verdict=verdict,
            opinion=opinion,
            at=now(),
        )
        return rest

    def _stands_for(self, person: Account, step: ApprovalStep) -> Account:
        """Return for whom a person takes a step: himself, or somebody who is away.

        Raises:
            RuleBroken: the person may not.
        """
        if person.staff_id == self.applicant.staff_id:
            raise RuleBroken(f"{self.number} 是您自己申请的，不能自己审批。请等“{step.title}”审批。")
        past = {staff for one in self.decisions() for staff in one.people()}
        if person.staff_id in past:
            raise RuleBroken(f"您已审过 {self.number} 的一环，一人只审一环。请等“{step.title}”的另一位审批。")
        for one in represented_by(person):
            barred = one.staff_id in past or one.staff_id == self.applicant.staff_id
            if not barred and AccountRole.get_or_none(account=one, role=step.role):
                return one
        raise RuleBroken(
            f"{self.number} 等“{step.title}”审批：您没有角色“{step.role.name}”，也没有代理有这个角色的人。"
        )

    def rehearse(self) -> None:
        """Do what is applied for and take it back, so that nobody signs what would be refused.

        Raises:
            RuleBroken: the deed refuses.
        """
        with suppress(_Tried), deeds.together():
            self._do()
            raise _Tried

    def _carry_out(self) -> Any:
        """Do what was applied for, as the applicant.

        Raises:
            RuleBroken: the deed refuses, the applicant may no more, or it is not what was approved any more.
        """
        try:
            return self._do()
        except (PermissionDenied, RuleBroken) as refused:
            whose = f"按申请人 {self.who} 的权限办理，" if isinstance(refused, PermissionDenied) else ""
            raise RuleBroken(f"{self.number} 办不成，{whose}没有写入：{refused} 办不了的请驳回。") from None

    def _do(self) -> Any:
        wanted, applicant = DEEDS[self.what], Account.get_by_id(self.applicant_id)
        with deeds.acting(applicant), walls.under(approval=self.number), _under(self):
            values = wanted.read_values(self.given)
            record = None if self.record is None else self._unchanged(wanted)
            self._check_amount(values if record is None else {**values, "self": record})
            return wanted(**values) if record is None else wanted(record, **values)

    def _unchanged(self, wanted: Deed) -> Record:
        """Return the record that it is about, as the applicant saw it."""
        assert wanted.record is not None and self.record is not None
        found = wanted.record.those([self.record])[0]
        if found.row_version != self.version:
            raise Stale(f"{found.noun()} {found.label()} 在申请之后被改过，批的已不是现在的内容。")
        return found

    def _check_amount(self, values: Values) -> None:
        """Refuse to do for another amount what was approved for this one."""
        approved = APPROVABLE[self.what]
        amount = approved.amount(values)
        if approved.steady and amount != self.amount:
            told = "、现在".join(
                "没有金额" if one is None else f"{thousands(one)} 元" for one in (self.amount, amount)
            )
            raise Stale(f"申请时{told}，批的已不是现在的金额。")


class ApprovalStep(Record):
    """审批单环节: a step that one application must pass, as the chain was when it was made."""

    approval = LinkField(Approval, backref="steps", verbose_name="审批单")
    position = CountField(verbose_name="顺序")
    role = LinkField(Role, backref="+", verbose_name="角色")
    title = LineField(max_length=40, verbose_name="签字栏")

    class Meta:
        title = "审批单环节"
        indexes = ((("approval", "position"), True),)


class Decision(Record):
    """审批意见: what somebody decided at one step; never changed."""

    step = LinkField(ApprovalStep, unique=True, backref="decision", verbose_name="环节")
    account = LinkField(Account, backref="+", verbose_name="审批账号")
    who = LineField(max_length=60, verbose_name="审批人")
    on_behalf_of = LinkField(Account, null=True, backref="+", verbose_name="代理")
    verdict = ChoiceField(Verdict, verbose_name="决定")
    opinion = LineField(max_length=200, null=True, verbose_name="审批意见")
    at = MomentField(verbose_name="审批时间")

    class Meta:
        title = "审批意见"

    def people(self) -> set[int]:
        """Return the staff whose step this was: who decided, and for whom."""
        return {one.staff_id for one in (self.account, self.on_behalf_of) if one is not None}

    def person(self) -> str:
        """Return who decided: 李会计, or 李会计代王主任."""
        return str(self.who) if self.on_behalf_of is None else f"{self.who}代{self.on_behalf_of.name}"

    def signed(self) -> str:
        """Return 李会计 同意 2026-11-28 10:02, as a cell to sign in bears it."""
        return f"{self.person()} {self.verdict.value} {self.at:%Y-%m-%d %H:%M}"


def numbered(number: str) -> Approval | None:
    """Return the approval that bears a document's number, None where it needed none."""
    return Approval.get_or_none(Approval.number == number)


def pending_with(what: str, name: str, record: Record) -> Approval | None:
    """Return an application under way for a deed that names a record in an input, None without one.

    A deed that is a verb of its record needs none of it: its application bears the record's version.
    """
    waiting = Approval.select().where((Approval.what == what) & (Approval.state == State.PENDING))
    return next((one for one in waiting if record.key() in str(one.given.get(name, "")).split(",")), None)


def pending_on(what: str, record: Record) -> Approval | None:
    """Return an application under way for a verb of a record, None without one."""
    waiting = (Approval.what == what) & (Approval.state == State.PENDING)
    return Approval.get_or_none(waiting & (Approval.record == record.id))


def decided_last(approval: Approval) -> str:
    """Return who took the last step of an approval, 李会计 or 李会计代王主任; empty before the first."""
    mine = ApprovalStep.approval == approval
    last = Decision.select().join(ApprovalStep).where(mine).order_by(Decision.id.desc()).first()
    return "" if last is None else str(last.person())


def pending_number(what: str, record: Any = None) -> Any:
    """Return a column that tells the number of the application under way for a verb of a record.

    Without a record it is that of the one application there can be, as for the count that is going on.
    """
    waits = (Approval.what == what) & (Approval.state == State.PENDING)
    if record is not None:
        waits &= Approval.record == record
    return Approval.select(fn.MAX(Approval.number)).where(waits)


def pending_records(what: str) -> Any:
    """Return the ids of the records for a verb of which an application is under way, as a query."""
    return Approval.select(Approval.record).where((Approval.what == what) & (Approval.state == State.PENDING))


def refuse_pending(pending: Approval | None, noun: str) -> None:
    """Refuse to change what an application under way is about.

    Args:
        pending: as `pending_on` or `pending_with` found it; None where there is none.
        noun: what it is, as 计划 CGJ-202611-食堂.

    Raises:
        RuleBroken: there is one.
    """
    if pending is not None:
        raise RuleBroken(f"{noun} 正在审批（{pending.number}）。要改的请先撤回，或请审批人驳回。")


def is_own(account: int | None) -> bool:
    """Whether an account is that of the person acting, or another one that he has."""
    person = deeds.actor()
    if account is None or not isinstance(person, Account):
        return False
    return Account.select().where((Account.id == account) & (Account.staff == person.staff_id)).exists()


_carried: ContextVar[Approval | None] = ContextVar("carried", default=None)


def running_approval() -> Approval | None:
    """Return the approval that is being carried out, for the deed that it carries out."""
    return _carried.get()


def number_for(name: str, day: date) -> str:
    """Return the number of the document that a deed makes: that of its approval, else the next of a day."""
    approval = running_approval()
    if approval is not None and approval.what == name:
        return str(approval.number)
    return APPROVABLE[name].series.next(day)


@contextmanager
def _under(approval: Approval) -> Iterator[None]:
    token = _carried.set(approval)
    try:
        yield
    finally:
        _carried.reset(token)


class _Tried(Exception):
    """Ends what is only tried."""


def _read(field: Any, text: str) -> str:
    """Return kept text as people read it now; itself where it can be read no more."""
    try:
        return str(field.show(accept(field, text)))
    except RuleBroken:
        return text


def _told(done: Any) -> str | None:
    """Return what came of it, in one line."""
    if isinstance(done, Record):
        return f"{done.noun()} {done.described()}"[:200]
    return str(done.summary())[:200] if hasattr(done, "summary") else None
