"""领用出库: what is issued, from the lots that expire first; whoever skips one says why (duty c04.a.01).

Expired goods are not issued at all. From the quantity that an item states on, a second person is there. What
was not used comes back to its lot.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from peewee import fn

from models.base import db, journal
from models.canteen.issues import ISSUES, AskedIssueLine, GoodsIssue, IssueLine, Meal, Purpose
from models.canteen.items import LEAST, NONE, StockItem
from models.canteen.lots import StockLot, first_out, good_lots
from models.canteen.moves import MoveKind, StockMove, lowest_from, post
from models.canteen.rights import STORE
from models.clock import now, past_day
from models.complaints.cases import ServiceCase
from models.complaints.kinds import Sort
from models.deeds import actor, deed
from models.errors import BadInput, RuleBroken
from models.fields import ChoiceField, CountField, DayField, LineField, LinkField, StockField
from models.inputs import Asked, Input
from models.money import from_scaled
from models.office.approvals import number_for
from models.office.chains import Step, approvable
from models.office.staff import Department, Staff
from models.rows import RowRefused, RowsField

ROWS = "rows"


def _inputs() -> list[Input]:
    return [
        Input("item", LinkField(StockItem, verbose_name="物品").roomier(18), required=True),
        Input("quantity", StockField(low=LEAST, verbose_name="实发"), required=True),
        Input("asked", StockField(null=True, verbose_name="请领"), required=False, without="不填同实发"),
        Input(
            "lot", LinkField(StockLot, null=True, verbose_name="批次").roomier(14), required=False,
            without="不填为先到期的",
        ),
        Input("skipped", LineField(max_length=80, null=True, verbose_name="跳批原因"), required=False),
    ]  # fmt: skip


@dataclass(frozen=True)
class Taken:
    """So much of a lot, as a row asks for it."""

    item: StockItem
    lot: StockLot
    asked: Decimal
    quantity: Decimal
    skipped: str | None = None


@deed("canteen.issue", "领用出库", STORE)
def issue(
    rows: Annotated[list[dict[str, Any]], Asked(RowsField(_inputs, verbose_name="物品"))],
    department: Annotated[Department, Asked(LinkField(Department, verbose_name="领用部门"))],
    taker: Annotated[Staff, Asked(LinkField(Staff, verbose_name="领用人"))],
    purpose: Annotated[Purpose, Asked(ChoiceField(Purpose, verbose_name="用途"))],
    meal: Annotated[
        Meal | None, Asked(ChoiceField(Meal, null=True, verbose_name="餐次"), "不是供餐的不填")
    ] = None,
    heads: Annotated[
        int | None,
        Asked(CountField(low=1, high=100_000, null=True, verbose_name="就餐人数"), "不是供餐的不填"),
    ] = None,
    case: Annotated[
        ServiceCase | None, Asked(LinkField(ServiceCase, null=True, verbose_name="维修单"), "不是维修的不填")
    ] = None,
    witness: Annotated[
        Staff | None,
        Asked(LinkField(Staff, null=True, verbose_name="复核人"), "不到双人领用数量的不填"),
    ] = None,
    day: Annotated[date | None, Asked(DayField(null=True, verbose_name="出库日期"), "不填为今天")] = None,
    note: Annotated[str | None, Asked(LineField(max_length=120, null=True, verbose_name="备注"))] = None,
) -> GoodsIssue:
    """Issue goods; where a row names no lot, of those that expire first.

    Raises:
        RowRefused: less is there that may be issued, a lot has expired, is set apart or of another item, or
            one that expires earlier is skipped without a reason.
        RuleBroken: so much is issued with a second person alone, or the repair is over.
        BadInput: a meal lacks its number of heads, the day lies ahead, or who gives out takes himself.
    """
    on = past_day(day, "出库日期", "day")
    _check(purpose, meal, heads, case)
    taken = allocate(rows, on)
    _refuse_alone(taken, taker, witness, on)
    made = GoodsIssue.add(
        number=number_for("canteen.issue", now().date()), day=on, department=department, purpose=purpose,
        meal=meal, heads=heads, case=case, taker=taker.name, witness=witness.name if witness else None,
        note=note, made_at=now(), made_by=actor().name,
    )  # fmt: skip
    for position, one in enumerate(taken, start=1):
        move = post(one.lot, MoveKind.ISSUE, one.quantity, on, made.number)
        IssueLine.add(
            issue=made, code=f"{made.number}/{position}", item=one.item, lot=one.lot, move=move,
            asked=one.asked, quantity=one.quantity, left=_left_on(one.item, on),
            skipped=one.skipped,
        )  # fmt: skip
    journal().subject = made
    return made


def usual() -> dict[str, Any]:
    """Return what a slip begins with: department, taker, purpose and meal of the last the person made."""
    mine = GoodsIssue.select().where(GoodsIssue.made_by == actor().name, GoodsIssue.case.is_null())
    last = mine.order_by(GoodsIssue.id.desc()).first()
    if last is None:
        return {}
    taker = Staff.get_or_none(Staff.name == last.taker, Staff.left.is_null())
    return {"department": last.department, "taker": taker, "purpose": last.purpose, "meal": last.meal}


def _left_on(item: StockItem, day: date) -> Decimal:
    """Return how much of an item there is at the end of a day, as its moves of now tell."""
    query = StockMove.select(fn.SUM(StockMove.quantity))
    found = db.execute(query.where(StockMove.item == item, StockMove.day <= day)).fetchone()[0]
    return from_scaled(int(found or 0), 3)


def _check(purpose: Purpose, meal: Meal | None, heads: int | None, case: ServiceCase | None) -> None:
    if purpose is Purpose.MEAL and (meal is None or heads is None):
        raise BadInput("供餐的请填餐次和就餐人数，人均成本按它算。", "heads" if meal else "meal")
    if purpose is not Purpose.MEAL and (meal or heads):
        raise BadInput(f"用途是“{purpose.value}”，不填餐次和就餐人数。", "meal")
    if case is None:
        return
    if purpose is not Purpose.REPAIR or case.sort is not Sort.REPAIR:
        raise BadInput("只有用途是“维修”的出库才填维修单，投诉单不领料。", "case")
    if not case.live:
        raise RuleBroken(f"{case.number} {case.state.value}，不能再领料。")


def _refuse_alone(taken: Sequence[Taken], taker: Staff, witness: Staff | None, day: date) -> None:
    """Refuse that one person alone issues what two are to count, on one slip or several (双人领用)."""
    if taker.name == actor().name:
        raise BadInput(f"领用人不能是发放人自己（{taker.name}）。请填来领的人。", "taker")
    for item in {one.item.id: one.item for one in taken}.values():
        if item.two_from is None or witness is not None:
            continue
        whole = sum((one.quantity for one in taken if one.item.id == item.id), NONE)
        before = _alone(item, taker, day)
        if whole + before >= item.two_from:
            also = f"，当天已领 {item.told(before)}" if before else ""
            told = f"{item.label()} 领 {item.told(whole)}{also}，到了双人领用的 {item.told(item.two_from)}"
            raise BadInput(f"{told}，请填复核人。", "witness")
    if witness is not None and witness.name in (taker.name, actor().name):
        raise BadInput(f"复核人不能是领用人或发放人（{witness.name}）。请另选一位。", "witness")


def _alone(item: StockItem, taker: Staff, day: date) -> Decimal:
    """Return how much of an item somebody took on a day without a second person."""
    query = IssueLine.select(fn.SUM(IssueLine.quantity - IssueLine.back)).join(GoodsIssue)
    mine = (IssueLine.item == item) & (GoodsIssue.day == day) & (GoodsIssue.taker == taker.name)
    found = db.execute(query.where(mine & GoodsIssue.witness.is_null())).fetchone()[0]
    return from_scaled(int(found or 0), 3)


# -- from which lots -------------------------------------------------------------------------------


def allocate(rows: Sequence[Mapping[str, Any]], day: date) -> list[Taken]:
    """Return from which lots the rows are issued on a day, what expires first being first.

    Raises:
        RowRefused: as for `issue`.
    """
    free: dict[int, list[tuple[StockLot, Decimal]]] = {}
    taken: list[Taken] = []
    for number, row in enumerate(rows):
        item: StockItem = row["item"]
        if item.id not in free:
            free[item.id] = [(lot, _free(lot, day)) for lot in good_lots(item, day)]
        if row.get("lot") is None:
            found = _first(item, row["quantity"], free[item.id], number, day)
        else:
            found = [_named(item, row, free[item.id], number, day)]
        asked = row["quantity"] if row.get("asked") is None else row["asked"]
        if asked < row["quantity"]:
            raise RowRefused("请领少于实发，请核对。", ROWS, number, "asked")
        more = asked - row["quantity"]
        for lot, quantity in found:
            taken.append(Taken(item, lot, quantity + more, quantity, row.get("skipped")))
            more = NONE
        used = {lot.id: quantity for lot, quantity in found}
        free[item.id] = [(lot, left - used.get(lot.id, NONE)) for lot, left in free[item.id]]
    return taken


def _free(lot: StockLot, day: date) -> Decimal:
    return lot.free if day >= now().date() else min(lot.free, lowest_from(lot, day))


def _first(
    item: StockItem, quantity: Decimal, free: Sequence[tuple[StockLot, Decimal]], number: int, day: date
) -> list[tuple[StockLot, Decimal]]:
    """Return the lots that make up a quantity, in their order."""
    found, rest = [], quantity
    for lot, left in free:
        part = min(left, rest)
        if part > 0:
            found.append((lot, part))
            rest -= part
    if rest:
        there = quantity - rest
        told = f"{item.label()} 可发 {item.told(there)}，不够 {item.told(quantity)}{_besides(item, day)}"
        raise RowRefused(f"{told}。请减少数量，或先入库。", ROWS, number, "quantity")
    return found


def _besides(item: StockItem, day: date) -> str:
    """Return what is there and may not be issued: （另有已过期 3 kg、待退 2 kg）."""
    lots = first_out(item)
    kinds = (
        ("已过期", [lot.free for lot in lots if lot.expired(day)]),
        ("待退", [lot.held for lot in lots]),
        ("已隔离", [lot.stock for lot in lots if lot.apart]),
    )
    told = [f"{name} {item.told(sum(parts, NONE))}" for name, parts in kinds if any(parts)]
    return f"（另有{'、'.join(told)}）" if told else ""


def _named(
    item: StockItem, row: Mapping[str, Any], free: Sequence[tuple[StockLot, Decimal]], number: int, day: date
) -> tuple[StockLot, Decimal]:
    """Return the lot that a row names, where it may be issued."""
    lot: StockLot = row["lot"]
    problem = _unfit(item, lot, day)
    if problem:
        raise RowRefused(problem, ROWS, number, "lot")
    left = next((left for one, left in free if one.id == lot.id), NONE)
    if row["quantity"] > left:
        told = f"批次 {lot.code} 可发 {item.told(left)}，不够 {item.told(row['quantity'])}"
        raise RowRefused(f"{told}。请分两行，或不填批次由系统推荐。", ROWS, number, "quantity")
    before = [one for one, rest in free if rest > 0 and _turn(one) < _turn(lot)]
    if before and not row.get("skipped"):
        first = before[0]
        until = f"{first.expires_on} 到期" if first.expires_on else f"{first.arrived_on} 入库"
        told = f"批次 {first.code}（{until}）应先发"
        raise RowRefused(f"{told}。要跳过请写跳批原因，或不填批次。", ROWS, number, "skipped")
    return lot, row["quantity"]


def _turn(lot: StockLot) -> tuple[date, date]:
    """Return by what lots take their turn; of those that expire and came on one day either may go."""
    return lot.expires_on or date.max, lot.arrived_on


def _unfit(item: StockItem, lot: StockLot, day: date) -> str:
    if lot.item_id != item.id:
        return f"批次 {lot.code} 是 {lot.item.label()}，不是 {item.label()}。"
    if lot.expired(day):
        return f"批次 {lot.code} 已在 {lot.expires_on} 过期，不能领用。请“报损”。"
    if lot.apart:
        return f"批次 {lot.code} 已隔离，处理完以前不能领用。"
    return ""


approvable(
    "canteen.issue",
    default=(Step("管理处主任", "批准"),),
    series=ISSUES,
)


@deed("canteen.back_to_stock", "退库", STORE)
def back_to_stock(
    line: AskedIssueLine,
    quantity: Annotated[Decimal, Asked(StockField(low=LEAST, verbose_name="退库数量"))],
    reason: Annotated[str, Asked(LineField(max_length=80, verbose_name="退库原因"))],
    day: Annotated[date | None, Asked(DayField(null=True, verbose_name="退库日期"), "不填为今天")] = None,
) -> IssueLine:
    """Take back into its lot what was issued and not used; it is worth what it was issued at.

    Raises:
        RuleBroken: it is more than was issued and not brought back, or the lot has expired since.
        BadInput: the day lies ahead, or before the issue.
    """
    on = past_day(day, "退库日期", "day")
    if on < line.issue.day:
        raise BadInput(f"退库日期 {on} 早于出库日期 {line.issue.day}。", "day")
    rest = line.quantity - line.back
    if quantity > rest:
        told = f"{line.code} 发出还没有退的是 {line.item.told(rest)}"
        raise RuleBroken(f"{told}，不能退库 {line.item.told(quantity)}。")
    if line.lot.expired(on):
        raise RuleBroken(
            f"批次 {line.lot.code} 已在 {line.lot.expires_on} 过期，不能退回库存。请在用处销毁。"
        )
    post(line.lot, MoveKind.BACK, quantity, on, line.issue.number, origin=line.move, words=reason)
    return line.change(back=line.back + quantity)
