"""发票登记: which invoice a receipt was exchanged for; the number is the tax platform's (forms.md B6).

The program gives no invoice numbers: it only keeps the one that the platform gave, so that nobody claims
the same money twice, by receipt and by invoice.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Annotated

from peewee import Case, fn

from models.base import Record, db, journal
from models.clock import now
from models.deeds import Actor, actor, deed, judges_scope, within_scope
from models.desk import Reminder, reminds
from models.errors import BadInput, RuleBroken
from models.fees.payments import Adjustment, Allocation, Receipt, ReceiptState
from models.fees.rights import INVOICE, VIEW
from models.fees.within import within
from models.fields import (
    ChoiceField,
    CodeField,
    CountField,
    DayField,
    LineField,
    LinkField,
    LinksField,
    MomentField,
    MoneyField,
)
from models.inputs import Asked
from models.listings import Filters, Listing, Shown, choice, listing
from models.money import from_scaled, thousands
from models.owners.estate import Unit

_DIGITS = (8, 20)
"""Digits of the number of a paper invoice, and of a digital one (forms.md B6.1)."""


class InvoiceState(Enum):
    """Follows from whether a red invoice names it, and from what became of the money; never stored."""

    ISSUED = "已换开"
    OWED = "应红冲"
    RED = "已红冲"


class Invoice(Record):
    """发票: one that the tax platform issued for receipts, and the red one that took it back."""

    number = CodeField(max_length=20, unique=True, verbose_name="发票号码")
    on = DayField(index=True, verbose_name="开票日期")
    buyer = LineField(max_length=60, verbose_name="购买方")
    amount = MoneyField(verbose_name="金额")
    made_at = MomentField(verbose_name="登记时间")
    made_by = LineField(max_length=60, verbose_name="登记人")
    red_number = CodeField(max_length=20, null=True, unique=True, verbose_name="红字发票号码")
    red_on = DayField(null=True, verbose_name="红字日期")
    reason = LineField(max_length=80, null=True, verbose_name="红冲原因")

    key_field = "number"

    class Meta:
        title = "发票"


class InvoicedReceipt(Record):
    """换开: a receipt for which an invoice was issued."""

    invoice = LinkField(Invoice, backref="receipts", verbose_name="发票号码")
    receipt = LinkField(Receipt, backref="invoices", verbose_name="收据")

    class Meta:
        title = "换开"

    def label(self) -> str:
        """Return the numbers of both."""
        return f"{self.receipt.number} → {self.invoice.number}"


@judges_scope(Invoice)
def _as_its_receipts(invoice: Invoice, person: Actor, right: str) -> bool:
    return all(within_scope(one.receipt, person, right) for one in invoice.receipts)


@deed("fees.record_invoice", "登记发票", INVOICE)
def record_invoice(
    receipts: Annotated[list[Receipt], Asked(LinksField(Receipt, verbose_name="收据"))],
    number: Annotated[str, Asked(CodeField(max_length=20, verbose_name="发票号码"))],
    buyer: Annotated[
        str | None, Asked(LineField(max_length=60, null=True, verbose_name="购买方"), "不填为交款人")
    ] = None,
    on: Annotated[date | None, Asked(DayField(null=True, verbose_name="开票日期"), "不填为今天")] = None,
    amount: Annotated[
        Decimal | None,
        Asked(MoneyField(null=True, verbose_name="金额"), "不填为收据合计，退过的不算"),
    ] = None,
) -> Invoice:
    """Keep the number of the invoice for which receipts were exchanged; they are 已换开 from then on.

    Raises:
        BadInput: the number is no invoice's, nobody is named, the day lies ahead, or the amount is more than
            that of the receipts.
        RuleBroken: a receipt is void, reversed, red or exchanged already, or the number is known.
    """
    on = on or date.today()
    if on > date.today():
        raise BadInput(f"开票日期 {on} 还没有到。请核对。", "on")
    _check_number(number, "number")
    receipts = list({receipt.id: receipt for receipt in receipts}.values())
    if not receipts:
        raise BadInput("没有写收据号。请写明换开了哪几张收据。", "receipts")
    for receipt in receipts:
        _check_exchangeable(receipt)
    buyer = buyer or receipts[0].payer_name
    if buyer is None:
        raise BadInput("收据没有交款人。请填写发票的购买方。", "buyer")
    total = sum((Decimal(receipt.amount) - given_back(receipt) for receipt in receipts), start=Decimal(0))
    amount = total if amount is None else amount
    if not 0 < amount <= total:
        told = f"金额要大于 0，不超过收据合计（退过的不算）{thousands(total)} 元"
        raise BadInput(f"{told}。请照发票填写。", "amount")
    made = Invoice.add(number=number, on=on, buyer=buyer, amount=amount, made_at=now(), made_by=actor().name)
    for receipt in receipts:
        InvoicedReceipt.add(invoice=made, receipt=receipt)
    journal().subject = made
    return made


@deed("fees.record_red_invoice", "登记红字发票", INVOICE, danger=True, question="收据恢复为没有换开。")
def record_red_invoice(
    invoice: Annotated[Invoice, Asked(LinkField(Invoice, verbose_name="发票号码"))],
    red_number: Annotated[str, Asked(CodeField(max_length=20, verbose_name="红字发票号码"))],
    reason: Annotated[str, Asked(LineField(max_length=80, verbose_name="红冲原因"))],
    on: Annotated[date | None, Asked(DayField(null=True, verbose_name="红字日期"), "不填为今天")] = None,
) -> Invoice:
    """Keep the number of the red invoice that took one back; its receipts stand as before.

    Raises:
        BadInput: the number is no invoice's, or the day lies ahead or before the invoice.
        RuleBroken: it is taken back already, or the number is known.
    """
    on = on or date.today()
    if not invoice.on <= on <= date.today():
        raise BadInput(f"红字日期 {on} 要在开票日期 {invoice.on} 到今天之间。请核对。", "on")
    if invoice.red_number is not None:
        raise RuleBroken(f"发票 {invoice.number} 已由 {invoice.red_number} 红冲，不必再做。")
    _check_number(red_number, "red_number")
    return invoice.change(red_number=red_number, red_on=on, reason=reason)


def invoice_of(receipt: Receipt) -> Invoice | None:
    """Return the invoice for which a receipt was exchanged and which stands."""
    query = Invoice.select().join(InvoicedReceipt).where(InvoicedReceipt.receipt == receipt)
    found: Invoice | None = query.where(Invoice.red_number.is_null()).first()
    return found


def given_back(receipt: Receipt) -> Decimal:
    """Return what corrections gave back, in 元, of the lines that a receipt settled, no more than that."""
    settled = Allocation.select(Allocation.bill, fn.SUM(Allocation.amount)).where(
        (Allocation.receipt == receipt) & (Allocation.live == True)
    )
    of_lines = dict(db.execute(settled.group_by(Allocation.bill)))
    back = Allocation.select(Allocation.bill, fn.SUM(Allocation.amount)).where(
        Allocation.bill.in_(list(of_lines)) & Allocation.adjustment.is_null(False) & (Allocation.amount < 0)
    )
    fen = sum(min(of_lines[line], -less) for line, less in db.execute(back.group_by(Allocation.bill)))
    return from_scaled(fen, 2)


def check_not_exchanged(receipt: Receipt) -> None:
    """Refuse to take a receipt back while an invoice stands for it.

    Raises:
        RuleBroken: one does.
    """
    invoice = invoice_of(receipt)
    if invoice is not None:
        raise RuleBroken(
            f"收据 {receipt.number} 已换开发票 {invoice.number}。请先在税务平台开红字发票并登记，再办。"
        )


def _check_number(number: str, field: str) -> None:
    if not number.isascii() or not number.isdigit() or len(number) not in _DIGITS:
        raise BadInput(
            f"发票号码“{number}”不对：数电发票是 20 位数字，纸质发票是 8 位数字。请照发票抄写。", field
        )
    if Invoice.get_or_none((Invoice.number == number) | (Invoice.red_number == number)):
        raise RuleBroken(f"发票号码 {number} 已经登记过。请核对。")


def _check_exchangeable(receipt: Receipt) -> None:
    if receipt.state is not ReceiptState.ISSUED or receipt.amount <= 0:
        told = receipt.state.value if receipt.amount > 0 else "红冲收据"
        raise RuleBroken(f"{receipt.number} 是{told}，不能换开发票。")
    found = invoice_of(receipt)
    if found is not None:
        raise RuleBroken(f"收据 {receipt.number} 已换开发票 {found.number}，不能再开。")


_BACK = Allocation.alias()
_GAVE_BACK = fn.EXISTS(
    InvoicedReceipt.select()
    .join(Allocation, on=(Allocation.receipt == InvoicedReceipt.receipt) & (Allocation.live == True))
    .join(_BACK, on=(_BACK.bill == Allocation.bill) & (_BACK.amount < 0))
    .join(Adjustment, on=_BACK.adjustment == Adjustment.id)
    .where((InvoicedReceipt.invoice == Invoice.id) & (Adjustment.made_at >= Invoice.made_at))
)
"""Whether a correction gave back money of a line since the invoice for it was registered."""
_STATES = {
    InvoiceState.RED: Invoice.red_number.is_null(False),
    InvoiceState.OWED: Invoice.red_number.is_null() & _GAVE_BACK,
    InvoiceState.ISSUED: Invoice.red_number.is_null() & ~_GAVE_BACK,
}
_STATE = Case(None, [(condition, state.name) for state, condition in _STATES.items()])
_VALID = Case(None, ((Invoice.red_number.is_null(), Invoice.amount),), 0)


@listing("invoices", "发票登记", "fees", VIEW, "period", "unit", "building", "on", "state")
def invoices(filters: Filters) -> Listing:
    """Invoices by day, newest first, with the receipts they stand for."""
    mine = InvoicedReceipt.select(InvoicedReceipt.invoice).join(Receipt)
    query = Invoice.select()
    reach = within(Receipt.unit, unit=filters.unit, building=filters.building)
    if reach:
        query = query.where(Invoice.id.in_(mine.where(*reach)))
    query = filters.narrow(query, period=Invoice.on, on=Invoice.on)
    if filters.state:
        query = query.where(_STATES[choice(InvoiceState, filters.state)])
    of_this = InvoicedReceipt.select().join(Receipt).where(InvoicedReceipt.invoice == Invoice.id)
    house = of_this.select(fn.MIN(Unit.code)).join(Unit, on=(Receipt.unit == Unit.id))
    columns = (
        Shown("number", Invoice.number),
        Shown("on", Invoice.on),
        Shown("buyer", Invoice.buyer),
        Shown("amount", Invoice.amount, total=False),
        Shown("valid", MoneyField(verbose_name="有效金额"), _VALID),
        Shown("receipt", Receipt.number, of_this.select(fn.MIN(Receipt.number)), label="首张收据"),
        Shown("receipts", CountField(verbose_name="张数"), of_this.select(fn.COUNT(Receipt.id))),
        Shown("unit", Unit.code, house, label="房号"),
        Shown("state", ChoiceField(InvoiceState, verbose_name="状态"), _STATE, status=True),
        Shown("red_number", Invoice.red_number),
        Shown("made_by", Invoice.made_by),
    )
    return Listing(
        query, columns, id=Invoice.id, order=("-on", "number"), record=Invoice,
        search=(Invoice.number, Invoice.buyer),
        tones={
            InvoiceState.ISSUED.value: "ok",
            InvoiceState.OWED.value: "warning",
            InvoiceState.RED.value: "plain",
        },
    )  # fmt: skip


@reminds(INVOICE)
def invoices_to_take_back(day: date) -> Iterator[Reminder]:
    """Remind of invoices whose money a correction gave back: the platform wants a red one (forms.md B4.6)."""
    listed = invoices(Filters(state=InvoiceState.OWED.value))
    count = listed.count()
    if count:
        state = {"state": InvoiceState.OWED.value}
        yield Reminder(f"{count} 张发票的账款已退回，应开红字发票", "warning", "invoices", state, count)
