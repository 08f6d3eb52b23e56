"""日结操作: close the cashier's day, open it again while its month is open, and tell which days are left."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Annotated, Any

from peewee import fn

from models.base import db
from models.clock import now
from models.deeds import actor, deed
from models.desk import Reminder, reminds
from models.errors import RuleBroken
from models.fees import settle, shifts
from models.fees.deposits import DepositEntry, cash_of
from models.fees.payments import (
    CLOSED,
    VALID,
    Adjustment,
    DayClosing,
    Payment,
    Receipt,
    ReceiptState,
    SetOff,
    closing_of,
)
from models.fees.rights import CLOSE_DAY, REOPEN, VIEW
from models.fees.seals import check_unsealed
from models.fields import DayField, LineField
from models.inputs import Asked
from models.listings import Filters, Listing, Shown, listing
from models.money import from_scaled
from models.office.chains import Step, approvable

AskedDay = Annotated[date, Asked(DayField(verbose_name="日期"))]

_MOVING = (Payment, SetOff, DepositEntry, Adjustment)
"""Records of money that moved on a day."""


@deed(
    "fees.close_day",
    "日结",
    CLOSE_DAY,
    question="日结后当日收据不能再作废，也不能再登记当日收款。",
    danger=True,
)
def close_day(day: AskedDay) -> DayClosing:
    """Close the cashier's day.

    Raises:
        RuleBroken: it is closed already, lies ahead, or a drawer of it has not been counted.
    """
    if day > date.today():
        raise RuleBroken(f"{day} 还没有到，不能日结。请核对日期。")
    if closing_of(day):
        raise RuleBroken(f"{day} 已日结，不必再做。要看当日收款请打印 FE-11。")
    begun = [record.select(fn.MIN(record.on)).scalar() for record in _MOVING]
    if day < date.today() and not any(first is not None and first <= day for first in begun):
        raise RuleBroken(f"{day} 还没有收过款，不用日结。请核对日期。")
    counting = shifts.open_shifts(day)
    if counting:
        told = "、".join(f"{one.number}（{one.cashier}）" for one in counting)
        raise RuleBroken(f"{day} 的班次 {told} 还没有结班。请先盘点结班，再日结。")
    of_day = Receipt.select(fn.COUNT(Receipt.id), fn.SUM(Receipt.amount)).where(Receipt.on == day)
    count, fen = next(db.execute(of_day.where(VALID)))
    voids, _ = next(db.execute(of_day.where(Receipt.state == ReceiptState.VOID)))
    return DayClosing.add(
        day=day, made_at=now(), made_by=actor().name, receipts=count,
        voids=voids, amount=from_scaled(fen or 0, 2), deposits=cash_of(day),
        refunds=settle.refunded(day),
    )  # fmt: skip


@deed(
    "fees.reopen_day",
    "重开日结",
    REOPEN,
    danger=True,
    question="重开后当日可以再收款、作废收据，办完要再日结；原来的日结留着备查。",
)
def reopen_day(
    day: AskedDay,
    reason: Annotated[str, Asked(LineField(max_length=120, verbose_name="重开原因"))],
) -> DayClosing:
    """Open a closed day again, as one closed by mistake; the closing stays beside the next one.

    Raises:
        RuleBroken: it is not closed, or its month is sealed.
    """
    closing = closing_of(day)
    if closing is None:
        raise RuleBroken(f"{day} 没有日结，不用重开。请核对日期。")
    check_unsealed(day)
    return closing.change(reopened_at=now(), reopened_by=actor().name, reason=reason)


approvable("fees.reopen_day", default=(Step("管理处主任", "主任"),))


def open_days(last: date, records: Iterable[Any] = _MOVING) -> list[date]:
    """Return the days up to one on which such records moved money and which nobody closed."""
    closed = DayClosing.select(DayClosing.day).where(CLOSED)
    found: set[date] = set()
    for record in records:
        mine = (record.on <= last) & record.on.not_in(closed)
        if record is Adjustment:
            mine &= Adjustment.method.is_null(False)
        rows = db.execute(record.select(record.on).where(mine).distinct())
        found |= {date.fromisoformat(on) for (on,) in rows}
    return sorted(found)


@reminds(CLOSE_DAY)
def days_not_closed(day: date) -> Iterator[Reminder]:
    """Remind of earlier days on which money moved and that nobody closed."""
    days = open_days(day - timedelta(days=1))
    if days:
        title = f"{days[0]} 还没有日结" if len(days) == 1 else f"{len(days)} 天还没有日结，最早 {days[0]}"
        page = next(page for record, page in _PAGES.items() if days[0] in open_days(days[0], [record]))
        yield Reminder(title, "warning", page, {"on": days[0]}, len(days))


_PAGES = {
    Payment: "receipts",
    DepositEntry: "deposit_entries",
    SetOff: "set_offs",
    Adjustment: "adjustments",
}
"""Where what moved on a day is looked at."""


@listing("closings", "日结", "fees", VIEW, "period", "on")
def closings(filters: Filters) -> Listing:
    """Days that were closed; those opened again stay."""
    query = DayClosing.select()
    query = filters.narrow(query, period=DayClosing.day, on=DayClosing.day)
    columns = (
        Shown("day", DayClosing.day),
        Shown("receipts", DayClosing.receipts),
        Shown("voids", DayClosing.voids),
        Shown("amount", DayClosing.amount, total=False),
        Shown("deposits", DayClosing.deposits, total=False),
        Shown("refunds", DayClosing.refunds, total=False),
        Shown("made_by", DayClosing.made_by),
        Shown("made_at", DayClosing.made_at),
        Shown("reopened_by", DayClosing.reopened_by),
        Shown("reopened_at", DayClosing.reopened_at),
        Shown("reason", DayClosing.reason),
    )
    return Listing(query, columns, id=DayClosing.id, order=("-day", "-made_at"), record=DayClosing)
