"""What went wrong in other fee services and must not here: one test for each, and what is no number.

Of the list that this follows, these stand elsewhere: totals of all rows and not of those loaded
(tests/models/test_listings.py, tests/ui/test_table.py), records in use that are not deleted
(tests/models/test_deeds.py), states that can be read (tests/ui/test_theme.py), the examples of late
payment (test_late.py), of shares (test_sharing.py) and of sums in capitals (tests/models/test_money.py).
"""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from models import deeds
from models.base import db
from models.deeds import DEEDS
from models.errors import BadInput, NotFound, PermissionDenied, RuleBroken
from models.fees import (  # noqa: F401 - registered by being imported
    arrears,
    charging,
    collecting,
    lists,
    meter_entry,
    pricelist,
    sharing,
)
from models.fees.adjusting import refund, reverse_bills
from models.fees.billing import bill, dry_run
from models.fees.bills import Bill, BillKind
from models.fees.cashier import receive
from models.fees.closings import close_day
from models.fees.depositing import take_deposit
from models.fees.items import Assignment, Basis, Category
from models.fees.late import late_by_unit
from models.fees.late_terms import add_late_terms
from models.fees.meters import add_meter
from models.fees.opening import import_opening
from models.fees.payments import Receipt
from models.fees.rates import rates_of
from models.fees.reversing import reverse_receipt
from models.fees.services import add_service
from models.fees.settle import balance
from models.fees.share_plans import add_share_plan
from models.fees.taking import enter_reading
from models.listings import Filters, listed
from models.months import Month
from models.owners.estate import Building, Community, Unit
from tests.estate import Estate, stop_chains, writing
from tests.models.fees.opening_books import book
from tests.office_people import worker

MAY, JUNE, JULY = Month(2020, 5), Month(2020, 6), Month(2020, 7)
DAY = date(2020, 6, 10)


def live(unit: Unit) -> list[tuple[str, Decimal]]:
    """Return month and amount of the lines of a house that hold."""
    lines = Bill.select().where((Bill.unit == unit) & (Bill.live == True)).order_by(Bill.month, Bill.id)
    return [(str(line.month), line.amount) for line in lines]


# -- the list of faults ----------------------------------------------------------------------------


def test_the_total_is_of_all_lines_though_a_window_holds_few(estate: Estate) -> None:
    item = estate.item(since=JUNE.first)
    for number in range(30):
        estate.give(estate.house(str(101 + number)), item, JUNE.first)
    bill(JUNE)
    listing = listed("bills")(Filters())
    assert len(listing.window(size=10)) == 10
    assert (listing.totals()[0], listing.totals()[1]["amount"]) == (30, Decimal("3000.00"))


def test_a_summary_is_the_sum_of_its_communities(estate: Estate) -> None:
    item = estate.item(since=JUNE.first)
    with writing():
        there = Building.add(community=Community.add(name="别的小区"), code="9", name="9栋")
        far = Unit.add(code="9-101", building=there, room="101")
    estate.give(estate.house("101"), item, JUNE.first)
    DEEDS["owners.set_area"].call(far.code, {"billing": "33.33", "since": "2020-01-01"})
    estate.give(far, item, JUNE.first)
    bill(JUNE)
    receive(far, Decimal("12.34"), on=DAY)
    table = rates_of(JUNE)
    parts = [figures for _, figures in table.groups]
    assert [figures.charged for figures in parts] == [10000, 3333]
    for name in ("charged", "received", "closing"):
        assert getattr(table.total, name) == sum(getattr(figures, name) for figures in parts)
    rows = [row.values for row in listed("bills")(Filters()).rows()]
    assert len(rows) == 2 and table.total.charged == 13333


def test_no_route_charges_a_month_twice(estate: Estate, tmp_path: Path) -> None:
    """Run again, caught up, within a cycle, given twice, or brought from old books."""
    monthly = estate.item("物业费", since=MAY.first)
    quarterly = estate.item("车位费", cycle=3, since=MAY.first)
    house, old = estate.house("101"), estate.house("102", owner="李明")
    for item in (monthly, quarterly):
        estate.give(house, item, MAY.first, date(2020, 6, 14))
        estate.give(house, item, date(2020, 6, 15))
    estate.give(old, monthly, MAY.first)
    import_opening(str(book(tmp_path, [(old.code, "2", monthly.code, "2020-06", "77.00", "2020-06-25")])))
    for month in (MAY, JUNE, JUNE, MAY, JULY, JUNE):
        bill(month)
        bill(month, catch_up=True)
    keys = [(line.month, line.unit_id, line.item_id) for line in Bill.select().where(Bill.live == True)]
    assert len(keys) == len(set(keys)) == 10
    assert ("2020-06", Decimal("77.00")) in live(old) and len(live(old)) == 3
    assert {amount for _, amount in live(house)} == {Decimal("100.00")}


def test_a_refunded_month_is_charged_again_and_once(estate: Estate) -> None:
    stop_chains()
    house = estate.house("101")
    estate.give(house, estate.item(since=JUNE.first), JUNE.first)
    bill(JUNE)
    receive(house, Decimal("100.00"), on=DAY)
    reverse_bills([Bill.get(Bill.kind == BillKind.RECURRING)], "面积录错", "产权证", on=DAY)
    refund(house, Decimal("100.00"), "退", "合同", account="6222020200112233445", on=DAY)
    assert balance(house, house.ownerships.get().person) == 0
    bill(JUNE)
    bill(JUNE)
    assert [amount for _, amount in live(house)] == [Decimal("100.00"), Decimal("-100.00"), Decimal("100.00")]
    assert dry_run(JUNE).lines == []


def test_a_first_reading_charges_nothing_of_what_the_meter_showed(estate: Estate) -> None:
    house = estate.house("101")
    item = estate.item("水费", "3.0000", basis=Basis.METER)
    meter = add_meter(number="1", unit=house, item=item)
    enter_reading(meter, Decimal("8321.00"), MAY)
    assert bill(MAY) is None
    enter_reading(meter, Decimal("8325.00"), JUNE)
    bill(JUNE)
    assert live(house) == [("2020-06", Decimal("12.00"))]


def test_a_house_added_after_the_run_of_its_month_is_charged_by_the_next(estate: Estate) -> None:
    item = estate.item(since=MAY.first)
    estate.give(estate.house("101"), item, MAY.first)
    bill(JUNE)
    late = estate.house("102", "30.00", "李明")
    estate.give(late, item, date(2020, 6, 16))
    assert [(one.unit, one.months) for one in dry_run(JULY).missing if one.unit == late.code] == [
        (late.code, (JUNE,))
    ]
    bill(JULY, catch_up=True)
    assert live(late) == [("2020-06", Decimal("15.00")), ("2020-07", Decimal("30.00"))]


def test_a_reason_is_told_of_the_house_that_it_holds_of(estate: Estate) -> None:
    item, unpriced = estate.item(since=JUNE.first), estate.item("清洁费", since=JULY.first)
    houses = [estate.house("101", None), estate.house("102"), estate.house("103")]
    for unit in houses:
        estate.give(unit, item, JUNE.first)
    estate.give(houses[1], estate.item("车位费", "0.0000", basis=Basis.FIXED), JUNE.first)
    DEEDS["owners.set_state"].call(houses[2].code, {"state": "停用"})
    told = {(one.unit, one.item): one.reason for one in dry_run(JUNE).skipped}
    assert told == {
        ("1-1-101", "物业费"): "没有计费面积",
        ("1-1-102", "车位费"): "金额为零",
        ("1-1-103", "物业费"): "房屋已停用",
    }
    assert unpriced.assignments.count() == 0


@pytest.mark.parametrize("words", ["1栋101", "1-1-101", "１栋１单元１０１", "1#101", "1-101"])
@pytest.mark.parametrize("name", ["bills", "arrears", "receipts", "assignments", "balances"])
def test_a_room_that_exists_is_found_in_every_list_of_fees(estate: Estate, name: str, words: str) -> None:
    house, other = estate.house("101"), estate.house("202", owner="李明")
    item = estate.item(since=MAY.first)
    for unit in (house, other):
        estate.give(unit, item, MAY.first)
        receive(unit, Decimal("1.00"), on=DAY)
    bill(MAY)
    found = [row.values for row in listed(name)(Filters()).searched(words).rows()]
    assert len(found) == 1 and house.code in found[0]


def test_an_item_in_use_is_not_deleted_but_goes_out_of_use(estate: Estate) -> None:
    house = estate.house("101")
    item = estate.item(since=MAY.first)
    estate.give(house, item, MAY.first)
    bill(MAY)
    with pytest.raises(RuleBroken, match=r"收费项目 物业费 已被使用，不能删除；可以停用"), writing():
        item.remove()
    DEEDS["fees.edit_item"].call(item.code, {"active": "否"})
    assert {one.reason for one in dry_run(JUNE).skipped} == {"收费项目已停用"}
    assert Assignment.select().count() == 1 and live(house) == [("2020-05", Decimal("100.00"))]


def test_whoever_left_gives_no_money_back(estate: Estate) -> None:
    stop_chains()
    house = estate.house("101")
    receive(house, Decimal("50.00"), on=DAY)
    clerk = worker("李会计", "会计")
    given = {"amount": "10", "reason": "退", "basis": "合同", "account": "6222020200112233445"}
    with deeds.acting(clerk):
        DEEDS["fees.refund"].call(house.code, given | {"on": "2020-06-10"})
    clerk.retire()
    for name, key, values in (
        ("fees.refund", house.code, given),
        ("fees.void_receipt", "SJ-2020-000001", {"reason": "收错户"}),
    ):
        with deeds.acting(clerk), pytest.raises(PermissionDenied):
            DEEDS[name].call(key, values)
    assert balance(house, house.ownerships.get().person) == Decimal("40.00")


def test_a_receipt_that_was_reversed_never_stopped_late_payment(estate: Estate) -> None:
    stop_chains()
    item = estate.item(since=MAY.first)
    houses = [estate.house("101"), estate.house("102", owner="李明")]
    for unit in houses:
        estate.give(unit, item, MAY.first)
    bill(MAY)
    add_late_terms(clause="合同第八条", daily=Decimal("0.5"), since=MAY.first)
    for day, payers in ((10, houses[:1]), (20, houses)):
        for unit in payers:
            receive(unit, Decimal("50.00"), on=date(2020, 7, day))
        close_day(date(2020, 7, day))
    reverse_receipt(Receipt.get(Receipt.on == date(2020, 7, 10)), "退票", "银行通知", on=date(2020, 7, 27))
    told = late_by_unit(date(2020, 7, 31))
    assert told[houses[0].id] == told[houses[1].id] > 0


# -- what is no number -----------------------------------------------------------------------------

NO_NUMBERS = ("1e9", "12,34", "1.2.3", "NaN", "Infinity", "一百", "1.23456", "--1")

MONEY: dict[str, tuple[str | None, dict[str, str], str]] = {
    "fees.receive": ("1-1-101", {}, "amount"),
    "fees.receive_list": (None, {"rows": "1-1-101|{}"}, "rows"),
    "fees.set_off": ("1-1-101", {}, "amount"),
    "fees.take_deposit": ("1-1-101", {"agreed": "装修协议 5"}, "amount"),
    "fees.deduct_deposit": ("{deposit}", {"reason": "清运"}, "amount"),
    "fees.refund_deposit": ("{deposit}", {"deductions": "清运|{}"}, "deductions"),
    "fees.reduce": (None, {"bills": "{bill}", "reason": "停水", "basis": "合同"}, "amount"),
    "fees.refund": ("1-1-101", {"reason": "退", "basis": "合同", "method": "现金"}, "amount"),
    "fees.set_rate": ("1", {"price": "1"}, "extra"),
    "fees.add_item": (None, {"code": "9", "name": "新项目"}, "minimum"),
    "fees.add_service": (None, {"code": "T9", "name": "疏通", "measure": "次", "item": "3"}, "price"),
    "fees.charge_service": ("1-1-101", {"service": "T1"}, "quantity"),
    "fees.set_deposit_terms": (None, {"kind": "钥匙押金"}, "amount"),
    "fees.share": (None, {"plan": "楼道照明", "month": "2020-06"}, "amount"),
    "fees.enter_reading": ("0001", {"month": "2020-06"}, "value"),
    "fees.enter_readings": (None, {"rows": "0001|{}|||2020-06"}, "rows"),
    "fees.set_tiers": ("{rate}", {"tiers": "10|{}"}, "tiers"),
}
"""Deeds that are told money, a price or a quantity: to what, what else is given, and in which input."""


@pytest.fixture
def office_of_one(estate: Estate) -> dict[str, str]:
    """Make a house with everything that the deeds above are done to; return what it is called."""
    stop_chains()
    house = estate.house("101")
    estate.give(house, estate.item(since=MAY.first), MAY.first)
    water = estate.item("水费", "3.0000", basis=Basis.METER)
    once = estate.item("特约服务费", basis=Basis.FIXED, category=Category.SERVICE)
    shared = estate.item("公共电费", basis=Basis.FIXED, category=Category.SHARED)
    enter_reading(add_meter(number="0001", unit=house, item=water), Decimal("500.00"), MAY)
    add_service(code="T1", name="开锁", measure="次", price=Decimal(50), item=once)
    add_share_plan(name="楼道照明", item=shared, agreed="决议")
    bill(MAY)
    receive(house, Decimal("3000.00"), on=date(2020, 5, 10))
    bill(JUNE)
    held = take_deposit(house, Decimal("3000.00"), agreed="装修协议 5", on=DAY)
    line = Bill.get(Bill.month == JUNE)
    return {"deposit": held.number, "bill": str(line.id), "rate": str(water.rates.get().id)}


def asked(name: str, typed: str, known: dict[str, str]) -> tuple[str | None, dict[str, str]]:
    """Return the key and the values of a deed with something typed where it asks for a number."""
    key, given, where = MONEY[name]
    values = {other: told.format(typed, **known) for other, told in given.items()}
    return key and key.format(**known), {where: typed, **values}


def contents() -> list[tuple[Any, ...]]:
    """Return what the whole office holds but the trail, which notes refusals too."""
    tables = [name for name in db.get_tables() if not name.startswith(("audit", "sqlite"))]
    return [(name, *row) for name in tables for row in db.execute_sql(f'SELECT * FROM "{name}"').fetchall()]


@pytest.mark.parametrize("name", MONEY)
def test_what_is_no_number_is_refused_by_its_label_and_nothing_is_written(
    office_of_one: dict[str, str], name: str
) -> None:
    before = contents()
    for typed in NO_NUMBERS:
        key, values = asked(name, typed, office_of_one)
        with pytest.raises(BadInput) as refused:
            DEEDS[name].call(key, values)
        told = str(refused.value)
        assert typed.strip("-") in told or "小数" in told
        assert "第 1 行" in told or MONEY[name][2] not in ("rows", "deductions", "tiers")
    assert contents() == before


@pytest.mark.parametrize(
    ("typed", "meant"), [("１２.５", "12.5"), ("1,234.50", "1234.5"), (" ８８８ ", "888")]
)
@pytest.mark.parametrize("name", MONEY)
def test_numbers_are_understood_as_people_type_them(
    office_of_one: dict[str, str], name: str, typed: str, meant: str
) -> None:
    key, values = asked(name, typed, office_of_one)
    read = DEEDS[name].read(key, values)[1][MONEY[name][2]]
    told = [value for row in read for value in row.values()] if isinstance(read, list) else [read]
    assert Decimal(meant) in told


@pytest.mark.parametrize("name", [name for name, (key, *_) in MONEY.items() if key == "1-1-101"])
def test_an_unknown_house_is_named_and_nothing_is_written(office_of_one: dict[str, str], name: str) -> None:
    before = contents()
    _, values = asked(name, "10", office_of_one)
    with pytest.raises(NotFound, match="没有房号“9-9-999”"):
        DEEDS[name].call("9-9-999", values)
    assert contents() == before


@pytest.mark.parametrize("rows", ["0001|499.99", "0001|", "9999|600", "0001|600;0001|601"])
def test_readings_that_fall_lack_or_belong_to_no_meter_are_named_by_their_row(
    office_of_one: dict[str, str], rows: str
) -> None:
    before = contents()
    given = ";".join(f"{row}|||2020-06" for row in rows.split(";"))
    with pytest.raises(BadInput, match=r"第 [12] 行"):
        DEEDS["fees.enter_readings"].call(None, {"rows": given})
    assert contents() == before
