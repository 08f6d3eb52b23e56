from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from models.deeds import DEEDS
from models.fees.bills import Bill
from models.months import Month
from tests.estate import Estate
from ui.fees.billing import BillingDialog

Settle = Callable[[], None]


@pytest.fixture
def dialog(estate: Estate, window: Any, services: Any, settle: Settle) -> BillingDialog:
    item = estate.item()
    estate.give(estate.house("101"), item, since=date(2026, 1, 1))
    estate.give(estate.house("102", area=None), item, since=date(2026, 1, 1))
    made = BillingDialog(services, window, Month(2026, 1))
    made.open()
    settle()
    return made


def test_nothing_is_posted_before_it_was_tried(dialog: Any, settle: Settle) -> None:
    assert not dialog.post.isEnabled()
    dialog.bill()
    settle()
    assert Bill.select().count() == 0


def test_a_trial_writes_nothing_and_names_counts_sums_and_reasons(dialog: Any, settle: Settle) -> None:
    dialog.try_it()
    settle()
    assert Bill.select().count() == 0
    assert "将出账 1 户 1 笔，共 100.00 元" in dialog.told.text()
    assert dialog.post.text() == "出账 1 户共 100.00 元"
    assert dialog.bar.tabText(1) == "不出账 1"
    row = dialog.tables[1].grid.rows
    assert row.index(0, 0).data() == "1-1-102" and row.index(0, 2).data()


def test_the_button_posts_what_was_shown(dialog: Any, settle: Settle, window: Any) -> None:
    dialog.try_it()
    settle()
    dialog.post.click()
    settle()
    assert [(str(bill.month), str(bill.amount)) for bill in Bill.select()] == [("2026-01", "100.00")]
    assert "1 笔，100.00 元" in window.status.said.text()


def test_another_month_must_be_tried_anew(dialog: Any, settle: Settle) -> None:
    dialog.try_it()
    settle()
    dialog.form.cells["month"].input.line.setText("2026-02")
    dialog.form.cells["month"].input.edited.emit()
    assert not dialog.post.isEnabled() and dialog.post.text() == "出账"


def test_months_left_out_are_named_and_made_only_when_asked(dialog: Any, settle: Settle) -> None:
    DEEDS["fees.bill"].call(None, {"month": "2026-01"})
    dialog.form.cells["month"].input.line.setText("2026-03")
    dialog.try_it()
    settle()
    assert dialog.bar.tabText(2) == "以前漏出 2"
    dialog.form.cells["catch_up"].input.box.setChecked(True)
    dialog.try_it()
    settle()
    dialog.bill()
    settle()
    assert sorted(str(bill.month) for bill in Bill.select()) == ["2026-01", "2026-02", "2026-03"]


def test_a_month_that_is_none_is_told_under_the_field(dialog: Any, settle: Settle) -> None:
    dialog.form.cells["month"].input.line.setText("2026-13")
    dialog.try_it()
    settle()
    assert "2026-13" in dialog.form.cells["month"].problem.text()


def test_a_run_is_undone_from_the_batches(dialog: Any, settle: Settle, window: Any) -> None:
    DEEDS["fees.bill"].call(None, {"month": "2026-01"})
    dialog.reject()
    view = window.open("batches")
    settle()
    view.table.grid.selectRow(0)
    view.act("撤销").run(view).yes.click()
    settle()
    assert Bill.select().where(Bill.live).count() == 0
    assert view.act("撤销").hindrance(view) == "这一批已经撤销过"
