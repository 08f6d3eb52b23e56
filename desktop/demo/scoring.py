"""演示的供方评价: complaints of users, marks of several assessors, quarters and years signed by a chain."""

from __future__ import annotations

import random
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from desktop.demo.calendar import Calendar
from desktop.demo.happening import Happenings
from desktop.demo.staff import Crew
from desktop.demo.trading import TRADERS
from models import clock, deeds
from models.listings import Filters
from models.months import Month, Period
from models.office.applying import request
from models.office.approvals import Approval
from models.suppliers.register import Supplier
from models.suppliers.scoring.complaints import complain, settle_complaint
from models.suppliers.scoring.evaluations import Evaluation, mark, open_evaluations
from models.suppliers.scoring.lists import marking
from models.suppliers.scoring.signing import sign_evaluations  # noqa: F401 - applied for by its name

_ASSESSORS = ("storekeeper", "supervisor", "manager")
_CHAIN = ("manager", "accountant", "deputy")
_COMPLAINTS = (
    ("江滩水产批发部", "草鱼个头小，化冻后有异味"),
    ("明亮电工器材店", "灯管寿命短，常坏"),
)


class Scoring:
    """Opens evaluations after each quarter and year, has them marked, and signs them."""

    def __init__(self, crew: Crew, calendar: Calendar, happenings: Happenings) -> None:
        self._crew, self._calendar, self._plan = crew, calendar, happenings.plan
        self._chance = random.Random(97)

    def plan(self, month: Month) -> None:
        """Plan the evaluations of the quarter, and in January of the year, before a month."""
        if month.month % 2 == 0 and month != self._calendar.first:
            self._plan(_at(month.day(17), 15), self._complain)
        if month.month not in (1, 4, 7, 10) or month == self._calendar.first:
            return
        before = month.plus(-1)
        spans = [Period.quarter_of(before.first).name, *([str(before.year)] if month.month == 1 else [])]
        for place, span in enumerate(spans):
            self._plan(_at(month.day(8), 9, 5 * place), partial(self._open, span))
            for seat, login in enumerate(_ASSESSORS):
                self._plan(_at(month.day(10 + seat), 10, 5 * place), partial(self._mark, span, login))
            self._plan(_at(month.day(16), 10, 5 * place), partial(self._sign, span))

    def _by(self, name: str) -> Any:
        return deeds.acting(self._crew.accounts[name])

    def _complain(self) -> None:
        name, words = self._chance.choice(_COMPLAINTS)
        with self._by("storekeeper" if "水产" in name else "supervisor"):
            made = complain(Supplier.find(name), words)
        with self._by("buyer"):
            settle_complaint(made, "已约谈，供方换货并书面保证")

    def _open(self, span: str) -> None:
        with self._by("buyer"):
            open_evaluations(span)

    def _mark(self, span: str, login: str) -> None:
        """Let somebody mark what is open; of the last span somebody forgot the last supplier."""
        late = clock.now().date() + timedelta(days=80) > self._calendar.today
        with self._by(login):
            lines = list(marking.sheet(Filters(period=Period.parse(span))).lines)
            rows = [
                {"line": one.fixed["line"], "mark": Decimal(self._worth(one.told[1])), "words": None}
                for one in lines
                if not (late and one.told[1] == TRADERS[-1].name)
            ]
            if rows:
                mark(rows)

    def _worth(self, name: str) -> int:
        weak = {"江滩水产批发部": 68, "明亮电工器材店": 78, "安居消杀服务部": 80}
        return min(100, weak.get(name, 90) + self._chance.randint(-4, 6))

    def _sign(self, span: str) -> None:
        ready = [one for one in Evaluation.of_span(span) if one.supplier.name != TRADERS[-1].name]
        past = clock.now().date() + timedelta(days=80) <= self._calendar.today
        with self._by("buyer"):
            wanted = Evaluation.of_span(span) if past else ready
            asked = request("suppliers.sign_evaluations", {"evaluations": wanted})
        for login in _CHAIN:
            with self._by(login):
                Approval.find(asked.number).approve()


def _at(day: date, hour: int, minutes: int = 0) -> datetime:
    return datetime.combine(day, time(hour)) + timedelta(minutes=minutes)
