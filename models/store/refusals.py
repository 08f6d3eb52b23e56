"""拒绝: why a database cannot be opened, and the sentences in which failures are told."""

from __future__ import annotations

import errno
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from pathlib import Path

import peewee

from models import text
from models.errors import Busy, StorageRefused


class Remedy(Enum):
    """What the person can do next; the window makes a button of each."""

    RESTORE = "从备份恢复"
    CHOOSE = "选择其他数据库"
    DIAGNOSE = "另存诊断包"
    LEAVE = "退出"


class Reason(Enum):
    """Why the gate stays shut, each with its sentence."""

    MISSING = (
        "找不到数据库文件：{path}。移动硬盘或网络盘可能没有接好，请接好后重试；"
        "或者选择其他数据库、从备份恢复。"
    )
    UNREADABLE = (
        "数据库文件无法读取：{path}（{detail}）。请确认文件还在、没有被别的软件锁住，并且您有读取权限。"
    )
    NOT_A_FILE = "这不是文件：{path}（{detail}）。请选择数据库文件。"
    EMPTY = "数据库文件是空的（0 字节）：{path}。程序不会把它当作新数据库。请从备份恢复，或选择其他数据库。"
    GARBAGE = "这不是数据库文件：{path}。没有作任何改动。请选择其他数据库，或从备份恢复。"
    BACKUP = "这是备份文件，不能直接打开：{path}。请用“从备份恢复”。"
    FOREIGN = "不是本软件的数据库：{path}。它属于别的软件，没有作任何改动。请选择其他数据库。"
    NEWER = "数据库由更新版本的软件写成（{detail}）：{path}。没有作任何改动。请升级软件后再打开。"
    DAMAGED = "数据库已损坏：{path}（{detail}）。没有作任何改动。请从备份恢复。"
    ORPHANS = "数据库内容不完整：{path}（{detail}）。没有作任何改动。请从备份恢复，或另存诊断包请人查看。"
    STRAY = (
        "数据库旁边有不属于它的日志文件：{detail}（多半是直接复制、替换过数据库文件）。"
        "为免把两个数据库混在一起，没有打开 {path}。请把该日志文件移到别处后重试，或从备份恢复。"
    )
    READ_ONLY = "数据库不能写入：{path}（{detail}）。请去掉只读属性或取得写入权限后重试。"


class GateRefused(StorageRefused):
    """The database was not opened; nothing was written.

    Args:
        reason: why; its sentence is the message.
        path: the file.
        detail: what fills the blank of the sentence.
    """

    remedies = tuple(Remedy)

    def __init__(self, reason: Reason, path: Path, detail: str = "") -> None:
        super().__init__(reason.value.format(path=path, detail=detail))
        self.reason = reason
        self.path = path


BROKEN = (sqlite3.DatabaseError, peewee.DatabaseError, UnicodeDecodeError)
"""What SQLite raises over a bad file; a flipped byte inside a text is not even an error of its own."""

_NO_SPACE = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def busy(path: Path) -> Busy:
    """Return the error for a file that somebody else holds."""
    return Busy(f"数据库正被占用：{path}。请稍候，或关闭正在使用它的窗口后重试。")


def is_busy(error: BaseException) -> bool:
    """Tell whether a database error means that somebody else holds the lock."""
    return sqlite_name(error).startswith(("SQLITE_BUSY", "SQLITE_LOCKED"))


def is_damage(error: BaseException) -> bool:
    """Tell whether an error speaks of the file itself, rather than of a query that is our own mistake."""
    told = sqlite_name(error)
    return not told or told.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB", "SQLITE_IOERR", "SQLITE_CANTOPEN"))


def sqlite_name(error: BaseException) -> str:
    """Return SQLite's own name of an error, through Peewee's wrapping; "" when it has none."""
    inner = getattr(error, "orig", error)
    return str(getattr(inner, "sqlite_errorname", ""))


_DATABASE_SAYS = {"SQLITE_CORRUPT": "数据页已损坏", "SQLITE_NOTADB": "不是数据库或已加密"}


def database_reason(error: BaseException) -> str:
    """Say in Chinese what SQLite found wrong with a file; in its own words where we have none."""
    if isinstance(error, UnicodeDecodeError):
        return "文字的编码已损坏"
    return _DATABASE_SAYS.get(sqlite_name(error).replace("_VTAB", "")) or str(error)


@contextmanager
def telling(work: str, path: Path) -> Iterator[None]:
    """Turn failures of disk and database into a sentence about this work on this file.

    Raises:
        StorageRefused: whatever the disk, SQLite or the zip reader raised.
    """
    try:
        yield
    except OSError as error:
        raise StorageRefused(_disk_sentence(work, path, error)) from error
    except BROKEN as error:
        if is_busy(error):
            raise busy(path) from error
        if sqlite_name(error) in ("SQLITE_FULL", "SQLITE_IOERR_WRITE"):
            raise StorageRefused(_no_space(work, path)) from error
        raise StorageRefused(f"{work}没有完成：{path}{_database_words(error)}。") from error
    except (zipfile.BadZipFile, EOFError) as error:
        raise StorageRefused(f"{work}没有完成：{path} 已损坏或不完整。请换一个备份文件。") from error


def _database_words(error: BaseException) -> str:
    name = sqlite_name(error)
    if name.startswith(("SQLITE_CANTOPEN", "SQLITE_PERM", "SQLITE_READONLY")):
        return " 打不开或不能写入，请确认文件夹存在并且可以写入"
    return f" 的内容已损坏（{database_reason(error)}），请换一个文件或从备份恢复"


def _disk_sentence(work: str, path: Path, error: OSError) -> str:
    if error.errno in _NO_SPACE:
        return _no_space(work, path)
    if isinstance(error, FileNotFoundError):
        return f"{work}没有完成：找不到 {error.filename or path}。请确认文件还在、磁盘已接好。"
    if isinstance(error, PermissionError):
        return f"{work}没有完成：没有权限读写 {error.filename or path}。请换一个文件夹，或取得权限后重试。"
    where = error.filename or path
    return f"{work}没有完成：{where} 读写出错（{text.system_reason(error)}）。请检查磁盘或换一个位置后重试。"


def _no_space(work: str, path: Path) -> str:
    return f"磁盘空间不足，{work}没有完成：{path}。请腾出空间或换一个磁盘后重试。"
