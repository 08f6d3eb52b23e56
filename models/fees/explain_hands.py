"""一行的一份: what becomes of a month's charge by days: the least that is charged, and the owners in turn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from models.fees.bills import Bill
from models.fees.charges import at_least
from models.fees.explain_cuts import cuts_of, quotient
from models.fees.explanation import PREFIX, Told
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
    """Tell what becomes of what the days of a line come to, and return the amount of the line."""
    if len(turns) > 1:
        return _divided(bill, turns)
    least = _least(bill, to_scaled(amount, 2), bill.days)
    if least == amount:
        return [], amount
    return [_told_least(bill, least)], least


def _least(bill: Bill, fen: int, days: int | None) -> Decimal:
    minimum = None if bill.item.minimum is None else to_scaled(bill.item.minimum, 2)
    return from_scaled(at_least(fen, minimum, days or bill.month_days, bill.month_days), 2)


def _told_least(bill: Bill, least: Decimal) -> Told:
    return Told("最低收费", f"不足最低收费 {thousands(bill.item.minimum)} 元/月，按最低收费收", least)


def _divided(bill: Bill, turns: Sequence[Bill]) -> tuple[list[Told], Decimal]:
    """Divide the month among the owners as the run did: by what their days come to, to the fen."""
    weights = [sum(cut.monthly * cut.days for cut in cuts_of(one)) for one in turns]
    by_days = from_scaled(divide_half_up(sum(weights), bill.month_days * _PER_FEN), 2)
    days = sum(one.days or 0 for one in turns)
    whole = _least(bill, to_scaled(by_days, 2), days)
    shares = split_largest_remainder(to_scaled(whole, 2), weights)
    amount = from_scaled(shares[turns.index(bill)], 2)
    among = " + ".join(quotient(weight, bill.month_days) for weight in weights)
    steps = [Told("两任合计", f"{among}，四舍五入到分", by_days)]
    if whole != by_days:
        steps.append(_told_least(bill, whole))
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
