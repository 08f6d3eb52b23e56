"""试算: what the run of a month would make, line by line, and why a unit gets none.

All numbers are those of the columns (fen, hundredths of ㎡, ten-thousandths of a 元), and days are
compared as ISO text, because a run reads and computes tens of thousands of lines.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from functools import cached_property, partial
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from peewee import JOIN, Case, fn

from models.base import db
from models.batches import Batch, State
from models.fees.bills import BILLING, Bill, BillKind
from models.fees.charges import (
    ONE_HOUSEHOLD,
    SCALE,
    Prices,
    Segment,
    Step,
    amount_of,
    at_least,
    cycle_months,
    read_areas,
    read_prices,
    segments,
)
from models.fees.gaps import reversed_lines, reversed_months
from models.fees.items import Assignment, Basis, FeeItem
from models.fees.metering import already, meterings
from models.fees.prepay_plans import Lower, read_lower
from models.fees.trial import Line, Missing, Skipped, Trial, told_of
from models.fields import BEGINNING
from models.months import Month
from models.owners.estate import Unit, UnitState

NOTHING = "金额为零"
"""Why what a month comes to makes no line."""
OPEN_END = "9999-12-31"
"""Stands for the last day of what has none, where days are compared."""
_RETIRED = UnitState.RETIRED.name

RECURRING = (Bill.live == True) & Bill.source.is_null()
"""Live lines that runs make; what the unique key of a month holds."""


class Given(NamedTuple):
    """One assignment as a run reads it; days are ISO text."""

    unit: int
    item: int
    since: str
    until: str | None
    code: str
    state: str


# A run makes tens of thousands of both: straight from a tuple they cost a third.
_given: Callable[[Iterable[Any]], Given] = partial(tuple.__new__, Given)
_line: Callable[[Iterable[Any]], Line] = partial(tuple.__new__, Line)


class Terms(NamedTuple):
    """What an item costs through a whole month; `quantity` is missing where it is the unit's area."""

    price: int
    extra: int
    quantity: int | None


class Frame(NamedTuple):
    """A month's bounds in the forms that comparing needs, and all that holds through the whole of it."""

    number: int
    days: int
    first: date
    last: date
    opens: str
    closes: str
    terms: dict[int, Terms]
    areas: dict[int, int]


Span = tuple[str, str | None]
Billed = set[tuple[int, int, int]]
"""(month, unit, item) of lines that there are."""
_UNIT_AND_ITEM = itemgetter(0, 1)


class Run:
    """The computation of one month's run; everything it needs is read once.

    Args:
        month: the month of the run.
        catch_up: also make the months before it that were never billed.
    """

    def __init__(self, month: Month, catch_up: bool = False) -> None:
        self.month, self.catch_up = month, catch_up
        self.items = read_prices()
        self.areas = read_areas()
        self._lower = read_lower()
        self._frames: dict[int, Frame] = {}
        self._now = (self._frame(month),)
        self._told: set[Skipped] = set()
        first = 0 if catch_up else month.number
        self._wanted = RECURRING & Bill.month.between(first, month.plus(11).number)

    def trial(self) -> Trial:
        """Note the lines that are missing, by assignments and by meters."""
        trial = self.by_assignments()
        self._read_meters(trial)
        return trial

    def by_assignments(self) -> Trial:
        """Go through every assignment and note the lines that are missing."""
        trial = Trial(self.month, items=self.items, replaced=self._reversed)
        billed = self._billed() - trial.replaced.keys()
        self._told.clear()
        for _, group in groupby(assignments(), key=_UNIT_AND_ITEM):
            given, *others = group
            prices = self.items[given.item]
            if others:
                for frame, spans in self._due([given, *others], prices):
                    self._look_at(trial, billed, given, prices, spans, frame)
            else:
                since, until = span = _span(given, prices)
                for frame in self._months(since, until, prices.cycle):
                    self._look_at(trial, billed, given, prices, [span], frame)
        return trial

    def _read_meters(self, trial: Trial) -> None:
        """Note the lines that readings ask for, behind all others, or why there is none."""
        trial.already += already(self.month)
        for one in meterings(self.month, self.items):
            if isinstance(one, Skipped):
                trial.skipped.append(one)
            else:
                trial.metered.append(one)
                trial.lines.append(one.line)

    def _look_at(
        self, trial: Trial, billed: Billed, given: Given, prices: Prices, spans: list[Span], frame: Frame
    ) -> None:
        """Note a line for a month, or why there is none."""
        charged: Line | str
        if (line := (frame.number, given.unit, given.item)) in billed:
            trial.already += 1
            charged = _uncharged(self._short[line], spans, frame) if line in self._short else ""
        else:
            charged = _hindrance(given.state, prices) or self._charge(given, prices, spans, frame)
        if not isinstance(charged, str):
            trial.lines.append(charged)
        elif charged and (skipped := Skipped(given.code, prices.name, charged)) not in self._told:
            self._told.add(skipped)
            trial.skipped.append(skipped)

    def _due(self, group: list[Given], prices: Prices) -> Iterable[tuple[Frame, list[Span]]]:
        """Return the months that this run looks at for an item given to a unit several times.

        What all of them charge in one month is one line, though one's own cycle would bring the month later.
        """
        spans = [_span(given, prices) for given in group]
        due = {frame.number: frame for span in spans for frame in self._months(*span, prices.cycle)}
        return [(frame, _within(spans, frame)) for frame in due.values()]

    def missing(self) -> Iterator[Missing]:
        """Yield what was never billed before the run's month, by unit and item.

        Whole pairs are compared by count, first and last month; only where these differ are they looked up.
        """
        before = RECURRING & (Bill.month < self.month.number)
        about = (fn.COUNT(fn.DISTINCT(Bill.month)), fn.MIN(Bill.month), fn.MAX(Bill.month))
        pairs = Bill.select(Bill.unit, Bill.item, *about).where(before).group_by(Bill.unit, Bill.item)
        known_of = {(unit, item): tuple(told) for unit, item, *told in db.execute(pairs)}
        reopened = {(unit, item) for _, unit, item in self._reversed}
        for (unit, item), group in groupby(self._due_before(), key=lambda due: (due[0].unit, due[0].item)):
            due = list(group)
            months = sorted({month for _, each in due for month in each})
            ends = (months[0].number, months[-1].number)
            gapless = months[-1].minus(months[0]) + 1 == len(months) and (unit, item) not in reopened
            if gapless and known_of.get((unit, item)) == (len(months), *ends):
                continue
            same = before & (Bill.unit == unit) & (Bill.item == item)
            known = {(number, unit, item) for (number,) in db.execute(Bill.select(Bill.month).where(same))}
            known = (known | self._opened) - self._reversed.keys()
            lacking = tuple(month for month in months if (month.number, unit, item) not in known)
            if lacking:
                yield Missing(due[0][0].code, self.items[item].name, lacking)

    def late_days(self) -> Iterator[Skipped]:
        """Yield the days of earlier months that were given after their line was made."""
        short: dict[tuple[int, int], list[tuple[int, int]]] = {}
        for (month, unit, item), days in _days_of_short(RECURRING & (Bill.month < self.month.number)).items():
            short.setdefault((unit, item), []).append((month, days))
        for pair, group in groupby(assignments() if short else (), key=_UNIT_AND_ITEM):
            if pair in short:
                given = list(group)
                prices = self.items[given[0].item]
                spans = [_span(one, prices) for one in given]
                for number, days in short[pair]:
                    frame = self._frame(Month.from_number(number))
                    if told := _uncharged(days, _within(spans, frame), frame):
                        yield Skipped(given[0].code, prices.name, told)

    def _due_before(self) -> Iterator[tuple[Given, list[Month]]]:
        for given in assignments():
            prices = self.items[given.item]
            if _hindrance(given.state, prices):
                continue
            since, until = max(given.since, prices.opens), earlier(given.until, prices.closes)
            last = self.month.plus(-1)
            if until is not None:
                last = min(last, Month.of(date.fromisoformat(until)))
            months = _each(self._begins(since), last)
            if months:
                yield given, months

    def _billed(self) -> Billed:
        lines = Bill.select(Bill.month, Bill.unit, Bill.item).where(self._wanted)
        return self._opened | set(db.execute(lines))

    @cached_property
    def _short(self) -> dict[tuple[int, int, int], int]:
        """Days of each line that does not charge its whole month: more of it may have been given since."""
        return _days_of_short(self._wanted)

    @cached_property
    def _reversed(self) -> dict[tuple[int, int, int], int]:
        """The months whose lines were reversed, which wait to be charged again."""
        return reversed_months()

    @cached_property
    def _opened(self) -> set[tuple[int, int, int]]:
        """What was charged before the office began with this program and is not charged again (SJ2)."""
        opening = Bill.source.is_null(False) & (Bill.live == True) & (Bill.kind == BillKind.OPENING)
        return set(db.execute(Bill.select(Bill.month, Bill.unit, Bill.item).where(opening)))

    def _months(self, since: str, until: str | None, cycle: int) -> Iterable[Frame]:
        """Return the months that this run looks at for an item on a unit."""
        if cycle == 1 and not self.catch_up:
            (frame,) = self._now
            ended = until is not None and until < frame.opens
            return () if ended or since > frame.closes else self._now
        last = cycle_months(Month.of(date.fromisoformat(since)), self.month, cycle)
        if last is None:
            return ()
        if until is not None:
            last = min(last, Month.of(date.fromisoformat(until)))
        return map(self._frame, _each(self._begins(since) if self.catch_up else self.month, last))

    def _begins(self, since: str) -> Month:
        """Return the first month that can be missing; without a known start, the office's first run."""
        begins = Month.of(date.fromisoformat(since))
        return begins if since > BEGINNING.isoformat() else max(begins, self._first_run)

    @cached_property
    def _first_run(self) -> Month:
        runs = Batch.select(Batch.facts).where((Batch.kind == BILLING) & (Batch.state == State.LIVE))
        return min([self.month, *(Month.parse(run.facts["month"]) for run in runs if run.facts)])

    def _charge(self, given: Given, prices: Prices, spans: list[Span], frame: Frame) -> Line | str:
        since, until = spans[0]
        terms = frame.terms.get(given.item)
        if self._lower and (lower := self._agreed(given, frame)) is not None:
            prices, terms = lower.price(prices), None
        if terms and since <= frame.opens and (until is None or until >= frame.closes):
            price, extra, quantity = terms
            if quantity is None:
                quantity = frame.areas.get(given.unit)
            if quantity is not None:
                amount = (quantity * price + extra * SCALE + SCALE // 2) // SCALE
                days = frame.days
                if prices.minimum is not None:
                    amount = max(amount, prices.minimum)
                line = (
                    frame.number,
                    given.unit,
                    given.item,
                    amount,
                    quantity,
                    price,
                    extra,
                    days,
                    days,
                    None,
                )
                return _line(line) if amount else NOTHING
        whole: list[Segment] = []
        for since, until in spans:
            first = max(date.fromisoformat(since), frame.first)
            last = min(date.fromisoformat(until), frame.last) if until else frame.last
            cut = segments(prices, self.areas.get(given.unit, ()), first, last)
            if isinstance(cut, str):
                return cut
            whole += cut
        return _line_of(given, frame, whole, prices.minimum)

    def _agreed(self, given: Given, frame: Frame) -> Lower | None:
        """Return the lower price at which a month was paid ahead."""
        agreed = self._lower.get((given.unit, given.item), ())
        return next((one for one in agreed if one.first <= frame.number <= one.last), None)

    def _frame(self, month: Month) -> Frame:
        number = month.number
        if number not in self._frames:
            first, last = month.first, month.last
            terms = {prices.id: _terms(prices, first, last) for prices in self.items.values()}
            areas = {unit: _whole(steps, first, last) for unit, steps in self.areas.items()}
            self._frames[number] = Frame(
                number, month.days, first, last, first.isoformat(), last.isoformat(),
                {item: one for item, one in terms.items() if one is not None},
                {unit: one[0] for unit, one in areas.items() if one is not None},
            )  # fmt: skip
        return self._frames[number]


def assignments() -> Iterator[Given]:
    """Yield every assignment in the order of house numbers; what meters charge needs none."""
    metered = FeeItem.select(FeeItem.id).where(FeeItem.basis == Basis.METER)
    query = (
        Assignment.select(
            Assignment.unit, Assignment.item, Assignment.since, Assignment.until, Unit.code, Unit.state
        )
        .join(Unit)
        .where(Assignment.item.not_in(metered))
        .order_by(Unit.sort_key, Assignment.item, Assignment.since)
    )
    return map(_given, db.execute(query))


def units_that_pay_nothing(month: Month) -> list[Skipped]:
    """Return the units in use for which nothing is charged in a month at all, and why, in order."""
    last, first = fn.MAX(fn.COALESCE(Assignment.until, OPEN_END)), fn.MIN(Assignment.since)
    query = Unit.select(Unit.code, first, last).join(Assignment, JOIN.LEFT_OUTER)
    query = query.where(Unit.state != UnitState.RETIRED).group_by(Unit.id).order_by(Unit.sort_key)
    holds = fn.SUM(Case(None, ((Assignment.on_some_day(month.first, month.last), 1),), 0))
    return [
        Skipped(code, "", _why_nothing(since, until, month))
        for code, since, until in db.execute(query.having(holds == 0))
    ]


def _why_nothing(since: str | None, until: str, month: Month) -> str:
    if since is None:
        return "没有收费项目"
    if until < month.first.isoformat():
        return f"收费已于 {until} 结束"
    return f"{since} 起才收费" if since > month.last.isoformat() else "本月没有生效的收费项目"


def earlier(one: str | None, other: str | None) -> str | None:
    """Return the earlier of two days in ISO text; None is open."""
    if one is None or other is None:
        return one or other
    return min(one, other)


def _hindrance(state: str, prices: Prices) -> str | None:
    if state == _RETIRED:
        return "房屋已停用"
    return None if prices.active else "收费项目已停用"


def _span(given: Given, prices: Prices) -> Span:
    """Return the first and last day that may be billed, as ISO text; None is open."""
    return max(given.since, prices.opens), earlier(given.until, prices.closes)


def _days_of_short(wanted: Any) -> dict[tuple[int, int, int], int]:
    """Return the days that lines charge of months which they do not charge whole, by month, unit and item."""
    query = Bill.select(Bill.month, Bill.unit, Bill.item, fn.SUM(Bill.days))
    query = query.where(wanted & (Bill.days < Bill.month_days) & ~reversed_lines()).group_by(
        Bill.month, Bill.unit, Bill.item
    )
    query = query.having(fn.SUM(Bill.days) < fn.MAX(Bill.month_days)).order_by(Bill.month)
    return {(month, unit, item): days for month, unit, item, days in db.execute(query)}


def _within(spans: Sequence[Span], frame: Frame) -> list[Span]:
    """Return the spans that have days in a month."""
    return [
        (since, until)
        for since, until in spans
        if since <= frame.closes and (until is None or until >= max(since, frame.opens))
    ]


def _days(spans: Sequence[Span], frame: Frame) -> int:
    """Return how many days of a month these spans charge."""
    ends = ((max(since, frame.opens), min(until or frame.closes, frame.closes)) for since, until in spans)
    return sum((date.fromisoformat(last) - date.fromisoformat(first)).days + 1 for first, last in ends)


def _uncharged(billed: int, spans: Sequence[Span], frame: Frame) -> str:
    """Say that a line leaves days of its month out: they were given later, or their part was reversed."""
    more = _days(spans, frame) - billed
    month = Month.from_number(frame.number)
    if more <= 0:
        return ""
    return f"{month} 已按 {billed} 天出账，还有 {more} 天没有计费：撤销该月出账或红冲其余账单后可重出"


def _terms(prices: Prices, first: date, last: date) -> Terms | None:
    """Return what an item costs where one price holds from a day to a day."""
    flat = _whole(prices.steps, first, last)
    if flat is None:
        return None
    quantity = {Basis.AREA: None, Basis.HOUSEHOLD: ONE_HOUSEHOLD}.get(prices.basis, 0)
    return Terms(flat[0], flat[1], quantity)


def _whole(steps: Sequence[Step], first: date, last: date) -> tuple[int, ...] | None:
    """Return the values that hold from a day to a day, None where they change or begin in between."""
    holding = [step for step in steps if step.since <= last] if len(steps) > 1 else steps
    return holding[-1].values if holding and holding[-1].since <= first else None


def _line_of(given: Given, frame: Frame, cut: list[Segment], minimum: int | None) -> Line | str:
    last, days = cut[-1], sum(segment.days for segment in cut)
    amount = at_least(amount_of(cut, frame.days), minimum, days, frame.days)
    if not amount:
        return NOTHING
    whole = len(cut) == 1 and cut[0].days == frame.days
    told = None if whole else json.dumps(told_of(cut))
    return Line(
        frame.number,
        given.unit,
        given.item,
        amount,
        last.quantity,
        last.price,
        last.extra,
        days,
        frame.days,
        told,
    )


def _each(first: Month, last: Month) -> list[Month]:
    return [first.plus(number) for number in range(last.minus(first) + 1)]
