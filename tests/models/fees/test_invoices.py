"""Invoices: their numbers are only kept, and no receipt is claimed twice."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from models.clock import standing_at
from models.desk import reminders_on
from models.errors import BadInput, RuleBroken
from models.fees.adjusting import reduce
from models.fees.billing import bill
from models.fees.bills import Bill
from models.fees.cashier import receive, void_receipt
from models.fees.closings import close_day
from models.fees.invoices import Invoice, invoice_of, record_invoice, record_red_invoice
from models.fees.lists import receipts as receipt_list
from models.fees.payments import Receipt
from models.fees.reversing import reverse_receipt
from models.listings import LISTS, Filters
from models.months import Month
from tests.estate import Estate, stop_chains

DIGITAL, OTHER, PAPER = "25442000000123456789", "25442000000123456780", "12345678"


@pytest.fixture
def receipts(estate: Estate) -> list[Receipt]:
    house = estate.house("101")
    return [receive(house, Decimal(amount)).receipts.get() for amount in ("100.00", "23.45")]


def test_several_receipts_are_exchanged_for_one_invoice(receipts: list[Receipt]) -> None:
    made = record_invoice(receipts, DIGITAL)
    assert (made.amount, made.buyer) == (Decimal("123.45"), "王桂芳")
    assert invoice_of(receipts[0]) == made
    found = receipt_list(Filters())
    assert {found.plain(row)["invoice"] for row in found.rows()} == {DIGITAL}
    (row,) = map(LISTS["invoices"]().plain, LISTS["invoices"]().rows())
    assert (row["receipts"], row["unit"], row["state"]) == (2, "1-1-101", "已换开")


@pytest.mark.parametrize("number", ["1234567", "123456789", "2544200000012345678X", "１２３４５６７８9"])
def test_what_is_no_number_of_an_invoice_is_refused(receipts: list[Receipt], number: str) -> None:
    with pytest.raises(BadInput, match="发票号码"):
        record_invoice(receipts, number)
    assert not Invoice.select().count()


def test_no_receipt_and_no_number_is_used_twice(receipts: list[Receipt]) -> None:
    record_invoice(receipts[:1], DIGITAL)
    with pytest.raises(RuleBroken, match="已换开发票"):
        record_invoice(receipts[:1], OTHER)
    with pytest.raises(RuleBroken, match="登记过"):
        record_invoice(receipts[1:], DIGITAL)


def test_an_exchanged_receipt_is_neither_void_nor_reversed_until_the_invoice_is_red(
    receipts: list[Receipt],
) -> None:
    made = record_invoice(receipts[:1], PAPER)
    with pytest.raises(RuleBroken, match="红字发票"):
        void_receipt(receipts[0], "开错")
    record_red_invoice(made, "87654321", "开错购买方")
    assert invoice_of(receipts[0]) is None
    assert record_invoice(receipts[:1], DIGITAL).amount == 100
    with pytest.raises(RuleBroken, match="红字发票"):
        void_receipt(receipts[0], "开错")


def test_a_closed_receipt_that_was_exchanged_is_not_reversed(estate: Estate) -> None:
    stop_chains()
    day = date.today() - timedelta(days=1)
    receipt = receive(estate.house("101"), Decimal(9), on=day).receipts.get()
    close_day(day)
    record_invoice([receipt], PAPER)
    with pytest.raises(RuleBroken, match="红字发票"):
        reverse_receipt(receipt, "重复", "申请")


def test_an_invoice_whose_money_was_given_back_wants_a_red_one(estate: Estate) -> None:
    stop_chains()
    at = datetime.now()
    house = estate.house("101", "100.00")
    estate.give(house, estate.item(price="1.0000"))
    bill(Month.of(date.today()))
    receipt = receive(house, Decimal("100.00")).receipts.get()
    with standing_at(at - timedelta(minutes=2)):
        first = record_invoice([receipt], PAPER)
    assert owing() == []
    with standing_at(at - timedelta(minutes=1)):
        reduce([Bill.get()], "停水三天", "业主来函", percent=Decimal(10))
    assert owing() == [PAPER]
    (one,) = [one for one in reminders_on(date.today()) if one.page == "invoices"]
    assert (one.title, one.filters) == ("1 张发票的账款已退回，应开红字发票", {"state": "应红冲"})
    record_red_invoice(first, "87654321", "退 10 元")
    for wrong in ("0.00", "90.01"):
        with pytest.raises(BadInput, match="不超过收据合计"):
            record_invoice([receipt], DIGITAL, amount=Decimal(wrong))
    assert record_invoice([receipt], DIGITAL).amount == 90
    assert owing() == []


def owing() -> list[str]:
    found = LISTS["invoices"](Filters(state="应红冲"))
    return [found.plain(row)["number"] for row in found.rows()]


def test_void_and_red_receipts_are_not_exchanged(receipts: list[Receipt]) -> None:
    void_receipt(receipts[0], "开错")
    with pytest.raises(RuleBroken, match="作废"):
        record_invoice(receipts, PAPER)


@pytest.mark.parametrize("ahead", [1, 30])
def test_days_to_come_are_refused(receipts: list[Receipt], ahead: int) -> None:
    day = date.today() + timedelta(days=ahead)
    with pytest.raises(BadInput, match="还没有到"):
        record_invoice(receipts, PAPER, on=day)
    made = record_invoice(receipts, PAPER)
    with pytest.raises(BadInput, match="红字日期"):
        record_red_invoice(made, "87654321", "开错", on=day)
