"""审计记录: who did what and when, each entry chained by hash to the one before.

The chain makes an outside edit evident; it cannot see that the tail was cut off or the whole
chain rewritten (reliability.md S11), which is why the head is written into every backup.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import datetime
from enum import Enum
from typing import Any

from models.base import RECORDS, Record, db
from models.fields import ChoiceField, CountField, FactsField, LineField, LinkField, MomentField

GENESIS = "0" * 64


class Outcome(Enum):
    """How a deed ended."""

    DONE = "完成"
    REFUSED = "拒绝"


class AuditEntry(Record):
    """审计记录: one deed, done or refused; rows are never changed or deleted."""

    at = MomentField(verbose_name="时间")
    account = CountField(null=True, verbose_name="账号")
    who = LineField(max_length=60, verbose_name="操作人")
    deed = LineField(max_length=60, index=True, verbose_name="操作")
    outcome = ChoiceField(Outcome, verbose_name="结果")
    subject = LineField(max_length=120, null=True, verbose_name="对象")
    facts = FactsField(verbose_name="内容")
    previous = LineField(max_length=64, verbose_name="前一条")
    digest = LineField(max_length=64, verbose_name="摘要")

    class Meta:
        title = "审计记录"

    def computed(self) -> str:
        """Return the digest that this entry must carry."""
        facts = json.dumps(self.facts, ensure_ascii=False, sort_keys=True)
        at = self.at.isoformat(" ", "seconds")
        return _digest(
            self.id,
            at,
            self.account,
            self.who,
            self.deed,
            self.outcome.name,
            self.subject,
            facts,
            self.previous,
        )


class AuditTouch(Record):
    """触及: one record that an audit entry is about: one it wrote, or one that such a one refers to.

    So a house knows of its owners, and a person of his houses, without reading the whole trail.
    """

    entry = CountField(verbose_name="审计记录")
    kind = LineField(max_length=40, verbose_name="种类")
    record = CountField(verbose_name="编号")

    class Meta:
        title = "触及"
        indexes = ((("kind", "record", "entry"), True),)


def _digest(*stored: Any) -> str:
    """Return the digest of an entry's columns as they are stored, all but the digest itself."""
    return hashlib.sha256("\x1f".join(str(value or "") for value in stored).encode()).hexdigest()


def append(
    *,
    account: int | None,
    who: str,
    deed: str,
    outcome: Outcome,
    subject: str | None,
    facts: dict[str, Any],
    at: datetime,
) -> AuditEntry:
    """Add one entry to the chain; the caller holds the transaction."""
    newest = AuditEntry.select(AuditEntry.id, AuditEntry.digest).order_by(AuditEntry.id.desc()).limit(1)
    last, head = next(iter(db.execute(newest)), (0, GENESIS))
    entry = AuditEntry(
        id=last + 1,
        at=at.replace(microsecond=0),
        account=account,
        who=who,
        deed=deed,
        outcome=outcome,
        subject=subject,
        facts=facts,
        previous=head,
    )
    entry.digest = entry.computed()
    super(Record, entry).save(force_insert=True)
    _note_touched(entry)
    return entry


def touched(facts: dict[str, Any]) -> set[tuple[str, int]]:
    """Return the kind and id of every record that the facts of an entry are about."""
    found: set[tuple[str, int]] = set()
    for change in facts.get("changes", ()):
        kind = next((change[verb] for verb in ("add", "change", "remove") if verb in change), None)
        if kind not in RECORDS or type(change.get("id")) is not int:
            continue
        found.add((kind, change["id"]))
        found |= _owner(RECORDS[kind], change["id"])
        for name, field in RECORDS[kind].fields().items():
            if isinstance(field, LinkField):
                ends = (change.get("from", {}).get(name), change.get("to", {}).get(name))
                found |= {(field.rel_model.__name__, end) for end in ends if type(end) is int}
    return found


def _owner(kind: type[Record], id: int) -> set[tuple[str, int]]:
    """Return the record of any kind to which this one belongs."""
    if kind.belongs is None:
        return set()
    row = kind.get_or_none(kind.id == id)
    return {(getattr(row, kind.belongs[0]), getattr(row, kind.belongs[1]))} if row else set()


def _note_touched(entry: AuditEntry) -> None:
    rows = [(entry.id, kind, record, 1) for kind, record in sorted(touched(entry.facts))]
    if rows:
        marks = ", ".join([db.param] * 4)
        db.connection().executemany(
            f"INSERT INTO audit_touch (entry, kind, record, row_version) VALUES ({marks})", rows
        )


def origin() -> str:
    """Return the digest of the chain's first link, which tells this office from every other."""
    first = AuditEntry.select(AuditEntry.digest).order_by(AuditEntry.id).limit(1)
    return next((str(digest) for (digest,) in db.execute(first)), GENESIS)


def holds(number: int, digest: str) -> bool:
    """Tell whether a link is one of this chain."""
    return bool(AuditEntry.select().where((AuditEntry.id == number) & (AuditEntry.digest == digest)).exists())


def broken_links() -> Iterator[str]:
    """Yield a sentence for the first entry whose digest or link does not hold.

    The columns are read as they are stored: what was tampered with may not be readable as a record.
    """
    columns = [
        field for field in AuditEntry._meta.sorted_fields if field.name not in ("row_version", "digest")
    ]
    expected = GENESIS
    query = AuditEntry.select(*columns, AuditEntry.digest).order_by(AuditEntry.id)
    for number, (*stored, digest) in enumerate(db.execute(query), start=1):
        if stored[0] != number or stored[-1] != expected or digest != _digest(*stored):
            yield f"审计记录第 {number} 条与前后不相连：有人在程序之外改动过数据库。请与最近的备份核对。"
            return
        expected = digest
