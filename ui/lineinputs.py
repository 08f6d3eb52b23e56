"""单行输入: the face that every input has, and what is typed on one line: words, days, months."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPlainTextEdit, QPushButton, QWidget

from models import text
from models.deeds import Deed
from models.errors import BadInput, RuleBroken
from models.months import Month, parse_day
from ui import theme
from ui.calendar import Calendar
from ui.keys import asks_choices, bind, tell

NEW = "Ctrl+N"


ROW_GAP = 8
"""Between two rows of a form, in pixels."""


class Input(QWidget):
    """One value being typed.

    `given()` is what the deed is handed: text for the field to parse, or the value itself.
    """

    edited = Signal()
    left = Signal()
    walked_out = Signal()
    """Enter goes on to the next field, where the input itself sees to its keys."""
    new_wanted = Signal(object)
    """A record that is not there yet is wanted, by this deed."""

    ROWS = 1
    """Rows of a form that it takes."""
    wide = False
    """Whether it has the whole width of a form, beside whatever else stands in columns."""
    has_choices = False
    """Whether F4 shows something to choose from, by `open_choices`."""

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
        """Notice that the keyboard leaves; let F4 show what there is to choose from."""
        if event.type() is QEvent.Type.FocusOut and watched is self.widget:
            self.left.emit()
        if self.has_choices and asks_choices(event, self.open_choices):
            return True
        return super().eventFilter(watched, event)

    def open_choices(self) -> None:
        """Show what there is to choose from."""
        raise NotImplementedError

    def given(self) -> Any:
        """Return what was typed or chosen."""
        raise NotImplementedError

    def put(self, value: Any) -> None:
        """Show a value of the field's own type."""
        raise NotImplementedError

    def kept(self) -> str | None:
        """Return what was typed as a draft keeps it; None for what must not lie on a disk."""
        return str(self.given() or "")

    def restore(self, kept: str) -> None:
        """Show what a draft kept."""
        self.put(kept)

    def settle(self) -> None:
        """Make the best of what was typed, as the person goes on to the next field."""

    def flush(self) -> None:
        """Take what is being typed, where that is not told with every letter."""

    def typing(self) -> bool:
        """Whether something is being typed that `given` does not tell yet."""
        return False

    def resize_parts(self) -> None:
        """Fit what has a size of its own to the size of the letters."""

    def hint(self, words: str) -> None:
        """Say in the empty field what leaving it so means."""
        if isinstance(self.widget, QLineEdit | QPlainTextEdit):
            self.widget.setPlaceholderText(words)

    def offer_new(self, deed: Deed) -> None:
        """Offer to make the record that is to be named, by a plus behind the field."""
        self.plus = QPushButton()
        self.plus.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        theme.mark(self.plus, quiet=True, square=True)
        theme.dress(self.plus, "ph.plus", lambda now: now.secondary)
        self.plus.setToolTip(f"{deed.title} ({NEW})")
        self.plus.setAccessibleName(deed.title)
        self.plus.clicked.connect(lambda: self.new_wanted.emit(deed))
        bind(self, self.plus.click, NEW, words=deed.title)
        self.row.addWidget(self.plus)

    def mark_wrong(self, wrong: bool) -> None:
        """Draw the edge in the colour of danger, or not."""
        theme.mark(self.widget, wrong=wrong)

    def blame(self, problem: RuleBroken) -> None:
        """Point at the part that a refusal means, where the input has parts."""


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

    def restore(self, kept: str) -> None:
        """Show the text."""
        self.line.setText(kept)


tell("日期栏", ("+ / −", "加一天、减一天"), ("F4", "打开日历"))


class DayInput(LineInput):
    """A day, typed in any way people write one; + and - go a day on and back, F4 opens the calendar."""

    has_choices = True

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
        self.button.clicked.connect(self.open_choices)
        self.row.addWidget(self.button)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let + and - step."""
        typed = event.text() if event.type() is QEvent.Type.KeyPress and isinstance(event, QKeyEvent) else ""
        if typed in ("+", "=") or (typed == "-" and self._step_allowed()):
            self._step(-1 if typed == "-" else 1)
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

    def open_choices(self) -> None:
        """Open the calendar."""
        calendar = Calendar(self, self.day() or date.today())
        calendar.chosen.connect(self._set)
        calendar.popup(self.mapToGlobal(QPoint(0, self.height() + 2)))


tell("月份栏", ("↑ ↓", "加减一个月"))


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
