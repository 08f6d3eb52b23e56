"""名单表: one list on the screen: its rows, its foot, and the sentence when it is empty."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QItemSelectionRange, QModelIndex, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QStackedLayout,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from models.fields import CountField
from models.listings import WINDOW, AnyListing, Row
from ui import theme
from ui.cells import PADDING, Cells, Headings
from ui.rows import Rows
from ui.services import Services

MOST_SELECTED = 20_000
"""Select-all reads on until so many rows; more is the work of a filter."""
SLOW, SLOW_WINDOW = 0.2, 4_000
"""Seconds after which reading a window is slow, and how many rows are read at a time then."""
_SAMPLE = 120
_WIDEST = 560


class Grid(QTableView):
    """The rows: windowed, sorted by the database, copied as a spreadsheet understands it."""

    opened = Signal(object)
    resorted = Signal(str)
    all_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.hovered = -1
        self._fitted: tuple[str, ...] = ()
        self._wanted: list[int] = []
        self.rows = Rows(self)
        self.setModel(self.rows)
        self._cells = Cells(self)
        self.setItemDelegate(self._cells)
        self.headings = Headings(self)
        self.setHorizontalHeader(self.headings)
        self.headings.sort_asked.connect(self._sort_by)
        self.verticalHeader().hide()
        self.verticalHeader().setMinimumSectionSize(10)
        self.setShowGrid(False)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.doubleClicked.connect(lambda index: self.opened.emit(self.rows.rows[index.row()]))
        theme.appearance.changed.connect(self._resize_rows)
        self._resize_rows()

    def fill(self, listing: AnyListing, rows: list[Row], complete: bool, order: tuple[str, ...]) -> None:
        """Show a list, keeping what was selected and where it was scrolled to."""
        kept = {self.rows.rows[row].id for row in self.selected_rows()}
        at = self.verticalScrollBar().value()
        current = self.currentIndex()
        if not self.rows.show(listing, rows, complete):
            self._reselect(kept, current)
            self.verticalScrollBar().setValue(at)
        self._mark_order(order)
        self._fit()

    def selected_rows(self) -> list[int]:
        """Return the numbers of the selected rows, from top to bottom."""
        return sorted(index.row() for index in self.selectionModel().selectedRows())

    def selected(self) -> list[Row]:
        """Return the selected rows."""
        return [self.rows.rows[number] for number in self.selected_rows()]

    def copied(self) -> str:
        """Return the selected rows as tab-separated text."""
        lines = []
        for number in self.selected_rows():
            cells = [self.rows.index(number, column).data() for column in range(self.rows.columnCount())]
            lines.append("\t".join(str(cell or "").replace("\t", " ").replace("\n", " ") for cell in cells))
        return "\n".join(lines)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copy rows, open one by Enter, select all of the list rather than of what is loaded."""
        if event.matches(QKeySequence.StandardKey.Copy):
            QGuiApplication.clipboard().setText(self.copied())
        elif event.matches(QKeySequence.StandardKey.SelectAll):
            self.all_wanted.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.opened.emit(self.rows.rows[self.currentIndex().row()])
        else:
            super().keyPressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow the row under the mouse."""
        self._hover(self.rowAt(int(event.position().y())))
        super().mouseMoveEvent(event)

    def leaveEvent(self, event: Any) -> None:
        """Forget it."""
        self._hover(-1)
        super().leaveEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the room anew."""
        super().resizeEvent(event)
        self._share()

    def focusInEvent(self, event: Any) -> None:
        """Show where the keyboard is: on a row, unless the mouse is about to choose one."""
        super().focusInEvent(event)
        if event.reason() != Qt.FocusReason.MouseFocusReason:
            self.begin()
        self.viewport().update()

    def focusOutEvent(self, event: Any) -> None:
        """Show that it left."""
        super().focusOutEvent(event)
        self.viewport().update()

    def begin(self) -> None:
        """Select the row from which arrows start, where none is; a lone row could not be reached by them."""
        if self.rows.rows and not self.selectionModel().hasSelection():
            self.selectRow(max(0, self.currentIndex().row()))

    def _hover(self, row: int) -> None:
        if row != self.hovered:
            self.hovered = row
            self.viewport().update()

    def _reselect(self, kept: set[Any], current: QModelIndex) -> None:
        if not kept:
            return
        chosen = QItemSelection()
        for number, row in enumerate(self.rows.rows):
            if row.id in kept:
                chosen.append(QItemSelectionRange(self.rows.index(number, 0)))
        flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        self.selectionModel().select(chosen, flags)
        if chosen.indexes():
            self.selectionModel().setCurrentIndex(
                chosen.indexes()[0], QItemSelectionModel.SelectionFlag.NoUpdate
            )

    def _sort_by(self, section: int) -> None:
        name = self.rows.columns[section][1].name
        down = section == self.headings.sorted_section and not self.headings.descending
        self.resorted.emit(f"-{name}" if down else name)

    def _mark_order(self, order: tuple[str, ...]) -> None:
        first = order[0] if order else ""
        names = [column.name for _, column in self.rows.columns]
        bare = first.lstrip("-")
        self.headings.mark_sorted(names.index(bare) if bare in names else -1, first.startswith("-"))

    def _resize_rows(self) -> None:
        self.verticalHeader().setDefaultSectionSize(theme.measures().row)
        self._fitted = ()
        self._fit()

    def _fit(self) -> None:
        """Find the widths that the words of the first rows want, once for each set of columns."""
        names = tuple(column.name for _, column in self.rows.columns)
        if not names or (names == self._fitted and self._wanted) or not self.rows.rows:
            self._share()
            return
        self._fitted = names
        self._wanted = [self._widest(section) for section in range(len(names))]
        self._share()

    def _widest(self, section: int) -> int:
        rows = range(min(_SAMPLE, self.rows.rowCount()))
        words = (self._cells.wanted_width(self.rows.index(row, section)) for row in rows)
        return max(self.headings.wanted_width(section), min(_WIDEST, max(words, default=0)))

    def _share(self) -> None:
        """Fit the columns to the room: text columns give way first and take what is left over."""
        count = self.rows.columnCount()
        if len(self._wanted) != count:
            self._wanted = [self.headings.wanted_width(section) for section in range(count)]
        room = self.viewport().width()
        widths = list(self._wanted)
        soft = [at for at, (_, column) in enumerate(self.rows.columns) if column.field.align == "left"]
        _share_out(widths, soft, room, [self.headings.wanted_width(at) for at in range(count)])
        for section, width in enumerate(widths):
            self.setColumnWidth(section, width)


def _share_out(widths: list[int], soft: list[int], room: int, least: list[int]) -> None:
    """Shrink the widest soft columns until all fit, or give each a part of what is left over."""
    excess = sum(widths) - room
    while excess > 0 and soft:
        widest = max(soft, key=lambda at: widths[at] - least[at])
        give = min(excess, max(0, widths[widest] - max(least[widest], 90)), 24)
        if give <= 0:
            return
        widths[widest] -= give
        excess -= give
    if excess < 0 and widths:
        part = -excess // len(widths) if len(widths) - 1 not in soft else min(-excess // len(widths), 56)
        for at in range(len(widths)):
            widths[at] += part
        widths[-1] += -excess - part * len(widths)


class Table(QWidget):
    """A list with its foot; reads in the background and shows the last known meanwhile."""

    selection_changed = Signal()
    filled = Signal()

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._make: Callable[[], AnyListing] | None = None
        self._step: Callable[[], Any] | None = None
        self._order: tuple[str, ...] = ()
        self._asked = 0
        self._quick = True
        self.count: int | None = None
        self.grid = Grid(self)
        self.grid.resorted.connect(self._resort)
        self.grid.all_wanted.connect(self._select_all)
        self.grid.rows.more_wanted.connect(self._read_on)
        self.grid.selectionModel().selectionChanged.connect(lambda *_: self._selected())
        self.grid.rows.modelReset.connect(self._selected)
        self._lay_out()

    def _lay_out(self) -> None:
        self.empty_words = QLabel(alignment=Qt.AlignmentFlag.AlignCenter, wordWrap=True)
        self.empty_words.setProperty("role", "secondary")
        self.first_step = QPushButton()
        self.first_step.setProperty("primary", True)
        self.first_step.clicked.connect(lambda: self._step and self._step())
        self.first_step.hide()
        empty = QWidget()
        column = QVBoxLayout(empty)
        column.addStretch(2)
        column.addWidget(self.empty_words)
        column.addSpacing(12)
        column.addWidget(self.first_step, alignment=Qt.AlignmentFlag.AlignCenter)
        column.addStretch(3)
        self.stack = QStackedLayout()
        self.stack.addWidget(self.grid)
        self.stack.addWidget(empty)
        self.totals = QLabel()
        # Many sums are wider than a small screen at large type; the tooltip holds them all.
        self.totals.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.picked = QLabel()
        self.picked.setProperty("role", "secondary")
        foot = QHBoxLayout()
        foot.setContentsMargins(PADDING, 0, PADDING, 0)
        foot.addWidget(self.totals, 1)
        foot.addWidget(self.picked)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(self.stack, 1)
        layout.addLayout(foot)
        self.grid.setAccessibleName("名单")

    def show_list(self, make: Callable[[], AnyListing], *, again: bool = False) -> None:
        """Read a list in the background and show it.

        Args:
            make: makes the list; called as the person acting.
            again: it is the same list after a change: as many rows as were loaded are read.
        """
        self._make = make
        self._asked += 1
        number, order = self._asked, self._order
        size = max(WINDOW, min(self.grid.rows.rowCount(), 5000)) if again else WINDOW
        if not again:
            self.grid.verticalScrollBar().setValue(0)
        theme.mark(self.totals, role="secondary")

        def read() -> Any:
            if number != self._asked:  # another question came while this one waited
                return number, None, [], True
            listing = make()
            listing = listing.sorted(*order, *_rest(listing, order)) if order else listing
            rows = listing.window(size=size)
            return number, listing, rows, len(rows) < size

        self._services.run("读取", self, read, self._arrived)

    def order(self) -> tuple[str, ...]:
        """Return the column the person sorted by, as `Listing.sorted` takes it; empty for the list's own."""
        return self._order

    def refresh(self) -> None:
        """Read the same list anew."""
        if self._make is not None:
            self.show_list(self._make, again=True)

    def show_empty(self, sentence: str, verb: str = "", step: Callable[[], Any] | None = None) -> None:
        """Say what the list shows while nothing is in it, and offer the first step."""
        self.empty_words.setText(sentence)
        self.first_step.setVisible(bool(verb and step))
        self.first_step.setText(verb)
        self._step = step

    def _arrived(self, result: Any) -> None:
        number, listing, rows, complete = result
        if number != self._asked:
            return
        self.grid.fill(listing, rows, complete, self._order or listing.order)
        self.stack.setCurrentIndex(0 if rows else 1)

        def count() -> Any:
            return number, listing.totals() if number == self._asked else (0, {})

        self._services.run("合计", self, count, self._counted)
        self.filled.emit()

    def _counted(self, result: Any) -> None:
        number, (self.count, sums) = result
        if number != self._asked or self.grid.rows.listing is None:
            return
        listing = self.grid.rows.listing
        parts = [f"{self.count:,} 行"]
        for name, total in sums.items():
            column = listing.column(name)
            if not column.hidden:
                shown = f"{total:,}" if isinstance(column.field, CountField) else column.field.show(total)
                parts.append(f"{column.heading} {shown}")
        self.totals.setText("　".join(parts))
        self.totals.setToolTip("\n".join(parts))
        theme.mark(self.totals, role="")

    def _read_on(self) -> None:
        """Read the next window; a larger one where reading is slow."""
        self._read_more(WINDOW if self._quick else SLOW_WINDOW)

    def _select_all(self) -> None:
        """Select the whole list, reading what is not loaded yet."""
        left = MOST_SELECTED - self.grid.rows.rowCount()
        if self.grid.rows.complete or left <= 0:
            self.grid.selectAll()
        elif not self.grid.rows.reading:
            self.grid.rows.reading = True
            self._read_more(left, self.grid.selectAll)

    def _read_more(self, size: int, then: Callable[[], Any] = lambda: None) -> None:
        listing, rows, asked = self.grid.rows.listing, self.grid.rows.rows, self._asked
        if listing is None:
            return
        after = rows[-1].cursor if rows else None

        def read() -> tuple[list[Row], float]:
            began = time.monotonic()
            return listing.window(after, size), time.monotonic() - began

        def take(result: Any) -> None:
            more, seconds = result
            if asked == self._asked and self.grid.rows.listing is listing:
                self._quick = seconds < SLOW
                self.grid.rows.append(more, len(more) < size)
                then()

        self._services.run("读取", self, read, take)

    def _selected(self) -> None:
        rows = self.grid.selected_rows()
        words = [f"选中 {len(rows):,} 行"] if rows else []
        if len(rows) > 1:
            words += [f"{heading} {total}" for heading, total in self.grid.rows.sums(rows).items()]
        self.picked.setToolTip("\n".join(words))
        room = self.width() - 3 * PADDING - self.totals.sizeHint().width()
        while len(words) > 2 and self.picked.fontMetrics().horizontalAdvance("　".join(words)) > room:
            del words[1]  # the sum of the whole stands last and stays longest
        self.picked.setText("　".join(words))
        self.selection_changed.emit()

    def _resort(self, name: str) -> None:
        self._order = (name,)
        if self._make is not None:
            self.show_list(self._make)


def _rest(listing: AnyListing, order: tuple[str, ...]) -> list[str]:
    """Return the list's own order after the column that the person chose."""
    chosen = {name.lstrip("-") for name in order}
    return [name for name in listing.order if name.lstrip("-") not in chosen]
