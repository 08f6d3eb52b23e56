"""过户结算: hand what was charged ahead over to the new owner, by the day (forms.md B1.7).

Debts of days before the transfer stay with the old owner. Of a line that reaches beyond, the new owner's
days are taken off by a negative line and charged to him by a new one; both name the old line. What the old
owner had paid for these days becomes his balance. What a vacancy took off goes with the days it was for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, NamedTuple

from peewee import fn

from models.base import db
from models.deeds import deed
from models.errors import RuleBroken
from models.fees.adjusting import STEPS, correct, document
from models.fees.billing import MOST_AHEAD
from models.fees.bills import Bill, BillKind
from models.fees.cashier import AskedUnit, check_day
from models.fees.charges import Segment
from models.fees.handing import ONE_DAY, Holding, divided
from models.fees.line_days import kept_segments, weights_of
from models.fees.payments import Adjustment, AdjustmentKind
from models.fees.proposing import Correction, Proposal, left_on
from models.fees.rights import ADJUST
from models.fees.trial import told_of
from models.fees.vacancies import VacancyCut, cuts_on
from models.fields import DayField
from models.health import Gap, health_check
from models.inputs import Asked
from models.money import from_scaled, split_largest_remainder, thousands, to_scaled
from models.months import Month
from models.office.chains import approvable
from models.owners.estate import Unit
from models.owners.payees import payers_on
from models.owners.people import Ownership, Person
from models.series import Series

TRANSFERS = Series("GH", "过户结算单")

NEW = "/新"
"""Ends the source of a line by which a transfer charges the new owner."""
_SPLIT = (BillKind.RECURRING, BillKind.CORRECTION, BillKind.SHARED)
"""Kinds of line that are charged for the days of their month; a meter is read on the day of a transfer."""


class CutShare(NamedTuple):
    """So much, in 元, of what a vacancy took off a line is for days of the new owner."""

    cut: VacancyCut
    days: list[date]
    amount: Decimal


class Handed(NamedTuple):
    """The new owner's share of one line; money in 元, less what vacancies took off his days already."""

    line: Bill
    amount: Decimal
    days: int
    segments: list[Segment]
    charged: Decimal
    cuts: list[CutShare]


AskedTransfer = Annotated[
    date | None, Asked(DayField(null=True, verbose_name="过户日期"), "不填为最早没有结算的一次")
]


@dataclass(frozen=True)
class TransferTrial:
    """What settling a transfer hands over."""

    unit: Unit
    day: date
    shares: list[Handed]

    @property
    def told(self) -> str:
        """Return 2026-11-16 过户：以后 3 笔共 124.60 元转由李明承担."""
        new = payers_on(self.unit, self.day)
        total = sum((share.amount for share in self.shares), start=Decimal(0))
        owner = new.liable_name or new.payer_name
        return f"{self.day} 过户：以后 {len(self.shares)} 笔共 {thousands(total)} 元转由{owner}承担"

    def summary(self) -> str:
        """Return the same, line by line."""
        lines = "；".join(
            f"{one.line.item.name} {one.line.month} {one.days} 天 {thousands(one.amount)} 元"
            for one in self.shares
        )
        return f"{self.unit.code} {self.told}（{lines}）。没有写入。"


@deed("fees.try_settle_transfer", "试算过户结算", ADJUST)
def try_settle_transfer(unit: AskedUnit, on: AskedTransfer = None) -> TransferTrial:
    """Say what settling a transfer would hand over; writes nothing.

    Raises:
        RuleBroken: the unit did not change hands on that day, or nothing reaches beyond it.
    """
    return _trial(unit, on)


def _trial(unit: Unit, on: date | None) -> TransferTrial:
    day = on or _to_settle(unit)
    if day is None or not _begun(unit, day):
        raise RuleBroken(f"{unit.code} 在{day or '任何一天'}没有过户登记。请先办理过户，或核对日期。")
    shares = list(handed(unit, day))
    if not shares:
        raise RuleBroken(
            f"{unit.code} 没有 {day} 以后仍记在原业主名下的账单，不用结算（抄表的按过户日读数，不分天）。"
        )
    return TransferTrial(unit, day, shares)


@deed(
    "fees.settle_transfer", "过户结算", ADJUST,
    question="过户日以后的账单转给新业主：原账单不改，另出等额负数和新账单；原业主已交的转为他的预存。",
)  # fmt: skip
def settle_transfer(unit: AskedUnit, on: AskedTransfer = None) -> Adjustment:
    """Hand over what is charged to the old owner for days from the transfer on.

    Raises:
        RuleBroken: the unit did not change hands on that day, or nothing reaches beyond it.
    """
    trial = _trial(unit, on)
    today = date.today()
    check_day(today)
    old = trial.shares[0].line.liable or trial.shares[0].line.payer
    wanted = Proposal(AdjustmentKind.TRANSFER, unit, old, Decimal(0), trial.told, None)
    made = document(wanted, "fees.settle_transfer", today)
    correct(made, [Correction(share.line, share.amount) for share in trial.shares], BillKind.CORRECTION)
    for position, share in enumerate(trial.shares, start=1):
        _charge_anew(made, position, share, trial.day)
    return made


def handed(unit: Unit, day: date) -> Iterator[Handed]:
    """Yield what lines that are not handed over charge the old owner of a unit for days from a day on.

    The old owner is whoever held the unit the day before. A line of his for a month in which he holds it
    again is his.
    """
    old, new = (payers_on(unit, each).liable_id for each in (day - ONE_DAY, day))
    if None in (old, new) or old == new:
        return
    before = Bill.select(Bill.corrects).where(
        Bill.corrects.is_null(False) & (Bill.kind == BillKind.CORRECTION) & (Bill.amount < 0)
    )
    lines = Bill.select().where(
        Bill.id.not_in(before)
        & (Bill.unit == unit) & (Bill.live == True) & (Bill.amount > 0) & (Bill.month >= Month.of(day))
        & Bill.kind.in_(_SPLIT) & (Bill.liable == old)
    )  # fmt: skip
    found = list(lines.order_by(Bill.month, Bill.item, Bill.part))
    rest, cuts = left_on(found), cuts_on(found)
    for line in found:
        share = share_of(line, rest[line.id], day, cuts[line.id])
        if share is not None and share.amount > 0 and not _holds_again(line, share, day):
            yield share


def _holds_again(line: Bill, share: Handed, day: date) -> bool:
    first = share.segments[0].first
    return first > day and payers_on(line.unit, first).liable_id == line.liable_id


def share_of(line: Bill, rest: Decimal, day: date, cuts: Sequence[VacancyCut] = ()) -> Handed | None:
    """Return the part of what is left of a line that falls on a day and those after it.

    What vacancies took off is added back before it is divided, and taken off those days it was for.

    Args:
        line: not handed over yet.
        rest: what is left of it, in 元.
        day: that of the transfer.
        cuts: what vacancies took off it.
    """
    segments = kept_segments(line)
    month = Month.of(segments[0].first)
    mine = Holding(month.first, min(day, month.last + ONE_DAY) - ONE_DAY, 0, None)
    theirs = Holding(max(day, month.first), month.last, 0, None)
    whole = to_scaled(rest + sum((cut.amount for cut in cuts), start=Decimal(0)), 2)
    pieces = {piece.holding: piece for piece in divided(whole, segments, [mine, theirs])}
    if theirs not in pieces:
        return None
    piece = pieces[theirs]
    off = [one for one in (_share_of_cut(line, cut, day) for cut in cuts) if one.days]
    charged = from_scaled(piece.amount, 2)
    left = charged - sum((one.amount for one in off), start=Decimal(0))
    days = sum(one.days for one in piece.segments)
    return Handed(line, max(Decimal(0), min(left, rest)), days, piece.segments, charged, off)


def _share_of_cut(line: Bill, cut: VacancyCut, day: date) -> CutShare:
    weights = cut.among(weights_of(line))
    theirs = [one for one in weights if one >= day]
    his = sum(weights[one] for one in theirs)
    _, fen = split_largest_remainder(to_scaled(cut.amount, 2), [sum(weights.values()) - his, his])
    return CutShare(cut, theirs, from_scaled(fen, 2))


def _charge_anew(made: Adjustment, position: int, share: Handed, day: date) -> None:
    line = share.line
    first = share.segments[0].first
    payee = payers_on(line.unit, max(day, first))
    new = Bill.add(
        month=line.month, unit=line.unit, item=line.item, part=line.part, kind=BillKind.CORRECTION,
        source=f"{made.number}/{position}{NEW}", amount=share.amount, due=max(line.due, made.on),
        payer=_person(payee.payer_id), liable=_person(payee.liable_id), quantity=line.quantity,
        price=line.price, extra=line.extra, days=share.days, corrects=line,
        month_days=line.month_days or line.month.days, segments=told_of(share.segments),
    )  # fmt: skip
    for cut, days, amount in share.cuts:
        VacancyCut.add(
            vacancy=cut.vacancy, bill=new, adjustment=made, first=days[0], last=days[-1], days=len(days),
            amount=amount,
        )  # fmt: skip


def _person(number: int | None) -> Person | None:
    return None if number is None else Person.get_by_id(number)


def _begun(unit: Unit, day: date) -> bool:
    """Whether an ownership of a unit begins on a day, after an earlier one."""
    rows = list(Ownership.select(Ownership.since).where(Ownership.unit == unit))
    return any(row.since == day for row in rows) and any(row.since < day for row in rows)


def _to_settle(unit: Unit) -> date | None:
    """Return the first day of transfer that leaves something to hand over, else the last one."""
    days = _passed_on(unit)
    left = next((day for day in days if any(handed(unit, day))), None)
    return left or (days[-1] if days else None)


def _passed_on(unit: Unit) -> list[date]:
    """Return the days on which a unit passed to another owner, in order."""
    return sorted({row.since for row in Ownership.select(Ownership.since).where(Ownership.unit == unit)})[1:]


@health_check("过户后账单没有结算", "fees.settle_transfer")
def transfers_not_settled() -> Iterator[Gap]:
    """Units that passed to another owner while lines for later days are the old one's."""
    passed = _passed_since(Month.of(date.today()).plus(-MOST_AHEAD).first)
    if not passed:
        return
    earliest = Month.of(min(day for day, _ in passed.values()))
    lines = Bill.select(Bill.unit, Bill.month, Bill.liable).where(
        (Bill.month >= earliest) & (Bill.live == True) & (Bill.amount > 0) & Bill.liable.is_null(False)
        & Bill.kind.in_(_SPLIT) & Bill.unit.in_(list(passed))
    )  # fmt: skip
    late = set()
    for unit, month, liable in db.execute(lines):
        day, owner = passed[unit]
        if liable != owner and month >= Month.of(day).number:
            late.add(unit)
    for unit in Unit.select().where(Unit.id.in_(list(late))).order_by(Unit.sort_key):
        if any(any(handed(unit, day)) for day in _passed_on(unit)):
            yield Gap(unit.code, Unit, unit.id)


def _passed_since(first: date) -> dict[int, tuple[date, int]]:
    """Return the last transfer of each unit (id) that passed since a day, and its owner (id) since."""
    before = Ownership.alias()
    had = before.select(before.unit).where((before.unit == Ownership.unit) & (before.since < Ownership.since))
    query = Ownership.select(Ownership.unit, Ownership.since, Ownership.person)
    wanted = (Ownership.since >= first) & (Ownership.primary == True) & fn.EXISTS(had)
    rows = db.execute(query.where(wanted).order_by(Ownership.since))
    return {unit: (date.fromisoformat(since), person) for unit, since, person in rows}


approvable("fees.settle_transfer", default=STEPS[1:3], series=TRANSFERS)
