"""Where the houses of a building stand on its map."""

from models.owners.estate import UnitKind
from models.owners.layout import MOST_ACROSS, House, floor_name, floor_told_by, lay_out


def house(room: str, floor: int | None, entrance: str | None = "1", kind: UnitKind = UnitKind.HOUSE) -> House:
    return House(room, kind, floor, entrance)


def drawn(*houses: House) -> list[str]:
    _, lines = lay_out(houses)
    return [
        f"{line.label} " + " ".join(cell.room if cell else "-" for cell in line.cells).rstrip(" -")
        for line in lines
    ]


def test_entrances_stand_side_by_side_and_floors_from_the_top_down() -> None:
    houses = [house(f"{floor}0{at}", floor, door) for door in "12" for floor in (1, 2, 10) for at in (1, 2)]
    bays, _ = lay_out(houses)
    assert [(bay.title, bay.first, bay.width) for bay in bays] == [("1单元", 0, 2), ("2单元", 2, 2)]
    assert drawn(*houses) == ["10层 1001 1002 1001 1002", "2层 201 202 201 202", "1层 101 102 101 102"]


def test_entrances_are_in_the_order_people_count() -> None:
    bays, _ = lay_out([house("101", 1, door) for door in ("10", "2")])
    assert [bay.title for bay in bays] == ["2单元", "10单元"]


def test_a_house_keeps_its_stack_where_one_beside_it_is_missing() -> None:
    assert drawn(house("301", 3), house("303", 3), house("201", 2), house("202", 2), house("203", 2)) == [
        "3层 301 - 303",
        "2层 201 202 203",
    ]


def test_a_floor_below_ground_stands_below_and_is_called_so() -> None:
    assert drawn(house("101", 1), house("B101", -1)) == ["1层 101", "B1 B101"]
    assert floor_name(-2) == "B2"


def test_numbers_that_follow_no_stack_are_put_from_left_to_right() -> None:
    houses = [house(name, floor) for floor in (2, 1) for name in (f"甲{floor}", f"乙{floor}", f"丙{floor}")]
    assert drawn(*houses) == ["2层 甲2 乙2 丙2", "1层 甲1 乙1 丙1"]


def test_shops_on_the_street_stand_below_the_houses_of_their_floor() -> None:
    shops = [house(f"S0{at}", 1, None, UnitKind.SHOP) for at in (1, 2)]
    assert drawn(house("201", 2), house("101", 1), *shops) == ["2层 201", "1层 101", "1层商铺 S01 S02"]


def test_a_mall_without_entrances_has_its_shops_by_floor() -> None:
    shops = [house(f"{floor}0{at}", floor, None, UnitKind.SHOP) for floor in (1, 2) for at in (1, 2)]
    assert drawn(*shops) == ["2层 201 202", "1层 101 102"]


def test_storerooms_and_spaces_stand_below_everything_whatever_floor_they_are_on() -> None:
    stores = [house(f"B0{at}", -1, "1", UnitKind.STORE) for at in range(1, 10)]
    space = house("C1", -2, None, UnitKind.PARKING)
    told = drawn(house("101", 1), *stores, space)
    assert told[0] == "1层 101" and told[1].startswith("储藏间 B01 B02") and told[-1] == "车位 C1"
    assert [line.split()[0] for line in told] == ["1层", "储藏间", "储藏间", "车位"]


def test_a_garage_is_wrapped() -> None:
    _, lines = lay_out([house(f"C{at}", None, None, UnitKind.PARKING) for at in range(50)])
    assert {line.label for line in lines} == {"车位"} and len(lines) == 4


def test_a_very_wide_floor_is_wrapped_and_loses_no_house() -> None:
    houses = [house(f"1{at:03}", 1) for at in range(60)]
    _, lines = lay_out(houses)
    assert len(lines) == 3 and max(len(line.cells) for line in lines) == MOST_ACROSS
    assert [cell for line in lines for cell in line.cells if cell] == houses


def test_a_number_tells_the_floor_where_none_is_known() -> None:
    assert floor_told_by("1203", UnitKind.HOUSE) == 12
    assert floor_told_by("101", UnitKind.SHOP) == 1
    assert [floor_told_by(room, UnitKind.HOUSE) for room in ("甲", "12", "001", "12034")] == [None] * 4
    assert floor_told_by("101", UnitKind.PARKING) is None


def test_a_house_whose_floor_nobody_knows_stands_below_the_others() -> None:
    assert drawn(house("101", 1), house("阁楼", None)) == ["1层 101", "未填楼层 阁楼"]


def test_nothing_is_laid_out_as_nothing() -> None:
    assert lay_out([]) == ((), ())
