"""流水匹配: which house a row of a statement is for, and why; sure ones are booked by the import itself.

Sure is a house number in the remark that the payer's name or the amount bears out, or a name that one house
alone has together with the very amount that it owes. Houses, names and what is open are read once, however
many rows there are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from peewee import JOIN

from models import text
from models.base import db
from models.fees.banking.rows import BankRow
from models.fees.bills import OPEN, Bill
from models.fees.items import Category, FeeItem
from models.fees.settle import looks_too_much
from models.money import from_scaled, thousands, to_scaled
from models.owners.estate import Unit, UnitState
from models.owners.people import Occupancy, Ownership, Person


class Match(NamedTuple):
    """What a row is taken for.

    Args:
        told: why, in words, or why it is nobody's yet.
        unit: id of the house it is for, or may be for.
        sure: whether it is booked without being looked at.
        bills: ids of the lines it settles; None for all that are open, oldest first.
    """

    told: str
    unit: int | None = None
    sure: bool = False
    bills: tuple[int, ...] | None = None


@dataclass
class Owed:
    """One open line, in fen; `former` where its payer has to do with the house no more."""

    id: int
    payer: str | None
    due: str
    fen: int
    former: bool


@dataclass
class House:
    """What is known of a house: who belongs to it today, and what it owes, oldest first."""

    id: int
    code: str
    retired: bool
    people: set[str] = field(default_factory=set)
    lines: list[Owed] = field(default_factory=list)

    def knows(self, name: str | None) -> bool:
        """Whether somebody of this name owns, uses or owes something."""
        return name is not None and (name in self.people or any(name == line.payer for line in self.lines))

    def lines_of(self, name: str | None) -> list[Owed]:
        """Return the lines that money of this name is for: never somebody else's who left debts behind."""
        if not any(line.former for line in self.lines):
            return self.lines
        if name in self.people:
            return [line for line in self.lines if not line.former]
        return [line for line in self.lines if line.payer == name]

    def take(self, fen: int, lines: Iterable[Owed]) -> None:
        """Let so much be settled, so that the next row finds what is still open."""
        for line in lines:
            part = min(fen, line.fen)
            line.fen, fen = line.fen - part, fen - part
        self.lines = [line for line in self.lines if line.fen]


class Book:
    """What rows are held against, read once."""

    def __init__(self) -> None:
        self.houses: dict[int, House] = {}
        self._by_code: dict[str, int] = {}
        self._short: dict[str, set[int]] = defaultdict(set)
        self._named: dict[str, set[int]] = defaultdict(set)
        self._owing: dict[int, set[int]] = defaultdict(set)
        self._read_houses()
        current = self._read_people()
        self._read_lines(current)
        for house in self.houses.values():
            if total := sum(line.fen for line in house.lines):
                self._owing[total].add(house.id)

    def _read_houses(self) -> None:
        for id, code, state in db.execute(Unit.select(Unit.id, Unit.code, Unit.state)):
            self.houses[id] = House(id, code, state == UnitState.RETIRED.name)
            self._by_code[code.upper()] = id
            parts = code.upper().split("-")
            if len(parts) > 2:
                self._short[f"{parts[0]}-{parts[-1]}"].add(id)

    def _read_people(self) -> dict[int, set[int]]:
        """Read who owns and uses each house today; return their ids by house."""
        current: dict[int, set[int]] = defaultdict(set)
        for record in (Ownership, Occupancy):
            query = record.select(record.unit, Person.id, Person.name).join(Person)
            for unit, person, name in db.execute(query.where(record.on(date.today()))):
                current[unit].add(person)
                self.houses[unit].people.add(name)
                self._named[name].add(unit)
        return current

    def _read_lines(self, current: dict[int, set[int]]) -> None:
        late = FeeItem.category == Category.LATE
        told = (Bill.id, Bill.unit, Bill.payer, Person.name, Bill.due, Bill.amount - Bill.paid)
        query = Bill.select(*told).join(FeeItem).switch(Bill)
        query = query.join(Person, JOIN.LEFT_OUTER, on=(Bill.payer == Person.id)).where(OPEN)
        query = query.order_by(late, Bill.due, Bill.month, Bill.id)
        for id, unit, payer, name, due, fen in db.execute(
            query.order_by(late, Bill.due, Bill.month, Bill.id)
        ):
            former = payer is not None and payer not in current[unit]
            self.houses[unit].lines.append(Owed(id, name, due, fen, former))
            if name is not None:
                self._named[name].add(unit)

    # -- what a row tells ----------------------------------------------------------------------

    def in_remark(self, remark: str | None) -> list[House]:
        """Return the houses that a remark names, in its order; a number without entrance if one has it."""
        found: dict[int, House] = {}
        for number in text.house_numbers(remark or ""):
            for written in (number, _without_zeros(number)):
                short = self._short[written] if written.count("-") == 1 else set()
                id = self._by_code.get(written) or (next(iter(short)) if len(short) == 1 else None)
                if id is not None:
                    found[id] = self.houses[id]
                    break
        return list(found.values())

    def by_name(self, name: str | None) -> list[House]:
        """Return the houses that somebody of this name has to do with, those in use."""
        mine = (self.houses[id] for id in self._named.get(name or "", ()))
        return sorted((house for house in mine if not house.retired), key=lambda house: house.code)

    def by_amount(self, fen: int) -> list[House]:
        """Return the houses that owed just this when the book was read."""
        return [self.houses[id] for id in sorted(self._owing.get(fen, ()))]

    def match(self, row: BankRow) -> Match:
        """Say which house a row is for; one that is sure counts for the rows after it."""
        name, fen = _plain(row.name), to_scaled(row.amount, 2)
        named = self.in_remark(row.remark)
        if len(named) > 1:
            return Match(f"备注里有几个房号：{_codes(named)}，请认领到其中一套", named[0].id)
        found = _by_number(named[0], name, fen) if named else self._by_name(name, fen)
        if found.sure and found.unit is not None:
            house = self.houses[found.unit]
            wanted = house.lines if found.bills is None else [
                line for line in house.lines if line.id in found.bills
            ]  # fmt: skip
            house.take(fen, wanted)
        return found

    def _by_name(self, name: str | None, fen: int) -> Match:
        mine = self.by_name(name)
        fitting = [house for house in mine if _fits(house.lines_of(name), fen)]
        if len(mine) == 1 and fitting:
            told = f"户名 {name} 只有 {mine[0].code} 一套房，金额与未收相符"
            return _taken(mine[0], name, told)
        if len(mine) == 1:
            owed = sum(line.fen for line in mine[0].lines_of(name))
            told = f"户名 {name} 只有 {mine[0].code} 一套房，金额与未收 {_yuan(owed)} 元不符"
            return Match(told, mine[0].id)
        if mine:
            told = f"户名 {name} 有几套房：{_codes(mine)}"
            return Match(f"{told}{_and_amount(fitting)}", fitting[0].id if len(fitting) == 1 else None)
        alike = self.by_amount(fen)
        if len(alike) == 1:
            return Match(f"没有房号，户名不认识；金额只与 {alike[0].code} 的未收相符", alike[0].id)
        more = f"；金额与 {len(alike)} 套房的未收相同" if alike else ""
        return Match(f"没有房号，户名不认识{more}")


def _by_number(house: House, name: str | None, fen: int) -> Match:
    """Judge a row whose remark names one house."""
    told = f"备注中的房号 {house.code}"
    if house.retired:
        return Match(f"{told} 已停用，请认领到在用的房号", house.id)
    knows, lines = house.knows(name), house.lines_of(name)
    strangers = not knows and any(line.former for line in house.lines)
    if strangers:
        return Match(f"{told}，欠费里有前业主的，户名 {name or '没有'} 不认识，请认领时指定付款人", house.id)
    fits = _fits(lines, fen)
    owed = sum(line.fen for line in lines)
    left = fen - owed
    if not (knows or fits):
        return Match(f"{told}，户名不是这套房的，金额与未收 {_yuan(owed)} 元不符", house.id)
    if left > 0 and looks_too_much(from_scaled(owed, 2), from_scaled(left, 2)):
        return Match(f"{told}，比未收 {_yuan(owed)} 元多出 {_yuan(left)} 元，请核对", house.id)
    why = filter(None, ["户名相符" if knows else "", "金额与未收相符" if fits else ""])
    return _taken(house, name, "，".join([told, *why]))


def _taken(house: House, name: str | None, told: str) -> Match:
    """Return a sure match; only the payer's own lines where another one left debts."""
    mine = house.lines_of(name)
    whole = len(mine) == len(house.lines)
    if not (whole or mine):
        return Match(f"{told}；欠费是前业主的，请认领时指定付款人", house.id)
    return Match(told, house.id, True, None if whole else tuple(line.id for line in mine))


def _fits(lines: Iterable[Owed], fen: int) -> bool:
    """Whether an amount is all of some lines, or all that was due up to a day."""
    return fen in _steps(lines)


def _steps(lines: Iterable[Owed]) -> Iterator[int]:
    total, due = 0, None
    for line in lines:
        if due is not None and line.due != due:
            yield total
        total, due = total + line.fen, line.due
    if total:
        yield total


def _and_amount(fitting: list[House]) -> str:
    if len(fitting) == 1:
        return f"，金额只与 {fitting[0].code} 的未收相符"
    return f"，金额与 {_codes(fitting)} 的未收相同" if fitting else "，金额都对不上"


def _codes(houses: list[House]) -> str:
    return text.few([house.code for house in houses], "套")


def _yuan(fen: int) -> str:
    return thousands(from_scaled(fen, 2))


def _plain(name: str | None) -> str | None:
    return text.narrow(name) if name else None


def _without_zeros(number: str) -> str:
    places, _, room = number.rpartition("-")
    return f"{places}-{room.lstrip('0') or room}"
