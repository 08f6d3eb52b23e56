"""What a careless or a dishonest hand would do to the store, and what the store says to it."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from models import deeds, imports
from models.canteen import desk, importing, invariants, issue_lists, stock_lists  # noqa: F401 - they are run
from models.canteen.books import span_of
from models.canteen.correcting import correct_dates
from models.canteen.counting import approve_count, cancel_count, count_found, enter_counts, recount
from models.canteen.counts import StocktakeLine
from models.canteen.issues import Meal, Purpose
from models.canteen.issuing import back_to_stock
from models.canteen.items import StockItem, Storage
from models.canteen.lots import Freshness, StockLot, freshness
from models.canteen.moves import MoveKind, StockMove
from models.canteen.notices import to_notify
from models.canteen.opening import open_stock
from models.canteen.outlook import outlooks
from models.canteen.problems import Abnormal, Verdict, close_problem, decide_problem, report_problem
from models.canteen.shelf import ShelfUnit
from models.canteen.writeoffs import Disposal, Spoilt, WriteOff, write_off
from models.checks import run_invariants
from models.clock import standing_at
from models.desk import reminders_on
from models.errors import BadInput, PermissionDenied, RuleBroken
from models.listings import Filters, listed
from models.months import Month
from models.office.applying import request
from models.office.approvals import Approval
from models.office.chains import stop_chain
from models.office.staff import Department
from models.rows import RowRefused
from models.suppliers.receipts import Defect, ReceiptLine
from models.suppliers.returning import consent_return, finish_return, return_goods
from models.suppliers.returns import Handling
from models.workbook import ColumnOut, SheetOut, write
from tests import pantry
from tests.models.canteen.test_counting import END, begun, typed
from tests.office_people import worker
from tests.pantry import TODAY, fresh, opened

D = Decimal


@pytest.fixture
def rice(office: Path) -> Iterator[StockItem]:
    yield pantry.item()


# -- what went bad ---------------------------------------------------------------------------------


@pytest.mark.parametrize("verdict", [Verdict.STOP, Verdict.TEST, Verdict.WRITE_OFF, Verdict.RETURN])
def test_the_storekeeper_does_not_let_go_what_the_supervisor_stopped(
    rice: StockItem, verdict: Verdict
) -> None:
    lot = pantry.brought(rice, "2", good=100)
    problem = decide_problem(report_problem(lot, Abnormal.MOULD, D(5)), verdict)
    with pytest.raises(RuleBroken, match=r"只退走或报损了 0 kg|请主管改"):
        close_problem(problem, "没事了", release=True)
    assert fresh(lot).apart
    decide_problem(fresh(problem), Verdict.RELEASE, "送检合格")
    assert not fresh(lot).apart and run_invariants() == []


def test_a_lot_set_apart_without_a_report_is_found(rice: StockItem) -> None:
    lot = pantry.brought(rice, "2", good=100)
    StockLot.update(apart=True, held=3000).where(StockLot.id == lot.id).execute()
    told = [one.sentence for one in run_invariants()]
    assert f"批次 {lot.code} 的待退数量与退换货单不符" in told
    assert f"批次 {lot.code} 的隔离与异常报告不符" in told


def test_what_came_meanwhile_does_not_stop_a_write_off(rice: StockItem) -> None:
    lot = pantry.brought(rice, "2", "100", good=100)
    row = {"lot": lot, "quantity": D(5), "reason": Spoilt.BROKEN}
    given = {"rows": [row], "disposal": Disposal.DYED, "witness": pantry.cook()}
    chain = (("苏主管", "客服主管"), ("何主任", "管理处主任"), ("沈会计", "会计"))
    approvers = [worker(name, role) for name, role in chain]
    with deeds.acting(worker("曹桂芝", "食堂仓库管理员")):
        asked = request("canteen.write_off", given)
    assert asked.amount == D(20)
    pantry.brought(rice, "1", "103", good=100)
    for approver in approvers:
        with deeds.acting(approver):
            Approval.find(asked.number).approve()
    assert WriteOff.select().count() == 1 and fresh(lot).stock == D(45)


def test_what_waits_to_go_back_is_not_written_off_by_an_old_form(rice: StockItem) -> None:
    lot = pantry.brought(rice, "4", good=100)
    row = {"lot": StockLot.get_by_id(lot.id), "quantity": D(90), "reason": Spoilt.BROKEN}
    return_goods(lot.received, D(3), Defect.SPOILT)
    with deeds.acting(deeds.TheOffice()), pytest.raises(RowRefused, match="结存 25 kg（另有 75 kg 待退）"):
        write_off([row], Disposal.DYED, pantry.cook())
    assert run_invariants() == []


# -- dates, degrees and measures -------------------------------------------------------------------


def test_what_is_conceded_is_known_to_be_good(office: Path) -> None:
    keeps = pantry.item(shelf=12, shelf_unit=ShelfUnit.MONTHS)
    lot = pantry.brought(keeps, "4", accepted="0")
    back = ReceiptLine.get().returns.get()
    with pytest.raises(RuleBroken, match="没有到期日，不能让步接收"):
        consent_return(back, Handling.CONCESSION)
    correct_dates(lot, "送货单上有", expires_on=TODAY + timedelta(days=30))
    consent_return(fresh(back), Handling.CONCESSION)
    assert fresh(lot).stock == D(100) and fresh(lot).expires_on == TODAY + timedelta(days=30)


def test_dates_are_put_right_by_who_decides(office: Path) -> None:
    keeps = pantry.item(shelf=12, shelf_unit=ShelfUnit.MONTHS)
    lot = opened(keeps, "10", expires_on=TODAY + timedelta(days=400))
    with deeds.acting(worker("曹桂芝", "食堂仓库管理员")), pytest.raises(PermissionDenied):
        correct_dates(lot, "看错了", expires_on=TODAY)
    with pytest.raises(BadInput, match="没有更正什么"):
        correct_dates(lot, "看错了")
    with pytest.raises(BadInput, match="早于生产日期"):
        correct_dates(lot, "看错了", made_on=TODAY, expires_on=TODAY - timedelta(days=1))
    put = correct_dates(lot, "年份看错了", made_on=TODAY - timedelta(days=364), maker="B7")
    assert (put.maker, put.expires_on) == ("B7", TODAY + timedelta(days=1))


@pytest.mark.parametrize(("storage", "warm"), [(Storage.COOL, "8.1"), (Storage.FROZEN, "-17.9")])
def test_what_comes_too_warm_is_not_taken_in(office: Path, storage: Storage, warm: str) -> None:
    cold = pantry.item(storage=storage)
    measured = "frozen" if storage is Storage.FROZEN else "temperature"
    with pytest.raises(RowRefused, match="不合格原因选“温度不符”"):
        pantry.brought(cold, "1", **{measured: D(warm)})
    with pytest.raises(BadInput, match="请测量并填写冷"):
        pantry.brought(cold, "1", **{measured: None})
    assert pantry.brought(cold, "1", **{measured: D(-18)}).stock == D(25)


def test_what_keeps_for_long_and_is_almost_over_is_told(office: Path) -> None:
    oil = pantry.item("大豆油", shelf=18, shelf_unit=ShelfUnit.MONTHS)
    lot = opened(oil, "10", expires_on=TODAY + timedelta(days=5))
    assert freshness(lot, TODAY) is Freshness.NEAR and to_notify(TODAY) == [lot]
    (row,) = listed("stock_lots")(Filters()).rows()
    assert listed("stock_lots")(Filters()).plain(row)["freshness"] == "临期"


def test_measures_stay_as_they_were_once_anything_moved(rice: StockItem) -> None:
    pantry.brought(rice, "4")
    line = pantry.issued((rice, "100")).lines.get()
    with pytest.raises(RuleBroken, match="旧单据按 kg 记"):
        fresh(rice).edit(unit="袋", per=D(1))
    with pytest.raises(RuleBroken, match="下过订单"):
        fresh(rice).goods.edit(unit="吨")
    fresh(rice).retire()
    with pytest.raises(RuleBroken, match="已停用，不能再入库"):
        back_to_stock(line, D(1), "没用完")
    with pytest.raises(RuleBroken, match="已停用，不能再入库"):
        open_stock([{"item": pantry.item("面粉").retire(), "quantity": D(1), "price": D(1)}])
    assert run_invariants() == []


def test_a_bar_code_is_no_other_items_number(rice: StockItem) -> None:
    with pytest.raises(BadInput, match="是另一种物品的编号"):
        pantry.item("面粉", barcode=rice.code)


# -- who does what ---------------------------------------------------------------------------------


def test_nothing_goes_back_before_the_manager_agreed(rice: StockItem) -> None:
    lot = pantry.brought(rice, "4", ago=9)
    with standing_at(datetime.now() - timedelta(days=7)):
        back = return_goods(lot.received, D(1), Defect.SPOILT)
    consent_return(back, Handling.RETURN)
    with pytest.raises(BadInput, match="早于经理同意的"):
        finish_return(fresh(back), "退了", TODAY - timedelta(days=3))


def test_who_gives_out_does_not_take_and_slips_are_not_split(rice: StockItem) -> None:
    oil = pantry.item("大豆油", two_from=D(40))
    opened(oil, "100")
    pantry.issued((oil, "30"))
    with pytest.raises(BadInput, match="当天已领 30 kg，到了双人领用的 40 kg"):
        pantry.issued((oil, "10"))
    keeper = worker("曹桂芝", "食堂仓库管理员")
    with deeds.acting(keeper), pytest.raises(BadInput, match="不能是发放人自己"):
        pantry.issued((oil, "1"), taker=keeper.staff)


def test_who_keeps_the_store_neither_calls_off_a_count_nor_approves_it(rice: StockItem) -> None:
    stop_chain("canteen.approve_count")
    keeper, boss = worker("曹桂芝", "食堂仓库管理员"), worker("何主任", "管理处主任")
    with standing_at(END):
        opened(rice, "100")
        made = begun(counter=boss.staff)
        with deeds.acting(keeper):
            enter_counts([{"line": StocktakeLine.find(f"{made.number}/1"), "counted": D(100)}])
            with pytest.raises(PermissionDenied):
                cancel_count(fresh(made), "数错了")
            with pytest.raises(PermissionDenied):
                approve_count(fresh(made))
        with deeds.acting(boss):
            with pytest.raises(RuleBroken, match="不能由盘点人或仓管员自己批准"):
                approve_count(fresh(made))
            cancel_count(fresh(made), "重新盘")


def test_stock_is_opened_late_by_who_decides_alone(rice: StockItem, tmp_path: Path) -> None:
    with standing_at(END):
        opened(rice, "100")
        made = begun()
        typed(made, "100")
        with deeds.acting(deeds.TheOffice()):
            approve_count(fresh(made))
    flour = pantry.item("面粉")
    with deeds.acting(worker("曹桂芝", "食堂仓库管理员")), pytest.raises(PermissionDenied):
        opened(flour, "500", "99.99")
    book = tmp_path / "期初.xlsx"
    heads = [ColumnOut(head) for head in ("物品编号", "数量", "单价")]
    write(book, [SheetOut("期初库存", heads, [(flour.code, "500", "99.99")])])
    with deeds.acting(worker("邱仓管", "食堂仓库管理员")):
        assert [one.reason for one in imports.plan(book).errors] == ["有月份已经结账，期初由主管或经理登记"]
    opened(flour, "5")


# -- figures ---------------------------------------------------------------------------------------


def test_open_months_have_their_own_days(rice: StockItem) -> None:
    this = Month.of(TODAY)
    for back in (2, 1):
        item = pantry.item(f"米{back}")
        with standing_at(datetime.combine(this.plus(-back).day(10), datetime.min.time())):
            opened(item, "10")
    spans = [span_of(this.plus(-back)) for back in (2, 1, 0)]
    assert [span and (span.first, span.last) for span in spans] == [
        (month.first, month.last) for month in (this.plus(-2), this.plus(-1), this)
    ]


def test_labels_mixed_up_cost_nothing(office: Path) -> None:
    flour = pantry.item("面粉", spec=None)
    with standing_at(END):
        open_stock([{"item": flour, "quantity": D(10), "price": D(price)} for price in (5, 9)])
        second = StockLot.select().order_by(StockLot.id.desc()).get()
        pantry.issued(rows=[{"item": flour, "quantity": D(10), "lot": second}])  # 70.00 are left
        made = begun()
        count_found(made, second)
        typed(made, "0", "10")  # what is left lies under the other label
        recount([{"line": one, "recounted": one.counted, "cause": "标签贴反"} for one in made.lines])
        with deeds.acting(deeds.TheOffice()):
            approve_count(fresh(made))
    booked = StockMove.select().where(StockMove.kind.in_((MoveKind.GAIN, MoveKind.LOSS)))
    assert {move.kind: move.amount for move in booked} == {MoveKind.GAIN: D(70), MoveKind.LOSS: D(-70)}
    assert fresh(flour).value == D(70) and run_invariants() == []


def test_the_last_part_of_a_day_is_a_day_too(rice: StockItem) -> None:
    lot = pantry.brought(rice, "4", ago=40, good=100)
    pantry.issued((rice, "45"), day=TODAY - timedelta(days=2))
    (told,) = outlooks(TODAY)
    # 55 are left at one and a half a day: thirty-six days and a part of the next.
    assert (told.lot, told.pace, told.used_on) == (lot, D("1.500"), TODAY + timedelta(days=36))


def test_what_may_not_be_issued_is_no_stock(office: Path) -> None:
    milk = pantry.item("牛奶", least=D(50))
    lot = opened(milk, "100", expires_on=TODAY + timedelta(days=1))
    with deeds.acting(worker("曹桂芝", "食堂仓库管理员")):
        told = [
            {one.title for one in reminders_on(TODAY + timedelta(days=later))} for later in (1, 2)
        ]  # on its last good day, and on the next
    assert ["库存低于最低，请提需求" in titles for titles in told] == [False, True]
    report_problem(lot, Abnormal.SMELL)
    (row,) = listed("stock")(Filters()).rows()
    assert listed("stock")(Filters()).plain(row)["level"] == "低于最低"


def test_a_meal_of_two_departments_is_eaten_by_all_of_them(rice: StockItem) -> None:
    opened(rice, "100", "4")
    meal = {"purpose": Purpose.MEAL, "meal": Meal.LUNCH}
    pantry.issued((rice, "10"), heads=100, **meal)
    pantry.issued((rice, "5"), heads=100, **meal)
    pantry.issued((rice, "15"), heads=50, department=Department.find("工程部"), **meal)
    found = listed("meal_costs")(Filters())
    (row,) = found.rows()
    told = found.plain(row)
    assert (told["slips"], told["heads"], told["amount"], told["each"]) == (3, 150, "120.00", "0.80")


def test_lots_that_expire_and_came_together_are_equals(rice: StockItem) -> None:
    good = {"item": rice, "quantity": D(10), "price": D(4), "expires_on": TODAY + timedelta(days=90)}
    open_stock([good, good])
    second = StockLot.select().order_by(StockLot.id.desc()).get()
    slip = pantry.issued(rows=[{"item": rice, "quantity": D(2), "lot": second}])
    assert slip.lines.get().lot == second
