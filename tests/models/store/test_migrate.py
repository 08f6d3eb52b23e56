"""Tests of the migrations that are shipped, and of how they are run."""

import contextlib
import sqlite3
from pathlib import Path

import pytest

from models import sqlite
from models.errors import StorageRefused
from models.store import migrate


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
