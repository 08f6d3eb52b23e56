"""权属: who comes to own or use a unit, and how a unit passes from one owner to the next."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from models.deeds import deed
from models.errors import RuleBroken
from models.fields import ChoiceField, DayField, FlagField, LinkField, ShareField, SinceField
from models.inputs import Asked, Input
from models.owners.dated import ONE_DAY, AskedSince, AskedUntil, check_span, close, first_day, holds, overlap
from models.owners.estate import Unit
from models.owners.leaving import AskedDespite, refuse_open
from models.owners.people import Occupancy, OccupancyKind, Ownership, Person, let_one_pay, settle_owners
from models.owners.rights import EDIT
from models.rows import RowRefused, RowsField

AskedUnit = Annotated[Unit, Asked(LinkField(Unit, verbose_name="房号"))]
AskedShare = Annotated[Decimal | None, Asked(ShareField(null=True, verbose_name="份额(%)"))]


@deed("owners.add_ownership", "登记产权", EDIT)
def add_ownership(
    unit: AskedUnit,
    person: Annotated[Person, Asked(LinkField(Person, verbose_name="业主"))],
    since: Annotated[
        date | None, Asked(SinceField(null=True, verbose_name="起"), "第一位不填为起初，后来的为今天")
    ] = None,
    share: AskedShare = None,
    primary: Annotated[bool, Asked(FlagField(default=False, verbose_name="主要联系人"))] = False,
) -> Ownership:
    """Let a person own a unit, alone or beside its owners: 起初 for the first one, else from today.

    Raises:
        RuleBroken: the person owns it already, is out of use, or the shares pass 100 %.
    """
    _check_in_use(person)
    known = list(Ownership.select().where(Ownership.unit == unit))
    start = first_day(since, known)
    _check_once(known, person, start, None)
    made = Ownership.add(unit=unit, person=person, since=start, share=share, primary=False)
    settle_owners(unit, start, person if primary else None)
    return _as_stored(made)


def _owner_columns() -> list[Input]:
    return [
        Input("person", LinkField(Person, verbose_name="共有人"), required=True),
        Input("share", ShareField(null=True, verbose_name="份额(%)"), required=False),
    ]


@deed("owners.transfer", "过户", EDIT, question="原业主的产权到前一日为止，旧欠仍归原业主。确定过户吗？")
def transfer(
    unit: AskedUnit,
    person: Annotated[Person, Asked(LinkField(Person, verbose_name="新业主"))],
    on: Annotated[date, Asked(DayField(verbose_name="过户日期"))],
    share: AskedShare = None,
    others: Annotated[
        list[dict[str, Any]] | None, Asked(RowsField(_owner_columns, null=True, verbose_name="共有人"))
    ] = None,
    despite: AskedDespite = False,
) -> Ownership:
    """Let a unit pass to a new owner from a day; debts stay with the old one (forms.md B1.7).

    Raises:
        RuleBroken: an ownership that begins on that day or later is entered already, or the old owner
            owes something or has something held.
        RowRefused: somebody is named twice.
    """
    leavers = [row.person for row in Ownership.select().where((Ownership.unit == unit) & Ownership.on(on))]
    refuse_open(unit, leavers, on, despite=despite)
    for row in Ownership.select().where(Ownership.unit == unit):
        if row.since >= on:
            raise RuleBroken(
                f"{row.label()} 的产权从 {row.since} 起，不早于过户日期。请改过户日期，或先处理它。"
            )
        if holds(row, on):
            close(row, on - ONE_DAY)
    _check_in_use(person)
    made = Ownership.add(unit=unit, person=person, since=on, share=share, primary=True)
    named = {person.id}
    for number, other in enumerate(others or []):
        owner = other["person"]
        if owner.id in named:
            raise RowRefused(f"{owner.name} 已写过一次。请去掉重复的一行。", "others", number, "person")
        named.add(owner.id)
        _check_in_use(owner)
        Ownership.add(unit=unit, person=owner, since=on, share=other.get("share"), primary=False)
    settle_owners(unit, on, person)
    return _as_stored(made)


@deed("owners.add_occupancy", "登记使用人", EDIT)
def add_occupancy(
    unit: AskedUnit,
    person: Annotated[Person, Asked(LinkField(Person, verbose_name="使用人"))],
    kind: Annotated[
        OccupancyKind, Asked(ChoiceField(OccupancyKind, verbose_name="关系"))
    ] = OccupancyKind.TENANT,
    pays: Annotated[bool, Asked(FlagField(default=False, verbose_name="由其交费"))] = False,
    since: AskedSince = None,
    until: AskedUntil = None,
) -> Occupancy:
    """Let a person use a unit without owning it, from today where no day is given.

    Raises:
        RuleBroken: the person uses it already, or is out of use.
    """
    _check_in_use(person)
    start = since or date.today()
    check_span(start, until)
    _check_once(list(Occupancy.select().where(Occupancy.unit == unit)), person, start, until)
    made = Occupancy.add(unit=unit, person=person, kind=kind, pays=pays, since=start, until=until)
    if pays:
        let_one_pay(made)
    return made


def _check_in_use(person: Person) -> None:
    if not person.active:
        raise RuleBroken(f"{person.name}（{person.number}）已停用。请先恢复，或选别人。")


def _check_once(
    known: list[Ownership] | list[Occupancy], person: Person, since: date, until: date | None
) -> None:
    for row in known:
        if row.person == person and overlap(row, since, until):
            shown = f"{SinceField().show(row.since)} 至 {row.until or '今'}"
            raise RuleBroken(f"{row.label()} 已登记（{shown}），不能重复。需要改时请先结束它。")


def _as_stored(row: Ownership) -> Ownership:
    """Return a row as it stands now, since settling the owners may have changed it."""
    return Ownership.get_by_id(row.id)
