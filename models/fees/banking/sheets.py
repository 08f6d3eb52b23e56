"""流水的导入: statements of banks, WeChat and Alipay, read by the headings that they bear.

Only what came in becomes a row; what went out is counted and left aside. Which account it is, and in what
way of payment, is asked with the file.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from models.base import db
from models.deeds import require
from models.errors import BadInput
from models.fees.banking.accounts import BankAccount
from models.fees.banking.rows import BankRow
from models.fees.payments import Method
from models.fees.rights import BANK
from models.fields import CodeField, LineField, MoneyField
from models.imports import Column, Finding, Layout, Line, Roster, Severity, kind, sheet_of
from models.money import to_scaled
from models.workbook import as_day

STATEMENT = Layout("银行流水", [], 1)
KIND = "fees.statement"
"""Kind of batch."""

_TIME = re.compile(r"(?<!\d)(\d{1,2}):(\d{2})(?::(\d{2}))?")
_SERIAL = re.compile(r"(\d{5})(?:\.\d+)?")
_OUT, _IN = ("支出", "借", "支", "付款", "转出", "D"), ("收入", "贷", "收", "收款", "转入", "C")
_NEITHER = ("/", "不计收支", "其他", "不计")
_SUMS = ("合计", "总计", "小计", "累计")
_AMOUNT = MoneyField(signed=True, verbose_name="金额")


class Source(NamedTuple):
    """Of which account a statement is, and how money comes in there."""

    account: BankAccount
    method: Method


_source: ContextVar[Source | None] = ContextVar("source", default=None)


@contextmanager
def read_as(source: Source) -> Iterator[None]:
    """Let statements that are read within the block be those of an account."""
    token = _source.set(source)
    try:
        yield
    finally:
        _source.reset(token)


kind(
    BankRow, "fingerprint", differs="同一笔只入账一次；确是两笔的，请核对流水号。", batch=KIND, total="amount"
)


@sheet_of(
    STATEMENT,
    "银行流水",
    (
        Column(
            "day", LineField(max_length=60, verbose_name="交易日期"), present=True, hint="例如 2026-11-23",
            known_as=("交易时间", "交易日", "记账日期", "入账日期", "入账时间", "日期", "记账时间",
                      "创建时间", "付款时间", "交易创建时间", "业务日期"),
        ),
        Column("time", LineField(max_length=60, verbose_name="时间"), known_as=("交易时间", "记账时间")),
        Column(
            "amount", LineField(max_length=40, verbose_name="金额"), hint="收入和支出分两列的，不填这一列",
            known_as=("交易金额", "发生额", "金额(元)", "金额（元）", "交易金额(元)"),
        ),
        Column(
            "income", LineField(max_length=40, verbose_name="收入"),
            known_as=("收入金额", "贷方发生额", "贷方金额", "贷方", "贷方发生额(收入)", "收入(元)",
                      "收入金额(元)", "收入（元）", "收入（+元）", "转入金额", "存入"),
        ),
        Column(
            "expense", LineField(max_length=40, verbose_name="支出"),
            known_as=("支出金额", "借方发生额", "借方金额", "借方", "借方发生额(支取)", "支出(元)",
                      "支出金额(元)", "支出（元）", "支出（-元）", "转出金额", "支取"),
        ),
        Column(
            "direction", LineField(max_length=20, verbose_name="收支"), hint="收入 或 支出；没有就都是收入",
            known_as=("收/支", "收入/支出", "借贷标志", "借贷", "借/贷", "收支类型", "借贷方向", "资金流向"),
        ),
        Column(
            "name", LineField(max_length=500, verbose_name="对方户名"),
            known_as=("交易对方", "付款人", "付款方", "对方名称", "对方账户名", "对方账户名称", "付款人户名",
                      "付款方户名", "户名", "对方单位", "交易对手", "对手方名称", "对方姓名"),
        ),
        Column(
            "summary", LineField(max_length=1000, verbose_name="摘要"),
            known_as=("交易摘要", "摘要说明", "交易类型", "业务类型"),
        ),
        Column(
            "purpose", LineField(max_length=1000, verbose_name="用途"),
            known_as=("商品", "商品说明", "商品名称", "交易用途"),
        ),
        Column(
            "postscript", LineField(max_length=1000, verbose_name="附言"),
            known_as=("留言", "交易附言", "转账附言", "附言说明", "客户附言"),
        ),
        Column("remark", LineField(max_length=1000, verbose_name="备注"), known_as=("交易备注", "业务备注")),
        Column(
            "reference", CodeField(max_length=60, verbose_name="流水号"), hint="没有也可以，按内容识别重复",
            known_as=("交易单号", "交易流水号", "交易订单号", "交易号", "订单号", "凭证号", "业务流水号",
                      "银行流水号", "核心流水号", "企业流水号", "回单编号", "全局流水号", "账务流水号"),
        ),
    ),
    order=10,
)  # fmt: skip
def read_statement(lines: list[Line], roster: Roster) -> None:
    """Read what came in; what went out is counted, and rows that hold neither day nor amount are none."""
    require(BANK)
    source = _source.get()
    if source is None:
        raise BadInput("还没有选收款账户。请先选账户，再读这份流水。")
    if lines and not {"amount", "income"} & set(lines[0].values):
        raise BadInput("流水里没有“金额”或“收入”这一列。请用“对应列”说明金额在哪一列。")
    aside = [line for line in lines if not _add(line, roster, source)]
    _refuse_twice(roster)
    _sign(roster, source)
    if aside:
        what = "没有进来的钱（支出、空行和合计），没有导入"
        remedy = "只有进来的钱才入账；确是收入的请核对收支列。"
        roster.findings.append(
            Finding(Severity.NOTE, "银行流水", aside[0].number, "", f"{len(aside)} 行", what, remedy)
        )


def _add(line: Line, roster: Roster, source: Source) -> bool:
    """Draft what a row tells of; return whether it tells of money that came in."""
    amount = _came_in(line)
    if amount is None and not line.failed:
        return False
    on, time = _moment(line)
    if amount is not None and amount < 0:
        line.error("amount", "金额是负数", "收款都是正数；退款和支出请放在支出列，或删去这一行。")
    if on is not None and on > date.today():
        line.error("day", "日期还没有到", "请核对这一行的日期。")
    roster.add(
        BankRow, line, account=source.account.id, method=source.method, on=on, time=time, amount=amount,
        name=_cut(line["name"], 60), remark=_remark(line), reference=line["reference"],
    )  # fmt: skip
    return True


def _came_in(line: Line) -> Decimal | None:
    """Return what came in by a row, None where nothing did."""
    way = str(line["direction"] or "").strip().upper()
    if way.startswith(_OUT) or way in _NEITHER or any(word in str(line["day"] or "") for word in _SUMS):
        return None
    income, expense = _money(line, "income"), _money(line, "expense")
    if income or expense:
        return income
    if way and not way.startswith(_IN):
        line.error("direction", "不认识的收支", "请填 收入 或 支出。")
    return _money(line, "amount")


def _money(line: Line, name: str) -> Decimal | None:
    """Return the amount in a cell; None where it is empty, a dash or zero."""
    typed = str(line[name] or "").strip().removeprefix("+")
    if not typed.strip("-—/ "):
        return None
    line.values[name] = typed
    return line.checked(name, _AMOUNT) or None


def _moment(line: Line) -> tuple[date | None, str | None]:
    """Return day and time of a row; the time may stand beside the day or in a column of its own."""
    typed = str(line["day"] or "")
    serial = _SERIAL.fullmatch(typed)
    found = _TIME.search(typed) or _TIME.search(str(line["time"] or ""))
    time = f"{int(found[1]):02d}:{found[2]}:{found[3] or '00'}" if found else None
    try:
        return as_day(int(serial[1]) if serial else typed, "交易日期"), time
    except BadInput as problem:
        line.refuse("day", problem)
        return None, time


def _remark(line: Line) -> str | None:
    told = dict.fromkeys(line[name] for name in ("purpose", "postscript", "remark", "summary"))
    return _cut(" ".join(one for one in told if one and one != "/"), 200)


def _cut(text: str | None, most: int) -> str | None:
    text = (text or "").strip()
    return None if text in ("", "/", "-") else text[:most]


def _refuse_twice(roster: Roster) -> None:
    """Refuse two rows with one reference: one of them would be money that never came."""
    seen: dict[str, Line] = {}
    for draft in roster.drafts.get(BankRow, ()):
        reference = draft.values["reference"]
        first = seen.setdefault(reference, draft.line) if reference else draft.line
        if first is not draft.line:
            remedy = "同一笔流水只能有一行，请删去多余的一行再导入。"
            draft.line.doubled = True  # so that the first one is not blamed for it
            draft.line.error("reference", f"流水号与第 {first.number} 行相同", remedy)


def _sign(roster: Roster, source: Source) -> None:
    """Give each row by what it is known again, and say which of them are known."""
    known = dict(db.execute(BankRow.select(BankRow.fingerprint, BankRow.batch).where(
        BankRow.fingerprint.is_null(False) & (BankRow.account == source.account)
    )))  # fmt: skip
    times: Counter[tuple[Any, ...]] = Counter()
    for draft in roster.drafts.get(BankRow, ()):
        values = draft.values
        told: tuple[Any, ...] = (values["reference"],)
        if values["reference"] is None and values["amount"] is not None:
            fen = to_scaled(values["amount"], 2)
            told = (values["on"], values["time"], fen, values["name"], values["remark"])
            times[told] += 1
            told = (*told, times[told])
        print_of = hashlib.sha256(repr((source.account.id, *map(str, told))).encode()).hexdigest()
        values["fingerprint"] = print_of
        if print_of in known:
            draft.line.note("day", f"已导入过（批次 {known[print_of]}）", "同一笔不再入账。")
