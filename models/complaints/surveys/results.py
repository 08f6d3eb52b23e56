"""调查结果: how many came back, what they say of each service, by building, against last time and the target.

Two figures that are never mixed (forms.md B8): 满意率 is the share of votes that are pleased, 满意度 the
share of the points that could be had. Who ticked 不了解 has no vote on that service.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from peewee import SQL, fn

from models.base import db
from models.complaints.cases import Mark
from models.complaints.surveys.sheets import (
    SheetState,
    Survey,
    SurveyAnswer,
    SurveyQuestion,
    SurveySheet,
    numbered,
)
from models.complaints.tallies import share
from models.months import Period
from models.owners.estate import Building

WHOLE = "合计"
LEAST_VOTES = 30
LEAST_RETURNED = Decimal("0.3")
_PLEASED = (Mark.VERY_GOOD, Mark.GOOD)
BACK = (SheetState.RETURNED, SheetState.INVALID)


@dataclass
class Votes:
    """The votes of one service, or of one building."""

    name: str
    fair_counts: bool
    counts: dict[Mark, int] = field(default_factory=lambda: dict.fromkeys(Mark, 0))

    @property
    def valid(self) -> int:
        """Votes that count: 不了解 is none."""
        return sum(self.counts.values())

    @property
    def bad(self) -> int:
        """Votes that are displeased."""
        return sum(count for mark, count in self.counts.items() if mark.bad)

    @property
    def pleased(self) -> Decimal | None:
        """满意率 as a share of one."""
        marks = (*_PLEASED, Mark.FAIR) if self.fair_counts else _PLEASED
        return share(sum(self.counts[mark] for mark in marks), self.valid)

    @property
    def score(self) -> Decimal | None:
        """满意度 as a share of one: points of all that could be had."""
        points = sum(mark.points * count for mark, count in self.counts.items())
        return share(points, len(Mark) * self.valid)


@dataclass(frozen=True)
class Results:
    """What a survey says.

    Args:
        survey: which one.
        delivered: sheets that were handed out.
        returned: of these, those that came back, void ones with them.
        valid: of these, those that count.
        questions: the votes of each service, in the survey's order.
        buildings: the votes of each building over all services, in their order.
        last: 满意率 of each service in the survey before, by name.
    """

    survey: Survey
    delivered: int
    returned: int
    valid: int
    questions: list[Votes]
    buildings: list[Votes]
    last: Mapping[str, Decimal | None]

    @property
    def recovery(self) -> Decimal | None:
        """回收率: returned of delivered."""
        return share(self.returned, self.delivered)

    @property
    def coverage(self) -> Decimal | None:
        """覆盖率: delivered of all households."""
        return share(self.delivered, self.survey.households)

    @property
    def whole(self) -> Votes:
        """All votes of all services."""
        return _together(self.questions, fair_counts=self.survey.fair_counts)

    @property
    def too_small(self) -> str:
        """Why the sample is too small to say much; empty where it is not."""
        reasons = []
        if self.valid < LEAST_VOTES:
            reasons.append(f"有效票 {self.valid} 张，少于 {LEAST_VOTES} 张")
        if self.recovery is not None and self.recovery < LEAST_RETURNED:
            reasons.append(f"回收率低于 {LEAST_RETURNED * 100:.0f}%")
        return "样本不足：" + "，".join(reasons) if reasons else ""

    def met(self, votes: Votes) -> bool | None:
        """Whether a service met the target; None where nobody voted."""
        return None if votes.pleased is None else votes.pleased * 100 >= self.survey.target

    def change(self, votes: Votes) -> Decimal | None:
        """How much the 满意率 of a service changed since last time, in percentage points."""
        before = self.last.get(votes.name)
        return (
            None
            if before is None or votes.pleased is None
            else ((votes.pleased - before) * 100).quantize(Decimal("0.01"))
        )

    @property
    def worst(self) -> list[Votes]:
        """The five services with the most displeased votes, the worst first."""
        found = [one for one in self.questions if one.bad]
        return sorted(found, key=lambda one: (-one.bad, one.name))[:5]


def results_of(survey: Survey) -> Results:
    """Count what a survey says, as it stands."""
    states = SurveySheet.select(SurveySheet.state, fn.COUNT(SQL("1"))).where(SurveySheet.survey == survey)
    counts = {SheetState[name]: count for name, count in db.execute(states.group_by(SurveySheet.state))}
    returned = sum(counts.get(state, 0) for state in BACK)
    before = Survey.select().where(Survey.number < survey.number).order_by(Survey.number.desc()).first()
    return Results(
        survey,
        delivered=returned + counts.get(SheetState.OUT, 0),
        returned=returned,
        valid=counts.get(SheetState.RETURNED, 0),
        questions=_by_question(survey),
        buildings=_by_building(survey),
        last=_last(before, fair_counts=survey.fair_counts) if before else {},
    )


def _last(before: Survey, *, fair_counts: bool) -> dict[str, Decimal | None]:
    """Return what the survey before said, counted as this one counts; all services together with it."""
    found = [replace(one, fair_counts=fair_counts) for one in _by_question(before)]
    return {one.name: one.pleased for one in [*found, _together(found, fair_counts=fair_counts)]}


def _together(questions: Iterable[Votes], *, fair_counts: bool) -> Votes:
    """Return the votes of all services."""
    total = Votes(WHOLE, fair_counts)
    for one in questions:
        for mark, count in one.counts.items():
            total.counts[mark] += count
    return total


def _counted(survey: Survey, *by: Any) -> list[tuple[Any, ...]]:
    query = SurveyAnswer.select(*by, SurveyAnswer.mark, fn.COUNT(SQL("1"))).join(SurveySheet)
    query = query.switch(SurveyAnswer).join(SurveyQuestion).switch(SurveySheet).join(Building)
    mine = (SurveySheet.survey == survey) & (SurveySheet.state == SheetState.RETURNED)
    mine &= SurveyAnswer.mark.is_null(False)
    return list(db.execute(query.where(mine).group_by(*by, SurveyAnswer.mark)))


def _by_question(survey: Survey) -> list[Votes]:
    found = {
        one.position: Votes(one.name, survey.fair_counts)
        for one in survey.questions.order_by(SurveyQuestion.position)
    }
    for position, mark, count in _counted(survey, SurveyQuestion.position):
        found[position].counts[Mark[mark]] += count
    return list(found.values())


def _by_building(survey: Survey) -> list[Votes]:
    found: dict[str, Votes] = {}
    for _, name, mark, count in sorted(_counted(survey, Building.sort_key, Building.name)):
        votes = found.setdefault(name, Votes(name, survey.fair_counts))
        votes.counts[Mark[mark]] += count
    return list(found.values())


def survey_of(period: Period | None) -> Survey | None:
    """Return the survey that a period names by its last day; the latest one without a period."""
    query = Survey.select().order_by(Survey.number.desc())
    if period is not None:
        query = query.where(Survey.number == numbered(period.last))
    found: Survey | None = query.first()
    return found
