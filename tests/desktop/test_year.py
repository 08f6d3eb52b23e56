"""A year of an office by commands alone, whose lists agree with books added up anew."""

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from tests.desktop.conftest import PASSWORD
from tests.desktop.year_books import Books, days_of, half_up, largest
from tests.desktop.year_office import HOUSES, READ, SOLD, SPACES, VACANT, YEAR, Year, as_month, play

MONTHS = range(YEAR * 100 + 1, YEAR * 100 + 13)


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Year]:
    """Run the year once."""
    folder = tmp_path_factory.mktemp("year")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"):
            patch.setenv(name, str(folder))
        patch.setenv("LOCALAPPDATA", str(folder))
        patch.setenv("APPDATA", str(folder))
        patch.setenv("PROPERTY_CONSOLE_PASSWORD", PASSWORD)
        yield play(folder / "office.db")


@pytest.fixture(autouse=True)
def _password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROPERTY_CONSOLE_PASSWORD", PASSWORD)


@pytest.fixture
def books(year: Year) -> Books:
    """Read the file of the year."""
    return Books(year.path)


def fen(told: Any) -> int:
    """Return what a list tells of money in fen; nothing where it tells nothing."""
    return int(Decimal(told or 0) * 100)


def number(month: str) -> int:
    """Return 202501 of 2025-01."""
    return int(month.replace("-", ""))


def test_the_year_brought_whatever_an_office_may_meet(year: Year, books: Books) -> None:
    """So that none of the other tests agrees on nothing."""
    kinds = Counter(kind for (kind,) in books.all("SELECT kind FROM bill WHERE live"))
    assert set(kinds) == {
        *("RECURRING", "METERED", "SHARED", "SERVICE", "LATE", "REVERSAL", "REDUCTION", "CORRECTION")
    }
    assert {state for (state,) in books.all("SELECT state FROM receipt")} == {"ISSUED", "VOID", "REVERSED"}
    moved = {kind for (kind,) in books.all("SELECT kind FROM balance_entry")}
    assert {"RECEIVED", "SET_OFF", "REVERSED", "REFUNDED"} <= moved
    assert books.one("SELECT COUNT(*) FROM batch WHERE state = 'UNDONE'") == 2
    assert books.one("SELECT COUNT(*) FROM approval WHERE state = 'APPROVED'") == 5


def test_check_says_that_all_agrees(year: Year) -> None:
    assert year.ask("check") == {"sound": True, "findings": []}


def test_every_house_is_charged_what_prices_areas_and_days_come_to(books: Books) -> None:
    wanted, found = books.due_charges(MONTHS), books.standing_charges()
    moved = {key: value for key, value in found.items() if wanted.get(key) != value}
    assert moved == {} and found.keys() == wanted.keys()
    assert len(found) == 12 * (2 * len(HOUSES) + len(SPACES))


def test_a_transfer_splits_a_month_by_its_days(books: Books) -> None:
    anew = books.all(
        "SELECT anew.unit_id, anew.item_id, anew.amount, old.amount, old.kind FROM bill AS anew "
        "JOIN bill AS old ON old.id = anew.corrects_id WHERE anew.source LIKE 'GH-%' AND anew.amount > 0"
    )
    assert {books.code[unit] for unit, *_ in anew} == {SOLD}
    assert sorted(kind for *_, kind in anew) == ["RECURRING", "RECURRING", "SHARED"]
    days = days_of(MONTHS[6])
    for unit, item, amount, old, kind in anew:
        weights = {
            who: len(part) if kind == "SHARED" else books.cost(unit, item, MONTHS[6], part)
            for who, part in {"old": days[:10], "new": days[10:]}.items()
        }
        assert largest(old, weights)["new"] == amount
    assert books.one("SELECT SUM(amount) FROM bill WHERE source LIKE 'GH-%'") == 0


def test_a_vacancy_takes_off_its_days_alone(books: Books) -> None:
    taken = books.all(
        "SELECT old.month, old.amount, cut.amount, old.kind, cut.unit_id FROM bill AS cut "
        "JOIN bill AS old ON old.id = cut.corrects_id JOIN adjustment ON cut.source LIKE number || '/%' "
        "WHERE adjustment.kind = 'VACANCY' ORDER BY old.month, old.item_id"
    )
    own = books.all(
        "SELECT month, amount FROM bill JOIN fee_item ON fee_item.id = item_id WHERE live AND amount > 0 AND "
        "bill.kind = 'RECURRING' AND NOT collected AND month >= ? AND unit_id = ? ORDER BY month, item_id",
        MONTHS[10], *{unit for *_, unit in taken},
    )  # fmt: skip
    assert [(month, amount) for month, amount, *_ in taken] == own and len(own) >= 2
    assert {books.code[unit] for *_, unit in taken} == {VACANT}
    for month, amount, off, *_ in taken:
        days = Fraction(20, 30) if month == MONTHS[10] else 1
        assert off == -half_up(amount * Fraction(30, 100) * days)


def test_what_meters_counted_is_charged_by_its_tiers(year: Year, books: Books) -> None:
    assert books.metered() == books.counted() and set(books.counted()) == set(READ)
    charged = books.meter_charges()
    assert {line: pair for line, pair in charged.items() if pair[0] != pair[1]} == {}
    told: Counter[str] = Counter()
    for row in year.rows("readings"):
        told[row["unit"]] += fen(row["usage"])
    assert dict(told) == books.counted()


def test_shares_come_to_their_pools(year: Year, books: Books) -> None:
    pools = list(books.pools())
    assert len(pools) == 16
    for pool, booked, anew, lines in pools:
        assert (pool, anew) == (booked, lines)
        assert sum(lines.values()) == pool
    told = year.rows("shared_costs", "--state", "已分摊")
    assert sum(fen(row["amount"]) for row in told) == sum(pool for pool, *_ in pools)


@pytest.mark.parametrize("day", ["2025-03-31", "2025-08-20", "2025-12-31"])
def test_arrears_are_what_was_charged_less_what_was_paid(year: Year, books: Books, day: str) -> None:
    told = {row["unit"]: fen(row["amount"]) for row in year.rows("arrears", "--on", day)}
    assert told == books.arrears(day)


def test_lines_show_what_was_settled_on_them(year: Year, books: Books) -> None:
    rows = year.rows("bills")
    assert sum(fen(row["amount"]) for row in rows) == books.one("SELECT SUM(amount) FROM bill WHERE live")
    paid = books.one("SELECT SUM(amount) FROM allocation WHERE live")
    assert sum(fen(row["paid"]) for row in rows) == paid


def test_no_money_appears_or_vanishes(year: Year, books: Books) -> None:
    taken = sum(fen(row["amount"]) for row in year.rows("receipts") if row["state"] != "作废")
    settled = books.one("SELECT SUM(amount) FROM allocation WHERE live")
    held = books.one("SELECT SUM(amount) FROM balance_entry")
    refunded = books.one("SELECT -SUM(amount) FROM balance_entry WHERE kind = 'REFUNDED'")
    assert taken == settled + held + refunded and refunded == 20025
    assert taken == books.one("SELECT SUM(amount - voided) FROM payment")


def test_balances_are_what_was_paid_ahead_and_not_used(year: Year, books: Books) -> None:
    told = {(row["unit"], row["payer"]): fen(row["amount"]) for row in year.rows("balances")}
    assert told == books.balances() != {}


def test_closings_are_the_receipts_of_their_days(year: Year, books: Books) -> None:
    columns = ("amount", "deposits")
    told = {
        row["day"]: (row["receipts"], row["voids"], *(fen(row[name]) for name in columns))
        for row in year.rows("closings")
    }
    assert told == books.closings() and len(told) == 15


def test_deposits_hold_what_was_not_deducted_or_given_back(year: Year, books: Books) -> None:
    columns = ("deducted", "refunded", "held")
    told = {row["number"]: [fen(row[name]) for name in columns] for row in year.rows("deposits")}
    assert told == books.deposits() and len(told) == 3


@pytest.mark.parametrize("unit", [*HOUSES, *SPACES])
def test_a_statement_ends_with_what_is_open_less_what_is_held(year: Year, books: Books, unit: str) -> None:
    assert fen(year.rows("statement", "--unit", unit)[-1]["balance"]) == books.closing(unit)


@pytest.mark.parametrize("month", [3, 7, 12])
def test_rates_are_of_the_raw_lines_and_payments(year: Year, books: Books, month: int) -> None:
    last = f"{as_month(month)}-{30 + (month != 6)}"
    told = {row["building"]: row for row in year.rows("rates", "--period", as_month(month), "--on", last)}
    anew = books.rates(YEAR * 100 + month)
    assert told.keys() == anew.keys()
    for building, figures in anew.items():
        row = told[building]
        assert {name: fen(row[name]) for name in figures} == figures
        percent = 100 * Decimal(figures["received"]) / (figures["charged"] - figures["relief"])
        assert abs(Decimal(row["rate"]) - percent) <= Decimal("0.05")


def test_a_year_of_collection_is_of_the_raw_lines(year: Year, books: Books) -> None:
    told = {
        (number(row["month"]), row["item"]): (fen(row["charged"]), fen(row["paid"]))
        for row in year.rows("collection", "--period", YEAR)
    }
    assert told == books.collected(MONTHS)


def test_paying_late_costs_what_each_day_of_it_costs(books: Books) -> None:
    spans = list(books.late_spans())
    assert [pair for pair in spans if pair[0] != pair[1]] == [] and len(spans) > 100


def test_what_late_payment_comes_to_by_now_is_told_by_house(year: Year, books: Books) -> None:
    day = str(books.all('SELECT MAX("on") FROM allocation')[0][0])
    told: Counter[str] = Counter()
    for row in year.rows("late", "--on", day):
        told[row["unit"]] += fen(row["amount"])
    assert dict(told) == books.late_still(day) != {}
