"""What is promised at home, at meetings and at the counter: answered at once, or by somebody by a day."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from desktop import modules
from models import deeds
from models.base import db
from models.checks import run_invariants
from models.clock import standing_at
from models.complaints.cases import Mark
from models.complaints.contact import commitments as promises
from models.complaints.contact.commitments import Commitment, CommitmentState, Origin, of_source
from models.complaints.contact.forums import Forum, ForumState, drop_forum, hold_forum, plan_forum
from models.complaints.contact.home_plans import coverage, households, plan_home_visits
from models.complaints.contact.homes import (
    HomeKind,
    HomeState,
    HomeVisit,
    add_care,
    add_home_visit,
    drop_home_visit,
    end_care,
    home_visit,
    nobody_home,
)
from models.complaints.contact.mediations import (
    Dispute,
    Mediation,
    MediationState,
    add_mediation,
    fail_mediation,
    settle_mediation,
)
from models.complaints.contact.owner_requests import OwnerRequest, RequestKind, finish_request, take_request
from models.complaints.contact.proposals import (
    Decision,
    Proposal,
    add_proposal,
    decide_proposal,
    tell_proposal,
)
from models.complaints.contact.receptions import Manner, Reception, receive
from models.complaints.kinds import Kind
from models.complaints.visits import Source, VisitTask, visit
from models.desk import reminders_on
from models.errors import BadInput, RuleBroken
from models.listings import LISTS, Filters
from models.months import Period
from models.owners.estate import UnitState
from models.rows import RowRefused
from models.search import find
from tests.estate import Estate, writing
from tests.models.complaints.desk_world import MONDAY, ServiceDesk
from tests.office_people import worker

modules.load()
TODAY = MONDAY.date()


@pytest.fixture
def desk(estate: Estate) -> ServiceDesk:
    made = ServiceDesk(estate)
    with writing():
        made.unit.move_to(UnitState.OCCUPIED)
    return made


def days(count: int) -> date:
    return TODAY + timedelta(days=count)


def at(count: int) -> Any:
    return standing_at(MONDAY + timedelta(days=count))


def request(desk: ServiceDesk) -> OwnerRequest:
    with standing_at(MONDAY):
        return take_request(desk.unit, "王桂芳", RequestKind.PAPERS, "办卡", desk.handler, days(3))


# -- promises --------------------------------------------------------------------------------------


def test_a_promise_is_done_and_told_once(desk: ServiceDesk) -> None:
    one = request(desk).commitment
    with at(2):
        promises.fulfil(one, "已办好")
        assert one.state is CommitmentState.DONE and one.told == "已办好（2026-03-04）"
        with pytest.raises(RuleBroken, match="现在是“已办”"):
            promises.fulfil(one, "再办一次")
        promises.tell(one, "电话")
        with pytest.raises(RuleBroken, match="反馈过"):
            promises.tell(one, "电话")


def test_a_promise_is_put_off_with_a_reason_and_counted(desk: ServiceDesk) -> None:
    one = request(desk).commitment
    with at(1):
        with pytest.raises(BadInput, match="不晚于现在的"):
            promises.put_off(one, days(3), "缺材料")
        promises.put_off(one, days(6), "缺材料")
        promises.put_off(one, days(7), "还缺")
    assert (one.put_off, one.due, one.why) == (2, days(7), "还缺")
    with at(1):
        promises.drop(one, "申请人撤回")
        with pytest.raises(RuleBroken):
            promises.fulfil(one, "办好")
        with pytest.raises(RuleBroken, match="不用再反馈"):
            promises.tell(one, "电话")


@pytest.mark.parametrize(("done", "says"), [(4, "还没有到"), (-3, "早于承诺日期")])
def test_a_promise_is_done_between_its_making_and_today(desk: ServiceDesk, done: int, says: str) -> None:
    one = request(desk).commitment
    with at(2), pytest.raises(BadInput, match=says):
        promises.fulfil(one, "已办好", done_on=days(done))
    assert Commitment.get().state is CommitmentState.OPEN


def test_the_list_says_how_a_promise_stands_to_its_day(desk: ServiceDesk) -> None:
    one = request(desk).commitment
    listed = LISTS["commitments"]
    with at(4):
        assert listed().plain(next(iter(listed().rows())))["term"] == "超期"
        told = [each.count for each in reminders_on(days(4)) if "承诺事项超期" in each.title]
        assert told == [1]
        promises.fulfil(one, "晚了一天")
        assert listed().plain(next(iter(listed().rows())))["term"] == "超期办结"
        assert listed(Filters(unit=desk.unit)).count() == 1


# -- the counter -----------------------------------------------------------------------------------


def test_an_application_is_finished_with_its_promise(desk: ServiceDesk) -> None:
    one = request(desk)
    assert one.number == "SL-202603-001" and of_source(one.number) == [one.commitment]
    with at(1):
        finish_request(one, "已制卡")
        with pytest.raises(RuleBroken):
            finish_request(one, "再制一张")
    assert one.confirmed_by == "王桂芳" and Commitment.get().told_on == days(1)


def test_an_application_falls_due_later(desk: ServiceDesk) -> None:
    with standing_at(MONDAY), pytest.raises(BadInput, match="已经过了"):
        take_request(desk.unit, "王桂芳", RequestKind.PAPERS, "办卡", desk.handler, days(-1))
    assert OwnerRequest.select().count() == Commitment.select().count() == 0


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({}, "至少一项"),
        ({"name": "李来访"}, "请填当场答复"),
        ({"name": "李来访", "due": days(3)}, "请填当场答复|还缺责任人"),
        ({"name": "李来访", "result": "已说明", "due": days(3)}, "还缺责任人"),
        ({"name": "李来访", "result": "已说明", "at": datetime(2026, 3, 9)}, "还没有到"),
    ],
)
def test_a_visitor_is_answered_or_somebody_will(desk: ServiceDesk, given: dict[str, Any], says: str) -> None:
    with standing_at(MONDAY), pytest.raises(BadInput, match=says):
        receive("查看公共收益账目", **given)
    assert Reception.select().count() == 0


def test_a_visitor_is_of_a_house_an_organisation_or_a_name(desk: ServiceDesk) -> None:
    with standing_at(MONDAY):
        one = receive("查账", unit=desk.unit, staff=desk.handler, due=days(5))
        case = desk.complain()
        two = receive("投诉态度", Manner.LETTER, organisation="枫林社区", case=case)
    assert (one.whence, two.whence) == ("1-1-101", "枫林社区") and one.commitment.origin is Origin.RECEPTION
    assert two.commitment is None
    listed = LISTS["receptions"](Filters(case=case))
    assert [listed.plain(row)["number"] for row in listed.rows()] == [two.number]


# -- proposals -------------------------------------------------------------------------------------


def test_a_proposal_is_decided_once_and_whoever_made_it_is_told(desk: ServiceDesk) -> None:
    with standing_at(MONDAY):
        one = add_proposal("增设快递柜", Kind.FACILITIES, unit=desk.unit)
        with pytest.raises(RuleBroken, match="还没有答复"):
            tell_proposal(one, "电话")
        with pytest.raises(BadInput, match="采纳的要填责任人"):
            decide_proposal(one, Decision.YES, "有需要")
        with pytest.raises(BadInput, match="不采纳的不用填"):
            decide_proposal(one, Decision.NO, "费用高", staff=desk.handler, due=days(9))
        decide_proposal(one, Decision.YES, "有需要", staff=desk.handler, due=days(9))
        with pytest.raises(RuleBroken, match="已答复“采纳”"):
            decide_proposal(one, Decision.NO, "反悔")
        tell_proposal(one, "电话")
        with pytest.raises(RuleBroken, match="反馈过"):
            tell_proposal(one, "电话")
    assert of_source(one.number)[0].due == days(9)
    with pytest.raises(BadInput, match="房号或来源"):
        add_proposal("没有来源", Kind.OTHER)
    assert Proposal.select().count() == 1


# -- mediations ------------------------------------------------------------------------------------


def test_a_dispute_is_settled_or_sent_on(desk: ServiceDesk) -> None:
    with standing_at(MONDAY):
        with pytest.raises(BadInput, match="不能是同一人"):
            add_mediation(Dispute.LEAK, desk.unit, "王", "王", "漏水", other_unit=desk.unit)
        one = add_mediation(Dispute.LEAK, desk.unit, "王桂芳", "李上层", "漏水")
        two = add_mediation(Dispute.NOISE, desk.unit, "王桂芳", "李上层", "噪声")
        follow = [{"words": "一月后回看", "staff": desk.handler, "due": days(30)}]
        with pytest.raises(BadInput, match="早于受理"):
            settle_mediation(one, "上门", "各半", desk.handler, at=MONDAY - timedelta(hours=1))
        settle_mediation(one, "上门两次", "费用各半", desk.handler, promises=follow)
        fail_mediation(two, "不让步", "人民调解", desk.handler)
        with pytest.raises(RuleBroken, match="已于 2026-03-02 登记“达成协议”"):
            fail_mediation(one, "反悔", "诉讼", desk.handler)
        late = [{"words": "x", "staff": desk.handler, "due": days(-2)}]
        with pytest.raises(RowRefused, match="已经过了"):
            settle_mediation(
                add_mediation(Dispute.PETS, desk.unit, "王桂芳", "赵", "狗"),
                "c",
                "a",
                desk.handler,
                promises=late,
            )
    assert [each.words for each in of_source(one.number)] == ["一月后回看"]
    states = [each.state for each in Mediation.select().order_by(Mediation.id)]
    assert states == [MediationState.AGREED, MediationState.FAILED, MediationState.OPEN]


# -- meetings --------------------------------------------------------------------------------------


def test_minutes_are_written_after_the_meeting_and_what_was_promised_falls_due(desk: ServiceDesk) -> None:
    with standing_at(MONDAY):
        forum = plan_forum("恳谈会", MONDAY + timedelta(days=3), "活动室", "听取意见")
        with pytest.raises(RuleBroken, match="还没有开"):
            hold_forum(forum, "何", "方", "8 人")
    said = [{"unit": desk.unit, "words": "电梯响", "answer": "本周修"}]
    with at(4):
        assert [one.title for one in reminders_on(days(4)) if "还没有纪要" in one.title]
        bad = [{"words": "贴结果", "staff": desk.handler, "due": days(1)}]
        with pytest.raises(RowRefused, match="已经过了"):
            hold_forum(forum, "何", "方", "8 人", said, bad)
        assert Forum.get().state is ForumState.PLANNED
        forum = Forum.get()
        hold_forum(forum, "何", "方", "8 人", said, [{**bad[0], "due": days(9)}])
        with pytest.raises(RuleBroken):
            drop_forum(forum, "不开了")
    assert forum.number == "KT-2026-01" and forum.speeches.count() == 1
    assert of_source("KT-2026-01")[0].staff == desk.handler


def test_a_half_year_without_a_meeting_is_reminded_of_in_time(desk: ServiceDesk) -> None:
    def told(day: date) -> list[str]:
        return [one.title for one in reminders_on(day) if "恳谈会，" in one.title]

    assert told(date(2026, 4, 1)) == []
    assert told(date(2026, 6, 1)) == ["2026H1 还没有开恳谈会，2026-06-30 前至少一次"]
    plan_forum("恳谈会", datetime(2026, 6, 20, 14), "活动室", "听取意见")
    assert told(date(2026, 6, 1)) == []


# -- visits at home --------------------------------------------------------------------------------


def plan(desk: ServiceDesk, **more: Any) -> list[HomeVisit]:
    with standing_at(MONDAY):
        plan_home_visits([desk.unit.building], more.pop("until", days(11)), desk.handler, desk.other, **more)
    return list(HomeVisit.select().order_by(HomeVisit.due, HomeVisit.id))


def test_every_household_is_planned_once_and_spread_over_working_days(
    desk: ServiceDesk, estate: Estate
) -> None:
    with writing():
        for number in range(102, 112):
            estate.house(str(number), owner=f"户{number}").move_to(UnitState.OCCUPIED)
    visits = plan(desk)
    assert len(visits) == households([desk.unit.building]).count() == 11
    assert visits[0].due == TODAY and visits[-1].due <= days(11)
    assert all(one.due.weekday() < 5 for one in visits), "nobody is visited on a rest day"
    assert len({one.due for one in visits}) == 10, "spread evenly over ten working days"
    with pytest.raises(RuleBroken, match="没有要安排的"):
        plan(desk)


def test_why_somebody_is_visited(desk: ServiceDesk, estate: Estate) -> None:
    with writing():
        houses = [desk.unit]
        for number in range(102, 105):
            houses.append(estate.house(str(number), owner=f"户{number}"))
            houses[-1].move_to(UnitState.OCCUPIED)
        houses[1].change(handed_over=days(-30))
    with standing_at(MONDAY):
        add_care(houses[3], "王老", "独居老人", TODAY)
    kinds = {one.unit_id: one.kind for one in plan(desk)}
    assert kinds[houses[1].id] is HomeKind.NEW and kinds[houses[3].id] is HomeKind.ALONE
    assert kinds[houses[0].id] is HomeKind.ROUTINE


def test_two_people_go_and_every_remark_is_answered(desk: ServiceDesk) -> None:
    visit_ = plan(desk)[0]
    with at(1):
        with pytest.raises(BadInput, match="不能是同一位"):
            home_visit(visit_, "王桂芳", visitor=desk.handler, second=desk.handler)
        with pytest.raises(RowRefused, match="要么当场答复"):
            home_visit(visit_, "王桂芳", remarks=[{"kind": Kind.CLEANING, "words": "脏"}])
        with pytest.raises(BadInput, match="还没有到"):
            home_visit(visit_, "王桂芳", at=MONDAY + timedelta(days=3))
        assert HomeVisit.get_by_id(visit_.id).state is HomeState.PLANNED
        visit_ = HomeVisit.get_by_id(visit_.id)
        said = [
            {"kind": Kind.CLEANING, "words": "楼道脏", "staff": desk.handler, "due": days(5)},
            {"kind": Kind.FEES, "words": "公摊看不懂", "answer": "当场解释"},
        ]
        home_visit(visit_, "王桂芳", "停水处理", said)
        with pytest.raises(RuleBroken, match="不能再登记"):
            home_visit(visit_, "王桂芳")
    one = of_source(visit_.number)[0]
    assert (one.words, one.unit) == ("楼道脏", desk.unit)
    with at(2):
        promises.put_off(one, days(7), "等保洁排班")
    said_ = LISTS["home_remarks"]()
    told = {row["words"]: (row["staff"], row["due"]) for row in map(said_.plain, said_.rows())}
    assert told == {"楼道脏": (desk.handler.name, f"{days(7)}"), "公摊看不懂": (None, None)}
    with at(3):
        promises.fulfil(one, "已清扫")
        task = VisitTask.get()
        assert (task.source, task.unit, task.case) == (Source.HOME_VISIT, desk.unit, None)
        assert (task.origin, task.about) == (visit_.number, "楼道脏")
        assert LISTS["visit_tasks"](Filters(unit=desk.unit)).count() == 1
        with deeds.acting(desk.visitor):
            visit(task, Mark.GOOD)
    assert LISTS["return_visits"](Filters(building=None, unit=desk.unit)).count() == 1


def test_coverage_counts_households_not_visits(desk: ServiceDesk, estate: Estate) -> None:
    with writing():
        estate.house("102", owner="李二").move_to(UnitState.OCCUPIED)
        estate.house("103", owner="空着")
    first = plan(desk)[0]
    with at(1):
        home_visit(first, "王桂芳")
        again = add_home_visit(first.unit, HomeKind.COMPLAINED, days(1), desk.handler, desk.other)
        home_visit(again, "王桂芳")
    found = coverage(Period.parse("2026-03"))
    assert [(one.households, one.visited, one.visits, one.planned) for one in found] == [(2, 1, 2, 1)]
    assert str(found[0].share) == "0.5"
    listed = LISTS["home_coverage"](Filters(period=Period.parse("2026-03")))
    assert listed.shown(next(iter(listed.rows())))[3] == "50.0%"


def test_who_is_looked_after_agreed_to_it(desk: ServiceDesk) -> None:
    with standing_at(MONDAY):
        with pytest.raises(RuleBroken, match="本人同意"):
            add_home_visit(desk.unit, HomeKind.ALONE, days(1), desk.handler, desk.other)
        with pytest.raises(BadInput, match="还没有到"):
            add_care(desk.unit, "王老", "独居", days(1))
        care = add_care(desk.unit, "王老", "独居", TODAY)
        with pytest.raises(RuleBroken, match="已登记"):
            add_care(desk.unit, "王老", "独居", TODAY)
        planned = add_home_visit(desk.unit, HomeKind.ALONE, days(1), desk.handler, desk.other)
        with pytest.raises(RuleBroken, match="已有待访的"):
            add_home_visit(desk.unit, HomeKind.ROUTINE, days(2), desk.handler, desk.other)
        nobody_home(planned, days(2), "敲门无人")
        assert (planned.absent, planned.due) == (1, days(2))
        drop_home_visit(planned, "住院")
        end_care(care)
        with pytest.raises(RuleBroken, match="结束"):
            end_care(care)
    assert HomeVisit.get().state is HomeState.DROPPED


def test_the_desk_counts_whom_nobody_looked_after_this_quarter(desk: ServiceDesk) -> None:
    def told() -> tuple[dict[str, str], list[int | None]]:
        listed = LISTS["cares"]()
        states = {row["who"]: row["state"] for row in map(listed.plain, listed.rows())}
        return states, [one.count for one in reminders_on(days(3)) if "关照对象" in one.title]

    with standing_at(MONDAY):
        add_care(desk.unit, "王老", "独居", TODAY)
        ended = add_care(desk.unit, "李奶奶", "行动不便", TODAY)
        end_care(ended)
        visit_ = add_home_visit(desk.unit, HomeKind.ALONE, days(1), desk.handler, desk.other)
    with at(3):
        assert told() == ({"王老": "本季未访", "李奶奶": "已结束"}, [1])
        assert LISTS["cares"](Filters(state="本季未访")).count() == 1
        home_visit(visit_, "王老")
        assert told() == ({"王老": "本季已访", "李奶奶": "已结束"}, [])


def test_registers_tell_of_the_houses_within_reach_alone(desk: ServiceDesk, estate: Estate) -> None:
    with standing_at(MONDAY):
        request(desk)
        receive("查账", unit=desk.unit, result="已说明")
        receive("社区来函", organisation="社区", result="已阅")
        add_proposal("快递柜", Kind.FACILITIES, unit=desk.unit)
        add_mediation(Dispute.LEAK, desk.unit, "王桂芳", "李上层", "漏水")
    with deeds.acting(worker("魏远处", "维修工")):
        counts = {name: LISTS[name]().count() for name in ("receptions", "proposals", "mediations")}
        assert counts == {"receptions": 1, "proposals": 0, "mediations": 0}, "of no house is everybody's"
        assert LISTS["owner_requests"]().count() == 0 and coverage(Period.parse("2026")) == []


def test_what_was_promised_earlier_is_done_on_its_day(desk: ServiceDesk) -> None:
    with at(0):
        forum = plan_forum("恳谈会", MONDAY, "活动室", "听取意见")
    with at(4):
        promised = [{"words": "贴结果", "staff": desk.handler, "due": days(2)}]
        hold_forum(forum, "何", "方", "8 人", None, promised)
        one = of_source(forum.number)[0]
        with pytest.raises(RuleBroken, match="还没有办结。请先办结"):
            promises.tell(one, "公示栏")
        promises.fulfil(one, "已贴", done_on=days(2))
    listed = LISTS["commitments"]()
    assert listed.plain(next(iter(listed.rows())))["term"] == "按期"


def test_check_finds_what_cannot_be(desk: ServiceDesk) -> None:
    one = request(desk).commitment
    visits = plan(desk)
    with at(1):
        promises.fulfil(one, "已办好")
        home_visit(visits[0], "王桂芳")
    assert [str(found) for found in run_invariants()] == []
    db.execute_sql("DROP TRIGGER commitment_once")
    db.execute_sql("UPDATE commitment SET done_on=NULL")
    db.execute_sql("UPDATE home_visit SET second_id=visitor_id")
    told = "".join(str(found) for found in run_invariants())
    assert "SL-202603-001 的承诺事项状态与日期不符" in told and "的状态与访问人不符" in told


def test_every_document_is_found_by_the_number_on_its_paper(desk: ServiceDesk) -> None:
    with at(0):
        numbers = [
            request(desk).number, receive("查账", unit=desk.unit, result="已说明").number,
            add_proposal("快递柜", Kind.FACILITIES, unit=desk.unit).number,
            add_mediation(Dispute.LEAK, desk.unit, "王桂芳", "李上层", "漏水").number,
            plan_forum("恳谈会", MONDAY, "活动室", "听取意见").number, plan(desk)[0].number,
        ]  # fmt: skip
    for number in numbers:
        hit = find(f"PC:CS-00:{number}")[0]
        assert hit.title == number and LISTS[hit.listing]().one(hit.id) is not None, number
    with deeds.acting(worker("魏远处", "维修工")):
        assert [number for number in numbers if find(number)] == [numbers[4]], "a meeting is everybody's"
