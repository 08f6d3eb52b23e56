"""CA-05, CA-07 to CA-10: the weekly check, what expires, went bad, was destroyed, is kept back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from models.canteen.lots import StockLot
from models.canteen.moves import unit_price
from models.canteen.notices import ExpiryNotice, NoticeLine, NoticeState, Rest
from models.canteen.problems import Abnormal, ProblemState, StockProblem, Verdict
from models.canteen.rights import VIEW
from models.canteen.rules import rules
from models.canteen.samples import FoodSample
from models.canteen.weekly import STANDARDS, CheckPoint, StoreCheck, StoreCheckLine, number_of
from models.canteen.writeoffs import WriteOff, WriteOffLine
from models.errors import BadInput
from models.fields import PriceField
from models.office.approvals import numbered
from models.suppliers.goods import Goods
from reports.approvals import cells_of, signed_on
from reports.numbered import PEN, asked_for
from reports.paper import (
    A4,
    A4_LANDSCAPE,
    Column,
    Field,
    Form,
    Sheet,
    Sign,
    Stub,
    Total,
    declare,
    open_total,
)
from reports.paper.values import plain
from reports.papers import PaperRequest, paper

CHECK = declare(
    Form(
        code="CA-05",
        title="贮存环境与物品质量周检查记录",
        module="canteen",
        paper=A4_LANDSCAPE,
        lead=(Field("week", "周次（周一至周日）"), Field("at", StoreCheck.at, kind="datetime")),
        head=(
            Field("room", StoreCheck.room, span=3, kind="number"),
            Field("damp", StoreCheck.damp, span=3, kind="number"),
            Field("cool", StoreCheck.cool, span=3, kind="number"),
            Field("frozen", StoreCheck.frozen, span=3, kind="number"),
        ),
        columns=(
            Column("序号", 10, "number"),
            Column(StoreCheckLine.point, 30),
            Column("标准", 62),
            Column(StoreCheckLine.passed, 20, "center"),
            Column("问题、批次", 56),
            Column(StoreCheckLine.handling, 54),
            Column(StoreCheckLine.done_on, 25, "day"),
        ),
        size=8,
        notes=("每周至少检查一次，逐项填写，不得空项；不合格的写明批次和处理，完成后补填日期。",),
        signatures=(Sign("仓管", 40, 9), Sign("主管", 40, 9)),
        number_rule="ZC-YYYY-Wnn",
        retention="R3",
    )
)

NOTICE = declare(
    Form(
        code="CA-07",
        title="临期物品通知单",
        module="canteen",
        paper=A4,
        lead=(Field("department", "使用部门"), Field("day", ExpiryNotice.day, kind="date")),
        columns=(
            Column("序号", 9, "number"),
            Column(Goods.name, 28),
            Column("规格型号", 22),
            Column("批次", 30),
            Column(NoticeLine.stock, 20, "number"),
            Column(StockLot.expires_on, 21, "day"),
            Column("剩余天数", 17, "number"),
            Column(NoticeLine.wanted_by, 23, "day"),
        ),
        min_rows=5,
        notes=("以上物品一周内到期，请尽快领用；不能用完的请在回执中写明剩余处置，三日内交回仓库。",),
        signatures=(Sign("仓管", 34, 12), Sign("部门签收", 34, 12)),
        copies=(
            "存根联",
            Stub(
                "回执",
                (
                    Field("department", "部门"),
                    Field("taken", "领用数", kind="text"),
                    Field("rest", "剩余处置", choices=tuple(one.value for one in Rest)),
                ),
                ("部门签收", "日期"),
            ),
        ),
        number_rule="LQ-YYYYMMDD-NN",
        retention="R3",
    )
)

PROBLEM = declare(
    Form(
        code="CA-08",
        title="储存质量异常报告单",
        module="canteen",
        paper=A4,
        lead=(Field("found_at", StockProblem.found_at, kind="datetime"), Field("state", StockProblem.state)),
        head=(
            Field("goods", "物品、规格", span=8),
            Field("lot", StockProblem.lot, span=4),
            Field("quantity", StockProblem.quantity, span=4),
            Field("expires", StockLot.expires_on, span=4, kind="date"),
            Field("supplier", "供方", span=4),
            Field("abnormal", StockProblem.abnormal, span=12, choices=tuple(one.value for one in Abnormal)),
            Field("cause", StockProblem.cause, span=12, lines=3),
            Field("apart", "临时隔离", span=12, choices=("已隔离", "未隔离")),
            Field("verdict", StockProblem.verdict, span=12, choices=tuple(one.value for one in Verdict)),
            Field("opinion", StockProblem.opinion, span=12, lines=3),
            Field("result", StockProblem.result, span=12, lines=3),
        ),
        signatures=(Sign("仓管", 40, 14), Sign("主管", 40, 14)),
        number_rule="YCB-YYYYMM-NN",
        retention="R3",
    )
)

_TO_WRITE_IN = 11.5
"""Points at which the rows of the sheet are high enough for a pen, and all thirteen stand on one page."""

LOSS = declare(
    Form(
        code="CA-09",
        title="物品报损（报废）单",
        module="canteen",
        paper=A4,
        lead=(Field("day", WriteOff.day, kind="date"),),
        columns=(
            Column("序号", 9, "number"),
            Column(Goods.name, 26),
            Column("批次", 31, "code"),
            Column(WriteOffLine.quantity, 19, "number"),
            Column("单价", 17, "number"),
            Column("金额", 21, "money"),
            Column("原因", 25),
            Column(WriteOff.disposal, 22, "center"),
        ),
        min_rows=6,
        totals=(open_total("合计", 8, (5,)),),
        notes=(("计价", "按移动加权平均。变质、过期的食品染色毁形或无害化处理，不得再用，不得退回流通。"),),
        signatures=tuple(Sign(label, 26, 12) for label in ("申请", "主管", "经理", "财务", "见证人")),
        number_rule="BSD-YYYYMM-NN",
        retention="R10",
    )
)

SAMPLES = declare(
    Form(
        code="CA-10",
        title="食品留样记录",
        module="canteen",
        paper=A4_LANDSCAPE,
        lead=(Field("month", "月份"),),
        columns=(
            Column("日期餐次", 34),
            Column(FoodSample.dish, 48),
            Column(FoodSample.grams, 20, "number"),
            Column(FoodSample.kept_at, 34, "datetime"),
            Column("冰箱温度℃", 20, "number"),
            Column(FoodSample.kept_by, 24, by_hand=True),
            Column(FoodSample.destroyed_at, 34, "datetime"),
            Column(FoodSample.destroyed_by, 24, by_hand=True),
            Column(FoodSample.note, 19),
        ),
        signatures=(Sign("食堂负责人", 40, 12),),
        number_rule="LY-YYYYMM",
        retention="R1",
    )
)


# -- the weekly check ------------------------------------------------------------------------------


@paper("CA-05", VIEW, "number", "period", blank=lambda request: _blank_check())
def checks(request: PaperRequest) -> Iterator[Sheet]:
    """Fill in weekly checks by their numbers, or those of a period."""
    found = asked_for(request, StoreCheck, VIEW, StoreCheck.week, "检查号或期间，例如 ZC-2026-W48、2026-11")
    return map(_check, found)


def _blank_check() -> Iterator[Sheet]:
    """Yield a check to be filled in by hand: the points and what they ask for stand in it."""
    rows = [
        (number, point.value, STANDARDS[point], *(PEN,) * 4)
        for number, point in enumerate(CheckPoint, start=1)
    ]
    values = dict.fromkeys(("week", "at", "room", "damp", "cool", "frozen"), PEN)
    yield Sheet(replace(CHECK, size=_TO_WRITE_IN), values=values, rows=rows)


def _check(one: StoreCheck) -> Sheet:
    lines = {line.point: line for line in one.lines}
    strange = one.strange()
    return Sheet(
        CHECK,
        number=number_of(one.week),
        values={
            "week": f"{one.week} 至 {one.week + timedelta(days=6)}", "at": one.at, "room": one.room,
            "damp": one.damp, "cool": one.cool, "frozen": one.frozen,
        },
        rows=[
            _check_row(number, point, lines[point]) for number, point in enumerate(CheckPoint, start=1)
        ],
        notes=[("温湿度超标", f"{strange}。")] if strange else [],
        signed={"仓管": one.made_by},
    )  # fmt: skip


def _check_row(number: int, point: CheckPoint, line: StoreCheckLine) -> tuple[Any, ...]:
    return (
        number, point.value, STANDARDS[point], line.passed.value, line.problem, line.handling, line.done_on,
    )  # fmt: skip


# -- what expires, what went bad, what was destroyed -----------------------------------------------


@paper("CA-07", VIEW, "number", "period")
def notices(request: PaperRequest) -> Iterator[Sheet]:
    """Fill in notices by their numbers, or those of a period."""
    found = asked_for(
        request, ExpiryNotice, VIEW, ExpiryNotice.day, "通知单号或期间，例如 LQ-20261120-01、2026-11"
    )
    return map(_notice, found)


def _notice(one: ExpiryNotice) -> Sheet:
    lines = list(one.lines.order_by(NoticeLine.id))
    answered = one.state is NoticeState.ANSWERED
    # A row of the table each: what is taken of it, and what becomes of the rest.
    to_fill = "　".join(f"{number}.＿＿＿" for number, _ in enumerate(lines, start=1))
    open_cell = PEN if len(lines) == 1 else to_fill
    answers = "；".join(f"{line.lot.item.label()} {plain(line.taken)}" for line in lines)
    taken = answers if answered else open_cell
    rest = "；".join(f"{line.lot.item.label()} {line.rest.value}" for line in lines if line.rest)
    return Sheet(
        NOTICE,
        number=one.number,
        values={
            "department": one.department.name, "day": one.day, "taken": taken,
            "rest": (rest or "无剩余") if answered else open_cell,
        },
        rows=[
            (
                number, line.lot.item.goods.name, line.lot.item.goods.spec, line.lot.code,
                f"{plain(line.stock)} {line.lot.item.unit}", line.lot.expires_on,
                (line.lot.expires_on - one.day).days, line.wanted_by,
            )
            for number, line in enumerate(lines, start=1)
        ],
        signed={"仓管": f"{one.made_by} {one.made_at:%m-%d %H:%M}", "部门签收": one.receiver or ""},
    )  # fmt: skip


@paper("CA-08", VIEW, "number", "period")
def problems(request: PaperRequest) -> Iterator[Sheet]:
    """Fill in reports by their numbers, or those of a period."""
    found = asked_for(
        request, StockProblem, VIEW, StockProblem.found_at, "报告单号或期间，例如 YCB-202611-01、2026-11"
    )
    return map(_problem, found)


def _problem(one: StockProblem) -> Sheet:
    lot, item = one.lot, one.lot.item
    decided = "" if one.decided_at is None else f"{one.decided_by} {one.decided_at:%Y-%m-%d %H:%M}"
    done = one.state is ProblemState.CLOSED
    return Sheet(
        PROBLEM,
        number=one.number,
        values={
            "found_at": one.found_at, "state": one.state.value, "goods": item.label(), "lot": lot.code,
            "quantity": item.told(one.quantity), "expires": lot.expires_on,
            "supplier": lot.supplier.name if lot.supplier else None, "abnormal": one.abnormal.value,
            "cause": one.cause or PEN, "apart": "已解除" if done else "已隔离",
            "verdict": one.verdict.value if one.verdict else PEN, "opinion": one.opinion or PEN,
            "result": f"{one.result}（{one.closed_on}）" if done else PEN,
        },
        signed={"仓管": one.made_by, "主管": decided},
    )  # fmt: skip


@paper("CA-09", VIEW, "number", "period")
def write_offs(request: PaperRequest) -> Iterator[Sheet]:
    """Fill in write-offs by their numbers, or those of a period."""
    found = asked_for(request, WriteOff, VIEW, WriteOff.day, "报损单号或期间，例如 BSD-202611-01、2026-11")
    return map(_write_off, found)


def _write_off(one: WriteOff) -> Sheet:
    rows = [
        _lost(number, one, line) for number, line in enumerate(one.lines.order_by(WriteOffLine.id), start=1)
    ]
    approval = numbered(one.number)
    form, signed = LOSS, {"申请": one.made_by}
    if approval is not None:
        form = replace(LOSS, signatures=(*cells_of(approval), Sign("见证人", 26, 12)))
        signed = signed_on(approval)
    return Sheet(
        form,
        number=one.number,
        values={"day": one.day},
        rows=rows,
        totals=(Total("合计", (*(None,) * 5, sum((row[5] for row in rows), Decimal("0.00")), None, None)),),
        signed={**signed, "见证人": one.witness},
    )


def _lost(number: int, one: WriteOff, line: WriteOffLine) -> tuple[Any, ...]:
    item, amount = line.lot.item, -line.move.amount
    price = PriceField().show(unit_price(amount, line.quantity))
    reason = "：".join(filter(None, [line.reason.value, line.words]))
    return (
        number, item.label(), line.lot.code, f"{plain(line.quantity)} {item.unit}", price, amount, reason,
        one.disposal.value,
    )  # fmt: skip


# -- what is kept back -----------------------------------------------------------------------------


@paper("CA-10", VIEW, "period")
def samples(request: PaperRequest) -> Iterator[Sheet]:
    """Fill in the samples of a month, in the order in which they were kept back."""
    if request.period is None:
        raise BadInput("请写明月份，例如 2026-11。", "period")
    month = request.period.require_month()
    within = FoodSample.kept_at.between(*request.period.moments)
    found = list(FoodSample.select().where(within).order_by(FoodSample.kept_at, FoodSample.id))
    if found:
        known = rules()
        least = f"每样不少于 {known.sample_grams} 克，冷藏不少于 {known.sample_hours} 小时后销毁。"
        yield Sheet(
            SAMPLES,
            number=f"LY-{month.first:%Y%m}",
            values={"month": month.chinese},
            rows=[_sample(one) for one in found],
            notes=[("留样", least)],
        )


def _sample(one: FoodSample) -> tuple[Any, ...]:
    return (
        f"{one.kept_at:%m-%d} {one.meal.value}", one.dish, plain(Decimal(one.grams)), one.kept_at, one.fridge,
        one.kept_by, one.destroyed_at, one.destroyed_by, one.note,
    )  # fmt: skip
