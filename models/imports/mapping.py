"""对应: how a workbook in nobody's layout is read: which of its sheets and columns are which of ours.

A guess is made from the headings, looked at by a person, and remembered by the headings, so that
next month's workbook of the same make is read without asking. One sheet may be read as several of
ours (a list of houses with their owners), and one of its columns for several of ours.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any, NamedTuple, TypeGuard

from models import workbook
from models.errors import BadInput
from models.imports.findings import Finding, Severity
from models.imports.layouts import TEMPLATE, Layout, recognise
from models.imports.lines import HEAD_ROWS, Column, head_among, heading_of
from models.workbook import Cell, SheetData, column_letters, limits

_ALIKE = 0.8
PASTED = "粘贴的内容"


class Given(NamedTuple):
    """What somebody wants to import, as it was read: its file (or what it is called) and its sheets."""

    path: Path
    sheets: list[SheetData]

    def known(self, wanted: Layout = TEMPLATE) -> bool:
        """Whether its layout is one that is known by itself, or the one that is wanted."""
        try:
            recognise(self.sheets, wanted)
        except BadInput:
            return False
        return True


@dataclass(frozen=True)
class SheetMap:
    """One of our sheets, and where it is in the workbook.

    Args:
        title: of our sheet.
        sheet: title of theirs.
        head: row of its headings, counted from 1.
        columns: heading of ours → heading of theirs.
    """

    title: str
    sheet: str
    head: int = 1
    columns: dict[str, str] = field(default_factory=dict)


def given(path: Path) -> Given:
    """Read a workbook, or a .csv, under the limits for what strangers send.

    Raises:
        BadInput: it cannot be read.
    """
    is_csv = path.suffix.lower() == ".csv"
    return Given(path, [workbook.read_csv(path)] if is_csv else workbook.read(path))


def pasted(rows: Sequence[Sequence[str]]) -> Given:
    """Return a pasted table as a workbook of one sheet.

    Raises:
        BadInput: it is empty, or more than an import takes.
    """
    if not rows:
        raise BadInput("剪贴板里没有表格。请在 Excel 或 WPS 里选中带列名的区域，复制后再粘贴。")
    width = max(map(len, rows))
    if len(rows) > limits.ROWS or width > limits.COLUMNS:
        raise BadInput(f"一次最多粘贴 {limits.ROWS:,} 行、{limits.COLUMNS} 列。请存成工作簿再导入。")
    cells: list[list[Cell]] = [
        [*(cell or None for cell in row), *[None] * (width - len(row))] for row in rows
    ]
    return Given(Path(PASTED), [SheetData(PASTED, cells)])


def targets(layout: Layout = TEMPLATE) -> dict[str, list[Column]]:
    """Return the sheets of a layout and the columns of each, in the order in which they are read."""
    found: dict[str, dict[str, Column]] = {}
    for reader in sorted(layout.readers, key=lambda one: one.order):
        found.setdefault(reader.title, {}).update((column.title, column) for column in reader.columns)
    return {title: list(columns.values()) for title, columns in found.items()}


def headings(sheet: SheetData, head: int) -> list[str]:
    """Return the headings that stand in a row, in their order; one that stands again says 电话（E列）."""
    return [found for found in _headings(sheet, head) if found]


def _headings(sheet: SheetData, head: int) -> list[str]:
    row = sheet.rows[head - 1] if 0 < head <= len(sheet.rows) else []
    made: list[str] = []
    for at, cell in enumerate(row, start=1):
        found = heading_of(cell)
        made.append(f"{found}（{column_letters(at)}列）" if found and found in made else found)
    return made


def samples(sheet: SheetData, head: int, heading: str) -> list[str]:
    """Return the first three values below a heading."""
    at = _place(sheet, head, heading)
    below = (row[at] for row in sheet.rows[head : head + 200]) if at is not None else ()
    return [str(cell) for cell in below if cell not in (None, "")][:3]


# -- guessing ------------------------------------------------------------------------------------


def guess(sheets: Sequence[SheetData], layout: Layout = TEMPLATE) -> list[SheetMap]:
    """Return how a workbook may be meant: for each of our sheets the best of theirs, if one will do."""
    made, ours = [], targets(layout)
    heads = {one.name: head_of(one, layout) for one in sheets}
    for title, columns in ours.items():
        fits = [
            (fit, one) for one in sheets if (fit := _fit(title, columns, one, heads[one.name])) is not None
        ]
        if fits:
            made.append(max(fits, key=lambda pair: pair[0])[0].map)
    return made


class _Fit(NamedTuple):
    """How well one of their sheets is one of ours; the first figures count most."""

    same_title: bool
    columns: int
    map: SheetMap

    def __lt__(self, other: object) -> bool:
        assert isinstance(other, _Fit)
        return self[:2] < other[:2]

    def __gt__(self, other: object) -> bool:
        assert isinstance(other, _Fit)
        return self[:2] > other[:2]


def _fit(title: str, columns: Sequence[Column], sheet: SheetData, head: int) -> _Fit | None:
    found = match(columns, headings(sheet, head))
    needed = [column.title for column in columns if column.needed] or [columns[0].title]
    if not all(one in found for one in needed):
        return None
    return _Fit(heading_of(sheet.name) == title, len(found), SheetMap(title, sheet.name, head, found))


def head_of(sheet: SheetData, layout: Layout = TEMPLATE) -> int:
    """Return which of the first rows holds the headings: the one with most of ours, else a wide one."""
    known = {
        word
        for columns in targets(layout).values()
        for column in columns
        for word in (heading_of(column.title), *column.known_as)
    }
    wide = (n for n, row in enumerate(sheet.rows[:HEAD_ROWS], 1) if sum(map(_is_word, row)) > 1)
    return head_among(sheet, known) or next(wide, 1)


def match(columns: Sequence[Column], theirs: Sequence[str]) -> dict[str, str]:
    """Return which of their headings is which of our columns, each used once."""
    found: dict[str, str] = {}
    for alike in (_is_same, _is_known_as, _holds, _is_like):
        for column in columns:
            free = [one for one in theirs if one not in found.values()]
            if column.title not in found:
                meant = next((one for one in free if alike(column, one)), None)
                found |= {column.title: meant} if meant else {}
    return {column.title: found[column.title] for column in columns if column.title in found}


def _is_same(column: Column, heading: str) -> bool:
    return heading_of(column.title) == heading


def _is_known_as(column: Column, heading: str) -> bool:
    return heading in column.known_as


def _holds(column: Column, heading: str) -> bool:
    """Whether one heading is a part of the other, and is no mere letter."""
    mine = heading_of(column.title)
    short, long = sorted((mine, heading), key=len)
    return len(short) > 1 and short in long


def _is_like(column: Column, heading: str) -> bool:
    return SequenceMatcher(None, heading_of(column.title), heading).ratio() >= _ALIKE


def _is_word(cell: Cell) -> bool:
    return isinstance(cell, str) and bool(cell.strip())


# -- using ---------------------------------------------------------------------------------------


def mapped(sheets: Sequence[SheetData], maps: Sequence[SheetMap]) -> list[SheetData]:
    """Return a workbook as if it were in our layout; rows keep their numbers.

    Raises:
        BadInput: a sheet or a heading is not there.
    """
    by_title = {sheet.name: sheet for sheet in sheets}
    made: list[SheetData] = []
    for one in maps:
        if any(one.title == other.name for other in made):
            raise BadInput(f"“{one.title}”对应了两次，只会导入其中一张工作表。请分两次导入。")
        if one.sheet not in by_title:
            raise BadInput(f"工作簿里没有工作表“{one.sheet}”。请重新对应。")
        made.append(_renamed(by_title[one.sheet], one))
    return made


def unread(sheets: Sequence[SheetData], maps: Sequence[SheetMap]) -> list[Finding]:
    """Return a remark on every sheet that holds something and that nobody reads."""
    read = {one.sheet for one in maps}
    return [
        Finding(Severity.NOTE, sheet.name, 1, "", "", "没有导入这张工作表", "要导入，请另选一次并对应到它")
        for sheet in sheets
        if sheet.name not in read and any(cell not in (None, "") for row in sheet.rows for cell in row)
    ]


def _renamed(sheet: SheetData, one: SheetMap) -> SheetData:
    """Return a sheet with our headings; what is not wanted has none, what is wanted twice stands twice."""
    places = {}
    for ours, theirs in one.columns.items():
        at = _place(sheet, one.head, theirs)
        if at is None:
            raise BadInput(f"工作表“{sheet.name}”第 {one.head} 行没有“{theirs}”这一列。请重新对应。")
        places[ours] = at
    if not places:
        raise BadInput(f"工作表“{sheet.name}”还没有对应任何一列。请重新对应。")
    width = len(sheet.rows[0])
    heads: list[Cell] = [None] * width
    again: list[int] = []
    for ours, at in places.items():
        if heads[at] is None:
            heads[at] = ours
        else:
            heads.append(ours)
            again.append(at)
    rows = [[*row, *(row[at] for at in again)] for row in sheet.rows] if again else list(sheet.rows)
    rows[one.head - 1] = heads
    return SheetData(one.title, rows, sheet.epoch_1904, one.head)


def _place(sheet: SheetData, head: int, heading: str) -> int | None:
    found = _headings(sheet, head)
    return found.index(heading) if heading in found else None


# -- remembering ---------------------------------------------------------------------------------


def fingerprint(sheets: Sequence[SheetData]) -> str:
    """Return what two workbooks of the same make have in common: their sheets and headings.

    Of a single sheet only its headings: that of a .csv file is called as the file, each time otherwise.
    """
    alone = len(sheets) == 1
    told = [("" if alone else sheet.name, headings(sheet, head_of(sheet))) for sheet in sheets]
    return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()[:16]


def told(maps: Sequence[SheetMap]) -> list[dict[str, Any]]:
    """Return maps as JSON keeps them."""
    return [vars(one) for one in maps]


def read_maps(kept: Any, layout: Layout = TEMPLATE) -> list[SheetMap]:
    """Return the maps that were kept; what is none of them is passed over."""
    return list(_maps(kept, targets(layout))) if isinstance(kept, list) else []


def _maps(kept: list[Any], ours: dict[str, list[Column]]) -> Iterator[SheetMap]:
    for one in kept:
        if (
            not isinstance(one, dict)
            or not _is_words(one.get("columns"))
            or not isinstance(one.get("title"), str)
            or one["title"] not in ours
        ):
            continue
        head, sheet = one.get("head"), one.get("sheet")
        if isinstance(head, int) and 0 < head <= HEAD_ROWS and isinstance(sheet, str):
            yield SheetMap(one["title"], sheet, head, one["columns"])


def _is_words(value: Any) -> TypeGuard[dict[str, str]]:
    return isinstance(value, dict) and all(isinstance(word, str) for pair in value.items() for word in pair)
