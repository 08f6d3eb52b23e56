"""What is open is named before somebody gives a house up; the office may go on knowingly."""

from datetime import date
from decimal import Decimal

import pytest

from models.audit import AuditEntry
from models.errors import RuleBroken
from models.fees import leaving  # noqa: F401 - registered by being imported
from models.fees.billing import bill
from models.fees.cashier import receive
from models.fees.depositing import take_deposit
from models.months import Month
from models.owners.estate import Unit
from models.owners.people import Occupancy, OccupancyKind, Ownership, Person
from models.owners.tenure import add_occupancy, transfer
from tests.estate import Estate, writing

JUNE = Month(2020, 6)
DAY = date(2020, 6, 20)


@pytest.fixture
def house(estate: Estate) -> Unit:
    unit = estate.house("101")
    estate.give(unit, estate.item(since=JUNE.first), JUNE.first)
    return unit


def buyer(estate: Estate) -> Person:
    with writing():
        return estate.person("李明")


def test_a_house_without_anything_open_passes_at_once(estate: Estate, house: Unit) -> None:
    assert transfer(house, buyer(estate), DAY).person.name == "李明"


def test_debts_balances_and_deposits_are_named(estate: Estate, house: Unit) -> None:
    bill(JUNE)
    owner = Ownership.get(Ownership.unit == house).person
    take_deposit(house, Decimal("500.00"), payer=owner, agreed="装修协议 5")
    with pytest.raises(RuleBroken, match=r"王桂芳还有未清：欠费 100.00 元；装修押金 500.00 元"):
        transfer(house, buyer(estate), DAY)
    assert Ownership.select().count() == 1
    receive(house, Decimal("130.00"), on=DAY)
    with pytest.raises(RuleBroken, match=r"未清：预存 30.00 元；装修押金"):
        Ownership.get().end(DAY)


def test_the_office_may_go_on_and_the_audit_trail_says_so(estate: Estate, house: Unit) -> None:
    bill(JUNE)
    transfer(house, buyer(estate), DAY, despite=True)
    entry = AuditEntry.select().where(AuditEntry.deed == "owners.transfer").get()
    assert "欠费 100.00 元" in str(entry.facts)


def test_months_after_the_transfer_hinder_nobody(estate: Estate, house: Unit) -> None:
    bill(JUNE.plus(1))
    assert transfer(house, buyer(estate), DAY).since == DAY


def test_a_tenant_who_owes_does_not_leave_unseen(estate: Estate, house: Unit) -> None:
    tenant = buyer(estate)
    add_occupancy(house, tenant, OccupancyKind.TENANT, pays=True, since=JUNE.first)
    bill(JUNE)
    with pytest.raises(RuleBroken, match=r"李明还有未清：欠费 100.00 元"):
        Occupancy.get().end(DAY)
    assert Occupancy.get().end(DAY, despite=True).until == DAY
