"""库存物品: goods that a storekeeper accounts for: in what they are issued, how they keep, how many at least.

What is bought in one measure (袋) is issued in another (kg): `per` of these make one of those. How much there
is, and what it is worth, `models.canteen.moves` alone writes.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from enum import Enum
from typing import Any, Self

from models.base import Record
from models.canteen.rights import KEEP
from models.canteen.shelf import LONGEST, ShelfUnit
from models.deeds import deed, reaches_everybody
from models.errors import BadInput, NotFound, RuleBroken
from models.fields import (
    ChoiceField,
    CodeField,
    CountField,
    FlagField,
    LineField,
    LinkField,
    MoneyField,
    StockField,
)
from models.inputs import Input, edits_of, inputs_from
from models.money import divide_half_up, from_scaled, to_scaled
from models.suppliers.goods import Goods, next_code, refuse_twin, trimmed
from models.suppliers.kinds import Category

NONE = Decimal("0.000")
FREE = Decimal("0.00")
LEAST = Decimal("0.001")


class Storage(Enum):
    """Where goods must lie so that they keep (CA-02)."""

    DRY = "常温"
    COOL = "冷藏0~8℃"
    FROZEN = "冷冻≤-18℃"

    @property
    def name_of(self) -> str:
        """What people call it, without its degrees: 冷藏."""
        return self.value[:2]


class StockItem(Record):
    """库存物品: goods that are kept in stock; the number is that of the goods."""

    goods = LinkField(Goods, unique=True, backref="stock_items", verbose_name="采购物品")
    code = CodeField(max_length=20, unique=True, verbose_name="物品编号")
    unit = LineField(max_length=8, verbose_name="领用单位")
    per = StockField(low=LEAST, default=Decimal("1.000"), verbose_name="每采购单位折合")
    storage = ChoiceField(Storage, default=Storage.DRY, verbose_name="储位")
    place = LineField(max_length=30, null=True, verbose_name="货位")
    barcode = CodeField(max_length=40, null=True, unique=True, verbose_name="条码")
    shelf = CountField(low=1, high=LONGEST, null=True, verbose_name="保质期")
    shelf_unit = ChoiceField(ShelfUnit, null=True, verbose_name="保质期单位")
    least = StockField(null=True, verbose_name="最低库存")
    two_from = StockField(low=LEAST, null=True, verbose_name="双人领用起点")
    stock = StockField(default=NONE, verbose_name="现存")
    value = MoneyField(default=FREE, verbose_name="库存金额")
    active = FlagField(default=True, verbose_name="在用")

    key_field = "code"
    also_called = "barcode"

    class Meta:
        title = "库存物品"

    @classmethod
    def find(cls, key: str | int) -> Self:
        """Return the item that people call by its number, its bar code or its name.

        Raises:
            NotFound: there is none.
        """
        try:
            return super().find(key)
        except NotFound as unknown:
            try:
                found: Self | None = cls.get_or_none(cls.goods == Goods.find(key))
            except NotFound:
                raise unknown from None
            if found is None:
                raise unknown
            return found

    def label(self) -> str:
        """Return 大米 25kg/袋."""
        return str(self.goods.label())

    def described(self) -> str:
        """Return WP001 大米 25kg/袋，现存 120 kg."""
        return f"{self.code} {self.label()}，现存 {self.told(self.stock)}"

    def told(self, quantity: Decimal) -> str:
        """Return a quantity with its measure: 120 kg."""
        return f"{trimmed(quantity)} {self.unit}"

    @property
    def food(self) -> bool:
        """Whether it is eaten, so that its supplier shows what suppliers of food show."""
        return bool(self.goods.kind.category is Category.FOOD)

    def issued(self, bought: Decimal) -> Decimal:
        """Return how many units of issue so many of purchase are."""
        return from_scaled(divide_half_up(to_scaled(bought, 3) * to_scaled(self.per, 3), 1000), 3)

    @deed(
        "canteen.edit_item", "修改库存物品", KEEP, undo="canteen.edit_item",
        inputs=edits_of(
            lambda: StockItem, "unit", "per", "storage", "place", "barcode", "shelf", "shelf_unit", "least",
            "two_from",
        ),
    )  # fmt: skip
    def edit(self, **values: Any) -> Self:
        """Change how goods are kept; what they are counted in stays once any were moved.

        Raises:
            RuleBroken: they were moved, and their measure would change.
            BadInput: a shelf life has no unit, or the unit no length; the bar code is another item's number.
        """
        _check({"shelf": self.shelf, "shelf_unit": self.shelf_unit, **values})
        differs = any(values.get(one, getattr(self, one)) != getattr(self, one) for one in _MEASURE)
        if differs and self.lots.exists():
            told = f"{self.label()} 已有收发，旧单据按 {self.unit} 记"
            raise RuleBroken(f"{told}，不能改领用单位或折合数。请停用，另建物品。")
        return self.change(**values)

    @deed("canteen.retire_item", "停用库存物品", KEEP, undo="canteen.restore_item")
    def retire(self) -> Self:
        """Keep it no more; what is bought of it is received where it is used.

        Raises:
            RuleBroken: there is stock.
        """
        if self.stock:
            told = f"{self.label()} 还有库存 {self.told(self.stock)}"
            raise RuleBroken(f"{told}，不能停用。请先领用、退货或报损。")
        self.goods.change(stocked=False)
        return self.change(active=False)

    @deed("canteen.restore_item", "启用库存物品", KEEP, undo="canteen.retire_item")
    def restore(self) -> Self:
        """Keep it again."""
        self.goods.change(stocked=True)
        return self.change(active=True)


reaches_everybody(StockItem)

_MEASURE = ("unit", "per")
_KEPT = ("unit", "per", "storage", "place", "barcode", "shelf", "shelf_unit", "least", "two_from")
_kept = inputs_from(lambda: StockItem, *_KEPT, unit="不填为采购单位", two_from="不填不限")


def _check(values: Mapping[str, Any]) -> None:
    """Refuse half a shelf life, and a bar code by which another item would be found."""
    if (values.get("shelf") is None) != (values.get("shelf_unit") is None):
        raise BadInput("保质期的数字和单位要一起填，例如 12、月；没有保质期的都不填。", "shelf")
    barcode = values.get("barcode")
    if barcode and StockItem.get_or_none(StockItem.code == barcode) is not None:
        raise BadInput(f"条码 {barcode} 是另一种物品的编号，扫码会找错。请核对。", "barcode")


def _new_inputs() -> list[Input]:
    return [*inputs_from(lambda: Goods, "name", "spec", "kind")(), _bought(), *_kept()]


def _bought() -> Input:
    return Input("bought_in", LineField(max_length=8, verbose_name="采购单位"), required=True)


@deed("canteen.add_item", "新增库存物品", KEEP, inputs=_new_inputs)
def add_item(name: str, kind: Any, bought_in: str, spec: str | None = None, **kept: Any) -> StockItem:
    """Add goods that are bought and kept in stock.

    Raises:
        BadInput: a shelf life has no unit, or the unit no length; it is bought already.
    """
    refuse_twin(name, spec)
    goods = Goods.add(code=next_code(), name=name, spec=spec, unit=bought_in, kind=kind)
    return keep(goods, **kept)


@deed(
    "canteen.stock_goods", "纳入库存", KEEP,
    inputs=lambda: [Input("goods", LinkField(Goods, verbose_name="采购物品"), required=True), *_kept()],
)  # fmt: skip
def stock_goods(goods: Goods, **kept: Any) -> StockItem:
    """Keep goods in stock that are bought already.

    Raises:
        RuleBroken: they are kept already.
        BadInput: a shelf life has no unit, or the unit no length.
    """
    if StockItem.get_or_none(StockItem.goods == goods) is not None:
        raise RuleBroken(f"{goods.label()} 已经在库存物品里。停用了的请“启用库存物品”。")
    return keep(goods, **kept)


def keep(goods: Goods, unit: str | None = None, **kept: Any) -> StockItem:
    """Keep goods in stock; for deeds.

    Raises:
        BadInput: a shelf life has no unit, or the unit no length.
    """
    _check(kept)
    goods.change(stocked=True)
    return StockItem.add(goods=goods, code=goods.code, unit=unit or goods.unit, **kept)
