"""供方评价表: a supplier's quarter or year, from its opening to the signature that freezes it (SU-02).

While it is open, what is measured is what the slips say now; when it is signed, figures and marks are written
down and never change, whatever slip comes late. Who had no deliveries is not scored, which is not 100.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import Annotated, Any, Self

from models.attachments import keeps_files
from models.base import Record, journal
from models.clock import now
from models.deeds import actor, deed, reaches_everybody
from models.errors import BadInput, RuleBroken
from models.fields import (
    ChoiceField,
    CodeField,
    CountField,
    DayField,
    LineField,
    LinkField,
    MomentField,
    NoteField,
    NumberField,
    QuantityField,
)
from models.inputs import Asked, Input
from models.months import Period
from models.office.approvals import pending_with, refuse_pending
from models.rows import RowRefused, RowsField
from models.search import finds_numbered
from models.series import Series
from models.suppliers.grades import Consequence
from models.suppliers.kinds import LISTED, SupplierState
from models.suppliers.register import Supplier
from models.suppliers.rights import DECIDE, SCORE, VIEW
from models.suppliers.scoring.criteria import Measure, criteria_of

EVALUATIONS = Series("GYP", "供方评价表", yearly=True)
ROWS = "rows"


class EvaluationState(Enum):
    """How far an evaluation is."""

    OPEN = "评分中"
    SIGNED = "已签"


class Evaluation(Record):
    """供方评价: one supplier in one quarter or year."""

    number = NumberField(verbose_name="评价单号")
    supplier = LinkField(Supplier, backref="evaluations", verbose_name="供方")
    span = CodeField(max_length=8, index=True, verbose_name="评价期")
    first = DayField(verbose_name="起")
    last = DayField(verbose_name="止")
    state = ChoiceField(EvaluationState, default=EvaluationState.OPEN, verbose_name="评价状态")
    score = QuantityField(null=True, verbose_name="总分")
    grade = LineField(max_length=6, null=True, verbose_name="等级")
    consequence = ChoiceField(Consequence, null=True, verbose_name="结论")
    veto = NoteField(null=True, verbose_name="一票否决")
    words = NoteField(null=True, verbose_name="评语")
    lots = CountField(null=True, verbose_name="到货批数")
    made_at = MomentField(verbose_name="开始时间")
    made_by = LineField(max_length=60, verbose_name="经办人")
    signed_at = MomentField(null=True, verbose_name="签字时间")
    signed_by = LineField(max_length=60, null=True, verbose_name="签字人")
    approval = LineField(max_length=20, null=True, verbose_name="审批单号")

    key_field = "number"
    moves = {EvaluationState.OPEN: (EvaluationState.SIGNED,)}

    class Meta:
        title = "供方评价"
        indexes = ((("supplier", "span"), True),)

    @classmethod
    def of_span(cls, span: str) -> list[Evaluation]:
        """Return the evaluations of a quarter or a year, by number."""
        query = cls.select(cls, Supplier).join(Supplier)
        return list(query.where(cls.span == span).order_by(cls.number))

    def label(self) -> str:
        """Return 丰禾粮油 2026Q3."""
        return f"{self.supplier.name} {self.span}"


class EvaluationLine(Record):
    """评价得分: one criterion of an evaluation, with its figures once it is signed."""

    evaluation = LinkField(Evaluation, backref="lines", verbose_name="供方评价")
    position = CountField(verbose_name="序号")
    name = LineField(max_length=20, verbose_name="评价项目")
    measure = ChoiceField(Measure, verbose_name="数据来源")
    weight = CountField(verbose_name="权重")
    figure = LineField(max_length=120, null=True, verbose_name="数据")
    value = QuantityField(null=True, verbose_name="百分制")
    points = QuantityField(null=True, verbose_name="得分")

    class Meta:
        title = "评价得分"
        indexes = ((("evaluation", "position"), True),)

    @classmethod
    def find(cls, key: str | int) -> Self:
        """Return the criterion called GYP-2026-001 服务响应."""
        number, _, name = str(key).partition(" ")
        query = (
            cls.select().join(Evaluation).where((Evaluation.number == number) & (cls.name == name.strip()))
        )
        found = query.first()
        return super().find(key) if found is None else found

    def key(self) -> str:
        """Return GYP-2026-001 服务响应."""
        return f"{self.evaluation.number} {self.name}"


class EvaluationMark(Record):
    """评委打分: what one assessor gives for a judged criterion, and why."""

    line = LinkField(EvaluationLine, backref="marks", verbose_name="评价项目")
    account = CountField(null=True, verbose_name="打分账号")
    who = LineField(max_length=60, verbose_name="评委")
    mark = QuantityField(verbose_name="打分")
    words = LineField(max_length=80, null=True, verbose_name="意见")
    made_at = MomentField(verbose_name="打分时间")

    class Meta:
        title = "评委打分"
        indexes = ((("line", "account"), True),)


reaches_everybody(Evaluation, EvaluationLine, EvaluationMark)
keeps_files(Evaluation, VIEW)
finds_numbered(VIEW, "GYP", Evaluation, "evaluations", "供方评价", lambda one: one.label())


# -- opening and marking ---------------------------------------------------------------------------


class Opened:
    """The evaluations that were opened."""

    def __init__(self, made: Sequence[Evaluation], span: str) -> None:
        self.made, self.span = made, span

    def done(self) -> str:
        """Return 已开始 2026Q3 的评价."""
        return f"已开始 {self.span} 的评价"

    def summary(self) -> str:
        """Return how many there are."""
        return f"{len(self.made)} 家。到“评委打分”里打分，打完在“供方评价”里签。"


@deed("suppliers.open_evaluations", "开始评价", DECIDE)
def open_evaluations(
    span: Annotated[str, Asked(CodeField(max_length=8, verbose_name="评价期"))],
) -> Opened:
    """Open the evaluations of a quarter or a year for every supplier on the list that has none yet.

    Raises:
        BadInput: it is neither a quarter nor a year, or has not ended.
        RuleBroken: all have theirs, or nothing says by what a kind is scored.
    """
    period = _period(span)
    have = Evaluation.select(Evaluation.supplier).where(Evaluation.span == period.name)
    listed = Supplier.state.in_((*LISTED, SupplierState.TERMINATED)) & Supplier.id.not_in(have)
    joined = Supplier.admitted_on.is_null(False) & (Supplier.admitted_on <= period.last)
    wanted = [
        one
        for one in Supplier.select().where(listed & joined).order_by(Supplier.number)
        if one.state is not SupplierState.TERMINATED
    ]
    if not wanted:
        raise RuleBroken(f"{period.name} 没有还要评价的供方：都开始过了，或当时还没有准入。")
    made = [_open(one, period) for one in wanted]
    journal().subject = made[0]
    return Opened(made, period.name)


def _period(span: str) -> Period:
    try:
        period = Period.parse(span)
    except BadInput:
        raise BadInput(f"“{span}”不是评价期。请填季度或年份，例如 2026Q3、2026。", "span") from None
    if len(period.name) not in (4, 6) or (len(period.name) == 6 and "Q" not in period.name):
        raise BadInput(f"“{span}”不是评价期。请填季度或年份，例如 2026Q3、2026。", "span")
    if period.last >= now().date():
        raise BadInput(f"{period.name} 还没有过完，不能评价。", "span")
    return period


def _open(supplier: Supplier, period: Period) -> Evaluation:
    criteria = criteria_of(supplier.category)
    if not criteria:
        told = supplier.category.value
        raise RuleBroken(f"{told}供方没有评价项目。请先在“评价项目”里设置。")
    made = Evaluation.add(
        number=EVALUATIONS.next(now().date()), supplier=supplier, span=period.name, first=period.first,
        last=period.last, made_at=now(), made_by=actor().name,
    )  # fmt: skip
    for position, one in enumerate(criteria, start=1):
        EvaluationLine.add(
            evaluation=made, position=position, name=one.name, measure=one.measure, weight=one.weight
        )
    return made


def refuse_applied(evaluation: Evaluation) -> None:
    """Refuse to change what a signature under way is asked for.

    Raises:
        RuleBroken: the signing of the evaluation is being approved.
    """
    pending = pending_with("suppliers.sign_evaluations", "evaluations", evaluation)
    refuse_pending(pending, f"{evaluation.label()} 的评价")


def _mark_inputs() -> list[Input]:
    return [
        Input("line", LinkField(EvaluationLine, verbose_name="评价项目"), required=True),
        Input("mark", QuantityField(verbose_name="打分"), required=True),
        Input("words", LineField(max_length=80, null=True, verbose_name="意见"), required=False),
    ]


class Marked:
    """What one assessor marked."""

    def __init__(self, count: int) -> None:
        self.count = count

    def done(self) -> str:
        """Return 已打 12 项分."""
        return f"已打 {self.count} 项分"


@deed("suppliers.mark", "评委打分", SCORE)
def mark(
    rows: Annotated[list[dict[str, Any]], Asked(RowsField(_mark_inputs, verbose_name="打分"))],
) -> Marked:
    """Give one's marks for judged criteria, 0 to 100 each; given again, they take the place of one's former.

    Raises:
        RowRefused: an evaluation is signed, a criterion is measured, or a mark is beyond 100.
    """
    for number, row in enumerate(rows):
        line: EvaluationLine = row["line"]
        if line.evaluation.state is EvaluationState.SIGNED:
            told = f"{line.evaluation.label()} 的评价已签，分数不能再改"
            raise RowRefused(f"{told}。", ROWS, number, "mark")
        refuse_applied(line.evaluation)
        if line.measure is not Measure.JUDGED:
            raise RowRefused(f"“{line.name}”由系统按单据计算，不用打分。", ROWS, number, "line")
        if row["mark"] > 100:
            raise RowRefused(f"打分是 0 到 100，不能是 {row['mark']}。", ROWS, number, "mark")
        mine = (EvaluationMark.line == line) & (EvaluationMark.account == actor().account_id)
        if actor().account_id is None:
            mine = (EvaluationMark.line == line) & EvaluationMark.account.is_null()
        old = EvaluationMark.get_or_none(mine)
        if old is not None:
            old.change(mark=row["mark"], words=row.get("words"), made_at=now())
        else:
            EvaluationMark.add(
                line=line, account=actor().account_id, who=actor().name, mark=row["mark"],
                words=row.get("words"), made_at=now(),
            )  # fmt: skip
    journal().subject = rows[0]["line"].evaluation
    return Marked(len(rows))
