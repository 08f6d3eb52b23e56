"""Readings: what may be entered, and what usage follows."""

from datetime import date
from decimal import Decimal

import pytest

from models import batches
from models.deeds import DEEDS
from models.errors import BadInput, RuleBroken
from models.fees.assign import give_item
from models.fees.items import Basis
from models.fees.meters import Meter, MeterKind, add_meter
from models.fees.readings import Reading, usage_of
from models.fees.taking import enter_reading, estimate_readings, replace_meter, withdraw_reading
from models.fees.usage import ReadingKind
from models.months import Month
from tests.estate import Estate
from tests.models.fees.metering import START, charged, meter, read, usages, water

D = Decimal


def test_the_first_reading_is_the_base_and_uses_nothing(estate: Estate) -> None:
    one = meter(estate.house("101"), water(estate))
    (first,) = read(one, "1200")
    assert first.kind is ReadingKind.FIRST and usages(one) == ["0.00"]
    assert charged(START) == []  # 60fca52: the first reading was billed in full


def test_usage_is_what_the_meter_grew_times_its_multiplier(estate: Estate) -> None:
    one = meter(estate.house("101"), water(estate), multiplier=40)
    read(one, "1200", "1250.5")
    assert usages(one) == ["0.00", "2020.00"]


def test_a_falling_reading_is_refused_and_nothing_is_written(estate: Estate) -> None:
    one = meter(estate.house("101"), water(estate))
    read(one, "1200")
    with pytest.raises(RuleBroken, match=r"1,199\.99 小于上次读数 1,200\.00.*过零"):
        read(one, "1199.99", first=START.plus(1))
    assert usages(one) == ["0.00"]


def test_a_meter_that_rolled_over_goes_on_from_nothing(estate: Estate) -> None:
    one = meter(estate.house("101"), water(estate), digits=5)
    read(one, "99990")
    enter_reading(one, D("12.50"), START.plus(1), rolled=True)
    assert usages(one) == ["0.00", "22.50"]
    with pytest.raises(RuleBroken, match="没有过零"):
        enter_reading(one, D("20"), START.plus(2), rolled=True)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("1e9", "不是一个数"), ("12,34", "不是一个数"), ("1.2.3", "不是一个数"), ("NaN", "不是一个数"),
        ("12.345", "小数位太多"), ("", "没有填读数"), ("-3", "是负数"), ("100000", "超过 5 位表"),
    ],
)  # fmt: skip
def test_what_is_no_reading_is_refused_with_a_sentence(estate: Estate, typed: str, words: str) -> None:
    meter(estate.house("101"), water(estate))
    with pytest.raises(BadInput, match=words):
        DEEDS["fees.enter_reading"].call("0012345", {"value": typed, "month": "2024-01"})
    assert Reading.select().count() == 0


@pytest.mark.parametrize(("typed", "value"), [("１２.５", "12.50"), ("1,234.50", "1234.50")])
def test_full_width_digits_and_separators_are_understood(estate: Estate, typed: str, value: str) -> None:
    meter(estate.house("101"), water(estate))
    made = DEEDS["fees.enter_reading"].call("0012345", {"value": typed, "month": "2024-01"})
    assert str(made.value) == value


def test_an_unknown_meter_is_named(estate: Estate) -> None:
    with pytest.raises(RuleBroken, match="没有表计“77”"):
        DEEDS["fees.enter_reading"].call("77", {"value": "1"})


def test_a_month_has_one_reading_and_none_lies_ahead(estate: Estate) -> None:
    one = meter(estate.house("101"), water(estate))
    read(one, "1", "5")
    with pytest.raises(RuleBroken, match=r"已有读数 5\.00.*更正"):
        enter_reading(one, D("6"), START.plus(1))
    with pytest.raises(BadInput, match="还没有到"):
        enter_reading(one, D("6"), Month.of(date.today()).plus(1))
    with pytest.raises(RuleBroken, match="不能补更早的月份"):
        enter_reading(one, D("0"), START.plus(-1))


def test_a_missed_month_that_is_put_in_rebases_the_next(estate: Estate) -> None:
    one = meter(estate.house("101"), water(estate))
    read(one, "100", None, "180")
    assert usages(one) == ["0.00", "80.00"]
    enter_reading(one, D("130"), START.plus(1))
    assert usages(one) == ["0.00", "30.00", "50.00"]
    newest = Reading.get(Reading.value == D("180"))
    assert (newest.previous, newest.months) == (D("130"), 1)


def test_a_month_put_in_must_lie_between_its_neighbours(estate: Estate) -> None:
    one = meter(estate.house("101"), water(estate))
    read(one, "100", None, "180")
    with pytest.raises(RuleBroken, match="小于上次读数"):
        enter_reading(one, D("181"), START.plus(1))
    assert usages(one) == ["0.00", "80.00"]


def test_a_correction_keeps_the_old_reading_and_rebases_the_next(estate: Estate) -> None:
    one = meter(estate.house("101"), water(estate))
    _, wrong, _ = read(one, "100", "150", "180")
    made = wrong.correct(D("140"), "看错一位")
    assert usages(one) == ["0.00", "40.00", "40.00"]
    old = Reading.get_by_id(wrong.id)
    assert not old.live and old.value == D("150") and made.corrects == old and made.note == "看错一位"
    with pytest.raises(RuleBroken, match="已不是有效的读数"):
        old.correct(D("141"), "又看错")
    with pytest.raises(BadInput, match="与原读数相同"):
        made.correct(D("140"), "没有变")


def test_an_estimate_is_the_mean_of_three_months_and_the_next_reading_settles_it(estate: Estate) -> None:
    one = meter(estate.house("101"), water(estate))
    read(one, "100", "110", "130", "160")  # 10, 20, 30
    batch = estimate_readings(START.plus(4))
    assert batch.count == 1 and usages(one)[-1] == "20.00"
    enter_reading(one, D("172"), START.plus(5))  # really 12 in two months
    assert usages(one)[-2:] == ["20.00", "-8.00"]
    with pytest.raises(RuleBroken, match=r"159\.00 小于上次读数 172\.00"):
        enter_reading(one, D("159"), START.plus(6))


def test_an_estimate_over_two_months_is_twice_the_mean(estate: Estate) -> None:
    one = meter(estate.house("101"), water(estate))
    read(one, "100", "110", None, "130", None)  # 10, then 20 over two months: 10 a month
    estimate_readings(START.plus(5))
    assert usages(one)[-1] == "20.00"


def test_what_was_never_read_cannot_be_estimated(estate: Estate) -> None:
    one = meter(estate.house("101"), water(estate))
    with pytest.raises(RuleBroken, match="没有可以估抄的表"):
        estimate_readings(START)
    read(one, "100")
    with pytest.raises(RuleBroken, match="没有可以估抄的表"):
        estimate_readings(START.plus(1))


def test_a_meter_that_is_replaced_counts_on_in_the_new_one(estate: Estate) -> None:
    one = meter(estate.house("101"), water(estate), route="甲线")
    read(one, "100", "110")
    new = replace_meter(one, D("125"), "0099", D("3"), date(2024, 3, 12))
    assert (new.unit, new.item, new.route, new.origin) == (one.unit, one.item, "甲线", one)
    assert not Meter.get_by_id(one.id).active
    enter_reading(new, D("10"), START.plus(2))
    assert (usages(one), usages(new)) == (["0.00", "10.00", "15.00"], ["0.00", "7.00"])
    assert usage_of(one, START.plus(2)) == usage_of(new, START.plus(2)) == D("22")
    assert usage_of(one, START.plus(3)) is None
    assert Reading.get(Reading.value == D("10")).deviation == D("120.0")  # 22 against 10
    with pytest.raises(RuleBroken, match="已换成 0099，不能恢复"):
        Meter.get_by_id(one.id).restore()


def test_what_the_old_meter_counts_after_the_months_reading_belongs_to_the_next(estate: Estate) -> None:
    one = meter(estate.house("101"), water(estate))
    read(one, "100", "110")
    new = replace_meter(one, D("112"), "0099", D("0"), date(2024, 2, 28))
    assert usage_of(new, START.plus(2)) == D("2")


def test_a_month_far_off_the_usual_is_told(estate: Estate) -> None:
    one = meter(estate.house("101"), water(estate))
    readings = read(one, "0", "10", "20", "30", "43", "56.01")
    assert [one.deviation for one in map(Reading.get_by_id, (one.id for one in readings))] == [
        None, None, D("0.0"), D("0.0"), D("30.0"), D("18.3"),
    ]  # fmt: skip


def test_what_was_not_billed_can_be_withdrawn(estate: Estate) -> None:
    one = meter(estate.house("101"), water(estate))
    _, second, third = read(one, "100", "110", "130")
    assert len(charged(START.plus(1))) == 1
    withdraw_reading(Reading.get_by_id(third.id))
    assert usages(one) == ["0.00", "10.00"]
    with pytest.raises(RuleBroken, match="已经出账，不能撤回"):
        withdraw_reading(Reading.get_by_id(second.id))


def test_the_base_of_others_cannot_be_withdrawn(estate: Estate) -> None:
    one = meter(estate.house("101"), water(estate))
    base, _ = read(one, "100", "110")
    with pytest.raises(RuleBroken, match="后面的读数从它算起"):
        withdraw_reading(Reading.get_by_id(base.id))
    assert usages(one) == ["0.00", "10.00"]


def test_an_estimate_is_undone_as_a_batch(estate: Estate) -> None:
    one = meter(estate.house("101"), water(estate))
    read(one, "100", "110")
    batches.undo(estimate_readings(START.plus(2)))
    assert usages(one) == ["0.00", "10.00"]
    enter_reading(one, D("111"), START.plus(2))


def test_how_a_meter_counts_is_fixed_once_it_was_read(estate: Estate) -> None:
    one = meter(estate.house("101"), water(estate))
    one.edit(multiplier=10)
    read(one, "100")
    with pytest.raises(RuleBroken, match="不能再改倍率和表位数"):
        Meter.get_by_id(one.id).edit(digits=6)
    assert Meter.get_by_id(one.id).edit(route="乙线").route == "乙线"


def test_a_meter_is_charged_by_an_item_of_readings_to_a_house(estate: Estate) -> None:
    house, fees = estate.house("101"), estate.item("物业费")
    with pytest.raises(BadInput, match="不是“按读数”的项目"):
        meter(house, fees)
    with pytest.raises(BadInput, match="公共表不直接收费"):
        meter(None, water(estate), place="泵房")
    with pytest.raises(BadInput, match="没有填房号"):
        meter(None, None)


def test_an_item_of_readings_is_given_to_no_house(estate: Estate) -> None:
    house, item = estate.house("101"), water(estate)
    with pytest.raises(RuleBroken, match="不用设置到房屋"):
        give_item(house, item, START.first)
    estate.give(house, item)
    assert charged(START) == [] and item.basis is Basis.METER


def test_a_common_meter_hangs_at_an_entrance(estate: Estate) -> None:
    made = add_meter(number="E1", kind=MeterKind.ELECTRICITY, entrance=estate.entrance, multiplier=30)
    assert made.building == estate.building and made.label() == "电表 E1 1栋1单元公共"
    second = add_meter(number="E2", entrance=estate.entrance, route="甲线")
    assert (made.position, second.position, add_meter(number="E3", place="泵房").position) == (1, 1, 2)
