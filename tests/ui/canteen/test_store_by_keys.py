"""The storekeeper's work by keys alone: goods come, go and come back, the store is checked."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from models import deeds
from models.canteen.books import closed_until
from models.canteen.counting import begin_count
from models.canteen.issues import GoodsIssue, IssueLine, Meal, Purpose
from models.canteen.items import StockItem
from models.canteen.lots import StockLot
from models.canteen.problems import ProblemState, StockProblem
from models.canteen.samples import FoodSample
from models.canteen.stocktakes import CountState, Stocktake
from models.canteen.weekly import CheckPoint, Passed, StoreCheck, StoreCheckLine
from models.checks import run_invariants
from models.clock import standing_at
from models.months import Month
from models.office.chains import stop_chain
from models.office.staff import Department
from models.workbook import ColumnOut, SheetOut, write
from tests import pantry, trade
from tests.estate import Estate
from tests.pantry import TODAY
from tests.ui.conftest import Printer, front
from tests.ui.hands import CTRL, Key, Keys
from ui.deeddialog import DeedDialog
from ui.dialogs import Question
from ui.importing import ImportDialog
from ui.preview import Preview

Settle = Callable[[], None]


def begin(desk: Keys, page: str) -> DeedDialog:
    """Open the form of the first thing that is done without a row."""
    view = desk.window.open(page)
    desk.settle()
    view.table.grid.setFocus()
    desk.press(Key.Key_1, CTRL)
    found: DeedDialog = front(DeedDialog)
    return found


def test_a_list_of_goods_is_tried_and_imported(
    estate: Estate, window: Any, settle: Settle, qtbot: Any, qapp: Any, tmp_path: Path
) -> None:
    desk = Keys(window, settle, qtbot, qapp)
    book = tmp_path / "goods.xlsx"
    heads = [ColumnOut(head) for head in ("物品编号", "物品名称", "物品类型", "单价", "库存", "单位")]
    row = ("1001", "大米", "粮油", "4.5", "20", "kg")
    write(book, [SheetOut("物品信息", heads, [row])])
    view = window.open("stock_items")
    settle()
    view.table.grid.setFocus()
    desk.press(Key.Key_4, CTRL)
    dialog: ImportDialog = front(ImportDialog)
    dialog.line.setFocus()
    desk.write(str(book))
    desk.press(Key.Key_Return)
    qtbot.waitUntil(lambda: dialog.plan is not None)
    assert "新增合计 90.00 元" in dialog.told.text() and StockItem.select().count() == 0
    desk.press(Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: StockItem.select().count() == 1)
    settle()
    assert StockItem.find("1001").stock == 20 and run_invariants() == []


def say_yes(desk: Keys) -> None:
    """Answer the question in front."""
    front(Question)
    desk.press(Key.Key_Return)


def test_goods_are_taken_in_issued_and_brought_back(
    estate: Estate, window: Any, settle: Settle, qtbot: Any, qapp: Any, printer: Printer
) -> None:
    rice = pantry.item(barcode="6901234567892")
    supplier = pantry.supplier()
    with deeds.acting(deeds.TheOffice()):
        trade.ordered(supplier, (rice.goods, 4))
    desk = Keys(window, settle, qtbot, qapp)
    page = window.open("stock_receiving")
    settle()
    page.grid.setFocus()
    desk.write("=")
    desk.press(Key.Key_Tab)  # all of it is good
    desk.press(Key.Key_Tab)
    desk.press(Key.Key_Tab)
    desk.write(f"{TODAY + timedelta(days=200)}")
    desk.press(Key.Key_F9)  # takes in and prints
    say_yes(desk)
    lot = StockLot.get()
    assert [(one["code"], one["number"]) for one in printer.asked] == [("CA-02", lot.received.receipt.number)]
    assert (lot.stock, lot.expires_on) == (Decimal(100), TODAY + timedelta(days=200))

    front(Preview).close()
    dialog = begin(desk, "stock_issues")
    dialog.form.put(
        {
            "department": Department.find("食堂"), "taker": pantry.cook(), "purpose": Purpose.MEAL,
            "meal": Meal.LUNCH,
        }
    )  # fmt: skip
    grid = dialog.form.cells["rows"].input.grid
    grid.go_to(grid.rows.index(0, grid.rows.first_typed()))
    settle()
    desk.write("6901234567892")  # as a scanner does
    desk.press(Key.Key_Return)
    desk.write("12.355")
    desk.press(Key.Key_Return)
    dialog.form.cells["heads"].input.setFocus()
    desk.write("40")
    desk.press(Key.Key_F9)  # saves and prints
    assert GoodsIssue.get().heads == 40
    assert [one["code"] for one in printer.asked] == ["CA-02", "CA-04"]
    front(Preview).close()
    assert StockItem.get().stock == Decimal("87.645")

    desk.do("issue_lines", "退库")
    form = front(DeedDialog).form
    form.cells["quantity"].input.setFocus()
    desk.write("2.355")
    form.cells["reason"].input.setFocus()
    desk.write("SHENG")
    desk.press(Key.Key_Return, CTRL)
    assert IssueLine.get().back == Decimal("2.355") and run_invariants() == []


def test_the_week_is_checked_and_typed_back(
    estate: Estate, window: Any, settle: Settle, qtbot: Any, qapp: Any
) -> None:
    desk = Keys(window, settle, qtbot, qapp)
    page = window.open("store_checking")
    settle()
    for name, words in (("room", "18"), ("damp", "55"), ("cool", "4"), ("frozen", "-19.5")):
        page.form.cells[name].input.setFocus()
        desk.write(words)
    page.grid.go_to(page.rows.index(0, page.rows.first_typed()))
    settle()
    for _ in CheckPoint:
        desk.write("=")
        desk.press(Key.Key_Return)
    desk.press(Key.Key_Return, CTRL)
    say_yes(desk)
    assert StoreCheck.get().frozen == Decimal("-19.5")
    assert StoreCheckLine.select().where(StoreCheckLine.passed == Passed.GOOD).count() == len(CheckPoint)


def test_what_went_bad_is_reported_and_decided_and_dishes_are_kept_back(
    estate: Estate, window: Any, settle: Settle, qtbot: Any, qapp: Any
) -> None:
    lot = pantry.brought(pantry.item(), "2", good=90)
    desk = Keys(window, settle, qtbot, qapp)
    desk.do("stock_lots", "报告异常", "abnormal", down=1)
    assert StockProblem.get().state is ProblemState.REPORTED and pantry.fresh(lot).apart
    desk.do("stock_problems", "处理异常", "verdict", down=5)
    assert StockProblem.get().state is ProblemState.CLOSED and not pantry.fresh(lot).apart

    dialog = begin(desk, "food_samples")
    dialog.form.put({"meal": Meal.LUNCH})
    grid = dialog.form.cells["rows"].input.grid
    grid.go_to(grid.rows.index(0, grid.rows.first_typed()))
    settle()
    desk.write("HONG SHAO ROU")
    desk.press(Key.Key_Return)
    desk.write("130")
    dialog.form.cells["fridge"].input.setFocus()
    desk.write("4.5")
    desk.press(Key.Key_Return, CTRL)
    assert (FoodSample.get().dish, FoodSample.get().grams) == ("HONG SHAO ROU", 130)
    assert run_invariants() == []


def test_the_store_is_counted_recounted_and_closed(
    estate: Estate, window: Any, settle: Settle, qtbot: Any, qapp: Any
) -> None:
    stop_chain("canteen.approve_count")
    rice = pantry.item()
    last = Month.of(TODAY).plus(-1).last
    ago = (TODAY - last).days
    pantry.brought(rice, "2", ago=ago + 2, good=90)
    pantry.brought(rice, "1", ago=ago + 1, good=200)
    with standing_at(datetime.combine(last, datetime.min.time()) + timedelta(hours=17)):
        begin_count(pantry.cook(), pantry.add_staff(number="F01", name="沈会计"))
    desk = Keys(window, settle, qtbot, qapp)
    page = window.open("stock_counting")
    settle()
    page.grid.setFocus()
    desk.write("49")
    desk.press(Key.Key_Return)
    desk.write("25")
    desk.press(Key.Key_Return, CTRL)
    say_yes(desk)
    told = page.told.text()
    assert "全部盘完，1 批与账不符，请复盘" in told and "现在是“复盘中”" in told
    page = window.open("stock_recounting")
    settle()
    page.grid.setFocus()
    desk.write("49")
    desk.press(Key.Key_Tab)
    desk.write("SUN HAO")
    desk.press(Key.Key_Return, CTRL)
    say_yes(desk)
    desk.do("stocktakes", "批准盘点")
    say_yes(desk)
    assert (Stocktake.get().state, StockItem.get().stock) == (CountState.DONE, Decimal(74))
    assert closed_until() == last and run_invariants() == []
