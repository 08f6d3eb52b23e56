"""演示的公摊: two common costs of the first building, shared month by month towards the end of the ledger."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from desktop.demo.calendar import Calendar
from desktop.demo.estate import Estate
from desktop.demo.staff import Crew
from models import deeds
from models.fees import items
from models.fees.billing import due_on
from models.fees.items import Category
from models.fees.share_plans import CommonKind, ShareBase, SharePlan, add_share_plan
from models.fees.sharing import share
from models.months import Month
from models.owners.estate import Building, UnitKind

_MONTHS = 4
"""For so many months, the last but one the newest, costs are shared."""
_READING, _EACH = 12_400, 11
"""What the meter of the corridors showed at first, and how much a house adds to it in a month."""
_PRICE, _LIFT = Decimal("0.5500"), Decimal("12.80")
"""What a kWh costs, and how much a house adds to the invoice for the lifts."""
_STOREYS = range(6, 40, 5)

_BEFORE_OPENING = -40
"""Minutes: before meters are read and the month is billed."""


class Commons:
    """Keeps the common costs of the demo."""

    def __init__(self, estate: Estate, crew: Crew, calendar: Calendar) -> None:
        self._crew, self._calendar = crew, calendar
        floors = [place.floor for place in estate.places if place.building == "1" and place.kind == "住宅"]
        self._houses = len(floors)
        self._lift: SharePlan | None = None
        with deeds.acting(crew.accountant):
            self._light = self._plan("GT01", "楼道照明费", CommonKind.LIGHT)
            if max(floors) > 1:
                self._lift = self._plan("GT02", "电梯运行费", CommonKind.LIFT, **_by_floor())

    def _plan(self, code: str, name: str, kind: CommonKind, **rule: Any) -> SharePlan:
        item = items.add_item(
            code=code, name=name, category=Category.SHARED, since=self._calendar.first.first
        )
        building = Building.find("1")
        title = f"{building.name}{name.removesuffix('费')}"
        return add_share_plan(name=title, kind=kind, item=item, scopes=[{"building": building}], **rule)

    def share(self, month: Month) -> None:
        """Share the costs of the month before, to be paid with the run of a month."""
        before = month.plus(-1)
        if not 0 <= self._calendar.now.minus(month) < _MONTHS or before < self._calendar.first:
            return
        index = before.minus(self._calendar.first)
        previous, current = self._reading(index), self._reading(index + 1)
        told: dict[str, Any] = {
            "due": due_on(month, None),
            "shown_from": month.day(1),
            "shown_until": month.day(15),
        }
        with (
            self._calendar.at(self._calendar.day(month, 1), _BEFORE_OPENING),
            deeds.acting(self._crew.accountant),
        ):
            share(
                self._light, before, previous=previous, current=current, price=_PRICE,
                source="1-ZM-01", exclusions=[{"name": "值班室用电", "quantity": Decimal(8)}], **told,
            )  # fmt: skip
            if self._lift is not None:
                invoice = self._houses * _LIFT + index
                share(self._lift, before, amount=invoice, source=f"DT{before.number}", **told)

    def _reading(self, months: int) -> Decimal:
        """Return what the meter of the corridors shows after so many months, a little more each month."""
        return Decimal(_READING + self._houses * _EACH * months + months**2)


def _by_floor() -> dict[str, Any]:
    """Return by which rule the lifts are paid: from the second floor up, more every five floors."""
    weights = [{"kind": UnitKind.HOUSE, "floor": 2, "coefficient": Decimal("1.00")}]
    for step, floor in enumerate(_STOREYS, start=1):
        coefficient = Decimal(1) + Decimal("0.20") * step
        weights.append({"kind": UnitKind.HOUSE, "floor": floor, "coefficient": coefficient})
    return {
        "base": ShareBase.COEFFICIENT,
        "weights": weights,
        "from_floor": 2,
        "vacant": 50,
        "agreed": "业主大会决议第 3 号",
    }
