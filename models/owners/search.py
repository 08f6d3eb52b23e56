"""检索: how a word finds a unit or a person, and which of them the person acting may see."""

from __future__ import annotations

import re
from typing import Any

from models import text
from models.deeds import actor
from models.listings import Filters
from models.owners.caretaking import cared_for
from models.owners.estate import Unit
from models.owners.people import Occupancy, Ownership, Person, Vehicle
from models.owners.rights import VIEW

_NUMBER = re.compile(r"[-+转\d]+")
_TAIL = 4


class HouseSearch:
    """Finds a unit by its number in any form that people write: 1栋101, 1-1-101, C0001."""

    def contains(self, word: str) -> Any:
        """Return the condition that a unit's number holds a word, or is meant by it."""
        number = text.house_number(word)
        found = Unit.code.contains(text.narrow(word))
        if number is None:
            return found
        building, _, room = number.partition("-")
        return found | Unit.code.contains(number) | _in_building(building, room)


class NameSearch:
    """Finds a person by name, pinyin or initials, or by the telephone number.

    Of a number only the whole finds somebody, or its end from four digits on: a part anywhere
    would tell a masked number digit by digit.
    """

    def contains(self, word: str) -> Any:
        """Return the condition that a person is called so."""
        if not _NUMBER.fullmatch(word):
            return Person.search.contains(word)
        tail = Person.phone.endswith(word) if len(word) >= _TAIL else Person.phone == word
        return tail | Person.name.contains(word)


class PeopleSearch:
    """Finds a unit by those who own or use it: name, pinyin, initials, phone, plate."""

    def contains(self, word: str) -> Any:
        """Return the condition that somebody bound to a unit is found by a word."""
        people = Person.select(Person.id).where(NAMED.contains(word))
        bound = [Unit.id.in_(units_of(record).where(record.person.in_(people))) for record in BINDING]
        spaces = Vehicle.select(Vehicle.space).where(
            Vehicle.plate.contains(word) & Vehicle.space.is_null(False)
        )
        return bound[0] | bound[1] | Unit.id.in_(spaces)


class KnownBy:
    """Finds a person by the whole identity number, the number, a plate, or a unit."""

    def contains(self, word: str) -> Any:
        """Return the condition that a person is meant by a word."""
        plates = Vehicle.select(Vehicle.person).where(
            Vehicle.plate.contains(word) & Vehicle.person.is_null(False)
        )
        named = (Person.number == word) | (Person.identity == word.upper()) | Person.id.in_(plates)
        units = Unit.select(Unit.id).where(HouseSearch().contains(word))
        return named | bound_to(units)


BINDING: tuple[Any, ...] = (Ownership, Occupancy)
HOUSE = HouseSearch()
NAMED = NameSearch()
PEOPLE = PeopleSearch()


def _in_building(building: str, room: str) -> Any:
    """Return the condition that 1-101 means room 101 of any entrance of building 1."""
    return Unit.code.startswith(f"{building}-") & (Unit.room == room)


def units_of(record: Any) -> Any:
    """Select the units of ownerships or occupancies."""
    return record.select(record.unit)


def bound_to(units: Any) -> Any:
    """Return the condition that a person owns or uses (or did) one of these units."""
    first, second = (record.select(record.person).where(record.unit.in_(units)) for record in BINDING)
    return Person.id.in_(first) | Person.id.in_(second)


def unit_conditions(filters: Filters) -> list[Any]:
    """Return what narrows a list of units (or of rows joined to them): the person's reach and the filters."""
    conditions: list[Any] = [Unit.id > 0]
    reach = cared_for(actor(), VIEW)
    if reach is not None:
        conditions.append(Unit.id.in_(reach))
    if filters.unit:
        conditions.append(Unit.id == filters.unit)
    if filters.building:
        conditions.append(Unit.building == filters.building)
    return conditions
