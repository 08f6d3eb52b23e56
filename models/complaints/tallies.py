"""统计口径: the counts from which every rate of complaints and repairs is made, in one reading.

The cases of a period are those received in it; what was withdrawn or had no ground is counted apart and
stands outside every rate (forms.md B8). A count is as of a moment: what was done later does not count yet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from peewee import SQL, Case, fn

from models.base import db
from models.complaints.cases import CaseState, Mark, ServiceCase
from models.complaints.kinds import Sort
from models.complaints.visits import ReturnVisit, VisitTask
from models.months import Period

FORMULAS = (
    "处理率＝已办结÷应办结（到截止时点承诺时限已到或已办结的，正在等业主的不算到期）；及时率＝时限内办结÷已办结；"
    "回访率＝已回访÷应回访（到期或已回访的，含无法联系，不含匿名）；返修率＝返修÷已完工。"
    "撤回、不成立的不计入各项比率；重开的按重开后的时限和最后一次办结计算。"
)


@dataclass(frozen=True)
class Tally:
    """How many cases of a period there are of each kind that a rate asks for."""

    received: int = 0
    withdrawn: int = 0
    unfounded: int = 0
    due: int = 0
    done: int = 0
    on_time: int = 0
    to_visit: int = 0
    visited: int = 0
    unreached: int = 0
    again: int = 0
    arrived: int = 0
    arrived_on_time: int = 0
    reopened: int = 0
    marked: int = 0
    pleased: int = 0

    @property
    def counted(self) -> int:
        """Those within the rates."""
        return self.received - self.withdrawn - self.unfounded

    @property
    def handling(self) -> Decimal | None:
        """处理率 as a share of one."""
        return share(self.done, self.due)

    @property
    def timely(self) -> Decimal | None:
        """及时率 of what was done."""
        return share(self.on_time, self.done)

    @property
    def prompt(self) -> Decimal | None:
        """到场及时率 of repairs."""
        return share(self.arrived_on_time, self.arrived)

    @property
    def visiting(self) -> Decimal | None:
        """回访率."""
        return share(self.visited, self.to_visit)

    @property
    def repeated(self) -> Decimal | None:
        """返修率."""
        return share(self.again, self.done)


def share(part: int, whole: int) -> Decimal | None:
    """Return a part of a whole as a share of one; None where there is no whole."""
    return Decimal(part) / Decimal(whole) if whole else None


def hundredths(rate: Decimal | None) -> Decimal | None:
    """Return a share of one in percent, as lists and charts show it."""
    return None if rate is None else rate * 100


def counted(at: datetime) -> dict[str, Any]:
    """Return the condition under which a case is counted as of a moment, by the names of `Tally`."""
    within = ServiceCase.state.not_in((CaseState.WITHDRAWN, CaseState.UNFOUNDED))
    running = ServiceCase.state.not_in((CaseState.WAITING, CaseState.QUOTED))
    done = within & ServiceCase.finished_at.is_null(False) & (ServiceCase.finished_at <= at)
    visited = done & ServiceCase.visited_at.is_null(False) & (ServiceCase.visited_at <= at)
    ended = ServiceCase.state.in_((CaseState.VISITED, CaseState.CLOSED))
    lost = done & ServiceCase.visit_due.is_null(False) & ServiceCase.visited_at.is_null() & ended
    wanted = done & ServiceCase.visit_due.is_null(False) & (ServiceCase.visit_due <= at.date())
    arrived = within & ServiceCase.first_at.is_null(False) & (ServiceCase.first_at <= at)
    return {
        "withdrawn": ServiceCase.state == CaseState.WITHDRAWN,
        "unfounded": ServiceCase.state == CaseState.UNFOUNDED,
        "due": within & (done | ((ServiceCase.due_at <= at) & running)),
        "done": done,
        "on_time": done & (ServiceCase.finished_at <= ServiceCase.due_at),
        "to_visit": wanted | visited | lost,
        "visited": visited,
        "unreached": lost,
        "again": done & ServiceCase.again_of.is_null(False),
        "arrived": arrived,
        "arrived_on_time": arrived & (ServiceCase.first_at <= ServiceCase.first_due),
        "reopened": within & (ServiceCase.reopened > 0),
        **_judged(within, at),
    }


def _judged(within: Any, at: datetime) -> dict[str, Any]:
    """Return when a case was marked, and when nobody was displeased, however often it was taken up again."""
    said = VisitTask.select(VisitTask.case).join(ReturnVisit)
    said = said.where(VisitTask.case.is_null(False) & (ReturnVisit.at <= at))
    bad = [mark for mark in Mark if mark.bad]
    accepted = ServiceCase.mark.is_null(False) & (ServiceCase.accepted_at <= at)
    marked = within & (accepted | ServiceCase.id.in_(said.where(ReturnVisit.mark.is_null(False))))
    displeased = ServiceCase.id.in_(said.where(ReturnVisit.mark.in_(bad)))
    displeased |= accepted & ServiceCase.mark.in_(bad)
    return {"marked": marked, "pleased": marked & ~displeased}


_MARKS = ("marked", "pleased")
"""Counts that only those ask for who tell how people were pleased."""


def tally(sort: Sort, period: Period, at: datetime, *conditions: Any, marks: bool = False) -> Tally:
    """Return the counts of the cases of a sort that were received in a period, as of a moment.

    Args:
        sort: complaints or repairs.
        period: when they were received.
        at: what happened later is not counted.
        conditions: what else a case must meet, such as the person's reach.
        marks: whether the marks are counted too.
    """
    sums = _sums(at, marks)
    query = ServiceCase.select(*sums.values()).where(_of(sort, period), *conditions)
    return _tally(sums, db.execute(query).fetchone())


def tallies(
    sort: Sort, period: Period, at: datetime, by: Any, joined: Callable[[Any], Any], *conditions: Any
) -> dict[Any, Tally]:
    """Return the counts as `tally` does, the marks with them, apart for each value of an expression.

    Args:
        sort: complaints or repairs.
        period: when they were received.
        at: what happened later is not counted.
        by: what parts them.
        joined: joins what `by` asks for.
        conditions: what else a case must meet.
    """
    sums = _sums(at, True)
    query = joined(ServiceCase.select(by, *sums.values())).where(_of(sort, period), *conditions)
    return {value: _tally(sums, counts) for value, *counts in db.execute(query.group_by(by))}


def _of(sort: Sort, period: Period) -> Any:
    return (ServiceCase.sort == sort) & ServiceCase.received_at.between(*period.moments)


def _sums(at: datetime, marks: bool) -> dict[str, Any]:
    """Return what is selected for a tally, by its names."""
    asked = {name: one for name, one in counted(at).items() if marks or name not in _MARKS}
    sums = {name: fn.SUM(Case(None, ((one, 1),), 0)) for name, one in asked.items()}
    return {"received": fn.COUNT(SQL("1")), **sums}


def _tally(names: Iterable[str], counts: Iterable[int | None]) -> Tally:
    return Tally(**{name: int(count or 0) for name, count in zip(names, counts, strict=True)})
