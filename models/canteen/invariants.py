"""库存核对: what must hold among items, lots and moves, told by `check`."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from peewee import JOIN, fn

from models.base import db
from models.canteen.books import StockClose
from models.canteen.counts import StocktakeLine
from models.canteen.issues import IssueLine
from models.canteen.items import NONE, StockItem
from models.canteen.lots import StockLot
from models.canteen.moves import MoveKind, StockMove, value_of
from models.canteen.problems import ProblemState, StockProblem
from models.canteen.stocktakes import RUNNING, CountState, Stocktake
from models.checks import invariant
from models.money import to_scaled
from models.suppliers.goods import Goods
from models.suppliers.returns import GoodsReturn, ReturnState

_NAMED = 20
_WAITING = (ReturnState.WAITING, ReturnState.CONSENTED)


def _moved(field: Any, mine: Any) -> Any:
    return StockMove.select(fn.COALESCE(fn.SUM(field), 0)).where(mine)


@invariant("库存数量")
def books_are_the_moves() -> Iterator[str]:
    """What there is of an item and of a lot is what its moves add up to, and never less than nothing."""
    of_lot = _moved(StockMove.quantity, StockMove.lot == StockLot.id)
    wrong = (StockLot.stock != of_lot) | (StockLot.stock < 0) | (StockLot.held < 0)
    wrong |= StockLot.held > StockLot.stock
    for (code,) in db.execute(StockLot.select(StockLot.code).where(wrong).limit(_NAMED)):
        yield f"批次 {code} 的结存与收发流水不符"
    of_item = StockItem.id == StockMove.item
    wrong = (StockItem.stock != _moved(StockMove.quantity, of_item)) | (StockItem.stock < 0)
    wrong |= StockItem.value != _moved(StockMove.amount, of_item)
    wrong |= (StockItem.stock == 0) & (StockItem.value != 0)
    for (code,) in db.execute(StockItem.select(StockItem.code).where(wrong).limit(_NAMED)):
        yield f"物品 {code} 的库存或金额与收发流水不符"


@invariant("库存计价")
def moves_are_worth_what_they_should() -> Iterator[str]:
    """Valued from its first move on, every item comes to what its moves say."""
    for item in StockItem.select():
        pool, moves = value_of(item)
        wrong = [one for one, told in moves if told != (one.amount, one.difference)]
        if wrong or (pool.quantity, pool.fen) != (to_scaled(item.stock, 3), to_scaled(item.value, 2)):
            yield f"物品 {item.code} 的移动平均重算与账上不符（{len(wrong)} 笔流水）"


@invariant("出库与流水")
def slips_are_their_moves() -> Iterator[str]:
    """Each line of a slip went as its move says, and what came back of it is what moves say."""
    came = StockMove.alias()
    back = came.select(fn.COALESCE(fn.SUM(came.quantity), 0)).where(
        (came.origin == IssueLine.move) & (came.kind == MoveKind.BACK)
    )
    wrong = (IssueLine.quantity != 0 - StockMove.quantity) | (IssueLine.back != back)
    wrong |= IssueLine.back > IssueLine.quantity
    query = IssueLine.select(IssueLine.code).join(StockMove)
    for (code,) in db.execute(query.where(wrong).limit(_NAMED)):
        yield f"出库明细 {code} 与收发流水不符"


@invariant("待退和隔离")
def lots_wait_and_lie_apart_for_a_reason() -> Iterator[str]:
    """What waits to go back is what open returns say; what is set apart has a report that is open."""
    waits: dict[int, Decimal] = {}
    for one in GoodsReturn.select().where(GoodsReturn.state.in_(_WAITING), GoodsReturn.accepted_before > 0):
        waits[one.lot_id] = waits.get(one.lot_id, NONE) + one.quantity
    query = StockLot.select(StockLot, StockItem).join(StockItem)
    for lot in query.where((StockLot.held > 0) | StockLot.received.in_(list(waits))):
        if lot.held != lot.item.issued(waits.get(lot.received_id, NONE)):
            yield f"批次 {lot.code} 的待退数量与退换货单不符"
    reported = StockProblem.select(StockProblem.lot).where(StockProblem.state != ProblemState.CLOSED)
    wrong = (StockLot.apart == True) & StockLot.id.not_in(reported)
    wrong |= (StockLot.apart == False) & StockLot.id.in_(reported)
    for (code,) in db.execute(StockLot.select(StockLot.code).where(wrong).limit(_NAMED)):
        yield f"批次 {code} 的隔离与异常报告不符"


@invariant("盘点结账")
def counts_are_what_they_booked() -> Iterator[str]:
    """One count at the most is going on; what is closed was approved, and booked what it found."""
    if Stocktake.select().where(Stocktake.state.in_(RUNNING)).count() > 1:
        yield "有几次盘点同时在进行"
    done = Stocktake.select(Stocktake.number).where(Stocktake.state == CountState.DONE)
    closed = StockClose.select(StockClose.number)
    for kind, other in ((Stocktake, closed), (StockClose, done)):
        wrong = kind.number.not_in(other)
        if kind is Stocktake:
            wrong &= Stocktake.state == CountState.DONE
        for (number,) in db.execute(kind.select(kind.number).where(wrong).limit(_NAMED)):
            yield f"盘点 {number} 与结账记录不符"
    found = fn.COALESCE(StocktakeLine.recounted, StocktakeLine.counted) - StocktakeLine.book
    query = StocktakeLine.select(StocktakeLine.code).join(Stocktake).switch(StocktakeLine)
    query = query.join(StockMove, JOIN.LEFT_OUTER).where(Stocktake.state == CountState.DONE)
    for (code,) in db.execute(query.where(found != fn.COALESCE(StockMove.quantity, 0)).limit(_NAMED)):
        yield f"盘点明细 {code} 的盈亏没有照数记账"


@invariant("库存物品")
def goods_know_that_they_are_kept() -> Iterator[str]:
    """Goods are marked as kept in stock where they are."""
    kept = StockItem.select(StockItem.goods).where(StockItem.active == True)
    wrong = (Goods.stocked == True) & Goods.id.not_in(kept)
    wrong |= (Goods.stocked == False) & Goods.id.in_(kept)
    for (code,) in db.execute(Goods.select(Goods.code).where(wrong).limit(_NAMED)):
        yield f"物品 {code} 的库存管理标记不符"
