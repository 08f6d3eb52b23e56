"""违约金名单: what each line bears as of a day, and which days were charged or waived."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from enum import Enum
from typing import Any

from peewee import JOIN, Case

from models.base import db
from models.fees.arrears import narrowed
from models.fees.bills import Bill
from models.fees.items import FeeItem
from models.fees.late import LateSpan, late_of
from models.fees.late_terms import LateTerms
from models.fees.rights import VIEW
from models.fees.within import within
from models.fields import ChoiceField, CodeField, CountField, DayField, LineField, MoneyField, MonthField
from models.listings import Filters, Listing, RowListing, Shown, choice, listing
from models.money import from_scaled
from models.months import Month
from models.office.staff import Staff
from models.owners.estate import Unit
from models.owners.people import Person
from models.owners.search import HOUSE, NAMED


class SpanState(Enum):
    """Follows from what a span names and whether it holds; never stored."""

    CHARGED = "已计收"
    WAIVED = "已减免"
    TAKEN_BACK = "已撤销"


TONES = {SpanState.CHARGED.value: "ok", SpanState.WAIVED.value: "info"}


@listing("late", "违约金", "fees", VIEW, "on", "unit", "building", "item", "person")
def late(filters: Filters) -> RowListing:
    """What each line bears as of a day (today unless `on`) that was not charged or waived."""
    day = filters.on or date.today()
    columns = (
        Shown("unit", CodeField(verbose_name="房号", max_length=40)),
        Shown("payer", LineField(verbose_name="付款人", max_length=60)),
        Shown("item", LineField(verbose_name="收费项目", max_length=40)),
        Shown("month", MonthField(verbose_name="所属月份")),
        Shown("due", DayField(verbose_name="截止日")),
        Shown("principal", MoneyField(verbose_name="本金")),
        Shown("owed", MoneyField(verbose_name="未收本金")),
        Shown("since", DayField(verbose_name="计自")),
        Shown("until", DayField(verbose_name="计至")),
        Shown("days", CountField(verbose_name="逾期天数"), total=False),
        Shown("rate", LineField(verbose_name="约定", max_length=120)),
        Shown("amount", MoneyField(verbose_name="违约金")),
    )
    return RowListing(columns, _rows(day, narrowed(filters)), record=Bill)


def _rows(day: date, conditions: list[Any]) -> Iterator[tuple[int, tuple[Any, ...]]]:
    found = list(late_of(day, *conditions))
    units = {id: (key, code) for id, code, key in db.execute(Unit.select(Unit.id, Unit.code, Unit.sort_key))}
    payers = dict(db.execute(Person.select(Person.id, Person.name))) if found else {}
    items = dict(db.execute(FeeItem.select(FeeItem.id, FeeItem.name)))
    terms = {row.id: f"{row.rate}（{row.clause}）" for row in LateTerms.select()}
    found.sort(key=lambda one: (*units[one.line.unit], one.line.due, one.line.item, one.line.id))
    for one in found:
        line = one.line
        told = "；".join(dict.fromkeys(terms[days.step.terms] for days in one.cut))
        money = (from_scaled(fen, 2) for fen in (line.amount, one.owed))
        when = (Month.from_number(line.month), date.fromisoformat(line.due))
        named = (units[line.unit][1], payers.get(line.payer), items[line.item])
        counted = (one.first, one.last, one.days, told, from_scaled(one.fen, 2))
        yield line.id, (*named, *when, *money, *counted)


_STATE = Case(
    None,
    ((LateSpan.live == False, SpanState.TAKEN_BACK.name), (LateSpan.charge.is_null(), SpanState.WAIVED.name)),
    SpanState.CHARGED.name,
)


@listing("late_spans", "违约金记录", "fees", VIEW, "period", "unit", "building", "person", "item", "state")
def late_spans(filters: Filters) -> Listing:
    """Days of each line for which late payment was charged or waived, newest first; `period` by their end."""
    query = LateSpan.select().join(Bill, on=(LateSpan.bill == Bill.id)).join(Unit).switch(Bill).join(FeeItem)
    query = query.switch(Bill).join(Person, JOIN.LEFT_OUTER, on=(Bill.payer == Person.id))
    query = query.switch(LateSpan).join(Staff, JOIN.LEFT_OUTER)
    for condition in _conditions(filters):
        query = query.where(condition)
    columns = (
        Shown("unit", Unit.code, label="房号", sort=Unit.sort_key),
        Shown("payer", Person.name, label="付款人"),
        Shown("item", FeeItem.name),
        Shown("month", Bill.month),
        Shown("since", LateSpan.since),
        Shown("until", LateSpan.until),
        Shown("amount", LateSpan.amount),
        Shown("state", ChoiceField(SpanState, verbose_name="状态"), _STATE, status=True),
        Shown("reason", LateSpan.reason),
        Shown("approver", Staff.name, label="批准人"),
        Shown("made_by", LateSpan.made_by),
        Shown("made_at", LateSpan.made_at, hidden=True),
        Shown("id", LateSpan.id, hidden=True),
    )
    return Listing(
        query, columns, id=LateSpan.id, order=("-id",), record=LateSpan,
        search=(HOUSE, NAMED, FeeItem.name, LateSpan.reason), tones=TONES,
    )  # fmt: skip


def _conditions(filters: Filters) -> list[Any]:
    conditions = within(Bill.unit, unit=filters.unit, building=filters.building)
    if filters.period:
        conditions.append(LateSpan.until.between(filters.period.first, filters.period.last))
    if filters.person:
        conditions.append(Bill.payer == filters.person)
    if filters.item:
        conditions.append(Bill.item == filters.item)
    if filters.state:
        conditions.append(choice(SpanState, filters.state).name == _STATE)
    return conditions
