"""A choice within a grid: typed whole, begun, by its number, or taken from the list that F4 shows."""

from collections.abc import Callable
from enum import Enum
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from models.complaints.rounds.inspecting import Inspection
from models.complaints.rounds.points import make_points
from models.fields import ChoiceField
from tests.estate import Estate
from ui.choiceline import ChoiceLine

Settle = Callable[[], None]


class Found(Enum):
    """Words of which two begin alike, and one is a figure."""

    GOOD = "正常"
    BAD = "异常"
    FIXED = "当场整改"
    TOLD = "当场告知"
    NONE = "2"


@pytest.mark.parametrize(
    ("typed", "means"),
    [("异", "异常"), ("异常", "异常"), ("3", "当场整改"), ("１", "正常"), ("当场告", "当场告知"),
     (" 正 ", "正常"), ("2", "2"), ("当", "当"), ("6", "6"), ("0", "0"), ("", ""), ("好", "好")],
)  # fmt: skip
def test_what_was_typed_means_one_choice_or_stays(qtbot: Any, typed: str, means: str) -> None:
    line = ChoiceLine(ChoiceField(Found, verbose_name="结果"))
    qtbot.addWidget(line)
    line.setText(typed)
    assert line.key() == means


def test_a_choice_is_taken_from_the_list_and_the_keyboard_goes_on(
    estate: Estate, window: Any, settle: Settle, qtbot: Any
) -> None:
    make_points()
    page = window.open("inspecting")
    settle()
    page.grid.setFocus(Qt.FocusReason.TabFocusReason)
    settle()
    here = QApplication.focusWidget()
    assert isinstance(here, ChoiceLine)
    QTest.keyClick(here, Qt.Key.Key_F4)
    popup = here._list.popup()
    assert [popup.model().index(row, 0).data() for row in range(3)] == ["1　正常", "2　异常", "3　当场整改"]
    QTest.keyClick(popup, Qt.Key.Key_Down)
    QTest.keyClick(popup, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.grid.currentIndex().row() == 1)
    column = page.rows.first_typed()
    assert page.rows.index(0, column).data() == "异常"
    cell = page.grid.visualRect(page.rows.index(2, column)).center()
    QTest.mouseClick(page.grid.viewport(), Qt.MouseButton.LeftButton, pos=cell)
    settle()
    (opened,) = [one for one in page.findChildren(ChoiceLine, "entry") if one.isVisible()]
    assert opened._list.popup().isVisible(), "the mouse opens it too"
    opened._list.popup().hide()
    assert Inspection.select().count() == 0
