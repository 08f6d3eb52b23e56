"""CA-06, CA-13: the sheet of a count, blind or filled, and the slip by which its differences are booked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

from models.canteen.count_lists import lot_flows
from models.canteen.counting import gain_of
from models.canteen.counts import StocktakeLine, lines_to_count
from models.canteen.items import NONE
from models.canteen.lots import StockLot
from models.canteen.rights import VIEW
from models.canteen.stocktakes import CountState, Stocktake, running
from models.errors import BadInput
from models.office.approvals import numbered, pending_with
from models.suppliers.goods import Goods
from reports.approvals import cells_of, signed_on
from reports.numbered import PEN, asked_for
from reports.paper import A4_LANDSCAPE, Column, Field, Form, Sheet, Sign, Total, declare, open_total
from reports.paper.values import plain
from reports.papers import PaperRequest, paper

NOTHING = Decimal("0.00")
_LEAD = (
    Field("day", Stocktake.day, kind="date"),
    Field("counter", Stocktake.counter),
    Field("witness", "监盘人（非仓管）"),
)
FORM = declare(
    Form(
        code="CA-06",
        title="库房物品盘点清单",
        module="canteen",
        paper=A4_LANDSCAPE,
        lead=_LEAD,
        columns=(
            Column("序号", 9, "number"),
            Column(Goods.name, 23),
            Column("规格", 17),
            Column("单位", 9, "center"),
            Column("批次", 30, "code"),
            Column(StockLot.expires_on, 18, "day"),
            Column("上月结存", 15, "number"),
            Column("本月入", 14, "number"),
            Column("本月出", 14, "number"),
            Column(StocktakeLine.book, 15, "number"),
            Column(StocktakeLine.counted, 15, "number"),
            Column("盈亏", 13, "number"),
            Column(StocktakeLine.price, 15, "number"),
            Column("盈亏额", 17, "money"),
            Column("盘点率%", 14, "number"),
            Column("差异原因", 15),
            Column("处理意见", 14),
        ),
        size=8,
        totals=(open_total("合计", 17, (13,)),),
        notes=(
            ("计价", "按移动加权平均，开始盘点时的单价。与账相符的也列出；实盘栏是复盘后的数。"),
            "盘点率 = 实盘 ÷ 账面。批准后盈亏记账，盘点日及以前的账不再变动。",
        ),
        signatures=tuple(Sign(label, 34, 11) for label in ("盘点", "监盘", "财务", "服务中心经理")),
        number_rule="PD-YYYYMM",
        retention="R10",
    )
)
SLIP = declare(
    Form(
        code="CA-13",
        title="盘盈盘亏调整单",
        module="canteen",
        paper=A4_LANDSCAPE,
        lead=_LEAD,
        columns=(
            Column("序号", 9, "number"),
            Column(Goods.name, 30),
            Column("规格", 22),
            Column("单位", 10, "center"),
            Column("批次", 32, "code"),
            Column(StocktakeLine.book, 18, "number"),
            Column(StocktakeLine.counted, 18, "number"),
            Column("盘盈", 16, "number"),
            Column("盘盈额", 20, "money"),
            Column("盘亏", 16, "number"),
            Column("盘亏额", 20, "money"),
            Column("差异原因", 28),
            Column("处理意见", 24),
        ),
        size=8,
        totals=(open_total("合计", 13, (8, 10)),),
        notes=("只列与账不符的；批准后照此记账，先盈后亏，都按冻结时的平均价。",),
        signatures=tuple(Sign(label, 34, 11) for label in ("盘点", "监盘", "财务", "服务中心经理")),
        number_rule="PD-YYYYMM",
        retention="R10",
    )
)
_BLIND = (
    Column("序号", 10, "number"),
    Column("货位", 24),
    Column(Goods.name, 46),
    Column("规格", 38),
    Column("单位", 14, "center"),
    Column("批次", 32, "code"),
    Column(StockLot.expires_on, 24, "day"),
    Column(StocktakeLine.counted, 30, "number", by_hand=True),
    Column("备注", 39, by_hand=True),
)


def _blind(request: PaperRequest) -> Iterator[Sheet]:
    """Yield the sheet to count by, of the count that is going on: no quantity of the books stands in it."""
    going = running()
    if going is None:
        yield Sheet(FORM, blank=True)
        return
    notes = ("盲盘：照实数填，不看账。账上没有、库里有的写在最后。",)
    form = replace(FORM, columns=_BLIND, totals=(), notes=notes, size=None)
    rows = [
        (number, line.lot.item.place, *_goods(line), line.lot.code, line.lot.expires_on, "", "")
        for number, line in enumerate(lines_to_count(going), start=1)
    ]
    yield Sheet(form, number=going.number, values=_values(going), rows=rows)


def _goods(line: StocktakeLine) -> tuple[Any, ...]:
    item = line.lot.item
    return item.goods.name, item.goods.spec, item.unit


def _values(one: Stocktake) -> dict[str, Any]:
    return {"day": one.day, "counter": one.counter, "witness": one.witness}


@paper("CA-06", VIEW, "number", "period", blank=_blind)
def counts(request: PaperRequest) -> Iterator[Sheet]:
    """Fill in counts that are counted through, by their numbers or those of a period."""
    return map(_count, _through(request))


@paper("CA-13", VIEW, "number", "period")
def slips(request: PaperRequest) -> Iterator[Sheet]:
    """Fill in what differs of counts that are counted through; none of those where all is equal."""
    return (_slip(one) for one in _through(request) if any(line.found != line.book for line in one.lines))


def _through(request: PaperRequest) -> Iterator[Stocktake]:
    told = "盘点单号或期间，例如 PD-202611、2026-11"
    through = Stocktake.state.in_((CountState.READY, CountState.DONE))
    for one in asked_for(request, Stocktake, VIEW, Stocktake.day, told, through):
        if one.state in (CountState.COUNTING, CountState.CHECKING):
            raise BadInput(f"{one.number} 还没有盘完。要数的请打印空表。", "number")
        yield one


def _count(one: Stocktake) -> Sheet:
    flows = lot_flows(one)
    rows = [
        _row(number, line, flows.get(line.lot_id, (NONE, NONE, NONE)))
        for number, line in enumerate(lines_to_count(one), start=1)
    ]
    gains = [row[13] for row in rows if row[13] is not None]
    more, less = (sum((abs(one) for one in part), NOTHING) for part in _parted(gains))
    form, signed = _signed(FORM, one)
    return Sheet(
        form,
        number=one.number,
        values=_values(one),
        rows=rows,
        totals=(Total("合计", (*(None,) * 13, sum(gains, NOTHING), None, None, None)),),
        notes=[("盘盈、盘亏", f"盘盈 {more:,} 元，盘亏 {less:,} 元，共 {len(rows)} 批。")],
        signed=signed,
        watermark=_watermark(one),
    )


def _signed(form: Form, one: Stocktake) -> tuple[Form, dict[str, str]]:
    """Return a form with the cells of the count's approval, and who signed in which."""
    pending = pending_with("canteen.approve_count", "stocktake", one)
    approval = numbered(one.approval) if one.approval else pending
    signed = {"盘点": one.counter, "监盘": one.witness}
    if approval is None:
        return form, signed
    told = {label: name for label, name in signed_on(approval).items() if label != "申请"}
    return replace(form, signatures=(*form.signatures[:2], *cells_of(approval)[1:])), signed | told


def _watermark(one: Stocktake) -> str:
    return {CountState.DONE: "", CountState.CANCELLED: "作废"}.get(one.state, "草稿")


def _slip(one: Stocktake) -> Sheet:
    differing = [line for line in lines_to_count(one) if line.found != line.book]
    rows = [_difference(number, line) for number, line in enumerate(differing, start=1)]
    more, less = (sum((row[at] for row in rows if row[at] is not None), NOTHING) for at in (8, 10))
    form, signed = _signed(SLIP, one)
    return Sheet(
        form,
        number=one.number,
        values=_values(one),
        rows=rows,
        totals=(Total("合计", (*(None,) * 8, more, None, less, None, None)),),
        signed=signed,
        watermark=_watermark(one),
    )


def _difference(number: int, line: StocktakeLine) -> tuple[Any, ...]:
    assert line.found is not None
    more, worth = line.found - line.book, abs(gain_of(line) or NOTHING)
    gain, loss = (plain(more), worth), (plain(-more), worth)
    blank = (None, None)
    return (
        number, *_goods(line), line.lot.code, plain(line.book), plain(line.found),
        *(gain if more > 0 else blank), *(loss if more < 0 else blank), line.cause, line.opinion,
    )  # fmt: skip


def _parted(gains: list[Decimal]) -> tuple[list[Decimal], list[Decimal]]:
    return [one for one in gains if one > 0], [one for one in gains if one < 0]


def _row(number: int, line: StocktakeLine, flow: tuple[Decimal, Decimal, Decimal]) -> tuple[Any, ...]:
    found = line.found
    more = None if found is None else found - line.book
    rate = f"{found * 100 / line.book:.1f}" if found is not None and line.book else ""
    return (
        number, *_goods(line), line.lot.code, line.lot.expires_on, *(plain(one) for one in flow),
        plain(line.book), PEN if found is None else plain(found), "" if more is None else plain(more),
        StocktakeLine.price.show(line.price), gain_of(line), rate, line.cause, line.opinion,
    )  # fmt: skip
