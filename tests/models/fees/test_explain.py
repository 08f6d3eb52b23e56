"""Every figure opens to its formula, inputs, days and reasons, and adds up to what is stored."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from models import deeds
from models.errors import NotFound, PermissionDenied
from models.fees.billing import bill, undo_billing
from models.fees.bills import Bill, BillKind
from models.fees.cashier import receive, set_off, void_receipt
from models.fees.explain import explain, explains, line_of, lines_of
from models.fees.explain_money import arrears_of, balance_of, explanations_of
from models.fees.explanation import EXPLAINERS, Explanation, Told
from models.fees.items import Basis, FeeItem, StartRule
from models.fees.opening import import_opening, sign_opening
from models.months import Month, Period
from models.owners import imports  # noqa: F401 - the sheets of the owner files
from models.owners.estate import AreaBasis, Unit, UnitArea
from models.owners.people import Occupancy, Ownership, Person
from tests.estate import Estate, writing
from tests.models.fees.opening_books import book
from tests.models.fees.world import STEPS, Collector, Step, World, rolled_back

NOVEMBER = Month(2020, 11)


def told(explanation: Explanation, title: str) -> list[tuple[str, str]]:
    """Return (label, words and figure) of a chapter."""
    lines = [line for chapter in explanation.chapters if chapter.title == title for line in chapter.lines]
    return [
        (line.label, f"{line.words}{'' if line.figure is None else f' = {line.figure}'}") for line in lines
    ]


def line(**wanted: object) -> Bill:
    return Bill.get(*(getattr(Bill, name) == value for name, value in wanted.items()))


def test_a_whole_month_is_quantity_by_price_and_rounded_once(estate: Estate) -> None:
    unit = estate.house("101", "94.56")
    estate.give(unit, estate.item(price="1.3333", extra="20.00", since=date(2020, 1, 1)))
    bill(NOVEMBER)
    found = explain(Bill.get())
    # 94.56 × 1.3333 = 126.076848, and 20.00.
    assert told(found, "怎样算出") == [
        ("整月", "94.56 ㎡ × 1.3333 元/㎡·月 + 20.00 元 = 146.076848"),
        ("取整", "146.076848 四舍五入到分，只取整一次 = 146.08"),
    ]
    assert told(found, "依据")[:2] == [
        ("计费面积", "94.56 ㎡，产权证，起初"),
        ("单价", "1.3333 元/㎡·月，附加 20.00 元/月，2020-01-01 起"),
    ]
    assert told(found, "计费天数") == [
        ("计费天数", "30 天，整月"),
        ("收费设置", "起初，长期；2020-11 内 1–30日"),
    ]
    assert told(found, "没有计入") == []
    assert told(found, "谁付款")[0] == ("付款人", "王桂芳，业主，起初")
    assert told(found, "核对") == [("重新计算", "与账面应收一致 = 146.08")]
    assert (found.amount, found.proven, found.number) == (Decimal("146.08"), True, "SM-1")


def test_a_part_of_a_month_says_which_days_and_why(estate: Estate) -> None:
    unit = estate.house("101")
    with writing():
        unit.change(handed_over=date(2020, 11, 10))
    item = estate.item(start_rule=StartRule.SAME_DAY)
    estate.give(unit, item, date(2020, 11, 10), date(2020, 11, 29))
    bill(NOVEMBER)
    found = explain(Bill.get())
    assert told(found, "怎样算出") == [
        ("11月10–29日", "（100.00 ㎡ × 1.00 元/㎡·月）× 20 天 = 2000.00"),
        ("按天折算", "2,000.00 ÷ 当月 30 天 = 66.666666…，四舍五入到分 = 66.67"),
    ]
    assert told(found, "没有计入") == [
        ("11月1–9日", "2020-11-10 交付，交付当日起计费，从 2020-11-10 起收"),
        ("11月30日", "收费设置到 2020-11-29 为止"),
    ]
    assert found.proven


def test_a_change_of_price_and_area_cuts_the_month(estate: Estate) -> None:
    unit = estate.house("101")
    item = estate.item(since=date(2020, 1, 1))
    estate.rate(item, date(2020, 11, 11), "1.5000")
    with writing():
        UnitArea.add(unit=unit, billing=Decimal("90.00"), basis=AreaBasis.DEED, since=date(2020, 11, 21))
    estate.give(unit, item)
    bill(NOVEMBER)
    steps = told(explain(Bill.get()), "怎样算出")
    # (100 × 1.00 × 10 + 100 × 1.50 × 10 + 90 × 1.50 × 10) ÷ 30 = 128.3333…
    assert [label for label, _ in steps] == [
        "11月1–10日",
        "11月11–20日",
        "11月21–30日",
        "各段相加",
        "按天折算",
    ]
    assert steps[3] == ("各段相加", "1,000.00 + 1,500.00 + 1,350.00 = 3850.00")
    assert steps[4][1].endswith("= 128.333333…，四舍五入到分 = 128.33")


def test_what_was_changed_later_is_told_beside_what_was_used(estate: Estate) -> None:
    unit = estate.house("101")
    item = estate.item(since=date(2020, 1, 1))
    given = estate.give(unit, item)
    bill(NOVEMBER)
    estate.rate(item, date(2020, 11, 1), "2.0000")
    with writing():
        unit.area_on(NOVEMBER.first).change(billing=Decimal("120.00"))
        given.change(since=date(2020, 11, 16))
    found = explain(Bill.get())
    assert (found.amount, found.proven) == (Decimal("100.00"), True)
    inputs = dict(told(found, "依据"))
    assert "后来改登记为 120.00 ㎡" in inputs["计费面积"]
    assert "后来这一天改定为 2.00 元/㎡·月" in inputs["单价"]
    assert inputs["现行单价"].startswith("2.00 元/㎡·月，2020-11-01 起")
    assert dict(told(found, "计费天数"))["后来的变化"].startswith("出账后收费设置改过，现在合 15 天")


def test_fixed_amounts_cycles_and_households_have_their_own_words(estate: Estate) -> None:
    unit = estate.house("101")
    start = date(2020, 1, 1)
    for item in (
        estate.item("车位费", basis=Basis.FIXED, price="0", extra="150.00", since=start, cycle=3),
        estate.item("水费", basis=Basis.HOUSEHOLD, price="33.3333", since=start),
    ):
        estate.give(unit, item, start)
    bill(Month(2020, 1))
    parking = explain(line(month=Month(2020, 3), item=1))
    water = explain(line(month=Month(2020, 1), item=2))
    assert told(parking, "怎样算出")[0] == ("整月", "固定 150.00 元/月 = 150.00")
    assert dict(told(parking, "依据"))["出账月份"].startswith("每 3 个月出一次账；2020-01 的出账")
    assert told(water, "怎样算出")[0] == ("整月", "1 户 × 33.3333 元/户·月 = 33.3333")


def test_a_tenant_pays_and_the_owner_answers_for_it(estate: Estate) -> None:
    unit = estate.house("101", owner="李明")
    with writing():
        Occupancy.add(unit=unit, person=estate.person("陈租客"), pays=True, since=date(2020, 3, 5))
    estate.give(unit, estate.item())
    bill(NOVEMBER)
    payers = told(explain(Bill.get()), "谁付款")
    assert payers[0] == ("付款人", "陈租客，租户，由其交费，2020-03-05 起")
    assert payers[1] == ("责任业主", "李明，业主，起初；付款人不付时由他付")


def test_an_old_owner_keeps_his_line(estate: Estate) -> None:
    unit = estate.house("101", owner="李明")
    estate.give(unit, estate.item())
    bill(NOVEMBER)
    with writing():
        Ownership.get(Ownership.unit == unit).change(until=date(2020, 12, 31))
        Ownership.add(unit=unit, person=estate.person("赵新"), since=date(2021, 1, 1))
    payers = dict(told(explain(Bill.get()), "谁付款"))
    assert payers["付款人"] == "李明，业主，起初 至 2020-12-31"
    assert payers["现在的付款人"].startswith("赵新")


def test_receipts_set_offs_and_void_ones_settle_a_line(estate: Estate) -> None:
    unit = estate.house("101")
    estate.give(unit, estate.item())
    bill(NOVEMBER)
    void_receipt(receive(unit, Decimal("30.00"), on=date(2020, 11, 2)).receipts.get(), "收错户")
    receive(unit, Decimal("40.00"), on=date(2020, 11, 3))
    found = told(explain(Bill.get()), "收款与抵扣")
    assert found[0] == ("已撤回", "2020-11-02 收据 SJ-2020-000001（作废） 30.00 元，不计")
    assert found[1] == ("收款抵扣", "2020-11-03 收据 SJ-2020-000002 = 40.00")
    assert found[2][0] == "现在未收"
    assert found[2][1].startswith("应收 100.00 − 已收 40.00，截止日 2020-11-25，过了 ")
    assert found[2][1].endswith("账龄3年以上 = 60.00")


def test_a_void_line_says_that_its_run_was_undone(estate: Estate) -> None:
    estate.give(estate.house("101"), estate.item())
    undo_billing(bill(NOVEMBER))
    assert told(explain(Bill.get()), "收款与抵扣") == [("状态", "已作废，批次 1 已撤销 = 0")]


def test_an_opening_names_its_import_and_who_signed(estate: Estate, tmp_path: Path) -> None:
    estate.house("101")
    estate.item()
    batch = import_opening(book(tmp_path, [("1-1-101", None, "1", "2025-05", "30.00", None)]))
    assert dict(told(explain(Bill.get()), "依据"))["签认"] == "尚未签认"
    sign_opening(batch, Decimal("30.00"), Decimal(0))
    found = explain(Bill.get())
    assert dict(told(found, "依据"))["签认"].startswith("管理员 ")
    assert told(found, "核对") == [("金额来源", "金额取自来源单据，不由单价算出 = 30.00")]


def made(**values: object) -> Bill:
    """Make a line of a kind that another module makes."""
    with writing():
        return Bill.add(month=NOVEMBER, unit=Unit.get(), item=FeeItem.get(), due=date(2020, 11, 25), **values)


def test_kinds_without_an_explainer_are_told_by_what_is_stored(estate: Estate) -> None:
    estate.house("101")
    estate.item("公摊电费")
    plain = made(
        kind=BillKind.METERED, source="CB-1", amount=Decimal("12.35"), quantity=Decimal("19.00"),
        price=Decimal("0.65"), segments={"表号": "A1", "读数": {"起": 10, "止": 29}},
    )  # fmt: skip
    found = explain(plain)
    assert told(found, "怎样算出") == [("数量×单价", "19.00 × 0.65 元，四舍五入到分 = 12.35")]
    assert told(found, "依据")[:3] == [
        ("表号", "A1"),
        ("读数", "起 10，止 29"),
        ("来源", "抄表，CB-1"),
    ]
    other = explain(made(kind=BillKind.SERVICE, source="TF-1", amount=Decimal("80.00")))
    assert (other.proven, told(other, "核对")[0][0]) == (True, "金额来源")


def test_a_correction_names_what_it_corrects_and_is_named_by_it(estate: Estate) -> None:
    unit = estate.house("101")
    estate.give(unit, estate.item())
    bill(NOVEMBER)
    old = Bill.get()
    new = made(kind=BillKind.REVERSAL, source="HC-1", amount=Decimal("-100.00"), corrects=old)
    assert told(explain(old), "更正") == [("被更正", f"SM-{new.id} 红冲 {new.label()} = -100.00")]
    found = explain(new)
    assert told(found, "更正") == [("更正哪一笔", f"SM-{old.id} {old.label()}（周期） = 100.00")]
    assert told(found, "怎样算出")[0][0] == "全额冲回"


def test_a_kind_is_explained_once() -> None:
    assert set(EXPLAINERS) == set(BillKind)
    with pytest.raises(ValueError, match="twice"):
        explains(BillKind.RECURRING)(lambda bill: None)  # type: ignore[arg-type, return-value]


def test_a_balance_is_told_entry_by_entry(estate: Estate) -> None:
    unit = estate.house("101")
    estate.give(unit, estate.item())
    receive(unit, Decimal("150.00"), on=date(2020, 11, 1))
    bill(NOVEMBER)
    made = set_off(unit, on=date(2020, 11, 5))
    found = balance_of(unit, Person.get(Person.name == "王桂芳"))
    assert told(found, "逐笔变动") == [
        ("预存", "2020-11-01 收据 SJ-2020-000001 = 150.00"),
        ("抵扣", f"2020-11-05 预存抵扣 {made.number} = -100.00"),
    ]
    assert told(found, "怎样算出")[-1] == ("余额", "150.00 − 100.00 = 50.00")
    assert (found.amount, found.proven) == (Decimal("50.00"), True)


def test_debts_are_told_line_by_line_with_ages(estate: Estate) -> None:
    unit = estate.house("101")
    estate.give(unit, estate.item())
    for month in (Month(2020, 1), Month(2020, 11), Month(2020, 12)):
        bill(month)
    receive(unit, Decimal("30.00"), on=date(2020, 11, 1))
    found = arrears_of(unit, date(2020, 12, 1))
    assert [label for label, _ in told(found, "逐笔欠费")] == ["物业费 2020-01", "物业费 2020-11"]
    first = told(found, "逐笔欠费")[0][1]
    assert first.startswith(
        "应收 100.00 − 已收 30.00，截止日 2020-01-25，过了 311 天，4至12个月，付款人 王桂芳"
    )
    assert told(found, "账龄") == [("3个月以内", " = 100.00"), ("4至12个月", " = 70.00")]
    assert told(found, "没有计入")[0][0] == "物业费 2020-12"
    assert (found.amount, found.proven) == (Decimal("170.00"), True)


def test_lines_are_found_by_number_and_by_house_and_month(estate: Estate) -> None:
    unit = estate.house("101")
    estate.give(unit, estate.item())
    bill(NOVEMBER)
    only = Bill.get()
    assert line_of(f"sm-{only.id}") == line_of(f" {only.id} ") == only
    for wrong in ("SM-", "SM-99", "x", "9" * 30, "１²"):
        with pytest.raises(NotFound, match="没有账单"):
            line_of(wrong)
    assert lines_of(unit, Period.parse("2020")) == [only]
    titles = [one.title for one in explanations_of(unit)]
    assert titles == [f"1-1-101 欠费（截至 {date.today()}）", "1-1-101 物业费 2020-11"]


def test_what_lies_beyond_reach_is_not_explained(estate: Estate) -> None:
    unit = estate.house("101")
    estate.give(unit, estate.item())
    bill(NOVEMBER)
    with deeds.acting(Collector(0)):
        for ask in (lambda: explain(Bill.get()), lambda: balance_of(unit, None), lambda: arrears_of(unit)):
            with pytest.raises(PermissionDenied, match="不在您负责的范围内"):
                ask()


def test_text_has_all_of_it_a_line_each(estate: Estate) -> None:
    found = Explanation("SM-1", "张䶮 <b>", Decimal("1234.50"), (), True)
    assert found.text() == "张䶮 <b>　1,234.50 元"
    assert Told("甲", "乙") == ("甲", "乙", None)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_whatever_happens_each_figure_is_worked_out_anew(estate_world: World, steps: list[Step]) -> None:
    with rolled_back():
        world = World(estate_world.units)
        for _ in world.play([("bill", 0, 1, 1), *steps]):
            pass
        assert [one.number for one in map(explain, Bill.select()) if not one.proven] == []
        for unit in world.units:
            assert all(one.proven for one in explanations_of(unit))
            assert arrears_of(unit, world.day).proven


@pytest.fixture
def estate_world(estate: Estate) -> World:
    return World.made(estate)
