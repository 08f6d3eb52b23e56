"""供方评价: the pages of suppliers and purchasing."""

from __future__ import annotations

from itertools import chain

from ui.panel import Panel
from ui.suppliers import ending, files, purchasing, scoring, services, settling


class SuppliersPanel(Panel):
    """供方评价."""

    name = "suppliers"
    title = "供方评价"
    icon = "ph.handshake"
    groups = {
        "采购": purchasing.PAGES,
        "供方": (*files.FILES, *ending.PAGES),
        "结算": settling.PAGES,
        "外包": services.PAGES,
        "评价": scoring.PAGES,
        "设置": (*files.SETTINGS, *services.SETTINGS, *scoring.SETTINGS),
    }
    pages = tuple(chain.from_iterable(groups.values()))


PANEL = SuppliersPanel
