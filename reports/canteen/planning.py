"""CA-01 物品需求计划表: what is needed, what is there and on its way, and what is to be bought."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from models.canteen.demands import Demand, DemandLine, DemandState
from models.canteen.rights import VIEW
from models.office.approvals import numbered, pending_on
from models.suppliers.goods import Goods
from reports.approvals import cells_of, signed_on
from reports.numbered import asked_for
from reports.paper import A4_LANDSCAPE, Column, Field, Form, Sheet, Sign, Total, declare, open_total
from reports.paper.values import plain
from reports.papers import PaperRequest, paper

FORM = declare(
    Form(
        code="CA-01",
        title="物品需求计划表",
        module="canteen",
        paper=A4_LANDSCAPE,
        lead=(
            Field("department", Demand.department),
            Field("span", "需求期"),
            Field("made_on", "提交日期", kind="date"),
        ),
        columns=(
            Column("序号", 9, "number"),
            Column(Goods.name, 30),
            Column("规格型号", 22),
            Column("单位", 12, "center"),
            Column(DemandLine.stock, 15, "number"),
            Column(DemandLine.coming, 14, "number"),
            Column(DemandLine.others, 13, "number"),
            Column(DemandLine.need, 17, "number"),
            Column(DemandLine.needed_on, 19, "day"),
            Column(DemandLine.planned, 17, "center"),
            Column(DemandLine.price, 17, "number"),
            Column(DemandLine.amount, 21, "money"),
            Column(DemandLine.supplier, 26),
            Column(DemandLine.purpose, 15),
            Column(DemandLine.approved, 18, "center"),
        ),
        totals=(open_total("合计", 15, (11,)),),
        notes=("采购数量 = 需求 − 现存（到用时没过期的）− 在途 + 他用（别的计划占用的），按采购单位进整。",),
        signatures=tuple(Sign(label, 40, 12) for label in ("申请", "部门主管", "服务中心经理")),
        number_rule="XQ-YYYYMM-NN",
        retention="R3",
    )
)


@paper("CA-01", VIEW, "number", "period")
def demands(request: PaperRequest) -> Iterator[Sheet]:
    """Fill in plans by their numbers, or those whose span begins in a period."""
    found = asked_for(request, Demand, VIEW, Demand.first, "需求计划号或期间，例如 XQ-202611-01、2026-11")
    return map(_sheet, found)


def _sheet(one: Demand) -> Sheet:
    approval = numbered(one.approval) if one.approval else pending_on("canteen.approve_demand", one)
    lines = list(one.lines.order_by(DemandLine.position))
    return Sheet(
        FORM if approval is None else replace(FORM, signatures=cells_of(approval)),
        number=one.number,
        values={
            "department": one.department.name, "span": f"{one.first} 至 {one.last}",
            "made_on": one.made_at.date(),
        },
        rows=[_row(line) for line in lines],
        totals=(Total("合计", (*(None,) * 11, one.total(), None, None, None)),),
        notes=[("汇入采购计划", one.purchases)] if one.purchases else [],
        signed=signed_on(approval) if approval is not None else {"申请": one.made_by},
        watermark="草稿" if one.state is DemandState.DRAFT else "",
    )  # fmt: skip


def _row(line: DemandLine) -> tuple[Any, ...]:
    goods, item = line.item.goods, line.item
    return (
        line.position, goods.name, goods.spec, item.unit, plain(line.stock), plain(line.coming),
        plain(line.others), plain(line.need), line.needed_on, f"{plain(line.planned)} {goods.unit}",
        DemandLine.price.show(line.price), line.amount,
        line.supplier.name if line.supplier else None, line.purpose,
        f"{plain(line.approved)} {goods.unit}" if line.approved is not None else "",
    )  # fmt: skip
