"""FE-13: the sheet for a round, blank and filled, read back from real PDFs."""

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from pypdf import PdfReader

from desktop.printing import print_form
from models.errors import BadInput
from models.fees.meters import MeterKind, add_meter
from models.fees.readings import Reading
from models.fees.taking import enter_reading, replace_meter
from models.months import Period
from tests.estate import Estate
from tests.models.fees.metering import START, meter, read, water

D = Decimal


def printed(out: Path, **asked: object) -> tuple[str, int]:
    """Print the form and return its text without blanks, and how many pages it has."""
    path = out / "FE-13.pdf"
    print_form("FE-13", out=path, **asked)  # type: ignore[arg-type]
    pages = PdfReader(path).pages
    return "\n".join(re.sub(r"[ \u3000]+", "", page.extract_text()) for page in pages), len(pages)


@pytest.fixture
def round_(estate: Estate) -> Estate:
    item = water(estate)
    for at, room in enumerate(("101", "102", "103")):
        one = meter(estate.house(room), item, f"B{at}", route="甲线", position=9 - at)
        read(one, "1100", "1250.5")
    add_meter(
        number="E1", kind=MeterKind.ELECTRICITY, entrance=estate.entrance, place="䶮𠮷㛃配电间", route="乙线"
    )
    return estate


def test_it_is_printed_in_walking_order_with_what_was_read_before(round_: Estate, tmp_path: Path) -> None:
    text, pages = printed(tmp_path, period=Period.parse("2024-03"))
    assert pages == 2
    assert text.index("B2") < text.index("B1") < text.index("B0")
    for words in (
        "抄表记录表",
        "CB-202403-甲线",
        "1,250.50",
        "1-1-103",
        "应抄3块",
        "已抄______块",
        "䶮𠮷㛃配电间",
    ):
        assert words in text, words


def test_what_was_read_is_told_with_its_usage(round_: Estate, tmp_path: Path) -> None:
    one = Reading.get(Reading.value == D("1250.5")).meter
    new = replace_meter(one, D("1260"), "N1", D("0"), date(2024, 3, 9))
    enter_reading(new, D("3.25"), START.plus(2), note="表箱盖破损")
    text, _ = printed(tmp_path, period=Period.parse("2024-03"), number="CB-202403-甲线")
    for words in ("换表止", "1,260.00", "9.50", "3.25", "表箱盖破损", "应抄4块已抄2块漏抄2块"):
        assert words in text, words
    assert "乙线" not in text


def test_it_wants_a_month_and_has_an_empty_form(office: Path, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="请写明抄表月份"):
        printed(tmp_path)
    text, pages = printed(tmp_path, blank=True)
    assert pages == 1 and "应抄______块" in text and "抄表人" in text


def test_a_long_round_goes_over_several_pages(estate: Estate, tmp_path: Path) -> None:
    for at in range(70):
        add_meter(number=f"E{at}", place=f"{at} 号楼地下室水泵房东侧第二个配电箱内靠墙一侧下部", route="长线")
    text, pages = printed(tmp_path, period=Period.parse("2024-03"))
    assert pages >= 3 and text.count("本次读数") == pages and text.count("抄表人") == 1
