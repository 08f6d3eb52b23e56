"""收费公示: which items are published, with which price of a day and which comes next."""

from datetime import date
from decimal import Decimal

import pytest

from models.deeds import DEEDS
from models.errors import BadInput
from models.fees.depositing import take_deposit
from models.fees.deposits import DepositKind
from models.fees.items import Basis, Category
from models.fees.pricelist import DepositTerms, public_items, public_services, public_terms, set_deposit_terms
from models.fees.services import add_service
from tests.estate import Estate

DAY = date(2026, 6, 1)


def told(day: date = DAY) -> list[tuple[str, str, str, str]]:
    return [(one.item.name, one.how, one.price, one.later) for one in public_items(day)]


@pytest.fixture
def priced(estate: Estate) -> Estate:
    """An office with an item of each kind, one whose price will rise, one that is over, one not told."""
    management = estate.item("物业费", price="2.1000", extra="20.00", since=date(2026, 1, 1))
    estate.rate(management, date(2026, 7, 16), "2.3525", "20.00")
    estate.item("车位费", basis=Basis.FIXED, price="0", extra="60.00", category=Category.PARKING)
    estate.item("垃圾费", basis=Basis.HOUSEHOLD, price="8", collected=True, category=Category.OTHER)
    estate.item("旧费", until=date(2026, 5, 31))
    estate.item("内部费", public=False)
    estate.item("停用费", active=False)
    return estate


def test_a_price_is_told_with_its_measure_and_the_next_one_with_its_day(priced: Estate) -> None:
    assert told() == [
        (
            "物业费",
            "计费面积×单价",
            "2.10 元/㎡·月＋20.00 元/月",
            "2026-07-16 起 2.3525 元/㎡·月＋20.00 元/月",
        ),
        ("车位费", "固定金额", "60.00 元/月", ""),
        ("垃圾费", "每户单价", "8.00 元/户·月", ""),
    ]


def test_a_day_tells_the_prices_that_hold_on_it(priced: Estate) -> None:
    assert told(date(2026, 7, 15))[0][2].startswith("2.10")
    assert told(date(2026, 7, 16))[0][2:] == ("2.3525 元/㎡·月＋20.00 元/月", "")
    assert told(date(2025, 12, 31))[0][2:] == ("未定价", "2026-01-01 起 2.10 元/㎡·月＋20.00 元/月")
    assert "旧费" in [row[0] for row in told(date(2026, 5, 31))]


def test_what_services_alone_are_charged_on_is_told_by_the_catalogue(priced: Estate) -> None:
    item = DEEDS["fees.add_item"].call(
        None, {"code": "TF", "name": "特服费", "category": "特约服务", "basis": "固定金额"}
    )
    assert ("特服费", "固定金额", "未定价", "") in told()
    first = add_service(code="T10", name="擦窗", measure="扇", price=Decimal(5), item=item)
    second = add_service(code="T9", name="疏通", measure="次", price=Decimal(50), item=item)
    add_service(code="T8", name="代驾", measure="次", price=Decimal(9), item=item).edit(active=False)
    assert "特服费" not in [row[0] for row in told()]
    assert public_services() == [second, first]


def test_the_standard_of_a_deposit_is_taken_where_nothing_is_given(estate: Estate) -> None:
    unit = estate.house("101")
    with pytest.raises(BadInput, match="也没有定押金标准"):
        take_deposit(unit, agreed="协议")
    set_deposit_terms(DepositKind.DECORATION, Decimal(2000), "协议第 6 条", "验收合格后 30 日内")
    deposit = take_deposit(unit)
    assert (deposit.amount, deposit.agreed) == (Decimal("2000.00"), "协议第 6 条")
    set_deposit_terms(DepositKind.DECORATION, Decimal(3000), "协议第 7 条")
    assert [(one.amount, one.agreed, one.refund) for one in public_terms()] == [
        (Decimal(3000), "协议第 7 条", None)
    ]
    other = take_deposit(unit, Decimal(500), agreed="另约")
    assert (other.amount, other.agreed, deposit.amount) == (Decimal(500), "另约", Decimal(2000))


def test_a_standard_that_cannot_be_is_refused(estate: Estate) -> None:
    with pytest.raises(BadInput, match="大于零"):
        set_deposit_terms(DepositKind.KEY, Decimal(0))
    with pytest.raises(BadInput, match="要有约定才能收"):
        set_deposit_terms(DepositKind.DECORATION, Decimal(2000))
    assert DepositTerms.select().count() == 0
