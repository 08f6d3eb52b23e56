"""巡查核对: what must hold among rounds and their lines, told by `check`."""

from __future__ import annotations

from collections.abc import Iterator

from peewee import fn

from models.base import db
from models.checks import invariant
from models.complaints.rounds.inspecting import Found, Inspection, InspectionLine

_NAMED = 20


@invariant("巡查记录")
def rounds_count_their_lines() -> Iterator[str]:
    """A round counts the lines it has, and whatever is bad has its repair order."""
    lines = InspectionLine.select(fn.COUNT(InspectionLine.id)).where(
        InspectionLine.inspection == Inspection.id
    )
    bad = lines.where(InspectionLine.found != Found.GOOD)
    wrong = (lines != Inspection.seen) | (bad != Inspection.bad)
    for (number,) in db.execute(Inspection.select(Inspection.number).where(wrong).limit(_NAMED)):
        yield f"巡查 {number} 的项数与明细不符"
    lacking = (InspectionLine.found == Found.BAD) & InspectionLine.case.is_null()
    for (place,) in db.execute(InspectionLine.select(InspectionLine.place).where(lacking).limit(_NAMED)):
        yield f"巡查点 {place} 异常，没有报修单"
