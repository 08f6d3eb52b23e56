"""滚轮: scrolling past a field or a tab changes nothing in it; only what has the keyboard turns."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QAbstractSlider, QAbstractSpinBox, QComboBox, QScrollBar, QTabBar

from ui.watch import Kind, watch

TURNED = (QComboBox, QAbstractSpinBox, QTabBar, QAbstractSlider)
"""What the wheel turns. None of them may take the keyboard by the wheel, or it would always have it."""


def keep_wheel_off() -> None:
    """Let the wheel pass over what has not the keyboard, to the page behind it."""
    watch().ask((QEvent.Type.Wheel,), _look)


def _look(watched: QObject, event: QEvent, _: Kind) -> bool:
    if not isinstance(watched, TURNED) or isinstance(watched, QScrollBar) or watched.hasFocus():
        return False
    event.ignore()
    return True
