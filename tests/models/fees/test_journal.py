"""What the accountant books: every voucher balances, and the subjects say what came in and what is owed."""

from collections import defaultdict
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from models.exports import export
from models.fees.adjusting import reduce, refund
from models.fees.billing import bill
from models.fees.bills import Bill
from models.fees.cashier import receive, reverse_set_off, set_off, void_receipt
from models.fees.depositing import deduct_deposit, refund_deposit, take_deposit
from models.fees.items import Category
from models.fees.journal import Entry, Voucher, entries, unbalanced
from models.fees.payments import Method, Receipt
from models.fees.reversing import reverse_receipt
from models.fees.shifts import close_shift, open_shift, own_shift
from models.fees.subjects import Subject, SubjectUse
from models.listings import LISTS, Filters, listed
from models.months import Month, Period
from models.owners.estate import Unit
from models.workbook.csvs import Encoding
from tests.estate import Estate, stop_chains
from tests.models.fees.banking.files import closed

TODAY = date.today()
THIS = Month.of(TODAY)


@pytest.fixture
def unit(estate: Estate) -> Unit:
    """A house that owes 100.00 of the office's own, and 30.00 that are collected for others."""
    stop_chains()
    house = estate.house("101")
    start = THIS.plus(-1).first
    estate.give(house, estate.item(since=start))
    water = estate.item("水费", "0.3000", since=start, category=Category.UTILITY, collected=True)
    estate.give(house, water)
    bill(THIS)
    return house


def booked() -> dict[tuple[Voucher, SubjectUse], str]:
    sums: dict[tuple[Voucher, SubjectUse], int] = defaultdict(int)
    for one in entries(TODAY, TODAY):
        sums[one.voucher, one.use] += one.debit - one.credit
    assert unbalanced(date(2000, 1, 1), TODAY) == []
    return {key: f"{fen / 100:.2f}" for key, fen in sums.items() if fen}


def test_a_charge_is_owed_and_earned_or_owed_to_others(unit: Unit) -> None:
    assert booked() == {
        (Voucher.CHARGED, SubjectUse.RECEIVABLE): "130.00",
        (Voucher.CHARGED, SubjectUse.REVENUE): "-100.00",
        (Voucher.CHARGED, SubjectUse.COLLECTED): "-30.00",
    }


def test_money_comes_in_by_its_way_and_what_is_left_is_prepaid(unit: Unit) -> None:
    receive(unit, Decimal("150.00"), Method.WECHAT)
    void_receipt(receive(unit, Decimal("9.00")).receipts[0], "错")
    found = booked()
    assert found[Voucher.RECEIVED, SubjectUse.PHONE] == "150.00"
    assert found[Voucher.RECEIVED, SubjectUse.RECEIVABLE] == "-130.00"
    assert found[Voucher.RECEIVED, SubjectUse.PREPAID] == "-20.00"
    assert (Voucher.RECEIVED, SubjectUse.CASH) not in found


def test_a_set_off_moves_what_is_prepaid_and_one_taken_back_nothing(unit: Unit) -> None:
    receive(unit, Decimal("200.00"))
    bill(THIS.plus(1))
    reverse_set_off(set_off(unit), "错")
    set_off(unit, amount=Decimal("50.00"))
    found = booked()
    assert found[Voucher.SET_OFF, SubjectUse.PREPAID] == "50.00"
    assert found[Voucher.SET_OFF, SubjectUse.RECEIVABLE] == "-50.00"


def test_corrections_refunds_and_red_receipts_balance(unit: Unit) -> None:
    receive(unit, Decimal("130.00"), Method.TRANSFER)
    reduce([Bill.select().order_by(Bill.id).first()], "停水三天", "合同第9条", amount=Decimal("10.00"))
    refund(unit, Decimal("10.00"), "多收退款", "申请单", method=Method.CASH)
    found = booked()
    assert found[Voucher.CHARGED, SubjectUse.RECEIVABLE] == "120.00"
    assert found[Voucher.CORRECTED, SubjectUse.CASH] == "-10.00"


def test_a_red_receipt_takes_the_money_back(unit: Unit) -> None:
    yesterday = date.fromordinal(TODAY.toordinal() - 1)
    receive(unit, Decimal("150.00"), on=yesterday)
    closed(yesterday)
    reverse_receipt(Receipt.get(), "付款退回", "银行通知")
    found = booked()
    assert found[Voucher.RECEIVED, SubjectUse.CASH] == "-150.00"
    assert found[Voucher.RECEIVED, SubjectUse.RECEIVABLE] == "130.00"
    assert found[Voucher.RECEIVED, SubjectUse.PREPAID] == "20.00"


def test_deposits_are_owed_and_what_is_kept_of_them_is_income(unit: Unit) -> None:
    deposit = take_deposit(unit, Decimal("500.00"), agreed="装修协议 5", method=Method.POS)
    deduct_deposit(deposit, "清运垃圾", Decimal("20.00"))
    refund_deposit(deposit, method=Method.CASH)
    found = {use: fen for (voucher, use), fen in booked().items() if voucher is Voucher.DEPOSITS}
    assert found == {
        SubjectUse.BANK: "500.00", SubjectUse.CASH: "-480.00", SubjectUse.FORFEIT: "-20.00",
    }  # fmt: skip


def test_cash_of_drawers_goes_to_the_bank_and_what_is_missing_is_told(unit: Unit) -> None:
    open_shift(Decimal("500.00"))
    receive(unit, Decimal("130.00"))
    closed = close_shift(own_shift(), Decimal("628.00"), note="找错 2 元")
    open_shift(Decimal("501.00"), closed, "多一枚硬币")
    told = {
        (one.use, one.detail): one.debit - one.credit for one in entries(TODAY, TODAY) if _of_drawers(one)
    }
    assert told == {
        (SubjectUse.BANK, "现金缴存"): 12800, (SubjectUse.CASH, "现金缴存"): -12800,
        (SubjectUse.CASH, "盘点差额"): -200, (SubjectUse.DIFFERENCE, "盘点差额"): 200,
        (SubjectUse.CASH, "接班差额"): 100, (SubjectUse.DIFFERENCE, "接班差额"): -100,
    }  # fmt: skip
    assert unbalanced(TODAY, TODAY) == []
    assert not any(map(_of_drawers, entries(TODAY, TODAY, unit.building)))


def _of_drawers(one: Entry) -> bool:
    return one.voucher is Voucher.DRAWERS


def test_the_list_says_subjects_and_both_sides(unit: Unit) -> None:
    Subject.get(Subject.use == SubjectUse.REVENUE).edit(code="6001.01", name="物业服务收入")
    found = listed("journal")(Filters(period=Period.parse(str(TODAY))))
    rows = [found.plain(row) for row in found.rows()]
    assert [(row["code"], row["subject"], row["detail"], row["debit"], row["credit"]) for row in rows] == [
        ("1122", "应收账款", "水费", "30.00", None),
        ("1122", "应收账款", "物业费", "100.00", None),
        ("2241", "其他应付款—代收", "水费", None, "30.00"),
        ("6001.01", "物业服务收入", "物业费", None, "100.00"),
    ]
    assert {row["voucher"] for row in rows} == {f"{TODAY:%Y%m%d}-1"}
    sums = found.totals()[1]
    assert sums["debit"] == sums["credit"] == Decimal("130.00")


@pytest.mark.parametrize(("encoding", "codec"), [(Encoding.GB18030, "gb18030"), (Encoding.UTF8, "utf-8-sig")])
def test_it_is_exported_for_the_accountants_program(
    unit: Unit, tmp_path: Path, encoding: Encoding, codec: str
) -> None:
    path = tmp_path / "分录.csv"
    known = LISTS["journal"]
    export(known(), known, path, encoding=encoding)
    lines = path.read_bytes().decode(codec).split("\r\n")
    assert lines[0] == "日期,凭证号,摘要,科目编码,科目名称,明细,借方,贷方"
    assert lines[1] == f"{TODAY},{TODAY:%Y%m%d}-1,计收费用,1122,应收账款,水费,30.00,"
