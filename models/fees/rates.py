"""收缴率: how much of what was charged came in, by the line's month (FE-07, forms.md B5).

当期 are the lines for the month, 期初欠费 the open lines for months before it; lines for later
months stand in neither, money on them is 预收. Items collected for others (代收) stand apart, 违约金
stands in nothing here.
Every figure is as of a cut-off day: payments after it do not count.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from peewee import Case, fn

from models.base import db
from models.fees.asof import CHARGING, LIVE, RELIEF, RETURNED, charged_anew, made_between, relieved
from models.fees.bills import OPEN, Bill, principal
from models.fees.items import FeeItem
from models.fees.payments import Allocation
from models.fees.seals import known, late_lines
from models.fees.within import within
from models.money import from_scaled
from models.months import Month
from models.once import once
from models.owners.caretaking import carers_on
from models.owners.estate import Building, Unit

LIVE_BILL = Bill.live == True

NOBODY = "未指定收费员"

FORMULAS = (
    "当期收缴率=归属当期的实收（含预存抵扣）÷当期净应收；清欠率=清欠实收÷期初欠费；"
    "综合收缴率=(当期实收+清欠实收)÷(当期净应收+期初欠费)；"
    "累计收缴率=本年各月账单的实收÷净应收；户数收缴率=交清户数÷应收户数。分母为零印“—”。"
)


@dataclass(slots=True)
class Collected:
    """Figures of one group; money in fen, as of the cut-off."""

    charged: int = 0
    received: int = 0
    opening: int = 0
    recovered: int = 0
    year_charged: int = 0
    year_received: int = 0
    relief: int = 0
    """减免: what lines of the month were corrected by."""
    past_relief: int = 0
    """以前期间调整: what lines of earlier months were corrected by within it."""
    year_relief: int = 0
    late_charged: int = 0
    """补计: what was charged within it for sealed months before it."""
    late_received: int = 0
    """What came in within it on those lines; it is no 清欠, for they were in no 期初欠费."""
    advance: int = 0
    due_units: set[int] | frozenset[int] = frozenset()
    open_units: set[int] | frozenset[int] = frozenset()

    @property
    def closing(self) -> int:
        """期末欠费: what is open at the cut-off of lines up to the month."""
        return self.opening - self.recovered - self.past_net + self.net - self.received

    @property
    def past_net(self) -> int:
        """以前期间调整: what is owed less for it of earlier months; negative where it is more."""
        return self.past_relief - self.late_charged + self.late_received

    @property
    def net(self) -> int:
        """当期净应收: what is charged for the month less what was approved to be taken off."""
        return self.charged - self.relief

    @property
    def settled_units(self) -> int:
        """交清户数: units all of whose lines of the month are paid."""
        return len(self.due_units - self.open_units)

    def rates(self) -> dict[str, Decimal | None]:
        """Return the five rates in percent, None where the denominator is nothing."""
        return {
            "current": percent(self.received, self.net),
            "recovery": percent(self.recovered, self.opening),
            "overall": percent(self.received + self.recovered, self.net + self.opening),
            "year": percent(self.year_received, self.year_charged - self.year_relief),
            "units": percent(self.settled_units, len(self.due_units)),
        }

    def add(self, other: Collected) -> None:
        """Add another group to this one; a unit in both counts once."""
        self.charged += other.charged
        self.received += other.received
        self.opening += other.opening
        self.recovered += other.recovered
        self.year_charged += other.year_charged
        self.year_received += other.year_received
        self.relief += other.relief
        self.past_relief += other.past_relief
        self.year_relief += other.year_relief
        self.late_charged += other.late_charged
        self.late_received += other.late_received
        self.advance += other.advance
        self.due_units |= other.due_units
        self.open_units |= other.open_units


def percent(part: int, whole: int) -> Decimal | None:
    """Return part ÷ whole in percent with one decimal, half up; None when whole is nothing."""
    if not whole:
        return None
    return (Decimal(part) * 100 / Decimal(whole)).quantize(Decimal("0.1"), ROUND_HALF_UP)


@dataclass
class RatesTable:
    """The rates of a month as of a cut-off, by building, item or collector."""

    month: Month
    cutoff: date
    groups: list[tuple[str, Collected]]
    collected_for_others: Collected
    keys: list[int | None] = field(default_factory=list)
    """What each group is of: the id of its building, item or collector, None for the rest."""

    @property
    def total(self) -> Collected:
        """All groups together."""
        whole = Collected()
        for _, group in self.groups:
            whole.add(group)
        return whole


def _group() -> Collected:
    """Return figures to which thousands are added."""
    return Collected(due_units=set(), open_units=set())


Cells = defaultdict[tuple[int, int], Collected]
"""Figures by unit and item."""
Owed = Counter[tuple[int, int]]
"""What is open of the month's lines at the cut-off, in fen, by unit and item."""


def rates_of(
    month: Month, cutoff: date | None = None, by: str = "building", building: Any = None
) -> RatesTable:
    """Return the rates of a month.

    Args:
        month: the month of the lines.
        cutoff: the last day whose payments count; the month's last unless given.
        by: "building", "item" or "collector", who that is as of the cut-off.
        building: only this one's units.
    """
    return _table(month, cutoff or month.last, by, building)


def rates_before(month: Month, by: str = "building", building: Any = None) -> RatesTable:
    """Return the rates of the same month a year before at its end, to be set beside; without 累计 and 预收.

    Args:
        month: the month beside which they are set.
        by: as for `rates_of`.
        building: as for `rates_of`.
    """
    before = month.plus(-12)
    return _table(before, before.last, by, building, whole=False)


def _table(month: Month, cutoff: date, by: str, building: Any, *, whole: bool = True) -> RatesTable:
    asked = (month, cutoff, by, building, whole)
    return once(("table", *asked), lambda: _counted(*asked))


def _counted(month: Month, cutoff: date, by: str, building: Any, whole: bool) -> RatesTable:
    others = {row.id for row in FeeItem.select().where(FeeItem.collected == True)}
    keys = _unit_keys(by, cutoff)
    groups: defaultdict[int | None, Collected] = defaultdict(_group)
    apart = _group()
    for (unit, item), figures in _cells(month, cutoff, building, whole=whole).items():
        group = apart if item in others else groups[item if keys is None else keys.get(unit)]
        group.add(figures)
    names = names_of(by, cutoff)
    ordered = sorted(groups.items(), key=lambda pair: names[pair[0]][0])
    told = [(names[key][1], figures) for key, figures in ordered]
    return RatesTable(month, cutoff, told, apart, [key for key, _ in ordered])


def _cells(month: Month, cutoff: date, building: Any, *, whole: bool) -> Cells:
    def count() -> Cells:
        cells: Cells = defaultdict(Collected)
        told = known(month) if cutoff <= month.last else []
        reach = [*within(Bill.unit, building=building), *principal(), *told]
        _gather(month, cutoff, cells, reach)
        if whole:
            _add_year_and_advance(month, cutoff, cells, reach)
        return cells

    return once(("rates", month, cutoff, building, whole), count)


def _gather(month: Month, cutoff: date, cells: Cells, reach: list[Any]) -> None:
    owed: Owed = Counter()
    for unit, item, charged, paid in _sums(Bill.month == month, reach):
        figures = cells[unit, item]
        figures.charged = figures.year_charged = charged
        figures.received = figures.year_received = paid
        figures.due_units = frozenset((unit,))
        owed[unit, item] = charged - paid
    for unit, item, charged, paid in _sums(OPEN & (Bill.month < month), reach):
        cells[unit, item].opening += charged - paid
    _charge_anew(month, cutoff, cells, owed, reach)
    _charge_late(month, cutoff, cells, reach)
    _relieve(month, cutoff, cells, owed, reach)
    _later_payments(month, cutoff, cells, owed, reach)
    for unit, item in (key for key, fen in owed.items() if fen > 0):
        cells[unit, item].open_units = frozenset((unit,))


def _add_year_and_advance(month: Month, cutoff: date, cells: Cells, reach: list[Any]) -> None:
    """Add what the year's months before brought, and what was paid on lines of later months."""
    if month.month > 1:
        for unit, item, charged, paid in _sums(
            Bill.month.between(Month(month.year, 1), month.plus(-1)), reach
        ):
            figures = cells[unit, item]
            figures.year_charged += charged
            figures.year_received += paid
    # By the few later months, not by all the money that ever came in.
    ahead = (_said(Allocation.on) <= cutoff) & (Bill.month > month) & CHARGING & ~RELIEF
    for unit, item, _, _, fen in _allocations(ahead, reach):
        cells[unit, item].advance += fen


def _charge_anew(month: Month, cutoff: date, cells: Cells, owed: Owed, reach: list[Any]) -> None:
    """Leave out what replaces a corrected line if made after the cut-off; what was paid on it came later.

    What charges an earlier month anew within this one was not owed when it began: it is 以前期间调整.
    """
    year, first = Month(month.year, 1).number, month.first.isoformat()
    for one in charged_anew(Bill.month <= month, *reach):
        figures, later = cells[one.unit, one.item], one.made > cutoff.isoformat()
        if later and one.month >= year:
            figures.year_charged -= one.fen
        if one.month == month.number:
            figures.charged -= one.fen if later else 0
            owed[one.unit, one.item] -= one.fen if later else 0
        elif one.made >= first:
            figures.opening -= one.fen
            figures.past_relief -= 0 if later else one.fen


def _charge_late(month: Month, cutoff: date, cells: Cells, reach: list[Any]) -> None:
    """Count what was charged since the month before was sealed for months up to it as 以前期间调整."""
    late = late_lines(month)
    if late is None:
        return
    late &= ~made_between(month.first)
    query = Bill.select(Bill.unit, Bill.item, fn.SUM(Bill.amount)).where(LIVE_BILL & CHARGING & late, *reach)
    for unit, item, fen in db.execute(query.group_by(Bill.unit, Bill.item)):
        figures = cells[unit, item]
        figures.opening -= fen
        figures.late_charged += fen
    paid = late & CHARGING & ~RELIEF & ~RETURNED & Allocation.on.between(month.first, cutoff)
    for unit, item, _, _, fen in _allocations(paid, reach):
        cells[unit, item].recovered -= fen
        cells[unit, item].late_received += fen


def _relieve(month: Month, cutoff: date, cells: Cells, owed: Owed, reach: list[Any]) -> None:
    """Tell what corrections settled apart from money; one after the cut-off is not known yet."""
    year, first, last = Month(month.year, 1).number, month.first.isoformat(), cutoff.isoformat()
    for unit, item, line, on, fen in relieved(Bill.month <= month, *reach):
        figures, known = cells[unit, item], fen if on <= last else 0
        if line >= year:
            figures.year_received -= fen
            figures.year_relief += known
        if line == month.number:
            figures.received -= fen
            figures.relief += known
            owed[unit, item] += fen - known
        elif on >= first:
            figures.opening += fen
            figures.past_relief += known


def _later_payments(month: Month, cutoff: date, cells: Cells, owed: Owed, reach: list[Any]) -> None:
    """Take back what was paid after the cut-off, and tell what was recovered within the month."""
    year = Month(month.year, 1).number
    given_back = _said(Allocation.on).between(month.first, cutoff) & RETURNED & CHARGING
    for unit, item, _, _, fen in _allocations(given_back & (Bill.month < month), reach):
        cells[unit, item].recovered -= fen  # no money was recovered less by it: it is a balance now
        cells[unit, item].past_relief += fen
    since = (Allocation.on >= min(month.first, cutoff)) & (Bill.month <= month) & CHARGING & ~RELIEF
    # Months and days are told apart by the database: line by line there are ten times as many rows.
    late = Allocation.on > cutoff
    age = Case(None, ((Bill.month == month, _THIS), (Bill.month >= year, _YEAR)), _BEFORE)
    query = Allocation.select(Bill.unit, Bill.item, age, late, fn.SUM(Allocation.amount)).join(Bill)
    wanted = LIVE & since & (late | ((Allocation.on >= month.first) & (Bill.month < month)))
    for unit, item, line, after, fen in db.execute(
        query.where(wanted, *reach).group_by(Bill.unit, Bill.item, age, late)
    ):
        figures = cells[unit, item]
        if after and line != _BEFORE:
            figures.year_received -= fen
        if line == _THIS:
            figures.received -= fen
            owed[unit, item] += fen
        else:
            figures.opening += fen
            figures.recovered += 0 if after else fen


def _said(day: Any) -> Any:
    """Return a day that SQLite does not look up by the index of days."""
    return fn.SUBSTR(day, 1, 10)


_THIS, _YEAR, _BEFORE = range(3)
"""Whether a line is of the month, of the year before it, or older."""


def _sums(wanted: Any, reach: list[Any]) -> Iterable[tuple[int, int, int, int]]:
    query = Bill.select(Bill.unit, Bill.item, fn.SUM(Bill.amount), fn.SUM(Bill.paid))
    query = query.where(LIVE_BILL & CHARGING & wanted, *reach).group_by(Bill.unit, Bill.item)
    return db.execute(query)


def _allocations(wanted: Any, reach: list[Any]) -> Iterable[tuple[int, int, int, str, int]]:
    query = Allocation.select(Bill.unit, Bill.item, Bill.month, Allocation.on, fn.SUM(Allocation.amount))
    query = query.join(Bill).where(LIVE & wanted, *reach)
    return db.execute(query.group_by(Bill.unit, Bill.item, Bill.month, Allocation.on))


def _unit_keys(by: str, day: date) -> dict[int, int | None] | None:
    """Return by what each unit is grouped; None where not by units."""
    if by == "item":
        return None
    if by == "collector":
        return {unit: carer.staff_id for unit, carer in carers_on(day).items()}
    return dict(db.execute(Unit.select(Unit.id, Unit.building)))


def names_of(by: str, day: date) -> dict[int | None, tuple[str, str]]:
    """Return key → (what to sort by, name)."""
    if by == "collector":
        carers: dict[int | None, tuple[str, str]] = {None: ("~", NOBODY)}
        return carers | {one.staff_id: (one.name, one.name) for one in carers_on(day).values()}
    if by == "item":
        return {row.id: (row.code, row.name) for row in FeeItem.select()}
    named: dict[int | None, tuple[str, str]] = {row.id: (row.sort_key, row.name) for row in Building.select()}
    return {**named, None: ("~", "不属楼栋")}


def by_month_and_item(first: Month, last: Month) -> list[tuple[Month, int, Decimal, Decimal]]:
    """Return (month, item, charged, paid) over many months; without a narrower reach from an index alone.

    What corrections took off is neither charged nor paid.
    """
    query = (
        Bill.select(Bill.month, Bill.item, fn.SUM(Bill.amount), fn.SUM(Bill.paid))
        .where(Bill.month.between(first, last) & LIVE_BILL & CHARGING, *within(Bill.unit), *principal())
        .group_by(Bill.month, Bill.item)
    )
    off = _relief_by_month_and_item(first, last)
    told = []
    for month, item, charged, paid in db.execute(query):
        less = off.get((month, item), 0)
        told.append(
            (Month.from_number(month), item, from_scaled(charged - less, 2), from_scaled(paid - less, 2))
        )
    return told


def _relief_by_month_and_item(first: Month, last: Month) -> dict[tuple[int, int], int]:
    """Return in fen what was taken off the lines of each month and item."""
    found: dict[tuple[int, int], int] = {}
    for _, item, month, _, fen in relieved(Bill.month.between(first, last), *within(Bill.unit)):
        found[month, item] = found.get((month, item), 0) + fen
    return found
