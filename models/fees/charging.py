"""特服开单: charge a service done for a house, and void the slip while it is unpaid."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Annotated

from peewee import JOIN

from models.attachments import keeps_files
from models.base import db
from models.checks import invariant
from models.clock import now
from models.deeds import actor, deed
from models.errors import BadInput, RuleBroken
from models.fees.billing import due_on
from models.fees.bills import Bill, BillKind
from models.fees.payments import Allocation, Receipt, SetOff
from models.fees.rights import CHARGE, VIEW
from models.fees.seals import check_line
from models.fees.services import SLIPS, Service, ServiceSlip, SlipState, amount_of
from models.fees.within import within
from models.fields import AreaField, DayField, LineField, LinkField, MoneyField
from models.inputs import Asked
from models.listings import Filters, Listing, Shown, listing
from models.months import Month
from models.owners.estate import Unit, UnitState
from models.owners.payees import payers_on
from models.owners.search import HOUSE
from models.search import LIKELY, MOST, SURE, Hit, Sought, finds

TONES = {SlipState.ISSUED.value: "ok"}
_MOST = 20
"""Places that a check names."""

keeps_files(ServiceSlip, VIEW)


@deed("fees.charge_service", "特服开单", CHARGE)
def charge_service(
    unit: Annotated[Unit, Asked(LinkField(Unit, verbose_name="房号"))],
    service: Annotated[Service, Asked(LinkField(Service, verbose_name="特服项目"))],
    quantity: Annotated[Decimal, Asked(AreaField(default=Decimal(1), verbose_name="数量"))] = Decimal(1),
    on: Annotated[date | None, Asked(DayField(null=True, verbose_name="服务日期"), "不填为今天")] = None,
    due: Annotated[
        date | None, Asked(DayField(null=True, verbose_name="缴费截止日"), "不填按收费项目的截止日")
    ] = None,
    note: Annotated[str | None, Asked(LineField(max_length=120, null=True, verbose_name="备注"))] = None,
) -> ServiceSlip:
    """Charge a service on the house, to whoever pays for it on that day.

    It falls due as its item does in that month, never before the day itself.

    Raises:
        RuleBroken: the service or the house is out of use, or the day lies ahead.
        BadInput: it comes to nothing, or is due before it was done.
    """
    on = on or date.today()
    _check(unit, service, on)
    amount = amount_of(quantity, service.price)
    if amount <= 0:
        raise BadInput(f"{service.described()}，数量 {quantity} 合计为零。请核对数量和单价。", "quantity")
    month = Month.of(on)
    due = due or max(due_on(month, service.item.due_day), on)
    if due < on:
        raise BadInput(f"缴费截止日 {due} 早于服务日期 {on}。请核对。", "due")
    return _issue(unit, service, on, (service.name, quantity, service.price), due, note)


def charge_work(unit: Unit, service: Service, name: str, amount: Decimal, note: str) -> ServiceSlip:
    """Charge work whose price was agreed on with the owner, as a quoted repair, today; within a deed.

    Raises:
        RuleBroken: the service or the house is out of use.
        BadInput: it comes to nothing.
    """
    on = now().date()
    _check(unit, service, on)
    if amount <= 0:
        raise BadInput("金额要大于零。请核对。", "amount")
    due = max(due_on(Month.of(on), service.item.due_day), on)
    return _issue(unit, service, on, (name, Decimal(1), amount), due, note)


def _issue(
    unit: Unit, service: Service, on: date, what: tuple[str, Decimal, Decimal], due: date, note: str | None
) -> ServiceSlip:
    """Make a slip of so much (name, quantity, unit price) and its line."""
    name, quantity, price = what
    amount, payee = amount_of(quantity, price), payers_on(unit, on)
    slip = ServiceSlip.add(
        number=SLIPS.next(on), unit=unit, service=service, on=on, name=name, measure=service.measure,
        quantity=quantity, price=price, amount=amount, note=note, made_at=now(), made_by=actor().name,
    )  # fmt: skip
    Bill.add(
        month=Month.of(on), unit=unit, item=service.item, kind=BillKind.SERVICE, source=slip.number,
        amount=amount, due=due, payer=payee.payer_id, liable=payee.liable_id, quantity=quantity, price=price,
    )  # fmt: skip
    return slip


@deed("fees.void_service", "作废特服单", CHARGE, danger=True, question="单号保留，这笔账单作废。")
def void_service(
    slip: Annotated[ServiceSlip, Asked(LinkField(ServiceSlip, verbose_name="特服单"))],
    reason: Annotated[str, Asked(LineField(max_length=80, verbose_name="作废原因"))],
) -> ServiceSlip:
    """Void a slip and its line while nothing is paid on it; the number stays.

    Raises:
        RuleBroken: it is void, paid in part or whole, or was corrected by another line.
    """
    line = Bill.get(Bill.source == slip.number)
    if Bill.select().where((Bill.corrects == line) & (Bill.live == True)).exists():
        raise RuleBroken(f"特服单 {slip.number} 的账单已经更正过，不能再作废。余下的请红冲账单。")
    if line.paid:
        settled = "、".join(_settled_by(line)) or "收款"
        raise RuleBroken(
            f"特服单 {slip.number} 已收 {line.paid:,.2f} 元（{settled}）。请先作废收款，再作废它。"
        )
    slip.move_to(SlipState.VOID, void_reason=reason, voided_at=now(), voided_by=actor().name)
    check_line(line)
    line.change(live=False)
    return slip


def _check(unit: Unit, service: Service, on: date) -> None:
    if not service.active:
        raise RuleBroken(f"特服项目“{service.name}”已停用。请选别的，或先在特服目录里恢复在用。")
    if unit.state is UnitState.RETIRED:
        raise RuleBroken(f"{unit.code} 已停用，不能开单。请核对房号。")
    if on > date.today():
        raise RuleBroken(f"{on} 还没有到，不能开单。请核对日期。")


def _settled_by(line: Bill) -> list[str]:
    """Return the numbers of what settled a line."""
    query = Allocation.select(Receipt.number, SetOff.number).join(Receipt, JOIN.LEFT_OUTER)
    query = query.switch(Allocation).join(SetOff, JOIN.LEFT_OUTER)
    live = (Allocation.bill == line) & (Allocation.live == True)
    return sorted({receipt or set_off for receipt, set_off in db.execute(query.where(live))})


@listing("services", "特服目录", "fees", VIEW, "item")
def services(filters: Filters) -> Listing:
    """What is done on request, with today's price."""
    query = Service.select().join(Service.item.rel_model)
    query = filters.narrow(query, item=Service.item)
    columns = (
        Shown("code", Service.code),
        Shown("name", Service.name),
        Shown("price", Service.price),
        Shown("measure", Service.measure),
        Shown("item", Service.item.rel_model.name, label="收费项目"),
        Shown("agreed", Service.agreed),
        Shown("active", Service.active),
    )
    return Listing(
        query, columns, id=Service.id, order=("code",), record=Service, search=(Service.code, Service.name)
    )


@listing("service_slips", "特服单", "fees", VIEW, "period", "unit", "building", "item", "state", "on")
def service_slips(filters: Filters) -> Listing:
    """Services that were charged, newest first; void ones keep their numbers."""
    query = ServiceSlip.select().join(Unit).switch(ServiceSlip).join(Service).switch(ServiceSlip)
    query = query.join(Bill, on=(Bill.source == ServiceSlip.number))
    for condition in within(ServiceSlip.unit, unit=filters.unit, building=filters.building):
        query = query.where(condition)
    query = filters.narrow(
        query, period=ServiceSlip.on, item=Service.item, state=ServiceSlip.state, on=ServiceSlip.on
    )
    columns = (
        Shown("number", ServiceSlip.number),
        Shown("on", ServiceSlip.on),
        Shown("unit", Unit.code, label="房号", sort=Unit.sort_key),
        Shown("name", ServiceSlip.name),
        Shown("quantity", ServiceSlip.quantity),
        Shown("measure", ServiceSlip.measure),
        Shown("price", ServiceSlip.price),
        Shown("amount", ServiceSlip.amount, total=False),
        Shown("charged", MoneyField(verbose_name="有效金额"), Bill.amount * Bill.live),
        Shown("paid", Bill.paid),
        Shown("made_by", ServiceSlip.made_by),
        Shown("state", ServiceSlip.state, status=True),
        Shown("note", ServiceSlip.note),
        Shown("reason", ServiceSlip.void_reason, hidden=True),
    )
    return Listing(
        query, columns, id=ServiceSlip.id, order=("-number",), record=ServiceSlip,
        search=(ServiceSlip.number, HOUSE, ServiceSlip.name), tones=TONES,
    )  # fmt: skip


@finds(VIEW)
def slips_by_number(wanted: Sought) -> Iterator[Hit]:
    """Slips by their number, as its QR code holds it."""
    words = wanted.words.upper()
    if not words.startswith(f"{SLIPS.prefix}-"):
        return
    told = ServiceSlip.select(ServiceSlip.id, ServiceSlip.number, Unit.code, ServiceSlip.name).join(Unit)
    query = told.where(ServiceSlip.number.startswith(words), *within(ServiceSlip.unit))
    for id, number, house, name in db.execute(query.order_by(ServiceSlip.number).limit(MOST)):
        yield Hit(
            "service_slips", id, number, f"{house} · {name}", "特服单", SURE if number == words else LIKELY
        )


@invariant("特服账单")
def slips_have_their_lines() -> Iterator[str]:
    """Every slip has one line of its amount, live just while it holds; no service line is without a slip."""
    query = ServiceSlip.select(ServiceSlip.number, Bill.id).join(
        Bill, JOIN.LEFT_OUTER, on=(Bill.source == ServiceSlip.number)
    )
    holds = ServiceSlip.state == SlipState.ISSUED
    wrong = Bill.id.is_null() | (Bill.amount != ServiceSlip.amount) | (Bill.live != holds)
    for number, line in db.execute(query.where(wrong).limit(_MOST)):
        yield f"特服单 {number} 与账单 {line or '（没有）'} 不一致"
    lone = Bill.select(Bill.id).where(
        (Bill.kind == BillKind.SERVICE) & Bill.source.not_in(ServiceSlip.select(ServiceSlip.number))
    )
    for (line,) in db.execute(lone.limit(_MOST)):
        yield f"账单 {line} 来源是特服，却没有特服单"
