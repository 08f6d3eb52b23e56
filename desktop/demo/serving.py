"""演示的客服: calls of two years, handled, visited back and closed, hour by hour; outages among them."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

from desktop.demo import words
from desktop.demo.calendar import Calendar
from desktop.demo.estate import Estate
from desktop.demo.happening import Happenings, moment_of, soon
from desktop.demo.staff import Crew
from models import clock, deeds
from models.complaints import complaining, repairing, trades, waiting
from models.complaints.cases import (
    CallerKind,
    CaseState,
    Cause,
    Channel,
    Mark,
    Nature,
    Opinion,
    ServiceCase,
    Way,
)
from models.complaints.closing import close, dismiss, withdraw
from models.complaints.ending import end_outage
from models.complaints.intake import take_call
from models.complaints.kinds import Grade, Kind, Place, Problem, Sort
from models.complaints.outages import OutageKind, add_outage
from models.complaints.visits import give_up, miss, task_of, visit
from models.fees.services import Service
from models.months import Month
from models.office.roster.rosters import resting
from models.office.staff import Staff
from models.owners.estate import Building, Unit

_TRADES = {
    "魏铁生": (Kind.WATER, Kind.DOORS, Kind.STRUCTURE),
    "石磊": (Kind.POWER, Kind.WEAK, Kind.LIFT, Kind.FIRE),
}
_HANDLERS = {
    Kind.SECURITY: "单长河", Kind.PARKING: "单长河", Kind.UPKEEP: "魏铁生", Kind.FACILITIES: "石磊",
}  # fmt: skip
_MARKS = (Mark.VERY_GOOD, Mark.GOOD, Mark.FAIR, Mark.BAD)
_WEIGHTS = (30, 52, 13, 5)


class Serving:
    """Answers the telephone of the demo."""

    def __init__(self, estate: Estate, crew: Crew, calendar: Calendar, happenings: Happenings) -> None:
        self._crew, self._calendar, self._chance = crew, calendar, random.Random(11)
        self._houses = [place.code for place in estate.places if place.kind == "住宅"]
        self._happenings, self._plan = happenings, happenings.plan

    def plan(self, month: Month) -> None:
        """Plan the calls of a month, before anything else of it is done."""
        if month == self._calendar.first:
            self._plan(datetime.combine(month.first, time(8, 31)), self._know_trades)
        for _ in range(max(2, len(self._houses) // 28)):
            self._plan_call(self._moment(month))
        if month == self._calendar.now:
            for hours in range(2, 50, 3):  # what the office is busy with today
                at = self._happenings.end - timedelta(hours=hours)
                if 8 <= at.hour < 18:
                    self._plan_call(at)
        if month.month % 4 == 2:
            self._plan(self._moment(month), self._outage)

    def _know_trades(self) -> None:
        """Note on the first day who repairs what."""
        with self._by("supervisor"):
            for name, mine in _TRADES.items():
                for trade in mine:
                    trades.add_trade(self._crew.staff[name], trade)

    def _plan_call(self, at: datetime) -> None:
        codes = list(words.SAID)
        code = self._chance.choices(codes, [1 if one.startswith("T") else 2 for one in codes])[0]
        self._plan(at, lambda: self._call(code))

    def _moment(self, month: Month) -> datetime:
        return moment_of(month, self._chance)

    def _soon(self, least: float, most: float) -> datetime:
        return soon(self._chance, least, most)

    # -- calls ---------------------------------------------------------------------------------

    def _call(self, code: str, outage: Any = None) -> None:
        problem, unit = Problem.find(code), Unit.find(self._chance.choice(self._houses))
        row: dict[str, Any] = {"problem": problem, "content": self._chance.choice(words.SAID[code])}
        if problem.place is Place.COMMON:
            row["area"] = self._chance.choice(words.PLACES)
        if problem.sort is Sort.REPAIR and problem.grade is Grade.ORDINARY and self._chance.random() < 0.15:
            row |= {"grade": Grade.APPOINTED, "appointed": self._soon(20, 48).replace(minute=0, second=0)}
        with deeds.acting(self._receiver()):
            call = take_call([row], unit=unit, outage=outage, **self._caller())
        for case in list(call.cases):
            self.go_on(case)

    def _receiver(self) -> Any:
        return self._crew.accounts["caretaker" if self._chance.random() < 0.7 else "supervisor"]

    def _caller(self) -> dict[str, Any]:
        drawn = self._chance.random()
        if drawn < 0.04:
            number = f"GD{self._chance.randrange(10**8):08d}"
            due = clock.now().replace(microsecond=0) + timedelta(days=5)
            return {"channel": Channel.HOTLINE, "order_number": number, "order_due": due}
        if drawn < 0.08:
            return {"caller_kind": CallerKind.ANONYMOUS}
        if drawn < 0.16:
            return {"caller_kind": CallerKind.TENANT, "name": "租客", "channel": Channel.WECHAT}
        return {
            "channel": self._chance.choices((Channel.PHONE, Channel.VISIT, Channel.WECHAT), (70, 15, 15))[0]
        }

    def go_on(self, case: ServiceCase) -> None:
        """Let a case that was taken be handled."""
        step = self._assign if case.sort is Sort.COMPLAINT else self._dispatch
        self._then(case, step, 0.1, 0.8)

    def _then(
        self, case: ServiceCase, step: Callable[[ServiceCase], None], least: float, most: float
    ) -> None:
        """Let a step follow, so many hours later, on the case as it stands then."""
        self._plan(self._soon(least, most), lambda: step(_now(case)))

    def _by(self, name: str) -> Any:
        return deeds.acting(self._crew.accounts[name])

    # -- complaints ----------------------------------------------------------------------------

    def _assign(self, case: ServiceCase) -> None:
        name = _HANDLERS.get(case.kind) or self._chance.choice(("方小雨", "贺兰"))
        with self._by("supervisor"):
            complaining.assign([case], self._crew.staff[name])
            if case.reported_at is not None:
                with self._by("manager"):
                    complaining.direct(_now(case), "请当天到场处理，结果告诉我。")
        drawn = self._chance.random()
        if drawn < 0.03:
            self._then(case, lambda one: self._end_apart(one, taken_back=True), 2, 20)
        elif drawn < 0.07:
            self._then(case, lambda one: self._end_apart(one, taken_back=False), 2, 20)
        else:
            self._then(case, self._start, 0.3, 5 if case.grade is Grade.ORDINARY else 0.8)

    def _end_apart(self, case: ServiceCase, *, taken_back: bool) -> None:
        with self._by("supervisor"):
            if taken_back:
                withdraw(case, "业主来电，问题自行解决，不再追究")
            else:
                dismiss(case, "查看监控和记录，与所述不符，已向业主说明")

    def _start(self, case: ServiceCase) -> None:
        with self._by("caretaker"):
            complaining.start(case)
            if case.kind is Kind.DECORATION and self._chance.random() < 0.5:
                complaining.stop_violation(case, "午休时间施工，当场制止并告知装修管理规定")
        if self._chance.random() < 0.07:
            self._then(case, self._wait, 0.5, 3)
        else:
            late = 60 if self._chance.random() < 0.08 else 0
            self._then(case, self._answer, 1 + late, 20 + late * 2)

    def _wait(self, case: ServiceCase) -> None:
        with self._by("caretaker"):
            waiting.wait(case, "业主出差，回来后约时间上门")
        self._then(case, self._resume, 24, 96)

    def _resume(self, case: ServiceCase) -> None:
        with self._by("caretaker"):
            waiting.resume(case)
        self._then(case, self._answer, 1, 8)

    def _answer(self, case: ServiceCase) -> None:
        pick = self._chance.choice
        with self._by("caretaker"):
            complaining.answer(
                case, pick(words.ANSWERS), pick((Way.PHONE, Way.HOME, Way.WECHAT)),
                finding=pick(words.FINDINGS), cause=pick(tuple(Cause)),
                measures="已整改，纳入日常巡查", opinion=Opinion.AGREES,
            )  # fmt: skip
        self._then(case, self._review, 0.5, 6)

    def _review(self, case: ServiceCase) -> None:
        with self._by("supervisor"):
            complaining.review([case])
        self._then(case, self._visit, 4, 40)

    # -- repairs -------------------------------------------------------------------------------

    def _dispatch(self, case: ServiceCase) -> None:
        name = next((one for one, mine in _TRADES.items() if case.kind in mine), "魏铁生")
        if resting(self._crew.staff[name], (case.appointed_from or clock.now()).date()):
            self._then(case, self._dispatch, 14, 22)
            return
        with self._by("supervisor"):
            repairing.dispatch([case], self._crew.staff[name])
        if case.appointed_from is not None:
            wanted = case.appointed_from + timedelta(minutes=self._chance.randint(-10, 50))
            self._plan(max(wanted, self._soon(0.1, 0.2)), lambda: self._arrive(_now(case)))
        elif case.grade is Grade.EMERGENCY:
            self._then(case, self._arrive, 0.05, 0.4)
        else:
            self._then(case, self._arrive, 1, 26)

    def _arrive(self, case: ServiceCase) -> None:
        with self._by("repairer" if case.handler.name == "魏铁生" else "caretaker"):
            repairing.arrive(case)
            paid = case.unit is not None and case.kind.name in words.PARTS and self._chance.random() < 0.4
            if paid:
                repairing.quote(case, self._parts(case), Decimal(30))
        if paid and self._chance.random() < 0.06:
            self._then(case, self._decline, 0.1, 0.3)
        elif paid:
            self._then(case, self._agree, 0.1, 0.6)
        else:
            self._then(case, self._finish, 0.3, 3)

    def _parts(self, case: ServiceCase) -> list[dict[str, Any]]:
        name, spec, measure, price = self._chance.choice(words.PARTS[case.kind.name])
        quantity = Decimal(self._chance.randint(1, 2))
        return [
            {"name": name, "spec": spec, "measure": measure, "quantity": quantity, "price": Decimal(price)}
        ]

    def _agree(self, case: ServiceCase) -> None:
        with self._by("caretaker"):
            repairing.agree(case, case.call.name or "业主")
        self._then(case, self._finish, 0.4, 2)

    def _decline(self, case: ServiceCase) -> None:
        with self._by("caretaker"):
            repairing.decline(case, "业主自己找人修")

    def _finish(self, case: ServiceCase) -> None:
        done = words.DONE.get(case.kind.name, words.DONE["OTHER"])
        nature = Nature.PAID if case.agreed_at else self._chance.choice((Nature.FREE, Nature.WARRANTY))
        rows = self._parts(case) if nature is Nature.FREE and case.kind.name in words.PARTS else None
        with self._by("repairer" if case.handler.name == "魏铁生" else "caretaker"):
            repairing.finish(case, self._chance.choice(done), nature, rows)
        self._then(case, self._accept, 0.1, 3)

    def _accept(self, case: ServiceCase) -> None:
        with self._by("supervisor"):
            repairing.accept(
                case, case.call.name or "业主", self._chance.choices(_MARKS[:3], _WEIGHTS[:3])[0]
            )
            if case.nature is Nature.PAID and case.charge is None:
                repairing.charge(_now(case), Service.find("T006"))
        if _now(case).state is CaseState.VISITING:
            self._then(case, self._visit, 20, 130)

    # -- visits back ---------------------------------------------------------------------------

    def _visit(self, case: ServiceCase) -> None:
        task = task_of(case)
        if task is None:
            if case.state is CaseState.VISITED:
                self._close(case)
            return
        login, visitor = self._visitor(case)
        with self._by(login):
            if self._chance.random() < (0.4 if task.attempts else 0.08):
                miss(task, words="无人接听", visitor=visitor)
                self._then(case, self._give_up if task.attempts > 2 else self._visit, 5, 24)
                return
            mark = self._chance.choices(_MARKS, _WEIGHTS)[0] if not case.reopened else Mark.GOOD
            said = words.DISPLEASED if mark.bad else words.VISITED
            visit(task, mark, words=self._chance.choice(said), visitor=visitor)
        if mark.bad:
            step = self._start if case.sort is Sort.COMPLAINT else self._arrive
            self._then(case, step, 0.5, 4)
        elif case.sort is Sort.COMPLAINT:
            self._then(case, self._close, 0.2, 4)

    def _visitor(self, case: ServiceCase) -> tuple[str, Staff]:
        mine = case.handler is not None and case.handler.name == "方小雨"
        name = "贺兰" if mine else "方小雨"
        return "caretaker", self._crew.staff[name]

    def _give_up(self, case: ServiceCase) -> None:
        task = task_of(case)
        if task is not None:
            with self._by("supervisor"):
                give_up(task, "三次都没有接通，已发短信")
            if case.sort is Sort.COMPLAINT:
                self._then(case, self._close, 0.2, 2)

    def _close(self, case: ServiceCase) -> None:
        with self._by("supervisor"):
            close([case])

    # -- outages -------------------------------------------------------------------------------

    def _outage(self) -> None:
        """Let the water of a building fail for some hours; a few households call about it."""
        building = Building.find("1")
        until = clock.now().replace(microsecond=0, second=0) + timedelta(hours=5)
        with self._by("supervisor"):
            made = add_outage(
                OutageKind.WATER, "自来水主管抢修，请先储水；恢复前打开龙头会有浑水，放几分钟即可。",
                expected=until, buildings=[building], cause="市政管网抢修",
            )  # fmt: skip
        for _ in range(self._chance.randint(3, 6)):
            self._plan(self._soon(0.1, 2), lambda: self._call("B01", made))
        self._plan(until, lambda: self._restored(made))

    def _restored(self, outage: Any) -> None:
        with self._by("supervisor"):
            end_outage(outage, "已恢复供水，水质正常")


def _now(case: ServiceCase) -> ServiceCase:
    """Return a case as it stands now."""
    return ServiceCase.those([case.id])[0]
