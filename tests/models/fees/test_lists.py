"""What pages, the command line and exports list of fees: JSON shapes, filters, reach."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from models import deeds
from models.errors import BadInput
from models.fees import lists  # noqa: F401 - registered by being imported
from models.fees.billing import bill, undo_billing
from models.fees.bills import Bill
from models.fees.cashier import count_prints, receive, reverse_set_off, set_off, void_receipt
from models.fees.closings import close_day
from models.fees.items import Basis, FeeItem, set_rate
from models.fees.payments import Method, Receipt, SetOff
from models.listings import Filters, listed
from models.months import Month, Period
from models.office.accounts import Account
from models.owners.caretaking import Caretaking
from models.owners.estate import Building, Community, Unit, UnitKind
from models.owners.people import Occupancy, Person
from tests.estate import Estate, writing
from tests.models.fees.world import Collector

MAY, JUNE = Month(2020, 5), Month(2020, 6)
DAY = date(2020, 6, 10)


def rows(name: str, **narrowed: Any) -> list[dict[str, Any]]:
    """Return a list as the command line's JSON has it."""
    found = listed(name)(Filters(**narrowed))
    return [found.plain(row) for row in found.rows()]


def some(name: str, *columns: str, **narrowed: Any) -> list[tuple[Any, ...]]:
    return [tuple(row[column] for column in columns) for row in rows(name, **narrowed)]


@pytest.fixture
def town(estate: Estate) -> Estate:
    """A house of building 1, a let house of building 2 and a parking space, billed for May and June 2020."""
    first = estate.house("101", "100.00")
    let, space = estate.house("201", "50.00", "李明"), estate.house("301", None, "赵红", UnitKind.PARKING)
    with writing():
        other = Building.add(community=Community.get(), code="2", name="2栋")
        Unit.get_by_id(let.id).change(building=other, entrance=None, code="2-201")
        Unit.get_by_id(space.id).change(building=None, entrance=None, code="C0001")
        Occupancy.add(unit=let, person=estate.person("陈租客"), pays=True)
    fees = estate.item("物业费", since=MAY.first)
    parking = estate.item("车位费", basis=Basis.FIXED, price="0", extra="80.00", since=JUNE.first)
    estate.give(first, fees)
    estate.give(let, fees)
    estate.give(space, parking)
    bill(MAY)
    bill(JUNE)
    return estate


def test_a_bill_is_told_as_machines_read_it(town: Estate) -> None:
    receive(Unit.find("1-1-101"), Decimal("30.00"), on=DAY)
    (row,) = rows("bills", unit=Unit.find("1-1-101"), period=Period.parse("2020-05"))
    assert {name: row[name] for name in ("unit", "item", "month", "amount", "paid")} == {
        "unit": "1-1-101", "item": "物业费", "month": "2020-05", "amount": "100.00", "paid": "30.00",
    }  # fmt: skip
    assert (row["owed"], row["due"], row["state"], row["payer"]) == (
        "70.00",
        "2020-05-25",
        "部分已收",
        "王桂芳",
    )
    assert [row["unit"] for row in rows("bills", item=FeeItem.get(FeeItem.name == "车位费"))] == ["C0001"]


def test_bills_are_newest_month_first_in_the_order_of_house_numbers(town: Estate) -> None:
    assert some("bills", "month", "unit") == [
        ("2020-06", "1-1-101"),
        ("2020-06", "2-201"),
        ("2020-06", "C0001"),
        ("2020-05", "1-1-101"),
        ("2020-05", "2-201"),
    ]


def test_void_bills_are_listed_only_when_they_are_asked_for(town: Estate) -> None:
    undo_billing(Bill.get(Bill.month == JUNE).batch)
    assert {row["month"] for row in rows("bills")} == {"2020-05"}
    assert len(rows("bills", void=True)) == 5
    assert some("bills", "month", "state", "owed", state="已作废") == [("2020-06", "已作废", "0.00")] * 3
    assert rows("bills", state="void") == rows("bills", state="已作废")
    assert rows("bills", period=Period.parse("2020-06")) == []


@pytest.mark.parametrize(
    ("period", "months"),
    [
        ("2020-05", {"2020-05"}),
        ("2020-06-15", {"2020-06"}),
        ("2020Q2", {"2020-05", "2020-06"}),
        ("2020H2", set()),
        ("2020", {"2020-05", "2020-06"}),
    ],
)
def test_a_period_is_the_month_that_a_line_is_for(town: Estate, period: str, months: set[str]) -> None:
    assert {row["month"] for row in rows("bills", period=Period.parse(period))} == months


def test_bills_are_narrowed_by_building_person_due_day_and_state(town: Estate) -> None:
    receive(Unit.find("2-201"), Decimal("80.00"), on=DAY)
    assert {row["unit"] for row in rows("bills", building=Building.find("2"))} == {"2-201"}
    for person in ("陈租客", "李明"):  # the tenant who pays and the owner who is liable
        assert {row["unit"] for row in rows("bills", person=Person.get(Person.name == person))} == {"2-201"}
    assert some("bills", "unit", "month", on=date(2020, 5, 25)) == [
        ("1-1-101", "2020-05"),
        ("2-201", "2020-05"),
    ]
    assert some("bills", "unit", "paid", state="已结清") == [("2-201", "50.00")]
    assert some("bills", "unit", "paid", state="部分已收") == [("2-201", "30.00")]
    assert {row["unit"] for row in rows("bills", state="open")} == {"1-1-101", "C0001"}
    with pytest.raises(BadInput, match="没有状态“欠着”"):
        rows("bills", state="欠着")


def test_the_foot_of_the_bills_sums_all_rows(town: Estate) -> None:
    receive(Unit.find("1-1-101"), Decimal("30.00"), on=DAY)
    count, sums = listed("bills")().totals()
    assert (count, sums["amount"], sums["paid"], sums["owed"]) == (
        5, Decimal("380.00"), Decimal("30.00"), Decimal("350.00"),
    )  # fmt: skip


def test_bills_are_found_by_house_number_item_and_name_in_pinyin(town: Estate) -> None:
    found = listed("bills")()
    assert {found.plain(row)["unit"] for row in found.searched("wgf").rows()} == {"1-1-101"}
    assert {found.plain(row)["unit"] for row in found.searched("车位").rows()} == {"C0001"}
    assert [found.plain(row)["month"] for row in found.searched("2-201 物业").rows()] == [
        "2020-06",
        "2020-05",
    ]
    assert found.searched("没有").count() == 0


def test_payments_tell_what_was_taken_how_and_by_whom(town: Estate) -> None:
    unit = Unit.find("1-1-101")
    taken = receive(unit, Decimal("30.00"), Method.WECHAT, DAY, reference="W-1", payer_name="王小姐")
    receive(Unit.find("2-201"), Decimal("5.00"), on=date(2020, 6, 11))
    void_receipt(taken.receipts.get(), "收错户")
    assert some(
        "payments", "on", "receipt", "payer", "method", "amount", "voided", "reference", "made_by"
    ) == [
        ("2020-06-11", "SJ-2020-000002", "陈租客", "现金", "5.00", "0.00", None, "管理员"),
        ("2020-06-10", "SJ-2020-000001", "王小姐", "微信", "30.00", "30.00", "W-1", "管理员"),
    ]
    assert some("payments", "receipt", on=DAY) == [("SJ-2020-000001",)]
    assert some("payments", "receipt", period=Period.parse("2020-05")) == []
    assert some("payments", "receipt", person=Person.get(Person.name == "陈租客")) == [("SJ-2020-000002",)]


def test_a_receipt_is_told_as_machines_read_it_and_a_void_one_stays(town: Estate) -> None:
    unit = Unit.find("1-1-101")
    receipt = receive(unit, Decimal("250.00"), on=DAY).receipts.get()
    void_receipt(receive(unit, Decimal("5.00"), on=DAY).receipts.get(), "收错户")
    count_prints([receipt])
    told = rows("receipts")
    assert [{name: row[name] for name in ("number", "amount", "state")} for row in told] == [
        {"number": "SJ-2020-000002", "amount": "5.00", "state": "作废"},
        {"number": "SJ-2020-000001", "amount": "250.00", "state": "已开"},
    ]
    assert (told[0]["reason"], told[1]["prints"], told[1]["balance"], told[1]["unit"]) == (
        "收错户", 1, "50.00", "1-1-101",
    )  # fmt: skip
    assert some("receipts", "number", state="作废") == [("SJ-2020-000002",)]
    assert some("receipts", "number", building=Building.find("2")) == []
    assert some("receipts", "number", unit=unit, on=DAY, person=Person.get(Person.name == "王桂芳"))[0] == (
        "SJ-2020-000002",
    )


def test_balances_are_what_is_left_and_no_row_stands_for_nothing(town: Estate) -> None:
    first, space = Unit.find("1-1-101"), Unit.find("C0001")
    receive(first, Decimal("230.00"), on=DAY)
    receive(space, Decimal("90.00"), on=DAY)
    bill(Month(2020, 7))
    set_off(space, on=date(2020, 7, 2))
    assert rows("balances") == [
        {"unit": "1-1-101", "payer": "王桂芳", "amount": "30.00", "since": "2020-06-10"}
    ]
    assert listed("balances")().totals()[1]["amount"] == Decimal("30.00")
    assert some("balances", "unit", building=Building.find("2")) == []
    assert some("set_offs", "number", "unit", "payer", "amount", "made_by") == [
        ("DK-202007-0001", "C0001", "赵红", "10.00", "管理员")
    ]
    reverse_set_off(SetOff.get(), "选错了账单")
    assert some("set_offs", "number", "valid", "state", "reason") == [
        ("DK-202007-0001", "0.00", "已撤销", "选错了账单")
    ]
    assert some("set_offs", "number", state="已抵扣") == []
    assert some("set_offs", "number", period=Period.parse("2020-06")) == []


def test_balances_are_read_in_windows_though_they_are_grouped(estate: Estate) -> None:
    for number in range(5):
        receive(estate.house(f"10{number}"), Decimal(number + 1), on=DAY)
    found = listed("balances")()
    seen, window = [], found.window(size=2)
    while window:
        seen += [found.plain(row)["amount"] for row in window]
        window = found.window(window[-1].cursor, 2)
    assert seen == ["1.00", "2.00", "3.00", "4.00", "5.00"]


def test_closings_and_assignments_are_told(town: Estate) -> None:
    receive(Unit.find("1-1-101"), Decimal("30.00"), on=DAY)
    close_day(DAY)
    assert some("closings", "day", "receipts", "voids", "amount", "made_by") == [
        ("2020-06-10", 1, 0, "30.00", "管理员")
    ]
    assert some("closings", "day", period=Period.parse("2020-07")) == []
    town.give(Unit.find("1-1-101"), FeeItem.find("2"), JUNE.first, JUNE.last)
    assert some("assignments", "unit", "item", "since", "until") == [
        ("1-1-101", "物业费", "起初", None),
        ("1-1-101", "车位费", "2020-06-01", "2020-06-30"),
        ("2-201", "物业费", "起初", None),
        ("C0001", "车位费", "起初", None),
    ]
    assert some("assignments", "unit", item=FeeItem.find("2"), on=date(2020, 7, 1)) == [("C0001",)]


def test_items_and_prices_are_told_with_the_price_of_today(town: Estate) -> None:
    town.rate(FeeItem.find("1"), date(2021, 1, 1), "1.2500")
    told = {row["code"]: row for row in rows("items")}
    assert (told["1"]["name"], told["1"]["price"], told["1"]["basis"]) == (
        "物业费",
        "1.2500",
        "面积×单价+附加",
    )
    assert (told["2"]["extra"], told["2"]["collected"], told["2"]["cycle"]) == ("80.00", False, 1)
    assert some("prices", "item", "since", "price", item=FeeItem.find("1")) == [
        ("物业费", "2021-01-01", "1.2500"), ("物业费", "2020-05-01", "1.0000"),
    ]  # fmt: skip


def test_the_first_price_holds_from_the_beginning_and_a_later_one_from_today(estate: Estate) -> None:
    with writing():
        item = FeeItem.add(code="7", name="垃圾费", basis=Basis.HOUSEHOLD)
    assert set_rate(item, price=Decimal("8.00")).label() == "垃圾费 起初"
    assert set_rate(item, price=Decimal("9.00")).since == date.today()
    assert set_rate(item, price=Decimal("9.50"), extra=Decimal("2.00")).price == Decimal("9.5000")
    assert set_rate(item, date(2020, 1, 1), extra=Decimal("1.00")).price == Decimal("8.0000")
    for neither in ({}, {"price": "", "extra": None}):
        with pytest.raises(BadInput, match="没有填单价，也没有填附加"):
            deeds.DEEDS["fees.set_rate"].call(None, {"item": "7", **neither})
    assert deeds.DEEDS["fees.set_rate"].call(
        None, {"item": "7", "extra": "3", "price": None}
    ).price == Decimal("9.50")
    assert some("prices", "since", "price", item=item) == [
        (date.today().isoformat(), "9.5000"), ("2020-01-01", "8.0000"), ("起初", "8.0000"),
    ]  # fmt: skip


def test_empty_lists_are_empty(office: object) -> None:
    for name in (
        "bills",
        "payments",
        "receipts",
        "balances",
        "set_offs",
        "closings",
        "assignments",
        "items",
        "prices",
    ):
        assert (rows(name), listed(name)().count()) == ([], 0)


def test_a_filter_that_a_list_does_not_know_is_refused(town: Estate) -> None:
    with pytest.raises(BadInput, match="不能按 state 筛选"):
        rows("payments", state="现金")


@pytest.mark.parametrize("name", ["bills", "payments", "receipts", "balances", "assignments", "set_offs"])
def test_a_collector_lists_only_the_units_in_his_care(town: Estate, name: str) -> None:
    for code in ("1-1-101", "2-201", "C0001"):
        receive(Unit.find(code), Decimal("200.00"), on=DAY)
    bill(Month(2020, 7))
    for code in ("1-1-101", "2-201", "C0001"):
        try:
            set_off(Unit.find(code), amount=Decimal("1.00"), on=date(2020, 7, 1))
        except deeds.BadInput:
            raise
        except Exception as refused:
            assert "预存余额" in str(refused)
    staff = Account.find("admin").staff
    with writing():
        Caretaking.add(building=Building.find("2"), staff=staff)
    everything = listed(name)().count()
    with deeds.acting(Collector(staff.id)):
        mine = rows(name)
        column = "unit" if name != "payments" else "receipt"
        wanted = {"2-201"} if name != "payments" else {Receipt.get(Receipt.unit == Unit.find("2-201")).number}
        assert {row[column] for row in mine} == wanted
        assert 0 < len(mine) < everything
