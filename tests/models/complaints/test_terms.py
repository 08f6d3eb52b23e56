"""The clock of promises: natural hours, working days over long holidays, and how it stands still."""

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from models.clock import standing_at
from models.complaints import complaining, repairing, waiting
from models.complaints.cases import CaseState
from models.complaints.kinds import Grade, Sort
from models.complaints.terms import Clock, Measure, ServiceTerms
from models.errors import BadInput, RuleBroken
from models.fields import MomentField
from tests.models.complaints.desk_world import ServiceDesk

M = Measure


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("2026-03-02 9:05", "2026-03-02 09:05"),
        ("2026年3月2日 18:02:30", "2026-03-02 18:02:30"),
        ("２０２６０３０２　１８：０２", "2026-03-02 18:02"),
    ],
)
def test_a_moment_is_typed_as_people_write_it(typed: str, read: str) -> None:
    assert MomentField(verbose_name="时间").parse(typed) == at(read)


def test_an_hour_alone_is_todays_and_anything_else_is_refused() -> None:
    assert MomentField(verbose_name="时间").parse("18:02").date() == date.today()
    for typed in ("25:00", "2026-13-01 08:00", "明早", "2026-03-02"):
        with pytest.raises(BadInput, match="不是时刻"):
            MomentField(verbose_name="时间").parse(typed)


@pytest.mark.parametrize(
    ("start", "amount", "measure", "due"),
    [
        ("2026-03-02 09:00", 30, M.MINUTES, "2026-03-02 09:30"),
        ("2026-03-07 22:15", 24, M.HOURS, "2026-03-08 22:15"),  # a Saturday night counts like any hour
        ("2026-03-02 09:00", 3, M.WORKDAYS, "2026-03-05 18:00"),
        ("2026-03-06 23:50", 1, M.WORKDAYS, "2026-03-09 18:00"),  # Friday night: Monday
        ("2026-03-07 08:00", 1, M.WORKDAYS, "2026-03-09 18:00"),  # Saturday: Monday too
        # 2025: 国庆 and 中秋 from 10-01 to 10-08, made up for on Sunday 09-28 and Saturday 10-11.
        ("2025-09-26 15:00", 1, M.WORKDAYS, "2025-09-28 18:00"),
        ("2025-09-30 17:00", 1, M.WORKDAYS, "2025-10-09 18:00"),
        ("2025-09-30 17:00", 3, M.WORKDAYS, "2025-10-11 18:00"),
        ("2025-10-03 10:00", 3, M.WORKDAYS, "2025-10-11 18:00"),
        ("2025-09-30 17:00", 4, M.WORKDAYS, "2025-10-13 18:00"),
        ("2025-09-30 17:00", 3, M.DAYS, "2025-10-03 18:00"),
        # 2026: 春节 from 02-15 to 02-23, made up for on 02-14 and 02-28.
        ("2026-02-13 11:00", 1, M.WORKDAYS, "2026-02-14 18:00"),
        ("2026-02-14 11:00", 3, M.WORKDAYS, "2026-02-26 18:00"),
    ],
)
def test_a_term_ends_when_the_calendar_says(
    office: Path, start: str, amount: int, measure: Measure, due: str
) -> None:
    assert Clock(18).due(at(start), amount, measure) == at(due)


@pytest.mark.parametrize(
    ("due", "measure", "since", "until", "later"),
    [
        ("2026-03-02 18:00", M.HOURS, "2026-03-02 10:00", "2026-03-03 12:30", "2026-03-03 20:30"),
        ("2026-03-05 18:00", M.WORKDAYS, "2026-03-03 10:00", "2026-03-03 16:00", "2026-03-05 18:00"),
        ("2026-03-05 18:00", M.WORKDAYS, "2026-03-03 10:00", "2026-03-04 09:00", "2026-03-06 18:00"),
        ("2026-03-05 18:00", M.WORKDAYS, "2026-03-05 10:00", "2026-03-08 09:00", "2026-03-06 18:00"),
        ("2025-10-09 18:00", M.WORKDAYS, "2025-09-30 17:30", "2025-10-09 09:00", "2025-10-10 18:00"),
        ("2025-10-09 18:00", M.DAYS, "2025-10-01 17:30", "2025-10-04 09:00", "2025-10-12 18:00"),
    ],
)
def test_a_clock_that_stood_moves_the_promise_by_what_passed(
    office: Path, due: str, measure: Measure, since: str, until: str, later: str
) -> None:
    assert Clock(18).put_off(at(due), measure, at(since), at(until)) == at(later)


def test_each_grade_has_its_promises(desk: ServiceDesk) -> None:
    ordinary, urgent = desk.complain("T16"), desk.complain("T15")
    assert (ordinary.first_due, ordinary.due_at) == (at("2026-03-03 09:00"), at("2026-03-05 18:00"))
    assert (urgent.first_due, urgent.due_at) == (at("2026-03-02 09:30"), at("2026-03-03 09:00"))
    repair = desk.report("B01")
    assert (repair.grade, repair.first_due) == (Grade.EMERGENCY, at("2026-03-02 09:30"))


def test_terms_are_the_offices_own_and_change_only_what_comes(desk: ServiceDesk) -> None:
    before = desk.complain("T16")
    ServiceTerms.of(Sort.COMPLAINT, Grade.ORDINARY).edit(due_amount=5)
    assert desk.complain("T02").due_at == at("2026-03-09 18:00")
    assert before.due_at == at("2026-03-05 18:00")
    with pytest.raises(BadInput, match="短于首次响应"):
        ServiceTerms.of(Sort.COMPLAINT, Grade.ORDINARY).edit(due_amount=1, due_measure=M.HOURS)


def test_waiting_for_the_owner_moves_the_end_and_nothing_else_stops_the_clock(desk: ServiceDesk) -> None:
    case = desk.bring(desk.complain("T16"), CaseState.WORKING)
    assert case.due_at == at("2026-03-05 18:00")
    with desk.later(hours=1):
        waiting.wait(case, "业主出差")
    with desk.later(days=2):
        waiting.resume(case)
    assert case.due_at == at("2026-03-09 18:00")  # two working days on from Thursday: Friday and Monday
    pause = case.pauses.get()
    assert (pause.why, pause.until - pause.since) == ("业主出差", timedelta(days=2))


def test_a_quotation_stops_the_clock_until_the_owner_agreed(desk: ServiceDesk) -> None:
    case = desk.bring(desk.report("B01"), CaseState.QUOTED)
    due = case.due_at
    with desk.later(hours=3):
        repairing.agree(case, "王桂芳")
    assert case.due_at == due + timedelta(hours=3)
    assert case.first_due == at("2026-03-02 09:30")  # he had arrived: that promise was kept or not


def test_a_new_grade_counts_anew_from_the_receipt(desk: ServiceDesk) -> None:
    case = desk.bring(desk.complain("T16"), CaseState.WORKING)
    with desk.later(hours=1):
        complaining.regrade(case, Grade.GRAVE, "多户反映")
    assert case.due_at == at("2026-03-11 18:00")
    assert case.reported_at is not None
    with pytest.raises(BadInput, match="没有“急修”"), standing_at(desk.at):
        complaining.regrade(case, Grade.EMERGENCY, "x")
    desk.wait(case)
    with pytest.raises(RuleBroken, match="不能再改等级"), standing_at(desk.at):
        complaining.regrade(case, Grade.URGENT, "x")
