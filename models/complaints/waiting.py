"""待业主: the clock of a case stands while it waits for its owner, and only then (forms.md B8)."""

from __future__ import annotations

from datetime import datetime

from models.complaints.cases import CaseState, ServiceCase
from models.complaints.closing import AskedAt, AskedCase, AskedReason, end_pause, refuse_before
from models.complaints.kinds import Sort
from models.complaints.rights import HANDLE
from models.complaints.steps import CasePause, Step, note
from models.complaints.terms import Clock, rules
from models.deeds import deed


@deed("complaints.wait", "等待业主", HANDLE)
def wait(case: AskedCase, reason: AskedReason, at: AskedAt = None) -> ServiceCase:
    """Let the clock stand because the owner must do something first: be at home, send what is lacking.

    Raises:
        RuleBroken: nobody works on it.
        BadInput: the time lies ahead, or before it was received.
    """
    since = refuse_before(case, at, "等待", last_resumed(case))
    pause(case, CaseState.WAITING, since, reason)
    note(case, Step.WAITING, reason, at=since)
    return case


def last_resumed(case: ServiceCase) -> datetime | None:
    """Return when the clock of a case last began to run again."""
    ended = CasePause.select().where(CasePause.case == case).order_by(CasePause.id.desc()).first()
    return ended.until if ended is not None else None


def pause(case: ServiceCase, state: CaseState, since: datetime, why: str) -> None:
    """Let the clock of a case stand from a moment on."""
    case.move_to(state)
    CasePause.add(case=case, since=since, why=why)


@deed("complaints.resume", "继续办理", HANDLE)
def resume(case: AskedCase, at: AskedAt = None) -> ServiceCase:
    """Let the clock run again: what it stood is added to the promised times.

    Raises:
        RuleBroken: it does not wait.
        BadInput: the time lies ahead, or before it began to wait.
    """
    case.require_in(CaseState.WAITING, why="没有在等业主。")
    until = run_again(case, at, _back(case))
    note(case, Step.RESUMED, at=until)
    return case


def _back(case: ServiceCase) -> CaseState:
    if case.sort is Sort.COMPLAINT:
        return CaseState.WORKING
    return CaseState.ARRIVED if case.arrived_at is not None else CaseState.DISPATCHED


def run_again(case: ServiceCase, at: datetime | None, state: CaseState) -> datetime:
    """Let the clock of a case run again from a moment on and return it."""
    standing = CasePause.get((CasePause.case == case) & CasePause.until.is_null())
    until = refuse_before(case, at, "继续办理", standing.since)
    end_pause(case, until)
    clock = Clock(rules().closes)
    later = {"due_at": clock.put_off(case.due_at, case.due_measure, standing.since, until)}
    if case.first_at is None and case.arrived_at is None:
        later["first_due"] = clock.put_off(case.first_due, case.first_measure, standing.since, until)
    case.move_to(state, **later)
    return until
