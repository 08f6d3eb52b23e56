"""FE-10: blank, waiting for approval, approved, refunded; read back from the real PDF."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from models.deeds import acting
from models.errors import BadInput, NotFound
from models.fees.adjusting import refund, reverse_bills
from models.fees.billing import bill
from models.fees.bills import Bill
from models.fees.cashier import receive
from models.fees.closings import close_day
from models.fees.reversing import reverse_receipt
from models.months import Month
from models.office.applying import request
from models.owners.estate import Unit
from tests.estate import Estate, stop_chains
from tests.models.office.chain_world import People
from tests.office_people import worker
from tests.reports.fees.test_papers import printed

MONTH = Month.of(date.today())
LONG = "二次供水泵房检修停水三天，" * 8 + "𠮷先生、㛃女士、张䶮反映"


@pytest.fixture
def house(estate: Estate) -> Unit:
    unit = estate.house("101", owner="张䶮")
    estate.give(unit, estate.item("物业费", price="3.3333"), MONTH.first)
    bill(MONTH)
    return unit


def test_the_empty_form_has_room_for_every_signature(estate: Estate, tmp_path: Path) -> None:
    text, pages = printed("FE-10", tmp_path, blank=True)
    assert len(pages.pages) == 1
    for words in ("□空置减免", "□红冲收据", "客服主管", "公司（超限额）", "领款", "退款账户"):
        assert words in text


def test_an_application_prints_as_a_draft_and_once_approved_with_who_approved(
    house: Unit, tmp_path: Path
) -> None:
    people, supervisor = People(), worker("陈主管", "客服主管")
    values = {"bills": [Bill.get()], "percent": Decimal(10), "reason": LONG[:200], "basis": "合同第9条"}
    with acting(people.clerk):
        asked = request("fees.reduce", values)
    text, _ = printed("FE-10", tmp_path, number=asked.number)
    assert "草稿" in text and "-33.33" in text and "负叁拾叁元叁角叁分" in text and "𠮷先生、㛃女士" in text
    with acting(supervisor):
        asked.approve()
    with acting(people.manager):
        type(asked).get_by_id(asked.id).approve("同意")
    text, _ = printed("FE-10", tmp_path, number=asked.number)
    assert "草稿" not in text and "王主任同意" in text and "陈主管同意" in text and "333.33" in text


def test_a_refund_shows_four_digits_of_the_account_and_who_takes_the_money(
    house: Unit, tmp_path: Path
) -> None:
    stop_chains()
    receive(house, Decimal("1000.00"))
    refund(house, Decimal("600.00"), "合同终止", "合同第20条", account="6222020000001234")
    text, _ = printed("FE-10", tmp_path, number=f"TK-{MONTH.number}-001")
    assert "1234" in text and "62220200" not in text and "领款" in text and "预存退款" in text


def test_a_reversed_receipt_and_many_lines(estate: Estate, house: Unit, tmp_path: Path) -> None:
    stop_chains()
    for back in range(1, 45):
        estate_month = MONTH.plus(-back)
        bill(estate_month, catch_up=False)
    lines = list(Bill.select())
    reverse_bills(lines, "面积录错", "收费标准")
    text, pages = printed("FE-10", tmp_path, number=f"HC-{MONTH.number}-001")
    assert "合计" in text and len(pages.pages) >= len(lines) // 40
    day = date(2020, 6, 1)
    payment = receive(house, Decimal("10.00"), on=day)
    close_day(day)
    reverse_receipt(payment.receipts[0], "收错户", "制度")
    text, _ = printed("FE-10", tmp_path, number=f"HC-{MONTH.number}-002")
    assert payment.receipts[0].number.replace(" ", "") in text and "红冲收据" in text


def test_what_is_not_there_is_said(house: Unit, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="JM-209901-001"):
        printed("FE-10", tmp_path, number="JM-209901-001")
    with pytest.raises(BadInput, match="请写明单号"):
        printed("FE-10", tmp_path)
