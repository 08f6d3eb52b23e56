"""栏值: how a value is written on paper: money, quantity, rate, date, tick."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

Kind = Literal[
    "text", "center", "code", "money", "number", "percent", "rate", "date", "day", "datetime", "check"
]
Value = str | Decimal | int | date | datetime | bool | None

EMPTY = "—"
"""Stands where there is nothing and no pen may write any more (forms.md A0.4)."""
RIGHT = frozenset({"money", "number", "percent", "rate"})
CENTRED = frozenset({"center", "date", "day", "datetime", "check"})
UNBROKEN = RIGHT | {"code", "date", "day", "check"}

_CENT = Decimal("0.01")


def money(value: Decimal | int) -> str:
    """Write an amount in yuan with thousands separators and two decimals."""
    return _figure(value, 2)


def number(value: Decimal | int, places: int | None = None) -> str:
    """Write a quantity with thousands separators; `places` None keeps the decimals it has."""
    if places is None:
        return f"{value:,}" if isinstance(value, int) else f"{value:,f}"
    return _figure(value, places)


def percent(value: Decimal | int | None) -> str:
    """Write a ratio (1 is the whole) as a percentage with one decimal."""
    return EMPTY if value is None else rate(value) + "%"


def plain(value: Decimal | None) -> str:
    """Write a figure without the zeros at its end: 90, 0.5."""
    return EMPTY if value is None else f"{value.normalize():f}"


def rate(value: Decimal | int) -> str:
    """Write a ratio as a percentage without the sign, which the heading then bears."""
    return _figure(Decimal(value) * 100, 1)


def long_date(value: date) -> str:
    """Write a date as 2026年11月23日."""
    return f"{value.year}年{value.month}月{value.day}日"


def short_date(value: date) -> str:
    """Write a date as 2026-11-23, for columns too narrow for the long form."""
    return f"{value.year:04d}-{value.month:02d}-{value.day:02d}"


def moment(value: date) -> str:
    """Write a date and its time on the 24-hour clock; a bare date is written without time."""
    if isinstance(value, datetime):
        return f"{short_date(value)} {value.hour:02d}:{value.minute:02d}"
    return short_date(value)


def tick(value: int) -> str:
    """Write yes as a tick; no is an empty cell."""
    return "√" if value else EMPTY


def _figure(value: Decimal | int, places: int) -> str:
    unit = _CENT if places == 2 else Decimal(1).scaleb(-places)
    rounded = Decimal(value).quantize(unit, ROUND_HALF_UP)
    return f"{rounded or abs(rounded):,f}"  # never "-0.00"


def writer(kind: Kind, places: int | None = None) -> Callable[[Value], str]:
    """Return the function that writes a value of that kind; text is passed through as it is.

    Raises:
        TypeError: from the function returned, for a float or a value of another kind.
    """
    figures = _figure_writer(kind, places)
    dates = {"date": long_date, "day": short_date, "datetime": moment}.get(kind)

    def write(value: Value) -> str:
        if value is None or value == "":
            return EMPTY
        if isinstance(value, str):
            return value
        if isinstance(value, date):
            return (dates or _plain_date)(value)
        if isinstance(value, bool) or kind == "check":
            return tick(bool(value))
        if isinstance(value, (Decimal, int)):
            return figures(value)
        raise TypeError(f"{value!r} cannot be printed as {kind}")

    return write


def _plain_date(value: date) -> str:
    return moment(value) if isinstance(value, datetime) else long_date(value)


def _figure_writer(kind: Kind, places: int | None) -> Callable[[Decimal | int], str]:
    fixed = {"money": money, "percent": percent, "rate": rate}.get(kind)
    return fixed or (lambda value: number(value, places))
