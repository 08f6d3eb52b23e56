"""Readings typed back at the window: what cannot be read yet says so, what is wrong has the keyboard."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from models.fees.meters import Meter
from models.fees.readings import Reading
from models.months import Month
from tests.estate import Estate
from tests.models.fees.metering import meter, read, water
from tests.ui.conftest import front
from ui.dialogs import Question
from ui.rows import NEGATIVE, TONE

Settle = Callable[[], None]
NOW = Month.of(date.today())


@pytest.fixture
def meters(estate: Estate) -> list[Meter]:
    item = water(estate)
    made = [meter(estate.house(room), item, f"B{room}") for room in ("101", "102", "103")]
    for one in made:
        read(one, "100", "110", first=NOW.plus(-2))
    return made


@pytest.fixture
def page(meters: list[Meter], window: Any, settle: Settle) -> Any:
    made = window.open("reading")
    settle()
    return made


def type_in(page: Any, row: int, words: str) -> None:
    page.rows.setData(page.rows.index(row, page.rows.first_typed()), words)


def test_a_month_ahead_says_so_when_it_is_chosen(page: Any, settle: Settle) -> None:
    line = page.filters.filters["period"].widget
    assert line.placeholderText() == "本月" and len(page.rows.lines) == 3
    line.setText(str(NOW.plus(1)))
    page.read()
    settle()
    assert not page.rows.lines and f"{NOW.plus(1)} 还没有到，不能抄" in page.told.text()
    line.setText("")
    page.read()
    settle()
    assert len(page.rows.lines) == 3 and not page.told.isVisible()


def test_the_keyboard_goes_to_the_first_row_that_is_wrong(page: Any) -> None:
    type_in(page, 0, "115")
    type_in(page, 1, "abc")
    type_in(page, 2, "xyz")
    page.grid.go_to(page.rows.index(2, page.rows.first_typed()))
    page.submit()
    assert "有 2 行不对" in page.told.text()
    assert page.grid.currentIndex().row() == 1


def test_what_is_done_is_said_in_words_of_its_own(page: Any, settle: Settle) -> None:
    type_in(page, 0, "115")
    page.submit()
    front(Question).yes.click()
    settle()
    assert page.told.text().startswith("已录入 1 个读数。1 块，批次")


def test_the_strange_is_coloured_rather_than_the_less(
    meters: list[Meter], window: Any, settle: Settle
) -> None:
    for one, value in zip(meters[:2], ("118", "140"), strict=True):
        read(one, value, first=NOW)
    view = window.open("readings")
    settle()
    rows = view.table.grid.rows
    at = {column.name: number for number, (_, column) in enumerate(rows.columns)}
    told = {}
    for row in range(rows.rowCount()):
        off, odd = (rows.index(row, at[name]) for name in ("deviation", "strange"))
        told[off.data()] = (off.data(NEGATIVE), odd.data(), odd.data(TONE))
    assert told["-20.0%"] == (False, "否", "plain") and told["200.0%"] == (False, "是", "warning")
    assert Reading.get(Reading.value == Decimal(140)).usage == Decimal(30)
