"""盘点: what is really there, counted by one and witnessed by another, against books that stand still.

The sheet is blind: whoever counts does not see what should be there. What differs is counted once more and
explained; what is equal is kept as counted. Gains and losses are booked when the count is approved, by
finance and the manager, and with them the month is closed (forms.md A5 CA-06, B11.6). How it goes is in
`models.canteen.counting`.
"""

from __future__ import annotations

from enum import Enum
from typing import Annotated

from models.attachments import keeps_files
from models.base import Record
from models.canteen.rights import VIEW
from models.deeds import reaches_everybody
from models.fields import ChoiceField, CodeField, DayField, LineField, LinkField, MomentField, MonthField
from models.inputs import Asked
from models.search import finds_numbered


class CountState(Enum):
    """Where a count stands."""

    COUNTING = "盘点中"
    CHECKING = "复盘中"
    READY = "待批准"
    DONE = "已结账"
    CANCELLED = "已取消"


RUNNING = (CountState.COUNTING, CountState.CHECKING, CountState.READY)


class Stocktake(Record):
    """盘点: one count of all that is in the store, PD-202611."""

    number = CodeField(max_length=16, unique=True, verbose_name="盘点单号")
    month = MonthField(index=True, verbose_name="月份")
    day = DayField(verbose_name="盘点日期")
    counter = LineField(max_length=40, verbose_name="盘点人")
    witness = LineField(max_length=40, verbose_name="监盘人")
    state = ChoiceField(CountState, default=CountState.COUNTING, index=True, verbose_name="盘点状态")
    made_at = MomentField(verbose_name="开始时间")
    made_by = LineField(max_length=60, verbose_name="登记人")
    approved_at = MomentField(null=True, verbose_name="批准时间")
    approval = LineField(max_length=20, null=True, verbose_name="审批单号")
    why = LineField(max_length=120, null=True, verbose_name="取消原因")

    key_field = "number"
    moves = {
        CountState.COUNTING: (CountState.CHECKING, CountState.READY, CountState.CANCELLED),
        CountState.CHECKING: (CountState.READY, CountState.CANCELLED),
        CountState.READY: (CountState.DONE, CountState.CANCELLED),
    }

    class Meta:
        title = "盘点"

    def described(self) -> str:
        """Return PD-202611，120 批，盘点人 佟大勺，监盘人 沈国平."""
        return f"{self.number}，{self.lines.count()} 批，盘点人 {self.counter}，监盘人 {self.witness}"


reaches_everybody(Stocktake)
keeps_files(Stocktake, VIEW)
finds_numbered(VIEW, "PD", Stocktake, "stocktakes", "盘点", lambda one: one.described())

AskedCount = Annotated[Stocktake, Asked(LinkField(Stocktake, verbose_name="盘点单"))]


def running() -> Stocktake | None:
    """Return the count that is going on; None where none is."""
    found: Stocktake | None = Stocktake.select().where(Stocktake.state.in_(RUNNING)).first()
    return found
