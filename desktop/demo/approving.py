"""演示审批: one application of each outcome, and who decides for the manager while he is away."""

from __future__ import annotations

import contextlib
from datetime import timedelta
from decimal import Decimal

from desktop.demo.calendar import Calendar
from desktop.demo.staff import Crew
from models import deeds
from models.errors import RuleBroken
from models.fees.arrears import debts
from models.fees.settle import open_lines
from models.months import Month
from models.office.applying import request
from models.office.approvals import Approval
from models.office.chains import start_chain, stop_chain
from models.office.deputies import set_deputy
from models.office.permits import MANY
from models.owners.estate import Unit

_CHAINS = ("fees.bill", MANY)
_BASIS = "前期物业服务合同第九条"


def go_through_approvals(crew: Crew, calendar: Calendar) -> None:
    """Apply for things of every outcome; the chains that were put up for it are off again afterwards."""
    manager = crew.accounts["manager"]
    with deeds.acting(crew.admin):
        for name in _CHAINS:
            start_chain(name)
    with deeds.acting(crew.supervisor):
        checked = request(
            MANY, {"what": "list:people", "purpose": "年度业主资料核对，管理处内部用"}, note="按户核对电话"
        )
        vague = request(MANY, {"what": "list:arrears", "purpose": "催收"})
    with (
        deeds.acting(crew.accountant),
        contextlib.suppress(RuleBroken),
    ):  # a small estate may owe nothing then
        request("fees.bill", {"month": Month.of(calendar.today).plus(1)}, note="下月账单提前出，赶月初派发")
    with deeds.acting(manager):
        checked.approve("核对完请删除文件")
        vague.reject("没有写清交给谁、怎么保管")
        set_deputy(crew.supervisor, until=calendar.today + timedelta(days=6))
    with deeds.acting(crew.admin):
        for name in _CHAINS:
            stop_chain(name)
    _reduce(crew, calendar)


def _reduce(crew: Crew, calendar: Calendar) -> None:
    """Let a house that owes have its oldest line reduced, step by step; another waits for the supervisor."""
    owing = sorted(debts(calendar.today))[:2]
    asked = []
    with deeds.acting(crew.accounts["caretaker"]):
        for number in owing:
            (unit,) = Unit.those([number])
            line = open_lines([unit])[0]
            given = {
                "bills": [line],
                "percent": Decimal(10),
                "reason": "水泵检修停水三天，按日折算",
                "basis": _BASIS,
            }
            asked.append(request("fees.reduce", given))
    for someone in (crew.supervisor, crew.accountant, crew.accounts["manager"]) if asked else ():
        with deeds.acting(someone):
            Approval.find(asked[0].number).approve("情况属实")
