"""草稿: what is being typed into a form, kept until it is saved or thrown away, so that no crash takes it.

Masked numbers are not kept: the draft lies readable in the person's own folder.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from models.base import RECORDS, Record
from models.deeds import DEEDS, Deed
from models.errors import OfficeError
from models.fields import LinkField
from ui.memory import Memory

_PREFIX = "draft."
_FEW = 6
MOST = 200
"""Records of one form that a draft remembers."""


@dataclass(frozen=True)
class Draft:
    """One form that was neither saved nor thrown away.

    Args:
        key: under which it is kept.
        deed: what it is the form of.
        records: on which records.
        values: what was typed, as text by the names of the inputs.
        at: when the last key was pressed.
    """

    key: str
    deed: Deed
    records: tuple[Record, ...]
    values: dict[str, str]
    at: str

    def described(self) -> str:
        """Return what it is, in a line."""
        about = "、".join(record.described() for record in self.records[:3])
        return f"{self.deed.title}{f'（{about}）' if about else ''}　{self.at}"


def key_of(deed: Deed, records: Sequence[Record]) -> str:
    """Return under which name the draft of a form is kept."""
    about = [deed.name, *(str(record.id) for record in records)]
    return _PREFIX + ".".join(about if len(about) < _FEW else [*about[:2], _digest(about)])


def _digest(words: Sequence[str]) -> str:
    return hashlib.sha256("\n".join(words).encode()).hexdigest()[:16]


def told(deed: Deed, records: Sequence[Record], values: dict[str, str]) -> dict[str, Any]:
    """Return a draft as it is kept."""
    return {
        "deed": deed.name,
        "kind": type(records[0]).__name__ if records else "",
        "records": [record.id for record in records[:MOST]],
        "called": records[0].label() if records else "",
        "values": values,
        "at": f"{datetime.now():%Y-%m-%d %H:%M}",
    }


def left(memory: Memory) -> list[Draft]:
    """Return the drafts that lie there; those whose deed or record is gone are thrown away."""
    found = []
    for key in memory.names(_PREFIX):
        kept: dict[str, Any] = memory.get(key, {})
        draft = _read(key, kept)
        if draft is None:
            memory.put(key, None)
        else:
            found.append(draft)
    return found


def drop(memory: Memory, drafts: Sequence[Draft]) -> None:
    """Throw drafts away."""
    for draft in drafts:
        memory.put(draft.key, None)


def _read(key: str, kept: dict[str, Any]) -> Draft | None:
    try:
        deed, kind = DEEDS[kept["deed"]], RECORDS.get(kept["kind"])
        ids, values = list(kept["records"]), dict(kept["values"])
        records = tuple(LinkField(kind).check(int(id)) for id in ids[:MOST]) if kind is not None else ()
    except (KeyError, TypeError, ValueError, OverflowError, OfficeError):
        return None
    if records and records[0].label() != kept.get("called"):
        return None  # another record has the number by now
    texts = {str(name): value for name, value in values.items() if isinstance(value, str)}
    return Draft(key, deed, records, texts, str(kept.get("at", ""))) if texts else None
