"""卡片上的钱: what a house or a person owes today and has in advance."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from peewee import fn

from models.base import db
from models.cards import facts
from models.conditions import Condition, Test
from models.desk import Figure
from models.fees.bills import OPEN, Bill
from models.fees.deposit_lists import held_figure
from models.fees.deposits import Deposit
from models.fees.payments import BalanceEntry
from models.fees.rights import VIEW
from models.fees.within import within
from models.money import thousands
from models.months import Month
from models.owners.estate import Unit
from models.owners.people import Person


@facts(Unit, VIEW)
def money_of_unit(unit: Unit) -> Iterator[Figure]:
    """What a house owes as of today, what is paid in advance for it and held of its deposits."""
    yield _owed(Bill.unit == unit)
    yield _ahead(BalanceEntry.unit == unit)
    yield held_figure(Deposit.unit == unit)


@facts(Person, VIEW)
def money_of_person(person: Person) -> Iterator[Figure]:
    """What a person shall pay, has paid in advance and left as deposits, over all houses."""
    yield _owed(Bill.payer == person)
    yield _ahead(BalanceEntry.payer == person)
    yield held_figure(Deposit.payer == person)


def _owed(whose: Any) -> Figure:
    """Return the lines that are due and not settled (forms.md FE-08)."""
    query = Bill.select(fn.SUM(Bill.amount - Bill.paid), fn.MIN(Bill.month))
    fen, first = next(
        iter(db.execute(query.where(OPEN & (Bill.due <= date.today()), whose, *within(Bill.unit))))
    )
    since = f"最早 {Month.from_number(first)}" if first else "没有到期未收的账单"
    unpaid = Condition("owed", Test.LEAST, "0.01")
    return Figure("欠费", thousands(fen or 0), since, "bills", {"on": date.today()}, (unpaid,))


def _ahead(whose: Any) -> Figure:
    fen = next(
        iter(
            db.execute(
                BalanceEntry.select(fn.SUM(BalanceEntry.amount)).where(whose, *within(BalanceEntry.unit))
            )
        )
    )[0]
    return Figure("预存", thousands(fen or 0), "", "balances")
