"""付款人: who pays for a unit on a day, who answers for it, and how a notice names them.

A tenant who was agreed to pay is named first, with the liable owner beside him (物业管理条例 41,
forms.md B1.7); joint owners are named by their main contact with 等n人; a unit without an owner
is addressed to its 产权人.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from models.base import db
from models.owners.estate import Unit
from models.owners.people import Occupancy, Ownership, Person

NOBODY = "产权人"
"""How a notice addresses a unit whose owner is not known."""

_ONCE = 900  # ids in one IN list, below what any SQLite takes


class Payee(NamedTuple):
    """Who pays for a unit and who answers for it; ids and liable name are None where there is nobody."""

    payer_id: int | None
    payer_name: str
    liable_id: int | None
    liable_name: str | None
    address_line: str
    """What a notice says after 致: the payer, and the liable owner beside a tenant."""


UNOWNED = Payee(None, NOBODY, None, None, NOBODY)


def payers_on(unit: Unit, day: date) -> Payee:
    """Return who pays for a unit on a day."""
    return payees_on(day, [unit.id])[unit.id]


def payees_on(day: date, units: Iterable[int] | None = None) -> dict[int, Payee]:
    """Return who pays for each of these units (ids) on a day; for every unit when none are given."""
    wanted = None if units is None else list(units)
    owners = {unit: _named(rows) for unit, rows in _by_unit(_owners(day, wanted))}
    tenants = {unit: rows[0][1:] for unit, rows in _by_unit(_tenants(day, wanted))}
    every = wanted if wanted is not None else [row[0] for row in db.execute(Unit.select(Unit.id))]
    if not tenants:
        alone = {unit: _owned(*owner) for unit, owner in owners.items()}
        return {unit: alone.get(unit, UNOWNED) for unit in every}
    return {unit: _payee(owners.get(unit), tenants.get(unit)) for unit in every}


def payers_by_id(day: date) -> dict[int, tuple[int, int | None]]:
    """Return (payer, liable owner) of each unit that has a payer on a day, all by id.

    Those whom `payees_on` names, without their names, which a run of thousands of lines does not ask for.
    """
    owners: dict[int, int] = {}
    for unit, person in db.execute(_of_owners(Ownership.select(Ownership.unit, Ownership.person), day)):
        owners.setdefault(unit, person)
    tenants: dict[int, int] = {}
    for unit, person in db.execute(_of_tenants(Occupancy.select(Occupancy.unit, Occupancy.person), day)):
        tenants.setdefault(unit, person)
    alone: dict[int, tuple[int, int | None]] = {unit: (owner, owner) for unit, owner in owners.items()}
    return alone | {unit: (tenant, owners.get(unit)) for unit, tenant in tenants.items()}


def joint_name(name: str, owners: int) -> str:
    """Return how a main contact stands for all owners: 王桂芳, or 王桂芳等2人."""
    return name if owners < 2 else f"{name}等{owners}人"


def _payee(owner: tuple[int, str] | None, tenant: tuple[int, str] | None) -> Payee:
    if tenant is None:
        return _owned(*owner) if owner else UNOWNED
    liable, liable_name = owner if owner else (None, None)
    beside = f"{tenant[1]}（责任业主：{liable_name or NOBODY}）"
    return Payee(tenant[0], tenant[1], liable, liable_name, beside)


def _owned(person: int, name: str) -> Payee:
    return Payee(person, name, person, name, name)


def _named(rows: list[tuple[int, int, str]]) -> tuple[int, str]:
    """Return the main contact of a unit's owners and the name that stands for all of them."""
    return rows[0][1], joint_name(rows[0][2], len({row[1] for row in rows}))


def _owners(day: date, units: list[int] | None) -> Any:
    query = Ownership.select(Ownership.unit, Person.id, Person.name).join(Person)
    return _rows(_of_owners(query, day), Ownership.unit, units)


def _tenants(day: date, units: list[int] | None) -> Any:
    query = Occupancy.select(Occupancy.unit, Person.id, Person.name).join(Person)
    return _rows(_of_tenants(query, day), Occupancy.unit, units)


def _of_owners(query: Any, day: date) -> Any:
    """Narrow to a day's owners, the one who stands for a unit's others first."""
    wanted = query.where(Ownership.on(day))
    return wanted.order_by(Ownership.unit, Ownership.primary.desc(), Ownership.id)


def _of_tenants(query: Any, day: date) -> Any:
    """Narrow to a day's tenants who pay, the newest of a unit first."""
    wanted = query.where(Occupancy.on(day) & (Occupancy.pays == True))
    return wanted.order_by(Occupancy.unit, Occupancy.since.desc(), Occupancy.id)


def _rows(query: Any, field: Any, units: list[int] | None) -> Iterator[tuple[int, int, str]]:
    if units is None:
        yield from db.execute(query)
        return
    ordered = sorted(set(units))
    for start in range(0, len(ordered), _ONCE):
        yield from db.execute(query.where(field.in_(ordered[start : start + _ONCE])))


def _by_unit(
    rows: Iterable[tuple[int, int, str]],
) -> Iterator[tuple[int, list[tuple[int, int, str]]]]:
    for unit, group in groupby(rows, key=itemgetter(0)):
        yield unit, list(group)
