from collections.abc import Callable
from typing import Any

from models.listings import LISTS
from tests.estate import Estate

Settle = Callable[[], None]


def test_an_item_is_given_to_a_building_after_a_trial_that_lists_every_unit(
    estate: Estate, window: Any, settle: Settle
) -> None:
    estate.house("101")
    estate.house("102")
    item = estate.item()
    estate.give(estate.house("103"), item)
    view = window.open("assignments")
    settle()
    dialog = view.act("批量设置收费").run(view)
    dialog.form.cells["item"].input.put(item)
    dialog.form.cells["since"].input.line.setText("2026-01-01")
    dialog.form.cells["building"].input.put([estate.building])
    dialog.try_it()
    settle()
    assert "将办理 2 套" in dialog.note.text() and "1 套" in dialog.note.text()
    assert dialog.table.grid.rows.rowCount() == 3
    assert LISTS["assignments"]().count() == 1
    dialog.submit()
    settle()
    assert LISTS["assignments"]().count() == 3
