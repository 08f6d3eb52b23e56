"""SU-02 供方评价表: each criterion with its figures, the grade and what follows; a year in one print."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from models.errors import BadInput
from models.office.approvals import numbered
from models.suppliers.grades import Consequence, bands, shown
from models.suppliers.kinds import Category
from models.suppliers.register import Supplier
from models.suppliers.rights import VIEW
from models.suppliers.scoring.criteria import FORMULAS, Measure, criteria_of
from models.suppliers.scoring.evaluations import Evaluation, EvaluationState
from models.suppliers.scoring.lists import graded
from models.suppliers.scoring.scores import Score, scores_of
from reports.approvals import signed_on
from reports.numbered import PEN, by_number
from reports.paper import (
    A4,
    A4_LANDSCAPE,
    Boxes,
    Column,
    Field,
    Form,
    Sheet,
    Sign,
    Total,
    declare,
    open_total,
)
from reports.paper.values import EMPTY
from reports.papers import PaperRequest, paper

_E = Evaluation
_STEPS = ("使用部门", "财务", "主管领导")
_GRADES = frozenset("ABCD")

FORM = declare(
    Form(
        code="SU-02",
        title="供方评价表",
        module="suppliers",
        paper=A4,
        lead=(Field("span", _E.span), Field("state", _E.state)),
        head=(
            Field("supplier", Supplier.name, span=8),
            Field("number", Supplier.number, span=4),
            Field("category", Supplier.category, span=4),
            Field("scope", "供货范围", span=8),
        ),
        columns=(
            Column("评价项目", 26),
            Column("权重", 13, "number"),
            Column("评分标准", 60),
            Column("数据", 38),
            Column("百分制", 16, "number"),
            Column("得分", 17, "number"),
        ),
        min_rows=5,
        blank_rows=6,
        totals=(open_total("总分", 6, (5,)),),
        more=(
            Boxes(
                (
                    Field("grade", _E.grade, span=4, choices=("A", "B", "C", "D")),
                    Field(
                        "consequence", _E.consequence, span=8, choices=tuple(one.value for one in Consequence)
                    ),
                    Field("veto", _E.veto, span=12, lines=2),
                    Field("words", _E.words, span=12, lines=3),
                )
            ),
        ),
        signatures=tuple(Sign(label, 32, 12) for label in ("使用部门", "物配中心", "财务", "主管领导")),
        number_rule="GYP-YYYY-NNN",
        retention="R5",
    )
)

REVIEW = Form(
    code="SU-02",
    title="供方评价汇总表",
    module="suppliers",
    paper=A4_LANDSCAPE,
    lead=(Field("span", _E.span), Field("count", "供方数")),
    columns=(
        Column("序号", 10, "number"),
        Column(Supplier.number, 28, "code"),
        Column(Supplier.name, 50),
        Column(Supplier.category, 18, "center"),
        Column("到货批数", 18, "number"),
        Column("总分", 18, "number"),
        Column("等级", 14, "center"),
        Column("结论", 24, "center"),
        Column("各项得分", 87),
    ),
    signatures=("物配中心", Sign("主管领导", 40)),
    qr=False,
    number_rule="GYP-YYYY",
    retention="R5",
)
"""Goes before the sheets of a span; it is no form of its own."""


def _blank(request: PaperRequest) -> Iterator[Sheet]:
    """Make the empty form with the criteria by which goods are scored."""
    rows: list[Any] = [
        (one.name, one.weight, FORMULAS[one.measure], PEN, PEN, PEN) for one in criteria_of(Category.FOOD)
    ]
    ticks = {"grade": " ".join(f"□{one.grade}" for one in bands())}
    ticks["consequence"] = " ".join(f"□{one.value}" for one in Consequence)
    yield Sheet(
        FORM,
        values=dict.fromkeys(FORM.names, PEN) | ticks,
        rows=rows,
        totals=(Total("总分", (None, 100, PEN, PEN, PEN, PEN)),),
    )


@paper("SU-02", VIEW, "number", "period", blank=_blank)
def evaluations(request: PaperRequest) -> Iterator[Sheet]:
    """Fill in evaluations by their numbers, or all of a quarter or a year with a summary before them."""
    if request.number is not None:
        found = list(by_number(Evaluation, request.number, VIEW))
        scores = scores_of(found)
    elif request.period is None:
        raise BadInput("请写明评价单号或评价期，例如 GYP-2026-001、2026Q3、2026。", "period")
    else:
        query = Evaluation.select(Evaluation, Supplier).join(Supplier)
        found = list(query.where(Evaluation.span == request.period.name).order_by(Supplier.number))
        scores = scores_of(found)
        if found:
            yield _review(request.period.name, found, scores, request.printed_by)
    for one in found:
        yield _sheet(one, scores[one.id])


def _review(span: str, found: Sequence[Evaluation], scores: dict[int, Score], who: str) -> Sheet:
    rows = []
    for number, one in enumerate(found, start=1):
        score = scores[one.id]
        grade, consequence = graded(one, score)
        points = "；".join(
            f"{told.name} {EMPTY if told.points is None else shown(told.points)}" for told in score.lines
        )
        rows.append(
            (
                number, one.supplier.number, one.supplier.name, one.supplier.category.value, score.lots,
                score.total, grade, consequence.value if consequence else None, points,
            )
        )  # fmt: skip
    counts = Counter(f"{grade} 级" if grade in _GRADES else (grade or "未打分") for *_, grade, _, _ in rows)
    told = "，".join(f"{grade} {count} 家" for grade, count in sorted(counts.items()))
    draft = any(one.state is EvaluationState.OPEN for one in found)
    return Sheet(
        REVIEW,
        number=f"GYP-{span}",
        values={"span": span, "count": f"{len(found)} 家"},
        rows=rows,
        totals=(Total("合计", text=told),),
        signed={"物配中心": who},
        watermark="草稿" if draft else "",
    )


def _sheet(one: Evaluation, score: Score) -> Sheet:
    grade, consequence = graded(one, score)
    signed = one.state is EvaluationState.SIGNED
    approval = numbered(one.approval) if one.approval else None
    cells = signed_on(approval) if approval else {}
    rows: list[Any] = [
        (told.name, told.weight, FORMULAS[told.measure], told.figure, told.value, told.points)
        for told in score.lines
    ]
    judged = [
        f"{mark.line.name} {mark.who} {shown(mark.mark)}{'（' + mark.words + '）' if mark.words else ''}"
        for line in one.lines
        if line.measure is Measure.JUDGED
        for mark in line.marks
    ]
    grades = (f"{one.grade} {shown(one.low)}–{shown(one.high)} {one.consequence.value}" for one in bands())
    return Sheet(
        FORM,
        number=one.number,
        values={
            "span": one.span, "state": one.state.value, "supplier": one.supplier.name,
            "number": one.supplier.number, "category": one.supplier.category.value,
            "scope": "、".join(kind.name for kind in one.supplier.scope()), "grade": grade,
            "consequence": consequence.value if consequence else None, "veto": one.veto, "words": one.words,
        },
        rows=rows,
        totals=(Total("总分", (None, 100, None, None, None, score.total)),),
        notes=[
            *([("评委打分", "；".join(judged))] if judged else []),
            ("等级", f"{'，'.join(grades)}。没有到货的期间不评分。"),
        ],
        signed={"物配中心": one.made_by} | {label: cells[label] for label in _STEPS if label in cells},
        watermark="" if signed else "草稿",
    )  # fmt: skip
