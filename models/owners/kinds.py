"""导入所知: by what the import knows the records of the owner files again, and what follows from what."""

from __future__ import annotations

from typing import Any

from models import text
from models.imports import Ref, kind
from models.office.profile import profile
from models.owners.estate import Building, Community, Entrance, Unit, UnitArea, the_community
from models.owners.people import Occupancy, Ownership, Person, Vehicle, search_text

_OFFICES = ("物业服务中心", "物业管理处", "管理处", "服务中心", "物业")


def _sorted_by_code(row: dict[str, Any]) -> None:
    row["sort_key"] = text.natural_key(row["code"])


def _searched(row: dict[str, Any]) -> None:
    row["search"] = search_text(row["name"], row["phone"])


kind(Community, "name")
kind(Building, "code", derive=_sorted_by_code)
kind(Entrance, "building", "code")
kind(Unit, "code", derive=_sorted_by_code)
kind(UnitArea, "unit", "since", group=("unit",), differs="面积有变时请用“设定面积”。")
kind(Person, "number", derive=_searched)
kind(
    Ownership,
    *("unit", "person", "since"),
    group=("unit",),
    once=("unit", "person"),
    differs="业主有变时请用“过户”或“登记产权”。",
)
kind(
    Occupancy,
    *("unit", "person", "since"),
    group=("unit", "person"),
    once=("unit", "person"),
    differs="需要改时请用“结束使用”或“登记使用人”。",
)
kind(Vehicle, "plate", "since", group=("plate",), once=("plate",), differs="需要改时请用“修改车辆”。")


def community_name() -> str:
    """Return the community of imported buildings: the first one in use, else one named after the office."""
    known = the_community()
    if known is not None:
        return str(known.name)
    name = str(profile().office)
    for ending in _OFFICES:
        name = name.removesuffix(ending) or name
    return name


def house_key(written: str) -> str:
    """Return a house number in its one form, or as it is written where it has none."""
    return text.house_number(written) or text.narrow(written)


def unit_ref(written: str, column: str) -> Ref:
    """Return a reference to a unit by its house number."""
    return Ref(Unit, house_key(written), column)
