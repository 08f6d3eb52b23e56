from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu

from models.conditions import Condition, Test
from models.listings import Filters
from tests.estate import Estate
from tests.ui.conftest import front
from ui.asking import AskDialog
from ui.narrowing import Chip, Kept

Settle = Callable[[], None]
OWED = Condition("owed", Test.LEAST, "20.00")


@pytest.fixture
def view(estate: Estate, window: Any, settle: Settle) -> Any:
    from models.deeds import DEEDS

    item = estate.item()
    for room, owner in (("101", "王桂芳"), ("102", "李强"), ("103", "王建国")):
        estate.give(estate.house(room, owner=owner), item)
    DEEDS["fees.bill"].call(None, {"month": "2026-01"})
    DEEDS["fees.receive"].call("1-1-101", {"amount": "90"})
    shown = window.open("bills")
    settle()
    return shown


def chips(view: Any) -> list[str]:
    return [
        chip.text().removesuffix("  ✕") for chip in view.narrowing.findChildren(Chip) if not chip.isHidden()
    ]


def rooms(view: Any) -> set[str]:
    grid = view.table.grid.rows
    return {row.values[0] for row in grid.rows}


def test_a_question_to_a_column_narrows_the_list_and_stands_as_a_chip(view: Any, settle: Settle) -> None:
    assert not view.narrowing.isVisible() and len(rooms(view)) == 3
    view.narrowing.ask(OWED)
    settle()
    assert rooms(view) == {"1-1-102", "1-1-103"}
    assert chips(view) == ["未收 ≥ 20.00"]
    assert view.table.count == 2
    view.narrowing.findChild(Chip).click()
    settle()
    assert len(rooms(view)) == 3 and not view.narrowing.isVisible()


def test_every_filter_is_a_chip_and_goes_by_it(view: Any, settle: Settle, qtbot: Any) -> None:
    view.row.filters["period"].widget.setText("2026-01")
    view.row.filters["state"].put("未收")
    view.row.finder.setText("王")
    view.narrowing.ask(Condition("payer", Test.HAS, "国"))
    qtbot.waitUntil(lambda: view.table.count == 1, timeout=5000)
    settle()
    assert chips(view) == ["2026-01", "未收", "找 王", "付款人 含 国"]
    first = next(chip for chip in view.narrowing.findChildren(Chip) if not chip.isHidden())
    QTest.keyClick(first, Qt.Key.Key_Delete)
    settle()
    assert view.row.filters["period"].widget.text() == ""
    view.narrowing.clear_all()
    settle()
    assert chips(view) == [] and view.table.count == 3


def test_a_column_is_asked_by_a_form_which_says_what_is_wrong(view: Any, settle: Settle) -> None:
    asking = view.narrowing.ask_column("owed", view)
    asking.submit()
    settle()
    again = front(AskDialog)
    assert "没有填" in again.form.cells["value"].problem.text()
    again.form.cells["value"].input.line.setText("20")
    again.submit()
    settle()
    assert view.narrowing.conditions == (OWED,)


def test_a_state_is_asked_by_choosing_and_a_day_by_its_field(view: Any, settle: Settle) -> None:
    from ui.inputs import ChoiceInput
    from ui.lineinputs import DayInput

    asking = view.narrowing.ask_column("state", view)
    assert isinstance(asking.form.cells["value"].input, ChoiceInput)
    asking.form.put({"value": asking.form.cells["value"].input.field.parse("未收")})
    asking.submit()
    settle()
    assert rooms(view) == {"1-1-102", "1-1-103"} and chips(view) == ["状态 是 未收"]
    asking = view.narrowing.ask_column("due", view)
    assert isinstance(asking.form.cells["value"].input, DayInput)
    asking.reject()


def test_a_named_filter_brings_everything_back(view: Any, settle: Settle, qtbot: Any) -> None:
    view.row.filters["building"].put("1")
    view.row.filters["period"].widget.setText("2026-01")
    view.row.finder.setText("王")
    view.narrowing.ask(OWED)
    settle()
    asking = view.narrowing.ask_name(view)
    asking.form.put({"name": "王姓欠费"})
    asking.submit()
    view.narrowing.clear_all()
    settle()
    assert view.table.count == 3
    (kept,) = view.narrowing.kept()
    view.narrowing.use(kept)
    settle()
    assert rooms(view) == {"1-1-103"}
    assert chips(view) == ["2026-01", "1栋", "找 王", "未收 ≥ 20.00"]
    view.narrowing.forget("王姓欠费")
    assert view.narrowing.kept() == []


def test_a_named_filter_whose_building_is_gone_narrows_by_the_rest(view: Any, settle: Settle) -> None:
    kept = Kept(
        "旧的",
        {"building": "99", "period": "2026-13", "state": "未收"},
        "",
        (Condition("gone", Test.IS, "1"),),
    )
    view.narrowing.use(kept)
    settle()
    assert chips(view) == ["未收"]


@pytest.mark.parametrize(
    "told", [7, {}, [7, None, {}], [{"name": 3}], [{"name": "a", "filters": [], "words": 4, "conditions": 7}]]
)
def test_what_was_kept_by_nobody_we_know_harms_nothing(view: Any, settle: Settle, told: Any) -> None:
    view.services.memory.put("filters.bills", told)
    for one in view.narrowing.kept():
        view.narrowing.use(one)
    settle()
    assert view.table.count == 3


def test_opening_a_page_from_elsewhere_shows_just_what_was_asked_for(
    view: Any, window: Any, settle: Settle
) -> None:
    view.narrowing.ask(OWED)
    settle()
    window.open("bills", Filters())
    settle()
    assert view.table.count == 3 and chips(view) == []


def test_the_menus_of_filters_and_headings_hold_what_can_be_done(view: Any, settle: Settle) -> None:
    menu = QMenu(view)
    view.narrowing.fill(menu)
    assert [one.text() for one in menu.actions()] == ["按列筛选", "保存当前筛选…", "清除筛选"]
    heading = QMenu(view)
    view.tools.fill_heading_menu(heading, "owed")
    words = [one.text() for one in heading.actions() if not one.isSeparator()]
    assert words == ["升序", "降序", "按此列筛选…", "隐藏此列", "冻结首列", "选择列…", "恢复默认列"]
    heading.actions()[1].trigger()
    settle()
    assert view.table.order()[0] == "-owed"
    next(one for one in heading.actions() if one.text() == "隐藏此列").trigger()
    assert "owed" not in view.table.columns()
