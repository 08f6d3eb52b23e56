"""管家与收费员: who looks after which building or unit, from when to when.

Lists, FE-03 and FE-08 follow it, and so does the data scope of a role: 本人 reaches the units
that one looks after, 本部门 those of one's colleagues too.
"""

from __future__ import annotations

from datetime import date
from enum import Enum
from typing import Annotated, Any, NamedTuple, Self

from models.base import Dated, Record, db
from models.deeds import Scope, deed, judges_scope
from models.errors import BadInput, RuleBroken
from models.fields import ChoiceField, LinkField, SinceField
from models.inputs import Asked
from models.office.guards import refuse_guard
from models.office.staff import Staff
from models.owners.dated import ONE_DAY, AskedEnd, AskedSince, AskedUntil, check_span, close, overlap
from models.owners.estate import Building, Community, Entrance, Unit
from models.owners.people import Occupancy, Ownership, Person, Vehicle
from models.owners.rights import EDIT


class CareKind(Enum):
    """What somebody does for the units."""

    CARETAKER = "管家"
    COLLECTOR = "收费员"


class Caretaking(Dated):
    """负责: a member of staff looks after a whole building, or one unit of it."""

    building = LinkField(Building, null=True, backref="caretakers", verbose_name="楼栋")
    unit = LinkField(Unit, null=True, backref="caretakers", verbose_name="房号")
    staff = LinkField(Staff, backref="caretaking", verbose_name="员工")
    kind = ChoiceField(CareKind, default=CareKind.COLLECTOR, verbose_name="职责")

    class Meta:
        title = "负责"

    def label(self) -> str:
        """Return 1栋 王敏 收费员."""
        where = self.unit.code if self.unit else self.building.name
        return f"{where} {self.staff.name} {self.kind.value}"

    @deed("owners.end_caretaking", "结束负责", EDIT)
    def end(self, until: AskedEnd = None) -> Self:
        """Let somebody look after it up to a day, today where none is given."""
        return close(self, until or date.today())


class Carer(NamedTuple):
    """Who looks after a unit."""

    staff_id: int
    name: str


@deed("owners.assign_caretaker", "安排负责人", EDIT)
def assign_caretaker(
    staff: Annotated[Staff, Asked(LinkField(Staff, verbose_name="员工"))],
    building: Annotated[Building | None, Asked(LinkField(Building, null=True, verbose_name="楼栋"))] = None,
    unit: Annotated[Unit | None, Asked(LinkField(Unit, null=True, verbose_name="房号"))] = None,
    kind: Annotated[CareKind, Asked(ChoiceField(CareKind, verbose_name="职责"))] = CareKind.COLLECTOR,
    since: AskedSince = None,
    until: AskedUntil = None,
) -> Caretaking:
    """Let somebody look after a building or one unit from a day, today by default; who did so before stops.

    Raises:
        BadInput: not exactly one of building and unit is given.
        RuleBroken: somebody is entered from that day or later already, or a guard would collect debts.
    """
    if (building is None) == (unit is None):
        raise BadInput("楼栋和房号要填其中一个：整栋由谁负责，或某一套由谁负责。", "building")
    if kind is CareKind.COLLECTOR:
        refuse_guard(staff, "收费和催缴")
    start = since or date.today()
    check_span(start, until)
    place = Caretaking.building == building if building else Caretaking.unit == unit
    for row in Caretaking.select().where(place & (Caretaking.kind == kind)):
        if overlap(row, start, until):
            if row.since >= start:
                raise RuleBroken(
                    f"{row.label()} 从 {SinceField().show(row.since)} 起已安排。请先结束它，或改日期。"
                )
            close(row, start - ONE_DAY)
    return Caretaking.add(building=building, unit=unit, staff=staff, kind=kind, since=start, until=until)


def carers_on(day: date, kind: CareKind = CareKind.COLLECTOR) -> dict[int, Carer]:
    """Return who looks after each unit (id) on a day; a unit's own carer goes before its building's."""
    rows = Caretaking.on(day) & (Caretaking.kind == kind)
    chosen = Caretaking.select(Caretaking.building, Caretaking.unit, Staff.id, Staff.name).join(Staff)
    buildings: dict[int, Carer] = {}
    units: dict[int, Carer] = {}
    for building, unit, *staff in db.execute(chosen.where(rows).order_by(Caretaking.since, Caretaking.id)):
        place, key = (units, unit) if unit is not None else (buildings, building)
        place[key] = Carer(*staff)
    within = Unit.select(Unit.id, Unit.building).where(Unit.building.in_(list(buildings)))
    return {unit: buildings[building] for unit, building in db.execute(within)} | units


def cared_for(person: Any, right: str, day: date | None = None) -> Any:
    """Return a subquery of the ids of units within the reach of a person's right; None for all."""
    scope = person.scope(right)
    if scope is Scope.ALL:
        return None
    rows = Caretaking.on(day or date.today())
    if scope is Scope.OWN:
        rows &= Caretaking.staff == person.staff_id
    else:
        mates = Staff.select(Staff.id).where(
            Staff.department.is_null(False) & (Staff.department == person.department_id)
        )
        rows &= Caretaking.staff.in_(mates)
    whole = Caretaking.select(Caretaking.building).where(rows & Caretaking.unit.is_null())
    single = Caretaking.select(Caretaking.unit).where(rows & Caretaking.unit.is_null(False))
    return Unit.select(Unit.id).where(Unit.building.in_(whole) | Unit.id.in_(single))


@judges_scope(Unit)
def reaches(unit: Unit, person: Any, right: str) -> bool:
    """Whether a unit lies within the reach of a person's right today."""
    units = cared_for(person, right)
    return units is None or Unit.select().where((Unit.id == unit.id) & Unit.id.in_(units)).exists()


@judges_scope(Building)
def reaches_building(building: Building, person: Any, right: str) -> bool:
    """Whether every unit of a building lies within the reach of a person's right today."""
    units = cared_for(person, right)
    if units is None:
        return True
    mine = Unit.building == building
    beyond = Unit.select().where(mine & Unit.id.not_in(units)).exists()
    return not beyond and Unit.select().where(mine).exists()


@judges_scope(Entrance)
def reaches_entrance(entrance: Entrance, person: Any, right: str) -> bool:
    """Whether an entrance lies within reach: as its building."""
    return reaches_building(entrance.building, person, right)


@judges_scope(Person)
def reaches_person(person: Person, reader: Any, right: str) -> bool:
    """Whether a person owns or uses something within reach; somebody bound to nothing is in everyone's."""
    units = cared_for(reader, right)
    if units is None:
        return True
    bound = [record.select().where(record.person == person) for record in (Ownership, Occupancy)]
    near = [rows.where(rows.model.unit.in_(units)) for rows in bound]
    return any(rows.exists() for rows in near) or not any(rows.exists() for rows in bound)


@judges_scope(Vehicle)
def reaches_vehicle(vehicle: Vehicle, reader: Any, right: str) -> bool:
    """Whether a vehicle's space or owner lies within reach."""
    if vehicle.space is not None:
        return reaches(vehicle.space, reader, right)
    return vehicle.person is None or reaches_person(vehicle.person, reader, right)


@judges_scope(Staff)
@judges_scope(Caretaking)
@judges_scope(Community)
def reaches_only_with_all(_: Record, person: Any, right: str) -> bool:
    """Whole communities, and who looks after what, are for those whose right reaches everything."""
    return bool(person.scope(right) is Scope.ALL)
