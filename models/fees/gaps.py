"""红冲后的缺口: months whose every line was reversed, so that a run may charge them again.

A reversed line stays for ever; what charges its month again is a CORRECTION line that names it.
"""

from __future__ import annotations

from typing import Any

from peewee import Case, fn

from models.base import db
from models.fees.bills import Bill, BillKind

Key = tuple[int, int, int]
"""(month, unit, item), as they are stored."""

_CHARGING = (BillKind.RECURRING, BillKind.OPENING, BillKind.CORRECTION)


def reversed_lines() -> Any:
    """Return the condition on Bill of lines that charge nothing any more: reversed, or wholly handed over."""
    return Bill.id.in_(_reversed())


def _reversed() -> Any:
    """Return the query of these lines (ids); what was only reduced to nothing is charged all the same."""
    negative, line = Bill.alias(), Bill.alias()
    kinds = ((negative.kind == BillKind.REVERSAL, 1), (negative.kind == BillKind.CORRECTION, 0))
    count = fn.SUM(Case(None, kinds))
    left = fn.MAX(line.amount) + fn.SUM(negative.amount)
    taken = negative.corrects.is_null(False) & (negative.live == True) & (negative.amount <= 0)
    query = negative.select(negative.corrects).join(line, on=(negative.corrects == line.id)).where(taken)
    return query.group_by(negative.corrects).having((count > 0) | (count == 0) & (left == 0))


def charging_lines() -> Any:
    """Return the condition on Bill of lines by which their month is charged still."""
    charged = (Bill.live == True) & (Bill.amount > 0) & Bill.kind.in_(_CHARGING)
    return charged & ~reversed_lines()


def reversed_months() -> dict[Key, int]:
    """Return by month, unit and item the newest line (id) of those whose every line was reversed."""
    taken = _reversed()
    gone = {line for (line,) in db.execute(taken)}
    if not gone:
        return {}
    lines = Bill.select(Bill.id, Bill.month, Bill.unit, Bill.item)
    houses = Bill.select(Bill.unit).where(Bill.id.in_(taken))
    found: dict[Key, list[int]] = {}
    wanted = Bill.kind.in_(_CHARGING) & (Bill.amount > 0) & (Bill.live == True) & Bill.unit.in_(houses)
    for line, *key in db.execute(lines.where(wanted).order_by(Bill.id)):
        found.setdefault((key[0], key[1], key[2]), []).append(line)
    return {key: all_of[-1] for key, all_of in found.items() if gone.issuperset(all_of)}
