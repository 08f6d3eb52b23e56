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

from models.base import Record, db
from models.fields import ChoiceField, CountField, FactsField, LineField, MomentField

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
        told = [
            str(self.id),
            self.at.isoformat(" ", "seconds"),
            str(self.account or ""),
            self.who,
            self.deed,
            self.outcome.name,
            self.subject or "",
            json.dumps(self.facts, ensure_ascii=False, sort_keys=True),
            self.previous,
        ]
        return hashlib.sha256("\x1f".join(told).encode()).hexdigest()


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
    return entry


def broken_links() -> Iterator[str]:
    """Yield a sentence for each entry whose digest or link does not hold; stops at the first."""
    expected = GENESIS
    for number, entry in enumerate(AuditEntry.select().order_by(AuditEntry.id).iterator(), start=1):
        if entry.id != number or entry.previous != expected or entry.digest != entry.computed():
            yield f"审计记录第 {number} 条与前后不相连：有人在程序之外改动过数据库。请与最近的备份核对。"
            return
        expected = entry.digest
