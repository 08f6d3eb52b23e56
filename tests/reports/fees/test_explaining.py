"""FE-19 tells charges, debts and balances by their formulas, on real pages read back."""

import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from desktop.printing import print_form
from models import deeds
from models.errors import BadInput, NotFound, PermissionDenied
from models.fees.billing import bill
from models.fees.bills import Bill
from models.fees.cashier import receive
from models.fees.items import FeeItem
from models.months import Month, Period
from models.owners.estate import Unit
from tests.estate import Estate, writing
from tests.models.fees.world import Collector


@pytest.fixture
def billed(estate: Estate) -> Unit:
    unit = estate.house("101", "94.56", owner="张䶮𠮷㛃")
    item = estate.item(price="1.3000", extra="20.00", since=date(2026, 1, 1))
    estate.give(unit, item)
    bill(Month(2026, 1))
    receive(unit, Decimal("150.00"), on=date(2026, 1, 20))
    bill(Month(2026, 2))
    return unit


def printed(out: Path, **asked: Any) -> tuple[str, int]:
    """Print FE-19 and return its text without blanks, and how many pages it has."""
    path = out / "FE-19.pdf"
    print_form("FE-19", out=path, **asked)
    reader = PdfReader(path)
    text = "\n".join(re.sub(r"[ \u3000]+", "", page.extract_text()) for page in reader.pages)
    return text, len(reader.pages)


def test_a_line_is_printed_with_formula_inputs_and_receipts(billed: Unit, tmp_path: Path) -> None:
    text, pages = printed(tmp_path, number=f"SM-{Bill.get().id}")
    # 94.56 × 1.30 + 20.00 = 142.928
    formula = ("94.56㎡×1.30元/㎡·月+20.00元", "142.928", "142.93")
    for words in ("计费说明", "JL-FE-19A/0", "SM-1", *formula, "张䶮𠮷㛃"):
        assert words in text
    assert "SJ-2026-000001" in text
    assert pages == 1


def test_several_lines_are_a_sheet_each(billed: Unit, tmp_path: Path) -> None:
    text, pages = printed(tmp_path, number="2、1,2")
    assert (pages, text.index("SM-2") < text.index("SM-1")) == (2, True)


def test_a_house_prints_debts_open_lines_and_balances_together(billed: Unit, tmp_path: Path) -> None:
    text, _ = printed(tmp_path, unit=billed)
    for words in ("欠费（截至", "1-1-101物业费2026-02", "预存余额（张䶮𠮷㛃）", "范围"):
        assert words in text
    assert "1-1-101物业费2026-01" not in text  # which is settled


def test_a_house_and_a_month_print_the_lines_of_that_month(billed: Unit, tmp_path: Path) -> None:
    text, _ = printed(tmp_path, unit=billed, period=Period.parse("2026-01"))
    assert "1-1-101物业费2026-01" in text and "2026-02的出账" not in text


def test_a_house_and_a_day_print_the_debts_of_that_day(billed: Unit, tmp_path: Path) -> None:
    text, _ = printed(tmp_path, unit=billed, period=Period.parse("2026-01-31"))
    assert "截至2026-01-31的欠费" in text and "1-1-101欠费（截至2026-01-31）" in text
    assert "2026-02的出账" not in text


def test_many_lines_and_long_names_go_on_over_pages(billed: Unit, tmp_path: Path) -> None:
    with writing():
        FeeItem.get().change(name="住宅前期物业服务费（含电梯及公共设施设备运行维护费用）甲乙丙丁")
    for month in range(3, 9):
        bill(Month(2026, month))
    text, pages = printed(tmp_path, unit=billed, period=Period.parse("2026"))
    assert pages > 1 and text.count("栏目") == pages
    assert text.count("与账面应收一致") == 8


def test_the_empty_form_is_one_page(office: Path, tmp_path: Path) -> None:
    text, pages = printed(tmp_path, blank=True)
    assert pages == 1 and "业主（住户）确认" in text


@pytest.mark.parametrize(
    ("asked", "problem", "words"),
    [({}, BadInput, "账单编号"), ({"number": "SM-99"}, NotFound, "没有账单"),
     ({"period": Period.parse("2026-01")}, BadInput, "房号")],
)  # fmt: skip
def test_what_cannot_be_explained_is_refused(
    billed: Unit, tmp_path: Path, asked: dict[str, Any], problem: type[Exception], words: str
) -> None:
    with pytest.raises(problem, match=words):
        printed(tmp_path, **asked)
    with pytest.raises(NotFound, match="没有可打印的"):
        printed(tmp_path, unit=billed, period=Period.parse("2011-01"))


def test_what_lies_beyond_reach_is_not_printed(billed: Unit, tmp_path: Path) -> None:
    with deeds.acting(Collector(0)):
        for asked in ({"number": "1"}, {"unit": billed}):
            with pytest.raises(PermissionDenied, match="不在您负责的范围内"):
                printed(tmp_path, **asked)
