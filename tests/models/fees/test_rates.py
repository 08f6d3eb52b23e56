"""Collection rates by the line's month, as of a cut-off day (forms.md B5)."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.errors import BadInput
from models.fees import rate_lists  # noqa: F401 - its lists are asked for by name
from models.fees.billing import bill
from models.fees.bills import Bill
from models.fees.cashier import receive, set_off, void_receipt
from models.fees.items import Basis, FeeItem
from models.fees.rates import Collected, RatesTable, by_month_and_item, rates_of
from models.listings import Filters, listed
from models.months import Month, Period
from models.owners.estate import Building, Community, Unit
from tests.estate import Estate, writing
from tests.models.fees.world import rolled_back

MAY, JUNE, JULY = Month(2020, 5), Month(2020, 6), Month(2020, 7)
FEN = Decimal("0.01")


def pay(unit: Unit, amount: str, on: date, month: Month | None = None, item: str = "物业费") -> None:
    """Pay on the line of a month, or on the oldest ones."""
    lines = None
    if month is not None:
        lines = [
            Bill.select()
            .join(FeeItem)
            .where((Bill.unit == unit) & (Bill.month == month) & (FeeItem.name == item))
            .get()
        ]
    receive(unit, Decimal(amount), bills=lines, on=on)


@pytest.fixture
def house(estate: Estate) -> Unit:
    """A house that is charged 100.00 for May, June and July 2020."""
    unit = estate.house("101", "100.00")
    estate.give(unit, estate.item(since=MAY.first))
    for month in (MAY, JUNE, JULY):
        bill(month)
    return unit


def test_the_example_of_the_rule_book_comes_out(estate: Estate) -> None:
    """forms.md B5, with what is reduced already left out: 83300/98000, 10000/40000, 93300/138000."""
    unit = estate.house("101")
    item = estate.item(basis=Basis.FIXED, price="0", extra="40000.00", since=MAY.first)
    estate.rate(item, JUNE.first, "0", "98000.00")
    estate.give(unit, item)
    bill(MAY)
    bill(JUNE)
    pay(unit, "83300.00", date(2020, 6, 20), JUNE)
    pay(unit, "10000.00", date(2020, 6, 30), MAY)
    total = rates_of(JUNE).total
    rates = total.rates()
    assert [str(rates[name]) for name in ("current", "recovery", "overall")] == ["85.0", "25.0", "67.6"]
    assert (total.charged, total.received, total.opening, total.recovered) == (
        9800000,
        8330000,
        4000000,
        1000000,
    )
    assert total.closing == 9800000 - 8330000 + 4000000 - 1000000
    assert (str(rates["year"]), rates["units"]) == ("67.6", Decimal("0.0"))


def test_without_charges_there_is_no_rate(estate: Estate) -> None:
    assert set(rates_of(JUNE).total.rates().values()) == {None}
    unit = estate.house("101")
    estate.give(unit, estate.item(since=JUNE.first))
    bill(JUNE)
    rates = rates_of(JUNE).total.rates()
    assert (rates["current"], rates["recovery"]) == (Decimal("0.0"), None)
    (row,) = listed("rates")(Filters(period=Period.parse("2020-06"))).rows()
    shown = dict(zip((c.name for c in listed("rates")().columns), listed("rates")().shown(row), strict=True))
    assert (shown["rate"], shown["recovery"]) == ("0.0%", "—")


def test_payments_after_the_last_day_of_the_month_do_not_count_unless_the_cut_off_is_later(
    house: Unit,
) -> None:
    pay(house, "60.00", date(2020, 6, 30), JUNE)
    pay(house, "40.00", date(2020, 7, 1), JUNE)
    assert rates_of(JUNE).total.received == 6000
    assert rates_of(JUNE, date(2020, 6, 29)).total.received == 0
    assert rates_of(JUNE, date(2020, 7, 1)).total.received == 10000


def test_what_was_owed_before_is_what_was_open_when_the_month_began(house: Unit) -> None:
    pay(house, "30.00", date(2020, 5, 31), MAY)
    pay(house, "20.00", date(2020, 6, 1), MAY)
    pay(house, "50.00", date(2020, 7, 1), MAY)
    june, july = rates_of(JUNE).total, rates_of(JULY).total
    assert (june.opening, june.recovered) == (7000, 2000)
    assert (july.opening, july.recovered) == (15000, 5000)


def test_lines_for_later_months_stand_in_neither_and_money_on_them_is_prepaid(house: Unit) -> None:
    pay(house, "100.00", date(2020, 6, 10), JULY)
    total = rates_of(JUNE).total
    assert (total.charged, total.received, total.opening, total.advance) == (10000, 0, 10000, 10000)
    assert (total.year_charged, total.year_received) == (20000, 0)
    assert rates_of(JUNE, date(2020, 6, 9)).total.advance == 0
    assert (rates_of(JULY).total.received, rates_of(JULY).total.advance) == (10000, 0)


def test_what_is_collected_for_others_stands_apart(house: Unit, estate: Estate) -> None:
    estate.give(house, estate.item("代收水费", price="3.0000", since=MAY.first, collected=True))
    bill(JUNE, catch_up=True)
    pay(house, "300.00", date(2020, 6, 10), JUNE, "代收水费")
    table = rates_of(JUNE)
    assert (table.total.charged, table.total.received) == (10000, 0)
    apart = table.collected_for_others
    assert (apart.charged, apart.received, apart.opening) == (30000, 30000, 30000)
    assert [name for name, _ in rates_of(JUNE, by="item").groups] == ["物业费"]


def test_a_balance_set_off_is_money_received(house: Unit) -> None:
    pay(house, "350.00", date(2020, 6, 10))
    bill(Month(2020, 8))
    set_off(house, on=date(2020, 8, 2))
    assert rates_of(Month(2020, 8)).total.received == 5000


def test_a_void_receipt_counts_for_nothing(house: Unit) -> None:
    void_receipt(receive(house, Decimal("150.00"), on=date(2020, 6, 10)).receipts.get(), "重复")
    total = rates_of(JUNE).total
    assert (total.received, total.recovered, total.opening) == (0, 0, 10000)


def test_a_household_is_settled_when_all_its_lines_of_the_month_are(house: Unit, estate: Estate) -> None:
    estate.give(house, estate.item("公共照明", price="0.1000", since=JUNE.first))
    other = estate.house("102", "100.00")
    estate.give(other, FeeItem.get(), JUNE.first)
    bill(JUNE)
    pay(house, "100.00", date(2020, 6, 10), JUNE)
    assert (rates_of(JUNE).total.settled_units, rates_of(JUNE).total.rates()["units"]) == (0, Decimal("0.0"))
    pay(house, "10.00", date(2020, 6, 12), JUNE, "公共照明")
    assert rates_of(JUNE).total.rates()["units"] == Decimal("50.0")
    assert rates_of(JUNE, date(2020, 6, 11)).total.settled_units == 0


def test_the_year_counts_its_own_lines_alone(estate: Estate) -> None:
    unit = estate.house("101", "100.00")
    estate.give(unit, estate.item(since=date(2019, 12, 1)))
    for month in (Month(2019, 12), Month(2020, 1), Month(2020, 2)):
        bill(month)
    pay(unit, "250.00", date(2020, 2, 10))
    total = rates_of(Month(2020, 2)).total
    assert (total.year_charged, total.year_received) == (20000, 15000)
    assert rates_of(Month(2020, 2), date(2020, 2, 9)).total.year_received == 0


def test_groups_are_buildings_in_their_order_or_items_by_number(house: Unit, estate: Estate) -> None:
    with writing():
        other = Building.add(community=Community.get(), code="10", name="10栋")
        second = Building.add(community=Community.get(), code="2", name="2栋")
        for code, place in (("10-1", other), ("2-1", second), ("C1", None)):
            Unit.add(code=code, building=place, room=code)
    item = estate.item("车位费", basis=Basis.FIXED, price="0", extra="7.00", since=JUNE.first)
    for code in ("10-1", "2-1", "C1"):
        estate.give(Unit.find(code), item)
    bill(JUNE)
    table = rates_of(JUNE)
    assert [(name, group.charged) for name, group in table.groups] == [
        ("1栋", 10000), ("2栋", 700), ("10栋", 700), ("不属楼栋", 700),
    ]  # fmt: skip
    assert [(name, group.charged) for name, group in rates_of(JUNE, by="item").groups] == [
        ("物业费", 10000), ("车位费", 2100),
    ]  # fmt: skip
    assert [name for name, _ in rates_of(JUNE, building=second).groups] == ["2栋"]
    assert table.total.due_units == {house.id, *(Unit.find(code).id for code in ("10-1", "2-1", "C1"))}


def test_the_list_tells_the_same_as_the_table(house: Unit) -> None:
    pay(house, "60.00", date(2020, 6, 10), JUNE)
    pay(house, "100.00", date(2020, 6, 11), MAY)
    found = listed("rates")(Filters(period=Period.parse("2020-06")))
    assert [found.plain(row) for row in found.rows()] == [
        {
            "building": "1栋", "units": 1, "charged": "100.00", "relief": "0.00", "received": "60.00",
            "opening": "100.00", "recovered": "100.00", "past_relief": "0.00", "closing": "40.00",
            "advance": "0.00", "rate": "60.0", "recovery": "100.0", "overall": "80.0", "year": "80.0",
            "units_rate": "0.0", "last_year": None, "last_overall": None,
        }
    ]  # fmt: skip
    early = listed("rates")(Filters(period=Period.parse("2020-06"), on=date(2020, 6, 10)))
    assert [early.plain(row)["recovered"] for row in early.rows()] == ["0.00"]
    with pytest.raises(BadInput, match="不是一个月"):
        listed("rates")(Filters(period=Period.parse("2020Q2")))


@pytest.mark.parametrize(
    ("name", "column", "called"),
    [("item_rates", "item", "物业费"), ("collector_rates", "collector", "未指定收费员")],
)
def test_rates_are_told_by_item_and_by_who_collects(house: Unit, name: str, column: str, called: str) -> None:
    pay(house, "60.00", date(2020, 6, 10), JUNE)
    found = listed(name)(Filters(period=Period.parse("2020-06")))
    (row,) = [found.plain(one) for one in found.rows()]
    assert (row[column], row["rate"], row["opening"]) == (called, "60.0", "100.00")


def test_the_year_before_stands_beside(house: Unit) -> None:
    pay(house, "60.00", date(2020, 6, 10), JUNE)
    bill(Month(2021, 6))
    found = listed("rates")(Filters(period=Period.parse("2021-06")))
    (row,) = [found.plain(one) for one in found.rows()]
    assert (row["rate"], row["last_year"]) == ("0.0", "60.0")


def test_charged_and_paid_are_told_by_month_and_item(house: Unit) -> None:
    pay(house, "130.00", date(2020, 6, 10))
    item = FeeItem.get().id
    assert by_month_and_item(MAY, JUNE) == [
        (MAY, item, Decimal("100.00"), Decimal("100.00")),
        (JUNE, item, Decimal("100.00"), Decimal("30.00")),
    ]


def figures(table: RatesTable) -> list[tuple[str, Collected]]:
    return [*table.groups, ("代收", table.collected_for_others)]


PAYMENTS = st.lists(
    st.tuples(st.integers(0, 40), st.integers(0, 2), st.integers(1, 60_000), st.booleans()), max_size=8
)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(payments=PAYMENTS, month=st.sampled_from([MAY, JUNE, JULY]))
def test_a_cut_off_in_the_past_tells_what_the_table_told_then(
    neighbours: list[Unit], payments: list[tuple[int, int, int, bool]], month: Month
) -> None:
    with rolled_back():
        day, told = MAY.first, {}
        for wait, which, fen, newest_first in payments:
            told[day] = figures(rates_of(month, day))
            day = date.fromordinal(day.toordinal() + wait)
            unit = neighbours[which]
            lines = list(
                Bill.select().where((Bill.unit == unit) & (Bill.paid < Bill.amount)).order_by(-Bill.month)
            )
            receive(unit, fen * FEN, bills=lines if newest_first and lines else None, on=day)
            told.pop(day, None)
        told[day] = figures(rates_of(month, day))
        assert {day: figures(rates_of(month, day)) for day in told} == told


@pytest.fixture
def neighbours(estate: Estate) -> list[Unit]:
    """Three houses with three items, one of them collected for others, billed from April to August 2020."""
    units = [
        estate.house(room, area) for room, area in (("101", "94.56"), ("102", "61.07"), ("103", "100.33"))
    ]
    items = [
        estate.item("物业费", price="1.3000", since=Month(2020, 4).first),
        estate.item("车位费", basis=Basis.FIXED, price="0", extra="150.00", since=MAY.first, cycle=3),
        estate.item("代收水费", basis=Basis.HOUSEHOLD, price="33.3300", since=MAY.first, collected=True),
    ]
    for unit in units:
        for item in items:
            estate.give(unit, item)
    for number in range(4, 9):
        bill(Month(2020, number))
    return units
