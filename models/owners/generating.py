"""批量生成: buildings, entrances and units of a whole estate from a few figures, as one batch."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import product
from pathlib import Path
from typing import Annotated, Any

from models import imports
from models.base import db
from models.batches import undone_by
from models.deeds import deed, require
from models.errors import BadInput
from models.fields import BEGINNING, AreaField, ChoiceField, CountField, FlagField, LineField, LinkField
from models.imports import Plan, Ref, Roster
from models.imports.lines import no_line
from models.inputs import Asked
from models.owners.estate import Building, Community, Entrance, Unit, UnitArea, UnitKind, UnitState
from models.owners.imports import undo_import
from models.owners.kinds import community_name, house_key
from models.owners.rights import IMPORT
from models.text import narrow

KIND = "owners.generate"
MOST = 20_000
"""House numbers that one run may make."""

_PLACEHOLDER = re.compile(r"\{(楼|单元|层|序)(?::([1-9]))?\}")
_RANGE = re.compile(r"([A-Z]*)(\d{1,4})(?:-\1(\d{1,4}))?")
_FLOORS = re.compile(r"(-?\d{1,3})(?:-(-?\d{1,3}))?")
_SAMPLES = 3
_NO_LINE = no_line()

AskedBuildings = Annotated[str, Asked(LineField(max_length=200, verbose_name="楼栋号"))]
AskedFloors = Annotated[str, Asked(LineField(max_length=100, verbose_name="楼层"))]
AskedRooms = Annotated[int, Asked(CountField(low=1, high=100, verbose_name="每层户数"))]
AskedEntrances = Annotated[int, Asked(CountField(low=0, high=30, default=1, verbose_name="每栋单元数"))]
AskedPattern = Annotated[str, Asked(LineField(max_length=60, default="{层}{序:2}", verbose_name="室号规则"))]
AskedWithout = Annotated[str | None, Asked(LineField(max_length=100, null=True, verbose_name="不要的楼层"))]
AskedKind = Annotated[UnitKind, Asked(ChoiceField(UnitKind, default=UnitKind.HOUSE, verbose_name="类别"))]
AskedState = Annotated[
    UnitState, Asked(ChoiceField(UnitState, default=UnitState.HANDED_OVER, verbose_name="状态"))
]
AskedArea = Annotated[Decimal | None, Asked(AreaField(null=True, verbose_name="计费面积"))]
AskedCommunity = Annotated[Community | None, Asked(LinkField(Community, null=True, verbose_name="小区"))]
AskedDryRun = Annotated[bool, Asked(FlagField(default=False, verbose_name="只试算"))]


@dataclass(frozen=True)
class Place:
    """One house number to be."""

    building: str
    entrance: str | None
    floor: int
    room: str

    @property
    def code(self) -> str:
        """Return 1-1-101, without entrance 1-101."""
        return house_key("-".join(part for part in (self.building, self.entrance, self.room) if part))


@dataclass
class Generation:
    """What the generator makes, or would make.

    Args:
        plan: counts of buildings, entrances, units; its batches where it was carried out.
        samples: the first and the last house numbers.
        known: how many of the house numbers the office has already; they are left alone.
    """

    plan: Plan
    samples: list[str] = field(default_factory=list)
    known: int = 0

    @property
    def new(self) -> int:
        """Number of units that are new."""
        count = self.plan.counts.get(Unit)
        return count.new if count else 0

    def summary(self) -> str:
        """Return it in a sentence or two."""
        made = [f"{record.noun()} {count.new}" for record, count in self.plan.counts.items() if count.new]
        known = f"已有的 {self.known} 套房屋不动。" if self.known else ""
        return f"新建：{'，'.join(made) or '无'}。{known}房号：{'、'.join(self.samples)}。"


@deed(KIND, "批量生成房屋", IMPORT)
def generate(
    buildings: AskedBuildings,
    floors: AskedFloors,
    rooms: AskedRooms,
    entrances: AskedEntrances = 1,
    pattern: AskedPattern = "{层}{序:2}",
    without: AskedWithout = None,
    kind: AskedKind = UnitKind.HOUSE,
    state: AskedState = UnitState.HANDED_OVER,
    area: AskedArea = None,
    community: AskedCommunity = None,
    dry_run: AskedDryRun = False,
) -> Generation:
    """Make buildings, entrances and units; house numbers that the office has already are left alone.

    Args:
        buildings: codes, such as 1-13,15 or A1-A3.
        floors: such as 1-33 or -1,1-6; what is below ground is numbered B1.
        rooms: on each floor of an entrance.
        entrances: of each building; 0 where its units share one number without entrance.
        pattern: how a room is numbered from {楼} {单元} {层} {序}, {序:2} meaning two digits.
        without: floors left out, such as 4,14.
        kind: of all of them.
        state: of all of them.
        area: 计费面积 of all of them, from the beginning.
        community: where it is not the first one in use.
        dry_run: whether to tell only.

    Raises:
        BadInput: something cannot be read, two rooms get one number, or there are too many.
    """
    places = list(_places(buildings, floors, rooms, entrances, pattern, without))
    codes = [place.code for place in places]
    _check_numbers(codes)
    known = {row[0] for row in db.execute(Unit.select(Unit.code))} & set(codes)
    given = {"kind": kind, "state": state}
    roster = _roster([place for place in places if place.code not in known], given, area, community)
    plan = imports.planned(Path(f"{buildings}栋"), "批量生成", roster)
    if not dry_run:
        imports.write(plan, "生成", batch=KIND)
    ends = codes if len(codes) <= 2 * _SAMPLES else [*codes[:_SAMPLES], "……", *codes[-_SAMPLES:]]
    return Generation(plan, ends, len(known))


def plan_generation(**values: Any) -> Generation:
    """Say what `generate` would make of the same values; nothing is written.

    Raises:
        BadInput: as `generate`.
        PermissionDenied: the person acting may not generate.
    """
    require(IMPORT)
    return generate(**{**values, "dry_run": True})


def _places(
    buildings: str, floors: str, rooms: int, entrances: int, pattern: str, without: str | None
) -> Iterator[Place]:
    left_out = set(_floors(without)) if without else set()
    levels = [floor for floor in _floors(floors) if floor not in left_out]
    codes = _codes(buildings)
    doors: list[str | None] = [str(number) for number in range(1, entrances + 1)]
    doors = doors or [None]
    if len(codes) * len(doors) * len(levels) * rooms > MOST:
        raise BadInput(f"一次最多生成 {MOST:,} 套。请分几次生成。", "buildings")
    number = _numbering(pattern)
    for building, door, floor in product(codes, doors, levels):
        for place in range(1, rooms + 1):
            yield Place(building, door, floor, number(building, door, floor, place))


def _codes(written: str) -> list[str]:
    """Read 1-13,15 and A1-A3."""
    codes: list[str] = []
    for part in _parts(written):
        found = _RANGE.fullmatch(part)
        if found is None or int(found[3] or found[2]) < int(found[2]):
            raise BadInput(f"楼栋号“{part}”看不懂。请写成 1-13,15 或 A1-A3 的样子。", "buildings")
        numbers = range(int(found[2]), int(found[3] or found[2]) + 1)
        codes += [f"{found[1]}{number}" for number in numbers]
    return list(dict.fromkeys(codes))


def _floors(written: str) -> list[int]:
    """Read 1-33 and -2--1,1-6; there is no floor 0."""
    levels: list[int] = []
    for part in _parts(written):
        found = _FLOORS.fullmatch(part)
        first, last = (int(found[1]), int(found[2] or found[1])) if found else (1, 0)
        if first > last or first < -9 or last > 200:
            raise BadInput(
                f"楼层“{part}”看不懂。请写成 1-33 或 -1,1-6 的样子，地下 -9 到地上 200。", "floors"
            )
        levels += [floor for floor in range(first, last + 1) if floor]
    return list(dict.fromkeys(levels))


def _parts(written: str) -> list[str]:
    plain = narrow(written).upper().replace("、", ",").replace(" ", "").replace("~", "-").replace("至", "-")
    return [part for part in plain.split(",") if part]


def _numbering(pattern: str) -> Any:
    """Return what makes a room's number from building, entrance, floor and place."""
    names = [found[1] for found in _PLACEHOLDER.finditer(pattern)]
    rest = _PLACEHOLDER.sub("", pattern)
    if "序" not in names or re.search(r"[{}]|[^0-9A-Za-z]", rest):
        sentence = (
            f"室号规则“{pattern}”看不懂。请用 {{层}} {{序}} {{单元}} {{楼}} 和数字字母，例如 {{层}}{{序:2}}。"
        )
        raise BadInput(sentence, "pattern")

    def number(building: str, door: str | None, floor: int, place: int) -> str:
        told = {
            "楼": building,
            "单元": door or "",
            "层": f"B{-floor}" if floor < 0 else str(floor),
            "序": str(place),
        }
        return _PLACEHOLDER.sub(lambda found: told[found[1]].zfill(int(found[2] or 1)), pattern)

    return number


def _check_numbers(codes: list[str]) -> None:
    if not codes:
        raise BadInput("没有要生成的房屋。请核对楼栋号、楼层和不要的楼层。", "floors")
    if len(set(codes)) < len(codes):
        twice = Counter(codes).most_common(1)[0][0]
        remedy = "请在规则里加上 {层}，或给 {序} 加位数，例如 {序:2}。"
        raise BadInput(f"按这个室号规则，房号 {twice} 会出现两次。{remedy}", "pattern")


def _roster(
    places: list[Place], given: dict[str, Any], area: Decimal | None, community: Community | None
) -> Roster:
    """Draft what is not there yet; a building and an entrance follow from the units in them."""
    roster, line = Roster(), _NO_LINE
    name = community.name if community else community_name()
    if places:
        roster.add(Community, line, implied=True, name=name)
    for code in dict.fromkeys(place.building for place in places):
        roster.add(Building, line, implied=True, code=code, name=f"{code}栋", community=Ref(Community, name))
    floors: dict[tuple[str, str], int] = {}
    for place in places:
        if place.entrance:
            key = place.building, place.entrance
            floors[key] = max(floors.get(key, 1), place.floor)
    for (building, entrance), top in floors.items():
        lies = Ref(Building, building)
        roster.add(Entrance, line, implied=True, building=lies, code=entrance, floors=top)
    for place in places:
        _add_unit(roster, place, given, area)
    return roster


def _add_unit(roster: Roster, place: Place, given: dict[str, Any], area: Decimal | None) -> None:
    building, line = Ref(Building, place.building), _NO_LINE
    entrance = Ref(Entrance, (building, place.entrance)) if place.entrance else None
    lies: dict[str, Any] = {"building": building, "entrance": entrance, "floor": place.floor}
    roster.add(Unit, line, code=place.code, room=place.room, **lies, **given)
    if area is not None:
        roster.add(UnitArea, line, unit=Ref(Unit, place.code), billing=area, since=BEGINNING)


undone_by(KIND, "批量生成")(undo_import)
