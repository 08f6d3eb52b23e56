"""SU-05 月度采购计划申请单 and SU-06 采购订单及催货跟踪表: what is to be bought, ordered, and what came."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from models.errors import BadInput
from models.months import Month
from models.office.approvals import numbered, pending_on
from models.office.budget import remainder
from models.suppliers.orders import NOTHING, OrderLine, OrderState, PurchaseOrder
from models.suppliers.plans import PlanLine, PlanState, PurchasePlan
from models.suppliers.purchase_lists import plan_sums_of
from models.suppliers.rights import VIEW
from reports.approvals import cells_of, signed_on
from reports.numbered import by_number
from reports.paper import A4_LANDSCAPE, Column, Field, Form, Sheet, Sign, Total, declare, open_total
from reports.paper.values import plain
from reports.papers import PaperRequest, paper

_L = PlanLine
_NOTHING = Decimal("0.00")

PLAN = declare(
    Form(
        code="SU-05",
        title="月度采购计划申请单",
        module="suppliers",
        paper=A4_LANDSCAPE,
        lead=(
            Field("month", PurchasePlan.month),
            Field("department", PurchasePlan.department),
            Field("state", PurchasePlan.state),
        ),
        columns=(
            Column("序号", 8, "number"),
            Column("名称", 26),
            Column("规格", 20),
            Column("单位", 9, "center"),
            Column(_L.stock, 14, "number"),
            Column("申请数量", 16, "number"),
            Column("单价", 17, "number"),
            Column(_L.amount, 22, "money"),
            Column("需用日", 20, "day"),
            Column(_L.supplier, 28),
            Column(_L.account, 19),
            Column("预算余额", 23, "money"),
            Column("批准数量", 16, "number"),
            Column("完成", 21),
        ),
        totals=(open_total("合计", 14, (7,)),),
        signatures=tuple(Sign(label, 36, 12) for label in ("申请", "部门", "物配", "财务(预算)", "常务副总")),
        number_rule="CGJ-YYYYMM-部门",
        retention="R5",
    )
)

ORDERS = declare(
    Form(
        code="SU-06",
        title="采购订单及催货跟踪表",
        module="suppliers",
        paper=A4_LANDSCAPE,
        lead=(Field("period", "期间或供方"), Field("due", "约定到货", kind="date")),
        columns=(
            Column("订单号", 31, "code"),
            Column("供方", 25),
            Column("物品", 26),
            Column("数量", 14, "number"),
            Column("单价", 16, "number"),
            Column("金额", 21, "money"),
            Column("约定到货", 20, "day"),
            Column("催货（时间、人、答复）", 40),
            Column("实到", 20, "day"),
            Column("逾期天数", 11, "number"),
            Column("验收单号", 27),
            Column("退换单号", 27),
            Column("状态", 15, "center"),
        ),
        totals=(open_total("合计", 13, (5,)),),
        signatures=("采购", "物配中心"),
        number_rule="DD-YYYYMM-NNN",
        retention="R5",
    )
)


@paper("SU-05", VIEW, "number", "period")
def plans(request: PaperRequest) -> Iterator[Sheet]:
    """Fill in plans by their numbers, or what all departments want in a month, put together."""
    if request.number is not None:
        for plan in by_number(PurchasePlan, request.number, VIEW):
            yield _plan(plan)
    elif request.period is None:
        raise BadInput("请写明计划号或月份，例如 CGJ-202611-食堂、2026-11。", "period")
    else:
        yield from _together(request.period.require_month(), request.printed_by)


def _plan(plan: PurchasePlan) -> Sheet:
    approval = numbered(plan.approval) if plan.approval else pending_on("suppliers.approve_plan", plan)
    lines = list(plan.lines.order_by(PlanLine.position))
    left = {line.account_id: remainder(line.account, line.needed_on) for line in lines}
    over = [f"{line.goods.label()}：{line.over}" for line in lines if line.over]
    cut = [f"{line.goods.label()}：{line.cut}" for line in lines if line.cut]
    form = PLAN if approval is None else replace(PLAN, signatures=cells_of(approval))
    return Sheet(
        form,
        number=plan.number,
        values={
            "month": plan.month.chinese, "department": plan.department.name, "state": plan.state.value,
        },
        rows=[_row(line, left[line.account_id]) for line in lines],
        totals=(_total(plan.total()),),
        notes=[
            *([("说明", plan.note)] if plan.note else []),
            *([("超预算原因", "；".join(over))] if over else []),
            *([("核减原因", "；".join(cut))] if cut else []),
            ("预算余额", "需用日所在季度末以前还可以用的，已扣除占用和执行。"),
        ],
        signed=signed_on(approval) if approval is not None else {"申请": plan.made_by},
        watermark="草稿" if plan.state is PlanState.DRAFT else "",
    )  # fmt: skip


def _total(amount: Decimal) -> Total:
    return Total("合计", (*(None,) * 7, amount, *(None,) * 6))


def _row(line: PlanLine, left: Decimal | None) -> tuple[Any, ...]:
    goods, stock = line.goods, line.stock
    return (
        line.position, goods.name, goods.spec, goods.unit, None if stock is None else plain(stock),
        plain(line.quantity), PlanLine.price.show(line.price), line.amount, line.needed_on,
        line.supplier.name if line.supplier else None, line.account.name, left,
        plain(line.approved) if line.approved is not None else "", _came(line),
    )  # fmt: skip


def _came(line: PlanLine) -> str:
    """Return how much of a line came, and when all of it had: 11-20 到齐."""
    ordered = [one for one in line.ordered if one.order.state is not OrderState.CANCELLED]
    came = sum((one.accepted for one in ordered), NOTHING)
    if not ordered:
        return ""
    if line.approved is not None and came >= line.approved:
        days = [one.arrived_on for one in ordered if one.arrived_on is not None]
        return f"{max(days):%m-%d} 到齐" if days else "到齐"
    return f"已收 {plain(came)}"


def _together(month: Month, printed_by: str) -> Iterator[Sheet]:
    rows, total = [], _NOTHING
    for number, one in enumerate(plan_sums_of(month), start=1):
        total += one.amount
        rows.append(
            (
                number, one.goods.name, one.goods.spec, one.goods.unit, None, plain(one.quantity), None,
                one.amount, one.needed_on, one.suppliers, one.accounts, None,
                plain(one.approved) if one.approved else "", one.departments,
            )
        )  # fmt: skip
    if rows:
        yield Sheet(
            PLAN,
            number=f"CGJ-{month.first:%Y%m}-汇总",
            values={"month": month.chinese, "department": "各部门汇总", "state": None},
            rows=rows,
            totals=(_total(total),),
            notes=[("汇总", "同一物品各部门合并；末列为申请部门。各部门的申请单另附。")],
            signed={"申请": printed_by},
        )


@paper("SU-06", VIEW, "number", "period")
def orders(request: PaperRequest) -> Iterator[Sheet]:
    """Fill in orders by their numbers, one sheet each, or those of a period on one."""
    if request.number is not None:
        for order in by_number(PurchaseOrder, request.number, VIEW):
            due = {"period": order.supplier.name, "due": order.due}
            yield _orders([order], order.number, due, order.made_by)
    elif request.period is None:
        raise BadInput("请写明订单号或期间，例如 DD-202611-001、2026-11。", "period")
    else:
        within = PurchaseOrder.ordered_on.between(request.period.first, request.period.last)
        found = list(PurchaseOrder.select().where(within).order_by(PurchaseOrder.number))
        if found:
            number = f"DD-{request.period.first:%Y%m}"
            values = {"period": request.period.name, "due": None}
            yield _orders(found, number, values, request.printed_by)


def _orders(found: Sequence[PurchaseOrder], number: str, values: dict[str, Any], who: str) -> Sheet:
    rows: list[Any] = []
    for order in found:
        chased = "；".join(
            f"{one.at:%m-%d %H:%M} {one.whom}：{one.answer}" for one in order.chases.order_by("at")
        )
        for line in order.lines.order_by(OrderLine.id):
            rows.append(_order_row(order, line, chased))
            chased = "同上" if chased and len(chased) > len("同上") else chased
    whole = sum((row[5] for row in rows), _NOTHING)
    outside = [f"{one.number}：{one.outside}" for one in found if one.outside]
    ended = [f"{one.number} {one.state.value}：{one.why}" for one in found if one.why]
    return Sheet(
        ORDERS,
        number=number,
        values=values,
        rows=rows,
        totals=(Total("合计", (*(None,) * 5, whole, *(None,) * 7)),),
        notes=[
            *([("名录外采购", "；".join(outside))] if outside else []),
            *([("取消与结案", "；".join(ended))] if ended else []),
        ],
        signed={"采购": who},
        watermark="已取消" if len(found) == 1 and found[0].state is OrderState.CANCELLED else "",
    )


def _order_row(order: PurchaseOrder, line: OrderLine, chased: str) -> tuple[Any, ...]:
    lots = list(line.received)
    came = line.arrived_on or (date.today() if order.state is OrderState.OPEN else order.ended_on)
    late = max(0, (came - order.due).days) if came is not None else 0
    return (
        line.code, order.supplier.name, line.goods.label(), plain(line.quantity),
        OrderLine.price.show(line.price), line.amount, order.due, chased,
        line.arrived_on, late or None, _numbers(lot.receipt.number for lot in lots),
        _numbers(back.number for lot in lots for back in lot.returns), order.state.value,
    )  # fmt: skip


def _numbers(found: Iterable[str]) -> str:
    return "、".join(dict.fromkeys(found))
