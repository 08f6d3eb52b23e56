"""Workbooks of openings, for the tests of their sheets and of what is done with them."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from models.workbook import ColumnOut, SheetOut, write

OWED = ("房号", "业主编号", "项目编号", "月份", "欠费金额", "截止日")
HELD = ("房号", "业主编号", "预存余额")
Rows = Sequence[Sequence[Any]]


def book(folder: Path, owed: Rows = (), held: Rows = (), **more: tuple[Sequence[str], Rows]) -> Path:
    """Write a workbook with the sheets 期初 and 预存, and others by name → (headings, rows)."""
    path = folder / "opening.xlsx"
    sheets = {**more, "期初": (OWED, owed), "预存": (HELD, held)}
    out = [
        SheetOut(name, [ColumnOut(head) for head in heads], rows) for name, (heads, rows) in sheets.items()
    ]
    write(path, out)
    return path
