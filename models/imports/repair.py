"""订正表: the rows that could not be imported, as they were and why, to be put right and imported again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

from models import workbook
from models.errors import BadInput, RuleBroken
from models.imports.lines import REASON, Sheet
from models.imports.plan import Plan
from models.workbook import Cell, ColumnOut, SheetOut, as_text

_WIDTH, _WIDE = 14, 60


def repair_workbook(found: Plan, out: Path) -> int:
    """Write the rows with errors of every sheet into a workbook of the same layout; return how many.

    Every cell is text, so that no spreadsheet folds a number; the last column says why the row could
    not be imported and is passed over when the workbook is imported.

    Raises:
        RuleBroken: no row is wrong, or it would be written over the workbook that was read.
    """
    if out.exists() and found.path.exists() and out.samefile(found.path):
        raise RuleBroken(f"订正表不能写在要导入的工作簿“{out}”上。请换一个文件名。")
    told = _reasons(found)
    sheets = [_sheet(sheet, told.get(sheet.title, {})) for sheet in found.roster.sheets]
    count = sum(len(rows) for rows in told.values())
    if not count:
        raise RuleBroken("没有要订正的行：错误出在表头或工作表上，请看检查结果。")
    workbook.write(out, sheets)
    return count


def _reasons(found: Plan) -> dict[str, dict[int, str]]:
    """Return by sheet and row why it cannot be imported; headings are no rows."""
    told: dict[str, dict[int, str]] = {}
    heads = {sheet.title: sheet.head for sheet in found.roster.sheets}
    for one in found.errors:
        if one.row > heads.get(one.sheet, 1):
            rows = told.setdefault(one.sheet, {})
            reason = f"{one.cell}：{one.reason}。{one.remedy}"
            rows[one.row] = f"{rows[one.row]} {reason}" if one.row in rows else reason
    return told


def _sheet(sheet: Sheet, wrong: dict[int, str]) -> SheetOut:
    heads = [_text(cell) for cell in sheet.heads()]
    while heads and (not heads[-1] or heads[-1] == REASON):
        heads.pop()
    columns = [*(ColumnOut(head, width=_WIDTH) for head in heads), ColumnOut(REASON, width=_WIDE)]

    def rows() -> Iterator[list[str | None]]:
        for number in sorted(wrong):
            yield [*(_text(cell) or None for cell in sheet.row(number)[: len(heads)]), wrong[number]]

    return SheetOut(sheet.title, columns, rows())


def _text(cell: Cell) -> str:
    """Return a cell as one would type it."""
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == datetime.min.time() else f"{cell:%Y-%m-%d %H:%M:%S}"
    if isinstance(cell, date):
        return cell.isoformat()
    try:
        return as_text(cell)
    except BadInput:
        return str(cell)
