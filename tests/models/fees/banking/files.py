"""Statements and answers of banks, for the tests of what is read from them."""

import csv
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from models.fees.banking.accounts import BankAccount, add_bank_account
from models.fees.payments import DayClosing, Method
from tests.estate import writing

HEADS = ("交易日期", "收入", "支出", "对方户名", "摘要", "流水号")
Rows = Sequence[Sequence[Any]]


def account(name: str = "基本户", method: Method = Method.TRANSFER) -> BankAccount:
    """Return the account of this name, made at its first use."""
    return BankAccount.get_or_none(BankAccount.name == name) or add_bank_account(name=name, method=method)


def statement(
    folder: Path, rows: Rows, heads: Sequence[str] = HEADS, name: str = "流水.csv", encoding: str = "gb18030"
) -> Path:
    """Write a statement as a bank does."""
    path = folder / name
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows([heads, *rows])
    return path


def income(on: str, amount: str, name: str = "", remark: str = "", reference: str = "") -> tuple[str, ...]:
    """Return a row of money that came in."""
    return (on, amount, "", name, remark, reference)


def closed(day: date) -> None:
    """Let a cashier's day be closed, whatever came in on it."""
    with writing():
        DayClosing.add(day=day, made_at=datetime.now(), made_by="王敏", receipts=0, amount=0)
