"""Hands: whoever sits at the window and has nothing but keys, for tests of whole days of work."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest

from tests.ui.conftest import front, pause
from ui.acts import keys_of
from ui.deeddialog import DeedDialog

Settle = Callable[[], None]
Key, Held = Qt.Key, Qt.KeyboardModifier
CTRL = Held.ControlModifier


class Keys:
    """Whoever sits at the window and has nothing but keys."""

    def __init__(self, window: Any, settle: Settle, qtbot: Any, qapp: Any) -> None:
        self.window, self.settle, self.qtbot, self.qapp = window, settle, qtbot, qapp

    def press(self, key: Qt.Key, held: Qt.KeyboardModifier = Held.NoModifier) -> None:
        """Press a key where the keyboard is."""
        on = self.qapp.focusWidget() or self.qapp.activeWindow() or self.window
        self.qtbot.keyClick(on, key, held)
        self.settle()

    def write(self, words: str) -> None:
        """Type words where the keyboard is."""
        for letter in words:
            self.qtbot.keyClick(self.qapp.focusWidget(), letter)
        self.settle()

    def do(self, page: str, title: str, asked: str = "", words: str = "", down: int = 0) -> None:
        """Do to the first row of a page what a button does, by its key, and answer one field of its form."""
        view = self.window.open(page)
        acts = [*view.deeds, *view.row_deeds]
        act, key = next(one for one in zip(acts, keys_of(acts), strict=True) if one[0].title == title)

        def ready() -> None:
            """Expect the row to stand as it must; the page reads anew a moment after the last deed."""
            self.settle()
            view.table.grid.setFocus()
            for step in (Key.Key_Home, Key.Key_Down, Key.Key_Up):
                self.press(step)
            assert act.hindrance(view) == "", [row.values for row in view.table.grid.rows.rows]

        pause(120)
        self.qtbot.waitUntil(ready, timeout=10_000)
        QTest.keySequence(view.table.grid, QKeySequence(key))
        self.settle()
        if asked:
            front(DeedDialog).form.cells[asked].input.setFocus()
            self.settle()
            self.write(words)
            for _ in range(down):
                self.press(Key.Key_Down)
            self.press(Key.Key_Return, CTRL)
