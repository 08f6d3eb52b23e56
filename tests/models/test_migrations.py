"""The frozen scripts make exactly the tables that the records describe."""

import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import peewee
import pytest

from desktop.modules import load
from models import sqlite
from models.base import RECORDS, Dated, Record, db
from models.office.accounts import Role

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
    """Return every column, reference, check and index in words.

    A column that a later script added stands at the end and bears the default of the rows before it; both
    are of no account.
    """
    rows = database.execute_sql(
        "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL AND type IN ('table', 'index') "
        "AND tbl_name <> 'schema_migration'"
    ).fetchall()
    told = {sql for kind, _, sql in rows if kind == "index"}
    for kind, table, sql in rows:
        if kind == "table":
            told |= {f"{table} {check}" for check in re.findall(r"CHECK \(.*?\)\)?", sql)}
            told |= {f"{table}.{line}" for line in _columns(database, table)}
    return told


def _columns(database: peewee.Database, table: str) -> Iterator[str]:
    for _, name, kind, needed, _, key in database.execute_sql(f'PRAGMA table_info("{table}")'):
        yield f"{name} {kind}{' NOT NULL' if needed else ''}{' PRIMARY KEY' if key else ''}"
    for row in database.execute_sql(f'PRAGMA foreign_key_list("{table}")'):
        yield f"{row[3]} REFERENCES {row[2]} ({row[4]}) {row[5]} {row[6]}"


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


def test_rights_of_the_eleventh_script_stand_beside_what_an_office_had_granted(office: Path) -> None:
    """An office that lets its supervisor bill already gets the right to adjust once, not twice."""
    script = import_module("models.migrations.0011_adjustments")
    supervisor = Role.get(Role.name == "客服主管").id
    with db.atomic() as undone:
        db.execute_sql("DELETE FROM role_right WHERE \"right\" IN ('fees.adjust', 'fees.refund')")
        db.execute_sql(
            "INSERT INTO role_right (role_id, \"right\", row_version) VALUES (?, 'fees.bill', 1)",
            (supervisor,),
        )
        script.grant(db)
        told = db.execute_sql(
            'SELECT "right" FROM role_right WHERE role_id = ? AND "right" LIKE \'fees.%\'', (supervisor,)
        ).fetchall()
        undone.rollback()
    assert {"fees.adjust", "fees.refund", "fees.bill"} <= {right for (right,) in told}
