"""CA-04 出库（领用）单: what was issued of which lots, what it cost, and what was left."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from models.canteen.issues import GoodsIssue, IssueLine, Purpose
from models.canteen.lots import StockLot
from models.canteen.moves import unit_price
from models.canteen.rights import VIEW
from models.fields import PriceField
from models.money import thousands
from models.office.approvals import numbered
from models.suppliers.goods import Goods
from reports.approvals import signed_on
from reports.numbered import asked_for
from reports.paper import A5_LANDSCAPE, Column, Field, Form, Note, Sheet, Sign, Total, declare, open_total
from reports.paper.values import plain
from reports.papers import Filled, PaperRequest, paper

FORM = declare(
    Form(
        code="CA-04",
        title="出库（领用）单",
        module="canteen",
        paper=A5_LANDSCAPE,
        lead=(Field("day", GoodsIssue.day, kind="date"),),
        head=(
            Field("department", GoodsIssue.department, span=4),
            Field("purpose", GoodsIssue.purpose, span=5, choices=tuple(one.value for one in Purpose)),
            Field("meal", "餐次人数", span=3),
        ),
        columns=(
            Column("序号", 8, "number"),
            Column(Goods.name, 25),
            Column("规格型号", 18),
            Column("单位", 9, "center"),
            Column(IssueLine.asked, 14, "number"),
            Column(IssueLine.quantity, 14, "number"),
            Column("批次", 26),
            Column(StockLot.expires_on, 18, "day"),
            Column("单价", 15, "number"),
            Column("金额", 18, "money"),
            Column(IssueLine.left, 15, "number"),
        ),
        min_rows=6,
        size=8,
        totals=(open_total("合计", 11, (9,)),),
        notes=(("计价", "库存按移动加权平均计价；补登以前日期的单据，其后的单价随之重算。"),),
        signatures=tuple(Sign(label, 20, 8) for label in ("领用", "批准", "复核", "发放")),
        copies=("仓库联", "财务联"),
        number_rule="CK-YYYYMM-NNN",
        retention="R3",
    )
)


@paper("CA-04", VIEW, "number", "period")
def issues(request: PaperRequest) -> Filled:
    """Fill in issue slips by their numbers, or those of a period."""
    found = asked_for(
        request, GoodsIssue, VIEW, GoodsIssue.day, "出库单号或期间，例如 CK-202611-001、2026-11"
    )
    return Filled(map(_sheet, found), len(found))


def _sheet(one: GoodsIssue) -> Sheet:
    lines = list(one.lines.order_by(IssueLine.id))
    rows = [_row(number, line) for number, line in enumerate(lines, start=1)]
    approval = numbered(one.number)
    signed: dict[str, Any] = {"领用": one.taker, "复核": one.witness, "发放": one.made_by}
    if approval is not None:
        signed |= {label: name for label, name in signed_on(approval).items() if label == "批准"}
    heads = f"{one.meal.value} {one.heads} 人" if one.meal else ""
    case = f"（{one.case.number}）" if one.case else ""
    return Sheet(
        FORM,
        number=one.number,
        values={
            "day": one.day, "department": one.department.name, "purpose": f"{one.purpose.value}{case}",
            "meal": heads,
        },
        rows=rows,
        totals=(Total("合计", (*(None,) * 9, sum((row[9] for row in rows), Decimal("0.00")), None)),),
        notes=_notes(one, lines),
        signed=signed,
    )  # fmt: skip


def _row(number: int, line: IssueLine) -> tuple[Any, ...]:
    goods, amount = line.item.goods, -line.move.amount
    price = PriceField().show(unit_price(amount, line.quantity))
    return (
        number, goods.name, goods.spec, line.item.unit, plain(line.asked), plain(line.quantity),
        line.lot.code, line.lot.expires_on, price, amount, plain(line.left),
    )  # fmt: skip


def _notes(one: GoodsIssue, lines: list[IssueLine]) -> list[Note]:
    skipped = [f"{line.lot.code}：{line.skipped}" for line in lines if line.skipped]
    back = [f"{line.item.label()} {line.item.told(line.back)}" for line in lines if line.back]
    each = one.each()
    return [
        *([("人均", f"{thousands(each)} 元（扣除退库后）。")] if each is not None else []),
        *([("跳批原因", "；".join(skipped))] if skipped else []),
        *([("已退库", f"{'；'.join(back)}，净额 {thousands(one.total())} 元。")] if back else []),
        *([("备注", one.note)] if one.note else []),
    ]
