"""FE-09, printed into real PDFs and read back: the notice proves its sum and names nobody."""

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from models.errors import BadInput, NotFound
from models.fees.share_plans import CommonKind, ShareBase
from models.fees.sharing import share, undo_sharing
from models.months import Month
from models.owners.estate import Unit, UnitState
from tests.estate import Estate
from tests.models.fees.test_sharing import AGREED, alter, plan_of, tower
from tests.reports.fees.test_papers import printed

MONTH = Month(2026, 10)
LONG = "物业自用䶮𠮷㛃（值班室、岗亭、办公室空调和饮水机，见表号）"


def test_the_notice_says_how_the_pool_was_made_and_shared_and_proves_its_sum(
    estate: Estate, tmp_path: Path
) -> None:
    tower(estate, "100.00", "94.56", "105.44", "120.00")
    alter(Unit.find("1-1-401"), state=UnitState.UNSOLD)
    weights = [{"floor": 2, "coefficient": Decimal("1.00")}, {"floor": 3, "coefficient": Decimal("1.20")}]
    plan = plan_of(
        name="1栋电梯䶮", kind=CommonKind.LIFT, from_floor=2, unsold=0, weights=weights, agreed=AGREED
    )
    share(
        plan, MONTH, previous=Decimal(1000), current=Decimal(1500), multiplier=2, price=Decimal("0.5555"),
        exclusions=[{"name": LONG, "quantity": Decimal(120)}, {"name": "彩灯", "amount": Decimal("8.84")}],
        source="表A-01", shown_from=date(2026, 11, 1), shown_until=date(2026, 11, 15), note="含公共照明",
    )  # fmt: skip
    text, reader = printed("FE-09", tmp_path, number="ft-202610-001")
    for words in (
        "公共能耗分摊计算表（公示）", "FT-202610-001", "JL-FE-09A/0", "2026年10月", "电梯（1栋电梯䶮）",
        "全小区2层起", "1,000.00", "1,500.00", "0.5555", "480.00", "面积×系数", AGREED, "表A-01", "𠮷㛃",
        "1层，2层起分摊", "未售不分摊", "2026年11月1日至2026年11月15日", "含公共照明", "抄表一", "抄表二",
        "×倍率2=用量1,000.00；（1,000.00−剔除120.00）×单价0.5555−剔除金额8.84=480.00元",
        "2层起1.00、3层起1.20",
    ):  # fmt: skip
        assert words in text, words
    # 480.00 over 94.56 + 105.44 × 1.2 = 221.088: 205.297…, 274.702…
    assert "205.30" in text and "274.70" in text
    assert "各户实摊合计480.00元，总额480.00元，差额0.00元" in text
    assert "王桂芳" not in text
    assert len(reader.pages) == 2


def test_rows_of_many_pages_come_to_the_total_page_by_page(estate: Estate, tmp_path: Path) -> None:
    tower(estate, *[f"{80 + floor}.37" for floor in range(60)])
    share(plan_of(), MONTH, amount=Decimal("9876.54"))
    text, reader = printed("FE-09", tmp_path, period="2026-10")
    assert len(reader.pages) >= 4
    subtotals = re.findall(r"本页小计\n?([\d,]+\.\d\d)", text)
    assert len(subtotals) >= 3
    assert sum(map(lambda one: Decimal(one.replace(",", "")), subtotals)) == Decimal("9876.54")
    assert "各户实摊合计9,876.54元，总额9,876.54元，差额0.00元" in text


def test_a_void_one_is_marked_and_a_month_prints_those_that_hold(estate: Estate, tmp_path: Path) -> None:
    tower(estate, "100.00", "300.00")
    parts = [{"base": ShareBase.AREA, "percent": 60}, {"base": ShareBase.HOUSEHOLD, "percent": 40}]
    plan = plan_of(base=ShareBase.MIX, parts=parts, agreed=AGREED)
    undo_sharing(share(plan, MONTH, amount=Decimal("90.00")).batch)
    assert "作废" in printed("FE-09", tmp_path, number="FT-202610-001")[0]
    with pytest.raises(NotFound, match="没有可打印的"):
        printed("FE-09", tmp_path, period="2026-10")
    share(plan, MONTH, amount=Decimal("100.00"))
    text, _ = printed("FE-09", tmp_path, period="2026-10")
    assert "FT-202610-002" in text and "作废" not in text
    assert "面积60%＋户40%" in text and "350,000.00" in text and "1,000,000.00" in text
    assert "年月日至年月日" in text  # to be written by hand


def test_it_is_asked_for_by_number_or_month_and_prints_blank(estate: Estate, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="分摊单号或月份"):
        printed("FE-09", tmp_path)
    with pytest.raises(NotFound, match="FT-202610-009"):
        printed("FE-09", tmp_path, number="FT-202610-009")
    text, _ = printed("FE-09", tmp_path, blank=True)
    for words in ("□公共照明", "□面积", "应摊(元，未舍入)", "Σ=总额校验", "剔除项", "公示起止", "抄表一"):
        assert words in text
