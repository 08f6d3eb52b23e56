"""供方现状: what stops an order to a supplier today, and what it is called in lists.

Everything that orders, proposes or warns asks here, so that all say the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import Enum

from models.suppliers.goods import GoodsKind
from models.suppliers.kinds import SupplierState
from models.suppliers.licences import Papers, papers_on
from models.suppliers.register import Supplier, SupplyScope


class Called(Enum):
    """How lists call a supplier: its state, or that its papers stop orders though it is qualified."""

    CANDIDATE = "潜在"
    QUALIFIED = "合格"
    LAPSED = "证照不全"
    WATCHED = "观察"
    SUSPENDED = "暂停"
    TERMINATED = "终止"
    DROPPED = "未录用"


TONES = {
    Called.CANDIDATE.value: "info",
    Called.QUALIFIED.value: "ok",
    Called.LAPSED.value: "danger",
    Called.WATCHED.value: "warning",
    Called.SUSPENDED.value: "danger",
    Called.TERMINATED.value: "plain",
    Called.DROPPED.value: "plain",
}


@dataclass(frozen=True)
class Standing:
    """Whether a supplier may be ordered from.

    Args:
        never: why not at all, in a sentence; empty where it may, if need be with an approval.
        outside: why only outside the list, with a reason and an approval; empty where nothing is against it.
    """

    never: str = ""
    outside: str = ""


def standing(supplier: Supplier, kinds: Iterable[GoodsKind], day: date) -> Standing:
    """Return whether goods of these kinds may be ordered of a supplier on a day (forms.md A11, B11)."""
    state = supplier.state
    if state in (SupplierState.SUSPENDED, SupplierState.TERMINATED, SupplierState.DROPPED):
        return Standing(never=f"{supplier.name} 是“{state.value}”供方，不能向它采购。请另选合格供方。")
    lacking = papers_on(day, [supplier]).lacking.get(supplier.id)
    if lacking:
        return Standing(never=f"{supplier.name} {lacking}，已自动停用。请供方换证，登记后再采购。")
    if state is SupplierState.CANDIDATE:
        return Standing(outside=f"{supplier.name} 还不是合格供方")
    if state is SupplierState.WATCHED:
        return Standing(outside=f"{supplier.name} 在限期整改，停增新订单")
    return Standing(outside=_beyond(supplier, kinds))


def _beyond(supplier: Supplier, kinds: Iterable[GoodsKind]) -> str:
    mine = {scope.kind_id for scope in SupplyScope.select().where(SupplyScope.supplier == supplier)}
    others = dict.fromkeys(kind.name for kind in kinds if kind.id not in mine)
    return f"{'、'.join(others)} 不在 {supplier.name} 的供货范围内" if others else ""


def called(supplier: Supplier, papers: Papers) -> Called:
    """Return how a supplier stands, as lists say it."""
    stopped = supplier.id in papers.lacking
    if stopped and supplier.state in (SupplierState.QUALIFIED, SupplierState.WATCHED):
        return Called.LAPSED
    return Called[supplier.state.name]
