"""Charts of money: their figures are those of the lists that they open."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from models.charts import Chart, charts_of
from models.deeds import DEEDS
from models.fees import arrears, charts
from models.fees.billing import bill
from models.fees.cashier import receive
from models.fees.opening import import_opening
from models.listings import LISTS, Filters
from models.months import Month
from models.owners.estate import Building, Community, Unit, UnitArea, UnitKind
from tests.estate import Estate, writing
from tests.models.fees.opening_books import book

TODAY = date.today()
NOW = Month.of(TODAY)


@pytest.fixture
def owing(estate: Estate) -> list[Unit]:
    """Make two houses of 100.00 and 250.00 a month, billed for a year and this month; one of them pays."""
    units = [estate.house("101", "100.00"), estate.house("102", "250.00")]
    item = estate.item(since=date(TODAY.year - 3, 1, 1))
    for unit in units:
        estate.give(unit, item, since=date(TODAY.year - 3, 1, 1))
    for back in (30, 14, 5, 0):
        DEEDS["fees.bill"].call(None, {"month": str(NOW.plus(-back))})
    receive(units[0], Decimal(150))
    return units


def opened(chart: Chart, at: int, column: str) -> Decimal:
    """Return the sum of a column of the lines that a category opens."""
    opens = chart.opened_by(at)
    assert opens is not None
    made = LISTS[opens.page](Filters(**opens.filters)).meeting(*opens.asked)
    return Decimal(made.totals()[1].get(column) or 0)


def test_what_came_in_stands_in_its_month_and_opens_its_receipts(owing: list[Unit]) -> None:
    (chart,) = charts_of("receipts")
    assert chart.title == "各月收款（元）" and [one.name for one in chart.series] == [
        f"{TODAY.year}年",
        f"{TODAY.year - 1}年",
    ]
    this = chart.series[0].figures
    assert this[TODAY.month - 1] == 150
    assert this[TODAY.month :] == (None,) * (12 - TODAY.month)
    assert opened(chart, TODAY.month - 1, "valid") == 150


def test_a_void_receipt_is_no_money_that_came_in(owing: list[Unit]) -> None:
    DEEDS["fees.void_receipt"].call(None, {"receipt": f"SJ-{TODAY.year}-000001", "reason": "重复"})
    (chart,) = charts_of("receipts")
    assert chart.empty and "去年的排在旁边" in chart.nothing


def test_the_rate_of_a_month_is_what_its_bills_say(owing: list[Unit]) -> None:
    chart = next(charts.rates_by_month(Filters()))
    lines = LISTS["collection"](Filters())
    for row in lines.rows():
        plain = lines.plain(row)
        month = Month.parse(plain["month"])
        assert str(chart.series[0].figures[month.month - 1]) == str(Decimal(plain["rate"]))
    assert opened(chart, TODAY.month - 1, "amount") == 350


def test_months_before_the_first_that_was_charged_here_have_no_rate(estate: Estate, tmp_path: Path) -> None:
    unit, before = estate.house("101"), NOW.plus(-3)
    estate.give(unit, estate.item(since=date(TODAY.year - 3, 1, 1)))
    import_opening(book(tmp_path, [("1-1-101", "1", "1", str(before), "90.00", str(before.last))]))
    bill(NOW)
    charted = next(charts.rates_by_month(Filters()))
    rates = {
        Month(int(series.name[:4]), at): rate
        for series in charted.series
        for at, rate in enumerate(series.figures, start=1)
    }
    assert {month: rate for month, rate in rates.items() if rate is not None} == {NOW: 0}


def test_ages_add_up_to_what_is_owed_and_open_just_those_who_owe_so_long(owing: list[Unit]) -> None:
    chart, _ = charts.arrears_by_age_and_building(Filters())
    assert chart.categories == arrears.AGES
    total = LISTS["arrears"]().totals()[1]
    for at in range(len(arrears.AGES)):
        assert chart.series[0].figures[at] == round(Decimal(total[f"age{at + 1}"] or 0))
        assert opened(chart, at, f"age{at + 1}") == (total[f"age{at + 1}"] or 0)


def test_buildings_add_up_to_what_is_owed_and_each_opens_its_own(owing: list[Unit]) -> None:
    _, chart = charts.arrears_by_age_and_building(Filters())
    assert chart.categories == ("1栋",)
    assert opened(chart, 0, "amount") == LISTS["arrears"]().totals()[1]["amount"]
    assert sum(filter(None, chart.series[0].figures)) == round(opened(chart, 0, "amount"))


def test_of_many_buildings_those_that_owe_most_have_a_bar_and_the_others_share_one(
    estate: Estate,
) -> None:
    item = estate.item()
    with writing():
        for number in range(2, 18):
            building = Building.add(community=Community.get(), code=str(number), name=f"{number}栋")
            unit = Unit.add(code=f"{number}-101", building=building, room="101")
            UnitArea.add(unit=unit, billing=Decimal(number))
            estate.give(unit, item)
    DEEDS["fees.bill"].call(None, {"month": str(NOW.plus(-1))})
    _, chart = charts.arrears_by_age_and_building(Filters())
    assert len(chart.categories) == charts.MOST_BUILDINGS
    assert chart.categories[0] == "7栋" and chart.categories[-1] == "其他"
    assert sum(filter(None, chart.series[0].figures)) == sum(range(2, 18))


def test_a_list_that_is_narrowed_has_narrowed_charts(owing: list[Unit]) -> None:
    whole, _ = charts.arrears_by_age_and_building(Filters())
    part, _ = charts.arrears_by_age_and_building(Filters(unit=owing[0]))
    assert 0 < sum(filter(None, part.series[0].figures)) < sum(filter(None, whole.series[0].figures))


def test_large_sums_are_told_in_units_that_fit_on_a_bar() -> None:
    assert charts.money_scale([99_999_99])[:2] == ("万元", 1)
    assert charts.money_scale([9_999_00])[:2] == ("元", 0)
    assert charts.money_scale([])[:2] == ("元", 0)
    assert charts.money_scale([123_456_78])[2](123_456_78) == Decimal("12.3")


def test_nothing_paid_is_a_rate_of_nothing_and_not_nothing_billed(estate: Estate) -> None:
    unit = estate.house("101")
    estate.give(unit, estate.item())
    DEEDS["fees.bill"].call(None, {"month": str(NOW)})
    chart = next(charts.rates_by_month(Filters()))
    assert not chart.empty and chart.series[0].figures[TODAY.month - 1] == 0


def test_what_is_collected_for_others_stands_in_no_rate_and_the_bar_opens_the_rest(estate: Estate) -> None:
    unit = estate.house("101", "100.00")
    estate.give(unit, estate.item())
    estate.give(unit, estate.item("代收水费", collected=True))
    DEEDS["fees.bill"].call(None, {"month": str(NOW)})
    receive(unit, Decimal(150))
    chart = next(charts.rates_by_month(Filters()))
    charged, paid = (opened(chart, TODAY.month - 1, column) for column in ("amount", "paid"))
    assert charged == 100
    assert chart.series[0].figures[TODAY.month - 1] == paid


def test_less_than_a_whole_yuan_is_owed_too(estate: Estate) -> None:
    unit = estate.house("101", "0.40")
    estate.give(unit, estate.item())
    DEEDS["fees.bill"].call(None, {"month": str(NOW.plus(-2))})
    ages, buildings = charts.arrears_by_age_and_building(Filters())
    assert not ages.empty and not buildings.empty


def test_what_no_list_shows_alone_opens_nothing(estate: Estate) -> None:
    item = estate.item()
    with writing():
        space = Unit.add(code="C001", room="001", kind=UnitKind.PARKING)
        UnitArea.add(unit=space, billing=Decimal(10))
    for unit in (estate.house("101"), space):
        estate.give(unit, item)
    DEEDS["fees.bill"].call(None, {"month": str(NOW.plus(-2))})
    _, chart = charts.arrears_by_age_and_building(Filters())
    assert chart.categories == ("1栋", "其他") and chart.opened_by(1) is None
