"""楼栋矩阵上的投诉报修: which houses have something open, and which of them are late."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from models.base import db
from models.clock import now
from models.complaints.cases import ServiceCase
from models.complaints.rights import VIEW
from models.owners.housemap import Answer, Told, asks_houses

LATE = Answer("超", "有超时未办结的", "danger")
OPEN = Answer("办", "有在办的", "warning")
NONE = Answer("无", "没有在办的", "ok")


@asks_houses("cases", "投诉报修", VIEW, (LATE, OPEN, NONE))
def cases_of_houses(day: date, units: Any) -> Mapping[int, Told]:
    """What is open now of each house, the latest first; whatever day is asked for, it is as of now."""
    mine = (ServiceCase.live == True) & ServiceCase.unit.is_null(False)
    query = ServiceCase.select(
        ServiceCase.unit, ServiceCase.number, ServiceCase.matter, ServiceCase.due_at, ServiceCase.finished_at
    ).where(mine if units is None else mine & ServiceCase.unit.in_(units))
    at, found = f"{now():%Y-%m-%d %H:%M:%S}", {}
    for unit, number, matter, due, finished in db.execute(query.order_by(ServiceCase.due_at.desc())):
        late = finished is None and due < at
        if late or unit not in found:
            found[unit] = Told(LATE if late else OPEN, f"{number} {matter}")
    return found
