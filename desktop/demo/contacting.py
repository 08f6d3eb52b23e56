"""演示的来往: rounds, rosters, logs, home visits, meetings, letters and proposals of two years."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from desktop.demo import saying
from desktop.demo.calendar import Calendar
from desktop.demo.estate import Estate
from desktop.demo.happening import Happenings, moment_of, soon
from desktop.demo.staff import Crew
from models import clock, deeds
from models.complaints.analysis.quality import (
    QualityReview,
    plan_remedy,
    prepare_review,
    sign_review,
    verify_remedy,
)
from models.complaints.analysis.reports import (
    plan_measure,
    prepare_analysis,
    send_analysis,
    sign_analysis,
)
from models.complaints.cases import ServiceCase
from models.complaints.contact import forums, mediations, owner_requests, proposals, receptions
from models.complaints.contact.commitments import Commitment, CommitmentState, fulfil, of_source
from models.complaints.contact.home_plans import plan_home_visits
from models.complaints.contact.homes import HomeState, HomeVisit, add_care, home_visit, nobody_home
from models.complaints.rounds.inspecting import Found, Inspection, enter_inspection, points_of
from models.complaints.rounds.points import make_points
from models.months import Month
from models.office.logs import write_log
from models.office.roster.rosters import approve_roster, enter_roster, waiting
from models.office.signoffs import Paper, read, unread_of
from models.office.staff import Staff
from models.owners.estate import Building, Unit
from models.workdays import WorkCalendar

_WEEK = "白白白白白休休"
_GUARDS = ("早早中中夜夜休休", "夜夜休休早早中中")
_DAILY = 12
"""Days before today in which a round is made and a log is written every day."""
_BROKEN = ("不亮", "门锁松动", "有堆物", "按钮失灵", "有积水", "破损一处")


class Contacting:
    """Plays what the office does beside its cases.

    Args:
        follow: goes on with a repair order that came of a round.
    """

    def __init__(
        self, estate: Estate, crew: Crew, calendar: Calendar, happenings: Happenings,
        follow: Callable[[ServiceCase], None],
    ) -> None:  # fmt: skip
        self._crew, self._calendar, self._chance = crew, calendar, random.Random(23)
        self._houses = [place.code for place in estate.places if place.kind == "住宅"]
        self._buildings = sorted({code.split("-")[0] for code in self._houses})
        self._plan, self._follow = happenings.plan, follow
        self._days = WorkCalendar()

    def plan(self, month: Month) -> None:
        """Plan a month, before anything else of it is done."""
        if month == self._calendar.first:
            self._plan(_at(month.first, 8, 32), self._begin)
            self._plan(_at(month.first, 8, 40), lambda: self._roster(month))
        self._plan(_at(month.day(26), 15, 0), lambda: self._roster(month.plus(1)))
        for number in range(1, month.days + 1):
            self._day(month.day(number))
        if month.month % 3 == 1:
            self._plan(_at(month.day(4), 9, 20), lambda: self._homes(month))
        if month.month in (5, 11):
            self._plan(_at(month.day(8), 9, 0), lambda: self._forum(month))
        self._plan(_at(month.last, 16, 30), lambda: self._report(month))
        for act, times in ((self._reception, 2), (self._proposal, 1), (self._request, 3)):
            for _ in range(times):
                self._plan(moment_of(month, self._chance), act)
        if month.month % 2 == 0:
            self._plan(moment_of(month, self._chance), self._mediation)

    def _by(self, name: str) -> Any:
        return deeds.acting(self._crew.accounts[name])

    def _unit(self) -> Unit:
        return Unit.find(self._chance.choice(self._houses))

    def _soon(self, least: float, most: float) -> datetime:
        return soon(self._chance, least, most)

    def _staff(self, *names: str) -> Staff:
        return self._crew.staff[self._chance.choice(names)]

    # -- every day -----------------------------------------------------------------------------

    def _begin(self) -> None:
        with self._by("supervisor"):
            make_points()
            for who in ("独居老人", "行动不便"):
                unit = self._unit()
                add_care(unit, f"{unit.code} 住户", who, clock.now().date())

    def _roster(self, month: Month) -> None:
        """Set the days of everybody: the office works by the week, the guards by turns that go on."""
        turns = {"单长河": _GUARDS[0], "卢建军": _GUARDS[1]}
        days = [month.first.toordinal() - 1 + number for number in range(month.days)]  # day 1 was a Monday
        rows = []
        for name, staff in self._crew.staff.items():
            turn = turns.get(name, _WEEK)
            pattern = "".join(turn[day % len(turn)] for day in days)
            rows.append({"month": month, "staff": staff, "pattern": pattern})
        with self._by("supervisor"):
            enter_roster(rows)
        with self._by("manager"):
            for one in waiting(month):
                approve_roster(one)

    def _day(self, day: date) -> None:
        if not self._days.is_working(day):
            return
        near = day > self._calendar.today - timedelta(days=_DAILY)
        if near or day.weekday() in (0, 3):
            self._plan(_at(day, 9, 30), self._round)
        if near or day.weekday() == 4:
            self._plan(_at(day, 17, 20), self._log)
        if day < self._calendar.today:
            self._plan(_at(day, 8, 50), self._read)

    def _round(self) -> None:
        """Walk a building and the grounds; what is broken becomes a repair order."""
        building = Building.find(self._chance.choice(self._buildings))
        points = [one for one in points_of(None) if one.building in (None, building)]
        rows = [{"point": one, **self._found()} for one in points]
        with self._by("caretaker"):
            made: Inspection = enter_inspection(rows, inspector=self._staff("方小雨", "贺兰")).inspection
        for line in made.lines:
            if line.case is not None and line.case.handler is None:
                self._follow(line.case)

    def _found(self) -> dict[str, Any]:
        drawn = self._chance.random()
        if drawn > 0.05:
            return {"found": Found.GOOD}
        found = Found.BAD if drawn < 0.03 else Found.FIXED
        return {"found": found, "words": self._chance.choice(_BROKEN)}

    def _log(self) -> None:
        with self._by("supervisor"):
            write_log(
                self._chance.choice(saying.WORK), weather=self._chance.choice(("晴", "多云", "小雨")),
                left_open="在办的投诉报修见系统，夜间急修由值班维修工处理。",
            )  # fmt: skip

    def _read(self) -> None:
        """Read in the morning what came the day before; logs are the manager's."""
        for login, kinds in (("supervisor", (Paper.COMPLAINT, Paper.INSPECTION)), ("manager", (Paper.LOG,))):
            unread = unread_of(*kinds)
            if unread:
                with self._by(login):
                    read(unread, "已阅，按时限办。" if len(unread) > 2 else None)

    def _report(self, month: Month) -> None:
        """Write, sign and send the month's report on its last day."""
        with self._by("supervisor"):
            if month.month % 3 == 0:
                self._review(month)
            made = prepare_analysis(month)
            due = month.plus(1).day(20)
            plan_measure(made, self._chance.choice(saying.MEASURES), self._staff("苏慧敏", "石磊"), due)
            sign_analysis(made)
            send_analysis(made)
        self._keep_promises(made.number)

    def _review(self, month: Month) -> None:
        """Review a quarter on its last day: every figure that missed its target has its remedy."""
        made = prepare_review(month.last)
        for line in made.lines:
            if line.met is False:
                staff, due = self._staff("苏慧敏", "石磊"), month.plus(1).day(25)
                plan_remedy(line, *saying.REMEDIES[line.figure], staff, due)
        sign_review(made)
        self._keep_promises(made.number)
        self._plan(_at(month.plus(1).day(28), 10, 0), lambda: self._verify(made))

    def _verify(self, review: QualityReview) -> None:
        with self._by("manager"):
            for line in review.lines:
                if line.commitment is not None:
                    verify_remedy(line, "抽查属实，有效")

    # -- visits and meetings -------------------------------------------------------------------

    def _homes(self, month: Month) -> None:
        """Plan a quarter: the buildings in turn, whoever was not visited in the months before."""
        building = Building.find(self._buildings[(month.month // 3) % len(self._buildings)])
        with self._by("supervisor"):
            made = plan_home_visits(
                [building], month.plus(2).last, self._crew.staff["方小雨"], self._crew.staff["贺兰"],
                reached=month.plus(-2).first,
            )  # fmt: skip
        for visit in made.visits:
            self._plan(_at(visit.due, 10, self._chance.randint(0, 300)), self._visiting(visit))

    def _visiting(self, visit: HomeVisit) -> Callable[[], None]:
        def go() -> None:
            now = HomeVisit.those([visit.id])[0]
            if now.state is not HomeState.PLANNED:
                return
            with self._by("caretaker"):
                if self._chance.random() < 0.15 and not now.absent:
                    later = clock.now().date() + timedelta(days=3)
                    nobody_home(now, later, "敲门无人")
                    self._plan(_at(later, 10, 30), go)
                    return
                home_visit(now, "住户本人", saying.TOPICS, self._remarks())
            self._keep_promises(now.number)

        return go

    def _remarks(self) -> list[dict[str, Any]] | None:
        if self._chance.random() < 0.4:
            return None
        kind, words, answer = self._chance.choice(saying.REMARKS)
        row: dict[str, Any] = {"kind": kind, "words": words, "answer": answer}
        if answer is None:
            due = clock.now().date() + timedelta(days=self._chance.randint(3, 10))
            row |= {"staff": self._staff("魏铁生", "石磊", "单长河"), "due": due}
        return [row]

    def _keep_promises(self, source: str) -> None:
        """Let what was promised in a document be done, most of it in time."""
        for one in of_source(source):
            days = max(1, (one.due - clock.now().date()).days)
            self._plan(self._soon(20, days * 24 + 12), self._fulfilling(one))

    def _fulfilling(self, one: Commitment) -> Callable[[], None]:
        def go() -> None:
            now = Commitment.those([one.id])[0]
            if now.state is CommitmentState.OPEN:
                with self._by("caretaker"):
                    fulfil(
                        now, self._chance.choice(saying.ANSWERS), told_on=clock.now().date(), told_by="电话"
                    )

        return go

    def _forum(self, month: Month) -> None:
        at = _at(month.day(20), 14, 30)
        with self._by("supervisor"):
            forum = forums.plan_forum(
                f"{month.first.year} 年{'上' if month.month <= 6 else '下'}半年业主恳谈会", at, "小区活动室",
                "一、上半年服务情况；二、听取意见；三、公共收益使用",
            )  # fmt: skip
        self._plan(at + timedelta(hours=3), lambda: self._minutes(forum))

    def _minutes(self, forum: Any) -> None:
        due = clock.now().date() + timedelta(days=20)
        speeches = [
            {"unit": self._unit(), "name": None, "words": words, "answer": answer}
            for words, answer in saying.SPEECHES
        ]
        promises = [
            {"words": words, "staff": self._staff("苏慧敏", "石磊"), "due": due} for words in saying.PROMISES
        ]
        with self._by("supervisor"):
            forums.hold_forum(
                forum, "何志远", "方小雨", "各楼业主代表 12 人（见签到）", speeches, promises,
                committee="业委会 2 人", community="枫林社区 1 人", office="何志远、苏慧敏、方小雨",
                sent_to="业委会、社区、公示栏",
            )  # fmt: skip
        self._keep_promises(forum.number)

    # -- the counter ---------------------------------------------------------------------------

    def _reception(self) -> None:
        manner, words, result = self._chance.choice(saying.RECEPTIONS)
        whence = {"organisation": "枫林社区"} if manner.value == "邮件" else {"unit": self._unit()}
        with self._by("caretaker"):
            made = receptions.receive(words, manner, result=result, **self._promise(result), **whence)
        self._keep_promises(made.number)

    def _promise(self, answered: object) -> dict[str, Any]:
        if answered is not None:
            return {}
        due = clock.now().date() + timedelta(days=self._chance.randint(3, 9))
        return {"staff": self._staff("苏慧敏", "方小雨", "石磊"), "due": due}

    def _proposal(self) -> None:
        kind, words = self._chance.choice(saying.PROPOSALS)
        with self._by("caretaker"):
            made = proposals.add_proposal(words, kind, unit=self._unit())
        self._plan(self._soon(40, 160), lambda: self._decide(made))

    def _decide(self, made: proposals.Proposal) -> None:
        taken = self._chance.random() < 0.6
        with self._by("supervisor"):
            proposals.decide_proposal(
                made, proposals.Decision.YES if taken else proposals.Decision.NO,
                "多数业主有此需要，费用可控" if taken else "涉及公共部位改造，需业主大会表决",
                **self._promise(None if taken else "不采纳"),
            )  # fmt: skip
            proposals.tell_proposal(proposals.Proposal.find(made.number), "电话")
        self._keep_promises(made.number)

    def _request(self) -> None:
        kind, words, result = self._chance.choice(saying.REQUESTS)
        unit = self._unit()
        due = clock.now().date() + timedelta(days=3)
        with self._by("caretaker"):
            made = owner_requests.take_request(
                unit, "住户本人", kind, words, self._staff("方小雨", "贺兰"), due
            )
        self._plan(self._soon(4, 60), lambda: self._finish(made, result))

    def _finish(self, made: owner_requests.OwnerRequest, result: str) -> None:
        with self._by("caretaker"):
            owner_requests.finish_request(made, result)

    def _mediation(self) -> None:
        kind, facts, agreement = self._chance.choice(saying.DISPUTES)
        one, other = self._two()
        with self._by("supervisor"):
            made = mediations.add_mediation(
                kind, one, "甲方住户", "乙方住户", facts, other_unit=other, claims="要求尽快解决",
                other_claims="愿意配合", evidence="现场照片 3 张",
            )  # fmt: skip
        self._plan(self._soon(24, 90), lambda: self._settle(made, agreement))

    def _two(self) -> Sequence[Unit]:
        return [Unit.find(code) for code in self._chance.sample(self._houses, 2)]

    def _settle(self, made: mediations.Mediation, agreement: str) -> None:
        mediator = self._crew.staff["苏慧敏"]
        with self._by("supervisor"):
            if self._chance.random() < 0.8:
                mediations.settle_mediation(made, "上门两次，双方各让一步", agreement, mediator)
            else:
                mediations.fail_mediation(made, "上门三次，双方不让步", "建议向人民调解委员会申请", mediator)


def _at(day: date, hour: int, minute: int) -> datetime:
    return datetime.combine(day, time(hour)) + timedelta(minutes=minute)
