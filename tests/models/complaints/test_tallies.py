"""Each count and rate, against a plain recount of cases that chance brought to any state."""

import random
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from models.clock import standing_at
from models.complaints.cases import CaseState, Mark, ServiceCase
from models.complaints.kinds import Sort
from models.complaints.tallies import Tally, tally
from models.errors import OfficeError
from models.months import Period
from tests.models.complaints.desk_world import MONDAY, PATHS, ServiceDesk

S = CaseState
CODES = {Sort.COMPLAINT: ("T16", "T02", "T07", "T15"), Sort.REPAIR: ("B01", "B03", "B05", "B10")}
WHOLE = Period.parse("2026")


def chance_office(desk: ServiceDesk, seed: int) -> None:
    """Bring two dozen cases of each sort to states that chance chooses, at its own pace."""
    chance = random.Random(seed)
    for sort, codes in CODES.items():
        for number in range(24):
            desk.at = MONDAY + timedelta(days=number, minutes=chance.randrange(300))
            case = desk.complain(chance.choice(codes), at=desk.at)
            state = chance.choice(list(PATHS[sort.name]))
            for deed in PATHS[sort.name][state]:
                with desk.later(hours=chance.choice((1, 8, 30, 80))):
                    try:
                        if deed == "visit":
                            desk.visit(case, chance.choice(list(Mark)))
                        else:
                            getattr(desk, deed)(case)
                    except (OfficeError, AssertionError):
                        break


def recount(sort: Sort, at: datetime) -> Tally:
    """Count by hand what the tally counts in one statement."""
    cases = [one for one in ServiceCase.select() if one.sort is sort]
    apart = {S.WITHDRAWN: "withdrawn", S.UNFOUNDED: "unfounded"}
    found = dict.fromkeys(Tally.__dataclass_fields__, 0)
    found["received"] = len(cases)
    for case in cases:
        if case.state in apart:
            found[apart[case.state]] += 1
            continue
        done = case.finished_at is not None and case.finished_at <= at
        visited = done and case.visited_at is not None and case.visited_at <= at
        lost = done and case.visit_due and not case.visited_at and case.state in (S.VISITED, S.CLOSED)
        wanted = done and case.visit_due is not None and case.visit_due <= at.date()
        arrived = case.first_at is not None and case.first_at <= at
        waits = case.state in (S.WAITING, S.QUOTED)
        found["due"] += done or (case.due_at <= at and not waits)
        found["done"] += done
        found["on_time"] += bool(done and case.finished_at <= case.due_at)
        found["to_visit"] += bool(wanted or visited or lost)
        found["visited"] += visited
        said = [one.mark for task in case.visits for one in task.visits if one.mark and one.at <= at]
        if case.mark and case.accepted_at and case.accepted_at <= at:
            said.append(case.mark)
        found["marked"] += bool(said)
        found["pleased"] += bool(said) and not any(mark.bad for mark in said)
        found["unreached"] += bool(lost)
        found["again"] += bool(done and case.again_of_id)
        found["arrived"] += arrived
        found["arrived_on_time"] += bool(arrived and case.first_at <= case.first_due)
        found["reopened"] += case.reopened > 0
    return Tally(**{name: int(count) for name, count in found.items()})


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_count_is_that_of_a_plain_recount(desk: ServiceDesk, seed: int) -> None:
    chance_office(desk, seed)
    for days in (3, 12, 40, 90):
        at = MONDAY + timedelta(days=days)
        for sort in Sort:
            assert tally(sort, WHOLE, at, marks=True) == recount(sort, at)
    assert tally(Sort.COMPLAINT, WHOLE, at).received == 24


def test_the_rates_are_what_their_formulas_say() -> None:
    found = Tally(
        received=12, withdrawn=1, unfounded=1, due=8, done=6, on_time=5, to_visit=5, visited=4, unreached=1,
        again=1, arrived=7, arrived_on_time=6,
    )  # fmt: skip
    assert found.counted == 10
    assert (found.handling, found.timely) == (Decimal("0.75"), Decimal(5) / 6)
    assert (found.visiting, found.repeated, found.prompt) == (Decimal("0.8"), Decimal(1) / 6, Decimal(6) / 7)
    assert (Tally().handling, Tally().visiting) == (None, None)


def test_what_happened_after_the_moment_does_not_count_yet(desk: ServiceDesk) -> None:
    desk.bring(desk.complain(), S.CLOSED)
    before = tally(Sort.COMPLAINT, WHOLE, MONDAY + timedelta(hours=1))
    assert (before.received, before.done, before.due) == (1, 0, 0)
    with standing_at(desk.at):
        after = tally(Sort.COMPLAINT, WHOLE, desk.at)
    assert (after.done, after.on_time, after.visited) == (1, 1, 1)
