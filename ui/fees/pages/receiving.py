"""收款页面: the till, receipts and balances."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QWidget

from models.deeds import DEEDS
from models.fees import adjusting, cashier, invoices, prepayment, reversing  # noqa: F401 - their deeds are named
from models.fees.collecting import Received, collecting
from models.fees.rights import INVOICE, RECEIVE
from models.listings import Filters
from models.owners.estate import Unit
from ui import deeddialog, keys
from ui.acts import Act, of_deed, offer
from ui.entering import EntryPage
from ui.fees.explaining import EXPLAIN_BALANCE
from ui.fees.pages.closing_day import CLOSE
from ui.fees.taken import print_receipts
from ui.fees.till import Till
from ui.page import Page, PageView
from ui.panel import Custom
from ui.services import Services

TILL = "till"


def _to_till(view: PageView) -> None:
    """Open the till on the unit of the selected row, if one is selected."""
    rows = view.table.grid.selected()
    unit: Unit | None = None
    if rows and view.record is Unit:
        unit = Unit.those([rows[0].id])[0]
    elif rows:
        unit = getattr(view.records()[0], "unit", None)
    view.services.open(TILL, Filters(unit=unit))


def _print_receipts(view: PageView) -> None:
    print_receipts(view.services, view, sorted(record.key() for record in view.records()))


def _collecting(services: Services) -> EntryPage:
    """Return the page on which many payments are entered, with their receipts to print afterwards."""

    def prints(page: QWidget, done: Received) -> None:
        print_receipts(services, page, done.receipts)

    return EntryPage(services, collecting, after=("打印收据", prints))


def _print_receipt(view: PageView, receipt: Any) -> None:
    print_receipts(view.services, view, [receipt.number])


def _print_prepaid(view: PageView, plan: Any) -> None:
    print_receipts(view.services, view, sorted(receipt.number for receipt in plan.payment.receipts))


def _record_invoice(view: PageView) -> Any:
    """Register the invoice for which the selected receipts were exchanged."""
    deed, receipts = DEEDS["fees.record_invoice"], view.records()
    return deeddialog.do(view.services, deed, [], view, values={"receipts": receipts})


RECEIVE_HERE = Act("收款", RECEIVE, _to_till, asks=False)
RECEIVE_ROW = Act("收款", RECEIVE, _to_till, asks=False, key="Ctrl+R")
offer(Unit, RECEIVE_ROW)

PAGES = (
    Custom(TILL, "收银台", RECEIVE, Till),
    Custom(collecting.name, collecting.title, RECEIVE, _collecting),
    Page(
        listing="receipts",
        deeds=(RECEIVE_HERE, CLOSE),
        row_deeds=(
            Act("打印收据", RECEIVE, _print_receipts, many=True, asks=False, key=keys.AND_PRINT),
            of_deed("fees.void_receipt", of_rows=True, prints=_print_receipt),
            "fees.reverse_receipt",
            Act("登记发票", INVOICE, _record_invoice, many=True),
        ),
        papers=("FE-06", "FE-11"),
        filters=("period", "building", "state"),
        empty="还没有开出收据。",
    ),
    Page(
        listing="payments",
        title="收款流水",
        papers=("FE-11",),
        filters=("period",),
        empty="还没有收款。",
    ),
    Page(
        listing="balances",
        deeds=("fees.set_off_all",),
        row_deeds=("fees.set_off", EXPLAIN_BALANCE, "fees.refund"),
        papers=("FE-19",),
        filters=("building",),
        empty="没有预存余额。",
    ),
    Page(
        listing="set_offs",
        row_deeds=("fees.reverse_set_off",),
        filters=("period", "building", "state"),
        empty="没有抵扣过预存。",
    ),
    Page(
        listing="prepay_plans",
        deeds=(of_deed("fees.prepay", of_rows=False, prints=_print_prepaid),),
        row_deeds=("fees.end_prepay",),
        papers=("FE-06",),
        filters=("building", "state"),
        empty="还没有预存约定。先在“预存优惠”里定好优惠，再收预存。",
    ),
)
