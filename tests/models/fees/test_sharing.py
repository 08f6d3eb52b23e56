"""Common costs are shared exactly, by the rule that was agreed; the figures are computed by hand."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models import batches, health, search
from models.base import db
from models.batches import Batch, State
from models.cards import card_of
from models.checks import run_invariants
from models.deeds import DEEDS
from models.errors import BadInput, NotFound, RuleBroken
from models.fees import billing, lists, share_cards, share_checks  # noqa: F401 - what there is of lists
from models.fees.adjusting import reduce, reverse_bills
from models.fees.arrears import debts
from models.fees.assign import give_item
from models.fees.bills import Bill, BillKind
from models.fees.cashier import receive, void_receipt
from models.fees.items import Category, FeeItem, add_item
from models.fees.notices import NoticeRun
from models.fees.payments import Payment
from models.fees.rates import by_month_and_item
from models.fees.schedule import schedule
from models.fees.share_math import Counted, House, divide
from models.fees.share_plans import ShareBase, SharePlan, add_share_plan
from models.fees.shares import CostState, Share, SharedCost
from models.fees.sharing import Sharing, share, try_share, undo_sharing
from models.listings import LISTS, Filters
from models.months import Month, Period
from models.owners.estate import Building, Entrance, Unit, UnitKind, UnitState
from tests.estate import Estate, stop_chains, writing

MONTH = Month(2026, 10)
AGREED = "业主大会决议2026-03号"


def shared_item(name: str = "公共电费") -> FeeItem:
    """Make an item for common costs."""
    return add_item(code=f"G{FeeItem.select().count()}", name=name, category=Category.SHARED)


def plan_of(**values: Any) -> SharePlan:
    """Make a plan, by area among all where nothing else is said."""
    number = SharePlan.select().count() + 1
    item = values.pop("item", None) or shared_item(f"公共电费{number}")
    return add_share_plan(**{"name": f"方案{number}", "item": item, **values})


def tower(estate: Estate, *areas: str | None) -> list[Unit]:
    """Make a house a floor, from the first one up."""
    houses = [estate.house(f"{floor}01", area=area) for floor, area in enumerate(areas, start=1)]
    for floor, unit in enumerate(houses, start=1):
        alter(unit, floor=floor)
    return houses


def alter(unit: Unit, **values: Any) -> None:
    with writing():
        Unit.get_by_id(unit.id).change(**values)


def amounts(found: Sharing | SharedCost) -> list[str]:
    """Return what each house bears, in the order of house numbers."""
    if isinstance(found, Sharing):
        return [f"{one.amount / 100:.2f}" for one in found.portions]
    query = Share.select(Share, Unit).join(Unit).where(Share.cost == found).order_by(Unit.sort_key)
    return [f"{one.amount:.2f}" for one in query]


def holds() -> bool:
    return [one.sentence for one in run_invariants()] == []


# -- by hand ---------------------------------------------------------------------------------------


def test_a_hundred_among_three_households_is_33_34_33_33_33_33(estate: Estate) -> None:
    tower(estate, "80.00", "90.00", "100.00")
    plan = plan_of(base=ShareBase.HOUSEHOLD, agreed=AGREED)
    cost = share(plan, MONTH, amount=Decimal("100.00"))
    assert amounts(cost) == ["33.34", "33.33", "33.33"]
    assert (cost.amount, cost.units, cost.adjusted) == (Decimal("100.00"), 3, Decimal("0.01"))
    assert [str(one.exact) for one in cost.shares] == ["33.333333"] * 3
    assert [str(one.rest) for one in cost.shares] == ["0.01", "0.00", "0.00"]
    assert str(cost.unit_share) == "33.333333"


def test_by_area_each_bears_its_part_and_the_largest_remainder_gets_the_odd_fen(estate: Estate) -> None:
    # 1000.00 over 94.56 + 105.44 + 100.00 = 300.00: 315.20, 351.466…, 333.333… -> 351.47, 333.33
    tower(estate, "94.56", "105.44", "100.00")
    cost = share(plan_of(), MONTH, amount=Decimal("1000.00"))
    assert amounts(cost) == ["315.20", "351.47", "333.33"]
    assert (str(cost.total_base), str(cost.unit_share)) == ("300.000000", "3.333333")


def test_coefficients_of_floors_weigh_households(estate: Estate) -> None:
    # floors 1, 2 count 1.0, floor 3 and above 1.2: 64.00 over 3.2 = 20 a point
    tower(estate, *["100.00"] * 3)
    rows = [
        {"kind": None, "floor": 1, "coefficient": Decimal("1.00")},
        {"kind": None, "floor": 3, "coefficient": Decimal("1.20")},
    ]
    plan = plan_of(base=ShareBase.COEFFICIENT, weights=rows, agreed=AGREED)
    cost = share(plan, MONTH, amount=Decimal("64.00"))
    assert amounts(cost) == ["20.00", "20.00", "24.00"]
    assert [str(one.coefficient) for one in cost.shares] == ["1.0000", "1.0000", "1.2000"]


def test_shops_may_count_more_than_houses_and_what_is_not_named_bears_nothing(estate: Estate) -> None:
    _, shop = tower(estate, "100.00", "50.00")
    alter(shop, kind=UnitKind.SHOP)
    alter(estate.house("C1"), kind=UnitKind.PARKING)
    rows = [
        {"kind": UnitKind.HOUSE, "floor": None, "coefficient": Decimal(1)},
        {"kind": UnitKind.SHOP, "floor": None, "coefficient": Decimal(2)},
    ]
    trial = try_share(plan_of(weights=rows, agreed=AGREED), MONTH, amount=Decimal("30.00"))
    assert amounts(trial) == ["15.00", "15.00"]
    assert trial.left == []


def test_a_mix_shares_each_part_by_its_own_base(estate: Estate) -> None:
    # 100.00: 60 % by area (100, 300 of 400), 40 % by household: 15 + 20, 45 + 20
    tower(estate, "100.00", "300.00")
    parts = [{"base": ShareBase.AREA, "percent": 60}, {"base": ShareBase.HOUSEHOLD, "percent": 40}]
    cost = share(plan_of(base=ShareBase.MIX, parts=parts, agreed=AGREED), MONTH, amount=Decimal("100.00"))
    assert amounts(cost) == ["35.00", "65.00"]
    assert [str(one.quantity) for one in cost.shares] == ["350000.00", "650000.00"]
    assert (cost.mix, str(cost.total_base)) == ("面积 60%＋户 40%", "1000000.000000")


def test_in_a_mix_with_coefficients_they_weigh_that_part_alone(estate: Estate) -> None:
    # 50 % by area (equal: 50, 50), 50 % by coefficient 1 : 4 (20, 80) of 200.00
    tower(estate, "100.00", "100.00")
    rows = [{"floor": 1, "coefficient": Decimal(1)}, {"floor": 2, "coefficient": Decimal(4)}]
    parts = [{"base": ShareBase.AREA, "percent": 50}, {"base": ShareBase.COEFFICIENT, "percent": 50}]
    plan = plan_of(base=ShareBase.MIX, parts=parts, weights=rows, agreed=AGREED)
    assert amounts(try_share(plan, MONTH, amount=Decimal("200.00"))) == ["70.00", "130.00"]


def test_vacant_houses_count_half_and_unsold_ones_nothing_where_it_was_agreed(estate: Estate) -> None:
    # 100, half of 100, none of 100: 90.00 over 150
    _, vacant, unsold = tower(estate, *["100.00"] * 3)
    alter(vacant, state=UnitState.VACANT)
    alter(unsold, state=UnitState.UNSOLD)
    plan = plan_of(vacant=50, unsold=0, agreed=AGREED)
    cost = share(plan, MONTH, amount=Decimal("90.00"))
    assert amounts(cost) == ["60.00", "30.00"]
    assert [str(one.coefficient) for one in cost.shares] == ["1.0000", "0.5000"]
    assert cost.left_out == [["1-1-301", "未售不分摊"]]


def test_users_of_the_lift_begin_at_a_floor(estate: Estate) -> None:
    tower(estate, *["100.00"] * 4)
    trial = try_share(plan_of(from_floor=3, agreed=AGREED), MONTH, amount=Decimal("10.00"))
    assert amounts(trial) == ["5.00", "5.00"]
    assert [one.reason for one in trial.left] == ["1 层，3 层起分摊", "2 层，3 层起分摊"]


def test_a_scope_is_buildings_and_entrances(estate: Estate) -> None:
    _, two, three = tower(estate, *["100.00"] * 3)
    with writing():
        other = Building.add(community=estate.building.community, code="2", name="2栋")
        entrance = Entrance.add(building=estate.building, code="2")
    alter(two, building=other, entrance=None)
    alter(three, entrance=entrance)
    plan = plan_of(scopes=[{"building": other}, {"entrance": entrance}])
    trial = try_share(plan, MONTH, amount=Decimal("10.00"))
    assert [portion.unit for portion in trial.portions] == [two.id, three.id]
    assert "2栋、1栋2单元" in str(LISTS["share_plans"]().window())


def test_readings_make_a_pool_without_what_is_excluded(estate: Estate) -> None:
    # (1500 - 1000) × 2 = 1000, without 120 for the office: 880 × 0.5555 = 488.84, without 8.84 of lanterns
    tower(estate, "100.00", "300.00")
    rows = [
        {"name": "物业自用", "quantity": Decimal(120), "amount": None},
        {"name": "节庆彩灯", "quantity": None, "amount": Decimal("8.84")},
    ]
    cost = share(
        plan_of(), MONTH, previous=Decimal(1000), current=Decimal(1500), multiplier=2,
        price=Decimal("0.5555"), exclusions=rows,
    )  # fmt: skip
    assert (cost.used, cost.excluded_used, cost.excluded) == (1000, 120, Decimal("8.84"))
    assert cost.amount == Decimal("480.00")
    assert amounts(cost) == ["120.00", "360.00"]
    assert cost.exclusions == [["物业自用", "120.00", None], ["节庆彩灯", None, "8.84"]]


def test_by_usage_each_bears_what_it_used_and_who_used_nothing_bears_nothing(estate: Estate) -> None:
    one, two, three = tower(estate, *["100.00"] * 3)
    used = [{"unit": unit, "quantity": Decimal(much)} for unit, much in ((one, 3), (two, 0), (three, 5))]
    plan = plan_of(base=ShareBase.USAGE, agreed=AGREED)
    cost = share(plan, MONTH, amount=Decimal("16.00"), usages=used)
    assert amounts(cost) == ["6.00", "10.00"]
    assert cost.left_out == [["1-1-201", "用量为零"]]


# -- what is refused -------------------------------------------------------------------------------


def test_a_rule_that_departs_from_the_area_wants_an_agreement(estate: Estate) -> None:
    item = shared_item()
    for departing in ({"base": ShareBase.HOUSEHOLD}, {"vacant": 50}, {"unsold": 0}, {"from_floor": 3}):
        with pytest.raises(BadInput, match="约定依据"):
            plan_of(item=item, **departing)
    assert SharePlan.select().count() == 0
    plan = plan_of(base=ShareBase.HOUSEHOLD, agreed=AGREED)
    with pytest.raises(BadInput, match="约定依据"):
        plan.edit(agreed=None)


def test_a_plan_wants_an_item_for_common_costs_that_is_not_charged_by_a_price(estate: Estate) -> None:
    with pytest.raises(BadInput, match="公共分摊"):
        plan_of(item=estate.item())
    flat = estate.item("楼道照明", category=Category.SHARED)
    estate.give(estate.house("101"), flat)
    with pytest.raises(BadInput, match="另建一个收费项目"):
        plan_of(item=flat)
    planned = plan_of().item
    with pytest.raises(RuleBroken, match="已由分摊方案“方案1”分摊"):
        give_item(Unit.get(), planned)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"base": ShareBase.COEFFICIENT}, "没有系数"),
        ({"base": ShareBase.MIX}, "组合"),
        ({"parts": [{"base": ShareBase.AREA, "percent": 100}]}, "组合"),
        ({"base": ShareBase.MIX, "parts": [{"base": ShareBase.AREA, "percent": 60}]}, "现在是 60%"),
        ({"base": ShareBase.MIX, "parts": [{"base": ShareBase.AREA, "percent": 50}] * 2}, "只能有一行"),
        ({"base": ShareBase.MIX, "parts": [{"base": ShareBase.MIX, "percent": 100}]}, "组合"),
    ],
)
def test_a_rule_that_does_not_fit_together_is_refused(
    estate: Estate, values: dict[str, Any], words: str
) -> None:
    with pytest.raises(BadInput, match=words):
        plan_of(agreed=AGREED, **values)


def test_a_house_without_area_or_floor_must_be_mended_first(estate: Estate) -> None:
    tower(estate, "100.00", None, "100.00")
    plan = plan_of()
    trial = try_share(plan, MONTH, amount=Decimal("10.00"))
    assert "1-1-201 没有面积，补齐后才能分摊" in trial.summary()
    with pytest.raises(RuleBroken, match="1-1-201 没有面积，它们的份额会摊到别户头上"):
        share(plan, MONTH, amount=Decimal("10.00"))
    estate.house("401")  # of which no floor is known
    lift = plan_of(from_floor=2, base=ShareBase.HOUSEHOLD, agreed=AGREED)
    with pytest.raises(RuleBroken, match="1-1-401 没有楼层"):
        share(lift, MONTH, amount=Decimal("10.00"))
    named = [(check.title, gap.subject) for check, gap in health.found()]
    assert ("要按楼层分摊，没有楼层", "1-1-401") in named
    assert Bill.select().count() == SharedCost.select().count() == 0


@pytest.mark.parametrize(
    ("pool", "words"),
    [
        ({}, "只填一种"),
        ({"amount": Decimal(1), "price": Decimal(1)}, "只填一种"),
        ({"amount": Decimal(0)}, "总额是 0.00 元"),
        ({"current": Decimal(2), "price": Decimal(1)}, "填齐"),
        ({"previous": Decimal(3), "current": Decimal(2), "price": Decimal(1)}, "小于上期读数 3"),
        ({"previous": Decimal(2), "current": Decimal(2), "price": Decimal(1)}, "总额是 0.00 元"),
        ({"amount": Decimal(5), "exclusions": [{"name": "绿化", "amount": Decimal(5)}]}, "总额是 0.00 元"),
        ({"amount": Decimal(5), "exclusions": [{"name": "绿化", "quantity": Decimal(5)}]}, "第 1 行：按发票"),
        ({"amount": Decimal(5), "exclusions": [{"name": "绿化"}]}, "第 1 行：用量和金额"),
    ],
)
def test_a_pool_that_cannot_be_is_refused(estate: Estate, pool: dict[str, Any], words: str) -> None:
    tower(estate, "100.00")
    with pytest.raises(RuleBroken, match=words):
        share(plan_of(), MONTH, **pool)
    assert Bill.select().count() == SharedCost.select().count() == 0


def test_typed_figures_are_read_as_people_write_them_or_refused_with_a_sentence(estate: Estate) -> None:
    tower(estate, "100.00", "300.00")
    plan = plan_of()
    by = DEEDS["fees.try_share"].call
    trial = by(None, {"plan": plan.name, "month": "2026-10", "amount": "１,２３４.５０"})
    assert trial.pool.amount == Decimal("1234.50")
    for bad in ("1e9", "12,34", "1.2.3", "NaN", "1.005"):
        with pytest.raises(BadInput, match="发票金额"):
            by(None, {"plan": plan.name, "month": "2026-10", "amount": bad})
    with pytest.raises(NotFound, match="没有分摊方案“没有的”"):
        by(None, {"plan": "没有的", "month": "2026-10", "amount": "1"})
    with pytest.raises(BadInput, match="第 1 行"):
        by(None, {"plan": plan.name, "month": "2026-10", "amount": "9", "exclusions": "绿化||x"})


def test_what_lies_ahead_and_what_is_out_of_use_is_not_shared(estate: Estate) -> None:
    tower(estate, "100.00")
    plan = plan_of()
    with pytest.raises(BadInput, match="还没有到"):
        share(plan, Month.of(date.today()).plus(1), amount=Decimal(1))
    plan.edit(active=False)
    with pytest.raises(RuleBroken, match="已停用"):
        share(plan, MONTH, amount=Decimal(1))


# -- lines, once and undone ------------------------------------------------------------------------


def test_a_plan_is_shared_once_a_month_until_it_is_undone(estate: Estate) -> None:
    tower(estate, "100.00", "200.00")
    plan = plan_of()
    cost = share(plan, MONTH, amount=Decimal("30.00"))
    with pytest.raises(RuleBroken, match=f"已分摊过（{cost.number}）"):
        share(plan, MONTH, amount=Decimal("30.00"))
    lines = list(Bill.select().order_by(Bill.id))
    assert [(line.kind, line.source, line.amount) for line in lines] == [
        (BillKind.SHARED, f"FT-202610-001/{lines[0].unit_id}", Decimal("10.00")),
        (BillKind.SHARED, f"FT-202610-001/{lines[1].unit_id}", Decimal("20.00")),
    ]
    batches.undo(cost.batch)
    assert SharedCost.get().state is CostState.VOID and Batch.get().state is State.UNDONE
    assert not Bill.select().where(Bill.live == True).exists()
    again = share(plan, MONTH, amount=Decimal("60.00"))
    assert (again.number, amounts(again)) == ("FT-202610-002", ["20.00", "40.00"])
    assert holds()


def test_a_cost_whose_shares_were_reversed_is_undone_and_shared_anew(estate: Estate) -> None:
    stop_chains()
    tower(estate, "100.00", "100.00")
    plan = plan_of()
    cost = share(plan, MONTH, amount=Decimal("100.00"))
    one, other = Bill.select().order_by(Bill.id)
    reduce([one], "录错", "单据", amount=Decimal("1.00"))
    with pytest.raises(RuleBroken, match="更正，不能整批撤销。请先红冲这几户"):
        undo_sharing(cost.batch)
    reverse_bills([one], "录错", "单据")
    undo_sharing(cost.batch)
    again = share(plan, MONTH, amount=Decimal("90.00"))
    assert (SharedCost.get_by_id(cost.id).state, Bill.get_by_id(other.id).live) == (CostState.VOID, False)
    live = Bill.select().where((Bill.batch == again.batch) & (Bill.live == True))
    assert [line.amount for line in live] == [Decimal("45.00")] * 2
    assert holds()


def test_no_house_bears_an_item_of_a_month_twice(estate: Estate) -> None:
    tower(estate, "100.00", "200.00")
    plan = plan_of()
    share(plan, MONTH, amount=Decimal("30.00"))
    with pytest.raises(RuleBroken, match="1-1-101 等 2 户 2026-10 已有公共电费1的账单"):
        share(plan_of(item=plan.item), MONTH, amount=Decimal("30.00"))


def test_what_was_paid_is_not_undone(estate: Estate) -> None:
    one, _ = tower(estate, "100.00", "200.00")
    cost = share(plan_of(), MONTH, amount=Decimal("30.00"))
    payment = receive(one, Decimal("10.00"))
    with pytest.raises(RuleBroken, match="请先作废收据"):
        undo_sharing(cost.batch)
    void_receipt(payment.receipts.get(), "登错")
    undo_sharing(cost.batch)
    with pytest.raises(RuleBroken, match="已经撤销过"):
        undo_sharing(cost.batch)
    assert holds()


def test_another_batch_cannot_be_undone_as_a_share(estate: Estate) -> None:
    estate.give(estate.house("101"), estate.item())
    with pytest.raises(RuleBroken, match="不能这样撤销"):
        undo_sharing(billing.bill(MONTH))


def test_a_share_of_nothing_asks_for_nothing(estate: Estate) -> None:
    tower(estate, "1.00", "9999.00")
    cost = share(plan_of(), MONTH, amount=Decimal("0.01"))
    assert amounts(cost) == ["0.00", "0.01"]
    assert Bill.select().count() == 1 and holds()


def test_what_was_issued_is_guarded_by_the_database(estate: Estate) -> None:
    tower(estate, "100.00")
    share(plan_of(), MONTH, amount=Decimal("30.00"))
    for sql in (
        "UPDATE share SET amount = 1", "DELETE FROM share", "UPDATE shared_cost SET amount = 1",
        "DELETE FROM shared_cost", "UPDATE share_plan SET vacant = 1", "DELETE FROM share_plan",
    ):  # fmt: skip
        with pytest.raises(Exception, match="never"):
            db.execute_sql(sql)


def test_what_is_changed_behind_the_back_of_the_program_is_named(estate: Estate) -> None:
    tower(estate, "100.00", "200.00")
    share(plan_of(), MONTH, amount=Decimal("30.00"))
    db.execute_sql("DROP TRIGGER share_no_update")
    db.execute_sql("UPDATE share SET amount = 999 WHERE id = 1")
    db.execute_sql("UPDATE bill SET live = 0 WHERE id = 1")
    db.execute_sql("UPDATE shared_cost SET state = 'VOID'")
    told = [one.sentence for one in run_invariants() if one.check.startswith("分摊")]
    assert told == [
        "分摊单 FT-202610-001 应为 30.00 元，各户实摊合计却是 29.99 元",
        "分摊单 FT-202610-001 应为 0.00 元，有效账单合计却是 20.00 元",
        "分摊单 FT-202610-001 已作废，它的批次却是有效",
    ]


def test_a_share_is_explained_on_the_notice_of_the_month_in_which_it_is_asked_for(estate: Estate) -> None:
    house, _ = tower(estate, "94.56", "105.44")
    estate.give(house, estate.item())
    billing.bill(MONTH.plus(1))
    share(plan_of(), MONTH, amount=Decimal("1000.00"), due=MONTH.plus(1).day(25))
    notice = next(iter(NoticeRun(MONTH.plus(1), [house.id])))
    assert [(row.item, row.basis, row.amount) for row in notice.current] == [
        (
            "公共电费1",
            "2026年10月 总额 1,000.00 × 94.56㎡ ÷ 分摊基数 200.00",
            Decimal("472.80"),
        ),
        ("物业费", "94.56㎡ × 1.00", Decimal("94.56")),
    ]
    assert notice.past == [] and [row.remark for row in notice.current] == ["", ""]


def test_a_share_that_falls_due_after_the_run_stands_on_the_notice_too(estate: Estate) -> None:
    house, _ = tower(estate, "94.56", "105.44")
    estate.give(house, estate.item())
    billing.bill(MONTH.plus(1))
    share(plan_of(), MONTH, amount=Decimal("1000.00"), due=MONTH.plus(1).day(30))
    notice = next(iter(NoticeRun(MONTH.plus(1), [house.id])))
    assert (len(notice.current), notice.due) == (2, MONTH.plus(1).day(30))


def test_a_line_falls_due_on_the_next_due_day(estate: Estate) -> None:
    tower(estate, "100.00")
    share(plan_of(), MONTH, amount=Decimal("1.00"))
    due = Bill.get().due
    assert due >= date.today() and due.day == 25


def test_plans_without_agreement_and_items_without_plan_are_named(estate: Estate) -> None:
    bare = shared_item("公共水费")
    plan = plan_of(base=ShareBase.HOUSEHOLD, agreed=AGREED)
    SharePlan.update(agreed=None).where(SharePlan.id == plan.id).execute()
    named = [(check.title, gap.subject) for check, gap in health.found()]
    assert ("分摊没有约定依据", "方案1：按户分摊") in named
    assert ("公共分摊项目没有分摊方案", bare.name) in named
    assert not [one for one in named if one[0] == "收费项目没有单价"]
    with pytest.raises(BadInput, match="约定依据"):
        share(SharePlan.get(), MONTH, amount=Decimal(1))


def test_the_lists_show_costs_and_shares_and_what_of_them_is_valid(estate: Estate) -> None:
    one, _ = tower(estate, "100.00", "200.00")
    cost = share(plan_of(), MONTH, amount=Decimal("30.00"))
    undo_sharing(cost.batch)
    share(SharePlan.get(), MONTH, amount=Decimal("60.00"))
    assert LISTS["shared_costs"]().totals() == (2, {"valid": Decimal("60.00")})
    of_month = Filters(unit=one, period=Period.parse("2026-10"))
    assert LISTS["shares"](of_month).totals() == (2, {"valid": Decimal("20.00")})
    assert LISTS["shares"]().searched("FT-202610-002").count() == 2
    assert LISTS["shared_costs"](Filters(state="已作废")).count() == 1
    assert LISTS["bills"](of_month).count() == 1


def test_a_cost_is_found_by_its_number_and_a_line_says_how_its_share_came_about(estate: Estate) -> None:
    one, _ = tower(estate, "94.56", "105.44")
    share(plan_of(), MONTH, amount=Decimal("1000.00"))
    (hit,) = [one for one in search.find("PC:FE-09:FT-202610-001") if one.listing == "shared_costs"]
    assert (hit.title, hit.beside) == ("FT-202610-001", "方案1 · 2026-10 · 1,000.00")
    assert [one.title for one in search.find("ft-2026")] == ["FT-202610-001"]
    line = Bill.get(Bill.unit == one)
    (told,) = [one for one in card_of(LISTS["bills"], line.id).figures if one.title == "分摊"]
    assert (told.value, told.beside) == ("472.80", "总额 1,000.00 × 94.56㎡ ÷ 分摊基数 200.00")


def test_the_schedule_the_rates_and_the_arrears_count_shares_as_what_is_charged(estate: Estate) -> None:
    one, _ = tower(estate, "100.00", "300.00")
    share(plan_of(), MONTH, amount=Decimal("100.00"), due=date(2026, 10, 25))
    receive(one, Decimal("25.00"), on=date(2026, 10, 20))
    ((_, rows),) = schedule(MONTH)
    assert [row.of(Category.SHARED) for row in rows] == [Decimal("25.00"), Decimal("75.00")]
    assert [debt.total for debt in debts(date(2026, 10, 31)).values()] == [7500]
    ((_, _, charged, paid),) = by_month_and_item(MONTH, MONTH)
    assert (charged, paid) == (Decimal("100.00"), Decimal("25.00"))
    receipt = Payment.get().receipts.get()
    assert [(row.item, row.amount) for row in receipt.rows] == [("公共电费1", Decimal("25.00"))]


# -- whatever the figures --------------------------------------------------------------------------

_AMOUNT = st.integers(1, 10**11)
_HOUSE = st.tuples(
    st.integers(0, 10**8), st.integers(0, 10**8), st.integers(1, 500), st.sampled_from([50, 70, 100])
)
_MIXES = st.sampled_from(
    [
        {ShareBase.AREA: 100}, {ShareBase.HOUSEHOLD: 100}, {ShareBase.COEFFICIENT: 100},
        {ShareBase.USAGE: 100}, {ShareBase.AREA: 60, ShareBase.HOUSEHOLD: 40},
        {ShareBase.AREA: 33, ShareBase.USAGE: 33, ShareBase.COEFFICIENT: 34},
    ]
)  # fmt: skip


class _Plan:
    """What `divide` asks of a plan, without a database."""

    from_floor, vacant, unsold, weights, scopes = None, 100, 100, (), ()
    base = ShareBase.MIX

    def __init__(self, parts: dict[ShareBase, int]) -> None:
        self.parts = [type("Part", (), {"base": base, "percent": much}) for base, much in parts.items()]


@settings(max_examples=2000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(fen=_AMOUNT, houses=st.lists(_HOUSE, min_size=1, max_size=30), parts=_MIXES)
def test_the_parts_come_to_the_whole_whatever_the_rule(
    fen: int, houses: list[tuple[int, int, int, int]], parts: dict[ShareBase, int]
) -> None:
    counted = []
    for number, (area, usage, coefficient, percent) in enumerate(houses):
        known = {ShareBase.AREA: area + 1, ShareBase.USAGE: usage + (number == 0)}
        quantities = tuple(known.get(base, 100) for base in parts)
        house = House(number, str(number), "HOUSE", "OCCUPIED", 1, 1, 1)
        counted.append(Counted(house, quantities, coefficient, percent))
    divided = divide(_Plan(parts), counted, fen)  # type: ignore[arg-type]
    portions = divided.portions
    assert sum(one.amount for one in portions) == fen
    assert all(one.rest in (0, 1) and one.cut + one.rest == one.amount >= 0 for one in portions)
    assert all(one.cut == one.exact // 10_000 for one in portions)
    assert sum(one.rest for one in portions) < len(portions)
