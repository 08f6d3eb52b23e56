"""演示的约定: late payment by a modest clause, charged once and waived once; some who paid months ahead."""

from __future__ import annotations

import contextlib
from datetime import timedelta
from decimal import Decimal

from desktop.demo.calendar import Calendar
from desktop.demo.estate import Estate
from desktop.demo.staff import Crew
from models import deeds
from models.errors import RuleBroken
from models.fees import late_charging, late_terms, prepay_plans, prepayment
from models.fees.bills import Bill
from models.fees.late import late_of
from models.fees.payments import Method
from models.owners.estate import Building, Unit

CLAUSE = "前期物业服务合同第十二条第二款"
_PLANS, _ASKED = 3, 40
"""How many households pay ahead, and how many are asked."""


def agree(estate: Estate, crew: Crew, calendar: Calendar) -> None:
    """Agree on late payment for the last part of the ledger, and take money for months ahead."""
    with deeds.acting(crew.accountant):
        since = calendar.month(0.7).first
        late_terms.add_late_terms(clause=CLAUSE, daily=Decimal("0.3"), grace=15, since=since)
        prepay_plans.add_prepay_offer(name="预存一年免一个月", months=12, free=1, basis="收费标准公示表")
        half = prepay_plans.add_prepay_offer(
            name="预存半年优惠 2%", months=6, percent=Decimal(2), basis="收费标准公示表"
        )
    _charge(Building.find(next(iter(estate.buildings()))), crew, calendar)
    _prepay([place.code for place in estate.places if place.kind == "住宅"], crew, calendar, half)


def _charge(building: Building, crew: Crew, calendar: Calendar) -> None:
    """Charge one building up to the end of last month, and waive what one line bears since."""
    until = calendar.now.first - timedelta(days=1)
    with deeds.acting(crew.accountant):
        if not late_charging.try_charge_late(until, [building]).found:
            return  # a demo of a month or two
        late_charging.charge_late(until, [building])
    one = next(iter(late_of(calendar.today, charging=True)), None)
    if one is not None:
        with deeds.acting(crew.admin):
            late_charging.waive_late(
                Bill.those([one.line.id]), "住院期间逾期，已补交", crew.staff["何志远"], calendar.today
            )


def _prepay(codes: list[str], crew: Crew, calendar: Calendar, offer: prepay_plans.PrepayOffer) -> None:
    """Let some households that owe nothing pay half a year ahead."""
    taken = 0
    for code in codes[:_ASKED]:
        if taken == _PLANS:
            return
        with contextlib.suppress(RuleBroken), deeds.acting(crew.cashiers[0]):
            prepayment.prepay(Unit.find(code), offer, method=Method.WECHAT, on=calendar.today)
            taken += 1
