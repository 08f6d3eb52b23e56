"""变更历史: what was done to one record, found in the audit trail without reading all of it."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from models import deeds
from models.audit import AuditEntry, AuditTouch, Outcome
from models.base import RECORDS, Record
from models.checks import invariant
from models.deeds import DEEDS
from models.listings import LISTS
from models.office.trail import ActField, told

_LONGEST = 90
_ACT = ActField(max_length=60)
_NAMED = 2
"""Documents that a line tells of."""
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
    )
    seen = _Sight()
    told = (
        Event(one.at, one.who, _ACT.show(one.deed), _about(one, record))
        for one in entries.iterator()
        if _own(one, record) or seen.of(one)
    )
    return list(itertools.islice(told, MOST))


class _Sight:
    """What the person acting may be told of things done to other records.

    A house's history tells of payments only to those who see payments, and a person's history
    nothing of a house beyond the reader's reach.
    """

    def __init__(self) -> None:
        self._may = deeds.held()
        self._reached: dict[tuple[str, int], bool] = {}

    def of(self, entry: AuditEntry) -> bool:
        """Whether an entry may be told of."""
        kinds = {kind for kind in _changed(entry) if kind in _rights_of_kinds()}
        if not any(self._sees(kind) for kind in kinds) and not self._does(entry, kinds):
            return False
        touches: Any = AuditTouch.select(AuditTouch.kind, AuditTouch.record)
        return all(self._reaches(*one) for one in touches.where(AuditTouch.entry == entry).tuples())

    def _sees(self, kind: str) -> bool:
        return any(self._may(right) for right in _rights_of_kinds()[kind])

    def _does(self, entry: AuditEntry, kinds: set[str]) -> bool:
        """Whether the person might have done it himself, or it changed nothing that stands in a list."""
        deed = DEEDS.get(entry.deed)
        return self._may(deed.right) if deed is not None else not kinds

    def _reaches(self, kind: str, id: int) -> bool:
        if kind not in _rights_of_kinds():
            return True
        if (kind, id) not in self._reached:
            record = RECORDS[kind].get_or_none(RECORDS[kind].id == id)
            rights = [right for right in _rights_of_kinds()[kind] if right in deeds.SCOPED]
            self._reached[kind, id] = record is None or all(
                deeds.within_scope(record, deeds.actor(), right) for right in rights
            )
        return self._reached[kind, id]


@functools.cache
def _rights_of_kinds() -> dict[str, frozenset[str]]:
    """Return by kind of record the rights of the lists that show it."""
    found: dict[str, set[str]] = {}
    with deeds.acting(deeds.TheOffice()):
        for listed in LISTS.values():
            kind = listed().record
            if kind is not None:
                found.setdefault(kind.__name__, set()).add(listed.right)
    return {kind: frozenset(rights) for kind, rights in found.items()}


def _changed(entry: AuditEntry) -> set[str]:
    """Return the kinds of records that an entry changed."""
    told = (
        one.get("add") or one.get("change") or one.get("remove") for one in entry.facts.get("changes", [])
    )
    return {kind for kind in told if isinstance(kind, str)}


def _own(entry: AuditEntry, record: Record) -> list[Any]:
    """Return what an entry changed of the record itself."""
    kind, changes = type(record).__name__, entry.facts.get("changes", [])
    return [one for one in changes if one.get("id") == record.id and kind in one.values()]


def _about(entry: AuditEntry, record: Record) -> str:
    """Return what an entry says of one record; of other records that refer to it, no more than a line."""
    own = _own(entry, record)
    if own:
        return told({**entry.facts, "changes": own})
    words = _made(entry) or (told(entry.facts) if entry.subject in (None, record.label()) else entry.subject)
    return words if len(words) <= _LONGEST else f"{words[:_LONGEST]}…"


def _made(entry: AuditEntry) -> str:
    """Return the documents that an entry made, as people call them: 收据 SJ-2026-000123 500.00 元."""
    adds = [(one["add"], one["id"]) for one in entry.facts.get("changes", []) if one.get("add") in RECORDS]
    kinds = [(RECORDS[kind], id) for kind, id in adds if RECORDS[kind].described is not Record.described]
    found = (kind.get_or_none(kind.id == id) for kind, id in kinds[:_NAMED])
    return "、".join(f"{one.noun()} {one.described()}" for one in found if one is not None)


@invariant("变更历史")
def strange_touches() -> Iterator[str]:
    """Yield a sentence where the history names entries that the trail has not."""
    entries = AuditEntry.select(AuditEntry.id)
    strange = AuditTouch.select().where(AuditTouch.entry.not_in(entries)).count()
    if strange:
        yield f"变更历史中有 {strange} 条找不到对应的审计记录。请与最近的备份核对。"
