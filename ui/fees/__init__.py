"""物业收费: the pages of charges, bills and money, by what people come for."""

from __future__ import annotations

from itertools import chain

from ui.fees.pages import (
    banking,
    charged,
    chasing,
    closing_day,
    commons,
    deposited,
    metered,
    receiving,
    sealed,
    standards,
)
from ui.panel import Panel


class FeesPanel(Panel):
    """物业收费."""

    name = "fees"
    title = "物业收费"
    icon = "ph.receipt"
    groups = {
        "收款": receiving.PAGES,
        "收银与票据": closing_day.PAGES,
        "银行与代扣": banking.PAGES,
        "账单": charged.PAGES,
        "月报与封账": sealed.PAGES,
        "催缴": chasing.PAGES,
        "抄表与分摊": metered.PAGES,
        "押金与特服": deposited.PAGES,
        "公共收益与维修资金": commons.PAGES,
        "标准": standards.PAGES,
    }
    pages = tuple(chain.from_iterable(groups.values()))


PANEL = FeesPanel
