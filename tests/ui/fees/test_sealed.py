"""From a rate to its lines, and from a kept report to the very file."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from desktop import printing
from models.errors import BadInput, NotFound
from models.fees.billing import bill
from models.fees.cashier import receive
from models.fees.closings import close_day
from models.fees.editions import ReportEdition
from models.fees.sealing import seal_month
from models.listings import Filters
from models.months import Month, Period
from tests.estate import Estate
from tests.ui.conftest import Printer

Settle = Callable[[], None]
JUNE, DAY = Month(2020, 6), date(2020, 6, 20)


@pytest.fixture(autouse=True)
def sealed(estate: Estate) -> None:
    """Charge a house for June, take a part of it, close the day and seal the month."""
    unit = estate.house("101")
    estate.give(unit, estate.item())
    bill(JUNE)
    receive(unit, Decimal(60), on=DAY)
    close_day(DAY)
    seal_month(JUNE)


def chosen(view: Any, settle: Settle) -> Any:
    view.table.grid.selectRow(0)
    settle()
    return view


@pytest.mark.parametrize(
    ("page", "opened"), [("rates", "bills"), ("item_rates", "bills"), ("collector_rates", "arrears")]
)
def test_a_rate_opens_its_lines(window: Any, settle: Settle, page: str, opened: str) -> None:
    view = window.open(page, Filters(period=Period.of_month(JUNE)))
    settle()
    chosen(view, settle).act("查看明细").run(view)
    settle()
    lines = window.open(opened)
    settle()
    assert lines.table.grid.rows.rowCount() == 1


def test_a_kept_report_is_printed_by_its_number(window: Any, settle: Settle, printer: Printer) -> None:
    view = window.open("report_editions")
    settle()
    chosen(view, settle).act("重印").run(view)
    settle()
    assert printer.asked[-1]["number"] in ("SJL-202006", "QF-202006")


def test_what_comes_out_is_the_very_file(tmp_path: Any) -> None:
    out = tmp_path / "again.pdf"
    done = printing.print_form("FE-07", out=out, number="SJL-202006")
    assert out.read_bytes() == ReportEdition.find("SJL-202006").data() and done.pages > 0
    with pytest.raises(NotFound, match="不是 FE-08"):
        printing.print_form("FE-08", out=out, number="SJL-202006")
    with pytest.raises((NotFound, BadInput)):
        printing.print_form("FE-07", out=out, number="SJL-209901")
