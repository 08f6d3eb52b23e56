"""盘点名单: counts and their lines, what came and went in a month, and the card of one item."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from peewee import Case, fn

from models.base import db
from models.canteen.books import Span, StockClose, span_of, span_to
from models.canteen.counts import StocktakeLine
from models.canteen.items import StockItem
from models.canteen.lots import StockLot
from models.canteen.moves import StockMove
from models.canteen.rights import VIEW
from models.canteen.stocktakes import CountState, Stocktake
from models.fields import CodeField, CountField, DayField, LineField, MoneyField, PriceField, StockField
from models.listings import Filters, Listing, RowListing, Shown, listing
from models.money import divide_half_up, from_scaled
from models.months import Month
from models.office.approvals import pending_number
from models.suppliers.goods import Goods

_TONES = {
    CountState.COUNTING.value: "info", CountState.CHECKING.value: "warning",
    CountState.READY.value: "warning", CountState.DONE.value: "ok", CountState.CANCELLED.value: "plain",
}  # fmt: skip
_FOUND = fn.COALESCE(StocktakeLine.recounted, StocktakeLine.counted)
_MORE = _FOUND - StocktakeLine.book


@listing("stocktakes", "盘点", "canteen", VIEW, "state")
def stocktakes(filters: Filters) -> Listing:
    """Counts, newest first, with how far they are and what they found."""
    query = filters.narrow(Stocktake.select(), state=Stocktake.state)
    mine = StocktakeLine.stocktake == Stocktake.id

    def count(*more: Any) -> Any:
        return StocktakeLine.select(fn.COUNT(StocktakeLine.id)).where(mine, *more)

    columns = (
        Shown("number", Stocktake.number),
        Shown("month", Stocktake.month),
        Shown("day", Stocktake.day),
        Shown("counter", Stocktake.counter),
        Shown("witness", Stocktake.witness),
        Shown("lines", CountField(verbose_name="批数"), count(), total=False),
        Shown("left", CountField(verbose_name="未盘"), count(StocktakeLine.counted.is_null()), total=False),
        Shown("differ", CountField(verbose_name="不符"), count(_MORE != 0), total=False),
        Shown("state", Stocktake.state, status=True),
        Shown(
            "pending",
            LineField(max_length=20, verbose_name="审批中"),
            Case(None, ((Stocktake.state == CountState.READY, pending_number("canteen.approve_count")),)),
        ),
        Shown("approved_at", Stocktake.approved_at),
        Shown("why", Stocktake.why, hidden=True),
    )
    return Listing(
        query, columns, id=Stocktake.id, order=("-day", "-number"), record=Stocktake,
        search=(Stocktake.number, Stocktake.counter, Stocktake.witness), tones=_TONES,
    )  # fmt: skip


_BLIND = (CountState.COUNTING, CountState.CHECKING)


@listing("stocktake_lines", "盘点明细", "canteen", VIEW, "stock", "state")
def stocktake_lines(filters: Filters) -> Listing:
    """Lines of counts that are counted through, what differs on top. `state` is the count's.

    Until then nothing is told of it: whoever counts is not to see what should be there.
    """
    query = StocktakeLine.select().join(Stocktake).switch(StocktakeLine).join(StockLot).join(StockItem)
    query = query.join(Goods).where(Stocktake.state.not_in(_BLIND))
    query = filters.narrow(query, stock=StockLot.item, state=Stocktake.state)
    apart = Case(None, ((_MORE != 0, 1),), 0)
    columns = (
        Shown("code", StocktakeLine.code, sort=StocktakeLine.id),
        Shown("number", StocktakeLine.stocktake, Stocktake.number, hidden=True),
        Shown("name", Goods.name),
        Shown("spec", Goods.spec),
        Shown("lot", StocktakeLine.lot, StockLot.code),
        Shown("book", StocktakeLine.book, total=False),
        Shown("counted", StocktakeLine.counted, total=False),
        Shown("recounted", StocktakeLine.recounted, total=False),
        Shown("more", StockField(signed=True, verbose_name="盈亏"), _MORE, total=False),
        Shown("unit", StockItem.unit),
        Shown("price", StocktakeLine.price, total=False),
        Shown("cause", StocktakeLine.cause),
        Shown("opinion", StocktakeLine.opinion),
        Shown("state", Stocktake.state, status=True),
        Shown("apart", CountField(verbose_name="不符"), apart, total=False, hidden=True),
    )
    return Listing(
        query, columns, id=StocktakeLine.id, order=("-number", "-apart", "code"), record=StocktakeLine,
        search=(StocktakeLine.code, Goods.search, StockLot.code), tones=_TONES,
    )  # fmt: skip


# -- what came and went ----------------------------------------------------------------------------

_Sums = tuple[int, int, int, int, int, int, int]


def month_sums(span: Span) -> Iterator[_Sums]:
    """Yield of each item its id, quantity and worth before a span, what came and what went in it.

    Quantities in thousandths, worth in fen; what went is positive. Items of which nothing ever moved by the
    end of the span are left out.
    """
    quantity, amount = StockMove.quantity, StockMove.amount
    begins = date.min if span.first is None else span.first
    before, came = StockMove.day < begins, (StockMove.day >= begins) & (quantity > 0)
    went = (StockMove.day >= begins) & (quantity <= 0)

    def total(where: Any, field: Any, sign: int = 1) -> Any:
        return fn.SUM(Case(None, ((where, field),), 0)) * sign

    query = StockMove.select(
        StockMove.item,
        *(total(before, field) for field in (quantity, amount)),
        *(total(came, field) for field in (quantity, amount)),
        *(total(went, field, -1) for field in (quantity, amount)),
    )
    yield from db.execute(query.where(StockMove.day <= span.last).group_by(StockMove.item))


def lot_flows(stocktake: Stocktake) -> dict[int, tuple[Decimal, Decimal, Decimal]]:
    """Return of each lot how much there was before the books of a count, and what came and went in them.

    What the count itself booked is left out, so that the three come to what it found in the books.
    """
    own = StockClose.get_or_none(StockClose.number == stocktake.number)
    span = span_to(stocktake.day) if own is None else Span(own.first, own.until)
    begins = date.min if span.first is None else span.first
    quantity = StockMove.quantity
    parts = (StockMove.day < begins, (StockMove.day >= begins) & (quantity > 0))
    sums = [fn.SUM(Case(None, ((part, quantity),), 0)) for part in parts]
    query = StockMove.select(StockMove.lot, *sums, fn.SUM(quantity))
    mine = (StockMove.day <= stocktake.day) & (StockMove.slip != stocktake.number)
    return {
        lot: (from_scaled(before, 3), from_scaled(came, 3), from_scaled(before + came - left, 3))
        for lot, before, came, left in db.execute(query.where(mine).group_by(StockMove.lot))
    }


@listing("stock_month", "收发存月报", "canteen", VIEW, "period")
def stock_month(filters: Filters) -> RowListing:
    """What there was of each item, what came, what went and what is left, in the books of a month."""
    month = filters.period.require_month() if filters.period else Month.of(date.today())
    span = span_of(month)
    columns = (
        Shown("code", CodeField(max_length=20, verbose_name="物品编号")),
        Shown("name", LineField(max_length=40, verbose_name="物品名称")),
        Shown("spec", LineField(max_length=40, verbose_name="规格型号")),
        Shown("unit", LineField(max_length=8, verbose_name="单位")),
        *(
            column
            for key, title in (("opening", "期初"), ("came", "收入"), ("went", "发出"), ("closing", "期末"))
            for column in (
                Shown(key, StockField(signed=True, verbose_name=f"{title}数量"), total=False),
                Shown(f"{key}_amount", MoneyField(signed=True, verbose_name=f"{title}金额")),
            )
        ),
        Shown("price", PriceField(verbose_name="期末单价"), total=False),
    )
    if span is None:
        return RowListing(columns, ())
    named = StockItem.select(StockItem.id, StockItem.code, Goods.name, Goods.spec, StockItem.unit).join(Goods)
    items = {id: rest for id, *rest in db.execute(named)}
    found = sorted(month_sums(span), key=lambda one: str(items[one[0]][0]))
    return RowListing(columns, (_month_row(items[one[0]], one) for one in found if any(one[1:])))


def _month_row(named: Any, sums: _Sums) -> tuple[int, tuple[Any, ...]]:
    id, before, before_fen, came, came_fen, went, went_fen = sums
    left, left_fen = before + came - went, before_fen + came_fen - went_fen
    pairs = ((before, before_fen), (came, came_fen), (went, went_fen), (left, left_fen))
    told = [value for size, fen in pairs for value in (from_scaled(size, 3), from_scaled(fen, 2))]
    price = from_scaled(divide_half_up(left_fen * 10**5, left), 4) if left else None
    return id, (*named, *told, price)


@listing("stock_card", "物品账卡", "canteen", VIEW, "stock", "period")
def stock_card(filters: Filters) -> RowListing:
    """Every move of one item in order, with what is left after each; nothing where no item is named."""
    columns = (
        Shown("day", DayField(verbose_name="日期")),
        Shown("slip", CodeField(max_length=24, verbose_name="单号")),
        Shown("kind", LineField(max_length=8, verbose_name="收发类别")),
        Shown("lot", CodeField(max_length=24, verbose_name="批次")),
        Shown("came", StockField(verbose_name="收入"), total=False),
        Shown("went", StockField(verbose_name="发出"), total=False),
        Shown("amount", MoneyField(signed=True, verbose_name="金额")),
        Shown("left", StockField(signed=True, verbose_name="结存"), total=False),
        Shown("worth", MoneyField(signed=True, verbose_name="结存金额"), total=False),
        Shown("words", LineField(max_length=80, verbose_name="说明")),
        Shown("item", CodeField(max_length=20, verbose_name="物品编号"), hidden=True),
    )
    return RowListing(columns, list(_card(filters)) if filters.stock is not None else ())


def _card(filters: Filters) -> Iterator[tuple[int, tuple[Any, ...]]]:
    zero = (from_scaled(0, 3), from_scaled(0, 2))
    left, worth = zero
    query = StockMove.select(StockMove, StockLot).join(StockLot).where(StockMove.item == filters.stock)
    for move in query.order_by(StockMove.day, StockMove.turn, StockMove.id):
        left, worth = left + move.quantity, worth + move.amount
        if filters.period is None or filters.period.first <= move.day <= filters.period.last:
            inward = move.quantity > 0
            yield move.id, (
                move.day, move.slip, move.kind.value, move.lot.code, move.quantity if inward else None,
                None if inward else -move.quantity, move.amount, left, worth, move.words,
                filters.stock.code,
            )  # fmt: skip
