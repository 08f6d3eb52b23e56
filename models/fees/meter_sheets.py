"""表计与抄表的导入: registers and readings from our template, and the peer's register of meters.

Readings come in behind those that the office has, month by month; what they use is found out when they
are written, as it is for a reading that is typed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from models.base import Journal, db, journal
from models.deeds import actor, require
from models.errors import RuleBroken
from models.fees.item_sheets import basis_of
from models.fees.items import Basis, FeeItem
from models.fees.meters import Meter, MeterKind, next_position
from models.fees.readings import Reading, live_readings, spans_of
from models.fees.rights import METERS, READ
from models.fees.taking import READINGS
from models.fees.usage import BASES, NOTHING, Falling, Point, ReadingKind, Span, Terms, steps
from models.fields import CodeField, FlagField, LineField, QuantityField
from models.imports import LAYOUTS, Column, Layout, Line, Ref, Roster, kind, sheet_of, template_sheet
from models.money import from_scaled, to_scaled
from models.months import Month
from models.owners.estate import Building, Entrance, Unit
from models.owners.kinds import house_key, unit_ref

_TERMS = "meters"
"""Note of a roster: how the meters of its register count, by number."""


def _hang(row: dict[str, Any]) -> None:
    """Let a meter hang where its house is."""
    if row["unit"] is not None:
        unit = Unit.get_by_id(row["unit"])
        row["building"], row["entrance"] = unit.building_id, unit.entrance_id


kind(Meter, "number", differs="需要改时请用“修改表计”。", derive=_hang)


@template_sheet(
    "表计",
    (
        Column("number", Meter.number, required=True),
        Column("kind", Meter.kind, hint="没有填就是水"),
        Column("unit", Meter.unit, hint="没有填就是公共表"),
        Column("building", Building.code, hint="公共表挂在哪栋楼"),
        Column("entrance", Entrance.code),
        Column("place", Meter.place, hint="公共表写清楚在哪里"),
        Column("multiplier", Meter.multiplier, hint="没有填就是 1"),
        Column("digits", Meter.digits, hint="表上整数有几位，没有填就是 5"),
        Column("route", Meter.route),
        Column("position", Meter.position, hint="没有填就按表里的先后"),
        Column("item", Meter.item, heading="项目编号", hint="按读数收费的项目；公共表不填"),
        Column("since", Meter.since, hint="没有填就从起初算起"),
    ),
    order=100,
    about="水电气热表，一块一行，按走的先后排。",
)
def read_meters(lines: list[Line], roster: Roster) -> None:
    """Read the register of meters, in the order in which they are walked to."""
    if lines:
        require(METERS)
    places = _Places()
    for line in lines:
        _check_meter(line, roster)
        unit, building, entrance = line["unit"], line["building"], line["entrance"]
        of = Ref(Building, building, "building") if building and not unit else None
        within = Ref(Entrance, (Ref(Building, building), entrance), "entrance") if of and entrance else None
        _add(
            line, roster, unit=unit_ref(unit, "unit") if unit else None, building=of, entrance=within,
            position=line["position"] or places.next(line["number"], line["route"]),
            **{name: line[name] for name in ("kind", "place", "multiplier", "digits", "route", "since")},
            item=Ref(FeeItem, line["item"], "item") if line["item"] else None,
        )  # fmt: skip


class _Places:
    """Gives each new meter the place behind the one before it on its route."""

    def __init__(self) -> None:
        self._next: dict[str | None, int] = {}
        self._known = {number for (number,) in db.execute(Meter.select(Meter.number))}

    def next(self, number: str, route: str | None) -> int | None:
        """Return the next place; None for a meter that has one."""
        if number in self._known:
            return None
        place = self._next.get(route) or next_position(route)
        self._next[route] = place + 1
        return place


def _add(line: Line, roster: Roster, **values: Any) -> None:
    roster.add(Meter, line, number=line["number"], **values)
    terms = Terms(values.get("multiplier") or 1, values.get("digits") or Meter.digits.default)
    roster.notes.setdefault(_TERMS, {})[line["number"]] = terms


def _check_meter(line: Line, roster: Roster) -> None:
    if not (line["unit"] or line["building"] or line["place"]):
        line.error("unit", "没有填房号", "公共表请填楼栋号或位置，抄表的人才找得到。")
    if line["item"] is None:
        return
    if line["unit"] is None:
        line.error("item", "公共表不直接收费，用量由公共分摊", "请不要填项目编号，或填上房号。")
    elif basis_of(line["item"], roster) not in (None, Basis.METER):
        line.error("item", f"这个项目不是“{Basis.METER.value}”的", "请填按读数收费的项目。")


# -- readings --------------------------------------------------------------------------------------


@dataclass
class _Read:
    """A reading that comes in."""

    month: Month
    value: Decimal
    rolled: bool
    kind: ReadingKind
    usage: Decimal = NOTHING


def _complete(row: dict[str, Any]) -> None:
    """Find out, as columns store it, what a reading uses."""
    book = _book(row["meter"])
    month = Month.from_number(row["month"])
    one = _Read(month, from_scaled(row["value"], 2), bool(row["rolled"]), ReadingKind[row["kind"]])
    book.points.append(one)
    try:
        step = steps(book.points, book.terms, book.before)[-1]
    except Falling as problem:
        raise RuleBroken(f"{month} 的读数小于上次读数 {problem.previous:,.2f}。请重新检查再导入。") from None
    row["usage"], row["months"] = to_scaled(step.usage, 2), step.months
    row["previous"] = None if step.previous is None else to_scaled(step.previous, 2)
    row["deviation"] = None if step.deviation is None else to_scaled(step.deviation, 1)


@dataclass
class _Book:
    """The readings of a meter so far, those of this import included."""

    terms: Terms
    before: list[Span]
    points: list[Point]


@dataclass
class _Books:
    running: Journal
    of: dict[int, _Book] = field(default_factory=dict)


_memo: list[_Books] = []


def _book(meter: int) -> _Book:
    if not _memo or _memo[0].running is not journal():
        _memo[:] = [_Books(journal())]
    books = _memo[0].of
    if meter not in books:
        known = Meter.get_by_id(meter)
        books[meter] = _Book(known.terms, spans_of(known.replaces), list(live_readings(known)))
    return books[meter]


kind(
    Reading,
    *("meter", "month", "base"),
    among=lambda: Reading.live == True,
    derive=_complete,
    differs="要改请用“更正读数”。",
    batch=READINGS,
)


@template_sheet(
    "抄表",
    (
        Column("meter", Reading.meter, required=True),
        Column("month", Reading.month, required=True, hint="例如 2026-06"),
        Column("value", QuantityField(verbose_name="读数"), required=True),
        Column("day", Reading.day, hint="没有填就是该月最后一天"),
        Column("rolled", FlagField(null=True, verbose_name="过零"), hint="表走满一圈、从 0 开始的填 是"),
        Column("note", Reading.note),
    ),
    order=110,
    about="启用以来的读数，一块表一个月一行。每块表最早的一行是底数，不收费。",
)
def read_readings(lines: list[Line], roster: Roster) -> None:
    """Read what meters showed; the first reading of each is its base."""
    if lines:
        require(READ)
    groups: dict[str, list[Line]] = {}
    for line in lines:
        if not (line.failed or line["meter"] is None):
            groups.setdefault(line["meter"], []).append(line)
    for number, mine in groups.items():
        _read_meter(number, sorted(mine, key=lambda line: line["month"]), roster)


def _read_meter(number: str, lines: list[Line], roster: Roster) -> None:
    meter = Meter.get_or_none(Meter.number == number)
    known = live_readings(meter) if meter is not None else []
    terms = meter.terms if meter is not None else roster.notes.get(_TERMS, {}).get(number, Terms(1, 5))
    there = {one.month: one for one in known}
    today = Month.of(date.today())
    new = []
    for line in lines:
        month = line["month"]
        if line["value"] >= terms.end:
            line.error("value", f"超过 {terms.digits} 位表能显示的数", "请核对读数和表位数。")
        elif month > today:
            line.error("month", "这个月还没有到", "请改正月份。")
        elif month in there:
            _add_reading(line, roster, there[month].kind)
        elif known and month < known[-1].month:
            line.error("month", f"这块表已抄到 {known[-1].month}", "补以前漏抄的月份请用“录入读数”。")
        else:
            new.append(line)
    _add_new(new, known, terms, roster)


def _add_new(lines: list[Line], known: list[Reading], terms: Terms, roster: Roster) -> None:
    """Draft the readings that follow, one after the other; one that falls is refused."""
    points: list[Point] = list(known)
    for line in lines:
        how = ReadingKind.READ if points else ReadingKind.FIRST
        one = _Read(line["month"], line["value"], bool(line["rolled"]), how)
        try:
            steps([*points, one], terms)
        except Falling as problem:
            what = "没有过零" if one.rolled else "小于上次读数"
            line.error(
                "value", f"{what}（上次 {problem.previous:,.2f}）", "请核对；走满一圈的在“过零”填 是。"
            )
            continue
        points.append(one)
        _add_reading(line, roster, how)


def _add_reading(line: Line, roster: Roster, how: ReadingKind) -> None:
    day = line["day"] or min(line["month"].last, date.today())
    roster.add(
        Reading, line, meter=Ref(Meter, line["meter"], "meter"), month=line["month"], value=line["value"],
        base=how in BASES, kind=how, rolled=bool(line["rolled"]) and how not in BASES, day=day,
        note=line["note"], made_by=actor().name,
    )  # fmt: skip


# -- the peer's register -----------------------------------------------------------------------------

PEER_METERS = Layout("HC小区物业管理系统水电表", [], 1)
LAYOUTS.append(PEER_METERS)
_MAKERS = ("1", "2", "3", "4")
_PREPAID, _BY_READING = "1001", "2002"


@sheet_of(
    PEER_METERS,
    "水电表",
    (
        Column("place", LineField(max_length=40, verbose_name="名称")),
        Column("number", CodeField(max_length=24, verbose_name="表号"), required=True),
        Column("kind", LineField(max_length=20, verbose_name="表类型"), required=True),
        Column("mode", CodeField(max_length=8, verbose_name="模式"), required=True),
        Column("unit", CodeField(max_length=40, verbose_name="房屋"), required=True),
        Column("item", LineField(max_length=40, verbose_name="费用项"), required=True),
        Column("maker", CodeField(max_length=8, verbose_name="厂家")),
    ),
    order=10,
    ignored=("采集器ID",),
)
def read_peer_meters(lines: list[Line], roster: Roster) -> None:
    """Read the peer's register; a row whose cells stand under the wrong headings is refused whole."""
    if lines:
        require(METERS)
    places, items = _Places(), {item.name: item for item in FeeItem.select()}
    for line in lines:
        wrong = list(_strange_cells(line, items))
        if len(wrong) > 1:
            told = "、".join(f"{heading}是“{line.shown(name)}”" for name, heading, _, _ in wrong)
            line.error(
                "", f"各列内容错位：{told}", "请对照表旁的说明逐列改正：房屋填 1-1-1001，费用项填项目名称。"
            )
        elif wrong:
            name, _, reason, remedy = wrong[0]
            line.error(name, reason, remedy)
        if line["mode"] == _PREPAID and not wrong:
            line.note("mode", "充值表按读数抄表导入", "业主自己充值的表，请在“表计”里停用或去掉收费项目。")
        if not line.failed:
            _add(
                line, roster, place=line["place"], kind=_kind_of(line["kind"]),
                unit=unit_ref(line["unit"], "unit"), position=places.next(line["number"], None),
                item=Ref(FeeItem, items[line["item"]].code, "item"),
            )  # fmt: skip


def _strange_cells(line: Line, items: dict[str, FeeItem]) -> Iterable[tuple[str, str, str, str]]:
    """Yield (column, heading, reason, remedy) of the cells that cannot be what their headings say."""
    if line["kind"] and _kind_of(line["kind"]) is None:
        yield "kind", "表类型", "不认识的表类型", "请填抄表类型的名称，例如 水费、电费。"
    if line["mode"] and line["mode"] not in (_PREPAID, _BY_READING):
        yield "mode", "模式", "不认识的模式", "请填 1001（充值）或 2002（抄表）。"
    if line["unit"] and house_key(line["unit"]).count("-") != 2:
        yield "unit", "房屋", "不是房号", "请按 1-1-1001 的样子填写。"
    if line["item"] and line["item"] not in items:
        yield "item", "费用项", "没有这个收费项目", "请填收费项目的名称，或先新增这个项目。"
    elif line["item"] and items[line["item"]].basis is not Basis.METER:
        yield "item", "费用项", f"这个项目不是“{Basis.METER.value}”的", "请填按读数收费的项目。"
    if line["maker"] and line["maker"] not in _MAKERS:
        yield "maker", "厂家", "不认识的厂家", "请填 1 到 4，见表旁的说明。"


def _kind_of(written: str) -> MeterKind | None:
    return next((one for one in MeterKind if one.value in written), None)
