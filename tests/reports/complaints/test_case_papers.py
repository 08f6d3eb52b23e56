"""CS-01 to CS-05 printed into real PDFs and read back: filled, to be written on, with long and rare words."""

from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from models import deeds
from models.clock import standing_at
from models.complaints import complaining, repairing, visits
from models.complaints.cases import CaseState, Channel, Mark, ServiceCase, Way
from models.complaints.intake import take_call
from models.complaints.kinds import Problem
from models.errors import BadInput
from tests.estate import Estate
from tests.models.complaints.desk_world import MONDAY, ServiceDesk
from tests.reports.fees.test_papers import printed

S = CaseState
LONG = "楼道堆放𠮷牌纸箱和㛃家旧家具䶮" + "，多次劝说无效" * 25


@pytest.fixture
def desk(estate: Estate) -> ServiceDesk:
    return ServiceDesk(estate)


def flat(text: str) -> str:
    return text.replace("\n", "").replace(" ", "")


def test_a_complaint_tells_its_whole_course(desk: ServiceDesk, tmp_path: Path) -> None:
    with standing_at(MONDAY):
        call = take_call(
            [{"problem": Problem.find("T16"), "content": LONG, "demand": "要求道歉"}], unit=desk.unit,
            channel=Channel.HOTLINE, order_number="GD20260302-7", order_due=MONDAY + timedelta(hours=30),
        )  # fmt: skip
    case = call.cases.get()
    desk.bring(case, S.WORKING)
    with desk.later(hours=1):
        complaining.stop_violation(case, "当场制止堆放")
        complaining.answer(case, "已清理并道歉", Way.HOME, finding="属实", measures="清走杂物")
        complaining.review([case])
    with desk.later(hours=1):
        desk.visit(case, Mark.VERY_GOOD)
    text, reader = printed("CS-02", tmp_path, number=case.number)
    told = flat(text)
    for words in (
        "TS-202603-001", "GD20260302-7", "要求道歉", "林经办", "制止违章：当场制止堆放", "已清理并道歉",
        "上门", "属实", "很满意", "项回访", "𠮷牌", "㛃家", "䶮", "1栋1单元101",
    ):  # fmt: skip
        assert words in told, words
    assert "138" not in told and len(reader.pages) == 1


def test_what_is_not_done_yet_leaves_room_for_a_pen_and_boxes_to_tick(
    desk: ServiceDesk, tmp_path: Path
) -> None:
    repair = desk.report("B03")
    text, reader = printed("CS-03", tmp_path, number=repair.number)
    assert len(reader.pages) == 3 and all(words in text for words in ("存根联", "财务联", "业主联"))
    assert "以下空白" not in text and "□有偿" in flat(text) and "□很满意" in flat(text)
    complaint = desk.complain()
    text, _ = printed("CS-02", tmp_path, number=complaint.number)
    assert "□认可" in flat(text) and "□外部" in flat(text)


def test_a_repair_tells_what_it_took_on_one_page_each(desk: ServiceDesk, tmp_path: Path) -> None:
    case = desk.bring(desk.report("B01"), S.ARRIVED)
    rows = [
        {"name": name, "spec": "DN15", "measure": "个", "quantity": Decimal(2), "price": Decimal("17.5")}
        for name in ("角阀䶮牌", "软管")
    ]
    with desk.later(hours=1):
        repairing.quote(case, rows, Decimal("30.00"))
    for deed in ("agree", "finish", "accept"):
        with desk.later(hours=1):
            getattr(desk, deed)(case)
    text, reader = printed("CS-03", tmp_path, number=case.number)
    told = flat(text)
    for words in ("角阀䶮牌", "35.00", "100.00", "人民币壹佰元整", "王桂芳03-02", "魏维修", "待回访"):
        assert words in told, words
    assert len(reader.pages) == 3


def test_what_was_taken_back_says_so_across_the_sheet(desk: ServiceDesk, tmp_path: Path) -> None:
    case = desk.bring(desk.complain(), S.WITHDRAWN)
    assert "已撤回" in flat(printed("CS-02", tmp_path, number=case.number)[0])


def test_the_registers_tell_every_case_and_the_rates_of_the_month(desk: ServiceDesk, tmp_path: Path) -> None:
    for number, state in enumerate((S.CLOSED, S.WITHDRAWN, S.UNFOUNDED, S.RECEIVED)):
        desk.bring(desk.complain("T02", at=desk.at + timedelta(minutes=number)), state)
    text, _ = printed("CS-01", tmp_path, period="2026-03")
    told = flat(text)
    assert "受理4件（撤回1、不成立1不计）" in told
    assert "应办结2已办结1处理率50.0%" in told and "应回访1已回访1回访率100.0%" in told
    assert all(f"TS-202603-00{number}" in told for number in (1, 2, 3, 4)) and "无效" in told
    desk.bring(desk.report("B05", at=desk.at), S.CLOSED)
    told = flat(printed("CS-04", tmp_path, period="2026-03")[0])
    assert "到场及时率100.0%" in told and "返修率0.0%" in told and "魏维修" in told


def test_a_register_of_many_cases_goes_over_pages(desk: ServiceDesk, tmp_path: Path) -> None:
    for number in range(60):
        desk.complain("T16", at=MONDAY + timedelta(minutes=number))
    text, reader = printed("CS-01", tmp_path, period="2026-03")
    assert len(reader.pages) > 1 and "TS-202603-060" in text


def test_visits_that_reached_nobody_stand_on_the_sheet_too(desk: ServiceDesk, tmp_path: Path) -> None:
    case = desk.bring(desk.complain(), S.VISITING)
    task = visits.task_of(case)
    assert task is not None
    with desk.later(hours=1), deeds.acting(desk.visitor):
        visits.miss(task, words="无人接听")
    with desk.later(hours=5), deeds.acting(desk.visitor):
        visits.visit(task, Mark.BAD, words="还是老样子㛃")
    told = flat(printed("CS-05", tmp_path, period="2026-03")[0])
    assert "共2次，接通1次" in told and "未接通" in told and "还是老样子㛃" in told
    assert told.count(case.number) == 3  # twice where it comes from, once taken up again
    assert ServiceCase.get_by_id(case.id).reopened == 1


@pytest.mark.parametrize(
    ("code", "wish"),
    [("CS-01", {}), ("CS-02", {}), ("CS-03", {}), ("CS-04", {}), ("CS-05", {})],
)
def test_a_form_that_is_asked_for_by_nothing_says_by_what(
    desk: ServiceDesk, tmp_path: Path, code: str, wish: dict[str, str]
) -> None:
    with pytest.raises(BadInput, match="请写明"):
        printed(code, tmp_path, **wish)


def test_each_sort_has_its_own_form(desk: ServiceDesk, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="请打印 CS-03"):
        printed("CS-02", tmp_path, number=desk.report().number)


@pytest.mark.parametrize("code", ["CS-01", "CS-02", "CS-03", "CS-04", "CS-05"])
def test_each_form_prints_empty(desk: ServiceDesk, tmp_path: Path, code: str) -> None:
    text, reader = printed(code, tmp_path, blank=True)
    assert f"JL-{code}A/0" in text and len(reader.pages) == (3 if code == "CS-03" else 1)


def test_the_day_on_which_the_desk_stands_is_a_working_monday() -> None:
    assert datetime(2026, 3, 2, 9) == MONDAY and MONDAY.weekday() == 0
