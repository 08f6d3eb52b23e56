"""物品需求计划 (CA-01): what a department needs in a span, and what of it is to be bought."""

from __future__ import annotations

from decimal import Decimal
from enum import Enum
from typing import Self

from peewee import fn

from models.attachments import keeps_files
from models.base import Record, db
from models.canteen.items import FREE, LEAST, NONE, StockItem
from models.canteen.rights import VIEW
from models.clock import now
from models.deeds import deed, reaches_everybody
from models.errors import RuleBroken
from models.fields import (
    ChoiceField,
    CountField,
    DayField,
    LineField,
    LinkField,
    MomentField,
    MoneyField,
    NumberField,
    PriceField,
    StockField,
)
from models.money import from_scaled, thousands
from models.office.approvals import pending_on, running_approval
from models.office.staff import Department
from models.search import finds_numbered
from models.suppliers.register import Supplier
from models.suppliers.rights import PLAN


class DemandState(Enum):
    """Where a plan stands."""

    DRAFT = "编制"
    APPROVED = "已批准"
    TAKEN = "已汇入采购"
    WITHDRAWN = "已撤回"


RUNNING = (DemandState.DRAFT, DemandState.APPROVED, DemandState.TAKEN)
"""While a plan is so, and its day has not passed, it counts on what is there for it."""


class Demand(Record):
    """物品需求计划: of one department, for some days."""

    number = NumberField(verbose_name="需求计划号")
    department = LinkField(Department, backref="+", verbose_name="需求部门")
    first = DayField(index=True, verbose_name="需求期起")
    last = DayField(verbose_name="需求期止")
    state = ChoiceField(DemandState, default=DemandState.DRAFT, index=True, verbose_name="计划状态")
    purchases = LineField(max_length=120, null=True, verbose_name="采购计划")
    made_at = MomentField(verbose_name="提交时间")
    made_by = LineField(max_length=60, verbose_name="申请人")
    approved_at = MomentField(null=True, verbose_name="批准时间")
    approval = LineField(max_length=20, null=True, verbose_name="审批单号")

    key_field = "number"
    moves = {
        DemandState.DRAFT: (DemandState.APPROVED, DemandState.WITHDRAWN),
        DemandState.APPROVED: (DemandState.TAKEN, DemandState.WITHDRAWN),
    }

    class Meta:
        title = "物品需求计划"

    def described(self) -> str:
        """Return XQ-202611-01 食堂，12 项，估 1,860.00 元."""
        told = f"{self.number} {self.department.name}，{self.lines.count()} 项"
        return f"{told}，估 {thousands(self.total())} 元"

    def total(self) -> Decimal:
        """Return in 元 what it may cost."""
        query = DemandLine.select(fn.SUM(DemandLine.amount)).where(DemandLine.demand == self)
        return from_scaled(int(db.execute(query).fetchone()[0] or 0), 2)

    @deed("canteen.approve_demand", "批准需求计划", PLAN, question="批准后可以汇入采购计划。")
    def approve(self) -> Self:
        """Let what it asks for be bought.

        Raises:
            RuleBroken: it is approved already.
        """
        approval = running_approval()
        self.move_to(
            DemandState.APPROVED, approved_at=now(), approval=str(approval.number) if approval else None
        )
        for line in self.lines:
            line.change(approved=line.planned)
        return self

    @deed(
        "canteen.withdraw_demand", "撤回需求计划", PLAN, danger=True,
        question="撤回后不再采购，也不再占用现存和在途。单号保留。",
    )  # fmt: skip
    def withdraw(self) -> Self:
        """Ask for it no more, while nothing of it went into a purchase plan.

        Raises:
            RuleBroken: it went in, is withdrawn already, or is being approved.
        """
        pending = pending_on("canteen.approve_demand", self)
        if pending is not None:
            raise RuleBroken(f"{self.number} 正在审批（{pending.number}）。请申请人先撤回申请。")
        return self.move_to(DemandState.WITHDRAWN)


class DemandLine(Record):
    """需求明细: so much of one item by a day, and what of it is to be bought."""

    demand = LinkField(Demand, backref="lines", verbose_name="需求计划")
    position = CountField(verbose_name="序号")
    item = LinkField(StockItem, backref="+", verbose_name="物品")
    stock = StockField(verbose_name="现存")
    coming = StockField(verbose_name="在途")
    others = StockField(default=NONE, verbose_name="他用")
    """What of stock and orders other plans counted on."""
    need = StockField(low=LEAST, verbose_name="需求数量")
    needed_on = DayField(verbose_name="需用日期")
    planned = StockField(verbose_name="采购数量")
    price = PriceField(verbose_name="参考单价")
    amount = MoneyField(default=FREE, verbose_name="估算金额")
    supplier = LinkField(Supplier, null=True, backref="+", verbose_name="建议供方")
    purpose = LineField(max_length=40, null=True, verbose_name="用途")
    approved = StockField(null=True, verbose_name="批准数量")

    class Meta:
        title = "需求明细"
        indexes = ((("demand", "position"), True),)

    @property
    def covered(self) -> Decimal:
        """How much of the need what was there and on its way covers, in units of issue."""
        return min(self.need, max(NONE, self.stock + self.coming - self.others))

    def label(self) -> str:
        """Return XQ-202611-01 大米 25kg/袋."""
        return f"{self.demand.number} {self.item.label()}"


reaches_everybody(Demand, DemandLine)
keeps_files(Demand, VIEW)
finds_numbered(VIEW, "XQ", Demand, "demands", "物品需求计划", lambda one: one.department.name)
