"""行: the rows of a list as Qt reads them, window after window."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal

from models.fields import RateField, TemperatureField
from models.listings import AnyListing, Row, Shown
from ui.columns import Arrangement

TONE = Qt.ItemDataRole.UserRole + 1
"""Tone of a status cell; None where the cell is no status."""
NEGATIVE = Qt.ItemDataRole.UserRole + 2
"""Whether the cell holds an amount below nothing; so many percent less than before are none."""
_ALIGN = {
    "left": Qt.AlignmentFlag.AlignLeft,
    "right": Qt.AlignmentFlag.AlignRight,
    "center": Qt.AlignmentFlag.AlignHCenter,
}
Index = QModelIndex | QPersistentModelIndex


_NO_AMOUNTS = (RateField, TemperatureField)
"""Figures that may well lie below nothing."""


class Rows(QAbstractTableModel):
    """The loaded windows of one list; a million rows cost as much as a hundred."""

    more_wanted = Signal()
    """Scrolled to the end of what is loaded; whoever holds the model reads on and calls `append`."""

    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent)
        self.listing: AnyListing | None = None
        self.arrangement = Arrangement()
        self.columns: list[tuple[int, Shown]] = []
        self.rows: list[Row] = []
        self.complete = True
        self.reading = False

    def show(self, listing: AnyListing, rows: Sequence[Row], complete: bool) -> bool:
        """Show these first rows of a list; return whether the rows are the same ones as before."""
        columns = self.arrangement.of(listing.columns)
        same = [row.id for row in rows] == [row.id for row in self.rows]
        same = same and [c.name for _, c in columns] == [c.name for _, c in self.columns]
        if not same:
            self.beginResetModel()
        self.listing, self.columns, self.rows, self.complete = listing, columns, list(rows), complete
        self.reading = False
        if not same:
            self.endResetModel()
        elif rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.rows) - 1, len(self.columns) - 1))
        return same

    def arrange(self, made: Arrangement) -> None:
        """Show the same rows in other columns."""
        self.arrangement = made
        if self.listing is not None:
            self.beginResetModel()
            self.columns = made.of(self.listing.columns)
            self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Number of rows loaded so far."""
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Number of columns on the screen."""
        return 0 if parent.isValid() else len(self.columns)

    def canFetchMore(self, parent: Index) -> bool:
        """Whether the list goes on."""
        return not self.complete and not self.reading and not parent.isValid()

    def fetchMore(self, parent: Index) -> None:
        """Ask for the next window; it comes from another thread, as a sort without an index takes time."""
        if not self.reading:
            self.reading = True
            self.more_wanted.emit()

    def append(self, more: Sequence[Row], complete: bool) -> None:
        """Take the next rows."""
        self.reading, self.complete = False, complete
        if more:
            self.beginInsertRows(QModelIndex(), len(self.rows), len(self.rows) + len(more) - 1)
            self.rows.extend(more)
            self.endInsertRows()

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What a cell says, how it lies, and its tone."""
        at, column = self.columns[index.column()]
        value = self.rows[index.row()].values[at]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.field.show(value)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return side_of(_side(column))
        if role == TONE:
            return self._tone(column, value)
        if role == NEGATIVE:
            amount = isinstance(value, Decimal) and not isinstance(column.field, _NO_AMOUNTS)
            return amount and value < 0
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Headings, aligned as their cells are."""
        if orientation is not Qt.Orientation.Horizontal or section >= len(self.columns):
            return None
        column = self.columns[section][1]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.heading
        return side_of(_side(column)) if role == Qt.ItemDataRole.TextAlignmentRole else None

    def sums(self, rows: Sequence[int]) -> dict[str, str]:
        """Return heading → shown sum of these rows, for the columns that sum."""
        found = {}
        for at, column in self.columns:
            if column.summed:
                total = sum((self.rows[row].values[at] or 0 for row in rows), start=Decimal(0))
                found[column.heading] = column.field.show(total)
        return found

    def _tone(self, column: Shown, value: Any) -> str | None:
        if not column.status or value is None or self.listing is None:
            return None
        return self.listing.tones.get(column.field.show(value), "plain")


def _side(column: Shown) -> str:
    """Return at which side a column's words lie; a pill begins at the left whatever it says."""
    return "left" if column.status else column.field.align


def side_of(name: str) -> Qt.AlignmentFlag:
    """Return how the words of a field lie that wants them at this side."""
    return _ALIGN[name] | Qt.AlignmentFlag.AlignVCenter
