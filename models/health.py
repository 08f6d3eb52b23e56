"""数据体检: what is missing from the records, each row one click from its mend.

A module registers checks with `@health_check`; the list `health` shows what they find. It judges
completeness, not soundness: `check` of the command line is not changed by it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from models import deeds
from models.base import Record
from models.fields import LineField
from models.listings import Filters, RowListing, Shown, listing

SEE = deeds.right("health.view", "查看数据体检")


@dataclass(frozen=True)
class Gap:
    """One thing that is missing.

    Args:
        subject: what it is about, such as a house number.
        record: the kind of record whose page mends it.
        id: that record's id.
    """

    subject: str
    record: type[Record]
    id: int


@dataclass(frozen=True)
class Check:
    """One question asked of the data."""

    title: str
    mend: str
    find: Callable[[], Iterable[Gap]]


CHECKS: list[Check] = []


def health_check(
    title: str, mend: str
) -> Callable[[Callable[[], Iterable[Gap]]], Callable[[], Iterable[Gap]]]:
    """Register a check.

    Args:
        title: what is wrong, such as 没有业主.
        mend: name of the deed that mends it; it stands beside each row.
    """

    def decorate(find: Callable[[], Iterable[Gap]]) -> Callable[[], Iterable[Gap]]:
        CHECKS.append(Check(title, mend, find))
        return find

    return decorate


def found() -> list[tuple[Check, Gap]]:
    """Return everything that is missing now, check by check."""
    return [(check, gap) for check in CHECKS for gap in check.find()]


@listing("health", "数据体检", "office", SEE)
def health(filters: Filters) -> RowListing:
    """What is missing from the records."""
    columns = (
        Shown("kind", LineField(verbose_name="问题", max_length=40)),
        Shown("subject", LineField(verbose_name="对象", max_length=80)),
        Shown("mend", LineField(verbose_name="处理", max_length=40)),
        Shown("record", LineField(verbose_name="记录", max_length=40), hidden=True),
        Shown("id", LineField(verbose_name="编号", max_length=12), hidden=True),
        Shown("deed", LineField(verbose_name="操作", max_length=40), hidden=True),
    )
    return RowListing(columns, ((_row_id(check, gap), _row(check, gap)) for check, gap in found()))


def _row_id(check: Check, gap: Gap) -> str:
    return f"{check.title}:{gap.record.__name__}:{gap.id}:{gap.subject}"


def _row(check: Check, gap: Gap) -> tuple[Any, ...]:
    title = deeds.DEEDS[check.mend].title
    return (check.title, gap.subject, title, gap.record.__name__, str(gap.id), check.mend)
