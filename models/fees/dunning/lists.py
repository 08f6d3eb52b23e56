"""催缴名单: who stands where on the ladder, the letters, and how they were handed over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from enum import Enum
from typing import Any

from peewee import JOIN, Case, fn

from models.base import db
from models.fees.bills import Bill
from models.fees.dunning.assessing import Standing, assess
from models.fees.dunning.chasing import chasers_on
from models.fees.dunning.letters import DunningLetter, LetterDelivery, LetterState, proven, still_asks
from models.fees.dunning.rules import Stage
from models.fees.rights import VIEW
from models.fees.within import within
from models.fields import (
    ChoiceField,
    CodeField,
    CountField,
    DayField,
    LineField,
    MoneyField,
)
from models.listings import Filters, Listing, RowListing, Shown, choice, listing
from models.money import from_scaled
from models.office.staff import Staff
from models.owners.estate import Unit
from models.owners.payees import NOBODY
from models.owners.people import Person
from models.owners.search import HOUSE


class LetterStanding(Enum):
    """What has become of a letter: follows from its state, its deliveries and the lines it asks for."""

    WAITING = "待送达"
    HANDED = "已送达"
    FAILED = "未送达"
    PAID = "已交清"
    VOID = "作废"


LETTER_TONES = {
    LetterStanding.WAITING.value: "warning",
    LetterStanding.FAILED.value: "danger",
    LetterStanding.HANDED.value: "info",
    LetterStanding.PAID.value: "ok",
    LetterStanding.VOID.value: "plain",
}


def standing_of() -> Any:
    """Return what has become of a letter, for the database."""
    tried = LetterDelivery.select(LetterDelivery.letter).where(LetterDelivery.live == True)
    arrived = tried.where(LetterDelivery.outcome == "DELIVERED")
    return Case(
        None,
        (
            (DunningLetter.state == LetterState.VOID, LetterStanding.VOID.name),
            (~still_asks(), LetterStanding.PAID.name),
            (DunningLetter.id.in_(arrived), LetterStanding.HANDED.name),
            (DunningLetter.id.in_(tried), LetterStanding.FAILED.name),
        ),
        LetterStanding.WAITING.name,
    )


@listing("dunning_letters", "催缴单", "fees", VIEW, "period", "unit", "building", "person", "state", "void")
def dunning_letters(filters: Filters) -> Listing:
    """Letters, newest first; `period` by their day, `void` leaves the void ones."""
    query = DunningLetter.select().join(Unit).switch(DunningLetter)
    query = query.join(Person, JOIN.LEFT_OUTER, on=(DunningLetter.payer == Person.id))
    conditions = within(DunningLetter.unit, unit=filters.unit, building=filters.building)
    if filters.period:
        conditions.append(DunningLetter.on.between(filters.period.first, filters.period.last))
    if filters.person:
        conditions.append(DunningLetter.payer == filters.person)
    if filters.void:
        conditions.append(DunningLetter.state == LetterState.VOID)
    standing = standing_of()
    if filters.state:
        conditions.append(choice(LetterStanding, filters.state).name == standing)
    for condition in conditions:
        query = query.where(condition)
    columns = (
        Shown("number", DunningLetter.number),
        Shown("unit", Unit.code, label="房号", sort=Unit.sort_key),
        Shown("addressee", DunningLetter.addressee),
        Shown("stage", DunningLetter.stage),
        Shown("on", DunningLetter.on),
        Shown("deadline", DunningLetter.deadline),
        Shown("principal", DunningLetter.principal),
        Shown("late", DunningLetter.late),
        Shown("state", ChoiceField(LetterStanding, verbose_name="状态"), standing, status=True),
        Shown("oldest", DunningLetter.oldest, hidden=True),
        Shown("batch", CountField(verbose_name="批次"), DunningLetter.batch, total=False, hidden=True),
        Shown("made_by", DunningLetter.made_by, hidden=True),
        Shown("made_at", DunningLetter.made_at, hidden=True),
        Shown("void_reason", DunningLetter.void_reason, hidden=True),
        Shown("voided_by", DunningLetter.voided_by, hidden=True),
    )
    return Listing(
        query, columns, id=DunningLetter.id, order=("-on", "-number"),
        record=DunningLetter, search=(HOUSE, DunningLetter.number, DunningLetter.addressee),
        tones=LETTER_TONES,
    )  # fmt: skip


class DeliveryStanding(Enum):
    """What a delivery is worth."""

    PROVEN = "有凭据"
    BARE = "缺凭据"
    FAILED = "未送达"
    WITHDRAWN = "已撤回"


DELIVERY_TONES = {
    DeliveryStanding.PROVEN.value: "ok",
    DeliveryStanding.BARE.value: "warning",
    DeliveryStanding.FAILED.value: "danger",
}


@listing("letter_deliveries", "送达", "fees", VIEW, "period", "unit", "building", "state")
def deliveries(filters: Filters) -> Listing:
    """How letters were handed over, newest first; only what something proves renews the limitation."""
    query = LetterDelivery.select().join(DunningLetter).join(Unit).switch(LetterDelivery).join(Staff)
    worth = Case(
        None,
        (
            (LetterDelivery.live == False, DeliveryStanding.WITHDRAWN.name),
            (LetterDelivery.outcome == "FAILED", DeliveryStanding.FAILED.name),
            (proven(), DeliveryStanding.PROVEN.name),
        ),
        DeliveryStanding.BARE.name,
    )
    conditions = within(DunningLetter.unit, unit=filters.unit, building=filters.building)
    if filters.period:
        conditions.append(fn.DATE(LetterDelivery.at).between(filters.period.first, filters.period.last))
    if filters.state:
        conditions.append(choice(DeliveryStanding, filters.state).name == worth)
    for condition in conditions:
        query = query.where(condition)
    columns = (
        Shown("number", DunningLetter.number),
        Shown("unit", Unit.code, label="房号", sort=Unit.sort_key),
        Shown("addressee", DunningLetter.addressee),
        Shown("stage", DunningLetter.stage),
        Shown("way", LetterDelivery.way),
        Shown("at", LetterDelivery.at),
        Shown("worth", ChoiceField(DeliveryStanding, verbose_name="凭据"), worth, status=True),
        Shown("signed_by", LetterDelivery.signed_by),
        Shown("tracking", LetterDelivery.tracking),
        Shown("witnesses", LetterDelivery.witnesses),
        Shown("by", Staff.name, label="送达人"),
        Shown("note", LetterDelivery.note),
        Shown("withdrawn", LetterDelivery.withdrawn, hidden=True),
        Shown("made_by", LetterDelivery.made_by, hidden=True),
        Shown("made_at", LetterDelivery.made_at, hidden=True),
    )
    return Listing(
        query, columns, id=LetterDelivery.id, order=("-at",), record=LetterDelivery,
        search=(HOUSE, DunningLetter.number, DunningLetter.addressee, LetterDelivery.tracking),
        tones=DELIVERY_TONES,
    )  # fmt: skip


class Step(Enum):
    """Where a household stands on the ladder today."""

    DUE = "今天该催"
    WAITING = "等待"


STEP_TONES = {Step.DUE.value: "warning"}


@listing("dunning", "催缴进度", "fees", VIEW, "on", "unit", "building", "state")
def dunning(filters: Filters) -> RowListing:
    """Every household with something past its due day: its next letter, when, and what is in the way."""
    day = filters.on or date.today()
    found = assess(day, *within(Bill.unit, unit=filters.unit, building=filters.building))
    if filters.state:
        wanted = choice(Step, filters.state)
        found = [one for one in found if one.due == (wanted is Step.DUE)]
    columns = (
        Shown("unit", CodeField(verbose_name="房号", max_length=40)),
        Shown("payer", LineField(verbose_name="付款人", max_length=60)),
        Shown("oldest", DayField(verbose_name="最早截止日")),
        Shown("lines", CountField(verbose_name="笔数")),
        Shown("amount", MoneyField(verbose_name="欠费本金")),
        Shown("step", ChoiceField(Step, verbose_name="状态"), status=True),
        Shown("stage", ChoiceField(Stage, verbose_name="下一步")),
        Shown("ready", DayField(verbose_name="可催日")),
        Shown("why", LineField(verbose_name="说明", max_length=120)),
        Shown("last", LineField(verbose_name="最近催缴单", max_length=40)),
        Shown("last_on", DayField(verbose_name="最近开单日"), hidden=True),
        Shown("chaser", LineField(verbose_name="催缴人", max_length=40)),
    )
    return RowListing(columns, _steps(day, found), record=Unit, tones=STEP_TONES)


def _steps(day: date, found: list[Standing]) -> Iterator[tuple[int, tuple[Any, ...]]]:
    by_unit: dict[int, list[Standing]] = {}
    for one in found:
        by_unit.setdefault(one.unit, []).append(one)
    people = dict(db.execute(Person.select(Person.id, Person.name))) if found else {}
    chasers = chasers_on(day)
    for unit, code in db.execute(Unit.select(Unit.id, Unit.code).order_by(Unit.sort_key)):
        for one in sorted(by_unit.get(unit, ()), key=lambda one: one.payer or 0):
            owing: tuple[Any, ...] = (None, None, None)
            if one.owing is not None:
                owing = (one.owing.oldest, one.owing.lines, from_scaled(one.owing.fen, 2))
            step = Step.DUE if one.due else Step.WAITING
            last = (one.last.number, one.last.on) if one.last else (None, None)
            chaser = chasers[unit].name if unit in chasers else None
            payer = people.get(one.payer, NOBODY)
            yield unit, (code, payer, *owing, step, one.stage, one.ready, one.why or None, *last, chaser)
