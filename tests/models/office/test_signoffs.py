"""The day's log, and what lies to be read: signed by a superior, passed on, answered (duty c01.a.01)."""

from datetime import date, datetime

import pytest

from desktop import modules
from models import deeds
from models.clock import standing_at
from models.desk import reminders_on
from models.errors import BadInput, RuleBroken
from models.listings import LISTS, Filters
from models.office.logs import DutyLog, write_log
from models.office.signoffs import (
    Paper,
    SignOff,
    SignOffState,
    answer_sign_off,
    pass_on,
    read,
    sign_off_of,
    to_be_read,
)
from models.office.staff import Post
from tests.estate import Estate, writing
from tests.models.complaints.desk_world import MONDAY, ServiceDesk
from tests.office_people import worker

modules.load()


@pytest.fixture
def desk(estate: Estate) -> ServiceDesk:
    return ServiceDesk(estate)


def written(desk: ServiceDesk) -> DutyLog:
    with deeds.acting(desk.lead), standing_at(datetime(2026, 3, 2, 17, 30)):
        return write_log("晨检各岗位", post=Post.find("客服主管"))


def test_a_log_knows_what_came_that_day(desk: ServiceDesk) -> None:
    desk.complain()
    desk.report()
    desk.report("B05")
    log = written(desk)
    assert log.number == "GLRZ-20260302-客服主管"
    assert log.calls == "投诉 1 件；报修 2 件；来访 0 次"
    assert [one.kind for one in SignOff.select().order_by(SignOff.id)] == [Paper.COMPLAINT, Paper.LOG]


def test_a_log_is_changed_by_its_writer_until_it_is_read(desk: ServiceDesk) -> None:
    log = written(desk)
    with deeds.acting(desk.lead):
        log.edit(incidents="停电十分钟")
        assert "突发：停电十分钟" in sign_off_of(log.number).told
        with pytest.raises(RuleBroken, match="您自己写的日志"):
            read([sign_off_of(log.number)])
    with deeds.acting(desk.director), pytest.raises(RuleBroken, match="请由本人修改"):
        log.edit(work="改写")
    with deeds.acting(desk.director):
        read([sign_off_of(log.number)], "注意夜间值班")
    with deeds.acting(desk.lead), pytest.raises(RuleBroken, match="签阅，不能再改"):
        DutyLog.get().edit(work="改写")
    assert (DutyLog.get().work, DutyLog.get().incidents) == ("晨检各岗位", "停电十分钟")


def test_a_log_is_of_one_post_and_of_a_day_that_came(desk: ServiceDesk) -> None:
    written(desk)
    with deeds.acting(desk.lead), standing_at(datetime(2026, 3, 2, 18, 0)):
        with pytest.raises(BadInput, match="写过"):
            write_log("再写一遍", post=Post.find("客服主管"))
        with pytest.raises(BadInput, match="还没有到"):
            write_log("明天的", day=date(2026, 3, 3), post=Post.find("客服主管"))
        with writing():
            desk.lead.staff.change(post=None)
        with pytest.raises(BadInput, match="请填岗位"):
            write_log("没有岗位")
    assert DutyLog.select().count() == 1


def test_what_is_passed_on_is_answered_by_whoever_has_it(desk: ServiceDesk) -> None:
    case = desk.complain()
    note = sign_off_of(case.number)
    assert note.told.startswith("1-1-101 员工态度 服务态度差：内容T16")
    assert note.described().startswith(f"{case.number} 1-1-101 员工态度")
    with standing_at(MONDAY), deeds.acting(desk.lead):
        with pytest.raises(BadInput, match="已经过了"):
            pass_on(note, desk.handler, date(2026, 3, 1), "请处理")
        pass_on(note, desk.handler, date(2026, 3, 4), "请当面道歉")
        with pytest.raises(RuleBroken, match="已由 高主管"):
            read([note])
    with deeds.acting(worker("旁人", "客服管理员")):
        assert LISTS["sign_offs"]().count() == 0, "whoever does not read sees his own alone"
        with pytest.raises(RuleBroken, match="转给了 林经办"):
            answer_sign_off(note, "已办")
    late = [one for one in reminders_on(date(2026, 3, 6)) if "超期没有办复" in one.title]
    assert [one.count for one in late] == [1]
    answer_sign_off(note, "已当面道歉")
    assert SignOff.get().state is SignOffState.ANSWERED
    with pytest.raises(RuleBroken, match="不用办复"):
        answer_sign_off(note, "再答一次")


def test_the_desk_reminds_of_what_nobody_read(desk: ServiceDesk) -> None:
    desk.complain()
    told = {one.title: one.count for one in reminders_on(date(2026, 3, 2)) if "待签阅" in one.title}
    assert told == {"1 件今天的待签阅": 1}
    told = {one.title: one.tone for one in reminders_on(date(2026, 3, 3)) if "待签阅" in one.title}
    assert told == {"1 件昨天和以前的待签阅": "danger"}


def test_long_words_are_cut_to_a_line(estate: Estate) -> None:
    with writing():
        one = to_be_read(Paper.COMPLAINT, "TS-1", date(2026, 3, 2), "很\n长" * 300)
    assert 190 < len(one.told) <= 200 and "\n" not in one.told
    assert LISTS["sign_offs"](Filters(state="待阅")).count() == 1


def test_ones_own_log_does_not_wait_for_oneself(desk: ServiceDesk) -> None:
    written(desk)
    with deeds.acting(desk.lead):
        assert LISTS["sign_offs"]().count() == 0
        assert [one for one in reminders_on(date(2026, 3, 3)) if "待签阅" in one.title] == []
    with deeds.acting(desk.director):
        assert LISTS["sign_offs"](Filters(state="待阅")).count() == 1
        assert [one.count for one in reminders_on(date(2026, 3, 3)) if "待签阅" in one.title] == [1]
