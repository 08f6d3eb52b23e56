"""红冲后的缺口: months whose every line was reversed, so that a run may charge them again.

A reversed line stays for ever; what charges its month again is a CORRECTION line that names it.
"""

from __future__ import annotations

from typing import Any

from models.base import db
from models.fees.bills import Bill, BillKind

Key = tuple[int, int, int]
"""(month, unit, item), as they are stored."""

_CHARGING = (BillKind.RECURRING, BillKind.OPENING, BillKind.CORRECTION)


def reversed_lines() -> Any:
    """Return the condition on Bill of lines of which a reversal left nothing."""
    return Bill.id.in_(_reversed())


def _reversed() -> Any:
    negative = Bill.alias()
    reversing = negative.corrects.is_null(False) & (negative.kind == BillKind.REVERSAL)  # by a small index
    return negative.select(negative.corrects).where(reversing & (negative.live == True))


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
