"""员工考核: the pages of what people and departments are appraised by."""

from __future__ import annotations

from typing import Any

from models.appraisals import deliveries  # noqa: F401 - its deeds are named below
from models.appraisals.costs import costing
from models.appraisals.lists import lines_of
from models.appraisals.rights import KEEP, VIEW
from models.appraisals.setting import month_targets
from models.listings import LISTS
from ui import keys, papers
from ui.acts import Act, of_deed
from ui.entering import EntryPage
from ui.page import Page, PageView
from ui.panel import Custom, Panel
from ui.permits import may
from ui.services import Services


def _print_delivery(view: PageView, delivery: Any) -> None:
    papers.print_paper(view.services, view, "AP-08", "财务指标测算与完成情况表", {"number": delivery.number})


def _print_selected(view: PageView) -> None:
    _print_delivery(view, view.records()[0])


def _show_lines(view: PageView) -> None:
    """Open the lines behind the selected indicator."""
    view.services.open_lines(lines_of(view.table.grid.selected()[0].id))


def _lines_hindrance(view: PageView) -> str:
    page = LISTS[lines_of(view.table.grid.selected()[0].id).page]
    return "" if may(page.right) else f"您没有查看“{page.title}”的权限"


def _costing(services: Services) -> EntryPage:
    """Return the page on which the costs of a month are typed."""
    return EntryPage(services, costing, COSTING_HINT, period="上月")


def _months(services: Services) -> EntryPage:
    """Return the page on which the targets of a year are typed month by month."""
    return EntryPage(services, month_targets, MONTHS_HINT, period="本年")


COSTING_HINT = "Enter 下一行　期间选月份　可从 Excel 复制两列（成本种类、金额）粘贴"
MONTHS_HINT = "Enter 下一行　期间选年份　一个指标要填满十二个月，不改的指标空着　可从 Excel 复制粘贴"

PAGES: tuple[Page | Custom, ...] = (
    Page(
        listing="indicators",
        deeds=(of_deed("appraisals.deliver", of_rows=False, prints=_print_delivery),),
        row_deeds=(Act("看明细", VIEW, _show_lines, fits=_lines_hindrance, asks=False),),
        papers=("AP-08",),
        filters=("period",),
        period="本月",
        charts=True,
        empty="还没有指标。",
    ),
    Page(
        listing="targets",
        deeds=("appraisals.set_target",),
        filters=("period", "state"),
        empty="还没有定过目标。先定年目标，再按需要逐月填写。",
    ),
    Custom(month_targets.name, month_targets.title, KEEP, _months),
    Page(
        listing="target_months",
        filters=("period", "state"),
        empty="还没有月目标。定了年目标以后，这里按月列出。",
    ),
    Custom(costing.name, costing.title, KEEP, _costing),
    Page(
        listing="month_costs",
        filters=("period", "state", "void"),
        empty="还没有录过成本。请到“成本录入”里按月录入。",
    ),
    Page(
        listing="deliveries",
        deeds=(
            of_deed("appraisals.deliver", of_rows=False, prints=_print_delivery),
            "appraisals.set_delivery_day",
        ),
        row_deeds=(Act("打印报送表", VIEW, _print_selected, asks=False, key=keys.AND_PRINT),),
        papers=("AP-08",),
        filters=("period", "state"),
        empty="还没有报送过。一期过完、录好成本以后，点“报送指标”。",
    ),
)


class AppraisalsPanel(Panel):
    """员工考核."""

    name = "appraisals"
    title = "员工考核"
    icon = "ph.chart-line"
    pages = PAGES


PANEL = AppraisalsPanel
