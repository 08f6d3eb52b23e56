"""CS-02 投诉处理单 and CS-03 报修单: one case on its own paper, from its receipt to its closing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal

from models.complaints.cases import (
    Call,
    CallerKind,
    CaseState,
    Cause,
    Mark,
    Nature,
    Opinion,
    ServiceCase,
)
from models.complaints.kinds import GRADES, TRADES, Sort
from models.complaints.materials import RepairMaterial, materials_of
from models.complaints.reach import within
from models.complaints.rights import VIEW
from models.complaints.visits import ReturnVisit, VisitTask
from models.errors import BadInput
from models.fields import PhoneField, PriceField
from models.money import capitals, thousands, to_scaled
from reports.numbered import by_number, penned
from reports.paper import (
    A4,
    A5_LANDSCAPE,
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
from reports.paper.values import Value
from reports.papers import Filled, PaperRequest, paper

_PEN_ROWS = 2
_CASE = ServiceCase
_FORM_OF = {Sort.COMPLAINT: "CS-02", Sort.REPAIR: "CS-03"}

COMPLAINT = declare(
    Form(
        code="CS-02",
        title="投诉处理单",
        module="complaints",
        paper=A4,
        lead=(Field("state", _CASE.state),),
        head=(
            Field("received_at", _CASE.received_at, span=5, kind="datetime"),
            Field("channel", Call.channel, span=3),
            Field("grade", _CASE.grade, span=4, choices=tuple(one.value for one in GRADES[Sort.COMPLAINT])),
            Field("where", "房号或位置", span=6),
            Field("caller", "投诉人", span=3),
            Field("phone", Call.phone, span=3),
            Field("kind", "类别与事项", span=6),
            Field("due", _CASE.due_at, span=6, kind="datetime"),
            Field("content", "投诉内容", span=12, lines=3),
            Field("demand", _CASE.demand, span=12),
            Field("order", "政府或公司工单", span=12),
        ),
        more=(
            Boxes(
                (
                    Field("department", "责任部门", span=4),
                    Field("handler", _CASE.handler, span=4),
                    Field("started", "开始处理", span=4, kind="datetime"),
                    Field("finding", _CASE.finding, span=12, lines=2),
                    Field("cause", _CASE.cause, span=12, choices=tuple(one.value for one in Cause)),
                    Field("reason", _CASE.reason, span=12, lines=2),
                    Field("measures", _CASE.measures, span=12, lines=2),
                    Field("answer", _CASE.answer, span=12, lines=2),
                    Field("finished_at", "答复业主时间", span=5, kind="datetime"),
                    Field("way", _CASE.answered_way, span=7, choices=("上门", "电话", "微信", "书面")),
                    Field("opinion", _CASE.opinion, span=5, choices=tuple(one.value for one in Opinion)),
                    Field("prevention", "纠正预防要求", span=7),
                    Field("reported_at", _CASE.reported_at, span=5, kind="datetime"),
                    Field("direction", _CASE.direction, span=7),
                    Field("visit", "回访", span=12),
                )
            ),
        ),
        signatures=("受理", "承办", "主管审核", "主任（重大）", "业主（上门时）", "关闭"),
        number_rule="TS-YYYYMM-NNN",
        retention="R3",
    )
)

REPAIR = declare(
    Form(
        code="CS-03",
        title="报修单（维修派工单）",
        module="complaints",
        paper=A5_LANDSCAPE,
        lead=(Field("state", _CASE.state),),
        head=(
            Field("where", "房号或位置", span=5),
            Field("caller", "报修人", span=3),
            Field("phone", Call.phone, span=4),
            Field("received_at", "报修时间", span=4, kind="datetime"),
            Field("kind", _CASE.kind, span=8, choices=tuple(one.value for one in TRADES[:-1])),
            Field("content", "故障描述", span=8),
            Field("grade", "紧急度", span=4, choices=tuple(one.value for one in GRADES[Sort.REPAIR])),
            Field("appointed", "预约时段", span=4),
            Field("dispatched_at", _CASE.dispatched_at, span=4, kind="datetime"),
            Field("arrived_at", _CASE.arrived_at, span=4, kind="datetime"),
        ),
        columns=(
            Column(RepairMaterial.name, 52, by_hand=True),
            Column(RepairMaterial.spec, 34, by_hand=True),
            Column(RepairMaterial.measure, 14, "center", by_hand=True),
            Column(RepairMaterial.quantity, 20, "number", by_hand=True),
            Column("单价（元）", 28, "number", by_hand=True),
            Column("金额（元）", 34, "money", by_hand=True),
        ),
        min_rows=1,
        blank_rows=3,
        size=8.5,
        totals=(open_total("人工费", 6, [5]), open_total("合计", 6, [5], "人民币")),
        more=(
            Boxes(
                (
                    Field("measures", _CASE.measures, span=8),
                    Field("finished_at", "完工时间", span=4, kind="datetime"),
                    Field("nature", _CASE.nature, span=4, choices=tuple(one.value for one in Nature)),
                    Field("mark", "业主满意度", span=8, choices=tuple(one.value for one in Mark)),
                )
            ),
        ),
        signatures=(
            Sign("施工前业主确认价格", 16, 9),
            Sign("业主验收", 16, 9),
            Sign("维修人", 14, 9),
            Sign("回访", 14, 9),
            Sign("主管", 14, 9),
        ),
        copies=("存根联", "财务联", "业主联"),
        number_rule="BX-YYYYMM-NNNN",
        retention="R3",
    )
)


@paper("CS-02", VIEW, "number", "unit", "period")
def complaints(request: PaperRequest) -> Filled:
    """Fill in complaints by their numbers, or those of a house or a period."""
    found = _wanted(request, Sort.COMPLAINT)
    return Filled((_complaint(case) for case in found), len(found))


@paper("CS-03", VIEW, "number", "unit", "period")
def repairs(request: PaperRequest) -> Filled:
    """Fill in repairs by their numbers, or those of a house or a period."""
    found = _wanted(request, Sort.REPAIR)
    return Filled((_repair(case) for case in found), len(found))


def _wanted(request: PaperRequest, sort: Sort) -> list[ServiceCase]:
    if request.number is not None:
        found = list(_by_number(request.number, sort))
    elif request.unit is None and request.period is None:
        example = "TS-202611-001" if sort is Sort.COMPLAINT else "BX-202611-0001"
        raise BadInput(f"请写明单号，或房号，或期间，例如 {example}。", "number")
    else:
        query = ServiceCase.select().where(ServiceCase.sort == sort, *within())
        if request.unit is not None:
            query = query.where(ServiceCase.unit == request.unit)
        if request.period is not None:
            query = query.where(ServiceCase.received_at.between(*request.period.moments))
        found = list(query.order_by(ServiceCase.number))
    return found


def _by_number(numbers: str, sort: Sort) -> Iterator[ServiceCase]:
    for case in by_number(ServiceCase, numbers, VIEW):
        if case.sort is not sort:
            raise BadInput(f"{case.number} 是{case.sort.value}，请打印 {_FORM_OF[case.sort]}。", "number")
        yield case


def _watermark(case: ServiceCase) -> str:
    """Papers of what is not ended are to be signed still; what was taken back says so (forms.md A11)."""
    if case.state is CaseState.WITHDRAWN or case.state is CaseState.UNFOUNDED:
        return case.state.value
    return ""


def _by_hand(case: ServiceCase, form: Form, values: Mapping[str, Value]) -> dict[str, Value]:
    """Leave room for a pen in what is not known yet of a case that is not done; boxes to tick with it."""
    if case.finished_at is not None or not case.live:
        return dict(values)
    return penned(form, values)


def _complaint(case: ServiceCase) -> Sheet:
    call = case.call
    order = f"{call.order_number}，时限 {call.order_due:%Y-%m-%d %H:%M}" if call.order_number else None
    names = ("received_at", "grade", "content", "demand", "finding", "cause", "reason", "measures", "answer")
    told = {name: _shown(case, name) for name in (*names, "opinion", "prevention", "direction", "state")}
    stopped = f"制止违章：{case.violation}" if case.violation else None
    return Sheet(
        COMPLAINT,
        number=case.number,
        values=_by_hand(case, COMPLAINT, told | {
            "received_at": case.received_at, "channel": call.channel.value, "where": case.chinese,
            "caller": call.who, "phone": PhoneField().show(call.phone), "due": case.due_at,
            "kind": f"{case.place.value} · {case.kind.value} · {case.matter}", "order": order,
            "department": case.department.name if case.department else None,
            "handler": case.handler.name if case.handler else None, "started": case.first_at,
            "measures": "；".join(filter(None, [case.measures, stopped])) or None,
            "finished_at": case.finished_at, "way": case.answered_way and case.answered_way.value,
            "reported_at": case.reported_at, "visit": _visit(case),
        }),
        notes=_again(case),
        signed={"受理": call.made_by, **({"主管审核": case.reviewed_by} if case.reviewed_by else {})},
        watermark=_watermark(case),
    )  # fmt: skip


def _shown(case: ServiceCase, name: str) -> str | None:
    return case.fields()[name].show(getattr(case, name)) or None


def _visit(case: ServiceCase) -> str | None:
    """The last visit back in words, with its own number (CS-05)."""
    if case.call.caller_kind is CallerKind.ANONYMOUS and case.unit is None:
        return "匿名，无法回访"
    visits = (
        ReturnVisit.select().join(VisitTask).where(VisitTask.case == case).order_by(ReturnVisit.id.desc())
    )
    last = visits.first()
    if last is None:
        return None
    told = last.mark.value if last.mark else "未接通"
    return f"{last.number}　{last.at:%Y-%m-%d %H:%M}　{last.visitor.name}　{last.way.value}　{told}"


def _again(case: ServiceCase) -> list[tuple[str, str]]:
    told = []
    if case.again_of is not None:
        told.append(("重复", f"与 {case.again_of.number} 同一事项。"))
    if case.reopened:
        first = f"，首次关闭 {case.first_closed_at:%Y-%m-%d %H:%M}" if case.first_closed_at else ""
        told.append(("重开", f"{case.reopened} 次{first}。"))
    if case.outage is not None:
        told.append(("停供通报", f"{case.outage.described()}。"))
    return told


def _repair(case: ServiceCase) -> Sheet:
    call = case.call
    cost = case.cost if case.finished_at else case.quoted
    return Sheet(
        REPAIR,
        number=case.number,
        values=_by_hand(case, REPAIR, {
            "where": case.chinese, "caller": call.who, "phone": PhoneField().show(call.phone),
            "received_at": case.received_at, "kind": case.kind.value, "grade": case.grade.value,
            "content": f"{case.matter}：{case.content}", "appointed": _window(case),
            "dispatched_at": case.dispatched_at, "arrived_at": case.first_at,
            "finished_at": case.finished_at, "measures": case.measures,
            "nature": case.nature and case.nature.value,
            "mark": case.mark and case.mark.value, "state": case.state.value,
        }),
        rows=_materials(case),
        totals=(
            _sum("人工费", case.labour, case),
            _sum("合计", cost, case, _capital(cost)),
        ),
        notes=_repair_notes(case),
        signed={"维修人": case.handler.name} if case.handler else {},
        watermark=_watermark(case),
    )  # fmt: skip


def _materials(case: ServiceCase) -> list[tuple[Value, ...]]:
    """The lines of a repair; empty ones to write in while it is not done."""
    rows: list[tuple[Value, ...]] = [
        (one.name, one.spec, one.measure, one.quantity, PriceField().show(one.price), one.amount)
        for one in materials_of(case)
    ]
    return rows or ([("",) * 6] * _PEN_ROWS if case.finished_at is None else [])


def _sum(label: str, amount: Decimal | None, case: ServiceCase, text: str = "") -> Total:
    open_one = amount is None and case.finished_at is None
    return Total(label, (None, None, None, None, None, "" if open_one else amount), text)


def _repair_notes(case: ServiceCase) -> list[tuple[str, str]]:
    """What else is to be known, on as few lines as a small sheet has room for."""
    told = [f"{head}：{words}" for head, words in _again(case)]
    if case.agreed_at:
        told.append(f"{case.agreed_by} {case.agreed_at:%m-%d %H:%M} 确认报价 {thousands(case.quoted)} 元。")
    if case.charge:
        told.append(f"已开特服单 {case.charge}，凭收据付款。")
    if case.nature in (Nature.FREE, Nature.WARRANTY) and case.finished_at:
        told.append(f"{case.nature.value}，不向业主收取，材料和人工只作记录。")
    return [("备注", "".join(told))] if told else []


def _capital(cost: Decimal | None) -> str:
    return "" if cost is None else f"人民币{capitals(to_scaled(cost, 2))}"


def _window(case: ServiceCase) -> str | None:
    return _span(case.appointed_from, case.appointed_to)


def _span(first: datetime | None, last: datetime | None) -> str | None:
    return f"{first:%m-%d %H:%M} 至 {last:%H:%M}" if first and last else None
