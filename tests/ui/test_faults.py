"""The suite sees what goes wrong in a widget while a key or a button of the mouse goes down."""

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget


class Broken(QWidget):
    """Raises whatever is done to it."""

    def keyPressEvent(self, event: Any) -> None:
        raise ValueError("a key")

    def mousePressEvent(self, event: Any) -> None:
        raise ValueError("a button")


@pytest.mark.parametrize(
    ("does", "what"),
    [
        (lambda on: QTest.keyClick(on, Qt.Key.Key_A), "a key"),
        (lambda on: QTest.mouseClick(on, Qt.MouseButton.LeftButton), "a button"),
    ],
)
def test_a_fault_in_a_widget_is_seen_by_the_suite(qtbot: Any, does: Any, what: str) -> None:
    broken = Broken()
    qtbot.addWidget(broken)
    broken.show()
    with qtbot.captureExceptions() as seen:
        try:
            does(broken)
        except ValueError as fault:
            seen.append((ValueError, fault, None))
    assert len(seen) == 1 and what in str(seen[0][1])
