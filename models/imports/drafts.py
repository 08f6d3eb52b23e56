"""草稿: what a workbook says, record by record, before anybody asked whether the office knows it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from models.base import Record
from models.imports.findings import Finding
from models.imports.lines import Line, Sheet


class Ref(NamedTuple):
    """A record named by its key; one of several fields has a tuple of them.

    Args:
        record: the kind of record.
        key: value of its key field, or values in the order of the kind's key.
        column: the column of the row that names it.
        optional: reason, consequence and remedy of the 提示 where it is not found and only this draft
            falls away; without them the row cannot be imported.
    """

    record: type[Record]
    key: Any
    column: str = ""
    optional: tuple[str, str, str] | None = None


class Draft(NamedTuple):
    """One record to be: its values (a `Ref` where it links), and the row that says so."""

    values: dict[str, Any]
    line: Line
    implied: bool


@dataclass(frozen=True)
class Kind:
    """What the import must know of a kind of record.

    Args:
        record: the kind.
        key: names of the fields by which two rows are the same.
        group: where the office has rows of the same group, the workbook's are left alone.
        once: names of the fields by which dated rows of one workbook may not overlap.
        unsaid: field of the key that a row may leave out: it then means whoever the office has there.
        differs: what to do where the office's row says something else.
        derive: fills stored values that follow from others, given as the columns keep them.
        among: condition of the rows that can be known, where the table is too large to be read whole.
        batch: kind of the batch that holds its new rows.
        total: name of the money field whose sum is told beforehand and kept with the batch.
        wrote: does what follows from the new rows, given the range of their ids.
    """

    record: type[Record]
    key: tuple[str, ...]
    group: tuple[str, ...] = ()
    once: tuple[str, ...] = ()
    unsaid: str = ""
    differs: str = "需要改时请在程序里修改。"
    derive: Callable[[dict[str, Any]], None] | None = None
    among: Callable[[], Any] | None = None
    batch: str = "owners.import"
    total: str = ""
    wrote: Callable[[range], None] | None = None


KINDS: dict[type[Record], Kind] = {}
"""Every kind that can be imported, what is referred to before what refers to it."""


def kind(record: type[Record], *key: str, **more: Any) -> Kind:
    """Register a kind of record that sheets may draft; see `Kind`."""
    KINDS[record] = made = Kind(record, key, **more)
    return made


class Roster:
    """Everything that a workbook says."""

    def __init__(self) -> None:
        self.drafts: dict[type[Record], list[Draft]] = {}
        self.sheets: list[Sheet] = []
        self.findings: list[Finding] = []
        """What is said of no sheet that is read."""
        self.notes: dict[str, Any] = {}
        """What one sheet's reader leaves for that of another."""

    def add(self, record: type[Record], line: Line, *, implied: bool = False, **values: Any) -> None:
        """Draft a record from a row.

        Args:
            record: its kind.
            line: the row; while it holds an error, nothing of it is imported.
            implied: whether it only follows from other rows, and may be said again and again.
            values: by field; None where the workbook says nothing.
        """
        if not line.repeated:
            self.drafts.setdefault(record, []).append(Draft(values, line, implied))

    def take(self, record: type[Record], line: Line) -> None:
        """Draft a record whose fields are just the columns of a row."""
        self.drafts.setdefault(record, []).append(Draft(line.values, line, False))
