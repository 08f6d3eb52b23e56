"""FE-17, printed into a real PDF and read back."""

from datetime import date
from decimal import Decimal
from pathlib import Path

from models.fees.deposits import DepositKind
from models.fees.items import Basis, Category, FeeItem
from models.fees.pricelist import set_deposit_terms
from models.fees.services import add_service
from models.office.profile import edit_profile
from tests.estate import Estate
from tests.reports.fees.test_papers import printed

LONG = "前期物业服务合同第十二条及业主大会二〇二六年第三号决议（䶮𠮷㛃），自公示之日起执行，如有调整另行公示"


def furnish(estate: Estate, services: int = 2) -> None:
    edit_profile(telephone="0755-1234567", address="枫林路 88 号", seal_place="物业服务中心（盖章）")
    item = estate.item("物业费", price="2.1000", since=date(2026, 1, 1))
    estate.rate(item, date(2026, 7, 16), "2.3525")
    item.edit(agreed=LONG)
    estate.item("水费", basis=Basis.HOUSEHOLD, price="3.5", collected=True, category=Category.UTILITY)
    carrier = estate.item("特服费", basis=Basis.FIXED, category=Category.SERVICE)
    for number in range(1, services + 1):
        add_service(
            code=f"T{number}", name=f"第{number}项上门维修服务", measure="次", price=Decimal("35.5"),
            item=carrier, agreed=LONG,
        )  # fmt: skip
    set_deposit_terms(DepositKind.DECORATION, Decimal(2000), "装修协议第六条", "验收合格后三十日内")


def test_the_sheet_tells_prices_of_its_day_services_and_deposits(estate: Estate, tmp_path: Path) -> None:
    furnish(estate)
    text, _ = printed("FE-17", tmp_path, period="2026-06-01")
    flat = text.replace("\n", "")
    for words in (
        "收费标准公示表", "SFGS-20260601", "2026年6月1日", "计费面积×单价", "2.10元/㎡·月", "2026-07-16起",
        "2.3525元/㎡·月", "水费（代收）", "每月", "25日", LONG[:10], "第2项上门维修服务", "35.50", "2,000.00",
        "验收合格后三十日内", "0755-1234567", "公示期间", "物业服务中心（盖章）", "第九百四十三条",
    ):  # fmt: skip
        assert words in flat, words
    text, _ = printed("FE-17", tmp_path, period="2026-08")
    assert "2.3525元/㎡·月" in text and "2026-07-16起" not in text


def test_without_a_day_it_is_of_today(estate: Estate, tmp_path: Path) -> None:
    furnish(estate)
    text, _ = printed("FE-17", tmp_path)
    assert f"SFGS-{date.today():%Y%m%d}" in text


def test_a_long_catalogue_goes_on_to_the_next_page(estate: Estate, tmp_path: Path) -> None:
    furnish(estate, services=40)
    text, reader = printed("FE-17", tmp_path, period="2026-06-01")
    assert len(reader.pages) > 2 and "第40项上门维修服务" in text.replace("\n", "")
    assert FeeItem.select().count() == 3


def test_the_sheet_prints_blank_with_where_to_ask(estate: Estate, tmp_path: Path) -> None:
    furnish(estate)
    text, reader = printed("FE-17", tmp_path, blank=True)
    assert "JL-FE-17A/0" in text and "0755-1234567" in text and len(reader.pages) <= 2
