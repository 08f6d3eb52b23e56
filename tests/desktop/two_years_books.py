"""Two years recounted: what a file holds, added up in plain SQL and plain numbers without the program."""

from __future__ import annotations

import calendar
import sqlite3
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any, NamedTuple

LATE = "LATE"


class Line(NamedTuple):
    """A line that charges something, as it is stored."""

    id: int
    unit: int
    building: int | None
    month: int
    amount: int


class Sums(NamedTuple):
    """What a building's month came to, in fen (forms.md B5)."""

    net: int
    received: int
    opening: int
    recovered: int
    closing: int


class Ledgers:
    """The file of an office, read without the program."""

    def __init__(self, path: Path) -> None:
        self.source = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        self.names = dict(self.all("SELECT id, name FROM building"))
        own = "item.collected = 0 AND item.category <> ?"
        found = self.all(
            "SELECT bill.id, unit_id, building_id, month, amount FROM bill JOIN unit ON unit.id = unit_id"
            f" JOIN fee_item AS item ON item.id = item_id WHERE live AND amount > 0 AND {own}",
            LATE,
        )
        self.lines = [Line(*row) for row in found]
        self.settled: defaultdict[int, list[tuple[str, int, bool]]] = defaultdict(list)
        for bill, on, fen, adjusted in self.all(
            'SELECT bill_id, "on", amount, adjustment_id IS NOT NULL FROM allocation WHERE live'
        ):
            self.settled[bill].append((on, fen, bool(adjusted)))
        self.seals = dict(self.all("SELECT month, last_bill FROM seal WHERE reopened_at IS NULL"))

    def all(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """Return the rows of a query."""
        return self.source.execute(sql, values).fetchall()

    def one(self, sql: str, *values: object) -> int:
        """Return the one number that a query tells, 0 for none."""
        return int(self.all(sql, *values)[0][0] or 0)

    def month(self, number: int) -> dict[str, Sums]:
        """Return what a sealed month came to by building, from lines and settlements one by one."""
        first, last = _days(number)
        before = self.seals[_before(number)]
        sums: defaultdict[int | None, Counter[str]] = defaultdict(Counter)
        for line in self.lines:
            if line.id > self.seals[number] or line.month > number:
                continue
            told = sums[line.building]
            paid, relief = self._until(line, last)
            told["closing"] += line.amount - paid - relief
            if line.month == number:
                told["net"] += line.amount - relief
                told["received"] += paid
                continue
            if line.id <= before:
                told["opening"] += line.amount - sum(self._until(line, first, before=True))
            told["recovered"] += self._came(line, first, last)
        return {
            self.names.get(building, "不属楼栋"): Sums(
                *(told[name] for name in ("net", "received", "opening", "recovered", "closing"))
            )
            for building, told in sums.items()
        }

    def _until(self, line: Line, day: str, *, before: bool = False) -> tuple[int, int]:
        """Return what was paid on a line and taken off it up to a day, or before it."""
        known = [one for one in self.settled[line.id] if (one[0] < day if before else one[0] <= day)]
        relief = sum(fen for _, fen, adjusted in known if adjusted and fen > 0)
        return sum(fen for _, fen, _ in known) - relief, relief

    def _came(self, line: Line, first: str, last: str) -> int:
        """Return the money that came in on a line from one day to another; what went back is none of it."""
        return sum(fen for on, fen, adjusted in self.settled[line.id] if first <= on <= last and not adjusted)


def _days(number: int) -> tuple[str, str]:
    year, month = divmod(number, 100)
    return f"{year}-{month:02d}-01", f"{year}-{month:02d}-{calendar.monthrange(year, month)[1]}"


def _before(number: int) -> int:
    return number - 1 if number % 100 > 1 else number - 89
