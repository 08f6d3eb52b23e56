"""Who owes how much for how long, as of a day (FE-08)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings

from models import deeds
from models.fees.arrears import AGES, age_of, debts
from models.fees.billing import bill
from models.fees.bills import Bill
from models.fees.cashier import receive, void_receipt
from models.fees.items import Basis, FeeItem
from models.listings import Filters, listed
from models.months import Month
from models.office.accounts import Account
from models.owners.caretaking import Caretaking
from models.owners.estate import Building, Community, Unit
from models.owners.people import Occupancy, Ownership, Person
from tests.estate import Estate, writing
from tests.models.fees.world import STEPS, Collector, Step, World, rolled_back

DUE = date(2020, 6, 25)
JUNE = Month(2020, 6)


@pytest.fixture
def house(estate: Estate) -> Unit:
    """A house that is charged 100.00 for May, June and July 2020, due on the 25th."""
    unit = estate.house("101", "100.00")
    estate.give(unit, estate.item(since=date(2020, 5, 1)))
    for month in (5, 6, 7):
        bill(Month(2020, month))
    return unit


def owed(day: date) -> int:
    return sum(debt.total for debt in debts(day).values())


@pytest.mark.parametrize(
    ("due", "day", "age"),
    [
        ((2020, 6, 25), (2020, 6, 25), 0),
        ((2020, 6, 25), (2020, 9, 25), 0),
        ((2020, 6, 25), (2020, 9, 26), 1),
        ((2020, 6, 25), (2021, 6, 25), 1),
        ((2020, 6, 25), (2021, 6, 26), 2),
        ((2020, 6, 25), (2022, 6, 25), 2),
        ((2020, 6, 25), (2022, 6, 26), 3),
        ((2020, 6, 25), (2023, 6, 25), 3),
        ((2020, 6, 25), (2023, 6, 26), 4),
        ((2020, 1, 31), (2020, 4, 30), 0),
        ((2020, 1, 31), (2020, 5, 1), 1),
        ((2020, 2, 29), (2020, 5, 31), 0),
        ((2020, 2, 28), (2020, 5, 31), 1),
        ((2020, 2, 29), (2021, 2, 28), 1),
        ((2020, 2, 29), (2021, 3, 1), 2),
    ],
)
def test_an_age_is_counted_from_the_due_day_by_the_calendar(
    due: tuple[int, int, int], day: tuple[int, int, int], age: int
) -> None:
    assert age_of(date(*due), date(*day)) == age
    assert len(AGES) == 5


def test_a_line_is_owed_from_its_due_day_on(house: Unit) -> None:
    assert [owed(DUE + timedelta(days=days)) for days in (-1, 0, 29, 30)] == [10000, 20000, 20000, 30000]
    (debt,) = debts(DUE).values()
    assert (debt.first_month, debt.months, debt.total) == (202005, 2, 20000)


def test_a_payment_counts_from_its_own_day_on(house: Unit) -> None:
    receive(house, Decimal("150.00"), on=date(2020, 7, 1))
    assert [owed(day) for day in (date(2020, 6, 30), date(2020, 7, 1), date(2020, 7, 25))] == [
        20000,
        5000,
        15000,
    ]
    (debt,) = debts(date(2020, 7, 1)).values()
    assert (debt.first_month, debt.months) == (202006, 1)


def test_what_was_void_was_never_paid(house: Unit) -> None:
    void_receipt(receive(house, Decimal("150.00"), on=date(2020, 7, 1)).receipts.get(), "收错户")
    assert owed(date(2020, 7, 1)) == 20000


def test_several_items_of_one_month_are_one_month(house: Unit, estate: Estate) -> None:
    estate.give(house, estate.item("公共照明", price="0.1000", since=JUNE.first))
    bill(JUNE)
    (debt,) = debts(DUE).values()
    assert (debt.months, debt.total) == (2, 21000)


def test_the_list_tells_who_owes_since_when_by_age(house: Unit, estate: Estate) -> None:
    with writing():
        Person.get().change(phone="13812345678")
    settled = estate.house("102")
    estate.give(settled, FeeItem.get(), JUNE.first, JUNE.last)
    bill(JUNE)
    receive(settled, Decimal("100.00"), on=DUE)
    receive(house, Decimal("0.50"), on=DUE)
    found = listed("arrears")(Filters(on=date(2020, 8, 26)))
    assert [found.plain(row) for row in found.rows()] == [
        {
            "unit": "1-1-101", "owner": "王桂芳", "phone": "138****5678", "since": "2020-05", "months": 3,
            "age1": "200.00", "age2": "99.50", "age3": "0.00", "age4": "0.00", "age5": "0.00",
            "amount": "299.50", "late": None, "collector": None, "old": "99.50",
            "chased": None, "lapses": "2023-05-25",
        }
    ]  # fmt: skip
    assert [column.heading for column in found.columns if column.name.startswith("age")] == list(AGES)
    assert found.totals() == (1, found.totals()[1])
    assert found.totals()[1]["amount"] == Decimal("299.50")


def test_the_list_names_the_tenant_who_pays_and_nobody_for_an_ownerless_house(estate: Estate) -> None:
    item = estate.item(since=JUNE.first)
    let, empty = estate.house("101"), estate.house("102", owner=None)
    with writing():
        Occupancy.add(unit=let, person=estate.person("陈租客"), pays=True)
    for unit in (let, empty):
        estate.give(unit, item)
    bill(JUNE)
    found = listed("arrears")(Filters(on=DUE))
    assert [found.plain(row)["owner"] for row in found.rows()] == ["陈租客（责任业主：王桂芳）", None]


def test_the_list_is_narrowed_by_unit_building_item_and_person(house: Unit, estate: Estate) -> None:
    with writing():
        other = Building.add(community=Community.get(), code="2", name="2栋")
    neighbour = estate.house("102", "50.00", "李明")
    with writing():
        Unit.get_by_id(neighbour.id).change(building=other, entrance=None, code="2-102")
    water = estate.item("水费", basis=Basis.HOUSEHOLD, price="9.0000", since=JUNE.first)
    estate.give(neighbour, water)
    bill(JUNE)

    def rows(**narrowed: object) -> list[tuple[str, str]]:
        found = listed("arrears")(Filters(on=DUE, **narrowed))
        return [(found.plain(row)["unit"], found.plain(row)["amount"]) for row in found.rows()]

    assert rows() == [("1-1-101", "200.00"), ("2-102", "9.00")]
    assert rows(unit=house) == [("1-1-101", "200.00")]
    assert rows(building=other) == [("2-102", "9.00")]
    assert rows(item=water) == [("2-102", "9.00")]
    assert rows(person=Person.get(Person.name == "李明")) == [("2-102", "9.00")]
    assert rows(person=Person.get(Person.name == "李明"), unit=house) == []


def test_a_collector_sees_the_debts_of_the_units_in_his_care(house: Unit, estate: Estate) -> None:
    neighbour = estate.house("102")
    estate.give(neighbour, FeeItem.get(), JUNE.first)
    bill(JUNE)
    staff = Account.find("admin").staff
    with writing():
        Caretaking.add(unit=neighbour, staff=staff)
    with deeds.acting(Collector(staff.id)):
        found = listed("arrears")(Filters(on=DUE))
        assert [found.plain(row)["unit"] for row in found.rows()] == ["1-1-102"]


@pytest.fixture
def world(estate: Estate) -> World:
    """An office in which half a year is billed already."""
    made = World.made(estate)
    for month in range(1, 7):
        bill(Month(2020, month))
    return made


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_a_day_in_the_past_tells_what_it_told_then(world: World, steps: list[Step]) -> None:
    """Whatever is received or set off later; what is undone aside, for that was never done on any day."""
    money = [step for step in steps if step[0] not in ("bill", "catch_up", "undo", "void", "take_back")]
    with rolled_back():
        then: dict[date, dict[int, int]] = {}
        playing = World(world.units, date(2020, 1, 20))
        for _ in playing.play(money):
            then[playing.day] = {unit: debt.total for unit, debt in debts(playing.day).items()}
        assert {day: {unit: debt.total for unit, debt in debts(day).items()} for day in then} == then
        whole = sum(line.owed for line in Bill.select().where(Bill.due <= date.today()))
        assert sum(debt.total for debt in debts(date.today()).values()) == whole * 100


def test_who_sold_the_house_and_still_owes_is_named_beside_who_owes_now(estate: Estate) -> None:
    house = estate.house("101", "100.00")
    estate.give(house, estate.item(since=date(2020, 5, 1)))
    bill(JUNE)
    with writing():
        sold = Ownership.get(Ownership.unit == house)
        sold.change(until=date(2020, 6, 30))
        Ownership.add(unit=house, person=estate.person("张新主"), since=date(2020, 7, 1))
    bill(Month(2020, 7))

    def owners() -> list[str]:
        found = listed("arrears")(Filters(on=date(2020, 7, 31)))
        return [found.plain(row)["owner"] for row in found.rows()]

    assert owners() == [f"{sold.person.name} 100.00、张新主 100.00"]
    receive(house, Decimal("100.00"), on=date(2020, 7, 31))
    assert owners() == ["张新主"]
