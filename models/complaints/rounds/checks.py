"""巡查核对: what must hold among rounds and their lines, told by `check`."""

from __future__ import annotations

from collections.abc import Iterator

from models.base import db
from models.checks import invariant
from models.complaints.rounds.inspecting import Found, Inspection, InspectionLine

_NAMED = 20


@invariant("巡查记录")
def whatever_is_bad_has_its_order() -> Iterator[str]:
    """A round has its lines, and whatever is bad has its repair order."""
    full = InspectionLine.select(InspectionLine.inspection)
    for (number,) in db.execute(
        Inspection.select(Inspection.number).where(Inspection.id.not_in(full)).limit(_NAMED)
    ):
        yield f"巡查 {number} 没有明细"
    lacking = (InspectionLine.found == Found.BAD) & InspectionLine.case.is_null()
    for (place,) in db.execute(InspectionLine.select(InspectionLine.place).where(lacking).limit(_NAMED)):
        yield f"巡查点 {place} 异常，没有报修单"
