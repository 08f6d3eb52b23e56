"""欠费: who owes how much for how long, as of a day (FE-08).

A line counts as owed from its due day on; its age is counted from that day (forms.md FE-08).
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Any

from peewee import fn

from models.base import db
from models.fees.asof import Owed, owed_on, owed_principal, paid_after
from models.fees.bills import OPEN, Bill, principal
from models.fees.dunning.limitation import Chased, limitation_by_unit
from models.fees.items import late_items
from models.fees.late import late_by_unit
from models.fees.rights import VIEW
from models.fees.seals import known
from models.fees.within import within
from models.fields import CodeField, CountField, DayField, LineField, MoneyField, MonthField, PhoneField
from models.listings import Filters, RowListing, Shown, listing
from models.money import from_scaled
from models.months import Month
from models.once import counted_once, once
from models.owners.caretaking import carers_on
from models.owners.estate import Unit
from models.owners.payees import Payee, payees_on
from models.owners.people import Person

AGES = ("3个月以内", "4至12个月", "1至2年", "2至3年", "3年以上")
"""Ages of a debt from its due day on, youngest first."""


_NOT_CHASED = Chased()


def age_bounds(day: date) -> tuple[date, date, date, date]:
    """Return the days before which a due day is older than 3 months, 1, 2 and 3 years."""
    month = Month.of(day)
    return tuple(month.plus(-back).day(day.day) for back in (3, 12, 24, 36))  # type: ignore[return-value]


def age_of(due: date, day: date) -> int:
    """Return the number of the age in AGES."""
    return sum(due < bound for bound in age_bounds(day))


@dataclass
class Debt:
    """What one unit owes as of a day; money in fen, principal unless it says otherwise."""

    unit: int
    first_month: int
    months: int = 0
    ages: list[int] = field(default_factory=lambda: [0] * len(AGES))
    late: int = 0
    """违约金, which is in no age."""

    @property
    def total(self) -> int:
        """All it owes."""
        return sum(self.ages)


def owed_lines(day: date, *conditions: Any) -> Iterator[tuple[Any, ...]]:
    """Return (line, unit, month, due day, fen) of each line owed as of a day."""
    return owed_on(day, (Bill.unit, Bill.month, Bill.due), *conditions)


def debts(day: date, *conditions: Any) -> dict[int, Debt]:
    """Return the principal that each unit owes as of a day, by the unit's id; 违约金 is told apart."""
    if paid_after(day):
        return _debts_of(day, owed_principal(day, *conditions))
    return _debts_now(day, conditions)


def _debts_now(day: date, conditions: Sequence[Any]) -> dict[int, Debt]:
    """Add the open lines up in the database; nothing was paid after the day."""
    owed = fn.SUM(Bill.amount - Bill.paid)
    older = [owed.filter(Bill.due < bound) for bound in age_bounds(day)]
    query = Bill.select(Bill.unit, fn.MIN(Bill.month), fn.COUNT(fn.DISTINCT(Bill.month)), owed, *older)
    found = {}
    for unit, first, months, *sums in db.execute(
        query.where(OPEN & (Bill.due <= day), *principal(), *conditions).group_by(Bill.unit)
    ):
        since = [fen or 0 for fen in sums] + [0]
        ages = [this - next for this, next in pairwise(since)]
        found[unit] = Debt(unit, first, months, ages)
    return found


def _debts_of(day: date, lines: Iterable[Owed]) -> dict[int, Debt]:
    """Go through the lines one by one, what was paid after the day being added again."""
    bounds = sorted(bound.isoformat() for bound in age_bounds(day))
    oldest, found = len(bounds), dict[int, Debt]()
    months: set[tuple[int, int]] = set()
    for _, unit, _, month, due, owed in lines:
        debt = found.get(unit)
        if debt is None:
            debt = found[unit] = Debt(unit, month)
        elif month < debt.first_month:
            debt.first_month = month
        months.add((unit, month))
        debt.ages[oldest - bisect_right(bounds, due)] += owed
    for unit, _ in months:
        found[unit].months += 1
    return found


def add_late(found: dict[int, Debt], day: date, *conditions: Any) -> bool:
    """Tell each debt of the 违约金 beside it as of a day, whether it is charged already or not.

    A unit that owes nothing but what was charged of it stands there too; what is not charged yet does not
    make a debtor of anybody. Return whether any is agreed on at all.
    """
    items = late_items()
    if not items:
        return False
    for _, unit, month, _, owed in owed_lines(day, Bill.item.in_(items), *conditions):
        found.setdefault(unit, Debt(unit, month)).late += owed
    for unit, fen in late_by_unit(day, *conditions).items():
        if unit in found:
            found[unit].late += fen
    return True


@listing("arrears", "欠费", "fees", VIEW, "on", "unit", "building", "item", "person")
def arrears(filters: Filters) -> RowListing:
    """What each unit owes as of a day (today unless `on`), by age."""
    day = filters.on or date.today()
    with counted_once():
        found = dict(debts_by(filters))  # its own: those who owe 违约金 alone are added
        chased = limitation_by_unit(day, _lines_by(filters))
    agreed = add_late(found, day, *narrowed(filters))
    columns = (
        Shown("unit", CodeField(verbose_name="房号", max_length=40)),
        Shown("owner", LineField(verbose_name="业主", max_length=200)),
        Shown("phone", PhoneField(verbose_name="电话")),
        Shown("since", MonthField(verbose_name="欠费起月")),
        Shown("months", CountField(verbose_name="月数"), total=False),
        *(Shown(f"age{number}", MoneyField(verbose_name=age)) for number, age in enumerate(AGES, start=1)),
        Shown("amount", MoneyField(verbose_name="欠费合计")),
        Shown("late", MoneyField(verbose_name="违约金")),
        Shown("collector", LineField(verbose_name="收费员", max_length=40)),
        Shown("old", MoneyField(verbose_name="其中3个月以上"), hidden=True),
        Shown("chased", LineField(verbose_name="最近催缴", max_length=40)),
        Shown("lapses", DayField(verbose_name="时效届满")),
    )
    return RowListing(columns, _rows(day, found, agreed, chased), record=Unit)


def debts_by(filters: Filters) -> dict[int, Debt]:
    """Return `debts` as filters narrow them, as of their day or today."""
    day = filters.on or date.today()

    def count() -> dict[int, Debt]:
        return _debts_of(day, _lines_by(filters)) if paid_after(day) else _debts_now(day, _told(filters))

    return once(("debts", day, filters), count)


def _lines_by(filters: Filters) -> list[Owed]:
    day = filters.on or date.today()
    return once(("owed", day, filters), lambda: list(owed_principal(day, *_told(filters))))


def _told(filters: Filters) -> list[Any]:
    """Return what a line must meet: within the filters, and known when the month of their day was sealed."""
    return [*narrowed(filters), *known(Month.of(filters.on or date.today()))]


def narrowed(filters: Filters) -> list[Any]:
    """Return what a line must meet to lie within the reach of the person acting and of the filters."""
    conditions = within(Bill.unit, unit=filters.unit, building=filters.building)
    if filters.item:
        conditions.append(Bill.item == filters.item)
    if filters.person:
        conditions.append(Bill.payer == filters.person)
    return conditions


def _rows(
    day: date, found: dict[int, Debt], agreed: bool, chased: dict[int, Chased]
) -> Iterator[tuple[int, tuple[Any, ...]]]:
    named = payees_on(day, found)
    asked = Person.select(Person.id, Person.name, Person.phone)
    people = {id: (name, phone) for id, name, phone in db.execute(asked)}
    collectors = carers_on(day)
    for unit, code in db.execute(Unit.select(Unit.id, Unit.code).order_by(Unit.sort_key)):
        if unit not in found:
            continue
        debt = found[unit]
        collector = collectors[unit].name if unit in collectors else None
        old = from_scaled(debt.total - debt.ages[0], 2)
        late = from_scaled(debt.late, 2) if agreed else None
        watch = chased.get(unit, _NOT_CHASED)
        more = (late, collector, old, watch.told or None, watch.end)
        yield unit, (code, *_who(named[unit], watch.owing, people), *_figures(debt), *more)


def _who(
    payee: Payee, owing: Counter[int | None], people: dict[int, tuple[str, str | None]]
) -> tuple[str | None, str | None]:
    """Return who owes, each with the sum where an earlier owner is among them, and whom to call."""
    sums: Counter[int | None] = Counter()
    for payer, fen in owing.items():  # what names nobody is of whoever pays for the house now
        sums[payer or payee.payer_id] += fen
    ordered = sums.most_common() or [(payee.payer_id, 0)]
    first = ordered[0][0]
    if first is None:
        return None, None
    names = {one: payee.address_line if one == payee.payer_id else people[one][0] for one in sums if one}
    if len(ordered) == 1:
        return names.get(first, payee.address_line), people[first][1]
    told = (f"{names[one]} {from_scaled(fen, 2):,.2f}" for one, fen in ordered if one is not None)
    return "、".join(told), people[first][1]


def _figures(debt: Debt) -> tuple[Any, ...]:
    ages = (from_scaled(fen, 2) for fen in debt.ages)
    return (Month.from_number(debt.first_month), debt.months, *ages, from_scaled(debt.total, 2))
