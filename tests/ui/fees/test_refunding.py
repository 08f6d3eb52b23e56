"""A deposit is given back at the window: what is held and what is paid out is seen before."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from models.fees.depositing import deduct_deposit, take_deposit
from models.fees.deposits import DepositEntry, EntryKind
from tests.estate import Estate
from ui.words import Words

Settle = Callable[[], None]


def test_what_is_held_and_what_will_be_paid_out_is_told_while_deductions_are_typed(
    estate: Estate, window: Any, settle: Settle
) -> None:
    deposit = take_deposit(estate.house("101"), Decimal("2000.00"), agreed="装修协议 5")
    assert deposit.described().endswith("装修押金 2,000.00 元")
    deduct_deposit(deposit, "清运垃圾", Decimal("300.00"))
    view = window.open("deposits")
    settle()
    view.table.grid.selectRow(0)
    dialog = view.act("退押金").run(view)
    settle()
    assert any("2,000.00 元，现存 1,700.00 元" in one.text() for one in dialog.findChildren(Words))
    assert dialog.note.text() == "现存 1,700.00 元，退 1,700.00 元。"
    assert dialog.form.cells["method"].asked.label == "退款方式"
    rows = dialog.form.cells["deductions"].input.rows
    rows.setData(rows.index(0, 0), "拆改烟道")
    for typed, told in (
        ("1800", "现存 1,700.00 元，不够扣 1,800.00 元，差 100.00 元。"),
        ("1700", "现存 1,700.00 元，扣 1,700.00 元，没有要退的。"),
        ("500.5", "现存 1,700.00 元，扣 500.50 元，退 1,199.50 元。"),
    ):
        rows.setData(rows.index(0, 1), typed)
        assert dialog.note.text() == told
    dialog.submit()
    settle()
    assert DepositEntry.get(DepositEntry.kind == EntryKind.REFUNDED).amount == Decimal("-1199.50")
