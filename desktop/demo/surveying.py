"""演示的调查: one survey each half year, most sheets returned, a few households displeased."""

from __future__ import annotations

import random
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

from desktop.demo import saying
from desktop.demo.calendar import Calendar
from desktop.demo.happening import Happenings
from desktop.demo.staff import Crew
from models import clock, deeds
from models.complaints.cases import Mark
from models.complaints.contact.commitments import fulfil, of_source
from models.complaints.surveys.sheets import (
    SurveySheet,
    close_survey,
    deliver_sheets,
    improve,
    lose_sheet,
    start_survey,
)
from models.complaints.surveys.typing_in import enter_sheets, questions_of
from models.complaints.visits import Source, visit, waiting_of
from models.months import Month

_MONTHS = (5, 11)
_DIGITS, _WEIGHTS = "543210", (34, 40, 15, 4, 1, 6)


class Surveying:
    """Asks the households of the demo what they think."""

    def __init__(self, crew: Crew, calendar: Calendar, happenings: Happenings) -> None:
        self._crew, self._calendar, self._plan = crew, calendar, happenings.plan
        self._chance = random.Random(31)

    def plan(self, month: Month) -> None:
        """Plan the survey of a half year, before anything else of the month is done."""
        if month.month in _MONTHS:
            self._plan(datetime.combine(month.day(3), time(9, 10)), self._start)

    def _by(self, name: str) -> Any:
        return deeds.acting(self._crew.accounts[name])

    def _start(self) -> None:
        today = clock.now().date()
        with self._by("supervisor"):
            made = start_survey(today + timedelta(days=20), Decimal(90))
            kept = [sheet for sheet in made.sheets if self._chance.random() > 0.04]
            lost = [sheet for sheet in made.sheets if sheet not in kept]
            deliver_sheets(kept)
            if lost:
                lose_sheet(lost, "三次上门没有人")
        self._plan(_after(today, 9), lambda: self._type(self._some(kept, 0.5)))
        for days in (14, 20):
            self._plan(_after(today, days), self._visit)
        if today + timedelta(days=90) < self._calendar.today:  # the last one is still being typed
            self._plan(_after(today, 18), lambda: self._type(self._some(kept, 0.7)))
            self._plan(_after(today, 21), lambda: self._close(made.survey))

    def _some(self, sheets: list[SurveySheet], share: float) -> list[SurveySheet]:
        return [one for one in sheets if self._chance.random() < share]

    def _type(self, sheets: list[SurveySheet]) -> None:
        """Type what came back of these, all of it at once, as from a pile."""
        now = [one for one in SurveySheet.those([sheet.id for sheet in sheets]) if one.returned_on is None]
        if not now:
            return
        names = [one.name for one in questions_of(now[0].survey)]
        with self._by("caretaker"):
            enter_sheets([self._row(sheet, names) for sheet in now])

    def _visit(self) -> None:
        """Visit back whoever was displeased, most of them."""
        with self._by("caretaker"):
            for task in [*waiting_of(Source.SURVEY), *waiting_of(Source.HOME_VISIT)]:
                if self._chance.random() < 0.85:
                    visit(task, Mark.GOOD, met="住户", words=self._chance.choice(saying.HEARD))

    def _row(self, sheet: SurveySheet, names: list[str]) -> dict[str, Any]:
        digits = self._chance.choices(_DIGITS, _WEIGHTS, k=len(names))
        bad = [name for name, digit in zip(names, digits, strict=True) if digit in "12"]
        why = "；".join(f"{name}：{saying.REASONS[name]}" for name in bad if name in saying.REASONS)
        advice = self._chance.choice(saying.WISHES) if self._chance.random() < 0.2 else None
        return {"sheet": sheet, "digits": "".join(digits), "words": why or None, "advice": advice}

    def _close(self, survey: Any) -> None:
        due = clock.now().date() + timedelta(days=30)
        with self._by("supervisor"):
            improve(survey, "访客车辆凭预约入内，固定车位加装地锁", self._crew.staff["单长河"], due)
            improve(survey, "维修预约改期要提前一小时电话告知，纳入考核", self._crew.staff["苏慧敏"], due)
            close_survey(survey)
        self._plan(_after(clock.now().date(), 25), lambda: self._keep(survey.number))

    def _keep(self, number: str) -> None:
        with self._by("supervisor"):
            for one in of_source(number):
                fulfil(one, "已落实，公示栏张贴", told_on=clock.now().date(), told_by="公示栏")


def _after(today: Any, days: int) -> datetime:
    return datetime.combine(today + timedelta(days=days), time(15, 20))
