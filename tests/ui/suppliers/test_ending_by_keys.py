"""Settling with a supplier and terminating it by keys alone."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from PySide6.QtCore import Qt

from models import deeds
from models.checks import run_invariants
from models.clock import standing_at
from models.office.chains import stop_chain
from models.suppliers.ending.letters import LetterState, SupplierLetter
from models.suppliers.ending.terminations import Termination, TerminationState
from models.suppliers.kinds import SupplierState
from models.suppliers.orders import PurchaseOrder
from models.suppliers.register import Supplier
from models.suppliers.settling.payments import SupplierPayment
from models.suppliers.settling.settlements import Settlement, SettlementState
from tests.estate import Estate
from tests.trade import TODAY, came, ordered, qualified, ware
from tests.ui.conftest import Printer, front
from tests.ui.hands import Keys
from ui.deeddialog import DeedDialog
from ui.dialogs import Question

Settle = Callable[[], None]
Key, Held = Qt.Key, Qt.KeyboardModifier
CTRL = Held.ControlModifier
CHAINS = (
    "suppliers.approve_settlement", "suppliers.issue_termination", "suppliers.review_programme",
    "suppliers.sign_service_scores",
)  # fmt: skip


def say_yes(desk: Keys) -> None:
    """Answer the question in front."""
    front(Question)
    desk.press(Key.Key_Return)


def insist(desk: Keys) -> None:
    """Answer a question that takes something away: Enter alone would not do it."""
    front(Question)
    desk.press(Key.Key_Tab)
    desk.press(Key.Key_Return)


def test_a_supplier_is_settled_paid_notified_and_terminated(
    estate: Estate, window: Any, settle: Settle, qtbot: Any, qapp: Any, printer: Printer
) -> None:
    for chain in CHAINS:
        stop_chain(chain)
    with deeds.acting(deeds.TheOffice()):
        supplier = qualified()
        came(ordered(supplier, (ware(), 4)), 3)
    desk = Keys(window, settle, qtbot, qapp)
    desk.do("supplier_accounts", "编制结算单", "invoice", "FP-1")
    desk.do("settlements", "批准结算单")
    say_yes(desk)
    desk.do("settlements", "登记付款", "reference", "LS-1")
    assert (Settlement.get().state, SupplierPayment.get().amount) == (SettlementState.PAID, Decimal(300))

    desk.do("suppliers", "发整改通知")
    form = front(DeedDialog).form
    for name, words in (("facts", "DUAN QUE"), ("demand", "BU QI"), ("due", f"{TODAY}")):
        form.cells[name].input.setFocus()
        desk.write(words)
    desk.press(Key.Key_Return, CTRL)
    desk.do("supplier_letters", "验证整改")
    form = front(DeedDialog).form
    form.cells["mended"].input.setFocus()
    for _ in range(2):
        desk.press(Key.Key_Down)
    form.cells["result"].input.setFocus()
    desk.write("MEI BU")
    desk.press(Key.Key_Return, CTRL)
    assert SupplierLetter.get().state is LetterState.FAILED

    with standing_at(datetime.now() - timedelta(days=20)):
        desk.do("suppliers", "拟定终止")
        form = front(DeedDialog).form
        for name, words in (("facts", "WEI YUE"), ("clause", "DI BA TIAO")):
            form.cells[name].input.setFocus()
            desk.write(words)
        desk.press(Key.Key_Return, CTRL)
        desk.do("terminations", "批准终止通知")
        say_yes(desk)
        desk.do("terminations", "登记送达", "way", "DANG MIAN")
    assert Termination.get().state is TerminationState.ISSUED
    desk.do("terminations", "执行终止")
    insist(desk)
    assert "还有没办完的：订单" in front(Question).sentence.text()
    desk.press(Key.Key_Return)
    assert Supplier.get().state is SupplierState.SUSPENDED
    desk.do("purchase_orders", "短缺结案", "reason", "BU YAO")
    assert PurchaseOrder.get().state.value == "短缺结案"
    desk.do("terminations", "执行终止")
    insist(desk)
    assert Supplier.get().state is SupplierState.TERMINATED and run_invariants() == []
