"""测速: what `bench` measures, each as a pair of the product and what it is held against."""

from __future__ import annotations

import contextlib
import functools
import os
import shutil
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from datetime import time as clock_time
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from desktop import modules, printing
from models import deeds, sqlite
from models.base import Journal, journalling
from models.canteen.books import StockClose
from models.canteen.counting import begin_count
from models.canteen.stocktakes import running
from models.clock import standing_at
from models.complaints import tallies
from models.complaints.analysis import reports
from models.complaints.kinds import Sort
from models.entries import ENTRIES
from models.errors import BadInput
from models.fees import arrears as debts
from models.fees import billing as runs
from models.fees import closings, late_terms, sealing
from models.fees import late as owed_late
from models.fees import rates as collected
from models.fees.dunning import assessing
from models.fees.dunning.issuing import dun
from models.listings import LISTS, Filters
from models.months import Month, Period
from models.office.staff import add_staff
from models.suppliers.scoring import scores as scored
from models.suppliers.scoring.evaluations import Evaluation
from tests.benchmarks import cases, imports, ledger, paper, screen, stockroom, storage, supply, workbooks
from tests.benchmarks import sharing as shares
from tests.benchmarks import statements as matched

RUNS = 3


class Measure(NamedTuple):
    """One line of the table; without a limit the product itself is held against the aim."""

    name: str
    unit: str
    product: float
    limit: float | None
    ratio: float | None
    aim: float

    @property
    def held(self) -> bool:
        """Whether the aim is met."""
        return (self.product if self.ratio is None else self.ratio) <= self.aim


def median_of(
    name: str, aim: float, product: Callable[[int], float], limit: Callable[[int], float]
) -> Measure:
    """Let product and limit take turns; each is called with the run's number and returns its seconds."""
    taken = [(product(run), limit(run)) for run in range(RUNS)]
    ours, bare = (statistics.median(times) * 1000 for times in zip(*taken, strict=True))
    return Measure(name, "ms", ours, bare, ours / bare, aim)


@contextmanager
def copy_of(office: Path) -> Iterator[Path]:
    """Yield a copy of an office on the same disk, all of it written out."""
    with tempfile.TemporaryDirectory(dir=office.parent) as folder:
        path = Path(folder, "office.db")
        shutil.copyfile(office, path)
        settle()
        yield path


def settle() -> None:
    """Force out what earlier work left to be written, so that nobody else is timed for it."""
    if hasattr(os, "sync"):
        os.sync()


def seconds(work: Callable[[], Any]) -> float:
    """Return how long something takes."""
    settle()
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


# --- billing --------------------------------------------------------------------------------------


def billing() -> Measure:
    """Measure a run on an empty ledger beside its rows by executemany."""
    made: list[tuple[list[str], list[tuple[Any, ...]]]] = []

    def product(run: int) -> float:
        with copy_of(ledger.empty()) as path:
            took = _bill(path, ledger.NEXT)
            made.append(_rows(path))
        return took

    def limit(run: int) -> float:
        with copy_of(ledger.empty()) as path:
            return _insert(path, *made[run])

    return median_of("billing", 2.0, product, limit)


def billing_full() -> Measure:
    """Measure a run on ten years of lines beside the same run on none."""
    with copy_of(ledger.full()) as path:

        def empty(run: int) -> float:
            with copy_of(ledger.empty()) as other:
                return _bill(other, ledger.NEXT.plus(run))

        return median_of("billing-full", 1.3, lambda run: _bill(path, ledger.NEXT.plus(run)), empty)


def _bill(path: Path, month: Month) -> float:
    with ledger.opened(path):
        done: list[Any] = []
        took = seconds(lambda: done.append(runs.bill(month)))
        assert done[0].count == ledger.UNITS * ledger.ITEMS
    return took


def _rows(path: Path) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Return the columns and rows of all lines of an office, ids left to the database."""
    with contextlib.closing(sqlite3.connect(path)) as source:
        found = source.execute("SELECT * FROM bill ORDER BY id")
        columns = [column[0] for column in found.description]
        return columns[1:], [row[1:] for row in found]


def _insert(path: Path, columns: list[str], rows: list[tuple[Any, ...]]) -> float:
    """Insert rows in one transaction, on a connection with our settings; the batch they name is there."""
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as source:
        for name, value in sqlite.PRAGMAS.items():
            source.execute(f"PRAGMA {name}={value}")
        source.execute(
            "INSERT INTO batch(row_version, kind, title, made_at, made_by, count, state)"
            " VALUES (1, 'billing', '', '2026-12-01 09:00:00', '', 0, 'LIVE')"
        )
        names = ", ".join(f'"{column}"' for column in columns)
        marks = ", ".join("?" * len(columns))

        def work() -> None:
            source.execute("BEGIN IMMEDIATE")
            source.executemany(f"INSERT INTO bill({names}) VALUES ({marks})", rows)
            source.execute("COMMIT")

        return seconds(work)


# --- sharing --------------------------------------------------------------------------------------


def sharing() -> Measure:
    """Measure a common cost shared among all units beside SQL that leaves the same."""

    def within_copy(work: Callable[[Path, Any], float]) -> float:
        with copy_of(ledger.empty()) as path:
            return work(path, seconds)

    return median_of(
        "sharing", 3.0, lambda run: within_copy(shares.product), lambda run: within_copy(shares.limit)
    )


def statement() -> Measure:
    """Measure 5,000 rows of a statement read and matched; booking them is another matter."""
    taken = []
    for _ in range(RUNS):
        with copy_of(ledger.empty()) as path:
            taken.append(matched.product(path, seconds))
    return Measure("statement", "ms", statistics.median(taken) * 1000, None, None, 2_000)


# --- papers ---------------------------------------------------------------------------------------


def _printed(code: str, measure: Callable[..., Any]) -> Measure:
    from reports.paper import Printed

    sheets = functools.partial(ledger.sheets_of, code, ledger.full())
    ledger.modules.load_papers()
    from reports.papers import letterhead

    with ledger.opened(ledger.full()):
        head = letterhead()
    return Measure(*measure(sheets, head, Printed("王敏", datetime(2026, 12, 1, 9))))


# --- rates and arrears ----------------------------------------------------------------------------

SCAN_RATES = (
    "SELECT month, item_id, sum(amount), sum(paid) FROM bill NOT INDEXED WHERE live = 1"
    " GROUP BY month, item_id"
)
SCAN_ARREARS = (
    "SELECT unit_id, (due < ?) + (due < ?) + (due < ?) + (due < ?) AS age, sum(amount - paid)"
    " FROM bill NOT INDEXED WHERE live = 1 AND paid < amount AND due <= ? GROUP BY unit_id, age"
)


def rates() -> Measure:
    """Measure collection rates by month and item over the whole ledger."""
    with _reading() as source:

        def product() -> None:
            told = collected.by_month_and_item(ledger.FIRST, ledger.LAST)
            assert len(told) == ledger.MONTHS * ledger.ITEMS

        return _beside("rates", product, lambda: len(source.execute(SCAN_RATES).fetchall()))


def arrears() -> Measure:
    """Measure what each unit owes by age."""
    bounds = [bound.isoformat() for bound in debts.age_bounds(ledger.AS_OF)]
    with _reading() as source:
        scanned = source.execute(SCAN_ARREARS, (*bounds, ledger.AS_OF.isoformat())).fetchall()
        owed = sum(debt.total for debt in debts.debts(ledger.AS_OF).values())
        assert owed == sum(fen for _, _, fen in scanned)
        return _beside(
            "arrears",
            lambda: debts.debts(ledger.AS_OF),
            lambda: source.execute(SCAN_ARREARS, (*bounds, ledger.AS_OF.isoformat())).fetchall(),
        )


# --- late payment ---------------------------------------------------------------------------------

_OPENED = 9
"""Months before those whose payments are told, opened again so that there are 200,000 open lines to bear."""
_LATE = """
    SELECT unit_id, min(amount, ((amount - paid) * CAST(julianday(:day) - julianday(due) AS INTEGER) * 5
     + coalesce(late, 0) * 5 + 5000) / 10000) AS fen
    FROM bill {} JOIN (
     SELECT bill.id, sum(allocation.amount * CAST(julianday("on") - julianday(due) AS INTEGER)) AS late
     FROM allocation JOIN bill ON bill.id = bill_id WHERE allocation.live = 1 AND "on" > due GROUP BY bill.id
    ) AS part ON part.id = bill.id WHERE live = 1 AND paid {} amount AND due < :day AND item_id IN (1, 2, 3)
"""
_LINES = f"{_LATE.format('LEFT', '<')} UNION ALL {_LATE.format('', '>=')}"
SCAN_LATE = f"SELECT unit_id, sum(fen) FROM ({_LINES}) GROUP BY unit_id"


def late() -> Measure:
    """Measure what each unit bears on 200,000 open lines and those paid late, beside one statement of SQL."""
    day = ledger.AS_OF
    with copy_of(ledger.full()) as path, contextlib.closing(sqlite3.connect(path)) as source:
        last = ledger.FIRST.plus(ledger.MONTHS - 14)
        bounds = (last.plus(1 - _OPENED).number, last.number)
        with source:
            source.execute("UPDATE bill SET paid = 0 WHERE month BETWEEN ? AND ? AND item_id < 4", bounds)
        for name, value in sqlite.PRAGMAS.items():
            source.execute(f"PRAGMA {name}={value}")
        with ledger.opened(path):
            late_terms.add_late_terms(clause="第八条", daily=Decimal("0.5"), since=ledger.FIRST.first)
            asked = {"day": day.isoformat()}
            assert sum(one.owed > 0 for one in owed_late.late_of(day)) >= 200_000
            assert owed_late.late_by_unit(day) == dict(source.execute(SCAN_LATE, asked).fetchall())
            return median_of(
                "late",
                3.0,
                lambda run: seconds(lambda: owed_late.late_by_unit(day)),
                lambda run: seconds(lambda: source.execute(SCAN_LATE, asked).fetchall()),
            )


def seal() -> Measure:
    """Measure sealing a month of 20,000 lines in ten years of them, its reports drawn and kept."""
    month = ledger.LAST.plus(-2)
    taken: list[float] = []
    with copy_of(ledger.full()) as path, ledger.opened(path):
        modules.load()
        modules.load_papers()
        for run in range(RUNS):
            mine = month.plus(run - 1)
            for day in closings.open_days(mine.last):
                closings.close_day(day)
            taken.append(seconds(functools.partial(sealing.seal_month, mine)))
    return Measure("seal", "ms", statistics.median(taken) * 1000, None, None, 2000)


# --- dunning --------------------------------------------------------------------------------------

SCAN_OWING = (
    "SELECT unit_id, payer_id, min(due), sum(amount - paid), count(*) FROM bill"
    " WHERE live = 1 AND paid < amount AND due < ? GROUP BY unit_id, payer_id"
)


def dunning() -> Measure:
    """Measure how 5,000 households stand on 200,000 open lines, each written to once, beside bare SQL."""
    day = ledger.AS_OF
    with copy_of(ledger.full()) as path, contextlib.closing(sqlite3.connect(path)) as source:
        last = ledger.FIRST.plus(ledger.MONTHS - 3)
        bounds = (last.plus(1 - _OPENED).number, last.number)
        with source:
            source.execute("UPDATE bill SET paid = 0 WHERE month BETWEEN ? AND ?", bounds)
        for name, value in sqlite.PRAGMAS.items():
            source.execute(f"PRAGMA {name}={value}")
        with ledger.opened(path):
            assert dun(on=min(last.plus(1).last, date.today())).count == ledger.UNITS
            found = assessing.assess(day)
            told = {(one.unit, one.payer): one.owing.fen for one in found if one.owing is not None}
            rows = source.execute(SCAN_OWING, (day.isoformat(),)).fetchall()
            assert told == {(unit, payer): fen for unit, payer, _, fen, _ in rows}
            assert sum(row[-1] for row in rows) >= 200_000
            return median_of(
                "dunning",
                3.0,
                lambda run: seconds(lambda: assessing.assess(day)),
                lambda run: seconds(lambda: source.execute(SCAN_OWING, (day.isoformat(),)).fetchall()),
            )


@contextmanager
def _reading() -> Iterator[sqlite3.Connection]:
    """Open the full ledger by the program and beside it, with the same settings."""
    with ledger.opened(ledger.full()), contextlib.closing(sqlite3.connect(ledger.full())) as source:
        for name, value in sqlite.PRAGMAS.items():
            source.execute(f"PRAGMA {name}={value}")
        yield source


def _beside(name: str, product: Callable[[], Any], limit: Callable[[], Any]) -> Measure:
    return median_of(name, 0.5, lambda run: seconds(product), lambda run: seconds(limit))


# --- complaints and repairs -----------------------------------------------------------------------


def open_cases() -> Measure:
    """Measure asking for the list of open cases among 200,000: its first rows and its number."""
    modules.load()
    with ledger.opened(ledger.served()):

        def product() -> float:
            return seconds(lambda: (LISTS["cases"]().window(), LISTS["cases"]().totals()))

        return Measure(
            "cases", "ms", statistics.median(product() for _ in range(RUNS)) * 1000, None, None, 100
        )


def month_analysis() -> Measure:
    """Measure CS-13 of the last whole month among 200,000 cases: counted, set and written as a PDF."""
    modules.load_papers()
    month = Month.of(date.today()).plus(-1)
    with ledger.opened(ledger.served()), tempfile.TemporaryDirectory() as folder:
        with contextlib.suppress(BadInput):  # it is there from an earlier measurement
            reports.prepare_analysis(month)
        out = Path(folder) / "CS-13.pdf"

        def product() -> float:
            return seconds(lambda: printing.print_form("CS-13", out=out, period=Period.of_month(month)))

        return Measure(
            "month-analysis",
            "ms",
            statistics.median(product() for _ in range(RUNS)) * 1000,
            None,
            None,
            1_500,
        )


def case_rates() -> Measure:
    """Measure the counts of every rate over ten years of complaints, beside bare SQL."""
    at, period = datetime.now().replace(microsecond=0), Period.parse("2000-01-01至2100-12-31")
    given = {"sort": "COMPLAINT", "at": f"{at}", "first": "2000-01-01", "last": "2101-01-01"}
    with (
        ledger.opened(ledger.served()),
        contextlib.closing(sqlite3.connect(ledger.served())) as source,
    ):
        for name, value in sqlite.PRAGMAS.items():
            source.execute(f"PRAGMA {name}={value}")
        found = tallies.tally(Sort.COMPLAINT, period, at)
        bare = source.execute(cases.SCAN_RATES, given).fetchone()
        told = (
            found.received,
            found.withdrawn,
            found.due,
            found.done,
            found.on_time,
            found.visited,
            found.again,
        )
        assert told == bare, (told, bare)
        return median_of(
            "case-rates",
            2.0,
            lambda run: seconds(lambda: tallies.tally(Sort.COMPLAINT, period, at)),
            lambda run: seconds(lambda: source.execute(cases.SCAN_RATES, given).fetchall()),
        )


def scores() -> Measure:
    """Measure a year's scores of 300 suppliers with 60,000 deliveries, beside one statement of SQL."""
    modules.load()
    given = {"first": f"{supply.YEAR}-01-01", "last": f"{supply.YEAR}-12-31"}
    with (
        ledger.opened(ledger.supplied()),
        contextlib.closing(sqlite3.connect(ledger.supplied())) as source,
    ):
        for name, value in sqlite.PRAGMAS.items():
            source.execute(f"PRAGMA {name}={value}")

        def product() -> list[Decimal | None]:
            return [one.total for one in scored.scores_of(Evaluation.of_span(str(supply.YEAR))).values()]

        bare = [Decimal(str(row[-1])) for row in source.execute(supply.BARE, given)]
        told = product()
        assert len(told) == len(bare) == supply.SUPPLIERS
        for mine, other in zip(told, bare, strict=True):  # papers are wanting: ten points less
            assert mine is not None and abs(mine + 10 - other) < Decimal("0.05"), (mine, other)
        return median_of(
            "scores",
            3.0,
            lambda run: seconds(product),
            lambda run: seconds(lambda: source.execute(supply.BARE, given).fetchall()),
        )


def stock_on_hand() -> Measure:
    """Measure asking for what is in stock, of 2,000 items with 300,000 moves: its first rows and its sums."""
    modules.load()
    with ledger.opened(ledger.stocked()):

        def product() -> float:
            return seconds(lambda: (LISTS["stock"]().window(), LISTS["stock"]().totals()))

        return Measure(
            "stock", "ms", statistics.median(product() for _ in range(RUNS)) * 1000, None, None, 100
        )


def stock_month() -> Measure:
    """Measure what came and went of 2,000 items with 300,000 moves, beside one statement of SQL."""
    modules.load()
    month = Month.of(date.today()).plus(-1)
    with (
        ledger.opened(ledger.stocked()),
        contextlib.closing(sqlite3.connect(ledger.stocked())) as source,
    ):
        for name, value in sqlite.PRAGMAS.items():
            source.execute(f"PRAGMA {name}={value}")
        given = {"first": month.first.isoformat(), "last": month.last.isoformat()}
        _close_before(month)
        period = Filters(period=Period.of_month(month))

        def product() -> list[Any]:
            return [row.values for row in LISTS["stock_month"](period).rows()]

        bare = {row[0]: row[1:] for row in source.execute(stockroom.BARE, given)}
        for row in product():
            told = tuple(
                int(value.scaleb(3 if place % 2 == 0 else 2)) for place, value in enumerate(row[4:12])
            )
            assert told == bare[row[0]], (told, bare[row[0]])
        return median_of(
            "stock-month",
            2.0,
            lambda run: seconds(product),
            lambda run: seconds(lambda: source.execute(stockroom.BARE, given).fetchall()),
        )


def _close_before(month: Month) -> None:
    """Close the books of the month before, if an earlier measurement did not."""
    if StockClose.select().count() == 0:
        with deeds.transaction(), journalling(Journal()):
            before = month.plus(-1)
            StockClose.add(
                month=before, until=before.last, number="PD", made_at=datetime.now(), made_by="测试"
            )


def stocktake() -> Measure:
    """Measure opening the sheet of a count of 2,000 lots and its page, in an office with 300,000 moves."""
    modules.load()
    with ledger.opened(ledger.stocked()):
        if running() is None:
            _begin_count()

        def product() -> float:
            return seconds(
                lambda: (
                    ENTRIES["stock_counting"].sheet(Filters()),
                    LISTS["stocktakes"]().window(),
                    LISTS["stocktakes"]().totals(),
                )
            )

        assert len(ENTRIES["stock_counting"].sheet(Filters()).lines) == stockroom.ITEMS
        return Measure(
            "stocktake", "ms", statistics.median(product() for _ in range(RUNS)) * 1000, None, None, 200
        )


def _begin_count() -> None:
    people = [add_staff(number=f"P{number}", name=f"盘点{number}") for number in (1, 2)]
    month = Month.of(date.today())
    with standing_at(datetime.combine(month.plus(-1).last, clock_time(17))):
        begin_count(*people, month.plus(-1))


# --- the rest, measured beside what it is made of -------------------------------------------------


def _of_pair(name: str, aim: float, pair: workbooks.Pair) -> Measure:
    return Measure(name, "ms", pair.product * 1000, pair.limit * 1000, pair.ratio, aim)


# --- the window -----------------------------------------------------------------------------------


def _start() -> Measure:
    ours, bare = screen.start(ledger.empty())
    return Measure("start", "ms", ours, bare, ours / bare, 3.0)


def _screen(name: str, aim: float, office: Callable[[], Path]) -> Measure:
    with copy_of(office()) as path:
        return Measure(name, "ms", screen.measured(name, path), None, None, aim)


BENCHMARKS: dict[str, Callable[[], Measure]] = {
    "billing": billing,
    "billing-full": billing_full,
    "sharing": sharing,
    "statement": statement,
    "notices": lambda: _printed("FE-02", paper.notices),
    "notices-qr": lambda: _printed("FE-02", paper.notices_qr),
    "notices-memory": lambda: _printed("FE-02", paper.notices_memory),
    "schedule": lambda: _printed("FE-01", paper.schedule),
    "rates": rates,
    "arrears": arrears,
    "late": late,
    "seal": seal,
    "dunning": dunning,
    "cases": open_cases,
    "case-rates": case_rates,
    "month-analysis": month_analysis,
    "scores": scores,
    "stock": stock_on_hand,
    "stock-month": stock_month,
    "stocktake": stocktake,
    "backup": lambda: Measure(*storage.backup(ledger.storage_office())),
    "restore": lambda: Measure(*storage.restore(ledger.storage_office())),
    "import": lambda: _of_pair("import", 2.0, imports.measure()),
    "export": lambda: _of_pair("export", 1.2, workbooks.export_pair()),
    "start": _start,
    "list": lambda: _screen("list", 100, ledger.full),
    "list-sort": lambda: _screen("list-sort", 100, ledger.full),
    "search": lambda: _screen("search", 10, ledger.town),
    "switch": lambda: _screen("switch", 50, ledger.full),
    "card": lambda: _screen("card", 100, ledger.full),
    "paste": lambda: _screen("paste", 1000, ledger.full),
    "stall": lambda: _screen("stall", 100, ledger.full),
}
