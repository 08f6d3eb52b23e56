"""诊断包: what a helper needs to know of a database that does not open, without anybody's data."""

from __future__ import annotations

import contextlib
import json
import platform
import sqlite3
import zipfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

from models import sqlite
from models.errors import StorageRefused
from models.store import contents, files, gate, header
from models.store.files import beside
from models.store.header import Header
from models.store.refusals import BROKEN, telling


def save_diagnosis(path: Path, target: Path, log: Path | None = None) -> None:
    """Write a zip that tells sizes, header, versions, findings and the log; no row of the database.

    Raises:
        StorageRefused: the target exists or cannot be written.
    """
    with (
        telling("另存诊断包", target),
        files.make_private(target) as file,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as out,
    ):
        out.writestr("facts.json", json.dumps(_facts(path), ensure_ascii=False, indent=1, default=str))
        if log is not None and log.is_file():
            out.write(log, "log.txt")


def _facts(path: Path) -> dict[str, Any]:
    told: dict[str, Any] = {
        "program": files.program_version(),
        "system": platform.platform(),
        "sqlite": sqlite3.sqlite_version,
        "path": str(path),
        "beside": {
            left.name: left.lstat().st_size for left in path.parent.glob(f"{files.literal(path.stem)}*")
        },
    }
    try:
        gate.examine(path)
    except StorageRefused as refused:
        told["refused"] = str(refused)
    if path.is_file():
        found = Header.parse(header.read(path))
        told["header"] = asdict(found) if found else None
        told["faults"] = _faults(path)
    return told


def _faults(path: Path) -> str:
    if any(beside(path, suffix).exists() for suffix in ("-wal", "-shm")):
        return "not examined: a write-ahead log lies beside it"
    try:
        with contextlib.closing(sqlite.connect(path)) as source:
            return contents.page_faults(source) or contents.orphans(source)
    except BROKEN as error:
        return str(error)
