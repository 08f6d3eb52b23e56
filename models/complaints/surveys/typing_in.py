"""调查录入: a returned sheet is typed as one row of digits, 5 for the best and 0 for 不了解."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Any

from peewee import JOIN

from models.clock import now, past_day
from models.complaints.cases import Mark
from models.complaints.rights import VISIT
from models.complaints.surveys.sheets import (
    SheetState,
    Survey,
    SurveyAnswer,
    SurveyQuestion,
    SurveySheet,
    SurveyState,
    refuse_closed,
    visit_back,
)
from models.deeds import actor, deed
from models.entries import Line, Sheet, entry
from models.errors import BadInput, RuleBroken
from models.fields import CodeField, DayField, LineField, LinkField
from models.inputs import Asked, Input
from models.listings import Filters, Shown
from models.owners.estate import Unit
from models.rows import RowRefused, RowsField

ROWS = "sheets"
NONE = "0"
_MARKS = {str(mark.points): mark for mark in Mark}


def read_digits(digits: str, questions: int) -> list[Mark | None]:
    """Return the mark of each question from the digits of a sheet.

    Raises:
        BadInput: there are too many, too few, or others than 0 to 5.
    """
    typed = [one for one in digits if not one.isspace()]
    strange = sorted({one for one in typed if one != NONE and one not in _MARKS})
    if strange:
        raise BadInput(
            f"“{''.join(strange)}”不能填：很满意5、满意4、基本满意3、不满意2、很不满意1、不了解0。", "digits"
        )
    if len(typed) != questions:
        raise BadInput(f"填了 {len(typed)} 项，这次调查有 {questions} 项。请一项一个数字。", "digits")
    return [_MARKS.get(one) for one in typed]


def _inputs() -> list[Input]:
    return [
        Input("sheet", LinkField(SurveySheet, verbose_name="发放编号"), required=True),
        Input("digits", CodeField(max_length=60, verbose_name="各项评价").roomier(16), required=True),
        Input(
            "words",
            LineField(max_length=300, null=True, verbose_name="不满意的原因").roomier(16),
            required=False,
        ),
        Input("advice", LineField(max_length=300, null=True, verbose_name="意见建议"), required=False),
        Input("name", LineField(max_length=40, null=True, verbose_name="填表人"), required=False),
    ]


class Typed:
    """What an entry of sheets made."""

    def __init__(self, sheets: int, tasks: int) -> None:
        self.sheets, self.tasks = sheets, tasks

    def done(self) -> str:
        """Return 已录入."""
        return "已录入"

    def summary(self) -> str:
        """Return how many, and how many are visited back."""
        told = f"，{self.tasks} 户有不满意的，排进待回访" if self.tasks else ""
        return f"{self.sheets} 张{told}。"


@deed("complaints.enter_sheets", "调查录入", VISIT)
def enter_sheets(
    sheets: Annotated[list[dict[str, Any]], Asked(RowsField(_inputs, verbose_name="调查表"))],
    on: Annotated[date | None, Asked(DayField(null=True, verbose_name="回收日期"), "不填为今天")] = None,
) -> Typed:
    """Type sheets that came back; a household that is displeased with anything is visited back.

    Raises:
        RowRefused: a sheet was typed already, never went out, or its digits do not fit the questions.
        BadInput: the day lies ahead.
        RuleBroken: the survey is ended.
    """
    day = past_day(on, "回收日期", "on")
    seen: set[int] = set()
    questions: dict[int, list[SurveyQuestion]] = {}
    tasks = 0
    for number, row in enumerate(sheets):
        sheet: SurveySheet = row["sheet"]
        _refuse_typed(sheet, seen, number)
        asked = questions.setdefault(sheet.survey_id, questions_of(sheet.survey))
        try:
            marks = read_digits(row["digits"], len(asked))
        except BadInput as problem:
            raise RowRefused(str(problem), ROWS, number, "digits") from None
        if sheet.delivered_on is not None and day < sheet.delivered_on:
            raise RowRefused(f"{sheet.number} {sheet.delivered_on} 才发出，回收日期不能更早。", ROWS, number)
        tasks += _take(sheet, row, asked, marks, day)
    return Typed(len(sheets), tasks)


def questions_of(survey: Survey) -> list[SurveyQuestion]:
    """Return what a survey asks about, in its order."""
    return list(survey.questions.order_by(SurveyQuestion.position))


def _refuse_typed(sheet: SurveySheet, seen: set[int], number: int) -> None:
    refuse_closed(sheet.survey)
    if sheet.id in seen:
        raise RowRefused(f"{sheet.number} 在这里填了两次。请删去一行。", ROWS, number, "sheet")
    seen.add(sheet.id)
    if sheet.state in (SheetState.RETURNED, SheetState.INVALID):
        by = f"，{sheet.typed_by} 录入" if sheet.typed_by else ""
        raise RowRefused(
            f"{sheet.number} 已于 {sheet.returned_on} 回收{by}，不能再录。要改请用“更正调查表”。",
            ROWS, number, "sheet",
        )  # fmt: skip
    if sheet.state is not SheetState.OUT:
        raise RowRefused(f"{sheet.number} 还是“{sheet.state.value}”。请先登记发放。", ROWS, number, "sheet")


def _take(
    sheet: SurveySheet, row: Mapping[str, Any], asked: Sequence[SurveyQuestion],
    marks: Sequence[Mark | None], day: date,
) -> bool:  # fmt: skip
    """Keep what a sheet says; return whether its household is to be visited back."""
    sheet.move_to(
        SheetState.RETURNED, returned_on=day, name=row.get("name"), words=row.get("words"),
        advice=row.get("advice"), typed_at=now(), typed_by=actor().name,
    )  # fmt: skip
    for question, mark in zip(asked, marks, strict=True):
        SurveyAnswer.add(sheet=sheet, question=question, mark=mark)
    return visit_back(sheet, _bad(asked, marks))


def _bad(asked: Sequence[SurveyQuestion], marks: Sequence[Mark | None]) -> list[str]:
    """Return the services with which a sheet is displeased."""
    return [one.name for one, mark in zip(asked, marks, strict=True) if mark is not None and mark.bad]


@deed("complaints.correct_sheet", "更正调查表", VISIT)
def correct_sheet(
    sheet: Annotated[SurveySheet, Asked(LinkField(SurveySheet, verbose_name="调查表"))],
    digits: Annotated[str, Asked(CodeField(max_length=60, verbose_name="各项评价"))],
) -> SurveySheet:
    """Correct what was typed of a sheet, until the survey is ended.

    Raises:
        RuleBroken: it was not typed yet, or the survey is ended.
        BadInput: the digits do not fit the questions.
    """
    refuse_closed(sheet.survey)
    if sheet.state is not SheetState.RETURNED:
        raise RuleBroken(f"{sheet.number} 现在是“{sheet.state.value}”，没有可更正的。")
    asked = questions_of(sheet.survey)
    marks = read_digits(digits, len(asked))
    answers = {answer.question_id: answer for answer in sheet.answers}
    for question, mark in zip(asked, marks, strict=True):
        if answers[question.id].mark is not mark:
            answers[question.id].change(mark=mark)
    visit_back(sheet, _bad(asked, marks))
    return sheet.change(typed_at=now(), typed_by=actor().name)


# -- the grid --------------------------------------------------------------------------------------


@entry(
    "surveying",
    "调查录入",
    "complaints.enter_sheets",
    ROWS,
    ("digits", "words", "advice", "name"),
    "building",
)
def surveying(filters: Filters) -> Sheet:
    """The sheets of the open survey that are out, by their numbers; the equals key ticks 满意 throughout."""
    survey: Survey | None = (
        Survey.select().where(Survey.state == SurveyState.OPEN).order_by(Survey.number.desc()).first()
    )
    names = [one.name for one in questions_of(survey)] if survey else []
    rows = _out(survey, filters) if survey else []
    offered = {"digits": str(Mark.GOOD.points) * len(names)}
    lines = [
        Line(
            one.number,
            (one.number, one.unit.code if one.unit else one.building.name),
            {"sheet": one},
            offered,
        )
        for one in rows
    ]
    return Sheet(
        told=(
            Shown("number", SurveySheet.number),
            Shown("unit", CodeField(verbose_name="房号", max_length=40)),
        ),
        lines=lines,
        judge=lambda line, row: _strange(row, len(names)),
        follows=lambda line, row: _follows(read_digits(row["digits"], len(names)), names),
        warns="" if rows else _nothing(survey),
        strict="digits",
    )


def _out(survey: Survey, filters: Filters) -> list[SurveySheet]:
    query = SurveySheet.select(SurveySheet, Unit).join(Unit, JOIN.LEFT_OUTER)
    query = query.where((SurveySheet.survey == survey) & (SurveySheet.state == SheetState.OUT))
    query = filters.narrow(query, building=SurveySheet.building)
    return list(query.order_by(SurveySheet.number))


def _nothing(survey: Survey | None) -> str:
    if survey is None:
        return "没有进行中的调查。请先在“顾客调查”里开始。"
    return f"{survey.number} 没有已发未收的调查表。请先在“调查表”里登记发放。"


def _strange(row: Mapping[str, Any], questions: int) -> str:
    if not row.get("digits"):
        return "没有填各项评价"
    try:
        read_digits(row["digits"], questions)
    except BadInput as problem:
        return str(problem)
    return ""


def _follows(marks: Sequence[Mark | None], names: Sequence[str]) -> str:
    """Return 平均 4.2　不满意：维修、停车."""
    known = [mark.points for mark in marks if mark is not None]
    if not known:
        return "全部不了解，不计票"
    bad = [name for name, mark in zip(names, marks, strict=True) if mark is not None and mark.bad]
    mean = round(sum(known) * 10 / len(known)) / 10
    return f"平均 {mean}" + (f"　不满意：{'、'.join(bad)}" if bad else "")
