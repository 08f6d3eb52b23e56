"""演示的小区: what is invented of it before its first month: units, owners, users, cars and habits."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from desktop.demo.names import Car, People
from models.months import Month

COMMUNITY = "枫林雅苑"
LOT = "C"
"""Code of the building that is the underground car park."""

_CENT = Decimal("0.01")


@dataclass
class Place:
    """One unit."""

    code: str
    kind: str
    building: str
    entrance: str | None
    room: str
    floor: int
    built: Decimal
    handed_over: date
    layout: str | None = None
    usage: str | None = None
    state: str = "已入住"
    basis: str = "产权证"


class Owned(NamedTuple):
    """Somebody owns a unit from the beginning."""

    unit: str
    person: str
    share: Decimal | None = None
    primary: bool = True


class Used(NamedTuple):
    """Somebody uses a unit without owning it."""

    unit: str
    person: str
    kind: str
    pays: bool
    since: date
    until: date | None = None


class Sale(NamedTuple):
    """A unit passes from one owner to others; `clears` tells whether the seller leaves no debt."""

    unit: str
    buyers: tuple[str, ...]
    on: date
    clears: bool


@dataclass
class Household:
    """Those who pay together for one or more units, and how they are used to.

    Args:
        units: the first is where they live.
        rhythm: how many months lie between two payments.
        phase: in which of them they pay.
        day: on which day of the month.
        method: how they pay.
        habit: "all", "part", "over" or "wrong" (the first receipt must be void).
        extra: how much is paid too much where the habit is "over", in fen.
        stops: the month from which they pay nothing.
        begins: the month from which this household pays.
        sale: how the house passes to somebody else, or came from somebody else.
    """

    units: list[str]
    payer: str
    rhythm: int = 3
    phase: int = 0
    day: int = 10
    method: str = "微信"
    habit: str = "all"
    extra: int = 0
    stops: Month | None = None
    begins: Month | None = None
    sale: Sale | None = None


@dataclass
class Estate:
    """Everything that is invented before the first month."""

    people: People
    places: list[Place] = field(default_factory=list)
    owned: list[Owned] = field(default_factory=list)
    used: list[Used] = field(default_factory=list)
    cars: list[Car] = field(default_factory=list)
    sales: list[Sale] = field(default_factory=list)
    households: list[Household] = field(default_factory=list)
    debtors: list[tuple[str, str, Month]] = field(default_factory=list)
    """(unit, payer, month since which nothing was paid) of those who never pay again."""
    ownerless: list[str] = field(default_factory=list)
    remeasured: list[str] = field(default_factory=list)
    """Houses whose contract area the deed corrects later."""

    def buildings(self) -> list[str]:
        """Return the codes of the buildings, the car park last."""
        return list(dict.fromkeys(place.building for place in self.places))


def inner_area(built: Decimal) -> Decimal:
    """Return 套内面积 of a 建筑面积, a fifth less."""
    return (built * Decimal("0.8")).quantize(_CENT, ROUND_HALF_UP)
