"""名单: what models hand to the screen, the command line and Excel, read in windows.

A `Listing` sorts, filters, pages by key and totals in SQL, so that no query is ever written
outside models. Every list that people see is registered by name with `@listing`; a page, the
command line's `list` and an export read the same one.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

import peewee

from models import deeds
from models.base import Record, db
from models.conditions import Condition, holds, in_sql
from models.errors import BadInput, NotFound
from models.fields import CodeField
from models.filters import Filters as Filters
from models.filters import choice as choice
from models.shown import Row as Row
from models.shown import Shown as Shown
from models.text import house_number, natural_key

WINDOW = 200


class _Face:
    """What every list has: its columns, by name, and its rows in two languages."""

    columns: tuple[Shown, ...]
    order: tuple[str, ...]
    record: type[Record] | None
    tones: dict[str, str]

    def column(self, name: str) -> Shown:
        """Return a column by name.

        Raises:
            NotFound: this list has no such column.
        """
        for column in self.columns:
            if column.name == name:
                return column
        raise NotFound(f"名单没有“{name}”这一列。可用：{'、'.join(column.name for column in self.columns)}。")

    def shown(self, row: Row) -> list[str]:
        """Return a row as people read it."""
        return [column.field.show(value) for column, value in zip(self.columns, row.values, strict=True)]

    def plain(self, row: Row) -> dict[str, Any]:
        """Return a row for JSON."""
        return {
            column.name: column.field.plain(value)
            for column, value in zip(self.columns, row.values, strict=True)
        }


class Listing(_Face):
    """A query with its columns, that reads in windows.

    Args:
        query: a peewee select *without* columns chosen yet; joins and conditions set.
        columns: what is shown.
        id: expression that is unique and never null.
        order: names of columns to sort by at first, "-" before one for descending.
        record: the kind of record a row opens, with `id` as its primary key.
        tones: for status columns, label → ok | info | warning | danger | plain.
    """

    def __init__(
        self,
        query: Any,
        columns: Sequence[Shown],
        *,
        id: Any,
        order: Sequence[str] = (),
        record: type[Record] | None = None,
        search: Sequence[Any] = (),
        grouped: bool = False,
        tones: dict[str, str] | None = None,
    ) -> None:
        self.query, self.columns, self.id = query, tuple(columns), id
        self.order, self.record, self.search_in = tuple(order), record, tuple(search)
        self.grouped, self.tones = grouped, tones or {}
        self._readers = [(_is_text(column.field), column.field.python_value) for column in self.columns]

    def sorted(self, *names: str) -> Listing:
        """Return the same list sorted by these columns, "-" before a name for descending."""
        for name in names:
            self.column(name.lstrip("-"))
        return self._with(order=names)

    def searched(self, words: str) -> Listing:
        """Return the rows in which every word occurs in one of the searched expressions."""
        query = self.query
        for word in words.split():
            hits = [where.contains(word) for where in self.search_in]
            if hits:
                condition = hits[0]
                for hit in hits[1:]:
                    condition |= hit
                query = query.where(condition)
        return self._with(query=query)

    def meeting(self, *asked: Condition) -> Listing:
        """Return the rows whose columns meet these conditions.

        Raises:
            NotFound: this list has no such column.
            BadInput: a column cannot be asked so.
        """
        wanted = [in_sql(self.column(one.column), one) for one in asked]
        narrow = self.query.having if self.grouped else self.query.where
        return self._with(query=narrow(*wanted)) if wanted else self

    def where(self, *conditions: Any) -> Listing:
        """Return the rows that also meet these conditions (models only)."""
        return self._with(query=self.query.where(*conditions))

    def window(self, after: Any = None, size: int = WINDOW) -> list[Row]:
        """Return the next rows after a row's cursor; the first ones without."""
        keys = [self._key(name) for name in self.order] + [(self.id, False)]
        query = self._selected([key for key, _ in keys])
        if after is not None:
            query = _past(query, keys, after, self.grouped)
        query = query.order_by(*(key.desc() if down else key.asc() for key, down in keys)).limit(size)
        return [self._row(raw, len(keys)) for raw in db.execute(query)]

    def rows(self) -> Iterator[Row]:
        """Yield all rows in order, from one reading of the database."""
        keys = [self._key(name) for name in self.order] + [(self.id, False)]
        query = self._selected([key for key, _ in keys])
        query = query.order_by(*(key.desc() if down else key.asc() for key, down in keys))
        for raw in db.execute(query):
            yield self._row(raw, len(keys))

    def count(self) -> int:
        """Return the number of all rows."""
        return int(self.totals()[0])

    def totals(self) -> tuple[int, dict[str, Any]]:
        """Return the number of all rows and the sums of the columns that sum."""
        summed = [column for column in self.columns if column.summed]
        inner = self.query.clone().select(
            *(column.expression.alias(f"s{number}") for number, column in enumerate(summed)),
            self.id.alias("id"),
        )
        sums = [peewee.fn.SUM(peewee.SQL(f"s{number}")) for number in range(len(summed))]
        outer = peewee.Select([inner.alias("t")], [peewee.fn.COUNT(peewee.SQL("1")), *sums]).bind(db)
        raw = db.execute(outer).fetchone()
        return raw[0], {
            column.name: column.field.python_value(raw[1 + number] or 0)
            for number, column in enumerate(summed)
        }

    def one(self, record_id: Any) -> Row | None:
        """Return one row by its record, however the list is sorted; None when it is not in it."""
        return next(iter(self.only(record_id).window(size=1)), None)

    def only(self, *ids: Any) -> Listing:
        """Return the list of just these rows."""
        narrow = self.query.having if self.grouped else self.query.where
        return self._with(query=narrow(self.id == ids[0] if len(ids) == 1 else self.id.in_(ids)))

    def _with(self, **changes: Any) -> Listing:
        made = object.__new__(type(self))
        made.__dict__ = {**self.__dict__, **changes}
        return made

    def _key(self, name: str) -> tuple[Any, bool]:
        """Return what to sort by and whether downwards; never null, which no comparison gets past."""
        column = self.column(name.lstrip("-"))
        raw = column.expression if column.sort is None else column.sort
        plain = isinstance(raw, peewee.Field) and raw.model is self.query.model and not raw.null
        empty = 0 if column.sort is None and column.field.align == "right" else ""
        return raw if plain else peewee.fn.COALESCE(raw, empty), name.startswith("-")

    def _selected(self, keys: list[Any]) -> Any:
        return self.query.clone().select(*(column.expression for column in self.columns), *keys)

    def _row(self, raw: tuple[Any, ...], keys: int) -> Row:
        # Text as it comes from the database is text already: lists of a million rows need not be told so.
        typed = [
            value if value is None or (text and value.__class__ is str) else read(value)
            for (text, read), value in zip(self._readers, raw, strict=False)
        ]
        return Row(raw[-1], tuple(typed), raw[-keys:])


def _is_text(field: Any) -> bool:
    """Whether a field gives text as the database holds it."""
    plain = type(field).python_value is peewee.Field.python_value
    return plain and isinstance(field, peewee.CharField | peewee.TextField)


def _meaning(word: str) -> re.Pattern[str]:
    """Return what finds a word, or the number of a house that is meant by it; 1-101 in any entrance."""
    spellings = [re.escape(word.lower())]
    if (number := house_number(word)) is not None:
        building, _, room = map(re.escape, number.lower().partition("-"))
        spellings.append(rf"(?<!\S){building}-(?:[^-\s]+-)?{room}(?!\S)" if room else building)
    return re.compile("|".join(spellings))


class RowListing(_Face):
    """The same face over rows that Python made (a few thousand at the most).

    Args:
        rows: (id, values) pairs in their first order.
    """

    search_in: tuple[Any, ...] = ("*",)

    def __init__(
        self,
        columns: Sequence[Shown],
        rows: Iterable[tuple[Any, Sequence[Any]]],
        *,
        record: type[Record] | None = None,
        tones: dict[str, str] | None = None,
    ) -> None:
        self.columns, self.record, self.order, self.tones = tuple(columns), record, (), tones or {}
        self._rows: list[Row] = [Row(id, tuple(values), number) for number, (id, values) in enumerate(rows)]

    def sorted(self, *names: str) -> RowListing:
        """Return the same rows sorted by these columns."""
        rows = list(self._rows)
        for name in reversed(names):
            column = self.column(name.lstrip("-"))
            at, natural = self.columns.index(column), isinstance(column.field, CodeField)
            rows.sort(
                key=lambda row: (row.values[at] is not None, _sortable(row.values[at], natural)),
                reverse=name[0] == "-",
            )
        return self._of(rows)

    def searched(self, words: str) -> RowListing:
        """Return the rows whose shown text holds every word, or the house that one means (1栋101)."""
        wanted = [_meaning(word) for word in words.split()]
        told = ((row, " ".join(self.shown(row)).lower()) for row in self._rows)
        return self._of([row for row, line in told if all(word.search(line) for word in wanted)])

    def meeting(self, *asked: Condition) -> RowListing:
        """Return the rows whose columns meet these conditions."""
        rows = self._rows
        for one in asked:
            column = self.column(one.column)
            at, fits = self.columns.index(column), holds(column, one)
            rows = [row for row in rows if fits(row.values[at])]
        return self._of(rows)

    def window(self, after: Any = None, size: int = WINDOW) -> list[Row]:
        """Return the next rows after a row's cursor."""
        start = 0 if after is None else after + 1
        return self._rows[start : start + size]

    def rows(self) -> Iterator[Row]:
        """Yield all rows."""
        return iter(self._rows)

    def count(self) -> int:
        """Return the number of rows."""
        return len(self._rows)

    def totals(self) -> tuple[int, dict[str, Any]]:
        """Return the number of rows and the sums of the columns that sum."""
        sums = {
            column.name: sum((row.values[at] or 0 for row in self._rows), start=0)
            for at, column in enumerate(self.columns)
            if column.summed
        }
        return len(self._rows), sums

    def one(self, record_id: Any) -> Row | None:
        """Return one row by its id."""
        return next((row for row in self._rows if row.id == record_id), None)

    def only(self, *ids: Any) -> RowListing:
        """Return the list of just these rows."""
        wanted = set(ids)
        return self._of([row for row in self._rows if row.id in wanted])

    def _of(self, rows: list[Row]) -> RowListing:
        made = object.__new__(type(self))
        made.__dict__ = {**self.__dict__, "_rows": [replace(row, cursor=at) for at, row in enumerate(rows)]}
        return made


AnyListing = Listing | RowListing


# -- the register of lists ---------------------------------------------------------------------


@dataclass(frozen=True)
class Listed:
    """A list that people know by name."""

    name: str
    title: str
    module: str
    right: str
    takes: tuple[str, ...]
    make: Callable[[Filters], AnyListing]

    def __call__(self, filters: Filters | None = None) -> AnyListing:
        """Return the list as the person acting may see it.

        Raises:
            PermissionDenied: the right is missing.
            BadInput: a filter that this list does not know.
        """
        deeds.require(self.right)
        filters = filters or Filters()
        strange = filters.given() - set(self.takes)
        if strange:
            known = "、".join(f"--{name}" for name in self.takes) or "无"
            raise BadInput(f"“{self.title}”不能按 {'、'.join(sorted(strange))} 筛选。可用：{known}。")
        return self.make(filters)


NARROWED_BY = {
    "unit": "Unit",
    "building": "Building",
    "person": "Person",
    "item": "FeeItem",
    "case": "ServiceCase",
    "supplier": "Supplier",
    "stock": "StockItem",
}
"""Filters that name a record, and of which kind."""

LISTS: dict[str, Listed] = {}
"""Every list by its name, such as `units`."""


def listing(name: str, title: str, module: str, right: str, *takes: str) -> Callable[[Any], Listed]:
    """Register a function from `Filters` to a `Listing`.

    Args:
        name: plural noun, as the command line says it.
        title: as its page says it.
        module: the module it belongs to.
        right: who may see it.
        takes: names of the filters that it understands.
    """

    def decorate(make: Callable[[Filters], AnyListing]) -> Listed:
        if name in LISTS:
            raise ValueError(f"list {name} is declared twice")
        LISTS[name] = Listed(name, title, module, right, takes, make)
        LISTS[name].__dict__["__doc__"] = inspect.getdoc(make)
        return LISTS[name]

    return decorate


def listed(name: str) -> Listed:
    """Return a list by its name.

    Raises:
        NotFound: there is none.
    """
    if name not in LISTS:
        raise NotFound(f"没有名单“{name}”。可用：{'、'.join(sorted(LISTS))}。")
    return LISTS[name]


# -- helpers -----------------------------------------------------------------------------------


def _past(query: Any, keys: list[tuple[Any, bool]], after: Sequence[Any], grouped: bool) -> Any:
    """Add the keyset condition (k1, k2, id) > (v1, v2, vid), mixed directions allowed."""
    condition = None
    for depth in range(len(keys) - 1, -1, -1):
        key, down = keys[depth]
        value = peewee.Value(after[depth], converter=False)
        beyond = key < value if down else key > value
        condition = beyond if condition is None else beyond | ((key == value) & condition)
    return query.having(condition) if grouped else query.where(condition)


def _sortable(value: Any, natural: bool) -> Any:
    """Return by what a value is sorted; codes as people read them: 1-2-101 before 1-10-101."""
    if isinstance(value, int | Decimal | date | tuple):
        return value
    return natural_key(str(value or "")) if natural else str(value or "")
