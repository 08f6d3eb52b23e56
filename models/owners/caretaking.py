"""管家与收费员: who looks after which building or unit, from when to when.

Lists, FE-03 and FE-08 follow it, and so does the data scope of a role: 本人 reaches the units
that one looks after, 本部门 those of one's colleagues too.
"""

from __future__ import annotations

from datetime import date
from enum import Enum
from typing import Any

from models.base import Dated
from models.deeds import Scope, judges_scope
from models.fields import ChoiceField, LinkField
from models.office.staff import Staff
from models.owners.estate import Building, Unit


class CareKind(Enum):
    """What somebody does for the units."""

    CARETAKER = "管家"
    COLLECTOR = "收费员"


class Caretaking(Dated):
    """负责: a member of staff looks after a whole building, or one unit of it."""

    building = LinkField(Building, null=True, backref="caretakers", verbose_name="楼栋")
    unit = LinkField(Unit, null=True, backref="caretakers", verbose_name="房号")
    staff = LinkField(Staff, backref="caretaking", verbose_name="员工")
    kind = ChoiceField(CareKind, default=CareKind.COLLECTOR, verbose_name="职责")

    class Meta:
        title = "负责"

    def label(self) -> str:
        """Return 1栋 王敏 收费员."""
        where = self.unit.code if self.unit else self.building.name
        return f"{where} {self.staff.name} {self.kind.value}"


def cared_for(person: Any, right: str, day: date | None = None) -> Any:
    """Return a subquery of the ids of units within the reach of a person's right; None for all."""
    scope = person.scope(right)
    if scope is Scope.ALL:
        return None
    rows = Caretaking.on(day or date.today())
    if scope is Scope.OWN:
        rows &= Caretaking.staff == person.staff_id
    else:
        mates = Staff.select(Staff.id).where(Staff.department == person.department_id)
        rows &= Caretaking.staff.in_(mates)
    whole = Caretaking.select(Caretaking.building).where(rows & Caretaking.unit.is_null())
    single = Caretaking.select(Caretaking.unit).where(rows & Caretaking.unit.is_null(False))
    return Unit.select(Unit.id).where(Unit.building.in_(whole) | Unit.id.in_(single))


@judges_scope(Unit)
def reaches(unit: Unit, person: Any, right: str) -> bool:
    """Whether a unit lies within the reach of a person's right today."""
    units = cared_for(person, right)
    return units is None or Unit.select().where((Unit.id == unit.id) & Unit.id.in_(units)).exists()
