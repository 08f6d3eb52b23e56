"""写催缴单: what a letter says, from the lines that it asks for; kept with it as it is printed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, NamedTuple

from models.base import db
from models.errors import RuleBroken
from models.fees.bills import OPEN, Bill
from models.fees.dunning.assessing import Key, Standing
from models.fees.dunning.disputes import disputed, disputed_units
from models.fees.dunning.letters import DunningLetter, DunningLine, LetterDelivery, same_household
from models.fees.dunning.rules import DunningRules, Stage, rules
from models.fees.dunning.wording import refuse_unlawful
from models.fees.items import FeeItem, late_items
from models.fees.late import Late, late_of
from models.fees.late_terms import LateTerms
from models.fees.settle import month_span
from models.months import Month
from models.office.profile import profile
from models.owners.estate import Unit
from models.owners.payees import NOBODY, payees_on
from models.owners.people import Person
from models.workdays import WorkCalendar


class Asked(NamedTuple):
    """A line that a letter asks for: fen of principal and of 违约金, and how long it is late."""

    bill: int
    item: int
    month: int
    amount: int
    late: int
    days: int
    liable: int | None


@dataclass
class Draft:
    """A letter before it has its number; money in fen."""

    unit: int
    payer: int | None
    stage: Stage
    oldest: date
    days: int
    deadline: date
    addressee: str
    lines: list[Asked]
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def principal(self) -> int:
        """What is owed."""
        return sum(line.amount for line in self.lines)

    @property
    def late(self) -> int:
        """The 违约金 beside it, charged or not."""
        return sum(line.late for line in self.lines)

    def facts_with(self, approval: str | None) -> str:
        """Return what is kept of its words, with the number of the approval under which it is made."""
        told = {**self.facts, **({"approval": approval} if approval else {})}
        return json.dumps(told, ensure_ascii=False, sort_keys=True)


def drafts(day: date, due: Sequence[Standing], conditions: Sequence[Any]) -> list[Draft]:
    """Return the letters of households that are due, in their order.

    Args:
        day: of the letters.
        due: who gets which.
        conditions: on Bill, that leave all lines of these households.
    """
    terms, calendar = rules(), WorkCalendar()
    borne = {one.line.id: one for one in late_of(day, *conditions)}
    lines = _lines(day, {(one.unit, one.payer) for one in due}, borne, conditions)
    names = _Names(day, [one.unit for one in due])
    made = []
    for one in due:
        assert one.stage is not None and one.owing is not None
        mine = lines[one.unit, one.payer]
        days = terms.days(one.stage)
        deadline = calendar.next_working(day + timedelta(days=days))
        draft = Draft(
            one.unit, one.payer, one.stage, one.owing.oldest, days, deadline,
            names.addressee(one.unit, one.payer, mine[0].liable), mine,
        )  # fmt: skip
        draft.facts = names.facts(draft, borne)
        if one.stage is Stage.FORMAL:
            draft.facts |= _agreement(terms)
        for told in draft.facts.values():
            refuse_unlawful(told if isinstance(told, str) else None, "催缴单")
        made.append(draft)
    return made


def _lines(
    day: date, wanted: set[Key], borne: dict[int, Late], conditions: Sequence[Any]
) -> dict[Key, list[Asked]]:
    """Return the lines of these households that are past their due day and not disputed."""
    late = set(late_items())
    read = (
        Bill.id,
        Bill.unit,
        Bill.payer,
        Bill.liable,
        Bill.item,
        Bill.month,
        Bill.due,
        Bill.amount,
        Bill.paid,
    )
    query = Bill.select(*read).where(OPEN & (Bill.due < day), *conditions)
    contested = set(disputed_units())
    if contested:
        query = query.where(Bill.unit.not_in(list(contested)) | ~disputed())
    found: dict[Key, list[Asked]] = {key: [] for key in wanted}
    for id, unit, payer, liable, item, month, due, amount, paid in db.execute(
        query.order_by(Bill.item, Bill.month, Bill.id)
    ):
        mine = found.get((unit, payer))
        if mine is None:
            continue
        days, owed = (day - date.fromisoformat(due)).days, amount - paid
        if item in late:
            mine.append(Asked(id, item, month, 0, owed, days, liable))
        else:
            fen = borne[id].fen if id in borne else 0
            mine.append(Asked(id, item, month, owed, fen, days, liable))
    return found


def _agreement(terms: DunningRules) -> dict[str, Any]:
    """Return what the formal demand says of the contract.

    Raises:
        RuleBroken: the rules do not say on which contract it rests.
    """
    if not (terms.contract and terms.clause):
        raise RuleBroken(
            "催告函要写明依据哪份物业服务合同、哪一条。请先在“催缴规则”里填物业服务合同和缴费条款。"
        )
    return {
        "contract": terms.contract,
        "signed": terms.signed.isoformat() if terms.signed else None,
        "clause": terms.clause,
        "services": terms.services,
        "objection": terms.objection,
    }


class _Names:
    """What letters call houses, people and items."""

    def __init__(self, day: date, units: Sequence[int]) -> None:
        self._day, self._units = day, {unit.id: unit for unit in Unit.those(list(dict.fromkeys(units)))}
        self._payees = payees_on(day, self._units)
        self._people: dict[int | None, str] = dict(db.execute(Person.select(Person.id, Person.name)))
        self._items = dict(db.execute(FeeItem.select(FeeItem.id, FeeItem.name)))
        self._late = set(late_items())
        self._terms = {row.id: f"{row.rate}（{row.clause}）" for row in LateTerms.select()}
        office = profile()
        self._contact = rules().contact or office.telephone
        self._ways = office.ways_to_pay

    def addressee(self, unit: int, payer: int | None, liable: int | None) -> str:
        """Return whom a letter is to: who owes, with the liable owner beside a tenant."""
        payee = self._payees[unit]
        if payee.payer_id == payer:
            return payee.address_line
        name = self._people.get(payer, NOBODY)
        beside = f"（责任业主：{self._people.get(liable, NOBODY)}）" if liable and liable != payer else ""
        return f"{name}{beside}"

    def facts(self, draft: Draft, borne: dict[int, Late]) -> dict[str, Any]:
        """Return the rows and words of a letter."""
        rates = {
            self._terms[days.step.terms]
            for line in draft.lines
            if line.bill in borne
            for days in borne[line.bill].cut
        }
        return {
            "place": self._units[draft.unit].chinese,
            "rows": [list(row) for row in self._rows(draft.lines)],
            "rates": sorted(rates),
            "earlier": earlier_of(draft.unit, draft.payer, draft.stage),
            "contact": self._contact,
            "ways": self._ways,
        }

    def _rows(self, lines: Sequence[Asked]) -> Iterable[tuple[str, str, int | None, int | None, int]]:
        """Yield (item, span, principal, days, 违约金) of lines of an item whose months run on."""
        groups: list[list[Asked]] = []
        for line in lines:
            before = groups[-1][-1] if groups else None
            follows = before is not None and before.item == line.item and _next(before.month, line.month)
            if follows:
                groups[-1].append(line)
            else:
                groups.append([line])
        for group in groups:
            span = month_span(Month.from_number(group[0].month), Month.from_number(group[-1].month))
            late = sum(line.late for line in group)
            if group[0].item in self._late:
                yield self._items[group[0].item], f"{span}计收", None, None, late
            else:
                days = max(line.days for line in group)
                yield self._items[group[0].item], span, sum(line.amount for line in group), days, late


def _next(one: int, other: int) -> bool:
    return Month.from_number(other).minus(Month.from_number(one)) in (0, 1)


def earlier_of(unit: int, payer: int | None, stage: Stage) -> list[str]:
    """Return in words the letters before, as far as this ladder goes, and how they were handed over."""
    if stage is Stage.FIRST:
        return []
    probe = DunningLetter(unit=unit, payer=payer)
    told: list[str] = []
    query = DunningLetter.select().where(same_household(probe)).order_by(DunningLetter.id.desc())
    for letter in query:
        told.append(told_of(letter))
        if letter.stage is Stage.FIRST:
            break
    return told[::-1]


def told_of(letter: DunningLetter) -> str:
    """Return 2026-10-08 第一次催缴 CJ1-202610-001，2026-10-09 面交送达."""
    mine = (LetterDelivery.letter == letter) & (LetterDelivery.live == True)
    one = LetterDelivery.select().where(mine).order_by(LetterDelivery.at).first()
    number = f"，EMS {one.tracking}" if one is not None and one.tracking else ""
    handed = f"，{one.at:%Y-%m-%d} {one.way.value}{one.outcome.value}{number}" if one is not None else ""
    return f"{letter.on} {letter.stage.value} {letter.number}{handed}"


def lines_of(letter: DunningLetter) -> list[DunningLine]:
    """Return the lines that a letter asks for."""
    return list(DunningLine.select().where(DunningLine.letter == letter).order_by(DunningLine.id))
