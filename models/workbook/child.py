"""读表子进程: parse one untrusted workbook and say what stands in it, then end.

The workbook comes in through stdin, so that this process needs no file of the user; the answer
goes out as lines of JSON. JSON and not pickle or marshal, because the parent must be able to read
the answer of a process that a hostile file has taken over.

    {"sheet": title, "epoch_1904": bool}   opens a sheet
    [[cell, …], …]                         rows; a day is {"day": …}, a moment {"moment": …}
    {"refused": sentence}                  or
    {"end": true}                          ends the answer
"""

from __future__ import annotations

import contextlib
import io
import json
import sys
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from models.workbook import container, limits
from models.workbook.container import Findings, Refused

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

READY = b"ready\n"
_ROWS_A_LINE = 200
UNREADABLE = f"工作簿的内容读不懂，可能已损坏。{container.SAVE_AS}"


def main() -> int:
    """Read stdin, answer on stdout; the only entry of this process."""
    import python_calamine  # noqa: F401 - loaded before the parent's clock starts

    _limit_self()
    out = sys.stdout.buffer
    out.write(READY)
    out.flush()
    try:
        for line in _answer(sys.stdin.buffer.read(limits.FILE_BYTES + 1)):
            out.write(line)
        out.write(_line({"end": True}))
    except Refused as refused:
        out.write(_line({"refused": str(refused)}))
    out.flush()
    return 0


def _limit_self() -> None:
    """Take a fixed share of memory and time, no core dump and no file; only the parent's clock on Windows."""
    with contextlib.suppress(ImportError):
        import resource

        for what, most in (
            (resource.RLIMIT_AS, limits.MEMORY_BYTES),
            (resource.RLIMIT_CPU, limits.SECONDS),
            (resource.RLIMIT_CORE, 0),
            (resource.RLIMIT_FSIZE, 1 << 20),
        ):
            hard = resource.getrlimit(what)[1]
            most = most if hard == resource.RLIM_INFINITY else min(most, hard)
            with contextlib.suppress(ValueError, OSError):
                resource.setrlimit(what, (most, most))


def _answer(data: bytes) -> Iterator[bytes]:
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum

    findings = container.inspect(data)
    sent = cells = 0
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        for about in book.sheets_metadata:
            if about.typ is not SheetTypeEnum.WorkSheet:
                continue
            rows = _rows(book, about.name, findings)
            cells += len(rows) * max(map(len, rows), default=0)
            if cells > limits.CELLS:
                raise Refused(f"工作簿的内容超过 {limits.CELLS:,} 格，太多了，请分成几个文件导入。")
            yield _line({"sheet": about.name, "epoch_1904": findings.epoch_1904})
            for at in range(0, len(rows), _ROWS_A_LINE):
                line = _line(rows[at : at + _ROWS_A_LINE])
                sent += len(line)
                if sent > limits.ANSWER_BYTES:
                    raise Refused("工作簿里的文字太多，请分成几个文件导入。")
                yield line
    except PasswordError:
        raise Refused("工作簿设了打开密码，请先在 Excel 或 WPS 里去掉密码，另存后再导入。") from None
    except CalamineError as error:
        print(error, file=sys.stderr)  # the parent logs it
        raise Refused(UNREADABLE) from None


def _rows(book: CalamineWorkbook, title: str, findings: Findings) -> list[list[Any]]:
    """Return one sheet from Excel's row 1 and column A on."""
    sheet = book.get_sheet_by_name(title)
    if sheet.start is None or sheet.end is None:
        return []
    _check_size(sheet)
    above, left = sheet.start
    blank: list[Any] = [None] * left
    rows: list[list[Any]] = [[] for _ in range(above)]
    rows += [blank + _plain_row(row) for row in sheet.to_python()]
    for (row, column), error in findings.errors.get(title, {}).items():
        if row <= len(rows) and column <= len(rows[row - 1]):
            rows[row - 1][column - 1] = error
    return rows


def _check_size(sheet: CalamineSheet) -> None:
    row, column = sheet.end or (0, 0)
    if row >= limits.ROWS or column >= limits.COLUMNS:
        from models.workbook.cells import cell_name

        raise Refused(container.too_far(sheet.name, cell_name(row + 1, column + 1)))
    height = row + 1 - (sheet.start or (0, 0))[0]
    if height * (column + 1) > limits.CELLS:
        raise Refused(f"工作表“{sheet.name}”的内容超过 {limits.CELLS:,} 格，太多了，请分成几个文件导入。")


def _plain_row(row: list[Any]) -> list[Any]:
    """Return a row as JSON takes it; 60,000 cells pass here, so nothing is called for a usual one."""
    return [
        (value or None)
        if value.__class__ is str
        else int(value)
        if value.__class__ is float and value.is_integer() and -1e15 < value < 1e15
        else _fifteen_digits(value)
        for value in row
    ]


def _fifteen_digits(value: Any) -> Any:
    """Return a fraction with the 15 digits that Excel keeps: 0.1 + 0.2 is 0.3 there."""
    if value.__class__ is not float:
        return value
    return "#NUM!" if value - value != 0 else float(f"{value:.15g}")


def _tagged(value: Any) -> Any:
    if isinstance(value, datetime):
        value = (value + timedelta(microseconds=500_000)).replace(microsecond=0)
        return {"moment": value.isoformat()}
    if isinstance(value, date):
        return {"day": value.isoformat()}
    return str(value)


_encoder = json.JSONEncoder(ensure_ascii=False, default=_tagged, separators=(",", ":"))


def _line(content: Any) -> bytes:
    return _encoder.encode(content).encode() + b"\n"


if __name__ == "__main__":
    raise SystemExit(main())
