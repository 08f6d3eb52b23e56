"""单元格: what a cell holds, and how it becomes text, an exact number or a day."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from models import money
from models.errors import BadInput
from models.text import clean, narrow

Cell = str | int | Decimal | date | datetime | bool | None
"""Text as it stands; an int for a whole number of at most 15 digits, else a Decimal; None when empty."""

_SAFE_DIGITS = 10**15
"""Excel keeps 15 digits of a number; of a longer one the last are already lost."""

_DAY = re.compile(
    r"([0-9]{4}) ?[-/.年] ?([0-9]{1,2}) ?[-/.月] ?([0-9]{1,2}) ?日?"
    r"(?:[ T]+[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?)?"  # a time of day is let go
)
_EIGHT_DIGITS = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
# A number without a date format is taken as a day only where it can hardly be anything else: 1950–2100.
_SERIALS = range(18_264, 73_416)
_EPOCH = date(1899, 12, 30)
_EPOCH_1904 = date(1904, 1, 1)


@dataclass(frozen=True)
class SheetData:
    """One sheet as read: rows[0] is Excel's row 1, and every row is as wide as the sheet.

    epoch_1904 tells a workbook whose plain numbers count days from 1904 (old Macs); head is the
    number of the row in which the headings stand, counted from 1.
    """

    name: str
    rows: list[list[Cell]]
    epoch_1904: bool = False
    head: int = 1


def column_letters(column: int) -> str:
    """Return the letters of a column, counted from 1: 28 → "AB"."""
    letters = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def cell_name(row: int, column: int) -> str:
    """Return a cell's name as Excel shows it, row and column counted from 1: (7, 3) → "C7"."""
    return f"{column_letters(column)}{row}"


def as_text(cell: Cell, *, what: str = "内容", multiline: bool = False) -> str:
    """Return a cell as cleaned text; a whole number of at most 15 digits as its digits, 是 or 否 for a flag.

    Raises:
        BadInput: it is a number whose last digits Excel has dropped.
    """
    if isinstance(cell, str):
        return clean(cell, multiline)
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, datetime):
        return cell.isoformat(" ", "minutes" if not cell.second else "seconds")
    if isinstance(cell, date):
        return cell.isoformat()
    if abs(Decimal(cell)) >= _SAFE_DIGITS:
        raise BadInput(f"{what}是超过 15 位的数字，位数已丢失，请把该列设为文本后重新粘贴。")
    return f"{cell:f}" if isinstance(cell, Decimal) else str(cell)


def as_decimal(cell: Cell, places: int, what: str, *, signed: bool = False) -> Decimal:
    """Return a cell as an exact number with `places` decimals, typed as number or as text.

    Raises:
        BadInput: it is empty, no number, too large, too fine, or negative where it may not be.
    """
    if isinstance(cell, int | Decimal) and not isinstance(cell, bool):
        if abs(Decimal(cell)) * 100 > money.FEN_CAP:
            raise BadInput(f"{what}太大，最多 {money.thousands(money.FEN_CAP)}，请核对是否多打了数字。")
        return money.parse_decimal(f"{Decimal(cell):f}", places, what=what, signed=signed)
    return money.parse_decimal(as_text(cell), places, what=what, signed=signed)


def as_day(cell: Cell, what: str, *, epoch_1904: bool = False) -> date:
    """Return a cell as a day: a date, 2020-6-10, 2020/6/10, 2020年6月10日, 20200610 or Excel's day number.

    Raises:
        BadInput: it is empty or no day between 1900 and 9999.
    """
    found: date | None = None
    if isinstance(cell, datetime):
        found = cell.date()
    elif isinstance(cell, date):
        found = cell
    elif isinstance(cell, int) and not isinstance(cell, bool) and cell in _SERIALS:
        found = (_EPOCH_1904 if epoch_1904 else _EPOCH) + timedelta(days=cell)
    else:
        found = _typed_day(narrow(as_text(cell)))
    if found is None or found.year < 1900:
        raise BadInput(_no_day(cell, what))
    return found


def _typed_day(typed: str) -> date | None:
    match = _DAY.fullmatch(typed) or _EIGHT_DIGITS.fullmatch(typed)
    try:
        return date(int(match[1]), int(match[2]), int(match[3])) if match else None
    except ValueError:
        return None


def _no_day(cell: Cell, what: str) -> str:
    shown = as_text(cell)[:24]
    if not shown:
        return f"{what}没有填写，请填日期，例如 2020-06-10。"
    return f"{what}“{shown}”不是日期，请按 2020-06-10 的样子填写。"
