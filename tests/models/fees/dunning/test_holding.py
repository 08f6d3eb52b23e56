"""What holds the ladder up or goes beyond it: deliveries, promises, disputes, chasers, cases; and guards."""

from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import pytest

from models.cards import card_of
from models.checks import run_invariants
from models.clock import standing_at
from models.deeds import DEEDS, acting
from models.desk import reminders_on
from models.entries import ENTRIES
from models.errors import BadInput, NeedsApproval, PermissionDenied, RuleBroken
from models.fees import invariants  # noqa: F401 - registered by being imported
from models.fees.bills import Bill
from models.fees.cashier import receive, void_receipt
from models.fees.dunning import checks, reminders  # noqa: F401 - registered by being imported
from models.fees.dunning.chasing import Chase, assign_chaser, chasers_on, guards_who_chase
from models.fees.dunning.delivering import deliver, deliver_list, withdraw_delivery
from models.fees.dunning.disputes import dispute, disputes
from models.fees.dunning.issuing import dun, dun_unit
from models.fees.dunning.legal import LegalCase, case_of, hand_over, legal, ripe, take_back_case
from models.fees.dunning.letters import (
    Arrival,
    DunningLetter,
    LetterDelivery,
    Way,
    attempts_of,
    void_letters,
)
from models.fees.dunning.lists import deliveries, dunning
from models.fees.dunning.promises import PaymentPromise, promise, promises
from models.fees.dunning.rules import rules
from models.listings import LISTS, Filters
from models.months import Month
from models.office.staff import Staff
from models.owners import lists  # noqa: F401 - the card of a house
from models.owners.caretaking import CareKind, assign_caretaker
from models.owners.estate import Unit
from models.rows import RowRefused
from models.search import find
from tests.estate import Estate, stop_chains, writing
from tests.models.fees.dunning.ladder_world import FIRST, SECOND, climb, handed, letters, owing, run, worker
from tests.models.fees.world import Collector
from tests.office_people import worker as account

NOON = datetime.combine(FIRST, time(12))


@pytest.fixture(autouse=True)
def books_hold(estate: Estate) -> Iterator[None]:
    yield
    assert run_invariants() == []


@pytest.fixture
def house(estate: Estate) -> Unit:
    """A house that owes 100.00 since 25 January 2026."""
    unit = owing(estate)
    run()
    return unit


# -- deliveries ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"way": Way.HAND}, "面交要填签收人"),
        ({"way": Way.MAIL}, "邮寄要填 EMS 单号"),
        ({"way": Way.MAIL, "outcome": Arrival.FAILED}, "邮寄要填 EMS 单号"),
        ({"way": Way.BOX, "tracking": "EMS1"}, "信箱没有 EMS 单号"),
        ({"way": Way.LEFT}, "要写两位见证人"),
        ({"way": Way.LEFT, "witnesses": "张三"}, "要写两位见证人"),
        ({"way": Way.LEFT, "witnesses": "张三、张三"}, "要写两位见证人"),
        ({"way": Way.BOX, "at": datetime(2026, 2, 1, 12)}, "早于开单日"),
        ({"way": Way.BOX, "at": datetime(2099, 2, 1, 12)}, "还没有到"),
    ],
)
def test_a_delivery_needs_what_its_way_needs(house: Unit, given: dict[str, Any], says: str) -> None:
    dun_unit(house, on=FIRST)
    with pytest.raises(BadInput, match=says):
        deliver(letters()[0], **{"by": worker(), "at": NOON, **given})
    assert LetterDelivery.select().count() == 0


def test_a_refused_letter_is_left_before_two_witnesses_or_tried_again(house: Unit) -> None:
    dun_unit(house, on=FIRST)
    handed(letters()[0], FIRST, Way.HAND, outcome=Arrival.FAILED, signed_by=None)
    handed(letters()[0], FIRST, Way.LEFT, witnesses="居委会周洁，邻居赵平")
    told = deliveries(Filters())
    assert {told.plain(row)["worth"] for row in told.rows()} == {"未送达", "缺凭据"}


def test_a_void_letter_is_not_delivered(house: Unit) -> None:
    dun_unit(house, on=FIRST)
    void_letters(letters(), "写错")
    with pytest.raises(RuleBroken, match="已作废"):
        handed(DunningLetter.get(), FIRST)


def test_many_deliveries_are_entered_on_a_sheet_all_of_them_or_none(estate: Estate) -> None:
    for room in ("101", "102", "103"):
        owing(estate, room)
    run()
    dun(on=FIRST)
    sheet = ENTRIES["delivering"].sheet(Filters())
    assert [line.told[1] for line in sheet.lines] == ["1-1-101", "1-1-102", "1-1-103"]
    first = sheet.lines[0]
    assert sheet.judge(first, {}) == "没有填送达方式"
    assert sheet.judge(first, {"way": Way.MAIL}) == "邮寄要填 EMS 单号"
    assert sheet.judge(first, {"way": Way.MAIL, "tracking": "EMS1"}) == ""
    assert sheet.follows is not None and "添加凭据" in sheet.follows(first, {"tracking": "EMS1"})
    rows = [{"letter": one, "way": Way.HAND, "signed_by": "本人"} for one in letters()]
    with pytest.raises(RowRefused, match="第 2 行：CJ1-202602-002 面交要填签收人"):
        deliver_list([rows[0], {**rows[1], "signed_by": None}], NOON, worker())
    assert LetterDelivery.select().count() == 0
    done = deliver_list([rows[0], {**rows[2], "way": Way.MAIL, "tracking": "EMS3"}], NOON, worker())
    assert done.summary().startswith("2 张；其中 2 张还要")
    assert [line.told[1] for line in ENTRIES["delivering"].sheet(Filters()).lines] == ["1-1-102"]


def test_a_sheet_by_text_is_read_as_people_write(house: Unit) -> None:
    dun_unit(house, on=FIRST)
    given = {"rows": "CJ1-202602-001｜邮寄||ＥＭＳ１２３", "at": "2026-02-03 09:00", "by": worker().number}
    DEEDS["fees.deliver_list"].call(None, given)
    one = LetterDelivery.get()
    assert (one.way, one.tracking, one.at) == (Way.MAIL, "EMS123", datetime(2026, 2, 3, 9))


# -- promises --------------------------------------------------------------------------------------


def told_of(made: PaymentPromise) -> tuple[str, str | None, str]:
    """Return state, next day and what was paid, as the list tells them."""
    found = promises(Filters())
    row = found.one(made.id)
    assert row is not None
    plain = found.plain(row)
    return plain["state"], plain["next"], plain["paid"]


def test_what_was_paid_on_its_day_before_a_promise_was_made_is_no_part_of_it(house: Unit) -> None:
    day = date(2026, 2, 9)
    with standing_at(datetime.combine(day, time(9))):
        receive(house, Decimal("30.00"), on=day)
    with standing_at(datetime.combine(day, time(10))):
        made = promise(house, [{"day": date(2026, 2, 20), "amount": Decimal("70.00")}], on=day)
    assert told_of(made)[2] == "0.00"
    with standing_at(datetime.combine(day, time(11))):
        receive(house, Decimal("70.00"), on=day)
    assert told_of(made) == ("已兑现", None, "70.00")


def test_a_promise_is_kept_or_broken_by_what_was_paid_since(house: Unit) -> None:
    receive(house, Decimal("10.00"), on=date(2026, 1, 27))
    rows = [{"day": date(2026, 2, 10), "amount": Decimal("40")}, {"day": date(2099, 1, 1), "amount": 1}]
    with pytest.raises(RowRefused, match="第 2 行：承诺缴费日 2099-01-01"):
        promise(house, rows, on=date(2026, 1, 28))
    rows[1] = {"day": date(2027, 12, 31), "amount": Decimal("50.00")}
    made = promise(house, rows, on=date(2026, 1, 28))
    assert told_of(made) == ("未兑现", "2026-02-10", "0.00")
    paid = receive(house, Decimal("40.00"), on=date(2026, 2, 10))
    assert told_of(made) == ("履行中", "2027-12-31", "40.00")
    rest = receive(house, Decimal("50.00"), on=date(2026, 3, 1))
    assert told_of(made) == ("已兑现", None, "90.00")
    void_receipt(rest.receipts.get(), "收错户")
    void_receipt(paid.receipts.get(), "收错户")
    assert told_of(made) == ("未兑现", "2026-02-10", "0.00")
    made.end("搬走了")
    assert told_of(made)[0] == "已终止"
    with pytest.raises(RuleBroken, match="已于"):
        PaymentPromise.get_by_id(made.id).end("再来")


def test_money_for_what_fell_due_later_keeps_no_promise(estate: Estate) -> None:
    unit = owing(estate, months=2)
    run(2)
    made = promise(unit, [{"day": date(2026, 3, 10), "amount": Decimal(100)}], on=date(2026, 2, 1))
    later = Bill.get(Bill.month == Month(2026, 2))
    receive(unit, Decimal("100.00"), bills=[later], on=date(2026, 3, 1))
    assert told_of(made)[0] == "未兑现"


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([{"day": date(2026, 2, 10), "amount": Decimal("100.01")}], "多了"),
        ([{"day": date(2026, 2, 10), "amount": Decimal("0.00")}], "大于 0"),
        ([{"day": date(2026, 1, 1), "amount": Decimal("1.00")}], "之间"),
    ],
)
def test_a_promise_that_cannot_be_is_refused(house: Unit, rows: list[dict[str, Any]], says: str) -> None:
    with pytest.raises(RuleBroken, match=says):
        promise(house, rows, on=date(2026, 2, 1))
    assert PaymentPromise.select().count() == 0


def test_one_promise_at_a_time(house: Unit) -> None:
    with pytest.raises(RuleBroken, match=r"只承诺了 1\.00 元"):
        promise(house, [{"day": date.today(), "amount": Decimal("1.00")}])
    rows = [{"day": date.today(), "amount": Decimal("100.00")}]
    promise(house, rows)
    with pytest.raises(RuleBroken, match="还在履行中"):
        promise(house, rows)
    with pytest.raises(RuleBroken, match="还没有到"):
        promise(house, rows, on=date(2099, 1, 1))


# -- disputes --------------------------------------------------------------------------------------


def test_what_a_former_owner_disputes_is_no_shield_for_the_next(house: Unit, estate: Estate) -> None:
    with writing():
        other = estate.person("赵别人")
    dispute(house, "原来漏水", payer=other)
    dun_unit(house, on=FIRST)
    assert len(letters()) == 1


def test_a_dispute_is_entered_once_and_resolved_with_a_finding(house: Unit) -> None:
    one = dispute(house, "面积不对", since=date(2026, 2, 1))
    with pytest.raises(RuleBroken, match="已登记异议"):
        dispute(house, "又不对")
    with pytest.raises(BadInput, match="要在提出日期"):
        one.resolve("核对", on=date(2026, 1, 31))
    one.resolve("按产权证重新核对，无误", on=date(2026, 2, 5))
    with pytest.raises(RuleBroken, match="处理完"):
        one.resolve("再来")
    found = disputes(Filters(state="已处理"))
    assert [found.plain(row)["finding"] for row in found.rows()] == ["按产权证重新核对，无误"]


# -- cases at law ----------------------------------------------------------------------------------


GIVEN = ("起诉追收物业费", "合同、催缴单、送达凭据")


def test_a_household_is_handed_over_only_once_its_formal_demand_ran_out(house: Unit) -> None:
    stop_chains()
    first, _, formal = climb(house)
    assert ripe(date(2026, 4, 10)) == {}
    assert ripe(date(2026, 4, 11)) == {formal.id: date(2026, 4, 10)}
    for letter, day in ((first, date(2026, 4, 11)), (formal, date(2026, 4, 10))):
        with pytest.raises(RuleBroken, match="不在法务清单"):
            hand_over(letter, "李律师", *GIVEN, on=day)
    found = legal(Filters(state="待移交"))
    (row,) = found.rows()
    assert found.plain(row)["owed"] == "100.00"
    assert found.plain(row)["earlier"].count("；") == 2
    hand_over(formal, "李律师", *GIVEN, "附件齐全", on=date(2026, 4, 13))
    with pytest.raises(RuleBroken, match="已于 2026-04-13 移交 李律师"):
        hand_over(formal, "王律师", *GIVEN)
    assert legal(Filters(state="待移交")).count() == 0 and legal(Filters(state="已移交")).count() == 1
    assert LegalCase.get().label() == "CGH-2026-001 1-1-101"


def test_the_delivery_of_what_went_to_the_lawyer_cannot_be_withdrawn(house: Unit) -> None:
    stop_chains()
    formal = climb(house)[-1]
    hand_over(formal, "李律师", *GIVEN, on=date(2026, 4, 13))
    with pytest.raises(RuleBroken, match="已移交法务"):
        withdraw_delivery(attempts_of(formal)[0], "登错")


def test_a_case_is_taken_back_and_can_be_handed_over_again(house: Unit) -> None:
    stop_chains()
    formal = climb(house)[-1]
    with pytest.raises(RuleBroken, match="没有移交法务"):
        take_back_case(formal, "已还款")
    hand_over(formal, "李律师", *GIVEN, on=date(2026, 4, 13))
    assert take_back_case(formal, "换律师").ended_on is not None
    (row,) = legal(Filters(state="待移交")).rows()
    assert legal(Filters()).plain(row)["reason"] == "换律师"
    hand_over(formal, "王律师", *GIVEN)
    receive(house, Decimal("100.00"))
    take_back_case(formal, "已交清")
    found = legal(Filters(state="已撤回"))
    assert [(one["lawyer"], one["owed"]) for one in map(found.plain, found.rows())] == [("王律师", "0.00")]
    assert LegalCase.select().count() == 2 and case_of(formal) is None


def test_who_keeps_a_promise_is_not_handed_over(house: Unit) -> None:
    stop_chains()
    formal = climb(house)[-1]
    made = promise(house, [{"day": date(2026, 5, 8), "amount": Decimal("100.00")}], on=date(2026, 4, 12))
    with pytest.raises(RuleBroken, match="守约的不移交"):
        hand_over(formal, "李律师", *GIVEN, on=date(2026, 4, 13))
    made.end("反悔")
    assert hand_over(formal, "李律师", *GIVEN).on == date.today()


def test_handing_over_wants_somebody_who_agrees(house: Unit) -> None:
    formal = climb(house)[-1]
    with acting(account("苏主管", "客服主管")), pytest.raises(NeedsApproval, match="移交法务要先审批"):
        hand_over(formal, "李律师", *GIVEN, on=date(2026, 4, 13))


def test_who_paid_is_no_case(house: Unit) -> None:
    climb(house)
    receive(house, Decimal("100.00"), on=date(2026, 4, 12))
    assert ripe(date(2026, 4, 13)) == {} and legal(Filters()).count() == 0


# -- who chases, and who never may -----------------------------------------------------------------

GUARDS = [
    ("单长河", "秩序维护部", "保安班长"),
    ("卢建军", "客户服务部", "巡逻员"),
    ("钱安全", "客户服务部", "安全主管"),
    ("孙秩序", "秩序维护部", "客服管理员"),
]


@pytest.mark.parametrize("who", GUARDS)
def test_a_guard_has_no_part_in_pursuing_debts(house: Unit, who: tuple[str, str, str]) -> None:
    guard = worker(*who)
    dun_unit(house, on=FIRST)
    for attempt in (
        lambda: assign_chaser([house], guard),
        lambda: assign_caretaker(guard, unit=house),
        lambda: deliver(letters()[0], Way.BOX, at=NOON, by=guard),
        lambda: deliver_list([{"letter": letters()[0], "way": Way.BOX}], NOON, guard),
    ):
        with pytest.raises(RuleBroken, match="《保安服务管理条例》第三十条第（四）项"):
            attempt()
    assign_caretaker(guard, unit=house, kind=CareKind.CARETAKER)  # looking after a house is no chase
    assert Chase.select().count() == 0 and LetterDelivery.select().count() == 0


def test_a_guard_chases_nobody_whatever_rights_he_was_given(house: Unit) -> None:
    guard = account("单长河", "客服主管")
    Staff.get_by_id(guard.staff_id).edit(department=worker("别的保安", *GUARDS[0][1:]).department)
    with acting(guard):
        for attempt in (lambda: dun(on=FIRST), lambda: dun_unit(house, on=FIRST)):
            with pytest.raises(RuleBroken, match="禁止保安员参与追索债务"):
                attempt()
    assert letters() == []


def test_the_collector_chases_where_nobody_else_is_assigned(house: Unit) -> None:
    collector, chaser = worker("王敏", "客户服务部", "收款员"), worker()
    assign_caretaker(collector, building=house.building, since=date(2026, 1, 1))
    assert chasers_on(FIRST)[house.id].name == "王敏"
    assign_chaser([house], chaser, FIRST)
    with pytest.raises(RuleBroken, match="已指派"):
        assign_chaser([house], collector, FIRST)
    assert chasers_on(FIRST)[house.id].name == "方小雨"
    assign_chaser([house], collector, SECOND)
    assert [(row.staff.name, row.until) for row in Chase.select()] == [
        ("方小雨", date(2026, 2, 23)),
        ("王敏", None),
    ]


def test_who_became_a_guard_since_is_named_in_the_data_health(house: Unit) -> None:
    chaser = worker()
    assign_chaser([house], chaser, FIRST)
    assign_caretaker(chaser, building=house.building, since=FIRST)
    assert list(guards_who_chase()) == []
    chaser.edit(department=worker("别的保安", *GUARDS[0][1:]).department)
    assert [gap.subject for gap in guards_who_chase()] == ["1-1-101 方小雨", "1栋 方小雨 收费员"]


# -- rules, reach, desk, search --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"second_after": 7}, "一次比一次多"),
        ({"services": "不交就停水停电"}, "不能写“停水、停电”"),
        ({"objection": "滞 纳 金从高"}, "不能写“滞纳金”"),
        ({"contact": "业主群公示姓名"}, "公示姓名"),
        ({"formal_days": 14}, "催告函：限几天"),
    ],
)
def test_rules_hold_their_order_and_their_tongue(house: Unit, values: dict[str, Any], says: str) -> None:
    before = rules().as_stored()
    with pytest.raises(RuleBroken, match=says):
        rules().edit(**values)
    assert rules().as_stored() == before


def test_somebody_sees_and_writes_to_his_own_houses_alone(house: Unit) -> None:
    stranger = Collector(worker("外人").id)
    dun_unit(house, on=FIRST)
    with acting(stranger):
        assert dunning(Filters(on=SECOND)).count() == 0
        assert list(ENTRIES["delivering"].sheet(Filters()).lines) == []
        with pytest.raises(RuleBroken, match="没有到期"):
            dun(on=SECOND)
        with pytest.raises(PermissionDenied):
            dun_unit(house, on=SECOND)
        with pytest.raises(PermissionDenied):
            deliver_list([{"letter": letters()[0], "way": Way.BOX}], NOON, worker())
        assert [one.title for one in reminders_on(SECOND) if "催缴" in one.title] == []


def test_the_desk_tells_what_is_to_be_done_and_shows_just_that(house: Unit) -> None:
    def titles(day: date) -> dict[str, tuple[str | None, int | None]]:
        return {one.title: (one.page, one.count) for one in reminders_on(day)}

    assert titles(FIRST)["今天该催缴 1 户（第一次催缴 1）"] == ("dunning", 1)
    dun_unit(house, on=FIRST)
    assert titles(FIRST)["1 张催缴单还没有登记送达"] == ("dunning_letters", 1)
    handed(letters()[0], FIRST)
    assert not [title for title in titles(FIRST) if "催缴" in title]
    promise(house, [{"day": date(2026, 2, 20), "amount": Decimal(100)}], on=date(2026, 2, 3))
    assert titles(date(2026, 2, 18))["1 户承诺 3 天内缴费"] == ("promises", 1)
    assert titles(date(2026, 2, 25))["1 户承诺缴费没有兑现"] == ("promises", 1)


def test_cases_that_wait_for_the_lawyer_stand_on_the_desk(house: Unit) -> None:
    climb(house)
    titles = [one.title for one in reminders_on(date(2026, 4, 20))]
    assert "1 户催告函期限已过，等待移交法务" in titles


def test_a_letter_is_found_by_its_number_and_stands_on_the_card(house: Unit) -> None:
    with standing_at(NOON):
        dun_unit(house, on=FIRST)
    assert letters()[0].made_at == NOON
    assert "CJ1-202602-001" in [hit.title for hit in find("cj1-202602-001")]
    figures = {one.title: one.value for one in card_of(LISTS["units"], house.id).figures}
    assert figures["催缴"] == "第二次催缴"
