"""费用一览: what every unit is charged for a month, building by building (FE-01, FE-03)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from peewee import JOIN, fn

from models.base import db
from models.fees.asof import CHARGING, LIVE, RETURNED, charged_anew, made_between
from models.fees.bills import OPEN, Bill
from models.fees.items import Basis, Category, FeeItem
from models.fees.payments import Allocation
from models.fees.within import within
from models.money import from_scaled
from models.months import Month
from models.owners.estate import Building, Unit
from models.owners.payees import payees_on

NOWHERE = "不属楼栋"
"""Where units stand that belong to no building."""


@dataclass
class Charged:
    """One unit's row; money in fen, area and price as their fields are."""

    code: str
    payee: str
    area: Decimal | None = None
    prices: set[Decimal] = field(default_factory=set)
    """What a ㎡ or a household pays for each of its 物业费 items."""
    by_category: dict[Category, int] = field(default_factory=dict)
    for_others: int = 0
    relief: int = 0
    """What corrections took off, as a negative figure."""
    past: int = 0
    late: int = 0
    set_off: int = 0

    def of(self, *categories: Category) -> Decimal:
        """Return what is charged in these categories, 代收 apart, in 元."""
        return from_scaled(sum(self.by_category.get(each, 0) for each in categories), 2)

    @property
    def current(self) -> int:
        """本期应收 in fen."""
        return sum(self.by_category.values()) + self.for_others + self.relief

    @property
    def payable(self) -> int:
        """应缴合计 in fen."""
        return self.current + self.past + self.late - self.set_off


def schedule(month: Month, building: Building | None = None) -> Iterator[tuple[str, list[Charged]]]:
    """Yield (building, its units' rows) of a month, units without charges or debts left out."""
    rows = _rows(month, building)
    names = {one.id: one.name for one in Building.select()}
    query = Unit.select(Unit.id, Unit.building).join(Building, JOIN.LEFT_OUTER)
    query = query.order_by(Building.sort_key, Unit.sort_key)
    group: list[Charged] = []
    current: Any = object()
    for unit, of_building in db.execute(query):
        if unit not in rows:
            continue
        if of_building != current and group:
            yield names.get(current, NOWHERE), group
            group = []
        current = of_building
        group.append(rows[unit])
    if group:
        yield names.get(current, NOWHERE), group


def buildings_of_units() -> dict[int, str]:
    """Return the name of each unit's building, by the unit's id."""
    query = Unit.select(Unit.id, Building.name).join(Building, JOIN.LEFT_OUTER)
    return {unit: name or NOWHERE for unit, name in db.execute(query)}


def _rows(month: Month, building: Building | None) -> dict[int, Charged]:
    reach = within(Bill.unit, building=building)
    payees = payees_on(month.last)
    codes = dict(db.execute(Unit.select(Unit.id, Unit.code)))
    found: dict[int, Charged] = {}

    def row(unit: int) -> Charged:
        return found.setdefault(unit, Charged(codes[unit], payees[unit].address_line))

    items = {item.id: item for item in FeeItem.select()}
    query = Bill.select(Bill.unit, Bill.item, Bill.amount, Bill.quantity, Bill.price)
    for unit, item, amount, quantity, price in db.execute(
        query.where((Bill.live == True) & (Bill.month == month) & ~made_between(month.plus(1).first), *reach)
    ):
        _charge(row(unit), items[item], amount, quantity, price)
    for one in charged_anew(Bill.month < month, *reach):
        if month.first.isoformat() <= one.made <= month.last.isoformat():
            row(one.unit).relief += one.fen
    for unit, fen in _opening(month, reach).items():
        row(unit).past = fen
    returned = dict(_returned(month, reach))
    for unit, fen in _set_off(month, reach):
        row(unit).set_off = max(0, fen - returned.get(unit, 0))
    return found


def _charge(row: Charged, item: FeeItem, amount: int, quantity: int | None, price: int | None) -> None:
    if amount < 0:
        row.relief += amount
        return
    if item.basis is Basis.AREA and quantity is not None:
        row.area = from_scaled(quantity, 2)
    if item.category is Category.LATE:
        row.late += amount
        return
    if item.collected:
        row.for_others += amount
        return
    row.by_category[item.category] = row.by_category.get(item.category, 0) + amount
    if item.category is Category.PROPERTY and price:
        row.prices.add(from_scaled(price, 4))


def _opening(month: Month, reach: list[Any]) -> dict[int, int]:
    """Return what each unit owed of earlier months when the month began, caught-up lines too (as FE-07)."""
    earlier = (Bill.month < month) & ~made_between(month.first)
    owed: dict[int, int] = {}
    still = Bill.select(Bill.unit, fn.SUM(Bill.amount - Bill.paid)).where(OPEN & earlier, *reach)
    since = Allocation.select(Bill.unit, fn.SUM(Allocation.amount)).join(Bill)
    since = since.where(LIVE & earlier & (Allocation.on >= month.first), *reach)
    for query in (still, since):
        for unit, fen in db.execute(query.group_by(Bill.unit)):
            owed[unit] = owed.get(unit, 0) + fen
    return owed


def _returned(month: Month, reach: list[Any]) -> Iterator[tuple[int, int]]:
    """Yield by unit what corrections of the month gave back of money: that was told as 减免 already."""
    query = Allocation.select(Bill.unit, fn.SUM(0 - Allocation.amount)).join(Bill)
    back = LIVE & RETURNED & CHARGING
    wanted = back & Allocation.on.between(month.first, month.last)
    return iter(db.execute(query.where(wanted, *reach).group_by(Bill.unit)))


def _set_off(month: Month, reach: list[Any]) -> Iterator[tuple[int, int]]:
    query = Allocation.select(Bill.unit, fn.SUM(Allocation.amount)).join(Bill)
    wanted = LIVE & Allocation.set_off.is_null(False) & (Bill.month == month) & (Allocation.on <= month.last)
    return iter(db.execute(query.where(wanted, *reach).group_by(Bill.unit)))
