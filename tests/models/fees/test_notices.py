"""What a unit is told it owes on a month's due day, in two parts (FE-02)."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings

from models import deeds
from models.fees.arrears import debts
from models.fees.billing import bill, due_day_of, undo_billing
from models.fees.bills import Bill
from models.fees.cashier import receive
from models.fees.items import Basis, FeeItem
from models.fees.notices import Notice, NoticeRun
from models.money import to_scaled
from models.months import Month
from models.office.accounts import Account
from models.office.profile import edit_profile
from models.owners.caretaking import Caretaking
from models.owners.estate import AreaBasis, Unit, UnitArea
from models.owners.people import Occupancy, Ownership
from models.owners.tenure import transfer
from tests.estate import Estate, writing
from tests.models.fees.world import STEPS, Collector, Step, World, rolled_back

APRIL, MAY, JUNE = Month(2020, 4), Month(2020, 5), Month(2020, 6)

Row = tuple[str, str, str, str]


def notice(month: Month) -> Notice:
    (only,) = NoticeRun(month)
    return only


def current(told: Notice) -> list[Row]:
    return [(row.item, row.basis, str(row.amount), row.remark) for row in told.current]


def past(told: Notice) -> list[Row]:
    return [(row.item, row.basis, str(row.amount), row.remark) for row in told.past]


def money(told: Notice) -> tuple[str, str, str, str]:
    return str(told.charged), str(told.paid), str(told.past_due), str(told.total)


@pytest.fixture
def house(estate: Estate) -> Unit:
    """A house that pays 1.00 a ㎡ from April 2020 on."""
    unit = estate.house("101", "100.00")
    estate.give(unit, estate.item(since=APRIL.first))
    return unit


def test_a_notice_tells_what_the_month_is_charged_and_how_it_came_about(house: Unit) -> None:
    bill(JUNE)
    told = notice(JUNE)
    assert current(told) == [("物业费", "100.00㎡ × 1.00", "100.00", "")]
    assert (told.past, money(told)) == ([], ("100.00", "0.00", "0", "100.00"))
    assert (told.number, told.code, told.place) == ("JF-202006-1-1-101", "1-1-101", "1栋1单元101")
    assert (told.month, told.due, told.payee.address_line) == (JUNE, date(2020, 6, 25), "王桂芳")
    assert (told.current[0].price, told.current[0].quantity) == (Decimal("1.0000"), "100.00㎡")


def test_what_is_open_from_before_stands_apart_one_row_an_item_and_span(house: Unit, estate: Estate) -> None:
    light = estate.item("公共照明", price="0.1000", since=APRIL.first)
    estate.give(house, light, APRIL.first, APRIL.last)
    estate.give(house, light, JUNE.first)
    for month in (APRIL, MAY, JUNE, Month(2020, 7)):
        bill(month)
    told = notice(Month(2020, 7))
    assert past(told) == [
        ("往期欠费", "2020年4月至6月 物业费", "300.00", ""),
        ("往期欠费", "2020年4月 公共照明", "10.00", ""),
        ("往期欠费", "2020年6月 公共照明", "10.00", ""),
    ]
    assert money(told) == ("110.00", "0.00", "320.00", "430.00")


def test_what_is_paid_by_the_due_day_is_shown_and_subtracted(house: Unit) -> None:
    for month in (APRIL, MAY, JUNE):
        bill(month)
    receive(house, Decimal("130.00"), on=date(2020, 5, 3))
    receive(house, Decimal("20.00"), bills=[Bill.get(Bill.month == JUNE)], on=date(2020, 6, 25))
    receive(house, Decimal("9.00"), on=date(2020, 6, 26))
    told = notice(JUNE)
    assert past(told) == [("往期欠费", "2020年5月 物业费", "70.00", "部分已付")]
    assert money(told) == ("100.00", "20.00", "70.00", "150.00")


def test_caught_up_lines_stand_with_the_month_and_are_marked(house: Unit) -> None:
    bill(MAY)
    bill(JUNE)
    bill(JUNE, catch_up=True)
    told = notice(JUNE)
    assert sorted(current(told)) == [
        ("物业费", "100.00㎡ × 1.00", "100.00", ""),
        ("物业费", "2020年4月 100.00㎡ × 1.00", "100.00", "补收"),
    ]
    assert past(told) == [("往期欠费", "2020年5月 物业费", "100.00", "")]
    assert notice(MAY).total == Decimal("100.00")


def test_months_before_the_run_that_it_made_are_marked_and_later_ones_are_not(estate: Estate) -> None:
    unit = estate.house("101", "100.00")
    estate.give(unit, estate.item(since=APRIL.first, cycle=3))
    bill(MAY, catch_up=True)
    assert sorted(current(notice(MAY))) == [
        ("物业费", "100.00㎡ × 1.00", "100.00", ""),
        ("物业费", "2020年4月 100.00㎡ × 1.00", "100.00", "补收"),
        ("物业费", "2020年6月 100.00㎡ × 1.00", "100.00", ""),
    ]
    told = notice(JUNE)
    assert current(told) == [("物业费", "100.00㎡ × 1.00", "100.00", "")]
    assert past(told) == [("往期欠费", "2020年4月至5月 物业费", "200.00", "")]


def test_later_months_that_fell_due_already_are_not_called_arrears(estate: Estate) -> None:
    unit = estate.house("101", "100.00")
    estate.give(unit, estate.item(since=APRIL.first, cycle=6))
    bill(APRIL)
    told = notice(JUNE)
    assert (told.due, told.total) == (date(2020, 6, 25), Decimal("600.00"))
    assert past(told) == [
        ("往期欠费", "2020年4月至5月 物业费", "200.00", ""),
        ("已出账未缴", "2020年7月至9月 物业费", "300.00", ""),
    ]


def test_a_line_of_this_month_that_a_former_payer_owes_is_marked_too(house: Unit, estate: Estate) -> None:
    bill(APRIL)
    with writing():
        buyer = estate.person("李明")
    transfer(house, buyer, date(2020, 4, 20), despite=True)
    (row,) = notice(APRIL).current
    assert row.basis.endswith("（原付款人欠）")


def test_what_a_former_payer_owes_is_marked(house: Unit, estate: Estate) -> None:
    bill(APRIL)
    with writing():
        buyer = estate.person("李明")
    transfer(house, buyer, date(2020, 5, 1), despite=True)
    bill(MAY)
    bill(JUNE)
    told = notice(JUNE)
    assert told.payee.address_line == "李明"
    assert past(told) == [
        ("往期欠费", "2020年4月 物业费（原付款人欠）", "100.00", ""),
        ("往期欠费", "2020年5月 物业费", "100.00", ""),
    ]


def test_a_line_that_was_caught_up_later_does_not_stand_in_the_notice_of_its_month(house: Unit) -> None:
    bill(JUNE)
    bill(Month(2020, 7), catch_up=True)
    bill(Month(2020, 7))
    undo_billing(Bill.get(Bill.month == JUNE).batch)
    bill(Month(2020, 8), catch_up=True)
    assert list(NoticeRun(JUNE)) == []
    (told,) = NoticeRun(Month(2020, 8))
    assert ("2020年6月", "补收") in [(row.basis[:7], row.remark) for row in told.current]


def test_a_part_of_a_month_and_a_change_within_it_are_explained(estate: Estate) -> None:
    unit = estate.house("101", "94.56")
    item = estate.item(price="1.3000", extra="20.00", since=date(2020, 6, 10))
    estate.give(unit, item)
    fixed = estate.item("车位费", basis=Basis.FIXED, price="0", extra="1500.00", since=JUNE.first)
    estate.give(unit, fixed, date(2020, 6, 21))
    by_house = estate.item("卫生费", basis=Basis.HOUSEHOLD, price="12.3456", since=JUNE.first)
    estate.give(unit, by_house)
    with writing():
        UnitArea.add(unit=unit, since=date(2020, 7, 16), billing=Decimal("100.00"), basis=AreaBasis.DEED)
    estate.rate(fixed, date(2020, 7, 11), "0", "2000.00")
    bill(JUNE)
    bill(Month(2020, 7))
    assert [basis for _, basis, _, _ in current(notice(JUNE))] == [
        "94.56㎡ × 1.30 + 20.00，21/30 天", "固定 1,500.00 元，10/30 天", "1 户 × 12.3456",
    ]  # fmt: skip
    assert [basis for _, basis, _, _ in current(notice(Month(2020, 7)))][:2] == [
        "1–15日 94.56㎡ × 1.30 + 20.00，15/31 天；16–31日 100.00㎡ × 1.30 + 20.00，16/31 天",
        "1–10日 固定 1,500.00 元，10/31 天；11–31日 固定 2,000.00 元，21/31 天",
    ]


def test_a_unit_that_owes_nothing_gets_none_and_is_counted(house: Unit, estate: Estate) -> None:
    for room in ("102", "103"):
        estate.give(estate.house(room), FeeItem.get())
    estate.house("104")
    bill(JUNE)
    for line in Bill.select().where(Bill.unit != house):
        receive(line.unit, Decimal("100.00"), on=date(2020, 6, 25))
    run = NoticeRun(JUNE)
    assert [told.code for told in run] == ["1-1-101"]
    assert run.settled == 2
    assert [told.code for told in run] == ["1-1-101"]
    assert run.settled == 2


def test_a_unit_that_paid_a_day_late_still_had_its_notice(house: Unit) -> None:
    bill(JUNE)
    receive(house, Decimal("100.00"), on=date(2020, 6, 26))
    assert notice(JUNE).total == Decimal("100.00")
    assert list(NoticeRun(Month(2020, 7))) == []


def test_notices_are_in_the_order_of_house_numbers_and_only_of_the_units_wanted(estate: Estate) -> None:
    item = estate.item(since=APRIL.first)
    units = [estate.house(room) for room in ("1001", "201", "102")]
    for unit in units:
        estate.give(unit, item)
    bill(JUNE)
    assert [told.code for told in NoticeRun(JUNE)] == ["1-1-102", "1-1-201", "1-1-1001"]
    run = NoticeRun(JUNE, [units[0].id])
    assert ([told.code for told in run], run.settled) == (["1-1-1001"], 0)


def test_a_notice_speaks_to_whoever_pays_on_the_due_day(estate: Estate) -> None:
    item = estate.item(since=APRIL.first)
    let, sold, joint, empty = (estate.house(room) for room in ("101", "102", "103", "104"))
    with writing():
        Occupancy.add(unit=let, person=estate.person("陈租客"), pays=True)
        Ownership.get(Ownership.unit == sold).change(until=date(2020, 6, 14))
        Ownership.add(unit=sold, person=estate.person("李买房"), since=date(2020, 6, 15))
        Ownership.add(unit=joint, person=estate.person("共有人"), primary=False)
        Ownership.delete().where(Ownership.unit == empty).execute()
    for unit in (let, sold, joint, empty):
        estate.give(unit, item)
    bill(JUNE)
    assert [told.payee.address_line for told in NoticeRun(JUNE)] == [
        "陈租客（责任业主：王桂芳）", "李买房", "王桂芳等2人", "产权人",
    ]  # fmt: skip


def test_the_day_is_the_latest_on_which_lines_of_the_run_fall_due(house: Unit, estate: Estate) -> None:
    estate.give(house, estate.item("早收", price="0.1000", since=APRIL.first, due_day=10))
    estate.give(house, estate.item("晚收", price="0.2000", since=APRIL.first, due_day=31))
    bill(JUNE)
    assert due_day_of(JUNE) == date(2020, 6, 30)
    assert notice(JUNE).total == Decimal("130.00")
    edit_profile(due_on_workday=True)
    assert due_day_of(MAY) >= date(2020, 5, 31)


def test_a_person_whose_right_reaches_one_unit_makes_its_notice_alone(house: Unit, estate: Estate) -> None:
    other = estate.house("102")
    estate.give(other, FeeItem.get())
    bill(JUNE)
    staff = Account.find("admin").staff
    with writing():
        Caretaking.add(unit=other, staff=staff)
    with deeds.acting(Collector(staff.id)):
        assert [told.code for told in NoticeRun(JUNE)] == ["1-1-102"]


@pytest.fixture
def world(estate: Estate) -> World:
    return World.made(estate)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_what_a_notice_asks_for_is_what_the_list_of_arrears_says_of_its_due_day(
    world: World, steps: list[Step]
) -> None:
    """合计 of FE-02 is FE-08 of M's due day; whoever owes nothing gets none and is counted."""
    with rolled_back():
        playing = World(world.units)
        for _ in playing.play(steps):
            pass
        for number in range(-1, 10):
            month = Month(2020, 1).plus(number)
            day = due_day_of(month)
            owed = {unit: debt.total for unit, debt in debts(day).items()}
            run = NoticeRun(month)
            told = list(run)
            assert {one.unit: to_scaled(one.total, 2) for one in told} == owed
            for one in told:
                assert one.charged == sum(row.amount for row in one.current)
                assert one.past_due == sum(row.amount for row in one.past)
                assert all(row.amount > 0 for row in one.past)
            live = (Bill.live == True) & (Bill.due <= day) & (Bill.amount > 0)
            lines = Bill.select(Bill.unit).where(live & ((Bill.month == month) | (Bill.run == month)))
            assert run.settled == len({line.unit_id for line in lines} - owed.keys())


def test_settings_changed_since_do_not_change_the_notices_of_a_run(house: Unit, estate: Estate) -> None:
    light = estate.item("公共照明", price="0.1000", since=APRIL.first)
    estate.give(house, light)
    bill(MAY)
    bill(JUNE)
    before = (money(notice(JUNE)), due_day_of(JUNE))
    for item in FeeItem.select():
        item.edit(due_day=20)
    FeeItem.get(FeeItem.name == "公共照明").edit(active=False)
    assert (money(notice(JUNE)), due_day_of(JUNE)) == before
    assert before == (("110.00", "0.00", "110.00", "220.00"), date(2020, 6, 25))
