"""采购计划的办理: drafted freely, approved along a chain with the budget beside it, ordered, cut and closed.

What a plan costs is reserved of its accounts when it is approved, and let go when it is cut or closed, or
spent by a settlement. A line that costs more than is left of its account needs a reason (forms.md A11).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from models.clock import now
from models.deeds import actor, deed
from models.errors import BadInput, RuleBroken
from models.fields import DayField, LineField, LinkField, LinksField, MonthField, PriceField, StockField
from models.inputs import Asked, Input
from models.months import Month
from models.office.approvals import number_for, pending_on, refuse_pending
from models.office.budget import BudgetAccount, Side
from models.office.chains import approvable
from models.office.staff import Department
from models.rows import RowRefused, RowsField
from models.suppliers.goods import Goods, trimmed, worth
from models.suppliers.kinds import SupplierState
from models.suppliers.orders import (
    ORDERS,
    OUTSIDE_STEPS,
    OrderLine,
    OrderState,
    PurchaseOrder,
    Wanted,
    last_price,
    left_of,
    place,
    refuse_standing,
)
from models.suppliers.plans import AskedPlan, PlanLine, PlanState, PurchasePlan
from models.suppliers.register import AskedReason, AskedSupplier, Supplier, SupplyScope
from models.suppliers.rights import BUY, PLAN
from models.suppliers.settling.settlements import hold_only, settled_of

ROWS = "rows"
_CLOSED = (SupplierState.TERMINATED, SupplierState.DROPPED)


def _inputs() -> list[Input]:
    return [
        Input("goods", LinkField(Goods, verbose_name="物品").roomier(18), required=True),
        Input("quantity", StockField(low=Decimal("0.001"), verbose_name="申请数量"), required=True),
        Input("needed_on", DayField(verbose_name="需用日期"), required=True),
        Input("stock", StockField(null=True, verbose_name="库存"), required=False),
        Input(
            "price", PriceField(null=True, verbose_name="预估单价"), required=False,
            without="不填为上次单价",
        ),
        Input("supplier", LinkField(Supplier, null=True, verbose_name="供方").roomier(16), required=False),
        Input(
            "account", LinkField(BudgetAccount, null=True, verbose_name="预算科目"), required=False,
            without="不填照物品类别",
        ),
        Input("over", LineField(max_length=80, null=True, verbose_name="超预算原因"), required=False),
    ]  # fmt: skip


AskedRows = Annotated[list[dict[str, Any]], Asked(RowsField(_inputs, verbose_name="物品"))]
AskedNote = Annotated[str | None, Asked(LineField(max_length=120, null=True, verbose_name="说明"))]
AskedLine = Annotated[PlanLine, Asked(LinkField(PlanLine, verbose_name="计划行"))]


@deed("suppliers.draft_plan", "编制采购计划", PLAN)
def draft_plan(
    department: Annotated[Department, Asked(LinkField(Department, verbose_name="申请部门"))],
    month: Annotated[Month, Asked(MonthField(verbose_name="月份"))],
    rows: AskedRows,
    note: AskedNote = None,
) -> PurchasePlan:
    """Draft what a department wants to buy in a month; nothing is reserved yet.

    Raises:
        BadInput: the month is over.
        RowRefused: goods have no price or account, are wanted in another month, or of a supplier whose
            file is closed.
    """
    if month < Month.of(now().date()):
        raise BadInput(f"{month} 已经过了。请填本月或以后的月份。", "month")
    made = PurchasePlan.add(
        number=_number(month, department), month=month, department=department, note=note, made_at=now(),
        made_by=actor().name,
    )  # fmt: skip
    _put(made, rows)
    return made


def _number(month: Month, department: Department) -> str:
    number = f"CGJ-{month.first:%Y%m}-{department.name}"
    same = (PurchasePlan.month == month) & (PurchasePlan.department == department)
    count = PurchasePlan.select().where(same).count()
    return f"{number}-{count + 1}" if count else number


@deed("suppliers.redraft_plan", "修改采购计划", PLAN)
def redraft_plan(plan: AskedPlan, rows: AskedRows, note: AskedNote = None) -> PurchasePlan:
    """Write the lines of a draft anew; what is being approved must be withdrawn first.

    Raises:
        RuleBroken: it is approved, or being approved.
        RowRefused: as for a new one.
    """
    if plan.state is not PlanState.DRAFT:
        raise RuleBroken(f"计划 {plan.number} {plan.state.value}，不能再改。要少买的请“核减”。")
    refuse_pending(pending_on("suppliers.approve_plan", plan), f"计划 {plan.number}")
    for line in list(plan.lines):
        line.remove()
    _put(plan, rows)
    plan.renew()
    return plan.change(note=note) if note else plan


def rows_of(plan: PurchasePlan) -> list[dict[str, Any]]:
    """Return the lines of a plan as `redraft_plan` takes them."""
    names = ("goods", "quantity", "needed_on", "stock", "price", "supplier", "account", "over")
    return [{name: getattr(line, name) for name in names} for line in plan.lines.order_by(PlanLine.position)]


def _put(plan: PurchasePlan, rows: Sequence[Mapping[str, Any]]) -> None:
    for number, row in enumerate(rows):
        price, account = _completed(row, number)
        _check(plan, row, number)
        PlanLine.add(
            plan=plan, position=number + 1, goods=row["goods"], stock=row["stock"], quantity=row["quantity"],
            price=price, amount=worth(row["quantity"], price), needed_on=row["needed_on"], account=account,
            supplier=row["supplier"] or usual_supplier(row["goods"]), over=row["over"],
        )  # fmt: skip


def _completed(row: Mapping[str, Any], number: int) -> tuple[Decimal, BudgetAccount]:
    """Return price and account of a row, the usual ones where nothing is typed."""
    goods = row["goods"]
    price = row["price"] if row["price"] is not None else last_price(goods)
    if price is None:
        raise RowRefused(f"{goods.label()} 没有买过，请填预估单价。", ROWS, number, "price")
    account = row["account"] or goods.kind.account
    if account is None:
        told = f"物品类别“{goods.kind.name}”没有预算科目"
        raise RowRefused(f"{told}，请填预算科目。", ROWS, number, "account")
    if account.side is Side.INCOME or not account.active:
        raise RowRefused(f"“{account.name}”不是在用的支出科目。请另选。", ROWS, number, "account")
    return price, account


def _check(plan: PurchasePlan, row: Mapping[str, Any], number: int) -> None:
    goods, supplier, day = row["goods"], row["supplier"], row["needed_on"]
    if not goods.active:
        raise RowRefused(f"{goods.label()} 已停用。请另选，或先启用。", ROWS, number, "goods")
    if Month.of(day) != plan.month:
        raise RowRefused(f"需用日期 {day} 不在计划的月份 {plan.month} 内。", ROWS, number, "needed_on")
    if supplier is not None and supplier.state in _CLOSED:
        told = f"{supplier.name} 已“{supplier.state.value}”"
        raise RowRefused(f"{told}。请从合格供方名录中另选。", ROWS, number, "supplier")


def usual_supplier(goods: Goods) -> Supplier | None:
    """Return of whom goods were ordered last, else the only qualified one that delivers their kind."""
    query = OrderLine.select().join(PurchaseOrder).join(Supplier).where(OrderLine.goods == goods)
    last = query.where(Supplier.state == SupplierState.QUALIFIED).order_by(OrderLine.id.desc()).first()
    if last is not None:
        return last.order.supplier
    delivering = SupplyScope.select(SupplyScope.supplier).where(SupplyScope.kind == goods.kind)
    able = (Supplier.state == SupplierState.QUALIFIED) & Supplier.id.in_(delivering)
    found = list(Supplier.select().where(able).limit(2))
    return found[0] if len(found) == 1 else None


# -- buying, cutting, closing ----------------------------------------------------------------------


def lines_to_buy(until: date) -> list[PlanLine]:
    """Return the approved lines that are needed by a day and not ordered whole, the first one first."""
    query = PlanLine.select(PlanLine, PurchasePlan).join(PurchasePlan)
    wanted = query.where((PurchasePlan.state == PlanState.APPROVED) & (PlanLine.needed_on <= until))
    return [line for line in wanted.order_by(PlanLine.needed_on, PlanLine.id) if left_of(line)]


def plans_of(month: Month) -> list[PurchasePlan]:
    """Return the plans of a month, by number."""
    return list(PurchasePlan.select().where(PurchasePlan.month == month).order_by(PurchasePlan.number))


class Placed:
    """The orders that were made of the lines of plans."""

    def __init__(self, orders: Sequence[PurchaseOrder]) -> None:
        self.orders = orders

    def done(self) -> str:
        """Return 已下 3 张订单."""
        return f"已下 {len(self.orders)} 张订单"

    def summary(self) -> str:
        """Return their numbers with the suppliers, and what is to be known of these."""
        return (
            "、".join(one.label() for one in self.orders) + "。" + "".join(one.aside() for one in self.orders)
        )


def _left(line: PlanLine) -> Wanted:
    """Return what is left of a line of a plan to be ordered.

    Raises:
        RuleBroken: nothing is, or its plan is not approved.
    """
    left = left_of(line)
    if not left:
        raise RuleBroken(f"{line.label()} 已经全部下单，或计划没有批准。请只选待采购的行。")
    return Wanted(line.goods, left, line.price, line)


@deed("suppliers.order_plan", "按计划下单", BUY)
def order_plan(
    lines: Annotated[list[PlanLine], Asked(LinksField(PlanLine, verbose_name="计划行"))],
    due: Annotated[
        date | None, Asked(DayField(null=True, verbose_name="约定到货"), "不填为最早的需用日期")
    ] = None,
    supplier: Annotated[
        Supplier | None, Asked(LinkField(Supplier, null=True, verbose_name="供方"), "不填照计划")
    ] = None,
) -> Placed:
    """Order what is left of lines of approved plans, an order for each supplier.

    Raises:
        RuleBroken: a line is not to be bought, names no supplier, or its supplier may not be ordered from.
        BadInput: the day has passed.
    """
    wanted: dict[int, list[Wanted]] = {}
    dues: dict[int, date] = {}
    whose: dict[int, Supplier] = {}
    for line in {line.id: line for line in lines}.values():
        one = supplier or line.supplier
        if one is None:
            raise RuleBroken(f"{line.goods.label()} 没有写供方。请填供方再下订单。")
        whose[one.id] = one
        dues[one.id] = min(dues.get(one.id, line.needed_on), line.needed_on)
        wanted.setdefault(one.id, []).append(_left(line))
    made = []
    for number, rows in wanted.items():
        refuse_standing(whose[number], [{"goods": row.goods} for row in rows], outside=False)
        day = due or max(dues[number], now().date())
        made.append(place(ORDERS.next(now().date()), whose[number], rows, day, None))
    return Placed(made)


@deed("suppliers.order_plan_outside", "名录外按计划下单", BUY)
def order_plan_outside(
    lines: Annotated[list[PlanLine], Asked(LinksField(PlanLine, verbose_name="计划行"))],
    supplier: AskedSupplier,
    reason: AskedReason,
    due: Annotated[
        date | None, Asked(DayField(null=True, verbose_name="约定到货"), "不填为最晚的需用日期")
    ] = None,
) -> PurchaseOrder:
    """Order what is left of lines of approved plans of a supplier whom the list does not allow.

    Raises:
        RuleBroken: a line is not to be bought, the list allows it, or nothing does.
        BadInput: the day has passed.
    """
    wanted = [_left(line) for line in {line.id: line for line in lines}.values()]
    refuse_standing(supplier, [{"goods": one.goods} for one in wanted], outside=True)
    today = now().date()
    day = due or max(today, *(one.plan_line.needed_on for one in wanted if one.plan_line is not None))
    return place(number_for("suppliers.order_plan_outside", today), supplier, wanted, day, None, reason)


approvable(
    "suppliers.order_plan_outside",
    default=OUTSIDE_STEPS,
    series=ORDERS,
    on=True,
    amount=lambda values: sum((worth(left_of(one), one.price) for one in values["lines"]), Decimal("0.00")),
)


@deed("suppliers.cut_line", "核减", BUY)
def cut_line(
    line: AskedLine,
    quantity: Annotated[Decimal, Asked(StockField(verbose_name="批准数量"))],
    reason: Annotated[str, Asked(LineField(max_length=80, verbose_name="核减原因"))],
) -> PlanLine:
    """Buy less of a line than was approved; what is not needed is let go of its account.

    Raises:
        RuleBroken: its plan is not under way, or more of it is ordered already.
        BadInput: it is not less.
    """
    if line.plan.state is not PlanState.APPROVED or line.approved is None:
        raise RuleBroken(f"计划 {line.plan.number} 是“{line.plan.state.value}”，不能核减。")
    if quantity >= line.approved:
        raise BadInput(f"批准数量现在是 {trimmed(line.approved)}，核减要填更小的数。", "quantity")
    ordered = line.approved - left_of(line)
    if quantity < ordered:
        raise RuleBroken(f"{line.label()} 已下单 {trimmed(ordered)}，不能核减到 {trimmed(quantity)}。")
    rest = max(Decimal("0.000"), quantity - settled_of(line))
    line.let_go(line.reserved() - worth(rest, line.price))
    return line.change(approved=quantity, cut=reason)


@deed("suppliers.close_plan", "关闭采购计划", BUY, question="没有买的不再买，占用的预算释放。")
def close_plan(plan: AskedPlan) -> PurchasePlan:
    """Buy no more of a plan; what of the budget it holds for nothing that came is let go.

    Raises:
        RuleBroken: it is not under way, or orders of it are open.
    """
    if plan.state is not PlanState.APPROVED:
        raise RuleBroken(f"计划 {plan.number} 是“{plan.state.value}”，不用关闭。")
    going = PurchaseOrder.select().join(OrderLine).join(PlanLine)
    open_ones = going.where((PlanLine.plan == plan) & (PurchaseOrder.state == OrderState.OPEN)).distinct()
    numbers = sorted(one.number for one in open_ones)
    if numbers:
        raise RuleBroken(f"计划 {plan.number} 还有订单没有到齐：{'、'.join(numbers)}。请先催到、取消或结案。")
    for line in list(plan.lines):
        hold_only(line)
    return plan.move_to(PlanState.CLOSED, closed_on=now().date())
