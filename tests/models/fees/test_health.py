"""What is missing before fees can be charged, what the desk reminds of, and its figures."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from models import deeds, desk, health
from models.fees import assign, lists  # noqa: F401 - what mends, and what a reminder opens
from models.fees import health as fees_health
from models.fees.billing import bill, undo_billing
from models.fees.bills import Bill
from models.fees.cashier import receive, void_receipt
from models.fees.closings import close_day
from models.fees.items import FeeItem
from models.fees.payments import DayClosing
from models.listings import Filters, listed
from models.months import Month
from models.office.accounts import Account
from models.owners.caretaking import Caretaking
from models.owners.estate import Building, Community, Unit, UnitState
from tests.estate import Estate, writing
from tests.models.fees.world import Collector

TODAY = date.today()
MONTH = Month.of(TODAY)


def gaps(title: str) -> list[str]:
    """Return what a check of the data-health list names."""
    return [gap.subject for check, gap in health.found() if check.title == title]


def reminders(part: str, day: date = TODAY) -> list[desk.Reminder]:
    return [one for one in desk.reminders_on(day) if part in one.title]


def shown(day: date = TODAY) -> dict[str, tuple[str, str]]:
    return {one.title: (one.value, one.beside) for one in desk.figures_on(day)}


def test_items_that_come_to_nothing_are_named_with_their_houses(estate: Estate) -> None:
    free, paid = estate.item("免费车位", price="0"), estate.item()
    for number in range(5):
        unit = estate.house(f"10{number}")
        estate.give(unit, paid)
        estate.give(unit, free)
    bill(MONTH)
    assert gaps("出账金额为零") == ["免费车位：1-1-100、1-1-101、1-1-102 等 5 户"]
    (gap,) = fees_health.items_that_come_to_nothing()
    assert (gap.record, gap.id) == (FeeItem, free.id)
    with writing():
        free.rates.get().change(price=Decimal("1.00"))
    assert gaps("出账金额为零") == []


def test_units_that_pay_nothing_any_more_are_named(estate: Estate) -> None:
    item, off = estate.item(), estate.item("旧项目")
    estate.give(estate.house("101"), item)
    estate.give(estate.house("102"), item, date(2020, 1, 1), TODAY - timedelta(days=1))
    estate.give(estate.house("103"), item, TODAY + timedelta(days=40))
    estate.give(estate.house("104"), off)
    estate.house("105")
    retired = estate.house("106")
    with writing():
        off.change(active=False)
        Unit.get_by_id(retired.id).change(state=UnitState.RETIRED)
    assert gaps("没有收费项目") == ["1-1-102", "1-1-104", "1-1-105"]
    row = next(
        row
        for row in map(listed("health")().plain, listed("health")().rows())
        if row["deed"] == "fees.give_item"
    )
    assert (row["subject"], row["record"], row["mend"]) == ("1-1-102", "Unit", "设置收费")


def test_items_without_a_price_are_named(estate: Estate) -> None:
    estate.item("有价")
    late = estate.item("明年有价", since=TODAY + timedelta(days=400))
    with writing():
        FeeItem.add(code="X1", name="无价")
        FeeItem.add(code="X2", name="停用的", active=False)
        FeeItem.add(code="X3", name="起价晚")
        estate_item = FeeItem.find("X3")
    estate.rate(estate_item, TODAY + timedelta(days=3), "1.0000")
    assert late.name not in gaps("收费项目没有单价")
    assert gaps("收费项目没有单价") == ["无价", "起价晚"]


def test_the_desk_reminds_of_a_month_until_it_is_billed(estate: Estate) -> None:
    assert reminders("还没有出账") == []
    estate.give(estate.house("101"), estate.item(), MONTH.first)
    (one,) = reminders("还没有出账")
    assert (one.title, one.page, one.tone) == (f"{MONTH} 还没有出账", "bills", "warning")
    assert listed("bills")(Filters(**one.filters)).count() == 0
    run = bill(MONTH)
    assert reminders("还没有出账") == []
    undo_billing(run)
    assert len(reminders("还没有出账")) == 1


def test_a_month_that_an_earlier_run_covered_is_not_reminded_of(estate: Estate) -> None:
    begins = MONTH.plus(-1)
    estate.give(estate.house("101"), estate.item(cycle=3), begins.first)
    estate.give(estate.house("102"), estate.item("已结束"), begins.first, begins.last)
    bill(begins)
    assert reminders("还没有出账") == []


def test_the_desk_reminds_of_earlier_days_not_closed(estate: Estate) -> None:
    unit = estate.house("101")
    days = [TODAY - timedelta(days=back) for back in (0, 2, 5, 9)]
    for day in days:
        receive(unit, Decimal("1.00"), on=day)
    close_day(days[3])
    (one,) = reminders("还没有日结")
    assert (one.title, one.count, one.page) == (f"2 天还没有日结，最早 {days[2]}", 2, "receipts")
    assert listed("receipts")(Filters(**one.filters)).count() == 1
    close_day(days[2])
    (one,) = reminders("还没有日结")
    assert one.title == f"{days[1]} 还没有日结"
    close_day(days[1])
    assert reminders("还没有日结") == []
    assert DayClosing.select().count() == 3


@pytest.mark.parametrize(("back", "units"), [(3, 0), (4, 1)])
def test_the_desk_counts_units_that_have_owed_for_more_than_three_months(
    estate: Estate, back: int, units: int
) -> None:
    unit = estate.house("101")
    estate.give(unit, estate.item(due_day=1), MONTH.plus(-back).first, MONTH.plus(-back).last)
    bill(MONTH.plus(-back))
    day = MONTH.first
    assert [one.count for one in reminders("欠费超过 3 个月", day)] == ([units] if units else [])
    receive(unit, Bill.get().owed)
    assert reminders("欠费超过 3 个月", day) == []


def test_the_figures_tell_this_month_with_the_last_one_beside(estate: Estate) -> None:
    unit = estate.house("101", "100.00")
    estate.give(unit, estate.item(price="1.0000", due_day=1))
    estate.give(unit, estate.item("代收水费", price="5.0000", due_day=1, collected=True))
    for month in (MONTH.plus(-1), MONTH):
        bill(month)
    own = {line.month: line for line in Bill.select().join(FeeItem).where(FeeItem.collected == False)}
    receive(unit, Decimal("100.00"), bills=[own[MONTH.plus(-1)]], on=TODAY - timedelta(days=1))
    receive(unit, Decimal("60.00"), bills=[own[MONTH]])
    told = shown()
    assert told["本月账单应收"] == ("100.00", "上月 100.00")
    assert told["本月账单已收"] == ("60.00", "上月 100.00")
    assert told["本月收缴率"] == ("60.0%", "上月 100.0%")
    assert told["欠费合计"] == ("1,040.00", "1 户")
    assert told["今日收款"] == ("60.00", "1 张收据")


def test_the_figures_of_an_empty_office_are_nothing_and_no_rate(estate: Estate) -> None:
    told = shown()
    assert told["本月收缴率"] == ("—", "上月 —")
    assert told["预存合计"] == ("0.00", "")


def test_a_void_receipt_is_not_taken_today_and_leaves_no_balance(estate: Estate) -> None:
    unit = estate.house("101")
    receive(unit, Decimal("30.00"))
    void_receipt(receive(unit, Decimal("12.00")).receipts.get(), "重复")
    assert shown()["今日收款"] == ("30.00", "1 张收据")
    assert shown()["预存合计"] == ("30.00", "")


def test_figures_and_gaps_follow_the_reach_of_the_person(estate: Estate) -> None:
    item = estate.item(price="1.0000", due_day=1)
    mine = estate.house("101", "100.00")
    with writing():
        other = Building.add(community=Community.get(), code="2", name="2栋")
        theirs = Unit.get_by_id(estate.house("201", "50.00").id).change(building=other, entrance=None)
        staff = Account.find("admin").staff
        Caretaking.add(building=estate.building, staff=staff)
    estate.give(mine, item)
    estate.give(theirs, item)
    estate.house("102")
    bill(MONTH)
    receive(theirs, Decimal("7.00"))
    with deeds.acting(Collector(staff.id)):
        told = shown()
        assert (told["本月账单应收"][0], told["欠费合计"], told["今日收款"][0]) == (
            "100.00",
            ("100.00", "1 户"),
            "0.00",
        )
        assert [gap.subject for gap in fees_health.units_without_item()] == ["1-1-102"]
