"""Money taken, receipts given, balances kept, days closed."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from models.checks import run_invariants
from models.deeds import acting
from models.errors import BadInput, RuleBroken
from models.fees import settle
from models.fees.billing import bill, undo_billing
from models.fees.bills import Bill
from models.fees.cashier import (
    count_prints,
    receive,
    reverse_set_off,
    set_off,
    told_of_reference,
    void_receipt,
)
from models.fees.closings import close_day
from models.fees.items import FeeItem
from models.fees.payments import (
    Allocation,
    BalanceEntry,
    BalanceKind,
    DayClosing,
    Method,
    Payment,
    Receipt,
    ReceiptState,
    SetOff,
    SetOffReversal,
)
from models.months import Month
from models.owners.estate import Unit
from models.owners.tenure import add_ownership, transfer
from tests.estate import Estate, writing
from tests.models.fees.world import Collector

DAY = date(2020, 7, 1)


def rows(receipt: Receipt) -> list[tuple[str, str | None, str | None, str | None, str]]:
    return [(row.item, row.span, row.quantity, row.price, str(row.amount)) for row in receipt.rows]


@pytest.fixture
def unit(estate: Estate) -> Unit:
    """A house that owes 100.00 for each of six months from January 2020."""
    house = estate.house("101")
    estate.give(house, estate.item(since=date(2020, 1, 1)))
    for month in range(1, 7):
        bill(Month(2020, month))
    return house


def test_a_part_payment_settles_the_oldest_line_first(unit: Unit) -> None:
    payment = receive(unit, Decimal("150.00"), on=DAY)
    assert [str(line.paid) for line in Bill.select().order_by(Bill.month)] == ["100.00", "50.00"] + [
        "0.00"
    ] * 4
    (receipt,) = payment.receipts
    assert (receipt.number, receipt.amount, receipt.payer_name) == (
        "SJ-2020-000001",
        Decimal("150.00"),
        "王桂芳",
    )
    assert rows(receipt) == [
        ("物业费", "2020年1月", "100.00㎡", "1.00", "100.00"),
        ("物业费（部分）", "2020年2月", None, None, "50.00"),
    ]


def test_consecutive_months_of_one_item_are_one_row(unit: Unit) -> None:
    (receipt,) = receive(unit, Decimal("600.00"), on=DAY).receipts
    assert rows(receipt) == [("物业费", "2020年1月至6月", "6 个月", "100.00", "600.00")]


def test_one_whole_month_shows_its_area_and_price(unit: Unit) -> None:
    (receipt,) = receive(unit, Decimal("100.00"), on=DAY).receipts
    assert rows(receipt) == [("物业费", "2020年1月", "100.00㎡", "1.00", "100.00")]


def test_money_over_what_is_owed_becomes_a_balance(unit: Unit) -> None:
    (receipt,) = receive(unit, Decimal("650.00"), on=DAY).receipts
    assert rows(receipt)[-1] == ("预存款", None, None, None, "50.00")
    assert receipt.balance == Decimal("50.00") == settle.balance(unit, receipt.payment.payer)


def test_money_on_a_unit_that_owes_nothing_is_a_receipt_for_a_balance(estate: Estate) -> None:
    unit = estate.house("102")
    (receipt,) = receive(unit, Decimal("20.00"), on=DAY).receipts
    assert rows(receipt) == [("预存款", None, None, None, "20.00")]


def test_a_balance_is_set_off_without_a_receipt(unit: Unit, estate: Estate) -> None:
    receive(unit, Decimal("680.00"), on=DAY)
    bill(Month(2020, 7))
    done = set_off(unit, on=DAY)
    assert (done.amount, Receipt.select().count()) == (Decimal("80.00"), 1)
    assert settle.balance(unit, done.payer) == 0
    assert Bill.get(Bill.month == Month(2020, 7)).owed == Decimal("20.00")
    with pytest.raises(RuleBroken, match="没有可抵扣"):
        set_off(unit, on=DAY)


def test_more_than_the_balance_cannot_be_set_off(unit: Unit) -> None:
    receive(unit, Decimal("610.00"), on=DAY)
    bill(Month(2020, 7))
    with pytest.raises(RuleBroken, match=r"预存余额只有 10\.00 元"):
        set_off(unit, amount=Decimal("10.01"), on=DAY)


def test_chosen_lines_are_settled_instead_of_the_oldest(unit: Unit) -> None:
    last = Bill.get(Bill.month == Month(2020, 6))
    receive(unit, Decimal("100.00"), bills=[last], on=DAY)
    assert Bill.get_by_id(last.id).owed == 0
    with pytest.raises(RuleBroken, match="已结清"):
        receive(unit, Decimal("1.00"), bills=[Bill.get_by_id(last.id)], on=DAY)


def test_one_payment_over_two_units_gives_each_its_receipt(unit: Unit, estate: Estate) -> None:
    from models.fees.items import FeeItem

    other = estate.house("102")
    estate.give(other, FeeItem.get(), date(2020, 6, 1))
    bill(Month(2020, 6))
    payment = receive(unit, Decimal("705.00"), units=[other], on=DAY)
    told = [(receipt.number, receipt.unit.room, str(receipt.amount)) for receipt in payment.receipts]
    assert told == [("SJ-2020-000001", "101", "605.00"), ("SJ-2020-000002", "102", "100.00")]


def test_what_is_beyond_six_rows_goes_on_a_next_receipt(estate: Estate) -> None:
    unit = estate.house("101")
    for number in range(8):
        estate.give(unit, estate.item(f"项目{number}", since=date(2020, 1, 1)))
    bill(Month(2020, 1))
    payment = receive(unit, Decimal("800.00"), on=DAY)
    assert [(receipt.number, receipt.rows.count(), str(receipt.amount)) for receipt in payment.receipts] == [
        ("SJ-2020-000001", 6, "600.00"),
        ("SJ-2020-000002", 2, "200.00"),
    ]
    assert all(line.owed == 0 for line in Bill.select())


def test_money_over_the_debts_of_a_former_owner_belongs_to_who_pays_now(unit: Unit, estate: Estate) -> None:
    with writing():
        buyer = estate.person("李明")
    transfer(unit, buyer, date(2020, 6, 15), despite=True)
    alone = receive(unit, Decimal("100.00"), on=DAY)
    both = receive(unit, Decimal("700.00"), on=DAY)
    assert [payment.payer_name for payment in (alone, both)] == ["王桂芳", "李明"]
    assert settle.balance(unit, buyer) == Decimal("200.00")
    bill(Month(2020, 7))
    assert set_off(unit, on=DAY).payer == buyer


def test_a_void_receipt_keeps_its_number_and_opens_its_lines_again(unit: Unit) -> None:
    (receipt,) = receive(unit, Decimal("150.00"), on=DAY).receipts
    void_receipt(receipt, "收错户")
    again = Receipt.find("SJ-2020-000001")
    assert (again.state, again.void_reason) == (ReceiptState.VOID, "收错户")
    assert all(line.paid == 0 for line in Bill.select())
    assert not Allocation.select().where(Allocation.live == True).exists()
    (following,) = receive(unit, Decimal("10.00"), on=DAY).receipts
    assert following.number == "SJ-2020-000002"
    assert Payment.get_by_id(again.payment.id).voided == Decimal("150.00")
    with pytest.raises(RuleBroken, match="现在是“作废”"):
        void_receipt(again, "再来一次")


def test_a_receipt_whose_balance_was_used_cannot_be_void(unit: Unit) -> None:
    (receipt,) = receive(unit, Decimal("650.00"), on=DAY).receipts
    bill(Month(2020, 7))
    set_off(unit, on=DAY)
    with pytest.raises(RuleBroken, match="已经抵扣过"):
        void_receipt(receipt, "收错")
    assert Receipt.get().state is ReceiptState.ISSUED


def test_a_set_off_taken_back_leaves_lines_and_balance_as_they_were(unit: Unit) -> None:
    (receipt,) = receive(unit, Decimal("650.00"), on=DAY).receipts
    run = bill(Month(2020, 7))
    made = set_off(unit, on=DAY)
    with pytest.raises(RuleBroken, match=f"已有 1 笔收了款，不能整批撤销。请先撤销抵扣单 {made.number}。"):
        undo_billing(run)
    assert reverse_set_off(made, "选错了账单").label() == made.number
    assert settle.balance(unit, receipt.payment.payer) == Decimal("50.00")
    assert Bill.get(Bill.month == Month(2020, 7)).paid == 0
    with pytest.raises(RuleBroken, match="已经撤销过"):
        reverse_set_off(made, "再来一次")
    undo_billing(run)
    void_receipt(receipt, "收错")
    assert run_invariants() == []
    receive(unit, Decimal("650.00"), on=DAY)
    bill(Month(2020, 7))
    assert set_off(unit, on=DAY).number == "DK-202007-0002"


def test_money_left_before_an_owner_was_known_is_set_off_afterwards(estate: Estate) -> None:
    unit = estate.house("103", owner=None)
    receive(unit, Decimal("500.00"), on=date(2020, 5, 3))
    with writing():
        owner = estate.person("李明")
    add_ownership(unit, owner, since=date(2020, 6, 1))
    estate.give(unit, estate.item(since=date(2020, 1, 1)), date(2020, 6, 1))
    bill(Month(2020, 6))
    made = set_off(unit, on=DAY)
    assert (made.payer, made.amount) == (None, Decimal("100.00"))
    assert settle.balance(unit, None) == Decimal("400.00")
    assert run_invariants() == []


def test_the_balance_of_somebody_else_is_used_only_where_he_is_named(unit: Unit, estate: Estate) -> None:
    with writing():
        tenant = estate.person("李租客")
    receive(unit, Decimal("650.00"), on=DAY, payer=tenant)
    bill(Month(2020, 7))
    with pytest.raises(RuleBroken, match="预存属于李租客。请在“付款人”里选他"):
        set_off(unit, on=DAY)
    assert set_off(unit, payer=tenant, on=DAY).amount == Decimal("50.00")


def test_a_balance_pays_for_its_own_unit_alone(unit: Unit, estate: Estate) -> None:
    other = estate.house("102", owner="赵红")
    estate.give(other, FeeItem.get())
    receive(unit, Decimal("650.00"), on=DAY)
    bill(Month(2020, 7))
    with pytest.raises(RuleBroken, match="1-1-102 物业费 2020-07 不是 1-1-101 的账单"):
        set_off(unit, bills=[Bill.get(Bill.unit == other)], on=DAY)
    assert not SetOff.select().exists()


def test_a_day_before_the_first_payment_is_not_closed(unit: Unit) -> None:
    receive(unit, Decimal("1.00"), on=DAY)
    with pytest.raises(RuleBroken, match="2020-01-01 还没有收过款，不用日结"):
        close_day(date(2020, 1, 1))
    assert not DayClosing.select().exists()


def test_a_day_on_which_a_balance_was_set_off_is_closed_though_no_money_came(unit: Unit) -> None:
    with writing():
        BalanceEntry.add(unit=unit, payer=None, on=DAY, kind=BalanceKind.OPENING, amount=Decimal("5.00"))
    set_off(unit, on=DAY)
    assert close_day(DAY).amount == 0


def test_a_set_off_stands_once_its_day_is_closed(unit: Unit) -> None:
    receive(unit, Decimal("650.00"), on=DAY)
    bill(Month(2020, 7))
    made = set_off(unit, on=DAY)
    close_day(DAY)
    with pytest.raises(RuleBroken, match="已日结，抵扣单"):
        reverse_set_off(made, "选错了账单")
    assert not SetOffReversal.select().exists()


def test_a_run_that_cannot_be_undone_names_what_settled_it(unit: Unit) -> None:
    for _ in range(4):
        receive(unit, Decimal("1.00"), on=DAY)
    first = Bill.select().order_by(Bill.month).get().batch
    with pytest.raises(
        RuleBroken, match="请先作废收据 SJ-2020-000001、SJ-2020-000002、SJ-2020-000003 等 4 份"
    ):
        undo_billing(first)


def test_a_void_receipt_takes_its_balance_back(unit: Unit) -> None:
    (receipt,) = receive(unit, Decimal("650.00"), on=DAY).receipts
    void_receipt(receipt, "收错")
    assert settle.balance(unit, receipt.payment.payer) == 0
    assert BalanceEntry.select().count() == 2


def test_after_the_days_closing_nothing_of_it_changes(unit: Unit) -> None:
    (receipt,) = receive(unit, Decimal("150.00"), on=DAY).receipts
    other = receive(unit, Decimal("30.00"), on=DAY).receipts.get()
    void_receipt(other, "重复")
    closing = close_day(DAY)
    assert (closing.receipts, closing.voids, closing.amount) == (1, 1, Decimal("150.00"))
    with pytest.raises(RuleBroken, match="已日结"):
        void_receipt(receipt, "收错户")
    with pytest.raises(RuleBroken, match="已日结"):
        receive(unit, Decimal("1.00"), on=DAY)
    with pytest.raises(RuleBroken, match="已日结"):
        close_day(DAY)


def test_a_day_ahead_takes_no_money(unit: Unit) -> None:
    with pytest.raises(RuleBroken, match="还没有到"):
        receive(unit, Decimal("1.00"), on=date.today() + timedelta(days=1))


@pytest.mark.parametrize("amount", ["0.00", "-1.00"])
def test_nothing_or_less_is_no_payment(unit: Unit, amount: str) -> None:
    with pytest.raises(BadInput, match="大于零"):
        receive(unit, Decimal(amount), on=DAY)
    assert Payment.select().count() == 0


def test_receipt_numbers_run_through_the_year_and_start_again(unit: Unit) -> None:
    numbers = [
        receive(unit, Decimal("1.00"), on=day).receipts.get().number for day in (DAY, DAY, date(2021, 1, 2))
    ]
    assert numbers == ["SJ-2020-000001", "SJ-2020-000002", "SJ-2021-000001"]


def test_an_ownerless_unit_pays_too(estate: Estate) -> None:
    unit = estate.house("103", owner=None)
    estate.give(unit, estate.item(since=date(2020, 1, 1)))
    bill(Month(2020, 1))
    (receipt,) = receive(unit, Decimal("120.00"), on=DAY).receipts
    assert (receipt.payer_name, settle.balance(unit, None)) == (None, Decimal("20.00"))


def test_prints_are_counted(unit: Unit) -> None:
    first, second = (receive(unit, Decimal("1.00"), on=DAY).receipts.get() for _ in range(2))
    count_prints([first])
    count_prints([Receipt.find(first.number), second])
    assert [receipt.prints for receipt in Receipt.select().order_by(Receipt.number)] == [2, 1]


def test_a_balance_settles_nothing_before_it_was_there(unit: Unit) -> None:
    receive(unit, Decimal("650.00"), on=DAY)
    bill(Month(2020, 7))
    with pytest.raises(RuleBroken, match="没有可抵扣"):
        set_off(unit, on=date(2020, 6, 30))


def test_a_known_reference_names_the_house_only_to_whom_reaches_it(unit: Unit) -> None:
    number = receive(unit, Decimal("20.00"), Method.WECHAT, reference="WX1").receipts.get().number
    assert told_of_reference("WX1") == f"流水号 WX1 已在收据 {number}（{unit.code} 20.00 元）用过。"
    with acting(Collector(-1)):
        assert told_of_reference("WX1") == f"流水号 WX1 已在收据 {number}用过。"
    assert told_of_reference("WX2") == ""
    void_receipt(Receipt.find(number), "错")
    assert told_of_reference("WX1") == ""
