"""到货验收: what came of an order on what day, how much of it was accepted, and why the rest was not.

The one record of deliveries: the canteen's slips feed it too, and suppliers are scored by it. Goods are
received by `models.suppliers.receiving`.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import Enum

from peewee import fn

from models.attachments import keeps_files
from models.base import Record
from models.deeds import reaches_everybody
from models.fields import (
    ChoiceField,
    CodeField,
    DayField,
    LineField,
    LinkField,
    MomentField,
    MoneyField,
    NumberField,
    PriceField,
    StockField,
)
from models.search import finds_numbered
from models.series import Series
from models.suppliers.goods import Goods
from models.suppliers.orders import NOTHING, OrderLine, OrderState, PurchaseOrder
from models.suppliers.register import Supplier
from models.suppliers.rights import VIEW

RECEIPTS = Series("RK", "到货验收单")


class Defect(Enum):
    """Why goods are not accepted (CA-03)."""

    SHORT = "数量短缺"
    SPEC = "规格不符"
    EXPIRED = "过期临期"
    SPOILT = "变质破损"
    PAPERS = "证件不全"
    WARM = "温度不符"


class GoodsReceipt(Record):
    """到货验收单: what came of one order on one day."""

    number = NumberField(verbose_name="验收单号")
    order = LinkField(PurchaseOrder, backref="receipts", verbose_name="订单")
    supplier = LinkField(Supplier, backref="receipts", verbose_name="供方")
    arrived_on = DayField(index=True, verbose_name="到货日期")
    note_number = CodeField(max_length=40, null=True, verbose_name="送货单号")
    made_at = MomentField(verbose_name="登记时间")
    made_by = LineField(max_length=60, verbose_name="验收人")

    key_field = "number"

    class Meta:
        title = "到货验收单"
        indexes = ((("supplier", "arrived_on"), False),)

    def label(self) -> str:
        """Return RK-202611-001 丰禾粮油."""
        return f"{self.number} {self.supplier.name}"


class ReceiptLine(Record):
    """验收明细: one lot: how much of a line of an order came, and how much of it was accepted."""

    receipt = LinkField(GoodsReceipt, backref="lines", verbose_name="验收单")
    code = CodeField(max_length=24, unique=True, verbose_name="验收明细号")
    order_line = LinkField(OrderLine, backref="received", verbose_name="订单明细")
    goods = LinkField(Goods, backref="received", verbose_name="物品")
    delivered = StockField(verbose_name="实到")
    accepted = StockField(verbose_name="合格")
    rejected = StockField(default=NOTHING, verbose_name="不合格")
    defect = ChoiceField(Defect, null=True, verbose_name="不合格原因")
    words = LineField(max_length=80, null=True, verbose_name="说明")
    price = PriceField(verbose_name="单价")
    amount = MoneyField(verbose_name="金额")
    conceded = StockField(default=NOTHING, verbose_name="让步接收")
    returned = StockField(default=NOTHING, verbose_name="已退换")

    key_field = "code"

    class Meta:
        title = "验收明细"

    def label(self) -> str:
        """Return RK-202611-001/1 大米 25kg."""
        return f"{self.code} {self.goods.label()}"


reaches_everybody(GoodsReceipt, ReceiptLine)
keeps_files(GoodsReceipt, VIEW)
finds_numbered(
    VIEW, "RK", GoodsReceipt, "goods_receipts", "到货验收单", lambda one: one.supplier.name,
    row=lambda one: one.lines.order_by(ReceiptLine.id).get().id,
)  # fmt: skip


def count_in(line: OrderLine, delivered: Decimal, accepted: Decimal, day: date) -> None:
    """Add what came to a line of an order, which is done once all of it is there; for deeds.

    The day on which the last of it came is kept once all of it is accepted, whatever is typed first.
    """
    good, arrived = line.accepted + accepted, line.arrived_on
    if arrived is None and good >= line.quantity:
        mine = ReceiptLine.select(fn.MAX(GoodsReceipt.arrived_on)).join(GoodsReceipt)
        arrived = mine.where(ReceiptLine.order_line == line).scalar() or day
    line.change(delivered=line.delivered + delivered, accepted=good, arrived_on=arrived)
    fresh = PurchaseOrder.get_by_id(line.order_id)
    if fresh.state is OrderState.OPEN and all(one.accepted >= one.quantity for one in fresh.lines):
        fresh.move_to(OrderState.DONE, ended_on=day)
