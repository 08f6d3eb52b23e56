"""What the house map is told by modules, and whom it tells."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest

from models import deeds
from models.deeds import Scope
from models.errors import NotFound, PermissionDenied
from models.owners import housemap, standing  # noqa: F401 - registered by being imported
from models.owners.estate import Building, Unit, UnitKind, UnitState
from models.owners.housemap import QUESTIONS, Answer, Told, asks_houses, house_map, mapped_buildings
from models.owners.people import Ownership
from models.owners.rights import VIEW
from tests.estate import Estate, writing

OLD, NEW = Answer("旧", "旧房", "warning"), Answer("新", "新房")


@pytest.fixture
def houses(estate: Estate) -> list[Unit]:
    """101 and 102 of 1栋, a space that lies nowhere."""
    made = [estate.house("101"), estate.house("102", owner=None)]
    with writing():
        made.append(Unit.add(code="C0001", room="C0001", kind=UnitKind.PARKING))
    return made


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[object]]:
    """Register a question of the test's own, which notes what it was asked."""
    told: list[object] = []
    monkeypatch.setattr(housemap, "QUESTIONS", {})

    @asks_houses("built", "新旧", VIEW, (OLD, NEW))
    def built(day: date, units: object) -> dict[int, Told]:
        told.append((day, units))
        return {1: Told(OLD, "1998年", Decimal("5.00")), 2: Told(OLD, "", Decimal("7.50"))}

    yield told


class Reader:
    """Somebody who reaches what he looks after, which is nothing, or everything."""

    account_id, name, department_id, staff_id = None, "某人", None, 0

    def __init__(self, *rights: str, scope: Scope = Scope.ALL) -> None:
        self.rights, self.reach = rights, scope

    def may(self, right: str) -> bool:
        return right in self.rights

    def scope(self, right: str) -> Scope:
        return self.reach


def signs(name: str, building: Building | None = None) -> dict[str, str]:
    return {one.code: one.told.answer.sign for one in house_map(name, building).houses}


def test_every_house_has_a_letter_for_how_it_is_used(houses: list[Unit]) -> None:
    houses[0].set_state(UnitState.VACANT)
    assert signs("state") == {"1-1-101": "空", "1-1-102": "交", "C0001": "交"}


def test_every_state_of_a_house_has_an_answer_of_its_own(office: object) -> None:
    told = QUESTIONS["state"].answers
    assert {one.words for one in told} == {state.value for state in UnitState}
    assert len({one.sign for one in told}) == len(UnitState)


def test_what_is_told_of_nobody_is_the_last_answer(houses: list[Unit], asked: list[object]) -> None:
    assert signs("built") == {"1-1-101": "旧", "1-1-102": "旧", "C0001": "新"}
    tally = house_map("built").tally()
    assert [(one.answer, one.houses, one.amount) for one in tally] == [
        (OLD, 2, Decimal("12.50")),
        (NEW, 1, None),
    ]


def test_a_module_is_asked_about_the_day_and_all_houses_or_just_those_of_a_building(
    houses: list[Unit], asked: list[object], estate: Estate
) -> None:
    day = date(2026, 11, 23)
    house_map("built", day=day)
    assert asked == [(day, None)]
    house_map("built", estate.building)
    within = asked[1][1]  # type: ignore[index]
    assert {unit.id for unit in within} == {houses[0].id, houses[1].id}


def test_houses_say_their_owner_of_that_day(houses: list[Unit], estate: Estate) -> None:
    with writing():
        Ownership.add(unit=houses[0], person=estate.person("李明"), since=date(2026, 1, 1))
    told = {one.code: one.owner for one in house_map("state", day=date(2026, 6, 1)).houses}
    assert told == {"1-1-101": "王桂芳等2人", "1-1-102": "", "C0001": ""}
    assert house_map("state", day=date(2025, 6, 1)).houses[0].owner == "王桂芳"


def test_buildings_come_in_the_order_people_count_and_what_lies_in_none_comes_last(
    houses: list[Unit], estate: Estate
) -> None:
    with writing():
        for code in ("10", "2"):
            place = Building.add(community=estate.building.community, code=code, name=f"{code}栋")
            Unit.add(code=f"{code}-101", room="101", building=place)
        Building.add(community=estate.building.community, code="3", name="3栋")
    assert [plan.name for plan in house_map("state").plans] == ["1栋", "2栋", "10栋", "未归楼栋"]
    assert mapped_buildings() == [("1", "1栋"), ("2", "2栋"), ("10", "10栋")]


def test_a_house_is_called_by_its_number_within_the_building(houses: list[Unit], estate: Estate) -> None:
    with writing():
        for code, kind in (("1-1-B01", UnitKind.STORE), ("1-S01", UnitKind.SHOP)):
            Unit.add(
                code=code,
                room=code.rpartition("-")[2],
                kind=kind,
                building=estate.building,
                entrance=estate.entrance if kind is UnitKind.STORE else None,
            )
    assert [one.short for one in house_map("state", estate.building).houses] == ["101", "102", "1-B01", "S01"]


def test_questions_are_offered_and_answered_to_those_with_the_right(houses: list[Unit]) -> None:
    from models.fees import housemap as _  # noqa: F401 - registered by being imported

    with deeds.acting(Reader(VIEW)):
        assert [one.name for one in housemap.questions()] == ["state"]
        with pytest.raises(PermissionDenied, match="查看收费"):
            house_map("payment")
    with deeds.acting(Reader(VIEW, "fees.view")):
        assert [one.name for one in housemap.questions()] == ["state", "payment", "age"]
    with deeds.acting(Reader("fees.view")), pytest.raises(PermissionDenied, match="查看业主档案"):
        house_map("payment")


def test_an_unknown_question_is_refused_with_those_there_are(houses: list[Unit]) -> None:
    with pytest.raises(NotFound, match=r"没有“朝向”这个问题。可用：使用状态\(state\)"):
        house_map("朝向")
    assert house_map("使用状态").question.name == "state"


def test_houses_beyond_reach_are_not_on_the_map(houses: list[Unit]) -> None:
    with deeds.acting(Reader(VIEW, scope=Scope.OWN)):
        assert house_map("state").plans == () and mapped_buildings() == []


def test_one_building_or_a_hundred_houses_more_take_the_same_few_statements(
    houses: list[Unit], estate: Estate, queries: list[str]
) -> None:
    counts = []
    for start in (201, 401):
        queries.clear()
        house_map("state", estate.building)
        counts.append(len(queries))
        for room in range(start, start + 50):
            estate.house(str(room))
    assert counts[0] == counts[1] <= 6


def test_a_question_is_registered_once(asked: list[object]) -> None:
    with pytest.raises(ValueError, match="built"):
        asks_houses("built", "新旧", VIEW, (OLD,))(lambda day, units: {})
