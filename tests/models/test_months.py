"""Months and periods as people write them."""

from datetime import date

import pytest

from models.errors import BadInput
from models.months import Period


@pytest.mark.parametrize(
    ("typed", "first", "last"),
    [
        ("2026-03至2026-08", date(2026, 3, 1), date(2026, 8, 31)),
        ("2026-03-05 ~ 2026-04-10", date(2026, 3, 5), date(2026, 4, 10)),
        ("2025H2至2026Q1", date(2025, 7, 1), date(2026, 3, 31)),
        ("2026至2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("2026Q2", date(2026, 4, 1), date(2026, 6, 30)),
    ],
)
def test_a_period_may_run_from_one_to_another(typed: str, first: date, last: date) -> None:
    found = Period.parse(typed)
    assert (found.first, found.last) == (first, last)
    assert Period.parse(found.name) == found


@pytest.mark.parametrize(
    ("typed", "words"),
    [("2026-05至2026-03", "对调"), ("2026-03至", "不是期间"), ("至2026", "不是期间"), ("1至2至3", "期间")],
)
def test_what_is_no_period_is_refused(typed: str, words: str) -> None:
    with pytest.raises(BadInput, match=words):
        Period.parse(typed)


@pytest.mark.parametrize(
    ("day", "quarter", "half"),
    [
        (date(2026, 1, 1), "2026Q1", "2026H1"),
        (date(2026, 3, 31), "2026Q1", "2026H1"),
        (date(2026, 6, 30), "2026Q2", "2026H1"),
        (date(2026, 7, 1), "2026Q3", "2026H2"),
        (date(2026, 12, 31), "2026Q4", "2026H2"),
    ],
)
def test_a_day_names_its_quarter_and_its_half_year(day: date, quarter: str, half: str) -> None:
    for period, name in ((Period.quarter_of(day), quarter), (Period.half_of(day), half)):
        assert period.name == name and period.first <= day <= period.last
