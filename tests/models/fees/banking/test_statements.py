"""Statements come in once, sure rows are booked, the rest is settled by hand; a batch is undone as one."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from models import batches, deeds
from models.audit import AuditEntry
from models.batches import Batch, State
from models.checks import run_invariants
from models.deeds import DEEDS
from models.errors import BadInput, PermissionDenied, RuleBroken, Stale
from models.fees import invariants  # noqa: F401 - invariants are registered by being imported
from models.fees.banking import debit_lists, lists  # noqa: F401 - lists are registered by being imported
from models.fees.banking.debits import make_debits, try_make_debits
from models.fees.banking.rows import BankRow, RowState
from models.fees.banking.statements import (
    claim_row,
    import_statement,
    leave_rows,
    match_rows,
    undo_statement,
    withdraw_rows,
)
from models.fees.billing import bill
from models.fees.bills import Bill
from models.fees.cashier import receive, void_receipt
from models.fees.payments import DayClosing, Method, Payment, Receipt, ReceiptState
from models.imports.plan import ImportRefused
from models.listings import Filters, listed
from models.months import Month
from models.office.accounts import Account, Reach, Role, add_role
from models.owners.caretaking import Caretaking
from models.owners.estate import Unit
from models.owners.people import Ownership
from tests.estate import Estate, writing
from tests.models.fees.banking.files import account, closed, income, statement
from tests.office_people import worker

DAY = "2025-06-20"
TODAY = date.today()


@pytest.fixture
def house(estate: Estate) -> Unit:
    """A house of 王桂芳 that owes 100.00 for each of five months."""
    unit = estate.house("101")
    estate.give(unit, estate.item(since=date(2025, 1, 1)))
    for month in range(1, 6):
        bill(Month(2025, month))
    return unit


def brought(folder: Path, *rows: tuple[str, ...], name: str = "流水.csv") -> Batch:
    done = import_statement(statement(folder, rows, name=name), account())
    return Batch.get_by_id(done.batch)


def kept() -> list[BankRow]:
    return list(BankRow.select().order_by(BankRow.id))


def sound() -> bool:
    return run_invariants() == []


def test_a_sure_row_is_booked_with_a_receipt_of_its_own_day(house: Unit, tmp_path: Path) -> None:
    batch = brought(tmp_path, income(DAY, "500.00", "王桂芳", "1栋1单元101物业费", "T1"))
    (row,) = kept()
    assert (row.state, row.unit, row.told) == (
        RowState.BOOKED, house, "备注中的房号 1-1-101，户名相符，金额与未收相符",
    )  # fmt: skip
    assert (row.payment.on, row.payment.method, row.payment.reference) == (
        date(2025, 6, 20), Method.TRANSFER, "T1",
    )  # fmt: skip
    assert (row.payment.payer_name, row.payment.amount) == ("王桂芳", Decimal("500.00"))
    assert [receipt.unit for receipt in row.receipts()] == [house]
    assert all(line.paid == line.amount for line in Bill.select())
    assert (batch.kind, batch.count, batch.amount) == ("fees.statement", 1, Decimal("500.00"))
    assert sound()


def test_each_booked_row_stands_in_the_audit_trail(house: Unit, tmp_path: Path) -> None:
    brought(tmp_path, income(DAY, "500.00", "王桂芳", "1-1-101", "T1"))
    entry = AuditEntry.get(AuditEntry.deed == "fees.claim_row")
    assert entry.subject == kept()[0].label()


def test_a_row_that_is_not_sure_is_claimed_by_hand_on_what_it_suggests(house: Unit, tmp_path: Path) -> None:
    brought(tmp_path, income(DAY, "120.00", "王桂芳", "物业费", "T1"))
    (row,) = kept()
    assert (row.state, row.suggested) == (RowState.OPEN, house)
    assert row.told == "户名 王桂芳 只有 1-1-101 一套房，金额与未收 500.00 元不符"
    DEEDS["fees.claim_row"].call(str(row.id), {})
    (row,) = kept()
    assert (row.state, row.unit, row.told) == (RowState.BOOKED, house, "认领到 1-1-101")
    with pytest.raises(RuleBroken, match="已入账，不能再认领"):
        claim_row(row, house)
    assert sound()


def test_a_row_without_candidates_asks_for_a_house(house: Unit, tmp_path: Path) -> None:
    brought(tmp_path, income(DAY, "7.00", "某某", "", "T1"))
    with pytest.raises(BadInput, match="没有候选房号"):
        claim_row(kept()[0])


def test_money_of_a_closed_day_is_booked_today_and_says_so(house: Unit, tmp_path: Path) -> None:
    closed(date(2025, 6, 20))
    brought(tmp_path, income(DAY, "499.00", "王桂芳", "1-1-101", "T1"))
    (row,) = kept()
    assert row.payment.on == TODAY
    assert row.told.endswith(f"2025-06-20 已日结或封账，记在 {TODAY}")


def test_where_today_is_closed_too_a_row_waits(house: Unit, tmp_path: Path) -> None:
    for day in (date(2025, 6, 20), TODAY):
        closed(day)
    brought(tmp_path, income(DAY, "498.00", "王桂芳", "1-1-101", "T1"))
    (row,) = kept()
    assert (row.state, row.suggested) == (RowState.OPEN, house)
    assert "没有入账" in row.told
    assert Payment.select().count() == 0
    assert sound()


def test_a_file_that_is_there_already_is_refused(house: Unit, tmp_path: Path) -> None:
    rows = [income(DAY, "100.00", "王桂芳", "1-1-101", "T1"), income(DAY, "5.00")]
    brought(tmp_path, *rows)
    with pytest.raises(RuleBroken, match="2 笔都已导入过"):
        brought(tmp_path, *rows)
    more = brought(tmp_path, *rows, income(DAY, "5.00"))
    assert (more.count, len(kept()), Payment.select().count()) == (1, 3, 1)
    assert sound()


def test_two_rows_with_one_reference_are_refused_naming_both(house: Unit, tmp_path: Path) -> None:
    with pytest.raises(ImportRefused, match="F3“T1”：流水号与第 2 行相同"):
        brought(
            tmp_path,
            income(DAY, "100.00", "王桂芳", "1-1-101", "T1"),
            income(DAY, "100.00", "王桂芳", "1-1-101", "T1"),
        )
    assert kept() == []


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (income(DAY, "-100.00", "王桂芳"), "金额是负数"),
        (income(str(TODAY + timedelta(days=1)), "100.00"), "日期还没有到"),
        (income("六月", "100.00"), "不是日期"),
        (income(DAY, "一百"), "不是一个数"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(
    house: Unit, tmp_path: Path, row: tuple[str, ...], reason: str
) -> None:
    with pytest.raises(ImportRefused, match=reason):
        brought(tmp_path, income(DAY, "100.00", "王桂芳", "1-1-101", "T1"), row)
    assert (kept(), Payment.select().count()) == ([], 0)
    assert not Batch.select().where(Batch.kind == "fees.statement").exists()


def test_what_went_out_is_left_aside(house: Unit, tmp_path: Path) -> None:
    brought(
        tmp_path,
        (DAY, "", "3000.00", "供电局", "电费", "T0"),
        income(DAY, "100.00", "王桂芳", "1-1-101", "T1"),
        ("合计", "100.00", "3000.00", "", "", ""),
    )
    assert [row.reference for row in kept()] == ["T1"]


def test_a_foreign_layout_is_refused_with_a_sentence(house: Unit, tmp_path: Path) -> None:
    path = statement(tmp_path, [("甲", "乙")], heads=("姓名", "电话"))
    with pytest.raises(BadInput, match="认不出"):
        import_statement(path, account())


def test_the_same_reference_at_the_till_is_not_booked_again(house: Unit, tmp_path: Path) -> None:
    taken = receive(house, Decimal("100.00"), Method.TRANSFER, on=date(2025, 6, 20), reference="T1")
    brought(tmp_path, income(DAY, "100.00", "王桂芳", "1-1-101", "T1"))
    (row,) = kept()
    assert (row.state, row.payment) == (RowState.LEFT, None)
    assert row.told == f"收据 {taken.receipts[0].number} 已按同一流水号登记"
    assert sound()


def test_the_same_money_at_the_till_is_asked_about(house: Unit, tmp_path: Path) -> None:
    receive(house, Decimal("100.00"), Method.TRANSFER, on=date(2025, 6, 21))
    brought(tmp_path, income(DAY, "100.00", "王桂芳", "1-1-101", "T1"))
    (row,) = kept()
    assert row.state is RowState.OPEN
    assert "可能就是这一笔" in row.told


def test_the_same_money_in_another_form_of_the_file_is_asked_about(house: Unit, tmp_path: Path) -> None:
    brought(tmp_path, income(DAY, "100.00", "王桂芳", "1-1-101", "T1"))
    brought(tmp_path, income(DAY, "100.00", "王桂芳", "1-1-101"))
    assert [row.state for row in kept()] == [RowState.BOOKED, RowState.OPEN]
    assert "可能是同一笔" in kept()[1].told


def test_a_claim_that_pays_a_former_owners_lines_says_whose(
    estate: Estate, house: Unit, tmp_path: Path
) -> None:
    with writing():
        Ownership.get(Ownership.unit == house).change(until=date(2025, 5, 31))
        Ownership.add(unit=house, person=estate.person("张新主"), since=date(2025, 6, 1))
    bill(Month(2025, 6))
    brought(tmp_path, income(DAY, "580.00", "张新主", "物业费", "T1"))
    claim_row(kept()[0], house)
    assert kept()[0].told == "认领到 1-1-101，其中 王桂芳 500.00 元、张新主 80.00 元"


def test_rows_are_put_aside_and_taken_back(house: Unit, tmp_path: Path) -> None:
    brought(
        tmp_path, income(DAY, "3.21", "银行", "结息", "T1"), income(DAY, "100.00", "王桂芳", "1-1-101", "T2")
    )
    leave_rows([kept()[0]], "利息")
    withdraw_rows(kept())
    assert [row.state for row in kept()] == [RowState.OPEN, RowState.OPEN]
    assert [receipt.state for receipt in Receipt.select()] == [ReceiptState.VOID]
    assert kept()[1].suggested == house
    claim_row(kept()[1], house)
    with pytest.raises(RuleBroken, match="现在是“待认领”"):
        withdraw_rows([kept()[0]])
    assert sound()


def test_a_batch_is_undone_as_one_and_may_come_in_again(house: Unit, tmp_path: Path) -> None:
    rows = [income(DAY, "100.00", "王桂芳", "1-1-101", "T1"), income(DAY, "5.00")]
    batch = brought(tmp_path, *rows)
    batches.undo(batch)
    assert [row.state for row in kept()] == [RowState.UNDONE, RowState.UNDONE]
    assert Batch.get_by_id(batch.id).state is State.UNDONE
    assert sum(line.paid for line in Bill.select()) == 0
    brought(tmp_path, *rows)
    assert [row.state for row in kept()][2:] == [RowState.BOOKED, RowState.OPEN]
    assert sound()


def test_a_batch_of_a_closed_day_is_not_undone(house: Unit, tmp_path: Path) -> None:
    batch = brought(tmp_path, income(DAY, "100.00", "王桂芳", "1-1-101", "T1"), income(DAY, "5.00"))
    closed(date(2025, 6, 20))
    with pytest.raises(RuleBroken, match=r"已日结，收据 .* 不能作废"):
        undo_statement(batch)
    assert [row.state for row in kept()] == [RowState.BOOKED, RowState.OPEN]


def test_a_receipt_voided_elsewhere_is_told_and_its_row_claimed_anew(house: Unit, tmp_path: Path) -> None:
    brought(tmp_path, income(DAY, "100.00", "王桂芳", "1-1-101", "T1"))
    void_receipt(Receipt.get(), "登错")
    told = [one.title for one in lists.rows_to_claim(TODAY)]
    assert told == ["1 笔银行流水的收据已作废或红冲，请撤回后重新认领"]
    withdraw_rows(kept())
    claim_row(kept()[0])
    assert [one.title for one in lists.rows_to_claim(TODAY)] == []
    assert sound()


def test_rows_are_matched_anew_when_the_registers_are_put_right(estate: Estate, tmp_path: Path) -> None:
    brought(tmp_path, income(DAY, "100.00", "李新人", "", "T1"))
    house = estate.house("102", owner="李新人")
    estate.give(house, estate.item(since=date(2025, 1, 1)))
    bill(Month(2025, 1))
    assert match_rows().summary() == "入账 1 笔，不入账 0 笔，待认领 0 笔。"
    assert kept()[0].unit == house
    with pytest.raises(RuleBroken, match="没有待认领"):
        match_rows()


def test_the_list_tells_of_every_row(house: Unit, tmp_path: Path) -> None:
    brought(tmp_path, income(DAY, "100.00", "王桂芳", "1-1-101", "T1"), income(DAY, "5.00"))
    found = listed("bank_rows")(Filters(state="待认领"))
    assert [found.plain(row)["amount"] for row in found.rows()] == ["5.00"]
    found = listed("bank_rows")(Filters(unit=house))
    assert [found.plain(row)["receipt"] for row in found.rows()] == [Receipt.get().number]
    assert DayClosing.select().count() == 0


# -- who may -----------------------------------------------------------------------------------


def caretaker(estate: Estate) -> Account:
    """Somebody who checks statements for one building alone."""
    add_role(name="楼栋会计", reach=Reach.OWN).grant("fees.bank")
    Role.find("楼栋会计").grant("fees.view")
    person = worker("孙楼栋", "楼栋会计")
    with writing():
        Caretaking.add(building=estate.building, staff=person.staff)
    return person


def test_whose_reach_is_narrower_sees_what_is_booked_on_his_houses_alone(
    estate: Estate, house: Unit, tmp_path: Path
) -> None:
    batch = brought(tmp_path, income(DAY, "500.00", "王桂芳", "1-1-101", "T1"), income(DAY, "9.00"), ("", ""))
    row = kept()[1]
    with deeds.acting(caretaker(estate)):
        assert [found["reference"] for found in plain("bank_rows")] == ["T1"]
        for work in (
            lambda: claim_row(row, house),
            lambda: leave_rows([row], "不知道"),
            lambda: undo_statement(batch),
            match_rows,
            lambda: brought(tmp_path, income(DAY, "1.00"), name="另一份.csv"),
        ):
            with pytest.raises(PermissionDenied):
                work()
        withdraw_rows([kept()[0]])
        assert plain("bank_rows") == []
        assert list(lists.rows_to_claim(TODAY)) == []
        assert plain("debit_batches") == []
        for deed in (make_debits, try_make_debits):
            with pytest.raises(PermissionDenied, match="要管全部房屋"):
                deed(account())


def plain(name: str) -> list[dict[str, object]]:
    found = listed(name)()
    return [found.plain(row) for row in found.rows()]


def test_a_cashier_brings_in_no_statement(house: Unit, tmp_path: Path) -> None:
    with deeds.acting(worker("钱收款", "收款员")), pytest.raises(PermissionDenied):
        brought(tmp_path, income(DAY, "500.00", "王桂芳", "1-1-101", "T1"))


def test_an_accountant_books_without_taking_money_at_the_till(house: Unit, tmp_path: Path) -> None:
    with deeds.acting(worker("赵会计", "会计")):
        brought(tmp_path, income(DAY, "500.00", "王桂芳", "1-1-101", "T1"))
        assert kept()[0].payment.made_by == "赵会计"
        with pytest.raises(PermissionDenied):
            receive(house, Decimal("1.00"))


def test_two_people_at_once_book_a_row_once(house: Unit, tmp_path: Path) -> None:
    brought(tmp_path, income(DAY, "120.00", "王桂芳", "物业费", "T1"))
    mine, yours = BankRow.get(), BankRow.get()
    claim_row(mine, house)
    with pytest.raises(Stale):
        claim_row(yours, house)
    assert Payment.select().count() == 1
