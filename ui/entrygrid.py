"""录入表: many rows entered fast: the cell with the keyboard is always being typed into, Enter goes down."""

from __future__ import annotations

import operator
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, QModelIndex, QObject, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QGuiApplication,
    QInputMethodEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
)
from PySide6.QtWidgets import QAbstractItemView, QLineEdit, QWidget

from models.fields import ChoiceField, LinkField
from ui import theme
from ui.cells import PADDING, Cells
from ui.choiceline import ChoiceLine
from ui.copiedtable import table_of
from ui.entryrows import STRANGE, WRONG, EntryRows, Pasted
from ui.keys import is_enter, tell
from ui.links import LinkEdit
from ui.plaintable import PlainTable
from ui.rows import Index

SAME = "="
"""Types what is offered for the cell: all that is open, the last reading."""
MOST_CELLS = 100_000
"""Cells of a table that is pasted at once; more belong into an import."""
_REMARK = 5
"""Times its heading that what is said of a line wants of room, before columns are narrowed."""
_WIDEST = 24


tell(
    "录入表",
    ("Enter / ↓", "下一行"),
    ("↑", "上一行"),
    (SAME, "照填：该收的、上次的"),
    ("F4", "列出可选的；选项也可填序号或开头的字"),
    ("Ctrl+V", "粘贴从 Excel 复制的行"),
    ("Tab / Shift+Tab", "右边、左边的格子；Enter 回到开始的那一列，下一行"),
)


class EntryCells(Cells):
    """Draws the cells of a sheet, and gives each that is typed its line."""

    walked = Signal(int, int)
    """The person goes on: rows down, cells to the right."""
    moved = Signal(int)
    """An arrow key goes down or up."""
    pasted = Signal(str)
    """A table was pasted into a cell."""

    line: QLineEdit | None = None
    """The line that was made last."""
    composing = False
    """Whether letters are being composed that are not words yet."""

    def createEditor(self, parent: QWidget, option: Any, index: Index) -> QWidget:
        """Return the line in which a cell is typed."""
        self.composing = False
        rows = self._rows(index)
        one = rows.input_of(index)
        assert one is not None
        line: QLineEdit
        if isinstance(one.field, LinkField):
            line = LinkEdit(one.field, parent)
        elif isinstance(one.field, ChoiceField):
            line = ChoiceLine(one.field, parent)
        else:
            line = QLineEdit(parent)
        if isinstance(line, LinkEdit | ChoiceLine):
            line.chosen.connect(lambda: self.walked.emit(1, 0), Qt.ConnectionType.QueuedConnection)
        self.line = line
        line.setObjectName("entry")
        line.setAlignment(rows.data(index, Qt.ItemDataRole.TextAlignmentRole))
        line.setAccessibleName(f"第 {index.row() + 1} 行 {one.label}")
        return line

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        """Show what was typed, marked, so that typing replaces it."""
        assert isinstance(editor, QLineEdit)
        editor.setText(index.data(Qt.ItemDataRole.EditRole))
        editor.selectAll()

    def setModelData(self, editor: QWidget, model: Any, index: Index) -> None:
        """Take what was typed."""
        if isinstance(editor, LinkEdit):
            editor.settle()
            model.setData(index, editor.key())
        elif isinstance(editor, ChoiceLine):
            model.setData(index, editor.key())
        elif isinstance(editor, QLineEdit):
            model.setData(index, editor.text())

    def updateEditorGeometry(self, editor: QWidget, option: Any, index: Index) -> None:
        """Fill the whole cell."""
        editor.setGeometry(option.rect)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Walk by Enter, arrows and Tab; paste tables; type what is offered by the equals key."""
        if isinstance(event, QInputMethodEvent):
            self.composing = bool(event.preeditString())
        if self._leaves_form(event):
            return True
        if event.type() is not QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return super().eventFilter(watched, event)
        assert isinstance(watched, QLineEdit)
        if self._pastes(event):
            return True
        if event.text() == SAME and (watched.selectedText() == watched.text() or _of_figures(watched)):
            watched.setText(self._offered() or SAME)
            return True
        offers = isinstance(watched, LinkEdit) and watched.completer().popup().isVisible()
        arrow = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
        if arrow and not offers:
            self.moved.emit(arrow)
            return True
        step = _step(event)
        if step is None or (offers and not step[1]):
            return super().eventFilter(watched, event)
        self.walked.emit(*step)
        return True

    def _pastes(self, event: QKeyEvent) -> bool:
        """Hand a table on that is pasted; words of one cell are typed into the line."""
        words = QGuiApplication.clipboard().text() if event.matches(QKeySequence.StandardKey.Paste) else ""
        table = "\t" in words or "\n" in words.strip("\r\n")
        if table:
            self.pasted.emit(words)
        return table

    def _leaves_form(self, event: QEvent) -> bool:
        """Let Esc in a row of a document mean what it means in the form; Qt would only empty the cell."""
        if not (self._grid.across and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape):
            return False
        around = self._grid.parentWidget()
        if event.type() is QEvent.Type.KeyPress and around is not None:
            QCoreApplication.sendEvent(around, event)
        return True

    @property
    def _grid(self) -> EntryGrid:
        grid = self.parent()
        assert isinstance(grid, EntryGrid)
        return grid

    def _offered(self) -> str:
        return self._grid.rows.offered(self._grid.currentIndex())

    def _ground(self, option: Any, index: Index) -> str:
        now = theme.tokens()
        if index.data(WRONG):
            return now.tone("danger").ground
        return now.surface if self._rows(index).input_of(index) is not None else now.window

    def _draw_words(self, painter: QPainter, option: Any, index: Index, words: str) -> None:
        """Draw what is typed plainly, what is told quietly, and what is said of a line in its tone."""
        now, rows = theme.tokens(), self._rows(index)
        colour = now.secondary
        if rows.input_of(index) is not None:
            colour = now.tone("danger").ink if index.data(WRONG) else now.text
        elif index.column() == rows.columnCount() - 1 and rows.lines[index.row()].notable:
            colour = now.tone("warning" if index.data(STRANGE) else "danger").ink
        room = option.rect.adjusted(PADDING, 0, -PADDING, 0)
        painter.setPen(QColor(colour))
        shown = theme.metrics().elidedText(words, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, int(index.data(Qt.ItemDataRole.TextAlignmentRole)), shown)

    def _rows(self, index: Index) -> EntryRows:
        model = index.model()
        assert isinstance(model, EntryRows)
        return model


def _of_figures(line: QLineEdit) -> bool:
    """Whether figures are typed here, in which an equals key means nothing else."""
    return bool(line.alignment() & Qt.AlignmentFlag.AlignRight)


def _step(event: QKeyEvent) -> tuple[int, int] | None:
    """Return how far a key goes, as rows and cells; None for one that types."""
    if is_enter(event) and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
        return 1, 0
    return {Qt.Key.Key_Tab: (0, 1), Qt.Key.Key_Backtab: (0, -1)}.get(Qt.Key(event.key()))


class EntryGrid(PlainTable):
    """The lines of a sheet, or the rows of a document.

    Args:
        rows: what is typed.
        across: whether Enter goes to the next cell of the row, as in a document, rather than down.
    """

    walked_out = Signal()
    """Enter goes on past the last cell."""
    told = Signal(str, str)
    """What came of a paste, and its tone."""

    def __init__(self, rows: EntryRows, *, across: bool = False, parent: QWidget | None = None) -> None:
        self.rows, self.across = rows, across
        self.cells = EntryCells()
        super().__init__(rows, self.cells, parent)
        self.cells.setParent(self)
        self._settling = self._resting = False
        self._tabbed: tuple[int, int] | None = None
        """Row and column from which Tab went on within a row, to which Enter goes back below."""
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("录入表")
        self.clicked.connect(self._clicked)
        self.cells.walked.connect(self.walk)
        self.cells.moved.connect(self.step)
        self.cells.pasted.connect(self.paste)
        rows.modelReset.connect(self.share)
        self.fit()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Type at once: into the current cell, or the first that is typed."""
        super().focusInEvent(event)
        if not (self._settling or self._resting):  # else a line that closed gave the keyboard back
            self.resume()

    def resume(self) -> None:
        """Put the keyboard into the current cell, or the first that is typed."""
        index = self.currentIndex()
        if not index.isValid() or self.rows.input_of(index) is None:
            index = self.rows.index(max(0, index.row()), self.rows.first_typed())
        self.go_to(index)

    def go_to(self, index: QModelIndex) -> None:
        """Type into a cell."""
        if index.isValid():
            self._resting = False
            self.settle()
            self.setCurrentIndex(index)
            self.scrollTo(index)
            self.edit(index)

    def _clicked(self, index: QModelIndex) -> None:
        told, self._tabbed = self.rows.input_of(index) is None, None
        self.go_to(self.rows.index(index.row(), self.rows.first_typed()) if told else index)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Show to whoever clicks on a choice what can be chosen."""
        super().mouseReleaseEvent(event)
        editor, index = self._editor(), self.indexAt(event.position().toPoint())
        if isinstance(editor, ChoiceLine) and index == self.currentIndex():
            editor.open_choices()

    def rest(self) -> None:
        """Type into no cell until the person says into which: by Enter, an arrow key or the mouse."""
        self._resting = True
        self.setCurrentIndex(QModelIndex())

    def typing(self) -> bool:
        """Whether a cell is being typed into and not taken yet."""
        editor = self._editor()
        return isinstance(editor, QLineEdit) and (editor.isModified() or self.cells.composing)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Rest no longer: who comes back means to type."""
        super().focusOutEvent(event)
        self._resting = False

    def settle(self) -> None:
        """Take what is being typed."""
        editor = self._editor()
        if editor is not None:
            self._settling = True
            self.commitData(editor)
            self.closeEditor(editor, self.cells.EndEditHint.NoHint)
            self._settling = False

    def _editor(self) -> QWidget | None:
        """Return the line of the current cell: the last one made, for others may outlive their cells."""
        return self.cells.line if self.isPersistentEditorOpen(self.currentIndex()) else None

    def walk(self, down: int, right: int) -> None:
        """Take what is being typed and go on; past the last cell the keyboard leaves."""
        index, by_tab = self.currentIndex(), right != 0
        self.settle()
        if by_tab and (self._tabbed is None or self._tabbed[0] != index.row()):
            self._tabbed = index.row(), index.column()
        elif not by_tab and not self.across and self._tabbed is not None:
            right = self._tabbed[1] - index.column() if self._tabbed[0] == index.row() else 0
            self._tabbed = None
        done = down > 0 and self.across and not self.rows.lines[index.row()].filled
        if down > 0 and self.across:
            down, right = 0, 1
        target = None if done else self._from(index, down, right)
        if target is not None:
            self.go_to(target)
        elif by_tab:
            self.focusNextPrevChild(right > 0)
        else:
            self.walked_out.emit()

    def step(self, down: int) -> None:
        """Go up or down by an arrow key; at the edge the keyboard stays."""
        index, self._tabbed = self.currentIndex(), None
        target = self._from(index, down, 0)
        self.go_to(index if target is None else target)

    def _from(self, index: QModelIndex, down: int, right: int) -> QModelIndex | None:
        first, number = self.rows.first_typed(), len(self.rows.inputs)
        row, column = index.row() + down, index.column() - first + right
        row, column = row + column // number, column % number
        return self.rows.index(row, first + column) if 0 <= row < self.rows.rowCount() else None

    def next_open(self, way: int = 1) -> bool:
        """Go to the next line that was missed or is wrong, or back to the one before; False where none is."""
        open_lines = sorted({*self.rows.missed(), *self.rows.wrong()})
        if not open_lines:
            return False
        self.settle()
        here = self.currentIndex().row()
        if way > 0:
            row = next((at for at in open_lines if at > here), open_lines[0])
        else:
            row = next((at for at in reversed(open_lines) if at < here), open_lines[-1])
        wrong = self.rows.lines[row].wrong
        self.go_to(self.rows.wrong_cell(row) if wrong else self.rows.index(row, self.rows.first_typed()))
        return True

    def paste(self, words: str) -> None:
        """Type a copied table from the current cell on, or by the keys in its first column."""
        table = table_of(words)
        if sum(map(len, table)) > MOST_CELLS:
            self.told.emit(f"一次最多粘贴 {MOST_CELLS:,} 格。请分几次粘贴，或用导入。", "danger")
            return
        index = self.currentIndex()
        if not index.isValid() and not self.rows.names_lines(table):
            self.told.emit("请先点要从哪一格粘贴起。", "warning")
            return
        editor = self._editor()
        if editor is not None:  # what stands in the line would be written over the pasted cell
            self._settling = True
            self.closeEditor(editor, self.cells.EndEditHint.RevertModelCache)
            self._settling = False
        done = self.rows.paste(index, table)
        self.told.emit(_said(done), "warning" if done.strange else "info")
        self.go_to(index)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Paste also while no cell is being typed into."""
        if event.matches(QKeySequence.StandardKey.Paste):
            self.paste(QGuiApplication.clipboard().text())
        elif self._resting:
            if is_enter(event) or event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
                self.resume()
        else:
            super().keyPressEvent(event)

    def cuts_remark(self, row: int) -> bool:
        """Whether the last cell of a line has no room for all that is said of it."""
        room = self.columnWidth(self.rows.columnCount() - 1) - 2 * PADDING
        return theme.metrics().horizontalAdvance(self.rows.remark(row)) > room

    def share(self) -> None:
        """Give each column what its words want, and what is said of a line some words and the rest."""
        metrics = theme.metrics()
        last, room = self.rows.columnCount() - 1, self.viewport().width()
        widths, least = [], []
        for at, (heading, _) in enumerate(self.rows.headings()):
            one = self.rows.input_of(self.rows.index(0, at)) if self.rows.rowCount() else None
            letters = [heading, *self._samples(at)]
            if one is not None:
                letters.append("0" * (one.field.chars if one.field.roomy else min(one.field.chars, _WIDEST)))
            if at == last:
                letters.append(heading * _REMARK)
            widths.append(max(metrics.horizontalAdvance(words) for words in letters) + 2 * PADDING + 4)
            bare = metrics.horizontalAdvance(heading) + 2 * PADDING + 4
            kept = at != last if one is None else one.field.roomy
            least.append(widths[at] if kept else bare)
        while sum(widths) > room and any(map(operator.gt, widths, least)):  # else the last were out of sight
            widest = max(range(len(widths)), key=lambda at: widths[at] - least[at])
            widths[widest] -= min(8, widths[widest] - least[widest])
        widths[last] += max(0, room - sum(widths))
        for at, width in enumerate(widths):
            self.setColumnWidth(at, width)

    def _samples(self, column: int) -> list[str]:
        """Return the widest words among the first lines of a column that is read."""
        if column >= self.rows.first_typed():
            return []
        shown = [
            str(self.rows.index(row, column).data() or "") for row in range(min(60, self.rows.rowCount()))
        ]
        return sorted(shown, key=_breadth)[-3:]


def _breadth(words: str) -> int:
    """Return about how wide words are: a Chinese letter is two of the others."""
    return sum(1 if letter.isascii() else 2 for letter in words)


def _said(done: Pasted) -> str:
    """Return what came of a paste."""
    told = f"粘贴了 {done.rows} 行。"
    if done.strange:
        names = "、".join(done.strange[:5]) + ("等" if len(done.strange) > 5 else "")
        told += f"有 {len(done.strange)} 行对不上，没有粘贴：{names}。"
    return told
