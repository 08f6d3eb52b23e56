"""CS-06 顾客意见调查表 and CS-07 汇总分析表: the sheets that are handed out, and what they said."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from models.complaints.cases import Mark
from models.complaints.contact.commitments import of_source
from models.complaints.rights import VIEW
from models.complaints.surveys.lists import charts_of
from models.complaints.surveys.results import Results, Votes, results_of, survey_of
from models.complaints.surveys.sheets import (
    SheetState,
    Survey,
    SurveySheet,
    SurveyState,
    SurveyTopic,
)
from models.complaints.surveys.typing_in import questions_of
from models.complaints.visits import TaskState, VisitTask
from models.errors import BadInput
from models.months import chinese_day
from reports.numbered import PEN, by_number
from reports.paper import (
    A4,
    A4_LANDSCAPE,
    Boxes,
    Chapter,
    Column,
    Field,
    Form,
    Listing,
    Para,
    Report,
    Sheet,
    Table,
    Total,
    declare,
)
from reports.paper.values import EMPTY, percent, plain
from reports.papers import Document, PaperRequest, paper

QUESTIONS = declare(
    Form(
        code="CS-06",
        title="顾客意见调查表",
        module="complaints",
        paper=A4,
        lead=(Field("half", "调查期"), Field("unit", "房号（可不填）")),
        columns=(
            Column("序", 12, "number"),
            Column("项目", 42),
            *(Column(f"{mark.value} {mark.points}", 16, "center", by_hand=True) for mark in Mark),
            Column("不了解 0", 16, "center", by_hand=True),
            Column("意见", 20, by_hand=True),
        ),
        blank_rows=11,
        more=(
            Boxes(
                (
                    Field("why", "哪些地方不满意、为什么", span=12, lines=5),
                    Field("wish", "您最希望我们改进什么", span=12, lines=5),
                )
            ),
        ),
        notes=(
            "请在每一项选一格打√；不了解的打在“不了解”，不计入统计。姓名、房号自愿填写，意见只用于改进服务。",
        ),
        signatures=("填表人（自愿）", "日期", "回收人"),
        number_rule="DC-YYYYHn-NNN",
        retention="R3",
    )
)

SUMMARY = declare(
    Form(
        code="CS-07",
        title="顾客意见调查汇总分析表",
        module="complaints",
        paper=A4_LANDSCAPE,
        lead=(Field("half", "调查期"), Field("span", "发放与回收")),
        head=(
            Field("households", "总户数", span=2),
            Field("delivered", "发放", span=2),
            Field("returned", "回收", span=2),
            Field("valid", "有效", span=2),
            Field("recovery", "回收率", span=2),
            Field("coverage", "覆盖率", span=2),
        ),
        columns=(
            Column("项目", 40),
            *(Column(mark.value, 19, "number") for mark in Mark),
            Column("有效票", 18, "number"),
            Column("满意率", 19, "number"),
            Column("满意度得分", 22, "number"),
            Column("上期满意率", 22, "number"),
            Column("增减（百分点）", 24, "number"),
            Column("目标", 16, "number"),
            Column("达标", 14, "center"),
        ),
        blank_rows=11,
        notes=(
            (
                "口径",
                "满意率＝满意票÷有效票；满意度得分＝各票得分之和÷（有效票×5）×100；“不了解”不计入有效票。",
            ),
            ("", "回收率＝回收÷发放；覆盖率＝发放÷总户数。两者不混称。"),
        ),
        signatures=("统计", "客服主管", "项目经理", "公司客户部"),
        qr=False,
        number_rule="DH-YYYYHn",
        retention="R5",
    )
)
_BUILDINGS = Table(
    (
        Column("楼栋", 44),
        *(Column(mark.value, 18, "number") for mark in Mark),
        Column("有效票", 18, "number"),
        Column("满意率", 18, "number"),
    )
)
_WORST = Table((Column("项目", 50), Column("不满意票", 30, "number"), Column("主要意见", 90)))
_VISITS = Table(
    (Column("表号", 30), Column("事由", 90), Column("期限", 28, "day"), Column("状态", 22, "center"))
)
_MEASURES = Table(
    (
        Column("措施", 80),
        Column("责任人", 22),
        Column("期限", 26, "day"),
        Column("办理结果", 42),
    )
)
_SOME = 8


def _blank_sheet(request: PaperRequest) -> Iterator[Sheet]:
    """Make the sheet of the questions there are, without a number."""
    topics = [
        one.name for one in SurveyTopic.select().where(SurveyTopic.active).order_by(SurveyTopic.position)
    ]
    yield Sheet(QUESTIONS, values={"half": PEN, "unit": PEN, "why": PEN, "wish": PEN}, rows=_rows(topics))


def _rows(names: list[str]) -> list[tuple[Any, ...]]:
    return [(number, name, *("",) * 7) for number, name in enumerate(names, start=1)]


@paper("CS-06", VIEW, "number", "building", "period", blank=_blank_sheet)
def sheets(request: PaperRequest) -> Iterator[Sheet]:
    """Fill in the sheets of a survey that are not back, each with its number, to be handed out."""
    if request.number is not None and request.number.count("-") > 1:
        found = list(by_number(SurveySheet, request.number, VIEW))
    else:
        survey = Survey.find(request.number) if request.number else survey_of(request.period)
        if survey is None:
            raise BadInput("还没有调查。请先开始调查，或打印空白表。", "period")
        query = survey.sheets.where(SurveySheet.state.in_((SheetState.DRAWN, SheetState.OUT)))
        if request.building is not None:
            query = query.where(SurveySheet.building == request.building)
        found = list(query.order_by(SurveySheet.number))
    names: dict[int, list[str]] = {}
    for one in found:
        asked = names.setdefault(one.survey_id, [each.name for each in questions_of(one.survey)])
        values = {
            "half": _half(one.survey),
            "unit": one.unit.chinese if one.unit else PEN,
            "why": PEN,
            "wish": PEN,
        }
        yield Sheet(QUESTIONS, number=one.number, values=values, rows=_rows(asked))


def _half(survey: Survey) -> str:
    return f"{survey.half[:4]}年{'上' if survey.half.endswith('1') else '下'}半年"


@paper("CS-07", VIEW, "number", "period")
def summary(request: PaperRequest) -> Iterator[Document]:
    """Fill in what a survey says, and its analysis."""
    survey = Survey.find(request.number) if request.number else survey_of(request.period)
    if survey is None:
        return
    found = results_of(survey)
    draft = "草稿" if survey.state is SurveyState.OPEN else ""
    yield _table(found, draft)
    yield _analysis(found, draft)


def _table(found: Results, draft: str) -> Sheet:
    survey = found.survey
    counted = "很满意、满意、基本满意" if survey.fair_counts else "很满意、满意"
    small = [("提示", found.too_small)] if found.too_small else []
    return Sheet(
        SUMMARY,
        number=f"DH-{survey.half}",
        values={
            "half": _half(survey), "span": f"{chinese_day(survey.first)} 至 {chinese_day(survey.last)}",
            "households": survey.households, "delivered": found.delivered, "returned": found.returned,
            "valid": found.valid, "recovery": percent(found.recovery), "coverage": percent(found.coverage),
        },
        rows=[_row(found, one) for one in found.questions],
        totals=(Total("合计", (None, *_row(found, found.whole)[1:])),),
        notes=[*small, ("满意票", f"计入{counted}；目标满意率 {plain(survey.target)}%。")],
        signed={"统计": survey.closed_by} if survey.closed_by else {},
        watermark=draft,
    )  # fmt: skip


def _row(found: Results, one: Votes) -> tuple[Any, ...]:
    change, met = found.change(one), found.met(one)
    return (
        one.name, *(one.counts[mark] for mark in Mark), one.valid, percent(one.pleased), _score(one),
        percent(found.last.get(one.name)), EMPTY if change is None else f"{change:+.1f}",
        f"{plain(found.survey.target)}%", None if met is None else "是" if met else "否",
    )  # fmt: skip


def _score(one: Votes) -> str:
    return EMPTY if one.score is None else f"{one.score * 100:.2f}"


def _analysis(found: Results, draft: str) -> Report:
    survey = found.survey
    parts: list[Any] = [
        Chapter("一、结果"),
        Para(told(found)),
        *charts_of(found),
        Chapter("二、不满意前五项"),
        _worst(found),
        Chapter("三、按楼栋"),
        Listing(_BUILDINGS, [_building(one) for one in found.buildings]),
        Chapter("四、回访计划（CS-05）"),
        _visits(survey),
        Chapter("五、纠正预防措施"),
        _measures(survey),
    ]
    return Report(
        replace(SUMMARY, paper=A4, lead=SUMMARY.lead[:1]),
        parts,
        number=f"DH-{survey.half}",
        values={"half": _half(survey)},
        watermark=draft,
        title="顾客意见调查分析",
    )


def told(found: Results) -> str:
    """Return the result in one paragraph."""
    whole = found.whole
    failed = [one.name for one in found.questions if found.met(one) is False]
    every = all(found.met(one) for one in found.questions)
    goals = f"没有达到目标的：{'、'.join(failed)}。" if failed else "各项都达到目标。" if every else ""
    return (
        f"在住 {found.survey.households} 户，发放 {found.delivered} 张，回收 {found.returned} 张，有效 "
        f"{found.valid} 张，回收率 {percent(found.recovery)}，覆盖率 {percent(found.coverage)}。总满意率 "
        f"{percent(whole.pleased)}，满意度得分 {_score(whole)}。{goals}{found.too_small}"
    )


def _building(one: Votes) -> tuple[Any, ...]:
    return (one.name, *(one.counts[mark] for mark in Mark), one.valid, percent(one.pleased))


def _worst(found: Results) -> Listing | Para:
    worst = found.worst
    if not worst:
        return Para("没有不满意票。")
    return Listing(_WORST, [(one.name, one.bad, _said(found.survey, one.name)) for one in worst])


def _said(survey: Survey, name: str) -> str | None:
    """Some of the reasons that name a service, as they were written."""
    kept = SurveySheet.words.contains(name) & (SurveySheet.state == SheetState.RETURNED)
    query = survey.sheets.where(kept).order_by(SurveySheet.number).limit(3)
    return "；".join(dict.fromkeys(sheet.words for sheet in query)) or None


def _visits(survey: Survey) -> Listing | Para:
    mine = VisitTask.document.in_(SurveySheet.select(SurveySheet.number).where(SurveySheet.survey == survey))
    mine &= VisitTask.state != TaskState.DROPPED
    tasks = list(VisitTask.select().where(mine).order_by(VisitTask.due, VisitTask.id))
    if not tasks:
        return Para("没有要回访的。")
    rows: list[Any] = [(one.document, one.about, one.due, one.state.value) for one in tasks[:_SOME]]
    done = sum(one.state is TaskState.DONE for one in tasks)
    lost = sum(one.state is TaskState.UNREACHED for one in tasks)
    told = f"共 {len(tasks)} 户，已回访 {done} 户" + (f"，无法联系 {lost} 户" if lost else "")
    return Listing(_VISITS, rows, (Total("合计", text=told),))


def _measures(survey: Survey) -> Listing | Para:
    found = of_source(survey.number)
    if not found:
        return Para("还没有登记纠正措施。")
    return Listing(_MEASURES, [(one.words, one.staff.name, one.due, one.result) for one in found])
