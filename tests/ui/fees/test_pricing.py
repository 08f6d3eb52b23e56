"""Prices and their tiers at the window: what there was is filled in, and not taken away unasked."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from models.fees.items import Rate
from tests.estate import Estate
from tests.models.fees.metering import water
from tests.ui.conftest import front
from ui.dialogs import Question

Settle = Callable[[], None]
TIERS = [{"over": Decimal(20), "price": Decimal("4.5")}, {"over": Decimal(30), "price": Decimal(6)}]


@pytest.fixture
def page(estate: Estate, window: Any, settle: Settle) -> Any:
    water(estate)
    Rate.get().set_tiers(TIERS)
    view = window.open("prices")
    settle()
    view.table.grid.selectRow(0)
    return view


def test_the_tiers_of_a_price_stand_in_the_form_and_go_only_after_a_question(
    page: Any, settle: Settle
) -> None:
    dialog = page.act("设阶梯价").run(page)
    rows = dialog.form.cells["tiers"].input
    assert [row["over"] for row in rows.given()] == ["20.00", "30.00"] and not dialog.dirty()
    rows.put([])
    dialog.submit()
    question = front(Question)
    assert "原有 2 档" in question.sentence.text() and "3.5" in question.sentence.text()
    question.no.click()
    settle()
    assert Rate.get().tiers_given() == TIERS
    dialog.submit()
    front(Question).yes.click()
    settle()
    assert Rate.get().tiers_given() == []


def test_changed_tiers_are_saved_without_a_question(page: Any, settle: Settle) -> None:
    dialog = page.act("设阶梯价").run(page)
    dialog.form.cells["tiers"].input.put(TIERS[:1])
    dialog.submit()
    settle()
    assert Rate.get().tiers_given() == TIERS[:1]


def test_a_price_is_set_for_the_item_of_the_selected_row(page: Any, settle: Settle) -> None:
    page.table.grid.clearSelection()
    assert page.act("定价").run(page).form.given()["item"] is None
    page.table.grid.selectRow(0)
    dialog = page.act("定价").run(page)
    assert dialog.form.given()["item"] == Rate.get().item.key() and not dialog.dirty()
    dialog.form.cells["price"].input.line.setText("4")
    dialog.submit()
    settle()
    assert [one.tiers_given() for one in Rate.select()] == [TIERS, TIERS]
