import json
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any

import pytest

from desktop.cli import output
from models.months import Month, Period


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("abc", 3),
        ("房号", 4),
        ("１２", 4),
        ("é", 1),
        ("e\u0301", 1),
        ("𠮷", 2),
        ("a\u200bb", 2),
        ("㎡", 2),
        ("", 0),
    ],
)
def test_chinese_takes_two_cells(text: str, cells: int) -> None:
    assert output.width(text) == cells


def test_columns_line_up_by_the_width_of_chinese(capsys: pytest.CaptureFixture[str]) -> None:
    count = output.table(("房号", "应收"), [("1-1-101", "9.00"), ("车位", "1,234.50")], right=[1])
    lines = capsys.readouterr().out.splitlines()
    assert count == 2
    assert lines == ["房号         应收", "1-1-101      9.00", "车位     1,234.50"]
    assert len({output.width(line) for line in lines}) == 1


def test_a_line_break_in_a_cell_does_not_break_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    output.table(("备注",), [("一\n二",)])
    assert capsys.readouterr().out.splitlines() == ["备注", "一 二"]


def test_rows_are_printed_as_they_come(capsys: pytest.CaptureFixture[str]) -> None:
    assert output.table(("n",), ([str(n)] for n in range(2000))) == 2000
    assert len(capsys.readouterr().out.splitlines()) == 2001


def test_an_empty_array_is_brackets(capsys: pytest.CaptureFixture[str]) -> None:
    output.as_json_array([])
    assert capsys.readouterr().out == "[]\n"


def test_an_array_is_json_with_chinese_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    output.as_json_array([{"房号": "1"}, {"房号": "2"}])
    out = capsys.readouterr().out
    assert json.loads(out) == [{"房号": "1"}, {"房号": "2"}] and "房号" in out


class _Way(Enum):
    CASH = "现金"


@dataclass
class _Told:
    amount: Decimal
    month: Month


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (Decimal("100.05"), "100.05"),
        (Decimal("7"), "7.00"),
        (Decimal("0.3325"), "0.3325"),
        (Decimal("1E+3"), "1000.00"),
        (date(2020, 6, 10), "2020-06-10"),
        (datetime(2020, 6, 10, 8, 5, 3), "2020-06-10 08:05:03"),
        (Month(2020, 6), "2020-06"),
        (Period.parse("2020Q3"), "2020Q3"),
        (_Way.CASH, "现金"),
        (Path("/tmp/甲"), "/tmp/甲"),
        (None, None),
        (True, True),
        (b"abc", "3 bytes"),
        (_Told(Decimal("1.5"), Month(2020, 1)), {"amount": "1.50", "month": "2020-01"}),
        ({"a": (Decimal(1), None)}, {"a": ["1.00", None]}),
    ],
)
def test_values_become_what_json_knows(value: Any, told: Any) -> None:
    assert output.plain(value) == told


def test_progress_is_silent_where_nobody_watches(capsys: pytest.CaptureFixture[str]) -> None:
    with output.Progress("备份") as progress:
        progress(1, 2)
    assert capsys.readouterr() == ("", "")
