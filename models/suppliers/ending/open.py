"""未结事项: what is open with a supplier, and what it was warned of before; in words."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from models.clock import now
from models.money import thousands
from models.suppliers.contracts import SupplyContract
from models.suppliers.ending.letters import SupplierLetter
from models.suppliers.orders import OrderState, PurchaseOrder
from models.suppliers.register import StepKind, Supplier, SupplierStep
from models.suppliers.returns import OPEN, GoodsReturn
from models.suppliers.settling.owed import Owed, owed_of

_WARNED = (StepKind.WATCHED, StepKind.SUSPENDED)


def open_orders(supplier: Supplier) -> list[PurchaseOrder]:
    """Return the orders of a supplier of which something is to come."""
    going = (PurchaseOrder.supplier == supplier) & (PurchaseOrder.state == OrderState.OPEN)
    return list(PurchaseOrder.select().where(going).order_by(PurchaseOrder.number))


def open_returns_of(supplier: Supplier) -> list[GoodsReturn]:
    """Return what is to go back to a supplier or be exchanged."""
    back = (GoodsReturn.supplier == supplier) & GoodsReturn.state.in_(OPEN)
    return list(GoodsReturn.select().where(back).order_by(GoodsReturn.number))


def running_contracts(supplier: Supplier, day: date) -> list[SupplyContract]:
    """Return the contracts with a supplier that run on a day, or will."""
    mine = SupplyContract.select().where(SupplyContract.supplier == supplier)
    return [one for one in mine.order_by(SupplyContract.id) if one.last > day]


def open_things(supplier: Supplier) -> list[str]:
    """Return what is open with a supplier today, a few words each: orders, returns, contracts, money."""
    day = now().date()
    found = [
        _told("订单", (one.number for one in open_orders(supplier))),
        _told("退换货", (one.number for one in open_returns_of(supplier))),
        _told("合同", (f"{one.number}（至 {one.last}）" for one in running_contracts(supplier, day))),
    ]
    owed = owed_of(supplier, day).get(supplier.id, Owed())
    sums = (
        ("待结货款", owed.goods), ("待结服务费", owed.services), ("待扣款", owed.deductions),
        ("待批准的结算", owed.drafted), ("待付款", owed.approved),
    )  # fmt: skip
    found += [f"{name} {thousands(amount)} 元" for name, amount in sums if amount]
    return [one for one in found if one]


def _told(what: str, numbers: Iterable[str]) -> str:
    told = "、".join(numbers)
    return f"{what} {told}" if told else ""


def warnings_of(supplier: Supplier) -> list[str]:
    """Return what a supplier was warned of before, the oldest first."""
    found = [
        (one.day, f"{one.number} 整改通知：{one.facts}（限 {one.due}，{one.state.value}）")
        for one in SupplierLetter.select().where(SupplierLetter.supplier == supplier)
    ]
    steps = SupplierStep.select().where((SupplierStep.supplier == supplier) & SupplierStep.step.in_(_WARNED))
    found += [(one.day, f"{one.step.value}：{one.words}") for one in steps]
    return [f"{day} {told}" for day, told in sorted(found)]
