"""审批名单: applications and what waits for whom, chains, deputies; the desk, the cards, the search.

An application is seen by who applied, who decides or decided on it, and who holds the right to do
what was applied for.
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

import peewee

from models import deeds
from models.attachments import keeps_files
from models.base import db
from models.cards import lines
from models.conditions import Condition, Test
from models.deeds import DEEDS, judges_scope
from models.desk import Reminder, reminds
from models.fields import CountField, FlagField, LineField
from models.listings import Filters, Listing, RowListing, Shown, listing
from models.office.accounts import Account, AccountRole, Role
from models.office.approvals import Approval, ApprovalStep, Decision, State
from models.office.chains import APPROVABLE, stands_before
from models.office.chains import told as chain_told
from models.office.deputies import APPROVALS, Deputy, represented_by
from models.office.staff import Staff
from models.office.trail import within_days
from models.search import MOST, Hit, Sought, finds, rank

TONES = {
    State.PENDING.value: "warning",
    State.APPROVED.value: "ok",
    State.REJECTED.value: "danger",
    State.WITHDRAWN.value: "plain",
}
REJECTED_DAYS = 7
"""Days for which an applicant is told of a rejection."""

_NEVER = peewee.Value(0) == 1


def awaiting() -> Any:
    """Return the condition that an application waits for the person acting; as `Approval.approve` decides."""
    person = deeds.actor()
    if not isinstance(person, Account):
        return _NEVER
    mine = _accounts_of(person)
    for_one = [_waits_for(one) for one in represented_by(person)]
    waits = (Approval.state == State.PENDING) & Approval.applicant.not_in(mine)
    return waits & Approval.id.not_in(_decided_by(mine)) & functools.reduce(operator.or_, for_one)


def _waits_for(one: Account) -> Any:
    """Return the condition that one person's role is asked, and that he has no part in it so far."""
    roles = AccountRole.select(AccountRole.role).where(AccountRole.account == one)
    accounts = _accounts_of(one)
    part = Approval.applicant.in_(accounts) | Approval.id.in_(_decided_by(accounts))
    return Approval.waiting.in_(roles) & ~part


def _accounts_of(person: Account) -> Any:
    """Return the accounts of the person who has this one, as a query."""
    return Account.select(Account.id).where(Account.staff == person.staff_id)


def _decided_by(accounts: Any) -> Any:
    """Return the applications on which one of these accounts decided, or was stood for."""
    by = Decision.account.in_(accounts) | (
        Decision.on_behalf_of.is_null(False) & Decision.on_behalf_of.in_(accounts)
    )
    return Decision.select(ApprovalStep.approval).join(ApprovalStep).where(by)


def _own() -> Any:
    person = deeds.actor()
    return Approval.applicant.in_(_accounts_of(person)) if isinstance(person, Account) else _NEVER


def _seen() -> Any:
    """Return the condition that the person acting may see an application; None for the office itself."""
    person = deeds.actor()
    if not isinstance(person, Account):
        return None
    may = deeds.held()
    told = [name for name in APPROVABLE if DEEDS[name].right != APPROVALS]  # everybody holds that one
    rights = [
        name for name in told if may(DEEDS[name].right) and person.scope(DEEDS[name].right) is deeds.Scope.ALL
    ]
    ids = [one.id for one in represented_by(person)]
    roles = AccountRole.select(AccountRole.role).where(AccountRole.account.in_(ids))
    asked = ApprovalStep.select(ApprovalStep.approval).where(ApprovalStep.role.in_(roles))
    taken = _decided_by(_accounts_of(person))
    return _own() | Approval.what.in_(rights) | Approval.id.in_(asked) | Approval.id.in_(taken)


@judges_scope(Approval)
def _within(approval: Approval, person: Any, right: str) -> bool:
    """Whether a person may see an application, and with it its files."""
    seen = _seen()
    return seen is None or Approval.select().where((Approval.id == approval.id) & seen).exists()


@listing("approvals", "审批", "office", APPROVALS, "period", "state")
def approvals(filters: Filters) -> Listing:
    """Applications, newest first, with whom each waits for."""
    query = Approval.select().join(Role, peewee.JOIN.LEFT_OUTER, on=(Approval.waiting == Role.id))
    seen = _seen()
    if seen is not None:
        query = query.where(seen)
    if filters.period:
        query = query.where(within_days(Approval.made_at, filters.period))
    query = filters.narrow(query, state=Approval.state)
    columns = (
        Shown("number", Approval.number),
        Shown("what", Approval.what),
        Shown("about", Approval.about),
        Shown("amount", Approval.amount, total=False),
        Shown("who", Approval.who),
        Shown("made_at", Approval.made_at),
        Shown("state", Approval.state, status=True),
        Shown("waiting", Approval.waiting, Role.name),
        Shown("mine", FlagField(verbose_name="等我审批"), _flag(awaiting())),
        Shown("own", FlagField(verbose_name="我申请的"), _flag(_own()), hidden=True),
        Shown("note", Approval.note, hidden=True),
        Shown("done_at", Approval.done_at, hidden=True),
        Shown("result", Approval.result, hidden=True),
    )
    return Listing(
        query,
        columns,
        id=Approval.id,
        order=("-made_at", "-number"),
        record=Approval,
        search=(Approval.number, Approval.about, Approval.who),
        tones=TONES,
    )


def _flag(condition: Any) -> Any:
    return peewee.Case(None, ((condition, 1),), 0)


@listing("chains", "审批链", "office", APPROVALS)
def chains(filters: Filters) -> RowListing:
    """What can stand behind approvals, whether it does, and by whom it is approved."""
    columns = (
        Shown("title", LineField(max_length=40, verbose_name="事项")),
        Shown("on", LineField(max_length=8, verbose_name="审批"), status=True),
        Shown("steps", LineField(max_length=200, verbose_name="环节")),
        Shown("series", LineField(max_length=8, verbose_name="单号字头")),
        Shown("pending", CountField(verbose_name="待审批"), total=True),
        Shown("name", LineField(max_length=60, verbose_name="名称"), hidden=True),
    )
    waiting = Approval.select(Approval.what, peewee.fn.COUNT(Approval.id)).where(
        Approval.state == State.PENDING
    )
    counts = dict(db.execute(waiting.group_by(Approval.what)))
    rows = [
        (name, (one.title, _switched(name), chain_told(name), one.series.prefix, counts.get(name, 0), name))
        for name, one in APPROVABLE.items()
    ]
    return RowListing(columns, rows, tones={_ON: "ok", _OFF: "plain"})


_ON, _OFF = "启用", "停用"


def _switched(name: str) -> str:
    return _ON if stands_before(name) else _OFF


@listing("deputies", "代理", "office", APPROVALS)
def deputies(filters: Filters) -> Listing:
    """Who decides for whom, the latest first."""
    whose, whom = Account.alias(), Account.alias()
    away, stand = Staff.alias(), Staff.alias()
    query = (
        Deputy.select()
        .join(whose, on=(Deputy.account == whose.id))
        .join(away, on=(whose.staff == away.id))
        .switch(Deputy)
        .join(whom, on=(Deputy.deputy == whom.id))
        .join(stand, on=(whom.staff == stand.id))
    )
    columns = (
        Shown("account", Deputy.account, away.name),
        Shown("deputy", Deputy.deputy, stand.name),
        Shown("since", Deputy.since),
        Shown("until", Deputy.until),
        Shown("now", FlagField(verbose_name="现在有效"), _flag(Deputy.on(date.today())), status=True),
    )
    tones = {"是": "ok", "否": "plain"}
    return Listing(
        query,
        columns,
        id=Deputy.id,
        order=("-since",),
        record=Deputy,
        search=(away.name, stand.name),
        tones=tones,
    )


@reminds(APPROVALS)
def waits_for_me(day: date) -> Iterator[Reminder]:
    """Remind of what waits for one's own decision."""
    count = Approval.select().where(awaiting()).count()
    if count:
        mine = Condition("mine", Test.IS, "是")
        yield Reminder("等我审批", "warning", page="approvals", count=count, asked=(mine,))


@reminds(APPROVALS)
def was_rejected(day: date) -> Iterator[Reminder]:
    """Remind of one's own applications that were rejected in the last days."""
    first = day - timedelta(days=REJECTED_DAYS - 1)
    rejected = (Approval.state == State.REJECTED) & (Approval.done_at >= first)
    count = Approval.select().where(rejected & _own()).count()
    if count:
        asked = (Condition("own", Test.IS, "是"), Condition("done_at", Test.LEAST, first.isoformat()))
        filters = {"state": State.REJECTED.value}
        title = "我的申请被驳回：看审批意见，改后重新申请"
        yield Reminder(title, page="approvals", filters=filters, count=count, asked=asked)


@lines(Approval, APPROVALS)
def steps_and_values(approval: Approval) -> Iterator[tuple[str, str]]:
    """Tell who decided what at each step, and what was applied for."""
    for step, decision in decided(approval):
        if decision is None:
            yield step.title, f"等角色“{step.role.name}”审批"
        else:
            yield step.title, f"{decision.signed()}　{decision.opinion or ''}".strip()
    yield from approval.values()


def decided(approval: Approval) -> Sequence[tuple[ApprovalStep, Decision | None]]:
    """Return each step of an application in its order, with what was decided there so far."""
    taken = {one.step_id: one for one in approval.decisions()}
    steps = ApprovalStep.select().where(ApprovalStep.approval == approval).order_by(ApprovalStep.position)
    return [(step, taken.get(step.id)) for step in steps]


@finds(APPROVALS)
def approvals_found(wanted: Sought) -> Iterator[Hit]:
    """Applications by number."""
    query = Approval.select().where(Approval.number.contains(wanted.words)).order_by(Approval.id.desc())
    if not query.exists():
        return  # who may see which costs far more than to look, and this is asked at every key
    seen = _seen()
    for one in (query if seen is None else query.where(seen)).limit(MOST):
        yield Hit("approvals", one.id, one.number, one.about, "审批单", rank(one.number, wanted.words))


keeps_files(Approval, APPROVALS)
