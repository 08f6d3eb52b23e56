"""输入: the widget by which each kind of field is typed, all with one face."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QPushButton,
    QWidget,
)

from models.base import Record
from models.deeds import DEEDS, Deed
from models.fields import (
    ChoiceField,
    DayField,
    FlagField,
    LinkField,
    LinksField,
    MonthField,
    PictureField,
)
from models.rows import RowsField
from ui import theme
from ui.keys import tell
from ui.lineinputs import ROW_GAP, DayInput, Input, LineInput, MonthInput
from ui.links import FEW, LinkEdit, brief, records_of
from ui.permits import may
from ui.rowsinput import RowsInput


class SecretInput(LineInput):
    """A masked number: shown as 138****5678 until it is typed anew; unchanged, it is not handed on."""

    def __init__(self, field: Any, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        self._masked: str | None = None
        self._stored: Any = None

    def given(self) -> Any:
        """Return the text; the stored value where nobody touched it."""
        typed = self.line.text()
        return self._stored if self._masked and typed == self._masked else typed

    def kept(self) -> None:
        """Keep no masked number in a draft."""

    def put(self, value: Any) -> None:
        """Show it masked."""
        self._stored = value
        self._masked = self.field.show(value)
        self.line.setText(self._masked)


class PasswordInput(LineInput):
    """A password: dots while it is typed, no draft."""

    def __init__(self, field: Any, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        self.line.setEchoMode(QLineEdit.EchoMode.Password)
        self.line.setInputMethodHints(Qt.InputMethodHint.ImhHiddenText)

    def kept(self) -> None:
        """Keep no password in a draft."""


class NoteInput(Input):
    """Several lines; Tab leaves it."""

    ROWS = 2

    def __init__(self, field: Any, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        self.area = QPlainTextEdit()
        self.area.setTabChangesFocus(True)
        self.area.textChanged.connect(self.edited)
        self.resize_parts()
        self.own(self.area)

    def resize_parts(self) -> None:
        """Leave room for two lines and a half."""
        self.area.setFixedHeight(theme.measures().control * 2 + ROW_GAP)

    def given(self) -> Any:
        """Return the text."""
        return self.area.toPlainText()

    def put(self, value: Any) -> None:
        """Show the text."""
        self.area.setPlainText("" if value is None else self.field.exact(value))

    def restore(self, kept: str) -> None:
        """Show the text."""
        self.area.setPlainText(kept)


tell("下拉栏", ("F4", "列出可选的"), ("↑ ↓", "换一个"))


_NONE = "（不填）"


class ChoiceInput(Input):
    """One of a few."""

    def __init__(
        self, field: Any, choices: list[tuple[str, Any]], parent: QWidget | None = None, *, blank: str = ""
    ) -> None:
        super().__init__(field, parent)
        self.box = QComboBox()
        self.box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.box.setMaxVisibleItems(16)
        self.box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.box.setMinimumContentsLength(8)
        if blank:
            self.box.addItem(blank, None)
        for label, value in choices:
            self.box.addItem(label, value)
        self.box.setCurrentIndex(0 if blank else -1)
        self.box.currentIndexChanged.connect(lambda _: self.edited.emit())
        self.own(self.box)

    def hint(self, words: str) -> None:
        """Say in the choice of none what it means."""
        if self.box.itemText(0) == _NONE:
            self.box.setItemText(0, f"（{words}）")

    def fit(self) -> None:
        """Be as wide as the longest choice, where nothing else gives it a width."""
        self.box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)

    def given(self) -> Any:
        """Return what was chosen."""
        return self.box.currentData()

    def kept(self) -> str:
        """Keep what is read there."""
        return self.box.currentText()

    def restore(self, kept: str) -> None:
        """Choose what reads so, if it is still offered."""
        self.box.setCurrentIndex(self.box.findText(kept))

    def put(self, value: Any) -> None:
        """Choose a value."""
        if isinstance(value, Record):
            if self.box.findData(value.key()) < 0:  # made just now
                self.box.addItem(f"{value.key()}　{value.label()}", value.key())
            value = value.key()
        self.box.setCurrentIndex(self.box.findData(value))


class ChoicesInput(Input):
    """Several of a few records, ticked in a menu; given as their keys."""

    has_choices = True

    def __init__(self, field: Any, choices: list[tuple[str, str]], parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        self.button = QPushButton()
        self.menu = QMenu(self.button)
        self._none = "（不限）" if field.null else "（请选）"
        for label, key in choices:
            action = self.menu.addAction(label)
            action.setCheckable(True)
            action.setData(key)
            action.toggled.connect(lambda _: self._changed())
        self.button.setMenu(self.menu)
        theme.mark(self.button, menu=True, choices=True)
        self.own(self.button)
        self._say()

    def given(self) -> Any:
        """Return the keys with commas between."""
        return ",".join(str(action.data()) for action in self._ticked())

    def restore(self, kept: str) -> None:
        """Tick the records of these keys."""
        keys = kept.split(",")
        for action in self.menu.actions():
            action.setChecked(action.data() in keys)

    def put(self, value: Any) -> None:
        """Tick these records."""
        keys = {one.key() for one in value or ()}
        for action in self.menu.actions():
            action.setChecked(action.data() in keys)

    def open_choices(self) -> None:
        """Open the menu."""
        self.button.showMenu()

    def _ticked(self) -> list[Any]:
        return [action for action in self.menu.actions() if action.isChecked()]

    def _changed(self) -> None:
        self._say()
        self.edited.emit()

    def _say(self) -> None:
        words = [brief(action.text()) for action in self._ticked()]
        self.button.setText("、".join(words) or self._none)

    def hint(self, words: str) -> None:
        """Say on the button what ticking none means."""
        self._none = f"（{words}）"
        self._say()


class FlagInput(Input):
    """Yes or no."""

    def __init__(self, field: Any, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        self.box = QCheckBox("是")
        self.box.toggled.connect(lambda _: self.edited.emit())
        self.own(self.box)
        self.row.addStretch()

    def hint(self, words: str) -> None:
        """Say beside the box what leaving it empty means."""
        self.box.setText(words)

    def given(self) -> Any:
        """Return the flag."""
        return self.box.isChecked()

    def restore(self, kept: str) -> None:
        """Set it."""
        self.put(kept == "True")

    def put(self, value: Any) -> None:
        """Set it."""
        self.box.setChecked(bool(value))


class LinkInput(Input):
    """Another record, typed by its key or name and completed from its list; a new one by the plus."""

    def __init__(self, field: Any, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        self.edit = LinkEdit(field)
        self.edit.textEdited.connect(self.edited)
        self.edit.chosen.connect(self.edited)
        self.own(self.edit)

    def given(self) -> Any:
        """Return the key."""
        return self.edit.key()

    def put(self, value: Any) -> None:
        """Show a record."""
        self.edit.put(value)

    def settle(self) -> None:
        """Take the only record that fits what was typed."""
        before = self.edit.text()
        self.edit.settle()
        if self.edit.text() != before:
            self.edited.emit()


def adds(record: Any) -> Deed | None:
    """Return the deed that makes a new record of a kind, if there is one and the person may do it."""
    module, noun = record.__module__.split(".")[1], re.sub("(?<!^)([A-Z])", r"_\1", record.__name__).lower()
    deed = DEEDS.get(f"{module}.add_{noun}")
    return deed if deed is not None and may(deed.right) else None


class PictureInput(Input):
    """A picture file, chosen or typed; what is stored stays when nothing is chosen."""

    _HINTS = ("PNG 或 JPEG，不超过 1 MB", "已设置；选择文件可更换")

    def __init__(self, field: Any, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        self._stored: Any = None
        self.line = QLineEdit()
        self.line.setPlaceholderText(self._HINTS[0])
        self.line.textEdited.connect(self.edited)
        self.own(self.line)
        self.button = QPushButton("选择…")
        self.button.clicked.connect(self._choose)
        self.row.addWidget(self.button)

    def given(self) -> Any:
        """Return the path; the stored picture where none was chosen."""
        return self.line.text() or self._stored

    def kept(self) -> str:
        """Keep the path."""
        return self.line.text()

    def restore(self, kept: str) -> None:
        """Show the path."""
        self.line.setText(kept)

    def put(self, value: Any) -> None:
        """Remember what is stored."""
        self._stored = value
        self.line.clear()
        self.line.setPlaceholderText(self._HINTS[value is not None])

    def _choose(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(self, "选择图片", "", "图片 (*.png *.jpg *.jpeg)")
        if chosen:
            self.line.setText(chosen)
            self.edited.emit()


def make_input(field: Any, required: bool, parent: QWidget | None = None, *, new: bool = False) -> Input:
    """Return the widget for a field.

    Args:
        field: what is typed.
        required: whether it must be filled.
        parent: as Qt means it.
        new: whether a field that names a record offers to make one.
    """
    made = _made(field, required, parent)
    deed = adds(field.rel_model) if new and isinstance(field, LinkField) else None
    if deed is not None:
        made.offer_new(deed)
    return made


def _made(field: Any, required: bool, parent: QWidget | None) -> Input:
    if isinstance(field, LinksField):
        several = records_of(field.rel_model, FEW)
        return LineInput(field, parent) if several is None else ChoicesInput(field, several, parent)
    choices = _choices(field)
    if choices is not None:
        return ChoiceInput(field, choices, parent, blank="" if required else _NONE)
    if isinstance(field, LinkField):
        return LinkInput(field, parent)
    traits: tuple[tuple[bool, Callable[..., Input]], ...] = (
        (field.multiline, NoteInput),
        (field.withheld, PasswordInput),
        (field.secret, SecretInput),
    )
    kinds = ((isinstance(field, kind), widget) for kind, widget in _BY_KIND.items())
    chosen = next((make for has, make in (*kinds, *traits) if has), LineInput)
    return chosen(field, parent)


def _choices(field: Any) -> list[tuple[str, Any]] | None:
    """Return what a field can be chosen from; None where it is typed."""
    if hasattr(field, "options"):
        return [(label, name) for name, label in field.options().items()]
    if isinstance(field, ChoiceField):
        return [(str(member.value), member) for member in field.members]
    return records_of(field.rel_model, FEW) if isinstance(field, LinkField) else None


_BY_KIND: dict[type, Callable[..., Input]] = {
    DayField: DayInput,
    MonthField: MonthInput,
    FlagField: FlagInput,
    PictureField: PictureInput,
    RowsField: RowsInput,
}
