"""巡查: a round is typed as a sheet; what was found bad becomes a repair order at once (duty c08.a.07)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Annotated, Any

from peewee import JOIN

from models.base import Record, journal
from models.clock import now, past
from models.complaints.cases import Call, CallerKind, CaseState, Channel, ServiceCase
from models.complaints.intake import open_case
from models.complaints.rights import REGISTER
from models.complaints.rounds.points import GROUNDS, InspectionPoint, Item
from models.complaints.steps import Step, note
from models.complaints.terms import Clock, rules
from models.deeds import actor, deed
from models.entries import Line, Sheet, entry
from models.fields import (
    ChoiceField,
    DayField,
    LineField,
    LinkField,
    MomentField,
    NumberField,
)
from models.inputs import Asked, Input
from models.listings import Filters, Shown
from models.office.signoffs import Paper, to_be_read
from models.office.staff import Staff
from models.owners.estate import Building
from models.rows import RowRefused, RowsField
from models.series import Series
from models.text import few

ROUNDS = Series("XC", "巡查记录")
ROWS = "points"
_NAMED = 6


class Found(Enum):
    """结果: √, × with a repair order, or × put right at once."""

    GOOD = "正常"
    BAD = "异常"
    FIXED = "当场整改"


class Inspection(Record):
    """巡查记录: one round, XC-202611-001."""

    number = NumberField(verbose_name="巡查号")
    at = MomentField(index=True, verbose_name="巡查时间")
    inspector = LineField(max_length=60, verbose_name="巡查人")
    made_at = MomentField(verbose_name="登记时间")
    made_by = LineField(max_length=60, verbose_name="登记人")

    key_field = "number"

    class Meta:
        title = "巡查记录"

    @property
    def told(self) -> str:
        """How many points it saw, and how many were not as they should be."""
        bad = self.lines.where(InspectionLine.found != Found.GOOD).count()
        return f"巡查 {self.lines.count()} 项，异常 {bad} 项"

    @property
    def where(self) -> str:
        """The buildings that it went to and the grounds, in the order of the estate; many by their number."""
        query: Any = InspectionLine.select(Building.name, Building.sort_key).distinct()
        query = query.join(Building, JOIN.LEFT_OUTER).where(InspectionLine.inspection == self)
        query = query.order_by(Building.sort_key.asc(nulls="first"))
        names = [name or GROUNDS for name, _ in query.tuples()]
        return few(names, "处", _NAMED)


class InspectionLine(Record):
    """巡查项: one thing that was looked at, as it was found; never changed."""

    inspection = LinkField(Inspection, backref="lines", verbose_name="巡查记录")
    point = LinkField(InspectionPoint, backref="+", verbose_name="巡查点")
    building = LinkField(Building, null=True, backref="+", verbose_name="楼栋")
    place = LineField(max_length=40, verbose_name="巡查点")
    item = ChoiceField(Item, verbose_name="项目")
    standard = LineField(max_length=60, verbose_name="标准")
    found = ChoiceField(Found, verbose_name="结果")
    words = LineField(max_length=200, null=True, verbose_name="问题描述")
    due = DayField(null=True, verbose_name="整改期限")
    case = LinkField(ServiceCase, null=True, backref="+", verbose_name="报修单号")

    class Meta:
        title = "巡查项"


@dataclass(frozen=True)
class Walked:
    """What came of a round."""

    inspection: Inspection
    told: str
    """What its record tells of it."""
    orders: tuple[str, ...]
    """Numbers of the repair orders, new or open already."""
    unseen: int
    """Points of the buildings it went to at which nobody looked."""

    def done(self) -> str:
        """Return 已登记巡查."""
        return "已登记巡查"

    def summary(self) -> str:
        """Return XC-202611-001 巡查 6 项，异常 1 项，报修单 BX-202611-0002；所巡范围还有 2 项没有查."""
        orders = f"，报修单 {few(self.orders, '张', _NAMED)}" if self.orders else ""
        unseen = f"；{_left_out(self.unseen)}" if self.unseen else ""
        return f"{self.inspection.number} {self.told}{orders}{unseen}。"

    def details(self) -> dict[str, Any]:
        """Return the same for machines."""
        return {"number": self.inspection.number, "orders": [*self.orders], "unseen": self.unseen}


def _left_out(unseen: int) -> str:
    return f"所巡范围还有 {unseen} 项没有查"


def _inputs() -> list[Input]:
    return [
        Input("point", LinkField(InspectionPoint, verbose_name="巡查点"), required=True),
        Input("found", ChoiceField(Found, verbose_name="结果"), required=True),
        Input(
            "words", LineField(max_length=200, null=True, verbose_name="问题描述").roomier(20), required=False
        ),
    ]


@deed("complaints.enter_inspection", "巡查录入", REGISTER)
def enter_inspection(
    points: Annotated[list[dict[str, Any]], Asked(RowsField(_inputs, verbose_name="巡查点"))],
    at: Annotated[
        datetime | None, Asked(MomentField(null=True, verbose_name="巡查时间"), "不填为现在")
    ] = None,
    inspector: Annotated[
        Staff | None, Asked(LinkField(Staff, null=True, verbose_name="巡查人"), "不填为本人")
    ] = None,
) -> Walked:
    """Enter a round; every bad point becomes a repair order, the supervisor reads the round.

    Raises:
        BadInput: the time lies ahead.
        RowRefused: what is bad is not described, or a point stands twice.
    """
    when = past(at, "巡查时间")
    _check(points)
    made = Inspection.add(
        number=ROUNDS.next(when.date()), at=when, inspector=inspector.name if inspector else actor().name,
        made_at=now(), made_by=actor().name,
    )  # fmt: skip
    calls: list[Call] = []
    for number, row in enumerate(points):
        _note(made, row, number, calls)
    bad = [f"{row['point'].label()} {row['words']}" for row in points if row["found"] is not Found.GOOD]
    unseen = _unseen([row["point"] for row in points])
    told = made.told
    left_out = f"，{_left_out(unseen)}" if unseen else ""
    summary = f"{told}{left_out}：{'；'.join(bad) or '全部正常'}"
    to_be_read(Paper.INSPECTION, made.number, when.date(), summary, made.inspector)
    journal().subject = made
    return Walked(made, told, _orders(made), unseen)


def _orders(made: Inspection) -> tuple[str, ...]:
    """Return the numbers of the repair orders of a round."""
    query: Any = ServiceCase.select(ServiceCase.number).join(InspectionLine)
    query = query.where(InspectionLine.inspection == made).order_by(ServiceCase.number).distinct()
    return tuple(number for (number,) in query.tuples())


def _unseen(seen: Sequence[InspectionPoint]) -> int:
    """Return how many points in use of the same buildings were left out."""
    buildings = {one.building_id for one in seen}
    return sum(one.building_id in buildings for one in points_of(None)) - sum(one.active for one in seen)


def _check(points: list[dict[str, Any]]) -> None:
    seen = set()
    for number, row in enumerate(points):
        if row["point"].id in seen:
            raise RowRefused(f"{row['point'].label()} 重复了，一次巡查只填一行。", ROWS, number, "point")
        seen.add(row["point"].id)
        if row["found"] is not Found.GOOD and not row.get("words"):
            raise RowRefused("不正常的要写问题描述。", ROWS, number, "words")


def _note(made: Inspection, row: Mapping[str, Any], number: int, calls: list[Call]) -> None:
    point: InspectionPoint = row["point"]
    case = due = None
    if row["found"] is Found.BAD:
        case = _order(made, point, row["words"], number, calls)
        due = case.due_at.date()
    elif row["found"] is Found.FIXED:
        due = made.at.date()
    InspectionLine.add(
        inspection=made, point=point, building=point.building, place=point.name, item=point.item,
        standard=point.standard, found=row["found"], words=row.get("words"), due=due, case=case,
    )  # fmt: skip


def _order(
    made: Inspection, point: InspectionPoint, words: str, number: int, calls: list[Call]
) -> ServiceCase:
    """Return the repair order of a bad point: the one that is open still, or a new one."""
    area = _area(point)
    same = (ServiceCase.problem == point.problem) & (ServiceCase.area == area)
    undone = (ServiceCase.live == True) & ServiceCase.finished_at.is_null()
    known: ServiceCase | None = ServiceCase.select().where(same & undone).order_by(ServiceCase.id).first()
    if known is not None:
        note(known, Step.NOTED, f"{made.number} 巡查仍异常：{words}", at=max(made.at, known.received_at))
        return known
    if not calls:
        calls.append(_call(made))
    matter = {"problem": point.problem, "content": f"巡查：{words}", "area": area}
    return open_case(calls[0], number, matter, None, Clock(rules().closes))


def _area(point: InspectionPoint) -> str:
    """Return the place as a case has it: it begins with its building, so that it is found there."""
    building = point.building.name if point.building is not None else ""
    within = "" if not building or point.name.startswith(building) else f"{building} "
    return f"{within}{point.name} {point.item.value}"


def _call(made: Inspection) -> Call:
    return Call.add(
        at=made.at, channel=Channel.ROUND, caller_kind=CallerKind.STAFF, name=made.inspector,
        made_at=made.made_at, made_by=made.made_by,
    )  # fmt: skip


def accepted(line: InspectionLine) -> tuple[str | None, str | None]:
    """Return what became of a bad point, and who found it right: the acceptance of its repair order."""
    if line.found is Found.GOOD:
        return None, None
    if line.found is Found.FIXED:
        return "合格", line.inspection.inspector
    case = line.case
    if case.state is CaseState.WITHDRAWN:
        return "已撤回", None
    return ("合格", case.accepted_by) if case.accepted_at else (None, None)


# -- the sheet -------------------------------------------------------------------------------------


@entry("inspecting", "巡查录入", "complaints.enter_inspection", ROWS, ("found", "words"), "building")
def inspecting(filters: Filters) -> Sheet:
    """The points of a building, or all of them; the equals key says that one is as it should be."""
    lines = [
        Line(one.label(), (one.name, one.item, one.standard), {"point": one}, {"found": Found.GOOD})
        for one in points_of(filters.building)
    ]
    return Sheet(
        told=(
            Shown("name", InspectionPoint.name),
            Shown("item", InspectionPoint.item),
            Shown("standard", InspectionPoint.standard),
        ),
        lines=lines,
        judge=_strange,
        follows=lambda line, row: "登记后生成报修单" if row.get("found") is Found.BAD else "",
        warns="" if lines else "还没有巡查点。请先在“设置”的“巡查点”里按楼栋生成。",
        strict="words",
    )


def _strange(line: Line, row: Mapping[str, Any]) -> str:
    if row.get("found") is None:
        return "没有填结果"
    bad = row["found"] is not Found.GOOD
    return "不正常的要写问题描述" if bad and not row.get("words") else ""


def points_of(building: Building | None) -> list[InspectionPoint]:
    """Return the points in use, in the order in which somebody passes them: building by building."""
    query = InspectionPoint.select(InspectionPoint, Building).join(Building, JOIN.LEFT_OUTER)
    query = query.where(InspectionPoint.active == True)
    if building is not None:
        query = query.where(InspectionPoint.building == building)
    return list(query.order_by(Building.sort_key.asc(nulls="first"), InspectionPoint.id))


def inspected_on(day: date) -> list[Inspection]:
    """Return the rounds of a day."""
    start = datetime.combine(day, datetime.min.time())
    end = datetime.combine(day, datetime.max.time())
    return list(Inspection.select().where(Inspection.at.between(start, end)).order_by(Inspection.at))
