"""The ladder: no step skipped, none too early, nothing to who disputes, promises or owes too little."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal

import peewee
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models import batches
from models.base import db
from models.batches import Batch, State
from models.checks import run_invariants
from models.deeds import acting
from models.errors import BadInput, NeedsApproval, RuleBroken
from models.fees import invariants  # noqa: F401 - registered by being imported
from models.fees.billing import bill
from models.fees.bills import Bill
from models.fees.cashier import receive
from models.fees.dunning.assessing import assess
from models.fees.dunning.delivering import withdraw_delivery
from models.fees.dunning.disputes import PENDING, BillDispute, dispute
from models.fees.dunning.issuing import dun, dun_formal, dun_unit, try_dun, undo_dunning
from models.fees.dunning.letters import (
    Arrival,
    DunningLetter,
    DunningLine,
    LetterDelivery,
    LetterState,
    Way,
    void_letters,
)
from models.fees.dunning.lists import dunning, dunning_letters
from models.fees.dunning.promises import promise
from models.fees.dunning.rules import Stage, rules
from models.fees.late_terms import add_late_terms
from models.listings import Filters
from models.office.applying import request
from models.office.approvals import Approval
from models.office.chains import start_chain
from models.owners.estate import Unit
from models.owners.tenure import transfer
from tests.estate import Estate, writing
from tests.models.fees.dunning.ladder_world import (
    DUE,
    FIRST,
    FORMAL,
    JANUARY,
    SECOND,
    climb,
    handed,
    letters,
    owing,
    run,
    sent,
)
from tests.models.fees.world import rolled_back
from tests.models.office.chain_world import People
from tests.office_people import worker as account

ONE_DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def books_hold(estate: Estate) -> Iterator[None]:
    yield
    assert run_invariants() == []


@pytest.fixture
def house(estate: Estate) -> Unit:
    """A house that owes 100.00 since 25 January 2026, a Sunday."""
    unit = owing(estate)
    run()
    return unit


def why(unit: Unit, day: date) -> str:
    """Return why a house gets no letter on a day; empty where it does."""
    (one,) = assess(day, Bill.unit == unit)
    return one.why


def test_each_step_comes_on_its_working_day_and_no_sooner(house: Unit) -> None:
    assert assess(DUE) == []
    for day in (DUE + ONE_DAY, FIRST - ONE_DAY):
        assert "第一次催缴要到 2026-02-02" in why(house, day)
        with pytest.raises(RuleBroken, match="没有到期的第一次催缴"):
            dun(on=day)
    assert sent(FIRST) == ["CJ1-202602-001"]
    (letter,) = letters()
    assert (letter.deadline, letter.principal, letter.oldest) == (date(2026, 2, 9), Decimal("100.00"), DUE)
    handed(letter, FIRST)
    for day in (FIRST + ONE_DAY, SECOND - ONE_DAY):
        with pytest.raises(RuleBroken):
            dun_unit(house, on=day)
    assert sent(SECOND) == ["CJ2-202602-001"]
    assert letters()[-1].deadline == date(2026, 3, 6)
    handed(letters()[-1], SECOND)
    with pytest.raises(RuleBroken, match="下一步是催告函"):
        dun_unit(house, on=FORMAL)
    with pytest.raises(RuleBroken):
        dun(on=FORMAL)
    dun_formal(on=FORMAL)
    assert letters()[-1].number == "CGH-2026-001"
    assert letters()[-1].deadline == date(2026, 4, 10)


def test_deadlines_and_steps_wait_out_a_long_holiday(estate: Estate) -> None:
    """Seven days after the letter of 10 February 2026 is the first day of the Spring Festival."""
    unit = owing(estate)
    run()
    dun_unit(unit, on=date(2026, 2, 10))
    (letter,) = letters()
    assert letter.deadline == date(2026, 2, 24)
    handed(letter, date(2026, 2, 11))
    assert why(unit, date(2026, 2, 24)) != ""
    assert why(unit, date(2026, 2, 25)) == ""


def test_a_step_waits_until_the_one_before_was_handed_over_and_ran_out(house: Unit) -> None:
    dun_unit(house, on=FIRST)
    (letter,) = letters()
    assert "还没有登记送达" in why(house, SECOND)
    with pytest.raises(RuleBroken, match="CJ1-202602-001 还没有登记送达"):
        dun_unit(house, on=SECOND)
    made = handed(letter, date(2026, 2, 23))
    assert "期限还没有过" in why(house, SECOND)  # seven days from the day on which it arrived
    withdraw_delivery(made, "登错户")
    assert "还没有登记送达" in why(house, SECOND)
    handed(letter, date(2026, 2, 4), Way.MAIL, outcome=Arrival.FAILED)  # an attempt is enough
    assert why(house, SECOND) == ""


def test_who_paid_is_left_alone_and_a_part_does_not_end_it(house: Unit) -> None:
    climb(house, 2)
    receive(house, Decimal("40.00"), on=date(2026, 3, 2))
    assert assess(FORMAL)[0].stage is Stage.FORMAL
    receive(house, Decimal("60.00"), on=date(2026, 3, 3))
    assert assess(FORMAL) == []


def test_a_paid_debt_and_a_later_one_begin_at_the_first_letter(estate: Estate) -> None:
    unit = owing(estate, months=2)
    run(2)
    dun_unit(unit, on=FIRST)
    handed(letters()[0], FIRST)
    receive(unit, Decimal("100.00"), on=date(2026, 2, 12))
    one = assess(date(2026, 3, 9), Bill.unit == unit)[0]
    assert (one.stage, one.due) == (Stage.FIRST, True)


def test_one_letter_asks_for_all_that_is_open_with_its_late_payment(estate: Estate) -> None:
    add_late_terms(clause="合同第八条", daily=Decimal("0.5"), since=date(2026, 1, 1))
    unit = owing(estate, months=3)
    parking = estate.item("车位费", price="0.3000", since=JANUARY.first)
    estate.give(unit, parking, JANUARY.first, JANUARY.last)
    run(3)
    dun_unit(unit, on=date(2026, 3, 30))
    (letter,) = letters()
    assert letter.principal == Decimal("330.00")
    # 64 days on 100 and on 30, 33 and 5 on 100 each: 3.20 + 0.96 + 1.65 + 0.25
    assert letter.late == Decimal("6.06")
    assert letter.facts["rows"] == [
        ["物业费", "2026年1月至3月", 30000, 64, 510],
        ["车位费", "2026年1月", 3000, 64, 96],
    ]
    assert letter.facts["rates"] == ["日 0.5‰（合同第八条）"]
    assert DunningLine.select().count() == 4


def test_after_a_sale_each_is_asked_for_his_own_debt(estate: Estate) -> None:
    unit = owing(estate, months=2)
    run(1)
    with writing():
        buyer = estate.person("李新")
    transfer(unit, buyer, date(2026, 2, 1), despite=True)
    run(2)
    with pytest.raises(BadInput, match="有几位付款人欠费"):
        dun_unit(unit, on=date(2026, 3, 10))
    dun(on=date(2026, 3, 10))
    assert {(one.addressee, one.principal) for one in letters()} == {
        ("王桂芳", Decimal("100.00")),
        ("李新", Decimal("100.00")),
    }
    seller = next(one for one in letters() if one.addressee == "王桂芳")
    handed(seller, date(2026, 3, 10))
    (after,) = [one for one in assess(date(2026, 4, 10)) if one.payer == seller.payer_id]
    assert after.stage is Stage.SECOND


def test_a_house_of_nobody_is_addressed_to_its_owner(estate: Estate) -> None:
    owing(estate, owner=None)
    run()
    dun(on=FIRST)
    assert letters()[0].addressee == "产权人"


# -- who is left out -------------------------------------------------------------------------------


def test_nothing_disputed_is_on_a_letter_and_a_letter_to_a_disputed_debt_is_refused(estate: Estate) -> None:
    unit, other = owing(estate), owing(estate, "102")
    parking = estate.item("车位费", price="0.3000", since=JANUARY.first)
    estate.give(unit, parking, JANUARY.first, JANUARY.last)
    run()
    one = dispute(unit, "车位没有用过", parking, since=date(2026, 2, 1))
    dun(on=FIRST)
    assert [(letter.unit_id, letter.principal) for letter in letters()] == [
        (unit.id, Decimal("100.00")),
        (other.id, Decimal("100.00")),
    ]
    dispute(other, "面积不对")
    with pytest.raises(RuleBroken, match="全部有异议"):
        dun_unit(other, on=SECOND)
    handed(letters()[0], FIRST)
    one.resolve("现场核对，车位一直在用", on=date(2026, 2, 20))
    dun_unit(unit, on=SECOND)
    assert letters()[-1].principal == Decimal("130.00")


def test_a_promise_that_is_kept_holds_the_ladder_and_a_broken_one_lets_it_go_on(house: Unit) -> None:
    rows = [
        {"day": date(2026, 2, 10), "amount": Decimal("40.00")},
        {"day": date(2026, 3, 10), "amount": Decimal("60.00")},
    ]
    promise(house, rows, on=date(2026, 1, 28))
    assert "承诺 2026-02-10 前交" in why(house, FIRST)
    with pytest.raises(RuleBroken, match="承诺"):
        dun_unit(house, on=FIRST)
    assert why(house, date(2026, 2, 11)) == ""
    receive(house, Decimal("40.00"), on=date(2026, 2, 9))
    assert "承诺 2026-03-10 前交" in why(house, date(2026, 2, 11))
    assert why(house, date(2026, 3, 11)) == ""


def test_little_is_not_worth_a_letter(house: Unit) -> None:
    rules().edit(least=Decimal("100.01"))
    assert "不到起催金额 100.01 元" in why(house, FIRST)
    rules().edit(least=Decimal("100.00"))
    assert why(house, FIRST) == ""


def test_days_between_two_letters_count_across_debts(estate: Estate) -> None:
    """Who paid the old debt is not written to again for the next one within seven days."""
    unit = owing(estate, months=2)
    run(2)
    rules().edit(apart=14)
    dun_unit(unit, on=SECOND)
    receive(unit, Decimal("100.00"), on=SECOND)
    assert "2026-02-24 开过 CJ1-202602-001，14 天内不再开" in why(unit, date(2026, 3, 9))
    assert why(unit, date(2026, 3, 10)) == ""


def test_nothing_is_dated_ahead_or_before_a_payment_that_came_since(house: Unit) -> None:
    with pytest.raises(BadInput, match="还没有到"):
        dun(on=date.today() + ONE_DAY)
    receive(house, Decimal("10.00"), on=date(2026, 3, 2))
    assert "以后有收款或更正" in why(house, FIRST)
    assert why(house, date(2026, 3, 3)) == ""


def test_the_trial_says_who_gets_what_and_writes_nothing(estate: Estate) -> None:
    owing(estate)
    told = owing(estate, "102")
    run()
    dispute(told, "面积不对")
    trial = try_dun(on=FIRST)
    assert trial.summary() == "将开第一次催缴 1 户，本金 100.00 元；另 1 户这次不催。没有写入。"
    assert [one.why for one in trial.others] == ["全部有异议，处理完以前不催"]
    told = [(row["unit"], row["what"]) for row in trial.details()["households"]]
    assert told == [("1-1-101", "开单"), ("1-1-102", "不开")]
    assert letters() == []


# -- taking back -----------------------------------------------------------------------------------


def test_a_batch_is_undone_while_nothing_of_it_was_handed_over(estate: Estate) -> None:
    owing(estate)
    owing(estate, "102")
    run()
    batch = dun(on=FIRST)
    assert (batch.count, batch.amount) == (2, Decimal("200.00"))
    made = handed(letters()[0], FIRST)
    with pytest.raises(RuleBroken, match="CJ1-202602-001 已登记送达"):
        batches.undo(batch)
    withdraw_delivery(made, "登错户")
    undo_dunning(Batch.get_by_id(batch.id))
    assert [one.state for one in letters()] == [LetterState.VOID] * 2
    assert Batch.get_by_id(batch.id).state is State.UNDONE
    assert sent(FIRST) == ["CJ1-202602-003", "CJ1-202602-004"]  # the numbers of the void ones are kept


def test_a_letter_is_void_with_a_reason_unless_it_was_handed_over(house: Unit) -> None:
    dun_unit(house, on=FIRST)
    made = handed(letters()[0], FIRST)
    with pytest.raises(RuleBroken, match="不能作废"):
        void_letters(letters(), "地址错")
    withdraw_delivery(made, "登错户")
    void_letters(letters(), "地址错")
    with pytest.raises(RuleBroken, match="不能改为"):
        void_letters(letters(), "地址错")
    assert why(house, FIRST) == ""  # nobody got it


def test_a_delivery_on_which_a_later_letter_stands_cannot_be_withdrawn(house: Unit) -> None:
    climb(house, 2)
    first = LetterDelivery.select().order_by(LetterDelivery.id).first()
    with pytest.raises(RuleBroken, match="CJ2-202602-001 是在 CJ1-202602-001 送达以后开的"):
        withdraw_delivery(first, "登错户")


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE dunning_letter SET principal = 1",
        "UPDATE dunning_letter SET facts = '{}'",
        "DELETE FROM dunning_letter",
        "UPDATE dunning_line SET amount = 1",
        "UPDATE letter_delivery SET at = '2020-01-01 00:00:00'",
        "DELETE FROM letter_delivery",
    ],
)
def test_the_database_itself_keeps_what_was_issued(house: Unit, sql: str) -> None:
    climb(house, 1)
    with pytest.raises(peewee.IntegrityError):
        db.execute_sql(sql)


# -- the formal demand may want approval -----------------------------------------------------------


def test_the_formal_demand_waits_for_the_director_where_the_office_wants_that(house: Unit) -> None:
    climb(house, 2)
    people, asking = People(), account("陈主管", "客服主管")
    start_chain("fees.dun_formal")
    with acting(asking):
        with pytest.raises(NeedsApproval):
            dun_formal(on=FORMAL)
        asked = request("fees.dun_formal", {"on": FORMAL.isoformat()})
    with acting(people.manager):
        Approval.get_by_id(asked.id).approve()
    assert letters()[-1].number == "CGH-2026-001"
    assert letters()[-1].facts["approval"] == asked.number


# -- lists -----------------------------------------------------------------------------------------


def test_the_lists_tell_where_everybody_stands(house: Unit) -> None:
    climb(house, 1)
    told = dunning_letters(Filters())
    (row,) = told.rows()
    assert told.plain(row)["state"] == "已送达"
    assert dunning_letters(Filters(state="待送达")).count() == 0
    steps = dunning(Filters(on=SECOND, state="今天该催"))
    (step,) = steps.rows()
    assert (steps.plain(step)["stage"], steps.plain(step)["last"]) == ("第二次催缴", "CJ1-202602-001")
    receive(house, Decimal("100.00"), on=date(2026, 3, 2))
    (row,) = dunning_letters(Filters()).rows()
    assert dunning_letters(Filters()).plain(row)["state"] == "已交清"


# -- at random -------------------------------------------------------------------------------------

DOING = (
    "wait",
    "dun",
    "dun",
    "formal",
    "hand",
    "hand",
    "fail",
    "void",
    "undo",
    "pay",
    "dispute",
    "settle",
    "bill",
)
STEPS = st.lists(
    st.tuples(st.sampled_from(DOING), st.integers(0, 24), st.integers(0, 5)), min_size=4, max_size=40
)


@pytest.fixture
def street(estate: Estate) -> list[Unit]:
    """Three houses that are charged month after month."""
    return [owing(estate, room, months=10) for room in ("101", "102", "103")]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_nobody_is_written_to_twice_within_days_and_no_step_is_skipped(
    street: list[Unit], steps: list[tuple[str, int, int]]
) -> None:
    with rolled_back():
        play = _Play(street)
        for doing, wait, which in steps:
            play.day = min(play.day + timedelta(days=wait), date(2026, 10, 30))
            try:
                getattr(play, doing)(which)
            except RuleBroken:
                continue
        _check_ladder()


class _Play:
    """Does one thing after the other, the days going on."""

    def __init__(self, street: list[Unit]) -> None:
        self.street, self.day, self.month = street, date(2026, 1, 20), JANUARY
        self.bill(0)

    def wait(self, which: int) -> None:
        self.day += timedelta(days=which)

    def bill(self, which: int) -> None:
        bill(self.month)
        self.month = self.month.plus(1)

    def dun(self, which: int) -> None:
        if which % 2:
            dun_unit(self.street[which % 3], on=self.day)
        else:
            dun(on=self.day)

    def formal(self, which: int) -> None:
        dun_formal(on=self.day)

    def hand(self, which: int) -> None:
        self._handed(which, Way.HAND, Arrival.DELIVERED)

    def fail(self, which: int) -> None:
        self._handed(which, Way.MAIL, Arrival.FAILED)

    def _handed(self, which: int, way: Way, outcome: Arrival) -> None:
        alive = DunningLetter.select().where(DunningLetter.state == LetterState.ISSUED)
        found = list(alive.order_by(DunningLetter.id.desc()).limit(4))
        if found:
            handed(found[which % len(found)], self.day, way, outcome=outcome)

    def void(self, which: int) -> None:
        found = letters()[-3:]
        if found:
            void_letters([found[which % len(found)]], "写错")

    def undo(self, which: int) -> None:
        found = list(Batch.select().where((Batch.kind == "dunning") & (Batch.state == State.LIVE)))
        if found:
            undo_dunning(found[-1])

    def pay(self, which: int) -> None:
        receive(self.street[which % 3], Decimal(50 * (1 + which)), on=self.day)

    def dispute(self, which: int) -> None:
        dispute(self.street[which % 3], "不认", since=self.day)

    def settle(self, which: int) -> None:
        for one in BillDispute.select().where(PENDING).limit(1):
            one.resolve("核对无误", on=max(one.since, self.day))


def _check_ladder() -> None:
    alive = DunningLetter.select().where(DunningLetter.state == LetterState.ISSUED).order_by(DunningLetter.id)
    last: dict[tuple[int, int | None], DunningLetter] = {}
    for letter in alive:
        key = (letter.unit_id, letter.payer_id)
        before = last.get(key)
        if before is not None:
            assert (letter.on - before.on).days >= 7
        if letter.stage is not Stage.FIRST:
            assert before is not None
            assert list(Stage).index(before.stage) + 1 == list(Stage).index(letter.stage)
            tries = LetterDelivery.select().where(
                (LetterDelivery.letter == before) & (LetterDelivery.live == True)
            )
            assert any(one.at < datetime.combine(letter.on, datetime.max.time()) for one in tries)
            assert before.deadline < letter.on
        assert letter.principal > 0
        last[key] = letter
