"""SU-07, SU-08 and SU-10: contracted services, scored by the month, inspected, and their plans reviewed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from models.errors import BadInput
from models.months import Month
from models.office.approvals import Approval, numbered, pending_on
from models.suppliers.contracts import SupplyContract
from models.suppliers.grades import bands, shown
from models.suppliers.kinds import SERVICES
from models.suppliers.rights import VIEW
from models.suppliers.services.areas import areas_of
from models.suppliers.services.inspections import ServiceInspection
from models.suppliers.services.programmes import (
    POINTS,
    Fits,
    ProgrammeLine,
    ProgrammeState,
    ServiceProgramme,
)
from models.suppliers.services.scores import (
    ServiceScore,
    ServiceScoreLine,
    ServiceState,
    inspections_of,
)
from reports.approvals import applied_as, signed_on
from reports.numbered import PEN, by_number, penned
from reports.paper import (
    A4,
    A4_LANDSCAPE,
    Boxes,
    Column,
    Field,
    Form,
    Sheet,
    Sign,
    Total,
    declare,
    open_total,
)
from reports.papers import PaperRequest, paper

_W, _L, _I, _P = ServiceScore, ServiceScoreLine, ServiceInspection, ServiceProgramme
_CHIEF = "客服主管"
_FITS = tuple(one.value for one in Fits)

SCORE = declare(
    Form(
        code="SU-07",
        title="外包服务质量评价表",
        module="suppliers",
        paper=A4,
        lead=(Field("month", _W.month), Field("state", _W.state)),
        head=(
            Field("supplier", _W.supplier, span=8),
            Field("category", _W.category, span=4),
            Field("contract", _W.contract, span=8),
            Field("inspected", _W.inspected, span=4, kind="number"),
        ),
        columns=(
            Column(_L.name, 20),
            Column(_L.standard, 38),
            Column(_L.full, 12, "number"),
            Column(_L.rule, 36),
            Column(_L.off, 13, "number"),
            Column("得分", 14, "number"),
            Column("事实、照片", 50),
        ),
        min_rows=5,
        totals=(open_total("合计", 7, (2, 4, 5)),),
        more=(
            Boxes(
                (
                    Field("score", _W.score, span=4, kind="number", places=2),
                    Field("grade", _W.grade, span=3),
                    Field("deducted", "应扣服务费（元）", span=5, kind="money"),
                    Field("words", _W.words, span=12, lines=2),
                )
            ),
        ),
        signatures=tuple(Sign(label, 34, 12) for label in ("检查", "外包方确认", "客服主管", "主任")),
        number_rule="WB-YYYYMM-类",
        retention="R3",
    )
)

INSPECTION = declare(
    Form(
        code="SU-08",
        title="外包作业监察记录",
        module="suppliers",
        paper=A4_LANDSCAPE,
        lead=(Field("month", "月份"), Field("who", "外包方")),
        columns=(
            Column(_I.at, 30, "datetime"),
            Column(_I.category, 13, "center"),
            Column(_I.area, 26),
            Column("应到/实到（人）", 20, "center"),
            Column(_I.problem, 50),
            Column("整改要求、期限", 54),
            Column(_I.recheck, 27, "center"),
            Column(_I.leader, 22),
            Column("检查", 22),
        ),
        blank_rows=12,
        signatures=("客服主管", "主任"),
        qr=False,
        number_rule="JC-月册",
        retention="R1",
    )
)

PROGRAMME = declare(
    Form(
        code="SU-10",
        title="清洁绿化消杀计划、方案审核表",
        module="suppliers",
        paper=A4,
        lead=(Field("month", _P.month), Field("state", _P.state)),
        head=(
            Field("supplier", _P.supplier, span=6),
            Field("category", _P.category, span=6, choices=tuple(one.value for one in SERVICES)),
        ),
        columns=(
            Column("序号", 11, "number"),
            Column(ProgrammeLine.area, 36),
            Column(ProgrammeLine.frequency, 36),
            Column(ProgrammeLine.staff, 18, "number"),
            Column(ProgrammeLine.material, 42),
            Column(ProgrammeLine.note, 38),
        ),
        blank_rows=9,
        more=(
            Boxes(
                (
                    *(Field(name, ServiceProgramme.fields()[name], span=4, choices=_FITS) for name in POINTS),
                    Field("reviewed", "审核日期", span=4, kind="date"),
                    Field("advice", _P.advice, span=12, lines=4),
                )
            ),
        ),
        signatures=tuple(Sign(label, 40, 12) for label in ("外包方", "客服主管", "主任")),
        number_rule="FS-YYYYMM-类",
        retention="R3",
    )
)


def _months(request: PaperRequest, record: Any, example: str) -> Iterable[Any]:
    """Return the records that are asked for by numbers or by months.

    Raises:
        BadInput: neither is given.
    """
    if request.number is not None:
        return by_number(record, request.number, VIEW)
    if request.period is None:
        raise BadInput(f"请写明单号或月份，例如 {example}、2026-11。", "period")
    within = record.month.between(*request.period.months)
    return list(record.select().where(within).order_by(record.number))


def _leaders(approval: Approval | None) -> dict[str, str]:
    """Return what stands in the cells of the supervisor, who applied if he is one, and of the director."""
    if approval is None:
        return {}
    told = {_CHIEF: applied_as(approval, _CHIEF), "主任": signed_on(approval).get("主任")}
    return {label: words for label, words in told.items() if words}


# -- SU-07 -----------------------------------------------------------------------------------------


def _blank_score(request: PaperRequest) -> Iterator[Sheet]:
    """Make an empty form for each kind, with the areas that are in use."""
    for kind in SERVICES:
        if not areas_of(kind):
            continue
        rows: list[Any] = [
            (one.name, one.standard, one.full, one.rule, PEN, PEN, PEN) for one in areas_of(kind)
        ]
        yield Sheet(
            SCORE,
            values=dict.fromkeys(SCORE.names, PEN) | {"category": kind.value},
            rows=rows,
            totals=(Total("合计", (None, None, 100, None, PEN, PEN, None)),),
        )


@paper("SU-07", VIEW, "number", "period", blank=_blank_score)
def scores(request: PaperRequest) -> Iterator[Sheet]:
    """Fill in monthly scores by their numbers, or those of a period."""
    return map(_score, _months(request, ServiceScore, "WB-202611-保洁"))


def _score(one: ServiceScore) -> Sheet:
    signed = one.state is ServiceState.SIGNED
    approval = numbered(one.approval) if one.approval else None
    lines = list(one.lines.order_by(ServiceScoreLine.position))
    off = sum((line.off or Decimal(0) for line in lines), Decimal(0))
    full = sum(line.full for line in lines)
    sums = (PEN, PEN) if any(line.off is None for line in lines) else (off, full - off)
    values = {
        "month": one.month.chinese, "state": one.state.value, "supplier": one.supplier.name,
        "category": one.category.value, "contract": f"{one.contract.number} {one.contract.title}",
        "inspected": one.inspected if signed else inspections_of(one), "score": one.score,
        "grade": one.grade, "deducted": one.deducted, "words": one.words,
    }  # fmt: skip
    return Sheet(
        SCORE,
        number=one.number,
        values=values if signed else penned(SCORE, values),
        rows=[_score_row(line) for line in lines],
        totals=(Total("合计", (None, None, full, None, *sums, None)),),
        notes=_score_notes(one.contract, signed=signed),
        signed={"检查": one.scored_by or "", "外包方确认": one.confirmed or ""} | _leaders(approval),
        watermark="" if signed else "草稿",
    )


def _score_row(line: ServiceScoreLine) -> tuple[Any, ...]:
    got = PEN if line.off is None else line.full - line.off
    off = PEN if line.off is None else line.off
    facts = line.facts or (PEN if line.off is None else "")
    return line.name, line.standard, line.full, line.rule, off, got, facts


def _score_notes(contract: SupplyContract, *, signed: bool) -> list[tuple[str, str]]:
    grades = "，".join(f"{one.grade} {shown(one.low)}–{shown(one.high)}" for one in bands())
    told = [] if signed else [("等级", f"{grades}。")]  # grades may be others since it was signed
    if contract.pass_mark is not None and contract.cut is not None:
        cut = f"低于 {contract.pass_mark} 分的，每低一分扣当月服务费的 {shown(contract.cut)}%"
        end = f"；连续两个月低于 {contract.end_mark} 分的，启动终止" if contract.end_mark is not None else ""
        told.append(("合同约定", f"{cut}{end}。"))
    return told


# -- SU-08 -----------------------------------------------------------------------------------------


@paper("SU-08", VIEW, "number", "period")
def inspections(request: PaperRequest) -> Iterator[Sheet]:
    """Fill in the register of each month of a period, or the rounds with given numbers."""
    if request.number is not None:
        found = list(by_number(ServiceInspection, request.number, VIEW))
    elif request.period is None:
        raise BadInput("请写明监察号或月份，例如 JC-202611-001、2026-11。", "period")
    else:
        within = ServiceInspection.at.between(*request.period.moments)
        found = list(
            ServiceInspection.select().where(within).order_by(ServiceInspection.at, ServiceInspection.id)
        )
    months: dict[Month, list[ServiceInspection]] = {}
    for one in found:
        months.setdefault(Month.of(one.at.date()), []).append(one)
    for month, rounds in months.items():
        names = dict.fromkeys(one.supplier.name for one in rounds)
        yield Sheet(
            INSPECTION,
            number=f"JC-{month.first:%Y%m}",
            values={"month": month.chinese, "who": "、".join(names)},
            rows=[_inspection_row(one) for one in rounds],
        )


def _inspection_row(one: ServiceInspection) -> tuple[Any, ...]:
    there = "" if one.expected is None else f"{one.expected} / {one.actual}"
    demand = f"{one.demand}（{one.due:%m-%d} 前）" if one.problem else ""
    checked = f"{one.rechecked_on:%m-%d} {one.recheck.value}" if one.recheck is not None else ""
    return (
        one.at, one.category.value, one.area, there, one.problem or "无", demand, checked, one.leader,
        one.made_by,
    )  # fmt: skip


# -- SU-10 -----------------------------------------------------------------------------------------


@paper("SU-10", VIEW, "number", "period")
def programmes(request: PaperRequest) -> Iterator[Sheet]:
    """Fill in programmes by their numbers, or those of a period."""
    return map(_programme, _months(request, ServiceProgramme, "FS-202611-保洁"))


def _programme(one: ServiceProgramme) -> Sheet:
    reviewed = one.state is not ProgrammeState.DRAFT
    approval = numbered(one.approval) if one.approval else pending_on("suppliers.review_programme", one)
    values: dict[str, Any] = {
        "month": one.month.chinese, "state": one.state.value, "supplier": one.supplier.name,
        "category": one.category.value, "advice": one.advice,
        "reviewed": one.reviewed_at.date() if one.reviewed_at is not None else None,
    }  # fmt: skip
    for name in POINTS:
        concluded = getattr(one, name)
        values[name] = concluded.value if concluded is not None else None
    return Sheet(
        PROGRAMME,
        number=one.number,
        values=values if reviewed else penned(PROGRAMME, values),
        rows=[
            (line.position, line.area, line.frequency, line.staff, line.material or "", line.note or "")
            for line in one.lines.order_by(ProgrammeLine.position)
        ],
        signed=_leaders(approval),
        watermark={ProgrammeState.DRAFT: "草稿", ProgrammeState.RETURNED: "退回修改"}.get(one.state, ""),
    )
