"""表计: water, electricity, gas and heat meters of houses and of common parts, in walking order."""

from __future__ import annotations

from datetime import date
from enum import Enum
from typing import Any

from peewee import JOIN, fn

from models.base import Record
from models.deeds import deed
from models.errors import BadInput, RuleBroken
from models.fees.items import Basis, FeeItem
from models.fees.rights import METERS, VIEW
from models.fees.usage import Terms
from models.fees.within import within
from models.fields import (
    BEGINNING,
    ChoiceField,
    CodeField,
    CountField,
    DayField,
    FlagField,
    LineField,
    LinkField,
    SinceField,
)
from models.inputs import edits_of, inputs_from
from models.listings import Filters, Listing, Shown, listing
from models.owners.estate import Building, Entrance, Unit
from models.owners.search import HOUSE

_ENTERED = (
    *("number", "kind", "unit", "building", "entrance", "place", "multiplier", "digits"),
    *("route", "position", "item", "since"),
)
_EDITABLE = ("kind", "place", "multiplier", "digits", "route", "position", "item", "since")
_COUNTS_BY = ("multiplier", "digits")


class MeterKind(Enum):
    """What flows through a meter."""

    WATER = "水"
    ELECTRICITY = "电"
    GAS = "气"
    HEAT = "热"

    @property
    def measure(self) -> str:
        """What it is measured in."""
        return "m³" if self in (MeterKind.WATER, MeterKind.GAS) else "kWh"


class Meter(Record):
    """表计: one meter; without a house it is a common one, whose usage is shared."""

    number = CodeField(max_length=24, unique=True, verbose_name="表号")
    kind = ChoiceField(MeterKind, default=MeterKind.WATER, verbose_name="表类")
    unit = LinkField(Unit, null=True, backref="meters", verbose_name="房号")
    building = LinkField(Building, null=True, index=False, backref="meters", verbose_name="楼栋")
    entrance = LinkField(Entrance, null=True, index=False, backref="meters", verbose_name="单元")
    place = LineField(max_length=40, null=True, verbose_name="位置")
    multiplier = CountField(low=1, high=100_000, default=1, verbose_name="倍率")
    digits = CountField(low=3, high=8, default=5, verbose_name="表位数")
    route = LineField(max_length=20, null=True, verbose_name="抄表路线")
    position = CountField(low=1, high=999_999, verbose_name="顺序")
    item = LinkField(FeeItem, null=True, backref="meters", verbose_name="收费项目")
    since = SinceField(default=BEGINNING, verbose_name="起用")
    until = DayField(null=True, verbose_name="停用日")
    active = FlagField(default=True, verbose_name="在用")
    replaces = LinkField("self", null=True, backref="successors", verbose_name="换下的表")
    origin = LinkField("self", null=True, backref="+", verbose_name="最初的表")

    key_field = "number"

    class Meta:
        title = "表计"

    def label(self) -> str:
        """Return 水表 0012345 1-1-1011."""
        return " ".join(part for part in (f"{self.kind.value}表", self.number, self.hangs_at) if part)

    @property
    def hangs_at(self) -> str:
        """The house, or where a common meter hangs."""
        if self.unit is not None:
            return str(self.unit.code)
        of = f"{self.building.name}" if self.building else ""
        of += f"{self.entrance.code}单元" if self.entrance else ""
        return f"{of}{self.place or '公共'}"

    @property
    def terms(self) -> Terms:
        """How it counts."""
        return Terms(self.multiplier, self.digits)

    def derive(self) -> None:
        """A house's meter hangs where the house is."""
        if self.unit is not None:
            self.building, self.entrance = self.unit.building, self.unit.entrance

    @deed("fees.edit_meter", "修改表计", METERS, inputs=edits_of(lambda: Meter, *_EDITABLE))
    def edit(self, **values: Any) -> Meter:
        """Change where it hangs and what is charged for it; how it counts only while it was never read.

        Raises:
            RuleBroken: it was read already, or the item is not charged by readings.
        """
        counts = {name for name in _COUNTS_BY if values.get(name, getattr(self, name)) != getattr(self, name)}
        if counts and self.readings.exists():
            raise RuleBroken(f"{self.label()} 已经抄过，不能再改倍率和表位数，以前的用量会变。请用“换表”。")
        check_item(values.get("item"), self.unit)
        return self.change(**values)

    @deed(
        "fees.retire_meter", "停用表计", METERS, danger=True,
        question="停用后不再抄表；已经抄了还没有出账的用量照样出账。",
    )  # fmt: skip
    def retire(self) -> Meter:
        """Take it out of use from today on.

        Raises:
            RuleBroken: it is out of use already.
        """
        if not self.active:
            raise RuleBroken(f"{self.label()} 已经停用。")
        return self.change(active=False, until=date.today())

    @deed("fees.restore_meter", "恢复表计", METERS)
    def restore(self) -> Meter:
        """Put it into use again.

        Raises:
            RuleBroken: it is in use, or another one took its place.
        """
        if self.active:
            raise RuleBroken(f"{self.label()} 在用，不用恢复。")
        successor = self.successors.first()
        if successor is not None:
            raise RuleBroken(f"{self.label()} 已换成 {successor.number}，不能恢复。")
        return self.change(active=True, until=None)


IN_ROUTE = (Meter.route.is_null(), Meter.route, Meter.position, Meter.number)
"""The order in which meters are walked to; those of no route come last."""


def walk(*conditions: Any) -> list[Meter]:
    """Return the meters that meet these conditions, with where they hang, in walking order."""
    query = Meter.select(Meter, Unit, Building, Entrance).join(Unit, JOIN.LEFT_OUTER).switch(Meter)
    query = query.join(Building, JOIN.LEFT_OUTER, on=(Meter.building == Building.id)).switch(Meter)
    query = query.join(Entrance, JOIN.LEFT_OUTER, on=(Meter.entrance == Entrance.id))
    return list(query.where(Meter.id > 0, *conditions).order_by(*IN_ROUTE))


@deed(
    "fees.add_meter",
    "新增表计",
    METERS,
    inputs=inputs_from(
        lambda: Meter,
        *_ENTERED,
        unit="不填为公共表",
        position="不填排在该路线最后",
        since="不填为起初",
    ),
)
def add_meter(**values: Any) -> Meter:
    """Enter a meter of a house, or a common one of a building, an entrance or a place.

    Raises:
        RuleBroken: nobody could find it, or the item is not charged by readings.
    """
    unit, entrance = values.get("unit"), values.get("entrance")
    if unit is None and not (values.get("building") or entrance or values.get("place")):
        raise BadInput("没有填房号。公共表请填楼栋、单元或位置，抄表的人才找得到。", "unit")
    if unit is None and entrance is not None:
        values["building"] = entrance.building
    check_item(values.get("item"), unit)
    values["position"] = values.get("position") or next_position(values.get("route"))
    return Meter.add(**{name: value for name, value in values.items() if value is not None})


def check_item(item: FeeItem | None, unit: Unit | None) -> None:
    """Refuse an item that cannot be charged by a meter.

    Raises:
        BadInput: its amount does not come from readings, or nobody would pay it.
    """
    if item is None:
        return
    if item.basis is not Basis.METER:
        raise BadInput(
            f"{item.name}不是“{Basis.METER.value}”的项目。请选按读数收费的项目，或另建一个。", "item"
        )
    if unit is None:
        raise BadInput("公共表不直接收费，用量由公共分摊。请不要填收费项目，或填上房号。", "item")


def next_position(route: str | None) -> int:
    """Return the place after the last meter of a route."""
    of_route = Meter.route.is_null() if route is None else Meter.route == route
    return int(Meter.select(fn.COALESCE(fn.MAX(Meter.position), 0)).where(of_route).scalar()) + 1


@listing("meters", "表计", "fees", VIEW, "unit", "building", "item")
def meters(filters: Filters) -> Listing:
    """Every meter, in walking order."""
    query = Meter.select().join(Unit, JOIN.LEFT_OUTER).switch(Meter)
    query = query.join(Building, JOIN.LEFT_OUTER, on=(Meter.building == Building.id)).switch(Meter)
    query = query.join(Entrance, JOIN.LEFT_OUTER, on=(Meter.entrance == Entrance.id)).switch(Meter)
    query = query.join(FeeItem, JOIN.LEFT_OUTER)
    conditions = within(Meter.unit, unit=filters.unit)
    if filters.building:
        conditions.append(Meter.building == filters.building)
    if filters.item:
        conditions.append(Meter.item == filters.item)
    for condition in conditions:
        query = query.where(condition)
    columns = (
        Shown("number", Meter.number),
        Shown("kind", Meter.kind),
        Shown("unit", Unit.code, label="房号", sort=Unit.sort_key),
        Shown("building", Building.name, label="楼栋"),
        Shown("entrance", Entrance.code, label="单元号"),
        Shown("place", Meter.place),
        Shown("route", Meter.route),
        Shown("position", Meter.position, total=False),
        Shown("item", FeeItem.name),
        Shown("multiplier", Meter.multiplier, total=False),
        Shown("digits", Meter.digits, total=False, hidden=True),
        Shown("since", Meter.since, hidden=True),
        Shown("until", Meter.until, hidden=True),
        Shown("active", Meter.active),
    )
    return Listing(
        query, columns, id=Meter.id, order=("route", "position"), record=Meter,
        search=(Meter.number, HOUSE, Meter.place, Meter.route),
    )  # fmt: skip
