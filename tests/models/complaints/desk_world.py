"""A customer-service desk small enough to follow by hand."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from models import deeds
from models.clock import standing_at
from models.complaints import closing, complaining, repairing, visits, waiting
from models.complaints.cases import Call, CaseState, Mark, Nature, ServiceCase, Way
from models.complaints.intake import take_call
from models.complaints.kinds import Problem
from models.complaints.visits import VisitTask
from models.office.accounts import Account
from models.office.staff import Staff
from models.owners.estate import Unit
from tests.estate import Estate
from tests.office_people import worker

MONDAY = datetime(2026, 3, 2, 9, 0)
"""A working day without a holiday near it."""


class ServiceDesk:
    """Takes calls and brings cases to any state, at moments of its own."""

    def __init__(self, estate: Estate) -> None:
        self.unit: Unit = estate.house("101")
        self.handler: Staff = worker("林经办", "客服管理员").staff
        self.other: Staff = worker("乔另办", "客服管理员").staff
        self.repairer: Staff = worker("魏维修", "维修工").staff
        self.visitor: Account = worker("项回访", "客服管理员")
        self.lead: Account = worker("高主管", "客服主管")
        self.director: Account = worker("司主任", "管理处主任")
        self.at = MONDAY

    def call(self, *problems: str, at: datetime | None = None, **more: Any) -> Call:
        """Let somebody of the house report problems, by their codes."""
        rows = [{"problem": Problem.find(code), "content": f"内容{code}"} for code in problems]
        given = {"unit": self.unit, **more}
        with standing_at(at or self.at):
            return take_call(rows, **given)

    def complain(self, code: str = "T16", **more: Any) -> ServiceCase:
        """Take one complaint."""
        return ServiceCase.get(ServiceCase.call == self.call(code, **more))

    def report(self, code: str = "B03", **more: Any) -> ServiceCase:
        """Take one repair."""
        return self.complain(code, **more)

    def later(self, **passed: float) -> Any:
        """Let the clock stand so much later than it stood."""
        self.at += timedelta(**passed)
        return standing_at(self.at)

    def bring(self, case: ServiceCase, state: CaseState) -> ServiceCase:
        """Bring a case that was just taken to a state, an hour a step."""
        for deed in PATHS[case.sort.name][state]:
            with self.later(hours=1):
                getattr(self, deed)(case)
        return case

    def assign(self, case: ServiceCase) -> None:
        complaining.assign([case], self.handler)

    def start(self, case: ServiceCase) -> None:
        complaining.start(case)

    def wait(self, case: ServiceCase) -> None:
        waiting.wait(case, "业主出差")

    def answer(self, case: ServiceCase) -> None:
        complaining.answer(case, "已处理", Way.PHONE)

    def review(self, case: ServiceCase) -> None:
        complaining.review([case])

    def visit(self, case: ServiceCase, mark: Mark = Mark.GOOD) -> None:
        task = VisitTask.select().where(VisitTask.case == case).order_by(VisitTask.id.desc()).get()
        with deeds.acting(self.visitor):
            visits.visit(task, mark)
        self._renew(case)

    def close(self, case: ServiceCase) -> None:
        closing.close([case])

    def withdraw(self, case: ServiceCase) -> None:
        closing.withdraw(case, "不再追究")

    def dismiss(self, case: ServiceCase) -> None:
        closing.dismiss(case, "查无此事")

    def dispatch(self, case: ServiceCase) -> None:
        repairing.dispatch([case], self.repairer)

    def arrive(self, case: ServiceCase) -> None:
        repairing.arrive(case)

    def quote(self, case: ServiceCase) -> None:
        repairing.quote(case, labour=Decimal("80.00"))

    def agree(self, case: ServiceCase) -> None:
        repairing.agree(case, "王桂芳")

    def finish(self, case: ServiceCase) -> None:
        repairing.finish(case, "换了阀芯", Nature.PAID if case.agreed_at else Nature.FREE)

    def accept(self, case: ServiceCase) -> None:
        repairing.accept(case, "王桂芳")

    def _renew(self, case: ServiceCase) -> None:
        now = ServiceCase.get_by_id(case.id)
        case.__data__.update(now.__data__)
        case.__rel__.clear()


S = CaseState
_WORK = ("assign", "start")
_ANSWERED = (*_WORK, "answer")
_VISITED = (*_ANSWERED, "review", "visit")
_DONE = ("dispatch", "arrive", "finish")
PATHS: dict[str, dict[CaseState, tuple[str, ...]]] = {
    "COMPLAINT": {
        S.RECEIVED: (),
        S.ASSIGNED: ("assign",),
        S.WORKING: _WORK,
        S.WAITING: (*_WORK, "wait"),
        S.REVIEW: _ANSWERED,
        S.VISITING: (*_ANSWERED, "review"),
        S.VISITED: _VISITED,
        S.CLOSED: (*_VISITED, "close"),
        S.WITHDRAWN: ("withdraw",),
        S.UNFOUNDED: ("dismiss",),
    },
    "REPAIR": {
        S.RECEIVED: (),
        S.DISPATCHED: ("dispatch",),
        S.ARRIVED: ("dispatch", "arrive"),
        S.QUOTED: ("dispatch", "arrive", "quote"),
        S.WAITING: ("dispatch", "wait"),
        S.FINISHED: _DONE,
        S.VISITING: (*_DONE, "accept"),
        S.CLOSED: (*_DONE, "accept", "visit"),
        S.WITHDRAWN: ("withdraw",),
    },
}
"""By which deeds a case comes to each state."""
