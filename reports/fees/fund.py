"""FE-21 维修资金使用登记表, FE-22 维修资金使用台账: one use of the maintenance fund, those of a period."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from models.errors import BadInput
from models.fees.commons.fund import FundDraw, FundProject, FundState, FundVote, drawn
from models.fees.rights import VIEW
from models.money import from_scaled
from reports.paper import (
    A4,
    A4_LANDSCAPE,
    Boxes,
    Column,
    Field,
    Form,
    Sheet,
    Sign,
    Table,
    Total,
    declare,
    open_total,
)
from reports.papers import PaperRequest, paper

RULE = (
    "由专有部分面积占三分之二以上且人数占三分之二以上的业主参与表决，经参与表决面积过半数且人数过半数的业主同意。"
    "应急使用的按当地规定办理。"
)
KEPT = "本表只作登记；维修资金由主管部门专户管理，支取以其批准为准。分担按专有部分面积。"
_LAW = "《民法典》第二百七十八条、第二百八十一条。"

PROJECT = declare(
    Form(
        code="FE-21",
        title="维修资金使用登记表",
        module="fees",
        paper=A4,
        lead=(Field("state", FundProject.state),),
        head=(
            Field("name", FundProject.name, span=8),
            Field("where", "范围", span=4),
            Field("place", FundProject.place, span=8),
            Field("estimate", "预算（元）", span=4, kind="money"),
            Field("need", FundProject.need, span=12, lines=2),
            Field("urgency", "应急情形", span=12),
        ),
        columns=(
            Column("分担范围", 50),
            Column("户数", 22, "number"),
            Column("专有部分面积（㎡）", 40, "number", places=2),
            Column("面积占比%", 26, "rate"),
            Column("按预算分担（元）", 38, "money"),
        ),
        min_rows=3,
        totals=(open_total("合计", 5, (1, 2, 3, 4)),),
        more=(
            Table(
                (
                    Column("表决日期", 24, "day"),
                    Column("应参与", 33, "center"),
                    Column("参与", 33, "center"),
                    Column("同意", 33, "center"),
                    Column("结果", 18, "center"),
                    Column(FundVote.note, 45),
                ),
                name="votes",
                caption="业主表决（人数；面积㎡）",
                min_rows=2,
                together=True,
            ),
            Boxes(
                (
                    Field("permit", FundProject.permit, span=6),
                    Field("approved_on", FundProject.approved_on, span=6, kind="date"),
                    Field("contractor", FundProject.contractor, span=8),
                    Field("approved", "批准（元）", span=4, kind="money"),
                )
            ),
            Table(
                (
                    Column("支取日期", 26, "day"),
                    Column(FundDraw.receiver, 52),
                    Column(FundDraw.voucher, 34),
                    Column("支取金额（元）", 32, "money"),
                    Column(FundDraw.note, 42),
                ),
                name="draws",
                caption="支取",
                min_rows=4,
            ),
            Boxes(
                (
                    Field("accepted_on", FundProject.accepted_on, span=6, kind="date"),
                    Field("settled", "结算（元）", span=6, kind="money"),
                    Field("acceptance", FundProject.acceptance, span=12),
                    Field("closed_on", FundProject.closed_on, span=6, kind="date"),
                    Field("left", "未支取（元）", span=6, kind="money"),
                )
            ),
        ),
        notes=(("表决", RULE), ("说明", KEPT), ("依据", _LAW)),
        signatures=("经办", "主任", Sign("业主委员会（盖章）", 40, 16)),
        number_rule="WZJ-YYYYMM-NNN",
        retention="RL",
    )
)

REGISTER = declare(
    Form(
        code="FE-22",
        title="维修资金使用台账",
        module="fees",
        paper=A4_LANDSCAPE,
        lead=(Field("period", "登记期间"),),
        columns=(
            Column("序号", 10, "number"),
            Column(FundProject.number, 32, "code"),
            Column(FundProject.name, 36),
            Column("范围", 22),
            Column("户数", 12, "number"),
            Column("预算", 23, "money"),
            Column("批准文号", 30),
            Column("批准", 23, "money"),
            Column("已支取", 23, "money"),
            Column("结算", 23, "money"),
            Column("状态", 18, "center"),
            Column(FundProject.contractor, 33),
        ),
        blank_rows=12,
        totals=(open_total("合计", 12, (5, 7, 8, 9)),),
        notes=(("说明", KEPT),),
        signatures=("制表", "会计", "主任"),
        number_rule="WZJT-期间",
        retention="RL",
    )
)


@paper("FE-21", VIEW, "number")
def fund_project(request: PaperRequest) -> Iterator[Sheet]:
    """Fill in the record of one use of the fund, as far as it has come."""
    if request.number is None:
        raise BadInput("请写明维修资金单号，例如 WZJ-202611-001。", "number")
    project = FundProject.find(request.number)
    rows, totals = _bearers(project)
    yield Sheet(
        PROJECT,
        number=project.number,
        values=_values(project),
        rows=rows,
        totals=totals,
        tables={
            "votes": [_vote(one) for one in project.votes],
            "draws": [(one.on, one.receiver, one.voucher, one.amount, one.note) for one in _draws(project)],
        },
        signed={"经办": project.made_by},
        watermark="已撤销" if project.state is FundState.WITHDRAWN else "",
    )


def _draws(project: FundProject) -> list[FundDraw]:
    return list(FundDraw.select().where(FundDraw.project == project).order_by(FundDraw.on, FundDraw.id))


_Row = tuple[str | int | Decimal | None, ...]


def _bearers(project: FundProject) -> tuple[list[_Row], tuple[Total, ...]]:
    """Return who bears it by area on the day it was entered, and the sums."""
    told = project.bearers
    whole = told.area
    shares = told.shares(project.estimate)
    rows: list[_Row] = []
    for part, share in zip(told.parts, shares, strict=True):
        area = from_scaled(part.area, 2)
        rows.append((part.name, part.units, area, area / whole, share))
    return rows, (Total("合计", (None, told.units, whole, Decimal(1), project.estimate)),)


def _vote(vote: FundVote) -> _Row:
    told = [
        f"{getattr(vote, f'owners_{which}')}；{getattr(vote, f'area_{which}'):,.2f}"
        for which in ("all", "in", "for")
    ]
    return (vote.on, *told, "通过" if vote.passed else "未通过", vote.note)


def _values(project: FundProject) -> dict[str, Any]:
    names = (
        *("name", "place", "estimate", "need", "permit", "approved_on", "contractor", "approved"),
        *("accepted_on", "settled", "acceptance", "closed_on"),
    )
    values = {name: getattr(project, name) for name in names}
    due = project.settled if project.settled is not None else project.approved
    return {
        **values,
        "state": project.state.value,
        "where": project.where,
        "urgency": project.urgency if project.urgent else "不是应急使用",
        "left": None if due is None else due - drawn(project),
    }


@paper("FE-22", VIEW, "period")
def fund_register(request: PaperRequest) -> Iterator[Sheet]:
    """Fill in the uses of the fund that were entered within a period, a year as a rule."""
    if request.period is None:
        raise BadInput("请写明期间，例如 2026。", "period")
    period = request.period
    within = FundProject.made_on.between(period.first, period.last)
    projects = list(FundProject.select().where(within).order_by(FundProject.number))
    if not projects:
        return
    rows = [_line(number, one) for number, one in enumerate(projects, start=1)]
    yield Sheet(
        REGISTER,
        number=f"WZJT-{period.name}",
        values={"period": period.name},
        rows=rows,
        totals=(Total("合计", _sums(rows)),),
        signed={"制表": request.printed_by},
    )


def _line(number: int, one: FundProject) -> _Row:
    name = f"{one.name}（应急）" if one.urgent else one.name
    return (
        number, one.number, name, one.where, one.units, one.estimate, one.permit, one.approved, drawn(one),
        one.settled, one.state.value, one.contractor,
    )  # fmt: skip


def _sums(rows: Sequence[_Row]) -> _Row:
    def total(at: int) -> Decimal:
        figures = (row[at] for row in rows)
        return sum((one for one in figures if isinstance(one, Decimal)), start=Decimal(0))

    return tuple(total(at) if at in (5, 7, 8, 9) else None if at < 5 else "" for at in range(12))
