"""Whatever is billed, taken, set off, void and undone, in whatever order: the books hold after each step."""

import os
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings

from models.base import db
from models.checks import run_invariants
from models.fees import invariants  # noqa: F401 - registered by being imported
from tests.estate import Estate
from tests.models.fees.world import STEPS, Step, World, rolled_back

NOTHING = Decimal(0)
EXAMPLES = int(os.environ.get("SCENARIOS", "500"))


@pytest.fixture
def world(estate: Estate) -> World:
    return World.made(estate)


def one(sql: str) -> int:
    """Return the one number that a query tells, 0 for none."""
    return db.execute_sql(sql).fetchone()[0] or 0


def all_of(sql: str) -> list[tuple[object, ...]]:
    return list(db.execute_sql(sql).fetchall())


def check_lines() -> None:
    """What is paid on a line is what live allocations say, between nothing and its amount."""
    settled = "SELECT COALESCE(SUM(amount), 0) FROM allocation WHERE bill_id = bill.id AND live"
    assert all_of(f"SELECT id FROM bill WHERE paid != ({settled})") == []
    beyond = (
        "amount >= 0 AND (paid < 0 OR paid > amount) OR amount < 0 AND paid != amount OR NOT live AND paid"
    )
    assert all_of(f"SELECT id FROM bill WHERE {beyond}") == []
    taken = "FROM bill AS by WHERE by.corrects_id = bill.id AND by.live AND by.amount < 0"
    left = f"amount + (SELECT COALESCE(SUM(amount), 0) {taken})"
    assert all_of(f"SELECT id FROM bill WHERE live AND amount > 0 AND {left} < 0") == []
    held = f"live AND amount > 0 AND {left} > 0"
    grouped = "GROUP BY month, unit_id, item_id, liable_id HAVING COUNT(*) > 1"
    twice = f"SELECT month FROM bill WHERE {held} {grouped}"
    assert all_of(twice) == []


def check_receipts() -> None:
    """Numbers run from 1 without a gap; six rows at the most; rows and parts add up."""
    numbers = [str(number) for (number,) in all_of("SELECT number FROM receipt ORDER BY id")]
    for year in {number[3:7] for number in numbers}:
        running = [int(number[8:]) for number in numbers if number[3:7] == year]
        assert sorted(running) == list(range(1, len(running) + 1))
    assert all_of("SELECT receipt_id FROM receipt_row GROUP BY 1 HAVING COUNT(*) > 6") == []
    rows = "SELECT SUM(amount) FROM receipt_row WHERE receipt_id = receipt.id"
    assert all_of(f"SELECT id FROM receipt WHERE amount != ({rows})") == []


def check_money() -> None:
    """All that came in and was not void is settled on lines or still held as a balance."""
    assert all_of("SELECT unit_id, payer_id FROM balance_entry GROUP BY 1, 2 HAVING SUM(amount) < 0") == []
    taken = one("SELECT SUM(amount - voided) FROM payment")
    receipts = one("SELECT SUM(amount) FROM receipt WHERE state != 'VOID'")
    settled = one("SELECT SUM(amount) FROM allocation WHERE live")
    held = one("SELECT SUM(amount) FROM balance_entry")
    refunded = -one("SELECT SUM(amount) FROM balance_entry WHERE kind = 'REFUNDED'")
    assert taken == receipts == settled + held + refunded


@pytest.mark.slow
@pytest.mark.timeout(900)
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_the_books_hold_after_every_step(world: World, steps: list[Step]) -> None:
    with rolled_back():
        for _ in World(world.units).play([("bill", 0, 1, 1), *steps]):
            check_lines()
            check_receipts()
            check_money()
        assert run_invariants() == []


def test_a_year_of_an_office_holds(world: World) -> None:
    """One long run through every kind of step, so that none of them is only ever refused."""
    steps: list[Step] = []
    for month in range(12):
        steps += [("bill", 3, 1, 1), ("receive", 5, month, 25_000), ("both", 4, month + 1, 61_000)]
        steps += [("receive_newest", 2, month, 9_999), ("void", 0, month, 1), ("receive", 6, month, 160_000)]
        steps += [("bill", 1, 2, 1), ("undo", 0, 0, 1), ("bill", 0, 2, 1), ("set_off", 0, month, 3_000)]
        steps += [("set_off", 0, month + 1, 3_000), ("catch_up", 6, 0, 1), ("close", 3, 0, 1)]
    playing = World(world.units)
    for _ in playing.play(steps):
        check_lines()
        check_money()
    check_receipts()
    assert set(playing.done) == {step[0] for step in steps}
    assert run_invariants() == []
