"""FE-09 公共能耗分摊计算表: what a common cost was, how it was shared and that it adds up, to be put up."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from models.base import db
from models.errors import BadInput
from models.fees.rights import VIEW
from models.fees.share_plans import WHOLE, CommonKind, ShareBase, weights_text
from models.fees.shares import CostState, Share, SharedCost
from models.money import from_scaled, thousands
from models.months import chinese_day
from models.owners.estate import Unit
from reports.paper import (
    A4_LANDSCAPE,
    Boxes,
    Column,
    Field,
    Form,
    Note,
    Sheet,
    Table,
    Total,
    declare,
    open_total,
)
from reports.papers import PaperRequest, paper

MEANS = (
    "应摊=总额×基数×系数÷分摊基数。先按分截位，余下的分按截去部分从大到小各加 0.01 元，并列的按房号顺序，"
    "因此各户实摊合计总等于总额。分摊方式有约定的按约定，没有约定的按专有部分面积所占比例（民法典第283条）。"
)
BY_HAND = "　　　　年　　月　　日至　　　　年　　月　　日"
PROOF = "Σ=总额校验"

FORM = declare(
    Form(
        code="FE-09",
        title="公共能耗分摊计算表（公示）",
        module="fees",
        paper=A4_LANDSCAPE,
        lead=(Field("month", SharedCost.month),),
        head=(
            Field("kind", SharedCost.kind, span=6, choices=tuple(kind.value for kind in CommonKind)),
            Field("scope", SharedCost.scope, span=6),
            Field("previous", SharedCost.previous, span=3, kind="number", places=2),
            Field("current", SharedCost.current, span=3, kind="number", places=2),
            Field("multiplier", SharedCost.multiplier, span=3, kind="number"),
            Field("used", "用量(kWh/m³)", span=3, kind="number", places=2),
            Field("excluded_used", SharedCost.excluded_used, span=3, kind="number", places=2),
            Field("excluded", SharedCost.excluded, span=3, kind="money"),
            Field("price", SharedCost.price, span=3, kind="number", places=4),
            Field("amount", "总额(元)", span=3, kind="money"),
            Field("base", SharedCost.base, span=6, choices=tuple(base.value for base in ShareBase)),
            Field("total_base", SharedCost.total_base, span=3, kind="number"),
            Field("unit_share", SharedCost.unit_share, span=3, kind="number", places=6),
            Field("agreed", SharedCost.agreed, span=6),
            Field("source", SharedCost.source, span=6),
        ),
        columns=(
            Column(Unit.code, 45, "code"),
            Column(Share.quantity, 42, "number", places=2),
            Column(Share.coefficient, 30, "number"),
            Column("应摊(元，未舍入)", 50, "number", places=6),
            Column("实摊(元)", 45, "money", summed=True),
            Column("尾差调整(元)", 45, "money", summed=True),
        ),
        blank_rows=10,
        page_subtotal="本页小计",
        totals=(
            open_total("合计", 6, [4, 5]),
            Total(PROOF, text="各户实摊合计　　　　元，总额　　　　元，差额　　　　元"),
        ),
        more=(
            Table(
                (
                    Column("剔除项", 130),
                    Column("剔除用量", 60, "number", places=2),
                    Column("剔除金额(元)", 67, "money"),
                ),
                name="exclusions",
                caption="剔除项（不参加分摊）",
                min_rows=1,
            ),
            Table(
                (Column(Unit.code, 60, "code"), Column("原因", 197)),
                name="left_out",
                caption="不分摊的房屋",
                min_rows=1,
            ),
            Boxes((Field("shown", "公示起止", span=12),)),
        ),
        notes=(("口径", MEANS),),
        signatures=("抄表一", "抄表二", "制表"),
        number_rule="FT-YYYYMM-NNN",
        retention="R10",
    )
)


_HEAD = (
    "scope", "previous", "current", "multiplier", "used", "excluded_used", "price", "amount", "unit_share",
    "agreed", "source",
)  # fmt: skip


@paper("FE-09", VIEW, "number", "period")
def shared(request: PaperRequest) -> Iterator[Sheet]:
    """Fill in what was shared: one document by its number, or those of a month that hold."""
    if request.number is None and request.period is None:
        raise BadInput("请写明分摊单号或月份，例如 FT-202611-001 或 2026-11。", "number")
    for cost in _wanted(request):
        yield _sheet(cost, request.printed_by)


def _wanted(request: PaperRequest) -> list[SharedCost]:
    if request.number is not None:
        return [SharedCost.find(request.number.strip().upper())]
    assert request.period is not None
    of_months = SharedCost.month.between(*request.period.months)
    query = SharedCost.select().where(of_months & (SharedCost.state == CostState.SHARED))
    return list(query.order_by(SharedCost.number))


def _sheet(cost: SharedCost, printed_by: str) -> Sheet:
    rows = list(_rows(cost))
    total = sum((row[4] for row in rows), start=Decimal(0))
    rest = sum((row[5] for row in rows), start=Decimal(0))
    return Sheet(
        FORM,
        number=cost.number,
        values={
            **{name: getattr(cost, name) for name in _HEAD},
            "month": cost.month.chinese,
            "kind": f"{cost.kind.value}（{cost.plan.name}）",
            "excluded": cost.excluded or None,
            "base": _base(cost, any(row[2] != 1 for row in rows)),
            "total_base": _trimmed(cost.total_base),
            "shown": _shown(cost.shown_from, cost.shown_until),
        },
        rows=rows,
        totals=(
            Total("合计", (None, None, None, None, total, rest)),
            Total(PROOF, text=_proof(total, cost.amount)),
        ),
        tables={
            "exclusions": [_exclusion(*one) for one in cost.exclusions or []],
            "left_out": cost.left_out or [],
        },
        notes=list(_notes(cost)),
        signed={"制表": printed_by},
        watermark="作废" if cost.state is CostState.VOID else "",
    )


def _base(cost: SharedCost, weighted: bool) -> str:
    """Return 面积, 面积×系数, or 面积 60%＋户 40%."""
    if cost.mix:
        return str(cost.mix)
    apart = weighted and cost.base is not ShareBase.COEFFICIENT
    return f"{cost.base.value}{'×系数' if apart else ''}"


def _rows(cost: SharedCost) -> Iterator[tuple[Any, ...]]:
    read = (Unit.code, Share.quantity, Share.coefficient, Share.exact, Share.amount, Share.rest)
    query = Share.select(*read).join(Unit).where(Share.cost == cost).order_by(Unit.sort_key)
    for code, quantity, coefficient, exact, amount, rest in db.execute(query):
        weight = _trimmed(from_scaled(coefficient, 4))
        figures = (from_scaled(quantity, 2), weight, from_scaled(exact, 6))
        yield code, *figures, from_scaled(amount, 2), from_scaled(rest, 2)


def _trimmed(value: Decimal) -> Decimal:
    """Drop decimals beyond the second that say nothing."""
    return value.quantize(_CENT) if value == value.quantize(_CENT) else value.normalize()


_CENT = Decimal("0.01")


def _exclusion(name: str, quantity: str | None, amount: str | None) -> tuple[Any, ...]:
    return (name, *(None if value is None else Decimal(value) for value in (quantity, amount)))


def _proof(total: Decimal, amount: Decimal) -> str:
    return (
        f"各户实摊合计 {thousands(total)} 元，总额 {thousands(amount)} 元，"
        f"差额 {thousands(total - amount)} 元"
    )


def _shown(first: date | None, last: date | None) -> str:
    """Return from when to when it is put up; what is not known is written by hand."""
    if first is None or last is None:
        return BY_HAND
    return f"{chinese_day(first)}至{chinese_day(last)}"


def _notes(cost: SharedCost) -> Iterator[Note]:
    """Say how the pool came about, and what 基数 means in a mix."""
    if cost.used is not None:
        told = f"用量 {cost.used:,.2f}，按 {cost.source} 当月的抄表（有换表、过零或估抄）"
        if cost.current is not None:
            shown = f"（{cost.current:,.2f} − {cost.previous:,.2f}）× 倍率 {cost.multiplier}"
            told = f"{shown} = 用量 {cost.used:,.2f}"
        told += f"；（{cost.used:,.2f} − 剔除 {cost.excluded_used:,.2f}）× 单价 {_price(cost)}"
        told += f" − 剔除金额 {cost.excluded:,.2f}" if cost.excluded else ""
        yield "总额", f"{told} = {cost.amount:,.2f} 元。"
    elif cost.excluded:
        invoice = cost.amount + cost.excluded
        yield "总额", f"发票 {invoice:,.2f} − 剔除金额 {cost.excluded:,.2f} = {cost.amount:,.2f} 元。"
    if cost.base is ShareBase.MIX:
        yield "组合", f"{cost.mix}：基数是各户按各方式所占的份额，以百万分之一计，全部为 1,000,000.00。"
    if cost.note:
        yield "备注", cost.note
    weights = weights_text(cost.plan)
    if weights:
        yield "系数", f"{weights}。"
    if (cost.plan.vacant, cost.plan.unsold) != (WHOLE, WHOLE):
        told = "已计入基数" if cost.base is ShareBase.MIX else "已乘在系数里"
        yield "空置", f"空置按 {cost.plan.vacant}%、未售未交按 {cost.plan.unsold}% 计，{told}。"


def _price(cost: SharedCost) -> str:
    return SharedCost.price.show(cost.price)
