"""FE-10 费用减免/退款/红冲审批单: what is to be taken off or paid back, why, and who approved it.

One that waits for approval prints as a draft from its application; once done, from the document itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from models.attachments import attached_to
from models.deeds import DEEDS, actor, refuse, within_scope
from models.errors import BadInput, NotFound
from models.fees.adjusting import PROPOSALS
from models.fees.bills import Bill
from models.fees.items import FeeItem
from models.fees.payments import Adjustment, AdjustmentKind, Receipt
from models.fees.proposing import Proposal, as_done
from models.fees.rights import VIEW
from models.fees.vacancies import Vacancy, proposal_of, vacancy_behind
from models.money import capitals, to_scaled
from models.office.approvals import Approval, numbered
from reports.approvals import WATERMARKS, cells_of, signed_on
from reports.numbered import numbers_in
from reports.paper import A4, Column, Field, Form, Note, Sheet, Sign, Total, declare, open_total
from reports.papers import PaperRequest, paper

_TAKES = Sign("领款", 50, 12)
_RULES = (
    (
        "说明",
        "原账单、原收据不改：另出等额负数，均注明原单；已收的部分转为付款人的预存，再退款或抵扣。退款账户只印后4位。",
    ),
)

FORM = declare(
    Form(
        code="FE-10",
        title="费用减免/退款/红冲审批单",
        module="fees",
        paper=A4,
        head=(
            Field("kind", Adjustment.kind, span=12, choices=tuple(kind.value for kind in AdjustmentKind)),
            Field("unit", Adjustment.unit, span=6),
            Field("payer", Adjustment.payer, span=6),
            Field("on", Adjustment.on, span=6, kind="date"),
            Field("months", "起止月", span=6),
            Field("receipt", Adjustment.receipt, span=12),
            Field("amount", Adjustment.amount, span=4, kind="money"),
            Field("capitals", "人民币（大写）", span=8),
            Field("reason", Adjustment.reason, span=12, lines=3),
            Field("basis", Adjustment.basis, span=12, lines=2),
            Field("files", "佐证附件", span=12),
            Field("method", Adjustment.method, span=6),
            Field("account", Adjustment.account, span=6),
        ),
        columns=(
            Column("序号", 12, "number"),
            Column(FeeItem.name, 54),
            Column(Bill.month, 30, "center"),
            Column("原金额", 37, "money"),
            Column(Adjustment.amount, 37, "money"),
        ),
        blank_rows=4,
        totals=(open_total("合计", 5, [3, 4]),),
        notes=_RULES,
        signatures=(
            *(Sign(label, 50, 12) for label in ("申请", "客服主管", "财务", "主任", "公司（超限额）")),
            _TAKES,
        ),
        number_rule="JM-/TK-/HC-/GH-/KZ-YYYYMM-NNN",
        retention="R30",
    )
)


@paper("FE-10", VIEW, "number")
def adjustment_papers(request: PaperRequest) -> Iterator[Sheet]:
    """Fill in adjustments by their numbers, those that still wait for approval too.

    Raises:
        BadInput: no number is given.
        NotFound: there is no such document.
        PermissionDenied: its house lies beyond the reach of the person acting.
    """
    numbers = numbers_in(request.number or "")
    if not numbers:
        raise BadInput("请写明单号，例如 JM-202611-001；单号见“调整单”或“审批”名单。", "number")
    return iter([_sheet(number) for number in numbers])


def _sheet(number: str) -> Sheet:
    approval = numbered(number)
    made = Adjustment.get_or_none(Adjustment.number == number)
    vacancy = _vacancy_of(number, made)
    if made is not None:
        wanted, on = as_done(made), made.on
    elif vacancy is not None:
        wanted, on = proposal_of(vacancy), vacancy.applied
    elif approval is not None and approval.what in PROPOSALS:
        wanted = PROPOSALS[approval.what](**DEEDS[approval.what].read_values(approval.given))
        on = approval.made_at.date()
    else:
        raise NotFound(f"没有单号为“{number}”的减免、退款或红冲。请核对单号，例如 JM-202611-001。")
    if not within_scope(wanted.unit, actor(), VIEW):
        refuse(VIEW, f"{number} 的房号不在您负责的范围内，不能打印。")
    if approval is None and vacancy is not None:
        approval = numbered(vacancy.number)
    keepers = (made, vacancy, approval)
    files = [one.name for record in keepers if record is not None for one in attached_to(record)]
    return _filled(number, wanted, on, approval, files)


def _vacancy_of(number: str, made: Adjustment | None) -> Vacancy | None:
    """Return the vacancy of this number, or the one by whose approval a document was made."""
    if made is None:
        return Vacancy.get_or_none(Vacancy.number == number)
    return vacancy_behind(made)


def _filled(
    number: str, wanted: Proposal, on: date, approval: Approval | None, files: Sequence[str]
) -> Sheet:
    steps = cells_of(approval) if approval is not None else FORM.signatures[:5]
    signs = (*steps, _TAKES) if wanted.method is not None else steps
    return Sheet(
        replace(FORM, signatures=signs),
        number=number,
        values={**_values(wanted, on), "files": f"{len(files)} 件：{'、'.join(files)}" if files else None},
        rows=[
            (at, line.item.name, line.month.chinese, line.amount, -amount)
            for at, (line, amount) in enumerate(wanted.corrections, start=1)
        ],
        totals=_totals(wanted),
        notes=_why(approval),
        signed=signed_on(approval) if approval is not None else {},
        watermark=WATERMARKS[approval.state] if approval is not None else "",
    )


def _values(wanted: Proposal, on: date) -> dict[str, str | Decimal | date | None]:
    months = sorted({line.month for line, _ in wanted.corrections})
    account = None if wanted.account is None else Adjustment.account.show(wanted.account)
    receipt = wanted.receipt
    known = bool(wanted.amount or months)  # what a vacancy will come to is not
    return {
        "kind": wanted.kind.value,
        "on": on,
        "unit": wanted.unit.chinese,
        "payer": wanted.payer.name if wanted.payer is not None else None,
        "receipt": None if receipt is None else f"{Receipt.number.show(receipt.number)}（{receipt.on}）",
        "months": f"{months[0]} 至 {months[-1]}" if months else None,
        "amount": wanted.amount if known else None,
        "capitals": capitals(to_scaled(wanted.amount, 2)) if known else None,
        "reason": wanted.reason,
        "basis": wanted.basis,
        "method": wanted.method.value if wanted.method is not None else None,
        "account": account,
    }


def _totals(wanted: Proposal) -> list[Total]:
    figures = [(line.amount, amount) for line, amount in wanted.corrections]
    if not figures:
        return []
    before, off = (sum((one[at] for one in figures), start=Decimal(0)) for at in (0, 1))
    return [Total("合计", (None, None, None, before, -off))]


def _why(approval: Approval | None) -> list[Note]:
    return [("申请说明", approval.note)] if approval is not None and approval.note else []
