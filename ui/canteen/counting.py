"""盘点页面: counts and how they are typed, what came and went in a month, the card of one item."""

from __future__ import annotations

from models.canteen import books, count_lists, count_sheets, counting  # noqa: F401 - named below
from models.canteen.rights import COUNT
from models.canteen.stocktakes import RUNNING, CountState
from models.entries import Entry
from ui import keys
from ui.acts import in_states
from ui.entering import EntryPage
from ui.page import Page
from ui.panel import Custom
from ui.services import Services

COUNTED = (
    f"Enter 下一行　照数到的填，没有的填 0　可以分几次录　{keys.PREVIOUS} {keys.NEXT} 上一个、下一个漏录的"
)
RECOUNTED = f"再数一次，不看上次的数　与账不符的写差异原因　{keys.PREVIOUS} {keys.NEXT} 上一个、下一个"


def _sheet(entry: Entry, hint: str) -> Custom:
    """Return the page on which a sheet of a count is typed back."""

    def make(services: Services) -> EntryPage:
        return EntryPage(services, entry, hint)

    return Custom(entry.name, entry.title, COUNT, make)


PAGES: tuple[Page | Custom, ...] = (
    Page(
        listing="stocktakes",
        deeds=("canteen.begin_count",),
        row_deeds=(
            in_states("canteen.approve_count", CountState.READY),
            in_states("canteen.count_found", CountState.COUNTING),
            in_states("canteen.cancel_count", *RUNNING),
        ),
        papers=("CA-06", "CA-13"),
        filters=("state",),
        empty="还没有盘点。每月 25 日以后点“开始盘点”，打印空表去数。",
    ),
    _sheet(count_sheets.stock_counting, COUNTED),
    _sheet(count_sheets.stock_recounting, RECOUNTED),
    Page(
        listing="stocktake_lines",
        filters=("stock", "state"),
        empty="还没有盘完的。全部录完实盘以后，与账面的差异列在这里。",
    ),
    Page(
        listing="stock_month",
        papers=("CA-11",),
        filters=("period",),
        period="本月",
        empty="这个月的账上没有收发，或已并入下一次盘点。",
    ),
    Page(
        listing="stock_card",
        papers=("CA-12",),
        number="item",
        filters=("stock", "period"),
        empty="先在上面选一种物品，再看它的账。",
    ),
    Page(
        listing="stock_closes",
        empty="还没有结过账。批准盘点，那个月就结账。",
    ),
)
