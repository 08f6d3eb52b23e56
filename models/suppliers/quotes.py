"""询价: what suppliers ask for the same goods, which one is recommended, and what its users think (SU-09)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any

from models.attachments import keeps_files
from models.base import Record
from models.clock import now
from models.deeds import actor, deed, reaches_everybody
from models.errors import BadInput, RuleBroken
from models.fields import (
    ChoiceField,
    CountField,
    DayField,
    FlagField,
    LineField,
    LinkField,
    MomentField,
    NoteField,
    NumberField,
    PriceField,
)
from models.inputs import Asked, Input
from models.office.approvals import is_own
from models.rows import RowRefused, RowsField
from models.search import finds_numbered
from models.series import Series
from models.suppliers.goods import Goods
from models.suppliers.register import Supplier, refuse_closed
from models.suppliers.rights import BUY, PLAN, VIEW

INQUIRIES = Series("XBJ", "询价单", digits=2)
ROWS = "rows"
LEAST = Decimal("0.0001")


class InquiryState(Enum):
    """How far an inquiry is."""

    OPEN = "询价中"
    RECOMMENDED = "待部门意见"
    ADOPTED = "已采纳"
    DECLINED = "未采纳"


class Inquiry(Record):
    """询价单: goods that several suppliers were asked for."""

    number = NumberField(verbose_name="询价单号")
    title = LineField(max_length=40, verbose_name="询价事由")
    asked_on = DayField(verbose_name="询价日期")
    until = DayField(verbose_name="报价有效期")
    state = ChoiceField(InquiryState, default=InquiryState.OPEN, verbose_name="询价状态")
    made_at = MomentField(verbose_name="登记时间")
    made_by = LineField(max_length=60, verbose_name="询价人")
    maker = CountField(null=True, verbose_name="询价账号")
    recommender = CountField(null=True, verbose_name="推荐账号")
    words = NoteField(null=True, verbose_name="使用部门意见")
    said_at = MomentField(null=True, verbose_name="意见时间")
    said_by = LineField(max_length=60, null=True, verbose_name="意见人")

    key_field = "number"
    moves = {
        InquiryState.OPEN: (InquiryState.RECOMMENDED,),
        InquiryState.RECOMMENDED: (InquiryState.ADOPTED, InquiryState.DECLINED),
    }

    class Meta:
        title = "询价单"

    def described(self) -> str:
        """Return XBJ-202611-01 冬季劳保."""
        return f"{self.number} {self.title}"


class Quote(Record):
    """报价: what one supplier asks for goods."""

    inquiry = LinkField(Inquiry, backref="quotes", verbose_name="询价单")
    goods = LinkField(Goods, backref="quotes", verbose_name="物品")
    supplier = LinkField(Supplier, backref="quotes", verbose_name="供方")
    price = PriceField(verbose_name="报价")
    days = CountField(high=365, null=True, verbose_name="交期(天)")
    quality = LineField(max_length=60, null=True, verbose_name="质量与保修")
    recommended = FlagField(default=False, verbose_name="推荐")
    why = LineField(max_length=80, null=True, verbose_name="推荐理由")

    class Meta:
        title = "报价"
        indexes = ((("inquiry", "goods", "supplier"), True),)

    def label(self) -> str:
        """Return XBJ-202611-01 大米 25kg 丰禾粮油."""
        return f"{self.inquiry.number} {self.goods.label()} {self.supplier.name}"


reaches_everybody(Inquiry, Quote)
keeps_files(Inquiry, VIEW)
finds_numbered(VIEW, "XBJ", Inquiry, "inquiries", "询价单", lambda one: one.title)

AskedInquiry = Annotated[Inquiry, Asked(LinkField(Inquiry, verbose_name="询价单"))]


def _inputs() -> list[Input]:
    return [
        Input("goods", LinkField(Goods, verbose_name="物品").roomier(18), required=True),
        Input("supplier", LinkField(Supplier, verbose_name="供方").roomier(16), required=True),
        Input("price", PriceField(verbose_name="报价"), required=True),
        Input("days", CountField(high=365, null=True, verbose_name="交期(天)"), required=False),
        Input("quality", LineField(max_length=60, null=True, verbose_name="质量与保修"), required=False),
    ]


AskedRows = Annotated[list[dict[str, Any]], Asked(RowsField(_inputs, verbose_name="报价"))]


@deed("suppliers.inquire", "登记询价", BUY)
def inquire(
    title: Annotated[str, Asked(LineField(max_length=40, verbose_name="询价事由"))],
    rows: AskedRows,
    until: Annotated[date, Asked(DayField(verbose_name="报价有效期"))],
) -> Inquiry:
    """Note what suppliers ask for goods, and until when that holds.

    Raises:
        BadInput: it holds no more.
        RowRefused: a supplier is asked twice for the same, asks nothing, or its file is closed.
    """
    today = now().date()
    if until < today:
        raise BadInput(f"报价有效期 {until} 已经过了。请填今天或以后的日期。", "until")
    made = Inquiry.add(
        number=INQUIRIES.next(today), title=title, asked_on=today, until=until, made_at=now(),
        made_by=actor().name, maker=actor().account_id,
    )  # fmt: skip
    _put(made, rows)
    return made


@deed("suppliers.add_quotes", "补录报价", BUY)
def add_quotes(inquiry: AskedInquiry, rows: AskedRows) -> Inquiry:
    """Note what more suppliers ask.

    Raises:
        RuleBroken: one was recommended already.
        RowRefused: as for a new inquiry.
    """
    if inquiry.state is not InquiryState.OPEN:
        raise RuleBroken(f"询价单 {inquiry.number} {inquiry.state.value}，不能再补报价。请另登一张。")
    _put(inquiry, rows)
    inquiry.renew()
    return inquiry


def _put(inquiry: Inquiry, rows: Sequence[Mapping[str, Any]]) -> None:
    seen = {(one.goods_id, one.supplier_id) for one in inquiry.quotes}
    for number, row in enumerate(rows):
        key = row["goods"].id, row["supplier"].id
        if key in seen:
            told = f"{row['supplier'].name} 的{row['goods'].label()}报价写了两次"
            raise RowRefused(f"{told}。请留一行。", ROWS, number, "supplier")
        seen.add(key)
        if row["price"] < LEAST:
            raise RowRefused("报价是零。没有报价的不用写。", ROWS, number, "price")
        try:
            refuse_closed(row["supplier"])
        except RuleBroken as closed:
            raise RowRefused(str(closed), ROWS, number, "supplier") from None
        Quote.add(inquiry=inquiry, **row)


@deed("suppliers.recommend", "推荐", BUY)
def recommend(
    quote: Annotated[Quote, Asked(LinkField(Quote, verbose_name="报价"))],
    why: Annotated[str, Asked(LineField(max_length=80, verbose_name="推荐理由"))],
) -> Quote:
    """Recommend one supplier's goods among those that were compared; the other ones give way.

    Raises:
        RuleBroken: its users have said already what they think.
    """
    inquiry = quote.inquiry
    if inquiry.state in (InquiryState.ADOPTED, InquiryState.DECLINED):
        raise RuleBroken(f"询价单 {inquiry.number} {inquiry.state.value}，不能再改推荐。")
    for other in inquiry.quotes.where((Quote.goods == quote.goods) & Quote.recommended):
        if other.id != quote.id:
            other.change(recommended=False, why=None)
    inquiry.change(recommender=actor().account_id)
    if inquiry.state is InquiryState.OPEN:
        inquiry.move_to(InquiryState.RECOMMENDED)
    return quote.change(recommended=True, why=why)


@deed("suppliers.judge_inquiry", "使用部门意见", PLAN)
def judge_inquiry(
    inquiry: AskedInquiry,
    adopted: Annotated[bool, Asked(FlagField(verbose_name="采纳推荐"))],
    words: Annotated[str, Asked(NoteField(verbose_name="意见"))],
) -> Inquiry:
    """Say as those who use the goods whether the recommendation is followed.

    Raises:
        RuleBroken: nothing is recommended, it was said already, or the person made the inquiry or the
            recommendation himself.
    """
    if inquiry.state is InquiryState.OPEN:
        raise RuleBroken(f"询价单 {inquiry.number} 还没有推荐。请采购先“推荐”。")
    if is_own(inquiry.maker) or is_own(inquiry.recommender):
        raise RuleBroken("这是您自己询的价或推荐的，要由使用部门的人写意见。")
    state = InquiryState.ADOPTED if adopted else InquiryState.DECLINED
    return inquiry.move_to(state, words=words, said_at=now(), said_by=actor().name)


def agreed_price(goods: Goods, supplier: Supplier, day: date) -> Decimal | None:
    """Return what a supplier's adopted quote asks for goods, while it holds; None without one."""
    mine = (Quote.goods == goods) & (Quote.supplier == supplier) & Quote.recommended
    holds = (Inquiry.state == InquiryState.ADOPTED) & (Inquiry.until >= day) & (Inquiry.asked_on <= day)
    found = Quote.select().join(Inquiry).where(mine & holds).order_by(Quote.id.desc()).first()
    return None if found is None else found.price


def lowest_quote(goods: Goods, day: date) -> Decimal | None:
    """Return the least that anybody asked for goods in a quote that holds on a day; None where none does."""
    holds = (Inquiry.until >= day) & (Inquiry.asked_on <= day)
    prices = Quote.select(Quote.price).join(Inquiry).where((Quote.goods == goods) & holds)
    found = prices.order_by(Quote.price).first()
    return None if found is None else found.price
