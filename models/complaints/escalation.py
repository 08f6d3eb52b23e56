"""督办阶梯: who is told when a case is late, and which of these steps it has reached.

It is shown on the case, not only as a colour: what happens next, and when (expectations.md 10).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from models.cards import lines
from models.clock import now
from models.complaints.cases import APART, CaseState, ServiceCase
from models.complaints.rights import VIEW
from models.complaints.terms import Clock, rules


@dataclass(frozen=True)
class Rung:
    """One step of the ladder.

    Args:
        title: what is late, as 首次响应超时.
        at: when it is reached unless it is done before.
        whom: who is told.
        reached: whether it was, or is now.
    """

    title: str
    at: datetime
    whom: str
    reached: bool

    @property
    def told(self) -> str:
        """In words, as the card says it."""
        mark = "已到" if self.reached else "到"
        return f"{self.title}（{mark} {self.at:%m-%d %H:%M}）报 {self.whom}"


def ladder(case: ServiceCase, at: datetime) -> list[Rung]:
    """Return the steps of a case, the first one first; none of what was withdrawn or unfounded."""
    if case.state in APART:
        return []
    known, clock = rules(), Clock(rules().closes)
    later = clock.working_after(case.due_at, known.third_after)
    first, done = case.first_at or at, case.finished_at or at
    return [
        Rung("首次响应超时", case.first_due, known.first_step, first > case.first_due),
        Rung("办结超时", case.due_at, known.second_step, done > case.due_at),
        Rung(f"超时 {known.third_after} 个工作日", later, known.third_step, done > later),
    ]


@lines(ServiceCase, VIEW)
def ladder_of(case: ServiceCase) -> Iterator[tuple[str, str]]:
    """The ladder of a case that is not done, on its card; and what is to be told to callers."""
    if case.live and case.state not in (CaseState.VISITING, CaseState.VISITED):
        for number, rung in enumerate(ladder(case, now()), start=1):
            yield f"督办 {number}", rung.told
    if case.outage is not None:
        yield "停供通报", case.outage.told


@lines(ServiceCase, VIEW)
def told_of(case: ServiceCase) -> Iterator[tuple[str, str]]:
    """What the list has no column for: what was found, done and answered."""
    names = (
        *("demand", "finding", "cause", "reason", "measures", "answer", "answered_way", "opinion"),
        *("prevention", "direction", "violation", "stopped_at", "quoted", "agreed_by", "accepted_by"),
        *("visit_due", "mark", "quality", "first_closed_at"),
    )
    for name in names:
        field = case.fields()[name]
        shown = field.show(getattr(case, name))
        if shown:
            yield field.label, shown
