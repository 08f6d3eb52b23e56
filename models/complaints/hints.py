"""受理提示: what whoever answers the telephone should know of a house before he writes anything down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from models.clock import now
from models.complaints.cases import ServiceCase
from models.complaints.intake import earlier_of
from models.complaints.kinds import Place, Problem, Sort
from models.complaints.outages import open_at
from models.complaints.terms import rules
from models.deeds import actor
from models.owners.estate import Building, Unit
from models.owners.payees import payers_on
from models.owners.people import Person
from models.owners.rights import VIEW as SEE_OWNERS
from models.text import mask_phone

_SHOWN = 6


@dataclass(frozen=True)
class Hint:
    """One sentence: danger for what callers are told, warning for repeats, info for the rest."""

    words: str
    tone: str = "info"


def hints_for(unit: Unit | None, problems: Sequence[Problem] = ()) -> list[Hint]:
    """Return what is to be known when somebody of a house calls; without one, what concerns everybody."""
    at = now()
    building: Building | None = unit.building if unit is not None else None
    found = [Hint(f"{one.number} {one.told}", "danger") for one in open_at(building, at)]
    if unit is None:
        return found
    if actor().may(SEE_OWNERS):
        found.append(Hint(_owner(unit)))
    found += _repeats(unit, problems)
    return [*found, *_known(unit)]


def _owner(unit: Unit) -> str:
    payee = payers_on(unit, now().date())
    person = Person.get_or_none(Person.id == payee.liable_id) if payee.liable_id else None
    phone = f"　{mask_phone(person.phone)}" if person is not None and person.phone else ""
    return f"{unit.code}　{payee.address_line}{phone}　{unit.state.value}"


def _repeats(unit: Unit, problems: Sequence[Problem]) -> list[Hint]:
    """What was reported before of the same, and what follows from it."""
    found = []
    for problem in problems:
        home = unit if problem.place is not Place.COMMON else None
        earlier = earlier_of(problem, home, unit.building, None, now())
        if not earlier:
            continue
        told = "、".join(one.number for one in earlier[:3])
        again = "按返修登记" if problem.sort is Sort.REPAIR else "按重复投诉登记"
        grave = problem.sort is Sort.COMPLAINT and len(earlier) + 1 >= rules().grave_after
        more = "，转为重大、报主任" if grave else ""
        words = (
            f"“{problem.name}”{rules().repeat_days} 天内第 {len(earlier) + 1} 次（{told}），{again}{more}。"
        )
        found.append(Hint(words, "warning"))
    return found


def _known(unit: Unit) -> list[Hint]:
    """Its open cases, and those that ended lately."""
    since = now() - timedelta(days=rules().repeat_days)
    mine = (ServiceCase.unit == unit) & ((ServiceCase.live == True) | (ServiceCase.received_at >= since))
    query = ServiceCase.select().where(mine).order_by(ServiceCase.live.desc(), ServiceCase.received_at.desc())
    return [
        Hint(
            f"{one.number}　{one.kind.value} {one.matter}　{one.state.value}"
            f"{'　' + one.handler.name if one.handler else ''}　{one.received_at:%m-%d} 受理"
        )
        for one in query.limit(_SHOWN)
    ]
