from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QScrollArea,
    QScrollBar,
    QSpinBox,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from tests.estate import opened
from tests.ui import places
from ui.wheel import TURNED

Settle = Callable[[], None]


@pytest.fixture
def office(furnished: Path, tmp_path: Path) -> Iterator[Path]:
    with opened(furnished, tmp_path / "office.db") as path:
        yield path


def turn(widget: QWidget) -> QWheelEvent:
    middle = QPointF(widget.rect().center())
    event = QWheelEvent(
        middle,
        QPointF(widget.mapToGlobal(widget.rect().center())),
        QPoint(0, -120),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(widget, event)
    return event


def value(widget: Any) -> int:
    return widget.currentIndex() if isinstance(widget, QComboBox | QTabBar) else widget.value()


def turned_in(root: QWidget) -> list[Any]:
    found = [one for kind in TURNED for one in root.findChildren(kind)]
    return [one for one in found if not isinstance(one, QScrollBar) and one.isVisible()]


def test_the_wheel_turns_only_what_has_the_keyboard(_dressed: None) -> None:
    top, box, number, tabs = QWidget(), QComboBox(), QSpinBox(), QTabBar()
    box.addItems(list("abc"))
    for name in "abc":
        tabs.addTab(name)
    layout = QVBoxLayout(top)
    for widget in (box, number, tabs):
        widget.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        layout.addWidget(widget)
    number.setValue(5)
    top.show()
    QTest.qWaitForWindowActive(top)
    for widget, other in ((box, number), (number, box)):
        other.setFocus()
        before = value(widget)
        assert not turn(widget).isAccepted()  # the page behind it takes it
        assert value(widget) == before and other.hasFocus()
        widget.setFocus()
        turn(widget)
        assert value(widget) != before
    turn(tabs)
    assert tabs.currentIndex() == 0
    top.hide()


def turned(place: str, root: QWidget) -> list[str]:
    """Return what the wheel changed in passing."""
    changed = []
    for widget in turned_in(root):
        widget.clearFocus()
        before = value(widget)
        turn(widget)
        changed += [] if value(widget) == before else [f"{place}: the wheel turned {type(widget).__name__}"]
    return changed


def test_scrolling_past_changes_nothing_in_any_other_dialog(
    window: Any, settle: Settle, tmp_path: Path
) -> None:
    changed, seen = [], 0
    for place, root in places.others(window, settle, tmp_path):
        seen += len(turned_in(root))
        changed += turned(place, root)
    assert changed == [] and seen


def test_the_page_behind_is_scrolled_instead(_dressed: None) -> None:
    area, inside = QScrollArea(widgetResizable=True), QWidget()
    inside.setMinimumHeight(2000)
    box = QComboBox(inside)
    box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    box.addItems(list("abc"))
    area.setWidget(inside)
    area.show()
    QTest.qWaitForWindowActive(area)
    area.setFocus()  # a window that comes up gives the keyboard to the first that takes it
    at = box.mapTo(area, box.rect().center())
    QTest.wheelEvent(area.windowHandle(), QPointF(at), QPoint(0, -120))
    assert box.currentIndex() == 0 and area.verticalScrollBar().value() > 0
    area.hide()
