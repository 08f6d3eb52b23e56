"""物业收费: the pages of charges, bills and money."""

from __future__ import annotations

from ui.page import Page
from ui.panel import Panel


class FeesPanel(Panel):
    """物业收费."""

    name = "fees"
    title = "物业收费"
    icon = "ph.receipt"
    pages = (
        Page(
            listing="bills",
            deeds=("fees.bill", "fees.receive"),
            row_deeds=(),
            filters=("period", "building", "item", "state"),
            empty="还没有账单。设好收费项目和房屋收费后，试算并出账。",
            step="fees.bill",
        ),
        Page(
            listing="receipts",
            deeds=("fees.receive", "fees.close_day"),
            row_deeds=("fees.void_receipt",),
            filters=("period", "building", "state"),
            empty="还没有开出收据。",
            step="fees.receive",
        ),
        Page(
            listing="payments",
            deeds=("fees.receive",),
            filters=("period",),
            empty="还没有收款。",
            step="fees.receive",
        ),
        Page(
            listing="arrears", deeds=("fees.receive",), filters=("on", "building", "item"), empty="没有欠费。"
        ),
        Page(listing="rates", filters=("period", "building"), empty="还没有账单可以计算收缴率。"),
        Page(listing="balances", deeds=("fees.set_off",), filters=("building",), empty="没有预存余额。"),
        Page(
            listing="closings",
            deeds=("fees.close_day",),
            filters=("period",),
            empty="还没有日结。",
            step="fees.close_day",
        ),
        Page(
            listing="items",
            deeds=("fees.add_item",),
            row_deeds=("fees.set_rate", "fees.edit_item"),
            filters=(),
            empty="还没有收费项目。先新增项目，再定价。",
            step="fees.add_item",
        ),
        Page(
            listing="prices",
            deeds=("fees.set_rate",),
            filters=("item",),
            empty="还没有定价。",
            step="fees.set_rate",
        ),
        Page(listing="assignments", filters=("building", "item", "on"), empty="还没有给房屋设置收费项目。"),
    )


PANEL = FeesPanel
