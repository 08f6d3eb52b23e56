"""班次: a cashier's drawer from opening to hand-over, and every movement of money through it.

A payment outside a shift opens the cashier's own. What is paid out (refunds, red receipts, deposits given
back) goes through the shift of whoever pays it, where one is open; else it never touched a drawer, and
the day book tells it apart. What should be in the drawer is what it began with and all its cash.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any

from peewee import fn

from models.base import Record, db
from models.clock import now
from models.deeds import actor, deed, reaches_everybody
from models.errors import BadInput, RuleBroken
from models.fees.payments import Method, Payment, Receipt, closing_of
from models.fees.rights import CLOSE_DAY, RECEIVE
from models.fields import (
    ChoiceField,
    DayField,
    LineField,
    LinkField,
    MomentField,
    MoneyField,
    NumberField,
)
from models.inputs import Asked
from models.money import from_scaled, thousands
from models.office.accounts import Account
from models.office.staff import Staff
from models.series import Series

SHIFTS = Series("BC", "班次")
NONE = Decimal(0)


class ShiftState(Enum):
    """Follows from whether it was closed; never stored."""

    OPEN = "当班"
    CLOSED = "已结班"


class Moved(Enum):
    """Why money went through a drawer."""

    RECEIVED = "收款"
    VOIDED = "作废"
    REVERSED = "红冲"
    DEPOSIT = "押金"
    REFUNDED = "退款"


class Shift(Record):
    """班次: who had the drawer, what it began with, and what was counted and handed over at its end."""

    number = NumberField(verbose_name="班次号")
    account = LinkField(Account, null=True, verbose_name="账号")
    cashier = LineField(max_length=60, verbose_name="当班人")
    day = DayField(index=True, verbose_name="日期")
    opened_at = MomentField(verbose_name="开班时间")
    opening = MoneyField(verbose_name="备用金")
    prior = LinkField("self", null=True, unique=True, backref="taken_over", verbose_name="接自班次")
    opening_note = LineField(max_length=120, null=True, verbose_name="接班说明")
    closed_at = MomentField(null=True, verbose_name="结班时间")
    closed_by = LineField(max_length=60, null=True, verbose_name="结班人")
    expected = MoneyField(signed=True, null=True, verbose_name="应有现金")
    counted = MoneyField(null=True, verbose_name="盘点现金")
    banked = MoneyField(null=True, verbose_name="缴存银行")
    successor = LinkField(Staff, null=True, verbose_name="接班人")
    note = LineField(max_length=120, null=True, verbose_name="差额说明")

    key_field = "number"

    class Meta:
        title = "班次"

    def described(self) -> str:
        """Return BC-202611-001 王收款 2026-11-23，应有现金 1,240.00 元."""
        due = self.expected if self.closed_at else cash_of(self)
        return f"{self.number} {self.cashier} {self.day}，应有现金 {thousands(due)} 元"

    @property
    def kept(self) -> Decimal:
        """What stayed in the drawer when it was closed, in 元; it goes to whoever takes over."""
        return Decimal(self.counted or 0) - Decimal(self.banked or 0)

    @property
    def difference(self) -> Decimal:
        """What was counted more than there should be, in 元; less where negative."""
        return Decimal(self.counted or 0) - Decimal(self.expected or 0)


class TillEntry(Record):
    """收银流水: one movement of money through a drawer; never changed."""

    shift = LinkField(Shift, backref="entries", verbose_name="班次号")
    at = MomentField(verbose_name="时间")
    on = DayField(index=True, verbose_name="单据日期")
    kind = ChoiceField(Moved, verbose_name="事由")
    method = ChoiceField(Method, verbose_name="收款方式")
    amount = MoneyField(signed=True, verbose_name="金额")
    source = LineField(max_length=60, verbose_name="单据")
    payment = LinkField(Payment, null=True, backref="till_entries", verbose_name="收款")

    class Meta:
        title = "收银流水"


reaches_everybody(Shift)
AskedShift = Annotated[Shift, Asked(LinkField(Shift, verbose_name="班次号"))]


@deed("fees.open_shift", "开班", RECEIVE)
def open_shift(
    opening: Annotated[
        Decimal | None, Asked(MoneyField(null=True, verbose_name="备用金"), "不填为接班的留存")
    ] = None,
    prior: Annotated[
        Shift | None, Asked(LinkField(Shift, null=True, verbose_name="接自班次"), "不填为留给自己的")
    ] = None,
    note: Annotated[str | None, Asked(LineField(max_length=120, null=True, verbose_name="接班说明"))] = None,
) -> Shift:
    """Open the drawer: with what the shift before left in it, counted anew, or with a float.

    Raises:
        RuleBroken: one's own is open already, the day is closed, or the shift taken over is open, taken, or
            for somebody else.
        BadInput: what is there differs from what was left, and nothing explains it.
    """
    mine = own_shift()
    if closing_of(now().date()):
        raise RuleBroken("今天已日结，不能再开班。请明天开班。")
    if mine is not None:
        raise RuleBroken(f"您的班次 {mine.number} 还开着，不必再开。要换班先结班。")
    prior = prior or _left_for_me()
    if prior is not None:
        _check_taken_over(prior)
    left = prior.kept if prior else NONE
    opening = left if opening is None else opening
    if prior is not None and opening != left and not note:
        raise BadInput(
            f"{prior.number} 留存 {thousands(left)} 元，备用金填了 {thousands(opening)} 元。"
            "请重新点数，或在“接班说明”写明差额。",
            "note",
        )
    return _open(opening, prior, note)


@deed(
    "fees.close_shift", "结班", RECEIVE, danger=True, question="结班后不能再改，盘点、缴存按填的数记下。"
)  # fmt: skip
def close_shift(
    shift: AskedShift,
    counted: Annotated[Decimal, Asked(MoneyField(verbose_name="盘点现金"))],
    banked: Annotated[
        Decimal | None, Asked(MoneyField(null=True, verbose_name="缴存银行"), "不填为留下备用金，其余缴存")
    ] = None,
    successor: Annotated[
        Staff | None, Asked(LinkField(Staff, null=True, verbose_name="接班人"), "不填为留给自己")
    ] = None,
    note: Annotated[str | None, Asked(LineField(max_length=120, null=True, verbose_name="差额说明"))] = None,
) -> Shift:
    """Count the drawer, say what goes to the bank and who takes the rest over.

    Raises:
        RuleBroken: it is closed already, or somebody else's and the person acting may not close days.
        BadInput: more is banked than counted, or a difference is not explained.
    """
    _check_closable(shift)
    expected = cash_of(shift)
    if counted != expected and not note:
        more = "多" if counted > expected else "少"
        raise BadInput(
            f"应有现金 {thousands(expected)} 元，盘点 {thousands(counted)} 元，"
            f"{more} {thousands(abs(counted - expected))} 元。请重新点数，或在“差额说明”写明原因。",
            "note",
        )
    if successor is not None and not _can_come(successor):
        raise BadInput(f"{successor.name} 没有在用的账号，接不了班。请选别人，或留给自己。", "successor")
    if banked is None:
        banked = max(counted - Decimal(shift.opening), NONE)
    if banked > counted:
        raise BadInput(
            f"盘点只有 {thousands(counted)} 元，不能缴存 {thousands(banked)} 元。请核对。", "banked"
        )
    return shift.change(
        closed_at=now(), closed_by=actor().name, expected=expected, counted=counted, banked=banked,
        successor=successor, note=note,
    )  # fmt: skip


def own_shift() -> Shift | None:
    """Return the open shift of the person acting."""
    return Shift.get_or_none(mine() & Shift.closed_at.is_null())


def open_shifts(day: date | None = None) -> list[Shift]:
    """Return the shifts that nobody closed; of a day or with money of it, where one is given."""
    query = Shift.select().where(Shift.closed_at.is_null()).order_by(Shift.number)
    if day is not None:
        moved = TillEntry.select(TillEntry.shift).where(TillEntry.on == day)
        query = query.where((Shift.day == day) | ((Shift.day < day) & Shift.id.in_(moved)))
    return list(query)


def cash_of(shift: Shift) -> Decimal:
    """Return what should be in the drawer by now, in 元."""
    return Decimal(shift.opening) + sums_of([shift.id]).get((shift.id, Method.CASH), NONE)


def sums_of(shifts: Sequence[int]) -> dict[tuple[int, Method], Decimal]:
    """Return what went through each of these shifts (ids) in each way, in 元."""
    query = TillEntry.select(TillEntry.shift, TillEntry.method, fn.SUM(TillEntry.amount))
    query = query.where(TillEntry.shift.in_(list(shifts))).group_by(TillEntry.shift, TillEntry.method)
    return {(shift, Method[way]): from_scaled(fen, 2) for shift, way, fen in db.execute(query)}


# -- what goes through the drawer ----------------------------------------------------------------

_apart: ContextVar[bool] = ContextVar("apart", default=False)


@contextmanager
def apart_from_tills() -> Iterator[None]:
    """Let the money of a block go through nobody's drawer, as what a bank's list tells."""
    token = _apart.set(True)
    try:
        yield
    finally:
        _apart.reset(token)


def is_apart() -> bool:
    """Whether the money of the running block goes through nobody's drawer."""
    return _apart.get()


def received(payment: Payment) -> None:
    """Enter what was taken into the drawer of whoever took it, which opens where none is open."""
    numbers = [receipt.number for receipt in payment.receipts.order_by(Receipt.number)]
    source = numbers[0] if len(numbers) == 1 else f"{numbers[0]} 等 {len(numbers)} 张"
    _enter(_drawer(), Moved.RECEIVED, payment.method, payment.amount, payment.on, source, payment)


def took_deposit(number: str, method: Method, amount: Decimal, on: date) -> None:
    """Enter a deposit that was taken."""
    _enter(_drawer(), Moved.DEPOSIT, method, amount, on, number)


def paid_out(kind: Moved, source: str, method: Method, amount: Decimal, on: date) -> None:
    """Enter what was paid out, where whoever paid it has a drawer open; `amount` is negative, in 元."""
    _enter(own_shift(), kind, method, amount, on, source)


def voided(receipt: Receipt) -> None:
    """Give back what a void receipt was for: out of the drawer that took it, or of whoever voids it now."""
    payment = receipt.payment
    taken = went_through(payment)
    if taken is None:
        return
    drawer = taken.shift if taken.shift.closed_at is None else own_shift()
    _enter(drawer, Moved.VOIDED, payment.method, -receipt.amount, receipt.on, receipt.number, payment)


def went_through(payment: Payment) -> TillEntry | None:
    """Return how a payment came through a drawer; None where it came through none."""
    found: TillEntry | None = TillEntry.get_or_none(
        (TillEntry.payment == payment) & (TillEntry.kind == Moved.RECEIVED)
    )
    return found


def voided_deposit(source: str, method: Method, amount: Decimal, on: date) -> None:
    """Enter the opposite of a deposit's movement: in the drawer it went through while that is open."""
    taken = TillEntry.get_or_none((TillEntry.source == source) & (TillEntry.kind == Moved.DEPOSIT))
    if taken is not None:
        drawer = taken.shift if taken.shift.closed_at is None else own_shift()
        _enter(drawer, Moved.DEPOSIT, method, amount, on, f"作废 {source}")


def _enter(
    shift: Shift | None,
    kind: Moved,
    method: Method,
    amount: Decimal,
    on: date,
    source: str,
    payment: Payment | None = None,
) -> None:
    if shift is None or _apart.get():
        return
    # More cash than a drawer holds came from elsewhere, as from the safe.
    if amount >= 0 or method is not Method.CASH or cash_of(shift) + amount >= 0:
        TillEntry.add(
            shift=shift, at=now(), on=on, kind=kind, method=method, amount=amount, source=source,
            payment=payment,
        )  # fmt: skip


def _drawer() -> Shift | None:
    """Return the drawer of whoever takes money, opened where none is; none for what goes through no till."""
    if _apart.get():
        return None
    mine = own_shift()
    if mine is not None:
        return mine
    prior = _left_for_me()
    return _open(prior.kept if prior else NONE, prior, None)


def _open(opening: Decimal, prior: Shift | None, note: str | None) -> Shift:
    someone, at = actor(), now()
    return Shift.add(
        number=SHIFTS.next(at.date()), account=_account(), cashier=someone.name, day=at.date(), opened_at=at,
        opening=opening, prior=prior, opening_note=note,
    )  # fmt: skip


def _account() -> Account | None:
    number = actor().account_id
    return None if number is None else Account.get_by_id(number)


def _staff() -> int | None:
    """Return the member of staff that the person acting is."""
    return getattr(actor(), "staff_id", None)


def mine() -> Any:
    """Return the condition on shifts of the person acting; who has no account is known by name."""
    number = actor().account_id
    if number is None:
        return Shift.account.is_null() & (Shift.cashier == actor().name)
    return Shift.account == number


def _left_for_me() -> Shift | None:
    """Return the closed shift whose money waits for the person acting, what was handed over first."""
    taken = Shift.alias()
    for_me = mine() & Shift.successor.is_null()
    if (me := _staff()) is not None:
        for_me |= Shift.successor == me
    waits = Shift.closed_at.is_null(False) & (Shift.counted > Shift.banked)
    free = Shift.id.not_in(taken.select(taken.prior).where(taken.prior.is_null(False)))
    query = Shift.select().where(for_me & waits & free)
    # What somebody handed over comes first, else one's own float would hide it for ever.
    found: Shift | None = query.order_by(Shift.successor.is_null(), Shift.closed_at, Shift.id).first()
    return found


def _check_taken_over(prior: Shift) -> None:
    """Refuse to take over a drawer that is not there to be taken.

    Raises:
        RuleBroken: it is open, taken over already, or was handed to somebody else.
    """
    if prior.closed_at is None:
        raise RuleBroken(f"班次 {prior.number} 还没有结班。请 {prior.cashier} 先结班，再接。")
    taken = Shift.get_or_none(Shift.prior == prior)
    if taken is not None:
        raise RuleBroken(f"班次 {prior.number} 已由 {taken.cashier} 接在 {taken.number}。请核对。")
    if actor().may(CLOSE_DAY) and prior.successor is not None and not _can_come(prior.successor):
        return
    if prior.successor is not None and prior.successor.id != _staff():
        raise RuleBroken(f"班次 {prior.number} 交给了 {prior.successor.name}。请本人开班。")
    if prior.successor is None and not _is_mine(prior):
        raise RuleBroken(
            f"班次 {prior.number} 的备用金留给了 {prior.cashier} 自己。要交接请在结班时选接班人。"
        )


def _is_mine(shift: Shift) -> bool:
    number = actor().account_id
    if number is None:
        return shift.account is None and shift.cashier == actor().name
    return shift.account is not None and shift.account.id == number


def _can_come(staff: Staff) -> bool:
    """Whether a member of staff has an account by which to take a drawer over."""
    mine = (Account.staff == staff) & (Account.active == True)
    return bool(Account.select().where(mine).exists())


def _check_closable(shift: Shift) -> None:
    """Refuse to close what is closed, or somebody else's without the right to close days.

    Raises:
        RuleBroken: it is so.
    """
    if shift.closed_at is not None:
        raise RuleBroken(f"班次 {shift.number} 已由 {shift.closed_by} 结班，不必再做。")
    mine = own_shift()
    if (mine is None or mine != shift) and not actor().may(CLOSE_DAY):
        raise RuleBroken(f"班次 {shift.number} 是 {shift.cashier} 的。请本人结班，或请有日结权限的人代结。")
