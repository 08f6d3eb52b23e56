"""What goes out without a letter: texts for WeChat and SMS, and the notices of a month handed out."""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import peewee
import pytest

from models.audit import AuditEntry
from models.base import db
from models.deeds import acting
from models.entries import ENTRIES
from models.errors import BadInput, NeedsApproval, PermissionDenied, RuleBroken
from models.fees.dunning import messages
from models.fees.dunning.disputes import dispute
from models.fees.dunning.messages import coming, message, message_due
from models.fees.dunning.notice_delivering import (
    NoticeDelivery,
    NoticeWay,
    hand_notices,
    notice_deliveries,
    withdraw_notice,
)
from models.fees.dunning.promises import promise
from models.fees.dunning.wording import FORBIDDEN, refuse_unlawful
from models.listings import Filters
from models.months import Month, Period
from models.office.chains import start_chain
from models.office.permits import MANY
from models.owners.estate import Unit
from models.owners.people import Person
from models.rows import RowRefused
from tests.estate import Estate, writing
from tests.models.fees.dunning.ladder_world import DUE, JANUARY, owing, run, worker
from tests.models.fees.world import Collector
from tests.office_people import worker as account
from tests.reports.fees.test_papers import printed

PERIOD = Period.parse("2026-01")


@pytest.fixture
def street(estate: Estate) -> list[Unit]:
    """Three houses that owe 100.00 each since January; the first owner has a telephone."""
    made = [owing(estate, room, name) for room, name in (("101", "张䶮"), ("102", "李明"), ("103", None))]
    with writing():
        Person.get(Person.name == "张䶮").change(phone="13812345678")
    run()
    return made


# -- texts -----------------------------------------------------------------------------------------


def test_one_text_a_household_says_what_is_owed_and_how_to_pay(street: list[Unit]) -> None:
    made = message([street[0]])
    (one,) = made.texts
    assert made.table() == one.text
    for words in ("张䶮您好", "1栋1单元101", "100.00 元", "2026年1月25日", "缴费方式"):
        assert words in one.text
    assert "\n" not in one.text and "\t" not in one.text


def test_several_are_lines_of_telephone_and_text_and_the_audit_tells_whose(street: list[Unit]) -> None:
    made = message(street)
    assert made.done() == "已生成 3 户的文字，2 户没有电话（1-1-102、1-1-103）"
    assert [line.split("\t")[0] for line in made.table().split("\n")] == ["13812345678", "", ""]
    assert "产权人您好" in made.texts[2].text
    entry = AuditEntry.select().order_by(AuditEntry.id.desc()).get()
    assert (entry.deed, entry.facts["texts"]) == ("fees.message", 3)
    assert entry.facts["houses"] == ["1-1-101", "1-1-102", "1-1-103"]


def test_who_disputes_or_promised_is_not_asked(street: list[Unit]) -> None:
    dispute(street[0], "面积不对")
    promise(street[1], [{"day": date.today(), "amount": Decimal("100.00")}])
    made = message(street)
    assert [one.unit for one in made.texts] == ["1-1-103"]
    assert "1-1-101 全部有异议" in made.done() and "1-1-102 承诺" in made.done()
    with pytest.raises(RuleBroken, match="没有可以发的文字"):
        message(street[:2])


def test_a_reminder_comes_days_before_the_due_day_and_not_after(street: list[Unit]) -> None:
    counts = [len(coming(DUE.replace(day=day))) for day in (21, 22, 25, 26)]
    assert counts == [0, 3, 3, 0]
    dispute(street[0], "面积不对")
    assert len(coming(DUE)) == 2
    with pytest.raises(RuleBroken, match="没有可以发的文字"):
        message_due()


def test_the_text_of_a_reminder_is_of_the_current_bills(
    street: list[Unit], monkeypatch: pytest.MonkeyPatch
) -> None:
    class OnThatDay(date):
        @classmethod
        def today(cls) -> date:
            return date(2026, 1, 23)

    monkeypatch.setattr(messages, "date", OnThatDay)
    made = message_due()
    assert len(made.texts) == 3 and "缴费截止日是 2026年1月25日" in made.texts[0].text


def test_no_text_threatens_with_what_the_law_forbids(street: list[Unit]) -> None:
    told = "".join(one.text for one in message(street).texts)
    assert [word for word in FORBIDDEN if word in told] == []


def test_texts_want_their_right_their_reach_and_no_guard(street: list[Unit]) -> None:
    with acting(account("赵会计", "会计")), pytest.raises(PermissionDenied):
        message(street)
    with acting(Collector(worker("外人").id)), pytest.raises(PermissionDenied):
        message(street)
    with (
        acting(Collector(worker("单长河", "秩序维护部", "保安班长").id)),
        pytest.raises(RuleBroken, match="保安"),
    ):
        message_due()


def test_many_texts_want_a_permit_where_the_office_asks_for_one(
    estate: Estate, monkeypatch: pytest.MonkeyPatch
) -> None:
    units = [owing(estate, f"{floor}01") for floor in range(1, 53)]
    run()
    start_chain(MANY)
    with acting(account("陈主管", "客服主管")):
        assert len(message(units[:50]).texts) == 50
        with pytest.raises(NeedsApproval):
            message(units)


# -- notices ---------------------------------------------------------------------------------------


def test_the_signed_list_is_typed_back_and_prints_with_its_counts(street: list[Unit], tmp_path: Path) -> None:
    text, _ = printed("FE-03", tmp_path, period="2026-01")
    assert "应派3户" in text and "已派______户" in text
    sheet = ENTRIES["handing_notices"].sheet(Filters(period=PERIOD))
    assert [line.key for line in sheet.lines] == ["1-1-101", "1-1-102", "1-1-103"]
    assert sheet.judge(sheet.lines[0], {}) == "没有填派发方式"
    rows = [
        {"unit": street[0], "month": JANUARY, "way": NoticeWay.HAND, "signed_by": "张䶮"},
        {"unit": street[1], "month": JANUARY, "way": NoticeWay.BOX},
    ]
    assert hand_notices(rows, datetime(2026, 1, 8, 10), worker()).summary() == "2 份。"
    assert [line.key for line in ENTRIES["handing_notices"].sheet(Filters(period=PERIOD)).lines] == [
        "1-1-103"
    ]
    text, _ = printed("FE-03", tmp_path, period="2026-01")
    assert "应派3户已派2户未派1户" in text and "01-0810:00" in text and "方小雨" in text
    assert "张贴" in text and "不张贴" in text


def test_what_cannot_have_been_handed_out_is_refused_and_nothing_written(street: list[Unit]) -> None:
    good = {"unit": street[0], "month": JANUARY, "way": NoticeWay.BOX}
    with pytest.raises(RowRefused, match="第 2 行：1-1-102 没有 2025-12 的交费通知单"):
        hand_notices([good, {**good, "unit": street[1], "month": Month(2025, 12)}], by=worker())
    with pytest.raises(RowRefused, match="第 2 行：JF-202601-1-1-101 已登记信箱派发"):
        hand_notices([good, good], by=worker())
    with pytest.raises(BadInput, match="还没有到"):
        hand_notices([good], datetime(2099, 1, 1), worker())
    assert NoticeDelivery.select().count() == 0


def test_a_wrong_entry_is_withdrawn_and_made_anew(street: list[Unit]) -> None:
    row = {"unit": street[0], "month": JANUARY, "way": NoticeWay.BOX}
    (made,) = hand_notices([row], by=worker()).made
    withdraw_notice(made, "投错信箱")
    with pytest.raises(RuleBroken, match="已经撤回过"):
        withdraw_notice(NoticeDelivery.get_by_id(made.id), "再撤")
    hand_notices([row], by=worker())
    assert notice_deliveries(Filters(period=PERIOD)).count() == 2
    assert notice_deliveries(Filters(state="已派发")).count() == 1
    with pytest.raises(peewee.IntegrityError):
        db.execute_sql("UPDATE notice_delivery SET way = 'HAND'")


def test_somebody_hands_out_the_notices_of_his_own_houses_alone(street: list[Unit]) -> None:
    row = {"unit": street[0], "month": JANUARY, "way": NoticeWay.BOX}
    with acting(Collector(worker("外人").id)):
        assert list(ENTRIES["handing_notices"].sheet(Filters(period=PERIOD)).lines) == []
        with pytest.raises(PermissionDenied):
            hand_notices([row], by=worker())


@pytest.mark.parametrize(
    "words",
    [
        "逾期将暂停供水",
        "逾期将公示欠费名单",
        "保安上门催收",
        "不交就拉闸",
        "逾期取消门禁",
        "不交的贴到小区公告栏",
        "不交费限制使用电梯",
    ],
)
def test_a_threat_is_refused_however_it_is_worded(words: str) -> None:
    with pytest.raises(RuleBroken, match="不能写"):
        refuse_unlawful(words, "催缴联系方式")


@pytest.mark.parametrize("words", ["服务中心前台，停车场东侧电话 0871-5550100", "客服主管，微信同号", None])
def test_how_one_is_reached_is_no_threat(words: str | None) -> None:
    refuse_unlawful(words, "催缴联系方式")


def test_what_was_done_may_name_repairs_but_no_threat() -> None:
    refuse_unlawful("已做停水、停电的应急抢修，每季度公示服务情况", "服务", service=True)
    with pytest.raises(RuleBroken, match="停水"):
        refuse_unlawful("不交就停水", "服务", service=True)
