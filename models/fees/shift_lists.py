"""班次名单: shifts, what went through their drawers, whose drawer is not counted, and what must hold."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from peewee import JOIN, Case, fn

from models.base import db
from models.checks import invariant
from models.deeds import Scope, actor
from models.desk import Reminder, reminds
from models.fees.payments import Method, Payment, Receipt
from models.fees.rights import CLOSE_DAY, RECEIVE, VIEW
from models.fees.shifts import Moved, Shift, ShiftState, TillEntry, mine, own_shift
from models.fees.within import within
from models.fields import ChoiceField, MoneyField
from models.listings import Filters, Listing, Shown, choice, listing
from models.money import from_scaled
from models.office.staff import Staff

_NAMED = 20
"""Places that a check names; a thousand more say no more."""

_STATE = Case(None, ((Shift.closed_at.is_null(), ShiftState.OPEN.name),), ShiftState.CLOSED.name)
TONES = {ShiftState.OPEN.value: "warning", ShiftState.CLOSED.value: "ok"}


def _through(*wanted: Any) -> Any:
    """Return the subquery of what went through a shift, in fen."""
    of_this = TillEntry.select(fn.COALESCE(fn.SUM(TillEntry.amount), 0)).where(
        TillEntry.shift == Shift.id, *wanted
    )
    return of_this


_CASH = TillEntry.method == Method.CASH


@listing("shifts", "班次", "fees", VIEW, "period", "state", "on")
def shifts(filters: Filters) -> Listing:
    """Shifts, newest first: what they began with, what went through, what was counted and handed on.

    Whoever reaches some houses alone sees the own ones.
    """
    query = Shift.select().join(Staff, JOIN.LEFT_OUTER, on=(Shift.successor == Staff.id))
    query = filters.narrow(query, period=Shift.day, on=Shift.day)
    if filters.state:
        query = query.where(choice(ShiftState, filters.state).name == _STATE)
    if actor().scope(VIEW) is not Scope.ALL:
        query = query.where(mine())
    expected = Shift.opening + _through(_CASH)
    columns = (
        Shown("number", Shift.number),
        Shown("day", Shift.day),
        Shown("cashier", Shift.cashier),
        Shown("opened_at", Shift.opened_at, hidden=True),
        Shown("opening", Shift.opening, total=False),
        Shown("taken", MoneyField(verbose_name="经手合计"), _through()),
        Shown("cash", MoneyField(signed=True, verbose_name="其中现金"), _through(_CASH)),
        Shown("expected", Shift.expected, expected, total=False),
        Shown("counted", Shift.counted, total=False),
        Shown("difference", MoneyField(signed=True, verbose_name="差额"), Shift.counted - Shift.expected),
        Shown("banked", Shift.banked),
        Shown("kept", MoneyField(verbose_name="留存"), Shift.counted - Shift.banked, total=False),
        Shown("successor", Staff.name, label="接班人"),
        Shown("closed_at", Shift.closed_at),
        Shown("note", Shift.note),
        Shown("state", ChoiceField(ShiftState, verbose_name="状态"), _STATE, status=True),
    )
    return Listing(
        query, columns, id=Shift.id, order=("-number",), record=Shift, search=(Shift.number, Shift.cashier),
        tones=TONES,
    )  # fmt: skip


@listing("till_entries", "收银流水", "fees", VIEW, "period", "on")
def till_entries(filters: Filters) -> Listing:
    """Every movement of money through a drawer, newest first."""
    query = TillEntry.select().join(Shift)
    query = filters.narrow(query, period=TillEntry.on, on=TillEntry.on)
    if reach := within(Receipt.unit):
        query = query.where(TillEntry.payment.in_(Receipt.select(Receipt.payment).where(*reach)))
    columns = (
        Shown("at", TillEntry.at),
        Shown("shift", Shift.number, label="班次号"),
        Shown("cashier", Shift.cashier),
        Shown("kind", TillEntry.kind),
        Shown("source", TillEntry.source),
        Shown("on", TillEntry.on),
        Shown("method", TillEntry.method),
        Shown("amount", TillEntry.amount),
    )
    return Listing(
        query, columns, id=TillEntry.id, order=("-at",), record=TillEntry,
        search=(TillEntry.source, Shift.number, Shift.cashier),
    )  # fmt: skip


@reminds(RECEIVE)
def own_shift_of_yesterday(day: date) -> Iterator[Reminder]:
    """Remind a cashier of the own drawer that was opened on an earlier day."""
    mine = own_shift()
    if mine is not None and mine.day < day:
        yield Reminder(f"您的班次 {mine.number} 还没有结班", "warning", "shifts", {"on": mine.day})


@reminds(CLOSE_DAY)
def drawers_not_counted(day: date) -> Iterator[Reminder]:
    """Remind whoever closes days of drawers of earlier days that nobody counted."""
    query = Shift.select(fn.COUNT(Shift.id), fn.MIN(Shift.day))
    count, first = next(iter(db.execute(query.where((Shift.day < day) & Shift.closed_at.is_null()))))
    if count:
        yield Reminder(
            f"{count} 个班次没有结班，最早 {first}",
            "danger",
            "shifts",
            {"state": ShiftState.OPEN.value},
            count,
        )


@invariant("班次现金")
def drawers_add_up() -> Iterator[str]:
    """A closed drawer should have held what it began with and its cash, as it was told."""
    query = Shift.select(Shift.number, Shift.expected, Shift.opening + _through(_CASH))
    query = query.where(Shift.closed_at.is_null(False))
    for number, told, found in db.execute(query):
        if told != found:
            yield f"班次 {number} 应有现金记 {_yuan(told)}，收银流水却是 {_yuan(found)}"


@invariant("收银流水")
def drawers_took_what_was_paid() -> Iterator[str]:
    """What a drawer took of a payment is that payment."""
    query = TillEntry.select(TillEntry.source, TillEntry.amount, Payment.amount).join(Payment)
    wrong = (TillEntry.kind == Moved.RECEIVED) & (TillEntry.amount != Payment.amount)
    for source, told, paid in db.execute(query.where(wrong).limit(_NAMED)):
        yield f"收银流水 {source} 记 {_yuan(told)}，收款却是 {_yuan(paid)}"
    twice = TillEntry.select(TillEntry.source).where(TillEntry.kind == Moved.RECEIVED)
    twice = twice.group_by(TillEntry.payment).having(fn.COUNT(TillEntry.id) > 1)
    for (source,) in db.execute(twice.limit(_NAMED)):
        yield f"收银流水 {source} 记了不止一次"


def _yuan(fen: Any) -> str:
    return f"{from_scaled(int(fen or 0), 2):,.2f} 元"
