"""应付: what goods and months of service come to altogether, whatever of it is settled already.

Goods are owed for as far as they were accepted, or taken all the same, and did not go back for good;
a contract by the month owes its fee, of a month that it does not fill by the days of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from peewee import Case, fn

from models.base import db
from models.money import divide_half_up, from_scaled, to_scaled
from models.months import Month
from models.suppliers.contracts import SupplyContract
from models.suppliers.goods import Goods, GoodsKind
from models.suppliers.orders import OrderLine
from models.suppliers.receipts import GoodsReceipt, ReceiptLine
from models.suppliers.returns import OPEN, GoodsReturn, Handling, ReturnState

_NONE = Decimal("0.000")


@dataclass(frozen=True)
class LotDue:
    """How much of a lot is to be paid for.

    Args:
        lot: which.
        quantity: accepted or conceded, less what went back for good.
        held: how much of it waits for what becomes of a return or an exchange.
    """

    lot: ReceiptLine
    quantity: Decimal
    held: Decimal


def lots_due(wanted: Any) -> list[LotDue]:
    """Return the lots that a condition names, as they came, with what is owed for of each."""
    query = ReceiptLine.select(ReceiptLine, GoodsReceipt, OrderLine, Goods, GoodsKind).join(GoodsReceipt)
    query = query.switch(ReceiptLine).join(OrderLine).switch(ReceiptLine).join(Goods).join(GoodsKind)
    lots = list(query.where(wanted).order_by(GoodsReceipt.arrived_on, ReceiptLine.id))
    back = _back([lot.id for lot in lots])
    return [LotDue(lot, *_due(lot, *back.get(lot.id, (_NONE, _NONE)))) for lot in lots]


def _due(lot: ReceiptLine, gone: Decimal, held: Decimal) -> tuple[Decimal, Decimal]:
    return lot.accepted + lot.conceded - gone, held


def gone() -> Any:
    """Return the condition that accepted goods went back, or will, and are not replaced."""
    settled = GoodsReturn.state.in_((ReturnState.CONSENTED, ReturnState.DONE))
    return (GoodsReturn.handling == Handling.RETURN) & settled & (GoodsReturn.accepted_before > 0)


def _back(ids: list[int]) -> dict[int, tuple[Decimal, Decimal]]:
    """Return by the id of a lot how much went back for good, and of how much that is still open."""
    if not ids:
        return {}
    away = Case(None, ((gone(), GoodsReturn.accepted_before),), 0)
    waits = Case(None, ((GoodsReturn.state.in_(OPEN) & ~gone(), GoodsReturn.accepted_before),), 0)
    within = GoodsReturn.lot.between(min(ids), max(ids)) & (GoodsReturn.accepted_before > 0)
    query = GoodsReturn.select(GoodsReturn.lot, fn.SUM(away), fn.SUM(waits)).where(within)
    return {
        lot: (from_scaled(int(back), 3), from_scaled(int(open_one), 3))
        for lot, back, open_one in db.execute(query.group_by(GoodsReturn.lot))
    }


def first_month(contract: SupplyContract) -> Month:
    """Return from which month on a contract is settled here: not from before it was noted here."""
    return Month.of(max(contract.since, contract.made_at.date()))


def months_due(
    contract: SupplyContract, until: date, since: Month | None = None
) -> Iterator[tuple[Month, Decimal]]:
    """Yield the months of service that are over by a day, each with its fee in 元.

    A month that is over only in part counts once the contract has ended in it; one after the end of the
    contract has no fee.
    """
    month = since or first_month(contract)
    while month <= Month.of(until):
        if min(month.last, max(contract.last, month.first)) <= until:
            yield month, fee_of(contract, month)
        month = month.plus(1)


def fee_of(contract: SupplyContract, month: Month) -> Decimal:
    """Return in 元 what a contract costs in a month, by the days of a month that it does not fill."""
    days = (min(contract.last, month.last) - max(contract.since, month.first)).days + 1
    if contract.monthly is None or days <= 0:
        return Decimal("0.00")
    return from_scaled(divide_half_up(to_scaled(contract.monthly, 2) * days, month.days), 2)
