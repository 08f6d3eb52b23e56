"""催缴判断: how far each household is on the ladder as of a day, and why one is left out.

No step is skipped: a letter follows only when the one before was handed over (or the attempt entered) and
its deadline is past, and never within so many days of the last one. A letter counts as long as a line that
it asked for is still open; who paid it all begins anew. All lines are asked in a few statements however many
there are.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

from peewee import fn

from models.base import db
from models.fees.asof import paid_after
from models.fees.bills import OPEN, Bill, principal
from models.fees.dunning.disputes import disputed, disputed_units
from models.fees.dunning.letters import (
    Arrival,
    DunningLetter,
    DunningLine,
    LetterDelivery,
    LetterState,
    waits_until,
)
from models.fees.dunning.promises import running_promises
from models.fees.dunning.rules import ORDER, DunningRules, Stage, rules
from models.money import from_scaled, thousands
from models.workdays import WorkCalendar

Key = tuple[int, int | None]
"""A household: ids of the house and of who owes for it."""
ONE_DAY = timedelta(days=1)
AGAIN = timedelta(days=182)
"""After so long a formal demand may follow another: new debts have come, and the limitation begins anew."""


class Owing(NamedTuple):
    """What a household owes past the due day, without what is disputed; money in fen."""

    oldest: date
    fen: int
    lines: int


class Sent(NamedTuple):
    """The last letter to a household that holds, and when it was handed over first."""

    number: str
    stage: Stage
    on: date
    deadline: date
    days: int
    stands: bool
    """Whether something that it asked for is still open and not disputed."""
    handed: date | None


@dataclass(frozen=True)
class Standing:
    """How a household stands as of a day.

    Args:
        unit: id of the house.
        payer: id of who owes, None where nobody is known.
        owing: what is owed past the due day; None where all of it is disputed.
        stage: the letter that comes next; None after the last one.
        ready: the day on which it may be sent; None where something must happen first.
        why: why it is not due today; empty where it is.
    """

    unit: int
    payer: int | None
    owing: Owing | None
    stage: Stage | None
    ready: date | None
    why: str
    last: Sent | None

    @property
    def due(self) -> bool:
        """Whether its letter is to be sent today."""
        return not self.why


def assess(day: date, *conditions: Any) -> list[Standing]:
    """Return every household with something past its due day, as it stands on a day.

    Args:
        day: of the letters that would be sent.
        conditions: on Bill, of the lines that are looked at.
    """
    judge = _Judge(day, rules(), last_letters(), running_promises(day), _paid_since(day))
    owing, contested = owing_on(day, *conditions)
    found = [judge.standing(key, one) for key, one in owing.items()]
    return [*found, *(judge.contested(key) for key in contested if key not in owing)]


def owing_on(day: date, *conditions: Any) -> tuple[dict[Key, Owing], set[Key]]:
    """Return what each household owes as of a day without what is disputed, and who has a dispute."""
    wanted = (OPEN & (Bill.due < day), *principal(), *conditions)
    units = disputed_units()
    told = Bill.select(
        Bill.unit, Bill.payer, fn.MIN(Bill.due), fn.SUM(Bill.amount - Bill.paid), fn.COUNT(Bill.id)
    ).where(*wanted)
    plain = told.where(Bill.unit.not_in(units)) if units else told
    owing = {
        (unit, payer): Owing(date.fromisoformat(oldest), fen, lines)
        for unit, payer, oldest, fen, lines in db.execute(plain.group_by(Bill.unit, Bill.payer))
    }
    if not units:
        return owing, set()
    within = told.where(Bill.unit.in_(units))
    for unit, payer, oldest, fen, lines in db.execute(
        within.where(~disputed()).group_by(Bill.unit, Bill.payer)
    ):
        owing[unit, payer] = Owing(date.fromisoformat(oldest), fen, lines)
    rows = db.execute(within.where(disputed()).group_by(Bill.unit, Bill.payer))
    return owing, {(unit, payer) for unit, payer, *_ in rows}


def last_letters() -> dict[Key, Sent]:
    """Return the last letter to each household that holds."""
    other = DunningLetter.alias()
    newest = other.select(fn.MAX(other.id)).where(other.state == LetterState.ISSUED)
    newest = newest.group_by(other.unit, other.payer)
    line = (DunningLine.letter == DunningLetter.id) & OPEN & ~disputed()
    stands = fn.EXISTS(DunningLine.select(DunningLine.id).join(Bill).where(line, *principal()))
    query = DunningLetter.select(
        DunningLetter.id, DunningLetter.unit, DunningLetter.payer, DunningLetter.number,
        DunningLetter.stage, DunningLetter.on, DunningLetter.deadline, DunningLetter.days, stands,
    )  # fmt: skip
    handed = _handed()
    return {
        (unit, payer): Sent(
            number, Stage[stage], date.fromisoformat(on), date.fromisoformat(deadline), days, bool(open),
            handed.get(id),
        )
        for id, unit, payer, number, stage, on, deadline, days, open in db.execute(
            query.where(DunningLetter.id.in_(newest))
        )
    }  # fmt: skip


def _handed() -> dict[int, date]:
    """Return the day of the first delivery of each letter, by the letter's id.

    An attempt stands for it where nothing arrived, but never of a formal demand: what the law asks for
    (民法典 944) begins when it arrives.
    """
    arrived = LetterDelivery.outcome == Arrival.DELIVERED
    first = fn.COALESCE(fn.MIN(LetterDelivery.at).filter(arrived), fn.MIN(LetterDelivery.at))
    query = LetterDelivery.select(LetterDelivery.letter, first).join(DunningLetter)
    wanted = (LetterDelivery.live == True) & ((DunningLetter.stage != Stage.FORMAL) | arrived)
    rows = db.execute(query.where(wanted).group_by(LetterDelivery.letter))
    return {letter: date.fromisoformat(at[:10]) for letter, at in rows}


def _paid_since(day: date) -> set[int]:
    """Return the units on which something was paid after a day."""
    later = paid_after(day)
    found: set[int] = set()
    lines = sorted(later)
    for first in range(0, len(lines), 900):
        some = Bill.select(Bill.unit).where(Bill.id.in_(lines[first : first + 900]))
        found |= {unit for (unit,) in db.execute(some)}
    return found


class _Judge:
    """Says of each household which letter comes next, when, and what is in its way."""

    def __init__(
        self,
        day: date,
        terms: DunningRules,
        letters: dict[Key, Sent],
        promises: dict[Key, str],
        paid_since: Iterable[int],
    ) -> None:
        self._day, self._letters, self._promises = day, letters, promises
        self._after = {stage: timedelta(days=terms.after(stage)) for stage in Stage}
        self._apart = timedelta(days=terms.apart)
        self._least = int(terms.least * 100)
        self._calendar = WorkCalendar()
        self._paid_since = set(paid_since)

    def standing(self, key: Key, owing: Owing) -> Standing:
        """Return how a household stands that owes something undisputed."""
        last = self._letters.get(key)
        reached = last if last is not None and last.stands else None
        stage = _following(reached.stage if reached else None)
        ready = self._ready(stage, owing, last, reached)
        why = self._barred(key, owing) or self._early(stage, ready, last, reached)
        return Standing(*key, owing, stage, ready, why, last)

    def contested(self, key: Key) -> Standing:
        """Return how a household stands whose whole debt is disputed."""
        return Standing(*key, None, None, None, "全部有异议，处理完以前不催", self._letters.get(key))

    def _barred(self, key: Key, owing: Owing) -> str:
        """Return why a household gets no letter whatever its step."""
        if key in self._promises:
            return self._promises[key]
        if owing.fen < self._least:
            return f"欠 {_yuan(owing.fen)} 元，不到起催金额 {_yuan(self._least)} 元"
        if key[0] in self._paid_since:
            return f"{self._day} 以后有收款或更正，请用今天的日期催缴"
        return ""

    def _ready(self, stage: Stage, owing: Owing, last: Sent | None, reached: Sent | None) -> date | None:
        """Return the day on which the next letter may be sent; None where something must happen first."""
        days = [owing.oldest + self._after[stage]]
        if last is not None:
            days.append(last.on + self._apart)
        if reached is not None:
            if reached.handed is None:
                return None
            days.append(self._end_of(reached, reached.handed) + ONE_DAY)
            if reached.stage is stage:
                days.append(reached.on + AGAIN)
        return self._calendar.next_working(max(days))

    def _early(self, stage: Stage, ready: date | None, last: Sent | None, reached: Sent | None) -> str:
        """Return why the next letter is not due yet."""
        if ready is None:
            assert reached is not None
            return f"{reached.stage.value} {reached.number} 还没有登记送达"
        if self._day >= ready:
            return ""
        if reached is not None and reached.stage is stage and reached.handed is not None:
            end = self._end_of(reached, reached.handed)
            late = "期限已过，在法务清单" if end < self._day else f"期限到 {end}"
            return f"催告函 {reached.number} {late}；{ready} 起可再发"
        if last is not None and self._calendar.next_working(last.on + self._apart) == ready:
            return f"{last.on} 开过 {last.number}，{self._apart.days} 天内不再开"
        return f"{stage.value}要到 {ready}" + (f"：{reached.number} 的期限还没有过" if reached else "")

    def _end_of(self, letter: Sent, handed: date) -> date:
        return waits_until(letter.deadline, letter.days, handed, self._calendar)


def _following(reached: Stage | None) -> Stage:
    """Return the step after one; the last one again after itself, for debts and time go on."""
    at = 0 if reached is None else ORDER.index(reached) + 1
    return ORDER[min(at, len(ORDER) - 1)]


def _yuan(fen: int) -> str:
    return thousands(from_scaled(fen, 2))
