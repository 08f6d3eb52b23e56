"""预算名单: the sheet on which a budget is typed; accounts with what is left; budgets; entries; the desk."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from peewee import JOIN, fn

from models.attachments import keeps_files
from models.base import db
from models.checks import invariant
from models.conditions import Condition, Test
from models.desk import Figure, Reminder, figures, reminds
from models.entries import Line, Sheet, entry
from models.fields import CountField, FlagField, LineField, MoneyField, RateField
from models.listings import Filters, Listing, RowListing, Shown, listing
from models.months import Period
from models.office.budget import (
    BUDGET,
    QUARTERS,
    ROWS,
    SEE_BUDGET,
    AccountFigures,
    Budget,
    BudgetAccount,
    BudgetEntry,
    BudgetLine,
    BudgetState,
    Side,
    approved_of,
    figures_of,
)
from models.search import finds_numbered

_TONES = {BudgetState.DRAFT.value: "warning", BudgetState.APPROVED.value: "ok"}
_DRAFTED = 10
"""Month from which on the budget of the next year is typed."""
_AHEAD = 12
"""Month from which on next year's budget is missed."""


def quarter_asked(period: Period | None) -> tuple[int, int | None]:
    """Return the year and, where just a quarter was asked for, which (1 to 4); this year without a period."""
    if period is None:
        return date.today().year, None
    one = Period.quarter_of(period.first)
    whole = (period.first, period.last) == (one.first, one.last)
    return period.first.year, (period.first.month + 2) // 3 if whole else None


@entry("budgeting", "预算录入", "office.enter_budget", ROWS, (*QUARTERS, "note"), "period")
def budgeting(filters: Filters) -> Sheet:
    """Every account in use: a year's budget, last year's figures beside it, or a quarter's adjustment."""
    year, quarter = quarter_asked(filters.period) if filters.period else (_next_to_type(), None)
    number = f"YSB-{year}" + (f"-Q{quarter}" if quarter else "")
    budget = Budget.get_or_none(Budget.number == number)
    typed = {one.account_id: one for one in budget.lines} if budget else {}
    lines = []
    for one in figures_of(year, Period.parse(str(year)).last):
        if not one.account.active:
            continue
        mine = typed.get(one.account.id)
        offered = {name: getattr(mine, name) for name in (*QUARTERS, "note")} if mine else {}
        known = sum(mine.quarters, Decimal("0.00")) if mine else None
        told = (one.account.name, one.account.side.value, one.before, one.budget, known)
        lines.append(
            Line(one.account.name, told, {"year": year, "quarter": quarter, "account": one.account}, offered)
        )
    approved = budget is not None and budget.state is BudgetState.APPROVED
    return Sheet(
        told=(
            Shown("account", LineField(verbose_name="科目", max_length=30)),
            Shown("side", LineField(verbose_name="收支", max_length=8)),
            Shown("before", MoneyField(verbose_name="上年实际")),
            Shown("budget", MoneyField(verbose_name=f"{year} 年已批")),
            Shown("known", MoneyField(verbose_name=f"{number} 已录", signed=True)),
        ),
        lines=[] if approved else lines,
        judge=lambda line, row: (
            "四个季度都没有填" if not any(row.get(name) is not None for name in QUARTERS) else ""
        ),
        warns=_warns(year, quarter, approved, number),
    )


def _next_to_type() -> int:
    """Return this year, or in its last quarter the next one, once this one's budget holds."""
    today = date.today()
    return today.year + 1 if today.month >= _DRAFTED and approved_of(today.year) else today.year


def _warns(year: int, quarter: int | None, approved: bool, number: str) -> str:
    if approved:
        return f"{number} 已经批准，不能再改。期间选季度（如 {year}Q3）可做季度调整，选年份可编下一年的预算。"
    if quarter is not None and not approved_of(year):
        return f"{year} 年预算还没有批准。请先在期间里选 {year} 编年度预算。"
    return ""


@listing("budget_accounts", "预算科目", "office", SEE_BUDGET, "period")
def budget_accounts(filters: Filters) -> RowListing:
    """Each account of a year, this year unless given: budget, what is reserved, spent and left of it."""
    year, quarter = quarter_asked(filters.period)
    today = date.today()
    until = Period.parse(f"{year}Q{quarter}" if quarter else str(year)).last
    if quarter is None:
        quarter = (today.month + 2) // 3 if year == today.year else 4
    columns = (
        Shown("position", CountField(verbose_name="序号"), total=False),
        Shown("name", LineField(max_length=30, verbose_name="科目")),
        Shown("side", LineField(max_length=8, verbose_name="收支"), status=True),
        Shown("budget", MoneyField(verbose_name="全年预算", signed=True), total=False),
        Shown("quarters", MoneyField(verbose_name=f"至 {quarter} 季度", signed=True), total=False),
        Shown("reserved", MoneyField(verbose_name="已占用", signed=True), total=False),
        Shown("spent", MoneyField(verbose_name="已执行", signed=True), total=False),
        Shown("left", MoneyField(verbose_name="余额", signed=True), total=False),
        Shown("rate", RateField(verbose_name="执行率")),
        Shown("active", FlagField(verbose_name="在用"), hidden=True),
    )
    rows = [(one.account.id, _row(one, quarter)) for one in figures_of(year, until)]
    return RowListing(columns, rows, record=BudgetAccount, tones={Side.INCOME.value: "info"})


def _row(one: AccountFigures, quarter: int) -> tuple[object, ...]:
    whole = one.left(quarter) + one.reserved + one.spent
    return (
        one.account.position, one.account.name, one.account.side.value, one.budget, whole, one.reserved,
        one.spent, one.left(quarter), execution(one), one.account.active,
    )  # fmt: skip


def execution(one: AccountFigures) -> Decimal | None:
    """Return how much of the year's budget is spent, in percent with one decimal; None without one."""
    if not one.budget:
        return None
    return (one.spent * 100 / one.budget).quantize(Decimal("0.1"))


@listing("budgets", "预算", "office", SEE_BUDGET, "period", "state")
def budgets(filters: Filters) -> Listing:
    """Budgets and adjustments, newest first, with what they come to."""
    query = Budget.select()
    if filters.period:
        query = query.where(Budget.year.between(filters.period.first.year, filters.period.last.year))
    query = filters.narrow(query, state=Budget.state)
    columns = (
        Shown("number", Budget.number),
        Shown("year", Budget.year, total=False),
        Shown("quarter", Budget.quarter, total=False),
        Shown("income", MoneyField(verbose_name="收入", signed=True), _sum(Side.INCOME), total=False),
        Shown("expense", MoneyField(verbose_name="支出", signed=True), _sum(Side.EXPENSE), total=False),
        Shown("state", Budget.state, status=True),
        Shown("reason", Budget.reason),
        Shown("made_by", Budget.made_by),
        Shown("approved_at", Budget.approved_at),
        Shown("approval", Budget.approval, hidden=True),
    )
    return Listing(
        query, columns, id=Budget.id, order=("-year", "-number"), record=Budget, search=(Budget.number,),
        tones=_TONES,
    )  # fmt: skip


def _sum(side: Side) -> object:
    amount = sum((getattr(BudgetLine, name) for name in QUARTERS[1:]), BudgetLine.first)
    query = BudgetLine.select(fn.COALESCE(fn.SUM(amount), 0)).join(BudgetAccount)
    return query.where((BudgetLine.budget == Budget.id) & (BudgetAccount.side == side))


@listing("budget_entries", "预算执行", "office", SEE_BUDGET, "period", "state")
def budget_entries(filters: Filters) -> Listing:
    """What was reserved, released and spent, newest first, with the document that says so."""
    query = BudgetEntry.select().join(BudgetAccount, JOIN.INNER)
    query = filters.narrow(query, period=BudgetEntry.day, state=BudgetEntry.kind)
    columns = (
        Shown("day", BudgetEntry.day),
        Shown("account", BudgetEntry.account, BudgetAccount.name),
        Shown("kind", BudgetEntry.kind, status=True),
        Shown("amount", BudgetEntry.amount, total=bool(filters.state)),
        Shown("source", BudgetEntry.source),
        Shown("words", BudgetEntry.words),
        Shown("made_by", BudgetEntry.made_by),
        Shown("made_at", BudgetEntry.made_at, hidden=True),
    )
    return Listing(
        query, columns, id=BudgetEntry.id, order=("-day", "-made_at"), record=BudgetEntry,
        search=(BudgetAccount.name, BudgetEntry.source, BudgetEntry.words),
    )  # fmt: skip


# -- the desk, cards, checks -----------------------------------------------------------------------


@reminds(SEE_BUDGET)
def overspent(day: date) -> Iterator[Reminder]:
    """Remind of accounts that cost more than the quarters so far allow."""
    if not approved_of(day.year):
        return
    quarter = (day.month + 2) // 3
    period = Period.quarter_of(day)
    over = [one for one in figures_of(day.year, period.last) if _over(one, quarter)]
    if over:
        names = "、".join(one.account.name for one in over[:3])
        asked = (Condition("side", Test.IS, Side.EXPENSE.value), Condition("left", Test.MOST, "-0.01"))
        told = f"预算超支：{names}"
        yield Reminder(told, "danger", "budget_accounts", {"period": period}, len(over), asked)


def _over(one: AccountFigures, quarter: int) -> bool:
    return one.account.side is Side.EXPENSE and one.left(quarter) < 0


@reminds(BUDGET)
def next_year(day: date) -> Iterator[Reminder]:
    """Remind in December of the budget of the year to come, where the office keeps budgets."""
    if day.month >= _AHEAD and approved_of(day.year) and not approved_of(day.year + 1):
        period = {"period": Period.parse(str(day.year + 1))}
        yield Reminder(f"{day.year + 1} 年预算还没有批准", "warning", "budgets", period)


@figures(SEE_BUDGET)
def executed(day: date) -> Iterator[Figure]:
    """How much of the year's expenses is spent."""
    if not approved_of(day.year):
        return
    known = [one for one in figures_of(day.year, day) if one.account.side is Side.EXPENSE]
    spent, whole = (
        sum(told, Decimal("0.00")) for told in ([o.spent for o in known], [o.budget for o in known])
    )
    rate = f"{spent * 100 / whole:.1f}%" if whole else "—"
    yield Figure("预算执行率", rate, f"{spent / 10_000:,.1f} / {whole / 10_000:,.1f} 万元", "budget_accounts")


finds_numbered(SEE_BUDGET, "YSB", Budget, "budgets", "预算", lambda one: one.described())
keeps_files(Budget, SEE_BUDGET)


@invariant("预算占用")
def released_within_reserved() -> Iterator[str]:
    """Of no document more is released than was reserved."""
    net = BudgetEntry.select(BudgetEntry.source, fn.SUM(BudgetEntry.amount), BudgetEntry.kind).where(
        BudgetEntry.source.is_null(False)
    )
    sums: dict[str, dict[str, int]] = {}
    for source, fen, kind in db.execute(net.group_by(BudgetEntry.source, BudgetEntry.kind)):
        sums.setdefault(source, {})[kind] = int(fen)
    for source, told in sums.items():
        if told.get("RELEASED", 0) > told.get("RESERVED", 0):
            yield f"单据 {source} 释放的预算比占用的多"
