"""演示的空置: two empty houses, applied for and approved as an office does it; one reduced, one waits."""

from __future__ import annotations

import contextlib
from decimal import Decimal

from desktop.demo import roster
from desktop.demo.calendar import Calendar
from desktop.demo.estate import Estate
from desktop.demo.staff import Crew
from models import deeds
from models.errors import RuleBroken
from models.fees.items import FeeItem
from models.fees.vacancy_cuts import apply_vacancies
from models.months import Month
from models.office.applying import request
from models.office.approvals import Approval
from models.owners.estate import Unit

_BASIS = "前期物业服务合同第十四条：连续空置满六个月的，物业费按百分之六十交"
_REDUCED = 3
"""For so many of the last months the first house is reduced."""


def stand_empty(estate: Estate, crew: Crew, calendar: Calendar) -> None:
    """Let two vacant dwellings be reduced by 40 %: one since some months, one from some months on."""
    homes = [one for one in estate.places if one.kind == "住宅" and one.code not in estate.ownerless]
    homes.sort(key=lambda place: place.state != "空置")  # a small estate may have none
    for code, begins in zip([place.code for place in homes], (-_REDUCED - 5, -2), strict=False):
        since = calendar.now.plus(begins).day(10)
        proof = f"{since} 水表 128.00、电表 3,416.00，至今未变；业主来函"
        _agree(crew, {"unit": Unit.find(code), "since": since, "applied": since, "proof": proof})
    for back in reversed(range(_REDUCED)):
        _reduce(crew, calendar.now.plus(-back), calendar)


def _agree(crew: Crew, given: dict[str, object]) -> None:
    """Apply for a house, and let everybody who is asked agree."""
    values = {**given, "basis": _BASIS, "percent": Decimal(40), "item": FeeItem.find(roster.HOUSES)}
    with deeds.acting(crew.supervisor):
        asked = request("fees.grant_vacancy", values, note="已到现场看过，抄了水电读数")
    for person in (crew.accountant, crew.accounts["manager"]):
        with deeds.acting(person):
            Approval.find(asked.number).approve()


def _reduce(crew: Crew, month: Month, calendar: Calendar) -> None:
    with contextlib.suppress(RuleBroken), deeds.acting(crew.accountant):  # the ledger may be shorter
        apply_vacancies(month, calendar.today)
