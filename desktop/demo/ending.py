"""演示的终止: one supplier was caught with a forged report; warned, notified, heard, and terminated."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from desktop.demo.calendar import Calendar
from desktop.demo.happening import Happenings
from desktop.demo.staff import Crew
from desktop.demo.trading import FORGER, SLOPPY, WEAK
from models import clock, deeds
from models.months import Month
from models.office.applying import request
from models.office.approvals import Approval
from models.suppliers.ending.letters import LetterState, Mended, SupplierLetter, judge_letter, warn
from models.suppliers.ending.terminations import (
    Termination,
    TerminationKind,
    answer_objection,
    deliver_termination,
    draft_termination,
    note_objection,
    terminate,
    under_way,
    withdraw_termination,
)
from models.suppliers.kinds import SupplierState
from models.suppliers.moving import restore
from models.suppliers.register import Supplier

_CHAIN = ("manager", "accountant", "deputy")


class Ending:
    """Warns and notifies a supplier in the fifth month, terminates it in the sixth; warns another one now."""

    def __init__(self, crew: Crew, calendar: Calendar, happenings: Happenings) -> None:
        self._crew, self._calendar, self._plan = crew, calendar, happenings.plan

    def plan(self, month: Month) -> None:
        """Plan what happens in a month."""
        if month.month in (2, 5, 8, 11):
            self._plan(_at(month.day(10)), self._verify)
        if month == self._calendar.first.plus(4):
            self._plan(_at(month.day(3)), lambda: self._warn(FORGER, "送货的检验报告批号与实物不符"))
            self._plan(_at(month.day(19)), self._judge)
            self._plan(_at(month.day(20)), self._notify)
        elif month == self._calendar.now:
            self._plan(_at(month.day(11)), lambda: self._warn("江滩水产批发部", "草鱼短斤少两，两次迟到"))

    def _by(self, name: str) -> Any:
        return deeds.acting(self._crew.accounts[name])

    def _warn(self, name: str, facts: str) -> None:
        with self._by("buyer"):
            due = clock.now().date() + timedelta(days=15)
            warn(Supplier.find(name), facts, "查明原因，在期限内整改，并书面答复", due)

    def _judge(self) -> None:
        with self._by("buyer"):
            letters = Supplier.find(FORGER).letters
            judge_letter(list(letters)[-1], Mended.NO, "补送的报告经核对是伪造的")

    def _verify(self) -> None:
        """Let those go on delivering who mended what the last quarter's evaluation asked for."""
        for name in (*WEAK, SLOPPY):
            supplier = Supplier.find(name)
            with self._by("buyer"):
                for letter in list(supplier.letters):
                    if letter.state is LetterState.OPEN:
                        judge_letter(letter, Mended.YES, "已复查三次，符合要求")
                notice = under_way(supplier)
                if notice is not None:
                    withdraw_termination(notice, "供方换了负责人，书面保证，再看一季")
                if supplier.state in (SupplierState.WATCHED, SupplierState.SUSPENDED):
                    restore(Supplier.find(name), "已整改，复查合格")

    def _notify(self) -> None:
        """Have the notice approved and delivered, and let the supplier object."""
        supplier = Supplier.find(FORGER)
        letter: SupplierLetter = next(iter(supplier.letters))
        with self._by("buyer"):
            notice = draft_termination(
                supplier=supplier, facts=f"伪造检验报告（{letter.number}），整改无效",
                clause="采购合同第八条：提供虚假证照、报告的，终止供货资格", kind=TerminationKind.FOREVER,
                readmit_on=None, object_until=None, effective_on=None, settling=None,
            )  # fmt: skip
            asked = request("suppliers.issue_termination", {}, key=notice.number)
        for login in _CHAIN:
            with self._by(login):
                Approval.find(asked.number).approve()
        with self._by("buyer"):
            deliver_termination(Termination.find(notice.number), f"当面，{supplier.contact}签收")
        today = clock.now().date()
        self._plan(_at(today + timedelta(days=4)), lambda: self._hear(str(notice.number)))
        self._plan(_at(today + timedelta(days=12)), lambda: self._end(str(notice.number)))

    def _hear(self, number: str) -> None:
        with self._by("buyer"):
            note_objection(Termination.find(number), "报告是厂家给的，我方不知情")
            answer_objection(Termination.find(number), "索证核对是供方的责任，申辩不成立")

    def _end(self, number: str) -> None:
        with self._by("buyer"):
            terminate(Termination.find(number))


def _at(day: date) -> datetime:
    return datetime.combine(day, time(14, 20))
