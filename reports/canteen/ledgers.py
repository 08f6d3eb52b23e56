"""CA-11, CA-12: what came and went of all items in a month, and of one item, in quantity and money."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from models.canteen.books import StockClose, span_of
from models.canteen.count_lists import stock_card, stock_month
from models.canteen.items import StockItem
from models.canteen.rights import VIEW
from models.errors import BadInput
from models.fields import PriceField
from models.listings import Filters
from models.months import Month
from models.suppliers.goods import Goods
from reports.paper import A4, A4_LANDSCAPE, Column, Field, Form, Sheet, Sign, Total, declare, open_total
from reports.paper.values import plain
from reports.papers import PaperRequest, paper

_VALUED = ("计价", "按移动加权平均；期初 + 收入 − 发出 = 期末，数量、金额都相符。")
MONTH = declare(
    Form(
        code="CA-11",
        title="库存物品收发存月报",
        module="canteen",
        paper=A4_LANDSCAPE,
        lead=(Field("month", "月份"), Field("span", "账期"), Field("state", "结账")),
        columns=(
            Column("序号", 9, "number"),
            Column(StockItem.code, 18, "code"),
            Column(Goods.name, 30),
            Column("规格型号", 24),
            Column("单位", 11, "center"),
            Column("期初数量", 18, "number"),
            Column("期初金额", 20, "money"),
            Column("收入数量", 18, "number"),
            Column("收入金额", 20, "money"),
            Column("发出数量", 18, "number"),
            Column("发出金额", 20, "money"),
            Column("期末数量", 18, "number"),
            Column("期末金额", 20, "money"),
            Column("期末单价", 18, "number"),
        ),
        size=8,
        totals=(open_total("合计", 14, (6, 8, 10, 12)),),
        notes=(_VALUED,),
        signatures=tuple(Sign(label, 34, 11) for label in ("仓管", "财务", "服务中心经理")),
        number_rule="SFC-YYYYMM",
        retention="R10",
    )
)
CARD = declare(
    Form(
        code="CA-12",
        title="物品账卡",
        module="canteen",
        paper=A4,
        lead=(Field("span", "期间"),),
        head=(
            Field("item", "物品", span=6),
            Field("storage", StockItem.storage, span=3),
            Field("place", StockItem.place, span=3),
        ),
        columns=(
            Column("日期", 19, "day"),
            Column("单号", 30, "code"),
            Column("收发类别", 17),
            Column("批次", 32, "code"),
            Column("收入", 15, "number"),
            Column("发出", 15, "number"),
            Column("金额", 18, "money"),
            Column("结存", 15, "number"),
            Column("结存金额", 19, "money"),
        ),
        size=8,
        notes=(_VALUED,),
        signatures=tuple(Sign(label, 34, 11) for label in ("仓管", "财务")),
        number_rule="物品编号",
        retention="R10",
    )
)


@paper("CA-11", VIEW, "period")
def month_report(request: PaperRequest) -> Iterator[Sheet]:
    """Fill in the books of a month."""
    if request.period is None:
        raise BadInput("请写明月份，例如 2026-11。", "period")
    month = request.period.require_month()
    listing = stock_month(Filters(period=request.period))
    rows = [row.values for row in listing.rows()]
    if not rows:
        return
    span = span_of(month)
    assert span is not None  # else nothing were in its books
    begins = "开始记账" if span.first is None else str(span.first)
    yield Sheet(
        MONTH,
        number=f"SFC-{month.first:%Y%m}",
        values={"month": month.chinese, "span": f"{begins} 至 {span.last}", "state": _closed(month)},
        rows=[_line(number, row) for number, row in enumerate(rows, start=1)],
        totals=(Total("合计", _sums(rows)),),
        signed={"仓管": request.printed_by},
    )


def _closed(month: Month) -> str:
    return "已结账" if StockClose.get_or_none(StockClose.month == month) else "未结账"


def _line(number: int, row: Any) -> tuple[Any, ...]:
    code, name, spec, unit, *figures, price = row
    pairs = zip(figures[::2], figures[1::2], strict=True)
    told = [value for quantity, amount in pairs for value in (plain(quantity), amount)]
    return number, code, name, spec, unit, *told, PriceField().show(price)


def _sums(rows: list[Any]) -> tuple[Any, ...]:
    """Return the amounts of all items; their quantities are of many kinds."""
    amounts = [sum((row[at] for row in rows), Decimal("0.00")) for at in (5, 7, 9, 11)]
    told = [value for amount in amounts for value in ("", amount)]
    return (*(None,) * 5, *told, "")


@paper("CA-12", VIEW, "number", "period")
def card(request: PaperRequest) -> Iterator[Sheet]:
    """Fill in the card of an item, for a period or from its first move on; asked for by the item's number."""
    if not request.number:
        raise BadInput("请写明物品编号，例如 WP001。", "number")
    for key in request.number.replace("，", "、").split("、"):
        item = StockItem.find(key.strip())
        listing = stock_card(Filters(stock=item, period=request.period))
        rows = [row.values for row in listing.rows()]
        if rows:
            yield Sheet(
                CARD,
                number=item.code,
                values={
                    "item": f"{item.label()}（{item.unit}）", "storage": item.storage.value,
                    "place": item.place,
                    "span": request.period.name if request.period else f"{rows[0][0]} 至 {rows[-1][0]}",
                },
                rows=[_before(rows[0]), *map(_move, rows)] if request.period else list(map(_move, rows)),
                signed={"仓管": request.printed_by},
            )  # fmt: skip


def _before(row: Any) -> tuple[Any, ...]:
    """Return the line of what there was before the first move that is told."""
    _, _, _, _, came, went, amount, left, worth = row[:9]
    before = left - (came or 0) + (went or 0)
    return None, None, "承前", None, None, None, None, plain(before), worth - amount


def _move(row: Any) -> tuple[Any, ...]:
    day, slip, kind, lot, came, went, amount, left, worth = row[:9]
    return day, slip, kind, lot, plain(came), plain(went), amount, plain(left), worth
