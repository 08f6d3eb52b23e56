"""Which house a row is for: the many spellings of a number, and the traps."""

from datetime import date
from decimal import Decimal

import pytest

from models.fees.banking.matching import Book, Match
from models.fees.banking.rows import BankRow
from models.fees.billing import bill
from models.months import Month
from models.owners.estate import Unit
from models.owners.tenure import transfer
from models.text import house_numbers
from tests.estate import Estate, writing

SPELLINGS = [
    "1-1-101", "1-1-101物业费", "物业费1-1-101", "１－１－１０１", "1—1—101 王桂芳", "1栋1单元101",
    "1栋1单元101室", "1#1-101", "1号楼1单元101室11月物业费", "一号楼一单元101", "1幢1门101房",
    "1座1单元101号", "01-01-0101",
    "1.1.101", "1 1 101", "11月1-1-101", "1-1-101 2026年11-12月", "1 栋 1 单元 101 室",
]  # fmt: skip


@pytest.fixture
def house(estate: Estate) -> Unit:
    """1-1-101 of 王桂芳 owes 100.00 for each of three months; 1-1-102 of 李明 the same."""
    item = estate.item(since=date(2025, 1, 1))
    for room, owner in (("101", "王桂芳"), ("102", "李明")):
        estate.give(estate.house(room, owner=owner), item)
    for month in (1, 2, 3):
        bill(Month(2025, month))
    return Unit.find("1-1-101")


def match(remark: str = "", name: str = "", amount: str = "300.00") -> Match:
    return Book().match(BankRow(remark=remark or None, name=name or None, amount=Decimal(amount)))


@pytest.mark.parametrize("remark", SPELLINGS)
def test_a_house_number_is_known_however_it_is_written(house: Unit, remark: str) -> None:
    found = match(remark, "王桂芳")
    assert (found.unit, found.sure) == (house.id, True)


@pytest.mark.parametrize("remark", ["1-3月物业费", "2025年11-12月", "2025-01-01", "13800001111", "1单元101"])
def test_dates_and_telephones_are_no_houses(house: Unit, remark: str) -> None:
    assert match(remark).unit is None


def test_a_number_without_entrance_is_a_house_where_one_alone_has_it(house: Unit, estate: Estate) -> None:
    assert match("1栋101", "王桂芳").unit == house.id
    with writing():
        Unit.add(code="1-2-101", building=estate.building, room="101")
    assert not match("1栋101", "某某").sure
    assert match("1栋101", "某某").told == "没有房号，户名不认识；金额与 2 套房的未收相同"


@pytest.mark.parametrize(
    ("remark", "name", "amount", "told"),
    [
        ("1-1-101", "王桂芳", "120.00", "备注中的房号 1-1-101，户名相符"),
        ("1-1-101", "孙女", "200.00", "备注中的房号 1-1-101，金额与未收相符"),
        ("", "王桂芳", "300.00", "户名 王桂芳 只有 1-1-101 一套房，金额与未收相符"),
        ("", "王桂芳", "100.00", "户名 王桂芳 只有 1-1-101 一套房，金额与未收相符"),
    ],
)
def test_a_sure_match_says_why(house: Unit, remark: str, name: str, amount: str, told: str) -> None:
    assert match(remark, name, amount) == Match(told, house.id, True)


@pytest.mark.parametrize(
    ("remark", "name", "amount", "told"),
    [
        ("1-1-101", "孙女", "120.00", "备注中的房号 1-1-101，户名不是这套房的，金额与未收 300.00 元不符"),
        ("1-1-101、1-1-102", "王桂芳", "600.00", "备注里有几个房号：1-1-101、1-1-102，请认领到其中一套"),
        ("1-1-101", "王桂芳", "5000.00", "备注中的房号 1-1-101，比未收 300.00 元多出 4,700.00 元，请核对"),
        ("", "王桂芳", "120.00", "户名 王桂芳 只有 1-1-101 一套房，金额与未收 300.00 元不符"),
        ("", "某某", "300.00", "没有房号，户名不认识；金额与 2 套房的未收相同"),
        ("9-9-999", "某某", "1.00", "没有房号，户名不认识"),
    ],
)
def test_what_is_not_sure_is_left_to_people(
    house: Unit, remark: str, name: str, amount: str, told: str
) -> None:
    found = match(remark, name, amount)
    assert (found.told, found.sure) == (told, False)


def test_two_people_of_one_name_are_told_by_nothing_but_a_house_number(house: Unit, estate: Estate) -> None:
    estate.house("103", owner="王桂芳")
    found = match("", "王桂芳")
    assert found == Match("户名 王桂芳 有几套房：1-1-101、1-1-103，金额只与 1-1-101 的未收相符", house.id)
    assert match("1-1-101", "王桂芳").sure


def test_a_retired_house_is_not_booked_on(house: Unit) -> None:
    with writing():
        house.change(state="停用")
    found = match("1-1-101", "王桂芳")
    assert (found.told, found.sure) == ("备注中的房号 1-1-101 已停用，请认领到在用的房号", False)
    assert match("", "王桂芳").unit is None


@pytest.fixture
def sold(house: Unit, estate: Estate) -> Unit:
    """The house was sold to 赵新人 on 1 April, and 王桂芳 left 300.00 behind; the buyer owes 100.00."""
    with writing():
        buyer = estate.person("赵新人")
    transfer(house, buyer, date(2025, 4, 1), despite=True)
    bill(Month(2025, 4))
    return house


def test_money_of_a_buyer_never_pays_what_the_seller_left(sold: Unit) -> None:
    found = match("1-1-101", "赵新人", "100.00")
    assert found.sure and found.bills is not None and len(found.bills) == 1
    book = Book()
    assert [line.payer for line in book.houses[sold.id].lines_of("赵新人")] == ["赵新人"]


def test_money_of_a_seller_pays_his_own_lines(sold: Unit) -> None:
    found = match("", "王桂芳", "300.00")
    assert found.sure and found.bills is not None and len(found.bills) == 3


def test_money_of_strangers_for_a_sold_house_is_asked_about(sold: Unit) -> None:
    found = match("1-1-101", "孙女", "100.00")
    assert not found.sure
    assert found.told == "备注中的房号 1-1-101，欠费里有前业主的，户名 孙女 不认识，请认领时指定付款人"


def test_a_sure_row_counts_for_the_rows_after_it(house: Unit) -> None:
    book = Book()
    rows = [BankRow(name="王桂芳", amount=Decimal("300.00")) for _ in range(2)]
    assert [book.match(row).sure for row in rows] == [True, False]


def test_running_text_holds_each_number_once() -> None:
    assert house_numbers("1栋1单元101和1-1-101，另1#1-102") == ["1-1-101", "1-1-102"]
    assert house_numbers("") == []
