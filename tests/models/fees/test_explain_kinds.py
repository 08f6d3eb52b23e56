"""Each kind of line is told by its own document and facts, and comes to its fen; figures computed by hand."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal as D
from typing import Any

import pytest

from models.deeds import acting
from models.fees.adjusting import reduce, reverse_bills
from models.fees.billing import bill
from models.fees.bills import Bill, BillKind
from models.fees.cashier import receive
from models.fees.charging import charge_service, void_service
from models.fees.explain import explain
from models.fees.items import Basis, Category, FeeItem, RateTier
from models.fees.late_charging import charge_late, waive_late
from models.fees.late_terms import CountsFrom, LateTerms, add_late_terms, weight_of
from models.fees.prepay_plans import add_prepay_offer
from models.fees.prepayment import prepay
from models.fees.services import Service, add_service
from models.fees.share_plans import ShareBase
from models.fees.sharing import share
from models.fees.taking import enter_reading, estimate_readings, replace_meter
from models.fees.transferring import settle_transfer
from models.fees.vacancies import grant_vacancy
from models.fees.vacancy_cuts import apply_vacancies
from models.months import Month
from models.office.applying import request
from models.office.approvals import Approval
from models.office.staff import Staff
from models.owners.estate import Unit, UnitState
from models.owners.people import Ownership
from tests.estate import Estate, stop_chains, writing
from tests.models.fees.metering import charged, meter, read, water
from tests.models.fees.test_explain import told
from tests.models.fees.test_sharing import AGREED, alter, plan_of, tower
from tests.models.office.chain_world import People
from tests.office_people import worker

FEB, MARCH, APRIL = Month(2024, 2), Month(2024, 3), Month(2024, 4)
JUNE = Month(2020, 6)


@pytest.fixture(autouse=True)
def every_line_is_proven(estate: Estate) -> Iterator[None]:
    """Whatever was made, each line is worked out anew to its fen."""
    yield
    assert [one.title for one in map(explain, Bill.select()) if not one.proven] == []


@pytest.fixture
def house(estate: Estate) -> Unit:
    return estate.house("101")


def steps(line: Bill) -> list[tuple[str, str]]:
    return told(explain(line), "怎样算出")


def inputs(line: Bill) -> dict[str, str]:
    return dict(told(explain(line), "依据"))


def of_kind(kind: BillKind) -> Bill:
    found: Bill = Bill.select().where(Bill.kind == kind).order_by(Bill.id.desc()).get()
    return found


# -- by readings -----------------------------------------------------------------------------------


def test_usage_is_told_from_readings_tier_by_tier(estate: Estate, house: Unit) -> None:
    item = water(estate, "2.0000", extra="1.00")
    with writing():
        RateTier.add(rate=item.rates.get(), over=D("15"), price=D("3.3333"))
    read(meter(house, item, multiplier=2), "100", None, "120")
    (line,) = charged(MARCH)
    # 20 × 2 = 40 over two months: 30 at 2.00, 10 at 3.3333, and 1.00 a month
    assert steps(line) == [
        ("2024-03用量", "表 0012345 实抄（120.00 − 100.00）× 倍率 2 = 40.00 m³"),
        ("第 1 档", "30.00 m³ × 2.00 元/m³ = 60.00"),
        ("第 2 档", "10.00 m³ × 3.3333 元/m³ = 33.333"),
        ("附加", "每月一次（2 个月） = 2.00"),
        ("取整", "95.333 四舍五入到分，只取整一次 = 95.33"),
    ]
    assert told(explain(line), "计费天数") == [("抄表月份", "2024-03（2 个月）")]
    assert inputs(line)["读数"] == "0012345，2024-03-31 实抄 120.00，管理员抄"
    assert inputs(line)["单价"] == "2.00 元，每月超过 15.00 的 3.3333 元，2023-01-01 起"
    assert inputs(line)["来源"].startswith("抄表，CB-")


def test_an_estimate_is_told_and_how_the_next_reading_settles_it(estate: Estate, house: Unit) -> None:
    one = meter(house, water(estate, "1"))
    read(one, "0", "10")
    charged(FEB)
    estimate_readings(MARCH)
    (line,) = charged(MARCH)
    assert steps(line)[0] == ("2024-03用量", "表 0012345 估抄，按前几月平均 = 10.00 m³")
    enter_reading(one, D("27"), APRIL)
    (line,) = charged(APRIL)
    assert steps(line)[0][1] == "表 0012345 实抄（27.00 − 10.00）× 倍率 1 − 以前已估 10.00 = 7.00 m³"


def test_the_least_a_corrected_reading_and_a_later_price_are_told(estate: Estate, house: Unit) -> None:
    item = water(estate, minimum=D("10"))
    _, wrong, *_ = read(meter(house, item), "0", "1", "5")
    (line,) = charged(FEB)
    assert steps(line)[-2:] == [
        ("最低收费", "以上不足最低收费，按最低收费收 = 10.00"),
        ("取整", "正好到分，没有尾数 = 10.00"),
    ]
    wrong.correct(D("2"), "看错")
    with writing():
        item.rates.get().change(price=D("9"))
    words = inputs(line)
    assert words["读数"].endswith("1.00，管理员抄；后来更正为 2.00，差额随以后的出账补收或抵减")
    assert words["单价"] == "出账时为 3.50 元；后来改定为 9.00 元，2023-01-01 起，不影响本账单"
    assert words["最低收费"] == "10.00 元/月，按项目的约定"
    (line,) = charged(MARCH)  # 3 of its own, and 1 that the correction adds
    assert ("计费用量", "补其他月份 1.00后，本月按 4.00 m³ 计费") in steps(line)
    assert dict(told(explain(line), "没有计入"))["以前月份"].endswith("用量少收，并入本账单 1.00 m³")


def test_a_replaced_meter_that_rolled_over_and_two_months_in_one_line(estate: Estate, house: Unit) -> None:
    one = meter(house, water(estate, "1"), digits=4)
    read(one, "9990")
    new = replace_meter(one, D("5"), "0099", D("100"), date(2024, 2, 12), rolled=True)
    enter_reading(new, D("130"), FEB)
    enter_reading(new, D("131"), MARCH)
    (line,) = charged(MARCH)
    assert [words for label, words in steps(line) if label == "2024-02用量"] == [
        "表 0012345 换表止（过零 10,000 + 5.00 − 9,990.00）× 倍率 1 = 15.00 m³",
        "表 0099 实抄（130.00 − 100.00）× 倍率 1 = 30.00 m³",
    ]
    assert ("各月相加", "45.00 + 1.00 = 46.00") in steps(line)
    assert dict(told(explain(line), "没有计入"))["换表"].startswith("0012345、0099 是先后换装的表")


# -- shared costs ----------------------------------------------------------------------------------


def test_a_share_is_told_from_its_pool_to_the_fen_left_over(estate: Estate) -> None:
    _, second, third = tower(estate, "94.56", "105.44", "100.00")
    alter(third, state=UnitState.UNSOLD)
    plan = plan_of(unsold=0, agreed=AGREED)
    rows = [{"name": "值班室", "quantity": D("20"), "amount": None}, {"name": "节日灯", "amount": D("5")}]
    share(
        plan, Month(2026, 10), previous=D("100"), current=D("300"), multiplier=3, price=D("0.5555"),
        exclusions=rows, source="GB-01", shown_from=date(2026, 11, 1), shown_until=date(2026, 11, 15),
    )  # fmt: skip
    # (600 − 20) × 0.5555 = 322.19, less 5.00: 317.19 over 200.00 ㎡
    line = Bill.get(Bill.unit == second)
    assert steps(line) == [
        ("公共用量", "（300.00 − 100.00）× 倍率 3 = 600.00"),
        ("总额", "（600.00 − 剔除用量 20.00）× 0.5555 元 − 剔除金额 5.00 元 = 317.19"),
        ("本户应摊", "317.19 元 × 105.44 ㎡ ÷ 分摊基数 200.00 ㎡ = 167.222568"),
        ("舍到分", "分以下先舍去 = 167.22"),
        ("尾差", "各户舍去后共差 0.01 元，尾数最大的 1 户各加 1 分；本户不加 = 167.22"),
    ]
    words = inputs(line)
    assert words["公共分摊"].startswith("FT-202610-001 方案1 2026-10，317.19 元，管理员 ")
    assert (words["发票号/表号"], words["约定依据"]) == ("GB-01", AGREED)
    assert words["分摊方式"] == "按面积，全小区，2 户"
    assert words["计费面积"] == "105.44 ㎡，2026-10-31 的登记（产权证，起初）"
    assert words["公示"] == "2026-11-01 至 2026-11-15"
    assert told(explain(line), "没有计入") == [
        ("剔除", "值班室 20.00，不由业主分摊"),
        ("剔除", "节日灯 5.00 元，不由业主分摊"),
        ("不分摊的房屋", "未售不分摊：1-1-301"),
    ]


def test_households_coefficients_usages_and_mixes_have_their_own_words(estate: Estate) -> None:
    houses = tower(estate, "100.00", "300.00", "50.00")
    alter(houses[2], state=UnitState.VACANT)
    rows = [{"floor": 1, "coefficient": D("1.00")}, {"floor": 2, "coefficient": D("1.20")}]
    parts = [{"base": ShareBase.AREA, "percent": 60}, {"base": ShareBase.HOUSEHOLD, "percent": 40}]
    month, ten = Month(2026, 10), D("100.00")
    share(plan_of(base=ShareBase.COEFFICIENT, weights=rows, vacant=50, agreed=AGREED), month, amount=ten)
    share(plan_of(base=ShareBase.HOUSEHOLD, agreed=AGREED), month, amount=ten)
    used = [{"unit": one, "quantity": D(at)} for at, one in enumerate(houses, start=1)]
    share(plan_of(base=ShareBase.USAGE, agreed=AGREED), month, amount=ten, usages=used)
    share(plan_of(base=ShareBase.MIX, parts=parts, agreed=AGREED), month, amount=D("1000"))
    found = [dict(steps(one))["本户应摊"] for one in Bill.select().where(Bill.unit == houses[2])]
    assert found == [
        # 1 + 1.2 + 1.2 × 50 % = 2.8
        "100.00 元 × 1 户 × 系数 0.60 ÷ 分摊基数 2.80 户 = 21.428571",
        "100.00 元 × 1 户 ÷ 分摊基数 3.00 户 = 33.333333",
        "100.00 元 × 3.00 ÷ 分摊基数 6.00 = 50.00",
        "1,000.00 元 × 本户 200,000.00 点 ÷ 1,000,000 点 = 200.00",
    ]
    words = inputs(Bill.get(Bill.unit == houses[2]))
    assert words["系数"] == "0.60，系数表的系数；空置按 50%"


# -- services --------------------------------------------------------------------------------------


@pytest.fixture
def drain(estate: Estate) -> Service:
    item = estate.item("特约服务费", basis=Basis.FIXED, category=Category.SERVICE)
    return add_service(code="T1", name="疏通", measure="次", price=D("33.3350"), item=item, agreed="价目表")


def test_a_service_is_told_by_its_slip(house: Unit, drain: Service) -> None:
    slip = charge_service(house, drain, D("1.50"), on=date(2026, 2, 3), note="厨房")
    line = of_kind(BillKind.SERVICE)
    assert steps(line) == [
        ("数量×单价", "疏通 1.5次 × 33.335 元/次 = 50.0025"),
        ("取整", "50.0025 四舍五入到分，只取整一次 = 50.00"),
    ]
    words = inputs(line)
    assert words["特服单"].startswith("TFD-202602-0001，2026-02-03 服务，管理员 ")
    assert (words["备注"], words["收费依据"], words["单价"]) == (
        "厨房",
        "价目表",
        "33.335 元/次，特服目录 T1",
    )
    drain.edit(price=D("40"))
    void_service(slip, "开错")
    words = inputs(of_kind(BillKind.SERVICE))
    assert words["现行单价"] == "疏通 40.00 元/次；本账单按开单时的单价，不受影响"
    assert words["作废"].endswith("开错")


# -- late payment ----------------------------------------------------------------------------------


def owing(estate: Estate, unit: Unit) -> Bill:
    """Return a line of 1234.56, due on the last day of October 2025."""
    october = Month(2025, 10)
    item = estate.item(basis=Basis.FIXED, price="0", extra="1234.56", since=october.first, due_day=31)
    estate.give(unit, item, until=october.last)
    bill(october)
    return Bill.get()


def test_late_payment_is_told_piece_by_piece(estate: Estate, house: Unit) -> None:
    principal = owing(estate, house)
    add_late_terms(clause="第八条", since=date(2025, 1, 1), daily=D("0.5"), grace=5)
    receive(house, D("234.56"), on=date(2025, 11, 10))
    charge_late(date(2025, 11, 23))
    line = of_kind(BillKind.LATE)
    # 1234.56 × 0.5‰ × 10 = 6.1728, 1000.00 × 0.5‰ × 13 = 6.50
    assert steps(line) == [
        ("2025-11-01 至 11-10", "未付 1,234.56 元 × 日 0.5‰ × 10 天 = 6.1728"),
        ("2025-11-11 至 11-23", "未付 1,000.00 元 × 日 0.5‰ × 13 天 = 6.50"),
        ("各段相加", "6.1728 + 6.50"),
        ("取整", "12.6728 四舍五入到分，只取整一次 = 12.67"),
    ]
    words = inputs(line)
    assert words["本金账单"] == f"SM-{principal.id} 1-1-101 物业费 2025-10，截止日 2025-10-31 = 1234.56"
    assert words["合同条款"] == "第八条，日 0.5‰"
    assert words["逾期起算"] == "截止日次日，宽限 5 天；单利，违约金不再计违约金"
    assert told(explain(line), "计费天数") == [
        ("逾期天数", "2025-11-01 至 11-23，共 23 天"),
        ("期间收款", "2025-11-10 SJ-2025-000001，次日起按余额计 = 234.56"),
    ]


def test_the_cap_what_was_charged_before_and_what_was_waived(estate: Estate, house: Unit) -> None:
    principal = owing(estate, house)
    add_late_terms(
        clause="第八条", since=date(2025, 11, 6), yearly=D("36.5"), multiple=D("1.3"), cap=D("2"),
        counts_from=CountsFrom.GRACE,
    )  # fmt: skip
    with writing():
        approver = Staff.add(number="88", name="赵批准")
    waive_late([principal], reason="首次", approver=approver, until=date(2025, 11, 8))
    charge_late(date(2025, 11, 18))
    charge_late(date(2026, 1, 31))
    before, last = Bill.select().where(Bill.kind == BillKind.LATE).order_by(Bill.id)
    # 1234.56 × 36.5 % × 1.3 ÷ 365 × 10 = 16.04928; 2 % are 24.69
    assert steps(before)[-1] == ("取整", "16.04928 四舍五入到分，只取整一次 = 16.05")
    assert inputs(before)["逾期起算"].startswith("宽限期满次日，没有宽限，2025-11-06 以前没有约定，不计；")
    assert steps(last)[-1] == (
        "封顶", "最多为本金 1,234.56 元的 2.00%，即 24.69 元，以前已计收 16.05 元 = 8.64",
    )  # fmt: skip
    assert told(explain(last), "没有计入") == [
        ("已减免", "2025-11-06 至 11-08，4.81 元，首次，赵批准批准"),
        ("以前已计收", f"2025-11-09 至 11-18，16.05 元，SM-{before.id}，不再重复"),
        ("以后的天数", "2026-01-31 以后的天数另行计收"),
    ]


@pytest.mark.parametrize("rate", [{"daily": D("0.3")}, {"yearly": D("3.45"), "multiple": D("1.3")}])
def test_a_rate_is_read_back_as_it_is_told(rate: dict[str, Any]) -> None:
    terms = LateTerms(**{"multiple": D(1), **rate})
    assert weight_of(terms.rate) == terms.weight > 0


# -- adjustments -----------------------------------------------------------------------------------


def billed(estate: Estate, unit: Unit, *months: Month) -> FeeItem:
    item = estate.item(since=months[0].first)
    estate.give(unit, item, months[0].first)
    for month in months:
        bill(month)
    return item


def test_a_reversal_takes_what_earlier_reductions_left_and_is_charged_again(
    estate: Estate, house: Unit
) -> None:
    stop_chains()
    billed(estate, house, JUNE)
    old = Bill.get()
    reduce([old], "停水三天", "合同第9条", amount=D("10.00"), on=date(2020, 6, 10))
    line = of_kind(BillKind.REDUCTION)
    assert steps(line) == [
        ("按减免单", f"JM-202006-001 共减 10.00 元；本笔冲减 SM-{old.id}，约为其应收的 10.00% = -10.00")
    ]
    assert dict(told(explain(line), "没有计入"))["减免以后"] == f"SM-{old.id} 冲减后余 90.00 元，仍照收"
    reverse_bills([Bill.get_by_id(old.id)], "面积录错", "收费标准", on=date(2020, 6, 11))
    line = of_kind(BillKind.REVERSAL)
    assert steps(line) == [
        ("全额冲回", f"SM-{old.id} 的应收 100.00 元，以前已冲减 10.00 元，余 90.00 元，改正负号 = -90.00")
    ]
    words = inputs(line)
    assert words["单据"] == "HC-202006-001 红冲账单，2020-06-11，管理员经办 = -90.00"
    assert (words["计算说明"], words["依据"]) == ("面积录错", "收费标准")
    assert words["审批"] == "没有经过审批单，由经办人直接办理"
    bill(JUNE)
    again = of_kind(BillKind.CORRECTION)
    assert steps(again)[0] == ("整月", "100.00 ㎡ × 1.00 元/㎡·月 = 100.00")


def reduced_by(percent: D, lines: list[Bill] | None = None) -> Approval:
    """Reduce lines, or all, by a percentage, applied for and approved."""
    people, supervisor = People(), worker("陈主管", "客服主管")
    values = {
        "bills": lines or list(Bill.select()),
        "percent": percent,
        "reason": "停水",
        "basis": "合同第9条",
    }
    with acting(people.clerk):
        asked = request("fees.reduce", values)
    with acting(supervisor):
        asked.approve()
    with acting(people.manager):
        asked = type(asked).get_by_id(asked.id)
        asked.approve("情况属实")
    return asked


def test_a_reduction_tells_its_percentage_and_who_approved_it(estate: Estate, house: Unit) -> None:
    billed(estate, house, JUNE, JUNE.plus(1))
    first, _ = Bill.select().order_by(Bill.id)
    asked = reduced_by(D("12.35"))
    line = Bill.get((Bill.kind == BillKind.REDUCTION) & (Bill.corrects == first))
    assert steps(line) == [
        ("按百分比", f"SM-{first.id} 的应收 100.00 元 × 12.35%，四舍五入到分，改正负号 = -12.35")
    ]
    words = inputs(line)
    assert words["申请"].startswith(asked.who)
    assert words["客服主管"].startswith("陈主管 同意 ") and words["主任"].endswith("：情况属实")


def test_a_percentage_of_what_a_transfer_left_is_told_so(estate: Estate, house: Unit) -> None:
    billed(estate, house, JUNE)
    old = Bill.get()
    passes(estate, house, date(2020, 6, 11))
    settle_transfer(house)
    reduced_by(D("30"), [old])
    told = (
        f"SM-{old.id} 的应收 33.33 元（已减去过户转出的 66.67 元）× 30.00%，四舍五入到分，改正负号 = -10.00"
    )
    assert steps(of_kind(BillKind.REDUCTION)) == [("按百分比", told)]


def test_a_cut_for_vacancy_tells_its_days_even_after_a_transfer(estate: Estate, house: Unit) -> None:
    stop_chains()
    billed(estate, house, JUNE)
    old = Bill.get()
    empty = grant_vacancy(
        unit=house, since=date(2019, 11, 15), proof="水表 123.00", basis="合同第9条", percent=D("40.00"),
        effective=date(2020, 6, 16),
    )  # fmt: skip
    apply_vacancies(JUNE)
    line = of_kind(BillKind.REDUCTION)
    told = f"SM-{old.id} 余下的 100.00 元 × 40.00% × 空置减免 15 天 ÷ 计费 30 天，四舍五入到分，改正负号"
    told = f"{told} = -20.00"
    assert steps(line) == [("空置申请", f"{empty.number}：{empty.told}"), ("按空置减免", told)]
    passes(estate, house, date(2020, 6, 21))
    settle_transfer(house)
    assert steps(line)[1] == ("按空置减免", told)
    assert explain(line).proven


def test_a_sum_over_several_lines_is_told_for_each(estate: Estate, house: Unit) -> None:
    stop_chains()
    billed(estate, house, JUNE, JUNE.plus(1))
    reduce(list(Bill.select()), "约定", "决议2号", amount=D("130.00"), on=date(2020, 7, 10))
    line = of_kind(BillKind.REDUCTION)
    assert steps(line)[0][1].startswith("JM-202007-001 共减 130.00 元，其中其他账单 100.00 元；本笔冲减")
    assert line.amount == D("-30.00")


# -- owners in turn, prices paid ahead, the least -----------------------------------------------------


def passes(estate: Estate, unit: Unit, day: date) -> None:
    with writing():
        Ownership.get(Ownership.unit == unit).change(until=date.fromordinal(day.toordinal() - 1))
        Ownership.add(unit=unit, person=estate.person("李明"), since=day)


def test_a_month_of_two_owners_tells_how_its_fen_are_divided(estate: Estate) -> None:
    unit = estate.house("101", "100.01")
    passes(estate, unit, date(2020, 6, 16))
    billed(estate, unit, JUNE)
    first, second = Bill.select().order_by(Bill.part)
    # 100.01: 50.005 each, the odd fen to the first
    assert (first.amount, second.amount) == (D("50.01"), D("50.00"))
    assert steps(second) == [
        ("6月16–30日", "（100.01 ㎡ × 1.00 元/㎡·月）× 15 天 = 1500.15"),
        ("按天折算", "1,500.15 ÷ 当月 30 天 = 50.005，四舍五入到分 = 50.01"),
        ("各任合计", "50.005 + 50.005，四舍五入到分 = 100.01"),
        ("本任承担", "按各自天数应收的比例分，先舍到分，余下的分归尾数大的一任："
         f"SM-{first.id} 50.01，SM-{second.id} 50.00 = 50.00"),
    ]  # fmt: skip
    assert ("换手", f"另有 15 天由王桂芳承担（SM-{first.id}） = 50.01") in told(explain(second), "没有计入")
    assert [label for label, _ in told(explain(second), "计费天数")] == ["计费天数", "收费设置"]


def test_what_a_transfer_moves_is_told_on_both_its_lines(estate: Estate) -> None:
    stop_chains()
    unit = estate.house("101", "100.01")
    billed(estate, unit, JUNE, JUNE.plus(1))
    passes(estate, unit, date(2020, 6, 16))
    settle_transfer(unit)
    minus, _, new, _ = Bill.select().where(Bill.kind == BillKind.CORRECTION).order_by(Bill.id)
    assert (minus.amount, new.amount) == (-new.amount, D("50.00"))
    assert [label for label, _ in steps(new)] == ["原账单", "新业主的天数", "分给新业主"]
    assert steps(minus)[-1] == ("从原业主减去", f"转到 SM-{new.id}，改正负号 = -50.00")
    assert inputs(new)["单据"].startswith("GH-")
    assert told(explain(new), "计费天数") == [("计费天数", "2020-06-16 起 15 天，归新业主")]


def test_a_price_that_was_paid_ahead_names_its_plan(estate: Estate, house: Unit) -> None:
    estate.give(house, estate.item(price="1.3000", extra="20.00", since=date(2020, 1, 1)))
    prepay(house, add_prepay_offer(name="一年免一月", months=12, free=1, basis="公示"))
    bill(Month.of(date.today()))
    line = of_kind(BillKind.RECURRING)
    assert steps(line)[0] == ("整月", "100.00 ㎡ × 1.1917 元/㎡·月 + 18.33 元 = 137.50")
    words = inputs(line)
    assert "定价 1.30 元/㎡·月，附加 20.00 元/月（2020-01-01 起）的 11/12，预存约定 YC-" in words["单价"]
    assert "现行单价" not in words


def test_the_least_of_an_item_by_area_is_told(estate: Estate, house: Unit) -> None:
    item = estate.item("物业费", minimum=D("120"), since=JUNE.first)
    estate.give(house, item, JUNE.first)
    passes(estate, house, date(2020, 6, 11))
    bill(JUNE)
    bill(JUNE.plus(1))
    first, second, whole = Bill.select().order_by(Bill.month, Bill.part)
    assert steps(whole)[-1] == ("最低收费", "不足最低收费 120.00 元/月，按最低收费收 = 120.00")
    assert (first.amount, second.amount) == (D("40.00"), D("80.00"))
    assert ("最低收费", "不足最低收费 120.00 元/月，按最低收费收 = 120.00") in steps(first)
    item.edit(minimum=D("150"))
    words = steps(Bill.get_by_id(whole.id))[-1][1]
    assert words.startswith("不足最低收费 120.00 元/月（出账时的约定，后来改过），")
