"""Workbooks in nobody's layout, and what they are taken for."""

from pathlib import Path
from typing import Any

import pytest

from models import imports
from models.errors import BadInput
from models.imports import Given, SheetMap
from models.imports.mapping import (
    fingerprint,
    guess,
    head_of,
    headings,
    mapped,
    match,
    pasted,
    read_maps,
    samples,
    targets,
    told,
)
from models.owners.estate import Unit
from models.owners.imports import import_workbook
from models.owners.people import Ownership, Person
from models.workbook import SheetData

ROWS = [
    ["青枫苑业主一览表", None, None, None, None, None],
    [None, None, None, None, None, None],
    ["房间号", "户主", "联系电话", "建筑面积（㎡）", "身份证号", "备注"],
    ["1-1-101", "王桂芳", "13812345678", 94.5, None, "老业主"],
    ["1-1-102", "李明", "x", 80, None, None],
]


@pytest.fixture
def book(office: object) -> Given:
    return Given(Path("一览表.xlsx"), [SheetData("Sheet1", [list(row) for row in ROWS])])


def test_headings_are_found_below_a_title_and_matched_by_what_others_call_them(book: Given) -> None:
    sheet = book.sheets[0]
    assert head_of(sheet) == 3 and not book.known()
    assert headings(sheet, 3) == ["房间号", "户主", "联系电话", "建筑面积（㎡）", "身份证号", "备注"]
    found = match(targets()["业主"], headings(sheet, 3))
    assert {
        "姓名": "户主",
        "电话": "联系电话",
        "证件号码": "身份证号",
        "备注": "备注",
    }.items() <= found.items()
    assert samples(sheet, 3, "户主") == ["王桂芳", "李明"]
    houses = next(one for one in guess(book.sheets) if one.title == "房屋")
    assert (houses.sheet, houses.head, houses.columns["房号"], houses.columns["建筑面积"]) == (
        "Sheet1", 3, "房间号", "建筑面积（㎡）",
    )  # fmt: skip


def test_one_sheet_becomes_houses_people_and_who_owns_what(book: Given) -> None:
    maps = [
        SheetMap("房屋", "Sheet1", 3, {"房号": "房间号", "建筑面积": "建筑面积（㎡）"}),
        SheetMap("业主", "Sheet1", 3, {"业主编号": "房间号", "姓名": "户主", "电话": "联系电话"}),
        SheetMap("产权", "Sheet1", 3, {"房号": "房间号", "业主编号": "房间号"}),
    ]
    plan = imports.judged(book, maps)
    [error] = [one for one in plan.errors if one.sheet == "业主"]
    assert (error.row, error.column, error.value) == (5, "C", "x")  # as it stands in their workbook
    import_workbook(plan, skip_errors=True)
    assert sorted(unit.code for unit in Unit.select()) == ["1-1-101", "1-1-102"]
    assert [(one.person.name, one.unit.code) for one in Ownership.select()] == [("王桂芳", "1-1-101")]
    assert Person.get().phone == "13812345678"
    again = imports.judged(book, maps)
    assert again.same >= 4 and not [one for one in again.counts.values() if one.new and one.same]


def test_rows_to_be_put_right_come_back_in_our_own_layout(book: Given, tmp_path: Path) -> None:
    maps = [SheetMap("业主", "Sheet1", 3, {"业主编号": "房间号", "姓名": "户主", "电话": "联系电话"})]
    out = tmp_path / "订正.xlsx"
    assert imports.repair_workbook(imports.judged(book, maps), out) == 1
    again = imports.given(out)
    assert again.known()
    sheet = next(one for one in again.sheets if one.name == "业主")
    assert sheet.rows[0][:2] == ["业主编号", "姓名"] and sheet.rows[1][1] == "李明"


@pytest.mark.parametrize(
    ("one", "sentence"),
    [
        (SheetMap("业主", "别的表"), "没有工作表“别的表”"),
        (SheetMap("业主", "Sheet1", 3, {"姓名": "名字"}), "第 3 行没有“名字”这一列"),
        (SheetMap("业主", "Sheet1", 19, {"姓名": "户主"}), "第 19 行没有“户主”这一列"),
    ],
)
def test_what_is_not_there_is_said(book: Given, one: SheetMap, sentence: str) -> None:
    with pytest.raises(BadInput, match=sentence):
        mapped(book.sheets, [one])


def test_a_missing_column_is_told_with_the_row_of_the_headings(book: Given) -> None:
    plan = imports.judged(book, [SheetMap("业主", "Sheet1", 3, {"姓名": "户主"})])
    assert any("第 3 行没有“业主编号”这一列" in one.reason and one.row == 3 for one in plan.errors)


def test_a_pasted_table_is_a_workbook_of_one_sheet(office: object) -> None:
    found = pasted([["业主编号", "姓名"], ["7", "赵红", "多"], ["8"]])
    assert found.path.name == "粘贴的内容" and found.sheets[0].rows[2] == ["8", None, None]
    [people] = guess(found.sheets)
    assert people.title == "业主" and imports.judged(found, [people]).new == 1
    for rows, sentence in (([], "没有表格"), ([["x"] * 300], "256 列")):
        with pytest.raises(BadInput, match=sentence):
            pasted(rows)


def test_what_was_mapped_is_known_again_by_its_headings(book: Given) -> None:
    other = Given(book.path, [SheetData("Sheet1", [*ROWS[:3], ["2-1-301", "钱伟", None, 5, None, None]])])
    third = Given(book.path, [SheetData("Sheet1", [["户主", "房间号"], ["a", "b"]])])
    assert fingerprint(book.sheets) == fingerprint(other.sheets) != fingerprint(third.sheets)
    maps = guess(book.sheets)
    assert read_maps(told(maps)) == maps


@pytest.mark.parametrize(
    "kept",
    [
        None, 5, "x", [None], [{}], [{"title": "业主"}], [{"title": "没有", "sheet": "a", "columns": {}}],
        [{"title": "业主", "sheet": "a", "head": 0, "columns": {}}],
        [{"title": "业主", "sheet": "a", "head": 1, "columns": {"姓名": 5}}],
    ],
)  # fmt: skip
def test_garbage_that_was_kept_maps_nothing(office: object, kept: object) -> None:
    assert read_maps(kept) == []


def test_sheets_without_anything_in_them_are_taken_for_nothing(office: object) -> None:
    for rows in ([], [[]], [[None]], [["x"]], [[1, 2], [3, 4]]):
        assert guess([SheetData("a", rows)]) == []


def test_a_heading_that_stands_again_bears_its_column(office: None) -> None:
    row = ["房号", "姓名", "电话", "姓名", "电话"]
    sheet = pasted([row, ["1-1-101", "业主甲", "13800000000", "租客乙", "13900000000"]]).sheets[0]
    assert headings(sheet, 1) == ["房号", "姓名", "电话", "姓名（D列）", "电话（E列）"]
    assert samples(sheet, 1, "电话（E列）") == ["13900000000"]
    read = mapped([sheet], [SheetMap("业主", sheet.name, 1, {"姓名": "姓名（D列）"})])[0]
    assert read.rows[0] == [None, None, None, "姓名", None]


def test_two_sheets_for_one_of_ours_are_refused_and_one_that_is_left_out_is_told(office: None) -> None:
    first = SheetData("1栋", [["房间号"], ["1-1-101"], ["1-1-102"]])
    second = SheetData("2栋", [["房间号"], ["2-1-101"]])
    blank = SheetData("空", [[None, ""]])
    found = Given(Path("x.xlsx"), [first, second, blank])
    maps = [SheetMap("房屋", one.name, 1, {"房号": "房间号"}) for one in (first, second)]
    with pytest.raises(BadInput, match="“房屋”对应了两次"):
        imports.judged(found, maps)
    told = imports.judged(found, maps[:1]).findings
    assert [(one.sheet, one.reason) for one in told if one.sheet == "2栋"] == [("2栋", "没有导入这张工作表")]
    assert not [one for one in told if one.sheet == "空"]


@pytest.mark.parametrize(
    "kept",
    [
        7,
        [{"title": [], "columns": {}}],
        [{"title": {}, "columns": {}, "head": 1, "sheet": "a"}],
        [{"title": "房屋", "sheet": "a", "head": 0, "columns": {}}],
    ],
)
def test_maps_that_nobody_made_are_passed_over(office: None, kept: Any) -> None:
    assert read_maps(kept) == []


def test_a_map_without_columns_is_told(office: None) -> None:
    sheets = pasted([["房号", "x"]]).sheets
    with pytest.raises(BadInput, match="还没有对应任何一列"):
        mapped(sheets, [SheetMap("房屋", sheets[0].name, 5, {})])
