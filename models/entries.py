"""录入: sheets on which many rows are entered fast: what stands in them, what is typed, what is strange.

A sheet is filled line by line and handed to one deed, all of it or nothing. A module registers
one with `@entry`; the screen (`ui.entering`) knows no other way.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from models import text
from models.deeds import DEEDS, Deed, require
from models.listings import Filters, Shown
from models.rows import RowsField


class Strange(str):
    """What is strange about a line, and in which column that is to be mended."""

    column = ""

    @classmethod
    def at(cls, column: str, words: str) -> Strange:
        """Return words about a column; nothing is said of it where they are empty."""
        told = cls(words)
        told.column = column
        return told


class Filling(Enum):
    """How many lines of a sheet are filled."""

    PART = "in their order, as far as one got: gaps are asked about"
    SPARSE = "those that are wanted"
    WHOLE = "all of them"


@dataclass(frozen=True)
class Line:
    """One line to be filled in.

    Args:
        key: what it is called; a pasted row finds its line by it.
        told: what stands in the columns that are only read, in their order; the first is the key.
        fixed: columns of the deed's rows that are known already, by name.
        offered: what the equals key types, by column.
    """

    key: str
    told: tuple[Any, ...]
    fixed: Mapping[str, Any] = field(default_factory=dict)
    offered: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Sheet:
    """What is to be filled in now.

    Args:
        told: the columns that are only read; the first names the line.
        lines: in the order in which they are filled.
        judge: what is strange about what was typed in a line, in words; empty when nothing is. `Strange`
            says where.
        follows: what follows from it where nothing is strange, told at the end of the line.
        same: makes the many ways in which people write a key one.
        warns: why there is nothing to be filled in, or what else must be known first.
        strict: column to be mended where what is strange cannot be, so that it is refused rather than asked
            about; empty where it may be.
        filling: how many of its lines are filled.
    """

    told: tuple[Shown, ...]
    lines: Sequence[Line]
    judge: Callable[[Line, Mapping[str, Any]], str]
    follows: Callable[[Line, Mapping[str, Any]], str] | None = None
    same: Callable[[str], str] = text.narrow
    warns: str = ""
    strict: str = ""
    filling: Filling = Filling.PART


@dataclass(frozen=True)
class Entry:
    """A registered sheet.

    Args:
        name: what machines call it.
        title: the verb of the office.
        deed_name: the deed that takes the rows.
        rows: name of the deed's input that holds them.
        typed: columns of the rows that are typed; the others are fixed by the line.
        takes: filters that choose its lines.
        make: makes the sheet.
    """

    name: str
    title: str
    deed_name: str
    rows: str
    typed: tuple[str, ...]
    takes: tuple[str, ...]
    make: Callable[[Filters], Sheet]

    @property
    def deed(self) -> Deed:
        """The deed that takes the rows."""
        return DEEDS[self.deed_name]

    @property
    def field(self) -> RowsField:
        """The field that reads the rows."""
        found = next(one.field for one in self.deed.inputs if one.name == self.rows)
        assert isinstance(found, RowsField)
        return found

    def sheet(self, filters: Filters) -> Sheet:
        """Return what is to be filled in.

        Raises:
            PermissionDenied: the person acting may not do the deed.
        """
        require(self.deed.right)
        return self.make(filters)


ENTRIES: dict[str, Entry] = {}
"""Every sheet by its name."""


def entry(
    name: str, title: str, deed: str, rows: str, typed: tuple[str, ...], *takes: str
) -> Callable[[Callable[[Filters], Sheet]], Entry]:
    """Register the function that makes a sheet; the arguments are those of `Entry`."""

    def decorate(make: Callable[[Filters], Sheet]) -> Entry:
        if name in ENTRIES:
            raise ValueError(f"sheet {name} is declared twice")
        return ENTRIES.setdefault(name, Entry(name, title, deed, rows, typed, takes, make))

    return decorate
