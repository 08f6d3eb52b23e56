"""撤销: takes back what was just done, where that changed no money, by another deed.

A deed names by `undo` the deed that takes it back: its twin (停用 and 启用), or itself with what the
record held before (修改). Taking back is a deed like any other: it has its right, its refusals and its
entry in the audit trail. Money is voided or reversed by its own deeds, never here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from models import deeds
from models.base import RECORDS, Record
from models.deeds import DEEDS, Deed
from models.errors import NotFound, Stale

TAKEN_BACK = deeds.act("records.undo", "撤销")
SECONDS = 10
"""How long it is offered."""


@dataclass(frozen=True)
class Undo:
    """What takes one deed on one record back.

    Args:
        title: of the deed that was done.
        label: of the record it was done to.
        deed: takes it back.
        kind: class name of the record.
        id: of the record.
        version: the record's after the deed; another one means that somebody changed it since.
        values: what `deed` is given.
    """

    title: str
    label: str
    deed: Deed
    kind: str
    id: int
    version: int
    values: dict[str, Any]

    def take_back(self) -> Any:
        """Do the deed that takes it back.

        Raises:
            Stale: the record was changed since.
            RuleBroken: the deed that takes back refuses.
        """
        try:
            record = RECORDS[self.kind].those([self.id])[0]
        except NotFound:
            raise Stale(f"{self.label} 已经不在了，不能撤销{self.title}。") from None
        if record.row_version != self.version:
            raise Stale(f"{self.label} 之后又被改过，不能撤销{self.title}。请看过新内容后直接修改。")
        return self.deed(record, **self.values) if self.deed.on_record else self.deed(**self.values)


def remembering(
    deed: Deed, record: Record | None, values: dict[str, Any], work: Callable[[], Any]
) -> tuple[Any, Undo | None]:
    """Do a deed and return its result, with what takes it back where anything does.

    Args:
        deed: what is done.
        record: what it is done to; None where it is done to none.
        values: what it is given.
        work: does it.
    """
    taker = DEEDS.get(deed.undo or "")
    if taker is None or record is None or not record.may_be_taken_back(deed.name):
        return work(), None
    former = {name: getattr(record, name) for name in record.fields()}
    result = work()
    after = type(record).those([record.id])[0]
    if after.row_version == former["row_version"]:
        return result, None  # nothing was changed, so that there is nothing to take back
    moved = {name for name in former if former[name] != getattr(after, name)}
    if any(one.name in moved and one.without and former[one.name] is None for one in taker.inputs):
        return result, None  # what is left out there stays as it is now
    # What stayed is not handed over: it may be older than a rule that would refuse it today.
    back = {
        one.name: former.get(one.name, values.get(one.name))
        for one in taker.inputs
        if one.name in moved or one.required or one.name not in former
    }
    kind = type(record).__name__
    return result, Undo(deed.title, after.label(), taker, kind, after.id, after.row_version, back)


def take_back_all(undos: Sequence[Undo]) -> str:
    """Take back what was done to several records, all of it or nothing; return what the status line says.

    Raises:
        OfficeError: as `Undo.take_back` does, for the first that cannot be.
    """
    with deeds.together():
        for one in reversed(undos):
            one.take_back()
            deeds.record(TAKEN_BACK, one.label, {"undone": one.title})
    about = undos[0].label if len(undos) == 1 else f"{len(undos)} 条"
    return f"已撤销{undos[0].title}：{about}"
