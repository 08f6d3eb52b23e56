"""Tests of the sentences: whatever the disk or SQLite raises, the person reads what to do."""

import errno
import sqlite3
import zipfile
from pathlib import Path

import peewee
import pytest

from models import sqlite
from models.errors import Busy, Cancelled, StorageRefused
from models.store.refusals import GateRefused, Reason, Remedy, telling

PATH = Path("/some/a.db")


def sqlite_error(name: str) -> sqlite3.OperationalError:
    error = sqlite3.OperationalError("words of SQLite")
    error.sqlite_errorname = name
    return error


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OSError(errno.ENOSPC, "No space left"), "磁盘空间不足，备份没有完成"),
        (OSError(errno.EFBIG, "File too large"), "磁盘空间不足"),
        (FileNotFoundError(errno.ENOENT, "No such file", "/some/b"), "找不到 /some/b"),
        (PermissionError(errno.EACCES, "Permission denied", "/some/b"), "没有权限读写 /some/b"),
        (OSError(errno.EIO, "Input/output error"), "读写出错"),
        (sqlite_error("SQLITE_FULL"), "磁盘空间不足"),
        (sqlite_error("SQLITE_IOERR_WRITE"), "磁盘空间不足"),
        (sqlite_error("SQLITE_CANTOPEN"), "打不开或不能写入"),
        (sqlite_error("SQLITE_READONLY"), "打不开或不能写入"),
        (sqlite3.DatabaseError("malformed"), "已损坏"),
        (UnicodeDecodeError("utf-8", b"\xff", 0, 1, "x"), "已损坏"),
        (zipfile.BadZipFile("x"), "已损坏或不完整"),
        (EOFError(), "已损坏或不完整"),
    ],
)
def test_every_failure_becomes_a_sentence(error: Exception, words: str) -> None:
    with pytest.raises(StorageRefused, match=words), telling("备份", PATH):
        raise error


def test_a_lock_is_told_as_such_through_peewee_too(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    sqlite.make_empty(path)
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    db = peewee.SqliteDatabase(str(path), timeout=0)
    with pytest.raises(Busy, match="正被占用"), telling("升级", path):
        db.execute_sql("CREATE TABLE t(a)")
    db.close()
    holder.close()


def test_our_own_errors_and_bugs_pass_unchanged() -> None:
    with pytest.raises(Cancelled), telling("备份", PATH):
        raise Cancelled("已取消。")
    with pytest.raises(ZeroDivisionError), telling("备份", PATH):
        raise ZeroDivisionError


@pytest.mark.parametrize("reason", Reason)
def test_every_refusal_says_where_and_offers_a_way_out(reason: Reason) -> None:
    error = GateRefused(reason, PATH, "细节")
    assert str(PATH) in str(error)
    assert "请" in str(error)
    assert "{" not in str(error)
    assert [remedy.value for remedy in error.remedies] == [
        "从备份恢复",
        "选择其他数据库",
        "另存诊断包",
        "退出",
    ]
    assert len(Remedy) == 4
