"""Tests of the SQLite dialect: settings, guards, checks."""

import sqlite3
import threading
from pathlib import Path

import peewee
import pytest

from models import sqlite
from models.errors import StorageRefused


def office(path: Path, create: bool = True) -> sqlite.OfficeDatabase:
    db = sqlite.OfficeDatabase(None)
    sqlite.init(db, path, create=create)
    return db


def test_a_missing_file_is_never_made(tmp_path: Path) -> None:
    db = office(tmp_path / "gone.db", create=False)
    with pytest.raises(peewee.OperationalError):
        db.connect()
    assert list(tmp_path.iterdir()) == []


def test_an_existing_file_is_never_made_anew(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    path.write_bytes(b"precious")
    with pytest.raises(StorageRefused, match="已经存在"):
        office(path)
    assert path.read_bytes() == b"precious"


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(StorageRefused, match="不能在这里建立文件"):
        office(tmp_path / "no" / "a.db")


@pytest.mark.parametrize("name", ["物业 账.db", "a?mode=memory.db", "a%41#b.db", "'quoted\".db"])
def test_any_file_name_opens_that_very_file(tmp_path: Path, name: str) -> None:
    db = office(tmp_path / name)
    db.execute_sql("CREATE TABLE t(a)")
    db.close()
    assert (tmp_path / name).stat().st_size > 0


def test_settings_hold_in_a_worker_thread_too(tmp_path: Path) -> None:
    db = office(tmp_path / "a.db")
    found: list[list[str]] = []

    def work() -> None:
        found.append(sqlite.settings_not_taken(db))
        db.close()

    worker = threading.Thread(target=work)
    worker.start()
    worker.join()
    assert found == [[]]
    assert sqlite.settings_not_taken(db) == []
    db.close()


def test_a_connection_whose_settings_did_not_take_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    db = office(tmp_path / "a.db")
    monkeypatch.setattr(db, "_set_pragmas", lambda conn: None)
    with pytest.raises(StorageRefused, match="foreign_keys=0"):
        db.connect()
    assert db.is_closed()


@pytest.fixture
def guarded(tmp_path: Path) -> sqlite.OfficeDatabase:
    db = office(tmp_path / "a.db")
    for table in ("trail", "line"):
        db.execute_sql(f"CREATE TABLE {table}(id INTEGER PRIMARY KEY, amount INTEGER, live INTEGER)")
        db.execute_sql(f"INSERT INTO {table} VALUES(1, 100, 1)")
    sqlite.guard_append_only(db, "trail")
    sqlite.guard_columns(db, "line", ["amount"])
    return db


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE trail SET live=0",
        "DELETE FROM trail",
        "INSERT OR REPLACE INTO trail VALUES(1, 5, 1)",
        "UPDATE line SET amount=101",
        "UPDATE line SET amount=NULL",
        "DELETE FROM line",
        "REPLACE INTO line VALUES(1, 5, 1)",
    ],
)
def test_guarded_rows_cannot_be_changed(guarded: sqlite.OfficeDatabase, statement: str) -> None:
    with pytest.raises(peewee.IntegrityError, match="never"):
        guarded.execute_sql(statement)
    assert guarded.execute_sql("SELECT * FROM trail, line").fetchall() == [(1, 100, 1, 1, 100, 1)]


def test_columns_that_are_not_guarded_change(guarded: sqlite.OfficeDatabase) -> None:
    guarded.execute_sql("UPDATE line SET amount=100, live=0")
    assert guarded.execute_sql("SELECT live FROM line").fetchone() == (0,)


def test_checks_and_counts_work_on_both_kinds_of_connection(guarded: sqlite.OfficeDatabase) -> None:
    sqlite.set_application_id(guarded)
    sqlite.set_user_version(guarded, 7)
    path = Path(guarded.execute_sql("PRAGMA database_list").fetchone()[2])
    bare = sqlite.connect(path)
    for source in (guarded, bare):
        assert sqlite.application_id(source) == sqlite.APPLICATION_ID
        assert sqlite.user_version(source) == 7
        assert sqlite.quick_check(source) == []
        assert sqlite.foreign_key_check(source) == []
        assert sqlite.row_counts(source) == {"line": 1, "trail": 1}
    assert sqlite.schema_text(bare) == sqlite.schema_text(guarded)
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        bare.execute("DELETE FROM line")
    bare.close()


def test_a_row_that_refers_to_nothing_is_found(tmp_path: Path) -> None:
    bare = sqlite3.connect(tmp_path / "a.db")
    bare.executescript(
        "CREATE TABLE unit(id INTEGER PRIMARY KEY);"
        "CREATE TABLE bill(id INTEGER PRIMARY KEY, unit REFERENCES unit);"
        "INSERT INTO bill VALUES(4, 9);"
    )
    assert sqlite.foreign_key_check(bare) == [("bill", 4, "unit")]
    bare.close()
