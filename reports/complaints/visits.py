"""CS-05 回访记录表: the visits back of a period, those that reached nobody with them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from peewee import JOIN

from models.complaints.cases import ServiceCase
from models.complaints.reach import within
from models.complaints.rights import VIEW
from models.complaints.visits import ReturnVisit, VisitTask
from models.errors import BadInput
from reports.paper import A4_LANDSCAPE, Column, Field, Form, Sheet, Total, declare
from reports.papers import PaperRequest, paper

FORM = declare(
    Form(
        code="CS-05",
        title="回访记录表",
        module="complaints",
        paper=A4_LANDSCAPE,
        lead=(Field("period", "期间"),),
        columns=(
            Column("序号", 9, "number"),
            Column(ReturnVisit.number, 26, "code"),
            Column("回访时间", 20, "datetime"),
            Column("对象房号", 20),
            Column(ReturnVisit.met, 14),
            Column(VisitTask.source, 11, "center"),
            Column("来源单号", 29, "code"),
            Column(ReturnVisit.way, 11, "center"),
            Column(ReturnVisit.words, 34),
            Column(ReturnVisit.mark, 14, "center"),
            Column(ReturnVisit.advice, 24),
            Column("再处理单号", 29, "code"),
            Column("回访人", 15, by_hand=True),
        ),
        notes=("投诉回访人不是承办人；没有接通的也逐次登记，满规定次数才可登记无法联系。",),
        signatures=("主管审核",),
        number_rule="HF-YYYYMM-NNN",
        retention="R3",
    )
)


@paper("CS-05", VIEW, "period", "number", "unit")
def visits(request: PaperRequest) -> Iterator[Sheet]:
    """Fill in the visits of a period, of a house, or one of them by its number."""
    if request.period is None and request.number is None and request.unit is None:
        raise BadInput("请写明期间、房号或回访号，例如 2026-11。", "period")
    rows = [_row(number, one) for number, one in enumerate(_visits(request), start=1)]
    if rows:
        reached = sum(1 for row in rows if row[9] != _MISSED)
        yield Sheet(
            FORM,
            number=request.number or "",
            values={"period": request.period.name if request.period else None},
            rows=rows,
            totals=(Total("小计", text=f"共 {len(rows)} 次，接通 {reached} 次"),),
        )


_MISSED = "未接通"


def _visits(request: PaperRequest) -> list[ReturnVisit]:
    query = ReturnVisit.select(ReturnVisit, VisitTask, ServiceCase).join(VisitTask)
    query = query.join(ServiceCase, JOIN.LEFT_OUTER).where(ReturnVisit.id > 0)
    mine = within()
    if mine:
        query = query.where(mine[0] | VisitTask.case.is_null())
    if request.period is not None:
        query = query.where(ReturnVisit.at.between(*request.period.moments))
    if request.number is not None:
        query = query.where(ReturnVisit.number == ReturnVisit.find(request.number).number)
    if request.unit is not None:
        query = query.where(VisitTask.unit == request.unit)
    return list(query.order_by(ReturnVisit.at, ReturnVisit.id))


def _row(number: int, one: ReturnVisit) -> tuple[Any, ...]:
    case, unit = one.task.case, one.task.unit
    where = case.where if case else unit.code if unit else None
    return (
        number, one.number, one.at, where, one.met, one.task.source.value, one.task.origin, one.way.value,
        one.words, one.mark.value if one.mark else _MISSED, one.advice, one.again, one.visitor.name,
    )  # fmt: skip
