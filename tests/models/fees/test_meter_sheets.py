"""Registers and readings from workbooks: ours, and the peer's, whose sample row is misaligned."""

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from models import batches, imports
from models.batches import Batch, State
from models.errors import RuleBroken
from models.fees import meter_sheets  # noqa: F401 - its sheets
from models.fees.billing import bill
from models.fees.bills import Bill
from models.fees.items import Basis
from models.fees.meter_checks import readings_count_on
from models.fees.meters import Meter, MeterKind
from models.fees.readings import Reading
from models.imports import ImportRefused
from models.months import Month
from models.owners.imports import import_workbook
from models.workbook import ColumnOut, SheetOut, write
from tests.estate import Estate
from tests.models.fees.metering import START, meter, read, usages, water

D = Decimal
REGISTER = ("表号", "表类", "房号", "楼栋号", "位置", "表位数", "抄表路线", "项目编号")
READ = ("表号", "抄表月份", "读数", "过零")
PEER = ("名称", "表号", "表类型", "模式", "房屋", "费用项", "厂家", "采集器ID")
Rows = Sequence[Sequence[Any]]


def book(folder: Path, **sheets: tuple[Sequence[str], Rows]) -> Path:
    path = folder / "meters.xlsx"
    out = [
        SheetOut(name, [ColumnOut(head) for head in heads], rows) for name, (heads, rows) in sheets.items()
    ]
    write(path, out)
    return path


def errors(path: Path) -> list[tuple[int, str, str]]:
    return [(one.row, one.column, one.reason) for one in imports.plan(path).errors]


def test_a_register_and_its_readings_come_in_together(estate: Estate, tmp_path: Path) -> None:
    estate.house("101")
    item = water(estate, "1")
    path = book(
        tmp_path,
        表计=(
            REGISTER,
            [
                ("0012345", "水", "1-1-101", "", "", "4", "甲线", item.code),
                ("E1", "电", "", "1", "配电间", "6", "甲线", ""),
            ],
        ),
        抄表=(
            READ,
            [
                ("0012345", "2024-02", "12", "是"),
                ("0012345", "2024-01", "９９９０.５", ""),
                ("E1", "2024-01", "1,234.50", ""),
            ],
        ),
    )
    done = import_workbook(path)
    assert [batch.kind for batch in done.batches] == ["owners.import", "readings"]
    house, common = Meter.get(Meter.number == "0012345"), Meter.get(Meter.number == "E1")
    assert (house.entrance, house.item, house.position) == (estate.entrance, item, 1)
    assert (common.kind, common.building, common.position) == (MeterKind.ELECTRICITY, estate.building, 2)
    assert usages(house) == ["0.00", "21.50"] and list(readings_count_on()) == []
    assert imports.plan(path).same == 5
    batches.undo(done.batches[1])
    batches.undo(done.batches[0])
    assert Meter.select().count() == Reading.select().count() == 0


def test_readings_come_in_behind_those_that_there_are(estate: Estate, tmp_path: Path) -> None:
    one = meter(estate.house("101"), water(estate, "1"))
    read(one, "100", None, "130")
    rows = [("0012345", "2024-04", "150", ""), ("0012345", "2024-03", "131", "")]
    path = book(tmp_path, 抄表=(READ, rows))
    done = import_workbook(path)
    assert usages(one) == ["0.00", "30.00", "20.00"] and [count.left for count in done.counts.values()] == [1]
    assert Reading.get(Reading.value == D("150")).deviation == D("33.3")
    bill(Month(2024, 4))
    assert Bill.get().quantity == D("50")
    with pytest.raises(RuleBroken, match="已经出账"):
        batches.undo(Batch.get((Batch.kind == "readings") & (Batch.state == State.LIVE)))


def test_rows_that_cannot_be_are_named(estate: Estate, tmp_path: Path) -> None:
    one = meter(estate.house("101"), water(estate))
    read(one, "100", None, "130")
    rows = [
        ("0012345", "2024-02", "110", ""),
        ("0012345", "2024-04", "129", ""),
        ("0012345", "2199-01", "200", ""),
        ("0012345", "2024-05", "1e9", ""),
        ("0012345", "2024-06", "12,34", ""),
        ("0012345", "2024-07", "100000", ""),
        ("0012345", "2024-08", "1.234", ""),
        ("7777", "2024-08", "1", ""),
        ("0012345", "2024-09", "", ""),
    ]
    path = book(tmp_path, 抄表=(READ, rows))
    found = errors(path)
    assert [(row, column) for row, column, _ in found] == [
        (2, "B"), (3, "C"), (4, "B"), (5, "C"), (6, "C"), (7, "C"), (8, "C"), (9, "A"), (10, "C"),
    ]  # fmt: skip
    assert found[0][2] == "这块表已抄到 2024-03" and found[1][2] == "小于上次读数（上次 130.00）"
    assert found[7][2] == "没有这个表计"
    with pytest.raises(ImportRefused):
        import_workbook(path)
    assert Reading.select().count() == 2


def test_a_register_is_checked(estate: Estate, tmp_path: Path) -> None:
    estate.house("101")
    fees = estate.item("物业费")
    rows = [
        ("1", "水", "1-1-101", "", "", "", "", fees.code),
        ("2", "水", "", "", "", "", "", ""),
        ("3", "水", "1-1-999", "", "", "", "", ""),
        ("4", "电", "", "1", "", "", "", water(estate).code),
        ("5", "油", "1-1-101", "", "", "", "", ""),
    ]
    found = errors(book(tmp_path, 表计=(REGISTER, rows)))
    assert [(row, reason) for row, _, reason in found][:4] == [
        (2, "这个项目不是“按读数”的"), (3, "没有填房号"), (4, "没有这个房屋"),
        (5, "公共表不直接收费，用量由公共分摊"),
    ]  # fmt: skip
    assert found[4][0] == 6


def test_an_item_of_readings_is_given_to_no_house_by_a_workbook(estate: Estate, tmp_path: Path) -> None:
    estate.house("101")
    item = water(estate)
    path = book(tmp_path, 收费设置=(("房号", "项目编号"), [("1-1-101", item.code)]))
    assert errors(path) == [(2, "B", "这个项目按读数收费，不用设置到房屋")]


def test_the_peers_sample_row_is_refused_for_standing_under_wrong_headings(
    estate: Estate, tmp_path: Path
) -> None:
    water(estate)
    row = ("1-1-1智能水表", 1212, 1001, 1001, 33, "有", 110, 10102)
    notes = [(None,) * 8, (None,) * 8]
    path = book(tmp_path, 水电表=(PEER, [row, *notes]))
    found = imports.plan(path)
    assert found.layout == "HC小区物业管理系统水电表"
    (error,) = found.errors
    assert (error.row, error.cell) == (2, "第2行")
    assert error.reason == "各列内容错位：表类型是“1001”、房屋是“33”、费用项是“有”、厂家是“110”"
    with pytest.raises(ImportRefused, match="第2行：各列内容错位"):
        import_workbook(path)
    assert Meter.select().count() == 0


def test_the_peers_register_comes_in_where_it_is_right(estate: Estate, tmp_path: Path) -> None:
    unit = estate.house("1001")
    item = water(estate)
    rows = [
        ("1-1-1001 水表", 1212, "水费", 2002, "1-1-1001", "水费", 3, 10102),
        ("1-1-1001 电表", 1213, "电费", 2002, "1-1-1001", "油费", 1, 10102),
    ]
    path = book(tmp_path, 水电表=(PEER, rows))
    assert errors(path) == [(3, "F", "没有这个收费项目")]
    import_workbook(path, skip_errors=True)
    made = Meter.get()
    assert (made.number, made.kind, made.unit, made.item) == ("1212", MeterKind.WATER, unit, item)
    assert made.place == "1-1-1001 水表" and item.basis is Basis.METER and START
