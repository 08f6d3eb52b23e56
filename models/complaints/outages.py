"""停供通报: what many households notice at once, and what whoever answers the telephone tells them.

Calls about it are joined to it and closed together (`ending`).
"""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import Annotated

from models.base import Record, db
from models.clock import now
from models.complaints.rights import REGISTER
from models.deeds import actor, deed, reaches_everybody
from models.errors import BadInput
from models.fields import (
    ChoiceField,
    LineField,
    LinkField,
    LinksField,
    MomentField,
    NoteField,
    NumberField,
)
from models.inputs import Asked
from models.owners.estate import Building
from models.series import Series

OUTAGES = Series("TG", "停供通报")
EVERYWHERE = "全小区"


class OutageKind(Enum):
    """What fails."""

    WATER = "停水"
    POWER = "停电"
    GAS = "停气"
    LIFT = "电梯停运"
    HEATING = "停暖"
    NETWORK = "通信中断"
    GATE = "门禁故障"
    OTHER = "其他"


class OutageState(Enum):
    """Follows from its end; never stored."""

    OPEN = "进行中"
    ENDED = "已恢复"


class Outage(Record):
    """停供通报: from when to when, where, and what callers are told."""

    number = NumberField(verbose_name="通报号")
    kind = ChoiceField(OutageKind, verbose_name="类别")
    since = MomentField(verbose_name="开始")
    expected = MomentField(null=True, verbose_name="预计恢复")
    words = NoteField(verbose_name="告知来电人")
    cause = LineField(max_length=120, null=True, verbose_name="原因")
    ended_at = MomentField(null=True, verbose_name="恢复时间")
    result = NoteField(null=True, verbose_name="恢复说明")
    made_at = MomentField(verbose_name="登记时间")
    made_by = LineField(max_length=60, verbose_name="登记人")

    key_field = "number"

    class Meta:
        title = "停供通报"

    def described(self) -> str:
        """Return TG-202611-001 停水 1栋、2栋."""
        return f"{self.number} {self.kind.value} {self.where}"

    @property
    def where(self) -> str:
        """Its buildings."""
        rows = OutageBuilding.select(Building.name).join(Building).where(OutageBuilding.outage == self)
        return "、".join(name for (name,) in db.execute(rows.order_by(Building.sort_key))) or EVERYWHERE

    @property
    def told(self) -> str:
        """What callers are told, with when it should be over."""
        until = f"，预计 {self.expected:%m-%d %H:%M} 恢复" if self.expected else ""
        return f"{self.kind.value}（{self.since:%m-%d %H:%M} 起{until}）：{self.words}"


class OutageBuilding(Record):
    """停供楼栋: one building that it concerns; none at all is the whole estate."""

    outage = LinkField(Outage, backref="buildings", verbose_name="停供通报")
    building = LinkField(Building, backref="+", verbose_name="楼栋")

    class Meta:
        title = "停供楼栋"
        indexes = ((("outage", "building"), True),)


reaches_everybody(Outage)


@deed("complaints.add_outage", "登记停供通报", REGISTER)
def add_outage(
    kind: Annotated[OutageKind, Asked(ChoiceField(OutageKind, verbose_name="类别"))],
    words: Annotated[str, Asked(NoteField(verbose_name="告知来电人"))],
    since: Annotated[
        datetime | None, Asked(MomentField(null=True, verbose_name="开始"), "不填为现在")
    ] = None,
    expected: Annotated[datetime | None, Asked(MomentField(null=True, verbose_name="预计恢复"))] = None,
    buildings: Annotated[
        list[Building] | None, Asked(LinksField(Building, null=True, verbose_name="楼栋"), "不填为全小区")
    ] = None,
    cause: Annotated[str | None, Asked(LineField(max_length=120, null=True, verbose_name="原因"))] = None,
) -> Outage:
    """Note what fails or will fail, where and until when, and what callers are told; it may be planned.

    Raises:
        BadInput: it would be over before it begins.
    """
    start = since or now().replace(second=0, microsecond=0)
    if expected is not None and expected <= start:
        raise BadInput(f"预计恢复 {expected:%Y-%m-%d %H:%M} 不晚于开始时间。请核对。", "expected")
    made = Outage.add(
        number=OUTAGES.next(now().date()), kind=kind, since=start, expected=expected, words=words,
        cause=cause, made_at=now(), made_by=actor().name,
    )  # fmt: skip
    for building in {one.id: one for one in buildings or []}.values():
        OutageBuilding.add(outage=made, building=building)
    return made


def open_at(building: Building | None, at: datetime) -> list[Outage]:
    """Return the outages that are under way at a moment and concern a building; all where it is None."""
    query = Outage.select().where(Outage.ended_at.is_null() & (Outage.since <= at))
    if building is not None:
        named = OutageBuilding.select(OutageBuilding.outage)
        here = named.where(OutageBuilding.building == building)
        query = query.where(Outage.id.in_(here) | Outage.id.not_in(named))
    return list(query.order_by(Outage.since))


def refuse_ended(outage: Outage | None) -> None:
    """Refuse to join anything to what is over.

    Raises:
        BadInput: it is.
    """
    if outage is not None and outage.ended_at is not None:
        raise BadInput(
            f"{outage.described()} 已于 {outage.ended_at:%m-%d %H:%M} 恢复，不能再并入。", "outage"
        )
