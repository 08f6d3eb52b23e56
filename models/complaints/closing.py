"""关闭与重开: how a case of either sort ends, and how it is taken up again."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from models.clock import now
from models.complaints.cases import APART, CaseState, ServiceCase
from models.complaints.kinds import Sort
from models.complaints.rights import LEAD
from models.complaints.steps import CasePause, Step, moment, note
from models.complaints.terms import Clock, ServiceTerms, rules
from models.deeds import deed
from models.errors import BadInput, RuleBroken
from models.fields import LineField, LinkField, LinksField, MomentField
from models.inputs import Asked

AskedCase = Annotated[ServiceCase, Asked(LinkField(ServiceCase, verbose_name="受理单"))]
AskedCases = Annotated[list[ServiceCase], Asked(LinksField(ServiceCase, verbose_name="受理单"))]
AskedReason = Annotated[str, Asked(LineField(max_length=200, verbose_name="原因"))]
AskedAt = Annotated[datetime | None, Asked(MomentField(null=True, verbose_name="时间"), "不填为现在")]

_NOT_YET = {
    CaseState.RECEIVED: "还没有派单。请先派单、办理、答复，回访以后再关闭。",
    CaseState.ASSIGNED: "还没有答复业主。请先答复，审核、回访以后再关闭。",
    CaseState.WORKING: "还没有答复业主。请先答复，审核、回访以后再关闭。",
    CaseState.WAITING: "还在等业主，没有答复。请先继续办理并答复。",
    CaseState.REVIEW: "答复还没有审核。请先审核，回访以后再关闭。",
    CaseState.VISITING: "还没有回访。请先回访；联系不上的，试够次数登记无法联系以后再关闭。",
    CaseState.CLOSED: "已经关闭。",
}


def close_now(case: ServiceCase, at: datetime, words: str | None = None) -> None:
    """Close a case; its first closing is kept however often it is taken up again."""
    case.move_to(CaseState.CLOSED, closed_at=at, first_closed_at=case.first_closed_at or at)
    note(case, Step.CLOSED, words, at=at)


def take_up_again(case: ServiceCase, why: str) -> None:
    """Take a case up again with whoever handled it, with the promises of its grade from now on.

    How often that happened is counted: that it was not right the first time is a rate of its own.
    """
    terms, clock, at = ServiceTerms.of(case.sort, case.grade), Clock(rules().closes), now()
    state = CaseState.RECEIVED if case.state in APART or case.handler is None else _working(case)
    case.move_to(
        state, reopened=case.reopened + 1, closed_at=None, finished_at=None, accepted_at=None, visit_due=None,
        visited_at=None, mark=None, answer=None, answered_way=None, opinion=None, arrived_at=None,
        due_at=clock.due(at, terms.due_amount, terms.due_measure), due_measure=terms.due_measure,
    )  # fmt: skip
    note(case, Step.REOPENED, why, staff=case.handler)


def _working(case: ServiceCase) -> CaseState:
    return CaseState.ASSIGNED if case.sort is Sort.COMPLAINT else CaseState.DISPATCHED


def end_pause(case: ServiceCase, at: datetime) -> CasePause | None:
    """End the pause of a case, if it stands still."""
    pause: CasePause | None = CasePause.get_or_none((CasePause.case == case) & CasePause.until.is_null())
    if pause is not None:
        pause.change(until=max(at, pause.since))
    return pause


@deed("complaints.close", "关闭投诉", LEAD)
def close(cases: AskedCases) -> None:
    """Close complaints that were answered, reviewed and visited back (duty c01.c.03: 未回访不得关闭).

    Raises:
        RuleBroken: one is not that far, or is a repair.
    """
    for case in cases:
        case.require(Sort.COMPLAINT)
        if case.state in _NOT_YET:
            raise RuleBroken(f"{case.number} {_NOT_YET[case.state]}")
        close_now(case, now())


@deed("complaints.withdraw", "登记撤回", LEAD, danger=True, question="撤回的保留在名单里，不计入各项比率。")
def withdraw(case: AskedCase, reason: AskedReason) -> ServiceCase:
    """Note that whoever reported it takes it back; it stays listed, outside the rates.

    Raises:
        RuleBroken: it is answered or ended already.
    """
    at = now()
    end_pause(case, at)
    case.move_to(CaseState.WITHDRAWN, closed_at=at)
    note(case, Step.WITHDRAWN, reason, at=at)
    return case


@deed(
    "complaints.dismiss", "登记不成立", LEAD, danger=True, question="不成立的保留在名单里，不计入各项比率。"
)
def dismiss(case: AskedCase, reason: AskedReason) -> ServiceCase:
    """Note that a complaint was found to have no ground; it stays listed, outside the rates.

    Raises:
        RuleBroken: it is a repair, or ended already.
    """
    case.require(Sort.COMPLAINT)
    at = now()
    end_pause(case, at)
    case.move_to(CaseState.UNFOUNDED, closed_at=at, finding=case.finding or reason)
    note(case, Step.UNFOUNDED, reason, at=at)
    return case


def refuse_before(case: ServiceCase, at: datetime | None, what: str, earlier: datetime | None) -> datetime:
    """Return when something was done, refused where it came before what it follows.

    Raises:
        BadInput: it lies ahead, or too early; `what` says what was done.
    """
    found = moment(case, at, what)
    if earlier is not None and found < earlier:
        raise BadInput(
            f"{what}时间 {found:%Y-%m-%d %H:%M} 早于前一步的 {earlier:%Y-%m-%d %H:%M}。请核对时间。", "at"
        )
    return found
