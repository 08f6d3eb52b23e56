"""财务指标: targets whose months come to the year, actuals of the ledger, deliveries that stay."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import peewee
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models import clock, deeds
from models.appraisals.actuals import Book, headcount
from models.appraisals.costs import CostKind, MonthCost, enter_costs
from models.appraisals.deliveries import (
    Delivery,
    DeliveryRow,
    changed_since,
    deliver,
    due_of,
    set_delivery_day,
    spans_to_deliver,
)
from models.appraisals.lists import lines_of
from models.appraisals.setting import set_target
from models.appraisals.spans import Indicator, Span, SpanKind, share
from models.appraisals.table import rows_of
from models.appraisals.targets import Goals, MonthTarget, Split, Target, latest, months_of, target_rates
from models.base import db
from models.charts import charts_of
from models.deeds import DEEDS
from models.desk import figures_on, reminders_on
from models.entries import ENTRIES
from models.errors import BadInput, PermissionDenied, RuleBroken
from models.fees.adjusting import reduce
from models.fees.billing import bill
from models.fees.bills import Bill
from models.fees.cashier import receive
from models.fees.items import Basis, Category
from models.listings import LISTS, Filters
from models.months import Month, Period
from models.office.staff import add_staff
from models.owners.estate import Unit
from models.rows import RowRefused
from models.search import find
from tests.estate import Estate
from tests.office_people import worker

TODAY = date.today()
NOW = Month.of(TODAY)
YEAR = TODAY.year - 1
MARCH = Month(YEAR, 3)


def yuan(amount: str) -> Decimal:
    return Decimal(amount)


def cost(month: Month, amount: str, kind: CostKind = CostKind.STAFF, reason: str | None = None) -> None:
    enter_costs([{"month": month, "kind": kind, "amount": yuan(amount), "note": None}], reason)


# -- targets ---------------------------------------------------------------------------------------


def test_a_year_is_split_evenly_and_its_months_come_to_it(office: Path) -> None:
    made = set_target(Indicator.INCOME, YEAR, yuan("1000.01"))
    months = months_of(made)
    assert sum(months.values()) == yuan("1000.01")
    assert sorted(set(months.values())) == [yuan("83.33"), yuan("83.34")]
    goals = Goals.of(YEAR)
    quarters = [
        goals.of_span(Indicator.INCOME, Span.of(SpanKind.QUARTER, Month(YEAR, n))) for n in (1, 4, 7, 10)
    ]
    assert sum(one for one in quarters if one) == yuan("1000.01")


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(fen=st.integers(1, 10**12 - 1))
def test_the_months_of_any_year_come_to_it(office: Path, fen: int) -> None:
    with db.atomic() as undone:
        made = set_target(Indicator.COST, YEAR, Decimal(fen) / 100)
        assert sum(months_of(made).values()) * 100 == fen
        undone.rollback()


def test_the_target_of_the_profit_is_income_less_cost(office: Path) -> None:
    set_target(Indicator.INCOME, YEAR, yuan("1200.00"))
    assert Goals.of(YEAR).year(Indicator.PROFIT) is None
    set_target(Indicator.COST, YEAR, yuan("2400.00"))
    goals = Goals.of(YEAR)
    assert goals.year(Indicator.PROFIT) == yuan("-1200.00")
    assert goals.over(Indicator.PROFIT, [MARCH]) == yuan("-100.00")
    with pytest.raises(BadInput, match="没有“利润”"):
        DEEDS["appraisals.set_target"].call(None, {"indicator": "利润", "year": str(YEAR), "figure": "1"})


def test_a_rate_is_the_same_in_each_month_and_may_differ_by_building(estate: Estate) -> None:
    assert target_rates(MARCH) == {}
    set_target(Indicator.RATE, YEAR, yuan("95.00"))
    assert target_rates(MARCH) == {None: 95}
    set_target(Indicator.RATE, YEAR, yuan("92.50"), building=estate.building)
    assert target_rates(MARCH) == {None: 95, estate.building.id: yuan("92.50")}
    assert target_rates(Month(YEAR + 1, 3)) == {}
    with pytest.raises(BadInput, match="只有收缴率"):
        set_target(Indicator.INCOME, YEAR, yuan("1.00"), building=estate.building)
    with pytest.raises(BadInput, match="不能超过 100%"):
        set_target(Indicator.RATE, YEAR + 1, yuan("100.01"))
    with pytest.raises(RuleBroken, match="请选平均"):
        set_target(Indicator.RATE, YEAR + 1, yuan("95"), Split.LAST_YEAR)
    with pytest.raises(BadInput, match="大于零"):
        set_target(Indicator.INCOME, YEAR, yuan("0.00"))


def test_a_changed_target_asks_why_and_stands_beside_the_old(office: Path) -> None:
    first = set_target(Indicator.INCOME, YEAR, yuan("1200.00"))
    with pytest.raises(RuleBroken, match="请填调整原因"):
        set_target(Indicator.INCOME, YEAR, yuan("1300.00"))
    second = set_target(Indicator.INCOME, YEAR, yuan("1300.00"), reason="新增一栋交付")
    assert latest(Indicator.INCOME, YEAR) == second and second.reason == "新增一栋交付"
    assert [one.figure for one in Target.select().order_by(Target.id)] == [1200, 1300]
    shown = [row.values[5] for row in LISTS["targets"](Filters()).rows()]
    assert sorted(shown) == [False, True]
    assert LISTS["target_months"](Filters()).totals()[0] == 12
    with pytest.raises(peewee.IntegrityError):
        db.execute_sql("UPDATE target SET figure = 1 WHERE id = ?", (first.id,))


def typed(figure: str = "100", name: str = "income", **more: str) -> dict[str, Any]:
    """Return the rows of a whole year as the command line takes them."""
    at = {"income": 1, "collected": 2, "rate": 3, "cost": 4, "per_head": 5}[name]
    rows = []
    for number in range(1, 13):
        cells = [str(Month(YEAR, number)), "", "", "", "", ""]
        cells[at] = more.get(f"m{number}", figure)
        rows.append("|".join(cells))
    return {"rows": "\n".join(rows)}


def month_by_month(given: dict[str, Any]) -> Any:
    return DEEDS["appraisals.set_month_targets"].call(None, given)


def test_months_are_typed_and_are_the_year_where_none_is_set(office: Path) -> None:
    done = month_by_month(typed(m3="300"))
    assert done.summary() == "收入 1,400.00。"
    made = latest(Indicator.INCOME, YEAR)
    assert made is not None and (made.figure, made.split) == (1400, Split.TYPED)
    assert months_of(made)[MARCH] == 300
    with pytest.raises(RuleBroken, match="没有要改的"):
        month_by_month(typed(m3="300"))


def test_typed_months_must_come_to_the_year_that_is_set(office: Path) -> None:
    set_target(Indicator.INCOME, YEAR, yuan("1200.00"))
    with pytest.raises(RuleBroken, match=r"各月合计 1,400\.00 元，与年目标 1,200\.00 元差 200\.00"):
        month_by_month({**typed(m3="300"), "reason": "x"})
    with pytest.raises(RuleBroken, match="请填调整原因"):
        month_by_month(typed(m3="150", m4="50"))
    month_by_month({**typed(m3="150", m4="50"), "reason": "春节在一季度"})
    assert Target.select().count() == 2


def test_an_indicator_is_typed_for_every_month_or_for_none(office: Path) -> None:
    with pytest.raises(RowRefused, match=f"第 3 行：{MARCH} 没有填收入"):
        month_by_month(typed(m3=""))
    with pytest.raises(RuleBroken, match="只填了 2 个月"):
        month_by_month({"rows": f"{MARCH}|1\n{MARCH.plus(1)}|1"})
    with pytest.raises(RowRefused, match="重复"):
        month_by_month({"rows": f"{MARCH}|1\n{MARCH}|1"})
    with pytest.raises(RowRefused, match="不能超过 100%"):
        month_by_month(typed("100.01", "rate"))
    assert Target.select().count() == MonthTarget.select().count() == 0


def test_the_year_of_typed_rates_is_given_or_their_mean(office: Path) -> None:
    month_by_month(typed("90", "rate", m12="96"))
    assert Goals.of(YEAR).year(Indicator.RATE) == yuan("90.50")
    month_by_month({**typed("90", "rate", m12="96"), "rate": "95", "reason": "董事会定"})
    assert Goals.of(YEAR).year(Indicator.RATE) == 95
    assert Goals.of(YEAR).of_span(Indicator.RATE, Span.of(SpanKind.QUARTER, Month(YEAR, 12))) == 92
    assert target_rates(Month(YEAR, 12)) == {None: 96}


def test_the_sheet_offers_what_is_set(office: Path) -> None:
    sheet = ENTRIES["month_targets"].sheet(Filters(period=Period.parse(str(YEAR))))
    assert "还没有定过目标" in sheet.warns and len(sheet.lines) == 12
    set_target(Indicator.INCOME, YEAR, yuan("1200.00"))
    sheet = ENTRIES["month_targets"].sheet(Filters(period=Period.parse(str(YEAR))))
    assert sheet.warns == "" and sheet.lines[0].offered == {"income": yuan("100.00")}
    assert sheet.judge(sheet.lines[0], {}) == "没有填目标"
    assert sheet.judge(sheet.lines[0], {"rate": yuan("101")}) == "收缴率不能超过 100%"


# -- actuals ---------------------------------------------------------------------------------------


@pytest.fixture
def golden(estate: Estate) -> Estate:
    """The figures of forms.md B5: 100,000 less 2,000, 83,300 came; of 40,000 owed before 10,000."""
    own = estate.item(price="0", extra="40000.00", basis=Basis.FIXED, since=date(YEAR, 2, 1))
    water = estate.item(
        "代收水费", basis=Basis.FIXED, price="0", extra="500.00", since=date(YEAR, 2, 1), collected=True,
        category=Category.UTILITY,
    )  # fmt: skip
    unit = estate.house("101")
    estate.give(unit, own, since=date(YEAR, 2, 1), until=date(YEAR, 3, 31))
    estate.give(unit, water, since=date(YEAR, 2, 1), until=date(YEAR, 3, 31))
    bill(Month(YEAR, 2))
    estate.rate(own, date(YEAR, 3, 1), "0", "100000.00")
    bill(MARCH)
    old, new = (Bill.get((Bill.item == own) & (Bill.month == month)) for month in (Month(YEAR, 2), MARCH))
    with deeds.acting(deeds.TheOffice()):
        reduce([new], "停水", "合同", amount=yuan("2000.00"), on=date(YEAR, 3, 20))
    receive(unit, yuan("10000.00"), on=date(YEAR, 3, 5), bills=[old])
    receive(unit, yuan("83300.00"), on=date(YEAR, 3, 31), bills=[new])
    receive(unit, yuan("1000.00"), on=date(YEAR, 4, 1), bills=[new])
    return estate


def test_the_golden_figures_of_b5(golden: Estate) -> None:
    told = Book(TODAY).figures([MARCH])
    assert (told[Indicator.INCOME], told[Indicator.COLLECTED]) == (98_000, 93_300)
    assert told[Indicator.RATE] == yuan("85.0")
    assert (told[Indicator.COST], told[Indicator.PROFIT]) == (None, None)


def test_the_year_so_far_adds_its_months_and_its_rate_is_of_all_of_them(golden: Estate) -> None:
    book = Book(TODAY)
    february = book.figures([Month(YEAR, 2)])
    assert (february[Indicator.INCOME], february[Indicator.COLLECTED], february[Indicator.RATE]) == (
        40_000,
        0,
        0,
    )
    quarter = book.of_span(Span.of(SpanKind.QUARTER, MARCH))
    assert quarter == book.so_far(Span.of(SpanKind.MONTH, MARCH))
    assert (quarter[Indicator.INCOME], quarter[Indicator.COLLECTED]) == (138_000, 93_300)
    assert quarter[Indicator.RATE] == yuan("67.6")
    whole = book.of_span(Span.of(SpanKind.YEAR, MARCH))
    assert (whole[Indicator.COLLECTED], whole[Indicator.RATE]) == (94_300, yuan("68.3"))
    april = book.of_span(Span.of(SpanKind.QUARTER, Month(YEAR, 4)))
    assert (april[Indicator.INCOME], april[Indicator.COLLECTED], april[Indicator.RATE]) == (0, 1_000, None)


def test_what_corrects_earlier_months_comes_off_the_month_in_which_it_was_done(golden: Estate) -> None:
    old = Bill.get((Bill.month == Month(YEAR, 2)) & (Bill.amount == yuan("40000.00")))
    with deeds.acting(deeds.TheOffice()):
        reduce([old], "服务不到位", "合同", amount=yuan("300.00"), on=date(YEAR, 4, 20))
    book = Book(TODAY)
    incomes = [book.figures([Month(YEAR, number)])[Indicator.INCOME] for number in (2, 3, 4)]
    assert incomes == [40_000, 98_000, -300]
    assert book.so_far(Span.of(SpanKind.MONTH, Month(YEAR, 4)))[Indicator.INCOME] == 137_700


def test_profit_needs_the_cost_of_every_month(golden: Estate) -> None:
    cost(MARCH, "30000.00")
    cost(MARCH, "8000.00", CostKind.ENERGY)
    book = Book(TODAY)
    assert book.figures([MARCH])[Indicator.PROFIT] == 60_000
    assert book.so_far(Span.of(SpanKind.MONTH, MARCH))[Indicator.PROFIT] is None
    assert book.lacking(Span.of(SpanKind.QUARTER, MARCH).months) == [Month(YEAR, 1), Month(YEAR, 2)]
    for number in (1, 2):
        cost(Month(YEAR, number), "0.00")
    assert Book(TODAY).so_far(Span.of(SpanKind.MONTH, MARCH))[Indicator.PROFIT] == 100_000


def test_income_a_head_counts_who_worked_on_the_last_day(golden: Estate) -> None:
    before = headcount(MARCH.last)
    gone = add_staff(number="901", name="甲", joined=date(YEAR, 1, 1))
    gone.end(left=MARCH.last)
    add_staff(number="902", name="乙", joined=date(YEAR, 4, 1))
    assert headcount(MARCH.last) == before + 1
    assert headcount(MARCH.last + timedelta(days=1)) == before + 1
    assert Book(TODAY).figures([MARCH])[Indicator.PER_HEAD] == (yuan("98000") / (before + 1)).quantize(
        yuan("0.01")
    )


def test_months_to_come_have_no_figures_and_this_one_those_so_far(golden: Estate) -> None:
    assert set(Book(TODAY).figures([NOW.plus(1)]).values()) == {None}
    assert Book(TODAY).figures([NOW])[Indicator.INCOME] == 0


def test_shares_of_nothing_are_none() -> None:
    assert share(yuan("1"), yuan("0")) is None and share(None, yuan("1")) is None
    assert share(yuan("1"), yuan("-5")) is None and share(yuan("1"), yuan("3")) == yuan("33.3")


def test_a_row_tells_target_actual_share_and_last_year(golden: Estate) -> None:
    set_target(Indicator.INCOME, YEAR, yuan("1200000.00"))
    set_target(Indicator.RATE, YEAR, yuan("90.00"))
    rows = {one.indicator: one for one in rows_of(Span.of(SpanKind.MONTH, MARCH), TODAY)}
    income, rate = rows[Indicator.INCOME], rows[Indicator.RATE]
    assert (income.year, income.quarter, income.month) == (1_200_000, 300_000, 100_000)
    assert (income.actual, income.done, income.total, income.total_done) == (
        98_000, yuan("98.0"), 138_000, yuan("46.0"),
    )  # fmt: skip
    assert income.against is None, "nothing was charged a year before"
    assert (rate.done, rate.total, rate.total_done) == (yuan("94.4"), yuan("67.6"), yuan("75.1"))
    again = {one.indicator: one for one in rows_of(Span.of(SpanKind.MONTH, MARCH.plus(12)), TODAY)}
    assert again[Indicator.INCOME].against == yuan("-100.0")
    whole = {one.indicator: one for one in rows_of(Span.of(SpanKind.YEAR, MARCH), TODAY)}
    assert (whole[Indicator.INCOME].quarter, whole[Indicator.INCOME].month) == (None, None)
    assert whole[Indicator.INCOME].done == yuan("11.5")


def test_a_year_is_split_like_the_actual_months_of_last_year(golden: Estate) -> None:
    made = set_target(Indicator.INCOME, YEAR + 1, yuan("276000.00"), Split.LAST_YEAR)
    months = months_of(made)
    assert (months[Month(YEAR + 1, 2)], months[Month(YEAR + 1, 3)]) == (80_000, 196_000)
    assert sum(months.values()) == 276_000
    with pytest.raises(RuleBroken, match="没有成本的实际数"):
        set_target(Indicator.COST, YEAR + 1, yuan("1.00"), Split.LAST_YEAR)


# -- costs -----------------------------------------------------------------------------------------


def test_a_corrected_cost_asks_why_and_the_old_row_stays(office: Path) -> None:
    cost(MARCH, "100.00")
    with pytest.raises(RuleBroken, match="请填更正原因"):
        cost(MARCH, "120.00")
    with pytest.raises(RuleBroken, match="没有要改的"):
        cost(MARCH, "100.00")
    cost(MARCH, "120.00", reason="漏了一张发票")
    assert [one.amount for one in MonthCost.select()] == [100, 120]
    assert LISTS["month_costs"](Filters()).totals() == (1, {"amount": 120})
    assert LISTS["month_costs"](Filters(void=True)).totals() == (2, {"amount": 120})
    with pytest.raises(RowRefused, match="还没有到"):
        cost(NOW.plus(1), "1.00")
    row = {"month": MARCH, "kind": CostKind.TAXES, "amount": yuan("1"), "note": None}
    with pytest.raises(RowRefused, match="第 2 行"):
        enter_costs([row, row])
    with pytest.raises(peewee.IntegrityError):
        db.execute_sql("DELETE FROM month_cost")


def test_the_sheet_of_costs_is_of_last_month_unless_chosen(office: Path) -> None:
    cost(NOW.plus(-1), "100.00")
    sheet = ENTRIES["costing"].sheet(Filters())
    assert [line.key for line in sheet.lines] == [kind.value for kind in CostKind]
    assert sheet.lines[0].fixed["month"] == NOW.plus(-1) and sheet.lines[0].offered["amount"] == 100
    assert ENTRIES["costing"].sheet(Filters(period=Period.of_month(NOW))).lines[0].told[2] == 100
    ahead = ENTRIES["costing"].sheet(Filters(period=Period.of_month(NOW.plus(1))))
    assert ahead.lines == [] and "还没有到" in ahead.warns


# -- deliveries ------------------------------------------------------------------------------------


def ready(estate: Estate) -> None:
    set_target(Indicator.INCOME, YEAR, yuan("1200000.00"))
    for number in range(1, 5):
        cost(Month(YEAR, number), "1000.00")


def test_what_is_delivered_stays_and_a_difference_makes_a_correction(golden: Estate) -> None:
    ready(golden)
    first = deliver(month=MARCH)
    assert first.number == f"CW-{YEAR}03-处" and first.due == due_of(first.span)
    with pytest.raises(RuleBroken, match="数字没有变"):
        deliver(month=MARCH, reason="再来")
    old = Bill.get((Bill.month == MARCH) & (Bill.amount == yuan("100000.00")))
    receive(Unit.find("1-1-101"), yuan("500.00"), on=date(YEAR, 3, 30), bills=[old])
    with pytest.raises(RuleBroken, match="请填更正原因"):
        deliver(month=MARCH)
    set_target(Indicator.INCOME, YEAR, yuan("2400000.00"), reason="上调")
    again = deliver(month=MARCH, reason="补录 3 月收款")
    assert (again.number, again.version) == (f"CW-{YEAR}03-处-更正1", 1)
    collected = [
        {one.indicator: one for one in made.rows()}[Indicator.COLLECTED].actual for made in (first, again)
    ]
    assert collected == [93_300, 93_800]
    assert {one.rows()[0].year for one in (first, again)} == {1_200_000}, "as it was aimed at first"
    with pytest.raises(peewee.IntegrityError):
        db.execute_sql("UPDATE delivery_row SET actual = 1")
    assert DeliveryRow.select().count() == 12


def test_a_quarter_and_a_year_are_delivered_too(golden: Estate) -> None:
    ready(golden)
    assert deliver(SpanKind.QUARTER, MARCH).number == f"CW-{YEAR}Q1-处"
    with pytest.raises(RuleBroken, match=f"{YEAR}-05、{YEAR}-06"):
        deliver(SpanKind.QUARTER, Month(YEAR, 5))
    for number in range(5, 13):
        cost(Month(YEAR, number), "1000.00")
    assert deliver(SpanKind.YEAR, MARCH).number == f"CW-{YEAR}-处"


def test_nothing_is_delivered_that_is_not_over_or_has_no_target_or_cost(golden: Estate) -> None:
    with pytest.raises(RuleBroken, match="还没有过完"):
        deliver(month=NOW)
    with pytest.raises(RuleBroken, match="还没有定目标"):
        deliver(month=MARCH)
    set_target(Indicator.INCOME, YEAR, yuan("1.00"))
    with pytest.raises(RuleBroken, match=f"{MARCH} 还没有录成本"):
        deliver(month=MARCH)
    assert Delivery.select().count() == 0


def test_it_is_due_on_the_tenth_or_the_working_day_before(office: Path) -> None:
    assert due_of(Span.of(SpanKind.MONTH, Month(2026, 9))) == date(2026, 10, 10)  # a make-up day
    assert due_of(Span.of(SpanKind.MONTH, Month(2026, 4))) == date(2026, 5, 9)  # 10 May is a Sunday
    set_delivery_day(day=5)
    assert due_of(Span.of(SpanKind.QUARTER, Month(2026, 6))) == date(2026, 7, 3)


def test_what_is_due_soon_or_late_is_told(golden: Estate) -> None:
    last = NOW.plus(-1)
    with clock.standing_at(clock.now().replace(year=last.year, month=last.month, day=20)):
        set_target(Indicator.INCOME, last.year, yuan("1.00"))
    span = Span.of(SpanKind.MONTH, last)
    due = due_of(span)
    assert [one for one in spans_to_deliver(NOW.first) if one.kind is SpanKind.MONTH] == [span]

    def told(day: date) -> list[tuple[str, str]]:
        found = [
            (one.tone, one.title) for one in reminders_on(day) if one.page in ("deliveries", "indicators")
        ]
        return [one for one in found if last.chinese in one[1] or "逾期" in one[1]]

    assert [tone for tone, _ in told(due - timedelta(days=7))] == ["info"]
    assert [tone for tone, _ in told(due - timedelta(days=3))] == ["warning"]
    assert "今天要报送" in told(due)[0][1]
    assert told(due + timedelta(days=1))[0][0] == "danger"
    cost(last, "1.00")
    deliver(month=last)
    assert told(due) == []


def test_what_changed_since_it_was_delivered_is_told(estate: Estate) -> None:
    last = NOW.plus(-1)
    set_target(Indicator.INCOME, last.year, yuan("1200.00"))
    cost(last, "1.00")
    made = deliver()
    assert changed_since(TODAY) == []
    cost(last, "2.00", reason="漏了")
    assert changed_since(TODAY) == [made]
    assert any("请更正报送" in one.title for one in reminders_on(TODAY))
    deliver(reason="成本更正")
    assert changed_since(TODAY) == []


def test_who_sees_the_indicators_needs_no_right_to_fees_and_gets_the_whole_office(golden: Estate) -> None:
    ready(golden)
    deliver(month=MARCH)
    person = worker("绩效", "绩效专员")
    with deeds.acting(person):
        row = next(iter(LISTS["indicators"](Filters(period=Period.of_month(MARCH))).rows()))
        assert row.values[4] == "98,000.00"
        assert [one.title for one in figures_on(TODAY)] == ["收入累计完成率"]
        assert [chart.title for chart in charts_of("indicators", Filters(period=Period.of_month(MARCH)))] == [
            f"{YEAR}年各月收入与目标（万元）", f"{YEAR}年各月收缴率与目标（%）",
        ]  # fmt: skip
        with pytest.raises(PermissionDenied):
            deliver(month=MARCH)
    assert [hit.title for hit in find(f"CW-{YEAR}03")] == [f"CW-{YEAR}03-处"]


def test_a_figure_opens_its_lines(golden: Estate) -> None:
    opened = {one: lines_of(f"{YEAR}03:{one.name}") for one in Indicator}
    assert {one: opens.page for one, opens in opened.items()} == {
        Indicator.INCOME: "bills", Indicator.COLLECTED: "receipts", Indicator.RATE: "bills",
        Indicator.COST: "month_costs", Indicator.PROFIT: "month_costs", Indicator.PER_HEAD: "bills",
    }  # fmt: skip
    lines = LISTS["bills"](Filters(**opened[Indicator.INCOME].filters)).meeting(
        *opened[Indicator.INCOME].asked
    )
    assert lines.count() >= 1
    assert lines_of(f"{YEAR}Q1:COST").filters["period"].name == f"{YEAR}Q1"
    assert lines_of(f"{YEAR}:COST").filters["period"].name == str(YEAR)
