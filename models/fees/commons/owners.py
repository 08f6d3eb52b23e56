"""分担范围: who is concerned by work on a part of the estate: units, owners and area, by building.

An owner counts once however many units he owns, a unit once however many own it; units of the builder, who
is in no file, count as one owner together (民法典 278).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from peewee import JOIN, fn

from models.base import db
from models.money import from_scaled, split_largest_remainder, to_scaled
from models.owners.estate import Building, Entrance, Unit, UnitArea, UnitKind, UnitState
from models.owners.people import Ownership

ELSEWHERE = "不属楼栋"


@dataclass(frozen=True)
class Part:
    """The units of one building that are concerned; area in hundredths of a ㎡."""

    name: str
    units: int
    area: int


@dataclass(frozen=True)
class Concerned:
    """All that are concerned."""

    parts: Sequence[Part]
    owners: int

    @property
    def units(self) -> int:
        """How many units."""
        return sum(part.units for part in self.parts)

    @property
    def area(self) -> Decimal:
        """Their area in ㎡."""
        return from_scaled(sum(part.area for part in self.parts), 2)

    def shares(self, amount: Decimal) -> list[Decimal]:
        """Return what of an amount falls on each part by its area, to the fen."""
        if not self.parts:
            return []
        split = split_largest_remainder(to_scaled(amount, 2), [part.area for part in self.parts])
        return [from_scaled(fen, 2) for fen in split]


def concerned(
    building: Building | None = None, entrance: Entrance | None = None, day: date | None = None
) -> Concerned:
    """Return who is concerned by work on an entrance, a building or the whole estate, on a day."""
    day = day or date.today()
    query = Unit.select(Unit.building, fn.COUNT(Unit.id), fn.SUM(_area())).join(UnitArea)
    query = query.where(_within(building, entrance), UnitArea.on(day)).group_by(Unit.building)
    names = {one.id: (one.sort_key, one.name) for one in Building.select()}
    parts = []
    for id, count, area in db.execute(query):
        key, name = names.get(id, ("~", ELSEWHERE))
        parts.append((key, Part(name, count, int(area))))
    ordered = [part for _, part in sorted(parts, key=lambda one: one[0])]
    return Concerned(ordered, _owners(building, entrance, day))


def _area() -> Any:
    """Return the area that counts in a vote: as built, or as billed where only that is known."""
    return fn.COALESCE(UnitArea.built, UnitArea.billing)


def _within(building: Building | None, entrance: Entrance | None) -> Any:
    # Parking spaces and storerooms have no vote of their own (业主大会和业主委员会指导规则 24).
    condition = (Unit.state != UnitState.RETIRED) & Unit.kind.not_in([UnitKind.PARKING, UnitKind.STORE])
    if entrance is not None:
        return condition & (Unit.entrance == entrance)
    return condition & (Unit.building == building) if building is not None else condition


def _owners(building: Building | None, entrance: Entrance | None, day: date) -> int:
    """Return how many owners there are: of joint ones the first, of those without any together one."""
    holds = (Ownership.unit == Unit.id) & Ownership.on(day)
    first = Unit.select(Unit.id, fn.MIN(Ownership.person).alias("owner")).join(UnitArea).switch(Unit)
    first = first.join(Ownership, JOIN.LEFT_OUTER, on=holds)
    first = first.where(_within(building, entrance), UnitArea.on(day)).group_by(Unit.id)
    return len({owner for _, owner in db.execute(first)})
