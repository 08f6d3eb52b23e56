"""Contracted services: programmes reviewed, rounds inspected, months scored, what follows from a score."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import peewee
import pytest

from desktop import modules
from models import deeds
from models.base import db
from models.checks import run_invariants
from models.clock import standing_at
from models.desk import reminders_on
from models.errors import BadInput, NeedsApproval, RuleBroken
from models.listings import LISTS, Filters
from models.months import Month, Period
from models.office.applying import request
from models.office.approvals import Approval
from models.rows import RowRefused
from models.suppliers.contracts import SupplyContract, add_contract, end_contract
from models.suppliers.ending.letters import SupplierLetter
from models.suppliers.ending.open import open_things
from models.suppliers.ending.terminations import Termination
from models.suppliers.kinds import Category
from models.suppliers.register import Supplier
from models.suppliers.scoring.criteria import Measure
from models.suppliers.scoring.facts import facts_of
from models.suppliers.services.areas import ServiceArea, areas_of, set_service_areas
from models.suppliers.services.inspections import (
    InspectionState,
    Recheck,
    ServiceInspection,
    inspect_service,
    recheck_service,
    round_of,
)
from models.suppliers.services.lists import service_scoring
from models.suppliers.services.programmes import (
    POINTS,
    Fits,
    ProgrammeState,
    ServiceProgramme,
    redo_programme,
    rows_of,
    submit_programme,
)
from models.suppliers.services.scores import (
    ServiceScore,
    ServiceScoreLine,
    ServiceState,
    confirm_service,
    open_service_scores,
    score_service,
    sign_service_scores,
)
from models.suppliers.settling.deductions import SupplierDeduction
from models.suppliers.settling.drafting import payables_of
from tests.estate import Estate
from tests.office_people import worker
from tests.trade import TODAY, contractor, looked, qualified

modules.load()

D = Decimal
LAST = Month.of(TODAY).plus(-1)
ROW = {"area": "修剪", "frequency": "每月一次", "staff": 3, "material": "机具", "note": None}


@pytest.fixture(autouse=True)
def _as_the_office(estate: Estate) -> Iterator[None]:
    with deeds.acting(deeds.TheOffice()):
        yield


@pytest.fixture
def supplier() -> Supplier:
    with standing_at(datetime.combine(LAST.plus(-6).first, datetime.min.time()) + timedelta(hours=9)):
        return contractor(since=LAST.plus(-6).first)


def scored(supplier: Supplier, month: Month, off: int) -> ServiceScore:
    """Score a month, so many marks off its first areas, ready to be signed."""
    open_service_scores(month)
    one = ServiceScore.get(supplier=supplier, month=month)
    rows = []
    for line in one.lines.order_by(ServiceScoreLine.position):
        mine = min(off, line.full)
        rows.append({"line": line, "off": D(mine), "facts": "绿篱超期" if mine else None})
        off -= mine
    score_service(rows)
    return confirm_service(ServiceScore.get_by_id(one.id), "苗春生")


def signed(supplier: Supplier, month: Month, off: int) -> str:
    return sign_service_scores([scored(supplier, month, off)]).summary()


# -- programmes ------------------------------------------------------------------------------------


def points(**changes: Fits | None) -> dict[str, Any]:
    return dict.fromkeys(POINTS, Fits.YES) | changes


def test_a_programme_is_reviewed_point_by_point(supplier: Supplier) -> None:
    month = Month.of(TODAY)
    one = submit_programme(supplier, month, [ROW])
    assert one.number == f"FS-{month.first:%Y%m}-绿化" and one.described().endswith(month.chinese)
    with pytest.raises(RuleBroken, match="已登记（待审核）"):
        submit_programme(supplier, month, [ROW])
    with pytest.raises(BadInput, match="安全 还没有结论"):
        one.review(**points(safe=None))
    with pytest.raises(BadInput, match="环保、告知住户 不符合，请写修改意见"):
        one.review(**points(clean=Fits.NO, told=Fits.NO))
    one.review(advice="注明药剂", **points(clean=Fits.NO))
    assert ServiceProgramme.get().state is ProgrammeState.RETURNED
    with pytest.raises(RuleBroken, match="不能改为"):
        ServiceProgramme.get().review(**points())
    rows = rows_of(ServiceProgramme.get())
    assert rows == [ROW]
    redo_programme(ServiceProgramme.get(), [ROW, ROW | {"area": "浇灌"}])
    ServiceProgramme.get().review(**points())
    passed = ServiceProgramme.get()
    assert (passed.state, passed.lines.count()) == (ProgrammeState.PASSED, 2)
    with pytest.raises(RuleBroken, match="已审核通过"):
        redo_programme(passed, [ROW])
    for sql in ("UPDATE service_programme SET advice = 'x'", "DELETE FROM programme_line"):
        with pytest.raises(peewee.IntegrityError):
            db.execute_sql(sql)


def test_a_programme_goes_to_the_director_and_is_not_changed_meanwhile(supplier: Supplier) -> None:
    chief, boss = worker("苏", "客服主管"), worker("何", "管理处主任")
    with deeds.acting(chief):
        one = submit_programme(supplier, Month.of(TODAY), [ROW])
        with pytest.raises(NeedsApproval):
            one.review(**points())
        asked = request("suppliers.review_programme", {**points(), "advice": None}, key=one.number)
        with pytest.raises(RuleBroken, match="正在审批"):
            redo_programme(ServiceProgramme.get(), [ROW])
    with deeds.acting(boss):
        Approval.find(asked.number).approve()
    assert ServiceProgramme.get().approval == asked.number


def test_only_who_works_by_the_month_has_programmes_and_rounds(supplier: Supplier) -> None:
    other = qualified()
    with pytest.raises(RuleBroken, match="没有按月付费的合同"):
        submit_programme(other, Month.of(TODAY), [ROW])
    with pytest.raises(RuleBroken, match="没有按月付费的外包合同"):
        looked(other, ("修剪", None))
    with pytest.raises(RuleBroken, match="没有按月付费的合同"):
        submit_programme(supplier, LAST.plus(-9), [ROW])


# -- inspections -----------------------------------------------------------------------------------


def test_what_is_wrong_is_mended_and_looked_at_again(supplier: Supplier) -> None:
    fine, bad = looked(supplier, ("浇灌", None), ("修剪", "绿篱超期"), leader="苗春生")
    assert (fine.state, bad.state) == (InspectionState.FINE, InspectionState.OPEN)
    assert bad.due == TODAY + timedelta(days=3)
    with pytest.raises(RuleBroken, match="不用复查"):
        recheck_service(fine, Recheck.GOOD)
    with pytest.raises(BadInput, match="早于监察日期"):
        recheck_service(bad, Recheck.GOOD, day=TODAY - timedelta(days=1))
    with pytest.raises(BadInput, match="早于复查日期"):
        recheck_service(bad, Recheck.BAD, TODAY - timedelta(days=1))
    recheck_service(bad, Recheck.BAD, TODAY + timedelta(days=1))
    again = ServiceInspection.get_by_id(bad.id)
    assert (again.state, again.failed, again.due) == (InspectionState.OPEN, 1, TODAY + timedelta(days=1))
    with deeds.acting(worker("苏", "客服主管")):
        assert any("外包整改到期" in one.title for one in reminders_on(TODAY + timedelta(days=2)))
    recheck_service(again, Recheck.GOOD)
    assert ServiceInspection.get_by_id(bad.id).state is InspectionState.DONE
    with pytest.raises(peewee.IntegrityError):
        db.execute_sql("UPDATE service_inspection SET problem = NULL")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"demand": None}, "有问题的要写整改要求"),
        ({"problem": None}, "没有写问题"),
        ({"due": TODAY - timedelta(days=1)}, "早于监察日期"),
        ({"actual": None}, "应到和实到要一起填"),
    ],
)
def test_a_row_of_a_round_makes_sense_or_nothing_is_written(
    supplier: Supplier, changes: dict[str, Any], sentence: str
) -> None:
    row = {"area": "修剪", "expected": 3, "actual": 2, "problem": "未剪", "demand": "剪", "due": None}
    fine = row | {"problem": None, "demand": None}
    with pytest.raises(RowRefused, match=sentence):
        inspect_service(supplier, [fine, row | changes])
    with pytest.raises(BadInput, match="监察时间"):
        inspect_service(supplier, [fine], at=datetime.now() + timedelta(days=1))
    assert not ServiceInspection.select().count()


# -- scores ----------------------------------------------------------------------------------------


def test_areas_make_a_hundred_and_are_of_services() -> None:
    row = {"name": "修剪", "standard": "整齐", "full": 90, "rule": "一处 2 分"}
    with pytest.raises(RuleBroken, match="合计 90，要正好 100"):
        set_service_areas(Category.GREENING, [row])
    with pytest.raises(BadInput, match="不是外包服务"):
        set_service_areas(Category.FOOD, [row | {"full": 100}])
    with pytest.raises(RowRefused, match="写了两次"):
        set_service_areas(Category.GREENING, [row | {"full": 50}, row | {"full": 50}])
    assert [sum(one.full for one in areas_of(kind)) for kind in Category][3:6] == [100] * 3
    set_service_areas(Category.UPKEEP, [row | {"full": 100}])
    assert ServiceArea.select().where(ServiceArea.category == Category.UPKEEP).count() == 1


def test_a_month_is_scored_with_facts_and_freezes_when_it_is_signed(supplier: Supplier) -> None:
    with pytest.raises(BadInput, match="还没有到"):
        open_service_scores(Month.of(TODAY).plus(1))
    open_service_scores(LAST)
    with pytest.raises(RuleBroken, match="没有还要月评的外包"):
        open_service_scores(LAST)
    one = ServiceScore.get()
    line = one.lines.order_by(ServiceScoreLine.position).get()
    for off, facts, sentence in (
        (D(21), "未剪", "不能扣 21"), (D(2), None, "请写事实，“修剪”扣了 2 分"),
    ):  # fmt: skip
        with pytest.raises(RowRefused, match=sentence):
            score_service([{"line": line, "off": off, "facts": facts}])
    with pytest.raises(RuleBroken, match="还没有评分，不能签"):
        sign_service_scores([one])
    rows = [{"line": line, "off": D(0), "facts": None} for line in one.lines]
    score_service(rows)
    with pytest.raises(RuleBroken, match="还没有外包方确认"):
        sign_service_scores([ServiceScore.get()])
    confirm_service(ServiceScore.get(), "拒签")
    assert sign_service_scores([ServiceScore.get()]).summary() == "没有要扣费的。"
    one = ServiceScore.get()
    assert (one.state, one.score, one.grade, one.deducted) == (ServiceState.SIGNED, D(100), "A", D(0))
    with pytest.raises(RowRefused, match="已签，分数不能再改"):
        score_service([{"line": ServiceScoreLine.get(), "off": D(1), "facts": "x"}])
    for refused in (lambda: sign_service_scores([one]), lambda: confirm_service(one, "苗")):
        with pytest.raises(RuleBroken, match="已签"):
            refused()
    for sql in ("UPDATE service_score SET score = 1", "UPDATE service_score_line SET off = 1"):
        with pytest.raises(peewee.IntegrityError):
            db.execute_sql(sql)
    assert not run_invariants()


def test_a_month_is_not_signed_before_it_is_over(supplier: Supplier) -> None:
    one = scored(supplier, Month.of(TODAY), 0)
    with pytest.raises(RuleBroken, match="还没有过完"):
        sign_service_scores([one])


@pytest.mark.parametrize(("off", "deducted"), [(20, 0), (21, 30), (30, 300), (100, 2400)])
def test_what_is_below_the_mark_costs_part_of_the_fee(supplier: Supplier, off: int, deducted: int) -> None:
    told = signed(supplier, LAST, off)
    one = ServiceScore.get()
    assert (one.score, one.deducted) == (D(100 - off), D(deducted))
    assert SupplierDeduction.select().count() == SupplierLetter.select().count() == bool(deducted)
    if deducted:
        assert f"扣服务费 {deducted}.00 元" in told and "绿篱超期" in SupplierLetter.get().facts
        assert SupplierDeduction.get().source == one.number
        owed = payables_of(supplier, TODAY)
        assert sum(line.amount for line in owed if line.deduction) == D(-deducted)


def test_a_contract_that_agrees_on_nothing_costs_nothing() -> None:
    first = LAST.plus(-2).first
    supplier = contractor(since=first, pass_mark=None, cut=None, end_mark=None)
    for month in (LAST.plus(-1), LAST):
        assert signed(supplier, month, 60) == "没有要扣费的。"
    assert not Termination.select().count()
    with pytest.raises(BadInput, match="要一起填"):
        add_contract(supplier, first, TODAY, D(1), number="X", title="x", pass_mark=80)


@pytest.mark.parametrize(("first", "second", "begun"), [(31, 31, 1), (31, 30, 0), (30, 31, 0)])
def test_two_very_low_months_in_a_row_begin_a_termination(
    supplier: Supplier, first: int, second: int, begun: int
) -> None:
    signed(supplier, LAST.plus(-1), first)
    told = signed(supplier, LAST, second)
    assert Termination.select().count() == begun and ("启动终止 ZZ-" in told) is bool(begun)
    if begun:
        notice = Termination.get()
        assert "69 分" in notice.facts and "连续两个月月评低于 70 分" in notice.clause


def test_scores_feed_the_evaluation(supplier: Supplier) -> None:
    signed(supplier, LAST.plus(-1), 10)
    signed(supplier, LAST, 5)
    found = facts_of([supplier], LAST.plus(-1).first, LAST.last)[supplier.id]
    assert found.value(Measure.SERVICE) == D("92.50") and found.told(Measure.SERVICE) == "2 个月平均 92.50"
    assert facts_of([supplier], TODAY, TODAY)[supplier.id].value(Measure.SERVICE) is None


def test_signing_goes_to_the_director_and_nothing_changes_meanwhile(supplier: Supplier) -> None:
    chief, boss = worker("苏", "客服主管"), worker("何", "管理处主任")
    with deeds.acting(chief):
        one = scored(supplier, LAST, 3)
        with pytest.raises(NeedsApproval):
            sign_service_scores([one])
        asked = request("suppliers.sign_service_scores", {"scores": [one], "words": None})
        line = one.lines.get()
        with pytest.raises(RowRefused, match="正在审批"):
            score_service([{"line": line, "off": D(0), "facts": None}])
    with deeds.acting(boss):
        Approval.find(asked.number).approve()
    assert ServiceScore.get().approval == asked.number


def test_the_sheet_tells_what_rounds_found_and_the_desk_what_is_due(supplier: Supplier) -> None:
    day = LAST.day(12)
    with standing_at(datetime.combine(day, datetime.min.time()) + timedelta(hours=9)):
        looked(supplier, ("修剪", "绿篱超期"), ("浇灌", None))
    with deeds.acting(worker("苏", "客服主管")):
        start = LAST.plus(1).first
        titles = [one.title for one in reminders_on(start)]
        assert f"碧园绿化 {LAST.chinese}的月评还没有开始" in titles
        assert "碧园绿化 7 天没有监察" in titles
        open_service_scores(LAST)
        sheet = service_scoring.sheet(Filters(period=Period.of_month(LAST)))
        assert sheet.lines[0].told[4] == f"{day:%m-%d} 绿篱超期"
        assert sheet.lines[0].offered == {"off": D(0), "facts": f"{day:%m-%d} 绿篱超期"}
        titles = [one.title for one in reminders_on(LAST.plus(1).day(5))]
        assert "外包月评还没有签完" in titles
        assert any("本月的计划方案还没有审核" in one for one in titles)
    for name, count in (
        ("service_scores", 1), ("service_score_lines", 6), ("service_inspections", 2),
        ("service_programmes", 0), ("service_areas", 17),
    ):  # fmt: skip
        filters = Filters() if name == "service_areas" else Filters(supplier=supplier)
        assert len(list(LISTS[name](filters).rows())) == count, name


# -- what a hostile reader found -------------------------------------------------------------------


def test_a_deduction_of_an_ended_contract_is_there_for_its_last_settlement(supplier: Supplier) -> None:
    end = LAST.day(10)
    end_contract(SupplyContract.get(), end, "不合格")
    told = standing_at(datetime.combine(LAST.day(12), datetime.min.time()) + timedelta(hours=9))
    with told:
        signed(supplier, LAST, 40)
        assert SupplierDeduction.get().day == end
        assert any(one.deduction for one in payables_of(supplier, LAST.day(12)))


def test_a_score_that_is_not_signed_is_open(supplier: Supplier) -> None:
    one = scored(supplier, LAST, 0)
    assert f"外包月评 {one.number} 没有签" in open_things(supplier)
    sign_service_scores([ServiceScore.get()])
    assert not any("外包月评" in told for told in open_things(supplier))


def test_months_are_compared_within_a_contract_and_in_either_order(supplier: Supplier) -> None:
    add_contract(
        supplier, LAST.plus(-1).first, TODAY + timedelta(days=90), D(100), number="FW-2", title="花卉",
        pass_mark=80, cut=D(1), end_mark=70,
    )  # fmt: skip
    for month in (LAST.plus(-1), LAST):
        open_service_scores(month)
    low = {(LAST.plus(-1), "FW-2"), (LAST, "FW-碧园绿化")}
    for one in ServiceScore.select().order_by(ServiceScore.month.desc()):
        off = 40 if (one.month, one.contract.number) in low else 0
        rows = []
        for line in one.lines.order_by(ServiceScoreLine.position):
            mine = min(off, line.full)
            off -= mine
            rows.append({"line": line, "off": D(mine), "facts": "超期" if mine else None})
        score_service(rows)
        confirm_service(ServiceScore.get_by_id(one.id), "苗")
        sign_service_scores([ServiceScore.get_by_id(one.id)])
    assert not Termination.select().count()


def test_a_later_month_that_was_signed_first_counts_too(supplier: Supplier) -> None:
    signed(supplier, LAST, 40)
    assert "启动终止" in signed(supplier, LAST.plus(-1), 40)
    assert Termination.get().facts.startswith(LAST.plus(-1).chinese)


def test_a_confirmation_does_not_change_under_an_approval(supplier: Supplier) -> None:
    chief, _ = worker("苏", "客服主管"), worker("何", "管理处主任")
    with deeds.acting(chief):
        one = scored(supplier, LAST, 40)
        asked = request("suppliers.sign_service_scores", {"scores": [one], "words": None})
        assert asked.amount == D(600)
        with pytest.raises(RuleBroken, match="正在审批"):
            confirm_service(ServiceScore.get(), "已同意")


def test_a_programme_that_is_done_again_has_no_conclusions_left(supplier: Supplier) -> None:
    one = submit_programme(supplier, Month.of(TODAY), [ROW])
    one.review(advice="注明药剂", **points(clean=Fits.NO))
    again = redo_programme(ServiceProgramme.get(), [ROW])
    assert [getattr(again, name) for name in (*POINTS, "reviewed_at", "approval")] == [None] * 7
    assert again.advice == "注明药剂"


def test_problems_stand_beside_the_area_they_name_or_at_the_first(supplier: Supplier) -> None:
    with standing_at(datetime.combine(LAST.day(12), datetime.min.time()) + timedelta(hours=9)):
        looked(supplier, ("东区浇灌", "草坪发黄"), ("仓库", "农药乱放"))
    open_service_scores(LAST)
    day = f"{LAST.day(12):%m-%d}"
    told = {line.told[1]: line.told[4] for line in service_scoring.sheet(Filters()).lines}
    assert (told["修剪"], told["浇灌"]) == (f"{day} 仓库 农药乱放", f"{day} 东区浇灌 草坪发黄")


def test_a_round_is_walked_again_through_its_areas(supplier: Supplier) -> None:
    first, _ = looked(supplier, ("修剪", "绿篱超期"), ("浇灌", None))
    rows = round_of(first)
    assert [(row["area"], row["expected"], row["problem"]) for row in rows] == [
        ("修剪", 3, None),
        ("浇灌", 3, None),
    ]
    inspect_service(supplier, rows)
    assert ServiceInspection.select().count() == 4
