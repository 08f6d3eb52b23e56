"""工作簿: hostile workbooks are refused in words, digits survive both ways, texts never become formulas."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.errors import BadInput, Cancelled, RuleBroken
from models.workbook import (
    Cell,
    ColumnOut,
    SheetOut,
    as_day,
    as_decimal,
    as_text,
    cell_name,
    column_letters,
    container,
    limits,
    read,
    reading,
    write,
    writing,
)

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"

TYPES = (
    f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>'
)
BOOK = (
    f'<workbook xmlns="{MAIN}" xmlns:r="{REL}">%s<sheets>'
    '<sheet name="表一" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
LINKS = (
    f'<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{REL}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'
)
ROOT = (
    f'<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{REL}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
)
SHEET = '<worksheet xmlns="' + MAIN + '">%s<sheetData>%s</sheetData></worksheet>'


def book_parts(cells: str = "", dimension: str = "", properties: str = "") -> dict[str, str | bytes]:
    """Return the parts of a small workbook written by hand."""
    return {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": ROOT,
        "xl/workbook.xml": BOOK % properties,
        "xl/_rels/workbook.xml.rels": LINKS,
        "xl/worksheets/sheet1.xml": SHEET % (dimension, cells),
    }


def pack(path: Path, parts: dict[str, str | bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def refusal(path: Path) -> str:
    """Read what must not be read; return the sentence."""
    with pytest.raises(BadInput) as refused:
        read(path)
    sentence = str(refused.value)
    assert path.name in sentence
    assert sentence.endswith("。")
    return sentence


def sheet_xml(path: Path, number: int = 1) -> str:
    with zipfile.ZipFile(path) as archive:
        return archive.read(f"xl/worksheets/sheet{number}.xml").decode("utf-8")


# --- one cell ---------------------------------------------------------------


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


# --- reading what is meant well ----------------------------------------------


def test_a_sheet_is_read_as_it_stands_from_row_one_and_column_a(tmp_path: Path) -> None:
    cells = (
        '<row r="3"><c r="B3"><v>94.56</v></c><c r="D3" t="inlineStr"><is><t>末</t></is></c></row>'
        '<row r="5"><c r="C5"><v>0.30000000000000004</v></c><c r="D5"><v>3</v></c></row>'
    )
    (sheet,) = read(pack(tmp_path / "a.xlsx", book_parts(cells)))
    assert sheet.name == "表一"
    assert sheet.rows == [
        [None] * 4,
        [None] * 4,
        [None, Decimal("94.56"), None, "末"],
        [None] * 4,
        [None, None, Decimal("0.3"), 3],
    ]
    assert isinstance(sheet.rows[4][3], int)


def test_an_empty_sheet_has_no_rows(tmp_path: Path) -> None:
    assert read(pack(tmp_path / "a.xlsx", book_parts()))[0].rows == []


def test_long_numbers_arrive_as_numbers_whose_digits_are_gone(tmp_path: Path) -> None:
    cells = '<row r="1"><c r="A1"><v>110101199001011234</v></c><c r="B1"><v>13812345678</v></c></row>'
    row = read(pack(tmp_path / "a.xlsx", book_parts(cells)))[0].rows[0]
    assert as_text(row[1]) == "13812345678"
    with pytest.raises(BadInput, match="位数已丢失"):
        as_text(row[0])


def test_a_cell_with_an_error_is_not_taken_for_an_empty_one(tmp_path: Path) -> None:
    cells = (
        '<row r="1"><c r="A1" t="e"><f>VLOOKUP(1,B:C,2,0)</f><v>#N/A</v></c><c r="B1"><v>1e999</v></c>'
        '<c r="C1"><v>5</v></c></row>'
        '<row r="2"><c r="B2" s="0" t="e"><v>#REF!</v></c><c r="C2"><v>6</v></c></row>'
    )
    rows = read(pack(tmp_path / "a.xlsx", book_parts(cells)))[0].rows
    assert rows[0][0] == "#N/A"
    assert rows[0][2] == 5
    assert rows[1] == [None, "#REF!", 6]


def test_the_era_of_old_macs_is_told(tmp_path: Path) -> None:
    cells = '<row r="1"><c r="A1"><v>42530</v></c></row>'
    parts = book_parts(cells, properties='<workbookPr date1904="1"/>')
    (sheet,) = read(pack(tmp_path / "a.xlsx", parts))
    assert sheet.epoch_1904
    assert as_day(sheet.rows[0][0], "日期", epoch_1904=sheet.epoch_1904) == date(2020, 6, 10)


def test_formatting_far_out_does_not_make_a_sheet_too_large(tmp_path: Path) -> None:
    cells = (
        '<row r="1"><c r="A1"><v>1</v></c></row>'
        '<row r="1048576"><c r="A1048576" s="0"/><c r="XFD1048576" s="0"/></row>'
    )
    path = pack(tmp_path / "a.xlsx", book_parts(cells, '<dimension ref="A1:XFD1048576"/>'))
    assert read(path)[0].rows == [[1]]


def test_two_workbooks_are_read_at_once(tmp_path: Path) -> None:
    first = pack(tmp_path / "a.xlsx", book_parts('<row r="1"><c r="A1"><v>1</v></c></row>'))
    second = pack(tmp_path / "b.xlsx", book_parts('<row r="1"><c r="A1"><v>2</v></c></row>'))
    with reading.ReadingProcess() as one, reading.ReadingProcess() as two:
        two.wait_ready()
        assert two.read(second)[0].rows == [[2]]
        assert one.read(first)[0].rows == [[1]]


def test_a_json_file_lying_in_the_current_folder_is_not_imported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = pack(tmp_path / "a.xlsx", book_parts('<row r="1"><c r="A1"><v>1</v></c></row>'))
    (tmp_path / "json.py").write_text("raise SystemExit(9)", encoding="utf-8")
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "__init__.py").write_text("raise SystemExit(9)", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert read(path)[0].rows == [[1]]


# --- hostile and mistaken files ------------------------------------------------


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "空的"), (b"<html><table><tr><td>1</td></tr></table></html>", "网页"),
        (b"\xef\xbb\xbf<?xml version='1.0'?><Workbook/>", "网页"),
        ("姓名,电话\n张三,1".encode("gb18030"), "不是 Excel"),
        (b"PK\x03\x04 and then nothing", "损坏"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "旧格式"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "密码"),
        (os.urandom(5000), "不是 Excel"),
    ],
)  # fmt: skip
def test_what_is_no_workbook_is_named_for_what_it_is(tmp_path: Path, content: bytes, word: str) -> None:
    path = tmp_path / "业主.xlsx"
    path.write_bytes(content)
    assert word in refusal(path)


def test_a_truncated_workbook_is_refused_wherever_it_is_cut(tmp_path: Path) -> None:
    whole = pack(tmp_path / "a.xlsx", book_parts("<row/>" * 500)).read_bytes()
    path = tmp_path / "半个.xlsx"
    for size in (30, len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole[:size])
        assert "损坏" in refusal(path)


def test_what_cannot_be_opened_is_said(tmp_path: Path) -> None:
    assert "找不到" in refusal(tmp_path / "没有.xlsx")
    assert "文件夹" in refusal(tmp_path)
    (tmp_path / "圈.xlsx").symlink_to(tmp_path / "圈.xlsx")
    assert "打不开" in refusal(tmp_path / "圈.xlsx")


def test_a_pipe_is_refused_and_never_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "管道.xlsx")
    assert "不是普通文件" in refusal(tmp_path / "管道.xlsx")


def test_a_file_over_the_limit_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "大.xlsx"
    with path.open("wb") as file:
        file.truncate(limits.FILE_BYTES + 1)
    assert "超过 20 MB" in refusal(path)


def test_a_macro_workbook_is_refused(tmp_path: Path) -> None:
    path = pack(tmp_path / "a.xlsm", book_parts() | {"xl/vbaProject.bin": b"\0" * 100})
    assert "宏" in refusal(path)


@pytest.mark.parametrize("missing", [{"word/document.xml": "<w/>"}, {"xl/workbook.bin": b"\0"}])
def test_another_office_file_is_refused(tmp_path: Path, missing: dict[str, str | bytes]) -> None:
    assert "不是 .xlsx" in refusal(pack(tmp_path / "a.xlsx", missing))


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/sharedStrings.xml"])
@pytest.mark.parametrize("code", ["utf-8", "utf-16"])
def test_a_dtd_is_refused_and_its_entities_are_never_read(tmp_path: Path, part: str, code: str) -> None:
    (tmp_path / "secret.txt").write_text("秘密", encoding="utf-8")
    entity = f'<!DOCTYPE x [<!ENTITY e SYSTEM "file://{tmp_path}/secret.txt">]>'
    parts = book_parts('<row r="1"><c r="A1" t="inlineStr"><is><t>&e;</t></is></c></row>')
    content = f'<?xml version="1.0" encoding="{code}"?>{entity}{parts.get(part, "<sst/>")!s}'
    sentence = refusal(pack(tmp_path / "a.xlsx", parts | {part: content.encode(code)}))
    assert "DTD" in sentence
    assert "秘密" not in sentence


def test_a_bomb_is_refused_while_inflating(tmp_path: Path) -> None:
    bomb = SHEET % ("", "<row/>" * 400_000)
    path = pack(tmp_path / "a.xlsx", book_parts() | {"xl/worksheets/sheet1.xml": bomb})
    assert path.stat().st_size < 50_000
    assert "压缩得不正常" in refusal(path)


def test_many_parts_together_are_a_bomb_too(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(limits, "INFLATED_BYTES", 3 << 20)
    noise = os.urandom(600_000).hex()
    path = pack(tmp_path / "a.xlsx", book_parts() | {f"xl/media/{n}.bin": noise for n in range(3)})
    with pytest.raises(container.Refused, match="解开后超过"):
        container.inspect(path.read_bytes())


def test_sizes_in_the_directory_are_not_believed(tmp_path: Path) -> None:
    path = pack(tmp_path / "a.xlsx", book_parts("<row/>" * 300))
    data = bytearray(path.read_bytes())
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        size = archive.getinfo("xl/worksheets/sheet1.xml").file_size
    while (at := data.find(size.to_bytes(4, "little"))) >= 0:
        data[at : at + 4] = (10).to_bytes(4, "little")
    path.write_bytes(data)
    assert "损坏" in refusal(path)


def test_a_locked_part_and_an_unknown_packing_are_refused(tmp_path: Path) -> None:
    whole = pack(tmp_path / "a.xlsx", book_parts()).read_bytes()
    locked = tmp_path / "锁.xlsx"
    at = whole.rfind(b"PK\x01\x02")
    locked.write_bytes(whole[: at + 8] + b"\x01\x00" + whole[at + 10 :])
    assert "密码" in refusal(locked)
    with zipfile.ZipFile(tmp_path / "b.xlsx", "w", zipfile.ZIP_LZMA) as archive:
        for name, content in book_parts().items():
            archive.writestr(name, content)
    assert "压缩方式" in refusal(tmp_path / "b.xlsx")


def test_too_many_parts_are_refused(tmp_path: Path) -> None:
    parts = book_parts() | {f"x/{number}": "" for number in range(limits.ENTRIES)}
    assert "2,005 个部件" in refusal(pack(tmp_path / "a.xlsx", parts))


def test_parts_of_one_name_are_refused(tmp_path: Path) -> None:
    path = pack(tmp_path / "a.xlsx", book_parts())
    with zipfile.ZipFile(path, "a") as archive, pytest.warns(UserWarning):
        archive.writestr("xl/workbook.xml", BOOK)
    assert "重名" in refusal(path)


def test_a_part_beyond_the_end_and_a_broken_directory_are_refused(tmp_path: Path) -> None:
    path = pack(tmp_path / "a.xlsx", book_parts() | {"xl/workbook.xml": "<workbook"})
    assert "目录读不懂" in refusal(path)


FAR = [
    ('<row r="1048576"><c r="XFD1048576"><v>2</v></c></row>', "XFD1048576"),
    ('<row r="100001"><c r="A100001"><v>2</v></c></row>', "A100001"),
    ('<row r="2"><c r="IW2" t="inlineStr"><is><t>x</t></is></c></row>', "IW2"),
]


@pytest.mark.parametrize(("far", "name"), FAR)
def test_a_cell_far_out_is_named(tmp_path: Path, far: str, name: str) -> None:
    cells = '<row r="1"><c r="A1"><v>1</v></c></row>' + far
    path = pack(tmp_path / "a.xlsx", book_parts(cells, f'<dimension ref="A1:{name}"/>'))
    sentence = refusal(path)
    assert "工作表“表一”" in sentence
    assert name in sentence


@pytest.mark.parametrize("dimension", ["", '<dimension ref="A1:B2"/>'])
def test_a_cell_far_out_that_the_sheet_hides_ends_only_the_child(tmp_path: Path, dimension: str) -> None:
    cells = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>'
    began = time.monotonic()
    assert "范围大得不正常" in refusal(pack(tmp_path / "a.xlsx", book_parts(cells, dimension)))
    assert time.monotonic() - began < 30


def test_a_lonely_cell_far_out_is_named_too(tmp_path: Path) -> None:
    cells = '<row r="1048576"><c r="XFD1048576"><v>2</v></c></row>'
    assert "XFD1048576" in refusal(pack(tmp_path / "a.xlsx", book_parts(cells)))


def test_a_shared_text_referred_to_without_end_is_refused(tmp_path: Path) -> None:
    noise = os.urandom(15_000).hex()
    shared = f'<sst xmlns="{MAIN}"><si><t>{noise}</t></si></sst>'
    cells = "".join(f'<row r="{row}"><c t="s"><v>0</v></c></row>' for row in range(1, 60_001))
    links = LINKS.replace(
        "</Relationships>",
        f'<Relationship Id="rId2" Type="{REL}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
    )
    path = pack(
        tmp_path / "a.xlsx",
        book_parts(cells) | {"xl/sharedStrings.xml": shared, "xl/_rels/workbook.xml.rels": links},
    )
    assert path.stat().st_size < 500_000
    assert re.search("文字太多|范围大得不正常", refusal(path))


def test_thousands_of_styles_and_merged_ranges_do_no_harm(tmp_path: Path) -> None:
    styles = f'<styleSheet xmlns="{MAIN}"><cellXfs>' + "".join(
        f'<xf numFmtId="{number % 50}" fontId="{number}"/>' for number in range(100_000)
    )
    merged = "".join(f'<mergeCell ref="A{row}:B{row}"/>' for row in range(1, 50_001))
    sheet = SHEET % ("", '<row r="1"><c r="A1" s="99950"><v>1</v></c></row>')
    sheet = sheet.replace("</worksheet>", f"<mergeCells>{merged}</mergeCells></worksheet>")
    styles += "</cellXfs></styleSheet>"
    parts = book_parts() | {"xl/worksheets/sheet1.xml": sheet, "xl/styles.xml": styles}
    assert read(pack(tmp_path / "a.xlsx", parts))[0].rows == [[1]]


def test_a_child_that_hangs_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = pack(tmp_path / "a.xlsx", book_parts())
    program = [sys.executable, "-c", "import time; time.sleep(60)"]
    monkeypatch.setattr(reading, "child_command", lambda: program)
    with pytest.raises(BadInput, match=r"读了 0\.3 秒还没有读完"):
        read(path, seconds=0.3)


@pytest.mark.parametrize(
    "answer",
    [
        "", "nonsense", "[1,2]", '{"sheet":"a"}', '{"sheet":5}', '{"end":true', "[" * 100_000,
        '{"sheet":"a"}\n5', '{"sheet":"a"}\n[{"day":"2020-99-99"}]',
        '{"sheet":"a"}\n[NaN]\n[1e99999999999999999999]',
    ],
)  # fmt: skip
def test_a_child_that_talks_nonsense_is_not_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: str
) -> None:
    path = pack(tmp_path / "a.xlsx", book_parts())
    (tmp_path / "answer").write_text(answer, encoding="utf-8")
    program = f"import sys; sys.stdin.buffer.read(); print(open({str(tmp_path / 'answer')!r}).read())"
    monkeypatch.setattr(reading, "child_command", lambda: [sys.executable, "-c", program])
    with pytest.raises(BadInput, match="内容读不懂"):
        read(path)


def test_a_frozen_program_is_its_own_child(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert reading.child_command() == [sys.executable, reading.CHILD_FLAG]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no rlimits")
def test_the_child_limits_its_own_memory_and_files(tmp_path: Path) -> None:
    program = (
        "import resource; from models.workbook import child; child._limit_self();"
        "print(resource.getrlimit(resource.RLIMIT_AS)[0], resource.getrlimit(resource.RLIMIT_FSIZE)[0]);"
        "bytearray(2 << 30)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
    assert done.stdout.split() == [str(limits.MEMORY_BYTES), str(1 << 20)]
    assert "MemoryError" in done.stderr


def test_heavy_libraries_are_not_loaded_by_the_parent() -> None:
    program = "import sys, models.workbook; print({'python_calamine', 'xlsxwriter'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == "set()"


# --- writing ---------------------------------------------------------------------

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
    path.write_bytes(b"old")
    sheet = SheetOut("账单", [ColumnOut("号")], (("x",) for _ in range(5_000)))
    with pytest.raises(Cancelled):
        write(path, [sheet], progress=stop_at(2_000))
    with pytest.raises(ZeroDivisionError):
        write(path, [SheetOut("账单", [ColumnOut("号")], failing(10))])
    assert path.read_bytes() == b"old"
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
    with pytest.raises(RuleBroken, match="换一个位置"):
        write(tmp_path / "夹.xlsx", [SheetOut("账单", [ColumnOut("号")])])
    assert [entry.name for entry in tmp_path.iterdir()] == ["夹.xlsx"]


def test_progress_is_told_now_and_then(tmp_path: Path) -> None:
    told: list[int] = []
    sheet = SheetOut("账单", [ColumnOut("号")], [("x",)] * 2_500)
    write(tmp_path / "a.xlsx", [sheet, sheet], progress=told.append)
    assert told == [1_000, 2_000, 3_000, 4_000, 5_000]
