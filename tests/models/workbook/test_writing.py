"""写表: texts never become formulas, digits survive both ways, and a failed export leaves nothing."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.errors import Cancelled, RuleBroken
from models.workbook import (
    Cell,
    ColumnOut,
    SheetOut,
    as_decimal,
    read,
    write,
    writing,
)


def sheet_xml(path: Path, number: int = 1) -> str:
    with zipfile.ZipFile(path) as archive:
        return archive.read(f"xl/worksheets/sheet{number}.xml").decode("utf-8")


INJECTIONS = [
    "=1+1", "=cmd|' /C calc'!A0", '=HYPERLINK("http://x","y")', "+1", "-1+2", "@SUM(A1)", "\t=1", "\r=1",
    "＝1+1", "＋1", "－1", "＠x", "|x", "{=1}", "http://example.invalid", "mailto:a@b.invalid", "=", "'=1",
    "_x003D_1", "_x0000_",
]  # fmt: skip
TEXTS = [
    "张䶮", "㐂田", "𠮷野", "喆", "堃", "王·买买提", "José", "한지민", "🀄发财", "شركة", "长" * 40,
    "a&b<c>\"d'", "<r><t>x</t></r>", "<r>&</r>", "]]>", " 前后 ", "两\n行", "0012", "1E5", "TRUE", "#N/A",
]  # fmt: skip


def text_round_trip(path: Path, texts: list[str]) -> list[Cell]:
    columns = [ColumnOut("甲"), ColumnOut("乙", "money")]
    write(path, [SheetOut("文字", columns, [(text, text) for text in texts])])
    rows = read(path)[0].rows
    assert [row[0] for row in rows] == [row[1] if number else row[0] for number, row in enumerate(rows)]
    return [row[0] for row in rows[1:]]


def test_no_text_ever_becomes_a_formula_or_a_link(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    assert text_round_trip(path, INJECTIONS) == [text.strip() for text in INJECTIONS]
    xml = sheet_xml(path)
    assert "<f" not in xml
    assert "<hyperlink" not in xml
    with zipfile.ZipFile(path) as archive:
        assert not any("externalLink" in name for name in archive.namelist())


def test_an_export_exported_again_is_the_same(tmp_path: Path) -> None:
    once = text_round_trip(tmp_path / "a.xlsx", INJECTIONS)
    assert text_round_trip(tmp_path / "b.xlsx", [str(text) for text in once]) == once


def test_rare_names_and_markup_come_back_as_they_were(tmp_path: Path) -> None:
    assert text_round_trip(tmp_path / "a.xlsx", TEXTS) == [text.strip() for text in TEXTS]


@given(st.lists(st.text(st.characters(), min_size=1, max_size=30), min_size=1, max_size=8))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_is_cleaned_and_comes_back(tmp_path: Path, texts: list[str]) -> None:
    from models.text import clean

    wanted = [clean(text, multiline=True) or None for text in texts]
    path = tmp_path / "a.xlsx"
    write(path, [SheetOut("文字", [ColumnOut("甲"), ColumnOut("乙")], [(text, "尾") for text in texts])])
    assert [row[0] for row in read(path)[0].rows[1:]] == wanted


def test_control_characters_are_gone_before_they_reach_the_file(tmp_path: Path) -> None:
    marks = [chr(code) for code in [*range(0x20), 0x7F, 0x85, 0xFFFE, 0xFFFF, 0xD800]]
    back = text_round_trip(tmp_path / "a.xlsx", [f"张{mark}三" for mark in marks])
    assert set(back) == {"张三", "张 三", "张\n三"}
    with zipfile.ZipFile(tmp_path / "a.xlsx") as archive:
        assert all(b"_x00" not in archive.read(name) for name in archive.namelist())


def test_a_number_longer_than_excel_keeps_is_written_as_text(tmp_path: Path) -> None:
    write(tmp_path / "a.xlsx", [SheetOut("数", [ColumnOut("数", "number")], [(110101199001011234,)])])
    assert read(tmp_path / "a.xlsx")[0].rows[1] == ["110101199001011234"]


def test_identity_numbers_phones_and_leading_zeros_stay_text(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    row = ("110101199001011234", "013812345678", "0012", "6222021234567890123")
    write(path, [SheetOut("业主", [ColumnOut(title) for title in "甲乙丙丁"], [row])])
    assert tuple(read(path)[0].rows[1]) == row
    with zipfile.ZipFile(path) as archive:
        styles = archive.read("xl/styles.xml").decode()
    style = re.search(r'<c r="A2" s="(\d+)"', sheet_xml(path))
    assert style is not None
    formats = re.findall(r'<xf numFmtId="(\d+)"', styles[styles.index("<cellXfs") :])
    assert formats[int(style[1])] == "49"  # "@"


def test_amounts_are_numbers_days_are_days_and_flags_are_words(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    columns = [
        ColumnOut("金额", "money"), ColumnOut("分", "money"), ColumnOut("面积", "number", places=2),
        ColumnOut("日期", "day"), ColumnOut("时刻", "moment"), ColumnOut("启用", "flag"), ColumnOut("备注"),
    ]  # fmt: skip
    moment = datetime(2020, 6, 10, 13, 20)
    rows = [
        (Decimal("-1234.50"), 123450, Decimal("94.56"), date(2020, 6, 10), moment, True, None),
        (Decimal("99999999999.99"), -1, 3, date(1900, 1, 1), moment.replace(tzinfo=UTC), False, 5),
        ("—", None, Decimal("0.00"), moment, date(9999, 12, 31), None, ""),
    ]
    write(path, [SheetOut("混合", columns, rows)])
    assert read(path)[0].rows[1:] == [
        [Decimal("-1234.5"), Decimal("1234.5"), Decimal("94.56"), date(2020, 6, 10), moment, "是", None],
        [Decimal("99999999999.99"), Decimal("-0.01"), 3, "1900-01-01", moment, "否", "5"],
        ["—", None, 0, moment, date(9999, 12, 31), None, None],
    ]
    assert "<v>-1234.50</v>" in sheet_xml(path)


@given(st.lists(st.integers(-(10**13), 10**13), min_size=1, max_size=40))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_fen_comes_back(tmp_path: Path, amounts: list[int]) -> None:
    path = tmp_path / "a.xlsx"
    write(path, [SheetOut("金额", [ColumnOut("元", "money")], [(fen,) for fen in amounts])])
    back = [as_decimal(row[0], 2, "元", signed=True) for row in read(path)[0].rows[1:]]
    assert [int(value * 100) for value in back] == amounts


def test_a_sheet_is_ready_to_read_and_to_print(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    columns = [ColumnOut(f"第{number}列", width=20) for number in range(6)]
    write(path, [SheetOut("账单", columns, [("x",) * 6] * 3)], footer="张三 & 李四 导出")
    xml = sheet_xml(path)
    assert 'state="frozen"' in xml
    assert '<autoFilter ref="A1:F4"/>' in xml
    assert 'fitToHeight="0"' in xml
    assert 'orientation="landscape"' in xml
    assert "张三 &amp;&amp; 李四 导出" in xml
    with zipfile.ZipFile(path) as archive:
        book = archive.read("xl/workbook.xml").decode()
    assert "账单!$A$1:$F$4" in book
    assert "_xlnm.Print_Titles" in book


def test_a_template_is_laid_out_for_typing(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    columns = [
        ColumnOut("身份证号", hint="18 位，可以不填"), ColumnOut("用途", choices=("住宅", "商铺")),
        ColumnOut("长单", choices=("很长的选项",) * 60), ColumnOut("面积", "number", places=2),
    ]  # fmt: skip
    write(path, [SheetOut("房屋", columns, [("1", "住宅", None, Decimal(1))], blank_rows=5_000)])
    xml = sheet_xml(path)
    style = re.search(r'<c r="A2" s="(\d+)"', xml)
    assert style is not None
    assert f'<c r="A5002" s="{style[1]}"/>' in xml
    assert xml.count("<dataValidation ") == 2
    assert "住宅,商铺" in xml
    assert len(read(path)[0].rows) == 2


def test_sheet_names_are_made_fit_and_unique(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    titles = ["2020/06 [账单]?", "2020/06 [账单]?", "'", "长" * 40, "长" * 40, "History", "", "A", "a"]
    write(path, [SheetOut(title, [ColumnOut("甲")], [("x",)]) for title in titles])
    names = [sheet.name for sheet in read(path)]
    assert names[:3] == ["2020·06 ·账单··", "2020·06 ·账单·· (2)", "数据"]
    assert names[4:6] == ["长" * 27 + " (2)", "History (2)"]
    assert len({name.lower() for name in names}) == len(titles)


def test_rows_that_do_not_fit_go_on_on_further_sheets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "ROWS_PER_SHEET", 3)
    path = tmp_path / "a.xlsx"
    written = write(path, [SheetOut("账单", [ColumnOut("号")], ((str(number),) for number in range(7)))])
    assert written.rows == 7
    sheets = read(path)
    assert [sheet.name for sheet in sheets] == ["账单", "账单 (2)", "账单 (3)"]
    assert [row[0] for sheet in sheets for row in sheet.rows if row[0] != "号"] == list("0123456")


def test_a_text_no_cell_can_hold_is_cut_and_says_so(tmp_path: Path) -> None:
    (cell,) = text_round_trip(tmp_path / "a.xlsx", ["𠮷" * 20_000])
    assert isinstance(cell, str)
    assert cell.endswith("（过长，已截断）")
    assert len(cell.encode("utf-16-le")) // 2 <= 32_767
    assert cell.startswith("𠮷" * 16_000)


def test_the_digest_is_that_of_the_file(tmp_path: Path) -> None:
    from hashlib import sha256

    written = write(tmp_path / "a.xlsx", [SheetOut("空", [ColumnOut("甲")])])
    assert written == writing.Written(0, sha256((tmp_path / "a.xlsx").read_bytes()).hexdigest())


def stop_at(limit: int) -> Callable[[int], None]:
    def progress(done: int) -> None:
        if done >= limit:
            raise Cancelled("已取消。")

    return progress


def failing(rows: int) -> Iterator[tuple[str]]:
    for number in range(rows):
        yield (str(number),)
    raise ZeroDivisionError


def test_a_cancelled_or_failed_writing_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scratch = tmp_path / "tmp"
    scratch.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    folder = tmp_path / "out"
    folder.mkdir()
    path = folder / "a.xlsx"
    write(path, [SheetOut("旧名单", [ColumnOut("号")], [("old",)])])
    old = path.read_bytes()
    sheet = SheetOut("账单", [ColumnOut("号")], (("x",) for _ in range(5_000)))
    with pytest.raises(Cancelled):
        write(path, [sheet], progress=stop_at(2_000))
    with pytest.raises(ZeroDivisionError):
        write(path, [SheetOut("账单", [ColumnOut("号")], failing(10))])
    assert path.read_bytes() == old
    assert [entry.name for entry in folder.iterdir()] == ["a.xlsx"]
    assert list(scratch.iterdir()) == []


def test_a_place_that_cannot_be_written_is_said_at_once(tmp_path: Path) -> None:
    rows = failing(0)
    with pytest.raises(RuleBroken, match="换一个位置"):
        write(tmp_path / "没有" / "a.xlsx", [SheetOut("账单", [ColumnOut("号")], rows)])
    (tmp_path / "文件").write_bytes(b"")
    with pytest.raises(RuleBroken, match="不是文件夹"):
        write(tmp_path / "文件" / "a.xlsx", [SheetOut("账单", [ColumnOut("号")])])
    (tmp_path / "文件").unlink()
    (tmp_path / "夹.xlsx").mkdir()
    with pytest.raises(RuleBroken, match="是文件夹"):
        write(tmp_path / "夹.xlsx", [SheetOut("账单", [ColumnOut("号")])])
    assert [entry.name for entry in tmp_path.iterdir()] == ["夹.xlsx"]


def test_progress_is_told_now_and_then(tmp_path: Path) -> None:
    told: list[int] = []
    sheet = SheetOut("账单", [ColumnOut("号")], [("x",)] * 2_500)
    write(tmp_path / "a.xlsx", [sheet, sheet], progress=told.append)
    assert told == [1_000, 2_000, 3_000, 4_000, 5_000]
