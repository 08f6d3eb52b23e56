"""未结事项: what is open with a supplier, and what it was warned of before; in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date

from models.clock import now
from models.money import thousands
from models.suppliers.contracts import SupplyContract
from models.suppliers.ending.letters import SupplierLetter
from models.suppliers.orders import open_orders
from models.suppliers.register import StepKind, Supplier, SupplierStep
from models.suppliers.returns import open_returns
from models.suppliers.settling.deductions import SupplierDeduction
from models.suppliers.settling.drafting import payables_of
from models.suppliers.settling.settlements import NIL, Settlement, SettlementState

Way = Callable[[Supplier, date], Iterator[str]]
_WAYS: list[Way] = []
_SHORT, _LONG = 60, 1900
"""Characters of one warning, and of all of them, that a notice takes."""
_WARNED = (StepKind.WATCHED, StepKind.SUSPENDED)


def running_contracts(supplier: Supplier, day: date) -> list[SupplyContract]:
    """Return the contracts with a supplier that run on a day, or will."""
    mine = SupplyContract.select().where(SupplyContract.supplier == supplier)
    return [one for one in mine.order_by(SupplyContract.id) if one.last > day]


def still_open(work: Way) -> Way:
    """Let a module tell, in a few words each, what it knows to be open with a supplier on a day."""
    _WAYS.append(work)
    return work


def open_things(supplier: Supplier) -> list[str]:
    """Return what is open with a supplier today, a few words each: trade, money, scores."""
    day = now().date()
    return [told for work in _WAYS for told in work(supplier, day)]


@still_open
def trade_open(supplier: Supplier, day: date) -> Iterator[str]:
    """Orders, returns and contracts."""
    yield from _told("订单", (one.number for one in open_orders(supplier)))
    yield from _told("退换货", (one.number for one in open_returns(supplier)))
    running = (f"{one.number}（至 {one.last}）" for one in running_contracts(supplier, day))
    yield from _told("合同", running)


@still_open
def money_open(supplier: Supplier, day: date) -> Iterator[str]:
    """What no settlement holds, so that nothing cancels out, and settlements that are not paid."""
    found = [one for one in payables_of(supplier, day) if one.deduction is None]
    if found:
        yield f"没有结算的 {len(found)} 项 {thousands(sum((one.amount for one in found), NIL))} 元"
    deducted = SupplierDeduction.select().where(SupplierDeduction.free(supplier))
    yield from _told("待扣款", (f"{one.number} {thousands(one.amount)} 元" for one in deducted))
    waiting = Settlement.select().where(
        (Settlement.supplier == supplier)
        & Settlement.state.in_((SettlementState.DRAFT, SettlementState.APPROVED))
    )
    for one in waiting.order_by(Settlement.id):
        yield f"结算单 {one.number} {one.state.value} {thousands(one.rest)} 元"


def _told(what: str, numbers: Iterable[str]) -> Iterator[str]:
    told = "、".join(numbers)
    if told:
        yield f"{what} {told}"


def warnings_of(supplier: Supplier) -> list[str]:
    """Return what a supplier was warned of before, in short, the oldest first; the latest if too much."""
    found = [
        (one.day, f"{one.number} 整改通知：{_short(one.facts)}（限 {one.due}，{one.state.value}）")
        for one in SupplierLetter.select().where(SupplierLetter.supplier == supplier)
    ]
    steps = SupplierStep.select().where((SupplierStep.supplier == supplier) & SupplierStep.step.in_(_WARNED))
    found += [(one.day, f"{one.step.value}：{_short(one.words or '')}") for one in steps]
    told = [f"{day} {words}" for day, words in sorted(found)]
    while sum(len(one) + 1 for one in told) > _LONG:
        told.pop(0)
    return told


def _short(words: str) -> str:
    return words if len(words) <= _SHORT else f"{words[:_SHORT]}…"
