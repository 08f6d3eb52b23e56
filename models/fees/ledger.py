"""往来底账: lines, what settled them and balances of a household or a person, each read once.

A statement asks the same rows five ways; at ten years of lines each reading goes through all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

from models.base import Record, db
from models.batches import Batch
from models.fees.asof import LIVE
from models.fees.bills import Bill, BillKind
from models.fees.items import FeeItem
from models.fees.payments import Allocation, BalanceEntry
from models.fees.within import within
from models.owners.estate import Building, Unit
from models.owners.people import Person

_ONCE = 900  # ids in one IN list, below what any SQLite takes
_DAY = len("2026-11-23")


class Line(NamedTuple):
    """A live line as it is stored."""

    id: int
    unit: int
    item: int
    month: int
    kind: str
    amount: int
    paid: int
    due: str
    batch: int | None
    payer: int | None
    corrects: int | None


class Settled(NamedTuple):
    """A live allocation as it is stored."""

    bill: int
    receipt: int | None
    set_off: int | None
    on: str
    fen: int


class Entry(NamedTuple):
    """A balance entry as it is stored."""

    id: int
    unit: int
    payer: int | None
    on: str
    kind: str
    fen: int
    receipt: int | None
    set_off: int | None
    source: str | None
    batch: int | None


@dataclass(frozen=True)
class Names:
    """What ids are called; of batches, when they were made."""

    units: dict[int, str]
    people: dict[int, str]
    items: dict[int, str]
    batches: dict[int, str]


@dataclass(frozen=True)
class Reach:
    """Whose: a unit's, a building's, a person's on all units, or a person's on those."""

    unit: Unit | None = None
    building: Building | None = None
    person: Person | None = None

    def of(self, record: Any) -> list[Any]:
        """Return the conditions on lines or balance entries, within the reach of the person acting."""
        wanted = within(record.unit, unit=self.unit, building=self.building)
        return wanted if self.person is None else [*wanted, record.payer == self.person]


@dataclass(frozen=True)
class Ledger:
    """Rows that belong together, oldest first."""

    lines: list[Line]
    settled: list[Settled]
    entries: list[Entry]
    names: Names

    @classmethod
    def read(cls, reach: Reach) -> Ledger:
        """Read everything of a reach."""
        told = (
            Bill.id, Bill.unit, Bill.item, Bill.month, Bill.kind, Bill.amount, Bill.paid, Bill.due,
            Bill.batch, Bill.payer, Bill.corrects,
        )  # fmt: skip
        query = Bill.select(*told).where(Bill.live == True, *reach.of(Bill))
        lines = sorted(map(Line._make, db.execute(query)))
        shares = Allocation.select(
            Allocation.bill, Allocation.receipt, Allocation.set_off, Allocation.on, Allocation.amount
        ).where(LIVE)
        settled = [Settled(*row) for row in _those(shares, Allocation.bill, [line.id for line in lines])]
        held = BalanceEntry.select(
            BalanceEntry.id, BalanceEntry.unit, BalanceEntry.payer, BalanceEntry.on, BalanceEntry.kind,
            BalanceEntry.amount, BalanceEntry.receipt, BalanceEntry.set_off, BalanceEntry.source,
            BalanceEntry.batch,
        )  # fmt: skip
        held = held.where(*reach.of(BalanceEntry)).order_by(BalanceEntry.id)
        entries = [Entry(*row) for row in db.execute(held)]
        rows: list[Line | Entry] = [*lines, *entries]
        units, people = {row.unit for row in rows}, {row.payer for row in rows if row.payer is not None}
        return cls(lines, settled, entries, _names(units, people))

    def by_unit(self) -> dict[int, Ledger]:
        """Return the part of each unit, by its id."""
        lines: dict[int, list[Line]] = {}
        for line in self.lines:
            lines.setdefault(line.unit, []).append(line)
        place = {line.id: line.unit for line in self.lines}
        settled: dict[int, list[Settled]] = {}
        for share in self.settled:
            settled.setdefault(place[share.bill], []).append(share)
        entries: dict[int, list[Entry]] = {}
        for entry in self.entries:
            entries.setdefault(entry.unit, []).append(entry)
        units = lines.keys() | entries.keys()
        return {
            unit: Ledger(lines.get(unit, []), settled.get(unit, []), entries.get(unit, []), self.names)
            for unit in units
        }

    @cached_property
    def issued(self) -> dict[int, date]:
        """The day on which each line was issued, by its id (see `statement`)."""
        handed = {
            line.corrects: line.due
            for line in self.lines
            if line.kind == BillKind.CORRECTION.name and line.amount < 0
        }
        days: dict[int, date] = {}
        for line in self.lines:
            made = self.names.batches.get(line.batch) if line.batch is not None else None
            if made is None and line.kind == BillKind.CORRECTION.name:
                made = handed.get(line.corrects)
            day = date.fromisoformat((made or line.due)[:_DAY])
            corrected = days.get(line.corrects, day) if line.corrects is not None else day
            days[line.id] = max(day, corrected)
        return days


def _names(units: Iterable[int], people: Iterable[int]) -> Names:
    return Names(
        dict(_those(Unit.select(Unit.id, Unit.code), Unit.id, units)),
        dict(_those(Person.select(Person.id, Person.name), Person.id, people)),
        dict(db.execute(FeeItem.select(FeeItem.id, FeeItem.name))),
        dict(db.execute(Batch.select(Batch.id, Batch.made_at))),
    )


def named(record: type[Record], ids: Iterable[int], *fields: Any) -> dict[int, tuple[Any, ...]]:
    """Return fields of the records with these ids, by id."""
    key = record._meta.primary_key
    return {id: tuple(row) for id, *row in _those(record.select(key, *fields), key, ids)}


def _those(query: Any, field: Any, ids: Iterable[Any]) -> Iterator[tuple[Any, ...]]:
    """Yield the rows whose field is one of these ids, so many at once as any SQLite takes."""
    ordered = sorted(set(ids))
    for start in range(0, len(ordered), _ONCE):
        yield from db.execute(query.where(field.in_(ordered[start : start + _ONCE])))
