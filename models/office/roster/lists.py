"""排班录入与名单: the grid in which rotations are typed, the matrix of a month, and the swaps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from models.clock import now
from models.desk import Figure, Reminder, figures, reminds
from models.entries import Line, Sheet, entry
from models.errors import BadInput
from models.fields import CountField, LineField, QuantityField
from models.listings import Filters, Listing, RowListing, Shown, listing
from models.months import Month, Period
from models.office.logs import prepares
from models.office.roster.rosters import (
    ROWS,
    Roster,
    RosterDay,
    RosterState,
    ShiftSwap,
    breach,
    days_before,
    letters_of,
    on_day,
    spelt,
)
from models.office.roster.shifts import APPROVE, ROSTER, WorkShift, rules
from models.office.staff import Department, Post, Staff
from models.search import finds_numbered
from models.workdays import SEE

_LONGEST = 12
"""Days of the longest rotation that is recognised."""


@entry("rostering", "排班", "office.enter_roster", ROWS, ("pattern",), "period")
def rostering(filters: Filters) -> Sheet:
    """Everybody who works here, by department, with what the equals key types: what is set, or goes on."""
    month = filters.period.require_month() if filters.period else Month.of(now().date())
    query = Staff.select(Staff, Department).join(Department).where(Staff.left.is_null())
    query = query.order_by(Department.id, Staff.number)
    known, set_now = letters_of(), _by_staff(month)
    before = _by_staff(month.plus(-1))
    lines = []
    for one in query:
        told = set_now.get(one.id) or _carried_on(before.get(one.id, ""), month.days)
        told = told if set(told) <= set(known) else ""
        offered = {"pattern": told} if told else {}
        post = one.post.name if one.post else None
        values = (one.name, one.department.name, post, _briefly(set_now.get(one.id, "")))
        lines.append(Line(one.name, values, {"month": month, "staff": one}, offered))
    told = "、".join(f"{one.sign}={one.digit}" for one in known.values() if one.sign in known)
    return Sheet(
        told=(
            Shown("name", Staff.name, label="姓名"),
            Shown("department", LineField(verbose_name="部门", max_length=20)),
            Shown("post", LineField(verbose_name="岗位", max_length=20)),
            Shown("set", LineField(null=True, verbose_name="已排", max_length=20)),
        ),
        lines=lines,
        judge=lambda line, row: _wrong(line, row, month, known),
        follows=lambda line, row: _sum(spelt(row["pattern"], month.days, known)),
        warns="" if told else "还没有班次代码，请先新增。",
        strict="pattern",
    )


def _by_staff(month: Month) -> dict[int, str]:
    """Return the letters of a month of everybody (id) who has a shift on each day of it."""
    found: dict[int, list[str]] = {}
    for one in _days(month):
        found.setdefault(one.staff_id, []).append(one.shift.sign)
    return {staff: "".join(signs) for staff, signs in found.items() if len(signs) == month.days}


def _days(month: Month, *conditions: Any) -> Any:
    query = RosterDay.select(RosterDay, WorkShift, Staff).join(WorkShift).switch(RosterDay).join(Staff)
    mine = RosterDay.day.between(month.first, month.last)
    return query.where(mine, *conditions).order_by(RosterDay.staff, RosterDay.day)


def _carried_on(before: str, days: int) -> str:
    """Return a month of the rotation in which the last one ended; empty where it had none."""
    length = _rotation(before)
    tail = before[-length:] if length else ""
    return (tail * days)[:days]


def _rotation(signs: str) -> int:
    """Return after how many days the letters of a month begin anew; 0 where they do not."""
    for length in range(1, min(_LONGEST, len(signs) // 2) + 1):
        if signs[length:] == signs[:-length]:
            return length
    return 0


def _briefly(signs: str) -> str | None:
    """Return the letters of a month by its rotation, else the first of them."""
    length = _rotation(signs)
    return (signs[:length] if length else f"{signs[:_LONGEST]}…") if signs else None


def _wrong(line: Line, row: Mapping[str, Any], month: Month, known: Mapping[str, WorkShift]) -> str:
    if not row.get("pattern"):
        return "没有填班次"
    try:
        plan = spelt(row["pattern"], month.days, known)
    except BadInput as problem:
        return str(problem)
    return breach(month.first, plan, days_before(line.fixed["staff"], month.first))


def _sum(plan: Sequence[WorkShift]) -> str:
    """Return 早 8 中 8 夜 7 休 8，工时 184."""
    counts: dict[str, int] = {}
    for shift in plan:
        counts[shift.sign] = counts.get(shift.sign, 0) + 1
    hours = sum((shift.hours for shift in plan), start=Decimal(0))
    return f"{' '.join(f'{sign} {count}' for sign, count in counts.items())}，工时 {hours:g}"


class Person:
    """One row of the matrix of a month."""

    def __init__(self, roster: Roster, staff: Staff) -> None:
        self.roster, self.staff = roster, staff
        self.signs: dict[int, str] = {}
        self.worked, self.hours = 0, Decimal(0)


def matrix(month: Month, department: Department | None = None) -> list[Person]:
    """Return the rows of a month, department by department, everybody with his sums."""
    mine = [] if department is None else [Roster.department == department]
    query = RosterDay.select(RosterDay, WorkShift, Staff, Roster).join(WorkShift)
    query = query.switch(RosterDay).join(Staff).switch(RosterDay).join(Roster)
    within = RosterDay.day.between(month.first, month.last)
    found: dict[int, Person] = {}
    for one in query.where(within, *mine).order_by(Roster.id, Staff.number, RosterDay.day):
        row = found.setdefault(one.staff_id, Person(one.roster, one.staff))
        row.signs[one.day.day] = one.shift.sign
        row.worked += one.shift.works
        row.hours += one.shift.hours
    return list(found.values())


def uncovered(month: Month, people: Sequence[Person]) -> list[str]:
    """Return the shifts of a roster on which no leader works, as 3日夜; empty where no leader is on it."""
    posts = {part.strip() for part in (rules().leaders or "").replace("，", "、").split("、")} - {""}
    leaders = {one.staff.id for one in people if one.staff.post and one.staff.post.name in posts}
    if not leaders:
        return []
    works = {shift.sign for shift in WorkShift.select().where(WorkShift.works)}
    lacking = []
    for day in range(1, month.days + 1):
        signs = {one.signs.get(day) for one in people} & works
        led = {one.signs.get(day) for one in people if one.staff.id in leaders}
        lacking += [f"{day}日{sign}" for sign in sorted(filter(None, signs - led))]
    return lacking


@listing("duties", "值班表", "office", SEE, "period")
def duties(filters: Filters) -> RowListing:
    """Who works what on each day of a month, this one unless chosen."""
    month = filters.period.require_month() if filters.period else Month.of(now().date())
    days = [Shown(f"d{day}", LineField(verbose_name=str(day), max_length=2)) for day in range(1, 32)]
    columns = (
        Shown("name", Staff.name, label="员工"),
        Shown("post", Post.name, label="岗位", hidden=True),
        Shown("department", Department.name, label="部门"),
        *days[: month.days],
        Shown("worked", CountField(verbose_name="班次"), total=False),
        Shown("hours", QuantityField(verbose_name="工时")),
    )
    rows = []
    for one in matrix(month):
        post = one.staff.post.name if one.staff.post else None
        signs = [one.signs.get(day) for day in range(1, month.days + 1)]
        values = (one.staff.name, post, one.roster.department.name, *signs, one.worked, one.hours)
        rows.append((one.staff.id, values))
    return RowListing(columns, rows)


@listing("rosters", "值班表批准", "office", SEE, "period", "state")
def rosters(filters: Filters) -> Listing:
    """The rosters of departments and months, and whether they are approved."""
    query = Roster.select().join(Department)
    if filters.period:
        first, last = filters.period.months
        query = query.where(Roster.month.between(first, last))
    query = filters.narrow(query, state=Roster.state)
    columns = (
        Shown("number", Roster.number),
        Shown("month", Roster.month),
        Shown("department", Department.name, label="部门"),
        Shown("made_by", Roster.made_by),
        Shown("made_at", Roster.made_at),
        Shown("state", Roster.state, status=True),
        Shown("approved_by", Roster.approved_by),
        Shown("approved_at", Roster.approved_at),
    )
    return Listing(
        query, columns, id=Roster.id, order=("-month", "number"), record=Roster, search=(Roster.number,),
        tones={RosterState.APPROVED.value: "ok", RosterState.DRAFT.value: "warning"},
    )  # fmt: skip


@listing("shift_swaps", "调班记录", "office", SEE, "period")
def shift_swaps(filters: Filters) -> Listing:
    """Who took whose place, the latest first."""
    other = Staff.alias()
    query = ShiftSwap.select().join(Staff, on=(ShiftSwap.staff == Staff.id))
    query = query.switch(ShiftSwap).join(other, on=(ShiftSwap.stand_in == other.id))
    query = filters.narrow(query, period=ShiftSwap.day)
    columns = (
        Shown("day", ShiftSwap.day),
        Shown("staff", Staff.name, label="申请人"),
        Shown("was", ShiftSwap.was),
        Shown("stand_in", other.name, label="替班人"),
        Shown("instead", ShiftSwap.instead),
        Shown("reason", ShiftSwap.reason),
        Shown("made_by", ShiftSwap.made_by),
        Shown("made_at", ShiftSwap.made_at, hidden=True),
        Shown("id", ShiftSwap.id, hidden=True),
    )
    return Listing(query, columns, id=ShiftSwap.id, order=("-day",), record=ShiftSwap, search=(Staff.name,))


@figures(SEE)
def on_duty_today(day: date) -> Iterator[Figure]:
    """How many work which shift today, where a roster is approved."""
    working = [one for one in on_day(day) if one.shift.works]
    if working:
        counts = Counter(one.shift.sign for one in working)
        told = " ".join(f"{sign} {count}" for sign, count in counts.items())
        period = {"period": Period.of_month(Month.of(day))}
        yield Figure("今日当班", f"{len(working)} 人", told, "duties", period)


@reminds(APPROVE)
def rosters_to_approve(day: date) -> Iterator[Reminder]:
    """Remind of rosters that wait for approval."""
    count = Roster.select().where(Roster.state == RosterState.DRAFT).count()
    if count:
        state = {"state": RosterState.DRAFT.value}
        yield Reminder(f"{count} 份值班表等批准", "warning", "rosters", state, count)


@reminds(ROSTER)
def roster_of_next_month(day: date) -> Iterator[Reminder]:
    """Remind from the 25th on of whoever is on this month's roster and not on the next one's."""
    month = Month.of(day)
    following = month.plus(1)
    if day.day < 25:
        return
    works, will_work = (
        RosterDay.select(RosterDay.staff).where(RosterDay.day.between(one.first, one.last))
        for one in (month, following)
    )
    lacking = Staff.left.is_null() & Staff.id.in_(works) & Staff.id.not_in(will_work)
    count = Staff.select().where(lacking).count()
    if count:
        period = {"period": Period.of_month(following)}
        yield Reminder(f"{count} 人还没有排 {following} 的班", "warning", "rostering", period, count)


@prepares("on_duty")
def duty_of_log(day: date) -> Iterator[str]:
    """Tell the day's log who worked which shift, by the approved rosters."""
    shifts: dict[str, list[str]] = {}
    for one in on_day(day):
        if one.shift.works:
            shifts.setdefault(one.shift.sign, []).append(one.staff.name)
    yield from (f"{sign}班 {'、'.join(names)}" for sign, names in shifts.items())


finds_numbered(SEE, "ZB", Roster, "rosters", "值班表", lambda one: one.state.value)
