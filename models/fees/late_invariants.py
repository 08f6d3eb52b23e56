"""违约金核对: what must hold among the days that were charged or waived, added up anew by `check`."""

from __future__ import annotations

from collections.abc import Iterator

from peewee import Case, fn

from models.base import db
from models.batches import Batch, State
from models.checks import invariant
from models.fees.bills import Bill, BillKind
from models.fees.gaps import reversed_lines
from models.fees.late import LateSpan
from models.fees.late_charging import KIND
from models.money import from_scaled

_NAMED = 20
"""Places that a check names; a thousand more say no more."""


@invariant("违约金天数")
def no_day_is_twice() -> Iterator[str]:
    """No day of a line is charged or waived twice."""
    other = LateSpan.alias()
    same = (other.bill == LateSpan.bill) & (other.id > LateSpan.id) & (other.live == True)
    days = (other.since <= LateSpan.until) & (other.until >= LateSpan.since)
    query = LateSpan.select(LateSpan.id, other.id).join(other, on=same & days).where(LateSpan.live == True)
    for one, another in db.execute(query.limit(_NAMED)):
        yield f"违约金记录 {one} 与 {another} 的天数重叠"


@invariant("违约金账单")
def charges_follow_their_lines() -> Iterator[str]:
    """A charged span holds as long as its line does, is as much, and is of the same house."""
    charge, bill = Bill.alias(), Bill.alias()
    query = LateSpan.select(LateSpan.id).join(charge, on=(LateSpan.charge == charge.id))
    query = query.switch(LateSpan).join(bill, on=(LateSpan.bill == bill.id))
    gone = charge.id.in_(Bill.select(Bill.id).where(reversed_lines()))
    wrong = Case(None, ((gone, 0),), charge.live) != LateSpan.live
    wrong |= charge.amount != LateSpan.amount
    wrong |= (charge.unit != bill.unit) | (charge.kind != BillKind.LATE) | (bill.kind == BillKind.LATE)
    for (number,) in db.execute(query.where(wrong).limit(_NAMED)):
        yield f"违约金记录 {number} 与它的账单不符"


@invariant("违约金批次合计")
def charges_add_up() -> Iterator[str]:
    """A live charge's lines are as many, and as much, as its batch says."""
    count, fen = fn.COUNT(Bill.id), fn.COALESCE(fn.SUM(Bill.amount), 0)
    query = Batch.select(Batch.id, Batch.title, Batch.count, Batch.amount, count, fen)
    query = query.left_outer_join(Bill, on=(Bill.batch == Batch.id))
    query = query.where((Batch.kind == KIND) & (Batch.state == State.LIVE)).group_by(Batch.id)
    wrong = (Batch.count != count) | (fn.COALESCE(Batch.amount, 0) != fen)
    for number, title, told, amount, found, summed in db.execute(query.having(wrong)):
        shown = [f"{from_scaled(int(each or 0), 2):,.2f} 元" for each in (amount, summed)]
        yield f"批次 {number} {title} 记 {told} 笔 {shown[0]}，账单却有 {found} 笔 {shown[1]}"
