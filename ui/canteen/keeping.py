"""保管页面: the weekly check, what went bad, what expires and will not be used up, write-offs, samples."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QWidget

from models.canteen import keeping_lists, outlook, rules, samples, weekly, writeoffs  # noqa: F401 - named below
from models.canteen.lots import StockLot
from models.canteen.notices import ExpiryNotice, NoticeState, rows_of
from models.canteen.problems import ProblemState
from models.canteen.rights import STORE
from models.deeds import DEEDS
from ui import deeddialog, keys, papers
from ui.acts import Act, in_states, of_deed, only_in
from ui.entering import EntryPage
from ui.entrygrid import SAME
from ui.page import Page, PageView
from ui.panel import Custom
from ui.services import Services

_ANSWER, _WRITE_OFF = "canteen.answer_notice", "canteen.write_off"
HINT = (
    f"Enter 下一行　{SAME} 照“合格”填　不合格的写问题和处理　13 项都要填　"
    f"{keys.PREVIOUS} {keys.NEXT} 上一个、下一个漏录的"
)


def _answer(view: PageView) -> Any:
    """Open the answer to the selected notice, a row for each lot."""
    notice = view.records()[0]
    assert isinstance(notice, ExpiryNotice)
    given = {"rows": rows_of(notice)}
    return deeddialog.do(view.services, DEEDS[_ANSWER], [notice], view, values=given)


def _write_off(view: PageView) -> Any:
    """Open a write-off of the selected lots."""
    lots = view.records()
    rows = [{"lot": lot, "quantity": lot.stock - lot.held} for lot in lots if isinstance(lot, StockLot)]
    return deeddialog.do(view.services, DEEDS[_WRITE_OFF], [], view, values={"rows": rows})


def _checking(services: Services) -> EntryPage:
    """Return the page on which the weekly check is typed back, and printed for the supervisor to sign."""

    def prints(page: QWidget, done: weekly.StoreCheck) -> None:
        papers.print_paper(services, page, "CA-05", "贮存环境与物品质量周检查记录", {"number": done.number})

    return EntryPage(services, weekly.store_checking, HINT, after=("打印检查记录", prints))


def _print_notice(view: PageView, made: ExpiryNotice) -> None:
    papers.print_paper(view.services, view, "CA-07", "临期物品通知单", {"number": made.number})


ANSWER = Act(DEEDS[_ANSWER].title, STORE, _answer, fits=only_in(NoticeState.SENT))
WRITE_OFF = Act(DEEDS[_WRITE_OFF].title, STORE, _write_off, many=True, danger=True)

PAGES: tuple[Page | Custom, ...] = (
    Page(
        listing="expiry_notices",
        deeds=(of_deed("canteen.notify_expiry", of_rows=False, prints=_print_notice),),
        row_deeds=(ANSWER,),
        papers=("CA-07",),
        filters=("period", "state"),
        empty="还没有临期通知。点“发临期通知”，7 天内到期的批次一次写全。",
    ),
    Page(
        listing="notice_lines",
        papers=("CA-07",),
        filters=("period", "stock"),
        empty="还没有临期明细。",
    ),
    Page(
        listing="stock_outlook",
        filters=("stock",),
        empty="没有带到期日的库存。",
    ),
    Page(
        listing="stock_problems",
        deeds=("canteen.report_problem",),
        row_deeds=(
            in_states("canteen.decide_problem", ProblemState.REPORTED, ProblemState.DECIDED),
            in_states("canteen.close_problem", ProblemState.DECIDED),
        ),
        papers=("CA-08",),
        filters=("period", "stock", "state"),
        empty="没有质量异常。在“批次”里选一批，点“报告异常”。",
    ),
    Page(
        listing="write_offs",
        deeds=(_WRITE_OFF,),
        papers=("CA-09",),
        filters=("period",),
        empty="还没有报损。过期、变质的在“批次”里选中，点“报损”。",
    ),
    Page(
        listing="write_off_lines",
        filters=("period", "stock"),
        empty="还没有报损明细。",
    ),
    Custom(weekly.store_checking.name, weekly.store_checking.title, STORE, _checking),
    Page(
        listing="store_checks",
        papers=("CA-05",),
        filters=("period",),
        empty="还没有周检查。打印空表查看，回来在“周检查录入”里录。",
    ),
    Page(
        listing="store_check_lines",
        row_deeds=("canteen.mend_store",),
        filters=("period", "state"),
        empty="还没有周检查项。",
    ),
    Page(
        listing="food_samples",
        deeds=("canteen.keep_samples",),
        row_deeds=("canteen.destroy_samples",),
        papers=("CA-10",),
        filters=("period",),
        empty="还没有留样。每餐开餐前点“登记留样”。",
    ),
)
SETTINGS: tuple[Page, ...] = (
    Page(
        listing="store_rules",
        row_deeds=("canteen.edit_rules",),
        empty="没有仓库规则。",
    ),
)
