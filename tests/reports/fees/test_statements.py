"""FE-18 tells a balance from one day to another, on real pages read back."""

import re
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from desktop.printing import print_form
from models import deeds
from models.clock import standing_at
from models.errors import BadInput, NotFound, PermissionDenied
from models.fees import statement as telling
from models.fees.billing import bill
from models.fees.cashier import receive, set_off, void_receipt
from models.fees.items import FeeItem
from models.months import Month, Period
from models.office.profile import edit_profile
from models.owners.estate import Unit
from models.owners.people import Person
from reports.fees.statements import in_words
from tests.estate import Estate, writing
from tests.models.fees.world import Collector

YEAR = Period.parse("2026")


@pytest.fixture
def house(estate: Estate) -> Unit:
    """A house billed for January and February on the 5th; 150.00 paid, 50.00 of it set off, 20.00 more."""
    unit = estate.house("101", owner="张䶮𠮷㛃")
    estate.give(unit, estate.item(since=date(2026, 1, 1)))
    run(1)
    receive(unit, Decimal("150.00"), on=date(2026, 1, 20))
    run(2)
    set_off(unit, on=date(2026, 2, 6))
    void_receipt(receive(unit, Decimal("30.00"), on=date(2026, 2, 10)).receipts.get(), "收错户")
    receive(unit, Decimal("20.00"), on=date(2026, 2, 11))
    return unit


def run(month: int) -> None:
    with standing_at(datetime.combine(date(2026, month, 5), time(9))):
        bill(Month(2026, month))


def printed(out: Path, **asked: Any) -> tuple[str, PdfReader]:
    """Print FE-18 and return its text without blanks, and the file."""
    path = out / "FE-18.pdf"
    print_form("FE-18", out=path, **asked)
    reader = PdfReader(path)
    return "\n".join(re.sub(r"[ \u3000]+", "", page.extract_text()) for page in reader.pages), reader


def test_a_house_is_told_from_opening_to_closing_with_both_proofs(house: Unit, tmp_path: Path) -> None:
    text, reader = printed(tmp_path, unit=house, period=Period.parse("2026-02至2026-12"))
    assert len(reader.pages) == 1
    for words in (
        *("对账单", "JL-FE-18A/0", "DZ-20260201-20261231-1-1-101", "张䶮𠮷㛃", "1栋1单元101"),
        *("2026年2月1日至2026年12月31日", "欠人民币叁拾元整"),
        *("物业费2026-02100.00—50.00", "SJ-2026-000003", "现金收款—20.0030.00"),
        *("预存抵扣账单50.00，结余不变", "-50.00100.000.0020.000.0030.00", "30.000.0030.000.0050.00"),
        *("期间作废1份，不计金额：SJ-2026-000002", "期间还没有过完", "在收到后15日内"),
    ):
        assert words in text, words
    assert "30.00元—" not in text and "收错户" not in text


def test_a_person_is_told_of_all_houses(house: Unit, estate: Estate, tmp_path: Path) -> None:
    text, _ = printed(tmp_path, person=Person.get(Person.name == "张䶮𠮷㛃"), period=YEAR)
    assert "DZ-20260101-20261231-1" in text and "1-1-101物业费2026-02" in text


def test_a_building_prints_each_house_that_has_a_statement(
    house: Unit, estate: Estate, tmp_path: Path
) -> None:
    estate.house("102")
    other = estate.house("103", owner="李明")
    receive(other, Decimal("5.00"), on=date(2026, 3, 1))
    text, reader = printed(tmp_path, building=estate.building, period=YEAR)
    assert len(reader.pages) == 2 and "1-1-102" not in text
    assert "预存人民币伍元整" in text


def test_pages_have_subtotals_and_carry_the_balance_forward(house: Unit, tmp_path: Path) -> None:
    with writing():
        FeeItem.get().change(name="住宅前期物业服务费（含电梯及公共设施设备运行维护费用）甲乙丙丁")
    for month in range(3, 10):
        run(month)
    for day in range(1, 29):
        receive(house, Decimal("1.00"), on=date(2026, 3, day))
    text, reader = printed(tmp_path, unit=house, period=YEAR)
    pages = [re.sub(r"[ \u3000]+", "", page.extract_text()) for page in reader.pages]
    assert len(pages) == 2
    (left,) = re.findall(r"本页小计及结余300\.00193\.00([\d.]+)", pages[0])
    assert f"承前页{left}" in pages[1] and "承前页" not in pages[0]
    assert "业主（住户）确认" in pages[1] and "业主（住户）确认" not in pages[0]
    assert "合计40笔900.00198.00702.00" in text.replace("\n", "")


def test_the_empty_form_has_every_box_and_when_to_object(office: Path, tmp_path: Path) -> None:
    edit_profile(telephone="0755-1234567", objection_days=10)
    text, reader = printed(tmp_path, blank=True)
    assert len(reader.pages) == 1
    for words in ("期初结余", "核对一", "核对二", "期末结余（大写）", "10日内致电0755-1234567", "财务复核"):
        assert words in text


def test_what_does_not_agree_with_the_books_says_so(
    house: Unit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telling, "books", lambda *_: telling.Books(1, 0))
    text, _ = printed(tmp_path, unit=house, period=YEAR)
    assert "本单与账面不符，请财务核对后再给业主" in text and "29.99" in text


def test_what_cannot_be_printed_is_refused(house: Unit, estate: Estate, tmp_path: Path) -> None:
    for asked, words in (({"unit": house}, "对账期间"), ({"period": YEAR}, "房号或业主编号")):
        with pytest.raises(BadInput, match=words):
            printed(tmp_path, **asked)
    with pytest.raises(NotFound, match="没有可打印的"):
        printed(tmp_path, unit=estate.house("199"), period=YEAR)
    with deeds.acting(Collector(0)):
        with pytest.raises(PermissionDenied, match="不在您负责的范围内"):
            printed(tmp_path, unit=house, period=YEAR)
        with pytest.raises(NotFound, match="没有可打印的"):
            printed(tmp_path, building=estate.building, period=YEAR)
    assert not list(tmp_path.glob("*.pdf*"))


@pytest.mark.parametrize(
    ("fen", "words"),
    [(0, "人民币零元整（两清）"), (123450, "欠人民币壹仟贰佰叁拾肆元伍角"), (-5, "预存人民币伍分")],
)
def test_a_balance_in_capitals_says_whose_it_is(fen: int, words: str) -> None:
    assert in_words(fen) == words
