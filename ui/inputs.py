"""输入: the widget by which each kind of field is typed, all with one face."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from enum import Enum
from typing import Any

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QPushButton,
    QWidget,
)

from models import text
from models.errors import BadInput
from models.fields import (
    ChoiceField,
    DayField,
    FlagField,
    LinkField,
    LinksField,
    MonthField,
    PictureField,
)
from models.months import Month, parse_day
from ui import theme
from ui.calendar import Calendar
from ui.links import FEW, LinkEdit, brief, records_of


class Input(QWidget):
    """One value being typed.

    `given()` is what the deed is handed: text for the field to parse, or the value itself.
    """

    edited = Signal()
    left = Signal()

    def __init__(self, field: Any, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = field
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(0, 0, 0, 0)
        self.row.setSpacing(4)

    def own(self, widget: QWidget) -> None:
        """Take the widget that is typed into."""
        self.widget = widget
        self.row.addWidget(widget, 1)
        self.setFocusProxy(widget)
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Notice that the keyboard leaves."""
        if event.type() is QEvent.Type.FocusOut and watched is self.widget:
            self.left.emit()
        return super().eventFilter(watched, event)

    def given(self) -> Any:
        """Return what was typed or chosen."""
        raise NotImplementedError

    def put(self, value: Any) -> None:
        """Show a value of the field's own type."""
        raise NotImplementedError

    def resize_parts(self) -> None:
        """Fit what has a size of its own to the size of the letters."""

    def hint(self, words: str) -> None:
        """Say in the empty field what leaving it so means."""
        if isinstance(self.widget, QLineEdit):
            self.widget.setPlaceholderText(words)

    def mark_wrong(self, wrong: bool) -> None:
        """Draw the edge in the colour of danger, or not."""
        theme.mark(self.widget, wrong=wrong)


class LineInput(Input):
    """One line: names, codes, numbers, amounts."""

    def __init__(self, field: Any, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        self.line = QLineEdit()
        if field.align == "right":
            self.line.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.line.textEdited.connect(self.edited)
        self.own(self.line)

    def given(self) -> Any:
        """Return the text."""
        return self.line.text()

    def put(self, value: Any) -> None:
        """Show the value as `parse` would read it back."""
        self.line.setText("" if value is None else self.field.exact(value))


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

    def put(self, value: Any) -> None:
        """Show it masked."""
        self._stored = value
        self._masked = self.field.show(value)
        self.line.setText(self._masked)


class NoteInput(Input):
    """Several lines; Tab leaves it."""

    def __init__(self, field: Any, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        self.area = QPlainTextEdit()
        self.area.setTabChangesFocus(True)
        self.area.textChanged.connect(self.edited)
        self.resize_parts()
        self.own(self.area)

    def resize_parts(self) -> None:
        """Leave room for two lines and a half."""
        self.area.setFixedHeight(theme.measures().control * 2 + 12)

    def given(self) -> Any:
        """Return the text."""
        return self.area.toPlainText()

    def put(self, value: Any) -> None:
        """Show the text."""
        self.area.setPlainText("" if value is None else self.field.exact(value))


class DayInput(LineInput):
    """A day, typed in any way people write one; + and - go a day on and back, F4 opens the calendar."""

    def __init__(self, field: Any, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        self.line.setPlaceholderText("年-月-日")
        self.line.setToolTip("可输入 2026-11-23、20261123、11.23、今天；按 + − 加减一天，F4 打开日历")
        self.line.editingFinished.connect(self._tidy)
        self.button = QPushButton()
        self.button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.button.setToolTip("日历 (F4)")
        self.resize_parts()
        theme.mark(self.button, quiet=True)
        theme.dress(self.button, "ph.calendar-blank", lambda now: now.secondary)
        self.button.clicked.connect(self._open_calendar)
        self.row.addWidget(self.button)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let + and - step, F4 open the calendar."""
        if event.type() is QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.text() in ("+", "=") or (event.text() == "-" and self._step_allowed()):
                self._step(-1 if event.text() == "-" else 1)
                return True
            if event.key() == Qt.Key.Key_F4:
                self._open_calendar()
                return True
        return super().eventFilter(watched, event)

    def resize_parts(self) -> None:
        """Keep the button square."""
        self.button.setFixedWidth(theme.measures().control)

    def day(self) -> date | None:
        """Return the day that is typed, None while it is none."""
        try:
            return parse_day(text.narrow(self.line.text()))
        except BadInput:
            return None

    def _step_allowed(self) -> bool:
        # A minus inside "2026-11" is being typed; after a whole day it is a step back.
        return len(self.line.text()) >= 10 and self.day() is not None

    def _step(self, days: int) -> None:
        self._set((self.day() or date.today() - timedelta(days=days)) + timedelta(days=days))

    def _set(self, day: date) -> None:
        self.line.setText(day.isoformat())
        self.edited.emit()

    def _tidy(self) -> None:
        day = self.day()
        if day is not None and self.line.text() != "起初":
            self.line.setText(day.isoformat())

    def _open_calendar(self) -> None:
        calendar = Calendar(self, self.day() or date.today())
        calendar.chosen.connect(self._set)
        calendar.popup(self.mapToGlobal(QPoint(0, self.height() + 2)))


class MonthInput(LineInput):
    """A month; up and down go a month on and back."""

    def __init__(self, field: Any, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        self.line.setPlaceholderText("年-月")
        self.line.setToolTip("可输入 2026-11 或 202611；按 ↑ ↓ 加减一个月")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the arrow keys step."""
        if event.type() is QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            step = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}.get(Qt.Key(event.key()))
            if step:
                self.line.setText(step_month(self.line.text(), step))
                self.edited.emit()
                return True
        return super().eventFilter(watched, event)


def step_month(typed: str, months: int) -> str:
    """Return the month so many after the one typed; this month where none is."""
    try:
        return str(Month.parse(text.narrow(typed)).plus(months))
    except BadInput:
        return str(Month.of(date.today()))


class ChoiceInput(Input):
    """One of a few; the wheel changes it only while it has the keyboard."""

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

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Ignore the wheel while somebody scrolls past."""
        if event.type() is QEvent.Type.Wheel and not self.box.hasFocus():
            event.ignore()
            return True
        return super().eventFilter(watched, event)

    def given(self) -> Any:
        """Return what was chosen."""
        return self.box.currentData()

    def put(self, value: Any) -> None:
        """Choose a value."""
        if not isinstance(value, str | Enum | None):
            value = value.key()
        self.box.setCurrentIndex(self.box.findData(value))


class ChoicesInput(Input):
    """Several of a few records, ticked in a menu; given as their keys."""

    def __init__(self, field: Any, choices: list[tuple[str, str]], parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        self.button = QPushButton()
        self.menu = QMenu(self.button)
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

    def put(self, value: Any) -> None:
        """Tick these records."""
        keys = {one.key() for one in value or ()}
        for action in self.menu.actions():
            action.setChecked(action.data() in keys)

    def _ticked(self) -> list[Any]:
        return [action for action in self.menu.actions() if action.isChecked()]

    def _changed(self) -> None:
        self._say()
        self.edited.emit()

    def _say(self) -> None:
        words = [brief(action.text()) for action in self._ticked()]
        self.button.setText("、".join(words) or "（不限）")


class FlagInput(Input):
    """Yes or no."""

    def __init__(self, field: Any, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        self.box = QCheckBox("是")
        self.box.toggled.connect(lambda _: self.edited.emit())
        self.own(self.box)
        self.row.addStretch()

    def given(self) -> Any:
        """Return the flag."""
        return self.box.isChecked()

    def put(self, value: Any) -> None:
        """Set it."""
        self.box.setChecked(bool(value))


class LinkInput(Input):
    """Another record, typed by its key or name and completed from its list."""

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


def make_input(field: Any, required: bool, parent: QWidget | None = None) -> Input:
    """Return the widget for a field."""
    if isinstance(field, LinksField):
        several = records_of(field.rel_model, FEW)
        return LineInput(field, parent) if several is None else ChoicesInput(field, several, parent)
    choices = _choices(field)
    if choices is not None:
        return ChoiceInput(field, choices, parent, blank="" if required else "（不填）")
    if isinstance(field, LinkField):
        return LinkInput(field, parent)
    if field.multiline:
        return NoteInput(field, parent)
    if field.secret:
        return SecretInput(field, parent)
    for kind, widget in _BY_KIND.items():
        if isinstance(field, kind):
            return widget(field, parent)
    return LineInput(field, parent)


def _choices(field: Any) -> list[tuple[str, Any]] | None:
    """Return what a field can be chosen from; None where it is typed."""
    if hasattr(field, "options"):
        return [(label, name) for name, label in field.options().items()]
    if isinstance(field, ChoiceField):
        return [(str(member.value), member) for member in field.enumeration]
    return records_of(field.rel_model, FEW) if isinstance(field, LinkField) else None


_BY_KIND: dict[type, Callable[..., Input]] = {
    DayField: DayInput,
    MonthField: MonthInput,
    FlagField: FlagInput,
    PictureField: PictureInput,
}
