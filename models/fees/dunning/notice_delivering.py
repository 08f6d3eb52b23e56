"""通知单派发: how the payment notices of a month were handed out, entered from the signed list (FE-03).

A notice is never stuck on a door: it would tell a person's debt to everybody (forms.md B7).
"""

from __future__ import annotations

from enum import Enum

from models.base import Record
from models.fields import (
    ChoiceField,
    CodeField,
    FlagField,
    LineField,
    LinkField,
    MomentField,
    MonthField,
)
from models.office.staff import Staff
from models.owners.estate import Unit


class NoticeWay(Enum):
    """How a notice is handed out; never 张贴."""

    HAND = "面交"
    BOX = "信箱"
    WECHAT = "微信"
    MAIL = "邮寄"


class NoticeDelivery(Record):
    """通知单派发: when and how the notice of a month was handed to a house, by whom."""

    unit = LinkField(Unit, backref="notice_deliveries", verbose_name="房号")
    month = MonthField(verbose_name="月份")
    number = CodeField(max_length=60, verbose_name="通知单号")
    way = ChoiceField(NoticeWay, verbose_name="派发方式")
    at = MomentField(verbose_name="派发时间")
    by = LinkField(Staff, backref="notice_deliveries", verbose_name="派发人")
    signed_by = LineField(max_length=40, null=True, verbose_name="签收人")
    note = LineField(max_length=120, null=True, verbose_name="备注")
    live = FlagField(default=True, verbose_name="有效")
    withdrawn = LineField(max_length=80, null=True, verbose_name="撤回原因")
    made_at = MomentField(verbose_name="登记时间")
    made_by = LineField(max_length=60, verbose_name="经办人")

    class Meta:
        title = "通知单派发"

    def label(self) -> str:
        """Return JF-202611-1-1-1011 面交."""
        return f"{self.number} {self.way.value}"


NoticeDelivery.add_index(
    NoticeDelivery.index(
        NoticeDelivery.month, NoticeDelivery.unit, unique=True, where=NoticeDelivery.live == True,
        name="notice_handed_once",
    )
)  # fmt: skip
