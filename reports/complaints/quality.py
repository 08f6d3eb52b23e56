"""CS-14 服务质量统计分析与整改方案: the figures of a quarter beside their targets, and what is done."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from models.charts import Chart, Series
from models.complaints.analysis.quality import QualityLine, QualityReview, ReviewState
from models.complaints.analysis.targets import Sense
from models.complaints.contact.commitments import CommitmentState
from models.complaints.rights import VIEW
from models.errors import BadInput
from reports.numbered import by_number
from reports.paper import A4, Column, Field, Form, Sheet, declare
from reports.paper.values import plain
from reports.papers import PaperRequest, paper

_L = QualityLine

FORM = declare(
    Form(
        code="CS-14",
        title="服务质量统计分析与整改方案",
        module="complaints",
        paper=A4,
        lead=(Field("period", "期间"), Field("state", QualityReview.state)),
        columns=(
            Column(_L.figure, 22),
            Column(_L.target, 16, "number", by_hand=True),
            Column(_L.actual, 16, "number", by_hand=True),
            Column("差异", 14, "number", by_hand=True),
            Column(_L.cause, 23, by_hand=True),
            Column(_L.commitment, 25, by_hand=True),
            Column("责任人", 13, by_hand=True),
            Column("期限", 19, "day", by_hand=True),
            Column(_L.helped, 16, by_hand=True),
            Column("验证", 12, by_hand=True),
        ),
        blank_rows=8,
        size=8,
        notes=(
            (
                "口径",
                "实际＝分子÷分母，撤回、不成立的不计；“≤”的不高于目标为达标，其余不低于目标为达标。",
            ),
        ),
        signatures=("客服主管", "主任批准"),
        number_rule="ZG-YYYYQn",
        retention="R5",
    )
)


@paper("CS-14", VIEW, "number", "period")
def reviews(request: PaperRequest) -> Iterator[Sheet]:
    """Fill in the review of a quarter, or one by its number."""
    if request.number is not None:
        found = list(by_number(QualityReview, request.number, VIEW))
    elif request.period is None:
        raise BadInput("请写明季度，例如 2026Q4。", "period")
    else:
        within = QualityReview.last.between(request.period.first, request.period.last)
        found = list(QualityReview.select().where(within).order_by(QualityReview.number))
    yield from map(_sheet, found)


def _sheet(review: QualityReview) -> Sheet:
    lines = list(review.lines.order_by(QualityLine.id))
    draft = review.state is ReviewState.DRAFT
    return Sheet(
        FORM,
        number=review.number,
        values={"period": review.period.name, "state": review.state.value},
        rows=[_row(line) for line in lines],
        charts=[_chart(lines)],
        notes=[
            _sums(lines),
            *_told(lines),
        ],
        signed={"客服主管": review.signed_by or review.made_by},
        watermark="草稿" if draft else "",
    )


def _sums(lines: Sequence[QualityLine]) -> tuple[str, str]:
    return "算式", "；".join(f"{one.figure.value} {one.part}÷{one.whole}" for one in lines)


def _row(line: QualityLine) -> tuple[Any, ...]:
    done = line.commitment
    sign = Sense.of(line.at_most).value
    return (
        line.figure.value, f"{sign}{plain(line.target)}", plain(line.actual),
        None if line.difference is None else f"{line.difference:+.2f}", line.cause,
        done.words if done else None, done.staff.name if done else None, done.due if done else None,
        line.helped, line.verified_by,
    )  # fmt: skip


def _told(lines: Sequence[QualityLine]) -> list[tuple[str, str]]:
    """Say which figures met their targets, which did not, and how far what is done about them is."""
    missed = [one for one in lines if one.met is False]
    counted = [one for one in lines if one.met is not None]
    told = f"{len(counted)} 项有数，{len(counted) - len(missed)} 项达标"
    if missed:
        told += f"；没有达标的：{'、'.join(one.figure.value for one in missed)}"
    done = sum(one.commitment is not None and one.commitment.state is CommitmentState.DONE for one in missed)
    return [("结论", f"{told}。" + (f"整改 {len(missed)} 项，已办结 {done} 项。" if missed else ""))]


def _chart(lines: Sequence[QualityLine]) -> Chart:
    names = tuple(one.figure.value for one in lines)
    actual = Series("实际", tuple(one.actual for one in lines))
    target = Series("目标", tuple(one.target for one in lines))
    return Chart("bar", "实际与目标", names, (actual, target), places=1, height=52)
