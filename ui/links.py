"""引用: naming another record by typing a part of its number or name."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import (
    QCoreApplication,
    QEvent,
    QModelIndex,
    QObject,
    QStringListModel,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QCompleter, QLineEdit, QWidget

from models.base import Record
from models.errors import BadInput, NotFound, RuleBroken
from models.fields import accept
from models.listings import LISTS, AnyListing, Listed, Row
from ui import theme
from ui.keys import asks_choices, is_enter, tell
from ui.offers import Offers
from ui.permits import may
from ui.shapes import shape_of

FEW = 40
"""At most so many are offered in a drop-down rather than by typing."""
_OFFERED = 12
_SETTLE = 120
"""Milliseconds of stillness before a typed part is looked up."""


def list_of(record: type[Record]) -> Listed | None:
    """Return the first list that shows records of a kind with their key, if the person may see it.

    One in the database goes before one that is worked out, which may show a part of them.
    """
    module, worked_out = record.__module__.split(".")[1], None
    # The record's own module first: other lists need not even be asked what they are made of.
    for listed in sorted(LISTS.values(), key=lambda one: one.module != module):
        if may(listed.right):
            shape = shape_of(listed)
            if shape.record is record and shape.key_column(record) is not None:
                if shape.stored:
                    return listed
                worked_out = worked_out or listed
    return worked_out


def records_of(record: type[Record], most: int) -> list[tuple[str, str]] | None:
    """Return (label, key) of all records of a kind; None when there are more, or no list of them."""
    listed = list_of(record)
    if listed is None:
        return None
    made = listed()
    rows = made.window(size=most + 1)
    return None if len(rows) > most else [named(listed, made, row) for row in rows]


def named(listed: Listed, made: AnyListing, row: Row) -> tuple[str, str]:
    """Return how a row is offered, and its key."""
    assert made.record is not None
    at = shape_of(listed).key_column(made.record)
    assert at is not None
    shown = made.shown(row)
    told = [
        (column, words)
        for number, (words, column) in enumerate(zip(shown, made.columns, strict=True))
        if number != at and words and not column.hidden and (column.tells or column.field.excel == "text")
    ]
    # Those that tell most come first; the others as the list has them.
    beside = [words for _, words in sorted(told, key=lambda one: not one[0].tells)]
    most = max(2, sum(column.tells for column, _ in told))
    label = "　".join([shown[at], *beside[:most]])
    return label, made.columns[at].field.exact(row.values[at])


def brief(label: str) -> str:
    """Return the name out of an offer: 1栋 of “1　1栋　青枫苑”."""
    parts = label.split("　")
    return parts[1] if len(parts) > 1 else parts[0]


tell("选房、选人的栏", ("输入几个字", "列出相符的"), ("F4", "列出可选的"), ("↑ ↓ Enter", "选中一个"))


class LinkEdit(QLineEdit):
    """A line that offers the records whose number or name holds what was typed."""

    chosen = Signal()

    def __init__(self, field: Any, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = field
        self._keys: dict[str, str] = {}
        self._listed = list_of(field.rel_model)
        self._offers = QStringListModel(self)
        self._wait = QTimer(self, singleShot=True, interval=_SETTLE)
        self._wait.timeout.connect(self._look_up)
        self.textEdited.connect(lambda _: self._wait.start())
        self.setPlaceholderText(self._hint())
        popup = Offers()
        popup.setMinimumWidth(theme.measures().font * 18)
        completer = QCompleter(self._offers, self)
        completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        completer.setPopup(popup)
        completer.setMaxVisibleItems(_OFFERED)
        completer.activated.connect(self._take)
        self.setCompleter(completer)
        popup.installEventFilter(self)  # after the completer's own, so that this comes first

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let Enter that takes none of several offers act on what was typed; Qt would only put them away."""
        popup = self.completer().popup()
        if watched is popup and is_enter(event) and not popup.currentIndex().isValid():
            popup.hide()
            QCoreApplication.sendEvent(self, event)
            return True
        return super().eventFilter(watched, event)

    def key(self) -> str:
        """Return the key: of the offer taken, else what was typed."""
        return self._keys.get(self.text(), self.text())

    def put(self, record: Any) -> None:
        """Show a record, or a key."""
        self._wait.stop()
        self.completer().popup().hide()
        if isinstance(record, Record):
            label = record.key() if record.label() == record.key() else f"{record.key()}　{record.label()}"
            self._keys[label] = record.key()
            self.setText(label)
            self.setCursorPosition(0)
        else:
            self.setText(str(record or ""))

    def event(self, event: QEvent) -> bool:
        """Show by F4 what can be chosen."""
        return asks_choices(event, self.open_choices) or super().event(event)

    def open_choices(self) -> None:
        """Show the records that fit what was typed; the first of all where nothing was."""
        self._look_up(all_of_them=True)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Mark all, so that typing replaces it."""
        super().focusInEvent(event)
        if event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason):
            self.selectAll()

    def settle(self) -> None:
        """Take the only offer that fits what was typed, when it is no key itself."""
        self._wait.stop()
        try:
            accept(self.field, self.key())
        except BadInput:
            return
        except NotFound:
            self._look_up()
            if len(self._offers.stringList()) == 1:
                self.setText(self._offers.stringList()[0])
                self.setCursorPosition(0)
            self.completer().popup().hide()

    def _hint(self) -> str:
        record = self.field.rel_model
        return f"输入{record.fields()[record.key_field].label}" + ("或名称的一部分" if self._listed else "")

    def _look_up(self, *, all_of_them: bool = False) -> None:
        typed = "" if self.text() in self._keys else self.text().strip()
        if self._listed is None or not (typed or all_of_them):
            return
        made = self._listed().searched(typed) if typed else self._listed()
        offers = [named(self._listed, made, row) for row in made.window(size=_OFFERED)]
        self._keys.update(offers)
        self._offers.setStringList([label for label, _ in offers])
        if not offers:
            self.completer().popup().hide()  # an empty box says nothing
        elif self.hasFocus():
            self.completer().complete()
            # Qt would let Enter take the first of several without showing it.
            at = self._meant(typed, [key for _, key in offers])
            sure = QModelIndex() if at is None else self.completer().completionModel().index(at, 0)
            self.completer().popup().setCurrentIndex(sure)

    def _meant(self, typed: str, keys: list[str]) -> int | None:
        """Return which offer Enter may take: the one that is typed in full, or the only one."""
        if not typed:
            return None
        try:
            key = accept(self.field, typed).key()
        except RuleBroken:
            return 0 if len(keys) == 1 else None
        return keys.index(key) if key in keys else None

    def _take(self, label: str) -> None:
        self.setText(label)
        self.setCursorPosition(0)
        self.chosen.emit()
