"""A year paid ahead costs what was agreed, to the fen, and is used up by the runs of its months."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from models.batches import Batch
from models.checks import run_invariants
from models.deeds import DEEDS
from models.errors import BadInput, RuleBroken
from models.fees import invariants  # noqa: F401 - registered by being imported
from models.fees.adjusting import refund, reverse_bills
from models.fees.billing import bill, undo_billing
from models.fees.bills import Bill, BillKind
from models.fees.cashier import receive, void_receipt
from models.fees.closings import close_day
from models.fees.daybook import day_book
from models.fees.items import Basis, FeeItem
from models.fees.payments import Method, ReceiptRow
from models.fees.prepay_plans import PrepayOffer, add_prepay_offer, prepay_plans
from models.fees.prepayment import end_prepay, prepay, refundable, try_prepay
from models.fees.reversing import reverse_receipt
from models.listings import Filters
from models.months import Month
from models.owners.estate import Unit
from tests.estate import Estate, stop_chains

TODAY = date.today()
THIS = Month.of(TODAY)


@pytest.fixture
def house(estate: Estate) -> Unit:
    """A house of 94.56 ㎡ at 1.30 and 20.00, 142.93 a month, with water collected for others."""
    unit = estate.house("101", "94.56")
    estate.give(unit, estate.item(price="1.3000", extra="20.00", since=date(2020, 1, 1)))
    water = estate.item("代收水费", basis=Basis.FIXED, extra="30.00", collected=True, since=date(2020, 1, 1))
    estate.give(unit, water)
    return unit


def offer(months: int = 12, free: int | None = 1, **more: object) -> PrepayOffer:
    return add_prepay_offer(name="预存一年免一个月", months=months, free=free, basis="公示的收费标准", **more)


def lines(unit: Unit, name: str = "物业费") -> list[Bill]:
    """Return the live lines of an item, oldest first."""
    wanted = (Bill.unit == unit) & (Bill.live == True) & (FeeItem.name == name)
    return list(Bill.select().join(FeeItem).where(wanted).order_by(Bill.month))


def test_what_is_taken_is_what_the_runs_charge(house: Unit) -> None:
    """1.30 × 11/12 = 1.1917 and 20.00 × 11/12 = 18.33: 131.02 a month, 1572.24 for the year."""
    made = offer()
    said = try_prepay(house, made).summary()
    assert "应收 1,572.24 元（原价 1,715.16，优惠 142.92）" in said
    plan = prepay(house, made)
    assert (plan.amount, plan.first, plan.last) == (Decimal("1572.24"), THIS, THIS.plus(11))
    for number in range(12):
        bill(THIS.plus(number))
    mine = lines(house)
    assert {line.owed for line in mine} == {0}
    assert {line.owed for line in lines(house, "代收水费")} == {Decimal("30.00")}
    assert refundable(house, plan.payer, TODAY) == 0
    assert {line.amount for line in mine} == {Decimal("131.02")}
    assert {line.price for line in mine} == {Decimal("1.1917")}
    assert sum(line.amount for line in mine) == plan.amount
    assert run_invariants() == []


def test_every_run_sets_off_what_was_paid_ahead(house: Unit) -> None:
    prepay(house, offer(months=2, free=None, percent=Decimal("5")))
    bill(THIS)
    (line,) = lines(house)
    assert (line.amount, line.owed) == (Decimal("135.78"), 0)
    assert [row.item for row in ReceiptRow.select()] == ["预存款"]
    assert day_book(TODAY).total == Decimal("271.56")
    undo_billing(Batch.get(Batch.kind == "billing"))
    assert refundable(house, line.payer, TODAY) == Decimal("271.56")
    assert run_invariants() == []


def test_months_outside_and_other_houses_have_the_full_price(house: Unit, estate: Estate) -> None:
    other = estate.house("102", "94.56", "李明")
    estate.give(other, FeeItem.get(FeeItem.name == "物业费"))
    prepay(house, offer(months=2), first=THIS.plus(1))
    for number in range(4):
        bill(THIS.plus(number))
    assert [str(line.amount) for line in lines(house)] == ["142.93", "71.46", "71.46", "142.93"]
    assert {str(line.amount) for line in lines(other)} == {"142.93"}
    assert {str(line.amount) for line in lines(house, "代收水费")} == {"30.00"}


def test_a_void_receipt_ends_the_agreement(house: Unit) -> None:
    plan = prepay(house, offer())
    void_receipt(plan.payment.receipts.get(), "收错户")
    (row,) = prepay_plans(Filters(state="收据已作废")).rows()
    assert row.id == plan.id
    bill(THIS)
    assert lines(house)[0].amount == Decimal("142.93")
    receive(house, Decimal("172.93"))
    assert prepay(house, PrepayOffer.get()).first == THIS.plus(1)


def test_a_red_receipt_ends_the_agreement(house: Unit) -> None:
    stop_chains()
    yesterday = TODAY - timedelta(days=1)
    plan = prepay(house, offer(), on=yesterday)
    close_day(yesterday)
    receipt = plan.payment.receipts.get()
    with pytest.raises(BadInput, match="才入账，不能早于它更正"):
        reverse_receipt(receipt, "退票", "银行通知", on=yesterday - timedelta(days=1))
    reverse_receipt(receipt, "退票", "银行通知")
    (row,) = prepay_plans(Filters(state="收据已作废")).rows()
    assert row.id == plan.id
    bill(THIS)
    assert lines(house)[0].amount == Decimal("142.93")


def test_what_was_paid_for_one_item_is_not_spent_on_another_nor_on_months_outside(
    house: Unit, estate: Estate
) -> None:
    parking = estate.item("车位费", basis=Basis.FIXED, extra="150.00", since=date(2020, 1, 1))
    estate.give(house, parking)
    plan = prepay(house, offer(months=2, item=FeeItem.get(FeeItem.name == "物业费")))
    receive(house, Decimal("500.00"))  # paid too much, and not by agreement
    for later in range(3):
        bill(THIS.plus(later))
    assert [line.owed for line in lines(house, "车位费")] == [Decimal("150.00")] * 3
    assert [line.owed for line in lines(house)] == [Decimal(0), Decimal(0), Decimal("142.93")]
    assert refundable(house, plan.payer, TODAY) == Decimal("500.00")


def test_the_least_that_is_charged_is_taken_ahead(estate: Estate) -> None:
    unit = estate.house("201", "20.00")
    estate.give(unit, estate.item(minimum=Decimal("50.00"), since=date(2020, 1, 1)))
    plan = prepay(unit, offer(months=3, free=None, percent=Decimal("10")))
    for later in range(3):
        bill(THIS.plus(later))
    assert plan.amount == sum(line.amount for line in lines(unit)) == Decimal("150.00")


def test_a_month_that_was_reversed_may_be_paid_ahead(house: Unit) -> None:
    stop_chains()
    bill(THIS)
    reverse_bills(list(Bill.select()), "录错", "标准")
    prepay(house, offer(), first=THIS)
    bill(THIS)
    again = Bill.get((Bill.kind == BillKind.CORRECTION) & (Bill.item == FeeItem.get()))
    assert (again.amount, again.owed) == (Decimal("131.02"), Decimal(0))


def test_a_month_that_was_charged_again_is_not_paid_ahead(house: Unit) -> None:
    stop_chains()
    bill(THIS)
    reverse_bills([lines(house)[0]], "录错", "标准")
    bill(THIS)
    for line in Bill.select().where(Bill.amount > 0):
        if line.owed:
            receive(house, line.owed, bills=[line])
    made = offer(months=3)
    with pytest.raises(RuleBroken, match="已经出账，不能再按优惠价预存"):
        prepay(house, made, first=THIS)
    assert prepay(house, made).first == THIS.plus(1)


def test_what_is_left_of_an_agreement_that_ended_is_refunded_once_its_months_are_charged(house: Unit) -> None:
    stop_chains()
    plan = prepay(house, offer())
    bill(THIS)
    bill(THIS.plus(1))
    with pytest.raises(RuleBroken, match="请先撤销或红冲"):
        end_prepay(plan, THIS, "卖房")
    reverse_bills([lines(house)[1]], "卖房", "合同")
    end_prepay(plan, THIS, "卖房")
    left = refundable(house, plan.payer, TODAY)
    assert left == plan.amount - Decimal("131.02")
    refund(house, left, "卖房", "申请", method=Method.CASH)
    assert run_invariants() == []


def test_money_paid_ahead_is_not_refunded_while_its_price_holds(house: Unit) -> None:
    stop_chains()
    plan = prepay(house, offer())
    with pytest.raises(RuleBroken, match=f"预存约定 {plan.number} .*先“提前结束预存”再退款"):
        refund(house, Decimal("10.00"), "搬走", "申请", method=Method.CASH)
    end_prepay(plan, THIS.plus(-1), "搬走")
    refund(house, plan.amount, "搬走", "申请", method=Method.CASH)
    assert refundable(house, plan.payer, TODAY) == 0


def test_limits(house: Unit, estate: Estate) -> None:
    year = offer()
    with pytest.raises(RuleBroken, match="太远：最多预收 12 个月"):
        prepay(house, year, first=THIS.plus(2))
    with pytest.raises(RuleBroken, match="已经过去"):
        prepay(house, year, first=THIS.plus(-1))
    year.edit(contract_end=THIS.plus(6).last)
    with pytest.raises(RuleBroken, match=r"物业合同到 .* 为止"):
        prepay(house, year)
    year.edit(contract_end=THIS.plus(11).last)
    prepay(house, year)
    with pytest.raises(RuleBroken, match="已有预存约定，月份重叠"):
        prepay(house, year)
    other = estate.house("102", owner="李明")
    estate.give(other, FeeItem.get())
    bill(THIS)
    three = add_prepay_offer(name="三个月", months=3, percent=Decimal("2"), basis="公示")
    with pytest.raises(RuleBroken, match=r"还有未收账单 150\.00 元"):
        prepay(other, three)
    receive(other, Decimal("150.00"))
    with pytest.raises(RuleBroken, match="已经出账，不能再按优惠价预存"):
        prepay(other, three, first=THIS)
    assert prepay(other, three).first == THIS.plus(1)


def test_an_agreement_ends_early_and_what_is_left_is_the_payers(house: Unit) -> None:
    plan = prepay(house, offer())
    bill(THIS)
    with pytest.raises(RuleBroken, match="本来就到"):
        end_prepay(plan, THIS.plus(11), "过户")
    with pytest.raises(RuleBroken, match="已按优惠价出账"):
        end_prepay(plan, THIS.plus(-1), "过户")
    DEEDS["fees.end_prepay"].call(plan.number, {"last": str(THIS), "reason": "房屋过户"})
    assert refundable(house, plan.payer, TODAY) == plan.amount - Decimal("131.02")
    bill(THIS.plus(1))
    assert lines(house)[1].amount == Decimal("142.93")
    assert refundable(house, plan.payer, TODAY - timedelta(days=1)) == 0


def test_an_offer_says_how_much_and_why(house: Unit) -> None:
    for wrong in ({"free": None}, {"free": 1, "percent": Decimal("5")}, {"free": 3, "months": 3}):
        with pytest.raises(BadInput):
            offer(**wrong)  # type: ignore[arg-type]
    with pytest.raises(RuleBroken, match="是代收项目或违约金，不能优惠"):
        offer(item=FeeItem.get(FeeItem.name == "代收水费"))
    made = offer()
    made.edit(active=False)
    with pytest.raises(RuleBroken, match="已停用"):
        try_prepay(house, made)
