"""业主名单: units, people and what binds them, as pages and the command line list them."""

from __future__ import annotations

from datetime import date
from typing import Any

from peewee import JOIN, Case, fn

from models.attachments import keeps_files
from models.deeds import actor
from models.fields import CountField, LineField
from models.listings import Filters, Listing, Shown, listing
from models.office.staff import Staff
from models.owners.caretaking import CareKind, Caretaking, cared_for
from models.owners.estate import Building, Community, Entrance, Unit, UnitArea, UnitState
from models.owners.people import Occupancy, Ownership, Person
from models.owners.rights import VIEW
from models.owners.search import BINDING, HOUSE, NAMED, PEOPLE, KnownBy, bound_to, unit_conditions, units_of

TONES = {
    UnitState.UNSOLD.value: "plain",
    UnitState.SOLD.value: "info",
    UnitState.HANDED_OVER.value: "ok",
    UnitState.OCCUPIED.value: "ok",
    UnitState.LET.value: "info",
    UnitState.VACANT.value: "warning",
    UnitState.RETIRED.value: "plain",
}


@listing("units", "房屋", "owners", VIEW, "unit", "building", "person", "state", "on")
def units(filters: Filters) -> Listing:
    """Every unit with its area and its owner, today or on the day that is asked for."""
    day = filters.on or date.today()
    query = (
        Unit.select()
        .join(Building, JOIN.LEFT_OUTER)
        .switch(Unit)
        .join(Entrance, JOIN.LEFT_OUTER)
        .where(*unit_conditions(filters))
    )
    query = filters.narrow(query, state=Unit.state)
    if filters.person:
        bound = [
            units_of(record).where((record.person == filters.person) & record.on(day)) for record in BINDING
        ]
        query = query.where(Unit.id.in_(bound[0]) | Unit.id.in_(bound[1]))
    columns = (
        Shown("unit", Unit.code, sort=Unit.sort_key),
        Shown("kind", Unit.kind),
        Shown("building", Building.name, label="楼栋", sort=fn.COALESCE(Building.sort_key, "")),
        Shown("entrance", Entrance.code, Entrance.code, label="单元"),
        Shown("floor", Unit.floor),
        Shown("area", UnitArea.billing, _area(UnitArea.billing, day), total=True),
        Shown("owner", LineField(null=True, verbose_name="业主"), _joint_owner(Unit.id, day), tells=True),
        Shown("tenant", LineField(null=True, verbose_name="使用人"), _user(day), hidden=True),
        Shown("state", Unit.state, status=True),
        Shown("handed_over", Unit.handed_over, hidden=True),
        Shown("built", UnitArea.built, _area(UnitArea.built, day), hidden=True),
        Shown("inner", UnitArea.inner, _area(UnitArea.inner, day), hidden=True),
        Shown("basis", UnitArea.basis, _area(UnitArea.basis, day), hidden=True),
        Shown("layout", Unit.layout, hidden=True),
        Shown("usage", Unit.usage, hidden=True),
        Shown("collector", Staff.name, _collector(day), label="收费员", hidden=True),
        Shown("note", Unit.note, hidden=True),
    )
    return Listing(
        query, columns, id=Unit.id, order=("unit",), record=Unit, search=(HOUSE, PEOPLE), tones=TONES
    )


def _bound_by(person: Person, day: date) -> Any:
    """Return the condition that a person owns or uses a unit on a day."""
    first, second = (units_of(record).where((record.person == person) & record.on(day)) for record in BINDING)
    return Unit.id.in_(first) | Unit.id.in_(second)


def _shorter_first(code: Any) -> Any:
    """Return what sorts numbers of one kind as people count: 9 before 10, A2 before A10."""
    return (fn.LENGTH(code) + 100).cast("TEXT").concat(code)


def _area(field: Any, day: date) -> Any:
    now = UnitArea.select(field).where((UnitArea.unit == Unit.id) & UnitArea.on(day))
    return now.order_by(UnitArea.since.desc()).limit(1)


def _joint_owner(unit: Any, day: date) -> Any:
    """Return the main contact of a unit, with 等n人 where there are several owners."""
    other = Ownership.alias()
    owners = other.select(fn.COUNT(other.person.distinct())).where((other.unit == unit) & _on(other, day))
    shown = _with_count(Person.name, owners, "人")
    held = Ownership.select(shown).join(Person).where((Ownership.unit == unit) & Ownership.on(day))
    return held.order_by(Ownership.primary.desc(), Ownership.id).limit(1)


def _with_count(name: Any, counted: Any, measure: str) -> Any:
    """Return a name, with 等n and its measure where a counting subquery finds more than one."""
    number = fn.COALESCE(counted, 0)
    several = name.concat("等").concat(number.cast("TEXT")).concat(measure)
    return Case(None, ((number > 1, several),), name)


def _on(other: Any, day: date) -> Any:
    """Return the condition that a row of an aliased table holds on a day."""
    return (other.since <= day) & (other.until.is_null() | (other.until >= day))


def _user(day: date) -> Any:
    uses = (Occupancy.unit == Unit.id) & Occupancy.on(day)
    return (
        Occupancy.select(Person.name)
        .join(Person)
        .where(uses)
        .order_by(Occupancy.pays.desc(), Occupancy.id)
        .limit(1)
    )


def _collector(day: date) -> Any:
    """Return who collects from a unit: its own collector, else its building's."""
    collects = Caretaking.on(day) & (Caretaking.kind == CareKind.COLLECTOR)
    own, whole = (
        Caretaking.select(Staff.name).join(Staff).where(collects & place).order_by(Caretaking.since.desc())
        for place in (Caretaking.unit == Unit.id, Caretaking.building == Unit.building)
    )
    return fn.COALESCE(own.limit(1), whole.limit(1))


@listing("people", "人员", "owners", VIEW, "unit", "building", "person")
def people(filters: Filters) -> Listing:
    """Owners, tenants and companies, with what they own; phone and identity masked."""
    units = _first_unit(date.today())
    columns = (
        Shown("number", Person.number, sort=_shorter_first(Person.number)),
        Shown("name", Person.name),
        Shown("kind", Person.kind),
        Shown("phone", Person.phone),
        Shown("identity", Person.identity, hidden=True),
        Shown("units", LineField(null=True, verbose_name="房屋"), units, sort=_first_place(date.today())),
        Shown("gender", Person.gender, hidden=True),
        Shown("contact", Person.contact, hidden=True),
        Shown("address", Person.address, hidden=True),
        Shown("note", Person.note, hidden=True),
        Shown("active", Person.active, hidden=True),
    )
    query = Person.select()
    for condition in _people_conditions(filters):
        query = query.where(condition)
    return Listing(query, columns, id=Person.id, order=("name",), record=Person, search=(NAMED, KnownBy()))


def _people_conditions(filters: Filters) -> list[Any]:
    conditions = [Person.id == filters.person] if filters.person else []
    reach = cared_for(actor(), VIEW)
    if reach is not None:
        conditions.append(bound_to(reach))
    if filters.unit:
        conditions.append(bound_to(Unit.select(Unit.id).where(Unit.id == filters.unit)))
    if filters.building:
        conditions.append(bound_to(Unit.select(Unit.id).where(Unit.building == filters.building)))
    return conditions


def _first_unit(day: date) -> Any:
    """Return the first unit that a person owns, with 等n套 where there are several."""
    other = Ownership.alias()
    owned = other.select(fn.COUNT(other.id)).where((other.person == Person.id) & _on(other, day))
    shown = _with_count(Unit.code, owned, "套")
    held = Ownership.select(shown).join(Unit).where((Ownership.person == Person.id) & Ownership.on(day))
    return held.order_by(Unit.sort_key).limit(1)


def _first_place(day: date) -> Any:
    """Return by what the first unit that a person owns is sorted; those without one come first."""
    mine = (Ownership.person == Person.id) & Ownership.on(day)
    return fn.COALESCE(Ownership.select(fn.MIN(Unit.sort_key)).join(Unit).where(mine), "")


@listing("buildings", "楼栋", "owners", VIEW, "building")
def buildings(filters: Filters) -> Listing:
    """Every building with the number of its entrances and units."""
    query = Building.select().join(Community)
    reach = cared_for(actor(), VIEW)
    if reach is not None:
        query = query.where(Building.id.in_(Unit.select(Unit.building).where(Unit.id.in_(reach))))
    query = filters.narrow(query, building=Building.id)
    columns = (
        Shown("building", Building.code, sort=Building.sort_key),
        Shown("name", Building.name),
        Shown("community", Community.name, label="小区"),
        Shown(
            "entrances",
            CountField(verbose_name="单元数"),
            _number(Entrance),
            total=True,
        ),
        Shown("units", CountField(verbose_name="房屋数"), _number(Unit), total=True),
        Shown("active", Building.active),
    )
    return Listing(
        query,
        columns,
        id=Building.id,
        order=("building",),
        record=Building,
        search=(Building.code, Building.name),
    )


def _number(record: Any) -> Any:
    return record.select(fn.COUNT(record.id)).where(record.building == Building.id)


@listing("entrances", "单元", "owners", VIEW, "building")
def entrances(filters: Filters) -> Listing:
    """Every entrance of every building."""
    query = Entrance.select().join(Building)
    reach = cared_for(actor(), VIEW)
    if reach is not None:
        query = query.where(Entrance.id.in_(Unit.select(Unit.entrance).where(Unit.id.in_(reach))))
    query = filters.narrow(query, building=Entrance.building)
    columns = (
        Shown("building", Building.code, label="楼栋", sort=Building.sort_key),
        Shown("entrance", Entrance.code, sort=_shorter_first(Entrance.code)),
        Shown("floors", Entrance.floors),
        Shown("lift", Entrance.lift),
        Shown("active", Entrance.active),
    )
    return Listing(
        query,
        columns,
        id=Entrance.id,
        order=("building", "entrance"),
        record=Entrance,
        search=(Building.name,),
    )


@listing("communities", "小区", "owners", VIEW)
def communities(filters: Filters) -> Listing:
    """Every community."""
    columns = (
        Shown("name", Community.name),
        Shown("address", Community.address),
        Shown("active", Community.active),
    )
    return Listing(
        Community.select(),
        columns,
        id=Community.id,
        order=("name",),
        record=Community,
        search=(Community.name,),
    )


for _kind in (Unit, Person, Building):
    keeps_files(_kind, VIEW)
