"""退换货: what was rejected, or turned out bad afterwards, until it is returned or exchanged.

The manager consents before the supplier is called (duty c04.a.04, forms.md B11): no other move leads on.
How that goes is in `models.suppliers.returning`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Annotated

from models.attachments import keeps_files
from models.base import Record
from models.clock import now
from models.deeds import actor, reaches_everybody
from models.fields import (
    ChoiceField,
    DayField,
    LineField,
    LinkField,
    MomentField,
    MoneyField,
    NumberField,
    StockField,
)
from models.inputs import Asked
from models.search import finds_numbered
from models.series import Series
from models.suppliers.goods import trimmed, worth
from models.suppliers.receipts import Defect, ReceiptLine
from models.suppliers.register import Supplier
from models.suppliers.rights import VIEW

RETURNS = Series("TH", "退换货单")


class Handling(Enum):
    """What is done with goods that are not accepted."""

    RETURN = "退货"
    EXCHANGE = "换货"
    CONCESSION = "让步接收"


class ReturnState(Enum):
    """Where a return stands."""

    WAITING = "待经理同意"
    CONSENTED = "已同意"
    DONE = "已办结"
    REFUSED = "未同意"


OPEN = (ReturnState.WAITING, ReturnState.CONSENTED)


class GoodsReturn(Record):
    """退换货单: goods of one lot that go back to the supplier."""

    number = NumberField(verbose_name="退换货单号")
    lot = LinkField(ReceiptLine, backref="returns", verbose_name="验收明细")
    supplier = LinkField(Supplier, backref="returns", verbose_name="供方")
    quantity = StockField(low=Decimal("0.001"), verbose_name="数量")
    amount = MoneyField(verbose_name="金额")
    accepted_before = StockField(default=Decimal("0.000"), verbose_name="其中已验收")
    defect = ChoiceField(Defect, verbose_name="不合格原因")
    words = LineField(max_length=80, null=True, verbose_name="说明")
    state = ChoiceField(ReturnState, default=ReturnState.WAITING, index=True, verbose_name="办理状态")
    found_on = DayField(index=True, verbose_name="发现日期")
    handling = ChoiceField(Handling, null=True, verbose_name="处理")
    consented_at = MomentField(null=True, verbose_name="同意时间")
    consented_by = LineField(max_length=60, null=True, verbose_name="同意人")
    due = DayField(null=True, verbose_name="退换期限")
    done_on = DayField(null=True, verbose_name="办结日期")
    result = LineField(max_length=80, null=True, verbose_name="办理结果")
    made_at = MomentField(verbose_name="登记时间")
    made_by = LineField(max_length=60, verbose_name="登记人")

    key_field = "number"
    moves = {
        ReturnState.WAITING: (ReturnState.CONSENTED, ReturnState.REFUSED),
        ReturnState.CONSENTED: (ReturnState.DONE,),
    }

    class Meta:
        title = "退换货单"

    def described(self) -> str:
        """Return TH-202611-001 丰禾粮油 大米 25kg 2 袋，变质破损."""
        goods = self.lot.goods
        told = f"{self.number} {self.supplier.name} {goods.label()}"
        return f"{told} {trimmed(self.quantity)} {goods.unit}，{self.defect.value}"


reaches_everybody(GoodsReturn)
keeps_files(GoodsReturn, VIEW)
finds_numbered(VIEW, "TH", GoodsReturn, "goods_returns", "退换货单", lambda one: one.described())

Following = Callable[[GoodsReturn], None]
_FOLLOWING: list[Following] = []


def follows_returns(work: Following) -> Following:
    """Let a module follow a return: it is told in the same transaction that one was made, or moved on."""
    _FOLLOWING.append(work)
    return work


def followed(one: GoodsReturn) -> GoodsReturn:
    """Tell who follows returns where one stands now; for the deeds that move it."""
    for work in _FOLLOWING:
        work(one)
    return one


AskedReturn = Annotated[GoodsReturn, Asked(LinkField(GoodsReturn, verbose_name="退换货单"))]


def reject(lot: ReceiptLine) -> GoodsReturn:
    """Let what was rejected of a lot wait for consent; for the deed that receives."""
    assert lot.defect is not None
    return give_back(lot, lot.rejected, lot.defect, lot.words, lot.receipt.arrived_on, Decimal("0.000"))


def give_back(
    lot: ReceiptLine, quantity: Decimal, defect: Defect, words: str | None, day: date, before: Decimal
) -> GoodsReturn:
    """Let goods of a lot wait for consent to their return, so much of them accepted before; for deeds."""
    made = GoodsReturn.add(
        number=RETURNS.next(now().date()), lot=lot, supplier=lot.receipt.supplier, quantity=quantity,
        amount=worth(quantity, lot.price), accepted_before=before, defect=defect, words=words, found_on=day,
        made_at=now(), made_by=actor().name,
    )  # fmt: skip
    return followed(made)


def open_returns(supplier: Supplier | None = None) -> list[GoodsReturn]:
    """Return what was not given back or exchanged yet, by one supplier or by all, the oldest first."""
    query = GoodsReturn.select().where(GoodsReturn.state.in_(OPEN))
    if supplier is not None:
        query = query.where(GoodsReturn.supplier == supplier)
    return list(query.order_by(GoodsReturn.id))
