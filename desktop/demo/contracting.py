"""演示的外包: programmes reviewed each month, rounds of inspection each week, and each month scored."""

from __future__ import annotations

import random
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from desktop.demo.calendar import Calendar
from desktop.demo.happening import Happenings
from desktop.demo.staff import Crew
from desktop.demo.trading import FAULTS, PROGRAMMES, SLOPPY
from models import clock, deeds
from models.listings import Filters
from models.months import Month, Period
from models.office.applying import request
from models.office.approvals import Approval
from models.suppliers.register import Supplier
from models.suppliers.services.inspections import Recheck, ServiceInspection, inspect_service, recheck_service
from models.suppliers.services.lists import service_scoring
from models.suppliers.services.programmes import (
    POINTS,
    Fits,
    ServiceProgramme,
    redo_programme,
    submit_programme,
)
from models.suppliers.services.scores import (
    ServiceScore,
    ServiceScoreLine,
    confirm_service,
    open_service_scores,
    score_service,
)


class Contracting:
    """Watches the contractors of cleaning, greening and pest control."""

    def __init__(self, crew: Crew, calendar: Calendar, happenings: Happenings) -> None:
        self._crew, self._calendar, self._plan = crew, calendar, happenings.plan
        self._chance = random.Random(19)

    def plan(self, month: Month) -> None:
        """Plan a month: its programmes, its rounds, and the score of the month before."""
        first = month == self._calendar.first
        for place, name in enumerate(PROGRAMMES):
            day = month.day(6 if first else 1)
            self._plan(_at(day, 14, 10 * place), partial(self._programme, name, month))
            for week in (8, 15, 22, 27):
                self._plan(_at(month.day(week), 8, 10 * place), partial(self._round, name))
        if month == self._calendar.now:
            self._plan(_at(month.day(25), 9), partial(self._begin, month))
        if not first:
            self._plan(_at(month.day(1), 9), partial(self._begin, month.plus(-1)))
            self._plan(_at(month.day(2), 9), partial(self._score, month.plus(-1)))
            self._plan(_at(month.day(3), 16), partial(self._sign, month.plus(-1)))

    def _by(self, name: str) -> Any:
        return deeds.acting(self._crew.accounts[name])

    def _programme(self, name: str, month: Month) -> None:
        rows = [
            {"area": area, "frequency": often, "staff": staff, "material": material, "note": None}
            for area, often, staff, material in PROGRAMMES[name]
        ]
        with self._by("supervisor"):
            made = submit_programme(Supplier.find(name), month, rows)
        if name == SLOPPY and month.month % 6 == 5 and month != self._calendar.now:
            self._review(made, told=Fits.NO, advice="没有写投药前怎样告知住户，请补写后再报")
            again = [*rows[:-1], {**rows[-1], "note": "投药前三天贴告示、发业主群"}]
            self._plan(clock.now() + timedelta(days=1), partial(self._redo, str(made.number), again))
        else:
            self._review(made, waits=month == self._calendar.now and name == SLOPPY)

    def _review(self, made: ServiceProgramme, *, waits: bool = False, **given: Any) -> None:
        """Conclude on a programme; the manager signs unless it waits for him."""
        points = dict.fromkeys(POINTS, Fits.YES)
        with self._by("supervisor"):
            values = {**points, "advice": None, **given}
            asked = request("suppliers.review_programme", values, key=made.number)
        if not waits:
            with self._by("manager"):
                Approval.find(asked.number).approve("按计划执行，每周监察" if not given else "同意退回修改")

    def _redo(self, number: str, rows: list[dict[str, Any]]) -> None:
        """Write anew what was sent back, and conclude on it again."""
        with self._by("supervisor"):
            made = redo_programme(ServiceProgramme.find(number), rows)
        self._review(made)

    def _round(self, name: str) -> None:
        """Look at some areas; now and then something is wrong and is looked at again."""
        rows = []
        plan = PROGRAMMES[name]
        start = self._chance.randrange(len(plan))
        for area, often, staff, _ in [*plan[start:], *plan[:start]][:4]:
            faults = FAULTS.get(area, ())
            wrong = bool(faults) and self._chance.randrange(100) < (26 if name == SLOPPY else 9)
            rows.append(
                {
                    "area": area, "expected": staff, "actual": staff - (self._chance.randrange(30) == 0),
                    "problem": self._chance.choice(faults) if wrong else None,
                    "demand": "当天整改" if wrong and "日" in often else ("三天内整改" if wrong else None),
                    "due": clock.now().date() if wrong and "日" in often else None,
                }
            )  # fmt: skip
        supplier = Supplier.find(name)
        with self._by("supervisor"):
            made = inspect_service(supplier, rows, supplier.contact).made
        for one in made:
            if one.problem:
                day = clock.now().date() + timedelta(days=2)
                self._plan(_at(day, 16), partial(self._recheck, str(one.number)))

    def _recheck(self, number: str) -> None:
        with self._by("supervisor"):
            if self._chance.randrange(4) == 0:
                recheck_service(ServiceInspection.find(number), Recheck.BAD)
            recheck_service(ServiceInspection.find(number), Recheck.GOOD)

    def _begin(self, month: Month) -> None:
        with self._by("supervisor"):
            open_service_scores(month)

    def _score(self, month: Month) -> None:
        """Take off what the rounds found; one contractor had a bad month once."""
        bad = month == self._calendar.now.plus(-3)
        with self._by("supervisor"):
            rows = []
            for line in service_scoring.sheet(Filters(period=Period.of_month(month))).lines:
                scored: ServiceScoreLine = line.fixed["line"]
                seen, full, name = str(line.told[4] or ""), scored.full, scored.score.supplier.name
                off = min(full, 2 * seen.count("；") + 2) if seen else 0
                if bad and name == SLOPPY:
                    off, seen = full // 4, seen or f"{scored.name}多次检查不合格，住户反映"
                facts = seen[:120] or None
                rows.append({"line": scored, "off": Decimal(off), "facts": facts})
            score_service(rows)

    def _sign(self, month: Month) -> None:
        found = [
            ServiceScore.find(f"WB-{month.first:%Y%m}-{Supplier.find(name).category.value}")
            for name in PROGRAMMES
        ]
        with self._by("supervisor"):
            for one in found:
                confirm_service(one, one.supplier.contact)
            asked = request("suppliers.sign_service_scores", {"scores": found, "words": None})
        with self._by("manager"):
            Approval.find(asked.number).approve()


def _at(day: date, hour: int, minutes: int = 0) -> datetime:
    return datetime.combine(day, time(hour)) + timedelta(minutes=minutes)
