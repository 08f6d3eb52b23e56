"""How far each house has paid, and for how long it owes, on the house map."""

from datetime import date
from decimal import Decimal

import pytest

from models import deeds
from models.base import db
from models.fees import housemap as _questions  # noqa: F401 - its questions are asked below
from models.fees.billing import bill
from models.fees.cashier import receive
from models.months import Month
from models.owners.caretaking import Caretaking
from models.owners.estate import Building, Unit
from models.owners.housemap import MappedHouse, house_map
from tests.estate import Estate, writing
from tests.models.fees.world import Collector

JULY = date(2020, 7, 10)


@pytest.fixture
def houses(estate: Estate) -> list[Unit]:
    """Three houses, two of them charged 100.00 a month since May 2020, due on the 25th."""
    made = [estate.house(room, "100.00") for room in ("101", "102", "103")]
    item = estate.item(since=date(2020, 5, 1))
    for unit in made[:2]:
        estate.give(unit, item)
    for month in (5, 6, 7):
        bill(Month(2020, month))
    return made


def told(name: str, day: date, building: Building | None = None) -> dict[str, MappedHouse]:
    return {one.code: one for one in house_map(name, building, day).houses}


def test_a_house_owes_is_waited_for_has_paid_or_was_never_billed(houses: list[Unit]) -> None:
    receive(houses[0], Decimal("200.00"), on=JULY)
    found = told("payment", JULY)
    assert [found[unit.code].told.answer.sign for unit in houses] == ["待", "欠", "无"]
    assert found["1-1-102"].told.words == "200.00 元，共 2 个月，最早 2020-05"
    assert found["1-1-102"].told.amount == Decimal("200.00")
    assert found["1-1-101"].told.amount == Decimal("100.00")
    receive(houses[0], Decimal("100.00"), on=JULY)
    paid = told("payment", JULY)["1-1-101"].told
    assert (paid.answer.sign, paid.words, paid.amount) == ("清", "已交至 2020-07", None)


def test_what_was_paid_later_does_not_count_on_a_day_before(houses: list[Unit]) -> None:
    receive(houses[0], Decimal("300.00"), on=date(2020, 8, 1))
    assert told("payment", JULY)["1-1-101"].told.amount == Decimal("200.00")
    assert told("payment", date(2020, 6, 20))["1-1-101"].told.answer.sign == "欠"
    assert told("payment", date(2020, 5, 20))["1-1-101"].told.answer.sign == "待"
    assert told("payment", date(2020, 8, 1))["1-1-101"].told.answer.sign == "清"


def test_a_house_that_was_billed_long_ago_and_paid_has_no_bill_of_a_year(houses: list[Unit]) -> None:
    receive(houses[0], Decimal("300.00"), on=JULY)
    assert told("payment", date(2021, 7, 31))["1-1-101"].told.answer.sign == "清"
    assert told("payment", date(2021, 8, 1))["1-1-101"].told.answer.sign == "无"


@pytest.mark.parametrize(
    ("day", "sign"),
    [((2020, 5, 24), "清"), ((2020, 7, 26), "新"), ((2020, 8, 26), "旧"), ((2021, 6, 30), "久")],
)
def test_a_debt_is_told_by_the_age_of_its_oldest_part(
    houses: list[Unit], day: tuple[int, int, int], sign: str
) -> None:
    found = told("age", date(*day))
    assert (found["1-1-101"].told.answer.sign, found["1-1-103"].told.answer.sign) == (sign, "清")


def test_a_collector_sees_the_houses_that_he_looks_after(houses: list[Unit], estate: Estate) -> None:
    from models.office.accounts import Account

    staff = Account.find("admin").staff
    with writing():
        Caretaking.add(unit=houses[1], staff=staff)
    with deeds.acting(Collector(staff.id)):
        assert list(told("payment", JULY)) == ["1-1-102"]
        assert list(told("age", JULY, estate.building)) == ["1-1-102"]


@pytest.mark.parametrize("name", ["payment", "age"])
def test_the_number_of_statements_does_not_grow_with_the_houses(
    name: str, houses: list[Unit], estate: Estate
) -> None:
    said: list[str] = []
    counts = []
    for room in (201, 301):
        db.connection().set_trace_callback(said.append)
        told(name, JULY, estate.building)
        db.connection().set_trace_callback(None)
        counts.append(len(said))
        said.clear()
        for number in range(room, room + 20):
            estate.house(str(number))
    assert counts[0] == counts[1] <= 12
