"""FE-11 收款日报表及票据领用核销登记: a cashier's day, receipt by receipt and by way of payment."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from models.errors import BadInput
from models.fees.books import ReceiptBook, Use
from models.fees.cashier import RECEIPTS
from models.fees.daybook import DayBook, day_book
from models.fees.deposits import Deposit, DepositEntry
from models.fees.payments import Adjustment, Payment, Receipt, ReceiptState
from models.fees.rights import VIEW
from models.fees.shifts import Shift
from models.money import capitals, thousands, to_scaled
from models.months import chinese_day
from models.owners.estate import Unit
from reports.paper import A4_LANDSCAPE, Column, Field, Form, Note, Sheet, Table, Total, declare, open_total
from reports.papers import PaperRequest, paper

MEANS = "作废收据列号不计金额。"
PAID_BACK = "退款（从预存余额中退出，不减实收合计）"
HELD = "押金收退（押金不是收入，不计入实收合计）"
COUNTED = "应有现金=备用金+收现金−付现金（作废、红冲、退款、退押金）；差额=盘点−应有；留存=盘点−缴存。"

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
                    Column(Shift.number, 30, "code"),
                    Column(Shift.cashier, 22),
                    Column("起止时间", 26, "center"),
                    Column(Shift.opening, 20, "money"),
                    Column("收现金", 23, "money", summed=True),
                    Column("付现金", 21, "money", summed=True),
                    Column(Shift.expected, 23, "money"),
                    Column(Shift.counted, 23, "money"),
                    Column("差额", 16, "money", summed=True),
                    Column(Shift.banked, 23, "money", summed=True),
                    Column("留存/接班人", 30),
                ),
                name="shifts",
                caption="班次盘点与缴存（元）",
                min_rows=1,
                together=True,
            ),
            Table(
                (
                    Column("领用日", 22, "center"),
                    Column("起止号", 66, "center"),
                    Column("份数", 16, "number"),
                    Column(ReceiptBook.holder, 24, "center"),
                    Column("已用", 16, "number"),
                    Column("作废号", 47),
                    Column("结存", 16, "number"),
                    Column("核销日", 22, "center"),
                    Column("核销人", 28),
                ),
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
    drawers = book.drawers.drawers if book.drawers else ()
    if not any((book.receipts, book.deposits, book.refunds, drawers)) and book.closing is None:
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
            "shifts": _shifts(book),
            "books": [_handed_out(one, use) for one, use in book.books],
        },
        notes=(*_proven(book), *_reopened(book)),
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


def _reopened(book: DayBook) -> Iterator[tuple[str, str]]:
    """Tell of closings of the day that were opened again; what was printed of them is no longer the last."""
    for one in book.reopened:
        told = f"{one.made_by} {one.made_at:%m-%d %H:%M} 日结（实收 {thousands(one.amount)} 元）"
        yield "重开", f"{told}，{one.reopened_by} {one.reopened_at:%m-%d %H:%M} 重开：{one.reason}"


def _span(book: DayBook) -> str:
    """Return the numbers of the day's receipts, run by run: those of other days lie between them."""
    runs: list[list[str]] = []
    for receipt, _ in book.receipts:
        if runs and int(receipt.number[-_DIGITS:]) == int(runs[-1][-1][-_DIGITS:]) + 1:
            runs[-1].append(receipt.number)
        else:
            runs.append([receipt.number])
    return "、".join(run[0] if len(run) == 1 else f"{run[0]} 至 {run[-1]}" for run in runs) or "无"


_DIGITS = RECEIPTS.digits
"""Digits of a receipt's own number, after its year."""


def _shifts(book: DayBook) -> list[tuple[Any, ...] | Total]:
    """Return the drawers of the day and what went through them; what was handed on is in none twice."""
    if book.drawers is None or not book.drawers.drawers:
        return []
    rows: list[tuple[Any, ...] | Total] = []
    for one in book.drawers.drawers:
        shift = one.shift
        told, kept, counted = _counted(shift)
        cash = (shift.opening, one.taken, one.paid_out, one.expected)
        rows.append((shift.number, shift.cashier, told, *cash, *counted, kept))
    moved = (book.drawers.taken, book.drawers.paid_out)
    sums = (None, *moved, None, None, book.drawers.difference, book.drawers.banked)
    return [*rows, Total("合计", (None, None, None, *sums, None))]


def _counted(shift: Shift) -> tuple[str, str, tuple[Decimal | None, ...]]:
    """Return from when to when a shift was, what stayed for whom, and what was counted."""
    since = f"{shift.opened_at:%H:%M}"
    if shift.closed_at is None:
        return f"{since} 起", "未结班", (None, None, None)
    kept = f"{thousands(shift.kept)} {shift.successor.name if shift.successor else ''}".strip()
    return f"{since} 至 {shift.closed_at:%H:%M}", kept, (shift.counted, shift.difference, shift.banked)


def _handed_out(book: ReceiptBook, use: Use) -> tuple[Any, ...]:
    voids = "、".join(number.rsplit("-", 1)[1] for number in use.voids) or "无"
    off = chinese_day(book.written_off) if book.written_off else None
    told = (chinese_day(book.on), book.span, book.forms, book.holder.name, use.used, voids, use.left)
    return (*told, off, book.written_off_by)


def _proven(book: DayBook) -> list[Note]:
    """Return how the receipts and the drawers of a day agree, to the cent."""
    drawers = book.drawers
    if drawers is None:
        return [("范围", "只含制表人负责的房屋，不是全部收据，班次不列。")]
    parts = [f"本日班次收 {thousands(drawers.through)} 元"]
    if drawers.elsewhere:
        parts.append(f"其他日期班次补登 {thousands(drawers.elsewhere)} 元")
    if book.outside:
        parts.append(f"不经收银 {thousands(book.outside)} 元")
    told = f"本日收据 {thousands(book.total)} 元 = {'，'.join(parts)}。"
    if drawers.earlier:
        told += f"本日班次另补登其他日期收据 {thousands(drawers.earlier)} 元。"
    notes: list[Note] = [("核对", told), ("盘点", COUNTED), ("票据", f"本日收据 {_span(book)}。")]
    for one in drawers.drawers:
        before = one.shift.prior
        if before is not None and before.kept != one.shift.opening:
            words = f"{before.number} 留存 {thousands(before.kept)} 元，{one.shift.number} 开班点出 "
            words += f"{thousands(one.shift.opening)} 元：{one.shift.opening_note}。"
            notes.append(("接班差额", words))
        if one.shift.note:
            words = f"{one.shift.number} 差额 {thousands(one.shift.difference)} 元：{one.shift.note}。"
            notes.append(("盘点差额", words))
    return notes
