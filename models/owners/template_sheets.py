"""模板的业主档案表: buildings, units, people and what binds them, as our own template asks for them."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import Any

from models.base import db
from models.fields import BEGINNING, CodeField, LineField, SinceField
from models.imports import Column, Line, Ref, Roster, template_sheet
from models.owners.dated import turning_days
from models.owners.estate import Building, Community, Entrance, Unit, UnitArea, UnitKind
from models.owners.kinds import community_name, house_key, unit_ref
from models.owners.people import Occupancy, Ownership, Person, Vehicle

_DAY_HINT = "没有填就从起初算起"
_PERSON_HINT = "“业主”表里的业主编号"
_HOUSE = ("房间号", "房屋编号", "房间", "户号", "单元房号")
_NUMBER = ("客户编号", "户主编号", "业主号")

_BUILDING_COLUMNS = (
    Column("building", Building.code, required=True, known_as=("楼号", "栋号", "幢号", "楼栋")),
    Column("name", LineField(max_length=40, verbose_name="楼栋名称"), hint="没有填就是“1栋”的样子"),
    Column("community", LineField(max_length=60, verbose_name="小区"), hint="只有一个小区时不用填"),
    Column("entrance", Entrance.code, hint="没有单元的楼不用填"),
    Column("floors", Entrance.floors),
    Column("lift", Entrance.lift, hint="有 或 无"),
)
_UNIT_COLUMNS = (
    Column(
        "code",
        CodeField(max_length=40, verbose_name="房号"),
        hint="没有填就由楼栋号-单元号-室号组成",
        known_as=_HOUSE,
    ),
    Column("kind", Unit.kind),
    Column("building", Building.code, hint="“楼栋”表里没有的，导入时自动建立"),
    Column("entrance", Entrance.code),
    Column(
        "room",
        CodeField(max_length=16, verbose_name="室号"),
        hint="填了房号可以不填",
        known_as=("室", "门牌", "门牌号"),
    ),
    Column("floor", Unit.floor),
    Column("layout", Unit.layout),
    Column("usage", Unit.usage),
    Column("state", Unit.state),
    Column("handed_over", Unit.handed_over),
    Column(
        "billing",
        UnitArea.billing,
        hint="物业费等按它计算；没有填就用建筑面积",
        known_as=("面积", "收费面积"),
    ),
    Column("built", UnitArea.built, known_as=("房屋面积", "产权面积")),
    Column("inner", UnitArea.inner),
    Column("basis", UnitArea.basis),
    Column("since", SinceField(verbose_name="面积起"), hint=_DAY_HINT),
    Column("note", Unit.note),
)
_UNIT_FIELDS = ("kind", "floor", "layout", "usage", "state", "handed_over", "note")
_PERSON_COLUMNS = (
    Column(
        "number",
        Person.number,
        required=True,
        hint="每人一个，不能重复；改名换电话都凭它认人",
        known_as=_NUMBER,
    ),
    Column("name", Person.name, required=True, known_as=("业主", "业主姓名", "户主", "产权人", "客户名称")),
    Column("kind", Person.kind),
    Column("gender", Person.gender),
    Column("phone", Person.phone, known_as=("手机", "手机号", "联系电话", "联系方式")),
    Column("identity", Person.identity, hint="没有就留空", known_as=("身份证", "身份证号", "身份证号码")),
    Column("contact", Person.contact, hint="单位的联系人"),
    Column("address", Person.address, known_as=("地址", "住址", "联系地址")),
    Column("note", Person.note),
)
_SPAN = (
    Column("since", SinceField(verbose_name="起"), hint=_DAY_HINT),
    Column("until", SinceField(verbose_name="止"), hint="至今就留空"),
)
_UNIT = Column("unit", Ownership.unit, required=True, known_as=_HOUSE)


@template_sheet(
    "楼栋",
    _BUILDING_COLUMNS,
    order=10,
    about="楼栋和单元，一个单元一行。可以不填：房屋表里的楼栋单元会自动建立。",
)
def read_buildings(lines: list[Line], roster: Roster) -> None:
    """Read buildings and entrances."""
    for line in lines:
        _imply_building(line, roster, line["building"], line["name"], line["community"])
        if line["entrance"] is not None:
            roster.add(
                Entrance,
                line,
                building=Ref(Building, line["building"], "building"),
                code=line["entrance"],
                floors=line["floors"],
                lift=line["lift"],
            )


def _imply_building(
    line: Line, roster: Roster, code: str, name: str | None = None, community: str | None = None
) -> None:
    """Draft a building that a row speaks of, and the community it lies in."""
    place = community or roster.notes.setdefault("community", community_name())
    roster.add(Community, line, implied=True, name=place)
    named = {"name": name or f"{code}栋", "community": Ref(Community, place)}
    roster.add(Building, line, implied=True, code=code, **named)


@template_sheet("房屋", _UNIT_COLUMNS, order=20, about="房屋、商铺、车位、储藏间，一套一行。")
def read_units(lines: list[Line], roster: Roster) -> None:
    """Read units, with the area each has from a day on; make the building and entrance they lie in."""
    roster.notes["units"] = {}
    for line in lines:
        place = _place(line)
        if place is None:
            continue
        code, building, entrance, room = place
        roster.notes["units"][code] = line
        lies: dict[str, Any] = {}
        if building is not None:
            _imply_building(line, roster, building)
            lies["building"] = Ref(Building, building, "building")
        if entrance is not None:
            key = Ref(Building, building), entrance
            roster.add(Entrance, line, implied=True, building=key[0], code=entrance)
            lies["entrance"] = Ref(Entrance, key, "entrance")
        given = {
            name: line[name] for name in ("kind", "floor", "layout", "usage", "state", "handed_over", "note")
        }
        roster.add(Unit, line, code=code, room=room, **lies, **given)
        _add_area(line, code, roster)


def _place(line: Line) -> tuple[str, str | None, str | None, str] | None:
    """Return a unit's code, building, entrance and room, each from the others where it is not given."""
    code = line["code"] and unit_ref(line["code"], "code").key
    building, entrance, room = line["building"], line["entrance"], line["room"]
    if code is None and room is None:
        if not line.failed:
            line.error("code", "没有填房号", "请填房号，或填楼栋号、单元号和室号。")
        return None
    if entrance is not None and building is None:
        line.error("building", "填了单元号而没有填楼栋号", "请填楼栋号。")
        return None
    if code is not None and building is None and room is None:
        building, entrance, room = _parts(code, line["kind"])
    code = code or house_key("-".join(part for part in (building, entrance, room) if part))
    return code, building, entrance, room or code.rpartition("-")[2]


def _parts(code: str, kind: UnitKind | None) -> tuple[str | None, str | None, str]:
    """Part 1-1-1011 into building, entrance and room; another number is a room by itself.

    The letters before a space's number (P-01) are no building of that name.
    """
    parts = code.split("-")
    if len(parts) == 3:
        return parts[0], parts[1], parts[2]
    apart = kind in (UnitKind.PARKING, UnitKind.STORE) and parts[0].isalpha()
    return (parts[0], None, parts[1]) if len(parts) == 2 and not apart else (None, None, code)


def _add_area(line: Line, code: str, roster: Roster) -> None:
    billing = line["billing"] or line["built"]
    if billing is not None:
        areas = {name: line[name] for name in ("built", "inner", "basis")}
        since = line["since"] or BEGINNING
        roster.add(UnitArea, line, unit=Ref(Unit, code), billing=billing, since=since, **areas)


@template_sheet(
    "业主", _PERSON_COLUMNS, order=30, about="业主、租户、单位，一人一行。按业主编号认人，同名不合并。"
)
def read_people(lines: list[Line], roster: Roster) -> None:
    """Read people; nobody is merged with anybody."""
    seen: dict[str, Line] = {}
    for line in lines:
        roster.take(Person, line)
        identity = line["identity"]
        if identity and seen.setdefault(identity, line) is not line:
            reason = f"证件号码与第 {seen[identity].number} 行相同，仍按不同的人导入"
            shown = Person.identity.show(identity)
            line.note("identity", reason, "请核对；同一人只留一个业主编号。", shown)


@template_sheet(
    "产权",
    (
        _UNIT,
        Column("person", Ownership.person, heading="业主编号", required=True, hint=_PERSON_HINT),
        Column("share", Ownership.share, hint="共有人的份额，合计不超过 100"),
        Column("primary", Ownership.primary, hint="共有人中收通知的一位填“是”；都不填就是第一位"),
        *_SPAN,
    ),
    order=40,
    about="谁有哪套房屋的产权，一人一套一行；共有的一人一行。",
)
def read_ownerships(lines: list[Line], roster: Roster) -> None:
    """Read who owns what; one of joint owners is the main contact."""
    by_unit: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        if line["unit"] is not None and not line.failed:
            by_unit[unit_ref(line["unit"], "unit").key].append(line)
    for code, owners in by_unit.items():
        spans = [_Span(line) for line in owners]
        _check_shares(code, spans)
        _name_one(spans)
        for span in spans:
            roster.add(
                Ownership,
                span.line,
                unit=unit_ref(code, "unit"),
                person=Ref(Person, span.line["person"], "person"),
                share=span.line["share"],
                primary=span.primary,
                since=span.since,
                until=span.until,
            )
    _note_ownerless(roster, set(by_unit))


class _Span:
    """A row of the sheet as a dated row, so that days can be gone through."""

    def __init__(self, line: Line) -> None:
        self.line = line
        self.since, self.until = _span(line)
        self.primary = bool(line["primary"])


def _span(line: Line) -> tuple[Any, Any]:
    since, until = line["since"] or BEGINNING, line["until"]
    if until is not None and until < since:
        line.error("until", "止日早于起日", "请改正其中一个。")
    return since, until


def _on(spans: list[_Span], day: Any) -> list[_Span]:
    return [one for one in spans if one.since <= day and (one.until is None or one.until >= day)]


def _check_shares(code: str, spans: list[_Span]) -> None:
    for day in turning_days(spans, BEGINNING):
        owners = _on(spans, day)
        total = sum((one.line["share"] or Decimal(0) for one in owners), start=Decimal(0))
        if total > 100:
            last = owners[-1].line
            if not last.failed:
                last.error("share", f"{code} 各业主的份额合计 {total}%，超过 100%", "请改小份额。")


def _name_one(spans: list[_Span]) -> None:
    """Let one of those who own on the same days be the main contact; the first where nobody is named."""
    for day in turning_days(spans, BEGINNING):
        owners = _on(spans, day)
        named = [one for one in owners if one.primary]
        if owners and not named:
            owners[0].primary = True
        for one in named[1:]:
            if not one.line.failed:
                reason = f"与第 {named[0].line.number} 行同时是主要联系人"
                one.line.error("primary", reason, "一套房屋同一时间只有一位主要联系人，请只留一个“是”。")


def _note_ownerless(roster: Roster, owned: set[str]) -> None:
    """Say which units nobody owns, neither by the workbook nor by what the office has."""
    known = {code for (code,) in db.execute(Unit.select(Unit.code).join(Ownership).distinct())}
    for code, line in roster.notes.get("units", {}).items():
        if code not in owned and code not in known and not line.failed:
            remedy = "通知单写“致 产权人”；知道业主后请用“登记产权”。"
            line.note("code", "产权表里没有这套房屋，按无业主导入", remedy, code)


@template_sheet(
    "使用",
    (
        _UNIT,
        Column("person", Occupancy.person, heading="业主编号", required=True, hint=_PERSON_HINT),
        Column("kind", Occupancy.kind),
        Column("pays", Occupancy.pays, hint="租户代业主交费填“是”"),
        *_SPAN,
    ),
    order=50,
    about="租户、家庭成员等使用人，一人一套一行。",
)
def read_occupancies(lines: list[Line], roster: Roster) -> None:
    """Read who uses what without owning it."""
    paying: dict[str, list[_Span]] = defaultdict(list)
    for line in lines:
        if line["unit"] is not None and line["person"] is not None:
            since, until = _span(line)
            if line["pays"]:
                _check_pays_alone(line, paying[unit_ref(line["unit"], "unit").key])
            more = {"kind": line["kind"], "pays": line["pays"], "since": since, "until": until}
            person = Ref(Person, line["person"], "person")
            roster.add(Occupancy, line, unit=unit_ref(line["unit"], "unit"), person=person, **more)


def _check_pays_alone(line: Line, paying: list[_Span]) -> None:
    """Refuse a second user who pays for a unit on the same days."""
    mine = _Span(line)
    for other in paying:
        if mine.since <= (other.until or mine.since) and other.since <= (mine.until or other.since):
            reason = f"与第 {other.line.number} 行同时由其交费"
            line.error("pays", reason, "一套房屋同一时间只由一人交费，请只留一个“是”。")
            return
    paying.append(mine)


@template_sheet(
    "车辆",
    (
        Column("plate", Vehicle.plate, required=True),
        Column("person", Vehicle.person, heading="业主编号", hint=_PERSON_HINT),
        Column("space", Vehicle.space, hint="“房屋”表里的车位编号"),
        Column("kind", Vehicle.kind),
        Column("brand", Vehicle.brand),
        Column("colour", Vehicle.colour),
        *_SPAN,
    ),
    order=60,
    about="车辆，一辆一行。",
)
def read_vehicles(lines: list[Line], roster: Roster) -> None:
    """Read vehicles, their owners and spaces."""
    for line in lines:
        since, until = _span(line)
        roster.add(
            Vehicle,
            line,
            plate=line["plate"] and line["plate"].upper(),
            person=Ref(Person, line["person"], "person") if line["person"] else None,
            space=unit_ref(line["space"], "space") if line["space"] else None,
            kind=line["kind"],
            brand=line["brand"],
            colour=line["colour"],
            since=since,
            until=until,
        )
