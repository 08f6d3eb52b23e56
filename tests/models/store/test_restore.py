"""Tests of restoring: over nothing, over a good and a broken database, never over anything."""

import contextlib
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from models.errors import Busy, Cancelled, StorageRefused
from models.store import Why, backup, cipher, files, gate, open_office, restore

Attach = Callable[[Path, bytes], Path]
Lines = Callable[[Path], int]
Tell = Callable[[Path], dict[str, object]]
Write = Callable[[Path, str], None]


@pytest.fixture
def made(ledger: Path, tmp_path: Path, attach: Attach) -> Path:
    """A backup with 3,000 lines and one attachment."""
    attach(ledger, b"a contract")
    return backup(ledger, tmp_path / "backups", Why.MANUAL).path


def test_it_works_where_nothing_is(made: Path, tmp_path: Path, lines: Lines) -> None:
    target = tmp_path / "new" / "place" / "office.db"
    seen: list[tuple[int, int]] = []
    done = restore(made, target, progress=lambda done, total: seen.append((done, total)))
    assert done.set_aside is None
    assert files.digest(target) == done.manifest.sha256
    assert seen[-1][0] == seen[-1][1]
    with open_office(target) as office:
        assert not office.unclean
    assert lines(target) == 3000
    assert sorted(left.name for left in target.parent.iterdir()) == [
        "office.db",
        "office.db.files",
        "office.db.lock",
    ]


def test_the_old_database_is_set_aside_whole(
    made: Path, ledger: Path, lines: Lines, write: Write, attach: Attach
) -> None:
    write(ledger, "after the backup")
    attach(ledger, b"a later contract")
    old = ledger.read_bytes()
    done = restore(made, ledger)
    assert lines(ledger) == 3000
    assert len(list(files.attachments(ledger))) == 1
    assert done.set_aside is not None
    assert done.set_aside.read_bytes() == old
    assert len(list(files.attachments(done.set_aside))) == 2
    open_office(done.set_aside).close()
    assert lines(done.set_aside) == 3001


def test_restoring_twice_in_a_second_sets_both_aside(made: Path, ledger: Path) -> None:
    first, second = restore(made, ledger), restore(made, ledger)
    assert first.set_aside != second.set_aside
    assert first.set_aside is not None and first.set_aside.exists()
    assert second.set_aside is not None and second.set_aside.exists()


@pytest.mark.parametrize("content", [b"", b"garbage" * 5000, b"SQLite format 3\0" + bytes(4096)])
def test_it_works_over_a_broken_database(made: Path, ledger: Path, lines: Lines, content: bytes) -> None:
    ledger.write_bytes(content)
    done = restore(made, ledger)
    assert lines(ledger) == 3000
    assert done.set_aside is not None
    assert done.set_aside.read_bytes() == content


@pytest.mark.parametrize("suffix", ["-journal", "-wal", "-shm"])
@pytest.mark.parametrize("content", [b"stale", b"", None], ids=["garbage", "empty", "real"])
def test_what_lies_beside_the_old_database_never_mixes_with_the_new(
    made: Path, ledger: Path, lines: Lines, suffix: str, content: bytes | None
) -> None:
    beside = ledger.with_name(ledger.name + suffix)
    if content is None:
        _leave_behind(ledger, wal=suffix != "-journal")
        content = beside.read_bytes()
    else:
        beside.write_bytes(content)
    done = restore(made, ledger)
    assert not beside.exists()
    assert done.set_aside is not None
    assert done.set_aside.with_name(done.set_aside.name + suffix).read_bytes() == content
    open_office(ledger).close()
    assert lines(ledger) == 3000


def _leave_behind(path: Path, wal: bool) -> None:
    child = os.fork()
    if child == 0:
        source = sqlite3.connect(path, isolation_level=None)
        source.execute(f"PRAGMA journal_mode={'WAL' if wal else 'DELETE'}")
        source.execute("PRAGMA cache_size=5")
        source.execute("BEGIN")
        source.executemany(
            "INSERT INTO test_line VALUES(?, 1, ?)", ((n, "x" * 900) for n in range(9000, 9900))
        )
        if wal:
            source.execute("COMMIT")
        os.kill(os.getpid(), 9)
    os.waitpid(child, 0)


def test_a_bad_backup_changes_nothing(made: Path, ledger: Path, tmp_path: Path, shape: Tell) -> None:
    content = bytearray(made.read_bytes())
    content[len(content) // 2] ^= 1
    made.write_bytes(content)
    before = shape(ledger.parent)
    with pytest.raises(StorageRefused):
        restore(made, ledger)
    assert shape(ledger.parent) == before
    with pytest.raises(StorageRefused):
        restore(made, tmp_path / "elsewhere" / "a.db")
    assert shape(tmp_path / "elsewhere") == {}


@pytest.mark.parametrize("content", [b"", b"text", b"PK\3\4" + bytes(100)])
def test_what_is_no_backup_changes_nothing(ledger: Path, tmp_path: Path, shape: Tell, content: bytes) -> None:
    bad = tmp_path / "bad.pcbak"
    bad.write_bytes(content)
    before = shape(ledger.parent)
    for path in (bad, tmp_path / "gone.pcbak", tmp_path):
        with pytest.raises(StorageRefused):
            restore(path, ledger)
    assert shape(ledger.parent) == before


def test_a_damaged_attachment_changes_nothing(
    ledger: Path, tmp_path: Path, attach: Attach, shape: Tell
) -> None:
    attach(ledger, b"contract " * 1000)
    made = backup(ledger, tmp_path, Why.MANUAL).path
    content = made.read_bytes()
    made.write_bytes(content.replace(b"contract contract", b"contrary contract", 1))
    before = shape(ledger.parent)
    with pytest.raises(StorageRefused, match="损坏"):
        restore(made, ledger)
    assert shape(ledger.parent) == before


def test_a_cancelled_restore_changes_nothing(made: Path, ledger: Path, shape: Tell) -> None:
    before = shape(ledger.parent)
    for after in range(3):
        asked: list[int] = []

        def cancelled(asked: list[int] = asked, after: int = after) -> bool:
            asked.append(1)
            return len(asked) > after

        with pytest.raises(Cancelled):
            restore(made, ledger, cancelled=cancelled)
        assert shape(ledger.parent) == before


def test_a_backup_under_a_password_is_restored_with_it(
    ledger: Path, tmp_path: Path, attach: Attach, lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cipher, "COST", {"time": 1, "memory": 8, "lanes": 1})
    attach(ledger, b"a contract")
    made = backup(ledger, tmp_path / "kept", Why.MANUAL, password="口令").path
    target = tmp_path / "new.db"
    for wrong in (None, "别的"):
        with pytest.raises(StorageRefused, match="密码"):
            restore(made, target, password=wrong)
    assert not target.exists()
    restore(made, target, password="口令")
    assert lines(target) == 3000
    assert len(list(files.attachments(target))) == 1


def test_an_open_office_is_never_replaced(
    made: Path, ledger: Path, shape: Tell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("models.store.latch.WAIT", 0.05)
    monkeypatch.setattr("models.store.latch.Latch.enter_alone.__defaults__", (0.05,))
    with open_office(ledger):
        before = shape(ledger.parent)
        with pytest.raises(Busy, match="正被占用"):
            restore(made, ledger)
        assert shape(ledger.parent) == before
    restore(made, ledger)


@pytest.mark.parametrize("begin", ["BEGIN IMMEDIATE", "BEGIN EXCLUSIVE"])
def test_a_database_held_by_another_tool_is_never_replaced(
    made: Path, ledger: Path, begin: str, shape: Tell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.modules["models.store.restore"], "WAIT", 0)
    before = shape(ledger.parent)
    with contextlib.closing(sqlite3.connect(ledger, isolation_level=None)) as other:
        other.execute(begin)
        with pytest.raises(Busy):
            restore(made, ledger)
    assert shape(ledger.parent) == before


def test_a_folder_is_no_place_for_a_database(made: Path, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    for name in ("folder", "pipe"):
        with pytest.raises(StorageRefused, match="不是文件"):
            restore(made, tmp_path / name)


def test_too_little_space_changes_nothing(
    made: Path, ledger: Path, shape: Tell, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = shape(ledger.parent)
    monkeypatch.setattr(files, "SPARE", 1 << 60)
    with pytest.raises(StorageRefused, match="不能恢复"):
        restore(made, ledger)
    assert shape(ledger.parent) == before


def test_the_rights_of_the_old_file_are_kept(made: Path, ledger: Path) -> None:
    ledger.chmod(0o660)
    restore(made, ledger)
    assert ledger.stat().st_mode & 0o777 == 0o660


def test_an_older_backup_is_migrated_at_the_next_start(
    made: Path, ledger: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from models.store import migrate

    scripts = tmp_path / "migrations"
    shutil.copytree(migrate.SCRIPTS, scripts)
    (scripts / f"{migrate.latest() + 1:04d}_more.py").write_text("def up(migrator, db):\n    pass\n")
    monkeypatch.setattr(migrate, "SCRIPTS", scripts)
    restore(made, ledger)
    with open_office(ledger) as office:
        assert len(office.migrated) == 1


def test_it_works_without_qt_and_without_heavy_imports(made: Path, tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from models.store import restore\n"
        "restore(Path(sys.argv[1]), Path(sys.argv[2]))\n"
        "heavy = {'PySide6', 'reportlab', 'cryptography', 'argon2', 'pypinyin', 'xlsxwriter'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(made), str(tmp_path / "new.db")],
        capture_output=True, text=True, check=False, cwd=Path(gate.__file__).parents[2],
    )  # fmt: skip
    assert done.stdout.strip() == "[]", done.stderr


def test_an_unreadable_journal_is_told_and_kept(ledger: Path) -> None:
    journal = ledger.with_name("office.db.restore.json")
    journal.write_text("{half")
    with pytest.raises(StorageRefused, match="读不懂"):
        open_office(ledger)
    assert journal.exists()


def test_a_new_database_that_was_spoilt_meanwhile_is_taken_back(
    made: Path, ledger: Path, lines: Lines, write: Write
) -> None:
    write(ledger, "after the backup")
    child = os.fork()
    if child == 0:
        os.environ["RESTORE_CRASH_AT"] = "placed-files"
        restore(made, ledger)
        os._exit(1)
    os.waitpid(child, 0)
    assert not ledger.exists()
    ledger.with_name("office.db.restore-new").write_bytes(b"spoilt")
    shutil.rmtree(files.attachments_of(ledger))
    open_office(ledger).close()
    assert lines(ledger) == 3001
    assert not list(ledger.parent.glob("*restore*"))
    assert not list(ledger.parent.glob("*set-aside*"))


def test_when_both_are_gone_the_person_is_told(made: Path, ledger: Path) -> None:
    child = os.fork()
    if child == 0:
        os.environ["RESTORE_CRASH_AT"] = "moved-files"
        restore(made, ledger)
        os._exit(1)
    os.waitpid(child, 0)
    for left in [*ledger.parent.glob("*set-aside*"), ledger.with_name("office.db.restore-new")]:
        shutil.rmtree(left) if left.is_dir() else left.unlink()
    with pytest.raises(StorageRefused, match="set-aside"):
        open_office(ledger)


def test_what_came_meanwhile_is_not_written_over(made: Path, ledger: Path) -> None:
    child = os.fork()
    if child == 0:
        os.environ["RESTORE_CRASH_AT"] = "moved"
        restore(made, ledger)
        os._exit(1)
    os.waitpid(child, 0)
    ledger.write_bytes(b"somebody put this here")
    with pytest.raises(StorageRefused, match="不会覆盖"):
        open_office(ledger)
    assert ledger.read_bytes() == b"somebody put this here"
    ledger.unlink()
    open_office(ledger).close()
