"""按键: shortcuts that hold only while their own page or dialog has the keyboard."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

SAVE = ("Ctrl+Return", "Ctrl+Enter")
"""On the keypad it is another key."""


def bind(owner: QWidget, act: Callable[[], Any], *keys: str | QKeySequence.StandardKey) -> None:
    """Let keys do something while the owner or something in it has the keyboard."""
    for key in keys:
        shortcut = QShortcut(QKeySequence(key), owner)
        # As an argument of its own PySide passes the context over in silence.
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(act)
