"""演示的仓库保管: looked at each Friday, expiring goods told of, what went bad reported and written off."""

from __future__ import annotations

import random
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from desktop.demo.calendar import Calendar
from desktop.demo.happening import Happenings
from desktop.demo.staff import Crew
from desktop.demo.storing import COOKS
from models import clock, deeds
from models.canteen.counting import begin_count, enter_counts, recount
from models.canteen.counts import lines_to_count
from models.canteen.demanding import consolidate, draft_demand
from models.canteen.demands import Demand
from models.canteen.issues import Meal
from models.canteen.items import StockItem
from models.canteen.lots import first_out
from models.canteen.notices import ExpiryNotice, Rest, answer_notice, notify_expiry, rows_of, to_notify
from models.canteen.problems import (
    Abnormal,
    StockProblem,
    Verdict,
    close_problem,
    decide_problem,
    report_problem,
)
from models.canteen.samples import FoodSample, destroy_samples, keep_samples
from models.canteen.weekly import CheckPoint, Passed, StoreCheckLine, check_store, mend_store
from models.canteen.writeoffs import Disposal, Spoilt, expired_lots
from models.months import Month
from models.office.applying import request
from models.office.approvals import Approval
from models.office.staff import Department, Staff

_CHAIN = ("supervisor", "manager", "accountant")
_WRONG = {
    CheckPoint.PESTS: ("北墙门缝过大", "加装挡鼠板"),
    CheckPoint.LABELS: ("两批土豆没有标签", "当场补贴"),
    CheckPoint.AIR: ("墙角返潮", "开排风，移开货架"),
    CheckPoint.CLEAN: ("冷柜底部有积水", "清理排水口"),
}
_DISHES = ("红烧肉", "宫保鸡丁", "清炒白菜", "醋溜土豆丝", "番茄炒蛋", "麻婆豆腐", "糖醋草鱼", "米饭")
_SWOLLEN = "土豆"
_ASKED = (("食盐", 80), ("大豆油", 130), ("面粉", 120))


class Keeping:
    """Keeps the store in order, week by week."""

    def __init__(self, crew: Crew, calendar: Calendar, happenings: Happenings) -> None:
        self._crew, self._calendar, self._plan = crew, calendar, happenings.plan
        self._chance = random.Random(101)

    def plan(self, month: Month) -> None:
        """Plan a month: its Fridays and Mondays, what expired by its end, and lunches of late."""
        late = month.plus(2) > self._calendar.now
        for number in range(1, month.days + 1):
            self._plan_day(month.day(number), late)
        self._plan(_at(month.day(26), 15), self._write_off)
        if month == self._calendar.now.plus(-1):
            self._plan(_at(month.day(18), 9), partial(self._ask, month.day(20), True))
        if month == self._calendar.now:
            self._plan(_at(self._calendar.today - timedelta(days=1), 15), partial(self._ask, None, False))
        else:
            self._plan(_at(month.last, 17), self._count)
        if month.month % 3 == 1:
            self._plan(_at(month.day(16), 9, 15), self._report)

    def _plan_day(self, day: date, late: bool) -> None:
        if day.weekday() == 4:
            self._plan(_at(day, 16), self._check)
        if day.weekday() == 0:
            self._plan(_at(day, 8, 50), self._tell)
        if late and day.weekday() in (0, 2, 4):
            self._plan(_at(day, 11, 15), self._keep_back)

    def _by(self, name: str) -> Any:
        return deeds.acting(self._crew.accounts[name])

    def _check(self) -> None:
        wrong = self._chance.choice(list(_WRONG)) if self._chance.randrange(4) == 0 else None
        rows = [
            {
                "point": point, "passed": Passed.BAD if point is wrong else Passed.GOOD,
                "problem": _WRONG[point][0] if point is wrong else None,
                "handling": _WRONG[point][1] if point is wrong else None, "done_on": None,
            }
            for point in CheckPoint
        ]  # fmt: skip
        month = clock.now().month
        with self._by("storekeeper"):
            made = check_store(
                rows, Decimal(26 if 6 <= month <= 9 else 16), self._chance.randint(48, 68),
                Decimal(self._chance.randint(20, 78)) / 10, Decimal(self._chance.randint(-220, -182)) / 10,
            )  # fmt: skip
        for line in [one for one in made.lines if one.passed is Passed.BAD]:
            self._plan(clock.now() + timedelta(days=3), partial(self._mend, line.id))

    def _mend(self, line: int) -> None:
        with self._by("storekeeper"):
            mend_store(StoreCheckLine.those([line])[0])

    def _tell(self) -> None:
        today = clock.now().date()
        if not to_notify(today):
            return
        with self._by("storekeeper"):
            notice = notify_expiry(Department.find("食堂"))
        self._plan(_at(today + timedelta(days=1), 14), partial(self._answer, str(notice.number)))

    def _answer(self, number: str) -> None:
        notice = ExpiryNotice.find(number)
        rows = rows_of(notice)
        for row in rows[1:]:
            row |= {"taken": (row["taken"] / 2).quantize(Decimal("0.1")), "rest": Rest.WRITE_OFF}
        with self._by("storekeeper"):
            answer_notice(notice, rows, COOKS[0][1])

    def _write_off(self) -> None:
        lots = expired_lots(clock.now().date())
        if not lots:
            return
        rows = [
            {"lot": lot, "quantity": lot.stock - lot.held, "reason": Spoilt.EXPIRED, "words": None}
            for lot in lots
        ]
        given = {"rows": rows, "disposal": Disposal.DYED, "witness": Staff.find(COOKS[0][0])}
        with self._by("storekeeper"):
            asked = request("canteen.write_off", given)
        for login in _CHAIN:
            with self._by(login):
                Approval.find(asked.number).approve()

    def _ask(self, first: date | None, agreed: bool) -> None:
        """Ask for what a week takes beyond what is there; once it is agreed, it goes into a purchase plan."""
        rows = [{"item": StockItem.find(name), "need": Decimal(need)} for name, need in _ASKED]
        with self._by("storekeeper"):
            made = draft_demand(rows, Department.find("食堂"), first)
            asked = request("canteen.approve_demand", {}, key=made.number)
        if not agreed:
            return
        for login in _CHAIN[:2]:
            with self._by(login):
                Approval.find(asked.number).approve()
        with self._by("storekeeper"):
            (plan,) = consolidate([Demand.find(made.number)]).plans
            asked = request("suppliers.approve_plan", {}, key=plan.number)
        for login in ("manager", "buyer", "accountant", "deputy"):
            with self._by(login):
                Approval.find(asked.number).approve()

    def _count(self) -> None:
        """Count the store at the month's end: a few lots are a little short, one was counted wrongly."""
        with self._by("storekeeper"):
            made = begin_count(Staff.find(COOKS[0][0]), self._crew.accounts["accountant"].staff)
            lines = list(made.lines)
            short = self._chance.sample(lines, min(2, len(lines)))
            rows = [
                {
                    "line": one,
                    "counted": max(one.book - Decimal("0.4"), Decimal(0)) if one in short else one.book,
                }
                for one in lines
            ]
            enter_counts(rows)
            again = [line for line in lines_to_count(made) if line.counted != line.book]
            told = [
                {
                    "line": one, "recounted": one.book if place else one.counted,
                    "cause": None if place else "分装损耗", "opinion": None if place else "记盘亏",
                }
                for place, one in enumerate(again)
            ]  # fmt: skip
            if told:
                recount(told)
            asked = request("canteen.approve_count", {"stocktake": made})
        for login in ("accountant", "manager"):
            with self._by(login):
                Approval.find(asked.number).approve()

    def _report(self) -> None:
        """Report that some of a lot went bad; the supervisor lets the rest be used once it is sorted out."""
        lots = [lot for lot in first_out(StockItem.find(_SWOLLEN)) if lot.free > 5]
        if not lots:
            return
        with self._by("storekeeper"):
            made = report_problem(lots[-1], Abnormal.MOULD, Decimal(3), "筐底受潮")
        self._plan(clock.now() + timedelta(hours=2), partial(self._decide, str(made.number)))

    def _decide(self, number: str) -> None:
        with self._by("supervisor"):
            decide_problem(StockProblem.find(number), Verdict.WRITE_OFF, "霉的挑出来报损，余下当天用完")
        self._plan(clock.now() + timedelta(hours=1), partial(self._close, number))

    def _close(self, number: str) -> None:
        one = StockProblem.find(number)
        row = {"lot": one.lot, "quantity": one.quantity, "reason": Spoilt.MOULDY, "words": None}
        given = {"rows": [row], "disposal": Disposal.HARMLESS, "witness": Staff.find(COOKS[1][0])}
        with self._by("storekeeper"):
            asked = request("canteen.write_off", given)
        for login in _CHAIN:
            with self._by(login):
                Approval.find(asked.number).approve()
        with self._by("storekeeper"):
            close_problem(StockProblem.find(number), "霉变部分已销毁", release=True)

    def _keep_back(self) -> None:
        dishes = self._chance.sample(_DISHES, 4)
        rows = [{"dish": dish, "grams": self._chance.randint(126, 160), "note": None} for dish in dishes]
        with self._by("storekeeper"):
            kept = keep_samples(rows, Meal.LUNCH, Decimal(self._chance.randint(20, 60)) / 10)
        ids = [one.id for one in kept.samples]
        self._plan(clock.now() + timedelta(hours=50), partial(self._destroy, ids))

    def _destroy(self, ids: list[int]) -> None:
        with self._by("storekeeper"):
            destroy_samples(FoodSample.those(ids))


def _at(day: date, hour: int, minutes: int = 0) -> datetime:
    return datetime.combine(day, time(hour)) + timedelta(minutes=minutes)
