"""输出文件: what a print or an export may be written over: nothing but an older one of its kind."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from models.errors import RuleBroken
from models.text import system_reason


@dataclass(frozen=True)
class OutputKind:
    """One kind of file.

    Args:
        title: what people call it.
        example: a name for one.
        holds: whether an existing file is one, by its content.
    """

    title: str
    example: str
    holds: Callable[[Path], bool]


def _is_pdf(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(5) == b"%PDF-"


def _is_workbook(path: Path) -> bool:
    if not zipfile.is_zipfile(path):
        return False
    with zipfile.ZipFile(path) as found:
        return "xl/workbook.xml" in found.namelist()


def _is_csv(path: Path) -> bool:
    with path.open("rb") as file:
        return path.suffix.lower() == ".csv" and b"\0" not in file.read(4096)


PDF = OutputKind("PDF", "通知单.pdf", _is_pdf)
WORKBOOK = OutputKind("Excel 工作簿", "名单.xlsx", _is_workbook)
CSV = OutputKind("CSV", "名单.csv", _is_csv)


def check_output(path: Path, kind: OutputKind) -> None:
    """Refuse to write over what is no file of this kind: a folder, a database, a backup, a picture.

    Raises:
        RuleBroken: it is one; an older file of the same kind may be replaced, and an empty one.
    """
    try:
        if path.is_dir():
            raise RuleBroken(f"“{path}”是文件夹。请写出文件名，例如 {kind.example}。")
        foreign = path.exists() and path.stat().st_size > 0 and not kind.holds(path)
    except (OSError, zipfile.BadZipFile) as error:
        reason = system_reason(error) if isinstance(error, OSError) else "文件已损坏"
        raise RuleBroken(f"写不了“{path}”（{reason}）。请换一个位置或文件名再试。") from error
    if foreign:
        raise RuleBroken(f"“{path}”已经存在，不是 {kind.title} 文件，不会覆盖它。请换一个文件名。")
