"""内容: what is inside a database file, judged without the program's own connection."""

from __future__ import annotations

import contextlib
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from models import sqlite
from models.errors import StorageRefused
from models.store import files, migrate
from models.store.files import Course
from models.store.manifest import AuditHead, Manifest
from models.store.refusals import BROKEN, database_reason, is_busy

_AUDIT = "audit_entry"
_PROFILE = "profile"


@dataclass(frozen=True)
class Contents:
    """What a database holds, by which two copies can be compared."""

    schema: int
    rows: dict[str, int]
    audit: AuditHead | None


def read(source: sqlite.Source) -> Contents:
    """Count the rows of every table and take the head of the audit chain."""
    rows = sqlite.row_counts(source)
    return Contents(sqlite.user_version(source), rows, _audit_head(source) if _AUDIT in rows else None)


def _audit_head(source: sqlite.Source) -> AuditHead | None:
    last = sqlite.last_row(source, _AUDIT, ("id", "digest"))
    return AuditHead(int(last[0]), str(last[1])) if last else None


def office_name(path: Path) -> str:
    """Return what the office in a database calls itself; the file's name where it cannot be asked."""
    try:
        with contextlib.closing(sqlite.connect(path)) as source:
            told = sqlite.column(source, _PROFILE, "office") if _PROFILE in sqlite.tables(source) else []
    except BROKEN as error:
        if is_busy(error):
            raise
        told = []
    return str(told[0]) if told else path.stem


def page_faults(source: sqlite.Source) -> str:
    """Return in words what is broken in the pages, "" when they are sound."""
    found = sqlite.quick_check(source, limit=3)
    return f"完整性检查：{'；'.join(found)[:200]}" if found else ""


def orphans(source: sqlite.Source) -> str:
    """Return in words which rows refer to nothing, "" when none does."""
    found = sqlite.foreign_key_check(source)
    if not found:
        return ""
    table, row, parent = found[0]
    return f"{len(found)} 行指向不存在的资料，例如 {table} 第 {row} 行指向 {parent}"


def examine(database: Path, manifest: Manifest, course: Course | None = None) -> None:
    """Hold a database file taken out of a backup against the backup's manifest.

    Pages, references and digest are checked side by side: SQLite and the hash leave the interpreter free.

    Raises:
        StorageRefused: it is not, byte by byte and row by row, what was backed up.
    """
    with ThreadPoolExecutor(2) as pool:
        pages = pool.submit(_pages, database)
        rows = pool.submit(_rows, database, manifest)
        digest = files.digest(database, course)
        faults = [pages.result(), rows.result()]
    if digest != manifest.sha256:
        faults.insert(0, "内容与备份时不同")
    for fault in filter(None, faults):
        raise StorageRefused(f"备份里的数据库不能用（{fault}）。请换一个备份文件。")


def _pages(database: Path) -> str:
    try:
        with contextlib.closing(sqlite.connect(database)) as source:
            return page_faults(source)
    except BROKEN as error:
        return database_reason(error)


def _rows(database: Path, manifest: Manifest) -> str:
    try:
        with contextlib.closing(sqlite.connect(database)) as source:
            return _difference(source, manifest) or orphans(source)
    except BROKEN as error:
        return database_reason(error)


def _difference(source: sqlite3.Connection, manifest: Manifest) -> str:
    if sqlite.application_id(source) != sqlite.APPLICATION_ID:
        return "不是本软件的数据库"
    found = read(source)
    if found.schema > migrate.latest():
        return "由更新版本的软件写成，请升级软件"
    if found != Contents(manifest.schema, manifest.rows, manifest.audit):
        return "行数或审计记录与清单不符"
    return ""
