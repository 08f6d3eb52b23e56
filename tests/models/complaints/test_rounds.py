"""Daily rounds: points made by building, a round typed as a sheet, what is bad becomes a repair order."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from desktop import modules
from models import deeds
from models.audit import AuditEntry
from models.clock import standing_at
from models.complaints import repairing
from models.complaints.cases import CaseState, Channel, ServiceCase
from models.complaints.kinds import Kind, Problem, Sort
from models.complaints.rounds.inspecting import (
    Found,
    Inspection,
    InspectionLine,
    accepted,
    enter_inspection,
    points_of,
)
from models.complaints.rounds.points import INDOORS, InspectionPoint, Item, add_point, make_points
from models.complaints.steps import CaseStep, Step
from models.complaints.trades import add_trade
from models.entries import ENTRIES
from models.errors import BadInput, RuleBroken
from models.listings import LISTS, Filters
from models.months import Month
from models.office.roster.rosters import Roster, approve_roster, enter_roster
from models.office.signoffs import SignOff, SignOffState, read, sign_off_of
from models.office.staff import Department
from models.owners.estate import Building
from models.rows import RowRefused
from tests.estate import Estate, writing
from tests.models.complaints.desk_world import MONDAY, ServiceDesk

modules.load()


@pytest.fixture
def desk(estate: Estate) -> ServiceDesk:
    made = ServiceDesk(estate)
    make_points()
    return made


def row(point: InspectionPoint, found: Found = Found.GOOD, words: str | None = None) -> dict[str, Any]:
    return {"point": point, "found": found, "words": words}


def light(desk: ServiceDesk) -> InspectionPoint:
    return next(one for one in points_of(desk.unit.building) if one.item is Item.LIGHTING)


def test_points_are_made_once_for_each_building_and_the_grounds(desk: ServiceDesk) -> None:
    assert {one.item for one in points_of(desk.unit.building)} == set(INDOORS)
    assert len(points_of(None)) == len(Item)
    with pytest.raises(RuleBroken, match="都有了"):
        make_points()
    with pytest.raises(BadInput, match="不是公共部位的报修事项"):
        add_point(name="户内", item=Item.LIGHTING, standard="亮", problem=Problem.find("B03"))


def test_what_is_bad_becomes_a_repair_order_of_that_place(desk: ServiceDesk) -> None:
    points = points_of(desk.unit.building)
    with standing_at(MONDAY):
        made = enter_inspection(
            [
                row(points[0]),
                row(light(desk), Found.BAD, "二层不亮"),
                row(points[2], Found.FIXED, "清走纸箱"),
            ],
            inspector=desk.handler,
        ).inspection
    assert (made.number, made.told, made.inspector) == ("XC-202603-001", "巡查 3 项，异常 2 项", "林经办")
    case = ServiceCase.get()
    assert (case.sort, case.kind, case.call.channel) == (Sort.REPAIR, Kind.POWER, Channel.ROUND)
    assert (case.building, case.content) == (desk.unit.building, "巡查：二层不亮")
    lines = list(made.lines.order_by(InspectionLine.id))
    assert [line.case for line in lines] == [None, case, None]
    assert lines[1].due == case.due_at.date()
    assert accepted(lines[2]) == ("合格", "林经办") and accepted(lines[1]) == (None, None)
    told = sign_off_of(made.number).told
    assert told.startswith("巡查 3 项，异常 2 项，所巡范围还有 3 项没有查：") and "二层不亮" in told
    desk.bring(case, CaseState.VISITING)
    assert accepted(InspectionLine.get(InspectionLine.case == case)) == ("合格", "王桂芳")


def test_points_are_walked_from_the_grounds_on_in_the_order_of_the_estate(desk: ServiceDesk) -> None:
    with writing():
        for code in ("10", "2"):
            Building.add(community=desk.unit.building.community, code=code, name=f"{code}栋")
    make_points()
    walked = dict.fromkeys(one.building.name if one.building else None for one in points_of(None))
    assert list(walked) == [None, "1栋", "2栋", "10栋"]


def test_a_round_tells_its_orders_and_what_it_left_out(desk: ServiceDesk) -> None:
    points = points_of(None)
    mine = [one for one in points if one.building in (None, desk.unit.building)]
    walked = enter_inspection([row(one) for one in mine])
    assert walked.summary() == f"XC-{walked.inspection.at:%Y%m}-001 巡查 {len(mine)} 项，异常 0 项。"
    assert walked.inspection.where == "小区公共区域、1栋"
    walked = enter_inspection([row(light(desk), Found.BAD, "不亮")])
    order = ServiceCase.get().number
    entry = AuditEntry.select().order_by(AuditEntry.id.desc()).get()
    assert entry.subject == walked.inspection.number
    assert walked.summary().endswith(f"异常 1 项，报修单 {order}；所巡范围还有 {len(INDOORS) - 1} 项没有查。")
    assert walked.details() == {
        "number": walked.inspection.number, "orders": [order], "unseen": len(INDOORS) - 1,
    }  # fmt: skip
    assert walked.inspection.where == "1栋"


def test_ones_own_round_is_signed_by_another(desk: ServiceDesk) -> None:
    with deeds.acting(desk.lead):
        own = enter_inspection([row(light(desk))]).inspection
        theirs = enter_inspection([row(light(desk))], inspector=desk.handler).inspection
        with pytest.raises(RuleBroken, match="您自己做的巡查，要由上级签阅"):
            read([sign_off_of(own.number)])
        read([sign_off_of(theirs.number)])
        assert [one.state for one in SignOff.select().order_by(SignOff.id)] == [
            SignOffState.UNREAD, SignOffState.READ,
        ]  # fmt: skip
        assert LISTS["sign_offs"](Filters(state="待阅")).count() == 0, "one's own does not wait for oneself"
    with deeds.acting(desk.director):
        read([sign_off_of(own.number)])


def test_what_is_bad_still_is_noted_on_the_order_that_is_open(desk: ServiceDesk) -> None:
    for day in (0, 1):
        with standing_at(MONDAY + timedelta(days=day)):
            enter_inspection([row(light(desk), Found.BAD, f"第{day}天不亮")])
    case = ServiceCase.get()
    assert ServiceCase.select().count() == 1 and case.again_of is None
    noted = CaseStep.get(CaseStep.step == Step.NOTED)
    assert noted.words == "XC-202603-002 巡查仍异常：第1天不亮"
    desk.at = MONDAY + timedelta(days=1)
    desk.bring(case, CaseState.VISITING)
    with standing_at(MONDAY + timedelta(days=5)):
        enter_inspection([row(light(desk), Found.BAD, "又坏了")])
    newest = ServiceCase.select().order_by(ServiceCase.id.desc()).get()
    assert newest.again_of == case, "once it was done, the next one is a return repair"


@pytest.mark.parametrize(
    ("found", "words", "twice", "says"),
    [(Found.BAD, None, False, "要写问题描述"), (Found.GOOD, None, True, "重复了")],
)
def test_a_round_that_cannot_be_is_refused_whole(
    desk: ServiceDesk, found: Found, words: str | None, twice: bool, says: str
) -> None:
    rows = [row(light(desk)), row(light(desk) if twice else points_of(None)[0], found, words)]
    with pytest.raises(RowRefused, match=says):
        enter_inspection(rows)
    with pytest.raises(BadInput, match="还没有到"):
        enter_inspection([row(light(desk))], at=datetime.now() + timedelta(hours=2))
    assert Inspection.select().count() == ServiceCase.select().count() == 0


def test_the_sheet_offers_good_and_warns_without_points(desk: ServiceDesk) -> None:
    sheet = ENTRIES["inspecting"].sheet(Filters(building=desk.unit.building))
    assert len(sheet.lines) == len(INDOORS) and sheet.lines[0].offered == {"found": Found.GOOD}
    line = sheet.lines[0]
    assert sheet.judge(line, {"found": Found.BAD}) == "不正常的要写问题描述"
    assert sheet.follows is not None and "报修单" in sheet.follows(line, {"found": Found.BAD})
    for point in InspectionPoint.select():
        point.retire()
    assert "还没有巡查点" in ENTRIES["inspecting"].sheet(Filters()).warns


def test_the_lists_tell_rounds_and_lines(desk: ServiceDesk) -> None:
    enter_inspection([row(light(desk), Found.BAD, "不亮")])
    assert LISTS["inspections"]().count() == 1
    lines = LISTS["inspection_lines"](Filters(building=desk.unit.building, state="异常"))
    assert lines.plain(next(iter(lines.rows())))["case_state"] == "已登记"


def test_a_repair_is_not_given_to_somebody_who_rests(desk: ServiceDesk) -> None:
    add_trade(desk.repairer, Kind.WATER)
    add_trade(desk.other, Kind.WATER)
    with writing():
        for staff in (desk.repairer, desk.other):
            staff.change(department=Department.find("工程部"))
    turns = ((desk.repairer, "休早"), (desk.other, "早休"))
    with standing_at(MONDAY):
        month = Month(2026, 3)
        enter_roster([{"month": month, "staff": staff, "pattern": pattern} for staff, pattern in turns])
        case = desk.report("B03", at=MONDAY + timedelta(days=1))
    with writing():
        Roster.get().change(made_by="另一位")
    for roster in Roster.select():
        approve_roster(roster)
    with standing_at(MONDAY + timedelta(days=1, hours=1)):
        with pytest.raises(RuleBroken, match="03-03 是“休”。当班的有 乔另办"):
            repairing.dispatch([case], desk.repairer)
        repairing.dispatch([case], desk.other)
    assert ServiceCase.get().handler == desk.other
