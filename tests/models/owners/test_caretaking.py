"""Who looks after what, and how far a role that reaches only its own then sees."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date

import pytest

from models import deeds
from models.deeds import Scope, acting
from models.errors import BadInput, PermissionDenied, RuleBroken
from models.listings import listed
from models.office.staff import Department, Staff
from models.owners import dated_lists, lists  # noqa: F401 - registered by being imported
from models.owners.caretaking import CareKind, Caretaking, assign_caretaker, carers_on
from models.owners.entry import add_building, add_community, add_person, add_unit
from models.owners.estate import Unit
from models.owners.tenure import add_ownership
from tests.estate import writing

NEW_YEAR = date(2026, 1, 1)
SUMMER = date(2026, 7, 1)


class Clerk:
    """Somebody with every right, who reaches no further than told."""

    account_id = None

    def __init__(self, staff: Staff, reach: Scope) -> None:
        self.staff_id, self.department_id, self.name = staff.id, staff.department_id, staff.name
        self.reach = reach

    def may(self, right: str) -> bool:
        return True

    def scope(self, right: str) -> Scope:
        return self.reach


@pytest.fixture
def staff(office: object) -> list[Staff]:
    with writing():
        here = Department.find("客户服务部")
        return [
            Staff.add(number=str(n), name=name, department=here) for n, name in ((11, "王敏"), (12, "李强"))
        ]


@pytest.fixture
def houses(office: object) -> list[Unit]:
    """1-101 and 1-102 in one building, 2-101 in another; each with an owner."""
    add_community(name="测试小区")
    made = []
    for code, rooms in (("1", ("101", "102")), ("2", ("101",))):
        building = add_building(code)
        for room in rooms:
            unit = add_unit(room, building=building)
            add_ownership(unit, add_person(name=f"业主{unit.code}"))
            made.append(unit)
    return made


def codes(name: str) -> list[str]:
    return [row.values[0] for row in listed(name)().rows()]


def test_a_units_own_collector_goes_before_that_of_its_building(
    staff: list[Staff], houses: list[Unit]
) -> None:
    assign_caretaker(staff[0], building=houses[0].building, since=NEW_YEAR)
    assign_caretaker(staff[1], unit=houses[1], since=SUMMER)
    names = {unit: carer.name for unit, carer in carers_on(SUMMER).items()}
    assert names == {houses[0].id: "王敏", houses[1].id: "李强"}
    assert carers_on(NEW_YEAR)[houses[1].id].name == "王敏"
    assert carers_on(SUMMER, CareKind.CARETAKER) == {}


def test_whoever_comes_next_ends_the_one_before(staff: list[Staff], houses: list[Unit]) -> None:
    first = assign_caretaker(staff[0], building=houses[0].building, since=NEW_YEAR)
    assign_caretaker(staff[1], building=houses[0].building, since=SUMMER)
    assert Caretaking.get_by_id(first.id).until == date(2026, 6, 30)
    with pytest.raises(RuleBroken, match="已安排"):
        assign_caretaker(staff[0], building=houses[0].building, since=NEW_YEAR)


def test_either_a_building_or_a_unit_is_looked_after(staff: list[Staff], houses: list[Unit]) -> None:
    with pytest.raises(BadInput, match="其中一个"):
        assign_caretaker(staff[0])
    with pytest.raises(BadInput, match="其中一个"):
        assign_caretaker(staff[0], building=houses[0].building, unit=houses[0])


@pytest.fixture
def as_collector(staff: list[Staff], houses: list[Unit]) -> Callable[[Scope], AbstractContextManager[object]]:
    """Act as 李强, who collects from 1-102; his colleague 王敏 from building 2."""
    assign_caretaker(staff[1], unit=houses[1])
    assign_caretaker(staff[0], building=houses[2].building)
    return lambda reach: acting(Clerk(staff[1], reach))


def test_lists_show_what_lies_within_reach(
    as_collector: Callable[[Scope], AbstractContextManager[object]],
) -> None:
    with as_collector(Scope.OWN):
        assert codes("units") == ["1-102"]
        assert codes("ownerships") == ["1-102"]
        assert codes("areas") == []
        assert [row.values[1] for row in listed("people")().rows()] == ["业主1-102"]
        assert codes("buildings") == ["1"]
        assert [row.values[2] for row in listed("caretakers")().rows()] == ["李强"]
    with as_collector(Scope.DEPARTMENT):
        assert codes("units") == ["1-102", "2-101"]


def test_deeds_stop_where_the_reach_ends(
    as_collector: Callable[[Scope], AbstractContextManager[object]], houses: list[Unit], staff: list[Staff]
) -> None:
    from models.owners.people import Person

    theirs, mine = Person.find("1"), Person.find("2")
    with as_collector(Scope.OWN):
        mine.edit(note="上门前先电话联系")
        houses[1].edit(note="二楼")
        add_ownership(houses[1], add_person(name="李明"))
        for beyond in (
            lambda: theirs.edit(note="不该"),
            lambda: theirs.reveal(),
            lambda: houses[0].edit(note="不该"),
            lambda: add_ownership(houses[0], mine),
            lambda: houses[0].building.edit(name="别名"),
            lambda: houses[0].building.community.edit(name="别名"),
            lambda: assign_caretaker(staff[1], unit=houses[0]),
            lambda: assign_caretaker(staff[1], unit=houses[1]),
        ):
            with pytest.raises(PermissionDenied, match="不在您负责的范围内"):
                beyond()
    assert deeds.actor().name == "管理员"
