"""FE-21 and FE-22, printed into real PDFs and read back."""

from decimal import Decimal
from pathlib import Path

import pytest

from models.clock import now
from models.errors import BadInput
from models.fees.commons.fund import FundProject
from models.fees.commons.funding import (
    accept_fund,
    add_fund_project,
    approve_fund,
    draw_fund,
    record_fund_vote,
    withdraw_fund,
)
from tests.estate import Estate
from tests.reports.fees.test_papers import printed

LONG = "屋面防水层老化开裂，䶮𠮷㛃三处渗入顶层住户，雨季以来接报修二十余次，局部修补无效，需整体翻新"


def furnish(estate: Estate, draws: int = 2) -> FundProject:
    for room in ("101", "102", "103"):
        estate.house(room, owner=f"王桂芳{room}")
    project = add_fund_project("屋面防水", "1栋屋面", LONG, Decimal("90000.00"), estate.building)
    record_fund_vote(project, 3, Decimal("300"), 2, Decimal("200"), note="书面征求意见")
    approve_fund(project, "房资〔2026〕12号", Decimal("88000.00"), "鲁班防水工程有限公司")
    for number in range(draws):
        draw_fund(project, Decimal("1000.00"), f"ZQ-{number + 1}", note=LONG[:60])
    return project


def test_the_record_tells_who_bears_it_the_vote_and_the_money(estate: Estate, tmp_path: Path) -> None:
    project = furnish(estate)
    accept_fund(project, Decimal("80000.00"), "闭水四十八小时不漏")
    text, reader = printed("FE-21", tmp_path, number=project.number)
    flat = text.replace("\n", "")
    for words in (
        "维修资金使用登记表", project.number, "屋面防水", "䶮𠮷㛃", "90,000.00", "1栋", "300.00", "100.0",
        "已验收", "3；300.00", "2；200.00", "通过", "书面征求意见", "房资〔2026〕12号",
        "鲁班防水工程有限公司", "88,000.00", "ZQ-2", "1,000.00", "80,000.00", "78,000.00",
        "闭水四十八小时不漏", "第二百七十八条", "不是应急使用",
    ):  # fmt: skip
        assert words in flat, words
    assert "王桂芳" not in flat and len(reader.pages) <= 2


def test_many_draws_go_on_to_the_next_page_and_one_given_up_says_so(estate: Estate, tmp_path: Path) -> None:
    project = furnish(estate, draws=40)
    text, reader = printed("FE-21", tmp_path, number=project.number)
    assert len(reader.pages) > 1 and "ZQ-40" in text
    other = add_fund_project("外墙", "2栋", "脱落", Decimal("1.00"), urgent=True, urgency="砸人危险")
    withdraw_fund(other, "并入大修")
    text, _ = printed("FE-21", tmp_path, number=other.number)
    assert "已撤销" in text and "砸人危险" in text and "全小区" in text


def test_the_register_lists_a_year_with_its_sums(estate: Estate, tmp_path: Path) -> None:
    furnish(estate)
    for number in range(30):
        add_fund_project(f"第{number}项维修", "x", "y", Decimal("100.00"))
    text, reader = printed("FE-22", tmp_path, period=str(now().year))
    flat = text.replace("\n", "")
    assert len(reader.pages) > 1 and "第29项维修" in flat and "93,000.00" in flat and "2,000.00" in flat


def test_they_ask_for_what_they_need_and_print_blank(estate: Estate, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="WZJ"):
        printed("FE-21", tmp_path)
    with pytest.raises(BadInput, match="2026"):
        printed("FE-22", tmp_path)
    for code, title in (("FE-21", "维修资金使用登记表"), ("FE-22", "维修资金使用台账")):
        text, reader = printed(code, tmp_path, blank=True)
        assert title in text and len(reader.pages) == 1
