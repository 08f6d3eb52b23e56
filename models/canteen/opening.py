"""期初库存: what was in the store when the office began to account for it, lot by lot."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from models.canteen.books import closed_until
from models.canteen.items import LEAST, StockItem
from models.canteen.lots import Dates, bring_in
from models.canteen.moves import MoveKind, StockMove, post
from models.canteen.rights import DECIDE, KEEP
from models.clock import past_day
from models.deeds import deed, require
from models.fields import DayField, LinkField, PriceField, StockField
from models.inputs import Asked, Input
from models.money import thousands
from models.rows import RowRefused, RowsField
from models.series import Series
from models.suppliers.goods import worth

OPENINGS = Series("QC", "期初库存")
ROWS = "rows"


def _inputs() -> list[Input]:
    return [
        Input("item", LinkField(StockItem, verbose_name="物品").roomier(18), required=True),
        Input("quantity", StockField(low=LEAST, verbose_name="数量"), required=True),
        Input("price", PriceField(verbose_name="单价"), required=True),
        Input("made_on", DayField(null=True, verbose_name="生产日期"), required=False),
        Input("expires_on", DayField(null=True, verbose_name="到期日"), required=False, without="照保质期算"),
    ]


def refuse_late() -> None:
    """Let only who decides on the store open stock once a month's books are closed.

    Raises:
        PermissionDenied: they are, and the person acting does not decide.
    """
    if closed_until() is not None:
        require(DECIDE)


def told_moved(item: StockItem) -> str:
    """Return why an item is not opened any more."""
    return f"{item.label()} 已有收发，不能再登记期初。请把多出来的在盘点时记盘盈。"


class Opened:
    """What was there at first."""

    def __init__(self, number: str, lots: int, total: Decimal) -> None:
        self.number, self.lots, self.total = number, lots, total

    def done(self) -> str:
        """Return 已登记期初库存."""
        return "已登记期初库存"

    def summary(self) -> str:
        """Return how many lots, and what they are worth."""
        return f"{self.number}，{self.lots} 批，{thousands(self.total)} 元。"


@deed("canteen.open_stock", "登记期初库存", KEEP)
def open_stock(
    rows: Annotated[list[dict[str, Any]], Asked(RowsField(_inputs, verbose_name="物品"))],
    day: Annotated[date | None, Asked(DayField(null=True, verbose_name="期初日期"), "不填为今天")] = None,
) -> Opened:
    """Enter what is in the store of items that were never moved, in units of issue; several lots of one too.

    Raises:
        RowRefused: an item was moved already, or the dates cannot be; expired goods are to be entered too.
        BadInput: the day lies ahead.
        PermissionDenied: a month's books are closed, and the person acting does not decide on the store.
    """
    on = past_day(day, "期初日期", "day")
    refuse_late()
    moved = {move.item_id for move in StockMove.select(StockMove.item).distinct()}
    number, total = OPENINGS.next(on), Decimal("0.00")
    for position, row in enumerate(rows):
        item: StockItem = row["item"]
        if item.id in moved:
            raise RowRefused(told_moved(item), ROWS, position, "item")
        dates = Dates(item, row.get("made_on"), None, None, row.get("expires_on"))
        problem, column = dates.wrong(item, on, old=True)
        if problem:
            raise RowRefused(f"{problem}。", ROWS, position, column)
        lot = bring_in(f"{number}/{position + 1}", item, dates, on, row["price"])
        amount = worth(row["quantity"], row["price"])
        post(lot, MoveKind.OPENING, row["quantity"], on, number, worth=amount)
        total += amount
    return Opened(number, len(rows), total)
