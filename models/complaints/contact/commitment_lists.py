"""承诺事项名单: what was promised, who is to do it, and what is overdue."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from enum import Enum
from typing import Any

from peewee import JOIN, Case

from models.attachments import keeps_files
from models.clock import now
from models.complaints.contact.commitments import Commitment, CommitmentState, due_by
from models.complaints.rights import HANDLE, LEAD, VIEW
from models.conditions import Condition, Test
from models.deeds import actor
from models.desk import Reminder, reminds
from models.fields import ChoiceField, NoteField
from models.listings import Filters, Listing, Shown, listing
from models.office.staff import Staff
from models.owners.caretaking import cared_for
from models.owners.estate import Unit
from models.owners.search import HOUSE

keeps_files(Commitment, VIEW)


class Term(Enum):
    """How a promise stands to its day, now; never stored."""

    LATE = "超期"
    RUNNING = "期内"
    ON_TIME = "按期"
    DONE_LATE = "超期办结"
    DROPPED = "已取消"


TONES = {
    Term.LATE.value: "danger",
    Term.ON_TIME.value: "ok",
    Term.DONE_LATE.value: "warning",
    CommitmentState.OPEN.value: "warning",
    CommitmentState.DONE.value: "ok",
}


def term_on(day: date) -> Any:
    """Return the expression that says how a promise stands to its day."""
    return Case(
        None,
        (
            (Commitment.state == CommitmentState.DROPPED, Term.DROPPED.name),
            (Commitment.done_on > Commitment.due, Term.DONE_LATE.name),
            (Commitment.done_on.is_null(False), Term.ON_TIME.name),
            (Commitment.due < day, Term.LATE.name),
        ),
        Term.RUNNING.name,
    )


def within(right: str = VIEW) -> list[Any]:
    """Return what a promise must meet to lie within the reach of the person acting."""
    person: Any = actor()
    units = cared_for(person, right)
    if units is None:
        return []
    return [(Commitment.staff == person.staff_id) | Commitment.unit.in_(units)]


def in_reach(unit: Any, *others: Any) -> list[Any]:
    """Return what a record must meet: one of its houses lies within reach, or it is of none.

    Args:
        unit: the field that names its house.
        others: further fields that do.
    """
    reach = cared_for(actor(), VIEW)
    if reach is None:
        return []
    near = unit.in_(reach) | unit.is_null()
    for other in others:
        near |= other.in_(reach)
    return [near]


@listing("commitments", "承诺事项", "complaints", VIEW, "period", "unit", "state")
def commitments(filters: Filters) -> Listing:
    """What was promised to owners, what is due first on top; a period narrows by the day it is due."""
    query = Commitment.select().join(Staff).switch(Commitment).join(Unit, JOIN.LEFT_OUTER)
    query = query.where(Commitment.id > 0, *within())
    query = filters.narrow(query, period=Commitment.due, unit=Commitment.unit, state=Commitment.state)
    columns = (
        Shown("due", Commitment.due),
        Shown("origin", Commitment.origin),
        Shown("source", Commitment.source),
        Shown("unit", Unit.code, label="房号", sort=Unit.sort_key),
        Shown("words", NoteField(verbose_name="事项").roomier(26), Commitment.words),
        Shown("staff", Staff.name, label="责任人"),
        Shown("state", Commitment.state, status=True),
        Shown("term", ChoiceField(Term, verbose_name="期限情况"), term_on(now().date()), status=True),
        Shown("done_on", Commitment.done_on),
        Shown("result", Commitment.result, hidden=True),
        Shown("told_on", Commitment.told_on, hidden=True),
        Shown("told_by", Commitment.told_by, hidden=True),
        Shown("put_off", Commitment.put_off, hidden=True, total=False),
        Shown("why", Commitment.why, hidden=True),
        Shown("made_at", Commitment.made_at, hidden=True),
        Shown("made_by", Commitment.made_by, hidden=True),
        Shown("id", Commitment.id, hidden=True),
    )
    return Listing(
        query, columns, id=Commitment.id, order=("-state", "due"), record=Commitment,
        search=(Commitment.source, HOUSE, Commitment.words, Staff.name), tones=TONES,
    )  # fmt: skip


@reminds(LEAD)
def late_commitments(day: date) -> Iterator[Reminder]:
    """Remind of promises that are past their day."""
    count = Commitment.select().where(due_by(day - timedelta(days=1)), *within()).count()
    if count:
        asked = (Condition("term", Test.IS, Term.LATE.value),)
        yield Reminder(f"{count} 件承诺事项超期", "danger", "commitments", {}, count, asked)


@reminds(HANDLE)
def my_commitments(day: date) -> Iterator[Reminder]:
    """Remind somebody of what he promised for the days to come."""
    mine = Commitment.staff == getattr(actor(), "staff_id", None)
    soon = day + timedelta(days=3)
    count = Commitment.select().where(due_by(soon), mine).count()
    if count:
        asked = (
            Condition("staff", Test.IS, actor().name),
            Condition("due", Test.MOST, soon.isoformat()),
            Condition("state", Test.IS, CommitmentState.OPEN.value),
        )
        yield Reminder(f"您有 {count} 件承诺事项三天内到期", "warning", "commitments", {}, count, asked)


@reminds(HANDLE)
def untold_commitments(day: date) -> Iterator[Reminder]:
    """Remind of what is done, and nobody told whoever asked for it."""
    untold = (Commitment.state == CommitmentState.DONE) & Commitment.told_on.is_null()
    count = Commitment.select().where(untold, *within()).count()
    if count:
        state = {"state": CommitmentState.DONE.value}
        asked = (Condition("told_on", Test.BLANK),)
        yield Reminder(f"{count} 件承诺事项办结了还没有反馈", "info", "commitments", state, count, asked)
