"""计费的分段: the days by which a line of a run was charged, and how its figures are written out exactly."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from models.base import db
from models.fees.bills import Bill
from models.fees.charges import SCALE
from models.fees.explanation import Told
from models.money import from_scaled, thousands, to_scaled


class Cut(NamedTuple):
    """Days of a month over which nothing changed, numbers as they are stored; days are None where unknown."""

    first: date | None
    last: date | None
    quantity: int
    price: int
    extra: int
    days: int

    @property
    def monthly(self) -> int:
        """What a whole month would cost, in millionths of a 元."""
        return self.quantity * self.price + self.extra * SCALE


def cuts_of(bill: Bill) -> list[Cut]:
    """Return the days of a line's month by which it was charged; none where it was made otherwise."""
    held: Any = bill.segments
    if isinstance(held, list):
        return [_cut(*one) for one in held]
    if bill.quantity is None or bill.price is None or bill.days is None or held:
        return []
    quantity, price = to_scaled(bill.quantity, 2), to_scaled(bill.price, 4)
    return [Cut(None, None, quantity, price, to_scaled(bill.extra or Decimal(0), 2), bill.days)]


def _cut(first: str, last: str, quantity: int, price: int, extra: int) -> Cut:
    start, end = date.fromisoformat(first), date.fromisoformat(last)
    return Cut(start, end, quantity, price, extra, (end - start).days + 1)


def rounded(whole: Decimal, amount: Decimal) -> Told:
    """Tell how the exact amount of a line becomes fen."""
    if whole == amount:
        return Told("取整", "正好到分，没有尾数", amount)
    return Told("取整", f"{thousands(whole)} 四舍五入到分，只取整一次", amount)


def quotient(whole: int, parts: int) -> str:
    """Return millionths of a 元 divided by a number: six decimals, and dots where it goes on."""
    number, rest = divmod(whole, parts)
    return thousands(exact(number)) if not rest else f"{from_scaled(number, 6):,f}…"


def exact(millionths: int) -> Decimal:
    """Return millionths of a 元 with as many decimals as they need, two at least."""
    value = from_scaled(millionths, 6).normalize()
    places = value.as_tuple().exponent
    return value if isinstance(places, int) and places < -2 else value.quantize(Decimal("0.01"))


def summed(query: Any) -> Decimal:
    """Return the sum that a query asks for, in 元; nothing where there is none."""
    ((fen,),) = db.execute(query)
    return from_scaled(fen or 0, 2)
