"""对照: which drafts the office knows already, which are new, and which cannot be.

Keys are compared as the columns store them. New rows get the ids they will have, so that what
refers to them can be laid out in the same pass.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import peewee

from models.base import Record, db
from models.fields import BEGINNING
from models.imports.drafts import KINDS, Draft, Kind, Ref, Roster
from models.imports.findings import Finding, Severity
from models.imports.lines import Line

Stored = dict[str, Any]
Key = tuple[Any, ...]


@dataclass
class Count:
    """How many records of a kind a workbook brings, repeats, or says otherwise."""

    new: int = 0
    same: int = 0
    left: int = 0


@dataclass
class Table:
    """One kind of record: what the office has and what comes."""

    kind: Kind
    names: tuple[str, ...]
    known: dict[Key, Stored] = field(default_factory=dict)
    groups: set[Key] = field(default_factory=set)
    ids: dict[Key, int] = field(default_factory=dict)
    rows: list[Stored] = field(default_factory=list)
    """What is new, as columns store it, without what is not given."""
    lines: dict[Key, tuple[Draft, Stored]] = field(default_factory=dict)
    implied: set[Key] = field(default_factory=set)
    fallen: dict[Any, Line] = field(default_factory=dict)
    """Rows that hold an error, by their key where it is one field."""
    taken: dict[str, set[Any]] = field(default_factory=dict)
    """Values that must be unique, by the fields beside the key."""
    spans: dict[Key, list[tuple[str, str | None, Line]]] = field(default_factory=dict)
    """First day, last day and row of what is new, by the fields that hold once a day."""
    count: Count = field(default_factory=Count)
    first: int = 1

    @property
    def record(self) -> type[Record]:
        """The kind of record."""
        return self.kind.record

    def stored(self, **more: Any) -> Iterator[tuple[Any, ...]]:
        """Yield the new rows in the order of the columns, what is not given by its default.

        Args:
            more: values for all of them, where the kind has such fields.
        """
        always = {**_defaults(self.record), **more}
        for given in self.rows:
            row = {**always, **given}
            if self.kind.derive is not None:
                self.kind.derive(row)
            yield tuple([row[name] for name in self.names])


class Resolver:
    """Holds one roster against the office."""

    def __init__(self, roster: Roster) -> None:
        self.tables: dict[type[Record], Table] = {}
        self.notes: list[Finding] = []
        self._roster = roster

    def run(self) -> bool:
        """Resolve every draft; return whether a row has failed on the way, so that all must be done anew."""
        failed = sum(len(draft.line.findings) for draft in self._drafts())
        for record in KINDS:
            if record in self._roster.drafts:
                self._resolve(record)
        return failed != sum(len(draft.line.findings) for draft in self._drafts())

    def _drafts(self) -> list[Draft]:
        return [draft for drafts in self._roster.drafts.values() for draft in drafts]

    def _resolve(self, record: type[Record]) -> None:
        table = self.table(record)
        setters = _setters(record)
        wrong = _wrong(table, self._roster.drafts[record])
        for draft in self._roster.drafts[record]:
            if _fallen(table, draft) or _doubted(table, draft, wrong):
                continue
            given = self._stored(draft, setters)
            if given is not None:
                self._place(table, draft, given)
            _fallen(table, draft)

    def table(self, record: type[Record]) -> Table:
        """Return what the office has of a kind, read once."""
        if record not in self.tables:
            self.tables[record] = _read(KINDS[record])
        return self.tables[record]

    def _stored(self, draft: Draft, setters: dict[str, Callable[[Any], Any]]) -> Stored | None:
        """Return the values as columns store them, without those not given; None where one is not found."""
        given: Stored = {}
        for name, value in draft.values.items():
            if value is None:
                continue
            if value.__class__ is Ref:
                found = self._id(value)
                if found is None:
                    self._missing(draft, value)
                    return None
                value = found
            given[name] = setters[name](value) if name in setters else value
        return given

    def _id(self, ref: Ref) -> int | None:
        """Return the id of the record that a key names, known or new."""
        table = self.table(ref.record)
        parts = ref.key if isinstance(ref.key, tuple) else (ref.key,)
        key = tuple(self._id(part) if isinstance(part, Ref) else part for part in parts)
        return table.ids.get(key)

    def _missing(self, draft: Draft, ref: Ref) -> None:
        noun = ref.record.noun()
        reason, remedy = f"没有这个{noun}", f"请核对，或先在{noun}的表里补上它。"
        if ref.optional:
            reason, consequence, remedy = ref.optional
        fallen = self.table(ref.record).fallen.get(ref.key)
        if fallen is not None:
            where = f"“{fallen.sheet.title}”第 {fallen.number} 行"
            reason, remedy = f"用到的{noun}有错误（{where}）", f"请先改好{where}。"
        if ref.optional:
            told = f"{reason}，{consequence}"
            self.notes.append(draft.line.finding(Severity.NOTE, ref.column, told, remedy))
        else:
            draft.line.error(ref.column, reason, remedy, _named(ref.key))

    def _place(self, table: Table, draft: Draft, given: Stored) -> None:
        key = tuple(given.get(name) for name in table.kind.key)
        if key in table.known:
            self._compare(table, draft, given, key)
        elif key in table.lines:
            self._repeat(table, draft, given, table.lines[key])
        elif tuple(given.get(name) for name in table.kind.group) in table.groups:
            table.count.left += 1
            self._note_left(table, draft, "已登记了别的内容，没有改动")
        elif not (self._collides(table, draft, given) or self._overlaps(table, draft, given)):
            table.ids[key] = table.first + len(table.rows)
            table.rows.append(given)
            table.lines[key] = (draft, given)
            table.count.new += 1

    def _collides(self, table: Table, draft: Draft, given: Stored) -> bool:
        """Refuse a value that another record has and only one may have."""
        for name, values in table.taken.items():
            value = given.get(name)
            if value is None:
                continue
            if value in values:
                label = table.record.fields()[name].label
                draft.line.error(name, f"{label}已被别的{table.record.noun()}用了", "请换一个，或核对编号。")
                return True
            values.add(value)
        return False

    def _overlaps(self, table: Table, draft: Draft, given: Stored) -> bool:
        """Refuse a dated row that holds on a day on which another row of the workbook says the same."""
        if not table.kind.once:
            return False
        since, until = given.get("since", BEGINNING.isoformat()), given.get("until")
        spans = table.spans.setdefault(tuple(given.get(name) for name in table.kind.once), [])
        for first, last, line in spans:
            if (until is None or first <= until) and (last is None or since <= last):
                column = "since" if "since" in draft.line.values else ""
                draft.line.error(
                    column, f"与第 {line.number} 行的起止有重叠", "请改正其中一行的起或止，同一天只登记一次。"
                )
                return True
        spans.append((since, until, draft.line))
        return False

    def _compare(self, table: Table, draft: Draft, given: Stored, key: Key) -> None:
        known = table.known[key]
        if draft.implied:
            table.count.same += key not in table.implied
            table.implied.add(key)
            return
        other = next((name for name, value in given.items() if known[name] != value), None)
        if other is None:
            table.count.same += 1
            return
        table.count.left += 1
        shown = _shown(table.record, other, known[other])
        label = table.record.fields()[other].label
        self._note_left(table, draft, f"已登记的{label}是“{shown}”，没有改动", other)

    def _note_left(self, table: Table, draft: Draft, what: str, column: str = "") -> None:
        reason = f"{table.record.noun()}{what}"
        self.notes.append(draft.line.finding(Severity.NOTE, column, reason, table.kind.differs))

    def _repeat(self, table: Table, draft: Draft, given: Stored, first: tuple[Draft, Stored]) -> None:
        """Take what is said twice alike as once; refuse it where the two differ."""
        if draft.implied or first[0].implied:
            return
        column = next((name for name in table.kind.key if name in draft.line.values), "")
        where = f"与第 {first[0].line.number} 行重复"
        if given == first[1]:
            self.notes.append(draft.line.finding(Severity.NOTE, column, where, "多余的一行可以删去。"))
        else:
            draft.line.double(column, first[0].line)


def _fallen(table: Table, draft: Draft) -> bool:
    """Remember a row that cannot be imported, so that what needs it can say so."""
    if draft.line.failed:
        table.fallen[draft.values.get(table.kind.key[0])] = draft.line
    return draft.line.failed


def _wrong(table: Table, drafts: Sequence[Draft]) -> dict[Any, Line]:
    """Return the rows that hold an error by the one field that names their record."""
    if len(table.kind.key) > 1:
        return {}
    name = table.kind.key[0]
    bad = (draft for draft in drafts if draft.line.failed and not draft.line.doubled and not draft.implied)
    return {draft.values.get(name): draft.line for draft in bad}


def _doubted(table: Table, draft: Draft, wrong: dict[Any, Line]) -> bool:
    """Refuse a row whose number another row has that cannot be read: nobody knows which of them is meant."""
    name = table.kind.key[0]
    key = draft.values.get(name)
    other = wrong.get(key) if key is not None and not draft.implied else None
    if other is None:
        return False
    reason = f"与第 {other.number} 行重复，那一行还有别的错误"
    draft.line.error(name, reason, "请先改好那一行，或只留正确的一行。")
    return _fallen(table, draft)


def _read(kind: Kind) -> Table:
    """Read what the office has of a kind: one query, raw values."""
    fields = kind.record.fields()
    names = tuple(name for name in fields if name not in ("id", "row_version"))
    table = Table(kind, names)
    table.taken = {name: set() for name in names if fields[name].unique and name not in kind.key}
    columns = [fields["id"], *(fields[name] for name in names)]
    raw = kind.record.select(*columns)
    if kind.among is not None:
        raw = raw.where(kind.among())
    for id, *values in db.execute(raw):
        stored = dict(zip(names, values, strict=True))
        key = tuple(stored[name] for name in kind.key)
        table.known[key], table.ids[key] = stored, id
        if kind.unsaid:
            unsaid = tuple(None if name == kind.unsaid else stored[name] for name in kind.key)
            table.known.setdefault(unsaid, stored)
        for name, values in table.taken.items():
            values.add(stored[name])
        if kind.group:
            table.groups.add(tuple(stored[name] for name in kind.group))
    table.first = _next_id(kind.record)
    return table


def _next_id(record: type[Record]) -> int:
    return int(record.select(peewee.fn.COALESCE(peewee.fn.MAX(record.id), 0)).scalar()) + 1


_DEFAULTS: dict[type[Record], Stored] = {}


def _defaults(record: type[Record]) -> Stored:
    if record not in _DEFAULTS:
        _DEFAULTS[record] = {
            name: kind.db_value(kind.default() if callable(kind.default) else kind.default)
            for name, kind in record.fields().items()
        }
    return _DEFAULTS[record]


def _setters(record: type[Record]) -> dict[str, Callable[[Any], Any]]:
    """Return what turns a value into what its column stores, for fields where the two differ."""
    return {
        name: _iso if isinstance(kind, peewee.DateField) else kind.db_value
        for name, kind in record.fields().items()
        if isinstance(kind, peewee.DateField) or type(kind).db_value not in _AS_IT_IS
    }


_AS_IT_IS = (peewee.Field.db_value, peewee.ForeignKeyField.db_value)
"""Fields that store texts, whole numbers and ids as they are."""


def _iso(day: Any) -> str:
    return str(day.isoformat())


def _named(key: Any) -> str:
    parts = key if isinstance(key, tuple) else (key,)
    return "-".join(_named(part.key) if isinstance(part, Ref) else str(part) for part in parts)


def _shown(record: type[Record], name: str, stored: Any) -> str:
    kind = record.fields()[name]
    if isinstance(kind, peewee.ForeignKeyField):
        found = kind.rel_model.get_or_none(kind.rel_model.id == stored) if stored is not None else None
        return found.label() if found else "—"
    return kind.show(kind.python_value(stored)) or "—"
