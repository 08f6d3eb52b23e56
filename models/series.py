"""单号: document numbers, gapless because they are taken inside the deed's own transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from models.base import Record, journal
from models.fields import CountField, LineField


class Counter(Record):
    """流水号: the last number given out in one series and span."""

    prefix = LineField(max_length=12, verbose_name="字头")
    span = LineField(max_length=8, verbose_name="期间")
    last = CountField(default=0, verbose_name="末号")

    class Meta:
        title = "流水号"
        indexes = ((("prefix", "span"), True),)

    @classmethod
    def of(cls, prefix: str, span: str) -> Counter:
        """Return the counter of a series and span, made at its first use.

        A counter is bookkeeping, not a change of its own: the numbers it gave stand in the
        audit entry of the deed that took them.
        """
        found = cls.get_or_none((cls.prefix == prefix) & (cls.span == span))
        if found is None:
            found = cls(prefix=prefix, span=span)
            super(Record, found).save(force_insert=True)
        return found


@dataclass(frozen=True)
class Series:
    """How the numbers of one kind of document run (forms.md A0.3).

    Args:
        prefix: letters before the number; unique in the whole program.
        title: what is numbered.
        digits: width of the running number.
        yearly: runs through the year rather than through the month.
        daily: begins anew each day.
    """

    prefix: str
    title: str
    digits: int = 3
    yearly: bool = False
    daily: bool = False

    def __post_init__(self) -> None:
        """Register the prefix."""
        if self.prefix in SERIES:
            raise ValueError(f"prefix {self.prefix} is taken by {SERIES[self.prefix].title}")
        SERIES[self.prefix] = self

    def take(self, day: date, count: int = 1) -> list[str]:
        """Return the next `count` numbers for a day; a rolled-back deed gives them back."""
        journal()
        span = f"{day:%Y}" if self.yearly else f"{day:%Y%m%d}" if self.daily else f"{day:%Y%m}"
        counter = Counter.of(self.prefix, span)
        first = counter.last + 1
        Counter.update(last=counter.last + count).where(Counter.id == counter.id).execute()
        return [f"{self.prefix}-{span}-{number:0{self.digits}d}" for number in range(first, first + count)]

    def next(self, day: date) -> str:
        """Return the next number for a day."""
        return self.take(day)[0]


SERIES: dict[str, Series] = {}
"""Every series by its prefix."""
