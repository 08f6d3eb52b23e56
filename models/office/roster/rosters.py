"""值班表: who works which shift on which day of a month; entered by rotation, approved, then only swapped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from enum import Enum
from itertools import pairwise
from typing import Annotated, Any

from models.base import Record
from models.clock import now
from models.deeds import actor, deed
from models.errors import BadInput, RuleBroken
from models.fields import ChoiceField, CodeField, DayField, LineField, LinkField, MomentField, MonthField
from models.inputs import Asked, Input
from models.months import Month
from models.office.roster.shifts import APPROVE, ROSTER, WorkShift, rules, shifts
from models.office.staff import Department, Staff
from models.rows import RowRefused, RowsField

ROWS = "rows"
_BACK = 31
"""Days before a month that its first days are judged by."""


class RosterState(Enum):
    """How far a roster is."""

    DRAFT = "编制"
    APPROVED = "已批准"


class Roster(Record):
    """值班表: the roster of a department and month, ZB-202611-秩序维护部."""

    number = CodeField(max_length=60, unique=True, verbose_name="值班表号")
    month = MonthField(verbose_name="月份")
    department = LinkField(Department, backref="rosters", verbose_name="部门")
    state = ChoiceField(RosterState, default=RosterState.DRAFT, verbose_name="状态")
    made_at = MomentField(verbose_name="编制时间")
    made_by = LineField(max_length=200, verbose_name="编制人")
    approved_at = MomentField(null=True, verbose_name="批准时间")
    approved_by = LineField(max_length=60, null=True, verbose_name="批准人")

    key_field = "number"
    moves = {RosterState.DRAFT: (RosterState.APPROVED,), RosterState.APPROVED: (RosterState.DRAFT,)}

    class Meta:
        title = "值班表"
        indexes = ((("month", "department"), True),)


class RosterDay(Record):
    """排班: what one person works on one day."""

    roster = LinkField(Roster, backref="days", verbose_name="值班表")
    staff = LinkField(Staff, backref="+", verbose_name="员工")
    day = DayField(index=True, verbose_name="日期")
    shift = LinkField(WorkShift, backref="+", verbose_name="班次")

    class Meta:
        title = "排班"
        indexes = ((("staff", "day"), True),)

    def label(self) -> str:
        """Return 魏铁生 2026-11-23 早."""
        return f"{self.staff.name} {self.day} {self.shift.sign}"


class ShiftSwap(Record):
    """调班: who took whose place on a day of an approved roster, and why."""

    roster = LinkField(Roster, backref="swaps", verbose_name="值班表")
    day = DayField(verbose_name="日期")
    staff = LinkField(Staff, backref="+", verbose_name="申请人")
    stand_in = LinkField(Staff, backref="+", verbose_name="替班人")
    was = LineField(max_length=2, verbose_name="申请人原班次")
    instead = LineField(max_length=2, verbose_name="替班人原班次")
    reason = LineField(max_length=120, verbose_name="原因")
    made_at = MomentField(verbose_name="批准时间")
    made_by = LineField(max_length=60, verbose_name="批准人")

    class Meta:
        title = "调班"


# -- rotations -------------------------------------------------------------------------------------


def spelt(pattern: str, days: int, known: Mapping[str, WorkShift]) -> list[WorkShift]:
    """Return the shift of each day of a month from what was typed: signs or their digits, repeated.

    Args:
        pattern: 早早中中夜夜休休, or 11223300; shorter than the month it begins anew.
        days: days of the month.
        known: the shifts in use by sign and by digit.

    Raises:
        BadInput: a letter is no shift, or there are more letters than days.
    """
    letters = [one for one in pattern if not one.isspace() and one not in ",，、/|"]
    strange = sorted({one for one in letters if one not in known})
    if strange:
        told = "、".join(f"{one.sign}({one.digit})" for one in shifts())
        raise BadInput(f"“{'、'.join(strange)}”不是班次代码。可填：{told}。", "pattern")
    if not letters:
        raise BadInput("班次一个也没有填。", "pattern")
    if len(letters) > days:
        raise BadInput(f"填了 {len(letters)} 天，这个月只有 {days} 天。请删去多的。", "pattern")
    return [known[letters[at % len(letters)]] for at in range(days)]


def letters_of() -> dict[str, WorkShift]:
    """Return the shifts in use by their sign and by their digit."""
    found = shifts()
    return {one.sign: one for one in found} | {str(one.digit): one for one in found}


def breach(first: date, plan: Sequence[WorkShift], before: Mapping[date, WorkShift]) -> str:
    """Return what is against the rules in the days of one person, in words; empty where nothing is.

    Args:
        first: the first day of the plan.
        plan: his shift day by day.
        before: his shifts on the days before.
    """
    held = rules()
    days = [(day, before[day]) for day in sorted(before)]
    days += [(first + timedelta(days=at), shift) for at, shift in enumerate(plan)]
    run, last = 0, None
    for day, shift in days:
        run = (run + 1 if last == day - timedelta(days=1) else 1) if shift.works else 0
        last = day
        if run > held.most_days and day >= first:
            return f"到 {day:%m-%d} 已连续上班 {run} 天，最多 {held.most_days} 天"
    return _short_rest(first, days, held.least_rest)


def _short_rest(first: date, days: Sequence[tuple[date, WorkShift]], least: int) -> str:
    spans = [(day, span) for day, shift in days if (span := shift.span(day)) is not None]
    for (_, (_, ended)), (day, (begins, _)) in pairwise(spans):
        rest = begins - ended
        if day >= first and rest < timedelta(hours=least):
            hours = max(0, rest // timedelta(hours=1))
            return f"{day:%m-%d} 上班前只休息 {hours} 小时，至少 {least} 小时"
    return ""


def days_before(staff: Staff, first: date) -> dict[date, WorkShift]:
    """Return what somebody worked in the month before a day."""
    mine = (RosterDay.staff == staff) & RosterDay.day.between(
        first - timedelta(days=_BACK), first - timedelta(days=1)
    )
    query = RosterDay.select(RosterDay, WorkShift).join(WorkShift).where(mine)
    return {one.day: one.shift for one in query}


# -- deeds -----------------------------------------------------------------------------------------


def _inputs() -> list[Input]:
    return [
        Input("month", MonthField(verbose_name="月份"), required=True),
        Input("staff", LinkField(Staff, verbose_name="员工"), required=True),
        Input("pattern", LineField(max_length=120, verbose_name="逐日班次").roomier(44), required=True),
    ]


class Made:
    """What an entry of rosters made."""

    def __init__(self, rosters: Sequence[Roster], people: int) -> None:
        self.rosters, self.people = rosters, people

    def done(self) -> str:
        """Return 已排班."""
        return "已排班"

    def summary(self) -> str:
        """Return what was made: 秩序维护部 2026-11，5 人."""
        names = "、".join(f"{one.department.name} {one.month}" for one in self.rosters)
        return f"{names}，{self.people} 人。"


@deed("office.enter_roster", "排班", ROSTER)
def enter_roster(
    rows: Annotated[list[dict[str, Any]], Asked(RowsField(_inputs, verbose_name="人员"))],
) -> Made:
    """Set what people work on each day of a month; what was set before is replaced.

    Raises:
        RowRefused: a letter is no shift, the rules are broken, somebody has no department or stands twice.
        RuleBroken: the roster of a department is approved.
    """
    known = letters_of()
    seen: set[tuple[Month, int]] = set()
    made: dict[tuple[Month, int], Roster] = {}
    for number, row in enumerate(rows):
        staff: Staff = row["staff"]
        wanted: Month = row["month"]
        if staff.department is None or (wanted, staff.id) in seen:
            why = (
                "重复了，一人只填一行。" if (wanted, staff.id) in seen else "没有部门。请先在“员工”里填部门。"
            )
            raise RowRefused(f"{staff.name} {why}", ROWS, number, "staff")
        seen.add((wanted, staff.id))
        plan = _plan_of(staff, row["pattern"], wanted, known, number)
        if (wanted, staff.department_id) not in made:
            made[wanted, staff.department_id] = _roster(wanted, staff.department)
        _put(made[wanted, staff.department_id], staff, plan)
    return Made(list(made.values()), len(seen))


def _plan_of(
    staff: Staff, pattern: str, month: Month, known: Mapping[str, WorkShift], number: int
) -> list[WorkShift]:
    try:
        plan = spelt(pattern, month.days, known)
    except BadInput as problem:
        raise RowRefused(str(problem), ROWS, number, "pattern") from None
    wrong = breach(month.first, [*plan, *_days_after(staff, month)], days_before(staff, month.first))
    if wrong:
        raise RowRefused(f"{staff.name} {wrong}。请改班次，或先改排班规则。", ROWS, number, "pattern")
    return plan


def _roster(month: Month, department: Department) -> Roster:
    same = (Roster.month == month) & (Roster.department == department)
    found: Roster | None = Roster.get_or_none(same)
    if found is None:
        number = f"ZB-{month.first:%Y%m}-{department.name}"
        return Roster.add(
            number=number, month=month, department=department, made_at=now(), made_by=actor().name
        )
    if found.state is RosterState.APPROVED:
        raise RuleBroken(f"{found.number} 已批准。请用“调班”，或由批准人“退回编制”后再改。")
    hands = dict.fromkeys([*found.made_by.split("、"), actor().name])
    return found.change(made_at=now(), made_by="、".join(hands))


def _put(roster: Roster, staff: Staff, plan: Sequence[WorkShift]) -> None:
    days = {one.day: one for one in RosterDay.select().where(
        (RosterDay.staff == staff) & RosterDay.day.between(roster.month.first, roster.month.last)
    )}  # fmt: skip
    for at, shift in enumerate(plan):
        day = roster.month.day(at + 1)
        if day not in days:
            RosterDay.add(roster=roster, staff=staff, day=day, shift=shift)
            continue
        if days[day].roster.state is RosterState.APPROVED:
            raise RuleBroken(
                f"{staff.name} {day} 在已批准的 {days[day].roster.number} 里。请用“调班”，或先退回编制。"
            )
        if (days[day].shift_id, days[day].roster_id) != (shift.id, roster.id):
            days[day].change(shift=shift, roster=roster)


AskedRoster = Annotated[Roster, Asked(LinkField(Roster, verbose_name="值班表"))]


@deed("office.approve_roster", "批准值班表", APPROVE)
def approve_roster(roster: AskedRoster) -> Roster:
    """Approve a roster; from now on it changes by swaps alone.

    Raises:
        RuleBroken: it is approved, or whoever approves made it himself (申请≠批准).
    """
    if roster.state is RosterState.DRAFT and actor().name in roster.made_by.split("、"):
        raise RuleBroken(f"{roster.number} 是您自己编制的。请由另一位有批准权限的人批准。")
    return roster.move_to(RosterState.APPROVED, approved_at=now(), approved_by=actor().name)


@deed("office.reopen_roster", "退回编制", APPROVE)
def reopen_roster(roster: AskedRoster) -> Roster:
    """Let an approved roster be made anew."""
    return roster.move_to(RosterState.DRAFT, approved_at=None, approved_by=None)


@deed("office.swap_shifts", "调班", ROSTER)
def swap_shifts(
    staff: Annotated[Staff, Asked(LinkField(Staff, verbose_name="申请人"))],
    stand_in: Annotated[Staff, Asked(LinkField(Staff, verbose_name="替班人"))],
    day: Annotated[date, Asked(DayField(verbose_name="日期"))],
    reason: Annotated[str, Asked(LineField(max_length=120, verbose_name="原因"))],
) -> ShiftSwap:
    """Let two people change places on a day.

    Raises:
        BadInput: one of them is on no roster that day, or both have the same shift.
        RuleBroken: the roster is no approved one, or the change would break the rules of one of them.
    """
    ours = [_of(staff, day, "staff"), _of(stand_in, day, "stand_in")]
    if ours[0].shift_id == ours[1].shift_id:
        raise BadInput(f"{day} 两人都是“{ours[0].shift.sign}”，不用调班。请核对日期和人。", "stand_in")
    for one in ours:
        if one.roster.state is not RosterState.APPROVED:
            raise RuleBroken(f"{one.roster.number} 还没有批准，不用调班。请在“排班”里直接改。")
    wrong = [_breach_around(one) for one in ours]
    signs = [one.shift.sign for one in ours]
    ours[0].change(shift=ours[1].shift)
    ours[1].change(shift=WorkShift.find(signs[0]))
    for one, before in zip(ours, wrong, strict=True):
        after = _breach_around(one)
        if after and after != before:
            raise RuleBroken(f"调班以后 {one.staff.name} {after}。请换一位或换一天。")
    return ShiftSwap.add(
        roster=ours[0].roster, day=day, staff=staff, stand_in=stand_in, was=signs[0], instead=signs[1],
        reason=reason, made_at=now(), made_by=actor().name,
    )  # fmt: skip


def _of(staff: Staff, day: date, name: str) -> RosterDay:
    found: RosterDay | None = RosterDay.get_or_none((RosterDay.staff == staff) & (RosterDay.day == day))
    if found is None:
        raise BadInput(f"{staff.name} {day} 没有排班。请先排班，或核对日期。", name)
    return found


def _breach_around(changed: RosterDay) -> str:
    """Return what is against the rules around a day of somebody, as it stands now."""
    after = changed.day + timedelta(days=_BACK)
    mine = (RosterDay.staff == changed.staff) & RosterDay.day.between(changed.day, after)
    query = RosterDay.select(RosterDay, WorkShift).join(WorkShift).where(mine).order_by(RosterDay.day)
    return breach(changed.day, [one.shift for one in query], days_before(changed.staff, changed.day))


def _days_after(staff: Staff, month: Month) -> list[WorkShift]:
    """Return what somebody works on the first days of the next month, as far as it is set."""
    next_month = month.plus(1)
    mine = (RosterDay.staff == staff) & RosterDay.day.between(next_month.first, next_month.last)
    query = RosterDay.select(RosterDay, WorkShift).join(WorkShift).where(mine).order_by(RosterDay.day)
    return [one.shift for one in query]


def waiting(month: Month) -> list[Roster]:
    """Return the rosters of a month that wait for approval."""
    return list(Roster.select().where((Roster.month == month) & (Roster.state == RosterState.DRAFT)))


# -- questions -------------------------------------------------------------------------------------


def on_day(day: date) -> list[RosterDay]:
    """Return what everybody has on a day by the approved rosters, in the order of staff numbers."""
    query = RosterDay.select(RosterDay, Staff, WorkShift).join(Staff).switch(RosterDay).join(WorkShift)
    query = query.switch(RosterDay).join(Roster)
    approved = (RosterDay.day == day) & (Roster.state == RosterState.APPROVED)
    return list(query.where(approved).order_by(WorkShift.digit, Staff.number))


def resting(staff: Staff, day: date) -> str:
    """Return the sign by which the approved roster lets somebody rest on a day; empty where it does not."""
    mine = next((one for one in on_day(day) if one.staff_id == staff.id), None)
    return "" if mine is None or mine.shift.works else str(mine.shift.sign)


def at_work(moment: datetime) -> set[int]:
    """Return who (ids) is within his shift at a moment, yesterday's night shift among them."""
    day = moment.date()
    found = set()
    for one in [*on_day(day - timedelta(days=1)), *on_day(day)]:
        span = one.shift.span(one.day)
        if span is not None and span[0] <= moment < span[1]:
            found.add(one.staff_id)
    return found
