"""诉讼时效: until when a debt can still be enforced, and what began that time anew.

Three years from the due day (民法典 188); they begin anew (民法典 195) by each letter that arrived with
a proof, for the lines that it named, and by each written promise to pay, for what was due by then. A letter
that arrives once they are over renews nothing; a promise does. Warned from two and a half years on
(forms.md B4.4). Part payments renew it in law as well; they are not counted, so that warnings come early.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import Enum
from typing import Any, NamedTuple

from peewee import fn

from models.attachments import Attachment
from models.base import db
from models.fees.asof import Owed, owed_principal
from models.fees.bills import Bill
from models.fees.dunning.letters import (
    Arrival,
    DunningLetter,
    DunningLine,
    LetterDelivery,
    LetterState,
    Way,
    proven,
)
from models.fees.dunning.promises import PaymentPromise
from models.fees.rights import VIEW
from models.fees.within import within
from models.fields import ChoiceField, CodeField, CountField, DayField, LineField, MoneyField
from models.listings import Filters, RowListing, Shown, choice, listing
from models.money import from_scaled
from models.months import Month
from models.owners.estate import Unit
from models.owners.payees import NOBODY
from models.owners.people import Person

YEARS, WARNED = 36, 30
"""Months after which a debt lapses, and after which that is warned of."""


class Lapse(Enum):
    """How near the end of the time is."""

    OVER = "已届满"
    SOON = "快到期"
    FAR = "有效"


class Timed(NamedTuple):
    """An open line of principal, in fen, and the last day on which it can be enforced."""

    bill: int
    unit: int
    payer: int | None
    fen: int
    end: date


def end_of(start: date) -> date:
    """Return the last of three years after a day."""
    return Month.of(start).plus(YEARS).day(start.day)


def lapse_on(end: date, day: date) -> Lapse:
    """Return how near an end is on a day."""
    if end < day:
        return Lapse.OVER
    return Lapse.SOON if Month.of(end).plus(WARNED - YEARS).day(end.day) <= day else Lapse.FAR


def timed(day: date, *conditions: Any) -> Iterator[Timed]:
    """Yield every line of principal owed as of a day with the end of its time."""
    named, promised = _named(day), _promised(day)
    ends: dict[str, date] = {}
    for id, unit, payer, _, due, owed in owed_principal(day, *conditions):
        if id in named or (unit, payer) in promised:
            end = _renewed(due, named.get(id, ()), promised.get((unit, payer), ()))
        else:
            end = ends.get(due) or ends.setdefault(due, end_of(date.fromisoformat(due)))
        yield Timed(id, unit, payer, owed, end)


def _renewed(due: str, letters: Any, promises: Any) -> date:
    """Return the end of the time of a line that letters and promises began anew."""
    start = date.fromisoformat(due)
    events = [(day, False) for day in letters] + [(day, True) for day in promises if day >= start]
    for day, revives in sorted(events):
        if day > start and (revives or day <= end_of(start)):
            start = day
    return end_of(start)


def _named(day: date) -> dict[int, list[date]]:
    """Return the days on which letters that named a line (id) arrived with a proof."""
    query = DunningLine.select(DunningLine.bill, LetterDelivery.at)
    query = query.join(DunningLetter).join(LetterDelivery, on=(LetterDelivery.letter == DunningLetter.id))
    held = proven() & (DunningLetter.state == LetterState.ISSUED) & (fn.DATE(LetterDelivery.at) <= day)
    found: dict[int, list[date]] = {}
    for bill, at in db.execute(query.where(held)):
        found.setdefault(bill, []).append(date.fromisoformat(at[:10]))
    return found


def _promised(day: date) -> dict[tuple[int, int | None], list[date]]:
    """Return the days of each household's written promises that are at hand as a file."""
    query = PaymentPromise.select(PaymentPromise.unit, PaymentPromise.payer, PaymentPromise.on)
    files = Attachment.select(Attachment.record).where(
        (Attachment.kind == PaymentPromise.__name__) & (Attachment.active == True)
    )
    held = (PaymentPromise.written == True) & PaymentPromise.id.in_(files)
    held &= PaymentPromise.ended.is_null() & (PaymentPromise.on <= day)
    found: dict[tuple[int, int | None], list[date]] = {}
    for unit, payer, on in db.execute(query.where(held)):
        found.setdefault((unit, payer), []).append(date.fromisoformat(on))
    return found


@dataclass
class Chased:
    """What FE-08 says of a house: who owes, the last letter and how it went, and when its time ends first."""

    told: str = ""
    end: date | None = None
    owing: Counter[int | None] = field(default_factory=Counter)
    """Principal in fen by who owes it (id): after a sale the one before may still do."""


def limitation_by_unit(day: date, lines: Iterable[Owed]) -> dict[int, Chased]:
    """Return by the house's id its last letter up to a day, and the first end of its time.

    Args:
        day: as of which.
        lines: those that are looked at, as of that day.
    """
    named, promised = _named(day), _promised(day)
    oldest: dict[int, str] = {}  # of lines that nothing began anew: all of them are read for a month's report
    found: dict[int, Chased] = defaultdict(Chased)
    for id, unit, payer, _, due, fen in lines:
        found[unit].owing[payer] += fen
        if id in named or (unit, payer) in promised:
            end = _renewed(due, named.get(id, ()), promised.get((unit, payer), ()))
            found[unit].end = min(found[unit].end or end, end)
        elif unit not in oldest or due < oldest[unit]:
            oldest[unit] = due
    for unit, due in oldest.items():
        end = end_of(date.fromisoformat(due))
        found[unit].end = min(found[unit].end or end, end)
    last = _last_told(day)
    for unit, one in found.items():  # of two who owe, the letter to the one who owes more
        written = (last[unit, payer] for payer, _ in one.owing.most_common() if (unit, payer) in last)
        one.told = next(written, "")
    return dict(found)


def _last_told(day: date) -> dict[tuple[int, int | None], str]:
    """Return 2026-11-05 面交 of the last letter to each household (ids), by its delivery where there is one.

    One that did not arrive says so, and one whose delivery was not entered yet waits.
    """
    told: dict[tuple[int, int | None], str] = {}
    held = (DunningLetter.state == LetterState.ISSUED) & (DunningLetter.on <= day)
    letters = DunningLetter.select(
        DunningLetter.id, DunningLetter.unit, DunningLetter.payer, DunningLetter.on
    ).where(held)
    last = {(unit, payer): (id, on) for id, unit, payer, on in db.execute(letters.order_by(DunningLetter.id))}
    told_of = (LetterDelivery.letter, LetterDelivery.at, LetterDelivery.way, LetterDelivery.outcome)
    handed = LetterDelivery.select(*told_of)
    handed = handed.where((LetterDelivery.live == True) & (fn.DATE(LetterDelivery.at) <= day))
    ways = {letter: rest for letter, *rest in db.execute(handed.order_by(LetterDelivery.at))}
    for household, (id, on) in last.items():
        if id not in ways:
            told[household] = f"{on} 待送达"
            continue
        at, way, outcome = ways[id]
        arrived = Arrival[outcome] is Arrival.DELIVERED
        told[household] = f"{at[:10]} {Way[way].value if arrived else Arrival.FAILED.value}"
    return told


# -- the watch -------------------------------------------------------------------------------------


@dataclass
class _Household:
    """When a household's time ends, and what has lapsed or will soon; money in fen."""

    next: date | None = None
    """The first end that is still to come."""
    first: date | None = None
    lines: int = 0
    over: int = 0
    soon: int = 0

    @property
    def end(self) -> date:
        """What can still be saved counts before what is lost."""
        end = self.next or self.first
        assert end is not None
        return end


def lapsing(day: date, *conditions: Any) -> dict[tuple[int, int | None], _Household]:
    """Return the households (house and payer, ids) of whom something has lapsed or will soon."""
    found: dict[tuple[int, int | None], _Household] = {}
    for line in timed(day, *conditions):
        lapse = lapse_on(line.end, day)
        if lapse is Lapse.FAR:
            continue
        mine = found.setdefault((line.unit, line.payer), _Household())
        mine.lines += 1
        if lapse is Lapse.OVER:
            mine.over += line.fen
            mine.first = min(mine.first or line.end, line.end)
        else:
            mine.soon += line.fen
            mine.next = min(mine.next or line.end, line.end)
    return found


TONES = {Lapse.OVER.value: "danger", Lapse.SOON.value: "warning"}


@listing("limitation", "诉讼时效", "fees", VIEW, "on", "unit", "building", "state")
def limitation(filters: Filters) -> RowListing:
    """Households whose time to enforce a debt ends within six months, or has ended, as of a day."""
    day = filters.on or date.today()
    found = lapsing(day, *within(Bill.unit, unit=filters.unit, building=filters.building))
    columns = (
        Shown("unit", CodeField(verbose_name="房号", max_length=40)),
        Shown("payer", LineField(verbose_name="付款人", max_length=60)),
        Shown("end", DayField(verbose_name="届满日")),
        Shown("left", CountField(verbose_name="还有几天"), total=False),
        Shown("state", ChoiceField(Lapse, verbose_name="状态"), status=True),
        Shown("soon", MoneyField(verbose_name="快到期金额")),
        Shown("over", MoneyField(verbose_name="已届满金额")),
        Shown("lines", CountField(verbose_name="笔数")),
        Shown("last", LineField(verbose_name="最近催缴", max_length=40)),
    )
    wanted = choice(Lapse, filters.state) if filters.state else None
    return RowListing(columns, _rows(day, found, wanted), record=Unit, tones=TONES)


def _rows(
    day: date, found: dict[tuple[int, int | None], _Household], wanted: Lapse | None
) -> Iterator[tuple[int, tuple[Any, ...]]]:
    people = dict(db.execute(Person.select(Person.id, Person.name))) if found else {}
    told = _last_told(day) if found else {}
    codes = dict(db.execute(Unit.select(Unit.id, Unit.code))) if found else {}
    for (unit, payer), one in sorted(found.items(), key=lambda row: (row[1].end, row[0][0])):
        # Something may have lapsed while more will: whoever can still be saved is told as such.
        state = Lapse.SOON if one.soon else Lapse.OVER
        if wanted is not None and state is not wanted:
            continue
        left = max(0, (one.end - day) // timedelta(days=1))
        money = (from_scaled(one.soon, 2), from_scaled(one.over, 2))
        yield unit, (
            codes[unit], people.get(payer, NOBODY), one.end, left, state, *money, one.lines,
            told.get((unit, payer)),
        )  # fmt: skip
