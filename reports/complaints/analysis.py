"""CS-13 客户服务月度统计分析报告: chapters, tables and charts, as of now or as they were signed."""

from __future__ import annotations

from collections.abc import Iterator

from models.complaints.analysis.parts import Bars, Grid, Heading, Part, Words
from models.complaints.analysis.reports import AnalysisState, MonthAnalysis, parts_of
from models.complaints.rights import VIEW
from models.errors import BadInput
from reports.numbered import by_number
from reports.paper import A4, Boxes, Chapter, Column, Field, Form, Listing, Para, Report, Sign, Table, declare
from reports.paper.report import Part as Printed
from reports.paper.values import EMPTY
from reports.papers import Document, PaperRequest, paper

_CHAPTERS = (
    *("概况", "投诉", "报修", "回访与满意率", "收费", "家访与恳谈", "档案", "装修在施与验收"),
    *("问题与原因", "整改措施（责任、期限）", "下月重点"),
)
FORM = declare(
    Form(
        code="CS-13",
        title="客户服务月度统计分析报告",
        module="complaints",
        paper=A4,
        lead=(Field("month", MonthAnalysis.month), Field("state", MonthAnalysis.state)),
        more=(Boxes(tuple(Field(f"part{at}", one, span=12, lines=3) for at, one in enumerate(_CHAPTERS))),),
        signatures=("编制（客服主管）", Sign("项目经理", 30), Sign("公司客户部经理", 30)),
        number_rule="KB-YYYYMM",
        retention="R5",
    )
)
_FIGURES = ("0", "1", "2", "3", "4", "5", "6", "7", "8", "9", EMPTY, "+", "-")


@paper("CS-13", VIEW, "period", "number")
def analyses(request: PaperRequest) -> Iterator[Document]:
    """Fill in the report of a month, or one by its number."""
    if request.number is not None:
        found = list(by_number(MonthAnalysis, request.number, VIEW))
    elif request.period is None:
        raise BadInput("请写明月份，例如 2026-11。", "period")
    else:
        first, last = request.period.months
        query = MonthAnalysis.select().where(MonthAnalysis.month.between(first, last))
        found = list(query.order_by(MonthAnalysis.month))
    yield from map(_report, found)


def _report(analysis: MonthAnalysis) -> Report:
    draft = analysis.state is AnalysisState.DRAFT
    return Report(
        FORM,
        [_printed(part) for part in parts_of(analysis)],
        number=analysis.number,
        values={"month": analysis.month.chinese, "state": analysis.state.value},
        signed={"编制（客服主管）": analysis.signed_by or analysis.made_by},
        watermark="草稿" if draft else "",
    )


def _printed(part: Part) -> Printed:
    """Return a part as the paper sets it."""
    if isinstance(part, Heading):
        return Chapter(part.text)
    if isinstance(part, Words):
        return Para(part.text)
    if isinstance(part, Bars):
        return part.chart
    columns = tuple(
        Column(head, width, "number" if _is_figures(part, at) else "text")
        for at, (head, width) in enumerate(zip(part.heads, part.widths, strict=True))
    )
    return Listing(Table(columns), part.rows)


def _is_figures(part: Grid, column: int) -> bool:
    """Whether a column holds figures, so that it is set to the right."""
    return column > 0 and all(row[column].startswith(_FIGURES) for row in part.rows)
