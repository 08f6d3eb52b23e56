"""退换货与库存: what goes back to a supplier leaves the stock, what he brings instead comes in.

The return itself, and the manager's consent to it, is `models.suppliers.returns`; here the stock follows it:
what turned out bad is held at once, leaves when the return is finished, and is free again where it is
refused. What is conceded comes in.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated

from peewee import fn

from models.base import db
from models.canteen.items import LEAST, StockItem, Storage
from models.canteen.lots import Dates, StockLot, bring_in
from models.canteen.moves import MoveKind, post
from models.canteen.rights import STORE
from models.canteen.rules import too_warm
from models.clock import now, past_day
from models.deeds import deed
from models.errors import BadInput, RuleBroken
from models.fields import DayField, LineField, StockField, TemperatureField
from models.inputs import Asked
from models.money import from_scaled
from models.office.approvals import is_own
from models.suppliers.goods import worth
from models.suppliers.returns import AskedReturn, GoodsReturn, Handling, ReturnState, follows_returns


@follows_returns
def follow(one: GoodsReturn) -> None:
    """Hold, free, let go or take in what a return says of goods in stock.

    Raises:
        RuleBroken: less is there than is to go back, or what is conceded has expired.
    """
    lot = StockLot.get_or_none(StockLot.received == one.lot_id)
    if lot is None:
        return
    quantity = lot.item.issued(one.quantity)
    if one.state is ReturnState.DONE and one.handling is Handling.CONCESSION:
        _concede(one, lot, quantity)
    elif one.accepted_before:
        _follow_accepted(one, lot, quantity)


def _concede(one: GoodsReturn, lot: StockLot, quantity: Decimal) -> None:
    today = now().date()
    if lot.expired(today):
        raise RuleBroken(f"批次 {lot.code} 已在 {lot.expires_on} 过期，不能让步接收。请选退货或换货。")
    if lot.item.shelf is not None and lot.expires_on is None:
        raise RuleBroken(f"批次 {lot.code} 没有到期日，不能让步接收。请先“更正批次日期”，或选退货、换货。")
    post(lot, MoveKind.RECEIPT, quantity, today, one.number, worth=one.amount)


def _follow_accepted(one: GoodsReturn, lot: StockLot, quantity: Decimal) -> None:
    if one.state is ReturnState.WAITING:
        free = lot.stock - lot.held
        if quantity > free:
            told = f"批次 {lot.code} 还没有发出的是 {lot.item.told(free)}"
            raise RuleBroken(f"{told}，不能退 {lot.item.told(quantity)}。已发出的请先“退库”。")
        lot.change(held=lot.held + quantity)
        return
    if one.state is ReturnState.CONSENTED:
        return
    lot.change(held=lot.held - quantity)
    if one.state is ReturnState.DONE:
        day = max(one.done_on, lot.arrived_on)
        post(lot, MoveKind.RETURN, quantity, day, one.number, worth=one.amount)


def to_replace(one: GoodsReturn) -> Decimal:
    """Return how many units of purchase a supplier has still to bring to the store in exchange."""
    if one.handling is not Handling.EXCHANGE or not one.accepted_before or not _stored(one):
        return Decimal("0.000")
    came = StockLot.select(fn.SUM(StockLot.bought)).where(StockLot.replaces == one)
    return one.quantity - from_scaled(int(db.execute(came).fetchone()[0] or 0), 3)


def _stored(one: GoodsReturn) -> bool:
    """Whether what went back came out of the store."""
    return bool(StockLot.select().where(StockLot.received == one.lot_id).exists())


def awaited() -> list[GoodsReturn]:
    """Return the exchanges of goods of the store that are still to come, the oldest first."""
    gone = (GoodsReturn.handling == Handling.EXCHANGE) & (GoodsReturn.accepted_before > 0)
    gone &= GoodsReturn.lot.in_(StockLot.select(StockLot.received).where(StockLot.received.is_null(False)))
    query = GoodsReturn.select().where(gone & (GoodsReturn.state == ReturnState.DONE))
    came = StockLot.select(fn.COALESCE(fn.SUM(StockLot.bought), 0)).where(StockLot.replaces == GoodsReturn.id)
    return list(query.where(GoodsReturn.quantity > came).order_by(GoodsReturn.id))


@deed("canteen.take_replacement", "换货入库", STORE)
def take_replacement(
    one: AskedReturn,
    quantity: Annotated[
        Decimal | None,
        Asked(StockField(low=LEAST, null=True, verbose_name="换回数量（采购单位）"), "不填为全部"),
    ] = None,
    made_on: Annotated[date | None, Asked(DayField(null=True, verbose_name="生产日期"))] = None,
    expires_on: Annotated[
        date | None, Asked(DayField(null=True, verbose_name="到期日"), "照保质期算")
    ] = None,
    maker: Annotated[str | None, Asked(LineField(max_length=40, null=True, verbose_name="生产批号"))] = None,
    arrived_on: Annotated[
        date | None, Asked(DayField(null=True, verbose_name="到货日期"), "不填为今天")
    ] = None,
    temperature: Annotated[
        Decimal | None, Asked(TemperatureField(null=True, verbose_name="到货温度℃"), "常温的不填")
    ] = None,
) -> StockLot:
    """Take in what a supplier brought for goods that were accepted and went back, at the price of these.

    Raises:
        RuleBroken: the goods did not go back in exchange, or all of it was replaced.
        BadInput: it is more than went back, or its dates cannot be.
    """
    day = past_day(arrived_on, "到货日期", "arrived_on")
    rest = to_replace(one)
    if one.state is not ReturnState.DONE or rest <= 0:
        raise RuleBroken(_why_not(one))
    if day < one.done_on:
        raise BadInput(f"到货日期 {day} 早于退走日期 {one.done_on}。", "arrived_on")
    if is_own(one.lot.order_line.order.buyer):
        raise RuleBroken("这些物品是您自己采购的，换来的要由别人验收。")
    brought = rest if quantity is None else quantity
    if brought > rest:
        unit = one.lot.goods.unit
        raise BadInput(f"{one.number} 还差 {StockField().show(rest)} {unit} 没有换回，不能多收。", "quantity")
    old = StockLot.get(StockLot.received == one.lot_id)
    item: StockItem = old.item
    dates = Dates(item, made_on, None, None, expires_on)
    problem, column = dates.wrong(item, day)
    if problem:
        raise BadInput(f"{problem}。", column)
    if temperature is None and item.storage is not Storage.DRY:
        raise BadInput(f"{item.label()} 是{item.storage.name_of}的，请测量并填写到货温度。", "temperature")
    if temperature is not None and (warm := too_warm(item, temperature)):
        raise BadInput(f"{warm}。请退回，等供方再换。", "temperature")
    place = StockLot.select().where(StockLot.replaces == one).count() + 1
    lot = bring_in(
        f"{one.number}/{place}", item, dates, day, old.price, supplier=one.supplier, replaces=one,
        maker=maker, bought=brought,
    )  # fmt: skip
    before = one.quantity - rest
    own = worth(before + brought, one.lot.price) - worth(before, one.lot.price)  # the parts make up the whole
    post(lot, MoveKind.REPLACED, item.issued(brought), day, one.number, worth=own)
    return StockLot.get_by_id(lot.id)


def _why_not(one: GoodsReturn) -> str:
    if one.handling is not Handling.EXCHANGE:
        return f"{one.number} 不是换货，没有要换回的。"
    if not one.accepted_before:
        return f"{one.number} 是验收时拒收的，换来的货请照订单“入库验收”。"
    if not _stored(one):
        return f"{one.number} 不是库存物品，换来的货在使用部门收，不用入库。"
    if one.state is not ReturnState.DONE:
        return f"{one.number} 的货还没有退走。请先“办结退换”，再登记换回的货。"
    return f"{one.number} 已全部换回。"
