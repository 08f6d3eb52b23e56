"""预存优惠: months paid ahead at a lower price: what the office offers, and what is agreed with a household.

The discount is a lower unit price for the months agreed, rounded to its four decimals, so that each of their
lines says truly how it came about, and what is paid ahead is to the fen what will be charged.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from enum import Enum
from typing import Any, NamedTuple, Self

from peewee import JOIN, Case, fn

from models.base import Record, db
from models.deeds import deed, reaches_everybody
from models.errors import BadInput, RuleBroken
from models.fees.bills import Bill
from models.fees.charges import Prices, Step
from models.fees.gaps import charging_lines
from models.fees.items import Category, FeeItem
from models.fees.payments import Payment, Receipt, ReceiptState
from models.fees.rights import ITEMS, VIEW
from models.fees.within import within
from models.fields import (
    ChoiceField,
    CountField,
    DayField,
    FlagField,
    LineField,
    LinkField,
    MomentField,
    MoneyField,
    MonthField,
    NumberField,
    ShareField,
)
from models.inputs import edits_of, inputs_from
from models.listings import Filters, Listing, Shown, choice, listing
from models.money import divide_half_up
from models.months import Month
from models.owners.estate import Unit
from models.owners.people import Person
from models.owners.search import HOUSE, NAMED

MOST_MONTHS = 12
"""For so many months may be taken ahead (forms.md B1.9)."""
_OFFERED = ("name", "months", "free", "percent", "item", "basis", "contract_end")
_ANY_ITEM = "不填为全部自有项目"


class PrepayOffer(Record):
    """预存优惠: so many months paid ahead at once, at a lower price, as the office offers it."""

    name = LineField(max_length=40, unique=True, verbose_name="优惠名称")
    months = CountField(low=1, high=MOST_MONTHS, default=MOST_MONTHS, verbose_name="预存月数")
    free = CountField(low=1, high=MOST_MONTHS - 1, null=True, verbose_name="其中免收月数")
    percent = ShareField(null=True, verbose_name="优惠(%)")
    item = LinkField(FeeItem, null=True, verbose_name="收费项目")
    basis = LineField(max_length=120, verbose_name="约定依据")
    contract_end = DayField(null=True, verbose_name="物业合同到期日")
    active = FlagField(default=True, verbose_name="在用")

    key_field = "name"

    class Meta:
        title = "预存优惠"

    @property
    def kept(self) -> tuple[int, int]:
        """What of a price is charged, as a fraction: 11 of 12, or 9,500 of 10,000."""
        if self.free is not None:
            return self.months - self.free, self.months
        return 10_000 - int(self.percent * 100), 10_000

    @property
    def told(self) -> str:
        """预存 12 个月免 1 个月, or 预存 12 个月优惠 5.00%."""
        less = f"免 {self.free} 个月" if self.free is not None else f"优惠 {self.percent}%"
        return f"预存 {self.months} 个月{less}"

    @deed(
        "fees.edit_prepay_offer",
        "修改预存优惠",
        ITEMS,
        inputs=edits_of(lambda: PrepayOffer, "name", "basis", "contract_end", "active"),
    )
    def edit(self, **values: Any) -> Self:
        """Change its words, or offer it no longer; what was agreed by it stays."""
        return self.change(**values)


reaches_everybody(PrepayOffer)


@deed(
    "fees.add_prepay_offer",
    "新增预存优惠",
    ITEMS,
    inputs=inputs_from(
        lambda: PrepayOffer,
        *_OFFERED,
        free="与优惠填一个",
        percent="与免收月数填一个",
        item=_ANY_ITEM,
        contract_end="不填为没有约定",
    ),
)
def add_prepay_offer(**values: Any) -> PrepayOffer:
    """Offer a lower price to whoever pays months ahead at once.

    Raises:
        BadInput: neither free months nor a percentage is given, both are, or nothing would be left to pay.
        RuleBroken: the item is collected for others, whose money is not the office's to give.
    """
    made = PrepayOffer(**{"months": MOST_MONTHS, **values})
    if (made.free is None) == (made.percent is None):
        raise BadInput("免收月数和优惠百分比要填一个，只填一个。", "free")
    if made.kept[0] <= 0:
        raise BadInput("这样就全免了，没有要预存的钱。请改免收月数或优惠。", "free")
    if made.item is not None and (made.item.collected or made.item.category is Category.LATE):
        raise RuleBroken(f"{made.item.name}是代收项目或违约金，不能优惠。请另选项目，或不填收费项目。")
    return PrepayOffer.add(**values)


class PlanState(Enum):
    """Follows from months and payment; never stored."""

    AHEAD = "未开始"
    RUNNING = "进行中"
    OVER = "已到期"
    VOID = "收据已作废"


class PrepayPlan(Record):
    """预存约定: a household paid months ahead and has their price."""

    number = NumberField(verbose_name="约定号")
    unit = LinkField(Unit, backref="prepay_plans", verbose_name="房号")
    payer = LinkField(Person, null=True, verbose_name="付款人")
    offer = LinkField(PrepayOffer, backref="plans", verbose_name="优惠名称")
    first = MonthField(verbose_name="起始月份")
    last = MonthField(verbose_name="截止月份")
    kept = CountField(low=1, verbose_name="收取份数")
    parts = CountField(low=1, verbose_name="总份数")
    amount = MoneyField(verbose_name="预存金额")
    payment = LinkField(Payment, backref="prepay_plans", verbose_name="收款")
    ended = LineField(max_length=80, null=True, verbose_name="提前结束原因")
    made_at = MomentField(verbose_name="登记时间")
    made_by = LineField(max_length=60, verbose_name="经办人")

    key_field = "number"

    class Meta:
        title = "预存约定"

    def label(self) -> str:
        """Return YC-202612-001 1-1-1011 2026-12 至 2027-11."""
        return f"{self.number} {self.unit.code} {self.first} 至 {self.last}"


_REVERSED = Receipt.select(Receipt.payment).where(Receipt.state == ReceiptState.REVERSED)
HOLDS = (Payment.voided < Payment.amount) & Payment.id.not_in(_REVERSED)
"""Of a plan joined with its payment: whether the money was taken and neither voided nor reversed."""


class Lower(NamedTuple):
    """A lower price that was agreed for months of a unit: `kept` of `parts`; for one item or all own ones."""

    first: int
    last: int
    item: int | None
    kept: int
    parts: int

    def price(self, prices: Prices) -> Prices:
        """Return an item's prices as they were agreed."""
        steps = (
            Step(one.since, tuple(divide_half_up(value * self.kept, self.parts) for value in one.values))
            for one in prices.steps
        )
        return replace(prices, steps=tuple(steps))


def read_lower() -> dict[tuple[int, int], list[Lower]]:
    """Return the lower prices that were agreed, by unit and item."""
    query = PrepayPlan.select(
        PrepayPlan.unit, PrepayPlan.first, PrepayPlan.last, PrepayOffer.item, PrepayPlan.kept,
        PrepayPlan.parts,
    )  # fmt: skip
    plans = list(db.execute(query.join(PrepayOffer).switch(PrepayPlan).join(Payment).where(HOLDS)))
    own = own_items() if plans else []
    found: dict[tuple[int, int], list[Lower]] = {}
    for unit, first, last, item, kept, parts in plans:
        for each in own if item is None else [item]:
            found.setdefault((unit, each), []).append(Lower(first, last, item, kept, parts))
    return found


def own_items() -> list[int]:
    """Return the ids of the items whose money is the office's own to give."""
    own = (FeeItem.collected == False) & (FeeItem.category != Category.LATE)
    return [row[0] for row in db.execute(FeeItem.select(FeeItem.id).where(own))]


def plans_hold() -> bool:
    """Return whether any money lies paid ahead by agreement."""
    return PrepayPlan.select().join(Payment).where(HOLDS).exists()


def waiting_plans(unit: Unit, month: Month) -> list[PrepayPlan]:
    """Return the plans of a unit that reach a month and whose last one is not charged yet."""
    charged = Bill.select(Bill.id).where(
        charging_lines() & (Bill.unit == unit) & (Bill.month == PrepayPlan.last)
        & (PrepayOffer.item.is_null() | (PrepayOffer.item == Bill.item))
    )  # fmt: skip
    wanted = HOLDS & (PrepayPlan.unit == unit) & (PrepayPlan.last >= month) & ~fn.EXISTS(charged)
    return list(PrepayPlan.select().join(PrepayOffer).switch(PrepayPlan).join(Payment).where(wanted))


def paid_ahead() -> Any:
    """Return the condition on Bill of lines that their payer paid ahead: for months and items agreed on."""
    mine = (PrepayPlan.unit == Bill.unit) & Bill.month.between(PrepayPlan.first, PrepayPlan.last)
    by_payer = (PrepayPlan.payer == Bill.payer) | (PrepayPlan.payer.is_null() & Bill.payer.is_null())
    named = (PrepayOffer.item == Bill.item) | (PrepayOffer.item.is_null() & Bill.item.in_(own_items()))
    query = PrepayPlan.select(PrepayPlan.id).join(PrepayOffer).switch(PrepayPlan).join(Payment)
    return fn.EXISTS(query.where(mine & by_payer & named & HOLDS))


def _state() -> Any:
    month = Month.of(date.today())
    return Case(
        None,
        (
            (~HOLDS, PlanState.VOID.name),
            (PrepayPlan.first > month, PlanState.AHEAD.name),
            (PrepayPlan.last < month, PlanState.OVER.name),
        ),
        PlanState.RUNNING.name,
    )


TONES = {
    PlanState.AHEAD.value: "info",
    PlanState.RUNNING.value: "ok",
    PlanState.VOID.value: "warning",
}


@listing("prepay_plans", "预存约定", "fees", VIEW, "unit", "building", "person", "state")
def prepay_plans(filters: Filters) -> Listing:
    """Who paid months ahead at a lower price, newest first."""
    query = PrepayPlan.select().join(Unit).switch(PrepayPlan).join(PrepayOffer).switch(PrepayPlan)
    query = (
        query.join(Payment)
        .switch(PrepayPlan)
        .join(Person, JOIN.LEFT_OUTER, on=(PrepayPlan.payer == Person.id))
    )
    for condition in within(PrepayPlan.unit, unit=filters.unit, building=filters.building):
        query = query.where(condition)
    query = filters.narrow(query, person=PrepayPlan.payer)
    if filters.state:
        query = query.where(choice(PlanState, filters.state).name == _state())
    columns = (
        Shown("number", PrepayPlan.number),
        Shown("unit", Unit.code, label="房号", sort=Unit.sort_key),
        Shown("payer", Person.name, label="付款人"),
        Shown("offer", PrepayOffer.name),
        Shown("first", PrepayPlan.first),
        Shown("last", PrepayPlan.last),
        Shown("amount", PrepayPlan.amount),
        Shown("basis", PrepayOffer.basis),
        Shown("state", ChoiceField(PlanState, verbose_name="状态"), _state(), status=True),
        Shown("ended", PrepayPlan.ended),
        Shown("made_by", PrepayPlan.made_by, hidden=True),
        Shown("made_at", PrepayPlan.made_at, hidden=True),
    )
    return Listing(
        query, columns, id=PrepayPlan.id, order=("-number",), record=PrepayPlan,
        search=(PrepayPlan.number, HOUSE, NAMED, PrepayOffer.name), tones=TONES,
    )  # fmt: skip


@listing("prepay_offers", "预存优惠", "fees", VIEW, "item")
def prepay_offers(filters: Filters) -> Listing:
    """What the office offers to whoever pays months ahead."""
    query = PrepayOffer.select().join(FeeItem, JOIN.LEFT_OUTER)
    query = filters.narrow(query, item=PrepayOffer.item)
    columns = (
        Shown("name", PrepayOffer.name),
        Shown("months", PrepayOffer.months),
        Shown("free", PrepayOffer.free),
        Shown("percent", PrepayOffer.percent),
        Shown("item", FeeItem.name, label="收费项目"),
        Shown("basis", PrepayOffer.basis),
        Shown("contract_end", PrepayOffer.contract_end),
        Shown("active", PrepayOffer.active),
    )
    return Listing(query, columns, id=PrepayOffer.id, order=("name",), record=PrepayOffer)
