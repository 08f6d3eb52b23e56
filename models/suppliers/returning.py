"""退换货的办理: asked for, consented to by the manager, and only then given back or exchanged."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Annotated

from models.clock import now, past_day
from models.deeds import actor, deed
from models.errors import BadInput, RuleBroken
from models.fields import ChoiceField, DayField, LineField, LinkField, StockField
from models.inputs import Asked
from models.suppliers.goods import trimmed
from models.suppliers.orders import OrderState
from models.suppliers.plans import PlanState
from models.suppliers.receipts import Defect, ReceiptLine, count_in
from models.suppliers.register import refuse_closed
from models.suppliers.returns import AskedReturn, GoodsReturn, Handling, ReturnState, followed, give_back
from models.suppliers.rights import CONSENT, RECEIVE
from models.suppliers.settling.settlements import hold_only

DAYS = 3
"""Within which an exchange is to be there, unless something else is agreed."""


@deed("suppliers.return_goods", "退换已收的货", RECEIVE)
def return_goods(
    lot: Annotated[ReceiptLine, Asked(LinkField(ReceiptLine, verbose_name="验收明细"))],
    quantity: Annotated[Decimal, Asked(StockField(low=Decimal("0.001"), verbose_name="数量"))],
    defect: Annotated[Defect, Asked(ChoiceField(Defect, verbose_name="不合格原因"))],
    words: Annotated[str | None, Asked(LineField(max_length=80, null=True, verbose_name="说明"))] = None,
    found_on: Annotated[
        date | None, Asked(DayField(null=True, verbose_name="发现日期"), "不填为今天")
    ] = None,
) -> GoodsReturn:
    """Let goods that were accepted, and turned out bad, go back once the manager consents.

    Raises:
        RuleBroken: it is more than was accepted of the lot and not returned yet, or the supplier's file is
            closed.
        BadInput: the day lies ahead, or before the goods came.
    """
    refuse_closed(lot.receipt.supplier)
    day = past_day(found_on, "发现日期", "found_on")
    if day < lot.receipt.arrived_on:
        raise BadInput(f"发现日期 {day} 早于到货日期 {lot.receipt.arrived_on}。", "found_on")
    rest = lot.accepted - lot.returned
    if quantity > rest:
        raise RuleBroken(f"{lot.label()} 收下还没有退的是 {trimmed(rest)}，不能退 {trimmed(quantity)}。")
    lot.change(returned=lot.returned + quantity)
    return give_back(lot, quantity, defect, words, day, quantity)


@deed("suppliers.consent_return", "同意退换", CONSENT)
def consent_return(
    one: AskedReturn,
    handling: Annotated[Handling, Asked(ChoiceField(Handling, verbose_name="处理"))],
    due: Annotated[date | None, Asked(DayField(null=True, verbose_name="退换期限"), "不填为三天后")] = None,
) -> GoodsReturn:
    """Consent to how rejected goods are handled; only now the supplier is called.

    What is taken all the same (让步接收) is there at once, and nothing goes back.

    Raises:
        RuleBroken: it was consented to already, or goods are conceded that were accepted before.
        BadInput: the day has passed.
    """
    day = due or now().date() + timedelta(days=DAYS)
    if day < now().date():
        raise BadInput(f"退换期限 {day} 已经过了。请填今天或以后的日期。", "due")
    if handling is Handling.CONCESSION and one.accepted_before:
        raise RuleBroken(f"{one.number} 的货先前已经验收，不用再让步接收。请选退货或换货。")
    if handling is Handling.CONCESSION:
        _refuse_concession(one)
    one.move_to(
        ReturnState.CONSENTED, handling=handling, due=day, consented_at=now(), consented_by=actor().name
    )
    if handling is not Handling.CONCESSION:
        _let_go(one)
        return one
    lot = one.lot
    lot.change(conceded=lot.conceded + one.quantity)
    count_in(lot.order_line, Decimal("0.000"), one.quantity, now().date())
    return followed(one.move_to(ReturnState.DONE, done_on=now().date(), result=Handling.CONCESSION.value))


def _let_go(one: GoodsReturn) -> None:
    """Let what a closed plan reserved for goods go that will not be there."""
    planned = one.lot.order_line.plan_line
    if one.handling is Handling.RETURN and planned is not None and planned.plan.state is PlanState.CLOSED:
        hold_only(planned)


def _refuse_concession(one: GoodsReturn) -> None:
    """Refuse to take goods all the same that nobody wants any more."""
    line = one.lot.order_line
    if line.order.state is not OrderState.OPEN:
        told = f"订单 {line.order.number} {line.order.state.value}"
        raise RuleBroken(f"{told}，不再要货，不能让步接收。请选退货或换货。")
    if one.quantity > line.most:
        raise RuleBroken(f"这一项最多再收 {trimmed(line.most)}，不能让步接收 {trimmed(one.quantity)}。")


@deed("suppliers.refuse_return", "不同意退换", CONSENT)
def refuse_return(
    one: AskedReturn,
    reason: Annotated[str, Asked(LineField(max_length=80, verbose_name="原因"))],
) -> GoodsReturn:
    """Refuse that goods go back which were accepted before: they stay, as if nothing had been said.

    Raises:
        RuleBroken: it was consented to already, or the goods were rejected when they came.
    """
    if not one.accepted_before:
        raise RuleBroken(f"{one.number} 是验收不合格的货，请“同意退换”，要收下的选让步接收。")
    lot = one.lot
    one.move_to(
        ReturnState.REFUSED,
        consented_at=now(),
        consented_by=actor().name,
        done_on=now().date(),
        result=reason,
    )
    lot.change(returned=lot.returned - one.quantity)
    return followed(one)


@deed("suppliers.finish_return", "办结退换", RECEIVE)
def finish_return(
    one: AskedReturn,
    result: Annotated[str, Asked(LineField(max_length=80, verbose_name="办理结果"))],
    done_on: Annotated[date | None, Asked(DayField(null=True, verbose_name="办结日期"), "不填为今天")] = None,
) -> GoodsReturn:
    """Note that goods went back, or were exchanged, and when.

    Raises:
        RuleBroken: the manager has not consented yet, or it is done already.
        BadInput: the day lies ahead, or before the manager consented.
    """
    if one.state is ReturnState.WAITING:
        raise RuleBroken(f"{one.number} 还没有经理同意。请先“同意退换”，再联系供方。")
    day = past_day(done_on, "办结日期", "done_on")
    if day < one.found_on:
        raise BadInput(f"办结日期 {day} 早于发现日期 {one.found_on}。", "done_on")
    if one.consented_at is not None and day < one.consented_at.date():
        agreed = one.consented_at.date()
        raise BadInput(f"办结日期 {day} 早于经理同意的 {agreed}。货在同意以后才退。", "done_on")
    return followed(one.move_to(ReturnState.DONE, result=result, done_on=day))
