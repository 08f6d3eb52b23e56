"""押金: money that the office holds for others: never income, never a bill, in no rate.

A deposit is what was taken once; its ledger has one numbered row for taking it, for each deduction and
for giving it back. Rows are never changed: one that was made by mistake has an equal opposite row beside
it, of the same kind and day, that names it. What is held is the sum of the rows (forms.md B4.7, B12.2).
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any

from peewee import Case, fn

from models.base import Record, db
from models.deeds import Actor, judges_scope, within_scope
from models.fees.payments import Method
from models.fields import (
    ChoiceField,
    CountField,
    DayField,
    LineField,
    LinkField,
    MomentField,
    MoneyField,
    NumberField,
)
from models.money import from_scaled, thousands
from models.owners.estate import Unit
from models.owners.people import Person
from models.series import Series


class DepositKind(Enum):
    """What a deposit secures."""

    DECORATION = "装修押金"
    PASS = "出入证押金"
    KEY = "钥匙押金"
    OTHER = "其他押金"


class DepositState(Enum):
    """Follows from the ledger; never stored."""

    HELD = "在押"
    PART = "部分扣款"
    REFUNDED = "已退还"
    SPENT = "已扣完"
    VOID = "已作废"


class EntryKind(Enum):
    """Why what is held moved."""

    TAKEN = "收取"
    DEDUCTED = "扣款"
    REFUNDED = "退还"


SERIES_OF = {
    EntryKind.TAKEN: Series("YAJ", "押金收据"),
    EntryKind.DEDUCTED: Series("YAK", "押金扣款单"),
    EntryKind.REFUNDED: Series("YAT", "押金退还单"),
}
"""How the papers of each kind of movement are numbered."""


class Deposit(Record):
    """押金: what was taken from whom, for what, as agreed where."""

    number = NumberField(verbose_name="押金单号")
    kind = ChoiceField(DepositKind, default=DepositKind.DECORATION, verbose_name="押金种类")
    unit = LinkField(Unit, backref="deposits", verbose_name="房号")
    payer = LinkField(Person, null=True, backref="deposits", verbose_name="付款人")
    payer_name = LineField(max_length=60, verbose_name="交款人")
    amount = MoneyField(verbose_name="押金金额")
    on = DayField(verbose_name="收取日期")
    agreed = LineField(max_length=120, null=True, verbose_name="约定依据")
    refund_due = DayField(null=True, verbose_name="应退日期")
    note = LineField(max_length=120, null=True, verbose_name="备注")

    key_field = "number"

    class Meta:
        title = "押金"

    def described(self) -> str:
        """Return YAJ-202611-001 1-1-1011 装修押金 2,000.00 元, and what is held where that is less."""
        left = held(self)
        now = "" if left == self.amount else f"，现存 {thousands(left)} 元"
        return f"{self.number} {self.unit.code} {self.kind.value} {thousands(self.amount)} 元{now}"


class DepositEntry(Record):
    """押金流水: one movement of a deposit; what was voided has its opposite beside it."""

    number = NumberField(null=True, verbose_name="单号")
    deposit = LinkField(Deposit, backref="entries", verbose_name="押金单号")
    on = DayField(index=True, verbose_name="日期")
    kind = ChoiceField(EntryKind, verbose_name="事由")
    amount = MoneyField(signed=True, verbose_name="金额")
    reason = LineField(max_length=120, null=True, verbose_name="说明")
    method = ChoiceField(Method, null=True, verbose_name="收退方式")
    reference = LineField(max_length=60, null=True, verbose_name="流水号")
    receiver = LineField(max_length=60, null=True, verbose_name="领款人")
    account = LineField(max_length=40, null=True, verbose_name="退款账号")
    reverses = LinkField("self", null=True, unique=True, backref="reversals", verbose_name="作废单据")
    prints = CountField(default=0, verbose_name="打印次数")
    made_at = MomentField(verbose_name="登记时间")
    made_by = LineField(max_length=60, verbose_name="经办人")

    key_field = "number"

    class Meta:
        title = "押金流水"

    def label(self) -> str:
        """Return its number, or 作废 YAJ-202611-001."""
        return str(self.number) if self.reverses is None else f"作废 {self.reverses.number}"

    def described(self) -> str:
        """Return YAK-202611-001 1-1-1011 装修押金 扣款 -300.00 元."""
        deposit = self.deposit
        told = f"{deposit.unit.code} {deposit.kind.value} {self.kind.value}"
        return f"{self.label()} {told} {thousands(self.amount)} 元"

    @property
    def reversal(self) -> DepositEntry | None:
        """The row that voids it, if one does."""
        return DepositEntry.get_or_none(DepositEntry.reverses == self)


@judges_scope(DepositEntry)
def _as_its_deposit(entry: DepositEntry, person: Actor, right: str) -> bool:
    return within_scope(entry.deposit, person, right)


def live_entries(deposit: Deposit) -> list[DepositEntry]:
    """Return the movements of a deposit that hold, in their order."""
    mine = DepositEntry.select().where(DepositEntry.deposit == deposit).order_by(DepositEntry.id)
    entries = list(mine)
    void = {entry.reverses_id for entry in entries if entry.reverses_id is not None}
    return [entry for entry in entries if entry.reverses_id is None and entry.id not in void]


def held(deposit: Deposit) -> Decimal:
    """Return what is held of a deposit now, in 元."""
    return sum((entry.amount for entry in live_entries(deposit)), start=Decimal(0))


def cash_by_day() -> Any:
    """Return the query of (day, fen taken less fen given back); deductions move no cash."""
    query = DepositEntry.select(DepositEntry.on, fn.SUM(DepositEntry.amount))
    return query.where(DepositEntry.kind != EntryKind.DEDUCTED).group_by(DepositEntry.on)


def cash_of(day: date) -> Decimal:
    """Return what was taken of deposits on a day less what was given back, in 元."""
    found = next(iter(db.execute(cash_by_day().where(DepositEntry.on == day))), (day, 0))
    return from_scaled(found[1], 2)


def sums() -> Any:
    """Return a subquery of (deposit, held, taken, deducted, refunded) in fen, to be joined by `owner`."""
    amount, kind = DepositEntry.amount, DepositEntry.kind
    of = {one: fn.COALESCE(fn.SUM(amount).filter(kind == one), 0) for one in EntryKind}
    query = DepositEntry.select(
        DepositEntry.deposit.alias("owner"),
        fn.SUM(amount).alias("held"),
        of[EntryKind.TAKEN].alias("taken"),
        (0 - of[EntryKind.DEDUCTED]).alias("deducted"),
        (0 - of[EntryKind.REFUNDED]).alias("refunded"),
    )
    return query.group_by(DepositEntry.deposit).alias("summed")


def state_of(summed: Any) -> Any:
    """Return the state (name of `DepositState`) that follows from the sums of a deposit."""
    return Case(
        None,
        (
            ((summed.c.taken == 0), DepositState.VOID.name),
            ((summed.c.held == summed.c.taken), DepositState.HELD.name),
            ((summed.c.held > 0), DepositState.PART.name),
            ((summed.c.refunded > 0), DepositState.REFUNDED.name),
        ),
        DepositState.SPENT.name,
    )


def open_deposits(unit: Unit) -> list[tuple[Deposit, Decimal]]:
    """Return the deposits of a unit of which something is still held, and how much in 元, oldest first."""
    summed = sums()
    query = Deposit.select(Deposit.id, summed.c.held).join(summed, on=(summed.c.owner == Deposit.id))
    query = query.where((Deposit.unit == unit) & (summed.c.held > 0)).order_by(Deposit.on, Deposit.id)
    kept = dict(db.execute(query))
    return [(deposit, from_scaled(kept[deposit.id], 2)) for deposit in Deposit.those(list(kept))]
