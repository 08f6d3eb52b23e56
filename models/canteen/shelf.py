"""保质期: until when goods may be eaten, counted from the day they were made (forms.md B11).

A shelf life in months ends on the same day of a later month, or on its last where that is shorter: what is
made on 31 January and keeps a month is good until the end of February.
"""

from __future__ import annotations

from datetime import date, timedelta
from enum import Enum

from models.months import Month

NEAR = 7
"""Days before its end from which a lot is about to expire (duty c04.a.07)."""
LONGEST = 3650
"""Days, months or years that a shelf life may count at the most."""


class ShelfUnit(Enum):
    """In what a shelf life is counted."""

    DAYS = "天"
    MONTHS = "月"
    YEARS = "年"


def expiry(made_on: date, count: int, unit: ShelfUnit) -> date:
    """Return the last day on which what was made on a day and keeps so long is good."""
    if unit is ShelfUnit.DAYS:
        return min(made_on + timedelta(days=count), date.max)
    later = Month.of(made_on).plus(count * (12 if unit is ShelfUnit.YEARS else 1))
    return later.day(made_on.day) if later.year <= date.max.year else date.max


def keeps_briefly(made_on: date, expires_on: date) -> bool:
    """Whether goods live a week at the most: they are used up at once, no notice comes a week ahead."""
    return (expires_on - made_on).days <= NEAR
