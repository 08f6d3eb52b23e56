"""综合办公核对: the audit trail is whole, and what was approved was approved by those it had to be."""

from __future__ import annotations

from collections.abc import Iterator

from peewee import fn

from models.audit import AuditEntry, Outcome, broken_links
from models.base import db
from models.checks import invariant
from models.office.accounts import Account
from models.office.approvals import Approval, ApprovalStep, Decision, State, Verdict
from models.office.founding import FOUND
from models.office.signin import SIGNED_IN, SignIn


@invariant("审计记录")
def trail_is_unbroken() -> Iterator[str]:
    """Each entry carries its digest and that of the one before."""
    return broken_links()


@invariant("审计起点")
def trail_begins_at_the_beginning() -> Iterator[str]:
    """The first entry is the founding; an emptied trail has lost it."""
    first = db.execute(AuditEntry.select(AuditEntry.deed).order_by(AuditEntry.id).limit(1)).fetchone()
    founded = Account.select().exists()
    if founded and (first is None or first[0] != FOUND):
        yield "审计记录不是从建账开始的：开头的记录被删除过。请与最近的备份核对"


@invariant("审计末尾")
def trail_holds_every_sign_in() -> Iterator[str]:
    """Whoever was admitted stands in the trail too; a tail that was cut off lacks them."""
    admitted = SignIn.select().where(SignIn.admitted == True).count()
    entered = (AuditEntry.deed == SIGNED_IN) & (AuditEntry.outcome == Outcome.DONE)
    (told,) = db.execute(AuditEntry.select(fn.COUNT(AuditEntry.id)).where(entered)).fetchone()
    if told < admitted:
        yield f"登录记录有 {admitted} 次进入，审计记录里只有 {told} 次：末尾被删除过。请与最近的备份核对"


@invariant("审批")
def what_was_approved_was_decided_by_others() -> Iterator[str]:
    """Every step of what is approved was agreed to, each by another person, none by the applicant."""
    steps: dict[int, list[int]] = {}
    for approval, step in db.execute(ApprovalStep.select(ApprovalStep.approval, ApprovalStep.id)):
        steps.setdefault(approval, []).append(step)
    decided = {
        one.step_id: one for one in Decision.select(Decision, Account).join(Account, on=Decision.account)
    }
    for one in Approval.select(Approval, Account).join(Account, on=Approval.applicant):
        asked = steps.get(one.id, [])
        taken = [decided[step] for step in asked if step in decided]
        whole = (
            asked
            and all(decision.verdict is Verdict.AGREED for decision in taken)
            and len(taken) == len(asked)
        )
        people = [person for decision in taken for person in decision.people()]
        if one.state is State.APPROVED and not whole:
            yield f"审批单 {one.number} 已批准，但不是每一环都同意过。请与最近的备份核对"
        if one.applicant.staff_id in people or len(set(people)) != len(people):
            yield f"审批单 {one.number} 有人审了自己的申请，或一人审了两环。请与最近的备份核对"
