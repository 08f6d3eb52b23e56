"""Quotes are compared, one is recommended, those who use the goods have their say, and orders keep to it."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import peewee
import pytest

from desktop import modules
from models import deeds
from models.base import db
from models.desk import reminders_on
from models.errors import BadInput, RuleBroken
from models.listings import LISTS, Filters
from models.rows import RowRefused
from models.suppliers.goods import Goods
from models.suppliers.moving import drop_candidate
from models.suppliers.orders import order
from models.suppliers.quotes import (
    Inquiry,
    InquiryState,
    Quote,
    add_quotes,
    agreed_price,
    inquire,
    judge_inquiry,
    lowest_quote,
    recommend,
)
from models.suppliers.register import Supplier
from tests.estate import Estate
from tests.office_people import worker
from tests.trade import TODAY, candidate, ordered, qualified, ware

modules.load()

D = Decimal
LATER = TODAY + timedelta(days=30)


@pytest.fixture(autouse=True)
def _as_the_office(estate: Estate) -> Iterator[None]:
    with deeds.acting(deeds.TheOffice()):
        yield


def row(goods: Goods, supplier: Supplier, price: str) -> dict[str, Any]:
    return {"goods": goods, "supplier": supplier, "price": D(price), "days": 3, "quality": "可换"}


def compared() -> tuple[Goods, Supplier, Supplier, Inquiry]:
    goods, first, second = ware(), qualified(), qualified("新粮油")
    made = inquire("备货", [row(goods, first, "118"), row(goods, second, "112.5")], LATER)
    return goods, first, second, made


def test_one_is_recommended_and_gives_way_to_another() -> None:
    goods, first, second, made = compared()
    for supplier in (first, second):
        recommend(Quote.get(supplier=supplier), "合适")
    assert [one.supplier for one in Quote.select().where(Quote.recommended)] == [second]
    assert Inquiry.get().state is InquiryState.RECOMMENDED
    with pytest.raises(RuleBroken, match="不能再补报价"):
        add_quotes(Inquiry.get(), [row(goods, candidate("三号", "粮油"), "99")])
    judge_inquiry(Inquiry.get(), True, "同意")
    with pytest.raises(RuleBroken, match="不能再改推荐"):
        recommend(Quote.get(supplier=first), "改")
    with pytest.raises(RuleBroken, match="不能改为"):
        judge_inquiry(Inquiry.get(), False, "改")
    assert made.number == f"XBJ-{TODAY:%Y%m}-01"


def test_an_adopted_price_is_that_of_the_next_order_while_it_holds() -> None:
    goods, first, second, _ = compared()
    assert lowest_quote(goods, TODAY) == D("112.5") and agreed_price(goods, second, TODAY) is None
    recommend(Quote.get(supplier=second), "便宜")
    judge_inquiry(Inquiry.get(), True, "同意")
    ordered(first, (goods, 1), price="130")
    free = [{"goods": goods, "quantity": D(2), "price": None}]
    assert order(second, free, TODAY).total() == D(225)
    assert order(first, free, TODAY).total() == D(225)  # the last price, whoever asked it
    after = LATER + timedelta(days=1)
    assert agreed_price(goods, second, after) is None and lowest_quote(goods, after) is None


def test_quotes_that_cannot_be() -> None:
    goods, first, _, made = compared()
    closed = candidate("三号", "粮油")
    drop_candidate(closed, "不合适")
    for given, problem, sentence in (
        ([row(goods, first, "1")], RowRefused, "写了两次"),
        ([row(goods, candidate("四号", "粮油"), "0")], RowRefused, "报价是零"),
        ([row(goods, Supplier.get_by_id(closed.id), "1")], RowRefused, "档案冻结"),
    ):
        with pytest.raises(problem, match=sentence):
            add_quotes(made, given)
    with pytest.raises(BadInput, match="已经过了"):
        inquire("备货", [row(goods, first, "1")], TODAY - timedelta(days=1))
    assert Quote.select().count() == 2 and Inquiry.select().count() == 1


def test_nothing_is_judged_before_it_is_recommended_nor_by_who_asked() -> None:
    both = worker("某", "采购员")
    with deeds.acting(both):
        *_, made = compared_by_him()
        with pytest.raises(RuleBroken, match="还没有推荐"):
            judge_inquiry(made, True, "好")
        recommend(Quote.get(), "合适")
        with pytest.raises(RuleBroken, match="要由使用部门的人"):
            judge_inquiry(Inquiry.get(), True, "好")
    with deeds.acting(worker("另", "采购员")):
        recommend(Quote.get(), "便宜")
        with pytest.raises(RuleBroken, match="要由使用部门的人"):
            judge_inquiry(Inquiry.get(), True, "好")
    with deeds.acting(worker("曹", "食堂仓库管理员")):
        assert judge_inquiry(Inquiry.get(), False, "质量差").state is InquiryState.DECLINED


def compared_by_him() -> tuple[Goods, Inquiry]:
    goods, supplier = ware(), candidate()
    return goods, inquire("备货", [row(goods, supplier, "118")], LATER)


def test_lists_and_the_desk_tell_what_is_compared() -> None:
    goods, first, *_ = compared()
    ordered(first, (goods, 1), price="100")
    made = LISTS["quotes"](Filters(supplier=first))
    told = [made.plain(one) for one in made.rows()]
    assert [(one["price"], one["last"], one["change"]) for one in told] == [("118.0000", "100.0000", "18.0")]
    assert any("还没有推荐" in one.title for one in reminders_on(TODAY))
    recommend(Quote.get(), "合适")
    assert any("等使用部门意见" in one.title for one in reminders_on(TODAY))


def test_what_was_asked_stays() -> None:
    compared()
    with pytest.raises(peewee.IntegrityError):
        db.execute_sql("UPDATE quote SET price = 1")
