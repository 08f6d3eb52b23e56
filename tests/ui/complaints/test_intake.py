"""The intake: one call by keys, what is told beside it, what is refused, and what outlives a crash."""

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QBoxLayout

from models.complaints.cases import ServiceCase
from models.complaints.intake import take_call
from models.complaints.kinds import Problem, Sort
from models.complaints.outages import OutageKind, add_outage
from models.listings import Filters
from models.owners.estate import Unit
from tests.estate import Estate
from tests.ui.conftest import Printer, pause
from ui.complaints.intake import Intake

Settle = Callable[[], None]
Key, Held = Qt.Key, Qt.KeyboardModifier
CTRL, SHIFT = Held.ControlModifier, Held.ShiftModifier


@pytest.fixture
def unit(estate: Estate) -> Unit:
    return estate.house("101")


@pytest.fixture
def page(window: Any, settle: Settle, unit: Unit) -> Any:
    found = window.open("intake")
    settle()
    return found


def write(qapp: Any, words: str) -> None:
    for letter in words:
        QTest.keyClick(qapp.focusWidget(), letter)


def tell(page: Any, settle: Settle, qapp: Any, house: str, *rows: tuple[str, str]) -> None:
    """Type a call: the house, and a line for each matter."""
    page.begins_at.setFocus()
    write(qapp, house)
    pause(200)
    QTest.keyClick(qapp.focusWidget(), Key.Key_Return)
    settle()
    page.matters.cells["matters"].input.rows.type_in(
        [{"problem": code, "content": words} for code, words in rows]
    )
    settle()


def told(page: Any) -> list[str]:
    pause(300)
    return [label.text() for label in page.hints if not label.isHidden()]


def test_one_call_is_taken_and_its_slips_printed(
    page: Any, settle: Settle, qapp: Any, printer: Printer
) -> None:
    tell(page, settle, qapp, "1-1-101", ("B03", "龙头漏水"), ("T16", "态度不好"))
    assert qapp.focusWidget() is not page.begins_at  # Enter went on to what is reported
    page.submit(prints=True)
    settle()
    assert {case.sort for case in ServiceCase.select()} == set(Sort)
    assert sorted(asked["code"] for asked in printer.asked) == ["CS-02", "CS-03"]
    assert page.caller.cells["unit"].is_blank() and "已登记 BX-" in page.told.text()


def test_the_next_call_begins_where_the_last_one_ended(page: Any, settle: Settle, qapp: Any) -> None:
    tell(page, settle, qapp, "1-1-101", ("B03", "龙头漏水"))
    page.submit(prints=False)
    settle()
    assert qapp.focusWidget() is page.begins_at and ServiceCase.select().count() == 1


def test_what_is_to_be_known_stands_beside_it(page: Any, settle: Settle, qapp: Any, unit: Unit) -> None:
    add_outage(OutageKind.WATER, "抢修中，下午恢复")
    take_call([{"problem": Problem.find("B03"), "content": "滴水"}], unit=unit)
    tell(page, settle, qapp, "1-1-101", ("B03", "又漏了"))
    page.look_up()
    settle()
    words = " ".join(told(page))
    assert "抢修中，下午恢复" in words and "王桂芳" in words and "按返修登记" in words and "BX-" in words


def test_a_refusal_stands_beside_its_field_and_nothing_is_written(
    page: Any, settle: Settle, qapp: Any
) -> None:
    tell(page, settle, qapp, "1-1-101", ("B10", "灯不亮"))
    page.caller.cells["unit"].input.put(None)
    page.submit(prints=False)
    settle()
    problem = page.matters.cells["matters"].problem
    assert "要填位置" in problem.text() and not problem.isHidden()
    assert ServiceCase.select().count() == 0


def test_fields_of_another_kind_of_call_are_out_of_use(page: Any, settle: Settle) -> None:
    order = page.caller.cells["order_number"].input
    assert not order.widget.isEnabled()
    page.caller.cells["channel"].input.restore("12345")
    page._adapt()
    assert order.widget.isEnabled()
    page.caller.cells["caller_kind"].input.restore("匿名")
    page._adapt()
    assert not page.caller.cells["name"].input.widget.isEnabled()


def test_enter_passes_over_what_is_out_of_use(page: Any, settle: Settle, qapp: Any) -> None:
    page.caller.cells["outage"].input.setFocus()
    QTest.keyClick(qapp.focusWidget(), Key.Key_Return)
    settle()
    assert page.matters.isAncestorOf(qapp.focusWidget())


def test_a_call_that_was_not_taken_outlives_the_program(
    page: Any, settle: Settle, qapp: Any, services: Any, qtbot: Any
) -> None:
    tell(page, settle, qapp, "1-1-101", ("B03", "龙头漏水"))
    services.memory.flush()
    page.hide()
    again = Intake(services)
    qtbot.addWidget(again)
    again.show()
    settle()
    assert again.caller.cells["unit"].input.given() == "1-1-101"
    assert "已恢复" in again.told.text()
    again.start_over()
    settle()
    services.memory.flush()
    assert services.memory.get("intake", {}) in (None, {})


def test_the_intake_opens_on_the_house_that_was_chosen(page: Any, settle: Settle, unit: Unit) -> None:
    page.narrow(Filters(unit=unit))
    settle()
    assert page.caller.cells["unit"].input.given().startswith("1-1-101")


def test_hints_go_below_where_there_is_no_room_beside(services: Any, settle: Settle, qtbot: Any) -> None:
    page = Intake(services)
    qtbot.addWidget(page)
    page.resize(1200, 600)
    page.show()
    settle()
    assert page.row.direction() is QBoxLayout.Direction.LeftToRight
    page.resize(620, 600)
    settle()
    assert page.row.direction() is QBoxLayout.Direction.TopToBottom
