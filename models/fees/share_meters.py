"""分摊取自抄表: what a common meter counted in a month, and what each house used by its own meters."""

from __future__ import annotations

from peewee import fn

from models.base import db
from models.errors import BadInput, RuleBroken
from models.fees.meters import Meter, MeterKind
from models.fees.readings import Reading, unread, usage_of
from models.fees.share_pool import Measured
from models.fees.usage import ReadingKind
from models.months import Month


def shown_by(meter: Meter, month: Month) -> Measured:
    """Return what a common meter showed in a month, and what it counted.

    Where it was replaced, rolled over or estimated its two readings do not tell the usage; that is then
    told alone.

    Raises:
        BadInput: it is the meter of a house.
        RuleBroken: it was not read for the month.
    """
    if meter.unit is not None:
        raise BadInput(f"{meter.label()} 是住户的表，用量由这一户承担。请选公共表。", "meter")
    used = usage_of(meter, month)
    if used is None:
        raise RuleBroken(
            f"{meter.label()} {month} 没有读数，不能分摊。请先在抄表里抄这个月的表，或不选公共表、手填读数。"
        )
    origin = meter.origin or meter
    mine = ((Meter.id == origin) | (Meter.origin == origin)) & (Reading.month == month)
    query = Reading.select(Reading, Meter).join(Meter)
    readings = list(query.where(mine & (Reading.live == True) & (Reading.base == False)))
    one = readings[0]
    if len(readings) > 1 or one.kind is ReadingKind.ESTIMATED:
        return Measured(None, None, None, used)
    if (one.value - one.previous) * one.meter.multiplier != used:
        return Measured(None, None, None, used)
    return Measured(one.previous, one.value, one.meter.multiplier, used)


def used_by_houses(kind: MeterKind, month: Month) -> dict[int, int]:
    """Return what each house (id) used in a month by its meters of a kind, in hundredths.

    A house with a meter that was not read is left out, so that it is told as lacking. Where settling an
    estimate comes to less than nothing, nothing was used.
    """
    mine = (Meter.kind == kind) & Meter.unit.is_null(False)
    counted = (Reading.month == month) & (Reading.live == True) & (Reading.base == False)
    query = Reading.select(Meter.unit, fn.SUM(Reading.usage)).join(Meter).where(mine & counted)
    missing = {meter.unit_id for meter in unread(month, mine)}
    found = db.execute(query.group_by(Meter.unit))
    return {unit: max(much, 0) for unit, much in found if unit not in missing}
