"""FE-01 费用一览表: what every unit is charged for a month, a building a sheet with its totals."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from models.errors import BadInput
from models.fees.bills import Bill
from models.fees.items import Category
from models.fees.rights import VIEW
from models.fees.schedule import Charged, schedule
from models.money import from_scaled
from models.owners.estate import Unit, UnitArea
from reports.paper import A3_LANDSCAPE, A4_LANDSCAPE, Column, Field, Form, Sheet, Total, declare
from reports.papers import PaperRequest, paper

MEANS = (
    "单位：元、㎡、元/㎡·月；一户有几个物管费单价的，单价印“—”。上期欠费为本月以前各月账单在上月末的未收数；"
    "违约金为本月计收数，以前计收未付的在上期欠费内；预存抵扣为抵扣本月账单之数；"
    "应缴合计=本期应收+上期欠费+违约金−预存抵扣，本月内的收款和以后各月已出的账不在内，"
    "因此与按截止日实欠计算的交费通知单、欠费表可以不同。"
)
LATER = "公共分摊、减免与违约金没有记录的印“—”；减免含红冲和过户转出，更正以前月份的也列在本月。"

FORM = declare(
    Form(
        code="FE-01",
        title="费用一览表",
        module="fees",
        paper=A4_LANDSCAPE,
        lead=(Field("building", "楼栋"), Field("month", "月份")),
        columns=(
            Column("序号", 10, "number"),
            Column(Unit.code, 18, "code"),
            Column("业主", 16),
            Column(UnitArea.billing, 15, "number", places=2, summed=True),
            Column(Bill.price, 13, "number", group="物管费", places=4),
            Column("金额", 18, "money", group="物管费", summed=True),
            Column("公共分摊费", 18, "money", summed=True),
            Column("特服费", 18, "money", summed=True),
            Column("代收水电", 18, "money", summed=True),
            Column("减免", 15, "money", summed=True),
            Column("本期应收", 19, "money", summed=True),
            Column("上期欠费", 19, "money", summed=True),
            Column("违约金", 15, "money", summed=True),
            Column("预存抵扣", 15, "money", summed=True),
            Column("应缴合计", 20, "money", summed=True),
            Column("备注", 10),
        ),
        page_subtotal="本页小计",
        notes=(("口径", MEANS),),
        signatures=("制表", "财务复核", "主任"),
        wide=A3_LANDSCAPE,
        number_rule="YL-YYYYMM-楼",
        retention="R10",
    )
)

_Row = tuple[str | int | Decimal | None, ...]


@paper("FE-01", VIEW, "period", "building")
def charges(request: PaperRequest) -> Iterator[Sheet]:
    """Fill in the table of a month, building by building; the last one bears the grand total."""
    if request.period is None:
        raise BadInput("请写明月份，例如 2026-11。", "period")
    month = request.period.require_month()
    buildings = list(schedule(month, request.building))
    everything = [row for _, rows in buildings for row in rows]
    for number, (name, rows) in enumerate(buildings, start=1):
        totals = [Total("本楼合计", _totals(rows))]
        if number == len(buildings) > 1:
            totals.append(Total("总计", _totals(everything)))
        yield Sheet(
            FORM,
            number=f"YL-{month.number}-{name}",
            values={"building": name, "month": month.chinese},
            rows=[_row(at, row) for at, row in enumerate(rows, start=1)],
            totals=totals,
            notes=(("说明", LATER),),
            signed={"制表": request.printed_by},
        )


def _row(number: int, row: Charged) -> _Row:
    price = next(iter(row.prices)) if len(row.prices) == 1 else None
    return (number, row.code, row.payee, row.area, price, *_money(row), "")


def _money(row: Charged) -> tuple[Decimal | None, ...]:
    return (
        row.of(Category.PROPERTY),
        row.of(Category.SHARED) or None,
        row.of(Category.SERVICE, Category.PARKING, Category.OTHER),
        row.of(Category.UTILITY) + from_scaled(row.for_others, 2),
        from_scaled(row.relief, 2) or None,
        from_scaled(row.current, 2),
        from_scaled(row.past, 2),
        from_scaled(row.late, 2) or None,
        from_scaled(row.set_off, 2),
        from_scaled(row.payable, 2),
    )


def _totals(rows: Sequence[Charged]) -> _Row:
    columns = zip(*((row.area, None, *_money(row)) for row in rows), strict=True)
    figures = [[value for value in column if value is not None] for column in columns]
    return (None, None, None, *(sum(some, start=Decimal(0)) if some else None for some in figures), None)
