"""The estate as the office enters it: codes, areas, states, and what stays in use."""

from datetime import date
from decimal import Decimal

import pytest

from models.errors import BadInput, NotFound, RuleBroken
from models.fields import BEGINNING
from models.owners.entry import add_building, add_community, add_entrance, add_unit
from models.owners.estate import AreaBasis, Building, Entrance, Unit, UnitArea, UnitKind, UnitState

SUMMER = date(2026, 7, 1)


@pytest.fixture
def building(office: object) -> Building:
    add_community(name="测试小区")
    return add_building("1")


@pytest.fixture
def unit(building: Building) -> Unit:
    return add_unit("1011", entrance=add_entrance(code="1", building=building))


def areas(unit: Unit) -> list[tuple[date, date | None, str]]:
    rows = UnitArea.select().where(UnitArea.unit == unit).order_by(UnitArea.since)
    return [(row.since, row.until, str(row.billing)) for row in rows]


def test_a_building_is_named_after_its_code(building: Building) -> None:
    assert (building.name, building.community.name) == ("1栋", "测试小区")


def test_a_building_needs_a_community(office: object) -> None:
    with pytest.raises(RuleBroken, match="请先新增小区"):
        add_building("1")


def test_a_unit_is_called_by_where_it_lies(unit: Unit, building: Building) -> None:
    assert (unit.code, unit.chinese, unit.building) == ("1-1-1011", "1栋1单元1011", building)
    assert add_unit("101", building=building).code == "1-101"
    assert add_unit("C0001", kind=UnitKind.PARKING).code == "C0001"


@pytest.mark.parametrize("typed", ["1-1-1011", "1栋1单元1011室", "１－１－１０１１", "一号楼一单元1011"])
def test_a_unit_is_found_however_its_number_is_written(unit: Unit, typed: str) -> None:
    assert Unit.find(typed) == unit


def test_a_house_number_is_given_once(unit: Unit) -> None:
    with pytest.raises(BadInput, match="1-1-1011"):
        add_unit("1011", entrance=unit.entrance)


def test_an_entrance_of_another_building_is_refused(unit: Unit) -> None:
    other = add_building("2")
    with pytest.raises(BadInput, match="不在所选的楼栋"):
        add_unit("1012", building=other, entrance=unit.entrance)
    with pytest.raises(BadInput, match="不在所选的楼栋"):
        unit.edit(building=other)


def test_an_entrance_is_called_by_building_and_code(unit: Unit) -> None:
    assert Entrance.find("1-1") == unit.entrance
    assert unit.entrance.key() == "1-1"
    with pytest.raises(NotFound, match="1-9"):
        Entrance.find("1-9")


def test_the_first_area_holds_from_the_beginning_and_the_next_from_its_day(unit: Unit) -> None:
    unit.set_area(Decimal("94.56"))
    unit.set_area(Decimal("95.10"), basis=AreaBasis.DEED, since=SUMMER)
    assert areas(unit) == [(BEGINNING, date(2026, 6, 30), "94.56"), (SUMMER, None, "95.10")]
    early, late = unit.area_on(date(2026, 6, 30)), unit.area_on(SUMMER)
    assert early is not None and late is not None
    assert (early.billing, late.billing, late.basis) == (Decimal("94.56"), Decimal("95.10"), AreaBasis.DEED)


def test_an_area_in_between_ends_where_the_next_begins(unit: Unit) -> None:
    unit.set_area(Decimal("90.00"))
    unit.set_area(Decimal("92.00"), since=SUMMER)
    unit.set_area(Decimal("91.00"), since=date(2026, 3, 1))
    assert areas(unit) == [
        (BEGINNING, date(2026, 2, 28), "90.00"),
        (date(2026, 3, 1), date(2026, 6, 30), "91.00"),
        (SUMMER, None, "92.00"),
    ]


def test_an_area_of_the_same_day_is_corrected(unit: Unit) -> None:
    unit.set_area(Decimal("94.56"))
    unit.set_area(Decimal("94.65"), since=BEGINNING)
    assert areas(unit) == [(BEGINNING, None, "94.65")]


def test_fees_go_by_the_built_area_where_no_other_is_given(unit: Unit) -> None:
    assert unit.set_area(built=Decimal("94.56"), inner=Decimal("80.00")).billing == Decimal("94.56")
    with pytest.raises(BadInput, match="计费面积"):
        unit.set_area(inner=Decimal("80.00"))


def test_a_retired_unit_may_come_back(unit: Unit) -> None:
    unit.retire()
    assert unit.state is UnitState.RETIRED
    unit.set_state(UnitState.VACANT)
    assert unit.state is UnitState.VACANT


def test_the_handover_date_is_told_with_the_state(unit: Unit) -> None:
    unit.set_state(UnitState.HANDED_OVER, SUMMER)
    assert (unit.state, unit.handed_over) == (UnitState.HANDED_OVER, SUMMER)


def test_a_building_with_units_in_use_stays_in_use(unit: Unit, building: Building) -> None:
    with pytest.raises(RuleBroken, match="1栋还有 1 套在用的房屋"):
        building.retire()
    with pytest.raises(RuleBroken, match="1 栋在用的楼"):
        building.community.retire()
    unit.retire()
    unit.entrance.retire()
    building.retire()
    assert building.community.retire().active is False
    assert building.restore().active is True


def test_house_numbers_sort_as_people_count(building: Building) -> None:
    for room in ("1002", "201", "1001"):
        add_unit(room, building=building)
    assert [unit.room for unit in Unit.select().order_by(Unit.sort_key)] == ["201", "1001", "1002"]


def test_the_command_line_enters_and_edits_by_keys(building: Building) -> None:
    from models.deeds import DEEDS

    DEEDS["owners.add_entrance"].call(None, {"code": "2", "building": "1", "floors": "18"})
    DEEDS["owners.add_unit"].call(None, {"room": "501", "entrance": "1-2", "kind": "商铺"})
    DEEDS["owners.edit_unit"].call("1-2-501", {"floor": "5", "note": "转角"})
    DEEDS["owners.set_area"].call("1-2-501", {"billing": "３０．５"})
    shop = Unit.find("1-2-501")
    assert (shop.kind, shop.floor, shop.note) == (UnitKind.SHOP, 5, "转角")
    assert areas(shop) == [(BEGINNING, None, "30.50")]
