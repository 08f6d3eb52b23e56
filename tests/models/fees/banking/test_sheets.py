"""Statements as banks and phones write them, and files that nobody should have written."""

import itertools
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.batches import Batch
from models.checks import run_invariants
from models.deeds import transaction
from models.errors import BadInput, RuleBroken
from models.fees import invariants  # noqa: F401 - invariants are registered by being imported
from models.fees.banking import lists  # noqa: F401
from models.fees.banking.rows import BankRow, RowState
from models.fees.banking.statements import import_statement, undo_statement
from models.fees.billing import bill
from models.fees.payments import VALID, Method, Payment, Receipt
from models.months import Month
from models.workbook import ColumnOut, SheetOut, write
from tests.estate import Estate
from tests.models.fees.banking.files import account, statement

WECHAT = """微信支付账单明细,,,,,,,,,,
微信昵称：[枫林物业],,,,,,,,,,
起始时间：[2025-06-01 00:00:00] 终止时间：[2025-06-30 23:59:59],,,,,,,,,,
共3笔记录,,,,,,,,,,
----------------------微信支付账单明细列表--------------------,,,,,,,,,,
交易时间,交易类型,交易对方,商品,收/支,金额(元),支付方式,当前状态,交易单号,商户单号,备注
2025-06-20 14:22:11,二维码收款,王桂芳,"收款方备注:1-1-101",收入,¥100.00,,,`420000123456789012348901\t,/,"/"
2025-06-21 09:00:01,零钱提现,招商银行,"/",/,¥50.00,招商银行,提现已到账,`4200002\t,/,"服务费¥0.05"
2025-06-21 10:00:01,商户消费,某超市,"水","支出",¥3.00,零钱,支付成功,`4200003\t,/,"/"
"""


@pytest.fixture(autouse=True)
def house(estate: Estate) -> None:
    unit = estate.house("101")
    estate.give(unit, estate.item(since=date(2025, 1, 1)))
    bill(Month(2025, 1))
    bill(Month(2025, 2))


def kept() -> list[BankRow]:
    return list(BankRow.select().order_by(BankRow.id))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_bill_of_wechat_is_read_below_its_preamble(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "微信支付账单.csv"
    path.write_text(WECHAT, encoding=encoding)
    import_statement(path, account("微信", Method.WECHAT))
    (row,) = kept()
    assert (row.on, row.time, row.amount, row.name) == (
        date(2025, 6, 20), "14:22:11", Decimal("100.00"), "王桂芳",
    )  # fmt: skip
    assert (row.reference, row.remark, row.method) == (
        "420000123456789012348901", "收款方备注:1-1-101 二维码收款", Method.WECHAT,
    )  # fmt: skip
    assert row.state is RowState.BOOKED


def test_a_workbook_of_a_bank_is_read(tmp_path: Path) -> None:
    heads = ("交易日", "借方发生额", "贷方发生额", "余额", "对方账户名", "摘要", "交易流水号")
    columns = [ColumnOut("交易日", "day"), *(ColumnOut(head) for head in heads[1:])]
    rows = [
        (
            date(2025, 6, 20),
            "",
            "1,200.00",
            "9,999.00",
            "𠮷田物业公司",
            "往来款",
            "0012345678901234",
        ),
        (date(2025, 6, 20), "88.00", "", "9,911.00", "供电局", "电费", "0012345678901235"),
    ]
    path = tmp_path / "流水.xlsx"
    write(path, [SheetOut("Sheet1", columns, rows)])
    import_statement(path, account())
    (row,) = kept()
    assert (row.amount, row.name, row.reference) == (
        Decimal("1200.00"), "𠮷田物业公司", "0012345678901234",
    )  # fmt: skip
    assert row.state is RowState.OPEN


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "是空的"),
        (b"\n\n,,,\n", "是空的"),
        (b"PK\x03\x04\x00\x00\xff\xff", "不是文本"),
        (b"\x00\x01\x02", "不是文本"),
        ("姓名,电话\n甲,1\n".encode(), "认不出"),
        ("交易日期,对方户名\n2025-06-20,王桂芳\n".encode(), "没有“金额”或“收入”这一列"),
        (("," * 300 + "\n").encode(), "列。请分成几个文件"),
        (b'"' + b"x" * 40_000 + b'",1\n', "不是逗号分隔的表格"),
        ("交易日期,金额\n合计,5.00\n".encode(), "没有进来的钱"),
    ],
)
def test_a_file_that_is_no_statement_is_refused_with_a_sentence(
    tmp_path: Path, content: bytes, reason: str
) -> None:
    path = tmp_path / "流水.csv"
    path.write_bytes(content)
    with pytest.raises((BadInput, RuleBroken), match=reason):
        import_statement(path, account())
    assert (kept(), Payment.select().count()) == ([], 0)


def test_formulas_and_wide_rows_stay_text(tmp_path: Path) -> None:
    row = ("2025-06-20", "5.00", "=cmd|'/c calc'!A1", '="0012"', *("x" for _ in range(96)))
    heads = ("交易日期", "金额", "对方户名", "流水号", *(f"列{n}" for n in range(96)))
    import_statement(statement(tmp_path, [row], heads), account())
    (kept_row,) = kept()
    assert (kept_row.name, kept_row.reference) == ("=cmd|'/c calc'!A1", "0012")


def test_days_may_be_serials_of_a_spreadsheet(tmp_path: Path) -> None:
    import_statement(
        statement(tmp_path, [("45828", "5.00"), ("45828.75", "6.00")], ("日期", "金额")), account()
    )
    assert {row.on for row in kept()} == {date(2025, 6, 20)}


def test_long_remarks_are_kept_as_far_as_they_fit(tmp_path: Path) -> None:
    import_statement(
        statement(
            tmp_path, [("2025-06-20", "5.00", "䶮" * 80, "㛃" * 400)], ("日期", "金额", "户名", "附言")
        ),
        account(),
    )
    assert (len(kept()[0].name), len(kept()[0].remark)) == (60, 200)


ROWS = st.lists(
    st.tuples(
        st.sampled_from(["2025-06-20", "2025-06-21"]),
        st.sampled_from(["100.00", "200.00", "7.50"]),
        st.sampled_from(["王桂芳", "某某", ""]),
        st.sampled_from(["1-1-101", "物业费", ""]),
        st.sampled_from(["", "", "A1", "A2"]),
    ),
    min_size=1,
    max_size=5,
    unique_by=lambda row: row[4] or object(),
)


@settings(
    max_examples=25,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(files=st.lists(st.tuples(ROWS, st.booleans()), min_size=1, max_size=4))
def test_whatever_comes_in_how_often_each_row_is_booked_at_most_once(
    tmp_path: Path, files: list[tuple[list[tuple[str, ...]], bool]]
) -> None:
    heads = ("日期", "金额", "户名", "附言", "流水号")
    with transaction() as _, pytest.raises(_Undo):
        for rows, undone in files:
            for again in range(2):
                try:
                    done = import_statement(statement(tmp_path, rows, heads), account())
                except RuleBroken:
                    continue
                assert not again, "a file is brought in once"
                if undone:
                    undo_statement(Batch.get_by_id(done.batch))
                    break
        _check()
        raise _Undo


class _Undo(Exception):
    pass


def _check() -> None:
    assert run_invariants() == []
    booked = [row for row in kept() if row.state is RowState.BOOKED]
    assert len({row.payment_id for row in booked}) == len(booked)
    received = [receipt.amount for receipt in Receipt.select().where(VALID)]
    assert sum(received) == sum(row.amount for row in booked)
    live = [row for row in kept() if row.state is not RowState.UNDONE]
    for _, same in itertools.groupby(
        sorted((row for row in live if row.reference), key=lambda row: row.reference),
        key=lambda row: row.reference,
    ):
        assert len(list(same)) == 1
