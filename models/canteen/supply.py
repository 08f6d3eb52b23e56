"""需求的来源: what covers a need before anything is bought for it.

That is the stock that is good still on the day, and what was ordered and did not come, both less what other
plans whose days have not passed count on. What those will have bought covers them, once it is ordered it is
on its way: of what is on order a need that went into a purchase plan takes its whole share.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, Decimal

from peewee import fn

from models.base import db
from models.canteen.demands import RUNNING, Demand, DemandLine, DemandState
from models.canteen.items import NONE, StockItem
from models.canteen.lots import StockLot
from models.canteen.returning import awaited, to_replace
from models.money import from_scaled
from models.suppliers.orders import OrderLine, OrderState, PurchaseOrder, left_of
from models.suppliers.plans import PlanLine, PlanState, PurchasePlan


def packs(item: StockItem, wanted: Decimal) -> Decimal:
    """Return how many whole units of purchase cover so many units of issue."""
    return (max(NONE, wanted) / item.per).to_integral_value(ROUND_CEILING).quantize(NONE)


@dataclass
class Cover:
    """What of an item there is for several wishes one after the other: the first of them take it.

    Args:
        stock: what is there, waits for nothing and is good still.
        coming: what was ordered and did not come.
        others: what of these other plans count on.
    """

    stock: Decimal
    coming: Decimal
    others: Decimal = NONE

    @property
    def free(self) -> Decimal:
        """What is there or on its way for whoever asks now."""
        return max(NONE, self.stock + self.coming - self.others)

    def after(self, earlier: Cover | None) -> Cover:
        """Return what is left of it once earlier wishes took theirs, of what expires first."""
        if earlier is None:
            return self
        return Cover(min(self.stock, earlier.stock), min(self.coming, earlier.coming))

    def take(self, need: Decimal) -> Decimal:
        """Take what there is for a wish; return what is lacking."""
        lacking = max(NONE, need - self.free)
        left = self.others + need - lacking
        for name in ("stock", "coming"):
            part = min(getattr(self, name), left)
            setattr(self, name, getattr(self, name) - part)
            left -= part
        self.others = NONE
        return lacking


def covers(items: Iterable[StockItem], day: date, today: date) -> dict[int, Cover]:
    """Return what there is of items for a need on a day, by their ids."""
    wanted = {item.id: item for item in items}
    stock, coming, others = _good_on(wanted, day), _on_order(), _claimed(wanted, today)
    return {
        id: Cover(stock.get(id, NONE), item.issued(coming.get(item.goods_id, NONE)), others.get(id, NONE))
        for id, item in wanted.items()
    }


def _good_on(items: Iterable[int], day: date) -> dict[int, Decimal]:
    """Return how much of items is there, waits for nothing and is good still on a day."""
    found: dict[int, Decimal] = {}
    for lot in StockLot.select().where(StockLot.item.in_(list(items)), StockLot.stock > 0):
        if not lot.expired(day):
            found[lot.item_id] = found.get(lot.item_id, NONE) + lot.free
    return found


def _on_order() -> dict[int, Decimal]:
    """Return how much of goods is to come by orders and exchanges, in units of purchase, by their ids."""
    left = fn.SUM(OrderLine.quantity - OrderLine.accepted)
    query = OrderLine.select(OrderLine.goods, left).join(PurchaseOrder)
    going = (PurchaseOrder.state == OrderState.OPEN) & (OrderLine.quantity > OrderLine.accepted)
    ordered = db.execute(query.where(going).group_by(OrderLine.goods))
    found = {id: from_scaled(int(size), 3) for id, size in ordered}
    for one in awaited():
        id = one.lot.order_line.goods_id
        found[id] = found.get(id, NONE) + to_replace(one)
    return found


def _claimed(items: dict[int, StockItem], today: date) -> dict[int, Decimal]:
    """Return what plans whose days have not passed count on of stock and orders, by the ids of items."""
    query = DemandLine.select(DemandLine, Demand).join(Demand)
    running = Demand.state.in_(RUNNING) & (DemandLine.needed_on >= today)
    settled: dict[int, Decimal] = {}
    carried: dict[int, Decimal] = {}
    for line in query.where(running & DemandLine.item.in_(list(items))):
        if line.demand.state is DemandState.TAKEN:
            carried[line.item_id] = carried.get(line.item_id, NONE) + line.need
        else:
            settled[line.item_id] = settled.get(line.item_id, NONE) + line.covered
    bought = _not_ordered()
    for id, need in carried.items():
        rest = need - items[id].issued(bought.get(items[id].goods_id, NONE))
        settled[id] = settled.get(id, NONE) + max(NONE, rest)
    return settled


def _not_ordered() -> dict[int, Decimal]:
    """Return how much of each goods stands in purchase plans and is not ordered yet, in units of purchase."""
    query = PlanLine.select(PlanLine, PurchasePlan).join(PurchasePlan)
    found: dict[int, Decimal] = {}
    for line in query.where(PurchasePlan.state.in_((PlanState.DRAFT, PlanState.APPROVED))):
        left = line.quantity if line.plan.state is PlanState.DRAFT else left_of(line)
        found[line.goods_id] = found.get(line.goods_id, NONE) + left
    return found
