"""空置名单: empty houses whose fees are reduced, on cards and on the desk; and what must hold among them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from peewee import JOIN, Case, fn

from models.attachments import keeps_files
from models.base import db
from models.cards import facts
from models.checks import invariant
from models.conditions import Condition, Test
from models.desk import Figure, Reminder, reminds
from models.fees.bills import Bill
from models.fees.items import FeeItem
from models.fees.payments import Adjustment, AdjustmentKind
from models.fees.rights import ADJUST, VIEW
from models.fees.vacancies import ALL, SOON, VACANCIES, Vacancy, VacancyCut, VacancyState, taken_off
from models.fees.vacancy_cuts import lacking
from models.fees.within import within
from models.fields import ChoiceField, FlagField, LineField, MoneyField
from models.listings import Filters, Listing, Shown, choice, listing
from models.owners.estate import Unit
from models.search import LIKELY, MOST, SURE, Hit, Sought, finds

TONES = {
    VacancyState.WAITING.value: "info",
    VacancyState.RUNNING.value: "ok",
    VacancyState.DUE.value: "warning",
}
_NAMED = 20

keeps_files(Vacancy, VIEW)


def _state(day: date) -> Any:
    """Return the state on a day, as `Vacancy.state_on`, for the database."""
    return Case(
        None,
        (
            (Vacancy.ended.is_null(False) & (Vacancy.ended <= day), VacancyState.OVER.name),
            (Vacancy.effective > day, VacancyState.WAITING.name),
            (Vacancy.review <= day, VacancyState.DUE.name),
        ),
        VacancyState.RUNNING.name,
    )


@listing("vacancies", "空置申请", "fees", VIEW, "unit", "building", "state")
def vacancies(filters: Filters) -> Listing:
    """Empty houses whose fees are, were or will be reduced, newest first."""
    today = date.today()
    taken = taken_off().select(VacancyCut.vacancy.alias("owner"), fn.SUM(VacancyCut.amount).alias("fen"))
    summed = taken.order_by().group_by(VacancyCut.vacancy).alias("summed")
    query = Vacancy.select().join(Unit).switch(Vacancy).join(FeeItem, JOIN.LEFT_OUTER).switch(Vacancy)
    query = query.join(summed, JOIN.LEFT_OUTER, on=(summed.c.owner == Vacancy.id))
    for condition in within(Vacancy.unit, unit=filters.unit, building=filters.building):
        query = query.where(condition)
    if filters.state:
        query = query.where(choice(VacancyState, filters.state).name == _state(today))
    left_out = Case(None, ((Vacancy.id.in_(list(lacking(today))), 1),), 0)
    columns = (
        Shown("number", Vacancy.number),
        Shown("unit", Unit.code, label="房号", sort=Unit.sort_key),
        Shown("state", ChoiceField(VacancyState, verbose_name="状态"), _state(today), status=True),
        Shown("since", Vacancy.since),
        Shown("effective", Vacancy.effective),
        Shown("percent", Vacancy.percent),
        Shown("review", Vacancy.review),
        Shown("ended", Vacancy.ended),
        Shown("cut", MoneyField(verbose_name="已减免"), fn.COALESCE(summed.c.fen, 0)),
        Shown("lacking", FlagField(verbose_name="有未计"), left_out),
        Shown("item", LineField(verbose_name="收费项目", max_length=40), fn.COALESCE(FeeItem.name, ALL)),
        Shown("proof", Vacancy.proof),
        Shown("basis", Vacancy.basis),
        Shown("waits", Vacancy.waits, hidden=True),
        Shown("every", Vacancy.every, hidden=True),
        Shown("applied", Vacancy.applied, hidden=True),
        Shown("reviewed", Vacancy.reviewed, hidden=True),
        Shown("finding", Vacancy.finding, hidden=True),
        Shown("made_by", Vacancy.made_by, hidden=True),
        Shown("made_at", Vacancy.made_at, hidden=True),
    )
    return Listing(
        query, columns, id=Vacancy.id, order=("-number",), record=Vacancy,
        search=(Vacancy.number, Unit.code, Vacancy.proof), tones=TONES,
    )  # fmt: skip


@finds(VIEW)
def vacancies_by_number(wanted: Sought) -> Iterator[Hit]:
    """Vacancies by their number, as the QR code of FE-10 holds it."""
    words = wanted.words.upper()
    if not words.startswith(f"{VACANCIES.prefix}-"):
        return
    mine = Vacancy.number.startswith(words)
    for one in Vacancy.select().where(mine, *within(Vacancy.unit)).order_by(Vacancy.number).limit(MOST):
        told = f"{one.unit.code} · {one.percent}% · {one.effective} 起"
        yield Hit("vacancies", one.id, one.number, told, "空置申请", SURE if one.number == words else LIKELY)


@facts(Unit, VIEW)
def vacancy_of_unit(unit: Unit) -> Iterator[Figure]:
    """By how much the fees of an empty house are reduced; nothing of others."""
    today = date.today()
    mine = (Vacancy.unit == unit) & (_state(today) != VacancyState.OVER.name)
    for one in Vacancy.select().where(mine, *within(Vacancy.unit)).order_by(Vacancy.number):
        beside = f"{one.state_on(today).value}，{one.review} 复核"
        yield Figure("空置减免", f"{one.percent}%", beside, "vacancies")


@reminds(ADJUST)
def reviews_due(day: date) -> Iterator[Reminder]:
    """Remind of reviews that are overdue, without which nothing is reduced any more, and of those to come."""
    late = _count(_state(day) == VacancyState.DUE.name)
    if late:
        state = {"state": VacancyState.DUE.value}
        yield Reminder(f"{late} 户空置减免过了复核日期，停止减免", "danger", "vacancies", state, late)
    running = _state(day) == VacancyState.RUNNING.name
    soon = _count(running & (Vacancy.review <= day + SOON))
    if soon:
        asked = (Condition("review", Test.MOST, (day + SOON).isoformat()),)
        state = {"state": VacancyState.RUNNING.value}
        yield Reminder(f"{soon} 户空置减免 7 天内要复核", "warning", "vacancies", state, soon, asked)


@reminds(ADJUST)
def reductions_lacking(day: date) -> Iterator[Reminder]:
    """Remind of months that were charged in full though a vacancy was in effect."""
    found = lacking(day)
    if found:
        title = f"{len(found)} 户空置减免还没有计，最早 {min(months[0] for months in found.values())}"
        asked = (Condition("lacking", Test.IS, "是"),)
        yield Reminder(title, "warning", "vacancies", {}, len(found), asked)


def _count(condition: Any) -> int:
    return int(Vacancy.select().where(condition, *within(Vacancy.unit)).count())


@invariant("空置减免")
def cuts_follow_their_vacancies() -> Iterator[str]:
    """What was reduced is of the vacancy's own house and days, and never 代收."""
    query = VacancyCut.select().join(Vacancy).switch(VacancyCut).join(Bill).join(FeeItem).switch(VacancyCut)
    taken = Adjustment.kind == AdjustmentKind.VACANCY
    wrong = ~taken & (Adjustment.kind != AdjustmentKind.TRANSFER) | (Bill.unit != Vacancy.unit)
    wrong |= (FeeItem.collected == True) | (VacancyCut.first < Vacancy.effective)
    wrong |= taken & (VacancyCut.amount > Bill.amount)
    for cut in query.join(Adjustment).where(wrong).limit(_NAMED):
        yield f"空置减免 {cut.label()} 与空置申请 {cut.vacancy.number} 不符"


@invariant("空置减免单")
def documents_take_off_what_vacancies_say() -> Iterator[str]:
    """A document by a vacancy takes off just what is kept of it, line by line."""
    told = taken_off().select(VacancyCut.adjustment.alias("owner"), fn.SUM(VacancyCut.amount).alias("fen"))
    summed = told.order_by().group_by(VacancyCut.adjustment).alias("summed")
    query = Adjustment.select(Adjustment.number).join(summed, on=(summed.c.owner == Adjustment.id))
    for (number,) in db.execute(query.where(Adjustment.amount + summed.c.fen != 0).limit(_NAMED)):
        yield f"减免单 {number} 的金额与空置减免记录的合计不符"


@invariant("空置减免天数")
def no_day_is_reduced_twice() -> Iterator[str]:
    """The days of a line that vacancies reduced do not meet."""
    other = VacancyCut.alias()
    meets = (other.bill == VacancyCut.bill) & (other.id < VacancyCut.id)
    meets &= (other.first <= VacancyCut.last) & (other.last >= VacancyCut.first)
    for cut in VacancyCut.select().join(other, on=meets).limit(_NAMED):
        yield f"空置减免 {cut.label()} 有的天数减了两次"
