"""演示审批: one application of each outcome, and who decides for the manager while he is away."""

from __future__ import annotations

import contextlib
from datetime import timedelta

from desktop.demo.calendar import Calendar
from desktop.demo.staff import Crew
from models import deeds
from models.errors import RuleBroken
from models.months import Month
from models.office.applying import request
from models.office.chains import start_chain, stop_chain
from models.office.deputies import set_deputy
from models.office.permits import MANY

_CHAINS = ("fees.bill", MANY)


def go_through_approvals(crew: Crew, calendar: Calendar) -> None:
    """Apply for three things: one is approved, one rejected, one waits; chains are off again afterwards."""
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
