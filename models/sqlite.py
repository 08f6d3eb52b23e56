"""数据库方言: everything that only SQLite understands, in this one file.

TRUNCATE + FULL is the pair that lost nothing in 2,000 simulated power cuts (reliability.md 0.11)
and leaves one file at rest. `synchronous` belongs to a connection, so the settings are made and
read back on each one, in worker threads too.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import peewee

from models import text
from models.errors import StorageRefused

APPLICATION_ID = 0x50434F46
"""Marks a file as ours in the SQLite header: the letters PCOF."""

PRAGMAS: dict[str, str | int] = {
    "busy_timeout": 5000,
    "journal_mode": "TRUNCATE",
    "synchronous": "FULL",
    "foreign_keys": 1,
    "cache_size": -64000,
    # Without it INSERT OR REPLACE deletes past the triggers that forbid deleting.
    "recursive_triggers": 1,
}

SIDECARS = ("-journal", "-wal", "-shm")
"""What SQLite may leave beside a database; they belong together."""

Source = peewee.Database | sqlite3.Connection
"""Where SQL can be sent: the database of the program or a bare connection."""

_READ_BACK = {"FULL": "2"}


class OfficeDatabase(peewee.SqliteDatabase):
    """A database file of ours: every connection is refused unless its settings took hold."""

    def _add_conn_hooks(self, conn: sqlite3.Connection) -> None:
        super()._add_conn_hooks(conn)  # type: ignore[misc]
        wrong = settings_not_taken(conn)
        if wrong:
            raise StorageRefused(
                f"数据库没有按可靠的方式打开（{'、'.join(wrong)}）。请退出程序，确认没有别的软件打开它，再重试。"
            )


def init(db: peewee.SqliteDatabase, path: Path, create: bool = False) -> None:
    """Point the program's database at a file; a missing file is never made unless `create`.

    Raises:
        StorageRefused: `create` and the file exists already, or it cannot be made.
    """
    if create:
        make_empty(path)
    db.init(uri(path, "rw"), pragmas=dict(PRAGMAS), timeout=5, uri=True)


def make_empty(path: Path) -> None:
    """Make an empty file that only its owner can read.

    Raises:
        StorageRefused: it exists already, or the folder cannot be written.
    """
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except FileExistsError:
        raise StorageRefused(f"文件已经存在，不会覆盖：{path}。请换一个文件名。") from None
    except OSError as error:
        raise StorageRefused(
            f"不能在这里建立文件：{path}（{text.system_reason(error)}）。请确认文件夹存在并且可以写入。"
        ) from None


def uri(path: Path, mode: str) -> str:
    """Return the URI by which SQLite opens a file as `ro` or `rw`; UNC paths included."""
    named = os.fsencode(Path(os.path.abspath(path)).as_posix())
    slash = "" if named.startswith(b"/") else "/"
    return f"file://{slash}{quote(named)}?mode={mode}"


def connect(path: Path, mode: str = "ro", timeout: float = 5.0) -> sqlite3.Connection:
    """Open a file that may be damaged or hostile, beside the program's own database.

    Args:
        path: the file.
        mode: `ro`, `rw`, or `rwc` to make it where it is missing.
        timeout: seconds to wait for a lock.
    """
    made = sqlite3.connect(
        uri(path, mode), uri=True, timeout=timeout, isolation_level=None, check_same_thread=False
    )
    made.execute("PRAGMA trusted_schema=OFF")
    made.execute("PRAGMA cell_size_check=ON")
    return made


def begin_exclusive(source: sqlite3.Connection, wait: float) -> None:
    """Begin a transaction that shuts everybody else out, waiting at most these seconds."""
    _run(source, f"PRAGMA busy_timeout={int(wait * 1000):d}")
    _run(source, "BEGIN EXCLUSIVE")


def begin_shared(source: sqlite3.Connection, wait: float) -> None:
    """Begin a reading transaction: others may read, but nobody can commit until it ends."""
    _run(source, f"PRAGMA busy_timeout={int(wait * 1000):d}")
    _run(source, "BEGIN")
    try:
        _run(source, "SELECT count(*) FROM sqlite_master").fetchone()
    except BaseException:
        _run(source, "ROLLBACK")
        raise


def end_wal(source: sqlite3.Connection) -> None:
    """Take in what a write-ahead log holds and go back to one file at rest."""
    _run(source, f"PRAGMA journal_mode={PRAGMAS['journal_mode']}").fetchone()


def settings_not_taken(source: Source) -> list[str]:
    """Return the settings that a connection does not have, as `name=value`."""
    wrong = []
    for name, wanted in PRAGMAS.items():
        found = str(_one(source, f"PRAGMA {name}")).upper()
        if found != _READ_BACK.get(str(wanted), str(wanted)):
            wrong.append(f"{name}={found}")
    return wrong


def application_id(source: Source) -> int:
    """Return the mark in the header; 0 for a file of nobody."""
    return int(_one(source, "PRAGMA application_id"))


def set_application_id(source: Source) -> None:
    """Mark the file as ours."""
    _run(source, f"PRAGMA application_id={APPLICATION_ID:d}")


def user_version(source: Source) -> int:
    """Return the number of the schema, which is that of its last migration."""
    return int(_one(source, "PRAGMA user_version"))


def set_user_version(source: Source, number: int) -> None:
    """Set the number of the schema; part of a running transaction."""
    _run(source, f"PRAGMA user_version={number:d}")


def size(source: Source) -> int:
    """Return how many bytes the file must have by its own account."""
    return int(_one(source, "PRAGMA page_count")) * int(_one(source, "PRAGMA page_size"))


def quick_check(source: Source, limit: int = 20) -> list[str]:
    """Return what SQLite finds broken in its pages, nothing when sound."""
    found = [str(row[0]) for row in _run(source, f"PRAGMA quick_check({limit:d})")]
    return [] if found == ["ok"] else found


def foreign_key_check(source: Source) -> list[tuple[str, int | None, str]]:
    """Return (table, rowid, parent table) of each row that refers to nothing."""
    return [(row[0], row[1], row[2]) for row in _run(source, "PRAGMA foreign_key_check")]


def tables(source: Source) -> list[str]:
    """Return the names of all tables but SQLite's own."""
    rows = _run(
        source,
        "SELECT name FROM sqlite_master WHERE type='table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' "
        "ORDER BY name",
    )
    return [str(row[0]) for row in rows]


def row_counts(source: Source) -> dict[str, int]:
    """Return the number of rows of each table."""
    return {name: int(_one(source, f"SELECT count(*) FROM {_quoted(name)}")) for name in tables(source)}


def column(source: Source, table: str, name: str) -> list[Any]:
    """Return one column of all rows of a table."""
    return [row[0] for row in _run(source, f"SELECT {_quoted(name)} FROM {_quoted(table)}")]


def last_row(source: Source, table: str, columns: Iterable[str]) -> tuple[Any, ...] | None:
    """Return these columns of the row with the highest rowid."""
    names = ", ".join(_quoted(column) for column in columns)
    found = _run(source, f"SELECT {names} FROM {_quoted(table)} ORDER BY rowid DESC LIMIT 1").fetchone()
    return tuple(found) if found else None


def days_between(later: Any, earlier: Any) -> Any:
    """Return the expression of how many days lie between two days; negative where the later one is not."""
    days = peewee.fn.julianday(later) - peewee.fn.julianday(earlier)
    return peewee.fn.ROUND(days).cast("INTEGER")


def joined(values: Any, separator: str) -> Any:
    """Return the expression that strings the values of a group together."""
    return peewee.fn.GROUP_CONCAT(values, separator)


def schema_text(source: Source) -> str:
    """Return the text of the whole schema, in an order that does not depend on history."""
    rows = _run(
        source, "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY type DESC, tbl_name, name"
    )
    return ";\n".join(str(row[0]) for row in rows)


def guard_append_only(db: Source, table: str) -> None:
    """Forbid changing and deleting rows of a table, for whoever comes.

    A migration that rebuilds the table must call it again: triggers fall with their table.
    """
    _run(
        db,
        f"CREATE TRIGGER {_quoted(table + '_no_update')} BEFORE UPDATE ON {_quoted(table)} "
        f"BEGIN SELECT RAISE(ABORT, {_text(f'{table}: rows are never changed')}); END",
    )
    _forbid_delete(db, table)


def guard_columns(db: Source, table: str, columns: Iterable[str], may_go: str = "") -> None:
    """Forbid changing these columns and deleting rows; setting a column to what it is passes.

    Args:
        db: where the table is.
        table: its name.
        columns: what must not change.
        may_go: condition on OLD of the rows that may be deleted all the same.
    """
    names = [_quoted(column) for column in columns]
    differ = " OR ".join(f"OLD.{name} IS NOT NEW.{name} COLLATE BINARY" for name in names)
    _run(
        db,
        f"CREATE TRIGGER {_quoted(table + '_no_update')} BEFORE UPDATE OF {', '.join(names)} "
        f"ON {_quoted(table)} WHEN {differ} "
        f"BEGIN SELECT RAISE(ABORT, {_text(f'{table}: these columns are never changed')}); END",
    )
    _forbid_delete(db, table, may_go)


def guard_once(db: Source, table: str, columns: Iterable[str]) -> None:
    """Forbid changing what was filled in later and once for all, as what was counted at a shift's end."""
    names = [_quoted(column) for column in columns]
    differ = " OR ".join(
        f"(OLD.{name} IS NOT NULL AND OLD.{name} IS NOT NEW.{name} COLLATE BINARY)" for name in names
    )
    _run(
        db,
        f"CREATE TRIGGER {_quoted(table + '_once')} BEFORE UPDATE ON {_quoted(table)} WHEN {differ} "
        f"BEGIN SELECT RAISE(ABORT, {_text(f'{table}: what was filled in stays')}); END",
    )


def guard_when(db: Source, table: str, held: str) -> None:
    """Forbid changing and deleting rows while a condition on OLD holds, as of the lines of a signed paper."""
    for verb in ("UPDATE", "DELETE"):
        _run(
            db,
            f"CREATE TRIGGER {_quoted(f'{table}_held_{verb.lower()}')} BEFORE {verb} ON {_quoted(table)} "
            f"WHEN {held} BEGIN SELECT RAISE(ABORT, {_text(f'{table}: its paper is signed')}); END",
        )


def guard_closed(db: Source, table: str, day: str, columns: Iterable[str], closes: str, until: str) -> None:
    """Forbid new rows of days whose books are closed, and changing these columns of such rows.

    Args:
        db: where the tables are.
        table: its name.
        day: column that holds the day of a row.
        columns: what must not change any more.
        closes: table of the closes.
        until: column of it that holds the last closed day.
    """
    last = f"(SELECT MAX({_quoted(until)}) FROM {_quoted(closes)})"
    told = _text(f"{table}: its books are closed")
    names = [_quoted(column) for column in columns]
    differ = " OR ".join(f"OLD.{name} IS NOT NEW.{name}" for name in names)
    for kind, event, held in (
        ("insert", "INSERT", f"NEW.{_quoted(day)} <= {last}"),
        ("update", f"UPDATE OF {', '.join(names)}", f"OLD.{_quoted(day)} <= {last} AND ({differ})"),
    ):
        _run(
            db,
            f"CREATE TRIGGER {_quoted(f'{table}_closed_{kind}')} BEFORE {event} ON {_quoted(table)} "
            f"WHEN {held} BEGIN SELECT RAISE(ABORT, {told}); END",
        )


def guard_anew(db: Source, table: str, columns: Iterable[str], may_go: str) -> None:
    """Guard a table anew, as `guard_columns` does, where what may be deleted has become more."""
    for kind in ("update", "delete"):
        _run(db, f"DROP TRIGGER {_quoted(f'{table}_no_{kind}')}")
    guard_columns(db, table, columns, may_go)


def _forbid_delete(db: Source, table: str, may_go: str = "") -> None:
    unless = f"WHEN NOT ({may_go}) " if may_go else ""
    _run(
        db,
        f"CREATE TRIGGER {_quoted(table + '_no_delete')} BEFORE DELETE ON {_quoted(table)} {unless}"
        f"BEGIN SELECT RAISE(ABORT, {_text(f'{table}: rows are never deleted')}); END",
    )


def _run(source: Source, sql: str) -> Any:
    if isinstance(source, sqlite3.Connection):
        return source.execute(sql)
    return source.execute_sql(sql)


def _one(source: Source, sql: str) -> Any:
    row = _run(source, sql).fetchone()
    return row[0] if row else None


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text(words: str) -> str:
    return "'" + words.replace("'", "''") + "'"
