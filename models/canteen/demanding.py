"""编制需求 (CA-01): what is needed, less what is there and on its way, in whole packs, goes to be bought.

What is needed is told in units of issue; what is to be bought follows from it (`models.canteen.supply`).
Approved plans go together into the purchase plans of their months, goods by goods
(`models.suppliers.planning`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal
from typing import Annotated, Any

from models.base import journal
from models.canteen.demands import Demand, DemandLine, DemandState
from models.canteen.items import LEAST, NONE, StockItem
from models.canteen.outlook import paces
from models.canteen.supply import Cover, covers, packs
from models.clock import now
from models.deeds import actor, deed
from models.entries import Filling, Line, Sheet, entry
from models.errors import BadInput, RuleBroken
from models.fields import DayField, LineField, LinkField, LinksField, PriceField, StockField
from models.inputs import Asked, Input
from models.listings import Filters, Shown
from models.months import Month
from models.office.chains import Step, approvable
from models.office.staff import Department
from models.rows import RowRefused, RowsField
from models.series import Series
from models.suppliers.goods import Goods, trimmed, worth
from models.suppliers.orders import last_price
from models.suppliers.planning import draft_plan, usual_supplier
from models.suppliers.plans import PurchasePlan
from models.suppliers.register import Supplier
from models.suppliers.rights import PLAN

DEMANDS = Series("XQ", "物品需求计划", digits=2)
ROWS = "rows"
AHEAD = 7
"""Days whose use is proposed: plans are made for the week to come."""


def _inputs() -> list[Input]:
    return [
        Input("item", LinkField(StockItem, verbose_name="物品").roomier(16), required=True),
        Input("need", StockField(low=LEAST, verbose_name="需求数量"), required=True),
        Input(
            "needed_on",
            DayField(null=True, verbose_name="需用日期"),
            required=False,
            without="不填为需求期起",
        ),
        Input(
            "supplier", LinkField(Supplier, null=True, verbose_name="建议供方").roomier(14), required=False
        ),
        Input("purpose", LineField(max_length=40, null=True, verbose_name="用途"), required=False),
        Input(
            "price",
            PriceField(null=True, verbose_name="参考单价"),
            required=False,
            without="不填为上次单价",
        ),
    ]


@deed("canteen.draft_demand", "编制需求计划", PLAN)
def draft_demand(
    rows: Annotated[list[dict[str, Any]], Asked(RowsField(_inputs, verbose_name="物品"))],
    department: Annotated[Department, Asked(LinkField(Department, verbose_name="需求部门"))],
    first: Annotated[date | None, Asked(DayField(null=True, verbose_name="需求期起"), "不填为明天")] = None,
    last: Annotated[date | None, Asked(DayField(null=True, verbose_name="需求期止"), "不填为七天")] = None,
) -> Demand:
    """Write down what a department needs; what is to be bought of it is worked out.

    Raises:
        RowRefused: an item is not kept any more, is needed outside the span, or never bought has no price.
        RuleBroken: all that is needed is there, or on its way.
        BadInput: the span has passed, or ends before it begins.
    """
    today = now().date()
    begins = first or today + timedelta(days=1)
    ends = last or begins + timedelta(days=AHEAD - 1)
    if begins < today or ends < begins:
        raise BadInput(f"需求期 {begins} 至 {ends} 不对。请填今天以后的日期，止不早于起。", "first")
    lines = _worked_out(rows, begins, ends)
    if not any(one["planned"] for one in lines):
        raise RuleBroken("这些物品的现存和在途已经够用，不用采购。")
    made = Demand.add(
        number=DEMANDS.next(today), department=department, first=begins, last=ends, made_at=now(),
        made_by=actor().name,
    )  # fmt: skip
    for position, one in enumerate(lines, start=1):
        DemandLine.add(demand=made, position=position, **one)
    journal().subject = made
    return made


def _worked_out(rows: Sequence[Mapping[str, Any]], first: date, last: date) -> list[dict[str, Any]]:
    found: dict[int, dict[str, Any]] = {}
    taken: dict[int, Cover] = {}
    for number, row in sorted(enumerate(rows), key=lambda one: one[1].get("needed_on") or first):
        item, day = row["item"], row.get("needed_on") or first
        if not item.active:
            raise RowRefused(f"{item.label()} 已停用。请另选，或先启用。", ROWS, number, "item")
        if not first <= day <= last:
            raise RowRefused(f"需用日期 {day} 不在需求期 {first} 至 {last} 内。", ROWS, number, "needed_on")
        cover = covers([item], day, now().date())[item.id].after(taken.get(item.id))
        told = {"stock": cover.stock, "coming": cover.coming, "others": cover.others}
        planned = packs(item, cover.take(row["need"]))
        taken[item.id] = cover
        price = row["price"] if row.get("price") is not None else last_price(item.goods)
        if price is None and not planned:
            price = Decimal("0.0000")
        if price is None:
            unknown = f"{item.label()} 没有买过，请填参考单价（每{item.goods.unit}）。"
            raise RowRefused(unknown, ROWS, number, "price")
        found[number] = {
            **told, "item": item, "need": row["need"], "needed_on": day, "planned": planned, "price": price,
            "amount": worth(planned, price), "purpose": row.get("purpose"),
            "supplier": row.get("supplier") or usual_supplier(item.goods),
        }  # fmt: skip
    return [found[number] for number in range(len(rows))]


approvable(
    "canteen.approve_demand",
    default=(Step("客服主管", "部门主管"), Step("管理处主任", "服务中心经理")),
    on=True,
    amount=lambda values: values["self"].total(),
)


# -- into the purchase plans -----------------------------------------------------------------------


class Consolidated:
    """The purchase plans that came of demands."""

    def __init__(self, plans: Sequence[PurchasePlan]) -> None:
        self.plans = plans

    def done(self) -> str:
        """Return 已编制 1 份采购计划."""
        return f"已编制 {len(self.plans)} 份采购计划"

    def summary(self) -> str:
        """Return what they are called and come to."""
        return "；".join(one.described() for one in self.plans) + "。请申请批准。"


@deed("canteen.consolidate", "汇入采购计划", PLAN)
def consolidate(
    demands: Annotated[list[Demand], Asked(LinksField(Demand, verbose_name="需求计划"))],
    department: Annotated[
        Department | None,
        Asked(LinkField(Department, null=True, verbose_name="申请部门"), "不填为需求部门"),
    ] = None,
) -> Consolidated:
    """Put approved demands together into purchase plans, goods by goods, by supplier, month by month.

    What was needed on a day that has passed is needed today.

    Raises:
        RuleBroken: one is not approved or went in already, they are of several departments and none is named,
            or a purchase plan refuses its lines (`models.suppliers.planning.draft_plan`).
    """
    whole = list({one.id: one for one in demands}.values())
    for one in whole:
        if one.state is not DemandState.APPROVED:
            raise RuleBroken(f"需求计划 {one.number} 是“{one.state.value}”，不能汇入。请选已批准的。")
    if department is None and len({one.department_id for one in whole}) > 1:
        raise RuleBroken("选中的是几个部门的需求计划，请写明由哪个部门申请采购。")
    by_month: dict[Month, list[DemandLine]] = {}
    today = now().date()
    for one in whole:
        for line in one.lines.order_by(DemandLine.position):
            if line.approved:
                by_month.setdefault(Month.of(max(line.needed_on, today)), []).append(line)
    numbers = "、".join(one.number for one in whole)
    place = department or whole[0].department
    made = [
        draft_plan(place, month, _rows(lines), f"由 {numbers} 汇总"[:120])
        for month, lines in sorted(by_month.items(), key=lambda pair: pair[0].number)
    ]
    told = "、".join(str(one.number) for one in made)[:120]
    for one in whole:
        one.move_to(DemandState.TAKEN, purchases=told)
    return Consolidated(made)


def _rows(lines: Sequence[DemandLine]) -> list[dict[str, Any]]:
    """Return the rows of a purchase plan: each goods once, in the order of their suppliers."""
    by_goods: dict[int, list[DemandLine]] = {}
    today = now().date()
    for line in lines:
        by_goods.setdefault(line.item.goods_id, []).append(line)
    rows = [
        {
            "goods": mine[0].item.goods,
            "quantity": sum((line.approved for line in mine), NONE),
            "needed_on": max(today, min(line.needed_on for line in mine)),
            "stock": (mine[0].stock / mine[0].item.per).quantize(NONE),
            "price": mine[0].price,
            "supplier": next((line.supplier for line in mine if line.supplier), None),
            "account": None,
            "over": None,
        }
        for mine in by_goods.values()
    ]
    return sorted(rows, key=lambda row: row["supplier"].number if row["supplier"] else "~")


# -- the sheet -------------------------------------------------------------------------------------


@entry("demanding", "编制需求计划", "canteen.draft_demand", ROWS, ("need", "needed_on", "price", "purpose"))
def demanding(filters: Filters) -> Sheet:
    """What is kept in stock, what is short on top; equals proposes a week's use and the least stock."""
    today = now().date()
    pace = paces(today)
    query = StockItem.select(StockItem, Goods).join(Goods).where(StockItem.active == True)
    items = list(query.order_by(StockItem.code))
    found = covers(items, today + timedelta(days=1), today)
    lines = []
    for item in sorted(items, key=lambda one: (one.least is None or one.stock >= one.least, one.code)):
        daily = pace.get(item.id, NONE)
        use = (daily * AHEAD + (item.least or NONE)).to_integral_value(ROUND_CEILING).quantize(NONE)
        cover = found[item.id]
        told = (
            item.code, item.label(), item.unit, cover.stock, cover.coming, cover.others, item.least,
            daily.quantize(NONE),
        )  # fmt: skip
        lines.append(Line(item.code, told, {"item": item, "free": cover.free}, {"need": use} if use else {}))
    return Sheet(
        told=(
            Shown("code", StockItem.code),
            Shown("name", LineField(max_length=80, verbose_name="物品")),
            Shown("unit", StockItem.unit),
            Shown("stock", StockItem.stock),
            Shown("coming", DemandLine.coming),
            Shown("others", DemandLine.others),
            Shown("least", StockItem.least),
            Shown("pace", StockField(verbose_name="日均用量")),
        ),
        lines=lines,
        judge=lambda line, row: "没有填需求数量" if row.get("need") is None else "",
        follows=_follows,
        strict="need",
        filling=Filling.SPARSE,
        warns="" if lines else "还没有库存物品。先在“设置”的“库存物品”里新增。",
    )


def _follows(line: Line, row: Mapping[str, Any]) -> str:
    """Tell what is to be bought."""
    item: StockItem = line.fixed["item"]
    bought = packs(item, row["need"] - line.fixed["free"])
    return f"采购 {trimmed(bought)} {item.goods.unit}" if bought else "够用，不用买"
