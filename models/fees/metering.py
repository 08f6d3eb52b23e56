"""抄表出账: what a month's run charges by the readings of house meters.

A meter has one line a run, and those that replaced one another are one meter. Its quantity is all usage
up to now less all that was billed: the months not billed yet, and with them whatever became of months
billed before by a correction, an inserted month or a settled estimate. Where that is negative nothing is
billed and the rest is carried on. Each month's part is priced by the price of its reading's day, tiers
by the month; 附加 and 最低收费 count once for each month. The line is rounded once, half up to the fen
(forms.md B2.1).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from peewee import JOIN, fn

from models.base import Record, db, insert_rows
from models.fees.bills import Bill, BillKind
from models.fees.charges import SCALE, Prices
from models.fees.items import FeeItem, Rate, RateTier
from models.fees.meters import Meter, MeterKind
from models.fees.readings import MOST, Reading
from models.fees.trial import Line, Metering, Skipped
from models.fees.usage import ReadingKind
from models.fields import LinkField, MonthField, QuantityField
from models.money import divide_half_up, to_scaled, yuan
from models.months import Month
from models.owners.estate import Unit, UnitState

SOURCE = "CB"
"""Begins the source of a line: 抄表."""
_MOST = to_scaled(MOST, 2)


class Metered(Record):
    """抄表计费: how much of a month's usage of a meter a line charged; the line says whether that holds."""

    bill = LinkField(Bill, index=False, backref="metered", on_delete="CASCADE", verbose_name="账单")
    meter = LinkField(Meter, index=False, backref="metered", verbose_name="最初的表")
    month = MonthField(verbose_name="抄表月份")
    usage = QuantityField(verbose_name="计费用量")

    class Meta:
        title = "抄表计费"
        indexes = ((("bill", "month"), True),)


Metered.add_index(Metered.index(Metered.meter, Metered.month, name="metered_month"))

_ORIGIN = fn.COALESCE(Meter.origin, Meter.id)
_Reversal: Any = Bill.alias()


def _held() -> Any:
    """Return the condition of joined lines that charge still: live, and not taken back by a negative one."""
    back = _Reversal.select(_Reversal.id).where(
        (_Reversal.corrects == Bill.id) & (_Reversal.kind == BillKind.REVERSAL) & (_Reversal.live == True)
    )
    return (Bill.live == True) & ~fn.EXISTS(back)


def billed_months() -> Any:
    """Return a query of the (meter, month) that lines charged; the meter is the first of those replaced."""
    return Metered.select(Metered.meter, Metered.month).join(Bill).where(_held())


def covered(origin: Any, month: Any) -> Any:
    """Return the condition that the month of a meter was charged."""
    return fn.EXISTS(billed_months().where((Metered.meter == origin) & (Metered.month == month)))


def is_billed(reading: Reading) -> bool:
    """Whether a line charged the month of a reading."""
    origin = reading.meter.origin or reading.meter
    mine = (Metered.meter == origin) & (Metered.month == reading.month)
    return bool(billed_months().where(mine).exists())


# -- pricing ---------------------------------------------------------------------------------------


class Tariff(NamedTuple):
    """What a unit of usage costs from a day on; numbers as they are stored, tiers as (over, price)."""

    since: date
    price: int
    extra: int
    tiers: tuple[tuple[int, int], ...]

    def split(self, much: int, months: int) -> list[tuple[int, int]]:
        """Return the usage of so many months as (quantity, price), tier by tier."""
        ends = [over * months for over, _ in self.tiers]
        parts, before = [], 0
        for end, price in zip([*ends, much], [self.price, *(price for _, price in self.tiers)], strict=True):
            if min(end, much) > before:
                parts.append((min(end, much) - before, price))
                before = min(end, much)
        return parts


def read_tariffs(items: dict[int, Prices]) -> dict[int, list[Tariff]]:
    """Return the dated tariffs of items, oldest first."""
    tiers: dict[tuple[int, date], list[tuple[int, int]]] = {}
    for tier in RateTier.select(RateTier, Rate).join(Rate).order_by(RateTier.over):
        key = (tier.rate.item_id, tier.rate.since)
        tiers.setdefault(key, []).append((to_scaled(tier.over, 2), to_scaled(tier.price, 4)))
    return {
        item: [
            Tariff(since, price, extra, tuple(tiers.get((item, since), ())))
            for since, (price, extra) in prices.steps
        ]
        for item, prices in items.items()
    }


# -- parts -----------------------------------------------------------------------------------------


class _Row(NamedTuple):
    """A reading that was not billed, as it is stored."""

    origin: int
    meter: str
    kind: str
    unit: int
    code: str
    state: str
    item: int
    month: int
    day: str
    how: str
    previous: int | None
    value: int
    rolled: int
    usage: int
    months: int
    multiplier: int
    digits: int


@dataclass
class _Part:
    """What one month adds to a line."""

    month: int
    day: date
    months: int
    usage: int = 0
    told: list[dict[str, Any]] = field(default_factory=list)


def level(usages: Sequence[int]) -> list[int]:
    """Return usages with the same sum, none of them negative: what is too much comes off the months after.

    What is still negative at the newest comes off the months before it; the sum must not be negative.
    """
    found, less = list(usages), 0
    for places in (range(len(found)), reversed(range(len(found)))):
        for at in places:
            found[at], less = max(found[at] + less, 0), min(found[at] + less, 0)
    return found


def meterings(month: Month, items: dict[int, Prices]) -> Iterator[Metering | Skipped]:
    """Yield what a run charges by meters, and what it does not charge and why, by house number."""
    tariffs, due = read_tariffs(items), _carried(month)
    groups: dict[int, list[_Row]] = {}
    for row in _unbilled(month):
        groups.setdefault(row.origin, []).append(row)
    for origin, rows in groups.items():
        yield from _metering(month, rows, due.get(origin, 0), items, tariffs)
    for code, item in db.execute(_unread(month)):
        yield Skipped(code, items[item].name, "没有读数")


def _metering(
    month: Month, rows: list[_Row], due: int, items: dict[int, Prices], tariffs: dict[int, list[Tariff]]
) -> Iterator[Metering | Skipped]:
    newest = rows[-1]
    prices = items[newest.item]
    hindered = _hindrance(newest, prices)
    parts = _parts(rows)
    more = due - sum(part.usage for part in parts)
    made = hindered or _line(newest, parts, more, due, prices, tariffs[newest.item])
    if isinstance(made, Metering):
        yield made
    elif newest.month >= month.plus(-1).number or made != ZERO:
        yield Skipped(newest.code, prices.name, made)


ZERO = "用量为零"


def _hindrance(row: _Row, prices: Prices) -> str:
    if row.state == UnitState.RETIRED.name:
        return "房屋已停用"
    return "" if prices.active else "收费项目已停用"


def _parts(rows: Sequence[_Row]) -> list[_Part]:
    """Return the months of unbilled readings; the two meters of a month in which one was replaced are one."""
    parts: dict[int, _Part] = {}
    for row in rows:
        part = parts.setdefault(row.month, _Part(row.month, date.fromisoformat(row.day), 0))
        part.day, part.usage = date.fromisoformat(row.day), part.usage + row.usage
        part.months += row.months
        part.told.append(_told(row))
    return list(parts.values())


def _told(row: _Row) -> dict[str, Any]:
    """Return what the explanation of a line needs of a reading."""
    told: dict[str, Any] = {"meter": row.meter, "how": row.how, "usage": row.usage}
    if row.how != ReadingKind.ESTIMATED.name:
        grown = row.value - (row.previous or 0) + (10 ** (row.digits + 2) if row.rolled else 0)
        told |= {"from": row.previous, "to": row.value, "times": row.multiplier}
        told |= {"rolled": row.digits} if row.rolled else {}
        settled = grown * row.multiplier - row.usage
        told |= {"estimated": settled} if settled else {}
    return told


def _line(
    row: _Row, parts: list[_Part], more: int, due: int, prices: Prices, tariffs: list[Tariff]
) -> Metering | str:
    """Return the line of a meter, or why there is none."""
    if due < 0:
        return f"用量比已出账的少 {yuan(-due)}，留待下次抵减"
    if due > _MOST:
        return f"用量 {yuan(due)} 太大，请核对读数"
    usages = level([parts[0].usage + more] + [part.usage for part in parts[1:]])
    charged = [_charge(part, much, prices, tariffs) for part, much in zip(parts, usages, strict=True)]
    wrong = next((one for one in charged if isinstance(one, str)), None)
    if wrong is not None:
        return wrong
    priced = [one for one in charged if not isinstance(one, str)]
    amount = divide_half_up(sum(one["sum"] for one in priced), SCALE)
    if not amount:
        return ZERO
    facts: dict[str, Any] = {"unit": MeterKind[row.kind].measure, "more": more, "parts": priced}
    line = Line(
        row.month, row.unit, row.item, amount, due, _price(priced, due),
        sum(one["extra"] for one in priced), None, None, Bill.segments.db_value(facts),
    )  # fmt: skip
    return Metering(line, row.origin, tuple((one["month"], one["usage"]) for one in priced))


def _charge(part: _Part, much: int, prices: Prices, tariffs: list[Tariff]) -> dict[str, Any] | str:
    """Return what a month's part costs, with all that its explanation needs; `sum` in millionths of a 元."""
    tariff = next((one for one in reversed(tariffs) if one.since <= part.day), None)
    if tariff is None:
        return f"{part.day} 没有单价"
    months = max(part.months, 1)
    steps, extra = tariff.split(much, months), tariff.extra * months
    total = sum(quantity * price for quantity, price in steps) + extra * SCALE
    least = (prices.minimum or 0) * months
    told = {
        "month": part.month, "months": months, "usage": much, "readings": part.told, "steps": steps,
        "extra": extra, "sum": max(total, least * SCALE),
    }  # fmt: skip
    return told | ({"least": least} if total < least * SCALE else {})


def _price(priced: Sequence[dict[str, Any]], quantity: int) -> int:
    """Return the price of a line, the mean of several."""
    cost = sum(much * price for one in priced for much, price in one["steps"])
    return divide_half_up(cost, quantity) if quantity else 0


# -- what the tables say ---------------------------------------------------------------------------


def _houses(query: Any, month: Month, also: Any = None) -> Any:
    """Narrow a query of readings and meters to what is charged to houses up to a month, and what else is."""
    wanted = Reading.month <= month
    held = (Reading.live == True) & (Reading.base == False) & (wanted if also is None else wanted | also)
    return query.where(held, Meter.unit.is_null(False), Meter.item.is_null(False))


def _unbilled(month: Month) -> Iterator[_Row]:
    """Yield the readings of months that no line charged, house by house in the order of months."""
    columns = (
        _ORIGIN, Meter.number, Meter.kind, Meter.unit, Unit.code, Unit.state, Meter.item, Reading.month,
        Reading.day, Reading.kind, Reading.previous, Reading.value, Reading.rolled, Reading.usage,
        Reading.months, Meter.multiplier, Meter.digits,
    )  # fmt: skip
    query = _houses(Reading.select(*columns).join(Meter).join(Unit), month)
    query = query.where(~covered(_ORIGIN, Reading.month))
    return map(_Row._make, db.execute(query.order_by(Unit.sort_key, _ORIGIN, Reading.month, Meter.id)))


def _carried(month: Month) -> dict[int, int]:
    """Return by meter all usage up to a month, and of later ones that were charged, less what was billed."""
    mine = Reading.select(_ORIGIN, fn.SUM(Reading.usage)).join(Meter)
    used = _houses(mine, month, also=covered(_ORIGIN, Reading.month)).group_by(_ORIGIN)
    billed = (
        Metered.select(Metered.meter, fn.SUM(Metered.usage)).join(Bill).where(_held()).group_by(Metered.meter)
    )
    before = dict(db.execute(billed))
    return {origin: total - before.get(origin, 0) for origin, total in db.execute(used)}


def _unread(month: Month) -> Any:
    """Return the query of (house, item) whose meters in use have nothing to charge: nobody read them.

    Many offices charge in a month what was read at the end of the one before.
    """
    before = (Reading.month == month.plus(-1)) & ~covered(_ORIGIN, Reading.month)
    read = Reading.select(Reading.meter).join(Meter)
    read = read.where((Reading.live == True) & ((Reading.month == month) | before))
    query = Meter.select(Unit.code, Meter.item).join(Unit).switch(Meter).join(FeeItem, JOIN.INNER)
    wanted = (Meter.active == True) & (Meter.since <= month.last) & Meter.id.not_in(read)
    return query.where(wanted & (FeeItem.active == True)).order_by(Unit.sort_key)


def already(month: Month) -> int:
    """Return how many meters were charged for a month before."""
    return int(billed_months().where(Metered.month == month).count())


def write(made: Sequence[Metering], bills: Sequence[int]) -> None:
    """Note which usage the lines of a run charged."""
    rows = [
        (bill, one.meter, month, much)
        for bill, one in zip(bills, made, strict=True)
        for month, much in one.parts
    ]
    insert_rows(Metered, ("bill", "meter", "month", "usage"), rows)
