"""Drawers: what goes through them, how they are counted, handed on, and stand in the day book."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from models import deeds
from models.base import db
from models.checks import run_invariants
from models.clock import standing_at
from models.desk import reminders_on
from models.errors import BadInput, RuleBroken
from models.fees import shift_lists  # noqa: F401 - its checks are registered by being imported
from models.fees.adjusting import refund
from models.fees.cashier import receive, void_receipt
from models.fees.closings import close_day
from models.fees.daybook import day_book
from models.fees.depositing import refund_deposit, take_deposit, void_deposit_entry
from models.fees.deposits import DepositEntry
from models.fees.payments import Method, Payment
from models.fees.reversing import reverse_receipt
from models.fees.shifts import (
    Shift,
    TillEntry,
    apart_from_tills,
    cash_of,
    close_shift,
    open_shift,
    own_shift,
)
from models.listings import LISTS
from models.owners.estate import Unit
from tests.estate import Estate, count_drawers, stop_chains
from tests.office_people import worker

TODAY = date.today()


@pytest.fixture
def house(estate: Estate) -> Unit:
    return estate.house("101")


def yuan(text: str) -> Decimal:
    return Decimal(text)


def test_a_payment_outside_a_shift_opens_the_cashiers_own(house: Unit) -> None:
    assert own_shift() is None
    receive(house, yuan("100.10"))
    shift = own_shift()
    assert shift is not None and shift.opening == 0 and shift.day == TODAY
    receive(house, yuan("50.00"), Method.WECHAT)
    assert Shift.select().count() == 1 and cash_of(shift) == yuan("100.10")
    assert [entry.amount for entry in shift.entries.order_by(TillEntry.id)] == [yuan("100.10"), yuan("50")]


def test_cash_beyond_the_amount_is_change(house: Unit) -> None:
    payment = receive(house, yuan("90.48"), given=yuan("100"))
    assert payment.change_given == yuan("9.52")
    assert cash_of(own_shift()) == yuan("90.48")


@pytest.mark.parametrize(
    ("given", "method", "said"),
    [("90.00", Method.CASH, "不够"), ("100.00", Method.POS, "没有找零")],
)
def test_what_cannot_be_change_is_refused(house: Unit, given: str, method: Method, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        receive(house, yuan("90.48"), method, given=yuan(given))
    assert not Payment.select().count() and not Shift.select().count()


def test_a_void_receipt_goes_back_out_of_the_drawer_that_took_it(house: Unit) -> None:
    payment = receive(house, yuan("80"))
    shift = own_shift()
    clerk = worker("李会计", "会计")
    with deeds.acting(clerk):
        void_receipt(payment.receipts.get(), "交错了户")
    assert cash_of(shift) == 0 and Shift.select().count() == 1


def test_after_the_drawer_was_counted_a_void_goes_through_no_closed_drawer(house: Unit) -> None:
    payment = receive(house, yuan("80"))
    first = own_shift()
    close_shift(first, yuan("80"))
    void_receipt(payment.receipts.get(), "交错了户")
    assert Shift.get_by_id(first.id).expected == 80 and first.entries.count() == 1
    assert day_book(TODAY).outside == yuan("-80")


def test_deposits_and_what_is_paid_out_go_through_it(estate: Estate, house: Unit) -> None:
    stop_chains()
    open_shift(yuan("500"))
    deposit = take_deposit(house, yuan("2000"), agreed="装修协议 5")
    receive(house, yuan("300"))
    refund(house, yuan("100"), "多交", "本人申请", method=Method.CASH)
    wrong = take_deposit(house, yuan("7"), agreed="装修协议 5")
    void_deposit_entry(DepositEntry.get(DepositEntry.number == wrong.number), "收错户")
    refund_deposit(deposit)
    assert cash_of(own_shift()) == yuan("700")
    book = day_book(TODAY).drawers
    assert book is not None
    (drawer,) = book.drawers
    assert (drawer.taken, drawer.paid_out, drawer.expected) == (yuan("2307"), yuan("2107"), yuan("700"))


def test_a_difference_is_explained_or_refused(house: Unit) -> None:
    receive(house, yuan("80"))
    shift = own_shift()
    with pytest.raises(BadInput, match=r"少 0[.]50 元") as refused:
        close_shift(shift, yuan("79.50"))
    assert refused.value.field == "note" and own_shift() is not None
    closed = close_shift(shift, yuan("79.50"), note="找零多给 0.50")
    assert (closed.expected, closed.difference, closed.banked) == (80, yuan("-0.5"), yuan("79.5"))


@pytest.mark.parametrize("banked", ["80.01", "1000"])
def test_more_than_is_there_is_not_banked(house: Unit, banked: str) -> None:
    receive(house, yuan("80"))
    with pytest.raises(BadInput, match="不能缴存"):
        close_shift(own_shift(), yuan("80"), banked=yuan(banked))


def test_the_float_stays_and_goes_on_by_itself(house: Unit) -> None:
    open_shift(yuan("200"))
    receive(house, yuan("80"))
    first = close_shift(own_shift(), yuan("280"))
    assert (first.banked, first.kept) == (80, 200)
    receive(house, yuan("10"))
    second = own_shift()
    assert second.prior == first and second.opening == 200 and cash_of(second) == 210


def test_a_drawer_is_handed_to_who_takes_over_and_to_nobody_else(house: Unit) -> None:
    one, other, third = (worker(name, "收款员") for name in ("甲收款", "乙收款", "丙收款"))
    with deeds.acting(one):
        open_shift(yuan("300"))
        shift = close_shift(own_shift(), yuan("300"), banked=yuan("0"), successor=other.staff)
    with deeds.acting(third), pytest.raises(RuleBroken, match="交给了 乙收款"):
        open_shift(prior=shift)
    with deeds.acting(other):
        with pytest.raises(BadInput, match="接班说明"):
            open_shift(yuan("290"))
        taken = open_shift(yuan("290"), note="少一张十元，甲收款认")
        assert taken.prior == shift and taken.opening == 290
    with deeds.acting(one):
        assert open_shift().prior is None


def test_what_was_taken_over_is_not_taken_twice(house: Unit) -> None:
    open_shift(yuan("300"))
    shift = close_shift(own_shift(), yuan("300"), banked=yuan("0"))
    with pytest.raises(RuleBroken, match="还开着"):
        open_shift()
        open_shift()
    with deeds.acting(worker("乙收款", "收款员")), pytest.raises(RuleBroken, match="已由"):
        open_shift(prior=shift)


def test_an_open_drawer_is_not_taken_over(house: Unit) -> None:
    shift = open_shift(yuan("300"))
    with deeds.acting(worker("乙收款", "收款员")), pytest.raises(RuleBroken, match="还没有结班"):
        open_shift(prior=shift)


def test_somebody_elses_drawer_is_closed_by_who_closes_days_alone(house: Unit) -> None:
    with deeds.acting(worker("甲收款", "收款员")):
        shift = open_shift(yuan("10"))
    assert close_shift(shift, yuan("10")).closed_by != shift.cashier
    with pytest.raises(RuleBroken, match="已由"):
        close_shift(shift, yuan("10"))


def test_a_day_is_closed_once_its_drawers_are_counted(house: Unit) -> None:
    receive(house, yuan("80"))
    with pytest.raises(RuleBroken, match="还没有结班"):
        close_day(TODAY)
    count_drawers()
    assert close_day(TODAY).amount == 80


def test_the_day_book_proves_receipts_against_drawers(house: Unit) -> None:
    yesterday = TODAY - timedelta(days=1)
    receive(house, yuan("5"), on=yesterday)
    receive(house, yuan("80"))
    with apart_from_tills():
        receive(house, yuan("33.33"), Method.TRANSFER)
    late, today = day_book(yesterday), day_book(TODAY)
    assert late.drawers is not None and today.drawers is not None
    assert (late.total, late.drawers.through, late.drawers.elsewhere, late.outside) == (5, 0, 5, 0)
    assert (today.total, today.drawers.through, today.outside) == (yuan("113.33"), 80, yuan("33.33"))
    assert today.drawers.earlier == 5


def test_a_red_receipt_is_paid_out_of_the_drawer_of_who_makes_it(house: Unit) -> None:
    stop_chains()
    yesterday = TODAY - timedelta(days=1)
    payment = receive(house, yuan("60"), on=yesterday)
    close_day(yesterday)
    count_drawers()
    open_shift(yuan("100"))
    reverse_receipt(payment.receipts.get(), "重复收款", "本人申请")
    assert cash_of(own_shift()) == 40


def test_cash_that_a_drawer_does_not_hold_came_from_elsewhere(house: Unit) -> None:
    stop_chains()
    receive(house, yuan("300"), Method.TRANSFER)
    refund(house, yuan("100"), "多交", "本人申请", method=Method.CASH)
    shift = own_shift()
    assert cash_of(shift) == 0 and shift.entries.count() == 1


def test_shifts_stand_in_their_list_with_what_should_be_there(house: Unit) -> None:
    open_shift(yuan("100"))
    receive(house, yuan("60"))
    receive(house, yuan("40"), Method.ALIPAY)
    found = LISTS["shifts"]()
    (row,) = map(found.plain, found.rows())
    assert (row["expected"], row["taken"], row["cash"], row["state"]) == ("160.00", "100.00", "60.00", "当班")
    assert LISTS["till_entries"]().count() == 2


def test_yesterdays_drawer_is_reminded_of(house: Unit) -> None:
    with standing_at(datetime.now() - timedelta(days=1)):
        open_shift(yuan("100"))
    titles = [one.title for one in reminders_on(TODAY)]
    assert any("1 个班次没有结班" in title for title in titles)


def test_what_was_counted_never_changes(house: Unit) -> None:
    open_shift(yuan("100"))
    shift = close_shift(own_shift(), yuan("100"))
    for column, value in (("counted", 1), ("opening", 1), ("banked", 1)):
        with pytest.raises(Exception, match="shift"):
            db.execute_sql(f'UPDATE shift SET "{column}" = {value} WHERE id = {shift.id}')
    assert not run_invariants()
