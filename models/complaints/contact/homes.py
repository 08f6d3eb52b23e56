"""家访: who is visited at home, why, by which two, and what he said, each remark with its answer (CS-08)."""

from __future__ import annotations

from datetime import date, datetime
from enum import Enum
from typing import Annotated, Any

from models.base import Record
from models.clock import now, past, past_day
from models.complaints.closing import AskedReason
from models.complaints.complaining import refuse_left
from models.complaints.contact.commitments import Commitment, Origin, promised
from models.complaints.kinds import MATTERS, Kind
from models.complaints.rights import LEAD, VISIT
from models.deeds import actor, deed
from models.errors import BadInput, RuleBroken
from models.fields import (
    ChoiceField,
    CountField,
    DayField,
    LineField,
    LinkField,
    MomentField,
    NoteField,
    NumberField,
)
from models.inputs import Asked, Input
from models.office.staff import Staff
from models.owners.estate import Unit
from models.rows import RowRefused, RowsField
from models.series import Series

VISITS = Series("JFJ", "家访记录")
REMARKS = "remarks"


class HomeKind(Enum):
    """家访类型 of CS-08."""

    NEW = "新入住"
    ALONE = "独居老人"
    DEBTOR = "欠费"
    COMPLAINED = "投诉后"
    ROUTINE = "例行"


class HomeState(Enum):
    """How far a visit is."""

    PLANNED = "待访"
    DONE = "已访"
    DROPPED = "已取消"


class Care(Record):
    """特殊关照户: somebody who lives there agreed in writing to be looked after (forms.md B7)."""

    unit = LinkField(Unit, backref="+", verbose_name="房号")
    who = LineField(max_length=40, verbose_name="对象")
    why = LineField(max_length=60, verbose_name="关照事由")
    agreed_on = DayField(verbose_name="本人同意日期")
    ended_on = DayField(null=True, verbose_name="结束日期")
    made_by = LineField(max_length=60, verbose_name="经办人")

    class Meta:
        title = "特殊关照户"

    def label(self) -> str:
        """Return 1-1-1011 王桂芳."""
        return f"{self.unit.code} {self.who}"


class HomeVisit(Record):
    """家访: one household to be visited, and what came of it; JFJ-202611-001."""

    number = NumberField(verbose_name="家访号")
    unit = LinkField(Unit, backref="+", verbose_name="房号")
    kind = ChoiceField(HomeKind, verbose_name="家访类型")
    due = DayField(verbose_name="计划日期")
    visitor = LinkField(Staff, backref="+", verbose_name="访问人")
    second = LinkField(Staff, backref="+", verbose_name="同访人")
    state = ChoiceField(HomeState, default=HomeState.PLANNED, verbose_name="状态")
    absent = CountField(default=0, verbose_name="未遇次数")
    visited_at = MomentField(null=True, index=True, verbose_name="访问时间")
    met = LineField(max_length=40, null=True, verbose_name="受访人")
    topics = NoteField(null=True, verbose_name="征询事项")
    words = NoteField(null=True, verbose_name="说明")
    made_at = MomentField(verbose_name="登记时间")
    made_by = LineField(max_length=60, verbose_name="经办人")

    key_field = "number"
    moves = {HomeState.PLANNED: (HomeState.DONE, HomeState.DROPPED)}

    class Meta:
        title = "家访"
        indexes = ((("state", "due"), False), (("unit", "visited_at"), False))

    def described(self) -> str:
        """Return JFJ-202611-001 1-1-1011 例行."""
        return f"{self.number} {self.unit.code} {self.kind.value}"


class HomeRemark(Record):
    """家访意见: one thing that somebody said at home, with its answer."""

    visit = LinkField(HomeVisit, backref="remarks", verbose_name="家访")
    kind = ChoiceField(Kind, only=MATTERS, verbose_name="类别")
    words = LineField(max_length=300, verbose_name="业主意见")
    answer = LineField(max_length=300, null=True, verbose_name="当场答复")
    commitment = LinkField(Commitment, null=True, index=False, backref="+", verbose_name="承诺事项")

    class Meta:
        title = "家访意见"


AskedVisit = Annotated[HomeVisit, Asked(LinkField(HomeVisit, verbose_name="家访"))]
AskedUnit = Annotated[Unit, Asked(LinkField(Unit, verbose_name="房号"))]
AskedVisitor = Annotated[Staff, Asked(LinkField(Staff, verbose_name="访问人"))]
AskedSecond = Annotated[Staff, Asked(LinkField(Staff, verbose_name="同访人"))]


# -- whom to look after ----------------------------------------------------------------------------


@deed("complaints.add_care", "登记关照户", VISIT)
def add_care(
    unit: AskedUnit,
    who: Annotated[str, Asked(LineField(max_length=40, verbose_name="对象"))],
    why: Annotated[str, Asked(LineField(max_length=60, verbose_name="关照事由"))],
    agreed_on: Annotated[date, Asked(DayField(verbose_name="本人同意日期"))],
) -> Care:
    """Note who agreed to be looked after; without his agreement nothing is kept (个人信息保护法 29).

    Raises:
        BadInput: the agreement lies ahead.
        RuleBroken: it is noted already.
    """
    past_day(agreed_on, "同意日期", "agreed_on")
    if Care.select().where((Care.unit == unit) & (Care.who == who) & Care.ended_on.is_null()).exists():
        raise RuleBroken(f"{unit.code} {who} 已登记为关照户。")
    return Care.add(unit=unit, who=who, why=why, agreed_on=agreed_on, made_by=actor().name)


@deed("complaints.end_care", "结束关照", VISIT, question="搬走、去世或本人撤回同意的，结束关照。")
def end_care(care: Annotated[Care, Asked(LinkField(Care, verbose_name="关照户"))]) -> Care:
    """Note that somebody is looked after no more, or takes his agreement back.

    Raises:
        RuleBroken: it is ended already.
    """
    if care.ended_on is not None:
        raise RuleBroken(f"{care.label()} 已于 {care.ended_on} 结束。")
    return care.change(ended_on=now().date())


# -- visits ----------------------------------------------------------------------------------------


@deed("complaints.add_home_visit", "安排家访", VISIT)
def add_home_visit(
    unit: AskedUnit,
    kind: Annotated[HomeKind, Asked(ChoiceField(HomeKind, verbose_name="家访类型"))],
    due: Annotated[date, Asked(DayField(verbose_name="计划日期"))],
    visitor: AskedVisitor,
    second: AskedSecond,
) -> HomeVisit:
    """Plan one visit by two people.

    Raises:
        BadInput: the day is over, or both visitors are one.
        RuleBroken: it is planned already, or nobody there agreed to be looked after.
    """
    if due < now().date():
        raise BadInput(f"计划日期 {due} 已经过了。请填今天或以后的日期。", "due")
    waiting = (HomeVisit.unit == unit) & (HomeVisit.state == HomeState.PLANNED)
    planned = HomeVisit.get_or_none(waiting)
    if planned is not None:
        raise RuleBroken(f"{unit.code} 已有待访的 {planned.number}（{planned.due}）。请登记那一次。")
    agreed = Care.select().where((Care.unit == unit) & Care.ended_on.is_null()).exists()
    if kind is HomeKind.ALONE and not agreed:
        raise RuleBroken(f"{unit.code} 没有登记本人同意的关照户，不能按“独居老人”家访。请先登记关照户。")
    refuse_pair(visitor, second)
    return planned_visit(unit, kind, due, visitor, second)


def refuse_pair(visitor: Staff, second: Staff) -> None:
    """Refuse two visitors of whom one is missing.

    Raises:
        BadInput: both are the same.
        RuleBroken: one has left.
    """
    if visitor == second:
        raise BadInput("家访要两人同去，访问人和同访人不能是同一位。", "second")
    refuse_left(visitor)
    refuse_left(second)


def planned_visit(unit: Unit, kind: HomeKind, due: date, visitor: Staff, second: Staff) -> HomeVisit:
    """Plan a visit, its number taken from the day it is planned for."""
    return HomeVisit.add(
        number=VISITS.next(due), unit=unit, kind=kind, due=due, visitor=visitor, second=second,
        made_at=now(), made_by=actor().name,
    )  # fmt: skip


def _remarks() -> list[Input]:
    answer = LineField(max_length=300, null=True, verbose_name="当场答复")
    return [
        Input("kind", ChoiceField(Kind, only=MATTERS, verbose_name="类别"), required=True),
        Input("words", LineField(max_length=300, verbose_name="业主意见").roomier(14), required=True),
        Input("answer", answer.roomier(14), required=False),
        Input("staff", LinkField(Staff, null=True, verbose_name="责任人"), required=False),
        Input("due", DayField(null=True, verbose_name="完成期限"), required=False),
    ]


@deed("complaints.home_visit", "登记家访", VISIT)
def home_visit(
    visit: AskedVisit,
    met: Annotated[str, Asked(LineField(max_length=40, verbose_name="受访人"))],
    topics: Annotated[str | None, Asked(NoteField(null=True, verbose_name="征询事项"))] = None,
    remarks: Annotated[
        list[dict[str, Any]] | None, Asked(RowsField(_remarks, null=True, verbose_name="意见"))
    ] = None,
    at: Annotated[
        datetime | None, Asked(MomentField(null=True, verbose_name="访问时间"), "不填为现在")
    ] = None,
    visitor: Annotated[
        Staff | None, Asked(LinkField(Staff, null=True, verbose_name="访问人"), "不填照计划")
    ] = None,
    second: Annotated[
        Staff | None, Asked(LinkField(Staff, null=True, verbose_name="同访人"), "不填照计划")
    ] = None,
) -> HomeVisit:
    """Note a visit and what was said there: each remark is answered at once or promised by a day.

    Raises:
        RuleBroken: it is noted or dropped already.
        BadInput: the time lies ahead, or both visitors are one.
        RowRefused: a remark has neither an answer nor somebody who sees to it.
    """
    when = _moment(visit, at)
    first, other = visitor or visit.visitor, second or visit.second
    refuse_pair(first, other)
    visit.move_to(
        HomeState.DONE, visited_at=when, met=met, topics=topics, visitor=first, second=other,
        made_at=now(), made_by=actor().name,
    )  # fmt: skip
    for number, row in enumerate(remarks or []):
        _remark(visit, row, number, when)
    return visit


def _remark(visit: HomeVisit, row: dict[str, Any], number: int, when: datetime) -> None:
    staff, due, answer = row.get("staff"), row.get("due"), row.get("answer")
    if answer is None and staff is None:
        raise RowRefused("要么当场答复，要么填责任人和完成期限。", REMARKS, number, "answer")
    try:
        made = promised(Origin.HOME_VISIT, visit.number, row["words"], staff, due, visit.unit, when.date())
    except BadInput as problem:
        raise RowRefused(str(problem), REMARKS, number, problem.field) from None
    HomeRemark.add(visit=visit, kind=row["kind"], words=row["words"], answer=answer, commitment=made)


def _moment(visit: HomeVisit, at: datetime | None) -> datetime:
    if visit.state is not HomeState.PLANNED:
        raise RuleBroken(f"{visit.number} 现在是“{visit.state.value}”，不能再登记。")
    return past(at, "访问时间")


@deed("complaints.nobody_home", "登记未遇", VISIT)
def nobody_home(
    visit: AskedVisit,
    due: Annotated[date, Asked(DayField(verbose_name="改约日期"))],
    words: Annotated[str | None, Asked(NoteField(null=True, verbose_name="情况"))] = None,
) -> HomeVisit:
    """Note that nobody was met, and when they come again.

    Raises:
        RuleBroken: it is noted or dropped already.
        BadInput: the new day is over.
    """
    _moment(visit, None)
    if due < now().date():
        raise BadInput(f"改约日期 {due} 已经过了。请填今天或以后的日期。", "due")
    return visit.change(absent=visit.absent + 1, due=due, words=words or visit.words)


@deed("complaints.drop_home_visit", "取消家访", LEAD, danger=True, question="取消的保留在名单里。")
def drop_home_visit(visit: AskedVisit, reason: AskedReason) -> HomeVisit:
    """Drop a visit that was planned, with the reason.

    Raises:
        RuleBroken: it is noted or dropped already.
    """
    return visit.move_to(HomeState.DROPPED, words=reason)
