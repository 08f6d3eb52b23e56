"""收费范围: which units a person's right reaches, as conditions on a column that holds a unit."""

from __future__ import annotations

from typing import Any

from models.deeds import actor, require, within_scope
from models.errors import PermissionDenied
from models.fees.rights import VIEW
from models.owners.caretaking import cared_for
from models.owners.estate import Building, Unit


def within(
    column: Any, *, unit: Unit | None = None, building: Building | None = None, right: str = VIEW
) -> list[Any]:
    """Return what a row must meet to lie within the reach of the person acting.

    Args:
        column: the row's unit, such as `Bill.unit`.
        unit: only this one.
        building: only this one's units.
        right: whose reach counts.
    """
    conditions = []
    mine = cared_for(actor(), right)
    if mine is not None:
        conditions.append(column.in_(mine))
    if unit is not None:
        conditions.append(column == unit)
    if building is not None:
        conditions.append(column.in_(Unit.select(Unit.id).where(Unit.building == building)))
    return conditions


def check_reach(unit: Unit) -> None:
    """Refuse what lies beyond the reach of the person acting.

    Raises:
        PermissionDenied: it does.
    """
    require(VIEW)
    if not within_scope(unit, actor(), VIEW):
        raise PermissionDenied(f"{unit.code} 不在您负责的范围内，不能查看。")
