"""催缴人: which member of staff sees to a household's debt; never a guard (forms.md B4.2)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Annotated, Self

from models.base import Dated, db
from models.deeds import deed
from models.errors import RuleBroken
from models.fees.rights import DUN_LEAD, VIEW
from models.fees.within import within
from models.fields import LinkField, LinksField
from models.health import Gap, health_check
from models.inputs import Asked
from models.listings import Filters, Listing, Shown, listing
from models.office.guards import is_guard, refuse_guard
from models.office.staff import Staff
from models.owners.caretaking import CareKind, Carer, Caretaking, carers_on
from models.owners.dated import ONE_DAY, AskedEnd, AskedSince, close
from models.owners.estate import Unit
from models.owners.search import HOUSE


class Chase(Dated):
    """催缴人: who sees to what a house owes, from a day to a day; by default its collector."""

    unit = LinkField(Unit, backref="chases", verbose_name="房号")
    staff = LinkField(Staff, backref="chases", verbose_name="催缴人")

    class Meta:
        title = "催缴人"

    def label(self) -> str:
        """Return 1-1-1011 王敏."""
        return f"{self.unit.code} {self.staff.name}"

    @deed("fees.end_chase", "结束催缴人", DUN_LEAD)
    def end(self, until: AskedEnd = None) -> Self:
        """Let somebody see to a house up to a day, today where none is given; its collector does after."""
        return close(self, until or date.today())


@deed("fees.assign_chaser", "指派催缴人", DUN_LEAD)
def assign_chaser(
    units: Annotated[list[Unit], Asked(LinksField(Unit, verbose_name="房号"))],
    staff: Annotated[Staff, Asked(LinkField(Staff, verbose_name="催缴人"))],
    since: AskedSince = None,
) -> list[Chase]:
    """Let somebody see to what houses owe from a day on, today by default; who did so before stops.

    Raises:
        RuleBroken: it is a guard, or somebody who left; or somebody is entered from that day already.
    """
    refuse_guard(staff, "催缴")
    if staff.left is not None:
        raise RuleBroken(f"{staff.name} 已于 {staff.left} 离职，不能指派催缴。请另选一位。")
    start = since or date.today()
    return [_assign(unit, staff, start) for unit in units]


def _assign(unit: Unit, staff: Staff, start: date) -> Chase:
    lasting = Chase.until.is_null() | (Chase.until >= start)
    for row in Chase.select().where((Chase.unit == unit) & lasting):
        if row.since >= start:
            raise RuleBroken(f"{row.label()} 从 {row.since} 起已指派。请先结束它，或改日期。")
        close(row, start - ONE_DAY)
    return Chase.add(unit=unit, staff=staff, since=start)


def chasers_on(day: date, units: Sequence[int] | None = None) -> dict[int, Carer]:
    """Return who sees to each house (id) on a day: who was assigned, else its collector."""
    query = Chase.select(Chase.unit, Staff.id, Staff.name).join(Staff).where(Chase.on(day))
    own = {unit: Carer(*staff) for unit, *staff in db.execute(query)}
    return carers_on(day) | own


@health_check("保安被指派催缴或收费", "fees.assign_chaser")
def guards_who_chase() -> Iterator[Gap]:
    """Houses that somebody sees to who has become a guard since (forms.md B4.2)."""
    today = date.today()
    for row in Chase.select().where(Chase.on(today)):
        if is_guard(row.staff):
            yield Gap(row.label(), Unit, row.unit_id)
    collects = Caretaking.on(today) & (Caretaking.kind == CareKind.COLLECTOR)
    for care in Caretaking.select().where(collects):
        if is_guard(care.staff):
            place = care.unit or care.building
            yield Gap(care.label(), type(place), place.id)


@listing("chases", "催缴人", "fees", VIEW, "unit", "building", "on")
def chases(filters: Filters) -> Listing:
    """Who was assigned to see to which house, newest first; without one its collector does."""
    query = Chase.select().join(Unit).switch(Chase).join(Staff)
    conditions = within(Chase.unit, unit=filters.unit, building=filters.building)
    if filters.on:
        conditions.append(Chase.on(filters.on))
    for condition in conditions:
        query = query.where(condition)
    columns = (
        Shown("unit", Unit.code, label="房号", sort=Unit.sort_key),
        Shown("staff", Staff.name, label="催缴人"),
        Shown("since", Chase.since),
        Shown("until", Chase.until),
        Shown("id", Chase.id, hidden=True),
    )
    return Listing(query, columns, id=Chase.id, order=("-id",), record=Chase, search=(HOUSE, Staff.name))
