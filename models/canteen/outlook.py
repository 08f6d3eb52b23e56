"""用量预测: whether a lot will be used up before it expires, at the pace of the last month.

Lots are used in the order in which they expire; what an item's issues of the last thirty days come to a day,
less what came back, is how fast that goes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal

from peewee import fn

from models.base import db
from models.canteen.items import NONE, StockItem
from models.canteen.lots import StockLot
from models.canteen.moves import MoveKind, StockMove
from models.canteen.rights import VIEW
from models.fields import CountField, DayField, FlagField, LineField, StockField
from models.listings import Filters, RowListing, Shown, listing
from models.money import from_scaled
from models.suppliers.goods import Goods

SPAN = 30
"""Days by whose issues the pace is taken."""
_LEAST = 7
"""Days at the least, for what is new."""


@dataclass(frozen=True)
class Outlook:
    """What is to be expected of one lot.

    Args:
        lot: which.
        pace: what of its item is used a day.
        used_on: when it is used up at that pace; None where nothing is used.
        over: how much of it is left when it expires.
    """

    lot: StockLot
    pace: Decimal
    used_on: date | None
    over: Decimal


def paces(day: date) -> dict[int, Decimal]:
    """Return what of each item is used a day, by its id; those that are not used are left out.

    What is kept for less than the span is measured by the days since it first came.
    """
    since = day - timedelta(days=SPAN - 1)
    query = StockMove.select(StockMove.item, fn.SUM(StockMove.quantity)).where(
        StockMove.kind.in_((MoveKind.ISSUE, MoveKind.BACK)) & StockMove.day.between(since, day)
    )
    used = {item: -int(size) for item, size in db.execute(query.group_by(StockMove.item)) if size < 0}
    firsts = StockMove.select(StockMove.item, fn.MIN(StockMove.day)).where(StockMove.item.in_(list(used)))
    begun = {id: date.fromisoformat(str(on)) for id, on in db.execute(firsts.group_by(StockMove.item))}
    return {
        id: from_scaled(size, 3) / max(_LEAST, min(SPAN, (day - begun[id]).days + 1))
        for id, size in used.items()
    }


def outlooks(day: date) -> list[Outlook]:
    """Return what is to be expected of every lot that expires, item by item, what expires first first."""
    query = StockLot.select(StockLot, StockItem, Goods).join(StockItem).join(Goods)
    lots = query.where((StockLot.stock > 0) & StockLot.expires_on.is_null(False) & (StockLot.apart == False))
    by_item: dict[int, list[StockLot]] = {}
    for lot in lots.order_by(StockItem.code, StockLot.expires_on, StockLot.id):
        by_item.setdefault(lot.item_id, []).append(lot)
    pace = paces(day)
    return [one for id, mine in by_item.items() for one in _of_item(mine, pace.get(id, NONE), day)]


def _of_item(lots: Iterable[StockLot], pace: Decimal, day: date) -> Iterable[Outlook]:
    before = NONE
    for lot in lots:
        mine = lot.stock - lot.held
        can_use = max(NONE, pace * ((lot.expires_on - day).days + 1) - before)
        over = max(NONE, mine - can_use).quantize(NONE)
        days = None if not pace else int(((before + mine) / pace).to_integral_value(ROUND_CEILING))
        used_on = None if days is None else day + timedelta(days=min(days, 3650) - 1)
        yield Outlook(lot, pace.quantize(NONE), used_on, over)
        before += min(mine, can_use)


@listing("stock_outlook", "用量预测", "canteen", VIEW, "stock")
def stock_outlook(filters: Filters) -> RowListing:
    """Lots that expire, those that will not be used up in time on top."""
    today = date.today()
    columns = (
        Shown("code", StockLot.code),
        Shown("name", Goods.name),
        Shown("spec", Goods.spec),
        Shown("stock", StockLot.stock, total=False),
        Shown("unit", StockItem.unit),
        Shown("expires_on", StockLot.expires_on),
        Shown("left", CountField(low=-100_000, verbose_name="剩余天数"), total=False),
        Shown("pace", StockField(verbose_name="日均用量"), total=False),
        Shown("used_on", DayField(verbose_name="预计用完")),
        Shown("over", StockField(verbose_name="到期剩余"), total=False),
        Shown("late", FlagField(verbose_name="用不完")),
        Shown("storage", LineField(max_length=12, verbose_name="储位"), hidden=True),
    )
    wanted = [one for one in outlooks(today) if filters.stock is None or one.lot.item_id == filters.stock.id]
    wanted.sort(key=lambda one: (one.over == 0, one.lot.expires_on))
    rows = [
        (
            one.lot.id,
            (
                one.lot.code, one.lot.item.goods.name, one.lot.item.goods.spec, one.lot.stock,
                one.lot.item.unit, one.lot.expires_on, (one.lot.expires_on - today).days, one.pace,
                one.used_on, one.over, one.over > 0, one.lot.item.storage.value,
            ),
        )
        for one in wanted
    ]  # fmt: skip
    return RowListing(columns, rows, record=StockLot)
