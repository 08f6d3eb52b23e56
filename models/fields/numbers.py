"""数字字段: ids, flags, counts, money, areas, prices and rates; scaled whole numbers inside."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import peewee

from models import money
from models.errors import BadInput
from models.fields.kind import Kind


class IdField(Kind, peewee.AutoField):
    """The row's own number."""

    align = "right"
    excel = "number"
    chars = 6

    def parse(self, typed: str) -> int:
        """Read a whole number."""
        return int(money.parse_decimal(typed, 0, what=self.label))

    def plain(self, value: Any) -> Any:
        """Return the number itself."""
        return value


class FlagField(Kind, peewee.BooleanField):
    """Yes or no."""

    chars = 6
    align = "center"
    excel = "flag"
    _WORDS = {
        "是": True,
        "有": True,
        "1": True,
        "true": True,
        "yes": True,
        "y": True,
        "√": True,
        "否": False,
        "无": False,
        "0": False,
        "false": False,
        "no": False,
        "n": False,
        "×": False,
    }

    def parse(self, typed: str) -> bool:
        """Read 是/否 and their like."""
        found = self._WORDS.get(typed.lower())
        if found is None:
            raise BadInput(f"{self.label}只能填“是”或“否”，不能是“{typed}”。")
        return found

    def check(self, value: Any) -> bool:
        """Return it as a bool."""
        return bool(value)

    def show(self, value: Any) -> str:
        """Return 是 or 否."""
        return "" if value is None else ("是" if value else "否")

    def plain(self, value: Any) -> Any:
        """Return the bool itself."""
        return None if value is None else bool(value)


class CountField(Kind, peewee.IntegerField):
    """A whole number between two bounds (both included)."""

    align = "right"
    excel = "number"
    chars = 8

    def __init__(self, low: int = 0, high: int = 1_000_000_000, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.low, self.high = low, high

    def parse(self, typed: str) -> int:
        """Read a whole number; thousands separators and full-width digits are understood."""
        return int(money.parse_decimal(typed, 0, what=self.label, signed=self.low < 0))

    def check(self, value: Any) -> int:
        """Refuse what lies outside the bounds."""
        if not self.low <= int(value) <= self.high:
            raise BadInput(f"{self.label}要在 {self.low} 到 {self.high} 之间，不能是 {value}。")
        return int(value)

    def plain(self, value: Any) -> Any:
        """Return the number itself."""
        return value


class ScaledField(Kind, peewee.BigIntegerField):
    """A decimal kept as a whole number of its smallest part; `places` decimals."""

    align = "right"
    excel = "number"
    chars = 10

    def __init__(
        self, places: int, *, low: Decimal | None = None, high: Decimal | None = None, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.places, self.low, self.high = places, low, high
        self._unit = Decimal(1).scaleb(-places)

    def bind(self, model: Any, name: str, set_attribute: bool = True) -> None:
        """Add the CHECK that keeps text and fractions out of the column (reliability.md 0.8)."""
        super().bind(model, name, set_attribute)
        column = f'"{self.column_name}"'
        self.constraints = [*(self.constraints or []), peewee.Check(f"{column} = CAST({column} AS BIGINT)")]

    def db_value(self, value: Any) -> int | None:
        """Return the whole number that is stored."""
        if value is None:
            return None
        if not isinstance(value, Decimal | int) or isinstance(value, bool):
            raise TypeError(f"{self.name}: {value!r} is not a Decimal")
        return money.to_scaled(Decimal(value), self.places)

    def python_value(self, value: int | None) -> Decimal | None:
        """Return the stored number as a Decimal with all its places."""
        return None if value is None else money.from_scaled(value, self.places)

    def parse(self, typed: str) -> Decimal:
        """Read a number with at most this many decimals."""
        signed = self.low is None or self.low < 0
        return money.parse_decimal(typed, self.places, what=self.label, signed=signed)

    def check(self, value: Any) -> Decimal:
        """Refuse other types, too many decimals, and what lies outside the bounds."""
        if not isinstance(value, Decimal | int) or isinstance(value, bool) or not Decimal(value).is_finite():
            raise BadInput(f"{self.label}“{value}”不是数。请填数字，例如 12.50。")
        value = Decimal(value)
        if value != value.quantize(self._unit):
            raise BadInput(f"{self.label}最多 {self.places} 位小数，不能是 {value}。")
        if self.low is not None and value < self.low:
            raise BadInput(f"{self.label}不能小于 {self.low}，现在是 {value}。")
        if self.high is not None and value > self.high:
            raise BadInput(f"{self.label}不能大于 {self.high}，现在是 {value}。")
        return value.quantize(self._unit)

    def show(self, value: Any) -> str:
        """Return it with thousands separators and all its places."""
        return "" if value is None else f"{Decimal(value):,.{self.places}f}"

    def plain(self, value: Any) -> Any:
        """Return a plain string with all its places."""
        return None if value is None else f"{Decimal(value):.{self.places}f}"

    def exact(self, value: Any) -> str:
        """Return the plain string."""
        return self.plain(value) or ""


class MoneyField(ScaledField):
    """元 with two decimals, kept as whole fen; at most 10¹¹ 元."""

    sums = True
    excel = "money"
    chars = 12

    def __init__(self, *, signed: bool = False, **kwargs: Any) -> None:
        limit = Decimal(10) ** 11
        super().__init__(2, low=-limit if signed else Decimal(0), high=limit, **kwargs)


class AreaField(ScaledField):
    """㎡ with two decimals (forms.md B1.1)."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(2, low=Decimal("0.01"), high=Decimal("9999999.99"), **kwargs)


class QuantityField(ScaledField):
    """What a meter shows or counted, with two decimals."""

    def __init__(self, *, signed: bool = False, **kwargs: Any) -> None:
        limit = Decimal("9999999999.99")
        super().__init__(2, low=-limit if signed else Decimal(0), high=limit, **kwargs)


class StockField(ScaledField):
    """A quantity of goods in their own measure, with three decimals, as 12.355 kg."""

    def __init__(self, *, low: Decimal = Decimal(0), signed: bool = False, **kwargs: Any) -> None:
        limit = Decimal("99999999.999")
        super().__init__(3, low=-limit if signed else low, high=limit, **kwargs)

    def show(self, value: Any) -> str:
        """Drop the zeros at its end: 12, 0.5."""
        if value is None:
            return ""
        full = f"{Decimal(value):,.3f}"
        return full.rstrip("0").rstrip(".")


class TemperatureField(ScaledField):
    """A temperature in ℃ with one decimal, such as a fridge, a store or a delivery may have."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(1, low=Decimal(-60), high=Decimal(60), **kwargs)


class PriceField(ScaledField):
    """A unit price in 元 with four decimals (forms.md B2.1)."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(4, low=Decimal(0), high=Decimal("99999999"), **kwargs)

    def show(self, value: Any) -> str:
        """Drop trailing zeros beyond the second decimal: 1.30, 0.3325."""
        if value is None:
            return ""
        full = f"{Decimal(value):,.4f}"
        return full[:-2] + full[-2:].rstrip("0")


class ShareField(ScaledField):
    """A share in percent with two decimals."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(2, low=Decimal("0.01"), high=Decimal(100), **kwargs)


class FineRateField(ScaledField):
    """A small rate with four decimals, in the measure that its label names: ‰ a day, % a year, times."""

    def __init__(self, *, high: int, **kwargs: Any) -> None:
        super().__init__(4, low=Decimal(0), high=Decimal(high), **kwargs)

    def show(self, value: Any) -> str:
        """Drop the zeros at its end: 0.5, 3, 1.3."""
        return "" if value is None else f"{Decimal(value).quantize(self._unit).normalize():f}"

    def exact(self, value: Any) -> str:
        """Return what people read."""
        return self.show(value)


class RateField(ScaledField):
    """A computed percentage with one decimal; may pass 100."""

    chars = 8

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(1, **kwargs)

    def show(self, value: Any) -> str:
        """Return 85.0%, or — where the denominator was nothing (forms.md B5)."""
        return "—" if value is None else f"{Decimal(value):.1f}%"
