"""记录: what every record of the office has in common.

With Peewee the record *is* the repository. A record is written only inside a deed
(`models.deeds`), which notes what changed; a record that was changed by somebody else since it
was read refuses to be saved.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING, Any, ClassVar, Self

import peewee

from models import sqlite
from models.errors import BadInput, NotFound, RuleBroken, Stale
from models.fields import BEGINNING, CountField, IdField, SinceField, accept

db = sqlite.OfficeDatabase(None)
"""The one database of the program; `models.store` points it at a file."""


@dataclass
class Journal:
    """What a running deed has changed so far; becomes one audit entry."""

    changes: list[dict[str, Any]] = field(default_factory=list)
    touched: set[str] = field(default_factory=set)
    facts: dict[str, Any] = field(default_factory=dict)
    subject: Any = None
    kept: list[tuple[Any, ...]] = field(default_factory=list)
    """Records that the deed edits, as they were before it."""

    def keep(self, record: Record) -> None:
        """Remember what a record holds before the deed edits it."""
        self.kept.append((record, dict(record.__data__), dict(record.__rel__), set(record._dirty)))

    def give_back(self) -> None:
        """Let edited records hold what they held before, since the database does so too."""
        for record, data, related, dirty in reversed(self.kept):
            record.__data__, record.__rel__, record._dirty = data, related, dirty

    def note(self, **facts: Any) -> None:
        """Add facts to the audit entry, such as the count and sum of a bulk write."""
        self.facts.update(facts)

    def touch(self, *records: type[Record]) -> None:
        """Say that rows of these kinds were written in bulk."""
        self.touched.update(record.__name__ for record in records)


_journal: ContextVar[Journal | None] = ContextVar("journal", default=None)


def running_journal() -> Journal | None:
    """Return the journal of the deed that is running, None where there is none."""
    return _journal.get()


def journal() -> Journal:
    """Return the journal of the deed that is running.

    Raises:
        RuntimeError: no deed is running; every change is a deed.
    """
    running = _journal.get()
    if running is None:
        raise RuntimeError("a record was written outside a deed")
    return running


@contextmanager
def journalling(running: Journal) -> Iterator[Journal]:
    """Let writes go to this journal."""
    token = _journal.set(running)
    try:
        yield running
    finally:
        _journal.reset(token)


_AT_ONCE = 500
"""Ids in one question to the database."""


class Record(peewee.Model):
    """Base of all records: one row, its key, its label, its version."""

    id = IdField(verbose_name="编号")
    row_version = CountField(default=1, verbose_name="版本")

    key_field: ClassVar[str] = "id"
    """Name of the field by which people name the record."""
    also_called: ClassVar[str] = ""
    """Name of another field they may call it by, where one record alone has that value."""
    moves: ClassVar[dict[Any, tuple[Any, ...]]] = {}
    """Allowed moves of `state`, declared beside the enumeration."""

    belongs: ClassVar[tuple[str, str] | None] = None
    """Names of the fields that hold kind and id of the record it belongs to, where that may be any."""

    class Meta:
        database = db
        legacy_table_names = False
        title = ""
        only_save_dirty = False

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        RECORDS[cls.__name__] = cls

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            """Stand for the back references and `_id` attributes that Peewee adds."""

    @classmethod
    def noun(cls) -> str:
        """Return the Chinese name of this kind of record."""
        return str(getattr(cls._meta, "title", cls.__name__))

    @classmethod
    def fields(cls) -> dict[str, Any]:
        """Return the fields by name, in the order they are declared."""
        return dict(cls._meta.fields)

    @classmethod
    def get_by_id(cls, pk: Any) -> Self:
        """Return the record with this id, read anew, by a statement that is written once for all of them.

        What a link names is read at every turn, and Peewee would take longer to write the statement anew
        each time than the database takes to answer it.

        Raises:
            DoesNotExist: there is none.
        """
        if cls not in _BY_ID:
            _BY_ID[cls] = cls.select().where(cls._meta.primary_key == 0).sql()[0]
        row = db.execute_sql(_BY_ID[cls], (pk,)).fetchone()
        if row is None:
            raise peewee.DoesNotExist(f"{cls.__name__} {pk}")
        made = cls(__no_default__=1)
        for kind, value in zip(cls._meta.sorted_fields, row, strict=True):
            made.__data__[kind.name] = kind.python_value(value)
        return made

    @classmethod
    def those(cls, ids: Sequence[int]) -> list[Self]:
        """Return the records with these ids, read anew, in their order.

        Raises:
            NotFound: one is gone.
        """
        found: dict[int, Self] = {}
        for first in range(0, len(ids), _AT_ONCE):
            wanted = ids[first : first + _AT_ONCE]
            found |= {one.id: one for one in cls.select().where(cls.id.in_(wanted))}
        gone = len(set(ids)) - len(found)
        if gone:
            raise NotFound(f"有 {gone} 条{cls.noun()}已经不在了，可能刚被撤销。请刷新后再试。")
        return [found[id] for id in ids]

    @classmethod
    def find(cls, key: str | int) -> Self:
        """Return the record that people call by this key.

        Raises:
            NotFound: there is none.
        """
        for name in filter(None, (cls.key_field, cls.also_called)):
            named = cls._meta.fields[name]
            try:
                hits = (
                    list(cls.select().where(named == accept(named, str(key))).limit(2)) if key != "" else []
                )
            except BadInput:
                if name == (cls.also_called or cls.key_field):
                    raise
                continue
            if len(hits) == 1:
                return hits[0]
        raise NotFound(f"没有{cls.noun()}“{key}”。请核对后再输入。")

    def key(self) -> str:
        """Return what `find` would find it by."""
        return str(getattr(self, self.key_field))

    def label(self) -> str:
        """Return how the office calls it."""
        return self.key()

    def aside(self) -> str:
        """Return what whoever made it should know besides, a sentence; empty where nothing is."""
        return ""

    def described(self) -> str:
        """Return enough of it to recognise before something is done to it."""
        return self.label()

    def may_be_taken_back(self, deed: str) -> bool:
        """Whether what a deed of this name is about to do to it can be taken back whole."""
        return True

    def derive(self) -> None:
        """Set fields that follow from others; called before each write."""

    def as_stored(self) -> dict[str, Any]:
        """Return all stored values as JSON knows them, for the audit trail."""
        return {name: stored(kind, self.__data__.get(name)) for name, kind in self.fields().items()}

    def _told(self, values: dict[str, Any]) -> dict[str, Any]:
        """Return what the audit trail is told; a derived value says nothing that is not there already."""
        return {name: value for name, value in values.items() if not self.fields()[name].derived}

    @classmethod
    def add(cls, **values: Any) -> Self:
        """Make and save a new record, checking every value given.

        Raises:
            BadInput: a value cannot be what its field means.
        """
        made = cls()
        for name, kind in cls.fields().items():
            if name in values or (not kind.null and kind.default is None and not kind.primary_key):
                setattr(made, name, accept(kind, values.get(name)))
        unknown = set(values) - set(cls.fields())
        if unknown:
            raise RuleBroken(f"{cls.noun()}没有这些栏目：{'、'.join(sorted(unknown))}。")
        made.save(force_insert=True)
        return made

    def change(self, **values: Any) -> Self:
        """Set these fields, each checked, and save.

        Raises:
            BadInput: a value cannot be what its field means.
            Stale: somebody else changed the record since it was read.
        """
        journal().keep(self)
        for name, given in values.items():
            if name not in self.fields():
                raise RuleBroken(f"{self.noun()}没有“{name}”这一栏。")
            setattr(self, name, accept(self.fields()[name], given))
        self.save()
        return self

    def renew(self) -> None:
        """Count as changed though no field of its own is: what belongs to it was.

        Raises:
            Stale: somebody else changed the record since it was read.
        """
        notes, kind = journal(), type(self)
        notes.keep(self)
        same = (kind._meta.primary_key == self.id) & (kind.row_version == self.row_version)
        if kind.update(row_version=self.row_version + 1).where(same).execute() != 1:
            raise Stale(f"{self.noun()} {self.label()} 刚被别人改过。请刷新，看过新内容后再改。")
        self.row_version += 1
        self._dirty.discard("row_version")
        notes.touched.add(kind.__name__)

    def move_to(self, state: Enum, **values: Any) -> Self:
        """Move along the table of allowed moves and set further fields.

        Raises:
            RuleBroken: this move is not allowed from where the record stands.
        """
        now: Enum = self.__data__["state"]
        if state not in self.moves.get(now, ()):
            raise RuleBroken(f"{self.noun()} {self.label()} 现在是“{now.value}”，不能改为“{state.value}”。")
        return self.change(state=state, **values)

    def save(self, force_insert: bool = False, only: Iterable[Any] | None = None) -> int:
        """Write the record and note what changed; use `add` and `change` rather than this.

        Raises:
            Stale: the stored row has another version than the one that was read.
        """
        notes = journal()
        self.derive()
        if force_insert or self.id is None:
            notes.touched.add(type(self).__name__)
            with self._told_when_taken():
                written = super().save(force_insert=True)
            notes.changes.append(
                {"add": type(self).__name__, "id": self.id, "to": self._told(self.as_stored())}
            )
            return int(written)
        return self._update(notes)

    def _update(self, notes: Journal) -> int:
        kind = type(self)
        try:
            before = kind.get_by_id(self.id)
        except peewee.DoesNotExist:
            before = None
        if before is None or before.row_version != self.row_version:
            raise Stale(f"{self.noun()} {self.label()} 刚被别人改过。请刷新，看过新内容后再改。")
        old, new = before.as_stored(), self.as_stored()
        # Only what was set here: counts that bulk writes keep (what is paid, failures) stay as they are.
        changed = [name for name in new if name in self._dirty and new[name] != old[name]]
        if not changed:
            return 0
        notes.touched.add(kind.__name__)
        self.row_version += 1
        values = {kind._meta.fields[name]: self.__data__.get(name) for name in [*changed, "row_version"]}
        same = (kind._meta.primary_key == self.id) & (kind.row_version == before.row_version)
        with self._told_when_taken():
            written = kind.update(values).where(same).execute()
        if written != 1:
            raise Stale(f"{self.noun()} {self.label()} 刚被别人改过。请刷新，看过新内容后再改。")
        notes.changes.append(
            {
                "change": kind.__name__,
                "id": self.id,
                "from": self._told({name: old[name] for name in changed}),
                "to": self._told({name: new[name] for name in changed}),
            }
        )
        self._dirty.clear()
        return 1

    @contextmanager
    def _told_when_taken(self) -> Iterator[None]:
        """Say in words which value that must be unique another record has already."""
        try:
            yield
        except peewee.IntegrityError:
            taken = self._taken()
            if taken is None:
                raise
            words = "、".join(f"{kind.label}“{kind.show(getattr(self, kind.name))}”" for kind in taken)
            raise BadInput(f"{words}已有别的{self.noun()}用了。请核对，或换一个。", taken[0].name) from None

    def _taken(self) -> list[Any] | None:
        """Return the fields that together must be unique and are another record's, None without one."""
        kind = type(self)
        alone = [(name,) for name, one in self.fields().items() if one.unique]
        together = [index[0] for index in kind._meta.indexes if isinstance(index, tuple) and index[1]]
        for names in [*alone, *together]:
            fields = [kind._meta.fields[name] for name in names]
            query = kind.select().where(*(one == self.__data__.get(one.name) for one in fields))
            if query.where(kind._meta.primary_key != (self.id or 0)).exists():
                return fields
        return None

    def remove(self) -> None:
        """Delete a record that nothing refers to: what a batch made, or the rest of a row that was ended.

        Raises:
            RuleBroken: something refers to it.
        """
        notes = journal()
        gone = {"remove": type(self).__name__, "id": self.id, "from": self._told(self.as_stored())}
        try:
            type(self).delete().where(type(self)._meta.primary_key == self.id).execute()
        except peewee.IntegrityError:
            raise RuleBroken(f"{self.noun()} {self.label()} 已被使用，不能删除；可以停用。") from None
        notes.touched.add(type(self).__name__)
        notes.changes.append(gone)


_BY_ID: dict[type[Record], str] = {}
"""The statement that reads one record of a kind by its id."""

RECORDS: dict[str, type[Record]] = {}
"""Every kind of record by its class name; a test holds it against the migrations."""


class Dated(Record):
    """A row that holds from one day to another, both included; open where `until` is missing."""

    since = SinceField(default=BEGINNING, verbose_name="起")
    until = SinceField(null=True, verbose_name="止")

    class Meta:
        title = ""

    @classmethod
    def on(cls, day: Any) -> Any:
        """Return the condition that a row holds on a day."""
        return cls.on_some_day(day, day)

    @classmethod
    def on_some_day(cls, first: Any, last: Any) -> Any:
        """Return the condition that a row holds on some day from first to last."""
        return (cls.since <= last) & (cls.until.is_null() | (cls.until >= first))


def insert_rows(record: type[Record], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> range:
    """Write many new rows at the driver's speed; values as the columns store them, not as fields do.

    Args:
        record: the kind of record.
        names: names of fields, in the order of the values; `row_version` is added.
        rows: one sequence of stored values a row.

    Returns:
        The ids given, which run together because the transaction is alone.
    """
    fields = record.fields()
    columns = [f'"{fields[name].column_name}"' for name in (*names, "row_version")]
    marks = ", ".join([db.param] * len(names) + ["1"])
    table = record._meta.table_name
    before = db.execute_sql(f'SELECT COALESCE(MAX(id), 0) FROM "{table}"').fetchone()[0]
    db.connection().executemany(f'INSERT INTO "{table}" ({", ".join(columns)}) VALUES ({marks})', rows)
    after = db.execute_sql(f'SELECT COALESCE(MAX(id), 0) FROM "{table}"').fetchone()[0]
    journal().touch(record)
    return range(before + 1, after + 1)


def stored(kind: Any, value: Any) -> Any:
    """Return a value as it is stored, in types that JSON knows."""
    if isinstance(value, peewee.Model):
        return value.get_id()
    if isinstance(value, bytes | memoryview):
        return f"{len(value)} bytes {_fingerprint(bytes(value))}"
    if value is not None and kind.withheld:
        return _fingerprint(str(value).encode())
    if isinstance(value, datetime):
        return value.isoformat(" ", "seconds")
    value = kind.db_value(value)
    return value.isoformat() if hasattr(value, "isoformat") else value


def _fingerprint(kept: bytes) -> str:
    """Return enough to see that a value changed, nothing of the value."""
    return hashlib.sha256(kept).hexdigest()[:16]
