"""押金名单: deposits and their movements as lists, on cards, on the desk and in the search line."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from peewee import JOIN, Case, fn

from models.attachments import keeps_files
from models.base import db
from models.conditions import Condition, Test
from models.desk import Figure, Reminder, reminds
from models.fees.deposits import (
    SERIES_OF,
    Deposit,
    DepositEntry,
    DepositKind,
    DepositState,
    state_of,
    sums,
)
from models.fees.rights import DEPOSITS, VIEW
from models.fees.within import within
from models.fields import ChoiceField, FlagField, MoneyField
from models.listings import Filters, Listing, Shown, choice, listing
from models.money import thousands
from models.owners.estate import Unit
from models.owners.search import HOUSE
from models.search import LIKELY, MOST, SURE, Hit, Sought, finds

TONES = {
    DepositState.HELD.value: "info",
    DepositState.PART.value: "warning",
    DepositState.REFUNDED.value: "ok",
    DepositState.SPENT.value: "ok",
}

keeps_files(Deposit, VIEW)


@listing("deposits", "押金", "fees", VIEW, "period", "unit", "building", "person", "state", "on")
def deposits(filters: Filters) -> Listing:
    """Deposits, newest first; `state` may name a kind too, `on` leaves those to be given back by a day."""
    summed = sums()
    query = Deposit.select().join(Unit).switch(Deposit).join(summed, on=(summed.c.owner == Deposit.id))
    for condition in _conditions(filters, state_of(summed)):
        query = query.where(condition)
    columns = (
        Shown("number", Deposit.number),
        Shown("on", Deposit.on),
        Shown("unit", Unit.code, label="房号", sort=Unit.sort_key),
        Shown("kind", Deposit.kind),
        Shown("payer", Deposit.payer_name),
        Shown("amount", Deposit.amount, total=False),
        Shown("deducted", MoneyField(verbose_name="已扣"), summed.c.deducted),
        Shown("refunded", MoneyField(verbose_name="已退"), summed.c.refunded),
        Shown("held", MoneyField(verbose_name="在押余额"), summed.c.held),
        Shown("due", Deposit.refund_due),
        Shown("state", ChoiceField(DepositState, verbose_name="状态"), state_of(summed), status=True),
        Shown("agreed", Deposit.agreed),
        Shown("note", Deposit.note, hidden=True),
    )
    return Listing(
        query, columns, id=Deposit.id, order=("-number",), record=Deposit,
        search=(Deposit.number, HOUSE, Deposit.payer_name), tones=TONES,
    )  # fmt: skip


def _conditions(filters: Filters, state: Any) -> list[Any]:
    conditions = within(Deposit.unit, unit=filters.unit, building=filters.building)
    if filters.period:
        conditions.append(Deposit.on.between(filters.period.first, filters.period.last))
    if filters.person:
        conditions.append(Deposit.payer == filters.person)
    if filters.on:
        conditions.append(Deposit.refund_due <= filters.on)
    if filters.state in {kind.value for kind in DepositKind}:
        conditions.append(Deposit.kind == choice(DepositKind, filters.state))
    elif filters.state:
        conditions.append(choice(DepositState, filters.state).name == state)
    return conditions


@listing("deposit_entries", "押金流水", "fees", VIEW, "period", "unit", "building", "person", "on")
def deposit_entries(filters: Filters) -> Listing:
    """Every movement of deposits, newest first; what was voided has its opposite beside it."""
    void = DepositEntry.alias()
    query = DepositEntry.select().join(Deposit).join(Unit).switch(DepositEntry)
    query = query.join(void, JOIN.LEFT_OUTER, on=(void.reverses == DepositEntry.id))
    for condition in within(Deposit.unit, unit=filters.unit, building=filters.building):
        query = query.where(condition)
    query = filters.narrow(query, person=Deposit.payer, period=DepositEntry.on, on=DepositEntry.on)
    gone = Case(None, ((void.id.is_null(False) | DepositEntry.reverses.is_null(False), 1),), 0)
    columns = (
        Shown("number", DepositEntry.number),
        Shown("on", DepositEntry.on),
        Shown("unit", Unit.code, label="房号", sort=Unit.sort_key),
        Shown("deposit", Deposit.number),
        Shown("of", Deposit.kind),
        Shown("kind", DepositEntry.kind),
        Shown("amount", DepositEntry.amount),
        Shown("reason", DepositEntry.reason),
        Shown("method", DepositEntry.method),
        Shown("receiver", DepositEntry.receiver),
        Shown("account", DepositEntry.account, hidden=True),
        Shown("made_by", DepositEntry.made_by),
        Shown("void", FlagField(verbose_name="作废"), gone),
        Shown("made_at", DepositEntry.made_at, hidden=True),
        Shown("id", DepositEntry.id, hidden=True),
    )
    return Listing(
        query, columns, id=DepositEntry.id, order=("-on", "-id"), record=DepositEntry,
        search=(DepositEntry.number, Deposit.number, HOUSE, Deposit.payer_name),
    )  # fmt: skip


def held_figure(whose: Any) -> Figure:
    """Return what is held of the deposits that meet a condition, as cards tell it."""
    query = DepositEntry.select(fn.SUM(DepositEntry.amount)).join(Deposit)
    fen = next(iter(db.execute(query.where(whose, *within(Deposit.unit)))))[0]
    return Figure("押金在押", thousands(fen or 0), "", "deposits", asked=(_KEPT,))


_KEPT = Condition("held", Test.LEAST, "0.01")


@reminds(DEPOSITS)
def deposits_to_refund(day: date) -> Iterator[Reminder]:
    """Remind of deposits that shall be given back by now."""
    summed = sums()
    query = Deposit.select(fn.COUNT(Deposit.id), fn.MIN(Deposit.refund_due))
    query = query.join(summed, on=(summed.c.owner == Deposit.id))
    due = (Deposit.refund_due <= day) & (summed.c.held > 0)
    count, first = next(iter(db.execute(query.where(due, *within(Deposit.unit)))))
    if count:
        tone = "danger" if str(first) < day.isoformat() else "warning"
        yield Reminder(f"{count:,} 笔押金到了应退日期", tone, "deposits", {"on": day}, count, (_KEPT,))


@finds(VIEW)
def deposits_by_number(wanted: Sought) -> Iterator[Hit]:
    """Deposits by the number of any of their papers, as its QR code holds it."""
    words = wanted.words.upper()
    if not words.startswith(tuple(f"{one.prefix}-" for one in SERIES_OF.values())):
        return
    told = DepositEntry.select(Deposit.id, DepositEntry.number, Unit.code, Deposit.kind, Deposit.payer_name)
    query = told.join(Deposit).join(Unit).where(DepositEntry.number.startswith(words), *within(Deposit.unit))
    for id, number, house, kind, payer in db.execute(query.order_by(DepositEntry.number).limit(MOST)):
        best = SURE if number == words else LIKELY
        yield Hit("deposits", id, number, f"{house} · {DepositKind[kind].value} · {payer}", "押金", best)
