"""收银与票据页面: shifts and their drawers, the day's closing, receipt books and invoices."""

from __future__ import annotations

from typing import Any

from models.deeds import DEEDS
from models.fees import books, closings, invoices, shift_lists  # noqa: F401 - their deeds are named below
from models.fees.rights import CLOSE_DAY, REOPEN, VIEW
from ui import keys
from ui.acts import Act, of_deed
from ui.deeddialog import do
from ui.fees.closing import ClosingDialog
from ui.fees.taken import print_day_book
from ui.page import Page, PageView


def _close_day(view: PageView) -> Any:
    dialog = ClosingDialog(view.services, view)
    dialog.open()
    return dialog


def _reopen(view: PageView) -> Any:
    values = {"day": view.records()[0].day}
    return do(view.services, DEEDS["fees.reopen_day"], [], view, values=values)


def _reopened(view: PageView) -> str:
    return "已经重开过，请在“日结”里再日结。" if view.records()[0].reopened_at else ""


def _print_book(view: PageView) -> None:
    """Print the day book of the selected day."""
    print_day_book(view.services, view, view.records()[0].day)


def _print_shift(view: PageView, shift: Any) -> None:
    print_day_book(view.services, view, shift.day)


CLOSE = Act("日结", CLOSE_DAY, _close_day)

PAGES = (
    Page(
        listing="shifts",
        deeds=("fees.open_shift",),
        row_deeds=(
            of_deed("fees.close_shift", of_rows=True, prints=_print_shift),
            Act("打印日报", VIEW, _print_book, asks=False, key=keys.AND_PRINT),
        ),
        papers=("FE-11",),
        filters=("period", "state"),
        empty="还没有开过班。收第一笔款时自动开班，也可以先点“开班”登记备用金。",
    ),
    Page(
        listing="till_entries",
        filters=("period",),
        empty="还没有经收银台收付的款。",
    ),
    Page(
        listing="closings",
        deeds=(CLOSE,),
        row_deeds=(
            Act("打印日报", VIEW, _print_book, asks=False, key=keys.AND_PRINT),
            Act("重开日结", REOPEN, _reopen, fits=_reopened, danger=True),
        ),
        papers=("FE-11",),
        filters=("period",),
        empty="还没有日结。",
    ),
    Page(
        listing="receipt_books",
        deeds=("fees.issue_book",),
        row_deeds=("fees.write_off_book",),
        papers=("FE-11",),
        filters=("period",),
        empty="还没有领用票据。登记领用后，日报表上会有已用、作废和结存。",
    ),
    Page(
        listing="invoices",
        deeds=("fees.record_invoice",),
        row_deeds=("fees.record_red_invoice",),
        filters=("period", "building", "state"),
        empty="还没有登记发票。在“收据”里选中收据，点“登记发票”。",
    ),
)
