"""时限: how soon each grade is answered and done, and the clock on which that runs (forms.md B8).

A term in minutes or hours runs on natural time from the moment of registration. One in working days
ends with the office's day on the n-th working day after the day of registration (`models.workdays`);
one in calendar days likewise, rest days included. While a case waits for its owner the clock stands:
what is counted in hours moves by the time that passed, what is counted in days by the days that did.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import Enum
from typing import Any, Self

from models.base import Record
from models.complaints.kinds import Grade, Sort
from models.complaints.rights import RULES, VIEW
from models.deeds import deed
from models.errors import BadInput
from models.fields import ChoiceField, CountField, LineField
from models.inputs import edits_of
from models.listings import Filters, Listing, Shown, listing
from models.workdays import WorkCalendar


class Measure(Enum):
    """What a term is counted in."""

    MINUTES = "分钟"
    HOURS = "小时"
    WORKDAYS = "工作日"
    DAYS = "自然日"


_NATURAL = {Measure.MINUTES: timedelta(minutes=1), Measure.HOURS: timedelta(hours=1)}


class ServiceTerms(Record):
    """办理时限: the two promises of one grade: the first response (answer, arrival) and the end."""

    sort = ChoiceField(Sort, verbose_name="性质")
    grade = ChoiceField(Grade, verbose_name="等级")
    first_amount = CountField(low=1, high=1000, verbose_name="首次响应")
    first_measure = ChoiceField(Measure, verbose_name="首次响应单位")
    due_amount = CountField(low=1, high=1000, verbose_name="办结")
    due_measure = ChoiceField(Measure, verbose_name="办结单位")
    basis = LineField(max_length=120, null=True, verbose_name="依据")

    class Meta:
        title = "办理时限"
        indexes = ((("sort", "grade"), True),)

    def label(self) -> str:
        """Return 投诉 一般."""
        return f"{self.sort.value} {self.grade.value}"

    @classmethod
    def of(cls, sort: Sort, grade: Grade) -> ServiceTerms:
        """Return those of a grade; each grade has some from the first day on."""
        found: ServiceTerms = cls.get((cls.sort == sort) & (cls.grade == grade))
        return found

    @deed(
        "complaints.edit_terms", "修改办理时限", RULES,
        inputs=edits_of(lambda: ServiceTerms, "first_amount", "first_measure", "due_amount", "due_measure",
                        "basis"),
        undo="complaints.edit_terms",
    )  # fmt: skip
    def edit(self, **values: Any) -> Self:
        """Change the promises of the cases to come; those made stay.

        Raises:
            BadInput: the end would come before the first response.
        """
        self.change(**values)
        start, clock = datetime(2026, 3, 2, 9), Clock(closing_hour())
        if clock.due(start, self.due_amount, self.due_measure) < clock.due(
            start, self.first_amount, self.first_measure
        ):
            raise BadInput(f"{self.label()} 的办结时限短于首次响应时限。请改长办结，或改短首次响应。")
        return self


class CaseRules(Record):
    """受理规则: one row."""

    closes = CountField(low=12, high=23, default=18, verbose_name="下班时刻(点)")
    repeat_days = CountField(low=1, high=730, default=30, verbose_name="重复认定(天)")
    grave_after = CountField(low=2, high=20, default=3, verbose_name="同事项几次转重大")
    visit_complaint = CountField(low=1, high=30, default=3, verbose_name="投诉办结后几天内回访")
    visit_repair = CountField(low=1, high=60, default=7, verbose_name="维修完工后几天内回访")
    repair_share = CountField(low=1, high=100, default=100, verbose_name="维修回访比例(%)")
    attempts = CountField(low=1, high=10, default=3, verbose_name="无法联系要试几次")
    first_step = LineField(max_length=30, default="客服主管", verbose_name="响应超时报")
    second_step = LineField(max_length=30, default="管理处主任", verbose_name="办结超时报")
    third_step = LineField(max_length=30, default="公司客户部经理", verbose_name="超时多日报")
    third_after = CountField(low=1, high=60, default=3, verbose_name="超时几个工作日再上报")

    class Meta:
        title = "受理规则"

    def label(self) -> str:
        """Return what it is: there is one."""
        return "受理规则"

    @deed(
        "complaints.edit_rules", "修改受理规则", RULES, inputs=edits_of(lambda: CaseRules, *(
            "closes", "repeat_days", "grave_after", "visit_complaint", "visit_repair", "repair_share",
            "attempts", "first_step", "second_step", "third_step", "third_after",
        )), undo="complaints.edit_rules",
    )  # fmt: skip
    def edit(self, **values: Any) -> Self:
        """Change what the next cases and visits go by."""
        return self.change(**values)


def rules() -> CaseRules:
    """Return the rules of the office."""
    found: CaseRules = CaseRules.select().order_by(CaseRules.id).first()
    return found


def closing_hour() -> int:
    """Return the hour at which a working day ends for a term in days."""
    return int(rules().closes)


@dataclass
class Clock:
    """The clock of terms, with the calendar read once.

    Args:
        closes: hour at which the office's day ends.
    """

    closes: int

    def __post_init__(self) -> None:
        """Read the calendar."""
        self._calendar = WorkCalendar()

    def due(self, start: datetime, amount: int, measure: Measure) -> datetime:
        """Return when a term that begins at a moment ends."""
        if measure in _NATURAL:
            return start + amount * _NATURAL[measure]
        day = start.date()
        last = self._calendar.plus(day, amount) if measure is Measure.WORKDAYS else day + timedelta(amount)
        return datetime.combine(last, time(self.closes))

    def put_off(self, due: datetime, measure: Measure, since: datetime, until: datetime) -> datetime:
        """Return when a term ends that stood still from one moment to another."""
        if measure in _NATURAL:
            return due + (until - since)
        if measure is Measure.DAYS:
            return due + timedelta((until.date() - since.date()).days)
        passed = self._calendar.working_between(since.date(), until.date())
        return datetime.combine(self._calendar.plus(due.date(), passed), due.time()) if passed else due

    def working_after(self, moment: datetime, days: int) -> datetime:
        """Return the end of the n-th working day after a moment."""
        return self.due(moment, days, Measure.WORKDAYS)


@listing("service_terms", "办理时限", "complaints", VIEW, "state")
def service_terms(filters: Filters) -> Listing:
    """How soon each grade is answered and done."""
    query = ServiceTerms.select()
    query = filters.narrow(query, state=ServiceTerms.sort)
    names = ("sort", "grade", "first_amount", "first_measure", "due_amount", "due_measure", "basis")
    columns = tuple(Shown(name, ServiceTerms.fields()[name], status=name == "sort") for name in names)
    return Listing(query, columns, id=ServiceTerms.id, record=ServiceTerms)


@listing("case_rules", "受理规则", "complaints", VIEW)
def case_rules(filters: Filters) -> Listing:
    """The one row of rules."""
    names = [name for name in CaseRules.fields() if name not in ("id", "row_version")]
    columns = tuple(Shown(name, CaseRules.fields()[name]) for name in names)
    return Listing(CaseRules.select(), columns, id=CaseRules.id, record=CaseRules)
