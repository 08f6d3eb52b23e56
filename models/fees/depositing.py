"""押金收退: take a deposit, deduct from it, give it back, void what was entered wrongly on its own day."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from models import text
from models.base import journal
from models.clock import now
from models.deeds import actor, deed
from models.errors import BadInput, RuleBroken
from models.fees import shifts
from models.fees.cashier import AskedDay, AskedMethod, AskedName, AskedReference, AskedUnit, check_day
from models.fees.deposits import (
    SERIES_OF,
    Deposit,
    DepositEntry,
    DepositKind,
    EntryKind,
    held,
    live_entries,
)
from models.fees.payments import AT_THE_COUNTER, Method, closing_of
from models.fees.pricelist import terms_of
from models.fees.rights import DEPOSITS, RECEIVE, VOID
from models.fields import (
    BankCardField,
    ChoiceField,
    DayField,
    LineField,
    LinkField,
    LinksField,
    MoneyField,
)
from models.inputs import Asked, Input
from models.money import thousands
from models.office.chains import Step, approvable
from models.owners.estate import Unit
from models.owners.payees import payers_on
from models.owners.people import Person
from models.rows import RowRefused, RowsField

NONE = Decimal(0)
_ROWS = "deductions"

AskedDeposit = Annotated[Deposit, Asked(LinkField(Deposit, verbose_name="押金"))]
AskedPayer = Annotated[
    Person | None, Asked(LinkField(Person, null=True, verbose_name="付款人"), "不填为现在交费的人")
]
AskedAgreed = Annotated[
    str | None, Asked(LineField(max_length=120, null=True, verbose_name="约定依据"), "不填按押金标准")
]
AskedDue = Annotated[date | None, Asked(DayField(null=True, verbose_name="应退日期"), "不填为待定")]
AskedNote = Annotated[str | None, Asked(LineField(max_length=120, null=True, verbose_name="备注"))]
AskedReason = Annotated[str, Asked(LineField(max_length=120, verbose_name="扣款事由"))]
AskedEntries = Annotated[list[DepositEntry], Asked(LinksField(DepositEntry, verbose_name="押金流水"))]


def _deductions() -> list[Input]:
    return [
        Input("reason", LineField(max_length=120, verbose_name="扣款事由"), required=True),
        Input("amount", MoneyField(verbose_name="扣款金额"), required=True),
    ]


@deed("fees.take_deposit", "收押金", RECEIVE)
def take_deposit(
    unit: AskedUnit,
    amount: Annotated[
        Decimal | None, Asked(MoneyField(null=True, verbose_name="押金金额"), "不填按押金标准")
    ] = None,
    kind: Annotated[
        DepositKind, Asked(ChoiceField(DepositKind, default=DepositKind.DECORATION, verbose_name="押金种类"))
    ] = DepositKind.DECORATION,
    agreed: AskedAgreed = None,
    method: AskedMethod = Method.CASH,
    on: AskedDay = None,
    payer: AskedPayer = None,
    payer_name: AskedName = None,
    refund_due: AskedDue = None,
    reference: AskedReference = None,
    note: AskedNote = None,
) -> Deposit:
    """Take a deposit on a unit; it is held for whoever paid it, a contractor by his name alone.

    Raises:
        RuleBroken: the day is closed or lies ahead.
        BadInput: nothing is paid, nobody pays, or a decoration deposit names no agreement (forms.md B12.2).
    """
    on = on or date.today()
    check_day(on)
    terms = terms_of(kind)
    amount = amount if amount is not None else (terms.amount if terms else None)
    agreed = agreed or (terms.agreed if terms else None)
    if amount is None:
        raise BadInput(f"没有填押金金额，{kind.value}也没有定押金标准。请填写金额。", "amount")
    _check_amount(amount, "押金金额")
    if kind is DepositKind.DECORATION and not agreed:
        raise BadInput(
            "装修押金要有约定才能收。请在“约定依据”写明管理规约或装修协议的条款，例如：装修管理协议第 5 条。",
            "agreed",
        )
    if refund_due is not None and refund_due < on:
        raise BadInput(f"应退日期 {refund_due} 早于收取日期 {on}。请核对。", "refund_due")
    payer, name = _who_pays(unit, payer, payer_name, on)
    made = Deposit.add(
        number=SERIES_OF[EntryKind.TAKEN].next(on), kind=kind, unit=unit, payer=payer, payer_name=name,
        amount=amount, on=on, agreed=agreed, refund_due=refund_due, note=note,
    )  # fmt: skip
    _write(made, EntryKind.TAKEN, amount, on, number=made.number, method=method, reference=reference)
    shifts.took_deposit(made.number, method, amount, on)
    journal().subject = made
    return made


@deed("fees.deduct_deposit", "押金扣款", DEPOSITS)
def deduct_deposit(
    deposit: AskedDeposit,
    reason: AskedReason,
    amount: Annotated[Decimal, Asked(MoneyField(verbose_name="扣款金额"))],
    on: AskedDay = None,
) -> DepositEntry:
    """Deduct from a deposit what its payer answers for.

    Raises:
        RuleBroken: the day is closed, lies ahead or before the last movement; less is held than that.
    """
    on = on or date.today()
    _check_movable(deposit, on)
    return _deduct(deposit, reason, amount, held(deposit), on)


@deed("fees.refund_deposit", "退押金", DEPOSITS)
def refund_deposit(
    deposit: AskedDeposit,
    deductions: Annotated[
        list[dict[str, Any]] | None, Asked(RowsField(_deductions, null=True, verbose_name="扣款"))
    ] = None,
    method: Annotated[
        Method, Asked(ChoiceField(Method, default=Method.CASH, only=AT_THE_COUNTER, verbose_name="退款方式"))
    ] = Method.CASH,
    on: AskedDay = None,
    receiver: Annotated[
        str | None, Asked(LineField(max_length=60, null=True, verbose_name="领款人"), "不填为交款人")
    ] = None,
    account: Annotated[
        str | None, Asked(BankCardField(max_length=40, null=True, verbose_name="退款账号"))
    ] = None,
    reference: AskedReference = None,
) -> DepositEntry:
    """Give a deposit back: first the deductions in the order given, then all that is left of it.

    Of the account only its last four digits are kept. Where nothing is left, the voucher says so.

    Raises:
        RuleBroken: it was given back already, or the day is closed, ahead or before the last movement.
        RowRefused: a deduction is more than what is left; nothing is written.
    """
    on = on or date.today()
    _check_movable(deposit, on)
    left = held(deposit)
    for number, row in enumerate(deductions or []):
        try:
            left += _deduct(deposit, row["reason"], row["amount"], left, on).amount
        except BadInput as problem:
            raise RowRefused(str(problem), _ROWS, number, "amount") from None
    paid: dict[str, Any] = {"method": method, "reference": reference} if left else {}
    if left and account:
        paid["account"] = text.mask_account(account)
    made = _write(deposit, EntryKind.REFUNDED, -left, on, receiver=receiver or deposit.payer_name, **paid)
    if left:
        shifts.paid_out(shifts.Moved.DEPOSIT, made.number, method, -left, on)
    return made


_BY_MANAGER = (Step("管理处主任", "主任"),)
approvable("fees.deduct_deposit", default=_BY_MANAGER, amount=lambda values: -values["amount"])
approvable("fees.refund_deposit", default=_BY_MANAGER, amount=lambda values: -held(values["deposit"]))


@deed("fees.set_refund_day", "定应退日期", DEPOSITS)
def set_refund_day(
    deposit: AskedDeposit,
    refund_due: Annotated[date, Asked(DayField(verbose_name="应退日期"))],
) -> Deposit:
    """Set the day by which a deposit shall be given back, as once the decoration is accepted.

    Raises:
        RuleBroken: nothing is held any more, or the day is before it was taken.
    """
    if not held(deposit):
        raise RuleBroken(f"押金 {deposit.number} 已没有在押金额，不用定应退日期。")
    if refund_due < deposit.on:
        raise BadInput(f"应退日期 {refund_due} 早于收取日期 {deposit.on}。请核对。", "refund_due")
    return deposit.change(refund_due=refund_due)


@deed("fees.void_deposit_entry", "作废押金单", VOID, danger=True, question="单号保留，金额恢复到这一笔之前。")
def void_deposit_entry(
    entry: Annotated[DepositEntry, Asked(LinkField(DepositEntry, verbose_name="押金流水"))],
    reason: Annotated[str, Asked(LineField(max_length=80, verbose_name="作废原因"))],
) -> DepositEntry:
    """Void the last movement of a deposit before its day is closed; its number stays.

    Raises:
        RuleBroken: it is void or voids another, a later one holds, or its day is closed.
    """
    deposit, told = entry.deposit, entry.label()
    if entry.reverses is not None or entry.reversal is not None:
        raise RuleBroken(f"{told} 已经作废过，不必再做。")
    if closing_of(entry.on):
        raise RuleBroken(f"{entry.on} 已日结，{told} 不能作废。请会计按更正处理。")
    last = live_entries(deposit)[-1]
    if last != entry:
        raise RuleBroken(f"{told} 之后还有 {last.number}。请先作废 {last.number}，再作废这一笔。")
    made = DepositEntry.add(
        deposit=deposit, on=entry.on, kind=entry.kind, amount=-entry.amount, reason=reason,
        method=entry.method, reverses=entry, made_at=now(), made_by=actor().name,
    )  # fmt: skip
    if entry.kind is not EntryKind.DEDUCTED:
        shifts.voided_deposit(entry.number, entry.method, -entry.amount, entry.on)
    journal().subject = entry
    return made


@deed("fees.count_deposit_prints", "打印押金收据", RECEIVE)
def count_deposit_prints(
    entries: AskedEntries,
) -> None:
    """Count one more print of each of these deposit receipts; from the second on, one is 补打."""
    _count(entries)


@deed("fees.count_refund_prints", "打印押金退还单", DEPOSITS)
def count_refund_prints(entries: AskedEntries) -> None:
    """Count one more print of each of these vouchers; from the second on, one is 补打."""
    _count(entries)


def _count(entries: list[DepositEntry]) -> None:
    for entry in entries:
        entry.change(prints=entry.prints + 1)


def _who_pays(unit: Unit, payer: Person | None, name: str | None, on: date) -> tuple[Person | None, str]:
    """Return who pays and his name; a name alone may be anybody's, as a contractor's."""
    if payer is None and name is None:
        number = payers_on(unit, on).payer_id
        payer = None if number is None else Person.get_by_id(number)
    name = name or (payer.name if payer else None)
    if name is None:
        raise BadInput(f"{unit.code} 没有登记交费的人。请填写交款人。", "payer_name")
    return payer, name


def _check_amount(amount: Decimal, label: str) -> None:
    if amount <= 0:
        raise BadInput(f"{label}要大于零。请填写实际金额。", "amount")


def _check_movable(deposit: Deposit, on: date) -> None:
    """Refuse to move a deposit that was given back, or on a day that cannot be.

    Raises:
        RuleBroken: it is so.
    """
    check_day(on)
    entries = live_entries(deposit)
    if not entries:
        raise RuleBroken(f"押金 {deposit.number} 已作废，不能再扣款或退还。")
    if entries[-1].kind is EntryKind.REFUNDED:
        raise RuleBroken(f"押金 {deposit.number} 已由 {entries[-1].number} 退还，不能再扣款或退还。")
    last = max(entry.on for entry in entries)
    if on < last:
        raise RuleBroken(f"押金 {deposit.number} 最近一笔在 {last}，不能登记在更早的 {on}。请改日期。")


def _deduct(deposit: Deposit, reason: str, amount: Decimal, left: Decimal, on: date) -> DepositEntry:
    _check_amount(amount, "扣款金额")
    if amount > left:
        raise BadInput(
            f"要扣 {thousands(amount)} 元，押金 {deposit.number} 只剩 {thousands(left)} 元。"
            "请改小扣款，超出的另行开单收取。",
            "amount",
        )
    return _write(deposit, EntryKind.DEDUCTED, -amount, on, reason=reason)


def _write(
    deposit: Deposit, kind: EntryKind, amount: Decimal, on: date, number: str | None = None, **more: Any
) -> DepositEntry:
    return DepositEntry.add(
        number=number or SERIES_OF[kind].next(on), deposit=deposit, on=on, kind=kind, amount=amount,
        made_at=now(), made_by=actor().name, **more,
    )  # fmt: skip
