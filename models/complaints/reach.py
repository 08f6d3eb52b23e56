"""受理范围: which cases lie within the reach of a person's right.

What somebody handles is within his reach wherever it lies, and what his colleagues handle where his right
reaches his department; otherwise a case is where its house is, and what all share is everybody's.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from models.complaints.cases import Call, ServiceCase
from models.complaints.kinds import Sort
from models.complaints.rights import VIEW
from models.deeds import Scope, actor, judges_scope
from models.office.staff import Staff
from models.owners.caretaking import cared_for


def within(right: str = VIEW, case: Any = ServiceCase) -> list[Any]:
    """Return what a case must meet to lie within the reach of the person acting."""
    person: Any = actor()
    units = cared_for(person, right)
    if units is None:
        return []
    mine = case.handler == person.staff_id
    if person.scope(right) is Scope.DEPARTMENT and person.department_id is not None:
        mates = Staff.select(Staff.id).where(Staff.department == person.department_id)
        mine |= case.handler.in_(mates) | (case.department == person.department_id)
    return [mine | case.unit.in_(units)]


@judges_scope(ServiceCase)
def reaches_case(case: ServiceCase, person: Any, right: str) -> bool:
    """Whether a case lies within the reach of a person's right today."""
    if person.scope(right) is Scope.ALL:
        return True
    if case.handler is not None:
        mate = person.scope(right) is Scope.DEPARTMENT and person.department_id is not None
        if case.handler_id == person.staff_id or (
            mate and case.handler.department_id == person.department_id
        ):
            return True
    units = cared_for(person, right)
    return case.unit is not None and case.unit_id in {unit.id for unit in units}


def printable(call: Call) -> Iterator[tuple[Sort, str]]:
    """Yield sort and number of the cases of a call whose slips whoever acts may print."""
    someone = actor()
    if someone.may(VIEW):
        yield from ((case.sort, case.number) for case in call.cases if reaches_case(case, someone, VIEW))
