"""One of each kind of what the office does beside its cases: rounds, rosters, logs, visits, promises."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from models.complaints.analysis.quality import prepare_review
from models.complaints.analysis.reports import prepare_analysis
from models.complaints.contact.forums import hold_forum, plan_forum
from models.complaints.contact.homes import HomeKind, add_care, add_home_visit, home_visit
from models.complaints.contact.mediations import Dispute, add_mediation
from models.complaints.contact.owner_requests import RequestKind, take_request
from models.complaints.contact.proposals import add_proposal
from models.complaints.contact.receptions import receive
from models.complaints.kinds import Kind
from models.complaints.rounds.inspecting import Found, enter_inspection, points_of
from models.complaints.rounds.points import make_points
from models.complaints.surveys.sheets import deliver_sheets, start_survey
from models.complaints.surveys.typing_in import enter_sheets
from models.months import Month
from models.office.logs import write_log
from models.office.roster.rosters import Roster, RosterState, approve_roster, enter_roster, swap_shifts
from models.office.staff import Department, Post, Staff, add_staff
from models.owners.estate import Unit, UnitKind, UnitState
from tests.estate import writing


def keep_contact(unit: Unit) -> None:
    """Leave one of each kind of record, those that something can still be done to among them."""
    one, other = two_workers()
    today = date.today()
    due = today + timedelta(days=5)
    make_points()
    points = points_of(None)
    enter_inspection([
        {"point": points[0], "found": Found.BAD, "words": "灯不亮"},
        {"point": points[1], "found": Found.GOOD, "words": None},
    ], inspector=one)  # fmt: skip
    roster_of(one, other)
    prepare_analysis()
    prepare_review()
    write_log("晨检各岗位", post=Post.find("客服主管"))
    take_request(unit, "王桂芳", RequestKind.PAPERS, "办出入卡", one, due)
    receive("咨询装修手续", unit=unit, staff=one, due=due)
    add_proposal("东门增设快递柜", Kind.FACILITIES, unit=unit)
    add_mediation(Dispute.LEAK, unit, "王桂芳", "李上层", "楼上漏水")
    add_care(unit, "王桂芳", "独居老人", today)
    visit = add_home_visit(unit, HomeKind.ALONE, today, one, other)
    home_visit(
        visit, "王桂芳", remarks=[{"kind": Kind.CLEANING, "words": "楼道不洁", "staff": one, "due": due}]
    )
    add_home_visit(unit, HomeKind.ROUTINE, due, one, other)
    ask_households(unit)
    for number in (1, 2):
        forum = plan_forum(f"恳谈会{number}", datetime(2026, 3, 2, 14, 30), "活动室", "听取意见")
    hold_forum(
        forum, "何志远", "方小雨", "业主代表 8 人", [{"unit": unit, "words": "电梯响", "answer": "本周检修"}],
        [{"words": "张贴检修结果", "staff": one, "due": date(2026, 3, 20)}],
    )  # fmt: skip


def ask_households(unit: Unit) -> None:
    """Leave a survey of which one sheet is typed, one is out and one is drawn."""
    with writing():
        for one in Unit.select().where(Unit.kind == UnitKind.HOUSE):
            one.change(state=UnitState.OCCUPIED)
    sheets = start_survey(date.today() + timedelta(days=20)).sheets
    deliver_sheets(sheets[:2])
    enter_sheets([{"sheet": sheets[0], "digits": "54443554402"}])


def two_workers() -> tuple[Staff, Staff]:
    """Hire two people of one department."""
    department = Department.find("客户服务部")
    return (
        add_staff(number="上门一", name="方上门", department=department, post=Post.find("客服管理员")),
        add_staff(number="上门二", name="贺上门", department=department, post=Post.find("客服管理员")),
    )


def roster_of(one: Staff, other: Staff) -> None:
    """Make two rosters of this month and the last one, the earlier approved, and a swap."""
    month = Month.of(date.today())
    for when in (month.plus(-1), month):
        turns = ((one, "白白休"), (other, "休白白"))
        enter_roster([{"month": when, "staff": staff, "pattern": pattern} for staff, pattern in turns])
    with writing():
        Roster.get(Roster.month == month.plus(-1)).change(made_by="另一位")
    approve_roster(Roster.get(Roster.month == month.plus(-1)))
    swap_shifts(one, other, month.plus(-1).day(1), "家中有事")
    assert Roster.get(Roster.month == month).state is RosterState.DRAFT
