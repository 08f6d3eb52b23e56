"""The store's sheets: where the keyboard goes when something is wrong, and how much of a sheet is filled."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from models.canteen.counting import begin_count, enter_counts
from models.canteen.counts import StocktakeLine
from models.canteen.opening import open_stock
from models.canteen.weekly import StoreCheck
from models.clock import standing_at
from models.listings import Filters
from models.months import Month
from tests import pantry
from tests.estate import Estate
from tests.pantry import TODAY
from tests.ui.conftest import begin_sheet, front, pause
from tests.ui.hands import CTRL, Key, Keys
from ui.dialogs import Question

Settle = Callable[[], None]


def at(page: Any) -> str:
    """Return the column that has the keyboard."""
    return str(page.rows.input_of(page.grid.currentIndex()).name)


def test_a_row_that_was_refused_may_be_emptied(
    estate: Estate, window: Any, settle: Settle, qtbot: Any, qapp: Any
) -> None:
    pantry.item("面粉")
    desk = Keys(window, settle, qtbot, qapp)
    page = begin_sheet(window, settle, "demanding")
    page.form.put({"department": pantry.Department.find("食堂")})
    desk.write("30")
    desk.press(Key.Key_Return, CTRL)
    front(Question).yes.click()
    settle()
    assert "没有买过，请填参考单价" in page.told.text() and page.rows.wrong() == [0]
    page.rows.setData(page.rows.index(0, page.rows.first_typed()), "")
    assert page.rows.wrong() == [] and page.rows.filled() == 0


def test_lines_that_nobody_wants_are_not_missed(
    estate: Estate, window: Any, settle: Settle, qtbot: Any, qapp: Any
) -> None:
    for name in ("大米", "面粉", "大豆油"):
        pantry.brought(pantry.item(name), "1", ago=9)
    page = begin_sheet(window, settle, "demanding")
    page.rows.setData(page.rows.index(2, page.rows.first_typed()), "90")
    assert page.rows.missed() == [] and page.rows.below() == 0 and not page.next.isEnabled()


def test_all_points_of_a_check_are_asked_for(
    estate: Estate, window: Any, settle: Settle, qtbot: Any, qapp: Any
) -> None:
    desk = Keys(window, settle, qtbot, qapp)
    page = begin_sheet(window, settle, "store_checking")
    page.form.put({"room": Decimal(21), "damp": 50, "cool": Decimal(4), "frozen": Decimal(18)})
    for _ in range(12):
        desk.write("=")
        desk.press(Key.Key_Return)
    desk.press(Key.Key_Return, CTRL)
    assert "还有 1 行没有录" in page.told.text() and page.grid.currentIndex().row() == 12
    desk.write("=")
    desk.press(Key.Key_Return)
    desk.press(Key.Key_Return, CTRL)
    front(Question).yes.click()
    settle()
    assert "零下的要写负号" in page.form.cells["frozen"].problem.text()
    assert not StoreCheck.select().exists()


def test_the_cause_is_asked_for_where_it_is_typed(
    estate: Estate, window: Any, settle: Settle, qtbot: Any, qapp: Any
) -> None:
    rice = pantry.item()
    end = datetime.combine(Month.of(TODAY).plus(-1).last, datetime.min.time()) + timedelta(hours=17)
    with standing_at(end):
        open_stock([{"item": rice, "quantity": Decimal(50), "price": Decimal(4)}])
        made = begin_count(pantry.cook(), pantry.add_staff(number="F01", name="沈会计"))
        enter_counts([{"line": StocktakeLine.find(f"{made.number}/1"), "counted": Decimal(49)}])
    desk = Keys(window, settle, qtbot, qapp)
    page = begin_sheet(window, settle, "stock_recounting")
    desk.write("49")
    desk.press(Key.Key_Return, CTRL)
    assert "请写差异原因" in page.told.text() and at(page) == "cause"


def test_a_chip_that_goes_leaves_the_keyboard_to_the_list(
    estate: Estate, window: Any, settle: Settle, qtbot: Any, qapp: Any
) -> None:
    lot = pantry.brought(pantry.item(), "1")
    view = window.open("stock_lots", Filters(state="正常"))
    settle()
    pause(200)
    chip = next(one for one in view.narrowing.findChildren(object) if one.property("chip"))
    chip.setFocus(Qt.FocusReason.TabFocusReason)
    chip.click()
    settle()
    assert QApplication.focusWidget() is view.table.grid and lot.stock == 25
