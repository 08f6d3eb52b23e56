"""物业收费: the pages of charges, bills and money, by what people come for."""

from __future__ import annotations

from itertools import chain

from ui.fees.pages import charged, chasing, deposited, metered, receiving, standards
from ui.panel import Panel


class FeesPanel(Panel):
    """物业收费."""

    name = "fees"
    title = "物业收费"
    icon = "ph.receipt"
    groups = {
        "收款": receiving.PAGES,
        "账单": charged.PAGES,
        "催缴": chasing.PAGES,
        "抄表与分摊": metered.PAGES,
        "押金与特服": deposited.PAGES,
        "标准": standards.PAGES,
    }
    pages = tuple(chain.from_iterable(groups.values()))


PANEL = FeesPanel
