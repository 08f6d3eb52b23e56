"""押金与特服页面: deposits that are held, and services that are charged once."""

from __future__ import annotations

from typing import Any

from models.fees import charging, depositing  # noqa: F401 - their deeds are named below
from ui import papers
from ui.acts import of_deed
from ui.fees.pages.receiving import RECEIVE_ROW
from ui.fees.refunding import REFUND
from ui.page import Page, PageView


def _print_deposit(view: PageView, deposit: Any) -> None:
    papers.print_paper(view.services, view, "FE-15", "押金收据", {"number": deposit.number})


def _print_slip(view: PageView, slip: Any) -> None:
    papers.print_paper(view.services, view, "FE-14", "特服费用单", {"number": slip.number})


PAGES = (
    Page(
        listing="deposits",
        deeds=(of_deed("fees.take_deposit", of_rows=False, prints=_print_deposit),),
        row_deeds=(
            REFUND,
            "fees.deduct_deposit",
            "fees.set_refund_day",
        ),
        papers=("FE-15", "FE-16"),
        filters=("period", "building", "state"),
        empty="还没有收过押金。",
    ),
    Page(
        listing="deposit_entries",
        row_deeds=("fees.void_deposit_entry",),
        papers=("FE-16", "FE-11"),
        filters=("period", "building"),
        empty="还没有押金流水。",
    ),
    Page(
        listing="service_slips",
        deeds=(of_deed("fees.charge_service", of_rows=False, prints=_print_slip),),
        row_deeds=(RECEIVE_ROW, "fees.void_service"),
        papers=("FE-14",),
        filters=("period", "building", "state"),
        empty="还没有开过特服单。先在特服目录里新增项目，再开单。",
    ),
)
