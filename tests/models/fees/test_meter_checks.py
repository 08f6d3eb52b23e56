"""What must hold among readings, what meters lack, and what the desk and the lists say of them."""

from datetime import date
from decimal import Decimal

import pytest

from models import checks, desk, health
from models.base import db
from models.fees import reading_lists  # noqa: F401 - its list
from models.fees.meter_checks import meters_not_read, meters_without_item, meters_without_route
from models.fees.meters import add_meter
from models.fees.readings import Reading
from models.fees.taking import enter_reading, estimate_readings
from models.listings import LISTS, Filters
from models.months import Month, Period
from tests.estate import Estate
from tests.models.fees.metering import START, charged, meter, read, water

D = Decimal
NOW = Month.of(date.today())


def broken() -> list[str]:
    """Return what the checks of readings find."""
    return [told for name in ("抄表用量", "抄表计费") for told in checks.INVARIANTS[name]()]


def test_an_edit_behind_the_programs_back_is_named(estate: Estate) -> None:
    one = meter(estate.house("101"), water(estate))
    read(one, "100", "110")
    (line,) = charged(START.plus(1))
    assert broken() == []
    db.execute_sql("UPDATE reading SET usage = 900 WHERE base = 0")
    assert broken() == ["水表 0012345 1-1-101 2024-02 记用量 9.00，按读数却是 10.00"]
    db.execute_sql("UPDATE reading SET usage = 1000 WHERE base = 0")
    db.execute_sql("DROP TRIGGER metered_no_update")
    db.execute_sql("UPDATE metered SET usage = 900")
    assert broken() == [f"账单 {line.id} 用量 10.00，各月却合计 9.00"]
    db.execute_sql("DROP TRIGGER metered_no_delete")
    db.execute_sql("DELETE FROM metered")
    assert broken() == [f"账单 {line.id} 用量 10.00，各月却没有记"]


def test_what_meters_lack_is_listed(estate: Estate) -> None:
    item = water(estate)
    whole = meter(estate.house("101"), item, route="甲线")
    bare = meter(estate.house("102"), None, "2")
    add_meter(number="E1", place="泵房", route="甲线")
    enter_reading(whole, D("1"), NOW.plus(-1))
    assert [gap.id for gap in meters_without_item()] == [bare.id]
    assert [gap.id for gap in meters_without_route()] == [bare.id]
    assert [gap.subject for gap in meters_not_read()] == ["水表 E1 泵房", "水表 2 1-1-102"]
    assert {"表计没有收费项目", "表计没有抄表路线", "上月没有抄表"} <= {one.title for one in health.CHECKS}


def said(day: date) -> list[str]:
    return [one.title for one in desk.reminders_on(day) if "表" in one.title]


def test_the_desk_reminds_of_what_was_not_read_towards_the_end_of_a_month(estate: Estate) -> None:
    one = meter(estate.house("101"), water(estate))
    meter(estate.house("102"), None, "2")
    read(one, "100", "110", "120", "180")
    assert said(date(2024, 5, 24)) == [] and said(date(2024, 5, 25)) == ["2 块表本月未抄"]
    assert said(date(2024, 4, 26)) == ["1 块表本月未抄", "本月 1 块表用量异常"]


def test_the_list_says_what_became_of_each_reading(estate: Estate) -> None:
    one = meter(estate.house("101"), water(estate))
    common = add_meter(number="E1", place="泵房")
    read(common, "5", "6")
    _, wrong, _, _ = read(one, "100", "110", "120", "180")
    charged(START.plus(1))
    wrong.correct(D("111"), "看错")
    estimate_readings(START.plus(4), one)
    listing = LISTS["readings"]
    states = {(row.values[0], row.values[1]): row.values[12].value for row in listing().rows()}
    assert states[START, "0012345"] == "底数" and states[START.plus(1), "E1"] == "公共表"
    assert states[START.plus(1), "0012345"] == "已出账" and states[START.plus(2), "0012345"] == "未出账"
    assert listing(Filters(void=True)).count() == listing().count() + 1
    assert listing(Filters(state="已更正或撤回")).count() == 1
    march = Filters(period=Period.of_month(START.plus(3)))
    (reminder,) = [one for one in desk.reminders_on(date(2024, 4, 3)) if "异常" in one.title]
    assert listing(march).meeting(*reminder.asked).count() == reminder.count == 1
    assert listing(Filters(period=Period.of_month(START.plus(1)))).meeting(*reminder.asked).count() == 0


@pytest.mark.parametrize("name", ["meters", "readings"])
def test_lists_ask_once_however_many_rows(estate: Estate, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    item = water(estate)
    for at in range(6):
        read(meter(estate.house(f"10{at}"), item, f"B{at}"), "1", "2")
    asked = []
    run = db.execute_sql
    monkeypatch.setattr(db, "execute_sql", lambda *args, **more: asked.append(args) or run(*args, **more))
    assert len(list(LISTS[name]().rows())) >= 6
    assert len(asked) <= 3 and Reading.select().count() == 12
