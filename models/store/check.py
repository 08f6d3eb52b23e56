"""检查: storage first, then everything that the modules say must hold."""

from __future__ import annotations

from models import sqlite
from models.checks import Finding, run_invariants
from models.store import contents, files
from models.store.gate import Office
from models.store.refusals import BROKEN, is_damage


def check(office: Office) -> list[Finding]:
    """Return what is wrong with an open office, nothing when storage and books are in order."""
    found: list[Finding] = []
    try:
        found += _storage(office)
        found += run_invariants()
    except BROKEN as error:
        if not is_damage(error):
            raise
        found.append(Finding("数据库", f"数据库读到一半出错（{error}）。请从备份恢复。"))
    return found


def _storage(office: Office) -> list[Finding]:
    wrong = sqlite.settings_not_taken(office.db)
    faults = {
        "数据库文件": contents.page_faults(office.db),
        "数据引用": contents.orphans(office.db),
        "连接设置": f"没有按可靠的方式打开：{'、'.join(wrong)}" if wrong else "",
    }
    found = [Finding(name, f"{fault}。") for name, fault in faults.items() if fault]
    for name, kept in files.attachments(office.path):
        if files.digest(kept) != name:
            found.append(Finding("附件", f"附件 {kept} 已被改动或损坏。请从备份中找回。"))
    return found
