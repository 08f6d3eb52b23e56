"""审批单 OF-23: what was applied for, and who decided what on it; and signature cells for other papers.

A decision made in the program is named in its cell; room to sign by hand stays (forms.md A0.6, A12).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from models.deeds import actor, refuse, within_scope
from models.errors import BadInput
from models.money import capitals, to_scaled
from models.office.accounts import AccountRole, Role
from models.office.approval_lists import decided
from models.office.approvals import Approval, State
from models.office.deputies import APPROVALS
from reports.paper import A4, Column, Field, Form, Sheet, Sign, Table, declare
from reports.papers import PaperRequest, paper

_BETWEEN = re.compile(r"[,，、;；\s]+")
_APPLIED = "申请"
_ROOM = 50
"""Millimetres beside the label, for the signature and the decision in small print."""

FORM = declare(
    Form(
        code="OF-23",
        title="审批单",
        module="office",
        paper=A4,
        head=(
            Field("what", Approval.what, span=4),
            Field("who", Approval.who, span=4),
            Field("state", Approval.state, span=4),
            Field("made_at", Approval.made_at, span=6, kind="datetime"),
            Field("done_at", Approval.done_at, span=6, kind="datetime"),
            Field("about", Approval.about, span=12, lines=2),
            Field("amount", "金额（元）", span=4, kind="money"),
            Field("capitals", "人民币（大写）", span=8),
            Field("note", Approval.note, span=12, lines=3),
            Field("result", Approval.result, span=12),
        ),
        columns=(Column("栏目", 45), Column("申请内容", 125)),
        blank_rows=5,
        more=(
            Table(
                (
                    Column("环节", 26),
                    Column("审批人", 40),
                    Column("决定", 16, "center"),
                    Column("时间", 34, "datetime"),
                    Column("审批意见", 54),
                ),
                name="decisions",
                caption="审批意见",
                blank_rows=4,
            ),
        ),
        signatures=tuple(Sign(label, _ROOM, 12) for label in (_APPLIED, "审核", "财务", "批准")),
        number_rule="SQ-YYYYMM-NNN",
        retention="R30",
    )
)

WATERMARKS = {
    State.PENDING: "草稿",
    State.APPROVED: "",
    State.REJECTED: "驳回",
    State.WITHDRAWN: "作废",
}
"""What a paper of an approval bears while it is not approved (forms.md A11)."""


def cells_of(approval: Approval) -> tuple[Sign, ...]:
    """Return the cells of a paper's signature block: the applicant, then each step of the chain."""
    return tuple(
        Sign(label, _ROOM, 12) for label in (_APPLIED, *(step.title for step, _ in decided(approval)))
    )


def signed_on(approval: Approval) -> dict[str, str]:
    """Return what stands in the signature cells, by their labels: who applied, who decided what and when."""
    told = {step.title: one.signed() for step, one in decided(approval) if one is not None}
    return {_APPLIED: f"{approval.who} {approval.made_at:%Y-%m-%d %H:%M}", **told}


def applied_as(approval: Approval, role: str) -> str | None:
    """Return who applied and when, as it is signed, if he holds a role; None if somebody else did for it."""
    held = (
        AccountRole.select()
        .join(Role)
        .where((AccountRole.account == approval.applicant) & (Role.name == role))
    )
    return signed_on(approval)[_APPLIED] if held.exists() else None


@paper("OF-23", APPROVALS, "number")
def approval_papers(request: PaperRequest) -> Iterator[Sheet]:
    """Fill in applications by their numbers.

    Raises:
        BadInput: no number is given.
        NotFound: there is none of that number.
        PermissionDenied: one does not concern the person acting.
    """
    numbers = list(filter(None, _BETWEEN.split(request.number or "")))
    if not numbers:
        raise BadInput("请写明审批单号，例如 SQ-202611-001；单号见“审批”名单。", "number")
    wanted = list(map(Approval.find, dict.fromkeys(numbers)))
    for one in wanted:
        if not within_scope(one, actor(), APPROVALS):
            refuse(APPROVALS, f"审批单 {one.number} 与您无关，不能打印。")
    return map(sheet_of, wanted)


def sheet_of(approval: Approval) -> Sheet:
    """Return the paper of one application, its signature block as its chain was."""
    amount = approval.amount
    return Sheet(
        replace(FORM, signatures=cells_of(approval)),
        number=approval.number,
        values={
            "what": Approval.what.show(approval.what),
            "who": approval.who,
            "state": approval.state.value,
            "made_at": approval.made_at,
            "done_at": approval.done_at,
            "about": approval.about,
            "amount": amount,
            "capitals": capitals(to_scaled(amount, 2)) if amount else None,
            "note": approval.note,
            "result": approval.result,
        },
        rows=approval.values(),
        tables={
            "decisions": [
                (step.title, one.person(), one.verdict.value, one.at, one.opinion)
                if one is not None
                else (step.title, "", "", None, "")
                for step, one in decided(approval)
            ]
        },
        signed=signed_on(approval),
        watermark=WATERMARKS[approval.state],
    )
