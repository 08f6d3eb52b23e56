"""One call, several matters: numbers, places, grades, repeats, orders; what cannot be is refused whole."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from models import deeds
from models.clock import standing_at
from models.complaints import complaining
from models.complaints.cases import Call, CallerKind, CaseState, Channel, ServiceCase
from models.complaints.hints import hints_for
from models.complaints.intake import take_call
from models.complaints.kinds import Grade, Kind, Place, Problem, Sort, add_problem
from models.complaints.outages import OutageKind, add_outage
from models.complaints.reach import printable
from models.complaints.terms import rules
from models.errors import BadInput, PermissionDenied, RuleBroken
from models.owners.estate import Building
from tests.estate import Estate, writing
from tests.models.complaints.desk_world import MONDAY, ServiceDesk
from tests.office_people import worker


def test_one_call_brings_several_cases_with_numbers_of_their_own(desk: ServiceDesk) -> None:
    call = desk.call("T16", "B03", "T07")
    told = [(one.number, one.sort, one.unit and one.unit.code) for one in call.cases]
    assert told == [
        ("TS-202603-001", Sort.COMPLAINT, "1-1-101"),
        ("BX-202603-0001", Sort.REPAIR, "1-1-101"),
        ("TS-202603-002", Sort.COMPLAINT, None),  # the stairs are everybody's
    ]
    assert {one.building.code for one in call.cases} == {"1"}
    assert (call.name, call.person.name) == ("王桂芳", "王桂芳")


@pytest.mark.parametrize(
    ("row", "more", "sentence"),
    [
        ({}, {"at": MONDAY + timedelta(minutes=1)}, "还没有到"),
        ({"code": "B03"}, {"unit": None}, "要填房号"),
        ({"code": "B10"}, {"unit": None}, "要填位置"),
        ({"grade": Grade.EMERGENCY}, {}, "没有“急修”这一级"),
        ({"code": "B03", "grade": Grade.APPOINTED}, {}, "预约上门时间"),
        ({"code": "B03", "appointed": MONDAY + timedelta(days=1)}, {}, "等级要选“预约”"),
        ({}, {"channel": Channel.HOTLINE}, "工单号"),
        ({}, {"channel": Channel.HOTLINE, "order_number": "GD1"}, "工单时限"),
        ({}, {"order_number": "GD1"}, "才有工单号"),
        ({}, {"channel": Channel.HOTLINE, "order_number": "1", "order_due": MONDAY}, "不晚于受理时间"),
        ({}, {"caller_kind": CallerKind.ANONYMOUS, "name": "王"}, "匿名"),
    ],
)
def test_a_call_that_cannot_be_is_refused_and_writes_nothing(
    desk: ServiceDesk, row: dict[str, Any], more: dict[str, Any], sentence: str
) -> None:
    matter = {"problem": Problem.find(row.pop("code", "T16")), "content": "内容", **row}
    with standing_at(MONDAY), pytest.raises(RuleBroken, match=sentence):
        take_call([matter], **{"unit": desk.unit, **more})
    assert Call.select().count() == ServiceCase.select().count() == 0
    assert desk.complain().number == "TS-202603-001"  # no number was lost


def test_what_cannot_go_together_cannot_be_entered(desk: ServiceDesk) -> None:
    with pytest.raises(BadInput, match="投诉没有“电”"):
        add_problem(sort=Sort.COMPLAINT, place=Place.HOME, kind=Kind.POWER, name="停电", grade=Grade.ORDINARY)
    with pytest.raises(BadInput, match="报修没有“重大”"):
        add_problem(sort=Sort.REPAIR, place=Place.HOME, kind=Kind.POWER, name="停电", grade=Grade.GRAVE)
    made = add_problem(sort=Sort.REPAIR, place=Place.HOME, kind=Kind.POWER, name="插排", grade=Grade.ORDINARY)
    assert made.code == "B20"
    made.retire()
    with pytest.raises(RuleBroken, match="已停用"):
        desk.call("B20")


def test_the_order_of_the_government_brings_its_own_deadline(desk: ServiceDesk) -> None:
    soon = MONDAY + timedelta(hours=8)
    case = desk.complain(channel=Channel.HOTLINE, order_number="GD20260302", order_due=soon)
    assert (case.due_at, case.call.order_number) == (soon, "GD20260302")
    late = desk.complain(
        "T02", channel=Channel.SUPERIOR, order_number="SJ1", order_due=MONDAY + timedelta(days=30)
    )
    assert late.due_at == datetime(2026, 3, 5, 18)  # the office's own promise is the shorter one


def test_the_same_matter_from_the_same_place_is_a_repeat(desk: ServiceDesk) -> None:
    first = desk.complain("B03")
    assert desk.complain("B03", at=MONDAY + timedelta(days=29)).again_of == first
    assert desk.complain("B02", at=MONDAY + timedelta(days=29)).again_of is None
    assert desk.complain("B03", at=MONDAY + timedelta(days=90)).again_of is None


def test_what_was_withdrawn_is_no_earlier_case(desk: ServiceDesk) -> None:
    desk.bring(desk.complain("B03"), CaseState.WITHDRAWN)
    assert desk.complain("B03", at=MONDAY + timedelta(days=1)).again_of is None


def test_the_third_complaint_of_the_same_is_grave_and_reported(desk: ServiceDesk) -> None:
    grades = [desk.complain("T16", at=MONDAY + timedelta(days=day)).grade for day in range(3)]
    assert grades == [Grade.ORDINARY, Grade.ORDINARY, Grade.GRAVE]
    last = ServiceCase.select().order_by(ServiceCase.id.desc()).get()
    assert last.reported_at == last.received_at
    with deeds.acting(desk.director):
        complaining.direct(last, "今天到场")
    assert ServiceCase.get_by_id(last.id).directed_at is not None


def test_hints_tell_of_outages_repeats_and_what_is_open(desk: ServiceDesk) -> None:
    desk.complain("B03")
    with standing_at(MONDAY):
        add_outage(OutageKind.WATER, "抢修中，下午恢复", buildings=[desk.unit.building])
        add_outage(OutageKind.POWER, "明天停电", since=MONDAY + timedelta(days=1))
    with standing_at(MONDAY + timedelta(hours=1)):
        told = [hint.words for hint in hints_for(desk.unit, [Problem.find("B03")])]
        nobody = [hint.words for hint in hints_for(None)]
    assert "抢修中，下午恢复" in told[0] and "王桂芳" in told[1]
    assert "第 2 次" in told[2] and "返修" in told[2]
    assert told[3].startswith("BX-202603-0001")
    assert not [words for words in told if "明天停电" in words]
    assert len(nobody) == 1


def test_hints_of_a_guard_name_nobody(desk: ServiceDesk) -> None:
    with deeds.acting(worker("郝保安", "巡逻员")), standing_at(MONDAY):
        assert not [hint for hint in hints_for(desk.unit) if "王桂芳" in hint.words]
        assert (
            take_call([{"problem": Problem.find("T05"), "content": "有陌生人", "area": "大堂"}]).cases.count()
            == 1
        )
        with pytest.raises(PermissionDenied):
            complaining.start(ServiceCase.get())


def test_the_place_that_is_named_goes_before_the_house_of_the_caller(
    desk: ServiceDesk, estate: Estate
) -> None:
    with writing():
        other = Building.add(community=estate.building.community, code="3", name="3栋")
    with standing_at(MONDAY):
        rows = [{"problem": Problem.find("B10"), "content": "不亮", "area": "3栋大堂"}]
        assert take_call(rows, unit=desk.unit).cases.get().building == other


def test_whoever_may_not_print_a_slip_is_offered_none(desk: ServiceDesk) -> None:
    call = desk.call("T05")
    assert [number for _, number in printable(call)] == ["TS-202603-001"]
    for role in ("巡逻员", "保安班长"):
        with deeds.acting(worker(f"保安{role}", role)):
            assert list(printable(call)) == []


def test_the_days_of_a_repeat_are_the_offices(desk: ServiceDesk) -> None:
    rules().edit(repeat_days=5)
    desk.complain("B03")
    assert desk.complain("B03", at=MONDAY + timedelta(days=6)).again_of is None
