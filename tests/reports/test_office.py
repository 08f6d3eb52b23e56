"""今日事项, printed into a real PDF and read back."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from pypdf import PdfReader

from desktop import printing
from models.fees.billing import bill
from models.months import Month
from tests.estate import Estate


def text_of(path: Path) -> str:
    return "".join(page.extract_text() for page in PdfReader(path).pages).replace(" ", "").replace("\n", "")


@pytest.fixture
def owing(estate: Estate) -> Estate:
    unit = estate.house("101")
    estate.house("102", owner=None)
    estate.give(unit, estate.item(since=date(2020, 1, 1)))
    bill(Month(2024, 1))
    return estate


def test_todays_work_is_printed_with_its_figures_and_room_for_what_became_of_it(
    owing: Estate, tmp_path: Path
) -> None:
    out = tmp_path / "today.pdf"
    done = printing.print_form("OF-21", out=out)
    told = text_of(out)
    assert done.pages == 1
    assert "今日事项" in told and "管理员" in told and f"SX-{date.today():%Y%m%d}" in told
    assert "今天要办" in told and "1套房屋没有登记业主" in told and "办理情况" in told
    assert "欠费合计" in told and f"{Decimal('100.00'):,}" in told


def test_it_prints_blank_on_one_page(estate: Estate, tmp_path: Path) -> None:
    done = printing.print_form("OF-21", out=tmp_path / "blank.pdf", blank=True)
    assert done.pages == 1


def test_a_quiet_day_says_so(office: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from models import desk

    monkeypatch.setattr(desk, "reminders_on", lambda day: [])
    out = tmp_path / "quiet.pdf"
    printing.print_form("OF-21", out=out)
    assert "今天没有要办的事" in text_of(out)
