"""读表: give a workbook to the child process and take what it says, within a time."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import stat
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from models.errors import BadInput
from models.text import system_reason
from models.workbook import limits
from models.workbook.cells import Cell, SheetData

log = logging.getLogger(__name__)

CHILD_FLAG = "--read-workbook"
"""First argument by which a frozen program knows that it shall be the child (desktop.main)."""

_READY = b"ready\n"
_LONGEST_LINE = 64 << 20
_RETRY = "请用 Excel 或 WPS 打开它，把要导入的内容复制到一张新表，另存为 .xlsx 再导入。"


def read(path: Path, seconds: float = limits.SECONDS) -> list[SheetData]:
    """Return all sheets of an .xlsx as they stand, the workbook being nobody's friend.

    Raises:
        BadInput: it cannot be read; the sentence says why and what to do.
    """
    with ReadingProcess(seconds) as process:
        return process.read(path)


class ReadingProcess:
    """One child for one workbook; made early it hides its start behind the file dialog."""

    def __init__(self, seconds: float = limits.SECONDS) -> None:
        self._seconds = seconds
        self._complaints: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - __exit__ closes it
        self._child = subprocess.Popen(
            child_command(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._complaints,
            env=_environment(),
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )

    def __enter__(self) -> ReadingProcess:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._child.kill()
        for stream in (self._child.stdin, self._child.stdout, self._complaints):
            with contextlib.suppress(OSError):
                if stream is not None:
                    stream.close()
        self._child.wait()

    def wait_ready(self) -> None:
        """Wait until the child has loaded its parser."""
        assert self._child.stdout is not None
        if self._child.stdout.readline(len(_READY)) != _READY:
            raise RuntimeError(f"the reading process did not start: {self._last_words()}")

    def read(self, path: Path) -> list[SheetData]:
        """Return all sheets of one workbook; see `read`.

        Raises:
            BadInput: it cannot be read.
        """
        data = bytes_of(path)
        out_of_time = threading.Event()
        clock = threading.Timer(self._seconds, self._stop, (out_of_time,))
        clock.daemon = True
        clock.start()
        try:
            with contextlib.suppress(_BrokenOff):
                return self._ask(data)
        except BadInput as refused:
            log.info("workbook refused: %s %s", refused, self._last_words())
            raise BadInput(f"“{path.name}”：{refused}") from None
        finally:
            clock.cancel()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._child.wait(1)
        log.warning("the reading process ended: %s %s", self._child.poll(), self._last_words())
        if out_of_time.is_set():
            raise BadInput(f"“{path.name}”：读了 {self._seconds:g} 秒还没有读完，内容不正常或太多。{_RETRY}")
        raise BadInput(f"“{path.name}”：内容读不懂，或范围大得不正常。{_RETRY}")

    def _ask(self, data: bytes) -> list[SheetData]:
        threading.Thread(target=self._feed, args=(data,), daemon=True).start()
        return _sheets(self._lines())

    def _feed(self, data: bytes) -> None:
        assert self._child.stdin is not None
        with contextlib.suppress(OSError):  # the child has ended: its answer says why
            self._child.stdin.write(data)
        with contextlib.suppress(OSError):
            self._child.stdin.close()

    def _lines(self) -> Iterator[bytes]:
        assert self._child.stdout is not None
        left = limits.ANSWER_BYTES + _LONGEST_LINE
        while left > 0 and (line := self._child.stdout.readline(_LONGEST_LINE)):
            left -= len(line)
            if line != _READY:
                yield line

    def _stop(self, out_of_time: threading.Event) -> None:
        out_of_time.set()
        self._child.kill()

    def _last_words(self) -> str:
        with contextlib.suppress(OSError):
            self._complaints.seek(0)
            return self._complaints.read(4096).decode("utf-8", "replace")
        return ""


class _BrokenOff(Exception):
    """The child's answer broke off or makes no sense."""


def child_command() -> list[str]:
    """Return how the child is started: this interpreter, or the frozen program itself."""
    if getattr(sys, "frozen", False):
        return [sys.executable, CHILD_FLAG]
    # -P: a json.py lying in the current folder must not be imported.
    return [sys.executable, "-P", "-X", "utf8", "-m", "models.workbook.child"]


def _environment() -> dict[str, str]:
    here = str(Path(__file__).resolve().parents[2])
    paths = [here, *(path for path in sys.path if path and path != here)]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "MALLOC_ARENA_MAX": "2"}


def bytes_of(path: Path) -> bytes:
    """Return what stands in a file that somebody chose.

    Raises:
        BadInput: it cannot be read, or is too large.
    """
    try:
        found = path.stat()
        if stat.S_ISDIR(found.st_mode):
            raise BadInput(f"“{path}”是文件夹，请选择一个工作簿。")
        if not stat.S_ISREG(found.st_mode):
            raise BadInput(f"“{path.name}”不是普通文件，请选择一个工作簿。")
        if found.st_size <= limits.FILE_BYTES:
            with path.open("rb") as file:
                data = file.read(limits.FILE_BYTES + 1)
            if len(data) <= limits.FILE_BYTES:
                return data
    except FileNotFoundError:
        raise BadInput(f"找不到文件“{path}”，请核对位置和名字。") from None
    except OSError as error:
        raise BadInput(
            f"打不开“{path.name}”（{system_reason(error)}），请先在别的程序里关闭它，或换个位置。"
        ) from None
    raise BadInput(f"“{path.name}”超过 {limits.FILE_BYTES >> 20} MB，太大了，请分成几个文件导入。")


def _sheets(lines: Iterator[bytes]) -> list[SheetData]:
    """Build the sheets from the child's lines, believing nothing but their form."""
    sheets: list[SheetData] = []
    for line in lines:
        content = _decoded(line)
        if sheets and isinstance(content, list) and all(isinstance(row, list) for row in content):
            sheets[-1].rows.extend(content)
        elif isinstance(content, dict) and isinstance(content.get("sheet"), str):
            sheets.append(SheetData(content["sheet"], [], content.get("epoch_1904") is True))
        elif isinstance(content, dict) and isinstance(content.get("refused"), str):
            raise BadInput(content["refused"])
        elif content == {"end": True}:
            return [squared(sheet) for sheet in sheets]
        else:
            break
    raise _BrokenOff


def _decoded(line: bytes) -> Any:
    try:
        return _decoder.decode(line.decode())
    except (ValueError, ArithmeticError, RecursionError):
        raise _BrokenOff from None


def _untagged(content: dict[str, Any]) -> Any:
    match content:
        case {"day": str(day)}:
            return date.fromisoformat(day)
        case {"moment": str(moment)}:
            return datetime.fromisoformat(moment)
    return content


_decoder = json.JSONDecoder(parse_float=Decimal, object_hook=_untagged)


def squared(sheet: SheetData) -> SheetData:
    """Drop empty rows at the end and make every row as wide as the widest."""
    rows = sheet.rows
    while rows and not any(cell is not None for cell in rows[-1]):
        rows.pop()
    width = max(map(len, rows), default=0)
    empty: list[Cell] = [None] * width
    return SheetData(sheet.name, [row + empty[len(row) :] for row in rows], sheet.epoch_1904)
