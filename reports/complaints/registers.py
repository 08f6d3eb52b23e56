"""CS-01 投诉记录表 and CS-04 报修登记台账: what came in a month, with its rates."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from models.clock import now
from models.complaints.cases import Call, CaseState, ServiceCase
from models.complaints.kinds import Sort
from models.complaints.reach import within
from models.complaints.rights import VIEW
from models.complaints.tallies import FORMULAS, Tally, tally
from models.errors import BadInput
from models.fields import PhoneField
from models.months import Period
from reports.paper import A4_LANDSCAPE, Column, Field, Form, Sheet, Total, declare
from reports.paper.values import percent
from reports.papers import PaperRequest, paper

COMPLAINTS = declare(
    Form(
        code="CS-01",
        title="投诉记录表",
        module="complaints",
        paper=A4_LANDSCAPE,
        lead=(Field("period", "期间"), Field("cutoff", "截止时点")),
        columns=(
            Column("单号", 24, "code"),
            Column("受理时间", 22, "datetime"),
            Column("渠道", 12, "center"),
            Column("房号", 18),
            Column("投诉人", 15),
            Column("电话", 22, "code"),
            Column("类别", 14),
            Column("等级", 10, "center"),
            Column("内容摘要", 41),
            Column("有效性", 10, "center"),
            Column("承办", 16),
            Column("承诺时限", 18, "datetime"),
            Column("办结时间", 18, "datetime"),
            Column("超时", 8, "check"),
            Column("回访/满意", 14, "center"),
            Column("关闭", 10, "check"),
        ),
        notes=(("口径", FORMULAS),),
        signatures=("登记", "主管审阅（每日）"),
        qr=False,
        number_rule="TSB-YYYYMM",
        retention="R3",
    )
)

REPAIRS = declare(
    Form(
        code="CS-04",
        title="报修登记台账",
        module="complaints",
        paper=A4_LANDSCAPE,
        lead=(Field("period", "期间"), Field("cutoff", "截止时点")),
        columns=(
            Column("单号", 29, "code"),
            Column("报修时间", 21, "datetime"),
            Column("房号", 18),
            Column("内容", 34),
            Column("类别", 9, "center"),
            Column("紧急度", 10, "center"),
            Column("派工时间", 19, "datetime"),
            Column("维修人", 14),
            Column("到场时间", 19, "datetime"),
            Column("完工时间", 19, "datetime"),
            Column("到场及时", 10, "check"),
            Column("完工及时", 10, "check"),
            Column("费用（元）", 16, "money"),
            Column("回访日", 19, "day"),
            Column("结果", 14, "center"),
        ),
        notes=(("口径", FORMULAS),),
        signatures=("登记", "主管"),
        qr=False,
        number_rule="BXB-YYYYMM",
        retention="R3",
    )
)


@paper("CS-01", VIEW, "period", "unit", "building")
def complaints(request: PaperRequest) -> Iterator[Sheet]:
    """Fill in the complaints of a period, in the order in which they came."""
    return _register(request, COMPLAINTS, Sort.COMPLAINT, _complaint, _told)


@paper("CS-04", VIEW, "period", "unit", "building")
def repairs(request: PaperRequest) -> Iterator[Sheet]:
    """Fill in the repairs of a period, in the order in which they came."""
    return _register(request, REPAIRS, Sort.REPAIR, _repair, _told_of_repairs)


def _register(
    request: PaperRequest,
    form: Form,
    sort: Sort,
    row: Callable[[ServiceCase], tuple[Any, ...]],
    told: Callable[[Tally], str],
) -> Iterator[Sheet]:
    """Fill in a register with a row for each case, and below them what they come to."""
    period, at = _asked(request)
    rows = [row(case) for case in _cases(request, sort, period)]
    if rows:
        yield Sheet(
            form,
            number=f"{form.number_rule.partition('-')[0]}-{period.first:%Y%m}",
            values={"period": period.name, "cutoff": f"{at:%Y-%m-%d %H:%M}"},
            rows=rows,
            totals=(Total("小计", text=told(tally(sort, period, at, *_conditions(request)))),),
            signed={"登记": request.printed_by},
        )


def _told_of_repairs(found: Tally) -> str:
    """The counts and rates of repairs, those of arrival and return among them."""
    prompt, timely, again = (percent(rate) for rate in (found.prompt, found.timely, found.repeated))
    more = f"到场及时率 {prompt}　完工及时率 {timely}　返修 {found.again} 件 返修率 {again}"
    return f"{_told(found)}　{more}"


def _asked(request: PaperRequest) -> tuple[Period, datetime]:
    if request.period is None:
        raise BadInput("请写明期间，例如 2026-11。", "period")
    return request.period, min(request.period.moments[1], now())


def _conditions(request: PaperRequest) -> list[Any]:
    conditions = within()
    if request.unit is not None:
        conditions.append(ServiceCase.unit == request.unit)
    if request.building is not None:
        conditions.append(ServiceCase.building == request.building)
    return conditions


def _cases(request: PaperRequest, sort: Sort, period: Period) -> list[ServiceCase]:
    mine = (ServiceCase.sort == sort) & ServiceCase.received_at.between(*period.moments)
    query = ServiceCase.select(ServiceCase, Call).join(Call).where(mine, *_conditions(request))
    return list(query.order_by(ServiceCase.received_at, ServiceCase.id))


def _complaint(case: ServiceCase) -> tuple[Any, ...]:
    call = case.call
    valid = "无效" if case.state is CaseState.UNFOUNDED else "有效" if case.finished_at else "待核"
    mark = case.mark.value if case.mark else None
    visited = " ".join(filter(None, [f"{case.visited_at:%m-%d}" if case.visited_at else None, mark]))
    return (
        case.number, case.received_at, call.channel.value, case.where, call.who,
        PhoneField().show(call.phone), case.kind.value, case.grade.value,
        f"{case.matter}：{case.content}", valid, case.handler.name if case.handler else None, case.due_at,
        case.finished_at, case.late, visited or None, case.state is CaseState.CLOSED,
    )  # fmt: skip


def _repair(case: ServiceCase) -> tuple[Any, ...]:
    arrived = None if case.first_at is None else case.first_at <= case.first_due
    finished = None if case.finished_at is None else case.finished_at <= case.due_at
    result = case.mark.value if case.mark else case.state.value
    return (
        case.number, case.received_at, case.where, f"{case.matter}：{case.content}", case.kind.value,
        case.grade.value, case.dispatched_at, case.handler.name if case.handler else None, case.first_at,
        case.finished_at, arrived, finished, case.cost, case.visited_at and case.visited_at.date(), result,
    )  # fmt: skip


def _told(found: Tally) -> str:
    """The counts and rates of a register in one line."""
    apart = (
        f"（撤回 {found.withdrawn}、不成立 {found.unfounded} 不计）" if found.counted < found.received else ""
    )
    late = found.due - found.on_time
    lost = f"（无法联系 {found.unreached}）" if found.unreached else ""
    return (
        f"受理 {found.received} 件{apart}　应办结 {found.due}　已办结 {found.done}　"
        f"处理率 {percent(found.handling)}　超时 {late} 件　及时率 {percent(found.timely)}　"
        f"应回访 {found.to_visit}　已回访 {found.visited}{lost}　回访率 {percent(found.visiting)}"
    )
