"""服务统计页面: the month's report, and every rate by kind, department, person and building."""

from __future__ import annotations

from typing import Any

from models.complaints import rates as _rates
from models.complaints.analysis.quality import ReviewState
from models.complaints.analysis.reports import AnalysisState
from models.complaints.kinds import Sort
from models.complaints.rights import VIEW
from models.listings import Filters
from ui.acts import Act, in_states
from ui.page import Page, PageView
from ui.panel import Custom


def _open(view: PageView) -> None:
    """Open the cases below the line of the selected rate, or those of the selected kind, person, building."""
    grid = view.table.grid
    listing: Any = grid.rows.listing
    told = listing.plain(grid.selected()[0])
    column = _rates.GOES_BY.get(view.page.listing)
    by = (column, told["key"]) if column else None
    asked = _rates.lines_of(Sort(told["sort"]), told.get("name", ""), by)
    filters = view.row.given()
    view.services.open(
        "counted_cases", Filters(period=_rates.this(filters), building=filters.building), asked
    )


LINES = Act("查看明细", VIEW, _open, asks=False)


def _page(listing: str, *filters: str, **more: Any) -> Page:
    """Return a page of rates; all of them are of this month unless another period is chosen."""
    return Page(
        listing=listing,
        row_deeds=(LINES,),
        filters=filters,
        period="本月",
        empty="这段时间没有受理过投诉报修。",
        **more,
    )


PAGES: tuple[Page | Custom, ...] = (
    Page(
        listing="month_analyses",
        deeds=("complaints.prepare_analysis",),
        row_deeds=(
            in_states("complaints.edit_analysis", AnalysisState.DRAFT),
            in_states("complaints.plan_measure", AnalysisState.DRAFT),
            in_states("complaints.sign_analysis", AnalysisState.DRAFT),
            in_states("complaints.send_analysis", AnalysisState.SIGNED),
        ),
        papers=("CS-13",),
        filters=("period", "state"),
        empty="还没有月度分析。每月底点“编制月度分析”，数字和图表由系统备好。",
    ),
    Page(
        listing="quality_reviews",
        deeds=("complaints.prepare_review",),
        row_deeds=tuple(
            in_states(f"complaints.{verb}_review", ReviewState.DRAFT) for verb in ("recount", "sign")
        ),
        papers=("CS-14",),
        filters=("period", "state"),
        empty="还没有质量分析。每季末点“编制质量分析”，各项指标和目标由系统列好。",
    ),
    Page(
        listing="quality_lines",
        row_deeds=("complaints.plan_remedy", "complaints.verify_remedy"),
        papers=("CS-14",),
        filters=("period",),
        number="review",
        empty="还没有质量分析。",
    ),
    _page("case_rates", "period", "building", charts=True),
    _page("rates_by_kind", "period", "building"),
    _page("rates_by_department", "period", "building"),
    _page("rates_by_handler", "period", "building"),
    _page("rates_by_building", "period"),
    Page(
        listing="counted_cases",
        filters=("period", "building"),
        period="本月",
        empty="这段时间没有受理过投诉报修。",
    ),
)
TARGETS = Page(
    listing="quality_targets",
    row_deeds=("complaints.edit_target",),
    filters=(),
    empty="质量目标不见了，请从备份恢复。",
)
