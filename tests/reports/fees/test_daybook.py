"""FE-11 of a day on which the drawer changed hands, printed into a real PDF and read back."""

from datetime import date
from decimal import Decimal
from pathlib import Path

from models.fees.cashier import receive
from models.fees.shifts import close_shift, open_shift, own_shift
from tests.estate import Estate
from tests.reports.fees.test_papers import printed


def test_a_float_handed_on_is_added_up_once_and_no_more(estate: Estate, tmp_path: Path) -> None:
    unit = estate.house("101")
    open_shift(Decimal("500.00"))
    receive(unit, Decimal("100.00"))
    first = close_shift(own_shift(), Decimal("600.00"))
    open_shift(prior=first)
    receive(unit, Decimal("30.00"))
    close_shift(own_shift(), Decimal("528.00"), note="找错 2 元")
    text, _ = printed("FE-11", tmp_path, period=str(date.today()))
    of_shifts = text[text.index("班次盘点与缴存") :]
    assert "1,000.00" not in of_shifts and "1,130.00" not in of_shifts
    lines = of_shifts[of_shifts.index("合计") :].replace("\n", "")
    assert lines.startswith("合计130.000.00——-2.00128.00")
