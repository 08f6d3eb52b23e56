"""A cashier's whole day by keys alone: drawer, payments with change, counting, the day's closing."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from PySide6.QtCore import Qt

from models.checks import run_invariants
from models.deeds import DEEDS
from models.fees.daybook import day_book
from models.fees.payments import DayClosing, Payment
from models.fees.shifts import Shift
from tests.estate import Estate
from tests.ui.conftest import Printer

Settle = Callable[[], None]
Key, Held = Qt.Key, Qt.KeyboardModifier
CTRL, ALT, SHIFT = Held.ControlModifier, Held.AltModifier, Held.ShiftModifier


def test_a_whole_day_by_keys(
    estate: Estate, window: Any, settle: Settle, qtbot: Any, qapp: Any, printer: Printer
) -> None:
    for room in ("101", "102"):
        estate.give(estate.house(room, owner=f"王{room}"), estate.item(f"物业费{room}"))
    DEEDS["fees.bill"].call(None, {"month": "2026-01"})

    def press(key: Qt.Key, held: Qt.KeyboardModifier = Held.NoModifier) -> None:
        qtbot.keyClick(qapp.focusWidget() or qapp.activeWindow() or window, key, held)
        settle()

    def write(words: str) -> None:
        for letter in words:
            qtbot.keyClick(qapp.focusWidget(), letter)
        settle()

    window.docks.raise_dock("desk")
    settle()
    press(Key.Key_4, ALT)
    press(Key.Key_1, CTRL)  # open the drawer with a float
    write("200")
    press(Key.Key_Return, CTRL)
    assert Shift.get().opening == 200

    till = window.open("till")
    settle()
    till.house.setFocus()
    write("1-1-101")
    press(Key.Key_Return)  # the amount is offered; Enter walks past the way of payment to the cash
    press(Key.Key_Return)
    press(Key.Key_Return)
    write("150")
    assert "找零 50.00" in till.told.text()
    press(Key.Key_Return, CTRL | SHIFT)  # taken without a receipt on paper
    write("1-1-102")
    press(Key.Key_Return)
    write("60")
    press(Key.Key_Return, CTRL | SHIFT)
    assert [payment.amount for payment in Payment.select().order_by(Payment.id)] == [100, 60]
    assert [payment.given for payment in Payment.select().order_by(Payment.id)] == [150, None]
    assert till.drawer.words.text().startswith("现金 360.00")

    press(Key.Key_1, CTRL)  # count the drawer
    write("360")
    press(Key.Key_F9)
    assert Shift.get().banked == 160 and printer.asked[-1]["code"] == "FE-11"

    window.open("closings")
    settle()
    press(Key.Key_1, CTRL)
    press(Key.Key_Return, CTRL)
    assert DayClosing.get().amount == 160
    book = day_book(date.today())
    assert book.drawers is not None and book.total == book.drawers.through == Decimal(160)
    assert run_invariants() == []
