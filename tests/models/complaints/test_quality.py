"""The quarter's review: figures beside targets, a remedy for what missed, verified by somebody else."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from desktop import modules
from models import deeds
from models.clock import standing_at
from models.complaints.analysis.quality import (
    QualityLine,
    QualityReview,
    ReviewState,
    meets,
    plan_remedy,
    prepare_review,
    recount_review,
    sign_review,
    verify_remedy,
)
from models.complaints.analysis.targets import QualityFigure, QualityTarget, Reached, reached
from models.complaints.cases import CaseState, Mark
from models.complaints.contact.commitments import fulfil
from models.complaints.kinds import Sort
from models.complaints.tallies import tally
from models.desk import reminders_on
from models.errors import BadInput, RuleBroken
from models.listings import LISTS, Filters
from models.months import Period
from tests.estate import Estate, writing
from tests.models.complaints.desk_world import ServiceDesk
from tests.models.complaints.test_tallies import chance_office
from tests.office_people import account_of
from tests.reports.fees.test_papers import printed

modules.load()
QUARTER = Period.parse("2026Q1")
END = datetime(2026, 3, 31, 17)
F = QualityFigure


@pytest.fixture
def desk(estate: Estate) -> ServiceDesk:
    return ServiceDesk(estate)


def line(figure: QualityFigure) -> QualityLine:
    return QualityLine.get(QualityLine.figure == figure)


def late_office(desk: ServiceDesk) -> QualityReview:
    """One complaint that nobody answered in time, and its quarter's review."""
    desk.at = datetime(2026, 3, 2, 9)
    desk.complain("T16")
    with standing_at(END):
        return prepare_review()


@pytest.mark.parametrize("seed", [2, 8])
def test_its_figures_are_those_of_the_tallies(desk: ServiceDesk, seed: int) -> None:
    chance_office(desk, seed)
    found, at = reached(QUARTER), QUARTER.moments[1]
    complaints = tally(Sort.COMPLAINT, QUARTER, at, marks=True)
    repairs = tally(Sort.REPAIR, QUARTER, at, marks=True)
    assert found[F.HANDLING] == Reached(complaints.done, complaints.due)
    assert found[F.AGAIN] == Reached(repairs.again, repairs.done)
    marked = complaints.marked + repairs.marked
    assert found[F.PLEASED] == Reached(complaints.pleased + repairs.pleased, marked)
    assert found[F.OFTEN].per == 1000 and set(found) == set(F)


def test_a_figure_meets_what_it_should_reach_or_stay_below() -> None:
    ten = Decimal(10)
    assert meets(ten, ten, at_most=False) is True and meets(ten, ten, at_most=True) is True
    assert meets(Decimal(9), ten, at_most=False) is False and meets(Decimal(11), ten, at_most=True) is False
    assert meets(None, ten, at_most=False) is None and Reached(1, 0).figure is None
    assert Reached(1, 3).figure == Decimal("33.33") and Reached(3, 40, 1000).figure == Decimal("75.00")


def standings() -> dict[str, tuple[str, str]]:
    """Return what the list says of every figure: on which side of its target it should lie, if it does."""
    told = LISTS["quality_lines"](Filters(period=QUARTER))
    return {row["figure"]: (row["sense"], row["standing"]) for row in map(told.plain, told.rows())}


def test_what_missed_its_target_has_a_remedy_before_it_is_signed(desk: ServiceDesk) -> None:
    review = late_office(desk)
    assert line(F.HANDLING).met is False and line(F.VISITING).met is None
    with standing_at(datetime(2026, 3, 30)), pytest.raises(RuleBroken, match="2026-03-31 起才能签发"):
        sign_review(review)
    with standing_at(END):
        with pytest.raises(RuleBroken, match="投诉处理率没有达到目标"):
            sign_review(review)
        with pytest.raises(BadInput, match="已经过了"):
            plan_remedy(line(F.HANDLING), "人少", "加人", desk.handler, date(2026, 3, 1))
        plan_remedy(line(F.HANDLING), "人少", "加人", desk.handler, date(2026, 4, 20))
        with pytest.raises(RuleBroken, match="已有整改措施"):
            plan_remedy(line(F.HANDLING), "人少", "再加", desk.handler, date(2026, 4, 20))
        sign_review(QualityReview.get())
        with pytest.raises(RuleBroken, match="签发，不能再改"):
            plan_remedy(line(F.VISITING), "人少", "加人", desk.handler, date(2026, 4, 20))
        with pytest.raises(BadInput, match="已经编制"):
            prepare_review()
    assert QualityReview.get().state is ReviewState.SIGNED
    with pytest.raises(RuleBroken, match="签发，不能再改"):
        recount_review(QualityReview.get())


def test_the_signature_takes_the_figures_once_more_and_keeps_them(desk: ServiceDesk) -> None:
    desk.at = datetime(2026, 3, 2, 9)
    case = desk.complain("T16")
    with standing_at(datetime(2026, 3, 20, 9)):
        prepare_review()
    desk.at = datetime(2026, 3, 2, 10)
    desk.bring(case, CaseState.VISITING)
    with desk.later(hours=1):
        desk.visit(case, Mark.GOOD)
    assert line(F.HANDLING).actual == 0 and standings()["投诉处理率"] == ("≥", "未达标")
    with standing_at(END - timedelta(days=1)):
        recount_review(QualityReview.get())
    assert line(F.HANDLING).actual == 100 and standings()["投诉处理率"] == ("≥", "达标")
    for one in QualityTarget.select():
        one.edit(target=Decimal(0) if not one.at_most else Decimal(1000))
    with standing_at(END):
        sign_review(QualityReview.get())
    assert (line(F.HANDLING).actual, line(F.HANDLING).part) == (100, 1)
    assert line(F.HANDLING).target == 100, "the target is that of the day on which it was prepared"


def test_the_list_says_of_each_figure_what_the_review_says(desk: ServiceDesk) -> None:
    late_office(desk)
    wanted = {True: "达标", False: "未达标", None: "没有可算的单"}
    seen = set()
    for above in (None, Decimal(-1), Decimal(0), Decimal(1)):
        with writing():
            for one in QualityLine.select():
                one.change(actual=None if above is None else one.target + above)
        for one in QualityLine.select():
            assert standings()[one.figure.value][1] == wanted[one.met], (one.label(), above)
            seen.add((one.at_most, one.met))
    assert len(seen) == 6, "on either side of a target, met, missed, and nothing to count"


def test_whoever_did_it_does_not_verify_it(desk: ServiceDesk) -> None:
    late_office(desk)
    with standing_at(END):
        plan_remedy(line(F.HANDLING), "人少", "加人", desk.handler, date(2026, 4, 20))
        with pytest.raises(RuleBroken, match="还没有办结"):
            verify_remedy(line(F.HANDLING), "有效")
    with standing_at(datetime(2026, 4, 10)):
        fulfil(line(F.HANDLING).commitment, "已加一人")
        with (
            deeds.acting(account_of(desk.handler, "客服主管")),
            pytest.raises(RuleBroken, match="另一位验证"),
        ):
            verify_remedy(line(F.HANDLING), "有效")
        with deeds.acting(desk.lead):
            verify_remedy(line(F.HANDLING), "有效")
            with pytest.raises(RuleBroken, match="已由 高主管"):
                verify_remedy(line(F.HANDLING), "有效")
    assert line(F.HANDLING).verified_on == date(2026, 4, 10)


def test_a_figure_that_met_its_target_needs_none(desk: ServiceDesk) -> None:
    desk.at = datetime(2026, 3, 2, 9)
    desk.bring(desk.complain("T16"), CaseState.VISITED)
    with standing_at(END):
        prepare_review()
        with pytest.raises(RuleBroken, match="达到目标，不用整改"):
            plan_remedy(line(F.HANDLING), "无", "无", desk.handler, date(2026, 4, 20))
    assert standings()["投诉处理率"] == ("≥", "达标")
    with standing_at(END), pytest.raises(BadInput, match="还没有到"):
        prepare_review(date(2026, 7, 1))


def test_it_prints_and_the_desk_reminds(desk: ServiceDesk, tmp_path: Path) -> None:
    def told(day: date) -> list[str]:
        return [one.title for one in reminders_on(day) if "质量分析" in one.title]

    assert told(date(2026, 3, 1)) == [] and told(date(2026, 3, 20)) == ["2026Q1 还没有编制质量分析"]
    late_office(desk)
    assert told(date(2026, 4, 2)) == ["1 份质量分析过了季末还没有签发"]
    with standing_at(END):
        plan_remedy(line(F.HANDLING), "人少䶮", "加人㛃", desk.handler, date(2026, 4, 20))
    text, reader = printed("CS-14", tmp_path, period="2026Q1")
    words = text.replace("\n", "").replace(" ", "")
    for one in ("ZG-2026Q1", "投诉处理率0÷1", "人少䶮", "加人㛃", "林经办", "没有达标的：投诉处理率", "草稿"):
        assert one in words, one
    assert len(reader.pages) <= 2 and "CS-14" in printed("CS-14", tmp_path, blank=True)[0]
    assert standings()["投诉处理率"] == ("≥", "未达标")
    assert standings()["返修率"] == ("≤", "没有可算的单") and len(standings()) == len(F)
