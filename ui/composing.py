"""输入法: no key acts while an input method is still composing.

Qt hands Enter, Esc and function keys to buttons and shortcuts even when the typed pinyin has not
become characters yet (usability.md 0.1); this filter holds them back until it has.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QInputMethodEvent

_KEYS = (QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride, QEvent.Type.Shortcut)


class ComposingGuard(QObject):
    """Installed on the application; remembers whether a composition is open."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._composing = False

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Swallow keys while composing."""
        kind = event.type()
        if kind is QEvent.Type.InputMethod and isinstance(event, QInputMethodEvent):
            self._composing = bool(event.preeditString())
        elif kind is QEvent.Type.FocusOut:
            self._composing = False
        elif self._composing and kind in _KEYS:
            event.accept()
            return True
        return False
