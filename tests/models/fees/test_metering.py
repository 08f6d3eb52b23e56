"""What a run charges by readings: golden figures by hand, and that no usage is lost or charged twice."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models import batches
from models.batches import Batch
from models.errors import BadInput, RuleBroken
from models.fees import billing
from models.fees.bills import Bill, BillKind, BillState
from models.fees.cashier import receive
from models.fees.invariants import runs_add_up
from models.fees.items import Basis, FeeItem, Rate, set_rate
from models.fees.metering import level
from models.fees.metertold import metered_text
from models.fees.notices import NoticeRun
from models.fees.readings import Reading
from models.fees.settle import Part, receipt_rows
from models.fees.taking import enter_reading, estimate_readings, replace_meter, withdraw_reading
from models.owners.estate import Unit
from tests.estate import Estate, writing
from tests.models.fees.metering import START, charged, meter, owed_usage, read, water

D = Decimal
FEB, MARCH, APRIL = (START.plus(at) for at in (1, 2, 3))


@pytest.fixture
def house(estate: Estate) -> Unit:
    return estate.house("101")


def told(line: Bill) -> str:
    return metered_text(line.segments)


def tiers(item: FeeItem, *steps: tuple[str, str]) -> Rate:
    rate = Rate.get(Rate.item == item)
    return rate.set_tiers([{"over": D(over), "price": D(price)} for over, price in steps])


# -- golden figures --------------------------------------------------------------------------------


def test_usage_times_price(estate: Estate, house: Unit) -> None:
    one = meter(house, water(estate))
    read(one, "1200", "1250")
    (line,) = charged(FEB)
    assert (line.amount, line.quantity, line.price) == (D("175.00"), D("50"), D("3.5"))
    assert (line.month, line.run, line.kind) == (FEB, FEB, BillKind.METERED)
    assert line.source == f"CB-{line.batch_id}-{one.id}" and line.payer.name == "王桂芳"
    assert told(line) == "(1250.00−1200.00)×1×3.50"
    assert charged(FEB) == []


def test_a_line_is_rounded_once_half_up(estate: Estate, house: Unit) -> None:
    read(meter(house, water(estate, "0.3350")), "0", "0.1", "1.1")
    assert [line.amount for line in charged(FEB)] == [D("0.03")]  # 0.0335
    assert [line.amount for line in charged(MARCH)] == [D("0.34")]  # 0.335


def test_tiers_count_by_the_month(estate: Estate, house: Unit) -> None:
    item = water(estate, "2.0000")
    tiers(item, ("15", "3"), ("25", "6"))
    read(meter(house, item), "0", "15", "45")
    assert [line.amount for line in charged(FEB)] == [D("30.00")]
    (line,) = charged(MARCH)  # 15×2 + 10×3 + 5×6
    assert (line.amount, line.price) == (D("90.00"), D("3"))
    assert told(line) == "(45.00−15.00)×1＝30.00：15.00×2.00＋10.00×3.00＋5.00×6.00"


def test_a_reading_after_a_missed_month_has_the_tiers_of_two(estate: Estate, house: Unit) -> None:
    item = water(estate, "2.0000")
    tiers(item, ("15", "3"))
    read(meter(house, item), "0", None, "40")
    (line,) = charged(MARCH)  # 30×2 + 10×3
    assert line.amount == D("90.00")
    assert told(line) == "(40.00−0.00)×1＝40.00：30.00×2.00＋10.00×3.00（2 个月）"


def test_the_price_of_the_day_of_each_reading_holds(estate: Estate, house: Unit) -> None:
    item = water(estate, "2.0000")
    read(meter(house, item), "0", "10", "30")
    set_rate(item, date(2024, 3, 16), D("3"))
    (line,) = charged(MARCH)  # 10×2 + 20×3
    assert (line.amount, line.price, line.month) == (D("80.00"), D("2.6667"), MARCH)
    assert told(line) == "2024-02 (10.00−0.00)×1×2.00；2024-03 (30.00−10.00)×1×3.00"


def test_the_least_is_charged_where_usage_comes_to_less(estate: Estate, house: Unit) -> None:
    read(meter(house, water(estate, minimum=D("10"))), "0", "1", "1", "5")
    assert [line.amount for line in charged(FEB)] == [D("10.00")]
    (line,) = charged(MARCH)
    assert (line.amount, line.quantity) == (D("10.00"), D("0"))
    assert told(line) == "(1.00−1.00)×1＝0.00，不足最低收费，按 10.00 收"
    assert [line.amount for line in charged(APRIL)] == [D("14.00")]


def test_the_least_holds_for_other_items_too_and_by_the_day(estate: Estate, house: Unit) -> None:
    fees = estate.item("物业费", price="1.0000", minimum=D("120"))
    estate.give(house, fees, until=date(2024, 2, 10))
    billing.bill(START)
    billing.bill(FEB)
    assert [line.amount for line in Bill.select().order_by(Bill.month)] == [D("120.00"), D("41.38")]
    notice = next(iter(NoticeRun(START)))
    assert notice.current[0].basis == "100.00㎡ × 1.00，不足最低收费，按最低收费收"
    rows = receipt_rows([Part(Bill.get(Bill.month == START), D("120"))])
    assert (rows[0].quantity, rows[0].price) == ("1 个月", "120.00")


def test_what_is_fixed_is_added_once_a_month(estate: Estate, house: Unit) -> None:
    item = estate.item("水费", price="2", extra="5.00", basis=Basis.METER)
    read(meter(house, item), "0", None, "10")
    (line,) = charged(MARCH)
    assert (line.amount, line.extra) == (D("30.00"), D("10.00"))
    assert told(line) == "(10.00−0.00)×1×2.00＋10.00（2 个月）"


def test_a_meter_that_was_replaced_has_one_line_a_month(estate: Estate, house: Unit) -> None:
    one = meter(house, water(estate, "1"), digits=4)
    read(one, "9990")
    new = replace_meter(one, D("5"), "0099", D("100"), date(2024, 2, 12), rolled=True)
    enter_reading(new, D("130"), FEB)
    (line,) = charged(FEB)
    assert (line.amount, line.quantity) == (D("45.00"), D("45"))
    assert told(line) == "(10000＋5.00−9990.00)×1＋(130.00−100.00)×1＝45.00：45.00×1.00"


# -- what becomes of months that were billed ---------------------------------------------------------


def test_a_correction_is_charged_with_the_next_line_and_the_issued_one_stays(
    estate: Estate, house: Unit
) -> None:
    one = meter(house, water(estate, "1"))
    _, wrong = read(one, "100", "150")
    (first,) = charged(FEB)
    wrong.correct(D("160"), "看错")
    enter_reading(one, D("200"), MARCH)
    (second,) = charged(MARCH)
    assert (Bill.get_by_id(first.id).amount, second.amount) == (D("50.00"), D("50.00"))
    assert told(second) == "(200.00−160.00)×1＋补以前月份 10.00＝50.00：50.00×1.00"


def test_what_was_billed_too_much_is_carried_until_it_is_used(estate: Estate, house: Unit) -> None:
    one = meter(house, water(estate, "1"))
    _, wrong = read(one, "100", "150")
    charged(FEB)
    wrong.correct(D("110"), "看错")
    enter_reading(one, D("120"), MARCH)
    assert owed_usage(one) == D("-30")
    assert [skip.reason for skip in billing.dry_run(MARCH).skipped if skip.item] == [
        "用量比已出账的少 30.00，留待下次抵减"
    ]
    enter_reading(one, D("155"), APRIL)
    (line,) = charged(APRIL)
    assert line.quantity == D("5") and owed_usage(one) == D("0")
    assert [(row.month, row.usage) for row in line.metered] == [(MARCH, D("0")), (APRIL, D("5"))]


def test_a_month_put_in_between_billed_ones_is_not_billed_again(estate: Estate, house: Unit) -> None:
    one = meter(house, water(estate, "1"))
    read(one, "100", None, "180")
    charged(MARCH)
    enter_reading(one, D("130"), FEB)
    assert charged(MARCH) == [] and owed_usage(one) == D("0")
    enter_reading(one, D("190"), APRIL)
    assert [line.quantity for line in charged(APRIL)] == [D("10")]


def test_an_estimate_is_billed_and_settled(estate: Estate, house: Unit) -> None:
    one = meter(house, water(estate, "1"))
    read(one, "0", "10")
    charged(FEB)
    estimate_readings(MARCH)
    (line,) = charged(MARCH)
    assert (line.quantity, told(line)) == (D("10"), "估抄 10.00×1.00")
    enter_reading(one, D("27"), APRIL)
    (line,) = charged(APRIL)
    assert (line.quantity, told(line)) == (D("7"), "(27.00−10.00)×1−已估 10.00＝7.00：7.00×1.00")


def test_an_undone_run_frees_its_readings(estate: Estate, house: Unit) -> None:
    one = meter(house, water(estate, "1"))
    _, feb, _ = read(one, "0", "10", "30")
    charged(FEB)
    charged(MARCH)
    batches.undo(Batch.get(Batch.title == "2024-02 出账"))
    assert owed_usage(one) == D("10")
    assert [line.quantity for line in charged(FEB)] == [D("10")]
    assert owed_usage(one) == D("0") and list(runs_add_up()) == []
    batches.undo(Batch.select().order_by(Batch.id.desc()).get())
    withdraw_reading(Reading.get_by_id(feb.id))
    assert owed_usage(one) == D("10")  # the month after it counts it now


def test_a_line_that_was_reversed_frees_its_usage(estate: Estate, house: Unit) -> None:
    one = meter(house, water(estate, "1"))
    read(one, "0", "10")
    (line,) = charged(FEB)
    with writing():
        Bill.add(
            month=FEB, unit=house, item=line.item, kind=BillKind.REVERSAL, source="HC-1", corrects=line,
            amount=-line.amount, paid=-line.amount, due=line.due,
        )  # fmt: skip
    assert owed_usage(one) == D("10")
    assert [again.quantity for again in charged(FEB)] == [D("10")]


def test_why_a_meter_has_no_line(estate: Estate, house: Unit) -> None:
    item = water(estate)
    meter(house, item)
    zero = meter(estate.house("102"), item, "2")
    read(zero, "5", "5")
    priceless = meter(
        estate.house("103"), estate.item("热费", price="1", basis=Basis.METER, since=date(2025, 1, 1)), "3"
    )
    read(priceless, "5", "6")
    reasons = {(one.unit, one.item): one.reason for one in billing.dry_run(FEB).skipped if one.item}
    assert reasons == {
        ("1-1-101", "水费"): "没有读数",
        ("1-1-102", "水费"): "用量为零",
        ("1-1-103", "热费"): "2024-02-29 没有单价",
    }


def test_readings_of_the_month_before_are_charged_when_the_month_begins(estate: Estate, house: Unit) -> None:
    read(meter(house, water(estate, "1")), "0", "10")
    (line,) = charged(MARCH)
    assert (line.month, line.run) == (FEB, MARCH)
    row = next(row for row in next(iter(NoticeRun(MARCH))).current if row.item == "水费")
    assert (row.basis, row.quantity, row.remark) == ("2024年2月 (10.00−0.00)×1×1.00", "10.00m³", "")


def test_notice_and_receipt_tell_quantity_and_price(estate: Estate, house: Unit) -> None:
    item = water(estate, "2.0000")
    read(meter(house, item), "0", "10")
    (line,) = charged(FEB)
    (row,) = receipt_rows([Part(line, line.amount)])
    assert (row.quantity, row.price) == ("10.00m³", "2.00")
    (current,) = next(iter(NoticeRun(FEB))).current
    assert (current.basis, current.price, current.quantity) == ("(10.00−0.00)×1×2.00", D("2"), "10.00m³")
    receive(house, D("20"))
    assert Bill.get_by_id(line.id).owed == 0 and BillState.SETTLED


# -- tiers as records --------------------------------------------------------------------------------


def test_tiers_rise_and_belong_to_items_of_readings(estate: Estate) -> None:
    item = water(estate)
    with pytest.raises(RuleBroken, match="第 2 行：起点 15 要大于 20"):
        tiers(item, ("20", "3"), ("15", "4"))
    with pytest.raises(BadInput, match="不按读数收费"):
        tiers(estate.item("物业费"), ("20", "3"))
    tiers(item, ("20", "3"), ("30", "4"))
    tiers(item, ("25", "3"))
    assert [(tier.over, tier.price) for tier in Rate.get(Rate.item == item).tiers] == [(D("25"), D("3"))]


def test_tiers_go_on_with_the_price_they_belong_to(estate: Estate) -> None:
    item = water(estate)
    tiers(item, ("20", "3"))
    assert set_rate(item, date(2024, 5, 1), extra=D("2")).tiers.count() == 1
    dearer = set_rate(item, date(2024, 6, 1), D("4"))
    assert dearer.tiers_given() == [{"over": D(20), "price": D(3)}]
    dearer.set_tiers()
    assert set_rate(item, date(2024, 7, 1), D("5")).tiers_given() == []


# -- no usage is lost, none charged twice ------------------------------------------------------------


@settings(max_examples=2000, deadline=None)
@given(st.lists(st.integers(-1000, 1000), min_size=1, max_size=8))
def test_levelled_usages_have_the_same_sum_and_none_is_negative(usages: list[int]) -> None:
    if sum(usages) >= 0:
        assert sum(level(usages)) == sum(usages) and min(level(usages)) >= 0
