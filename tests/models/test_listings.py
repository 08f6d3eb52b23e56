"""Every list that people know by name, walked: windows, sorting, searching, totals, JSON."""

import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from desktop.modules import load
from models import deeds
from models.conditions import Condition, Test, askable, holds, said
from models.errors import BadInput, NotFound, PermissionDenied
from models.fees.billing import bill
from models.fees.cashier import receive
from models.fees.closings import close_day
from models.fees.items import Basis
from models.fields import CodeField, LinkField
from models.listings import LISTS, Filters, Listing, RowListing, Shown, listed
from models.months import Month, Period
from models.owners.estate import Unit
from tests.estate import Estate, opened

load()


@pytest.fixture(scope="module")
def books(empty_office: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make twelve houses with two items over two months, one payment, one closed day."""
    with opened(empty_office, tmp_path_factory.mktemp("books") / "books.db") as path:
        _keep_books(Estate())
    return path


@pytest.fixture
def ledger(books: Path, tmp_path: Path) -> Iterator[Path]:
    """Open a copy of these books."""
    with opened(books, tmp_path / "ledger.db") as path:
        yield path


def _keep_books(estate: Estate) -> None:
    start = date(2026, 1, 1)
    items = [estate.item(since=start), estate.item("公共照明", basis=Basis.FIXED, extra="10.00", since=start)]
    for number in range(1, 13):
        unit = estate.house(str(number), owner=None if number == 3 else f"业主{number}")
        for item in items:
            estate.give(unit, item)
    for month in (1, 2):
        bill(Month(2026, month))
    receive(Unit.find("1-1-1"), Decimal("500.00"), on=date(2026, 2, 1))
    receive(Unit.find("1-1-2"), Decimal("50.00"), on=date(2026, 2, 2))
    close_day(date(2026, 2, 1))


@pytest.mark.parametrize("name", sorted(LISTS))
def test_a_column_is_asked_the_same_by_the_database_and_in_the_hand(ledger: Path, name: str) -> None:
    found = listed(name)()
    rows = list(found.rows())
    for at, column in enumerate(found.columns):
        kind = column.field
        read = kind.show if isinstance(kind, LinkField) or hasattr(kind, "options") else kind.exact
        samples = {read(row.values[at]) for row in rows if row.values[at] is not None}
        for test in askable(kind):
            for value in [""] if test.bare else sorted(samples - {""})[:3]:
                asked = Condition(column.name, test, value[:10] if kind.excel == "moment" else value)
                fits = holds(column, asked)
                expected = [row.id for row in rows if fits(row.values[at])]
                met = found.meeting(asked)
                assert [row.id for row in met.rows()] == expected, asked
                assert met.count() == len(expected), asked
                assert said(column, asked).startswith(column.heading)


def test_several_conditions_are_all_met_and_windows_go_on(ledger: Path) -> None:
    asked = (Condition("owed", Test.LEAST, "1"), Condition("payer", Test.IS_NOT, "业主2"))
    met = listed("bills")().meeting(*asked)
    first = met.window(size=5)
    rest = met.window(first[-1].cursor, 500)
    assert len(first) + len(rest) == met.count()
    at = [column.name for column in met.columns].index("payer")
    assert "业主2" not in {row.values[at] for row in (*first, *rest)}


@pytest.mark.parametrize(
    ("asked", "problem"),
    [
        (Condition("owed", Test.LEAST, "abc"), BadInput),
        (Condition("owed", Test.LEAST, ""), BadInput),
        (Condition("due", Test.HAS, "1"), BadInput),
        (Condition("nothing", Test.IS, "1"), NotFound),
        (Condition("state", Test.IS, "没有这种"), BadInput),
    ],
)
def test_a_question_that_makes_no_sense_is_refused(
    ledger: Path, asked: Condition, problem: type[Exception]
) -> None:
    with pytest.raises(problem):
        listed("bills")().meeting(asked)


def test_the_digits_of_a_masked_number_cannot_be_guessed_one_by_one(ledger: Path) -> None:
    with pytest.raises(BadInput):
        listed("people")().meeting(Condition("phone", Test.HAS, "138"))


@pytest.mark.parametrize("told", [None, 7, [], {}, {"column": "due"}, {"column": "due", "test": "?"}])
def test_what_was_kept_by_nobody_we_know_is_no_condition(told: object) -> None:
    assert Condition.of(told) is None


def test_a_condition_is_kept_and_read_back() -> None:
    asked = Condition("due", Test.MOST, "12.50")
    assert Condition.of(asked.plain()) == asked


@pytest.mark.parametrize("name", sorted(LISTS))
def test_a_list_reads_in_windows_whatever_it_is_sorted_by(ledger: Path, name: str) -> None:
    found = listed(name)()
    everything = list(found.rows())
    assert found.count() == len(everything)
    for column in found.columns:
        for order in (column.name, f"-{column.name}"):
            walked, after = [], None
            ordered = found.sorted(order)
            while window := ordered.window(after, 7):
                walked += [row.id for row in window]
                after = window[-1].cursor
                if len(walked) > 60:
                    break
            assert len(set(walked)) == len(walked), f"{name} by {order} shows a row twice"
            assert len(walked) >= min(len(everything), 60), f"{name} by {order} loses rows"


@pytest.mark.parametrize("name", sorted(LISTS))
def test_a_list_speaks_json_and_is_shown_in_words(ledger: Path, name: str) -> None:
    found = listed(name)()
    for row in found.window(size=5):
        assert set(found.plain(row)) == {column.name for column in found.columns}
        json.dumps(found.plain(row))
        assert all(isinstance(text, str) for text in found.shown(row))


@pytest.mark.parametrize("name", sorted(LISTS))
def test_a_list_finds_words_literally(ledger: Path, name: str) -> None:
    found = listed(name)()
    for words in ("%", "_", "'; DROP TABLE bill; --", "\\", '"'):
        assert found.searched(words).count() <= found.count()
    assert listed("bills")().count() == 48


def test_windows_follow_one_another_in_the_natural_order_of_house_numbers(ledger: Path) -> None:
    found = listed("bills")(Filters(period=Period.parse("2026-01"))).sorted("unit")
    first = found.window(size=6)
    second = found.window(first[-1].cursor, 6)
    codes = [row.values[0] for row in [*first, *second]]
    assert codes == [f"1-1-{number}" for number in (1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6)]


def test_totals_are_of_all_rows_not_of_the_window(ledger: Path) -> None:
    found = listed("bills")()
    assert found.window(size=1)
    count, sums = found.totals()
    assert (count, sums["amount"], sums["paid"]) == (48, Decimal("2640.00"), Decimal("270.00"))


def test_a_filter_that_a_list_does_not_know_is_refused_by_name(ledger: Path) -> None:
    with pytest.raises(BadInput, match="不能按 period 筛选"):
        listed("units")(Filters(period=Period.parse("2026")))
    with pytest.raises(BadInput, match="没有状态"):
        listed("bills")(Filters(state="结了"))
    with pytest.raises(NotFound, match="没有名单"):
        listed("nothing")
    with pytest.raises(NotFound, match="没有“colour”这一列"):
        listed("units")().sorted("colour")


class Nobody:
    """Somebody without any right."""

    account_id = None
    name = "无权者"

    def may(self, right: str) -> bool:
        return False

    def scope(self, right: str) -> deeds.Scope:
        return deeds.Scope.OWN


@pytest.mark.parametrize("name", sorted(LISTS))
def test_a_list_is_refused_to_whoever_lacks_its_right(office: Path, name: str) -> None:
    with deeds.acting(Nobody()), pytest.raises(PermissionDenied):
        listed(name)()


def test_rows_of_equal_value_are_neither_lost_nor_doubled(ledger: Path) -> None:
    found = Listing(
        Unit.select(), (Shown("floor", Unit.floor), Shown("code", Unit.code)), id=Unit.id, order=("floor",)
    )
    walked, after = [], None
    while window := found.window(after, 5):
        walked += [row.id for row in window]
        after = window[-1].cursor
    assert sorted(walked) == sorted(unit.id for unit in Unit.select())


@pytest.mark.parametrize("name", sorted(LISTS))
def test_states_are_coloured_by_known_tones(office: Path, name: str) -> None:
    assert set(listed(name)().tones.values()) <= {"ok", "info", "warning", "danger", "plain"}


def test_house_numbers_that_python_listed_sort_as_people_count() -> None:
    columns = (Shown("unit", CodeField(verbose_name="房号", max_length=40)),)
    rows = enumerate([("1-1-1001",), ("1-1-101",), ("1-10-101",), ("1-2-101",)])
    made = RowListing(columns, rows).sorted("unit")
    assert [row.values[0] for row in made.rows()] == ["1-1-101", "1-1-1001", "1-2-101", "1-10-101"]
    assert [row.id for row in made.only(0, 3).rows()] == [0, 3]
