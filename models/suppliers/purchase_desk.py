"""采购提醒: what of plans, orders and returns wants doing, what cards tell, and what must hold."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from peewee import fn

from models.base import db
from models.cards import facts
from models.checks import invariant
from models.conditions import Condition, Test
from models.desk import Figure, Reminder, figures, reminds
from models.money import from_scaled, thousands
from models.months import Month, Period
from models.suppliers.orders import OrderLine, OrderState, PurchaseOrder, open_orders
from models.suppliers.plans import PlanLine, PlanState, PurchasePlan
from models.suppliers.purchase_lists import ordered
from models.suppliers.receipts import GoodsReceipt, ReceiptLine
from models.suppliers.register import Supplier
from models.suppliers.returns import GoodsReturn, ReturnState, open_returns
from models.suppliers.rights import BUY, CONSENT, RECEIVE, VIEW

_CHASED = 3
"""Days before they are due in which goods may be asked after."""


@facts(Supplier, VIEW)
def bought_of(supplier: Supplier) -> Iterator[Figure]:
    """How much was bought of a supplier this year, and what is open."""
    year = Period.parse(str(date.today().year))
    query = ReceiptLine.select(fn.SUM(ReceiptLine.amount)).join(GoodsReceipt)
    mine = (GoodsReceipt.supplier == supplier) & GoodsReceipt.arrived_on.between(year.first, year.last)
    fen = int(db.execute(query.where(mine)).fetchone()[0] or 0)
    orders, returns = len(open_orders(supplier)), len(open_returns(supplier))
    if fen or orders or returns:
        received = {"supplier": supplier, "period": year}
        yield Figure("今年收货", thousands(from_scaled(fen, 2)), "", "goods_receipts", received)
        going = {"supplier": supplier, "state": OrderState.OPEN.value}
        yield Figure("未到齐订单", f"{orders}", f"退换未办结 {returns}", "purchase_orders", going)


def _late(day: date) -> Any:
    return (PurchaseOrder.state == OrderState.OPEN) & (PurchaseOrder.due < day)


@reminds(BUY)
def orders_late(day: date) -> Iterator[Reminder]:
    """Remind of orders that should have come, and of those that are due in a few days."""
    late = PurchaseOrder.select().where(_late(day)).count()
    if late:
        asked = (Condition("late", Test.IS, "是"),)
        yield Reminder("采购订单逾期未到，请催货", "danger", "purchase_orders", {}, late, asked)
    soon = day + timedelta(days=_CHASED)
    due = PurchaseOrder.select().where(_late(soon + timedelta(days=1)) & ~_late(day)).count()
    if due:
        coming = (
            Condition("state", Test.IS, OrderState.OPEN.value),
            Condition("due", Test.MOST, soon.isoformat()),
            Condition("late", Test.IS, "否"),
        )
        yield Reminder(f"采购订单 {_CHASED} 天内到期", "info", "purchase_orders", {}, due, coming)


@reminds(BUY)
def lines_to_buy(day: date) -> Iterator[Reminder]:
    """Remind of approved lines of plans that are needed soon and not ordered."""
    soon = day + timedelta(days=7)
    query = PlanLine.select().join(PurchasePlan).where(PurchasePlan.state == PlanState.APPROVED)
    count = query.where((PlanLine.approved > ordered()) & (PlanLine.needed_on <= soon)).count()
    if count:
        asked = (Condition("open", Test.IS, "是"), Condition("needed_on", Test.MOST, soon.isoformat()))
        yield Reminder("计划已批准、7 天内要用、还没有下单", "warning", "plan_lines", {}, count, asked)


@reminds(RECEIVE)
def goods_today(day: date) -> Iterator[Reminder]:
    """Remind whoever receives of what should come today."""
    count = (
        PurchaseOrder.select()
        .where((PurchaseOrder.state == OrderState.OPEN) & (PurchaseOrder.due == day))
        .count()
    )
    if count:
        filters = {"state": OrderState.OPEN.value}
        asked = (Condition("due", Test.EQUALS, day.isoformat()),)
        yield Reminder("订单今天到货，请准备验收", "info", "purchase_orders", filters, count, asked)


@reminds(CONSENT)
def returns_waiting(day: date) -> Iterator[Reminder]:
    """Remind the manager of rejected goods that wait for his consent."""
    count = GoodsReturn.select().where(GoodsReturn.state == ReturnState.WAITING).count()
    if count:
        filters = {"state": ReturnState.WAITING.value}
        yield Reminder("不合格品等您同意退换", "warning", "goods_returns", filters, count)


@reminds(RECEIVE)
def returns_open(day: date) -> Iterator[Reminder]:
    """Remind of returns that were consented to and are overdue."""
    mine = (GoodsReturn.state == ReturnState.CONSENTED) & (GoodsReturn.due < day)
    count = GoodsReturn.select().where(mine).count()
    if count:
        filters = {"state": ReturnState.CONSENTED.value}
        asked = (Condition("due", Test.MOST, (day - timedelta(days=1)).isoformat()),)
        yield Reminder("退换货逾期未办结", "danger", "goods_returns", filters, count, asked)


@figures(VIEW)
def on_time_this_month(day: date) -> Iterator[Figure]:
    """How many of the lines that were due this month had come in time."""
    month = Month.of(day)
    query = OrderLine.select().join(PurchaseOrder)
    mine = query.where(
        PurchaseOrder.due.between(month.first, day) & (PurchaseOrder.state != OrderState.CANCELLED)
    )
    whole = mine.count()
    if whole:
        good = mine.where(OrderLine.arrived_on <= PurchaseOrder.due).count()
        told = f"{good} / {whole} 项"
        yield Figure("本月到货准时率", f"{good * 100 / whole:.1f}%", told, "order_lines")


# -- what must hold --------------------------------------------------------------------------------


@invariant("订单到货")
def lines_follow_their_receipts() -> Iterator[str]:
    """What a line of an order says came is what its receipts add up to."""
    came = ReceiptLine.select(fn.COALESCE(fn.SUM(ReceiptLine.delivered), 0))
    good = ReceiptLine.select(fn.COALESCE(fn.SUM(ReceiptLine.accepted + ReceiptLine.conceded), 0))
    mine = ReceiptLine.order_line == OrderLine.id
    wrong = (OrderLine.delivered != came.where(mine)) | (OrderLine.accepted != good.where(mine))
    for (code,) in db.execute(OrderLine.select(OrderLine.code).where(wrong)):
        yield f"订单明细 {code} 的到货数与验收单不符"


@invariant("验收数量")
def lots_add_up() -> Iterator[str]:
    """Of each lot what was accepted and rejected is what came, and not more went back than was accepted."""
    wrong = ReceiptLine.accepted + ReceiptLine.rejected != ReceiptLine.delivered
    wrong |= ReceiptLine.returned > ReceiptLine.accepted
    for (code,) in db.execute(ReceiptLine.select(ReceiptLine.code).where(wrong)):
        yield f"验收明细 {code} 的数量不符"
