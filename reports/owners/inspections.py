"""OW-16 楼宇公共设施巡查记录表: one round, or the points to be walked with a pen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from models.complaints.rights import VIEW
from models.complaints.rounds.inspecting import Found, Inspection, InspectionLine, accepted, points_of
from models.errors import BadInput
from models.office.signoffs import sign_off_of
from models.owners.estate import Building
from reports.numbered import by_number
from reports.paper import A4_LANDSCAPE, Column, Field, Form, Sheet, Total, declare
from reports.paper.values import EMPTY
from reports.papers import PaperRequest, paper

FORM = declare(
    Form(
        code="OW-16",
        title="楼宇公共设施巡查记录表",
        module="owners",
        paper=A4_LANDSCAPE,
        lead=(Field("at", Inspection.at), Field("where", "范围")),
        columns=(
            Column("序号", 10, "number"),
            Column(InspectionLine.place, 34),
            Column(InspectionLine.item, 18, "center"),
            Column(InspectionLine.standard, 40),
            Column("结果", 12, "center", by_hand=True),
            Column(InspectionLine.words, 52, by_hand=True),
            Column(InspectionLine.case, 28, "code", by_hand=True),
            Column(InspectionLine.due, 20, "day", by_hand=True),
            Column("验收结果", 17, "center", by_hand=True),
            Column("验收", 18, by_hand=True),
        ),
        blank_rows=12,
        notes=("√正常 ×异常。异常的开报修单，单号填入；当场整改的在验收结果填合格。",),
        signatures=("巡查", "主管审阅（当日）"),
        number_rule="XC-YYYYMM-NNN",
        retention="R3",
    )
)
_MARKS = {Found.GOOD: "√", Found.BAD: "×", Found.FIXED: "×"}


def _blank(request: PaperRequest) -> Iterator[Sheet]:
    """Make the sheet to walk with: the points of a building, or of all, the rest to be filled in by pen."""
    building: Building | None = request.building
    rows = [
        (number, one.name, one.item.value, one.standard, *("",) * 6)
        for number, one in enumerate(points_of(building), start=1)
    ]
    if rows:
        yield Sheet(FORM, values={"at": "　", "where": building.name if building else "全部"}, rows=rows)
    else:
        yield Sheet(FORM, blank=True)


@paper("OW-16", VIEW, "number", "period", "building", blank=_blank)
def inspections(request: PaperRequest) -> Iterator[Sheet]:
    """Fill in rounds by their numbers, or those of a period; a building narrows the rows."""
    for inspection in _wanted(request):
        lines = inspection.lines.order_by(InspectionLine.id)
        if request.building is not None:
            lines = lines.where(InspectionLine.building == request.building)
        rows = [_row(number, line) for number, line in enumerate(lines, start=1)]
        if not rows:
            continue
        bad = sum(row[4] == "×" for row in rows)
        read = sign_off_of(inspection.number)
        yield Sheet(
            FORM,
            number=inspection.number,
            values={
                "at": f"{inspection.at:%Y-%m-%d %H:%M}",
                "where": request.building.name if request.building else inspection.where,
            },
            rows=rows,
            totals=(Total("小计", text=f"巡查 {len(rows)} 项，异常 {bad} 项"),),
            notes=[("主管批示", read.words)] if read is not None and read.words else [],
            signed={"巡查": inspection.inspector}
            | ({"主管审阅（当日）": read.read_by} if read is not None and read.read_by else {}),
        )


def _wanted(request: PaperRequest) -> list[Inspection]:
    if request.number is not None:
        return list(by_number(Inspection, request.number, VIEW))
    if request.period is None:
        raise BadInput("请写明巡查号或日期，例如 XC-202611-001、2026-11-23。", "number")
    query = Inspection.select().where(Inspection.at.between(*request.period.moments))
    return list(query.order_by(Inspection.number))


def _row(number: int, line: InspectionLine) -> tuple[Any, ...]:
    good = line.found is Found.GOOD
    result, by = (EMPTY, EMPTY) if good else accepted(line)
    case = line.case.number if line.case else EMPTY
    return (
        number, line.place, line.item.value, line.standard, _MARKS[line.found], line.words or EMPTY, case,
        line.due or EMPTY, result, by,
    )  # fmt: skip
