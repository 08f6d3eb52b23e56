"""导入模板: an empty workbook with every sheet and column that the import reads, and what they mean."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from models import workbook
from models.fields import ChoiceField, FlagField, LineField
from models.imports.layouts import NOTES, TEMPLATE, Layout, SheetReader
from models.imports.lines import Column
from models.workbook import ColumnOut, SheetOut, Written

_BLANK_ROWS = 500
_WORDS = {"number": "数字", "money": "金额（元）", "day": "日期，例如 2026-11-23"}
_ABOUT = (
    "带 * 的列必须填写。不用的列和不用的表可以留空或删去；表名和列名不要改动。",
    "没有填日期的面积、产权从起初算起。同一份表再导入一次不会重复。",
    "先试导入，看过提示和错误，再正式导入。",
)


def write_template(path: Path, layout: Layout = TEMPLATE) -> Written:
    """Write the empty template of a layout; its data areas hold no samples."""
    readers = sorted(layout.readers, key=lambda one: one.order)
    sheets = [_sheet(reader) for reader in readers]
    columns = (
        ColumnOut("工作表", width=12),
        ColumnOut("列", width=16),
        ColumnOut("必填", width=6),
        ColumnOut("填什么", width=20),
        ColumnOut("说明", width=70),
    )
    return workbook.write(path, [*sheets, SheetOut(NOTES, columns, _notes(readers))])


def _sheet(reader: SheetReader) -> SheetOut:
    return SheetOut(reader.title, [_column(column) for column in reader.columns], blank_rows=_BLANK_ROWS)


def _column(column: Column) -> ColumnOut:
    """Lay every column out as text: digits stay as they are typed, whatever they mean."""
    heading = f"{column.title}*" if column.required else column.title
    width = max(10, 2 * len(column.title) + 2, getattr(column.field, "chars", 12))
    return ColumnOut(heading, "text", width, choices=_choices(column), hint=column.hint)


def _choices(column: Column) -> list[str]:
    if isinstance(column.field, ChoiceField):
        return [str(member.value) for member in column.field.members]
    return ["是", "否"] if isinstance(column.field, FlagField) else []


def _notes(readers: list[SheetReader]) -> Iterator[tuple[Any, ...]]:
    yield from (("", "", "", "", sentence) for sentence in _ABOUT)
    for reader in readers:
        yield (reader.title, "", "", "", reader.about)
        for column in reader.columns:
            yield ("", column.title, "必填" if column.required else "", _meaning(column), column.hint)


def _meaning(column: Column) -> str:
    choices = _choices(column)
    if choices:
        return "、".join(choices)
    kind = getattr(column.field, "excel", "text")
    if kind == "text" and isinstance(column.field, LineField) and column.field.max_length:
        return f"文本，最多 {column.field.max_length} 字"
    return _WORDS.get(kind, "文本")
