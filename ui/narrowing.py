"""缩小范围: the chips that say by what a list is narrowed, questions to a column, and named filters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QMenu, QPushButton, QWidget

from models.conditions import Condition, Test, askable, said
from models.errors import BadInput, OfficeError
from models.fields import DayField, LineField, LinkField, NamedField
from models.inputs import Input
from models.listings import AnyListing, Shown
from ui import theme
from ui.asking import AskDialog
from ui.filters import FilterRow
from ui.flow import Flow
from ui.memory import Memory

_PREFIX = "filters."
_MOST_KEPT = 40


class Chip(QPushButton):
    """One thing by which the list is narrowed; pressing it takes that away."""

    def __init__(self, words: str, drop: Callable[[], Any]) -> None:
        shown = theme.metrics().elidedText(words, Qt.TextElideMode.ElideRight, theme.measures().font * 14)
        super().__init__(f"{shown}  ✕")
        self.setProperty("chip", True)
        self.setToolTip(f"{words}（点击去掉）")
        self.setAccessibleName(f"去掉筛选 {words}")
        self.clicked.connect(lambda: drop())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take it away by Delete too."""
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.click()
        else:
            super().keyPressEvent(event)


@dataclass(frozen=True)
class Kept:
    """A filter under a name.

    Args:
        name: as the person called it.
        filters: what stands in the row, as text by name.
        words: what is looked for.
        conditions: questions to columns.
    """

    name: str
    filters: dict[str, str]
    words: str
    conditions: tuple[Condition, ...]

    def plain(self) -> dict[str, Any]:
        """Return it for keeping."""
        asked = [one.plain() for one in self.conditions]
        return {"name": self.name, "filters": self.filters, "words": self.words, "conditions": asked}

    @classmethod
    def read(cls, told: Any) -> Kept | None:
        """Return what was kept; None where it is no filter."""
        if not isinstance(told, dict) or not isinstance(told.get("name"), str):
            return None
        filters, asked = told.get("filters"), told.get("conditions")
        return cls(
            told["name"],
            {str(k): v for k, v in filters.items() if isinstance(v, str)}
            if isinstance(filters, dict)
            else {},
            told["words"] if isinstance(told.get("words"), str) else "",
            tuple(filter(None, map(Condition.of, asked if isinstance(asked, list) else ()))),
        )


class Narrowing(QWidget):
    """The line of chips below the filters; holds the questions to columns."""

    changed = Signal()
    left = Signal()
    """What had the keyboard is gone: the list is to have it."""

    def __init__(self, row: FilterRow, memory: Memory, listing: str) -> None:
        super().__init__()
        self._row, self._memory, self._name = row, memory, _PREFIX + listing
        self.conditions: tuple[Condition, ...] = ()
        self.only: tuple[Any, str] | None = None
        """The one row that is shown, by id, and what it is called."""
        self._columns: dict[str, Shown] = {}
        self._flow = Flow(self)
        self.hide()

    # -- narrowing -----------------------------------------------------------------------------

    def narrower(self) -> Callable[[AnyListing], AnyListing]:
        """Return what narrows a list by the questions as they are now; called away from the window."""
        conditions, only = self.conditions, self.only

        def narrow(found: AnyListing) -> AnyListing:
            found = found.only(only[0]) if only is not None else found
            return found.meeting(*conditions)

        return narrow

    def learn(self, columns: Sequence[Shown]) -> None:
        """Know the columns that may be asked; questions to columns that are gone are dropped."""
        self._columns = {column.name: column for column in columns}
        self.show_chips()

    def ask(self, *conditions: Condition) -> None:
        """Narrow by further questions; a second one of the same kind to a column replaces the first."""
        new = {(one.column, one.test) for one in conditions}
        kept = [one for one in self.conditions if (one.column, one.test) not in new]
        self._put((*kept, *conditions))

    def drop(self, condition: Condition) -> None:
        """Take a question away."""
        self._put(tuple(one for one in self.conditions if one != condition))

    def clear(self) -> None:
        """Take all questions away, silently."""
        self.conditions, self.only = (), None

    def any_set(self) -> bool:
        """Whether the list is narrowed by a question, or to one row."""
        return bool(self.conditions) or self.only is not None

    def show_all(self) -> None:
        """Show the other rows again beside the one."""
        self.only = None
        self.changed.emit()

    def _put(self, conditions: tuple[Condition, ...]) -> None:
        self.conditions = conditions
        self.changed.emit()

    def show_chips(self) -> None:
        """Show a chip for each thing by which the list is narrowed now."""
        with_keys = QApplication.focusWidget()
        if with_keys is not None and self.isAncestorOf(with_keys):
            self.left.emit()
        while (item := self._flow.takeAt(0)) is not None:
            item.widget().hide()
            item.widget().deleteLater()
        drops: list[tuple[str, Callable[[], Any]]] = [
            (words, partial(self._row.drop, name)) for name, words in self._row.said()
        ]
        if self.only is not None:
            drops.append((f"只看 {self.only[1]}", self.show_all))
        drops += [
            (said(self._columns[one.column], one), partial(self.drop, one))
            for one in self.conditions
            if one.column in self._columns
        ]
        for words, drop in drops:
            self._flow.addWidget(Chip(words, drop))
        if len(drops) > 1:
            every = QPushButton("清除筛选")
            theme.mark(every, quiet=True)
            every.clicked.connect(self.clear_all)
            self._flow.addWidget(every)
        self.setVisible(bool(drops))
        self.updateGeometry()

    def clear_all(self) -> None:
        """Narrow the list by nothing."""
        self.clear()
        self._row.clear()

    # -- asking a column -----------------------------------------------------------------------

    def ask_column(self, name: str, owner: QWidget | None) -> AskDialog:
        """Ask by what a column shall be narrowed."""
        column = self._columns[name]
        inputs = _questions(column)
        dialog = AskDialog(f"按“{column.heading}”筛选", inputs, "筛选", owner)
        dialog.form.put({"test": askable(column.field)[0].name})

        def take(values: dict[str, Any]) -> None:
            test = Test[values["test"]]
            value = values.get("value")
            typed = "" if value is None or test.bare else inputs[-1].field.exact(value)
            try:
                said(column, Condition(name, test, typed))
            except BadInput as problem:
                again = self.ask_column(name, owner)
                again.form.put({"test": test.name})
                problem.field = "value"
                again.refuse(problem)
                return
            self.ask(Condition(name, test, typed))

        dialog.answered.connect(take)
        dialog.open()
        if "value" in dialog.form.cells:
            value = dialog.form.cells["value"].input
            QTimer.singleShot(0, value, lambda: value.setFocus(Qt.FocusReason.TabFocusReason))
        return dialog

    # -- named filters -------------------------------------------------------------------------

    def kept(self) -> list[Kept]:
        """Return the filters that the person named for this list."""
        told: list[Any] = self._memory.get(self._name, [])
        return list(filter(None, map(Kept.read, told)))

    def keep(self, name: str) -> None:
        """Keep how the list is narrowed now under a name; the same name is replaced."""
        made = Kept(name, self._row.kept(), self._row.words(), self.conditions)
        others = [one for one in self.kept() if one.name != name]
        self._memory.put(self._name, [one.plain() for one in [*others, made][-_MOST_KEPT:]])

    def forget(self, name: str) -> None:
        """Forget a named filter."""
        left = [one.plain() for one in self.kept() if one.name != name]
        self._memory.put(self._name, left or None)

    def use(self, kept: Kept) -> None:
        """Narrow the list as a named filter says."""
        self.clear()
        self.conditions = tuple(one for one in kept.conditions if self._fits(one))
        self._row.restore(kept.filters, kept.words)
        self.changed.emit()

    def _fits(self, one: Condition) -> bool:
        column = self._columns.get(one.column)
        try:
            return column is not None and one.test in askable(column.field) and bool(said(column, one))
        except OfficeError:
            return False

    def fill(self, menu: QMenu) -> None:
        """Fill the menu 筛选."""
        kept = self.kept()
        for one in kept:
            menu.addAction(one.name, lambda one=one: self.use(one))
        if kept:
            menu.addSeparator()
        columns = menu.addMenu("按列筛选")
        for column in self._columns.values():
            columns.addAction(
                column.heading, lambda name=column.name: self.ask_column(name, menu.parentWidget())
            )
        narrowed = self._row.any_set() or self.any_set()
        menu.addAction("保存当前筛选…", lambda: self.ask_name(menu.parentWidget())).setEnabled(narrowed)
        if kept:
            gone = menu.addMenu("删除保存的筛选")
            for one in kept:
                gone.addAction(one.name, lambda one=one: self.forget(one.name))
        menu.addAction("清除筛选", self.clear_all).setEnabled(narrowed)

    def ask_name(self, owner: QWidget | None) -> AskDialog:
        """Ask under which name the filter is kept."""
        field = LineField(max_length=30, verbose_name="名称")
        field.name = "name"
        dialog = AskDialog("保存当前筛选", [Input("name", field, required=True)], "保存", owner)
        dialog.answered.connect(lambda values: self.keep(values["name"]))
        dialog.open()
        return dialog


class _TestField(NamedField):
    """Which of the questions that a column may be asked."""

    def __init__(self, tests: Sequence[Test]) -> None:
        super().__init__(max_length=12, verbose_name="条件")
        self.name = "test"
        self._tests = tests

    def options(self) -> dict[str, str]:
        """Return them."""
        return {test.name: test.value for test in self._tests}


def _questions(column: Shown) -> list[Input]:
    """Return what is asked when a column is to be narrowed."""
    kind = column.field
    tests = askable(kind)
    asked = [Input("test", _TestField(tests), required=True)]
    if all(test.bare for test in tests):
        return asked
    field: Any = kind
    if kind.excel == "moment":
        field = DayField(null=True, verbose_name=column.heading)
    elif isinstance(kind, LinkField) or kind.multiline:
        field = LineField(null=True, max_length=80, verbose_name=column.heading)
    return [*asked, _Compared("value", field, required=False)]


class _Compared(Input):
    """What the column is compared with."""

    @property
    def label(self) -> str:
        """Not the field's own, which may be another than the column's heading."""
        return "内容"
