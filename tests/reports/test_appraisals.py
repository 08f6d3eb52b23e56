"""AP-08, printed into a real PDF and read back."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from models.appraisals.costs import CostKind, enter_costs
from models.appraisals.deliveries import deliver
from models.appraisals.setting import set_target
from models.appraisals.spans import Indicator, SpanKind
from models.errors import BadInput
from models.fees.billing import bill
from models.fees.cashier import receive
from models.fees.items import Basis
from models.months import Month
from tests.estate import Estate
from tests.reports.fees.test_papers import printed

YEAR = date.today().year - 1
MARCH = Month(YEAR, 3)
LONG = "本月春节返乡集中补交，䶮𠮷㛃园二期新交付三栋，收入与收缴额同比不可直接比较；" * 40


@pytest.fixture
def ready(estate: Estate) -> Estate:
    unit = estate.house("101", owner="王桂芳")
    estate.give(unit, estate.item(price="0", extra="12345.67", basis=Basis.FIXED, since=date(YEAR, 1, 1)))
    for number in (1, 2, 3):
        bill(Month(YEAR, number))
    receive(unit, Decimal("20000.00"), on=date(YEAR, 3, 5))
    for indicator, figure in (
        (Indicator.INCOME, "120000.00"), (Indicator.COLLECTED, "110000.00"), (Indicator.RATE, "92.00"),
        (Indicator.COST, "96000.00"), (Indicator.PER_HEAD, "9000.00"),
    ):  # fmt: skip
        set_target(indicator, YEAR, Decimal(figure))
    for number in (1, 2, 3):
        row = {"month": Month(YEAR, number), "kind": CostKind.STAFF, "amount": Decimal(8000), "note": None}
        enter_costs([row])
    return estate


def test_a_draft_tells_targets_actuals_and_shares(ready: Estate, tmp_path: Path) -> None:
    text, reader = printed("AP-08", tmp_path, period=str(MARCH))
    flat = text.replace("\n", "")
    for words in (
        "财务指标测算与完成情况表", f"CW-{YEAR}03-处", f"{YEAR}年3月", "收入", "收缴额", "收缴率",
        "成本", "利润", "人均收入", "120,000.00", "30,000.00", "10,000.00", "12,345.67", "123.5%",
        "37,037.01", "4,345.67", "—", "草稿", "JL-AP-08A/0", "分母为零", "财务", "经理",
        f"{YEAR}年各月收入与目标",
    ):  # fmt: skip
        assert words in flat, words
    assert "王桂芳" not in flat and len(reader.pages) == 1


@pytest.mark.parametrize(
    ("period", "number"),
    [(f"{YEAR}Q1", f"CW-{YEAR}Q1-处"), (str(YEAR), f"CW-{YEAR}-处")],
)
def test_a_quarter_and_a_year_print_too(ready: Estate, tmp_path: Path, period: str, number: str) -> None:
    text, _ = printed("AP-08", tmp_path, period=period)
    assert number in text.replace("\n", "")


def test_what_was_delivered_prints_as_it_was(ready: Estate, tmp_path: Path) -> None:
    first = deliver(SpanKind.MONTH, MARCH, note=LONG)
    row = {"month": MARCH, "kind": CostKind.ENERGY, "amount": Decimal("345.67"), "note": None}
    enter_costs([row])
    again = deliver(SpanKind.MONTH, MARCH, reason="补录电费")
    text, reader = printed("AP-08", tmp_path, number=first.number)
    assert "4,345.67" in text and "草稿" not in text and "䶮𠮷㛃园" in text and len(reader.pages) > 1
    text, _ = printed("AP-08", tmp_path, period=str(MARCH))
    assert "4,000.00" in text and "更正1" in text and "补录电费" in text
    assert again.number in text.replace("\n", "")


def test_a_period_that_is_neither_month_quarter_nor_year_is_refused(ready: Estate, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="不是月、季、年"):
        printed("AP-08", tmp_path, period=f"{YEAR}H1")


def test_it_prints_blank(office: Path, tmp_path: Path) -> None:
    text, reader = printed("AP-08", tmp_path, blank=True)
    assert "财务指标测算与完成情况表" in text and len(reader.pages) == 1
    assert all(one.value in text for one in Indicator)
