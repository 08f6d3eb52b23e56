"""月度采购计划: what a department wants to buy in a month, and what was approved of it (SU-05).

Along its chain department, procurement, finance and management approve it, and what it costs is reserved of
its accounts; lines that cost more than is left need a reason (forms.md A11). How plans are drafted, ordered
and closed is in `models.suppliers.planning`.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from enum import Enum
from typing import Annotated, Self

from peewee import fn

from models.attachments import keeps_files
from models.base import Record, db
from models.clock import now
from models.deeds import deed, reaches_everybody
from models.errors import RuleBroken
from models.fields import (
    ChoiceField,
    CodeField,
    CountField,
    DayField,
    LineField,
    LinkField,
    MomentField,
    MoneyField,
    MonthField,
    PriceField,
    StockField,
)
from models.inputs import Asked
from models.money import from_scaled, thousands
from models.office.approvals import running_approval
from models.office.budget import BudgetAccount, EntryKind, note_entry, remainder
from models.office.chains import Step, approvable
from models.office.staff import Department
from models.search import finds_numbered
from models.suppliers.goods import Goods
from models.suppliers.register import Supplier
from models.suppliers.rights import PLAN, VIEW


class PlanState(Enum):
    """Where a plan stands."""

    DRAFT = "编制"
    APPROVED = "执行中"
    CLOSED = "已关闭"


class PurchasePlan(Record):
    """采购计划: of a department and month, CGJ-202611-食堂; a further one of the month, CGJ-202611-食堂-2."""

    number = CodeField(max_length=40, unique=True, verbose_name="计划号")
    month = MonthField(index=True, verbose_name="月份")
    department = LinkField(Department, backref="+", verbose_name="申请部门")
    state = ChoiceField(PlanState, default=PlanState.DRAFT, verbose_name="计划状态")
    note = LineField(max_length=120, null=True, verbose_name="说明")
    made_at = MomentField(verbose_name="编制时间")
    made_by = LineField(max_length=60, verbose_name="申请人")
    approved_at = MomentField(null=True, verbose_name="批准时间")
    approval = LineField(max_length=20, null=True, verbose_name="审批单号")
    closed_on = DayField(null=True, verbose_name="关闭日期")

    key_field = "number"
    moves = {PlanState.DRAFT: (PlanState.APPROVED,), PlanState.APPROVED: (PlanState.CLOSED,)}

    class Meta:
        title = "采购计划"

    def described(self) -> str:
        """Return CGJ-202611-食堂，12 项，8,600.00 元."""
        count = PlanLine.select().where(PlanLine.plan == self).count()
        return f"{self.number}，{count} 项，{thousands(self.total())} 元"

    def total(self) -> Decimal:
        """Return in 元 what its lines come to."""
        query = PlanLine.select(fn.SUM(PlanLine.amount)).where(PlanLine.plan == self)
        return from_scaled(int(db.execute(query).fetchone()[0] or 0), 2)

    @deed("suppliers.approve_plan", "批准采购计划", PLAN, question="批准后占用预算，可以下订单。")
    def approve(self) -> Self:
        """Let it be bought; what it costs is reserved of its accounts.

        Raises:
            RuleBroken: it is approved already, or costs more than is left of an account without a reason.
        """
        lines = list(self.lines.order_by(PlanLine.position))
        for told in overdrawn(lines):
            raise RuleBroken(told)
        approval = running_approval()
        self.move_to(
            PlanState.APPROVED, approved_at=now(), approval=str(approval.number) if approval else None
        )
        for line in lines:
            line.change(approved=line.quantity)
            words = line.goods.label()
            note_entry(EntryKind.RESERVED, line.account, line.needed_on, line.amount, self.number, words)
        return self


class PlanLine(Record):
    """计划行: goods that are wanted by a day, and what they may cost."""

    plan = LinkField(PurchasePlan, backref="lines", verbose_name="采购计划")
    position = CountField(verbose_name="序号")
    goods = LinkField(Goods, backref="planned", verbose_name="物品")
    stock = StockField(null=True, verbose_name="库存")
    quantity = StockField(low=Decimal("0.001"), verbose_name="申请数量")
    price = PriceField(verbose_name="预估单价")
    amount = MoneyField(verbose_name="金额")
    needed_on = DayField(verbose_name="需用日期")
    supplier = LinkField(Supplier, null=True, backref="planned", verbose_name="供方")
    account = LinkField(BudgetAccount, backref="+", verbose_name="预算科目")
    over = LineField(max_length=80, null=True, verbose_name="超预算原因")
    approved = StockField(null=True, verbose_name="批准数量")
    released = MoneyField(default=Decimal("0.00"), verbose_name="已释放")
    cut = LineField(max_length=80, null=True, verbose_name="核减原因")

    class Meta:
        title = "计划行"
        indexes = ((("plan", "position"), True),)

    def label(self) -> str:
        """Return CGJ-202611-食堂 大米 25kg."""
        return f"{self.plan.number} {self.goods.label()}"

    def reserved(self) -> Decimal:
        """Return in 元 what of the budget it still holds."""
        return max(Decimal("0.00"), self.amount - self.released)

    def let_go(self, amount: Decimal) -> None:
        """Let so much in 元 of what it reserved go, at the most all of it; for deeds."""
        freed = min(amount, self.reserved())
        if freed > 0:
            words = self.goods.label()
            note_entry(EntryKind.RELEASED, self.account, self.needed_on, freed, self.plan.number, words)
            self.change(released=self.released + freed)


reaches_everybody(PurchasePlan, PlanLine)
keeps_files(PurchasePlan, VIEW)
finds_numbered(VIEW, "CGJ", PurchasePlan, "purchase_plans", "采购计划", lambda one: one.department.name)

AskedPlan = Annotated[PurchasePlan, Asked(LinkField(PurchasePlan, verbose_name="采购计划"))]


def overdrawn(lines: Sequence[PlanLine]) -> list[str]:
    """Return a sentence for each account of which lines without a reason want more than is left."""
    wanted: dict[int, list[PlanLine]] = {}
    for line in lines:
        wanted.setdefault(line.account_id, []).append(line)
    told = []
    for mine in wanted.values():
        account, amount = mine[0].account, sum((line.amount for line in mine), Decimal("0.00"))
        rest = remainder(account, max(line.needed_on for line in mine))
        if rest is not None and amount > rest and not any(line.over for line in mine):
            told.append(
                f"科目“{account.name}”余额 {thousands(rest)} 元，计划 {thousands(amount)} 元。"
                "请减少，或在这些行写超预算原因。"
            )
    return told


approvable(
    "suppliers.approve_plan",
    default=(
        Step("管理处主任", "部门"), Step("物配中心", "物配"), Step("会计", "财务(预算)"),
        Step("常务副总经理", "常务副总"),
    ),
    on=True,
    amount=lambda values: values["self"].total(),
)  # fmt: skip
