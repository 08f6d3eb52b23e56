"""FE-11 收款日报表及票据领用核销登记: a cashier's day, receipt by receipt and by way of payment."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from models.errors import BadInput
from models.fees.daybook import DayBook, day_book
from models.fees.deposits import Deposit, DepositEntry
from models.fees.payments import Adjustment, Payment, Receipt, ReceiptState
from models.fees.rights import VIEW
from models.money import capitals, thousands, to_scaled
from models.months import chinese_day
from models.owners.estate import Unit
from reports.paper import A4_LANDSCAPE, Column, Field, Form, Sheet, Table, Total, declare, open_total
from reports.papers import PaperRequest, paper

MEANS = "作废收据列号不计金额。"
PAID_BACK = "退款（从预存余额中退出，不减实收合计）"
HELD = "押金收退（押金不是收入，不计入实收合计）"
LATER = "票据领用核销、现金盘点与缴存银行尚无记录，印“—”。"
_BOOK = ("领用日", "起止号", "份数", "领用人", "已用", "作废号", "结存", "核销日", "核销人")

FORM = declare(
    Form(
        code="FE-11",
        title="收款日报表及票据领用核销登记",
        module="fees",
        paper=A4_LANDSCAPE,
        lead=(Field("day", "日期", kind="date"), Field("closed", "日结")),
        columns=(
            Column(Receipt.number, 40, "code"),
            Column(Unit.code, 30, "code"),
            Column("项目", 75),
            Column("金额（元）", 30, "money", summed=True),
            Column(Payment.method, 20, "center"),
            Column("操作员", 25),
            Column("备注", 37),
        ),
        page_subtotal="本页小计",
        blank_rows=10,
        more=(
            Table(
                (
                    Column("收款方式", 40),
                    Column("份数", 20, "number", summed=True),
                    Column("金额（元）", 40, "money", summed=True),
                ),
                name="methods",
                caption="按方式小计",
                together=True,
            ),
            Table(
                (
                    Column(DepositEntry.number, 40, "code"),
                    Column(Unit.code, 30, "code"),
                    Column(Deposit.kind, 35),
                    Column(DepositEntry.kind, 20, "center"),
                    Column("金额（元）", 30, "money", summed=True),
                    Column(DepositEntry.method, 20, "center"),
                    Column("操作员", 25),
                    Column("备注", 57),
                ),
                name="deposits",
                caption=HELD,
                min_rows=1,
            ),
            Table(
                (
                    Column(Adjustment.number, 40, "code"),
                    Column(Unit.code, 30, "code"),
                    Column(Adjustment.payer, 40),
                    Column("金额（元）", 30, "money", summed=True),
                    Column(Adjustment.method, 20, "center"),
                    Column("操作员", 25),
                    Column(Adjustment.reason, 72),
                ),
                name="refunds",
                caption=PAID_BACK,
                min_rows=1,
            ),
            Table(
                (
                    Column("缴存银行（元）", 60, "money"),
                    Column("现金盘点（元）", 60, "money"),
                    Column("差额（元）", 60, "money"),
                    Column("票据起止号", 77),
                ),
                name="count",
                caption="缴存与盘点",
                min_rows=1,
                together=True,
            ),
            Table(
                tuple(Column(name, 60 if name == "起止号" else 25, "center") for name in _BOOK),
                name="books",
                caption="票据领用核销",
                min_rows=1,
                together=True,
            ),
        ),
        totals=(open_total("实收合计（大写）", 7, [3], "人民币"), Total("作废收据号")),
        notes=(("说明", MEANS),),
        signatures=("收款", "财务"),
        number_rule="RB-YYYYMMDD",
        retention="R30",
    )
)


@paper("FE-11", VIEW, "period")
def daily(request: PaperRequest) -> Iterator[Sheet]:
    """Fill in the book of a day."""
    if request.period is None or request.period.first != request.period.last:
        raise BadInput("请写明是哪一天，例如 2026-11-23。", "period")
    book = day_book(request.period.first)
    if not book.receipts and not book.deposits and not book.refunds and book.closing is None:
        return
    words = "人民币" + capitals(to_scaled(book.total, 2)) if book.total else ""
    yield Sheet(
        FORM,
        number=f"RB-{book.day:%Y%m%d}",
        values={"day": book.day, "closed": _closed(book)},
        rows=[_row(receipt, items) for receipt, items in book.receipts],
        totals=(
            Total("实收合计（大写）", (None, None, None, book.total, None, None, None), text=words),
            Total("份数", text=f"有效 {len(book.issued)} 份，作废 {len(book.voids)} 份"),
            Total("作废收据号", text="、".join(receipt.number for receipt in book.voids) or "无"),
        ),
        tables={
            "methods": [*_by_method(book), Total("合计", (None, len(book.issued), book.total))],
            "deposits": _deposits(book),
            "refunds": _refunds(book),
            "count": [(None, None, None, _span(book))],
            "books": [(None,) * len(_BOOK)],
        },
        notes=(("口径", LATER),),
    )


def _by_method(book: DayBook) -> list[tuple[Any, ...]]:
    """Return (way of payment, receipts, sum) of each way that was used."""
    return [(method.value, count, amount) for method, count, amount in book.by_method()]


def _deposits(book: DayBook) -> list[tuple[Any, ...] | Total]:
    """Return the deposits taken and given back, with what they come to in each way of payment."""
    rows: list[tuple[Any, ...] | Total] = [_moved(entry, void) for entry, void in book.deposits]
    ways = book.deposits_by_method()
    rows += [Total(f"其中{way.value}", (*(None,) * 4, net, *(None,) * 3)) for way, net in ways.items()]
    return [*rows, Total("押金收退净额", (*(None,) * 4, book.deposits_net, *(None,) * 3))] if rows else []


def _refunds(book: DayBook) -> list[tuple[Any, ...] | Total]:
    """Return what was paid back out of balances."""
    rows: list[tuple[Any, ...] | Total] = [
        (
            *(one.number, one.unit.code, one.payer.name if one.payer else None, -one.amount),
            *(one.method.value, one.made_by, one.reason),
        )
        for one in book.refunds
    ]
    return [*rows, Total("退款合计", (None, None, None, book.refunded, *(None,) * 3))] if rows else []


def _moved(entry: DepositEntry, void: str) -> tuple[Any, ...]:
    deposit, method = entry.deposit, entry.method.value
    told = (
        f"作废：{void}，原 {thousands(entry.amount)} 元" if void else (entry.receiver or deposit.payer_name)
    )
    amount = None if void else entry.amount
    place = (entry.number, deposit.unit.code, deposit.kind.value, entry.kind.value)
    return (*place, amount, method, entry.made_by, told)


def _row(receipt: Receipt, items: str) -> tuple[Any, ...]:
    void = receipt.state is ReceiptState.VOID
    payment = receipt.payment
    told = f"作废：{receipt.void_reason}，原 {thousands(receipt.amount)} 元" if void else ""
    amount = None if void else receipt.amount
    return (receipt.number, receipt.unit.code, items, amount, payment.method.value, payment.made_by, told)


def _closed(book: DayBook) -> str:
    if book.closing is None:
        return "尚未日结"
    at = book.closing.made_at
    return f"{book.closing.made_by}　{chinese_day(at)} {at:%H:%M}"


def _span(book: DayBook) -> str:
    if not book.receipts:
        return "无"
    return f"{book.receipts[0][0].number} 至 {book.receipts[-1][0].number}"
