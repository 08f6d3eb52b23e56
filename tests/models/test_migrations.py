"""The frozen scripts make exactly the tables that the records describe."""

from pathlib import Path

import peewee
import pytest

from desktop.modules import load
from models import sqlite
from models.base import RECORDS, Dated, Record, db

UNTABLED = {Record, Dated}


def described(tmp_path: Path) -> set[str]:
    """Return the schema that the records would make of themselves."""
    load()
    path = tmp_path / "described.db"
    sqlite.make_empty(path)
    fresh = peewee.SqliteDatabase(str(path))
    tables = [
        record
        for record in RECORDS.values()
        if record not in UNTABLED and record.__module__.startswith("models.")
    ]
    with fresh.bind_ctx(tables):
        fresh.create_tables(tables)
    told = schema(fresh)
    fresh.close()
    return told


def schema(database: peewee.Database) -> set[str]:
    """Return every table and index as its SQL."""
    rows = database.execute_sql(
        "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND type IN ('table', 'index') "
        "AND tbl_name <> 'schema_migration'"
    )
    return {row[0] for row in rows}


def test_migrations_make_what_the_records_describe(office: Path, tmp_path: Path) -> None:
    wanted, found = described(tmp_path), schema(db)
    assert found - wanted == set(), "the migrations make what no record describes"
    assert wanted - found == set(), "a record has what no migration makes"


@pytest.mark.parametrize(
    ("table", "sql"),
    [
        ("audit_entry", "UPDATE audit_entry SET who = 'x'"),
        ("audit_entry", "DELETE FROM audit_entry"),
        ("receipt_row", "DELETE FROM receipt_row"),
        ("day_closing", "DELETE FROM day_closing"),
        ("receipt", "DELETE FROM receipt"),
        ("allocation", "DELETE FROM allocation"),
        ("bill", "DELETE FROM bill"),
    ],
)
def test_what_was_issued_is_guarded_by_the_database_itself(office: Path, table: str, sql: str) -> None:
    guards = {row[0] for row in db.execute_sql("SELECT tbl_name FROM sqlite_master WHERE type = 'trigger'")}
    assert table in guards
    if db.execute_sql(f'SELECT COUNT(*) FROM "{table}"').fetchone()[0]:
        with pytest.raises(peewee.IntegrityError):
            db.execute_sql(sql)
