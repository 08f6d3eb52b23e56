"""Tables as text: read in either encoding, written so that nothing in them is a formula."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from models.errors import BadInput, RuleBroken
from models.workbook import ColumnOut, read_csv, write_csv
from models.workbook.csvs import Encoding

HEADS = [ColumnOut("名"), ColumnOut("数")]


@pytest.mark.parametrize("encoding", Encoding)
def test_what_is_written_is_read_again(tmp_path: Path, encoding: Encoding) -> None:
    path = tmp_path / "表.csv"
    rows = [("𠮷田，“甲”\n乙", Decimal("-1.50")), (None, True), (date(2026, 1, 2), 7)]
    assert write_csv(path, HEADS, rows, encoding).rows == 3
    sheet = read_csv(path)
    assert sheet.name == "表"
    assert sheet.rows == [["名", "数"], ["𠮷田，“甲”\n乙", "-1.50"], [None, "是"], ["2026-01-02", "7"]]


@pytest.mark.parametrize("typed", ["=1+1", "@SUM(A1)", "+cmd|x", "-cmd|x", "\tx"])
def test_text_that_a_spreadsheet_would_run_is_marked_as_text(tmp_path: Path, typed: str) -> None:
    path = tmp_path / "表.csv"
    write_csv(path, HEADS, [(typed, 1)], Encoding.UTF8)
    assert "'" + typed in path.read_text(encoding="utf-8-sig")


@pytest.mark.parametrize(
    ("content", "cells"),
    [
        ("a;b\n1;2\n", ["1", "2"]),
        ("a\tb\n1\t2\n", ["1", "2"]),
        ('a,b\n="0012",`0034\t\n', ["0012", "0034"]),
        ("\ufeffa,b\n1\n", ["1", None]),
    ],
)
def test_delimiters_and_the_ways_of_keeping_digits_are_understood(
    tmp_path: Path, content: str, cells: list[str | None]
) -> None:
    path = tmp_path / "x.csv"
    path.write_text(content, encoding="utf-8")
    assert read_csv(path).rows[1] == cells


def test_a_file_of_another_kind_is_neither_read_nor_written_over(tmp_path: Path) -> None:
    other = tmp_path / "office.csv"
    other.write_bytes(b"SQLite format 3\0" + bytes(100))
    with pytest.raises(BadInput, match="不是文本"):
        read_csv(other)
    with pytest.raises(RuleBroken, match="不会覆盖"):
        write_csv(other, HEADS, [])
    with pytest.raises(BadInput, match="找不到文件"):
        read_csv(tmp_path / "none.csv")
