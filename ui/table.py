"""名单表: one list on the screen: its rows, its foot, and the sentence when it is empty."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QPushButton,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from models.fields import CountField
from models.listings import WINDOW, AnyListing, Row
from ui import theme
from ui.cells import PADDING
from ui.columns import Arrangement, ColumnChooser, arrange, arrangement
from ui.grid import Grid
from ui.services import Services
from ui.words import Elided, Plain

MOST_SELECTED = 20_000
"""Select-all reads on until so many rows; more is the work of a filter."""
SLOW, SLOW_WINDOW = 0.2, 4_000
"""Seconds after which reading a window is slow, and how many rows are read at a time then."""


class Table(QWidget):
    """A list with its foot; reads in the background and shows the last known meanwhile."""

    selection_changed = Signal()
    filled = Signal()

    def __init__(self, services: Services, parent: QWidget | None = None, kept_as: str = "") -> None:
        """Make it.

        Args:
            services: of the window.
            parent: as Qt means it.
            kept_as: under which name the person's columns are remembered; empty for not at all.
        """
        super().__init__(parent)
        self._services, self._kept_as = services, kept_as
        self._make: Callable[[], AnyListing] | None = None
        self._step: Callable[[], Any] | None = None
        self._order: tuple[str, ...] = ()
        self._asked = 0
        self._quick = True
        self.count: int | None = None
        self.grid = Grid(self)
        self.grid.resorted.connect(self.sort_by)
        self.grid.all_wanted.connect(self._select_all)
        self.grid.rows.more_wanted.connect(self._read_on)
        self.grid.selectionModel().selectionChanged.connect(lambda *_: self._selected())
        self.grid.rows.modelReset.connect(self._selected)
        self.grid.entered.connect(self._tell)
        self.grid.arranged.connect(self._keep)
        if kept_as:
            self.grid.rows.arrangement = arrangement(services.memory, kept_as)
        self._lay_out()

    def _lay_out(self) -> None:
        self.empty_words = Plain(alignment=Qt.AlignmentFlag.AlignCenter, wordWrap=True)
        self.empty_words.setProperty("role", "secondary")
        self.first_step = QPushButton()
        self.first_step.setProperty("primary", True)
        self.first_step.clicked.connect(lambda: self._step and self._step())
        self.first_step.hide()
        empty = QWidget()
        column = QVBoxLayout(empty)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(0)
        column.addStretch(2)
        column.addWidget(self.empty_words)
        column.addSpacing(12)
        column.addWidget(self.first_step, alignment=Qt.AlignmentFlag.AlignCenter)
        column.addStretch(3)
        self.stack = QStackedLayout()
        self.stack.addWidget(self.grid)
        self.stack.addWidget(empty)
        self.totals = Elided()  # many sums are wider than a small screen at large type
        foot = QHBoxLayout()
        foot.setContentsMargins(PADDING, 0, PADDING, 0)
        foot.addWidget(self.totals, 1)
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
        number, order, chosen = self._asked, self._order, self.grid.rows.arrangement
        size = max(WINDOW, self.grid.rows.rowCount()) if again else WINDOW
        if not again:
            self.grid.verticalScrollBar().setValue(0)
        theme.mark(self.totals, role="secondary")

        def read() -> Any:
            if number != self._asked:  # another question came while this one waited
                return number, None, [], True, ()
            listing = make()
            wanted = order or chosen.sorted(listing.columns)
            listing = listing.sorted(*wanted, *_rest(listing, wanted)) if wanted else listing
            rows = listing.window(size=size)
            return number, listing, rows, len(rows) < size, wanted

        self._services.run("读取", self, read, self._arrived)

    def order(self) -> tuple[str, ...]:
        """Return the columns by which the rows are sorted now, as `Listing.sorted` takes them."""
        listing = self.grid.rows.listing
        if not self._order or listing is None:
            return ()
        return (*self._order, *_rest(listing, self._order))

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
        number, listing, rows, complete, order = result
        if number != self._asked:
            return
        self._order = order
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
        theme.mark(self.totals, role="")
        self._tell()

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
        self._tell()
        self.selection_changed.emit()

    def _tell(self, *, front: bool = False) -> None:
        """Let the status bar say how many rows there are, and what is selected with its sums."""
        if not self.isVisible():
            return
        rows = self.grid.selected_rows()
        every = "" if self.count is None else f"{self.count:,} 行"
        words = [f"选中 {len(rows):,} 行", f"共 {every}" if every else ""] if rows else [every]
        if len(rows) > 1:
            words += [f"{heading} {total}" for heading, total in self.grid.rows.sums(rows).items()]
        self._services.counted.emit(self, [one for one in words if one], front or self.grid.hasFocus())

    def showEvent(self, event: QShowEvent) -> None:
        """Be the list that the status bar tells of."""
        super().showEvent(event)
        self._tell(front=True)

    def hideEvent(self, event: QHideEvent) -> None:
        """Be it no longer."""
        super().hideEvent(event)
        self._services.counted.emit(self, [], False)

    def choose_columns(self, at: QWidget) -> ColumnChooser | None:
        """Let the person choose the columns, on a sheet below a button."""
        listing = self.grid.rows.listing
        if listing is None:
            return None
        chooser = ColumnChooser(listing.columns, self.grid.rows.arrangement, self)
        chooser.changed.connect(self.rearrange)
        chooser.setFixedWidth(theme.measures().font * 15)
        high = len(listing.columns) * (theme.measures().font + 4) + theme.measures().control * 4
        chooser.setFixedHeight(min(self.window().height() * 2 // 3, high))
        corner = at.mapToGlobal(at.rect().bottomRight())
        chooser.move(corner.x() - chooser.width(), corner.y() + 4)
        chooser.show()
        chooser.list.setFocus()
        return chooser

    def columns(self) -> list[str]:
        """Return the names of the columns that are seen, in their order."""
        return [column.name for _, column in self.grid.rows.columns]

    def rearrange(self, made: Arrangement) -> None:
        """Show the columns so, and remember it."""
        resorted = made.sort != self.grid.rows.arrangement.sort
        self.grid.arrange(made)
        self._keep(made)
        if resorted:
            self.sort_by(made.sort)

    def _keep(self, made: Arrangement) -> None:
        if self._kept_as:
            arrange(self._services.memory, self._kept_as, made)

    def sort_by(self, name: str) -> None:
        """Sort by a column, "-" before its name for descending; by nothing in the list's own order."""
        self._order = (name,) if name else ()
        self.grid.rows.arrangement = replace(self.grid.rows.arrangement, sort=name)
        self._keep(self.grid.rows.arrangement)
        if self._make is not None:
            self.show_list(self._make)


def _rest(listing: AnyListing, order: tuple[str, ...]) -> list[str]:
    """Return the list's own order after the column that the person chose."""
    chosen = {name.lstrip("-") for name in order}
    return [name for name in listing.order if name.lstrip("-") not in chosen]
