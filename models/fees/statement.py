"""对账单: what a household or a person was charged and paid from one day to another, each sum proven.

One rule dates each movement. A charge stands on the day on which it was issued: that of its run or other
batch; a line that corrects another one, on the day on which it was settled with it; a line without either,
on its due day. Money stands on the day of its receipt, a set-off and any other move of a balance on its own
day. Lines of undone runs, void receipts and set-offs that were taken back moved nothing and do not stand in
it; the numbers of void receipts are named. Deposits are neither owed nor prepaid: they are not in it.

The balance (结余) is what was charged minus what was paid: above nothing it is owed, below it is held in
advance. It is proven at both ends: opening and movements come to the closing, and opening and closing are
what the books say in another way, open lines minus prepaid balances as of the day.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

from models.base import db
from models.errors import BadInput
from models.fees.ledger import Ledger, Reach
from models.fees.movements import Movement as Movement
from models.fees.movements import What as What
from models.fees.movements import movements
from models.fees.payments import Payment, Receipt, ReceiptState
from models.fees.rights import VIEW
from models.fees.within import check_reach, within
from models.fields import BEGINNING, CodeField, DayField, LineField, MoneyField
from models.listings import Filters, RowListing, Shown, listing
from models.money import from_scaled
from models.owners.estate import Building, Unit
from models.owners.people import Person

PREFIX = "DZ-"
"""Begins the number of a statement."""


class Books(NamedTuple):
    """What the books say as of a day, in fen: what is open on lines, and what is held in advance."""

    open: int
    prepaid: int

    @property
    def balance(self) -> int:
        """What is open minus what is prepaid."""
        return self.open - self.prepaid


@dataclass(frozen=True)
class Statement:
    """One statement; money in fen.

    Args:
        unit: of which house; None for a person on all houses.
        person: of which payer; None for all who ever paid for the house.
        first: its first day.
        last: its last day.
        opening: the balance before the first day.
        movements: what moved it, oldest first.
        before: what the books say as of the day before the first.
        after: what the books say as of the last day.
        voids: numbers of receipts of these days that were voided.
    """

    unit: Unit | None
    person: Person | None
    first: date
    last: date
    opening: int
    movements: list[Movement]
    before: Books
    after: Books
    voids: list[str]

    @property
    def closing(self) -> int:
        """The balance at the end of the last day."""
        return self.opening + sum(one.fen for one in self.movements)

    @property
    def proven(self) -> bool:
        """Whether the books say the same at both ends."""
        return (self.opening, self.closing) == (self.before.balance, self.after.balance)

    @property
    def empty(self) -> bool:
        """Whether there is nothing to tell."""
        return not self.movements and not self.opening

    def sum_of(self, *whats: What) -> int:
        """Return what movements of these kinds added to the balance."""
        return sum(one.fen for one in self.movements if one.what in whats)

    @property
    def set_off(self) -> int:
        """What was set off from the prepaid balance against lines."""
        return sum(one.aside for one in self.movements if one.what is What.SET_OFF)

    def running(self) -> Iterator[tuple[Movement, int]]:
        """Yield each movement with the balance after it."""
        balance = self.opening
        for one in self.movements:
            balance += one.fen
            yield one, balance


def statement(first: date, last: date, unit: Unit | None = None, person: Person | None = None) -> Statement:
    """Return the statement of a house, of a person, or of a person on a house.

    Raises:
        BadInput: neither is given, or the first day lies after the last.
        PermissionDenied: the house lies beyond the reach of the person acting.
    """
    if unit is None and person is None:
        raise BadInput("请写明房号或业主编号，例如 1-1-1011。", "unit")
    _check(first, last)
    if unit is not None:
        check_reach(unit)
    return _made(Ledger.read(Reach(unit=unit, person=person)), first, last, unit, person)


def statements(
    first: date, last: date, building: Building, person: Person | None = None
) -> Iterator[Statement]:
    """Yield the statement of each house of a building that has one, in the order of house numbers.

    Raises:
        BadInput: the first day lies after the last.
    """
    _check(first, last)
    parts = Ledger.read(Reach(building=building, person=person)).by_unit()
    for unit in Unit.select().where(Unit.id.in_(list(parts))).order_by(Unit.sort_key):
        made = _made(parts[unit.id], first, last, unit, person)
        if not made.empty:
            yield made


def _check(first: date, last: date) -> None:
    if first > last:
        raise BadInput(f"起日 {first} 在止日 {last} 之后。请对调。", "period")


def _made(ledger: Ledger, first: date, last: date, unit: Unit | None, person: Person | None) -> Statement:
    found = movements(ledger)
    return Statement(
        unit,
        person,
        first,
        last,
        sum(one.fen for one in found if one.on < first),
        [one for one in found if first <= one.on <= last],
        books(ledger, first - timedelta(days=1)),
        books(ledger, last),
        _voids(first, last, unit, person),
    )


def books(ledger: Ledger, day: date) -> Books:
    """Return what lines and balances say as of a day, by what is stored as paid on the lines.

    What was paid on a line that was not yet issued is paid ahead of it.
    """
    until, days = day.isoformat(), ledger.issued
    later = sum(share.fen for share in ledger.settled if share.on > until)
    charged = sum(line.amount for line in ledger.lines if days[line.id] <= day)
    paid = sum(line.paid for line in ledger.lines)
    return Books(charged - paid + later, sum(entry.fen for entry in ledger.entries if entry.on <= until))


def _voids(first: date, last: date, unit: Unit | None, person: Person | None) -> list[str]:
    """Return the numbers of the receipts of these days that were voided."""
    wanted = [Receipt.state == ReceiptState.VOID, Receipt.on.between(first, last)]
    wanted += within(Receipt.unit, unit=unit)
    if person is not None:
        wanted.append(Payment.payer == person)
    query = Receipt.select(Receipt.number).join(Payment).where(*wanted).order_by(Receipt.number)
    return [number for (number,) in db.execute(query)]


# -- the list --------------------------------------------------------------------------------------

_COLUMNS = (
    Shown("on", DayField(verbose_name="日期")),
    Shown("words", LineField(max_length=120, verbose_name="摘要")),
    Shown("charged", MoneyField(signed=True, verbose_name="应收")),
    Shown("paid", MoneyField(signed=True, verbose_name="收款")),
    Shown("balance", MoneyField(signed=True, verbose_name="结余"), total=False),
    Shown("number", CodeField(max_length=40, verbose_name="单号")),
    Shown("what", LineField(max_length=20, verbose_name="类别")),
    Shown("unit", CodeField(max_length=40, verbose_name="房号")),
    Shown("payer", LineField(max_length=60, verbose_name="付款人"), hidden=True),
    Shown("set_off", MoneyField(signed=True, verbose_name="预存抵扣"), hidden=True),
)
OPENING, CLOSING = "期初结余", "期末结余"
CHARGED = (What.CHARGE, What.REDUCED)
"""What stands in the column of charges; the rest of what moves the balance is money."""


@listing("statement", "对账单", "fees", VIEW, "period", "unit", "person")
def listed(filters: Filters) -> RowListing:
    """The statement of a unit or a person, of all days until today without a period; empty without either."""
    if filters.unit is None and filters.person is None:
        return RowListing(_COLUMNS, ())
    period = filters.period
    first, last = (period.first, period.last) if period else (BEGINNING, date.today())
    return RowListing(_COLUMNS, _rows(statement(first, last, filters.unit, filters.person)))


def _rows(made: Statement) -> Iterator[tuple[str, tuple[Any, ...]]]:
    if made.first != BEGINNING:
        yield _edge("opening", made.first, OPENING, made.opening)
    for one, balance in made.running():
        charge = yuan(one.fen) if one.what in CHARGED else None
        paid = yuan(-one.fen) if one.what not in CHARGED and one.fen else None
        document = (one.number, one.what.value, one.unit, one.payer, yuan(one.aside) if one.aside else None)
        yield one.id, (one.on, one.words, charge, paid, yuan(balance), *document)
    if not made.empty:
        yield _edge("closing", made.last, CLOSING, made.closing)


def _edge(id: str, day: date, words: str, fen: int) -> tuple[str, tuple[Any, ...]]:
    return id, (day, words, None, None, yuan(fen), None, None, None, None, None)


def yuan(fen: int) -> Any:
    """Return fen in 元."""
    return from_scaled(fen, 2)
