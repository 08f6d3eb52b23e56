"""特服: what is done for a house on request, charged once by a slip from a catalogue (duty c08.a.03).

A slip makes one bill line whose source is the slip's number. It keeps name, unit of measure and price as
they were on its day; the catalogue may change.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from enum import Enum
from typing import Any

from models.base import Record
from models.deeds import deed, reaches_everybody
from models.errors import BadInput
from models.fees.items import Basis, Category, FeeItem
from models.fees.rights import ITEMS
from models.fields import (
    AreaField,
    ChoiceField,
    CodeField,
    DayField,
    FlagField,
    LineField,
    LinkField,
    MomentField,
    MoneyField,
    NumberField,
    PriceField,
)
from models.inputs import edits_of, inputs_from
from models.money import divide_half_up, from_scaled, thousands, to_scaled
from models.owners.estate import Unit
from models.series import Series

SLIPS = Series("TFD", "特服单", digits=4)

CATEGORIES = (Category.SERVICE, Category.PARKING, Category.OTHER)
"""Of the items on which services may be charged: the column 特服费 of FE-01 adds up just these."""

_ENTERED = ("code", "name", "measure", "price", "item", "agreed")
_FEN = 10_000
"""Quantity (2 decimals) × price (4 decimals) is in millionths of a 元; a fen is so many of them."""


class Service(Record):
    """特服项目: one line of the catalogue."""

    code = CodeField(max_length=16, unique=True, verbose_name="特服编号")
    name = LineField(max_length=40, unique=True, verbose_name="特服项目")
    measure = LineField(max_length=8, verbose_name="计价单位")
    price = PriceField(verbose_name="单价")
    item = LinkField(FeeItem, backref="services", verbose_name="收费项目")
    agreed = LineField(max_length=120, null=True, verbose_name="收费依据")
    active = FlagField(default=True, verbose_name="在用")

    key_field = "code"
    also_called = "name"

    class Meta:
        title = "特服项目"

    def label(self) -> str:
        """Return its name."""
        return str(self.name)

    def described(self) -> str:
        """Return 疏通下水道 50.00 元/次."""
        return f"{self.name} {PriceField().show(self.price)} 元/{self.measure}"

    @deed(
        "fees.edit_service", "修改特服项目", ITEMS, inputs=edits_of(lambda: Service, *_ENTERED[1:], "active")
    )
    def edit(self, **values: Any) -> Service:
        """Change what the next slips will say; those that were made stay as they are.

        Raises:
            BadInput: the item cannot carry services.
        """
        if values.get("item") is not None:
            _check_item(values["item"])
        return self.change(**values)


reaches_everybody(Service)


class SlipState(Enum):
    """A slip is issued, or void with its number kept."""

    ISSUED = "已开"
    VOID = "作废"


class ServiceSlip(Record):
    """特服单: one service done for a house on a day, and what it costs."""

    number = NumberField(verbose_name="特服单号")
    unit = LinkField(Unit, backref="service_slips", verbose_name="房号")
    service = LinkField(Service, backref="slips", verbose_name="特服项目")
    on = DayField(index=True, verbose_name="服务日期")
    name = LineField(max_length=40, verbose_name="服务内容")
    measure = LineField(max_length=8, verbose_name="计价单位")
    quantity = AreaField(verbose_name="数量")
    price = PriceField(verbose_name="单价")
    amount = MoneyField(verbose_name="金额")
    note = LineField(max_length=120, null=True, verbose_name="备注")
    state = ChoiceField(SlipState, default=SlipState.ISSUED, verbose_name="状态")
    void_reason = LineField(max_length=80, null=True, verbose_name="作废原因")
    voided_at = MomentField(null=True, verbose_name="作废时间")
    voided_by = LineField(max_length=60, null=True, verbose_name="作废人")
    made_at = MomentField(verbose_name="开单时间")
    made_by = LineField(max_length=60, verbose_name="开单人")

    key_field = "number"
    moves = {SlipState.ISSUED: (SlipState.VOID,)}

    class Meta:
        title = "特服单"

    def described(self) -> str:
        """Return TFD-202611-0001 1-1-1011 疏通下水道 100.00 元."""
        return f"{self.number} {self.unit.code} {self.name} {thousands(self.amount)} 元"

    @property
    def much(self) -> str:
        """How much was done, with its unit of measure: 2次, 1.5小时."""
        return f"{Decimal(self.quantity).normalize():f}{self.measure}"

    @property
    def basis(self) -> str:
        """How the amount came about: 疏通下水道 2次 × 50.00."""
        return f"{self.name} {self.much} × {PriceField().show(self.price)}"


@deed("fees.add_service", "新增特服项目", ITEMS, inputs=inputs_from(lambda: Service, *_ENTERED))
def add_service(**values: Any) -> Service:
    """Enter something that is done on request, with its price.

    Raises:
        BadInput: the item cannot carry services.
    """
    _check_item(values["item"])
    return Service.add(**values)


def amount_of(quantity: Decimal, price: Decimal) -> Decimal:
    """Return quantity × price in 元, rounded once to the fen, half up (forms.md B2.1)."""
    return from_scaled(divide_half_up(to_scaled(quantity, 2) * to_scaled(price, 4), _FEN), 2)


def slips_of(sources: Iterable[str | None]) -> dict[str, ServiceSlip]:
    """Return by number the slips among the documents that lines come from."""
    numbers = sorted({one for one in sources if one is not None and one.startswith(f"{SLIPS.prefix}-")})
    found: dict[str, ServiceSlip] = {}
    for start in range(0, len(numbers), _AT_ONCE):
        some = numbers[start : start + _AT_ONCE]
        found |= {slip.number: slip for slip in ServiceSlip.select().where(ServiceSlip.number.in_(some))}
    return found


_AT_ONCE = 500
"""Numbers in one question to the database."""


def _check_item(item: FeeItem) -> None:
    if item.category not in CATEGORIES or item.basis is Basis.AREA or item.collected:
        kinds = "、".join(one.value for one in CATEGORIES)
        raise BadInput(
            f"“{item.name}”不能用于特服。请选类别为{kinds}、不按面积计算、不是代收的收费项目，"
            "没有的先在“收费项目”里新增，计算方式选“固定金额”，不用定价。",
            "item",
        )
