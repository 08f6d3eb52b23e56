"""录入行: the lines of an entry sheet as Qt reads and writes them: told, typed, checked, counted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from PySide6.QtCore import QAbstractTableModel, QModelIndex, Qt, Signal

from models.entries import Filling, Line, Sheet
from models.errors import BadInput, RuleBroken
from models.fields import LinkField, accept
from models.inputs import Input
from models.rows import RowsField
from models.text import clean
from ui.rows import Index, side_of
from ui.typed import Typed, seen

WRONG, STRANGE = Qt.ItemDataRole.UserRole + 11, Qt.ItemDataRole.UserRole + 12
"""Whether a cell cannot be; what is strange about its line, in words."""
REMARK = "提示"
_SEEN = "="
"""Stands among the names of columns of what is kept, for what the line said then."""


@dataclass(frozen=True)
class Pasted:
    """What became of a pasted table."""

    rows: int
    strange: tuple[str, ...]
    """Keys that no line has, and lines for which there was no room."""


class Left(NamedTuple):
    """Keys of lines for which something was typed: those that are gone, those that say something else now."""

    gone: list[str]
    moved: list[str]


class EntryRows(QAbstractTableModel):
    """The lines of a sheet; without a sheet, the rows of a document, which grow as they are filled."""

    counted = Signal()
    """Something was typed; the counts and sums are others."""

    def __init__(self, field: RowsField, typed: Sequence[str] = (), parent: Any = None) -> None:
        super().__init__(parent)
        self.field = field
        self.inputs = [one for one in field.inputs if not typed or one.name in typed]
        self.sheet: Sheet | None = None
        self.lines: list[Typed] = []
        self._by_key: dict[str, int] = {}
        if not typed:
            self.start([])

    # -- what stands in it ---------------------------------------------------------------------

    def show(self, sheet: Sheet, *, narrowed: bool = False) -> Left:
        """Show the lines of a sheet; what was typed already stays with its line.

        Args:
            sheet: what is to be filled in.
            narrowed: whether it is a part; then filled lines that are not in it stay, above the others.

        Returns:
            What was typed for lines that are gone or are others now.
        """
        kept, refused = self.kept(), {one.line.key for one in self.lines if one.refused}
        there = {line.key for line in sheet.lines}
        aside = [one.line for one in self.lines if one.filled and narrowed and one.line.key not in there]
        self.beginResetModel()
        self.sheet = sheet
        self.lines = [Typed(line) for line in [*aside, *sheet.lines]]
        self._by_key = {sheet.same(one.line.key): at for at, one in enumerate(self.lines)}
        self.endResetModel()
        left = self.restore(kept)
        for one in self.lines:
            if one.line.key in refused:
                self._refuse_strange(one)
        self.counted.emit()
        return left

    def start(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Begin a document with these rows, in the fields' own types, and an empty one."""
        self.type_in(
            [
                {
                    one.name: one.field.exact(row[one.name])
                    for one in self.inputs
                    if row.get(one.name) is not None
                }
                for row in rows
            ]
        )

    def type_in(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Begin a document with these rows, in words."""
        self.beginResetModel()
        self.lines = [Typed(Line("", ())) for _ in rows]
        for line, row in zip(self.lines, rows, strict=True):
            for one in self.inputs:
                self._write(line, one, str(row.get(one.name) or ""))
        self._grow()
        self.endResetModel()
        self.counted.emit()

    def restore(self, kept: Mapping[str, Mapping[str, str]]) -> Left:
        """Type again what was kept, by key of line and name of column.

        What was typed for a line that says something else now waits for the person to confirm it.
        """
        gone, moved = [], []
        for key, words in kept.items():
            at = self._by_key.get(self._same(key))
            if at is None:
                gone.append(key)
                continue
            for one in self.inputs:
                if one.name in words:
                    self._write(self.lines[at], one, str(words[one.name]))
            if words.get(_SEEN, seen(self.lines[at].line)) != seen(self.lines[at].line):
                self._doubt(self.lines[at], words[_SEEN])
                moved.append(key)
        self._all_changed()
        return Left(gone, moved)

    def _doubt(self, line: Typed, seen: str) -> None:
        if line.filled:
            line.seen = seen
            column = next(iter(line.words))
            line.problems.setdefault(column, "录入后这一行变了，请核对后在这里按 Enter。")
            line.strange = ""

    def kept(self) -> dict[str, dict[str, str]]:
        """Return what was typed, by key of line (its number in a document) and name of column."""
        return {
            one.line.key or str(at): {**one.words, _SEEN: one.seen}
            for at, one in enumerate(self.lines)
            if one.filled
        }

    def clear(self) -> None:
        """Empty every line."""
        self.beginResetModel()
        if self.sheet is None:
            self.lines = []
            self._grow()
        else:
            self.lines = [Typed(one.line) for one in self.lines]
        self.endResetModel()
        self.counted.emit()

    def given(self) -> list[dict[str, Any]]:
        """Return the filled lines as the deed takes them: what the line fixes, and what was typed."""
        return [{**one.line.fixed, **one.words} for one in self.lines if one.filled]

    def wrong_cell(self, row: int) -> QModelIndex:
        """Return the first cell of a wrong line that is wrong."""
        names = [one.name for one in self.inputs]
        first = min(names.index(name) for name in self.lines[row].problems)
        return self.index(row, self._told() + first)

    def number_of(self, given: int) -> int:
        """Return the line of a row of `given`."""
        return [at for at, one in enumerate(self.lines) if one.filled][given]

    def strange(self) -> int:
        """Number of lines of which there is something to be said that does not forbid them."""
        return sum(bool(one.strange) for one in self.lines)

    # -- counts --------------------------------------------------------------------------------

    def filled(self) -> int:
        """Number of lines in which something stands."""
        return sum(one.filled for one in self.lines)

    def missed(self) -> list[int]:
        """Return the empty lines that are to be filled: those above the last filled one, or all."""
        filling = self.sheet.filling if self.sheet is not None else Filling.PART
        if filling is Filling.SPARSE:
            return []
        last = max((at for at, one in enumerate(self.lines) if one.filled), default=-1)
        end = len(self.lines) if filling is Filling.WHOLE and last >= 0 else last
        return [at for at in range(end) if not self.lines[at].filled]

    def below(self) -> int:
        """Number of the lines below the last filled one that are still to be filled."""
        if self.sheet is not None and self.sheet.filling is Filling.SPARSE:
            return 0
        return sum(not one.filled for one in self.lines) - len(self.missed())

    def wrong(self) -> list[int]:
        """Return the lines that cannot be handed on."""
        return [at for at, one in enumerate(self.lines) if one.wrong]

    def sums(self) -> dict[str, str]:
        """Return label → shown sum of what was typed in columns that sum."""
        found = {}
        for one in self.inputs:
            values = [line.values.get(one.name) for line in self.lines] if one.field.sums else []
            numbers = [value for value in values if isinstance(value, Decimal)]
            if numbers:
                found[one.label] = one.field.show(sum(numbers, start=Decimal(0)))
        return found

    # -- typing --------------------------------------------------------------------------------

    def input_of(self, index: Index) -> Input | None:
        """Return which input a column is; None for one that is only read."""
        at = index.column() - self._told()
        return self.inputs[at] if 0 <= at < len(self.inputs) else None

    def first_typed(self) -> int:
        """Number of the first column that is typed."""
        return self._told()

    def offered(self, index: Index) -> str:
        """Return what the equals key types into a cell; empty where nothing is offered."""
        one = self.input_of(index)
        value = None if one is None else self.lines[index.row()].line.offered.get(one.name)
        return "" if one is None or value is None else str(one.field.exact(value))

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Type into a cell; what cannot be stays as it was typed, with the reason beside it."""
        one = self.input_of(index)
        line = self.lines[index.row()]
        if one is None:
            return False
        words = str(value).strip()
        doubted = bool(words) and one.name in line.problems  # typed again, it is meant
        if words == line.words.get(one.name, "") and not doubted:
            return False
        self._write(line, one, str(value))
        self._grow_below()
        self._changed(index.row(), index.row())
        return True

    def refuse(self, row: int, column: str | None, sentence: str) -> None:
        """Show beside a line why the deed refused it."""
        self.lines[row].problems[column or self.inputs[0].name] = sentence
        self._changed(row, row)

    def paste(self, at: Index, table: Sequence[Sequence[str]]) -> Pasted:
        """Type a whole table, from a cell on, or by its first column where that names lines.

        Names of other records are not looked up one by one: the deed does that.
        """
        by_key = self.names_lines(table)
        strange: list[str] = []
        done = 0
        written: set[int] = set()
        for row, cells in enumerate(table):
            line = self._by_key.get(self._same(cells[0])) if by_key else self._line_at(at.row() + row)
            if row == 0 and by_key and self._is_heading(cells[0]):
                continue
            if line in written:
                strange.append(f"{cells[0]}（重复）")
                continue
            if line is None:
                strange.append(cells[0] if by_key else f"第 {row + 1} 行")
                continue
            first = 0 if by_key else at.column() - self._told()
            for one, typed in zip(self.inputs[first:], cells[1:] if by_key else cells, strict=False):
                self._write(self.lines[line], one, typed, looks_up=False)
            written.add(line)
            done += 1
        self._grow_below()
        self._all_changed()
        return Pasted(done, tuple(strange))

    def names_lines(self, table: Sequence[Sequence[str]]) -> bool:
        """Whether a table says to which lines it belongs: any of several columns for a sheet does.

        By position it would go to other people's lines as soon as one is missing.
        """
        return self.sheet is not None and any(len(cells) > 1 for cells in table)

    def _is_heading(self, cell: str) -> bool:
        return self.sheet is not None and cell.strip() == self.sheet.told[0].heading

    def _line_at(self, row: int) -> int | None:
        if self.sheet is None:
            while len(self.lines) <= row:
                self.beginInsertRows(QModelIndex(), len(self.lines), len(self.lines))
                self.lines.append(Typed(Line("", ())))
                self.endInsertRows()
        return row if row < len(self.lines) else None

    def _write(self, line: Typed, one: Input, typed: str, *, looks_up: bool = True) -> None:
        """Take the words of one cell, and read them; a name is only looked up where there is one of it."""
        name, words = one.name, clean(typed).strip()
        for told in (line.words, line.values, line.problems):
            told.pop(name, None)
        line.seen = seen(line.line)
        if words:
            line.words[name] = words
            try:
                if looks_up or not isinstance(one.field, LinkField):
                    line.values[name] = accept(one.field, words)
            except RuleBroken as problem:
                line.problems[name] = str(problem)
        if not line.filled:
            line.problems.clear()  # nothing of it is handed on
        self._judge(line)

    def _judge(self, line: Typed) -> None:
        if line.refused:
            line.problems.pop(line.refused, None)
            line.refused = ""
        judged = self.sheet is not None and line.filled and not line.problems
        line.strange = self.sheet.judge(line.line, line.values) if judged and self.sheet else ""
        follows = self.sheet.follows if self.sheet is not None else None
        told = follows is not None and judged and not line.strange
        line.follows = follows(line.line, line.values) if told and follows else ""

    def check(self) -> list[int]:
        """Find out which filled lines lack what they must have or cannot be; return those that are wrong."""
        for line in self.lines:
            for one in self.inputs if line.filled else ():
                if one.required and one.name not in line.words:
                    line.problems[one.name] = str(BadInput(f"没有填{one.label}。"))
            self._refuse_strange(line)
        self._all_changed()
        return self.wrong()

    def _refuse_strange(self, line: Typed) -> None:
        """Let what a strict sheet says of a line be a problem of it."""
        if self.sheet is not None and self.sheet.strict and line.strange and not line.problems:
            names = [one.name for one in self.inputs]
            at = getattr(line.strange, "column", "")
            line.refused = at if at in names else self.sheet.strict
            line.problems[line.refused], line.strange = str(line.strange), ""

    def _grow(self) -> None:
        """Keep an empty row at the end of a document."""
        if self.sheet is None and (not self.lines or self.lines[-1].filled):
            self.lines.append(Typed(Line("", ())))

    def _grow_below(self) -> None:
        if self.sheet is None and self.lines and self.lines[-1].filled:
            self._line_at(len(self.lines))

    def _same(self, key: str) -> str:
        return self.sheet.same(key) if self.sheet is not None else key

    def _changed(self, first: int, last: int) -> None:
        self.dataChanged.emit(self.index(first, 0), self.index(last, self.columnCount() - 1))
        self.counted.emit()

    def _all_changed(self) -> None:
        if self.lines:
            self._changed(0, len(self.lines) - 1)
        else:
            self.counted.emit()

    # -- what Qt reads -------------------------------------------------------------------------

    def _told(self) -> int:
        return len(self.sheet.told) if self.sheet is not None else 0

    def headings(self) -> Iterator[tuple[str, str]]:
        """Yield heading and side of every column."""
        for shown in self.sheet.told if self.sheet is not None else ():
            yield shown.heading, shown.field.align
        for one in self.inputs:
            yield one.label, one.field.align
        yield REMARK, "left"

    def remark(self, row: int) -> str:
        """Return what is said of a line."""
        return str(self.index(row, self.columnCount() - 1).data() or "")

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Number of lines."""
        return 0 if parent.isValid() else len(self.lines)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Number of columns: told, typed, and what is to be said of a line."""
        return 0 if parent.isValid() else self._told() + len(self.inputs) + 1

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Only the typed columns can be entered."""
        plain = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemNeverHasChildren
        if self.input_of(index) is None:
            return plain
        return plain | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEditable

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What a cell says, how it lies, and whether it is wrong."""
        line, one = self.lines[index.row()], self.input_of(index)
        if role == Qt.ItemDataRole.DisplayRole:
            return self._words(line, one, index.column())
        if role == Qt.ItemDataRole.EditRole:
            return line.words.get(one.name, "") if one is not None else None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return side_of([side for _, side in self.headings()][index.column()])
        if role == WRONG:
            return one is not None and one.name in line.problems
        if role == STRANGE:
            return "" if line.wrong else line.strange
        return None

    def _words(self, line: Typed, one: Input | None, column: int) -> str:
        if one is not None:
            if one.name in line.values:
                return str(one.field.show(line.values[one.name]))
            return line.words.get(one.name, "")
        if self.sheet is not None and column < self._told():
            return str(self.sheet.told[column].field.show(line.line.told[column]))
        return "　".join(line.problems.values()) or line.strange or line.follows

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Headings, aligned as their cells are."""
        told = list(self.headings())
        if orientation is not Qt.Orientation.Horizontal or section >= len(told):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return told[section][0]
        return side_of(told[section][1]) if role == Qt.ItemDataRole.TextAlignmentRole else None
