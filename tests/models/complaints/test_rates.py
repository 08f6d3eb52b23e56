"""The pages of rates: apart by kind, department, person and building; each opens the cases it counts."""

from collections import defaultdict
from datetime import datetime
from decimal import Decimal

import pytest

from desktop import modules
from models.complaints.cases import CaseState, Mark
from models.complaints.complaining import assign
from models.complaints.kinds import Sort
from models.complaints.rates import GOES_BY, MEASURES, NOBODY, lines_of, per_thousand, rates_by_month, until
from models.complaints.tallies import tally
from models.listings import LISTS, Filters
from models.months import Period
from tests.estate import writing
from tests.models.complaints.desk_world import ServiceDesk
from tests.models.complaints.test_tallies import chance_office

modules.load()
SPAN = Period.parse("2026-03")


@pytest.mark.parametrize("seed", [3, 11])
def test_what_stands_apart_adds_up_to_the_whole(desk: ServiceDesk, seed: int) -> None:
    chance_office(desk, seed)
    filters = Filters(period=SPAN)
    for name in ("rates_by_kind", "rates_by_department", "rates_by_handler", "rates_by_building"):
        listed = LISTS[name](filters)
        sums: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
        for row in listed.rows():
            told = listed.plain(row)
            for at, column in enumerate(("received", "apart", "due", "finished")):
                sums[told["sort"]][at] += int(told[column])
        for sort in Sort:
            whole = tally(sort, SPAN, until(SPAN))
            apart = whole.withdrawn + whole.unfounded
            assert sums[sort.value] == [whole.received, apart, whole.due, whole.done], name


@pytest.mark.parametrize("seed", [3, 11])
def test_every_rate_opens_the_cases_below_its_line(desk: ServiceDesk, seed: int) -> None:
    chance_office(desk, seed)
    filters = Filters(period=SPAN)
    listed, lines = LISTS["case_rates"](filters), LISTS["counted_cases"](filters)
    seen = 0
    for row in listed.rows():
        told = listed.plain(row)
        if told["name"] == "有效投诉率":
            continue
        opened = lines.meeting(*lines_of(Sort(told["sort"]), told["name"]))
        assert opened.count() == int(told["whole"]), told
        measure = next(one for one in MEASURES if one.name == told["name"])
        ticked = [lines.plain(one) for one in opened.rows()]
        assert sum(bool(one[measure.part]) for one in ticked) == int(told["part"]), told
        seen += 1
    assert seen == 5 + 7


def test_a_row_opens_its_own_kind_and_whoever_has_nobody(desk: ServiceDesk) -> None:
    desk.complain("T16")
    desk.report("B03")
    desk.report("B05")
    assign([desk.complain("T01")], desk.handler)
    filters = Filters(period=SPAN)
    lines = LISTS["counted_cases"](filters)
    for page, column in GOES_BY.items():
        listed = LISTS[page](filters)
        for row in map(listed.plain, listed.rows()):
            asked = lines_of(Sort(row["sort"]), "", (column, row["key"]))
            assert lines.meeting(*asked).count() == row["received"], (page, row)
    handlers = LISTS["rates_by_handler"](filters)
    assert {handlers.plain(row)["by"] for row in handlers.rows()} == {NOBODY, desk.handler.name}


def test_a_rate_without_a_denominator_is_a_dash(desk: ServiceDesk) -> None:
    listed = LISTS["case_rates"](Filters(period=SPAN))
    rows = [listed.plain(row) for row in listed.rows()]
    assert {row["rate"] for row in rows if row["name"] != "有效投诉率"} == {"—"}
    assert per_thousand(3, 0) is None and per_thousand(3, 600) == Decimal(5)


def test_the_charts_open_the_cases_of_their_months(desk: ServiceDesk) -> None:
    desk.complain("T16")
    drawn = list(rates_by_month(Filters(period=SPAN)))
    assert [one.title for one in drawn][:2] == ["各月投诉（件）", "投诉处理率、及时率（%）"]
    opens = drawn[0].opened_by(11)
    assert opens is not None and drawn[0].series[0].figures[-1] == 1
    lines = LISTS[opens.page](Filters(**opens.filters)).meeting(*opens.asked)
    assert lines.count() == 1
    assert until(Period.parse("2020")) == datetime(2020, 12, 31, 23, 59, 59)


def test_whoever_was_displeased_once_is_not_counted_as_pleased(desk: ServiceDesk) -> None:
    for mark in (Mark.GOOD, Mark.BAD):
        case = desk.complain("T16")
        desk.bring(case, CaseState.VISITING)
        with desk.later(hours=1):
            desk.visit(case, mark)
    found = tally(Sort.COMPLAINT, SPAN, until(SPAN), marks=True)
    assert (found.marked, found.pleased) == (2, 1), "taking it up again forgets nothing"


def test_what_waits_for_its_owner_is_not_due(desk: ServiceDesk) -> None:
    desk.bring(desk.complain("T16"), CaseState.WAITING)
    assert tally(Sort.COMPLAINT, SPAN, until(SPAN)).due == 0


def test_two_people_of_one_name_are_two(desk: ServiceDesk) -> None:
    with writing():
        desk.other.change(name=desk.handler.name)
    for staff in (desk.handler, desk.other):
        assign([desk.complain("T16")], staff)
    listed = LISTS["rates_by_handler"](Filters(period=SPAN))
    rows = [listed.plain(row) for row in listed.rows()]
    assert [row["by"] for row in rows] == [desk.handler.name] * 2
    lines = LISTS["counted_cases"](Filters(period=SPAN))
    for row in rows:
        asked = lines_of(Sort.COMPLAINT, "", ("handler_number", row["key"]))
        assert lines.meeting(*asked).count() == 1
