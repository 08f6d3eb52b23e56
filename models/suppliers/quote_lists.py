"""询价名单: inquiries and the quotes in them beside the last price; who is waited for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from peewee import Case, fn

from models.cards import lines
from models.conditions import Condition, Test
from models.desk import Reminder, reminds
from models.fields import CountField, LineField, RateField
from models.listings import Filters, Listing, Shown, listing
from models.suppliers.goods import Goods
from models.suppliers.orders import OrderLine, OrderState, PurchaseOrder
from models.suppliers.quotes import Inquiry, InquiryState, Quote
from models.suppliers.register import Supplier
from models.suppliers.rights import BUY, PLAN, VIEW

_TONES = {
    InquiryState.OPEN.value: "warning", InquiryState.RECOMMENDED.value: "info",
    InquiryState.ADOPTED.value: "ok", InquiryState.DECLINED.value: "plain",
}  # fmt: skip


@listing("inquiries", "询价单", "suppliers", VIEW, "period", "state")
def inquiries(filters: Filters) -> Listing:
    """Inquiries, newest first, with how many goods and suppliers were compared."""
    query = Inquiry.select()
    query = filters.narrow(query, period=Inquiry.asked_on, state=Inquiry.state)
    mine = Quote.inquiry == Inquiry.id
    columns = (
        Shown("number", Inquiry.number),
        Shown("title", Inquiry.title),
        Shown("asked_on", Inquiry.asked_on),
        Shown("until", Inquiry.until),
        Shown("goods", CountField(verbose_name="物品数"), _distinct(Quote.goods, mine), total=False),
        Shown("suppliers", CountField(verbose_name="供方数"), _distinct(Quote.supplier, mine), total=False),
        Shown("state", Inquiry.state, status=True),
        Shown("made_by", Inquiry.made_by),
        Shown("said_by", Inquiry.said_by),
        Shown("words", Inquiry.words),
    )
    return Listing(
        query, columns, id=Inquiry.id, order=("-asked_on", "-number"), record=Inquiry,
        search=(Inquiry.number, Inquiry.title), tones=_TONES,
    )  # fmt: skip


def _distinct(field: Any, mine: Any) -> Any:
    return Quote.select(fn.COUNT(field.distinct())).where(mine)


@listing("quotes", "报价", "suppliers", VIEW, "period", "supplier", "state")
def quotes(filters: Filters) -> Listing:
    """Quotes, newest first, goods by goods with the cheapest on top, beside what was paid last."""
    query = Quote.select().join(Inquiry).switch(Quote).join(Goods).switch(Quote).join(Supplier)
    query = filters.narrow(query, supplier=Quote.supplier, period=Inquiry.asked_on, state=Inquiry.state)
    last = OrderLine.select(OrderLine.price).join(PurchaseOrder)
    last = last.where((OrderLine.goods == Goods.id) & (PurchaseOrder.state != OrderState.CANCELLED))
    last = last.order_by(OrderLine.id.desc()).limit(1)
    change = (Quote.price - last) * 1000 / fn.NULLIF(last, 0)
    holds = Case(None, ((Inquiry.until >= date.today(), "有效"),), "已过期")
    columns = (
        Shown("number", Inquiry.number, label="询价单"),
        Shown("asked_on", Inquiry.asked_on),
        Shown("goods", Quote.goods, Goods.name),
        Shown("spec", Goods.spec),
        Shown("unit", Goods.unit),
        Shown("supplier", Quote.supplier, Supplier.name),
        Shown("price", Quote.price, total=False),
        Shown("last", OrderLine.price, last, label="上次单价", total=False),
        Shown("change", RateField(verbose_name="比上次"), change, total=False),
        Shown("days", Quote.days, total=False),
        Shown("quality", Quote.quality),
        Shown("recommended", Quote.recommended),
        Shown("holds", LineField(max_length=6, verbose_name="有效"), holds),
        Shown("state", Inquiry.state, status=True),
        Shown("why", Quote.why, hidden=True),
    )
    return Listing(
        query, columns, id=Quote.id, order=("-asked_on", "-number", "goods", "price"), record=Quote,
        search=(Inquiry.number, Inquiry.title, Goods.search, Supplier.search), tones=_TONES,
    )  # fmt: skip


@lines(Inquiry, VIEW)
def compared(inquiry: Inquiry) -> Iterator[tuple[str, str]]:
    """Tell who asks what for each of the goods, the recommended one marked."""
    found: dict[str, list[str]] = {}
    for one in inquiry.quotes.order_by(Quote.goods, Quote.price):
        mark = "★" if one.recommended else ""
        told = f"{mark}{one.supplier.name} {Quote.price.show(one.price)}"
        found.setdefault(one.goods.label(), []).append(told)
    for goods, told_of in found.items():
        yield goods, "；".join(told_of)


@reminds(PLAN)
def opinions_wanted(day: date) -> Iterator[Reminder]:
    """Remind those who use the goods of recommendations that wait for their opinion."""
    count = Inquiry.select().where(Inquiry.state == InquiryState.RECOMMENDED).count()
    if count:
        filters = {"state": InquiryState.RECOMMENDED.value}
        yield Reminder("询价推荐等使用部门意见", "info", "inquiries", filters, count)


@reminds(BUY)
def to_recommend(day: date) -> Iterator[Reminder]:
    """Remind of inquiries of which nothing is recommended though they soon hold no more."""
    mine = (Inquiry.state == InquiryState.OPEN) & (Inquiry.until >= day)
    count = Inquiry.select().where(mine).count()
    if count:
        filters = {"state": InquiryState.OPEN.value}
        asked = (Condition("until", Test.LEAST, day.isoformat()),)
        yield Reminder("询价还没有推荐", "info", "inquiries", filters, count, asked)
