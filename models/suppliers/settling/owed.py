"""往来: what is open with suppliers: not settled, deducted, drafted, approved and not paid."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from peewee import fn

from models.base import db
from models.money import from_scaled
from models.suppliers.contracts import SupplyContract
from models.suppliers.receipts import GoodsReceipt, ReceiptLine
from models.suppliers.register import Supplier
from models.suppliers.returns import GoodsReturn
from models.suppliers.settling.deductions import SupplierDeduction
from models.suppliers.settling.due import lots_due
from models.suppliers.settling.settlements import (
    HOLDS,
    NIL,
    Settled,
    Settlement,
    SettlementLine,
    SettlementState,
    left_of_lot,
    open_months,
    settled_lots,
)


@dataclass(frozen=True)
class Owed:
    """What is open with one supplier, in 元.

    Args:
        goods: came and held by no settlement; what waits for a return apart.
        services: months that are over and held by no settlement.
        deductions: open and held by no settlement.
        drafted: in settlements that are not approved.
        approved: approved and not paid.
    """

    goods: Decimal = NIL
    services: Decimal = NIL
    deductions: Decimal = NIL
    drafted: Decimal = NIL
    approved: Decimal = NIL

    @property
    def total(self) -> Decimal:
        """What is owed altogether."""
        return self.goods + self.services - self.deductions + self.drafted + self.approved

    @property
    def unsettled(self) -> bool:
        """Whether goods or service wait for a settlement."""
        return bool(self.goods or self.services)

    @property
    def open(self) -> bool:
        """Whether any of the sums is not nothing; what cancels out is found by `ending.open.open_things`."""
        return any((self.goods, self.services, self.deductions, self.drafted, self.approved))


def owed_of(supplier: Supplier | None = None, until: date | None = None) -> dict[int, Owed]:
    """Return by the id of a supplier what is open with it; of all of them without one.

    Args:
        supplier: of whom alone.
        until: counts only what came or was over by a day; without it by today.
    """
    day = until or date.today()
    parts = {
        "goods": _goods(supplier, day), "services": _services(supplier, day),
        "deductions": _deductions(supplier, day),
        "drafted": _settled(supplier, SettlementState.DRAFT, Settlement.total),
        "approved": _settled(supplier, SettlementState.APPROVED, Settlement.total - Settlement.paid),
    }  # fmt: skip
    ids = {number for part in parts.values() for number in part}
    return {number: Owed(**{name: part.get(number, NIL) for name, part in parts.items()}) for number in ids}


def unsettled(until: date) -> list[Supplier]:
    """Return with whom goods or service of up to a day wait for a settlement, by number."""
    ids = [number for number, one in owed_of(until=until).items() if one.unsettled]
    return sorted(Supplier.those(ids), key=lambda one: str(one.number))


def _of(field: Any, supplier: Supplier | None) -> Any:
    return (field == supplier.id) if supplier is not None else field.is_null(False)


def _sums(query: Any) -> dict[int, Decimal]:
    return {number: from_scaled(int(fen or 0), 2) for number, fen in db.execute(query)}


def _goods(supplier: Supplier | None, day: date) -> dict[int, Decimal]:
    """Sum what was accepted and what is held in SQL, and correct it for unusual lots one by one."""
    within = _of(GoodsReceipt.supplier, supplier) & (GoodsReceipt.arrived_on <= day)
    query = ReceiptLine.select(GoodsReceipt.supplier, fn.SUM(ReceiptLine.amount)).join(GoodsReceipt)
    found = _sums(query.where(within).group_by(GoodsReceipt.supplier))
    lines = SettlementLine.select(GoodsReceipt.supplier, fn.SUM(SettlementLine.amount))
    lines = lines.join(Settlement).switch(SettlementLine).join(ReceiptLine).join(GoodsReceipt)
    held = within & Settlement.state.in_(HOLDS)
    for number, amount in _sums(lines.where(held).group_by(GoodsReceipt.supplier)).items():
        found[number] -= amount
    back = GoodsReturn.select(GoodsReturn.lot).where(GoodsReturn.accepted_before > 0)
    odd = lots_due(within & ((ReceiptLine.conceded > 0) | ReceiptLine.id.in_(back)))
    settled = settled_lots(SettlementLine.lot.in_([one.lot.id for one in odd]))
    for one in odd:
        mine = settled.get(one.lot.id, Settled())
        _, left = left_of_lot(one, mine)
        found[one.lot.receipt.supplier_id] += left - (one.lot.amount - mine.amount)
    return found


def _services(supplier: Supplier | None, day: date) -> dict[int, Decimal]:
    found: dict[int, Decimal] = {}
    for contract, _, amount in open_months(_of(SupplyContract.supplier, supplier), day):
        found[contract.supplier_id] = found.get(contract.supplier_id, NIL) + amount
    return found


def _deductions(supplier: Supplier | None, day: date) -> dict[int, Decimal]:
    query = SupplierDeduction.select(SupplierDeduction.supplier, fn.SUM(SupplierDeduction.amount))
    mine = SupplierDeduction.free(supplier) & (SupplierDeduction.day <= day)
    return _sums(query.where(mine).group_by(SupplierDeduction.supplier))


def _settled(supplier: Supplier | None, state: SettlementState, amount: Any) -> dict[int, Decimal]:
    query = Settlement.select(Settlement.supplier, fn.SUM(amount))
    mine = (Settlement.state == state) & _of(Settlement.supplier, supplier)
    return _sums(query.where(mine).group_by(Settlement.supplier))
