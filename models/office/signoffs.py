"""签阅: what is written today lies with a superior tomorrow, read and signed, or passed on (duty c01.a.01).

Complaints, inspections and daily logs put themselves in by `to_be_read` in the transaction in which they
are written; reading never changes them.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from enum import Enum
from typing import Annotated, Any

from peewee import JOIN

from models import deeds
from models.base import Record
from models.clock import now
from models.conditions import Condition, Test
from models.deeds import actor, deed
from models.desk import Reminder, reminds
from models.errors import BadInput, RuleBroken
from models.fields import (
    ChoiceField,
    CodeField,
    DayField,
    LineField,
    LinkField,
    LinksField,
    MomentField,
    NoteField,
)
from models.inputs import Asked
from models.listings import Filters, Listing, Shown, listing
from models.office.staff import Staff
from models.text import brief
from models.workdays import SEE

READ = deeds.right("office.read", "签阅投诉、巡查和日志")


class Paper(Enum):
    """What is read."""

    COMPLAINT = "投诉"
    INSPECTION = "巡查"
    LOG = "管理日志"


class SignOffState(Enum):
    """How far a paper is."""

    UNREAD = "待阅"
    READ = "已阅"
    PASSED = "已转办"
    ANSWERED = "已办复"


class SignOff(Record):
    """签阅: one paper that a superior reads; with his words, and to whom he passed it on."""

    kind = ChoiceField(Paper, verbose_name="类别")
    number = CodeField(max_length=60, unique=True, verbose_name="单号")
    day = DayField(verbose_name="日期")
    told = LineField(max_length=200, verbose_name="摘要")
    made_by = LineField(max_length=60, verbose_name="经手人")
    state = ChoiceField(SignOffState, default=SignOffState.UNREAD, verbose_name="状态")
    read_at = MomentField(null=True, verbose_name="签阅时间")
    read_by = LineField(max_length=60, null=True, verbose_name="签阅人")
    words = NoteField(null=True, verbose_name="批示")
    staff = LinkField(Staff, null=True, backref="+", verbose_name="转办给")
    due = DayField(null=True, verbose_name="办理期限")
    answer = NoteField(null=True, verbose_name="办理情况")
    answered_at = MomentField(null=True, verbose_name="办复时间")
    answered_by = LineField(max_length=60, null=True, verbose_name="办复人")

    key_field = "number"
    moves = {
        SignOffState.UNREAD: (SignOffState.READ, SignOffState.PASSED),
        SignOffState.READ: (SignOffState.PASSED,),
        SignOffState.PASSED: (SignOffState.ANSWERED,),
    }

    class Meta:
        title = "签阅"
        indexes = ((("state", "day"), False),)

    def described(self) -> str:
        """Return its number and the beginning of what it tells."""
        return f"{self.number} {brief(self.told, _BRIEF)}"


_ROOM = 200
_BRIEF = 60
_OWN = {Paper.LOG: "写的日志", Paper.INSPECTION: "做的巡查"}
"""What nobody signs for himself, in words."""


def to_be_read(kind: Paper, number: str, day: date, told: str, by: str | None = None) -> SignOff:
    """Let a paper be read; within the deed that writes it.

    Args:
        kind: what it is.
        number: its number.
        day: of what it tells.
        told: what it tells, in a line; what is longer is cut.
        by: name of who answers for it, so that somebody else signs; without it whoever is acting.
    """
    told = " ".join(told.split())[:_ROOM]
    return SignOff.add(kind=kind, number=number, day=day, told=told, made_by=by or actor().name)


def sign_off_of(number: str) -> SignOff | None:
    """Return how a paper was read by its number; None where it need not be read."""
    found: SignOff | None = SignOff.get_or_none(SignOff.number == number)
    return found


def unread_of(*kinds: Paper) -> list[SignOff]:
    """Return what of some kinds nobody read yet, the oldest first."""
    mine = (SignOff.state == SignOffState.UNREAD) & SignOff.kind.in_(kinds)
    return list(SignOff.select().where(mine).order_by(SignOff.id))


AskedSignOff = Annotated[SignOff, Asked(LinkField(SignOff, verbose_name="待阅件"))]


@deed("office.read", "签阅", READ)
def read(
    sign_offs: Annotated[list[SignOff], Asked(LinksField(SignOff, verbose_name="待阅件"))],
    words: Annotated[str | None, Asked(NoteField(null=True, verbose_name="批示"), "没有的不填")] = None,
) -> None:
    """Sign papers as read, with what is to be said of them.

    Raises:
        RuleBroken: one is read already, or is one's own log or round.
    """
    for one in sign_offs:
        _refuse_own(one)
        if one.state is not SignOffState.UNREAD:
            raise RuleBroken(f"{one.number} 已由 {one.read_by} 于 {one.read_at:%Y-%m-%d %H:%M} 签阅。")
        one.move_to(SignOffState.READ, read_at=now(), read_by=actor().name, words=words)


@deed("office.pass_on", "转办", READ)
def pass_on(
    sign_off: AskedSignOff,
    staff: Annotated[Staff, Asked(LinkField(Staff, verbose_name="转办给"))],
    due: Annotated[date, Asked(DayField(verbose_name="办理期限"))],
    words: Annotated[str, Asked(NoteField(verbose_name="批示"))],
) -> SignOff:
    """Sign a paper and pass it on to somebody, who answers by a day.

    Raises:
        RuleBroken: it is passed on already, or he has left.
        BadInput: the day is over.
    """
    _refuse_own(sign_off)
    if staff.left is not None:
        raise RuleBroken(f"{staff.name} 已于 {staff.left} 离职。请另选一位。")
    if due < now().date():
        raise BadInput(f"办理期限 {due} 已经过了。请填今天或以后的日期。", "due")
    earlier = f"{sign_off.read_by}：{sign_off.words}\n" if sign_off.words else ""
    return sign_off.move_to(
        SignOffState.PASSED, read_at=sign_off.read_at or now(), read_by=sign_off.read_by or actor().name,
        words=f"{earlier}{words}", staff=staff, due=due,
    )  # fmt: skip


def _refuse_own(sign_off: SignOff) -> None:
    """Nobody reads as a superior what is his own."""
    if sign_off.kind in _OWN and sign_off.made_by == actor().name:
        raise RuleBroken(f"{sign_off.number} 是您自己{_OWN[sign_off.kind]}，要由上级签阅。")


@deed("office.answer_sign_off", "办复", SEE)
def answer_sign_off(
    sign_off: AskedSignOff, answer: Annotated[str, Asked(NoteField(verbose_name="办理情况"))]
) -> SignOff:
    """Tell what became of what was passed on; whoever it was passed on to does, or who passes on.

    Raises:
        RuleBroken: it is not passed on, or to somebody else.
    """
    person = actor()
    if sign_off.state is not SignOffState.PASSED:
        raise RuleBroken(f"{sign_off.number} 现在是“{sign_off.state.value}”，不用办复。")
    if sign_off.staff_id != getattr(person, "staff_id", None) and not person.may(READ):
        raise RuleBroken(f"{sign_off.number} 转给了 {sign_off.staff.name}，请由本人办复。")
    return sign_off.move_to(SignOffState.ANSWERED, answer=answer, answered_at=now(), answered_by=person.name)


def _mine() -> list[Any]:
    """Whoever reads sees all but his own, which his superior reads; others what was passed on to them."""
    person = actor()
    if not person.may(READ):
        return [SignOff.staff == getattr(person, "staff_id", None)]
    own = SignOff.kind.in_(list(_OWN)) & (SignOff.made_by == person.name)
    return [~(own & (SignOff.state == SignOffState.UNREAD))]


@listing("sign_offs", "每日签阅", "office", SEE, "period", "state")
def sign_offs(filters: Filters) -> Listing:
    """What lies to be read, unread first, the latest day on top."""
    query = SignOff.select().join(Staff, JOIN.LEFT_OUTER).where(SignOff.id > 0, *_mine())
    query = filters.narrow(query, period=SignOff.day, state=SignOff.state)
    columns = (
        Shown("day", SignOff.day),
        Shown("kind", SignOff.kind),
        Shown("number", SignOff.number),
        Shown("told", LineField(verbose_name="摘要", max_length=200).roomier(40), SignOff.told),
        Shown("state", SignOff.state, status=True),
        Shown("read_by", SignOff.read_by),
        Shown("read_at", SignOff.read_at, hidden=True),
        Shown("words", SignOff.words),
        Shown("staff", Staff.name, label="转办给", hidden=True),
        Shown("due", SignOff.due),
        Shown("answer", SignOff.answer, hidden=True),
        Shown("answered_by", SignOff.answered_by, hidden=True),
        Shown("answered_at", SignOff.answered_at, hidden=True),
    )
    tones = {SignOffState.UNREAD: "warning", SignOffState.READ: "ok", SignOffState.PASSED: "info",
             SignOffState.ANSWERED: "ok"}  # fmt: skip
    return Listing(
        query, columns, id=SignOff.id, order=("-state", "-day"), record=SignOff,
        search=(SignOff.number, SignOff.told, SignOff.words),
        tones={state.value: tone for state, tone in tones.items()},
    )  # fmt: skip


@reminds(READ)
def unread(day: date) -> Iterator[Reminder]:
    """Remind of what is to be read; what lies since a day before is late (every working day, c01.a.01)."""
    waiting = (SignOff.state == SignOffState.UNREAD) & _mine()[0]
    late = SignOff.select().where(waiting & (SignOff.day < day)).count()
    state = {"state": SignOffState.UNREAD.value}
    if late:
        asked = (Condition("day", Test.MOST, (day - timedelta(days=1)).isoformat()),)
        yield Reminder(f"{late} 件昨天和以前的待签阅", "danger", "sign_offs", state, late, asked)
    count = SignOff.select().where(waiting & (SignOff.day >= day)).count()
    if count:
        asked = (Condition("day", Test.LEAST, day.isoformat()),)
        yield Reminder(f"{count} 件今天的待签阅", "info", "sign_offs", state, count, asked)


@reminds(READ)
def unanswered(day: date) -> Iterator[Reminder]:
    """Remind of what was passed on and is not answered in time."""
    late = (SignOff.state == SignOffState.PASSED) & (SignOff.due < day)
    count = SignOff.select().where(late).count()
    if count:
        state = {"state": SignOffState.PASSED.value}
        asked = (Condition("due", Test.MOST, (day - timedelta(days=1)).isoformat()),)
        yield Reminder(f"{count} 件转办超期没有办复", "danger", "sign_offs", state, count, asked)


@reminds(SEE)
def passed_to_me(day: date) -> Iterator[Reminder]:
    """Remind somebody of what was passed on to him."""
    mine = (SignOff.state == SignOffState.PASSED) & (SignOff.staff == getattr(actor(), "staff_id", None))
    count = SignOff.select().where(mine).count()
    if count:
        state = {"state": SignOffState.PASSED.value}
        asked = (Condition("staff", Test.IS, actor().name),)
        yield Reminder(f"{count} 件转给您办，等您办复", "warning", "sign_offs", state, count, asked)
