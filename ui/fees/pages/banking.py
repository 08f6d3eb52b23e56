"""银行与代扣: statements brought in and settled, and the accounts that they are of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from models.deeds import DEEDS, require
from models.fees.banking import lists, statements  # noqa: F401 - their lists and deeds are named below
from models.fees.banking.sheets import STATEMENT
from models.fees.banking.statements import judge_statement
from models.fees.rights import BANK
from models.imports import Given, Plan, SheetMap
from ui.acts import Act
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


PAGES = (
    Page(
        listing="bank_rows",
        deeds=(Act("导入流水", BANK, _import_statement), "fees.match_rows"),
        row_deeds=("fees.claim_row", "fees.leave_rows", "fees.withdraw_rows"),
        filters=("period", "building", "state"),
        empty="还没有银行流水。先新增收款账户，再导入银行、微信或支付宝的流水。",
    ),
    Page(
        listing="bank_accounts",
        deeds=("fees.add_bank_account",),
        row_deeds=("fees.edit_bank_account",),
        empty="还没有收款账户。新增钱进来的银行账户，和微信、支付宝的收款账户。",
    ),
)
