"""抄表算式: how a line by readings came about, as notices and receipts tell it.

What it tells is kept with the line (`Bill.segments`, made by `metering`): quantities in hundredths,
prices in ten-thousandths, money in fen.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from models.fields import PriceField
from models.money import from_scaled, thousands
from models.months import Month

Facts = Mapping[str, Any]
_PRICE = PriceField()


def metered_text(facts: Facts) -> str:
    """Return (1250.00−1200.00)×1×3.50; tier by tier and month by month where there are several."""
    parts = facts["parts"]
    told = [_part(one) for one in parts]
    if len(parts) == 1:
        return told[0]
    return "；".join(
        f"{Month.from_number(one['month'])} {words}" for one, words in zip(parts, told, strict=True)
    )


def is_single(facts: Facts) -> bool:
    """Whether a line is just its quantity × one price."""
    prices = {price for part in facts["parts"] for _, price in part["steps"]}
    return len(prices) == 1 and not any(part["extra"] or "least" in part for part in facts["parts"])


def quantity_told(facts: Facts, quantity: Decimal | None) -> str:
    """Return 50.00m³."""
    return f"{thousands(quantity or Decimal(0))}{facts['unit']}"


def single_price(facts: Facts, price: Decimal | None) -> str | None:
    """Return the price of a line that is quantity × price; None for any other."""
    return _PRICE.show(price) if is_single(facts) else None


def _part(part: Facts) -> str:
    """Return what one month adds."""
    used, steps = _used(part), part["steps"]
    plain = len(part["readings"]) == 1 and not _differs(part) and "estimated" not in part["readings"][0]
    if not steps:
        told = f"{used}＝0.00" if plain else used
    elif plain and len(steps) == 1:
        told = f"{used}×{_price(steps[0][1])}"
    else:
        told = f"{used}＝{_much(part['usage'])}："
        told += "＋".join(f"{_much(much)}×{_price(price)}" for much, price in steps)
    if part["extra"]:
        told += f"＋{_much(part['extra'])}"
    if part["months"] > 1:
        told += f"（{part['months']} 个月）"
    if "least" in part:
        told += f"，不足最低收费，按 {_much(part['least'])} 收"
    return told


def _used(part: Facts) -> str:
    """Return the usage of a month as it was read."""
    told = "＋".join(_reading(one) for one in part["readings"])
    more = _differs(part)
    if more:
        told += f"{'＋补' if more > 0 else '−抵'}以前月份 {_much(abs(more))}"
    return told


def _differs(part: Facts) -> int:
    """Return by how much other months change what a month is charged for."""
    return int(part["usage"] - sum(one["usage"] for one in part["readings"]))


def _reading(one: Facts) -> str:
    if "to" not in one:
        return f"估抄 {_much(one['usage'])}"
    first = f"{10 ** one['rolled']}＋" if "rolled" in one else ""
    told = f"({first}{_much(one['to'])}−{_much(one['from'])})×{one['times']}"
    return told + (f"−已估 {_much(one['estimated'])}" if "estimated" in one else "")


def _much(hundredths: int) -> str:
    return f"{from_scaled(hundredths, 2)}"


def _price(ten_thousandths: int) -> str:
    return _PRICE.show(from_scaled(ten_thousandths, 4))
