"""Two years of the demo office by commands alone: rates and ledgers agree with a recount that is not ours."""

import itertools
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.desktop.two_years_books import Ledgers, Sums
from tests.desktop.year_office import Year

PASSWORD = "yanshi-8866"
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Year]:
    """Build the demo once."""
    from desktop.main import main

    folder = tmp_path_factory.mktemp("two-years")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"):
            patch.setenv(name, str(folder))
        for name in ("LOCALAPPDATA", "APPDATA"):
            patch.setenv(name, str(folder))
        patch.setenv("PROPERTY_CONSOLE_PASSWORD", PASSWORD)
        path = folder / "office.db"
        assert main(["demo", str(path), "--units", "60", "--months", "24"]) == 0
        yield Year(path)


@pytest.fixture(autouse=True)
def _password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROPERTY_CONSOLE_PASSWORD", PASSWORD)


@pytest.fixture(scope="module")
def books(office: Year) -> Ledgers:
    return Ledgers(office.path)


def month_of(number: int) -> str:
    """Return 2025-01 of 202501."""
    return f"{number // 100}-{number % 100:02d}"


def fen(told: Any) -> int:
    """Return what a list tells of money in fen."""
    return int(Decimal(str(told or 0)) * 100)


def test_two_years_brought_money_in_every_way(books: Ledgers) -> None:
    """So that none of the other tests agrees on nothing."""
    ways = {way for (way,) in books.all("SELECT DISTINCT method FROM payment")}
    assert ways == {"CASH", "TRANSFER", "WECHAT", "ALIPAY", "POS", "DEBIT"}
    assert len(books.seals) >= 22
    assert books.one("SELECT count(*) FROM day_closing") > 200
    assert {stage for (stage,) in books.all("SELECT DISTINCT stage FROM dunning_letter")} >= {
        "FIRST",
        "SECOND",
    }
    assert {state for (state,) in books.all("SELECT DISTINCT state FROM bank_row")} >= {"BOOKED", "OPEN"}
    assert {state for (state,) in books.all("SELECT DISTINCT state FROM receipt")} >= {"ISSUED", "VOID"}


def test_the_rates_of_every_sealed_month_are_what_a_recount_finds(office: Year, books: Ledgers) -> None:
    for number in sorted(books.seals)[1:]:
        found = books.month(number)
        told = {
            row["building"]: row
            for row in office.rows("rates", "--period", f"{number // 100}-{number % 100:02d}")
        }
        assert set(told) >= {name for name, sums in found.items() if any(sums)}
        for name, row in told.items():
            sums = found.get(name, Sums(0, 0, 0, 0, 0))
            shown = (
                fen(row["charged"]) - fen(row["relief"]),
                *(fen(row[each]) for each in ("received", "opening")),
            )
            assert (*shown, fen(row["recovered"]), fen(row["closing"])) == tuple(sums), (number, name)
            assert row["rate"] == _percent(sums.received, sums.net), (number, name)
            assert row["overall"] == _percent(sums.received + sums.recovered, sums.net + sums.opening)


def test_each_month_begins_with_what_the_last_closed_with(books: Ledgers) -> None:
    months = sorted(books.seals)[1:]
    for one, other in itertools.pairwise(months):
        closing = sum(sums.closing for sums in books.month(one).values())
        assert sum(sums.opening for sums in books.month(other).values()) == closing, other


def test_receipts_run_on_and_money_is_settled_held_or_paid_back(books: Ledgers) -> None:
    numbers = [number for (number,) in books.all("SELECT number FROM receipt")]
    for year in {number[3:7] for number in numbers}:
        running = sorted(int(number[8:]) for number in numbers if number[3:7] == year)
        assert running == list(range(1, len(running) + 1)), year
    taken = books.one("SELECT sum(amount - voided) FROM payment")
    settled = books.one(
        "SELECT sum(amount) FROM allocation WHERE live AND adjustment_id IS NULL AND receipt_id > 0"
    )
    prepaid = books.one("SELECT sum(amount) FROM balance_entry WHERE receipt_id > 0")
    assert taken == settled + prepaid
    assert books.one("SELECT count(*) FROM (SELECT 1 FROM balance_entry GROUP BY unit_id, payer_id"
                     " HAVING sum(amount) < 0)") == 0  # fmt: skip


def test_every_counted_drawer_holds_its_float_and_its_cash(books: Ledgers) -> None:
    cash = dict(books.all("SELECT shift_id, sum(amount) FROM till_entry WHERE method = 'CASH' GROUP BY 1"))
    shifts = books.all("SELECT id, opening, expected, counted, note FROM shift WHERE closed_at IS NOT NULL")
    assert len(shifts) > 200
    for number, opening, expected, counted, note in shifts:
        assert expected == opening + cash.get(number, 0)
        assert counted == expected or note
    through = books.one(
        "SELECT sum(till_entry.amount) FROM till_entry WHERE kind IN ('RECEIVED', 'VOIDED', 'REVERSED')"
    )
    apart = books.one(
        "SELECT sum(amount - voided) FROM payment WHERE id NOT IN"
        " (SELECT payment_id FROM till_entry WHERE payment_id IS NOT NULL)"
    )
    assert books.one("SELECT sum(amount - voided) FROM payment") == through + apart


def test_statements_and_debits_were_booked_once(books: Ledgers) -> None:
    booked = books.all(
        "SELECT payment_id, amount FROM bank_row WHERE state = 'BOOKED' AND payment_id IS NOT NULL"
    )
    assert booked and len({payment for payment, _ in booked}) == len(booked)
    for payment, amount in booked:
        assert books.one("SELECT amount FROM payment WHERE id = ?", payment) == amount


def test_nobody_was_written_to_twice_within_a_week_and_no_step_was_skipped(books: Ledgers) -> None:
    letters = books.all(
        'SELECT unit_id, payer_id, "on", stage FROM dunning_letter WHERE state <> ? ORDER BY "on", id', "VOID"
    )
    steps, last = ["FIRST", "SECOND", "FORMAL"], dict[tuple[int, int | None], tuple[date, str]]()
    for unit, payer, on, stage in letters:
        day, before = date.fromisoformat(on), last.get((unit, payer))
        if before is not None:
            assert (day - before[0]).days >= 7, (unit, on)
            assert steps.index(stage) <= steps.index(before[1]) + 1, (unit, on)
        last[unit, payer] = (day, stage)


def test_the_accountants_entries_balance_day_by_day(office: Year, books: Ledgers) -> None:
    for number in sorted(books.seals)[-3:]:
        rows = office.rows("journal", "--period", month_of(number))
        assert rows and sum(fen(row["debit"]) for row in rows) == sum(fen(row["credit"]) for row in rows)


def test_the_kept_reports_are_those_files(office: Year, books: Ledgers, tmp_path: Any) -> None:
    ((number, data),) = books.all(
        "SELECT number, data FROM report_edition JOIN content ON content.id = content_id"
        " WHERE form = 'FE-07' ORDER BY month DESC LIMIT 1"
    )
    out = tmp_path / "again.pdf"
    office.run("print", "FE-07", "--number", number, "--out", out)
    assert out.read_bytes() == bytes(data)


def _percent(part: int, whole: int) -> str | None:
    """Return part ÷ whole in percent, half up to one decimal, in whole numbers alone."""
    if not whole:
        return None
    tenths = (2 * part * 1000 + whole) // (2 * whole)
    return f"{tenths // 10}.{tenths % 10}"
