"""交费通知: what a unit is told it owes on the due day of a month (FE-02).

A notice of month M has two parts: 本期, every line for M, every line that the run of M made and every
share of a common cost that is first asked for with it; and 往期欠费, every other open line that is due
by then, one row an item and span. Its total is what the unit owes on that day, payments up to that day
counted.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any, NamedTuple

from peewee import JOIN

from models.base import db
from models.fees.asof import owing_on, paid_after
from models.fees.billing import due_day_of, runs_of
from models.fees.bills import OPEN, Bill, BillKind
from models.fees.charges import SCALE, Prices, Segment, amount_of, read_prices
from models.fees.items import Basis, late_items
from models.fees.late_facts import told_together
from models.fees.metertold import is_single, metered_text, quantity_told
from models.fees.services import ServiceSlip, slips_of
from models.fees.settle import month_span
from models.fees.shares import formulas, shared_in
from models.fees.within import within
from models.fields import PriceField
from models.money import divide_half_up, from_scaled, thousands
from models.months import Month
from models.owners.estate import AreaBasis, Building, Entrance, Unit, UnitArea
from models.owners.payees import Payee, payees_on

_PRICE = PriceField()


PAST, AHEAD = "往期欠费", "已出账未缴"
"""What stands for the item in rows of earlier months, and of later ones that fell due already."""


class NoticeRow(NamedTuple):
    """One row of a notice; price and amount in 元, quantity with its unit."""

    item: str
    basis: str
    price: Decimal | None
    quantity: str | None
    amount: Decimal
    remark: str


@dataclass
class Notice:
    """What one unit is told; money in 元."""

    number: str
    unit: int
    code: str
    place: str
    payee: Payee
    month: Month
    due: date
    as_of: date
    current: list[NoticeRow] = field(default_factory=list)
    past: list[NoticeRow] = field(default_factory=list)
    charged: Decimal = Decimal(0)
    paid: Decimal = Decimal(0)
    past_due: Decimal = Decimal(0)

    @property
    def total(self) -> Decimal:
        """What the unit owes on the due day."""
        return self.charged - self.paid + self.past_due


class _Line(NamedTuple):
    """A line as the query reads it, numbers as they are stored; `paid` as of the due day."""

    id: int
    unit: int
    item: int
    month: int
    amount: int
    paid: int
    run: int | None
    quantity: int | None
    price: int | None
    extra: int | None
    days: int | None
    month_days: int | None
    segments: str | None
    due: str
    payer: int | None
    source: str | None
    corrects: int | None
    kind: str
    formula: str | None = None


# A notice of a month reads a hundred thousand of them: straight from a tuple they cost a third.
_line: Callable[[Iterable[Any]], _Line] = partial(tuple.__new__, _Line)

_READ = (
    Bill.id, Bill.unit, Bill.item, Bill.month, Bill.amount, Bill.paid, Bill.run, Bill.quantity, Bill.price,
    Bill.extra, Bill.days, Bill.month_days, Bill.segments, Bill.due, Bill.payer, Bill.source, Bill.corrects,
    Bill.kind,
)  # fmt: skip


@dataclass
class NoticeRun:
    """All notices of a month; `settled` counts the units that have lines but owe nothing.

    Args:
        month: the month M.
        units: ids of the units wanted, None for all within the person's reach.
    """

    month: Month
    units: list[int] | None = None
    settled: int = 0

    def __iter__(self) -> Iterator[Notice]:
        """Yield the notices in the order of house numbers."""
        self.settled = 0
        due = due_day_of(self.month)
        items, late = read_prices(), set(late_items())
        current, past = self._lines(due)
        payees, provisional = payees_on(due), _provisional(due)
        slips = slips_of(line.source for lines in current.values() for line in lines)
        for unit, code, place in _places(current.keys() | past.keys()):
            mine = current.get(unit, [])
            charged = [line for line in mine if line.item not in late]
            mine_due = (date.fromisoformat(line.due) for line in charged)
            ends = max((day for day in mine_due if day >= self.month.first), default=due)
            notice = Notice(
                number_of(self.month, code), unit, code, place, payees[unit], self.month, ends, due
            )
            earlier = sorted(past.get(unit, []), key=lambda line: line.item in late)
            mark = PROVISIONAL if unit in provisional else ""
            _fill(notice, charged, earlier, items, mark, slips)
            _add_late(notice, [line for line in mine if line.item in late], items)
            if notice.total > 0:
                yield notice
            else:
                self.settled += 1

    def _lines(self, due: date) -> tuple[dict[int, list[_Line]], dict[int, list[_Line]]]:
        later = paid_after(due)
        live = (Bill.live == True) & (Bill.due <= due)
        of_month = {line.id: line for line in self._read(live & (Bill.month == self.month), later)}
        made = [*runs_of(self.month), *shared_in(self.month)]
        of_run = {line.id: line for line in self._read(live & Bill.batch.in_(made), later)}
        current = {**of_month, **of_run}
        # What corrects a line of another month is settled with it; told here, it would want to be paid back.
        current = {id: line for id, line in current.items() if line.amount > 0 or line.corrects in current}
        wanted = (owing_on(due) if later else OPEN) & (Bill.due <= due)
        past = [
            line for line in self._read(wanted, later) if line.id not in current and line.amount > line.paid
        ]
        by_month = sorted(current.values(), key=lambda line: (line.month, line.item, line.amount < 0))
        earlier = sorted(past, key=lambda line: (line.item, line.month))
        return _by_unit(_explained(by_month)), _by_unit(earlier)

    def _read(self, wanted: Any, later: dict[int, int]) -> Iterator[_Line]:
        query = Bill.select(*_READ).where(wanted, *within(Bill.unit))
        if self.units is not None:
            query = query.where(Bill.unit.in_(self.units))
        for row in db.execute(query):
            line = _line((*row, None))
            since = later.get(line.id, 0)
            yield line._replace(paid=line.paid - since) if since else line


def _explained(lines: list[_Line]) -> list[_Line]:
    """Return the lines, those that come from a document with its formula."""
    told = formulas(line.source for line in lines if line.source)
    return [line._replace(formula=told.get(line.source)) if line.source else line for line in lines]


PROVISIONAL = "(暂)"
"""Marks an area that comes from the contract, not from the deed (forms.md B1.1)."""


def _provisional(day: date) -> set[int]:
    """Return the units whose areas on a day come from the contract."""
    rows = UnitArea.select(UnitArea.unit, UnitArea.basis).where(UnitArea.on(day)).order_by(UnitArea.since)
    return {unit for unit, basis in dict(db.execute(rows)).items() if basis == AreaBasis.CONTRACT.name}


def basis_text(
    prices: Prices, quantity: int, price: int, extra: int, days: int, month_days: int, mark: str = ""
) -> str:
    """Return how an amount came about: 94.56 ㎡ × 1.30 + 20.00，21/30 天."""
    if prices.basis is Basis.FIXED:
        told = f"固定 {thousands(from_scaled(extra, 2))} 元"
    else:
        amount = f"{from_scaled(quantity, 2)}㎡{mark}" if prices.basis is Basis.AREA else "1 户"
        told = f"{amount} × {_PRICE.show(from_scaled(price, 4))}"
        told += f" + {thousands(from_scaled(extra, 2))}" if extra else ""
    return told if days == month_days else f"{told}，{days}/{month_days} 天"


def segments_text(prices: Prices, segments: str, month_days: int, mark: str = "") -> str:
    """Return each segment of a month in which a price or an area changed."""
    told = []
    for first, last, quantity, price, extra in json.loads(segments):
        start, end = date.fromisoformat(first), date.fromisoformat(last)
        days = (end - start).days + 1
        whole = basis_text(prices, quantity, price, extra, month_days, month_days, mark)
        told.append(f"{start.day}–{end.day}日 {whole}，{days}/{month_days} 天")
    return "；".join(told)


def _fill(
    notice: Notice,
    current: list[_Line],
    past: list[_Line],
    items: dict[int, Prices],
    mark: str,
    slips: dict[str, ServiceSlip],
) -> None:
    payer = notice.payee.payer_id
    notice.current = [
        _service_row(items[line.item].name, slips[line.source], _whose(line, payer))
        if line.source in slips
        else _current_row(line, items[line.item], notice.month, mark, _whose(line, payer))
        for line in current
    ]
    notice.charged = from_scaled(sum(line.amount for line in current), 2)
    notice.paid = from_scaled(sum(line.paid for line in current), 2)
    earlier = [line for line in past if line.month <= notice.month.number]
    later = [line for line in past if line.month > notice.month.number]
    for group in (*_spans(earlier), *_spans(later)):
        owed = from_scaled(sum(line.amount - line.paid for line in group), 2)
        span = month_span(Month.from_number(group[0].month), Month.from_number(group[-1].month))
        kind = AHEAD if group[0].month > notice.month.number else PAST
        told = f"{span} {items[group[0].item].name}{_whose(group[0], payer)}"
        part = "部分已付" if any(line.paid for line in group) else ""
        notice.past.append(NoticeRow(kind, told, None, None, owed, part))
        notice.past_due += owed


def _add_late(notice: Notice, lines: list[_Line], items: dict[int, Prices]) -> None:
    """Add the 违约金 that was charged within the month: one row, however many lines it is on."""
    if not lines:
        return
    amount, payers = from_scaled(sum(line.amount for line in lines), 2), {line.payer for line in lines}
    told = told_together([json.loads(line.segments) for line in lines if line.segments])
    whose = "" if notice.payee.payer_id in payers else _whose(lines[0], notice.payee.payer_id)
    notice.current.append(NoticeRow(items[lines[0].item].name, told + whose, None, None, amount, ""))
    notice.charged += amount
    notice.paid += from_scaled(sum(line.paid for line in lines), 2)


def _whose(line: _Line, payer: int | None) -> str:
    """Say that a line is not owed by the one who is addressed: the unit changed hands since."""
    return "" if line.payer == payer else "（原付款人欠）"


def _service_row(name: str, slip: ServiceSlip, whose: str) -> NoticeRow:
    told = f"{slip.on.month}月{slip.on.day}日 {slip.basis}{whose}"
    return NoticeRow(name, told, slip.price, slip.much, slip.amount, "")


def _current_row(line: _Line, prices: Prices, month: Month, mark: str, whose: str) -> NoticeRow:
    name = prices.name
    when = "" if line.month == month.number else f"{Month.from_number(line.month).chinese} "
    amount = from_scaled(line.amount, 2)
    if line.amount < 0:
        return NoticeRow(name, f"{when}冲减，单号 {line.source}{whose}", None, None, amount, "")
    if line.kind == BillKind.METERED.name and line.segments:
        return _metered_row(line, name, when, whose)
    caught_up = line.source is None and line.run == month.number and line.month < month.number
    remark = "补收" if caught_up else ""
    if line.quantity is None or line.month_days is None:
        return NoticeRow(name, when + (line.formula or "") + whose, None, None, amount, remark)
    quantity, price, extra = line.quantity, line.price or 0, line.extra or 0
    least = _least_told(line)
    if line.segments and len(json.loads(line.segments)) > 1:
        told = when + segments_text(prices, line.segments, line.month_days, mark) + least + whose
        return NoticeRow(name, told, None, None, amount, remark)
    told = when + basis_text(prices, quantity, price, extra, line.days or 0, line.month_days, mark)
    told += least + whose
    if prices.basis is Basis.FIXED:
        return NoticeRow(name, told, None, "1 项", amount, remark)
    much = f"{thousands(from_scaled(quantity, 2))}㎡" if prices.basis is Basis.AREA else "1 户"
    return NoticeRow(name, told, from_scaled(price, 4), much, amount, remark)


def _metered_row(line: _Line, name: str, when: str, whose: str) -> NoticeRow:
    facts, much = json.loads(line.segments or "{}"), from_scaled(line.quantity or 0, 2)
    price = from_scaled(line.price or 0, 4) if is_single(facts) else None
    told, amount = when + metered_text(facts) + whose, from_scaled(line.amount, 2)
    return NoticeRow(name, told, price, quantity_told(facts, much), amount, "")


def _least_told(line: _Line) -> str:
    """Say that a line is the least that its item charges, where its own charge is less."""
    assert line.month_days is not None
    if line.segments:
        cut = [
            Segment(date.fromisoformat(first), date.fromisoformat(last), *values)
            for first, last, *values in json.loads(line.segments)
        ]
        own = amount_of(cut, line.month_days)
    else:
        whole = (line.quantity or 0) * (line.price or 0) + (line.extra or 0) * SCALE
        own = divide_half_up(whole * (line.days or 0), line.month_days * SCALE)
    return "，不足最低收费，按最低收费收" if own < line.amount else ""


def _spans(lines: Iterable[_Line]) -> Iterator[list[_Line]]:
    """Group lines of one item and payer whose months follow one another."""
    group: list[_Line] = []
    for line in lines:
        before = group[-1] if group else None
        if before and not _goes_on(before, line):
            yield group
            group = []
        group.append(line)
    if group:
        yield group


def _goes_on(one: _Line, other: _Line) -> bool:
    same = (one.item, one.payer) == (other.item, other.payer)
    return same and _counted(other.month) - _counted(one.month) in (0, 1)


def _counted(month: int) -> int:
    """Return a month as it is stored, counted from the year 0."""
    return month // 100 * 12 + month % 100


def _by_unit(lines: Iterable[_Line]) -> dict[int, list[_Line]]:
    found: dict[int, list[_Line]] = {}
    for line in lines:
        found.setdefault(line.unit, []).append(line)
    return found


def _places(wanted: Iterable[int]) -> Iterator[tuple[int, str, str]]:
    """Yield (id, code, house number as papers print it) of the wanted units in order."""
    ids = set(wanted)
    query = (
        Unit.select(Unit.id, Unit.code, Building.name, Entrance.code, Unit.room)
        .join(Building, JOIN.LEFT_OUTER)
        .switch(Unit)
        .join(Entrance, JOIN.LEFT_OUTER)
        .order_by(Unit.sort_key)
    )
    for unit, code, building, entrance, room in db.execute(query):
        if unit in ids:
            yield unit, code, f"{building}{entrance}单元{room}" if entrance else code


def number_of(month: Month, code: str) -> str:
    """Return JF-202611-1-1-1011, the number of a house's notice."""
    return f"JF-{month.number}-{code}"
