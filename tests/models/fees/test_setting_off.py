"""Balances are set off by themselves: each on its own lines, earliest due first, and taken back as one."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings

from models import batches
from models.base import db
from models.batches import Batch
from models.checks import run_invariants
from models.errors import RuleBroken
from models.fees import invariants  # noqa: F401 - registered by being imported
from models.fees.adjusting import reduce, reverse_bills
from models.fees.billing import bill, set_off_told, undo_billing
from models.fees.bills import Bill
from models.fees.cashier import receive, reverse_set_off, set_off
from models.fees.closings import close_day
from models.fees.items import FeeItem
from models.fees.payments import BalanceEntry, SetOff
from models.fees.setting_off import set_off_all, try_set_off_all
from models.fees.settle import balance
from models.months import Month
from models.office.profile import edit_profile
from models.owners.estate import Unit
from models.owners.tenure import transfer
from tests.estate import Estate, count_drawers, stop_chains
from tests.models.fees.test_scenario import check_lines, check_money, check_receipts
from tests.models.fees.world import STEPS, Step, World, rolled_back

TODAY = date.today()
THIS = Month.of(TODAY)


@pytest.fixture
def house(estate: Estate) -> Unit:
    """A house that is charged 100.00 a month and has paid 250.00 ahead."""
    unit = estate.house("101")
    estate.give(unit, estate.item(since=date(2020, 1, 1)))
    receive(unit, Decimal("250.00"))
    return unit


def owed(unit: Unit) -> list[tuple[str, Decimal]]:
    """Return month and what is open of each live line, oldest first."""
    lines = Bill.select().where((Bill.unit == unit) & (Bill.live == True)).order_by(Bill.month)
    return [(str(line.month), line.owed) for line in lines]


def test_nothing_is_set_off_unless_the_office_wants_it(house: Unit) -> None:
    batch = bill(THIS)
    assert batch is not None and set_off_told(batch) == ""
    assert owed(house) == [(str(THIS), 100)]


def test_a_run_sets_balances_off_earliest_due_first(house: Unit) -> None:
    bill(THIS.plus(-1))
    edit_profile(auto_set_off=True)
    batch = bill(THIS)
    assert batch is not None
    assert set_off_told(batch) == "自动抵扣预存 1 户 200.00 元。"
    assert owed(house) == [(str(THIS.plus(-1)), 0), (str(THIS), 0)]
    made = SetOff.get()
    assert (made.number, made.batch, made.amount) == (f"DK-{THIS.number}-0001", batch, 200)
    assert balance(house, made.payer) == 50
    bill(THIS.plus(1))
    assert owed(house)[-1] == (str(THIS.plus(1)), 50)
    assert run_invariants() == []


def test_undoing_a_run_takes_back_what_it_set_off(house: Unit) -> None:
    bill(THIS.plus(-1))
    edit_profile(auto_set_off=True)
    batch = bill(THIS)
    batches.undo(Batch.get_by_id(batch.id))
    assert owed(house) == [(str(THIS.plus(-1)), 100)]
    assert balance(house, SetOff.get().payer) == 250
    assert SetOff.get().reversals.get().reason == "撤销出账"
    assert run_invariants() == []
    bill(THIS)
    assert owed(house) == [(str(THIS.plus(-1)), 0), (str(THIS), 0)]
    assert run_invariants() == []


def test_a_run_is_not_undone_where_money_came_otherwise_or_the_day_is_closed(house: Unit) -> None:
    edit_profile(auto_set_off=True)
    receive(house, Decimal("10.00"))
    batch = bill(THIS)
    assert batch is not None
    reverse_set_off(SetOff.get(), "选错了账单")
    set_off(house)
    with pytest.raises(RuleBroken, match="撤销抵扣单 DK"):
        undo_billing(batch)
    reverse_set_off(SetOff.get(SetOff.batch.is_null()), "选错了账单")
    undo_billing(Batch.get_by_id(batch.id))
    again = bill(THIS)
    count_drawers()
    close_day(TODAY)
    with pytest.raises(RuleBroken, match=r"已日结，批次 .* 抵扣的预存（DK-.* 等 1 份）不能撤销"):
        undo_billing(again)
    assert run_invariants() == []


def test_after_the_closing_nothing_is_set_off_and_it_is_said(house: Unit) -> None:
    edit_profile(auto_set_off=True)
    count_drawers()
    close_day(TODAY)
    batch = bill(THIS)
    assert batch is not None
    assert "已日结，没有自动抵扣预存" in set_off_told(batch)
    assert owed(house) == [(str(THIS), 100)]
    with pytest.raises(RuleBroken, match="已日结，不能再抵扣"):
        set_off_all()


def test_a_balance_settles_only_what_its_payer_owes(house: Unit, estate: Estate) -> None:
    """The seller's money does not pay what the buyer is charged."""
    edit_profile(auto_set_off=True)
    transfer(house, estate_person(estate, "钱买方"), THIS.first, despite=True)
    bill(THIS)
    assert owed(house) == [(str(THIS), 100)]
    assert SetOff.select().count() == 0


def estate_person(estate: Estate, name: str) -> object:
    from tests.estate import writing

    with writing():
        return estate.person(name)


def test_all_balances_are_set_off_and_undone_by_a_deed(house: Unit, estate: Estate) -> None:
    other = estate.house("102", owner="李明")
    estate.give(other, FeeItem.get())
    receive(other, Decimal("30.00"))
    bill(THIS)
    assert try_set_off_all().summary() == "将抵扣 2 户 130.00 元，2 笔账单。没有写入。"
    batch = set_off_all([estate.building])
    assert (batch.count, batch.amount) == (2, 130)
    assert (owed(house), owed(other)) == ([(str(THIS), 0)], [(str(THIS), 70)])
    with pytest.raises(RuleBroken, match="没有可抵扣的"):
        set_off_all()
    batches.undo(batch)
    assert (owed(house), owed(other)) == ([(str(THIS), 100)], [(str(THIS), 100)])
    assert run_invariants() == []


def test_what_a_correction_gave_back_is_not_given_back_twice(house: Unit) -> None:
    stop_chains()
    bill(THIS)
    batch = set_off_all()
    line = Bill.get()
    with rolled_back():
        reduce([line], "停水", "合同", amount=Decimal("30.00"))
        with pytest.raises(RuleBroken, match="不能再整批撤回"):
            batches.undo(Batch.get_by_id(batch.id))
        assert run_invariants() == []
    reverse_bills([line], "录错", "标准")
    batches.undo(Batch.get_by_id(batch.id))
    line = Bill.get_by_id(line.id)
    assert (balance(house, line.payer), line.owed) == (Decimal("250.00"), Decimal("0.00"))
    assert run_invariants() == []


def test_a_run_leaves_alone_what_it_set_off_on_reversed_lines(house: Unit) -> None:
    stop_chains()
    edit_profile(auto_set_off=True)
    made = bill(THIS)
    line = Bill.get()
    with rolled_back():
        count_drawers()
        close_day(TODAY)
        with pytest.raises(RuleBroken, match="已日结"):
            undo_billing(made)
    reverse_bills([line], "录错", "标准")
    count_drawers()
    close_day(TODAY)
    undo_billing(made)
    assert balance(house, line.payer) == Decimal("250.00")
    assert run_invariants() == []
    batch = bill(THIS)
    assert batch is not None and batch.amount == Decimal("100.00")


def test_the_number_of_statements_does_not_grow_with_the_houses(house: Unit, estate: Estate) -> None:
    edit_profile(auto_set_off=True)
    counts: list[int] = []
    said: list[str] = []
    for room in (300, 400):
        for number in range(room, room + 20):
            unit = estate.house(str(number))
            estate.give(unit, FeeItem.get())
            receive(unit, Decimal("100.00"))
        said.clear()
        db.connection().set_trace_callback(said.append)
        batch = bill(THIS if room == 300 else THIS.plus(1))
        batches.undo(Batch.get_by_id(batch.id))
        db.connection().set_trace_callback(None)
        counts.append(sum(not sql.startswith(("INSERT", "UPDATE bill SET paid")) for sql in said))
    assert counts[0] == counts[1]
    assert SetOff.select().count() == 21 + 41


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_the_books_hold_whatever_is_done_while_runs_set_off(estate_world: World, steps: list[Step]) -> None:
    with rolled_back():
        edit_profile(auto_set_off=True)
        for _ in World(estate_world.units).play([("receive", 0, 1, 60_000), ("bill", 0, 1, 1), *steps]):
            check_lines()
            check_receipts()
            check_money()
        assert run_invariants() == []
        assert BalanceEntry.select().exists()


@pytest.fixture
def estate_world(estate: Estate) -> World:
    return World.made(estate)
