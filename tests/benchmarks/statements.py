"""流水测速: a statement of 5,000 rows read and matched in an office of 5,000 units that owe a month."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from models.base import db
from models.fees.banking.accounts import add_bank_account
from models.fees.banking.rows import BankRow
from models.fees.banking.statements import judge_statement, judged
from models.fees.billing import bill
from models.imports import given
from models.money import from_scaled
from models.months import Month
from tests.benchmarks import ledger

ROWS = 5_000
_OWED = """
SELECT u.code, p.name, sum(b.amount - b.paid) FROM bill b JOIN unit u ON u.id = b.unit_id
JOIN person p ON p.id = b.payer_id GROUP BY u.id ORDER BY u.id
"""


def product(path: Path, seconds: Callable[[Callable[[], Any]], float]) -> float:
    """Return how long it takes to read, check and match a statement by which every unit pays."""
    with ledger.opened(path):
        bill(Month.of(date.today()))
        account, file = add_bank_account(name="基本户"), path.with_name("流水.csv")
        _write(file)
        found: list[Any] = []

        def work() -> None:
            plan = judge_statement(given(file), (), account)
            assert plan.new == ROWS and not plan.errors
            found[:] = judged([BankRow(**draft.values) for draft in plan.roster.drafts[BankRow]])

        took = seconds(work)
        assert sum(match.sure for _, match, _ in found) > ROWS // 2
        return took


def _write(file: Path) -> None:
    """Write a statement: most payers name their house, some only themselves, some nothing."""
    remarks = ("{} 物业费", "{}", "交{}室物业费", "", "物业费")
    with file.open("w", encoding="gb18030", newline="") as out:
        told = csv.writer(out)
        told.writerow(("交易日期", "金额", "对方户名", "附言", "流水号"))
        for number, (code, name, fen) in enumerate(db.execute_sql(_OWED).fetchall()[:ROWS]):
            remark = remarks[number % len(remarks)].format(code)
            told.writerow((date.today(), from_scaled(fen, 2), name, remark, f"{number:018d}"))
