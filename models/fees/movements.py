"""往来: what moved the balance of a household or a person, document by document.

Written over lines, allocations and balance entries in general: whatever kinds there are, what they come
to together is what is owed minus what is held in advance.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from enum import Enum
from typing import Any, NamedTuple

from models.fees.bills import BillKind
from models.fees.explanation import PREFIX
from models.fees.ledger import Entry, Ledger, Settled, named
from models.fees.payments import BalanceKind, Method, Payment, Receipt, ReceiptState, SetOff
from models.money import thousands
from models.months import Month
from models.text import natural_key


class What(Enum):
    """Kinds of movement, in the order in which those of one day stand."""

    CHARGE = "应收"
    REDUCED = "红冲减免"
    OPENED = "期初预存"
    PAID = "收款"
    SET_OFF = "预存抵扣"
    MOVED = "预存变动"


_RANK = {what: number for number, what in enumerate(What)}


class Movement(NamedTuple):
    """One movement; money in fen.

    Args:
        on: its day.
        what: of which kind it is.
        number: of its document.
        words: what it was.
        unit: the house number.
        payer: whose it is, None where nobody is known.
        fen: what it adds to the balance; money that came in is below nothing.
        aside: what a set-off took from the prepaid balance for lines, which does not change the balance.
        id: tells it from all others.
    """

    on: date
    what: What
    number: str
    words: str
    unit: str
    payer: str | None
    fen: int
    aside: int
    id: str

    @property
    def order(self) -> tuple[Any, ...]:
        """By what movements are sorted: day, kind, document."""
        return self.on, _RANK[self.what], natural_key(self.number), self.id


def movements(ledger: Ledger) -> list[Movement]:
    """Return everything that ever moved a balance, oldest first."""
    found = [*_charges(ledger), *_receipts(ledger), *_set_offs(ledger), *_others(ledger)]
    return sorted(found, key=lambda one: one.order)


def _charges(ledger: Ledger) -> Iterator[Movement]:
    names, days = ledger.names, ledger.issued
    months = {line.id: line.month for line in ledger.lines}
    for line in ledger.lines:
        month = line.month if line.amount >= 0 else months.get(line.corrects or 0, line.month)
        name, kind = names.items[line.item], BillKind[line.kind]
        words = f"{name} {Month.from_number(month)}"
        if kind is not BillKind.RECURRING and kind.value != name:
            words += f"（{kind.value}）"
        what = What.CHARGE if line.amount >= 0 else What.REDUCED
        unit, payer = names.units[line.unit], names.people.get(line.payer or 0)
        yield Movement(
            days[line.id], what, f"{PREFIX}{line.id}", words, unit, payer, line.amount, 0, f"Bill:{line.id}"
        )


_Parts = dict[tuple[int, str], list[int]]
"""By (document, day): fen on lines, and fen of the prepaid balance."""


def _parts(ledger: Ledger, document: Callable[[Settled | Entry], int | None]) -> _Parts:
    """Return what each document settled of lines and left in balances, or took from them, day by day."""
    found: _Parts = {}
    groups: tuple[Sequence[Settled | Entry], ...] = (ledger.settled, ledger.entries)
    for at, rows in enumerate(groups):
        for row in rows:
            if (number := document(row)) is not None:
                found.setdefault((number, row.on), [0, 0])[at] += row.fen
    return found


def _receipts(ledger: Ledger) -> Iterator[Movement]:
    """Yield each receipt, by the day on which its money moved; a void one moved none."""
    parts = _parts(ledger, lambda row: row.receipt)
    told = (Receipt.number, Receipt.unit, Receipt.amount, Receipt.state, Receipt.payer_name, Receipt.payment)
    known = named(Receipt, {receipt for receipt, _ in parts}, *told)
    ways = named(Payment, {row[-1] for row in known.values()}, Payment.method)
    for (receipt, on), (lines, balance) in parts.items():
        number, unit, whole, state, payer, payment = known[receipt]
        fen = lines + balance
        if not fen:
            continue
        words = f"{Method[ways[payment][0]].value}收款" if fen > 0 else "收据红冲"
        if 0 < fen != whole and state == ReceiptState.ISSUED.name:
            words += f"（收据共 {thousands(whole)}，只列这里的部分）"
        day, place = date.fromisoformat(on), ledger.names.units[unit]
        yield Movement(day, What.PAID, number, words, place, payer, -fen, 0, f"Receipt:{receipt}:{on}")


def _set_offs(ledger: Ledger) -> Iterator[Movement]:
    """Yield each set-off; it changes the balance only where lines and prepaid money are not one payer's."""
    parts = _parts(ledger, lambda row: row.set_off)
    known = named(SetOff, {made for made, _ in parts}, SetOff.number, SetOff.unit, SetOff.payer)
    for (made, on), (lines, balance) in parts.items():
        number, unit, payer = known[made]
        fen = lines + balance
        if not lines and not fen:
            continue
        words = f"预存抵扣账单 {thousands(lines)}，结余不变"
        if fen:
            words = "预存抵扣别人的账单" if fen < 0 else "别人的预存抵扣账单"
        day, place, who = date.fromisoformat(on), ledger.names.units[unit], ledger.names.people.get(payer)
        yield Movement(day, What.SET_OFF, number, words, place, who, -fen, lines, f"SetOff:{made}:{on}")


# -- what has neither receipt nor set-off ----------------------------------------------------------


class _Place(NamedTuple):
    """Where and when: unit, payer, day."""

    unit: int
    payer: int | None
    on: str


def _others(ledger: Ledger) -> Iterator[Movement]:
    """Yield openings, refunds and whatever else moved a balance by no receipt or set-off.

    What only went over from corrected lines to the balance of that day, or back, changes nothing.
    """
    netted, entries = _netted(ledger), _entries(ledger)
    for place in {**netted, **entries}:
        left = netted.get(place, 0)
        for entry in entries.get(place, ()):
            over = left * entry.fen < 0 and abs(entry.fen) <= abs(left)
            left += entry.fen if over else 0
            yield _moved(ledger, entry, over)
        if left:
            unit, payer = ledger.names.units[place.unit], ledger.names.people.get(place.payer or 0)
            id = f"Allocation:{place.unit}:{place.payer}:{place.on}"
            day = date.fromisoformat(place.on)
            yield Movement(day, What.MOVED, "", "更正的账单对冲", unit, payer, -left, 0, id)


def _moved(ledger: Ledger, entry: Entry, over: bool) -> Movement:
    """Return the movement of an entry; one that came over from corrected lines changes nothing."""
    kind = BalanceKind[entry.kind]
    words = f"{kind.value}（与更正的账单对转 {thousands(entry.fen)}，结余不变）" if over else kind.value
    what = What.OPENED if kind is BalanceKind.OPENING else What.MOVED
    number = f"批次 {entry.batch}" if entry.batch else entry.source or ""
    unit, payer = ledger.names.units[entry.unit], ledger.names.people.get(entry.payer or 0)
    fen, day = 0 if over else -entry.fen, date.fromisoformat(entry.on)
    return Movement(day, what, number, words, unit, payer, fen, 0, f"BalanceEntry:{entry.id}")


def _netted(ledger: Ledger) -> dict[_Place, int]:
    """Return what no receipt or set-off settled on lines; where lines only net one another it is nothing."""
    lines = {line.id: line for line in ledger.lines}
    found: dict[_Place, int] = {}
    for share in ledger.settled:
        if share.receipt is None and share.set_off is None:
            line = lines[share.bill]
            place = _Place(line.unit, line.payer, share.on)
            found[place] = found.get(place, 0) + share.fen
    return found


def _entries(ledger: Ledger) -> dict[_Place, list[Entry]]:
    found: dict[_Place, list[Entry]] = {}
    for entry in ledger.entries:
        if entry.receipt is None and entry.set_off is None:
            found.setdefault(_Place(entry.unit, entry.payer, entry.on), []).append(entry)
    return found
