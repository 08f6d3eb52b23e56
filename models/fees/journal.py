"""记账分录: what the accountant books for a period, day by day, each voucher with debit equal to credit.

A charge is booked when it is issued, money when it came in, a balance when it moved, a deposit as a debt
of the office. What was corrected stands as negative figures on the same sides (红字). What an opening brought
is booked in the old books and does not stand here. Cash of a drawer that went to the bank is booked on the
drawer's day, and so is what was counted more or less than there should be. All of it is added up from the
rows of lines, money and balances themselves, whatever document made them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any, NamedTuple

from peewee import Case, fn

from models.base import db
from models.batches import Batch
from models.checks import invariant
from models.deeds import TheOffice, acting
from models.fees.asof import LIVE
from models.fees.bills import Bill, BillKind
from models.fees.deposits import Deposit, DepositEntry, DepositKind, EntryKind
from models.fees.items import Category, FeeItem
from models.fees.payments import (
    VALID,
    Adjustment,
    Allocation,
    BalanceEntry,
    BalanceKind,
    Method,
    Payment,
    Receipt,
)
from models.fees.rights import VIEW
from models.fees.seals import counting_days
from models.fees.shifts import Shift
from models.fees.subjects import MONEY, Subject, SubjectUse
from models.fees.within import within
from models.fields import CodeField, DayField, LineField, MoneyField
from models.listings import Filters, RowListing, Shown, listing
from models.money import from_scaled, to_scaled
from models.months import Month, Period
from models.owners.estate import Building


class Voucher(Enum):
    """What the entries of a day are about, in the order in which they stand."""

    CHARGED = "计收费用"
    RECEIVED = "收款"
    SET_OFF = "预存抵扣"
    CORRECTED = "更正与退款"
    DEPOSITS = "押金"
    DRAWERS = "缴存与盘点"


_ORDER = {voucher: number for number, voucher in enumerate(Voucher, start=1)}


class Posting(NamedTuple):
    """So much on one subject: fen above nothing are a debit, below it a credit.

    Args:
        on: its day.
        voucher: what it is about.
        use: for what the subject is used.
        detail: the item, way of payment or kind of deposit.
        fen: how much.
    """

    on: str
    voucher: Voucher
    use: SubjectUse
    detail: str
    fen: int


def postings(first: date, last: date, building: Building | None = None) -> Iterator[Posting]:
    """Yield what is booked from one day to another, within the reach of the person acting."""
    yield from _charged(first, last, building)
    yield from _settled(first, last, building)
    yield from _balances(first, last, building)
    yield from _money(first, last, building)
    yield from _deposits(first, last, building)
    if not within(Bill.unit, building=building):
        yield from _drawers(first, last)


# -- charges ---------------------------------------------------------------------------------------


def _charged(first: date, last: date, building: Building | None) -> Iterator[Posting]:
    """Yield what was issued: owed to the office, and its income, or somebody else's money collected."""
    items = {item.id: item for item in FeeItem.select()}
    for on, item, fen in _issued(first, last, within(Bill.unit, building=building)):
        name, use = items[item].name, _income(items[item])
        yield Posting(on, Voucher.CHARGED, SubjectUse.RECEIVABLE, name, fen)
        yield Posting(on, Voucher.CHARGED, use, name, -fen)


def _income(item: FeeItem) -> SubjectUse:
    if item.category is Category.LATE:
        return SubjectUse.LATE
    return SubjectUse.COLLECTED if item.collected else SubjectUse.REVENUE


_LIVE = (Bill.live == True) & (Bill.kind != BillKind.OPENING)


def _issued(first: date, last: date, reach: list[Any]) -> Iterator[tuple[str, int, int]]:
    """Yield (day, item, fen) of the lines issued on these days, as statements date them."""
    day = fn.SUBSTR(Batch.made_at, 1, 10)
    made = Batch.select(Batch.id).where(day.between(first.isoformat(), last.isoformat()))
    days = dict(db.execute(Batch.select(Batch.id, day).where(Batch.id.in_(made))))
    query = Bill.select(Bill.batch, Bill.item, fn.SUM(Bill.amount)).where(_LIVE, *reach)
    for batch, item, fen in db.execute(query.where(Bill.batch.in_(made)).group_by(Bill.batch, Bill.item)):
        yield days[batch], item, fen
    for on, item, fen in _alone(reach):
        if first.isoformat() <= on <= last.isoformat():
            yield on, item, fen


def _alone(reach: list[Any]) -> Iterator[tuple[str, int, int]]:
    """Yield (day, item, fen) of lines that no batch made: slips, and what corrects a line.

    What was charged for a sealed month afterwards is booked in the month after, as its rates count it.
    """
    told = (Bill.id, Bill.item, Bill.kind, Bill.amount, Bill.due, Bill.corrects)
    lines = list(db.execute(Bill.select(*told).where(_LIVE & Bill.batch.is_null(), *reach).order_by(Bill.id)))
    handed = {
        corrects: due
        for _, _, kind, fen, due, corrects in lines
        if kind == BillKind.CORRECTION.name and fen < 0
    }
    issued = dict(_days_of({corrects for *_, corrects in lines if corrects is not None}))
    counting = counting_days()
    for id, item, kind, fen, due, corrects in lines:
        on = counting(id, handed.get(corrects, due) if kind == BillKind.CORRECTION.name else due)
        issued[id] = max(on, issued.get(corrects, on))
        yield issued[id], item, fen


def _days_of(lines: set[int]) -> Iterable[tuple[int, str]]:
    """Yield the day on which each of these lines was issued by its batch."""
    ordered = sorted(lines)
    for start in range(0, len(ordered), 900):
        some = Bill.id.in_(ordered[start : start + 900])
        yield from db.execute(Bill.select(Bill.id, fn.SUBSTR(Batch.made_at, 1, 10)).join(Batch).where(some))


# -- what was settled, and by what money -----------------------------------------------------------


def _of(record: Any) -> Any:
    """Return by which document a row moved, as the name of its voucher."""
    return Case(
        None,
        (
            (record.receipt.is_null(False), Voucher.RECEIVED.name),
            (record.set_off.is_null(False), Voucher.SET_OFF.name),
        ),
        Voucher.CORRECTED.name,
    )


def _settled(first: date, last: date, building: Building | None) -> Iterator[Posting]:
    """Yield what was settled of lines, by item; lines of an opening too, which are owed all the same."""
    voucher = _of(Allocation)
    query = Allocation.select(Allocation.on, voucher, FeeItem.name, fn.SUM(Allocation.amount))
    query = query.join(Bill).join(FeeItem).where(
        LIVE & Allocation.on.between(first, last), *within(Bill.unit, building=building)
    )  # fmt: skip
    for on, what, item, fen in db.execute(query.group_by(Allocation.on, voucher, FeeItem.id)):
        yield Posting(on, Voucher[what], SubjectUse.RECEIVABLE, item, -fen)


def _balances(first: date, last: date, building: Building | None) -> Iterator[Posting]:
    """Yield how the money held in advance moved; openings stand in the old books."""
    voucher = _of(BalanceEntry)
    query = BalanceEntry.select(BalanceEntry.on, voucher, fn.SUM(BalanceEntry.amount)).where(
        BalanceEntry.on.between(first, last) & (BalanceEntry.kind != BalanceKind.OPENING),
        *within(BalanceEntry.unit, building=building),
    )
    for on, what, fen in db.execute(query.group_by(BalanceEntry.on, voucher)):
        yield Posting(on, Voucher[what], SubjectUse.PREPAID, "", -fen)


def _money(first: date, last: date, building: Building | None) -> Iterator[Posting]:
    """Yield the money of receipts that count, red ones below nothing, and what was paid back of balances."""
    query = Receipt.select(Receipt.on, Payment.method, fn.SUM(Receipt.amount)).join(Payment)
    query = query.where(
        VALID & Receipt.on.between(first, last), *within(Receipt.unit, building=building)
    ).group_by(Receipt.on, Payment.method)  # fmt: skip
    for on, method, fen in db.execute(query):
        yield Posting(on, Voucher.RECEIVED, MONEY[Method[method]], Method[method].value, fen)
    back = BalanceEntry.select(BalanceEntry.on, Adjustment.method, fn.SUM(BalanceEntry.amount))
    back = back.join(Adjustment).where(
        (BalanceEntry.kind == BalanceKind.REFUNDED) & BalanceEntry.on.between(first, last),
        *within(BalanceEntry.unit, building=building),
    )
    for on, method, fen in db.execute(back.group_by(BalanceEntry.on, Adjustment.method)):
        way = Method[method or Method.TRANSFER.name]
        yield Posting(on, Voucher.CORRECTED, MONEY[way], way.value, fen)


def _deposits(first: date, last: date, building: Building | None) -> Iterator[Posting]:
    """Yield deposits taken and given back, which the office owes, and what it kept of them."""
    told = (DepositEntry.on, DepositEntry.kind, DepositEntry.method, Deposit.kind)
    query = DepositEntry.select(*told, fn.SUM(DepositEntry.amount)).join(Deposit)
    query = query.where(
        DepositEntry.on.between(first, last), *within(Deposit.unit, building=building)
    ).group_by(*told)  # fmt: skip
    for on, moved, method, kind, fen in db.execute(query):
        name = DepositKind[kind].value
        yield Posting(on, Voucher.DEPOSITS, SubjectUse.DEPOSIT, name, -fen)
        if moved == EntryKind.DEDUCTED.name:
            yield Posting(on, Voucher.DEPOSITS, SubjectUse.FORFEIT, name, fen)
        else:
            way = Method[method or Method.TRANSFER.name]
            yield Posting(on, Voucher.DEPOSITS, MONEY[way], way.value, fen)


# -- drawers ----------------------------------------------------------------------------------------


def _drawers(first: date, last: date) -> Iterator[Posting]:
    """Yield the cash of drawers that went to the bank, and what was counted more or less than was there."""
    closed = Shift.select().where(Shift.day.between(first, last) & Shift.closed_at.is_null(False))
    for shift in closed:
        on, banked = shift.day.isoformat(), to_scaled(Decimal(shift.banked or 0), 2)
        yield Posting(on, Voucher.DRAWERS, SubjectUse.BANK, "现金缴存", banked)
        yield Posting(on, Voucher.DRAWERS, SubjectUse.CASH, "现金缴存", -banked)
        more = to_scaled(shift.difference, 2)
        yield Posting(on, Voucher.DRAWERS, SubjectUse.CASH, "盘点差额", more)
        yield Posting(on, Voucher.DRAWERS, SubjectUse.DIFFERENCE, "盘点差额", -more)
    before = Shift.alias()
    taken_over = Shift.select(Shift, before).join(before, on=(Shift.prior == before.id))
    for shift in taken_over.where(Shift.day.between(first, last)):
        on, more = shift.day.isoformat(), to_scaled(shift.opening - shift.prior.kept, 2)
        yield Posting(on, Voucher.DRAWERS, SubjectUse.CASH, "接班差额", more)
        yield Posting(on, Voucher.DRAWERS, SubjectUse.DIFFERENCE, "接班差额", -more)


# -- the list --------------------------------------------------------------------------------------


class Entry(NamedTuple):
    """One line of a voucher, in fen; one side is nothing."""

    on: date
    voucher: Voucher
    use: SubjectUse
    detail: str
    debit: int
    credit: int


def entries(first: date, last: date, building: Building | None = None) -> list[Entry]:
    """Return the entries of these days, by day, voucher, debits before credits, and subject."""
    sums: dict[tuple[str, Voucher, SubjectUse, str], int] = defaultdict(int)
    for on, voucher, use, detail, fen in postings(first, last, building):
        sums[on, voucher, use, detail] += fen
    made = [
        _entry(date.fromisoformat(on), voucher, use, detail, fen)
        for (on, voucher, use, detail), fen in sums.items()
        if fen
    ]
    uses = {use: number for number, use in enumerate(SubjectUse)}
    return sorted(
        made, key=lambda one: (one.on, _ORDER[one.voucher], one.debit == 0, uses[one.use], one.detail)
    )


def _entry(on: date, voucher: Voucher, use: SubjectUse, detail: str, fen: int) -> Entry:
    """Put a sum on its side; what was charged and corrected stays on its own, below nothing (红字)."""
    charging = voucher is Voucher.CHARGED
    is_debit = use is SubjectUse.RECEIVABLE if charging else fen > 0
    return Entry(on, voucher, use, detail, fen if is_debit else 0, 0 if is_debit else -fen)


def unbalanced(first: date, last: date) -> list[tuple[date, Voucher, int]]:
    """Return the vouchers of these days whose debits are not their credits, and by how much in fen."""
    sums: dict[tuple[date, Voucher], int] = defaultdict(int)
    for one in entries(first, last):
        sums[one.on, one.voucher] += one.debit - one.credit
    return [(on, voucher, fen) for (on, voucher), fen in sums.items() if fen]


@invariant("记账分录每张凭证借贷相等")
def vouchers_balance() -> Iterator[str]:
    """What is booked of a year back comes to nothing, voucher by voucher."""
    today = date.today()
    with acting(TheOffice()):
        found = unbalanced(today - timedelta(days=366), today)
    for on, voucher, fen in found:
        yield f"{on} {voucher.value}：借贷相差 {from_scaled(fen, 2):,.2f} 元"


@listing("journal", "记账分录", "fees", VIEW, "period", "building")
def journal_entries(filters: Filters) -> RowListing:
    """What the accountant books, this month unless a period is given."""
    period = filters.period or Period.of_month(Month.of(date.today()))
    named = {subject.use: subject for subject in Subject.select()}
    columns = (
        Shown("on", DayField(verbose_name="日期")),
        Shown("voucher", CodeField(verbose_name="凭证号", max_length=16)),
        Shown("summary", LineField(verbose_name="摘要", max_length=20)),
        Shown("code", CodeField(verbose_name="科目编码", max_length=20)),
        Shown("subject", LineField(verbose_name="科目名称", max_length=40)),
        Shown("detail", LineField(verbose_name="明细", max_length=40)),
        Shown("debit", MoneyField(verbose_name="借方", signed=True)),
        Shown("credit", MoneyField(verbose_name="贷方", signed=True)),
    )
    found = entries(period.first, period.last, filters.building)
    rows = ((number, _row(one, named[one.use])) for number, one in enumerate(found, start=1))
    return RowListing(columns, rows)


def _row(one: Entry, subject: Subject) -> tuple[Any, ...]:
    number = f"{one.on:%Y%m%d}-{_ORDER[one.voucher]}"
    sides = (from_scaled(fen, 2) if fen else None for fen in (one.debit, one.credit))
    return (one.on, number, one.voucher.value, subject.code, subject.name, one.detail, *sides)
