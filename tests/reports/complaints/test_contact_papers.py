"""OW-15, OW-16, OF-01, OF-15 and CS-06 to CS-12 printed into real PDFs and read back, blank and filled."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from models import deeds
from models.clock import standing_at
from models.complaints.contact.forums import hold_forum, plan_forum
from models.complaints.contact.homes import HomeKind, HomeVisit, add_home_visit, home_visit
from models.complaints.contact.mediations import Dispute, add_mediation
from models.complaints.contact.owner_requests import RequestKind, finish_request, take_request
from models.complaints.contact.proposals import add_proposal
from models.complaints.contact.receptions import receive
from models.complaints.kinds import Kind
from models.complaints.rounds.inspecting import Found, enter_inspection, points_of
from models.complaints.rounds.points import make_points
from models.complaints.surveys.sheets import Survey, close_survey, deliver_sheets, start_survey
from models.complaints.surveys.typing_in import enter_sheets
from models.errors import BadInput
from models.months import Month
from models.office.logs import write_log
from models.office.roster.rosters import Roster, approve_roster, enter_roster, swap_shifts
from models.office.signoffs import read, sign_off_of
from models.office.staff import Department, Post
from models.owners.estate import UnitState
from tests.estate import Estate, writing
from tests.models.complaints.desk_world import MONDAY, ServiceDesk
from tests.reports.fees.test_papers import printed

RARE = "䶮家𠮷字号㛃姨"
LONG = f"{RARE}说楼道堆物" + "，多次劝说无效" * 30
TODAY = MONDAY.date()
CODES = ("CS-06", "CS-07", "CS-08", "CS-09", "CS-10", "CS-11", "CS-12", "OF-01", "OF-15", "OW-15", "OW-16")


@pytest.fixture
def desk(estate: Estate) -> ServiceDesk:
    made = ServiceDesk(estate)
    with writing():
        made.unit.move_to(UnitState.OCCUPIED)
        for staff in (made.handler, made.other):
            staff.change(department=Department.find("客户服务部"), post=Post.find("客服管理员"))
    return made


def flat(text: str) -> str:
    return text.replace("\n", "").replace(" ", "")


@pytest.mark.parametrize("code", CODES)
def test_every_form_prints_blank(desk: ServiceDesk, tmp_path: Path, code: str) -> None:
    text, reader = printed(code, tmp_path, blank=True)
    assert 1 <= len(reader.pages) <= 2 and f"JL-{code}" in text and "2026-03" not in text


def test_an_application_has_its_receipt_to_tear_off(desk: ServiceDesk, tmp_path: Path) -> None:
    with standing_at(MONDAY):
        due = TODAY + timedelta(days=3)
        one = take_request(desk.unit, "王桂芳", RequestKind.PAPERS, LONG, desk.handler, due)
    told = flat(printed("OW-15", tmp_path, number=one.number)[0])
    assert told.count("SL-202603-001") >= 2 and told.count("2026年3月5日") == 2 and "受理回执" in told
    assert all(letter in told for letter in "䶮𠮷㛃") and "当面确认" not in told
    with standing_at(MONDAY + timedelta(hours=3)):
        finish_request(one, "已制卡")
    assert "已制卡" in flat(printed("OW-15", tmp_path, number=one.number)[0])


def test_a_round_prints_its_points_first_and_its_findings_after(desk: ServiceDesk, tmp_path: Path) -> None:
    make_points()
    blank = flat(printed("OW-16", tmp_path, blank=True)[0])
    assert "照明" in blank and "小区公共区域" in blank and "√" in blank
    points = points_of(desk.unit.building)
    rows = [{"point": one, "found": Found.GOOD, "words": None} for one in points]
    rows[0] |= {"found": Found.BAD, "words": LONG[:150]}
    rows[1] |= {"found": Found.FIXED, "words": "清走"}
    with standing_at(MONDAY):
        made = enter_inspection(rows, inspector=desk.handler).inspection
    with deeds.acting(desk.lead):
        read([sign_off_of(made.number)], "抓紧修")
    told = flat(printed("OW-16", tmp_path, number=made.number)[0])
    for words in (
        "XC-202603-001",
        "BX-202603-0001",
        "巡查6项，异常2项",
        "范围1栋",
        "抓紧修",
        "高主管",
        "林经办",
        "合格",
        "䶮",
    ):
        assert words in told, words
    with pytest.raises(BadInput, match="巡查号或日期"):
        printed("OW-16", tmp_path)


def test_a_roster_prints_its_month_its_rules_and_its_swaps(desk: ServiceDesk, tmp_path: Path) -> None:
    turns = ((desk.handler, "早早休休"), (desk.other, "休休早早"))
    with deeds.acting(desk.lead):
        enter_roster([{"month": Month(2026, 2), "staff": one, "pattern": pattern} for one, pattern in turns])
    assert "草稿" in printed("OF-01", tmp_path, number="ZB-202602-客户服务部")[0]
    approve_roster(Roster.get())
    swap_shifts(desk.handler, desk.other, date(2026, 2, 2), "家中有事")
    text, reader = printed("OF-01", tmp_path, number="ZB-202602-客户服务部")
    told = flat(text)
    for words in ("林经办", "2026年2月", "早班07:00", "家中有事", "不超过6天", "112", "高主管"):
        assert words in told, words
    assert "草稿" not in told and len(reader.pages) == 1


def test_a_blank_roster_is_signed_on_its_only_page(desk: ServiceDesk, tmp_path: Path) -> None:
    text, reader = printed("OF-01", tmp_path, blank=True)
    assert len(reader.pages) == 1 and "批准" in text and "调班登记" in text


def test_a_log_prints_what_the_superior_said(desk: ServiceDesk, tmp_path: Path) -> None:
    with deeds.acting(desk.lead), standing_at(MONDAY):
        log = write_log(LONG, post=Post.find("客服主管"), weather="晴")
    with deeds.acting(desk.director):
        read([sign_off_of(log.number)], "夜间加强巡查")
    told = flat(printed("OF-15", tmp_path, number=log.number)[0])
    for words in ("GLRZ-20260302-客服主管", "夜间加强巡查", "司主任", "高主管", "晴", "䶮"):
        assert words in told, words


def test_a_visit_at_home_is_printed_to_be_written_on_and_as_it_was(desk: ServiceDesk, tmp_path: Path) -> None:
    with standing_at(MONDAY):
        visit = add_home_visit(desk.unit, HomeKind.ROUTINE, TODAY, desk.handler, desk.other)
        told = flat(printed("CS-08", tmp_path, number=visit.number)[0])
        assert "待访" in told and "1栋1单元101" in told and "例行" in told
        said = [{"kind": Kind.CLEANING, "words": LONG[:200], "answer": "已安排"}]
        home_visit(HomeVisit.get(), "王桂芳", "停水", said)
    told = flat(printed("CS-08", tmp_path, number=visit.number)[0])
    for words in ("JFJ-202603-001", "已安排", "王桂芳", "林经办", "乔另办", "𠮷"):
        assert words in told, words
    told = flat(printed("CS-08", tmp_path, period="2026-03")[0])
    for words in ("家访汇总", "覆盖率＝", "100.0%", "共1条：保洁1条"):
        assert words in told, words


def test_a_meeting_prints_where_to_sign_in_and_then_its_minutes(desk: ServiceDesk, tmp_path: Path) -> None:
    with standing_at(MONDAY):
        forum = plan_forum("恳谈会", MONDAY, "活动室", RARE)
    text, reader = printed("CS-09", tmp_path, number=forum.number)
    assert len(reader.pages) == 2 and "签到表" in text
    with standing_at(MONDAY + timedelta(hours=2)):
        hold_forum(
            forum, "何志远", "方小雨", "业主代表 8 人",
            [{"unit": desk.unit, "name": RARE, "words": "电梯响", "answer": "本周修"}],
            [{"words": "张贴结果", "staff": desk.handler, "due": TODAY + timedelta(days=9)}],
        )  # fmt: skip
    told = flat(printed("CS-09", tmp_path, number=forum.number)[0])
    for words in ("KT-2026-01", "电梯响", "张贴结果", "2026-03-11", "林经办", "㛃姨"):
        assert words in told, words
    assert "签到表" not in told


def test_the_registers_print_what_a_period_has(desk: ServiceDesk, tmp_path: Path) -> None:
    with standing_at(MONDAY):
        receive(LONG[:120], unit=desk.unit, staff=desk.handler, due=TODAY + timedelta(days=3))
        add_proposal(LONG[:120], Kind.FACILITIES, unit=desk.unit)
        made = add_mediation(Dispute.LEAK, desk.unit, "王桂芳", RARE, LONG[:120])
    told = flat(printed("CS-10", tmp_path, period="2026-03")[0])
    assert "2026-03-05" in told and "林经办" in told and "䶮" in told and "共1件" in told
    told = flat(printed("CS-11", tmp_path, period="2026Q1")[0])
    assert "TAB-2026Q1" in told and "待研" in told and "设施" in told
    told = flat(printed("CS-12", tmp_path, number=made.number)[0])
    assert "TJ-202603-01" in told and RARE in told and "漏水" in told
    for code in ("CS-10", "CS-11"):
        with pytest.raises(BadInput, match="请写明期间"):
            printed(code, tmp_path)


def test_a_survey_prints_numbered_sheets_and_its_summary(desk: ServiceDesk, tmp_path: Path) -> None:
    with standing_at(MONDAY):
        sheets = start_survey(TODAY + timedelta(days=20)).sheets
        deliver_sheets(sheets)
        text, reader = printed("CS-06", tmp_path, number="DC-2026H1")
        assert len(reader.pages) == 1 and "DC-2026H1-001" in text and "很不满意" in flat(text)
        enter_sheets([{"sheet": sheets[0], "digits": "54441444402", "words": f"清洁：{RARE}"}])
        draft = printed("CS-07", tmp_path, period="2026H1")[0]
        assert "草稿" in draft
        close_survey(Survey.get())
    text, reader = printed("CS-07", tmp_path, number="DC-2026H1")
    told = flat(text)
    for words in (
        "DH-2026H1", "样本不足", "满意率＝满意票÷有效票", "回收率100.0%", "一、结果", "不满意前五项", RARE,
        "DC-2026H1-001", "还没有登记纠正措施", "1栋",
    ):  # fmt: skip
        assert words in told, words
    assert "草稿" not in told and len(reader.pages) >= 2
