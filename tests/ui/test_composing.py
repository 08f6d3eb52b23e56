import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent, QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QPushButton, QVBoxLayout


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
        layout = QVBoxLayout(self)
        layout.addWidget(self.line)
        layout.addWidget(button)
        self.show()
        self.line.setFocus()

    def compose(self, typed: str, commit: str = "") -> None:
        event = QInputMethodEvent(typed, [])
        event.setCommitString(commit)
        QApplication.sendEvent(self.line, event)


@pytest.fixture
def typing(_dressed: None) -> Typing:
    return Typing()


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
    typing.hide()
