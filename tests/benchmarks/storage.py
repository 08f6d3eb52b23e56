"""存储速度: a verified backup and a restore, beside copying the file, forcing it out and checking it.

Both sides read and write on the disk on which the ledger lies. What earlier runs left to be written is
forced out before each. Medians of three interleaved runs.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from models import store
from models.store import Why

_RUNS = 3
_AIM = 1.5
_HOUSES, _ITEMS = 5000, 4


class Measure(NamedTuple):
    """One line of the table of benchmarks."""

    name: str
    unit: str
    product: float
    limit: float | None
    ratio: float | None
    aim: float


def backup(ledger: Path) -> Measure:
    """Measure a verified backup of a closed office, in ms."""

    def product(folder: Path) -> None:
        made = store.backup(ledger, folder / "backups", Why.MANUAL)
        assert made.verified_at is not None

    return _compare("backup", ledger, product)


def restore(ledger: Path) -> Measure:
    """Measure restoring a backup of the office in place of a small one, in ms; making it does not count."""
    with tempfile.TemporaryDirectory(dir=ledger.parent) as kept:
        made = store.backup(ledger, Path(kept), Why.MANUAL)

        def product(folder: Path) -> None:
            done = store.restore(made.path, folder / "office.db")
            assert done.set_aside is not None

        return _compare("restore", ledger, product)


def _compare(name: str, ledger: Path, product: Callable[[Path], None]) -> Measure:
    ours, bare = [], []
    for _ in range(_RUNS):
        ours.append(_timed(ledger, product))
        bare.append(_timed(ledger, lambda folder: _bare(ledger, folder / "copy.db")))
    took, limit = statistics.median(ours) * 1000, statistics.median(bare) * 1000
    return Measure(name, "ms", took, limit, took / limit, _AIM)


def _timed(ledger: Path, work: Callable[[Path], None]) -> float:
    with tempfile.TemporaryDirectory(dir=ledger.parent) as folder:
        store.create_office(Path(folder) / "office.db")
        if hasattr(os, "sync"):
            os.sync()
        start = time.perf_counter()
        work(Path(folder))
        return time.perf_counter() - start


def _bare(ledger: Path, copy: Path) -> None:
    shutil.copyfile(ledger, copy)
    with copy.open("r+b") as file:
        os.fsync(file.fileno())
    with contextlib.closing(sqlite3.connect(copy)) as source:
        assert source.execute("PRAGMA quick_check").fetchall() == [("ok",)]


def make_ledger(path: Path, megabytes: int = 500) -> None:
    """Make an office whose file has about this size, full of rows with three references each."""
    store.create_office(path)
    with contextlib.closing(sqlite3.connect(path)) as source:
        source.executescript(
            "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;"
            "CREATE TABLE bench_house(id INTEGER PRIMARY KEY, code TEXT);"
            "CREATE TABLE bench_item(id INTEGER PRIMARY KEY, name TEXT);"
            "CREATE TABLE bench_line(id INTEGER PRIMARY KEY, month TEXT NOT NULL,"
            " house INTEGER NOT NULL REFERENCES bench_house, item INTEGER NOT NULL REFERENCES bench_item,"
            " payer INTEGER REFERENCES bench_house, amount INTEGER NOT NULL, paid INTEGER NOT NULL,"
            " made_at TEXT, note TEXT);"
            "CREATE UNIQUE INDEX bench_key ON bench_line(month, house, item);"
            "CREATE INDEX bench_by_house ON bench_line(house);"
            "CREATE INDEX bench_by_item ON bench_line(item);"
            "CREATE INDEX bench_by_payer ON bench_line(payer);"
        )
        with source:
            source.executemany("INSERT INTO bench_house VALUES(?,?)", ((n, f"1-{n}") for n in range(_HOUSES)))
            source.executemany("INSERT INTO bench_item VALUES(?,?)", ((n, f"费{n}") for n in range(_ITEMS)))
        month = 0
        while path.stat().st_size < megabytes * 1_000_000:
            with source:
                _add_month(source, month)
            month += 1


def _add_month(source: sqlite3.Connection, month: int) -> None:
    label = f"{2000 + month // 12:04d}-{month % 12 + 1:02d}"
    rows = (
        (label, house, item, house * 7 % _HOUSES, 14293, 0, f"{label}-01 10:00:00", "x" * (house % 40))
        for house in range(_HOUSES)
        for item in range(_ITEMS)
    )
    source.executemany(
        "INSERT INTO bench_line(month, house, item, payer, amount, paid, made_at, note)"
        " VALUES(?,?,?,?,?,?,?,?)",
        rows,
    )


def main() -> None:
    """Make a ledger (or take the one given) and print both measures."""
    with tempfile.TemporaryDirectory() as folder:
        ledger = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(folder) / "ledger.db"
        if not ledger.exists():
            make_ledger(ledger)
        print(f"ledger {ledger.stat().st_size / 1e6:.0f} MB")
        for measure in (backup(ledger), restore(ledger)):
            print(*measure)


if __name__ == "__main__":
    main()
