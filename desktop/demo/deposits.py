"""演示的押金: every month somebody decorates; later the day for giving back is set, then it is given back.

It has a chance of its own, so that nothing else of the demo depends on it.
"""

from __future__ import annotations

import random
from datetime import date
from decimal import Decimal
from typing import Any

from desktop.demo.calendar import Calendar
from desktop.demo.estate import Estate
from desktop.demo.staff import Crew
from models import deeds
from models.fees import depositing
from models.fees.deposits import Deposit, DepositKind
from models.fees.payments import Method
from models.months import Month
from models.owners.estate import Unit

_AGREED = "装饰装修管理协议第六条"
_BUILDERS = ("宏达装饰工程有限公司", "青禾家装工作室", "鲁班装饰有限公司")
_DAMAGES = (
    ("装修垃圾未按时清运", "120.00"), ("电梯轿厢护板划损", "300.00"), ("施工出入证遗失一张", "20.00"),
    ("公共走廊墙面污损", "180.50"),
)  # fmt: skip
_OPENS = 16
"""Minutes after the office opens at which the first of a day's deposits is dealt with, before who pays."""


class Deposits:
    """Takes, prepares and gives back the deposits of the demo, a few each month."""

    def __init__(self, estate: Estate, crew: Crew, calendar: Calendar) -> None:
        self._crew, self._calendar, self._chance = crew, calendar, random.Random(len(estate.places))
        houses = [
            place for place in estate.places if place.kind == "住宅" and place.code not in estate.ownerless
        ]
        self._houses = [place.code for place in houses]
        self._held: dict[Month, list[Deposit]] = {}

    def keep(self, month: Month, days: list[date]) -> dict[date, list[Any]]:
        """Return by day what is done with deposits in a month, on days on which the office is open."""
        if not days:
            return {}
        first, last = days[0], days[-1]
        planned: dict[date, list[Any]] = {first: [lambda: self._take(month, first)]}
        back = month.plus(-2)
        planned.setdefault(first, []).append(lambda: self._set_day(back, month.day(20)))
        planned.setdefault(last, []).append(lambda: self._give_back(month.plus(-3), last))
        return planned

    def serve(self, day: date, planned: list[Any]) -> None:
        """Do what is planned on a day."""
        for number, work in enumerate(planned):
            with self._calendar.at(day, _OPENS + number):
                work()

    def _take(self, month: Month, day: date) -> None:
        """Take what a household and its builder leave with the office, and one for keys."""
        houses = [Unit.find(code) for code in self._chance.sample(self._houses, min(2, len(self._houses)))]
        house, other = houses[0], houses[-1]
        builder, amount = self._chance.choice(_BUILDERS), Decimal(self._chance.choice((2000, 3000)))
        with deeds.acting(self._chance.choice(self._crew.cashiers)):
            made = [
                depositing.take_deposit(house, amount, agreed=_AGREED, method=Method.WECHAT, on=day),
                depositing.take_deposit(
                    house, Decimal(100), DepositKind.PASS, on=day, payer_name=builder, note="施工出入证 5 张"
                ),
            ]
            depositing.take_deposit(other, Decimal(50), DepositKind.KEY, on=day, note="单元门钥匙 1 把")
        self._held[month] = made

    def _set_day(self, month: Month, day: date) -> None:
        """Set the day for giving back what was taken two months ago: the decoration was accepted."""
        with deeds.acting(self._crew.accountant):
            for deposit in self._held.get(month, []):
                depositing.set_refund_day(deposit, day)

    def _give_back(self, month: Month, day: date) -> None:
        """Give back what was taken three months ago, often less what was damaged."""
        with deeds.acting(self._crew.accountant):
            for deposit in self._held.pop(month, []):
                damages = self._chance.sample(_DAMAGES, self._chance.randint(0, 2))
                rows = [{"reason": reason, "amount": Decimal(amount)} for reason, amount in damages]
                if deposit.kind is DepositKind.PASS:
                    rows = []
                depositing.refund_deposit(
                    deposit, rows or None, Method.TRANSFER, on=day, account="6200000000001234"
                )
