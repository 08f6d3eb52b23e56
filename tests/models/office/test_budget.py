"""Budgets: what is typed, approved and adjusted; what reserving and spending leave of an account."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import peewee
import pytest

from models import deeds
from models.base import db
from models.checks import run_invariants
from models.clock import standing_at
from models.errors import BadInput, NeedsApproval, RuleBroken
from models.listings import LISTS, Filters
from models.months import Period
from models.office.applying import request
from models.office.approvals import Approval
from models.office.budget import (
    Budget,
    BudgetAccount,
    BudgetEntry,
    BudgetLine,
    BudgetState,
    EntryKind,
    approved_of,
    book_budget,
    enter_budget,
    figures_of,
    note_entry,
    remainder,
)
from models.office.budget_lists import budgeting
from models.rows import RowRefused
from tests.estate import Estate, writing
from tests.office_people import worker

YEAR = date.today().year
NONE = Decimal("0.00")


def account(name: str = "食堂食材") -> BudgetAccount:
    return BudgetAccount.find(name)


def row(*amounts: object, name: str = "食堂食材", quarter: int | None = None) -> dict[str, Any]:
    quarters = dict(zip(("first", "second", "third", "fourth"), map(Decimal, map(str, amounts)), strict=True))
    return {"year": YEAR, "quarter": quarter, "account": account(name), "note": None, **quarters}


def enter(*rows: dict[str, Any], **more: Any) -> Budget:
    """Type rows, on a day on which the third quarter is not over."""
    today = datetime.now()
    with standing_at(min(today, datetime(YEAR, 8, 1, 9))):
        return enter_budget(list(rows), **more).budget


@pytest.fixture
def approved(estate: Estate) -> Budget:
    """A year of which 1,000.00 a quarter may be spent on food."""
    budget = enter(row(1000, 1000, 1000, 1000), row(50, 50, 50, 50, name="办公用品"))
    with deeds.acting(deeds.TheOffice()):
        return budget.approve()


def test_a_year_is_typed_approved_along_its_chain_and_never_changed(estate: Estate) -> None:
    people = [
        worker(name, role)
        for name, role in (("甲", "管理处主任"), ("乙", "会计"), ("丙", "常务副总经理"), ("丁", "总经理"))
    ]
    with deeds.acting(people[0]):
        budget = enter(row(1000, 1100, 1200, 1300))
        with pytest.raises(NeedsApproval):
            budget.approve()
        applied = request("office.approve_budget", {}, key=budget.number)
    assert applied.amount == Decimal("4600.00")
    for person in people[1:]:
        with deeds.acting(person):
            Approval.find(applied.number).approve()
    budget = Budget.find(budget.number)
    assert (budget.state, budget.approval) == (BudgetState.APPROVED, applied.number)
    with pytest.raises(RuleBroken, match="已经批准，不能再改"):
        enter(row(1, 1, 1, 1))
    line = BudgetLine.get()
    for change in (lambda: line.change(first=Decimal(9)), line.remove):
        with writing(), pytest.raises((peewee.IntegrityError, RuleBroken)):
            change()


def test_what_is_typed_twice_takes_the_place_of_the_first(estate: Estate) -> None:
    enter(row(1, 2, 3, 4))
    budget = enter(row(5, 6, 7, 8))
    assert [one.quarters for one in budget.lines] == [tuple(map(Decimal, ("5.00", "6.00", "7.00", "8.00")))]


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([(1, 1, 1, -1)], "四季不能小于零"),
        ([(1, 1, 1, 1), (2, 2, 2, 2)], "重复"),
    ],
)
def test_rows_that_cannot_be_are_refused_whole(
    estate: Estate, rows: list[tuple[int, ...]], sentence: str
) -> None:
    with pytest.raises(RowRefused, match=sentence):
        enter(*(row(*amounts) for amounts in rows))
    assert not Budget.select().exists()


def test_an_empty_budget_is_not_approved(estate: Estate) -> None:
    budget = enter(row(0, 0, 0, 0))
    with deeds.acting(deeds.TheOffice()), pytest.raises(RuleBroken, match="每一行都是零"):
        budget.approve()


def test_an_adjustment_changes_this_quarter_and_later_ones_with_a_reason(approved: Budget) -> None:
    with pytest.raises(RuleBroken, match="请填调整原因"):
        enter(row(0, 0, 100, 0, quarter=3))
    with pytest.raises(RowRefused, match="只能改本季度和以后的季度"):
        enter(row(0, 100, 0, 0, quarter=3), reason="菜价上涨")
    budget = enter(row(0, 0, 200, -50, quarter=3), reason="菜价上涨")
    assert figures_of(YEAR, date(YEAR, 12, 31))[8].budget == Decimal(4000)
    with deeds.acting(deeds.TheOffice()):
        budget.approve()
    known = next(one for one in figures_of(YEAR, date(YEAR, 12, 31)) if one.account.name == "食堂食材")
    assert known.budget == Decimal(4150) and known.adjusted == tuple(map(Decimal, (0, 0, 200, -50)))
    assert [one.number for one in approved_of(YEAR)] == [f"YSB-{YEAR}", f"YSB-{YEAR}-Q3"]


def test_no_quarter_that_is_over_is_adjusted_and_none_below_nothing(approved: Budget) -> None:
    last_year = row(0, 0, 0, 1, quarter=4) | {"year": YEAR - 1}
    with pytest.raises(RuleBroken, match="第 4 季度已经过完"):
        enter(last_year, reason="补")
    with pytest.raises(RowRefused, match=r"四季现在是 1,000\.00 元，调减不能超过它"):
        enter(row(0, 0, 0, -1001, quarter=4), reason="减")
    assert not Budget.select().where(Budget.quarter.is_null(False)).count()


def test_an_adjustment_wants_a_budget_to_adjust(estate: Estate) -> None:
    with pytest.raises(RuleBroken, match="还没有批准，不用做季度调整"):
        enter(row(0, 0, 1, 0, quarter=3), reason="急")


def test_what_is_left_counts_quarters_together(approved: Budget) -> None:
    food, spring, summer = account(), date(YEAR, 2, 10), date(YEAR, 5, 10)
    with writing():
        note_entry(EntryKind.RESERVED, food, spring, Decimal(700), "CGJ-1")
        assert remainder(food, spring) == Decimal(300)
        note_entry(EntryKind.RELEASED, food, spring, Decimal(700), "CGJ-1")
        note_entry(EntryKind.SPENT, food, summer, Decimal(650), "JS-1")
    assert remainder(food, spring) == Decimal(1000)
    assert remainder(food, summer) == Decimal(1350)
    assert remainder(food, date(YEAR - 1, 5, 1)) is None
    assert remainder(account("劳保用品"), summer) == NONE
    assert not run_invariants()


def test_more_released_than_reserved_is_found(approved: Budget) -> None:
    with writing():
        note_entry(EntryKind.RELEASED, account(), date(YEAR, 1, 1), Decimal(1), "CGJ-9")
    assert any("CGJ-9" in one.sentence for one in run_invariants())


def test_an_entry_is_never_changed(approved: Budget) -> None:
    with deeds.acting(deeds.TheOffice()):
        entry = book_budget(account(), Decimal("12.30"), "零星采购")
    for sql in ("UPDATE budget_entry SET amount = 1", "DELETE FROM budget_entry"):
        with pytest.raises(peewee.IntegrityError):
            db.execute_sql(sql)
    assert BudgetEntry.get_by_id(entry.id).amount == Decimal("12.30")


def test_booking_refuses_nothing_and_days_ahead(approved: Budget) -> None:
    with pytest.raises(RuleBroken, match="金额是零"):
        book_budget(account(), NONE, "空")
    with pytest.raises(BadInput, match="还没有到"):
        book_budget(account(), Decimal(1), "明年", day=date(YEAR + 1, 1, 1))


def test_lists_tell_budget_reserved_spent_and_left(approved: Budget) -> None:
    with deeds.acting(deeds.TheOffice()):
        book_budget(account(), Decimal(1500), "一季食材", day=date(YEAR, 1, 1))
    made = LISTS["budget_accounts"](Filters(period=Period.parse(f"{YEAR}Q1")))
    told = next(made.plain(one) for one in made.rows() if made.plain(one)["name"] == "食堂食材")
    assert (told["budget"], told["quarters"], told["spent"], told["left"]) == (
        "4000.00", "1000.00", "1500.00", "-500.00",
    )  # fmt: skip
    made = LISTS["budgets"](Filters(period=Period.parse(str(YEAR))))
    assert [made.plain(one)["expense"] for one in made.rows()] == ["4200.00"]


def test_the_sheet_says_why_nothing_can_be_typed(approved: Budget) -> None:
    sheet = budgeting.sheet(Filters(period=Period.parse(str(YEAR))))
    assert not sheet.lines and "季度调整" in sheet.warns
    sheet = budgeting.sheet(Filters(period=Period.parse(f"{YEAR}Q4")))
    assert len(sheet.lines) == BudgetAccount.select().count() and not sheet.warns
    sheet = budgeting.sheet(Filters(period=Period.parse(f"{YEAR + 1}Q1")))
    assert "还没有批准" in sheet.warns


def test_what_a_later_quarter_reserved_is_not_left_to_an_earlier_one(estate: Estate) -> None:
    with deeds.acting(deeds.TheOffice()):
        enter(row(1000, 0, 0, 0)).approve()
    with writing():
        note_entry(EntryKind.RESERVED, account(), date(YEAR, 4, 10), Decimal(1000), "CGJ-1")
    assert remainder(account(), date(YEAR, 1, 10)) == 0
