"""受理: one call brings several matters; each becomes a case with its number, grade and promised times."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Any

from models.base import journal
from models.clock import now, past
from models.complaints.cases import APART, OFFICIAL, SERIES, Call, CallerKind, Channel, ServiceCase
from models.complaints.kinds import Grade, Place, Problem, Sort, check_grade, check_in_use, department_of
from models.complaints.outages import Outage, refuse_ended
from models.complaints.rights import REGISTER
from models.complaints.steps import Step, note
from models.complaints.terms import Clock, Measure, ServiceTerms, rules
from models.deeds import actor, deed
from models.errors import BadInput
from models.fields import (
    ChoiceField,
    CodeField,
    LineField,
    LinkField,
    MomentField,
    PhoneField,
)
from models.inputs import Asked, Input
from models.office.signoffs import Paper, to_be_read
from models.owners.estate import Building, Unit, UnitState
from models.owners.payees import payers_on
from models.owners.people import Person
from models.rows import RowRefused, RowsField

NAMELESS = (CallerKind.ANONYMOUS,)


class ProblemField(LinkField):
    """A problem, shown by its code and what it is."""

    def show(self, value: Any) -> str:
        """Return B01 水管漏水."""
        return f"{value.code} {value.name}" if isinstance(value, Problem) else super().show(value)


def _matter() -> list[Input]:
    """The columns of a matter."""
    return [
        Input("problem", ProblemField(Problem, verbose_name="事项").roomier(18), required=True),
        Input("content", LineField(max_length=500, verbose_name="内容").roomier(24), required=True),
        Input("area", LineField(max_length=60, null=True, verbose_name="位置"), required=False),
        Input("grade", ChoiceField(Grade, null=True, verbose_name="等级"), required=False),
        Input("appointed", MomentField(null=True, verbose_name="预约上门"), required=False),
        Input("demand", LineField(max_length=200, null=True, verbose_name="诉求"), required=False),
    ]


AskedMatters = Annotated[list[dict[str, Any]], Asked(RowsField(_matter, verbose_name="受理事项"))]


@deed("complaints.take_call", "受理", REGISTER)
def take_call(
    matters: AskedMatters,
    unit: Annotated[Unit | None, Asked(LinkField(Unit, null=True, verbose_name="房号"), "可不填")] = None,
    channel: Annotated[Channel, Asked(ChoiceField(Channel, verbose_name="渠道"))] = Channel.PHONE,
    caller_kind: Annotated[
        CallerKind, Asked(ChoiceField(CallerKind, verbose_name="来人"))
    ] = CallerKind.OWNER,
    name: Annotated[
        str | None, Asked(LineField(max_length=40, null=True, verbose_name="姓名"), "业主不填按档案")
    ] = None,
    phone: Annotated[str | None, Asked(PhoneField(null=True, verbose_name="电话"), "业主不填按档案")] = None,
    at: Annotated[
        datetime | None, Asked(MomentField(null=True, verbose_name="受理时间"), "不填为现在")
    ] = None,
    outage: Annotated[
        Outage | None, Asked(LinkField(Outage, null=True, verbose_name="停供通报"), "没有的不填")
    ] = None,
    order_number: Annotated[
        str | None, Asked(CodeField(max_length=40, null=True, verbose_name="工单号"), "12345、上级转的填")
    ] = None,
    order_due: Annotated[
        datetime | None, Asked(MomentField(null=True, verbose_name="工单时限"), "12345、上级转的填")
    ] = None,
) -> Call:
    """Note what one caller reports; each matter becomes a case of its own, numbered at once.

    A matter that was reported before from the same place is linked to the earlier case, and one reported
    so often within the office's days is grave unless a grade is typed (forms.md B8).

    Raises:
        BadInput: the time lies ahead, an order lacks its number or deadline, or the outage is over.
        RowRefused: a matter lacks its place, or its grade is none of its sort.
    """
    at = past(at, "受理时间")
    if unit is not None and unit.state is UnitState.RETIRED:
        raise BadInput(f"{unit.code} 已停用。请核对房号。", "unit")
    _check_order(channel, order_number, order_due, at)
    refuse_ended(outage)
    call = Call.add(
        at=at, channel=channel, caller_kind=caller_kind, unit=unit, order_number=order_number,
        order_due=order_due, made_at=now(), made_by=actor().name,
        **_caller(unit, caller_kind, name, phone, at),
    )  # fmt: skip
    clock = Clock(rules().closes)
    for number, matter in enumerate(matters):
        open_case(call, number, matter, outage, clock)
    return call


def _check_order(channel: Channel, number: str | None, due: datetime | None, at: datetime) -> None:
    official = channel in OFFICIAL
    if official and not (number and due):
        field = "order_due" if number else "order_number"
        raise BadInput(f"{channel.value}的要填工单号和工单时限，时限从工单上抄。", field)
    if not official and (number or due):
        known = "、".join(one.value for one in OFFICIAL)
        raise BadInput(f"只有{known}的才有工单号和工单时限。请改渠道，或清空这两栏。", "order_number")
    if due is not None and due <= at:
        raise BadInput(f"工单时限 {due:%Y-%m-%d %H:%M} 不晚于受理时间。请核对。", "order_due")


def _caller(
    unit: Unit | None, kind: CallerKind, name: str | None, phone: str | None, at: datetime
) -> dict[str, Any]:
    """Return who calls: as typed, an owner of whom nothing is typed as the files have him."""
    if kind in NAMELESS:
        if name or phone:
            raise BadInput("匿名的不记姓名和电话。请清空，或改“来人”。", "name" if name else "phone")
        return {}
    person = None
    if unit is not None and kind is CallerKind.OWNER:
        payee = payers_on(unit, at.date())
        person = Person.get_or_none(Person.id == payee.liable_id) if payee.liable_id else None
        if person is not None and name in (None, person.name):
            return {"person": person, "name": person.name, "phone": phone or person.phone}
    return {"name": name, "phone": phone}


def open_case(
    call: Call, number: int, matter: dict[str, Any], outage: Outage | None, clock: Clock
) -> ServiceCase:
    """Make a case of one matter of a call; within the deed that notes the call.

    Raises:
        RowRefused: it lacks its place, its appointment, or its grade is none of its sort.
    """
    problem: Problem = matter["problem"]
    check_in_use(problem)
    unit = call.unit if problem.place is not Place.COMMON else None
    named = building_named(matter.get("area")) if problem.place is Place.COMMON else None
    building = named or (call.unit.building if call.unit is not None else None)
    _check_place(number, problem, unit, building, matter.get("area"))
    earlier = earlier_of(problem, unit, building, matter.get("area"), call.at)
    grade = matter.get("grade") or _grade_of(problem, len(earlier))
    try:
        check_grade(problem.sort, grade)
    except BadInput as problem_found:
        raise RowRefused(str(problem_found), "matters", number, "grade") from None
    made = ServiceCase.add(
        number=SERIES[problem.sort].next(call.at.date()), sort=problem.sort, call=call, received_at=call.at,
        unit=unit, building=building, area=matter.get("area"), problem=problem, place=problem.place,
        kind=problem.kind, matter=problem.name, grade=grade, content=matter["content"],
        demand=matter.get("demand"), again_of=earlier[0] if earlier else None, outage=outage,
        department=department_of(problem),
        **_promises(problem.sort, grade, call, number, matter.get("appointed"), clock),
    )  # fmt: skip
    journal().note(**{f"case_{number + 1}": made.number})
    note(made, Step.RECEIVED, _told(made), at=call.at)
    if problem.sort is Sort.COMPLAINT:
        told = f"{made.where} {made.kind.value} {made.matter}：{made.content}"
        to_be_read(Paper.COMPLAINT, made.number, call.at.date(), told)
    if grade is Grade.GRAVE:
        report(made, call.at)
    return made


def _told(case: ServiceCase) -> str:
    """What the first step says beside the content."""
    again = f"，与 {case.again_of.number} 同一事项" if case.again_of else ""
    joined = f"，并入 {case.outage.number}" if case.outage else ""
    return f"{case.call.channel.value} {case.call.who}{again}{joined}"


def report(case: ServiceCase, at: datetime) -> None:
    """Report a case to the director; it waits on his desk until he gave his direction (duty c01.a.04)."""
    case.change(reported_at=at)
    note(case, Step.REPORTED, "登记即上报，等待主任批示" if case.grade is Grade.GRAVE else None, at=at)


def building_named(area: str | None) -> Building | None:
    """Return the building with which the words of a place begin, as 3栋 of 3栋大堂."""
    named = [one for one in Building.select().where(Building.active) if (area or "").startswith(one.name)]
    return max(named, key=lambda one: len(one.name), default=None)


def _check_place(
    number: int, problem: Problem, unit: Unit | None, building: Building | None, area: str | None
) -> None:
    if problem.place is Place.HOME and unit is None:
        raise RowRefused("户内的事项要填房号。请填房号，或改选公共部位的事项。", "matters", number, "problem")
    if problem.place is Place.COMMON and building is None and not area:
        raise RowRefused("公共部位要填位置，例如 3栋大堂。", "matters", number, "area")


def earlier_of(
    problem: Problem, unit: Unit | None, building: Building | None, area: str | None, at: datetime
) -> list[ServiceCase]:
    """Return cases of the same matter from the same place within the office's days, the latest first."""
    since = at - timedelta(days=rules().repeat_days)
    same = (ServiceCase.problem == problem) & ServiceCase.received_at.between(since, at)
    same &= ServiceCase.state.not_in(APART)
    if unit is not None:
        same &= ServiceCase.unit == unit
    elif building is not None or area:
        same &= ServiceCase.unit.is_null()
        same &= ServiceCase.building.is_null() if building is None else ServiceCase.building == building
        same &= ServiceCase.area.is_null() if area is None else ServiceCase.area == area
    else:
        return []
    return list(
        ServiceCase.select().where(same).order_by(ServiceCase.received_at.desc(), ServiceCase.id.desc())
    )


def _grade_of(problem: Problem, earlier: int) -> Grade:
    """Return what a matter begins as: grave where it was complained of so often (forms.md B8)."""
    often = problem.sort is Sort.COMPLAINT and earlier + 1 >= rules().grave_after
    return Grade.GRAVE if often and problem.grade is Grade.ORDINARY else problem.grade


def _promises(
    sort: Sort, grade: Grade, call: Call, number: int, appointed: datetime | None, clock: Clock
) -> dict[str, Any]:
    """Return the promised times of a case, the order's deadline and the appointment among them."""
    if (grade is Grade.APPOINTED) != (appointed is not None):
        missing = "预约的要填预约上门时间。" if appointed is None else "填了预约上门时间的，等级要选“预约”。"
        raise RowRefused(missing, "matters", number, "appointed" if appointed is None else "grade")
    if appointed is not None and appointed < call.at:
        raise RowRefused("预约上门时间早于受理时间。请核对。", "matters", number, "appointed")
    terms = ServiceTerms.of(sort, grade)
    start = appointed or call.at
    first = clock.due(start, terms.first_amount, terms.first_measure)
    due, measure = clock.due(start, terms.due_amount, terms.due_measure), terms.due_measure
    if call.order_due is not None and call.order_due < due:
        due, measure = call.order_due, Measure.HOURS  # the order's own deadline runs on natural time
    return {
        "first_due": min(first, due), "first_measure": terms.first_measure, "due_at": due,
        "due_measure": measure, "appointed_from": appointed,
        "appointed_to": first if appointed is not None else None,
    }  # fmt: skip
