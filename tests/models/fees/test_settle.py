"""What a sum of money settles is written at once, on record line by line, and never over somebody else's."""

from datetime import date
from decimal import Decimal

import pytest

from models.audit import AuditEntry
from models.checks import run_invariants
from models.errors import Stale
from models.fees import settle
from models.fees.billing import bill
from models.fees.bills import Bill
from models.fees.cashier import receive
from models.fees.payments import Allocation, Payment
from models.months import Month
from models.owners.estate import Unit
from tests.estate import Estate

DAY = date(2020, 3, 1)


@pytest.fixture
def unit(estate: Estate) -> Unit:
    """A house that owes 100.00 for January and for February."""
    house = estate.house("101")
    estate.give(house, estate.item(since=date(2020, 1, 1)))
    bill(Month(2020, 1))
    bill(Month(2020, 2))
    return house


def test_the_audit_trail_tells_what_each_line_was_paid(unit: Unit) -> None:
    receive(unit, Decimal("150.00"), on=DAY)
    entry = AuditEntry.select().order_by(AuditEntry.id.desc()).get()
    told = [
        (one["change"], one["id"], one["from"], one["to"])
        for one in entry.facts["changes"]
        if "change" in one
    ]
    first, second = Bill.select().order_by(Bill.month)
    assert told == [
        ("Bill", first.id, {"paid": 0}, {"paid": 10_000}),
        ("Bill", second.id, {"paid": 0}, {"paid": 5_000}),
    ]
    made = [one["to"] for one in entry.facts["changes"] if one.get("add") == "Allocation"]
    assert made == [allocation.as_stored() for allocation in Allocation.select().order_by(Allocation.id)]


def test_a_line_that_was_paid_meanwhile_is_not_paid_again(unit: Unit) -> None:
    chosen = Bill.get(Bill.month == Month(2020, 1))
    receive(unit, Decimal("40.00"), on=DAY)
    with pytest.raises(Stale, match="刚被别人改过"):
        receive(unit, Decimal("100.00"), on=DAY, bills=[chosen])
    assert (Payment.select().count(), Bill.get_by_id(chosen.id).paid) == (1, Decimal("40.00"))


def test_a_line_chosen_twice_is_settled_once(unit: Unit) -> None:
    line = Bill.get(Bill.month == Month(2020, 1))
    receive(unit, Decimal("200.00"), on=DAY, bills=[line, line, Bill.get_by_id(line.id)])
    assert Bill.get_by_id(line.id).paid == Decimal("100.00")
    assert settle.balance(unit, Payment.get().payer) == Decimal("100.00")
    assert run_invariants() == []
