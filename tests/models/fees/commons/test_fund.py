"""维修资金: decided by two thirds and more than half, drawn only as approved, closed to the fen."""

from contextlib import suppress
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import peewee
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.base import db
from models.checks import run_invariants
from models.deeds import DEEDS
from models.desk import reminders_on
from models.errors import BadInput, RuleBroken
from models.fees import invariants  # noqa: F401 - registered by being imported
from models.fees.commons import fund_lists  # noqa: F401 - so are these
from models.fees.commons.fund import MOVES, FundDraw, FundProject, FundState, FundVote, drawn
from models.fees.commons.funding import (
    accept_fund,
    add_fund_project,
    approve_fund,
    close_fund,
    draw_fund,
    record_fund_vote,
    reverse_fund_draw,
    withdraw_fund,
)
from models.fees.commons.owners import concerned
from models.listings import LISTS, Filters
from models.owners.estate import Building, Community, Unit, UnitState
from models.owners.people import Ownership, Person
from models.search import find
from tests.estate import Estate, writing

TODAY = date.today()


def yuan(amount: str) -> Decimal:
    return Decimal(amount)


@pytest.fixture
def town(estate: Estate) -> Estate:
    """Six houses of 100 ㎡ in building 1 with five owners, one house of 400 ㎡ in building 2."""
    for room in ("101", "102", "103", "104"):
        estate.house(room, owner=f"业主{room}")
    estate.house("105", owner=None)
    with writing():
        Ownership.add(unit=estate.house("106", owner=None), person=Person.get(Person.name == "业主101"))
        other = Building.add(community=Community.get(), code="2", name="2栋")
    far = estate.house("201", "400.00", "业主201")
    with writing():
        far.change(building=other, entrance=None)
    return estate


def plan(estate: Estate, **more: Any) -> FundProject:
    given: dict[str, Any] = {"building": estate.building, **more}
    return add_fund_project("屋面防水", "1栋屋面", "多处渗漏", yuan("9000.00"), **given)


def vote(project: FundProject, *counts: int) -> FundVote:
    """Enter how many took part and agreed: owners and area of both."""
    owners_in, area_in, owners_for, area_for = counts
    return record_fund_vote(project, owners_in, Decimal(area_in), owners_for, Decimal(area_for))


def approved(estate: Estate) -> FundProject:
    project = plan(estate)
    vote(project, 5, 600, 4, 500)
    return approve_fund(project, "房资〔2026〕12号", yuan("8000.00"), "鲁班防水")


# -- who is concerned ------------------------------------------------------------------------------


def test_an_owner_of_several_counts_once_and_those_without_any_count_together(town: Estate) -> None:
    told = concerned(town.building)
    assert (told.units, told.owners, told.area) == (6, 5, 600)
    whole = concerned()
    assert [(part.name, part.units, part.area) for part in whole.parts] == [
        ("1栋", 6, 60_000),
        ("2栋", 1, 40_000),
    ]
    assert (whole.owners, whole.shares(yuan("100.01"))) == (6, [yuan("60.01"), yuan("40.00")])
    assert concerned(entrance=town.entrance).units == 6


def test_retired_units_bear_nothing_and_what_was_entered_stays(town: Estate) -> None:
    project = plan(town)
    assert (project.units, project.owners, project.area, project.where) == (6, 5, 600, "1栋")
    with writing():
        Unit.find("1-1-102").move_to(UnitState.RETIRED)
    assert concerned(town.building).units == 5
    assert project.bearers.units == 6 and run_invariants() == []


def test_joint_owners_count_as_one(town: Estate) -> None:
    with writing():
        Ownership.add(unit=Unit.find("1-1-102"), person=town.person("配偶"), primary=False)
    assert concerned(town.building).owners == 5


def test_a_project_says_what_for_and_of_whom(town: Estate) -> None:
    assert plan(town, entrance=town.entrance).where == "1栋1单元"
    assert plan(town, building=None).where == "全小区"
    with pytest.raises(BadInput, match="应急情形"):
        plan(town, urgent=True)
    with pytest.raises(BadInput, match="不在2栋"):
        plan(town, building=Building.find("2"), entrance=town.entrance)
    with pytest.raises(BadInput, match="大于零"):
        add_fund_project("x", "y", "z", yuan("0.00"))
    with writing():
        empty = Building.add(community=Community.get(), code="9", name="9栋")
    with pytest.raises(BadInput, match="没有登记面积"):
        plan(town, building=empty)


# -- the vote --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("counts", "passed"),
    [
        ((5, 600, 5, 600), True),
        ((4, 400, 3, 201), True),  # 400 of 600 is just two thirds, 4 of 5 is more
        ((4, 399, 4, 399), False),  # area below two thirds
        ((3, 600, 3, 600), False),  # 3 of 5 is below two thirds
        ((4, 400, 2, 400), False),  # half of the owners is not more than half
        ((4, 400, 4, 200), False),  # nor is half of the area
        ((0, 0, 0, 0), False),
    ],
)
def test_two_thirds_take_part_and_more_than_half_of_these_agree(
    town: Estate, counts: tuple[int, ...], passed: bool
) -> None:
    project = plan(town)
    made = vote(project, *counts)
    assert made.passed is passed
    assert FundProject.get().state is (FundState.VOTED if passed else FundState.REFUSED)
    assert made.summary().endswith("表决通过。" if passed else "表决未通过。")
    assert run_invariants() == []


def test_a_vote_that_failed_may_be_held_again_and_both_stay(town: Estate) -> None:
    project = plan(town)
    vote(project, 2, 200, 2, 200)
    vote(project, 3, 300, 3, 300)
    assert project.state is FundState.REFUSED
    vote(project, 5, 600, 5, 600)
    assert project.state is FundState.VOTED and len(project.votes) == 3
    with pytest.raises(RuleBroken, match="不用再表决"):
        vote(project, 5, 600, 5, 600)
    with pytest.raises(peewee.IntegrityError):
        db.execute_sql("UPDATE fund_vote SET passed = 1")
    assert LISTS["fund_votes"](Filters()).count() == 3


def test_counts_that_cannot_be_are_refused(town: Estate) -> None:
    project = plan(town)
    for counts, label in (
        ((6, 600, 1, 1), "参与人数 6 多于 5"), ((5, 601, 1, 1), "参与面积 601"), ((4, 400, 5, 1), "同意人数"),
        ((4, 400, 4, 401), "同意面积"),
    ):  # fmt: skip
        with pytest.raises(BadInput, match=label):
            vote(project, *counts)
    assert FundVote.select().count() == 0 and project.state is FundState.PLANNED
    with pytest.raises(RuleBroken, match="还没有到"):
        record_fund_vote(project, 1, yuan("1"), 1, yuan("1"), on=TODAY + timedelta(days=1))
    record_fund_vote(project, 6, yuan("700"), 6, yuan("700"), owners_all=6, area_all=yuan("700"))


# -- approval, money, end --------------------------------------------------------------------------


def test_an_emergency_needs_no_vote_anything_else_does(town: Estate) -> None:
    urgent = plan(town, urgent=True, urgency="电梯停运")
    assert approve_fund(urgent, "应急1号", yuan("100.00"), "电梯公司").state is FundState.APPROVED
    with pytest.raises(RuleBroken, match="还没有表决"):
        approve_fund(plan(town), "1号", yuan("100.00"), "某")
    with pytest.raises(BadInput, match="大于零"):
        approve_fund(plan(town, urgent=True, urgency="漏水"), "1号", yuan("0.00"), "某")


def test_no_more_is_approved_than_the_owners_voted_for(town: Estate) -> None:
    project = plan(town)
    vote(project, 5, 600, 4, 500)
    over = project.estimate + yuan("0.01")
    with pytest.raises(BadInput, match="业主表决的预算"):
        approve_fund(project, "1号", over, "鲁班防水")
    assert approve_fund(project, "1号", project.estimate, "鲁班防水").state is FundState.APPROVED


def test_no_more_is_drawn_than_was_approved(town: Estate) -> None:
    project = approved(town)
    draw_fund(project, yuan("5000.00"), "ZQ-1")
    with pytest.raises(BadInput, match=r"批准金额 8,000\.00 元只剩 3,000\.00 元"):
        draw_fund(project, yuan("3000.01"), "ZQ-2")
    last = draw_fund(project, yuan("3000.00"), "ZQ-2")
    assert (last.receiver, drawn(project)) == ("鲁班防水", 8000)
    reverse_fund_draw(last, "金额有误")
    assert drawn(project) == 5000
    with pytest.raises(RuleBroken, match="已经冲正过"):
        reverse_fund_draw(last, "再来")
    with pytest.raises(BadInput, match="大于零"):
        draw_fund(project, yuan("0.00"), "ZQ-3")
    with pytest.raises(RuleBroken, match="早于批准日期"):
        draw_fund(project, yuan("1.00"), "ZQ-3", on=TODAY - timedelta(days=1))
    with pytest.raises(peewee.IntegrityError):
        db.execute_sql("DELETE FROM fund_draw")
    assert run_invariants() == []


def test_it_is_accepted_for_no_more_than_approved_and_closed_when_all_is_drawn(town: Estate) -> None:
    project = approved(town)
    draw_fund(project, yuan("5000.00"), "ZQ-1")
    with pytest.raises(BadInput, match="超过批准"):
        accept_fund(project, yuan("8000.01"), "合格")
    with pytest.raises(BadInput, match="少于已支取"):
        accept_fund(project, yuan("4999.99"), "合格")
    accept_fund(project, yuan("7000.00"), "合格")
    with pytest.raises(RuleBroken, match=r"还有 2,000\.00 元没有支取"):
        close_fund(project)
    with pytest.raises(BadInput, match=r"结算金额 7,000\.00 元只剩"):
        draw_fund(project, yuan("2000.01"), "ZQ-2")
    last = draw_fund(project, yuan("2000.00"), "ZQ-2")
    assert close_fund(project).state is FundState.CLOSED
    with pytest.raises(RuleBroken, match="已经结清"):
        reverse_fund_draw(last, "晚了")
    with pytest.raises(RuleBroken, match="不能支取"):
        draw_fund(project, yuan("1.00"), "ZQ-3")
    assert run_invariants() == []


def test_a_project_is_given_up_only_while_nothing_is_drawn(town: Estate) -> None:
    project = approved(town)
    made = draw_fund(project, yuan("1.00"), "ZQ-1")
    with pytest.raises(RuleBroken, match="已支取"):
        withdraw_fund(project, "不做了")
    reverse_fund_draw(made, "退回")
    assert withdraw_fund(project, "不做了").state is FundState.WITHDRAWN


DOING = {
    FundState.VOTED: lambda project: vote(project, 5, 600, 5, 600),
    FundState.REFUSED: lambda project: vote(project, 0, 0, 0, 0),
    FundState.APPROVED: lambda project: approve_fund(project, "1号", yuan("100.00"), "某"),
    FundState.ACCEPTED: lambda project: accept_fund(project, yuan("0.00"), "合格"),
    FundState.CLOSED: lambda project: close_fund(project),
    FundState.WITHDRAWN: lambda project: withdraw_fund(project, "不做了"),
}
WAYS: dict[FundState, tuple[FundState, ...]] = {
    FundState.PLANNED: (),
    FundState.REFUSED: (FundState.REFUSED,),
    FundState.VOTED: (FundState.VOTED,),
    FundState.APPROVED: (FundState.VOTED, FundState.APPROVED),
    FundState.ACCEPTED: (FundState.VOTED, FundState.APPROVED, FundState.ACCEPTED),
    FundState.CLOSED: (FundState.VOTED, FundState.APPROVED, FundState.ACCEPTED, FundState.CLOSED),
    FundState.WITHDRAWN: (FundState.WITHDRAWN,),
}


@pytest.mark.parametrize("start", list(FundState))
@pytest.mark.parametrize("end", list(DOING))
def test_every_move_is_allowed_or_refused_as_the_table_says(
    town: Estate, start: FundState, end: FundState
) -> None:
    project = plan(town, urgent=True, urgency="漏水")
    for state in WAYS[start]:
        DOING[state](project)
    assert FundProject.get().state is start
    again = start is FundState.REFUSED and end is FundState.REFUSED  # a further vote that fails as well
    if end in MOVES.get(start, ()) or again:
        DOING[end](project)
        assert FundProject.get().state is end
    else:
        with pytest.raises(RuleBroken):
            DOING[end](project)
        assert FundProject.get().state is start


STEPS = st.lists(
    st.tuples(st.sampled_from(["draw", "reverse", "accept", "close", "withdraw"]), st.integers(1, 900_000)),
    max_size=15,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_whatever_happens_the_register_holds(town: Estate, steps: list[tuple[str, int]]) -> None:
    with db.atomic() as undone:
        project = approved(town)
        for verb, fen in steps:
            amount = Decimal(fen) / 100
            with suppress(RuleBroken, BadInput):
                _step(verb, project, amount)
            project = FundProject.get_by_id(project.id)
        plain = sum((one.amount for one in FundDraw.select()), start=Decimal(0))
        assert drawn(project) == plain and 0 <= plain <= 8000
        assert run_invariants() == []
        undone.rollback()


def _step(verb: str, project: FundProject, amount: Decimal) -> None:
    if verb == "draw":
        draw_fund(project, amount, "ZQ")
    elif verb == "reverse":
        for one in FundDraw.select().where(FundDraw.reverses.is_null()).limit(1):
            reverse_fund_draw(one, "错")
    elif verb == "accept":
        accept_fund(project, amount, "合格")
    elif verb == "close":
        close_fund(project)
    else:
        withdraw_fund(project, "不做了")


# -- lists, the desk, the command line --------------------------------------------------------------


def test_a_project_waiting_long_for_its_end_is_told(town: Estate) -> None:
    project = approved(town)
    accept_fund(project, yuan("8000.00"), "合格")
    assert [one for one in reminders_on(TODAY) if one.page == "fund_projects"] == []
    (told,) = [one for one in reminders_on(TODAY + timedelta(days=30)) if one.page == "fund_projects"]
    assert LISTS["fund_projects"](Filters(**told.filters)).count() == told.count == 1


def test_what_is_drawn_shows_in_the_lists_and_each_number_is_found(town: Estate) -> None:
    project = approved(town)
    draw_fund(project, yuan("5000.00"), "ZQ-1")
    listing = LISTS["fund_projects"](Filters())
    assert listing.totals()[1]["drawn"] == 5000
    assert LISTS["fund_draws"](Filters()).totals()[1]["amount"] == 5000
    assert LISTS["fund_projects"](Filters(building=Building.find("2"))).count() == 0
    assert [hit.title for hit in find(f"PC:FE-21:{project.number}")] == [project.number]


def test_all_of_it_is_done_by_the_command_line(town: Estate, tmp_path: Path) -> None:
    made = DEEDS["fees.add_fund_project"].call(
        None,
        {"name": "电梯大修", "place": "1号梯", "need": "到期", "estimate": "1,000", "building": "1"},
    )
    by = {"owners_in": "5", "area_in": "600", "owners_for": "5", "area_for": "600"}
    told = DEEDS["fees.record_fund_vote"].call(made.number, by).summary()
    assert told == (
        "参与面积 600.00/600.00（100.0%，要三分之二以上，符合）；"
        "参与人数 5/5（100.0%，要三分之二以上，符合）；"
        "同意面积 600.00/600.00（100.0%，要过半数，符合）；同意人数 5/5（100.0%，要过半数，符合）。表决通过。"
    )
    DEEDS["fees.approve_fund"].call(made.number, {"permit": "1号", "approved": "900", "contractor": "某"})
    DEEDS["fees.draw_fund"].call(made.number, {"amount": "900", "voucher": "Z1"})
    DEEDS["fees.accept_fund"].call(made.number, {"settled": "900", "acceptance": "合格"})
    assert DEEDS["fees.close_fund"].call(made.number, {}).state is FundState.CLOSED
