"""冻结首列: the first column of a list stays in sight while the others scroll sideways."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QTableView

from ui.cells import Cells, Headings

if TYPE_CHECKING:
    from ui.grid import Grid


class FrozenColumn(QTableView):
    """A second view of the same rows, laid over the left of the grid while that is scrolled."""

    def __init__(self, grid: Grid) -> None:
        super().__init__(grid)
        self._grid = grid
        self.setObjectName("frozen")
        self.setModel(grid.rows)
        self.setSelectionModel(grid.selectionModel())
        self.setItemDelegate(Cells(self))
        self.headings = Headings(self)
        self.setHorizontalHeader(self.headings)
        self.headings.sort_asked.connect(grid.headings.sort_asked)
        self.verticalHeader().hide()
        self.verticalHeader().setMinimumSectionSize(10)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(grid.verticalScrollMode())
        self.doubleClicked.connect(lambda index: grid.doubleClicked.emit(index))
        self.hide()
        grid.verticalScrollBar().valueChanged.connect(self.verticalScrollBar().setValue)
        grid.horizontalScrollBar().valueChanged.connect(lambda _: self.follow())

    @property
    def hovered(self) -> int:
        """The row under the mouse."""
        return self._grid.hovered

    def follow(self) -> None:
        """Lie where the grid wants it now, or nowhere."""
        grid = self._grid
        wanted = grid.rows.arrangement.frozen and grid.horizontalScrollBar().value() > 0
        if not wanted or not grid.rows.columns:
            self.hide()
            return
        for section in range(len(grid.rows.columns)):
            self.setColumnHidden(section, section != 0)
        self.setColumnWidth(0, grid.columnWidth(0))
        self.verticalHeader().setDefaultSectionSize(grid.verticalHeader().defaultSectionSize())
        self.headings.mark_sorted(grid.headings.sorted_section, grid.headings.descending)
        edge = grid.frameWidth()
        high = grid.viewport().height() + grid.horizontalHeader().height()
        self.setGeometry(edge, edge + 1, grid.columnWidth(0), high)
        self.verticalScrollBar().setValue(grid.verticalScrollBar().value())
        self.show()
        self.raise_()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll the whole grid."""
        self._grid.wheelEvent(event)
