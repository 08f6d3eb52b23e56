"""离开前的款项: what a person who gives a house up owes, and what is held for him."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from peewee import fn

from models.base import Record, db
from models.fees.bills import OPEN, Bill
from models.fees.deposits import open_deposits
from models.fees.payments import BalanceEntry
from models.fees.prepay_plans import waiting_plans
from models.money import thousands
from models.months import Month
from models.owners.estate import Unit
from models.owners.leaving import tells_open


@tells_open
def open_money(unit: Unit, leavers: Sequence[Record], on: date) -> Iterator[str]:
    """Tell what is owed for months up to the day, what is prepaid or agreed, and the deposits held.

    Lines for later months are handed over by settling the transfer (`fees.settle_transfer`).
    """
    people = [person.id for person in leavers]
    owed = Bill.select(fn.SUM(Bill.amount - Bill.paid))
    up_to = (Bill.unit == unit) & Bill.payer.in_(people) & (Bill.month <= Month.of(on))
    held = BalanceEntry.select(fn.SUM(BalanceEntry.amount))
    mine = (BalanceEntry.unit == unit) & BalanceEntry.payer.in_(people)
    for title, query in (("欠费", owed.where(OPEN & up_to)), ("预存", held.where(mine))):
        fen = _first(query)
        if fen:
            yield f"{title} {thousands(fen)} 元"
    for plan in waiting_plans(unit, Month.of(on)):
        if plan.payer_id in people:
            yield f"预存约定 {plan.number} 到 {plan.last}（先“提前结束预存”，否则新业主也按它的优惠价出账）"
    for deposit, left in open_deposits(unit):
        if deposit.payer_id in people:
            yield f"{deposit.kind.value} {thousands(left)} 元（{deposit.number}）"


def _first(query: Any) -> int:
    return int(next(iter(db.execute(query)))[0] or 0)
