"""名单格: the rows of a list on the screen, in the columns as the person arranged them."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QItemSelectionRange,
    QModelIndex,
    QPoint,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QTableView, QWidget

from models.fields import CodeField, LineField, NoteField, PhoneField
from models.listings import AnyListing, Row, Shown
from ui import theme
from ui.cells import Cells, Headings
from ui.columns import NARROWEST, WIDEST, Arrangement
from ui.frozen import FrozenColumn
from ui.keys import tell
from ui.rows import Rows

_SAMPLE = 120
_WIDEST = 560
_EXPECTED = 3_000
"""Milliseconds within which what was just made is selected; later the selection would seem to jump."""
_MOVES = frozenset((Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Home, Qt.Key.Key_End))


tell(
    "名单里",
    ("↑ ↓ PgUp PgDn", "选一行"),
    ("Shift+↑ ↓", "选几行"),
    ("Ctrl+A", "全选整个名单"),
    ("Ctrl+C", "复制选中的行"),
    ("Enter", "办理选中的一行"),
)


class Grid(QTableView):
    """The rows: windowed, sorted by the database, copied as a spreadsheet understands it."""

    opened = Signal(object)
    entered = Signal()
    """The keyboard came here."""
    resorted = Signal(str)
    all_wanted = Signal()
    arranged = Signal(object)
    """The person arranged the columns otherwise."""
    heading_menu = Signal(str, QPoint)
    """The right button was pressed on the heading of this column."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.hovered = -1
        self._expected: Any = None
        self._wait = QTimer(self, singleShot=True, interval=_EXPECTED)
        self._wait.timeout.connect(self._forget)
        self._fitted: tuple[str, ...] = ()
        self._wanted: list[int] = []
        self._order: tuple[str, ...] = ()
        self._sharing = False
        self.rows = Rows(self)
        self.setModel(self.rows)
        self._cells = Cells(self)
        self.setItemDelegate(self._cells)
        self.headings = Headings(self)
        self.setHorizontalHeader(self.headings)
        self.headings.sort_asked.connect(self._sort_by)
        self.headings.setSectionsMovable(True)
        self.headings.sectionMoved.connect(lambda *_: QTimer.singleShot(0, self, self._moved))
        self.headings.sectionResized.connect(self._drawn)
        self.headings.sectionHandleDoubleClicked.connect(self._undraw)
        self.headings.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.headings.customContextMenuRequested.connect(self._ask_menu)
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
        self.frozen = FrozenColumn(self)
        self._resize_rows()

    def arrange(self, made: Arrangement) -> None:
        """Show these columns, so wide."""
        kept = {self.rows.rows[row].id for row in self.selected_rows()}
        current = self.currentIndex()
        self.rows.arrange(made)
        self._reselect(kept, current)
        self._mark_order(self._order)
        self._fit()
        self.frozen.follow()

    def fill(self, listing: AnyListing, rows: list[Row], complete: bool, order: tuple[str, ...]) -> None:
        """Show a list, keeping what was selected and where it was scrolled to."""
        kept = {self.rows.rows[row].id for row in self.selected_rows()}
        at = self.verticalScrollBar().value()
        current = self.currentIndex()
        if not self.rows.show(listing, rows, complete):
            self._reselect(kept, current)
            self.verticalScrollBar().setValue(at)
        self._choose_expected()
        self._mark_order(order)
        self._fit()

    def expect(self, wanted: Any) -> None:
        """Select the row of this id as soon as it is there, unless that takes too long to be understood."""
        self._expected = wanted
        self._wait.start()
        self._choose_expected()

    def _choose_expected(self) -> None:
        made = [at for at, row in enumerate(self.rows.rows) if row.id == self._expected]
        if self._wait.isActive() and made:
            self._forget()
            self.selectRow(made[0])

    def _forget(self) -> None:
        self._wait.stop()
        self._expected = None

    def selected_rows(self) -> list[int]:
        """Return the numbers of the selected rows, from top to bottom."""
        return sorted({row for one in self._ranges() for row in range(one.top(), one.bottom() + 1)})

    def selected_count(self) -> int:
        """Return how many rows are selected; quick however many they are."""
        return sum(one.height() for one in self._ranges())

    def _ranges(self) -> list[QItemSelectionRange]:
        chosen = self.selectionModel().selection()
        return [chosen.at(number) for number in range(chosen.count())]

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
            if event.key() in _MOVES:  # a lone row that came while the keyboard was here
                self.begin()

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
        self.entered.emit()

    def focusOutEvent(self, event: Any) -> None:
        """Show that it left."""
        super().focusOutEvent(event)
        self.viewport().update()

    def begin(self) -> None:
        """Select the row from which arrows start, where none is; a lone row could not be reached by them."""
        if self.rows.rows and not self.selectionModel().hasSelection():
            self.selectRow(max(0, self.currentIndex().row()))

    def step(self, way: int) -> None:
        """Go a row down, or up, as from wherever the keyboard is."""
        count = self.rows.rowCount()
        if count:
            chosen = self.selected_rows()
            at = self.currentIndex().row() + way if chosen else (0 if way > 0 else count - 1)
            self.selectRow(min(max(at, 0), count - 1))

    def _hover(self, row: int) -> None:
        if row != self.hovered:
            self.hovered = row
            self.viewport().update()

    def _reselect(self, kept: set[Any], current: QModelIndex) -> None:
        if not kept:
            return
        chosen = QItemSelection()
        last = self.rows.columnCount() - 1
        numbers = [number for number, row in enumerate(self.rows.rows) if row.id in kept]
        for first, end in _runs(numbers):
            chosen.append(QItemSelectionRange(self.rows.index(first, 0), self.rows.index(end, last)))
        flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        self.selectionModel().select(chosen, flags)
        if numbers:
            first_row = self.rows.index(numbers[0], 0)
            self.selectionModel().setCurrentIndex(first_row, QItemSelectionModel.SelectionFlag.NoUpdate)

    def _sort_by(self, section: int) -> None:
        name = self.rows.columns[section][1].name
        down = section == self.headings.sorted_section and not self.headings.descending
        self.resorted.emit(f"-{name}" if down else name)

    def _mark_order(self, order: tuple[str, ...]) -> None:
        self._order = order
        first = order[0] if order else ""
        names = [column.name for _, column in self.rows.columns]
        bare = first.lstrip("-")
        self.headings.mark_sorted(names.index(bare) if bare in names else -1, first.startswith("-"))
        self.frozen.follow()

    def _resize_rows(self) -> None:
        self.verticalHeader().setDefaultSectionSize(theme.measures().row)
        self._fitted = ()
        self._fit()

    def _fit(self) -> None:
        """Find the widths that the words of the first rows want, once for each set of columns.

        A column of pills grows later too: half a pill says nothing.
        """
        names = tuple(column.name for _, column in self.rows.columns)
        if not names or (names == self._fitted and self._wanted) or not self.rows.rows:
            pills = [at for at, (_, column) in enumerate(self.rows.columns) if column.status]
            for at in pills if names == self._fitted else ():
                self._wanted[at] = max(self._wanted[at], self._widest(at))
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
        drawn = self.rows.arrangement.widths
        widths = [
            drawn.get(column.name, wanted)
            for wanted, (_, column) in zip(self._wanted, self.rows.columns, strict=True)
        ]
        own = [at for at, (_, column) in enumerate(self.rows.columns) if column.name not in drawn]
        soft = [at for at in own if _may_be_cut(self.rows.columns[at][1])]
        _share_out(widths, soft, own, room, [self._least(at) for at in range(count)])
        self._sharing = True
        for section, width in enumerate(widths):
            self.setColumnWidth(section, width)
        self._sharing = False
        self.frozen.follow()

    def _least(self, section: int) -> int:
        """Return to what width a column may give way: its heading, or what its words want to say enough."""
        field, heading = self.rows.columns[section][1].field, self.headings.wanted_width(section)
        if not field.roomy:
            return heading
        letters = theme.metrics().horizontalAdvance("0" * field.chars)
        return max(heading, min(self._wanted[section], letters))

    # -- what the person arranges --------------------------------------------------------------

    def _ask_menu(self, at: QPoint) -> None:
        section = self.headings.logicalIndexAt(at)
        name = self.rows.columns[section][1].name if section >= 0 else ""
        self.heading_menu.emit(name, self.headings.viewport().mapToGlobal(at))

    def _drawn(self, section: int, _: int, width: int) -> None:
        """Keep the width that was drawn by the mouse."""
        if self._sharing or not self.headings.drawing:
            return
        made = self.rows.arrangement
        name = self.rows.columns[section][1].name
        self.rows.arrangement = replace(
            made, widths={**made.widths, name: min(WIDEST, max(NARROWEST, width))}
        )
        self.frozen.follow()
        self.arranged.emit(self.rows.arrangement)

    def _undraw(self, section: int) -> None:
        """Let a column have the width that its words want again."""
        made, name = self.rows.arrangement, self.rows.columns[section][1].name
        widths = {other: width for other, width in made.widths.items() if other != name}
        self.rows.arrangement = replace(made, widths=widths)
        self._share()
        self.arranged.emit(self.rows.arrangement)

    def _moved(self) -> None:
        """Take the order of the headings for the columns' own, so that copies and workbooks have it too."""
        count = self.headings.count()
        order = [self.headings.logicalIndex(visual) for visual in range(count)]
        if order == list(range(count)) or self.rows.listing is None:
            return
        names = [self.rows.columns[section][1].name for section in order]
        self.headings.blockSignals(True)
        for section in range(count):
            self.headings.moveSection(self.headings.visualIndex(section), section)
        self.headings.blockSignals(False)
        rest = [column.name for column in self.rows.listing.columns if column.name not in names]
        made = replace(self.rows.arrangement, order=(*names, *rest))
        self.arrange(made)
        self.arranged.emit(made)


def _may_be_cut(column: Shown) -> bool:
    """Whether the first words of a cell tell enough: not of a number (1-1-… are many), a day, a state."""
    words = isinstance(column.field, LineField | NoteField)
    return words and not isinstance(column.field, CodeField | PhoneField) and not column.status


def _runs(numbers: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield the first and last of each run of consecutive numbers."""
    for _, run in itertools.groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0]):
        members = [number for _, number in run]
        yield members[0], members[-1]


def _share_out(widths: list[int], soft: list[int], own: list[int], room: int, least: list[int]) -> None:
    """Shrink the widest soft columns until all fit, or share what is left among those not drawn."""
    excess = sum(widths) - room
    while excess > 0 and soft:
        widest = max(soft, key=lambda at: widths[at] - least[at])
        give = min(excess, max(0, widths[widest] - max(least[widest], 90)), 24)
        if give <= 0:
            return
        widths[widest] -= give
        excess -= give
    if excess < 0 and own:
        part = -excess // len(own) if len(widths) - 1 not in soft else min(-excess // len(own), 56)
        for at in own:
            widths[at] += part
        widths[own[-1]] += -excess - part * len(own)
