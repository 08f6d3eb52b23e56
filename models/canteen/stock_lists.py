"""库存名单: what there is, lot by lot and move by move, with what wants attention on top."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from peewee import JOIN, Case, Value, fn

from models.canteen.items import StockItem
from models.canteen.lots import TONES, Freshness, StockLot, is_short
from models.canteen.moves import INWARD, MoveKind, StockMove
from models.canteen.receiving import StoreReceipt
from models.canteen.rights import VIEW
from models.canteen.shelf import NEAR, ShelfUnit
from models.fields import ChoiceField, CountField, FlagField, LineField, MoneyField, PriceField, StockField
from models.listings import Filters, Listing, Shown, choice, listing
from models.search import MOST, Hit, Sought, finds, finds_numbered, rank
from models.sqlite import days_between
from models.suppliers.goods import Goods, GoodsKind
from models.suppliers.orders import PurchaseOrder
from models.suppliers.receipts import GoodsReceipt, ReceiptLine
from models.suppliers.register import Supplier

SHORT, ENOUGH, NO_STOCK = "低于最低", "充足", "无库存"
_TWO, _TWICE = (Value(number, converter=False) for number in (2, 2 * 10**5))
_BAD = (MoveKind.RETURN, MoveKind.WRITTEN_OFF, MoveKind.LOSS)
_MOVE_TONES = {one.value: "warning" if one in _BAD else "ok" if one in INWARD else "info" for one in MoveKind}
_ITEM_TONES = {SHORT: "danger", ENOUGH: "ok", NO_STOCK: "plain"}


def price_per(amount: Any, quantity: Any) -> Any:
    """Return the expression of a unit price in its ten-thousandths, of fen and thousandths."""
    return Case(None, ((quantity == 0, None),), (amount * _TWICE + quantity) / (quantity * _TWO))


_AVERAGE, _SHORT = PriceField(verbose_name="平均单价"), FlagField(verbose_name="缺货")


@listing("stock", "库存", "canteen", VIEW, "stock")
def stock(filters: Filters) -> Listing:
    """What is kept in stock, what is short on top, with what it is worth by moving average."""
    query = StockItem.select().join(Goods).join(GoodsKind)
    query = filters.narrow(query, stock=StockItem.id)
    short = is_short(date.today())
    first = StockLot.select(fn.MIN(StockLot.expires_on)).where(
        (StockLot.item == StockItem.id) & (StockLot.stock > 0)
    )
    state = Case(None, ((short, SHORT), (StockItem.stock > 0, ENOUGH)), NO_STOCK)
    columns = (
        Shown("code", StockItem.code),
        Shown("name", Goods.name, tells=True),
        Shown("spec", Goods.spec, tells=True),
        Shown("stock", StockItem.stock, total=False, tells=True),
        Shown("unit", StockItem.unit, tells=True),
        Shown("price", _AVERAGE, price_per(StockItem.value, StockItem.stock), total=False),
        Shown("value", StockItem.value),
        Shown("least", StockItem.least, total=False),
        Shown("level", LineField(max_length=8, verbose_name="库存状态"), state, status=True),
        Shown("first_out", StockLot.expires_on, first, label="最早到期"),
        Shown("kind", Goods.kind, GoodsKind.name),
        Shown("storage", StockItem.storage),
        Shown("place", StockItem.place),
        Shown("barcode", StockItem.barcode, hidden=True),
        Shown("active", StockItem.active, hidden=True),
        Shown("short", _SHORT, Case(None, ((short & StockItem.active, 1),), 0), hidden=True),
    )
    return Listing(
        query, columns, id=StockItem.id, order=("-short", "code"), record=StockItem,
        search=(StockItem.code, Goods.search, Goods.spec, StockItem.barcode, GoodsKind.name),
        tones=_ITEM_TONES,
    )  # fmt: skip


@finds(VIEW)
def items_by_code_name_or_barcode(wanted: Sought) -> Iterator[Hit]:
    """Find what is kept in stock by its number, its name or, as a scanner types it, its bar code."""
    query = StockItem.select(StockItem, Goods).join(Goods)
    words = wanted.words
    for word in words.split():
        hit = Goods.search.contains(word) | StockItem.code.contains(word) | StockItem.barcode.contains(word)
        query = query.where(hit)
    for item in query.order_by(StockItem.code).limit(MOST):
        best = min(rank(str(told), words) for told in (item.code, item.goods.name, item.barcode or ""))
        yield Hit("stock", item.id, f"{item.code} {item.label()}", item.told(item.stock), "库存物品", best)


finds_numbered(
    VIEW, "RK", GoodsReceipt, "store_receipts", "入库单", lambda one: one.supplier.name,
    within=lambda: [GoodsReceipt.id.in_(StoreReceipt.select(StoreReceipt.receipt))],
    row=lambda one: one.store.get().id,
)  # fmt: skip


@finds(VIEW)
def lots_by_number(wanted: Sought) -> Iterator[Hit]:
    """Find lots by their numbers, as they stand on slips and labels."""
    words = wanted.words.upper()
    if "/" in words:
        query = StockLot.select().where(StockLot.code.startswith(words))
        for lot in query.order_by(StockLot.code).limit(MOST):
            yield Hit("stock_lots", lot.id, lot.code, lot.item.label(), "批次", rank(str(lot.code), words))


@listing("stock_items", "库存物品", "canteen", VIEW, "stock")
def stock_items(filters: Filters) -> Listing:
    """What is kept in stock and how: its measures, its shelf life, its least, its bar code."""
    query = StockItem.select().join(Goods).join(GoodsKind)
    query = filters.narrow(query, stock=StockItem.id)
    columns = (
        Shown("code", StockItem.code),
        Shown("name", Goods.name),
        Shown("spec", Goods.spec),
        Shown("kind", Goods.kind, GoodsKind.name),
        Shown("bought_in", Goods.unit, label="采购单位"),
        Shown("per", StockItem.per, total=False),
        Shown("unit", StockItem.unit),
        Shown("storage", StockItem.storage),
        Shown("place", StockItem.place),
        Shown("shelf", StockItem.shelf, total=False),
        Shown("shelf_unit", StockItem.shelf_unit),
        Shown("least", StockItem.least, total=False),
        Shown("two_from", StockItem.two_from, total=False),
        Shown("barcode", StockItem.barcode),
        Shown("active", StockItem.active),
    )
    return Listing(
        query, columns, id=StockItem.id, order=("code",), record=StockItem,
        search=(StockItem.code, Goods.search, Goods.spec, StockItem.barcode, GoodsKind.name),
    )  # fmt: skip


@listing("stock_lots", "批次", "canteen", VIEW, "stock", "supplier", "period", "state")
def stock_lots(filters: Filters) -> Listing:
    """Lots of which something is there, what expires first on top; `state` is how they stand today."""
    today = date.today()
    query = StockLot.select().join(StockItem).join(Goods).switch(StockLot)
    query = query.join(Supplier, JOIN.LEFT_OUTER)
    state = _freshness(today)
    if filters.state:
        query = query.where(state == choice(Freshness, filters.state).name)
    query = filters.narrow(query, stock=StockLot.item, supplier=StockLot.supplier, period=StockLot.arrived_on)
    left = days_between(StockLot.expires_on, today)
    columns = (
        Shown("code", StockLot.code),
        Shown("item", StockLot.item, StockItem.code, hidden=True),
        Shown("name", Goods.name, tells=True),
        Shown("spec", Goods.spec),
        Shown("stock", StockLot.stock, total=False, tells=True),
        Shown("unit", StockItem.unit, tells=True),
        Shown("held", StockLot.held, total=False),
        Shown("made_on", StockLot.made_on),
        Shown("expires_on", StockLot.expires_on, tells=True),
        Shown("left", CountField(low=-100_000, verbose_name="剩余天数"), left, total=False),
        Shown("freshness", ChoiceField(Freshness, verbose_name="批次状态"), state, status=True),
        Shown("supplier", Supplier.name, label="供方"),
        Shown("arrived_on", StockLot.arrived_on),
        Shown("price", StockLot.price, total=False),
        Shown("maker", StockLot.maker, hidden=True),
        Shown("storage", StockItem.storage, hidden=True),
        Shown(
            "there", FlagField(verbose_name="有结存"), Case(None, ((StockLot.stock > 0, 1),), 0), hidden=True
        ),
    )
    return Listing(
        query, columns, id=StockLot.id, order=("-there", "expires_on", "code"), record=StockLot,
        search=(StockLot.code, Goods.search, StockItem.barcode, Supplier.search, StockLot.maker), tones=TONES,
    )  # fmt: skip


def _freshness(today: date) -> Any:
    """Return the expression of how a lot stands, as `models.canteen.lots.freshness` tells it."""
    unknown = StockLot.made_on.is_null()
    brief = ~unknown & (days_between(StockLot.expires_on, StockLot.made_on) <= NEAR)
    brief |= unknown & (StockLot.shelf_unit == ShelfUnit.DAYS) & (StockLot.shelf <= NEAR)
    return Case(
        None,
        (
            (StockLot.stock == 0, Freshness.GONE.name),
            (StockLot.apart == True, Freshness.APART.name),
            (StockLot.expires_on.is_null(), Freshness.GOOD.name),
            (StockLot.expires_on < today, Freshness.EXPIRED.name),
            (brief, Freshness.BRIEF.name),
            (StockLot.expires_on <= today + timedelta(days=NEAR), Freshness.NEAR.name),
        ),
        Freshness.GOOD.name,
    )


@listing("store_receipts", "入库单", "canteen", VIEW, "period", "supplier")
def store_receipts(filters: Filters) -> Listing:
    """What was taken in at once, newest first, with what was looked at."""
    query = StoreReceipt.select().join(GoodsReceipt).join(Supplier).switch(GoodsReceipt).join(PurchaseOrder)
    query = filters.narrow(query, period=GoodsReceipt.arrived_on, supplier=GoodsReceipt.supplier)
    mine = ReceiptLine.receipt == GoodsReceipt.id
    lines = ReceiptLine.select(fn.COUNT(ReceiptLine.id)).where(mine)
    conceded = (ReceiptLine.conceded * ReceiptLine.price * _TWO + _TWICE / _TWO) / _TWICE
    amount = ReceiptLine.select(fn.COALESCE(fn.SUM(ReceiptLine.amount + conceded), 0)).where(mine)
    bad = ReceiptLine.select(fn.COUNT(ReceiptLine.id)).where(mine & (ReceiptLine.rejected > 0))
    columns = (
        Shown("number", GoodsReceipt.number),
        Shown("arrived_on", GoodsReceipt.arrived_on),
        Shown("supplier", GoodsReceipt.supplier, Supplier.name),
        Shown("lines", CountField(verbose_name="项数"), lines, total=False),
        Shown("amount", MoneyField(verbose_name="金额"), amount),
        Shown("bad", CountField(verbose_name="不合格项"), bad),
        Shown("note_number", GoodsReceipt.note_number),
        Shown("deliverer", StoreReceipt.deliverer),
        Shown("signed", StoreReceipt.signed),
        Shown("proof", StoreReceipt.proof),
        Shown("temperature", StoreReceipt.temperature, total=False),
        Shown("frozen", StoreReceipt.frozen, total=False),
        Shown("order", PurchaseOrder.number, label="订单"),
        Shown("made_by", GoodsReceipt.made_by),
    )
    return Listing(
        query, columns, id=StoreReceipt.id, order=("-arrived_on", "-number"), record=StoreReceipt,
        search=(GoodsReceipt.number, Supplier.search, GoodsReceipt.note_number),
    )  # fmt: skip


@listing("stock_moves", "收发流水", "canteen", VIEW, "stock", "period", "state")
def stock_moves(filters: Filters) -> Listing:
    """Every move in or out, newest first. `state` is what it was for."""
    query = StockMove.select().join(StockItem).join(Goods).switch(StockMove).join(StockLot)
    query = filters.narrow(query, stock=StockMove.item, period=StockMove.day, state=StockMove.kind)
    inward = Case(None, ((StockMove.quantity > 0, StockMove.quantity),))
    outward = Case(None, ((StockMove.quantity < 0, 0 - StockMove.quantity),))
    columns = (
        Shown("day", StockMove.day),
        Shown("slip", StockMove.slip),
        Shown("kind", StockMove.kind, status=True),
        Shown("name", Goods.name),
        Shown("spec", Goods.spec),
        Shown("unit", StockItem.unit),
        Shown("came", StockField(verbose_name="收入"), inward, total=False),
        Shown("went", StockField(verbose_name="发出"), outward, total=False),
        Shown(
            "price",
            PriceField(verbose_name="单价"),
            price_per(StockMove.amount, StockMove.quantity),
            total=False,
        ),
        Shown("amount", StockMove.amount),
        Shown("difference", StockMove.difference, hidden=True),
        Shown("lot", StockLot.code, label="批次"),
        Shown("words", StockMove.words),
        Shown("made_by", StockMove.made_by),
        Shown("made_at", StockMove.made_at, hidden=True),
    )
    return Listing(
        query, columns, id=StockMove.id, order=("-day", "-made_at"), record=StockMove,
        search=(StockMove.slip, Goods.search, StockLot.code, StockMove.words), tones=_MOVE_TONES,
    )  # fmt: skip
