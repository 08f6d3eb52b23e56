"""What is found in the store, told, written off and kept back; allowed and forbidden."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from models import deeds
from models.canteen import desk, invariants  # noqa: F401 - they are run
from models.canteen.issues import Meal
from models.canteen.items import StockItem
from models.canteen.lots import Freshness, freshness
from models.canteen.moves import MoveKind, StockMove
from models.canteen.notices import (
    ExpiryNotice,
    NoticeState,
    Rest,
    answer_notice,
    notify_expiry,
    rows_of,
    to_notify,
)
from models.canteen.opening import open_stock
from models.canteen.outlook import outlooks
from models.canteen.problems import (
    Abnormal,
    ProblemState,
    StockProblem,
    Verdict,
    close_problem,
    decide_problem,
    report_problem,
)
from models.canteen.rules import rules
from models.canteen.samples import FoodSample, destroy_samples, keep_samples
from models.canteen.shelf import ShelfUnit
from models.canteen.weekly import (
    CheckPoint,
    Passed,
    StoreCheck,
    StoreCheckLine,
    mend_store,
    monday_of,
    store_checking,
)
from models.canteen.writeoffs import Disposal, Spoilt, WriteOff, write_off
from models.checks import run_invariants
from models.clock import standing_at
from models.desk import reminders_on
from models.errors import BadInput, RuleBroken
from models.listings import listed
from models.office.applying import request
from models.office.approvals import Approval
from models.office.staff import Department
from models.rows import RowRefused
from models.suppliers.kinds import LicenceKind
from models.suppliers.licences import add_licence
from models.suppliers.orders import order
from tests import pantry
from tests.office_people import worker
from tests.pantry import TODAY, fresh

D = Decimal


@pytest.fixture
def rice(office: Path) -> Iterator[StockItem]:
    yield pantry.item()


def lost(lot: object, quantity: str | None = None, reason: Spoilt = Spoilt.EXPIRED) -> WriteOff:
    row = {"lot": lot, "quantity": fresh(lot).stock if quantity is None else D(quantity), "reason": reason}
    with deeds.acting(deeds.TheOffice()):
        return write_off([row], Disposal.DYED, pantry.cook())


# -- what went bad ---------------------------------------------------------------------------------


def test_what_went_bad_is_set_apart_until_it_is_decided(rice: StockItem) -> None:
    lot = pantry.brought(rice, "2", good=100)
    problem = report_problem(lot, Abnormal.PESTS, D(5))
    assert freshness(fresh(lot), TODAY) is Freshness.APART
    with pytest.raises(RowRefused, match="已隔离 50 kg"):
        pantry.issued((rice, "1"))
    with pytest.raises(RuleBroken, match="还没有办结"):
        report_problem(fresh(lot), Abnormal.SMELL)
    with pytest.raises(RuleBroken, match="主管还没有处理"):
        close_problem(problem, "扔了")
    decide_problem(problem, Verdict.WRITE_OFF, "挑出来销毁")
    lost(fresh(lot), "5", Spoilt.PESTS)
    with pytest.raises(RuleBroken, match="还有 45 kg 隔离着"):
        close_problem(problem, "已销毁")
    close_problem(problem, "已销毁", release=True)
    pantry.issued((rice, "45"))
    assert (fresh(rice).stock, fresh(rice).value) == (D(0), D(0))
    assert not run_invariants()


def test_what_is_released_may_be_issued_but_not_once_it_has_expired(rice: StockItem) -> None:
    good, old = pantry.brought(rice, "1", good=90), pantry.brought(rice, "1", ago=9, good=-1)
    problem = decide_problem(report_problem(good, Abnormal.BROKEN), Verdict.RELEASE)
    assert problem.state is ProblemState.CLOSED and not fresh(good).apart
    with pytest.raises(RuleBroken, match="不能放行"):
        decide_problem(report_problem(old, Abnormal.MOULD), Verdict.RELEASE)


def test_no_more_is_reported_than_there_is(rice: StockItem) -> None:
    lot = pantry.brought(rice, "1")
    with pytest.raises(RuleBroken, match="结存 25 kg"):
        report_problem(lot, Abnormal.MOULD, D(26))
    assert not StockProblem.select().exists() and not fresh(lot).apart


# -- write-offs ------------------------------------------------------------------------------------


def test_expired_goods_are_written_off_along_their_chain(rice: StockItem) -> None:
    old = pantry.brought(rice, "1", "120", ago=9, good=-1)
    keeper = worker("曹桂芝", "食堂仓库管理员")
    given = {
        "rows": [{"lot": old, "quantity": fresh(old).stock, "reason": Spoilt.EXPIRED}],
        "disposal": Disposal.DYED,
    }
    given["witness"] = pantry.cook()
    chain = (("苏主管", "客服主管"), ("何主任", "管理处主任"), ("沈会计", "会计"))
    approvers = [worker(name, role) for name, role in chain]
    with deeds.acting(keeper):
        asked = request("canteen.write_off", given)
    assert asked.number.startswith("BSD-") and fresh(rice).stock == D(25)
    for approver in approvers:
        with deeds.acting(approver):
            Approval.find(asked.number).approve()
    made = WriteOff.get()
    assert (made.number, made.made_by) == (asked.number, "曹桂芝")
    assert (fresh(rice).stock, fresh(rice).value) == (D(0), D(0))
    assert StockMove.get(StockMove.kind == MoveKind.WRITTEN_OFF).amount == D("-120.00")


def test_a_write_off_that_cannot_be_is_refused(rice: StockItem) -> None:
    lot = pantry.brought(rice, "1")
    with pytest.raises(RowRefused, match="结存 25 kg，不能报损 26 kg"):
        lost(lot, "26", Spoilt.BROKEN)
    with pytest.raises(RowRefused, match="还没有过期"):
        lost(lot, "1")
    row = {"lot": lot, "quantity": D(1), "reason": Spoilt.BROKEN}
    with deeds.acting(deeds.TheOffice()), pytest.raises(RowRefused, match="写了两行"):
        write_off([row, row], Disposal.DYED, pantry.cook())
    assert not WriteOff.select().exists() and fresh(lot).stock == D(25)


# -- the weekly check ------------------------------------------------------------------------------


def test_a_week_is_checked_once_and_point_by_point(office: Path) -> None:
    from models.canteen.weekly import check_store

    given = {"room": D(18), "damp": 55, "cool": D(4), "frozen": D(-19)}
    rows = [{"point": point, "passed": Passed.GOOD} for point in CheckPoint]
    with pytest.raises(RuleBroken, match="还有 2 项没有查：有毒物分存、清洁"):
        check_store(rows[:-2], **given)
    with pytest.raises(RowRefused, match="不合格的要写问题和处理"):
        check_store([{**rows[0], "passed": Passed.BAD}, *rows[1:]], **given)
    with pytest.raises(RowRefused, match="写了两行"):
        check_store([rows[0], *rows], **given)
    assert not StoreCheck.select().exists()
    made = check_store(rows, **{**given, "cool": D("9.5")})
    assert made.week == monday_of(TODAY) and made.strange() == "冷藏 9.5℃ 高于 8.0℃"
    with pytest.raises(RuleBroken, match="一周一次"):
        check_store(rows, **given)


def test_what_a_check_found_wrong_is_put_right_once(office: Path) -> None:
    pantry.check_week(bad=CheckPoint.PESTS)
    line = StoreCheckLine.get(StoreCheckLine.passed == Passed.BAD)
    assert mend_store(line).done_on == TODAY
    with pytest.raises(RuleBroken, match="没有要整改的"):
        mend_store(fresh(line))


def test_the_sheet_has_all_points_and_asks_for_each(office: Path) -> None:
    sheet = store_checking.sheet(listed_filters())
    assert [line.key for line in sheet.lines] == [point.value for point in CheckPoint]
    assert sheet.judge(sheet.lines[0], {}) == "没有填结果"
    pantry.check_week()
    assert "本周已登记" in store_checking.sheet(listed_filters()).warns


def listed_filters() -> object:
    from models.listings import Filters

    return Filters()


def test_a_week_left_out_is_told(rice: StockItem) -> None:
    pantry.brought(rice, "1", good=90)
    with standing_at(datetime.now() - timedelta(days=14)):
        pantry.check_week()
    told = [one.title for one in reminders_on(TODAY)]
    assert "上周的贮存周检查漏检" in told
    friday = monday_of(TODAY) + timedelta(days=4)
    assert "本周还没有做贮存周检查" in [one.title for one in reminders_on(friday)]


def test_the_storekeeper_is_told_of_late_orders_and_lapsing_papers(rice: StockItem) -> None:
    source = pantry.supplier()
    add_licence(source, LicenceKind.HEALTH, TODAY + timedelta(days=5), "J1", "甄满仓")
    with standing_at(datetime.now() - timedelta(days=3)):
        order(source, [{"goods": rice.goods, "quantity": D(1), "price": D(100)}], TODAY - timedelta(days=2))
    told = {"采购订单逾期未到，请告诉采购员", "供方证照 30 天内到期，请供方换证"}
    with deeds.acting(worker("曹桂芝", "食堂仓库管理员")):
        assert told <= {one.title for one in reminders_on(TODAY)}
    with deeds.acting(worker("于静", "品质管理员")):
        assert not told & {one.title for one in reminders_on(TODAY)}


# -- what expires ----------------------------------------------------------------------------------


def test_a_department_is_told_once_a_week_ahead_and_answers(rice: StockItem) -> None:
    oil = pantry.item("大豆油")
    soon = pantry.brought(rice, "1", ago=60, good=7)
    pantry.brought(oil, "1", ago=60, good=8)
    tofu = pantry.item("豆腐", "豆制品", shelf=5, shelf_unit=ShelfUnit.DAYS)  # used up at once, no notice
    open_stock([{"item": tofu, "quantity": D(3), "price": D(4), "expires_on": TODAY + timedelta(days=4)}])
    assert to_notify(TODAY) == [soon]
    kitchen = Department.find("食堂")
    notice = notify_expiry(kitchen)
    assert [line.lot for line in notice.lines] == [soon]
    with pytest.raises(RuleBroken, match="没有 7 天内到期"):
        notify_expiry(kitchen)
    rows = rows_of(notice)
    with pytest.raises(RowRefused, match="请选剩余处置"):
        answer_notice(notice, [{**rows[0], "taken": D(20)}], "佟大勺")
    with pytest.raises(RowRefused, match="领用数不能更多"):
        answer_notice(notice, [{**rows[0], "taken": D(26)}], "佟大勺")
    answer_notice(notice, [{**rows[0], "taken": D(20), "rest": Rest.RETURN}], "佟大勺")
    assert fresh(notice).state is NoticeState.ANSWERED
    assert ExpiryNotice.select().count() == 1


def test_what_will_not_be_used_up_in_time_is_known(rice: StockItem) -> None:
    first = pantry.brought(rice, "2", ago=40, good=9)
    second = pantry.brought(rice, "2", ago=40, good=19)
    pantry.issued((rice, "30"), day=TODAY - timedelta(days=10))
    # A kilogram a day: of the first 20 are left for ten days, of the second 50 for twenty.
    told = {one.lot.id: one for one in outlooks(TODAY)}
    assert told[first.id].pace == D(1)
    assert (told[first.id].over, told[second.id].over) == (D(10), D(40))
    assert told[first.id].used_on == TODAY + timedelta(days=19)
    rows = {row.values[0]: row.values for row in listed("stock_outlook")().rows()}
    assert rows[first.code][10] is True


# -- samples ---------------------------------------------------------------------------------------


def test_a_sample_is_large_enough_cool_and_kept_two_days(office: Path) -> None:
    dish = {"dish": "红烧肉", "grams": 125}
    with pytest.raises(RowRefused, match="每样至少 125 克"):
        keep_samples([{**dish, "grams": 124}], Meal.LUNCH, D(4))
    with pytest.raises(BadInput, match=r"8\.0 ℃ 以下"):
        keep_samples([dish], Meal.LUNCH, D(9))
    with standing_at(datetime.now() - timedelta(hours=47)):
        young = keep_samples([dish], Meal.LUNCH, D(4)).samples[0]
    with pytest.raises(RuleBroken, match="还没有留满 48 小时"):
        destroy_samples([young])
    with standing_at(datetime.now() - timedelta(hours=49)):
        old = keep_samples([{**dish, "dish": "炒土豆丝"}], Meal.LUNCH, D(4)).samples[0]
    destroy_samples([old])
    with pytest.raises(RuleBroken, match="已经销毁"):
        destroy_samples([fresh(old)])
    rules().edit(sample_hours=24)
    destroy_samples([fresh(young)])
    assert FoodSample.select().where(FoodSample.destroyed_at.is_null()).count() == 0
