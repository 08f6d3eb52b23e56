"""值班核对: what must hold among rosters and their days, told by `check`."""

from __future__ import annotations

from collections.abc import Iterator

from models.base import db
from models.checks import invariant
from models.months import Month
from models.office.roster.rosters import Roster, RosterDay, RosterState

_NAMED = 20


@invariant("值班表")
def days_lie_in_their_month() -> Iterator[str]:
    """Every day of a roster lies in its month, and what is approved says by whom."""
    query = RosterDay.select(Roster.number, Roster.month, RosterDay.day).join(Roster).distinct()
    wrong = {number for number, month, day in db.execute(query) if Month.from_number(month) != _month(day)}
    for number in sorted(wrong)[:_NAMED]:
        yield f"值班表 {number} 有不在本月的日期"
    unsigned = (Roster.state == RosterState.APPROVED) & Roster.approved_by.is_null()
    for (number,) in db.execute(Roster.select(Roster.number).where(unsigned).limit(_NAMED)):
        yield f"值班表 {number} 已批准，没有批准人"


def _month(day: object) -> Month:
    return Month.parse(str(day)[:7])
