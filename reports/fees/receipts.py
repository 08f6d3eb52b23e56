"""FE-06 收据: what was paid, for what, in three copies; a reprint says so, a void one is marked."""

from __future__ import annotations

from models.deeds import actor, refuse, within_scope
from models.errors import BadInput
from models.fees.cashier import count_prints
from models.fees.invoices import Invoice, invoice_of
from models.fees.payments import Payment, Receipt, ReceiptRow, ReceiptState
from models.fees.rights import RECEIVE
from models.fees.within import within
from models.money import capitals, thousands, to_scaled
from models.months import chinese_day
from models.owners.estate import Unit
from reports.numbered import numbers_in
from reports.paper import RECEIPT, Column, Field, Form, Sheet, Sign, Total, declare, open_total
from reports.papers import Filled, PaperRequest, paper

FORM = declare(
    Form(
        code="FE-06",
        title="收据",
        module="fees",
        paper=RECEIPT,
        lead=(Field("on", Receipt.on, kind="date"),),
        head=(
            Field("payer", Receipt.payer_name, span=4),
            Field("unit", Unit.code, span=3),
            Field("method", Payment.method, span=5, choices=("现金", "转账", "微信", "支付宝", "POS")),
            Field("reference", Payment.reference, span=7),
            Field("balance", "预存余额（元）", span=5, kind="money"),
        ),
        columns=(
            Column(ReceiptRow.item, 58),
            Column(ReceiptRow.span, 43, "center"),
            Column(ReceiptRow.quantity, 25, "number"),
            Column(ReceiptRow.price, 35, "number"),
            Column("金额（元）", 60, "money"),
        ),
        min_rows=6,
        size=9.5,
        totals=(open_total("合计", 5, [4]), Total("人民币（大写）", text="人民币")),
        notes=("本收据不作发票使用，需发票凭本收据换开。",),
        signatures=(Sign("收款单位（财务章）", 40, 12), "收款人", "开票人", "交款人"),
        copies=("存根联", "客户联", "记账联"),
        number_rule="SJ-YYYY-NNNNNN",
        retention="R30",
    )
)


@paper("FE-06", RECEIVE, "number", "unit", "period")
def receipts(request: PaperRequest) -> Filled:
    """Fill in receipts by their numbers, or those of a unit or a period; what was printed is counted."""
    wanted = _wanted(request)
    sheets = (sheet_of(receipt, receipt.prints, request.printed_by) for receipt in wanted)
    return Filled(sheets, len(wanted), printed=lambda out: count_prints([wanted[number] for number in out]))


def sheet_of(receipt: Receipt, again: int, printed_by: str) -> Sheet:
    """Return the sheet of a receipt; `again` is how often it was printed before."""
    payment = receipt.payment
    void = receipt.state is ReceiptState.VOID
    invoice = invoice_of(receipt)
    return Sheet(
        FORM,
        number=receipt.number,
        values={
            "on": receipt.on,
            "payer": receipt.payer_name,
            "unit": receipt.unit.chinese,
            "method": payment.method.value,
            "reference": payment.reference,
            "balance": receipt.balance,
        },
        rows=[
            (row.item, row.span, row.quantity, row.price, row.amount)
            for row in receipt.rows.order_by(ReceiptRow.position)
        ],
        totals=(
            Total("合计", (None, None, None, None, receipt.amount)),
            Total("人民币（大写）", text="人民币" + capitals(to_scaled(receipt.amount, 2))),
        ),
        notes=_notes(receipt, invoice),
        signed={"收款人": payment.made_by, "开票人": printed_by},
        watermark="作废" if void else _mark(receipt, again, invoice),
    )


def _wanted(request: PaperRequest) -> list[Receipt]:
    if request.number is not None:
        found = list(map(Receipt.find, numbers_in(request.number)))
        for receipt in found:
            if not within_scope(receipt, actor(), RECEIVE):
                refuse("fees.count_prints", f"收据 {receipt.number} 不在您负责的范围内，不能打印。")
        return found
    if request.unit is None and request.period is None:
        raise BadInput("请写明收据号，或房号，或日期，例如 SJ-2026-000123。", "number")
    query = Receipt.select().where(Receipt.id > 0, *within(Receipt.unit, unit=request.unit, right=RECEIVE))
    if request.period is not None:
        query = query.where(Receipt.on.between(request.period.first, request.period.last))
    return list(query.order_by(Receipt.number))


def _mark(receipt: Receipt, again: int, invoice: Invoice | None) -> str:
    """Return what stands across a receipt that is not void: reversed, exchanged, printed before."""
    marks = ["已红冲"] if receipt.state is ReceiptState.REVERSED else []
    marks += ["已换开"] if invoice is not None else []
    return "　".join([*marks, *([f"补打第 {again} 次"] if again else [])])


def _notes(receipt: Receipt, invoice: Invoice | None) -> list[str]:
    told = []
    payment = receipt.payment
    if payment.given is not None and payment.given != payment.amount:
        whole = "" if payment.amount == receipt.amount else f"共收 {thousands(payment.amount)} 元，"
        told.append(
            f"{whole}收到现金 {thousands(payment.given)} 元，找零 {thousands(payment.change_given)} 元。"
        )
    if invoice is not None:
        told.append(f"已换开发票 {invoice.number}（{chinese_day(invoice.on)}），本收据不再作报销凭证。")
    if receipt.state is ReceiptState.REVERSED:
        red = Receipt.get(Receipt.reverses == receipt)
        told.append(
            f"本收据已由 {red.number}（{chinese_day(red.on)}）红冲，不再有效：{receipt.void_reason}。"
        )
    if receipt.reverses is not None:
        told.append(f"红冲收据 {receipt.reverses.number}。")
    if receipt.state is ReceiptState.VOID:
        when = f"{chinese_day(receipt.voided_at)} {receipt.voided_at:%H:%M}"
        told.append(
            f"本收据已作废：{receipt.void_reason}（{receipt.voided_by}，{when}）。三联收齐后订在存根上。"
        )
    return told
