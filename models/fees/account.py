"""户头: what is open on the units that are paid together, as it was shown to whoever takes the money."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from models import deeds
from models.errors import PermissionDenied, RuleBroken
from models.fees import settle
from models.fees.bills import Bill
from models.fees.rights import RECEIVE
from models.fees.within import within
from models.fields import LinkField
from models.owners.estate import Unit, UnitState
from models.owners.payees import payers_on
from models.owners.people import Person


class Moved(RuleBroken):
    """Somebody else took money, billed or set off since the account was shown."""


class Account:
    """What is known of units before they are paid for: open lines, payer, balance."""

    def __init__(self, unit: Unit, others: Sequence[Unit], on: date) -> None:
        """Read it.

        Raises:
            PermissionDenied: a unit lies beyond the reach of the person acting.
        """
        for one in (unit, *others):
            if not deeds.within_scope(one, deeds.actor(), RECEIVE):
                raise PermissionDenied(f"{one.code} 不在您负责的范围内，不能收款。")
        self.unit, self.others = unit, list(others)
        self.lines: list[Bill] = settle.open_lines([unit, *others])
        self.payee = payers_on(unit, on)
        number = self.payee.payer_id
        payer: Person | None = LinkField(Person).check(number) if number is not None else None
        self.balance: Decimal = settle.balance(unit, payer)

    @property
    def owed(self) -> Decimal:
        """All that is open, in 元."""
        return sum((line.owed for line in self.lines), start=Decimal(0))

    def check_unmoved(self) -> None:
        """Refuse to take money on lines that are not as they were shown.

        Raises:
            Moved: a line was paid, in part too, or undone meanwhile, or one came.
        """
        now = {line.id: line.owed for line in settle.open_lines([self.unit, *self.others])}
        if now != {line.id: line.owed for line in self.lines}:
            raise Moved(f"{self.unit.code} 的未收账单刚刚变了，已重新读取，还没有收款。请核对后再收。")


def beside(unit: Unit, way: int) -> Unit | None:
    """Return the next unit in use by house number from which the person acting may take money.

    Args:
        unit: from where.
        way: the one before where it is negative.
    """
    key, mine = Unit.sort_key, Unit.id
    after = (key > unit.sort_key) | ((key == unit.sort_key) & (mine > unit.id))
    before = (key < unit.sort_key) | ((key == unit.sort_key) & (mine < unit.id))
    query = Unit.select().where(
        after if way > 0 else before,
        Unit.state != UnitState.RETIRED,
        *within(Unit.id, right=RECEIVE),
    )
    return query.order_by(key, mine).first() if way > 0 else query.order_by(key.desc(), mine.desc()).first()
