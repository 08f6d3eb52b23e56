"""签评价: freezes evaluations as they stand and lets follow what their grades say: watch, block, tell."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated

from models.base import journal
from models.clock import now
from models.deeds import actor, deed
from models.errors import RuleBroken
from models.fields import LinkField, LinksField, NoteField
from models.inputs import Asked
from models.months import Month, Period
from models.office.approvals import running_approval
from models.office.chains import Step, approvable
from models.suppliers.grades import Band
from models.suppliers.rights import DECIDE
from models.suppliers.scoring.evaluations import Evaluation, EvaluationLine, EvaluationState, refuse_applied
from models.suppliers.scoring.following import consequence_of, follow
from models.suppliers.scoring.scores import NOT_SCORED, scores_of

AskedEvaluations = Annotated[list[Evaluation], Asked(LinksField(Evaluation, verbose_name="供方评价"))]


class Signed:
    """The evaluations that were signed, and what followed."""

    def __init__(self, signed: Sequence[Evaluation], followed: Sequence[str]) -> None:
        self.signed, self.followed = signed, followed

    def done(self) -> str:
        """Return 已签 12 家的评价."""
        return f"已签 {len(self.signed)} 家的评价"

    def summary(self) -> str:
        """Return what followed from the grades."""
        return "；".join(self.followed) + "。" if self.followed else "没有要处理的。"


@deed(
    "suppliers.sign_evaluations", "签评价", DECIDE,
    question="签字后分数不再变，迟到的单据也不改它；按等级的后果立即执行。",
)  # fmt: skip
def sign_evaluations(
    evaluations: AskedEvaluations,
    words: Annotated[str | None, Asked(NoteField(null=True, verbose_name="评语"))] = None,
) -> Signed:
    """Freeze evaluations as the slips and marks are now, and let follow what their grades say.

    Raises:
        RuleBroken: one is signed already, or nobody marked a judged criterion of it.
    """
    scores, followed = scores_of(evaluations), list[str]()
    approval = running_approval()
    for one in sorted(evaluations, key=lambda one: (one.last, one.first)):
        score = scores[one.id]
        if one.state is EvaluationState.SIGNED:
            raise RuleBroken(f"{one.label()} 的评价已签，分数不能再改。")
        if score.missing:
            raise RuleBroken(f"{one.label()} 的“{'、'.join(score.missing)}”还没有人打分，不能签。")
        band = _worst() if one.veto else score.band
        for line, told in zip(one.lines.order_by(EvaluationLine.position), score.lines, strict=True):
            line.change(figure=told.figure[:120], value=told.value, points=told.points)
        one.move_to(
            EvaluationState.SIGNED, score=score.total, grade=band.grade if band else NOT_SCORED,
            consequence=consequence_of(one, band), words=words, lots=score.lots, signed_at=now(),
            signed_by=actor().name, approval=str(approval.number) if approval else None,
        )  # fmt: skip
        followed += follow(one, band)
    journal().subject = evaluations[0]
    return Signed(evaluations, followed)


def _worst() -> Band:
    found = Band.select().order_by(Band.low).first()
    assert found is not None
    return found


@deed("suppliers.veto", "一票否决", DECIDE, danger=True, question="签字时按最低一级处理。")
def veto(
    evaluation: Annotated[Evaluation, Asked(LinkField(Evaluation, verbose_name="供方评价"))],
    reason: Annotated[str, Asked(NoteField(verbose_name="一票否决"))],
) -> Evaluation:
    """Let a supplier have the worst grade whatever its score: forged papers, grave accidents, grave breach.

    Raises:
        RuleBroken: it is signed already.
    """
    if evaluation.state is EvaluationState.SIGNED:
        raise RuleBroken(f"{evaluation.label()} 的评价已签，不能再改。")
    refuse_applied(evaluation)
    return evaluation.change(veto=reason)


approvable(
    "suppliers.sign_evaluations",
    default=(
        Step("管理处主任", "使用部门"), Step("会计", "财务"), Step("常务副总经理", "主管领导"),
    ),
    on=True,
)  # fmt: skip


def due_spans(day: date) -> list[Period]:
    """Return the quarter before a day's, and after its end the year before, as they should be evaluated."""
    before = Month.of(Period.quarter_of(day).first).plus(-1)
    quarter = Period.quarter_of(before.first)
    return [quarter, Period.parse(str(before.year))] if quarter.name.endswith("Q4") else [quarter]
