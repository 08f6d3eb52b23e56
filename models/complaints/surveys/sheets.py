"""顾客意见调查: half-yearly, by sheets with numbers; nobody chooses who is asked (CS-06, duty c01.b.05)."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any, Self

from models.base import Record
from models.clock import now, past_day
from models.complaints.cases import Mark
from models.complaints.closing import AskedReason
from models.complaints.contact.commitments import Commitment, Origin, promise
from models.complaints.contact.home_plans import households
from models.complaints.rights import LEAD, RULES, VIEW, VISIT
from models.complaints.terms import rules
from models.complaints.visits import Source, TaskState, VisitTask
from models.deeds import actor, deed, reaches_everybody
from models.errors import BadInput, RuleBroken
from models.fields import (
    ChoiceField,
    CodeField,
    CountField,
    DayField,
    FlagField,
    LineField,
    LinkField,
    LinksField,
    MomentField,
    NoteField,
    ShareField,
)
from models.inputs import Asked, edits_of, inputs_from
from models.listings import Filters, Listing, Shown, listing
from models.months import Period
from models.office.staff import Staff
from models.owners.estate import Building, Unit
from models.workdays import WorkCalendar

_DIGITS = 3


class SurveyState(Enum):
    """How far a survey is."""

    OPEN = "进行中"
    CLOSED = "已汇总"


class SheetState(Enum):
    """How far a sheet is."""

    DRAWN = "待发"
    OUT = "已发"
    RETURNED = "已回收"
    INVALID = "无效"
    LOST = "未发出"


class SurveyTopic(Record):
    """调查项目: one service that every survey asks about; editable."""

    position = CountField(low=1, high=99, unique=True, verbose_name="序号")
    name = LineField(max_length=30, unique=True, verbose_name="项目")
    active = FlagField(default=True, verbose_name="在用")

    key_field = "name"

    class Meta:
        title = "调查项目"

    @deed(
        "complaints.edit_topic", "修改调查项目", RULES,
        inputs=edits_of(lambda: SurveyTopic, "position", "name"), undo="complaints.edit_topic",
    )  # fmt: skip
    def edit(self, **values: Any) -> Self:
        """Change it for the surveys to come."""
        return self.change(**values)

    @deed("complaints.retire_topic", "停用调查项目", RULES, undo="complaints.restore_topic")
    def retire(self) -> Self:
        """Ask about it no more."""
        return self.change(active=False)

    @deed("complaints.restore_topic", "启用调查项目", RULES, undo="complaints.retire_topic")
    def restore(self) -> Self:
        """Ask about it again."""
        return self.change(active=True)


@deed(
    "complaints.add_topic", "新增调查项目", RULES, inputs=inputs_from(lambda: SurveyTopic, "position", "name")
)
def add_topic(**values: Any) -> SurveyTopic:
    """Add a service to the surveys to come."""
    return SurveyTopic.add(**values)


class Survey(Record):
    """顾客意见调查: one of a half year, DC-2026H2."""

    number = CodeField(max_length=20, unique=True, verbose_name="调查号")
    title = LineField(max_length=60, verbose_name="名称")
    first = DayField(verbose_name="起")
    last = DayField(verbose_name="回收截止")
    households = CountField(verbose_name="总户数")
    target = ShareField(default=Decimal(90), verbose_name="目标满意率(%)")
    fair_counts = FlagField(default=True, verbose_name="基本满意计入满意")
    anonymous = FlagField(default=False, verbose_name="不记房号")
    state = ChoiceField(SurveyState, default=SurveyState.OPEN, verbose_name="状态")
    made_at = MomentField(verbose_name="登记时间")
    made_by = LineField(max_length=60, verbose_name="经办人")
    closed_at = MomentField(null=True, verbose_name="汇总时间")
    closed_by = LineField(max_length=60, null=True, verbose_name="汇总人")

    key_field = "number"
    moves = {SurveyState.OPEN: (SurveyState.CLOSED,)}

    class Meta:
        title = "顾客意见调查"

    @property
    def half(self) -> str:
        """Return 2026H2."""
        return str(self.number).partition("-")[2]


class SurveyQuestion(Record):
    """调查问题: one service as a survey asks about it; as it was when the survey began."""

    survey = LinkField(Survey, backref="questions", verbose_name="调查")
    position = CountField(verbose_name="序号")
    name = LineField(max_length=30, verbose_name="项目")

    class Meta:
        title = "调查问题"
        indexes = ((("survey", "position"), True),)


class SurveySheet(Record):
    """调查表: one numbered sheet; without a house where the survey keeps none."""

    number = CodeField(max_length=24, unique=True, verbose_name="发放编号")
    survey = LinkField(Survey, backref="sheets", verbose_name="调查")
    unit = LinkField(Unit, null=True, backref="+", verbose_name="房号")
    building = LinkField(Building, backref="+", verbose_name="楼栋")
    state = ChoiceField(SheetState, default=SheetState.DRAWN, verbose_name="状态")
    delivered_on = DayField(null=True, verbose_name="发放日期")
    returned_on = DayField(null=True, verbose_name="回收日期")
    name = LineField(max_length=40, null=True, verbose_name="填表人")
    words = NoteField(null=True, verbose_name="不满意的原因")
    advice = NoteField(null=True, verbose_name="意见建议")
    why = LineField(max_length=200, null=True, verbose_name="未发出或无效原因")
    typed_at = MomentField(null=True, verbose_name="录入时间")
    typed_by = LineField(max_length=60, null=True, verbose_name="录入人")

    key_field = "number"
    moves = {
        SheetState.DRAWN: (SheetState.OUT, SheetState.LOST),
        SheetState.OUT: (SheetState.RETURNED, SheetState.INVALID, SheetState.LOST),
        SheetState.RETURNED: (SheetState.INVALID,),
    }

    class Meta:
        title = "调查表"
        indexes = ((("survey", "state"), False),)


class SurveyAnswer(Record):
    """调查答案: what a sheet says of one service; nothing where 不了解 is ticked."""

    sheet = LinkField(SurveySheet, backref="answers", verbose_name="调查表")
    question = LinkField(SurveyQuestion, backref="+", verbose_name="项目")
    mark = ChoiceField(Mark, null=True, verbose_name="评价")

    class Meta:
        title = "调查答案"
        indexes = ((("sheet", "question"), True),)


reaches_everybody(Survey, SurveySheet)
AskedSurvey = Annotated[Survey, Asked(LinkField(Survey, verbose_name="调查"))]
AskedSheets = Annotated[list[SurveySheet], Asked(LinksField(SurveySheet, verbose_name="调查表"))]


class Drawn:
    """What the beginning of a survey made."""

    def __init__(self, survey: Survey, sheets: Sequence[SurveySheet]) -> None:
        self.survey, self.sheets = survey, sheets

    def summary(self) -> str:
        """Return how many are asked of how many."""
        return f"{self.survey.number} 在住 {self.survey.households:,} 户，抽取 {len(self.sheets):,} 户。"


@deed("complaints.start_survey", "开始调查", LEAD)
def start_survey(
    last: Annotated[date, Asked(DayField(verbose_name="回收截止"))],
    share: Annotated[Decimal, Asked(ShareField(verbose_name="抽样比例(%)"))] = Decimal(100),
    target: Annotated[Decimal, Asked(ShareField(verbose_name="目标满意率(%)"))] = Decimal(90),
    fair_counts: Annotated[bool, Asked(FlagField(verbose_name="基本满意计入满意"))] = True,
    anonymous: Annotated[bool, Asked(FlagField(verbose_name="不记房号"))] = False,
) -> Drawn:
    """Begin the survey of this half year: its questions are fixed, and its sheets drawn and numbered.

    Of each building the share is drawn, rounded up, by a hash of survey and house: anybody can draw it
    again, and nobody chooses.

    Raises:
        RuleBroken: this half year has one already, nobody lives here, or nothing is asked about.
        BadInput: it would end before it begins.
    """
    today = now().date()
    number = numbered(today)
    if Survey.select().where(Survey.number == number).exists():
        raise RuleBroken(f"{number} 已经开始。每半年一次，请在“调查表”里继续。")
    running = Survey.get_or_none(Survey.state == SurveyState.OPEN)
    if running is not None:
        raise RuleBroken(f"{running.number} 还没有汇总。请先汇总封存，再开始新的调查。")
    if last < today:
        raise BadInput(f"回收截止 {last} 已经过了。请填今天或以后的日期。", "last")
    topics = list(SurveyTopic.select().where(SurveyTopic.active).order_by(SurveyTopic.position))
    units = list(households().order_by(Unit.sort_key))
    if not topics or not units:
        missing = "调查项目，请先新增" if not topics else "在住的住户，请先在“房屋”里变更状态"
        raise RuleBroken(f"没有{missing}。")
    made = Survey.add(
        number=number, title=f"{today.year} 年{'上' if today.month <= 6 else '下'}半年顾客意见调查",
        first=today, last=last, households=len(units), target=target, fair_counts=fair_counts,
        anonymous=anonymous, made_at=now(), made_by=actor().name,
    )  # fmt: skip
    for position, topic in enumerate(topics, start=1):
        SurveyQuestion.add(survey=made, position=position, name=topic.name)
    chosen = drawn(number, units, share)
    digits = max(_DIGITS, len(str(len(chosen))))
    sheets = [
        SurveySheet.add(
            number=f"{number}-{at:0{digits}d}", survey=made, unit=None if anonymous else unit,
            building=unit.building,
        )
        for at, unit in enumerate(chosen, start=1)
    ]  # fmt: skip
    return Drawn(made, sheets)


def numbered(day: date) -> str:
    """Return the number of the survey of the half year in which a day lies, DC-2026H2."""
    return f"DC-{Period.half_of(day).name}"


def drawn(seed: str, units: Sequence[Unit], share: Decimal) -> list[Unit]:
    """Return the share of the houses of each building, drawn by a hash, in the order of the houses."""
    buildings: dict[int, list[Unit]] = {}
    for unit in units:
        buildings.setdefault(unit.building_id, []).append(unit)
    chosen: set[int] = set()
    for mine in buildings.values():
        count = math.ceil(len(mine) * share / 100)
        order = sorted(mine, key=lambda unit: hashlib.sha256(f"{seed}:{unit.code}".encode()).digest())
        chosen |= {unit.id for unit in order[:count]}
    return [unit for unit in units if unit.id in chosen]


@deed("complaints.deliver_sheets", "登记发放", VISIT)
def deliver_sheets(
    sheets: AskedSheets,
    on: Annotated[date | None, Asked(DayField(null=True, verbose_name="发放日期"), "不填为今天")] = None,
) -> None:
    """Note that sheets were handed out.

    Raises:
        RuleBroken: one is out already.
        BadInput: the day lies ahead.
    """
    day = past_day(on, "发放日期", "on")
    for sheet in sheets:
        refuse_closed(sheet.survey)
        if day < sheet.survey.first:
            raise BadInput(f"发放日期 {day} 早于调查开始的 {sheet.survey.first}。请核对日期。", "on")
        sheet.move_to(SheetState.OUT, delivered_on=day)


@deed("complaints.lose_sheet", "登记未发出", VISIT)
def lose_sheet(sheets: AskedSheets, reason: AskedReason) -> None:
    """Note that sheets could not be handed out; they count as not delivered.

    Raises:
        RuleBroken: one came back already.
    """
    for sheet in sheets:
        refuse_closed(sheet.survey)
        sheet.move_to(SheetState.LOST, why=reason, delivered_on=None)


@deed("complaints.void_sheet", "登记无效", LEAD)
def void_sheet(sheets: AskedSheets, reason: AskedReason) -> None:
    """Note that sheets came back and cannot be counted, as all ticked alike twice; they count as returned.

    Raises:
        RuleBroken: one never went out, or is void already.
    """
    for sheet in sheets:
        refuse_closed(sheet.survey)
        sheet.move_to(SheetState.INVALID, why=reason, returned_on=sheet.returned_on or now().date())
        visit_back(sheet, [])


@deed(
    "complaints.close_survey", "汇总封存", LEAD, danger=True,
    question="汇总以后不能再录入和更正，汇总分析表（CS-07）不再印“草稿”。",
)  # fmt: skip
def close_survey(survey: AskedSurvey) -> Survey:
    """End a survey; its figures are what they are from now on.

    Raises:
        RuleBroken: it is ended, or nothing came back.
    """
    if not survey.sheets.where(SurveySheet.state == SheetState.RETURNED).exists():
        raise RuleBroken(f"{survey.number} 还没有录入一张有效的调查表，不能汇总。")
    return survey.move_to(SurveyState.CLOSED, closed_at=now(), closed_by=actor().name)


@deed("complaints.improve", "登记纠正措施", LEAD)
def improve(
    survey: AskedSurvey,
    words: Annotated[str, Asked(NoteField(verbose_name="措施"))],
    staff: Annotated[Staff, Asked(LinkField(Staff, verbose_name="责任人"))],
    due: Annotated[date, Asked(DayField(verbose_name="完成期限"))],
) -> Commitment:
    """Say what is done about what displeases; it falls due like every other promise.

    Raises:
        BadInput: the day is over.
        RuleBroken: he has left.
    """
    return promise(Origin.SURVEY, survey.number, words, staff, due)


def visit_back(sheet: SurveySheet, bad: Sequence[str]) -> bool:
    """Let the household of a sheet be visited back just where it is displeased; return whether it is.

    Args:
        sheet: which sheet.
        bad: names of the services with which it is displeased, as they stand now.
    """
    task = VisitTask.get_or_none((VisitTask.document == sheet.number) & (VisitTask.state == TaskState.DUE))
    about = f"{'、'.join(bad)} 不满意"[:80]
    if not bad or sheet.unit is None:
        if task is not None:
            task.move_to(TaskState.DROPPED)
        return False
    if task is not None:
        task.change(about=about)
    else:
        due = WorkCalendar().next_working(now().date() + timedelta(days=rules().visit_complaint))
        VisitTask.add(source=Source.SURVEY, document=sheet.number, unit=sheet.unit, about=about, due=due)
    return True


def refuse_closed(survey: Survey) -> None:
    """Refuse to change what a survey says once it is ended.

    Raises:
        RuleBroken: it is.
    """
    if survey.state is SurveyState.CLOSED:
        raise RuleBroken(f"{survey.number} 已于 {survey.closed_at:%Y-%m-%d} 汇总封存，不能再改。")


@listing("survey_topics", "调查项目", "complaints", VIEW)
def survey_topics(filters: Filters) -> Listing:
    """What every survey asks about."""
    columns = (
        Shown("position", SurveyTopic.position, total=False),
        Shown("name", SurveyTopic.name),
        Shown("active", SurveyTopic.active, status=True),
    )
    return Listing(
        SurveyTopic.select(), columns, id=SurveyTopic.id, order=("position",), record=SurveyTopic,
        tones={"是": "ok", "否": "warning"},
    )  # fmt: skip
