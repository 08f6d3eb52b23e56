"""收费核对: what must hold among bills, money, receipts, balances and closings, added up anew by `check`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from peewee import Case, fn

from models.base import db
from models.batches import Batch, State
from models.checks import Invariant, invariant
from models.fees.asof import LIVE
from models.fees.bills import BILLING, Bill, BillKind
from models.fees.cashier import RECEIPTS
from models.fees.commons.ledger import ENTRIES, CommonEntry
from models.fees.deposits import SERIES_OF, DepositEntry, cash_by_day
from models.fees.gaps import reversed_lines
from models.fees.payments import (
    CLOSED,
    VALID,
    Allocation,
    BalanceEntry,
    BalanceKind,
    DayClosing,
    Payment,
    Receipt,
    ReceiptRow,
    ReceiptState,
    SetOff,
    SetOffReversal,
)
from models.fees.services import SLIPS, ServiceSlip
from models.fees.setting_off import SET_OFFS
from models.fees.shifts import SHIFTS, Shift
from models.money import from_scaled
from models.owners.estate import Unit
from models.series import Counter, Series

_NAMED = 20
"""Places that a check names; a thousand more say no more."""


def _named(check: Invariant) -> Invariant:
    """Let a check stop once it has named enough places."""

    def first() -> Iterable[str]:
        return islice(check(), _NAMED)

    first.__doc__ = check.__doc__
    return first


def _yuan(fen: Any) -> str:
    return f"{from_scaled(int(fen or 0), 2):,.2f} 元"


def _sum_of(record: Any, owner: Any, *wanted: Any) -> Any:
    """Return a subquery of (owner's id, sum of amounts), to be joined."""
    query = record.select(owner.alias("owner"), fn.SUM(record.amount).alias("fen"))
    return (query.where(*wanted) if wanted else query).group_by(owner).alias("summed")


def _sums(record: Any, owner: Any, *wanted: Any) -> dict[int, int]:
    """Return the sum of amounts in fen by the owner's id."""
    query = record.select(owner, fn.SUM(record.amount)).where(owner.is_null(False), *wanted)
    return dict(db.execute(query.group_by(owner)))


def _unequal(record: Any, mine: Any, summed: Any) -> Iterator[tuple[int, int, int]]:
    """Yield (id, own fen, summed fen) where a record's own figure is not the sum of its parts."""
    told = fn.COALESCE(summed.c.fen, 0)
    query = record.select(record.id, mine, told).left_outer_join(summed, on=(summed.c.owner == record.id))
    return iter(db.execute(query.where(mine != told)))


@invariant("撤销批次")
@_named
def undone_is_void() -> Iterator[str]:
    """No line of a batch that was undone is live, but for those that a reversal brought to nothing before."""
    standing = (Bill.live == True) & ~reversed_lines()
    left = Bill.select(Bill.batch, fn.COUNT(Bill.id)).join(Batch).where(standing)
    for batch, count in db.execute(left.where(Batch.state == State.UNDONE).group_by(Bill.batch)):
        yield f"批次 {batch} 已撤销，却还有 {count} 笔有效的账单"


@invariant("账单已收")
@_named
def paid_is_allocated() -> Iterator[str]:
    """What is paid on a line is the sum of its live allocations."""
    for number, paid, allocated in _unequal(Bill, Bill.paid, _sum_of(Allocation, Allocation.bill, LIVE)):
        line = Bill.get_by_id(number).label()
        yield f"账单 {number}（{line}）已收 {_yuan(paid)}，核销合计却是 {_yuan(allocated)}"


@invariant("账单金额")
@_named
def paid_within_amount() -> Iterator[str]:
    """No line has more paid on it than it asks for, a correcting one is settled, a void one has nothing."""
    charging = (Bill.amount >= 0) & ((Bill.paid < 0) | (Bill.paid > Bill.amount))
    correcting = (Bill.amount < 0) & (Bill.paid != Bill.amount)
    beyond = charging | correcting | ((Bill.live == False) & (Bill.paid != 0))
    for bill in Bill.select().where(beyond).limit(_NAMED):
        line = f"{bill.label()}，{'有效' if bill.live else '已作废'}"
        yield f"账单 {bill.id}（{line}）应收 {bill.amount:,.2f} 元，已收却是 {bill.paid:,.2f} 元"


@invariant("冲减已收")
@_named
def what_is_taken_off_is_settled() -> Iterator[str]:
    """What negative lines take off a line is settled on it, whatever money was taken back since."""
    negative = Bill.alias()
    mine = negative.corrects.is_null(False) & (negative.live == True) & (negative.amount < 0)
    taken = fn.SUM(negative.amount)
    query = negative.select(Bill.id, Bill.paid, taken).join(Bill, on=(negative.corrects == Bill.id))
    query = query.where(mine & (Bill.live == True)).group_by(Bill.id)
    for number, paid, fen in db.execute(query.having(Bill.paid + taken < 0)):
        yield f"账单 {number} 已冲减 {_yuan(-fen)}，已收却只有 {_yuan(paid)}"


@invariant("出账批次合计")
@_named
def runs_add_up() -> Iterator[str]:
    """A live run's lines are as many, and as much, as its batch says."""
    lines = Bill.select(
        Bill.batch.alias("owner"), fn.COUNT(Bill.id).alias("lines"), fn.SUM(Bill.amount).alias("fen")
    )
    made = lines.group_by(Bill.batch).alias("made")
    count, fen = fn.COALESCE(made.c.lines, 0), fn.COALESCE(made.c.fen, 0)
    query = Batch.select(Batch.id, Batch.title, Batch.count, Batch.amount, count, fen)
    query = query.left_outer_join(made, on=(made.c.owner == Batch.id))
    query = query.where((Batch.kind == BILLING) & (Batch.state == State.LIVE))
    wrong = (Batch.count != count) | (fn.COALESCE(Batch.amount, 0) != fen)
    for number, title, told, amount, found, summed in db.execute(query.where(wrong)):
        yield f"批次 {number} {title} 记 {told} 笔 {_yuan(amount)}，账单却有 {found} 笔 {_yuan(summed)}"


@invariant("作废账单")
@_named
def void_lines_belong_to_undone_runs() -> Iterator[str]:
    """A line of a run is void only because its run was undone."""
    query = Bill.select(Bill.id, Batch.id).join(Batch)
    wrong = (Bill.live == False) & (Bill.kind == BillKind.RECURRING) & (Batch.state == State.LIVE)
    for number, batch in db.execute(query.where(wrong).limit(_NAMED)):
        yield f"账单 {number} 已作废，它的批次 {batch} 却没有撤销"


@invariant("收款日期")
@_named
def receipts_bear_the_day_of_their_payment() -> Iterator[str]:
    """A receipt is of the day on which the money was taken."""
    query = (
        Receipt.select(Receipt.number, Receipt.on, Payment.on).join(Payment).where(Receipt.on != Payment.on)
    )
    for number, day, taken in db.execute(query.limit(_NAMED)):
        yield f"收据 {number} 的日期是 {day}，收款却在 {taken}"


@invariant("收据合计")
@_named
def receipts_add_up() -> Iterator[str]:
    """A receipt is the sum of its rows, and of what it settled and left as a balance."""
    for number, amount, rows in _unequal(Receipt, Receipt.amount, _sum_of(ReceiptRow, ReceiptRow.receipt)):
        yield f"收据 {_number(number)} 金额 {_yuan(amount)}，各行合计却是 {_yuan(rows)}"
    kept = _sums(BalanceEntry, BalanceEntry.receipt, BalanceEntry.kind == BalanceKind.RECEIVED)
    used = _sums(Allocation, Allocation.receipt)
    for number, name, fen in db.execute(Receipt.select(Receipt.id, Receipt.number, Receipt.amount)):
        found = kept.get(number, 0) + used.get(number, 0)
        if found != fen:
            yield f"收据 {name} 金额 {_yuan(fen)}，核销与预存合计却是 {_yuan(found)}"


@invariant("作废收据")
@_named
def void_receipts_hold_nothing() -> Iterator[str]:
    """A void receipt settles nothing any more, and took back what it left as a balance."""
    void = Receipt.state == ReceiptState.VOID
    query = Receipt.select(Receipt.number).join(Allocation).where(void & LIVE).distinct()
    for (number,) in db.execute(query):
        yield f"收据 {number} 已作废，核销却仍有效"
    left = BalanceEntry.select(Receipt.number, fn.SUM(BalanceEntry.amount)).join(Receipt).where(void)
    for number, fen in db.execute(left.group_by(Receipt.number).having(fn.SUM(BalanceEntry.amount) != 0)):
        yield f"收据 {number} 已作废，预存却还有 {_yuan(fen)}"


@invariant("收款合计")
@_named
def payments_add_up() -> Iterator[str]:
    """A payment is the sum of its receipts, and what is void of it that of its void ones."""
    whole = _sum_of(Receipt, Receipt.payment)
    for number, amount, receipts in _unequal(Payment, Payment.amount, whole):
        yield f"收款 {number} 金额 {_yuan(amount)}，收据合计却是 {_yuan(receipts)}"
    void = _sum_of(Receipt, Receipt.payment, Receipt.state == ReceiptState.VOID)
    for number, voided, receipts in _unequal(Payment, Payment.voided, void):
        yield f"收款 {number} 记作废 {_yuan(voided)}，作废收据合计却是 {_yuan(receipts)}"


@invariant("单号连续")
@_named
def numbers_run_on() -> Iterator[str]:
    """Documents of a year or month are numbered from 1 without a gap, as far as was given out."""
    for series, record in (
        (RECEIPTS, Receipt),
        (SET_OFFS, SetOff),
        (SLIPS, ServiceSlip),
        (SHIFTS, Shift),
    ):
        yield from _gaps(series, record)
    for series in SERIES_OF.values():
        yield from _gaps(series, DepositEntry)
    yield from _gaps(ENTRIES, CommonEntry)


def _gaps(series: Series, record: Any) -> Iterator[str]:
    found: dict[str, set[int]] = {}
    mine = record.number.startswith(f"{series.prefix}-")
    for (number,) in db.execute(record.select(record.number).where(mine)):
        _, span, running = number.split("-")
        found.setdefault(span, set()).add(int(running))
    last = {counter.span: counter.last for counter in Counter.select().where(Counter.prefix == series.prefix)}
    for span in sorted(last.keys() | found.keys()):
        taken, end = found.get(span, set()), last.get(span, 0)
        lacking = set(range(1, end + 1)) - taken
        about = f"{series.title} {series.prefix}-{span}"
        if lacking:
            yield f"{about} 缺号：第 {min(lacking)} 号等 {len(lacking)} 个"
        if taken and max(taken) > end:
            yield f"{about} 已用到第 {max(taken)} 号，流水号却只记到 {end}"


@invariant("日结合计")
@_named
def closings_hold() -> Iterator[str]:
    """A closed day still has the receipts, the money, the deposits and the refunds it was closed with."""
    issued = Case(None, ((VALID, 1),), 0)
    query = (
        DayClosing.select(
            DayClosing.day, DayClosing.receipts, DayClosing.voids, DayClosing.amount,
            fn.COALESCE(fn.SUM(issued), 0), fn.COUNT(Receipt.id),
            fn.COALESCE(fn.SUM(issued * Receipt.amount), 0),
        )
        .left_outer_join(Receipt, on=(Receipt.on == DayClosing.day))
        .where(CLOSED)
        .group_by(DayClosing.id)
    )  # fmt: skip
    for day, receipts, voids, amount, found, both, summed in db.execute(query):
        if (receipts, voids, amount) != (found, both - found, summed):
            yield (
                f"{day} 日结记收据 {receipts} 份、作废 {voids} 份、实收 {_yuan(amount)}，"
                f"收据却是 {found} 份、作废 {both - found} 份、{_yuan(summed)}"
            )
    moved = dict(db.execute(cash_by_day()))
    for day, told in db.execute(DayClosing.select(DayClosing.day, DayClosing.deposits).where(CLOSED)):
        if told != moved.get(day, 0):
            yield f"{day} 日结记押金收退净额 {_yuan(told)}，押金流水却是 {_yuan(moved.get(day))}"
    back = BalanceEntry.select(BalanceEntry.on, fn.SUM(0 - BalanceEntry.amount))
    paid = dict(db.execute(back.where(BalanceEntry.kind == BalanceKind.REFUNDED).group_by(BalanceEntry.on)))
    for day, told in db.execute(DayClosing.select(DayClosing.day, DayClosing.refunds).where(CLOSED)):
        if told != paid.get(day, 0):
            yield f"{day} 日结记退款 {_yuan(told)}，预存流水却是 {_yuan(paid.get(day))}"


@invariant("预存余额")
@_named
def balances_are_not_negative() -> Iterator[str]:
    """Nobody used more of a balance than was there."""
    held = fn.SUM(BalanceEntry.amount)
    query = BalanceEntry.select(Unit.code, BalanceEntry.payer, held).join(Unit)
    for code, payer, fen in db.execute(
        query.group_by(BalanceEntry.unit, BalanceEntry.payer).having(held < 0)
    ):
        yield f"{code} 付款人 {payer or '（无）'} 的预存余额是 {_yuan(fen)}"


@invariant("预存抵扣合计")
@_named
def set_offs_add_up() -> Iterator[str]:
    """A set-off took from the balance just what it settled; one taken back, nothing."""
    taken_back = SetOffReversal.select(SetOffReversal.set_off)
    held = Case(None, ((SetOff.id.in_(taken_back), 0),), SetOff.amount)
    settled = _sum_of(Allocation, Allocation.set_off, LIVE & Allocation.set_off.is_null(False))
    for number, amount, found in _unequal(SetOff, held, settled):
        yield f"抵扣单 {SetOff.get_by_id(number).number} 金额 {_yuan(amount)}，核销合计却是 {_yuan(found)}"
    taken = _sum_of(BalanceEntry, BalanceEntry.set_off, BalanceEntry.set_off.is_null(False))
    for number, amount, found in _unequal(SetOff, 0 - held, taken):
        yield f"抵扣单 {SetOff.get_by_id(number).number} 金额 {_yuan(-amount)}，预存却动了 {_yuan(found)}"


def _number(receipt: int) -> str:
    return str(Receipt.get_by_id(receipt).number)
