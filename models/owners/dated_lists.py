"""权属名单: what binds people to units — ownership, use, vehicles, care — and the areas, with their days."""

from __future__ import annotations

from typing import Any

from peewee import JOIN, fn

from models.base import Dated
from models.deeds import actor
from models.listings import Filters, Listing, Shown, listing
from models.office.staff import Staff
from models.owners.caretaking import Caretaking, cared_for
from models.owners.estate import Building, Unit, UnitArea
from models.owners.people import Occupancy, Ownership, Person, Vehicle
from models.owners.rights import VIEW
from models.owners.search import HOUSE, NAMED, bound_to, unit_conditions


@listing("ownerships", "产权", "owners", VIEW, "unit", "building", "person", "on")
def ownerships(filters: Filters) -> Listing:
    """Who owns what from when to when."""
    columns = (
        *_binding_columns(),
        Shown("share", Ownership.share),
        Shown("primary", Ownership.primary),
        *_span(Ownership),
    )
    return _bound(Ownership, columns, filters)


@listing("occupancies", "使用", "owners", VIEW, "unit", "building", "person", "on")
def occupancies(filters: Filters) -> Listing:
    """Who uses what without owning it, from when to when."""
    columns = (
        *_binding_columns(),
        Shown("kind", Occupancy.kind),
        Shown("pays", Occupancy.pays),
        *_span(Occupancy),
    )
    return _bound(Occupancy, columns, filters)


def _binding_columns() -> tuple[Shown, ...]:
    return (
        Shown("unit", Unit.code, sort=Unit.sort_key),
        Shown("person", Person.name),
        Shown("number", Person.number),
        Shown("phone", Person.phone),
    )


def _span(record: type[Dated]) -> tuple[Shown, ...]:
    fields = record.fields()
    return (
        Shown("since", fields["since"]),
        Shown("until", fields["until"]),
        Shown("id", fields["id"], hidden=True),
    )


def _bound(record: Any, columns: tuple[Shown, ...], filters: Filters) -> Listing:
    query = record.select().join(Unit).switch(record).join(Person).where(*unit_conditions(filters))
    if filters.person:
        query = query.where(record.person == filters.person)
    if filters.on:
        query = query.where(record.on(filters.on))
    return Listing(
        query, columns, id=record.id, order=("unit", "since"), record=record, search=(HOUSE, NAMED)
    )


@listing("areas", "面积", "owners", VIEW, "unit", "building", "on")
def areas(filters: Filters) -> Listing:
    """The areas of every unit from when to when."""
    query = UnitArea.select().join(Unit).where(*unit_conditions(filters))
    if filters.on:
        query = query.where(UnitArea.on(filters.on))
    columns = (
        Shown("unit", Unit.code, sort=Unit.sort_key),
        Shown("billing", UnitArea.billing),
        Shown("built", UnitArea.built),
        Shown("inner", UnitArea.inner),
        Shown("basis", UnitArea.basis),
        *_span(UnitArea),
    )
    return Listing(query, columns, id=UnitArea.id, order=("unit", "since"), record=UnitArea, search=(HOUSE,))


@listing("vehicles", "车辆", "owners", VIEW, "unit", "person", "on")
def vehicles(filters: Filters) -> Listing:
    """Plates, whose they are, and the spaces they use."""
    query = Vehicle.select().join(Person, JOIN.LEFT_OUTER).switch(Vehicle).join(Unit, JOIN.LEFT_OUTER)
    reach = cared_for(actor(), VIEW)
    if reach is not None:
        query = query.where(Unit.id.in_(reach) | bound_to(reach))
    query = filters.narrow(query, unit=Vehicle.space, person=Vehicle.person)
    if filters.on:
        query = query.where(Vehicle.on(filters.on))
    columns = (
        Shown("plate", Vehicle.plate),
        Shown("person", Person.name, Person.name, label="车主"),
        Shown("phone", Person.phone),
        Shown("space", Unit.code, label="车位", sort=fn.COALESCE(Unit.sort_key, "")),
        Shown("kind", Vehicle.kind),
        Shown("brand", Vehicle.brand),
        Shown("colour", Vehicle.colour),
        *_span(Vehicle),
    )
    return Listing(
        query,
        columns,
        id=Vehicle.id,
        order=("plate", "since"),
        record=Vehicle,
        search=(Vehicle.plate, NAMED),
    )


@listing("caretakers", "负责人", "owners", VIEW, "unit", "building", "on")
def caretakers(filters: Filters) -> Listing:
    """Who looks after which building or unit, from when to when."""
    query = (
        Caretaking.select()
        .join(Staff)
        .switch(Caretaking)
        .join(Building, JOIN.LEFT_OUTER)
        .switch(Caretaking)
        .join(Unit, JOIN.LEFT_OUTER)
    )
    reach = cared_for(actor(), VIEW)
    if reach is not None:
        mine = Unit.select(Unit.building).where(Unit.id.in_(reach))
        query = query.where(Caretaking.unit.in_(reach) | Caretaking.building.in_(mine))
    query = filters.narrow(query, unit=Caretaking.unit, building=Caretaking.building)
    if filters.on:
        query = query.where(Caretaking.on(filters.on))
    columns = (
        Shown("building", Building.name, label="楼栋", sort=fn.COALESCE(Building.sort_key, "")),
        Shown("unit", Unit.code, sort=fn.COALESCE(Unit.sort_key, "")),
        Shown("staff", Staff.name, label="员工"),
        Shown("kind", Caretaking.kind),
        *_span(Caretaking),
    )
    return Listing(
        query, columns, id=Caretaking.id, order=("building", "unit", "kind"), record=Caretaking,
        search=(Staff.name, Building.name),
    )  # fmt: skip
