"""CA-02 入库单 and CA-03 验收不合格/退换货单: what came, what of it was taken, and what goes back."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from models.canteen.items import StockItem, Storage
from models.canteen.lots import StockLot
from models.canteen.receiving import Proof, StoreReceipt
from models.canteen.rights import VIEW
from models.canteen.shelf import ShelfUnit
from models.errors import BadInput
from models.money import capitals, to_scaled
from models.suppliers.goods import Goods, trimmed, worth
from models.suppliers.licences import papers_on
from models.suppliers.receipts import GoodsReceipt, ReceiptLine
from models.suppliers.register import Supplier
from models.suppliers.returns import GoodsReturn, Handling, ReturnState
from reports.numbered import asked_for
from reports.paper import A4, A5_LANDSCAPE, Column, Field, Form, Note, Sheet, Sign, Total, declare, open_total
from reports.paper.values import plain
from reports.papers import Filled, PaperRequest, paper

COPIES = ("存根联", "财务联", "供方联")
VALUED = ("计价", "库存按移动加权平均计价，入库按本批单价。")

INTAKE = declare(
    Form(
        code="CA-02",
        title="入库单",
        module="canteen",
        paper=A5_LANDSCAPE,
        lead=(Field("arrived_on", GoodsReceipt.arrived_on, kind="date"), Field("store", "库房")),
        head=(
            Field("supplier", "供方", span=8),
            Field("note_number", GoodsReceipt.note_number, span=4),
            Field("order", "订单计划", span=4),
            Field("papers", "索证", span=5, choices=("许可证", "合格证", "检验检疫")),
            Field("temperature", "到货温度℃", span=3),
        ),
        columns=(
            Column("序号", 8, "number"),
            Column(Goods.name, 26),
            Column("规格型号", 18),
            Column(Goods.unit, 9, "center"),
            Column("应收", 13, "number"),
            Column("实收", 13, "number"),
            Column("单价", 14, "number"),
            Column(ReceiptLine.amount, 17, "money"),
            Column("批号/生产日期", 20),
            Column("保质期", 11, "center"),
            Column(StockLot.expires_on, 18, "day"),
            Column("检验/储位", 19),
        ),
        min_rows=4,
        size=8,
        totals=(open_total("合计", 12, (7,)), Total("人民币（大写）", text="人民币")),
        notes=(VALUED,),
        signatures=tuple(Sign(label, 18, 8) for label in ("验收", "仓管", "送货人（送货单已签收）", "主管")),
        copies=COPIES,
        number_rule="RK-YYYYMM-NNN",
        retention="R30（财务联）/R3",
    )
)

BACK = declare(
    Form(
        code="CA-03",
        title="验收不合格/退换货单",
        module="canteen",
        paper=A4,
        lead=(Field("found_on", GoodsReturn.found_on, kind="date"), Field("state", GoodsReturn.state)),
        head=(
            Field("supplier", Supplier.name, span=8),
            Field("lot", "验收明细号", span=4),
            Field("consent", "经理同意", span=12),
        ),
        columns=(
            Column("序号", 8, "number"),
            Column(Goods.name, 22),
            Column("规格型号", 16),
            Column(Goods.unit, 9, "center"),
            Column(GoodsReturn.quantity, 13, "number"),
            Column("不合格类型", 16, "center"),
            Column("描述", 22),
            Column("照片号", 10),
            Column("处理", 13, "center"),
            Column("换货到期", 18, "day"),
            Column("换货验收", 13, "center"),
            Column("扣款（元）", 18, "money"),
        ),
        min_rows=6,
        totals=(open_total("合计", 12, (11,)),),
        notes=(
            "先经服务中心经理同意，再联系供方退换。退回的货按本批单价从货款中扣除，换货、让步接收的不扣。",
        ),
        signatures=(
            Sign("验收", 24, 12),
            Sign("服务中心经理同意", 30, 12),
            Sign("供方确认", 24, 12),
            Sign("仓管完结", 24, 12),
        ),
        copies=COPIES,
        number_rule="TH-YYYYMM-NNN",
        retention="R3",
    )
)


@paper("CA-02", VIEW, "number", "period")
def intakes(request: PaperRequest) -> Filled:
    """Fill in receipts of goods kept in stock by their numbers, or those of a period."""
    told = "入库单号或期间，例如 RK-202611-001、2026-11"
    stored = GoodsReceipt.id.in_(StoreReceipt.select(StoreReceipt.receipt))
    found = asked_for(request, GoodsReceipt, VIEW, GoodsReceipt.arrived_on, told, stored)
    return Filled(map(_intake, found), len(found))


def _told(receipt: GoodsReceipt) -> StoreReceipt:
    found: StoreReceipt | None = StoreReceipt.get_or_none(StoreReceipt.receipt == receipt)
    if found is None:
        raise BadInput(f"{receipt.number} 不是入库单：那批货没有进库。请在“到货记录”里查看。", "number")
    return found


def _intake(receipt: GoodsReceipt) -> Sheet:
    told, lines = _told(receipt), list(receipt.lines.order_by(ReceiptLine.id))
    lots = {lot.received_id: lot for lot in StockLot.select().where(StockLot.received.in_(lines))}
    total = sum(map(_amount, lines), Decimal("0.00"))
    supplier, order = receipt.supplier, receipt.order
    plans = dict.fromkeys(
        line.order_line.plan_line.plan.number for line in lines if line.order_line.plan_line
    )
    licences = papers_on(receipt.arrived_on, [supplier]).lacking.get(supplier.id)
    shown = [licences or "许可证", *([told.proof.value] if told.proof is not Proof.NONE else [])]
    return Sheet(
        INTAKE,
        number=receipt.number,
        values={
            "arrived_on": receipt.arrived_on, "store": "食堂仓库",
            "supplier": "，".join(filter(None, [supplier.name, supplier.address, supplier.phone])),
            "note_number": receipt.note_number, "order": "、".join([order.number, *plans]),
            "papers": "、".join(shown),
            "temperature": _degrees(told),
        },
        rows=[_row(number, line, lots[line.id]) for number, line in enumerate(lines, start=1)],
        totals=(
            Total("合计", (*(None,) * 7, total, *(None,) * 4)),
            Total("人民币（大写）", text=f"人民币{capitals(to_scaled(total, 2))}" if total else "零元"),
        ),
        notes=_rejected(lines),
        signed={
            "验收": receipt.made_by,
            "送货人（送货单已签收）": (told.deliverer or "") if told.signed else "",
        },
    )  # fmt: skip


def _degrees(told: StoreReceipt) -> str:
    """Return how warm cooled and frozen goods came: 冷藏4.0、冷冻-18.5."""
    measured = ((Storage.COOL, told.temperature), (Storage.FROZEN, told.frozen))
    return "、".join(f"{storage.name_of}{degrees}" for storage, degrees in measured if degrees is not None)


def _row(number: int, line: ReceiptLine, lot: StockLot) -> tuple[Any, ...]:
    goods, item = line.goods, lot.item
    made = "；".join(filter(None, [lot.maker, str(lot.made_on) if lot.made_on else None]))
    taken = line.accepted + line.conceded
    verdict = "让步" if line.conceded else "合格" if taken else "不合格"
    return (
        number, goods.name, goods.spec, goods.unit, plain(line.order_line.quantity), plain(taken),
        ReceiptLine.price.show(line.price), _amount(line), made, shelf_of(lot), lot.expires_on,
        f"{verdict}/{item.storage.value}",
    )  # fmt: skip


def _amount(line: ReceiptLine) -> Decimal:
    """Return in 元 what came into stock of a line: what was accepted, and what was conceded later."""
    return Decimal(line.amount) + worth(line.conceded, line.price)


def shelf_of(lot: StockLot) -> str:
    """Return how long a lot keeps: 12月; nothing where nobody said so."""
    unit: ShelfUnit | None = lot.shelf_unit
    return "" if lot.shelf is None or unit is None else f"{lot.shelf}{unit.value}"


def _rejected(lines: list[ReceiptLine]) -> list[Note]:
    """Tell what was rejected, in units of purchase, and by which return."""
    told = [
        f"{line.goods.label()} {trimmed(line.rejected)} {line.goods.unit}（{line.defect.value}）"
        + "、".join(one.number for one in line.returns)
        for line in lines
        if line.rejected
    ]
    return [("不合格", "；".join(told))] if told else []


@paper("CA-03", VIEW, "number", "period")
def returns(request: PaperRequest) -> Iterator[Sheet]:
    """Fill in returns by their numbers, or those of a period."""
    found = asked_for(
        request, GoodsReturn, VIEW, GoodsReturn.found_on, "退换货单号或期间，例如 TH-202611-001、2026-11"
    )
    return map(_return, found)


def _return(one: GoodsReturn) -> Sheet:
    goods = one.lot.goods
    waiting = one.state is ReturnState.WAITING
    cut = one.amount if one.handling is Handling.RETURN and one.accepted_before else Decimal("0.00")
    consent = "" if one.consented_at is None else f"{one.consented_by} {one.consented_at:%Y-%m-%d %H:%M}"
    done = one.state is ReturnState.DONE
    return Sheet(
        BACK,
        number=one.number,
        values={
            "found_on": one.found_on, "state": one.state.value, "supplier": one.supplier.name,
            "lot": one.lot.code, "consent": consent or "尚未同意，不得联系供方",
        },
        rows=[
            (
                1, goods.name, goods.spec, goods.unit, plain(one.quantity), one.defect.value, one.words, "",
                one.handling.value if one.handling else "", one.due, _replaced(one), cut or None,
            )
        ],
        totals=(Total("合计", (*(None,) * 11, cut)),),
        notes=[("办理结果", f"{one.result}（{one.done_on}）")] if done else [],
        signed={
            "验收": one.made_by,
            "服务中心经理同意": "" if one.state is ReturnState.REFUSED else one.consented_by or "",
        },
        watermark="草稿" if waiting else "未同意" if one.state is ReturnState.REFUSED else "",
    )  # fmt: skip


def _replaced(one: GoodsReturn) -> str:
    """Return whether what was exchanged is there: its lots, or that it came with the order."""
    if one.handling is not Handling.EXCHANGE:
        return ""
    lots = [lot for lot in one.replaced_by]
    if lots:
        item: StockItem = lots[0].item
        return f"已收 {item.told(sum((item.issued(lot.bought) for lot in lots), Decimal(0)))}"
    return "随订单补" if not one.accepted_before else "未到"
