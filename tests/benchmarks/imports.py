"""导入速度: 5,000 owners from a workbook beside the bare libraries doing the least that such an import needs.

The limit reads with calamine, sounds the names with pypinyin and inserts by executemany into the same
table of a file of the same settings, in one process. The product is the whole deed: reading in the child
(its start not counted), checking every cell, comparing with the office, audit entry and commit.
"""

from __future__ import annotations

import random
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

from models import deeds, pinyin, sqlite
from models.base import db
from models.office.accounts import Account
from models.office.founding import found_office
from models.owners import imports
from models.owners.people import Person
from models.workbook import ColumnOut, ReadingProcess, SheetOut, write
from tests.benchmarks.workbooks import OWNERS, RUNS, Pair, names

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
HEADS = ("业主编号", "姓名", "类别", "性别", "电话", "证件号码", "通讯地址")


def identity(number: int) -> str:
    """Return an identity number with a right check digit."""
    digits = f"110105{1950 + number % 50}{number % 12 + 1:02d}{number % 28 + 1:02d}{number % 1000:03d}"
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, digits, strict=True))
    return digits + "10X98765432"[total % 11]


def write_owners(path: Path, count: int = OWNERS) -> None:
    """Write a workbook of our template with so many owners."""
    chance = random.Random(2)
    rows = [
        (
            str(number), name, "个人", chance.choice("男女"), f"138{number:08d}", identity(number),
            f"幸福路 {number} 号",
        )
        for number, name in enumerate(names(count), 1)
    ]  # fmt: skip
    write(path, [SheetOut("业主", [ColumnOut(head) for head in HEADS], rows)])


def product(office: Path, book: Path) -> float:
    """Import into a fresh office; return the seconds from asking for the file to the commit."""
    sqlite.init(db, office)
    with db.connection_context(), deeds.acting(Account.find("admin")), ReadingProcess() as process:
        process.wait_ready()
        began = time.perf_counter()
        done = imports.import_workbook(imports.plan(book, process))
        took = time.perf_counter() - began
        assert done.new == Person.select().count() == OWNERS
    return took


def limit(office: Path, book: Path) -> float:
    """Read, sound and insert with the bare libraries; return the seconds."""
    from pypinyin import lazy_pinyin
    from python_calamine import CalamineWorkbook

    sqlite.init(db, office)
    with db.connection_context():
        connection = db.connection()
        began = time.perf_counter()
        sheet = CalamineWorkbook.from_path(str(book)).get_sheet_by_name("业主")
        rows = [
            (
                number,
                name,
                "PERSON",
                gender,
                phone,
                paper,
                address,
                f"{name} {''.join(lazy_pinyin(name))} {phone}",
            )
            for number, name, _, gender, phone, paper, address in sheet.to_python()[1:]
        ]
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(
            "INSERT INTO person (number, name, kind, gender, phone, identity, address, search, active, "
            "row_version) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1, 1)",
            rows,
        )
        connection.execute("COMMIT")
        return time.perf_counter() - began


def measure() -> Pair:
    """Return medians of three interleaved runs, each into a fresh copy of an empty office."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        empty, book = place / "empty.db", place / "owners.xlsx"
        found_office(empty, "测试小区物业服务中心", "correct horse 8")
        write_owners(book)
        pinyin.search_keys("曾国藩")  # loads the library, which neither side is timed for
        took: tuple[list[float], list[float]] = ([], [])
        for run in range(RUNS):
            for side, work in enumerate((product, limit)):
                office = place / f"{run}-{side}.db"
                shutil.copyfile(empty, office)
                took[side].append(work(office, book))
        return Pair(*(statistics.median(times) for times in took))


if __name__ == "__main__":
    pair = measure()
    sys.stdout.write(
        f"import {pair.product * 1000:.0f} ms beside {pair.limit * 1000:.0f} ms: × {pair.ratio:.2f}\n"
    )
