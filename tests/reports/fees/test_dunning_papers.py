"""FE-04 and FE-05, printed and read back: what they say, how often, and what they must never say."""

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from pypdf import PdfReader

from desktop.printing import print_form
from models.deeds import acting
from models.errors import BadInput, NotFound, RuleBroken
from models.fees.dunning.issuing import dun, dun_formal, dun_unit
from models.fees.dunning.letters import Way, void_letters
from models.fees.dunning.rules import rules
from models.fees.dunning.wording import FORBIDDEN
from models.fees.items import FeeItem
from models.fees.late_terms import add_late_terms
from models.months import Period
from models.office.applying import request
from models.office.approvals import Approval
from models.office.chains import start_chain
from models.owners.estate import Unit
from tests.estate import Estate
from tests.models.fees.dunning.ladder_world import (
    FIRST,
    FORMAL,
    JANUARY,
    climb,
    handed,
    letters,
    owing,
    run,
)
from tests.models.office.chain_world import People
from tests.office_people import worker as account
from tests.reports.fees.test_papers import printed

LONG = "本公司自 2019 年 6 月起按合同提供保洁、绿化、秩序维护和公共设施养护，𠮷先生、㛃女士均无异议；" * 6


@pytest.fixture
def house(estate: Estate) -> Unit:
    """A house of 张䶮 that owes for January 2026, with late payment agreed on."""
    add_late_terms(clause="合同第八条", daily=Decimal("0.5"), since=date(2026, 1, 1))
    unit = owing(estate, owner="张䶮")
    run()
    return unit


def test_a_first_letter_prints_twice_with_all_it_asks_for(house: Unit, tmp_path: Path) -> None:
    dun_unit(house, on=FIRST)
    text, reader = printed("FE-04", tmp_path, number="cj1-202602-001")
    assert len(reader.pages) == 2
    for words in (
        "催缴通知单（第1次）", "CJ1-202602-001", "张䶮", "1栋1单元101", "2026年2月2日", "2026年2月9日",
        "2026年1月", "100.00", "0.40", "100.40", "人民币壹佰元零肆角", "日0.5‰（合同第八条）",
        "住户联", "存根联",
    ):  # fmt: skip
        assert words in text, words
    assert text.count("CJ1-202602-001") >= 2


def test_a_second_letter_names_the_first_and_how_it_was_handed_over(house: Unit, tmp_path: Path) -> None:
    climb(house, 2)
    handed(letters()[1], date(2026, 2, 25), Way.LEFT)
    text, _ = printed("FE-04", tmp_path, number="CJ2-202602-001")
    assert "第2次" in text and "CJ1-202602-001，2026-02-02邮寄已送达，EMSEMS000000001" in text
    assert "留置（已送达）" in text and "张三、李四" in text


def test_a_formal_demand_says_all_that_the_law_asks_for(house: Unit, tmp_path: Path) -> None:
    rules().edit(services=LONG, objection="服务中心客服主管 0871-5550100", contact="方小雨 0871-5550101")
    climb(house)
    text, reader = printed("FE-05", tmp_path, number="CGH-2026-001")
    for words in (
        "催告函", "CGH-2026-001", "张䶮", "《前期物业服务合同》（2019年6月1日签订），第十二条",
        "第九百四十四条第二款",
        "收到之日起15日内（不早于2026年4月10日）交清", "补开", "CJ1-202602-001", "CJ2-202602-001", "方小雨",
        "诉讼或者申请仲裁",
        "送达回证", "公司（公章）", "𠮷先生、㛃女士", "逐项见上表",
    ):  # fmt: skip
        assert words in text.replace("\n", ""), words
    assert len(reader.pages) == 1


def test_many_rows_go_over_two_pages_and_the_receipt_stays_on_the_last(
    estate: Estate, tmp_path: Path
) -> None:
    unit = estate.house("101", owner="张䶮" + "很长的公司名称" * 6)
    for number in range(45):
        item = estate.item(f"{number}号特约服务费㛃", since=JANUARY.first)
        estate.give(unit, item, JANUARY.first, JANUARY.last)
    run()
    climb(unit)
    text, reader = printed("FE-05", tmp_path, number="CGH-2026-001")
    assert len(reader.pages) > 1
    assert "送达回证" in re.sub(r"\s", "", reader.pages[-1].extract_text())
    assert text.count("号特约服务费㛃") == 45 and "4,500.00" in text


def test_a_void_letter_says_so_and_a_list_leaves_it_out(house: Unit, tmp_path: Path) -> None:
    dun(on=FIRST)
    void_letters(letters(), "地址写错")
    text, _ = printed("FE-04", tmp_path, number="CJ1-202602-001")
    assert "作废" in text and "地址写错" in text
    with pytest.raises(RuleBroken):
        printed("FE-04", tmp_path, period="2026-02")


def test_a_reprint_says_what_was_said_whatever_changed_since(house: Unit, tmp_path: Path) -> None:
    dun_unit(house, on=FIRST)
    before, _ = printed("FE-04", tmp_path, number="CJ1-202602-001")
    FeeItem.get(FeeItem.name == "物业费").edit(name="物业服务费")
    rules().edit(contact="别人")
    after, _ = printed("FE-04", tmp_path, number="CJ1-202602-001")
    strip = re.compile(r"\d{2}:\d{2}")
    assert strip.sub("", before) == strip.sub("", after)


def test_what_is_asked_for_wrongly_is_told(house: Unit, tmp_path: Path) -> None:
    dun_unit(house, on=FIRST)
    with pytest.raises(BadInput, match="请用 FE-04 打印"):
        printed("FE-05", tmp_path, number="CJ1-202602-001")
    with pytest.raises(NotFound, match="没有催缴单"):
        printed("FE-04", tmp_path, number="CJ1-202602-009")
    with pytest.raises(BadInput, match="请写明单号"):
        printed("FE-04", tmp_path)


def test_letters_of_a_month_print_together_in_the_order_of_houses(estate: Estate, tmp_path: Path) -> None:
    for room in ("102", "101"):
        owing(estate, room)
    run()
    dun(on=FIRST)
    text, reader = printed("FE-04", tmp_path, period="2026-02")
    assert len(reader.pages) == 4
    assert text.index("1栋1单元101") < text.index("1栋1单元102")
    assert Period.parse("2026-02").first == date(2026, 2, 1)


@pytest.mark.parametrize("code", ["FE-04", "FE-05"])
def test_no_paper_threatens_with_what_the_law_forbids(house: Unit, tmp_path: Path, code: str) -> None:
    climb(house)
    blank = tmp_path / "blank.pdf"
    print_form(code, blank=True, out=blank)
    number = {"FE-04": "CJ1-202602-001,CJ2-202602-001", "FE-05": "CGH-2026-001"}[code]
    filled, _ = printed(code, tmp_path, number=number)
    empty = "".join(re.sub(r"\s", "", page.extract_text()) for page in PdfReader(blank).pages)
    assert "催" in empty
    assert [word for word in FORBIDDEN if word in filled + empty] == []


def test_the_formal_demand_needs_its_contract(estate: Estate) -> None:
    unit = owing(estate)
    run()
    rules().edit(contract=None)
    climb(unit, 2)
    with pytest.raises(RuleBroken, match="哪份物业服务合同"):
        dun_formal(on=FORMAL)


def test_a_demand_that_was_approved_names_who_asked_and_who_agreed(house: Unit, tmp_path: Path) -> None:
    climb(house, 2)
    people, asking = People(), account("陈主管", "客服主管")
    start_chain("fees.dun_formal")
    with acting(asking):
        asked = request("fees.dun_formal", {"on": FORMAL.isoformat()})
    with acting(people.manager):
        Approval.get_by_id(asked.id).approve()
    text, _ = printed("FE-05", tmp_path, number="CGH-2026-001")
    for words in ("陈主管", "王主任同意", "公司（公章）", "送达回证"):
        assert words in text, words
