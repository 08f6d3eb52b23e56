"""The page of statements: narrowed by hand, its rows open what they are, and it prints what it shows."""

from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

from models.cards import related_to
from models.clock import standing_at
from models.fees.billing import bill
from models.fees.cashier import receive
from models.listings import Filters
from models.months import Month, Period
from models.owners.estate import Unit
from tests.estate import Estate
from tests.ui.conftest import pause
from ui.desk import Clickable
from ui.fees.explaining import ExplainDialog
from ui.papers import ask_paper

Settle = Callable[[], None]


@pytest.fixture
def house(estate: Estate) -> Unit:
    unit = estate.house("101")
    estate.give(unit, estate.item(since=date(2026, 1, 1)))
    with standing_at(datetime.combine(date(2026, 1, 5), time(9))):
        bill(Month(2026, 1))
    receive(unit, Decimal("150.00"), on=date(2026, 1, 20))
    return unit


@pytest.fixture
def page(house: Unit, window: Any, settle: Settle) -> Any:
    view = window.open("statement", Filters(unit=house, period=Period.parse("2026")))
    settle()
    return view


def words(page: Any) -> list[str]:
    rows = page.table.grid.rows
    return [str(rows.listing.plain(row)["words"]) for row in rows.rows]


def test_without_a_house_it_says_what_to_do(house: Unit, window: Any, settle: Settle) -> None:
    view = window.open("statement")
    settle()
    assert view.table.grid.rows.rows == []
    assert "在上面填房号" in view.table.empty_words.text()


def test_the_head_of_what_was_typed_is_seen_in_its_boxes(page: Any) -> None:
    period, unit = (page.row.filters[name].widget for name in ("period", "unit"))
    period.setFocus()
    period.setText("2026-01-01~2026-11-30")
    QTest.keyClick(period, Qt.Key.Key_Return)
    assert period.cursorPosition() == 0
    unit.setFocus()
    unit._take("1-1-101　王桂芳　住宅　青枫苑")
    assert unit.cursorPosition() == 0
    assert unit.width() >= unit.fontMetrics().horizontalAdvance("1-1-1011　王桂芳")


def test_it_shows_opening_movements_and_closing(page: Any) -> None:
    assert words(page) == ["期初结余", "物业费 2026-01", "现金收款", "期末结余"]


def test_a_row_opens_its_document_by_enter(page: Any, window: Any, settle: Settle, qtbot: Any) -> None:
    grid, stack = page.table.grid, window.panels["fees"].stack

    def opens(row: int, title: str) -> bool:
        if stack.currentWidget() is page:  # under load the list may be read again after the row is chosen
            grid.selectRow(row)
            grid.setFocus()
            QTest.keyClick(grid, Qt.Key.Key_Return)
            settle()
        front = stack.currentWidget()
        return front is not page and bool(front.card.title.text().startswith(title))

    opened = (("bills", "账单 1-1-101 物业费 2026-01"), ("receipts", "收据 SJ-2026-000001"))
    for row, (listing, title) in enumerate(opened, start=1):
        window.open("statement", Filters(unit=Unit.find("1-1-101"), period=Period.parse("2026")))
        pause(400)  # until what was put into the filters has come to rest
        settle()
        qtbot.waitUntil(partial(opens, row, title))
        assert stack.currentWidget().listed.name == listing


def test_an_edge_has_no_document_and_only_charges_are_explained(page: Any, settle: Settle) -> None:
    grid, (opens, explains) = page.table.grid, page.row_deeds
    grid.selectRow(0)
    assert opens.hindrance(page) == "这一行没有单据" and explains.hindrance(page)
    grid.selectRow(2)
    assert not opens.hindrance(page) and explains.hindrance(page) == "只有账单可以解释"
    grid.selectRow(1)
    explains.run(page)
    settle()
    (dialog,) = [one for one in QApplication.topLevelWidgets() if isinstance(one, ExplainDialog)]
    assert [one.title for one in dialog.found] == ["1-1-101 物业费 2026-01"]
    dialog.reject()


def test_it_prints_what_it_is_narrowed_to(page: Any, printer: Any, settle: Settle) -> None:
    page.services.outlets.load_papers()
    dialog = ask_paper(page, "FE-18")
    dialog.submit()
    settle()
    (wish,) = printer.asked
    assert (wish["code"], wish["unit"].code, wish["period"].name) == ("FE-18", "1-1-101", "2026")


def test_a_card_tells_the_statement_and_opens_it_narrowed(house: Unit, window: Any, settle: Settle) -> None:
    found = {one.listed.name: one for one in related_to(house, "fees")}
    assert (found["statement"].count, found["statement"].of_records) == (3, False)
    view = window.open("units")
    settle()
    view.table.grid.selectRow(0)
    view.show_card(True)
    view.card.reload()
    settle()
    bar = view.card.bar
    bar.setCurrentIndex([bar.tabText(at) for at in range(bar.count())].index("物业收费"))
    settle()
    heads = [one.text() for one in view.card.area.widget().findChildren(QPushButton)]
    assert "对账单　3" in heads
    rows = view.card.area.widget().findChildren(Clickable, "related")
    next(row for row in rows if "现金收款" in row.accessibleName()).chosen.emit()
    settle()
    front = window.panels["fees"].stack.currentWidget()
    assert front.listed.name == "statement" and front.table.count == 3
