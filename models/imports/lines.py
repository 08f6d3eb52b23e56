"""导入的行: a sheet read by its headings, column by column, every cell by the field it is meant for."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from models import text
from models.errors import BadInput
from models.fields import (
    BEGINNING,
    ChoiceField,
    CodeField,
    DayField,
    FlagField,
    IdentityField,
    LinkField,
    PhoneField,
    SinceField,
    accept,
)
from models.imports.findings import Finding, Severity, parted
from models.months import RELATIVE_DAYS, parse_day
from models.workbook import Cell, SheetData, as_day, as_text, column_letters
from models.workbook.container import UNCALCULATED

_FORMULA_ERROR = re.compile(r"#(N/A|REF!|VALUE!|NAME\?|DIV/0!|NUM!|NULL!|GETTING_DATA|SPILL!|CALC!)")
_IN_BRACKETS = re.compile(r"[（(].*$", re.DOTALL)
_LONGEST_SHOWN = 60
HEAD_ROWS = 40
"""Rows among which the headings are looked for: some put a title above them."""
REASON = "原因"
"""Heading of the column in which a workbook of rows to be put right says why; it is never read."""


@dataclass(frozen=True)
class Column:
    """One column of a sheet that is read.

    Args:
        name: what the reader calls it.
        field: the field that reads its cells and gives its heading.
        heading: where the field's label does not fit.
        required: whether every row must fill it.
        hint: what to fill in, for the template.
        present: whether the sheet must have it at all.
        known_as: how other workbooks head it.
    """

    name: str
    field: Any
    heading: str = ""
    required: bool = False
    hint: str = ""
    present: bool = False
    known_as: Sequence[str] = ()

    def __post_init__(self) -> None:
        """Name a field that belongs to no record, since its refusals say which field refused."""
        _name(self.field, self.name)

    @property
    def title(self) -> str:
        """Its heading."""
        return self.heading or str(self.field.label)

    @property
    def needed(self) -> bool:
        """Whether a sheet without it cannot be read."""
        return self.present or self.required


def _name(kind: Any, name: str) -> None:
    if getattr(kind, "name", None) is None:
        kind.name = name


@dataclass(slots=True)
class Line:
    """One row of a sheet: its values by column, and what is wrong with it."""

    sheet: Sheet
    number: int
    values: dict[str, Any]
    findings: tuple[Finding, ...] = ()
    failed: bool = False
    repeated: bool = False
    doubled: bool = False

    def __getitem__(self, name: str) -> Any:
        """Return the value of a column, None where the sheet or the cell has none."""
        return self.values.get(name)

    def shown(self, name: str) -> str:
        """Return what stands in a cell, as text."""
        return self.sheet.shown(self.number, name)

    def error(self, name: str, reason: str, remedy: str, value: str | None = None) -> None:
        """Say that the row cannot be imported, because of a cell."""
        self.failed = True
        self._find(Severity.ERROR, name, reason, remedy, value)

    def note(self, name: str, reason: str, remedy: str, value: str | None = None) -> None:
        """Say something of a cell that does not keep the row from being imported."""
        self._find(Severity.NOTE, name, reason, remedy, value)

    def repeats(self, key: Any, name: str, seen: dict[Any, Line]) -> bool:
        """Whether an earlier row says the same; one with the same key that says otherwise is an error."""
        first = seen.setdefault(key, self)
        if first is self:
            return False
        if first.values == self.values:
            self.note(name, f"与第 {first.number} 行重复", "多余的一行可以删去。")
            self.repeated = True
            return True
        self.double(name, first)
        return False

    def double(self, name: str, first: Line) -> None:
        """Say that an earlier row has the same key and says otherwise."""
        self.doubled = True
        self.error(name, f"与第 {first.number} 行重复而内容不同", "请只留正确的一行。")

    def checked(self, name: str, kind: Any) -> Any:
        """Return the text of a column as a field reads it; None where it is empty or refused."""
        written = self[name]
        _name(kind, name)
        try:
            if isinstance(kind, DayField) and written in RELATIVE_DAYS:
                raise BadInput(f"“{written}”明天再读就是另一天。请写明日期，例如 2026-11-23。")
            return None if written is None else accept(kind, written)
        except BadInput as problem:
            self.refuse(name, problem, kind.show(str(written)) if kind.secret else None)
            return None

    def refuse(self, name: str, problem: BadInput, masked: str | None = None) -> None:
        """Take a refusal of a field as an error of the row; personal data is told masked."""
        self.error(name, *parted(str(problem)), masked)

    def finding(
        self, severity: Severity, name: str, reason: str, remedy: str, value: str | None = None
    ) -> Finding:
        """Return a finding that names a cell of this row."""
        shown = self.shown(name) if value is None else value
        return Finding(
            severity, self.sheet.title, self.number, self.sheet.letters(name), shown, reason, remedy
        )

    def _find(self, severity: Severity, name: str, reason: str, remedy: str, value: str | None) -> None:
        found = self.finding(severity, name, reason, remedy, value)
        if found not in self.findings:
            self.findings += (found,)


def no_line() -> Line:
    """Return a row of no sheet, for records that something else than a workbook asks for."""
    return Line(Sheet(SheetData("", []), ()), 1, {})


class Sheet:
    """A sheet laid open by its headings; what stands beside them is nobody's business."""

    def __init__(self, data: SheetData, columns: Sequence[Column]) -> None:
        self.title = data.name
        self.findings: list[Finding] = []
        self._data = data
        self._places = self._found(columns)
        self.lines: list[Line] = []
        if all(column.name in self._places for column in columns if column.needed):
            self.lines = self._read([column for column in columns if column.name in self._places])

    def letters(self, name: str) -> str:
        """Return the letters of a column, empty where the sheet has none of that name."""
        place = self._places.get(name)
        return "" if place is None else column_letters(place + 1)

    @property
    def head(self) -> int:
        """Row of the headings, counted from 1."""
        return self._data.head

    def heads(self) -> Sequence[Cell]:
        """Return the headings as they were read."""
        return self.row(self.head)

    def row(self, number: int) -> Sequence[Cell]:
        """Return the cells of a row as they were read, counted from 1."""
        return self._data.rows[number - 1] if number <= len(self._data.rows) else ()

    def shown(self, row: int, name: str) -> str:
        """Return what stands in a cell, as text cut to a readable length."""
        place = self._places.get(name)
        return "" if place is None else _shown(self._data.rows[row - 1][place])

    def _found(self, columns: Sequence[Column]) -> dict[str, int]:
        heads = [heading_of(cell) for cell in self.heads()]
        cut = [_IN_BRACKETS.sub("", head) for head in heads]
        places: dict[str, int] = {}
        for column in columns:
            wanted = heading_of(column.title)
            at = [i for i, head in enumerate(heads) if head == wanted]
            at = at or [i for i, head in enumerate(cut) if head == wanted]
            if len(at) > 1:
                self._find(Severity.ERROR, at[1], f"“{column.title}”这一列重复了", "请删去多余的一列。")
            elif at:
                places[column.name] = at[0]
            elif column.needed:
                self._find(
                    Severity.ERROR,
                    None,
                    f"第 {self.head} 行没有“{column.title}”这一列",
                    "请按模板补上这一列的列名。",
                )
        return places

    def note_unread(self, ignored: Sequence[str] = ()) -> None:
        """Say which headed columns nobody reads; columns without a heading are notes beside the data."""
        read = set(self._places.values())
        for place, cell in enumerate(self.heads()):
            head = heading_of(cell)
            if head and place not in read and _IN_BRACKETS.sub("", head) not in (*ignored, REASON):
                self._find(Severity.NOTE, place, "这一列没有导入", "需要的内容请放到模板的列里。")

    def _find(self, severity: Severity, place: int | None, reason: str, remedy: str) -> None:
        letters = "" if place is None else column_letters(place + 1)
        shown = "" if place is None else _shown(self.heads()[place])
        self.findings.append(Finding(severity, self.title, self.head, letters, shown, reason, remedy))

    def _read(self, columns: list[Column]) -> list[Line]:
        """Read column by column, which is quicker than row by row, and keep the rows that hold anything."""
        rows = self._data.rows[self.head :]
        problems: list[tuple[int, str, BadInput]] = []
        values = []
        for column in columns:
            place = self._places[column.name]
            cells = [row[place] for row in rows]
            values.append(_read_column(column, cells, self._data.epoch_1904, problems))
        names = [column.name for column in columns]
        wrong, width = {at for at, _, _ in problems}, len(names)
        lines = {
            at: Line(self, at + self.head + 1, dict(zip(names, row, strict=True)))
            for at, row in enumerate(zip(*values, strict=True))
            if at in wrong or row.count(None) < width
        }
        for at, name, problem in problems:
            lines[at].refuse(name, problem)
        for column in columns:
            if column.required:
                _demand(column, lines, problems)
        return list(lines.values())


def _demand(column: Column, lines: dict[int, Line], problems: list[tuple[int, str, BadInput]]) -> None:
    told = {at for at, name, _ in problems if name == column.name}
    for at, line in lines.items():
        if line.values[column.name] is None and at not in told:
            line.error(column.name, f"没有填{column.title}", "请填写，或删去这一行。")


def _read_column(
    column: Column, cells: list[Cell], epoch_1904: bool, problems: list[tuple[int, str, BadInput]]
) -> list[Any]:
    read = reader(column, epoch_1904)
    if isinstance(column.field, _REPEATING):
        read = lru_cache(maxsize=4096, typed=True)(read)
    values: list[Any] = []
    for at, cell in enumerate(cells):
        try:
            values.append(None if cell is None or cell == "" else read(cell))
        except BadInput as problem:
            problems.append((at, column.name, problem))
            values.append(None)
    return values


_REPEATING = (ChoiceField, FlagField, LinkField, DayField)
"""Fields whose cells say the same again and again, and are read once."""


def reader(column: Column, epoch_1904: bool) -> Callable[[Cell], Any]:
    """Return what turns a cell of a column into its value, or raises BadInput."""
    kind, what = column.field, column.title
    if isinstance(kind, DayField):
        return lambda cell: _read_day(kind, cell, what, epoch_1904)
    if isinstance(kind, LinkField):
        return lambda cell: text.narrow(_as_text(_no_day(cell, what), what)) or None

    check, is_code = _checker(kind), isinstance(kind, _CODES)

    def read(cell: Cell) -> Any:
        if cell.__class__ is not str or cell[0] == "#":
            cell = _as_text(_no_day(cell, what) if is_code else cell, what, kind.multiline)
        return check(cell) if cell.strip() else None

    return read


_CODES = (CodeField, PhoneField, IdentityField)


def _no_day(cell: Cell, what: str) -> Cell:
    """Refuse a day where a code belongs: spreadsheets turn 1-1-10 into one without asking."""
    if isinstance(cell, date):
        raise BadInput(f"{what}被表格软件变成了日期（{cell:%Y-%m-%d}）。请把该列设为文本，再重新填写。")
    return cell


def _checker(kind: Any) -> Callable[[str], Any]:
    """Return what reads text as `accept` would; codes and numbers clean it themselves, once is enough."""
    if isinstance(kind, _CODES):
        return lambda typed: kind.check(typed) or None
    return lambda typed: accept(kind, typed)


def _read_day(kind: DayField, cell: Cell, what: str, epoch_1904: bool) -> Any:
    typed = _as_text(cell, what) if isinstance(cell, str) else ""
    if isinstance(cell, str) and not typed:
        return None
    if isinstance(kind, SinceField) and typed == "起初":
        return BEGINNING
    day = as_day(cell, what, epoch_1904=epoch_1904)
    return day if day is None else parse_day(day.isoformat())


def _as_text(cell: Cell, what: str, multiline: bool = False) -> str:
    typed = as_text(cell, what=what, multiline=multiline)
    if typed == UNCALCULATED:
        raise BadInput(f"{what}这一格的公式还没有计算。请在 Excel 或 WPS 里打开工作簿保存一次，或改填数值。")
    if typed.startswith("#") and _FORMULA_ERROR.match(typed):
        raise BadInput(f"{what}这一格的公式出错（{typed}）。请改正公式，或填上值。")
    return typed


def heading_of(cell: Cell) -> str:
    """Return a heading as headings are compared: without blanks, asterisk and colon."""
    try:
        return "".join(as_text(cell).split()).rstrip("*＊:：")
    except BadInput:
        return ""


def head_among(sheet: SheetData, words: Container[str]) -> int:
    """Return which of the first rows holds most of these words as headings; 0 where none holds any.

    Where no other holds more, it is the one that is said to be.
    """
    hits = [sum(heading_of(cell) in words for cell in row) for row in sheet.rows[:HEAD_ROWS]]
    most = max(hits, default=0)
    if not most:
        return 0
    said = sheet.head
    return said if said <= len(hits) and hits[said - 1] == most else hits.index(most) + 1


def _shown(cell: Cell) -> str:
    try:
        shown = as_text(cell)
    except BadInput:
        shown = str(cell)
    return text.brief(shown, _LONGEST_SHOWN)
