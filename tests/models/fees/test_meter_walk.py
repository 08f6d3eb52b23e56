"""Whatever is read, billed, corrected and undone: no usage is lost, and none is charged twice."""

import contextlib
from decimal import Decimal

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from models import batches
from models.batches import Batch, State
from models.errors import RuleBroken
from models.fees import billing
from models.fees.bills import Bill
from models.fees.invariants import runs_add_up
from models.fees.items import FeeItem
from models.fees.metering import Metered
from models.fees.meters import Meter
from models.fees.readings import Reading, live_readings
from models.fees.taking import enter_reading, estimate_readings, replace_meter, withdraw_reading
from models.fees.usage import ReadingKind
from models.owners.estate import Unit
from tests.estate import Estate
from tests.models.fees.metering import START, meter, owed_usage, water
from tests.models.fees.world import rolled_back

D = Decimal

DOING = [
    "read",
    "read",
    "read",
    "bill",
    "bill",
    "estimate",
    "replace",
    "insert",
    "correct",
    "undo",
    "skip",
    "withdraw",
]
STEPS = st.lists(st.tuples(st.sampled_from(DOING), st.integers(0, 4000), st.integers(0, 9)), max_size=14)


class Walk:
    """One house and its meter; months go on, and the meter's true count is kept beside the office's."""

    def __init__(self, house: Unit, item: FeeItem) -> None:
        self.month, self.shown = START, 99_000
        self.meter = meter(house, item, digits=5)
        enter_reading(self.meter, D(self.shown), self.month)

    def play(self, doing: str, much: int, which: int) -> None:
        """Take a step; what a rule refuses is done with nothing written."""
        with contextlib.suppress(RuleBroken):
            getattr(self, doing)(much, which)

    def newest(self) -> Reading:
        """Return the newest real reading of the meter that hangs there."""
        real = [one for one in live_readings(self.meter) if one.kind is not ReadingKind.ESTIMATED]
        if not real:
            raise RuleBroken("还没有抄过。")
        return real[-1]

    def read(self, much: int, _: int) -> None:
        """Read the month that follows, over the end of the counter where it comes to that."""
        self.month = self.month.plus(1)
        shown = int(self.newest().value) + much
        enter_reading(self.meter, D(shown % 100_000), self.month, rolled=shown >= 100_000)

    def bill(self, _: int, which: int) -> None:
        """Run this month or the one before."""
        billing.bill(self.month.plus(-(which % 2)))

    def estimate(self, _: int, __: int) -> None:
        """Estimate the month that follows."""
        self.month = self.month.plus(1)
        estimate_readings(self.month)

    def skip(self, _: int, __: int) -> None:
        """Let a month pass unread."""
        self.month = self.month.plus(1)

    def insert(self, much: int, which: int) -> None:
        """Put a month in that was missed."""
        before = self.month.plus(-1 - which % 3)
        known = [one for one in live_readings(self.meter) if one.month < before]
        if known:
            enter_reading(self.meter, known[-1].value + D(much % 50), before)

    def replace(self, much: int, _: int) -> None:
        """Hang another meter there."""
        self.month = self.month.plus(1)
        value = int(self.newest().value) + much % 100
        day = self.month.day(15)
        self.meter = replace_meter(self.meter, D(value), f"{self.meter.number}+", D(much % 7), day)

    def correct(self, much: int, which: int) -> None:
        """Put one of the last readings right."""
        held = list(Reading.select().where(Reading.live == True).order_by(Reading.month.desc()).limit(4))
        for one in held[which % 4 : which % 4 + 1]:
            one.correct(one.value + D(much % 21 - 10), "看错", one.rolled)

    def undo(self, _: int, which: int) -> None:
        """Undo one of the runs."""
        runs = list(Batch.select().where((Batch.kind == billing.BILLING) & (Batch.state == State.LIVE)))
        if runs:
            batches.undo(runs[which % len(runs)])

    def withdraw(self, _: int, which: int) -> None:
        """Take one of the last readings back."""
        held = list(Reading.select().where(Reading.live == True).order_by(Reading.month.desc()).limit(2))
        if held:
            withdraw_reading(held[which % len(held)])


def counted(of: Meter) -> Decimal:
    """Return by how much a meter and those before it grew, with what is estimated since the last reading."""
    readings = live_readings(of)
    real = [one for one in readings if one.kind is not ReadingKind.ESTIMATED]
    total = counted(of.replaces) if of.replaces else D(0)
    if not real:
        return total
    total += real[-1].value - real[0].value + 100_000 * sum(one.rolled for one in real)
    return total + sum((one.usage for one in readings[readings.index(real[-1]) + 1 :]), start=D(0))


@settings(
    max_examples=120,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(STEPS)
def test_what_is_billed_and_what_is_carried_is_what_the_meter_grew(
    estate: Estate, steps: list[tuple[str, int, int]]
) -> None:
    with rolled_back():
        walk = Walk(estate.house("101"), water(estate, "1.0000"))
        for step in steps:
            walk.play(*step)
        live = Bill.select().where(Bill.live == True)
        billed = sum((line.quantity for line in live), start=D(0))
        origin = walk.meter.origin or walk.meter
        assert billed + owed_usage(walk.meter) == counted(Meter.get_by_id(walk.meter.id))
        months = [row.month for line in live for row in Metered.select().where(Metered.bill == line)]
        assert len(months) == len(set(months)) and all(line.quantity >= 0 for line in live)
        assert {row.meter_id for row in Metered.select()} <= {origin.id}
        assert all(line.amount == line.quantity for line in live)
        assert list(runs_add_up()) == []
