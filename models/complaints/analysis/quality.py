"""服务质量分析与整改: each quarter what missed its target, why, what is done, and if it helped (CS-14)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any

from peewee import JOIN, Case

from models.attachments import keeps_files
from models.base import Record
from models.clock import now
from models.complaints.analysis.targets import QualityFigure, QualityTarget, Reached, reached, sense_shown
from models.complaints.contact.commitments import Commitment, CommitmentState, Origin, promise
from models.complaints.rights import LEAD, VIEW
from models.conditions import Condition, Test
from models.deeds import actor, deed, reaches_everybody
from models.desk import Reminder, reminds
from models.errors import BadInput, RuleBroken
from models.fields import (
    ChoiceField,
    CodeField,
    CountField,
    DayField,
    FlagField,
    LineField,
    LinkField,
    MomentField,
    NoteField,
    QuantityField,
)
from models.inputs import Asked
from models.listings import Filters, Listing, Shown, listing
from models.months import Period
from models.office.staff import Staff
from models.search import finds_numbered

_FROM = 75
"""Days of a quarter after which the desk reminds of its review."""


class ReviewState(Enum):
    """How far a review is."""

    DRAFT = "编制"
    SIGNED = "已签发"


class QualityReview(Record):
    """质量分析: the review of one quarter, ZG-2026Q4."""

    number = CodeField(max_length=20, unique=True, verbose_name="分析号")
    first = DayField(verbose_name="起")
    last = DayField(verbose_name="止")
    state = ChoiceField(ReviewState, default=ReviewState.DRAFT, verbose_name="状态")
    made_at = MomentField(verbose_name="编制时间")
    made_by = LineField(max_length=60, verbose_name="编制人")
    signed_at = MomentField(null=True, verbose_name="签发时间")
    signed_by = LineField(max_length=60, null=True, verbose_name="签发人")

    key_field = "number"
    moves = {ReviewState.DRAFT: (ReviewState.SIGNED,)}

    class Meta:
        title = "质量分析"

    @property
    def period(self) -> Period:
        """The quarter."""
        return Period(str(self.number).partition("-")[2], self.first, self.last)


class Standing(Enum):
    """Whether a figure met its target; follows from both, never stored."""

    MET = "达标"
    MISSED = "未达标"
    NONE = "没有可算的单"


class QualityLine(Record):
    """质量指标: one figure of a review, with what is done where it misses its target."""

    review = LinkField(QualityReview, backref="lines", verbose_name="质量分析")
    figure = ChoiceField(QualityFigure, verbose_name="指标")
    target = QuantityField(verbose_name="目标")
    at_most = FlagField(verbose_name="不高于")
    actual = QuantityField(null=True, verbose_name="实际")
    part = CountField(verbose_name="分子")
    whole = CountField(verbose_name="分母")
    cause = NoteField(null=True, verbose_name="原因")
    commitment = LinkField(Commitment, null=True, backref="+", verbose_name="整改措施")
    helped = NoteField(null=True, verbose_name="验证结果")
    verified_on = DayField(null=True, verbose_name="验证日期")
    verified_by = LineField(max_length=60, null=True, verbose_name="验证人")

    class Meta:
        title = "质量指标"
        indexes = ((("review", "figure"), True),)

    def label(self) -> str:
        """Return ZG-2026Q4 返修率."""
        return f"{self.review.number} {self.figure.value}"

    @property
    def met(self) -> bool | None:
        """Whether it met its target; None where there was nothing to count."""
        return meets(self.actual, self.target, at_most=self.at_most)

    @property
    def remedied(self) -> bool:
        """Whether something is, or was, done about it."""
        return self.commitment is not None and self.commitment.state is not CommitmentState.DROPPED

    @property
    def difference(self) -> Decimal | None:
        """By how much it lies above its target."""
        return None if self.actual is None else self.actual - self.target


def meets(actual: Decimal | None, target: Decimal, *, at_most: bool) -> bool | None:
    """Whether a figure meets its target; None where there is no figure."""
    if actual is None:
        return None
    return actual <= target if at_most else actual >= target


reaches_everybody(QualityReview, QualityLine)
keeps_files(QualityReview, VIEW)
AskedReview = Annotated[QualityReview, Asked(LinkField(QualityReview, verbose_name="质量分析"))]
AskedLine = Annotated[QualityLine, Asked(LinkField(QualityLine, verbose_name="质量指标"))]


@deed("complaints.prepare_review", "编制质量分析", LEAD)
def prepare_review(
    day: Annotated[date | None, Asked(DayField(null=True, verbose_name="季度内任一天"), "不填为本季")] = None,
) -> QualityReview:
    """Begin the review of a quarter: every figure beside its target.

    Raises:
        BadInput: the quarter lies ahead, or its review is there.
    """
    told = day or now().date()
    period = Period.quarter_of(told)
    if period.first > now().date():
        raise BadInput(f"{period.name} 还没有到。请填已经开始的季度里的一天。", "day")
    number = f"ZG-{period.name}"
    if QualityReview.select().where(QualityReview.number == number).exists():
        raise BadInput(f"{number} 已经编制。请在“质量指标”里继续。", "day")
    made = QualityReview.add(
        number=number, first=period.first, last=period.last, made_at=now(), made_by=actor().name
    )
    found = reached(period)
    for one in QualityTarget.select().order_by(QualityTarget.id):
        QualityLine.add(
            review=made,
            figure=one.figure,
            target=one.target,
            at_most=one.at_most,
            **_counts(found[one.figure]),
        )
    return made


def _counts(found: Reached) -> dict[str, object]:
    return {"actual": found.figure, "part": found.part, "whole": found.whole}


def _refuse_signed(review: QualityReview) -> None:
    if review.state is ReviewState.SIGNED:
        raise RuleBroken(f"{review.number} 已由 {review.signed_by} 签发，不能再改。")


@deed("complaints.plan_remedy", "登记整改方案", LEAD)
def plan_remedy(
    line: AskedLine,
    cause: Annotated[str, Asked(NoteField(verbose_name="原因"))],
    measure: Annotated[str, Asked(NoteField(verbose_name="整改措施"))],
    staff: Annotated[Staff, Asked(LinkField(Staff, verbose_name="责任人"))],
    due: Annotated[date, Asked(DayField(verbose_name="期限"))],
) -> QualityLine:
    """Say why a figure missed its target and what is done; it falls due like every promise.

    Raises:
        RuleBroken: it does not miss its target now, has a remedy, or the review is signed.
        BadInput: the day is over.
    """
    _refuse_signed(line.review)
    line.change(**_counts(reached(line.review.period)[line.figure]))
    if line.met is not False:
        why = "达到目标" if line.met else "没有可算的单"
        raise RuleBroken(f"{line.label()} {why}，不用整改。")
    if line.remedied:
        raise RuleBroken(f"{line.label()} 已有整改措施。要改期限请在“承诺事项”里延期。")
    made = promise(Origin.QUALITY, line.review.number, measure, staff, due)
    return line.change(cause=cause, commitment=made)


def _counted_anew(review: QualityReview) -> list[QualityLine]:
    found = reached(review.period)
    return [line.change(**_counts(found[line.figure])) for line in review.lines.order_by(QualityLine.id)]


@deed("complaints.recount_review", "重新统计", LEAD)
def recount_review(review: AskedReview) -> QualityReview:
    """Take the figures of a review as of now, so that its list says what is missed still.

    Raises:
        RuleBroken: it is signed.
    """
    _refuse_signed(review)
    _counted_anew(review)
    return review


@deed(
    "complaints.sign_review", "签发质量分析", LEAD, danger=True, question="签发以后数字照此保存，不能再改。"
)
def sign_review(review: AskedReview) -> QualityReview:
    """Sign a review: the figures are taken once more, and kept.

    Raises:
        RuleBroken: it is signed, its quarter is not over, or a figure that missed its target has no remedy.
    """
    _refuse_signed(review)
    if now().date() < review.last:
        raise RuleBroken(f"{review.period.name} 还没有过完，{review.last} 起才能签发。")
    lines = _counted_anew(review)
    lacking = [line.figure.value for line in lines if line.met is False and not line.remedied]
    if lacking:
        raise RuleBroken(f"{'、'.join(lacking)}没有达到目标，还没有整改措施。请先登记整改方案。")
    return review.move_to(ReviewState.SIGNED, signed_at=now(), signed_by=actor().name)


@deed("complaints.verify_remedy", "验证整改", LEAD)
def verify_remedy(
    line: AskedLine, helped: Annotated[str, Asked(NoteField(verbose_name="验证结果"))]
) -> QualityLine:
    """Note whether what was done helped; whoever did it does not verify it himself.

    Raises:
        RuleBroken: nothing was done yet, it is verified, or one verifies oneself.
    """
    done = line.commitment
    if done is None or done.state is not CommitmentState.DONE:
        raise RuleBroken(f"{line.label()} 的整改还没有办结。请先在“承诺事项”里办结。")
    if line.verified_on is not None:
        raise RuleBroken(f"{line.label()} 已由 {line.verified_by} 于 {line.verified_on} 验证。")
    if done.staff_id == getattr(actor(), "staff_id", None):
        raise RuleBroken(f"{line.label()} 是您整改的，请由另一位验证。")
    return line.change(helped=helped, verified_on=now().date(), verified_by=actor().name)


@listing("quality_reviews", "质量分析", "complaints", VIEW, "period", "state")
def quality_reviews(filters: Filters) -> Listing:
    """The reviews of the quarters, the latest first."""
    query = QualityReview.select()
    query = filters.narrow(query, period=QualityReview.last, state=QualityReview.state)
    columns = (
        Shown("number", QualityReview.number),
        Shown("first", QualityReview.first),
        Shown("last", QualityReview.last),
        Shown("state", QualityReview.state, status=True),
        Shown("made_by", QualityReview.made_by),
        Shown("made_at", QualityReview.made_at, hidden=True),
        Shown("signed_by", QualityReview.signed_by),
        Shown("signed_at", QualityReview.signed_at),
    )
    return Listing(
        query, columns, id=QualityReview.id, order=("-number",), record=QualityReview,
        search=(QualityReview.number,),
        tones={ReviewState.DRAFT.value: "warning", ReviewState.SIGNED.value: "ok"},
    )  # fmt: skip


@listing("quality_lines", "质量指标", "complaints", VIEW, "period")
def quality_lines(filters: Filters) -> Listing:
    """The figures of the reviews, the latest first, each with its remedy."""
    query = QualityLine.select().join(QualityReview).switch(QualityLine).join(Commitment, JOIN.LEFT_OUTER)
    query = query.join(Staff, JOIN.LEFT_OUTER)
    query = filters.narrow(query, period=QualityReview.last)
    columns = (
        Shown("review", QualityReview.number),
        Shown("figure", QualityLine.figure),
        sense_shown(QualityLine.at_most),
        Shown("target", QualityLine.target, total=False),
        Shown("actual", QualityLine.actual, total=False),
        Shown("standing", ChoiceField(Standing, verbose_name="结果"), _standing(), status=True),
        Shown("part", QualityLine.part, total=False, hidden=True),
        Shown("whole", QualityLine.whole, total=False, hidden=True),
        Shown("cause", QualityLine.cause),
        Shown("measure", Commitment.words, label="整改措施"),
        Shown("staff", Staff.name, label="责任人"),
        Shown("due", Commitment.due, label="期限"),
        Shown("state", Commitment.state, label="办理状态", status=True),
        Shown("helped", QualityLine.helped),
        Shown("verified_by", QualityLine.verified_by, hidden=True),
        Shown("id", QualityLine.id, hidden=True),
    )
    return Listing(
        query, columns, id=QualityLine.id, order=("-review", "id"), record=QualityLine,
        search=(QualityReview.number, QualityLine.cause),
        tones={
            CommitmentState.OPEN.value: "warning", CommitmentState.DONE.value: "ok",
            Standing.MET.value: "ok", Standing.MISSED.value: "danger",
        },
    )  # fmt: skip


def _standing() -> Any:
    above, below = QualityLine.actual > QualityLine.target, QualityLine.actual < QualityLine.target
    most = QualityLine.at_most == True
    when = (
        (QualityLine.actual.is_null(), Standing.NONE.name),
        ((most & above) | (~most & below), Standing.MISSED.name),
    )
    return Case(None, when, Standing.MET.name)


@reminds(LEAD)
def review_due(day: date) -> Iterator[Reminder]:
    """Remind of this quarter's review towards its end, and afterwards until it is there and signed."""
    this = Period.quarter_of(day)
    before = Period.quarter_of(this.first - timedelta(days=1))
    late = (day - this.first).days >= _FROM
    began = QualityReview.select().exists()
    for period in (*((before,) if began else ()), *((this,) if late else ())):
        if not QualityReview.select().where(QualityReview.number == f"ZG-{period.name}").exists():
            yield Reminder(f"{period.name} 还没有编制质量分析", "warning", "quality_reviews")
    last = day - timedelta(days=1)
    open_ones = (QualityReview.state == ReviewState.DRAFT) & (QualityReview.last <= last)
    count = QualityReview.select().where(open_ones).count()
    if count:
        state, asked = {"state": ReviewState.DRAFT.value}, (Condition("last", Test.MOST, last.isoformat()),)
        yield Reminder(
            f"{count} 份质量分析过了季末还没有签发", "danger", "quality_reviews", state, count, asked
        )


finds_numbered(VIEW, "ZG", QualityReview, "quality_reviews", "质量分析", lambda one: one.state.value)
