"""单元格: a cell becomes text with all its digits, an exact number or a day, or is refused in words."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest

from models.errors import BadInput
from models.workbook import (
    Cell,
    as_day,
    as_decimal,
    as_text,
    cell_name,
    column_letters,
    container,
)


@pytest.mark.parametrize(
    ("column", "letters"), [(1, "A"), (26, "Z"), (27, "AA"), (256, "IV"), (16384, "XFD")]
)
def test_columns_have_excels_letters(column: int, letters: str) -> None:
    assert column_letters(column) == letters
    assert container.column_number(letters.encode()) == column
    assert cell_name(7, column) == f"{letters}7"


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (None, ""), ("  张三\x00 ", "张三"), (18999999999, "18999999999"), (999_999_999_999_999, "9" * 15),
        (Decimal("94.56"), "94.56"), (Decimal("0.00001"), "0.00001"), (-5, "-5"), (True, "是"), (False, "否"),
        (date(2020, 6, 10), "2020-06-10"), (datetime(2020, 6, 10, 13, 20), "2020-06-10 13:20"),
        ("007", "007"),
        ("甲\n乙", "甲 乙"),
    ],
)  # fmt: skip
def test_a_cell_is_read_as_text(cell: Cell, text: str) -> None:
    assert as_text(cell) == text


@pytest.mark.parametrize("cell", [10**15, Decimal("1.10101199001011E+17"), -(10**18)])
def test_a_number_whose_digits_are_lost_is_refused_with_the_remedy(cell: Cell) -> None:
    with pytest.raises(BadInput, match=r"身份证号.*位数已丢失，请把该列设为文本后重新粘贴"):
        as_text(cell, what="身份证号")


@pytest.mark.parametrize(
    ("cell", "places", "expected"),
    [
        (Decimal("94.56"), 2, "94.56"), (Decimal("1.3"), 4, "1.3000"), (20, 2, "20.00"),
        ("１，２３４．５", 2, "1234.50"),
        ("94.56", 2, "94.56"), (Decimal("1E+3"), 2, "1000.00"), (Decimal("1E-4"), 4, "0.0001"),
    ],
)  # fmt: skip
def test_a_cell_is_read_as_an_exact_number(cell: Cell, places: int, expected: str) -> None:
    assert str(as_decimal(cell, places, "面积")) == expected


@pytest.mark.parametrize(
    "cell", [None, "", "abc", Decimal("94.567"), -1, True, date(2020, 1, 1), 10**15, Decimal("1E+300"), "#A"]
)
def test_a_cell_that_is_no_such_number_is_refused(cell: Cell) -> None:
    with pytest.raises(BadInput, match="面积"):
        as_decimal(cell, 2, "面积")


@pytest.mark.parametrize(
    "cell",
    [
        "2020-6-10", "2020-06-10", "2020/6/10", "2020.6.10", "2020年6月10日", "２０２０－０６－１０",
        20200610, "20200610", 43992, date(2020, 6, 10), datetime(2020, 6, 10, 8, 30), "2020-06-10 00:00:00",
        "2020/6/10 8:30",
    ],
)  # fmt: skip
def test_a_day_is_read_in_every_way_it_is_written(cell: Cell) -> None:
    assert as_day(cell, "计费起始时间") == date(2020, 6, 10)


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("2000-02-29", date(2000, 2, 29)), ("1900-01-01", date(1900, 1, 1)),
        ("9999-12-31", date(9999, 12, 31)),
        (date(9999, 12, 31), date(9999, 12, 31)), ("2037-1-1", date(2037, 1, 1)),
        (20240229, date(2024, 2, 29)),
    ],
)  # fmt: skip
def test_far_and_leap_days_are_days(cell: Cell, day: date) -> None:
    assert as_day(cell, "日期") == day


@pytest.mark.parametrize(
    "cell",
    [
        None, "", "1900-02-29", "2100-02-29", "2019-02-29", "1899-12-31", "0001-01-01", date(1899, 12, 31),
        "2020-13-1", "2020-6-31", "20-6-10", "6.10", "今天", 2020, 202006, 60, 99999999, "20201301", True,
        Decimal("43992.5"), "#N/A", "2020-6-10#2020-7-10",
    ],
)  # fmt: skip
def test_what_is_no_day_is_refused(cell: Cell) -> None:
    with pytest.raises(BadInput, match="日期"):
        as_day(cell, "日期")


def test_a_plain_day_number_counts_from_the_workbooks_own_era() -> None:
    assert as_day(43_992 - 1_462, "日期", epoch_1904=True) == date(2020, 6, 10)
