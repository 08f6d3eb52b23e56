"""供方扣款: what is taken off what a supplier is owed, with its reason, until a settlement takes it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any

from models.attachments import keeps_files
from models.base import Record
from models.clock import now, past_day
from models.deeds import actor, deed, reaches_everybody
from models.errors import BadInput, RuleBroken
from models.fields import (
    ChoiceField,
    CodeField,
    DayField,
    LineField,
    LinkField,
    MomentField,
    MoneyField,
    NumberField,
)
from models.inputs import Asked
from models.money import thousands
from models.office.budget import BudgetAccount, Side
from models.search import finds_numbered
from models.series import Series
from models.suppliers.register import AskedSupplier, Supplier, refuse_closed
from models.suppliers.rights import SETTLE, VIEW

DEDUCTIONS = Series("GKK", "供方扣款")


class DeductionState(Enum):
    """How far it is."""

    OPEN = "待扣"
    TAKEN = "已扣"
    DROPPED = "已撤销"


class SupplierDeduction(Record):
    """供方扣款: an amount that a supplier has to bear."""

    number = NumberField(verbose_name="扣款单号")
    supplier = LinkField(Supplier, backref="deductions", verbose_name="供方")
    day = DayField(index=True, verbose_name="日期")
    amount = MoneyField(verbose_name="扣款金额")
    words = LineField(max_length=120, verbose_name="扣款原因")
    source = CodeField(max_length=40, null=True, verbose_name="依据单号")
    account = LinkField(BudgetAccount, null=True, backref="+", verbose_name="预算科目")
    state = ChoiceField(DeductionState, default=DeductionState.OPEN, index=True, verbose_name="扣款状态")
    settlement = CodeField(max_length=40, null=True, verbose_name="结算单号")
    why = LineField(max_length=120, null=True, verbose_name="撤销原因")
    made_at = MomentField(verbose_name="登记时间")
    made_by = LineField(max_length=60, verbose_name="经办人")

    key_field = "number"
    moves = {
        DeductionState.OPEN: (DeductionState.TAKEN, DeductionState.DROPPED),
    }

    class Meta:
        title = "供方扣款"

    @classmethod
    def free(cls, supplier: Supplier | None = None) -> Any:
        """Return the condition that a deduction waits for a settlement: of a supplier, or of anybody."""
        waits = (cls.state == DeductionState.OPEN) & cls.settlement.is_null()
        return waits if supplier is None else waits & (cls.supplier == supplier)

    def described(self) -> str:
        """Return GKK-202611-001 丰禾粮油 120.00 元，迟到一天."""
        return f"{self.number} {self.supplier.name} {thousands(self.amount)} 元，{self.words}"


reaches_everybody(SupplierDeduction)
keeps_files(SupplierDeduction, VIEW)
finds_numbered(VIEW, "GKK", SupplierDeduction, "supplier_deductions", "供方扣款", lambda one: one.described())


def account_of(supplier: Supplier) -> BudgetAccount | None:
    """Return of which account a supplier is usually paid: that of the first kind it delivers."""
    return next((kind.account for kind in supplier.scope() if kind.account is not None), None)


def note_deduction(
    supplier: Supplier, amount: Decimal, words: str, day: date, source: str | None = None,
    account: BudgetAccount | None = None,
) -> SupplierDeduction:  # fmt: skip
    """Let an amount in 元 be taken off at the next settlement; for deeds, within their transaction."""
    return SupplierDeduction.add(
        number=DEDUCTIONS.next(now().date()), supplier=supplier, day=day, amount=amount, words=words,
        source=source, account=account or account_of(supplier), made_at=now(), made_by=actor().name,
    )  # fmt: skip


@deed("suppliers.deduct", "登记扣款", SETTLE)
def deduct(
    supplier: AskedSupplier,
    amount: Annotated[Decimal, Asked(MoneyField(verbose_name="扣款金额"))],
    words: Annotated[str, Asked(LineField(max_length=120, verbose_name="扣款原因"))],
    source: Annotated[
        str | None, Asked(CodeField(max_length=40, null=True, verbose_name="依据单号"), "没有的不填")
    ] = None,
    account: Annotated[
        BudgetAccount | None,
        Asked(LinkField(BudgetAccount, null=True, verbose_name="预算科目"), "不填照供货范围"),
    ] = None,
    day: Annotated[date | None, Asked(DayField(null=True, verbose_name="日期"), "不填为今天")] = None,
) -> SupplierDeduction:
    """Note what a supplier has to bear; the next settlement takes it off.

    Raises:
        RuleBroken: its file is closed.
        BadInput: it is nothing, the day lies ahead, or the account is none that money is spent of.
    """
    refuse_closed(supplier)
    if not amount:
        raise BadInput("扣款金额是零。请填要扣的金额。", "amount")
    if account is not None and account.side is Side.INCOME:
        raise BadInput(f"“{account.name}”是收入科目。请另选，或不填。", "account")
    return note_deduction(supplier, amount, words, past_day(day, "日期", "day"), source, account)


@deed("suppliers.drop_deduction", "撤销扣款", SETTLE, danger=True, question="撤销后不再扣，记录保留。")
def drop_deduction(
    deduction: Annotated[SupplierDeduction, Asked(LinkField(SupplierDeduction, verbose_name="供方扣款"))],
    reason: Annotated[str, Asked(LineField(max_length=120, verbose_name="撤销原因"))],
) -> SupplierDeduction:
    """Let the supplier bear nothing after all.

    Raises:
        RuleBroken: it is taken or dropped already, or a settlement holds it.
    """
    if deduction.state is not DeductionState.OPEN:
        raise RuleBroken(
            f"{deduction.number} {deduction.state.value}，不能撤销。扣错的在下次结算里补给供方。"
        )
    if deduction.settlement is not None:
        raise RuleBroken(
            f"{deduction.number} 已列入结算单 {deduction.settlement}。请先“作废结算单”，再撤销。"
        )
    return deduction.move_to(DeductionState.DROPPED, why=reason)
