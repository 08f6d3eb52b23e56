"""需求名单: plans of what departments need, and their lines."""

from __future__ import annotations

from peewee import JOIN, fn

from models.canteen.demands import Demand, DemandLine, DemandState
from models.canteen.items import StockItem
from models.canteen.rights import VIEW
from models.fields import CountField, LineField, MoneyField
from models.listings import Filters, Listing, Shown, listing
from models.office.approvals import pending_number
from models.office.staff import Department
from models.suppliers.goods import Goods
from models.suppliers.register import Supplier

_TONES = {
    DemandState.DRAFT.value: "warning", DemandState.APPROVED.value: "info", DemandState.TAKEN.value: "ok",
    DemandState.WITHDRAWN.value: "plain",
}  # fmt: skip


@listing("demands", "需求计划", "canteen", VIEW, "period", "state")
def demands(filters: Filters) -> Listing:
    """Plans of what is needed, newest first, with what they may cost and whether they are being approved."""
    query = Demand.select().join(Department)
    query = filters.narrow(query, period=Demand.first, state=Demand.state)
    mine = DemandLine.demand == Demand.id
    lines = DemandLine.select(fn.COUNT(DemandLine.id)).where(mine)
    amount = DemandLine.select(fn.COALESCE(fn.SUM(DemandLine.amount), 0)).where(mine)
    pending = LineField(max_length=20, verbose_name="审批中")
    columns = (
        Shown("number", Demand.number),
        Shown("department", Demand.department, Department.name),
        Shown("first", Demand.first),
        Shown("last", Demand.last),
        Shown("lines", CountField(verbose_name="项数"), lines, total=False),
        Shown("amount", MoneyField(verbose_name="估算金额"), amount),
        Shown("state", Demand.state, status=True),
        Shown("pending", pending, pending_number("canteen.approve_demand", Demand.id)),
        Shown("purchases", Demand.purchases),
        Shown("made_by", Demand.made_by),
        Shown("made_at", Demand.made_at, hidden=True),
    )
    return Listing(
        query, columns, id=Demand.id, order=("-first", "-number"), record=Demand,
        search=(Demand.number, Department.name), tones=_TONES,
    )  # fmt: skip


@listing("demand_lines", "需求明细", "canteen", VIEW, "period", "stock", "state")
def demand_lines(filters: Filters) -> Listing:
    """Lines of the plans, newest first. `state` is the plan's."""
    query = DemandLine.select().join(Demand).switch(DemandLine).join(StockItem).join(Goods)
    query = query.switch(DemandLine).join(Supplier, JOIN.LEFT_OUTER)
    query = filters.narrow(query, period=Demand.first, stock=DemandLine.item, state=Demand.state)
    columns = (
        Shown("number", DemandLine.demand, Demand.number),
        Shown("name", Goods.name),
        Shown("spec", Goods.spec),
        Shown("stock", DemandLine.stock, total=False),
        Shown("coming", DemandLine.coming, total=False),
        Shown("others", DemandLine.others, total=False),
        Shown("need", DemandLine.need, total=False),
        Shown("unit", StockItem.unit),
        Shown("planned", DemandLine.planned, total=False),
        Shown("bought_in", Goods.unit, label="采购单位"),
        Shown("price", DemandLine.price, total=False),
        Shown("amount", DemandLine.amount),
        Shown("needed_on", DemandLine.needed_on),
        Shown("supplier", Supplier.name, label="建议供方"),
        Shown("purpose", DemandLine.purpose),
        Shown("approved", DemandLine.approved, total=False),
        Shown("state", Demand.state, status=True),
    )
    return Listing(
        query, columns, id=DemandLine.id, order=("-number", "needed_on"), record=DemandLine,
        search=(Demand.number, Goods.search, Supplier.search), tones=_TONES,
    )  # fmt: skip
