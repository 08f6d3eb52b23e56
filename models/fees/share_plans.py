"""分摊方案: which common cost is borne by whom, on which base, and where that was agreed.

Without an agreement common costs are borne by area (民法典 283, forms.md B1.2): whatever departs from
that names the clause or resolution in `agreed`. The rules of a plan never change, so that a notice that
was put up can always be read by them; another rule is another plan.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any

from models.base import Record
from models.deeds import deed
from models.errors import BadInput
from models.fees.items import Assignment, Category, FeeItem
from models.fees.rights import ITEMS, VIEW
from models.fields import ChoiceField, CountField, FlagField, LineField, LinkField, ScaledField
from models.inputs import Input, edits_of, inputs_from
from models.listings import Filters, RowListing, Shown, listing
from models.owners.estate import Building, Entrance, UnitKind
from models.rows import RowRefused, RowsField

WHOLE = 100
"""Percent."""

Rows = list[dict[str, Any]] | None


class CommonKind(Enum):
    """What the cost is for."""

    LIGHT = "公共照明"
    LIFT = "电梯"
    PUMP = "二次供水"
    WATER = "公共用水"
    HEATING = "公共采暖"
    OTHER = "其他"


class ShareBase(Enum):
    """By what a cost is shared."""

    AREA = "面积"
    HOUSEHOLD = "户"
    USAGE = "用量"
    COEFFICIENT = "系数"
    MIX = "组合"


class SharePlan(Record):
    """分摊方案: one common cost and the rule by which it is shared."""

    name = LineField(max_length=40, unique=True, verbose_name="分摊方案")
    kind = ChoiceField(CommonKind, default=CommonKind.LIGHT, verbose_name="分摊项目")
    item = LinkField(FeeItem, backref="share_plans", verbose_name="收费项目")
    from_floor = CountField(low=-9, high=200, null=True, verbose_name="从几层起")
    base = ChoiceField(ShareBase, default=ShareBase.AREA, verbose_name="分摊方式")
    vacant = CountField(low=0, high=WHOLE, default=WHOLE, verbose_name="空置按(%)")
    unsold = CountField(low=0, high=WHOLE, default=WHOLE, verbose_name="未售未交按(%)")
    agreed = LineField(max_length=120, null=True, verbose_name="约定依据")
    active = FlagField(default=True, verbose_name="在用")

    key_field = "name"

    class Meta:
        title = "分摊方案"

    @deed(
        "fees.edit_share_plan",
        "修改分摊方案",
        ITEMS,
        inputs=edits_of(lambda: SharePlan, "name", "agreed", "active"),
    )
    def edit(self, **values: Any) -> SharePlan:
        """Change its name, what it rests on, or whether it is in use; its rules stay.

        Raises:
            BadInput: it departs from the area and would name no agreement.
        """
        check_agreed(self, values.get("agreed", self.agreed))
        return self.change(**values)


class ShareScope(Record):
    """分摊范围: a building, or one entrance of it, that bears a cost; without any, all do."""

    plan = LinkField(SharePlan, backref="scopes", verbose_name="分摊方案")
    building = LinkField(Building, null=True, verbose_name="楼栋")
    entrance = LinkField(Entrance, null=True, verbose_name="单元")

    class Meta:
        title = "分摊范围"

    def label(self) -> str:
        """Return 1栋, or 1栋1单元."""
        return str((self.entrance or self.building).label())


class ShareWeight(Record):
    """分摊系数: what houses of a kind count for from a floor up; the highest floor that fits is taken.

    A row for a kind goes before one for all. Where a plan has any, houses that none fits bear nothing.
    """

    plan = LinkField(SharePlan, backref="weights", verbose_name="分摊方案")
    kind = ChoiceField(UnitKind, null=True, verbose_name="房屋类别")
    floor = CountField(low=-9, high=200, null=True, verbose_name="从楼层")
    coefficient = ScaledField(2, low=Decimal(0), high=Decimal(999), verbose_name="系数")

    class Meta:
        title = "分摊系数"

    def label(self) -> str:
        """Return 商铺 2.00, or 6 层起 1.20."""
        floor = "" if self.floor is None else f"{self.floor} 层起"
        kind = self.kind.value if self.kind else ""
        return " ".join(filter(None, (kind, floor, str(self.coefficient))))


class SharePart(Record):
    """分摊组合: how much of a cost is shared by one of several bases."""

    plan = LinkField(SharePlan, backref="parts", verbose_name="分摊方案")
    base = ChoiceField(ShareBase, verbose_name="分摊方式")
    percent = CountField(low=1, high=WHOLE, verbose_name="占(%)")

    class Meta:
        title = "分摊组合"

    def label(self) -> str:
        """Return 面积 60%."""
        return f"{self.base.value} {self.percent}%"


# -- entering -------------------------------------------------------------------------------------


def _rows(
    name: str, label: str, record: Any, names: Sequence[str], needed: Sequence[str], none: str
) -> Input:
    """Return the input for rows of a plan that are records of their own."""

    def columns() -> list[Input]:
        return [Input(one, record.fields()[one], required=one in needed) for one in names]

    field = RowsField(columns, null=True, verbose_name=label)
    field.name = name
    return Input(name, field, required=False, without=none)


def _entered() -> list[Input]:
    """Return what a plan is entered with, in an order that puts its tables side by side in the form."""
    head = inputs_from(lambda: SharePlan, "name", "kind", "item", "from_floor")()
    rule = inputs_from(lambda: SharePlan, "base", "vacant", "unsold", "agreed")()
    weighted, mixed = ("kind", "floor", "coefficient"), ("base", "percent")
    return [
        *head,
        _rows("scopes", "范围", ShareScope, ("building", "entrance"), (), "不填为全小区"),
        _rows("weights", "系数表", ShareWeight, weighted, ("coefficient",), "不填都按 1"),
        *rule,
        _rows("parts", "组合", SharePart, mixed, mixed, "分摊方式为组合时填"),
    ]


@deed("fees.add_share_plan", "新增分摊方案", ITEMS, inputs=_entered)
def add_share_plan(scopes: Rows = None, weights: Rows = None, parts: Rows = None, **values: Any) -> SharePlan:
    """Enter by which rule a common cost is shared.

    Raises:
        BadInput: the item is none for common costs, the rows do not fit the base, or no agreement is named.
    """
    _check_item(values["item"])
    _check_scopes(scopes or [])
    base = values.get("base") or ShareBase.AREA
    _check_parts(base, parts or [])
    if _wants_weights(base, parts or []) and not weights:
        raise BadInput("按系数分摊，却没有系数。请在“系数表”里填写各楼层或类别的系数。", "weights")
    plan = SharePlan.add(**values)
    for record, rows in ((ShareScope, scopes), (ShareWeight, weights), (SharePart, parts)):
        for row in rows or []:
            record.add(plan=plan, **row)
    check_agreed(plan, plan.agreed)
    return plan


def _check_item(item: FeeItem) -> None:
    if item.category is not Category.SHARED or not item.active:
        raise BadInput(
            f"{item.name}不能用来分摊：要选一个在用的、类别为“{Category.SHARED.value}”的收费项目。", "item"
        )
    going_on = Assignment.until.is_null() | (Assignment.until >= date.today())
    if Assignment.select().where(going_on & (Assignment.item == item)).exists():
        raise BadInput(
            f"{item.name}已按单价设给房屋收费，再分摊会重复收取。请为分摊另建一个收费项目，或先结束那些收费。",
            "item",
        )


def _check_scopes(rows: Sequence[dict[str, Any]]) -> None:
    for number, row in enumerate(rows):
        building, entrance = row.get("building"), row.get("entrance")
        if entrance is not None and building is not None and entrance.building != building:
            raise RowRefused(
                f"{entrance.label()}不在{building.label()}里。请只填其中一个。", "scopes", number
            )


def _check_parts(base: ShareBase, rows: Sequence[dict[str, Any]]) -> None:
    """Refuse a mix that is none, or does not come to the whole."""
    if (base is ShareBase.MIX) != bool(rows):
        raise BadInput("“组合”要与分摊方式一致：分摊方式选“组合”才填，并且要填。", "parts")
    bases = [row["base"] for row in rows]
    if ShareBase.MIX in bases or len(set(bases)) != len(bases):
        raise BadInput("“组合”里每种分摊方式只能有一行，不能再填“组合”。", "parts")
    total = sum(row["percent"] for row in rows)
    if rows and total != WHOLE:
        raise BadInput(f"“组合”各行合计要正好 100%，现在是 {total}%。", "parts")


def _wants_weights(base: ShareBase, parts: Sequence[dict[str, Any]]) -> bool:
    return ShareBase.COEFFICIENT in (base, *(row["base"] for row in parts))


def check_agreed(plan: SharePlan, agreed: str | None) -> None:
    """Refuse a rule that departs from sharing by area and names no agreement (forms.md B1.2, B1.4).

    Raises:
        BadInput: says by what it departs.
    """
    departs = departures(plan)
    if departs and not agreed:
        raise BadInput(
            f"{plan.name}{'、'.join(departs)}，不是按面积由各户分摊，须有约定。"
            "请填“约定依据”：合同条款号或业主大会决议号（民法典第283条）。",
            "agreed",
        )


def departures(plan: SharePlan) -> list[str]:
    """Return in which ways a plan departs from sharing by area among all in its scope."""
    found = [] if plan.base is ShareBase.AREA else [f"按{plan.base.value}分摊"]
    found += ["有系数"] if plan.weights.exists() else []
    found += [f"从 {plan.from_floor} 层起分摊"] if plan.from_floor is not None else []
    found += [f"空置按 {plan.vacant}%"] if plan.vacant != WHOLE else []
    return found + ([f"未售未交按 {plan.unsold}%"] if plan.unsold != WHOLE else [])


def given_of(plan: SharePlan) -> dict[str, Any]:
    """Return what a plan was entered with, but for its name, so that another may begin as it is."""
    head = ("kind", "item", "from_floor", "base", "vacant", "unsold", "agreed")
    return {
        **{name: getattr(plan, name) for name in head},
        "scopes": [{"building": one.building, "entrance": one.entrance} for one in plan.scopes],
        "weights": [
            {"kind": one.kind, "floor": one.floor, "coefficient": one.coefficient} for one in plan.weights
        ],
        "parts": [{"base": one.base, "percent": one.percent} for one in plan.parts],
    }


# -- in words --------------------------------------------------------------------------------------


def scope_text(plan: SharePlan) -> str:
    """Return 1栋、2栋1单元 3 层起."""
    places = "、".join(scope.label() for scope in plan.scopes.order_by(ShareScope.id)) or "全小区"
    return places if plan.from_floor is None else f"{places} {plan.from_floor} 层起"


def base_text(plan: SharePlan) -> str:
    """Return 面积, or 面积 60%＋户 40%."""
    return "＋".join(part.label() for part in plan.parts.order_by(SharePart.id)) or str(plan.base.value)


def weights_text(plan: SharePlan) -> str:
    """Return 1 层起 1.00、6 层起 1.20; empty where every house counts alike."""
    return "、".join(weight.label() for weight in plan.weights.order_by(ShareWeight.id))


@listing("share_plans", "分摊方案", "fees", VIEW, "item")
def share_plans(filters: Filters) -> RowListing:
    """By which rules common costs are shared."""
    query = SharePlan.select(SharePlan, FeeItem).join(FeeItem).order_by(SharePlan.active.desc(), SharePlan.id)
    query = filters.narrow(query, item=SharePlan.item)
    columns = (
        Shown("name", SharePlan.name),
        Shown("kind", SharePlan.kind),
        Shown("item", FeeItem.name),
        Shown("scope", LineField(verbose_name="范围", max_length=200)),
        Shown("base", LineField(verbose_name="分摊方式", max_length=80)),
        Shown("weights", LineField(verbose_name="系数表", max_length=200)),
        Shown("vacant", SharePlan.vacant, total=False),
        Shown("unsold", SharePlan.unsold, total=False),
        Shown("agreed", SharePlan.agreed),
        Shown("active", SharePlan.active),
    )
    return RowListing(columns, map(_listed, query), record=SharePlan)


def _listed(plan: SharePlan) -> tuple[int, tuple[Any, ...]]:
    words = (scope_text(plan), base_text(plan), weights_text(plan))
    rest = (plan.vacant, plan.unsold, plan.agreed, plan.active)
    return plan.id, (plan.name, plan.kind, plan.item.name, *words, *rest)
