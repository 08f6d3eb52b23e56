"""账本样本: offices of the size that is measured: 5,000 units, with nothing billed yet or ten years of lines.

Each is made once, by real migrations and through the tables' own checks, and kept under build/bench,
which git does not know. Its name carries a fingerprint of the schema and of this file, so that neither
an old schema nor an old recipe is ever measured.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import os
import random
import shutil
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from desktop import modules
from models import deeds, sqlite, store, text
from models.base import Journal, db, insert_rows, journalling
from models.fees.items import Assignment, Basis, Category, FeeItem, Rate
from models.fields import BEGINNING
from models.months import Month, Period
from models.office.founding import found_office
from models.owners.estate import AreaBasis, Building, Community, Entrance, Unit, UnitArea, UnitKind, UnitState
from models.owners.people import Occupancy, Ownership, Person, search_text
from reports.paper import Sheet
from tests.benchmarks import cases, stockroom, storage, supply
from tests.benchmarks.workbooks import names

ROOT = Path(__file__).resolve().parents[2]
CACHE = ROOT / "build" / "bench"

UNITS, ITEMS, MONTHS = 5_000, 4, 120
PEOPLE = 20_000
LINES = UNITS * ITEMS * MONTHS
LAST = Month.of(date.today())
"""The last month that the full ledger holds, nothing of which is paid yet."""
FIRST = LAST.plus(1 - MONTHS)
NEXT = LAST.plus(1)
AS_OF = NEXT.first
"""The day as of which arrears are asked for: all payments lie before it."""
PASSWORD = "measured offices 8"

_PER_BUILDING, _PER_ENTRANCE, _PER_FLOOR = 100, 50, 4
_DEBTORS_EACH, _SHORTEST, _LONGEST = 10, 5, 93
"""Every tenth unit has paid nothing for so many months: 5 % of all lines are open, old ones and young."""
_TOLD_MONTHS = 12
"""How many months of payments are told line by line."""
_START = FIRST.first

_AREA_ITEM, _EXTRA_ITEM, _FIXED_ITEM, _HOUSEHOLD_ITEM = range(1, 5)
_ITEMS = (
    ("1", "物业服务费", Category.PROPERTY, Basis.AREA, False, 21_000, 0),
    ("2", "公共能耗费", Category.SHARED, Basis.AREA, False, 1_500, 500),
    ("3", "车辆停放费", Category.PARKING, Basis.FIXED, False, 0, 15_000),
    ("4", "生活垃圾处理费", Category.OTHER, Basis.HOUSEHOLD, True, 80_000, 0),
)


def empty() -> Path:
    """Return an office of 5,000 units that pay four items each, with nothing billed yet."""
    return _kept("empty", _make_empty)


def full() -> Path:
    """Return the same office with 2.4 million lines of 120 months, some 5 % of them open."""
    return _kept("full", _make_full)


def town() -> Path:
    """Return an office of 20,000 people with telephones, to be searched."""
    return _kept("town", _make_town)


def served() -> Path:
    """Return the office of `empty` with 200,000 complaints and repairs."""
    return _kept("served", _make_served)


def supplied() -> Path:
    """Return an office with 300 suppliers and 60,000 deliveries of last year."""
    return _kept("supplied", _make_supplied)


def stocked() -> Path:
    """Return an office with 2,000 items in stock and 300,000 moves of three years."""
    return _kept("stocked", _make_stocked)


def storage_office() -> Path:
    """Return an office of 500 MB, to be backed up and restored."""
    return _kept("storage", storage.make_ledger)


@contextmanager
def opened(path: Path) -> Iterator[None]:
    """Point the program at an office and let the office itself act."""
    sqlite.init(db, path)
    db.connect()
    try:
        with deeds.acting(deeds.TheOffice()):
            yield
    finally:
        db.close()
        db.init(None)


def sheets_of(code: str, path: Path, month: Month = LAST) -> Iterator[Sheet]:
    """Yield the sheets of a form for a month as the program prints them, read from an office."""
    modules.load_papers()
    from reports.papers import PaperRequest, fill

    with opened(path):
        yield from fill(PaperRequest(code, Period.of_month(month), printed_by="王敏"))


def _kept(name: str, make: Callable[[Path], None]) -> Path:
    """Return a file of the cache, made the first time; older ones of its name go."""
    CACHE.mkdir(parents=True, exist_ok=True)
    path = CACHE / f"{name}-{_fingerprint()}.db"
    if path.exists():
        return path
    for old in CACHE.glob(f"{name}-*.db*"):
        old.unlink()
    say(f"Making {path.name} …")
    began, made = time.perf_counter(), path.with_suffix(".part")
    for left in CACHE.glob(f"{made.name}*"):
        left.unlink()
    make(made)
    os.replace(made, path)
    if hasattr(os, "sync"):
        os.sync()  # nobody is timed for writing it out
    say(f"{path.stat().st_size / 1e6:.0f} MB in {time.perf_counter() - began:.0f} s")
    return path


@functools.cache
def _fingerprint() -> str:
    """Hash what decides how the files look: the whole schema, guards included, the recipes, the month."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "schema.db")
        store.create_office(path)
        with contextlib.closing(sqlite.connect(path)) as source:
            schema = sqlite.schema_text(source).encode()
    recipes = [file.read_bytes() for file in (Path(__file__), Path(storage.__file__), Path(cases.__file__))]
    return hashlib.sha256(b"\0".join([schema, *recipes, str(LAST).encode()])).hexdigest()[:12]


def say(sentence: str) -> None:
    """Tell what takes time, apart from the table."""
    print(sentence, file=sys.stderr, flush=True)


# --- an office in which nothing is billed yet -----------------------------------------------------


def _make_empty(path: Path) -> None:
    found_office(path, "枫林苑物业服务中心", PASSWORD)
    with opened(path), deeds.transaction(), journalling(Journal()):
        _add_houses()
        _add_people()
        _add_items()


def _make_served(path: Path) -> None:
    cases.copied(empty(), path)
    with opened(path), deeds.transaction(), journalling(Journal()):
        cases.add(UNITS)


def _make_supplied(path: Path) -> None:
    found_office(path, "枫林苑物业服务中心", PASSWORD)
    with opened(path), deeds.transaction(), journalling(Journal()):
        supply.add()


def _make_stocked(path: Path) -> None:
    found_office(path, "枫林苑物业服务中心", PASSWORD)
    with opened(path), deeds.transaction(), journalling(Journal()):
        stockroom.add()


def _make_town(path: Path) -> None:
    """Add to the houses so many people that there are 20,000."""
    found_office(path, "枫林苑物业服务中心", PASSWORD)
    with opened(path), deeds.transaction(), journalling(Journal()):
        _add_houses()
        rows = (
            (str(number), name, "PERSON", f"138{number * 7_919 % 100_000_000:08d}", True)
            for number, name in enumerate(names(PEOPLE), 1)
        )
        told = ((*row, search_text(row[1], row[3])) for row in rows)
        insert_rows(Person, ("number", "name", "kind", "phone", "active", "search"), told)
        owned = ((BEGINNING.isoformat(), unit, unit, True) for unit in range(1, UNITS + 1))
        insert_rows(Ownership, ("since", "unit", "person", "primary"), owned)


def _add_houses() -> None:
    Community.add(name="枫林苑")
    count = UNITS // _PER_BUILDING
    codes = [str(number) for number in range(1, count + 1)]
    buildings = [(1, code, f"{code}栋", True, text.natural_key(code)) for code in codes]
    insert_rows(Building, ("community", "code", "name", "active", "sort_key"), buildings)
    entrances = [(number // 2 + 1, str(number % 2 + 1), 13, True) for number in range(count * 2)]
    insert_rows(Entrance, ("building", "code", "floors", "active"), entrances)
    insert_rows(
        Unit,
        ("kind", "code", "building", "entrance", "room", "floor", "state", "sort_key"),
        map(_house, range(UNITS)),
    )
    areas = ((BEGINNING.isoformat(), unit, _area(unit), AreaBasis.DEED.name) for unit in range(1, UNITS + 1))
    insert_rows(UnitArea, ("since", "unit", "billing", "basis"), areas)


def _house(number: int) -> tuple[Any, ...]:
    building, within = divmod(number, _PER_BUILDING)
    entrance, place = divmod(within, _PER_ENTRANCE)
    floor, door = divmod(place, _PER_FLOOR)
    room = f"{floor + 1}{door + 1:02d}"
    code = f"{building + 1}-{entrance + 1}-{room}"
    return (
        UnitKind.HOUSE.name, code, building + 1, building * 2 + entrance + 1, room, floor + 1,
        UnitState.OCCUPIED.name, text.natural_key(code),
    )  # fmt: skip


def _area(unit: int) -> int:
    """Return 计费面积 of a unit in hundredths of ㎡."""
    return 6_000 + unit * 37 % 9_000


def _add_people() -> None:
    chance = random.Random(7)
    called = names(UNITS + UNITS // 10, seed=7)
    rows = []
    for number, name in enumerate(called, start=1):
        phone = f"154{number:08d}"
        identity = f"99010119{chance.randrange(500_000, 999_999)}{number:04d}"
        rows.append((str(number), name, "PERSON", phone, identity, True, search_text(name, phone)))
    insert_rows(Person, ("number", "name", "kind", "phone", "identity", "active", "search"), rows)
    since = BEGINNING.isoformat()
    alone = [(since, unit, unit, None, True) for unit in range(1, UNITS + 1)]
    joint = [(since, number * 10, UNITS + number, None, False) for number in range(1, UNITS // 20)]
    insert_rows(Ownership, ("since", "unit", "person", "share", "primary"), alone + joint)
    tenants = [
        (since, number * 10 + 5, UNITS + number, "TENANT", True) for number in range(UNITS // 20, UNITS // 10)
    ]
    insert_rows(Occupancy, ("since", "unit", "person", "kind", "pays"), tenants)


def _add_items() -> None:
    rows = [
        (code, name, category.name, basis.name, 1, collected, "SAME_DAY", _START.isoformat(), True)
        for code, name, category, basis, collected, _, _ in _ITEMS
    ]
    names_of = ("code", "name", "category", "basis", "cycle", "collected", "start_rule", "since", "active")
    insert_rows(FeeItem, names_of, rows)
    prices = [(item, _START.isoformat(), *row[-2:]) for item, row in enumerate(_ITEMS, start=1)]
    insert_rows(Rate, ("item", "since", "price", "extra"), prices)
    given = ((_START.isoformat(), unit, item) for unit in range(1, UNITS + 1) for item in range(1, ITEMS + 1))
    insert_rows(Assignment, ("since", "unit", "item"), given)


# --- the same with ten years of lines -------------------------------------------------------------


def _make_full(path: Path) -> None:
    shutil.copyfile(empty(), path)
    with contextlib.closing(sqlite3.connect(path)) as source:
        source.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-256000;")
        source.execute("BEGIN")
        _list_lines(source)
        for number in range(MONTHS):
            _add_month(source, number)
        _add_payments(source)
        source.execute("COMMIT")
        source.execute("DROP TABLE temp.line")


def _list_lines(source: sqlite3.Connection) -> None:
    """List what one month charges, with the number of the first month that each unit has not paid."""
    source.execute(
        "CREATE TEMP TABLE line(unit INTEGER, item INTEGER, payer INTEGER, liable INTEGER,"
        " quantity INTEGER, price INTEGER, extra INTEGER, amount INTEGER, unpaid INTEGER)"
    )
    tenants = dict(source.execute('SELECT unit_id, person_id FROM occupancy WHERE "pays" = 1').fetchall())
    rows = []
    for unit in range(1, UNITS + 1):
        unpaid = MONTHS - 1
        if unit % _DEBTORS_EACH == 0:
            unpaid = MONTHS - _SHORTEST - unit // _DEBTORS_EACH * 31 % (_LONGEST - _SHORTEST)
        for item, (_, _, _, basis, _, price, extra) in enumerate(_ITEMS, start=1):
            quantity = {Basis.AREA: _area(unit), Basis.FIXED: 0, Basis.HOUSEHOLD: 100}[basis]
            amount = (quantity * price + extra * 10_000 + 5_000) // 10_000
            rows.append((unit, item, tenants.get(unit, unit), unit, quantity, price, extra, amount, unpaid))
    source.executemany("INSERT INTO temp.line VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)


def _add_month(source: sqlite3.Connection, number: int) -> None:
    """Add the run of one month: its batch and its 20,000 lines, the debtors' first one paid by half."""
    month = FIRST.plus(number)
    made = f"{month.first} 09:00:00"
    batch = source.execute(
        "INSERT INTO batch(row_version, kind, title, made_at, made_by, count, state)"
        " VALUES (1, 'billing', ?, ?, '王敏', ?, 'LIVE')",
        (f"{month} 出账", made, UNITS * ITEMS),
    ).lastrowid
    source.execute(
        "INSERT INTO bill(row_version, month, unit_id, item_id, part, kind, amount, paid, live, due, run,"
        " batch_id, payer_id, liable_id, quantity, price, extra, days, month_days)"
        " SELECT 1, :month, unit, item, 0, 'RECURRING', amount, CASE WHEN unpaid > :number THEN amount"
        " WHEN unpaid = :number AND :number < :last THEN amount / 2 ELSE 0 END, 1, :due, :month, :batch,"
        " payer, liable, quantity, price, extra, :days, :days FROM temp.line",
        {
            "month": month.number, "number": number, "last": MONTHS - 1, "due": month.day(25).isoformat(),
            "batch": batch, "days": month.days,
        },
    )  # fmt: skip


def _add_payments(source: sqlite3.Connection) -> None:
    """Tell how the lines of the last months before LAST were paid: a receipt a unit and month."""
    payment = receipt = 0
    for number in range(MONTHS - 1 - _TOLD_MONTHS, MONTHS - 1):
        month = FIRST.plus(number)
        paid = source.execute(
            "SELECT unit_id, payer_id, sum(paid) FROM bill WHERE month = ? AND paid > 0 GROUP BY unit_id",
            (month.number,),
        ).fetchall()
        days = [(month.first + timedelta(days=unit % 28)).isoformat() for unit, _, _ in paid]
        rows = [(day, payer, fen, f"{day} 10:00:00") for day, (_, payer, fen) in zip(days, paid, strict=True)]
        source.executemany(
            'INSERT INTO payment(row_version, "on", payer_id, method, amount, voided, made_at, made_by)'
            " VALUES (1, ?, ?, 'WECHAT', ?, 0, ?, '王敏')",
            rows,
        )
        receipts = []
        for day, (unit, _, fen) in zip(days, paid, strict=True):
            payment += 1
            receipts.append((f"SJ-{month.year}-{payment:06d}", payment, unit, day, fen))
        source.executemany(
            'INSERT INTO receipt(row_version, number, payment_id, unit_id, "on", amount, balance, prints,'
            " state) VALUES (1, ?, ?, ?, ?, ?, 0, 1, 'ISSUED')",
            receipts,
        )
        source.execute(
            'INSERT INTO allocation(row_version, bill_id, receipt_id, "on", amount, live)'
            ' SELECT 1, bill.id, receipt.id, receipt."on", bill.paid, 1 FROM receipt'
            " JOIN bill ON bill.month = ? AND bill.unit_id = receipt.unit_id"
            " WHERE receipt.id > ? AND bill.paid > 0",
            (month.number, receipt),
        )
        receipt = payment
