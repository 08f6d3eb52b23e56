"""文本表: .csv in and out, in UTF-8 or GB18030, as banks and accountants' programs exchange it."""

from __future__ import annotations

import contextlib
import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any

from models.errors import BadInput
from models.outputs import CSV, write_whole
from models.workbook import limits
from models.workbook.cells import Cell, SheetData
from models.workbook.reading import bytes_of, squared
from models.workbook.writing import ColumnOut, Progress, Written


class Encoding(Enum):
    """In which a .csv is written; read it is in either."""

    GB18030 = "GB18030"
    UTF8 = "UTF-8"


_CODECS = {Encoding.GB18030: "gb18030", Encoding.UTF8: "utf-8-sig"}
_DELIMITERS = ",\t;|"
_LOOKED_AT = 60
"""Lines by which the delimiter is told."""
_LONGEST_CELL = 32_767
_STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_PROGRESS_EVERY = 1_000
_RETRY = "请用 Excel 或 WPS 打开它，另存为 .xlsx 再导入。"


def read_csv(path: Path) -> SheetData:
    """Return a .csv as a sheet named after the file; every cell is text, the file being nobody's friend.

    Raises:
        BadInput: it cannot be read; the sentence says why and what to do.
    """
    told = _decoded(bytes_of(path), path.name)
    try:
        rows = list(_rows(told))
    except csv.Error:
        raise BadInput(f"“{path.name}”不是逗号分隔的表格，读不懂。{_RETRY}") from None
    if len(rows) > limits.ROWS or max(map(len, rows), default=0) > limits.COLUMNS:
        raise BadInput(f"“{path.name}”超过 {limits.ROWS:,} 行或 {limits.COLUMNS} 列。请分成几个文件导入。")
    sheet = squared(SheetData(path.stem, rows))
    if not sheet.rows:
        raise BadInput(f"“{path.name}”是空的，没有可以导入的内容。请核对文件。")
    return sheet


def _decoded(data: bytes, name: str) -> str:
    for codec in ("utf-8-sig", "gb18030"):
        with contextlib.suppress(UnicodeDecodeError):
            text = data.decode(codec)
            if "\0" not in text:
                return text
    raise BadInput(f"“{name}”不是文本，也许是改了名字的工作簿。{_RETRY}")


def _rows(told: str) -> Iterator[list[Cell]]:
    lines = told.splitlines()[:_LOOKED_AT]
    delimiter = max(_DELIMITERS, key=lambda mark: sum(line.count(mark) for line in lines))
    csv.field_size_limit(_LONGEST_CELL)
    for row in csv.reader(io.StringIO(told, newline=""), delimiter=delimiter):
        yield [_cell(typed) for typed in row]


def _cell(typed: str) -> Cell:
    """Return what a cell says: ="0012" is how digits are kept from being made a number."""
    typed = typed.strip().lstrip("`\ufeff")  # WeChat writes a ` before digits
    if typed.startswith('="') and typed.endswith('"'):
        typed = typed[2:-1]
    return typed or None


def write_csv(
    path: Path,
    columns: Sequence[ColumnOut],
    rows: Iterable[Sequence[Any]],
    encoding: Encoding = Encoding.GB18030,
    progress: Progress | None = None,
) -> Written:
    """Write a table beside its name, force it to the disk, then give it its name.

    Args:
        path: the .csv to make; an older one is replaced only by a whole new one.
        columns: its headings, in their order.
        rows: as wide as the columns; text that a spreadsheet would take for a formula is marked as text.
        encoding: in which it is written.
        progress: told every thousand rows; may raise Cancelled.

    Raises:
        RuleBroken: the place cannot be written to, or holds another kind of file.
    """

    def fill(part: Path) -> int:
        with part.open("w", encoding=_CODECS[encoding], newline="") as file:
            return _write_rows(file, columns, rows, progress)

    count, digest = write_whole(path, CSV, fill)
    return Written(count, digest)


def _write_rows(
    file: Any,
    columns: Sequence[ColumnOut],
    rows: Iterable[Sequence[Any]],
    progress: Callable[[int], None] | None,
) -> int:
    out = csv.writer(file, lineterminator="\r\n")
    out.writerow([_written(column.title) for column in columns])
    count = 0
    for count, row in enumerate(rows, start=1):
        out.writerow([_written(value) for value in row])
        if progress is not None and count % _PROGRESS_EVERY == 0:
            progress(count)
    return count


def _written(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    text = str(value)
    return f"'{text}" if text.startswith(_STARTS_FORMULA) else text
