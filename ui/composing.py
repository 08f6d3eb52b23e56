"""输入法: no key acts while an input method is still composing.

Qt hands Enter, Esc and function keys to buttons and shortcuts even when the typed pinyin has not
become characters yet (usability.md 0.1); this filter holds them back until it has.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QInputMethodEvent

from ui.watch import Kind, watch

_KEYS = (QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride, QEvent.Type.Shortcut)


class ComposingGuard:
    """Remembers whether a composition is open, and swallows keys while one is."""

    def __init__(self) -> None:
        self._composing = False
        watch().ask((QEvent.Type.InputMethod, QEvent.Type.FocusOut, *_KEYS), self._look)

    def _look(self, watched: QObject, event: QEvent, kind: Kind) -> bool:
        if kind is QEvent.Type.InputMethod and isinstance(event, QInputMethodEvent):
            self._composing = bool(event.preeditString())
        elif kind is QEvent.Type.FocusOut:
            self._composing = False
        elif self._composing and kind in _KEYS:
            event.accept()
            return True
        return False
