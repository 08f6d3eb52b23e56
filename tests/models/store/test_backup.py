"""Tests of making a backup: whole, verified, private, beside a running program, and never half."""

import contextlib
import dataclasses
import os
import sqlite3
import sys
import threading
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from models import base, sqlite
from models.errors import Busy, Cancelled, StorageRefused
from models.store import (
    Why,
    backup,
    cipher,
    create_office,
    files,
    list_backups,
    open_office,
    unchanged,
    verify,
)

Attach = Callable[[Path, bytes], Path]
Write = Callable[[Path, str], None]


@pytest.fixture(autouse=True)
def _cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cipher, "COST", {"time": 1, "memory": 8, "lanes": 1})


def test_a_backup_says_what_it_holds(ledger: Path, tmp_path: Path, attach: Attach) -> None:
    kept = attach(ledger, b"a contract")
    seen: list[tuple[int, int]] = []
    made = backup(
        ledger, tmp_path / "new" / "folder", Why.MANUAL, office="幸福里/一期",
        now=datetime(2026, 3, 1, 9, 8, 7), progress=lambda done, total: seen.append((done, total)),
    )  # fmt: skip
    assert made.path.name == "幸福里一期-20260301-090807-manual.pcbak"
    assert made.verified_at is not None
    assert made.path.stat().st_mode & 0o077 == 0
    told = verify(made.path).manifest
    assert (told.office, told.why, told.size) == ("幸福里/一期", Why.MANUAL, ledger.stat().st_size)
    assert told.rows["test_line"] == 3000
    assert told.attachments[kept.name].size == 10
    assert told.sha256 == files.digest(ledger)
    assert seen[-1][0] == seen[-1][1]
    assert seen == sorted(seen)
    assert not list(made.path.parent.glob("*.part"))


def test_the_office_is_called_as_its_settings_say(ledger: Path, tmp_path: Path) -> None:
    with contextlib.closing(sqlite3.connect(ledger)) as source, source:
        columns = [row[1] for row in source.execute("PRAGMA table_info(profile)") if row[3] and not row[5]]
        values = ["翠苑管理处" if name == "office" else 1 for name in columns]
        source.execute(
            f"INSERT INTO profile({','.join(columns)}) VALUES({','.join('?' * len(columns))})", values
        )
    assert backup(ledger, tmp_path, Why.EXIT).office == "翠苑管理处"


def test_the_head_of_the_audit_chain_is_kept(ledger: Path, tmp_path: Path) -> None:
    with contextlib.closing(sqlite3.connect(ledger)) as source, source:
        columns = [row[1] for row in source.execute("PRAGMA table_info(audit_entry)") if row[3]]
        for number in (1, 2):
            values = [{"id": number, "digest": f"{number}" * 64}.get(name, "2026-01-01") for name in columns]
            marks = ",".join("?" * len(columns))
            source.execute(f"INSERT INTO audit_entry({','.join(columns)}) VALUES({marks})", values)
    audit = verify(backup(ledger, tmp_path, Why.EXIT).path).manifest.audit
    assert audit is not None
    assert (audit.number, audit.digest) == (2, "2" * 64)


def test_two_backups_in_one_second_do_not_meet(ledger: Path, tmp_path: Path) -> None:
    now = datetime(2026, 3, 1, 9, 8, 7)
    made = [backup(ledger, tmp_path, Why.EXIT, now=now).path.name for _ in range(3)]
    stem = "office-20260301-090807-exit"
    assert made == [f"{stem}.pcbak", f"{stem}-2.pcbak", f"{stem}-3.pcbak"]
    assert all(found.verified_at for found in list_backups(tmp_path))


def test_a_backup_under_a_password_opens_with_it_alone(ledger: Path, tmp_path: Path, attach: Attach) -> None:
    attach(ledger, b"x" * 3_000_000)
    made = backup(ledger, tmp_path, Why.MANUAL, password="口令 1")
    assert made.encrypted
    assert "第1行".encode() not in made.path.read_bytes()
    assert verify(made.path, password="口令 1").manifest.rows["test_line"] == 3000
    for wrong in (None, "口令 2"):
        with pytest.raises(StorageRefused, match="密码"):
            verify(made.path, password=wrong)
    with pytest.raises(StorageRefused, match="不能为空"):
        backup(ledger, tmp_path, Why.MANUAL, password="")


def test_a_backup_beside_a_writer_holds_one_moment_of_it(ledger: Path, tmp_path: Path, write: Write) -> None:
    stop, shut_out = threading.Event(), []

    def keep_writing() -> None:
        while not stop.is_set():
            try:
                write(ledger, "x" * 500)
            except sqlite3.OperationalError as error:
                shut_out.append(error)
            time.sleep(0.01)  # a writer without any pause starves every reader of SQLite

    writer = threading.Thread(target=keep_writing)
    with open_office(ledger):
        writer.start()
        try:
            made = [backup(ledger, tmp_path, Why.DAILY) for _ in range(20)]
        finally:
            stop.set()
            writer.join()
    counts = [verify(one.path).manifest.rows["test_line"] for one in made]
    assert counts == sorted(counts)
    assert counts[-1] > 3000
    assert shut_out == []


def test_the_program_goes_on_writing_after_a_backup(ledger: Path, tmp_path: Path) -> None:
    with open_office(ledger) as office:
        base.db.execute_sql("INSERT INTO test_line(house, words) VALUES(1, 'a')")
        backup(ledger, tmp_path, Why.DAILY)
        base.db.execute_sql("INSERT INTO test_line(house, words) VALUES(1, 'b')")
        assert sqlite.settings_not_taken(office.db) == []


def test_a_lock_that_is_never_let_go_is_told(
    ledger: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.modules["models.store.backup"], "WAIT", 0)
    with contextlib.closing(sqlite3.connect(ledger, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(Busy):
            backup(ledger, tmp_path, Why.MANUAL, office="x")
    assert not list(tmp_path.glob("*.p*"))


def test_a_damaged_database_is_not_backed_up(ledger: Path, tmp_path: Path) -> None:
    good = backup(ledger, tmp_path, Why.EXIT)
    with ledger.open("r+b") as file:
        file.seek(40 * 4096)
        file.write(os.urandom(4096))
    with pytest.raises(StorageRefused, match="没有备份"):
        backup(ledger, tmp_path, Why.EXIT)
    assert list_backups(tmp_path) == [good]
    assert not list(tmp_path.glob("*.part"))


def test_what_is_no_office_is_not_backed_up(tmp_path: Path) -> None:
    with contextlib.closing(sqlite3.connect(tmp_path / "foreign.db")) as source:
        source.execute("CREATE TABLE t(a)")
    for name in ("foreign.db", "gone.db"):
        with pytest.raises(StorageRefused):
            backup(tmp_path / name, tmp_path / "kept", Why.MANUAL)
    assert not list((tmp_path / "kept").glob("*"))


def test_a_cancelled_backup_leaves_nothing(ledger: Path, tmp_path: Path) -> None:
    for after in range(2):
        asked: list[int] = []

        def cancelled(asked: list[int] = asked, after: int = after) -> bool:
            asked.append(1)
            return len(asked) > after

        with pytest.raises(Cancelled):
            backup(ledger, tmp_path, Why.MANUAL, cancelled=cancelled)
        assert not [left for left in tmp_path.iterdir() if left.suffix in (".pcbak", ".part")]


def test_too_little_space_is_told_before_beginning(
    ledger: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = files.shutil.disk_usage(tmp_path)
    full = dataclasses.make_dataclass("Usage", ["total", "used", "free"])(usage.total, usage.used, 100_000)
    monkeypatch.setattr(files.shutil, "disk_usage", lambda folder: full)
    with pytest.raises(StorageRefused, match="磁盘空间不足，不能备份"):
        backup(ledger, tmp_path / "kept", Why.MANUAL)
    assert not list((tmp_path / "kept").iterdir())


def test_a_disk_that_fills_up_leaves_no_half_backup(ledger: Path, tmp_path: Path) -> None:
    child = os.fork()
    if child == 0:
        import resource
        import signal

        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))
        try:
            backup(ledger, tmp_path, Why.MANUAL)
        except StorageRefused as refused:
            os._exit(0 if "磁盘空间不足" in str(refused) else 2)
        os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert not [left for left in tmp_path.iterdir() if left.suffix in (".pcbak", ".part")]


def test_an_altered_attachment_does_not_stop_the_backup(ledger: Path, tmp_path: Path, attach: Attach) -> None:
    attach(ledger, b"a contract").write_bytes(b"altered")
    (ledger.with_name("office.db.files") / "note.txt").write_text("nobody's")
    made = verify(backup(ledger, tmp_path, Why.MANUAL).path).manifest
    assert [kept.size for kept in made.attachments.values()] == [7]


def test_an_unchanged_database_is_known(ledger: Path, tmp_path: Path, write: Write) -> None:
    assert not unchanged(ledger, tmp_path)
    backup(ledger, tmp_path, Why.EXIT)
    assert unchanged(ledger, tmp_path)
    write(ledger, "more")
    assert not unchanged(ledger, tmp_path)
    backup(ledger, tmp_path, Why.EXIT, password="x")
    assert unchanged(ledger, tmp_path)


def test_a_new_office_can_be_backed_up_at_once(tmp_path: Path) -> None:
    create_office(tmp_path / "a.db")
    assert verify(backup(tmp_path / "a.db", tmp_path / "kept", Why.EXIT).path).manifest.audit is None


def test_an_unclean_database_is_not_copied_half(ledger: Path, tmp_path: Path) -> None:
    child = os.fork()
    if child == 0:
        source = sqlite3.connect(ledger, isolation_level=None)
        source.execute("PRAGMA cache_size=5")
        source.execute("BEGIN")
        source.executemany(
            "INSERT INTO test_line VALUES(?, 1, ?)", ((n, "x" * 900) for n in range(9000, 9900))
        )
        os.kill(os.getpid(), 9)
    os.waitpid(child, 0)
    with pytest.raises(StorageRefused, match="没有正常退出"):
        backup(ledger, tmp_path, Why.MANUAL)
