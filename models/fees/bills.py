"""账单: every charged line, from the run that made it to the money that settles it.

A line is never edited: `paid` follows its allocations, `live` falls when its run is undone; the
database itself refuses to change anything else (migrations 0001 and 0005). What was charged wrongly is
corrected by an equal negative line and, where something is charged after all, a new one; both name the
old one by `corrects`.
"""

from __future__ import annotations

from decimal import Decimal
from enum import Enum
from typing import Any

from models.base import Record
from models.batches import Batch
from models.fees.items import FeeItem, late_items
from models.fields import (
    AreaField,
    ChoiceField,
    CountField,
    DayField,
    FactsField,
    FlagField,
    LineField,
    LinkField,
    MoneyField,
    MonthField,
    PriceField,
)
from models.owners.estate import Unit
from models.owners.people import Person

BILLING = "billing"
"""The kind of batch that a run is."""


class BillKind(Enum):
    """Where a line comes from.

    A run makes RECURRING ones, and CORRECTION ones for months that were reversed; REVERSAL and REDUCTION
    are negative and settled at once.
    """

    RECURRING = "周期"
    OPENING = "期初"
    METERED = "抄表"
    SHARED = "公摊"
    SERVICE = "特服"
    LATE = "违约金"
    REVERSAL = "红冲"
    REDUCTION = "减免"
    CORRECTION = "更正"


class BillState(Enum):
    """Follows from amount, paid, due day and live; never stored."""

    OPEN = "未收"
    PART = "部分已收"
    SETTLED = "已结清"
    VOID = "已作废"


class Bill(Record):
    """账单: one charged line: a unit, an item, a month."""

    month = MonthField(verbose_name="所属月份")
    unit = LinkField(Unit, index=False, verbose_name="房号")
    item = LinkField(FeeItem, index=False, verbose_name="收费项目")
    part = CountField(low=0, high=9, default=0, verbose_name="分段")
    kind = ChoiceField(BillKind, default=BillKind.RECURRING, verbose_name="来源")
    source = LineField(max_length=40, null=True, verbose_name="来源单据")
    amount = MoneyField(signed=True, verbose_name="应收")
    paid = MoneyField(signed=True, default=Decimal(0), verbose_name="已收")
    live = FlagField(default=True, verbose_name="有效")
    due = DayField(verbose_name="截止日")
    run = MonthField(null=True, verbose_name="出账月份")
    batch = LinkField(Batch, index=False, null=True, verbose_name="批次")
    payer = LinkField(Person, index=False, null=True, verbose_name="付款人")
    liable = LinkField(Person, index=False, null=True, verbose_name="责任业主")
    quantity = AreaField(null=True, verbose_name="数量")
    price = PriceField(null=True, verbose_name="单价")
    extra = MoneyField(null=True, verbose_name="附加/固定金额")
    days = CountField(null=True, verbose_name="计费天数")
    month_days = CountField(null=True, verbose_name="当月天数")
    segments = FactsField(null=True, verbose_name="分段计算")
    corrects = LinkField("self", null=True, index=False, backref="corrections", verbose_name="更正账单")

    class Meta:
        title = "账单"

    def label(self) -> str:
        """Return 1-1-1011 物业费 2020-06; of what corrects a line, that line's month: 2020-06（减免）."""
        told = f"{self.unit.code} {self.item.name}"
        if self.corrects_id is None or self.amount > 0:
            return f"{told} {self.month}"
        return f"{told} {self.corrects.month}（{self.kind.value}）"

    @property
    def owed(self) -> Decimal:
        """What is still open, in 元."""
        return Decimal(self.amount) - Decimal(self.paid) if self.live else Decimal(0)


def principal() -> list[Any]:
    """Return what a line must meet to be no 违约金, which no age and no rate of arrears counts."""
    late = late_items()
    return [Bill.item.not_in(late)] if late else []


OPEN = (Bill.live == True) & (Bill.paid < Bill.amount)
"""Lines that still want money; a partial index holds just these."""

# Month first: at ten years of lines a unit-first key costs nine times as much to insert (tech.md 3).
Bill.add_index(
    Bill.index(Bill.month, Bill.unit, Bill.item, Bill.part, unique=True,
               where=(Bill.live == True) & Bill.source.is_null(), name="bill_once")
)  # fmt: skip
Bill.add_index(Bill.index(Bill.source, unique=True, where=Bill.source.is_null(False), name="bill_source"))
# Due day first: a run's lines stand together at its end, by house they would touch every page of it. `live`
# is in it though always true here: given as a parameter, SQLite would look it up line by line.
Bill.add_index(
    Bill.index(Bill.due, Bill.unit, Bill.payer, Bill.month, Bill.item, Bill.amount, Bill.paid, Bill.live,
               where=OPEN, name="bill_open")
)  # fmt: skip
Bill.add_index(Bill.index(Bill.month, Bill.item, Bill.live, Bill.amount, Bill.paid, name="bill_rates"))
Bill.add_index(Bill.index(Bill.batch, name="bill_batch"))
Bill.add_index(Bill.index(Bill.corrects, where=Bill.corrects.is_null(False), name="bill_corrects"))
