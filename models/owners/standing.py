"""业主档案概况: what is missing from the estate, and its figures on the desk."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from models import health
from models.base import db
from models.deeds import actor
from models.desk import Figure, Reminder, figures, reminds
from models.health import Gap, health_check
from models.owners.caretaking import cared_for
from models.owners.estate import Unit, UnitArea, UnitKind, UnitState
from models.owners.housemap import STATE, Answer, Told, asks_houses
from models.owners.lists import TONES
from models.owners.people import Ownership
from models.owners.rights import VIEW

_SIGNS = {
    UnitState.VACANT: "空",
    UnitState.OCCUPIED: "住",
    UnitState.LET: "租",
    UnitState.HANDED_OVER: "交",
    UnitState.SOLD: "售",
    UnitState.UNSOLD: "未",
    UnitState.RETIRED: "停",
}
_STATES = {state: Answer(sign, state.value, TONES[state.value]) for state, sign in _SIGNS.items()}


@asks_houses(STATE, "使用状态", VIEW, tuple(_STATES.values()))
def state_of_houses(day: date, units: Any) -> Mapping[int, Told]:
    """How each house is used now: nobody notes since when."""
    query = Unit.select(Unit.id, Unit.state)
    rows = db.execute(query if units is None else query.where(Unit.id.in_(units)))
    told = {state.name: Told(answer) for state, answer in _STATES.items()}
    return {unit: told[state] for unit, state in rows}


@health_check("没有业主", "owners.add_ownership")
def units_without_owner() -> Iterator[Gap]:
    """Units in use that nobody owns today."""
    return _gaps(Ownership)


@health_check("没有面积", "owners.set_area")
def units_without_area() -> Iterator[Gap]:
    """Units in use whose area is not known today."""
    return _gaps(UnitArea)


@figures(VIEW)
def estate_figures(day: date) -> Iterator[Figure]:
    """How many units there are, and how many nobody owns."""
    houses = _in_use().where(Unit.kind != UnitKind.PARKING).count()
    spaces = _in_use().where(Unit.kind == UnitKind.PARKING).count()
    yield Figure("房屋", f"{houses:,} 套", f"车位 {spaces:,} 个", "units")
    yield Figure("无业主房屋", f"{_lacking(Ownership, day).count():,} 套", "", "health")


@reminds(health.SEE)
def ownerless_reminder(day: date) -> Iterator[Reminder]:
    """Units that nobody owns."""
    count = _lacking(Ownership, day).count()
    if count:
        yield Reminder(f"{count:,} 套房屋没有登记业主", "info", "health", count=count)


def _gaps(record: Any) -> Iterator[Gap]:
    rows = _lacking(record, date.today()).order_by(Unit.sort_key)
    return (Gap(unit.code, Unit, unit.id) for unit in rows.select(Unit.id, Unit.code))


def _lacking(record: Any, day: date) -> Any:
    known = record.select(record.unit).where(record.on(day))
    return _in_use().where(Unit.id.not_in(known))


def _in_use() -> Any:
    """Select the units in use within the reach of the person acting."""
    units = Unit.select().where(Unit.state != UnitState.RETIRED)
    reach = cared_for(actor(), VIEW)
    return units if reach is None else units.where(Unit.id.in_(reach))
