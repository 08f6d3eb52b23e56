"""盘点录入: the sheets on which counts are typed; neither tells what should be there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from models.canteen.counting import ROWS, unexplained
from models.canteen.counts import StocktakeLine, lines_to_count
from models.canteen.stocktakes import RUNNING, CountState, Stocktake, running
from models.entries import Line, Sheet, entry
from models.fields import CodeField, DayField, LineField
from models.listings import Filters, Shown

_TOLD = (
    Shown("code", StocktakeLine.code),
    Shown("place", LineField(max_length=30, verbose_name="货位")),
    Shown("name", LineField(max_length=80, verbose_name="物品")),
    Shown("lot", CodeField(max_length=24, verbose_name="批次")),
    Shown("expires_on", DayField(verbose_name="到期日")),
    Shown("unit", LineField(max_length=8, verbose_name="单位")),
)


def _line(one: StocktakeLine) -> tuple[Any, ...]:
    lot, item = one.lot, one.lot.item
    return one.code, item.place, item.goods.label(), lot.code, lot.expires_on, item.unit


@entry("stock_counting", "录入实盘", "canteen.enter_counts", ROWS, ("counted",))
def stock_counting(filters: Filters) -> Sheet:
    """What is not counted yet, as it lies; what should be there is not told."""
    going = running()
    lines = [] if going is None else lines_to_count(going, StocktakeLine.counted.is_null())
    return Sheet(
        told=_TOLD,
        lines=[Line(one.code, _line(one), {"line": one}) for one in lines],
        judge=lambda line, row: "没有填实盘" if row.get("counted") is None else "",
        strict="counted",
        warns=_why_not(going, lines, CountState.COUNTING),
    )


@entry("stock_recounting", "录入复盘", "canteen.recount", ROWS, ("recounted", "cause", "opinion"))
def stock_recounting(filters: Filters) -> Sheet:
    """What differs from the books and is to be counted once more, as blindly as at first."""
    going = running()
    lines = []
    if going is not None and going.state is CountState.CHECKING:
        differs = (StocktakeLine.counted != StocktakeLine.book) & StocktakeLine.recounted.is_null()
        lines = lines_to_count(going, differs)
    return Sheet(
        told=_TOLD,
        lines=[Line(one.code, _line(one), {"line": one}) for one in lines],
        judge=lambda line, row: unexplained(line.fixed["line"], row),
        strict="recounted",
        warns=_why_not(going, lines, CountState.CHECKING),
    )


def _why_not(going: Stocktake | None, lines: Sequence[Any], state: CountState) -> str:
    if lines:
        return ""
    if going is None:
        return "没有在盘点。先在“盘点”里点“开始盘点”。"
    if going.state in RUNNING and going.state is not state:
        return f"{going.number} 现在是“{going.state.value}”。"
    return f"{going.number} 都录完了。"
