"""批次: what one run made (an import, a billing run, items given to many units), undone as one."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import Annotated, Any

import peewee

from models import deeds
from models.base import RECORDS, Record, journal
from models.clock import now
from models.errors import RuleBroken
from models.fields import (
    ChoiceField,
    CountField,
    FactsField,
    LineField,
    LinkField,
    MomentField,
    MoneyField,
    NamedField,
)
from models.inputs import Asked
from models.listings import Filters, Listing, Shown, listing
from models.money import thousands

SEE = deeds.right("batches.view", "查看批次")


class State(Enum):
    """Where a batch stands."""

    LIVE = "有效"
    UNDONE = "已撤销"


KINDS: dict[str, str] = {}
"""Kind of batch → what people call it."""


class KindField(NamedField):
    """A kind of batch, shown as people call it: 出账 for `billing`."""

    def options(self) -> dict[str, str]:
        """Return every kind."""
        return KINDS

    def plain(self, value: Any) -> Any:
        """Return what people call it."""
        return None if value is None else self.show(value)


class Batch(Record):
    """批次: one run over many records."""

    kind = KindField(max_length=24, verbose_name="种类")
    title = LineField(max_length=120, verbose_name="内容")
    made_at = MomentField(verbose_name="时间")
    made_by = LineField(max_length=60, verbose_name="操作人")
    count = CountField(default=0, verbose_name="笔数")
    amount = MoneyField(signed=True, null=True, verbose_name="金额")
    state = ChoiceField(State, default=State.LIVE, verbose_name="状态")
    facts = FactsField(null=True, verbose_name="明细")

    moves = {State.LIVE: (State.UNDONE,)}

    class Meta:
        title = "批次"

    def label(self) -> str:
        """Return its number and content."""
        return f"{self.id} {self.title}"

    def described(self) -> str:
        """Return 35 2026-11 出账，120 笔 26,728.57 元."""
        money = "" if self.amount is None else f" {thousands(self.amount)} 元"
        return f"{self.label()}，{self.count:,} 笔{money}"

    def cover(self, record: type[Record], first: int, last: int) -> None:
        """Say that it made the rows of a table with ids from first to last."""
        if last >= first:
            BatchSpan.insert(batch=self, table=record.__name__, first=first, last=last).execute()
            journal().touch(record)


class BatchSpan(Record):
    """批次范围: rows that a batch made; ids run together, as one transaction made them."""

    batch = LinkField(Batch, backref="spans", verbose_name="批次")
    table = LineField(max_length=40, verbose_name="表")
    first = CountField(verbose_name="起")
    last = CountField(verbose_name="止")

    class Meta:
        title = "批次范围"


AskedBatch = Annotated[Batch, Asked(LinkField(Batch, verbose_name="批次"))]
"""A deed's input that is a batch, given by its number."""


def start(kind: str, title: str, **facts: Any) -> Batch:
    """Begin a batch inside the deed that is running."""
    return Batch.add(kind=kind, title=title, made_at=now(), made_by=deeds.actor().name, facts=facts or None)


UNDO: dict[str, Callable[..., Any]] = {}
"""Kind of batch → the deed that undoes it."""


def undone_by(kind: str, title: str) -> Callable[[Any], Any]:
    """Register a deed as the one that undoes batches of a kind, and what people call that kind."""

    def decorate(made: Any) -> Any:
        UNDO[kind], KINDS[kind] = made, title
        return made

    return decorate


def undo(batch: Batch) -> Any:
    """Undo a batch by the deed of its kind.

    Raises:
        RuleBroken: batches of this kind cannot be undone, or it is undone already.
    """
    if batch.kind not in UNDO:
        raise RuleBroken(f"批次 {batch.label()} 不能整批撤销。")
    return UNDO[batch.kind](batch)


def mark_undone(batch: Batch, by: Callable[..., Any]) -> None:
    """Mark a live batch undone.

    Args:
        batch: which.
        by: the deed that is undoing it, which must be that of its kind.

    Raises:
        RuleBroken: another deed undoes batches of this kind, it is undone already, or somebody keeps it.
    """
    if UNDO.get(batch.kind) is not by:
        raise RuleBroken(f"批次 {batch.label()} 是{KINDS[batch.kind]}，不能这样撤销。请在批次名单里撤销它。")
    if batch.state is State.UNDONE:
        raise RuleBroken(f"批次 {batch.label()} 已经撤销过。")
    for keep in _KEEPS:
        keep(batch)
    batch.move_to(State.UNDONE)


Keep = Callable[[Batch], None]
_KEEPS: list[Keep] = []


def keeping(keep: Keep) -> Keep:
    """Register what refuses to let a batch be undone, as where its month is sealed."""
    _KEEPS.append(keep)
    return keep


Release = Callable[[type[Record], int, int], None]
_RELEASES: list[Release] = []


def releasing(release: Release) -> Release:
    """Register what a module lets go of before rows of a table, ids from first to last, are deleted."""
    _RELEASES.append(release)
    return release


def remove_rows(batch: Batch) -> int:
    """Delete all rows that a batch made, newest table first; return how many.

    Raises:
        RuleBroken: something was built on one of them since, or one was changed.
    """
    removed = 0
    for span in BatchSpan.select().where(BatchSpan.batch == batch).order_by(BatchSpan.id.desc()):
        record = RECORDS[span.table]
        mine = record.id.between(span.first, span.last)
        if record.select().where(mine & (record.row_version > 1)).exists():
            raise RuleBroken(f"批次中的{record.noun()}已有人改过，不能整批撤销。请逐条处理。")
        try:
            for release in _RELEASES:
                release(record, span.first, span.last)
            removed += record.delete().where(mine).execute()
        except peewee.IntegrityError:
            raise RuleBroken(
                f"批次中的{record.noun()}已被后来的业务引用，不能整批撤销。请先撤销后来的业务。"
            ) from None
        journal().touch(record)
    journal().note(removed=removed)
    return removed


@listing("batches", "批次", "office", SEE, "state")
def batches(filters: Filters) -> Listing:
    """Runs over many records, newest first."""
    query = Batch.select()
    query = filters.narrow(query, state=Batch.state)
    columns = (
        Shown("id", Batch.id),
        Shown("kind", Batch.kind),
        Shown("title", Batch.title),
        Shown("count", Batch.count),
        Shown("amount", Batch.amount, total=False),
        Shown("made_at", Batch.made_at),
        Shown("made_by", Batch.made_by),
        Shown("state", Batch.state, status=True),
    )
    return Listing(query, columns, id=Batch.id, order=("-id",), record=Batch)
