"""FE-20, printed into a real PDF and read back: it proves itself and names nobody."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from models.errors import BadInput
from models.fees.commons.contracts import add_common_contract
from models.fees.commons.kinds import CommonKind
from models.fees.commons.ledger import Flow, add_common_cost, add_common_income, transfer_commons
from models.fees.commons.notices import publish_commons, withdraw_commons_notice
from models.months import Month
from models.office.profile import edit_profile
from tests.estate import Estate
from tests.reports.fees.test_papers import printed

YEAR = date.today().year - 1
LONG = "䶮𠮷㛃园1至12栋电梯轿厢及地下车库出入口道闸广告位，含框架与电子屏，每栋两部电梯各三面"
WHO = ("启明传媒有限公司", "王桂芳", "13812345678", "0755-7654321")


def furnish(contracts: int = 1) -> None:
    edit_profile(telephone="0871-5550100", address="枫林路 88 号", seal_place="物业服务中心（盖章）")
    kinds = list(CommonKind.select())
    for number in range(contracts):
        contract = add_common_contract(
            kinds[number % len(kinds)], LONG, WHO[0], date(YEAR - 1, 1, 1), date(YEAR, 12, 31),
            Decimal("1200.00"), 6, note=f"联系人{WHO[1]} {WHO[2]}",
        )  # fmt: skip
        for day in (date(YEAR - 1, 1, 8), date(YEAR, 1, 8)):
            add_common_income(Decimal("1200.00"), contract=contract, on=day, note=f"{WHO[1]}付{WHO[3]}")
    add_common_cost(Decimal("150.50"), kinds[0], "合同第五条", "PZ-7", party=WHO[1], on=date(YEAR, 2, 1))
    transfer_commons(Flow.TO_FUND, Decimal("900.00"), "业主大会决议 2 号", "PZ-8", on=date(YEAR, 3, 1))


def test_the_notice_proves_itself_and_names_nobody(estate: Estate, tmp_path: Path) -> None:
    furnish()
    text, reader = printed("FE-20", tmp_path, period=f"{YEAR}H1")
    flat = text.replace("\n", "")
    for words in (
        "公共收益收支公示", f"GYGS-{YEAR}H1", f"{YEAR}年上半年", "电梯广告", "䶮𠮷㛃园", "期初结余",
        "1,200.00", "150.50", "1,049.50", "900.00", "1,349.50", "转入维修资金", "业主大会决议2号",
        "第二百八十二条", "0871-5550100", "公示起止", "物业服务中心（盖章）", "JL-FE-20A/0",
    ):  # fmt: skip
        assert words in flat, words
    assert [word for word in WHO if word.replace(" ", "") in flat] == []
    assert len(reader.pages) == 1


def test_a_published_notice_says_where_and_how_long_it_hung(estate: Estate, tmp_path: Path) -> None:
    furnish()
    notice = publish_commons(
        "各楼栋大堂公告栏", Month(YEAR, 1), Month(YEAR, 6), date(YEAR, 7, 10), date(YEAR, 8, 9)
    )
    text, _ = printed("FE-20", tmp_path, number=notice.number)
    assert f"{YEAR}年7月10日至{YEAR}年8月9日" in text and "各楼栋大堂公告栏" in text
    withdraw_commons_notice(notice, "漏记一笔")
    text, _ = printed("FE-20", tmp_path, number=notice.number)
    assert "已撤回" in text and "漏记一笔" in text


def test_many_contracts_go_on_to_the_next_page(estate: Estate, tmp_path: Path) -> None:
    furnish(contracts=40)
    text, reader = printed("FE-20", tmp_path, period=str(YEAR))
    assert len(reader.pages) > 1 and f"GYH-{date.today():%Y%m}-040" in text.replace("\n", "")


@pytest.mark.parametrize("period", [None, f"{YEAR}-03-05"])
def test_a_period_that_is_not_of_whole_months_is_refused(
    estate: Estate, tmp_path: Path, period: str | None
) -> None:
    with pytest.raises(BadInput, match="2026H1"):
        printed("FE-20", tmp_path, period=period)


def test_it_prints_blank_with_where_to_ask(estate: Estate, tmp_path: Path) -> None:
    furnish()
    text, reader = printed("FE-20", tmp_path, blank=True)
    assert "0871-5550100" in text and len(reader.pages) == 1
