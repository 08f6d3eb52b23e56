"""A common cost is shared on the screen: tried house by house, written, its notice printed, taken back."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from models.fees.share_plans import ShareBase, SharePlan
from models.fees.shares import CostState, SharedCost
from models.listings import LISTS
from tests.estate import Estate
from tests.models.fees.test_sharing import AGREED, plan_of, tower

Settle = Callable[[], None]


def test_a_cost_is_shared_after_a_trial_that_lists_every_house(
    estate: Estate, window: Any, settle: Settle
) -> None:
    tower(estate, "100.00", "100.00", "200.00")
    plan = plan_of(from_floor=2, agreed=AGREED)
    view = window.open("shared_costs")
    settle()
    dialog = view.act("分摊").run(view)
    dialog.form.cells["plan"].input.put(plan)
    dialog.form.cells["month"].input.line.setText("2026-10")
    dialog.form.cells["amount"].input.line.setText("90.00")
    dialog.try_it()
    settle()
    assert "2 户分摊，各户合计 90.00 元，差额 0.00 元" in dialog.note.text()
    assert "另有 1 户不分摊" in dialog.note.text()
    assert dialog.table.grid.rows.rowCount() == 3
    assert LISTS["shared_costs"]().count() == 0
    dialog.submit()
    settle()
    cost = SharedCost.get()
    assert (cost.amount, cost.units) == (Decimal("90.00"), 2)
    assert LISTS["shares"]().count() == 2


def test_a_plan_is_shared_from_its_own_page_and_a_cost_taken_back_once(
    estate: Estate, window: Any, settle: Settle, qtbot: Any
) -> None:
    tower(estate, "100.00")
    plan_of()
    view = window.open("share_plans")
    settle()
    view.table.grid.selectRow(0)
    dialog = view.act("分摊").run(view)
    assert "plan" not in dialog.form.cells
    dialog.form.cells["month"].input.line.setText("2026-10")
    dialog.form.cells["amount"].input.line.setText("5.00")
    dialog.submit()
    settle()
    view = window.open("shared_costs")
    settle()
    undo = view.act("撤销分摊")

    def told(hindrance: str) -> bool:
        view.table.grid.selectRow(0)
        return undo.hindrance(view) == hindrance

    qtbot.waitUntil(lambda: told(""))
    undo.run(view).accept()
    settle()
    assert SharedCost.get().state is CostState.VOID
    qtbot.waitUntil(lambda: told("这一单已经作废"))  # the list is read again a moment later


def test_a_new_plan_begins_as_an_old_one_is(estate: Estate, window: Any, settle: Settle) -> None:
    rows = [{"floor": 1, "coefficient": Decimal("1.00")}, {"floor": 6, "coefficient": Decimal("1.20")}]
    old = plan_of(
        base=ShareBase.COEFFICIENT, scopes=[{"building": estate.building}], weights=rows, agreed=AGREED
    )
    view = window.open("share_plans")
    settle()
    view.table.grid.selectRow(0)
    dialog = view.act("照此新增").run(view)
    dialog.form.cells["name"].input.line.setText("电梯（新）")
    dialog.submit()
    settle()
    made = SharePlan.find("电梯（新）")
    assert (made.base, made.agreed, made.item) == (old.base, old.agreed, old.item)
    assert [weight.label() for weight in made.weights] == ["1 层起 1.00", "6 层起 1.20"]
    assert [scope.label() for scope in made.scopes] == ["1栋"]
