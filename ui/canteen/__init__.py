"""食堂仓库: the pages of the store, from what is in stock to what a meal cost."""

from __future__ import annotations

from itertools import chain

from ui.canteen import counting, keeping, planning, stock
from ui.panel import Panel


class CanteenPanel(Panel):
    """食堂仓库."""

    name = "canteen"
    title = "食堂仓库"
    icon = "ph.package"
    groups = {
        "收发": stock.PAGES,
        "需求": planning.PAGES,
        "保管": keeping.PAGES,
        "盘点": counting.PAGES,
        "设置": (*stock.SETTINGS, *keeping.SETTINGS),
    }
    pages = tuple(chain.from_iterable(groups.values()))


PANEL = CanteenPanel
