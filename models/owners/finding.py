"""找房找人: what the search line finds in the owner files."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from peewee import JOIN

from models import text
from models.base import db
from models.deeds import actor
from models.owners.caretaking import cared_for
from models.owners.estate import Unit
from models.owners.people import Occupancy, Ownership, Person, Vehicle
from models.owners.rights import VIEW
from models.owners.search import HOUSE, NAMED, bound_to
from models.search import LIKELY, MOST, PERHAPS, SURE, Hit, Sought, finds, rank

_APART = re.compile(r"[0-9A-Za-z]+(?:[ .]+[0-9A-Za-z]+){1,3}")
_PARTED = re.compile("[ .]+")
"""A house number as fingers type it on the keypad: 1.1.101, 1 1 101."""
_LEAST = 3
"""Letters of a plate, or digits of a person's own number, fewer than that are too many's."""


@finds(VIEW)
def owners_files(wanted: Sought) -> Iterator[Hit]:
    """Houses, people and vehicles, within one reach of the person acting."""
    reach = cared_for(actor(), VIEW)
    for find in (_houses, _people, _vehicles):
        yield from find(wanted, reach)


def _houses(wanted: Sought, reach: Any) -> Iterator[Hit]:
    """Houses by their number in any form, or a part of it."""
    words = "-".join(_PARTED.split(wanted.words)) if _APART.fullmatch(wanted.words) else wanted.words
    number = text.house_number(words)
    if not any(mark.isdigit() for mark in words):
        return
    exact = [words, *([number, _without_zeros(number)] if number else [])]
    found = _rows(Unit.code.in_(exact), reach) or _rows(HOUSE.contains(words), reach)
    named = _owners_of([id for id, *_ in found])
    for id, code, state in found:
        fits = SURE if code in exact else LIKELY if code.endswith(f"-{words}") else rank(code, words)
        yield Hit("units", id, code, " · ".join(filter(None, [named.get(id), state.value])), "房屋", fits)


def _people(wanted: Sought, reach: Any) -> Iterator[Hit]:
    """People by name, pinyin, initials, a part of the telephone number, or their own number."""
    words = wanted.words.replace(" ", "") if wanted.words.isascii() else wanted.words  # yu bo jun
    if wanted.digits and len(words) < _LEAST:
        return
    condition = NAMED.contains(words) | (Person.number == words)
    if reach is not None:
        condition &= bound_to(reach)
    query = Person.select(Person.id, Person.name, Person.number, Person.phone, Person.search)
    begins = Person.search.startswith(words)
    rows = query.where(condition).order_by(begins.desc(), Person.name, Person.id).limit(MOST)
    found = list(db.execute(rows))
    housed = _houses_of([id for id, *_ in found], reach)
    for id, name, number, phone, keys in found:
        tail = wanted.digits and (phone or "").endswith(words)
        best = LIKELY if tail else min(rank(key, words) for key in [name, number, *keys.split()])
        beside = [housed.get(id, ""), text.mask_phone(phone) if phone else ""]
        yield Hit("people", id, name, " · ".join(filter(None, beside)), "人员", best)


def _vehicles(wanted: Sought, reach: Any) -> Iterator[Hit]:
    """Vehicles by a part of the plate."""
    words = wanted.words.upper().replace("·", "").replace(" ", "")
    if len(words) < _LEAST:
        return
    query = Vehicle.select(Vehicle.id, Vehicle.plate, Person.name).join(Person, JOIN.LEFT_OUTER)
    if reach is not None:
        query = query.where(bound_to(reach))
    for id, plate, name in db.execute(query.where(Vehicle.plate.contains(words)).limit(MOST)):
        best = SURE if plate == words else LIKELY if plate.endswith(words) else PERHAPS
        yield Hit("vehicles", id, plate, name or "", "车辆", best)


def _without_zeros(number: str) -> str:
    """Return 1-1-101 for 1-1-0101, as lists that are padded write it."""
    places, _, room = number.rpartition("-")
    return f"{places}-{room.lstrip('0') or room}"


def _rows(condition: Any, reach: Any) -> list[Any]:
    query = Unit.select(Unit.id, Unit.code, Unit.state).where(condition)
    query = query if reach is None else query.where(Unit.id.in_(reach))
    return list(query.order_by(Unit.sort_key).limit(MOST).tuples())


def _owners_of(units: Iterable[int]) -> dict[int, str]:
    """Return the name of today's main owner of each unit."""
    asked = list(units)
    if not asked:
        return {}
    held = Ownership.unit.in_(asked) & Ownership.on(date.today())
    query = Ownership.select(Ownership.unit, Person.name).join(Person).where(held)
    found: dict[int, str] = {}
    for unit, name in db.execute(query.order_by(Ownership.primary.desc(), Ownership.id)):
        found.setdefault(unit, name)
    return found


def _houses_of(people: Iterable[int], reach: Any) -> dict[int, str]:
    """Return the houses of each person within reach, owned first."""
    found: dict[int, list[str]] = {}
    mine = list(people)
    for record in (Ownership, Occupancy) if mine else ():
        query = record.select(record.person, Unit.code).join(Unit).where(record.person.in_(mine))
        query = query if reach is None else query.where(record.unit.in_(reach))
        for person, code in db.execute(query.order_by(Unit.sort_key)):
            held = found.setdefault(person, [])
            if code not in held:
                held.append(code)
    return {
        person: "、".join(codes[:2]) + ("等" if len(codes) > 2 else "") for person, codes in found.items()
    }
