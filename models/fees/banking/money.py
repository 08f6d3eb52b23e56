"""进账: how money that passed no till is received and taken back, by whoever checks it (收款≠对账)."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from models.deeds import DEEDS
from models.errors import RuleBroken
from models.fees import settle
from models.fees.bills import Bill
from models.fees.cashier import check_day, take
from models.fees.payments import Method, Payment, Receipt, ReceiptState
from models.fees.shifts import apart_from_tills
from models.owners.estate import Unit
from models.owners.people import Person


def receive_apart(
    unit: Unit,
    amount: Decimal,
    method: Method,
    on: date,
    payer: Person | None = None,
    bills: Sequence[Bill] | None = None,
    units: Sequence[Unit] | None = None,
    payer_name: str | None = None,
    reference: str | None = None,
) -> Payment:
    """Receive money on a unit with its receipt: for these lines, else for a named payer's own, else for all.

    Where a named payer owes nothing, all of it becomes his balance.
    """
    if payer is not None and bills is None:
        bills = [line for line in settle.open_lines([unit, *(units or ())]) if line.payer == payer]
    with apart_from_tills():
        if payer is not None and not bills:
            return take(unit, amount, method, on, payer, reference)
        received: Payment = DEEDS["fees.receive"].work(
            unit, amount, method, on=on, payer=payer, bills=bills, units=units, payer_name=payer_name,
            reference=reference,
        )  # fmt: skip
        return received


def void_apart(receipts: Iterable[Receipt], reason: str) -> None:
    """Void those of some receipts that still count.

    Raises:
        RuleBroken: the day of one is closed, or the balance that it left has been used.
    """
    with apart_from_tills():
        for receipt in sorted(receipts, key=lambda one: one.number):
            if receipt.state is ReceiptState.ISSUED:
                DEEDS["fees.void_receipt"].work(receipt, reason)


def booking_day(day: date) -> tuple[date, str]:
    """Return the day on which money is booked, and in words why it is not its own day.

    Raises:
        RuleBroken: it is closed, and so is today.
    """
    with contextlib.suppress(RuleBroken):
        check_day(day)
        return day, ""
    today = date.today()
    check_day(today)
    return today, f"{day} 已日结或封账，记在 {today}"
