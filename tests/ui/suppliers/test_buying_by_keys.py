"""Buying by keys alone: a supplier is filed and admitted, a plan ordered, goods received and scored."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit

from models import deeds
from models.checks import run_invariants
from models.clock import standing_at
from models.months import Month
from models.office.chains import stop_chain
from models.office.staff import Department
from models.suppliers.admission import Admission, Finding
from models.suppliers.kinds import Category, LicenceKind, SupplierState
from models.suppliers.orders import PurchaseOrder
from models.suppliers.plans import PlanState, PurchasePlan
from models.suppliers.receipts import Defect, ReceiptLine
from models.suppliers.register import Supplier
from models.suppliers.returns import GoodsReturn, ReturnState
from models.suppliers.scoring.evaluations import Evaluation, EvaluationMark, open_evaluations
from tests.estate import Estate
from tests.trade import TODAY, came, kind, ordered, planned, qualified, ware
from tests.ui.conftest import Printer, front
from tests.ui.hands import Keys
from ui.deeddialog import DeedDialog
from ui.dialogs import Question

Settle = Callable[[], None]
Key, Held = Qt.Key, Qt.KeyboardModifier
CTRL = Held.ControlModifier


def begin(desk: Keys, page: str) -> None:
    """Open the form of the first thing that is done without a row."""
    view = desk.window.open(page)
    desk.settle()
    view.table.grid.setFocus()
    desk.press(Key.Key_1, CTRL)


def say_yes(desk: Keys) -> None:
    """Answer the question in front."""
    front(Question)
    desk.press(Key.Key_Return)


def test_a_supplier_is_filed_reviewed_and_admitted(
    estate: Estate, window: Any, settle: Settle, qtbot: Any, qapp: Any, printer: Printer
) -> None:
    stop_chain("suppliers.admit")
    desk = Keys(window, settle, qtbot, qapp)
    begin(desk, "suppliers")
    dialog = front(DeedDialog)
    dialog.form.put({"category": Category.FOOD, "scope": [kind()]})
    for name, words in (
        ("name", "FENG HE"),
        ("contact", "ZHEN"),
        ("phone", "13800001234"),
        ("address", "NO 8"),
    ):
        dialog.form.cells[name].input.setFocus()
        desk.write(words)
    desk.press(Key.Key_Return, CTRL)
    assert (Supplier.get().name, Supplier.get().state) == ("FENG HE", SupplierState.CANDIDATE)

    for paper in (LicenceKind.BUSINESS, LicenceKind.FOOD):
        desk.do("suppliers", "登记证照")
        front(DeedDialog).form.put({"kind": paper, "until": TODAY + timedelta(days=400)})
        desk.press(Key.Key_Return, CTRL)
    desk.do("suppliers", "准入评审")
    form = front(DeedDialog).form
    grid = form.cells["marks"].input.grid
    for number, mark in enumerate(("18", "22", "18", "13", "9", "9")):
        grid.go_to(grid.rows.index(number, grid.rows.first_typed() + 1))
        settle()
        desk.write(mark)
    form.put({"sample": Finding.GOOD, "site": Finding.GOOD})
    form.cells["reviewers"].input.setFocus()
    desk.write("GAO")
    desk.press(Key.Key_Return, CTRL)
    assert Admission.get().score == Decimal(89)
    desk.do("suppliers", "批准准入")
    say_yes(desk)
    assert Supplier.get().state is SupplierState.QUALIFIED
    assert run_invariants() == []


def test_a_plan_is_approved_ordered_received_and_sent_back(
    estate: Estate, window: Any, settle: Settle, qtbot: Any, qapp: Any, printer: Printer
) -> None:
    stop_chain("suppliers.approve_plan")
    goods, salt, supplier = ware(), ware("食盐"), qualified()
    planned((goods, 6), (salt, 4))
    desk = Keys(window, settle, qtbot, qapp)
    desk.do("purchase_plans", "批准采购计划")
    say_yes(desk)
    assert PurchasePlan.get().state is PlanState.APPROVED
    desk.do("plan_lines", "按计划下单", "due", f"{TODAY}")
    assert PurchaseOrder.get().supplier == supplier

    with deeds.acting(deeds.TheOffice()):  # whoever orders does not receive
        ordered(supplier, (goods, 10), (salt, 5))
    page = window.open("receiving")
    settle()
    page.grid.setFocus()
    lines = [one.line.key for one in page.rows.lines]
    at = next(number for number, key in enumerate(lines) if key.startswith(f"DD-{TODAY:%Y%m}-002"))
    page.grid.go_to(page.rows.index(at, page.rows.first_typed()))
    settle()
    desk.write("10")
    desk.press(Key.Key_Tab)
    desk.write("8")
    desk.press(Key.Key_Tab)
    desk.write("4")
    desk.press(Key.Key_Return)  # back to what came of the next line
    desk.write("=")
    desk.press(Key.Key_Return, CTRL)
    say_yes(desk)
    told = [(one.delivered, one.accepted, one.defect) for one in ReceiptLine.select()]
    assert told == [(Decimal(10), Decimal(8), Defect.SPOILT), (Decimal(5), Decimal(5), None)]

    desk.do("goods_returns", "同意退换", "handling", down=1)
    assert GoodsReturn.get().state is ReturnState.CONSENTED
    desk.do("goods_returns", "办结退换", "result", "YI TUI")
    assert GoodsReturn.get().state is ReturnState.DONE and run_invariants() == []


def test_what_came_is_scored_and_signed(
    estate: Estate, window: Any, settle: Settle, qtbot: Any, qapp: Any, printer: Printer
) -> None:
    stop_chain("suppliers.sign_evaluations")
    year = TODAY.year - 1
    with deeds.acting(deeds.TheOffice()):
        with standing_at(datetime.combine(date(year, 3, 1), datetime.min.time())):
            made = ordered(qualified(), (ware(), 10), due=date(year, 3, 2))
        with standing_at(datetime.combine(date(year, 3, 2), datetime.min.time())):
            came(made, 10, arrived_on=date(year, 3, 2))
        open_evaluations(str(year))
    desk = Keys(window, settle, qtbot, qapp)
    page = window.open("marking")
    settle()
    page.grid.setFocus()
    desk.write("88")
    desk.press(Key.Key_Return, CTRL)
    say_yes(desk)
    assert EvaluationMark.get().mark == Decimal(88)
    desk.do("evaluations", "签评价", "words", "HAO")
    assert Evaluation.get().grade == "A" and run_invariants() == []


def test_a_row_that_is_refused_is_told_where_it_stays_told(
    estate: Estate, window: Any, settle: Settle, qtbot: Any, qapp: Any
) -> None:
    goods = ware()
    desk = Keys(window, settle, qtbot, qapp)
    begin(desk, "purchase_plans")
    dialog = front(DeedDialog)
    ahead = TODAY + timedelta(days=90)
    row = {"goods": goods, "quantity": Decimal(5), "needed_on": ahead, "price": Decimal(3)}
    dialog.form.put({"department": Department.find("管理处"), "month": Month.of(TODAY), "rows": [row]})
    cell = dialog.form.cells["rows"]
    rows = cell.input.rows
    at = [one.name for one in rows.inputs].index("needed_on")
    cell.input.grid.go_to(rows.index(0, at))
    desk.press(Key.Key_Return, CTRL)
    told = f"第 1 行：需用日期 {ahead} 不在计划的月份 {Month.of(TODAY)} 内。"
    assert dialog.isVisible() and cell.problem.isVisible() and cell.problem.text() == told
    assert rows.wrong() == [0] and cell.input.grid.currentIndex() == rows.index(0, at)
    assert isinstance(qapp.focusWidget(), QLineEdit), "the keyboard stands in the cell that is to be mended"
    assert not PurchasePlan.select().exists()
