"""Reductions, reversals and refunds: what was issued stays, equal negative lines stand against it."""

from datetime import date
from decimal import Decimal

import pytest

from models.base import db
from models.checks import run_invariants
from models.errors import BadInput, RuleBroken
from models.fees import invariants, proposing  # noqa: F401 - registered by being imported
from models.fees.adjusting import reduce, refund, reverse_bills
from models.fees.arrears import debts
from models.fees.billing import bill, dry_run, undo_billing
from models.fees.bills import Bill, BillKind
from models.fees.cashier import receive, set_off, void_receipt
from models.fees.closings import close_day
from models.fees.daybook import day_book
from models.fees.explain import explain
from models.fees.items import Basis, FeeItem
from models.fees.notices import NoticeRun
from models.fees.payments import AdjustmentKind, Allocation, Method, Receipt, ReceiptState
from models.fees.proposing import left_on
from models.fees.rates import rates_of
from models.fees.reversing import reverse_receipt
from models.fees.schedule import schedule
from models.fees.settle import balance
from models.months import Month
from models.owners.estate import Unit
from tests.estate import Estate, stop_chains

MAY, JUNE = Month(2020, 5), Month(2020, 6)
DAY = date(2020, 6, 10)


@pytest.fixture
def house(estate: Estate) -> Unit:
    stop_chains()
    unit = estate.house("101")
    estate.give(unit, estate.item(since=MAY.first), MAY.first)
    bill(MAY)
    bill(JUNE)
    return unit


def line(month: Month, kind: BillKind = BillKind.RECURRING) -> Bill:
    found: Bill = Bill.get((Bill.month == month) & (Bill.kind == kind) & (Bill.live == True))
    return found


def sums() -> tuple[int, int]:
    """Return what all live lines charge and what is paid of them, in fen."""
    found: tuple[int, int] = db.execute_sql("SELECT SUM(amount), SUM(paid) FROM bill WHERE live").fetchone()
    return found


@pytest.fixture(autouse=True)
def books_hold(estate: Estate) -> object:
    yield
    assert run_invariants() == []


# -- reducing --------------------------------------------------------------------------------------


def test_a_reduction_is_a_negative_line_that_names_the_old_one(house: Unit) -> None:
    made = reduce([line(JUNE)], "停水三天", "合同第9条", percent=Decimal("12.35"), on=DAY)
    negative = line(JUNE, BillKind.REDUCTION)
    assert (made.number, made.amount, made.kind) == ("JM-202006-001", Decimal("-12.35"), AdjustmentKind.FAULT)
    assert (negative.corrects, negative.amount, negative.owed) == (line(JUNE), Decimal("-12.35"), Decimal(0))
    assert line(JUNE).owed == Decimal("87.65")
    assert left_on([line(JUNE)]) == {line(JUNE).id: Decimal("87.65")}


def test_a_sum_is_taken_off_the_oldest_lines_first(house: Unit) -> None:
    reduce([line(JUNE), line(MAY)], "约定", "决议2号", amount=Decimal("130.00"), on=DAY)
    assert (line(MAY).owed, line(JUNE).owed) == (Decimal(0), Decimal("70.00"))


def test_what_was_paid_of_it_becomes_a_balance(house: Unit) -> None:
    receive(house, Decimal("180.00"), on=DAY)
    reduce([line(JUNE)], "多收", "合同", amount=Decimal("50.00"), on=DAY)
    assert line(JUNE).owed == 0
    assert balance(house, line(JUNE).payer) == Decimal("30.00")
    money = Allocation.select().where((Allocation.bill == line(JUNE)) & Allocation.adjustment.is_null())
    assert [one.amount for one in money] == [Decimal("80.00")]


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({}, "请填一个"),
        ({"percent": Decimal(10), "amount": Decimal(10)}, "请填一个"),
        ({"amount": Decimal("200.01")}, "只剩 200.00 元可减"),
        ({"amount": Decimal(0)}, "要大于零"),
    ],
)
def test_a_reduction_that_cannot_be_is_refused(house: Unit, given: dict[str, Decimal], sentence: str) -> None:
    with pytest.raises(RuleBroken, match=sentence):
        reduce([line(JUNE), line(MAY)], "无", "无", on=DAY, **given)
    assert sums() == (20_000, 0)


def test_lines_of_two_houses_are_not_adjusted_together(estate: Estate, house: Unit) -> None:
    other = estate.house("102")
    estate.give(other, FeeItem.find("1"), JUNE.first)
    bill(JUNE)
    with pytest.raises(RuleBroken, match="一张单只能调整一个房号"):
        reduce(list(Bill.select()), "无", "无", percent=Decimal(10), on=DAY)


def test_vacancy_does_not_reduce_what_is_collected_for_others(estate: Estate, house: Unit) -> None:
    water = estate.item("代收水费", collected=True, since=JUNE.first)
    estate.give(house, water, JUNE.first)
    bill(JUNE)
    of_water = Bill.get(Bill.item == water)
    with pytest.raises(RuleBroken, match="代收费用，空置不打折"):
        reduce([of_water], "空置", "条例", AdjustmentKind.VACANCY, percent=Decimal(40), on=DAY)


def test_a_correction_is_not_corrected(house: Unit) -> None:
    reduce([line(JUNE)], "停水", "合同", percent=Decimal(10), on=DAY)
    with pytest.raises(RuleBroken, match="本身就是更正"):
        reduce([line(JUNE, BillKind.REDUCTION)], "停水", "合同", percent=Decimal(10), on=DAY)


# -- reversing -------------------------------------------------------------------------------------


def test_a_reversed_month_is_a_gap_that_a_run_fills_once(estate: Estate, house: Unit) -> None:
    reverse_bills([line(JUNE)], "单价录错", "收费标准", on=DAY)
    assert line(JUNE).owed == 0
    assert dry_run(JUNE).amount == Decimal("100.00")
    bill(JUNE)
    again = line(JUNE, BillKind.CORRECTION)
    assert (again.corrects, again.owed) == (line(JUNE), Decimal("100.00"))
    assert dry_run(JUNE).lines == []
    assert bill(JUNE) is None


def test_a_month_may_be_reversed_and_charged_again_and_again(house: Unit) -> None:
    for kind in (BillKind.RECURRING, BillKind.CORRECTION):
        newest = (
            Bill.select().where((Bill.kind == kind) & (Bill.month == JUNE)).order_by(Bill.id.desc()).get()
        )
        reverse_bills([newest], "录错", "标准", on=DAY)
        bill(JUNE)
    corrections = list(Bill.select().where(Bill.kind == BillKind.CORRECTION).order_by(Bill.id))
    assert [one.corrects.kind for one in corrections] == [BillKind.RECURRING, BillKind.CORRECTION]
    assert sums()[0] == 20_000


def test_a_run_that_charged_a_reversed_month_can_be_undone_and_made_again(house: Unit) -> None:
    reverse_bills([line(JUNE)], "录错", "标准", on=DAY)
    batch = bill(JUNE)
    assert batch is not None
    undo_billing(batch)
    assert dry_run(JUNE).amount == Decimal("100.00")
    assert bill(JUNE) is not None
    assert sums()[0] == 20_000


def test_an_earlier_month_that_was_reversed_is_named_as_never_billed(house: Unit) -> None:
    reverse_bills([line(MAY)], "录错", "标准", on=DAY)
    assert [one.span for one in dry_run(JUNE).missing] == ["2020-05"]
    batch = bill(JUNE, catch_up=True)
    assert batch is not None and batch.amount == Decimal("100.00")
    assert dry_run(JUNE).missing == []


def test_what_was_reduced_to_nothing_by_mistake_is_reversed_and_charged_again(house: Unit) -> None:
    reduce([line(JUNE)], "录错", "单据", percent=Decimal("100"), on=DAY)
    with pytest.raises(RuleBroken, match="已经冲减完了"):
        reduce([line(JUNE)], "录错", "单据", percent=Decimal("1"), on=DAY)
    made = reverse_bills([line(JUNE)], "减错", "单据", on=DAY)
    assert made.amount == 0 and [one.amount for one in proposing.as_done(made).corrections] == [0]
    with pytest.raises(RuleBroken, match="已经全部红冲或转出"):
        reverse_bills([line(JUNE)], "减错", "单据", on=DAY)
    bill(JUNE)
    assert line(JUNE, BillKind.CORRECTION).owed == Decimal("100.00")
    assert explain(line(JUNE, BillKind.REVERSAL)).proven


def test_a_run_of_which_a_line_was_reduced_is_not_undone_but_one_that_was_reversed_stands_aside(
    house: Unit, estate: Estate
) -> None:
    other = estate.house("102")
    estate.give(other, FeeItem.get(), JUNE.first)
    bill(JUNE)
    for unit in (house, other):
        mine = Bill.get((Bill.unit == unit) & (Bill.month == JUNE))
        made = reduce([mine], "录错", "标准", amount=Decimal("1.00"), on=DAY)
        with pytest.raises(RuleBroken, match=f"由 {made.number} 更正，不能整批撤销。请先红冲这几户"):
            undo_billing(mine.batch)
        reverse_bills([mine], "录错", "标准", on=DAY)
        undo_billing(mine.batch)
        assert Bill.get_by_id(mine.id).live and left_on([mine]) == {mine.id: Decimal(0)}
    bill(JUNE)
    again = Bill.select().where((Bill.kind == BillKind.CORRECTION) & (Bill.live == True))
    assert [(one.amount, one.corrects.month) for one in again] == [(Decimal("100.00"), JUNE)] * 2


def test_no_line_is_corrected_before_it_was_there(house: Unit) -> None:
    with pytest.raises(BadInput, match="到 2020-06-01 才入账，不能早于它更正"):
        reverse_bills([line(JUNE)], "录错", "标准", on=date(2020, 5, 31))
    receive(house, Decimal("200.00"), on=DAY)
    with pytest.raises(BadInput, match="到 2020-06-10 才入账"):
        reduce([line(JUNE)], "录错", "标准", percent=Decimal("5"), on=date(2020, 6, 9))


def test_a_receipt_whose_line_was_corrected_is_not_void_any_more(house: Unit) -> None:
    payment = receive(house, Decimal("200.00"), on=DAY)
    reverse_bills([line(JUNE)], "录错", "标准", on=DAY)
    with pytest.raises(RuleBroken, match="款项已转为预存"):
        void_receipt(payment.receipts[0], "收错")


def test_a_closed_day_takes_no_adjustment(house: Unit) -> None:
    receive(house, Decimal("10.00"), on=DAY)
    close_day(DAY)
    with pytest.raises(RuleBroken, match="已日结"):
        reverse_bills([line(JUNE)], "录错", "标准", on=DAY)


# -- rates, papers ---------------------------------------------------------------------------------


def test_rates_tell_corrections_apart_from_money(house: Unit) -> None:
    receive(house, Decimal("60.00"), on=date(2020, 6, 5), bills=[line(JUNE)])
    reduce([line(JUNE)], "停水", "合同", amount=Decimal("20.00"), on=DAY)
    reverse_bills([line(MAY)], "录错", "标准", on=date(2020, 6, 20))
    told = rates_of(JUNE).total
    assert (told.charged, told.relief, told.net, told.received) == (10_000, 2_000, 8_000, 6_000)
    assert (told.opening, told.recovered, told.past_relief, told.closing) == (10_000, 0, 10_000, 2_000)
    assert told.rates()["current"] == Decimal("75.0")
    assert told.rates()["year"] == Decimal("75.0")
    early = rates_of(JUNE, date(2020, 6, 7)).total
    assert (early.relief, early.past_relief, early.received, early.closing) == (0, 0, 6_000, 14_000)
    assert rates_of(MAY, MAY.last).total.closing == 10_000


def test_what_replaces_a_line_is_not_known_before_the_line_was_corrected(house: Unit) -> None:
    before = [rates_of(month, month.last).total for month in (MAY, JUNE)]
    paper = [schedule_of(month) for month in (MAY, JUNE)]
    reverse_bills([line(MAY), line(JUNE)], "单价错", "标准", on=date(2020, 7, 3))
    bill(Month(2020, 7), catch_up=True)
    assert Bill.select().where(Bill.kind == BillKind.CORRECTION).count() == 2
    assert [rates_of(month, month.last).total for month in (MAY, JUNE)] == before
    assert [schedule_of(month) for month in (MAY, JUNE)] == paper
    assert debts(JUNE.last)[house.id].total == 20_000
    assert rates_of(JUNE, date.today()).total.net == 10_000


def test_a_month_begins_with_what_the_last_one_closed_with_whatever_is_charged_anew(estate: Estate) -> None:
    stop_chains()
    this = Month.of(date.today())
    last = this.plus(-1)
    unit = estate.house("301")
    estate.give(unit, estate.item("车位费", basis=Basis.FIXED, extra="300.00", since=last.first), last.first)
    bill(last)
    (old,) = Bill.select().where(Bill.unit == unit)
    reverse_bills([old], "录错", "标准")
    bill(this, catch_up=True)
    bill(this)
    told = rates_of(this, date.today()).total
    closed = rates_of(last, last.last).total
    assert told.opening == closed.closing
    assert told.past_relief == 0
    row = next(row for _, rows in schedule(this) for row in rows if row.code == "1-1-301")
    assert (row.past, row.relief) == (30_000, 0)


def test_what_is_given_back_of_a_later_month_is_no_money_ahead(house: Unit) -> None:
    receive(house, Decimal("200.00"), on=DAY)
    reverse_bills([line(MAY)], "录错", "标准", on=DAY)
    assert rates_of(MAY, DAY).total.advance == 10_000


def test_who_paid_in_full_before_a_reduction_had_paid_in_full(house: Unit) -> None:
    receive(house, Decimal("200.00"), on=DAY)
    reduce([line(JUNE)], "停水", "合同", amount=Decimal("5.00"), on=date(2020, 7, 3))
    for cutoff in (JUNE.last, date(2020, 7, 3)):
        assert rates_of(JUNE, cutoff).total.rates()["units"] == Decimal("100.0")


def test_what_a_correction_gave_back_and_was_set_off_is_deducted_once(house: Unit, estate: Estate) -> None:
    receive(house, Decimal("100.00"), on=date(2020, 5, 20), bills=[line(MAY)])
    reverse_bills([line(MAY)], "录错", "标准", on=DAY)
    assert schedule_of(JUNE) == (0, 0)
    set_off(house, on=DAY)
    assert line(JUNE).owed == 0 and balance(house, line(JUNE).payer) == 0
    assert schedule_of(JUNE) == (0, 0)


def schedule_of(month: Month) -> tuple[int, int]:
    """Return 本期应收 and 应缴合计 of the house, in fen."""
    ((_, (row,)),) = schedule(month)
    return row.current, row.payable


def test_the_schedule_shows_corrections_in_their_month(house: Unit) -> None:
    reverse_bills([line(MAY)], "录错", "标准", on=DAY)
    ((_, (row,)),) = schedule(JUNE)
    assert (row.relief, row.current, row.past, row.payable) == (-10_000, 0, 10_000, 10_000)


def test_a_notice_asks_for_what_is_left(house: Unit) -> None:
    reduce([line(JUNE)], "停水", "合同", amount=Decimal("20.00"), on=DAY)
    reverse_bills([line(MAY)], "录错", "标准", on=DAY)
    (notice,) = NoticeRun(JUNE)
    assert (notice.charged, notice.paid, notice.past_due) == (Decimal("80.00"), Decimal(0), Decimal(0))
    assert [row.basis for row in notice.current] == ["100.00㎡ × 1.00", "冲减，单号 JM-202006-001/1"]


# -- refunding -------------------------------------------------------------------------------------


def test_a_balance_is_refunded_to_the_account_of_who_paid(house: Unit) -> None:
    receive(house, Decimal("500.00"), on=DAY)
    made = refund(house, Decimal("300.00"), "合同终止", "合同", account="6222020000001234", on=DAY)
    assert (made.number, made.amount) == ("TK-202006-001", Decimal("-300.00"))
    assert balance(house, made.payer) == 0
    assert type(made).account.show(made.account) == "************1234"


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"amount": Decimal("0.00")}, "要大于零"),
        ({"amount": Decimal("300.01")}, "只有 300.00 元"),
        ({"amount": Decimal(1), "account": None}, "要填退款账户"),
    ],
)
def test_a_refund_that_cannot_be_is_refused(house: Unit, given: dict[str, object], sentence: str) -> None:
    receive(house, Decimal("500.00"), on=DAY)
    with pytest.raises((RuleBroken, BadInput), match=sentence):
        refund(house, **{"reason": "退", "basis": "合同", "account": "62220000", "on": DAY, **given})


def test_cash_needs_no_account(house: Unit) -> None:
    receive(house, Decimal("500.00"), on=DAY)
    assert refund(house, Decimal(300), "退", "合同", method=Method.CASH, on=DAY).account is None


# -- red receipts ----------------------------------------------------------------------------------


def test_a_receipt_of_a_closed_day_is_reversed_by_a_red_one(house: Unit) -> None:
    payment = receive(house, Decimal("250.00"), on=DAY)
    close_day(DAY)
    red = reverse_receipt(payment.receipts[0], "收错户", "制度", on=date(2020, 6, 11))
    old = Receipt.get_by_id(payment.receipts[0].id)
    assert (old.state, red.reverses, red.amount) == (ReceiptState.REVERSED, old, Decimal("-250.00"))
    assert (red.payment.amount, red.number) == (Decimal("-250.00"), "SJ-2020-000002")
    assert sums() == (20_000, 0)
    assert balance(house, payment.payer) == 0
    assert rates_of(JUNE, DAY).total.received == 10_000, "as of the day before, the money was there"
    close_day(date(2020, 6, 11))


def test_a_red_receipt_is_final(house: Unit) -> None:
    payment = receive(house, Decimal("50.00"), on=DAY)
    close_day(DAY)
    red = reverse_receipt(payment.receipts[0], "收错户", "制度", on=date(2020, 6, 11))
    with pytest.raises(RuleBroken, match="本身就是红冲收据"):
        reverse_receipt(red, "又错", "制度", on=date(2020, 6, 11))
    with pytest.raises(RuleBroken, match="不能作废"):
        void_receipt(red, "又错")
    with pytest.raises(RuleBroken, match="现在是“已红冲”"):
        reverse_receipt(Receipt.get_by_id(payment.receipts[0].id), "又错", "制度", on=date(2020, 6, 11))


def test_a_receipt_of_an_open_day_is_void_rather_than_reversed(house: Unit) -> None:
    payment = receive(house, Decimal("50.00"), on=DAY)
    with pytest.raises(RuleBroken, match="请直接作废"):
        reverse_receipt(payment.receipts[0], "收错户", "制度", on=date(2020, 6, 11))


def test_a_balance_that_was_used_is_not_taken_back(house: Unit) -> None:
    payment = receive(house, Decimal("250.00"), on=DAY)
    close_day(DAY)
    bill(Month(2020, 7))
    set_off(house, on=date(2020, 6, 11))
    with pytest.raises(RuleBroken, match="已经用过"):
        reverse_receipt(payment.receipts[0], "收错户", "制度", on=date(2020, 6, 11))


def test_the_day_book_tells_refunds_apart_and_a_closing_keeps_them(house: Unit) -> None:
    receive(house, Decimal("500.00"), on=DAY)
    refund(house, Decimal("300.00"), "合同终止", "合同", method=Method.CASH, on=DAY)
    book = day_book(DAY)
    assert (book.total, book.refunded) == (Decimal("500.00"), Decimal("300.00"))
    closing = close_day(DAY)
    assert (closing.amount, closing.refunds) == (Decimal("500.00"), Decimal("300.00"))
    with pytest.raises(RuleBroken, match="已日结"):
        refund(house, Decimal("1.00"), "又退", "合同", method=Method.CASH, on=DAY)
