"""选择格: a line for one of a few words: typed whole, begun, or by its number in the list that F4 shows."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QCompleter, QLineEdit, QWidget

from models.fields import ChoiceField
from ui import theme
from ui.cells import PADDING
from ui.keys import asks_choices
from ui.offers import Offers

_WALKS = {
    Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_Return,
    Qt.Key.Key_Enter, Qt.Key.Key_Escape, Qt.Key.Key_F4,
}  # fmt: skip
"""Keys that mean the list while it is open; all others mean the line, and the list goes away."""


class ChoiceLine(QLineEdit):
    """The line of a choice within a grid, where no list opens by itself under the hands of who types."""

    chosen = Signal()
    """One was taken from the list."""

    def __init__(self, field: ChoiceField, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = [str(member.value) for member in field.members]
        self.setPlaceholderText("F4 选")
        numbered = [f"{number}　{words}" for number, words in enumerate(self._words, start=1)]
        self._list = QCompleter(numbered, self)
        self._list.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self._list.setMaxVisibleItems(len(numbered))
        popup = Offers()
        popup.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        widest = max(map(theme.metrics().horizontalAdvance, numbered))
        popup.setMinimumWidth(widest + 2 * PADDING + 12)
        self._list.setPopup(popup)
        self._list.setWidget(self)  # `setCompleter` would open it at every letter
        self._list.activated.connect(self._take)
        self.textEdited.connect(lambda _: popup.hide())  # what an input method writes passes no key
        popup.installEventFilter(self)  # after the completer's own, so that this comes first

    def key(self) -> str:
        """Return the choice that is meant by what was typed; what means none, or several, as it is."""
        typed = self.text().strip()
        if not typed or typed in self._words:
            return typed
        begun = [words for words in self._words if words.startswith(typed)]
        if len(begun) == 1:
            return begun[0]
        number = int(typed) if typed.isdecimal() else 0
        return self._words[number - 1] if 0 < number <= len(self._words) else typed

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let a key that is typed act on the line, or the open list would be taken for it."""
        popup = self._list.popup()
        if watched is popup and event.type() is QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            plain = not event.modifiers() & Qt.KeyboardModifier.ControlModifier
            if not (plain and event.key() in _WALKS):
                popup.hide()
                QCoreApplication.sendEvent(self, event)
                return True
        return super().eventFilter(watched, event)

    def event(self, event: QEvent) -> bool:
        """Show by F4 what can be chosen."""
        return asks_choices(event, self.open_choices) or super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Show it to whoever has the mouse in hand, too."""
        super().mousePressEvent(event)
        self.open_choices()

    def open_choices(self) -> None:
        """Show all, beginning at the one that stands here."""
        key = self.key()
        self._list.complete()
        at = self._words.index(key) if key in self._words else 0
        self._list.popup().setCurrentIndex(self._list.completionModel().index(at, 0))

    def _take(self, numbered: str) -> None:
        self.setText(numbered.partition("　")[2])
        self.setModified(True)
        self.chosen.emit()
