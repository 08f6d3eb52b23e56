"""账单页面: what is charged, corrected, owed and come in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from models import imports
from models.deeds import DEEDS, require
from models.fees import (  # noqa: F401 - their deeds are named below
    adjusting,
    late_charging,
    late_lists,
    opening,
    transferring,
    vacancy_cuts,
    vacancy_lists,
)
from models.fees.bills import Bill
from models.fees.opening_sheets import OPENING
from models.fees.rights import BILL, VIEW
from models.imports import Given, Plan, SheetMap
from ui import keys, papers
from ui.acts import Act, of_deed
from ui.card import opens_from_card
from ui.fees.billing import BillingDialog
from ui.fees.dunning import COPY_TEXTS
from ui.fees.explaining import EXPLAIN_BILLS, EXPLAIN_DEBTS, explain_line
from ui.fees.pages.receiving import RECEIVE_ROW
from ui.fees.stating import EXPLAIN_CHARGES, OPEN_DOCUMENT
from ui.importing import ImportDialog
from ui.page import Page, PageView


def _bill(view: PageView) -> Any:
    period = view.row.given().period
    dialog = BillingDialog(view.services, view, period.month if period else None)
    dialog.open()
    return dialog


def _judge_opening(found: Given, maps: Sequence[SheetMap]) -> Plan:
    require(OPENING)
    return imports.judged(found, maps)


def _import_opening(view: PageView) -> Any:
    dialog = ImportDialog(view.services, DEEDS["fees.import_opening"], _judge_opening, view)
    dialog.open()
    return dialog


def _print_adjustments(view: PageView) -> None:
    numbers = "、".join(sorted(record.key() for record in view.records()))
    papers.print_paper(view.services, view, "FE-10", "费用减免/退款/红冲审批单", {"number": numbers})


def _print_signing(view: PageView, batch: Any) -> None:
    papers.print_paper(view.services, view, "FE-12", "期初欠费与预存签认表", {"number": str(batch.id)})


def _not_waived(view: PageView) -> str:
    """Return why the selected days cannot be taken back from a waiver."""
    listing = view.table.grid.rows.listing
    assert listing is not None
    for row in view.table.grid.selected():
        state = listing.plain(row)["state"]
        if state == late_lists.SpanState.CHARGED.value:
            return "已计收的不是减免，要在“批次”里整批撤销"
        if state != late_lists.SpanState.WAIVED.value:
            return "这些天的减免已经撤销过"
    return ""


opens_from_card(Bill, EXPLAIN_BILLS.title, VIEW, explain_line)

PAGES = (
    Page(
        listing="bills",
        deeds=(Act("出账", BILL, _bill),),
        row_deeds=(RECEIVE_ROW, "fees.set_off", EXPLAIN_BILLS, "fees.reduce", "fees.reverse_bills"),
        papers=("FE-02", "FE-01", "FE-03", "FE-19"),
        filters=("period", "building", "item", "state"),
        empty="还没有账单。设好收费项目和房屋收费后，试算并出账。",
    ),
    Page(
        listing="adjustments",
        title="减免与红冲",
        deeds=("fees.settle_transfer",),
        row_deeds=(Act("打印审批单", VIEW, _print_adjustments, many=True, asks=False, key=keys.AND_PRINT),),
        papers=("FE-10",),
        number="number",
        step=False,
        filters=("period", "building"),
        empty="还没有减免、红冲或退款。在“账单”和“收据”里选中要更正的，再减免或红冲。",
    ),
    Page(
        listing="vacancies",
        deeds=("fees.grant_vacancy", "fees.apply_vacancies"),
        row_deeds=("fees.review_vacancy", "fees.end_vacancy"),
        papers=("FE-10",),
        number="number",
        filters=("building", "state"),
        empty="还没有空置申请。空置本身不减免：按合同或当地规定申请，批准、等满月数以后才减。",
    ),
    Page(
        listing="statement",
        row_deeds=(OPEN_DOCUMENT, EXPLAIN_CHARGES),
        period="全部日期",
        papers=("FE-18",),
        filters=("unit", "person", "period"),
        empty="在上面填房号或业主编号，看它的对账单；可以再填期间。",
    ),
    Page(
        listing="arrears",
        row_deeds=(RECEIVE_ROW, EXPLAIN_DEBTS, COPY_TEXTS),
        papers=("FE-08", "FE-19"),
        filters=("on", "building", "item"),
        empty="没有欠费。",
    ),
    Page(
        listing="late",
        deeds=("fees.charge_late",),
        row_deeds=("fees.waive_late", RECEIVE_ROW),
        papers=("FE-08",),
        filters=("on", "building", "item"),
        empty="没有未计收的违约金。合同有约定的，先在“违约金约定”里登记。",
    ),
    Page(
        listing="late_spans",
        row_deeds=(replace(of_deed("fees.undo_waiver", of_rows=True), fits=_not_waived),),
        filters=("period", "building", "state"),
        empty="还没有计收或减免过违约金。",
    ),
    Page(
        listing="openings",
        title="期初",
        deeds=(Act("导入期初", OPENING, _import_opening),),
        row_deeds=(
            of_deed("fees.sign_opening", of_rows=True, prints=_print_signing),
            "fees.undo_opening",
        ),
        papers=("FE-12",),
        number="batch",
        filters=("state",),
        empty="从空白模板的“期初”和“预存”两张表导入原来的欠费和预存，核对合计后签认。",
    ),
)
