"""维修资金名单: uses of the fund, votes and what was drawn, on pages and on the desk; what must hold."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from peewee import JOIN, Case, fn

from models.attachments import keeps_files
from models.checks import invariant
from models.desk import Reminder, reminds
from models.fees.commons.fund import PROJECTS, FundDraw, FundProject, FundState, FundVote, drawn
from models.fees.rights import COMMONS, VIEW
from models.fields import FlagField, LineField, MoneyField
from models.listings import Filters, Listing, Shown, listing
from models.owners.estate import Building, Entrance
from models.search import LIKELY, MOST, SURE, Hit, Sought, finds

for _kept in (FundProject, FundDraw):
    keeps_files(_kept, VIEW)

TONES = {
    FundState.REFUSED.value: "warning", FundState.VOTED.value: "info", FundState.APPROVED.value: "info",
    FundState.ACCEPTED.value: "warning", FundState.CLOSED.value: "ok",
}  # fmt: skip
WAITS = timedelta(days=30)
"""So long after acceptance somebody is reminded that a project is not settled."""


@listing("fund_projects", "维修资金使用", "fees", VIEW, "period", "building", "state", "on")
def fund_projects(filters: Filters) -> Listing:
    """Uses of the maintenance fund, newest first; `on` leaves those accepted by a day."""
    taken = FundDraw.select(FundDraw.project.alias("owner"), fn.SUM(FundDraw.amount).alias("fen"))
    taken = taken.group_by(FundDraw.project).alias("taken")
    query = FundProject.select().join(Building, JOIN.LEFT_OUTER).switch(FundProject)
    query = query.join(Entrance, JOIN.LEFT_OUTER).switch(FundProject)
    query = query.join(taken, JOIN.LEFT_OUTER, on=(taken.c.owner == FundProject.id))
    query = filters.narrow(query, period=FundProject.made_on)
    if filters.building:
        query = query.where(FundProject.building.is_null() | (FundProject.building == filters.building))
    query = filters.narrow(query, state=FundProject.state)
    if filters.on:
        query = query.where(FundProject.accepted_on <= filters.on)
    return Listing(
        query, _columns(fn.COALESCE(taken.c.fen, 0)), id=FundProject.id, order=("-number",),
        record=FundProject, tones=TONES,
        search=(FundProject.number, FundProject.name, FundProject.place, FundProject.contractor),
    )  # fmt: skip


def _columns(fen: Any) -> tuple[Shown, ...]:
    return (
        Shown("number", FundProject.number),
        Shown("name", FundProject.name),
        Shown("where", LineField(verbose_name="范围", max_length=40), fn.COALESCE(Building.name, "全小区")),
        Shown("entrance", Entrance.code, label="单元"),
        Shown("place", FundProject.place),
        Shown("estimate", FundProject.estimate),
        Shown("approved", FundProject.approved),
        Shown("drawn", MoneyField(verbose_name="已支取"), fen),
        Shown("settled", FundProject.settled),
        Shown("state", FundProject.state, status=True),
        Shown("urgent", FundProject.urgent),
        Shown("units", FundProject.units, total=False),
        Shown("owners", FundProject.owners, total=False, hidden=True),
        Shown("area", FundProject.area, hidden=True),
        Shown("contractor", FundProject.contractor),
        Shown("permit", FundProject.permit),
        Shown("approved_on", FundProject.approved_on, hidden=True),
        Shown("accepted_on", FundProject.accepted_on, hidden=True),
        Shown("closed_on", FundProject.closed_on, hidden=True),
        Shown("made_on", FundProject.made_on),
        Shown("withdrawn", FundProject.withdrawn, hidden=True),
    )


@listing("fund_votes", "表决记录", "fees", VIEW, "period")
def fund_votes(filters: Filters) -> Listing:
    """Votes on uses of the fund, newest first, as they were counted."""
    query = FundVote.select().join(FundProject).switch(FundVote)
    query = filters.narrow(query, period=FundVote.on)
    figures = ("owners_all", "owners_in", "owners_for", "area_all", "area_in", "area_for")
    columns = (
        Shown("on", FundVote.on),
        Shown("project", FundProject.number),
        Shown("name", FundProject.name),
        *(Shown(name, getattr(FundVote, name), total=False) for name in figures),
        Shown("passed", FundVote.passed),
        Shown("note", FundVote.note),
        Shown("made_by", FundVote.made_by, hidden=True),
        Shown("id", FundVote.id, hidden=True),
    )
    return Listing(
        query, columns, id=FundVote.id, order=("-on", "-id"), record=FundVote, search=(FundProject.number,)
    )


@listing("fund_draws", "维修资金支取", "fees", VIEW, "period")
def fund_draws(filters: Filters) -> Listing:
    """What was drawn of the fund, newest first; what was reversed has its opposite beside it."""
    reversal = FundDraw.alias()
    query = FundDraw.select().join(FundProject).switch(FundDraw)
    query = query.join(reversal, JOIN.LEFT_OUTER, on=(reversal.reverses == FundDraw.id))
    query = filters.narrow(query, period=FundDraw.on)
    gone = Case(None, ((reversal.id.is_null(False) | FundDraw.reverses.is_null(False), 1),), 0)
    columns = (
        Shown("on", FundDraw.on),
        Shown("project", FundProject.number),
        Shown("name", FundProject.name),
        Shown("amount", FundDraw.amount),
        Shown("receiver", FundDraw.receiver),
        Shown("voucher", FundDraw.voucher),
        Shown("reversed", FlagField(verbose_name="已冲正"), gone),
        Shown("note", FundDraw.note),
        Shown("made_by", FundDraw.made_by),
        Shown("id", FundDraw.id, hidden=True),
    )
    return Listing(
        query, columns, id=FundDraw.id, order=("-on", "-id"), record=FundDraw,
        search=(FundProject.number, FundProject.name, FundDraw.voucher),
    )  # fmt: skip


@reminds(COMMONS)
def projects_to_close(day: date) -> Iterator[Reminder]:
    """Remind of projects that were accepted long ago and are not closed."""
    late = (FundProject.state == FundState.ACCEPTED) & (FundProject.accepted_on <= day - WAITS)
    count = FundProject.select().where(late).count()
    if count:
        state = {"state": FundState.ACCEPTED.value, "on": day - WAITS}
        title = f"{count} 个维修资金项目验收满 30 天还没有结清"
        yield Reminder(title, "warning", "fund_projects", state, count)


@finds(VIEW)
def projects_by_number(wanted: Sought) -> Iterator[Hit]:
    """Uses of the fund by their number, as the QR code of FE-21 holds it."""
    words = wanted.words.upper()
    if words.startswith(f"{PROJECTS.prefix}-"):
        for one in FundProject.select().where(FundProject.number.startswith(words)).limit(MOST):
            rank = SURE if one.number == words else LIKELY
            yield Hit("fund_projects", one.id, one.number, f"{one.name} · {one.where}", "维修资金", rank)


@invariant("维修资金")
def projects_hold() -> Iterator[str]:
    """No more is drawn than was approved or settled, and a closed project is drawn to the fen."""
    for one in FundProject.select():
        yield from (f"{one.number} {told}" for told in _wrong(one))
    for draw in FundDraw.select().where(FundDraw.reverses.is_null(False)):
        of = draw.reverses
        if draw.amount != -of.amount or draw.project_id != of.project_id or of.reverses_id is not None:
            yield f"维修资金支取 {draw.label()} 与它冲正的一笔不相等"


def _wrong(project: FundProject) -> Iterator[str]:
    taken, limit = drawn(project), _limit(project)
    if not 0 <= taken <= limit:
        yield f"支取 {taken}，超过可支取的 {limit}，或为负数"
    if project.state is FundState.CLOSED and taken != project.settled:
        yield f"已结清，支取 {taken} 与结算 {project.settled} 不符"
    voted: Any = [vote for vote in project.votes if vote.passed]
    agreed = (FundState.VOTED, FundState.APPROVED, FundState.ACCEPTED, FundState.CLOSED)
    if project.state in agreed and not (voted or project.urgent):
        yield "没有表决通过，也不是应急使用"
    if project.bearers.area != project.area or project.bearers.units != project.units:
        yield "的分担范围与涉及户数、面积不符"
    for vote in project.votes:
        if vote.passed != all(met for _, met in vote.conditions()):
            yield f"的表决记录 {vote.on} 与计数不符"


def _limit(project: FundProject) -> Decimal:
    return next((one for one in (project.settled, project.approved) if one is not None), Decimal(0))
