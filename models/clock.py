"""时刻: when something is entered, as records and the audit trail keep it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime

from models.errors import BadInput

_standing: ContextVar[datetime | None] = ContextVar("standing", default=None)


def now() -> datetime:
    """Return the moment, of local time, that goes into what is written now."""
    return _standing.get() or datetime.now()


def past(at: datetime | None, what: str, field: str = "at") -> datetime:
    """Return when something was done, now where nobody said when.

    Args:
        at: when, as it was typed.
        what: what it is the time of, as 受理时间.
        field: where it was typed.

    Raises:
        BadInput: it lies ahead.
    """
    found = (at or now()).replace(microsecond=0)
    if found > now():
        raise BadInput(f"{what} {found:%Y-%m-%d %H:%M} 还没有到。请核对时间。", field)
    return found


def past_day(day: date | None, what: str, field: str) -> date:
    """Return the day on which something was done, today where nobody said which; arguments as of `past`.

    Raises:
        BadInput: it lies ahead.
    """
    found = day or now().date()
    if found > now().date():
        raise BadInput(f"{what} {found} 还没有到。请核对日期。", field)
    return found


@contextmanager
def standing_at(moment: datetime) -> Iterator[None]:
    """Let the clock stand at a moment that has passed: the demo writes two years in half a minute."""
    token = _standing.set(min(moment, datetime.now()))
    try:
        yield
    finally:
        _standing.reset(token)
