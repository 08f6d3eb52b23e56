"""检查: storage first, then everything that the modules say must hold."""

from __future__ import annotations

import contextlib
import functools
import tempfile
from pathlib import Path

from models import sqlite
from models.checks import Finding, run_invariants
from models.store import contents, files, migrate
from models.store.gate import Office
from models.store.refusals import BROKEN, database_reason, is_damage


def check(office: Office) -> list[Finding]:
    """Return what is wrong with an open office, nothing when storage and books are in order."""
    found: list[Finding] = []
    try:
        found += _storage(office)
        found += run_invariants()
    except BROKEN as error:
        if not is_damage(error) and not found:  # a rotten name of a column is a wrong query to SQLite
            raise
        found.append(Finding("数据库", f"数据库读到一半出错（{database_reason(error)}）。请从备份恢复。"))
    return found


def _schema_fault(office: Office) -> str:
    """Say which tables, indexes or guards of this version are not there as they should be."""
    found = set(sqlite.schema_text(office.db).split(";\n"))
    missing = _schema_by(migrate.SCRIPTS) - found
    strange = sorted(text.split("(")[0].split(" BEFORE ")[0].strip() for text in missing)
    return (
        f"缺少或改动了 {'；'.join(strange[:3])} 等 {len(strange)} 处。可能在程序之外被改动过"
        if strange
        else ""
    )


@functools.cache
def _schema_by(scripts: Path) -> frozenset[str]:
    """Return what a fresh database is made of by the migrations of a folder, which a run never changes."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "fresh.db")
        sqlite.make_empty(path)
        migrate.run(path)
        with contextlib.closing(sqlite.connect(path)) as fresh:
            return frozenset(sqlite.schema_text(fresh).split(";\n"))


def _storage(office: Office) -> list[Finding]:
    wrong = sqlite.settings_not_taken(office.db)
    faults = {
        "数据库文件": contents.page_faults(office.db),
        "数据引用": contents.orphans(office.db),
        "表与防改保护": _schema_fault(office),
        "连接设置": f"没有按可靠的方式打开：{'、'.join(wrong)}" if wrong else "",
    }
    found = [Finding(name, f"{fault}。") for name, fault in faults.items() if fault]
    for name, kept in files.attachments(office.path):
        if files.digest(kept) != name:
            found.append(Finding("附件", f"附件 {kept} 已被改动或损坏。请从备份中找回。"))
    return found
