"""Empty houses: nothing by itself, nothing before it has waited, nothing past a review, nothing twice."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import peewee
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.base import db
from models.cards import card_of
from models.checks import run_invariants
from models.deeds import acting
from models.desk import reminders_on
from models.errors import BadInput, NeedsApproval, RuleBroken
from models.fees import invariants, vacancy_lists  # noqa: F401 - registered by being imported
from models.fees.adjusting import reduce, reverse_bills
from models.fees.billing import bill
from models.fees.bills import Bill, BillKind
from models.fees.cashier import receive
from models.fees.closings import close_day
from models.fees.explain import explain
from models.fees.payments import Adjustment, AdjustmentKind
from models.fees.settle import balance
from models.fees.transferring import settle_transfer
from models.fees.vacancies import Vacancy, VacancyCut, VacancyState, grant_vacancy, waited
from models.fees.vacancy_cuts import apply_vacancies, lacking, try_apply_vacancies
from models.fees.vacancy_lists import vacancies
from models.listings import LISTS, Filters
from models.months import Month
from models.office.applying import request
from models.office.approvals import Approval
from models.owners import lists  # noqa: F401 - the card of a house
from models.owners.estate import Unit
from models.owners.tenure import transfer
from models.search import find
from tests.estate import Estate, stop_chains, writing
from tests.models.fees.world import rolled_back
from tests.models.office.chain_world import People
from tests.office_people import worker

MAY, JUNE, JULY = Month(2020, 5), Month(2020, 6), Month(2020, 7)
DAY = date(2020, 6, 10)
PERCENT = Decimal("40.00")


@pytest.fixture(autouse=True)
def books_hold(estate: Estate) -> Iterator[None]:
    yield
    assert run_invariants() == []
    assert [one.title for one in map(explain, Bill.select()) if not one.proven] == []


@pytest.fixture
def house(estate: Estate) -> Unit:
    """A house that is charged 100.00 a month from May 2020 on."""
    stop_chains()
    unit = estate.house("101")
    estate.give(unit, estate.item(since=MAY.first), MAY.first)
    for month in (MAY, JUNE):
        bill(month)
    return unit


def grant(unit: Unit, **more: Any) -> Vacancy:
    """Agree to 40 % for a house that is empty since 15 November 2019: from June 2020 on."""
    given = {
        "since": date(2019, 11, 15), "proof": "水表 123.00、电表 4567.00 半年未变", "basis": "合同第9条",
        "percent": PERCENT,
    }  # fmt: skip
    made: Vacancy = grant_vacancy(unit=unit, **{**given, **more})
    return made


def line(month: Month, kind: BillKind = BillKind.RECURRING) -> Bill:
    found: Bill = Bill.get((Bill.month == month) & (Bill.kind == kind) & (Bill.live == True))
    return found


def taken() -> list[tuple[str, int, Decimal]]:
    """Return (month, days, amount) of what was reduced."""
    return [(str(cut.bill.month), cut.days, cut.amount) for cut in VacancyCut.select()]


# -- what is agreed --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("since", "months", "first"),
    [
        (date(2019, 11, 15), 6, date(2020, 6, 1)),
        (date(2020, 1, 1), 6, date(2020, 7, 1)),
        (date(2019, 12, 31), 6, date(2020, 7, 1)),
        (date(2020, 1, 31), 1, date(2020, 3, 1)),
        (date(2020, 2, 29), 12, date(2021, 3, 1)),
        (date(2020, 5, 1), 0, date(2020, 5, 1)),
        (date(2020, 5, 2), 0, date(2020, 6, 1)),
    ],
)
def test_it_takes_effect_on_the_first_after_whole_months(since: date, months: int, first: date) -> None:
    assert waited(since, months) == first


def test_what_is_agreed_is_kept_with_its_days(house: Unit) -> None:
    made = grant(house)
    assert made.number.startswith("KZ-") and made.number.endswith("-001")
    assert (made.effective, made.review, made.waits, made.every) == (JUNE.first, date(2020, 12, 1), 6, 6)
    states = [made.state_on(day) for day in (MAY.last, JUNE.first, date(2020, 11, 30), date(2020, 12, 1))]
    waiting, running, due = VacancyState.WAITING, VacancyState.RUNNING, VacancyState.DUE
    assert states == [waiting, running, running, due]


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"since": date(2020, 6, 2), "applied": date(2020, 6, 1)}, "晚于申请日期"),
        ({"applied": date.today() + timedelta(days=1)}, "还没有到"),
        ({"effective": MAY.last}, "最早 2020-06-01 生效"),
    ],
)
def test_days_that_cannot_be_are_refused(house: Unit, values: dict[str, date], sentence: str) -> None:
    with pytest.raises(BadInput, match=sentence):
        grant(house, **values)
    assert not Vacancy.select().exists()


def test_what_is_collected_for_others_is_not_reduced(estate: Estate, house: Unit) -> None:
    water = estate.item("代收水费", collected=True, since=JUNE.first)
    estate.give(house, water, JUNE.first)
    bill(JUNE)
    with pytest.raises(RuleBroken, match="空置不打折"):
        grant(house, item=water)
    grant(house)
    apply_vacancies(JUNE, DAY)
    assert [cut.bill.item.name for cut in VacancyCut.select()] == ["物业费"]
    assert Bill.get(Bill.item == water).owed == Bill.get(Bill.item == water).amount


def test_one_item_alone_may_be_reduced_and_no_house_twice(estate: Estate, house: Unit) -> None:
    waste = estate.item("垃圾清运费", "0.1000", since=JUNE.first)
    estate.give(house, waste, JUNE.first)
    bill(JUNE)
    first = grant(house, item=waste)
    with pytest.raises(RuleBroken, match=f"已有空置减免 {first.number}"):
        grant(house)
    first.end(JULY.first)
    with pytest.raises(RuleBroken, match="已有空置减免"):
        grant(house)
    grant(house, effective=JULY.first)
    apply_vacancies(JUNE, DAY)
    assert taken() == [("2020-06", 30, Decimal("4.00"))]


# -- reducing --------------------------------------------------------------------------------------


def test_a_month_in_effect_is_reduced_once_by_a_document(house: Unit) -> None:
    made = grant(house)
    assert "将减免 1 户 1 笔账单，共 40.00 元（2020-06）。没有写入。" in try_apply_vacancies(JUNE).summary()
    assert not Adjustment.select().exists()
    (document,) = apply_vacancies(JUNE, DAY)
    assert (document.number, document.kind) == ("JM-202006-001", AdjustmentKind.VACANCY)
    assert document.amount == Decimal("-40.00")
    assert document.reason == f"{made.number}：2019-11-15 起空置，2020年6月减免 40.00%"
    negative = line(JUNE, BillKind.REDUCTION)
    assert (negative.corrects, negative.amount) == (line(JUNE), Decimal("-40.00"))
    assert (line(JUNE).owed, line(MAY).owed) == (Decimal("60.00"), Decimal("100.00"))
    with pytest.raises(RuleBroken, match="没有要计的空置减免"):
        apply_vacancies(JUNE, DAY)
    assert taken() == [("2020-06", 30, Decimal("40.00"))]


def test_nothing_is_reduced_before_it_has_waited(house: Unit) -> None:
    made = grant(house)
    assert f"{made.number} 1-1-101 等到 2020-06-01 生效" in try_apply_vacancies(MAY).summary()
    with pytest.raises(RuleBroken, match="2020-05 没有要计的空置减免"):
        apply_vacancies(MAY, DAY)


def test_a_month_that_is_not_charged_yet_is_told(house: Unit) -> None:
    grant(house)
    assert "还没有 2020-07 的账单" in try_apply_vacancies(JULY).summary()


def test_what_was_paid_becomes_a_balance(house: Unit) -> None:
    receive(house, Decimal("200.00"), on=DAY)
    grant(house)
    apply_vacancies(JUNE, DAY)
    assert (line(JUNE).owed, balance(house, line(JUNE).payer)) == (Decimal(0), Decimal("40.00"))


def test_the_month_in_which_it_ends_is_reduced_by_its_days(house: Unit) -> None:
    grant(house).end(date(2020, 6, 11))
    (document,) = apply_vacancies(JUNE, DAY)
    assert taken() == [("2020-06", 10, Decimal("13.33"))]
    assert "（按 10/30 天）" in document.reason


def test_the_month_in_which_it_begins_is_reduced_by_its_days(house: Unit) -> None:
    grant(house, effective=date(2020, 6, 21))
    apply_vacancies(JUNE, DAY)
    assert taken() == [("2020-06", 10, Decimal("13.33"))]


def test_it_is_reduced_by_what_is_left_of_a_line(house: Unit) -> None:
    reduce([line(JUNE)], "停水", "合同", amount=Decimal("50.00"), on=DAY)
    grant(house)
    apply_vacancies(JUNE, DAY)
    assert (taken(), line(JUNE).owed) == ([("2020-06", 30, Decimal("20.00"))], Decimal("30.00"))


def test_what_was_reduced_for_vacancy_by_hand_is_not_reduced_again(house: Unit) -> None:
    reduce([line(JUNE)], "空置", "合同", AdjustmentKind.VACANCY, percent=Decimal(10), on=DAY)
    grant(house)
    assert try_apply_vacancies(JUNE).cuts == []


def test_a_reversed_line_is_not_reduced_but_what_charges_its_month_again_is(house: Unit) -> None:
    grant(house)
    reverse_bills([line(JUNE)], "录错", "标准", on=DAY)
    assert try_apply_vacancies(JUNE).cuts == []
    bill(JUNE)
    apply_vacancies(JUNE, DAY)
    assert [cut.bill.kind for cut in VacancyCut.select()] == [BillKind.CORRECTION]


def test_a_house_that_changed_hands_is_reduced_for_each_by_his_own_days(estate: Estate, house: Unit) -> None:
    with writing():
        buyer = estate.person("李明")
    transfer(house, buyer, date(2020, 6, 21), despite=True)
    settle_transfer(house)
    grant(house).end(date(2020, 6, 26))
    made = apply_vacancies(JUNE)
    assert [(one.payer.name, one.amount) for one in made] == [
        ("王桂芳", Decimal("-26.67")),  # 20 days: 66.67 × 40 %
        ("李明", Decimal("-6.67")),  # 5 of 10 days: 33.33 × 40 % ÷ 2
    ]


def test_two_houses_have_a_document_each_and_a_closed_day_none(estate: Estate, house: Unit) -> None:
    other = estate.house("102", area="50.00", owner="李明")
    estate.give(other, line(JUNE).item, JUNE.first)
    bill(JUNE)
    grant(house)
    grant(other, percent=Decimal(30))
    receive(house, Decimal("1.00"), on=DAY)
    close_day(DAY)
    with pytest.raises(RuleBroken, match="已日结"):
        apply_vacancies(JUNE, DAY)
    made = apply_vacancies(JUNE, date(2020, 6, 11))
    assert [(one.unit.code, one.amount) for one in made] == [
        ("1-1-101", Decimal("-40.00")),
        ("1-1-102", Decimal("-15.00")),
    ]


# -- review and end --------------------------------------------------------------------------------


def test_past_its_review_nothing_is_reduced_until_it_is_reviewed(house: Unit) -> None:
    made = grant(house, every=1)
    bill(JULY)
    apply_vacancies(JUNE, DAY)
    assert made.review == JULY.first
    assert f"{made.number} 1-1-101 到 2020-07-01 要复核，还没有复核" in try_apply_vacancies(JULY).summary()
    with pytest.raises(RuleBroken, match="还没有复核"):
        apply_vacancies(JULY, DAY)
    made.check_again("水表读数未变", on=date(2020, 7, 2))
    assert (made.review, made.reviewed) == (date(2020, 8, 1), date(2020, 7, 2))
    apply_vacancies(JULY, date(2020, 7, 3))
    assert [month for month, *_ in taken()] == ["2020-06", "2020-07"]


@pytest.mark.parametrize(
    ("on", "following"),
    [
        (date(2020, 11, 24), date(2021, 6, 1)),  # in the last week it counts as made on its day
        (date(2020, 9, 10), date(2021, 3, 1)),  # months before, only from then
        (date(2021, 2, 20), date(2021, 8, 1)),
    ],
)
def test_a_review_holds_for_its_months(house: Unit, on: date, following: date) -> None:
    made = grant(house)
    assert made.check_again("未变", on=on).review == following


def test_a_review_in_the_midst_of_a_month_lets_the_whole_line_wait(house: Unit) -> None:
    made = grant(house, every=1)
    made.check_again("未变", review=date(2020, 7, 15), on=date(2020, 6, 25))
    bill(JULY)
    assert try_apply_vacancies(JULY).cuts == []
    made.end(date(2020, 7, 15))
    assert [len(cut.days) for cut in try_apply_vacancies(JULY).cuts] == [14]


def test_a_review_must_lie_ahead_and_what_ended_is_not_reviewed(house: Unit) -> None:
    made = grant(house)
    with pytest.raises(RuleBroken, match="下次复核要在 2020-12-01 以后"):
        made.check_again("未变", review=JULY.first, on=DAY)
    with pytest.raises(RuleBroken, match="早于空置起算日"):
        made.end(date(2019, 1, 1))
    made.end(JULY.first)
    for again in (lambda: made.check_again("未变"), lambda: made.end(JULY.first)):
        with pytest.raises(RuleBroken, match="已于 2020-07-01 恢复收费"):
            again()
    assert made.state_on(JULY.first) is VacancyState.OVER


def test_it_cannot_end_before_days_that_are_reduced_until_their_line_is_reversed(house: Unit) -> None:
    made = grant(house)
    (document,) = apply_vacancies(JUNE, DAY)
    with pytest.raises(RuleBroken, match=f"已由 {document.number} 减免到 2020-06-16 以后"):
        made.end(date(2020, 6, 16))
    reverse_bills([line(JUNE)], "提前入住", "合同", on=DAY)
    bill(JUNE)
    made.end(date(2020, 6, 16))
    apply_vacancies(JUNE, DAY)
    assert taken()[1:] == [("2020-06", 15, Decimal("20.00"))]


# -- approvals, lists, guards ----------------------------------------------------------------------


def test_it_goes_through_the_chain_and_what_follows_needs_no_second_approval(estate: Estate) -> None:
    unit = estate.house("101")
    estate.give(unit, estate.item(since=JUNE.first), JUNE.first)
    bill(JUNE)
    people, supervisor = People(), worker("陈主管", "客服主管")
    values = {
        "unit": unit, "since": date(2019, 11, 15), "proof": "水表读数未变", "basis": "合同第9条",
        "percent": PERCENT,
    }  # fmt: skip
    with acting(people.clerk):
        with pytest.raises(NeedsApproval):
            grant_vacancy(**values)
        asked = request("fees.grant_vacancy", values)
    assert asked.number.startswith("KZ-")
    assert "2019-11-15 起空置，满 6 个月，自 2020-06-01 起全部自有项目减免 40.00%" in asked.about
    for person in (supervisor, people.manager):
        assert not Vacancy.select().exists()
        with acting(person):
            Approval.get_by_id(asked.id).approve()
    made = Vacancy.get()
    assert (made.number, made.made_by) == (asked.number, "李会计")
    with acting(people.clerk):
        (document,) = apply_vacancies(JUNE, DAY)
    assert (document.number, document.amount) == ("JM-202006-001", Decimal("-40.00"))


def test_the_list_the_card_and_the_desk_tell_how_it_stands(house: Unit) -> None:
    made = grant(house, every=3)
    told = [one.title for one in reminders_on(date(2020, 7, 2)) if "空置" in one.title]
    assert told == ["1 户空置减免还没有计，最早 2020-06"]
    apply_vacancies(JUNE, DAY)
    assert [one for one in reminders_on(date(2020, 7, 2)) if "空置" in one.title] == []
    (soon,) = [one for one in reminders_on(date(2020, 8, 26)) if "空置" in one.title]
    assert (soon.title, soon.tone) == ("1 户空置减免 7 天内要复核", "warning")
    (late,) = [one for one in reminders_on(date(2020, 9, 1)) if "空置" in one.title]
    assert (late.title, late.tone) == ("1 户空置减免过了复核日期，停止减免", "danger")
    (row,) = vacancies(Filters(state="待复核")).window()
    plain = vacancies(Filters()).plain(row)
    assert (plain["number"], plain["cut"], plain["lacking"]) == (made.number, "40.00", False)
    assert list(vacancies(Filters(state="生效")).window()) == []
    (figure,) = [one for one in card_of(LISTS["units"], house.id).figures if one.title == "空置减免"]
    assert (figure.value, figure.beside) == ("40.00%", "待复核，2020-09-01 复核")


def test_it_is_found_by_the_number_that_its_paper_bears(house: Unit) -> None:
    made = grant(house)
    found = [(hit.listing, hit.id) for hit in find(f"PC:FE-10:{made.number}")]
    assert found == [("vacancies", made.id)]


def test_a_reminder_of_what_is_lacking_opens_just_those(estate: Estate, house: Unit) -> None:
    other = estate.house("102", owner="李明")
    grant(house)
    grant(other)
    (reminder,) = [one for one in reminders_on(date.today()) if "还没有计" in one.title]
    rows = vacancies(Filters(**reminder.filters)).meeting(*reminder.asked).window()
    assert len(rows) == reminder.count == 1


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE vacancy SET percent = 5000",
        "UPDATE vacancy SET effective = '2020-01-01'",
        "DELETE FROM vacancy",
        "UPDATE vacancy_cut SET days = 1",
        "DELETE FROM vacancy_cut",
    ],
)
def test_what_was_agreed_and_reduced_is_guarded(house: Unit, sql: str) -> None:
    grant(house)
    apply_vacancies(JUNE, DAY)
    with pytest.raises(peewee.IntegrityError):
        db.execute_sql(sql)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    percent=st.integers(1, 10_000),
    before=st.integers(0, 10_000),
    effective=st.integers(0, 35),
    lasts=st.integers(1, 35),
)
def test_never_more_than_its_share_of_a_line(
    house: Unit, percent: int, before: int, effective: int, lasts: int
) -> None:
    with rolled_back():
        if before:
            reduce([line(JUNE)], "停水", "合同", amount=Decimal(before) / 100, on=DAY)
        begins = JUNE.first + timedelta(days=effective)
        made = grant(house, percent=Decimal(percent) / 100, effective=begins)
        ends = begins + timedelta(days=lasts)
        made.end(ends)
        days = max(0, (min(ends, JULY.first) - begins).days)
        share = Decimal(10_000 - before) * percent * days / (10_000 * 30)
        try:
            apply_vacancies(JUNE, DAY)
        except RuleBroken:
            assert share < Decimal("0.5")
        else:
            (cut,) = VacancyCut.select()
            assert abs(cut.amount * 100 - share) <= Decimal("0.5") and cut.days == days
            assert 0 <= line(JUNE).owed == 100 - Decimal(before) / 100 - cut.amount
            with pytest.raises(RuleBroken):
                apply_vacancies(JUNE, DAY)
        assert run_invariants() == []


# -- days, prices, owners --------------------------------------------------------------------------


def owed_by() -> dict[str, Decimal]:
    """Return what each owner is charged for June, less what was taken off."""
    found: dict[str, Decimal] = {}
    for one in Bill.select().where((Bill.live == True) & (Bill.month >= JUNE)):
        if one.month == JUNE or (one.corrects is not None and one.corrects.month == JUNE):
            found[one.liable.name] = found.get(one.liable.name, Decimal(0)) + one.amount
    return found


def sold(estate: Estate, house: Unit, day: date = date(2020, 6, 16)) -> None:
    with writing():
        buyer = estate.person("李明")
    transfer(house, buyer, day, despite=True)
    settle_transfer(house)


def test_no_day_is_reduced_again_after_a_transfer(estate: Estate, house: Unit) -> None:
    vacancy = grant(house)
    apply_vacancies(JUNE)
    sold(estate, house)
    assert owed_by() == {"王桂芳": Decimal("30.00"), "李明": Decimal("30.00")}
    with pytest.raises(RuleBroken, match="没有要计的空置减免"):
        apply_vacancies(JUNE)
    reverse_bills([line(JUNE)], "录错", "标准")
    with pytest.raises(RuleBroken, match="请先在“账单”里红冲这笔账单"):
        vacancy.end(date(2020, 6, 20))


def test_a_discount_goes_with_the_days_that_it_was_for(estate: Estate, house: Unit) -> None:
    grant(house).end(date(2020, 6, 16))
    apply_vacancies(JUNE)
    assert owed_by() == {"王桂芳": Decimal("80.00")}
    sold(estate, house)
    assert owed_by() == {"王桂芳": Decimal("30.00"), "李明": Decimal("50.00")}
    assert [one.id for one in Bill.select() if not explain(one).proven] == []


def test_each_day_is_reduced_by_what_it_costs(estate: Estate) -> None:
    stop_chains()
    unit = estate.house("301")
    item = estate.item(since=JUNE.first)
    estate.rate(item, date(2020, 6, 16), "3.0000")
    estate.give(unit, item, JUNE.first)
    bill(JUNE)
    grant(unit, percent=Decimal("50.00")).end(date(2020, 6, 16))
    (made,) = apply_vacancies(JUNE)
    assert made.amount == Decimal("-25.00")
    found = explain(Bill.get(Bill.kind == BillKind.REDUCTION))
    assert found.proven and "空置减免 15 天按单价的 50.00 ÷ 计费 30 天按单价的 200.00" in found.text()


def test_two_vacancies_in_one_month_each_reduce_their_days(estate: Estate, house: Unit) -> None:
    grant(house, percent=Decimal("30.00")).end(date(2020, 6, 16))
    apply_vacancies(JUNE)
    grant(house, percent=Decimal("50.00"), effective=date(2020, 6, 16))
    apply_vacancies(JUNE)
    assert owed_by() == {"王桂芳": Decimal("60.00")}
    assert [one.id for one in Bill.select() if not explain(one).proven] == []


def test_an_end_that_lies_ahead_may_be_changed_and_reviewed(house: Unit) -> None:
    vacancy = grant(house)
    ahead = Month.of(date.today()).plus(12).first
    vacancy.end(ahead)
    Vacancy.get_by_id(vacancy.id).check_again("水表未变")
    Vacancy.get_by_id(vacancy.id).end(ahead + timedelta(days=31))
    Vacancy.get_by_id(vacancy.id).end(date(2020, 7, 1))
    with pytest.raises(RuleBroken, match="已于 2020-07-01 恢复收费"):
        Vacancy.get_by_id(vacancy.id).end(date(2020, 8, 1))


def test_nothing_is_taken_off_before_money_was_there(house: Unit) -> None:
    receive(house, Decimal("200.00"), on=date(2020, 6, 20))
    grant(house)
    with pytest.raises(BadInput, match="不能早于它更正"):
        apply_vacancies(JUNE, on=date(2020, 6, 1))


def test_a_month_that_was_charged_again_is_lacking(house: Unit) -> None:
    vacancy = grant(house)
    apply_vacancies(JUNE)
    assert lacking(date.today()).get(vacancy.id, []) == []
    reverse_bills([line(JUNE)], "录错", "标准")
    bill(JUNE)
    assert lacking(date.today())[vacancy.id] == [JUNE]


def test_two_that_meet_within_a_month_are_reduced_at_once_and_told_until_then(house: Unit) -> None:
    first = grant(house, percent=Decimal(30)).end(date(2020, 6, 16))
    second = grant(house, percent=Decimal(50), effective=date(2020, 6, 16))
    assert lacking(JULY.first) == {first.id: [JUNE], second.id: [JUNE]}
    made = apply_vacancies(JUNE, DAY)
    assert made.summary() == "出了 2 张减免单，共减 40.00 元。"
    assert (line(JUNE).owed, lacking(JULY.first)) == (Decimal("60.00"), {})
    taken_off = Bill.get(Bill.source == f"{made[0].number}/1")
    assert f"没有经过审批单，{first.number} 由管理员直接办理" in explain(taken_off).text()


def test_one_may_not_end_after_the_next_begins(house: Unit) -> None:
    ahead = Month.of(date.today()).plus(12).first
    made = grant(house).end(ahead)
    following = grant(house, effective=ahead)
    with pytest.raises(RuleBroken, match=f"起按 {following.number} 减免，{made.number} 不能晚于这一天"):
        made.end(ahead + timedelta(days=1))
    assert made.end(JULY.first).ended == JULY.first


def test_what_ended_without_its_review_is_reduced_up_to_that_day(house: Unit) -> None:
    made = grant(house, every=1)
    made.check_again("未变", review=date(2020, 7, 15), on=date(2020, 6, 25))
    bill(JULY)
    made.end(date(2020, 7, 20))
    assert [len(cut.days) for cut in try_apply_vacancies(JULY).cuts] == [14]


def test_days_whose_new_line_is_reversed_do_not_hinder_an_end(estate: Estate, house: Unit) -> None:
    made = grant(house)
    apply_vacancies(JUNE, DAY)
    sold(estate, house)
    reverse_bills([Bill.get((Bill.corrects == line(JUNE)) & (Bill.amount > 0))], "提前入住", "合同")
    assert made.end(date(2020, 6, 16)).ended == date(2020, 6, 16)


def test_a_discount_that_reaches_beyond_a_transfer_is_shared_and_counted_once(
    estate: Estate, house: Unit
) -> None:
    grant(house).end(date(2020, 6, 26))
    apply_vacancies(JUNE, DAY)
    sold(estate, house, date(2020, 6, 21))
    # 33.33 were off for 25 days: 26.66 of 66.67 for 20 of them, 6.67 of 33.33 for 5
    assert owed_by() == {"王桂芳": Decimal("40.01"), "李明": Decimal("26.66")}
    (row,) = vacancies(Filters()).window()
    assert vacancies(Filters()).plain(row)["cut"] == "33.33"
    grant(house, effective=date(2020, 6, 26))
    apply_vacancies(JUNE)
    assert owed_by() == {"王桂芳": Decimal("40.01"), "李明": Decimal("19.99")}


def test_what_was_reduced_by_hand_is_not_reduced_for_the_new_owner(estate: Estate, house: Unit) -> None:
    reduce([line(JUNE)], "空置", "合同", AdjustmentKind.VACANCY, percent=Decimal(10), on=DAY)
    sold(estate, house)
    grant(house)
    assert try_apply_vacancies(JUNE).cuts == []


def test_where_a_month_has_nothing_those_that_lack_are_named(house: Unit) -> None:
    grant(house)
    told = "2020-07 没有要计的空置减免，没有写入。2020-06 还没有计，请改所属月份。"
    assert try_apply_vacancies(JULY).summary().startswith(told)
