"""一行的一份: what becomes of a month's charge by days: the least that is charged, and the owners in turn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from models.audit import AuditEntry, AuditTouch
from models.fees.bills import Bill
from models.fees.charges import at_least
from models.fees.explain_cuts import cuts_of, quotient
from models.fees.explanation import PREFIX, Told
from models.fees.items import FeeItem
from models.money import divide_half_up, from_scaled, split_largest_remainder, thousands, to_scaled

_PER_FEN = 10_000


def owners_in_turn(bill: Bill) -> list[Bill]:
    """Return the lines of a month that was charged to one owner after the other, in turn; none otherwise."""
    if not bill.part or bill.batch is None:
        return []
    same = (Bill.batch == bill.batch) & (Bill.month == bill.month) & (Bill.unit == bill.unit)
    found = Bill.select().where(same & (Bill.item == bill.item) & (Bill.part > 0)).order_by(Bill.part)
    return list(found)


def finished(bill: Bill, turns: Sequence[Bill], amount: Decimal) -> tuple[list[Told], Decimal]:
    """Tell what becomes of what the days of a line come to, and return the amount of the line.

    The least that is charged is kept with the item alone; where it was changed, the one of then is tried.
    """
    told: list[Told] = []
    found = amount
    for minimum in _minimums(bill.item):
        told, found = _divided(bill, turns, minimum) if len(turns) > 1 else _whole(bill, amount, minimum)
        if found == bill.amount:
            break
    return told, found


def _minimums(item: FeeItem) -> Iterator[Decimal | None]:
    """Yield the least that is charged for a month now, and what it was before."""
    yield item.minimum
    kind = type(item).__name__
    touched = (AuditTouch.kind == kind) & (AuditTouch.record == item.id)
    entries = AuditEntry.select().where(AuditEntry.id.in_(AuditTouch.select(AuditTouch.entry).where(touched)))
    for entry in entries.order_by(AuditEntry.id.desc()):
        for change in entry.facts.get("changes", ()):
            if (change.get("change"), change.get("id")) == (kind, item.id) and "minimum" in change["from"]:
                before = change["from"]["minimum"]
                yield None if before is None else from_scaled(before, 2)


def _whole(bill: Bill, amount: Decimal, minimum: Decimal | None) -> tuple[list[Told], Decimal]:
    least = _least(bill, amount, bill.days or 0, minimum)
    return [] if least == amount else [_told_least(bill.item, minimum, least)], least


def _least(bill: Bill, amount: Decimal, days: int, minimum: Decimal | None) -> Decimal:
    least = None if minimum is None else to_scaled(minimum, 2)
    return from_scaled(at_least(to_scaled(amount, 2), least, days, bill.month_days), 2)


def _told_least(item: FeeItem, minimum: Decimal | None, least: Decimal) -> Told:
    then = "" if minimum == item.minimum else "（出账时的约定，后来改过）"
    words = f"不足最低收费 {thousands(minimum or Decimal(0))} 元/月{then}，按最低收费收"
    return Told("最低收费", words, least)


def _divided(bill: Bill, turns: Sequence[Bill], minimum: Decimal | None) -> tuple[list[Told], Decimal]:
    """Divide the month among the owners as the run did: by what their days come to, to the fen."""
    weights = [sum(cut.monthly * cut.days for cut in cuts_of(one)) for one in turns]
    by_days = from_scaled(divide_half_up(sum(weights), bill.month_days * _PER_FEN), 2)
    whole = _least(bill, by_days, sum(one.days or 0 for one in turns), minimum)
    shares = split_largest_remainder(to_scaled(whole, 2), weights)
    amount = from_scaled(shares[turns.index(bill)], 2)
    among = " + ".join(quotient(weight, bill.month_days) for weight in weights)
    steps = [Told("各任合计", f"{among}，四舍五入到分", by_days)]
    if whole != by_days:
        steps.append(_told_least(bill.item, minimum, whole))
    each = "，".join(
        f"{PREFIX}{one.id} {thousands(from_scaled(fen, 2))}" for one, fen in zip(turns, shares, strict=True)
    )
    words = f"按各自天数应收的比例分，先舍到分，余下的分归尾数大的一任：{each}"
    return [*steps, Told("本任承担", words, amount)], amount


def of_the_others(bill: Bill, turns: Sequence[Bill]) -> Iterator[Told]:
    """Tell the days that another owner of the month pays."""
    for one in turns:
        if one != bill:
            whose = one.payer.name if one.payer else "另一任业主"
            yield Told("换手", f"另有 {one.days} 天由{whose}承担（{PREFIX}{one.id}）", one.amount)
