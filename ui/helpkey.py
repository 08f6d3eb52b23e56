"""F1: opens the help for wherever the keyboard is, in the window and in every dialog.

Small, because it is there from the first moment; the help itself is loaded when somebody asks.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from ui.keys import tell
from ui.watch import Kind, watch

KEY = Qt.Key.Key_F1
SHUT = "shut"
"""Property of a window in front of a locked program, behind which nothing opens."""

tell("帮助", ("F1", "打开这里的帮助，在表单里也行"), ("Alt+← / Alt+→", "在帮助里后退、前进"))


class HelpKey:
    """Sees F1 before anybody else does; while an input method composes, its guard came first."""

    def __init__(self) -> None:
        watch().ask((QEvent.Type.KeyPress,), self._look)

    def _look(self, watched: QObject, event: QEvent, _: Kind) -> bool:
        if not isinstance(event, QKeyEvent) or event.key() != KEY or event.modifiers():
            return False
        if not isinstance(watched, QWidget) or watched.window().property(SHUT):
            return False
        from ui import help

        help.call(watched)
        return True
