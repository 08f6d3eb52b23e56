"""演示的供方结算: each month what came is settled with every supplier, approved along its chain, and paid."""

from __future__ import annotations

import random
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from desktop.demo.calendar import Calendar
from desktop.demo.happening import Happenings
from desktop.demo.staff import Crew
from models import clock, deeds
from models.months import Month
from models.office.applying import request
from models.office.approvals import Approval
from models.suppliers.register import Supplier
from models.suppliers.settling.deductions import deduct
from models.suppliers.settling.drafting import draft_settlement
from models.suppliers.settling.owed import unsettled
from models.suppliers.settling.payments import cancel_payment, pay
from models.suppliers.settling.settlements import to_pay

_CHAIN = ("manager", "accountant", "deputy")
_LATE = "江滩水产批发部"


class Settling:
    """Settles each month with every supplier; the last month's settlements are still under way."""

    def __init__(self, crew: Crew, calendar: Calendar, happenings: Happenings) -> None:
        self._crew, self._calendar, self._plan = crew, calendar, happenings.plan
        self._chance = random.Random(31)

    def plan(self, month: Month) -> None:
        """Plan what is settled in a month for the one before it."""
        if month == self._calendar.first:
            return
        if month.month % 3 == 0:
            self._plan(_at(month.day(2), 11), self._deduct)
        for place, day in enumerate((9, 10)):
            self._plan(_at(month.day(day), 15), partial(self._settle, month, place))
        self._plan(_at(month.day(17), 10), self._pay)

    def _by(self, name: str) -> Any:
        return deeds.acting(self._crew.accounts[name])

    def _deduct(self) -> None:
        with self._by("buyer"):
            amount = Decimal(self._chance.randint(3, 9) * 10)
            deduct(Supplier.find(_LATE), amount, "送货迟到误了备餐，按合同扣款")

    def _settle(self, month: Month, half: int) -> None:
        """Settle with every other supplier; of the last ones some wait at their first step."""
        until = month.plus(-1).last
        for one in unsettled(until):
            if one.id % 2 != half:
                continue
            with self._by("buyer"):
                made = draft_settlement(one, until, f"FP{until:%y%m}{one.id:03d}")
                asked = request("suppliers.approve_settlement", {}, key=made.number)
            waits = month == self._calendar.now and one.id % 5 == 0
            for login in _CHAIN[:1] if waits else _CHAIN:
                with self._by(login):
                    Approval.find(asked.number).approve()

    def _pay(self) -> None:
        """Pay what is approved; of this month's something is left for tomorrow."""
        today = clock.now().date()
        for number, one in enumerate(to_pay()):
            if number % 4 == 0 and Month.of(today) == self._calendar.now:
                continue
            with self._by("accountant"):
                if number == 0 and today.month % 6 == 4:  # typed from the wrong line of the bank's list
                    wrong = pay(one, reference=f"{today:%y%m%d}{one.id + 1:05d}")
                    cancel_payment(wrong, "流水号登错，是另一家的付款")
                pay(one, reference=f"{today:%y%m%d}{one.id:05d}")


def _at(day: date, hour: int, minutes: int = 0) -> datetime:
    return datetime.combine(day, time(hour)) + timedelta(minutes=minutes)
