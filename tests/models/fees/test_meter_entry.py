"""The sheet on which a round is typed back: its order, what it says while one types, all or nothing."""

from datetime import date
from decimal import Decimal

import pytest

from models import batches
from models.deeds import DEEDS
from models.entries import Line
from models.errors import RuleBroken
from models.fees.meter_entry import enter_readings, reading
from models.fees.meters import Meter
from models.fees.readings import Reading
from models.fees.taking import replace_meter
from models.listings import Filters
from models.months import Month, Period
from models.rows import RowRefused
from tests.estate import Estate
from tests.models.fees.metering import START, charged, meter, read, usages, water

D = Decimal
FEB = Filters(period=Period.parse("2024-02"))


@pytest.fixture
def three(estate: Estate) -> list[Meter]:
    """Three meters on a route that is not walked in the order of houses."""
    item = water(estate)
    houses = [estate.house(room) for room in ("101", "102", "103")]
    meters = [
        meter(house, item, f"B{at}", route="甲线", position=position)
        for at, (house, position) in enumerate(zip(houses, (3, 1, 2), strict=True))
    ]
    for one in meters:
        read(one, "100")
    return meters


def said(line: Line, value: str, rolled: bool = False) -> tuple[str, str]:
    sheet = reading.sheet(FEB)
    row = {"value": D(value), "rolled": rolled}
    assert sheet.follows is not None
    return sheet.judge(line, row), sheet.follows(line, row)


def test_it_lists_in_walking_order_what_was_not_read(three: list[Meter]) -> None:
    read(three[2], "110", first=START.plus(1))
    sheet = reading.sheet(FEB)
    assert [line.told for line in sheet.lines] == [
        ("B1", "甲线", "1-1-102", D("100"), None),
        ("B0", "甲线", "1-1-101", D("100"), None),
    ]
    assert sheet.lines[0].fixed == {"meter": three[1].id, "month": START.plus(1), "previous": D("100")}


def test_it_tells_the_usage_and_warns_of_what_is_strange(three: list[Meter]) -> None:
    line = reading.sheet(FEB).lines[0]
    assert said(line, "112.5") == ("", "用量 12.50")
    assert said(line, "99")[0] == "小于上次读数：请核对，走满一圈的填过零"
    assert said(line, "99", True) == ("", "用量 99,999.00")
    assert said(line, "101", True)[0] == "不小于上次读数，没有过零"
    assert said(line, "100000")[0] == "超过 5 位表能显示的数"
    read(three[1], "110", first=START.plus(1))
    sheet = reading.sheet(Filters(period=Period.parse("2024-03")))
    line = next(line for line in sheet.lines if line.key == "B1")
    assert line.told[-1] == D("10")
    assert sheet.judge(line, {"value": D("123")}) == ""
    assert sheet.judge(line, {"value": D("124")}) == "用量 14.00，比前三月多 40.0%，请核对"


def test_less_than_usual_is_told_as_less(three: list[Meter]) -> None:
    read(three[1], "110", first=START.plus(1))
    sheet = reading.sheet(Filters(period=Period.parse("2024-03")))
    line = next(line for line in sheet.lines if line.key == "B1")
    assert sheet.judge(line, {"value": D("112")}) == "用量 2.00，比前三月少 80.0%，请核对"


def test_a_month_ahead_has_no_lines_and_says_why(three: list[Meter]) -> None:
    ahead = Month.of(date.today()).plus(1)
    sheet = reading.sheet(Filters(period=Period.of_month(ahead)))
    assert not sheet.lines and f"{ahead} 还没有到" in sheet.warns
    assert reading.sheet(Filters()).warns == ""


def test_a_new_meter_is_compared_with_the_one_it_replaced(three: list[Meter]) -> None:
    one = three[1]
    read(one, "110", first=START.plus(1))
    replace_meter(one, D("115"), "N1", D("0"), date(2024, 3, 5))
    sheet = reading.sheet(Filters(period=Period.parse("2024-03")))
    line = next(line for line in sheet.lines if line.key == "N1")
    assert sheet.judge(line, {"value": D("5")}) == ""
    assert "比前三月多 100.0%" in sheet.judge(line, {"value": D("15")})


def test_a_round_is_one_batch_that_can_be_undone(three: list[Meter]) -> None:
    rows = [{"meter": one, "value": D(100 + 10 * at), "month": START.plus(1)} for at, one in enumerate(three)]
    done = enter_readings(rows, date(2024, 2, 27))
    assert done.batch.title == "2024-02 抄表" and done.batch.count == 3
    assert done.summary() == f"3 块，批次 {done.batch.id}。"
    assert {one.day for one in Reading.select().where(Reading.batch == done.batch)} == {date(2024, 2, 27)}
    batches.undo(done.batch)
    assert usages(three[2]) == ["0.00"]
    again = enter_readings(rows)
    charged(START.plus(1))
    with pytest.raises(RuleBroken, match="已经出账，不能撤回"):
        batches.undo(again.batch)


def test_the_row_that_cannot_be_is_named_and_nothing_is_written(three: list[Meter]) -> None:
    rows = [{"meter": three[0], "value": D(120)}, {"meter": three[1], "value": D(90)}]
    with pytest.raises(RowRefused, match=r"第 2 行：.*90\.00 小于上次读数 100\.00"):
        enter_readings([{**row, "month": START.plus(1)} for row in rows])
    assert Reading.select().count() == 3
    with pytest.raises(RowRefused, match="第 2 行：没有表计“没有”"):
        DEEDS["fees.enter_readings"].call(None, {"rows": "B0|101\n没有|1"})
    with pytest.raises(RowRefused, match="第 1 行：读数“1e9”不是一个数"):
        DEEDS["fees.enter_readings"].call(None, {"rows": "B0|1e9"})
    with pytest.raises(RowRefused, match=r"第 1 行：.*上次读数刚被改过"):
        enter_readings([{"meter": three[0], "value": D(120), "previous": D(99)}])
    assert Reading.select().count() == 3


def test_what_is_strange_is_named_afterwards(three: list[Meter]) -> None:
    read(three[0], "110", "120", first=START.plus(1))
    done = enter_readings([{"meter": three[0], "value": D(180), "month": Month(2024, 4)}])
    assert done.summary() == f"1 块，批次 {done.batch.id}；用量异常 1 块：B0。"
