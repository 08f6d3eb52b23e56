"""押金核对: what must hold among deposits and their movements, added up anew by `check`."""

from __future__ import annotations

from collections.abc import Iterator

from peewee import JOIN, fn

from models.base import db
from models.checks import invariant
from models.fees.deposits import Deposit, DepositEntry, EntryKind, sums
from models.money import from_scaled, thousands

_MOST = 20
"""Places that a check names."""


@invariant("押金余额")
def deposits_hold() -> Iterator[str]:
    """What was taken of a deposit is its amount, or void; what is held lies between nothing and that."""
    summed = sums()
    held, taken = fn.COALESCE(summed.c.held, 0), fn.COALESCE(summed.c.taken, 0)
    query = Deposit.select(Deposit.number, Deposit.amount, taken, held)
    query = query.join(summed, JOIN.LEFT_OUTER, on=(summed.c.owner == Deposit.id))
    wrong = ((taken != 0) & (taken != Deposit.amount)) | (held < 0) | (held > taken)
    wrong |= summed.c.owner.is_null()
    for number, amount, in_all, left in db.execute(query.where(wrong).limit(_MOST)):
        yield f"押金 {number} 金额 {_yuan(amount)}，流水收取 {_yuan(in_all)}，在押余额却是 {_yuan(left)}"


@invariant("押金流水")
def movements_go_their_way() -> Iterator[str]:
    """Taking is positive, deducting and giving back are not; what voids one is its equal opposite."""
    gives = DepositEntry.kind == EntryKind.TAKEN
    wrong = (gives & (DepositEntry.amount <= 0)) | (~gives & (DepositEntry.amount > 0))
    query = DepositEntry.select(DepositEntry.id, DepositEntry.number, DepositEntry.amount)
    for id, number, amount in db.execute(query.where(DepositEntry.reverses.is_null() & wrong).limit(_MOST)):
        yield f"押金流水 {id}（{number}）金额是 {_yuan(amount)}，与事由不符"
    void = DepositEntry.alias()
    both = DepositEntry.select(void.id, DepositEntry.number)
    both = both.join(void, on=(void.reverses == DepositEntry.id))
    unlike = (void.amount + DepositEntry.amount != 0) | (void.kind != DepositEntry.kind)
    unlike |= (void.deposit != DepositEntry.deposit) | (void.on != DepositEntry.on)
    for id, number in db.execute(both.where(unlike).limit(_MOST)):
        yield f"押金流水 {id} 作废 {number}，却与它不相抵"


def _yuan(fen: int) -> str:
    return f"{thousands(from_scaled(int(fen), 2))} 元"
