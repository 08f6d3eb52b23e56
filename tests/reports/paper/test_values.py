"""Values: how money, quantities, rates and dates are written on paper."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from reports.paper.values import EMPTY, Kind, Value, writer


@pytest.mark.parametrize(
    ("kind", "places", "value", "written"),
    [
        ("money", None, Decimal("1234567.8"), "1,234,567.80"),
        ("money", None, Decimal("-0.001"), "0.00"),
        ("money", None, Decimal("2.675"), "2.68"),
        ("money", None, -12, "-12.00"),
        ("number", 4, Decimal("1.85"), "1.8500"),
        ("number", None, Decimal("120.50"), "120.50"),
        ("number", None, 12000, "12,000"),
        ("percent", None, Decimal("0.93456"), "93.5%"),
        ("rate", None, Decimal("-0.021"), "-2.1"),
        ("date", None, date(2026, 11, 3), "2026年11月3日"),
        ("day", None, date(2026, 11, 3), "2026-11-03"),
        ("datetime", None, datetime(2026, 11, 3, 9, 5), "2026-11-03 09:05"),
        ("text", None, date(2026, 1, 2), "2026年1月2日"),
        ("check", None, True, "√"),
        ("check", None, False, EMPTY),
        ("money", None, "见附表", "见附表"),
        ("money", None, None, EMPTY),
        ("text", None, "", EMPTY),
    ],
)
def test_each_kind_is_written_its_own_way(kind: Kind, places: int | None, value: Value, written: str) -> None:
    assert writer(kind, places)(value) == written


def test_a_float_is_refused() -> None:
    with pytest.raises(TypeError):
        writer("money")(1.5)  # type: ignore[arg-type]
