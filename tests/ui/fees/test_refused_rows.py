"""What a deed refuses of the rows within its form is told below them, and the row is marked."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from models.deeds import DEEDS
from models.fees.depositing import take_deposit
from models.fees.items import Rate
from tests.estate import Estate
from tests.models.fees.metering import water
from tests.models.fees.test_sharing import plan_of, tower
from ui import theme
from ui.deeddialog import DeedDialog
from ui.words import Elided

Settle = Callable[[], None]


@pytest.fixture
def opened(services: Any, window: Any, settle: Settle) -> Callable[..., DeedDialog]:
    def open_form(name: str, *records: Any) -> DeedDialog:
        dialog = DeedDialog(services, DEEDS[name], records, parent=window)
        dialog.open()
        settle()
        return dialog

    return open_form


def tell_rows(dialog: DeedDialog, name: str, *rows: dict[str, str]) -> Any:
    cell = dialog.form.cells[name]
    cell.input.rows.type_in(rows)
    return cell


def test_tiers_that_do_not_rise_are_told_below_their_rows(
    estate: Estate, opened: Callable[..., DeedDialog], settle: Settle
) -> None:
    water(estate)
    dialog = opened("fees.set_tiers", Rate.get())
    cell = tell_rows(dialog, "tiers", {"over": "20", "price": "4"}, {"over": "15", "price": "5"})
    dialog.submit()
    settle()
    assert cell.problem.isVisible() and "第 2 行：起点 15.00 要大于 20.00" in cell.problem.text()
    assert cell.input.rows.wrong() == [1] and cell.input.grid.currentIndex().row() == 1
    cell.input.rows.setData(cell.input.rows.index(1, 0), "25")
    assert not cell.problem.isVisible() and cell.input.rows.wrong() == []
    dialog.submit()
    settle()
    assert [tier.over for tier in Rate.get().tiers] == [Decimal(20), Decimal(25)]


def test_a_refused_row_is_forgiven_as_soon_as_any_row_changes(
    estate: Estate, opened: Callable[..., DeedDialog], settle: Settle
) -> None:
    water(estate)
    dialog = opened("fees.set_tiers", Rate.get())
    cell = tell_rows(dialog, "tiers", {"over": "20", "price": "4"}, {"over": "15", "price": "5"})
    dialog.submit()
    settle()
    cell.input.rows.setData(cell.input.rows.index(0, 0), "10")
    assert not cell.problem.isVisible() and cell.input.rows.wrong() == []


def test_an_exclusion_with_two_measures_is_told_by_the_trial(
    estate: Estate, opened: Callable[..., DeedDialog], settle: Settle
) -> None:
    tower(estate, "100.00")
    dialog = opened("fees.share", plan_of())
    cells = dialog.form.cells
    cells["month"].input.line.setText("2026-10")
    cells["amount"].input.line.setText("90.00")
    cell = tell_rows(dialog, "exclusions", {"name": "商铺", "quantity": "5", "amount": "3"})
    dialog.try_it()
    settle()
    assert cell.problem.isVisible() and "只填一种" in cell.problem.text()
    assert cell.input.rows.wrong() == [0]


def test_more_deducted_than_is_left_is_told_below_the_deductions(
    estate: Estate, opened: Callable[..., DeedDialog], settle: Settle
) -> None:
    deposit = take_deposit(estate.house("101"), Decimal("1700.00"), agreed="装修协议 5")
    dialog = opened("fees.refund_deposit", deposit)
    cell = tell_rows(dialog, "deductions", {"reason": "拆改烟道", "amount": "1800"})
    dialog.submit()
    settle()
    assert cell.problem.isVisible() and "第 1 行" in cell.problem.text()
    assert cell.input.rows.wrong() == [0]


@pytest.mark.parametrize("points", [theme.STANDARD, 16.0])
def test_the_rows_show_all_their_columns_and_the_hint_keeps_to_one_line(
    estate: Estate, window: Any, opened: Callable[..., DeedDialog], settle: Settle, points: float
) -> None:
    tower(estate, "100.00")
    theme.apply(points=points)
    try:
        page = window.open("shared_costs")
        settle()
        for dialog, rows in (
            (page.act("分摊").run(page), "exclusions"),
            (opened("office.set_chain"), "steps"),
        ):
            settle()
            grid = dialog.form.cells[rows].input.grid
            last = grid.rows.columnCount() - 1
            ends = grid.columnViewportPosition(last) + grid.columnWidth(last)
            assert ends <= grid.viewport().width() + 1
            hint = next(one for one in dialog.findChildren(Elided) if "下一栏" in one.text())
            assert hint.height() < 2 * hint.fontMetrics().height()
            dialog.form.settle()
            dialog.reject()
    finally:
        theme.apply(points=theme.STANDARD)
