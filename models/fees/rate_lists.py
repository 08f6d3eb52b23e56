"""收缴率名单: the rates of a month by building, item and collector, and what came of each month's charges."""

from __future__ import annotations

from datetime import date

from models.fees.rates import Collected, by_month_and_item, names_of, percent, rates_before, rates_of
from models.fees.rights import VIEW
from models.fields import CountField, LineField, MoneyField, MonthField, RateField
from models.listings import Filters, RowListing, Shown, listing
from models.money import from_scaled
from models.months import Month, Period


@listing("collection", "各月收缴", "fees", VIEW, "period")
def collection(filters: Filters) -> RowListing:
    """What was charged and paid by month and item, this year's months unless a period is given."""
    first, last = (filters.period or Period.parse(str(date.today().year))).months
    names = names_of("item", last.last)
    columns = (
        Shown("month", MonthField(verbose_name="所属月份")),
        Shown("item", LineField(verbose_name="收费项目", max_length=40)),
        Shown("charged", MoneyField(verbose_name="应收")),
        Shown("paid", MoneyField(verbose_name="已收")),
        Shown("rate", RateField(verbose_name="收缴率")),
    )
    rows = [
        (
            f"{month}:{item}",
            (month, names[item][1], charged, paid, percent(int(paid * 100), int(charged * 100))),
        )
        for month, item, charged, paid in by_month_and_item(first, last)
    ]
    return RowListing(columns, rows)


@listing("rates", "收缴率", "fees", VIEW, "period", "on", "building")
def rates(filters: Filters) -> RowListing:
    """Collection rates by building of a month, this one unless given; `on` is the cut-off."""
    return _rates_by("building", "楼栋", filters)


@listing("item_rates", "分项目收缴率", "fees", VIEW, "period", "on", "building")
def item_rates(filters: Filters) -> RowListing:
    """Collection rates by fee item of a month, this one unless given; `on` is the cut-off."""
    return _rates_by("item", "收费项目", filters)


@listing("collector_rates", "分收费员收缴率", "fees", VIEW, "period", "on", "building")
def collector_rates(filters: Filters) -> RowListing:
    """Collection rates by who collects there at the cut-off; the month is this one unless given."""
    return _rates_by("collector", "收费员", filters)


_SUMS = (
    ("charged", "当期应收"), ("relief", "当期减免"), ("received", "当期实收"), ("opening", "期初欠费"),
    ("recovered", "清欠实收"), ("past_net", "以前期间调整"), ("closing", "期末欠费"), ("advance", "预收"),
)  # fmt: skip
_RATES = (
    ("current", "当期收缴率"), ("recovery", "清欠率"), ("overall", "综合收缴率"), ("year", "累计收缴率"),
    ("units", "户数收缴率"),
)  # fmt: skip


def _rates_by(by: str, heading: str, filters: Filters) -> RowListing:
    month = filters.period.require_month() if filters.period else Month.of(filters.on or date.today())
    cutoff = filters.on or month.last
    table = rates_of(month, cutoff, by, filters.building)
    before = dict(rates_before(month, by, filters.building).groups)
    columns = (
        Shown("building" if by == "building" else by, LineField(verbose_name=heading, max_length=40)),
        Shown("units", CountField(verbose_name="应收户数"), total=False),
        *(Shown(_COLUMN.get(name, name), MoneyField(verbose_name=label)) for name, label in _SUMS),
        *(Shown(_COLUMN.get(name, name), RateField(verbose_name=label)) for name, label in _RATES),
        Shown("last_year", RateField(verbose_name="上年同期当期率"), hidden=True),
        Shown("last_overall", RateField(verbose_name="上年同期综合率"), hidden=True),
    )
    rows = []
    for name, group in table.groups:
        told, last = group.rates(), before.get(name, Collected()).rates()
        money = (from_scaled(getattr(group, each), 2) for each, _ in _SUMS)
        figures = (len(group.due_units), *money, *(told[each] for each, _ in _RATES))
        rows.append((name, (name, *figures, last["current"], last["overall"])))
    return RowListing(columns, rows)


_COLUMN = {"current": "rate", "units": "units_rate", "past_net": "past_relief"}
"""Columns of rates that are called otherwise than in `Collected.rates`."""
