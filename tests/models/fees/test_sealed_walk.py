"""Whatever is charged, paid, taken back, counted, sealed and opened again: a sealed month stays as it was."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop import modules
from models.checks import run_invariants
from models.fees.closings import close_day, open_days
from models.fees.editions import figures_of, latest
from models.fees.rates import rates_of
from models.fees.sealing import reopen_month, seal_month
from models.fees.seals import HOLDS, Seal, sealed_through
from models.fees.shifts import cash_of, close_shift, own_shift
from models.months import Month
from tests.estate import Estate
from tests.models.fees.world import DOING, World, rolled_back

modules.load()

SEALED = [*DOING, "seal", "seal", "seal", "reopen", "count"]
STEPS = st.lists(
    st.tuples(st.sampled_from(SEALED), st.integers(0, 20), st.integers(0, 9), st.integers(1, 90_000)),
    min_size=4,
    max_size=16,
)


class SealedWorld(World):
    """The small office, whose months are sealed and drawers counted."""

    def seal(self, which: int, _: Decimal) -> None:
        """Close what is open of the month before and seal it."""
        month = Month.of(self.day).plus(-1)
        last = sealed_through()
        month = month if last is None else min(month, last.plus(1))
        for day in open_days(month.last):
            close_day(day)
        seal_month(month)

    def reopen(self, which: int, _: Decimal) -> None:
        """Open the last sealed month again."""
        for seal in Seal.select().where(HOLDS).order_by(Seal.month.desc()).limit(1):
            reopen_month(seal, "漏记一笔")

    def count(self, which: int, amount: Decimal) -> None:
        """Count the drawer, now and then with too little in it."""
        shift = own_shift()
        if shift is not None:
            due = max(cash_of(shift), Decimal(0))
            counted = due if which % 3 else max(due - amount, Decimal(0))
            close_shift(shift, counted, note="点数不符")


@pytest.fixture
def world(estate: Estate) -> World:
    return World.made(estate)


def check_sealed(day: date) -> None:
    """A sealed month counted anew is what was kept, and the next begins with what it closed with."""
    for seal in Seal.select().where(HOLDS):
        month = seal.month
        kept = latest("FE-07", month)
        assert kept is not None and kept.figures == figures_of("FE-07", month)[0]
        after = month.plus(1)
        if after.first <= day:
            whole, next_one = rates_of(month), rates_of(after, max(min(day, after.last), after.first))
            for mine, other in (
                (whole.total, next_one.total), (whole.collected_for_others, next_one.collected_for_others),
            ):  # fmt: skip
                assert mine.closing == other.opening


def check_rates(month: Month, day: date) -> None:
    """Rates stay within what they are defined as (forms.md B5)."""
    table = rates_of(month, max(min(day, month.last), month.first))
    for group in (table.total, *(figures for _, figures in table.groups)):
        assert 0 <= group.received <= group.net and group.open_units <= group.due_units
        told = group.rates()
        assert all(told[name] is None or 0 <= told[name] <= 100 for name in ("current", "units", "year"))
        assert (told["current"] is None) == (group.net == 0)


@pytest.mark.slow
@pytest.mark.timeout(900)
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_sealed_months_stay_as_they_were(world: World, steps: list[tuple[str, int, int, int]]) -> None:
    with rolled_back():
        office = SealedWorld(world.units, world.day + timedelta(days=40))
        for _ in office.play([("bill", 0, 1, 1), ("seal", 0, 0, 1), *steps]):
            check_sealed(office.day)
        check_rates(Month.of(office.day), office.day)
        assert run_invariants() == []
