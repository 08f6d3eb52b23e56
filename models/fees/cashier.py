"""收银: take money, give receipts, void one on its day, set a balance off, close the day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated

from models.base import journal
from models.clock import now
from models.deeds import actor, deed, within_scope
from models.errors import BadInput, RuleBroken
from models.fees import settle, shifts
from models.fees.bills import Bill
from models.fees.invoices import check_not_exchanged
from models.fees.payments import (
    AT_THE_COUNTER,
    BalanceEntry,
    BalanceKind,
    Method,
    Payment,
    Receipt,
    ReceiptRow,
    ReceiptState,
    SetOff,
    SetOffReversal,
    closing_of,
)
from models.fees.rights import RECEIVE, SET_OFF, VOID
from models.fees.seals import check_unsealed
from models.fees.setting_off import SET_OFFS
from models.fees.settle import Part, RowText
from models.fields import ChoiceField, DayField, LineField, LinkField, LinksField, MoneyField
from models.inputs import Asked
from models.money import to_scaled
from models.owners.estate import Unit
from models.owners.payees import payers_on
from models.owners.people import Person
from models.series import Series

RECEIPTS = Series("SJ", "收据", digits=6, yearly=True)

NONE = Decimal(0)
_MOST_CHANGE = Decimal(1000)
"""Nobody hands over so much more than he pays: the largest note is 100 元."""
AskedUnit = Annotated[Unit, Asked(LinkField(Unit, verbose_name="房号"))]
AskedPayer = Annotated[
    Person | None, Asked(LinkField(Person, null=True, verbose_name="付款人"), "不填为现在交费的人")
]
AskedBills = Annotated[
    list[Bill] | None, Asked(LinksField(Bill, null=True, verbose_name="指定账单"), "不填从最早的收起")
]
AskedDay = Annotated[date | None, Asked(DayField(null=True, verbose_name="日期"), "不填为今天")]
AskedAmount = Annotated[Decimal, Asked(MoneyField(verbose_name="收款金额"))]
AskedMethod = Annotated[
    Method,
    Asked(ChoiceField(Method, default=Method.CASH, only=AT_THE_COUNTER, verbose_name="收款方式")),
]
AskedUnits = Annotated[list[Unit] | None, Asked(LinksField(Unit, null=True, verbose_name="一并缴费房号"))]
AskedName = Annotated[str | None, Asked(LineField(max_length=60, null=True, verbose_name="交款人"))]
AskedGiven = Annotated[
    Decimal | None, Asked(MoneyField(null=True, verbose_name="收到现金"), "不填为正好，不找零")
]
AskedReference = Annotated[str | None, Asked(LineField(max_length=60, null=True, verbose_name="流水号"))]


@deed("fees.receive", "收款", RECEIVE)
def receive(
    unit: AskedUnit,
    amount: AskedAmount,
    method: AskedMethod = Method.CASH,
    on: AskedDay = None,
    payer: AskedPayer = None,
    bills: AskedBills = None,
    units: AskedUnits = None,
    payer_name: AskedName = None,
    reference: AskedReference = None,
    given: AskedGiven = None,
) -> Payment:
    """Take money on a unit, and on others with it, oldest debts first or on the lines chosen.

    What is left over becomes a balance of payer and unit; what was handed over beyond the amount is
    change. The money goes into the drawer of whoever takes it.

    Raises:
        RuleBroken: the day is closed or lies ahead, nothing is paid, a chosen line is settled, or the same
            reference is booked already.
        BadInput: less cash was handed over than is taken.
    """
    on = on or date.today()
    check_day(on)
    if amount <= 0:
        raise BadInput("收款金额要大于零。请填写实际收到的金额。", "amount")
    _check_given(amount, method, given)
    if not shifts.is_apart():
        _refuse_known(unit, amount, method, reference)
    parts, left = settle.spread(amount, settle.chosen_lines([unit, *(units or ())], bills))
    payer = payer or _payer_of(unit, parts, left, on)
    name = payer_name or (payer.name if payer else None)
    payment = _pay(amount, method, on, payer, name, reference, given=given)
    for place in _places(unit, parts):
        mine = [part for part in parts if part.bill.unit == place]
        _issue(payment, place, mine, left if place == unit else NONE)
    shifts.received(payment)
    journal().subject = unit
    return payment


def take(
    unit: Unit,
    amount: Decimal,
    method: Method,
    on: date,
    payer: Person | None,
    reference: str | None = None,
    note: str | None = None,
) -> Payment:
    """Take money that settles nothing now and stays a payer's balance on a unit, with its receipt."""
    payment = _pay(amount, method, on, payer, payer.name if payer else None, reference, note)
    _issue(payment, unit, [], amount)
    shifts.received(payment)
    journal().subject = unit
    return payment


def _pay(
    amount: Decimal,
    method: Method,
    on: date,
    payer: Person | None,
    name: str | None,
    reference: str | None,
    note: str | None = None,
    given: Decimal | None = None,
) -> Payment:
    return Payment.add(
        on=on, payer=payer, payer_name=name, method=method, reference=reference, amount=amount,
        made_at=now(), made_by=actor().name, note=note, given=given,
    )  # fmt: skip


def _refuse_known(unit: Unit, amount: Decimal, method: Method, reference: str | None) -> None:
    """Refuse to take money whose reference was booked for the same house and as much, by whatever way.

    Raises:
        RuleBroken: it was; names the receipt.
    """
    if reference is None or method is Method.CASH:
        return
    mine = (Payment.reference == reference) & (Payment.amount == amount) & (Receipt.unit == unit)
    known = Receipt.select().join(Payment).where(mine & (Receipt.state == ReceiptState.ISSUED)).first()
    if known is not None:
        raise RuleBroken(
            f"流水号 {reference} 的 {amount:,.2f} 元已在收据 {known.number} 收过。请核对，不要重复收款。"
        )


def told_of_reference(reference: str) -> str:
    """Say which receipt that counts has a reference already; nothing where none has.

    Whose it is and how much is told only within the reach of the person acting.
    """
    mine = (Payment.reference == reference) & (Receipt.state == ReceiptState.ISSUED)
    query = Receipt.select(Receipt, Payment, Unit).join(Payment).switch(Receipt).join(Unit)
    known = query.where(mine).order_by(Receipt.id.desc()).first()
    if known is None:
        return ""
    seen = within_scope(known.unit, actor(), RECEIVE)
    whose = f"（{known.unit.code} {known.amount:,.2f} 元）" if seen else ""
    return f"流水号 {reference} 已在收据 {known.number}{whose}用过。"


def _check_given(amount: Decimal, method: Method, given: Decimal | None) -> None:
    """Refuse cash that does not cover what is taken, or that is no cash.

    Raises:
        BadInput: it is so.
    """
    if given is None:
        return
    if method is not Method.CASH:
        raise BadInput(f"收款方式是{method.value}，没有找零。请清空“收到现金”。", "given")
    if given - amount >= _MOST_CHANGE:
        raise BadInput(
            f"收到现金 {given:,.2f} 元，要找零 {given - amount:,.2f} 元，太多了。请核对收到现金和收款金额。",
            "given",
        )
    if given < amount:
        raise BadInput(
            f"收到现金 {given:,.2f} 元，不够收款 {amount:,.2f} 元。请核对，或改小收款金额。", "given"
        )


@deed("fees.void_receipt", "作废收据", VOID, danger=True, question="号码保留，账单恢复为未收。")
def void_receipt(
    receipt: Annotated[Receipt, Asked(LinkField(Receipt, verbose_name="收据"))],
    reason: Annotated[str, Asked(LineField(max_length=80, verbose_name="作废原因"))],
) -> Receipt:
    """Void a receipt before its day is closed; the number stays, what it settled is open again.

    Raises:
        RuleBroken: it is void, its day is closed, an invoice stands for it, or the balance that it left
            has been used.
    """
    if closing_of(receipt.on):
        raise RuleBroken(f"{receipt.on} 已日结，收据 {receipt.number} 不能作废。请用红冲更正。")
    if receipt.reverses is not None:
        raise RuleBroken(f"{receipt.number} 是红冲收据，不能作废。要恢复请重新收款。")
    check_not_exchanged(receipt)
    if receipt.payment.method is Method.DEBIT and not shifts.is_apart():
        raise RuleBroken(
            f"{receipt.number} 是代扣的收据，钱已由银行扣下，不能单张作废。"
            "回盘导错的，在“批次”里撤销那批回盘；要退的，日结后红冲。"
        )
    receipt.move_to(ReceiptState.VOID, void_reason=reason, voided_at=now(), voided_by=actor().name)
    settle.unsettle(receipt)
    _take_back_balance(receipt)
    payment = Payment.get_by_id(receipt.payment.id)
    payment.change(voided=payment.voided + receipt.amount)
    shifts.voided(receipt)
    return receipt


@deed("fees.count_prints", "打印收据", RECEIVE)
def count_prints(receipts: Annotated[list[Receipt], Asked(LinksField(Receipt, verbose_name="收据"))]) -> None:
    """Count one more print of each of these receipts; from the second on, one is 补打."""
    for receipt in receipts:
        receipt.change(prints=receipt.prints + 1)


@deed("fees.set_off", "预存抵扣", SET_OFF)
def set_off(
    unit: AskedUnit,
    payer: AskedPayer = None,
    bills: AskedBills = None,
    amount: Annotated[
        Decimal | None, Asked(MoneyField(null=True, verbose_name="抵扣金额"), "不填能抵多少抵多少")
    ] = None,
    on: AskedDay = None,
) -> SetOff:
    """Set a balance off against lines of its unit, oldest first or as chosen, without a new receipt.

    Args:
        unit: whose lines, and on which the balance lies.
        payer: whose balance; without him that of who pays now, else one that nobody is known to hold.
        bills: these lines alone.
        amount: so much of it; all that is open without it.
        on: the day, today without it.

    Raises:
        RuleBroken: the balance is smaller than the amount or somebody else's, or nothing is open.
    """
    on = on or date.today()
    check_day(on)
    lines = settle.chosen_lines([unit], bills)
    strange = [line.label() for line in lines if line.unit != unit]
    if strange:
        raise RuleBroken(f"{'、'.join(strange)} 不是 {unit.code} 的账单；预存只抵扣本房号的账单。")
    payer, held = settle.holder(unit, payer, on)
    if amount is not None and amount > held:
        raise RuleBroken(f"{unit.code} 的预存余额只有 {held:,.2f} 元，不能抵扣 {amount:,.2f} 元。")
    parts, _ = settle.spread(held if amount is None else amount, lines)
    if not parts:
        raise RuleBroken(f"{unit.code} 没有可抵扣的账单，或没有预存余额。")
    used = sum((part.amount for part in parts), start=NONE)
    made = SetOff.add(
        number=SET_OFFS.next(on), unit=unit, payer=payer, on=on, amount=used, made_by=actor().name
    )
    BalanceEntry.add(unit=unit, payer=payer, on=on, kind=BalanceKind.SET_OFF, amount=-used, set_off=made)
    settle.settle(parts, on, None, made)
    return made


@deed(
    "fees.reverse_set_off", "撤销抵扣", VOID, danger=True, question="单号保留，账单恢复为未收，预存退回原处。"
)  # fmt: skip
def reverse_set_off(
    set_off: Annotated[SetOff, Asked(LinkField(SetOff, verbose_name="抵扣单"))],
    reason: Annotated[str, Asked(LineField(max_length=80, verbose_name="撤销原因"))],
) -> SetOffReversal:
    """Take a set-off back before its day is closed: its lines are open and its balance is there again.

    Raises:
        RuleBroken: it is taken back already, or its day is closed.
    """
    if SetOffReversal.get_or_none(SetOffReversal.set_off == set_off):
        raise RuleBroken(f"抵扣单 {set_off.number} 已经撤销过，不必再做。")
    if closing_of(set_off.on):
        raise RuleBroken(f"{set_off.on} 已日结，抵扣单 {set_off.number} 不能撤销。请红冲它所抵的账单。")
    settle.unsettle(set_off)
    BalanceEntry.add(
        unit=set_off.unit, payer=set_off.payer, on=set_off.on, kind=BalanceKind.REVERSED,
        amount=set_off.amount, set_off=set_off,
    )  # fmt: skip
    return SetOffReversal.add(set_off=set_off, reason=reason, made_at=now(), made_by=actor().name)


def check_day(day: date) -> None:
    """Refuse money on a day that lies ahead or is closed, or in a month that is sealed.

    Raises:
        RuleBroken: it is one; says where the money goes instead.
    """
    if day > date.today():
        raise RuleBroken(f"{day} 还没有到，不能登记。请核对日期。")
    check_unsealed(day)
    if closing_of(day):
        other = "明天再办，或请会计重开日结" if day == date.today() else "记在今天，或请会计重开日结"
        raise RuleBroken(f"{day} 已日结，不能再记当日的收付和更正。请{other}。")


def _payer_of(unit: Unit, parts: list[Part], left: Decimal, on: date) -> Person | None:
    """Return who pays: who alone owes all that is settled, else whoever pays for the unit now.

    What is left over belongs to the one at the counter, not to an owner who sold and left debts.
    """
    owing = {part.bill.payer_id for part in parts}
    if len(owing) == 1 and not left and parts[0].bill.payer is not None:
        return parts[0].bill.payer
    return _person(payers_on(unit, on).payer_id)


def _person(number: int | None) -> Person | None:
    return None if number is None else Person.get_by_id(number)


def _places(unit: Unit, parts: list[Part]) -> list[Unit]:
    """Return the units that get receipts: the one named first, then those of the lines."""
    others = {part.bill.unit.id: part.bill.unit for part in parts if part.bill.unit != unit}
    return [unit, *sorted(others.values(), key=lambda other: other.sort_key)]


def _issue(payment: Payment, unit: Unit, parts: list[Part], prepaid: Decimal) -> None:
    """Give the receipts for a unit's share of a payment, six rows each."""
    held = settle.balance(unit, payment.payer) + prepaid
    for page in settle.pages(settle.receipt_rows(parts, prepaid)):
        receipt = _receipt(payment, unit, page, held)
        settle.settle([part for row in page for part in row.parts], payment.on, receipt)
        if page[-1].item == settle.PREPAID:
            BalanceEntry.add(
                unit=unit, payer=payment.payer, on=payment.on, kind=BalanceKind.RECEIVED, amount=prepaid,
                receipt=receipt,
            )  # fmt: skip


def _take_back_balance(receipt: Receipt) -> None:
    """Take back the balance that a receipt left.

    Raises:
        RuleBroken: it has been used since.
    """
    for entry in BalanceEntry.select().where(BalanceEntry.receipt == receipt):
        held = settle.balance(entry.unit, entry.payer)
        if held < entry.amount:
            raise RuleBroken(
                f"收据 {receipt.number} 的预存已经抵扣过，余额只有 {held:,.2f} 元，不能作废。请先撤销抵扣。"
            )
        BalanceEntry.add(
            unit=entry.unit, payer=entry.payer, on=receipt.on, kind=BalanceKind.VOID, amount=-entry.amount,
            receipt=receipt,
        )  # fmt: skip


def _receipt(payment: Payment, unit: Unit, page: Sequence[RowText], held: Decimal) -> Receipt:
    total = sum((row.amount for row in page), start=NONE)
    receipt = Receipt.add(
        number=RECEIPTS.next(payment.on), payment=payment, unit=unit, on=payment.on,
        payer_name=payment.payer_name, amount=total, balance=held,
    )  # fmt: skip
    told = ("receipt", "position", "item", "span", "quantity", "price", "amount")
    rows = [
        (receipt.id, position, row.item, row.span, row.quantity, row.price, to_scaled(row.amount, 2))
        for position, row in enumerate(page, start=1)
    ]
    settle.add_rows(ReceiptRow, told, rows)
    return receipt
