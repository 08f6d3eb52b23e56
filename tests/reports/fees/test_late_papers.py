"""Late payment on the papers that tell of it: FE-01, FE-02 and FE-08; long clauses and rare names too."""

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from pypdf import PdfReader

from desktop.printing import print_form
from models.fees.billing import bill
from models.fees.items import Basis
from models.fees.late_charging import charge_late
from models.fees.late_terms import add_late_terms
from models.months import Month, Period
from models.owners.estate import Unit
from tests.estate import Estate

OCTOBER, NOVEMBER = Month(2025, 10), Month(2025, 11)
PAID = date(2025, 11, 23)
CLAUSE = (
    "《䶮苑小区前期物业服务合同》第十二条第二款（𠮷田㛃与物业公司二〇二四年签订的补充协议另有约定的从其约定）"
)


@pytest.fixture
def ledger(estate: Estate) -> Estate:
    """Forty houses that owe 1234.56 each since October 2025."""
    item = estate.item("物业费", basis=Basis.FIXED, extra="1234.56", since=OCTOBER.first, due_day=31)
    park = estate.item("车位费", basis=Basis.FIXED, extra="100.00", since=NOVEMBER.first)
    for number in range(40):
        unit = estate.house(str(101 + number), owner="𠮷田㛃" if number else "张䶮")
        estate.give(unit, item, until=OCTOBER.last)
        estate.give(unit, park)
    bill(OCTOBER)
    bill(NOVEMBER)
    return estate


def printed(code: str, out: Path, **asked: object) -> tuple[str, int]:
    """Print a form and return its text without blanks, and its pages."""
    path = out / f"{code}.pdf"
    print_form(code, out=path, **asked)  # type: ignore[arg-type]
    pages = PdfReader(path).pages
    return "\n".join(re.sub(r"\s+", "", page.extract_text()) for page in pages), len(pages)


def agree() -> None:
    add_late_terms(clause=CLAUSE, daily=Decimal("0.5"), since=OCTOBER.first)


def test_the_table_of_arrears_has_it_beside_the_principal(ledger: Estate, tmp_path: Path) -> None:
    day = Period.parse("2025-11-23")
    text, _ = printed("FE-08", tmp_path, period=day)
    assert "14.20" not in text
    agree()
    text, pages = printed("FE-08", tmp_path, period=day)
    assert pages > 1
    assert text.count("14.20") == 40
    assert "568.00" in text, "their sum"
    charge_late(PAID)
    again, _ = printed("FE-08", tmp_path, period=day)
    assert (again.count("14.20"), "568.00" in again, "49,382.40" in again) == (40, True, True)


def test_the_table_of_charges_has_what_was_charged(ledger: Estate, tmp_path: Path) -> None:
    agree()
    charge_late(PAID)
    text, _ = printed("FE-01", tmp_path, period=Period.parse("2025-11"))
    assert text.count("14.20") >= 40
    assert "568.00" in text, "their sum"
    assert "1,348.76" in text, "100.00 + 1234.56 + 14.20"
    assert "应缴合计=本期应收+上期欠费+违约金−预存抵扣" in text


def test_a_notice_names_clause_rate_and_order(ledger: Estate, tmp_path: Path) -> None:
    agree()
    charge_late(PAID)
    asked = {"period": Period.parse("2025-11"), "unit": Unit.find("1-1-101")}
    text, _ = printed("FE-02", tmp_path, **asked)
    for words in ("张䶮", "1,234.56元×日0.5‰×23天", "𠮷田㛃与物业公司", "先抵本金，后抵违约金", "1,348.76"):
        assert words in text
    assert printed("FE-02", tmp_path, blank=True)[0].count("先抵本金") == 1


def test_a_blank_table_of_arrears_has_room_for_it(ledger: Estate, tmp_path: Path) -> None:
    assert "违约金" in printed("FE-08", tmp_path, blank=True)[0]
