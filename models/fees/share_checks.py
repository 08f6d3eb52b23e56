"""分摊核对与体检: shares come to their pool, lines to their shares; what lacks a basis is named."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from peewee import Case, fn

from models.base import db
from models.batches import Batch, State
from models.checks import invariant
from models.fees.bills import Bill
from models.fees.gaps import reversed_lines
from models.fees.items import Category, FeeItem, Rate
from models.fees.meters import Meter, MeterKind, walk
from models.fees.share_math import Rule, houses
from models.fees.share_plans import CommonKind, SharePlan, ShareScope, departures
from models.fees.shares import CostState, Share, SharedCost
from models.health import Gap, health_check
from models.money import from_scaled
from models.owners.estate import Unit


@invariant("分摊合计")
def shares_add_up() -> Iterator[str]:
    """A shared cost is the sum of its shares and of its live lines; void, it keeps none but reversed ones."""
    shared = _summed(Share, Share.cost)
    undone = Bill.batch.in_(Batch.select(Batch.id).where(Batch.state == State.UNDONE))
    billed = _summed(Bill, Bill.batch, (Bill.live == True) & ~(undone & reversed_lines()))
    asked = Case(None, ((SharedCost.state == CostState.SHARED, SharedCost.amount),), 0)
    for what, whole, parts, owner in (
        ("各户实摊", SharedCost.amount, shared, SharedCost.id),
        ("有效账单", asked, billed, SharedCost.batch),
    ):
        found = fn.COALESCE(parts.c.fen, 0)
        query = SharedCost.select(SharedCost.number, whole, found).left_outer_join(
            parts, on=(parts.c.owner == owner)
        )
        for number, fen, summed in db.execute(query.where(whole != found)):
            yield f"分摊单 {number} 应为 {_yuan(fen)}，{what}合计却是 {_yuan(summed)}"


def _summed(record: Any, owner: Any, *wanted: Any) -> Any:
    query = record.select(owner.alias("owner"), fn.SUM(record.amount).alias("fen"))
    return query.where(owner.is_null(False), *wanted).group_by(owner).alias("summed")


def _yuan(fen: Any) -> str:
    return f"{from_scaled(int(fen), 2):,.2f} 元"


@invariant("分摊批次")
def void_costs_belong_to_undone_batches() -> Iterator[str]:
    """A shared cost is void just when its batch was undone."""
    query = SharedCost.select(SharedCost.number, SharedCost.state, Batch.state).join(Batch)
    void, undone = SharedCost.state == CostState.VOID, Batch.state == State.UNDONE
    for number, state, batch in db.execute(query.where(void != undone)):
        told = f"{CostState[state].value}，它的批次却是{State[batch].value}"
        yield f"分摊单 {number} {told}"


@health_check("分摊没有约定依据", "fees.edit_share_plan")
def plans_without_agreement() -> Iterator[Gap]:
    """Plans in use that depart from sharing by area and name no agreement (民法典 283)."""
    for plan in SharePlan.select().where((SharePlan.active == True) & SharePlan.agreed.is_null()):
        departs = departures(plan)
        if departs:
            yield Gap(f"{plan.name}：{'、'.join(departs)}", SharePlan, plan.id)


@health_check("要按楼层分摊，没有楼层", "owners.edit_unit")
def houses_without_floor() -> Iterator[Gap]:
    """Houses that plans in use weigh by a floor which is not entered."""
    named: set[int] = set()
    for plan in SharePlan.select().where(SharePlan.active == True).order_by(SharePlan.id):
        rule = Rule(plan)
        for house in houses() if rule.by_floor else ():
            if rule.reaches(house) and house.floor is None and house.unit not in named:
                named.add(house.unit)
                yield Gap(house.code, Unit, house.unit)


@health_check("公共分摊项目没有分摊方案", "fees.add_share_plan")
def items_without_plan() -> Iterator[Gap]:
    """Items for common costs in use that have neither a plan nor a price."""
    planned = SharePlan.select(SharePlan.item).where(SharePlan.active == True)
    wanted = (FeeItem.category == Category.SHARED) & (FeeItem.active == True)
    query = FeeItem.select().where(wanted & FeeItem.id.not_in(planned))
    for item in query.where(FeeItem.id.not_in(Rate.select(Rate.item))).order_by(FeeItem.code):
        yield Gap(item.label(), FeeItem, item.id)


_FOR = {
    MeterKind.WATER: (CommonKind.WATER, CommonKind.PUMP),
    MeterKind.ELECTRICITY: (CommonKind.LIGHT, CommonKind.LIFT, CommonKind.PUMP),
    MeterKind.HEAT: (CommonKind.HEATING,),
    MeterKind.GAS: (CommonKind.HEATING,),
}
"""For what common costs the meters of each kind count; what is 其他 may be any of them."""


@health_check("公共表没有分摊方案", "fees.add_share_plan")
def common_meters_without_plan() -> Iterator[Gap]:
    """Common meters in use where they hang no plan in use shares such a cost, so that nobody bears it."""
    plans = list(SharePlan.select().where(SharePlan.active == True))
    for meter in walk(Meter.active == True, Meter.unit.is_null()):
        if not any(_shares(plan, meter) for plan in plans):
            yield Gap(meter.label(), Meter, meter.id)


def _shares(plan: SharePlan, meter: Meter) -> bool:
    """Whether a plan is for what a common meter counts, in the place where it hangs."""
    if plan.kind not in (*_FOR[meter.kind], CommonKind.OTHER):
        return False
    places = list(plan.scopes)
    return not places or meter.building is None or any(_holds(place, meter) for place in places)


def _holds(place: ShareScope, meter: Meter) -> bool:
    """Whether a meter hangs in a place; one of a whole building hangs in each of its entrances."""
    if place.entrance is None:
        return bool(place.building == meter.building)
    inside = meter.entrance is None and place.entrance.building == meter.building
    return inside or bool(place.entrance == meter.entrance)
