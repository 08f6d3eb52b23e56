"""按键: shortcuts that hold only while their own page or dialog has the keyboard."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any, cast

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QComboBox, QPushButton, QWidget
from shiboken6 import isValid

SAVE = ("Ctrl+Return", "Ctrl+Enter")
"""On the keypad it is another key."""

AND_NEW = ("Ctrl+Shift+Return", "Ctrl+Shift+Enter")
"""Saves and begins the next one."""
AND_PRINT = "F9"
EDIT, CHOICES, REFRESH = "F2", "F4", "F5"
PREVIOUS, NEXT = "F7", "F8"
DEEDS = (*(f"Ctrl+{number}" for number in range(1, 10)), *(f"Ctrl+Shift+{number}" for number in range(1, 10)))
"""The deeds of a page have these, in their order."""
NUMPAD = {"Return": "Enter", "PgDown": "PgDn"}
"""What Qt calls some keys, and what stands on them."""

HEADING = "keys"
"""Property of a widget: what the table of keys calls those that it and what is in it act on."""

typed: dict[str, list[tuple[str, str]]] = {}
"""Keys that a kind of field or list acts on itself, by what it is: (keys, what they do)."""


def tell(where: str, *lines: tuple[str, str]) -> None:
    """Say which keys a kind of field or list acts on without a shortcut, for the table of keys."""
    typed.setdefault(where, []).extend(line for line in lines if line not in typed[where])


class PressesOnEnter:
    """What a window or dialog takes on beside Qt's own class: Enter presses the button with the keyboard.

    Qt does so only for buttons that would also be pressed by Enter in a field.
    """

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Press the button that has the keyboard; any other Enter ends here and saves nothing by accident."""
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)  # type: ignore[misc]
            return
        event.accept()
        button = cast(QWidget, self).focusWidget()
        if isinstance(button, QPushButton) and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            button.click()


class Standstill:
    """A page out of use while its deed is at work; afterwards the keyboard is where it was."""

    def __init__(self, page: QWidget, follow: Callable[[], object]) -> None:
        """Make it.

        Args:
            page: which.
            follow: puts what is on it in or out of use, as `busy` says.
        """
        self.busy = False
        self._page, self._follow = page, follow
        self._had: QWidget | None = None
        self._fell: QWidget | None = None

    def begin(self) -> None:
        """Take the page out of use."""
        had = self._page.window().focusWidget()
        self._had = self._fell = had if had is not None and self._page.isAncestorOf(had) else None
        self.busy = True
        self._follow()
        QTimer.singleShot(0, self._page, self._note)

    def _note(self) -> None:
        """Remember where Qt put the keyboard when its owner went out of use."""
        self._fell = self._page.window().focusWidget()

    def end(self) -> None:
        """Take it into use again; give the keyboard back unless the person went elsewhere meanwhile."""
        self.busy = False
        self._follow()
        stayed = self._page.window().focusWidget() in (None, self._fell)
        if stayed and self._had is not None and isValid(self._had) and self._had.isEnabled():
            self._had.setFocus(Qt.FocusReason.OtherFocusReason)
        self._had = None


def bind(
    owner: QWidget, act: Callable[[], Any], *keys: str, words: str, anywhere: bool = False
) -> list[QShortcut]:
    """Let keys do something while the owner or something in it has the keyboard.

    Args:
        owner: a widget.
        act: what they do.
        keys: as Qt names them; those of one act stand in one line of the table of keys.
        words: what they do, for that table.
        anywhere: whether they work wherever in the owner's window the keyboard is.
    """
    made = []
    for key in keys:
        shortcut = QShortcut(QKeySequence(key), owner)
        # As an argument of its own PySide passes the context over in silence.
        reach = Qt.ShortcutContext
        shortcut.setContext(reach.WindowShortcut if anywhere else reach.WidgetWithChildrenShortcut)
        shortcut.setWhatsThis(words)
        shortcut.activated.connect(act)
        made.append(shortcut)
    return made


def head(owner: QWidget, words: str) -> None:
    """Say under which heading the keys of a widget stand in the table of keys."""
    owner.setProperty(HEADING, words)


def told(key: QKeySequence | str) -> str:
    """Return a key as it stands on the keyboard."""
    words = key if isinstance(key, str) else key.toString(QKeySequence.SequenceFormat.PortableText)
    return "+".join(NUMPAD.get(part, part) for part in words.split("+")) if words != "Ctrl++" else words


def asks_choices(event: QEvent, show: Callable[[], Any]) -> bool:
    """Show by F4 what a field can be filled from, before any shortcut of that key; whether it was that."""
    asked = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_F4 and not event.modifiers()
    if not asked or event.type() not in (QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride):
        return False
    event.accept()
    if event.type() is QEvent.Type.KeyPress:
        show()
    return True


def to_choices(owner: QWidget, otherwise: QWidget) -> None:
    """Show what the field with the keyboard offers; from elsewhere go to where one chooses."""
    here = owner.window().focusWidget()
    if isinstance(here, QComboBox):
        here.showPopup()
    else:
        otherwise.setFocus(Qt.FocusReason.ShortcutFocusReason)


def follow_by_tab(*widgets: QWidget) -> None:
    """Let Tab go from each of these to the next."""
    for one, other in pairwise(widgets):
        QWidget.setTabOrder(one, other)


def is_enter(event: QEvent) -> bool:
    """Whether an event is Enter being pressed, on the keypad too."""
    if event.type() is not QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
        return False
    return event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
