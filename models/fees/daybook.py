"""收款日报: a cashier's day, receipt by receipt and by way of payment (FE-11)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from models.fees.books import ReceiptBook, Use, books_of, uses
from models.fees.deposits import Deposit, DepositEntry, EntryKind
from models.fees.drawers import Drawers, drawers_of
from models.fees.payments import (
    CLOSED,
    Adjustment,
    DayClosing,
    Method,
    Payment,
    Receipt,
    ReceiptRow,
    ReceiptState,
    closing_of,
)
from models.fees.within import within
from models.owners.estate import Unit


@dataclass(frozen=True)
class DayBook:
    """What was taken on a day; void receipts stand in it with their numbers, not with their money."""

    day: date
    receipts: list[tuple[Receipt, str]]
    closing: DayClosing | None
    reopened: list[DayClosing]
    """Closings of it that were opened again, in their order."""
    deposits: list[tuple[DepositEntry, str]] = field(default_factory=list)
    """Deposits taken and given back, each with why it is void; they are no income (forms.md B4.7)."""
    refunds: list[Adjustment] = field(default_factory=list)
    """What was paid back out of balances; it is no part of what was taken."""
    drawers: Drawers | None = None
    """The drawers of the day; a person whose reach is narrower than the office sees none."""
    books: list[tuple[ReceiptBook, Use]] = field(default_factory=list)

    @property
    def issued(self) -> list[Receipt]:
        """Receipts that hold."""
        return [receipt for receipt, _ in self.receipts if receipt.state is not ReceiptState.VOID]

    @property
    def voids(self) -> list[Receipt]:
        """Receipts that were voided."""
        return [receipt for receipt, _ in self.receipts if receipt.state is ReceiptState.VOID]

    def by_method(self) -> list[tuple[Method, int, Decimal]]:
        """Return (way of payment, receipts, sum in 元) of each way that was used."""
        told = []
        for method in Method:
            amounts = [receipt.amount for receipt in self.issued if receipt.payment.method is method]
            if amounts:
                told.append((method, len(amounts), sum(amounts, start=Decimal(0))))
        return told

    @property
    def total(self) -> Decimal:
        """All that was taken, in 元."""
        return sum((receipt.amount for receipt in self.issued), start=Decimal(0))

    def deposits_by_method(self) -> dict[Method, Decimal]:
        """Return what was taken of deposits less what was given back, in 元, by way of payment."""
        told: dict[Method, Decimal] = {}
        for entry, void in self.deposits:
            if not void:
                told[entry.method] = told.get(entry.method, Decimal(0)) + entry.amount
        return {method: told[method] for method in Method if method in told}

    @property
    def outside(self) -> Decimal:
        """What of `total` went through no drawer, in 元: a bank's list, a red receipt without a shift."""
        drawers = self.drawers
        return Decimal(0) if drawers is None else self.total - drawers.through - drawers.elsewhere

    @property
    def deposits_net(self) -> Decimal:
        """What was taken of deposits less what was given back, in 元; never a part of `total`."""
        return sum(self.deposits_by_method().values(), start=Decimal(0))

    @property
    def refunded(self) -> Decimal:
        """What was paid back out of balances, in 元; never a part of `total`."""
        return sum((-one.amount for one in self.refunds), start=Decimal(0))


def day_book(day: date) -> DayBook:
    """Return the book of a day, in the order of receipt numbers."""
    query = Receipt.select(Receipt, Payment, Unit).join(Payment).switch(Receipt).join(Unit)
    query = query.where(Receipt.on == day, *within(Receipt.unit)).order_by(Receipt.number)
    receipts = list(query)
    items: dict[int, list[str]] = {}
    rows = ReceiptRow.select().where(ReceiptRow.receipt.in_([receipt.id for receipt in receipts]))
    for row in rows.order_by(ReceiptRow.position):
        items.setdefault(row.receipt_id, []).append(row.item)
    told = [(receipt, "、".join(dict.fromkeys(items.get(receipt.id, [])))) for receipt in receipts]
    again = DayClosing.select().where(~CLOSED & (DayClosing.day == day)).order_by(DayClosing.id)
    books = books_of(day)
    used = uses(books, day)
    return DayBook(
        day, told, closing_of(day), list(again), _deposits(day), _refunds(day),
        None if within(Receipt.unit) else drawers_of(day), [(book, used[book.id]) for book in books],
    )  # fmt: skip


def _refunds(day: date) -> list[Adjustment]:
    query = Adjustment.select(Adjustment, Unit).join(Unit)
    paid = (Adjustment.on == day) & Adjustment.method.is_null(False)
    return list(query.where(paid, *within(Adjustment.unit)).order_by(Adjustment.number))


def _deposits(day: date) -> list[tuple[DepositEntry, str]]:
    query = DepositEntry.select(DepositEntry, Deposit, Unit).join(Deposit).join(Unit)
    moved = (DepositEntry.on == day) & (DepositEntry.kind != EntryKind.DEDUCTED) & (DepositEntry.amount != 0)
    entries = list(query.where(moved, *within(Deposit.unit)).order_by(DepositEntry.id))
    void = {entry.reverses_id: entry.reason for entry in entries if entry.reverses_id is not None}
    return [(entry, void.get(entry.id, "")) for entry in entries if entry.reverses_id is None]
