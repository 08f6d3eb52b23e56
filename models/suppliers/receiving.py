"""验收: goods that came are received, fast, by a sheet of what is still to come.

Whoever ordered does not receive (采购≠验收); what is rejected waits for the manager's consent in
`models.suppliers.returns`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Annotated, Any

from models.base import journal
from models.clock import now, past_day
from models.deeds import actor, deed
from models.entries import Line, Sheet, entry
from models.errors import RuleBroken
from models.fields import ChoiceField, CodeField, DayField, LineField, LinkField, StockField
from models.inputs import Asked, Input
from models.listings import Filters, Shown
from models.office.approvals import is_own
from models.rows import RowRefused, RowsField
from models.suppliers.goods import Goods, trimmed, worth
from models.suppliers.orders import OrderLine, OrderState, PurchaseOrder
from models.suppliers.receipts import RECEIPTS, Defect, GoodsReceipt, ReceiptLine, count_in
from models.suppliers.register import Supplier
from models.suppliers.returns import reject
from models.suppliers.rights import RECEIVE

ROWS = "rows"


def _inputs() -> list[Input]:
    return [
        Input("line", LinkField(OrderLine, verbose_name="订单明细"), required=True),
        Input("delivered", StockField(verbose_name="实到"), required=True),
        Input(
            "accepted", StockField(null=True, verbose_name="合格"), required=False, without="不填为全部合格"
        ),
        Input("defect", ChoiceField(Defect, null=True, verbose_name="不合格原因"), required=False),
        Input("words", LineField(max_length=80, null=True, verbose_name="说明"), required=False),
    ]


class Received:
    """What was received in one go."""

    def __init__(self, receipts: Sequence[GoodsReceipt], rejected: int) -> None:
        self.receipts, self.rejected = receipts, rejected

    def done(self) -> str:
        """Return 已验收 2 张订单的到货."""
        return f"已验收 {len(self.receipts)} 张订单的到货"

    def summary(self) -> str:
        """Return the numbers, and what waits for consent."""
        told = "、".join(one.number for one in self.receipts)
        waits = f"，{self.rejected} 项不合格等经理同意退换" if self.rejected else ""
        return f"{told}{waits}。"


@deed("suppliers.receive", "到货验收", RECEIVE)
def receive(
    rows: Annotated[list[dict[str, Any]], Asked(RowsField(_inputs, verbose_name="到货"))],
    note_number: Annotated[
        str | None, Asked(CodeField(max_length=40, null=True, verbose_name="送货单号"))
    ] = None,
    arrived_on: Annotated[
        date | None, Asked(DayField(null=True, verbose_name="到货日期"), "不填为今天")
    ] = None,
) -> Received:
    """Receive what one supplier brought, of one order or several; what is rejected waits for consent.

    Raises:
        RowRefused: an order is over, a line stands twice, more is accepted than came or than was ordered,
            or something is rejected without a reason.
        RuleBroken: the goods are of several suppliers, or the person ordered them himself.
        BadInput: the day lies ahead.
    """
    day = past_day(arrived_on, "到货日期", "arrived_on")
    for number, row in enumerate(rows):
        if row["line"].goods.stocked:
            told = f"{row['line'].goods.label()} 是库存物品，请在“食堂仓库”的“入库验收”里收货。"
            raise RowRefused(told, ROWS, number, "line")
    return take(rows, note_number, day)


def take(rows: Sequence[Mapping[str, Any]], note_number: str | None, day: date) -> Received:
    """Receive what one supplier brought, whoever does it; for deeds, which raise what `receive` does."""
    _check(rows, day)
    made, rejected = [], 0
    for order in {row["line"].order_id: row["line"].order for row in rows}.values():
        mine = [row for row in rows if row["line"].order_id == order.id]
        receipt, bad = _take(order, mine, note_number, day)
        made.append(receipt)
        rejected += bad
    journal().subject = made[0]
    return Received(made, rejected)


def _check(rows: Sequence[Mapping[str, Any]], day: date) -> None:
    seen: set[int] = set()
    first: PurchaseOrder = rows[0]["line"].order
    for number, row in enumerate(rows):
        line: OrderLine = row["line"]
        if line.order.supplier_id != first.supplier_id:
            raise RuleBroken(
                f"{line.order.supplier.name} 和 {first.supplier.name} 的到货要分开验收，一家一次。"
            )
        if line.id in seen:
            raise RowRefused(f"{line.label()} 写了两行。请合成一行。", ROWS, number, "line")
        seen.add(line.id)
        problem = wrong(line, row, day)
        if problem:
            raise RowRefused(problem, ROWS, number, "delivered")
    if any(is_own(buyer) for buyer in {row["line"].order.buyer for row in rows}):
        raise RuleBroken("这些物品是您自己采购的，要由别人验收。请交给使用部门或仓库验收。")


def wrong(line: OrderLine, row: Mapping[str, Any], day: date) -> str:
    """Return why a line cannot be received so; empty where it can."""
    delivered, accepted = row["delivered"], row.get("accepted")
    good = delivered if accepted is None else accepted
    if line.order.state is not OrderState.OPEN:
        return f"订单 {line.order.number} {line.order.state.value}，不能再验收"
    if day < line.order.ordered_on:
        return f"到货日期 {day} 早于下单日期 {line.order.ordered_on}"
    if not delivered:
        return "实到是零，没有到的不用填"
    if good > delivered:
        return f"合格 {trimmed(good)} 多于实到 {trimmed(delivered)}"
    if good < delivered and row.get("defect") is None:
        return "有不合格的，请选不合格原因"
    if good > line.most:
        told = f"订购 {trimmed(line.quantity)}、已收 {trimmed(line.accepted)}"
        return f"{told}，最多再收 {trimmed(line.most)}；多送的请退回"
    return ""


def _take(
    order: PurchaseOrder, rows: Iterable[Mapping[str, Any]], note_number: str | None, day: date
) -> tuple[GoodsReceipt, int]:
    """Write a receipt of one order; return it with how many of its lines were rejected in part."""
    receipt = GoodsReceipt.add(
        number=RECEIPTS.next(now().date()), order=order, supplier=order.supplier, arrived_on=day,
        note_number=note_number, made_at=now(), made_by=actor().name,
    )  # fmt: skip
    bad = 0
    for position, row in enumerate(rows, start=1):
        line: OrderLine = row["line"]
        good = row["delivered"] if row.get("accepted") is None else row["accepted"]
        lot = ReceiptLine.add(
            receipt=receipt, code=f"{receipt.number}/{position}", order_line=line, goods=line.goods,
            delivered=row["delivered"], accepted=good, rejected=row["delivered"] - good,
            defect=row.get("defect") if good < row["delivered"] else None, words=row.get("words"),
            price=line.price, amount=worth(good, line.price),
        )  # fmt: skip
        count_in(line, row["delivered"], good, day)
        if lot.rejected:
            reject(lot)
            bad += 1
    return receipt, bad


TOLD = (
    Shown("code", CodeField(max_length=24, verbose_name="明细号")),
    Shown("supplier", LineField(max_length=60, verbose_name="供方")),
    Shown("goods", LineField(max_length=80, verbose_name="物品")),
    Shown("due", DayField(verbose_name="约定到货")),
    Shown("open", StockField(verbose_name="未到")),
    Shown("unit", LineField(max_length=8, verbose_name="单位")),
)
"""What a sheet of goods to come tells of each line."""


@entry(
    "receiving",
    "到货验收",
    "suppliers.receive",
    ROWS,
    ("delivered", "accepted", "defect", "words"),
    "supplier",
)
def receiving(filters: Filters) -> Sheet:
    """What is still to come, what is due first on top; what is kept in stock the storekeeper receives."""
    lines = [
        Line(
            one.code,
            (one.code, one.order.supplier.name, one.goods.label(), one.order.due, one.open, one.goods.unit),
            {"line": one},
            {"delivered": one.open},
        )
        for one in to_come(filters, stocked=False)
    ]
    return Sheet(
        told=TOLD,
        lines=lines,
        judge=lambda line, row: (
            "没有填实到" if row.get("delivered") is None else wrong(line.fixed["line"], row, now().date())
        ),
        follows=lambda line, row: follows(line.fixed["line"], row),
        strict="delivered",
        warns="" if lines else "没有要到的货。下了订单以后，未到的列在这里。",
    )


def to_come(filters: Filters, *, stocked: bool) -> list[OrderLine]:
    """Return the lines of open orders that are not there whole, what is due first on top."""
    query = OrderLine.select(OrderLine, PurchaseOrder, Supplier, Goods).join(PurchaseOrder).join(Supplier)
    query = query.switch(OrderLine).join(Goods).where(PurchaseOrder.state == OrderState.OPEN)
    query = filters.narrow(query, supplier=PurchaseOrder.supplier).where(Goods.stocked == stocked)
    query = query.where(OrderLine.accepted < OrderLine.quantity)
    return list(query.order_by(PurchaseOrder.due, PurchaseOrder.number, OrderLine.id))


def follows(line: OrderLine, row: Mapping[str, Any]) -> str:
    """Return what is still to come of a line once this did."""
    good = row["delivered"] if row.get("accepted") is None else row["accepted"]
    short = line.open - good
    return f"还差 {trimmed(short)}" if short > 0 else "到齐"
