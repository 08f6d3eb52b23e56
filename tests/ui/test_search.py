from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from models.search import Hit
from tests.estate import Estate
from tests.ui.conftest import commit, pause
from ui.memory import Memory
from ui.recent import Recent

Settle = Callable[[], None]


@pytest.fixture
def line(estate: Estate, window: Any, settle: Settle) -> Any:
    estate.house("101")
    estate.house("102", owner="李强")
    pause(500)  # until the pages are known
    settle()
    window.search.call()
    return window.search


def type_and_wait(line: Any, settle: Settle, words: str) -> None:
    QTest.keyClicks(line, words) if words.isascii() else commit(line, words)
    pause(100)
    settle()


def titles(line: Any) -> list[str]:
    return [line.results.list.item(row).text() for row in range(line.results.list.count())]


def test_three_keys_and_enter_open_a_person_with_his_card(line: Any, window: Any, settle: Settle) -> None:
    type_and_wait(line, settle, "wgf")
    assert titles(line)[0] == "王桂芳"
    QTest.keyClick(line, Qt.Key.Key_Return)
    pause(150)
    settle()
    page = window.panels["owners"].stack.currentWidget()
    assert page.listed.name == "people" and page.card.title.text() == "人员 王桂芳"
    assert not line.results.isVisible() and line.text() == ""


@pytest.mark.parametrize("key", [Qt.Key.Key_F3, Qt.Key.Key_K])
def test_the_line_is_called_from_anywhere(line: Any, window: Any, settle: Settle, key: Qt.Key) -> None:
    view = window.open("people")
    settle()
    view.table.grid.setFocus()
    modifier = Qt.KeyboardModifier.ControlModifier if key == Qt.Key.Key_K else Qt.KeyboardModifier.NoModifier
    QTest.keyClick(view.table.grid, key, modifier)
    assert line.hasFocus()


def test_a_scanner_that_types_and_enters_at_once_is_waited_for(
    line: Any, window: Any, settle: Settle
) -> None:
    QTest.keyClicks(line, "1-1-102")
    QTest.keyClick(line, Qt.Key.Key_Return)
    pause(150)
    settle()
    page = window.panels["owners"].stack.currentWidget()
    assert page.narrowing.only is not None and page.narrowing.only[1] == "1-1-102"


def test_pages_are_found_by_title_and_by_sound(line: Any, window: Any, settle: Settle) -> None:
    for words in ("欠费", "qf"):
        line.clear()
        type_and_wait(line, settle, words)
        assert "物业收费 · 欠费" in titles(line)
    QTest.keyClick(line, Qt.Key.Key_Return)
    settle()
    assert window.docks.current == "fees"


def test_arrows_walk_and_escape_leaves(line: Any, window: Any, settle: Settle) -> None:
    type_and_wait(line, settle, "1-1")
    assert line.results.current().title == "1-1-101"
    QTest.keyClick(line, Qt.Key.Key_Down)
    assert line.results.current().title == "1-1-102"
    QTest.keyClick(line, Qt.Key.Key_Up)
    QTest.keyClick(line, Qt.Key.Key_Up)
    assert line.results.current().title == "1-1-101"
    QTest.keyClick(line, Qt.Key.Key_Escape)
    assert line.text() == ""
    QTest.keyClick(line, Qt.Key.Key_Escape)
    assert not line.results.isVisible() and not line.hasFocus()


def test_what_was_opened_is_offered_and_can_be_pinned(line: Any, window: Any, settle: Settle) -> None:
    for words in ("1-1-101", "李强"):
        window.search.call()
        type_and_wait(line, settle, words)
        QTest.keyClick(line, Qt.Key.Key_Return)
        settle()
    window.search.call()
    assert titles(line) == ["最近打开", "李强", "1-1-101"]
    QTest.keyClick(line, Qt.Key.Key_Down)
    QTest.keyClick(line, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    assert titles(line) == ["已固定", "1-1-101", "最近打开", "李强"]
    QTest.keyClick(line, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    assert titles(line) == ["最近打开", "李强", "1-1-101"]


def test_nothing_found_says_what_to_try(line: Any, settle: Settle) -> None:
    type_and_wait(line, settle, "zzzz")
    assert "没有找到" in titles(line)[0]
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert line.results.isVisible()


def test_an_answer_to_older_words_is_not_shown(line: Any, settle: Settle) -> None:
    line._asked += 1
    line._found((line._asked - 1, [Hit("units", 1, "old")]))
    assert "old" not in titles(line)


def test_nothing_is_looked_for_while_pinyin_is_being_composed(line: Any, settle: Settle) -> None:
    from PySide6.QtGui import QInputMethodEvent

    before = line._asked
    QApplication.sendEvent(line, QInputMethodEvent("wang", []))
    pause(120)
    assert line._asked == before


def test_the_last_twenty_are_remembered_and_garbage_is_not() -> None:
    memory = Memory()
    recent = Recent(memory)
    for number in range(30):
        recent.note(Hit("units", number, f"1-1-{number}", kind="房屋"))
    assert [hit.id for hit in Recent(memory).opened()] == list(range(29, 9, -1))
    memory.put("recent", [7, {}, {"id": []}, {"id": 1, "listing": ""}, {"id": 1, "listing": 5}])
    memory.put("pinned", "x")
    assert Recent(memory).opened() == Recent(memory).pinned() == []
