"""结账: until when the books of the store are closed, and whether they stand still for a count.

While goods are counted nothing moves (盘点期锁库, forms.md B11.6). With the approval of the count its month
is closed: its books run from the day after the last close to the day of the count, and no slip of a closed
day is taken any more.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, timedelta

from peewee import fn

from models.base import Record
from models.canteen.rights import VIEW
from models.canteen.stocktakes import running
from models.clock import now
from models.deeds import reaches_everybody
from models.errors import RuleBroken
from models.fields import DayField, LineField, MomentField, MonthField
from models.listings import Filters, Listing, Shown, listing
from models.months import Month


class StockClose(Record):
    """结账: one month's books, and which days they hold."""

    month = MonthField(unique=True, verbose_name="月份")
    first = DayField(null=True, verbose_name="起")
    until = DayField(unique=True, verbose_name="止")
    number = LineField(max_length=20, verbose_name="盘点单号")
    made_at = MomentField(verbose_name="结账时间")
    made_by = LineField(max_length=60, verbose_name="批准人")

    key_field = "number"

    class Meta:
        title = "仓库结账"


reaches_everybody(StockClose)


_adjusting: ContextVar[bool] = ContextVar("adjusting", default=False)


@contextmanager
def adjusting() -> Iterator[None]:
    """Let what a count found be booked though the books stand still."""
    token = _adjusting.set(True)
    try:
        yield
    finally:
        _adjusting.reset(token)


def closed_until() -> date | None:
    """Return the last day of which the books are closed; None where none are."""
    found: date | None = StockClose.select(fn.MAX(StockClose.until)).scalar()
    return date.fromisoformat(str(found)) if found else None


def refuse_closed_or_counted(day: date) -> None:
    """Refuse what would move goods on a day.

    Raises:
        RuleBroken: its books are closed, or a count is going on.
    """
    until = closed_until()
    if until is not None and day <= until:
        instead = "请明天再办" if until >= now().date() else f"请填 {until} 以后的日期"
        raise RuleBroken(f"{until} 及以前的库存已盘点结账，不能再登记 {day} 的收发。{instead}。")
    going = None if _adjusting.get() else running()
    if going is not None:
        raise RuleBroken(f"正在盘点（{going.number}），库存冻结。请等盘点批准或取消以后再收发。")


@dataclass(frozen=True)
class Span:
    """The days of a month's books, both included; the first is None where the books begin with them."""

    first: date | None
    last: date


def span_of(month: Month) -> Span | None:
    """Return which days the books of a month hold; None where they went into those of a later one.

    While it is open these are its own days, with those of the month before that came after its close.
    """
    own = StockClose.get_or_none(StockClose.month == month)
    if own is not None:
        return Span(own.first, own.until)
    later = StockClose.select().where(StockClose.month > month)
    if later.exists():
        return None
    last = StockClose.select().order_by(StockClose.until.desc()).first()
    follows = last is not None and last.month.plus(1) == month
    return Span(last.until + timedelta(days=1) if follows else month.first, month.last)


def span_to(day: date) -> Span:
    """Return the days whose books a count on a day closes: all since the last close."""
    before = closed_until()
    return Span(None if before is None else before + timedelta(days=1), day)


@listing("stock_closes", "结账记录", "canteen", VIEW)
def stock_closes(filters: Filters) -> Listing:
    """The months whose books are closed, newest first."""
    columns = (
        Shown("month", StockClose.month),
        Shown("first", StockClose.first),
        Shown("until", StockClose.until),
        Shown("number", StockClose.number),
        Shown("made_by", StockClose.made_by),
        Shown("made_at", StockClose.made_at),
    )
    return Listing(StockClose.select(), columns, id=StockClose.id, order=("-until",), record=StockClose)
