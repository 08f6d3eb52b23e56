"""月报与封账页面: the month's rates, its reports as they were issued, and the months that are sealed."""

from __future__ import annotations

from models.fees import rate_lists, sealing  # noqa: F401 - their lists and deeds are named below
from models.fees.charts import behind_rate
from models.fees.rights import VIEW
from ui import keys, papers
from ui.acts import Act
from ui.page import Page, PageView


def _again(view: PageView) -> None:
    """Print the very file of the selected report."""
    (kept,) = view.records()
    papers.print_paper(view.services, view, kept.form, kept.title, {"number": kept.number})


def _opens(by: str) -> Act:
    """Return the button that opens the lines behind a row of rates."""

    def run(view: PageView) -> None:
        name = str(view.table.grid.selected()[0].id)
        view.services.open_lines(behind_rate(by, name, view.row.given().period))

    return Act("查看明细", VIEW, run, asks=False)


def _rates(listing: str, by: str) -> Page:
    """Return the page of one grouping of the rates."""
    return Page(
        listing=listing,
        period="本月",
        row_deeds=(_opens(by),),
        papers=("FE-07",),
        filters=("period", "building"),
        empty="还没有账单可以计算收缴率。",
    )


PAGES = (
    _rates("rates", "building"),
    _rates("item_rates", "item"),
    _rates("collector_rates", "collector"),
    Page(
        listing="collection",
        period="今年",
        charts=True,
        papers=("FE-07",),
        filters=("period",),
        empty="还没有账单可以计算各月收缴。",
    ),
    Page(
        listing="report_editions",
        deeds=("fees.issue_reports",),
        row_deeds=(Act("重印", VIEW, _again, asks=False, key=keys.AND_PRINT),),
        papers=("FE-07", "FE-08"),
        filters=("period",),
        empty="还没有出具过月报。月末过后点“出具月报”，或在“封账”里封账时一并存档。",
    ),
    Page(
        listing="seals",
        deeds=("fees.seal_month",),
        row_deeds=("fees.reopen_month",),
        filters=("period",),
        empty="还没有封过账。当月各日都日结了，点“封账”。",
    ),
)
