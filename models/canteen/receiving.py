"""入库验收: what came of an order is checked against it, taken in lot by lot, and the delivery note signed.

Ordered, delivered and accepted stand side by side; what is rejected waits for the manager's consent before
anybody calls the supplier (`models.suppliers.returns`), what is short stays open on the order. The licence of
the supplier, the certificate and the quarantine proof of the goods are looked at (索证, forms.md B11.1).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any

from models.base import Record
from models.canteen.items import StockItem, Storage
from models.canteen.lots import Dates, bring_in
from models.canteen.moves import MoveKind, post
from models.canteen.rights import STORE
from models.canteen.rules import too_warm
from models.canteen.shelf import LONGEST, ShelfUnit
from models.clock import now, past_day
from models.deeds import deed, reaches_everybody
from models.entries import Line, Sheet, Strange, entry
from models.errors import BadInput, RuleBroken
from models.fields import (
    ChoiceField,
    CodeField,
    CountField,
    DayField,
    FlagField,
    LineField,
    LinkField,
    StockField,
    TemperatureField,
)
from models.inputs import Asked, Input
from models.listings import Filters
from models.money import divide_half_up, from_scaled, to_scaled
from models.rows import RowRefused, RowsField
from models.suppliers import receiving
from models.suppliers.goods import Goods
from models.suppliers.orders import OrderLine
from models.suppliers.receipts import Defect, GoodsReceipt, ReceiptLine
from models.suppliers.standing import standing

ROWS = "rows"


class Proof(Enum):
    """What the goods bring along; the licence of their supplier is on its file (索证, forms.md B11.1)."""

    NONE = "未出示"
    CERTIFICATE = "合格证"
    QUARANTINE = "检验检疫"
    BOTH = "合格证、检验检疫"


class StoreReceipt(Record):
    """入库单: what was looked at when goods came to the store; goods and quantities are the receipt's."""

    receipt = LinkField(GoodsReceipt, unique=True, backref="store", verbose_name="验收单")
    deliverer = LineField(max_length=30, null=True, verbose_name="送货人")
    signed = FlagField(default=True, verbose_name="送货单已签收")
    proof = ChoiceField(Proof, default=Proof.NONE, verbose_name="随货证明")
    temperature = TemperatureField(null=True, verbose_name="冷藏到货℃")
    frozen = TemperatureField(null=True, verbose_name="冷冻到货℃")

    class Meta:
        title = "入库单"

    def label(self) -> str:
        """Return the number of the receipt."""
        return str(self.receipt.number)


reaches_everybody(StoreReceipt)


def _inputs() -> list[Input]:
    return [
        Input("line", LinkField(OrderLine, verbose_name="订单明细"), required=True),
        Input("delivered", StockField(verbose_name="实到"), required=True),
        Input(
            "accepted", StockField(null=True, verbose_name="合格"), required=False, without="不填为全部合格"
        ),
        Input("made_on", DayField(null=True, verbose_name="生产日期"), required=False),
        Input("expires_on", DayField(null=True, verbose_name="到期日"), required=False, without="照保质期算"),
        Input("maker", LineField(max_length=40, null=True, verbose_name="生产批号"), required=False),
        Input("defect", ChoiceField(Defect, null=True, verbose_name="不合格原因"), required=False),
        Input("words", LineField(max_length=80, null=True, verbose_name="说明"), required=False),
        Input(
            "shelf", CountField(low=1, high=LONGEST, null=True, verbose_name="保质期"), required=False,
            without="照物品资料",
        ),
        Input("shelf_unit", ChoiceField(ShelfUnit, null=True, verbose_name="保质期单位"), required=False),
    ]  # fmt: skip


@deed("canteen.receive", "入库验收", STORE)
def receive(
    rows: Annotated[list[dict[str, Any]], Asked(RowsField(_inputs, verbose_name="到货"))],
    note_number: Annotated[
        str | None, Asked(CodeField(max_length=40, null=True, verbose_name="送货单号"))
    ] = None,
    deliverer: Annotated[
        str | None, Asked(LineField(max_length=30, null=True, verbose_name="送货人"))
    ] = None,
    proof: Annotated[
        Proof, Asked(ChoiceField(Proof, default=Proof.NONE, verbose_name="随货证明"))
    ] = Proof.NONE,
    arrived_on: Annotated[
        date | None, Asked(DayField(null=True, verbose_name="到货日期"), "不填为今天")
    ] = None,
    temperature: Annotated[
        Decimal | None, Asked(TemperatureField(null=True, verbose_name="冷藏到货℃"), "没有的不填")
    ] = None,
    frozen: Annotated[
        Decimal | None, Asked(TemperatureField(null=True, verbose_name="冷冻到货℃"), "没有的不填")
    ] = None,
    signed: Annotated[bool, Asked(FlagField(default=True, verbose_name="送货单已签收"))] = True,
) -> receiving.Received:
    """Take in what one supplier brought, of one order or several; what is rejected waits for consent.

    Raises:
        RowRefused: the goods are not kept in stock, their dates cannot be, they are warmer than the rules of
            the store let them be, or the order refuses them (`models.suppliers.receiving.receive`).
        RuleBroken: the goods are of several suppliers, of one that may not deliver any more, chilled goods
            have no temperature, or the person ordered them himself.
        BadInput: the day lies ahead.
    """
    day = past_day(arrived_on, "到货日期", "arrived_on")
    items = [_item(row["line"].goods, number) for number, row in enumerate(rows)]
    for number, (item, row) in enumerate(zip(items, rows, strict=True)):
        _check_dates(item, row, number, day)
    _refuse_supplier(rows)
    _check_temperatures(items, rows, {Storage.COOL: temperature, Storage.FROZEN: frozen})
    done = receiving.take(rows, note_number, day)
    for receipt in done.receipts:
        StoreReceipt.add(
            receipt=receipt, deliverer=deliverer, signed=signed, proof=proof, temperature=temperature,
            frozen=frozen,
        )  # fmt: skip
    for item, row in zip(items, rows, strict=True):
        _take_in(_lot_of(row["line"], done.receipts), item, _dates(item, row), row.get("maker"))
    return done


def _check_temperatures(
    items: Sequence[StockItem], rows: Sequence[Mapping[str, Any]], measured: Mapping[Storage, Decimal | None]
) -> None:
    for number, (item, row) in enumerate(zip(items, rows, strict=True)):
        if item.storage is Storage.DRY:
            continue
        degrees = measured[item.storage]
        if degrees is None:
            name = "temperature" if item.storage is Storage.COOL else "frozen"
            kept = item.storage.name_of
            raise BadInput(f"{item.label()} 是{kept}的，请测量并填写{kept}到货温度。", name)
        if _good(row) and (warm := too_warm(item, degrees)):
            told = f"{warm}。请填合格 0，不合格原因选“温度不符”。"
            raise RowRefused(told, ROWS, number, "accepted")


def _check_dates(item: StockItem, row: Mapping[str, Any], number: int, day: date) -> None:
    if (row.get("shelf") is None) != (row.get("shelf_unit") is None):
        raise RowRefused("保质期的数字和单位要一起填，例如 12、月。", ROWS, number, "shelf")
    good = bool(_good(row))
    problem, column = _dates(item, row).wrong(item, day, old=not good, needed=good)
    if problem:
        raise RowRefused(f"{problem}。", ROWS, number, column)


def _good(row: Mapping[str, Any]) -> Decimal:
    return Decimal(row["delivered"] if row.get("accepted") is None else row["accepted"])


def _dates(item: StockItem, row: Mapping[str, Any]) -> Dates:
    names = ("made_on", "shelf", "shelf_unit", "expires_on")
    return Dates(item, *(row.get(name) for name in names))


def _item(goods: Goods, number: int) -> StockItem:
    found: StockItem | None = StockItem.get_or_none(StockItem.goods == goods)
    if found is None or not found.active:
        told = f"{goods.label()} 不是库存物品，请在“供方评价”的“到货验收”里验收，或先“纳入库存”。"
        raise RowRefused(told, ROWS, number, "line")
    return found


def _refuse_supplier(rows: Sequence[Mapping[str, Any]]) -> None:
    """Refuse what a supplier brings that may not deliver any more, whatever was ordered (c04.a.02)."""
    supplier = rows[0]["line"].order.supplier
    told = standing(supplier, [], now().date())
    if told.never:
        raise RuleBroken(f"{told.never.split('。')[0]}。这批货不能入库，请拒收并告诉采购员。")


def _lot_of(line: OrderLine, receipts: Sequence[GoodsReceipt]) -> ReceiptLine:
    """Return the lot that a receipt just made of a line of an order."""
    mine = (ReceiptLine.order_line == line) & ReceiptLine.receipt.in_(list(receipts))
    found: ReceiptLine = ReceiptLine.select().where(mine).get()
    return found


def _take_in(received: ReceiptLine, item: StockItem, dates: Dates, maker: str | None) -> None:
    """Write the lot of what came, and take in what was accepted of it."""
    receipt, whole = received.receipt, item.issued(received.accepted)
    lot = bring_in(
        received.code, item, dates, receipt.arrived_on, _price(received, item), supplier=receipt.supplier,
        received=received, maker=maker,
    )  # fmt: skip
    if whole:
        post(lot, MoveKind.RECEIPT, whole, receipt.arrived_on, receipt.number, worth=received.amount)


def _price(received: ReceiptLine, item: StockItem) -> Decimal:
    """Return in 元 what a unit of issue costs, of goods that are priced by units of purchase."""
    return from_scaled(divide_half_up(to_scaled(received.price, 4) * 1000, to_scaled(item.per, 3)), 4)


# -- the sheet -------------------------------------------------------------------------------------


@entry(
    "stock_receiving",
    "入库验收",
    "canteen.receive",
    ROWS,
    ("delivered", "accepted", "made_on", "expires_on", "maker", "defect", "words"),
    "supplier",
)
def stock_receiving(filters: Filters) -> Sheet:
    """What is still to come of what is kept in stock, what is due first on top."""
    open_ones = receiving.to_come(filters, stocked=True)
    items = {one.goods_id: one for one in StockItem.select() if one.active}
    lines = [
        Line(
            one.code,
            (one.code, one.order.supplier.name, one.goods.label(), one.open, one.goods.unit),
            {"line": one, "item": items.get(one.goods_id)},
            {"delivered": one.open},
        )
        for one in open_ones
    ]
    return Sheet(
        told=tuple(shown for shown in receiving.TOLD if shown.name != "due"),  # there is much to type beside
        lines=lines,
        judge=_judge,
        follows=_follows,
        strict="delivered",
        warns="" if lines else "没有要入库的货。下了订单以后，未到的库存物品列在这里。",
    )


def _judge(line: Line, row: Mapping[str, Any]) -> str:
    if row.get("delivered") is None:
        return "没有填实到"
    today = now().date()
    item: StockItem | None = line.fixed["item"]
    if item is None:
        return receiving.wrong(line.fixed["line"], row, today)
    good = bool(_good(row))
    problem, column = _dates(item, row).wrong(item, today, old=not good, needed=good)
    return receiving.wrong(line.fixed["line"], row, today) or Strange.at(column, problem)


def _follows(line: Line, row: Mapping[str, Any]) -> str:
    """Tell until when it is good, and what is still to come."""
    until = _dates(line.fixed["item"], row).expires_on if line.fixed["item"] is not None else None
    return "，".join(
        filter(None, [f"{until} 到期" if until else "", receiving.follows(line.fixed["line"], row)])
    )
