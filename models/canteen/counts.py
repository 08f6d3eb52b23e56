"""盘点: what is really there, counted by one and witnessed by another, against books that stand still.

The sheet is blind: whoever counts does not see what should be there. What differs is counted once more and
explained; what is equal is kept as counted. Gains and losses are booked when the count is approved, by
finance and the manager, and with them the month is closed (forms.md A5 CA-06, B11.6). How it goes is in
`models.canteen.counting`.
"""

from __future__ import annotations

from decimal import Decimal
from enum import Enum
from typing import Annotated

from models.attachments import keeps_files
from models.base import Record
from models.canteen.lots import StockLot
from models.canteen.moves import StockMove
from models.canteen.rights import VIEW
from models.deeds import reaches_everybody
from models.fields import (
    ChoiceField,
    CodeField,
    DayField,
    LineField,
    LinkField,
    MomentField,
    MonthField,
    PriceField,
    StockField,
)
from models.inputs import Asked
from models.search import finds_numbered


class CountState(Enum):
    """Where a count stands."""

    COUNTING = "盘点中"
    CHECKING = "复盘中"
    READY = "待批准"
    DONE = "已结账"
    CANCELLED = "已取消"


RUNNING = (CountState.COUNTING, CountState.CHECKING, CountState.READY)


class Stocktake(Record):
    """盘点: one count of all that is in the store, PD-202611."""

    number = CodeField(max_length=16, unique=True, verbose_name="盘点单号")
    month = MonthField(index=True, verbose_name="月份")
    day = DayField(verbose_name="盘点日期")
    counter = LineField(max_length=40, verbose_name="盘点人")
    witness = LineField(max_length=40, verbose_name="监盘人")
    state = ChoiceField(CountState, default=CountState.COUNTING, index=True, verbose_name="盘点状态")
    made_at = MomentField(verbose_name="开始时间")
    made_by = LineField(max_length=60, verbose_name="登记人")
    approved_at = MomentField(null=True, verbose_name="批准时间")
    approval = LineField(max_length=20, null=True, verbose_name="审批单号")
    why = LineField(max_length=120, null=True, verbose_name="取消原因")

    key_field = "number"
    moves = {
        CountState.COUNTING: (CountState.CHECKING, CountState.READY, CountState.CANCELLED),
        CountState.CHECKING: (CountState.READY, CountState.CANCELLED),
        CountState.READY: (CountState.DONE, CountState.CANCELLED),
    }

    class Meta:
        title = "盘点"

    def described(self) -> str:
        """Return PD-202611，120 批，盘点人 佟大勺，监盘人 沈国平."""
        return f"{self.number}，{self.lines.count()} 批，盘点人 {self.counter}，监盘人 {self.witness}"


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


reaches_everybody(Stocktake, StocktakeLine)
keeps_files(Stocktake, VIEW)
finds_numbered(VIEW, "PD", Stocktake, "stocktakes", "盘点", lambda one: one.described())

AskedCount = Annotated[Stocktake, Asked(LinkField(Stocktake, verbose_name="盘点单"))]


def running() -> Stocktake | None:
    """Return the count that is going on; None where none is."""
    found: Stocktake | None = Stocktake.select().where(Stocktake.state.in_(RUNNING)).first()
    return found
