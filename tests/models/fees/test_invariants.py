"""The books of fees hold after every deed; whatever is changed behind the program's back is named."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from models.base import db
from models.checks import run_invariants
from models.fees import invariants
from models.fees.adjusting import reduce
from models.fees.billing import bill, undo_billing
from models.fees.bills import Bill
from models.fees.cashier import receive, reverse_set_off, set_off, void_receipt
from models.fees.closings import close_day
from models.fees.payments import Allocation, BalanceEntry, Payment, Receipt, SetOff
from models.months import Month
from models.owners.estate import Unit
from models.series import Counter
from tests.estate import Estate, stop_chains

DAY = date(2020, 3, 1)


@pytest.fixture
def unit(estate: Estate) -> Unit:
    """A house with every kind of movement: runs, receipts, a set-off, a closing, some of them undone."""
    house = estate.house("101")
    item = estate.item(since=date(2020, 1, 1))
    estate.give(house, item)
    undo_billing(bill(Month(2020, 1)))
    bill(Month(2020, 1))
    bill(Month(2020, 2))
    receive(house, Decimal("150.00"), on=DAY)
    void_receipt(receive(house, Decimal("30.00"), on=DAY).receipts.get(), "重复")
    receive(house, Decimal("90.00"), on=DAY)
    void_receipt(receive(house, Decimal("5.00"), on=DAY).receipts.get(), "预存退")
    bill(Month(2020, 3))
    reverse_set_off(set_off(house, on=DAY), "选错了账单")
    set_off(house, on=DAY)
    close_day(DAY)
    return house


def found() -> list[tuple[str, str]]:
    return [(one.check, one.sentence) for one in run_invariants()]


def test_everything_holds_after_every_kind_of_deed(unit: Unit) -> None:
    assert found() == []
    assert (Receipt.select().count(), SetOff.select().count(), BalanceEntry.select().count()) == (4, 2, 6)


def lose_trigger(table: str) -> None:
    """Take away what guards a table, as somebody with a database editor could."""
    for kind in ("update", "delete"):
        db.execute_sql(f"DROP TRIGGER IF EXISTS {table}_no_{kind}")


def change(sql: str, *guarded: str) -> Callable[[], None]:
    def work() -> None:
        db.execute_sql("PRAGMA foreign_keys=OFF")
        for table in guarded:
            lose_trigger(table)
        db.execute_sql(sql)

    return work


EDITS = [
    (
        change("UPDATE bill SET paid = paid - 1 WHERE id = 2"),
        "账单已收",
        "已收 99.99 元，核销合计却是 100.00 元",
    ),
    (
        change("UPDATE bill SET paid = amount + 1 WHERE id = 3"),
        "账单金额",
        "应收 100.00 元，已收却是 100.01 元",
    ),
    (change("UPDATE bill SET paid = 1 WHERE id = 1"), "账单金额", "已作废）应收 100.00 元，已收却是 0.01 元"),
    (
        change("DELETE FROM bill WHERE id = 4", "bill"),
        "出账批次合计",
        "2020-03 出账 记 1 笔 100.00 元，账单却有 0 笔 0.00 元",
    ),
    (
        change("UPDATE receipt_row SET amount = amount - 1 WHERE id = 1", "receipt_row"),
        "收据合计",
        "收据 SJ-2020-000001 金额 150.00 元，各行合计却是 149.99 元",
    ),
    (
        change("UPDATE allocation SET amount = amount - 1 WHERE id = 1", "allocation"),
        "收据合计",
        "收据 SJ-2020-000001 金额 150.00 元，核销与预存合计却是 149.99 元",
    ),
    (
        change("UPDATE allocation SET live = 1", "allocation"),
        "作废收据",
        "收据 SJ-2020-000002 已作废，核销却仍有效",
    ),
    (
        change("UPDATE bill SET live = 0 WHERE id = 4"),
        "作废账单",
        "账单 4 已作废，它的批次 4 却没有撤销",
    ),
    (
        change("UPDATE batch SET state = 'UNDONE' WHERE id = 4"),
        "撤销批次",
        "批次 4 已撤销，却还有 1 笔有效的账单",
    ),
    (
        change("UPDATE payment SET \"on\" = '2020-02-29' WHERE id = 1", "payment"),
        "收款日期",
        "收据 SJ-2020-000001 的日期是 2020-03-01，收款却在 2020-02-29",
    ),
    (
        change("DELETE FROM balance_entry WHERE kind = 'VOID'", "balance_entry"),
        "作废收据",
        "收据 SJ-2020-000004 已作废，预存却还有 5.00 元",
    ),
    (
        change("UPDATE payment SET amount = 1 WHERE id = 1", "payment"),
        "收款合计",
        "收款 1 金额 0.01 元，收据合计却是 150.00 元",
    ),
    (change("UPDATE payment SET voided = 0"), "收款合计", "收款 2 记作废 0.00 元，作废收据合计却是 30.00 元"),
    (
        change("DELETE FROM receipt WHERE number = 'SJ-2020-000002'", "receipt"),
        "单号连续",
        "收据 SJ-2020 缺号：第 2 号等 1 个",
    ),
    (
        change("UPDATE counter SET last = 3 WHERE prefix = 'SJ'"),
        "单号连续",
        "收据 SJ-2020 已用到第 4 号，流水号却只记到 3",
    ),
    (
        change("UPDATE receipt SET state = 'ISSUED'"),
        "日结合计",
        "2020-03-01 日结记收据 2 份、作废 2 份、实收 240.00 元，收据却是 4 份、作废 0 份、275.00 元",
    ),
    (
        change("DELETE FROM balance_entry WHERE kind = 'RECEIVED'", "balance_entry"),
        "预存余额",
        "1-1-101 付款人 1 的预存余额是 -45.00 元",
    ),
    (
        change("UPDATE set_off SET amount = amount + 1 WHERE id = 2", "set_off"),
        "预存抵扣合计",
        "抵扣单 DK-202003-0002 金额 40.01 元，核销合计却是 40.00 元",
    ),
    (
        change("UPDATE set_off SET amount = amount + 1 WHERE id = 2", "set_off"),
        "预存抵扣合计",
        "抵扣单 DK-202003-0002 金额 40.01 元，预存却动了 -40.00 元",
    ),
]


@pytest.mark.parametrize(("edit", "check", "sentence"), EDITS, ids=range(len(EDITS)))
def test_an_edit_behind_the_programs_back_is_named(
    unit: Unit, edit: Callable[[], None], check: str, sentence: str
) -> None:
    edit()
    assert [told for name, told in found() if name == check and sentence in told], found()


def test_no_check_names_more_than_twenty_places(estate: Estate) -> None:
    item = estate.item(since=date(2020, 1, 1))
    for number in range(25):
        estate.give(estate.house(str(number)), item)
    bill(Month(2020, 1))
    db.execute_sql("UPDATE bill SET paid = 1")
    assert len([name for name, _ in found() if name == "账单已收"]) == 20


def test_money_taken_back_from_a_line_that_was_reduced_is_named(estate: Estate) -> None:
    stop_chains()
    estate.give(estate.house("101"), estate.item(since=date(2020, 1, 1)))
    bill(Month(2020, 1))
    line = Bill.get()
    reduce([line], "停水", "合同", amount=Decimal("30.00"), on=date(2020, 1, 20))
    db.execute_sql("UPDATE bill SET paid = paid - 1000 WHERE id = ?", (line.id,))
    assert ("冲减已收", f"账单 {line.id} 已冲减 30.00 元，已收却只有 20.00 元") in found()


def test_the_checks_of_this_module_are_those_that_are_registered(unit: Unit) -> None:
    from models.checks import INVARIANTS

    mine = {name for name, check in INVARIANTS.items() if check.__module__ == invariants.__name__}
    assert {
        "账单已收", "账单金额", "出账批次合计", "收据合计", "作废收据", "收款合计", "单号连续", "日结合计",
        "预存余额", "预存抵扣合计", "作废账单", "收款日期", "撤销批次",
        "冲减已收",
    } == mine  # fmt: skip
    assert all(record.select().exists() for record in (Bill, Allocation, Payment, Counter))
