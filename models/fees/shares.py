"""公共分摊的单据: what was shared in a month (FT-YYYYMM-NNN), and what each house bears of it.

Issued as it is: the document keeps the rule and the figures by which it was shared, only its state moves.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from enum import Enum
from typing import Any

from peewee import Case

from models.attachments import keeps_files
from models.base import Record, db
from models.batches import Batch
from models.fees.rights import VIEW
from models.fees.share_plans import CommonKind, ShareBase, SharePlan
from models.fees.within import within
from models.fields import (
    ChoiceField,
    CodeField,
    CountField,
    DayField,
    FactsField,
    LineField,
    LinkField,
    MomentField,
    MoneyField,
    MonthField,
    PriceField,
    ScaledField,
)
from models.listings import Filters, Listing, Shown, listing
from models.money import from_scaled, thousands
from models.months import Month
from models.owners.estate import Unit
from models.owners.search import HOUSE
from models.series import Series

COSTS = Series("FT", "公共分摊")


class CostState(Enum):
    """Where a shared cost stands."""

    SHARED = "已分摊"
    VOID = "已作废"


class ReadingField(ScaledField):
    """A reading or a quantity with two decimals, which may be nothing."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(2, low=Decimal(0), high=Decimal("999999999.99"), **kwargs)


class BaseField(ScaledField):
    """What all houses count together: six decimals, shown as far as needed."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(6, **kwargs)

    def show(self, value: Any) -> str:
        """Drop trailing zeros beyond the second decimal."""
        full = super().show(value)
        return full[:-4] + full[-4:].rstrip("0")


class WeightField(ScaledField):
    """A coefficient times the percentage of a house: four decimals, shown as far as needed."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(4, **kwargs)

    def show(self, value: Any) -> str:
        """Drop trailing zeros beyond the second decimal."""
        full = super().show(value)
        return full[:-2] + full[-2:].rstrip("0")


class SharedCost(Record):
    """公共分摊: a common cost of a month, divided among houses."""

    number = CodeField(max_length=24, unique=True, verbose_name="分摊单号")
    month = MonthField(verbose_name="所属月份")
    plan = LinkField(SharePlan, backref="costs", verbose_name="分摊方案")
    kind = ChoiceField(CommonKind, verbose_name="分摊项目")
    scope = LineField(max_length=400, verbose_name="范围")
    base = ChoiceField(ShareBase, verbose_name="分摊方式")
    mix = LineField(max_length=80, null=True, verbose_name="组合")
    agreed = LineField(max_length=120, null=True, verbose_name="约定依据")
    source = LineField(max_length=60, null=True, verbose_name="发票号/表号")
    previous = ReadingField(null=True, verbose_name="上期读数")
    current = ReadingField(null=True, verbose_name="本期读数")
    multiplier = CountField(low=1, high=100_000, null=True, verbose_name="倍率")
    used = ReadingField(null=True, verbose_name="用量")
    excluded_used = ReadingField(null=True, verbose_name="剔除用量")
    price = PriceField(null=True, verbose_name="单价")
    excluded = MoneyField(default=Decimal(0), verbose_name="剔除金额")
    exclusions = FactsField(null=True, verbose_name="剔除项")
    amount = MoneyField(verbose_name="总额")
    total_base = BaseField(verbose_name="分摊基数")
    unit_share = ScaledField(6, verbose_name="单位分摊额")
    units = CountField(verbose_name="户数")
    adjusted = MoneyField(verbose_name="尾差调整")
    left_out = FactsField(null=True, verbose_name="不分摊的房屋")
    shown_from = DayField(null=True, verbose_name="公示起")
    shown_until = DayField(null=True, verbose_name="公示止")
    note = LineField(max_length=120, null=True, verbose_name="备注")
    run = MonthField(verbose_name="收取月份")
    batch = LinkField(Batch, unique=True, verbose_name="批次")
    state = ChoiceField(CostState, default=CostState.SHARED, verbose_name="状态")
    made_at = MomentField(verbose_name="时间")
    made_by = LineField(max_length=60, verbose_name="操作人")

    key_field = "number"
    moves = {CostState.SHARED: (CostState.VOID,)}

    class Meta:
        title = "公共分摊"

    def described(self) -> str:
        """Return FT-202611-001 楼道照明 2026-11，1,000.00 元."""
        return f"{self.number} {self.plan.name} {self.month}，{self.amount:,.2f} 元"


SharedCost.add_index(
    SharedCost.index(SharedCost.plan, SharedCost.month, unique=True,
                     where=(SharedCost.state == CostState.SHARED), name="shared_cost_once")
)  # fmt: skip


class Share(Record):
    """分摊明细: what one house bears of a shared cost, and how that came about."""

    cost = LinkField(SharedCost, index=False, backref="shares", verbose_name="分摊单号")
    unit = LinkField(Unit, verbose_name="房号")
    quantity = ReadingField(verbose_name="基数")
    coefficient = WeightField(verbose_name="系数")
    exact = ScaledField(6, verbose_name="应摊(未舍入)")
    rest = MoneyField(verbose_name="尾差调整")
    amount = MoneyField(verbose_name="实摊")

    class Meta:
        title = "分摊明细"
        indexes = ((("cost", "unit"), True),)

    def label(self) -> str:
        """Return FT-202611-001 1-1-101."""
        return f"{self.cost.number} {self.unit.code}"


def source_of(number: str, unit: int) -> str:
    """Return what a bill line says of the share that it asks for."""
    return f"{number}/{unit}"


def shared_in(month: Month) -> list[int]:
    """Return the batches (ids) whose lines are first asked for with the run of a month."""
    live = SharedCost.state == CostState.SHARED
    return [
        batch
        for (batch,) in db.execute(
            SharedCost.select(SharedCost.batch).where(live & (SharedCost.run == month))
        )
    ]


_UNITS = {ShareBase.AREA: "㎡", ShareBase.HOUSEHOLD: " 户", ShareBase.COEFFICIENT: " 户"}


def formulas(sources: Iterable[str]) -> dict[str, str]:
    """Return how each share came about, by what its line says of it."""
    numbers = {source.partition("/")[0] for source in sources}
    costs = {cost.id: cost for cost in SharedCost.select().where(SharedCost.number.in_(list(numbers)))}
    query = Share.select(Share.cost, Share.unit, Share.quantity, Share.coefficient)
    return {
        source_of(costs[cost].number, unit): _formula(costs[cost], quantity, coefficient)
        for cost, unit, quantity, coefficient in db.execute(query.where(Share.cost.in_(list(costs))))
    }


def _formula(cost: SharedCost, quantity: int, coefficient: int) -> str:
    """Return 总额 1,000.00 × 94.56㎡ × 系数 1.20 ÷ 分摊基数 4,380.20."""
    much = f"{thousands(from_scaled(quantity, 2))}{_UNITS.get(cost.base, '')}".replace("1.00 户", "1 户")
    weight = WeightField().show(from_scaled(coefficient, 4))
    weighted = "" if weight == "1.00" else f" × 系数 {weight}"
    mix = f"（{cost.mix}）" if cost.mix else ""
    total = BaseField().show(cost.total_base)
    return f"总额 {thousands(cost.amount)} × {much}{weighted} ÷ 分摊基数 {total}{mix}"


@listing("shared_costs", "公共分摊", "fees", VIEW, "period", "state")
def shared_costs(filters: Filters) -> Listing:
    """Common costs that were shared, newest first; void ones keep their numbers."""
    query = SharedCost.select().join(SharePlan)
    query = filters.narrow(query, period=SharedCost.month, state=SharedCost.state)
    columns = (
        Shown("number", SharedCost.number),
        Shown("month", SharedCost.month),
        Shown("plan", SharePlan.name),
        Shown("kind", SharedCost.kind, hidden=True),
        Shown("scope", SharedCost.scope),
        Shown("used", SharedCost.used, total=False),
        Shown("excluded_used", SharedCost.excluded_used, hidden=True),
        Shown("price", SharedCost.price),
        Shown("amount", SharedCost.amount, total=False),
        Shown("valid", MoneyField(verbose_name="有效金额"), _VALID),
        Shown("base", SharedCost.base),
        Shown("total_base", SharedCost.total_base, total=False),
        Shown("unit_share", SharedCost.unit_share, total=False),
        Shown("units", SharedCost.units, total=False),
        Shown("agreed", SharedCost.agreed, hidden=True),
        Shown("source", SharedCost.source, hidden=True),
        Shown("batch", Batch.id, SharedCost.batch, label="批次", hidden=True),
        Shown("made_by", SharedCost.made_by, hidden=True),
        Shown("made_at", SharedCost.made_at, hidden=True),
        Shown("state", SharedCost.state, status=True),
    )
    return Listing(
        query, columns, id=SharedCost.id, order=("-number",), record=SharedCost,
        search=(SharedCost.number, SharePlan.name, SharedCost.scope), tones=TONES,
    )  # fmt: skip


@listing("shares", "分摊明细", "fees", VIEW, "period", "unit", "building", "state")
def shares(filters: Filters) -> Listing:
    """What each house bears of each shared cost, newest first."""
    query = Share.select().join(SharedCost).join(SharePlan).switch(Share).join(Unit)
    for condition in within(Share.unit, unit=filters.unit, building=filters.building):
        query = query.where(condition)
    query = filters.narrow(query, period=SharedCost.month, state=SharedCost.state)
    columns = (
        Shown("unit", Unit.code, label="房号", sort=Unit.sort_key),
        Shown("month", SharedCost.month),
        Shown("plan", SharePlan.name),
        Shown("quantity", Share.quantity, total=False),
        Shown("coefficient", Share.coefficient, total=False),
        Shown("exact", Share.exact, total=False),
        Shown("rest", Share.rest, total=False),
        Shown("amount", Share.amount, total=False),
        Shown("valid", MoneyField(verbose_name="有效金额"), _VALID_SHARE),
        Shown("number", SharedCost.number),
        Shown("state", SharedCost.state, status=True),
    )
    return Listing(
        query, columns, id=Share.id, order=("-month", "-number", "unit"), record=Share,
        search=(HOUSE, SharedCost.number, SharePlan.name), tones=TONES,
    )  # fmt: skip


TONES = {CostState.SHARED.value: "ok", CostState.VOID.value: "plain"}
_LIVE = SharedCost.state == CostState.SHARED
_VALID = Case(None, ((_LIVE, SharedCost.amount),), 0)
_VALID_SHARE = Case(None, ((_LIVE, Share.amount),), 0)

keeps_files(SharedCost, VIEW)
