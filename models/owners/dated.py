"""有起止的行: how dated rows are ended, split at a day, and kept from overlapping."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Annotated, Any, TypeVar

from models.base import Dated, Record
from models.errors import RuleBroken
from models.fields import BEGINNING, DayField, SinceField
from models.inputs import Asked

Row = TypeVar("Row", bound=Dated)
ONE_DAY = timedelta(days=1)

AskedSince = Annotated[date | None, Asked(SinceField(null=True, verbose_name="起"), "不填为今天")]
"""The first day of a row that is entered; 起初 may be given."""

AskedUntil = Annotated[date | None, Asked(DayField(null=True, verbose_name="止"), "不填为长期")]
"""The last day of a row that is entered."""

AskedStart = Annotated[date | None, Asked(DayField(null=True, verbose_name="起"), "不填为今天")]
"""The first day of something that changes."""

AskedEnd = Annotated[date | None, Asked(DayField(null=True, verbose_name="止"), "不填为今天")]
"""The last day of a row that is ended."""


def holds(row: Dated, day: date) -> bool:
    """Whether a row holds on a day."""
    return row.since <= day and (row.until is None or row.until >= day)


def overlap(row: Dated, since: date, until: date | None) -> bool:
    """Whether a row holds on any day of a span that may be open."""
    return (until is None or row.since <= until) and (row.until is None or row.until >= since)


def check_span(since: date, until: date | None) -> None:
    """Refuse a span that ends before it begins.

    Raises:
        RuleBroken: it does.
    """
    if until is not None and until < since:
        raise RuleBroken(f"止日 {until} 早于起日 {since}。请改正其中一个。")


def close(row: Row, until: date) -> Row:
    """Let a row hold up to a day, that day included.

    Raises:
        RuleBroken: it begins later, or ended before.
    """
    check_span(row.since, until)
    if row.until is not None and row.until < until:
        raise RuleBroken(f"{row.label()} 已在 {row.until} 结束。")
    row.change(until=until)
    return row


def drop_rest(row: Dated, was: date | None, *same: str) -> None:
    """Take away the later parts of a row that was split before it was ended: they followed without a gap.

    Args:
        row: what was ended.
        was: its last day before.
        same: names of the fields that the parts have in common.
    """
    mine = [type(row).fields()[name] == row.__data__[name] for name in same]
    while was is not None:
        rest = type(row).get_or_none(*mine, type(row).since == was + ONE_DAY)
        if rest is None:
            return
        was = rest.until
        rest.remove()


def split(row: Row, day: date, **changes: Any) -> Row:
    """Let a row hold other facts from a day on; what was before stays as it was."""
    if row.since >= day:
        row.change(**changes)
        return row
    kept = {name: row.__data__[name] for name in row.fields() if name not in ("id", "row_version", "since")}
    row.change(until=day - ONE_DAY)
    return type(row).add(**{**kept, "since": day, **changes})


def turning_days(rows: Iterable[Any], since: date) -> list[date]:
    """Return the days from `since` on at which the set of rows that hold changes."""
    days = {since}
    for row in rows:
        days.add(row.since)
        if row.until is not None:
            days.add(row.until + ONE_DAY)
    return sorted(day for day in days if day >= since)


def first_day(given: date | None, known: Sequence[Record]) -> date:
    """Return the day a new row begins: as given, else 起初 where nothing is known yet, else today."""
    if given is not None:
        return given
    return date.today() if known else BEGINNING
