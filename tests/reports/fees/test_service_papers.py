"""FE-14, and services on the other papers of fees, printed into real PDFs and read back."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from models.deeds import acting
from models.errors import BadInput, PermissionDenied
from models.fees.cashier import receive
from models.fees.charging import charge_service, void_service
from models.fees.items import Basis, Category
from models.fees.services import Service, ServiceSlip, add_service
from models.owners.estate import Unit
from tests.estate import Estate
from tests.models.fees.world import Collector
from tests.reports.fees.test_papers import printed

DAY = date(2026, 2, 3)
NAME = "厨房䶮牌抽油烟机拆洗及管道疏通（含耗材、登高作业、垃圾清运）"


@pytest.fixture
def unit(estate: Estate) -> Unit:
    return estate.house("101", owner="𠮷田㛃")


@pytest.fixture
def service(estate: Estate) -> Service:
    item = estate.item("特约服务费", basis=Basis.FIXED, category=Category.SERVICE)
    return add_service(code="T1", name=NAME, measure="台·次", price=Decimal("128.5"), item=item)


def test_a_slip_has_two_copies_and_its_sum_in_capitals(unit: Unit, service: Service, tmp_path: Path) -> None:
    slip = charge_service(unit, service, Decimal("1.50"), on=DAY, note="上门前电话联系㛃女士")
    text, reader = printed("FE-14", tmp_path, number=slip.number)
    assert len(reader.pages) == 2
    for words in (
        "存根联",
        "业主联",
        "𠮷田㛃",
        NAME[:12],
        "1.50",
        "128.50",
        "192.75",
        "2026年2月25日",
        "㛃女士",
    ):
        assert words in text
    assert "人民币壹佰玖拾贰元柒角伍分" in text and "业主（住户）确认" in text
    void_service(ServiceSlip.find(slip.number), "做错户")
    text, _ = printed("FE-14", tmp_path, unit=unit)
    assert "作废" in text and "做错户" in text


def test_notice_table_and_receipt_tell_the_service(unit: Unit, service: Service, tmp_path: Path) -> None:
    charge_service(unit, service, Decimal(2), on=DAY)
    text, _ = printed("FE-02", tmp_path, period="2026-02", unit=unit)
    flat = text.replace("\n", "")
    assert "2月3日" in flat and "2台·次×128.50" in flat and "257.00" in flat
    text, _ = printed("FE-01", tmp_path, period="2026-02")
    assert "257.00" in text
    (receipt,) = receive(unit, Decimal("257.00"), on=DAY).receipts
    text, _ = printed("FE-06", tmp_path, number=receipt.number)
    assert "2台·次" in text and "128.50" in text and "人民币贰佰伍拾柒元整" in text


def test_slips_of_a_month_are_one_file_and_others_are_refused(
    unit: Unit, service: Service, tmp_path: Path
) -> None:
    slips = [charge_service(unit, service, on=DAY) for _ in range(3)]
    text, reader = printed("FE-14", tmp_path, period="2026-02")
    assert len(reader.pages) == 6 and all(slip.number in text for slip in slips)
    with pytest.raises(BadInput, match="请写明特服单号"):
        printed("FE-14", tmp_path)
    with acting(Collector(-1)), pytest.raises(PermissionDenied, match="不在您负责的范围内"):
        printed("FE-14", tmp_path, number=slips[0].number)


def test_the_form_prints_blank(unit: Unit, tmp_path: Path) -> None:
    text, reader = printed("FE-14", tmp_path, blank=True)
    assert "JL-FE-14A/0" in text and len(reader.pages) == 2
