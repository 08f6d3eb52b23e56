"""批量收款: many payments of one way and day entered on one sheet, all of them or none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from peewee import fn

from models import text
from models.base import db
from models.deeds import deed
from models.entries import Line, Sheet, entry
from models.errors import RuleBroken
from models.fees import settle
from models.fees.bills import OPEN, Bill
from models.fees.cashier import AskedDay, AskedMethod, check_day, receive
from models.fees.payments import VALID, Method, Receipt
from models.fees.rights import RECEIVE
from models.fees.within import within
from models.fields import CodeField, LineField, LinkField, MoneyField
from models.inputs import Asked, Input
from models.listings import Filters, Shown
from models.money import from_scaled, thousands
from models.owners.estate import Unit
from models.owners.payees import payees_on
from models.rows import RowRefused, RowsField

ROWS = "rows"
NOTHING = Decimal(0)


def _inputs() -> list[Input]:
    return [
        Input("unit", LinkField(Unit, verbose_name="房号"), required=True),
        Input("amount", MoneyField(verbose_name="收款金额"), required=True),
        Input("payer_name", LineField(max_length=60, null=True, verbose_name="交款人"), required=False),
        Input("reference", LineField(max_length=60, null=True, verbose_name="流水号"), required=False),
        Input("owed", MoneyField(null=True, verbose_name="录入时未收"), required=False),
    ]


@dataclass(frozen=True)
class Received:
    """What a sheet of payments came to, in 元."""

    units: int
    amount: Decimal
    receipts: tuple[str, ...]

    def summary(self) -> str:
        """Return 3 户 2,671.44 元，收据 SJ-2026-000201 至 SJ-2026-000203."""
        numbers = self.receipts
        told = numbers[0] if len(numbers) == 1 else f"{numbers[0]} 至 {numbers[-1]}"
        return f"{self.units} 户 {thousands(self.amount)} 元，收据 {told}。"


@deed("fees.receive_list", "批量收款", RECEIVE)
def receive_list(
    rows: Annotated[list[dict[str, Any]], Asked(RowsField(_inputs, verbose_name="收款明细"))],
    method: AskedMethod = Method.CASH,
    on: AskedDay = None,
) -> Received:
    """Take many payments, each on its unit, oldest debts first; what is left over becomes its balance.

    A row may say what was open when it was typed (`owed`, 元); where that is not so any more, nothing
    is taken at all.

    Raises:
        RowRefused: one cannot be taken; says which row and why, and none is.
    """
    check_day(on or date.today())
    receipts: list[str] = []
    for number, row in enumerate(rows):
        unit, amount = row["unit"], row["amount"]
        try:
            _check_unmoved(unit, row.get("owed"))
            payment = receive(
                unit, amount, method=method, on=on, payer_name=row.get("payer_name"),
                reference=row.get("reference"),
            )  # fmt: skip
        except RuleBroken as problem:
            sentence = f"{unit.code}　{problem}"
            raise RowRefused(sentence, ROWS, number, getattr(problem, "field", None)) from problem
        receipts += (receipt.number for receipt in payment.receipts)
    total = sum((row["amount"] for row in rows), start=NOTHING)
    return Received(len({row["unit"].id for row in rows}), total, tuple(sorted(receipts)))


def _check_unmoved(unit: Unit, seen: Decimal | None) -> None:
    """Refuse a row whose unit owes something else than was shown when it was typed."""
    if seen is None:
        return
    now = sum((line.owed for line in settle.open_lines([unit])), start=NOTHING)
    if now != seen:
        raise RuleBroken(
            f"未收刚从 {thousands(seen)} 变成 {thousands(now)}，可能别处已经收了款。请刷新后核对这一户。"
        )


@entry("collecting", "批量收款", "fees.receive_list", ROWS, ("amount", "reference"), "building")
def collecting(filters: Filters) -> Sheet:
    """Every unit with something open, by house number: who pays, what came in last, what is open."""
    wanted = within(Bill.unit, building=filters.building, right=RECEIVE)
    total = fn.SUM(Bill.amount - Bill.paid)
    owed = dict(db.execute(Bill.select(Bill.unit, total).where(OPEN, *wanted).group_by(Bill.unit)))
    payees, before = payees_on(date.today(), owed), _last_received()
    units = db.execute(Unit.select(Unit.id, Unit.code).order_by(Unit.sort_key))
    return Sheet(
        told=(
            Shown("unit", CodeField(verbose_name="房号", max_length=40)),
            Shown("payer", LineField(verbose_name="交费人", max_length=80)),
            Shown("before", MoneyField(verbose_name="上次收款")),
            Shown("owed", MoneyField(verbose_name="未收")),
        ),
        lines=[
            _line(id, code, payees[id].address_line, before.get(id), from_scaled(owed[id], 2))
            for id, code in units
            if owed.get(id)
        ],
        judge=judge,
        same=lambda typed: text.house_number(typed) or text.narrow(typed),
    )


def _line(id: int, code: str, payer: str, before: int | None, owed: Decimal) -> Line:
    last = None if before is None else from_scaled(before, 2)
    return Line(code, (code, payer, last, owed), {"unit": id, "owed": owed}, {"amount": owed})


def _last_received() -> dict[int, int]:
    """Return in fen what the last valid receipt of each unit (id) was for."""
    newest = Receipt.select(fn.MAX(Receipt.id)).where(VALID & (Receipt.amount > 0)).group_by(Receipt.unit)
    return dict(db.execute(Receipt.select(Receipt.unit, Receipt.amount).where(Receipt.id.in_(newest))))


def judge(line: Line, row: Mapping[str, Any]) -> str:
    """Return what is strange about an amount: nothing, less or more than what is open."""
    amount, owed = row.get("amount"), line.fixed["owed"]
    if amount is None:
        return "有流水号，没有金额" if row.get("reference") else ""
    if amount == 0:
        return "金额要大于零"
    if amount < owed:
        return f"少 {thousands(owed - amount)}，从最早的账单收起"
    return f"多 {thousands(amount - owed)}，转为预存" if amount > owed else ""
