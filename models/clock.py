"""时刻: when something is entered, as records and the audit trail keep it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

_standing: ContextVar[datetime | None] = ContextVar("standing", default=None)


def now() -> datetime:
    """Return the moment, of local time, that goes into what is written now."""
    return _standing.get() or datetime.now()


@contextmanager
def standing_at(moment: datetime) -> Iterator[None]:
    """Let the clock stand at a moment that has passed: the demo writes two years in half a minute."""
    token = _standing.set(min(moment, datetime.now()))
    try:
        yield
    finally:
        _standing.reset(token)
