from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QInputMethodEvent, QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCompleter, QDialog, QLineEdit, QMenu, QPushButton, QVBoxLayout


class Typing(QDialog):
    """A dialog in which whatever fires too early would be noted."""

    def __init__(self) -> None:
        super().__init__()
        self.fired: list[str] = []
        self.line = QLineEdit()
        self.line.returnPressed.connect(lambda: self.fired.append("return"))
        button = QPushButton("保存", default=True)
        button.clicked.connect(lambda: self.fired.append("save"))
        QShortcut(QKeySequence("F5"), self, lambda: self.fired.append("F5"))
        self.button, self.other = button, QLineEdit()
        layout = QVBoxLayout(self)
        for widget in (self.line, self.other, button):
            layout.addWidget(widget)
        self.show()
        self.line.setFocus()

    def compose(self, typed: str, commit: str = "", line: QLineEdit | None = None) -> None:
        event = QInputMethodEvent(typed, [])
        event.setCommitString(commit)
        QApplication.sendEvent(line or self.line, event)


@pytest.fixture
def typing(_dressed: None) -> Iterator[Typing]:
    made = Typing()
    QTest.qWaitForWindowActive(made)
    yield made
    made.hide()
    made.deleteLater()


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape, Qt.Key.Key_F5])
def test_no_key_acts_while_pinyin_is_being_composed(typing: Typing, key: Qt.Key) -> None:
    typing.compose("zhang")
    QTest.keyClick(typing.line, key)
    assert typing.fired == []
    assert typing.isVisible()
    typing.compose("", "张")
    assert typing.line.text() == "张"
    QTest.keyClick(typing.line, Qt.Key.Key_Return)
    assert "return" in typing.fired


def test_what_is_composed_is_taken_as_it_stands_when_the_keyboard_goes_elsewhere(typing: Typing) -> None:
    typing.compose("", "王")
    typing.compose("zhang")
    typing.other.setFocus()
    assert typing.line.text() == "王zhang"
    QTest.keyClick(typing.other, Qt.Key.Key_F5)
    assert typing.fired == ["F5"]


def test_what_a_slow_input_method_hands_over_after_that_is_not_written_twice(typing: Typing) -> None:
    typing.compose("zhang")
    typing.other.setFocus()
    typing.compose("", "zhang")
    assert typing.line.text() == "zhang"
    typing.line.setFocus()
    typing.compose("", "zhang")
    assert typing.line.text() == "zhangzhang"


def test_a_click_takes_it_even_where_the_keyboard_stays_and_then_acts(typing: Typing) -> None:
    typing.button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    typing.compose("zhang")
    QTest.mouseClick(typing.button, Qt.MouseButton.LeftButton)
    assert typing.line.text() == "zhang" and typing.fired == ["save"]


def test_a_click_into_the_line_itself_leaves_the_composition_open(typing: Typing) -> None:
    typing.compose("zhang")
    QTest.mouseClick(typing.line, Qt.MouseButton.LeftButton)
    QTest.keyClick(typing.line, Qt.Key.Key_F5)
    assert typing.fired == []


def test_one_event_may_hand_over_a_character_and_go_on_composing(typing: Typing) -> None:
    typing.compose("gui", "王")
    QTest.keyClick(typing.line, Qt.Key.Key_Return)
    assert typing.line.text() == "王" and typing.fired == []


def test_a_composition_ends_with_its_widget(typing: Typing) -> None:
    typing.compose("zhang")
    typing.line.setParent(None)
    typing.line.deleteLater()
    del typing.line
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    typing.other.setFocus()
    QTest.keyClick(typing.other, Qt.Key.Key_F5)
    assert typing.fired == ["F5"]


def test_another_widget_that_ends_its_own_composition_does_not_end_this_one(typing: Typing) -> None:
    typing.compose("zhang")
    typing.compose("", "李", line=typing.other)
    QTest.keyClick(typing.line, Qt.Key.Key_F5)
    assert typing.fired == []


def test_offers_that_come_up_meanwhile_do_not_end_it(typing: Typing) -> None:
    completer = QCompleter(["王桂芳", "王小明"], typing.line)
    typing.line.setCompleter(completer)
    typing.compose("gui", "王")
    completer.complete()
    QTest.keyClick(typing.line, Qt.Key.Key_Return)
    QTest.keyClick(completer.popup(), Qt.Key.Key_Return)
    assert typing.line.text() == "王" and typing.fired == []
    completer.popup().hide()


def test_a_menu_that_comes_up_takes_it_and_has_its_keys(typing: Typing) -> None:
    menu = QMenu(typing)
    menu.addAction("复制", lambda: typing.fired.append("copy"))
    typing.compose("zhang")
    menu.popup(typing.pos())
    QTest.keyClick(menu, Qt.Key.Key_Down)
    QTest.keyClick(menu, Qt.Key.Key_Return)
    assert typing.line.text() == "zhang" and typing.fired == ["copy"]
