"""日结: a closed day, one opened again, and what either lets through."""

from datetime import date
from decimal import Decimal

import pytest

from desktop import modules
from models import deeds
from models.checks import run_invariants
from models.errors import PermissionDenied, RuleBroken
from models.fees import invariants  # noqa: F401 - registered by being imported
from models.fees.cashier import receive, void_receipt
from models.fees.closings import close_day, closings, open_days, reopen_day
from models.fees.daybook import day_book
from models.fees.payments import DayClosing, closing_of
from models.fees.sealing import seal_month
from models.fees.shifts import open_shift
from models.listings import Filters
from models.months import Month
from models.owners.estate import Unit
from tests.estate import Estate, count_drawers, writing
from tests.office_people import worker

modules.load()

DAY = date(2020, 7, 3)


@pytest.fixture
def house(estate: Estate) -> Unit:
    unit = estate.house("101")
    estate.give(unit, estate.item())
    return unit


def test_a_day_closed_by_mistake_is_opened_worked_on_and_closed_anew(house: Unit) -> None:
    (first,) = receive(house, Decimal("10.00"), on=DAY).receipts
    close_day(DAY)
    with pytest.raises(RuleBroken, match="已日结，不能再记当日的收付和更正。请记在今天，或请会计重开日结"):
        receive(house, Decimal("5.00"), on=DAY)
    reopen_day(DAY, "下班前又来一户")
    assert closing_of(DAY) is None and open_days(DAY) == [DAY]
    receive(house, Decimal("5.00"), on=DAY)
    void_receipt(first, "收错")
    assert close_day(DAY).amount == 5
    told = closings(Filters(on=DAY))
    rows = [told.plain(row) for row in told.rows()]
    assert {(row["amount"], row["reason"]) for row in rows} == {("5.00", None), ("10.00", "下班前又来一户")}
    assert [one.amount for one in day_book(DAY).reopened] == [10]
    assert run_invariants() == []


def test_a_day_is_opened_once_closed_and_before_its_month_is_sealed(house: Unit) -> None:
    receive(house, Decimal("10.00"), on=DAY)
    with pytest.raises(RuleBroken, match="2020-07-03 没有日结"):
        reopen_day(DAY, "误点")
    close_day(DAY)
    count_drawers()
    seal_month(Month(2020, 7))
    with pytest.raises(RuleBroken, match="2020-07 已封账"):
        reopen_day(DAY, "误点")
    assert closing_of(DAY) is not None


def test_today_opened_again_takes_a_drawer_again(house: Unit) -> None:
    receive(house, Decimal("10.00"))
    count_drawers()
    close_day(date.today())
    with pytest.raises(RuleBroken, match="今天已日结"):
        open_shift()
    reopen_day(date.today(), "误点")
    assert open_shift().closed_at is None


def test_a_cashier_opens_no_day(house: Unit) -> None:
    receive(house, Decimal("10.00"), on=DAY)
    close_day(DAY)
    with deeds.acting(worker("周收款", "收款员")), pytest.raises(PermissionDenied):
        reopen_day(DAY, "误点")


def test_a_closing_never_changes_and_is_opened_once(house: Unit) -> None:
    receive(house, Decimal("10.00"), on=DAY)
    close_day(DAY)
    with writing(), pytest.raises(Exception, match="day_closing: these columns are never changed"):
        DayClosing.get().change(amount=Decimal(1))
    reopen_day(DAY, "误点")
    with writing(), pytest.raises(Exception, match="what was filled in stays"):
        DayClosing.get().change(reason="另一个")
    with writing(), pytest.raises(Exception, match="rows are never deleted"):
        DayClosing.delete().execute()
