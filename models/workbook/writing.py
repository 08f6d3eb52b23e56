"""写表: lists as .xlsx in which texts stay texts, amounts are numbers and days are days.

Every text is written by write_string into a cell of format "@": nothing a user typed becomes a
formula (reliability.md S02), and editing an identity number does not fold it into 1.1E+17.
Rows stream to the disk as they come, so that a million lines need no more memory than a hundred.
"""

from __future__ import annotations

import re
import tempfile
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from models.money import from_scaled
from models.outputs import WORKBOOK, write_whole
from models.text import clean

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

ColumnKind = Literal["text", "money", "number", "day", "moment", "flag"]
Progress = Callable[[int], None]
"""Called with the rows written so far, now and then; what it raises ends the writing."""

ROWS_PER_SHEET = 1_048_575
"""Rows below the heading that fit on one sheet."""

_LONGEST_TEXT = 32_767
"""UTF-16 units that a cell holds."""
_CUT_MARK = "…（过长，已截断）"
_FIRST_DAY = date(1900, 3, 1)
"""Before it Excel counts a 29 February 1900 that never was."""
_SAFE_NUMBER = 10**15
"""Excel keeps 15 digits; a longer number is written as text."""
_PROGRESS_EVERY = 1_000
_LONGEST_LIST = 255
_LANDSCAPE_FROM = 90

_OPTIONS = {
    "constant_memory": True,  # 59 MB instead of 136 MB for 50,000 × 12 cells, at 5 % more time
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "remove_timezone": True,
}
_TEXT = 49  # "@" by Excel's own number
_FORMATS: dict[str, str | int] = {
    "text": _TEXT,
    "flag": _TEXT,
    "money": "#,##0.00",
    "day": "yyyy-mm-dd",
    "moment": "yyyy-mm-dd hh:mm",
}
_WIDTHS = {"text": 14, "flag": 6, "money": 14, "number": 12, "day": 12, "moment": 17}
_HEADING = {
    "bold": True, "bg_color": "#EDF1F5", "border": 1, "border_color": "#B8C2CC", "text_wrap": True,
    "valign": "vcenter", "align": "center", "num_format": _TEXT,
}  # fmt: skip

Put = Callable[[int, Any], None]


@dataclass(frozen=True)
class ColumnOut:
    """One column: heading, kind of value, width in Latin characters (by kind where None).

    Values are str for text, Decimal yuan or int fen for money, Decimal or int for number, date,
    datetime, bool for flag; None leaves the cell empty. A text in another kind's cell stays text.
    `places` fixes the decimals of a number; `choices` and `hint` guide who fills in a template.
    """

    title: str
    kind: ColumnKind = "text"
    width: int | None = None
    places: int | None = None
    choices: Sequence[str] = ()
    hint: str = ""


@dataclass(frozen=True)
class SheetOut:
    """One sheet: title, columns, rows as wide as the columns; `blank_rows` more are laid out to fill in."""

    title: str
    columns: Sequence[ColumnOut]
    rows: Iterable[Sequence[Any]] = ()
    blank_rows: int = 0


@dataclass(frozen=True)
class Written:
    """What was written: the data rows of all sheets, and the file's SHA-256 for the log."""

    rows: int
    sha256: str


def write(
    path: Path, sheets: Iterable[SheetOut], *, footer: str = "", progress: Progress | None = None
) -> Written:
    """Write a workbook beside its name, force it to the disk, then give it its name.

    Args:
        path: the .xlsx to make; an older one is replaced only by a whole new one.
        sheets: written one after the other; their rows may be generators.
        footer: printed at the foot of every page, such as who exported it.
        progress: told every thousand rows; may raise Cancelled.

    Raises:
        RuleBroken: the place cannot be written to, or holds another kind of file.
    """
    rows, digest = write_whole(path, WORKBOOK, lambda part: _write_book(part, sheets, footer, progress))
    return Written(rows, digest)


def _write_book(part: Path, sheets: Iterable[SheetOut], footer: str, progress: Progress | None) -> int:
    from xlsxwriter import Workbook
    from xlsxwriter.exceptions import FileCreateError

    part.touch()  # refuses at once, before minutes of work, what only the end would refuse
    count = 0
    # XlsxWriter leaves its temporary files behind when it is interrupted: they hold people's data.
    with tempfile.TemporaryDirectory(prefix="workbook-", ignore_cleanup_errors=True) as scratch:
        book = _Book(Workbook(str(part), {**_OPTIONS, "tmpdir": scratch}), footer)
        for sheet in sheets:
            for _ in book.add(sheet):
                count += 1
                if progress is not None and count % _PROGRESS_EVERY == 0:
                    progress(count)
        try:
            book.close()
        except FileCreateError as error:
            raise error.args[0] from error
    return count


class _Book:
    """A workbook being written: its formats are made once, its sheet names are unique."""

    def __init__(self, book: Workbook, footer: str) -> None:
        self._book = book
        self._formats: dict[str | int, Format] = {}
        self._heading = book.add_format(_HEADING)
        self._names = {"history"}  # Excel keeps this name for itself
        marked = clean(footer).replace("&", "&&")[:160]
        self._footer = f"&L{marked}&R第 &P 页 / 共 &N 页"

    def add(self, sheet: SheetOut) -> Iterator[None]:
        """Write one sheet, going on to further ones where the rows do not fit; yield after each row."""
        page = self._page(sheet)
        for row in sheet.rows:
            if page.last == ROWS_PER_SHEET:
                page.finish()
                page = self._page(sheet)
            page.put(row)
            yield
        page.lay_out(sheet.blank_rows)
        page.finish()

    def close(self) -> None:
        """Pack the file."""
        self._book.close()

    def _page(self, sheet: SheetOut) -> _Page:
        worksheet = self._book.add_worksheet(self._name(sheet.title))
        worksheet.set_footer(self._footer)
        formats = [self._format(column) for column in sheet.columns]
        return _Page(worksheet, sheet.columns, formats, self._heading)

    def _format(self, column: ColumnOut) -> Format:
        shape = _shape(column)
        if shape not in self._formats:
            self._formats[shape] = self._book.add_format({"num_format": shape})
        return self._formats[shape]

    def _name(self, title: str) -> str:
        """Return a sheet name as Excel allows it, numbered from the second of its kind."""
        plain = re.sub(r"[\[\]:*?/\\]", "·", clean(title)).strip("' ") or "数据"
        number = 1
        while True:
            tail = f" ({number})" if number > 1 else ""
            name = plain[: 31 - len(tail)] + tail
            if name.lower() not in self._names:
                self._names.add(name.lower())
                return name
            number += 1


class _Page:
    """One worksheet: heading, rows, then all that can be said only once the last row is known."""

    def __init__(
        self, worksheet: Worksheet, columns: Sequence[ColumnOut], formats: list[Format], heading: Format
    ) -> None:
        self.last = 0
        self._worksheet = worksheet
        self._columns = columns
        self._formats = formats
        widths = [_width(column) for column in columns]
        for place, (width, shape) in enumerate(zip(widths, formats, strict=True)):
            worksheet.set_column(place, place, width, shape)
        for place, column in enumerate(columns):
            worksheet.write_string(0, place, _fitted(clean(column.title)), heading)
        self._puts = [
            _put(worksheet, column.kind, place, formats[place]) for place, column in enumerate(columns)
        ]
        worksheet.freeze_panes(1, 0)
        worksheet.repeat_rows(0)
        worksheet.set_paper(9)  # A4
        worksheet.fit_to_pages(1, 0)
        if sum(widths) > _LANDSCAPE_FROM:
            worksheet.set_landscape()

    def put(self, row: Sequence[Any]) -> None:
        """Write the next row; None leaves a cell empty."""
        self.last += 1
        for put, value in zip(self._puts, row, strict=True):
            if value is not None:
                put(self.last, value)

    def lay_out(self, rows: int) -> None:
        """Give empty rows their formats, so that what is typed into them is kept as typed."""
        for row in range(self.last + 1, self.last + 1 + rows):
            for place, shape in enumerate(self._formats):
                self._worksheet.write_blank(row, place, None, shape)
        self.last += rows

    def finish(self) -> None:
        """Set filter, print area and the lists of choices over all rows."""
        right = len(self._columns) - 1
        self._worksheet.autofilter(0, 0, self.last, right)
        self._worksheet.print_area(0, 0, self.last, right)
        for place, column in enumerate(self._columns):
            if self.last and (guide := _guide(column)):
                self._worksheet.data_validation(1, place, self.last, place, guide)


def _put(worksheet: Worksheet, kind: ColumnKind, place: int, shape: Format) -> Put:
    """Return what writes one value of a column; a text stays a text in every column."""
    write_text = _text_put(worksheet, place, shape)
    if kind in ("text", "flag"):
        return write_text
    other = _any_put(worksheet, kind, place, shape, write_text)
    numeric = kind in ("money", "number")
    usual: Any = Decimal if numeric else date if kind == "day" else datetime
    write_usual = worksheet.write_number if numeric else worksheet.write_datetime

    def put(row: int, value: Any) -> None:
        if usual is value.__class__ and (numeric or value.year > 1900):
            write_usual(row, place, value, shape)
        else:
            other(row, value)

    return put


def _any_put(worksheet: Worksheet, kind: ColumnKind, place: int, shape: Format, write_text: Put) -> Put:
    """Return what writes whatever is not the column's usual type."""

    def put(row: int, value: Any) -> None:
        match value:
            case int() | Decimal() if not isinstance(value, bool) and abs(Decimal(value)) < _SAFE_NUMBER:
                value = from_scaled(value, 2) if kind == "money" and isinstance(value, int) else value
                worksheet.write_number(row, place, value, shape)
            case datetime() if value.date() >= _FIRST_DAY:
                worksheet.write_datetime(row, place, value, shape)
            case date() if not isinstance(value, datetime) and value >= _FIRST_DAY:
                worksheet.write_datetime(row, place, value, shape)
            case _:
                write_text(row, value)

    return put


def _text_put(worksheet: Worksheet, place: int, shape: Format) -> Put:
    write_string, write_rich = worksheet.write_string, worksheet.write_rich_string

    def put(row: int, value: Any) -> None:
        text = clean(value if value.__class__ is str else _words(value), multiline=True)
        if len(text) > _LONGEST_TEXT // 2:
            text = _fitted(text)
        if text.startswith("<r>") and text.endswith("</r>"):
            # XlsxWriter would take such a string for its own markup; in fragments it escapes it.
            write_rich(row, place, text[0], text[1], text[2:], shape)
        elif text:
            write_string(row, place, text, shape)

    return put


def _words(value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return value.isoformat(" ", "minutes")
    return str(value)


def _fitted(text: str) -> str:
    """Cut a text that no cell can hold, saying so."""
    if len(text.encode("utf-16-le")) // 2 <= _LONGEST_TEXT:
        return text
    most = 2 * (_LONGEST_TEXT - len(_CUT_MARK))
    return text.encode("utf-16-le")[:most].decode("utf-16-le", "ignore") + _CUT_MARK


def _shape(column: ColumnOut) -> str | int:
    """Return a column's number format."""
    if column.kind != "number":
        return _FORMATS[column.kind]
    if column.places is None:
        return "General"
    return "0." + "0" * column.places if column.places else "0"


def _width(column: ColumnOut) -> int:
    if column.width is not None:
        return column.width
    title = sum(2 if unicodedata.east_asian_width(mark) in "WF" else 1 for mark in column.title)
    return max(_WIDTHS[column.kind], title + 4)


def _guide(column: ColumnOut) -> dict[str, Any]:
    """Return the drop-down and the hint of a template's column."""
    guide: dict[str, Any] = {}
    if column.choices and len(",".join(column.choices)) <= _LONGEST_LIST:
        guide |= {
            "validate": "list",
            "source": list(column.choices),
            "error_title": "填写不对",
            "error_message": "请从下拉列表中选择。",
        }
    if column.hint:
        guide.setdefault("validate", "any")
        guide |= {"input_title": column.title[:32], "input_message": column.hint[:_LONGEST_LIST]}
    return guide
