"""预算: accounts, what a year and its quarters may bring and cost, what is reserved of it and what is spent.

A budget is drafted by typing, approved along a chain, and adjusted quarter by quarter by a document of its
own; what is approved never changes. Other modules reserve (an approved purchase plan) and spend
(a settlement) by plain functions within their own deeds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any, Self

from peewee import fn

from models.base import Record, db, journal
from models.clock import now, past_day
from models.deeds import actor, deed, reaches_everybody, right
from models.errors import RuleBroken
from models.fields import (
    ChoiceField,
    CodeField,
    CountField,
    DayField,
    FlagField,
    LineField,
    LinkField,
    MomentField,
    MoneyField,
)
from models.inputs import Asked, Input, edits_of, inputs_from
from models.money import from_scaled, thousands
from models.months import Period
from models.office.approvals import running_approval
from models.office.chains import Step, approvable
from models.rows import RowRefused, RowsField

SEE_BUDGET = right("office.budget_view", "查看预算")
BUDGET = right("office.budget", "编制预算")
QUARTERS = ("first", "second", "third", "fourth")
"""Names of the amounts of a year's quarters."""
ROWS = "rows"
FIRST_YEAR, LAST_YEAR = 2000, 2199
_NOTHING = Decimal("0.00")


class Side(Enum):
    """Whether an account brings money or costs it."""

    INCOME = "收入"
    EXPENSE = "支出"


class BudgetState(Enum):
    """Where a budget stands."""

    DRAFT = "草稿"
    APPROVED = "已批准"


class EntryKind(Enum):
    """What an entry does to an account."""

    RESERVED = "占用"
    RELEASED = "释放"
    SPENT = "执行"


class BudgetAccount(Record):
    """预算科目: what money comes in for or is spent on."""

    position = CountField(low=1, high=999, unique=True, verbose_name="序号")
    name = LineField(max_length=30, unique=True, verbose_name="科目")
    side = ChoiceField(Side, default=Side.EXPENSE, verbose_name="收支")
    active = FlagField(default=True, verbose_name="在用")

    key_field = "name"

    class Meta:
        title = "预算科目"

    @deed(
        "office.edit_budget_account", "修改预算科目", BUDGET,
        inputs=edits_of(lambda: BudgetAccount, "position", "name"), undo="office.edit_budget_account",
    )  # fmt: skip
    def edit(self, **values: Any) -> Self:
        """Change how it is called or where it stands."""
        return self.change(**values)

    @deed("office.retire_budget_account", "停用预算科目", BUDGET, undo="office.restore_budget_account")
    def retire(self) -> Self:
        """Budget no more for it."""
        return self.change(active=False)

    @deed("office.restore_budget_account", "启用预算科目", BUDGET, undo="office.retire_budget_account")
    def restore(self) -> Self:
        """Budget for it again."""
        return self.change(active=True)


class Budget(Record):
    """预算: of a year, YSB-2026, or the adjustment made to it in a quarter, YSB-2026-Q3."""

    number = CodeField(max_length=20, unique=True, verbose_name="预算号")
    year = CountField(low=FIRST_YEAR, high=LAST_YEAR, verbose_name="年份")
    quarter = CountField(low=1, high=4, null=True, verbose_name="调整季度")
    state = ChoiceField(BudgetState, default=BudgetState.DRAFT, verbose_name="状态")
    reason = LineField(max_length=200, null=True, verbose_name="调整原因")
    made_at = MomentField(verbose_name="编制时间")
    made_by = LineField(max_length=60, verbose_name="编制人")
    approved_at = MomentField(null=True, verbose_name="批准时间")
    approval = LineField(max_length=20, null=True, verbose_name="审批单号")

    key_field = "number"
    moves = {BudgetState.DRAFT: (BudgetState.APPROVED,)}

    class Meta:
        title = "预算"

    def described(self) -> str:
        """Return YSB-2026 年度预算，支出 1,200,000.00 元."""
        kind = "年度预算" if self.quarter is None else f"第 {self.quarter} 季度调整"
        return f"{self.number} {kind}，支出 {thousands(self.total(Side.EXPENSE))} 元"

    def total(self, side: Side) -> Decimal:
        """Return what all its lines of a side come to."""
        amount = sum((getattr(BudgetLine, name) for name in QUARTERS[1:]), BudgetLine.first)
        query = BudgetLine.select(fn.SUM(amount)).join(BudgetAccount)
        query = query.where((BudgetLine.budget == self) & (BudgetAccount.side == side))
        return from_scaled(int(db.execute(query).fetchone()[0] or 0), 2)

    @deed("office.approve_budget", "批准预算", BUDGET, question="批准后不能再改，只能做季度调整。")
    def approve(self) -> Self:
        """Let it hold; from now on it is never changed.

        Raises:
            RuleBroken: it holds already, or no line of it has an amount.
        """
        if self.state is BudgetState.DRAFT and not BudgetLine.select().where(_anything(self)).exists():
            raise RuleBroken(f"{self.number} 每一行都是零。请在“预算录入”里填好再批准。")
        approval = running_approval()
        return self.move_to(
            BudgetState.APPROVED, approved_at=now(), approval=str(approval.number) if approval else None
        )


class BudgetLine(Record):
    """预算行: what one account may bring or cost in each quarter; of an adjustment, how much more or less."""

    budget = LinkField(Budget, backref="lines", verbose_name="预算")
    account = LinkField(BudgetAccount, backref="+", verbose_name="科目")
    first = MoneyField(signed=True, default=_NOTHING, verbose_name="一季")
    second = MoneyField(signed=True, default=_NOTHING, verbose_name="二季")
    third = MoneyField(signed=True, default=_NOTHING, verbose_name="三季")
    fourth = MoneyField(signed=True, default=_NOTHING, verbose_name="四季")
    note = LineField(max_length=80, null=True, verbose_name="说明")

    class Meta:
        title = "预算行"
        indexes = ((("budget", "account"), True),)

    @property
    def quarters(self) -> tuple[Decimal, ...]:
        """The amounts of the four quarters."""
        return tuple(getattr(self, name) for name in QUARTERS)


class BudgetEntry(Record):
    """预算执行: what was reserved, released or spent of an account; never changed."""

    account = LinkField(BudgetAccount, backref="entries", verbose_name="科目")
    day = DayField(index=True, verbose_name="日期")
    kind = ChoiceField(EntryKind, verbose_name="类别")
    amount = MoneyField(signed=True, verbose_name="金额")
    source = CodeField(max_length=40, null=True, index=True, verbose_name="单据")
    words = LineField(max_length=80, null=True, verbose_name="摘要")
    made_at = MomentField(verbose_name="登记时间")
    made_by = LineField(max_length=60, verbose_name="经办人")

    class Meta:
        title = "预算执行"


reaches_everybody(BudgetAccount, Budget, BudgetLine, BudgetEntry)
approvable(
    "office.approve_budget",
    default=(Step("会计", "财务"), Step("常务副总经理", "常务副总"), Step("总经理", "总经理")),
    on=True,
    amount=lambda values: values["self"].total(Side.EXPENSE),
)


def _anything(budget: Budget) -> Any:
    """Return the condition that a line of a budget holds an amount."""
    some = BudgetLine.first != _NOTHING
    for name in QUARTERS[1:]:
        some |= getattr(BudgetLine, name) != _NOTHING
    return (BudgetLine.budget == budget) & some


@deed(
    "office.add_budget_account", "新增预算科目", BUDGET,
    inputs=inputs_from(lambda: BudgetAccount, "position", "name", "side"),
)  # fmt: skip
def add_budget_account(**values: Any) -> BudgetAccount:
    """Add an account to the budgets to come."""
    return BudgetAccount.add(**values)


# -- typing a budget -------------------------------------------------------------------------------


def _inputs() -> list[Input]:
    return [
        Input("year", CountField(low=FIRST_YEAR, high=LAST_YEAR, verbose_name="年份"), required=True),
        Input("quarter", CountField(low=1, high=4, null=True, verbose_name="调整季度"), required=False),
        Input("account", LinkField(BudgetAccount, verbose_name="科目"), required=True),
        *inputs_from(lambda: BudgetLine, *QUARTERS, "note")(),
    ]


class Drafted:
    """What was typed of a budget."""

    def __init__(self, budget: Budget, lines: int) -> None:
        self.budget, self.lines = budget, lines

    def done(self) -> str:
        """Return 已录入 12 个科目."""
        return f"已录入 {self.lines} 个科目"

    def summary(self) -> str:
        """Return what the budget comes to now."""
        totals = "，".join(f"{side.value} {thousands(self.budget.total(side))} 元" for side in Side)
        return f"{self.budget.number} {totals}。录完后到“预算”里批准。"


@deed("office.enter_budget", "预算录入", BUDGET)
def enter_budget(
    rows: Annotated[list[dict[str, Any]], Asked(RowsField(_inputs, verbose_name="科目"))],
    reason: Annotated[
        str | None, Asked(LineField(max_length=200, null=True, verbose_name="调整原因"), "季度调整才要填")
    ] = None,
) -> Drafted:
    """Type the lines of a year's budget, or of a quarter's adjustment to it; the draft is made by it.

    Raises:
        RuleBroken: it is approved already, an adjustment has no reason or no budget that it adjusts, or its
            quarter is over.
        RowRefused: an account stands twice, a row is of another budget, an amount is below nothing,
            or an adjustment touches a quarter before its own.
    """
    year, quarter = rows[0]["year"], rows[0].get("quarter")
    budget = _draft_of(year, quarter, reason)
    seen: set[int] = set()
    known = _lines_of(year) if quarter is not None else {}
    for number, row in enumerate(rows):
        if (row["year"], row.get("quarter")) != (year, quarter) or row["account"].id in seen:
            told = f"科目“{row['account'].name}”重复，或不是同一份预算的。"
            raise RowRefused(told, ROWS, number, "account")
        seen.add(row["account"].id)
        _check_row(row, number, known.get(row["account"].id, {}))
        amounts = {name: row[name] or _NOTHING for name in QUARTERS} | {"note": row["note"]}
        line = BudgetLine.get_or_none(budget=budget, account=row["account"])
        if line is None:
            BudgetLine.add(budget=budget, account=row["account"], **amounts)
        else:
            line.change(**amounts)
    budget.renew()
    journal().subject = budget
    return Drafted(budget, len(rows))


def _draft_of(year: int, quarter: int | None, reason: str | None) -> Budget:
    number = f"YSB-{year}" + (f"-Q{quarter}" if quarter else "")
    if quarter is not None and Period.parse(f"{year}Q{quarter}").last < now().date():
        raise RuleBroken(f"{year} 年第 {quarter} 季度已经过完，不能再调整。请调整本季度或以后的季度。")
    found = Budget.get_or_none(Budget.number == number)
    if found is not None and found.state is BudgetState.APPROVED:
        raise RuleBroken(f"{number} 已经批准，不能再改。要改的请做季度调整，期间选某一季度。")
    if quarter is not None and not approved_of(year):
        raise RuleBroken(f"{year} 年预算还没有批准，不用做季度调整，直接改年度预算。")
    if quarter is not None and not (reason or (found and found.reason)):
        raise RuleBroken(f"{number} 是季度调整，请填调整原因。")
    if found is None:
        return Budget.add(
            number=number, year=year, quarter=quarter, reason=reason, made_at=now(), made_by=actor().name
        )
    return found.change(reason=reason) if reason else found


def _check_row(row: Mapping[str, Any], number: int, known: Mapping[bool, tuple[Decimal, ...]]) -> None:
    before = [sum(amounts, _NOTHING) for amounts in zip(*known.values(), strict=True)]
    for at, name in enumerate(QUARTERS, start=1):
        amount = row[name] or _NOTHING
        if row.get("quarter") is None and amount < 0:
            raise RowRefused(f"{BudgetLine.fields()[name].label}不能小于零。", ROWS, number, name)
        if row.get("quarter") is not None and amount and at < row["quarter"]:
            told = f"第 {row['quarter']} 季度的调整只能改本季度和以后的季度"
            raise RowRefused(f"{told}，{BudgetLine.fields()[name].label}请留空。", ROWS, number, name)
        held = before[at - 1] if before else _NOTHING
        if row.get("quarter") is not None and amount and held + amount < 0:
            told = f"{BudgetLine.fields()[name].label}现在是 {thousands(held)} 元"
            raise RowRefused(f"{told}，调减不能超过它。", ROWS, number, name)


# -- what holds, what is left ----------------------------------------------------------------------


def approved_of(year: int) -> list[Budget]:
    """Return what is approved for a year: its budget first, then the adjustments in their order."""
    holds = (Budget.year == year) & (Budget.state == BudgetState.APPROVED)
    return list(Budget.select().where(holds).order_by(Budget.quarter.asc(nulls="FIRST")))


@dataclass(frozen=True)
class AccountFigures:
    """What is known of an account in a year, up to a day; amounts in 元.

    Args:
        account: which.
        before: executed in the year before.
        year: its approved budget by quarters.
        adjusted: how much the quarters' adjustments changed, by quarters.
        reserved: reserved and neither spent nor released.
        spent: executed.
    """

    account: BudgetAccount
    before: Decimal
    year: tuple[Decimal, ...]
    adjusted: tuple[Decimal, ...]
    reserved: Decimal
    spent: Decimal

    @property
    def budget(self) -> Decimal:
        """The year's budget with its adjustments."""
        return sum((*self.year, *self.adjusted), _NOTHING)

    def left(self, quarter: int) -> Decimal:
        """Return what may still be spent by the end of a quarter (1 to 4)."""
        whole = sum((*self.year[:quarter], *self.adjusted[:quarter]), _NOTHING)
        return whole - self.reserved - self.spent


def figures_of(year: int, until: date) -> list[AccountFigures]:
    """Return what is known of every account in a year, counting entries up to a day, in their order."""
    entries = _entries(Period.parse(str(year)).first, until)
    last_year = Period.parse(str(year - 1))
    before = _entries(last_year.first, last_year.last)
    lines = _lines_of(year)
    none = (_NOTHING,) * len(QUARTERS)
    found = []
    for account in BudgetAccount.select().order_by(BudgetAccount.position):
        mine = lines.get(account.id, {})
        known = (before, entries)
        if not account.active and not mine and not any(account.id in one for one in known):
            continue
        here, past = entries.get(account.id, {}), before.get(account.id, {})
        found.append(
            AccountFigures(
                account,
                past.get(EntryKind.SPENT, _NOTHING),
                mine.get(False, none),
                mine.get(True, none),
                here.get(EntryKind.RESERVED, _NOTHING) - here.get(EntryKind.RELEASED, _NOTHING),
                here.get(EntryKind.SPENT, _NOTHING),
            )
        )
    return found


def _lines_of(year: int) -> dict[int, dict[bool, tuple[Decimal, ...]]]:
    """Return each account's approved quarters: of the year's budget, and of all its adjustments together."""
    found: dict[int, dict[bool, tuple[Decimal, ...]]] = {}
    for budget in approved_of(year):
        for line in budget.lines:
            mine = found.setdefault(line.account_id, {})
            adjusts = budget.quarter is not None
            past = mine.get(adjusts, (_NOTHING,) * len(QUARTERS))
            mine[adjusts] = tuple(one + other for one, other in zip(past, line.quarters, strict=True))
    return found


def _entries(first: date, last: date) -> dict[int, dict[EntryKind, Decimal]]:
    query = BudgetEntry.select(BudgetEntry.account, BudgetEntry.kind, fn.SUM(BudgetEntry.amount))
    query = query.where(BudgetEntry.day.between(first, last))
    found: dict[int, dict[EntryKind, Decimal]] = {}
    for account, kind, fen in db.execute(query.group_by(BudgetEntry.account, BudgetEntry.kind)):
        found.setdefault(account, {})[EntryKind[kind]] = from_scaled(int(fen), 2)
    return found


def remainder(account: BudgetAccount, day: date) -> Decimal | None:
    """Return in 元 what may still be spent of an account by the end of a day's quarter.

    None where the year has no budget. The quarters of a year are counted together: what an earlier one left
    may be spent in a later one, unless a later one reserved or spent it already.
    """
    if not approved_of(day.year):
        return None
    left = [
        one.left(quarter)
        for quarter in range((day.month + 2) // 3, len(QUARTERS) + 1)
        for one in figures_of(day.year, Period.parse(f"{day.year}Q{quarter}").last)
        if one.account.id == account.id
    ]
    return min(left, default=_NOTHING)


def note_entry(
    kind: EntryKind, account: BudgetAccount, day: date, amount: Decimal, source: str | None,
    words: str | None = None,
) -> BudgetEntry:  # fmt: skip
    """Reserve, release or spend; for the deeds of other modules, within their transaction.

    Args:
        kind: which of the three.
        account: of what.
        day: to whose quarter it belongs; what is released bears the day on which it was reserved.
        amount: in 元.
        source: number of the document that says so.
        words: what it is.
    """
    return BudgetEntry.add(
        account=account, day=day, kind=kind, amount=amount, source=source, words=words,
        made_at=now(), made_by=actor().name,
    )  # fmt: skip


@deed("office.book_budget", "登记执行", BUDGET)
def book_budget(
    account: Annotated[BudgetAccount, Asked(LinkField(BudgetAccount, verbose_name="科目"))],
    amount: Annotated[Decimal, Asked(MoneyField(signed=True, verbose_name="金额"))],
    words: Annotated[str, Asked(LineField(max_length=80, verbose_name="摘要"))],
    day: Annotated[date | None, Asked(DayField(null=True, verbose_name="日期"), "不填为今天")] = None,
) -> BudgetEntry:
    """Note what came in or was spent outside the settlements of this program; less than nothing corrects.

    Raises:
        RuleBroken: it is nothing.
        BadInput: the day lies ahead.
    """
    if not amount:
        raise RuleBroken("金额是零，不用登记。请填金额；冲减的填负数。")
    return note_entry(EntryKind.SPENT, account, past_day(day, "日期", "day"), amount, None, words)
