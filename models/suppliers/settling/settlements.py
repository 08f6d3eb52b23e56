"""供方结算单: what a supplier is to be paid for goods, months of service and less deductions.

A draft holds what it settles, so that nothing is settled twice; approved along a chain it spends the budget,
lets what plans reserved for it go, and is paid. What is approved never changes: what comes back later is
taken off the next one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any, Self

from peewee import fn

from models.attachments import keeps_files
from models.base import Record, db
from models.clock import now
from models.deeds import deed, reaches_everybody
from models.errors import RuleBroken
from models.fields import (
    AccountNumberField,
    ChoiceField,
    CodeField,
    CountField,
    DayField,
    LineField,
    LinkField,
    MomentField,
    MoneyField,
    MonthField,
    NumberField,
    PriceField,
    StockField,
)
from models.inputs import Asked
from models.money import from_scaled, thousands
from models.months import Month
from models.office.approvals import running_approval
from models.office.budget import BudgetAccount, EntryKind, note_entry
from models.office.chains import Step, approvable
from models.search import finds_numbered
from models.series import Series
from models.suppliers.contracts import SupplyContract
from models.suppliers.goods import worth
from models.suppliers.orders import OrderLine
from models.suppliers.plans import PlanLine, PlanState
from models.suppliers.receipts import GoodsReceipt, ReceiptLine
from models.suppliers.register import Supplier
from models.suppliers.returns import GoodsReturn
from models.suppliers.rights import SETTLE, VIEW
from models.suppliers.settling.deductions import DeductionState, SupplierDeduction
from models.suppliers.settling.due import LotDue, fee_of, first_month, lots_due, months_due

SETTLEMENTS = Series("JS", "供方结算单")
NIL = Decimal("0.00")


class SettlementState(Enum):
    """Where a settlement stands."""

    DRAFT = "待批准"
    APPROVED = "待付款"
    PAID = "已付清"
    DROPPED = "已作废"


class Settlement(Record):
    """供方结算单: with one supplier, up to a day; below nothing where the supplier owes the office."""

    number = NumberField(verbose_name="结算单号")
    supplier = LinkField(Supplier, backref="settlements", verbose_name="供方")
    until = DayField(index=True, verbose_name="结算截止")
    invoice = CodeField(max_length=60, null=True, verbose_name="发票号")
    bank = LineField(max_length=60, null=True, verbose_name="开户行")
    payee = AccountNumberField(max_length=40, null=True, verbose_name="收款账号")
    goods = MoneyField(signed=True, default=NIL, verbose_name="货款")
    services = MoneyField(signed=True, default=NIL, verbose_name="服务费")
    deducted = MoneyField(default=NIL, verbose_name="扣款")
    total = MoneyField(signed=True, default=NIL, verbose_name="应付")
    paid = MoneyField(signed=True, default=NIL, verbose_name="已付")
    state = ChoiceField(SettlementState, default=SettlementState.DRAFT, index=True, verbose_name="结算状态")
    note = LineField(max_length=120, null=True, verbose_name="备注")
    why = LineField(max_length=120, null=True, verbose_name="作废原因")
    made_at = MomentField(verbose_name="编制时间")
    made_by = LineField(max_length=60, verbose_name="编制人")
    approved_at = MomentField(null=True, verbose_name="批准时间")
    approval = LineField(max_length=20, null=True, verbose_name="审批单号")

    key_field = "number"
    moves = {
        SettlementState.DRAFT: (SettlementState.APPROVED, SettlementState.DROPPED),
        SettlementState.APPROVED: (SettlementState.PAID,),
        SettlementState.PAID: (SettlementState.APPROVED,),
    }

    class Meta:
        title = "供方结算单"

    def label(self) -> str:
        """Return JS-202611-001 丰禾粮油."""
        return f"{self.number} {self.supplier.name}"

    def aside(self) -> str:
        """Return how much it comes to, and of how many things."""
        return f"应付 {thousands(self.total)} 元，{self.lines.count()} 项。"

    def described(self) -> str:
        """Return JS-202611-001 丰禾粮油，至 2026-11-30，应付 1,180.00 元."""
        return f"{self.label()}，至 {self.until}，应付 {thousands(self.total)} 元"

    @property
    def rest(self) -> Decimal:
        """What of it is not paid yet, in 元."""
        return self.total - self.paid

    @deed("suppliers.approve_settlement", "批准结算单", SETTLE, question="批准后记入预算执行，可以付款。")
    def approve(self) -> Self:
        """Let it be paid: the budget is spent, and what plans reserved for it is let go.

        Raises:
            RuleBroken: it is approved or dropped already, goods of it went back since, or a contract ended.
        """
        if self.state is not SettlementState.DRAFT:
            raise RuleBroken(f"结算单 {self.number} {self.state.value}，不用再批准。")
        _refuse_returned(self)
        _refuse_ended(self)
        approval = running_approval()
        self.move_to(
            SettlementState.APPROVED, approved_at=now(), approval=str(approval.number) if approval else None
        )
        _spend(self)
        return self if self.total else self.move_to(SettlementState.PAID)


class SettlementLine(Record):
    """结算明细: one lot, one month of a contract, or one deduction; never changed."""

    settlement = LinkField(Settlement, backref="lines", verbose_name="结算单")
    position = CountField(verbose_name="序号")
    lot = LinkField(ReceiptLine, null=True, backref="settled", verbose_name="验收明细")
    contract = LinkField(SupplyContract, null=True, backref="settled", verbose_name="供方合同")
    month = MonthField(null=True, verbose_name="月份")
    deduction = LinkField(SupplierDeduction, null=True, backref="settled", verbose_name="扣款单")
    words = LineField(max_length=160, verbose_name="内容").roomier(20)
    quantity = StockField(signed=True, null=True, verbose_name="数量")
    price = PriceField(null=True, verbose_name="单价")
    amount = MoneyField(signed=True, verbose_name="金额")
    account = LinkField(BudgetAccount, null=True, backref="+", verbose_name="预算科目")

    class Meta:
        title = "结算明细"
        indexes = ((("settlement", "position"), True),)


reaches_everybody(Settlement, SettlementLine)
keeps_files(Settlement, VIEW)
finds_numbered(VIEW, "JS", Settlement, "settlements", "供方结算单", lambda one: one.supplier.name)

AskedSettlement = Annotated[Settlement, Asked(LinkField(Settlement, verbose_name="供方结算单"))]
HOLDS = (SettlementState.DRAFT, SettlementState.APPROVED, SettlementState.PAID)
SPENT = (SettlementState.APPROVED, SettlementState.PAID)


def to_pay() -> list[Settlement]:
    """Return what is approved and not paid, the oldest first."""
    waits = Settlement.state == SettlementState.APPROVED
    return list(Settlement.select().where(waits).order_by(Settlement.id))


@dataclass(frozen=True)
class Settled:
    """What settlements hold of one lot or one month of a contract already."""

    quantity: Decimal = Decimal("0.000")
    amount: Decimal = NIL


def settled_lots(wanted: Any, states: Iterable[SettlementState] = HOLDS) -> dict[int, Settled]:
    """Return by the id of a lot what settlements in these states hold of it."""
    query = SettlementLine.select(
        SettlementLine.lot, fn.SUM(SettlementLine.quantity), fn.SUM(SettlementLine.amount)
    ).join(Settlement)
    mine = wanted & Settlement.state.in_(list(states)) & SettlementLine.lot.is_null(False)
    return {
        lot: Settled(from_scaled(int(quantity), 3), from_scaled(int(amount), 2))
        for lot, quantity, amount in db.execute(query.where(mine).group_by(SettlementLine.lot))
    }


def open_months(
    wanted: Any, until: date, since: Month | None = None
) -> Iterator[tuple[SupplyContract, Month, Decimal]]:
    """Yield the months of contracts that no settlement holds as they are, with what is open of each in 元.

    Args:
        wanted: condition of the contracts.
        until: the day by which the months are over.
        since: from which month on; without it from when each contract was noted here.
    """
    settled = _settled_months(wanted)
    monthly = SupplyContract.monthly.is_null(False) & wanted
    for contract in SupplyContract.select().where(monthly).order_by(SupplyContract.id):
        mine = settled.get(contract.id, {})
        begin = min([since or first_month(contract), *mine])
        for month, fee in months_due(contract, until, begin):
            amount = fee - mine.get(month, NIL)
            if amount:
                yield contract, month, amount


def _settled_months(wanted: Any) -> dict[int, dict[Month, Decimal]]:
    """Return by the id of a contract, of those that a condition names, what is held of each month."""
    query = SettlementLine.select(SettlementLine).join(Settlement).switch(SettlementLine).join(SupplyContract)
    found: dict[int, dict[Month, Decimal]] = {}
    for line in query.where(Settlement.state.in_(HOLDS) & wanted):
        mine = found.setdefault(line.contract_id, {})
        mine[line.month] = mine.get(line.month, NIL) + line.amount
    return found


def unfinished() -> Any:
    """Return the condition that a lot is not settled just as it was taken, or something of it went back."""
    back = GoodsReturn.select(GoodsReturn.lot).where(GoodsReturn.accepted_before > 0)
    held = SettlementLine.select(fn.COALESCE(fn.SUM(SettlementLine.quantity), 0)).join(Settlement)
    mine = held.where((SettlementLine.lot == ReceiptLine.id) & Settlement.state.in_(HOLDS))
    return (mine != ReceiptLine.accepted + ReceiptLine.conceded) | ReceiptLine.id.in_(back)


def left_of_lot(one: LotDue, settled: Settled) -> tuple[Decimal, Decimal]:
    """Return how much of a lot no settlement holds, and what that comes to in 元; below nothing if too much.

    What waits for a return is not paid, nor taken back before it is decided.
    """
    quantity = one.quantity - settled.quantity
    if quantity > 0:
        quantity = max(Decimal("0.000"), quantity - one.held)
    return quantity, worth(settled.quantity + quantity, one.lot.price) - settled.amount


def _refuse_returned(settlement: Settlement) -> None:
    """Refuse to pay for goods that went back since the settlement was drafted."""
    mine = {line.lot_id: line for line in settlement.lines if line.lot_id is not None}
    if not mine:
        return
    wanted = ReceiptLine.id.between(min(mine), max(mine)) & (GoodsReceipt.supplier == settlement.supplier)
    held = settled_lots(Settlement.supplier == settlement.supplier)
    for one in lots_due(wanted):
        line = mine.get(one.lot.id)
        if line is not None and line.amount > 0 and held[one.lot.id].quantity > one.quantity - one.held:
            raise RuleBroken(
                f"{one.lot.label()} 在结算单 {settlement.number} 编制以后又退了货。请“作废结算单”，重新编制。"
            )


def _refuse_ended(settlement: Settlement) -> None:
    """Refuse to pay for months of a contract that ended since the settlement was drafted."""
    for line in settlement.lines:
        if line.contract is None:
            continue
        held = _settled_months(SupplyContract.id == line.contract)[line.contract_id][line.month]
        if held != fee_of(line.contract, line.month):
            told = f"合同 {line.contract.number} {line.month.chinese}的服务费在编制以后变了"
            raise RuleBroken(f"{told}。请“作废结算单”，重新编制。")


def _spend(settlement: Settlement) -> None:
    """Book what a settlement costs, and let go what plans reserved for the goods of it."""
    today, accounts = now().date(), dict[BudgetAccount, Decimal]()
    planned = dict[PlanLine, Decimal]()
    for line in settlement.lines.order_by(SettlementLine.position):
        if line.account is not None:
            accounts[line.account] = accounts.get(line.account, NIL) + line.amount
        if line.deduction is not None:
            line.deduction.move_to(DeductionState.TAKEN)
        wanted = line.lot.order_line.plan_line if line.lot is not None else None
        if wanted is not None:
            planned[wanted] = planned.get(wanted, Decimal("0.000")) + line.quantity
    for account, amount in accounts.items():
        if amount:
            note_entry(EntryKind.SPENT, account, today, amount, settlement.number, settlement.supplier.name)
    for wanted, quantity in planned.items():
        _let_go(wanted, quantity)


def _let_go(planned: PlanLine, quantity: Decimal) -> None:
    """Let go what a line of a plan reserved for so much that is settled now."""
    if planned.plan.state is PlanState.CLOSED:
        hold_only(planned)
    elif quantity > 0:
        planned.let_go(worth(quantity, planned.price))


def hold_only(planned: PlanLine) -> None:
    """Let a line of a closed plan reserve only what is still to be settled of it; for deeds."""
    due = sum((one.quantity for one in lots_due(OrderLine.plan_line == planned)), Decimal("0.000"))
    rest = max(Decimal("0.000"), due - settled_of(planned))
    planned.let_go(planned.reserved() - worth(rest, planned.price))


def settled_of(planned: PlanLine) -> Decimal:
    """Return how much of a line of a plan approved settlements paid for."""
    lots = ReceiptLine.select(ReceiptLine.id).join(OrderLine).where(OrderLine.plan_line == planned)
    held = settled_lots(SettlementLine.lot.in_([one.id for one in lots]), SPENT)
    return sum((one.quantity for one in held.values()), Decimal("0.000"))


approvable(
    "suppliers.approve_settlement",
    default=(
        Step("管理处主任", "使用部门"), Step("会计", "财务"), Step("常务副总经理", "常务副总"),
    ),
    on=True,
    amount=lambda values: values["self"].total,
)  # fmt: skip
