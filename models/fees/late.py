"""违约金: what comes late bears, line by line and day by day, as the contract agrees.

A line of principal bears balance × rate × days (forms.md B3.2): simple, never on 违约金, half up to the fen
once a line. The days run from the due day to the day of payment; money paid on the due day or within the
days of grace came in time. What stayed open between two payments bears its own days, and a day bears the
rate that holds on it. What was reduced or reversed (settled by neither receipt nor set-off) was never owed.

Days that were charged or waived (`LateSpan`) are done with: a line goes on from where its last one ended.
All numbers are whole (fen, days as ordinals, parts of SCALE), because a run goes through 200,000 lines.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from functools import partial
from itertools import chain
from typing import Any, NamedTuple

from peewee import fn

from models import deeds
from models.base import Record, db
from models.errors import RuleBroken
from models.fees.asof import LIVE
from models.fees.bills import OPEN, Bill
from models.fees.items import Category, FeeItem
from models.fees.late_terms import SCALE, CountsFrom, LateTerms
from models.fees.payments import Allocation, Receipt
from models.fields import DayField, FlagField, LineField, LinkField, MomentField, MoneyField
from models.office.staff import Staff

NEVER = date.max.toordinal()


class LateSpan(Record):
    """违约金记录: days of a line of principal for which late payment was charged, or waived."""

    bill = LinkField(Bill, backref="late_spans", verbose_name="本金账单")
    since = DayField(verbose_name="起")
    until = DayField(verbose_name="止")
    amount = MoneyField(default=Decimal(0), verbose_name="金额")
    charge = LinkField(Bill, null=True, backref="late_charged", verbose_name="违约金账单")
    reason = LineField(max_length=80, null=True, verbose_name="减免原因")
    approver = LinkField(Staff, null=True, verbose_name="批准人")
    live = FlagField(default=True, verbose_name="有效")
    made_at = MomentField(verbose_name="登记时间")
    made_by = LineField(max_length=60, verbose_name="经办人")

    class Meta:
        title = "违约金记录"

    def label(self) -> str:
        """Return 1-1-1011 物业费 2020-06 2020-07-01 至 2020-07-31."""
        return f"{self.bill.label()} {self.since} 至 {self.until}"


@deeds.judges_scope(LateSpan)
def _within_reach(span: LateSpan, person: deeds.Actor, right: str) -> bool:
    """Whether the house of its line lies within a person's reach."""
    return deeds.within_scope(span.bill, person, right)


def count_again(mine: Any) -> None:
    """End spans whose charge is taken back, so that their days count again.

    Args:
        mine: the condition on LateSpan.

    Raises:
        RuleBroken: later days of one of their lines stand on them.
    """
    refuse_later(mine)
    LateSpan.update(live=False).where(mine & (LateSpan.live == True)).execute()


def refuse_later(mine: Any) -> None:
    """Refuse to take days back while later ones of the same line stand on them: they would be lost.

    Raises:
        RuleBroken: says which must be taken back first.
    """
    ends = LateSpan.select(LateSpan.bill.alias("bill"), fn.MAX(LateSpan.until).alias("until"))
    ends = ends.where(mine).group_by(LateSpan.bill).alias("ends")
    query = LateSpan.select().join(ends, on=(LateSpan.bill == ends.c.bill))
    later = query.where((LateSpan.live == True) & (LateSpan.since > ends.c.until)).first()
    if later is not None:
        what = "减免" if later.charge is None else f"批次 {later.charge.batch.label()}"
        raise RuleBroken(f"{later.label()} 以后的天数已经办过，要从最后的撤起。请先撤销{what}。")


def let_spans_go(lines: Any) -> None:
    """Delete what was undone of the days of lines that are about to be deleted.

    Args:
        lines: conditions on Bill.
    """
    ids = Bill.select(Bill.id).where(lines)
    named = LateSpan.bill.in_(ids) | LateSpan.charge.in_(ids)
    LateSpan.delete().where((LateSpan.live == False) & named).execute()


class Step(NamedTuple):
    """Terms of an item that hold from a day to a day, as ordinals."""

    first: int
    last: int
    weight: int
    grace: int
    from_due: bool
    cap: int
    terms: int


class Days(NamedTuple):
    """Days over which one rate holds, both ends included."""

    first: int
    last: int
    step: Step

    @property
    def number(self) -> int:
        """How many they are."""
        return self.last - self.first + 1


class Line(NamedTuple):
    """A line of principal as the query reads it."""

    id: int
    unit: int
    payer: int | None
    item: int
    month: int
    due: str
    amount: int
    paid: int


class Late(NamedTuple):
    """What a line bears over some days, in fen; `owed` is what is open at their end."""

    line: Line
    owed: int
    fen: int
    cut: tuple[Days, ...]
    balances: tuple[int, ...]
    """What was open in each of `cut`; none where that is `owed` throughout."""

    @property
    def first(self) -> date:
        """The first day that bears something."""
        return date.fromordinal(self.cut[0].first)

    @property
    def last(self) -> date:
        """The last one."""
        return date.fromordinal(self.cut[-1].last)

    @property
    def days(self) -> int:
        """How many days bear something."""
        return sum(days.number for days in self.cut)

    @property
    def pieces(self) -> list[tuple[Days, int]]:
        """The days, and what was open on them, in fen."""
        return list(zip(self.cut, self.balances or (self.owed,) * len(self.cut), strict=True))


class Done(NamedTuple):
    """Up to which day (ordinal) a line is done with, and what was charged for it, in fen."""

    until: int
    fen: int


class Frame(NamedTuple):
    """What all lines of an item and due day have in common that are done with up to the same day.

    Args:
        start: the day after which it counts.
        in_time: the last day on which payments were in time.
        cut: the days that count, by rate.
        weight: what they cost in parts of SCALE, where nothing is paid on them.
    """

    start: int
    in_time: int
    cut: tuple[Days, ...]
    weight: int


class _Frames(dict[tuple[int, str, int], Frame | None]):
    """Frames by item, due day and the day (ordinal) up to which lines are done with; made when asked."""

    def __init__(self, steps: dict[int, tuple[Step, ...]], until: int) -> None:
        self._steps, self._until = steps, until

    def __missing__(self, key: tuple[int, str, int]) -> Frame | None:
        item, due, ended = key
        made = _frame(date.fromisoformat(due).toordinal(), self._steps[item], self._until, ended)
        self[key] = made
        return made


_NOTHING_DONE = Done(0, 0)
_HALF = SCALE // 2
_READ = (Bill.id, Bill.unit, Bill.payer, Bill.item, Bill.month, Bill.due, Bill.amount, Bill.paid)
# Of both there are hundreds of thousands: straight from a tuple they cost a third.
_line: Callable[[Iterable[Any]], Line] = partial(tuple.__new__, Line)
_late: Callable[[Iterable[Any]], Late] = partial(tuple.__new__, Late)
Payments = list[tuple[int, int]]
"""(ordinal, fen) of what was paid on a line after its due day."""


def late_of(day: date, *conditions: Any, charging: bool = False) -> Iterator[Late]:
    """Yield what each line bears up to a day and was not charged or waived; nothing without terms.

    Args:
        day: the last day that counts.
        conditions: on Bill, of the lines that are wanted.
        charging: whether days that were charged later than `day` count as charged, so that none is twice.
    """
    steps = read_steps()
    if not steps:
        return
    until = day.toordinal()
    opens = date.fromordinal(min(mine[0].first for mine in steps.values()))
    wanted = (Bill.item.in_(list(steps)), Bill.due < day, *conditions)
    settled, paid = _paid_late(opens, wanted)
    done = _done(day, charging)
    frames = _Frames(steps, until)
    for line in chain(settled, map(_line, db.execute(Bill.select(*_READ).where(OPEN, *wanted)))):
        id, _, _, item, _, due, amount, got = line
        ended, charged = done.get(id, _NOTHING_DONE)
        frame = frames[item, due, ended]
        if frame is None:
            continue
        if id in paid:
            parts, owed, cut, balances = _in_parts(frame, amount - got, paid[id], until)
        else:
            owed, cut, balances = amount - got, frame.cut, ()
            parts = owed * frame.weight
        fen = _capped(parts, amount, cut, charged) if parts else 0
        if fen > 0:
            yield _late((line, owed, fen, cut, balances))


def late_by_unit(day: date, *conditions: Any) -> dict[int, int]:
    """Return in fen what each unit bears as of a day and was not charged, by the unit's id."""
    found: dict[int, int] = {}
    for late in late_of(day, *conditions):
        found[late.line.unit] = found.get(late.line.unit, 0) + late.fen
    return found


def read_steps() -> dict[int, tuple[Step, ...]]:
    """Return the terms of each own item in the order of their days; an item's own go before those of all."""
    rows: dict[int | None, list[LateTerms]] = {}
    for row in LateTerms.select().order_by(LateTerms.since):
        rows.setdefault(row.item_id, []).append(row)
    if not rows:
        return {}
    own = (FeeItem.collected == False) & (FeeItem.category != Category.LATE)
    found = {
        item: tuple(_steps(rows.get(item, ()), rows.get(None, ())))
        for (item,) in db.execute(FeeItem.select(FeeItem.id).where(own))
    }
    return {item: steps for item, steps in found.items() if steps}


def _steps(own: Sequence[LateTerms], of_all: Sequence[LateTerms]) -> Iterator[Step]:
    """Yield the item's rows, and between them those that hold for all."""
    bounds = sorted({day for row in (*own, *of_all) for day in (_first(row), _last(row) + 1)})
    for first, after in zip(bounds, [*bounds[1:], NEVER + 1], strict=True):
        row = next((row for row in (*own, *of_all) if _first(row) <= first <= _last(row)), None)
        if row is not None:
            from_due = row.counts_from is CountsFrom.DUE
            yield Step(first, after - 1, row.weight, row.grace, from_due, int(row.cap * 100), row.id)


def _first(row: LateTerms) -> int:
    return row.since.toordinal()


def _last(row: LateTerms) -> int:
    return row.until.toordinal() if row.until else NEVER


def _paid_late(opens: date, wanted: Sequence[Any]) -> tuple[list[Line], dict[int, Payments]]:
    """Return the settled lines on which money came late, and what was paid late on each line, open ones too.

    Args:
        opens: the first day that bears anything; payments before it need not be looked at.
        wanted: conditions on Bill.
    """
    paid: dict[int, Payments] = {}
    settled: dict[int, Line] = {}
    # What gives way to a reduction is taken back by a negative one; it cancels what was paid last.
    money = Allocation.receipt.is_null(False) | Allocation.set_off.is_null(False) | (Allocation.amount < 0)
    query = Allocation.select(Allocation.on, Allocation.amount, *_READ).join(Bill)
    late = LIVE & (Allocation.on >= opens) & (Allocation.on > Bill.due) & money & (Bill.live == True)
    # A receipt that was reversed never paid anything, whatever was paid between it and its red one.
    red = Receipt.select(Receipt.id).where(Receipt.reverses.is_null(False))
    taken_back = red.select(Receipt.reverses).union_all(red)
    late &= Allocation.receipt.is_null() | Allocation.receipt.not_in(taken_back)
    for on, fen, *read in db.execute(query.where(late, *wanted).order_by(Allocation.on)):
        line = Line._make(read)
        if fen < 0:
            _cancel(paid.get(line.id, []), -fen)
            continue
        paid.setdefault(line.id, []).append((date.fromisoformat(on).toordinal(), fen))
        if line.paid >= line.amount:
            settled[line.id] = line
    return list(settled.values()), paid


def _cancel(payments: Payments, fen: int) -> None:
    """Take back so much of what was paid late, the last first."""
    while payments and fen > 0:
        on, last = payments.pop()
        if last > fen:
            payments.append((on, last - fen))
        fen -= last


def _done(day: date, charging: bool) -> dict[int, Done]:
    """Return what is done with on each line, as of a day unless it is for charging."""
    charged = fn.SUM(LateSpan.amount).filter(LateSpan.charge.is_null(False))
    query = LateSpan.select(LateSpan.bill, fn.MAX(LateSpan.until), charged)
    query = query.where(LateSpan.live == True).group_by(LateSpan.bill)
    if not charging:
        # What was charged over a day is told as it was on that day: not charged yet; a waiver holds on it.
        query = query.where((LateSpan.until <= day) | LateSpan.charge.is_null())
    return {
        bill: Done(date.fromisoformat(until).toordinal(), fen or 0) for bill, until, fen in db.execute(query)
    }


def _frame(due: int, steps: Sequence[Step], until: int, ended: int) -> Frame | None:
    """Return which days count for lines that fell due on a day; None where none do."""
    step = next((one for one in steps if one.last > due), steps[-1])
    in_time = due + step.grace
    start = max(due if step.from_due else in_time, ended)
    if until <= max(in_time, ended):
        return None
    cut = tuple(
        Days(max(start + 1, one.first), min(until, one.last), one)
        for one in steps
        if one.weight and one.first <= until and one.last > start
    )
    return Frame(start, in_time, cut, sum(days.number * days.step.weight for days in cut)) if cut else None


def _capped(parts: int, amount: int, cut: Sequence[Days], charged: int) -> int:
    """Return parts of SCALE in fen, half up, as far as the cap of the last days leaves room."""
    fen = (parts + _HALF) // SCALE
    most = (amount * cut[-1].step.cap + 5_000) // 10_000 - charged
    return fen if fen < most else most


def _in_parts(
    frame: Frame, owed: int, payments: Sequence[tuple[int, int]], until: int
) -> tuple[int, int, tuple[Days, ...], tuple[int, ...]]:
    """Return what is borne between payments in parts of SCALE, and owed, cut and balances of `Late`.

    Args:
        frame: of the line.
        owed: what is open after all payments.
        payments: those that came after the due day, in order.
        until: the last day that counts.
    """
    start = frame.start
    later = [(on, fen) for on, fen in payments if on > max(start, frame.in_time)]
    owed += sum(fen for _, fen in later)
    pieces: list[tuple[Days, int]] = []
    for on, fen in later:
        if on > until:
            break
        pieces += _between(frame.cut, start, on, owed)
        start, owed = on, owed - fen
    pieces += _between(frame.cut, start, until, owed)
    parts = sum(days.number * days.step.weight * fen for days, fen in pieces)
    return parts, owed, tuple(days for days, _ in pieces), tuple(fen for _, fen in pieces)


def _between(cut: Sequence[Days], start: int, end: int, fen: int) -> list[tuple[Days, int]]:
    """Return the days after `start` up to `end`, with what was open on them, where anything was."""
    days = (Days(max(one.first, start + 1), min(one.last, end), one.step) for one in cut)
    return [(each, fen) for each in days if each.first <= each.last and fen > 0]
