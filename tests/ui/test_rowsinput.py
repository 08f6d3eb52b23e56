"""Rows of a document within its form."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from models.deeds import DEEDS
from models.owners.entry import add_person
from models.owners.estate import Unit
from models.owners.people import Ownership, Person
from tests.estate import Estate
from tests.ui.conftest import front
from ui import drafts
from ui.deeddialog import DeedDialog, resume
from ui.dialogs import Question

Settle = Callable[[], None]


@pytest.fixture
def unit(estate: Estate) -> Unit:
    made = estate.house("101")
    for number, name in ((201, "赵红"), (202, "钱伟"), (203, "孙丽")):
        add_person(name=name, number=str(number))
    return made


@pytest.fixture
def opened_only(unit: Unit, services: Any, window: Any, settle: Settle) -> DeedDialog:
    made = DeedDialog(services, DEEDS["owners.transfer"], [unit], parent=window)
    made.open()
    settle()
    made.activateWindow()
    QTest.qWaitForWindowActive(made)
    return made


@pytest.fixture
def dialog(opened_only: DeedDialog) -> DeedDialog:
    made = opened_only
    made.form.put({"person": Person.find("201")})
    made.form.cells["on"].input.widget.setText("2026-07-01")
    return made


def keys(words: str) -> None:
    QTest.keyClicks(QApplication.focusWidget(), words)


def press(key: Qt.Key, mod: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(QApplication.focusWidget(), key, mod)


def test_rows_are_typed_by_enter_alone_and_saved_with_their_document(
    dialog: DeedDialog, settle: Settle, unit: Unit
) -> None:
    rows = dialog.form.cells["others"].input
    rows.setFocus(Qt.FocusReason.TabFocusReason)
    for words in ("202", "40", "203", "25.5"):
        keys(words)
        press(Qt.Key.Key_Return)
    assert rows.foot.text().strip().startswith("2 行")
    assert rows.rows.rowCount() == 3  # an empty one follows
    press(Qt.Key.Key_Return)
    assert not rows.isAncestorOf(QApplication.focusWidget())
    dialog.submit()
    settle()
    told = {row.person.name: row.share for row in Ownership.select() if row.since == date(2026, 7, 1)}
    assert told == {"赵红": None, "钱伟": Decimal(40), "孙丽": Decimal("25.5")}


def test_what_is_being_typed_into_a_row_is_saved_too(dialog: DeedDialog, settle: Settle) -> None:
    dialog.form.cells["others"].input.setFocus(Qt.FocusReason.TabFocusReason)
    keys("202")
    press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    settle()
    assert Ownership.select().where(Ownership.since == date(2026, 7, 1)).count() == 2


def test_a_row_that_cannot_be_is_told_below_and_marked(dialog: DeedDialog, settle: Settle) -> None:
    cell = dialog.form.cells["others"]
    cell.input.setFocus(Qt.FocusReason.TabFocusReason)
    press(Qt.Key.Key_Tab)
    keys("40")
    press(Qt.Key.Key_Return)
    dialog.submit()
    settle()
    assert cell.problem.isVisible()
    assert "第 1 行：没有填共有人" in cell.problem.text() and cell.input.rows.wrong() == [0]
    assert dialog.isVisible() and Ownership.select().count() == 1


def test_a_table_from_a_workbook_is_pasted_into_the_rows(dialog: DeedDialog) -> None:
    rows = dialog.form.cells["others"].input
    rows.setFocus(Qt.FocusReason.TabFocusReason)
    QApplication.clipboard().setText("202\t40\n203\t20\n")
    press(Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert rows.given() == [{"person": "202", "share": "40"}, {"person": "203", "share": "20"}]
    assert "粘贴了 2 行" in rows.foot.text()


def test_rows_outlive_a_crash_with_their_form(
    dialog: DeedDialog, services: Any, settle: Settle, window: Any
) -> None:
    rows = dialog.form.cells["others"].input
    rows.setFocus(Qt.FocusReason.TabFocusReason)
    keys("202")
    press(Qt.Key.Key_Return)
    services.memory.flush()
    draft = drafts.left(services.memory)[0]
    again = resume(services, draft, window)
    assert again.form.cells["others"].input.given() == [{"person": "202"}]
    assert again.form.cells["others"].input.rows.rowCount() == 2
    for kept in ("[", "{}", '[1, {"person": 5}]', '[{"share": ["x"]}]'):
        again.form.cells["others"].input.restore(kept)


def test_the_keys_of_the_form_work_while_a_cell_is_typed_into(
    dialog: DeedDialog, settle: Settle, unit: Unit
) -> None:
    dialog.form.cells["others"].input.setFocus(Qt.FocusReason.TabFocusReason)
    keys("2")
    press(Qt.Key.Key_Escape)
    front(Question).no.click()
    assert dialog.isVisible()
    dialog.activateWindow()
    QTest.qWaitForWindowActive(dialog)
    keys("02")
    press(Qt.Key.Key_Enter, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.KeypadModifier)
    settle()
    assert Ownership.select().where(Ownership.since == date(2026, 7, 1)).count() == 2


def test_escape_in_an_untouched_cell_leaves_the_form(opened_only: DeedDialog) -> None:
    opened_only.form.cells["others"].input.setFocus(Qt.FocusReason.TabFocusReason)
    press(Qt.Key.Key_Escape)
    assert not opened_only.isVisible()


def test_enter_takes_the_only_person_who_fits_and_goes_on(
    dialog: DeedDialog, settle: Settle, unit: Unit, qtbot: Any
) -> None:
    rows = dialog.form.cells["others"].input
    rows.setFocus(Qt.FocusReason.TabFocusReason)
    keys("qianwei")
    popup = QApplication.focusWidget().completer().popup()
    qtbot.waitUntil(popup.isVisible)
    QTest.keyClick(popup, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: rows.grid.currentIndex().column() == 1)
    dialog.activateWindow()  # off screen a list that closes may leave no window active
    QTest.qWaitForWindowActive(dialog)
    keys("40")
    press(Qt.Key.Key_Return)
    assert rows.given() == [{"person": "202", "share": "40"}]


def test_the_foot_says_in_full_what_is_wrong_with_a_row(dialog: DeedDialog) -> None:
    rows = dialog.form.cells["others"].input
    share = rows.rows.index(0, 1)
    rows.rows.setData(share, "一半")
    assert rows.foot.text().strip() == f"第 1 行：{rows.rows.remark(0)}" and "一半" in rows.foot.text()
    rows.rows.setData(share, "50")
    assert rows.foot.text().strip().startswith("1 行")
