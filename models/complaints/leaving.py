"""离开前的受理单: what a person who gives a house up reported, and is not done yet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from models.base import Record
from models.complaints.cases import Call, ServiceCase
from models.owners.estate import Unit
from models.owners.leaving import tells_open

_MOST = 5


@tells_open
def open_cases(unit: Unit, leavers: Sequence[Record], on: date) -> Iterator[str]:
    """Tell which complaints and repairs of the house these people reported are still open."""
    people = [person.id for person in leavers]
    mine = (ServiceCase.unit == unit) & (ServiceCase.live == True) & Call.person.in_(people)
    for case in ServiceCase.select(ServiceCase, Call).join(Call).where(mine).limit(_MOST):
        yield f"{case.sort.value} {case.number} {case.matter}（{case.state.value}）"
