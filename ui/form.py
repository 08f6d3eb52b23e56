"""表单: what a deed asks for, typed, checked beside each field, and handed to the deed."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterator, Sequence
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QGridLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from models.errors import BadInput, RuleBroken
from models.fields import LinkField, accept
from models.inputs import Input as Asked
from ui import theme
from ui.inputs import LinkInput, make_input
from ui.keys import is_enter, tell
from ui.lineinputs import ROW_GAP, Input, LineInput
from ui.words import Words

ONE_COLUMN = 9
"""More inputs than that stand in two columns, so that a form fits a screen of 768 pixels."""
LABEL_WIDTH = 7
"""Room of a label in Chinese characters; longer ones make their column wider."""


class Cell(QObject):
    """One input with its label and the sentence under it."""

    told = Signal()
    """The sentence came or went."""

    def __init__(self, asked: Asked, parent: QWidget, typed: bool = False, new: bool = False) -> None:
        super().__init__(parent)
        self.asked = asked
        self.initial: Any = None
        """What was given before anybody typed; a blank that was one stays out of the deed."""
        line = LinkInput if isinstance(asked.field, LinkField) else LineInput
        make = line if typed else functools.partial(make_input, required=asked.required, new=new)
        self.input: Input = make(asked.field, parent=parent)
        if asked.without:
            self.input.hint(asked.without)
        self.label = QLabel(_label(asked))
        self.label.setTextFormat(Qt.TextFormat.RichText)
        self.label.setProperty("role", "label")
        self.label.setBuddy(self.input.widget)
        self.label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.problem = Words()
        self.problem.setProperty("tone", "danger")
        self.problem.hide()
        self.input.widget.setAccessibleName(f"{asked.label}{'，必填' if asked.required else ''}")
        self.input.left.connect(self.check_softly)
        self.input.edited.connect(self.forgive)

    def value(self) -> Any:
        """Return the checked value.

        Raises:
            BadInput: it cannot be what the field means.
        """
        given = self.input.given()
        if self.is_blank():
            if self.asked.required:
                raise BadInput(f"没有填{self.asked.label}。请填写后再保存。", self.asked.name)
            if self.initial in (None, ""):
                return None
        return accept(self.asked.field, given)

    def is_blank(self) -> bool:
        """Whether nothing is typed or chosen."""
        return self.input.given() in (None, "")

    def check(self) -> bool:
        """Check it and show what is wrong."""
        try:
            self.value()
        except RuleBroken as problem:
            self.complain(problem)
            return False
        self.forgive()
        return True

    def check_softly(self) -> None:
        """Check on leaving; an empty field is not complained of before saving."""
        if not self.is_blank():
            self.check()

    def complain(self, problem: RuleBroken) -> None:
        """Show a refusal under the field."""
        self.problem.setText(str(problem))
        self.problem.show()
        self.input.mark_wrong(True)
        self.input.blame(problem)
        self.told.emit()

    def forgive(self) -> None:
        """Take the sentence away."""
        if not self.problem.isHidden():
            self.problem.hide()
            self.input.mark_wrong(False)
            self.told.emit()


tell(
    "表单里",
    ("Enter", "下一栏（小键盘的也一样）"),
    ("Tab / Shift+Tab", "下一栏、上一栏"),
    ("空格", "勾选，或按下按钮"),
    ("Esc", "取消；填过的先问"),
)


class Form(QWidget):
    """All inputs of a deed, in one column or two."""

    edited = Signal()
    told = Signal()
    """A sentence came or went beside a field."""
    finished = Signal()
    """Enter was pressed in the last field."""
    new_wanted = Signal(object, object)
    """A new record is wanted for a field: its input, and the deed that makes one."""

    def __init__(
        self,
        inputs: Sequence[Asked],
        parent: QWidget | None = None,
        typed: Sequence[str] = (),
        columns: int = 0,
        *,
        new: bool = False,
        bare: bool = False,
    ) -> None:
        """Make it.

        Args:
            inputs: in their order.
            parent: as Qt means it.
            typed: names of inputs that are typed on a line even where they could be chosen.
            columns: how many; 0 goes by the number of inputs.
            new: whether somebody listens to `new_wanted`; then fields that name a record have a plus.
            bare: whether it has no labels, since a caption above it says what it holds.
        """
        super().__init__(parent)
        self.setObjectName("sheet")
        self.bare = bare
        self.cells = {asked.name: Cell(asked, self, asked.name in typed, new) for asked in inputs}
        self.columns = columns or (2 if len(self.cells) > ONE_COLUMN else 1)
        self._lay_out()
        theme.appearance.changed.connect(self._resize)
        self._resize()
        for cell in self.cells.values():
            cell.input.edited.connect(self.edited)
            cell.told.connect(self.told)
            cell.input.widget.installEventFilter(self)
            cell.input.walked_out.connect(functools.partial(self.walk, cell.input.widget))
            cell.input.new_wanted.connect(functools.partial(self.new_wanted.emit, cell.input))
        self.settle()

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        grid = self._grid = QGridLayout()
        grid.setHorizontalSpacing(0 if self.bare else 12)
        grid.setVerticalSpacing(ROW_GAP)
        columns = self.columns
        for cell, column, row, rows, wide in self._places():
            box = QVBoxLayout()
            box.setSpacing(2)
            box.addWidget(cell.input)
            box.addWidget(cell.problem)
            box.addStretch()
            grid.addWidget(cell.label, row, column * 2, rows, 1, Qt.AlignmentFlag.AlignTop)
            if self.bare:  # to show it would be a window of its own, since it has no parent yet
                cell.label.hide()
            grid.addLayout(box, row, column * 2 + 1, rows, columns * 2 - 1 if wide else 1)
        for column in range(columns):
            grid.setColumnStretch(column * 2 + 1, 1)
        layout.addLayout(grid)
        layout.addStretch(1)

    def _places(self) -> Iterator[tuple[Cell, int, int, int, bool]]:
        """Yield (cell, column, row, rows that it takes, whether it has the whole width).

        What stands between two that are wide goes down one column after the other.
        """
        top = 0
        for wide, group in itertools.groupby(self.cells.values(), lambda cell: cell.input.wide):
            cells = list(group)
            high = -(-sum(cell.input.ROWS for cell in cells) // (1 if wide else self.columns))
            column = row = lowest = 0
            for cell in cells:
                if row >= high:
                    column, row = column + 1, 0
                yield cell, column, top + row, cell.input.ROWS, wide
                row += cell.input.ROWS
                lowest = max(lowest, row)
            top += lowest

    def _resize(self) -> None:
        """Fit labels and fields to the size of the letters."""
        label = 0 if self.bare else theme.measures().font * LABEL_WIDTH * 7 // 10
        for column in range(self.columns):
            self._grid.setColumnMinimumWidth(column * 2, label)
        for cell in self.cells.values():
            cell.label.setFixedHeight(theme.measures().control)
            cell.label.setText(_label(cell.asked))  # its dot is drawn in a colour and size of now
            cell.input.resize_parts()

    def put(self, values: dict[str, Any]) -> None:
        """Show values of the fields' own types; names the form has not are passed over."""
        for name, value in values.items():
            if name in self.cells and value is not None:
                self.cells[name].input.put(value)
        self.settle()

    def clear(self) -> None:
        """Empty every field."""
        for cell in self.cells.values():
            cell.input.put(None)
            cell.forgive()
        self.settle()

    def settle(self) -> None:
        """Take what is shown now as unchanged."""
        for cell in self.cells.values():
            cell.initial = cell.input.given()

    def given(self) -> dict[str, Any]:
        """Return what was typed, by name."""
        return {name: cell.input.given() for name, cell in self.cells.items()}

    def kept(self) -> dict[str, str]:
        """Return what a draft keeps of the fields that were typed into."""
        told = {
            name: cell.input.kept() for name, cell in self.cells.items() if cell.input.given() != cell.initial
        }
        return {name: words for name, words in told.items() if words is not None}

    def restore(self, kept: dict[str, str]) -> None:
        """Show what a draft kept; it counts as typed."""
        for name, words in kept.items():
            if name in self.cells:
                self.cells[name].input.restore(words)

    def dirty(self) -> bool:
        """Whether something was typed, a cell that is being typed into included."""
        cells = self.cells.values()
        return any(cell.input.typing() or cell.input.given() != cell.initial for cell in cells)

    def check(self) -> bool:
        """Check every field; the keyboard goes to the first that is wrong."""
        for cell in self.cells.values():
            cell.input.flush()
        wrong = [cell for cell in self.cells.values() if not cell.check()]
        if wrong:
            wrong[0].input.setFocus(Qt.FocusReason.OtherFocusReason)
        return not wrong

    def values(self) -> dict[str, Any]:
        """Return the checked values of all fields that hold something.

        Raises:
            BadInput: one cannot be what its field means.
        """
        return {
            name: cell.value()
            for name, cell in self.cells.items()
            if not cell.is_blank() or cell.initial not in (None, "")
        }

    def complain(self, problem: BadInput) -> bool:
        """Show a refusal beside its field; False when no field of this form is meant."""
        cell = self.cells.get(problem.field or "")
        if cell is None:
            return False
        cell.complain(problem)
        here = QApplication.focusWidget()
        if here is None or not cell.input.isAncestorOf(here):  # to leave a cell of rows is to type it anew
            cell.input.setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    def focus_first(self) -> None:
        """Put the keyboard into the first field that must still be filled, else the first."""
        cells = list(self.cells.values())
        empty = next((one for one in cells if one.asked.required and one.is_blank()), None)
        if cells:
            chosen = (empty or cells[0]).input
            chosen.setFocus(Qt.FocusReason.TabFocusReason)
            if isinstance(chosen.widget, QLineEdit):  # a window that is not in front yet would not
                chosen.widget.selectAll()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let Enter walk to the next field."""
        if walks(watched, event):
            self.walk(watched)
            return True
        return super().eventFilter(watched, event)

    def walk(self, watched: QObject) -> None:
        """Go on from a field to the next one that is in use."""
        cells = list(self.cells.values())
        at = next(number for number, cell in enumerate(cells) if cell.input.widget is watched)
        cells[at].input.settle()
        after = next((cell for cell in cells[at + 1 :] if cell.input.widget.isEnabled()), None)
        if after is None:
            self.finished.emit()
        else:
            after.input.setFocus(Qt.FocusReason.TabFocusReason)


def defaults_of(inputs: Sequence[Asked]) -> dict[str, Any]:
    """Return the values that a deed or its fields would take anyway, to be seen and changed."""
    found = {}
    for asked in inputs:
        if asked.without:
            continue
        value = asked.default if asked.default is not None else asked.field.default
        found[asked.name] = value() if callable(value) else value
    return {name: value for name, value in found.items() if value is not None}


def walks(watched: QObject, event: QEvent) -> bool:
    """Whether a key leads on to the next field: Enter without Ctrl, in anything but several lines."""
    if not is_enter(event) or not isinstance(event, QKeyEvent):
        return False
    plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
    if not plain or isinstance(watched, QPlainTextEdit):
        return False
    return isinstance(watched, QLineEdit | QComboBox | QAbstractButton)


def _label(asked: Asked) -> str:
    dot = (
        f'<b style="color:{theme.tokens().accent};font-size:{theme.appearance.points + 3}pt">•</b> '
        if asked.required
        else ""
    )
    return f"{dot}{asked.label}"
