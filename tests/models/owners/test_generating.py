"""A whole estate from a few figures, tried first, and taken back as one."""

from decimal import Decimal

import pytest

from models import batches
from models.audit import AuditEntry
from models.deeds import DEEDS
from models.errors import BadInput, RuleBroken
from models.fields import BEGINNING
from models.owners.entry import add_building, add_community, add_unit
from models.owners.estate import Building, Community, Entrance, Unit, UnitArea, UnitKind
from models.owners.generating import generate, plan_generation


def rooms() -> list[str]:
    return [unit.code for unit in Unit.select().order_by(Unit.sort_key)]


def test_a_dry_run_counts_and_shows_samples_and_writes_nothing(office: object) -> None:
    entries = AuditEntry.select().count()
    told = plan_generation(buildings="1-13", entrances=2, floors="1-33", rooms=4)
    assert (told.new, told.known) == (13 * 2 * 33 * 4, 0)
    assert told.samples[0] == "1-1-101" and told.samples[-1] == "13-2-3304"
    assert "房屋 3432" in told.summary() and "单元 26" in told.summary()
    assert (Unit.select().count(), Community.select().count()) == (0, 0)
    assert AuditEntry.select().count() == entries


def test_everything_is_made_as_one_batch_and_taken_back_as_one(office: object) -> None:
    made = generate(buildings="1,2", entrances=1, floors="1-2", rooms=2, area=Decimal("89.50"))
    assert rooms() == [f"{b}-1-{r}" for b in (1, 2) for r in (101, 102, 201, 202)]
    assert (Building.select().count(), Entrance.get().floors) == (2, 2)
    unit = Unit.find("2-1-202")
    area = UnitArea.get(UnitArea.unit == unit)
    assert (unit.floor, unit.building.name, unit.chinese) == (2, "2栋", "2栋1单元202")
    assert (area.billing, area.since) == (Decimal("89.50"), BEGINNING)
    (batch,) = made.plan.batches
    assert (batch.count, batch.title) == (1 + 2 + 2 + 8 + 8, "生成 1,2栋")
    assert batches.undo(batch) == 21
    assert rooms() == []


def test_what_is_there_already_is_left_alone(office: object) -> None:
    add_community(name="桂园")
    add_unit("101", building=add_building("1"), note="老住户")
    made = generate(buildings="1", entrances=0, floors="1-2", rooms=1)
    assert (made.new, made.known, rooms()) == (1, 1, ["1-101", "1-201"])
    assert Unit.find("1-101").note == "老住户"
    assert (Community.select().count(), Building.select().count()) == (1, 1)
    again = generate(buildings="1", entrances=0, floors="1-2", rooms=1)
    assert (again.new, again.known, again.plan.batches) == (0, 2, [])


@pytest.mark.parametrize(
    ("pattern", "first"),
    [
        ("{层}{序:2}", "A1-1-101"),
        ("{层:2}{序:2}", "A1-1-0101"),
        ("{单元}{层:2}{序}", "A1-1-1011"),
        ("S{层}{序:3}", "A1-1-S1001"),
    ],
)
def test_rooms_are_numbered_as_the_pattern_says(office: object, pattern: str, first: str) -> None:
    generate(buildings="A1-A2", floors="1", rooms=2, pattern=pattern)
    assert rooms()[0] == first


def test_floors_may_lie_below_ground_and_be_left_out(office: object) -> None:
    generate(buildings="1", entrances=0, floors="-2--1，1-6", rooms=1, without="4", kind=UnitKind.STORE)
    assert {unit.room: unit.floor for unit in Unit.select()} == {
        "B201": -2, "B101": -1, "101": 1, "201": 2, "301": 3, "501": 5, "601": 6,
    }  # fmt: skip
    assert Unit.get().kind is UnitKind.STORE


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"buildings": "甲"}, "楼栋号“甲”看不懂"),
        ({"buildings": "9-1"}, "看不懂"),
        ({"floors": "三层"}, "楼层“三层”看不懂"),
        ({"floors": "1-999"}, "看不懂"),
        ({"floors": "4", "without": "4"}, "没有要生成的房屋"),
        ({"pattern": "{层}"}, "看不懂"),
        ({"pattern": "{层}{序}{别的}"}, "看不懂"),
        ({"pattern": "{层}-{序}"}, "看不懂"),
        ({"pattern": "{序}", "floors": "1-2"}, "会出现两次"),
        ({"pattern": "{层}{序}", "floors": "1,11", "rooms": 11}, "房号 1-1-111 会出现两次"),
        ({"buildings": "1-99", "floors": "1-99", "rooms": 100}, "一次最多生成 20,000 套"),
    ],
)
def test_what_cannot_be_made_is_refused_in_words(
    office: object, given: dict[str, object], sentence: str
) -> None:
    values = {"buildings": "1", "floors": "1-3", "rooms": 2, **given}
    with pytest.raises(BadInput, match=sentence.replace("（", ".")):
        generate(**values)  # type: ignore[arg-type]
    assert rooms() == []


def test_it_stays_once_something_builds_on_it(office: object) -> None:
    made = generate(buildings="1", floors="1", rooms=2)
    Unit.find("1-1-101").set_area(Decimal("90"))
    with pytest.raises(RuleBroken, match="不能整批撤销"):
        batches.undo(made.plan.batches[0])
    assert len(rooms()) == 2


def test_the_command_line_generates_by_words(office: object) -> None:
    DEEDS["owners.generate"].call(None, {"buildings": "１-２", "floors": "1-3", "rooms": "2", "kind": "商铺"})
    assert len(rooms()) == 12
    assert Unit.get().kind is UnitKind.SHOP
