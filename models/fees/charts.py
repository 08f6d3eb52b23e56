"""收费图表: what came in by month beside the year before, and what is owed by age and by building."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from peewee import fn

from models.base import db
from models.charts import Chart, Opens, Series, charts
from models.conditions import Condition, Test
from models.fees.arrears import AGES, debts_by
from models.fees.bills import Bill, BillKind
from models.fees.items import FeeItem
from models.fees.lists import OWN
from models.fees.payments import VALID, Receipt
from models.fees.rates import LIVE_BILL, NOBODY, by_month_and_item, percent
from models.fees.rights import VIEW
from models.fees.within import within
from models.listings import Filters
from models.months import Month, Period
from models.owners.estate import Building, Unit

MOST_BUILDINGS = 12
"""Buildings with a bar of their own; the others share one."""
_TEN_THOUSAND = 1_000_000  # fen
_HEIGHT = 48.0  # millimetres; two stand on half a page


@charts(VIEW, "receipts", takes=("period", "unit", "building"), of=("Receipt", "Caretaking"))
def received_by_month(filters: Filters) -> Iterator[Chart]:
    """What came in by receipts that are valid, month by month, beside the year before."""
    year = _year(filters)
    fen = _received(year, filters)
    unit, places, told = money_scale(fen.values())
    where = {"unit": filters.unit, "building": filters.building}
    yield _beside_last_year(
        f"各月收款（{unit}）",
        year,
        lambda month: told(fen[month.number]) if month.number in fen else None,
        places,
        lambda month: Opens("receipts", {"period": Period.of_month(month), **where}),
        "还没有收过款。收款以后，这里按月列出，去年的排在旁边。",
    )


@charts(VIEW, "collection", takes=("period",), of=("Bill", "FeeItem", "Caretaking"))
def rates_by_month(filters: Filters) -> Iterator[Chart]:
    """How much of what was charged for a month has come in by now, beside the year before; 代收 kept out.

    Months before the first that was charged here have no rate: they hold what was left unpaid alone.
    """
    year = _year(filters)
    others = {one.id for one in FeeItem.select().where(FeeItem.collected == True)}
    sums: dict[Month, tuple[Decimal, Decimal]] = {}
    for month, item, charged, paid in by_month_and_item(Month(year - 1, 1), Month(year, 12)):
        if item in others:
            continue
        before = sums.get(month, (Decimal(0), Decimal(0)))
        sums[month] = before[0] + charged, before[1] + paid

    began = _began()

    def rate(month: Month) -> Decimal | None:
        if began is None or month < began:
            return None
        charged, paid = sums.get(month, (Decimal(0), Decimal(0)))
        return percent(int(paid * 100), int(charged * 100))

    yield _beside_last_year(
        "各月账单至今收缴率（%）",
        year,
        rate,
        1,
        lambda month: Opens("bills", {"period": Period.of_month(month)}, OWN),
        "还没有出过账。出账以后，这里列出各月账单收回了多少。",
        kind="line",
    )


def _began() -> Month | None:
    """Return the first month that was charged here: of earlier ones only what nobody paid was taken over."""
    mine = Bill.select(Bill.month).where(LIVE_BILL & (Bill.kind != BillKind.OPENING))
    first: Bill | None = mine.order_by(Bill.month).first()
    return None if first is None else first.month


def behind_rate(by: str, name: str, period: Period | None) -> Opens:
    """Return what opens the lines behind a row of the rates of collection.

    Args:
        by: what the row is of: "building", "item" or "collector".
        name: what it is called there.
        period: the month, this one where none is given.
    """
    month = period.month if period else Month.of(date.today())
    if by == "collector":
        asked = (
            Condition("collector", Test.IS, name) if name != NOBODY else Condition("collector", Test.BLANK)
        )
        return Opens("arrears", {"on": min(month.last, date.today())}, (asked,))
    given: dict[str, Any] = {"period": Period.of_month(month)}
    record = Building if by == "building" else FeeItem
    given[by] = record.get_or_none(record.name == name)
    charging = Condition(
        "amount", Test.LEAST, "0.01"
    )  # what corrects earlier months is no charge of this one
    return Opens("bills", given, (*OWN, charging))


@charts(
    VIEW,
    "arrears",
    takes=("on", "unit", "building", "item", "person"),
    of=("Bill", "Allocation", "Building", "Caretaking"),
)
def arrears_by_age_and_building(filters: Filters) -> Iterator[Chart]:
    """What is owed as of a day, by how long it is owed, and by building."""
    found = debts_by(filters)
    given = {name: getattr(filters, name) for name in filters.given()}
    ages = [sum(debt.ages[at] for debt in found.values()) for at in range(len(AGES))]
    yield _of_money(
        "欠费账龄",
        [
            (age, fen, Opens("arrears", given, (Condition(f"age{number}", Test.LEAST, "0.01"),)))
            for number, (age, fen) in enumerate(zip(AGES, ages, strict=True), start=1)
        ],
    )
    yield _of_money("各楼栋欠费", _by_building({unit: debt.total for unit, debt in found.items()}, given))


Bar = tuple[str, int, Opens | None]
"""Name, fen, and the lines behind it."""


def _by_building(owed: dict[int, int], given: dict[str, Any]) -> list[Bar]:
    """Return what is owed in each building in their order; of many only those that owe most."""
    where = dict(db.execute(Unit.select(Unit.id, Unit.building)))
    sums: dict[int | None, int] = {}
    for unit, fen in owed.items():
        sums[where[unit]] = sums.get(where[unit], 0) + fen
    owing = [one for one in Building.select().order_by(Building.sort_key) if one.id in sums]
    most = sorted(owing, key=lambda one: -sums[one.id])
    named = (
        owing if len(owing) <= MOST_BUILDINGS else [one for one in owing if one in most[: MOST_BUILDINGS - 1]]
    )
    bars: list[Bar] = [
        (one.name, sums.pop(one.id), Opens("arrears", {**given, "building": one})) for one in named
    ]
    rest = sum(sums.values())
    return [*bars, ("其他", rest, None)] if rest else bars  # no list shows just these


def _of_money(title: str, bars: Sequence[Bar]) -> Chart:
    unit, places, told = money_scale(fen for _, fen, _ in bars)
    any_owed = any(fen for _, fen, _ in bars)
    return Chart(
        "bar",
        f"{title}（{unit}）",
        tuple(name for name, _, _ in bars) or ("",),
        (Series("欠费", tuple(told(fen) if any_owed else None for _, fen, _ in bars) or (None,)),),
        places,
        _HEIGHT,
        opens=tuple(opens for _, _, opens in bars),
        nothing="没有到期未收的账单。",
    )


def _beside_last_year(
    title: str,
    year: int,
    figure: Callable[[Month], Decimal | None],
    places: int,
    opens: Callable[[Month], Opens],
    nothing: str,
    kind: Any = "bar",
) -> Chart:
    """Return a chart of the months of a year beside those of the year before; months to come stay empty."""
    months = [Month(year, number) for number in range(1, 13)]
    now = Month.of(date.today())
    this = tuple(figure(month) if month <= now else None for month in months)
    last = tuple(figure(month.plus(-12)) for month in months)
    return Chart(
        kind,
        title,
        tuple(f"{month.month}月" for month in months),
        (Series(f"{year}年", this), Series(f"{year - 1}年", last)),
        places,
        _HEIGHT,
        opens=tuple(opens(month) if month <= now else None for month in months),
        nothing=nothing,
    )


def _received(year: int, filters: Filters) -> dict[int, int]:
    """Return fen by month (YYYYMM) of a year and the one before."""
    wanted = Receipt.on.between(date(year - 1, 1, 1), date(year, 12, 31))
    query = Receipt.select(Receipt.on, fn.SUM(Receipt.amount)).where(
        wanted & VALID,
        *within(Receipt.unit, unit=filters.unit, building=filters.building),
    )
    found: dict[int, int] = {}
    for day, fen in db.execute(query.group_by(Receipt.on)):
        month = Month.parse(str(day)[:7]).number
        found[month] = found.get(month, 0) + fen
    return found


def _year(filters: Filters) -> int:
    return filters.period.last.year if filters.period else (filters.on or date.today()).year


def money_scale(fen: Any) -> tuple[str, int, Callable[[int], Decimal]]:
    """Return in which unit amounts are drawn, with how many decimals, and what makes them of fen."""
    most = max(map(abs, fen), default=0)
    unit, whole, places = ("万元", _TEN_THOUSAND, 1) if most >= _TEN_THOUSAND else ("元", 100, 0)
    return unit, places, lambda one: (Decimal(one) / whole).quantize(Decimal(10) ** -places, ROUND_HALF_UP)
