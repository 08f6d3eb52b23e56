"""启动检查: the one way to open an office, from a path to a checked, locked, migrated database.

missing → empty → header → ours → not newer → writable → journal → pages → references → alone or shared →
migrated (after a verified backup) → open. Whatever is refused has not been written to.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import stat
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import peewee

from models import base, sqlite, text
from models.errors import StorageRefused
from models.store import container, contents, files, header, migrate, restore
from models.store.backup import backup
from models.store.files import beside
from models.store.header import Header
from models.store.latch import WAIT, Latch
from models.store.manifest import Why
from models.store.network import network_warning
from models.store.refusals import (
    BROKEN,
    GateRefused,
    Reason,
    busy,
    database_reason,
    is_busy,
    sqlite_name,
    telling,
)


@dataclass
class Office:
    """An open database; `close` it, or the next start will tell of an unclean end."""

    path: Path
    db: peewee.SqliteDatabase
    latch: Latch
    warnings: list[str]
    """What the person should know, in Chinese."""
    unclean: bool = False
    """Whether the last user of the database ended without closing it."""
    migrated: tuple[str, ...] = ()
    """The migrations that were run."""
    unread: bool = False
    """Whether its pages and references are still to be read through (`look_through`)."""
    premigrate: Path | None = None
    """The backup made before them."""
    closed: bool = False

    def look_through(self) -> None:
        """Read every page and reference; who opened it `later` does so before anything is written.

        Raises:
            GateRefused: it is broken inside.
        """
        if self.unread:
            _judge_inside(self.path)
            self.unread = False

    def close(self) -> None:
        """Close the database and note that it was left in order; a second time does nothing."""
        if self.closed:
            return
        self.closed = True
        self.db.close()
        self.db.init(None)
        files.let_go(self.path)
        self.latch.leave()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_office(
    path: Path,
    *,
    backups: Path | None = None,
    db: peewee.SqliteDatabase | None = None,
    later: bool = False,
) -> Office:
    """Check a database file and point the program at it.

    Args:
        path: the file; it is never created here.
        backups: where the backup before a migration goes; the folder `backups` beside it by default.
        db: what is pointed at it; the program's own database by default.
        later: whether pages and references are read through afterwards, by `Office.look_through`: a large
            file takes seconds, in which a person can be shown the door. What was left in disorder or
            must be migrated is read through at once all the same.

    Raises:
        GateRefused: it cannot be opened; says why and offers `remedies`. Nothing was written to it.
        Busy: somebody is just migrating or restoring it, or holds its lock for more than 5 s.
    """
    path = Path(os.path.realpath(path))
    restore.finish(path)
    examine(path)
    latch = Latch(path)
    with _left_on_failure(latch):
        latch.enter()
        found = examine(path)
        _settle(path, found)
        _judge(path)
        later = later and not latch.unclean and not _pending(path)
        if not later:
            _judge_inside(path)
        office = Office(path, db or base.db, latch, [], latch.unclean, unread=later)
        _migrate(office, backups or path.parent / "backups")
        _open(office)
    return office


def examine(path: Path) -> Header:
    """Look at a file without SQLite and return its header.

    Raises:
        GateRefused: it is missing, no file, empty, garbage, foreign, newer or not writable.
    """
    try:
        found = os.stat(path)
        if not stat.S_ISREG(found.st_mode):
            raise GateRefused(
                Reason.NOT_A_FILE, path, "文件夹" if stat.S_ISDIR(found.st_mode) else "特殊文件"
            )
        if found.st_size == 0:
            raise GateRefused(Reason.EMPTY, path)
        raw = header.read(path)
    except (FileNotFoundError, NotADirectoryError):
        raise GateRefused(Reason.MISSING, path) from None
    except (OSError, ValueError) as error:
        told = text.system_reason(error) if isinstance(error, OSError) else "读不懂文件名"
        raise GateRefused(Reason.UNREADABLE, path, told) from error
    judged = Header.parse(raw)
    if judged is None:
        raise GateRefused(Reason.BACKUP if container.begins_backup(raw) else Reason.GARBAGE, path)
    if judged.application_id != sqlite.APPLICATION_ID:
        raise GateRefused(Reason.FOREIGN, path)
    _refuse_newer(path, judged.user_version)
    _refuse_read_only(path)
    return judged


def _refuse_newer(path: Path, version: int) -> None:
    if version > migrate.latest():
        raise GateRefused(Reason.NEWER, path, f"结构 {version}，本软件到 {migrate.latest()}")


def _refuse_read_only(path: Path) -> None:
    if not os.access(path, os.W_OK):
        raise GateRefused(Reason.READ_ONLY, path, "文件是只读的")
    if not os.access(path.parent, os.W_OK):
        raise GateRefused(Reason.READ_ONLY, path, f"文件夹 {path.parent} 是只读的，无法写日志")


@contextmanager
def _left_on_failure(latch: Latch) -> Iterator[None]:
    try:
        yield
    except BaseException:
        latch.leave(clean=False)
        raise


def _settle(path: Path, found: Header) -> None:
    """Let SQLite finish what a killed process left, after trying it on a copy.

    Raises:
        GateRefused: the journal beside the file is not its own, or the result would be broken.
    """
    wal, journal = beside(path, "-wal"), beside(path, "-journal")
    if wal.exists() and not found.wal:
        raise GateRefused(Reason.STRAY, path, str(wal))
    if not found.wal and not _is_hot(path):
        return
    if journal.exists() and not header.journal_belongs(journal, found):
        raise GateRefused(Reason.STRAY, path, str(journal))
    with telling("检查", path), tempfile.TemporaryDirectory(prefix="recover-") as folder:
        trial = Path(folder) / "trial.db"
        for suffix in ("", "-journal", "-wal"):
            if beside(path, suffix).exists():
                shutil.copyfile(beside(path, suffix), beside(trial, suffix))
        with _speaking_of(path):
            _recover(trial)
            _judge(trial, path)
            _judge_inside(trial, path)
        _recover(path)


def _is_hot(path: Path) -> bool:
    """Tell whether a transaction of a dead process waits to be rolled back."""
    with _speaking_of(path), contextlib.closing(sqlite.connect(path)) as source:
        try:
            sqlite.begin_shared(source, WAIT)
        except sqlite3.OperationalError as error:
            if not sqlite_name(error).startswith("SQLITE_READONLY"):
                raise
            return True
    return False


def _recover(path: Path) -> None:
    with contextlib.closing(sqlite.connect(path, "rw")) as source:
        sqlite.tables(source)
        sqlite.end_wal(source)


def _judge(path: Path, named: Path | None = None) -> None:
    """Refuse a file that is cut off or of another structure; `named` is how it is called in the sentence."""
    named = named or path
    with _speaking_of(named), contextlib.closing(sqlite.connect(path)) as source:
        sqlite.begin_shared(source, WAIT)
        fault = _missing_end(source, path)
        if fault:
            raise GateRefused(Reason.DAMAGED, named, fault)
        _judge_schema(source, named)


def _judge_inside(path: Path, named: Path | None = None) -> None:
    """Refuse a file with broken pages, or with rows that refer to nothing."""
    named = named or path
    with _speaking_of(named), contextlib.closing(sqlite.connect(path)) as source:
        sqlite.begin_shared(source, WAIT)
        fault = contents.page_faults(source)
        if fault:
            raise GateRefused(Reason.DAMAGED, named, fault)
        fault = contents.orphans(source)
        if fault:
            raise GateRefused(Reason.ORPHANS, named, fault)


def _missing_end(source: sqlite3.Connection, path: Path) -> str:
    """SQLite reads a last page that was cut off as if the rest were zeros."""
    whole, found = sqlite.size(source), path.stat().st_size
    return f"文件被截断：应有 {whole} 字节，只有 {found} 字节" if found < whole else ""


def _judge_schema(source: sqlite3.Connection, path: Path) -> None:
    _refuse_newer(path, sqlite.user_version(source))
    if migrate.HISTORY not in sqlite.tables(source):
        raise GateRefused(Reason.DAMAGED, path, "没有数据表")
    unknown = set(migrate.applied(source)) - set(migrate.names())
    if unknown:
        raise GateRefused(Reason.NEWER, path, f"含有未知的升级 {'、'.join(sorted(unknown))}")


@contextmanager
def _speaking_of(path: Path) -> Iterator[None]:
    """Turn what SQLite raises over a file into a refusal."""
    try:
        yield
    except BROKEN as error:
        if is_busy(error):
            raise busy(path) from error
        raise GateRefused(Reason.DAMAGED, path, database_reason(error)) from error


def _migrate(office: Office, backups: Path) -> None:
    """Run what the database lacks, after a verified backup; only when nobody else has it open."""
    if not _pending(office.path):
        return
    if not office.latch.alone:
        raise busy(office.path)
    office.premigrate = backup(office.path, backups, Why.MIGRATE).path
    with telling("升级", office.path):
        office.migrated = tuple(migrate.run(office.path))


def _pending(path: Path) -> set[str]:
    """Return the migrations that a database lacks."""
    with contextlib.closing(sqlite.connect(path)) as source:
        return set(migrate.names()) - set(migrate.applied(source))


def _open(office: Office) -> None:
    with telling("打开数据库", office.path):
        sqlite.init(office.db, office.path)
        office.db.connect()
        files.hold(office.path)
        office.latch.settle()
    if office.unclean:
        office.warnings.append("上次没有正常退出。数据库已检查，没有发现损坏；请核对退出前最后几笔。")
    office.warnings.extend(filter(None, [network_warning(office.path)]))


def create_office(
    path: Path, fill: Callable[[], None] | None = None, *, db: peewee.SqliteDatabase | None = None
) -> None:
    """Make a new database with the present schema; it gets its name only when it is whole.

    Args:
        path: must not exist.
        fill: writes the first records while the program's database points at the new file.
        db: what is pointed at it meanwhile; the program's own database by default.

    Raises:
        StorageRefused: something exists there, or it cannot be written. No file is left.
    """
    path = Path(os.path.abspath(path))
    if os.path.lexists(path):
        raise StorageRefused(f"文件已经存在，不会覆盖：{path}。请换一个文件名。")
    if not path.parent.is_dir():
        raise StorageRefused(f"没有文件夹 {path.parent}。请先建好，或换一个位置。")
    made = beside(path, f".{os.getpid()}.new")
    sqlite.make_empty(made)
    try:
        with telling("新建", path):
            with contextlib.closing(sqlite.connect(made, "rw")) as source:
                sqlite.set_application_id(source)
            migrate.run(made)
            _fill(made, fill, db or base.db)
            files.sync(made)
            _publish(made, path)
    finally:
        for left in (made, *(beside(made, suffix) for suffix in sqlite.SIDECARS)):
            left.unlink(missing_ok=True)


def _fill(made: Path, fill: Callable[[], None] | None, db: peewee.SqliteDatabase) -> None:
    if fill is None:
        return
    sqlite.init(db, made)
    try:
        fill()
    finally:
        db.close()
        db.init(None)


def _publish(made: Path, path: Path) -> None:
    """Give the file its name without ever taking that of another."""
    try:
        os.link(made, path)
    except FileExistsError:
        raise StorageRefused(f"文件已经存在，不会覆盖：{path}。请换一个文件名。") from None
    except OSError:  # no hard links here: exFAT, some network disks
        if os.path.lexists(path):
            raise StorageRefused(f"文件已经存在，不会覆盖：{path}。请换一个文件名。") from None
        files.rename(made, path)
    files.sync_folder(path.parent)
