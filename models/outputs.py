"""输出文件: what a print or an export may be written over: nothing but an older one of its kind."""

from __future__ import annotations

import contextlib
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from models.errors import RuleBroken
from models.text import system_reason

T = TypeVar("T")


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


def write_whole(path: Path, kind: OutputKind, write: Callable[[Path], T]) -> tuple[T, str]:
    """Write a file beside its name, force it to the disk, then give it its name.

    Args:
        path: the file to make; an older one of its kind is replaced only by a whole new one.
        kind: what it is.
        write: fills the file at the place it is given.

    Returns:
        What `write` returned, and the file's SHA-256.

    Raises:
        RuleBroken: the place cannot be written to, or holds another kind of file.
    """
    from models.store import files

    check_output(path, kind)
    part = path.with_name(path.name + ".part")
    try:
        made = write(part)
        files.sync(part)
        digest = files.digest(part)
        files.rename(part, path)
        files.sync_folder(path.parent)
    except OSError as error:
        raise RuleBroken(
            f"写不了“{path}”（{system_reason(error)}）。请先在别的程序里关闭它，或换一个位置再试。"
        ) from error
    finally:
        with contextlib.suppress(OSError):
            part.unlink()
    return made, digest
