"""升级: bring a database to the schema of this program, by frozen scripts."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

from models import sqlite
from models.errors import StorageRefused

SCRIPTS = Path(__file__).resolve().parent.parent / "migrations"
HISTORY = "schema_migration"


def names() -> list[str]:
    """Return the names of all migrations, oldest first."""
    return sorted(script.stem for script in SCRIPTS.glob("[0-9]*.py"))


def latest() -> int:
    """Return the number of the schema that this program knows."""
    return max((number(name) for name in names()), default=0)


def number(name: str) -> int:
    """Return the number with which the name of a migration begins."""
    return int(name.split("_", 1)[0])


def applied(source: sqlite.Source) -> list[str]:
    """Return the names of the migrations that a database has been through."""
    return sqlite.column(source, HISTORY, "name")


def run(path: Path) -> list[str]:
    """Run the migrations that a database lacks, each in a transaction of its own; return their names.

    Raises:
        StorageRefused: a script asks to run outside a transaction or leaves rows that refer to nothing.
    """
    from playhouse.migrations import Runner

    class Frozen(Runner):  # type: ignore[misc]
        """Sets the number of the schema inside the transaction that changes it."""

        def _run(self, name: str, module: Any, direction: str, fake: bool = False) -> None:
            if not getattr(module, "atomic", True):
                raise StorageRefused(f"升级脚本 {name} 不在事务中执行，已拒绝。请联系开发者。")
            super()._run(name, SimpleNamespace(up=_numbered(name, module.up)), direction, fake)

    db = sqlite.OfficeDatabase(None, lock_type="IMMEDIATE")
    sqlite.init(db, path)
    try:
        return list(Frozen(db, str(SCRIPTS), HISTORY).up())
    finally:
        db.close()


def _numbered(name: str, up: Any) -> Any:
    def whole(migrator: Any, db: sqlite.OfficeDatabase) -> None:
        up(migrator, db)
        if sqlite.foreign_key_check(db):
            raise StorageRefused(f"升级 {name} 会留下指向不存在资料的记录，已撤回。请联系开发者。")
        sqlite.set_user_version(db, number(name))

    return whole
