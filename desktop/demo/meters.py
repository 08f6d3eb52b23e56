"""演示的表计: water meters of some houses and a common electricity meter an entrance, read every month.

Nothing here is left to chance, so that all else of a demo stays as its seed made it.
"""

from __future__ import annotations

from decimal import Decimal

from desktop.demo.calendar import Calendar
from desktop.demo.estate import Estate
from desktop.demo.roster import WATER
from desktop.demo.staff import Crew
from models import deeds
from models.fees.items import FeeItem
from models.fees.meter_entry import enter_readings
from models.fees.meters import Meter, MeterKind, add_meter
from models.fees.taking import estimate_readings, replace_meter
from models.months import Month
from models.owners.estate import Entrance, Unit

_HOUSES, _EVERY, _ENTRANCES = 12, 3, 4
_SHUT, _LEAKS, _REPLACED = 1, 2, 0
"""Which meter was not to be got at once, which house's tap ran, and which meter was replaced."""


class Rounds:
    """Hangs the meters at the beginning and walks the rounds."""

    def __init__(self, estate: Estate, crew: Crew, calendar: Calendar) -> None:
        self._crew, self._calendar = crew, calendar
        houses = [place.code for place in estate.places if place.kind == "住宅"]
        self._entrances = list(
            dict.fromkeys(f"{place.building}-{place.entrance}" for place in estate.places if place.entrance)
        )
        with deeds.acting(crew.accountant):
            self._meters = [*self._water(houses[::_EVERY][:_HOUSES]), *self._electricity()]
        self._shown = [Decimal(40 + 17 * at % 60) for at in range(len(self._meters))]

    def _water(self, houses: list[str]) -> list[Meter]:
        item = FeeItem.find(WATER)
        return [
            add_meter(number=f"SB{at:04}", unit=Unit.find(code), item=item, route="水表一线")
            for at, code in enumerate(houses, start=1)
        ]

    def _electricity(self) -> list[Meter]:
        entrances = [Entrance.find(code) for code in self._entrances[:_ENTRANCES]]
        return [
            add_meter(
                number=f"DB{at:04}",
                kind=MeterKind.ELECTRICITY,
                entrance=entrance,
                place="楼道配电箱",
                multiplier=20,
                digits=6,
                route="公共电表",
            )
            for at, entrance in enumerate(entrances, start=1)
        ]

    def walk(self, month: Month) -> None:
        """Read every meter on the first day of a month; the first round reads the bases."""
        day, index = self._calendar.day(month, 1), month.minus(self._calendar.first)
        late = month == self._calendar.now.plus(-1) and index > 1
        with self._calendar.at(day, -30), deeds.acting(self._crew.supervisor):
            rows = []
            for at in range(len(self._meters)):
                self._shown[at] += self._used(at, month) if index else 0
                if not (late and at == _SHUT):
                    rows.append({"meter": self._meters[at], "value": self._shown[at], "month": month})
            if rows:
                enter_readings(rows, day)
            if late and len(rows) < len(self._meters):
                estimate_readings(month)
        if month == self._calendar.month(0.5) and index:
            self._replace(month)

    def _used(self, at: int, month: Month) -> Decimal:
        """Return what a meter shows more than a month before."""
        usual = Decimal(11 + at % 4 + (at + month.month) % 3) + Decimal("0.25") * (at % 4)
        return usual * 3 if at == _LEAKS and month == self._calendar.now else usual

    def _replace(self, month: Month) -> None:
        """Put a new meter in the place of one that stands still."""
        day = self._calendar.day(month, 1)
        old = self._meters[_REPLACED]
        if old.unit is None:
            return
        with self._calendar.at(day, -20), deeds.acting(self._crew.accountant):
            self._meters[_REPLACED] = replace_meter(
                Meter.find(old.number), self._shown[_REPLACED], "SB9001", Decimal(0), day
            )
        self._shown[_REPLACED] = Decimal(0)
