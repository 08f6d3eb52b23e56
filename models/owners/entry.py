"""登记: entering communities, buildings, entrances, units, people and vehicles; what keeps them in use."""

from __future__ import annotations

from datetime import date
from typing import Any

from models.base import db
from models.deeds import deed
from models.errors import RuleBroken
from models.inputs import inputs_from
from models.owners.dated import check_span, overlap
from models.owners.estate import (
    Building,
    Community,
    Entrance,
    Unit,
    UnitState,
    check_place,
    the_community,
)
from models.owners.people import Person, Vehicle
from models.owners.retiring import objects_to_retiring
from models.owners.rights import EDIT


@deed("owners.add_community", "新增小区", EDIT, inputs=inputs_from(lambda: Community, "name", "address"))
def add_community(**values: Any) -> Community:
    """Enter a community."""
    return Community.add(**values)


@deed(
    "owners.add_building",
    "新增楼栋",
    EDIT,
    inputs=inputs_from(
        lambda: Building,
        *("code", "name", "community"),
        name="不填就叫“1栋”的样子",
        community="不填为本小区",
    ),
)
def add_building(code: str, name: str | None = None, community: Community | None = None) -> Building:
    """Enter a building; without a name it is called 1栋, without a community it lies in the only one.

    Raises:
        RuleBroken: there is no community yet.
    """
    place = community or the_community()
    if place is None:
        raise RuleBroken("还没有小区。请先新增小区，再新增楼栋。")
    return Building.add(code=code, name=name or f"{code}栋", community=place)


@deed(
    "owners.add_entrance",
    "新增单元",
    EDIT,
    inputs=inputs_from(lambda: Entrance, "code", "building", "floors", "lift"),
)
def add_entrance(**values: Any) -> Entrance:
    """Enter an entrance of a building."""
    return Entrance.add(**values)


@deed(
    "owners.add_unit",
    "新增房屋",
    EDIT,
    inputs=inputs_from(
        lambda: Unit,
        *("room", "kind", "building", "entrance", "code", "floor", "layout", "usage", "state"),
        *("handed_over", "note"),
        code="不填就是楼栋-单元-室号",
    ),
)
def add_unit(room: str, code: str | None = None, **values: Any) -> Unit:
    """Enter a unit; without a number of its own it is called by building, entrance and room."""
    entrance = values.get("entrance")
    building = values.get("building") or (entrance.building if entrance else None)
    check_place(building, entrance)
    code = code or unit_code(building, entrance, room)
    return Unit.add(**{**values, "room": room, "code": code, "building": building})


def unit_code(building: Building | None, entrance: Entrance | None, room: str) -> str:
    """Return the house number that a place makes: 1-1-1011, without entrance 1-1011, else the room's own."""
    places = [building.code if building else None, entrance.code if entrance else None, room]
    return "-".join(place for place in places if place)


@deed(
    "owners.add_person",
    "新增人员",
    EDIT,
    inputs=inputs_from(
        lambda: Person,
        *("name", "kind", "gender", "phone", "identity", "contact", "address", "note", "number"),
        number="不填接着最大的编号",
    ),
)
def add_person(number: str | None = None, **values: Any) -> Person:
    """Enter a person or company; without a number the next free one is given."""
    number = number or next_number()
    return Person.add(number=number, **values)


def next_number() -> str:
    """Return the whole number after the largest 业主编号 that is one."""
    known: list[str] = [row[0] for row in db.execute(Person.select(Person.number))]
    return str(max((int(number) for number in known if number.isdecimal()), default=0) + 1)


@deed(
    "owners.add_vehicle",
    "登记车辆",
    EDIT,
    inputs=inputs_from(
        lambda: Vehicle,
        *("plate", "person", "space", "kind", "brand", "colour", "since", "until"),
    ),
)
def add_vehicle(plate: str, since: date | None = None, until: date | None = None, **values: Any) -> Vehicle:
    """Enter a vehicle, from today where no day is given.

    Raises:
        RuleBroken: the plate is entered for these days already.
    """
    plate = plate.upper()
    start = since or date.today()
    check_span(start, until)
    for row in Vehicle.select().where(Vehicle.plate == plate):
        if overlap(row, start, until):
            raise RuleBroken(f"车牌 {plate} 已登记。请修改原来的车辆，或先注销它。")
    return Vehicle.add(plate=plate, since=start, until=until, **values)


@objects_to_retiring(Community)
def _has_buildings(community: Community) -> str | None:
    count = Building.select().where((Building.community == community) & Building.active).count()
    return f"{community.name} 还有 {count} 栋在用的楼。请先停用它们。" if count else None


@objects_to_retiring(Building)
def _building_has_units(building: Building) -> str | None:
    return _holds_units(building.label(), Unit.building == building)


@objects_to_retiring(Entrance)
def _entrance_has_units(entrance: Entrance) -> str | None:
    return _holds_units(entrance.label(), Unit.entrance == entrance)


def _holds_units(where: str, inside: Any) -> str | None:
    count = Unit.select().where(inside & (Unit.state != UnitState.RETIRED)).count()
    return f"{where}还有 {count} 套在用的房屋。请先停用它们。" if count else None
