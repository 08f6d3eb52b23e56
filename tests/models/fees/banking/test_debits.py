"""Direct debit: what households with a mandate owe goes out in one file and is answered by one."""

import csv
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from models import batches, workbook
from models.batches import Batch
from models.checks import run_invariants
from models.clock import standing_at
from models.errors import BadInput, NeedsApproval, RuleBroken
from models.fees import invariants  # noqa: F401 - invariants are registered by being imported
from models.fees.banking import debit_lists
from models.fees.banking.answers import Answered, DebitAnswer, Outcome, import_answers
from models.fees.banking.debit_layouts import Content, FileFormat, add_debit_layout
from models.fees.banking.debits import DebitBatch, DebitRow, DebitState, make_debits, try_make_debits
from models.fees.banking.mandates import DebitMandate, add_mandate
from models.fees.billing import bill
from models.fees.bills import Bill
from models.fees.cashier import receive, void_receipt
from models.fees.payments import BalanceEntry, Method, Payment, Receipt, ReceiptState
from models.imports.plan import ImportRefused
from models.listings import Filters, listed
from models.months import Month
from models.office.chains import start_chain, stop_chain
from models.office.permits import MANY
from models.owners.estate import Unit
from models.owners.people import Person
from models.owners.tenure import transfer
from models.workbook import ColumnOut, SheetOut, write
from tests.estate import Estate, writing
from tests.models.fees.banking.files import account, closed

TODAY = date.today()
HEADS = ("序号", "协议号", "账号", "金额", "结果", "失败原因")


@pytest.fixture(autouse=True)
def houses(estate: Estate) -> list[Unit]:
    """Two houses that owe 100.00 for each of two months, each with a mandate."""
    item = estate.item(since=date(2025, 1, 1))
    made = []
    for number, owner in (("101", "王桂芳"), ("102", "李明")):
        unit = estate.house(number, owner=owner)
        estate.give(unit, item)
        made.append(unit)
        mandate(unit, f"XY{number}", account=f"62000000{number}")
    for month in (1, 2):
        bill(Month(2025, month))
    return made


def mandate(unit: Unit, agreement: str, account: str = "6200", **more: object) -> DebitMandate:
    payer = Person.get(Person.name == ("王桂芳" if unit.room == "101" else "李明"))
    return add_mandate(
        **{"unit": unit, "payer": payer, "bank": "工行", "account_name": payer.name, "account": account,
           "agreement": agreement, **more}
    )  # fmt: skip


def answered(
    folder: Path, batch: DebitBatch, *rows: tuple[object, ...], heads: tuple[str, ...] = HEADS
) -> Answered:
    path = folder / "回盘.csv"
    with path.open("w", encoding="gb18030", newline="") as file:
        csv.writer(file).writerows([heads, *rows])
    return import_answers(path, batch)


def sound() -> bool:
    return run_invariants() == []


def test_a_batch_holds_what_everybody_with_a_mandate_owes(houses: list[Unit]) -> None:
    batch = make_debits(account())
    assert (batch.number[:3], batch.count, batch.amount) == ("KK-", 2, Decimal("400.00"))
    assert [(row.unit.code, row.amount, len(row.lines)) for row in batch.in_order()] == [
        ("1-1-101", Decimal("200.00"), 2), ("1-1-102", Decimal("200.00"), 2),
    ]  # fmt: skip
    with pytest.raises(RuleBroken, match=f"已在批次 {batch.number} 里"):
        make_debits(account())
    batch.cancel("做错日期")
    assert make_debits(account()).count == 2


def test_a_limit_cuts_and_a_balance_is_asked_to_be_used_first(houses: list[Unit]) -> None:
    DebitMandate.get(DebitMandate.agreement == "XY101").edit(limit=Decimal("150.00"))
    receive(houses[1], Decimal("230.00"))
    bill(Month(2025, 3))
    with writing():
        Bill.update(paid=0).where(Bill.month == Month(2025, 3)).execute()
    found = try_make_debits(account())
    assert [(one.fen, [fen for _, fen in one.lines]) for one in found.wanted] == [(15_000, [10_000, 5_000])]
    assert found.skipped == [("1-1-102", "有预存 30.00 元，请先抵扣")]


def test_what_a_former_owner_left_is_never_fetched(houses: list[Unit], estate: Estate) -> None:
    with writing():
        buyer = estate.person("赵新人")
    transfer(houses[0], buyer, date(2025, 3, 1), despite=True)
    DebitMandate.get(DebitMandate.agreement == "XY101").end(TODAY - timedelta(days=1))
    mandate(houses[0], "XY201", payer=buyer, account_name="赵新人", since=TODAY)
    assert [one.mandate.agreement for one in try_make_debits(account()).wanted] == ["XY102"]
    bill(Month(2025, 3))
    assert [one.fen for one in try_make_debits(account()).wanted] == [10_000, 30_000]


def test_mandates_do_not_overlap_and_end(houses: list[Unit]) -> None:
    with pytest.raises(RuleBroken, match="已有授权 XY101，日期重叠"):
        mandate(houses[0], "XY109")
    with pytest.raises(BadInput, match="止早于起"):
        mandate(houses[0], "XY109", since=TODAY, until=TODAY - timedelta(days=1))
    one = DebitMandate.get(DebitMandate.agreement == "XY101").end(TODAY - timedelta(days=1))
    with pytest.raises(RuleBroken, match=r"已在 .* 终止"):
        one.edit(bank="建行")
    assert [found.mandate.agreement for found in try_make_debits(account()).wanted] == ["XY102"]
    states = listed("mandates")(Filters(state="已终止"))
    assert [states.plain(row)["agreement"] for row in states.rows()] == ["XY101"]


def test_the_file_is_written_as_the_layout_says(houses: list[Unit], tmp_path: Path) -> None:
    columns = [
        {"content": Content.ACCOUNT, "heading": "卡号"},
        {"content": Content.ACCOUNT_NAME, "heading": "户名"},
        {"content": Content.AMOUNT, "heading": None},
    ]
    layout = add_debit_layout("工行", FileFormat.GB18030, columns)
    batch = make_debits(account(), layout)
    with pytest.raises(BadInput, match=r"文件名要以 \.csv 结尾"):
        batch.write(str(tmp_path / "代扣.xlsx"))
    batch.write(str(tmp_path / "代扣.csv"))
    assert (tmp_path / "代扣.csv").read_bytes().decode("gb18030") == (
        "卡号,户名,金额\r\n62000000101,王桂芳,200.00\r\n62000000102,李明,200.00\r\n"
    )
    assert DebitBatch.get().sent_at is not None
    with pytest.raises(BadInput, match="两列的列名相同"):
        layout.edit(columns=[columns[0], {"content": Content.AMOUNT, "heading": "卡号"}])
    with pytest.raises(BadInput, match="要有金额"):
        add_debit_layout("错", FileFormat.XLSX, [{"content": Content.UNIT}])


def test_without_a_layout_a_workbook_holds_all_columns(houses: list[Unit], tmp_path: Path) -> None:
    batch = make_debits(account())
    batch.write(str(tmp_path / "代扣.xlsx"))
    (sheet,) = workbook.read(tmp_path / "代扣.xlsx")
    assert sheet.rows[0] == [content.value for content in Content]
    assert sheet.rows[1][:4] == ["1", "XY101", "王桂芳", "62000000101"]


def test_what_was_fetched_is_received_and_what_failed_keeps_its_reason(
    houses: list[Unit], tmp_path: Path
) -> None:
    batch = make_debits(account())
    done = answered(
        tmp_path, batch, ("1", "XY101", "", "200.00", "成功", ""), ("2", "", "", "200", "失败", "余额不足")
    )
    assert done.summary().endswith("已扣 1 户 200.00 元，失败 1 户，全部回盘。")
    assert DebitBatch.get().state is DebitState.CLOSED
    payment = Payment.get()
    assert (payment.method, payment.amount, payment.payer.name) == (Method.DEBIT, Decimal("200.00"), "王桂芳")
    assert payment.reference == f"{batch.number}-1"
    found = listed("debit_rows")(Filters(state="失败"))
    assert [(row["unit"], row["reason"]) for row in map(found.plain, found.rows())] == [
        ("1-1-102", "余额不足")
    ]
    assert [one.title for one in debit_lists.debits_waiting(TODAY)] == ["1 户最近一次代扣失败，仍有欠费"]
    assert [one.mandate.agreement for one in try_make_debits(account()).wanted] == ["XY102"]
    assert sound()


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (("1", "XY101", "", "199.00", "成功", ""), "第 1 行 1-1-101 的金额与送盘的 200.00 元不同"),
        (("1", "XY102", "", "", "成功", ""), "说的不是同一行"),
        (("9", "", "", "", "成功", ""), "没有这一行"),
        (("", "", "", "200.00", "成功", ""), "不知道是哪一行"),
        (("1", "", "", "", "处理中", ""), "不认识的结果"),
        (("1", "", "", "", "处理中", "稍后再查"), "不认识的结果"),
        (("1", "", "", "", "", ""), "没有填结果"),
    ],
)
def test_an_answer_that_cannot_be_is_refused(
    houses: list[Unit], tmp_path: Path, row: tuple[str, ...], reason: str
) -> None:
    batch = make_debits(account())
    with pytest.raises(ImportRefused, match=reason):
        answered(tmp_path, batch, ("2", "", "", "", "成功", ""), row)
    assert (DebitAnswer.select().count(), Payment.select().count()) == (0, 0)


@pytest.mark.parametrize(
    ("word", "reason", "outcome"),
    [
        ("交易成功", "", Outcome.PAID), ("0000", "", Outcome.PAID), ("未成功", "", Outcome.FAILED),
        ("不成功", "", Outcome.FAILED), ("余额不足", "", Outcome.FAILED),
        ("1001", "账户不符", Outcome.FAILED), ("Ｎ", "", Outcome.FAILED),
    ],
)  # fmt: skip
def test_the_words_of_banks_are_understood(
    houses: list[Unit], tmp_path: Path, word: str, reason: str, outcome: Outcome
) -> None:
    answered(tmp_path, make_debits(account()), ("1", "", "", "", word, reason))
    assert DebitAnswer.get().outcome is outcome


def test_a_bank_answers_by_account_under_headings_of_its_own(houses: list[Unit], tmp_path: Path) -> None:
    layout = add_debit_layout(
        "工行", FileFormat.XLSX,
        [{"content": Content.ACCOUNT, "heading": "扣款人卡"}, {"content": Content.AMOUNT, "heading": "应扣"}],
    )  # fmt: skip
    batch = make_debits(account(), layout)
    path = tmp_path / "回盘.xlsx"
    columns = [ColumnOut(head) for head in ("扣款人卡", "应扣", "返回码", "返回信息")]
    write(path, [SheetOut("Sheet1", columns, [("62000000102", "200.00", "0000", "")])])
    assert import_answers(path, batch).paid == 1
    assert DebitAnswer.get().row.unit.code == "1-1-102"
    assert DebitBatch.get().state is DebitState.OPEN


def test_money_that_came_in_meanwhile_turns_what_is_fetched_into_a_balance(
    houses: list[Unit], tmp_path: Path
) -> None:
    batch = make_debits(account())
    receive(houses[0], Decimal("150.00"))
    receive(houses[1], Decimal("200.00"))
    answered(tmp_path, batch, ("1", "", "", "", "成功", ""), ("2", "", "", "", "成功", ""))
    held = {entry.unit.code: entry.amount for entry in BalanceEntry.select()}
    assert held == {"1-1-101": Decimal("150.00"), "1-1-102": Decimal("200.00")}
    assert [answer.told for answer in DebitAnswer.select().order_by(DebitAnswer.row)] == [
        "送盘后另收过款，多出 150.00 元转预存", "送盘后另收过款，多出 200.00 元转预存",
    ]  # fmt: skip
    assert sound()


def test_an_answer_comes_once_and_is_undone_as_one(houses: list[Unit], tmp_path: Path) -> None:
    batch = make_debits(account())
    rows = (("1", "", "", "", "成功", ""), ("2", "", "", "", "失败", "账户不符"))
    answered(tmp_path, batch, *rows)
    with pytest.raises(RuleBroken, match="都已回盘"):
        answered(tmp_path, batch, *rows)
    with pytest.raises(RuleBroken, match="已有回盘，不能作废"):
        batch.cancel("重做")
    again = make_debits(account())
    with pytest.raises(RuleBroken, match=f"已在新的批次 {again.number} 里"):
        batches.undo(Batch.get(Batch.kind == "fees.answers"))
    again.cancel("先撤回盘")
    batches.undo(Batch.get(Batch.kind == "fees.answers"))
    assert DebitAnswer.select().count() == 0
    assert [receipt.state for receipt in Receipt.select()] == [ReceiptState.VOID]
    assert DebitBatch.get().state is DebitState.OPEN
    answered(tmp_path, DebitBatch.get(), *rows)
    assert sound()


def test_an_answer_of_a_closed_day_is_booked_today_and_not_undone(houses: list[Unit], tmp_path: Path) -> None:
    day = TODAY - timedelta(days=1)
    with standing_at(datetime.combine(day, time(9))):
        batch = make_debits(account())
    closed(day)
    heads = (*HEADS, "扣款日期")
    answered(tmp_path, batch, ("1", "", "", "", "成功", "", str(day)), heads=heads)
    assert DebitAnswer.get().told.startswith(f"{day} 已日结或封账，记在 {TODAY}")
    closed(TODAY)
    with pytest.raises(RuleBroken, match="不能作废"):
        batches.undo(Batch.get(Batch.kind == "fees.answers"))


@pytest.mark.parametrize(
    "word",
    ["扣款未成功", "交易不成功", "没有成功", "非成功", "冲正成功", "已撤销成功"],
)
def test_what_ends_like_success_but_is_none_is_a_failure(
    houses: list[Unit], tmp_path: Path, word: str
) -> None:
    batch = make_debits(account())
    answered(tmp_path, batch, ("1", "", "", "", word, ""))
    assert not Payment.select().count() and DebitAnswer.get().outcome.value == "失败"


@pytest.mark.parametrize(
    ("word", "reason"), [("部分成功", ""), ("受理成功", ""), ("成功", "余额不足"), ("Y", "账户冻结")]
)
def test_what_may_be_success_is_refused(houses: list[Unit], tmp_path: Path, word: str, reason: str) -> None:
    batch = make_debits(account())
    with pytest.raises(RuleBroken):
        answered(tmp_path, batch, ("1", "", "", "", word, reason))
    assert not Payment.select().count()


def test_an_answer_to_another_batch_is_not_taken_again(houses: list[Unit], tmp_path: Path) -> None:
    batch = make_debits(account())
    heads = (*HEADS, "流水号")
    first = ("1", "", "", "", "成功", "", "REF1"), ("2", "", "", "", "失败", "余额不足", "")
    answered(tmp_path, batch, *first, heads=heads)
    bill(Month(2025, 12))
    again = make_debits(account())
    with pytest.raises(RuleBroken, match="已回过盘"):
        answered(tmp_path, again, ("1", "", "", "", "成功", "", "REF1"), heads=heads)
    with pytest.raises(RuleBroken, match="日期早于批次"):
        answered(tmp_path, again, ("1", "", "", "", "成功", "", "2025-06-20"), heads=(*HEADS, "扣款日期"))


def test_the_receipt_of_a_debit_is_not_void_by_itself(houses: list[Unit], tmp_path: Path) -> None:
    answered(tmp_path, make_debits(account()), ("1", "", "", "", "成功", ""))
    with pytest.raises(RuleBroken, match="撤销那批回盘"):
        void_receipt(Receipt.get(), "错")


def test_rows_that_were_sent_are_kept(houses: list[Unit]) -> None:
    make_debits(account())
    DebitMandate.get(DebitMandate.agreement == "XY101").edit(account="6299")
    assert DebitRow.get().account == "62000000101"
    titles = [one.title for one in debit_lists.debits_waiting(TODAY + timedelta(days=5))]
    assert titles == [f"代扣批次 {DebitBatch.get().number} 做好 5 天还没有回盘"]


def test_a_file_of_many_households_wants_a_permit(
    houses: list[Unit], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("models.office.permits.MOST", 1)
    batch = make_debits(account())
    start_chain(MANY)
    with pytest.raises(NeedsApproval, match="list:debit_rows"):
        batch.write(str(tmp_path / "代扣.xlsx"))
    assert not (tmp_path / "代扣.xlsx").exists()
    stop_chain(MANY)
    batch.write(str(tmp_path / "代扣.xlsx"))
