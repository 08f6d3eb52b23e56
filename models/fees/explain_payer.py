"""付款人的来由: why a line is this person's to pay, by the ownerships and occupancies of its month."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from models.fees.bills import Bill
from models.fields import BEGINNING, SinceField
from models.owners.payees import payers_on
from models.owners.people import Occupancy, Ownership, Person

_SHOWN = SinceField()


def since(day: date) -> str:
    """Return 2020-03-05 起, or 起初."""
    return _SHOWN.show(day) if day == BEGINNING else f"{day} 起"


def payer_lines(bill: Bill, rule: str) -> Iterator[tuple[str, str]]:
    """Yield (label, words) of who pays a line, as what, who answers for it, and who pays there now."""
    payer: Person | None = bill.payer
    if payer is None:
        yield "付款人", f"没有登记。{bill.month} 没有业主，账单挂在房号 {bill.unit.code} 上"
    else:
        yield "付款人", f"{payer.name}，{_standing(bill, payer)}"
    if bill.liable is not None and bill.liable != payer:
        yield "责任业主", f"{bill.liable.name}，{_owning(bill, bill.liable)}；付款人不付时由他付"
    if rule:
        yield "规则", rule
    now = payers_on(bill.unit, date.today())
    if now.payer_id is not None and now.payer_id != bill.payer_id:
        yield "现在的付款人", f"{now.payer_name}；换人以前的账单仍归原来的付款人"


def _standing(bill: Bill, payer: Person) -> str:
    """Return as what somebody paid in the month of a line."""
    rows = Occupancy.select().where(*_in_month(Occupancy, bill, payer), Occupancy.pays == True)
    for row in rows.order_by(Occupancy.since.desc()).limit(1):
        return f"{row.kind.value}，由其交费，{_span(row)}"
    return _owning(bill, payer)


def _owning(bill: Bill, person: Person) -> str:
    query = Ownership.select().where(*_in_month(Ownership, bill, person))
    for row in query.order_by(Ownership.since.desc()).limit(1):
        joint = Ownership.unit == bill.unit, Ownership.on(max(row.since, bill.month.first))
        others = Ownership.select().where(*joint, Ownership.person != person).count()
        told = f"业主，{_span(row)}"
        return f"{told}，共有 {others + 1} 人，由主要联系人代表" if others and row.primary else told
    return f"{bill.month} 没有他的产权或使用登记，按来源单据"


def _in_month(record: Any, bill: Bill, person: Person) -> tuple[Any, ...]:
    holds = record.on_some_day(bill.month.first, bill.month.last)
    return record.unit == bill.unit, record.person == person, holds


def _span(row: Any) -> str:
    """Return 2020-03-05 起, or 2020-03-05 至 2021-05-31."""
    return since(row.since) if row.until is None else f"{_SHOWN.show(row.since)} 至 {row.until}"
