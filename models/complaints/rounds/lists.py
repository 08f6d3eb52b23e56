"""巡查名单: the rounds, what was looked at, and what the day's log and the desk are told of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time

from peewee import JOIN, SQL, fn

from models.attachments import keeps_files
from models.clock import now
from models.complaints.cases import Call, Channel, ServiceCase
from models.complaints.kinds import Sort
from models.complaints.rights import LEAD, VIEW
from models.complaints.rounds.inspecting import Found, Inspection, InspectionLine, inspected_on
from models.complaints.rounds.points import InspectionPoint
from models.desk import Reminder, reminds
from models.fields import CountField
from models.listings import Filters, Listing, Shown, listing
from models.office.logs import prepares
from models.office.signoffs import SignOff, SignOffState
from models.owners.estate import Building
from models.search import finds_numbered
from models.workdays import is_working

keeps_files(Inspection, VIEW)

TONES = {
    Found.GOOD.value: "ok", Found.BAD.value: "danger", Found.FIXED.value: "warning",
    SignOffState.UNREAD.value: "warning", SignOffState.READ.value: "ok",
}  # fmt: skip
_EVENING = time(15, 0)


@listing("inspections", "巡查记录", "complaints", VIEW, "period")
def inspections(filters: Filters) -> Listing:
    """The rounds, the latest first, each with whether the supervisor read it."""
    query = Inspection.select().join(SignOff, JOIN.LEFT_OUTER, on=(SignOff.number == Inspection.number))
    query = filters.narrow(query, period=Inspection.at)
    lines = InspectionLine.select(fn.COUNT(SQL("1"))).where(InspectionLine.inspection == Inspection.id)
    columns = (
        Shown("number", Inspection.number),
        Shown("at", Inspection.at),
        Shown("inspector", Inspection.inspector),
        Shown("seen", CountField(verbose_name="巡查项数"), lines),
        Shown("bad", CountField(verbose_name="异常项数"), lines.where(InspectionLine.found != Found.GOOD)),
        Shown("state", SignOff.state, label="签阅", status=True),
        Shown("read_by", SignOff.read_by, label="签阅人"),
        Shown("words", SignOff.words, label="批示"),
        Shown("made_by", Inspection.made_by, hidden=True),
    )
    return Listing(
        query, columns, id=Inspection.id, order=("-number",), record=Inspection,
        search=(Inspection.number, Inspection.inspector), tones=TONES,
    )  # fmt: skip


@listing("inspection_lines", "巡查项", "complaints", VIEW, "period", "building", "state", "case")
def inspection_lines(filters: Filters) -> Listing:
    """Everything that was looked at, with the repair order of what was bad."""
    query = InspectionLine.select().join(Inspection).switch(InspectionLine)
    query = query.join(ServiceCase, JOIN.LEFT_OUTER).switch(InspectionLine).join(Building, JOIN.LEFT_OUTER)
    query = filters.narrow(
        query,
        period=Inspection.at,
        building=InspectionLine.building,
        case=InspectionLine.case,
        state=InspectionLine.found,
    )
    columns = (
        Shown("at", Inspection.at),
        Shown("number", Inspection.number),
        Shown("place", InspectionLine.place),
        Shown("item", InspectionLine.item),
        Shown("found", InspectionLine.found, status=True),
        Shown("words", InspectionLine.words),
        Shown("case", ServiceCase.number, label="报修单号"),
        Shown("case_state", ServiceCase.state, label="报修状态"),
        Shown("due", InspectionLine.due),
        Shown("inspector", Inspection.inspector, hidden=True),
        Shown("standard", InspectionLine.standard, hidden=True),
        Shown("id", InspectionLine.id, hidden=True),
    )
    return Listing(
        query, columns, id=InspectionLine.id, order=("-at",), record=InspectionLine,
        search=(Inspection.number, InspectionLine.place, InspectionLine.words), tones=TONES,
    )  # fmt: skip


@prepares("rounds")
def rounds_of_log(day: date) -> Iterator[str]:
    """Tell the day's log of its rounds."""
    for one in inspected_on(day):
        yield f"{one.number} {one.told}"


@prepares("calls")
def calls_of_log(day: date) -> Iterator[str]:
    """Tell the day's log how many came with what."""
    span = (datetime.combine(day, time.min), datetime.combine(day, time.max))
    for sort in Sort:
        mine = (ServiceCase.sort == sort) & ServiceCase.received_at.between(*span)
        yield f"{sort.value} {ServiceCase.select().where(mine).count()} 件"
    visits = Call.select().where((Call.channel == Channel.VISIT) & Call.at.between(*span)).count()
    yield f"来访 {visits} 次"


@reminds(LEAD)
def no_round_today(day: date) -> Iterator[Reminder]:
    """Remind in the afternoon of a working day that nobody made a round yet (c08.a.07, daily)."""
    pointed = InspectionPoint.select().where(InspectionPoint.active == True).exists()
    late = day < now().date() or now().time() >= _EVENING
    if pointed and late and is_working(day) and not inspected_on(day):
        yield Reminder("今天还没有巡查记录", "warning", "inspecting")


finds_numbered(
    VIEW, "XC", Inspection, "inspections", "巡查", lambda one: f"{one.at:%Y-%m-%d %H:%M} {one.told}"
)
