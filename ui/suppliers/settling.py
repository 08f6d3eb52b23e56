"""结算页面: what is open with suppliers, settlements and what they hold, deductions, payments."""

from __future__ import annotations

from models.suppliers.settling import drafting, lists  # noqa: F401 - their deeds are named below
from models.suppliers.settling.deductions import DeductionState
from models.suppliers.settling.payments import PaymentState
from models.suppliers.settling.settlements import SettlementState as S
from ui.acts import in_states
from ui.page import Page
from ui.panel import Custom

PAGES: tuple[Page | Custom, ...] = (
    Page(
        listing="supplier_accounts",
        row_deeds=("suppliers.draft_settlement", "suppliers.deduct"),
        filters=("supplier",),
        empty="和供方没有往来。验收了货、服务满了月，应付的列在这里。",
    ),
    Page(
        listing="settlements",
        deeds=("suppliers.draft_settlement",),
        row_deeds=(
            in_states("suppliers.approve_settlement", S.DRAFT),
            in_states("suppliers.pay", S.APPROVED),
            in_states("suppliers.note_invoice", S.DRAFT, S.APPROVED, S.PAID),
            in_states("suppliers.drop_settlement", S.DRAFT),
        ),
        papers=("OF-14",),
        filters=("period", "supplier", "state"),
        empty="还没有结算单。点“编制结算单”，选一家供方。",
    ),
    Page(
        listing="settlement_lines",
        filters=("period", "supplier", "state"),
        empty="还没有结算明细。",
    ),
    Page(
        listing="supplier_deductions",
        deeds=("suppliers.deduct",),
        row_deeds=(in_states("suppliers.drop_deduction", DeductionState.OPEN),),
        filters=("period", "supplier", "state"),
        empty="没有扣款。点“登记扣款”，写明原因和依据。",
    ),
    Page(
        listing="supplier_payments",
        row_deeds=(in_states("suppliers.cancel_payment", PaymentState.PAID),),
        filters=("period", "supplier", "state"),
        empty="还没有付款。结算单批准以后，在“供方结算单”里登记付款。",
    ),
)
