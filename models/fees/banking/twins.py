"""疑似重复: money of a statement that may be booked already, at the till or from another file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from models.base import db
from models.fees.banking.rows import BankRow, RowState
from models.fees.payments import Payment, Receipt, ReceiptState
from models.money import to_scaled

_ONCE = 900  # values in one IN list, below what any SQLite takes
_EARLIER, _LATER = timedelta(days=3), timedelta(days=3)
"""How far apart a receipt and the same money on a statement may lie."""


class Twin(NamedTuple):
    """What may be the same money: in words, and whether it is so for sure."""

    told: str
    sure: bool = False


class Twins:
    """What was booked around the days of some rows, read once.

    Args:
        rows: those that are about to be booked.
    """

    def __init__(self, rows: Sequence[BankRow]) -> None:
        self._references: dict[str, list[tuple[int, str]]] = defaultdict(list)
        self._near: dict[tuple[int, int], list[tuple[date, str]]] = defaultdict(list)
        self._alike: dict[tuple[date, int, str | None], set[int]] = defaultdict(set)
        if rows:
            first, last = min(row.on for row in rows), max(row.on for row in rows)
            self._read_references([row.reference for row in rows if row.reference])
            self._read_near(first, last)
            self._read_alike(first, last)

    def of(self, row: BankRow, unit: int | None) -> Twin | None:
        """Return what may be the money of a row, which is taken for a house; None where nothing is."""
        fen = to_scaled(row.amount, 2)
        for paid, number in self._references.get(row.reference or "", ()):
            if paid == fen:
                return Twin(f"收据 {number} 已按同一流水号登记", True)
            return Twin(f"收据 {number} 有同一流水号，金额或收款方式不同，请核对")
        others = self._alike.get((row.on, fen, row.name), set()) - {row.batch_id}
        if others:
            return Twin(f"批次 {min(others)} 有日期、金额、户名都相同的一笔，可能是同一笔")
        for on, number in self._near.get((unit or 0, fen), ()):
            if row.on - _EARLIER <= on <= row.on + _LATER:
                return Twin(f"收据 {number} 在 {on} 收了同样的金额，可能就是这一笔")
        return None

    def _read_references(self, references: list[str]) -> None:
        query = _receipted(Payment.reference, Receipt.number)
        for start in range(0, len(references), _ONCE):
            some = Payment.reference.in_(references[start : start + _ONCE])
            for _, amount, _, reference, number in db.execute(query.where(some)):
                self._references[reference].append((amount, number))

    def _read_near(self, first: date, last: date) -> None:
        query = _receipted(Receipt.unit, Receipt.number).where(Payment.id.not_in(_brought()))
        near = Payment.on.between(first - _EARLIER, last + _LATER)
        for _, amount, on, unit, number in db.execute(query.where(near)):
            self._near[unit, amount].append((date.fromisoformat(on), number))

    def _read_alike(self, first: date, last: date) -> None:
        told = (BankRow.on, BankRow.amount, BankRow.name, BankRow.batch)
        query = BankRow.select(*told).where(
            BankRow.on.between(first, last) & (BankRow.state != RowState.UNDONE)
        )
        for on, amount, name, batch in db.execute(query):
            self._alike[date.fromisoformat(on), amount, name].add(batch)


def _brought() -> Any:
    """Return the payments that statements brought; several of one sum are nothing strange there."""
    return BankRow.select(BankRow.payment).where(BankRow.payment.is_null(False))


def _receipted(*more: Any) -> Any:
    """Return the payments with a receipt that counts, whatever way they came in."""
    told = (Payment.id, Payment.amount, Payment.on, *more)
    return Receipt.select(*told).join(Payment).where(Receipt.state == ReceiptState.ISSUED)
