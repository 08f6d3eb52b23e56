"""What a charge, a debt or a balance came about by is read, copied and printed from its page."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

from models.errors import RuleBroken
from models.fees import explain_lines
from models.fees.billing import bill
from models.fees.cashier import receive
from models.listings import Filters
from models.months import Month
from tests.estate import Estate
from tests.ui.conftest import pause
from ui.acts import keys_of
from ui.fees.explaining import ExplainDialog

Settle = Callable[[], None]


@pytest.fixture
def billed(estate: Estate) -> Estate:
    unit = estate.house("101", owner="<b>张䶮𠮷</b>")
    estate.give(unit, estate.item(since=date(2026, 1, 1)))
    receive(unit, Decimal("10.00"), on=date(2026, 1, 2))
    for month in (1, 2):
        bill(Month(2026, month))
    return estate


def dialogs() -> list[ExplainDialog]:
    shown = [one for one in QApplication.topLevelWidgets() if isinstance(one, ExplainDialog)]
    return [one for one in shown if one.isVisible()]


def asked(window: Any, settle: Settle, listing: str, rows: int = 1) -> ExplainDialog:
    """Open the explanation of the first rows of a page by its key."""
    view = window.open(listing)
    settle()
    grid = view.table.grid
    grid.selectAll() if rows > 1 else grid.selectRow(0)
    settle()
    acts = [*view.deeds, *view.row_deeds]
    key = dict(zip([act.title for act in acts], keys_of(acts), strict=True))["解释"]
    grid.setFocus()
    QTest.keySequence(grid, QKeySequence(key))
    settle()
    (dialog,) = dialogs()
    return dialog


def test_a_line_is_explained_copied_and_printed_by_keys(
    billed: Estate, window: Any, printer: Any, settle: Settle
) -> None:
    dialog = asked(window, settle, "bills", rows=2)
    told = dialog.view.toPlainText()
    assert [one.title for one in dialog.found] == ["1-1-101 物业费 2026-02", "1-1-101 物业费 2026-01"]
    assert "100.00 ㎡ × 1.00 元/㎡·月" in told
    assert "<b>张䶮𠮷</b>，业主" in told
    assert dialog.told.text().startswith("程序重新计算过")
    QTest.keySequence(dialog.view, QKeySequence("Ctrl+Shift+C"))
    assert QApplication.clipboard().text() == "\n\n".join(one.text() for one in dialog.found)
    QTest.keySequence(dialog.view, QKeySequence("Ctrl+P"))
    settle()
    assert [(wish["code"], wish["number"]) for wish in printer.asked] == [("FE-19", "2、1")]
    QTest.keyClick(dialog.view, Qt.Key.Key_Escape)
    settle()
    assert dialogs() == []


@pytest.mark.parametrize(
    ("listing", "words"), [("arrears", "欠费（截至"), ("balances", "预存余额（<b>张䶮𠮷</b>）")]
)
def test_debts_and_balances_are_explained_and_print_their_house(
    billed: Estate, window: Any, printer: Any, settle: Settle, listing: str, words: str
) -> None:
    dialog = asked(window, settle, listing)
    assert words in dialog.found[0].title and words in dialog.view.toPlainText()
    dialog.print.click()
    settle()
    assert printer.asked[0]["unit"].code == "1-1-101"


def test_debts_of_a_past_day_print_that_day(
    billed: Estate, window: Any, printer: Any, settle: Settle
) -> None:
    view = window.open("arrears", Filters(on=date(2026, 1, 31)))
    pause(400)
    settle()
    view.table.grid.selectRow(0)
    dialog = view.act("解释").run(view)
    settle()
    assert dialog.found[0].title == "1-1-101 欠费（截至 2026-01-31）"
    dialog.print_paper()
    settle()
    assert printer.asked[0]["period"].name == "2026-01-31"


def test_a_card_opens_the_explanation_of_its_line(billed: Estate, window: Any, settle: Settle) -> None:
    view = window.open("bills")
    settle()
    view.table.grid.selectRow(0)
    view.show_card(True)
    view.card.reload()
    settle()
    (button,) = [one for one in view.card.findChildren(QPushButton) if one.text() == "解释"]
    button.click()
    settle()
    (dialog,) = dialogs()
    assert [one.number for one in dialog.found] == ["SM-2"]


def test_a_figure_that_does_not_come_out_is_said_in_red(
    billed: Estate, window: Any, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(explain_lines, "divide_half_up", lambda *_: 1)
    dialog = asked(window, settle, "bills")
    assert "与账面不符：1-1-101 物业费 2026-02" in dialog.told.text()
    assert dialog.told.property("note") == "danger"


def test_a_refusal_is_told_where_the_explanation_would_stand(
    billed: Estate, window: Any, services: Any, settle: Settle
) -> None:
    def refused() -> Any:
        raise RuleBroken("账单刚被撤销。请刷新。")

    dialog = ExplainDialog(services, window, refused, {})
    dialog.open()
    settle()
    assert dialog.told.text() == "账单刚被撤销。请刷新。"
    assert not dialog.print.isEnabled()
    dialog.print_paper()
    dialog.copy_all()
    dialog.reject()
