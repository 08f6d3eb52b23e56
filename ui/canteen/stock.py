"""收发页面: what is in stock and in which lots, goods taken in and issued, and every move."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtWidgets import QWidget

from models import imports
from models.canteen import (  # noqa: F401 - named below
    correcting,
    importing,
    issue_lists,
    issuing,
    opening,
    receiving,
    returning,
    stock_lists,
)
from models.canteen.issues import GoodsIssue
from models.canteen.item_sheets import OURS
from models.canteen.items import StockItem
from models.canteen.lots import StockLot
from models.canteen.rights import KEEP, STORE
from models.deeds import DEEDS, require
from models.imports import Given, Plan, SheetMap
from models.suppliers.receiving import Received
from models.suppliers.returns import GoodsReturn, Handling, ReturnState
from ui import acts, deeddialog, keys, papers
from ui.acts import Act
from ui.canteen import keeping
from ui.entering import EntryPage
from ui.entrygrid import SAME
from ui.importing import ImportDialog
from ui.page import Page, PageView
from ui.panel import Custom
from ui.services import Services

_ISSUE, _REPLACE = "canteen.issue", "canteen.take_replacement"
HINT = (
    f"Enter 下一行　{SAME} 照未到填　到期日照生产日期算　不合格的填合格数，选原因　"
    f"{keys.PREVIOUS} {keys.NEXT} 上、下一个漏录的　没有到的空着"
)


def _issue_these(view: PageView) -> Any:
    """Open an issue slip with the selected items, or lots, already in its rows."""
    rows: list[dict[str, Any]] = []
    for one in view.records():
        if isinstance(one, StockLot):
            rows.append({"item": one.item, "lot": one})
        else:
            assert isinstance(one, StockItem)
            rows.append({"item": one})
    return _issue(view, {"rows": rows})


def _issue(view: PageView, values: dict[str, Any]) -> Any:
    """Open an issue slip that begins as the person's last one did."""
    prints = functools.partial(_print_issue, view)
    values = {**issuing.usual(), **values}
    dialog = deeddialog.do(view.services, DEEDS[_ISSUE], [], view, values=values, prints=prints)
    if isinstance(dialog, deeddialog.DeedDialog) and view.record is GoodsIssue:
        dialog.made.connect(view.expect)
    return dialog


def _receiving(services: Services) -> EntryPage:
    """Return the page on which goods are taken in, and their slips printed."""

    def prints(page: QWidget, done: Received) -> None:
        numbers = "、".join(str(one.number) for one in done.receipts)
        papers.print_paper(services, page, "CA-02", "入库单", {"number": numbers})

    return EntryPage(services, receiving.stock_receiving, HINT, after=("打印入库单", prints))


def _print_issue(view: PageView, made: GoodsIssue) -> None:
    papers.print_paper(view.services, view, "CA-04", "出库（领用）单", {"number": made.number})


def _exchanged(view: PageView) -> str:
    """Return why nothing is to be taken in for the selected return; empty where something is."""
    for one in view.records():
        assert isinstance(one, GoodsReturn)
        if one.handling is not Handling.EXCHANGE or not one.accepted_before:
            return "只有收下以后又换的货，才在这里入库。"
        if one.state is not ReturnState.DONE:
            return "货退走、办结退换以后，才登记换回的货。"
    return ""


def _judge_items(found: Given, maps: Sequence[SheetMap]) -> Plan:
    require(KEEP)
    return imports.judged(found, maps, OURS)


def _import_items(view: PageView) -> Any:
    dialog = ImportDialog(view.services, DEEDS["canteen.import_items"], _judge_items, view, OURS)
    dialog.open()
    return dialog


ISSUE = Act(DEEDS[_ISSUE].title, STORE, lambda view: _issue(view, {}))
ISSUE_THESE = Act("领用", STORE, _issue_these, many=True)
acts.offer(GoodsReturn, replace(acts.of_deed(_REPLACE, of_rows=True), fits=_exchanged))

PAGES: tuple[Page | Custom, ...] = (
    Page(
        listing="stock",
        row_deeds=(ISSUE_THESE,),
        papers=("CA-12",),
        number="code",
        filters=("stock",),
        empty="还没有库存物品。在“设置”的“库存物品”里新增。",
    ),
    Page(
        listing="stock_lots",
        row_deeds=(ISSUE_THESE, "canteen.report_problem", keeping.WRITE_OFF, "canteen.correct_dates"),
        filters=("stock", "supplier", "state"),
        empty="还没有批次。货到了，在“入库验收”里录。",
    ),
    Custom(receiving.stock_receiving.name, receiving.stock_receiving.title, STORE, _receiving),
    Page(
        listing="store_receipts",
        papers=("CA-02",),
        filters=("period", "supplier"),
        empty="还没有入库单。货到了，在“入库验收”里录。",
    ),
    Page(
        listing="stock_issues",
        deeds=(ISSUE,),
        papers=("CA-04",),
        filters=("period", "state"),
        empty="还没有出库单。点“领用出库”，批次按先到期的推荐。",
    ),
    Page(
        listing="issue_lines",
        row_deeds=("canteen.back_to_stock",),
        filters=("period", "stock", "state"),
        empty="还没有出库明细。",
    ),
    Page(
        listing="stock_moves",
        filters=("period", "stock", "state"),
        empty="还没有收发。入库、领用以后，每一笔列在这里。",
    ),
    Page(
        listing="meal_costs",
        filters=("period",),
        empty="还没有供餐的出库。用途选“供餐”，填餐次和就餐人数。",
    ),
)
SETTINGS: tuple[Page, ...] = (
    Page(
        listing="stock_items",
        deeds=(
            "canteen.add_item",
            "canteen.stock_goods",
            "canteen.open_stock",
            Act("导入库存物品", KEEP, _import_items),
        ),
        row_deeds=("canteen.edit_item", "canteen.retire_item", "canteen.restore_item"),
        empty="还没有库存物品。点“新增库存物品”；采购过的点“纳入库存”；有现成表格的点“导入库存物品”。",
    ),
)
