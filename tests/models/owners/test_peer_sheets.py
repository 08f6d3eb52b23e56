"""The workbook of HC小区物业管理系统, as its offices fill it in and as it goes wrong."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from models import batches
from models.batches import Batch
from models.batches import State as BatchState
from models.checks import run_invariants
from models.errors import RuleBroken
from models.fees import item_sheets  # noqa: F401 - registered by being imported
from models.fees.billing import bill
from models.fees.bills import Bill
from models.fees.cashier import receive, void_receipt
from models.fees.items import Assignment, Basis, FeeItem, Rate
from models.fields import BEGINNING
from models.imports import Finding, Severity
from models.imports.plan import ImportRefused
from models.months import Month
from models.owners.estate import Building, Community, Entrance, Unit, UnitArea, UnitKind, UnitState
from models.owners.imports import import_workbook, plan
from models.owners.people import Occupancy, OccupancyKind, Ownership, Person, Vehicle
from models.workbook import ColumnOut, SheetOut, read, write

HC = Path(__file__).parents[2] / "data" / "hc.xlsx"
TABLES = (Community, Building, Entrance, Unit, UnitArea, Person, Ownership, Occupancy, Vehicle)
Cells = dict[str, Any]


def counts() -> dict[str, int]:
    every = (*TABLES, FeeItem, Rate, Assignment)
    return {record.__name__: record.select().count() for record in every}


@pytest.fixture
def changed(tmp_path: Path) -> Any:
    """Write hc.xlsx anew with cells changed: `changed({"业主信息!E3": "12"})`."""

    def write_changed(cells: Cells, drop: tuple[str, ...] = ()) -> Path:
        sheets = []
        for sheet in read(HC):
            if sheet.name in drop:
                continue
            rows = [list(row) for row in sheet.rows]
            for place, value in cells.items():
                name, _, cell = place.partition("!")
                if name == sheet.name:
                    row, column = int(cell[1:]) - 1, ord(cell[0]) - 65
                    while len(rows) <= row:
                        rows.append([None] * len(rows[0]))
                    rows[row][column] = value
            heads = [ColumnOut(str(head or "")) for head in rows[0]]
            sheets.append(SheetOut(sheet.name, heads, [[_out(cell) for cell in row] for row in rows[1:]]))
        path = tmp_path / "changed.xlsx"
        write(path, sheets)
        return path

    return write_changed


def _out(cell: Any) -> Any:
    return None if cell is None else cell if isinstance(cell, str) else str(cell)


def told(findings: list[Finding]) -> list[tuple[str, str, str]]:
    return [(one.sheet, one.cell, one.value) for one in findings]


def only_error(path: Path) -> Finding:
    (found,) = (one for one in plan(path).errors if not one.reason.startswith("用到的"))
    return found


def test_the_workbook_of_the_peer_has_only_notes(office: object) -> None:
    found = plan(HC)
    assert (found.layout, found.errors, counts()["Unit"]) == ("HC小区物业管理系统资料表", [], 0)
    assert told(found.notes) == [
        ("业主信息", "E2", "18999999999"),
        *[("业主信息", f"F{row}", "632***********2011") for row in (3, 4, 5, 6)],
        ("房屋信息", "G7", "6"),
        ("房屋信息", "G8", "7"),
        ("房屋信息", "G9", "8"),
    ]
    assert all(one.reason and one.remedy and one.severity is Severity.NOTE for one in found.findings)


def test_everything_in_it_comes_in_as_one_batch(office: object) -> None:
    done = import_workbook(HC)
    assert counts() == {
        "Community": 1, "Building": 13, "Entrance": 26, "Unit": 9, "UnitArea": 9, "Person": 5, "Ownership": 5,
        "Occupancy": 0, "Vehicle": 0, "FeeItem": 2, "Rate": 2, "Assignment": 11,
    }  # fmt: skip
    assert [batch.count for batch in done.batches] == [83]
    assert Community.get().name == "测试小区"


def test_what_it_gives_without_a_date_holds_from_the_beginning(office: object) -> None:
    import_workbook(HC)
    room = Unit.find("1-1-1011")
    area = room.area_on(date(1990, 1, 1))
    assert area is not None
    assert (area.built, area.inner, area.billing) == (Decimal("94.56"),) * 3
    owned = Ownership.get(Ownership.unit == room)
    assert (owned.person.name, owned.since, owned.until, owned.primary) == ("吴学文", BEGINNING, None, True)
    assert (room.chinese, room.floor, room.kind) == ("1栋1单元1011", 1, UnitKind.HOUSE)
    space = Unit.find("C0001")
    assert (space.kind, space.state, space.usage) == (UnitKind.PARKING, UnitState.UNSOLD, "地上停车位")
    area = space.area_on(date(2026, 1, 1))
    assert area is not None and area.billing == Decimal("98.32")


def test_sentinels_mean_none_and_nobody_is_merged(office: object) -> None:
    import_workbook(HC)
    people = {person.number: person for person in Person.select()}
    assert [people[number].name for number in "12345"] == ["吴学文", "张三1", "张三2", "张三3", "张三4"]
    assert (people["1"].phone, people["2"].phone) == (None, "18999999991")
    assert {person.identity for person in people.values()} == {"632126199109162011"}
    assert "zhangsan" in people["2"].search


def test_items_prices_and_days_stay_as_they_are_given(office: object) -> None:
    import_workbook(HC)
    first = FeeItem.find("1")
    assert (first.name, first.basis, first.cycle) == ("测试收费1", Basis.AREA, 6)
    assert (first.since, first.until) == (date(2020, 6, 10), date(2037, 1, 1))
    rate = Rate.get(Rate.item == first)
    assert (rate.since, rate.price, rate.extra) == (date(2020, 6, 10), Decimal("1.3"), Decimal(20))
    room = Unit.find("1-1-1011")
    days = {row.item.code: row.since for row in Assignment.select().where(Assignment.unit == room)}
    assert days == {"1": date(2020, 6, 10), "2": date(2020, 7, 10)}


def test_the_bills_of_june_and_july_are_those_of_the_issue(office: object) -> None:
    import_workbook(HC)
    bill(Month(2020, 6))
    june = list(Bill.select())
    assert (len(june), sum(line.amount for line in june)) == (36, Decimal("4496.04"))
    bill(Month(2020, 7))
    lines = list(Bill.select())
    by_month = {month: Decimal(0) for month in range(6, 12)}
    for line in lines:
        by_month[line.month.month] += line.amount
    assert [str(amount) for amount in by_month.values()] == [
        "720.96", "1273.86", "1373.64", "915.40", "571.72", "571.72",
    ]  # fmt: skip
    assert (len(lines), sum(by_month.values())) == (45, Decimal("5427.30"))
    room = Unit.find("1-1-1011")
    mine = [(line.item.code, str(line.month), str(line.amount)) for line in lines if line.unit_id == room.id]
    assert ("1", "2020-06", "100.05") in mine and ("1", "2020-07", "142.93") in mine
    assert ("2", "2020-07", "81.30") in mine


def test_importing_it_again_changes_nothing_and_says_so(office: object) -> None:
    first = import_workbook(HC)
    before = counts()
    again = import_workbook(HC)
    assert (counts(), again.batches) == (before, [])
    assert (again.new, again.same, again.left) == (0, first.new, 0)
    assert "新增 0 条，相同 83 条" in again.summary()


def test_it_goes_out_as_one_while_nothing_builds_on_it(office: object) -> None:
    done = import_workbook(HC)
    assert batches.undo(done.batches[0]) == 83
    assert set(counts().values()) == {0}
    assert Batch.get_by_id(done.batches[0].id).state is BatchState.UNDONE
    assert import_workbook(HC).new == 83


def test_it_stays_once_something_builds_on_it(office: object) -> None:
    done = import_workbook(HC)
    bill(Month(2020, 6))
    before = counts()
    with pytest.raises(RuleBroken, match="不能整批撤销"):
        batches.undo(done.batches[0])
    assert counts() == before
    assert Batch.get_by_id(done.batches[0].id).state is BatchState.LIVE


def test_it_goes_out_after_its_bills_were_undone(office: object) -> None:
    done = import_workbook(HC)
    runs = [bill(Month(2020, 6)), bill(Month(2020, 7))]
    for run in runs:
        batches.undo(run)
    assert run_invariants() == []
    batches.undo(done.batches[0])
    assert set(counts().values()) == {0}
    assert not Bill.select().exists()
    assert run_invariants() == []
    assert import_workbook(HC).new == 83


def test_it_stays_once_a_receipt_names_it_though_all_was_taken_back(office: object) -> None:
    done = import_workbook(HC)
    run = bill(Month(2020, 6))
    receipt = receive(Unit.find("1-1-1011"), Decimal("10.00")).receipts.get()
    void_receipt(receipt, "收错户")
    batches.undo(run)
    with pytest.raises(RuleBroken, match="已被后来的业务引用"):
        batches.undo(done.batches[0])
    assert Bill.select().count() == 36


def test_it_stays_once_one_of_its_people_was_changed(office: object) -> None:
    done = import_workbook(HC)
    Person.find("1").edit(phone="13812345678")
    with pytest.raises(RuleBroken, match="已有人改过"):
        batches.undo(done.batches[0])
    again = import_workbook(HC)
    assert (again.new, again.left) == (0, 0)
    assert Person.find("1").phone == "13812345678"


def test_what_the_office_has_otherwise_is_left_alone_and_listed(office: object, changed: Any) -> None:
    import_workbook(HC)
    again = import_workbook(changed({"业主信息!B3": "张三", "房屋信息!F2": "100", "房屋信息!G3": "1"}))
    assert (again.new, again.left) == (0, 3)
    left = [(one.sheet, one.row, one.reason) for one in again.notes if "没有改动" in one.reason]
    assert left == [
        ("业主信息", 3, "人员已登记的姓名是“张三1”，没有改动"),
        ("房屋信息", 2, "面积已登记的建筑面积是“94.56”，没有改动"),
        ("房屋信息", 3, "产权已登记了别的内容，没有改动"),
    ]
    assert Person.find("2").name == "张三1"


@pytest.mark.parametrize(
    ("cells", "cell", "reason"),
    [
        ({"费用设置!J2": "1102"}, "J2", "不认识的计算公式"),
        ({"费用设置!G2": "每季度"}, "G2", "不认识的出账类型"),
        ({"费用设置!D2": "一次性费用"}, "D2", "不是周期性费用"),
        ({"费用设置!F2": "0"}, "F2", "缴费周期要在 1 到 12 之间"),
        ({"费用设置!H2": "2020-13-10"}, "H2", "不是日期"),
        ({"费用设置!I2": "2019-01-01"}, "I2", "早于计费起始时间"),
        ({"费用设置!K2": "一元三"}, "K2", "计费单价“一元三”不是一个数"),
        ({"费用设置!C3": "测试收费1"}, "C3", "收费项目已被别的收费项目用了"),
        ({"房屋信息!H2": "1#9"}, "H2", "没有这个收费项目"),
        ({"房屋信息!H2": "1#2#1"}, "I2", "对不上"),
        ({"房屋信息!I2": "2020-06-10"}, "I2", "房屋费用有 2 项，费用开始时间有 1 个"),
        ({"房屋信息!I2": "2020-06-10#七月"}, "I2", "不是日期"),
        ({"房屋信息!H3": "1#1", "房屋信息!I3": "2020-06-10#2020-06-10"}, "H3", "写了两次"),
        ({"房屋信息!J2": "999"}, "J2", "不认识的房屋类型"),
        ({"房屋信息!B2": "99"}, "B2", "没有这个楼栋"),
        ({"房屋信息!C2": "9"}, "C2", "没有这个单元"),
        ({"房屋信息!F2": "九十"}, "F2", "不是一个数"),
        ({"房屋信息!A3": "1011"}, "A3", "与第 2 行重复而内容不同"),
        ({"业主信息!E3": "1381234567"}, "E3", "手机号应为 11 位"),
        ({"业主信息!F3": "632126199109162012"}, "F3", "校验码不对"),
        ({"业主信息!G3": "1009"}, "G3", "不认识的业主类型"),
        ({"业主信息!B3": None}, "B3", "没有填业主名称"),
        ({"业主信息!H3": "1"}, "H3", "与第 2 行重复而内容不同"),
        ({"业主信息!G6": "1003", "业主信息!H6": "77"}, "H6", "没有这个编号的业主"),
        ({"车位信息!E2": "1"}, "J2", "没有填出租还是出售"),
        ({"车位信息!F2": "粤B12345", "车位信息!H2": "9909"}, "H2", "不认识的车类型"),
        ({"业主信息!B3": "#N/A"}, "B3", "公式出错"),
    ],
)
def test_what_cannot_be_is_an_error_with_its_cell_and_remedy(
    office: object, changed: Any, cells: Cells, cell: str, reason: str
) -> None:
    path = changed(cells)
    found = only_error(path)
    assert (found.cell, found.severity) == (cell, Severity.ERROR)
    assert reason in found.reason and found.remedy
    with pytest.raises(ImportRefused, match="没有导入任何内容"):
        import_workbook(path)
    assert set(counts().values()) == {0}


def test_rows_with_errors_may_be_skipped_with_all_that_hangs_on_them(office: object, changed: Any) -> None:
    path = changed({"费用设置!J2": "1102", "业主信息!E3": "1381234567"})
    done = import_workbook(path, skip_errors=True)
    rooms = sorted(unit.room for unit in Unit.select().where(Unit.kind == UnitKind.HOUSE))
    assert rooms == ["1013", "1021", "1022", "1023"]  # the others pay item 1, which cannot be
    assert [item.code for item in FeeItem.select()] == ["2"]
    assert sorted(person.number for person in Person.select()) == ["1", "3", "4", "5"]
    assert [(one.sheet, one.cell) for one in done.errors] == [
        ("业主信息", "E3"), ("费用设置", "J2"), *[("房屋信息", f"H{row}") for row in (2, 3, 5, 9)],
    ]  # fmt: skip
    assert done.errors[2].reason == "用到的收费项目有错误（“费用设置”第 2 行）"
    assert import_workbook(HC).new > 0
    assert Unit.find("1-1-1011").area_on(date(2026, 1, 1)) is not None


def test_a_room_of_an_owner_whose_row_fell_is_ownerless(office: object, changed: Any) -> None:
    done = import_workbook(changed({"业主信息!E4": "1381234567"}), skip_errors=True)
    told = {one.cell: (one.reason, one.remedy) for one in done.notes if "无业主" in one.reason}
    assert (
        "用到的人员有错误（“业主信息”第 4 行），按无业主导入",
        "请先改好“业主信息”第 4 行。",
    ) in told.values()
    assert not Ownership.select().where(Ownership.unit == Unit.find("1-1-1013")).exists()


def test_zero_is_no_item_and_needs_no_day(office: object, changed: Any) -> None:
    done = import_workbook(changed({"房屋信息!H2": "0", "房屋信息!H3": "0", "房屋信息!I3": None}))
    assert (done.errors, Assignment.select().count()) == ([], 8)


def test_a_fixed_formula_takes_the_fixed_amount(office: object, changed: Any) -> None:
    import_workbook(changed({"费用设置!J3": "2002"}))
    rate = Rate.get(Rate.item == FeeItem.find("2"))
    assert (rate.item.basis, rate.price, rate.extra) == (Basis.FIXED, Decimal(0), Decimal(20))


def test_family_tenants_and_others_use_the_rooms_of_their_owner(office: object, changed: Any) -> None:
    rows = {}
    for row, (name, kind) in enumerate((("李家人", "1002"), ("王租客", "1003"), ("钱其他", "1004")), 7):
        rows |= {
            f"业主信息!{column}{row}": value for column, value in zip("BGH", (name, kind, "1"), strict=True)
        }
    import_workbook(changed(rows))
    used = {row.person.name: (row.unit.code, row.kind) for row in Occupancy.select()}
    assert used == {
        "李家人": ("1-1-1011", OccupancyKind.FAMILY),
        "王租客": ("1-1-1011", OccupancyKind.TENANT),
        "钱其他": ("1-1-1011", OccupancyKind.OTHER),
    }
    assert sorted(person.number for person in Person.select()) == [
        "1",
        "1-1",
        "1-2",
        "1-3",
        "2",
        "3",
        "4",
        "5",
    ]
    assert import_workbook(changed(rows)).new == 0


def test_a_sold_space_has_an_owner_and_a_rented_one_a_payer(office: object, changed: Any) -> None:
    sold = {"E2": "1", "F2": "粤b12345", "H2": "9901", "J2": "S", "K2": "2020-06-01", "L2": "2037-1-1"}
    rented = {
        "A3": "1",
        "B3": "C0002",
        "D3": "1",
        "E3": "2",
        "J3": "H",
        "K3": "2020-06-01",
        "L3": "2021-05-31",
    }
    cells = {f"车位信息!{cell}": value for cell, value in (sold | rented).items()}
    done = import_workbook(changed(cells))
    owned = Ownership.get(Ownership.unit == Unit.find("C0001"))
    assert (owned.person.number, owned.since, owned.until) == ("1", date(2020, 6, 1), None)
    car = Vehicle.find("粤B12345")
    assert (car.person.number, car.space.code, car.until) == ("1", "C0001", None)
    used = Occupancy.get(Occupancy.unit == Unit.find("C0002"))
    assert (used.person.number, used.pays, used.until) == ("2", True, date(2021, 5, 31))
    assert ("车位信息", "D3", "1") in told(done.notes)
    assert UnitArea.select().where(UnitArea.unit == Unit.find("C0002")).count() == 0


def test_numbers_typed_as_numbers_are_taken_as_text_up_to_fifteen_digits(
    office: object, tmp_path: Path
) -> None:
    people = [ColumnOut(head) for head in ("业主名称", "身份证号", "业主类型", "业主编号", "手机号")]
    rooms = [ColumnOut(head) for head in ("房屋编号", "楼栋编号", "单元编号")]

    def workbook(number: Any, phone: Any) -> Path:
        row = ["王桂芳", None, "1001", number, phone]
        path = tmp_path / "numbers.xlsx"
        kinds = [
            ColumnOut(one.title, "number" if one.title in ("业主编号", "手机号") else "text")
            for one in people
        ]
        write(path, [SheetOut("业主信息", kinds, [row]), SheetOut("房屋信息", rooms)])
        return path

    import_workbook(workbook(Decimal(123456789012345), Decimal(13812345678)))
    assert Person.find("123456789012345").phone == "13812345678"
    found = only_error(workbook(Decimal(1234567890123456), None))
    assert (found.cell, "位数已丢失" in found.reason) == ("D2", True)


def test_columns_may_stand_in_any_order_and_notes_beside_them_are_ignored(
    office: object, tmp_path: Path
) -> None:
    people = [ColumnOut(head) for head in ("业主编号", "备用", "业主类型", "业主名称", "", "")]
    rows = [
        ["1", None, "1001", "王桂芳", None, "说明"],
        [None] * 5 + ["业主编号必须唯一"],
        ["2", "x", "1001", "李明", None, None],
    ]
    path = tmp_path / "order.xlsx"
    write(
        path,
        [
            SheetOut("业主信息", people, rows),
            SheetOut("楼栋单元", [ColumnOut("楼栋号"), ColumnOut("单元编号")]),
        ],
    )
    done = import_workbook(path)
    assert sorted(person.name for person in Person.select()) == ["李明", "王桂芳"]
    assert told(done.findings) == [("业主信息", "B1", "备用")]


def test_one_start_may_be_a_real_day_of_excel(office: object, tmp_path: Path) -> None:
    import_workbook(HC)
    heads = ["房屋编号", "楼栋编号", "单元编号", "房屋费用", "费用开始时间"]
    kinds = [ColumnOut(head, "day" if head == "费用开始时间" else "text") for head in heads]
    path = tmp_path / "day.xlsx"
    people = [ColumnOut(head) for head in ("业主名称", "业主类型", "业主编号")]
    rows = [["1031", "1", "1", "1", date(2020, 8, 1)]]
    write(path, [SheetOut("房屋信息", kinds, rows), SheetOut("业主信息", people)])
    assert import_workbook(path).errors == []
    assert Assignment.get(Assignment.unit == Unit.find("1-1-1031")).since == date(2020, 8, 1)


def test_a_missing_column_is_named(office: object, tmp_path: Path) -> None:
    path = tmp_path / "missing.xlsx"
    write(
        path,
        [
            SheetOut("业主信息", [ColumnOut("业主名称")], [["王桂芳"]]),
            SheetOut("房屋信息", [ColumnOut("房屋编号")]),
        ],
    )
    reasons = [one.reason for one in plan(path).errors]
    assert "第 1 行没有“业主编号”这一列" in reasons and "第 1 行没有“楼栋编号”这一列" in reasons
