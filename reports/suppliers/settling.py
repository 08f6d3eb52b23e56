"""OF-14 费用开支、采购、领用审批单 of settlements: what a supplier is paid, for what, of which account."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from models.attachments import attached_to
from models.money import capitals, thousands, to_scaled
from models.office.approvals import numbered, pending_on
from models.office.budget import BudgetAccount, remainder
from models.suppliers.register import Supplier
from models.suppliers.rights import VIEW
from models.suppliers.settling.payments import PaymentState, SupplierPayment
from models.suppliers.settling.settlements import NIL, Settlement, SettlementLine, SettlementState
from reports.approvals import cells_of, signed_on
from reports.numbered import asked_for
from reports.paper import A4, Column, Field, Form, Sheet, Sign, Total, declare, open_total
from reports.paper.values import plain
from reports.papers import PaperRequest, paper

_S, _L = Settlement, SettlementLine
_KINDS = ("费用开支", "采购", "领用")

FORM = declare(
    Form(
        code="OF-14",
        title="费用开支、采购、领用审批单",
        module="office",
        paper=A4,
        lead=(Field("until", _S.until, kind="date"), Field("state", _S.state)),
        head=(
            Field("department", "申请部门", span=4),
            Field("kind", "类别", span=8, choices=_KINDS),
            Field("supplier", Supplier.name, span=8),
            Field("invoice", _S.invoice, span=4),
            Field("bank", Supplier.bank, span=6),
            Field("account", Supplier.account, span=6),
            Field("accounts", "预算科目、金额", span=8, lines=2),
            Field("left", "预算余额", span=4),
            Field("amount", "金额（元）", span=4, kind="money"),
            Field("capitals", "人民币（大写）", span=8),
            Field("note", "事由", span=8),
            Field("files", "附件数", span=4),
        ),
        columns=(
            Column("序号", 11, "number"),
            Column("内容", 86),
            Column(_L.quantity, 20, "number"),
            Column(_L.price, 22, "number"),
            Column("金额（元）", 28, "money"),
        ),
        blank_rows=8,
        totals=(open_total("合计", 5, (4,)),),
        signatures=tuple(
            Sign(label, 32, 12) for label in ("申请", "部门", "财务", "常务副总", "总经理（超限）")
        ),
        number_rule="FY-YYYYMM-NNN，结算用结算单号",
        retention="R30",
    )
)


@paper("OF-14", VIEW, "number", "period")
def settlements(request: PaperRequest) -> Iterator[Sheet]:
    """Fill in settlements by their numbers, or those of a period."""
    told = "结算单号或期间，例如 JS-202611-001、2026-11"
    kept = Settlement.state != SettlementState.DROPPED
    found = asked_for(request, Settlement, VIEW, Settlement.until, told, kept)
    return map(_sheet, found)


def _sheet(one: Settlement) -> Sheet:
    approval = numbered(one.approval) if one.approval else pending_on("suppliers.approve_settlement", one)
    lines = list(one.lines.order_by(SettlementLine.position))
    accounts = dict[BudgetAccount, Any]()
    for line in lines:
        if line.account is not None:
            accounts[line.account] = accounts.get(line.account, NIL) + line.amount
    draft = one.state is SettlementState.DRAFT
    left = {account: remainder(account, date.today()) for account in accounts} if draft else {}
    supplier = one.supplier
    return Sheet(
        FORM if approval is None else replace(FORM, signatures=cells_of(approval)),
        number=one.number,
        values={
            "until": one.until, "state": one.state.value, "department": "物配中心",
            "kind": _KINDS[0] if one.services and not one.goods else _KINDS[1],
            "supplier": supplier.name, "invoice": one.invoice, "bank": one.bank,
            "account": Settlement.payee.show(one.payee),
            "accounts": "；".join(f"{account.name} {thousands(told)}" for account, told in accounts.items()),
            "left": "；".join(thousands(told) for told in left.values() if told is not None) or None,
            "amount": one.total,
            "capitals": capitals(to_scaled(one.total, 2)) if one.total else None,
            "note": one.note or f"结算至 {one.until}", "files": f"{len(attached_to(one))} 件",
        },
        rows=[_row(line) for line in lines],
        totals=(Total("合计", (None, None, None, None, one.total)),),
        notes=_notes(one),
        signed=signed_on(approval) if approval is not None else {"申请": one.made_by},
        watermark={SettlementState.DRAFT: "草稿", SettlementState.DROPPED: "作废"}.get(one.state, ""),
    )  # fmt: skip


def _row(line: SettlementLine) -> tuple[Any, ...]:
    quantity = "" if line.quantity is None else plain(line.quantity)
    price = "" if line.price is None else SettlementLine.price.show(line.price)
    return line.position, line.words, quantity, price, line.amount


def _notes(one: Settlement) -> list[tuple[str, str]]:
    sums = (("货款", one.goods), ("服务费", one.services), ("扣款", one.deducted))
    parts = "，".join(f"{name} {thousands(amount)} 元" for name, amount in sums)
    paid = [_told(pay) for pay in one.payments if pay.state is PaymentState.PAID]
    owes = [("供方应退", "合计小于零，是供方应退给我方的。")] if one.total < 0 else []
    return [("其中", f"{parts}。"), *owes, *([("付款", "；".join(paid))] if paid else [])]


def _told(pay: SupplierPayment) -> str:
    reference = f"（{pay.reference}）" if pay.reference else ""
    return f"{pay.day} {pay.way.value} {thousands(pay.amount)} 元{reference}"
