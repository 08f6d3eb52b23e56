"""用量: what the readings of one meter come to, month by month, and how far a month is off the usual.

Readings go in the order of their months. The first is the base and uses nothing. A real reading uses
what the meter grew since the last real one, less what was estimated in between: an estimate is
settled by the next real reading, even with a negative usage.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from enum import Enum
from typing import NamedTuple, Protocol

from models.months import Month

NOTHING = Decimal("0.00")
_CENT = Decimal("0.01")
MEAN_OF = 3
"""Months whose mean a month is compared with, and by which it is estimated."""
USUAL = Decimal(30)
"""Percent by which a month may be off that mean before it is strange."""


class ReadingKind(Enum):
    """How a reading came about."""

    FIRST = "初读"
    READ = "实抄"
    ESTIMATED = "估抄"
    LAST = "换表止"
    START = "换表起"


BASES = (ReadingKind.FIRST, ReadingKind.START)
"""Kinds from which counting begins."""
REPLACING = (ReadingKind.LAST, ReadingKind.START)
"""Kinds that come with the replacement of a meter."""


class Terms(NamedTuple):
    """How a meter counts: by what its growth is multiplied, and after how many digits it begins anew."""

    multiplier: int
    digits: int

    @property
    def end(self) -> Decimal:
        """What it never shows: it rolls over from just below to 0."""
        return Decimal(10) ** self.digits


class Point(Protocol):
    """A reading, as far as its usage hangs on it."""

    month: Month
    kind: ReadingKind
    value: Decimal
    rolled: bool
    usage: Decimal


class Span(NamedTuple):
    """Usage over so many months; 0 months: the rest of a month whose first part another meter counted."""

    usage: Decimal
    months: int


class Step(NamedTuple):
    """What follows for one reading.

    Args:
        previous: what the meter showed before; None for a base.
        usage: since then, multiplied.
        months: over how many months.
        deviation: by how many percent it is off the mean of the months before; None where there is none.
    """

    previous: Decimal | None
    usage: Decimal
    months: int
    deviation: Decimal | None


class Anchor(NamedTuple):
    """From where the next real reading counts: the last real value, and what was estimated since."""

    value: Decimal
    estimated: Decimal = NOTHING


class Falling(Exception):
    """A reading is less than the one before though the meter did not roll over, or the other way round.

    Args:
        at: which of the readings.
        previous: the real value before.
    """

    def __init__(self, at: int, previous: Decimal) -> None:
        super().__init__(f"reading {at} falls from {previous}")
        self.at, self.previous = at, previous


def used(anchor: Anchor, value: Decimal, rolled: bool, terms: Terms) -> Decimal | None:
    """Return what a real reading uses; None where it falls without rolling over, or rolls over and rises."""
    if rolled == (value >= anchor.value):
        return None
    grown = value - anchor.value + (terms.end if rolled else 0)
    return grown * terms.multiplier - anchor.estimated


def steps(points: Sequence[Point], terms: Terms, before: Sequence[Span] = ()) -> list[Step]:
    """Return what follows for each reading of a meter.

    Args:
        points: its readings in order, a base first.
        terms: how it counts.
        before: what the meter that it replaced counted.

    Raises:
        Falling: one of them cannot be.
    """
    spans, found = list(before), list[Step]()
    anchor, last, joins = Anchor(NOTHING), points[0].month if points else None, False
    for at, point in enumerate(points):
        if point.kind in BASES:
            anchor, joins = Anchor(point.value), point.kind is ReadingKind.START and bool(before)
            found.append(Step(None, NOTHING, 0, None))
            last = point.month
            continue
        usage, anchor, previous = _step(at, point, anchor, terms)
        assert last is not None
        apart = point.month.minus(last)
        span = Span(usage, apart if joins else max(1, apart))
        found.append(Step(previous, usage, span.months, deviation(spans, span)))
        spans.append(span)
        last, joins = point.month, False
    return found


def _step(at: int, point: Point, anchor: Anchor, terms: Terms) -> tuple[Decimal, Anchor, Decimal]:
    """Return the usage of a reading, from where the next one counts, and what was shown before."""
    if point.kind is ReadingKind.ESTIMATED:
        return point.usage, anchor._replace(estimated=anchor.estimated + point.usage), anchor.value
    usage = used(anchor, point.value, point.rolled, terms)
    if usage is None:
        raise Falling(at, anchor.value)
    return usage, Anchor(point.value), anchor.value


def by_month(spans: Sequence[Span]) -> list[Span]:
    """Return the spans with the two parts of a month in which a meter was replaced as one."""
    whole: list[Span] = []
    for span in spans:
        if span.months == 0 and whole:
            whole[-1] = Span(whole[-1].usage + span.usage, whole[-1].months)
        else:
            whole.append(span)
    return whole


def mean(spans: Sequence[Span]) -> Decimal | None:
    """Return the usage of a month, by the last three readings; None without any."""
    newest = by_month(spans)[-MEAN_OF:]
    months = sum(span.months for span in newest)
    if not months:
        return None
    total = sum((span.usage for span in newest), start=NOTHING)
    return (total / months).quantize(_CENT, ROUND_HALF_UP)


def deviation(before: Sequence[Span], span: Span) -> Decimal | None:
    """Return by how many percent a usage is off the mean of those before it."""
    if span.months == 0 and before:
        span = Span(before[-1].usage + span.usage, before[-1].months)
        before = before[:-1]
    usual = mean(before)
    if usual is None or usual <= 0 or span.months == 0:
        return None
    off = (span.usage / span.months - usual) * 100 / usual
    return off.quantize(Decimal("0.1"), ROUND_HALF_UP)


def strange(percent: Decimal | None) -> bool:
    """Whether a month is so far off the usual that somebody should look."""
    return percent is not None and abs(percent) > USUAL
