"""物业收费: the pages of charges, bills and money."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtWidgets import QWidget

from models import imports
from models.deeds import DEEDS, require
from models.fees import (  # noqa: F401 - their deeds are named below
    adjusting,
    assign,
    cashier,
    charging,
    depositing,
    late_charging,
    late_lists,
    opening,
    prepayment,
    pricelist,
    reversing,
    share_plans,
    transferring,
)
from models.fees.bills import Bill
from models.fees.collecting import Received, collecting
from models.fees.meter_entry import reading
from models.fees.opening_sheets import OPENING
from models.fees.rights import ASSIGN, BILL, CLOSE_DAY, READ, RECEIVE, VIEW
from models.imports import Given, Plan, SheetMap
from models.listings import Filters
from models.months import Period
from models.owners.estate import Unit
from ui import keys, papers
from ui.acts import Act, of_deed, offer
from ui.card import opens_from_card
from ui.entering import EntryPage
from ui.fees.assigning import AssignDialog
from ui.fees.billing import BillingDialog
from ui.fees.closing import ClosingDialog
from ui.fees.explaining import EXPLAIN_BALANCE, EXPLAIN_BILLS, EXPLAIN_DEBTS, explain_line
from ui.fees.sharing import ADD_LIKE, PRINT_NOTICE, SHARE_HERE, UNDO_SHARING
from ui.fees.stating import EXPLAIN_CHARGES, OPEN_DOCUMENT
from ui.fees.taken import print_receipts
from ui.fees.till import Till
from ui.importing import ImportDialog
from ui.page import Page, PageView
from ui.panel import Custom, Panel
from ui.services import Services

TILL = "till"
READING_HINT = (
    f"Enter 下一行　{keys.PREVIOUS} {keys.NEXT} 上一个、下一个漏录的　期间选抄表月份，不选为本月　"
    "可从 Excel 复制两列（表号、读数）粘贴"
)


def _bill(view: PageView) -> Any:
    period = view.row.given().period
    dialog = BillingDialog(view.services, view, period.month if period else None)
    dialog.open()
    return dialog


def _close_day(view: PageView) -> Any:
    dialog = ClosingDialog(view.services, view)
    dialog.open()
    return dialog


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


def _reading(services: Services) -> EntryPage:
    """Return the page on which a round of readings is typed back."""
    return EntryPage(services, reading, READING_HINT)


def _assign(name: str) -> Act:
    """Return the button of a deed that changes what many units pay."""

    def run(view: PageView) -> Any:
        dialog = AssignDialog(view.services, name, view)
        dialog.open()
        return dialog

    return Act(DEEDS[name].title, ASSIGN, run)


def _judge_opening(found: Given, maps: Sequence[SheetMap]) -> Plan:
    require(OPENING)
    return imports.judged(found, maps)


def _import_opening(view: PageView) -> Any:
    dialog = ImportDialog(view.services, DEEDS["fees.import_opening"], _judge_opening, view)
    dialog.open()
    return dialog


def _print_receipt(view: PageView, receipt: Any) -> None:
    print_receipts(view.services, view, [receipt.number])


def _print_adjustments(view: PageView) -> None:
    numbers = "、".join(sorted(record.key() for record in view.records()))
    papers.print_paper(view.services, view, "FE-10", "费用减免/退款/红冲审批单", {"number": numbers})


def _print_prepaid(view: PageView, plan: Any) -> None:
    print_receipts(view.services, view, sorted(receipt.number for receipt in plan.payment.receipts))


def _print_book(view: PageView) -> None:
    """Print the day book of the selected day."""
    period = Period.parse(view.records()[0].key())
    papers.print_paper(view.services, view, "FE-11", "收款日报表", {"period": period})


def _print_signing(view: PageView, batch: Any) -> None:
    papers.print_paper(view.services, view, "FE-12", "期初欠费与预存签认表", {"number": str(batch.id)})


def _print_deposit(view: PageView, deposit: Any) -> None:
    papers.print_paper(view.services, view, "FE-15", "押金收据", {"number": deposit.number})


def _print_slip(view: PageView, slip: Any) -> None:
    papers.print_paper(view.services, view, "FE-14", "特服费用单", {"number": slip.number})


def _print_refund(view: PageView, entry: Any) -> None:
    papers.print_paper(view.services, view, "FE-16", "押金退还单", {"number": entry.number})


RECEIVE_HERE = Act("收款", RECEIVE, _to_till, asks=False)
RECEIVE_ROW = Act("收款", RECEIVE, _to_till, asks=False, key="Ctrl+R")
offer(Unit, RECEIVE_ROW)
opens_from_card(Bill, EXPLAIN_BILLS.title, VIEW, explain_line)
CLOSE = Act("日结", CLOSE_DAY, _close_day)


class FeesPanel(Panel):
    """物业收费."""

    name = "fees"
    title = "物业收费"
    icon = "ph.receipt"
    groups = {
        "收款": (
            "till",
            "collecting",
            "receipts",
            "payments",
            "closings",
            "balances",
            "set_offs",
            "prepay_plans",
        ),
        "账单": (
            "bills",
            "adjustments",
            "statement",
            "arrears",
            "late",
            "late_spans",
            "rates",
            "collection",
            "openings",
        ),
        "抄表与分摊": (reading.name, "readings", "meters", "share_plans", "shared_costs", "shares"),
        "押金与特服": ("deposits", "deposit_entries", "service_slips"),
        "标准": ("items", "prices", "assignments", "services", "prepay_offers", "late_terms"),
    }
    pages = (
        Custom(TILL, "收银台", RECEIVE, Till),
        Custom(collecting.name, collecting.title, RECEIVE, _collecting),
        Page(
            listing="bills",
            deeds=(Act("出账", BILL, _bill),),
            row_deeds=(RECEIVE_ROW, EXPLAIN_BILLS, "fees.set_off", "fees.reduce", "fees.reverse_bills"),
            papers=("FE-02", "FE-01", "FE-03", "FE-19"),
            filters=("period", "building", "item", "state"),
            empty="还没有账单。设好收费项目和房屋收费后，试算并出账。",
        ),
        Page(
            listing="receipts",
            deeds=(RECEIVE_HERE, CLOSE),
            row_deeds=(
                Act("打印收据", RECEIVE, _print_receipts, many=True, asks=False, key=keys.AND_PRINT),
                of_deed("fees.void_receipt", of_rows=True, prints=_print_receipt),
                "fees.reverse_receipt",
            ),
            papers=("FE-06", "FE-11"),
            filters=("period", "building", "state"),
            empty="还没有开出收据。",
        ),
        Page(
            listing="arrears",
            row_deeds=(RECEIVE_ROW, EXPLAIN_DEBTS),
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
            row_deeds=("fees.undo_waiver",),
            filters=("period", "building", "state"),
            empty="还没有计收或减免过违约金。",
        ),
        Page(
            listing="late_terms",
            deeds=("fees.add_late_terms",),
            row_deeds=("fees.edit_late_terms",),
            filters=("item", "on"),
            empty="没有约定，不计违约金。合同有约定的，登记条款、日率和宽限天数。",
        ),
        Page(
            listing="rates",
            period="本月",
            papers=("FE-07",),
            filters=("period", "building"),
            empty="还没有账单可以计算收缴率。",
        ),
        Page(
            listing="collection",
            period="今年",
            charts=True,
            papers=("FE-07",),
            filters=("period",),
            empty="还没有账单可以计算各月收缴。",
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
            listing="statement",
            row_deeds=(OPEN_DOCUMENT, EXPLAIN_CHARGES),
            period="全部日期",
            papers=("FE-18",),
            filters=("unit", "person", "period"),
            empty="在上面填房号或业主编号，看它的对账单；可以再填期间。",
        ),
        Page(
            listing="prepay_plans",
            deeds=(of_deed("fees.prepay", of_rows=False, prints=_print_prepaid),),
            row_deeds=("fees.end_prepay",),
            papers=("FE-06",),
            filters=("building", "state"),
            empty="还没有预存约定。先在“预存优惠”里定好优惠，再收预存。",
        ),
        Page(
            listing="prepay_offers",
            deeds=("fees.add_prepay_offer",),
            row_deeds=("fees.edit_prepay_offer",),
            filters=("item",),
            empty="还没有预存优惠。",
        ),
        Page(
            listing="set_offs",
            row_deeds=("fees.reverse_set_off",),
            filters=("period", "building", "state"),
            empty="没有抵扣过预存。",
        ),
        Page(
            listing="adjustments",
            title="减免与红冲",
            deeds=("fees.settle_transfer",),
            row_deeds=(
                Act("打印审批单", VIEW, _print_adjustments, many=True, asks=False, key=keys.AND_PRINT),
            ),
            papers=("FE-10",),
            number="number",
            filters=("period", "building"),
            empty="还没有减免、红冲或退款。在“账单”和“收据”里选中要更正的，再减免或红冲。",
        ),
        Page(
            listing="service_slips",
            deeds=(of_deed("fees.charge_service", of_rows=False, prints=_print_slip),),
            row_deeds=(RECEIVE_ROW, "fees.void_service"),
            papers=("FE-14",),
            filters=("period", "building", "state"),
            empty="还没有开过特服单。先在特服目录里新增项目，再开单。",
        ),
        Page(
            listing="services",
            deeds=("fees.add_service",),
            row_deeds=("fees.edit_service",),
            papers=("FE-17",),
            filters=("item",),
            empty="还没有特服项目。新增后才能开特服单。",
        ),
        Page(
            listing="deposits",
            deeds=(of_deed("fees.take_deposit", of_rows=False, prints=_print_deposit),),
            row_deeds=(
                of_deed("fees.refund_deposit", of_rows=True, prints=_print_refund),
                "fees.deduct_deposit",
                "fees.set_refund_day",
            ),
            papers=("FE-15", "FE-16"),
            filters=("period", "building", "state"),
            empty="还没有收过押金。",
        ),
        Page(
            listing="deposit_terms",
            deeds=("fees.set_deposit_terms",),
            papers=("FE-17",),
            filters=(),
            empty="还没有定押金标准。定了以后，收押金时不用再填金额和约定依据。",
        ),
        Page(
            listing="deposit_entries",
            row_deeds=("fees.void_deposit_entry",),
            papers=("FE-16", "FE-11"),
            filters=("period", "building"),
            empty="还没有押金流水。",
        ),
        Page(
            listing="payments",
            title="收款流水",
            papers=("FE-11",),
            filters=("period",),
            empty="还没有收款。",
        ),
        Page(
            listing="closings",
            deeds=(CLOSE,),
            row_deeds=(Act("打印日报", VIEW, _print_book, asks=False, key=keys.AND_PRINT),),
            papers=("FE-11",),
            filters=("period",),
            empty="还没有日结。",
        ),
        Custom(reading.name, reading.title, READ, _reading),
        Page(
            listing="readings",
            deeds=("fees.enter_reading", "fees.estimate_readings"),
            row_deeds=("fees.correct_reading", "fees.withdraw_reading"),
            papers=("FE-13",),
            filters=("period", "building", "state", "void"),
            empty="还没有抄表。先在“表计”里新增表，再到“抄表录入”录读数。",
        ),
        Page(
            listing="meters",
            deeds=("fees.add_meter",),
            row_deeds=(
                "fees.enter_reading",
                "fees.replace_meter",
                "fees.edit_meter",
                "fees.retire_meter",
                "fees.restore_meter",
            ),
            papers=("FE-13",),
            filters=("building", "item"),
            empty="还没有表计。可以逐块新增，也可以用空白模板的“表计”表导入。",
        ),
        Page(
            listing="items",
            deeds=("fees.add_item",),
            row_deeds=("fees.set_rate", "fees.edit_item"),
            papers=("FE-17",),
            filters=(),
            empty="还没有收费项目。先新增项目，再定价。",
        ),
        Page(
            listing="prices",
            deeds=("fees.set_rate",),
            row_deeds=("fees.set_tiers",),
            filters=("item",),
            empty="还没有定价。",
        ),
        Page(
            listing="assignments",
            deeds=(
                _assign("fees.assign"),
                "fees.give_item",
                _assign("fees.change_assignments"),
                _assign("fees.end_assignments"),
            ),
            row_deeds=("fees.end_item",),
            filters=("building", "item", "on"),
            empty="还没有给房屋设置收费项目。",
        ),
        Page(
            listing="share_plans",
            deeds=("fees.add_share_plan",),
            row_deeds=(SHARE_HERE, "fees.edit_share_plan", ADD_LIKE),
            filters=("item",),
            empty="还没有分摊方案。先新增一个类别为“公共分摊”的收费项目，再新增方案。",
        ),
        Page(
            listing="shared_costs",
            deeds=(SHARE_HERE,),
            row_deeds=(PRINT_NOTICE, UNDO_SHARING),
            papers=("FE-09",),
            filters=("period", "state"),
            empty="还没有分摊过公共费用。选好方案，填发票金额或抄表读数，试算后分摊。",
        ),
        Page(
            listing="shares",
            filters=("period", "building", "state"),
            empty="还没有分摊明细。",
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


PANEL = FeesPanel
