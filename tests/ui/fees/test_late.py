"""Terms of late payment at the window: what a court may say of the rate is seen before they are entered."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from models.deeds import DEEDS
from models.fees.billing import bill
from models.fees.late_terms import LateTerms, add_late_terms
from models.months import Month
from tests.estate import Estate
from ui.deeddialog import DeedDialog

Settle = Callable[[], None]


def test_a_high_rate_is_warned_of_before_it_is_entered_or_changed(
    services: Any, window: Any, settle: Settle
) -> None:
    dialog = DeedDialog(services, DEEDS["fees.add_late_terms"], parent=window)
    dialog.form.cells["clause"].input.line.setText("合同第八条")
    dialog.form.cells["daily"].input.line.setText("5")
    dialog.test.click()
    settle()
    assert "可能被调减" in dialog.note.text() and LateTerms.select().count() == 0
    dialog.form.settle()
    terms = add_late_terms(clause="合同第八条", daily=Decimal("0.3"))
    dialog = DeedDialog(services, DEEDS["fees.edit_late_terms"], [terms], parent=window)
    dialog.form.cells["daily"].input.line.setText("0.6")
    dialog.test.click()
    settle()
    assert "偏高" in dialog.note.text() and LateTerms.get().daily == Decimal("0.3")
    dialog.form.settle()


def test_a_pill_is_seen_whole_though_it_came_later(window: Any, settle: Settle) -> None:
    add_late_terms(clause="合同第八条", daily=Decimal("0.3"), since=date(2026, 1, 1))
    view = window.open("late_terms")
    settle()
    grid = view.table.grid
    last = grid.rows.columnCount() - 1
    before = grid._wanted[last]
    add_late_terms(clause="合同第九条", daily=Decimal("5"))
    view.refresh()
    settle()
    index = grid.rows.index(0, last)
    assert "可能被调减" in index.data() and grid._wanted[last] > before
    assert grid.columnWidth(last) >= grid._cells.wanted_width(index)


def test_only_a_waiver_that_holds_can_be_taken_back(estate: Estate, window: Any, settle: Settle) -> None:
    unit = estate.house("101")
    estate.give(unit, estate.item())
    bill(Month(2026, 1))
    add_late_terms(clause="合同第八条", daily=Decimal("0.3"), since=date(2026, 1, 1))
    DEEDS["fees.charge_late"]()
    view = window.open("late_spans")
    settle()
    view.table.grid.selectRow(0)
    assert "已计收的不是减免" in view.act("撤销减免").hindrance(view)
