"""红冲收据: take back a receipt whose day is closed by a red one of today (forms.md A11, B4.6).

The red receipt has a number of its own, the negative rows and the negative money of the old one; what that
settled is open again. The old one stays as it is, but for its state.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated

from models.clock import now
from models.deeds import actor, deed
from models.errors import RuleBroken
from models.fees import proposing, settle, shifts
from models.fees.adjusting import (
    PROPOSALS,
    REVERSALS,
    AskedBasis,
    AskedReason,
    check_after,
    document,
    lets_approve,
)
from models.fees.cashier import RECEIPTS, AskedDay, check_day
from models.fees.invoices import check_not_exchanged
from models.fees.payments import (
    Allocation,
    BalanceEntry,
    BalanceKind,
    Payment,
    Receipt,
    ReceiptRow,
    ReceiptState,
)
from models.fees.rights import ADJUST
from models.fields import LinkField
from models.inputs import Asked
from models.money import thousands, to_scaled


@deed(
    "fees.reverse_receipt", "红冲收据", ADJUST, danger=True,
    question="原收据不改：今天开一张负数收据，账单恢复为未收。请收回客户联。",
)  # fmt: skip
def reverse_receipt(
    receipt: Annotated[Receipt, Asked(LinkField(Receipt, verbose_name="收据"))],
    reason: AskedReason,
    basis: AskedBasis,
    on: AskedDay = None,
) -> Receipt:
    """Reverse a receipt of a closed day by a red one; return the red one.

    Raises:
        RuleBroken: it is void, red or reversed, its day is not closed yet, today is, a line that it
            settled was corrected since, an invoice stands for it, or the balance that it left has been used.
    """
    on = on or date.today()
    check_day(on)
    wanted = proposing.red_receipt(receipt, reason, basis)
    check_after(on, receipt.on, f"收据 {receipt.number}")
    check_not_exchanged(receipt)
    settled = settle.settled_by(receipt)
    made = document(wanted, "fees.reverse_receipt", on)
    receipt.move_to(ReceiptState.REVERSED, void_reason=reason[:80], voided_at=now(), voided_by=actor().name)
    red = _red(receipt, on, made.number)
    _open_again(red, settled)
    _take_back_balance(receipt, red)
    if shifts.went_through(receipt.payment) is not None:
        shifts.paid_out(shifts.Moved.REVERSED, red.number, red.payment.method, red.amount, on)
    return red


def _red(receipt: Receipt, on: date, why: str) -> Receipt:
    """Make the negative payment and receipt with the old one's rows, all negative."""
    old = receipt.payment
    payment = Payment.add(
        on=on, payer=old.payer, payer_name=receipt.payer_name, method=old.method, reference=old.reference,
        amount=-receipt.amount, made_at=now(), made_by=actor().name, note=f"红冲 {receipt.number}，{why}",
    )  # fmt: skip
    red = Receipt.add(
        number=RECEIPTS.next(on), payment=payment, unit=receipt.unit, on=on, payer_name=receipt.payer_name,
        amount=-receipt.amount, balance=0, reverses=receipt,
    )  # fmt: skip
    told = ("receipt", "position", "item", "span", "quantity", "price", "amount")
    rows = ReceiptRow.select().where(ReceiptRow.receipt == receipt).order_by(ReceiptRow.position)
    negative = [
        (red.id, row.position, row.item, row.span, row.quantity, row.price, -to_scaled(row.amount, 2))
        for row in rows
    ]
    settle.add_rows(ReceiptRow, told, negative)
    return red


def _open_again(red: Receipt, settled: Sequence[Allocation]) -> None:
    for one in settled:
        Allocation.add(bill=one.bill, receipt=red, on=red.on, amount=-one.amount)
        one.bill.change(paid=one.bill.paid - one.amount)


def _take_back_balance(receipt: Receipt, red: Receipt) -> None:
    """Take back the balance that a receipt left.

    Raises:
        RuleBroken: it has been used since.
    """
    left = (BalanceEntry.receipt == receipt) & (BalanceEntry.kind == BalanceKind.RECEIVED)
    for entry in BalanceEntry.select().where(left):
        held = settle.balance(entry.unit, entry.payer)
        if held < entry.amount:
            raise RuleBroken(
                f"收据 {receipt.number} 的预存已经用过，余额只有 {thousands(held)} 元，不能红冲。"
                "请先撤销抵扣；抵扣那天已日结的，红冲它所抵的账单。"
            )
        BalanceEntry.add(
            unit=entry.unit, payer=entry.payer, on=red.on, kind=BalanceKind.RECEIVED, amount=-entry.amount,
            receipt=red,
        )  # fmt: skip


PROPOSALS["fees.reverse_receipt"] = proposing.red_receipt
lets_approve("fees.reverse_receipt", REVERSALS)
