"""Tests of the migrations that are shipped, and of how they are run."""

import contextlib
import shutil
import sqlite3
from pathlib import Path

import pytest

from models import sqlite
from models.errors import StorageRefused
from models.store import migrate

SHIPPED = migrate.SCRIPTS
TODAY = "2026-11-29"


@pytest.fixture
def scripts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "migrations"
    folder.mkdir()
    monkeypatch.setattr(migrate, "SCRIPTS", folder)
    return folder


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    path = tmp_path / "a.db"
    sqlite.make_empty(path)
    return path


def test_shipped_migrations_are_numbered_without_gaps_and_run_in_a_transaction() -> None:
    names = migrate.names()
    assert [migrate.number(name) for name in names] == list(range(1, len(names) + 1))
    for script in migrate.SCRIPTS.glob("[0-9]*.py"):
        assert "atomic =" not in script.read_text("utf-8")


def test_the_number_of_the_schema_moves_with_each_migration(scripts: Path, empty: Path) -> None:
    (scripts / "0001_first.py").write_text("def up(migrator, db): db.execute_sql('CREATE TABLE a(x)')")
    (scripts / "0002_then.py").write_text("def up(migrator, db): raise ValueError('bug')")
    with pytest.raises(ValueError, match="bug"):
        migrate.run(empty)
    with contextlib.closing(sqlite3.connect(empty)) as source:
        assert sqlite.user_version(source) == 1
        assert migrate.applied(source) == ["0001_first"]
    (scripts / "0002_then.py").write_text("def up(migrator, db): db.execute_sql('CREATE TABLE b(x)')")
    assert migrate.run(empty) == ["0002_then"]
    with contextlib.closing(sqlite3.connect(empty)) as source:
        assert sqlite.user_version(source) == migrate.latest() == 2
        assert sqlite.tables(source) == ["a", "b", "schema_migration"]


def test_a_script_outside_a_transaction_is_refused(scripts: Path, empty: Path) -> None:
    (scripts / "0001_first.py").write_text("atomic = False\ndef up(migrator, db): pass")
    with pytest.raises(StorageRefused, match="事务"):
        migrate.run(empty)


def test_without_scripts_no_schema_is_known(scripts: Path) -> None:
    assert migrate.latest() == 0


@pytest.mark.parametrize("payer", [None, 1])
def test_disputes_are_kept_by_whichever_edition_they_were_made(
    scripts: Path, empty: Path, tmp_path: Path, payer: int | None
) -> None:
    for one in sorted(SHIPPED.glob("[0-9]*.py")):
        if migrate.number(one.stem) < 21:
            shutil.copy(one, scripts)
    migrate.run(empty)
    with contextlib.closing(sqlite3.connect(empty)) as source, source:
        for record, values in (
            ("unit", {"kind": "HOUSE", "code": "1-101", "room": "101", "state": "OCCUPIED", "sort_key": "1"}),
            ("person", {"number": "1", "name": "张䶮"}),
            (
                "bill_dispute",
                {"unit_id": 1, "since": TODAY, "reason": "漏水", "made_at": TODAY, "made_by": "王"},
            ),
        ):
            _insert(source, record, values)
        if payer is not None:  # as one edition made it within 0014
            source.execute("ALTER TABLE bill_dispute ADD COLUMN payer_id INTEGER REFERENCES person (id)")
            source.execute("UPDATE bill_dispute SET payer_id = ?", (payer,))
    shutil.copy(next(SHIPPED.glob("0021_*.py")), scripts)
    assert migrate.run(empty) == ["0021_dispute_payer"]
    with contextlib.closing(sqlite3.connect(empty)) as source:
        told = source.execute("SELECT unit_id, payer_id, reason, made_by FROM bill_dispute").fetchall()
        assert told == [(1, payer, "漏水", "王")]
        for change in ("UPDATE bill_dispute SET payer_id = 9", "DELETE FROM bill_dispute"):
            with pytest.raises(sqlite3.IntegrityError, match="bill_dispute"):
                source.execute(change)


def _insert(source: sqlite3.Connection, table: str, values: dict[str, object]) -> None:
    """Write a row; columns that must not be empty and are not given are zero."""
    needed = [row[1] for row in source.execute(f"PRAGMA table_info({table})") if row[3] and row[1] != "id"]
    given = dict.fromkeys(needed, 0) | values
    marks = ", ".join("?" * len(given))
    names = ", ".join(f'"{name}"' for name in given)
    source.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", list(given.values()))
