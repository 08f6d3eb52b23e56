"""待收明细: the open lines of a payer's units, to be ticked, with what this payment settles of each."""

from __future__ import annotations

from collections.abc import Sequence, Set
from decimal import Decimal
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QWidget

from models.fees.bills import Bill
from models.money import thousands
from ui import theme
from ui.cells import PADDING
from ui.plaintable import PlainTable
from ui.rows import TONE

_HEADINGS = ("", "房号", "收费项目", "月份", "应收", "未收", "截止日", "本次收")
_RIGHT = (4, 5, 7)
_SAMPLES = ("1-1-1011", "住宅物业费", "2026-11", "99,999.99", "99,999.99", "2026-11-23", "99,999.99")
"""Words as wide as those of each column after the first."""
_HOUSE, _ITEM, _AMOUNT, _DUE = 1, 2, 4, 6
_TICK = 40
Index = QModelIndex | QPersistentModelIndex


class Lines(QAbstractTableModel):
    """The lines, which of them are ticked, and how the money goes to them."""

    ticked_changed = Signal()

    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent)
        self.lines: list[Bill] = []
        self.ticked: set[int] = set()
        self.parts: dict[int, Decimal] = {}

    def show(self, lines: Sequence[Bill], ticked: Set[int] = frozenset()) -> None:
        """Show other lines; those of them ticked that are named by id."""
        self.beginResetModel()
        self.lines, self.parts = list(lines), {}
        self.ticked = {line.id for line in lines if line.id in ticked}
        self.endResetModel()

    def chosen(self) -> list[Bill]:
        """Return the lines that are ticked, oldest first; all of them where none is."""
        return [line for line in self.lines if line.id in self.ticked] or list(self.lines)

    def owed(self) -> Decimal:
        """Return what the chosen lines want, in 元."""
        return sum((line.owed for line in self.chosen()), start=Decimal(0))

    def spread(self, parts: dict[int, Decimal]) -> None:
        """Show how much of this payment goes to each line."""
        self.parts = parts
        self._redraw()

    def tick(self, row: int) -> None:
        """Tick a line, or take the tick away."""
        self.ticked ^= {self.lines[row].id}
        self._redraw()
        self.ticked_changed.emit()

    def tick_all(self) -> None:
        """Tick every line, or none when all are ticked."""
        every = {line.id for line in self.lines}
        self.ticked = set() if self.ticked == every else every
        self._redraw()
        self.ticked_changed.emit()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Number of lines."""
        return 0 if parent.isValid() else len(self.lines)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Number of columns."""
        return 0 if parent.isValid() else len(_HEADINGS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What a cell says and how it lies."""
        line = self.lines[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return self._words(line)[index.column()]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _align(index.column())
        if role == Qt.ItemDataRole.CheckStateRole and index.column() == 0:
            return line.id in self.ticked
        return None if role != TONE else ""

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Headings, aligned as their cells are."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return _HEADINGS[section]
        return _align(section) if role == Qt.ItemDataRole.TextAlignmentRole else None

    def _words(self, line: Bill) -> tuple[str, ...]:
        part = self.parts.get(line.id)
        return (
            "",
            line.unit.code,
            line.item.name,
            str(line.month),
            thousands(line.amount),
            thousands(line.owed),
            line.due.isoformat(),
            thousands(part) if part else "",
        )

    def _redraw(self) -> None:
        if self.lines:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.lines) - 1, len(_HEADINGS) - 1))


class LinesView(PlainTable):
    """The lines on the screen; blank or a click ticks one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self.lines = Lines()
        super().__init__(self.lines, parent=parent)
        self.lines.setParent(self)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setAccessibleName("待收明细")
        self.clicked.connect(lambda index: self.lines.tick(index.row()) if index.column() == 0 else None)
        self.headings.sort_asked.connect(lambda at: self.lines.tick_all() if at == 0 else None)
        self.fit()

    def show_lines(self, lines: Sequence[Bill], ticked: Set[int] = frozenset()) -> None:
        """Show other lines; which house they are of only where there are several."""
        self.lines.show(lines, ticked)
        self.setColumnHidden(_HOUSE, len({line.unit.code for line in lines}) < 2)
        self.share()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Tick the selected lines by the blank."""
        if event.key() == Qt.Key.Key_Space:
            for index in self.selectionModel().selectedRows():
                self.lines.tick(index.row())
        else:
            super().keyPressEvent(event)

    def share(self) -> None:
        """Give each column what its words want, the name of the item the rest.

        Where letters are large, what this payment settles stays in sight; when a bill was due and what
        its sum was give way to it.
        """
        metrics = theme.metrics()
        wanted = [_TICK, *(metrics.horizontalAdvance(words) + 2 * PADDING + 6 for words in _SAMPLES)]
        if self.isColumnHidden(_HOUSE):
            wanted[_HOUSE] = 0
        for yields in (_DUE, _AMOUNT):
            self.setColumnHidden(yields, sum(wanted) > self.viewport().width())
            if self.isColumnHidden(yields):
                wanted[yields] = 0
        wanted[_ITEM] += max(0, self.viewport().width() - sum(wanted))
        for section, width in enumerate(wanted):
            if width:
                self.setColumnWidth(section, width)


def _align(column: int) -> int:
    side = Qt.AlignmentFlag.AlignRight if column in _RIGHT else Qt.AlignmentFlag.AlignLeft
    return int(side | Qt.AlignmentFlag.AlignVCenter)
