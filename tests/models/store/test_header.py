"""Tests of reading a database header and a rollback journal without SQLite."""

import contextlib
import os
import shutil
import signal
import sqlite3
from pathlib import Path

import pytest

from models.store import header
from models.store.header import Header


def parsed(path: Path) -> Header:
    found = Header.parse(header.read(path))
    assert found is not None
    return found


@pytest.mark.parametrize("page_size", [512, 4096, 65536])
def test_the_header_says_what_sqlite_says(tmp_path: Path, page_size: int) -> None:
    path = tmp_path / "a.db"
    with contextlib.closing(sqlite3.connect(path)) as source:
        source.execute(f"PRAGMA page_size={page_size}")
        source.execute("PRAGMA application_id=-5")
        source.execute("PRAGMA user_version=7")
        source.execute("CREATE TABLE t(a)")
        count = source.execute("PRAGMA page_count").fetchone()[0]
    found = parsed(path)
    assert (found.page_size, found.page_count) == (page_size, count)
    assert (found.application_id, found.user_version, found.wal) == (-5, 7, False)


def test_each_commit_moves_the_change_counter(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with contextlib.closing(sqlite3.connect(path)) as source:
        source.execute("CREATE TABLE t(a)")
        first = parsed(path).change_counter
        with source:
            source.execute("INSERT INTO t VALUES(1)")
    assert parsed(path).change_counter == first + 1


def test_a_write_ahead_log_is_seen(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with contextlib.closing(sqlite3.connect(path)) as source:
        source.execute("PRAGMA journal_mode=WAL")
        source.execute("CREATE TABLE t(a)")
    assert parsed(path).wal


@pytest.mark.parametrize("raw", [b"", header.MAGIC, bytes(100), header.MAGIC + b"\0\7" + bytes(82)])
def test_what_is_no_header_is_none(raw: bytes) -> None:
    assert Header.parse(raw) is None


@pytest.mark.parametrize("rows", [1, 3000], ids=["page 1 still old", "written through"])
def test_a_journal_belongs_to_the_database_it_was_written_for(tmp_path: Path, rows: int) -> None:
    path = tmp_path / "a.db"
    with contextlib.closing(sqlite3.connect(path)) as source, source:
        source.execute("CREATE TABLE t(a)")
        source.executemany("INSERT INTO t VALUES(?)", [("x" * 500,)] * 500)
    child = os.fork()
    if child == 0:
        source = sqlite3.connect(path, isolation_level=None)
        source.execute("PRAGMA cache_size=5")
        source.execute("BEGIN")
        source.execute("UPDATE t SET a = 'y' WHERE rowid % 3 = 0")
        source.executemany("INSERT INTO t VALUES(?)", [("x" * 500,)] * rows)
        os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(child, 0)
    journal = Path(shutil.copyfile(f"{path}-journal", tmp_path / "journal"))
    assert header.journal_belongs(journal, parsed(path))
    other = tmp_path / "other.db"
    with contextlib.closing(sqlite3.connect(other)) as source, source:
        source.execute("CREATE TABLE t(a)")
    assert not header.journal_belongs(journal, parsed(other))
    journal.write_bytes(b"not a journal")
    assert header.journal_belongs(journal, parsed(other)), "SQLite passes over such a journal too"
