"""Rosters: rotations typed as letters, what they must keep to, approval, swaps, and who rests today."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from models import deeds
from models.desk import figures_on, reminders_on
from models.entries import ENTRIES
from models.errors import BadInput, RuleBroken
from models.listings import LISTS, Filters
from models.months import Month, Period
from models.office.roster.lists import _carried_on, matrix, uncovered
from models.office.roster.rosters import (
    Roster,
    RosterDay,
    RosterState,
    approve_roster,
    at_work,
    breach,
    enter_roster,
    letters_of,
    reopen_roster,
    resting,
    spelt,
    swap_shifts,
)
from models.office.roster.shifts import WorkShift, add_work_shift, rules
from models.office.staff import Department, Post, Staff
from models.rows import RowRefused
from tests.estate import Estate, writing
from tests.office_people import worker

MARCH = Month(2026, 3)


@pytest.fixture
def crew(estate: Estate) -> tuple[Staff, Staff]:
    found = worker("单长河", "保安班长").staff, worker("卢建军", "巡逻员").staff
    with writing():
        for staff, post in zip(found, ("保安班长", "巡逻员"), strict=True):
            staff.change(department=Department.find("秩序维护部"), post=Post.find(post))
    return found


def rows(*given: tuple[Staff, str], month: Month = MARCH) -> list[dict[str, Any]]:
    return [{"month": month, "staff": staff, "pattern": pattern} for staff, pattern in given]


def signs(staff: Staff, month: Month = MARCH) -> str:
    mine = (RosterDay.staff == staff) & RosterDay.day.between(month.first, month.last)
    return "".join(one.shift.sign for one in RosterDay.select().where(mine).order_by(RosterDay.day))


def test_a_rotation_is_repeated_to_the_end_of_the_month_by_signs_or_digits(crew: tuple[Staff, Staff]) -> None:
    one, other = crew
    enter_roster(rows((one, "早早中中夜夜休休"), (other, "1122 3300")))
    assert signs(one) == signs(other) == ("早早中中夜夜休休" * 4)[:31]
    roster = Roster.get()
    assert (roster.number, roster.state) == ("ZB-202603-秩序维护部", RosterState.DRAFT)
    enter_roster(rows((one, "白白白白白休休")))
    assert signs(one)[:8] == "白白白白白休休白" and signs(other)[:2] == "早早", "only his days are replaced"


@pytest.mark.parametrize(
    ("pattern", "says"),
    [
        ("早早x", "“x”不是班次代码"),
        (" ", "没有填|一个也没有填"),
        ("早" * 32, "填了 32 天，这个月只有 31 天"),
        ("早", "已连续上班 7 天，最多 6 天"),
        ("夜早休", "上班前只休息 0 小时，至少 11 小时"),
        ("中早休", "只休息 8 小时"),
    ],
)
def test_a_rotation_that_cannot_be_is_refused_and_nothing_is_written(
    crew: tuple[Staff, Staff], pattern: str, says: str
) -> None:
    with pytest.raises(RowRefused, match=says):
        enter_roster(rows((crew[1], "早休"), (crew[0], pattern)))
    assert RosterDay.select().count() == Roster.select().count() == 0


def test_the_days_before_a_month_count_too(crew: tuple[Staff, Staff]) -> None:
    one = crew[0]
    february = MARCH.plus(-1)
    enter_roster(rows((one, "白白白白白休休"), month=february))
    assert signs(one, february).endswith("白白白白白休休")
    with writing():
        for day in (27, 28):
            RosterDay.get((RosterDay.staff == one) & (RosterDay.day == february.day(day))).change(
                shift=WorkShift.find("白")
            )
    with pytest.raises(RowRefused, match="到 03-01 已连续上班 8 天"):
        enter_roster(rows((one, "白休")))
    rules().edit(most_days=9)
    enter_roster(rows((one, "白休")))


def test_the_equals_key_offers_what_is_set_or_goes_on_with_the_last_rotation(
    crew: tuple[Staff, Staff],
) -> None:
    turns = "早早中中夜夜休休"
    month = Month(2026, 1)
    enter_roster(rows((crew[0], turns), month=month))
    sheet = ENTRIES["rostering"].sheet(Filters(period=Period.parse("2026-02")))
    assert {line.told[3] for line in sheet.lines} == {None}, "nothing is set for that month yet"
    (set_now,) = [
        line.told[3]
        for line in ENTRIES["rostering"].sheet(Filters(period=Period.parse("2026-01"))).lines
        if line.told[0] == "单长河"
    ]
    assert set_now == turns
    offered = {line.told[0]: line.offered.get("pattern") for line in sheet.lines}
    assert offered["单长河"] == (turns * 8)[31 : 31 + 28] and offered["卢建军"] is None
    assert _carried_on("早中夜休早", 3) == "", "no rotation is seen in so little"
    line = next(one for one in sheet.lines if one.told[0] == "单长河")
    row = {"pattern": turns}
    assert sheet.judge(line, row) == "" and sheet.follows is not None
    assert sheet.follows(line, row) == "早 8 中 8 夜 6 休 6，工时 176.00"


def test_what_is_approved_changes_by_swaps_alone(crew: tuple[Staff, Staff]) -> None:
    one, other = crew
    with deeds.acting(worker("高主管", "客服主管")):
        enter_roster(rows((one, "早早休休"), (other, "休休早早")))
    roster = Roster.get()
    approve_roster(roster)
    with pytest.raises(RuleBroken, match="已批准"):
        enter_roster(rows((one, "早休")))
    swap = swap_shifts(one, other, date(2026, 3, 2), "家中有事")
    assert (swap.was, swap.instead) == ("早", "休")
    assert signs(one)[:4] == "早休休休" and signs(other)[:4] == "休早早早"
    with pytest.raises(BadInput, match="没有排班"):
        swap_shifts(one, other, date(2026, 4, 2), "家中有事")
    reopen_roster(Roster.get())
    assert Roster.get().approved_by is None


def test_nobody_approves_what_he_made(crew: tuple[Staff, Staff]) -> None:
    maker = worker("何主任", "管理处主任")
    with deeds.acting(maker):
        enter_roster(rows((crew[0], "早休")))
        with pytest.raises(RuleBroken, match="您自己编制的"):
            approve_roster(Roster.get())
    assert Roster.get().state is RosterState.DRAFT


def test_a_swap_that_breaks_the_rules_is_refused(crew: tuple[Staff, Staff]) -> None:
    one, other = crew
    with deeds.acting(worker("高主管", "客服主管")):
        enter_roster(rows((one, "早早早早早早休"), (other, "休休休休休休早")))
    with pytest.raises(RuleBroken, match="还没有批准，不用调班"):
        swap_shifts(one, other, date(2026, 3, 7), "换班")
    approve_roster(Roster.get())
    with pytest.raises(RuleBroken, match="连续上班 7 天"):
        swap_shifts(one, other, date(2026, 3, 7), "换班")
    assert signs(one)[:7] == "早早早早早早休"


def test_the_approved_roster_says_who_rests_and_who_is_there(crew: tuple[Staff, Staff]) -> None:
    one, other = crew
    with deeds.acting(worker("高主管", "客服主管")):
        enter_roster(rows((one, "夜夜休休"), (other, "休休早早")))
    assert resting(other, date(2026, 3, 1)) == "", "a draft says nothing"
    approve_roster(Roster.get())
    assert resting(other, date(2026, 3, 1)) == "休" and resting(one, date(2026, 3, 1)) == ""
    assert at_work(datetime(2026, 3, 2, 3, 0)) == {one.id}, "the night shift of the day before"
    assert at_work(datetime(2026, 3, 3, 8, 0)) == {other.id}


def test_the_matrix_adds_up_and_names_shifts_without_a_leader(crew: tuple[Staff, Staff]) -> None:
    one, other = crew
    enter_roster(rows((one, "早早休休"), (other, "中中休休")))
    people = matrix(MARCH)
    assert [(row.worked, row.hours) for row in people] == [(16, Decimal(128))] * 2
    listed = LISTS["duties"](Filters(period=Period.parse("2026-03")))
    assert listed.count() == 2 and listed.shown(next(iter(listed.rows())))[3:6] == ["早", "早", "休"]
    assert uncovered(MARCH, people)[:2] == ["1日中", "2日中"], "the squad leader has the early shift alone"
    rules().edit(leaders="没有这个岗位")
    assert uncovered(MARCH, people) == []


def test_a_shift_that_is_worked_has_its_hours(estate: Estate) -> None:
    assert spelt("12", 3, letters_of())[2].sign == "早"
    assert breach(date(2026, 3, 1), spelt("1", 6, letters_of()), {}) == ""


def test_a_new_shift_lacks_nothing(estate: Estate) -> None:
    with pytest.raises(BadInput, match="还没有填上班时刻"):
        add_work_shift(sign="顶", digit=7, name="顶班")
    made = add_work_shift(sign="顶", digit=7, name="顶班", begins="9", hours=Decimal("7.5"))
    assert made.begins == "09:00"


def test_the_desk_tells_who_is_there_and_what_waits(crew: tuple[Staff, Staff]) -> None:
    with deeds.acting(worker("高主管", "客服主管")):
        enter_roster(rows((crew[0], "早早休休")))
    day = date(2026, 3, 26)
    told = [one.title for one in reminders_on(day)]
    assert "1 份值班表等批准" in told and "1 人还没有排 2026-04 的班" in told
    approve_roster(Roster.get())
    assert [one.value for one in figures_on(day) if one.title == "今日当班"] == ["1 人"]


def test_the_days_after_a_month_count_too(crew: tuple[Staff, Staff]) -> None:
    enter_roster(rows((crew[0], "早休"), month=MARCH.plus(1)))
    with pytest.raises(RowRefused, match="04-01 上班前只休息 0 小时"):
        enter_roster(rows((crew[0], "休夜休夜休夜休夜休夜休夜休夜休夜休夜休夜休夜休夜休夜休夜休夜夜")))


def test_whoever_had_a_hand_in_a_roster_does_not_approve_it(crew: tuple[Staff, Staff]) -> None:
    maker, other = worker("何主任", "管理处主任"), worker("高主管", "客服主管")
    for person in (maker, other):
        with deeds.acting(person):
            enter_roster(rows((crew[0], "早休")))
    assert Roster.get().made_by == "何主任、高主管"
    with deeds.acting(maker), pytest.raises(RuleBroken, match="您自己编制的"):
        approve_roster(Roster.get())


def test_what_is_approved_stays_though_somebody_changes_his_department(crew: tuple[Staff, Staff]) -> None:
    with deeds.acting(worker("高主管", "客服主管")):
        enter_roster(rows((crew[0], "早休")))
    approve_roster(Roster.get())
    with writing():
        crew[0].change(department=Department.find("工程部"))
    with pytest.raises(RuleBroken, match="在已批准的 ZB-202603-秩序维护部 里"):
        enter_roster(rows((crew[0], "休早")))
    assert signs(crew[0])[:2] == "早休" and Roster.select().count() == 1


def test_a_sign_is_no_digit(estate: Estate) -> None:
    with pytest.raises(BadInput, match="代码不能用数字"):
        add_work_shift(sign="1", digit=7, name="顶班", begins="9", hours=Decimal(8))
