"""楼栋排布: where the houses of a building stand: entrances side by side, floors from the top down.

Houses, and shops and offices with an entrance, stand in their entrance's bay, those of one stack above
one another. What has no such place (shops on the street, storerooms, parking spaces) stands in lines
across the whole building: shops below the houses of their floor, the rest below everything.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from models.owners.estate import UnitKind
from models.text import natural_key

MOST_ACROSS = 24
"""Houses of a floor that stand side by side in one bay; more are wrapped."""
_LEAST_ACROSS = 8
"""A line across the building holds so many, though its bays are narrower."""
_GARAGE = 16
"""Houses side by side where there are no bays at all."""
_ASIDE = (UnitKind.STORE, UnitKind.PARKING)
_NUMBER = re.compile(r"(\d{1,2})\d{2}")


@dataclass(frozen=True)
class House:
    """What the layout must know of a house."""

    room: str
    kind: UnitKind
    floor: int | None
    entrance: str | None


@dataclass(frozen=True)
class Bay:
    """The columns of one entrance."""

    title: str
    first: int
    width: int


H = TypeVar("H", bound=House)


@dataclass(frozen=True)
class Line(Generic[H]):
    """One line of the map: what it is called, and its houses by column."""

    label: str
    cells: tuple[H | None, ...]


@dataclass(frozen=True)
class _Stacks(Generic[H]):
    """The houses of one entrance: how many columns they take, and the lines of each floor."""

    title: str
    width: int
    floors: dict[int, list[tuple[H | None, ...]]]


def lay_out(houses: Sequence[H]) -> tuple[tuple[Bay, ...], tuple[Line[H], ...]]:
    """Return bays from left to right and lines from the top down.

    Args:
        houses: of one building, in the natural order of their numbers.
    """
    entered = any(one.entrance is not None and one.kind not in _ASIDE for one in houses)
    inside = [one for one in houses if _has_bay(one, entered)]
    placed = [one for one in inside if one.floor is not None]
    street = [one for one in houses if one.kind not in _ASIDE and not _has_bay(one, entered)]
    stacks = [_stacked(title, mine) for title, mine in _by_entrance(placed)]
    bays, across = _bays(stacks)
    loose = len(houses) - len(placed)
    wide = max(across, min(_LEAST_ACROSS, loose)) if across else min(_GARAGE, loose)
    lines = [*_floors(stacks, street, wide), *_below(inside, street, houses, wide)]
    return bays, tuple(lines)


def floor_told_by(room: str, kind: UnitKind) -> int | None:
    """Return the floor that a number such as 1203 tells where none is known; None where it tells none."""
    found = _NUMBER.fullmatch(room) if kind not in _ASIDE else None
    return (int(found[1]) or None) if found else None


def floor_name(floor: int) -> str:
    """Return 12层, or B1 below ground."""
    return f"B{-floor}" if floor < 0 else f"{floor}层"


def _has_bay(house: House, entered: bool) -> bool:
    """Whether a house stands in a bay: shops without an entrance do so where nothing has an entrance."""
    if house.kind in _ASIDE:
        return False
    return house.entrance is not None or house.kind is UnitKind.HOUSE or not entered


def _by_entrance(houses: Sequence[H]) -> list[tuple[str, list[H]]]:
    """Return title and houses of each bay, those without an entrance last."""
    found: dict[str | None, list[H]] = {}
    for one in houses:
        found.setdefault(one.entrance, []).append(one)
    ordered = sorted(found, key=lambda code: (code is None, natural_key(code or "")))
    return [(f"{code}单元" if code is not None else "", found[code]) for code in ordered]


def _stacked(title: str, houses: Sequence[H]) -> _Stacks[H]:
    """Put the houses of an entrance above one another by what their numbers say beside the floor."""
    floors: dict[int, list[H]] = {}
    for one in houses:
        floors.setdefault(one.floor or 0, []).append(one)
    most = max(len(mine) for mine in floors.values())
    named = {floor: [_stack(one) for one in mine] for floor, mine in floors.items()}
    columns = sorted({name for names in named.values() for name in names}, key=natural_key)
    once = all(len(set(names)) == len(names) for names in named.values())
    if once and len(columns) <= min(MOST_ACROSS, most + most // 2 + 1):
        rows = {}
        for floor, mine in floors.items():
            by_name = dict(zip(named[floor], mine, strict=True))
            rows[floor] = [tuple(by_name.get(name) for name in columns)]
        return _Stacks(title, len(columns), rows)
    width = min(MOST_ACROSS, most)
    return _Stacks(title, width, {floor: list(_wrapped(mine, width)) for floor, mine in floors.items()})


def _stack(house: House) -> str:
    """Return what a number says beside its floor: 03 of 1203, 01 of B101."""
    floor = house.floor or 0
    found = re.fullmatch(rf"{'B' if floor < 0 else ''}0*{abs(floor)}(.+)", house.room, re.IGNORECASE)
    return found[1] if found else house.room


def _bays(stacks: Sequence[_Stacks[H]]) -> tuple[tuple[Bay, ...], int]:
    """Return the bays side by side, and how many columns they take."""
    made, first = [], 0
    for one in stacks:
        made.append(Bay(one.title, first, one.width))
        first += one.width
    return tuple(made), first


def _floors(stacks: Sequence[_Stacks[H]], street: Sequence[H], wide: int) -> Iterator[Line[H]]:
    """Yield the lines of each floor, the shops on the street below its houses."""
    shops: dict[int, list[H]] = {}
    for one in street:
        if one.floor is not None:
            shops.setdefault(one.floor, []).append(one)
    levels = sorted({*shops, *(floor for one in stacks for floor in one.floors)}, reverse=True)
    for floor in levels:
        deep = max((len(one.floors.get(floor, ())) for one in stacks), default=0)
        for number in range(deep):
            cells = [cell for one in stacks for cell in _line_of(one, floor, number)]
            yield Line(floor_name(floor), _filled(cells, wide))
        mine = shops.get(floor, [])
        for row in _wrapped(mine, wide):
            yield Line(f"{floor_name(floor)}{_kinds(mine)}", row)


def _below(inside: Sequence[H], street: Sequence[H], houses: Sequence[H], wide: int) -> Iterator[Line[H]]:
    """Yield the lines of what has no floor, of storerooms and of parking spaces."""
    unknown = [one for one in (*inside, *street) if one.floor is None]
    groups = [("未填楼层", unknown)]
    groups += [(kind.value, [one for one in houses if one.kind is kind]) for kind in _ASIDE]
    for label, mine in groups:
        for row in _wrapped(mine, wide):
            yield Line(label, row)


def _line_of(stacks: _Stacks[H], floor: int, number: int) -> tuple[H | None, ...]:
    rows = stacks.floors.get(floor, [])
    return rows[number] if number < len(rows) else (None,) * stacks.width


def _wrapped(houses: Sequence[H], wide: int) -> Iterator[tuple[H | None, ...]]:
    for start in range(0, len(houses), wide or 1):
        yield _filled(houses[start : start + wide], wide)


def _filled(cells: Sequence[H | None], wide: int) -> tuple[H | None, ...]:
    return (*cells, *(None,) * (wide - len(cells)))


def _kinds(houses: Sequence[House]) -> str:
    """Return what all of these are: 商铺, or 商铺办公."""
    return "".join(dict.fromkeys(one.kind.value for one in houses))
