"""银行与代扣: statements brought in and settled, and the accounts that they are of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from models import imports
from models.deeds import DEEDS, require
from models.fees import former, journal, subjects  # noqa: F401 - their lists and deeds are named below
from models.fees.banking import debit_lists, lists, statements  # noqa: F401 - what they declare is named below
from models.fees.banking.answers import ANSWERS, judge_answers
from models.fees.banking.debits import DebitBatch
from models.fees.banking.rows import BankRow, RowState
from models.fees.banking.sheets import STATEMENT
from models.fees.banking.statements import judge_statement
from models.fees.opening_sheets import OPENING
from models.fees.rights import BANK
from models.imports import Given, Plan, SheetMap
from ui import deeddialog
from ui.acts import Act, of_deed, only_in
from ui.importing import ImportDialog
from ui.page import Page, PageView


def _judge_statement(found: Given, maps: Sequence[SheetMap], **asked: Any) -> Plan:
    require(BANK)
    return judge_statement(found, maps, **asked)


def _import_statement(view: PageView) -> Any:
    deed = DEEDS["fees.import_statement"]
    dialog = ImportDialog(view.services, deed, _judge_statement, view, STATEMENT)
    dialog.open()
    return dialog


def _judge_answers(found: Given, maps: Sequence[SheetMap], **asked: Any) -> Plan:
    require(BANK)
    return judge_answers(found, maps, **asked)


def _import_answers(view: PageView) -> Any:
    """Read a result file, to the selected batch where one is."""
    chosen = [record for record in view.records() if isinstance(record, DebitBatch)][:1]
    deed = DEEDS["fees.import_answers"]
    dialog = ImportDialog(view.services, deed, _judge_answers, view, ANSWERS)
    dialog.form.put({"batch": chosen[0]} if chosen else {})
    dialog.open()
    return dialog


def _judge_history(found: Given, maps: Sequence[SheetMap]) -> Plan:
    require(OPENING)
    return imports.judged(found, maps)


def _import_history(view: PageView) -> Any:
    dialog = ImportDialog(view.services, DEEDS["fees.import_history"], _judge_history, view)
    dialog.open()
    return dialog


def _write_debits(view: PageView) -> Any:
    """Ask where the file for the bank goes, its name being that of the batch."""
    (batch,) = view.records()
    assert isinstance(batch, DebitBatch)
    path = view.services.outlets.folder() / f"{batch.number}{batch.suffix}"
    return deeddialog.do(view.services, DEEDS["fees.write_debits"], [batch], view, values={"path": str(path)})


def _claim(view: PageView) -> Any:
    """Ask for the house of the selected row, beginning with the one that it may be for."""
    (row,) = view.records()
    assert isinstance(row, BankRow)
    deed = DEEDS["fees.claim_row"]
    return deeddialog.do(view.services, deed, [row], view, values={"unit": row.suggested})


PAGES = (
    Page(
        listing="bank_rows",
        deeds=(Act("导入流水", BANK, _import_statement), "fees.match_rows"),
        row_deeds=(
            Act("认领", BANK, _claim, fits=only_in(RowState.OPEN)),
            replace(of_deed("fees.leave_rows", of_rows=True), fits=only_in(RowState.OPEN)),
            replace(
                of_deed("fees.withdraw_rows", of_rows=True), fits=only_in(RowState.BOOKED, RowState.LEFT)
            ),
        ),
        filters=("period", "building", "state"),
        empty="还没有银行流水。先新增收款账户，再导入银行、微信或支付宝的流水。",
    ),
    Page(
        listing="debit_batches",
        deeds=("fees.make_debits", Act("导入回盘", BANK, _import_answers)),
        row_deeds=(Act("写代扣文件", BANK, _write_debits), "fees.cancel_debits"),
        filters=("period", "state"),
        empty="还没有代扣批次。先登记授权，再把到期的欠费做成一批送银行。",
    ),
    Page(
        listing="debit_rows",
        filters=("period", "building", "state"),
        empty="还没有代扣过。",
    ),
    Page(
        listing="mandates",
        deeds=("fees.add_mandate",),
        row_deeds=("fees.edit_mandate", "fees.end_mandate"),
        filters=("building", "state"),
        empty="还没有代扣授权。业主签了授权书的，登记账户和协议号，授权书放进附件。",
    ),
    Page(
        listing="debit_layouts",
        deeds=("fees.add_debit_layout",),
        row_deeds=("fees.edit_debit_layout",),
        empty="还没有代扣版式。银行要求的列名和先后与本系统不同时，新增一个。",
    ),
    Page(
        listing="journal",
        period="本月",
        filters=("period", "building"),
        empty="这段期间没有要记的账。",
    ),
    Page(
        listing="subjects",
        row_deeds=("fees.edit_subject",),
        empty="没有会计科目。",
    ),
    Page(
        listing="former_payments",
        deeds=(Act("导入历史缴费", OPENING, _import_history),),
        filters=("period", "building"),
        empty="没有历史缴费。原系统的缴费记录，可以从空白模板的“历史缴费”一张表导入，只供查看。",
    ),
    Page(
        listing="bank_accounts",
        deeds=("fees.add_bank_account",),
        row_deeds=("fees.edit_bank_account",),
        empty="还没有收款账户。新增钱进来的银行账户，和微信、支付宝的收款账户。",
    ),
)
