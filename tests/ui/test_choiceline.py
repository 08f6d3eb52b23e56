"""A choice within a grid: typed whole, begun, by its number, or taken from the list that F4 shows."""

from collections.abc import Callable
from enum import Enum
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QListView

from models.complaints.rounds.inspecting import Inspection
from models.complaints.rounds.points import make_points
from models.fields import ChoiceField
from tests.estate import Estate
from tests.ui.conftest import begin_sheet, commit
from ui import theme
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


def begin(window: Any, settle: Settle) -> Any:
    make_points()
    return begin_sheet(window, settle, "inspecting")


def line_of(page: Any) -> ChoiceLine:
    """Return the line in which a cell is being typed."""
    (line,) = [one for one in page.findChildren(ChoiceLine, "entry") if one.isVisible()]
    return line


def opened(page: Any) -> QListView:
    """Open the list by its key, and return it."""
    line = line_of(page)
    QTest.keyClick(line, Qt.Key.Key_F4)
    popup = line._list.popup()
    assert isinstance(popup, QListView) and popup.isVisible()
    return popup


def told(page: Any, row: int) -> str:
    return str(page.rows.index(row, page.rows.first_typed()).data())


def test_a_choice_is_taken_from_the_list_and_the_keyboard_goes_on(
    estate: Estate, window: Any, settle: Settle, qtbot: Any
) -> None:
    page = begin(window, settle)
    popup = opened(page)
    assert [popup.model().index(row, 0).data() for row in range(3)] == ["1　正常", "2　异常", "3　当场整改"]
    QTest.keyClick(popup, Qt.Key.Key_Down)
    QTest.keyClick(popup, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.grid.currentIndex().row() == 1)
    assert told(page, 0) == "异常"


def test_what_is_typed_over_the_open_list_is_meant(estate: Estate, window: Any, settle: Settle) -> None:
    page = begin(window, settle)
    for row, (key, means) in enumerate(
        ((Qt.Key.Key_2, "异常"), (Qt.Key.Key_3, "当场整改"), (Qt.Key.Key_Equal, "正常"))
    ):
        popup = opened(page)
        QTest.keyClick(popup, key)
        assert not popup.isVisible()
        QTest.keyClick(line_of(page), Qt.Key.Key_Return)
        assert told(page, row) == means
    popup, line = opened(page), line_of(page)
    commit(line, "异常")
    assert not popup.isVisible()
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert told(page, 3) == "异常"


def test_a_click_into_a_choice_shows_its_list(estate: Estate, window: Any, settle: Settle) -> None:
    page = begin(window, settle)
    column = page.rows.first_typed()
    for row in (2, 4):
        cell = page.grid.visualRect(page.rows.index(row, column)).center()
        QTest.mouseClick(page.grid.viewport(), Qt.MouseButton.LeftButton, pos=cell)
        assert page.grid.currentIndex().row() == row
        popup = line_of(page)._list.popup()
        assert popup.isVisible()
        popup.hide()
    told_only = page.grid.visualRect(page.rows.index(1, 0)).center()
    QTest.mouseClick(page.grid.viewport(), Qt.MouseButton.LeftButton, pos=told_only)
    assert page.grid.currentIndex().row() == 1 and not line_of(page)._list.popup().isVisible()
    assert Inspection.select().count() == 0


def test_the_rows_of_the_list_are_of_one_height_in_every_scheme(
    estate: Estate, window: Any, settle: Settle
) -> None:
    page = begin(window, settle)
    try:
        for scheme in (theme.Scheme.DARK, theme.Scheme.LIGHT):
            theme.apply(scheme, theme.STANDARD)
            settle()
            page.grid.setFocus(Qt.FocusReason.TabFocusReason)
            popup = opened(page)
            boxes = [popup.visualRect(popup.model().index(row, 0)) for row in range(3)]
            assert [box.height() for box in boxes] == [popup.sizeHintForRow(0)] * 3
            assert [box.top() for box in boxes] == [number * boxes[0].height() for number in range(3)]
            popup.hide()
    finally:
        theme.apply(theme.Scheme.LIGHT, theme.STANDARD)
