"""FE-07 收缴率统计表: how much came in of what was charged, with the formulas and the cut-off."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal

from models.appraisals.targets import target_rates
from models.charts import Chart, Series
from models.errors import BadInput
from models.fees.rates import FORMULAS, Collected, RatesTable, rates_before, rates_of
from models.fees.rights import VIEW
from models.money import from_scaled, thousands
from models.months import chinese_day
from models.once import counted_once
from reports.paper import (
    A3_LANDSCAPE,
    A4_LANDSCAPE,
    Column,
    Field,
    Form,
    Sheet,
    Table,
    Total,
    declare,
    open_total,
)
from reports.papers import PaperRequest, paper

MEANS = (
    "目标是当月收缴率指标（没有定的印“—”），差异=当期收缴率−目标。"
    "减免含红冲和过户转出的金额。违约金、押金、代收与未抵扣的预存不计入。"
)

FORM = declare(
    Form(
        code="FE-07",
        title="收缴率统计表",
        module="fees",
        paper=A4_LANDSCAPE,
        lead=(Field("month", "月份"), Field("cutoff", "截止时点")),
        columns=(
            Column("楼栋", 15),
            Column("应收户数", 10, "number"),
            Column("应收", 17, "money", group="当期"),
            Column("减免", 10, "money", group="当期"),
            Column("净应收", 17, "money", group="当期"),
            Column("实收", 17, "money", group="当期"),
            Column("收缴率%", 12, "rate", group="当期"),
            Column("期初欠费", 17, "money", group="清欠"),
            Column("清欠实收", 15, "money", group="清欠"),
            Column("清欠率%", 11, "rate", group="清欠"),
            Column("综合收缴率%", 12, "rate"),
            Column("净应收", 18, "money", group="本年累计"),
            Column("实收", 18, "money", group="本年累计"),
            Column("收缴率%", 12, "rate", group="本年累计"),
            Column("交清", 10, "number", group="户数"),
            Column("收缴率%", 11, "rate", group="户数"),
            Column("期末欠费", 18, "money"),
            Column("目标", 9, "rate"),
            Column("差异", 8, "rate"),
        ),
        more=(
            *(
                Table(
                    (
                        Column(heading, 40),
                        Column("应收户数", 14, "number"),
                        Column("净应收", 24, "money", group="当期"),
                        Column("实收", 24, "money", group="当期"),
                        Column("收缴率%", 15, "rate", group="当期"),
                        Column("期初欠费", 24, "money", group="清欠"),
                        Column("清欠实收", 24, "money", group="清欠"),
                        Column("清欠率%", 15, "rate", group="清欠"),
                        Column("综合收缴率%", 18, "rate"),
                        Column("累计收缴率%", 18, "rate"),
                        Column("户数收缴率%", 17, "rate"),
                        Column("期末欠费", 24, "money"),
                    ),
                    name=by,
                    caption=caption,
                    min_rows=1,
                )
                for by, heading, caption in (
                    ("item", "收费项目", "按收费项目"),
                    ("collector", "收费员", "按收费员（截止日的分工）"),
                )
            ),
            Table(
                (
                    Column("楼栋", 40),
                    *(
                        Column(told, 24, "rate", group=f"{rate}%")
                        for rate in ("当期收缴率", "清欠率", "综合收缴率")
                        for told in ("本年", "上年同期", "增减")
                    ),
                ),
                name="beside",
                caption="与上年同期比较",
                min_rows=1,
            ),
        ),
        totals=(open_total("合计", 19, range(1, 19)),),
        notes=(("口径", FORMULAS),),
        signatures=("制表", "财务", "主管", "主任"),
        wide=A3_LANDSCAPE,
        number_rule="SJL-YYYYMM",
        retention="R10",
    )
)

_Row = tuple[str | int | Decimal | None, ...]


@paper("FE-07", VIEW, "period", "building", "number")
def rates(request: PaperRequest) -> Iterator[Sheet]:
    """Fill in the rates of a month; payments up to its last day count, or up to today within it."""
    if request.period is None:
        raise BadInput("请写明月份，例如 2026-11。", "period")
    month = request.period.require_month()
    cutoff = min(month.last, max(date.today(), month.first))
    with counted_once():
        table, *others = (
            rates_of(month, cutoff, by, request.building) for by in ("building", "item", "collector")
        )
    if not table.groups and not table.collected_for_others.charged:
        return
    before = rates_before(month, building=request.building)
    aims = target_rates(month)
    target = aims.get(request.building.id if request.building else None, aims.get(None))
    yield Sheet(
        FORM,
        number=f"SJL-{month.number}",
        values={"month": month.chinese, "cutoff": _cutoff_words(cutoff)},
        rows=[
            _row(name, group, aims.get(key, target))
            for key, (name, group) in zip(table.keys, table.groups, strict=True)
        ],
        totals=(Total("合计", (None, *_row("", table.total, target)[1:])),),
        tables={
            **{by: _grouped(other) for by, other in zip(("item", "collector"), others, strict=True)},
            "beside": _beside(table, before),
        },
        charts=[_chart(table, before)],
        notes=[*_apart(table.total, table.collected_for_others), ("说明", MEANS)],
        signed={"制表": request.printed_by},
    )


def _grouped(table: RatesTable) -> list[_Row | Total]:
    """Return the rows of the rates by item or by collector, and all together."""
    rows: list[_Row | Total] = [_short(name, group) for name, group in table.groups]
    return [*rows, Total("合计", (None, *_short("", table.total)[1:]))]


def _short(name: str, group: Collected) -> _Row:
    told = _shares(group)
    return (
        name, len(group.due_units), _yuan(group.net), _yuan(group.received), told["current"],
        _yuan(group.opening), _yuan(group.recovered), told["recovery"], told["overall"], told["year"],
        told["units"], _yuan(group.closing),
    )  # fmt: skip


def _beside(table: RatesTable, before: RatesTable) -> list[_Row | Total]:
    """Return each building's rates with those of the same month a year before, and how they differ."""
    last = dict(before.groups)
    rows: list[_Row | Total] = [
        (name, *_compared(group, last.get(name, Collected()))) for name, group in table.groups
    ]
    return [*rows, Total("合计", (None, *_compared(table.total, before.total)))]


def _compared(this: Collected, last: Collected) -> list[Decimal | None]:
    told: list[Decimal | None] = []
    now, then = _shares(this), _shares(last)
    for rate in ("current", "recovery", "overall"):
        one, other = now[rate], then[rate]
        told += (one, other, None if one is None or other is None else one - other)
    return told


def _shares(group: Collected) -> dict[str, Decimal | None]:
    """Return the rates as shares of one, as cells want them."""
    return {key: None if rate is None else rate / 100 for key, rate in group.rates().items()}


def _chart(table: RatesTable, before: RatesTable) -> Chart:
    """Return the rates of the table, side by side with those of the year before."""
    rates, last = [(name, group.rates()) for name, group in table.groups], dict(before.groups)
    series = [
        Series(words, tuple(told[key] for _, told in rates))
        for words, key in (("当期", "current"), ("综合", "overall"))
    ]
    if last:
        past = tuple(last.get(name, Collected()).rates()["current"] for name, _ in rates)
        series.append(Series("上年同期当期", past))
    return Chart(
        "bar", "各楼栋收缴率（%）", tuple(name for name, _ in rates), tuple(series), places=1, height=48
    )


def _cutoff_words(day: date) -> str:
    """Return until when payments count: the end of a day that is over, else the moment of printing."""
    now = datetime.now()
    return f"{chinese_day(day)}24时" if day < now.date() else f"{chinese_day(now)} {now:%H:%M}"


def _row(name: str, group: Collected, target: Decimal | None) -> _Row:
    told = _shares(group)
    aim = None if target is None else target / 100
    current = told["current"]
    charged, relief = _yuan(group.charged), _yuan(group.relief) or None
    net, received = _yuan(group.net), _yuan(group.received)
    return (
        name, len(group.due_units), charged, relief, net, received, told["current"],
        _yuan(group.opening), _yuan(group.recovered), told["recovery"], told["overall"],
        _yuan(group.year_charged - group.year_relief), _yuan(group.year_received), told["year"],
        group.settled_units, told["units"], _yuan(group.closing), aim,
        None if aim is None or current is None else current - aim,
    )  # fmt: skip


def _apart(total: Collected, others: Collected) -> list[tuple[str, str]]:
    advance = f"以后各月账单已收 {thousands(_yuan(total.advance))} 元，不计入上表。"
    told = [("预收", advance)]
    if total.past_relief:
        words = f"更正以前各月账单，冲减 {thousands(_yuan(total.past_relief))} 元，已从期末欠费中扣除。"
        told.append(("以前期间调整", words))
    if total.late_charged:
        words = f"补计已封账各月的账单 {thousands(_yuan(total.late_charged))} 元"
        words += (
            f"，其中已收 {thousands(_yuan(total.late_received))} 元，余额计入期末欠费，不在期初和清欠里。"
        )
        told.append(("以前期间调整", words))
    if others.charged or others.opening:
        past = f"期初欠费{_came(others.opening, others.recovered)}"
        told.append(("代收", f"{_came(others.charged, others.received)}；{past}。"))
    return told


def _came(charged: int, received: int) -> str:
    return f"应收 {thousands(_yuan(charged))} 元、实收 {thousands(_yuan(received))} 元"


def _yuan(fen: int) -> Decimal:
    return from_scaled(fen, 2)
