"""收费项目: what is charged, at which price from when, and which unit pays it from when to when."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any

from peewee import fn

from models.base import RECORDS, Dated, Record, db
from models.batches import Batch
from models.deeds import deed
from models.errors import BadInput, RuleBroken
from models.fees.rights import ITEMS, VIEW
from models.fields import (
    BEGINNING,
    ChoiceField,
    CodeField,
    CountField,
    DayField,
    FlagField,
    LineField,
    LinkField,
    MoneyField,
    PriceField,
    QuantityField,
    SinceField,
)
from models.inputs import Asked, Input, edits_of, inputs_from
from models.listings import Filters, Listing, Shown, listing
from models.owners.dated import first_day
from models.owners.estate import Unit
from models.rows import RowRefused, RowsField

NOTHING = Decimal(0)
_ENTERED = (
    "code", "name", "category", "basis", "cycle", "due_day", "collected", "start_rule", "minimum",
    "since", "until", "agreed", "public",
)  # fmt: skip
_EDITABLE = (
    "name", "category", "due_day", "collected", "minimum", "until", "agreed", "public", "active",
)  # fmt: skip


def _tier_inputs() -> list[Input]:
    fields = RateTier.fields()
    return [Input(name, fields[name], required=True) for name in ("over", "price")]


class Basis(Enum):
    """How the amount of a whole month comes about."""

    AREA = "面积×单价+附加"
    FIXED = "固定金额"
    HOUSEHOLD = "按户"
    METER = "按读数"


class Category(Enum):
    """What the money is for; the columns of FE-01 follow it.

    What is LATE stands in no collection rate and is settled after everything else (forms.md B3.5, B5).
    """

    PROPERTY = "物业费"
    SHARED = "公共分摊"
    SERVICE = "特约服务"
    PARKING = "停车费"
    UTILITY = "水电气"
    OTHER = "其他"
    LATE = "违约金"


class StartRule(Enum):
    """How a handover date becomes the first billed day (forms.md B1.6)."""

    NEXT_MONTH = "交付次月起"
    SAME_DAY = "交付当日起"


class FeeItem(Record):
    """收费项目: one thing that is charged."""

    code = CodeField(max_length=16, unique=True, verbose_name="项目编号")
    name = LineField(max_length=40, unique=True, verbose_name="收费项目")
    category = ChoiceField(Category, default=Category.PROPERTY, verbose_name="类别")
    basis = ChoiceField(Basis, default=Basis.AREA, verbose_name="计算方式")
    cycle = CountField(low=1, high=12, default=1, verbose_name="周期(月)")
    due_day = CountField(low=1, high=31, null=True, verbose_name="缴费截止日")
    collected = FlagField(default=False, verbose_name="代收")
    start_rule = ChoiceField(StartRule, default=StartRule.NEXT_MONTH, verbose_name="起算规则")
    minimum = MoneyField(null=True, verbose_name="最低收费")
    since = SinceField(default=BEGINNING, verbose_name="计费起始")
    until = DayField(null=True, verbose_name="计费结束")
    active = FlagField(default=True, verbose_name="在用")
    agreed = LineField(max_length=120, null=True, verbose_name="收费依据")
    public = FlagField(default=True, verbose_name="公示")

    key_field = "code"
    also_called = "name"

    class Meta:
        title = "收费项目"

    def label(self) -> str:
        """Return its name."""
        return str(self.name)

    @deed("fees.edit_item", "修改收费项目", ITEMS, inputs=edits_of(lambda: FeeItem, *_EDITABLE))
    def edit(self, **values: Any) -> FeeItem:
        """Change what may change once lines exist: never how an amount comes about.

        Raises:
            RuleBroken: lines were made, whose rates would be told otherwise (forms.md B5).
        """
        lines = RECORDS["Bill"]  # which links to items, so that it cannot be imported here
        late = values.get("category", self.category) is Category.LATE
        changed = ["代收"] if values.get("collected", self.collected) != self.collected else []
        changed += ["类别"] if late != (self.category is Category.LATE) else []
        if changed and lines.select().where(lines.fields()["item"] == self).exists():
            raise RuleBroken(
                f"{self.name}已出过账，不能再改“{changed[0]}”，否则以前的收缴率会变。请停用它，另建一个项目。"
            )
        return self.change(**values)


class Rate(Record):
    """单价: what an item costs a month from a day on, until the next row of the item.

    A whole month is quantity × price + extra, where quantity is 计费面积 in ㎡ (AREA), 1 household
    (HOUSEHOLD), nothing (FIXED, whose amount is `extra`) or the month's usage (METER, by `RateTier`s
    where there are any). It is never less than the item's 最低收费.
    """

    item = LinkField(FeeItem, backref="rates", verbose_name="收费项目")
    since = SinceField(default=BEGINNING, verbose_name="起")
    price = PriceField(default=0, verbose_name="单价")
    extra = MoneyField(default=0, verbose_name="附加/固定金额")

    class Meta:
        title = "单价"
        indexes = ((("item", "since"), True),)

    def label(self) -> str:
        """Return 物业费 2020-06-10 起, or 物业费 起初."""
        start = SinceField().show(self.since)
        return f"{self.item.name} {start}{'' if self.since == BEGINNING else ' 起'}"

    def tiers_given(self) -> list[dict[str, Any]]:
        """Return its tiers as `set_tiers` takes them."""
        return [{"over": one.over, "price": one.price} for one in self.tiers.order_by(RateTier.over)]

    @deed("fees.set_tiers", "设阶梯价", ITEMS)
    def set_tiers(
        self,
        tiers: Annotated[
            list[dict[str, Any]] | None,
            Asked(RowsField(_tier_inputs, null=True, verbose_name="阶梯"), "不填为不分档"),
        ] = None,
    ) -> Rate:
        """Charge what goes beyond a quantity a month at another price; without any, one price for all.

        Raises:
            BadInput: the item is not charged by readings.
            RowRefused: a tier does not begin beyond the one before.
        """
        if self.item.basis is not Basis.METER:
            raise BadInput(f"{self.item.name}不按读数收费，不能分档。请选“{Basis.METER.value}”的项目。")
        before = NOTHING
        for number, tier in enumerate(tiers or ()):
            if tier["over"] <= before:
                raise RowRefused(
                    f"起点 {tier['over']} 要大于 {before}。请从小到大填写。", "tiers", number, "over"
                )
            before = tier["over"]
        for old in list(self.tiers):
            old.remove()
        for tier in tiers or ():
            RateTier.add(rate=self, over=tier["over"], price=tier["price"])
        self.renew()
        return self


class RateTier(Record):
    """阶梯价: what a unit of a month's usage costs beyond a quantity, up to the next tier."""

    rate = LinkField(Rate, backref="tiers", index=False, verbose_name="单价")
    over = QuantityField(verbose_name="超过(每月)")
    price = PriceField(verbose_name="阶梯单价")

    class Meta:
        title = "阶梯价"
        indexes = ((("rate", "over"), True),)

    def label(self) -> str:
        """Return 水费 2026-01-01 起 超过 20.00."""
        return f"{self.rate.label()} 超过 {self.over}"


class Assignment(Dated):
    """收费设置: a unit pays an item from a day to a day, both billed; the days themselves, not months."""

    unit = LinkField(Unit, backref="assignments", verbose_name="房号")
    item = LinkField(FeeItem, backref="assignments", verbose_name="收费项目")
    batch = LinkField(Batch, null=True, verbose_name="批次")

    class Meta:
        title = "收费设置"
        indexes = ((("unit", "item", "since"), True),)

    def label(self) -> str:
        """Return 1-1-1011 物业费."""
        return f"{self.unit.code} {self.item.name}"


def late_items() -> list[int]:
    """Return the ids of the items that are 违约金, none as a rule."""
    return [row[0] for row in db.execute(FeeItem.select(FeeItem.id).where(FeeItem.category == Category.LATE))]


@deed("fees.add_item", "新增收费项目", ITEMS, inputs=inputs_from(lambda: FeeItem, *_ENTERED))
def add_item(**values: Any) -> FeeItem:
    """Enter an item that will be charged; its price is set apart, dated."""
    return FeeItem.add(**values)


@deed(
    "fees.set_rate",
    "定价",
    ITEMS,
    inputs=inputs_from(
        lambda: Rate,
        *("item", "since", "price", "extra"),
        since="第一次不填为起初，以后为今天",
        price="不填同上一次的",
        extra="不填同上一次的",
    ),
    question="已出的账单不变。按读数的项目分了档的，各档跟到新单价；档的单价也调的，再“设阶梯价”。",
)
def set_rate(
    item: FeeItem, since: date | None = None, price: Decimal | None = None, extra: Decimal | None = None
) -> Rate:
    """Set what an item costs from a day on: 起初 for its first price, else today.

    Lines that are billed already stay as they are; a price of that very day is replaced. Of price and
    extra what is not given stays as it was on that day; the tiers stay until others are set.

    Raises:
        BadInput: neither is given, or an item of fixed amount is given a price.
    """
    if price is None and extra is None:
        raise BadInput("没有填单价，也没有填附加/固定金额。请至少填一个。", "price")
    if item.basis is Basis.FIXED and price:
        raise BadInput("固定金额的项目没有单价，请把金额填在“附加/固定金额”。", "price")
    known = list(Rate.select().where(Rate.item == item).order_by(Rate.since))
    start = first_day(since, known)
    before = next((rate for rate in reversed(known) if rate.since <= start), None)
    price = price if price is not None else (before.price if before else NOTHING)
    extra = extra if extra is not None else (before.extra if before else NOTHING)
    if before is not None and before.since == start:
        return before.change(price=price, extra=extra)
    made = Rate.add(item=item, since=start, price=price, extra=extra)
    for tier in before.tiers if before is not None else ():
        RateTier.add(rate=made, over=tier.over, price=tier.price)
    return made


@listing("items", "收费项目", "fees", VIEW)
def items(filters: Filters) -> Listing:
    """What is charged, with the price of today."""
    price = _newest(Rate.price)
    extra = _newest(Rate.extra)
    columns = (
        Shown("code", FeeItem.code),
        Shown("name", FeeItem.name),
        Shown("category", FeeItem.category),
        Shown("basis", FeeItem.basis),
        Shown("price", Rate.price, price),
        Shown("extra", Rate.extra, extra, total=False),
        Shown("minimum", FeeItem.minimum, total=False, hidden=True),
        Shown("cycle", FeeItem.cycle),
        Shown("due_day", FeeItem.due_day),
        Shown("collected", FeeItem.collected),
        Shown("since", FeeItem.since),
        Shown("until", FeeItem.until),
        Shown("active", FeeItem.active),
        Shown("agreed", FeeItem.agreed, hidden=True),
        Shown("public", FeeItem.public, hidden=True),
    )
    return Listing(FeeItem.select(), columns, id=FeeItem.id, order=("code",), record=FeeItem)


def _newest(field: Any) -> Any:
    """Return a subquery for a field of the price that holds today."""
    now = Rate.select(field).where((Rate.item == FeeItem.id) & (Rate.since <= date.today()))
    return now.order_by(Rate.since.desc()).limit(1)


@listing("prices", "单价", "fees", VIEW, "item")
def prices(filters: Filters) -> Listing:
    """Every price and the day from which it holds."""
    query = Rate.select().join(FeeItem)
    query = filters.narrow(query, item=Rate.item)
    tiers = RateTier.select(fn.COUNT(RateTier.id)).where(RateTier.rate == Rate.id)
    columns = (
        Shown("item", FeeItem.name, label="收费项目"),
        Shown("since", Rate.since),
        Shown("price", Rate.price),
        Shown("extra", Rate.extra, total=False),
        Shown("tiers", CountField(verbose_name="阶梯档数"), tiers, total=False),
    )
    return Listing(query, columns, id=Rate.id, order=("item", "-since"), record=Rate)
