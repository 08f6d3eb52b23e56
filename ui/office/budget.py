"""预算页面: what is left of each account, budgets and their approval, what was reserved and spent."""

from __future__ import annotations

from models.office.budget import BUDGET, BudgetState
from models.office.budget_lists import budgeting
from ui import keys
from ui.acts import in_states
from ui.entering import EntryPage
from ui.entrygrid import SAME
from ui.page import Page
from ui.panel import Custom
from ui.services import Services

HINT = (
    f"Enter 下一行　期间选年份编年度预算，选季度（如 2026Q3）做季度调整，调减填负数　{SAME} 照已录填　"
    f"{keys.PREVIOUS} {keys.NEXT} 上一个、下一个漏录的"
)


def _budgeting(services: Services) -> EntryPage:
    """Return the page on which a budget is typed."""
    return EntryPage(services, budgeting, HINT, period="本年或下年")


PAGES: tuple[Page | Custom, ...] = (
    Page(
        listing="budget_accounts",
        deeds=("office.add_budget_account",),
        row_deeds=(
            "office.book_budget",
            "office.edit_budget_account",
            "office.retire_budget_account",
            "office.restore_budget_account",
        ),
        papers=("OF-07",),
        filters=("period",),
        period="本年",
        empty="没有预算科目，请先新增。",
        step=False,
    ),
    Custom(budgeting.name, budgeting.title, BUDGET, _budgeting),
    Page(
        listing="budgets",
        row_deeds=(in_states("office.approve_budget", BudgetState.DRAFT),),
        papers=("OF-07",),
        filters=("period", "state"),
        empty="还没有预算。在“预算录入”里编制。",
    ),
    Page(
        listing="budget_entries",
        filters=("period", "state"),
        empty="还没有占用和执行。采购计划批准时占用，结算时执行；别的收支点“登记执行”。",
    ),
)
