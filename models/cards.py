"""卡片: everything an office knows of one record on one sheet: its facts, its money, what belongs to it.

No module says which other module has something of its records: a list that can be narrowed to a
unit, a building, a person or an item appears on the cards of those by itself. What cannot be a list
(what a house owes today) a module adds with `@facts`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from models import deeds
from models.base import Record
from models.desk import Figure
from models.errors import NotFound
from models.listings import LISTS, NARROWED_BY, AnyListing, Filters, Listed, Row, Shown

MOST_ROWS = 5
"""Rows of a related list on a card; the list itself is a click away."""
_COLUMNS = 4

Facts = Callable[[Any], Iterable[Figure]]
_facts: list[tuple[type[Record], str, Facts]] = []
Lines = Callable[[Any], Iterable[tuple[str, str]]]
_lines: list[tuple[type[Record], str, Lines]] = []


@dataclass(frozen=True)
class Field:
    """One line of a card: its label, what people read, and the tone where it is a status."""

    label: str
    shown: str
    tone: str | None = None


@dataclass(frozen=True)
class Card:
    """What stands on the first side of a card.

    Args:
        record: what it is about.
        title: how people call it, with enough to recognise it.
        fields: every column of its list that holds something, and what modules tell of it in words.
        figures: what modules say of it in numbers.
        modules: names of the modules that have lists of what belongs to it.
    """

    record: Record
    title: str
    fields: tuple[Field, ...]
    figures: tuple[Figure, ...]
    modules: tuple[str, ...]


@dataclass(frozen=True)
class Related:
    """What belongs to a record in one list: its first rows in few columns, and how many there are.

    Rows of a list that is none of records open the list, narrowed as it is here.
    """

    listed: Listed
    filters: Filters
    columns: tuple[Shown, ...]
    rows: tuple[tuple[Any, tuple[str, ...]], ...]
    count: int
    of_records: bool = True


def facts(record: type[Record], right: str) -> Callable[[Facts], Facts]:
    """Register figures on the cards of a kind of record, for those who hold a right."""

    def decorate(ask: Facts) -> Facts:
        _facts.append((record, right, ask))
        return ask

    return decorate


def lines(record: type[Record], right: str) -> Callable[[Lines], Lines]:
    """Register lines, label and words, on the cards of a kind of record, for those who hold a right."""

    def decorate(tell: Lines) -> Lines:
        _lines.append((record, right, tell))
        return tell

    return decorate


def card_of(listed: Listed, record_id: Any) -> Card:
    """Return the card of a record that stands in a list.

    Raises:
        PermissionDenied: the person acting may not see the list.
        NotFound: it is not in the list, or not within the person's reach.
    """
    made = listed()
    row = made.one(record_id)
    if row is None or made.record is None:
        raise NotFound(f"“{listed.title}”里没有这一条，可能刚被撤销。请刷新名单。")
    record: Record = made.record.get_by_id(row.id)
    may = deeds.held()
    asked = [ask for kind, right, ask in _facts if isinstance(record, kind) and may(right)]
    told = [one for ask in asked for one in ask(record)]
    tells = [tell for kind, right, tell in _lines if isinstance(record, kind) and may(right)]
    words = [Field(label, shown) for tell in tells for label, shown in tell(record) if shown]
    return Card(
        record,
        f"{record.noun()} {record.described()}",
        (*_fields(made, row), *words),
        tuple(told),
        _modules(type(record)),
    )


def narrowed_to(record: Record, name: str, **others: Any) -> Filters:
    """Return the filters that narrow a list to a record, and by others; none by it where it cannot be."""
    by = _filter_of(type(record))
    values: dict[str, Any] = {by: record} if by in LISTS[name].takes else {}
    return Filters(**{**values, **others})


def related_to(record: Record, module: str) -> list[Related]:
    """Return what belongs to a record in the lists of a module; lists without rows are left out."""
    found = (_related(listed, record) for listed in _lists_of(type(record)) if listed.module == module)
    return [one for one in found if one.count]


def _fields(made: AnyListing, row: Row) -> Iterable[Field]:
    for column, value, shown in zip(made.columns, row.values, made.shown(row), strict=True):
        if shown and not (column.name == "id" and column.hidden):
            tone = made.tones.get(shown, "plain") if column.status and value is not None else None
            yield Field(column.heading, shown, tone)


def _lists_of(kind: type[Record]) -> list[Listed]:
    """Return the lists that can be narrowed to a record of a kind and that the person may see."""
    name = _filter_of(kind)
    may = deeds.held()
    return [one for one in LISTS.values() if name and name in one.takes and may(one.right)]


def _modules(kind: type[Record]) -> tuple[str, ...]:
    own = kind.__module__.split(".")[1]
    found = dict.fromkeys(listed.module for listed in _lists_of(kind))
    return tuple(sorted(found, key=lambda module: module != own))


def _filter_of(kind: type[Record]) -> str:
    return next((name for name, record in NARROWED_BY.items() if record == kind.__name__), "")


def _related(listed: Listed, record: Record) -> Related:
    name = _filter_of(type(record))
    filters = narrowed_to(record, listed.name)
    made = listed(filters)
    if made.record is type(record):  # the record itself, not what belongs to it
        return Related(listed, filters, (), (), 0)
    rows = made.window(size=MOST_ROWS)
    columns = _telling(made, name, rows)
    at = [made.columns.index(column) for column in columns]
    shown = tuple(
        (row.id, tuple(words[number] for number in at))
        for row, words in ((row, made.shown(row)) for row in rows)
    )
    count = len(rows) if len(rows) < MOST_ROWS else made.count()
    return Related(listed, filters, tuple(columns), shown, count, made.record is not None)


def _telling(made: AnyListing, name: str, rows: list[Row]) -> list[Shown]:
    """Return the few columns that tell most: first ones that differ, the last that sums, and the state."""
    seen = [column for column in made.columns if not column.hidden and column.name != name]
    state = [column for column in seen if column.status][:1]
    sums = [column for column in seen if column.summed and column not in state][-1:]
    rest = [column for column in seen if column not in (*state, *sums)]
    at = {column.name: number for number, column in enumerate(made.columns)}
    same = [one for one in rest if len(rows) > 1 and len({row.values[at[one.name]] for row in rows}) == 1]
    rest = [*(one for one in rest if one not in same), *same]
    chosen = [*rest[: _COLUMNS - len(state) - len(sums)], *sums, *state]
    return sorted(chosen, key=lambda column: at[column.name])
