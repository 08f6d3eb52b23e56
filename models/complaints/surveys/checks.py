"""调查核对: what must hold among the sheets of surveys and their answers, told by `check`."""

from __future__ import annotations

from collections.abc import Iterator

from peewee import JOIN, fn

from models.base import db
from models.checks import invariant
from models.complaints.surveys.sheets import SheetState, SurveyAnswer, SurveyQuestion, SurveySheet

_NAMED = 20
_SILENT = {state.name for state in (SheetState.DRAWN, SheetState.OUT, SheetState.LOST)}


@invariant("调查表")
def sheets_answer_every_question() -> Iterator[str]:
    """A sheet that came back to be counted answers every question of its survey; one that did not, none."""
    asked = SurveyQuestion.select(SurveyQuestion.survey, fn.COUNT(SurveyQuestion.id))
    questions = dict(db.execute(asked.group_by(SurveyQuestion.survey)))
    told = SurveySheet.select(
        SurveySheet.number, SurveySheet.survey, SurveySheet.state, fn.COUNT(SurveyAnswer.id)
    ).join(SurveyAnswer, JOIN.LEFT_OUTER)
    wrong = [
        number
        for number, survey, state, count in db.execute(told.group_by(SurveySheet.id))
        if (state == SheetState.RETURNED.name and count != questions[survey]) or (state in _SILENT and count)
    ]
    yield from (f"调查表 {number} 的状态与答案不符" for number in sorted(wrong)[:_NAMED])
