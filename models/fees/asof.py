"""时点: what was paid and owed as of a day, whatever was paid since."""

from __future__ import annotations

from datetime import date
from typing import Any

from models.base import db
from models.fees.bills import OPEN, Bill
from models.fees.payments import Allocation

LIVE = Allocation.live == True

RELIEF = Allocation.adjustment.is_null(False) & (Allocation.amount > 0)
"""What settles a line by correcting it: no money came in (forms.md B5); said of a line that charges."""
CHARGING = Bill.amount > 0
"""Lines that charge something; the others correct one."""


def paid_after(day: date, *conditions: Any) -> dict[int, int]:
    """Return fen paid on each line after a day, by the line's id."""
    query = Allocation.select(Allocation.bill, Allocation.amount).where(LIVE & (Allocation.on > day))
    if conditions:
        query = query.join(Bill).where(*conditions)
    paid: dict[int, int] = {}
    # Added up here: grouped by the database, SQLite walks every payment ever made in the order of lines.
    for bill, fen in db.execute(query):
        paid[bill] = paid.get(bill, 0) + fen
    return paid


def owing_on(day: date) -> Any:
    """Return the condition on Bill that a line may still have wanted money after a day's payments."""
    later = Allocation.select(Allocation.bill).where(LIVE & (Allocation.on > day))
    return OPEN | ((Bill.live == True) & Bill.id.in_(later))
