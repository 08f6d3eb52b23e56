"""素表: a small table as all of ours look, whose columns share the room that there is."""

from __future__ import annotations

from PySide6.QtCore import QAbstractItemModel
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QTableView, QWidget

from ui import theme
from ui.cells import Cells, Headings


class PlainTable(QTableView):
    """Our cells and headings, no grid, no frame; says in `share` how wide its columns are."""

    def __init__(
        self, model: QAbstractItemModel, cells: Cells | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.hovered = -1
        self.setModel(model)
        self.setItemDelegate(cells or Cells(self))
        self.headings = Headings(self)
        self.setHorizontalHeader(self.headings)
        self.verticalHeader().hide()
        self.setShowGrid(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTabKeyNavigation(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        theme.appearance.changed.connect(self.fit)

    def share(self) -> None:
        """Give each column its width."""
        raise NotImplementedError

    def fit(self) -> None:
        """Fit rows and columns to the size of the letters."""
        self.verticalHeader().setDefaultSectionSize(theme.measures().row)
        self.share()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the room anew."""
        super().resizeEvent(event)
        self.share()
