"""OF-07 年度预算/季度调整表: what a year may bring and cost by quarters, adjusted and executed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from models.errors import BadInput
from models.months import Period, chinese_day
from models.office.approvals import numbered
from models.office.budget import (
    SEE_BUDGET,
    AccountFigures,
    Budget,
    BudgetLine,
    BudgetState,
    Side,
    approved_of,
    figures_of,
)
from models.office.budget_lists import execution, quarter_asked
from reports.approvals import signed_on
from reports.numbered import by_number
from reports.paper import A4_LANDSCAPE, Column, Field, Form, Sheet, Sign, Total, declare
from reports.papers import PaperRequest, paper

_SIGNED = ("编制", "财务", "常务副总", "总经理")
_NOTHING = Decimal("0.00")

FORM = declare(
    Form(
        code="OF-07",
        title="年度预算、季度调整表",
        module="office",
        paper=A4_LANDSCAPE,
        lead=(Field("year", Budget.year), Field("quarter", Budget.quarter), Field("state", Budget.state)),
        columns=(
            Column("科目", 28),
            Column("上年实际", 24, "money"),
            Column("年度预算", 25, "money"),
            *(
                Column(label, 23, "money", group="各季")
                for label in (BudgetLine.first, BudgetLine.second, BudgetLine.third, BudgetLine.fourth)
            ),
            Column("调整额", 22, "money"),
            Column("调整后", 25, "money"),
            Column("累计执行", 25, "money"),
            Column("执行率", 15, "percent"),
            Column(BudgetLine.note, 21),
        ),
        signatures=tuple(Sign(label, 34, 12) for label in _SIGNED),
        number_rule="YSB-YYYY(-Qn)",
        retention="R10",
    )
)


@paper("OF-07", SEE_BUDGET, "number", "period")
def budgets(request: PaperRequest) -> Iterator[Sheet]:
    """Fill in budgets by their numbers, or that of a year or a quarter's adjustment."""
    if request.number is not None:
        found: Iterable[Budget] = by_number(Budget, request.number, SEE_BUDGET)
    elif request.period is None:
        raise BadInput("请写明预算号或年份，例如 YSB-2026、2026、2026Q3。", "period")
    else:
        year, quarter = quarter_asked(request.period)
        wanted = Budget.quarter.is_null() if quarter is None else Budget.quarter == quarter
        found = Budget.select().where((Budget.year == year) & wanted)
    yield from map(_sheet, found)


def _sheet(budget: Budget) -> Sheet:
    today = date.today()
    until = min(today, Period.parse(str(budget.year)).last)
    known = {one.account.id: one for one in figures_of(budget.year, until)}
    lines = {one.account_id: one for one in budget.lines}
    rows: list[Any] = []
    balance: list[Decimal] = []
    for side, sign in ((Side.INCOME, 1), (Side.EXPENSE, -1)):
        mine = [one for one in known.values() if one.account.side is side and _told(one, lines, budget)]
        cells = [_amounts(one, lines.get(one.account.id), budget) for one in mine]
        rows += [_row(one, amounts, lines) for one, amounts in zip(mine, cells, strict=True)]
        sums = [sum(column, _NOTHING) for column in zip(*cells, strict=True)] or [_NOTHING] * 9
        rows.append(Total(f"{side.value}合计", _cells(sums)))
        balance = [a + sign * b for a, b in zip(balance or [_NOTHING] * 9, sums, strict=True)]
    approval = numbered(budget.approval) if budget.approval else None
    return Sheet(
        FORM,
        number=budget.number,
        values={
            "year": f"{budget.year} 年",
            "quarter": f"第 {budget.quarter} 季度" if budget.quarter else "年度预算",
            "state": budget.state.value,
        },
        rows=rows,
        totals=(Total("结余", _cells(balance)),),
        notes=[
            *([("调整原因", budget.reason)] if budget.reason else []),
            ("口径", f"累计执行截至{chinese_day(until)}，含结算和登记的执行；执行率为累计执行 ÷ 调整后。"),
        ],
        signed={"编制": budget.made_by} | (_signatures(signed_on(approval)) if approval else {}),
        watermark="草稿" if budget.state is BudgetState.DRAFT else "",
    )


def _signatures(signed: dict[str, str]) -> dict[str, str]:
    return {label: words for label, words in signed.items() if label in _SIGNED}


def _told(one: AccountFigures, lines: dict[int, BudgetLine], budget: Budget) -> bool:
    """Whether an account has a line on the paper: of an adjustment, only what is adjusted."""
    return one.account.id in lines or (budget.quarter is None and bool(one.before or one.spent or one.budget))


def _amounts(one: AccountFigures, line: BudgetLine | None, budget: Budget) -> list[Decimal]:
    """Return the nine amounts of an account: last year, year, quarters, adjustment, adjusted, executed."""
    if budget.quarter is None:
        year = line.quarters if line is not None else one.year
        adjusted = sum(one.adjusted, _NOTHING)
        quarters = list(year)
    else:
        quarters = list(line.quarters) if line is not None else [_NOTHING] * 4
        year, adjusted = one.year, sum(quarters, _NOTHING)
    whole = sum(year, _NOTHING)
    after = whole + (adjusted if budget.quarter is None else _through(budget, one))
    return [one.before, whole, *quarters, adjusted, after, one.spent]


def _through(budget: Budget, one: AccountFigures) -> Decimal:
    """Return how much an account was changed by the adjustments up to this one, itself included."""
    before = [each for each in approved_of(budget.year) if each.quarter and each.quarter < budget.quarter]
    lines = [line for each in (*before, budget) for line in each.lines if line.account_id == one.account.id]
    return sum((amount for line in lines for amount in line.quarters), _NOTHING)


def _row(one: AccountFigures, amounts: list[Decimal], lines: dict[int, BudgetLine]) -> tuple[Any, ...]:
    line = lines.get(one.account.id)
    rate = execution(one)
    return (one.account.name, *amounts, None if rate is None else rate / 100, line.note if line else None)


def _cells(sums: list[Decimal]) -> tuple[Any, ...]:
    """Return the cells of a total; the last but one is how much of what was adjusted is executed."""
    rate = sums[8] / sums[7] if sums[7] > 0 else None
    return (None, *sums, rate, None)
