"""SU-09 商品信息推荐单(询比价): suppliers side by side, which one is recommended, and what its users say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from models.errors import BadInput
from models.suppliers.goods import Goods
from models.suppliers.quotes import Inquiry, InquiryState, Quote
from models.suppliers.rights import VIEW
from reports.numbered import by_number, penned
from reports.paper import A4_LANDSCAPE, Boxes, Column, Field, Form, Sheet, Sign, declare
from reports.paper.values import EMPTY
from reports.papers import PaperRequest, paper

_BESIDE = 3
"""Suppliers that stand side by side on one line; further ones stand on the next."""

FORM = declare(
    Form(
        code="SU-09",
        title="商品信息推荐单（询比价）",
        module="suppliers",
        paper=A4_LANDSCAPE,
        lead=(
            Field("title", Inquiry.title),
            Field("asked_on", Inquiry.asked_on, kind="date"),
            Field("until", Inquiry.until, kind="date"),
            Field("state", Inquiry.state),
        ),
        columns=(
            Column("商品", 26),
            Column("规格", 24),
            *(Column(f"供方{letter}及报价", 38) for letter in "ABC"),
            Column("质量、保修", 34),
            Column("交期（天）", 17, "number"),
            Column("推荐及理由", 46),
        ),
        more=(Boxes((Field("words", Inquiry.words, span=12, lines=3),)),),
        signatures=("询价", Sign("使用部门", 40)),
        number_rule="XBJ-YYYYMM-NN",
        retention="R3",
    )
)


@paper("SU-09", VIEW, "number", "period")
def inquiries(request: PaperRequest) -> Iterator[Sheet]:
    """Fill in inquiries by their numbers, or those of a period."""
    if request.number is not None:
        found = list(by_number(Inquiry, request.number, VIEW))
    elif request.period is None:
        raise BadInput("请写明询价单号或期间，例如 XBJ-202611-01、2026-11。", "period")
    else:
        within = Inquiry.asked_on.between(request.period.first, request.period.last)
        found = list(Inquiry.select().where(within).order_by(Inquiry.number))
    yield from map(_sheet, found)


def _sheet(inquiry: Inquiry) -> Sheet:
    goods: dict[int, list[Quote]] = {}
    for quote in inquiry.quotes.order_by(Quote.id):
        goods.setdefault(quote.goods_id, []).append(quote)
    said = inquiry.said_by is not None
    names = ("title", "asked_on", "until", "words")
    values = {name: getattr(inquiry, name) for name in names} | {"state": inquiry.state.value}
    return Sheet(
        FORM,
        number=inquiry.number,
        values=values if said else penned(FORM, values),
        rows=[row for quotes in goods.values() for row in _rows(quotes[0].goods, quotes)],
        signed={"询价": inquiry.made_by} | ({"使用部门": inquiry.said_by} if said else {}),
        watermark="草稿" if inquiry.state is InquiryState.OPEN else "",
    )


def _rows(goods: Goods, quotes: Sequence[Quote]) -> Iterator[tuple[Any, ...]]:
    """Yield the lines of goods: as many as it takes to tell of all who were asked, three on each."""
    chosen = next((one for one in quotes if one.recommended), None)
    for first in range(0, len(quotes), _BESIDE):
        mine = list(quotes[first : first + _BESIDE])
        told = [f"{one.supplier.name}\n{Quote.price.show(one.price)}" for one in mine]
        why = f"{chosen.supplier.name}：{chosen.why}" if chosen in mine and chosen is not None else EMPTY
        of_whom = chosen if chosen in mine and chosen is not None else mine[0]
        yield (
            goods.name, goods.spec, *told, *[EMPTY] * (_BESIDE - len(told)), of_whom.quality, of_whom.days,
            why,
        )  # fmt: skip
