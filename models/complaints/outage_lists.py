"""停供通报名单: what failed for many at once, and what should be over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from peewee import SQL, Case, fn

from models import sqlite
from models.clock import now
from models.complaints.cases import ServiceCase
from models.complaints.outages import EVERYWHERE, Outage, OutageBuilding, OutageState
from models.complaints.rights import LEAD, REGISTER
from models.desk import Reminder, reminds
from models.fields import ChoiceField, CountField, LineField
from models.listings import Filters, Listing, Shown, choice, listing
from models.owners.estate import Building


@listing("outages", "停供通报", "complaints", REGISTER, "period", "building", "state")
def outages(filters: Filters) -> Listing:
    """What failed for many at once, newest first."""
    query = Outage.select()
    if filters.period:
        query = query.where(fn.DATE(Outage.since).between(filters.period.first, filters.period.last))
    if filters.building:
        named = OutageBuilding.select(OutageBuilding.outage)
        here = named.where(OutageBuilding.building == filters.building)
        query = query.where(Outage.id.in_(here) | Outage.id.not_in(named))
    if filters.state:
        ended = choice(OutageState, filters.state) is OutageState.ENDED
        query = query.where(Outage.ended_at.is_null(not ended))
    places = OutageBuilding.select(sqlite.joined(Building.name, "、")).join(Building)
    where = fn.COALESCE(places.where(OutageBuilding.outage == Outage.id), EVERYWHERE)
    calls = ServiceCase.select(fn.COUNT(SQL("1"))).where(ServiceCase.outage == Outage.id)
    state = Case(None, ((Outage.ended_at.is_null(), OutageState.OPEN.name),), OutageState.ENDED.name)
    columns = (
        Shown("number", Outage.number),
        Shown("kind", Outage.kind),
        Shown("where", LineField(verbose_name="楼栋", max_length=200), where),
        Shown("since", Outage.since),
        Shown("expected", Outage.expected),
        Shown("words", Outage.words),
        Shown("cases", CountField(verbose_name="并入"), calls),
        Shown("state", ChoiceField(OutageState, verbose_name="状态"), state, status=True),
        Shown("ended_at", Outage.ended_at),
        Shown("result", Outage.result, hidden=True),
        Shown("cause", Outage.cause, hidden=True),
        Shown("made_by", Outage.made_by, hidden=True),
    )
    return Listing(
        query, columns, id=Outage.id, order=("-number",), record=Outage,
        search=(Outage.number, Outage.words), tones={OutageState.OPEN.value: "warning"},
    )  # fmt: skip


@reminds(LEAD)
def outages_overdue(day: date) -> Iterator[Reminder]:
    """Remind of outages that should be over."""
    late = Outage.ended_at.is_null() & (Outage.expected < now())
    count = Outage.select().where(late).count()
    if count:
        state = {"state": OutageState.OPEN.value}
        yield Reminder(f"{count} 个停供通报过了预计恢复时间", "danger", "outages", state, count)
