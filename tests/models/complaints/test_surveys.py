"""Surveys: drawn by nobody's choice, typed once, counted against a plain recount, closed for good."""

import random
from collections import Counter
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from desktop import modules
from models.base import db
from models.checks import run_invariants
from models.clock import standing_at
from models.complaints.cases import Mark
from models.complaints.contact.commitments import Origin, of_source
from models.complaints.surveys.lists import charts_of
from models.complaints.surveys.results import results_of, survey_of
from models.complaints.surveys.sheets import (
    SheetState,
    Survey,
    SurveyAnswer,
    SurveySheet,
    SurveyState,
    SurveyTopic,
    close_survey,
    deliver_sheets,
    drawn,
    improve,
    lose_sheet,
    start_survey,
    void_sheet,
)
from models.complaints.surveys.typing_in import correct_sheet, enter_sheets, questions_of, read_digits
from models.complaints.visits import Source, VisitTask, waiting_of
from models.desk import reminders_on
from models.entries import ENTRIES
from models.errors import BadInput, RuleBroken
from models.listings import LISTS, Filters
from models.months import Period
from models.office.staff import add_staff
from models.owners.estate import Unit, UnitState
from models.rows import RowRefused
from models.search import find
from tests.estate import Estate, writing

modules.load()
NOW = datetime(2026, 5, 4, 9, 0)
GOOD = "44444444444"


@pytest.fixture
def houses(estate: Estate) -> list[Unit]:
    found = [estate.house(str(number), owner=f"户{number}") for number in range(101, 141)]
    with writing():
        for unit in found:
            unit.move_to(UnitState.OCCUPIED)
    return found


def begin(share: int = 100, **more: Any) -> list[SurveySheet]:
    with standing_at(NOW):
        return list(start_survey(NOW.date() + timedelta(days=20), Decimal(share), **more).sheets)


def out(share: int = 100, **more: Any) -> list[SurveySheet]:
    sheets = begin(share, **more)
    with standing_at(NOW):
        deliver_sheets(sheets)
    return list(SurveySheet.select().order_by(SurveySheet.number))


def typed(sheet: SurveySheet, digits: str = GOOD, **more: Any) -> None:
    with standing_at(NOW + timedelta(days=5)):
        enter_sheets([{"sheet": sheet, "digits": digits, **more}])


def test_a_share_is_drawn_by_a_hash_so_that_nobody_chooses(houses: list[Unit]) -> None:
    sheets = begin(30)
    assert [sheet.number for sheet in sheets][:2] == ["DC-2026H1-001", "DC-2026H1-002"]
    assert len(sheets) == 12 and sheets[0].survey.households == 40
    again = drawn("DC-2026H1", houses, Decimal(30))
    assert [sheet.unit for sheet in sheets] == again != drawn("DC-2026H2", houses, Decimal(30))
    with standing_at(NOW), pytest.raises(RuleBroken, match="每半年一次"):
        start_survey(NOW.date())


def test_a_survey_that_cannot_be_is_refused(estate: Estate, houses: list[Unit]) -> None:
    with standing_at(NOW), pytest.raises(BadInput, match="已经过了"):
        start_survey(NOW.date() - timedelta(days=1))
    for topic in SurveyTopic.select():
        topic.retire()
    with standing_at(NOW), pytest.raises(RuleBroken, match="没有调查项目"):
        start_survey(NOW.date())
    assert Survey.select().count() == SurveySheet.select().count() == 0


def test_the_questions_of_a_survey_stay_as_they_were(houses: list[Unit]) -> None:
    sheets = begin()
    SurveyTopic.find("维修").edit(name="维修服务")
    assert [one.name for one in questions_of(sheets[0].survey)][2] == "维修"


@pytest.mark.parametrize(
    ("digits", "says"),
    [("4444", "填了 4 项，这次调查有 11 项"), ("44444444446", "“6”不能填"), ("4" * 12, "填了 12 项")],
)
def test_digits_that_do_not_fit_are_refused_and_nothing_is_written(
    houses: list[Unit], digits: str, says: str
) -> None:
    sheets = out()
    rows = [{"sheet": sheets[0], "digits": GOOD}, {"sheet": sheets[1], "digits": digits}]
    with standing_at(NOW), pytest.raises(RowRefused, match=says):
        enter_sheets(rows)
    assert SurveyAnswer.select().count() == 0


def test_a_sheet_typed_twice_says_who_typed_it(houses: list[Unit]) -> None:
    sheets = out()
    typed(sheets[0])
    with pytest.raises(RowRefused, match="DC-2026H1-001 已于 2026-05-09 回收"):
        typed(SurveySheet.find("DC-2026H1-001"))
    twice = [{"sheet": sheets[1], "digits": GOOD}] * 2
    with standing_at(NOW), pytest.raises(RowRefused, match="在这里填了两次"):
        enter_sheets(twice)
    assert SurveyAnswer.select().count() == 11


def test_a_sheet_is_typed_after_it_went_out(houses: list[Unit]) -> None:
    sheets = begin()
    with pytest.raises(RowRefused, match="还是“待发”。请先登记发放"):
        typed(sheets[0])
    with standing_at(NOW):
        lose_sheet(sheets[:1], "无人居住")
        with pytest.raises(RuleBroken):
            deliver_sheets(sheets[:1])
    assert read_digits("5 4 3", 3) == [Mark.VERY_GOOD, Mark.GOOD, Mark.FAIR] and read_digits("0", 1) == [None]


def test_whoever_is_displeased_is_visited_back(houses: list[Unit]) -> None:
    sheets = out()
    typed(sheets[0], "44144444442")
    task = VisitTask.get()
    assert (task.source, task.origin, task.unit) == (Source.SURVEY, "DC-2026H1-001", sheets[0].unit)
    assert task.about == "维修、总体 不满意"
    assert task.due == date(2026, 5, 12), "three days later, moved on to a working day"


def test_an_anonymous_survey_keeps_no_house_and_visits_nobody(houses: list[Unit]) -> None:
    sheets = out(anonymous=True)
    typed(sheets[0], "11111111111")
    assert sheets[0].unit is None and sheets[0].building == houses[0].building
    assert VisitTask.select().count() == 0


@pytest.mark.parametrize("fair", [True, False])
def test_the_rates_are_those_of_a_plain_recount(houses: list[Unit], fair: bool) -> None:
    """Generated sheets, counted here one by one."""
    chance = random.Random(7)
    sheets = out(fair_counts=fair)
    digits = {sheet.id: "".join(chance.choices("543210", (5, 6, 4, 2, 1, 2), k=11)) for sheet in sheets[:33]}
    for sheet in sheets[:33]:
        typed(sheet, digits[sheet.id])
    with standing_at(NOW):
        void_sheet([SurveySheet.get_by_id(sheets[0].id)], "全部打同一格，划去")
    found = results_of(Survey.get())
    assert (found.delivered, found.returned, found.valid) == (40, 33, 32)
    assert found.recovery == Decimal(33) / 40 and found.coverage == 1
    kept = [digits[sheet.id] for sheet in sheets[1:33]]
    for at, votes in enumerate(found.questions):
        counts = Counter(one[at] for one in kept)
        valid = sum(counts[digit] for digit in "54321")
        pleased = counts["5"] + counts["4"] + (counts["3"] if fair else 0)
        assert votes.valid == valid and votes.pleased == Decimal(pleased) / valid
        assert votes.score == Decimal(sum(int(one) * counts[one] for one in "54321")) / (5 * valid)
        assert votes.bad == counts["1"] + counts["2"]
    assert found.whole.valid == sum(digit != "0" for one in kept for digit in one)
    assert found.buildings[0].counts == found.whole.counts
    assert found.too_small == ""


def test_a_small_sample_says_so(houses: list[Unit]) -> None:
    sheets = out()
    for sheet in sheets[:5]:
        typed(sheet)
    told = results_of(Survey.get()).too_small
    assert told == "样本不足：有效票 5 张，少于 30 张，回收率低于 30%"


def test_the_last_survey_and_the_target_stand_beside(houses: list[Unit]) -> None:
    sheets = out(target=Decimal(95))
    typed(sheets[0], "44444444441")
    typed(sheets[1], GOOD)
    with standing_at(NOW + timedelta(days=21)):
        close_survey(Survey.get())
    with standing_at(datetime(2026, 11, 3, 9)):
        later = list(start_survey(date(2026, 11, 20), Decimal(100)).sheets)
        deliver_sheets(later)
        enter_sheets([{"sheet": later[0], "digits": GOOD}])
    found = results_of(Survey.find("DC-2026H2"))
    whole = next(one for one in found.questions if one.name == "总体")
    assert found.last["总体"] == Decimal("0.5") and found.change(whole) == Decimal("50.00")
    assert found.met(whole) is True and survey_of(None) == found.survey
    assert survey_of(Period.parse("2026H1")) == Survey.find("DC-2026H1")
    before = results_of(Survey.find("DC-2026H1"))
    assert [one.name for one in before.worst] == ["总体"] and before.met(before.worst[0]) is False
    charts = list(charts_of(found))
    assert [series.name for series in charts[0].series] == ["本期", "上期"]


def test_what_is_closed_stays(houses: list[Unit]) -> None:
    sheets = out()
    with standing_at(NOW), pytest.raises(RuleBroken, match="还没有录入一张有效的"):
        close_survey(Survey.get())
    typed(sheets[0])
    with standing_at(NOW):
        correct_sheet(SurveySheet.get_by_id(sheets[0].id), "54444444444")
        close_survey(Survey.get())
    assert SurveyAnswer.select().order_by(SurveyAnswer.id).get().mark is Mark.VERY_GOOD
    for act in (
        lambda: correct_sheet(SurveySheet.get_by_id(sheets[0].id), GOOD),
        lambda: typed(SurveySheet.get_by_id(sheets[1].id)),
        lambda: void_sheet([SurveySheet.get_by_id(sheets[0].id)], "错"),
        lambda: lose_sheet([SurveySheet.get_by_id(sheets[1].id)], "错"),
    ):
        with pytest.raises(RuleBroken, match="已于 2026-05-04 汇总封存"):
            act()
    assert Survey.get().state is SurveyState.CLOSED


def test_the_file_itself_keeps_numbers_and_targets(houses: list[Unit]) -> None:
    out()
    for told in (
        "UPDATE survey SET target=1", "UPDATE survey_sheet SET number='DC-1'", "DELETE FROM survey_question"
    ):  # fmt: skip
        with pytest.raises(Exception, match=r"survey"):
            db.execute_sql(told)


def test_measures_fall_due_and_are_found_by_the_survey(houses: list[Unit]) -> None:
    out()
    doer = add_staff(number="9", name="高主管")
    with standing_at(NOW):
        improve(Survey.get(), "电话改期提前一小时", doer, date(2026, 6, 1))
    assert [one.origin for one in of_source("DC-2026H1")] == [Origin.SURVEY]


def test_the_grid_has_what_is_out_and_reads_while_it_is_typed(houses: list[Unit]) -> None:
    assert "没有进行中的调查" in ENTRIES["surveying"].sheet(Filters()).warns
    sheets = out()
    typed(sheets[0])
    sheet = ENTRIES["surveying"].sheet(Filters())
    assert len(sheet.lines) == 39 and sheet.lines[0].offered == {"digits": GOOD}
    line = sheet.lines[0]
    assert sheet.judge(line, {"digits": "44"}).startswith("填了 2 项") and sheet.follows is not None
    assert sheet.follows(line, {"digits": "54144444440"}) == "平均 3.8　不满意：维修"
    assert sheet.follows(line, {"digits": "0" * 11}) == "全部不了解，不计票"


def test_lists_search_and_reminders(houses: list[Unit]) -> None:
    def told(day: date) -> list[str]:
        return [one.title for one in reminders_on(day) if "调查" in one.title]

    assert told(date(2026, 5, 10)) == ["2026H1 还没有开始顾客意见调查"]
    sheets = out()
    typed(sheets[0], "44444444441", words="总体：慢")
    assert told(date(2026, 5, 10)) == [] and told(date(2026, 6, 1)) == ["1 次调查过了回收截止，还没有汇总"]
    assert LISTS["survey_sheets"](Filters(state=SheetState.RETURNED.value)).count() == 1
    results = LISTS["survey_results"]()
    assert results.shown(list(results.rows())[10])[:6] == ["总体", "0", "0", "0", "0", "1"]
    assert LISTS["survey_buildings"]().count() == 1
    assert [hit.title for hit in find("PC:CS-06:DC-2026H1-001")][:1] == ["DC-2026H1-001"]


def test_a_share_is_rounded_up_so_that_small_buildings_are_asked(houses: list[Unit]) -> None:
    shares = ((10, 25), (3, 20), (7, 10))
    counts = [len(drawn("DC", houses[:count], Decimal(share))) for count, share in shares]
    assert counts == [3, 1, 1]


def test_a_correction_takes_the_visit_back_or_asks_for_one(houses: list[Unit]) -> None:
    sheets = out()
    typed(sheets[0], "44144444444")
    with standing_at(NOW + timedelta(days=5)):
        correct_sheet(SurveySheet.get_by_id(sheets[0].id), GOOD)
        assert waiting_of(Source.SURVEY) == []
        correct_sheet(SurveySheet.get_by_id(sheets[0].id), "41444444444")
        assert [task.about for task in waiting_of(Source.SURVEY)] == ["投诉处理 不满意"]
        void_sheet([SurveySheet.get_by_id(sheets[0].id)], "重复交表")
        assert waiting_of(Source.SURVEY) == []


def test_days_follow_each_other(houses: list[Unit]) -> None:
    sheets = begin()
    with standing_at(NOW):
        with pytest.raises(BadInput, match="早于调查开始"):
            deliver_sheets(sheets[:1], on=NOW.date() - timedelta(days=1))
        deliver_sheets(sheets)
    with standing_at(NOW + timedelta(days=2)), pytest.raises(RowRefused, match="回收日期不能更早"):
        enter_sheets([{"sheet": sheets[0], "digits": GOOD}], on=NOW.date() - timedelta(days=1))


def test_one_survey_is_ended_before_the_next_begins(houses: list[Unit]) -> None:
    out()
    with standing_at(datetime(2026, 11, 3, 9)), pytest.raises(RuleBroken, match="DC-2026H1 还没有汇总"):
        start_survey(date(2026, 11, 20))


def test_check_finds_a_sheet_without_its_answers(houses: list[Unit]) -> None:
    typed(out()[0])
    assert [str(found) for found in run_invariants()] == []
    db.execute_sql("DROP TRIGGER survey_answer_no_delete")
    db.execute_sql("DELETE FROM survey_answer WHERE id = 1")
    assert "DC-2026H1-001 的状态与答案不符" in "".join(str(found) for found in run_invariants())
