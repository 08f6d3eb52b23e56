"""盘点: the drawers of a day beside its receipts: what came through which, what was counted and banked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from peewee import Case, fn

from models.base import db
from models.fees.payments import Method
from models.fees.shifts import Moved, Shift, TillEntry
from models.money import from_scaled
from models.office.staff import Staff

NONE = Decimal(0)
_RECEIPTS = (Moved.RECEIVED, Moved.VOIDED, Moved.REVERSED)


@dataclass(frozen=True)
class Drawer:
    """A shift's cash, in 元."""

    shift: Shift
    taken: Decimal
    paid_out: Decimal

    @property
    def expected(self) -> Decimal:
        """What should be in it at its end, or by now."""
        return Decimal(self.shift.opening) + self.taken - self.paid_out


@dataclass(frozen=True)
class Drawers:
    """The drawers of a day, and how the money of its receipts came in, in 元."""

    drawers: Sequence[Drawer]
    through: Decimal
    """Of the day's receipts, what went through these drawers."""
    elsewhere: Decimal
    """Of the day's receipts, what went through drawers of other days: entered late, or ahead."""
    earlier: Decimal
    """What went through these drawers for receipts of other days."""

    @property
    def taken(self) -> Decimal:
        """Cash that came into all of them."""
        return sum((one.taken for one in self.drawers), start=NONE)

    @property
    def paid_out(self) -> Decimal:
        """Cash that was paid out of them."""
        return sum((one.paid_out for one in self.drawers), start=NONE)

    @property
    def banked(self) -> Decimal:
        """Cash that went to the bank."""
        return sum((Decimal(one.shift.banked or 0) for one in self.drawers), start=NONE)

    @property
    def difference(self) -> Decimal:
        """What was counted more than there should be, of drawers that were counted."""
        closed = [one.shift for one in self.drawers if one.shift.closed_at is not None]
        return sum((one.difference for one in closed), start=NONE)

    @property
    def waiting(self) -> list[str]:
        """The shifts that nobody counted yet."""
        return [str(one.shift.number) for one in self.drawers if one.shift.closed_at is None]


def drawers_of(day: date) -> Drawers:
    """Return the drawers of a day."""
    query = Shift.select(Shift, Staff).left_outer_join(Staff, on=(Shift.successor == Staff.id))
    mine = list(query.where(Shift.day == day).order_by(Shift.number))
    cash = _cash([shift.id for shift in mine])
    of_day, receipts = Shift.day == day, TillEntry.kind.in_(_RECEIPTS)
    return Drawers(
        [Drawer(shift, *cash.get(shift.id, (NONE, NONE))) for shift in mine],
        _sum(of_day & receipts & (TillEntry.on == day)),
        _sum(~of_day & receipts & (TillEntry.on == day)),
        _sum(of_day & receipts & (TillEntry.on != day)),
    )


def _cash(shifts: list[int]) -> dict[int, tuple[Decimal, Decimal]]:
    """Return by shift what cash came in and what was paid out."""
    amount = TillEntry.amount
    came = fn.SUM(Case(None, ((amount > 0, amount),), 0))
    query = TillEntry.select(TillEntry.shift, came, fn.SUM(amount))
    query = query.where(TillEntry.shift.in_(shifts) & (TillEntry.method == Method.CASH))
    rows = db.execute(query.group_by(TillEntry.shift))
    return {shift: (from_scaled(taken, 2), from_scaled(taken - net, 2)) for shift, taken, net in rows}


def _sum(wanted: Any) -> Decimal:
    query = TillEntry.select(fn.COALESCE(fn.SUM(TillEntry.amount), 0)).join(Shift).where(wanted)
    return from_scaled(next(iter(db.execute(query)))[0], 2)
