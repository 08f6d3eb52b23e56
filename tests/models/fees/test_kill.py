"""A billing run that is killed at a random moment is wholly there or wholly absent (R01, R02)."""

import os
import random
import signal
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import pytest

from models import sqlite
from models.base import db
from models.fees.bills import Bill
from models.months import Month
from tests.estate import Estate, writing

UNITS = 150
KILLS = int(os.environ.get("KILLS", "30"))

CHILD = """
import sys
from decimal import Decimal
from pathlib import Path
from models import deeds, sqlite
from models.base import db
from models.fees.billing import bill
from models.fees.bills import Bill
from models.fees.cashier import receive
from models.months import Month
from models.office.accounts import Account

sqlite.init(db, Path(sys.argv[1]))
with deeds.acting(Account.find("admin")):
    month = Month.parse(sys.argv[2])
    print("ready", flush=True)
    while True:
        made = bill(month)
        print("billed", month, made.count, flush=True)
        taken = receive(Bill.get(Bill.month == month).unit, Decimal("3.00"))
        print("receipt", taken.receipts.get().number, flush=True)
        month = month.plus(1)
"""


@pytest.fixture
def ledger(estate: Estate, office: Path) -> Path:
    """An office whose every month makes UNITS × 2 lines."""
    items = [estate.item(name, since=date(2000, 1, 1)) for name in ("物业费", "公共照明")]
    with writing():
        for number in range(UNITS):
            unit = estate.house(str(number))
            for item in items:
                estate.give(unit, item, date(2000, 1, 1))
    return office


@pytest.mark.crash
def test_a_killed_run_is_whole_or_absent_and_nothing_acknowledged_is_lost(ledger: Path) -> None:
    seed = int(os.environ.get("KILL_SEED", str(random.randrange(10**9))))
    chance = random.Random(seed)
    month, lost, partial = Month(2000, 1), 0, 0
    acked = 0
    for _ in range(KILLS):
        told = _kill_within(ledger, month, chance.uniform(0.0, 0.25))
        billed = [Month.parse(line.split()[1]) for line in told if line.startswith("billed")]
        numbers = [line.split()[1] for line in told if line.startswith("receipt")]
        acked += len(billed) + len(numbers)
        lost += _lost(billed, numbers)
        partial += _partial()
        month = _last_month().plus(1)
        assert sqlite.quick_check(db) == []
    print(f"KILL_SEED={seed} kills={KILLS} acked={acked} lost={lost} partial={partial}")
    assert (lost, partial) == (0, 0), f"KILL_SEED={seed}"
    assert acked, f"no run was ever acknowledged, KILL_SEED={seed}"
    assert _receipts_hold()


def _kill_within(path: Path, month: Month, seconds: float) -> list[str]:
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(path), str(month)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path.cwd(),
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "ready\n"
    time.sleep(seconds)
    child.send_signal(signal.SIGKILL)
    told, _ = child.communicate()
    return [line for line in told.splitlines(keepends=True) if line.endswith("\n")]


def _last_month() -> Month:
    number = Bill.select(Bill.month).order_by(Bill.month.desc()).limit(1).scalar()
    return (
        Month.from_number(number.number if isinstance(number, Month) else number)
        if number
        else Month(1999, 12)
    )


def _lost(billed: list[Month], numbers: list[str]) -> int:
    from models.fees.payments import Receipt

    missing = [month for month in billed if not Bill.select().where(Bill.month == month).exists()]
    gone = [number for number in numbers if Receipt.get_or_none(Receipt.number == number) is None]
    return len(missing) + len(gone)


def _partial() -> int:
    counts = db.execute_sql("SELECT month, COUNT(*) FROM bill GROUP BY month").fetchall()
    return sum(count != UNITS * 2 for _, count in counts)


def _receipts_hold() -> bool:
    """Whether every receipt has its payment, its lines and a gapless number."""
    from models.fees.payments import Allocation, Payment, Receipt

    receipts = list(Receipt.select().order_by(Receipt.id))
    numbers = [int(receipt.number.rsplit("-", 1)[1]) for receipt in receipts]
    allocated = sum(one.amount for one in Allocation.select())
    return (
        numbers == list(range(1, len(numbers) + 1))
        and Payment.select().count() == len(receipts)
        and allocated == sum(receipt.amount for receipt in receipts)
    )
