"""管理日志: what happened at a post on a day, written by whoever held it and read by a superior (OF-15)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Annotated, Any, Self

from models import deeds
from models.attachments import keeps_files
from models.base import Record
from models.clock import now, past_day
from models.deeds import actor, deed
from models.errors import BadInput, RuleBroken
from models.fields import CodeField, DayField, LineField, LinkField, MomentField, NoteField
from models.inputs import Asked, edits_of
from models.listings import Filters, Listing, Shown, listing
from models.office.signoffs import Paper, SignOff, SignOffState, sign_off_of, to_be_read
from models.office.staff import Post, Staff
from models.search import finds_numbered
from models.text import brief

LOG = deeds.right("office.log", "写管理日志")

_TOLD = ("work", "weather", "on_duty", "calls", "rounds", "incidents", "left_open")
_ROOM = 190
"""Letters that are filled in at the most; a large office has more names on duty than a line holds."""
_PREPARED: dict[str, list[Callable[[date], Iterable[str]]]] = {}


class DutyLog(Record):
    """管理日志: one page of one post and day, GLRZ-20261123-客服主管."""

    number = CodeField(max_length=60, unique=True, verbose_name="日志号")
    day = DayField(index=True, verbose_name="日期")
    post = LinkField(Post, backref="+", verbose_name="岗位")
    weather = LineField(max_length=40, null=True, verbose_name="天气")
    on_duty = LineField(max_length=200, null=True, verbose_name="值班")
    work = NoteField(verbose_name="当日工作")
    calls = LineField(max_length=200, null=True, verbose_name="来访投诉报修数")
    rounds = NoteField(null=True, verbose_name="巡查情况")
    incidents = NoteField(null=True, verbose_name="突发")
    left_open = NoteField(null=True, verbose_name="未完与交接")
    made_at = MomentField(verbose_name="登记时间")
    made_by = LineField(max_length=60, verbose_name="记录人")

    key_field = "number"

    class Meta:
        title = "管理日志"
        indexes = ((("day", "post"), True),)

    @deed(
        "office.edit_log", "修改日志", LOG, inputs=edits_of(lambda: DutyLog, *_TOLD), undo="office.edit_log"
    )
    def edit(self, **values: Any) -> Self:
        """Change what was written, until it is read.

        Raises:
            RuleBroken: it is read, or somebody else wrote it.
        """
        found = sign_off_of(self.number)
        if found is not None and found.state is not SignOffState.UNREAD:
            raise RuleBroken(f"{self.number} 已由 {found.read_by} 签阅，不能再改。要补充的写在今天的日志里。")
        if self.made_by != actor().name:
            raise RuleBroken(f"{self.number} 是 {self.made_by} 写的，请由本人修改。")
        self.change(**values)
        if found is not None and found.told != _summary(self):
            found.change(told=_summary(self))
        return self


keeps_files(DutyLog, LOG)


def prepares(name: str) -> Callable[[Callable[[date], Iterable[str]]], Callable[[date], Iterable[str]]]:
    """Register what a module knows for a field of the day's log; it stands where nothing is typed."""

    def decorate(tell: Callable[[date], Iterable[str]]) -> Callable[[date], Iterable[str]]:
        _PREPARED.setdefault(name, []).append(tell)
        return tell

    return decorate


def prepared(name: str, day: date) -> str | None:
    """Return what the program knows for a field of a day's log; None where it knows nothing."""
    told = "；".join(words for tell in _PREPARED.get(name, ()) for words in tell(day))
    return brief(told, _ROOM) or None


def _known(field: Any) -> Asked:
    return Asked(field, "不填按系统记录")


@deed("office.write_log", "写日志", LOG)
def write_log(
    work: Annotated[str, Asked(NoteField(verbose_name="当日工作"))],
    day: Annotated[date | None, Asked(DayField(null=True, verbose_name="日期"), "不填为今天")] = None,
    post: Annotated[
        Post | None, Asked(LinkField(Post, null=True, verbose_name="岗位"), "不填为本人岗位")
    ] = None,
    weather: Annotated[str | None, Asked(LineField(max_length=40, null=True, verbose_name="天气"))] = None,
    on_duty: Annotated[str | None, _known(LineField(max_length=200, null=True, verbose_name="值班"))] = None,
    calls: Annotated[
        str | None, _known(LineField(max_length=200, null=True, verbose_name="来访投诉报修数"))
    ] = None,
    rounds: Annotated[str | None, _known(NoteField(null=True, verbose_name="巡查情况"))] = None,
    incidents: Annotated[str | None, Asked(NoteField(null=True, verbose_name="突发"))] = None,
    left_open: Annotated[str | None, Asked(NoteField(null=True, verbose_name="未完与交接"))] = None,
) -> DutyLog:
    """Write the day's page of a post; what the program knows of the day is filled in.

    Raises:
        BadInput: the day lies ahead, the post is not known, or its page is written already.
    """
    written_on = past_day(day, "日志日期", "day")
    held = post or _my_post()
    if held is None:
        raise BadInput("请填岗位：现在登录的账号没有岗位。", "post")
    number = f"GLRZ-{written_on:%Y%m%d}-{held.name}"
    known = DutyLog.get_or_none((DutyLog.day == written_on) & (DutyLog.post == held))
    if known is not None:
        raise BadInput(f"{number} 已由 {known.made_by} 写过。要补充请用“修改日志”。", "day")
    made = DutyLog.add(
        number=number, day=written_on, post=held, work=work, weather=weather,
        on_duty=on_duty or prepared("on_duty", written_on), calls=calls or prepared("calls", written_on),
        rounds=rounds or prepared("rounds", written_on), incidents=incidents, left_open=left_open,
        made_at=now(), made_by=actor().name,
    )  # fmt: skip
    to_be_read(Paper.LOG, number, written_on, _summary(made))
    return made


def _my_post() -> Post | None:
    staff: Any = Staff.get_or_none(Staff.id == getattr(actor(), "staff_id", None))
    return staff.post if staff is not None else None


def _summary(log: DutyLog) -> str:
    urgent = f"突发：{log.incidents}　" if log.incidents else ""
    return f"{urgent}{log.work}"[:200]


@listing("duty_logs", "管理日志", "office", LOG, "period")
def duty_logs(filters: Filters) -> Listing:
    """The pages of all posts, the latest first, each with whether it was read."""
    query = DutyLog.select().join(Post).switch(DutyLog)
    query = query.join(SignOff, on=(SignOff.number == DutyLog.number))
    query = filters.narrow(query, period=DutyLog.day)
    columns = (
        Shown("number", DutyLog.number),
        Shown("day", DutyLog.day, hidden=True),
        Shown("post", Post.name, label="岗位"),
        Shown("work", NoteField(verbose_name="当日工作").roomier(30), DutyLog.work),
        Shown("calls", DutyLog.calls, hidden=True),
        Shown("incidents", DutyLog.incidents),
        Shown("left_open", DutyLog.left_open),
        Shown("made_by", DutyLog.made_by),
        Shown("state", SignOff.state, label="签阅", status=True),
        Shown("words", SignOff.words, label="上级批示", hidden=True),
        Shown("weather", DutyLog.weather, hidden=True),
        Shown("on_duty", DutyLog.on_duty, hidden=True),
        Shown("rounds", DutyLog.rounds, hidden=True),
    )
    return Listing(
        query, columns, id=DutyLog.id, order=("-day", "number"), record=DutyLog,
        search=(DutyLog.number, DutyLog.work, DutyLog.incidents, DutyLog.left_open),
        tones={SignOffState.UNREAD.value: "warning", SignOffState.READ.value: "ok"},
    )  # fmt: skip


finds_numbered(LOG, "GLRZ", DutyLog, "duty_logs", "管理日志", lambda one: one.made_by)
