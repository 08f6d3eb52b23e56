"""催缴提醒: whom to write to today, what was not handed over, what was promised, what lapses soon."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from models.cards import facts
from models.conditions import Condition, Test
from models.desk import Figure, Reminder, reminds
from models.fees.bills import Bill
from models.fees.dunning.assessing import assess
from models.fees.dunning.disputes import PENDING, BillDispute
from models.fees.dunning.legal import STANDING, LegalCase, LegalState, ripe
from models.fees.dunning.letters import DunningLetter, waiting_on
from models.fees.dunning.limitation import Lapse, lapsing
from models.fees.dunning.lists import LetterStanding, Step
from models.fees.dunning.promises import PaymentPromise, PromiseState, states_of
from models.fees.dunning.rules import Stage
from models.fees.rights import DUN, DUN_LEAD, VIEW
from models.fees.within import within
from models.owners.estate import Unit
from models.search import LIKELY, MOST, SURE, Hit, Sought, finds

SOON = timedelta(days=3)
"""So long before an instalment somebody is reminded of it."""
_SERIES = ("CJ1-", "CJ2-", "CGH-")


@reminds(DUN)
def letters_due(day: date) -> Iterator[Reminder]:
    """Remind of households whose next letter is due, and of letters whose delivery is not entered."""
    due = [one for one in assess(day, *within(Bill.unit, right=DUN)) if one.due]
    counts = {stage: sum(one.stage is stage for one in due) for stage in Stage}
    if due:
        told = "、".join(f"{stage.value} {count}" for stage, count in counts.items() if count)
        yield Reminder(
            f"今天该催缴 {len(due)} 户（{told}）", "warning", "dunning", {"state": Step.DUE.value}, len(due)
        )
    waiting = DunningLetter.select().where(waiting_on(), *within(DunningLetter.unit, right=DUN))
    count = waiting.count()
    if count:
        state = {"state": LetterStanding.WAITING.value}
        yield Reminder(f"{count} 张催缴单还没有登记送达", "warning", "dunning_letters", state, count)


@reminds(DUN)
def promises_due(day: date) -> Iterator[Reminder]:
    """Remind of instalments that are due within three days, and of promises that were broken."""
    rows = PaymentPromise.select().where(PaymentPromise.ended.is_null(), *within(PaymentPromise.unit))
    stands = list(states_of(rows, day).values())
    broken = sum(one.state is PromiseState.BROKEN for one in stands)
    if broken:
        state = {"state": PromiseState.BROKEN.value}
        yield Reminder(f"{broken} 户承诺缴费没有兑现", "danger", "promises", state, broken)
    soon = day + SOON
    near = [one for one in stands if one.state is PromiseState.RUNNING and one.next and one.next <= soon]
    if near:
        asked = (Condition("next", Test.MOST, soon.isoformat()),)
        state = {"state": PromiseState.RUNNING.value}
        yield Reminder(f"{len(near)} 户承诺 3 天内缴费", "warning", "promises", state, len(near), asked)


@reminds(DUN)
def debts_lapsing(day: date) -> Iterator[Reminder]:
    """Remind of debts whose time to be enforced ends within six months."""
    found = lapsing(day, *within(Bill.unit, right=DUN)).values()
    soon = sum(1 for one in found if one.soon)
    if soon:
        state = {"state": Lapse.SOON.value}
        yield Reminder(f"{soon} 户欠费的诉讼时效 6 个月内届满", "danger", "limitation", state, soon)


@reminds(DUN_LEAD)
def cases_waiting(day: date) -> Iterator[Reminder]:
    """Remind of formal demands that ran out and were not handed over to a lawyer."""
    handed = LegalCase.select(LegalCase.letter).where(STANDING)
    mine = DunningLetter.id.in_(list(ripe(day))) & DunningLetter.id.not_in(handed)
    count = DunningLetter.select().where(mine, *within(DunningLetter.unit, right=DUN_LEAD)).count()
    if count:
        title = f"{count} 户催告函期限已过，等待移交法务"
        yield Reminder(title, "warning", "legal", {"state": LegalState.WAITING.value}, count)


@facts(Unit, VIEW)
def chase_of_unit(unit: Unit) -> Iterator[Figure]:
    """How far a house is on the ladder; nothing of one that owes nothing."""
    for one in assess(date.today(), Bill.unit == unit, *within(Bill.unit)):
        said = "今天该催" if one.due else one.why
        yield Figure("催缴", one.stage.value if one.stage else "—", said, "dunning")
    count = (
        BillDispute.select().where(PENDING & (BillDispute.unit == unit), *within(BillDispute.unit)).count()
    )
    if count:
        yield Figure("异议", f"{count} 件", "处理中，不催缴", "disputes")


@finds(VIEW)
def letters_by_number(wanted: Sought) -> Iterator[Hit]:
    """Letters by their number, as the QR codes of FE-04 and FE-05 hold it."""
    words = wanted.words.upper()
    if not words.startswith(_SERIES):
        return
    mine = DunningLetter.number.startswith(words)
    query = DunningLetter.select().where(mine, *within(DunningLetter.unit))
    for one in query.order_by(DunningLetter.number).limit(MOST):
        told = f"{one.unit.code} · {one.addressee} · {one.total:,.2f}"
        rank = SURE if one.number == words else LIKELY
        yield Hit("dunning_letters", one.id, one.number, told, one.stage.value, rank)
