"""Our own template: written, filled in, imported, and what is wrong with it told."""

import zipfile
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from models.errors import BadInput, RuleBroken
from models.fees import item_sheets  # noqa: F401 - registered by being imported
from models.fees.items import Assignment, Basis, FeeItem, Rate
from models.fields import BEGINNING
from models.imports import repair_workbook
from models.owners.entry import add_building, add_community, add_person, add_unit
from models.owners.estate import AreaBasis, Building, Entrance, Unit, UnitArea, UnitKind, UnitState
from models.owners.imports import errors_workbook, import_workbook, plan, write_template
from models.owners.payees import payers_on
from models.owners.people import Occupancy, Ownership, Person, PersonKind, Vehicle, owners_on
from models.owners.tenure import add_ownership
from models.workbook import ColumnOut, SheetOut, read, write

Book = Callable[..., Path]
SUMMER = date(2026, 7, 1)

PEOPLE = (("业主编号", "姓名"), [("1", "王桂芳"), ("2", "李明"), ("3", "赵红")])
HOUSE = (("房号", "计费面积"), [("1-1-101", "94.56")])


@pytest.fixture
def book(tmp_path: Path) -> Book:
    """Write a workbook: `book(业主=(heads, rows), …)`."""

    def write_book(**sheets: tuple[Sequence[str], Sequence[Sequence[Any]]]) -> Path:
        path = tmp_path / "book.xlsx"
        out = [
            SheetOut(name, [ColumnOut(head) for head in heads], rows)
            for name, (heads, rows) in sheets.items()
        ]
        write(path, out)
        return path

    return write_book


def errors(path: Path) -> list[tuple[str, str, str]]:
    return [(one.sheet, one.cell, one.reason) for one in plan(path).errors]


def test_the_template_has_every_sheet_with_texts_only_and_explains_them(
    office: object, tmp_path: Path
) -> None:
    path = tmp_path / "template.xlsx"
    write_template(path)
    sheets = {sheet.name: sheet.rows for sheet in read(path)}
    assert list(sheets)[:8] == ["楼栋", "房屋", "业主", "产权", "使用", "车辆", "收费项目", "收费设置"]
    assert sheets["业主"] == [
        ["业主编号*", "姓名*", "类别", "性别", "电话", "证件号码", "联系人", "通讯地址", "备注"]
    ]
    notes = {str(row[1]) for row in sheets["填表说明"]}
    assert {"份额(%)", "由其交费", "计费面积", "附加/固定金额"} <= notes
    with zipfile.ZipFile(path) as archive:
        styles = archive.read("xl/styles.xml").decode()
    assert 'numFmtId="49"' in styles  # text, as Excel calls @


def test_an_empty_template_brings_nothing(office: object, tmp_path: Path) -> None:
    path = tmp_path / "template.xlsx"
    write_template(path)
    done = import_workbook(path)
    assert (done.new, done.batches, done.findings) == (0, [], [])


def test_every_sheet_of_the_template_is_read(office: object, book: Book) -> None:
    path = book(
        楼栋=(
            ("楼栋号", "楼栋名称", "小区", "单元号", "总层数", "电梯"),
            [("1", "桂园1栋", "桂园", "1", "18", "有")],
        ),
        房屋=(
            ("房号", "类别", "楼栋号", "单元号", "室号", "楼层", "状态", "交付日期",
             "计费面积", "套内面积", "面积依据", "面积起"),
            [
                (None, None, "1", "1", "101", "1", "已入住", "2020-05-01", "94.56", "80", "产权证", None),
                ("1栋1单元102", None, None, None, None, None, None, None, "88", None, None, "2021-01-01"),
                ("C0001", "车位", None, None, None, None, None, None, "12.5", None, None, None),
            ],
        ),
        业主=(
            ("业主编号", "姓名", "类别", "性别", "电话", "证件号码"),
            [("1", "王桂芳", None, "女", "13812345678", "11010519491231002X"),
             ("2", "李明公司", "单位", None, None, None),
             ("3", "赵红", None, None, None, None)],
        ),
        产权=(
            ("房号", "业主编号", "份额(%)", "主要联系人", "起", "止"),
            [("1-1-101", "1", "50", None, None, None), ("1-1-101", "2", "50", "是", None, None),
             ("1-1-102", "1", None, None, "2020-01-01", "2026-06-30"),
             ("1-1-102", "3", None, None, "2026-07-01", None)],
        ),
        使用=(("房号", "业主编号", "关系", "由其交费", "起"), [("1-1-102", "3", "租户", "是", "2026-01-01")]),
        车辆=(("车牌号", "业主编号", "车位", "车型"), [("粤b12345", "1", "C0001", "小汽车")]),
        收费项目=(
            ("项目编号", "收费项目", "计算方式", "周期(月)", "计费起始", "单价", "附加/固定金额"),
            [("W1", "物业费", "面积×单价+附加", "3", "2020-06-10", "1.3", "20"),
             ("T1", "停车费", "固定金额", None, None, None, "150")],
        ),
        收费设置=(("房号", "项目编号", "起"), [("1-1-101", "W1", "2020-06-10"), ("C0001", "T1", None)]),
    )  # fmt: skip
    done = import_workbook(path)
    assert [(one.cell, one.reason) for one in done.findings] == [("A4", "产权表里没有这套房屋，按无业主导入")]
    assert (Building.get().name, Building.get().community.name, Entrance.get().floors) == (
        "桂园1栋",
        "桂园",
        18,
    )
    house = Unit.find("1-1-101")
    assert (house.state, house.handed_over, house.entrance) == (
        UnitState.OCCUPIED,
        date(2020, 5, 1),
        Entrance.get(),
    )
    area = UnitArea.get(UnitArea.unit == house)
    assert (area.billing, area.inner, area.basis, area.since) == (
        Decimal("94.56"), Decimal("80"), AreaBasis.DEED, BEGINNING,
    )  # fmt: skip
    assert UnitArea.get(UnitArea.unit == Unit.find("1-1-102")).since == date(2021, 1, 1)
    assert Unit.find("C0001").kind is UnitKind.PARKING
    assert [(row.person.name, row.primary) for row in owners_on(house, SUMMER)] == [
        ("李明公司", True), ("王桂芳", False),
    ]  # fmt: skip
    assert payers_on(house, SUMMER).payer_name == "李明公司等2人"
    assert payers_on(Unit.find("1-1-102"), date(2026, 3, 1)).address_line == "赵红（责任业主：王桂芳）"
    assert (Person.find("2").kind, Vehicle.find("粤B12345").space.code) == (PersonKind.COMPANY, "C0001")
    rates = {rate.item.code: (rate.since, str(rate.price), str(rate.extra)) for rate in Rate.select()}
    assert rates == {"W1": (date(2020, 6, 10), "1.3000", "20.00"), "T1": (BEGINNING, "0.0000", "150.00")}
    assert (FeeItem.find("W1").cycle, FeeItem.find("T1").basis) == (3, Basis.FIXED)
    assert {row.item.code: row.since for row in Assignment.select()} == {
        "W1": date(2020, 6, 10),
        "T1": BEGINNING,
    }
    again = import_workbook(path)
    assert (again.new, again.left, again.same) == (0, 0, done.new)


def test_people_join_units_that_the_office_has_already(office: object, book: Book) -> None:
    add_community(name="桂园")
    add_unit("101", building=add_building("1"))
    import_workbook(book(业主=PEOPLE, 产权=(("房号", "业主编号"), [("1栋101", "2")])))
    assert payers_on(Unit.find("1-101"), SUMMER).payer_name == "李明"


def test_a_unit_that_has_an_owner_gets_no_other_by_import(office: object, book: Book) -> None:
    add_community(name="桂园")
    unit = add_unit("101", building=add_building("1"))
    add_ownership(unit, add_person(name="钱伟", number="9"))
    done = import_workbook(book(业主=PEOPLE, 产权=(("房号", "业主编号"), [("1-101", "2")])))
    assert (done.left, [row.person.name for row in owners_on(unit, SUMMER)]) == (1, ["钱伟"])
    assert ("产权", 2, "产权已登记了别的内容，没有改动") in [
        (one.sheet, one.row, one.reason) for one in done.notes
    ]
    assert "过户" in done.notes[-1].remedy


def test_a_house_whose_owner_the_office_knows_is_not_called_ownerless(office: object, book: Book) -> None:
    owned = (("房号", "业主编号"), [("1-1-101", "1")])
    import_workbook(book(业主=PEOPLE, 房屋=HOUSE, 产权=owned))
    houses = (("房号", "计费面积"), [("1-1-101", "94.56"), ("1-1-102", "88.00")])
    notes = plan(book(房屋=houses, 产权=(owned[0], []))).notes
    assert [(one.value, one.reason) for one in notes] == [("1-1-102", "产权表里没有这套房屋，按无业主导入")]


def test_the_same_identity_number_twice_is_a_note(office: object, book: Book) -> None:
    rows = [("1", "王桂芳", "11010519491231002X"), ("2", "李明", "11010519491231002x")]
    done = import_workbook(book(业主=(("业主编号", "姓名", "证件号码"), rows)))
    assert Person.select().count() == 2
    assert [(one.cell, one.value) for one in done.notes] == [("C3", "110***********002X")]


@pytest.mark.parametrize(
    ("sheets", "found"),
    [
        ({"业主": (("业主编号", "姓名"), [("1", None)])}, ("业主", "B2", "没有填姓名")),
        (
            {
                "业主": PEOPLE,
                "房屋": HOUSE,
                "产权": (
                    ("房号", "业主编号", "起", "止"),
                    [("1-1-101", "1", "2024-03-10", "2024-06-20"), ("1-1-101", "1", "2024-06-20", None)],
                ),
            },
            ("产权", "C3", "与第 2 行的起止有重叠"),
        ),
        (
            {
                "房屋": HOUSE,
                "收费项目": (("项目编号", "收费项目", "单价"), [("W", "物业费", "1.5")]),
                "收费设置": (
                    ("房号", "项目编号", "起", "止"),
                    [("1-1-101", "W", "2024-03-10", None), ("1-1-101", "W", "2024-05-10", None)],
                ),
            },
            ("收费设置", "C3", "与第 2 行的起止有重叠"),
        ),
        (
            {"业主": (("业主编号", "姓名"), [("1", "王"), ("1", "李")])},
            ("业主", "A3", "与第 2 行重复而内容不同"),
        ),
        ({"业主": (("业主编号", "姓名", "类别"), [("1", "王", "公司")])}, ("业主", "C2", "类别没有“公司”")),
        ({"业主": (("姓名",), [("王桂芳",)])}, ("业主", "第1行", "第 1 行没有“业主编号”这一列")),
        ({"业主": (("业主编号", "姓名", "姓名"), [])}, ("业主", "C1", "“姓名”这一列重复了")),
        ({"房屋": (("房号", "楼层"), [(None, "3")])}, ("房屋", "A2", "没有填房号")),
        ({"房屋": (("室号", "单元号"), [("101", "1")])}, ("房屋", "第2行", "填了单元号而没有填楼栋号")),
        ({"房屋": (("房号", "计费面积"), [("1-101", "-5")])}, ("房屋", "B2", "计费面积“-5”是负数")),
        ({"房屋": (("房号", "计费面积"), [("1-101", "94.567")])}, ("房屋", "B2", "小数位太多")),
        ({"业主": PEOPLE, "产权": (("房号", "业主编号"), [("9-9", "1")])}, ("产权", "A2", "没有这个房屋")),
        ({"房屋": HOUSE, "产权": (("房号", "业主编号"), [("1-1-101", "7")])}, ("产权", "B2", "没有这个人员")),
        (
            {"房屋": HOUSE, "业主": PEOPLE, "产权": (
                ("房号", "业主编号", "份额(%)"), [("1-1-101", "1", "60"), ("1-1-101", "2", "50")])},
            ("产权", "C3", "合计 110.00%，超过 100%"),
        ),
        (
            {"房屋": HOUSE, "业主": PEOPLE, "产权": (
                ("房号", "业主编号", "主要联系人"), [("1-1-101", "1", "是"), ("1-1-101", "2", "是")])},
            ("产权", "C3", "与第 2 行同时是主要联系人"),
        ),
        (
            {"房屋": HOUSE, "业主": PEOPLE, "产权": (
                ("房号", "业主编号", "起", "止"), [("1-1-101", "1", "2026-07-01", "2026-06-30")])},
            ("产权", "D2", "止日早于起日"),
        ),
        (
            {"房屋": HOUSE, "业主": PEOPLE, "使用": (
                ("房号", "业主编号", "由其交费"), [("1-1-101", "1", "是"), ("1-1-101", "2", "是")])},
            ("使用", "C3", "与第 2 行同时由其交费"),
        ),
        (
            {"房屋": HOUSE, "收费设置": (("房号", "项目编号"), [("1-1-101", "X")])},
            ("收费设置", "B2", "没有这个收费项目"),
        ),
        (
            {"收费项目": (("项目编号", "收费项目"), [("1", "物业费"), ("2", "物业费")])},
            ("收费项目", "B3", "收费项目已被别的收费项目用了"),
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_is_told_with_its_cell(
    office: object, book: Book, sheets: dict[str, Any], found: tuple[str, str, str]
) -> None:
    (error,) = errors(book(**sheets))
    assert error[:2] == found[:2] and found[2] in error[2]


def test_an_item_name_that_the_office_has_is_refused(office: object, book: Book) -> None:
    import_workbook(book(收费项目=(("项目编号", "收费项目"), [("1", "物业费")])))
    assert errors(book(收费项目=(("项目编号", "收费项目"), [("2", "物业费")]))) == [
        ("收费项目", "B2", "收费项目已被别的收费项目用了")
    ]


def test_nothing_of_a_workbook_with_one_error_comes_in(office: object, book: Book) -> None:
    path = book(业主=(("业主编号", "姓名"), [("1", "王桂芳"), ("2", None)]))
    with pytest.raises(RuleBroken, match="1 处错误，没有导入任何内容。第一处：错误 业主 B3"):
        import_workbook(path)
    assert Person.select().count() == 0
    assert import_workbook(path, skip_errors=True).new == 1


def test_a_plan_made_before_something_changed_is_made_anew(office: object, book: Book) -> None:
    made = plan(book(业主=PEOPLE))
    add_person(name="王桂芳", number="1")
    done = import_workbook(made)
    assert (done.new, done.same) == (2, 1)


def test_a_new_community_is_made_only_where_there_is_none(office: object, book: Book) -> None:
    add_community(name="桂园")
    import_workbook(book(房屋=HOUSE))
    assert Building.get().community.name == "桂园"


def test_other_sheets_and_columns_are_named_and_left(office: object, book: Book) -> None:
    path = book(业主=(("业主编号", "姓名", "爱好"), [("1", "王桂芳", "书法")]), 草稿=(("甲",), [("乙",)]))
    assert [(one.sheet, one.cell, one.reason) for one in plan(path).notes] == [
        ("草稿", "第1行", "没有导入这张工作表"),
        ("业主", "C1", "这一列没有导入"),
    ]


def test_a_workbook_without_a_known_sheet_is_refused_in_words(office: object, book: Book) -> None:
    with pytest.raises(BadInput, match="认不出这个工作簿的版式"):
        plan(book(随便=(("甲",), [("乙",)])))


def test_a_file_that_is_no_workbook_is_refused_in_words(office: object, tmp_path: Path) -> None:
    path = tmp_path / "roster.xlsx"
    path.write_text("业主编号,姓名\n1,王桂芳\n", encoding="utf-8")
    with pytest.raises(BadInput, match="不是 Excel 工作簿"):
        import_workbook(path)
    with pytest.raises(BadInput, match="找不到文件"):
        import_workbook(tmp_path / "nowhere.xlsx")


def test_formulas_and_rare_names_stay_what_they_are(office: object, book: Book) -> None:
    names = ["=1+1", "曾𠮷䶮", "+86", "@王", "欧阳·é"]
    import_workbook(book(业主=(("业主编号", "姓名"), [(str(n), name) for n, name in enumerate(names)])))
    assert [person.name for person in Person.select().order_by(Person.id)] == names


def test_a_house_number_that_excel_made_a_day_is_refused(office: object, tmp_path: Path) -> None:
    path = tmp_path / "days.xlsx"
    write(path, [SheetOut("房屋", [ColumnOut("房号", "day")], [[date(2010, 1, 1)]])])
    (error,) = errors(path)
    assert error[:2] == ("房屋", "A2") and "被表格软件变成了日期" in error[2]


def test_a_formula_that_nobody_calculated_is_refused(office: object, tmp_path: Path) -> None:
    path = tmp_path / "formulas.xlsx"
    with xlsxwriter.Workbook(path) as made:
        sheet = made.add_worksheet("房屋")
        sheet.write_row("A1", ["房号", "计费面积"])
        sheet.write_row("A2", ["1-1-101", "=90+4.56"])
    (error,) = errors(path)
    assert error[:2] == ("房屋", "B2") and "公式还没有计算" in error[2]


def test_letters_before_the_number_of_a_space_make_no_building(office: object, book: Book) -> None:
    rows = [("P-01", "车位"), ("A-101", "住宅"), ("2-15", "车位"), ("C-1-9", "储藏间")]
    import_workbook(book(房屋=(("房号", "类别"), rows)))
    placed = {unit.code: unit.building and unit.building.code for unit in Unit.select()}
    assert placed == {"P-01": None, "A-101": "A", "2-15": "2", "C-1-9": "C"}
    assert Unit.find("P-01").room == "P-01"


def test_every_finding_is_listed_in_a_workbook(office: object, book: Book, tmp_path: Path) -> None:
    out = tmp_path / "errors.xlsx"
    made = plan(book(业主=(("业主编号", "姓名", "爱好"), [("1", None, "书法")])))
    errors_workbook(made, out)
    (sheet,) = read(out)
    assert sheet.rows[0] == ["级别", "工作表", "行", "列", "单元格", "内容", "原因", "处理办法"]
    assert [row[:6] for row in sheet.rows[1:]] == [
        ["提示", "业主", 1, "C", "C1", "爱好"],
        ["错误", "业主", 2, "B", "B2", None],
    ]
    assert all(row[6] and row[7] for row in sheet.rows[1:])


def test_wrong_rows_are_put_right_in_a_workbook_of_their_own_and_imported(
    office: object, book: Book, tmp_path: Path
) -> None:
    rows = [
        ("1", "王桂芳", "13812345678"),
        ("2", None, "13812345679"),
        ("3", "李明", "12"),
        ("4", "赵四", None),
    ]
    made = plan(book(业主=(("业主编号", "姓名", "电话"), rows)))
    import_workbook(made, skip_errors=True)
    assert {person.number for person in Person.select()} == {"1", "4"}
    out = tmp_path / "订正.xlsx"
    assert repair_workbook(made, out) == 2
    (sheet,) = read(out)
    assert sheet.rows[0] == ["业主编号", "姓名", "电话", "原因"]
    assert [row[:3] for row in sheet.rows[1:]] == [["2", None, "13812345679"], ["3", "李明", "12"]]
    assert all("请" in str(row[3]) for row in sheet.rows[1:])

    mended = [("2", "钱二", "13812345679", "x"), ("3", "李明", "13812345670", "x")]
    again = plan(book(业主=(("业主编号", "姓名", "电话", "原因"), mended)))
    assert again.findings == [] and again.new == 2
    import_workbook(again)
    assert Person.select().count() == 4


def test_a_workbook_of_wrong_rows_is_never_written_over_what_was_read(office: object, book: Book) -> None:
    made = plan(book(业主=(("业主编号", "姓名"), [("1", None)])))
    with pytest.raises(RuleBroken, match="换一个文件名"):
        repair_workbook(made, made.path)


def test_what_is_wrong_with_headings_is_no_row_to_put_right(
    office: object, book: Book, tmp_path: Path
) -> None:
    made = plan(book(业主=(("业主编号", "爱好"), [("1", "书法")])))
    assert made.errors
    with pytest.raises(RuleBroken, match="检查结果"):
        repair_workbook(made, tmp_path / "x.xlsx")


def test_ownership_and_use_of_the_past_are_kept(office: object, book: Book) -> None:
    rows = [("1-1-101", "1", "2020-01-01", "2025-12-31"), ("1-1-101", "2", "2026-01-01", None)]
    import_workbook(book(房屋=HOUSE, 业主=PEOPLE, 产权=(("房号", "业主编号", "起", "止"), rows)))
    unit = Unit.find("1-1-101")
    assert payers_on(unit, date(2025, 12, 31)).payer_name == "王桂芳"
    assert payers_on(unit, date(2026, 1, 1)).payer_name == "李明"
    assert all(row.primary for row in Ownership.select())
    assert Occupancy.select().count() == 0
