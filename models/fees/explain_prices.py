"""单价的来由: at which dated price an item was charged, for whom it was agreed lower, and what holds now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from models.fees.bills import Bill
from models.fees.explain_payer import since
from models.fees.explanation import Told
from models.fees.items import Basis, FeeItem, Rate
from models.fees.prepay_plans import PrepayOffer, PrepayPlan
from models.fields import PriceField
from models.money import divide_half_up, from_scaled, thousands, to_scaled

_PRICE = PriceField()


class Terms(NamedTuple):
    """A price and what is added to it, as they are stored."""

    price: int
    extra: int


@dataclass(frozen=True)
class Priced:
    """How the price of an item came to be the one that a line was charged at.

    Args:
        item: whose price.
        plans: what was paid ahead for the month of the line at a lower price, the newest first.
    """

    item: FeeItem
    plans: tuple[PrepayPlan, ...]

    @classmethod
    def of(cls, bill: Bill) -> Priced:
        """Return the prices of a line."""
        query = PrepayPlan.select(PrepayPlan, PrepayOffer).join(PrepayOffer)
        mine = (PrepayPlan.unit == bill.unit) & (PrepayPlan.first <= bill.month)
        mine &= (PrepayPlan.last >= bill.month) & (
            PrepayOffer.item.is_null() | (PrepayOffer.item == bill.item)
        )
        return cls(bill.item, tuple(query.where(mine).order_by(PrepayPlan.id.desc())))

    def told(self, used: Terms, day: date) -> Told:
        """Tell a price that was charged on a day, with the dated row that it comes from."""
        words, row = self._costs(used), rate_on(self.item, day)
        if row is None:
            return Told(Rate.price.label, f"{words}，出账时的定价；现在这一天没有单价，不影响本账单")
        listed = _terms(row)
        if listed == used:
            return Told(Rate.price.label, f"{words}，{since(row.since)}")
        plan = self._plan(used, listed)
        if plan is not None:
            full = f"定价 {self._costs(listed)}（{since(row.since)}）的 {plan.kept:,}/{plan.parts:,}"
            return Told(Rate.price.label, f"{words}，{full}，预存约定 {plan.number}（{plan.offer.told}）")
        now = f"出账时的定价；后来这一天改定为 {self._costs(listed)}，不影响本账单"
        return Told(Rate.price.label, f"{words}，{now}")

    def changed(self, used: Terms, day: date) -> Told | None:
        """Tell today's price where it is another one; None where it is the same."""
        then, now = rate_on(self.item, day), rate_on(self.item, date.today())
        if now is None or _terms(now) == used or (then == now and self._plan(used, _terms(now))):
            return None
        words = f"{self._costs(_terms(now))}，{since(now.since)}；本账单按所属月份的单价，不受影响"
        return Told("现行单价", words)

    def _plan(self, used: Terms, listed: Terms) -> PrepayPlan | None:
        """Return by which plan a listed price becomes the one that was charged."""
        for plan in self.plans:
            less = (divide_half_up(one * plan.kept, plan.parts) for one in listed)
            if Terms(*less) == used:
                return plan
        return None

    def _costs(self, terms: Terms) -> str:
        return costs(self.item.basis, from_scaled(terms.price, 4), from_scaled(terms.extra, 2))


def _terms(row: Rate) -> Terms:
    return Terms(to_scaled(row.price, 4), to_scaled(row.extra, 2))


def costs(basis: Basis, price: Decimal, extra: Decimal) -> str:
    """Return what an item costs: 1.30 元/㎡·月，附加 20.00 元/月."""
    if basis is Basis.FIXED:
        return f"固定 {thousands(extra)} 元/月"
    told = f"{_PRICE.show(price)} 元/{'㎡' if basis is Basis.AREA else '户'}·月"
    return f"{told}，附加 {thousands(extra)} 元/月" if extra else told


def rate_on(item: FeeItem, day: date) -> Rate | None:
    """Return the row that holds for an item on a day."""
    found: Rate | None = (
        Rate.select().where((Rate.item == item) & (Rate.since <= day)).order_by(Rate.since.desc()).first()
    )
    return found
