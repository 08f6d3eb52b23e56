"""分摊测速: a common cost shared among 5,000 houses by the deed, beside SQL that does the same at one go."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from models import sqlite
from models.base import db
from models.fees.items import Category, add_item
from models.fees.share_plans import SharePlan, add_share_plan
from models.fees.sharing import share
from models.months import Month
from tests.benchmarks import ledger

MONTH = Month.of(date.today())
POOL = Decimal("123456.78")

_SHARES = """
INSERT INTO share(row_version, cost_id, unit_id, quantity, coefficient, exact, rest, amount)
SELECT 1, ?, unit, area, 10000, fen * area * 10000 / base, given, fen * area / base + given FROM (
    SELECT *, CASE WHEN row_number() OVER (ORDER BY fen * area % base DESC, sort_key)
                        <= fen - sum(fen * area / base) OVER () THEN 1 ELSE 0 END AS given
    FROM (
        SELECT u.id AS unit, u.sort_key, a.billing AS area, sum(a.billing) OVER () AS base, ? AS fen
        FROM unit u JOIN unit_area a ON a.unit_id = u.id
        WHERE a.since <= ? AND (a.until IS NULL OR a.until >= ?) AND u.state <> 'RETIRED'
    )
) ORDER BY sort_key
"""
_LINES = """
INSERT INTO bill(row_version, month, unit_id, item_id, part, kind, source, amount, paid, live, due, run,
                 batch_id, payer_id, liable_id)
SELECT 1, ?2, s.unit_id, ?3, 0, 'SHARED', ?4 || '/' || s.unit_id, s.amount, 0, 1, ?5, ?2, ?6,
       coalesce(t.person_id, o.person_id), o.person_id
FROM share s
LEFT JOIN (
    SELECT unit_id, person_id, row_number() OVER (PARTITION BY unit_id ORDER BY "primary" DESC, id) AS place
    FROM ownership WHERE since <= ?1 AND (until IS NULL OR until >= ?1)
) o ON o.unit_id = s.unit_id AND o.place = 1
LEFT JOIN (
    SELECT unit_id, person_id, row_number() OVER (PARTITION BY unit_id ORDER BY since DESC, id) AS place
    FROM occupancy WHERE pays = 1 AND since <= ?1 AND (until IS NULL OR until >= ?1)
) t ON t.unit_id = s.unit_id AND t.place = 1
WHERE s.cost_id = ?7 AND s.amount > 0
"""


def product(path: Path, seconds: Callable[[Callable[[], Any]], float]) -> float:
    """Return how long the deed takes in an office, its plan made beforehand."""
    with ledger.opened(path):
        plan = _plan()
        done: list[Any] = []
        took = seconds(lambda: done.append(share(plan, MONTH, amount=POOL, due=MONTH.last)))
        assert done[0].units == ledger.UNITS
    return took


def limit(path: Path, seconds: Callable[[Callable[[], Any]], float]) -> float:
    """Return how long two statements take in one transaction, in an office in which the document is there.

    They leave what the deed leaves, which is held against it to the fen.
    """
    with ledger.opened(path):
        cost = share(_plan(), MONTH, amount=POOL, due=MONTH.last)
        item, wanted = cost.plan.item_id, [_read(table) for table in _TOLD]
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as source:
        for name, value in sqlite.PRAGMAS.items():
            source.execute(f"PRAGMA {name}={value}")
        for table in _TOLD:
            source.execute(f"DROP TRIGGER {table}_no_delete")
            source.execute(f"DELETE FROM {table}")
        day = MONTH.last.isoformat()

        def work() -> None:
            source.execute("BEGIN IMMEDIATE")
            source.execute(_SHARES, (cost.id, int(POOL * 100), day, day))
            first = MONTH.first.isoformat()
            told = (first, MONTH.number, item, cost.number, day, cost.batch_id, cost.id)
            source.execute(_LINES, told)
            source.execute("COMMIT")

        took = seconds(work)
    with ledger.opened(path):
        assert [_read(table) for table in _TOLD] == wanted
    return took


def _plan() -> SharePlan:
    item = add_item(code="9", name="公共照明费", category=Category.SHARED)
    return add_share_plan(name="楼道照明", item=item)


def _read(table: str) -> list[Any]:
    return list(db.execute_sql(f"SELECT {_TOLD[table]} FROM {table} ORDER BY unit_id").fetchall())


_TOLD = {
    "share": "unit_id, quantity, coefficient, exact, rest, amount",
    "bill": "month, unit_id, item_id, kind, source, amount, due, run, batch_id, payer_id, liable_id",
}
