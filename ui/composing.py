"""输入法: no key acts while an input method is still composing, and nothing half composed is lost.

Qt hands Enter, Esc and function keys to buttons and shortcuts even when the typed pinyin has not
become characters yet (usability.md 0.1); this filter holds them back until it has. A click elsewhere
takes what is being composed as it stands, and then acts.
"""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt
from PySide6.QtGui import QFocusEvent, QGuiApplication, QInputMethodEvent
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from ui.watch import Kind, watch

_KEYS = (QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride, QEvent.Type.Shortcut)
_KINDS = (QEvent.Type.InputMethod, QEvent.Type.FocusOut, QEvent.Type.MouseButtonPress, *_KEYS)


class ComposingGuard:
    """Remembers in which widget a composition is open, and swallows keys while one is."""

    def __init__(self) -> None:
        self._line: QObject | None = None
        self._preedit = ""
        self._taken: tuple[QObject, str] | None = None
        """What was taken as it stood, and where: a slow input method may hand it over once more."""
        watch().ask(_KINDS, self._look)

    def composing(self) -> bool:
        """Whether a composition is open; one ends with its widget."""
        return self._line is not None and isValid(self._line)

    def _look(self, watched: QObject, event: QEvent, kind: Kind) -> bool:
        if kind is QEvent.Type.InputMethod and isinstance(event, QInputMethodEvent):
            return self._follow(watched, event)
        if not self.composing():
            return False
        if kind in _KEYS:
            event.accept()
            return True
        if kind is QEvent.Type.MouseButtonPress:
            elsewhere = isinstance(watched, QWidget) and not self._is_line(watched)
        else:
            elsewhere = watched is self._line and not self._offers(event)
        if elsewhere:
            self._take()
        return False

    def _follow(self, watched: QObject, event: QInputMethodEvent) -> bool:
        words, preedit = event.commitString(), event.preeditString()
        again, self._taken = self._taken == (watched, words), None
        if again and isinstance(watched, QWidget) and not watched.hasFocus():
            return True
        if preedit:
            self._line, self._preedit = watched, preedit
        elif watched is self._line:
            self._line = None
        return False

    def _is_line(self, widget: QWidget) -> bool:
        """Whether a widget is the composing one or a part of it, such as the viewport of its text."""
        return widget is self._line or (isinstance(self._line, QWidget) and self._line.isAncestorOf(widget))

    def _offers(self, event: QEvent) -> bool:
        """Whether the keyboard left only for the list of offers below the widget, which hands keys back."""
        popup = QApplication.activePopupWidget()
        opened = isinstance(event, QFocusEvent) and event.reason() is Qt.FocusReason.PopupFocusReason
        return opened and popup is not None and popup.focusProxy() is self._line

    def _take(self) -> None:
        """Let the input method hand over what it has; where it does not, take the letters as they are."""
        QGuiApplication.inputMethod().commit()
        line, self._line = self._line, None
        if line is None or not isValid(line):
            return
        rest = QInputMethodEvent()
        rest.setCommitString(self._preedit)
        QCoreApplication.sendEvent(line, rest)
        self._taken = line, self._preedit
