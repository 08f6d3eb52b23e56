"""演示的银行: two statements with rows of every kind, direct debits of which some failed, a former history.

What comes in is what houses really owe on the last day; chance has no part in it.
"""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from desktop.demo.calendar import Calendar
from desktop.demo.estate import Estate
from desktop.demo.staff import Crew
from models import deeds, workbook
from models.fees.banking.accounts import BankAccount, add_bank_account
from models.fees.banking.answers import import_answers
from models.fees.banking.debit_layouts import Content, FileFormat, add_debit_layout
from models.fees.banking.debits import make_debits, propose
from models.fees.banking.mandates import add_mandate
from models.fees.banking.matching import Book, House
from models.fees.banking.rows import BankRow, RowState
from models.fees.banking.statements import claim_row, import_statement, leave_rows
from models.fees.former import import_history
from models.fees.payments import Method
from models.listings import Filters, listed
from models.money import from_scaled
from models.owners.estate import Building, Unit
from models.owners.payees import payers_on
from models.owners.people import Person
from models.workbook import ColumnOut, SheetOut

_HEADS = ("交易日期", "收入金额", "支出金额", "对方户名", "附言", "交易流水号")
_MANDATES = 10
_NEW = timedelta(days=80)
_LEAST = 50_00
"""Fen; who owes less waits for the next bill."""
_REASONS = ("余额不足", "账户不符")
Row = tuple[Any, ...]


def bank(estate: Estate, crew: Crew, calendar: Calendar) -> None:
    """Bring two statements in, settle some rows by hand, and fetch by direct debit."""
    with deeds.acting(crew.accountant), tempfile.TemporaryDirectory() as folder:
        basic = add_bank_account(name="基本户", bank="演示银行枫林支行", number="6200000000000000000")
        phone = add_bank_account(name="微信收款", method=Method.WECHAT, bank="微信支付")
        _history(Path(folder), [place.code for place in estate.places if place.kind == "住宅"])
        _statements(Path(folder), basic, phone, calendar)
        _debits(Path(folder), basic, estate, calendar)


def _history(folder: Path, codes: Sequence[str]) -> None:
    """Bring along what some houses paid in the system before this one."""
    heads = ("房号", "收费项目", "期间起", "期间止", "缴费日期", "应缴", "实缴", "收款人", "原收据号")
    rows = [
        (
            code, "物业管理费", f"{year}-01-01", f"{year}-12-31", f"{year}-03-{at + 8:02d}", "1,068.60",
            "1,068.60", "周琴", f"{year}{at:05d}",
        )
        for at, code in enumerate(codes[:_MANDATES])
        for year in (2017, 2018)
    ]  # fmt: skip
    path = folder / "原系统缴费记录.xlsx"
    workbook.write(path, [SheetOut("历史缴费", [ColumnOut(head) for head in heads], rows)])
    import_history(str(path))


def _statements(folder: Path, basic: BankAccount, phone: BankAccount, calendar: Calendar) -> None:
    owing = _owing(calendar)
    if len(owing) < 8:
        return  # a demo of a month or two
    day = calendar.today.isoformat()
    for number, (account, houses, rows) in enumerate(
        ((basic, owing[:4], [*_odd(day), *_spent(day)]), (phone, owing[4:8], list(_odd(day))[:1])), start=1
    ):
        told = [*_sure(day, houses), *rows]
        marked = [(*row, f"{calendar.today:%Y%m%d}{number}{at:04d}") for at, row in enumerate(told)]
        _write(folder / f"{account.name}流水.csv", _HEADS, marked)
        import_statement(str(folder / f"{account.name}流水.csv"), account)
    _by_hand(owing[0])


def _owing(calendar: Calendar) -> list[House]:
    """Return the houses that owe something worth a payment, all of it new and its people's own."""
    since = (calendar.today - _NEW).isoformat()
    return [
        house
        for house in Book().houses.values()
        if house.people
        and sum(line.fen for line in house.lines) > _LEAST
        and all(line.due >= since and not line.former for line in house.lines)
    ]


def _sure(day: str, houses: Sequence[House]) -> Iterator[Row]:
    """Yield payments that name their house, as people write it."""
    ways = ("{}物业费", "{}栋{}单元{}", "交{}-{}-{}号房的费用", "{}")
    for way, house in zip(ways, houses, strict=False):
        parts = house.code.split("-") if way.count("{}") > 1 and house.code.count("-") == 2 else [house.code]
        remark = way.format(*parts) if way.count("{}") == len(parts) else house.code
        owed = from_scaled(sum(line.fen for line in house.lines), 2)
        yield (day, owed, "", sorted(house.people)[0], remark)


def _odd(day: str) -> Iterator[Row]:
    """Yield payments of which nobody can be sure."""
    yield (day, "300.00", "", "鲍远行", "物业费")
    yield (day, "500.00", "", "枫林文具店", "")


def _spent(day: str) -> Iterator[Row]:
    yield (day, "12.36", "", "演示银行", "结息")
    yield (day, "", "3,850.00", "枫林供电所", "公共电费")


def _by_hand(house: House) -> None:
    """Put the interest aside, and claim one payment that somebody has been asked about."""
    found = listed("bank_rows")(Filters(state=RowState.OPEN.value))
    waiting = {row.name: row for row in BankRow.those([row.id for row in found.rows()])}
    leave_rows([waiting["演示银行"]], "存款利息，不是物业费")
    claim_row(waiting["枫林文具店"], Unit.find(house.code))


def _debits(folder: Path, account: BankAccount, estate: Estate, calendar: Calendar) -> None:
    """Enter mandates; one building's file is answered in part, the next one waits."""
    owing = _owing(calendar)
    houses = owing[:: max(1, len(owing) // _MANDATES)][:_MANDATES]
    for number, house in enumerate(houses, start=1):
        unit = Unit.find(house.code)
        payer = payers_on(unit, calendar.today).payer_id
        if payer is not None:
            (person,) = Person.those([payer])
            add_mandate(
                unit=unit, payer=person, bank="演示银行枫林支行", account_name=person.name,
                account=f"62000000000{number:08d}", agreement=f"DK{number:04d}",
                since=calendar.first.first - timedelta(days=30),
            )  # fmt: skip
    layout = add_debit_layout(
        "演示银行代扣", FileFormat.GB18030,
        [{"content": content} for content in (Content.POSITION, Content.ACCOUNT_NAME, Content.ACCOUNT)]
        + [{"content": Content.AMOUNT, "heading": "扣款金额"}, {"content": Content.NOTE, "heading": "用途"}],
    )  # fmt: skip
    made = []
    for building in map(Building.find, estate.buildings()):
        if propose(calendar.today, building).wanted:
            made.append(make_debits(account, layout, building, on=calendar.today))
            made[-1].write(str(folder / f"{made[-1].number}.csv"))
    for batch in made[:1]:
        rows = list(_answers(batch.in_order(), calendar))
        told = rows if len(made) > 1 else rows[:-1]  # something waits
        if told:
            _write(folder / "回盘.csv", ("序号", "扣款金额", "结果", "失败原因", "扣款日期"), told)
            import_answers(str(folder / "回盘.csv"), batch)


def _answers(rows: Sequence[Any], calendar: Calendar) -> Iterator[Row]:
    """Yield the bank's answer to each row; every third one fails."""
    for number, row in enumerate(rows):
        reason = _REASONS[number // 3 % len(_REASONS)] if number % 3 == 1 else ""
        yield (row.position, row.amount, "失败" if reason else "成功", reason, calendar.today)


def _write(path: Path, heads: Sequence[str], rows: Sequence[Row]) -> None:
    with path.open("w", encoding="gb18030", newline="") as file:
        csv.writer(file).writerows([heads, *rows])
