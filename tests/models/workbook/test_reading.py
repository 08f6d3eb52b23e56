"""读表: good sheets are read as they stand; hostile and mistaken files are refused in words."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import time
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from models.errors import BadInput
from models.workbook import (
    as_day,
    as_text,
    container,
    limits,
    read,
    reading,
)
from models.workbook.container import UNCALCULATED

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


@pytest.mark.parametrize("stale", [False, True])
def test_a_formula_that_nobody_calculated_is_not_taken_for_a_value(tmp_path: Path, stale: bool) -> None:
    cells = (
        '<row r="1"><c r="A1"><f>SUM(B1:C1)</f><v></v></c><c r="B1" s="1"><f>1+1</f></c>'
        '<c r="C1"><f>2+3</f><v>5</v></c><c r="D1" t="str"><f>IF(A1=1,"","")</f><v></v></c>'
        '<c r="E1"><f t="shared" si="0"/><v>7</v></c><c r="F1"><v>6</v></c></row>'
    )
    properties = '<calcPr calcId="124519" fullCalcOnLoad="1"/>' if stale else ""
    (row,) = read(pack(tmp_path / "a.xlsx", book_parts(cells, properties=properties)))[0].rows
    kept = [UNCALCULATED] * 3 if stale else [5, None, 7]
    assert row == [UNCALCULATED, UNCALCULATED, *kept, 6]


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
