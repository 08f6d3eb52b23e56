"""Visits back, outages, paid work and what the desk says of all that."""

from datetime import datetime, time, timedelta
from decimal import Decimal

import pytest

from desktop import modules
from models import deeds, search
from models.checks import run_invariants
from models.clock import standing_at
from models.complaints import complaining, repairing, visits, waiting
from models.complaints.cases import CallerKind, CaseState, Channel, Mark, Nature, Quality, ServiceCase, Way
from models.complaints.closing import close
from models.complaints.ending import end_outage, join_outage
from models.complaints.escalation import ladder
from models.complaints.housemap import cases_of_houses
from models.complaints.kinds import Grade, Kind, Sort
from models.complaints.materials import materials_of
from models.complaints.outages import OutageKind, add_outage
from models.complaints.tallies import tally
from models.complaints.terms import rules
from models.complaints.trades import add_trade
from models.complaints.visits import ReturnVisit, TaskState, VisitTask
from models.desk import reminders_on
from models.errors import BadInput, RuleBroken
from models.fees.bills import Bill
from models.fees.charging import void_service
from models.fees.items import Basis, Category
from models.fees.services import Service, add_service
from models.listings import LISTS, Filters
from models.months import Period
from models.office.accounts import Account
from models.owners.people import Ownership
from tests.estate import Estate
from tests.models.complaints.desk_world import MONDAY, PATHS, ServiceDesk

modules.load()
S = CaseState


def sound() -> bool:
    return run_invariants() == []


def task(case: ServiceCase) -> VisitTask:
    found = visits.task_of(case)
    assert found is not None
    return found


# -- visits back -------------------------------------------------------------------------------


def test_whoever_had_a_case_in_hand_does_not_visit_it_back(desk: ServiceDesk) -> None:
    case = desk.bring(desk.complain(), S.WORKING)
    with desk.later(hours=1):
        complaining.transfer(case, desk.other, "请假")
        complaining.answer(case, "已处理")
        complaining.review([case])
    for visitor in (desk.handler, desk.other):
        with desk.later(hours=1), pytest.raises(RuleBroken, match="不能回访自己办的事"):
            visits.visit(task(case), Mark.GOOD, visitor=visitor)
    assert ReturnVisit.select().count() == 0
    desk.visit(case)
    assert (case.state, case.mark) == (S.VISITED, Mark.GOOD) and sound()


def test_a_complaint_is_visited_back_within_the_offices_days(desk: ServiceDesk) -> None:
    case = desk.bring(desk.complain(), S.VISITING)
    assert task(case).due.isoformat() == "2026-03-05"  # three days after the answer of Monday
    rules().edit(visit_complaint=5)
    other = desk.bring(desk.complain("T02"), S.VISITING)
    assert task(other).due.isoformat() == "2026-03-09"  # Saturday moves on to Monday


def test_a_displeased_visit_takes_the_case_up_again_and_keeps_its_first_closing(desk: ServiceDesk) -> None:
    case = desk.bring(desk.complain(), S.CLOSED)
    first = case.first_closed_at
    with desk.later(days=1):
        complaining.reopen(case, "又来了")
    with desk.later(hours=1):
        complaining.answer(case, "再次处理")
        complaining.review([case])
    with desk.later(hours=1):
        desk.visit(case, Mark.VERY_BAD)
    assert (case.state, case.reopened, case.handler) == (S.ASSIGNED, 2, desk.handler)
    assert ReturnVisit.select().order_by(ReturnVisit.id.desc()).get().again == case.number
    for deed in ("start", "answer", "review", "visit", "close"):
        with desk.later(hours=1):
            getattr(desk, deed)(case)
    assert case.first_closed_at == first and case.closed_at > first and sound()


def test_nobody_is_let_go_before_so_many_attempts(desk: ServiceDesk) -> None:
    case = desk.bring(desk.complain(), S.VISITING)
    waits = task(case)
    for number in range(3):
        with pytest.raises(RuleBroken, match=f"只登记了 {number} 次"):
            visits.give_up(waits, "打不通")
        with desk.later(hours=2), deeds.acting(desk.visitor):
            visits.miss(waits)
            with pytest.raises(BadInput, match="不要登记两遍"):
                visits.miss(waits)
    visits.give_up(waits, "打不通")
    case = ServiceCase.get_by_id(case.id)
    assert (case.state, case.visited_at, waits.state) == (S.VISITED, None, TaskState.UNREACHED) and sound()


def test_satisfaction_and_quality_are_kept_apart(desk: ServiceDesk) -> None:
    case = desk.bring(desk.complain(), S.VISITING)
    with desk.later(hours=1), deeds.acting(desk.visitor):
        visits.visit(task(case), Mark.VERY_GOOD, quality=Quality.BAD, words="态度好，但没修好")
    case = ServiceCase.get_by_id(case.id)
    assert (case.mark, case.quality, case.state) == (Mark.VERY_GOOD, Quality.BAD, S.VISITED)


@pytest.mark.parametrize(("hours", "sentence"), [(99, "还没有到"), (-99, "早于办结时间")])
def test_a_visit_has_its_time_after_the_answer_and_not_ahead(
    desk: ServiceDesk, hours: int, sentence: str
) -> None:
    case = desk.bring(desk.complain(), S.VISITING)
    with desk.later(hours=1), deeds.acting(desk.visitor), pytest.raises(BadInput, match=sentence):
        visits.visit(task(case), Mark.GOOD, at=desk.at + timedelta(hours=hours))
    assert ReturnVisit.select().count() == 0


def test_of_repairs_a_share_is_visited_back_but_some_always(desk: ServiceDesk) -> None:
    rules().edit(repair_share=1)
    plain = [desk.bring(desk.report("B05", at=desk.at), S.FINISHED) for _ in range(3)]
    first, second, third = plain
    for case in plain:
        with desk.later(hours=1):
            repairing.accept(case, "王桂芳")
    assert first.state is S.CLOSED  # neither urgent nor paid, no return repair, not drawn
    assert (second.state, third.state) == (S.VISITING, S.VISITING)  # return repairs of the first
    with desk.later(hours=1):
        bad = desk.bring(desk.report("B07", at=desk.at), S.FINISHED)
    with desk.later(hours=1):
        repairing.accept(bad, "王桂芳", Mark.BAD)
    assert bad.state is S.VISITING
    assert desk.bring(desk.report("B01", at=desk.at), S.VISITING).state is S.VISITING


def test_the_share_that_is_drawn_is_about_the_share_that_was_set(desk: ServiceDesk) -> None:
    rules().edit(repair_share=30)
    case = desk.report("B05")
    drawn = 0
    for number in range(2_000):
        case.number = f"BX-202603-{number:04d}"
        drawn += visits.is_drawn(case)
    assert 540 <= drawn <= 660


# -- repairs -----------------------------------------------------------------------------------


def test_a_repair_is_sent_to_somebody_of_its_trade(desk: ServiceDesk) -> None:
    add_trade(desk.repairer, Kind.POWER)
    with pytest.raises(RuleBroken, match="工种是 电，不修"):
        repairing.dispatch([desk.report("B03")], desk.repairer)
    repairing.dispatch([desk.report("B05")], desk.repairer)


def test_who_takes_over_a_repair_has_not_arrived_yet(desk: ServiceDesk) -> None:
    case = desk.bring(desk.report(), S.ARRIVED)
    first = case.first_at
    with desk.later(hours=1):
        complaining.transfer(case, desk.other, "工种不对")
    with desk.later(hours=1):
        waiting.wait(case, "业主外出")
    with desk.later(hours=1):
        waiting.resume(case)
    assert (case.state, case.first_at) == (S.DISPATCHED, first)


def test_what_was_found_before_stays_when_it_is_answered_anew(desk: ServiceDesk) -> None:
    case = desk.bring(desk.complain(), S.WORKING)
    with desk.later(hours=1):
        complaining.answer(case, "已处理", finding="属实", measures="加派人手")
        complaining.send_back(case, "没说清楚")
        complaining.answer(case, "再次处理")
    assert (case.answer, case.finding, case.measures) == ("再次处理", "属实", "加派人手")


def test_paid_work_is_agreed_on_first_and_costs_no_more(desk: ServiceDesk) -> None:
    case = desk.bring(desk.report(), S.ARRIVED)
    with desk.later(hours=1), pytest.raises(RuleBroken, match="还没有确认报价"):
        repairing.finish(case, "换了阀芯", Nature.PAID)
    rows = [{"name": "阀芯", "measure": "个", "quantity": Decimal(2), "price": Decimal("17.5")}]
    with desk.later(hours=1):
        repairing.quote(case, rows, Decimal("30.00"))
    assert (case.quoted, case.state) == (Decimal("65.00"), S.QUOTED)
    with desk.later(hours=1):
        repairing.agree(case, "王桂芳")
        dearer = [{**rows[0], "quantity": Decimal(3)}]
        with pytest.raises(RuleBroken, match="超过业主确认的"):
            repairing.finish(case, "换了阀芯", Nature.PAID, dearer, Decimal("30.00"))
        repairing.finish(case, "换了阀芯", Nature.PAID)
    assert case.cost == Decimal("65.00") and [one.amount for one in materials_of(case)] == [Decimal("35.00")]


def paid_service(estate: Estate) -> Service:
    item = estate.item("维修费", basis=Basis.FIXED, category=Category.SERVICE)
    made: Service = add_service(code="W", name="有偿维修", measure="次", price=Decimal(1), item=item)
    return made


def test_paid_work_makes_one_charge_in_fees(estate: Estate, desk: ServiceDesk) -> None:
    service = paid_service(estate)
    case = desk.bring(desk.report(), S.QUOTED)
    for deed in ("agree", "finish", "accept"):
        with desk.later(hours=1):
            getattr(desk, deed)(case)
    slip = repairing.charge(case, service)
    line = Bill.get(Bill.source == slip.number)
    assert (line.amount, line.unit, slip.note) == (Decimal("80.00"), desk.unit, f"报修单 {case.number}")
    with pytest.raises(RuleBroken, match="不再收第二次"):
        repairing.charge(case, service)
    void_service(slip, "业主改现付")
    assert repairing.charge(case, service).number != slip.number and sound()


@pytest.mark.parametrize("nature", [Nature.FREE, Nature.WARRANTY])
def test_what_is_free_or_under_warranty_charges_nobody(
    estate: Estate, desk: ServiceDesk, nature: Nature
) -> None:
    case = desk.bring(desk.report(), S.ARRIVED)
    rows = [{"name": "阀芯", "measure": "个", "quantity": Decimal(1), "price": Decimal(20)}]
    with desk.later(hours=1):
        repairing.finish(case, "换了阀芯", nature, rows)
    assert case.cost == 0 and materials_of(case)[0].amount == Decimal("20.00")
    with pytest.raises(RuleBroken, match="没有可收的费用"):
        repairing.charge(case, paid_service(estate))


def test_what_is_done_anew_stays_charged_as_it_was(estate: Estate, desk: ServiceDesk) -> None:
    case = desk.bring(desk.report(), S.QUOTED)
    for deed in ("agree", "finish", "accept"):
        with desk.later(hours=1):
            getattr(desk, deed)(case)
    repairing.charge(case, paid_service(estate))
    with desk.later(hours=1):
        desk.visit(case, Mark.BAD)
    for deed in ("arrive", "finish"):
        with desk.later(hours=1):
            getattr(desk, deed)(case)
    assert (case.cost, case.reopened) == (Decimal("80.00"), 1) and sound()


def test_work_that_all_share_is_quoted_to_nobody(desk: ServiceDesk) -> None:
    case = desk.bring(desk.report("B10"), S.ARRIVED)
    with desk.later(hours=1), pytest.raises(RuleBroken, match="不向业主收费"):
        repairing.quote(case, labour=Decimal(10))


# -- answers -----------------------------------------------------------------------------------


def test_nothing_is_answered_before_it_was_received_or_ahead_of_now(desk: ServiceDesk) -> None:
    case = desk.bring(desk.complain(), S.WORKING)
    before = case.as_stored()
    for at in (MONDAY - timedelta(minutes=1), desk.at + timedelta(days=1), MONDAY + timedelta(minutes=1)):
        with standing_at(desk.at), pytest.raises(BadInput, match="请核对时间"):
            complaining.answer(case, "已处理", Way.PHONE, at=at)
    assert ServiceCase.get_by_id(case.id).as_stored() == before


@pytest.mark.parametrize("state", [S.RECEIVED, S.ASSIGNED, S.WORKING, S.WAITING, S.REVIEW, S.VISITING])
def test_nothing_is_closed_before_its_time_and_the_sentence_says_what_to_do(
    desk: ServiceDesk, state: CaseState
) -> None:
    case = desk.bring(desk.complain(), state)
    with pytest.raises(RuleBroken, match="请先"):
        close([case])


def test_an_anonymous_complaint_without_a_house_needs_no_visit(desk: ServiceDesk) -> None:
    case = desk.complain("T20", unit=None, caller_kind=CallerKind.ANONYMOUS)
    desk.bring(case, S.REVIEW)
    with desk.later(hours=1):
        complaining.review([case])
    assert case.state is S.VISITED and VisitTask.select().count() == 0


def test_a_case_that_is_taken_up_again_has_its_promise_anew(desk: ServiceDesk) -> None:
    case = desk.bring(desk.complain(), S.CLOSED)
    with standing_at(datetime(2026, 3, 20, 9)):
        complaining.reopen(case, "又来了")
    assert case.due_at == datetime(2026, 3, 25, 18) and case.live


def test_who_gives_a_house_up_is_told_what_is_open(desk: ServiceDesk) -> None:
    desk.report("B03")
    owner = Ownership.get(Ownership.unit == desk.unit)
    with pytest.raises(RuleBroken, match="BX-202603-0001"):
        owner.end(until=datetime(2026, 3, 31).date())


def test_the_map_of_houses_shows_what_is_open_and_late(desk: ServiceDesk) -> None:
    desk.report("B03")
    with standing_at(MONDAY):
        assert cases_of_houses(MONDAY.date(), None)[desk.unit.id].answer.words == "有在办的"
    with standing_at(datetime(2026, 3, 20, 9)):
        told = cases_of_houses(MONDAY.date(), None)[desk.unit.id]
    assert (told.answer.words, told.words) == ("有超时未办结的", "BX-202603-0001 龙头洁具损坏")


def test_a_case_is_found_by_its_number_and_by_the_order_it_came_with(desk: ServiceDesk) -> None:
    due = MONDAY + timedelta(days=1)
    case = desk.complain(channel=Channel.HOTLINE, order_number="GD20260302", order_due=due)
    for words in (case.number, "gd20260302", f"PC:CS-02:{case.number}"):
        assert [hit.title for hit in search.find(words)] == [case.number]


# -- outages -----------------------------------------------------------------------------------


def test_whoever_called_about_an_outage_is_closed_with_it(desk: ServiceDesk) -> None:
    with standing_at(MONDAY):
        outage = add_outage(OutageKind.WATER, "抢修中")
    joined = [desk.report("B01", outage=outage), desk.complain("T20", outage=outage)]
    later = desk.bring(desk.report("B02"), S.ARRIVED)
    with desk.later(hours=1):
        join_outage([later], outage)
        end_outage(outage, "已恢复供水")
    for case in ServiceCase.those([one.id for one in (*joined, later)]):
        assert (case.state, case.answer, case.live) == (S.CLOSED, "已恢复供水", False)
    with pytest.raises(RuleBroken, match="恢复"):
        end_outage(outage, "又恢复了")
    with pytest.raises(BadInput, match="不能再并入"):
        desk.report("B01", outage=outage)
    assert sound()


def test_who_was_to_be_visited_back_is_not_missed_once_the_outage_closed_it(desk: ServiceDesk) -> None:
    with standing_at(MONDAY):
        outage = add_outage(OutageKind.WATER, "抢修中")
    case = desk.bring(desk.complain("T20", outage=outage), S.VISITING)
    with desk.later(hours=1):
        end_outage(outage, "已恢复")
    found = tally(Sort.COMPLAINT, Period.parse("2026"), desk.at)
    assert (found.done, found.to_visit, found.unreached) == (1, 0, 0)
    assert ServiceCase.get_by_id(case.id).visit_due is None and sound()


# -- what the desk says ------------------------------------------------------------------------


def test_the_ladder_says_who_is_told_next(desk: ServiceDesk) -> None:
    case = desk.complain()
    reached = [
        [rung.reached for rung in ladder(case, when)]
        for when in (MONDAY, datetime(2026, 3, 3, 10), datetime(2026, 3, 5, 19), datetime(2026, 3, 10, 19))
    ]
    assert reached == [[False] * 3, [True, False, False], [True, True, False], [True] * 3]
    assert [rung.whom for rung in ladder(case, MONDAY)] == ["客服主管", "管理处主任", "公司客户部经理"]


def test_the_desk_tells_what_is_late_waits_and_is_to_be_visited(desk: ServiceDesk) -> None:
    desk.complain()
    desk.bring(desk.complain("T02"), S.REVIEW)
    desk.bring(desk.report("B05", at=desk.at), S.FINISHED)
    desk.bring(desk.complain("T01", at=desk.at), S.VISITING)
    when = datetime(2026, 3, 20, 9)
    with standing_at(when):
        told = [one.title for one in reminders_on(when.date())]
    for words in (
        "1 件投诉报修超过承诺时限",
        "1 件待派单",
        "1 件答复待审核",
        "1 件维修待验收",
        "1 件回访过期",
    ):
        assert words in told


@pytest.mark.parametrize("hour", [9, 17])
def test_what_the_desk_counts_is_what_its_list_shows(desk: ServiceDesk, hour: int) -> None:
    """Cases in every state, paused, late and due today among them, as three people see them."""
    for sort, code in (("COMPLAINT", "T02"), ("REPAIR", "B05")):
        for state in PATHS[sort]:
            desk.bring(desk.complain(code, at=desk.at), state)
    desk.complain("B01", at=desk.at)  # urgent, and reported to nobody
    grave = desk.complain("T01", at=desk.at)
    with standing_at(desk.at):
        complaining.regrade(grave, Grade.GRAVE, "多户")
        complaining.report_case(desk.report("B07", at=desk.at), "公共安全")
    when = datetime.combine(desk.at.date() + timedelta(days=3), time(hour))
    handler = Account.get(Account.staff == desk.handler)
    for someone in (handler, desk.director, Account.get(Account.staff == desk.repairer)):
        with standing_at(when), deeds.acting(someone):
            told = [one for one in reminders_on(when.date()) if one.page in ("cases", "visit_tasks")]
            assert told
            for one in told:
                shown = LISTS[one.page](Filters(**one.filters)).meeting(*one.asked).count()
                assert shown == one.count, (someone.name, one.title)


def test_each_sort_is_refused_the_deeds_of_the_other(desk: ServiceDesk) -> None:
    with pytest.raises(RuleBroken, match="是报修，不是投诉"):
        complaining.assign([desk.report()], desk.handler)
    with pytest.raises(RuleBroken, match="是投诉，不是报修"):
        repairing.dispatch([desk.complain()], desk.repairer)
    assert {case.sort for case in ServiceCase.select()} == set(Sort)
