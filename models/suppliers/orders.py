"""采购订单: what was ordered of whom until when, chased, and how much of it came (SU-06).

Ordered is only what is on the list of qualified suppliers and within their scope; anything else is an order
outside the list, with a reason and an approval of its own. Lines keep how much was delivered and accepted;
`models.suppliers.receipts` alone writes that.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any

from peewee import Case, fn

from models.attachments import keeps_files
from models.base import Record, db
from models.clock import now, past
from models.deeds import actor, deed, reaches_everybody
from models.errors import BadInput, RuleBroken
from models.fields import (
    ChoiceField,
    CodeField,
    CountField,
    DayField,
    LineField,
    LinkField,
    MomentField,
    MoneyField,
    NoteField,
    NumberField,
    PriceField,
    StockField,
)
from models.inputs import Asked, Input
from models.money import from_scaled, thousands
from models.office.approvals import number_for
from models.office.chains import Step, approvable
from models.rows import RowRefused, RowsField
from models.search import finds_numbered
from models.series import Series
from models.suppliers.goods import Goods, worth
from models.suppliers.plans import PlanLine, PlanState
from models.suppliers.quotes import agreed_price, lowest_quote
from models.suppliers.register import AskedReason, AskedSupplier, Supplier
from models.suppliers.rights import BUY, VIEW
from models.suppliers.standing import standing

ORDERS = Series("DD", "采购订单")
ROWS = "rows"
OUTSIDE_STEPS = (Step("管理处主任", "使用部门"), Step("常务副总经理", "批准"))
"""Who approves what is bought outside the list of qualified suppliers."""
NOTHING = Decimal("0.000")
SLACK = 10
"""Percent by which more may come than was ordered: what is weighed never comes exactly."""


class OrderState(Enum):
    """Where an order stands."""

    OPEN = "执行中"
    DONE = "已到齐"
    CLOSED = "短缺结案"
    CANCELLED = "已取消"


Caution = Callable[[Supplier], str]
_CAUTIONS: list[Caution] = []


def cautions(work: Caution) -> Caution:
    """Let a module warn, in a sentence or not at all, when something is ordered of a supplier."""
    _CAUTIONS.append(work)
    return work


class PurchaseOrder(Record):
    """采购订单: one order to one supplier."""

    number = NumberField(verbose_name="订单号")
    supplier = LinkField(Supplier, backref="orders", verbose_name="供方")
    ordered_on = DayField(index=True, verbose_name="下单日期")
    due = DayField(index=True, verbose_name="约定到货")
    state = ChoiceField(OrderState, default=OrderState.OPEN, index=True, verbose_name="订单状态")
    outside = NoteField(null=True, verbose_name="名录外原因")
    note = LineField(max_length=120, null=True, verbose_name="备注")
    ended_on = DayField(null=True, verbose_name="结束日期")
    why = NoteField(null=True, verbose_name="取消或结案原因")
    made_at = MomentField(verbose_name="登记时间")
    made_by = LineField(max_length=60, verbose_name="采购人")
    buyer = CountField(null=True, verbose_name="采购账号")

    key_field = "number"
    moves = {OrderState.OPEN: (OrderState.DONE, OrderState.CLOSED, OrderState.CANCELLED)}

    class Meta:
        title = "采购订单"

    def label(self) -> str:
        """Return DD-202611-001 丰禾粮油."""
        return f"{self.number} {self.supplier.name}"

    def described(self) -> str:
        """Return DD-202611-001 丰禾粮油，1,180.00 元，约定 2026-11-20 到货."""
        return f"{self.label()}，{thousands(self.total())} 元，约定 {self.due} 到货"

    def aside(self) -> str:
        """Return what is to be known of its supplier, as that its last grade was low."""
        return "".join(filter(None, (caution(self.supplier) for caution in _CAUTIONS)))

    def total(self) -> Decimal:
        """Return in 元 what all of it costs as it was ordered."""
        query = OrderLine.select(fn.SUM(OrderLine.amount)).where(OrderLine.order == self)
        return from_scaled(int(db.execute(query).fetchone()[0] or 0), 2)


class OrderLine(Record):
    """订单明细: goods of an order, and how much of them came; its number is the order's with its place."""

    order = LinkField(PurchaseOrder, backref="lines", verbose_name="订单")
    code = CodeField(max_length=24, unique=True, verbose_name="明细号")
    goods = LinkField(Goods, backref="ordered", verbose_name="物品")
    quantity = StockField(low=Decimal("0.001"), verbose_name="订购数量")
    price = PriceField(verbose_name="单价")
    amount = MoneyField(verbose_name="金额")
    plan_line = LinkField(PlanLine, null=True, backref="ordered", verbose_name="计划行")
    before = PriceField(null=True, verbose_name="上次单价")
    quoted = PriceField(null=True, verbose_name="当时最低报价")
    delivered = StockField(default=NOTHING, verbose_name="已到")
    accepted = StockField(default=NOTHING, verbose_name="已收")
    arrived_on = DayField(null=True, verbose_name="收齐日期")

    key_field = "code"

    class Meta:
        title = "订单明细"

    def label(self) -> str:
        """Return DD-202611-001/1 大米 25kg."""
        return f"{self.code} {self.goods.label()}"

    @property
    def open(self) -> Decimal:
        """How much is still to come."""
        return max(NOTHING, self.quantity - self.accepted)

    @property
    def most(self) -> Decimal:
        """How much more may be accepted."""
        return self.quantity * (100 + SLACK) / 100 - self.accepted


class OrderChase(Record):
    """催货: when a supplier was asked where the goods are, and what he answered."""

    order = LinkField(PurchaseOrder, backref="chases", verbose_name="订单")
    at = MomentField(verbose_name="催货时间")
    whom = LineField(max_length=30, verbose_name="对方")
    answer = LineField(max_length=120, verbose_name="答复")
    promised = DayField(null=True, verbose_name="答应到货")
    made_by = LineField(max_length=60, verbose_name="催货人")

    class Meta:
        title = "催货记录"


reaches_everybody(PurchaseOrder, OrderLine, OrderChase)
keeps_files(PurchaseOrder, VIEW)
finds_numbered(VIEW, "DD", PurchaseOrder, "purchase_orders", "采购订单", lambda one: one.supplier.name)

AskedOrder = Annotated[PurchaseOrder, Asked(LinkField(PurchaseOrder, verbose_name="采购订单"))]
AskedDue = Annotated[date, Asked(DayField(verbose_name="约定到货"))]
AskedNote = Annotated[str | None, Asked(LineField(max_length=120, null=True, verbose_name="备注"))]


def _inputs() -> list[Input]:
    return [
        Input("goods", LinkField(Goods, verbose_name="物品").roomier(18), required=True),
        Input("quantity", StockField(low=Decimal("0.001"), verbose_name="数量"), required=True),
        Input(
            "price",
            PriceField(null=True, verbose_name="单价"),
            required=False,
            without="不填照采纳的报价或上次",
        ),
    ]


AskedRows = Annotated[list[dict[str, Any]], Asked(RowsField(_inputs, verbose_name="明细"))]


@deed("suppliers.order", "下订单", BUY)
def order(supplier: AskedSupplier, rows: AskedRows, due: AskedDue, note: AskedNote = None) -> PurchaseOrder:
    """Order goods of a qualified supplier.

    Raises:
        RuleBroken: it may not be ordered from, or only outside the list.
        RowRefused: goods stand twice, are out of use, or have no price.
        BadInput: the day has passed.
    """
    refuse_standing(supplier, rows, outside=False)
    return _make(ORDERS.next(now().date()), supplier, rows, due, note)


@deed("suppliers.order_outside", "名录外采购", BUY)
def order_outside(
    supplier: AskedSupplier, rows: AskedRows, due: AskedDue, reason: AskedReason, note: AskedNote = None
) -> PurchaseOrder:
    """Order what the list does not allow: of a candidate or a watched supplier, or beyond its scope.

    Raises:
        RuleBroken: the list allows it, so that it is an order like any other; or nothing allows it.
        RowRefused: goods stand twice, are out of use, or have no price.
        BadInput: the day has passed.
    """
    refuse_standing(supplier, rows, outside=True)
    return _make(number_for("suppliers.order_outside", now().date()), supplier, rows, due, note, reason)


def refuse_standing(supplier: Supplier, rows: Sequence[Mapping[str, Any]], *, outside: bool) -> None:
    """Refuse what a supplier may not deliver, or not in this way.

    Raises:
        RuleBroken: it may not be ordered from at all, only outside the list, or just as well within it.
    """
    told = standing(supplier, [row["goods"].kind for row in rows], now().date())
    if told.never:
        raise RuleBroken(told.never)
    if told.outside and not outside:
        raise RuleBroken(f"{told.outside}。要采购的请用“名录外采购”，写明原因，经批准后办理。")
    if outside and not told.outside:
        raise RuleBroken(f"{supplier.name} 是合格供方，这些物品在它的供货范围内，请直接“下订单”。")


def _make(
    number: str, supplier: Supplier, rows: Sequence[Mapping[str, Any]], due: date, note: str | None,
    outside: str | None = None,
) -> PurchaseOrder:  # fmt: skip
    lines = [_line(supplier, row, place) for place, row in enumerate(rows)]
    twice = {line.goods.id for line in lines}
    if len(twice) < len(lines):
        raise RowRefused("同一物品写了两行。请合成一行。", ROWS, len(lines) - 1, "goods")
    return place(number, supplier, lines, due, note, outside)


@dataclass(frozen=True)
class Wanted:
    """Goods to be ordered, at a price; with the line of the plan that asks for them."""

    goods: Goods
    quantity: Decimal
    price: Decimal
    plan_line: PlanLine | None = None


def _line(supplier: Supplier, row: Mapping[str, Any], number: int) -> Wanted:
    goods = row["goods"]
    if not goods.active:
        raise RowRefused(f"{goods.label()} 已停用。请另选，或先启用。", ROWS, number, "goods")
    price = row.get("price")
    if price is None:
        price = usual_price(goods, supplier)
    if price is None:
        raise RowRefused(f"{goods.label()} 没有买过，请填单价。", ROWS, number, "price")
    return Wanted(goods, row["quantity"], price)


def place(
    number: str, supplier: Supplier, lines: Sequence[Wanted], due: date, note: str | None,
    outside: str | None = None,
) -> PurchaseOrder:  # fmt: skip
    """Write an order; for deeds, once they know that it may be.

    Raises:
        BadInput: the day has passed.
    """
    today = now().date()
    if due < today:
        raise BadInput(f"约定到货 {due} 已经过了。请填今天或以后的日期。", "due")
    before = {line.goods.id: last_price(line.goods) for line in lines}
    made = PurchaseOrder.add(
        number=number, supplier=supplier, ordered_on=today, due=due, outside=outside, note=note,
        made_at=now(), made_by=actor().name, buyer=actor().account_id,
    )  # fmt: skip
    for position, line in enumerate(lines, start=1):
        OrderLine.add(
            order=made, code=f"{number}/{position}", goods=line.goods, quantity=line.quantity,
            price=line.price, amount=worth(line.quantity, line.price), plan_line=line.plan_line,
            before=before[line.goods.id], quoted=lowest_quote(line.goods, today),
        )  # fmt: skip
    return made


def open_orders(supplier: Supplier) -> list[PurchaseOrder]:
    """Return the orders of a supplier of which something is to come."""
    going = (PurchaseOrder.supplier == supplier) & (PurchaseOrder.state == OrderState.OPEN)
    return list(PurchaseOrder.select().where(going).order_by(PurchaseOrder.number))


def left_of(line: PlanLine) -> Decimal:
    """Return how much of a line of a plan is approved and not ordered; what came short is wanted again."""
    if line.plan.state is not PlanState.APPROVED or line.approved is None:
        return NOTHING
    taken = fn.SUM(
        Case(None, ((PurchaseOrder.state == OrderState.CLOSED, OrderLine.accepted),), OrderLine.quantity)
    )
    query = OrderLine.select(taken).join(PurchaseOrder).where(OrderLine.plan_line == line)
    going = query.where(PurchaseOrder.state != OrderState.CANCELLED)
    return max(NOTHING, line.approved - from_scaled(int(db.execute(going).fetchone()[0] or 0), 3))


def last_price(goods: Goods) -> Decimal | None:
    """Return at what price goods were ordered last, cancelled orders apart; None where they never were."""
    query = OrderLine.select(OrderLine.price).join(PurchaseOrder).where(OrderLine.goods == goods)
    query = query.where(PurchaseOrder.state != OrderState.CANCELLED)
    found = query.order_by(OrderLine.id.desc()).first()
    return None if found is None else found.price


def usual_price(goods: Goods, supplier: Supplier) -> Decimal | None:
    """Return what a supplier's adopted quote asks for goods today, else the last price, else None."""
    return agreed_price(goods, supplier, now().date()) or last_price(goods)


def _total(values: Mapping[str, Any]) -> Decimal:
    """Return what is applied for; a row that has no price counts with the usual one, or nothing."""
    supplier = values["supplier"]
    prices = ((row, row.get("price") or usual_price(row["goods"], supplier)) for row in values["rows"])
    return sum((worth(row["quantity"], price) for row, price in prices if price), Decimal("0.00"))


approvable(
    "suppliers.order_outside",
    default=OUTSIDE_STEPS,
    series=ORDERS,
    on=True,
    amount=_total,
)


# -- until the goods are there ---------------------------------------------------------------------


@deed("suppliers.chase", "催货", BUY)
def chase(
    order: AskedOrder,
    whom: Annotated[str, Asked(LineField(max_length=30, verbose_name="对方"))],
    answer: Annotated[str, Asked(LineField(max_length=120, verbose_name="答复"))],
    promised: Annotated[
        date | None, Asked(DayField(null=True, verbose_name="答应到货"), "没有答应的不填")
    ] = None,
    at: Annotated[
        datetime | None, Asked(MomentField(null=True, verbose_name="催货时间"), "不填为现在")
    ] = None,
) -> OrderChase:
    """Note that a supplier was asked where the goods are, and what he said; the agreed day stays.

    Raises:
        RuleBroken: nothing of the order is to come any more.
        BadInput: the moment lies ahead, or the promised day has passed.
    """
    refuse_ended(order)
    if promised is not None and promised < now().date():
        raise BadInput(f"答应到货 {promised} 已经过了。请填今天或以后的日期。", "promised")
    moment = past(at, "催货时间")
    if moment.date() < order.ordered_on:
        raise BadInput(f"催货时间 {moment:%Y-%m-%d} 早于下单日期 {order.ordered_on}。", "at")
    return OrderChase.add(
        order=order, at=moment, whom=whom, answer=answer, promised=promised, made_by=actor().name
    )


def refuse_ended(order: PurchaseOrder) -> None:
    """Refuse what is done to an order that is over.

    Raises:
        RuleBroken: it is.
    """
    if order.state is not OrderState.OPEN:
        raise RuleBroken(f"订单 {order.number} {order.state.value}，不能再办。")


@deed("suppliers.cancel_order", "取消订单", BUY, danger=True, question="取消后单号保留，计划行可以重新下单。")
def cancel_order(order: AskedOrder, reason: AskedReason) -> PurchaseOrder:
    """Cancel an order of which nothing came.

    Raises:
        RuleBroken: it is over, or something came.
    """
    refuse_ended(order)
    if any(line.delivered for line in order.lines):
        raise RuleBroken(f"订单 {order.number} 已有到货，不能取消。不再要的请“短缺结案”。")
    return order.move_to(OrderState.CANCELLED, ended_on=now().date(), why=reason)


@deed("suppliers.close_order", "短缺结案", BUY, danger=True, question="没有到的不再要，差额记入供方的短缺。")
def close_order(order: AskedOrder, reason: AskedReason) -> PurchaseOrder:
    """Want the rest of an order no more; what is missing counts as short.

    Raises:
        RuleBroken: it is over, or nothing came at all.
    """
    refuse_ended(order)
    if not any(line.delivered for line in order.lines):
        raise RuleBroken(f"订单 {order.number} 一点也没有到。不再要的请“取消订单”。")
    return order.move_to(OrderState.CLOSED, ended_on=now().date(), why=reason)
