"""银行流水: the rows of statements as they came in, and what became of each.

A row is kept as the bank wrote it; only where it stands changes. It is known again by its account and
reference or, where the bank gives none, by all that it says and how often the file says so before it.
"""

from __future__ import annotations

from enum import Enum

from models.base import Record
from models.batches import Batch
from models.deeds import Actor, Scope, judges_scope, within_scope
from models.fees.banking.accounts import WAYS, BankAccount
from models.fees.payments import Method, Payment, Receipt, ReceiptState
from models.fields import (
    ChoiceField,
    CodeField,
    DayField,
    LineField,
    LinkField,
    MomentField,
    MoneyField,
)
from models.money import thousands
from models.owners.estate import Unit


class RowState(Enum):
    """Where a row stands."""

    OPEN = "待认领"
    BOOKED = "已入账"
    LEFT = "不入账"
    UNDONE = "已撤销"


class BankRow(Record):
    """银行流水: money that came in by bank or phone, as the statement tells of it."""

    batch = LinkField(Batch, backref="bank_rows", verbose_name="批次")
    account = LinkField(BankAccount, backref="rows", verbose_name="收款账户")
    method = ChoiceField(Method, only=WAYS, verbose_name="收款方式")
    on = DayField(index=True, verbose_name="交易日期")
    time = LineField(max_length=8, null=True, verbose_name="时间")
    amount = MoneyField(verbose_name="金额")
    name = LineField(max_length=60, null=True, verbose_name="对方户名")
    remark = LineField(max_length=200, null=True, verbose_name="备注")
    reference = CodeField(max_length=60, null=True, verbose_name="流水号")
    fingerprint = LineField(max_length=64, null=True, unique=True, verbose_name="识别码")
    state = ChoiceField(RowState, default=RowState.OPEN, index=True, verbose_name="状态")
    suggested = LinkField(Unit, null=True, index=False, backref="+", verbose_name="候选房号")
    unit = LinkField(Unit, null=True, backref="bank_rows", verbose_name="房号")
    payment = LinkField(Payment, null=True, unique=True, backref="bank_rows", verbose_name="收款")
    told = LineField(max_length=200, null=True, verbose_name="说明")
    settled_at = MomentField(null=True, verbose_name="处理时间")
    settled_by = LineField(max_length=60, null=True, verbose_name="处理人")

    moves = {
        RowState.OPEN: (RowState.BOOKED, RowState.LEFT, RowState.UNDONE),
        RowState.BOOKED: (RowState.OPEN, RowState.UNDONE),
        RowState.LEFT: (RowState.OPEN, RowState.UNDONE),
    }

    class Meta:
        title = "银行流水"

    def label(self) -> str:
        """Return 12 2026-11-03 445.24 元."""
        return f"{self.id} {self.on} {thousands(self.amount)} 元"

    def described(self) -> str:
        """Return 12 2026-11-03 445.24 元 王桂芳 1-1-101物业费, and why it is whose."""
        told = " ".join(filter(None, [self.label(), self.name, self.remark]))
        return f"{told}。{self.told}" if self.told else told

    def receipts(self) -> list[Receipt]:
        """Return the receipts given for it, in the order of their numbers."""
        mine = Receipt.select().where(Receipt.payment == self.payment) if self.payment_id else ()
        return sorted(mine, key=lambda receipt: receipt.number)

    def is_taken_back(self) -> bool:
        """Whether no receipt given for it counts any more."""
        return all(receipt.state is not ReceiptState.ISSUED for receipt in self.receipts())


@judges_scope(BankRow)
def _where_it_is_booked(row: BankRow, person: Actor, right: str) -> bool:
    """Whose reach is narrower sees what is booked on his houses, and nothing that may be anybody's."""
    if person.scope(right) is Scope.ALL:
        return True
    return row.unit is not None and within_scope(row.unit, person, right)


@judges_scope(Batch)
def _of_any_house(batch: Batch, person: Actor, right: str) -> bool:
    """What was brought in as one may concern any house: only whose reach is all of them takes it back."""
    return False
