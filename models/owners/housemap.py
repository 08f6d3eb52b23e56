"""楼栋矩阵: the small contract by which modules answer a question about every house, and the map they fill.

A module registers a function with `@asks_houses`; the map asks those whose right the person acting
holds, about the houses that this right reaches, and draws each answer as a letter and a colour.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any

from peewee import JOIN, fn

from models import deeds
from models.base import db
from models.errors import NotFound
from models.owners.caretaking import cared_for
from models.owners.estate import Building, Entrance, Unit, UnitKind, UnitState
from models.owners.layout import Bay, House, Line, floor_told_by, lay_out
from models.owners.payees import joint_name
from models.owners.people import Ownership, Person
from models.owners.rights import VIEW

NOWHERE = "未归楼栋"
"""What the map calls the units that lie in no building."""

STATE = "state"
"""The question how houses are used, which alone tells of those out of use."""


@dataclass(frozen=True)
class Answer:
    """One of the answers that a question has.

    Args:
        sign: one or two characters that stand in the house's cell, so that colour is never alone.
        words: what it means.
        tone: danger, warning, ok, info or plain.
    """

    sign: str
    words: str
    tone: str = "plain"


@dataclass(frozen=True)
class Told:
    """What a module says of one house: the answer, more words to it, and what it comes to in 元."""

    answer: Answer
    words: str = ""
    amount: Decimal | None = None


Asks = Callable[[date, Any], Mapping[int, Told]]
"""From a day and a subquery of units' ids (None for all units) to what is told, by the unit's id."""


@dataclass(frozen=True)
class Question:
    """A question that houses can be coloured by.

    Args:
        name: as the command line says it.
        title: as people say it.
        right: who may ask it, and how far.
        answers: all there are, as the legend lists them; the last holds for houses nothing is told of.
        ask: finds what is told.
    """

    name: str
    title: str
    right: str
    answers: tuple[Answer, ...]
    ask: Asks


@dataclass(frozen=True)
class Plan:
    """One building as the map shows it: its entrances side by side, its floors from the top down."""

    id: int | None
    code: str
    name: str
    bays: tuple[Bay, ...]
    lines: tuple[Line[MappedHouse], ...]
    houses: tuple[MappedHouse, ...]
    """All of them in the natural order of their numbers."""

    @property
    def columns(self) -> int:
        """How many houses stand side by side at the most."""
        return max((len(line.cells) for line in self.lines), default=0)


@dataclass(frozen=True)
class MappedHouse(House):
    """A house on the map."""

    id: int
    code: str
    short: str
    """Its number within the building or entrance."""
    told: Told
    owner: str = ""


@dataclass(frozen=True)
class Tally:
    """How many houses have one answer, and what it comes to."""

    answer: Answer
    houses: int
    amount: Decimal | None


@dataclass(frozen=True)
class HouseMap:
    """Every building with what is told of its houses."""

    question: Question
    day: date
    plans: tuple[Plan, ...]

    @property
    def houses(self) -> list[MappedHouse]:
        """Return all houses."""
        return [house for plan in self.plans for house in plan.houses]

    def tally(self, houses: Iterable[MappedHouse] | None = None) -> list[Tally]:
        """Return what is told of these houses, of all where none are given, added up by answer."""
        told: dict[Answer, list[Told]] = {answer: [] for answer in self.question.answers}
        for house in self.houses if houses is None else houses:
            told[house.told.answer].append(house.told)
        return [Tally(answer, len(mine), _sum(mine)) for answer, mine in told.items()]


QUESTIONS: dict[str, Question] = {}
"""Every question by its name."""


def asks_houses(name: str, title: str, right: str, answers: Sequence[Answer]) -> Callable[[Asks], Asks]:
    """Register a function as what answers a question about houses, for those who hold a right.

    Args:
        name: one word, as the command line says it.
        title: as the list of questions says it.
        right: who may ask it; the houses are those that it reaches.
        answers: all there are, in the legend's order; the last one holds where the function tells nothing.
    """

    def decorate(ask: Asks) -> Asks:
        if name in QUESTIONS:
            raise ValueError(f"question {name} is declared twice")
        QUESTIONS[name] = Question(name, title, right, tuple(answers), ask)
        return ask

    return decorate


def questions() -> list[Question]:
    """Return the questions that the person acting may ask, those of the owner files first."""
    may = deeds.held()
    mine = [one for one in QUESTIONS.values() if may(one.right)]
    return sorted(mine, key=lambda one: one.right != VIEW)


def question_of(name: str) -> Question:
    """Return a question by its name or title.

    Raises:
        PermissionDenied: the person acting may not ask it.
        NotFound: there is none.
    """
    for one in QUESTIONS.values():
        if name in (one.name, one.title):
            deeds.require(one.right)
            return one
    known = "、".join(f"{one.title}({one.name})" for one in questions())
    raise NotFound(f"楼栋矩阵没有“{name}”这个问题。可用：{known}。")


def mapped_buildings() -> list[tuple[str, str]]:
    """Return code and name of every building in which the person acting may see a house."""
    deeds.require(VIEW)
    housed = Unit.select(Unit.building).where(Unit.building.is_null(False), *_within(VIEW))
    query = Building.select(Building.code, Building.name).where(Building.id.in_(housed))
    return [(code, name) for code, name in db.execute(query.order_by(Building.sort_key, Building.id))]


def house_map(
    question: Question | str, building: Building | None = None, day: date | None = None
) -> HouseMap:
    """Return the map of one building, of all without one, as the person acting may see it.

    The number of statements does not depend on how many houses there are.

    Args:
        question: what the houses are asked, or its name.
        building: only this one.
        day: as of when; today where none is given.

    Raises:
        PermissionDenied: a right is missing.
        NotFound: no question has this name.
    """
    deeds.require(VIEW)
    asked = question_of(question if isinstance(question, str) else question.name)
    on = day or date.today()
    conditions = _within(VIEW) if asked.right == VIEW else [*_within(VIEW), *_within(asked.right)]
    if asked.name != STATE:  # nobody asks what a house owes that is out of use
        conditions.append(Unit.state != UnitState.RETIRED)
    if building is not None:
        conditions.append(Unit.building == building)
    units = Unit.select(Unit.id).where(*conditions) if conditions else None
    told, owners = asked.ask(on, units), _owners(on, units)
    otherwise = Told(asked.answers[-1])
    rows = groupby(_rows(conditions), key=lambda row: row[:3])
    plans = []
    for place, mine in rows:
        houses = [_house(row, told.get(row[3], otherwise), owners.get(row[3], "")) for row in mine]
        plans.append(_plan(place, houses))
    return HouseMap(asked, on, tuple(plans))


def _within(right: str) -> list[Any]:
    units = cared_for(deeds.actor(), right)
    return [] if units is None else [Unit.id.in_(units)]


def _rows(conditions: list[Any]) -> Iterator[tuple[Any, ...]]:
    """Yield (building, its code, its name, unit, code, room, kind, floor, entrance), buildings in order."""
    chosen = (Building.id, Building.code, Building.name, Unit.id, Unit.code, Unit.room, Unit.kind, Unit.floor)
    query = Unit.select(*chosen, Entrance.code).join(Building, JOIN.LEFT_OUTER).switch(Unit)
    query = query.join(Entrance, JOIN.LEFT_OUTER)
    query = query.where(*conditions) if conditions else query
    ordered = query.order_by(
        Building.id.is_null(), fn.COALESCE(Building.sort_key, ""), Building.id, Unit.sort_key, Unit.id
    )
    yield from db.execute(ordered)


def _house(row: tuple[Any, ...], told: Told, owner: str) -> MappedHouse:
    _, building, _, number, code, room, kind, floor, entrance = row
    kept = UnitKind[kind]
    inside = entrance is not None and kept not in (UnitKind.PARKING, UnitKind.STORE)
    short = room if inside else code.removeprefix(f"{building}-")
    level = floor if floor is not None else floor_told_by(room, kept)
    return MappedHouse(
        room=room, kind=kept, floor=level, entrance=entrance, id=number, code=code, short=short,
        told=told, owner=owner,
    )  # fmt: skip


def _plan(place: tuple[Any, ...], houses: list[MappedHouse]) -> Plan:
    number, code, name = place
    bays, lines = lay_out(houses)
    return Plan(number, code or "", name or NOWHERE, bays, lines, tuple(houses))


def _owners(day: date, units: Any) -> dict[int, str]:
    """Return how the owners of each unit are called on a day: the main contact, with 等n人."""
    query = Ownership.select(Ownership.unit, Person.name).join(Person).where(Ownership.on(day))
    if units is not None:
        query = query.where(Ownership.unit.in_(units))
    named: dict[int, list[str]] = {}
    for unit, name in db.execute(query.order_by(Ownership.primary.desc(), Ownership.id)):
        named.setdefault(unit, []).append(name)
    return {unit: joint_name(names[0], len(names)) for unit, names in named.items()}


def _sum(told: list[Told]) -> Decimal | None:
    amounts = [one.amount for one in told if one.amount is not None]
    return sum(amounts, start=Decimal(0)) if amounts else None
