"""演示的预算: what each year may bring and cost, approved along its chain, and what each month took."""

from __future__ import annotations

import random
from datetime import datetime, time
from decimal import Decimal
from typing import Any

from desktop.demo.calendar import Calendar
from desktop.demo.happening import Happenings
from desktop.demo.staff import Crew
from models import deeds
from models.months import Month
from models.office.applying import request
from models.office.approvals import Approval
from models.office.budget import QUARTERS, BudgetAccount, Side, book_budget, enter_budget

MONTHLY = {
    "物业费收入": 168_000, "停车费收入": 26_000, "特约服务收入": 5_200, "人工成本": 96_000, "能耗": 17_500,
    "维修材料": 6_000, "外包服务费": 31_000, "食堂食材": 18_000, "办公用品": 1_200, "清洁用品": 1_500,
    "劳保用品": 900, "培训与活动": 1_800, "税费": 6_300,
}  # fmt: skip
"""What a month usually brings and costs, in 元."""
BOUGHT = frozenset({"维修材料", "外包服务费", "食堂食材", "办公用品", "清洁用品", "劳保用品"})
"""What is bought from suppliers, and spent by their settlements."""
_AT = time(9, 5)


class Budgeting:
    """Has each year's budget approved, one adjustment a year, and books what is not bought from suppliers."""

    def __init__(self, crew: Crew, calendar: Calendar, happenings: Happenings) -> None:
        self._crew, self._calendar, self._plan = crew, calendar, happenings.plan
        self._chance = random.Random(calendar.length + 7)

    def plan(self, month: Month) -> None:
        """Plan the budget of a year, an adjustment in its third quarter, and each month's entries."""
        if month == self._calendar.first or month.month == 1:
            rows = [_row(month.year, name, Decimal(3 * told)) for name, told in MONTHLY.items()]
            self._plan(datetime.combine(month.day(2), _AT), lambda: self._approve(rows, None))
        elif month.month == 7:
            changes = {"食堂食材": 1800, "培训与活动": -900}
            rows = [_row(month.year, name, Decimal(told), 3) for name, told in changes.items()]
            why = "夏季加班就餐增加，培训改为线上"
            self._plan(datetime.combine(month.day(3), _AT), lambda: self._approve(rows, why))
        self._plan(datetime.combine(month.day(28), _AT), lambda: self._book(month))

    def _book(self, month: Month) -> None:
        """Book what a month brought and cost outside the settlements."""
        with deeds.acting(self._crew.accountant):
            for name, told in MONTHLY.items():
                if name not in BOUGHT:
                    amount = Decimal(told * self._chance.randint(93, 107) // 100)
                    book_budget(BudgetAccount.find(name), amount, f"{month.chinese}{_words(name)}")

    def _approve(self, rows: list[dict[str, Any]], reason: str | None) -> None:
        with deeds.acting(self._crew.accountant):
            budget = enter_budget(rows, reason=reason).budget
            asked = request("office.approve_budget", {}, key=budget.number)
        for login in ("deputy", "general"):
            with deeds.acting(self._crew.accounts[login]):
                Approval.find(asked.number).approve("同意" if login == "deputy" else None)


def _row(year: int, name: str, quarter: Decimal, only: int | None = None) -> dict[str, Any]:
    amounts = {
        quarter_name: quarter if only is None or at >= only else Decimal(0)
        for at, quarter_name in enumerate(QUARTERS, start=1)
    }
    return {
        "year": year, "quarter": only, "account": BudgetAccount.find(name), "note": None, **amounts,
    }  # fmt: skip


def _words(name: str) -> str:
    side = BudgetAccount.find(name).side
    return "入账" if side is Side.INCOME else "支出"
