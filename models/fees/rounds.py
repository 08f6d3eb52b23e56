"""抄表路线: what a round along a route reads in a month, meter by meter in walking order (FE-13)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from models.fees.meter_entry import last_readings
from models.fees.meters import Meter, walk
from models.fees.readings import Reading
from models.fees.rights import READ
from models.fees.usage import ReadingKind, strange
from models.fees.within import within
from models.months import Month
from models.owners.estate import Building

NO_ROUTE = "未编路线"
"""Where meters stand that are on no route."""


class Stop(NamedTuple):
    """One meter of a round; value and usage are missing while it was not read."""

    meter: Meter
    before: Decimal | None
    value: Decimal | None
    usage: Decimal | None
    remark: str


def rounds(month: Month, building: Building | None = None) -> Iterator[tuple[str, list[Stop]]]:
    """Yield (route, its meters) of what is or was to be read in a month."""
    reach = within(Meter.unit, right=READ)
    reach += [Meter.building == building] if building is not None else []
    read = _read(month)
    hung = (Meter.since <= month.last) & ((Meter.active == True) | Meter.id.in_(list(read)))
    meters = walk(hung, *reach)
    known = last_readings(month, meters)
    routes: dict[str, list[Stop]] = {}
    for meter in meters:
        before = known[meter.id].anchor.value if meter.id in known else None
        stop = _stop(meter, read[meter.id]) if meter.id in read else Stop(meter, before, None, None, "")
        routes.setdefault(meter.route or NO_ROUTE, []).append(stop)
    return iter(routes.items())


def _read(month: Month) -> dict[int, Reading]:
    """Return the readings of a month by meter; the start of a new meter is none."""
    held = (Reading.month == month) & (Reading.live == True) & (Reading.kind != ReadingKind.START)
    return {one.meter_id: one for one in Reading.select().where(held).order_by(Reading.base.desc())}


def _stop(meter: Meter, reading: Reading) -> Stop:
    told = [] if reading.kind is ReadingKind.READ else [reading.kind.value]
    told += ["过零"] if reading.rolled else []
    told += ["异常"] if strange(reading.deviation) else []
    told += [reading.note] if reading.note else []
    usage = None if reading.base else reading.usage
    return Stop(meter, reading.previous, reading.value, usage, "，".join(told))
