"""演示的日历: which months the ledger has, and days in them that have come."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property

from models import clock
from models.months import Month

_OPENS = time(8, 30)


@dataclass(frozen=True)
class Calendar:
    """The time in which the demo plays.

    Args:
        today: its last day.
        length: how many months the ledger has, the month of `today` included.
    """

    today: date
    length: int
    happenings: list[Callable[[datetime], None]] = field(default_factory=list)
    """What happens by itself meanwhile is done up to a moment before something else is entered at it."""

    @cached_property
    def months(self) -> list[Month]:
        """Every month of the ledger."""
        return [self.now.plus(number - self.length + 1) for number in range(self.length)]

    @property
    def now(self) -> Month:
        """The month of today."""
        return Month.of(self.today)

    @property
    def first(self) -> Month:
        """The first month of the ledger, with which the office began to use the program."""
        return self.months[0]

    def month(self, share: float) -> Month:
        """Return the month that lies at a share (0 to 1) of the ledger."""
        return self.months[min(int(self.length * share), self.length - 1)]

    def day(self, month: Month, day: int) -> date:
        """Return a day of a month, today where it has not come yet."""
        return min(month.day(day), self.today)

    def at(self, day: date, minutes: int = 0) -> AbstractContextManager[None]:
        """Let what is entered bear a moment of a day, so many minutes after the office opens."""
        moment = datetime.combine(day, _OPENS) + timedelta(minutes=minutes)
        for happen in self.happenings:
            happen(moment)
        return clock.standing_at(moment)

    def within(self, chance: random.Random) -> date:
        """Return any day of the ledger but its first and its last month, where it has more."""
        return self.day(chance.choice(self.months[1:-1] or self.months), chance.randint(8, 24))
