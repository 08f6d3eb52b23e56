"""恳谈会: owners and the office sit together; what is promised there falls due (CS-09, duty c01.b.06)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Annotated, Any

from peewee import SQL, fn

from models.attachments import keeps_files
from models.base import Record
from models.clock import now
from models.complaints.closing import AskedReason
from models.complaints.contact.commitments import (
    AskedPromises,
    Commitment,
    CommitmentState,
    Origin,
    promise_all,
)
from models.complaints.rights import LEAD, VIEW
from models.deeds import actor, deed, reaches_everybody
from models.desk import Reminder, reminds
from models.errors import RuleBroken
from models.fields import (
    ChoiceField,
    CountField,
    LineField,
    LinkField,
    MomentField,
    NoteField,
    NumberField,
)
from models.inputs import Asked, Input
from models.listings import Filters, Listing, Shown, listing
from models.months import Period
from models.owners.estate import Unit
from models.rows import RowsField
from models.search import finds_numbered
from models.series import Series

FORUMS = Series("KT", "恳谈会纪要", digits=2, yearly=True)
_NOTICE = timedelta(days=45)


class ForumState(Enum):
    """How far a meeting is."""

    PLANNED = "已计划"
    HELD = "已召开"
    DROPPED = "已取消"


class Forum(Record):
    """恳谈会: one meeting with owners, KT-2026-01."""

    number = NumberField(verbose_name="会议号")
    title = LineField(max_length=60, verbose_name="会议名称")
    at = MomentField(verbose_name="时间")
    place = LineField(max_length=60, verbose_name="地点")
    agenda = NoteField(verbose_name="议题")
    state = ChoiceField(ForumState, default=ForumState.PLANNED, verbose_name="状态")
    chair = LineField(max_length=40, null=True, verbose_name="主持")
    recorder = LineField(max_length=40, null=True, verbose_name="记录")
    owners = NoteField(null=True, verbose_name="业主代表")
    committee = LineField(max_length=120, null=True, verbose_name="业委会")
    community = LineField(max_length=120, null=True, verbose_name="社区")
    office = LineField(max_length=120, null=True, verbose_name="物业")
    sent_to = LineField(max_length=120, null=True, verbose_name="发送范围")
    words = NoteField(null=True, verbose_name="说明")
    made_at = MomentField(verbose_name="登记时间")
    made_by = LineField(max_length=60, verbose_name="经办人")

    key_field = "number"
    moves = {ForumState.PLANNED: (ForumState.HELD, ForumState.DROPPED)}

    class Meta:
        title = "恳谈会"


class ForumSpeech(Record):
    """发言摘要: what somebody of a house said, with the answer given there."""

    forum = LinkField(Forum, backref="speeches", verbose_name="恳谈会")
    unit = LinkField(Unit, null=True, backref="+", verbose_name="房号")
    name = LineField(max_length=40, null=True, verbose_name="发言人")
    words = LineField(max_length=300, verbose_name="发言")
    answer = LineField(max_length=300, null=True, verbose_name="答复")

    class Meta:
        title = "恳谈会发言"


keeps_files(Forum, VIEW)
reaches_everybody(Forum)
AskedForum = Annotated[Forum, Asked(LinkField(Forum, verbose_name="恳谈会"))]


@deed("complaints.plan_forum", "计划恳谈会", LEAD)
def plan_forum(
    title: Annotated[str, Asked(LineField(max_length=60, verbose_name="会议名称"))],
    at: Annotated[datetime, Asked(MomentField(verbose_name="时间"))],
    place: Annotated[str, Asked(LineField(max_length=60, verbose_name="地点"))],
    agenda: Annotated[str, Asked(NoteField(verbose_name="议题"))],
) -> Forum:
    """Plan a meeting; one that was held already may be entered too, and is recorded next."""
    return Forum.add(
        number=FORUMS.next(at.date()), title=title, at=at, place=place, agenda=agenda, made_at=now(),
        made_by=actor().name,
    )  # fmt: skip


def _speeches() -> list[Input]:
    return [
        Input("unit", LinkField(Unit, null=True, verbose_name="房号"), required=False),
        Input("name", LineField(max_length=40, null=True, verbose_name="发言人"), required=False),
        Input("words", LineField(max_length=300, verbose_name="发言"), required=True),
        Input("answer", LineField(max_length=300, null=True, verbose_name="答复"), required=False),
    ]


@deed("complaints.hold_forum", "登记纪要", LEAD)
def hold_forum(
    forum: AskedForum,
    chair: Annotated[str, Asked(LineField(max_length=40, verbose_name="主持"))],
    recorder: Annotated[str, Asked(LineField(max_length=40, verbose_name="记录"))],
    owners: Annotated[str, Asked(NoteField(verbose_name="业主代表"))],
    speeches: Annotated[
        list[dict[str, Any]] | None, Asked(RowsField(_speeches, null=True, verbose_name="发言摘要"))
    ] = None,
    promises: AskedPromises = None,
    committee: Annotated[
        str | None, Asked(LineField(max_length=120, null=True, verbose_name="业委会"))
    ] = None,
    community: Annotated[str | None, Asked(LineField(max_length=120, null=True, verbose_name="社区"))] = None,
    office: Annotated[str | None, Asked(LineField(max_length=120, null=True, verbose_name="物业"))] = None,
    sent_to: Annotated[
        str | None, Asked(LineField(max_length=120, null=True, verbose_name="发送范围"))
    ] = None,
) -> Forum:
    """Write the minutes of a meeting; every promise in them falls due.

    Raises:
        RuleBroken: its minutes are written, it was dropped, or its time has not come.
        RowRefused: a promise falls due before the meeting.
    """
    if forum.at > now():
        raise RuleBroken(f"{forum.number} 定在 {forum.at:%Y-%m-%d %H:%M}，还没有开。请开会以后再登记纪要。")
    forum.move_to(
        ForumState.HELD, chair=chair, recorder=recorder, owners=owners, committee=committee,
        community=community, office=office, sent_to=sent_to, made_at=now(), made_by=actor().name,
    )  # fmt: skip
    for row in speeches or []:
        ForumSpeech.add(forum=forum, **row)
    promise_all(Origin.FORUM, forum.number, promises, None, forum.at.date())
    return forum


@deed("complaints.drop_forum", "取消恳谈会", LEAD, danger=True, question="取消的保留在名单里。")
def drop_forum(forum: AskedForum, reason: AskedReason) -> Forum:
    """Drop a meeting that was planned, with the reason.

    Raises:
        RuleBroken: it was held or dropped already.
    """
    return forum.move_to(ForumState.DROPPED, words=reason)


@listing("forums", "恳谈会", "complaints", VIEW, "period", "state")
def forums(filters: Filters) -> Listing:
    """Meetings with owners, the latest first, each with what was promised and what is open of it."""
    query = Forum.select()
    query = filters.narrow(query, period=Forum.at, state=Forum.state)
    mine = (Commitment.origin == Origin.FORUM) & (Commitment.source == Forum.number)
    count = Commitment.select(fn.COUNT(SQL("1")))
    undone = Commitment.state == CommitmentState.OPEN
    columns = (
        Shown("number", Forum.number),
        Shown("title", Forum.title),
        Shown("at", Forum.at),
        Shown("place", Forum.place),
        Shown("agenda", Forum.agenda),
        Shown("state", Forum.state, status=True),
        Shown("promises", CountField(verbose_name="承诺"), count.where(mine), total=True),
        Shown("open", CountField(verbose_name="未办"), count.where(mine & undone), total=True),
        Shown("chair", Forum.chair, hidden=True),
        Shown("owners", Forum.owners, hidden=True),
        Shown("words", Forum.words, hidden=True),
    )
    return Listing(
        query, columns, id=Forum.id, order=("-number",), record=Forum, search=(Forum.number, Forum.title),
        tones={ForumState.HELD.value: "ok", ForumState.PLANNED.value: "warning"},
    )  # fmt: skip


@reminds(LEAD)
def forum_of_half_year(day: date) -> Iterator[Reminder]:
    """Remind towards the end of a half year in which no meeting was held or is planned (c01.b.06)."""
    half = Period.half_of(day)
    if half.last - day > _NOTICE:
        return
    known = Forum.at.between(*half.moments) & (Forum.state != ForumState.DROPPED)
    if not Forum.select().where(known).exists():
        yield Reminder(f"{half.name} 还没有开恳谈会，{half.last} 前至少一次", "warning", "forums")


@reminds(LEAD)
def forums_to_record(day: date) -> Iterator[Reminder]:
    """Remind of meetings whose minutes nobody wrote yet."""
    count = Forum.select().where((Forum.state == ForumState.PLANNED) & (Forum.at < now())).count()
    if count:
        state = {"state": ForumState.PLANNED.value}
        yield Reminder(f"{count} 次恳谈会开过了还没有纪要", "warning", "forums", state, count)


finds_numbered(VIEW, "KT", Forum, "forums", "恳谈会", lambda one: one.title)
