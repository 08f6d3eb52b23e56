"""批次: what came together, how long it is good, and what of it may be issued.

What expires first is issued first (FEFO), what keeps for ever in the order in which it came (forms.md B11.3).
What waits to go back to its supplier, is set apart or has expired is not issued.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any

from peewee import fn

from models.base import Record
from models.canteen.items import NONE, StockItem
from models.canteen.shelf import NEAR, ShelfUnit, expiry, keeps_briefly
from models.deeds import reaches_everybody
from models.fields import (
    ChoiceField,
    CodeField,
    CountField,
    DayField,
    FlagField,
    LineField,
    LinkField,
    PriceField,
    StockField,
)
from models.inputs import Asked
from models.suppliers.receipts import ReceiptLine
from models.suppliers.register import Supplier
from models.suppliers.returns import GoodsReturn


class Freshness(Enum):
    """How a lot stands (forms.md A11)."""

    GOOD = "正常"
    BRIEF = "短保"
    NEAR = "临期"
    EXPIRED = "已过期"
    APART = "已隔离"
    GONE = "已用完"


TONES = {
    Freshness.GOOD.value: "ok", Freshness.BRIEF.value: "warning", Freshness.NEAR.value: "warning",
    Freshness.EXPIRED.value: "danger", Freshness.APART.value: "danger", Freshness.GONE.value: "plain",
}  # fmt: skip


class StockLot(Record):
    """批次: goods of one kind that came at once, in units of issue."""

    code = CodeField(max_length=24, unique=True, verbose_name="批次号")
    item = LinkField(StockItem, backref="lots", verbose_name="物品")
    supplier = LinkField(Supplier, null=True, backref="+", verbose_name="供方")
    received = LinkField(ReceiptLine, null=True, unique=True, backref="stock_lots", verbose_name="验收明细")
    replaces = LinkField(GoodsReturn, null=True, backref="replaced_by", verbose_name="换货单")
    maker = LineField(max_length=40, null=True, verbose_name="生产批号")
    made_on = DayField(null=True, verbose_name="生产日期")
    shelf = CountField(null=True, verbose_name="保质期")
    shelf_unit = ChoiceField(ShelfUnit, null=True, verbose_name="保质期单位")
    expires_on = DayField(null=True, index=True, verbose_name="到期日")
    arrived_on = DayField(index=True, verbose_name="入库日期")
    price = PriceField(verbose_name="入库单价")
    bought = StockField(default=NONE, verbose_name="采购数量")
    stock = StockField(default=NONE, verbose_name="结存")
    held = StockField(default=NONE, verbose_name="待退")
    apart = FlagField(default=False, verbose_name="隔离")

    key_field = "code"

    class Meta:
        title = "批次"
        indexes = ((("item", "expires_on"), False),)

    def label(self) -> str:
        """Return RK-202611-001/1 大米 25kg."""
        return f"{self.code} {self.item.label()}"

    def described(self) -> str:
        """Return RK-202611-001/1 大米 25kg，结存 20 kg，2027-05-01 到期."""
        until = f"，{self.expires_on} 到期" if self.expires_on else ""
        return f"{self.label()}，结存 {self.item.told(self.stock)}{until}"

    @property
    def free(self) -> Decimal:
        """How much of it is there and waits for nothing; whether it is good still is another matter."""
        return NONE if self.apart else max(NONE, self.stock - self.held)

    def expired(self, day: date) -> bool:
        """Whether its last good day lies before a day."""
        return self.expires_on is not None and self.expires_on < day


reaches_everybody(StockLot)

AskedLot = Annotated[StockLot, Asked(LinkField(StockLot, verbose_name="批次"))]


def freshness(lot: StockLot, day: date) -> Freshness:
    """Return how a lot stands on a day."""
    if not lot.stock:
        return Freshness.GONE
    if lot.apart:
        return Freshness.APART
    if lot.expires_on is None:
        return Freshness.GOOD
    left = (lot.expires_on - day).days
    if left < 0:
        return Freshness.EXPIRED
    if brief(lot):
        return Freshness.BRIEF
    return Freshness.NEAR if left <= NEAR else Freshness.GOOD


def brief(lot: StockLot) -> bool:
    """Whether goods live a week at the most, as far as it is known: how much of it is left is not asked."""
    if lot.made_on is not None and lot.expires_on is not None:
        return keeps_briefly(lot.made_on, lot.expires_on)
    return lot.shelf_unit is ShelfUnit.DAYS and lot.shelf is not None and lot.shelf <= NEAR


def first_out(item: StockItem) -> list[StockLot]:
    """Return the lots of which something is there, in the order in which they are to be issued."""
    there = (StockLot.item == item) & (StockLot.stock > 0)
    query = StockLot.select().where(there)
    return list(query.order_by(StockLot.expires_on.asc(nulls="last"), StockLot.arrived_on, StockLot.id))


def good_lots(item: StockItem, day: date) -> list[StockLot]:
    """Return the lots that may be issued on a day, in their order."""
    return [lot for lot in first_out(item) if lot.free and not lot.expired(day) and lot.arrived_on <= day]


class Dates:
    """When goods were made and until when they are good, as it was typed or follows."""

    def __init__(
        self, item: StockItem, made_on: date | None, shelf: int | None, unit: ShelfUnit | None,
        expires_on: date | None,
    ) -> None:  # fmt: skip
        self.made_on = made_on
        self.shelf: int | None = item.shelf if shelf is None else shelf
        self.unit: ShelfUnit | None = item.shelf_unit if shelf is None else unit
        self.expires_on = expires_on or self._follows()

    def _follows(self) -> date | None:
        if self.made_on is None or self.shelf is None or self.unit is None:
            return None
        return expiry(self.made_on, self.shelf, self.unit)

    def wrong(
        self, item: StockItem, arrived_on: date, *, old: bool = False, needed: bool = True
    ) -> tuple[str, str]:
        """Return why goods with these dates are not taken in, and which is wrong; empty where they are.

        Args:
            item: of what.
            arrived_on: when they came.
            old: whether they may have expired, as what is in the store at first.
            needed: whether what keeps for a time must say until when, as what is rejected need not.
        """
        made, until = self.made_on, self.expires_on
        if made is not None and made > arrived_on:
            return f"生产日期 {made} 晚于到货日期 {arrived_on}，请核对", "made_on"
        if made is not None and until is not None and until < made:
            return f"到期日 {until} 早于生产日期 {made}，请核对", "expires_on"
        if until is not None and until < arrived_on and not old:
            return f"{until} 已经过期，不能入库；请作不合格品退货", "expires_on"
        if needed and item.shelf is not None and until is None:
            return f"{item.label()} 有保质期，请填生产日期或到期日", "made_on"
        return "", ""


def bring_in(
    code: str, item: StockItem, dates: Dates, arrived_on: date, price: Decimal, **more: Any
) -> StockLot:
    """Write a lot, of which nothing is there yet; for deeds."""
    return StockLot.add(
        code=code, item=item, made_on=dates.made_on, shelf=dates.shelf, shelf_unit=dates.unit,
        expires_on=dates.expires_on, arrived_on=arrived_on, price=price, **more,
    )  # fmt: skip


def is_short(day: date) -> Any:
    """Return the condition of items of which less may be issued on a day than there should be at least."""
    usable = (StockLot.apart == False) & (StockLot.expires_on.is_null() | (StockLot.expires_on >= day))
    free = StockLot.select(fn.COALESCE(fn.SUM(StockLot.stock - StockLot.held), 0)).where(
        (StockLot.item == StockItem.id) & (StockLot.stock > 0) & usable
    )
    return StockItem.least.is_null(False) & (free < StockItem.least)


def free_of(lots: Iterable[StockLot]) -> Decimal:
    """Return how much of these lots is there and waits for nothing."""
    return sum((lot.free for lot in lots), NONE)
