"""抄表名单: every reading with its usage, how far that is off the usual, and whether it was charged."""

from __future__ import annotations

from enum import Enum

from peewee import JOIN, Case, fn

from models.fees.items import FeeItem
from models.fees.metering import covered
from models.fees.meters import Meter
from models.fees.readings import Reading
from models.fees.rights import VIEW
from models.fees.usage import USUAL
from models.fees.within import within
from models.fields import ChoiceField, FlagField
from models.listings import Filters, Listing, Shown, choice, listing
from models.owners.estate import Building, Unit
from models.owners.search import HOUSE


class ReadingState(Enum):
    """Follows from the reading and the lines of its meter; never stored."""

    BASE = "底数"
    OPEN = "未出账"
    BILLED = "已出账"
    COMMON = "公共表"
    FREE = "不收费"
    GONE = "已更正或撤回"


TONES = {
    ReadingState.OPEN.value: "warning",
    ReadingState.BILLED.value: "ok",
    ReadingState.BASE.value: "plain",
    ReadingState.COMMON.value: "plain",
    ReadingState.FREE.value: "plain",
    ReadingState.GONE.value: "plain",
    "是": "warning",
}
_STATE = Case(
    None,
    (
        (Reading.live == False, ReadingState.GONE.name),
        (Reading.base == True, ReadingState.BASE.name),
        (Meter.unit.is_null(), ReadingState.COMMON.name),
        (covered(fn.COALESCE(Meter.origin, Meter.id), Reading.month), ReadingState.BILLED.name),
        (Meter.item.is_null(), ReadingState.FREE.name),
    ),
    ReadingState.OPEN.name,
)
_STRANGE = Case(None, (((Reading.deviation > USUAL) | (Reading.deviation < -USUAL), 1),), 0)


@listing("readings", "抄表", "fees", VIEW, "period", "unit", "building", "item", "state", "void")
def readings(filters: Filters) -> Listing:
    """Every reading that holds, newest month first; `void` shows those corrected or withdrawn too."""
    query = Reading.select().join(Meter).join(Unit, JOIN.LEFT_OUTER).switch(Meter)
    query = query.join(Building, JOIN.LEFT_OUTER, on=(Meter.building == Building.id)).switch(Meter)
    query = query.join(FeeItem, JOIN.LEFT_OUTER)
    for condition in _conditions(filters):
        query = query.where(condition)
    columns = (
        Shown("month", Reading.month),
        Shown("meter", Meter.number),
        Shown("meter_kind", Meter.kind),
        Shown("unit", Unit.code, label="房号", sort=Unit.sort_key),
        Shown("building", Building.name, label="楼栋", hidden=True),
        Shown("place", Meter.place),
        Shown("kind", Reading.kind),
        Shown("previous", Reading.previous),
        Shown("value", Reading.value),
        Shown("usage", Reading.usage),
        Shown("deviation", Reading.deviation),
        Shown("strange", FlagField(verbose_name="异常"), _STRANGE, status=True),
        Shown("state", ChoiceField(ReadingState, verbose_name="状态"), _STATE, status=True),
        Shown("day", Reading.day),
        Shown("made_by", Reading.made_by),
        Shown("note", Reading.note),
        Shown("rolled", Reading.rolled, hidden=True),
        Shown("route", Meter.route, hidden=True),
        Shown("position", Meter.position, total=False, hidden=True),
        Shown("item", FeeItem.name, hidden=True),
        Shown("id", Reading.id, hidden=True),
    )
    return Listing(
        query, columns, id=Reading.id, order=("-month", "route", "position"), record=Reading,
        search=(Meter.number, HOUSE, Meter.place), tones=TONES,
    )  # fmt: skip


def _conditions(filters: Filters) -> list[object]:
    conditions = within(Meter.unit, unit=filters.unit)
    if filters.building:
        conditions.append(Meter.building == filters.building)
    if not filters.void and filters.state != ReadingState.GONE.value:
        conditions.append(Reading.live == True)
    if filters.period:
        first, last = filters.period.months
        conditions.append(Reading.month.between(first, last))
    if filters.item:
        conditions.append(Meter.item == filters.item)
    if filters.state:
        conditions.append(choice(ReadingState, filters.state).name == _STATE)
    return conditions
