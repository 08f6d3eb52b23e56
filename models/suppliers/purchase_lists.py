"""采购名单: plans, orders, what is to come, chases, receipts, returns."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from peewee import JOIN, Case, fn

from models.fields import CountField, DayField, FlagField, LineField, MoneyField, StockField
from models.listings import Filters, Listing, RowListing, Shown, listing
from models.months import Month
from models.office.approvals import pending_number
from models.office.budget import BudgetAccount
from models.office.staff import Department
from models.suppliers.goods import Goods, GoodsKind
from models.suppliers.orders import NOTHING, OrderChase, OrderLine, OrderState, PurchaseOrder
from models.suppliers.plans import PlanLine, PlanState, PurchasePlan
from models.suppliers.receipts import GoodsReceipt, ReceiptLine
from models.suppliers.register import Supplier
from models.suppliers.returns import GoodsReturn, ReturnState
from models.suppliers.rights import VIEW

_PLAN_TONES = {
    PlanState.DRAFT.value: "warning",
    PlanState.APPROVED.value: "ok",
    PlanState.CLOSED.value: "plain",
}
LATE = "已逾期"
_ORDER_TONES = {
    OrderState.OPEN.value: "info", OrderState.DONE.value: "ok", OrderState.CLOSED.value: "warning",
    OrderState.CANCELLED.value: "plain",
}  # fmt: skip
_RETURN_TONES = {
    ReturnState.WAITING.value: "danger", ReturnState.CONSENTED.value: "warning", ReturnState.DONE.value: "ok",
    ReturnState.REFUSED.value: "plain",
}  # fmt: skip


@listing("purchase_plans", "采购计划", "suppliers", VIEW, "period", "state")
def purchase_plans(filters: Filters) -> Listing:
    """Plans of departments, newest first, with what they come to and whether they are being approved."""
    query = PurchasePlan.select().join(Department)
    query = filters.narrow(query, period=PurchasePlan.month, state=PurchasePlan.state)
    mine, pending = (
        PlanLine.plan == PurchasePlan.id,
        pending_number("suppliers.approve_plan", PurchasePlan.id),
    )
    columns = (
        Shown("number", PurchasePlan.number),
        Shown("month", PurchasePlan.month),
        Shown("department", PurchasePlan.department, Department.name),
        Shown("lines", CountField(verbose_name="项数"), PlanLine.select(fn.COUNT(PlanLine.id)).where(mine)),
        Shown("amount", MoneyField(verbose_name="金额"), _sum(PlanLine.amount, PlanLine, mine)),
        Shown("state", PurchasePlan.state, status=True),
        Shown("pending", LineField(max_length=20, verbose_name="审批中"), pending),
        Shown("made_by", PurchasePlan.made_by),
        Shown("approved_at", PurchasePlan.approved_at),
        Shown("note", PurchasePlan.note, hidden=True),
    )
    return Listing(
        query, columns, id=PurchasePlan.id, order=("-month", "number"), record=PurchasePlan,
        search=(PurchasePlan.number, Department.name), tones=_PLAN_TONES,
    )  # fmt: skip


def _sum(field: Any, record: Any, mine: Any) -> Any:
    return record.select(fn.COALESCE(fn.SUM(field), 0)).where(mine)


def ordered() -> Any:
    """Return how much of a line of a plan is ordered: of a closed order what came of it."""
    taken = Case(None, ((PurchaseOrder.state == OrderState.CLOSED, OrderLine.accepted),), OrderLine.quantity)
    query = OrderLine.select(fn.COALESCE(fn.SUM(taken), 0)).join(PurchaseOrder)
    return query.where((OrderLine.plan_line == PlanLine.id) & (PurchaseOrder.state != OrderState.CANCELLED))


def _came() -> Any:
    return OrderLine.select(fn.COALESCE(fn.SUM(OrderLine.accepted), 0)).where(
        OrderLine.plan_line == PlanLine.id
    )


@listing("plan_lines", "计划明细", "suppliers", VIEW, "period", "state")
def plan_lines(filters: Filters) -> Listing:
    """Lines of plans, what is to be bought on top, with what is ordered and came. `state` is the plan's."""
    query = PlanLine.select().join(PurchasePlan).join(Department).switch(PlanLine).join(Goods)
    query = query.switch(PlanLine).join(Supplier, JOIN.LEFT_OUTER).switch(PlanLine).join(BudgetAccount)
    query = filters.narrow(query, period=PurchasePlan.month, state=PurchasePlan.state)
    open_one = (PurchasePlan.state == PlanState.APPROVED) & (PlanLine.approved > ordered())
    columns = (
        Shown("plan", PlanLine.plan, PurchasePlan.number),
        Shown("department", PurchasePlan.department, Department.name, hidden=True),
        Shown("goods", PlanLine.goods, Goods.name),
        Shown("spec", Goods.spec),
        Shown("unit", Goods.unit),
        Shown("quantity", PlanLine.quantity, total=False),
        Shown("approved", PlanLine.approved, total=False),
        Shown("ordered", StockField(verbose_name="已下单"), ordered(), total=False),
        Shown("came", StockField(verbose_name="已收"), _came(), total=False),
        Shown("price", PlanLine.price, total=False),
        Shown("amount", PlanLine.amount),
        Shown("needed_on", PlanLine.needed_on),
        Shown("supplier", Supplier.name, label="供方"),
        Shown("account", PlanLine.account, BudgetAccount.name),
        Shown("over", PlanLine.over, hidden=True),
        Shown("state", PurchasePlan.state, status=True),
        Shown("open", FlagField(verbose_name="待采购"), Case(None, ((open_one, 1),), 0)),
    )
    return Listing(
        query, columns, id=PlanLine.id, order=("-open", "-needed_on", "plan"), record=PlanLine,
        search=(PurchasePlan.number, Goods.search, Supplier.search), tones=_PLAN_TONES,
    )  # fmt: skip


@dataclass(frozen=True)
class PlanSum:
    """What all departments together want of goods in a month; the names as they are told."""

    goods: Goods
    quantity: Decimal
    approved: Decimal
    amount: Decimal
    needed_on: date
    departments: str
    suppliers: str
    accounts: str


def plan_sums_of(month: Month) -> list[PlanSum]:
    """Return what the plans of a month want together, by kind and number of the goods."""
    query = PlanLine.select(PlanLine, PurchasePlan, Goods, GoodsKind).join(PurchasePlan).switch(PlanLine)
    query = query.join(Goods).join(GoodsKind).where(PurchasePlan.month == month)
    found: dict[int, list[PlanLine]] = {}
    for line in query.order_by(GoodsKind.position, Goods.code, PlanLine.id):
        found.setdefault(line.goods_id, []).append(line)
    return [_together(lines) for lines in found.values()]


def _together(lines: list[PlanLine]) -> PlanSum:
    def names(told: Iterable[str | None]) -> str:
        return "、".join(dict.fromkeys(filter(None, told)))

    return PlanSum(
        lines[0].goods,
        sum((one.quantity for one in lines), NOTHING),
        sum((one.approved or NOTHING for one in lines), NOTHING),
        sum((one.amount for one in lines), Decimal("0.00")),
        min(one.needed_on for one in lines),
        names(one.plan.department.name for one in lines),
        names(one.supplier.name if one.supplier else None for one in lines),
        names(one.account.name for one in lines),
    )


@listing("plan_sums", "采购汇总", "suppliers", VIEW, "period")
def plan_sums(filters: Filters) -> RowListing:
    """What all departments want in a month, this month unless given, goods by goods."""
    month = filters.period.month if filters.period else Month.of(date.today())
    columns = (
        Shown("kind", LineField(max_length=20, verbose_name="物品类别")),
        Shown("goods", Goods.name),
        Shown("spec", Goods.spec),
        Shown("unit", Goods.unit),
        Shown("quantity", StockField(verbose_name="申请合计"), total=False),
        Shown("approved", StockField(verbose_name="批准合计"), total=False),
        Shown("amount", MoneyField(verbose_name="金额")),
        Shown("needed_on", DayField(verbose_name="最早需用")),
        Shown("departments", LineField(max_length=80, verbose_name="申请部门")),
        Shown("suppliers", LineField(max_length=80, verbose_name="供方")),
    )
    rows = [
        (
            one.goods.id,
            (
                one.goods.kind.name, one.goods.name, one.goods.spec, one.goods.unit, one.quantity,
                one.approved, one.amount, one.needed_on, one.departments, one.suppliers,
            ),
        )
        for one in plan_sums_of(month)
    ]  # fmt: skip
    return RowListing(columns, rows)


@listing("purchase_orders", "采购订单", "suppliers", VIEW, "period", "supplier", "state")
def purchase_orders(filters: Filters) -> Listing:
    """Orders, newest first, with how much of them came and how late they are."""
    query = PurchaseOrder.select().join(Supplier)
    query = filters.narrow(
        query, supplier=PurchaseOrder.supplier, period=PurchaseOrder.ordered_on, state=PurchaseOrder.state
    )
    mine = OrderLine.order == PurchaseOrder.id
    last = GoodsReceipt.select(fn.MAX(GoodsReceipt.arrived_on)).where(GoodsReceipt.order == PurchaseOrder.id)
    chased = OrderChase.select(fn.COUNT(OrderChase.id)).where(OrderChase.order == PurchaseOrder.id)
    late = (PurchaseOrder.state == OrderState.OPEN) & (PurchaseOrder.due < date.today())
    beyond = PurchaseOrder.outside.is_null(False)
    columns = (
        Shown("number", PurchaseOrder.number),
        Shown("supplier", PurchaseOrder.supplier, Supplier.name),
        Shown("ordered_on", PurchaseOrder.ordered_on),
        Shown("due", PurchaseOrder.due),
        Shown("amount", MoneyField(verbose_name="金额"), _sum(OrderLine.amount, OrderLine, mine)),
        Shown("arrived", GoodsReceipt.arrived_on, last, label="最近到货"),
        Shown("chased", CountField(verbose_name="催货次数"), chased, total=False),
        Shown("state", PurchaseOrder.state, status=True),
        Shown("late", FlagField(verbose_name=LATE), Case(None, ((late, 1),), 0)),
        Shown("beyond", FlagField(verbose_name="名录外"), Case(None, ((beyond, 1),), 0)),
        Shown("made_by", PurchaseOrder.made_by),
        Shown("outside", PurchaseOrder.outside, hidden=True),
        Shown("why", PurchaseOrder.why, hidden=True),
        Shown("note", PurchaseOrder.note, hidden=True),
    )
    return Listing(
        query, columns, id=PurchaseOrder.id, order=("-ordered_on", "-number"), record=PurchaseOrder,
        search=(PurchaseOrder.number, Supplier.search), tones=_ORDER_TONES,
    )  # fmt: skip


@listing("order_lines", "订单明细", "suppliers", VIEW, "period", "supplier", "state")
def order_lines(filters: Filters) -> Listing:
    """Lines of orders, what is still to come on top. `state` is the order's."""
    query = OrderLine.select().join(PurchaseOrder).join(Supplier).switch(OrderLine).join(Goods)
    query = filters.narrow(
        query, supplier=PurchaseOrder.supplier, period=PurchaseOrder.ordered_on, state=PurchaseOrder.state
    )
    wanted = (PurchaseOrder.state == OrderState.OPEN) & (OrderLine.accepted < OrderLine.quantity)
    left = Case(None, ((wanted, OrderLine.quantity - OrderLine.accepted),), 0)
    columns = (
        Shown("code", OrderLine.code),
        Shown("supplier", PurchaseOrder.supplier, Supplier.name),
        Shown("goods", OrderLine.goods, Goods.name),
        Shown("spec", Goods.spec),
        Shown("unit", Goods.unit),
        Shown("quantity", OrderLine.quantity, total=False),
        Shown("price", OrderLine.price, total=False),
        Shown("amount", OrderLine.amount),
        Shown("delivered", OrderLine.delivered, total=False),
        Shown("accepted", OrderLine.accepted, total=False),
        Shown("left", StockField(verbose_name="未到"), left, total=False),
        Shown("due", PurchaseOrder.due),
        Shown("arrived_on", OrderLine.arrived_on),
        Shown("state", PurchaseOrder.state, status=True),
        Shown("open", FlagField(verbose_name="待到货"), Case(None, ((wanted, 1),), 0), hidden=True),
    )
    return Listing(
        query, columns, id=OrderLine.id, order=("-open", "-due", "code"), record=OrderLine,
        search=(OrderLine.code, Supplier.search, Goods.search), tones=_ORDER_TONES,
    )  # fmt: skip


@listing("order_chases", "催货记录", "suppliers", VIEW, "period", "supplier")
def order_chases(filters: Filters) -> Listing:
    """When suppliers were asked where goods are, newest first."""
    query = OrderChase.select().join(PurchaseOrder).join(Supplier)
    query = filters.narrow(query, supplier=PurchaseOrder.supplier, period=OrderChase.at)
    columns = (
        Shown("at", OrderChase.at),
        Shown("order", OrderChase.order, PurchaseOrder.number),
        Shown("supplier", PurchaseOrder.supplier, Supplier.name),
        Shown("due", PurchaseOrder.due),
        Shown("whom", OrderChase.whom),
        Shown("answer", OrderChase.answer),
        Shown("promised", OrderChase.promised),
        Shown("made_by", OrderChase.made_by),
    )
    return Listing(
        query, columns, id=OrderChase.id, order=("-at",), record=OrderChase,
        search=(PurchaseOrder.number, Supplier.search, OrderChase.answer),
    )  # fmt: skip


@listing("goods_receipts", "到货记录", "suppliers", VIEW, "period", "supplier")
def goods_receipts(filters: Filters) -> Listing:
    """What came, lot by lot, newest first."""
    query = ReceiptLine.select().join(GoodsReceipt).join(Supplier).switch(ReceiptLine).join(Goods)
    query = query.switch(ReceiptLine).join(OrderLine).join(PurchaseOrder)
    query = filters.narrow(query, supplier=GoodsReceipt.supplier, period=GoodsReceipt.arrived_on)
    late = GoodsReceipt.arrived_on > PurchaseOrder.due
    columns = (
        Shown("code", ReceiptLine.code),
        Shown("arrived_on", GoodsReceipt.arrived_on),
        Shown("supplier", GoodsReceipt.supplier, Supplier.name),
        Shown("goods", ReceiptLine.goods, Goods.name),
        Shown("spec", Goods.spec),
        Shown("unit", Goods.unit),
        Shown("delivered", ReceiptLine.delivered, total=False),
        Shown("accepted", ReceiptLine.accepted, total=False),
        Shown("rejected", ReceiptLine.rejected, total=False),
        Shown("defect", ReceiptLine.defect),
        Shown("price", ReceiptLine.price, total=False),
        Shown("amount", ReceiptLine.amount),
        Shown("late", FlagField(verbose_name="迟到"), Case(None, ((late, 1),), 0)),
        Shown("note_number", GoodsReceipt.note_number, hidden=True),
        Shown("order", PurchaseOrder.number, label="订单", hidden=True),
        Shown("returned", ReceiptLine.returned, total=False, hidden=True),
        Shown("made_by", GoodsReceipt.made_by, hidden=True),
    )
    return Listing(
        query, columns, id=ReceiptLine.id, order=("-arrived_on", "-code"), record=ReceiptLine,
        search=(ReceiptLine.code, Supplier.search, Goods.search, GoodsReceipt.note_number),
    )  # fmt: skip


@listing("goods_returns", "退换货", "suppliers", VIEW, "period", "supplier", "state")
def goods_returns(filters: Filters) -> Listing:
    """What was rejected or turned out bad, what is still open on top."""
    query = GoodsReturn.select().join(Supplier).switch(GoodsReturn).join(ReceiptLine).join(Goods)
    query = filters.narrow(
        query, supplier=GoodsReturn.supplier, period=GoodsReturn.found_on, state=GoodsReturn.state
    )
    columns = (
        Shown("number", GoodsReturn.number),
        Shown("found_on", GoodsReturn.found_on),
        Shown("supplier", GoodsReturn.supplier, Supplier.name),
        Shown("goods", Goods.name, label="物品"),
        Shown("quantity", GoodsReturn.quantity, total=False),
        Shown("unit", Goods.unit),
        Shown("amount", GoodsReturn.amount),
        Shown("defect", GoodsReturn.defect),
        Shown("state", GoodsReturn.state, status=True),
        Shown("handling", GoodsReturn.handling),
        Shown("due", GoodsReturn.due),
        Shown("done_on", GoodsReturn.done_on),
        Shown("lot", ReceiptLine.code, label="验收明细", hidden=True),
        Shown("words", GoodsReturn.words, hidden=True),
        Shown("result", GoodsReturn.result, hidden=True),
        Shown("consented_by", GoodsReturn.consented_by, hidden=True),
    )
    return Listing(
        query, columns, id=GoodsReturn.id, order=("-found_on", "-number"), record=GoodsReturn,
        search=(GoodsReturn.number, Supplier.search, Goods.search), tones=_RETURN_TONES,
    )  # fmt: skip
