"""演示的日程: what is to happen, in a queue by its moment, so that the office does it in its order.

What lies ahead of today stays undone. Whoever plans has a chance of his own, so that nothing else of the
demo depends on it.
"""

from __future__ import annotations

import contextlib
import heapq
import random
from collections.abc import Callable
from datetime import datetime, time, timedelta

from desktop.demo.calendar import Calendar
from models import clock
from models.errors import RuleBroken
from models.months import Month

_QUIET = (0, 60)


class Happenings:
    """The queue of one demo office."""

    def __init__(self, calendar: Calendar) -> None:
        self._queue: list[tuple[datetime, int, Callable[[], None]]] = []
        self._count = 0
        self._busy = False
        calendar.happenings.append(self.go_on)
        self.end = min(datetime.combine(calendar.today, time(17, 30)), datetime.now() - timedelta(minutes=1))
        """The last moment of the play."""

    def plan(self, at: datetime, act: Callable[[], None]) -> None:
        """Let something happen at a moment."""
        self._count += 1
        heapq.heappush(self._queue, (at, self._count, act))

    def go_on(self, moment: datetime) -> None:
        """Do what happened up to a moment; nothing of it lets anything else happen."""
        if self._busy:
            return
        self._busy = True
        last = min(moment, self.end)
        while self._queue and self._queue[0][0] <= last:
            at, _, act = heapq.heappop(self._queue)
            with clock.standing_at(at), contextlib.suppress(RuleBroken):
                act()
        self._busy = False


def moment_of(month: Month, chance: random.Random) -> datetime:
    """Return any moment of a month's office hours."""
    day = month.day(chance.randint(1, month.days))
    return datetime.combine(day, time(8, 30)) + timedelta(minutes=chance.randint(0, 540))


def soon(chance: random.Random, least: float, most: float) -> datetime:
    """Return a moment so many hours from now, within the day's work."""
    at = clock.now().replace(microsecond=0) + timedelta(
        minutes=chance.randint(int(least * 60), int(most * 60))
    )
    if at.hour >= 18 or at.hour < 8:
        at = datetime.combine(at.date() + timedelta(days=at.hour >= 18), time(8, 40)) + timedelta(
            minutes=chance.randint(*_QUIET)
        )
    return at
