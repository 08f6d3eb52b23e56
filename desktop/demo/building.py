"""演示的楼: buildings, their houses, shops and storerooms, and the car park."""

from __future__ import annotations

import random
from datetime import date
from decimal import Decimal

from desktop.demo.calendar import Calendar
from desktop.demo.estate import LOT, Estate, Place

_PER_BUILDING = 120
_TYPES = (
    *(("2室1厅", "88.56"), ("2室2厅", "94.56"), ("3室1厅", "108.24")),
    *(("3室2厅", "118.32"), ("3室2厅", "127.85"), ("4室2厅", "143.20")),
)
_TRADES = ("零售", "餐饮", "药店", "美发", "房产中介")


class Builder:
    """Raises the buildings."""

    def __init__(self, made: Estate, chance: random.Random, calendar: Calendar) -> None:
        self._made, self._chance, self._calendar = made, chance, calendar
        self._entrances: list[tuple[str, str]] = []

    def houses(self, count: int) -> list[Place]:
        """Raise buildings of two entrances (one in a small estate) and two or four doors a floor."""
        number = max(2 if count >= 8 else 1, -(-count // _PER_BUILDING))
        for index in range(number):
            self._building(str(index + 1), count * (index + 1) // number - count * index // number)
        return list(self._made.places)

    def _building(self, code: str, count: int) -> None:
        entrances = 2 if count >= 16 else 1
        types = self._chance.sample(_TYPES, 4)
        finished = self._calendar.first.plus(-30 - 7 * (int(code) % 5)).day(20)
        for index in range(entrances):
            mine = count * (index + 1) // entrances - count * index // entrances
            doors = 4 if mine > 36 else 2
            self._entrances.append((code, str(index + 1)))
            for place in range(mine):
                floor, door = place // doors + 1, place % doors
                layout, built = types[door]
                self._add(
                    "住宅", code, str(index + 1), f"{floor}{door + 1:02d}", floor, built, finished, layout
                )

    def shops(self, count: int) -> None:
        """Put shops on the ground floor of the buildings in turn."""
        buildings = list(dict.fromkeys(place.building for place in self._made.places))
        for index in range(count):
            code = buildings[index % len(buildings)]
            built = str(Decimal(self._chance.randint(3500, 18000)) / 100)
            room = f"S{index // len(buildings) + 1:02d}"
            place = self._add("商铺", code, None, room, 1, built, self._finished(code))
            place.usage = self._chance.choice(_TRADES)

    def storerooms(self, count: int) -> list[Place]:
        """Put storerooms below the entrances in turn."""
        made = []
        for index in range(count):
            code, entrance = self._entrances[index % len(self._entrances)]
            room = f"B{index // len(self._entrances) + 1:02d}"
            built = str(Decimal(self._chance.randint(400, 1200)) / 100)
            made.append(self._add("储藏间", code, entrance, room, -1, built, self._finished(code)))
        return made

    def spaces(self, count: int) -> list[Place]:
        """Draw the parking spaces."""
        day = self._made.places[0].handed_over
        return [
            self._add("车位", LOT, None, f"C{index:04d}", -1, "12.72", day) for index in range(1, count + 1)
        ]

    def _finished(self, building: str) -> date:
        return next(place.handed_over for place in self._made.places if place.building == building)

    def _add(
        self, kind: str, building: str, entrance: str | None, room: str, floor: int, built: str, day: date,
        layout: str | None = None,
    ) -> Place:  # fmt: skip
        parts = [room] if building == LOT else [building, *([entrance] if entrance else []), room]
        place = Place("-".join(parts), kind, building, entrance, room, floor, Decimal(built), day, layout)
        self._made.places.append(place)
        return place
