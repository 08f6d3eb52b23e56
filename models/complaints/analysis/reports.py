"""客户服务月度统计分析报告: prepared from figures, written on, signed, sent to two managers (c01.b.11).

While it is a draft its figures are those of now; the signature keeps every chapter as it stands, and what is
printed later is what was signed.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from enum import Enum
from typing import Annotated, Any, Self

from models.attachments import keeps_files
from models.base import Record
from models.clock import now
from models.complaints.analysis.month import MonthFigures, chapters, focus_of, problems_of
from models.complaints.analysis.parts import Grid, Heading, Part, Words, kept, read
from models.complaints.contact.commitments import Commitment, Origin, of_source, promise
from models.complaints.rights import LEAD, VIEW
from models.deeds import actor, deed, reaches_everybody
from models.desk import Reminder, reminds
from models.errors import BadInput, RuleBroken
from models.fields import (
    ChoiceField,
    CodeField,
    DayField,
    FactsField,
    LineField,
    LinkField,
    MomentField,
    MonthField,
    NoteField,
)
from models.inputs import Asked, edits_of
from models.listings import Filters, Listing, Shown, listing
from models.months import Month, Period
from models.office.staff import Staff
from models.search import finds_numbered

_TOLD = ("problems", "decoration", "focus", "remark")
_FROM = 25
"""Day of the month from which the desk reminds of the report (duty c01.b.11: by month end)."""


class AnalysisState(Enum):
    """How far a report is."""

    DRAFT = "编制"
    SIGNED = "已签发"
    SENT = "已报送"


class MonthAnalysis(Record):
    """月度分析: the report of one month, KB-202611."""

    number = CodeField(max_length=20, unique=True, verbose_name="报告号")
    month = MonthField(unique=True, verbose_name="月份")
    state = ChoiceField(AnalysisState, default=AnalysisState.DRAFT, verbose_name="状态")
    decoration = NoteField(null=True, verbose_name="装修在施与验收")
    problems = NoteField(verbose_name="问题与原因")
    focus = NoteField(verbose_name="下月重点")
    remark = NoteField(null=True, verbose_name="补充说明")
    content = FactsField(null=True, verbose_name="签发内容")
    made_at = MomentField(verbose_name="编制时间")
    made_by = LineField(max_length=60, verbose_name="编制人")
    signed_at = MomentField(null=True, verbose_name="签发时间")
    signed_by = LineField(max_length=60, null=True, verbose_name="签发人")
    project_on = DayField(null=True, verbose_name="报项目经理")
    company_on = DayField(null=True, verbose_name="报公司客户部")

    key_field = "number"
    moves = {
        AnalysisState.DRAFT: (AnalysisState.SIGNED,),
        AnalysisState.SIGNED: (AnalysisState.SENT,),
    }

    class Meta:
        title = "月度分析"

    @deed(
        "complaints.edit_analysis", "修改月度分析", LEAD, inputs=edits_of(lambda: MonthAnalysis, *_TOLD),
        undo="complaints.edit_analysis",
    )  # fmt: skip
    def edit(self, **values: Any) -> Self:
        """Change what the office says about the figures.

        Raises:
            RuleBroken: it is signed.
        """
        _refuse_signed(self)
        return self.change(**values)


reaches_everybody(MonthAnalysis)
keeps_files(MonthAnalysis, VIEW)
AskedAnalysis = Annotated[MonthAnalysis, Asked(LinkField(MonthAnalysis, verbose_name="月度分析"))]


def _refuse_signed(analysis: MonthAnalysis) -> None:
    if analysis.state is not AnalysisState.DRAFT:
        raise RuleBroken(
            f"{analysis.number} 已由 {analysis.signed_by} 签发，不能再改。要补充的写进下个月的报告。"
        )


@deed("complaints.prepare_analysis", "编制月度分析", LEAD)
def prepare_analysis(
    month: Annotated[Month | None, Asked(MonthField(null=True, verbose_name="月份"), "不填为本月")] = None,
) -> MonthAnalysis:
    """Begin the report of a month; what the figures suggest is written down to be worked on.

    Raises:
        BadInput: the month lies ahead, or its report is there.
    """
    wanted = month or Month.of(now().date())
    if wanted.first > now().date():
        raise BadInput(f"{wanted} 还没有到。请填已经开始的月份。", "month")
    number = f"KB-{wanted.first:%Y%m}"
    if MonthAnalysis.select().where(MonthAnalysis.number == number).exists():
        raise BadInput(f"{number} 已经编制。请在名单里修改。", "month")
    figures = MonthFigures(wanted)
    return MonthAnalysis.add(
        number=number, month=wanted, problems=problems_of(figures), focus=focus_of(figures), made_at=now(),
        made_by=actor().name,
    )  # fmt: skip


@deed("complaints.plan_measure", "登记整改措施", LEAD)
def plan_measure(
    analysis: AskedAnalysis,
    words: Annotated[str, Asked(NoteField(verbose_name="措施"))],
    staff: Annotated[Staff, Asked(LinkField(Staff, verbose_name="责任人"))],
    due: Annotated[date, Asked(DayField(verbose_name="完成期限"))],
) -> Commitment:
    """Say what is done about a problem, by whom and by when; it falls due like every promise.

    Raises:
        RuleBroken: the report is signed, or he has left.
        BadInput: the day is over.
    """
    _refuse_signed(analysis)
    return promise(Origin.QUALITY, analysis.number, words, staff, due)


@deed(
    "complaints.sign_analysis", "签发月度分析", LEAD, danger=True,
    question="签发以后数字和文字都照此保存，不能再改。",
)  # fmt: skip
def sign_analysis(analysis: AskedAnalysis) -> MonthAnalysis:
    """Sign a report: every chapter is kept as it stands.

    Raises:
        RuleBroken: it is signed, or its month is not over.
    """
    _refuse_signed(analysis)
    last = analysis.month.last
    if now().date() < last:
        raise RuleBroken(f"{analysis.month} 还没有过完，{last} 起才能签发。可以先打印草稿。")
    return analysis.move_to(
        AnalysisState.SIGNED, content=kept(parts_of(analysis)), signed_at=now(), signed_by=actor().name
    )


@deed("complaints.send_analysis", "登记报送", LEAD)
def send_analysis(
    analysis: AskedAnalysis,
    project_on: Annotated[
        date | None, Asked(DayField(null=True, verbose_name="报项目经理"), "不填为今天")
    ] = None,
    company_on: Annotated[
        date | None, Asked(DayField(null=True, verbose_name="报公司客户部"), "不填为今天")
    ] = None,
) -> MonthAnalysis:
    """Note on which days both managers had the report.

    Raises:
        RuleBroken: it is not signed, or sent already.
        BadInput: a day lies ahead, or before the signature.
    """
    today = now().date()
    days = {"project_on": project_on or today, "company_on": company_on or today}
    if analysis.state is not AnalysisState.SIGNED:
        why = "还没有签发。请先签发" if analysis.state is AnalysisState.DRAFT else "已经报送"
        raise RuleBroken(f"{analysis.number} {why}。")
    for name, day in days.items():
        if not analysis.signed_at.date() <= day <= today:
            raise BadInput(f"报送日期 {day} 不在签发之后到今天之间。请核对日期。", name)
    return analysis.move_to(AnalysisState.SENT, **days)


def parts_of(analysis: MonthAnalysis) -> list[Part]:
    """Return what a report says: as it was signed, or as of now while it is a draft."""
    if analysis.content is not None:
        return read(analysis.content)
    return [*chapters(MonthFigures(analysis.month)), *_words(analysis)]


def _words(analysis: MonthAnalysis) -> Iterator[Part]:
    yield Heading("八、装修在施与验收")
    yield Words(analysis.decoration or "本月没有要报告的。")
    yield Heading("九、问题与原因")
    yield Words(analysis.problems)
    yield Heading("十、整改措施")
    rows = tuple((one.words, one.staff.name, f"{one.due}", one.told) for one in of_source(analysis.number))
    if rows:
        yield Grid(("措施", "责任人", "期限", "办理情况"), (76, 24, 28, 44), rows)
    else:
        yield Words("本月没有新的整改措施。")
    yield Heading("十一、下月重点")
    yield Words(analysis.focus)
    if analysis.remark:
        yield Heading("补充说明")
        yield Words(analysis.remark)


@listing("month_analyses", "月度分析", "complaints", VIEW, "period", "state")
def month_analyses(filters: Filters) -> Listing:
    """The reports of the months, the latest first."""
    query = MonthAnalysis.select()
    if filters.period:
        first, last = filters.period.months
        query = query.where(MonthAnalysis.month.between(first, last))
    query = filters.narrow(query, state=MonthAnalysis.state)
    columns = (
        Shown("number", MonthAnalysis.number),
        Shown("month", MonthAnalysis.month),
        Shown("state", MonthAnalysis.state, status=True),
        Shown("problems", NoteField(verbose_name="问题与原因").roomier(30), MonthAnalysis.problems),
        Shown("focus", MonthAnalysis.focus, hidden=True),
        Shown("made_by", MonthAnalysis.made_by),
        Shown("signed_by", MonthAnalysis.signed_by),
        Shown("signed_at", MonthAnalysis.signed_at, hidden=True),
        Shown("project_on", MonthAnalysis.project_on),
        Shown("company_on", MonthAnalysis.company_on),
    )
    tones = {AnalysisState.DRAFT: "warning", AnalysisState.SIGNED: "info", AnalysisState.SENT: "ok"}
    return Listing(
        query, columns, id=MonthAnalysis.id, order=("-month",), record=MonthAnalysis,
        search=(MonthAnalysis.number, MonthAnalysis.problems),
        tones={state.value: tone for state, tone in tones.items()},
    )  # fmt: skip


@reminds(LEAD)
def month_report_due(day: date) -> Iterator[Reminder]:
    """Remind of this month's report from the 25th on, and of earlier ones until both managers have them."""
    month = Month.of(day)
    unsent = MonthAnalysis.state != AnalysisState.SENT
    late = list(MonthAnalysis.select().where(unsent & (MonthAnalysis.month < month)))
    for one in late:
        yield _reminder(f"{one.number} 过了月底还没有报送两位经理", "danger", one.month, 1)
    known = {one.month for one in MonthAnalysis.select(MonthAnalysis.month)}
    if known and month.plus(-1) not in known:
        yield _reminder(f"{month.plus(-1)} 月度分析还没有编制", "danger", month.plus(-1))
    mine = MonthAnalysis.get_or_none(MonthAnalysis.month == month)
    if day.day >= _FROM and (mine is None or mine.state is not AnalysisState.SENT):
        told = "还没有编制" if mine is None else f"现在是“{mine.state.value}”"
        due = month.last.isoformat()
        yield _reminder(f"{month} 月度分析{told}，{due} 前报送", "warning", month, int(mine is not None))


def _reminder(title: str, tone: str, month: Month, count: int = 0) -> Reminder:
    """Return a reminder that opens the report of a month, where there is one."""
    return Reminder(title, tone, "month_analyses", {"period": Period.of_month(month)}, count or None)


finds_numbered(VIEW, "KB", MonthAnalysis, "month_analyses", "月度分析", lambda one: one.state.value)
