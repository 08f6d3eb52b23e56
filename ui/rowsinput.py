"""行输入: the rows of a document within its form, with their count and sums."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from typing import Any

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from models.errors import RuleBroken
from models.rows import RowRefused, RowsField
from ui import theme
from ui.entrygrid import EntryGrid
from ui.entryrows import EntryRows
from ui.lineinputs import Input
from ui.typed import Typed
from ui.words import Elided

_NARROW = 4
"""Columns for which half the width of a form is enough."""
SHOWN, MOST = 4, 9
"""Rows for which there is room beside the headings, at least and where many are there; more are scrolled."""


class RowsInput(Input):
    """Rows that grow as they are filled; Enter goes to the next cell, and out of an empty row."""

    def __init__(self, field: RowsField, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        self.wide = len(field.inputs) > _NARROW
        self._marking = False
        """Whether rows change only in what is said of them."""
        self._blamed: tuple[Typed, str, str] | None = None
        """The row that the deed refused, its column and the sentence there."""
        self.rows = EntryRows(field, parent=self)
        self.grid = EntryGrid(self.rows, across=True)
        self.grid.setAccessibleName(field.label)
        self.foot = Elided()
        self.foot.setProperty("role", "caption")
        box = theme.named(QWidget(), "rows")
        column = QVBoxLayout(box)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        column.addWidget(self.grid, 1)
        column.addWidget(self.foot)
        self.own(self.grid)
        self.row.removeWidget(self.grid)
        column.insertWidget(0, self.grid, 1)
        self.row.addWidget(box, 1)
        self.rows.counted.connect(self._count)
        self.rows.counted.connect(self._told)
        self.grid.walked_out.connect(self.walked_out)
        self.grid.told.connect(lambda words, _: self.foot.setText(words))
        self.resize_parts()
        self._count()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Do not take for leaving that the keyboard goes into a cell."""
        here = QApplication.focusWidget()
        inside = event.type() is QEvent.Type.FocusOut and here is not None and self.isAncestorOf(here)
        return False if inside else super().eventFilter(watched, event)

    def given(self) -> Any:
        """Return the filled rows as typed; an empty text where there is none."""
        return self.rows.given() or ""

    def put(self, value: Any) -> None:
        """Show rows in the fields' own types."""
        self.rows.start(value or [])
        self.resize_parts()

    def kept(self) -> str | None:
        """Return the rows as a draft keeps them; none where a column is masked."""
        if any(one.field.secret or one.field.withheld for one in self.rows.inputs):
            return None
        return json.dumps(self.rows.given(), ensure_ascii=False)

    def restore(self, kept: str) -> None:
        """Show the rows of a draft."""
        with contextlib.suppress(ValueError):
            rows = json.loads(kept)
            told = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
            self.rows.type_in(told)

    def flush(self) -> None:
        """Take what is being typed."""
        self.grid.settle()

    def typing(self) -> bool:
        """Whether a cell is being typed into."""
        return self.grid.typing()

    def mark_wrong(self, wrong: bool) -> None:
        """Mark the cells that must still be filled; the sentence below says the rest."""
        self._absolve()
        if wrong:
            with self._said_only():
                self.rows.check()

    def blame(self, problem: RuleBroken) -> None:
        """Mark the row that is refused, for the keyboard to go there."""
        if not isinstance(problem, RowRefused):
            return
        row, names = self.rows.number_of(problem.row), [one.name for one in self.rows.inputs]
        column = problem.column if problem.column in names else names[0]
        with self._said_only():
            self.grid.settle()
            self.rows.refuse(row, column, problem.sentence)
        self._blamed = self.rows.lines[row], column, problem.sentence
        index = self.rows.index(row, names.index(column))
        if self.grid.hasFocus():
            self.grid.go_to(index)
        else:
            self.grid.setCurrentIndex(index)  # where the keyboard goes once it comes here

    def _absolve(self) -> None:
        """Take the mark from the refused row: whether it is still refused only the deed knows."""
        if self._blamed is not None:
            line, column, sentence = self._blamed
            self._blamed = None
            if line.problems.get(column) == sentence:
                del line.problems[column]
            self.grid.viewport().update()

    @contextlib.contextmanager
    def _said_only(self) -> Iterator[None]:
        self._marking = True
        try:
            yield
        finally:
            self._marking = False

    def _told(self) -> None:
        if not self._marking:
            self.edited.emit()

    def resize_parts(self) -> None:
        """Leave room for the headings and a few rows, for more where more were filled in beforehand."""
        shown = min(max(SHOWN, self.rows.filled() + 1), MOST)
        self.grid.setFixedHeight(theme.measures().row * (shown + 1) + 6)

    def _count(self) -> None:
        sums = "".join(f"　{label}合计 {shown}" for label, shown in self.rows.sums().items())
        wrong = [f"　第 {row + 1} 行：{self.rows.remark(row)}" for row in self.rows.wrong()[:1]]
        self.foot.setText(wrong[0] if wrong else f"　{self.rows.filled()} 行{sums}")
