"""工作日历: Chinese working days with holidays and make-up days, in a table the office may edit.

The table holds only what departs from Monday–Friday: rest days on weekdays and work days on
weekends. A year nobody entered falls back to Monday–Friday, and the desk warns of it.
"""

from __future__ import annotations

import json
from datetime import date, timedelta
from enum import Enum
from typing import Annotated

from models import deeds
from models.base import Record
from models.errors import RuleBroken
from models.fields import ChoiceField, CountField, DayField, LineField
from models.inputs import Asked
from models.listings import Filters, Listing, Shown, listing
from resources import find

EDIT = deeds.right("office.workdays", "维护工作日历")
SEE = deeds.right("office.workdays_view", "查看工作日历")


class DayKind(Enum):
    """What an exceptional day is."""

    REST = "放假"
    WORK = "上班"


class SpecialDay(Record):
    """特殊日: a day that departs from Monday–Friday."""

    day = DayField(unique=True, verbose_name="日期")
    kind = ChoiceField(DayKind, verbose_name="安排")
    name = LineField(max_length=40, null=True, verbose_name="说明")

    key_field = "day"

    class Meta:
        title = "特殊日"


class CalendarYear(Record):
    """日历年: a year whose table somebody entered."""

    year = CountField(low=1990, high=2199, unique=True, verbose_name="年份")

    key_field = "year"

    class Meta:
        title = "日历年"


def is_working(day: date) -> bool:
    """Whether the office works on a day."""
    special = SpecialDay.get_or_none(SpecialDay.day == day)
    return special.kind is DayKind.WORK if special else day.weekday() < 5


def next_working(day: date) -> date:
    """Return the day itself, or the first working day after it."""
    while not is_working(day):
        day += timedelta(days=1)
    return day


class WorkCalendar:
    """The table read once, for who asks of many days."""

    def __init__(self) -> None:
        self._special = {row.day: row.kind is DayKind.WORK for row in SpecialDay.select()}

    def is_working(self, day: date) -> bool:
        """Whether the office works on a day."""
        return self._special.get(day, day.weekday() < 5)

    def next_working(self, day: date) -> date:
        """Return the day itself, or the first working day after it."""
        while not self.is_working(day):
            day += timedelta(days=1)
        return day

    def plus(self, day: date, count: int) -> date:
        """Return the n-th working day after a day, which does not count itself."""
        for _ in range(count):
            day = self.next_working(day + timedelta(days=1))
        return day

    def working_between(self, first: date, last: date) -> int:
        """Return how many working days come after the first day, up to the last one."""
        return sum(self.is_working(first + timedelta(days=n + 1)) for n in range((last - first).days))


def years_missing(today: date) -> list[int]:
    """Return this year, and from November the next one too, where no table was entered."""
    wanted = [today.year] + ([today.year + 1] if today.month >= 11 else [])
    known = {row.year for row in CalendarYear.select()}
    return [year for year in wanted if year not in known]


def seed_rows() -> tuple[list[int], list[tuple[str, str, str]]]:
    """Return the years we know and their exceptional days as (day, kind, name)."""
    table = json.loads(find("workdays.json").read_text(encoding="utf-8"))
    return table["years"], [tuple(row) for row in table["days"]]


@deeds.deed("office.set_day", "设定日期", EDIT)
def set_day(
    day: Annotated[date, Asked(DayField(verbose_name="日期"))],
    kind: Annotated[DayKind, Asked(ChoiceField(DayKind, verbose_name="安排"))],
    name: Annotated[str | None, Asked(LineField(max_length=40, null=True, verbose_name="说明"))] = None,
) -> SpecialDay:
    """Say that the office rests or works on a day.

    Raises:
        RuleBroken: that is what the day is anyway.
    """
    known = SpecialDay.get_or_none(SpecialDay.day == day)
    if known is None and (kind is DayKind.WORK) == (day.weekday() < 5):
        raise RuleBroken(f"{day} 本来就是{kind.value}的日子，不必设定。")
    if known:
        return known.change(kind=kind, name=name)
    return SpecialDay.add(day=day, kind=kind, name=name)


@deeds.deed("office.clear_day", "恢复日期", EDIT)
def clear_day(day: Annotated[date, Asked(DayField(verbose_name="日期"))]) -> None:
    """Let a day be what its weekday says again."""
    SpecialDay.find(day.isoformat()).remove()


@deeds.deed("office.confirm_year", "确认年历", EDIT)
def confirm_year(
    year: Annotated[int, Asked(CountField(low=1990, high=2199, verbose_name="年份"))],
) -> CalendarYear:
    """Say that a year's exceptional days are all entered, so that the desk stops warning."""
    found = CalendarYear.get_or_none(CalendarYear.year == year)
    return found or CalendarYear.add(year=year)


@listing("workdays", "工作日历", "office", SEE, "period")
def workdays(filters: Filters) -> Listing:
    """Days that depart from Monday–Friday."""
    query = SpecialDay.select()
    query = filters.narrow(query, period=SpecialDay.day)
    columns = (
        Shown("day", SpecialDay.day),
        Shown("kind", SpecialDay.kind, status=True),
        Shown("name", SpecialDay.name),
    )
    return Listing(query, columns, id=SpecialDay.id, order=("-day",), record=SpecialDay)
