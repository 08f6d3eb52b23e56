"""The owner files as pages and the command line list them."""

from datetime import date
from decimal import Decimal

import pytest

from models import desk, health
from models.errors import BadInput
from models.listings import Filters, Listing, listed
from models.owners import dated_lists, lists, standing  # noqa: F401 - registered by being imported
from models.owners.entry import add_building, add_community, add_entrance, add_person, add_unit, add_vehicle
from models.owners.estate import Unit, UnitKind
from models.owners.people import Person
from models.owners.tenure import add_occupancy, add_ownership, transfer

SUMMER = date(2026, 7, 1)


@pytest.fixture
def houses(office: object) -> list[Unit]:
    """1-1-201 (two owners), 1-1-1001 (one owner, a tenant) and C0001, which nobody owns."""
    add_community(name="测试小区")
    entrance = add_entrance(code="1", building=add_building("1"), floors=33)
    high = add_unit("1001", entrance=entrance, floor=10)
    low = add_unit("201", entrance=entrance, floor=2)
    space = add_unit("C0001", kind=UnitKind.PARKING)
    low.set_area(Decimal("94.56"))
    wang = add_person(name="王桂芳", phone="13812345678", identity="11010519491231002X")
    add_ownership(low, wang)
    add_ownership(low, add_person(name="李明"), date(2026, 1, 1))
    add_ownership(high, add_person(name="单雪"))
    add_occupancy(high, add_person(name="赵红", phone="0755-26001234"), since=date(2026, 1, 1))
    add_vehicle("粤B12345", person=wang, space=space)
    return [low, high, space]


def plain(name: str, **filters: object) -> list[dict[str, object]]:
    found = listed(name)(Filters(**filters))  # type: ignore[arg-type]
    return [found.plain(row) for row in found.rows()]


def found_units(words: str) -> list[object]:
    found = listed("units")().searched(words)
    return [found.plain(row)["unit"] for row in found.rows()]


def test_units_say_area_and_owner_of_today(houses: list[Unit]) -> None:
    rows = plain("units")
    assert [(row["unit"], row["area"], row["owner"]) for row in rows] == [
        ("1-1-201", "94.56", "王桂芳等2人"),
        ("1-1-1001", None, "单雪"),
        ("C0001", None, None),
    ]
    assert (rows[0]["building"], rows[0]["entrance"], rows[1]["tenant"]) == ("1栋", "1", "赵红")


def test_units_of_a_day_say_what_held_then(houses: list[Unit]) -> None:
    transfer(houses[0], add_person(name="钱伟"), SUMMER)
    assert plain("units", unit=houses[0], on=date(2026, 6, 30))[0]["owner"] == "王桂芳等2人"
    assert plain("units", unit=houses[0], on=SUMMER)[0]["owner"] == "钱伟"
    assert plain("units", unit=houses[0], on=date(2025, 1, 1))[0]["owner"] == "王桂芳"


def test_units_are_narrowed_by_building_person_and_state(houses: list[Unit]) -> None:
    wang = Person.get(Person.name == "王桂芳")
    houses[2].retire()
    assert [row["unit"] for row in plain("units", building=houses[0].building)] == ["1-1-201", "1-1-1001"]
    assert [row["unit"] for row in plain("units", person=wang)] == ["1-1-201"]
    assert [row["unit"] for row in plain("units", state="停用")] == ["C0001"]
    with pytest.raises(BadInput, match="没有状态"):
        plain("units", state="没有")


@pytest.mark.parametrize(
    ("words", "units"),
    [
        ("1-1-201", ["1-1-201"]),
        ("1栋201", ["1-1-201"]),
        ("1栋1单元1001室", ["1-1-1001"]),
        ("王桂芳", ["1-1-201"]),
        ("wgf", ["1-1-201"]),
        ("shanxue", ["1-1-1001"]),
        ("13812345678", ["1-1-201"]),
        ("5678", ["1-1-201"]),
        ("粤B12345", ["C0001"]),
        ("赵红", ["1-1-1001"]),
        ("1栋 赵红", []),
        ("100%", []),
        ("1_1", []),
    ],
)
def test_a_unit_is_found_by_number_name_sound_phone_and_plate(
    houses: list[Unit], words: str, units: list[str]
) -> None:
    assert found_units(words) == units


def test_the_building_and_the_name_find_together(houses: list[Unit]) -> None:
    assert found_units("1-1 赵红") == ["1-1-1001"]


def test_people_are_listed_with_phone_and_identity_masked(houses: list[Unit]) -> None:
    (wang,) = (row for row in plain("people") if row["name"] == "王桂芳")
    assert (wang["phone"], wang["identity"], wang["units"]) == (
        "138****5678",
        "110***********002X",
        "1-1-201",
    )
    text = str([listed(name)().plain(row) for name in ("people", "ownerships", "vehicles") for row in []])
    assert "13812345678" not in text + str(plain("ownerships")) + str(plain("vehicles"))


def test_people_are_found_by_unit_plate_and_whole_identity_number(houses: list[Unit]) -> None:
    def names(words: str) -> list[object]:
        found = listed("people")().searched(words)
        return [found.plain(row)["name"] for row in found.rows()]

    assert set(names("1-1-201")) == {"王桂芳", "李明"}
    assert names("B12345") == ["王桂芳"]
    assert names("11010519491231002x") == ["王桂芳"]
    assert names("19491231") == []


def test_dated_rows_are_listed_with_their_days(houses: list[Unit]) -> None:
    first = plain("ownerships", unit=houses[0])[0]
    assert (first["person"], first["since"], first["until"], first["primary"]) == (
        "王桂芳",
        "起初",
        None,
        True,
    )
    assert [row["person"] for row in plain("occupancies")] == ["赵红"]
    assert plain("areas")[0]["billing"] == "94.56"
    assert [row["plate"] for row in plain("vehicles", on=date(2020, 1, 1))] == []
    assert plain("buildings")[0] | {"active": True} == {
        "building": "1", "name": "1栋", "community": "测试小区", "entrances": 1, "units": 2, "active": True,
    }  # fmt: skip
    assert (plain("entrances")[0]["floors"], plain("communities")[0]["name"]) == (33, "测试小区")


def test_no_list_asks_once_for_each_row(houses: list[Unit], queries: list[str]) -> None:
    for name in ("units", "people", "ownerships", "occupancies", "areas", "vehicles", "buildings"):
        found = listed(name)()
        queries.clear()
        rows = list(found.rows())
        assert rows and [found.shown(row) for row in rows]
        assert len(queries) == 1, name


def test_every_list_sorts_by_every_column_and_reads_in_windows(houses: list[Unit]) -> None:
    for name in (
        "units",
        "people",
        "ownerships",
        "occupancies",
        "areas",
        "vehicles",
        "buildings",
        "caretakers",
    ):
        found = listed(name)()
        assert isinstance(found, Listing)
        for column in found.columns:
            for order in (column.name, f"-{column.name}"):
                listing = found.sorted(order)
                seen, after = [], None
                while window := listing.window(after, 1):
                    seen.append(window[0].id)
                    after = window[-1].cursor
                assert seen == [row.id for row in listing.rows()], (name, order)


def test_health_names_units_without_owner_or_area(houses: list[Unit]) -> None:
    gaps = {(check.title, gap.subject) for check, gap in health.found()}
    assert gaps >= {("没有业主", "C0001"), ("没有面积", "C0001"), ("没有面积", "1-1-1001")}
    assert ("没有业主", "1-1-201") not in gaps
    houses[2].retire()
    assert ("没有业主", "C0001") not in {(check.title, gap.subject) for check, gap in health.found()}


def test_the_desk_counts_units_and_reminds_of_ownerless_ones(houses: list[Unit]) -> None:
    figures = {figure.title: figure.value for figure in desk.figures_on(SUMMER)}
    assert (figures["房屋"], figures["无业主房屋"]) == ("2 套", "1 套")
    assert "1 套房屋没有登记业主" in [reminder.title for reminder in desk.reminders_on(SUMMER)]
