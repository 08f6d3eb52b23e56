"""CS-08 家访记录表: one visit at home, to be taken along or as it was; a period ends with its coverage."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from models.complaints.contact.commitments import Commitment
from models.complaints.contact.home_plans import coverage
from models.complaints.contact.homes import HomeKind, HomeRemark, HomeState, HomeVisit
from models.complaints.rights import VIEW
from models.complaints.tallies import share
from models.deeds import actor
from models.errors import BadInput
from models.months import Period
from models.owners.caretaking import cared_for
from models.owners.estate import Building
from reports.numbered import by_number, penned
from reports.paper import (
    A4,
    Chapter,
    Column,
    Field,
    Form,
    Listing,
    Para,
    Report,
    Sheet,
    Sign,
    Table,
    Total,
    declare,
)
from reports.paper.values import EMPTY, percent
from reports.papers import Document, PaperRequest, paper

_V = HomeVisit
_FORMULA = "覆盖率＝期内访到的在住户数÷在住户数（已入住、已出租的住宅），同一户访多次只计一户。"

FORM = declare(
    Form(
        code="CS-08",
        title="家访记录表",
        module="complaints",
        paper=A4,
        lead=(Field("state", _V.state),),
        head=(
            Field("unit", _V.unit, span=4),
            Field("met", _V.met, span=4),
            Field("due", _V.due, span=4, kind="date"),
            Field("at", _V.visited_at, span=4, kind="datetime"),
            Field("visitor", _V.visitor, span=4),
            Field("second", _V.second, span=4),
            Field("kind", _V.kind, span=12, choices=tuple(one.value for one in HomeKind)),
            Field("topics", _V.topics, span=12, lines=2),
        ),
        columns=(
            Column("序号", 10, "number"),
            Column(HomeRemark.kind, 20, "center", by_hand=True),
            Column(HomeRemark.words, 52, by_hand=True),
            Column(HomeRemark.answer, 44, by_hand=True),
            Column("需跟进的责任人", 22, by_hand=True),
            Column(Commitment.due, 22, "day", by_hand=True),
        ),
        min_rows=1,
        blank_rows=6,
        notes=("每条意见都要答复：能当场答复的当场答复，不能的写明责任人和完成期限。访问由两人进行。",),
        signatures=(Sign("业主（住户）", 30), "访问人", "同访人", "主管审阅"),
        number_rule="JFJ-YYYYMM-NNN",
        retention="R3",
    )
)
_COVERAGE = Table(
    (
        Column("楼栋", 40),
        Column("在住户数", 26, "number"),
        Column("已访户数", 26, "number"),
        Column("覆盖率", 26, "number"),
        Column("家访次数", 26, "number"),
        Column("待访户数", 26, "number"),
    )
)
_PEN_ROWS = 6


@paper("CS-08", VIEW, "number", "unit", "building", "period")
def home_visits(request: PaperRequest) -> Iterator[Document]:
    """Fill in visits by their numbers, or those of a house, a building or a period.

    A period of whole months ends with how many households were reached, by building, and of what they spoke.
    """
    yield from map(_sheet, _wanted(request))
    if request.period is not None and request.unit is None and request.number is None:
        yield _summary(request.period, request.building)


def _wanted(request: PaperRequest) -> list[HomeVisit]:
    if request.number is not None:
        return list(by_number(HomeVisit, request.number, VIEW))
    if request.unit is None and request.period is None and request.building is None:
        raise BadInput("请写明家访号、房号、楼栋或期间，例如 JFJ-202611-001。", "number")
    units = cared_for(actor(), VIEW)
    query = HomeVisit.select().where(HomeVisit.state != HomeState.DROPPED)
    if units is not None:
        query = query.where(HomeVisit.unit.in_(units))
    if request.unit is not None:
        query = query.where(HomeVisit.unit == request.unit)
    if request.building is not None:
        query = query.where(HomeVisit.unit.in_(request.building.units))
    if request.period is not None:
        query = query.where(HomeVisit.due.between(request.period.first, request.period.last))
    return list(query.order_by(HomeVisit.due, HomeVisit.number))


def _sheet(visit: HomeVisit) -> Sheet:
    done = visit.state is HomeState.DONE
    values: dict[str, Any] = {
        "state": visit.state.value, "unit": visit.unit.chinese, "met": visit.met, "due": visit.due,
        "at": visit.visited_at, "visitor": visit.visitor.name, "second": visit.second.name,
        "kind": visit.kind.value, "topics": visit.topics,
    }  # fmt: skip
    rows: list[Any] = [
        (
            number,
            one.kind.value,
            one.words,
            one.answer or EMPTY,
            one.commitment.staff.name if one.commitment else EMPTY,
            one.commitment.due if one.commitment else EMPTY,
        )
        for number, one in enumerate(visit.remarks.order_by(HomeRemark.id), start=1)
    ]
    if visit.state is HomeState.PLANNED:
        rows = [(number, *("",) * 5) for number in range(1, _PEN_ROWS + 1)]
    return Sheet(
        FORM,
        number=visit.number,
        values=values if done else penned(FORM, values),
        rows=rows or [(EMPTY, EMPTY, "无意见", EMPTY, EMPTY, EMPTY)],
        notes=[("说明", visit.words)] if visit.words else [],
        signed={"访问人": visit.visitor.name, "同访人": visit.second.name},
        watermark="已取消" if visit.state is HomeState.DROPPED else "",
    )


def _summary(period: Period, building: Building | None) -> Report:
    found = [one for one in coverage(period) if building is None or one.building == building]
    lived, seen = sum(one.households for one in found), sum(one.visited for one in found)
    rows = [
        (one.building.name, one.households, one.visited, percent(one.share), one.visits, one.planned)
        for one in found
    ]
    visits, planned = sum(one.visits for one in found), sum(one.planned for one in found)
    total = Total("合计", (None, lived, seen, percent(share(seen, lived)), visits, planned))
    return Report(
        replace(FORM, signatures=("统计", "主管审阅"), qr=False),
        [
            Chapter(f"{period.name} 家访汇总"),
            Para(_FORMULA),
            Listing(_COVERAGE, rows, (total,)),
            Chapter("意见分类"),
            Para(_remarks(period, building)),
        ],
        number=f"JFH-{period.first:%Y%m}",
        values={"state": "汇总"},
        title="家访汇总",
    )


def _remarks(period: Period, building: Building | None) -> str:
    query = HomeRemark.select(HomeRemark, HomeVisit).join(HomeVisit)
    query = query.where(HomeVisit.visited_at.between(*period.moments))
    if building is not None:
        query = query.where(HomeVisit.unit.in_(building.units))
    counts = Counter(one.kind.value for one in query)
    told = "，".join(f"{kind} {count} 条" for kind, count in counts.most_common())
    return f"共 {sum(counts.values())} 条：{told}。" if counts else "没有记下意见。"
