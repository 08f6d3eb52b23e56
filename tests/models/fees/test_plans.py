"""What giving, ending and changing items would do, found out without writing."""

from datetime import date
from decimal import Decimal

import pytest

from models.errors import BadInput, RuleBroken
from models.fees.billing import bill
from models.fees.items import Assignment, FeeItem, StartRule
from models.fees.plans import Filter, Gift, Skipped, plan_change, plan_ending, plan_giving
from models.months import Month
from models.owners.estate import Building, Community, Unit, UnitArea, UnitKind, UnitState
from tests.estate import Estate, writing

DAY = date(2026, 3, 10)


def second_building() -> Building:
    with writing():
        return Building.add(community=Community.get(), code="2", name="2栋")


def put(unit: Unit, **values: object) -> Unit:
    with writing():
        return Unit.get_by_id(unit.id).change(**values)


def given(where: Filter, estate: Estate, since: date = DAY) -> list[str]:
    item = FeeItem.get_or_none() or estate.item()
    return [gift.unit for gift in plan_giving(item, where, since).gifts]


def test_a_filter_of_nothing_means_every_unit_in_the_order_of_house_numbers(estate: Estate) -> None:
    for room in ("201", "1001", "102"):
        estate.house(room)
    assert given(Filter(), estate) == ["1-1-102", "1-1-201", "1-1-1001"]


def test_a_filter_narrows_by_building_kind_usage_and_unit(estate: Estate) -> None:
    house, shop = estate.house("101"), estate.house("102", kind=UnitKind.SHOP)
    put(house, usage="住宅")
    put(shop, usage="餐饮")
    other = put(estate.house("103"), building=second_building(), entrance=None, code="2-103")
    assert given(Filter(buildings=(Building.find("2"),)), estate) == ["2-103"]
    assert given(Filter(buildings=(Building.find("1"), Building.find("2"))), estate)[-1] == "2-103"
    assert given(Filter(kinds=(UnitKind.SHOP,)), estate) == ["1-1-102"]
    assert given(Filter(usage="住宅"), estate) == ["1-1-101"]
    assert given(Filter(usage="住"), estate) == []
    assert given(Filter(unit=other), estate) == ["2-103"]
    assert given(Filter(buildings=(Building.find("2"),), kinds=(UnitKind.SHOP,)), estate) == []


@pytest.mark.parametrize(
    ("low", "high", "rooms"),
    [
        ("60.00", None, ["102", "103"]),
        ("60.01", None, ["103"]),
        (None, "60.00", ["101", "102"]),
        ("50.01", "89.99", ["102"]),
    ],
)
def test_an_area_band_holds_both_its_ends(
    estate: Estate, low: str | None, high: str | None, rooms: list[str]
) -> None:
    for room, area in (("101", "50.00"), ("102", "60.00"), ("103", "90.00")):
        estate.house(room, area)
    estate.house("104", area=None)
    band = Filter(area_from=Decimal(low) if low else None, area_to=Decimal(high) if high else None)
    assert given(band, estate) == [f"1-1-{room}" for room in rooms]


def test_an_area_counts_as_of_the_day_the_change_holds_from(estate: Estate) -> None:
    unit = estate.house("101", "50.00")
    with writing():
        UnitArea.get().change(until=date(2026, 5, 31))
        UnitArea.add(unit=unit, since=date(2026, 6, 1), billing=Decimal("70.00"))
    small = Filter(area_to=Decimal("60.00"))
    assert given(small, estate, date(2026, 5, 31)) == ["1-1-101"]
    assert given(small, estate, date(2026, 6, 1)) == []


def test_a_band_without_room_is_refused(estate: Estate) -> None:
    with pytest.raises(BadInput, match=r"面积从 60\.00 到 50\.00 是空的"):
        given(Filter(area_from=Decimal("60.00"), area_to=Decimal("50.00")), estate)


@pytest.mark.parametrize(
    ("rule", "handed_over", "first"),
    [
        (StartRule.NEXT_MONTH, date(2026, 1, 31), date(2026, 2, 1)),
        (StartRule.NEXT_MONTH, date(2026, 1, 1), date(2026, 2, 1)),
        (StartRule.NEXT_MONTH, date(2025, 12, 15), date(2026, 1, 1)),
        (StartRule.SAME_DAY, date(2026, 1, 31), date(2026, 1, 31)),
    ],
)
def test_without_a_day_the_handover_date_makes_it_by_the_items_rule(
    estate: Estate, rule: StartRule, handed_over: date, first: date
) -> None:
    unit = put(estate.house("101"), handed_over=handed_over)
    plan = plan_giving(estate.item(start_rule=rule), Filter())
    assert plan.gifts == [Gift(unit.id, "1-1-101", first, None)]


def test_a_day_given_is_itself_the_first_billed_day_whatever_the_rule(estate: Estate) -> None:
    put(estate.house("101"), handed_over=date(2026, 1, 31))
    (gift,) = plan_giving(
        estate.item(start_rule=StartRule.NEXT_MONTH), Filter(), DAY, date(2026, 12, 31)
    ).gifts
    assert (gift.since, gift.until) == (DAY, date(2026, 12, 31))


def test_a_unit_left_out_has_its_reason(estate: Estate) -> None:
    item = estate.item()
    estate.house("101")
    put(estate.house("102"), handed_over=date(2025, 5, 5), state=UnitState.RETIRED)
    estate.give(put(estate.house("103"), handed_over=date(2025, 5, 5)), item, date(2025, 1, 1))
    put(estate.house("104"), handed_over=date(2026, 5, 5))
    plan = plan_giving(item, Filter(), None, date(2026, 5, 31))
    assert plan.gifts == []
    assert plan.skipped == [
        Skipped("1-1-101", "没有交付日期：请登记交付日期，或指定起日"),
        Skipped("1-1-102", "房屋已停用"),
        Skipped("1-1-103", "已有该项目（2025-01-01 至 今）"),
        Skipped("1-1-104", "起算日 2026-06-01 晚于止日"),
    ]


def test_only_an_overlap_keeps_an_item_from_being_given_again(estate: Estate) -> None:
    item, unit = estate.item(), estate.house("101")
    estate.give(unit, item, date(2026, 1, 1), date(2026, 1, 31))
    assert plan_giving(item, Filter(), date(2026, 2, 1)).units == 1
    assert plan_giving(item, Filter(), date(2025, 1, 1), date(2025, 12, 31)).units == 1
    assert plan_giving(item, Filter(), date(2026, 1, 31)).units == 0
    assert plan_giving(item, Filter(), date(2025, 1, 1), date(2026, 1, 1)).units == 0
    assert plan_giving(item, Filter(), date(2025, 1, 1)).units == 0


def test_an_item_out_of_use_is_given_to_nobody(estate: Estate) -> None:
    item = estate.item()
    with writing():
        item.change(active=False)
    with pytest.raises(RuleBroken, match="物业费 已停用"):
        plan_giving(item, Filter(), DAY)


def test_days_the_wrong_way_round_are_refused(estate: Estate) -> None:
    with pytest.raises(RuleBroken, match="止日 2026-03-09 早于起日 2026-03-10"):
        plan_giving(estate.item(), Filter(), DAY, date(2026, 3, 9))


def test_a_plan_writes_nothing(estate: Estate) -> None:
    item = estate.item()
    estate.give(estate.house("101"), item)
    estate.house("102")
    plan_giving(item, Filter(), DAY)
    plan_ending(item, Filter(), DAY)
    plan_change(item, estate.item("新物业费"), Filter(), DAY)
    assert [row.until for row in Assignment.select()] == [None]


def test_ending_names_what_is_billed_beyond_and_what_cannot_end(estate: Estate) -> None:
    item = estate.item(cycle=3, since=date(2026, 1, 1))
    for room, since, until in (
        ("101", date(2026, 1, 1), None),
        ("102", date(2026, 3, 1), date(2026, 12, 31)),
        ("103", date(2026, 2, 11), None),
        ("104", date(2026, 1, 1), date(2026, 1, 31)),
    ):
        estate.give(estate.house(room), item, since, until)
    estate.house("105")
    bill(Month(2026, 1))
    plan = plan_ending(item, Filter(), date(2026, 2, 10))
    (ending,) = plan.endings
    assert (ending.unit, ending.was, ending.until) == ("1-1-101", None, date(2026, 2, 10))
    assert ending.remark == "已出账到 2026-03，止日以后的账单不变"
    assert plan.skipped == [
        Skipped("1-1-102", "2026-03-01 起才收，请逐条处理"),
        Skipped("1-1-103", "2026-02-11 起才收，请逐条处理"),
    ]
    (later,) = (
        one for one in plan_ending(item, Filter(), date(2026, 3, 31)).endings if one.unit == "1-1-101"
    )
    assert later.remark == ""


def test_a_change_ends_the_old_the_day_before_and_keeps_its_last_day(estate: Estate) -> None:
    old, new = estate.item("物业费"), estate.item("新物业费")
    unit = estate.house("101")
    estate.give(unit, old, date(2025, 1, 1), date(2026, 12, 31))
    both = estate.house("102")
    estate.give(both, old)
    estate.give(both, new, date(2026, 1, 1))
    estate.house("103")
    plan = plan_change(old, new, Filter(), DAY)
    assert plan.gifts == [Gift(unit.id, "1-1-101", DAY, date(2026, 12, 31))]
    assert [(one.unit, one.until) for one in plan.endings] == [("1-1-101", date(2026, 3, 9))]
    assert plan.skipped == [Skipped("1-1-102", "已有该项目（2026-01-01 至 今）")]
    assert (plan.units, plan.by_reason()) == (1, [("已有该项目（2026-01-01 至 今）", 1)])


def test_an_item_is_not_changed_for_days_that_are_billed(estate: Estate) -> None:
    old, new = estate.item("物业费"), estate.item("新物业费")
    estate.give(estate.house("101"), old, date(2026, 1, 1))
    bill(Month(2026, 3))
    plan = plan_change(old, new, Filter(), DAY)
    assert plan.skipped == [Skipped("1-1-101", "已出账到 2026-03：请从 2026-04-01 起更换，或先撤销出账")]
    assert plan_change(old, new, Filter(), date(2026, 4, 1)).units == 1


def test_whether_an_item_is_collected_for_others_stays_once_it_was_billed(estate: Estate) -> None:
    item = estate.item("代收水费", collected=True)
    item.edit(collected=False)
    estate.give(estate.house("101"), item, date(2026, 1, 1))
    bill(Month(2026, 3))
    with pytest.raises(RuleBroken, match="已出过账，不能再改“代收”"):
        item.edit(collected=True)
    item.edit(collected=False, name="水费")


def test_an_item_is_not_changed_into_itself(estate: Estate) -> None:
    item = estate.item()
    with pytest.raises(BadInput, match="同一个"):
        plan_change(item, item, Filter(), DAY)


def test_a_filter_says_in_words_what_it_means(estate: Estate) -> None:
    where = Filter((Building.find("1"),), (UnitKind.SHOP,), "餐饮", Decimal("50.00"), None)
    assert (where.label(), Filter().label()) == ("1栋 商铺 餐饮 面积 50.00 至 … ㎡", "全部房屋")
