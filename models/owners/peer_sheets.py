"""HC小区物业管理系统的资料表: buildings, owners, rooms and parking spaces as its offices fill them in.

What stands for "none" there (18999999999, 111111111111111111, an area of 1 for a space) is none
here. People are known by 业主编号 alone; family, tenants and others name the owner they belong to.
"""

from __future__ import annotations

from collections import defaultdict
from enum import Enum
from itertools import chain
from typing import Any

from models import text
from models.base import db
from models.fields import (
    BEGINNING,
    AreaField,
    ChoiceField,
    CodeField,
    CountField,
    DayField,
    IdentityField,
    LineField,
    PhoneField,
)
from models.imports import Column, Line, Ref, Roster, peer_sheet
from models.owners.estate import Building, Community, Entrance, Unit, UnitArea, UnitKind, UnitState
from models.owners.kinds import community_name, house_key
from models.owners.people import Gender, Occupancy, OccupancyKind, Ownership, Person, Vehicle, VehicleKind

NO_PHONE = "18999999999"
NO_IDENTITY = "1" * 18
_OWNER = "1001"
_MEMBERS = {"1002": OccupancyKind.FAMILY, "1003": OccupancyKind.TENANT, "1004": OccupancyKind.OTHER}
_ROOMS: dict[str, tuple[UnitKind, str | None]] = {
    "110": (UnitKind.HOUSE, None),
    "119": (UnitKind.HOUSE, "宿舍"),
    "120": (UnitKind.OFFICE, None),
}
_VEHICLES = {"9901": VehicleKind.CAR, "9902": VehicleKind.COACH, "9903": VehicleKind.TRUCK}
_FILLER_LAYOUT = "10102"
_NO_OWNER = "业主信息表里没有这个业主编号"


class Terms(Enum):
    """How a parking space was given."""

    S = "出售"
    H = "出租"


@peer_sheet(
    "楼栋单元",
    (
        Column("building", CodeField(max_length=16, verbose_name="楼栋号"), required=True),
        Column("entrance", CodeField(max_length=16, verbose_name="单元编号"), required=True),
        Column("floors", CountField(low=1, high=200, verbose_name="总层数")),
        Column("lift", LineField(max_length=2, verbose_name="是否有电梯")),
    ),
    order=10,
)
def read_entrances(lines: list[Line], roster: Roster) -> None:
    """Read buildings and their entrances; all of them lie in the office's first community."""
    if not lines:
        return
    name = community_name()
    roster.add(Community, lines[0], implied=True, name=name)
    for line in lines:
        code = line["building"]
        roster.add(
            *(Building, line), implied=True, code=code, name=f"{code}栋", community=Ref(Community, name)
        )
        roster.add(
            Entrance,
            line,
            building=Ref(Building, code, "building"),
            code=line["entrance"],
            floors=line["floors"],
            lift=_lift(line),
        )


def _lift(line: Line) -> str | None:
    word = line["lift"]
    return {"是": "有", "否": "无"}.get(word, word)


@peer_sheet(
    "业主信息",
    (
        Column("name", LineField(max_length=60, verbose_name="业主名称"), required=True),
        Column("gender", ChoiceField(Gender, verbose_name="性别")),
        Column("phone", LineField(max_length=40, verbose_name="手机号")),
        Column("identity", LineField(max_length=40, verbose_name="身份证号")),
        Column("kind", CodeField(max_length=8, verbose_name="业主类型"), required=True),
        Column("number", CodeField(max_length=24, verbose_name="业主编号"), required=True),
    ),
    order=20,
    ignored=("编号", "年龄"),
)
def read_people(lines: list[Line], roster: Roster) -> None:
    """Read owners first, then those who belong to one; nobody is merged with anybody."""
    numbers = {line["number"] for line in lines if line["kind"] == _OWNER}
    owners = numbers | {row[0] for row in db.execute(Person.select(Person.number))}
    members: dict[str, int] = defaultdict(int)
    seen: dict[str, Line] = {}
    roster.notes["members"] = kept = defaultdict(list)
    for line in lines:
        number = line["number"]
        if line["kind"] in _MEMBERS and number is not None:
            if number not in owners:
                remedy = "请先在业主信息里补上这位业主（业主类型 1001），或改正编号。"
                line.error("number", "业主信息里没有这个编号的业主", remedy)
            number = _member_number(number, members, numbers)
            kept[line["number"]].append((line, number, _MEMBERS[line["kind"]]))
        elif line["kind"] is not None and line["kind"] != _OWNER:
            line.error(
                *("kind", "不认识的业主类型"),
                "请填 1001（业主）、1002（家庭成员）、1003（租客）或 1004（其他）。",
            )
        _add_person(line, number, roster, seen)


def _member_number(owner: str, members: dict[str, int], numbers: set[str]) -> str:
    """Return a number for somebody who has none of his own: that of the owner and a running one."""
    while True:
        members[owner] += 1
        number = f"{owner}-{members[owner]}"
        if number not in numbers:
            return number


def _add_person(line: Line, number: str | None, roster: Roster, seen: dict[str, Line]) -> None:
    phone = _given(line, "phone", NO_PHONE, _PHONE)
    identity = _given(line, "identity", NO_IDENTITY, _IDENTITY)
    if identity:
        _note_repeated(line, identity, seen)
    roster.add(
        *(Person, line),
        number=number,
        name=line["name"],
        gender=line["gender"],
        phone=phone,
        identity=identity,
    )


_PHONE = PhoneField(null=True, verbose_name="手机号")
_IDENTITY = IdentityField(null=True, verbose_name="身份证号")


def _given(line: Line, name: str, none: str, kind: Any) -> str | None:
    """Return a phone or identity number, none where the sheet's word for none stands there."""
    written = line[name]
    if written == none:
        line.note(
            name, f"{none} 表示没有，按没有{kind.label}导入", f"知道{kind.label}后请在“修改人员”里补上。"
        )
        return None
    return line.checked(name, kind)


def _note_repeated(line: Line, identity: str, seen: dict[str, Line]) -> None:
    first = seen.setdefault(identity, line)
    if first is not line:
        reason = f"身份证号与第 {first.number} 行相同，仍按不同的人导入"
        line.note("identity", reason, "请核对；同一人只留一个业主编号。", text.mask_identity(identity))


@peer_sheet(
    "房屋信息",
    (
        Column("room", CodeField(max_length=16, verbose_name="房屋编号"), required=True),
        Column("building", CodeField(max_length=16, verbose_name="楼栋编号"), required=True),
        Column("entrance", CodeField(max_length=16, verbose_name="单元编号"), required=True),
        Column("floor", CountField(low=-9, high=200, verbose_name="房屋楼层")),
        Column("layout", LineField(max_length=20, verbose_name="房屋户型")),
        Column("built", LineField(max_length=20, verbose_name="建筑面积")),
        Column("owner", CodeField(max_length=24, verbose_name="业主编号")),
        Column("kind", CodeField(max_length=8, verbose_name="房屋类型")),
        Column("inner", LineField(max_length=20, verbose_name="室内面积")),
    ),
    order=30,
    ignored=("租金",),
)
def read_rooms(lines: list[Line], roster: Roster) -> None:
    """Read rooms, their areas and owners, which hold from the beginning."""
    roster.notes["housed"] = set()
    seen: dict[str, Line] = {}
    for line in lines:
        code = room_code(line)
        if line.repeats(code, "room", seen):
            continue
        kind, usage = _room_kind(line)
        building = Ref(Building, line["building"], "building")
        roster.add(
            Unit,
            line,
            kind=kind,
            code=code,
            building=building,
            entrance=Ref(Entrance, (building._replace(column=""), line["entrance"]), "entrance"),
            room=line["room"],
            floor=line["floor"],
            layout=None if line["layout"] == _FILLER_LAYOUT else line["layout"],
            usage=usage,
        )
        _add_area(line, code, roster, _area(line, "built"), _area(line, "inner"))
        _add_owner(line, code, roster)
    for member, number, kind in chain.from_iterable(roster.notes.get("members", {}).values()):
        if number not in roster.notes["housed"] and not member.failed:
            remedy = "需要时请用“登记使用人”。"
            member.note("number", f"业主名下没有房屋，{kind.value}没有登记到房屋", remedy)


def room_code(line: Line) -> str:
    """Return the house number of a row: 1-1-1011."""
    return house_key(f"{line['building']}-{line['entrance']}-{line['room']}")


def _room_kind(line: Line) -> tuple[UnitKind, str | None]:
    code = line["kind"]
    if code is not None and code not in _ROOMS:
        line.error("kind", "不认识的房屋类型", "请填 110（住宅）、119（宿舍）或 120（办公室）。")
    return _ROOMS.get(code, (UnitKind.HOUSE, None))


_AREA = AreaField(verbose_name="面积")


def _area(line: Line, name: str) -> Any:
    """Return an area, none where the cell is empty or 0."""
    return None if line[name] in (None, "0") else line.checked(name, _AREA)


def _add_area(line: Line, code: str, roster: Roster, built: Any, inner: Any) -> None:
    if built is not None:
        roster.add(
            UnitArea, line, unit=Ref(Unit, code), built=built, inner=inner, billing=built, since=BEGINNING
        )
    elif not line.failed:
        line.note("built", "没有面积", "知道面积后请用“设定面积”补上；按面积计费的项目在此之前不能出账。")


def _add_owner(line: Line, code: str, roster: Roster) -> None:
    owner = line["owner"]
    if owner is None:
        line.note("owner", "没有业主编号，按无业主导入", "通知单写“致 产权人”；知道业主后请用“登记产权”。")
        return
    missing = (_NO_OWNER, "按无业主导入", "请核对编号；知道业主后请用“登记产权”。")
    roster.add(
        *(Ownership, line), unit=Ref(Unit, code), person=Ref(Person, owner, "owner", missing), since=BEGINNING
    )
    _add_members(line, code, owner, roster)


def _add_members(line: Line, code: str, owner: str, roster: Roster) -> None:
    """Let the family, tenants and others of an owner use each of his rooms."""
    for member, number, kind in roster.notes.get("members", {}).get(owner, ()):
        if not member.failed:
            roster.notes["housed"].add(number)
            person = Ref(Person, number, "owner")
            roster.add(Occupancy, line, unit=Ref(Unit, code), person=person, kind=kind, since=BEGINNING)


@peer_sheet(
    "车位信息",
    (
        Column("code", CodeField(max_length=16, verbose_name="车位编码"), required=True),
        Column("usage", LineField(max_length=20, verbose_name="停车场类型")),
        Column("area", LineField(max_length=20, verbose_name="面积")),
        Column("owner", CodeField(max_length=24, verbose_name="业主编号")),
        Column("plate", CodeField(max_length=12, verbose_name="车牌号")),
        Column("brand", LineField(max_length=30, verbose_name="车品牌")),
        Column("vehicle", CodeField(max_length=8, verbose_name="车类型")),
        Column("colour", LineField(max_length=12, verbose_name="颜色")),
        Column("terms", ChoiceField(Terms, verbose_name="出租还是出售")),
        Column("since", DayField(verbose_name="开始时间")),
        Column("until", DayField(verbose_name="结束时间")),
    ),
    order=40,
    ignored=("停车场编号",),
)
def read_spaces(lines: list[Line], roster: Roster) -> None:
    """Read parking spaces, who bought or rents them, and the vehicles that use them."""
    seen: dict[str, Line] = {}
    for line in lines:
        if line.repeats(line["code"], "code", seen):
            continue
        terms = _terms(line)
        roster.add(
            Unit,
            line,
            kind=UnitKind.PARKING,
            code=line["code"],
            room=line["code"],
            usage=line["usage"],
            state=_SPACE_STATES[terms],
        )
        if line["area"] == _NO_SPACE_AREA:
            line.note("area", "面积 1 表示没有，按没有面积导入", "知道面积后请用“设定面积”补上。")
        elif (area := _area(line, "area")) is not None:
            roster.add(UnitArea, line, unit=Ref(Unit, line["code"]), billing=area, since=BEGINNING)
        _add_holder(line, terms, roster)
        _add_vehicle(line, terms, roster)


_NO_SPACE_AREA = "1"
_SPACE_STATES = {None: UnitState.UNSOLD, Terms.S: UnitState.HANDED_OVER, Terms.H: UnitState.LET}


def _terms(line: Line) -> Terms | None:
    if line["owner"] is None:
        return None
    if line["terms"] is None and not line.failed:
        line.error("terms", "有业主编号而没有填出租还是出售", "请填 H（出租）或 S（出售）。")
    terms: Terms | None = line["terms"]
    return terms


def _add_holder(line: Line, terms: Terms | None, roster: Roster) -> None:
    """Let a buyer own the space, a renter use it and pay for it."""
    if terms is None:
        return
    missing = (_NO_OWNER, "按无业主导入", "请核对编号；知道业主后再登记。")
    person, unit = Ref(Person, line["owner"], "owner", missing), Ref(Unit, line["code"])
    since = line["since"] or BEGINNING
    if terms is Terms.S:
        roster.add(Ownership, line, unit=unit, person=person, since=since)
        return
    tenant = {"kind": OccupancyKind.TENANT, "pays": True, "until": line["until"]}
    roster.add(Occupancy, line, unit=unit, person=person, since=since, **tenant)


def _add_vehicle(line: Line, terms: Terms | None, roster: Roster) -> None:
    if line["plate"] is None:
        return
    code = line["vehicle"]
    if code is not None and code not in _VEHICLES:
        line.error("vehicle", "不认识的车类型", "请填 9901（小汽车）、9902（客车）或 9903（货车）。")
    missing = (_NO_OWNER, "车辆没有导入", "请核对编号；知道车主后请用“登记车辆”。")
    roster.add(
        Vehicle,
        line,
        plate=line["plate"].upper(),
        person=Ref(Person, line["owner"], "owner", missing) if line["owner"] else None,
        space=Ref(Unit, line["code"]),
        kind=_VEHICLES.get(code, VehicleKind.CAR),
        brand=line["brand"],
        colour=line["colour"],
        since=line["since"] or BEGINNING,
        until=line["until"] if terms is Terms.H else None,
    )
