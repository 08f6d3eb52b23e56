"""FE-12 期初欠费与预存签认表: what one import opened, to be held against the old books and signed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from models.batches import Batch
from models.errors import BadInput
from models.fees.bills import Bill
from models.fees.items import FeeItem
from models.fees.opening import Opened, Totals, check_opening, opened, totals
from models.fees.rights import VIEW
from models.money import thousands
from models.owners.estate import Unit
from reports.paper import A4, Column, Field, Form, Note, Sheet, Total, declare, open_total
from reports.papers import PaperRequest, paper

FORM = declare(
    Form(
        code="FE-12",
        title="期初欠费与预存签认表",
        module="fees",
        paper=A4,
        head=(
            Field("source", "来源", span=12),
            Field("made", "导入", span=6),
            Field("signed", "签认", span=6),
        ),
        columns=(
            Column(Unit.code, 25, "code"),
            Column(Bill.payer, 31),
            Column(FeeItem.name, 32),
            Column(Bill.month, 24, "center"),
            Column(Bill.due, 22, "day"),
            Column("期初欠费", 26, "money", summed=True),
            Column("期初预存", 26, "money", summed=True),
        ),
        page_subtotal="本页小计",
        totals=(open_total("合计", 7, [5, 6]), open_total("原账合计", 7, [5, 6])),
        signatures=("制表", "财务复核", "主任"),
        number_rule="QC-批次号",
        retention="R30",
    )
)


_BEFORE = (None,) * 5


@paper("FE-12", VIEW, "number")
def openings(request: PaperRequest) -> Iterator[Sheet]:
    """Fill in all lines and balances of an opening, asked for by the number of its batch."""
    if request.number is None:
        raise BadInput("请写明期初的批次号，例如 3；批次号见“期初”名单。", "number")
    batch = Batch.find(request.number.strip().upper().removeprefix("QC-"))
    check_opening(batch)
    held = totals(batch)
    yield Sheet(
        FORM,
        number=f"QC-{batch.id}",
        values={
            "source": batch.title,
            "made": f"{batch.made_by}　{batch.made_at:%Y-%m-%d %H:%M}",
            "signed": _signed(batch.facts or {}),
        },
        rows=[_row(one) for one in opened(batch)],
        totals=_totals(held, batch.facts or {}),
        notes=_notes(held),
    )


def _row(one: Opened) -> tuple[str | date | Decimal | None, ...]:
    month = None if one.month is None else one.month.chinese
    return (one.unit, one.payer, one.item, month, one.due, one.arrears, one.prepaid)


def _signed(facts: dict[str, Any]) -> str:
    return f"{facts['signed_by']}　{facts['signed_at'][:16]}" if "signed_by" in facts else "尚未签认"


def _totals(held: Totals, facts: dict[str, Any]) -> list[Total]:
    """Return the sums of the batch and, once it is signed, those typed from the old books."""
    mine = Total("合计", (*_BEFORE, held.arrears, held.prepaid))
    if "signed_by" not in facts:
        return [mine, open_total("原账合计（手填）", 7, [5, 6])]
    return [mine, Total("原账合计", (*_BEFORE, *(Decimal(facts[name]) for name in ("arrears", "prepaid"))))]


def _notes(held: Totals) -> list[Note]:
    told = f"欠费 {held.lines} 笔 {thousands(held.arrears)} 元，"
    told += f"预存 {held.balances} 户 {thousands(held.prepaid)} 元。"
    return [("核对", f"{told}与原账相符后由财务、主任签字，并在程序里“期初签认”。")]
