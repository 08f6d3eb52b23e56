"""押金: taken, deducted from, given back; never income, never in a rate."""

from contextlib import suppress
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
from models.deeds import DEEDS
from models.desk import reminders_on
from models.errors import BadInput, PermissionDenied, RuleBroken
from models.fees import deposit_checks, facts, health, invariants, rates  # noqa: F401 - what is told
from models.fees.arrears import debts
from models.fees.billing import bill
from models.fees.bills import Bill
from models.fees.cashier import receive
from models.fees.closings import close_day
from models.fees.daybook import day_book
from models.fees.depositing import (
    deduct_deposit,
    refund_deposit,
    set_refund_day,
    take_deposit,
    void_deposit_entry,
)
from models.fees.deposits import Deposit, DepositEntry, DepositKind, EntryKind, held, open_deposits
from models.fees.payments import Allocation, BalanceEntry, DayClosing, Method, Payment, Receipt
from models.listings import LISTS, Filters
from models.months import Month, Period
from models.owners import lists as of_owners  # noqa: F401
from models.owners.estate import Unit
from models.owners.people import Person
from models.rows import RowRefused
from models.search import find
from tests.estate import Estate
from tests.models.fees.world import Collector, rolled_back

DAY = date(2020, 7, 1)
AGREED = "装修管理协议第 5 条"


@pytest.fixture
def unit(estate: Estate) -> Unit:
    """A house that owes 100.00 for June 2020."""
    house = estate.house("101")
    estate.give(house, estate.item(since=date(2020, 6, 1)))
    bill(Month(2020, 6))
    return house


def taken(unit: Unit, amount: str = "2000.00", **more: Any) -> Deposit:
    return take_deposit(unit, Decimal(amount), **({"agreed": AGREED, "on": DAY} | more))


def shown(name: str = "deposits", **filters: Any) -> list[dict[str, Any]]:
    made = LISTS[name](Filters(**filters))
    return [made.plain(row) for row in made.rows()]


def state(deposit: Deposit) -> str:
    return next(row["state"] for row in shown() if row["number"] == deposit.number)


# -- golden ----------------------------------------------------------------------------------------


def test_a_deposit_is_given_back_less_its_deductions_in_their_order(unit: Unit) -> None:
    deposit = taken(unit)
    assert (deposit.number, deposit.payer_name, held(deposit)) == (
        "YAJ-202007-001",
        "王桂芳",
        Decimal("2000.00"),
    )
    deduct_deposit(deposit, "未按时清运垃圾", Decimal("120.50"), on=DAY + timedelta(days=10))
    assert state(deposit) == "部分扣款"
    refund = refund_deposit(
        deposit,
        [
            {"reason": "电梯轿厢划损", "amount": Decimal("300.00")},
            {"reason": "补办出入证", "amount": Decimal("20.00")},
        ],
        Method.TRANSFER,
        on=DAY + timedelta(days=60),
        account="6222 0212 3456 7890",
    )
    told = [(entry.number, entry.kind.value, str(entry.amount)) for entry in DepositEntry.select()]
    assert told == [
        ("YAJ-202007-001", "收取", "2000.00"),
        ("YAK-202007-001", "扣款", "-120.50"),
        ("YAK-202008-001", "扣款", "-300.00"),
        ("YAK-202008-002", "扣款", "-20.00"),
        ("YAT-202008-001", "退还", "-1559.50"),
    ]
    assert (refund.receiver, held(deposit), state(deposit)) == ("王桂芳", Decimal(0), "已退还")
    assert "7890" in refund.account and "6222" not in refund.account
    (row,) = shown()
    assert [row[name] for name in ("amount", "deducted", "refunded", "held")] == [
        "2000.00", "440.50", "1559.50", "0.00",
    ]  # fmt: skip
    assert run_invariants() == []


def test_a_deposit_that_is_deducted_whole_is_settled_without_money(unit: Unit) -> None:
    deposit = taken(unit, "500.00")
    entry = refund_deposit(deposit, [{"reason": "拆改烟道", "amount": Decimal("500.00")}], on=DAY)
    assert (entry.amount, entry.method, state(deposit)) == (Decimal(0), None, "已扣完")
    assert day_book(DAY).deposits_net == Decimal("500.00")
    with pytest.raises(RuleBroken, match="已由 YAT-202007-001 退还"):
        refund_deposit(deposit, on=DAY)


def test_a_contractor_pays_in_his_own_name(unit: Unit) -> None:
    deposit = taken(unit, payer_name="宏达装饰有限公司", kind=DepositKind.PASS, agreed=None)
    assert (deposit.payer, deposit.payer_name) == (None, "宏达装饰有限公司")
    assert shown(person=Person.get(Person.name == "王桂芳")) == []


def test_what_is_open_is_told_for_who_moves_out(unit: Unit, estate: Estate) -> None:
    other = estate.house("102", owner="李明")
    first, second, gone = taken(unit), taken(unit, "50.00", kind=DepositKind.KEY), taken(unit, "9.00")
    taken(other, "77.00")
    refund_deposit(gone, on=DAY)
    deduct_deposit(first, "垃圾", Decimal("1.00"), on=DAY)
    assert open_deposits(unit) == [(first, Decimal("1999.00")), (second, Decimal("50.00"))]


def test_a_deposit_is_no_income_and_in_no_rate(unit: Unit) -> None:
    before = ledger()
    deposit = taken(unit)
    refund_deposit(deposit, [{"reason": "垃圾", "amount": Decimal("10.00")}], on=DAY)
    assert ledger() == before
    assert (Payment.select().count(), Receipt.select().count(), day_book(DAY).total) == (0, 0, Decimal(0))


def ledger() -> list[Any]:
    """Return all that rates, arrears and income are made of, and what they come to."""
    records = (Bill, Payment, Receipt, Allocation, BalanceEntry)
    rows = [[row.as_stored() for row in record.select()] for record in records]
    collected = [row.values for row in LISTS["rates"](Filters(period=Period.parse("2020-06"))).rows()]
    return [*rows, collected, {unit: debt.total for unit, debt in debts(date(2021, 1, 1)).items()}]


# -- refusals --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"amount": "0"}, "押金金额要大于零"),
        ({"amount": "-5"}, "押金金额"),
        ({"amount": "1e9"}, "押金金额"),
        ({"amount": "12,34"}, "押金金额"),
        ({"amount": "100.005"}, "2 位小数"),
        ({"agreed": ""}, "装修押金要有约定才能收"),
        ({"kind": "风险金"}, "押金种类"),
        ({"unit": "9-9-999"}, "9-9-999"),
        ({"on": "2099-01-01"}, "还没有到"),
        ({"refund_due": "2020-06-30"}, "早于收取日期"),
        ({"method": "支票"}, "收款方式|退款方式"),
    ],
)
def test_what_cannot_be_is_refused_in_words_and_nothing_is_written(
    unit: Unit, given: dict[str, str], sentence: str
) -> None:
    right = {"unit": unit.code, "amount": "2000", "agreed": AGREED, "on": "2020-07-01"}
    with pytest.raises((BadInput, RuleBroken), match=sentence):
        DEEDS["fees.take_deposit"].call(None, right | given)
    assert Deposit.select().count() == DepositEntry.select().count() == 0


def test_full_width_figures_are_understood(unit: Unit) -> None:
    values = {"unit": unit.code, "amount": "１，２３４．５０", "agreed": AGREED, "on": "2020-07-01"}
    assert DEEDS["fees.take_deposit"].call(None, values).amount == Decimal("1234.50")


def test_a_house_that_nobody_pays_for_wants_a_name(estate: Estate) -> None:
    empty = estate.house("105", owner=None)
    with pytest.raises(BadInput, match="请填写交款人"):
        taken(empty)
    assert taken(empty, payer_name="张三").payer_name == "张三"


def test_a_deduction_beyond_what_is_left_names_its_row_and_writes_nothing(unit: Unit) -> None:
    deposit = taken(unit, "100.00")
    rows = "清运垃圾|60\n修补墙面|40.01"
    with pytest.raises(RowRefused, match=r"第 2 行.*只剩 40.00 元") as refused:
        DEEDS["fees.refund_deposit"].call(deposit.number, {"deductions": rows, "on": "2020-07-01"})
    assert (refused.value.row, refused.value.column) == (1, "amount")
    assert DepositEntry.select().count() == 1
    with pytest.raises(RowRefused, match=r"第 1 行.*没有填扣款事由"):
        DEEDS["fees.refund_deposit"].call(deposit.number, {"deductions": "|5", "on": "2020-07-01"})
    with pytest.raises(RowRefused, match=r"第 1 行.*大于零"):
        DEEDS["fees.refund_deposit"].call(deposit.number, {"deductions": "垃圾|0", "on": "2020-07-01"})
    with pytest.raises(BadInput, match=r"只剩 100.00 元"):
        deduct_deposit(deposit, "垃圾", Decimal("100.01"), on=DAY)


def test_a_movement_is_not_before_the_last_nor_on_a_closed_day(unit: Unit) -> None:
    deposit = taken(unit, on=date(2020, 7, 5))
    with pytest.raises(RuleBroken, match="不能登记在更早的 2020-07-04"):
        refund_deposit(deposit, on=date(2020, 7, 4))
    close_day(date(2020, 7, 5))
    for work in (
        lambda: taken(unit, on=date(2020, 7, 5)),
        lambda: refund_deposit(deposit, on=date(2020, 7, 5)),
        lambda: deduct_deposit(deposit, "垃圾", Decimal("1.00"), on=date(2020, 7, 5)),
        lambda: void_deposit_entry(deposit.entries.get(), "重复"),
    ):
        with pytest.raises(RuleBroken, match="已日结"):
            work()


def test_the_day_for_giving_back_can_be_set_while_something_is_held(unit: Unit) -> None:
    deposit = taken(unit)
    with pytest.raises(BadInput, match="早于收取日期"):
        set_refund_day(deposit, date(2020, 6, 1))
    assert set_refund_day(deposit, date(2020, 9, 1)).refund_due == date(2020, 9, 1)
    refund_deposit(deposit, on=DAY)
    with pytest.raises(RuleBroken, match="没有在押金额"):
        set_refund_day(deposit, date(2020, 9, 2))


# -- voiding ---------------------------------------------------------------------------------------


def test_what_was_entered_wrongly_is_voided_from_the_last_and_numbers_stay(unit: Unit) -> None:
    deposit = taken(unit)
    refund = refund_deposit(deposit, [{"reason": "垃圾", "amount": Decimal("10.00")}], on=DAY)
    first, deduction = deposit.entries.order_by(DepositEntry.id).limit(2)
    with pytest.raises(RuleBroken, match="请先作废 YAT-202007-001"):
        void_deposit_entry(deduction, "扣错")
    void_deposit_entry(refund, "领款人写错")
    assert (held(deposit), state(deposit)) == (Decimal("1990.00"), "部分扣款")
    void_deposit_entry(deduction, "扣错")
    assert (held(deposit), state(deposit)) == (Decimal("2000.00"), "在押")
    back = void_deposit_entry(first, "房号写错")
    assert (held(deposit), state(deposit)) == (Decimal(0), "已作废")
    for entry in (first, back):
        with pytest.raises(RuleBroken, match="已经作废过"):
            void_deposit_entry(entry, "再来")
    with pytest.raises(RuleBroken, match="已作废，不能再扣款"):
        refund_deposit(deposit, on=DAY)
    assert taken(unit).number == "YAJ-202007-002"
    assert run_invariants() == []
    assert [row["void"] for row in shown("deposit_entries")].count(True) == 6


def test_movements_are_guarded_by_the_database_itself(unit: Unit) -> None:
    deposit = taken(unit)
    for sql in (
        "UPDATE deposit_entry SET amount = 1",
        "DELETE FROM deposit_entry",
        "UPDATE deposit SET amount = 1",
        "DELETE FROM deposit",
    ):
        with pytest.raises(peewee.IntegrityError):
            db.execute_sql(sql)
    assert held(deposit) == Decimal("2000.00")


def test_books_changed_behind_the_program_are_named(unit: Unit) -> None:
    taken(unit)
    void_deposit_entry(taken(unit, "5.00").entries.get(), "重复")
    for kind in ("update", "delete"):
        db.execute_sql(f"DROP TRIGGER deposit_entry_no_{kind}")
    db.execute_sql("UPDATE deposit_entry SET amount = -300 WHERE id = 1")
    db.execute_sql("UPDATE deposit_entry SET amount = -400 WHERE id = 3")
    db.execute_sql("UPDATE deposit_entry SET number = 'YAJ-202007-005' WHERE id = 2")
    assert {one.check for one in run_invariants()} == {"押金余额", "押金流水", "单号连续"}


# -- the cashier's day -----------------------------------------------------------------------------


def test_the_day_book_tells_deposits_apart_from_income(unit: Unit) -> None:
    receive(unit, Decimal("100.00"), on=DAY)
    cash, card = taken(unit, "2000.00"), taken(unit, "300.00", method=Method.POS, kind=DepositKind.KEY)
    void_deposit_entry(card.entries.get(), "刷错卡")
    refund_deposit(cash, [{"reason": "垃圾", "amount": Decimal("50.00")}], Method.WECHAT, on=DAY)
    book = day_book(DAY)
    assert book.total == Decimal("100.00")
    assert book.deposits_by_method() == {Method.CASH: Decimal("2000.00"), Method.WECHAT: Decimal("-1950.00")}
    assert [(entry.number, void) for entry, void in book.deposits] == [
        ("YAJ-202007-001", ""), ("YAJ-202007-002", "刷错卡"), ("YAT-202007-001", ""),
    ]  # fmt: skip
    closing = close_day(DAY)
    assert (closing.amount, closing.deposits) == (Decimal("100.00"), Decimal("50.00"))
    assert run_invariants() == []


def test_a_day_with_deposits_alone_is_closed_too_and_reminded_of(unit: Unit) -> None:
    taken(unit)
    told = [one for one in reminders_on(date(2020, 7, 3)) if "日结" in one.title]
    assert [(one.page, one.filters) for one in told] == [("deposit_entries", {"on": DAY})]
    assert (close_day(DAY).receipts, DayClosing.get().deposits) == (0, Decimal("2000.00"))


# -- where it is seen ------------------------------------------------------------------------------


def test_cards_tell_what_is_held(unit: Unit) -> None:
    deduct_deposit(taken(unit), "垃圾", Decimal("10.00"), on=DAY)
    taken(unit, "30.00", payer_name="宏达装饰")
    owner = Person.get(Person.name == "王桂芳")
    for name, record, value in (("units", unit, "2,020.00"), ("people", owner, "1,990.00")):
        figures = {one.title: one.value for one in card_of(LISTS[name], record.id).figures}
        assert figures["押金在押"] == value


def test_the_desk_reminds_of_deposits_whose_day_has_come(unit: Unit) -> None:
    due = taken(unit, refund_due=date(2020, 8, 1))
    taken(unit, refund_due=date(2020, 8, 3))
    gone = taken(unit, refund_due=date(2020, 7, 20))
    refund_deposit(gone, on=DAY)
    told = [one for one in reminders_on(date(2020, 8, 2)) if "应退" in one.title]
    assert [(one.tone, one.count, one.page) for one in told] == [("danger", 1, "deposits")]
    listed = LISTS["deposits"](Filters(**told[0].filters)).meeting(*told[0].asked)
    assert [listed.plain(row)["number"] for row in listed.rows()] == [due.number]
    assert not [one for one in reminders_on(date(2020, 7, 30)) if "应退" in one.title]


def test_lists_are_narrowed_by_state_and_by_kind(unit: Unit) -> None:
    taken(unit)
    key = taken(unit, "30.00", kind=DepositKind.KEY)
    refund_deposit(key, on=DAY)
    assert [row["number"] for row in shown(state="已退还")] == [key.number]
    assert [row["number"] for row in shown(state="钥匙押金")] == [key.number]
    assert len(shown(state="在押")) == 1 and len(shown(building=unit.building)) == 2
    with pytest.raises(BadInput, match="没有状态"):
        shown(state="丢失")


def test_a_scanned_number_finds_its_deposit(unit: Unit) -> None:
    deposit = taken(unit)
    refund = refund_deposit(deposit, on=DAY)
    for words in (deposit.number, f"PC:FE-16:{refund.number}", "YAT-2020"):
        assert [hit.kind for hit in find(words) if hit.id == deposit.id] == ["押金"]


def test_deposits_beyond_reach_are_neither_seen_nor_moved(unit: Unit) -> None:
    from models.deeds import acting

    deposit = taken(unit)
    with acting(Collector(-1)):
        assert shown() == shown("deposit_entries") == []
        assert day_book(DAY).deposits == []
        for work in (
            lambda: taken(unit),
            lambda: refund_deposit(deposit, on=DAY),
            lambda: void_deposit_entry(deposit.entries.get(), "错"),
        ):
            with pytest.raises(PermissionDenied):
                work()


# -- over random sequences -------------------------------------------------------------------------

STEPS = st.lists(
    st.tuples(
        st.sampled_from(["take", "take", "deduct", "refund", "refund_less", "void", "close", "receive"]),
        st.integers(0, 3),
        st.integers(0, 5),
        st.integers(1, 60_000),
    ),
    min_size=1,
    max_size=16,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(steps=STEPS)
def test_no_deposit_appears_or_vanishes_and_none_touches_a_rate(
    unit: Unit, steps: list[tuple[str, int, int, int]]
) -> None:
    with rolled_back():
        day, received = DAY, Decimal(0)
        for doing, wait, which, fen in steps:
            day += timedelta(days=wait)
            amount = fen * Decimal("0.01")
            before = ledger()
            with suppress(RuleBroken):
                _play(unit, doing, day, which, amount)
            if doing == "receive":
                received = sum((receipt.amount for receipt in Receipt.select()), start=Decimal(0))
            else:
                assert ledger() == before
        sums = {kind: Decimal(0) for kind in EntryKind}
        for entry in DepositEntry.select():
            sums[entry.kind] += entry.amount
        kept = [held(deposit) for deposit in Deposit.select()]
        assert all(one >= 0 for one in kept)
        assert sums[EntryKind.TAKEN] == sum(kept) - sums[EntryKind.DEDUCTED] - sums[EntryKind.REFUNDED]
        assert sum(left for _, left in open_deposits(unit)) == sum(kept)
        days = {DAY + timedelta(days=number) for number in range(60)}
        books = [day_book(one) for one in days]
        assert sum(book.deposits_net for book in books) == sums[EntryKind.TAKEN] + sums[EntryKind.REFUNDED]
        assert sum(book.total for book in books) == received
        assert run_invariants() == []


def _play(unit: Unit, doing: str, day: date, which: int, amount: Decimal) -> None:
    if doing == "take":
        taken(unit, str(amount), on=day, kind=list(DepositKind)[which % 4])
        return
    if doing == "receive":
        receive(unit, amount, on=day)
        return
    if doing == "close":
        close_day(day)
        return
    deposits = list(Deposit.select().order_by(Deposit.id.desc()))
    if not deposits:
        return
    deposit = deposits[which % len(deposits)]
    if doing == "deduct":
        deduct_deposit(deposit, "垃圾", amount, on=day)
    elif doing == "void":
        void_deposit_entry(deposit.entries.order_by(DepositEntry.id.desc()).get(), "记错")
    else:
        rows = [{"reason": "墙面", "amount": amount}] if doing == "refund_less" else None
        refund_deposit(deposit, rows, on=day)
