"""整改与终止页面: what suppliers are asked to mend, and notices from their draft to the frozen file."""

from __future__ import annotations

from models.suppliers.ending import lists  # noqa: F401 - its lists are named below
from models.suppliers.ending.letters import LetterState
from models.suppliers.ending.terminations import TerminationState as T
from ui.acts import in_states
from ui.page import Page
from ui.panel import Custom

PAGES: tuple[Page | Custom, ...] = (
    Page(
        listing="supplier_letters",
        deeds=("suppliers.warn",),
        row_deeds=(in_states("suppliers.judge_letter", LetterState.OPEN),),
        papers=("SU-04",),
        filters=("period", "supplier", "state"),
        empty="没有整改通知。点“发整改通知”，写明事实、要求和期限。",
    ),
    Page(
        listing="terminations",
        deeds=("suppliers.draft_termination",),
        row_deeds=(
            in_states("suppliers.edit_termination", T.DRAFT),
            in_states("suppliers.issue_termination", T.DRAFT),
            in_states("suppliers.deliver_termination", T.ISSUED),
            in_states("suppliers.note_objection", T.ISSUED),
            in_states("suppliers.answer_objection", T.ISSUED),
            in_states("suppliers.terminate", T.ISSUED),
            in_states("suppliers.withdraw_termination", T.DRAFT, T.ISSUED),
        ),
        papers=("SU-04",),
        filters=("period", "supplier", "state"),
        empty="没有终止过供方资格。供方违约的，在这里“拟定终止”，批准后通知。",
    ),
)
