"""FE-15, FE-16 and the deposits in FE-11, printed into real PDFs and read back."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from models.deeds import acting
from models.errors import BadInput, PermissionDenied
from models.fees.cashier import receive
from models.fees.depositing import deduct_deposit, refund_deposit, take_deposit, void_deposit_entry
from models.fees.deposits import Deposit, DepositEntry, DepositKind
from models.fees.payments import Method
from models.owners.estate import Unit
from tests.estate import Estate
from tests.models.fees.world import Collector
from tests.reports.fees.test_papers import printed

DAY = date(2026, 2, 3)
LONG = "装修管理协议第五条第二款（垃圾清运、公共部位损坏赔偿、违规拆改恢复），经业主𠮷田㛃与施工方䶮当面确认"


@pytest.fixture
def unit(estate: Estate) -> Unit:
    return estate.house("101", owner="𠮷田㛃")


def taken(unit: Unit, amount: str = "2000.00", **more: object) -> Deposit:
    given = {"agreed": LONG, "on": DAY, "refund_due": date(2026, 5, 1), "note": "两居室水电改造"} | more
    return take_deposit(unit, Decimal(amount), **given)  # type: ignore[arg-type]


def test_a_deposit_receipt_has_three_copies_and_says_that_it_is_no_income(unit: Unit, tmp_path: Path) -> None:
    deposit = taken(unit)
    text, reader = printed("FE-15", tmp_path, number=deposit.number)
    assert len(reader.pages) == 3
    for words in (
        "存根联",
        "客户联",
        "记账联",
        "𠮷田㛃",
        LONG[:20],
        "装修押金",
        "2026年5月1日",
        "YAJ-202602-001",
    ):
        assert words in text
    assert "人民币贰仟元整" in text and "押金，不作收入" in text and "补打" not in text
    text, _ = printed("FE-15", tmp_path, unit=unit)
    assert "补打第1次" in text
    void_deposit_entry(deposit.entries.get(), "金额写错")
    text, _ = printed("FE-15", tmp_path, period="2026-02")
    assert "作废" in text and "金额写错" in text


def test_a_voucher_lists_deductions_in_their_order_and_what_is_left_in_capitals(
    unit: Unit, tmp_path: Path
) -> None:
    deposit = taken(unit)
    deduct_deposit(deposit, "未按时清运垃圾", Decimal("120.50"), on=DAY)
    text, _ = printed("FE-16", tmp_path, number=deposit.number)
    assert "草稿" in text and "1,879.50" in text and "尚未登记退还" in text
    rows = [
        {"reason": f"轿厢划损，{LONG}", "amount": Decimal("300.00")},
        {"reason": "补办出入证", "amount": Decimal("20.00")},
    ]
    entry = refund_deposit(
        deposit, rows, Method.TRANSFER, on=DAY + timedelta(days=1), account="6222021234567890"
    )
    text, reader = printed("FE-16", tmp_path, number=deposit.number)
    assert len(reader.pages) == 1
    assert text.index("未按时清运垃圾") < text.index("轿厢划损") < text.index("补办出入证")
    for words in (entry.number, deposit.number, "440.50", "1,559.50", "人民币壹仟伍佰伍拾玖元伍角", "7890"):
        assert words in text
    assert "62220212" not in text and "草稿" not in text
    for words in ("经办", "工程", "客服", "主任批准退款", "领款人签字"):
        assert words in text
    text, _ = printed("FE-16", tmp_path, number=entry.number)
    assert "补打第1次" in text
    void_deposit_entry(entry, "领款人写错")
    text, _ = printed("FE-16", tmp_path, number=entry.number)
    assert "作废" in text and "领款人写错" in text and "补办出入证" in text


def test_many_deductions_go_on_to_the_next_page(unit: Unit, tmp_path: Path) -> None:
    deposit = taken(unit)
    rows = [{"reason": f"第{number}项 {LONG}", "amount": Decimal("10.00")} for number in range(1, 41)]
    refund_deposit(deposit, rows, on=DAY)
    text, reader = printed("FE-16", tmp_path, number=deposit.number)
    assert len(reader.pages) > 1
    assert "第40项" in text and "1,600.00" in text and text.count("扣款事由") == len(reader.pages)


def test_a_deposit_deducted_whole_says_so(unit: Unit, tmp_path: Path) -> None:
    refund_deposit(taken(unit), [{"reason": "拆改承重墙恢复", "amount": Decimal("2000.00")}], on=DAY)
    text, _ = printed("FE-16", tmp_path, number=Deposit.get().number)
    assert "无应退金额" in text


def test_what_cannot_be_printed_is_said(unit: Unit, tmp_path: Path) -> None:
    deposit = taken(unit)
    with pytest.raises(BadInput, match="请写明押金单号"):
        printed("FE-16", tmp_path)
    with pytest.raises(BadInput, match="请写明押金单号，或房号"):
        printed("FE-15", tmp_path)
    with acting(Collector(-1)):
        for code in ("FE-15", "FE-16"):
            with pytest.raises(PermissionDenied, match="不在您负责的范围内"):
                printed(code, tmp_path, number=deposit.number)
    void_deposit_entry(deposit.entries.get(), "重复")
    with pytest.raises(BadInput, match="已作废，没有可退的"):
        printed("FE-16", tmp_path, number=deposit.number)
    assert DepositEntry.select().where(DepositEntry.prints > 0).count() == 0


@pytest.mark.parametrize(("code", "pages"), [("FE-15", 3), ("FE-16", 1)])
def test_the_forms_print_blank(unit: Unit, tmp_path: Path, code: str, pages: int) -> None:
    text, reader = printed(code, tmp_path, blank=True)
    assert f"JL-{code}A/0" in text and len(reader.pages) == pages


def test_the_day_book_lists_deposits_apart(unit: Unit, tmp_path: Path) -> None:
    receive(unit, Decimal("100.00"), on=DAY)
    deposit = taken(unit)
    wrong = taken(unit, "300.00", kind=DepositKind.KEY, method=Method.POS)
    void_deposit_entry(wrong.entries.get(), "刷错卡")
    refund_deposit(deposit, [{"reason": "垃圾", "amount": Decimal("50.00")}], Method.WECHAT, on=DAY)
    text, _ = printed("FE-11", tmp_path, period="2026-02-03")
    assert "人民币壹佰元整" in text
    for words in (
        "不计入实收合计",
        "押金收退净额",
        "其中现金",
        "2,000.00",
        "-1,950.00",
        "50.00",
        "刷错卡",
        "原300.00元",
    ):
        assert words in text


def test_a_day_with_deposits_alone_has_a_book(unit: Unit, tmp_path: Path) -> None:
    taken(unit)
    text, _ = printed("FE-11", tmp_path, period="2026-02-03")
    assert "YAJ-202602-001" in text and "有效0份" in text
