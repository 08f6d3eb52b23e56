"""What a page prints is asked for with what it shows; a refusal asks again and forgets nothing."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication

from models.deeds import DEEDS
from models.errors import BadInput
from models.fees.billing import bill
from models.fees.bills import Bill
from models.months import Month, Period
from tests.estate import Estate
from tests.ui.conftest import Printer, front
from ui import papers
from ui.asking import AskDialog

Settle = Callable[[], None]


@pytest.fixture
def bills(estate: Estate, window: Any, settle: Settle) -> Any:
    """Open the bills of one house with one line, which is chosen."""
    estate.give(estate.house("101"), estate.item())
    DEEDS["fees.bill"].call(None, {"month": "2026-01"})
    view = window.open("bills")
    settle()
    view.table.grid.selectRow(0)
    view.services.outlets.load_papers()
    return view


def test_the_chosen_row_says_whose_notice_and_of_which_month(
    bills: Any, settle: Settle, printer: Printer
) -> None:
    dialog = papers.ask_paper(bills, "FE-02")
    dialog.submit()
    settle()
    (wish,) = printer.asked
    assert (wish["code"], wish["unit"].code, wish["period"].name) == ("FE-02", "1-1-101", "2026-01")
    assert "已生成 1 张" in bills.window().status.said.text()


def test_a_line_billed_ahead_is_told_of_in_the_notice_of_this_month(
    estate: Estate, window: Any, settle: Settle
) -> None:
    estate.give(estate.house("101"), estate.item(cycle=3, since=date.today().replace(day=1)))
    bill(Month.of(date.today()))
    view = window.open("bills")
    settle()
    view.table.grid.selectRow(0)
    view.services.outlets.load_papers()
    dialog = papers.ask_paper(view, "FE-02")
    assert Bill.select().where(Bill.month > Month.of(date.today())).exists()
    assert dialog.form.values()["period"].name == str(Month.of(date.today()))


def test_a_refused_print_asks_again_with_what_was_given(
    bills: Any, settle: Settle, printer: Printer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise BadInput("请写明是哪个月的通知单，例如 2026-11。", "period")

    monkeypatch.setattr(Printer, "__call__", refuse)
    dialog = papers.ask_paper(bills, "FE-02")
    dialog.form.cells["period"].input.line.clear()
    dialog.submit()
    settle()
    again = front(AskDialog)
    assert again is not dialog and again.isVisible()
    assert again.form.cells["period"].problem.text() == "请写明是哪个月的通知单，例如 2026-11。"
    assert again.form.values()["unit"].code == "1-1-101"
    QCoreApplication.processEvents()
    papers.ask_paper(bills, "FE-02", {}, BadInput("没有这套房屋。", "unit"))
    settle()
    newest = next(one for one in bills.findChildren(AskDialog) if one.form.cells["unit"].problem.text())
    assert newest.focusWidget() is newest.form.cells["unit"].input.widget


def test_what_is_only_asked_offers_no_new_record_and_what_stands_there_is_typed_over(
    bills: Any, settle: Settle
) -> None:
    dialog = papers.ask_paper(bills, "FE-02", {"period": Period.parse("2026-01")})
    QCoreApplication.processEvents()
    settle()
    assert not hasattr(dialog.form.cells["unit"].input, "plus")
    line = dialog.form.cells["period"].input.line
    assert line.selectedText() == line.text() != ""
