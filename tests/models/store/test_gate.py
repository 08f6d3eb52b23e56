"""Tests of the start-up gate: what is refused, in which words, and that nothing was written."""

import contextlib
import hashlib
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from models import base, sqlite
from models.errors import Busy, StorageRefused
from models.store import (
    GateRefused,
    Reason,
    Remedy,
    create_office,
    gate,
    list_backups,
    migrate,
    open_office,
    verify,
)

Tell = Callable[[Path], object]


def refusal(path: Path) -> GateRefused:
    with pytest.raises(GateRefused) as caught:
        open_office(path)
    return caught.value


def spoil(path: Path, offset: int, content: bytes) -> None:
    with path.open("r+b") as file:
        file.seek(offset)
        file.write(content)


def test_a_good_office_opens_with_its_settings_and_closes(ledger: Path) -> None:
    with open_office(ledger) as office:
        assert sqlite.settings_not_taken(base.db) == []
        assert not office.unclean
        assert office.migrated == ()
        assert office.warnings == []
    assert base.db.is_closed()
    assert base.db.deferred
    office.close()


def test_opening_and_closing_writes_nothing_to_the_file(ledger: Path, shape: Tell) -> None:
    before = shape(ledger.parent)
    open_office(ledger).close()
    assert shape(ledger.parent) == before


def test_a_missing_file_is_never_made(tmp_path: Path) -> None:
    error = refusal(tmp_path / "gone.db")
    assert error.reason is Reason.MISSING
    assert error.remedies == tuple(Remedy)
    assert error.exit_code == 5
    assert list(tmp_path.iterdir()) == []
    assert refusal(tmp_path / "no" / "such" / "gone.db").reason is Reason.MISSING


def _garbage() -> dict[str, bytes]:
    return {
        "random": bytes(range(256)) * 40,
        "html": b"<!doctype html><html></html>" * 100,
        "text": "物业费".encode() * 500,
        "utf-16": "SQLite format 3".encode("utf-16"),
        "header cut": b"SQLite format 3\0",
        "zeros": bytes(8192),
    }


@pytest.mark.parametrize("kind", _garbage())
def test_garbage_is_refused_and_left_alone(tmp_path: Path, kind: str, shape: Tell) -> None:
    path = tmp_path / "bad.db"
    path.write_bytes(_garbage()[kind])
    before = shape(tmp_path)
    assert refusal(path).reason is Reason.GARBAGE
    assert shape(tmp_path) == before
    assert [left.name for left in tmp_path.iterdir()] == ["bad.db"]


@pytest.mark.parametrize("password", [None, "correct horse"])
def test_a_backup_is_told_from_a_workbook(ledger: Path, tmp_path: Path, password: str | None) -> None:
    from models.store import Why, backup

    made = backup(ledger, tmp_path / "backups", Why.MANUAL, password=password)
    error = refusal(made.path)
    assert error.reason is Reason.BACKUP
    assert "从备份恢复" in str(error)
    book = tmp_path / "book.xlsx"
    with zipfile.ZipFile(book, "w") as archive:
        archive.writestr("[Content_Types].xml", "x" * 200)
    assert refusal(book).reason is Reason.GARBAGE


def test_an_empty_file_is_not_a_new_database(tmp_path: Path) -> None:
    path = tmp_path / "empty.db"
    path.touch()
    assert refusal(path).reason is Reason.EMPTY
    assert path.stat().st_size == 0


def test_folders_pipes_and_loops_are_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.db")
    (tmp_path / "loop.db").symlink_to(tmp_path / "loop.db")
    assert refusal(tmp_path).reason is Reason.NOT_A_FILE
    assert refusal(tmp_path / "pipe.db").reason is Reason.NOT_A_FILE
    assert refusal(tmp_path / "loop.db").reason is Reason.UNREADABLE


def test_a_huge_hollow_file_is_refused_at_once(tmp_path: Path) -> None:
    path = tmp_path / "hollow.db"
    with path.open("wb") as file:
        file.truncate(5 << 30)
    assert refusal(path).reason is Reason.GARBAGE


def test_a_link_to_an_office_opens_that_office(ledger: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.db"
    link.symlink_to(ledger)
    with open_office(link) as office:
        assert office.path == ledger


@pytest.mark.parametrize("mark", [0, 1, sqlite.APPLICATION_ID + 1])
def test_a_database_of_another_program_is_refused(tmp_path: Path, mark: int, shape: Tell) -> None:
    path = tmp_path / "foreign.db"
    with contextlib.closing(sqlite3.connect(path)) as source:
        source.executescript(f"CREATE TABLE notes(a); PRAGMA application_id={mark}")
    before = shape(tmp_path)
    error = refusal(path)
    assert error.reason is Reason.FOREIGN
    assert "不是本软件的数据库" in str(error)
    assert shape(tmp_path) == before


def test_a_database_of_a_newer_program_is_refused(ledger: Path, shape: Tell) -> None:
    with contextlib.closing(sqlite3.connect(ledger)) as source:
        source.execute(f"PRAGMA user_version={migrate.latest() + 1}")
    before = shape(ledger.parent)
    error = refusal(ledger)
    assert error.reason is Reason.NEWER
    assert "请升级软件" in str(error)
    assert shape(ledger.parent) == before


def test_a_migration_that_this_program_does_not_know_means_newer(ledger: Path) -> None:
    with contextlib.closing(sqlite3.connect(ledger)) as source, source:
        source.execute("INSERT INTO schema_migration(name, applied) VALUES('0001_other', '2026-01-01')")
    assert refusal(ledger).reason is Reason.NEWER


def test_a_database_without_tables_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "bare.db"
    with contextlib.closing(sqlite3.connect(path)) as source:
        source.execute(f"PRAGMA application_id={sqlite.APPLICATION_ID}")
    assert refusal(path).reason is Reason.DAMAGED


def test_a_broken_page_is_refused_and_left_alone(ledger: Path, shape: Tell) -> None:
    spoil(ledger, 40 * 4096, os.urandom(4096))
    before = shape(ledger.parent)
    error = refusal(ledger)
    assert error.reason is Reason.DAMAGED
    assert str(ledger) in str(error)
    assert shape(ledger.parent) == before


def test_rows_that_refer_to_nothing_are_refused(ledger: Path, shape: Tell) -> None:
    with contextlib.closing(sqlite3.connect(ledger)) as source, source:
        source.execute("INSERT INTO test_line VALUES(9999, 777, '')")
    before = shape(ledger.parent)
    error = refusal(ledger)
    assert error.reason is Reason.ORPHANS
    assert "test_line 第 9999 行" in str(error)
    assert shape(ledger.parent) == before


def _leave_hot_journal(path: Path) -> None:
    """Kill a process that has written half a transaction into the file."""
    child = os.fork()
    if child == 0:
        source = sqlite3.connect(path, isolation_level=None)
        source.execute("PRAGMA cache_size=5")
        source.execute("BEGIN")
        source.executemany(
            "INSERT INTO test_line VALUES(?, 1, ?)", ((n, "x" * 900) for n in range(9000, 9900))
        )
        os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(child, 0)


def test_half_a_transaction_is_rolled_back(ledger: Path, lines: Callable[[Path], int]) -> None:
    before = ledger.read_bytes()
    _leave_hot_journal(ledger)
    assert ledger.read_bytes() != before
    open_office(ledger).close()
    assert lines(ledger) == 3000


def test_half_a_transaction_over_a_broken_file_is_left_as_it_is(ledger: Path, shape: Tell) -> None:
    _leave_hot_journal(ledger)
    spoil(ledger, 40 * 4096, os.urandom(4096))
    before = shape(ledger.parent)
    assert refusal(ledger).reason is Reason.DAMAGED
    assert shape(ledger.parent) == before


@pytest.mark.parametrize("kind", ["other office", "same office, other time", "other page size"])
def test_a_journal_of_another_database_is_never_mixed_in(
    ledger: Path, tmp_path: Path, kind: str, write: Callable[[Path, str], None], shape: Tell
) -> None:
    other = Path(shutil.copyfile(ledger, tmp_path / "other.db"))
    if kind == "other page size":
        with contextlib.closing(sqlite3.connect(other)) as source:
            source.executescript("PRAGMA page_size=1024; VACUUM")
    elif kind == "other office":
        with contextlib.closing(sqlite3.connect(other)) as source:
            source.executescript("DELETE FROM test_line WHERE id > 1000; VACUUM")
    _leave_hot_journal(other)
    if kind == "same office, other time":
        for number in range(300):
            write(ledger, str(number) * 400)
    shutil.copyfile(f"{other}-journal", f"{ledger}-journal")
    before = shape(ledger.parent)
    error = refusal(ledger)
    assert error.reason is Reason.STRAY
    assert f"{ledger}-journal" in str(error)
    assert shape(ledger.parent) == before


def _wal_left_behind(path: Path) -> None:
    child = os.fork()
    if child == 0:
        source = sqlite3.connect(path, isolation_level=None)
        source.execute("PRAGMA journal_mode=WAL")
        source.execute("INSERT INTO test_line VALUES(8000, 1, 'in the log')")
        os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(child, 0)


def test_a_write_ahead_log_of_another_database_is_never_mixed_in(
    ledger: Path, tmp_path: Path, shape: Tell
) -> None:
    other = Path(shutil.copyfile(ledger, tmp_path / "other.db"))
    _wal_left_behind(other)
    shutil.copyfile(f"{other}-wal", f"{ledger}-wal")
    before = shape(ledger.parent)
    assert refusal(ledger).reason is Reason.STRAY
    assert shape(ledger.parent) == before


def test_what_another_tool_left_in_a_write_ahead_log_is_taken_in(
    ledger: Path, lines: Callable[[Path], int]
) -> None:
    _wal_left_behind(ledger)
    open_office(ledger).close()
    assert not ledger.with_name("office.db-wal").exists()
    assert lines(ledger) == 3001


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root, to become somebody who may not write")
@pytest.mark.parametrize(("mode", "folder_mode", "words"), [(0o444, 0o777, "只读"), (0o666, 0o555, "只读")])
def test_a_read_only_file_or_folder_is_told(
    ledger: Path, tmp_path_factory: pytest.TempPathFactory, mode: int, folder_mode: int, words: str
) -> None:
    source = Path(gate.__file__).parents[2]
    code_folder = tmp_path_factory.mktemp("code")  # the checkout may be closed to others, as /root is
    for package in ("models", "resources"):
        shutil.copytree(source / package, code_folder / package)
    for parent in {*ledger.parent.parents, *code_folder.parents, code_folder}:
        if parent.stat().st_mode & 0o001 == 0:
            parent.chmod(parent.stat().st_mode | 0o011)
    ledger.chmod(mode)
    ledger.parent.chmod(folder_mode)
    code = (
        "import os, sys; from pathlib import Path; from models.store import open_office, GateRefused\n"
        "os.setgroups([]); os.setuid(65534)\n"  # after the imports: the libraries may be closed to others too
        "try: open_office(Path(sys.argv[1]))\n"
        "except GateRefused as e: print(e.reason.name, e)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(ledger)],
        capture_output=True, text=True, check=False, cwd=code_folder,
    )  # fmt: skip
    assert done.stdout.startswith("READ_ONLY"), done.stderr
    assert words in done.stdout


def test_a_killed_program_is_told_of_at_the_next_start(ledger: Path) -> None:
    child = os.fork()
    if child == 0:
        open_office(ledger)
        os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(child, 0)
    with open_office(ledger) as office:
        assert office.unclean
        assert "没有正常退出" in office.warnings[0]
    with open_office(ledger) as office:
        assert not office.unclean


def test_a_second_program_works_beside_the_first(ledger: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from models.store import open_office\n"
        "with open_office(Path(sys.argv[1])) as office: print(office.unclean)"
    )
    with open_office(ledger):
        done = subprocess.run(
            [sys.executable, "-c", code, str(ledger)],
            capture_output=True, text=True, check=False, cwd=Path(gate.__file__).parents[2],
        )  # fmt: skip
    assert done.stdout.strip() == "False", done.stderr
    with open_office(ledger) as office:
        assert not office.unclean


def test_a_lock_held_by_another_tool_is_told(ledger: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "WAIT", 0)
    with contextlib.closing(sqlite3.connect(ledger, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(Busy, match="正被占用"):
            open_office(ledger)


@pytest.fixture
def next_edition(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program that knows one migration more; the test writes its script."""
    scripts = tmp_path / "migrations"
    shutil.copytree(migrate.SCRIPTS, scripts, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(migrate, "SCRIPTS", scripts)
    return scripts / f"{migrate.latest() + 1:04d}_more.py"


def test_an_older_database_is_migrated_after_a_verified_backup(ledger: Path, next_edition: Path) -> None:
    old = ledger.read_bytes()
    next_edition.write_text("def up(migrator, db):\n    db.execute_sql('CREATE TABLE more(a)')\n")
    with open_office(ledger, backups=ledger.parent / "kept") as office:
        assert office.migrated == (next_edition.stem,)
        assert sqlite.user_version(base.db) == migrate.latest()
        assert "more" in sqlite.tables(base.db)
        kept = office.premigrate
    assert kept is not None
    report = verify(kept)
    assert report.manifest.why.value == "premigrate"
    assert report.manifest.schema == migrate.latest() - 1
    assert report.manifest.sha256 == hashlib.sha256(old).hexdigest()
    with open_office(ledger) as office:
        assert office.migrated == ()


@pytest.mark.parametrize(
    "script",
    [
        "def up(migrator, db):\n    db.execute_sql('CREATE TABLE more(a)')\n    raise ValueError('bug')\n",
        "atomic = False\ndef up(migrator, db):\n    db.execute_sql('CREATE TABLE more(a)')\n",
        "def up(migrator, db):\n    db.execute_sql('DELETE FROM test_house')\n",
    ],
    ids=["raises", "asks to run outside a transaction", "leaves orphans"],
)
def test_a_migration_that_fails_leaves_the_database_as_it_was(
    ledger: Path, next_edition: Path, script: str
) -> None:
    next_edition.write_text(script)
    with contextlib.closing(sqlite3.connect(ledger)) as source:
        before = sqlite.schema_text(source), sqlite.row_counts(source), sqlite.user_version(source)
    with pytest.raises((ValueError, StorageRefused)):
        open_office(ledger)
    with contextlib.closing(sqlite3.connect(ledger)) as source:
        after = sqlite.schema_text(source), sqlite.row_counts(source), sqlite.user_version(source)
    assert after == before
    assert len(list_backups(ledger.parent / "backups")) == 1


def test_nobody_is_migrated_under_the_feet_of_another(
    ledger: Path, next_edition: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = open_office(ledger)
    next_edition.write_text("def up(migrator, db):\n    pass\n")
    with pytest.raises(Busy):
        open_office(ledger, db=sqlite.OfficeDatabase(None))
    first.close()


def test_a_new_office_never_takes_the_place_of_a_file(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    path.write_bytes(b"precious")
    with pytest.raises(StorageRefused, match="已经存在"):
        create_office(path)
    assert path.read_bytes() == b"precious"
    assert list(tmp_path.iterdir()) == [path]


def test_a_new_office_is_filled_before_it_gets_its_name(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    seen: list[bool] = []

    def fill() -> None:
        base.db.execute_sql("CREATE TABLE filled(a)")
        seen.append(path.exists())

    create_office(path, fill)
    assert seen == [False]
    assert [left.name for left in tmp_path.iterdir()] == ["a.db"]
    with open_office(path):
        assert "filled" in sqlite.tables(base.db)


def test_a_new_office_that_cannot_be_filled_leaves_nothing(tmp_path: Path) -> None:
    def fill() -> None:
        raise StorageRefused("no")

    with pytest.raises(StorageRefused):
        create_office(tmp_path / "a.db", fill)
    assert list(tmp_path.iterdir()) == []
    assert base.db.is_closed()


def test_a_new_office_in_a_missing_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(StorageRefused, match="没有文件夹"):
        create_office(tmp_path / "no" / "a.db")


def test_only_the_owner_can_read_a_new_office(tmp_path: Path) -> None:
    create_office(tmp_path / "a.db")
    assert (tmp_path / "a.db").stat().st_mode & 0o077 == 0
