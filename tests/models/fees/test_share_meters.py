"""A common cost takes its usage from a common meter, and what houses used from theirs."""

from datetime import date
from decimal import Decimal as D
from typing import Any

import pytest

from models.checks import run_invariants
from models.deeds import DEEDS
from models.errors import BadInput, RuleBroken
from models.fees.bills import Bill
from models.fees.explain import explain
from models.fees.meters import Meter, MeterKind, add_meter
from models.fees.share_checks import common_meters_without_plan
from models.fees.share_plans import CommonKind, ShareBase
from models.fees.sharing import share, try_share
from models.fees.taking import enter_reading, estimate_readings, replace_meter
from models.months import Month
from tests.estate import Estate
from tests.models.fees.metering import read
from tests.models.fees.test_explain import told
from tests.models.fees.test_sharing import AGREED, amounts, plan_of, tower

JAN, FEB, MARCH = Month(2024, 1), Month(2024, 2), Month(2024, 3)
PRICE = D("0.5000")


@pytest.fixture
def common(estate: Estate) -> Meter:
    """A common meter that counts forty times what it shows, read for January and February."""
    tower(estate, "100.00", "300.00")
    meter = add_meter(
        number="GB-01", kind=MeterKind.ELECTRICITY, building=estate.building, place="楼道", multiplier=40
    )
    read(meter, "100.00", "110.00")
    return meter


def test_the_readings_of_the_month_make_the_pool(common: Meter) -> None:
    # (110 − 100) × 40 = 400, without 20 for the office: 380 × 0.50
    rows = [{"name": "值班室", "quantity": D(20)}]
    cost = share(plan_of(), FEB, meter=common, price=PRICE, exclusions=rows, source="2 月")
    assert (cost.previous, cost.current, cost.multiplier) == (D(100), D(110), 40)
    assert (cost.used, cost.amount, cost.source) == (D(400), D("190.00"), "GB-01，2 月")
    assert amounts(cost) == ["47.50", "142.50"]
    words = told(explain(Bill.select().first()), "怎样算出")
    assert words[0] == ("公共用量", "（110.00 − 100.00）× 倍率 40 = 400.00")
    assert run_invariants() == []


def test_what_two_readings_do_not_tell_is_told_as_usage_alone(common: Meter) -> None:
    new = replace_meter(common, D("120.00"), "GB-02", D("5.00"), date(2024, 3, 12), multiplier=20)
    enter_reading(new, D("6.00"), MARCH)
    for meter in (common, new):  # 10 × 40 + 1 × 20, by whichever of both it is named
        assert try_share(plan_of(), MARCH, meter=meter, price=PRICE).pool.used == D(420)
    cost = share(plan_of(), MARCH, meter=new, price=PRICE)
    assert (cost.previous, cost.current, cost.multiplier, cost.amount) == (None, None, None, D("210.00"))
    words = told(explain(Bill.select().first()), "怎样算出")
    assert words[0] == ("公共用量", "表 GB-02 当月抄表的用量，有换表、过零或估抄 = 420.00")


def test_an_estimate_and_a_rolled_over_meter_may_be_shared(common: Meter) -> None:
    estimate_readings(MARCH)
    trial = try_share(plan_of(), MARCH, meter=common, price=PRICE)
    assert (trial.pool.used, trial.pool.current) == (D(400), None)
    other = add_meter(number="GB-09", kind=MeterKind.WATER, place="泵房", digits=3)
    read(other, "990.00")
    enter_reading(other, D("10.00"), FEB, rolled=True)
    trial = try_share(plan_of(), FEB, meter=other, price=PRICE)
    assert (trial.pool.used, trial.pool.current) == (D(20), None)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"previous": D(1)}, "请不要再填"),
        ({"multiplier": 2}, "请不要再填"),
        ({"amount": D(5)}, "请不要再填"),
        ({"price": None}, "要填单价"),
    ],
)
def test_nothing_is_typed_that_the_meter_says(common: Meter, given: dict[str, Any], words: str) -> None:
    with pytest.raises(BadInput, match=words):
        try_share(plan_of(), FEB, meter=common, **{"price": PRICE, **given})


def test_a_month_without_reading_and_the_meter_of_a_house_are_refused(estate: Estate, common: Meter) -> None:
    for month in (JAN, MARCH):
        with pytest.raises(RuleBroken, match=f"GB-01 1栋楼道 {month} 没有读数，不能分摊"):
            share(plan_of(), month, meter=common, price=PRICE)
    mine = add_meter(number="S1", unit=estate.house("901"))
    with pytest.raises(BadInput, match="是住户的表"):
        share(plan_of(), FEB, meter=mine, price=PRICE)


def test_houses_are_weighed_by_their_own_meters(estate: Estate) -> None:
    first, second, third = tower(estate, "100.00", "100.00", "100.00")
    for number, (unit, shown) in enumerate(((first, "10"), (second, "30"))):
        read(add_meter(number=f"S{number}", unit=unit), "0", shown)
    unread = add_meter(number="S2", unit=third)
    plan = plan_of(base=ShareBase.USAGE, agreed=AGREED)
    trial = try_share(plan, FEB, amount=D("100.00"), by_meters=MeterKind.WATER)
    assert amounts(trial) == ["25.00", "75.00"]
    assert [tuple(one) for one in trial.left] == [(third.code, "没有用量")]
    with pytest.raises(RuleBroken, match="没有用量"):
        share(plan, FEB, amount=D("100.00"), by_meters=MeterKind.WATER)
    read(unread, "0", "0")
    cost = DEEDS["fees.share"].call(
        None, {"plan": plan.name, "month": "2024-02", "amount": "100", "by_meters": "水"}
    )
    assert amounts(cost) == ["25.00", "75.00"]
    assert cost.left_out == [[third.code, "用量为零"]]


def test_usages_are_asked_for_once_and_only_where_they_count(estate: Estate) -> None:
    (house,) = tower(estate, "100.00")
    with pytest.raises(BadInput, match="不按用量分摊"):
        try_share(plan_of(), FEB, amount=D(5), by_meters=MeterKind.WATER)
    plan, rows = plan_of(base=ShareBase.USAGE, agreed=AGREED), [{"unit": house, "quantity": D(1)}]
    with pytest.raises(BadInput, match="只填一种"):
        try_share(plan, FEB, amount=D(5), by_meters=MeterKind.WATER, usages=rows)


def test_common_meters_whose_cost_nobody_shares_are_named(estate: Estate, common: Meter) -> None:
    add_meter(number="GB-02", kind=MeterKind.WATER, place="花园")
    plan_of(kind=CommonKind.LIGHT, scopes=[{"entrance": estate.entrance}])
    assert [gap.subject for gap in common_meters_without_plan()] == ["水表 GB-02 花园"]
    plan_of(kind=CommonKind.OTHER, scopes=[{"building": estate.building}])
    assert list(common_meters_without_plan()) == []
