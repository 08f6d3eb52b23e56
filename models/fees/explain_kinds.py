"""公摊与特服的解释: how a common cost was shared, and what a service slip charged."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from models.fees.bills import Bill, BillKind
from models.fees.explain_cuts import exact, rounded
from models.fees.explain_lines import BY_MONTH, documents, generic
from models.fees.explain_payer import since
from models.fees.explanation import Told, Working, explains
from models.fees.services import ServiceSlip, SlipState
from models.fees.share_math import POINTS
from models.fees.share_plans import ShareBase, weights_text
from models.fees.shares import BaseField, CostState, Share, SharedCost, WeightField
from models.fields import PriceField
from models.money import divide_half_up, from_scaled, thousands, to_scaled
from models.text import few

_PRICE = PriceField()
_FEN = 10_000
"""A fen in millionths of a 元."""
_NAMED = 6
"""Houses that bear nothing which are named one by one."""
_MEASURES = {ShareBase.AREA: " ㎡", ShareBase.HOUSEHOLD: " 户", ShareBase.COEFFICIENT: " 户"}


# -- shared costs ----------------------------------------------------------------------------------


@explains(BillKind.SHARED)
def shared(bill: Bill) -> Working:
    """Explain a share: the pool, this house's part of its base, cut to the fen, and the fen left over."""
    number = (bill.source or "").partition("/")[0]
    cost = SharedCost.get_or_none(SharedCost.number == number)
    share = None if cost is None else Share.get_or_none((Share.cost == cost) & (Share.unit == bill.unit))
    if cost is None or share is None:
        return generic(bill)
    whole = _whole(cost, share)
    cut = from_scaled(whole // _FEN, 2)
    amount = cut + share.rest
    steps = [*_pool(cost), *_portion(cost, share, whole)]
    steps += [Told("舍到分", "分以下先舍去", cut), _rest(cost, share, amount)]
    inputs = [*_document(cost), *_measured(cost, share, bill), *documents(bill)]
    return Working(steps, amount, inputs, [], list(_not_shared(cost)), BY_MONTH)


def _whole(cost: SharedCost, share: Share) -> int:
    """Return a share to the millionth of a 元, worked out anew.

    Points of a mix are kept rounded; of these it is told as it was computed.
    """
    if cost.base is ShareBase.MIX:
        return to_scaled(share.exact, 6)
    weight = to_scaled(share.quantity, 2) * to_scaled(share.coefficient, 4)
    return to_scaled(cost.amount, 2) * weight * _FEN // to_scaled(cost.total_base, 6)


def _pool(cost: SharedCost) -> Iterator[Told]:
    """Tell what was to be shared: of an invoice, or of readings, without what is excluded."""
    taken = f" − 剔除金额 {thousands(cost.excluded)} 元" if cost.excluded else ""
    if cost.used is None:
        invoice = Decimal(cost.amount) + Decimal(cost.excluded)
        yield Told("总额", f"发票金额 {thousands(invoice)} 元{taken}", cost.amount)
        return
    read = f"表 {cost.source} 当月抄表的用量，有换表、过零或估抄"
    if cost.current is not None:
        read = f"（{cost.current:,.2f} − {cost.previous:,.2f}）× 倍率 {cost.multiplier}"
    yield Told("公共用量", f"{read} = {cost.used:,.2f}")
    much = f"{cost.used:,.2f} "
    if cost.excluded_used:
        much = f"（{much}− 剔除用量 {cost.excluded_used:,.2f}）"
    yield Told("总额", f"{much}× {_PRICE.show(cost.price)} 元{taken}", cost.amount)


def _portion(cost: SharedCost, share: Share, whole: int) -> Iterator[Told]:
    pool, base = thousands(cost.amount), BaseField().show(cost.total_base)
    if cost.base is ShareBase.MIX:
        words = f"{pool} 元 × 本户 {share.quantity:,.2f} 点 ÷ {POINTS:,} 点"
    else:
        measure = _MEASURES.get(cost.base, "")
        much = f"{share.quantity:,.2f}".removesuffix(".00" if measure == " 户" else "") + measure
        weight = "" if share.coefficient == 1 else f" × 系数 {WeightField().show(share.coefficient)}"
        words = f"{pool} 元 × {much}{weight} ÷ 分摊基数 {base}{measure}"
    yield Told("本户应摊", words, exact(whole))


def _rest(cost: SharedCost, share: Share, amount: Decimal) -> Told:
    """Tell who bears the fen that were left over when all shares were cut."""
    if not cost.adjusted:
        return Told("尾差", "各户相加正好等于总额，没有尾差", amount)
    count = to_scaled(cost.adjusted, 2)
    mine = "本户加 0.01 元" if share.rest else "本户不加"
    return Told(
        "尾差",
        f"各户舍去后共差 {thousands(cost.adjusted)} 元，尾数最大的 {count} 户各加 1 分；{mine}",
        amount,
    )


def _document(cost: SharedCost) -> Iterator[Told]:
    void = "，已作废" if cost.state is CostState.VOID else ""
    yield Told(cost.noun(), f"{cost.described()}，{cost.made_by} {cost.made_at:%Y-%m-%d}{void}")
    if cost.source:
        yield Told(SharedCost.source.label, cost.source)
    rule = str(cost.mix or cost.base.value)
    weights = weights_text(cost.plan)
    yield Told(
        SharedCost.base.label, f"按{rule}，{cost.scope}，{cost.units:,} 户{f'；{weights}' if weights else ''}"
    )
    yield Told(SharedCost.agreed.label, cost.agreed or "没有另行约定，按面积分摊（民法典第283条）")
    if cost.shown_from or cost.shown_until:
        yield Told("公示", f"{cost.shown_from or ''} 至 {cost.shown_until or ''}")


def _measured(cost: SharedCost, share: Share, bill: Bill) -> Iterator[Told]:
    """Tell where the quantity of the house and its coefficient come from."""
    if cost.base is ShareBase.AREA:
        row = bill.unit.area_on(cost.month.last)
        used = f"{share.quantity:,.2f} ㎡"
        same = row is not None and row.billing == share.quantity
        source = f"{row.basis.value}，{since(row.since)}" if same and row else "分摊时的登记，后来改过"
        yield Told("计费面积", f"{used}，{cost.month.last} 的登记（{source}）")
    elif cost.base is ShareBase.USAGE:
        yield Told("本户用量", f"{share.quantity:,.2f}，分摊时的用量")
    if cost.base is not ShareBase.MIX and share.coefficient != 1:
        percents = [(cost.plan.vacant, "空置"), (cost.plan.unsold, "未售未交")]
        less = "、".join(f"{name}按 {percent}%" for percent, name in percents if percent != 100)
        words = f"{WeightField().show(share.coefficient)}，系数表的系数"
        yield Told("系数", f"{words}；{less}" if less else words)


def _not_shared(cost: SharedCost) -> Iterator[Told]:
    """Tell what was excluded from the pool, and which houses bear nothing and why."""
    held: Any = cost.exclusions
    for name, quantity, amount in held or []:
        yield Told("剔除", f"{name} {quantity or ''}{f'{amount} 元' if amount else ''}，不由业主分摊")
    houses: Any = cost.left_out
    by_reason: dict[str, list[str]] = {}
    for code, reason in houses or []:
        by_reason.setdefault(reason, []).append(code)
    for reason, codes in by_reason.items():
        yield Told("不分摊的房屋", f"{reason}：{few(codes, '户', _NAMED)}")


# -- services --------------------------------------------------------------------------------------


@explains(BillKind.SERVICE)
def service(bill: Bill) -> Working:
    """Explain the line of a slip: quantity × price as they were on its day."""
    slip = ServiceSlip.get_or_none(ServiceSlip.number == bill.source)
    if slip is None:
        return generic(bill)
    whole = to_scaled(slip.quantity, 2) * to_scaled(slip.price, 4)
    amount = from_scaled(divide_half_up(whole, _FEN), 2)
    words = f"{slip.name} {slip.much} × {_PRICE.show(slip.price)} 元/{slip.measure}"
    steps = [Told("数量×单价", words, exact(whole)), rounded(exact(whole), amount)]
    return Working(
        steps, amount, [*_slip(slip), Told("截止日", f"{bill.due}")], payer="按服务日期当天的付款人"
    )


def _slip(slip: ServiceSlip) -> Iterator[Told]:
    yield Told(
        slip.noun(), f"{slip.number}，{slip.on} 服务，{slip.made_by} {slip.made_at:%Y-%m-%d %H:%M} 开单"
    )
    if slip.note:
        yield Told(ServiceSlip.note.label, slip.note)
    if slip.state is SlipState.VOID:
        yield Told("作废", f"{slip.voided_by} {slip.voided_at:%Y-%m-%d %H:%M}，{slip.void_reason}")
    listed = slip.service
    if listed.agreed:
        yield Told(type(listed).agreed.label, listed.agreed)
    if listed.price != slip.price or listed.measure != slip.measure:
        yield Told("现行单价", f"{listed.described()}；本账单按开单时的单价，不受影响")
    else:
        yield Told("单价", f"{_PRICE.show(slip.price)} 元/{slip.measure}，特服目录 {listed.code}")
