"""演示的约定: late payment by a modest clause, charged once and waived once; some who paid months ahead."""

from __future__ import annotations

import contextlib
from datetime import timedelta
from decimal import Decimal

from desktop.demo.calendar import Calendar
from desktop.demo.staff import Crew
from models import deeds
from models.errors import RuleBroken
from models.fees import late_charging, late_terms, prepay_plans, prepayment
from models.fees.bills import Bill
from models.fees.late import late_of
from models.fees.payments import Method
from models.owners.estate import Building, Unit, UnitKind

CLAUSE = "前期物业服务合同第十二条第二款"
_PLANS, _ASKED = 3, 40
"""How many households pay ahead, and how many are asked."""


def agree(crew: Crew, calendar: Calendar) -> None:
    """Agree on late payment for the last part of the ledger, and take money for months ahead."""
    with deeds.acting(crew.accountant):
        since = calendar.month(0.7).first
        late_terms.add_late_terms(clause=CLAUSE, daily=Decimal("0.3"), grace=15, since=since)
        prepay_plans.add_prepay_offer(name="预存一年免一个月", months=12, free=1, basis="收费标准公示表")
        half = prepay_plans.add_prepay_offer(
            name="预存半年优惠 2%", months=6, percent=Decimal(2), basis="收费标准公示表"
        )
    _charge(crew, calendar)
    _prepay(crew, calendar, half)


def _charge(crew: Crew, calendar: Calendar) -> None:
    """Charge one building up to the end of last month, and waive what one of its lines bears since."""
    building = Building.select().order_by(Building.sort_key).first()
    until = calendar.now.first - timedelta(days=1)
    with deeds.acting(crew.accountant):
        if not late_charging.try_charge_late(until, [building]).found:
            return  # a demo of a month or two
        late_charging.charge_late(until, [building])
    one = next(iter(late_of(calendar.today, charging=True)), None)
    if one is not None:
        with deeds.acting(crew.admin):
            late_charging.waive_late(
                [Bill.get_by_id(one.line.id)], "住院期间逾期，已补交", crew.staff["何志远"], calendar.today
            )


def _prepay(crew: Crew, calendar: Calendar, offer: prepay_plans.PrepayOffer) -> None:
    """Let some households that owe nothing pay half a year ahead."""
    units = Unit.select().where(Unit.kind == UnitKind.HOUSE).order_by(Unit.sort_key).limit(_ASKED)
    taken = 0
    for unit in units:
        if taken == _PLANS:
            return
        with contextlib.suppress(RuleBroken), deeds.acting(crew.cashiers[0]):
            prepayment.prepay(unit, offer, method=Method.WECHAT, on=calendar.today)
            taken += 1
