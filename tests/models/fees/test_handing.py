"""A month in which a house changes hands, and what was charged ahead of the change."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.checks import run_invariants
from models.errors import RuleBroken
from models.fees import invariants  # noqa: F401 - registered by being imported
from models.fees.adjusting import reduce, reverse_bills
from models.fees.billing import bill, dry_run, undo_billing
from models.fees.bills import Bill, BillKind
from models.fees.cashier import receive
from models.fees.charges import Segment
from models.fees.explain import explain
from models.fees.handing import Holding, divided
from models.fees.items import Category, add_item
from models.fees.settle import balance
from models.fees.share_plans import add_share_plan
from models.fees.sharing import share, undo_sharing
from models.fees.transferring import settle_transfer, transfers_not_settled, try_settle_transfer
from models.months import Month
from models.owners.estate import Unit
from models.owners.people import Ownership, Person
from models.owners.tenure import transfer
from tests.estate import Estate, stop_chains, writing

JUNE, JULY = Month(2020, 6), Month(2020, 7)
DAY = date(2020, 6, 21)


@pytest.fixture
def house(estate: Estate) -> Unit:
    unit = estate.house("101")
    estate.give(unit, estate.item(since=JUNE.first), JUNE.first)
    return unit


def buyer(estate: Estate, name: str = "李明") -> Person:
    with writing():
        return estate.person(name)


def told(unit: Unit) -> list[tuple[str, int, str, Decimal, Decimal]]:
    """Return (month, days, who is liable, amount, owed) of each line."""
    lines = Bill.select().where((Bill.unit == unit) & (Bill.live == True)).order_by(Bill.month, Bill.id)
    return [(str(one.month), one.days, one.liable.name, one.amount, one.owed) for one in lines]


def test_a_month_that_is_billed_after_a_transfer_is_split_by_the_day(estate: Estate, house: Unit) -> None:
    transfer(house, buyer(estate), DAY, despite=True)
    bill(JUNE)
    assert told(house) == [
        ("2020-06", 20, "王桂芳", Decimal("66.67"), Decimal("66.67")),
        ("2020-06", 10, "李明", Decimal("33.33"), Decimal("33.33")),
    ]
    assert dry_run(JUNE).lines == []
    assert dry_run(JUNE).skipped == []
    assert run_invariants() == []


def test_a_price_change_and_two_transfers_in_a_month(estate: Estate, house: Unit) -> None:
    from models.fees.items import FeeItem

    estate.rate(FeeItem.find("1"), date(2020, 6, 16), "2.0000")
    transfer(house, buyer(estate), date(2020, 6, 11), despite=True)
    transfer(house, buyer(estate, "陈三"), DAY, despite=True)
    bill(JUNE)
    assert [(days, who, amount) for _, days, who, amount, _ in told(house)] == [
        (10, "王桂芳", Decimal("33.33")),
        (10, "李明", Decimal("50.00")),
        (10, "陈三", Decimal("66.67")),
    ]


def test_joint_owners_who_come_later_split_nothing(estate: Estate, house: Unit) -> None:
    with writing():
        Ownership.add(unit=house, person=estate.person("李共有"), since=DAY)
    bill(JUNE)
    assert [days for _, days, _, _, _ in told(house)] == [30]


def test_what_was_charged_ahead_is_handed_over(estate: Estate, house: Unit) -> None:
    bill(JUNE)
    bill(JULY)
    receive(house, Decimal("150.00"), on=date(2020, 6, 1))
    transfer(house, buyer(estate), DAY, despite=True)
    assert [gap.subject for gap in transfers_not_settled()] == []  # of long ago: see the next test
    said = "2020-06-21 过户：以后 2 笔共 133.33 元转由李明承担（物业费 2020-06 10 天 33.33 元；"
    assert said in try_settle_transfer(house).summary()
    made = settle_transfer(house)
    assert (made.number[:2], made.amount) == ("GH", Decimal(0))
    assert told(house) == [
        ("2020-06", 30, "王桂芳", Decimal("100.00"), Decimal("0.00")),
        ("2020-06", 10, "李明", Decimal("33.33"), Decimal("33.33")),
        ("2020-07", 31, "王桂芳", Decimal("100.00"), Decimal("0.00")),
        ("2020-07", 31, "李明", Decimal("100.00"), Decimal("100.00")),
        *[
            (str(Month.of(date.today())), None, "王桂芳", amount, Decimal("0.00"))
            for amount in (Decimal("-33.33"), Decimal("-100.00"))
        ],
    ]  # fmt: skip
    old = Person.get(Person.name == "王桂芳")
    assert balance(house, old) == Decimal("83.33"), "what he had paid for days that are not his any more"
    with pytest.raises(RuleBroken, match="不用结算"):
        settle_transfer(house)
    assert dry_run(JULY).lines == []
    assert run_invariants() == []


def test_two_transfers_are_settled_one_after_the_other_whenever_it_is_done(
    estate: Estate, house: Unit
) -> None:
    bill(JUNE)
    with writing():
        last = estate.person("赵云")
    transfer(house, buyer(estate), date(2020, 6, 11), despite=True)
    transfer(house, last, date(2020, 6, 21), despite=True)
    with pytest.raises(RuleBroken, match="不用结算（抄表的按过户日读数"):
        settle_transfer(house, date(2020, 6, 21))
    settle_transfer(house)
    settle_transfer(house)
    with pytest.raises(RuleBroken, match="不用结算"):
        settle_transfer(house)
    left = {}
    for line in Bill.select().where(Bill.live == True):
        left[line.liable.name] = left.get(line.liable.name, Decimal(0)) + line.amount
    assert left == {"王桂芳": Decimal("33.33"), "李明": Decimal("33.34"), "赵云": Decimal("33.33")}


def test_whoever_buys_his_house_back_keeps_what_is_his(estate: Estate, house: Unit) -> None:
    seller = house.ownerships.get().person
    transfer(house, buyer(estate), date(2020, 6, 11), despite=True)
    transfer(house, seller, date(2020, 7, 1), despite=True)
    bill(JUNE)
    bill(JULY)
    for day in (date(2020, 6, 11), date(2020, 7, 1)):
        with pytest.raises(RuleBroken, match="不用结算"):
            settle_transfer(house, day)


def test_a_percentage_is_of_what_the_old_owner_still_bears(estate: Estate, house: Unit) -> None:
    stop_chains()
    bill(JUNE)
    transfer(house, buyer(estate), date(2020, 6, 11), despite=True)
    settle_transfer(house)
    mine = Bill.get(Bill.kind == BillKind.RECURRING)
    assert reduce([mine], "停水", "合同", percent=Decimal("30")).amount == Decimal("-10.00")


def test_a_shared_cost_is_handed_over_by_the_days_of_its_month(estate: Estate) -> None:
    stop_chains()
    unit = estate.house("101")
    october = Month(2026, 10)
    plan = add_share_plan(name="楼道照明", item=add_item(code="G", name="公共电费", category=Category.SHARED))
    cost = share(plan, october, amount=Decimal("31.00"))
    transfer(unit, buyer(estate), date(2026, 10, 22), despite=True)
    settle_transfer(unit)
    assert told(unit)[:2] == [
        ("2026-10", None, "王桂芳", Decimal("31.00"), Decimal("21.00")),
        ("2026-10", 10, "李明", Decimal("10.00"), Decimal("10.00")),
    ]
    mine = Bill.get(Bill.days == 10)
    assert explain(mine).proven
    assert "固定 31.00 元/月）× 10 天 ÷ 当月 31 天" in explain(mine).text()
    with pytest.raises(RuleBroken, match="已过户转出"):
        undo_sharing(cost.batch)
    reverse_bills([mine], "录错", "单据")
    with pytest.raises(RuleBroken, match="请先红冲这几户"):
        undo_sharing(cost.batch)
    reverse_bills([Bill.get(Bill.batch == cost.batch)], "录错", "单据")
    undo_sharing(cost.batch)
    assert run_invariants() == []


def test_a_month_that_was_wholly_handed_over_is_charged_again_once_it_is_reversed(
    estate: Estate, house: Unit
) -> None:
    stop_chains()
    batch = bill(JULY)
    transfer(house, buyer(estate), JULY.first, despite=True)
    settle_transfer(house)
    new = Bill.get(Bill.source.endswith("/新"))
    with pytest.raises(RuleBroken, match=r"已过户转出：1-1-101 物业费 2020-07 100.00 元（GH-"):
        undo_billing(batch)
    with pytest.raises(RuleBroken, match="已经全部红冲或转出"):
        reverse_bills([Bill.get(Bill.batch == batch)], "录错", "标准")
    reverse_bills([new], "录错", "标准")
    bill(JULY)
    again = [(31, "李明", Decimal("100.00"), Decimal("100.00"))]
    assert [one[1:] for one in told(house) if one[-1]] == again
    undo_billing(batch)
    assert [one[1:] for one in told(house) if one[-1]] == again
    assert run_invariants() == []


def test_what_was_handed_over_in_part_binds_its_run(estate: Estate, house: Unit) -> None:
    stop_chains()
    batch = bill(JUNE)
    transfer(house, buyer(estate), DAY, despite=True)
    settle_transfer(house)
    old, new = Bill.get(Bill.batch == batch), Bill.get(Bill.source.endswith("/新"))
    reverse_bills([old], "录错", "标准")
    with pytest.raises(RuleBroken, match="已过户转出"):
        undo_billing(batch)
    reverse_bills([new], "录错", "标准")
    undo_billing(batch)
    bill(JUNE)
    assert [(days, who, owed) for _, days, who, _, owed in told(house) if owed] == [
        (20, "王桂芳", Decimal("66.67")),
        (10, "李明", Decimal("33.33")),
    ]
    assert run_invariants() == []


def test_a_least_amount_without_a_price_is_split_by_the_day(estate: Estate) -> None:
    unit = estate.house("301")
    item = estate.item("保底费", price="0", since=JUNE.first)
    with writing():
        item.change(minimum=Decimal("30.00"))
    estate.give(unit, item, JUNE.first)
    transfer(unit, buyer(estate), DAY, despite=True)
    bill(JUNE)
    assert [(days, amount) for _, days, _, amount, _ in told(unit)] == [
        (20, Decimal("20.00")),
        (10, Decimal("10.00")),
    ]


def test_old_debts_stay_with_the_old_owner(estate: Estate, house: Unit) -> None:
    bill(JUNE)
    transfer(house, buyer(estate), JULY.first, despite=True)
    with pytest.raises(RuleBroken, match="不用结算"):
        settle_transfer(house)
    assert [(who, owed) for *_, who, _, owed in told(house)] == [("王桂芳", Decimal("100.00"))]


def test_a_house_that_was_not_sold_has_nothing_to_settle(house: Unit) -> None:
    with pytest.raises(RuleBroken, match="没有过户登记"):
        settle_transfer(house)


def test_a_transfer_of_this_year_that_nobody_settled_is_told(estate: Estate) -> None:
    month = Month.of(date.today())
    unit = estate.house("201")
    estate.give(unit, estate.item(), month.first)
    bill(month.plus(1))
    transfer(unit, buyer(estate), date.today(), despite=True)
    assert [gap.subject for gap in transfers_not_settled()] == ["1-1-201"]
    settle_transfer(unit)
    assert list(transfers_not_settled()) == []
    assert {one.kind for one in Bill.select()} == {BillKind.RECURRING, BillKind.CORRECTION}


@settings(max_examples=2000, deadline=None)
@given(
    amount=st.integers(1, 10**9),
    cuts=st.sets(st.integers(2, 30), max_size=3),
    hands=st.sets(st.integers(2, 30), max_size=4),
    quantities=st.lists(st.integers(1, 10**6), min_size=4, max_size=4),
)
def test_the_parts_of_a_line_are_the_line(
    amount: int, cuts: set[int], hands: set[int], quantities: list[int]
) -> None:
    segments = [
        Segment(date(2020, 6, first), date(2020, 6, last), quantity, 13_000, 0)
        for (first, last), quantity in zip(spans(cuts), quantities, strict=False)
    ]
    holdings = [Holding(date(2020, 6, first), date(2020, 6, last), 1, 1) for first, last in spans(hands)]
    pieces = divided(amount, segments, holdings)
    assert sum(piece.amount for piece in pieces) == amount
    assert sum(segment.days for piece in pieces for segment in piece.segments) == 30
    assert all(piece.amount >= 0 for piece in pieces)


def spans(cuts: set[int]) -> list[tuple[int, int]]:
    """Return the days of June from one cut to the next."""
    starts = [1, *sorted(cuts)]
    return list(zip(starts, [day - 1 for day in starts[1:]] + [30], strict=True))
