"""封账: months that are closed for good: no money is dated in them, no line of them is undone.

What is charged for a sealed month afterwards has a higher number than the last line that the seal knew: it
counts in the month after as 以前期间调整. Months are sealed in their order and opened again from the last.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from peewee import fn

from models.base import Record
from models.batches import Batch, keeping
from models.errors import RuleBroken
from models.fees.bills import Bill
from models.fees.payments import BalanceEntry, SetOff
from models.fields import CountField, LineField, MomentField, MonthField
from models.months import Month


class Seal(Record):
    """封账: a month as it was closed; opened again, it stays beside the next one."""

    number = LineField(max_length=20, unique=True, verbose_name="封账号")
    month = MonthField(index=True, verbose_name="月份")
    edition = CountField(verbose_name="第几次")
    last_bill = CountField(verbose_name="末笔账单")
    sealed_at = MomentField(verbose_name="封账时间")
    sealed_by = LineField(max_length=60, verbose_name="封账人")
    reopened_at = MomentField(null=True, verbose_name="重开时间")
    reopened_by = LineField(max_length=60, null=True, verbose_name="重开人")
    reason = LineField(max_length=120, null=True, verbose_name="重开原因")

    key_field = "number"

    class Meta:
        title = "封账"

    def described(self) -> str:
        """Return FZ-202610-1 2026-10，王会计封账."""
        return f"{self.number} {self.month}，{self.sealed_by}封账"


HOLDS = Seal.reopened_at.is_null()
"""Seals that were not opened again."""


def sealed_through() -> Month | None:
    """Return the last sealed month; all before it are closed as well."""
    number = Seal.select(fn.MAX(Seal.month)).where(HOLDS).scalar(as_tuple=False)
    if number is None:
        return None
    return number if isinstance(number, Month) else Month.from_number(int(number))


def seal_of(month: Month) -> Seal | None:
    """Return the seal that holds for a month, if it was sealed itself."""
    found: Seal | None = Seal.get_or_none(HOLDS & (Seal.month == month))
    return found


def closed_by(month: Month) -> Seal | None:
    """Return the seal that closed a month: its own, or that of the first month sealed after it."""
    query = Seal.select().where(HOLDS & (Seal.month >= month)).order_by(Seal.month)
    found: Seal | None = query.first()
    return found


def check_unsealed(day: date) -> None:
    """Refuse money on a day of a sealed month.

    Raises:
        RuleBroken: it is one; says where it goes instead.
    """
    last = sealed_through()
    if last is not None and day <= last.last:
        raise RuleBroken(
            f"{Month.of(day)} 已封账，不能再登记 {day} 的收付。请登记在今天；确需补在当月的，先申请重开封账。"
        )


def known(month: Month) -> list[Any]:
    """Return what a line must meet to have been known when a month was sealed; nothing where it was not."""
    seal = closed_by(month)
    return [] if seal is None else [Bill.id <= seal.last_bill]


def late_lines(month: Month) -> Any | None:
    """Return the condition on lines charged within a month for sealed months before it, None without any."""
    before = closed_by(month.plus(-1))
    if before is None or before == closed_by(month):  # one seal closed both: nothing lies between
        return None
    # Added to nothing, so that SQLite goes by the few new numbers and not by all earlier months.
    return (Bill.id > before.last_bill) & (Bill.month + 0 < month.number)


def counting_days() -> Callable[[int, str], str]:
    """Return what tells on which day (ISO) a line counts, from its id and the day it is dated.

    One that was charged for a sealed day afterwards counts from the first day of the month after.
    """
    told = Seal.select(Seal.month, Seal.last_bill).where(HOLDS).order_by(Seal.month.desc())
    seals = [(seal.month, seal.last_bill) for seal in told]

    def day(line: int, on: str) -> str:
        for month, last_bill in seals:
            if month.last.isoformat() < on:
                break
            if last_bill < line:
                return month.plus(1).first.isoformat()
        return on

    return day


def last_known() -> int:
    """Return the highest id of a line that any seal knew, 0 without seals.

    Such lines are never deleted, only void: a line charged later would take the id and be known.
    """
    return int(Seal.select(fn.MAX(Seal.last_bill)).scalar() or 0)


def check_line(line: Bill) -> None:
    """Refuse to make void what a sealed month knew.

    Raises:
        RuleBroken: it did.
    """
    for seal in Seal.select().where(HOLDS & (Seal.month >= line.month)):
        if line.id <= seal.last_bill:
            raise RuleBroken(f"{line.label()} 在已封账的月份里，不能作废。请用红冲更正，记在今天。")


@keeping
def keep_sealed(batch: Batch) -> None:
    """Refuse to undo a batch that a sealed month knew.

    Raises:
        RuleBroken: one did.
    """
    last = sealed_through()
    if last is None:
        return
    if (
        batch.made_at.date() <= last.last
        and Bill.select().where((Bill.batch == batch) & (Bill.live == True)).exists()
    ):  # the accountant's entries of that day name it
        raise RuleBroken(
            f"{last} 及以前已封账，批次 {batch.label()} 是那时做的，不能整批撤销。请红冲要更正的账单。"
        )
    mine = Bill.select(fn.MIN(Bill.month)).where((Bill.batch == batch) & (Bill.live == True))
    for seal in Seal.select().where(HOLDS).order_by(Seal.month):
        if mine.where((Bill.id <= seal.last_bill) & (Bill.month <= seal.month)).scalar() is not None:
            raise RuleBroken(
                f"{seal.month} 已封账，批次 {batch.label()} 在里面，不能整批撤销。请红冲要更正的账单。"
            )
    for record in (SetOff, BalanceEntry):
        if record.select().where((record.batch == batch) & (record.on <= last.last)).exists():
            raise RuleBroken(f"{last} 及以前已封账，批次 {batch.label()} 在里面，不能整批撤销。")
