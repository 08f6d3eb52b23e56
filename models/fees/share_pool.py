"""分摊总额: what is to be shared, of an invoice or of meter readings, without what is excluded.

Under a lump-sum contract the office's own use, green spaces, festive lights and what earns money must not
be shared (forms.md B1.3); each is a row with its quantity or its amount.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from models.errors import BadInput, RuleBroken
from models.fees.shares import ReadingField
from models.fields import LineField, MoneyField
from models.inputs import Input
from models.money import divide_half_up, from_scaled, thousands, to_scaled
from models.rows import RowRefused

_PER_FEN = 10_000
"""Quantity (2 decimals) × price (4 decimals) is in millionths of a 元; a fen is so many of them."""


class Exclusion(NamedTuple):
    """What is taken out of the pool before it is shared."""

    name: str
    quantity: Decimal | None
    amount: Decimal | None


@dataclass(frozen=True)
class Pool:
    """What is to be shared, in 元, and how it came about; what does not apply is None."""

    amount: Decimal
    exclusions: tuple[Exclusion, ...]
    excluded: Decimal
    previous: Decimal | None = None
    current: Decimal | None = None
    multiplier: int | None = None
    used: Decimal | None = None
    excluded_used: Decimal | None = None
    price: Decimal | None = None


def asked_exclusions() -> list[Input]:
    """Return the columns in which exclusions are entered."""
    fields: dict[str, Any] = {
        "name": LineField(max_length=40, verbose_name="项目"),
        "quantity": ReadingField(null=True, verbose_name="用量"),
        "amount": MoneyField(null=True, verbose_name="金额"),
    }
    for field in fields.values():
        field.chars = 9  # beside one another within half a form
    return [Input(name, field, required=name == "name") for name, field in fields.items()]


def pool_of(
    amount: Decimal | None = None,
    previous: Decimal | None = None,
    current: Decimal | None = None,
    multiplier: int | None = None,
    price: Decimal | None = None,
    exclusions: Sequence[Mapping[str, Any]] | None = None,
) -> Pool:
    """Return what is to be shared: of an invoice, or of readings, without what is excluded.

    Raises:
        BadInput: neither or both are given, or a reading falls.
        RowRefused: an exclusion names neither or both of quantity and amount, or a quantity of an invoice.
        RuleBroken: nothing is left.
    """
    read = (previous, current, price)
    if (amount is None) == all(one is None for one in read):
        raise BadInput("发票金额与抄表（上期读数、本期读数、单价）要填一种，只填一种。", "amount")
    taken = tuple(_exclusion(row, number, amount is None) for number, row in enumerate(exclusions or []))
    excluded = sum((one.amount for one in taken if one.amount is not None), start=Decimal(0))
    if amount is not None:
        return _positive(Pool(amount - excluded, taken, excluded))
    if previous is None or current is None or price is None:
        raise BadInput("按抄表分摊要填齐上期读数、本期读数和单价。", "current")
    if current < previous:
        raise BadInput(
            f"本期读数 {current} 小于上期读数 {previous}。请核对；换表或翻转的，请选“公共表”，"
            "或算好后填“发票金额”。",
            "current",
        )
    used = (current - previous) * (multiplier or 1)
    return _by_usage(Measured(previous, current, multiplier or 1, used), price, taken, excluded)


class Measured(NamedTuple):
    """What a meter showed; its usage alone where it was replaced, rolled over or estimated."""

    previous: Decimal | None
    current: Decimal | None
    multiplier: int | None
    used: Decimal


def pool_of_meter(
    shown: Measured,
    price: Decimal | None = None,
    exclusions: Sequence[Mapping[str, Any]] | None = None,
    **typed: Any,
) -> Pool:
    """Return what is to be shared by what a common meter showed; only the price is typed.

    Raises:
        BadInput: the price is lacking, or something is typed that the meter says.
        RowRefused: an exclusion names neither or both of quantity and amount.
        RuleBroken: nothing is left.
    """
    twice = next((name for name, value in typed.items() if value is not None), None)
    if twice is not None:
        raise BadInput("选了公共表，读数和倍率取自它的抄表。发票金额、读数和倍率请不要再填。", twice)
    if price is None:
        raise BadInput("按公共表分摊要填单价。请填每单位用量的价格。", "price")
    taken = tuple(_exclusion(row, number, True) for number, row in enumerate(exclusions or []))
    excluded = sum((one.amount for one in taken if one.amount is not None), start=Decimal(0))
    return _by_usage(shown, price, taken, excluded)


def _by_usage(shown: Measured, price: Decimal, taken: tuple[Exclusion, ...], excluded: Decimal) -> Pool:
    excluded_used = sum((one.quantity for one in taken if one.quantity is not None), start=Decimal(0))
    cost = from_scaled(divide_half_up(to_scaled((shown.used - excluded_used) * price, 6), _PER_FEN), 2)
    return _positive(Pool(cost - excluded, taken, excluded, *shown, excluded_used, price))


def _exclusion(row: Mapping[str, Any], number: int, metered: bool) -> Exclusion:
    quantity, amount = row.get("quantity"), row.get("amount")
    if (quantity is None) == (amount is None):
        raise RowRefused("用量和金额要填一种，只填一种。", "exclusions", number)
    if quantity is not None and not metered:
        raise RowRefused("按发票分摊没有用量，请填金额。", "exclusions", number, "quantity")
    return Exclusion(row["name"], quantity, amount)


def _positive(pool: Pool) -> Pool:
    if pool.amount <= 0:
        raise RuleBroken(
            f"剔除后的总额是 {thousands(pool.amount)} 元，没有可以分摊的。请核对金额、读数和剔除项。"
        )
    return pool
