"""物品: what is bought, by kinds; what a supplier may deliver is told by kinds, not item by item."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Self

from peewee import JOIN

from models.base import Record
from models.deeds import deed, reaches_everybody
from models.errors import BadInput, RuleBroken
from models.fields import ChoiceField, CountField, DerivedField, FlagField, LineField, LinkField, StockField
from models.inputs import edits_of, inputs_from
from models.listings import Filters, Listing, Shown, listing
from models.money import divide_half_up, from_scaled, to_scaled
from models.office.budget import BudgetAccount
from models.pinyin import search_keys
from models.suppliers.kinds import Category
from models.suppliers.rights import KEEP, VIEW


class GoodsKind(Record):
    """物品类别: goods or services that the same suppliers deliver, as 蔬菜 or 五金."""

    position = CountField(low=1, high=999, unique=True, verbose_name="序号")
    name = LineField(max_length=20, unique=True, verbose_name="物品类别")
    category = ChoiceField(Category, verbose_name="供方类别")
    account = LinkField(BudgetAccount, null=True, backref="+", verbose_name="预算科目")
    active = FlagField(default=True, verbose_name="在用")

    key_field = "name"

    class Meta:
        title = "物品类别"

    @deed(
        "suppliers.edit_goods_kind", "修改物品类别", KEEP,
        inputs=edits_of(lambda: GoodsKind, "position", "name", "account"), undo="suppliers.edit_goods_kind",
    )  # fmt: skip
    def edit(self, **values: Any) -> Self:
        """Change how it is called or where it stands."""
        return self.change(**values)

    @deed("suppliers.retire_goods_kind", "停用物品类别", KEEP, undo="suppliers.restore_goods_kind")
    def retire(self) -> Self:
        """Use it no more."""
        return self.change(active=False)

    @deed("suppliers.restore_goods_kind", "启用物品类别", KEEP, undo="suppliers.retire_goods_kind")
    def restore(self) -> Self:
        """Use it again."""
        return self.change(active=True)


class Goods(Record):
    """物品: one thing that is bought, in one measure."""

    name = LineField(max_length=40, verbose_name="物品名称")
    spec = LineField(max_length=40, null=True, verbose_name="规格型号")
    unit = LineField(max_length=8, verbose_name="单位")
    kind = LinkField(GoodsKind, backref="goods", verbose_name="物品类别")
    code = LineField(max_length=20, unique=True, verbose_name="物品编号")
    active = FlagField(default=True, verbose_name="在用")
    stocked = FlagField(default=False, verbose_name="库存管理")
    """Whether a storekeeper receives it and accounts for it (`models.canteen`)."""
    search = DerivedField(max_length=200, default="", verbose_name="检索")

    key_field = "code"
    also_called = "name"

    class Meta:
        title = "物品"

    def derive(self) -> None:
        """Keep by what it is found."""
        self.search = searched(str(self.name))

    def label(self) -> str:
        """Return 大米 25kg/袋."""
        return " ".join(filter(None, [self.name, self.spec]))

    def described(self) -> str:
        """Return WP001 大米 25kg/袋（袋）."""
        return f"{self.code} {self.label()}（{self.unit}）"

    @deed(
        "suppliers.edit_goods", "修改物品", KEEP,
        inputs=edits_of(lambda: Goods, "name", "spec", "unit", "kind"), undo="suppliers.edit_goods",
    )  # fmt: skip
    def edit(self, **values: Any) -> Self:
        """Change how it is called; papers that were made keep to it by its number.

        Raises:
            RuleBroken: it was ordered, and its measure would change.
        """
        if values.get("unit", self.unit) != self.unit and self.ordered.exists():
            raise RuleBroken(
                f"{self.label()} 下过订单，旧单据按{self.unit}记，不能改单位。请停用，另建物品。"
            )
        return self.change(**values)

    @deed("suppliers.retire_goods", "停用物品", KEEP, undo="suppliers.restore_goods")
    def retire(self) -> Self:
        """Buy it no more."""
        return self.change(active=False)

    @deed("suppliers.restore_goods", "启用物品", KEEP, undo="suppliers.retire_goods")
    def restore(self) -> Self:
        """Buy it again."""
        return self.change(active=True)


reaches_everybody(GoodsKind, Goods)


@deed(
    "suppliers.add_goods_kind", "新增物品类别", KEEP,
    inputs=inputs_from(lambda: GoodsKind, "position", "name", "category", "account"),
)  # fmt: skip
def add_goods_kind(**values: Any) -> GoodsKind:
    """Add a kind of goods."""
    return GoodsKind.add(**values)


@deed(
    "suppliers.add_goods", "新增物品", KEEP,
    inputs=inputs_from(
        lambda: Goods, "name", "spec", "unit", "kind", "code", code="不填为下一个编号"
    ),
)  # fmt: skip
def add_goods(code: str | None = None, **values: Any) -> Goods:
    """Add something that is bought.

    Raises:
        BadInput: it is there already.
    """
    refuse_twin(values["name"], values.get("spec"))
    return Goods.add(code=code or next_code(), **values)


def searched(name: str) -> str:
    """Return by what goods of a name are found: it, and its pinyin."""
    return f"{name} {search_keys(name)}".strip()[:200]


def refuse_twin(name: str, spec: str | None) -> None:
    """Refuse goods that are bought already under another number; for deeds.

    Raises:
        BadInput: there are goods of this name and specification.
    """
    same = (Goods.name == name) & (Goods.spec.is_null() if spec is None else Goods.spec == spec)
    twin = Goods.select().where(same & (Goods.active == True)).first()
    if twin is not None:
        raise BadInput(f"已有同名同规格的 {twin.described()}。请用它，或在规格里写明区别。", "spec")


def next_code() -> str:
    """Return WP001, WP002 … after the highest that is there."""
    taken = [one.code[2:] for one in Goods.select(Goods.code).where(Goods.code.startswith("WP"))]
    last = max((int(digits) for digits in taken if digits.isdigit()), default=0)
    return f"WP{last + 1:03d}"


def worth(quantity: Decimal, price: Decimal) -> Decimal:
    """Return in 元 what a quantity costs at a price, rounded half up to the fen."""
    return from_scaled(divide_half_up(to_scaled(quantity, 3) * to_scaled(price, 4), 10**5), 2)


def trimmed(quantity: Decimal) -> str:
    """Return a quantity as sentences say it: 2, 0.5."""
    return StockField().show(quantity)


@listing("goods_kinds", "物品类别", "suppliers", VIEW, "state")
def goods_kinds(filters: Filters) -> Listing:
    """Kinds of goods in their order. `state` names a category."""
    query = GoodsKind.select().join(BudgetAccount, JOIN.LEFT_OUTER)
    query = filters.narrow(query, state=GoodsKind.category)
    columns = (
        Shown("position", GoodsKind.position, total=False),
        Shown("name", GoodsKind.name),
        Shown("category", GoodsKind.category, status=True),
        Shown("account", BudgetAccount.name, label="预算科目"),
        Shown("active", GoodsKind.active),
    )
    return Listing(query, columns, id=GoodsKind.id, order=("position",), record=GoodsKind)


@listing("goods", "物品", "suppliers", VIEW)
def goods(filters: Filters) -> Listing:
    """What is bought, by number."""
    query = Goods.select().join(GoodsKind)
    columns = (
        Shown("code", Goods.code),
        Shown("name", Goods.name),
        Shown("spec", Goods.spec),
        Shown("unit", Goods.unit),
        Shown("kind", Goods.kind, GoodsKind.name),
        Shown("stocked", Goods.stocked),
        Shown("active", Goods.active),
    )
    search = (Goods.code, Goods.search, Goods.spec, GoodsKind.name)
    return Listing(query, columns, id=Goods.id, order=("code",), record=Goods, search=search)
