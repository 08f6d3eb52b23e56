"""出库单: what was issued to whom and for what, lot by lot; how that goes is in `models.canteen.issuing`."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any

from peewee import fn

from models.attachments import keeps_files
from models.base import Record, db
from models.canteen.items import NONE, StockItem
from models.canteen.lots import StockLot
from models.canteen.moves import StockMove, unit_price
from models.canteen.rights import VIEW
from models.complaints.cases import ServiceCase
from models.complaints.materials import gives_out
from models.deeds import reaches_everybody
from models.fields import (
    ChoiceField,
    CodeField,
    CountField,
    DayField,
    LineField,
    LinkField,
    MomentField,
    NumberField,
    StockField,
)
from models.inputs import Asked
from models.money import divide_half_up, from_scaled, thousands
from models.office.staff import Department
from models.search import finds_numbered
from models.series import Series
from models.text import brief

ISSUES = Series("CK", "出库单")


class Purpose(Enum):
    """What goods are issued for."""

    MEAL = "供餐"
    REPAIR = "维修"
    CLEANING = "保洁"
    OFFICE = "办公"
    OTHER = "其他"


class Meal(Enum):
    """For which meal."""

    BREAKFAST = "早餐"
    LUNCH = "午餐"
    SUPPER = "晚餐"
    NIGHT = "夜宵"


class GoodsIssue(Record):
    """出库单: what one department took at once."""

    number = NumberField(verbose_name="出库单号")
    day = DayField(index=True, verbose_name="出库日期")
    department = LinkField(Department, backref="+", verbose_name="领用部门")
    purpose = ChoiceField(Purpose, verbose_name="用途")
    meal = ChoiceField(Meal, null=True, verbose_name="餐次")
    heads = CountField(low=1, high=100_000, null=True, verbose_name="就餐人数")
    case = LinkField(ServiceCase, null=True, backref="stock_issues", verbose_name="维修单")
    taker = LineField(max_length=40, verbose_name="领用人")
    witness = LineField(max_length=40, null=True, verbose_name="复核人")
    note = LineField(max_length=120, null=True, verbose_name="备注")
    made_at = MomentField(verbose_name="登记时间")
    made_by = LineField(max_length=60, verbose_name="发放人")

    key_field = "number"

    class Meta:
        title = "出库单"

    def label(self) -> str:
        """Return CK-202611-001 食堂."""
        return f"{self.number} {self.department.name}"

    def described(self) -> str:
        """Return CK-202611-001 食堂，12 项，860.50 元."""
        count = IssueLine.select().where(IssueLine.issue == self).count()
        return f"{self.label()}，{count} 项，{thousands(self.total())} 元"

    def total(self) -> Decimal:
        """Return in 元 what was issued cost, less what came back."""
        return from_scaled(self._fen(), 2)

    def each(self) -> Decimal | None:
        """Return in 元 what a meal cost a head; None where nobody ate."""
        return from_scaled(divide_half_up(self._fen(), int(self.heads)), 2) if self.heads else None

    def _fen(self) -> int:
        query = StockMove.select(fn.SUM(StockMove.amount)).where(StockMove.slip == self.number)
        return -int(db.execute(query).fetchone()[0] or 0)


class IssueLine(Record):
    """出库明细: so much of one lot; what it cost is told by its move."""

    issue = LinkField(GoodsIssue, backref="lines", verbose_name="出库单")
    code = CodeField(max_length=24, unique=True, verbose_name="出库明细号")
    item = LinkField(StockItem, backref="+", verbose_name="物品")
    lot = LinkField(StockLot, backref="+", verbose_name="批次")
    move = LinkField(StockMove, unique=True, backref="issued", verbose_name="流水")
    asked = StockField(verbose_name="请领")
    quantity = StockField(verbose_name="实发")
    left = StockField(verbose_name="结存")
    skipped = LineField(max_length=80, null=True, verbose_name="跳批原因")
    back = StockField(default=NONE, verbose_name="已退库")

    key_field = "code"

    class Meta:
        title = "出库明细"

    def label(self) -> str:
        """Return CK-202611-001/1 大米 25kg."""
        return f"{self.code} {self.item.label()}"

    def described(self) -> str:
        """Return CK-202611-001/1 大米 25kg 20 kg."""
        return f"{self.label()} {self.item.told(self.quantity - self.back)}"


@gives_out
def given_for(case: ServiceCase) -> Iterator[dict[str, Any]]:
    """Yield what a repair took from stock and did not give back, at what it cost; forms know hundredths."""
    slips = GoodsIssue.select(GoodsIssue.number).where(GoodsIssue.case == case)
    sums = (fn.SUM(StockMove.quantity), fn.SUM(StockMove.amount))
    query = StockMove.select(StockMove.item, *sums).where(StockMove.slip.in_(slips)).group_by(StockMove.item)
    for id, size, fen in db.execute(query.order_by(StockMove.item)):
        quantity = from_scaled(divide_half_up(-int(size), 10), 2)
        if quantity > 0:
            item = StockItem.get_by_id(id)
            yield {
                "name": item.goods.name, "spec": brief(item.goods.spec or "", 29) or None,
                "measure": item.unit, "quantity": quantity,
                "price": unit_price(from_scaled(-int(fen), 2), quantity),
            }  # fmt: skip


reaches_everybody(GoodsIssue, IssueLine)
keeps_files(GoodsIssue, VIEW)
finds_numbered(VIEW, "CK", GoodsIssue, "stock_issues", "出库单", lambda one: one.department.name)

AskedIssueLine = Annotated[IssueLine, Asked(LinkField(IssueLine, verbose_name="出库明细"))]
