"""FE-08 欠费明细及账龄表: who owes how much for how long, as of a day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from models.charts import charts_of
from models.fees.arrears import AGES, arrears
from models.fees.rights import VIEW
from models.listings import AnyListing, Filters, Row
from models.months import Month
from models.once import counted_once
from models.owners.estate import Unit
from models.owners.payees import NOBODY
from models.owners.people import Person
from reports.paper import A3_LANDSCAPE, A4_LANDSCAPE, Column, Field, Form, Note, Sheet, Total, declare
from reports.papers import PaperRequest, paper

MEANS = (
    "账龄自缴费截止日起算；月数是未交清账单所属的月份数，按季、按年出的账到截止日即计入。"
    "违约金按合同算到截止日，已计收未付的在内，另列，不入本金和收缴率；没有约定的印“—”。"
    "原因（空置、异议、经济、失联、开发遗留）与对策由催缴人填写。"
)
TIMES = (
    "最近催缴是截止日期以前最后一张催缴单送达的日期和方式；时效提示是最早一笔的三年诉讼时效届满日，"
    "从截止日或有凭据的最近送达、书面承诺之日起算。"
)

FORM = declare(
    Form(
        code="FE-08",
        title="欠费明细及账龄表",
        module="fees",
        paper=A4_LANDSCAPE,
        lead=(Field("day", "截止日期", kind="date"), Field("where", "范围")),
        columns=(
            Column(Unit.code, 20, "code"),
            Column("业主", 18),
            Column(Person.phone, 21, "code"),
            Column("欠费起月", 18, "center"),
            Column("月数", 9, "number"),
            *(Column(age, 15, "money", group="账龄（元）", summed=True) for age in AGES),
            Column("本金合计", 18, "money", summed=True),
            Column("违约金", 14, "money", summed=True),
            Column("最近催缴", 20, "center"),
            Column("时效提示", 17, "center"),
            Column("原因", 14, by_hand=True),
            Column("对策", 13, by_hand=True),
        ),
        page_subtotal="本页小计",
        notes=(("口径", MEANS), ("时效", TIMES)),
        signatures=("制表", "财务"),
        wide=A3_LANDSCAPE,
        number_rule="QF-YYYYMM",
        retention="R10",
    )
)

_MONEY = (*(f"age{number}" for number in range(1, len(AGES) + 1)), "amount", "late")
_BEFORE, _AFTER = (None,) * 5, (None,) * 4
_FIRST_AGE, _COLLECTOR, _CHASED = 5, -4, -2
"""Places in a row of the list: the first age, the collector, and the last letter, then the limitation."""


@paper("FE-08", VIEW, "period", "unit", "building", "number")
def debts(request: PaperRequest) -> Iterator[Sheet]:
    """Fill in the debts as of the last day of the period, today where none is given."""
    day = request.period.last if request.period else date.today()
    asked = Filters(on=day, unit=request.unit, building=request.building)
    with counted_once():
        found = arrears(asked)
        groups = _by_collector(found)
        charts = charts_of("arrears", asked) if groups else []
    if not groups:
        return
    rows: list[tuple[Any, ...] | Total] = []
    for collector, mine in groups:
        name = f"收费员 {collector}" if collector else "未指定收费员"
        if len(groups) > 1:
            rows.append(Total(name, opens=True))
        rows += [_row(found.plain(row), row.values) for row in mine]
        if len(groups) > 1:
            rows.append(Total(f"{name} 小计 {len(mine)} 户", (*_BEFORE, *_sums(mine), *_AFTER)))
    count, totals = found.totals()
    sums = [totals[name] for name in _MONEY]
    place = request.unit.chinese if request.unit else None
    where = place or (request.building.name if request.building else "全部")
    yield Sheet(
        FORM,
        number=f"QF-{day:%Y%m}",
        values={"day": day, "where": where},
        rows=rows,
        totals=(Total(f"合计 {count} 户", (*_BEFORE, *sums, *_AFTER)),),
        charts=charts,
        notes=_notes(day),
        signed={"制表": request.printed_by},
    )


def _notes(day: date) -> list[Note]:
    return [] if day <= date.today() else [("说明", "截止日期还没有到，按打印时的收款记录计算。")]


def _by_collector(found: AnyListing) -> list[tuple[str | None, list[Row]]]:
    """Group the rows by who collects there, those without a collector last."""
    groups: dict[str | None, list[Row]] = {}
    for row in found.rows():
        groups.setdefault(row.values[_COLLECTOR], []).append(row)
    return sorted(groups.items(), key=lambda group: (group[0] is None, group[0] or ""))


def _sums(rows: list[Row]) -> list[Decimal]:
    columns = zip(*(row.values[_FIRST_AGE:_COLLECTOR] for row in rows), strict=True)
    return [sum((value for value in column if value is not None), start=Decimal(0)) for column in columns]


def _row(plain: dict[str, Any], values: Sequence[Any]) -> tuple[Any, ...]:
    since = Month.parse(plain["since"]).chinese
    named = (plain["unit"], plain["owner"] or NOBODY, plain["phone"], since)
    chased, lapses = values[_CHASED:]
    told = chased.replace(" ", "\n") if chased else None
    return (*named, *values[4:_COLLECTOR], told, lapses and lapses.isoformat(), "", "")
