"""变更历史: what was done to one record, found in the audit trail without reading all of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from models.audit import AuditEntry, AuditTouch, Outcome
from models.base import Record
from models.checks import invariant
from models.deeds import DEEDS, actor
from models.listings import LISTS
from models.office.trail import ActField, told

_LONGEST = 90
_ACT = ActField(max_length=60)
MOST = 200
"""Entries that a card tells of, the newest."""


@dataclass(frozen=True)
class Event:
    """One thing that was done to a record, in plain words."""

    at: datetime
    who: str
    title: str
    told: str


def history_of(record: Record) -> list[Event]:
    """Return what was done to a record, newest first."""
    mine = AuditTouch.select(AuditTouch.entry).where(
        (AuditTouch.kind == type(record).__name__) & (AuditTouch.record == record.id)
    )
    entries = (
        AuditEntry.select()
        .where(AuditEntry.id.in_(mine) & (AuditEntry.outcome == Outcome.DONE))
        .order_by(AuditEntry.id.desc())
        .limit(MOST)
    )
    seen = _modules_seen()
    return [
        Event(one.at, one.who, _ACT.show(one.deed), _about(one, record))
        for one in entries
        if _own(one, record) or one.deed.split(".")[0] in seen
    ]


def _modules_seen() -> set[str]:
    """Return the modules of which the person acting sees a list, and what belongs to no module.

    A house's history tells of payments only to those who see payments.
    """
    modules = {listed.module for listed in LISTS.values()}
    seen = {listed.module for listed in LISTS.values() if actor().may(listed.right)}
    return seen | ({name.split(".")[0] for name in DEEDS} - modules)


def _own(entry: AuditEntry, record: Record) -> list[Any]:
    """Return what an entry changed of the record itself."""
    kind, changes = type(record).__name__, entry.facts.get("changes", [])
    return [one for one in changes if one.get("id") == record.id and kind in one.values()]


def _about(entry: AuditEntry, record: Record) -> str:
    """Return what an entry says of one record; of other records that refer to it, no more than a line."""
    own = _own(entry, record)
    if own:
        return told({**entry.facts, "changes": own})
    words = told(entry.facts) if entry.subject in (None, record.label()) else entry.subject
    return words if len(words) <= _LONGEST else f"{words[:_LONGEST]}…"


@invariant("变更历史")
def strange_touches() -> Iterator[str]:
    """Yield a sentence where the history names entries that the trail has not."""
    entries = AuditEntry.select(AuditEntry.id)
    strange = AuditTouch.select().where(AuditTouch.entry.not_in(entries)).count()
    if strange:
        yield f"变更历史中有 {strange} 条找不到对应的审计记录。请与最近的备份核对。"
