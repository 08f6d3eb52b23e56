"""盘点明细: one lot: what the books say, what was counted, and what became of the difference."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from models.base import Record
from models.canteen.items import StockItem
from models.canteen.lots import StockLot
from models.canteen.moves import StockMove
from models.canteen.stocktakes import Stocktake
from models.deeds import reaches_everybody
from models.fields import (
    CodeField,
    LineField,
    LinkField,
    PriceField,
    StockField,
)
from models.suppliers.goods import Goods


class StocktakeLine(Record):
    """盘点明细: one lot: what the books say, what was counted, and what that comes to."""

    stocktake = LinkField(Stocktake, backref="lines", verbose_name="盘点单")
    lot = LinkField(StockLot, backref="counts", verbose_name="批次")
    code = CodeField(max_length=44, unique=True, verbose_name="盘点明细号")
    book = StockField(verbose_name="账面")
    price = PriceField(verbose_name="单价")
    counted = StockField(null=True, verbose_name="实盘")
    recounted = StockField(null=True, verbose_name="复盘")
    cause = LineField(max_length=80, null=True, verbose_name="差异原因")
    opinion = LineField(max_length=80, null=True, verbose_name="处理意见")
    move = LinkField(StockMove, null=True, backref="+", verbose_name="流水")

    key_field = "code"

    class Meta:
        title = "盘点明细"
        indexes = ((("stocktake", "lot"), True),)

    def label(self) -> str:
        """Return PD-202611 大米 25kg/袋 RK-202611-001/1."""
        return f"{self.stocktake.number} {self.lot.item.label()} {self.lot.code}"

    @property
    def found(self) -> Decimal | None:
        """What is there: what the second count says, else the first; None until it is counted."""
        first: Decimal | None = self.counted
        return self.recounted if self.recounted is not None else first


reaches_everybody(StocktakeLine)


def lines_to_count(stocktake: Stocktake, *conditions: Any) -> list[StocktakeLine]:
    """Return the lines of a count in the order in which somebody passes them, each with its lot and goods."""
    query = StocktakeLine.select(StocktakeLine, StockLot, StockItem, Goods).join(StockLot)
    query = query.join(StockItem).join(Goods).where(StocktakeLine.stocktake == stocktake, *conditions)
    return list(query.order_by(StocktakeLine.id))
