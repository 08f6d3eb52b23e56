"""分摊的查找与说明: a shared cost is found by its number; the card of a line explains its share."""

from __future__ import annotations

import re
from collections.abc import Iterator

from models.cards import facts
from models.desk import Figure
from models.fees.bills import Bill
from models.fees.rights import VIEW
from models.fees.shares import COSTS, SharedCost, formulas
from models.money import thousands
from models.months import Period
from models.search import LIKELY, MOST, SURE, Hit, Sought, finds

_NUMBER = re.compile(rf"{COSTS.prefix}-\d{{4,6}}(-\d*)?")


@finds(VIEW)
def shared_costs(wanted: Sought) -> Iterator[Hit]:
    """Shared costs by their number or its beginning, as the code on a notice holds it."""
    words = wanted.words.upper()
    if not _NUMBER.fullmatch(words):
        return
    query = SharedCost.select().where(SharedCost.number.startswith(words))
    for cost in query.order_by(SharedCost.number.desc()).limit(MOST):
        beside = f"{cost.plan.name} · {cost.month} · {thousands(cost.amount)}"
        best = SURE if cost.number == words else LIKELY
        yield Hit("shared_costs", cost.id, cost.number, beside, SharedCost.noun(), best)


@facts(Bill, VIEW)
def share_of_line(bill: Bill) -> Iterator[Figure]:
    """How the share came about that a line asks for, and the shares of that house and month."""
    told = formulas([bill.source]).get(bill.source) if bill.source else None
    if told is not None:
        filters = {"unit": bill.unit, "period": Period.of_month(bill.month)}
        yield Figure("分摊", thousands(bill.amount), told, "shares", filters)
